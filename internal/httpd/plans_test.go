package httpd_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/simtaru/simtaru/internal/plan"
)

const plans = "/api/v1/evacuation/plans"

// made is what the tests read of a plan.
type made struct {
	ID       string
	Status   string
	Progress plan.EvacuationProgress
	Note     *plan.Text
	Problem  *plan.EvacuationProblem
	Graph    string `json:"graph_version"`
	Outcome  *struct {
		People, Saved int
		LeftAtLeast   int `json:"not_saved_at_least"`
		Optimal       bool
		Gap           float64
		Arrival       struct{ Mean, P95, Last float64 }
		Left          []struct {
			Why    string
			People int
		} `json:"not_saved"`
		Worst struct{ Name string } `json:"worst_area"`
		Areas []struct {
			Name          string
			People, Saved int
		}
		Shelters []struct {
			Name   string
			People int
			Full   bool
		}
		PerMinute []int `json:"arrivals_per_minute"`
	}
	Against *struct {
		Saved int
		Mean  float64 `json:"mean_arrival"`
		Areas []struct {
			Name  string
			Saved int
		}
	}
}

// told is a plan in short.
func (m made) told() string {
	var parts []string
	for _, s := range m.Outcome.Shelters {
		parts = append(parts, fmt.Sprintf("%s %d", s.Name, s.People))
	}
	for _, l := range m.Outcome.Left {
		parts = append(parts, fmt.Sprintf("%s %d", l.Why, l.People))
	}
	return strings.Join(parts, ", ")
}

// plansAreMade: 60 people live in the west, 150 in the east and 10 on an island;
// each of two shelters takes 100.
func plansAreMade(t *testing.T, o *office) {
	if _, err := o.conn.Exec(t.Context(), `with homes as (delete from plan.building), areas as (delete from plan.boundary) insert into plan.boundary (kode, nama, population, geom) values
		('11.71.01.2001', 'Gampong Barat', 60, st_multi(st_makeenvelope(95.299, 5.499, 95.3035, 5.501, 4326))),
		('11.71.01.2002', 'Gampong Timur', 150, st_multi(st_makeenvelope(95.3065, 5.499, 95.311, 5.501, 4326))),
		('11.71.01.2003', 'Gampong Pulau', 10, st_multi(st_makeenvelope(95.329, 5.499, 95.332, 5.501, 4326)))`); err != nil {
		t.Fatal(err)
	}
	c := converse(t, &gate{service: o.service, t: t}, definition(t, o.service))
	officer := []string{"Authorization", asAgus}
	ask := func(body map[string]any) (m made) {
		t.Helper()
		r := c.say(202, "POST", plans, body, officer...)
		if err := json.Unmarshal(r.body, &m); err != nil {
			t.Fatal(err)
		}
		if r.header.Get("Location") != o.URL+plans+"/"+m.ID {
			t.Errorf("%v", r.header)
		}
		return m
	}
	look := func(id string) (m made) {
		t.Helper()
		if err := json.Unmarshal(c.say(200, "GET", plans+"/"+id, nil, officer...).body, &m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	ended := func(id string) (m made) {
		t.Helper()
		wait(t, "the plan ends", func() bool { m = look(id); return m.Status != "queued" && m.Status != "running" })
		return m
	}
	type body = map[string]any
	order := body{"title": "Latihan", "profile": "foot", "minutes": 30, "departure": body{"from_min": 2, "to_min": 5}}
	wait(t, "people are known", func() bool {
		return strings.Contains(string(o.get(t, "/api/v1/evacuation/coverage").body), `"people":220,`)
	})

	m := ended(ask(order).ID)
	if m.Status != "done" || m.Outcome == nil {
		t.Fatalf("%+v %+v", m, m.Problem)
	}
	if got, want := m.told(), "Masjid Barat 100, Sekolah Timur 100, no_room 10, no_way 10"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	out := m.Outcome
	if out.People != 220 || out.Saved != 200 || out.LeftAtLeast != 20 || !out.Optimal || out.Gap != 0 || m.Graph == "" || m.Progress.Phase != "ended" || out.Worst.Name == "Gampong Barat" {
		t.Errorf("%+v %+v", m, out)
	}
	// The first leave after 2 minutes, the last after 5; the way to the other shelter
	// is at most a kilometre, at 1.1 m/s in a crowd.
	if a := out.Arrival; a.Mean < 3 || a.Mean > a.P95 || a.P95 > a.Last || a.Last < 5 || a.Last > 22 {
		t.Errorf("%+v", a)
	}
	sum := 0
	for minute, n := range out.PerMinute {
		if sum += n; minute < 2 && n > 0 {
			t.Errorf("%d arrive in minute %d", n, minute)
		}
	}
	if sum != 200 {
		t.Errorf("%d arrive", sum)
	}

	var flows struct {
		Features []struct {
			Properties struct {
				Kind           string
				Name           string
				People         int
				Peak, Capacity int
			}
		}
	}
	if err := json.Unmarshal(c.say(200, "GET", plans+"/"+m.ID+"/flows", nil, officer...).body, &flows); err != nil {
		t.Fatal(err)
	}
	bridge := 0
	for _, f := range flows.Features {
		p := f.Properties
		if p.Peak > p.Capacity || p.People == 0 {
			t.Errorf("%+v", p)
		}
		if p.Kind == "street" && p.Name == "Jembatan Tengah" {
			bridge += p.People
		}
	}
	if bridge != 40 { // the west has room for 40 more
		t.Errorf("%d cross the bridge", bridge)
	}
	var groups struct {
		Groups []struct {
			Area   string `json:"area"`
			People int
			Why    string
			Way    string
			Name   string  `json:"shelter_name"`
			Leave  float64 `json:"leave_first"`
			Arrive float64 `json:"arrive_last"`
		}
	}
	if err := json.Unmarshal(c.say(200, "GET", plans+"/"+m.ID+"/groups", nil, officer...).body, &groups); err != nil {
		t.Fatal(err)
	}
	sum = 0
	for _, g := range groups.Groups {
		sum += g.People
		if g.Why == "" && (g.Leave < 2 || g.Arrive > 30 || g.Way == "" || g.Name == "") || g.Area == "Gampong Pulau" && g.Why != "no_way" {
			t.Errorf("%+v", g)
		}
	}
	if table := string(c.say(200, "GET", plans+"/"+m.ID+"/groups.csv", nil, officer...).body); sum != 220 || strings.Count(table, "\r\n") != len(groups.Groups)+1 || !strings.Contains(table, "Gampong Timur") {
		t.Errorf("%d people; %s", sum, table)
	}

	// Without the one in the east and with a road closed nobody gets far.
	order["closed"] = body{"type": "LineString", "coordinates": [][2]float64{{95.3045, 5.499}, {95.3045, 5.506}}}
	m2 := ended(ask(order).ID)
	if got, want := m2.told(), "Sekolah Timur 100, Masjid Barat 60, no_room 50, no_way 10"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	var both made
	if err := json.Unmarshal(c.say(200, "GET", plans+"/"+m2.ID+"?against="+m.ID, nil, officer...).body, &both); err != nil {
		t.Fatal(err)
	}
	if a := both.Against; a == nil || a.Saved != -40 || len(a.Areas) != 1 || a.Areas[0].Name != "Gampong Timur" || a.Areas[0].Saved != -40 {
		t.Errorf("%+v", a)
	}

	o.showsPlansInQGIS(t, len(flows.Features))
	o.refusesPlans(t, c, m.ID)
	cancels(t, o, c, look)

	for _, id := range []string{m.ID, m2.ID} {
		c.say(204, "DELETE", plans+"/"+id, nil, officer...)
		c.say(404, "GET", plans+"/"+id, nil, officer...)
		c.say(404, "DELETE", plans+"/"+id, nil, officer...)
	}
	if n, err := o.rows(t, m.ID); n != 0 || err != nil {
		t.Errorf("%d rows are left: %v", n, err)
	}
	if _, err := o.conn.Exec(t.Context(), "delete from plan.boundary"); err != nil {
		t.Fatal(err)
	}
}

// rows counts the flows of a plan.
func (o *office) rows(t *testing.T, id string) (n int, err error) {
	err = o.conn.QueryRow(t.Context(), "select count(*) from simtaru.evacuation_flow where plan = $1", id).Scan(&n)
	return n, err
}

// showsPlansInQGIS: officers read the views, and nothing else; others nothing.
func (o *office) showsPlansInQGIS(t *testing.T, flows int) {
	t.Helper()
	for _, c := range []struct {
		role, what string
		reads      bool
	}{
		{"simtaru_disaster", "evacuation_flows", true},
		{"simtaru_admin", "evacuation_groups", true},
		{"simtaru_disaster", "evacuation", false},
		{"simtaru_disaster", "evacuation_flow", false},
		{"simtaru_planner", "evacuation_flows", false},
		{"simtaru_public", "evacuation_groups", false},
	} {
		var n int
		var kind string
		tx, err := o.conn.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(t.Context(), "set local role "+c.role); err != nil {
			t.Fatal(err)
		}
		column := map[bool]string{true: "geometrytype(min(geom::text)::geometry)", false: "''"}[c.reads]
		err = tx.QueryRow(t.Context(), "select count(*), "+column+" from simtaru."+c.what).Scan(&n, &kind)
		if c.reads && (err != nil || n < flows || kind == "") || !c.reads && (err == nil || !strings.Contains(err.Error(), "42501")) {
			t.Errorf("%s reads %d rows %s of %s: %v", c.role, n, kind, c.what, err)
		}
		_ = tx.Rollback(t.Context())
	}
}

func (o *office) refusesPlans(t *testing.T, c *conversation, id string) {
	t.Helper()
	type body = map[string]any
	for _, who := range []string{asSiti, asWati, "Test agus disaster read-only", "Test agus disaster road"} {
		c.say(403, "POST", plans, body{"minutes": 30}, "Authorization", who)
		c.say(403, "DELETE", plans+"/"+id, nil, "Authorization", who)
	}
	for _, path := range []string{plans, plans + "/" + id, plans + "/" + id + "/flows", plans + "/" + id + "/groups", plans + "/" + id + "/groups.csv"} {
		c.say(401, "GET", path, nil)
		c.say(403, "GET", path, nil, "Authorization", asSiti)
		c.say(200, "GET", path, nil, "Authorization", asAdmin)
	}
	c.say(200, "GET", plans+"/"+id, nil, "Authorization", "Test agus disaster read-only")
	c.say(404, "GET", plans+"/00000000-0000-4000-8000-000000000000", nil, "Authorization", asAgus)
	c.say(404, "GET", plans+"/"+id+"?against=00000000-0000-4000-8000-000000000000", nil, "Authorization", asAgus)
	square := func(at ...[2]float64) body { return body{"type": "Polygon", "coordinates": [][][2]float64{at}} }
	for _, bad := range []struct {
		status int
		at     string
		body   body
	}{
		{400, "minutes", body{}},
		{400, "minutes", body{"minutes": 0}},
		{400, "minutes", body{"minutes": 10_000}},
		{400, "minutes", body{"minutes": -5}},
		{400, "minutes", body{"minutes": "30"}},
		{400, "profile", body{"minutes": 30, "profile": "horse"}},
		{400, "hazard", body{"minutes": 30, "hazard": "zombies"}},
		{400, "people", body{"minutes": 30, "people": "noon"}},
		{400, "step_s", body{"minutes": 30, "step_s": 0}},
		{400, "step_s", body{"minutes": 30, "step_s": 2.5}},
		{400, "arrival_min", body{"minutes": 30, "arrival_min": -1}},
		{400, "departure", body{"minutes": 30, "departure": body{"from_min": 9, "to_min": 3}}},
		{400, "departure", body{"minutes": 30, "departure": body{"from_min": -1, "to_min": 3}}},
		{400, "departure", body{"minutes": 30, "departure": body{"from_min": 0, "to_min": 31}}},
		{400, "title", body{"minutes": 30, "title": strings.Repeat("x", 201)}},
		{400, "", body{"minutes": 30, "speed": 3}},
		{400, "closed", body{"minutes": 30, "closed": body{"type": "Circle", "coordinates": []int{}}}},
		{400, "closed", body{"minutes": 30, "closed": body{"type": "Polygon", "coordinates": []int{1}}}},
		{400, "closed", body{"minutes": 30, "closed": body{"type": "LineString", "coordinates": [][2]float64{}}}},
		{400, "closed", body{"minutes": 30, "closed": body{"type": "Point", "coordinates": []float64{95.3}}}},
		{400, "closed", body{"minutes": 30, "closed": body{"type": "LineString", "coordinates": []any{[]any{nil, 5.5}, []any{95.3, 5.5}}}}},
		{422, "closed", body{"minutes": 30, "closed": body{"type": "Point", "coordinates": []float64{95.4, 5.6}}}},
		{400, "closed", body{"minutes": 30, "closed": body{"type": "Point", "coordinates": [2]float64{5.5, 95.3}}}},
		{422, "closed", body{"minutes": 30, "closed": square([2]float64{95, 5}, [2]float64{96, 6}, [2]float64{96, 5}, [2]float64{95, 6}, [2]float64{95, 5})}},
		{422, "without_shelters", body{"minutes": 30, "without_shelters": []int{99}}},
		{422, "", body{"minutes": 30, "without_shelters": []int{1, 2}}},
		{422, "", body{"minutes": 30, "hazard": "tsunami"}}, // there is no zone of it
		{422, "", body{"minutes": 30, "hazard": "flood"}},   // no shelter is for it
	} {
		r := o.send(t, http.MethodPost, plans, asAgus, plainJSON, bad.body)
		p := problemOf(t, plans, r)
		if r.status != bad.status || p.At != bad.at || p.Detail == "" || !strings.Contains(c.explained, `id="`+strings.TrimPrefix(p.Type, "/docs/problems#")+`"`) {
			t.Errorf("%v: %d %s", bad.body, r.status, r.body)
		}
	}
	c.say(200, "GET", plans, nil, "Authorization", asAgus)
}

// cancels a plan that would take long: 90,900 people by the second, and too little room.
func cancels(t *testing.T, o *office, c *conversation, look func(string) made) {
	t.Helper()
	exec := func(sql string) {
		t.Helper()
		if _, err := o.conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	exec("update plan.shelter set capacity = 45000")
	exec(`insert into plan.building (occupants, geom) select 900, st_multi(st_expand(st_setsrid(st_makepoint(95.3 + x * 0.0001, 5.5), 4326), 0.00002)) from generate_series(0, 100) x`)
	exec("update plan.boundary set population = 90900 / 3, geom = st_multi(st_makeenvelope(95.299 + (id % 3) * 0.004, 5.49, 95.303 + (id % 3) * 0.004, 5.51, 4326))")
	type body = map[string]any
	order := body{"minutes": 180, "step_s": 1, "departure": body{"from_min": 0, "to_min": 150}}
	var first, second made
	ask := func(m *made) {
		r := c.say(202, "POST", plans, order, "Authorization", asAgus)
		if err := json.Unmarshal(r.body, m); err != nil {
			t.Fatal(err)
		}
	}
	wait(t, "people have moved in", func() bool {
		return strings.Contains(string(o.get(t, "/api/v1/evacuation/coverage").body), `"people":90900,`)
	})
	ask(&first)
	ask(&second)
	wait(t, "people have their way", func() bool {
		m := look(first.ID)
		return m.Status == "running" && m.Progress.Saved > 0 || m.Status == "done"
	})
	if m := look(first.ID); m.Status == "done" || m.Progress.Phase != "planning" || m.Progress.Bound < m.Progress.Saved || m.Progress.Seconds <= 0 {
		t.Errorf("%+v", m)
	}
	if m := look(second.ID); m.Status != "queued" {
		t.Errorf("two at once: %+v", m)
	}
	c.say(204, "DELETE", plans+"/"+second.ID, nil, "Authorization", asAgus)
	c.say(404, "GET", plans+"/"+second.ID, nil, "Authorization", asAgus)
	c.say(204, "DELETE", plans+"/"+first.ID, nil, "Authorization", asAgus)
	wait(t, "the plan is cancelled", func() bool { return look(first.ID).Status == "cancelled" })
	m := look(first.ID)
	t.Logf("cancelled after %.1f s: %d of %d", m.Progress.Seconds, m.Outcome.Saved, m.Outcome.People)
	if m.Outcome == nil || m.Outcome.Optimal || m.Outcome.Saved == 0 || m.Note == nil || !strings.Contains(m.Note.EN, "best plan until then") || !strings.Contains(m.Note.EN, "No plan saves more") {
		t.Errorf("%+v %+v", m, m.Outcome)
	}
	if n, err := o.rows(t, first.ID); n == 0 || err != nil {
		t.Errorf("%d flows of the best plan are kept: %v", n, err)
	}
	c.say(204, "DELETE", plans+"/"+first.ID, nil, "Authorization", asAgus)
	exec("update plan.shelter set capacity = 100")
	exec("delete from plan.building")
}
