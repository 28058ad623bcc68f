package evac

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac/cch"
	"github.com/simtaru/simtaru/internal/indicator/land"
)

// TestTripsAreThoseOfDijkstra asks for ways and a table between places by chance,
// while roads are closed and one-way, and holds them to a search over the graph
// itself.
func TestTripsAreThoseOfDijkstra(t *testing.T) {
	s := banda(t, 0.3)
	r := rand.New(rand.NewPCG(7, 8))
	for range 400 {
		id := int64(1 + r.IntN(len(s.rows[roadLayer])))
		f := *s.rows[roadLayer][id-1]
		l, _ := s.cat.Layer(roadLayer)
		values := map[string]any{}
		for i, v := range f.Values {
			values[l.Fields[i].Name] = v
		}
		values["oneway"] = "yes"
		s.set(roadLayer, id, f.Geometry, values)
	}
	c := s.city(noon)
	for _, p := range places(c, r, 30) {
		s.add(closureLayer, square(p, 15), map[string]any{"reason": "flood", "severity": "closed", "starts_at": noon.Add(-time.Hour)})
	}
	c = s.city(noon)
	ways, none, same := 0, 0, 0
	for _, profile := range []string{"foot", "car"} {
		trips, err := c.Trips(profile)
		if err != nil {
			t.Fatal(err)
		}
		var stops []Stop
		for i, p := range places(c, r, 24) {
			stops = append(stops, Stop{At: p, Within: 300, Arriving: i%2 == 1})
			if i%4 == 0 { // the next one is mostly on the same edge
				p[0] += 0.00005
				stops = append(stops, Stop{At: p, Within: 300, Arriving: true})
			}
		}
		at, err := trips.Snap(stops)
		if err != nil {
			t.Fatal(err)
		}
		table := trips.Table(at, at)
		for i, from := range at {
			lengths := cch.NewDijkstra(graph(c.net)).Lengths(trips.l.weights(), trips.begin(from).access)
			for k, to := range at {
				want := uint32(cch.Inf)
				access, _ := trips.end(to)
				for _, a := range access {
					want = min(want, lengths[a.Node]+a.Cost)
				}
				if from.Edge == to.Edge {
					same++
					e := &c.net.Edges[from.Edge]
					along, against := trips.l.profile.Speed(&e.Feature().Attributes)
					if to.Along < from.Along {
						along = against
					}
					if held := trips.l.held[from.Edge]; along > 0 && len(held) == 0 {
						if direct := math.Abs(to.Along-from.Along) / along * 1000; direct < float64(want) {
							want = uint32(math.Round(direct))
						}
					} else if i == k {
						want = 0
					} else if len(held) > 0 {
						continue
					}
				}
				way := trips.Way(from, to)
				switch got := table[i][k]; {
				case want >= cch.Inf:
					none++
					if got >= 0 || way != nil {
						t.Errorf("%s: a way of %v where there is none", profile, got)
					}
				case way == nil:
					t.Errorf("%s: no way, Dijkstra: %d ms", profile, want)
				case way.Duration != got:
					t.Errorf("%s: a way of %v, in the table %v", profile, way.Duration, got)
				case math.Abs(float64(got.Milliseconds())-float64(want)) > 1:
					t.Errorf("%s: %v, Dijkstra: %d ms", profile, got, want)
				default:
					ways++
					leads(t, from.At, to.At, way)
				}
			}
		}
	}
	t.Logf("%d ways, %d without, %d on one edge", ways, none, same)
	if ways < 500 || none == 0 || same < 60 {
		t.Errorf("%d ways, %d without, %d on one edge: the test tests little", ways, none, same)
	}
}

// leads looks at what every way must be.
func leads(t *testing.T, from, to [2]float64, w *Way) {
	t.Helper()
	first, last := w.Line[0], w.Line[len(w.Line)-1]
	length, steps, took := 0.0, 0.0, time.Duration(0)
	for i := 1; i < len(w.Line); i++ {
		length += land.Distance(w.Line[i-1], w.Line[i])
	}
	at := 0
	for _, s := range w.Steps {
		steps, took = steps+s.Metres, took+s.Duration
		if s.Vertex < at || s.Vertex >= len(w.Line) || land.Distance(w.Line[s.Vertex], s.At) > 0.5 {
			t.Errorf("a step at %v, of the line the vertex %d, %d before", s.At, s.Vertex, at)
			return
		}
		at = s.Vertex
	}
	if first != from || last != to || math.Abs(length-w.Metres) > 1+w.Metres/1000 || math.Abs(steps-w.Metres) > 0.5 || w.Duration-took > 10*time.Millisecond || took > w.Duration {
		t.Errorf("from %v to %v: the line from %v to %v is %.2f m, steps are %.2f m in %v, the way %.2f m in %v", from, to, first, last, length, steps, took, w.Metres, w.Duration)
	}
	if w.Steps[0].Turn != Depart || w.Steps[len(w.Steps)-1].Turn != Arrive {
		t.Errorf("steps begin with %s and end with %s", w.Steps[0].Turn, w.Steps[len(w.Steps)-1].Turn)
	}
}

// TestStopsAreConnected: a yard that is not connected is passed over where that
// helps, and only there.
func TestStopsAreConnected(t *testing.T) {
	s := newSheet(t)
	road := func(name string, lon0, lat0, lon1, lat1 float64) {
		s.add(roadLayer, orb.MultiLineString{{{lon0, lat0}, {lon1, lat1}}}, map[string]any{"name": name, "class": "residential"})
	}
	road("long", 95.30, 5.5, 95.31, 5.5)
	road("more", 95.31, 5.5, 95.31, 5.51)
	road("yard", 95.3001, 5.5004, 95.3003, 5.5004)
	trips, err := s.city(noon).Trips("foot")
	if err != nil {
		t.Fatal(err)
	}
	names := func(stops ...Stop) (all []string) {
		places, err := trips.Snap(stops)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range places {
			all = append(all, trips.Road(p))
		}
		return all
	}
	yard, far := Stop{At: [2]float64{95.3002, 5.5005}, Within: 500}, Stop{At: [2]float64{95.309, 5.5001}, Within: 500}
	if got := names(yard, far); got[0] != "long" || got[1] != "long" {
		t.Errorf("to the far end: %v", got)
	}
	if got := names(yard, yard); got[0] != "yard" || got[1] != "yard" {
		t.Errorf("within the yard: %v", got)
	}
	far.Within = 5
	if _, err := trips.Snap([]Stop{yard, far}); err == nil || err.(*AstrayError).Stop != 1 || err.(*AstrayError).Within != 5 {
		t.Errorf("%v", err)
	}
}

// BenchmarkTrips is a city of 50,000 roads.
func BenchmarkTrips(b *testing.B) {
	c := banda(b, 5).city(noon)
	trips, err := c.Trips("car")
	if err != nil {
		b.Fatal(err)
	}
	var stops []Stop
	for i, p := range places(c, rand.New(rand.NewPCG(1, 1)), 1000) {
		stops = append(stops, Stop{At: p, Within: Reach, Arriving: i%2 == 1})
	}
	at, err := trips.Snap(stops)
	if err != nil {
		b.Fatal(err)
	}
	i := 0
	b.Run("snap", func(b *testing.B) {
		for b.Loop() {
			_ = trips.Near(stops[i%len(stops)], 24)
			i++
		}
	})
	b.Run("way", func(b *testing.B) {
		for b.Loop() {
			_ = trips.Way(at[i%len(at)], at[(i+501)%len(at)])
			i++
		}
	})
	b.Run("table of 100", func(b *testing.B) {
		for b.Loop() {
			_ = trips.Table(at[:100], at[100:200])
		}
	})
	for _, by := range []ReachBy{{}, {Shelter: true}, {Areas: true}, {Shelter: true, Areas: true}} {
		b.Run(fmt.Sprintf("reach %+v", by), func(b *testing.B) {
			for b.Loop() {
				if _, err := c.Reach("foot", "", []uint32{300_000, 600_000, 900_000}, by); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// weights are those of all arcs.
func (l *lane) weights() []uint32 {
	all := make([]uint32, len(l.net.Head))
	for arc := range all {
		all[arc] = l.metric.Weight(uint32(arc))
	}
	return all
}
