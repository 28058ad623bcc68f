package httpd_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/simtaru/simtaru/internal/plan"
)

// probe is one request of the leak test.
type probe struct{ method, path, body string }

func (p probe) String() string { return p.method + " " + p.path + " " + p.body }

// send asks as somebody. Further headers go on top.
func (s *realCity) send(t testing.TB, p probe, headers ...string) reply {
	t.Helper()
	var body io.Reader
	if p.body != "" {
		body = strings.NewReader(p.body)
	}
	req, err := http.NewRequestWithContext(t.Context(), p.method, s.URL+p.path, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "identity")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
		if p.method == http.MethodPatch {
			req.Header.Set("Content-Type", "application/merge-patch+json")
		}
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatalf("%v: %v", p, err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%v: %v", p, err)
	}
	return reply{resp.StatusCode, resp.Header, data}
}

// plain is an answer without what differs from one request to the next, and
// with its layer called by no name.
func plain(r reply, layer string) string {
	var b strings.Builder
	fmt.Fprintln(&b, r.status)
	for _, k := range slices.Sorted(mapKeys(r.header)) {
		passing := k == "Etag" && strings.Contains(r.header.Get("Cache-Control"), "no-store")
		if k != "Date" && k != "X-Request-Id" && !passing {
			fmt.Fprintln(&b, k, r.header[k])
		}
	}
	body := regexp.MustCompile(`"instance":"[^"]*"|"(asOf|timeStamp|next)":"[^"]*"`).ReplaceAll(r.body, nil)
	b.Write(body)
	text := regexp.MustCompile(`(?m)^(Content-Length|Simtaru-As-Of) .*$`).ReplaceAllString(b.String(), "")
	if layer != "" {
		text = strings.ReplaceAll(text, layer, "LAYER")
	}
	return text
}

func mapKeys(h http.Header) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range h {
			if !yield(k) {
				return
			}
		}
	}
}

// tracesOf are what no answer may show of a hidden layer.
func tracesOf(layer string) []string {
	return []string{layer, "97.8642", "3.1975"}
}

// unzipped is a body as text, that of an archive unpacked.
func unzipped(t testing.TB, body []byte) string {
	t.Helper()
	if !bytes.HasPrefix(body, []byte("PK")) {
		return string(body)
	}
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&b, r); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

func showsNothing(t testing.TB, what string, r reply, layer string, asked string) {
	t.Helper()
	text := fmt.Sprintln(r.header) + unzipped(t, r.body)
	if asked != "" { // the client's own words may be said back to it
		text = strings.ReplaceAll(text, asked, "")
	}
	for _, s := range tracesOf(layer) {
		if strings.Contains(text, s) {
			t.Errorf("%s shows %q: %d %.600s", what, s, r.status, text)
			return
		}
	}
}

// tileOfSecret is z, x, y of the tile that holds the hidden features.
const secretZ, secretX, secretY = "12", "3161", "2011"

// layerProbes are requests that name a layer: every route of the service that
// takes one, with every method, and what else can go wrong on it.
func (s *realCity) layerProbes(t testing.TB, layer string) []probe {
	t.Helper()
	var out []probe
	for _, pattern := range s.patterns(t) {
		if !strings.Contains(pattern, "{layer}") {
			continue
		}
		path := s.fill(t, pattern, layer)
		for _, q := range []string{"", "?f=html", "?f=json", "?f=xml", "?limit=0", "?bad=1", "?bbox=x", "?datetime=x", "?datetime=2026-01-01T00:00:00Z", "?crs=x", "?before=x", "?name_" + layer + "=x"} {
			out = append(out, probe{http.MethodGet, path + q, ""})
		}
		for _, m := range []string{http.MethodHead, http.MethodOptions, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			out = append(out, probe{m, path, ""})
		}
		for _, m := range []string{http.MethodPost, http.MethodPut, http.MethodPatch} {
			out = append(out, probe{m, path, `{}`}, probe{m, path, `{"type":"Feature","geometry":null,"properties":{"name_` + layer + `":"x"}}`})
		}
	}
	tile := "/" + secretZ + "/" + secretX + "/" + secretY
	for _, list := range []string{layer, garden + "," + layer, layer + "," + garden, garden + "," + layer + "," + garden, garden + "%2C" + layer} {
		for _, rest := range []string{tile, tile + ".mvt", tile + "?datetime=2026-01-01T00:00:00Z", tile + "?bad=1", "/3/1/1", "/99/1/1", ".json", ".json?x=1"} {
			out = append(out, probe{http.MethodGet, "/tiles/" + list + rest, ""})
		}
	}
	out = append(out,
		probe{http.MethodGet, "/api/v1/changes?layers=" + layer, ""},
		probe{http.MethodGet, "/api/v1/changes?layers=" + garden + "," + layer, ""},
		probe{http.MethodGet, "/api/v1/changes?since=now&layers=" + layer, ""},
		probe{http.MethodGet, "/api/v1/search?q=" + layer, ""},
		probe{http.MethodGet, "/api/v1/search?q=value%20of%20" + layer, ""},
		probe{http.MethodPost, "/api/v1/tokens", `{"name":"x","layers":["` + layer + `"]}`},
	)
	for _, edit := range []string{
		`{"op":"create","layer":"` + layer + `","feature":{"type":"Feature","geometry":null,"properties":{}}}`,
		`{"op":"create","layer":"` + layer + `","feature":{"type":"Feature","geometry":null,"properties":{"name_` + layer + `":1}}}`,
		`{"op":"update","layer":"` + layer + `","id":1,"ifRevision":1,"patch":{"properties":{"name_` + layer + `":"x"}}}`,
		`{"op":"replace","layer":"` + layer + `","id":1,"feature":{"type":"Feature","geometry":null,"properties":{}}}`,
		`{"op":"delete","layer":"` + layer + `","id":1}`,
	} {
		out = append(out, probe{http.MethodPost, "/api/v1/edits", `{"edits":[` + edit + `]}`})
	}
	return out
}

// patterns are all routes of the server.
func (s *realCity) patterns(t testing.TB) []string {
	t.Helper()
	var out []string
	err := chi.Walk(s.server.Router(), func(_, pattern string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		out = append(out, pattern)
		return nil
	})
	if err != nil || len(out) < 20 {
		t.Fatalf("%d routes, %v", len(out), err)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// fill puts values in the place of a pattern's parameters. A route with one that
// is not known here must be taught to this test.
func (s *realCity) fill(t testing.TB, pattern, layer string) string {
	t.Helper()
	path := strings.NewReplacer("{layer}", layer, "{id}", "1", "{set}", "WebMercatorQuad", "{z}", secretZ, "{col}", secretX, "{row}", secretY,
		"{name}", "nobody", "{secret}", "unknown", "*", "").Replace(pattern)
	if strings.ContainsAny(path, "{}*") {
		t.Fatalf("the leak test does not know how to fill in %s", pattern)
	}
	return path
}

// commonPaths are the addresses that name no layer. An event stream has a test
// of its own, since it does not end.
func (s *realCity) commonPaths(t testing.TB) []string {
	t.Helper()
	var out []string
	for _, pattern := range s.patterns(t) {
		if strings.Contains(pattern, "{layer}") || pattern == "/events" {
			continue
		}
		path := s.fill(t, pattern, "")
		out = append(out, path, path+"?f=html", path+"?bad=1")
	}
	return append(out, "/tiles/"+garden+".json", "/tiles/"+garden+"/12/3132/1985", "/tiles/"+garden+"/"+secretZ+"/"+secretX+"/"+secretY,
		"/api/v1/search?q=kebun", "/api/v1/search?q=a", "/api/v1/changes?limit=1000", "/api/v1/changes?limit=1",
		"/ogc/collections/"+garden, "/ogc/collections/"+garden+"/items", "/ogc/collections/"+garden+"/items?f=html", "/ogc/collections/"+garden+"/items/1?f=html",
		"/ogc/collections/"+garden+"/items?bbox=97,3,98,4", "/ogc/collections/"+garden+"/items/1/history", "/ogc/collections/"+garden+"/tiles/WebMercatorQuad")
}

// steadily holds for answers that do not count requests or tell the time.
func steadily(path string) bool {
	return !strings.HasPrefix(path, "/metrics") && !strings.HasPrefix(path, "/api/v1/people")
}

// TestNothingLeaks makes a layer that planners alone may read, and tries every
// route as the public, as a disaster officer, and by a planner's token that is
// limited to another layer: all documents are to the letter what they were
// before there was such a layer, and whatever names it is answered like a name
// that does not exist.
func TestNothingLeaks(t *testing.T) {
	s := serveReal(t)
	planner := s.login(t, "siti", plan.Planner)
	strangers := map[string][]string{
		"public":            nil,
		"disaster officer":  s.login(t, "budi", plan.Disaster),
		"token for gardens": s.login(t, "alat", plan.Planner, garden),
	}
	paths := s.commonPaths(t)
	before := map[string]string{}
	for who, headers := range strangers {
		for _, path := range paths {
			before[who+path] = plain(s.send(t, probe{http.MethodGet, path, ""}, headers...), "")
		}
	}

	l, list := secretLayer(zircon, plan.Access{Read: []plan.Role{plan.Planner}, Edit: []plan.Role{plan.Planner}})
	s.apply(t, l, list)
	fillHidden(t, s.db, zircon)
	s.reads(t, planner, zircon, true)
	wait(t, "the features are there", func() bool {
		return strings.Contains(string(s.get(t, "/ogc/collections/zircon/items", planner...).body), "changed in zircon")
	})

	probes := s.layerProbes(t, zircon)
	absent := s.layerProbes(t, "zircox")
	// First the planner, so that every cache is full of what the others may not
	// see, and to know that there is something to be seen.
	etags, seen := map[string]string{}, 0
	for _, p := range probes {
		if p.method != http.MethodGet {
			continue
		}
		r := s.send(t, p, planner...)
		if strings.Contains(string(r.body), "title "+zircon) || strings.Contains(string(r.body), "changed in "+zircon) {
			seen++
		}
		etags[p.path] = r.header.Get("ETag")
	}
	if seen < 15 {
		t.Errorf("the planner saw the layer %d times: this test looks in the wrong places", seen)
	}
	planners := map[string]reply{}
	for _, path := range paths {
		planners[path] = s.send(t, probe{http.MethodGet, path, ""}, planner...)
	}
	for _, path := range []string{"/api/v1/catalog", "/styles/plan.json", "/ogc/openapi", "/ogc/collections", "/api/v1/changes?limit=1000", "/qgis/simtaru.qgz"} {
		if !strings.Contains(unzipped(t, planners[path].body), zircon) {
			t.Errorf("%s does not show the layer to a planner", path)
		}
	}

	for who, headers := range strangers {
		for _, path := range paths {
			r := s.send(t, probe{http.MethodGet, path, ""}, headers...)
			showsNothing(t, who+" GET "+path, r, zircon, "")
			if got := plain(r, ""); steadily(path) && got != before[who+path] {
				t.Errorf("%s: %s has changed by the layer that is hidden:\n%.800s\nwas:\n%.800s", who, path, got, before[who+path])
			}
			tag := planners[path].header.Get("ETag")
			if tag == "" || !strings.Contains(string(planners[path].body), zircon) {
				continue
			}
			if r := s.send(t, probe{http.MethodGet, path, ""}, append([]string{"If-None-Match", tag}, headers...)...); r.status == http.StatusNotModified {
				t.Errorf("%s: %s is not modified since the planner's", who, path)
			}
		}
		for i, p := range probes {
			hidden, none := s.send(t, p, headers...), s.send(t, absent[i], headers...)
			showsNothing(t, fmt.Sprint(who, " ", p), hidden, zircon, zircon)
			if a, b := plain(hidden, zircon), plain(none, "zircox"); a != b {
				t.Errorf("%s: %v\n%.600s\nbut of a layer that does not exist\n%.600s", who, p, a, b)
			}
			if tag := etags[p.path]; tag != "" && p.method == http.MethodGet {
				with := append([]string{"If-None-Match", tag}, headers...)
				if a, b := plain(s.send(t, p, with...), zircon), plain(s.send(t, absent[i], with...), "zircox"); a != b {
					t.Errorf("%s: %v with the planner's tag\n%.600s\nbut of a layer that does not exist\n%.600s", who, p, a, b)
				}
			}
		}
	}
	if n := s.count(t, zircon); n != 2 {
		t.Errorf("the hidden layer has %d features", n)
	}
}

// count asks the database itself.
func (s *realCity) count(t testing.TB, layer string) (n int) {
	t.Helper()
	if err := s.db.Conn(t).QueryRow(t.Context(), "select count(*) from plan."+layer).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestNothingLeaksOnceALayerIsPrivate: everybody has seen the layer and holds
// its tags; then it is declared private.
func TestNothingLeaksOnceALayerIsPrivate(t *testing.T) {
	s := serveReal(t)
	planner := s.login(t, "siti", plan.Planner)
	l, list := secretLayer(ytterb, plan.Access{Read: []plan.Role{plan.Public}, Edit: []plan.Role{plan.Planner}})
	s.apply(t, l, list)
	s.reads(t, nil, ytterb, true)
	fillHidden(t, s.db, ytterb)
	wait(t, "the features are there", func() bool {
		return strings.Contains(string(s.get(t, "/api/v1/search?q=changed").body), ytterb)
	})
	at := time.Now().UTC().Format(time.RFC3339Nano)
	probes := s.layerProbes(t, ytterb)
	probes = append(probes, probe{http.MethodGet, "/ogc/collections/" + ytterb + "/items?datetime=" + at, ""})
	absent := s.layerProbes(t, "ytterx")
	absent = append(absent, probe{http.MethodGet, "/ogc/collections/ytterx/items?datetime=" + at, ""})
	paths := s.commonPaths(t)
	tags, seen := map[string]string{}, 0
	for _, p := range probes {
		if p.method == http.MethodGet {
			r := s.send(t, p)
			tags[p.path] = r.header.Get("ETag")
			if r.status == http.StatusOK && bytes.Contains(r.body, []byte(ytterb)) {
				seen++
			}
		}
	}
	if seen < 15 {
		t.Errorf("the public saw the layer %d times while it could", seen)
	}
	for _, path := range paths {
		tags[path] = s.get(t, path).header.Get("ETag")
	}
	events, stop := s.listen(t)
	defer stop()
	next(t, events, "status")

	private, _ := secretLayer(ytterb, plan.Access{Read: []plan.Role{plan.Planner}, Edit: []plan.Role{plan.Planner}})
	s.apply(t, private)
	s.reads(t, nil, ytterb, false)
	s.reads(t, planner, ytterb, true)
	next(t, events, "resync")
	for _, path := range paths {
		for _, headers := range [][]string{nil, {"If-None-Match", tags[path]}} {
			r := s.get(t, path, headers...)
			showsNothing(t, path, r, ytterb, "")
			if path == "/api/v1/catalog" && r.status != http.StatusOK {
				t.Errorf("%s: %d: an old tag still fits", path, r.status)
			}
		}
	}
	for i, p := range probes {
		headers := []string{}
		if tag := tags[p.path]; tag != "" {
			headers = []string{"If-None-Match", tag}
		}
		hidden, none := s.send(t, p, headers...), s.send(t, absent[i], headers...)
		showsNothing(t, fmt.Sprint(p), hidden, ytterb, ytterb)
		if a, b := plain(hidden, ytterb), plain(none, "ytterx"); a != b {
			t.Errorf("%v\n%.600s\nbut of a layer that does not exist\n%.600s", p, a, b)
		}
	}
	s.db.Exec(t, "update plan.ytterb set name_ytterb = 'again' where id = 1")
	s.db.Exec(t, "update plan.garden set trees = 100 where id = 1")
	if e := next(t, events, "change"); e.data["layer"] != garden {
		t.Errorf("an open stream tells %v", e)
	}
}
