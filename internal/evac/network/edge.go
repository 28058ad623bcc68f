package network

import (
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/indicator/land"
)

// Edge is a stretch of a line between two nodes.
type Edge struct {
	From, To uint32 // nodes, in the direction of the line
	Part     *Part
	// Start and End are m along the part.
	Start, End float64
	// Line leads from node to node, and Length is its length in m. It differs
	// from End-Start where the line was led to a node.
	Line   orb.LineString
	Length float64
	// Laid edges lie on another one and have no arcs.
	Laid bool
}

// Feature is that of which the edge is a stretch.
func (e *Edge) Feature() *Feature { return e.Part.Feature }

// pieces makes the edges of all lines between their cuts, with spots for nodes,
// and says where those of each line begin.
func (n *noding) pieces() (edges []Edge, first []int32, lost []Dropped) {
	first = make([]int32, 1, len(n.parts)+1)
	for i, cuts := range n.cuts {
		p := n.parts[i]
		if len(cuts) < 2 {
			lost = append(lost, Dropped{Key: p.Feature.Key, Part: p.No, Why: Swallowed, Metres: p.Length(), part: p})
		}
		for k := 1; k < len(cuts); k++ {
			a, b := cuts[k-1], cuts[k]
			e := Edge{From: uint32(a.spot), To: uint32(b.spot), Part: p, Start: a.mark.along, End: b.mark.along}
			e.Line = n.draw(p, a, b)
			for v := 1; v < len(e.Line); v++ {
				e.Length += land.Distance(e.Line[v-1], e.Line[v])
			}
			if e.Length == 0 {
				lost = append(lost, Dropped{Key: p.Feature.Key, Part: p.No, Why: Swallowed, Metres: e.End - e.Start, part: p})
				continue
			}
			edges = append(edges, e)
		}
		first = append(first, int32(len(edges)))
	}
	return edges, first, lost
}

// draw is the line from one cut to the next, led to their spots.
func (n *noding) draw(p *Part, a, b cut) orb.LineString {
	lo, hi := a.mark.i+1, b.mark.i // the vertices between, hi excluded
	if b.mark.t > 0 {
		hi++
	}
	line := make(orb.LineString, 0, hi-lo+2)
	line = append(line, n.spots[a.spot].at)
	for _, v := range p.line[lo:max(lo, hi)] {
		if v != line[len(line)-1] {
			line = append(line, v)
		}
	}
	if end := n.spots[b.spot].at; end != line[len(line)-1] || len(line) == 1 {
		line = append(line, end)
	}
	return line
}

// lay finds edges that lie on one another. Those of later layers are laid on the
// first of their kind; of others it is told.
func lay(edges []Edge) (overlaps []Overlap) {
	type ends struct{ a, b uint32 }
	first := make(map[ends]int32, len(edges)) // 1 more
	next := make([]int32, len(edges))
	for i := range edges {
		e := &edges[i]
		key := ends{min(e.From, e.To), max(e.From, e.To)}
		seen := first[key]
		for k := seen; k > 0; k = next[k-1] {
			f := &edges[k-1]
			if !sameLine(e.Line, f.Line) {
				continue
			}
			if e.Part.Feature.Layer > 0 {
				e.Laid = true
			} else {
				overlaps = append(overlaps, Overlap{A: f.Part.Feature.Key, B: e.Part.Feature.Key, Metres: e.Length, a: f.Part, b: e.Part})
			}
			break
		}
		next[i], first[key] = seen, int32(i+1)
	}
	return overlaps
}

// sameLine reports whether two lines go by the same vertices, to a centimetre,
// either way.
func sameLine(a, b orb.LineString) bool {
	if len(a) != len(b) {
		return false
	}
	p := planeAt(a[0])
	alike := func(at func(int) orb.Point) bool {
		for i := range a {
			if q := at(i); q != a[i] && p.of(q).sub(p.of(a[i])).length() > weld {
				return false
			}
		}
		return true
	}
	return alike(func(i int) orb.Point { return b[i] }) || alike(func(i int) orb.Point { return b[len(b)-1-i] })
}
