package httpd_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// TestIfMatch: a strong tag of the current revision lets an edit through, and
// nothing else does.
func TestIfMatch(t *testing.T) {
	o := openOffice(t)
	methods := map[string]func(path, header, value string) reply{
		http.MethodPut: func(path, header, value string) reply {
			return o.send(t, http.MethodPut, path, asBudi, geoJSON, spot("x"), header, value)
		},
		http.MethodPatch: func(path, header, value string) reply {
			return o.send(t, http.MethodPatch, path, asBudi, mergePatch, `{"properties":{"name":"y"}}`, header, value)
		},
		http.MethodDelete: func(path, header, value string) reply {
			return o.send(t, http.MethodDelete, path, asBudi, "", nil, header, value)
		},
	}
	for method, edit := range methods {
		// Each feature is at revision 2 when the edit comes.
		fresh := func() (string, string) {
			path, _ := o.create(t, "Kios")
			r := o.send(t, http.MethodPatch, path, asSiti, mergePatch, `{"properties":{"seats":1}}`)
			return path, r.header.Get("ETag")
		}
		for _, c := range []struct {
			header string
			value  func(etag string) string
			status int
		}{
			{"If-Match", func(etag string) string { return etag }, 204},
			{"If-Match", func(etag string) string { return strings.TrimSuffix(etag, `"`) + rest.GzipSuffix + `"` }, 204},
			{"If-Match", func(string) string { return `"2"` }, 204},
			{"If-Match", func(string) string { return "*" }, 204},
			{"If-Match", func(etag string) string { return `"1-abc", ` + etag + `,W/"9-x"` }, 204},
			{"If-Match", func(etag string) string { return ` , "a,b" ,` + etag }, 204},
			{"If-Match", func(string) string { return `"1-abc"` }, 412},
			{"If-Match", func(string) string { return `"3-abc"` }, 412},
			{"If-Match", func(etag string) string { return "W/" + etag }, 412},
			{"If-Match", func(string) string { return `"abc"` }, 412},
			{"If-Match", func(string) string { return `""` }, 412},
			{"If-Match", func(string) string { return `"02-abc"` }, 412},
			{"If-Match", func(string) string { return `"99999999999999999999-a"` }, 412},
			{"If-Match", func(etag string) string { return strings.Trim(etag, `"`) }, 400},
			{"If-Match", func(etag string) string { return etag + etag }, 400},
			{"If-Match", func(etag string) string { return "w/" + etag }, 400},
			{"If-Match", func(string) string { return "," }, 400},
			{"If-None-Match", func(string) string { return "*" }, 412},
			{"If-None-Match", func(etag string) string { return etag }, 400},
		} {
			path, etag := fresh()
			before := o.tally(t)
			r := edit(path, c.header, c.value(etag))
			if r.status != c.status {
				t.Errorf("%s with %s: %s: %d, want %d: %s", method, c.header, c.value(etag), r.status, c.status, r.body)
			}
			if changed := o.tally(t) != before; changed != (c.status == 204) {
				t.Errorf("%s with %s: %s: changed %v", method, c.header, c.value(etag), changed)
			}
			if r.status != http.StatusPreconditionFailed {
				continue
			}
			p := problemOf(t, method, r)
			if p.Current == nil || p.Current.Revision != 2 || p.Current.UpdatedBy != "siti" || !strings.Contains(p.Detail, "siti") {
				t.Errorf("%s: a stale edit is told %+v %s", method, p.Current, p.Detail)
			}
		}
		if r := edit(itemsOf+"/99999", "If-Match", `"1"`); r.status != http.StatusNotFound {
			t.Errorf("%s of what is not there: %d", method, r.status)
		}
	}
	o.checkLog(t)
}

// TestMergePatch: null removes, absent keeps, a geometry is replaced.
func TestMergePatch(t *testing.T) {
	o := openOffice(t)
	path, _ := o.create(t, "Kios")
	row := func() string {
		var s string
		err := o.conn.QueryRow(t.Context(), "select format('%s|%s|%s|%s|%s', name, seats, height, open, st_astext(geom)) from plan.spot where id = $1",
			id(t, path)).Scan(&s)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, c := range []struct{ patch, want string }{
		{`{}`, "Kios||||POINT(95.31 5.52)"},
		{`{"properties":{}}`, "Kios||||POINT(95.31 5.52)"},
		{`{"properties":{"seats":4,"height":2.5,"open":false}}`, "Kios|4|2.5|f|POINT(95.31 5.52)"},
		{`{"properties":{"seats":null,"name":"Warung"}}`, "Warung||2.5|f|POINT(95.31 5.52)"},
		{`{"geometry":{"type":"Point","coordinates":[95.4,5.6,12]}}`, "Warung||2.5|f|POINT(95.4 5.6)"},
		{`{"geometry":null,"properties":{"height":null}}`, "Warung|||f|"},
		{`{"properties":{"updated_by":"setan","updated_at":"1999-01-01T00:00:00Z","revision":99,"id":5}}`, "Warung|||f|"},
	} {
		if r := o.send(t, http.MethodPatch, path, asSiti, mergePatch, c.patch); r.status != http.StatusNoContent {
			t.Fatalf("%s: %d %s", c.patch, r.status, r.body)
		}
		if got := row(); got != c.want {
			t.Errorf("%s: %s, want %s", c.patch, got, c.want)
		}
	}
	if p := o.properties(t, path); p["revision"] != 5.0 || p["updated_by"] != "siti" {
		t.Errorf("empty patches made versions, or the client decided: %v", p)
	}
	// PUT replaces: what it does not name is gone.
	if r := o.send(t, http.MethodPut, path, asSiti, geoJSON, spot("Depot")); r.status != http.StatusNoContent {
		t.Fatal(string(r.body))
	}
	if got := row(); got != "Depot||||POINT(95.31 5.52)" {
		t.Errorf("replaced: %s", got)
	}
}

func id(t testing.TB, path string) (n int64) {
	t.Helper()
	if _, err := fmt.Sscan(path[strings.LastIndexByte(path, '/')+1:], &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestContentCrs: what is written in any system, in brackets or not, is where
// PostGIS says it is.
func TestContentCrs(t *testing.T) {
	o := openOffice(t)
	const lon, lat = 95.3123456, 5.5432109
	for _, c := range geo.CRSs() {
		for _, brackets := range []bool{false, true} {
			for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch} {
				// PostGIS projects; axis order is ours to know.
				var x, y float64
				err := o.conn.QueryRow(t.Context(), "select st_x(g), st_y(g) from st_transform(st_setsrid(st_point($1, $2), 4326), $3::int) g", lon, lat, c.SRID()).Scan(&x, &y)
				if err != nil {
					t.Fatal(err)
				}
				if c == geo.EPSG4326 {
					x, y = y, x
				}
				crs := c.URI()
				if brackets {
					crs = "<" + crs + ">"
				}
				geometry := fmt.Sprintf(`{"type":"Point","coordinates":[%.9f,%.9f]}`, x, y)
				path, _ := o.create(t, "Kios")
				var r reply
				switch method {
				case http.MethodPost:
					r = o.send(t, method, itemsOf, asSiti, geoJSON, `{"type":"Feature","geometry":`+geometry+`,"properties":{}}`, "Content-Crs", crs)
					path = strings.TrimPrefix(r.header.Get("Location"), o.URL)
				case http.MethodPut:
					r = o.send(t, method, path, asSiti, geoJSON, `{"type":"Feature","geometry":`+geometry+`,"properties":{}}`, "Content-Crs", crs)
				default:
					r = o.send(t, method, path, asSiti, mergePatch, `{"geometry":`+geometry+`}`, "Content-Crs", crs)
				}
				if r.status >= 300 {
					t.Fatalf("%v %s: %d %s", c, method, r.status, r.body)
				}
				var metres float64
				err = o.conn.QueryRow(t.Context(), "select st_distance(geom::geography, st_setsrid(st_point($1, $2), 4326)::geography) from plan.spot where id = $3",
					lon, lat, id(t, path)).Scan(&metres)
				if err != nil || metres > 0.001 {
					t.Errorf("%v %s brackets %v: %.4f m away, %v", c, method, brackets, metres, err)
				}
			}
		}
	}
}

// TestIdempotencyKey: a request that is sent twenty times at once happens once.
func TestIdempotencyKey(t *testing.T) {
	o := openOffice(t)
	var wg sync.WaitGroup
	replies := make([]reply, 20)
	for i := range replies {
		wg.Go(func() {
			replies[i] = o.send(t, http.MethodPost, itemsOf, asSiti, geoJSON, spot("Kios"), "Idempotency-Key", "a1b2")
		})
	}
	wg.Wait()
	for _, r := range replies {
		if r.status != http.StatusCreated || r.header.Get("Location") != replies[0].header.Get("Location") || r.header.Get("ETag") != replies[0].header.Get("ETag") {
			t.Fatalf("%d %v %s", r.status, r.header, r.body)
		}
	}
	if got := o.page(t, itemsOf); got.NumberMatched != 1 {
		t.Errorf("%d features", got.NumberMatched)
	}
	r := o.send(t, http.MethodPost, itemsOf, asSiti, geoJSON, spot("Warung"), "Idempotency-Key", "a1b2")
	if p := problemOf(t, "reused", r); r.status != http.StatusUnprocessableEntity || p.Type != "/docs/problems#idempotency-key-reused" {
		t.Errorf("another body: %d %+v", r.status, p)
	}
	r = o.send(t, http.MethodPost, itemsOf, asSiti, geoJSON, spot("Kios"), "Idempotency-Key", "a1b2", "Content-Crs", geo.EPSG4326.URI())
	if r.status != http.StatusUnprocessableEntity {
		t.Errorf("another reference system: %d", r.status)
	}
	if r := o.send(t, http.MethodPost, itemsOf, asBudi, geoJSON, spot("Kios"), "Idempotency-Key", "a1b2"); r.status != http.StatusCreated || r.header.Get("Location") == replies[0].header.Get("Location") {
		t.Errorf("another person's key: %d %s", r.status, r.body)
	}
	// A key serves every kind of write.
	path := strings.TrimPrefix(replies[0].header.Get("Location"), o.URL)
	for range 3 {
		if r := o.send(t, http.MethodDelete, path, asSiti, "", nil, "Idempotency-Key", "c3"); r.status != http.StatusNoContent {
			t.Errorf("delete: %d %s", r.status, r.body)
		}
	}
	for range 3 {
		body := `{"edits":[{"op":"create","layer":"spot","feature":` + spot("x") + `}]}`
		if r := o.send(t, http.MethodPost, "/api/v1/edits", asSiti, plainJSON, body, "Idempotency-Key", "d4"); r.status != http.StatusOK {
			t.Errorf("edits: %d %s", r.status, r.body)
		}
	}
	if got := o.page(t, itemsOf); got.NumberMatched != 2 {
		t.Errorf("%d features at the end", got.NumberMatched)
	}
}

// TestOptions answers by route and login.
func TestOptions(t *testing.T) {
	o := openOffice(t)
	for _, c := range []struct{ path, who, want string }{
		{itemsOf, "", "GET, HEAD, OPTIONS"},
		{itemsOf, asSiti, "GET, HEAD, OPTIONS, POST"},
		{itemsOf, asAgus, "GET, HEAD, OPTIONS"},
		{itemsOf, asAdmin, "GET, HEAD, OPTIONS, POST"},
		{itemsOf, asSiti + " read-only", "GET, HEAD, OPTIONS"},
		{itemsOf + "/1", "", "GET, HEAD, OPTIONS"},
		{itemsOf + "/1", asSiti, "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"},
		{itemsOf + "/unknown_id", asSiti, "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"},
		{itemsOf + "/unknown_id", "", "GET, HEAD, OPTIONS"},
		{itemsOf + "/1/revert", asSiti, "OPTIONS, POST"},
		{itemsOf + "/1/revert", "", "OPTIONS"},
		{secretsOf, asAgus, "GET, HEAD, OPTIONS, POST"},
		{secretsOf, asSiti, ""},
		{secretsOf, "", ""},
		{"/ogc/collections/nothing/items", asSiti, ""},
		{"/api/v1/edits", asSiti, "OPTIONS, POST"},
		{"/ogc/collections/" + spots + "/schema", asSiti, "GET, HEAD, OPTIONS"},
	} {
		r := o.send(t, http.MethodOptions, c.path, c.who, "", nil)
		if c.want == "" {
			if r.status != http.StatusNotFound {
				t.Errorf("OPTIONS %s as %s: %d", c.path, c.who, r.status)
			}
			continue
		}
		if r.status != http.StatusNoContent || r.header.Get("Allow") != c.want {
			t.Errorf("OPTIONS %s as %s: %d %s, want %s", c.path, c.who, r.status, r.header.Get("Allow"), c.want)
		}
	}
	r := o.send(t, http.MethodOptions, itemsOf+"/1", asSiti, "", nil)
	if r.header.Get("Accept-Patch") != mergePatch {
		t.Errorf("Accept-Patch %q", r.header.Get("Accept-Patch"))
	}
	// A browser asks without the login.
	r = o.send(t, http.MethodOptions, itemsOf+"/1", "", "", nil, "Origin", "https://example.org", "Access-Control-Request-Method", "PATCH")
	if r.status != http.StatusNoContent || !strings.Contains(r.header.Get("Access-Control-Allow-Methods"), "PATCH") {
		t.Errorf("preflight: %d %v", r.status, r.header)
	}
	r = o.send(t, "BREW", itemsOf, asSiti, "", nil)
	if r.status != http.StatusMethodNotAllowed {
		t.Errorf("BREW: %d", r.status)
	}
}

// TestRevert makes an old version current, and brings back what was deleted.
func TestRevert(t *testing.T) {
	o := openOffice(t)
	path, _ := o.create(t, "satu")
	o.send(t, http.MethodPatch, path, asSiti, mergePatch, `{"properties":{"name":"dua","seats":2},"geometry":null}`)
	revert := func(revision string, headers ...string) reply {
		return o.send(t, http.MethodPost, path+"/revert", asBudi, plainJSON, `{"revision":`+revision+`}`, headers...)
	}
	if r := revert("1", "If-Match", `"1-a"`); r.status != http.StatusPreconditionFailed {
		t.Errorf("stale: %d %s", r.status, r.body)
	}
	r := revert("1", "If-Match", `"2-a"`)
	var done plan.Edited
	if err := json.Unmarshal(r.body, &done); err != nil || r.status != http.StatusOK || done != (plan.Edited{Layer: spots, ID: id(t, path), Revision: 3, Op: plan.Update}) {
		t.Errorf("revert: %d %s %v", r.status, r.body, err)
	}
	if p := o.properties(t, path); p["name"] != "satu" || p["seats"] != nil || p["revision"] != 3.0 || p["updated_by"] != "budi" {
		t.Errorf("reverted to %v", p)
	}
	if r := o.send(t, http.MethodDelete, path, asSiti, "", nil); r.status != http.StatusNoContent {
		t.Fatal(string(r.body))
	}
	if r := revert("4"); r.status != http.StatusUnprocessableEntity || problemOf(t, "deletion", r).Type != "/docs/problems#version-is-a-deletion" {
		t.Errorf("to a deletion: %d %s", r.status, r.body)
	}
	if r := revert("2"); r.status != http.StatusOK {
		t.Errorf("of a deleted feature: %d %s", r.status, r.body)
	}
	if p := o.properties(t, path); p["name"] != "dua" || p["seats"] != 2.0 || p["revision"] != 5.0 {
		t.Errorf("came back as %v", p)
	}
	o.checkLog(t)
}

// TestExceptionReport: QGIS is told in the form that it shows.
func TestExceptionReport(t *testing.T) {
	o := openOffice(t)
	path, _ := o.create(t, "Kios")
	const qgis = "Mozilla/5.0 QGIS/34003/Debian GNU/Linux 13"
	send := func(headers ...string) reply {
		return o.send(t, http.MethodPatch, path, asSiti, mergePatch, `{"properties":{"since":"kemarin","colour":"<&>"}}`, headers...)
	}
	for lang, word := range map[string]string{"id": "tidak dikenal", "en": "is not known"} {
		plain, r := send("Accept-Language", lang), send("Accept-Language", lang, "User-Agent", qgis)
		var report struct {
			XMLName   xml.Name
			Exception []struct {
				Code    string `xml:"exceptionCode,attr"`
				Locator string `xml:"locator,attr"`
				Text    string `xml:"ExceptionText"`
			}
		}
		if err := xml.Unmarshal(r.body, &report); err != nil {
			t.Fatalf("%v: %s", err, r.body)
		}
		p := problemOf(t, "plain", plain)
		if r.status != plain.status || !strings.HasPrefix(r.header.Get("Content-Type"), "application/xml") || len(report.Exception) != 3 {
			t.Fatalf("%d %v %s", r.status, r.header, r.body)
		}
		if report.XMLName.Local != "ExceptionReport" || report.XMLName.Space != "http://www.opengis.net/ows/1.1" || report.Exception[0].Text != p.Detail {
			t.Errorf("%s, the problem says %s", r.body, p.Detail)
		}
		if last := report.Exception[2]; last.Code != "unknown-property" || last.Locator != "colour" || !strings.Contains(last.Text, word) {
			t.Errorf("%+v", last)
		}
	}
	// Reading stays as it is.
	if r := o.get(t, itemsOf+"/999", "User-Agent", qgis); r.header.Get("Content-Type") != rest.ProblemType {
		t.Errorf("a failed read: %v", r.header)
	}
}
