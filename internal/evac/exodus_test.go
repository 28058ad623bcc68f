package evac

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/simtaru/simtaru/internal/evac/flow"
	"github.com/simtaru/simtaru/internal/evac/network"
	"github.com/simtaru/simtaru/internal/indicator/land"
	"github.com/simtaru/simtaru/internal/plan"
)

// feature is one of a GeoJSON collection.
type feature struct {
	Properties map[string]any
	Geometry   struct {
		Type        string
		Coordinates json.RawMessage
	}
}

// collection reads GeoJSON of Maumere, a town on Flores, from beside the
// repository.
func collection(t testing.TB, name string) []feature {
	t.Helper()
	path := filepath.Join("../../../shared/data/maumere", name)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is absent: Maumere lies beside the repository", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	var c struct{ Features []feature }
	if err := json.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	return c.Features
}

func coordinates[T any](t testing.TB, f feature) (g T) {
	t.Helper()
	if err := json.Unmarshal(f.Geometry.Coordinates, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

// maumere is the town: its roads as they are, its people, and shelters where the
// tsunami does not come. The tsunami's classes are by cells of some metres, as a
// model computes them; where it comes is one zone here, and there after half an hour.
func maumere(t testing.TB) (*City, []Group) {
	t.Helper()
	s := newSheet(t)
	for _, f := range collection(t, "roads_Maumere.geojson") {
		g := orb.MultiLineString{}
		if f.Geometry.Type == "LineString" {
			g = append(g, coordinates[orb.LineString](t, f))
		} else {
			g = coordinates[orb.MultiLineString](t, f)
		}
		s.add(roadLayer, g, map[string]any{"class": f.Properties["highway"]})
	}
	for _, f := range collection(t, "tsunami_polygon_Maumere.geojson") {
		s.add(zoneLayer, orb.MultiPolygon{coordinates[orb.Polygon](t, f)}, map[string]any{"hazard": "tsunami", "class": "high", "arrival_minutes": 30.0})
	}
	c := s.city(noon)
	var dry []uint32
	for v := range c.net.Nodes {
		wet := c.net.Component[v] != 0
		for a := c.net.FirstOut[v]; a < c.net.FirstOut[v+1]; a++ {
			e, _ := c.net.Edge(a)
			wet = wet || c.hazards["tsunami"].fronts[e] != nil
		}
		if !wet {
			dry = append(dry, uint32(v))
		}
	}
	for i := 0; i < len(dry); i += 5 {
		s.add(shelterLayer, c.net.Nodes[dry[i]], map[string]any{"name": fmt.Sprint("TES ", i), "status": "ready", "capacity": int64(3000)})
	}
	var groups []Group
	for _, f := range collection(t, "maumere_pop.geojson") {
		g := Group{At: coordinates[orb.Point](t, f), People: int32(f.Properties["GRID_CODE"].(float64))}
		near := c.net.Locate(network.Nearby{Point: g.At, Within: Reach, Profile: c.profile("foot")})
		if len(near) == 0 {
			t.Fatalf("%v has no road", g.At)
		}
		g.Place = near[0]
		groups = append(groups, g)
	}
	return s.city(noon), groups
}

// exodus solves a draft and holds what comes of it to the roads.
func exodus(t *testing.T, c *City, x Exodus) (*Draft, *flow.Result, *Solution) {
	t.Helper()
	d, err := c.Draft(x)
	if err != nil {
		t.Fatal(err)
	}
	r, err := flow.Solve(t.Context(), &d.Problem, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := flow.Validate(&d.Problem, &r.Plan); err != nil {
		t.Fatal(err)
	}
	d.holds(t, &x, &r.Plan)
	return d, &r, d.tell(&r, []Area{{Name: "all"}})
}

// holds follows everybody in ms along the roads: nobody is faster than a crowd or
// the profile, on a road after the hazard, where it is closed, or led to a higher
// class; each stretch begins where the one before ends.
func (d *Draft) holds(t *testing.T, x *Exodus, p *flow.Plan) {
	t.Helper()
	l := d.lane
	due := x.due(l.hazard)
	met := 0
	for _, trip := range p.Trips {
		var at orb.Point
		now := int64(trip.Departures[len(trip.Departures)-1].Step) * d.step
		waits := trip.Waits
		for k, e := range p.Routes[trip.Route] {
			if len(waits) > 0 && waits[0].Before == k {
				now += int64(waits[0].Steps) * d.step
				waits = waits[1:]
			}
			before := int64(0)
			for _, g := range d.links[e].legs {
				edge := &l.net.Edges[g.edge]
				from, to := placeOn(edge.Line, g.from), placeOn(edge.Line, g.to)
				if at != (orb.Point{}) && land.Distance(at, from) > 0.05 {
					t.Fatalf("from %v to %v", at, from)
				}
				at = to
				took := int64(g.end) - before
				before = int64(g.end)
				along, against := l.profile.Speed(&edge.Feature().Attributes)
				speed := along
				if g.from > g.to {
					speed = against
				}
				if metres := math.Abs(g.to - g.from); metres > 0.05 && float64(took+1) < metres/min(speed, l.profile.Crowd.Speed)*1000 {
					t.Fatalf("%.0f m in %d ms", metres, took)
				}
				end := now + int64(g.end)
				if dl := due.of(g.edge); dl != never {
					met++
					if end > dl {
						t.Fatalf("on edge %d at %d ms, the hazard is there at %d", g.edge, end, dl)
					}
				}
				if l.hazard.bars(g.edge, g.from, g.to) {
					t.Fatalf("edge %d leads to a higher class from %v to %v", g.edge, g.from, g.to)
				}
				for _, s := range l.held[g.edge] {
					if lo, hi := min(g.from, g.to), max(g.from, g.to); s.Speed <= 0 && s.From < hi && s.To > lo {
						t.Fatalf("edge %d is closed", g.edge)
					}
				}
			}
			now += int64(d.Edges[e].Time) * d.step
		}
	}
	if l.hazard != nil && met == 0 && len(p.Trips) > 0 {
		t.Error("nobody is on a road with a deadline: the test shows nothing")
	}
}

// TestExodusOfMaumere plans for 31,185 people: all of them, and those whom the
// tsunami would reach, before it does.
func TestExodusOfMaumere(t *testing.T) {
	c, groups := maumere(t)
	x := Exodus{Profile: "foot", Horizon: 60 * time.Minute, Step: 30 * time.Second, First: 5 * time.Minute, Last: 15 * time.Minute, Groups: groups}
	_, r, s := exodus(t, c, x)
	t.Logf("all: %d of %d saved, bound %d, gap %.2f %%, mean %.1f min, at least %.1f; %+v %+v", s.Saved, s.People, s.Bound, 100*s.Gap, s.Arrival.Mean, s.MeanAtLeast, s.Reasons, s.Model)
	if s.People != 31_185 || !r.Optimal || s.Saved < 25_000 || s.Model.Moved > 20 || s.Model.Rounding > 120 {
		t.Errorf("%+v", s.Outcome)
	}
	x.Hazard, x.Step = "tsunami", 10*time.Second
	_, r, s = exodus(t, c, x)
	t.Logf("tsunami: %d of %d saved, bound %d, gap %.2f %%; %d outside; %+v %+v", s.Saved, s.People, s.Bound, 100*s.Gap, s.Outside, s.Reasons, s.Model)
	if s.People+s.Outside != 31_185 || !r.Optimal || s.Saved < 9_000 || s.Saved > s.People {
		t.Errorf("%+v", s.Outcome)
	}
	// In a second no car enters a road of 3 m: that would close it.
	var short *plan.Error
	if err := c.CheckExodus(Exodus{Profile: "car", Horizon: time.Hour, Step: time.Second, Groups: groups}); !errors.As(err, &short) || short.Code != "step-too-short" {
		t.Error(err)
	}
	// Who lives in the zone is in danger, also where the road is outside.
	outside := 0
	h := c.hazards["tsunami"]
	for _, g := range groups {
		inside := slices.ContainsFunc(h.zones, func(z zone) bool { return planar.MultiPolygonContains(z.shape.(orb.MultiPolygon), g.At) })
		if inside && !h.endangers(g) {
			t.Fatalf("%v lives in the tsunami's zone", g.At)
		}
		dry := g
		dry.At = orb.Point{}
		if inside && !h.endangers(dry) {
			outside += int(g.People)
		}
	}
	if outside == 0 {
		t.Error("nobody lives in the zone beside a road outside it: the test shows nothing")
	}
	// Earlier than the zones say, and with what saves most closed.
	early := 20 * time.Minute
	x.Arrival = &early
	_, _, sooner := exodus(t, c, x)
	if sooner.Saved >= s.Saved || sooner.Saved == 0 {
		t.Errorf("%d are saved when the tsunami is earlier, %d when not", sooner.Saved, s.Saved)
	}
	x.Arrival = nil
	busy := slices.MaxFunc(s.Flows, func(a, b plan.EvacuationFlow) int { return cmp.Compare(a.People, b.People) })
	x.Closed = busy.Line[len(busy.Line)/2]
	_, _, closed := exodus(t, c, x)
	if closed.Saved > s.Saved || closed.People != s.People {
		t.Errorf("%d of %d are saved with a road closed, %d of %d without", closed.Saved, closed.People, s.Saved, s.People)
	}
	x.Closed = nil
	for _, h := range s.Shelters[:4] {
		x.Without = append(x.Without, h.ID)
	}
	_, _, without := exodus(t, c, x)
	if without.Saved >= s.Saved || slices.ContainsFunc(without.Shelters, func(o ShelterTold) bool { return slices.Contains(x.Without, o.ID) }) {
		t.Errorf("%d are saved without the fullest shelters, %d with them", without.Saved, s.Saved)
	}
}

// TestExodusOfACity plans for the demonstration city.
func TestExodusOfACity(t *testing.T) {
	c := banda(t, 0.1, boundaryLayer, buildingLayer).city(noon)
	crowd := c.Crowd()
	x := Exodus{Profile: "foot", Hazard: "tsunami", Horizon: 25 * time.Minute, Step: 30 * time.Second, Last: 5 * time.Minute, Groups: crowd.Groups}
	d, r, s := exodus(t, c, x)
	t.Logf("%d of %d saved, %d outside; optimal %v; %+v; %+v", s.Saved, s.People, s.Outside, s.Optimal, s.Reasons, s.Model)
	if !r.Optimal || s.Saved == 0 || s.Outside == 0 {
		t.Errorf("%+v", s.Outcome)
	}
	sum := 0
	for _, g := range s.Groups {
		sum += g.People
	}
	arrived := 0
	for _, h := range s.Shelters {
		arrived += h.People
		if h.People > int(h.Room) {
			t.Errorf("%+v", h)
		}
	}
	if sum != s.People || arrived != s.Saved {
		t.Errorf("%d in groups, %d arrive: %+v", sum, arrived, s.Outcome)
	}
	for _, f := range s.Flows {
		if f.Kind == onStreet.String() && (f.Peak > f.Capacity || f.PerMinute[f.PeakAt] != int32(f.Peak) || f.Layer == "" || f.Feature == 0) {
			t.Fatalf("%+v", f)
		}
	}
	// What is contracted costs nobody: without that as many are saved, or fewer since
	// every stretch is rounded up.
	b, err := c.drafting(&x)
	if err != nil {
		t.Fatal(err)
	}
	b.streets()
	b.number()
	whole, err := flow.Solve(t.Context(), &b.Problem, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Nodes) <= len(d.Nodes) || whole.Plan.Saved > s.Saved {
		t.Errorf("%d of %d nodes; %d saved, %d without contraction", len(d.Nodes), len(b.Nodes), s.Saved, whole.Plan.Saved)
	}
}
