package httpd_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestPagesForPeople(t *testing.T) {
	s := serve(t)
	for path, want := range map[string]string{
		"/ogc":                                   "Data demonstrasi",
		"/ogc/conformance":                       "ogcapi-features-2/1.0/conf/crs",
		"/ogc/openapi?f=html":                    "bbox-crs",
		"/ogc/collections":                       "spot (id)",
		"/ogc/collections/" + patches:            "use (id)",
		"/ogc/collections/" + patches + "/items": "A – apples (id)",
		itemsOf + "?limit=2":                     `rel="next"`,
		itemsOf + "/26":                          "tanpa &#34;tempat&#34;",
		"/ogc/collections/" + spots + "/tiles":   "WebMercatorQuad",
		"/docs/problems":                         "invalid-parameter",
		"/docs":                                  `href="/docs/id/peta"`,
		"/docs/id/peta":                          "Peta rencana",
		"/docs/en/map":                           "<td>1</td>",
	} {
		r := s.get(t, path, "Accept", "text/html,*/*;q=0.8")
		if r.status != http.StatusOK || !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") || !strings.Contains(string(r.body), want) {
			t.Errorf("%s: %d %s without %q: %s", path, r.status, r.header.Get("Content-Type"), want, r.body)
		}
		csp := r.header.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", path, csp)
		}
		if b := string(r.body); strings.Contains(b, "<script") || strings.Contains(b, "style=") || strings.Contains(b, "<style") {
			t.Errorf("%s: the page breaks its own policy", path)
		}
	}
}

func TestRevalidation(t *testing.T) {
	s := serve(t)
	for _, path := range []string{
		"/ogc", "/ogc/openapi", "/ogc/collections", itemsOf, itemsOf + "?f=html", itemsOf + "/1", itemsOf + "/1?f=html", "/tiles/" + spots + "/12/3132/1985",
		"/tiles/" + spots + ".json", "/api/v1/catalog", "/styles/plan.json", "/", "/assets/main-abc.js", "/docs",
	} {
		for _, coding := range []string{"identity", "gzip"} {
			first := s.get(t, path, "Accept-Encoding", coding)
			etag := first.header.Get("ETag")
			if first.status != http.StatusOK || etag == "" {
				t.Errorf("%s: %d, ETag %q", path, first.status, etag)
				continue
			}
			again := s.get(t, path, "Accept-Encoding", coding, "If-None-Match", etag)
			if again.status != http.StatusNotModified || len(again.body) != 0 {
				t.Errorf("%s with %s: %d after %s", path, coding, again.status, etag)
			}
			if coding == "gzip" && first.header.Get("Content-Encoding") == "gzip" && !strings.HasSuffix(etag, `-gzip"`) {
				t.Errorf("%s: gzipped and plain share the strong tag %s", path, etag)
			}
		}
	}
	before := map[string]string{}
	paths := []string{itemsOf, itemsOf + "/1", "/tiles/" + spots + "/12/3132/1985"}
	for _, p := range paths {
		before[p] = s.get(t, p).header.Get("ETag")
	}
	s.source.edit(spots, 1, testFeatures()[spots][1].Geometry)
	wait(t, "the edit is seen", func() bool { return s.get(t, itemsOf+"/1").header.Get("ETag") != before[itemsOf+"/1"] })
	for _, p := range paths {
		if r := s.get(t, p, "If-None-Match", before[p]); r.status != http.StatusOK {
			t.Errorf("%s after an edit: %d", p, r.status)
		}
	}
}
