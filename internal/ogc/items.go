package ogc

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// found is one page of features, from memory or from the archive.
type found struct {
	mirror  []*mirror.Feature
	archive []*plan.Feature
	matched int
	next    int64
	asOf    time.Time
}

func (f *found) len() int {
	if f.mirror != nil {
		return len(f.mirror)
	}
	return len(f.archive)
}

func (f *found) at(i int) *plan.Feature {
	if f.mirror != nil {
		return f.mirror[i].Feature
	}
	return f.archive[i]
}

// find answers a query from the mirror, or from the archive where the mirror
// does not hold the layer or the time.
func (s *Service) find(ctx context.Context, v mirror.View, l *plan.Layer, q plan.Query) (found, error) {
	if q.At == nil {
		if snap, ok := v.Snapshot(l.ID); ok {
			r := snap.Query(q)
			return found{
				mirror: r.Features, matched: r.Matched, next: r.Next,
				asOf: s.plan.Status().AsOf,
			}, nil
		}
	}
	if s.archive == nil {
		return found{}, rest.Starting()
	}
	page, err := s.archive.Features(ctx, l, q)
	if err != nil {
		return found{}, fmt.Errorf("features of %s: %w", l.ID, err)
	}
	return found{archive: page.Features, matched: page.Matched, next: page.Next, asOf: page.AsOf}, nil
}

func (s *Service) items(w http.ResponseWriter, r *http.Request) error {
	v, l, err := s.layer(r)
	if err != nil {
		return err
	}
	now := time.Now()
	q, err := parseItems(r, l, now)
	if err != nil {
		return err
	}
	f, err := s.find(r.Context(), v, l, q.Query)
	if err != nil {
		return err
	}
	if err := inDomain(q.crs, &f); err != nil {
		return err
	}
	h := w.Header()
	rest.AddVary(h, "Accept", "Accept-Language")
	rest.SetCache(h, r)
	h.Set("Content-Language", string(q.lang))
	setAsOf(h, f.asOf)
	if q.media.Name != "html" {
		s.copies.sent(r, l, &f)
	}
	etag := s.pageETag(v, l, &q, &f)
	h.Set("ETag", etag)
	if rest.NotModified(r, etag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	links := s.pageLinks(l, &q, &f)
	if q.media.Name == "html" {
		h.Del("ETag") // the page has one of its own
		p, err := s.itemsHTML(v, l, &q, &f, links)
		if err != nil {
			return err
		}
		return s.pages.Write(w, r, p)
	}
	h.Set("Content-Type", geoJSONType)
	h.Set("Content-Crs", "<"+q.crs.URI()+">")
	return s.writeItems(w, newEncoder(l, q.crs, v.Actor()), &f, links, now)
}

// pageLinks are self, alternate, next and collection.
func (s *Service) pageLinks(l *plan.Layer, q *itemsQuery, f *found) []Link {
	t := func(id, en string) string { return plan.Text{ID: id, EN: en}.In(q.lang) }
	href := s.url("ogc", "collections", l.ID, "items")
	query := q.canonical
	if after, ok := q.params.Get("after"); ok {
		query = strings.TrimPrefix(query+"&after="+after, "&")
	}
	links := same(q.media, []rest.Media{geoJSON(), rest.HTML()}, href, query, q.lang)
	if f.next != 0 {
		links = append(links, Link{
			Href: withQuery(href, q.canonical, q.format, "after="+strconv.FormatInt(f.next, 10)),
			Rel:  "next", Type: bare(q.media.Type), Title: t("Halaman berikutnya", "Next page"),
		})
	}
	return append(links, Link{
		Href: s.url("ogc", "collections", l.ID), Rel: "collection", Type: "application/json", Title: l.Title.In(q.lang),
	})
}

// pageETag identifies a page by what it says, not by its bytes, which hold the
// time of the answer: so it is weak. It changes with every feature of the page,
// its order, the counts, the declaration, the request, and what the login is
// shown beside the attributes.
func (s *Service) pageETag(v mirror.View, l *plan.Layer, q *itemsQuery, f *found) string {
	h := fnv.New128a()
	write := func(s string) { _, _ = h.Write(append([]byte(s), 0)) } // a hash does not fail
	write(s.cfg.Version)
	write(s.fingerprint(v, l))
	write(string(shownTo(v.Actor(), l)))
	write(q.canonical)
	write(q.params.Value("after"))
	write(q.media.Name + q.format + string(q.lang))
	var b [24]byte
	for i := range f.len() {
		x := f.at(i)
		binary.LittleEndian.PutUint64(b[0:], uint64(x.ID))
		binary.LittleEndian.PutUint64(b[8:], uint64(x.Revision))
		binary.LittleEndian.PutUint64(b[16:], uint64(x.UpdatedAt.UnixMicro()))
		_, _ = h.Write(b[:])
	}
	binary.LittleEndian.PutUint64(b[0:], uint64(f.matched))
	binary.LittleEndian.PutUint64(b[8:], uint64(f.next))
	_, _ = h.Write(b[:16])
	return fmt.Sprintf(`W/"%x"`, h.Sum(nil))
}

// setAsOf says when the answer was last known to agree with the database.
func setAsOf(h http.Header, asOf time.Time) {
	if !asOf.IsZero() {
		h.Set("Simtaru-As-Of", asOf.UTC().Format(time.RFC3339))
	}
}

// inDomain refuses, before the first byte, a page that holds a feature where
// the reference system cannot be used.
func inDomain(c geo.CRS, f *found) error {
	if c.Geographic() {
		return nil
	}
	domain := c.Domain()
	for i := range f.len() {
		x := f.at(i)
		if x.Geometry == nil {
			continue
		}
		b := x.Geometry.Bound()
		if !domain.Contains(b.Min) || !domain.Contains(b.Max) {
			return outsideCRS(c, x.ID)
		}
	}
	return nil
}

func outsideCRS(c geo.CRS, id int64) error {
	return &plan.Error{Kind: plan.Invalid, Code: "outside-crs", At: "crs", Message: plan.Text{
		ID: fmt.Sprintf("Objek %d terletak di luar wilayah berlaku %v.", id, c),
		EN: fmt.Sprintf("Feature %d lies outside the domain of %v.", id, c),
	}}
}

const (
	// chunk is how much is written at once, in bytes.
	chunk = 64 << 10
	// slowest is how long a reader may take for one chunk, and longest for all
	// of them: an answer holds the snapshot that it was taken from.
	slowest = 30 * time.Second
	longest = 5 * time.Minute
)

// newBuffers returns the pool of buffers in which answers are put together.
func newBuffers() *sync.Pool {
	return &sync.Pool{New: func() any {
		b := make([]byte, 0, chunk+chunk/4)
		return &b
	}}
}

// writeItems writes a FeatureCollection as it grows, a chunk at a time. A
// reader that takes too long for a chunk is cut.
func (s *Service) writeItems(w http.ResponseWriter, enc *encoder, f *found, links []Link, now time.Time) error {
	pooled, _ := s.buffers.Get().(*[]byte)
	b := (*pooled)[:0]
	defer func() {
		if cap(b) <= 16*chunk { // a giant feature's buffer is not kept
			*pooled = b[:0]
			s.buffers.Put(pooled)
		}
	}()
	b, err := s.appendHead(b, f, links, now)
	if err != nil {
		return err
	}
	rc := http.NewResponseController(w)
	for i := range f.len() {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = enc.feature(b, f.at(i)); err != nil {
			return err
		}
		b = append(b, '}')
		if len(b) >= chunk {
			if err := flush(w, rc, b, now); err != nil {
				return err
			}
			b = b[:0]
		}
	}
	b = append(b, "]}\n"...)
	return flush(w, rc, b, now)
}

func flush(w http.ResponseWriter, rc *http.ResponseController, b []byte, start time.Time) error {
	deadline := time.Now().Add(slowest)
	if end := start.Add(longest); deadline.After(end) {
		deadline = end
	}
	// Recorders in tests have no deadline to set.
	_ = rc.SetWriteDeadline(deadline)
	if _, err := w.Write(b); err != nil {
		return fmt.Errorf("write features: %w", err)
	}
	return nil
}

// appendHead appends everything before the features: what a reader wants to
// know first comes first.
func (s *Service) appendHead(b []byte, f *found, links []Link, now time.Time) ([]byte, error) {
	text, err := rest.Encode(links)
	if err != nil {
		return nil, err
	}
	b = append(b, `{"type":"FeatureCollection","timeStamp":`...)
	b = appendTime(b, now.Truncate(time.Second))
	b = append(b, `,"numberMatched":`...)
	b = strconv.AppendInt(b, int64(f.matched), 10)
	b = append(b, `,"numberReturned":`...)
	b = strconv.AppendInt(b, int64(f.len()), 10)
	if s.cfg.City.Demo {
		b = append(b, `,"demonstration":true`...)
	}
	b = append(b, `,"links":`...)
	b = append(b, strings.TrimSuffix(string(text), "\n")...)
	return append(b, `,"features":[`...), nil
}

// item is one feature (Part 1, 7.16).
func (s *Service) item(w http.ResponseWriter, r *http.Request) error {
	v, l, err := s.layer(r)
	if err != nil {
		return err
	}
	p, err := rest.ParseParams(r, "crs", "datetime", "f")
	if err != nil {
		return err
	}
	a := ask{params: p, lang: rest.Language(r)}
	if a.media, err = rest.Negotiate(r, p.Value("f"), geoJSON(), rest.HTML()); err != nil {
		return err
	}
	crs, err := parseCRS(p, "crs")
	if err != nil {
		return err
	}
	q := plan.Query{}
	if text, ok := p.Get("datetime"); ok {
		if q.At, err = rest.ParseDatetime(text, time.Now()); err != nil {
			return err
		}
	}
	f, err := s.one(r.Context(), v, l, r.PathValue("id"), q)
	if err != nil {
		return err
	}
	if err := inDomain(crs, &f); err != nil {
		return err
	}
	form := itemForm{lang: a.lang, crs: crs, query: rebuild(p, []string{"crs", "datetime"})}
	setAsOf(w.Header(), f.asOf)
	rest.AddVary(w.Header(), "Accept")
	if a.media.Name == "html" {
		page, err := s.itemHTML(v, a, l, &f, s.itemLinks(l, f.at(0).ID, form, a.media))
		if err != nil {
			return err
		}
		return s.pages.Write(w, r, page)
	}
	s.copies.sent(r, l, &f)
	b, err := s.itemJSON(v, l, f.at(0), form)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Crs", "<"+crs.URI()+">")
	return rest.Write(w, r, rest.Body{Type: geoJSONType, Data: b, ETag: s.itemETag(v, l, f.at(0), form), Lang: string(a.lang)})
}

// itemLinks are the links of one feature in a format.
func (s *Service) itemLinks(l *plan.Layer, id int64, form itemForm, media rest.Media) []Link {
	href := s.url("ogc", "collections", l.ID, "items", strconv.FormatInt(id, 10))
	return append(same(media, []rest.Media{geoJSON(), rest.HTML()}, href, form.query, form.lang), Link{
		Href: s.url("ogc", "collections", l.ID), Rel: "collection", Type: "application/json", Title: l.Title.In(form.lang),
	}, Link{
		Href: href + "/history", Rel: "version-history", Type: "application/json", Title: plan.Text{ID: "Riwayat objek ini", EN: "History of this feature"}.In(form.lang),
	})
}

// itemJSON is one feature as GeoJSON with its links.
func (s *Service) itemJSON(v mirror.View, l *plan.Layer, f *plan.Feature, form itemForm) ([]byte, error) {
	b, err := newEncoder(l, form.crs, v.Actor()).feature(nil, f)
	if err != nil {
		return nil, err
	}
	text, err := rest.Encode(s.itemLinks(l, f.ID, form, geoJSON()))
	if err != nil {
		return nil, err
	}
	b = append(b, `,"links":`...)
	b = append(b, strings.TrimSuffix(string(text), "\n")...)
	return append(b, "}\n"...), nil
}

// one finds the feature with the id, now or as q.At says.
func (s *Service) one(ctx context.Context, v mirror.View, l *plan.Layer, text string, q plan.Query) (found, error) {
	id, ok := featureID(text)
	if !ok {
		return found{}, noItem(l)
	}
	q.ID, q.Limit = id, 1
	f, err := s.find(ctx, v, l, q)
	if err == nil && f.len() == 0 {
		err = noItem(l)
	}
	return f, err
}

// noItem is the error for a feature that a layer does not have.
func noItem(l *plan.Layer) error {
	return rest.NotFound("no-such-item", "", plan.Text{
		ID: "Tidak ada objek dengan nomor ini di lapisan " + l.Title.In(plan.Indonesian) + ".",
		EN: "There is no feature with this id in the layer " + l.Title.In(plan.English) + ".",
	})
}
