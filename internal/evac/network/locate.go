package network

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/indicator/land"
)

// Place is one on an edge.
type Place struct {
	Edge  uint32
	Along float64   // m from the edge's node From
	At    orb.Point // lon, lat
	// Distance is that in m from what was located, and Side where that lies.
	Distance float64
	Side     Side
}

// Side is one of an edge, in its direction.
type Side int8

// The sides.
const (
	On    Side = 0
	Left  Side = 1
	Right Side = -1
)

// Nearby asks for places near a point.
type Nearby struct {
	Point  orb.Point // lon, lat
	Within float64   // m
	// Most is how many places to find, each on another edge; 0 is 1.
	Most int
	// Profile must be able to go from the place to a node of its edge, or to the
	// place where Arriving.
	Profile  *Profile
	Arriving bool
	// Held closes stretches. A place on one gives way to the nearest from which
	// there is a way.
	Held Stretches
}

// Locate finds the nearest places on the network, the nearest first. It costs a
// walk of the index up to the last one: microseconds in a city.
func (n *Network) Locate(q Nearby) []Place {
	most := max(q.Most, 1)
	pl := planeAt(q.Point)
	var found []Place
	seen := map[uint32]bool{}
	n.index.Nearby(func(lo, hi [2]float64, s segment, item bool) float64 {
		if !item {
			x := max(lo[0]-q.Point[0], 0, q.Point[0]-hi[0]) * pl.x
			y := max(lo[1]-q.Point[1], 0, q.Point[1]-hi[1]) * pl.y
			return math.Sqrt(x*x + y*y)
		}
		a, b := s.part.segment(int(s.i))
		_, d := nearest(vec{}, pl.of(a), pl.of(b))
		return d
	}, func(_, _ [2]float64, s segment, d float64) bool {
		// An edge may be as much nearer than its line as its ends were led.
		d = 0.999*d - n.options.snap()
		if d > q.Within || len(found) >= most && d > found[most-1].Distance {
			return false
		}
		for _, e := range n.over(s) {
			if seen[e] {
				continue
			}
			seen[e] = true
			if p, ok := n.nearestOn(e, &q, &pl); ok && p.Distance <= q.Within {
				i, _ := slices.BinarySearchFunc(found, p, func(a, b Place) int {
					return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.Edge, b.Edge))
				})
				found = slices.Insert(found, i, p)
			}
		}
		return true
	})
	return found[:min(most, len(found))]
}

// over is the edges of which a segment has a stretch.
func (n *Network) over(s segment) (edges []uint32) {
	span := n.spans[s.part.slot]
	from, to := s.part.along[s.i], s.part.along[s.i+1]
	first, _ := slices.BinarySearchFunc(n.Edges[span.first:span.first+span.count], from, func(e Edge, at float64) int { return cmp.Compare(e.End, at) })
	for e := span.first + uint32(first); e < span.first+span.count && n.Edges[e].Start <= to; e++ {
		if !n.Edges[e].Laid {
			edges = append(edges, e)
		}
	}
	return edges
}

// nearestOn is the nearest place on an edge from which there is a way.
func (n *Network) nearestOn(edge uint32, q *Nearby, pl *plane) (best Place, ok bool) {
	e := &n.Edges[edge]
	along, against := e.speed(q.Profile, false) > 0, e.speed(q.Profile, true) > 0
	if q.Arriving {
		along, against = against, along
	}
	before, after := e.Length, 0.0 // where the first closed stretch begins, and the last ends
	closed := false
	for _, s := range q.Held[edge] {
		if s.Speed <= 0 && s.within(0, e.Length) {
			before, after, closed = min(before, s.From), max(after, s.To), true
		}
	}
	best.Distance = math.Inf(1)
	if !closed && (along || against) {
		best = e.nearest(0, e.Length, q.Point, pl)
	}
	if closed && against && before >= 0 {
		best = e.nearest(0, before, q.Point, pl)
	}
	if closed && along && after <= e.Length {
		if p := e.nearest(after, e.Length, q.Point, pl); p.Distance < best.Distance {
			best = p
		}
	}
	best.Edge = edge
	return best, !math.IsInf(best.Distance, 1)
}

// nearest is the place nearest to a point from lo to hi m along the edge.
func (e *Edge) nearest(lo, hi float64, to orb.Point, pl *plane) (best Place) {
	best.Distance = math.Inf(1)
	start := 0.0
	for i := 1; i < len(e.Line); i++ {
		a, b := e.Line[i-1], e.Line[i]
		length := land.Distance(a, b)
		end := start + length
		if end >= lo && start <= hi && length > 0 {
			A, B := pl.of(a), pl.of(b)
			t, _ := nearest(vec{}, A, B)
			t = min(max(t, (lo-start)/length), (hi-start)/length)
			if at := A.at(B, t); at.length() < best.Distance {
				side := On
				if c := B.sub(A).cross(vec{}.sub(A)); c > 0 {
					side = Left
				} else if c < 0 {
					side = Right
				}
				best = Place{Along: min(max(start+t*length, lo), hi), At: between(a, b, t), Distance: at.length(), Side: side}
			}
		}
		start = end
	}
	if !math.IsInf(best.Distance, 1) {
		best.Distance = land.Distance(to, best.At)
	}
	return best
}
