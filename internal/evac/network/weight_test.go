package network_test

import (
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac/network"
)

// almost compares milliseconds by arc, to one of rounding.
func almost(a, b uint32) bool {
	return a == b || a != network.Inf && b != network.Inf && max(a, b)-min(a, b) <= 1
}

func TestWeights(t *testing.T) {
	p := profiles(t)
	one := with(road(0, 0, 100, 0), func(a *network.Attributes) { a.Class, a.Oneway = "residential", network.Forward })
	n := network.New(drawn(one, road(100, 0, 200, 0)), network.Options{})
	for _, c := range []struct {
		name           string
		profile        string
		held           []network.Stretch
		along, against uint32
	}{
		{"on foot", "foot", nil, 55866, 55866}, // 100 m at 1.79 m/s
		{"with help", "foot_helped", nil, 125000, 125000},
		{"by car, one way", "car", nil, 17857, network.Inf},
		{"closed", "foot", []network.Stretch{{From: 40, To: 60}}, network.Inf, network.Inf},
		{"closed by a line", "foot", []network.Stretch{{From: 40, To: 40}}, network.Inf, network.Inf},
		{"closed to the end", "foot", []network.Stretch{{From: 90, To: 200}}, network.Inf, network.Inf},
		{"closed beyond", "foot", []network.Stretch{{From: 100.5, To: 200}, {From: -5, To: 0}}, 55866, 55866},
		{"slow", "foot_helped", []network.Stretch{{From: 0, To: 100, Speed: 0.5}}, 250000, 250000},
		{"slow in the middle", "foot_helped", []network.Stretch{{From: 40, To: 60, Speed: 0.5}}, 150000, 150000},
		{"the slowest counts", "foot_helped", []network.Stretch{{From: 50, To: 200, Speed: 0.25}, {From: 40, To: 60, Speed: 0.5}}, 50000 + 25000 + 250000, 50000 + 25000 + 250000},
		{"slow and closed", "foot", []network.Stretch{{From: 0, To: 100, Speed: 0.5}, {From: 99, To: 100}}, network.Inf, network.Inf},
	} {
		edge := n.EdgesOf(network.Key{ID: 1})[0]
		w := n.Weights(p[c.profile], network.Stretches{edge: c.held})
		along, against := n.Arcs(edge)
		if !almost(w[along], c.along) || !almost(w[against], c.against) {
			t.Errorf("%s: %d and %d ms, want %d and %d", c.name, w[along], w[against], c.along, c.against)
		}
		for a := range w {
			held := c.held
			if e, _ := n.Edge(uint32(a)); e != edge {
				held = nil
			}
			if one := n.Weight(p[c.profile], uint32(a), held); one != w[a] {
				t.Errorf("%s: arc %d alone weighs %d, among all %d", c.name, a, one, w[a])
			}
		}
	}
}

// TestLocateClosed asks from a place 10 m left of a street of 100 m, 50 m along.
func TestLocateClosed(t *testing.T) {
	p := profiles(t)
	type want struct {
		along    float64 // -1: no place
		from, to uint32
	}
	const s = 1000 / 1.79 // milliseconds a metre
	ms := func(m float64) uint32 { return uint32(math.Round(m * s)) }
	for _, c := range []struct {
		name     string
		profile  string
		held     []network.Stretch
		arriving bool
		want     want
	}{
		{"open", "foot", nil, false, want{50, ms(50), ms(50)}},
		{"closed ahead", "foot", []network.Stretch{{From: 60, To: 70}}, false, want{50, ms(50), network.Inf}},
		{"closed behind", "foot", []network.Stretch{{From: 30, To: 40}}, false, want{50, network.Inf, ms(50)}},
		{"closed here, the near side is before", "foot", []network.Stretch{{From: 45, To: 60}}, false, want{45, ms(45), network.Inf}},
		{"closed here, the near side is after", "foot", []network.Stretch{{From: 35, To: 55}}, false, want{55, network.Inf, ms(45)}},
		{"closed here to the end", "foot", []network.Stretch{{From: 20, To: 100}}, false, want{20, ms(20), network.Inf}},
		{"between two closures", "foot", []network.Stretch{{From: 20, To: 30}, {From: 60, To: 70}}, false, want{70, network.Inf, ms(30)}},
		{"slow here", "foot", []network.Stretch{{From: 40, To: 60, Speed: 0.5}}, false, want{50, ms(60), ms(60)}},
		{"closed all along", "foot", []network.Stretch{{From: -1, To: 101}}, false, want{along: -1}},
		{"one way, ahead", "car", nil, false, want{50, network.Inf, uint32(math.Round(50 / 5.6 * 1000))}},
		{"one way, closed beyond its end", "car", []network.Stretch{{From: 101, To: 200}}, false, want{50, network.Inf, uint32(math.Round(50 / 5.6 * 1000))}},
		{"one way, to arrive", "car", nil, true, want{50, uint32(math.Round(50 / 5.6 * 1000)), network.Inf}},
		{"one way, closed here: only the far side leads on", "car", []network.Stretch{{From: 45, To: 80}}, false, want{80, network.Inf, uint32(math.Round(20 / 5.6 * 1000))}},
		{"one way, closed here, to arrive: only the near side", "car", []network.Stretch{{From: 20, To: 55}}, true, want{20, uint32(math.Round(20 / 5.6 * 1000)), network.Inf}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := with(road(0, 0, 100, 0), func(a *network.Attributes) { a.Class, a.Oneway = "residential", network.Forward })
			n := network.New(drawn(f), network.Options{})
			q := network.Nearby{Point: line(50, 10)[0], Within: 200, Most: 3, Profile: p[c.profile], Arriving: c.arriving, Held: network.Stretches{0: c.held}}
			found := n.Locate(q)
			if c.want.along < 0 {
				if len(found) > 0 {
					t.Errorf("found %+v", found)
				}
				return
			}
			if len(found) != 1 {
				t.Fatalf("found %d places", len(found))
			}
			at := found[0]
			from, to := n.Access(q.Profile, at, c.held, c.arriving)
			if math.Abs(at.Along-c.want.along) > 0.01 || !near(from, c.want.from) || !near(to, c.want.to) {
				t.Errorf("%.3f m along, %d and %d ms, want %+v", at.Along, from, to, c.want)
			}
			if d := math.Hypot(10, at.Along-50); math.Abs(at.Distance-d) > 0.01 || at.Side != network.Left {
				t.Errorf("%.3f m away at side %d, want %.3f at the left", at.Distance, at.Side, d)
			}
		})
	}
}

// near compares milliseconds to a centimetre of walking.
func near(a, b uint32) bool {
	return a == b || a != network.Inf && b != network.Inf && max(a, b)-min(a, b) <= 10
}

func TestLocate(t *testing.T) {
	p := profiles(t)
	n := network.New(drawn(
		road(0, 0, 100, 0),
		with(road(0, 20, 100, 20), func(a *network.Attributes) { a.Class = "footway" }),
		with(road(0, 5, 100, 5), func(a *network.Attributes) { a.Class = "motorway" }),
		route(0, 0, 100, 0),
	), network.Options{})
	id := func(found []network.Place) (ids []int64) {
		for _, f := range found {
			ids = append(ids, n.Edges[f.Edge].Feature().ID)
		}
		return ids
	}
	at := func(x, y float64) orb.Point { return line(x, y)[0] }
	for _, c := range []struct {
		name string
		q    network.Nearby
		want []int64
	}{
		{"the nearest that may be used", network.Nearby{Point: at(50, 6), Within: 50, Profile: p["foot"]}, []int64{1}},
		{"by another profile", network.Nearby{Point: at(50, 6), Within: 50, Profile: p["car"]}, []int64{3}},
		{"all in order", network.Nearby{Point: at(50, 18), Within: 50, Most: 9, Profile: p["foot"]}, []int64{2, 1}},
		{"the nearest two", network.Nearby{Point: at(50, 18), Within: 50, Most: 2, Profile: p["car"]}, []int64{3, 1}},
		{"only within", network.Nearby{Point: at(50, 18), Within: 5, Most: 9, Profile: p["foot"]}, []int64{2}},
		{"none", network.Nearby{Point: at(50, 3000), Within: 1000, Most: 9, Profile: p["foot"]}, nil},
		{"right at it", network.Nearby{Point: at(50, 0), Within: 0.01, Profile: p["foot"]}, []int64{1}},
		{"beyond the end", network.Nearby{Point: at(130, 0), Within: 40, Profile: p["foot"]}, []int64{1}},
		{"an empty world away", network.Nearby{Point: orb.Point{-170, -80}, Within: 1e6, Profile: p["foot"]}, nil},
		{"not the nearest road, which is closed up to there", network.Nearby{
			Point: at(50, 8), Within: 50, Profile: p["foot"],
			Held: network.Stretches{n.EdgesOf(network.Key{ID: 1})[0]: {{From: 0, To: 90}}},
		}, []int64{2}},
	} {
		if got := id(n.Locate(c.q)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	empty := network.New(nil, network.Options{})
	if found := empty.Locate(network.Nearby{Point: at(0, 0), Within: 1e6, Profile: p["foot"]}); found != nil {
		t.Errorf("found %v on nothing", found)
	}
	for y, side := range map[float64]network.Side{-1: network.Right, 0: network.On, 1: network.Left} {
		if f := n.Locate(network.Nearby{Point: at(50, y), Within: 5, Profile: p["foot"]}); f[0].Side != side {
			t.Errorf("%g m north is at side %d", y, f[0].Side)
		}
	}
}
