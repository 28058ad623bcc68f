package network

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Options choose how lines are joined. The zero value is the usual.
type Options struct {
	// Snap is the distance in m within which a loose end is led to what is
	// near; 0 is DefaultSnap.
	Snap float64
}

// DefaultSnap is the usual tolerance in m: more than the noise of drawing and
// less than the gap between a road and the one behind the ditch.
const DefaultSnap = 1.0

func (o Options) snap() float64 { return cmp.Or(o.Snap, DefaultSnap) }

// Network is a noded road network. It is immutable, its slices included, and
// safe for any number of readers.
type Network struct {
	// Nodes are places in lon, lat.
	Nodes []orb.Point
	// Edges of a part stand together, in the order of its line.
	Edges []Edge
	// FirstOut and Head are the graph: the arcs from node v are FirstOut[v] to
	// FirstOut[v+1]-1, and arc a leads to Head[a]. An arc's twin goes the other
	// way, so the arcs into v are the twins of those out of it.
	FirstOut, Head []uint32
	// Component is, by node, the connected part of the network, the largest
	// being 0; NoComponent for a node of laid edges alone.
	Component []uint32

	edgeOf []uint32 // by arc: 2*edge, 1 more against the line
	arcOf  []uint32 // the inverse; None for laid edges

	options  Options
	index    *index
	features map[Key][]*Part
	parts    []*Part // by slot; nil where free
	free     []int32 // slots
	spans    []span  // by slot
	ranks    []rank  // by node
	components
	findings
}

// None is no node, edge or arc.
const None = math.MaxUint32

// NoComponent is the component of a node without arcs.
const NoComponent = None

// span is where the edges of a part stand.
type span struct{ first, count uint32 }

// New nodes features. Of several with one key the last counts. It costs about
// 10 µs for each segment of their lines.
func New(features []*Feature, o Options) *Network {
	n := &Network{options: o, index: new(index), features: make(map[Key][]*Part, len(features))}
	for _, f := range features {
		n.remove(f.Key)
		n.add(f)
	}
	nd, entangled := node(n.index, n.present(), o.snap(), anyPart)
	for entangled != nil {
		n.leaveOut(entangled)
		nd, entangled = node(n.index, n.present(), o.snap(), anyPart)
	}
	edges, first, lost := nd.pieces()
	n.overlaps = lay(edges)
	n.dropped = append(n.dropped, lost...)
	n.snapped = nd.snapped
	n.Edges = edges
	for _, s := range nd.spots {
		n.Nodes = append(n.Nodes, s.at)
		n.ranks = append(n.ranks, s.rank)
	}
	for i, p := range nd.parts {
		n.spans[p.slot] = span{uint32(first[i]), uint32(first[i+1] - first[i])}
	}
	n.link()
	return n
}

// present lists the parts.
func (n *Network) present() []*Part {
	return slices.DeleteFunc(slices.Clone(n.parts), func(p *Part) bool { return p == nil })
}

// add enters a feature's lines, not yet noded.
func (n *Network) add(f *Feature) []*Part {
	parts, dropped := f.parts()
	n.features[f.Key] = parts
	n.dropped = append(n.dropped, dropped...)
	for _, p := range parts {
		if last := len(n.free) - 1; last >= 0 {
			p.slot, n.free = n.free[last], n.free[:last]
			n.parts[p.slot] = p
		} else {
			p.slot = int32(len(n.parts))
			n.parts, n.spans = append(n.parts, p), append(n.spans, span{})
		}
		for i := range p.last() {
			a, b := p.segment(i)
			box := orb.Bound{Min: a, Max: a}.Extend(b)
			n.index.Insert(box.Min, box.Max, segment{p, int32(i)})
		}
	}
	return parts
}

func anyPart(*Part) bool { return true }

// leaveOut takes out a line that is too entangled, and says so.
func (n *Network) leaveOut(p *Part) {
	n.erase(p)
	k := p.Feature.Key
	n.features[k] = slices.DeleteFunc(slices.Clone(n.features[k]), func(o *Part) bool { return o == p })
	n.dropped = append(n.dropped, Dropped{Key: k, Part: p.No, Why: Entangled, Metres: p.Length()})
}

// remove takes a feature's lines out.
func (n *Network) remove(k Key) []*Part {
	parts, ok := n.features[k]
	if !ok {
		return nil
	}
	delete(n.features, k)
	n.dropped = slices.DeleteFunc(n.dropped, func(d Dropped) bool { return d.Key == k })
	for _, p := range parts {
		n.erase(p)
	}
	return parts
}

func (n *Network) erase(p *Part) {
	n.parts[p.slot], n.spans[p.slot] = nil, span{}
	n.free = append(n.free, p.slot)
	for i := range p.last() {
		a, b := p.segment(i)
		box := orb.Bound{Min: a, Max: a}.Extend(b)
		n.index.Delete(box.Min, box.Max, segment{p, int32(i)})
	}
}

// link makes the arcs and components of nodes and edges.
func (n *Network) link() {
	n.FirstOut = make([]uint32, len(n.Nodes)+1)
	for i := range n.Edges {
		if e := &n.Edges[i]; !e.Laid {
			n.FirstOut[e.From+1]++
			n.FirstOut[e.To+1]++
		}
	}
	for v := range n.Nodes {
		n.FirstOut[v+1] += n.FirstOut[v]
	}
	arcs := n.FirstOut[len(n.Nodes)]
	n.Head, n.edgeOf, n.arcOf = make([]uint32, arcs), make([]uint32, arcs), make([]uint32, 2*len(n.Edges))
	next := slices.Clone(n.FirstOut)
	for i := range n.Edges {
		e := &n.Edges[i]
		for back, way := range [2][2]uint32{{e.From, e.To}, {e.To, e.From}} {
			ref := uint32(2*i + back)
			if e.Laid {
				n.arcOf[ref] = None
				continue
			}
			a := next[way[0]]
			next[way[0]]++
			n.Head[a], n.edgeOf[a], n.arcOf[ref] = way[1], ref, a
		}
	}
	n.connect()
}

// Edge is that of an arc; the arc goes against its line where back is true.
func (n *Network) Edge(arc uint32) (edge uint32, back bool) {
	ref := n.edgeOf[arc]
	return ref / 2, ref%2 == 1
}

// Arcs are those of an edge, along its line and against it; None for a laid one.
func (n *Network) Arcs(edge uint32) (along, against uint32) {
	return n.arcOf[2*edge], n.arcOf[2*edge+1]
}

// Twin is the arc of the same edge the other way.
func (n *Network) Twin(arc uint32) uint32 { return n.arcOf[n.edgeOf[arc]^1] }

// EdgesOf lists the edges of a feature, laid ones included, line by line.
func (n *Network) EdgesOf(k Key) (edges []uint32) {
	for _, p := range n.features[k] {
		s := n.spans[p.slot]
		for e := s.first; e < s.first+s.count; e++ {
			edges = append(edges, e)
		}
	}
	return edges
}

// nodeAt is the node at which a part is cut, m along it.
func (n *Network) nodeAt(p *Part, along float64) (node uint32, ok bool) {
	s := n.spans[p.slot]
	edges := n.Edges[s.first : s.first+s.count]
	i, found := slices.BinarySearchFunc(edges, along, func(e Edge, at float64) int { return cmp.Compare(e.Start, at) })
	switch {
	case found:
		return edges[i].From, true
	case i > 0 && edges[i-1].End == along:
		return edges[i-1].To, true
	}
	return None, false
}
