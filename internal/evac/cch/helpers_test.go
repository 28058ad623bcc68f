package cch

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac/cch/routingkit"
)

// region is a graph to test with.
type region struct {
	Graph
	at []orb.Point
	h  *Hierarchy
}

// luxembourg is the road graph of the country, from the tests of RoutingKit.
func luxembourg(t *testing.T) region {
	t.Helper()
	dir := luxembourgDir(t)
	r, err := loadLuxembourg(dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// loadLuxembourg orders the country once for all tests.
var loadLuxembourg = func() func(string) (region, error) {
	var once sync.Once
	var r region
	var err error
	return func(dir string) (region, error) {
		once.Do(func() { r, err = readLuxembourg(dir) })
		return r, err
	}
}()

func readLuxembourg(dir string) (r region, err error) {
	if r.FirstOut, err = routingkit.Uint32s(dir, "first_out"); err != nil {
		return r, err
	}
	if r.Head, err = routingkit.Uint32s(dir, "head"); err != nil {
		return r, err
	}
	lon, err := routingkit.Float32s(dir, "longitude")
	if err != nil {
		return r, err
	}
	lat, err := routingkit.Float32s(dir, "latitude")
	if err != nil {
		return r, err
	}
	for v := range lon {
		r.at = append(r.at, orb.Point{float64(lon[v]), float64(lat[v])})
	}
	order, err := NewOrder(r.Graph, r.at)
	if err != nil {
		return r, err
	}
	r.h, err = New(r.Graph, order)
	return r, err
}

func luxembourgDir(t *testing.T) string {
	t.Helper()
	shared := os.Getenv("SIMTARU_SHARED")
	at, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; shared == "" && at != "/"; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "shared", "data")); err == nil {
			shared = filepath.Join(at, "shared")
		}
	}
	if shared == "" {
		t.Skip("no folder shared/data above the repository (or set SIMTARU_SHARED)")
	}
	return filepath.Join(shared, "data", "luxembourg")
}

func vector(t *testing.T, name string) []uint32 {
	t.Helper()
	v, err := routingkit.Uint32s(luxembourgDir(t), name)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// fromArcs makes rows of arcs in any order, and returns where each arc is.
func fromArcs(nodes int, arcs [][2]uint32) Graph {
	g := Graph{FirstOut: make([]uint32, nodes+1)}
	slices.SortStableFunc(arcs, func(a, b [2]uint32) int { return int(a[0]) - int(b[0]) })
	for _, a := range arcs {
		g.FirstOut[a[0]+1]++
		g.Head = append(g.Head, a[1])
	}
	for v := range nodes {
		g.FirstOut[v+1] += g.FirstOut[v]
	}
	return g
}

// tails finds where each arc begins.
func (g Graph) tails() []uint32 {
	tail := make([]uint32, len(g.Head))
	for v := range g.Nodes() {
		for a := g.FirstOut[v]; a < g.FirstOut[v+1]; a++ {
			tail[a] = uint32(v)
		}
	}
	return tail
}

// reversed turns all arcs around, and returns which arc each of them was.
func (g Graph) reversed() (Graph, []uint32) {
	tail := g.tails()
	was := make([]uint32, len(g.Head))
	for a := range was {
		was[a] = uint32(a)
	}
	slices.SortStableFunc(was, func(a, b uint32) int { return int(g.Head[a]) - int(g.Head[b]) })
	r := Graph{FirstOut: make([]uint32, len(g.FirstOut))}
	for _, a := range was {
		r.FirstOut[g.Head[a]+1]++
		r.Head = append(r.Head, tail[a])
	}
	for v := range g.Nodes() {
		r.FirstOut[v+1] += r.FirstOut[v]
	}
	return r, was
}

// square is a town of streets in a square, each both ways, of one weight in
// four or so unlike its way back.
func square(side int, r *rand.Rand) (region, []uint32) {
	var arcs [][2]uint32
	var at []orb.Point
	for i := range uint32(side * side) {
		x, y := i%uint32(side), i/uint32(side)
		at = append(at, orb.Point{95.3 + float64(x)/1000, 5.5 + float64(y)/1000})
		if x > 0 {
			arcs = append(arcs, [2]uint32{i, i - 1}, [2]uint32{i - 1, i})
		}
		if y > 0 {
			arcs = append(arcs, [2]uint32{i, i - uint32(side)}, [2]uint32{i - uint32(side), i})
		}
	}
	weights := make([]uint32, len(arcs))
	for a := range weights {
		weights[a] = 1 + r.Uint32N(1000)
	}
	return region{Graph: fromArcs(side*side, arcs), at: at}, weights
}

// contracted orders and contracts.
func (r region) contracted(t testing.TB) region {
	t.Helper()
	order, err := NewOrder(r.Graph, r.at)
	if err != nil {
		t.Fatal(err)
	}
	if r.h, err = New(r.Graph, order); err != nil {
		t.Fatal(err)
	}
	return r
}

func customized(t testing.TB, h *Hierarchy, weights []uint32) *Metric {
	t.Helper()
	m, err := h.Customize(weights)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func updated(t testing.TB, m *Metric, changes ...Change) *Metric {
	t.Helper()
	next, err := m.Update(changes)
	if err != nil {
		t.Fatal(err)
	}
	return next
}

// same tells whether two metrics are the same to the last entry.
func same(a, b *Metric) bool {
	equal := func(a, b pages) bool {
		return slices.EqualFunc(a, b, func(a, b *page) bool { return *a == *b })
	}
	return equal(a.input, b.input) && equal(a.weight[up], b.weight[up]) && equal(a.weight[down], b.weight[down]) &&
		equal(a.via[up], b.via[up]) && equal(a.via[down], b.via[down])
}

// follow checks that a path is one: from an access of one place to one of the
// other, arc after arc, and as long as it says.
func follow(tail, head, weights []uint32, from, to Place, p Path) error {
	if p.Length == Inf {
		if len(p.Arcs) > 0 {
			return fmt.Errorf("no way, but arcs %v", p.Arcs)
		}
		return nil
	}
	at, length := from[p.From].Node, uint64(from[p.From].Cost)+uint64(to[p.To].Cost)
	for i, a := range p.Arcs {
		if tail[a] != at {
			return fmt.Errorf("arc %d of the path, %d, begins at %d, want %d", i, a, tail[a], at)
		}
		at, length = head[a], length+uint64(weights[a])
	}
	if at != to[p.To].Node || length != uint64(p.Length) {
		return fmt.Errorf("the path ends at %d after %d, want %d after %d", at, length, to[p.To].Node, p.Length)
	}
	return nil
}
