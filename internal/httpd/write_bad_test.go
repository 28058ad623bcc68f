package httpd_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/simtaru/simtaru/internal/rest"
)

// gzipped compresses a text.
func gzipped(t testing.TB, from io.Reader) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.Copy(w, from); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// patch is a Feature of the layer of polygons.
func patch(geometry string) string {
	return `{"type":"Feature","geometry":` + geometry + `,"properties":{"use":"A"}}`
}

// manyVertices writes a polygon with n vertices on a circle.
func manyVertices(n int) string {
	var b strings.Builder
	b.WriteString(`{"type":"Polygon","coordinates":[[`)
	for range n / 1000 {
		b.WriteString(strings.Repeat("[95.3,5.5],", 1000))
	}
	b.WriteString("[95.3,5.5]]]}")
	return b.String()
}

// TestBadWrites is the list of the issue: each is refused with the right
// status and says where, and nothing has changed after it.
func TestBadWrites(t *testing.T) {
	o := openOffice(t)
	path, _ := o.create(t, "Kios")
	ring := func(points string) string { return patch(`{"type":"Polygon","coordinates":[[` + points + `]]}`) }
	edits := func(list string) string { return `{"edits":[` + list + `]}` }
	const post, put, del, change = http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch
	type bad struct {
		name, method, path, who, kind string
		body                          any
		headers                       []string
		status                        int
		code, at                      string
	}
	list := []bad{
		{"unclosed ring", post, patchesOf, asSiti, geoJSON, ring("[95,5],[95.1,5],[95.1,5.1],[95,5.1]"), nil, 422, "unclosed-ring", "geometry"},
		{"self-intersection", post, patchesOf, asSiti, geoJSON, ring("[95,5],[95.1,5.1],[95.1,5],[95,5.1],[95,5]"), nil, 422, "geometry-invalid", "geometry"},
		{"1e308", post, patchesOf, asSiti, geoJSON, ring("[1e308,5],[95.1,5],[95.1,5.1],[1e308,5]"), nil, 422, "out-of-world", "geometry"},
		{"NaN", post, patchesOf, asSiti, geoJSON, ring("[NaN,5],[95.1,5],[95.1,5.1],[NaN,5]"), nil, 422, "not-finite", "geometry"},
		{"empty geometry", post, patchesOf, asSiti, geoJSON, patch(`{"type":"MultiPolygon","coordinates":[]}`), nil, 422, "empty-geometry", "geometry"},
		{"wrong type", post, patchesOf, asSiti, geoJSON, patch(`{"type":"Point","coordinates":[95,5]}`), nil, 422, "wrong-geometry-type", "geometry"},
		{"1,000,000 vertices", post, patchesOf, asSiti, geoJSON, patch(manyVertices(1_000_000)), nil, 413, "too-many-vertices", "geometry"},
		{"50 levels of nesting", post, patchesOf, asSiti, geoJSON, patch(`{"type":"Polygon","coordinates":` + strings.Repeat("[", 50) + "1" + strings.Repeat("]", 50) + "}"), nil, 400, "wrong-coordinates", "geometry"},
		{"1,000,000 levels of nesting", post, patchesOf, asSiti, geoJSON, `{"a":` + strings.Repeat("[", 1_000_000), nil, 400, "invalid-json", "line 1, column 71"},
		{"unknown property", post, itemsOf, asSiti, geoJSON, `{"type":"Feature","geometry":null,"properties":{"name":"x","colour":"red"}}`, nil, 422, "unknown-property", "colour"},
		{"unknown property like SQL", post, itemsOf, asSiti, geoJSON, `{"type":"Feature","geometry":null,"properties":{"name\") values (1);--":"red"}}`, nil, 422, "unknown-property", `name") values (1);--`},
		{"duplicate key", post, itemsOf, asSiti, geoJSON, `{"type":"Feature","geometry":null,"properties":{"name":"x","name":"y"}}`, nil, 400, "duplicate-member", "name"},
		{"code that is not in its list", post, patchesOf, asSiti, geoJSON, `{"type":"Feature","geometry":null,"properties":{"use":"Z"}}`, nil, 422, "unknown-code", "use"},
		{"null where a value is needed", change, "", asSiti, mergePatch, "", nil, 422, "missing-value", "use"},
		{"empty body", post, itemsOf, asSiti, geoJSON, "", nil, 400, "invalid-json", "line 1, column 1"},
		{"no body", post, itemsOf, asSiti, geoJSON, nil, nil, 400, "invalid-json", "line 1, column 1"},
		{"two values", post, itemsOf, asSiti, geoJSON, spot("a") + spot("b"), nil, 400, "invalid-json", ""},
		{"broken UTF-8", post, itemsOf, asSiti, geoJSON, "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"name\":\"\xff\"}}", nil, 400, "unreadable-text", "name"},
		{"NUL in a text", post, itemsOf, asSiti, geoJSON, `{"type":"Feature","geometry":null,"properties":{"name":"\u0000"}}`, nil, 400, "unreadable-text", "name"},
		{"a text too long", post, itemsOf, asSiti, geoJSON, spot(strings.Repeat("x", 1001)), nil, 422, "too-long", "name"},

		{"wrong media type", post, itemsOf, asSiti, "text/plain", spot("x"), nil, 415, "unsupported-media-type", "Content-Type"},
		{"no media type", post, itemsOf, asSiti, "", spot("x"), nil, 415, "unsupported-media-type", "Content-Type"},
		{"another charset", post, itemsOf, asSiti, geoJSON + "; charset=latin-1", spot("x"), nil, 415, "unsupported-media-type", "Content-Type"},
		{"a patch as a feature", change, path, asSiti, geoJSON, `{}`, nil, 415, "unsupported-media-type", "Content-Type"},
		{"a feature as a patch", put, path, asSiti, mergePatch, spot("x"), nil, 415, "unsupported-media-type", "Content-Type"},
		{"another encoding", post, itemsOf, asSiti, geoJSON, spot("x"), []string{"Content-Encoding", "br"}, 415, "unsupported-encoding", "Content-Encoding"},
		{"two encodings", post, itemsOf, asSiti, geoJSON, spot("x"), []string{"Content-Encoding", "gzip, gzip"}, 415, "unsupported-encoding", "Content-Encoding"},
		{"gzip that is none", post, itemsOf, asSiti, geoJSON, spot("x"), []string{"Content-Encoding", "gzip"}, 400, "invalid-gzip", "Content-Encoding"},
		{"gzip that is cut", post, itemsOf, asSiti, geoJSON, gzipped(t, strings.NewReader(spot("x")))[:40], []string{"Content-Encoding", "gzip"}, 400, "invalid-json", ""},
		{"body too large", post, itemsOf, asSiti, geoJSON, strings.Repeat(" ", 17<<20), nil, 413, "body-too-large", ""},
		{"body too large, of unknown size", post, itemsOf, asSiti, geoJSON, io.LimitReader(endless{}, 17<<20), nil, 413, "body-too-large", ""},
		{"a gzip bomb", post, itemsOf, asSiti, geoJSON, gzipped(t, io.LimitReader(endless{}, 200<<20)), []string{"Content-Encoding", "gzip"}, 413, "body-too-large", ""},

		{"missing login", post, itemsOf, "", geoJSON, spot("x"), nil, 401, "login-required", ""},
		{"missing login, PUT", put, path, "", geoJSON, spot("x"), nil, 401, "login-required", ""},
		{"missing login, PATCH", change, path, "", mergePatch, `{}`, nil, 401, "login-required", ""},
		{"missing login, DELETE", del, path, "", "", nil, nil, 401, "login-required", ""},
		{"missing login, edits", post, "/api/v1/edits", "", plainJSON, edits(""), nil, 401, "login-required", ""},
		{"missing login, revert", post, path + "/revert", "", plainJSON, `{"revision":1}`, nil, 401, "login-required", ""},
		{"wrong role", post, itemsOf, asAgus, geoJSON, spot("x"), nil, 403, "not-allowed", ""},
		{"wrong role, DELETE", del, path, asAgus, "", nil, nil, 403, "not-allowed", ""},
		{"a citizen's login", change, path, asWati, mergePatch, `{}`, nil, 403, "not-allowed", ""},
		{"read-only token", post, itemsOf, asSiti + " read-only", geoJSON, spot("x"), nil, 403, "not-allowed", ""},
		{"token of another layer", post, itemsOf, asSiti + " lane", geoJSON, spot("x"), nil, 404, "no-such-layer", ""},
		{"private layer", post, secretsOf, asSiti, geoJSON, spot("x"), nil, 404, "no-such-layer", ""},
		{"private layer without login", post, secretsOf, "", geoJSON, spot("x"), nil, 404, "no-such-layer", ""},
		{"private layer, DELETE", del, secretsOf + "/1", asSiti, "", nil, nil, 404, "no-such-layer", ""},
		{"no such layer", post, "/ogc/collections/nothing/items", asSiti, geoJSON, spot("x"), nil, 404, "no-such-layer", ""},
		{"no such feature", del, itemsOf + "/999", asSiti, "", nil, nil, 404, "no-such-item", ""},
		{"no such feature, PUT", put, itemsOf + "/999", asSiti, geoJSON, spot("x"), nil, 404, "no-such-item", ""},
		{"no such feature, PATCH", change, itemsOf + "/999", asSiti, mergePatch, `{}`, nil, 404, "no-such-item", ""},
		{"an id that is none", change, itemsOf + "/1'", asSiti, mergePatch, `{}`, nil, 404, "no-such-item", ""},
		{"an id beyond all", change, itemsOf + "/99999999999999999999", asSiti, mergePatch, `{}`, nil, 404, "no-such-item", ""},
		{"a parameter", post, itemsOf + "?x=1", asSiti, geoJSON, spot("x"), nil, 400, "unknown-parameter", "x"},

		{"If-Match without quotes", del, path, asSiti, "", nil, []string{"If-Match", "1"}, 400, "invalid-header", "If-Match"},
		{"If-Match empty", del, path, asSiti, "", nil, []string{"If-Match", ""}, 400, "invalid-header", "If-Match"},
		{"If-Match with both", del, path, asSiti, "", nil, []string{"If-Match", `*, "1-a"`}, 400, "invalid-header", "If-Match"},
		{"If-Match unfinished", del, path, asSiti, "", nil, []string{"If-Match", `"1-a`}, 400, "invalid-header", "If-Match"},
		{"If-Match without comma", del, path, asSiti, "", nil, []string{"If-Match", `"1-a" "2-b"`}, 400, "invalid-header", "If-Match"},
		{"Content-Crs unknown", post, itemsOf, asSiti, geoJSON, spot("x"), []string{"Content-Crs", "http://www.opengis.net/def/crs/EPSG/0/9999"}, 400, "unknown-crs", "Content-Crs"},
		{"Content-Crs half in brackets", post, itemsOf, asSiti, geoJSON, spot("x"), []string{"Content-Crs", "<http://www.opengis.net/def/crs/EPSG/0/4326"}, 400, "unknown-crs", "Content-Crs"},
		{"Content-Crs twice", post, itemsOf, asSiti, geoJSON, spot("x"), []string{"Content-Crs", "http://www.opengis.net/def/crs/EPSG/0/4326", "Content-Crs", "http://www.opengis.net/def/crs/EPSG/0/4326"}, 400, "unknown-crs", "Content-Crs"},
		{"Idempotency-Key empty", post, itemsOf, asSiti, geoJSON, spot("x"), []string{"Idempotency-Key", ""}, 400, "invalid-header", "Idempotency-Key"},
		{"Idempotency-Key too long", post, itemsOf, asSiti, geoJSON, spot("x"), []string{"Idempotency-Key", strings.Repeat("k", 256)}, 400, "invalid-header", "Idempotency-Key"},

		{"edits of a private layer", post, "/api/v1/edits", asSiti, plainJSON, edits(`{"op":"create","layer":"secret","feature":` + spot("x") + `}`), nil, 404, "no-such-layer", "layer"},
		{"edits of a layer of others", post, "/api/v1/edits", asAgus, plainJSON, edits(`{"op":"create","layer":"spot","feature":` + spot("x") + `}`), nil, 403, "not-allowed", ""},
		{"edits of no layer", post, "/api/v1/edits", asSiti, plainJSON, edits(`{"op":"delete","layer":"spot\"; drop table x","id":1}`), nil, 404, "no-such-layer", "layer"},
		{"edits too large", post, "/api/v1/edits", asSiti, plainJSON, io.LimitReader(endless{}, 65<<20), nil, 413, "body-too-large", ""},
		{"edits as a list", post, "/api/v1/edits", asSiti, plainJSON, `[]`, nil, 400, "invalid-json", "line 1, column 1"},
		{"revert to nothing", post, path + "/revert", asSiti, plainJSON, `{"revision":99}`, nil, 404, "no-such-version", ""},
		{"revert without a number", post, path + "/revert", asSiti, plainJSON, `{"revision":"1"}`, nil, 400, "invalid-json", ""},
	}
	r := o.send(t, post, patchesOf, asSiti, geoJSON, patch("null"))
	if r.status != http.StatusCreated {
		t.Fatalf("%d %s", r.status, r.body)
	}
	fields := strings.TrimPrefix(r.header.Get("Location"), o.URL)
	before := o.tally(t)
	for _, b := range list {
		if b.path == "" {
			b.path, b.body = fields, `{"properties":{"use":null}}`
		}
		r := o.send(t, b.method, b.path, b.who, b.kind, b.body, b.headers...)
		p := problemOf(t, b.name, r)
		if r.status != b.status || p.Type != "/docs/problems#"+b.code || b.at != "" && p.At != b.at {
			t.Errorf("%s: %d %s at %q, want %d %s at %q: %s", b.name, r.status, p.Type, p.At, b.status, b.code, b.at, p.Detail)
		}
		if after := o.tally(t); after != before {
			t.Fatalf("%s: %s became %s", b.name, before, after)
		}
		if r.status == http.StatusUnauthorized && r.header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: 401 without WWW-Authenticate", b.name)
		}
	}
	if t.Failed() {
		return
	}
	// The same request without its fault is taken: the fault was what it was
	// refused for.
	for _, good := range []string{spot("x")} {
		body := gzipped(t, strings.NewReader(good))
		if r := o.send(t, post, itemsOf, asSiti, geoJSON+"; charset=UTF-8", body, "Content-Encoding", "gzip"); r.status != http.StatusCreated {
			t.Errorf("gzip: %d %s", r.status, r.body)
		}
	}
	o.checkLog(t)
}

// endless is white space without end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// TestProblemsAreExplained: every code that a write can be refused with has
// its place at /docs/problems.
func TestProblemsAreExplained(t *testing.T) {
	known := map[string]int{}
	for _, e := range rest.Explain("id") {
		known[e.Code] = e.Status
	}
	for code, status := range map[string]int{
		"login-required": 401, "not-allowed": 403, "stale": 412, "invalid-json": 400, "invalid-header": 400, "invalid-gzip": 400, "unknown-crs": 400,
		"unknown-property": 422, "unknown-member": 422, "missing-value": 422, "missing-member": 422, "wrong-type": 422, "duplicate-member": 400,
		"unknown-code": 422, "too-long": 422, "out-of-range": 422, "unclosed-ring": 422, "out-of-world": 422, "not-finite": 422, "empty-geometry": 422,
		"too-few-points": 422, "wrong-geometry-type": 422, "unsupported-geometry": 422, "wrong-coordinates": 400, "geometry-invalid": 422,
		"geometry-too-large": 422, "too-many-vertices": 413, "too-many-parts": 413, "too-many-edits": 413, "unsupported-media-type": 415,
		"unsupported-encoding": 415, "already-there": 409, "locked": 409, "concurrent-edit": 409, "still-running": 409,
		"idempotency-key-reused": 422, "outcome-unknown": 503, "database-away": 503, "catalogue-changing": 503,
		"no-such-version": 404, "version-is-a-deletion": 422, "wrong-operation": 422, "two-changes": 422, "unreadable-text": 400,
	} {
		if got, ok := known[code]; !ok || got != status {
			t.Errorf("%s is explained with status %d (%v), want %d", code, got, ok, status)
		}
	}
}
