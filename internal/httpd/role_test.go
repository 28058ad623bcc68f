package httpd_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/auth"
	"github.com/simtaru/simtaru/internal/plan"
)

// object reads an answer as a JSON object.
func object(t testing.TB, r reply) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(r.body, &v); err != nil || r.status != http.StatusOK {
		t.Fatalf("%d %v: %.300s", r.status, err, r.body)
	}
	return v
}

// TestWhoSeesWhatOfAFeature: staff see who changed it, editors also the field
// by which QGIS tells what it had read, after all others.
func TestWhoSeesWhatOfAFeature(t *testing.T) {
	s := serveReal(t)
	tests := []struct {
		who     string
		headers []string
		tail    string
	}{
		{"public", nil, `Z"},`},
		{"disaster", s.login(t, "budi", plan.Disaster), `Z","updated_by":"postgres"},`},
		{"planner", s.login(t, "siti", plan.Planner), `Z","updated_by":"postgres","read_revision":null},`},
		{"admin", s.login(t, "admin", plan.Admin), `Z","updated_by":"postgres","read_revision":null},`},
		{"public login", s.login(t, "warga", plan.Public), `Z"},`},
	}
	tags := map[string]string{}
	for _, tt := range tests {
		for _, path := range []string{"/ogc/collections/garden/items/1", "/ogc/collections/garden/items?limit=1"} {
			r := s.get(t, path, tt.headers...)
			_, properties, _ := strings.Cut(string(r.body), `"properties":{`)
			_, tail, _ := strings.Cut(properties, `"updated_at":"`)
			if got := tail[strings.Index(tail, `Z"`):]; !strings.HasPrefix(got+",", tt.tail) && !strings.HasPrefix(got, strings.TrimSuffix(tt.tail, ",")) {
				t.Errorf("%s %s: %.80s, want %s", tt.who, path, got, tt.tail)
			}
			kind := tt.tail + path
			tag := strings.TrimPrefix(r.header.Get("ETag"), "W/")
			for other, have := range tags {
				if (other == kind) != (have == tag) && strings.HasSuffix(other, path) {
					t.Errorf("%s: the tag %s for %q, and %s for %q", tt.who, tag, kind, have, other)
				}
			}
			tags[kind] = tag
		}
		edit := object(t, s.get(t, "/api/v1/catalog", tt.headers...))["layers"].([]any)[0].(map[string]any)["edit"]
		if want := strings.Contains(tt.tail, "read_revision"); edit != want {
			t.Errorf("%s: the catalogue says edit %v", tt.who, edit)
		}
		page := string(s.get(t, "/ogc/collections/garden/items/1?f=html&", append([]string{"Accept-Language", "en"}, tt.headers...)...).body)
		if strings.Contains(page, "Changed by") != strings.Contains(tt.tail, "updated_by") {
			t.Errorf("%s: the page", tt.who)
		}
	}
}

// TestNothingOfALoginIsShared looks at every answer: to a login it is private,
// to the public it says what it would depend on.
func TestNothingOfALoginIsShared(t *testing.T) {
	s := serveReal(t)
	planner := s.login(t, "siti", plan.Planner)
	paths := append(s.commonPaths(t), "/assets/main-abc.js")
	for _, path := range paths {
		varies := strings.HasPrefix(path, "/ogc") || strings.HasPrefix(path, "/tiles") || strings.HasPrefix(path, "/api/v1/c") ||
			strings.HasPrefix(path, "/api/v1/search") || strings.HasPrefix(path, "/styles")
		public := s.get(t, path)
		vary := strings.Join(public.header["Vary"], ", ")
		if varies && public.status == http.StatusOK && (!strings.Contains(vary, "Authorization") || !strings.Contains(vary, "Cookie")) {
			t.Errorf("%s: Vary %q", path, vary)
		}
		for name, headers := range map[string][]string{"a token": planner, "some cookie": {"Cookie", "a=b"}} {
			r := s.get(t, path, headers...)
			cache := r.header.Get("Cache-Control")
			if strings.Contains(cache, "public") || cache == "" || !strings.Contains(cache, "private") && !strings.Contains(cache, "no-store") && !strings.Contains(cache, "no-cache") {
				t.Errorf("%s with %s: %d, Cache-Control %q", path, name, r.status, cache)
			}
			if tag := r.header.Get("ETag"); tag != "" && r.status == http.StatusOK && !strings.Contains(cache, "no-store") {
				again := s.get(t, path, append([]string{"If-None-Match", tag}, headers...)...)
				if again.status != http.StatusNotModified || strings.Contains(again.header.Get("Cache-Control"), "public") {
					t.Errorf("%s with %s again: %d %q", path, name, again.status, again.header.Get("Cache-Control"))
				}
			}
		}
	}
	if got := s.get(t, "/tiles/garden/12/3132/1985").header.Get("Cache-Control"); got != "public, max-age=0, must-revalidate" {
		t.Errorf("a public tile: %q", got)
	}
	if got := s.get(t, "/assets/main-abc.js").header.Get("Vary"); strings.Contains(got, "Cookie") {
		t.Errorf("a script depends on nobody: Vary %q", got)
	}
}

// TestHistoryOverHTTP walks through what became of a feature.
func TestHistoryOverHTTP(t *testing.T) {
	s := serveReal(t)
	planner := s.login(t, "siti", plan.Planner)
	s.db.Exec(t, "update plan.garden set trees = 7 where id = 1")
	s.db.Exec(t, "update plan.garden set geom = st_translate(geom, 0.001, 0), name = null where id = 1")
	s.db.Exec(t, "delete from plan.garden where id = 1")
	wait(t, "it is gone", func() bool { return s.get(t, "/ogc/collections/garden/items/1").status == http.StatusNotFound })
	path := "/ogc/collections/garden/items/1/history"
	versions := func(r reply) []map[string]any {
		var out []map[string]any
		for _, v := range object(t, r)["versions"].([]any) {
			v := v.(map[string]any)
			if _, err := time.Parse(time.RFC3339, fmt.Sprint(v["from"])); err != nil {
				t.Error(err)
			}
			delete(v, "from")
			v["until"] = v["until"] != nil
			out = append(out, v)
		}
		return out
	}
	change := func(before, after any) any { return map[string]any{"before": before, "after": after} }
	want := []map[string]any{
		{"revision": 4.0, "operation": "delete", "until": false, "geometryChanged": true, "changed": map[string]any{"trees": change(7.0, nil)}},
		{"revision": 3.0, "operation": "update", "until": true, "geometryChanged": true, "changed": map[string]any{"name": change("Kebun 1", nil)}},
		{"revision": 2.0, "operation": "update", "until": true, "geometryChanged": false, "changed": map[string]any{"trees": change(0.0, 7.0)}},
		{"revision": 1.0, "operation": "create", "until": true, "geometryChanged": true, "changed": map[string]any{"name": change(nil, "Kebun 1"), "trees": change(nil, 0.0)}},
	}
	if d := cmp.Diff(want, versions(s.get(t, path))); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	for _, v := range versions(s.get(t, path, planner...)) {
		if v["actor"] != "postgres" {
			t.Errorf("a planner is not told who: %v", v)
		}
	}
	var walked []map[string]any
	for next, pages := path+"?limit=1&geometry=true", 0; next != ""; pages++ {
		body := object(t, s.get(t, strings.TrimPrefix(next, s.URL)))
		next = ""
		for _, l := range body["links"].([]any) {
			if l := l.(map[string]any); l["rel"] == "next" {
				next = l["href"].(string)
			}
		}
		for _, v := range body["versions"].([]any) {
			walked = append(walked, v.(map[string]any))
		}
		if pages > 4 {
			t.Fatal("the pages do not end")
		}
	}
	var shapes []string
	for _, v := range walked {
		g, _ := json.Marshal(v["geometry"])
		_, first, _ := strings.Cut(string(g), "[[[[")
		first, _, _ = strings.Cut(first, "]")
		shapes = append(shapes, fmt.Sprintf("%v at %s", v["revision"], first))
	}
	wantShapes := []string{"4 at ", "3 at 95.301,5.5", "2 at 95.3,5.5", "1 at 95.3,5.5"}
	if d := cmp.Diff(wantShapes, shapes); d != "" {
		t.Error(d)
	}
	page := string(s.get(t, path+"?f=html", "Accept-Language", "en").body)
	for _, word := range []string{"deleted", "changed", "created", "Pohon", "shape or place changed"} {
		if !strings.Contains(page, word) && !strings.Contains(page, "Trees") {
			t.Errorf("the page does not say %q:\n%s", word, page)
		}
	}
	if strings.Contains(page, "postgres") {
		t.Error("the page tells the public who")
	}
	for bad, status := range map[string]int{
		path + "?before=0": 400, path + "?limit=0": 400, path + "?geometry=yes": 400, path + "?x=1": 400, path + "?before=1": 200,
		"/ogc/collections/garden/items/99/history": 404, "/ogc/collections/garden/items/99/history?before=5": 404, "/ogc/collections/garden/items/0/history": 404,
	} {
		if r := s.get(t, bad); r.status != status {
			t.Errorf("%s: %d %s", bad, r.status, r.body)
		}
	}
}

// TestThePastByRole: what was then is shown to whoever may read the layer now,
// item, items and tile alike.
func TestThePastByRole(t *testing.T) {
	s := serveReal(t)
	planner, narrow := s.login(t, "siti", plan.Planner), s.login(t, "alat", plan.Planner, garden)
	l, list := secretLayer(zircon, plan.Access{Read: []plan.Role{plan.Planner}, Edit: []plan.Role{plan.Planner}})
	s.apply(t, l, list)
	s.reads(t, planner, zircon, true)
	s.db.Exec(t, "insert into plan.zircon (id, name_zircon, geom) values (1, 'first', st_setsrid(st_point(95.301, 5.501), 4326)), (2, 'second', st_setsrid(st_point(95.3011, 5.5011), 4326))")
	tile := strings.Replace(tileAt(orb.Point{95.301, 5.501}, 16), spots, "garden,zircon", 1)
	seen := func(name string) bool {
		return strings.Contains(string(s.get(t, "/ogc/collections/zircon/items", planner...).body), name)
	}
	wait(t, "they are there", func() bool { return seen("second") })
	then := s.get(t, tile, planner...)
	items := object(t, s.get(t, "/ogc/collections/zircon/items", planner...))["features"]
	item := object(t, s.get(t, "/ogc/collections/zircon/items/1", planner...))
	at := "datetime=" + time.Now().UTC().Format(time.RFC3339Nano)
	s.db.Exec(t, "update plan.zircon set name_zircon = 'changed', geom = st_translate(geom, 1, 1) where id = 1")
	s.db.Exec(t, "delete from plan.zircon where id = 2")
	s.db.Exec(t, "delete from plan.garden where id = 2")
	wait(t, "they have changed", func() bool {
		return seen("changed") && s.get(t, "/ogc/collections/garden/items/2").status == http.StatusNotFound
	})
	if d := cmp.Diff(items, object(t, s.get(t, "/ogc/collections/zircon/items?"+at, planner...))["features"]); d != "" {
		t.Errorf("items as they were: %s", d)
	}
	was := object(t, s.get(t, "/ogc/collections/zircon/items/1?"+at, planner...))
	if d := cmp.Diff(item["properties"], was["properties"]); d != "" || !strings.Contains(fmt.Sprint(was["links"]), "datetime=") {
		t.Errorf("the item as it was: %s\n%v", d, was["links"])
	}
	if r := s.get(t, "/ogc/collections/zircon/items/2?"+at, planner...); r.status != http.StatusOK {
		t.Errorf("a feature that was deleted since: %d", r.status)
	}
	if r := s.get(t, "/ogc/collections/zircon/items/2?datetime=2020-01-01T00:00:00Z", planner...); r.status != http.StatusNotFound {
		t.Errorf("before there was anything: %d", r.status)
	}
	if got, want := tileFeatures(t, s.get(t, tile+"?"+at, planner...).body), tileFeatures(t, then.body); len(want) != 5 || cmp.Diff(want, got) != "" {
		t.Errorf("the tile as it was: %s", cmp.Diff(want, got))
	}
	if now := tileFeatures(t, s.get(t, tile, planner...).body); len(now) != 2 {
		t.Errorf("the tile now: %v", now)
	}
	for who, headers := range map[string][]string{"public": nil, "token for gardens": narrow} {
		for _, path := range []string{"/ogc/collections/zircon/items?" + at, "/ogc/collections/zircon/items/1?" + at, tile + "?" + at} {
			if r := s.get(t, path, headers...); r.status != http.StatusNotFound {
				t.Errorf("%s %s: %d", who, path, r.status)
			}
		}
	}
}

// TestChangesOverHTTP follows the feed by its links, as other systems do.
func TestChangesOverHTTP(t *testing.T) {
	s := serveReal(t)
	planner := s.login(t, "siti", plan.Planner)
	l, list := secretLayer(zircon, plan.Access{Read: []plan.Role{plan.Planner}, Edit: []plan.Role{plan.Planner}})
	s.apply(t, l, list)
	s.reads(t, planner, zircon, true)
	fillHidden(t, s.db, zircon)
	now := object(t, s.get(t, "/api/v1/changes?since=now"))
	if len(now["changes"].([]any)) != 0 || now["more"] != false {
		t.Errorf("now: %v", now)
	}
	s.db.Exec(t, "update plan.garden set trees = 9 where id = 2")
	walk := func(first string, headers ...string) (seen []string) {
		for path, pages := first, 0; path != ""; pages++ {
			body := object(t, s.get(t, path, headers...))
			for _, c := range body["changes"].([]any) {
				c := c.(map[string]any)
				seen = append(seen, fmt.Sprint(c["layer"], " ", c["feature"], " ", c["op"], " ", c["revision"], " ", c["bbox"] != nil, " ", c["actor"]))
			}
			path = ""
			if body["more"] == true {
				path = first[:strings.Index(first, "?")] + "?limit=2&since=" + body["next"].(string)
				if strings.Contains(first, "layers=") {
					path += "&layers=garden"
				}
			}
			if pages > 10 {
				t.Fatal("the pages do not end")
			}
		}
		return seen
	}
	gardens := []string{"garden 1 create 1 true <nil>", "garden 2 create 1 true <nil>", "garden 3 create 1 true <nil>", "garden 2 update 2 true <nil>"}
	if d := cmp.Diff(gardens, walk("/api/v1/changes?limit=2")); d != "" {
		t.Errorf("public: %s", d)
	}
	all := walk("/api/v1/changes?limit=2", planner...)
	if len(all) != 9 || !slices.Contains(all, "zircon 3 delete 2 true postgres") {
		t.Errorf("planner: %v", all)
	}
	if got := walk("/api/v1/changes?limit=2&layers=garden", planner...); len(got) != 4 {
		t.Errorf("one layer: %v", got)
	}
	after := object(t, s.get(t, "/api/v1/changes?since="+now["next"].(string)))
	if got := after["changes"].([]any); len(got) != 1 {
		t.Errorf("since then: %v", got)
	}
	if _, err := s.db.Store.Prune(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	r := s.get(t, "/api/v1/changes?since="+now["next"].(string), "Accept-Language", "en")
	if p := problemOf(t, "pruned", r); r.status != http.StatusGone || !strings.HasSuffix(p.Type, "#changes-pruned") || !strings.Contains(p.Detail, "since=now") {
		t.Errorf("pruned: %d %s", r.status, r.body)
	}
	for _, bad := range []string{"since=x", "since=", "limit=0", "x=1", "since=%00"} {
		if r := s.get(t, "/api/v1/changes?"+bad); r.status != http.StatusBadRequest {
			t.Errorf("%s: %d", bad, r.status)
		}
	}
}

// TestEventsByRole: each stream tells of what its login may read, and none goes
// on longer than its login.
func TestEventsByRole(t *testing.T) {
	s := serveReal(t)
	planner := s.login(t, "siti", plan.Planner)
	narrow := s.login(t, "alat", plan.Planner, garden)
	demoted := s.login(t, "rudi", plan.Planner)
	l, list := secretLayer(zircon, plan.Access{Read: []plan.Role{plan.Planner}, Edit: []plan.Role{plan.Planner}})
	s.apply(t, l, list)
	s.reads(t, planner, zircon, true)
	streams := map[string]<-chan sse{}
	for who, headers := range map[string][]string{"public": nil, "planner": planner, "narrow": narrow, "demoted": demoted} {
		events, stop := s.listen(t, headers...)
		defer stop()
		next(t, events, "status")
		streams[who] = events
	}
	fillHidden(t, s.db, zircon)
	s.db.Exec(t, "update plan.garden set trees = 11 where id = 1")
	secret := next(t, streams["planner"], "change")
	if secret.data["layer"] != zircon || secret.id == "" || secret.data["bbox"] == nil {
		t.Errorf("planner: %+v", secret)
	}
	for _, who := range []string{"public", "narrow"} {
		if e := next(t, streams[who], "change"); e.data["layer"] != garden {
			t.Errorf("%s is told %+v", who, e)
		}
	}
	// Going on after an event that was not theirs is as with one that never was.
	for _, headers := range map[string][]string{"public": nil, "narrow": narrow} {
		events, stop := s.listen(t, append([]string{"Last-Event-ID", secret.id}, headers...)...)
		next(t, events, "resync")
		stop()
	}
	events, stop := s.listen(t, append([]string{"Last-Event-ID", secret.id}, planner...)...)
	for e := next(t, events, "change"); e.data["layer"] != garden; e = next(t, events, "change") {
	}
	stop()
	// Another role, and a token that is revoked, end their streams.
	role := plan.Disaster
	if _, err := s.db.Store.ChangePerson(t.Context(), "rudi_"+s.suffix, auth.Change{Role: &role}); err != nil {
		t.Fatal(err)
	}
	tokens, err := s.db.Store.Tokens(t.Context(), "alat_"+s.suffix)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.db.Store.RevokeToken(t.Context(), "alat_"+s.suffix, tokens[0].ID); err != nil {
		t.Fatal(err)
	}
	for _, who := range []string{"demoted", "narrow"} {
		ended := make(chan struct{})
		go func() {
			for range streams[who] {
			}
			close(ended)
		}()
		select {
		case <-ended:
		case <-time.After(20 * time.Second):
			t.Errorf("the stream of %s goes on", who)
		}
	}
	s.db.Exec(t, "update plan.garden set trees = 12 where id = 1")
	for e := next(t, streams["public"], "change"); e.data["layer"] != garden; e = next(t, streams["public"], "change") {
		t.Errorf("public: %+v", e)
	}
}

// TestAChangeThatIsToldCanBeRead: who hears of a change and reads the feature
// at once is not given the version before.
func TestAChangeThatIsToldCanBeRead(t *testing.T) {
	s := serveReal(t)
	conn := s.db.Conn(t)
	since := object(t, s.get(t, "/api/v1/changes?since=now"))["next"].(string)
	for i := range 60 {
		if _, err := conn.Exec(t.Context(), "update plan.garden set trees = $1 where id = 1", 1000+i); err != nil {
			t.Fatal(err)
		}
		told := object(t, s.get(t, "/api/v1/changes?since="+since))
		since = told["next"].(string)
		changes := told["changes"].([]any)
		item := object(t, s.get(t, "/ogc/collections/garden/items/1"))["properties"].(map[string]any)
		if len(changes) != 1 || item["trees"] != float64(1000+i) || item["revision"] != changes[0].(map[string]any)["revision"] {
			t.Fatalf("told %v, read %v", changes, item)
		}
	}
}
