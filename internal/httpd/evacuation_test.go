package httpd_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/simtaru/simtaru/internal/evac"
	evacapi "github.com/simtaru/simtaru/internal/evac/api"
	"github.com/simtaru/simtaru/internal/evac/planner"
	"github.com/simtaru/simtaru/internal/httpd"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/postgis"
	"github.com/simtaru/simtaru/internal/testdb"
)

const evacuation = "/api/v1/evacuation/routes"

// openStreets is the whole server over a real database with a street from west
// to east, 1.1 km long, a bridge in its middle, and a detour of 1.1 km more in
// the north. A shelter stands at either end; who asks is in between.
func openStreets(t testing.TB, options ...option) *office {
	t.Helper()
	follows := func(_ *httpd.Config, d *httpd.Deps) {
		board := evac.NewBoard(d.Plan, evac.Options{Log: d.Log})
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() { defer close(done); _ = board.Run(ctx) }()
		store := d.Archive.(*postgis.Store)
		plans := planner.New(store, board, d.Log)
		made := make(chan struct{})
		go func() { defer close(made); _ = plans.Run(ctx) }()
		t.Cleanup(func() { cancel(); <-done; <-made })
		d.Evacuation, d.Planning = board, &evacapi.Planning{Plans: store, Poke: plans.Poke}
		board.Register(d.Registry)
	}
	o := openCity(t, func(db *testdb.DB) {
		for _, r := range []struct{ name, bridge, wkt string }{
			{"Jalan Barat", "false", "95.300 5.5,95.304 5.5"},
			{"Jembatan Tengah", "true", "95.304 5.5,95.305 5.5"},
			{"Jalan Timur", "false", "95.305 5.5,95.310 5.5"},
			{"Jalan Memutar", "false", "95.304 5.5,95.304 5.505,95.305 5.505,95.305 5.5"},
			{"Jalan Pulau", "false", "95.330 5.5,95.331 5.5"},
		} {
			db.Exec(t, "insert into plan.road (name, class, bridge, geom) values ($1, 'residential', $2, st_geomfromtext('MULTILINESTRING(('||$3||'))', 4326))", r.name, r.bridge, r.wkt)
		}
		for _, s := range []struct {
			name string
			lon  float64
		}{{"Masjid Barat", 95.300}, {"Sekolah Timur", 95.310}} {
			db.Exec(t, "insert into plan.shelter (name, kind, status, capacity, refuge_height, for_tsunami, for_flood, geom) values ($1, 'TES', 'ready', 100, $2, true, false, st_setsrid(st_makepoint($3, 5.5), 4326))", s.name, (s.lon-95.29)*500, s.lon)
		}
	}, append([]option{follows}, options...)...)
	wait(t, "routes are answered", func() bool { return o.get(t, evacuation+"?from=95.3035,5.5").status == http.StatusOK })
	return o
}

// way is what the tests read of an answer.
type way struct {
	Graph    string    `json:"graph_version"`
	Closures time.Time `json:"closures_as_of"`
	Hazards  string    `json:"hazard_version"`
	Sentence plan.Text `json:"sentence"`
	Routes   []leads   `json:"routes"`
	Other    *leads    `json:"alternative"`
	Passed   []struct {
		Name string    `json:"name"`
		Why  string    `json:"why"`
		Text plan.Text `json:"text"`
	} `json:"passed_over"`
	Late   bool `json:"cannot_reach_in_time"`
	Refuge *struct {
		Name string `json:"name"`
	} `json:"refuge"`
	Event *struct {
		Level string `json:"level"`
	} `json:"event"`
}

type leads struct {
	To struct {
		Name string `json:"name"`
		Room int    `json:"room"`
	} `json:"destination"`
	Metres  float64  `json:"length"`
	Seconds float64  `json:"duration"`
	Margin  *float64 `json:"margin"`
	Bridges []string `json:"bridges"`
	Steps   []struct {
		Text plan.Text `json:"text"`
		Turn string    `json:"turn"`
	} `json:"steps"`
}

func (o *office) run(t testing.TB, query string) (w way) {
	t.Helper()
	r := o.get(t, evacuation+"?"+query)
	if r.status != http.StatusOK {
		t.Fatalf("%s: %d %s", query, r.status, r.body)
	}
	if err := json.Unmarshal(r.body, &w); err != nil {
		t.Fatal(err)
	}
	return w
}

// told is the answer in short: where to, and who was passed over for what.
func (w way) told() string {
	var parts []string
	for _, r := range w.Routes {
		parts = append(parts, r.To.Name)
	}
	for _, p := range w.Passed {
		parts = append(parts, p.Name+": "+p.Why)
	}
	return strings.Join(parts, ", ")
}

// soon waits until the answer is as it should be, and tells how long that took.
func (o *office) soon(t testing.TB, query, want string) time.Duration {
	t.Helper()
	start := time.Now()
	var got string
	for time.Since(start) < 5*time.Second {
		if got = o.run(t, query).told(); got == want {
			return time.Since(start)
		}
		time.Sleep(2 * time.Millisecond)
	}
	t.Fatalf("%s: %s, want %s", query, got, want)
	return 0
}

const here = "from=95.3035,5.5"

func box(lon, lat, half float64) string { return square(lon-half, lat-half, 2*half) }

// TestEvacuation shares one city: those who change it come last.
func TestEvacuation(t *testing.T) {
	var a alarm
	var away atomic.Bool
	o := openStreets(t, warned(t, &a), func(_ *httpd.Config, d *httpd.Deps) { d.Archive = leaving{d.Archive, &away} })
	for _, part := range []struct {
		name string
		run  func(*testing.T, *office)
	}{
		{"where to run", whereToRun},
		{"what is refused", refusesRoutes},
		{"OSRM is spoken", speaksOSRM},
		{"what is within reach", isWithinReach},
		{"ways for maps and devices", waysTravel},
		{"shelters as they stand", sheltersStand},
		{"routes are exchanged", routesAreExchanged},
		{"alerts are told", func(t *testing.T, o *office) { alertsAreTold(t, o, &away) }},
		{"warnings are followed", func(t *testing.T, o *office) { warningsAreFollowed(t, o, &a) }},
		{"people are covered", peopleAreCovered},
		{"plans for the whole city", plansAreMade},
		{"a sheet for a gampong", sheetOfGampong},
		{"a pack for phones", isPacked},
		{"rules and deadlines of hazards", hazardsHaveRules},
		{"closures are in the next answers", closuresAreFollowed},
		{"without roads", withoutRoads},
	} {
		t.Run(part.name, func(t *testing.T) { part.run(t, o) })
	}
	o.checkLog(t)
}

func whereToRun(t *testing.T, o *office) {
	w := o.run(t, here+"&k=2")
	if w.told() != "Masjid Barat, Sekolah Timur" || w.Graph == "" || w.Hazards == "" || time.Since(w.Closures) > time.Minute {
		t.Fatalf("%+v", w)
	}
	first, second := w.Routes[0], w.Routes[1]
	if first.Metres < 380 || first.Metres > 395 || first.Seconds < first.Metres/1.8 || first.Seconds > first.Metres/1.78 || first.Margin != nil || len(first.Bridges) != 0 {
		t.Errorf("%+v", first)
	}
	var steps []string
	for _, s := range second.Steps {
		steps = append(steps, s.Text.EN)
	}
	if got, want := strings.Join(steps, " "), "Head east on Jalan Barat, 60 m. Cross the bridge (Jembatan Tengah), 110 m. Continue on Jalan Timur, 550 m. Arrive at Sekolah Timur."; got != want {
		t.Errorf("%s", got)
	}
	if len(second.Bridges) != 1 || first.Steps[0].Text.ID != "Pergi ke arah barat di Jalan Barat, 390 m." {
		t.Errorf("%+v %+v", first, second)
	}
	if w.Sentence.ID != "Pergi ke Masjid Barat: 390 m, sekitar 4 menit." {
		t.Errorf("%s", w.Sentence.ID)
	}

	// What is asked and answered is as the definition of the API says.
	doc := definition(t, o.service)
	if d := cmp.Diff(servedAPI(t, o.service), describedAPI(doc)); d != "" {
		t.Errorf("-served +described:\n%s", d)
	}
	c := converse(t, &gate{service: o.service, t: t}, doc)
	for _, query := range []string{here, here + "&k=1&hazard=tsunami&profile=foot_elderly&departure_min=2.5&avoid=bridges", "from=95.3305,5.5"} {
		c.say(200, "GET", evacuation+"?"+query, nil)
	}
	c.say(422, "GET", evacuation+"?from=95.36,5.5", nil)

	// The bridge is left out where that is wanted, and in the alternative.
	w = o.run(t, "from=95.3045,5.5052&k=2&avoid=bridges")
	if len(w.Routes) != 2 || len(w.Routes[1].Bridges) != 0 {
		t.Errorf("%+v", w)
	}
	if w = o.run(t, "from=95.3042,5.5&profile=foot&k=1&avoid=95.302,5.5"); w.told() != "Sekolah Timur, Masjid Barat: avoided" {
		t.Errorf("%s", w.told())
	}
}

// closuresAreFollowed closes by SQL, as QGIS does, and by HTTP.
func closuresAreFollowed(t *testing.T, o *office) {
	west := box(95.302, 5.5, 0.0001)
	_, err := o.conn.Exec(t.Context(), "insert into plan.closure (reason, severity, starts_at, geom) values ('flood', 'closed', now() - interval '1 minute', st_geomfromtext($1, 4326))", west)
	if err != nil {
		t.Fatal(err)
	}
	took := o.soon(t, here+"&k=1", "Sekolah Timur, Masjid Barat: no_way")
	t.Logf("closed by SQL: in the answers after %v", took)
	if _, err := o.conn.Exec(t.Context(), "update plan.closure set ends_at = now()"); err != nil {
		t.Fatal(err)
	}
	o.soon(t, here+"&k=1", "Masjid Barat")

	// One over HTTP is in the answer to the very next request.
	at := time.Now()
	body := fmt.Sprintf(`{"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[[[[95.3019,5.4999],[95.3021,5.4999],[95.3021,5.5001],[95.3019,5.5001],[95.3019,5.4999]]]]},
		"properties":{"reason":"debris","severity":"closed","starts_at":%q,"ends_at":%q}}`, at.Add(-time.Hour).UTC().Format(time.RFC3339), at.Add(2*time.Second).UTC().Format(time.RFC3339Nano))
	if r := o.send(t, http.MethodPost, "/ogc/collections/closure/items", asSiti, geoJSON, body); r.status != http.StatusCreated {
		t.Fatalf("%d %s", r.status, r.body)
	}
	o.soon(t, here+"&k=1", "Sekolah Timur, Masjid Barat: no_way")
	// It ends by the clock: nobody edits anything.
	took = o.soon(t, here+"&k=1", "Masjid Barat")
	if passed := time.Since(at); passed < 1900*time.Millisecond || passed > 2500*time.Millisecond {
		t.Errorf("the closure of 2 s ended after %v (%v)", passed, took)
	}

	closedAsDrawn(t, o)

	// Rooms and roads too.
	if _, err := o.conn.Exec(t.Context(), "update plan.shelter set occupancy = 120 where name = 'Masjid Barat'"); err != nil {
		t.Fatal(err) // more than its capacity, which happens
	}
	o.soon(t, here+"&k=1", "Sekolah Timur, Masjid Barat: full")
	if told := o.run(t, here+"&k=1").Passed[0].Text; told.ID != "Penuh: 20 orang di atas daya tampungnya." || told.EN != "It is full: 20 people above its capacity." {
		t.Errorf("%+v", told)
	}
	if w := o.run(t, here+"&k=1"); len(w.Routes[0].Bridges) != 1 || w.Other == nil || len(w.Other.Bridges) != 0 || w.Other.Metres < w.Routes[0].Metres+1000 {
		t.Errorf("%+v %+v", w.Routes[0], w.Other)
	}
	before := o.run(t, here)
	if _, err := o.conn.Exec(t.Context(), "delete from plan.road where name in ('Jembatan Tengah', 'Jalan Memutar')"); err != nil {
		t.Fatal(err)
	}
	o.soon(t, here+"&k=1", "Masjid Barat: full, Sekolah Timur: no_way")
	if after := o.run(t, here); after.Graph == before.Graph || after.Hazards != before.Hazards || after.Sentence.EN != "No open way leads to a shelter that takes people." {
		t.Errorf("%+v", after)
	}
}

// closedAsDrawn draws closures as points and lines, by both doors, and finds that
// those that cannot be meant are refused by both.
func closedAsDrawn(t *testing.T, o *office) {
	const items, closed, way = "/ogc/collections/closure/items", "Sekolah Timur, Masjid Barat: no_way", "Masjid Barat"
	feature := func(geometry, more string) string {
		return `{"type":"Feature","geometry":` + geometry + `,"properties":{"reason":"debris","severity":"closed","starts_at":"2025-01-01T00:00:00Z"` + more + `}}`
	}
	for _, geometry := range []string{
		`{"type":"Point","coordinates":[95.302,5.5]}`,
		`{"type":"MultiPoint","coordinates":[[95.302,5.5],[95.302,5.6]]}`,
		`{"type":"LineString","coordinates":[[95.302,5.4999],[95.302,5.5001]]}`,
		`{"type":"MultiLineString","coordinates":[[[95.302,5.4999],[95.302,5.5001]]]}`,
	} {
		r := o.send(t, http.MethodPost, items, asSiti, geoJSON, feature(geometry, ""), "Prefer", "return=representation")
		if r.status != http.StatusCreated || r.header.Get("Simtaru-Widened-M") != "6" || !strings.Contains(string(r.body), "MultiPolygon") {
			t.Fatalf("%s: %d %v %s", geometry, r.status, r.header, r.body)
		}
		if got := o.run(t, here+"&k=1").told(); got != closed {
			o.soon(t, here+"&k=1", closed)
		}
		if r := o.send(t, http.MethodDelete, strings.TrimPrefix(r.header.Get("Location"), o.URL), asSiti, "", nil); r.status != http.StatusNoContent {
			t.Fatalf("%d %s", r.status, r.body)
		}
		o.soon(t, here+"&k=1", way)
	}
	many := `{"edits":[{"op":"create","layer":"closure","feature":` + feature(`{"type":"Point","coordinates":[95.302,5.5]}`, "") + `}]}`
	r := o.send(t, http.MethodPost, "/api/v1/edits", asSiti, "application/json", many)
	if !strings.Contains(string(r.body), `"widenedM":6`) {
		t.Fatalf("%d %s", r.status, r.body)
	}
	o.soon(t, here+"&k=1", closed)
	exec := func(sql string) {
		t.Helper()
		if _, err := o.conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	exec("update plan.closure set ends_at = now() where ends_at is null")
	o.soon(t, here+"&k=1", way)
	exec("insert into plan.closure (reason, severity, starts_at, geom) values ('works', 'closed', '2025-01-01', st_setsrid(st_makepoint(95.302, 5.5), 4326))")
	o.soon(t, here+"&k=1", closed)
	exec("update plan.closure set ends_at = now() where ends_at is null")
	o.soon(t, here+"&k=1", way)

	// A line across a bridge closes the bridge, or the road beneath, or both.
	exec("insert into plan.road (name, class, level, geom) values ('Jalan Bawah', 'residential', 0, st_geomfromtext('MULTILINESTRING((95.3045 5.4995,95.3045 5.5,95.3045 5.5005))', 4326))")
	exec("insert into plan.shelter (name, kind, status, capacity, for_tsunami, geom) values ('Balai Bawah', 'TES', 'ready', 100, true, st_setsrid(st_makepoint(95.3045, 5.4995), 4326))")
	const beneath, above = "from=95.3045,5.5005&k=1", "from=95.30505,5.5&k=2"
	o.soon(t, beneath, "Balai Bawah")
	before := o.run(t, above)
	for _, c := range []struct {
		level            string
		over, underneath bool // are closed
	}{{"1", true, false}, {"0", false, true}, {"null", true, true}} {
		exec("insert into plan.closure (reason, severity, level, starts_at, geom) values ('bridge', 'closed', " + c.level + ", '2025-01-01', st_geomfromtext('LINESTRING(95.3044 5.4999,95.3046 5.5001)', 4326))")
		want := "Balai Bawah"
		if c.underneath {
			want = "Masjid Barat, Balai Bawah: no_way" // by Jalan Memutar, which is beside it
		}
		wait(t, "the closure of level "+c.level+" is followed", func() bool { return o.run(t, beneath).Closures.After(before.Closures) })
		o.soon(t, beneath, want)
		detour := 0.0
		if c.over {
			detour = 1000
		}
		wait(t, "the bridge is closed or not", func() bool {
			w := o.run(t, above)
			return len(w.Routes) == 2 && (w.Routes[1].Metres >= before.Routes[1].Metres+detour) && (c.over || w.Routes[1].Metres == before.Routes[1].Metres)
		})
		exec("update plan.closure set ends_at = now() where ends_at is null")
		o.soon(t, beneath, "Balai Bawah")
	}
	exec("delete from plan.shelter where name = 'Balai Bawah'")
	exec("delete from plan.road where name = 'Jalan Bawah'")

	const point = `{"type":"Point","coordinates":[95.302,5.5]}`
	shelter := func(more string) string {
		return `{"type":"Feature","geometry":` + point + `,"properties":{"name":"Aula","kind":"TES","status":"ready"` + more + `}}`
	}
	for _, c := range []struct{ layer, body, code, sql, words string }{
		{"closure", feature("null", ""), "geometry-required", "(reason, severity, starts_at) values ('works', 'closed', now())", "Geometri wajib ada"},
		{"closure", feature(point, `,"ends_at":"2024-12-31T23:59:59Z"`), "value-order", "(reason, severity, starts_at, ends_at, geom) values ('works', 'closed', now(), now() - interval '1 s', st_point(95.3, 5.5))", "Sampai: tidak boleh sebelum Mulai."},
		{"closure", feature(point, `,"speed_factor":1.5`), "out-of-range", "(reason, severity, starts_at, speed_factor, geom) values ('works', 'slow', now(), 1.5, st_point(95.3, 5.5))", "di luar rentang 0 sampai 1"},
		{"closure", feature(`{"type":"LineString","coordinates":[[95,5],[97,5]]}`, ""), "geometry-too-large", "(reason, severity, starts_at, geom) values ('works', 'slow', now(), st_geomfromtext('LINESTRING(95 5,97 5)'))", "terlalu besar"},
		{"shelter", shelter(`,"capacity":-1`), "out-of-range", "(name, kind, status, capacity) values ('Aula', 'TES', 'ready', -1)", "paling sedikit 0"},
		{"shelter", shelter(`,"capacity":1,"occupancy":-1`), "out-of-range", "(name, kind, status, capacity, occupancy) values ('Aula', 'TES', 'ready', 1, -1)", "paling sedikit 0"},
		{"shelter", shelter(`,"capacity":300,"usable_area":500,"area_per_person":2`), "value-quotient", "(name, kind, status, capacity, usable_area, area_per_person) values ('Aula', 'TES', 'ready', 300, 500, 2)", "Daya tampung: harus 250, yaitu Luas terpakai dibagi Luas per orang, dibulatkan ke bawah."},
	} {
		r := o.send(t, http.MethodPost, "/ogc/collections/"+c.layer+"/items", asSiti, geoJSON, c.body)
		if r.status != http.StatusUnprocessableEntity || !strings.Contains(string(r.body), c.code) {
			t.Errorf("%s: %d %s", c.body, r.status, r.body)
		}
		if _, err := o.conn.Exec(t.Context(), "insert into plan."+c.layer+" "+c.sql); err == nil || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s: %v", c.sql, err)
		}
	}
}

// hazardsHaveRules: the east is in a zone, the event begins and
// comes nearer.
func hazardsHaveRules(t *testing.T, o *office) {
	exec := func(sql string, args ...any) {
		t.Helper()
		if _, err := o.conn.Exec(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	const shore = "from=95.3075,5.5&k=2" // nearer to the east
	o.soon(t, shore, "Sekolah Timur, Masjid Barat")
	exec("insert into plan.hazard_zone (hazard, class, arrival_minutes, geom) values ('tsunami', 'high', 30, st_geomfromtext($1, 4326))", square(95.3052, 5.495, 0.01))
	// Who is inside may leave or stay, who is outside does not go in.
	o.soon(t, shore+"&hazard=tsunami", "Sekolah Timur, Masjid Barat")
	o.soon(t, here+"&k=2&hazard=tsunami", "Masjid Barat")
	if w := o.run(t, here+"&k=2"); w.told() != "Masjid Barat, Sekolah Timur" {
		t.Errorf("without the hazard: %s", w.told())
	}
	// From 95.3075 to 95.3052 are 255 m, 142 s: of 30 minutes 27 and a half remain.
	w := o.run(t, shore+"&hazard=tsunami")
	if m := w.Routes[1].Margin; m == nil || *m < 1640 || *m > 1680 {
		t.Errorf("margin %v", m)
	}
	// 244 m to the east are 136 s, 310 m to the bridge 173 s, which is too long for the 156 s that are left.
	if w := o.run(t, "from=95.3078,5.5&hazard=tsunami&departure_min=27.4"); w.told() != "Sekolah Timur" || w.Late {
		t.Errorf("%+v", w)
	}
	if w := o.run(t, "from=95.3078,5.5&hazard=tsunami&departure_min=27"); w.told() != "Sekolah Timur, Masjid Barat" {
		t.Errorf("%s", w.told())
	}
	late := o.run(t, shore+"&hazard=tsunami&departure_min=29")
	if !late.Late || late.told() != "Sekolah Timur: too_late, Masjid Barat: too_late" || late.Refuge == nil || late.Refuge.Name != "Sekolah Timur" || !strings.Contains(late.Sentence.EN, "Get as high as you can") {
		t.Errorf("%s %+v", late.told(), late)
	}
	// Not for this hazard.
	if w := o.run(t, here+"&hazard=flood"); w.told() != "Masjid Barat: not_for_hazard, Sekolah Timur: not_for_hazard" {
		t.Errorf("%s", w.told())
	}

	// An officer's event says the hazard by itself, and the arrival.
	exec("insert into plan.hazard_event (hazard, level, status, starts_at, arrival_at, geom) values ('tsunami', 'awas', 'on', now() - interval '1 minute', now() + interval '1 minute', st_geomfromtext($1, 4326))", square(95, 5, 1))
	o.soon(t, shore, "Sekolah Timur: too_late, Masjid Barat: too_late")
	if w := o.run(t, shore); w.Event == nil || w.Event.Level != "awas" {
		t.Errorf("%+v", w)
	}
	c := converse(t, &gate{service: o.service, t: t}, definition(t, o.service))
	c.say(200, "GET", evacuation+"?"+shore, nil)
	c.say(200, "GET", evacuation+"?from=95.3052,5.5", nil)
	exec("update plan.hazard_event set status = 'off'")
	o.soon(t, shore, "Sekolah Timur, Masjid Barat")
}

// withoutRoads takes all roads away, and adds one again.
func withoutRoads(t *testing.T, o *office) {
	if _, err := o.conn.Exec(t.Context(), "delete from plan.road"); err != nil {
		t.Fatal(err)
	}
	wait(t, "there are no roads", func() bool { return o.get(t, evacuation+"?"+here).status == http.StatusUnprocessableEntity })
	for path, want := range map[string]string{
		evacuation + "?" + here: "422 no-roads",
		evacuation + "?" + here + "&avoid=bridges&k=1&profile=car": "422 no-roads",
		evacuation + "?from=x":                       "400 ",
		"/api/v1/evacuation/reach?minutes=5":         "200 ",
		"/osrm/nearest/v1/foot/95.3035,5.5":          "400 NoSegment",
		"/osrm/route/v1/foot/95.3035,5.5;95.304,5.5": "400 NoSegment",
		"/osrm/table/v1/foot/95.3035,5.5;95.304,5.5": "400 NoSegment",
	} {
		r := o.get(t, path)
		status, code, _ := strings.Cut(want, " ")
		if fmt.Sprint(r.status) != status || !strings.Contains(string(r.body), code) {
			t.Errorf("%s: %d %s, want %s", path, r.status, r.body, want)
		}
	}
	if _, err := o.conn.Exec(t.Context(), "insert into plan.road (name, class, geom) values ('Jalan Baru', 'residential', st_geomfromtext('LINESTRING(95.303 5.5,95.310 5.5)', 4326))"); err != nil {
		t.Fatal(err)
	}
	wait(t, "the road is there", func() bool { return o.get(t, evacuation+"?"+here).status == http.StatusOK })
	o.soon(t, here+"&k=1", "Sekolah Timur, Masjid Barat: full")
}

func refusesRoutes(t *testing.T, o *office) {
	for query, want := range map[string]string{
		"":                              "400 from",
		"from=95.3":                     "400 from",
		"from=95.3,5.5,1":               "400 from",
		"from=1e2,5.5":                  "400 from",
		"from=95.3,95.3":                "400 from",
		"from=NaN,5.5":                  "400 from",
		"from=5.5,":                     "400 from",
		"from=5.5,89":                   "422 from far outside",
		"from=5.5001,5.5":               "422 from far outside",
		"from=95.36,5.5":                "422 from 3.2 km",
		"from=" + "95.3035,5.5&k=0":     "400 k",
		here + "&k=1000":                "400 k At most 10",
		here + "&k=x":                   "400 k",
		here + "&profile=horse":         "400 profile foot, foot_elderly",
		here + "&profile=":              "400 profile",
		here + "&hazard=zombies":        "400 hazard tsunami",
		here + "&departure_min=-1":      "400 departure_min",
		here + "&departure_min=1e9":     "400 departure_min",
		here + "&avoid=sharks":          "422 avoid",
		here + "&avoid=":                "422 avoid",
		here + "&avoid=95.4,5.6":        "422 avoid no road to avoid",
		here + "&avoid=95.302,5.5":      "422 avoid",
		here + "&mode=foot":             "400 mode",
		here + "&" + here:               "400 from",
		"from=95.3035%00,5.5":           "400 from",
		"from=5.5,95.3":                 "400 from longitude comes first",
		"from=inf,5.5":                  "400 from",
		"from=95.3,-Infinity":           "400 from",
		"from=nan,nan":                  "400 from",
		"from=1e309,5.5":                "400 from",
		"from=0x5f,5.5":                 "400 from",
		"from=%2B95.3,5.5":              "400 from",
		"from=%2095.3,5.5":              "400 from",
		"from=95,3;5,5":                 "400 from",
		"from=180.1,5.5":                "400 from",
		"from=95.3,-90":                 "400 from",
		"from=99999999999999999999,5.5": "400 from",
		"from=95.3,0.0000000000000000000000000000001": "400 from",
		"from=" + strings.Repeat("9", 5000) + ",5.5":  "400 from",
		"from=95.25,5.6":                          "422 from 12.1 km",
		"from=-95.3035,-5.5":                      "422 from far outside",
		"from=180,0":                              "422 from far outside",
		here + "&k=":                              "400 k",
		here + "&k=-1":                            "400 k",
		here + "&k=1.5":                           "400 k",
		here + "&k=11":                            "400 k At most 10",
		here + "&k=99999999999999999999":          "400 k",
		here + "&k=1&k=1":                         "400 k",
		here + "&profile=FOOT":                    "400 profile",
		here + "&profile=foot&profile=car":        "400 profile",
		here + "&hazard=":                         "400 hazard",
		here + "&hazard=flood&hazard=flood":       "400 hazard",
		here + "&departure_min=":                  "400 departure_min",
		here + "&departure_min=NaN":               "400 departure_min",
		here + "&departure_min=inf":               "400 departure_min",
		here + "&departure_min=1441":              "400 departure_min",
		here + "&departure_min=1&departure_min=1": "400 departure_min",
		here + "&avoid=bridges&avoid=bridges":     "400 avoid",
		here + "&avoid=95.304,5.5;":               "422 avoid",
		here + "&avoid=inf,5.5":                   "422 avoid",
		"FROM=95.3035,5.5":                        "400 FROM",
		here + "&avoid=" + strings.Repeat("95.309,5.5;", 11) + "bridges": "422 avoid",
	} {
		r := o.get(t, evacuation+"?"+query, "Accept-Language", "en")
		var p struct {
			Detail string `json:"detail"`
			At     string `json:"at"`
		}
		_ = json.Unmarshal(r.body, &p)
		got := fmt.Sprintf("%d %s %s", r.status, p.At, p.Detail)
		status, rest, _ := strings.Cut(want, " ")
		at, words, _ := strings.Cut(rest, " ")
		if !strings.HasPrefix(got, status+" "+at) || !strings.Contains(p.Detail, words) {
			t.Errorf("%q: %s, want %s", query, got, want)
		}
	}
	// Degrees the wrong way round.
	if r := o.get(t, evacuation+"?from=5.5,89.9", "Accept-Language", "en"); r.status != 422 {
		t.Errorf("%d %s", r.status, r.body)
	}
	// An island has no way out, which is the truth.
	if w := o.run(t, "from=95.3305,5.5"); len(w.Routes) != 0 || w.Late || w.told() != "Sekolah Timur: no_way, Masjid Barat: no_way" {
		t.Errorf("%+v", w)
	}
	// Vehicles are sent only where they are said to be taken.
	if w := o.run(t, here+"&profile=car"); w.told() != "Masjid Barat: not_accepted, Sekolah Timur: not_accepted" {
		t.Errorf("%s", w.told())
	}
}
