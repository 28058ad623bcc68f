package tiles

import "math/bits"

// rings is a list of closed rings on a tile's grid, in flat slices.
type rings struct {
	pts  []point
	ends []int32
}

func (r *rings) reset() { r.pts, r.ends = r.pts[:0], r.ends[:0] }

func (r *rings) len() int { return len(r.ends) }

func (r *rings) start(i int) int {
	if i == 0 {
		return 0
	}
	return int(r.ends[i-1])
}

func (r *rings) ring(i int) []point { return r.pts[r.start(i):r.ends[i]] }

// cut drops ring n and those after it.
func (r *rings) cut(n int) {
	r.pts, r.ends = r.pts[:r.start(n)], r.ends[:n]
}

func (r *rings) add(ring []point) {
	r.pts = append(r.pts, ring...)
	r.ends = append(r.ends, int32(len(r.pts)))
}

// push appends p to the ring that starts at base. A point that repeats the one
// before is left out, and so is a spike: there and back along the same edge is
// nothing in a sum of directed edges.
func push(pts []point, base int, p point) []point {
	n := len(pts)
	if n > base && pts[n-1] == p {
		return pts
	}
	if n > base+1 && pts[n-2] == p {
		return pts[:n-1]
	}
	return append(pts, p)
}

// closeRing takes repetitions and spikes off the seam of a ring. What is left is
// empty or has at least three points.
func closeRing(pts []point, base int) []point {
	first := base
	for {
		n := len(pts)
		switch {
		case n-first < 3:
			return pts[:base]
		case pts[n-1] == pts[first]:
			pts = pts[:n-1]
		case pts[n-2] == pts[first]:
			pts = pts[:n-1]
		case pts[n-1] == pts[first+1]:
			first++
		default:
			return append(pts[:base], pts[first:]...)
		}
	}
}

// area2 returns twice the signed area of a ring as the MVT specification has it.
func area2(ring []point) int64 {
	if len(ring) < 3 {
		return 0
	}
	var sum int64
	p := ring[len(ring)-1]
	for _, q := range ring {
		sum += p.x*q.y - q.x*p.y
		p = q
	}
	return sum
}

// clipper cuts rings along the border of the buffered tile.
type clipper struct {
	a, b []point
}

// ring clips a ring to the buffered tile and appends it to dst. tangled says
// that the ring entered some half-plane more than once: its pieces are then
// joined by edges that lie on each other along the border, which dissolve
// separates. cut says that it crossed the border at all.
//
// The result, as a sum of directed edges, depends only on the sum of the edges
// given: strictly inside a half-plane edges are kept, an edge that crosses is cut
// at a point that does not depend on its direction, and along a line a closed
// sum is determined by where its parts begin and end (Sutherland and Hodgman,
// Reentrant Polygon Clipping, 1974, one side after the other).
func (c *clipper) ring(dst, ring []point) (out []point, cut, tangled bool) {
	base := len(dst)
	all, any := ^side(0), side(0)
	for _, p := range ring {
		s := p.sides()
		all &= s
		any |= s
	}
	if all != 0 {
		return dst, true, false
	}
	src := ring
	c.a, c.b = c.a[:0], c.b[:0]
	for _, s := range [4]side{left, right, above, below} {
		if any&s == 0 {
			continue
		}
		var entries int
		c.a, entries = half(c.a[:0], src, s)
		src = c.a
		c.a, c.b = c.b, c.a
		tangled = tangled || entries > 1
	}
	for _, p := range src {
		dst = push(dst, base, p)
	}
	return closeRing(dst, base), any != 0, tangled
}

// half clips a ring to the half-plane inside of one side and counts how often
// the ring enters it.
func half(dst, ring []point, s side) ([]point, int) {
	if len(ring) == 0 {
		return dst, 0
	}
	entries := 0
	p := ring[len(ring)-1]
	in := p.sides()&s == 0
	for _, q := range ring {
		qin := q.sides()&s == 0
		switch {
		case in && qin:
			dst = append(dst, q)
		case in:
			dst = append(dst, crossingPoint(p, q, s))
		case qin:
			dst = append(dst, crossingPoint(q, p, s), q)
			entries++
		}
		p, in = q, qin
	}
	return dst, entries
}

// crossingPoint returns where the edge from in, inside a side, to out, outside
// it or on its line, meets the line, rounded to the grid.
func crossingPoint(in, out point, s side) point {
	switch s {
	case left:
		return point{low, in.y + scale(out.y-in.y, in.x-low, in.x-out.x)}
	case right:
		return point{high, in.y + scale(out.y-in.y, high-in.x, out.x-in.x)}
	case above:
		return point{in.x + scale(out.x-in.x, in.y-low, in.y-out.y), low}
	default:
		return point{in.x + scale(out.x-in.x, high-in.y, out.y-in.y), high}
	}
}

// scale returns d*n/m rounded to the nearest integer, halves away from zero, for
// 0 < n <= m. The product may need more than 64 bits at the highest zooms.
func scale(d, n, m int64) int64 {
	if d < 0 {
		return -scale(-d, n, m)
	}
	hi, lo := bits.Mul64(uint64(d), uint64(n))
	lo, carry := bits.Add64(lo, uint64(m)/2, 0)
	q, _ := bits.Div64(hi+carry, lo, uint64(m))
	return int64(q)
}

// line clips a line to the buffered tile, edge by edge, and appends its pieces
// to dst as open parts.
func (c *clipper) line(dst *rings, line []point) {
	from := len(dst.pts)
	flush := func() {
		if len(dst.pts)-from >= 2 {
			dst.ends = append(dst.ends, int32(len(dst.pts)))
			from = len(dst.pts)
		} else {
			dst.pts = dst.pts[:from]
		}
	}
	for i := 1; i < len(line); i++ {
		p, q, ok := clipEdge(line[i-1], line[i])
		if !ok || p == q {
			continue
		}
		if n := len(dst.pts); n > from && dst.pts[n-1] != p {
			flush()
		}
		if len(dst.pts) == from {
			dst.pts = append(dst.pts, p)
		}
		dst.pts = append(dst.pts, q)
	}
	flush()
}

// clipEdge returns the part of an edge inside the clip border or on it.
func clipEdge(p, q point) (point, point, bool) {
	for {
		a, b := p.beyond(), q.beyond()
		switch {
		case a|b == 0:
			return p, q, true
		case a&b != 0:
			return p, q, false
		case a != 0:
			p = crossingPoint(q, p, a&-a)
		default:
			q = crossingPoint(p, q, b&-b)
		}
	}
}

// beyond is sides for lines: a point on the border is not beyond it.
func (p point) beyond() side {
	var s side
	if p.x < low {
		s = left
	} else if p.x > high {
		s = right
	}
	if p.y < low {
		s |= above
	} else if p.y > high {
		s |= below
	}
	return s
}
