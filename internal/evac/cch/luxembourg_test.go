package cch

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
)

// TestLuxembourg asks all 50,000 reference queries of RoutingKit, for both
// metrics, and follows each path.
func TestLuxembourg(t *testing.T) {
	r := luxembourg(t)
	sources, targets := vector(t, "source_node"), vector(t, "target_node")
	if len(sources) != 50_000 {
		t.Fatalf("%d queries, want 50,000", len(sources))
	}
	tail := r.tails()
	for _, name := range []string{"travel_time", "geo_distance"} {
		t.Run(name, func(t *testing.T) {
			weights, want := vector(t, name), vector(t, "query_reference_"+name+"_length")
			m, q := customized(t, r.h, weights), r.h.NewQuery()
			var arcs []uint32
			for i := range sources {
				from, to := At(sources[i]), At(targets[i])
				p := q.Path(m, from, to, arcs[:0])
				if p.Length != want[i] {
					t.Fatalf("query %d from %d to %d: %d, want %d", i, sources[i], targets[i], p.Length, want[i])
				}
				if err := follow(tail, r.Head, weights, from, to, p); err != nil {
					t.Fatalf("query %d: %v", i, err)
				}
				arcs = p.Arcs
			}
		})
	}
}

// TestLuxembourgHierarchy holds the order to what it is worth: the arcs, the
// triangles and the height that everything else costs by.
func TestLuxembourgHierarchy(t *testing.T) {
	h := luxembourg(t).h
	height, triangles, highest := make([]int, len(h.order)), 0, 0
	for v := len(h.order) - 1; v >= 0; v-- {
		ups := int(h.firstUp[v+1] - h.firstUp[v])
		triangles += ups * (ups - 1) / 2
		height[v] = 1
		if p := h.parent[v]; p != None {
			height[v] += height[p]
		}
		highest = max(highest, height[v])
	}
	if h.Arcs() > 265_000 || triangles > 850_000 || highest > 165 {
		t.Errorf("%d arcs, %d triangles, height %d; they were 255,072, 800,270 and 153", h.Arcs(), triangles, highest)
	}
}

// TestLuxembourgClosures closes some random arcs, single and many, beside an
// update that is undone: every metric is the one that a customisation makes, and
// sweeps from and to random places agree with Dijkstra's algorithm at all nodes.
func TestLuxembourgClosures(t *testing.T) {
	r := luxembourg(t)
	back, was := r.reversed()
	forth, against := NewDijkstra(r.Graph), NewDijkstra(back)
	tail := r.tails()
	random := rand.New(rand.NewPCG(2, 6))
	node := func() uint32 { return random.Uint32N(uint32(r.Nodes())) }
	q := r.h.NewQuery()
	for _, name := range []string{"travel_time", "geo_distance"} {
		open := vector(t, name)
		first := customized(t, r.h, open)
		m, weights := first, slices.Clone(open)
		var closed []Change
		for _, count := range []int{1, 1, 20, 300, 2000} {
			var changes []Change
			for len(changes) < count {
				a := random.Uint32N(uint32(len(open)))
				if p := q.Path(m, At(node()), At(node()), nil); count < 300 && len(p.Arcs) > 0 {
					a = p.Arcs[random.IntN(len(p.Arcs))] // one that matters
				}
				changes = append(changes, Change{a, Inf})
				closed = append(closed, Change{a, open[a]})
				weights[a] = Inf
			}
			m = updated(t, m, changes...)
			if !same(m, customized(t, r.h, weights)) {
				t.Fatalf("%s: the metric after %d closures is not that of a customisation", name, count)
			}
			places := []Place{At(node()), {{node(), 1000}, {node(), 0}}, At(node())}
			var reach Reach
			var one Place
			for _, p := range places {
				one = append(one, p...)
			}
			q.Sweep(m, From, places, &reach)
			if !slices.Equal(reach.Length, forth.Lengths(weights, one)) {
				t.Fatalf("%s, %d closures: the sweep from places differs from Dijkstra's", name, count)
			}
			turned := make([]uint32, len(weights))
			for a, old := range was {
				turned[a] = weights[old]
			}
			q.Sweep(m, To, places, &reach)
			if !slices.Equal(reach.Length, against.Lengths(turned, one)) {
				t.Fatalf("%s, %d closures: the sweep to places differs from Dijkstra's", name, count)
			}
			targets := q.NewTargets(m, places)
			for range 200 {
				from := At(node())
				want := reach.Length[from[0].Node]
				near := q.Nearest(targets, from, 1, nil)
				if want == Inf && len(near) == 0 {
					continue
				}
				if len(near) != 1 || near[0].Length != want || near[0].Index != reach.Place[from[0].Node] {
					t.Fatalf("%s, %d closures: nearest of %d: %v, want %d of %d", name, count, from[0].Node, near, want, reach.Place[from[0].Node])
				}
				p := q.Path(m, from, places[near[0].Index], nil)
				if p.Length != want {
					t.Fatalf("%s, %d closures: path of %d, want %d", name, count, p.Length, want)
				}
				if err := follow(tail, r.Head, weights, from, places[near[0].Index], p); err != nil {
					t.Fatalf("%s, %d closures: %v", name, count, err)
				}
			}
		}
		for len(closed) > 0 { // in small parts and large ones
			some := min(len(closed), 1+len(closed)/7)
			m, closed = updated(t, m, closed[:some]...), closed[some:]
		}
		if !same(m, first) {
			t.Fatalf("%s: with all arcs open again the metric is not the first one", name)
		}
	}
}

// TestLuxembourgClosureIsSmall: a closure makes no copy of what it leaves as it is.
func TestLuxembourgClosureIsSmall(t *testing.T) {
	r := luxembourg(t)
	open := vector(t, "travel_time")
	m := customized(t, r.h, open)
	sources, targets := vector(t, "source_node"), vector(t, "target_node")
	q := r.h.NewQuery()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	const times = 100
	for i := range times {
		if p := q.Path(m, At(sources[i]), At(targets[i]), nil); len(p.Arcs) > 0 {
			m = updated(t, m, Change{p.Arcs[len(p.Arcs)/2], Inf})
		}
	}
	runtime.ReadMemStats(&after)
	if each := (after.TotalAlloc - before.TotalAlloc) / times; each > 500_000 {
		t.Errorf("%d bytes for each closure", each)
	}
}

// TestLuxembourgReorder takes nodes for new, scattered and side by side: the
// hierarchy hardly grows, and is found in a fraction of the time of a new order.
func TestLuxembourgReorder(t *testing.T) {
	r := luxembourg(t)
	weights := vector(t, "travel_time")
	sources, targets := vector(t, "source_node"), vector(t, "target_node")
	want := vector(t, "query_reference_travel_time_length")
	for _, of := range []struct {
		what     string
		step, in int
		grows    float64 // at most to
	}{
		{"scattered", 7919, 300, 1.03},
		{"side by side", 1, 100, 1.06},
	} {
		now := make([]uint32, r.Nodes())
		for v := range now {
			now[v] = uint32(v)
		}
		for i := range of.in {
			now[(i*of.step)%len(now)] = None
		}
		order, err := Reorder(r.Graph, r.at, r.h.Order(), now)
		if err != nil {
			t.Fatal(err)
		}
		h, err := New(r.Graph, order)
		if err != nil {
			t.Fatal(err)
		}
		if grown := float64(h.Arcs()) / float64(r.h.Arcs()); grown > of.grows || grown < 1 {
			t.Errorf("%d nodes %s: the hierarchy grows to %.3f, want up to %.3f", of.in, of.what, grown, of.grows)
		}
		m, q := customized(t, h, weights), h.NewQuery()
		for i := range 2000 {
			if got := q.Length(m, At(sources[i]), At(targets[i])); got != want[i] {
				t.Fatalf("query %d: %d, want %d", i, got, want[i])
			}
		}
	}
}
