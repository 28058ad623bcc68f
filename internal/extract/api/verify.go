package api

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/simtaru/simtaru/internal/extract"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
	"github.com/simtaru/simtaru/internal/zoning"
	zoningapi "github.com/simtaru/simtaru/internal/zoning/api"
)

// verdict says whether an extract is genuine and whether it still holds.
type verdict struct {
	ID        string    `json:"id"`
	CreatedAt time.Time `json:"createdAt"`
	// SHA256 of the document as it is kept; Genuine where it is what it was when
	// the extract was made.
	SHA256  string `json:"sha256"`
	Genuine bool   `json:"genuine"`
	// Matches says whether the hash that was sent is SHA256, or its beginning; null
	// without one.
	Matches   *bool       `json:"matches"`
	CheckedAt time.Time   `json:"checkedAt"`
	Changed   bool        `json:"changed"`
	Changes   []plan.Text `json:"changes"`
}

// moment names what a verdict depends on: the extract as it is kept, and the
// state of the plan.
type moment struct {
	id, kept, sha256 string
	catalog          *plan.Catalog
	rules            *zoning.Index
	layers           uint64
}

// verify is GET /api/v1/extracts/{id}/verify[?sha256=...].
func (s *Service) verify(w http.ResponseWriter, r *http.Request) error {
	p, err := rest.ParseParams(r, "sha256")
	if err != nil {
		return err
	}
	if _, err := rest.Negotiate(r, "", rest.JSON()); err != nil {
		return err
	}
	sum, err := hashIn(p)
	if err != nil {
		return err
	}
	kept, err := s.find(r)
	if err != nil {
		return err
	}
	v, err := s.judge(r, kept, sum)
	if err != nil {
		return err
	}
	noindex(w.Header())
	return rest.WriteOnce(w, rest.Language(r), v)
}

// hashIn is the parameter sha256, or as much of its beginning as the code on paper
// has; empty where there is none.
func hashIn(p rest.Params) (string, error) {
	sum, asked := p.Get("sha256")
	if asked && !isHash.MatchString(sum) {
		return "", rest.Invalid("sha256", plan.Text{ID: "SHA-256 ditulis dengan 64 angka heksadesimal, atau 16 yang pertama.", EN: "A SHA-256 is written in 64 hexadecimal digits, or the first 16 of them."})
	}
	return strings.ToLower(sum), nil
}

var isHash = regexp.MustCompile(`^[0-9a-fA-F]{16,64}$`)

// judge compares an extract with the one that would be made now, which is known as
// long as the plan does not change, and with a hash; empty: there is none.
func (s *Service) judge(r *http.Request, kept *plan.Extract, sum string) (*verdict, error) {
	v, x, err := s.plan.See(plan.Actor{})
	if err != nil {
		return nil, err
	}
	m := momentOf(kept, v, x)
	out, known := s.verdicts.GetIfPresent(m)
	if !known {
		done, err := s.begin(r)
		if err != nil {
			return nil, err
		}
		defer done()
		if out, err = s.compare(r.Context(), kept, v, x); err != nil {
			return nil, err
		}
		s.verdicts.Set(m, out)
	}
	c := *out
	c.CheckedAt = time.Now().UTC().Truncate(time.Second)
	if sum != "" {
		matches := strings.HasPrefix(c.SHA256, sum)
		c.Matches = &matches
	}
	return &c, nil
}

func momentOf(kept *plan.Extract, v mirror.View, x *zoning.Index) moment {
	m := moment{kept.ID, kept.SHA256, sumOf(kept.Document), v.Catalog(), x, 0}
	h := fnv.New64a()
	for _, l := range v.Layers() {
		if snap, ok := v.Snapshot(l.ID); ok {
			fmt.Fprintf(h, "%s %x ", l.ID, snap.Version())
		}
	}
	m.layers = h.Sum64()
	return m
}

func (s *Service) compare(ctx context.Context, kept *plan.Extract, v mirror.View, x *zoning.Index) (*verdict, error) {
	d, err := extract.Decode(kept.Document)
	if err != nil {
		return nil, err
	}
	out := &verdict{ID: d.ID, CreatedAt: d.CreatedAt, SHA256: d.SHA256, Genuine: d.SHA256 == kept.SHA256 && d.ID == kept.ID, Changes: []plan.Text{}}
	now, err := s.again(ctx, v, x, d)
	var told *plan.Error
	switch {
	case errors.As(err, &told) && told.Kind != plan.Unavailable && told.Kind != plan.Internal:
		out.Changes = []plan.Text{told.Message}
	case err != nil:
		return nil, err
	default:
		out.Changes = append(out.Changes, extract.Compare(d, now)...)
	}
	out.Changed = len(out.Changes) > 0
	return out, nil
}

// again makes the extract of the same question from the plan as it is now.
func (s *Service) again(ctx context.Context, v mirror.View, x *zoning.Index, d *extract.Document) (_ *extract.Document, err error) {
	q := extract.Question{Parcel: d.Parcel.ID, Road: d.Options.RoadClass}
	if q.Parcel == 0 {
		q.Drawn = d.Map.Parcel[0]
	}
	if d.Options.Activity != "" {
		if q.Activity, err = zoningapi.Activity(x, d.Options.Activity); err != nil {
			return nil, err
		}
	}
	now, err := extract.Make(ctx, v, x, q)
	if err != nil {
		return nil, err
	}
	// As it would be read again.
	text, err := now.Encode()
	if err != nil {
		return nil, err
	}
	return extract.Decode(text)
}
