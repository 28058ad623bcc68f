package evac

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac/cch"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/testdb"
)

// ask tells the figures of a measure in words: amount of all, by gampong.
func ask(t *testing.T, c *City, r plan.Roads, land ...orb.MultiPolygon) (all []string) {
	t.Helper()
	got, err := c.told.figures(c, &plan.RoadQuestion{Indicator: &plan.Indicator{ID: "x", Roads: &r, Distance: 400}, Land: land, Content: fmt.Sprint(land)}, noon)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range c.Crowd().Areas {
		if f, ok := got[a.Code]; ok {
			all = append(all, fmt.Sprintf("%.0f/%.0f %d %v", f.Amount, f.Of, f.Features, f.Uncounted))
		}
	}
	return all
}

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s:\n%q, want\n%q", what, got, want)
	}
}

// TestFiguresOfRoads measures a town: a road of 4 km, a shelter and a route on it.
func TestFiguresOfRoads(t *testing.T) {
	s, at := town(t)
	b := s.rows[boundaryLayer][4]
	s.set(boundaryLayer, 5, b.Geometry, map[string]any{"kode": "11.71.01.2009", "nama": "G9"}) // nobody has counted
	for _, x := range []float64{100, 900} {
		s.add(buildingLayer, square(at(0, x, 490), 4), map[string]any{"occupants": int64(50)})
		s.add(buildingLayer, square(at(1, x, 490), 4), map[string]any{"occupants": int64(50)})
	}
	for i, status := range []string{"ready", "full", "closed"} {
		s.add(shelterLayer, at(i, 0, 502), map[string]any{"name": "T", "status": status, "capacity": int64(30), "occupancy": int64(3)})
	}
	width := func(from, to float64, values map[string]any) {
		values["status"] = "existing"
		s.add(routeLayer, orb.MultiLineString{{at(0, from, 500), at(0, to, 500)}}, values)
	}
	width(500, 1500, map[string]any{"width": 3.0})
	width(2000, 2400, map[string]any{"width": 1.0})
	width(2400, 2500, map[string]any{})
	width(3000, 3300, map[string]any{"width": 4.0, "condition": "poor"})
	s.add(routeLayer, orb.MultiLineString{{at(0, 0, 700), at(3, 0, 700)}}, map[string]any{"width": 9.0, "status": "planned"})
	c := s.city(noon)
	// At 1.79 m/s five minutes are 537 m: the home at 100 m and no other.
	in := plan.Roads{Measure: plan.PeopleInTime, Profile: "foot", Minutes: 5}
	same(t, "in time", ask(t, c, in), "50/100 0 false", "0/100 0 false", "0/100 0 false", "0/100 0 false", "0/0 0 true")
	same(t, "places", ask(t, c, plan.Roads{Measure: plan.PlacesPerHead}), "30/100 1 false", "30/100 1 false", "0/100 0 false", "0/100 0 false", "0/0 0 true")
	fit := plan.Roads{Measure: plan.RoutesFit, Width: 2}
	same(t, "fit", ask(t, c, fit), "500/500 1 false", "500/500 1 false", "0/500 2 false", "0/300 1 false", "0/0 0 false")
	// A park 400 m from the road's beginning: from 350 m on the road is near. The
	// home at 100 m is 250 m from there and 10 m from the road, that at 900 m 450 m.
	park := square(at(0, 420, 515), 20)
	by := plan.Roads{Measure: plan.PeopleByRoad}
	same(t, "near", ask(t, c, by, park), "50/100 0 false", "0/100 0 false", "0/100 0 false", "0/100 0 false", "0/0 0 true")
	same(t, "near nothing", ask(t, c, by), "0/100 0 false", "0/100 0 false", "0/100 0 false", "0/100 0 false", "0/0 0 true")
	// A closure of 100 m, before the home and on the route.
	id := s.add(closureLayer, square(at(0, 50, 500), 20), map[string]any{"reason": "flood", "severity": "closed", "starts_at": noon.Add(-time.Hour)})
	other := s.add(closureLayer, square(at(0, 700, 500), 50), map[string]any{"reason": "flood", "severity": "closed", "starts_at": noon.Add(-time.Hour)})
	closed := s.next(c, noon, closureLayer, id, other)
	same(t, "in time, closed", ask(t, closed, in), "0/100 0 false", "0/100 0 false", "0/100 0 false", "0/100 0 false", "0/0 0 true")
	same(t, "fit, closed", ask(t, closed, fit), "400/500 1 false", "500/500 1 false", "0/500 2 false", "0/300 1 false", "0/0 0 false")
	same(t, "near, closed", ask(t, closed, by, park), "50/100 0 false", "0/100 0 false", "0/100 0 false", "0/100 0 false", "0/0 0 true")
	if _, err := c.told.figures(c, &plan.RoadQuestion{Indicator: &plan.Indicator{Roads: &plan.Roads{Measure: plan.PeopleInTime, Profile: "horse", Minutes: 5}}}, noon); err == nil {
		t.Error("people come on horses")
	}
}

// TestCoverageIsThatOfPgRouting asks pgRouting which junctions are within a time
// of a shelter, on the same roads and weights, and counts the people from there.
func TestCoverageIsThatOfPgRouting(t *testing.T) {
	conn := testdb.New(t).Conn(t)
	if _, err := conn.Exec(t.Context(), "create extension if not exists pgrouting cascade"); err != nil {
		t.Skipf("no pgRouting: %v (scripts/install --test installs it)", err)
	}
	c := banda(t, 0.3, boundaryLayer, buildingLayer).city(noon)
	const minutes = 12
	l, err := c.lane(setting{profile: "foot"})
	if err != nil {
		t.Fatal(err)
	}
	// Arcs the other way round, and doors as a node of their own. Numbers begin at 1.
	var rows [][]any
	n := l.net
	weights := l.weights()
	door := len(n.Nodes) + 1
	for v := range n.Nodes {
		for arc := n.FirstOut[v]; arc < n.FirstOut[v+1]; arc++ {
			if w := weights[arc]; w < cch.Inf {
				rows = append(rows, []any{int64(len(rows) + 1), int64(n.Head[arc] + 1), int64(v + 1), float64(w)})
			}
		}
	}
	for _, d := range l.doors {
		for _, a := range d.access {
			rows = append(rows, []any{int64(len(rows) + 1), int64(door), int64(a.Node + 1), float64(a.Cost)})
		}
	}
	if _, err := conn.Exec(t.Context(), "create temporary table arc (id bigint, source bigint, target bigint, cost float8)"); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.CopyFrom(t.Context(), pgx.Identifier{"arc"}, []string{"id", "source", "target", "cost"}, pgx.CopyFromRows(rows)); err != nil {
		t.Fatal(err)
	}
	near := map[uint32]float64{}
	found, err := conn.Query(t.Context(), "select node, agg_cost from pgr_drivingDistance('select id, source, target, cost from arc', $1::bigint, $2::float8, true)", door, minutes*60_000)
	if err != nil {
		t.Fatal(err)
	}
	var node int64
	var cost float64
	if _, err := pgx.ForEachRow(found, []any{&node, &cost}, func() error { near[uint32(node-1)] = cost; return nil }); err != nil {
		t.Fatal(err)
	}
	want := map[string]int{}
	for _, g := range c.Crowd().Groups {
		best := math.Inf(1)
		for _, a := range l.begin(g.Place).access {
			if d, ok := near[a.Node]; ok {
				best = min(best, d+float64(a.Cost))
			}
		}
		for _, d := range l.on[g.Place.Edge] { // the door is on the same street
			best = min(best, float64(straight(l, l.begin(g.Place), d)))
		}
		// Who has no way from the nearest road may have one from another.
		if best > minutes*60_000 && n.Component[n.Edges[g.Place.Edge].From] != 0 {
			if a, err := c.Routes(Question{From: g.At, K: 1, Profile: "foot", Now: noon}); err == nil && len(a.Routes) > 0 {
				best = float64(a.Routes[0].Duration.Milliseconds())
			}
		}
		if best <= minutes*60_000 {
			want[c.Crowd().Areas[g.Area].Code] += int(g.People)
		}
	}
	a, err := c.Coverage(Need{Profile: "foot", Within: minutes * time.Minute, Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	for _, area := range a.Areas {
		if area.Covered != want[area.Code] {
			t.Errorf("%s: %d people are covered, by pgRouting %d", area.Name, area.Covered, want[area.Code])
		}
	}
	if a.Covered < a.People/20 || a.Uncovered < a.People/20 || len(near) < 1000 {
		t.Errorf("%d of %d people covered, %d junctions near: the test tests little", a.Covered, a.People, len(near))
	}
}
