package network

import (
	"math"

	"github.com/paulmach/orb"
)

// leadEnds leads loose ends to what is near. It goes by what met before it
// began, so the order in which ends come does not matter.
func (n *noding) leadEnds() {
	known := len(n.marks)
	loose := make([]bool, 2*len(n.parts))
	for i := range n.parts {
		loose[2*i], loose[2*i+1] = true, true
	}
	// An end is held by a meeting within the tolerance on its own line: that it
	// lies a little beyond a crossing is no gap.
	for _, m := range n.marks[:known] {
		if !m.met {
			continue
		}
		if m.along <= n.snap {
			loose[2*m.part] = false
		}
		if n.parts[m.part].Length()-m.along <= n.snap {
			loose[2*m.part+1] = false
		}
	}
	for end, is := range loose {
		if is {
			n.lead(int32(end))
		}
	}
}

// goal is a place that an end may be led to.
type goal struct {
	segment
	t        float64
	distance float64 // m
}

func (g goal) before(o goal) bool {
	if g.distance != o.distance {
		return g.distance < o.distance
	}
	if c := g.part.compare(o.part); c != 0 {
		return c < 0
	}
	return g.i < o.i
}

// lead joins one end to the nearest place that it may join.
func (n *noding) lead(end int32) {
	m := &n.marks[end]
	p, from := n.parts[m.part], m.at
	box := around(from, from, n.snap)
	pl := planeAt(from)
	own := n.deck(segment{p, min(m.i, int32(p.last())-1)})
	lo, hi := n.nearEnd(p, end%2 == 1)
	best := goal{distance: math.Inf(1)}
	n.index.Search(box.Min, box.Max, func(_, _ [2]float64, s segment) bool {
		if _, ok := n.local[s.part]; !ok || s.part == p && int(s.i) >= lo && int(s.i) < hi {
			return true
		}
		a, b := s.part.segment(int(s.i))
		A, B := pl.of(a), pl.of(b)
		consider := func(t float64) {
			at := A.at(B, t)
			g := goal{s, t, at.length()}
			if g.distance > n.snap || !g.before(best) {
				return
			}
			v, _ := vertexOf(s, t)
			if meets(own, n.deck(s), touch{endA: true, endB: isEnd(s.part, v)}) {
				best = g
			}
		}
		t, _ := nearest(vec{}, A, B)
		consider(toEnd(t, B.sub(A).length()))
		if s.i == 0 {
			consider(0)
		}
		if int(s.i) == s.part.last()-1 {
			consider(1)
		}
		return true
	})
	if best.part == nil {
		return
	}
	a, b := best.part.segment(int(best.i))
	to := between(a, b, best.t)
	n.unite(end, n.ledTo(best, to))
	n.snapped = append(n.snapped, Snapped{Key: p.Feature.Key, Part: p.No, From: from, To: to, Metres: best.distance, part: p})
}

// ledTo is the mark where an end is led to. That does not make the place a
// meeting for others.
func (n *noding) ledTo(g goal, to orb.Point) int32 {
	part := n.local[g.part]
	v := -1
	switch g.t {
	case 0:
		v = int(g.i)
	case 1:
		v = int(g.i) + 1
	}
	switch v {
	case -1:
		from, next := g.part.along[g.i], g.part.along[g.i+1]
		return n.mark(mark{part: part, i: g.i, t: g.t, along: from + (next-from)*g.t, at: to, rank: atFoot})
	case 0:
		return 2 * part
	case g.part.last():
		return 2*part + 1
	default:
		return n.mark(mark{part: part, i: int32(v), along: g.part.along[v], at: to, rank: atFoot})
	}
}

// nearEnd is the range of segments by which a line leaves the neighbourhood of
// its start, or of its end: an end is not led to those.
func (n *noding) nearEnd(p *Part, end bool) (lo, hi int) {
	first, step := 0, 1
	if end {
		first, step = p.last(), -1
	}
	pl := planeAt(p.line[first])
	v := first + step
	for v > 0 && v < p.last() && pl.of(p.line[v]).length() <= n.snap {
		v += step
	}
	if end {
		return v, p.last()
	}
	return 0, v
}
