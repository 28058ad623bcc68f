package httpd_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/simtaru/simtaru/internal/rest"
)

const itemsOf = "/ogc/collections/" + spots + "/items"

// TestBadInput is the list of the issue and of the robustness notes: each
// request is refused with a problem that says what is wrong, in the reader's
// language, and nothing of the inside.
func TestBadInput(t *testing.T) {
	s := serve(t)
	tests := []struct {
		path   string
		status int
		at     string
	}{
		{"/nothing", 404, ""},
		{"/ogc/nothing", 404, ""},
		{"/ogc/collections/nothing", 404, ""},
		{"/ogc/collections/" + secrets, 404, ""},
		{"/ogc/collections/" + secrets + "/items", 404, ""},
		{"/ogc/collections/nothing/items", 404, ""},
		{"/ogc/collections/SPOT/items", 404, ""},
		{itemsOf + "/999", 404, ""},
		{itemsOf + "/0", 404, ""},
		{itemsOf + "/-1", 404, ""},
		{itemsOf + "/01", 404, ""},
		{itemsOf + "/1.0", 404, ""},
		{itemsOf + "/1e0", 404, ""},
		{itemsOf + "/one", 404, ""},
		{itemsOf + "/1%27", 404, ""},
		{itemsOf + "/99999999999999999999", 404, ""},
		{"/ogc/collections/" + spots + "%00/items", 400, ""},
		{"/ogc/collections/%ff/items", 400, ""},
		{"/ogc/collections/a%0ab", 400, ""},

		{itemsOf + "?bbox=NaN,0,1,1", 400, "bbox"},
		{itemsOf + "?bbox=0,0,Inf,1", 400, "bbox"},
		{itemsOf + "?bbox=0,0,1e309,1", 400, "bbox"},
		{itemsOf + "?bbox=0x1p-2,0,1,1", 400, "bbox"},
		{itemsOf + "?bbox=1,2,3", 400, "bbox"},
		{itemsOf + "?bbox=1,2,3,4,5", 400, "bbox"},
		{itemsOf + "?bbox=1,2,3,4,5,6,7", 400, "bbox"},
		{itemsOf + "?bbox=1,2,3,4,", 400, "bbox"},
		{itemsOf + "?bbox=", 400, "bbox"},
		{itemsOf + "?bbox=,,,", 400, "bbox"},
		{itemsOf + "?bbox=1%202,2,3,4", 400, "bbox"},
		{itemsOf + "?bbox=a,b,c,d", 400, "bbox"},
		{itemsOf + "?bbox=-181,0,1,1", 400, "bbox"},
		{itemsOf + "?bbox=0,0,181,1", 400, "bbox"},
		{itemsOf + "?bbox=0,-91,1,1", 400, "bbox"},
		{itemsOf + "?bbox=0,0,1,90.0001", 400, "bbox"},
		{itemsOf + "?bbox=0,2,1,1", 400, "bbox"},
		{itemsOf + "?bbox=0,0,5,1,1,1", 400, "bbox"},
		{itemsOf + "?bbox=0,0,1,1;drop%20table%20x", 400, "bbox"},
		{itemsOf + "?bbox=95,5,96,6&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326", 400, "bbox"},
		{itemsOf + "?bbox=200000,600000,100000,700000&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/32646", 400, "bbox"},
		{itemsOf + "?bbox=1e30,1e30,2e30,2e30&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/32646", 400, "bbox"},
		{itemsOf + "?bbox-crs=http://www.opengis.net/def/crs/EPSG/0/9999", 400, "bbox-crs"},
		{itemsOf + "?crs=http://www.opengis.net/def/crs/EPSG/0/9999", 400, "crs"},
		{itemsOf + "?crs=EPSG:4326", 400, "crs"},
		{itemsOf + "?crs=", 400, "crs"},
		{itemsOf + "/1?crs=EPSG:4326", 400, "crs"},

		{itemsOf + "?limit=0", 400, "limit"},
		{itemsOf + "?limit=-1", 400, "limit"},
		{itemsOf + "?limit=1e3", 400, "limit"},
		{itemsOf + "?limit=unlimited", 400, "limit"},
		{itemsOf + "?limit=", 400, "limit"},
		{itemsOf + "?limit=1.5", 400, "limit"},
		{itemsOf + "?limit=1&limit=2", 400, "limit"},
		{itemsOf + "?limit=%00", 400, "limit"},
		{itemsOf + "?limit=%ff", 400, "limit"},
		{itemsOf + "?Limit=1", 400, "Limit"},
		{itemsOf + "?BBOX=1,2,3,4", 400, "BBOX"},
		{itemsOf + "?colour=red", 400, "colour"},
		{itemsOf + "?offset=10", 400, "offset"},
		{itemsOf + "?after=0", 400, "after"},
		{itemsOf + "?after=-5", 400, "after"},
		{itemsOf + "?after=x", 400, "after"},

		{itemsOf + "?datetime=yesterday", 400, "datetime"},
		{itemsOf + "?datetime=2026-01-31", 400, "datetime"},
		{itemsOf + "?datetime=2026-13-01T00:00:00Z", 400, "datetime"},
		{itemsOf + "?datetime=2026-01-31T08:00:00", 400, "datetime"},
		{itemsOf + "?datetime=2026-01-31T08:00:00+07:00", 400, "datetime"},
		{itemsOf + "?datetime=2026-01-31T08:00:00,5Z", 400, "datetime"},
		{itemsOf + "?datetime=../..", 400, "datetime"},
		{itemsOf + "?datetime=", 400, "datetime"},
		{itemsOf + "?datetime=..", 400, "datetime"},
		{itemsOf + "?datetime=2026-02-01T00:00:00Z/2026-01-01T00:00:00Z", 400, "datetime"},
		{itemsOf + "?datetime=2026-01-01T00:00:00Z/2026-01-02T00:00:00Z/2026-01-03T00:00:00Z", 400, "datetime"},

		{itemsOf + "?seats=many", 400, "seats"},
		{itemsOf + "?seats=1.5", 400, "seats"},
		{itemsOf + "?seats=%2B1", 400, "seats"},
		{itemsOf + "?height=NaN", 400, "height"},
		{itemsOf + "?open=yes", 400, "open"},
		{itemsOf + "?since=31-01-2026", 400, "since"},
		{itemsOf + "?since=2026-02-30", 400, "since"},
		{itemsOf + "?checked=2026-01-01T00:00:00Z", 400, "checked"},
		// The check comes before an early return: this box holds nothing.
		{itemsOf + "?bbox=0,0,1,1&seats=many", 400, "seats"},
		{itemsOf + "?bbox=0,0,1,1&limit=0", 400, "limit"},

		{itemsOf + "?f=xml", 400, "f"},
		{itemsOf + "?f=JSON", 400, "f"},
		{"/ogc?f=xml", 400, "f"},
		{"/ogc?x=1", 400, "x"},
		{"/ogc/conformance?limit=1", 400, "limit"},
		{"/ogc/collections?limit=1", 400, "limit"},
		{"/ogc/openapi?x=1", 400, "x"},

		{"/tiles/" + spots + "/9/1/1", 404, ""},
		{"/tiles/" + spots + "/17/1/1", 404, ""},
		{"/tiles/" + spots + "/99/1/1", 404, ""},
		{"/tiles/" + spots + "/12/4096/1", 404, ""},
		{"/tiles/" + spots + "/12/1/4096", 404, ""},
		{"/tiles/" + spots + "/12/-1/1", 404, ""},
		{"/tiles/" + spots + "/012/1/1", 404, ""},
		{"/tiles/" + spots + "/12/1.5/1", 404, ""},
		{"/tiles/" + spots + "/12/1/99999999999999999999", 404, ""},
		{"/tiles/" + spots + "/12/1", 404, ""},
		{"/tiles/" + spots + "/12/1/1/1", 404, ""},
		{"/tiles/nothing/12/1/1", 404, ""},
		{"/tiles/" + secrets + "/12/1/1", 404, ""},
		{"/tiles/" + spots + ",nothing/12/1/1", 404, ""},
		{"/tiles/" + spots + ",/12/1/1", 404, ""},
		{"/tiles/" + spots + "/12/1/1?x=1", 400, "x"},
		{"/tiles/" + spots + "/12/1/1?datetime=now", 400, "datetime"},
		{"/tiles/" + spots + "/12/1/1?seats=many", 400, "seats"},
		{"/tiles/" + spots + "," + patches + "/12/1/1?seats=1", 400, "seats"},
		{"/tiles/nothing.json", 404, ""},
		{"/tiles/" + spots + ".json?x=1", 400, "x"},
		{"/tiles/", 404, ""},
		{"/ogc/collections/" + spots + "/tiles/Nothing", 404, ""},
		{"/ogc/collections/" + spots + "/tiles/WebMercatorQuad/17/1/1", 404, ""},
		{"/ogc/collections/" + spots + "/tiles/WebMercatorQuad/12/1/4096", 404, ""},
		{"/ogc/collections/" + spots + "/tiles/WebMercatorQuad/12/1/1?f=png", 400, "f"},
		{"/ogc/tileMatrixSets/Nothing", 404, ""},

		{"/api/v1/search", 400, "q"},
		{"/api/v1/search?q=", 400, "q"},
		{"/api/v1/search?q=" + strings.Repeat("x", 101), 400, "q"},
		{"/api/v1/search?q=a&lang=de", 400, "lang"},
		{"/api/v1/search?q=a&limit=0", 400, "limit"},
		{"/api/v1/catalog?x=1", 400, "x"},
		{"/styles/plan.json?x=1", 400, "x"},
		{"/events?x=1", 400, "x"},
		{"/docs/../../etc/passwd", 404, ""},
		{"/docs/%2e%2e/%2e%2e/etc/passwd", 404, ""},
		{"/docs/nothing", 404, ""},
		{"/assets/nothing.js", 404, ""},
		{"/" + strings.Repeat("a", 64<<10), 414, ""},
		{itemsOf + "?name=" + strings.Repeat("a", 64<<10), 414, ""},
	}
	for _, tt := range tests {
		for lang, word := range map[string]string{"id": "Tidak", "en": "found"} {
			r := s.get(t, tt.path, "Accept-Language", lang)
			p := problemOf(t, tt.path, r)
			if r.status != tt.status || p.At != tt.at {
				t.Errorf("%.200s: %d at %q, want %d at %q: %s", tt.path, r.status, p.At, tt.status, tt.at, p.Detail)
			}
			if r.status == http.StatusNotFound && !strings.Contains(p.Title, word) {
				t.Errorf("%.200s in %s: title %q", tt.path, lang, p.Title)
			}
			if r.header.Get("Content-Language") != lang {
				t.Errorf("%.200s: Content-Language %q", tt.path, r.header.Get("Content-Language"))
			}
		}
	}
}

// problemOf reads a problem and checks what all of them must have.
func problemOf(t *testing.T, what string, r reply) rest.Problem {
	t.Helper()
	var p rest.Problem
	if r.header.Get("Content-Type") != rest.ProblemType {
		t.Errorf("%.200s: Content-Type %q, status %d: %.200s", what, r.header.Get("Content-Type"), r.status, r.body)
		return p
	}
	if err := json.Unmarshal(r.body, &p); err != nil {
		t.Errorf("%.200s: %v", what, err)
		return p
	}
	if p.Status != r.status || p.Title == "" || p.Detail == "" || p.Instance == "" || !strings.HasPrefix(p.Type, "/docs/problems#") {
		t.Errorf("%.200s: incomplete problem %s", what, r.body)
	}
	if c := r.header.Get("Cache-Control"); c != "no-store" && c != "private, no-store" {
		t.Errorf("%.200s: an error may be cached: %q", what, r.header.Get("Cache-Control"))
	}
	for _, inside := range []string{"select ", "SELECT", "pgx", "goroutine", ".go:", "plan.Error", "SQLSTATE"} {
		if strings.Contains(string(r.body), inside) {
			t.Errorf("%.200s: the answer shows %q: %s", what, inside, r.body)
		}
	}
	return p
}

func TestNotAcceptable(t *testing.T) {
	s := serve(t)
	for _, path := range []string{
		"/ogc", "/ogc/conformance", "/ogc/openapi", "/ogc/collections", "/ogc/collections/" + spots, itemsOf, itemsOf + "/1",
		"/tiles/" + spots + "/12/3132/1985", "/tiles/" + spots + ".json", "/ogc/collections/" + spots + "/tiles",
		"/ogc/collections/" + spots + "/tiles/WebMercatorQuad/12/1985/3132", "/api/v1/catalog", "/api/v1/search?q=a", "/styles/plan.json", "/events",
	} {
		if r := s.get(t, path, "Accept", "image/png"); r.status != http.StatusNotAcceptable {
			t.Errorf("%s: %d", path, r.status)
		} else {
			problemOf(t, path, r)
		}
	}
}

func TestMethods(t *testing.T) {
	s := serve(t)
	for _, path := range []string{"/ogc", itemsOf, itemsOf + "/1", itemsOf + "/999", "/tiles/" + spots + "/12/3132/1985", "/api/v1/catalog", "/events", "/readyz"} {
		r := s.do(t, http.MethodOptions, path)
		if r.status != http.StatusNoContent || r.header.Get("Allow") != "GET, HEAD, OPTIONS" {
			t.Errorf("OPTIONS %s: %d, Allow %q", path, r.status, r.header.Get("Allow"))
		}
		r = s.do(t, http.MethodOptions, path, "Origin", "https://example.org", "Access-Control-Request-Method", "GET")
		if r.header.Get("Access-Control-Allow-Methods") == "" || r.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("preflight %s: %v", path, r.header)
		}
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch, "BREW"} {
			r := s.do(t, method, path)
			if r.status != http.StatusMethodNotAllowed || r.header.Get("Allow") != "GET, HEAD, OPTIONS" {
				t.Errorf("%s %s: %d, Allow %q: %s", method, path, r.status, r.header.Get("Allow"), r.body)
			}
		}
		if path == "/events" {
			continue
		}
		get, head := s.get(t, path), s.do(t, http.MethodHead, path)
		if head.status != get.status || len(head.body) != 0 || head.header.Get("Content-Type") != get.header.Get("Content-Type") || head.header.Get("ETag") != get.header.Get("ETag") {
			t.Errorf("HEAD %s: %d %v, GET: %d %v", path, head.status, head.header, get.status, get.header)
		}
	}
}
