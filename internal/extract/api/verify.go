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
	// SHA256 of the document as it is kept, or was while it was.
	SHA256 string `json:"sha256"`
	// Genuine says whether the document is what it was when the extract was made,
	// and Proof how that is known; null where it is unsigned, since then nobody knows.
	Genuine *bool `json:"genuine"`
	Proof   proof `json:"proof"`
	// Signature is that of Ed25519, in base64; null where there is none.
	Signature []byte `json:"signature"`
	// Matches says whether the hash that was sent is SHA256, or its beginning; null
	// without one.
	Matches *bool `json:"matches"`
	// KeptUntil is when the document goes; null: never.
	KeptUntil *time.Time `json:"keptUntil"`
	CheckedAt time.Time  `json:"checkedAt"`
	// Changed is null where that cannot be said: the document has gone, cannot be
	// read, or is broken.
	Changed *bool       `json:"changed"`
	Changes []plan.Text `json:"changes"`
}

// moment names what a comparison depends on: the document, and the state of the
// plan.
type moment struct {
	sha256  string
	catalog *plan.Catalog
	rules   *zoning.Index
	layers  uint64
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
	v, _, _, err := s.judge(r, p)
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

// judge says whether the extract that a path names is genuine, whether the hash that
// was sent is its own, and what has changed; and reads the document, nil where that
// cannot be or is not worth it.
func (s *Service) judge(r *http.Request, p rest.Params) (*verdict, *plan.Extract, *extract.Document, error) {
	sum, err := hashIn(p)
	if err != nil {
		return nil, nil, nil, err
	}
	kept, err := s.find(r)
	if err != nil {
		return nil, nil, nil, err
	}
	out := &verdict{
		ID: kept.ID, CreatedAt: kept.KeptAt, SHA256: kept.SHA256, Proof: s.cfg.Keys.proves(kept), Signature: kept.Signature,
		KeptUntil: kept.Until, CheckedAt: time.Now().UTC().Truncate(time.Second), Changes: []plan.Text{},
	}
	var d *extract.Document
	if kept.Document != nil {
		out.SHA256 = extract.Sum(kept.Document)
	}
	if kept.Document != nil && out.Proof != isBroken {
		if read, err := extract.Decode(kept.Document); err == nil && len(read.Map.Parcel) > 0 {
			d, out.CreatedAt = read, read.CreatedAt
		}
	}
	if d != nil && d.ID != kept.ID {
		d, out.Proof = nil, isBroken
	}
	if out.Proof != isUnsigned {
		genuine := out.Proof == isSigned
		out.Genuine = &genuine
	}
	if sum != "" {
		matches := strings.HasPrefix(out.SHA256, sum)
		out.Matches = &matches
	}
	if d == nil {
		return out, kept, nil, nil
	}
	changes, err := s.changes(r, d)
	if err != nil {
		return nil, nil, nil, err
	}
	changed := len(changes) > 0
	out.Changed, out.Changes = &changed, append(out.Changes, changes...)
	return out, kept, d, nil
}

// changes compares an extract with the one that would be made now, which is known
// as long as the plan does not change.
func (s *Service) changes(r *http.Request, d *extract.Document) ([]plan.Text, error) {
	v, x, err := s.plan.See(plan.Actor{})
	if err != nil {
		return nil, err
	}
	m := moment{d.SHA256, v.Catalog(), x, stateOf(v)}
	if known, ok := s.verdicts.GetIfPresent(m); ok {
		return known, nil
	}
	done, err := s.begin(r)
	if err != nil {
		return nil, err
	}
	defer done()
	var changes []plan.Text
	now, err := s.again(r.Context(), v, x, d)
	var told *plan.Error
	switch {
	case errors.As(err, &told) && told.Kind != plan.Unavailable && told.Kind != plan.Internal:
		changes = []plan.Text{told.Message}
	case err != nil:
		return nil, err
	default:
		changes = extract.Compare(d, now)
	}
	s.verdicts.Set(m, changes)
	return changes, nil
}

// stateOf is equal only where all features of all layers are.
func stateOf(v mirror.View) uint64 {
	h := fnv.New64a()
	for _, l := range v.Layers() {
		if snap, ok := v.Snapshot(l.ID); ok {
			fmt.Fprintf(h, "%s %x ", l.ID, snap.Version())
		}
	}
	return h.Sum64()
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
