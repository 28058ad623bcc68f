package httpd_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/simtaru/simtaru/internal/carto/qgis"
	"github.com/simtaru/simtaru/internal/httpd"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// unzip returns the one project in a QGZ.
func unzip(t *testing.T, body []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil || len(z.File) != 1 || !strings.HasSuffix(z.File[0].Name, ".qgs") {
		t.Fatalf("not a project: %v", err)
	}
	f, err := z.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestProjectFile: each login gets its own project, which names the database
// and the login, and no layer that it may not read.
func TestProjectFile(t *testing.T) {
	s := serve(t, func(c *httpd.Config, _ *httpd.Deps) {
		c.QGIS = qgis.Connection{Host: "db.example.id", Port: 5433, Database: "kota", SSLMode: "require"}
	})
	get := func(actor plan.Actor, path string, headers ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r.WithContext(rest.WithActor(r.Context(), actor)))
		return w
	}
	const path = "/qgis/simtaru.qgz"
	tags := map[string]string{}
	for _, tt := range []struct {
		login  string
		role   plan.Role
		secret bool
		writes int // layers that are not read-only
	}{{"", "", false, 0}, {"siti", "planner", false, 3}, {"budi", "disaster", true, 1}} {
		w := get(plan.Actor{Name: tt.login, Role: tt.role, Person: tt.login != ""}, path)
		h := w.Header()
		if w.Code != http.StatusOK || !strings.Contains(h.Get("Content-Disposition"), "simtaru.qgz") {
			t.Fatalf("%q: %d %v", tt.login, w.Code, h)
		}
		tags[tt.login] = h.Get("ETag")
		qgs := unzip(t, w.Body.Bytes())
		if !strings.Contains(qgs, "dbname=&#39;kota&#39; host=db.example.id port=5433 ") || strings.Contains(qgs, "password") {
			t.Errorf("%q: the connection is not what was configured", tt.login)
		}
		if got := strings.Contains(qgs, "user=&#39;"+tt.login+"&#39;"); got != (tt.login != "") {
			t.Errorf("%q: a login in the project: %t", tt.login, got)
		}
		if got := strings.Contains(qgs, secrets); got != tt.secret {
			t.Errorf("%q: the layer that is not public in the project: %t", tt.login, got)
		}
		if got := strings.Count(qgs, ` readOnly="0"`); got != tt.writes {
			t.Errorf("%q: %d layers to edit, want %d", tt.login, got, tt.writes)
		}
		private := strings.HasPrefix(h.Get("Cache-Control"), "private")
		if vary := strings.Join(h.Values("Vary"), ", "); private != (tt.login != "") || !strings.Contains(vary, "Authorization, Cookie") {
			t.Errorf("%q: Cache-Control %q, Vary %q", tt.login, h.Get("Cache-Control"), vary)
		}
	}
	// Over the service no project names the database, and only a login is asked for.
	for login, actor := range map[string]plan.Actor{"": {}, "siti": {Name: "siti", Role: plan.Planner, Person: true}} {
		w := get(actor, path+"?via=ogc")
		qgs := unzip(t, w.Body.Bytes())
		if w.Code != http.StatusOK || strings.Contains(qgs, "dbname") || strings.Contains(qgs, "postgres") || strings.Contains(qgs, secrets) {
			t.Errorf("%q: %d, the database or a layer that is not public in the project over the service", login, w.Code)
		}
		if n := strings.Count(qgs, "<datasource>url=&#39;"+s.URL+"/ogc&#39; typename=&#39;"); n != 3 || strings.Count(qgs, ">OAPIF</provider>") != 3 {
			t.Errorf("%q: %d layers over the service", login, n)
		}
		if got := strings.Count(qgs, " authcfg=simtaru<"); got != map[string]int{"siti": 3}[login] {
			t.Errorf("%q: %d layers with a login", login, got)
		}
	}
	public := plan.Actor{}
	if w := get(public, path, "If-None-Match", tags[""]); w.Code != http.StatusNotModified {
		t.Errorf("the same project again: %d", w.Code)
	}
	if w := get(public, path, "If-None-Match", tags["siti"]); w.Code != http.StatusOK {
		t.Errorf("somebody else's tag: %d", w.Code)
	}
	if qgs := unzip(t, get(public, path, "Accept-Language", "en").Body.Bytes()); !strings.Contains(qgs, "<layername>spot (en)</layername>") {
		t.Error("not in English")
	}
	for _, query := range []string{"?user=siti", "?via=", "?via=wfs"} {
		if w := get(public, path+query); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", query, w.Code)
		}
	}
}
