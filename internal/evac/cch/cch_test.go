package cch

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// smallGraph draws what road networks are not: loops, parallel arcs, nodes at
// the same spot, pieces without a way between them, no node at all.
func smallGraph(t *rapid.T, n int) (region, []uint32) {
	var arcs [][2]uint32
	if n > 0 {
		node := rapid.Uint32Range(0, uint32(n-1))
		arcs = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) [2]uint32 {
			return [2]uint32{node.Draw(t, "tail"), node.Draw(t, "head")}
		}), n, 3*n).Draw(t, "arcs")
	}
	r := region{Graph: fromArcs(n, slices.Clone(arcs))}
	for range n {
		r.at = append(r.at, orb.Point{float64(rapid.IntRange(0, 3).Draw(t, "lon")), float64(rapid.IntRange(0, 3).Draw(t, "lat"))})
	}
	weights := rapid.SliceOfN(smallWeight, len(arcs), len(arcs)).Draw(t, "weights")
	return r, weights
}

var smallWeight = rapid.OneOf(rapid.Uint32Range(0, 4), rapid.Uint32Range(0, 99), rapid.SampledFrom([]uint32{Inf, Inf - 1, Inf / 2}))

func smallPlace(t *rapid.T, nodes int) Place {
	if nodes == 0 {
		return nil
	}
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Access {
		return Access{rapid.Uint32Range(0, uint32(nodes-1)).Draw(t, "node"), smallWeight.Draw(t, "cost")}
	}), 0, 3).Draw(t, "place")
}

// between is the length of a shortest way, by relaxing all arcs until nothing
// changes (Bellman and Ford).
func between(r region, tail, weights []uint32, from, to Place) uint32 {
	length := make([]uint32, r.Nodes())
	for v := range length {
		length[v] = Inf
	}
	for _, a := range from {
		length[a.Node] = min(length[a.Node], a.Cost)
	}
	for changed := true; changed; {
		changed = false
		for a, w := range r.Head {
			if s := length[tail[a]] + weights[a]; s < length[w] {
				length[w], changed = s, true
			}
		}
	}
	best := Inf
	for _, a := range to {
		best = min(best, length[a.Node]+min(a.Cost, Inf))
	}
	return best
}

// TestSmallGraphs holds every kind of question against the simplest algorithm,
// on graphs where anything may happen, in a dissected and in an arbitrary order,
// before and after changes.
func TestSmallGraphs(t *testing.T) {
	for _, n := range []int{0, 1, 2, 4, 7, 12} {
		t.Run(fmt.Sprint(n, " nodes"), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { askSmallGraph(t, n) })
		})
	}
}

func askSmallGraph(t *rapid.T, n int) {
	r, weights := smallGraph(t, n)
	tail := r.tails()
	order, err := NewOrder(r.Graph, r.at)
	if err != nil {
		t.Fatal(err)
	}
	if rapid.Bool().Draw(t, "arbitrary") {
		order = rapid.Permutation(order).Draw(t, "order")
	}
	if r.h, err = New(r.Graph, order); err != nil {
		t.Fatal(err)
	}
	m, err := r.h.Customize(weights)
	if err != nil {
		t.Fatal(err)
	}
	q := r.h.NewQuery()
	for range 3 {
		places := make([]Place, rapid.SampledFrom([]int{0, 1, 2, 4}).Draw(t, "places"))
		for i := range places {
			places[i] = smallPlace(t, n)
		}
		from := smallPlace(t, n)
		agree(t, r, tail, weights, q, m, from, places)
		if len(weights) == 0 {
			return
		}
		changes := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Change {
			return Change{rapid.Uint32Range(0, uint32(len(weights)-1)).Draw(t, "arc"), smallWeight.Draw(t, "weight")}
		}), 0, 5).Draw(t, "changes")
		m = m.change(changes) // what Update does when few of many change
		weights = slices.Clone(weights)
		for _, c := range changes {
			weights[c.Arc] = c.Weight
		}
		anew, err := r.h.Customize(weights)
		if err != nil {
			t.Fatal(err)
		}
		if !same(m, anew) {
			t.Fatalf("after changes %v:\n%v, want\n%v", changes, *m, *anew)
		}
	}
}

func agree(t *rapid.T, r region, tail, weights []uint32, q *Query, m *Metric, from Place, places []Place) {
	var reach Reach
	q.Sweep(m, From, places, &reach)
	for v := range uint32(r.Nodes()) {
		want, place := Inf, None
		for i, p := range places {
			if s := between(r, tail, weights, p, At(v)); s < want {
				want, place = s, uint32(i)
			}
		}
		if reach.Length[v] != want || reach.Place[v] != place {
			t.Fatalf("sweep from %v: node %d is %d from place %d, want %d from %d", places, v, reach.Length[v], reach.Place[v], want, place)
		}
	}
	q.Sweep(m, To, places, &reach)
	for v := range uint32(r.Nodes()) {
		want, place := Inf, None
		for i, p := range places {
			if s := between(r, tail, weights, At(v), p); s < want {
				want, place = s, uint32(i)
			}
		}
		if reach.Length[v] != want || reach.Place[v] != place {
			t.Fatalf("sweep to %v: node %d is %d from place %d, want %d from %d", places, v, reach.Length[v], reach.Place[v], want, place)
		}
	}
	var row []uint32
	var sorted []Target
	for i, p := range places {
		want := between(r, tail, weights, from, p)
		row = append(row, want)
		if want < Inf {
			sorted = append(sorted, Target{want, uint32(i)})
		}
		if got := q.Length(m, from, p); got != want {
			t.Fatalf("from %v to %v: %d, want %d", from, p, got, want)
		}
		path := q.Path(m, from, p, nil)
		if path.Length != want {
			t.Fatalf("from %v to %v: path of %d, want %d", from, p, path.Length, want)
		}
		if err := follow(tail, r.Head, weights, from, p, path); err != nil {
			t.Fatalf("from %v to %v: %v", from, p, err)
		}
	}
	targets := q.NewTargets(m, places)
	if got := q.Lengths(targets, from, nil); !slices.Equal(got, row) {
		t.Fatalf("from %v to %v: %v, want %v", from, places, got, row)
	}
	slices.SortStableFunc(sorted, func(a, b Target) int { return int(a.Length) - int(b.Length) })
	for k := range len(places) + 2 {
		want := sorted[:min(k, len(sorted))]
		if got := q.Nearest(targets, from, k, nil); !slices.Equal(got, want) {
			t.Fatalf("the %d nearest of %v from %v: %v, want %v", k, places, from, got, want)
		}
	}
}

// TestNearestOfSeveral has two targets at the same length, of which the first is
// found last, over an arc that costs nothing.
func TestNearestOfSeveral(t *testing.T) {
	h, err := New(fromArcs(3, [][2]uint32{{0, 1}, {1, 2}}), Order{0, 1, 2})
	if err != nil {
		t.Fatal(err)
	}
	q := h.NewQuery()
	targets := q.NewTargets(customized(t, h, []uint32{5, 0}), []Place{At(2), At(1)})
	if got := q.Nearest(targets, At(0), 1, nil); !slices.Equal(got, []Target{{Length: 5, Index: 0}}) {
		t.Errorf("%v, want the first of two at 5", got)
	}
}

// TestOrderIsTheSame orders a town twice.
func TestOrderIsTheSame(t *testing.T) {
	r, _ := square(30, rand.New(rand.NewPCG(3, 1)))
	once, twice := r.contracted(t), r.contracted(t)
	if !slices.Equal(once.h.Order(), twice.h.Order()) {
		t.Error("two orders of a graph differ")
	}
}

// TestOrderOfSquare holds the order to what it is worth where no real graph is
// at hand: row by row a square of 32 streets would have 32 arcs a node.
func TestOrderOfSquare(t *testing.T) {
	const side = 32
	r, _ := square(side, rand.New(rand.NewPCG(3, 1)))
	h := r.contracted(t).h
	width := 0
	for v := range h.order {
		width = max(width, int(h.firstUp[v+1]-h.firstUp[v]))
	}
	if h.Arcs() > 12*side*side || width > 2*side {
		t.Errorf("%d arcs for %d nodes, one with %d upwards; they were 11,685 and 53", h.Arcs(), side*side, width)
	}
}

// TestReorder says where new nodes come.
func TestReorder(t *testing.T) {
	// A street of 100 nodes, the last the least important, loses its first node;
	// the others are now called one less. 99 comes between 9 and 10, 100 beyond
	// 99, and 101 and 102 are an island.
	arcs := [][2]uint32{{9, 99}, {99, 10}, {99, 100}, {101, 102}}
	for v := range uint32(98) {
		if v != 9 {
			arcs = append(arcs, [2]uint32{v, v + 1})
		}
	}
	g := fromArcs(103, arcs)
	at := make([]orb.Point, 103)
	var old Order
	now := []uint32{None}
	for v := range uint32(100) {
		old = append(old, 99-v)
		now = append(now, v)
	}
	now = now[:100]
	order, err := Reorder(g, at, old, now)
	if err != nil {
		t.Fatal(err)
	}
	var want Order
	for v := uint32(98); v < 99; v-- {
		if v == 10 {
			want = append(want, 99)
		}
		want = append(want, v)
	}
	slices.Sort(order[:3])
	if want = append(Order{100, 101, 102}, want...); !slices.Equal(order, want) {
		t.Errorf("order %v, want %v", order, want)
	}

	// With a third of the nodes new it is a new order.
	for v := 1; v < 34; v++ {
		now[v] = None
	}
	order, err = Reorder(g, at, old, now)
	if err != nil {
		t.Fatal(err)
	}
	anew, err := NewOrder(g, at)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(order, anew) {
		t.Errorf("order %v, want %v", order, anew)
	}
}

func TestWrongInput(t *testing.T) {
	line := fromArcs(3, [][2]uint32{{0, 1}, {1, 2}})
	at := make([]orb.Point, 3)
	h, err := New(line, Order{0, 2, 1})
	if err != nil {
		t.Fatal(err)
	}
	m := customized(t, h, []uint32{1, 2})
	for _, c := range []struct {
		what, want string
		do         func() error
	}{
		{"rows that go back", "row of node 1 ends at 1", func() error { _, err := NewOrder(Graph{[]uint32{0, 2, 1, 2}, []uint32{0, 0}}, at); return err }},
		{"rows beyond the arcs", "rows of the graph run from 0 to 3", func() error { _, err := New(Graph{[]uint32{0, 3}, []uint32{0}}, Order{0}); return err }},
		{"arcs without nodes", "without nodes", func() error { _, err := New(Graph{nil, []uint32{0}}, nil); return err }},
		{"an arc to nowhere", "arc 0 leads to node 1 of 1", func() error { _, err := New(Graph{[]uint32{0, 1}, []uint32{1}}, Order{0}); return err }},
		{"a coordinate short", "2 coordinates for 3 nodes", func() error { _, err := NewOrder(line, at[:2]); return err }},
		{"an order too short", "order of 2 nodes", func() error { _, err := New(line, Order{0, 1}); return err }},
		{"a node twice", "node 1 at rank 2", func() error { _, err := New(line, Order{0, 1, 1}); return err }},
		{"an unknown node", "node 3 at rank 2", func() error { _, err := New(line, Order{0, 1, 3}); return err }},
		{"a weight short", "1 weights for 2 arcs", func() error { _, err := h.Customize([]uint32{1}); return err }},
		{"a weight above Inf", "arc 1 has a weight of 2147483648", func() error { _, err := h.Customize([]uint32{1, Inf + 1}); return err }},
		{"an unknown arc", "no arc 2", func() error { _, err := m.Update([]Change{{2, 1}}); return err }},
		{"a change above Inf", "arc 0 has a weight of 4294967295", func() error { _, err := m.Update([]Change{{0, None}}); return err }},
		{"a name short", "2 new names for 3 nodes", func() error { _, err := Reorder(line, at, Order{0, 1, 2}, []uint32{0, 1}); return err }},
		{"two nodes of one name", "old node 1 is now 0", func() error { _, err := Reorder(line, at, Order{0, 1, 2}, []uint32{0, 0, 1}); return err }},
		{"an unknown name", "old node 2 is now 3", func() error { _, err := Reorder(line, at, Order{0, 1, 2}, []uint32{0, 1, 3}); return err }},
		{"an old order of others", "has node 7", func() error { _, err := Reorder(line, at, Order{0, 1, 7}, []uint32{0, 1, 2}); return err }},
	} {
		if err := c.do(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q in it", c.what, err, c.want)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a workspace of another hierarchy is taken")
		}
	}()
	other, err := New(line, Order{0, 1, 2})
	if err != nil {
		t.Fatal(err)
	}
	other.NewQuery().Length(m, At(0), At(1))
}

// TestQuestionsAllocateNothing after the first.
func TestQuestionsAllocateNothing(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 1))
	r, weights := square(40, random)
	r = r.contracted(t)
	m, q := customized(t, r.h, weights), r.h.NewQuery()
	places := []Place{At(0), {{1000, 5}, {1001, 3}}, At(1599)}
	targets := q.NewTargets(m, places)
	from := Place{{700, 10}, {701, 0}}
	var arcs, row []uint32
	var near []Target
	var reach Reach
	if allocations := testing.AllocsPerRun(20, func() {
		q.Length(m, from, places[1])
		arcs = q.Path(m, from, places[1], arcs[:0]).Arcs
		near = q.Nearest(targets, from, 2, near[:0])
		row = q.Lengths(targets, from, row[:0])
		q.Sweep(m, To, places, &reach)
	}); allocations != 0 {
		t.Errorf("%.0f allocations, want none", allocations)
	}
}

// TestReadersSeeOneMetric has a writer close and open streets while readers
// hold each metric they see to Dijkstra's algorithm with its own weights.
func TestReadersSeeOneMetric(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 1))
	r, weights := square(20, random)
	r = r.contracted(t)
	type state struct {
		m       *Metric
		weights []uint32
	}
	var now atomic.Pointer[state]
	now.Store(&state{customized(t, r.h, weights), weights})
	tail := r.tails()
	var seen atomic.Int64
	var readers sync.WaitGroup
	done := make(chan struct{})
	for i := range 2 {
		readers.Go(func() {
			random := rand.New(rand.NewPCG(uint64(i), 1))
			q, d := r.h.NewQuery(), NewDijkstra(r.Graph)
			for {
				s := now.Load()
				from, to := random.Uint32N(400), random.Uint32N(400)
				p := q.Path(s.m, At(from), At(to), nil)
				if want := d.Length(s.weights, At(from), to); p.Length != want {
					t.Errorf("from %d to %d: %d, want %d", from, to, p.Length, want)
					return
				}
				if err := follow(tail, r.Head, s.weights, At(from), At(to), p); err != nil {
					t.Error(err)
					return
				}
				seen.Add(1)
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for i := 0; i < 200 || seen.Load() < 500 && !t.Failed(); i++ {
		s := now.Load()
		next := state{weights: slices.Clone(s.weights)}
		changes := make([]Change, 1+random.IntN(5))
		for j := range changes {
			a := random.IntN(len(weights))
			w := Inf
			if s.weights[a] == Inf {
				w = weights[a]
			}
			changes[j], next.weights[a] = Change{uint32(a), w}, w
		}
		var err error
		if next.m, err = s.m.Update(changes); err != nil {
			t.Error(err)
			break
		}
		now.Store(&next)
	}
	close(done)
	readers.Wait()
}

func Example() {
	// Two banks of a river, and a bridge (arcs 1 and 2) between nodes 1 and 2;
	// the next one is far away.
	graph := Graph{FirstOut: []uint32{0, 2, 4, 6, 8}, Head: []uint32{1, 3, 2, 0, 1, 3, 2, 0}}
	coordinates := []orb.Point{{95.31, 5.55}, {95.32, 5.55}, {95.32, 5.56}, {95.31, 5.56}}
	order, err := NewOrder(graph, coordinates)
	if err != nil {
		panic(err)
	}
	hierarchy, err := New(graph, order)
	if err != nil {
		panic(err)
	}
	metric, err := hierarchy.Customize([]uint32{60, 900, 20, 60, 20, 60, 60, 900})
	if err != nil {
		panic(err)
	}
	query := hierarchy.NewQuery()
	path := query.Path(metric, At(0), At(3), nil)
	fmt.Println(path.Length, path.Arcs)

	metric, err = metric.Update([]Change{{Arc: 2, Weight: Inf}, {Arc: 4, Weight: Inf}})
	if err != nil {
		panic(err)
	}
	path = query.Path(metric, At(0), At(3), nil)
	fmt.Println(path.Length, path.Arcs)
	// Output:
	// 140 [0 2 5]
	// 900 [1]
}
