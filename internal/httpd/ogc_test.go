package httpd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/google/go-cmp/cmp"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
)

// page is a FeatureCollection as a client reads it.
type page struct {
	Type           string
	TimeStamp      string
	NumberMatched  int
	NumberReturned int
	Links          []struct{ Href, Rel, Type string }
	Features       []feature
}

type feature struct {
	ID       int64
	Geometry *struct {
		Type        string
		Coordinates json.RawMessage
	}
	Properties map[string]any
}

func (p page) link(rel string) string {
	for _, l := range p.Links {
		if l.Rel == rel {
			return l.Href
		}
	}
	return ""
}

func (p page) ids() []int64 {
	ids := []int64{}
	for _, f := range p.Features {
		ids = append(ids, f.ID)
	}
	return ids
}

func (s *service) page(t testing.TB, path string) page {
	t.Helper()
	r := s.get(t, path)
	if r.status != http.StatusOK || r.header.Get("Content-Type") != "application/geo+json" {
		t.Fatalf("%s: %d %s: %.300s", path, r.status, r.header.Get("Content-Type"), r.body)
	}
	var p page
	if err := json.Unmarshal(r.body, &p); err != nil {
		t.Fatalf("%s: %v: %s", path, err, r.body)
	}
	if p.Type != "FeatureCollection" || p.NumberReturned != len(p.Features) {
		t.Errorf("%s: %s says %d, holds %d", path, p.Type, p.NumberReturned, len(p.Features))
	}
	return p
}

// TestGolden holds the documents to their text. Run with UPDATE=1 to write the
// files anew, and read the difference.
func TestGolden(t *testing.T) {
	s := serve(t)
	for name, path := range map[string]string{
		"landing.json":       "/ogc",
		"conformance.json":   "/ogc/conformance",
		"collection.json":    "/ogc/collections/" + patches,
		"items.json":         itemsOf + "?limit=2&bbox=95.3,5.5,95.4,5.6",
		"null.json":          itemsOf + "/26",
		"item.json":          "/ogc/collections/" + patches + "/items/1?crs=http://www.opengis.net/def/crs/EPSG/0/32646",
		"tileset.json":       "/ogc/collections/" + patches + "/tiles/WebMercatorQuad",
		"tilejson.json":      "/tiles/" + spots + "," + patches + ".json",
		"catalog.json":       "/api/v1/catalog",
		"search.json":        "/api/v1/search?q=gp.%20b",
		"openapi-paths.json": "/ogc/openapi",
	} {
		r := s.get(t, path, "Accept-Language", "en")
		if r.status != http.StatusOK {
			t.Errorf("%s: %d %s", path, r.status, r.body)
			continue
		}
		body := r.body
		if name == "openapi-paths.json" {
			var doc struct {
				Paths map[string]any `json:"paths"`
			}
			if err := json.Unmarshal(body, &doc); err != nil {
				t.Fatal(err)
			}
			paths := []string{}
			for p := range doc.Paths {
				paths = append(paths, p)
			}
			body, _ = json.Marshal(map[string]any{"paths": len(paths)})
		}
		golden(t, name, s.steady(body))
	}
}

// steady replaces what differs from run to run and indents.
func (s *service) steady(body []byte) []byte {
	body = bytes.ReplaceAll(body, []byte(s.URL), []byte("http://host"))
	body = regexp.MustCompile(`"timeStamp":"[^"]*"`).ReplaceAll(body, []byte(`"timeStamp":"now"`))
	var out bytes.Buffer
	if err := json.Indent(&out, body, "", "  "); err != nil {
		return body
	}
	return out.Bytes()
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if os.Getenv("UPDATE") != "" {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s (-want +got):\n%s", name, d)
	}
}

// TestOpenAPI validates the definition, and every kind of answer against it.
func TestOpenAPI(t *testing.T) {
	s := serve(t)
	r := s.get(t, "/ogc/openapi")
	if got := r.header.Get("Content-Type"); got != "application/vnd.oai.openapi+json;version=3.0" {
		t.Errorf("Content-Type %q", got)
	}
	doc, err := openapi3.NewLoader().LoadFromData(r.body)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		t.Fatal(err)
	}
	checkLimit(t, doc)
	router, err := legacy.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	openapi3filter.RegisterBodyDecoder("application/geo+json", openapi3filter.JSONBodyDecoder)
	openapi3filter.RegisterBodyDecoder("application/vnd.oai.openapi+json", openapi3filter.JSONBodyDecoder)
	openapi3filter.RegisterBodyDecoder("text/html", openapi3filter.FileBodyDecoder)
	openapi3filter.RegisterBodyDecoder("application/vnd.mapbox-vector-tile", openapi3filter.FileBodyDecoder)
	for _, path := range []string{
		"/ogc/", "/ogc/conformance", "/ogc/collections", "/ogc/collections/" + spots, itemsOf, itemsOf + "?limit=3&seats=10", itemsOf + "/1", itemsOf + "/26", itemsOf + "/999",
		itemsOf + "?f=html", itemsOf + "?bbox=1,2,3,4", itemsOf + "?after=20&open=true&since=2026-01-25",
		"/ogc/collections/" + patches + "/tiles", "/ogc/collections/" + patches + "/tiles/WebMercatorQuad", "/ogc/collections/" + patches + "/tiles/WebMercatorQuad/12/1985/3132",
		"/ogc/tileMatrixSets", "/ogc/tileMatrixSets/WebMercatorQuad", "/ogc/openapi",
	} {
		s.conform(t, router, path)
	}
}

func checkLimit(t *testing.T, doc *openapi3.T) {
	t.Helper()
	p := doc.Components.Parameters["limit"].Value
	if *p.Schema.Value.Min != 1 || *p.Schema.Value.Max != 10000 || p.Schema.Value.Default == nil || p.Style != "form" || *p.Explode {
		t.Errorf("limit: %+v", p)
	}
	b := doc.Components.Parameters["bbox"].Value.Schema.Value
	if !b.Type.Is("array") || b.MinItems != 4 || *b.MaxItems != 6 {
		t.Errorf("bbox: %+v", b)
	}
	for _, path := range []string{"/conformance", "/collections", "/collections/" + spots + "/items"} {
		if doc.Paths.Value(path) == nil {
			t.Errorf("no path %s", path)
		}
	}
	if doc.Paths.Value("/collections/"+secrets) != nil {
		t.Error("the definition shows what the public may not read")
	}
}

func (s *service) conform(t *testing.T, router routers.Router, path string) {
	t.Helper()
	r := s.get(t, path)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	route, params, err := router.FindRoute(req)
	if err != nil {
		t.Errorf("%s: %v", path, err)
		return
	}
	options := &openapi3filter.Options{IncludeResponseStatus: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}
	in := &openapi3filter.RequestValidationInput{Request: req, PathParams: params, Route: route, Options: options}
	if err := openapi3filter.ValidateRequest(t.Context(), in); err != nil {
		t.Errorf("%s: %v", path, err)
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: r.status, Header: r.header, Options: options}
	out.SetBodyBytes(r.body)
	if err := openapi3filter.ValidateResponse(t.Context(), out); err != nil {
		t.Errorf("%s: %v", path, err)
	}
}

// TestEveryLinkAnswers follows all links of all documents.
func TestEveryLinkAnswers(t *testing.T) {
	s := serve(t)
	seen := map[string]bool{}
	queue := []string{s.URL + "/ogc?f=json", s.URL + "/ogc?f=html", s.URL + "/docs"}
	for len(queue) > 0 {
		href := queue[0]
		queue = queue[1:]
		path, ours := strings.CutPrefix(href, s.URL)
		if !ours || seen[path] {
			continue
		}
		seen[path] = true
		path, _, _ = strings.Cut(path, "#")
		path = strings.NewReplacer("{tileMatrix}", "12", "{tileRow}", "1985", "{tileCol}", "3132").Replace(path)
		r := s.get(t, or(path, "/"))
		if r.status != http.StatusOK && r.status != http.StatusNoContent {
			t.Errorf("%s: %d %.200s", path, r.status, r.body)
			continue
		}
		for _, m := range regexp.MustCompile(`"href":"([^"]*)"|href="([^"]*)"`).FindAllSubmatch(r.body, -1) {
			next := strings.ReplaceAll(string(m[1])+string(m[2]), "&amp;", "&")
			if strings.HasPrefix(next, "/") {
				next = s.URL + next
			}
			queue = append(queue, next)
		}
	}
	if len(seen) < 60 {
		t.Errorf("only %d links were found", len(seen))
	}
}

func or(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}

func TestItemsBBox(t *testing.T) {
	s := serve(t)
	uri := func(c geo.CRS) string { return "&bbox-crs=" + c.URI() }
	tests := []struct {
		query   string
		matched int
	}{
		{"", 26},
		{"?bbox=-180,-90,180,90", 26}, // the feature without geometry too
		{"?bbox=-180,-90,179.9,90", 25},
		{"?bbox=95.2995,5.4995,95.3025,5.5025", 3},
		{"?bbox=95.3,5.5,95.302,5.502", 3},                     // borders count
		{"?bbox=95.3,5.5,-100,95.302,5.502,100", 0},            // wrong order of six: misses
		{"?bbox=95.3,5.5,0,95.302,5.502,10", 3},                // heights are let be
		{"?bbox=95.3,5.5,95.3,5.5", 1},                         // a point
		{"?bbox=170,-10,95.302,10", 3},                         // over the antimeridian
		{"?bbox=95.31,-10,-170,10", 15},                        // the same from the other side
		{"?bbox=-80,-5,-70,5", 0},                              // the other side of the world
		{"?bbox=5.5,95.3,5.502,95.302" + uri(geo.EPSG4326), 3}, // lat, lon
	}
	tests[5].query = "?bbox=95.3,5.5,5,95.302,5.502,5"
	tests[5].matched = 3
	for _, c := range []geo.CRS{geo.EPSG3857, geo.EPSG32646, geo.EPSG23830} {
		lo, err := c.Forward([2]float64{95.2995, 5.4995})
		if err != nil {
			t.Fatal(err)
		}
		hi, err := c.Forward([2]float64{95.3025, 5.5025})
		if err != nil {
			t.Fatal(err)
		}
		tests = append(tests, struct {
			query   string
			matched int
		}{fmt.Sprintf("?bbox=%f,%f,%f,%f%s", lo[0], lo[1], hi[0], hi[1], uri(c)), 3})
	}
	for _, tt := range tests {
		if p := s.page(t, itemsOf+tt.query); p.NumberMatched != tt.matched {
			t.Errorf("%s: %d features, want %d", tt.query, p.NumberMatched, tt.matched)
		}
	}
}

// TestItemsCRS compares every reference system with the registry's own
// transformation; that one is tested against PROJ.
func TestItemsCRS(t *testing.T) {
	s := serve(t)
	for _, c := range geo.CRSs() {
		r := s.get(t, itemsOf+"?limit=1&crs="+url.QueryEscape(c.URI()))
		if got := r.header.Get("Content-Crs"); got != "<"+c.URI()+">" {
			t.Errorf("%v: Content-Crs %q", c, got)
		}
		var p page
		if err := json.Unmarshal(r.body, &p); err != nil {
			t.Fatal(err)
		}
		var got [2]float64
		if err := json.Unmarshal(p.Features[0].Geometry.Coordinates, &got); err != nil {
			t.Fatal(err)
		}
		want, err := c.Forward([2]float64{95.3, 5.5})
		if err != nil {
			t.Fatal(err)
		}
		if c.NorthFirst() {
			want[0], want[1] = want[1], want[0]
		}
		tolerance := 1e-4 // metres
		if c.Geographic() {
			tolerance = 1e-9
		}
		if math.Abs(got[0]-want[0]) > tolerance || math.Abs(got[1]-want[1]) > tolerance {
			t.Errorf("%v: %v, want %v", c, got, want)
		}
	}
	if got := s.get(t, itemsOf+"?limit=1").header.Get("Content-Crs"); got != "<"+geo.CRS84.URI()+">" {
		t.Errorf("default Content-Crs %q", got)
	}
}

func TestItemsFilters(t *testing.T) {
	s := serve(t)
	for query, want := range map[string]int{
		"name=Gampong%20C": 1, "name=gampong%20c": 0, "name=": 0, "seats=20": 1, "seats=-20": 0, "height=0.5": 1, "height=5e-1": 1,
		"open=true": 13, "open=false": 12, "since=2026-01-03": 1, "open=true&seats=20": 1, "open=false&seats=20": 0,
		"open=true&bbox=95.3,5.5,95.302,5.502": 2, "name=%27%20or%201=1%20--": 0,
	} {
		if p := s.page(t, itemsOf+"?"+query); p.NumberMatched != want {
			t.Errorf("%s: %d, want %d", query, p.NumberMatched, want)
		}
	}
}

// TestPaging walks through a query at several sizes of page and finds each
// feature once, in the order of ids, with the same count on every page.
func TestPaging(t *testing.T) {
	s := serve(t)
	for _, query := range []string{"", "open=true", "bbox=95.3,5.5,95.31,5.51", "bbox=95.3,5.5,95.31,5.51&open=true&f=json"} {
		whole := s.page(t, itemsOf+"?limit=10000&"+query)
		if whole.link("next") != "" {
			t.Errorf("%s: a whole answer has a next page", query)
		}
		for _, limit := range []int{1, 2, 7, 25} {
			var ids []int64
			next := fmt.Sprintf("%s?limit=%d&%s", itemsOf, limit, query)
			for next != "" {
				p := s.page(t, strings.TrimPrefix(next, s.URL))
				if p.NumberMatched != whole.NumberMatched || p.NumberReturned > limit {
					t.Fatalf("%s: matched %d, returned %d", next, p.NumberMatched, p.NumberReturned)
				}
				ids = append(ids, p.ids()...)
				next = p.link("next")
			}
			if d := cmp.Diff(whole.ids(), ids); d != "" {
				t.Errorf("%s by %d: %s", query, limit, d)
			}
		}
	}
	if p := s.page(t, itemsOf+"?limit=99999"); p.NumberReturned != 26 {
		t.Errorf("a limit above the maximum: %d", p.NumberReturned)
	}
}

func TestDatetimeGoesToTheArchive(t *testing.T) {
	s := serve(t)
	tests := []struct {
		datetime, want string
	}{
		{"2026-01-31T08:00:00Z", "2026-01-31T08:00:00Z/2026-01-31T08:00:00Z"},
		{"2026-01-31T08:00:00%2B07:00", "2026-01-31T01:00:00Z/2026-01-31T01:00:00Z"},
		{"2026-01-31T08:00:00Z/2026-02-01T00:00:00Z", "2026-01-31T08:00:00Z/2026-02-01T00:00:00Z"},
		{"2026-01-31T08:00:00Z/..", "2026-01-31T08:00:00Z/.."},
		{"2026-01-31T08:00:00Z/", "2026-01-31T08:00:00Z/.."},
		{"../2026-01-31T08:00:00Z", "../2026-01-31T08:00:00Z"},
		{"/2026-01-31T08:00:00Z", "../2026-01-31T08:00:00Z"},
	}
	for _, tt := range tests {
		for _, path := range []string{itemsOf + "?datetime=", "/tiles/" + spots + "/12/3132/1985?datetime="} {
			if r := s.get(t, path+tt.datetime); r.status != http.StatusOK {
				t.Errorf("%s%s: %d %s", path, tt.datetime, r.status, r.body)
			}
			q := s.archive.last()
			if q.At == nil || show(*q.At) != tt.want {
				t.Errorf("%s%s: asked for %+v, want %s", path, tt.datetime, q.At, tt.want)
			}
		}
	}
	n := len(s.archive.asked)
	if p := s.page(t, itemsOf+"?datetime=2999-01-01T00:00:00Z"); p.NumberMatched != 26 || len(s.archive.asked) != n {
		t.Error("what is to come is not answered with what is")
	}
}

func show(i plan.Interval) string {
	end := func(s string) string {
		if strings.HasPrefix(s, "0001") {
			return ".."
		}
		return s
	}
	const layout = "2006-01-02T15:04:05Z07:00"
	return end(i.From.Format(layout)) + "/" + end(i.Until.Format(layout))
}
