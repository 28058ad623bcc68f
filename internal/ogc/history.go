package ogc

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// Limits on a page of versions.
const (
	historyLimit    = 20
	maxHistoryLimit = 100
	// historyBatch is how many versions are read at once.
	historyBatch = 10
	// How many bytes of geometry end a page, by who asks.
	publicHistory = 2 << 20
	staffHistory  = 16 << 20

	bytesPerVertex = 16
)

// historyQuery is a request for the versions of a feature, understood.
type historyQuery struct {
	ask
	id, before int64
	limit      int
	geometry   bool
}

// step is one version and what it changed.
type step struct {
	plan.Version
	changes []valueChange
	moved   bool
}

// valueChange is one attribute that a version changed.
type valueChange struct {
	field         plan.Field
	before, after any
}

// history is the versions of one feature, newest first, also after it was
// deleted: GET .../items/{id}/history.
func (s *Service) history(w http.ResponseWriter, r *http.Request) error {
	v, l, err := s.layer(r)
	if err != nil {
		return err
	}
	q, err := parseHistory(r)
	if err != nil {
		return err
	}
	var ok bool
	if q.id, ok = featureID(r.PathValue("id")); !ok {
		return noItem(l)
	}
	if s.archive == nil {
		return rest.Starting()
	}
	leave, err := s.looking.Enter(r.Context())
	if err != nil {
		return err
	}
	defer leave()
	budget := staffHistory
	if v.Actor().IsPublic() {
		budget = publicHistory
	}
	// One more than is shown, to compare the last with.
	versions, err := gather(func(before int64, n int) ([]plan.Version, error) {
		return s.archive.History(r.Context(), l, q.id, before, n)
	}, q.before, q.limit+1, budget)
	if err != nil {
		return fmt.Errorf("history of %s: %w", l.ID, err)
	}
	if len(versions) == 0 && q.before != 0 {
		// Either there is nothing so old, or no such feature.
		if newest, err := s.archive.History(r.Context(), l, q.id, 0, 1); err != nil || len(newest) == 0 {
			return orNoItem(err, l)
		}
	} else if len(versions) == 0 {
		return noItem(l)
	}
	steps := stepsOf(l, versions)
	links := s.historyLinks(l, &q, steps)
	rest.AddVary(w.Header(), "Accept")
	if q.media.Name == "html" {
		page, err := s.historyHTML(v, l, &q, steps, links)
		if err != nil {
			return err
		}
		return s.pages.Write(w, r, page)
	}
	if q.before == 0 {
		// Whoever is told what changed last has read it.
		s.copies.sent(r, l, &found{archive: []*plan.Feature{versions[0].Feature}})
	}
	b, err := appendHistory(nil, steps, v.Actor(), q.geometry)
	if err != nil {
		return err
	}
	text, err := rest.Encode(links)
	if err != nil {
		return err
	}
	b = append(b, `,"links":`...)
	b = append(b, strings.TrimSuffix(string(text), "\n")...)
	b = append(b, "}\n"...)
	return rest.Write(w, r, rest.Body{Type: rest.JSON().Type, Data: b, Lang: string(q.lang)})
}

// gather reads up to n versions in batches, fewer where their geometry weighs
// more than the budget: the page is shorter then, and its next link goes on.
func gather(read func(before int64, n int) ([]plan.Version, error), before int64, n, budget int) ([]plan.Version, error) {
	var all []plan.Version
	for len(all) < n && budget > 0 {
		want := min(historyBatch, n-len(all))
		batch, err := read(before, want)
		if err != nil {
			return nil, err
		}
		all = append(all, batch...)
		if len(batch) < want {
			break
		}
		before = batch[len(batch)-1].Feature.Revision
		for _, v := range batch {
			budget -= bytesPerVertex * vertices(v.Feature.Geometry)
		}
	}
	return all, nil
}

// vertices counts those of the geometries that layers store.
func vertices(g orb.Geometry) (n int) {
	switch g := g.(type) {
	case nil:
		return 0
	case orb.MultiPoint:
		return len(g)
	case orb.LineString:
		return len(g)
	case orb.MultiLineString:
		for _, l := range g {
			n += len(l)
		}
		return n
	case orb.Polygon:
		for _, r := range g {
			n += len(r)
		}
		return n
	case orb.MultiPolygon:
		for _, p := range g {
			n += vertices(p)
		}
		return n
	default:
		return 1
	}
}

func orNoItem(err error, l *plan.Layer) error {
	if err != nil {
		return fmt.Errorf("history of %s: %w", l.ID, err)
	}
	return noItem(l)
}

func parseHistory(r *http.Request) (historyQuery, error) {
	p, err := rest.ParseParams(r, "limit", "before", "geometry", "f")
	if err != nil {
		return historyQuery{}, err
	}
	q := historyQuery{ask: ask{params: p, lang: rest.Language(r)}}
	if q.media, err = rest.Negotiate(r, p.Value("f"), rest.JSON(), rest.HTML()); err != nil {
		return historyQuery{}, err
	}
	if q.limit, err = p.Int("limit", historyLimit, 1, maxHistoryLimit); err != nil {
		return historyQuery{}, err
	}
	if text, ok := p.Get("before"); ok {
		if q.before, ok = featureID(text); !ok {
			return historyQuery{}, rest.Invalid("before", plan.Text{ID: "Harus nomor revisi.", EN: "Must be the number of a revision."})
		}
	}
	if text, ok := p.Get("geometry"); ok {
		if q.geometry = text == "true"; !q.geometry && text != "false" {
			return historyQuery{}, rest.Invalid("geometry", plan.Text{ID: "Nilai harus true atau false.", EN: "The value must be true or false."})
		}
	}
	return q, nil
}

// stepsOf compares each version with the one before it. The last of versions is
// only there to be compared with, unless it is the first that ever was.
func stepsOf(l *plan.Layer, versions []plan.Version) []step {
	steps := make([]step, 0, len(versions))
	for i, v := range versions {
		var before *plan.Feature
		if i+1 < len(versions) {
			before = versions[i+1].Feature
		} else if v.Feature.Revision > 1 {
			break
		}
		steps = append(steps, compare(l, v, before))
	}
	return steps
}

// compare tells what a version changed. Before a creation, and after a
// deletion, everything is null.
func compare(l *plan.Layer, v plan.Version, before *plan.Feature) step {
	s := step{Version: v}
	var was, is orb.Geometry
	if before != nil {
		was = before.Geometry
	}
	is = v.Feature.Geometry
	for i, f := range l.Fields {
		c := valueChange{field: f, after: v.Feature.Values[i]}
		if before != nil {
			c.before = before.Values[i]
		}
		if !(c.before == nil && c.after == nil) && !plan.SameValue(c.before, c.after) {
			s.changes = append(s.changes, c)
		}
	}
	if was == nil || is == nil {
		s.moved = (was == nil) != (is == nil)
	} else {
		s.moved = !orb.Equal(was, is)
	}
	return s
}

func (s *Service) historyLinks(l *plan.Layer, q *historyQuery, steps []step) []Link {
	t := func(id, en string) string { return plan.Text{ID: id, EN: en}.In(q.lang) }
	item := s.url("ogc", "collections", l.ID, "items", strconv.FormatInt(q.id, 10))
	query := rebuild(q.params, []string{"limit", "before", "geometry"})
	links := same(q.media, both(), item+"/history", query, q.lang)
	if n := len(steps); n > 0 && steps[n-1].Feature.Revision > 1 {
		next := rebuild(q.params, []string{"limit", "geometry", "f"})
		links = append(links, Link{
			Href: withQuery(item+"/history", next, "before="+strconv.FormatInt(steps[n-1].Feature.Revision, 10)),
			Rel:  "next", Type: bare(q.media.Type), Title: t("Versi yang lebih lama", "Older versions"),
		})
	}
	if q.before == 0 && len(steps) > 0 && steps[0].Op != plan.Delete {
		links = append(links, Link{Href: item, Rel: "item", Type: geoJSONType, Title: t("Objek seperti sekarang", "The feature as it is now")})
	}
	return append(links, Link{
		Href: s.url("ogc", "collections", l.ID), Rel: "collection", Type: "application/json", Title: l.Title.In(q.lang),
	})
}

// appendHistory appends the object without its closing brace. Who made a
// version is for staff.
func appendHistory(dst []byte, steps []step, a plan.Actor, geometry bool) (_ []byte, err error) {
	dst = append(dst, `{"versions":[`...)
	for i, s := range steps {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, `{"revision":`...)
		dst = strconv.AppendInt(dst, s.Feature.Revision, 10)
		dst = append(dst, `,"operation":`...)
		dst = appendString(dst, string(s.Op))
		if !a.IsPublic() {
			dst = append(dst, `,"actor":`...)
			dst = appendString(dst, s.Feature.UpdatedBy)
		}
		dst = append(dst, `,"from":`...)
		dst = appendTime(dst, s.Feature.UpdatedAt)
		dst = append(dst, `,"until":`...)
		if s.Until.IsZero() {
			dst = append(dst, "null"...)
		} else {
			dst = appendTime(dst, s.Until)
		}
		dst = append(dst, `,"changed":{`...)
		for j, c := range s.changes {
			if j > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendString(dst, c.field.Name), `:{"before":`...)
			dst = appendValue(dst, c.before)
			dst = append(dst, `,"after":`...)
			dst = append(appendValue(dst, c.after), '}')
		}
		dst = append(dst, `},"geometryChanged":`...)
		dst = strconv.AppendBool(dst, s.moved)
		if geometry {
			dst = append(dst, `,"geometry":`...)
			if dst, err = geo.CRS84.AppendGeoJSON(dst, s.Feature.Geometry); err != nil {
				return nil, fmt.Errorf("revision %d: %w", s.Feature.Revision, err)
			}
		}
		dst = append(dst, '}')
	}
	return append(dst, ']'), nil
}

// opTitle says an operation to people.
func opTitle(op plan.Op) plan.Text {
	switch op {
	case plan.Create:
		return plan.Text{ID: "dibuat", EN: "created"}
	case plan.Update:
		return plan.Text{ID: "diubah", EN: "changed"}
	case plan.Delete:
		return plan.Text{ID: "dihapus", EN: "deleted"}
	default:
		panic(fmt.Sprintf("ogc: unknown operation %q", op))
	}
}

// timeText is a moment as the pages show it.
func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
