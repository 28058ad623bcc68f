package network

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// area is a polygon whose sides are found by latitude: bands of equal height
// hold the sides that pass them.
type area struct {
	box    orb.Bound
	sides  [][2]orb.Point
	bands  [][]int32
	height float64 // of a band, in degrees
}

// newArea prepares a polygon; nil where it has no side.
func newArea(g orb.Polygon) *area {
	a := &area{box: g.Bound()}
	for _, r := range g {
		for i := range r {
			if p, q := r[i], r[(i+1)%len(r)]; p != q {
				a.sides = append(a.sides, [2]orb.Point{p, q})
			}
		}
	}
	if len(a.sides) == 0 {
		return nil
	}
	a.bands = make([][]int32, 1+len(a.sides)/8)
	a.height = (a.box.Max[1] - a.box.Min[1]) / float64(len(a.bands))
	for i, s := range a.sides {
		lo, hi := a.passing(min(s[0][1], s[1][1]), max(s[0][1], s[1][1]))
		for b := lo; b <= hi; b++ {
			a.bands[b] = append(a.bands[b], int32(i))
		}
	}
	return a
}

// passing is the bands from one latitude to another.
func (a *area) passing(south, north float64) (lo, hi int) {
	band := func(lat float64) int {
		if a.height <= 0 {
			return 0
		}
		return int(min(max((lat-a.box.Min[1])/a.height, 0), float64(len(a.bands)-1)))
	}
	return band(south), band(north)
}

// contains tells whether a place is inside, by the even-odd rule.
func (a *area) contains(p orb.Point) bool {
	if !a.box.Contains(p) {
		return false
	}
	in := false
	lo, _ := a.passing(p[1], p[1])
	for _, i := range a.bands[lo] {
		s, e := a.sides[i][0], a.sides[i][1]
		if (s[1] > p[1]) == (e[1] > p[1]) {
			continue
		}
		if s[1] > e[1] {
			s, e = e, s
		}
		if p[0] < s[0]+(e[0]-s[0])*((p[1]-s[1])/(e[1]-s[1])) {
			in = !in
		}
	}
	return in
}

// on adds the shares of a segment that lie inside, or within a tolerance in m of
// the outline.
func (a *area) on(p, q orb.Point, tolerance float64, shares []stretch) []stretch {
	box := around(p, q, tolerance)
	if !box.Intersects(a.box) {
		return shares
	}
	pl := planeAt(p)
	var P vec
	Q := pl.of(q)
	cuts := []float64{0, 1}
	lo, hi := a.passing(box.Min[1], box.Max[1])
	for b := lo; b <= hi; b++ {
		for _, i := range a.bands[b] {
			s := a.sides[i]
			if max(s[0][0], s[1][0]) < box.Min[0] || min(s[0][0], s[1][0]) > box.Max[0] {
				continue
			}
			// Touching counts: to a micrometre, as computing goes.
			if c, ok := near(P, Q, pl.of(s[0]), pl.of(s[1]), max(tolerance, 1e-6)); ok {
				shares = append(shares, c)
				cuts = append(cuts, c.lo, c.hi) // it is crossed between these, if at all
			}
		}
	}
	slices.Sort(cuts)
	for k := 1; k < len(cuts); k++ {
		if cuts[k] > cuts[k-1] && a.contains(between(p, q, (cuts[k-1]+cuts[k])/2)) {
			shares = append(shares, stretch{cuts[k-1], cuts[k]})
		}
	}
	return shares
}

// near is the share of the segment from p to q that lies within r of the one
// from a to b. What lies so near is convex, so it is one stretch.
func near(p, q, a, b vec, r float64) (s stretch, ok bool) {
	s = stretch{math.Inf(1), math.Inf(-1)}
	put := func(lo, hi float64) {
		lo, hi = max(lo, 0), min(hi, 1)
		if lo <= hi {
			s.lo, s.hi = min(s.lo, lo), max(s.hi, hi)
		}
	}
	disc(p, q, a, r, put)
	disc(p, q, b, r, put)
	strip(p, q, a, b, r, put)
	return s, s.lo <= s.hi
}

// disc puts the share of p to q within r of a point.
func disc(p, q, c vec, r float64, put func(lo, hi float64)) {
	d, f := q.sub(p), p.sub(c)
	aa, bb, cc := d.dot(d), f.dot(d), f.dot(f)-r*r
	if aa == 0 {
		if cc <= 0 {
			put(0, 1)
		}
		return
	}
	if root := bb*bb - aa*cc; root >= 0 {
		w := math.Sqrt(root)
		put((-bb-w)/aa, (-bb+w)/aa)
	}
}

// strip puts the share of p to q that is beside the segment from a to b, between
// its ends and within r.
func strip(p, q, a, b vec, r float64, put func(lo, hi float64)) {
	side := b.sub(a)
	length := side.length()
	if length == 0 {
		return
	}
	u := vec{side.x / length, side.y / length}
	lo, hi := 0.0, 1.0
	clip := func(from, to, low, high float64) { // what runs from one to the other is between low and high
		d := to - from
		if d == 0 {
			if from < low || from > high {
				lo, hi = 1, 0
			}
			return
		}
		x, y := (low-from)/d, (high-from)/d
		lo, hi = max(lo, min(x, y)), min(hi, max(x, y))
	}
	P, Q := p.sub(a), q.sub(a)
	clip(P.dot(u), Q.dot(u), 0, length)
	clip(u.cross(P), u.cross(Q), -r, r)
	if lo <= hi {
		put(lo, hi)
	}
}
