package httpd_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/httpd"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/tiles"
)

func gunzip(t *testing.T, b []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTiles(t *testing.T) {
	s := serve(t)
	path := "/tiles/" + spots + "," + patches + "/12/3132/1985"
	r := s.get(t, path)
	if r.status != http.StatusOK || r.header.Get("Content-Type") != "application/vnd.mapbox-vector-tile" || r.header.Get("Content-Encoding") != "" {
		t.Fatalf("%d %v", r.status, r.header)
	}
	for _, want := range []string{spots, patches, "Gampong A", "name", "seats", "use"} {
		if !bytes.Contains(r.body, []byte(want)) {
			t.Errorf("the tile does not hold %q", want)
		}
	}
	if bytes.Contains(r.body, []byte("height")) {
		t.Error("the tile holds an attribute that is not declared for tiles")
	}
	if bytes.Contains(s.get(t, "/tiles/"+spots+"/11/1566/992").body, []byte("name")) {
		t.Error("the tile holds an attribute below its zoom")
	}
	for _, same := range []string{path + ".mvt", path + ".pbf", "/tiles/" + spots + "%2C" + patches + "/12/3132/1985", "/tiles/" + spots + "," + patches + "," + spots + "/12/3132/1985"} {
		if got := s.get(t, same); !bytes.Equal(got.body, r.body) || got.header.Get("ETag") != r.header.Get("ETag") {
			t.Errorf("%s differs", same)
		}
	}
	if got := s.get(t, "/ogc/collections/"+spots+"/tiles/WebMercatorQuad/12/1985/3132"); !bytes.Equal(got.body, s.get(t, "/tiles/"+spots+"/12/3132/1985").body) {
		t.Errorf("OGC API Tiles has another tile: %d", got.status)
	}
	for coding, want := range map[string]string{"gzip": "gzip", "gzip;q=0": "", "br": "", "br, *": "gzip", "identity": ""} {
		got := s.get(t, path, "Accept-Encoding", coding)
		body := got.body
		if got.header.Get("Content-Encoding") != want {
			t.Errorf("%s: Content-Encoding %q", coding, got.header.Get("Content-Encoding"))
			continue
		}
		if want == "gzip" {
			body = gunzip(t, body)
		}
		if !bytes.Equal(body, r.body) || got.header.Get("Vary") != "Accept-Encoding, Authorization, Cookie" {
			t.Errorf("%s: another tile, Vary %q", coding, got.header.Get("Vary"))
		}
	}
	// A tile without anything in it, inside the zooms.
	empty := s.get(t, "/tiles/"+spots+"/12/1/1")
	if empty.status != http.StatusNoContent || len(empty.body) != 0 {
		t.Errorf("empty: %d", empty.status)
	}
	// patches end at zoom 14, spots go on: the tile holds what there is.
	if r := s.get(t, "/tiles/"+spots+","+patches+"/15/25058/15882"); r.status != http.StatusOK || bytes.Contains(r.body, []byte(patches)) {
		t.Errorf("above one layer's zooms: %d", r.status)
	}
}

// TestTileChangesWithItsFeaturesOnly edits a feature: its tile has a new tag,
// a far one keeps the old.
func TestTileChangesWithItsFeaturesOnly(t *testing.T) {
	s := serve(t)
	near, far := tileAt(orb.Point{95.3, 5.5}, 16), tileAt(orb.Point{95.324, 5.524}, 16)
	before, beforeFar := s.get(t, near), s.get(t, far)
	s.source.edit(spots, 1, orb.Point{95.3001, 5.5001})
	var after reply
	wait(t, "the tile is new", func() bool {
		after = s.get(t, near)
		return after.header.Get("ETag") != before.header.Get("ETag")
	})
	if bytes.Equal(after.body, before.body) {
		t.Error("the tag is new and the tile is not")
	}
	if r := s.get(t, far); r.header.Get("ETag") != beforeFar.header.Get("ETag") {
		t.Error("a far tile has a new tag")
	}
	if r := s.get(t, near, "If-None-Match", before.header.Get("ETag")); r.status != http.StatusOK {
		t.Errorf("the old tag is answered with %d", r.status)
	}
}

// tileAt is the address of the tile of points that holds p.
func tileAt(p orb.Point, zoom uint8) string {
	for id := range tiles.Cover(p.Bound(), zoom) {
		return "/tiles/" + spots + "/" + id.String()
	}
	return ""
}

func TestTooManyLayers(t *testing.T) {
	many := make([]*plan.Layer, 40)
	ids := make([]string, len(many))
	for i := range many {
		ids[i] = "many_" + string(rune('a'+i/10)) + string(rune('a'+i%10))
		many[i] = &plan.Layer{ID: ids[i], Geometry: plan.Point, Zooms: plan.Zooms{Max: 16}, Access: plan.Access{Read: []plan.Role{plan.Public}}}
	}
	s := serve(t, func(_ *httpd.Config, d *httpd.Deps) {
		d.Plan = &fixedPlan{Mirror: mirror.New(newSource(), mirror.Options{}), cat: plan.NewCatalog(many, nil)}
	})
	if r := s.get(t, "/tiles/"+strings.Join(ids[:32], ",")+"/3/1/1"); r.status >= 400 && r.status != 503 {
		t.Errorf("32 layers: %d %s", r.status, r.body)
	}
	if r := s.get(t, "/tiles/"+strings.Join(ids, ",")+"/3/1/1"); r.status != http.StatusBadRequest {
		t.Errorf("40 layers: %d %s", r.status, r.body)
	}
}

// fixedPlan is a plan with a catalogue of its own and nothing in memory.
type fixedPlan struct {
	*mirror.Mirror
	cat *plan.Catalog
}

func (p *fixedPlan) View(a plan.Actor) mirror.View { return mirror.NewView(p.cat, a) }

// slowArchive draws tiles until it is told to stop.
type slowArchive struct {
	archive
	enter, leave chan struct{}
}

func (a *slowArchive) Tile(ctx context.Context, _ []*plan.Layer, _ tiles.ID, _ plan.Query) ([]byte, error) {
	a.enter <- struct{}{}
	select {
	case <-a.leave:
		return nil, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func TestArchiveTilesAreBounded(t *testing.T) {
	a := &slowArchive{enter: make(chan struct{}, 100), leave: make(chan struct{})}
	s := serve(t, func(_ *httpd.Config, d *httpd.Deps) { d.Archive = a })
	path := "/tiles/" + spots + "/12/3132/1985?seats=1"
	done := make(chan int, 4)
	for range 4 {
		go func() { done <- s.get(t, path).status }()
	}
	for range 4 {
		<-a.enter
	}
	if r := s.get(t, path); r.status != http.StatusServiceUnavailable || r.header.Get("Retry-After") == "" {
		t.Errorf("a fifth: %d", r.status)
	}
	close(a.leave)
	for range 4 {
		if status := <-done; status != http.StatusNoContent {
			t.Errorf("one of four: %d", status)
		}
	}
}

func TestFiles(t *testing.T) {
	s := serve(t)
	index := s.get(t, "/")
	if index.status != http.StatusOK || index.header.Get("Cache-Control") != "no-cache" || !strings.Contains(index.header.Get("Content-Security-Policy"), "script-src 'self'") {
		t.Errorf("/: %d %v", index.status, index.header)
	}
	if strings.Contains(index.header.Get("Content-Security-Policy"), "unsafe") {
		t.Errorf("policy %q", index.header.Get("Content-Security-Policy"))
	}
	js := s.get(t, "/assets/main-abc.js", "Accept-Encoding", "gzip")
	if js.header.Get("Content-Type") != "text/javascript; charset=utf-8" || !strings.Contains(js.header.Get("Cache-Control"), "immutable") || js.header.Get("Content-Encoding") != "gzip" {
		t.Errorf("script: %v", js.header)
	}
	css := s.get(t, "/assets/pre-abc.css", "Accept-Encoding", "gzip")
	if string(css.body) != "gzipped by the build" || css.header.Get("Content-Encoding") != "gzip" {
		t.Errorf("precompressed: %v %q", css.header, css.body)
	}
	if plain := s.get(t, "/assets/pre-abc.css"); string(plain.body) != "body { margin: 0 }" {
		t.Errorf("plain: %q", plain.body)
	}
	if font := s.get(t, "/fonts/Sans/0-255.pbf"); font.header.Get("Content-Type") != "application/x-protobuf" || len(font.body) != 3 {
		t.Errorf("font: %v", font.header)
	}
	if r := s.get(t, "/?utm_source=x"); r.status != http.StatusOK {
		t.Errorf("a stranger's link: %d", r.status)
	}
	if r := s.get(t, "/.gitkeep"); r.status != http.StatusNotFound {
		t.Errorf("hidden file: %d", r.status)
	}
}

func TestHeadersOnEverything(t *testing.T) {
	s := serve(t)
	for _, path := range []string{"/", "/ogc", itemsOf, "/tiles/" + spots + "/12/3132/1985", "/nothing", "/docs", "/metrics", "/api/v1/catalog"} {
		h := s.get(t, path).header
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Content-Security-Policy") == "" || h.Get("Referrer-Policy") == "" || h.Get("Simtaru-Demonstration") != "true" {
			t.Errorf("%s: %v", path, h)
		}
	}
	for _, path := range []string{"/ogc", itemsOf, "/tiles/" + spots + "/12/3132/1985", "/tiles/" + spots + "/1/3132/1985", "/api/v1/catalog", itemsOf + "?limit=0"} {
		if got := s.get(t, path, "Origin", "https://example.org").header.Get("Access-Control-Allow-Origin"); got != "*" {
			t.Errorf("%s: Access-Control-Allow-Origin %q", path, got)
		}
	}
}

func TestCompression(t *testing.T) {
	s := serve(t)
	plain, packed := s.get(t, itemsOf), s.get(t, itemsOf, "Accept-Encoding", "gzip")
	if packed.header.Get("Content-Encoding") != "gzip" || len(packed.body) >= len(plain.body) {
		t.Errorf("features: %v", packed.header)
	}
	if !strings.Contains(string(gunzip(t, packed.body)), "FeatureCollection") {
		t.Error("not the same features")
	}
	if small := s.get(t, "/livez", "Accept-Encoding", "gzip"); small.header.Get("Content-Encoding") != "" {
		t.Error("a few bytes are compressed")
	}
}

func TestOperations(t *testing.T) {
	s := serve(t)
	s.get(t, "/tiles/"+spots+"/12/3132/1985")
	s.get(t, "/ogc/collections/nothing-"+strings.Repeat("x", 50))
	s.get(t, "/nothing-"+strings.Repeat("y", 50))
	var text string
	wait(t, "the tile is counted", func() bool {
		text = string(s.get(t, "/metrics").body)
		return strings.Contains(text, `simtaru_http_requests_total{method="GET",route="/tiles",status="200"} 1`)
	})
	if strings.Contains(text, "nothing-") {
		t.Error("a label comes from the client")
	}
	if !strings.Contains(text, `route="/ogc/collections/{layer}",status="404"`) || !strings.Contains(text, `route="none",status="404"`) {
		t.Error("not counted by route")
	}
	if log := s.log.String(); !strings.Contains(log, "path=/ogc/collections/nothing-") || !strings.Contains(log, "status=404") {
		t.Error("not in the log")
	}
	r := s.get(t, "/readyz")
	if !strings.Contains(string(r.body), `"features":32`) || r.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s", r.body)
	}
}

// TestPanic makes the archive panic: the client gets a problem, the log the
// stack, and the server goes on.
func TestPanic(t *testing.T) {
	s := serve(t, func(_ *httpd.Config, d *httpd.Deps) { d.Archive = panicking{} })
	for _, path := range []string{itemsOf + "?datetime=2026-01-01T00:00:00Z", "/tiles/" + spots + "/12/3132/1985?seats=1"} {
		r := s.get(t, path)
		problemOf(t, path, r)
		if r.status != http.StatusServiceUnavailable || strings.Contains(string(r.body), "secret") {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
	if !strings.Contains(s.log.String(), "secret") || !strings.Contains(s.log.String(), "goroutine") {
		t.Error("the log does not say why")
	}
	if r := s.get(t, itemsOf); r.status != http.StatusOK {
		t.Errorf("afterwards: %d", r.status)
	}
}

type panicking struct{}

func (panicking) Features(context.Context, *plan.Layer, plan.Query) (plan.Page, error) {
	panic("a secret")
}

func (panicking) History(context.Context, *plan.Layer, int64, int64, int) ([]plan.Version, error) {
	panic("a secret")
}

func (panicking) Changes(context.Context, plan.ChangesQuery) (plan.ChangesPage, error) {
	panic("a secret")
}

func (panicking) Tile(context.Context, []*plan.Layer, tiles.ID, plan.Query) ([]byte, error) {
	panic("a secret")
}

func TestSearch(t *testing.T) {
	s := serve(t)
	tests := []struct{ q, first string }{
		{"Gampong B", "Gampong B"},
		{"gampong b", "Gampong B"},
		{"gp. b", "Gampong B"},
		{"GP B", "Gampong B"},
		{"kp b", "Gampong B"},
		{"b", "Gampong B"},
		{"gámpong%20b", "Gampong B"},
		{"gammpong b", "Gampong B"},
		{"jl. teuku umar", "Jalan Teuku Umar"},
		{"teuku", "Jalan Teuku Umar"},
		{"umar", "Jalan Teuku Umar"},
		{"TEUKU-UMAR", "Jalan Teuku Umar"},
		{"gudang", ""},
		{"kunci", ""},
		{"zzz", ""},
		{"!!", ""},
	}
	for _, tt := range tests {
		r := s.get(t, "/api/v1/search?q="+strings.ReplaceAll(tt.q, " ", "%20"))
		if r.status != http.StatusOK {
			t.Errorf("%q: %d %s", tt.q, r.status, r.body)
			continue
		}
		body := string(r.body)
		if tt.first == "" {
			if body != "{\"results\":[]}\n" {
				t.Errorf("%q: %s", tt.q, body)
			}
			continue
		}
		if _, after, _ := strings.Cut(body, `"name":"`); !strings.HasPrefix(after, tt.first+`"`) {
			t.Errorf("%q: %s, want %s first", tt.q, body, tt.first)
		}
	}
	if body := string(s.get(t, "/api/v1/search?q=teuku").body); strings.Count(body, "Teuku") != 1 || !strings.Contains(body, "[95.3,5.5,95.32,5.51]") {
		t.Errorf("the pieces of a street are not one result: %s", body)
	}
	if body := string(s.get(t, "/api/v1/search?q=gampong&limit=3").body); strings.Count(body, `"id"`) != 3 {
		t.Errorf("limit: %s", body)
	}
}

// bareServer sends one recorded answer and does nothing else.
func bareServer(b *testing.B, r reply) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		for k, v := range r.header {
			h[k] = v
		}
		_, _ = w.Write(r.body)
	}))
	b.Cleanup(s.Close)
	return s.URL
}
