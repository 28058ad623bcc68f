package network_test

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac/network"
)

// plain is a network without its numbers: each edge in words, in order, with the
// edges that end in its nodes.
func plain(n *network.Network) []string {
	at := make([][]string, len(n.Nodes))
	name := func(e *network.Edge) string {
		return fmt.Sprintf("%d/%d.%d %.9g", e.Part.Feature.Layer, e.Part.Feature.ID, e.Part.No, e.Start)
	}
	for i := range n.Edges {
		e := &n.Edges[i]
		at[e.From] = append(at[e.From], name(e)+"<")
		at[e.To] = append(at[e.To], name(e)+">")
	}
	for _, names := range at {
		slices.Sort(names)
	}
	var all []string
	for i := range n.Edges {
		e := &n.Edges[i]
		all = append(all, fmt.Sprint(name(e), e.Part.Feature.Revision, e.End, e.Length, e.Laid, e.Line, "from", at[e.From], "to", at[e.To]))
	}
	slices.Sort(all)
	return all
}

// check finds what does not hold together in a network.
func check(t *testing.T, n *network.Network) {
	t.Helper()
	seen := make([]bool, len(n.Nodes))
	arcs := 0
	for i := range n.Edges {
		e := &n.Edges[i]
		seen[e.From], seen[e.To] = true, true
		along, against := n.Arcs(uint32(i))
		if e.Laid {
			if along != network.None || against != network.None {
				t.Fatalf("laid edge %d has arcs", i)
			}
			continue
		}
		arcs += 2
		for back, a := range []uint32{along, against} {
			edge, backward := n.Edge(a)
			if edge != uint32(i) || backward != (back == 1) || n.Twin(n.Twin(a)) != a {
				t.Fatalf("arc %d of edge %d is of edge %d, %v", a, i, edge, backward)
			}
		}
		if n.Head[along] != e.To || n.Head[against] != e.From || along < n.FirstOut[e.From] || along >= n.FirstOut[e.From+1] {
			t.Fatalf("the arcs of edge %d lead elsewhere", i)
		}
		if e.Line[0] != n.Nodes[e.From] || e.Line[len(e.Line)-1] != n.Nodes[e.To] || e.Length <= 0 {
			t.Fatalf("edge %d does not lead from node to node: %+v", i, e)
		}
	}
	if arcs != len(n.Head) || slices.Contains(seen, false) {
		t.Fatalf("%d arcs for %d in edges, or a node without an edge", len(n.Head), arcs)
	}
}

// follow checks that what a delta says was kept is the same, and that the weights
// of the network before, with those of fresh edges, are those of the next.
func follow(t *testing.T, p *network.Profile, old, next *network.Network, d *network.Delta) {
	t.Helper()
	if len(d.Nodes) != len(old.Nodes) || len(d.Edges) != len(old.Edges) || len(d.Arcs) != len(old.Head) {
		t.Fatal("the delta is of another network")
	}
	for _, now := range [][]uint32{d.Nodes, d.Edges, d.Arcs} {
		kept := slices.DeleteFunc(slices.Clone(now), func(n uint32) bool { return n == network.None })
		slices.Sort(kept)
		if len(slices.Compact(slices.Clone(kept))) != len(kept) {
			t.Fatal("two things became one")
		}
	}
	for v, now := range d.Nodes {
		if now != network.None && old.Nodes[v] != next.Nodes[now] {
			t.Fatalf("node %d moved", v)
		}
	}
	was, now := old.Weights(p, nil), make([]uint32, len(next.Head))
	for a, n := range d.Arcs {
		if n == network.None {
			continue
		}
		e, back := old.Edge(uint32(a))
		f, backNow := next.Edge(n)
		if d.Edges[e] != f || back != backNow || d.Nodes[old.Head[a]] != next.Head[n] || old.Edges[e].Length != next.Edges[f].Length {
			t.Fatalf("arc %d is not arc %d", a, n)
		}
		now[n] = was[a]
	}
	for _, e := range d.Fresh {
		for a := range arcs(next, e) {
			now[a] = next.Weight(p, a, nil)
		}
	}
	if !slices.Equal(now, next.Weights(p, nil)) {
		t.Fatal("an edge has another weight, and is not told to be fresh")
	}
}

// arcs lists those of an edge.
func arcs(n *network.Network, edge uint32) iter.Seq[uint32] {
	along, against := n.Arcs(edge)
	return func(yield func(uint32) bool) {
		_ = along == network.None || yield(along) && yield(against)
	}
}

var findings = cmp.Options{
	cmpopts.IgnoreUnexported(network.Snapped{}, network.Overlap{}, network.Dropped{}),
	cmpopts.EquateApprox(1e-9, 0), cmpopts.EquateEmpty(),
}

// scrawl draws a feature as nobody should: lines that cross themselves and
// others, end a little short of them, follow them, and repeat.
type scrawl struct {
	*rand.Rand
	size int // of the place, in grid steps of 10 m
}

const metre = 1.0 / 111_000

func (s scrawl) point() orb.Point {
	x, y := float64(s.IntN(s.size))*10, float64(s.IntN(s.size))*10
	switch s.IntN(6) {
	case 0, 3: // a gap to be closed, or not
		x, y = x+3*s.Float64(), y+3*s.Float64()
	case 1: // noise
		x, y = x+0.004*s.Float64(), y+0.004*s.Float64()
	case 2: // anywhere
		x, y = x+10*s.Float64(), y+10*s.Float64()
	}
	return orb.Point{95.3 + x*metre, 5.55 + y*metre}
}

func (s scrawl) feature(id int64, revision int64) *network.Feature {
	f := &network.Feature{Key: network.Key{ID: id}, Revision: revision}
	if s.IntN(5) == 0 {
		f.Layer = 1
	}
	for range 1 + s.IntN(2) {
		l := orb.LineString{s.point()}
		for range s.IntN(6) {
			l = append(l, s.point())
		}
		if s.IntN(8) == 0 {
			l = append(l, l[0])
		}
		f.Geometry = append(f.Geometry, l)
	}
	f.Attributes.Class = []string{"primary", "residential", "footway"}[s.IntN(3)]
	f.Attributes.Bridge = s.IntN(6) == 0
	f.Attributes.Tunnel = s.IntN(12) == 0
	if s.IntN(6) == 0 {
		level := s.IntN(3) - 1
		f.Attributes.Level = &level
	}
	return f
}

func TestApplyIsNew(t *testing.T) {
	car := profiles(t)["car"]
	kept, all := 0, 0
	for seed := range uint64(40) {
		s := scrawl{rand.New(rand.NewPCG(seed, 1)), 2 + int(seed%5)*2}
		now := map[network.Key]*network.Feature{}
		list := func() (fs []*network.Feature) {
			for _, f := range now {
				fs = append(fs, f)
			}
			return fs
		}
		for id := range int64(6 + s.IntN(20)) {
			f := s.feature(id, 0)
			now[f.Key] = f
		}
		n := network.New(list(), network.Options{})
		check(t, n)
		for step := range int64(8) {
			var changes []network.Change
			for range 1 + s.IntN(3) {
				f := s.feature(s.Int64N(28), step+1)
				// As drawn before, with or without other attributes, or gone.
				if old := now[f.Key]; old != nil && s.IntN(2) == 0 {
					f.Geometry = old.Geometry
				}
				if s.IntN(3) == 0 {
					delete(now, f.Key)
					changes = append(changes, network.Change{Key: f.Key})
					continue
				}
				now[f.Key] = f
				changes = append(changes, network.Change{Key: f.Key, Feature: f})
			}
			next, delta := n.Apply(changes)
			check(t, next)
			follow(t, car, n, next, delta)
			fresh := network.New(list(), network.Options{})
			if want, got := plain(fresh), plain(next); !slices.Equal(want, got) {
				t.Fatalf("seed %d step %d: not as a new one (-new +applied):\n%s", seed, step, cmp.Diff(want, got))
			}
			if d := cmp.Diff(fresh.Report(), next.Report(), findings); d != "" {
				t.Fatalf("seed %d step %d: the report differs (-new +applied):\n%s", seed, step, d)
			}
			for _, now := range delta.Edges {
				all++
				if now != network.None {
					kept++
				}
			}
			n = next
		}
	}
	if kept*10 < all*3 {
		t.Errorf("only %d of %d edges were kept", kept, all)
	}
}

// TestApplyFollowsAChain takes an end away that others were led to by others:
// the node moves for lines far beyond the reach of the change.
func TestApplyFollowsAChain(t *testing.T) {
	var all []*network.Feature
	for i := range int64(600) {
		x := 95.3 + float64(i)*0.008*metre
		all = append(all, &network.Feature{Key: network.Key{ID: i}, Geometry: orb.MultiLineString{{{x, 5.55}, {x, 5.55 + 20*metre}, {x, 5.55 + 30*metre}}}})
	}
	n := network.New(all, network.Options{})
	next, delta := n.Apply([]network.Change{{Key: network.Key{ID: 0}}})
	car := profiles(t)["car"]
	check(t, next)
	follow(t, car, n, next, delta)
	if want, got := plain(network.New(all[1:], network.Options{})), plain(next); !slices.Equal(want, got) {
		t.Errorf("not as a new one (-new +applied):\n%.2000s", cmp.Diff(want, got))
	}
}

// TestReadersGoOn asks a network while the next ones are made of it.
func TestReadersGoOn(t *testing.T) {
	s := scrawl{rand.New(rand.NewPCG(5, 5)), 8}
	var all []*network.Feature
	for id := range int64(40) {
		all = append(all, s.feature(id, 0))
	}
	n := network.New(all, network.Options{})
	want := plain(n)
	p := profiles(t)["foot"]
	var readers sync.WaitGroup
	for i := range 3 {
		readers.Go(func() {
			r := rand.New(rand.NewPCG(uint64(i), 9))
			for range 200 {
				at := orb.Point{95.3 + 80*r.Float64()*metre, 5.55 + 80*r.Float64()*metre}
				n.Locate(network.Nearby{Point: at, Within: 100, Most: 3, Profile: p})
				n.Cover(at, 10, nil)
			}
			n.Weights(p, nil)
			n.Report()
		})
	}
	for i := range int64(40) {
		f := s.feature(i, 1)
		n.Apply([]network.Change{{Key: f.Key, Feature: f}})
	}
	readers.Wait()
	if !slices.Equal(want, plain(n)) {
		t.Error("what was made of the network has changed it")
	}
}
