package network_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac/network"
)

// line draws in m from a place in the city: x, y, x, y.
func line(xy ...float64) (l orb.LineString) {
	for i := 0; i < len(xy); i += 2 {
		l = append(l, orb.Point{95.3 + xy[i]*east, 5.55 + xy[i+1]*north})
	}
	return l
}

// Degrees of a metre at 5.55 north on WGS 84.
const east, north = 1 / 110801.114, 1 / 110584.662

// drawn makes roads of lines, in order.
func drawn(all ...*network.Feature) []*network.Feature {
	for i, f := range all {
		f.ID = int64(i + 1)
	}
	return all
}

func road(xy ...float64) *network.Feature {
	return &network.Feature{Geometry: orb.MultiLineString{line(xy...)}}
}

func with(f *network.Feature, set func(*network.Attributes)) *network.Feature {
	set(&f.Attributes)
	return f
}

func bridge(xy ...float64) *network.Feature {
	return with(road(xy...), func(a *network.Attributes) { a.Bridge = true })
}

func raised(level int, f *network.Feature) *network.Feature {
	return with(f, func(a *network.Attributes) { a.Level = &level })
}

func route(xy ...float64) *network.Feature {
	f := road(xy...)
	f.Layer = 1
	return f
}

// TestWhereLinesMeet is the rules of the package by drawings of a few lines.
func TestWhereLinesMeet(t *testing.T) {
	type got struct{ Nodes, Edges, Laid, Crossings, Snapped, Overlaps, Components, Dropped int }
	street := func() *network.Feature { return road(0, 0, 100, 0) }
	for _, c := range []struct {
		name  string
		roads []*network.Feature
		want  got
	}{
		{"nothing", nil, got{}},
		{"crossing", drawn(street(), road(50, -50, 50, 50)), got{Nodes: 5, Edges: 4, Crossings: 1, Components: 1}},
		{"crossing at a vertex of one", drawn(street(), road(50, -50, 50, 0, 60, 50)), got{Nodes: 5, Edges: 4, Components: 1}},
		{"touching by a vertex", drawn(street(), road(30, 50, 50, 0, 70, 50)), got{Nodes: 5, Edges: 4, Components: 1}},
		{"three through one point", drawn(street(), road(50, -50, 50, 50), road(0, -50, 100, 50)), got{Nodes: 7, Edges: 6, Crossings: 1, Components: 1}},
		{"end to end", drawn(street(), road(100, 0, 200, 0)), got{Nodes: 3, Edges: 2, Components: 1}},
		{"end on a road", drawn(street(), road(50, 0, 50, 50)), got{Nodes: 4, Edges: 3, Components: 1}},

		{"a bridge passes over", drawn(street(), bridge(50, -50, 50, 50)), got{Nodes: 4, Edges: 2, Components: 2}},
		{"a bridge passes over a vertex", drawn(road(0, 0, 50, 0, 100, 0), bridge(50, -50, 50, 0, 50, 50)), got{Nodes: 4, Edges: 2, Components: 2}},
		{"a tunnel passes under", drawn(street(), with(road(50, -50, 50, 50), func(a *network.Attributes) { a.Tunnel = true })), got{Nodes: 4, Edges: 2, Components: 2}},
		{"levels pass", drawn(street(), raised(1, road(50, -50, 50, 50))), got{Nodes: 4, Edges: 2, Components: 2}},
		{"one level meets", drawn(raised(1, street()), raised(1, road(50, -50, 50, 50))), got{Nodes: 5, Edges: 4, Crossings: 1, Components: 1}},
		{"bridges pass", drawn(bridge(0, 0, 100, 0), bridge(50, -50, 50, 50)), got{Nodes: 4, Edges: 2, Components: 2}},
		{"bridges meet at a vertex of both", drawn(bridge(0, 0, 50, 0, 100, 0), bridge(50, -50, 50, 0, 50, 50)), got{Nodes: 5, Edges: 4, Components: 1}},
		{"bridges of two levels pass there", drawn(bridge(0, 0, 50, 0, 100, 0), raised(2, bridge(50, -50, 50, 0, 50, 50))), got{Nodes: 4, Edges: 2, Components: 2}},
		{"a ramp ends on its bridge", drawn(bridge(0, 0, 100, 0), bridge(50, -50, 50, 0)), got{Nodes: 4, Edges: 3, Components: 1}},
		{"a bridge ends on a road", drawn(street(), bridge(50, 0, 50, 50)), got{Nodes: 4, Edges: 3, Components: 1}},
		{"a road ends below a bridge", drawn(bridge(0, 0, 100, 0), road(50, 0, 50, 50)), got{Nodes: 4, Edges: 2, Components: 2}},
		{"a road goes on as a bridge", drawn(street(), bridge(100, 0, 200, 0)), got{Nodes: 3, Edges: 2, Components: 1}},

		{"a gap is closed", drawn(street(), road(100.9, 0, 200, 0)), got{Nodes: 3, Edges: 2, Snapped: 2, Components: 1}},
		{"a gap to a road is closed", drawn(street(), road(50, 0.9, 50, 50)), got{Nodes: 4, Edges: 3, Snapped: 1, Components: 1}},
		{"a gap to a bridge's end is closed", drawn(street(), bridge(100.5, 0, 200, 0)), got{Nodes: 3, Edges: 2, Snapped: 2, Components: 1}},
		{"a gap is too wide", drawn(street(), road(101.1, 0, 200, 0)), got{Nodes: 4, Edges: 2, Components: 2}},
		{"a gap below a bridge", drawn(bridge(0, 0, 100, 0), road(50, 0.9, 50, 50)), got{Nodes: 4, Edges: 2, Components: 2}},
		{"an end beyond a crossing", drawn(street(), road(50, -0.5, 50, 50)), got{Nodes: 5, Edges: 4, Crossings: 1, Components: 1}},
		{"a gap to itself is closed", drawn(road(0, 0, 50, 0, 50, 50, 20, 50, 20, 0.8)), got{Nodes: 2, Edges: 2, Snapped: 1, Components: 1}},
		{"a short beginning", drawn(road(0, 0, 0.3, 0, 100, 0, 100.3, 0.1)), got{Nodes: 2, Edges: 1, Components: 1}},
		{"a short lane keeps its length", drawn(road(0, 0, 0.6, 0)), got{Nodes: 2, Edges: 1, Components: 1}},
		{"a short lane between roads", drawn(street(), road(50, 0, 50, 0.6), road(0, 60, 50, 0.6, 100, 60)), got{Nodes: 6, Edges: 5, Components: 1}},

		{"a line crosses itself", drawn(road(0, 0, 100, 0, 100, 50, 50, 50, 50, -50)), got{Nodes: 3, Edges: 3, Crossings: 1, Components: 1}},
		{"a bridge winds over itself", drawn(bridge(0, 0, 100, 0, 100, 50, 50, 50, 50, -50)), got{Nodes: 2, Edges: 1, Components: 1}},
		{"a ring", drawn(road(0, 0, 50, 0, 50, 50, 0, 0)), got{Nodes: 1, Edges: 1, Components: 1}},
		{"there and back", drawn(road(0, 0, 50, 0, 0, 0)), got{Nodes: 1, Edges: 1, Components: 1}},
		{"a spike", drawn(road(0, 0, 50, 0, 30, 0)), got{Nodes: 2, Edges: 2, Components: 1}},

		{"one line twice", drawn(street(), street()), got{Nodes: 2, Edges: 2, Overlaps: 1, Components: 1}},
		{"one line twice, turned", drawn(road(0, 0, 50, 9, 100, 0), road(100, 0, 50, 9, 0, 0)), got{Nodes: 2, Edges: 2, Overlaps: 1, Components: 1}},
		{"a stretch shared", drawn(road(0, 0, 30, 0, 60, 0, 100, 0), road(0, 50, 30, 0, 60, 0, 100, 50)), got{Nodes: 6, Edges: 6, Overlaps: 1, Components: 1}},
		{"a stretch shared without vertices", drawn(street(), road(30, 0, 60, 0)), got{Nodes: 4, Edges: 4, Overlaps: 1, Components: 1}},

		{"a route is laid on roads", drawn(road(0, 0, 50, 5, 100, 0), road(100, 0, 200, 0), route(0, 0, 50, 5, 100, 0, 200, 0)), got{Nodes: 3, Edges: 2, Laid: 2, Components: 1}},
		{"a path of a route", drawn(street(), route(50, 0, 50, 50)), got{Nodes: 4, Edges: 3, Components: 1}},
		{"two routes on one path", drawn(street(), route(50, 0, 50, 50), route(50, 0, 50, 50)), got{Nodes: 4, Edges: 3, Laid: 1, Components: 1}},
		{"a route over a bridge", drawn(bridge(0, 0, 100, 0), road(50, -50, 50, 50), route(-50, 0, 0, 0, 100, 0)), got{Nodes: 5, Edges: 3, Laid: 1, Components: 2}},

		{"repeated vertices", drawn(road(0, 0, 0, 0, 50, 0, 50, 0, 100, 0, 100, 0)), got{Nodes: 2, Edges: 1, Components: 1}},
		{"no length", drawn(road(0, 0, 0, 0), road(7, 7), road(), road(9, 9, 9.001, 9)), got{Dropped: 4}},
		{"not finite", drawn(road(0, 0, math.NaN(), 1), road(0, 0, math.Inf(1), 1), road(0, 0, 1e9, 1), street()), got{Nodes: 2, Edges: 1, Components: 1, Dropped: 3}},
		{"nearly one end", drawn(road(0, 0, 100, 0), road(100.004, 0, 150, 50), road(100, 0.004, 150, -50)), got{Nodes: 4, Edges: 3, Components: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := network.New(c.roads, network.Options{})
			check(t, n)
			r := n.Report()
			g := got{r.Nodes, r.Edges, r.Laid, r.Crossings, len(r.Snapped), len(r.Overlaps), len(r.Components), len(r.Dropped)}
			if d := cmp.Diff(c.want, g); d != "" {
				t.Errorf("(-want +got)\n%s%+v", d, n.Edges)
			}
			// Neither the order in which roads come nor that in which they are
			// entered changes a thing.
			turned := slices.Clone(c.roads)
			slices.Reverse(turned)
			if want, got := plain(n), plain(network.New(turned, network.Options{})); !slices.Equal(want, got) {
				t.Errorf("in reverse: %s", cmp.Diff(want, got))
			}
			one := network.New(nil, network.Options{})
			for _, f := range turned {
				one, _ = one.Apply([]network.Change{{Key: f.Key, Feature: f}})
			}
			if want, got := plain(n), plain(one); !slices.Equal(want, got) {
				t.Errorf("one by one: %s", cmp.Diff(want, got))
			}
		})
	}
}

func TestReport(t *testing.T) {
	n := network.New(drawn(
		road(0, 0, 100, 0), road(100.9, 0, 200, 0), // 1 and 2 with a gap
		road(0, 500, 100, 500), // 3 alone
		road(7, 7, 7, 7),       // 4 nothing
		road(0, 0, 100, 0),     // 5 is 1 again
	), network.Options{})
	r := n.Report()
	if r.Features != 5 || r.Parts != 4 || math.Abs(r.Metres-400) > 0.01 {
		t.Errorf("%d features, %d parts, %.3f m", r.Features, r.Parts, r.Metres)
	}
	if d := cmp.Diff([]network.Key{{ID: 3}}, r.Isolated); d != "" {
		t.Error(d)
	}
	if len(r.Snapped) != 1 || r.Snapped[0].ID != 2 || math.Abs(r.Snapped[0].Metres-0.9) > 1e-3 {
		t.Errorf("snapped %+v", r.Snapped)
	}
	if len(r.Overlaps) != 1 || r.Overlaps[0].A.ID != 1 || r.Overlaps[0].B.ID != 5 || math.Abs(r.Overlaps[0].Metres-100) > 0.01 {
		t.Errorf("overlaps %+v", r.Overlaps)
	}
	if len(r.Dropped) != 1 || r.Dropped[0].ID != 4 || r.Dropped[0].Why != network.NoLength {
		t.Errorf("dropped %+v", r.Dropped)
	}
	if len(r.Components) != 2 || r.Components[0].Nodes != 3 || r.Components[0].Edges != 3 || math.Abs(r.Components[1].Metres-100) > 0.01 {
		t.Errorf("components %+v", r.Components)
	}
}

func TestEdgesOfAFeature(t *testing.T) {
	n := network.New(drawn(road(0, 0, 100, 0), road(30, -50, 30, 50), route(0, 0, 100, 0)), network.Options{})
	for _, c := range []struct {
		key  network.Key
		want [][2]float64
	}{
		{network.Key{ID: 1}, [][2]float64{{0, 30}, {30, 100}}},
		{network.Key{ID: 2}, [][2]float64{{0, 50}, {50, 100}}},
		{network.Key{Layer: 1, ID: 3}, [][2]float64{{0, 30}, {30, 100}}},
		{network.Key{ID: 9}, nil},
	} {
		var got [][2]float64
		for _, e := range n.EdgesOf(c.key) {
			got = append(got, [2]float64{math.Round(n.Edges[e].Start*100) / 100, math.Round(n.Edges[e].End*100) / 100})
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%v: %s", c.key, d)
		}
	}
}

// TestCityIsNoded: the demonstration city is drawn from node to node, and its
// routes follow its roads.
func TestCityIsNoded(t *testing.T) {
	all := city(1)
	n := network.New(all, network.Options{})
	check(t, n)
	r := n.Report()
	roads := 0
	for _, f := range all {
		if f.Layer == 0 {
			roads++
		}
	}
	if r.Edges != roads || r.Laid == 0 || len(r.Components) != 1 || r.Crossings+len(r.Snapped)+len(r.Overlaps)+len(r.Dropped) > 0 {
		t.Errorf("%d edges of %d roads, %d laid, %d components, %d crossings, %d snapped, %d overlaps, %d dropped",
			r.Edges, roads, r.Laid, len(r.Components), r.Crossings, len(r.Snapped), len(r.Overlaps), len(r.Dropped))
	}
}

// TestJakarta states what becomes of a whole city's roads, as OpenStreetMap had
// them, and that edits of it are as a new network.
func TestJakarta(t *testing.T) {
	all := jakarta(t)
	n := network.New(all, network.Options{})
	check(t, n)
	r := n.Report()
	t.Logf("%d nodes, %d edges, %.0f km, %d crossings without a vertex, %d ends led, %d overlaps, %d components (%d nodes in the first), %d isolated, dropped %v",
		r.Nodes, r.Edges, r.Metres/1000, r.Crossings, len(r.Snapped), len(r.Overlaps), len(r.Components), r.Components[0].Nodes, len(r.Isolated), r.Dropped)
	// Noded where two lines share a vertex it has about 34,000 nodes and 47,900
	// edges; each crossing without one adds a node and two edges.
	if nodes, edges := r.Nodes-r.Crossings, r.Edges-2*r.Crossings; nodes < 33_800 || nodes > 34_200 || edges < 47_700 || edges > 48_200 {
		t.Errorf("%d nodes and %d edges but for crossings", nodes, edges)
	}
	if r.Components[0].Nodes < 34_500 || len(r.Components) > 241 {
		t.Errorf("%d components, %d nodes in the first", len(r.Components), r.Components[0].Nodes)
	}
	var changes []network.Change
	for i := 0; i < len(all); i += 997 {
		f := *all[i]
		f.Revision++
		f.Geometry = orb.MultiLineString{append(orb.LineString{{f.Geometry[0][0][0] + 3e-4, f.Geometry[0][0][1] + 2e-4}}, f.Geometry[0]...)}
		all[i] = &f
		changes = append(changes, network.Change{Key: f.Key, Feature: &f})
	}
	next, delta := n.Apply(changes)
	car := profiles(t)["car"]
	follow(t, car, n, next, delta)
	fresh := network.New(all, network.Options{})
	if want, got := plain(fresh), plain(next); !slices.Equal(want, got) {
		t.Error("edited it is not as a new one")
	}
	if d := cmp.Diff(fresh.Report(), next.Report(), findings); d != "" {
		t.Error(d)
	}
}

// TestScribble leaves out what no road is, and keeps the others.
func TestScribble(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	scribble := road()
	var l orb.LineString
	for range 4000 {
		l = append(l, line(100*r.Float64(), 100*r.Float64())...)
	}
	scribble.Geometry = orb.MultiLineString{l, line(500, 0, 600, 0)}
	roads := drawn(road(-50, 50, 150, 50), road(150, 50, 200, 50), scribble)
	n := network.New(roads, network.Options{})
	check(t, n)
	later, _ := network.New(roads[:2], network.Options{}).Apply([]network.Change{{Key: scribble.Key, Feature: scribble}})
	check(t, later)
	for _, n := range []*network.Network{n, later} {
		got := n.Report()
		if got.Edges != 3 || len(got.Dropped) != 1 || got.Dropped[0].ID != 3 || got.Dropped[0].Why != network.Entangled {
			t.Errorf("%d edges, dropped %+v", got.Edges, got.Dropped)
		}
	}
	mended, _ := later.Apply([]network.Change{{Key: scribble.Key, Feature: &network.Feature{Key: scribble.Key, Geometry: orb.MultiLineString{line(0, 0, 0, 100)}}}})
	if got := mended.Report(); got.Edges != 5 || len(got.Dropped) > 0 || got.Crossings != 1 {
		t.Errorf("mended: %d edges, dropped %+v", got.Edges, got.Dropped)
	}
}
