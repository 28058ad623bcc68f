package network

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
)

// Report tells what became of the lines: for who keeps the roads to see what
// may want mending.
type Report struct {
	Features, Parts, Nodes, Edges int
	// Metres is the length of all edges that have arcs.
	Metres float64
	// Laid counts edges of later layers that lie on another.
	Laid int
	// Crossings counts nodes where lines cross without a vertex.
	Crossings int
	// Snapped are ends that were led over a gap.
	Snapped []Snapped
	// Overlaps are stretches of roads drawn twice.
	Overlaps []Overlap
	// Components are the connected parts of the network, the largest first.
	Components []Component
	// Isolated are features that meet no other.
	Isolated []Key
	Dropped  []Dropped
}

// Snapped is an end that was led to a node.
type Snapped struct {
	Key
	Part     int
	From, To orb.Point
	Metres   float64
	part     *Part
}

// Overlap is a stretch that two features share, or one has twice.
type Overlap struct {
	A, B   Key
	Metres float64
	a, b   *Part
}

// Component is a connected part of the network, whoever may go there.
type Component struct {
	Nodes, Edges int
	Metres       float64
}

// Dropped is a line, or a stretch of one, that is not in the network.
type Dropped struct {
	Key
	Part   int
	Why    Fault
	Metres float64 // of the stretch
	part   *Part
}

// findings are what noding has to tell.
type findings struct {
	dropped  []Dropped
	snapped  []Snapped
	overlaps []Overlap
}

type components struct{ sizes []Component }

// Report costs one pass over the edges.
func (n *Network) Report() Report {
	r := Report{
		Features: len(n.features), Nodes: len(n.Nodes), Components: slices.Clone(n.sizes),
		Snapped: slices.Clone(n.snapped), Overlaps: slices.Clone(n.overlaps), Dropped: slices.Clone(n.dropped),
	}
	for _, p := range n.parts {
		if p != nil {
			r.Parts++
		}
	}
	for _, at := range n.ranks {
		if at == atCrossing {
			r.Crossings++
		}
	}
	for i := range n.Edges {
		if e := &n.Edges[i]; e.Laid {
			r.Laid++
		} else {
			r.Edges++
			r.Metres += e.Length
		}
	}
	r.Isolated = n.isolated()
	slices.SortFunc(r.Snapped, func(a, b Snapped) int {
		return cmp.Or(a.compare(b.Key), cmp.Compare(a.Part, b.Part), cmp.Compare(a.From[0], b.From[0]), cmp.Compare(a.From[1], b.From[1]))
	})
	slices.SortFunc(r.Overlaps, func(a, b Overlap) int {
		return cmp.Or(a.A.compare(b.A), a.B.compare(b.B), cmp.Compare(a.Metres, b.Metres))
	})
	slices.SortFunc(r.Dropped, func(a, b Dropped) int {
		return cmp.Or(a.compare(b.Key), cmp.Compare(a.Part, b.Part), cmp.Compare(a.Why, b.Why), cmp.Compare(a.Metres, b.Metres))
	})
	return r
}

// isolated lists the features that are alone in their components, if there are
// others.
func (n *Network) isolated() (keys []Key) {
	if len(n.sizes) < 2 {
		return nil
	}
	owner := make([]*Feature, len(n.sizes))
	shared := make([]bool, len(n.sizes))
	for i := range n.Edges {
		e := &n.Edges[i]
		if e.Laid {
			continue
		}
		c := n.Component[e.From]
		if owner[c] == nil {
			owner[c] = e.Part.Feature
		} else if owner[c] != e.Part.Feature {
			shared[c] = true
		}
	}
	with := map[*Feature]bool{} // features with something that is not alone
	for i := range n.Edges {
		if e := &n.Edges[i]; !e.Laid && shared[n.Component[e.From]] {
			with[e.Part.Feature] = true
		}
	}
	for c, f := range owner {
		if !shared[c] && !with[f] {
			keys = append(keys, f.Key)
		}
	}
	slices.SortFunc(keys, Key.compare)
	return slices.Compact(keys)
}

// connect finds the components.
func (n *Network) connect() {
	boss := make([]uint32, len(n.Nodes))
	for v := range boss {
		boss[v] = uint32(v)
	}
	find := func(v uint32) uint32 {
		for boss[v] != v {
			boss[v] = boss[boss[v]]
			v = boss[v]
		}
		return v
	}
	for v := range n.Nodes {
		for a := n.FirstOut[v]; a < n.FirstOut[v+1]; a++ {
			p, q := find(uint32(v)), find(n.Head[a])
			boss[max(p, q)] = min(p, q)
		}
	}
	sizes := map[uint32]*Component{}
	var bosses []uint32
	for v := range n.Nodes {
		if n.FirstOut[v] == n.FirstOut[v+1] {
			continue
		}
		b := find(uint32(v))
		if sizes[b] == nil {
			sizes[b] = new(Component)
			bosses = append(bosses, b)
		}
		sizes[b].Nodes++
	}
	for i := range n.Edges {
		if e := &n.Edges[i]; !e.Laid {
			c := sizes[find(e.From)]
			c.Edges++
			c.Metres += e.Length
		}
	}
	slices.SortStableFunc(bosses, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(sizes[b].Nodes, sizes[a].Nodes), cmp.Compare(sizes[b].Metres, sizes[a].Metres))
	})
	number := map[uint32]uint32{}
	n.sizes = nil
	for i, b := range bosses {
		number[b] = uint32(i)
		n.sizes = append(n.sizes, *sizes[b])
	}
	n.Component = make([]uint32, len(n.Nodes))
	for v := range n.Nodes {
		n.Component[v] = NoComponent
		if c, ok := number[find(uint32(v))]; ok && n.FirstOut[v] < n.FirstOut[v+1] {
			n.Component[v] = c
		}
	}
}
