package network

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/indicator/land"
)

// weld is the distance in m below which places are one: the unit in which
// OpenStreetMap keeps coordinates.
const weld = 0.01

// vec is a place on a plane, in m.
type vec struct{ x, y float64 }

func (a vec) sub(b vec) vec           { return vec{a.x - b.x, a.y - b.y} }
func (a vec) dot(b vec) float64       { return a.x*b.x + a.y*b.y }
func (a vec) cross(b vec) float64     { return a.x*b.y - a.y*b.x }
func (a vec) length() float64         { return math.Sqrt(a.dot(a)) }
func (a vec) at(b vec, t float64) vec { return vec{a.x + (b.x-a.x)*t, a.y + (b.y-a.y)*t} }

// plane touches the ellipsoid at a place. Within a kilometre of it distances
// are right to about 1e-5, and straight lines stay straight at any distance.
type plane struct {
	origin orb.Point
	x, y   float64 // m per degree
}

func planeAt(o orb.Point) plane {
	x, y := land.Metres(o[1])
	return plane{o, x, y}
}

func (p *plane) of(q orb.Point) vec {
	return vec{(q[0] - p.origin[0]) * p.x, (q[1] - p.origin[1]) * p.y}
}

// around is the box that reaches r metres beyond the box of a and b, and a
// little more.
func around(a, b orb.Point, r float64) orb.Bound {
	box := orb.Bound{Min: a, Max: a}.Extend(b)
	r *= 1.001
	x, y := land.Metres(max(math.Abs(a[1]), math.Abs(b[1])))
	if x < 1 { // at a pole every longitude is near
		x = r / 360
	}
	return orb.Bound{
		Min: orb.Point{box.Min[0] - r/x, box.Min[1] - r/y},
		Max: orb.Point{box.Max[0] + r/x, box.Max[1] + r/y},
	}
}

// nearest is the place on a segment, as a share of it, that is nearest to p,
// and how far that is.
func nearest(p, a, b vec) (t, distance float64) {
	d := b.sub(a)
	if n := d.dot(d); n > 0 {
		t = min(max(p.sub(a).dot(d)/n, 0), 1)
	}
	return t, p.sub(a.at(b, t)).length()
}

func between(a, b orb.Point, t float64) orb.Point {
	switch t {
	case 0:
		return a
	case 1:
		return b
	}
	return orb.Point{a[0] + (b[0]-a[0])*t, a[1] + (b[1]-a[1])*t}
}

// meeting is where two segments come together: the shares of them, 0 or 1
// exactly where that is a vertex, and the place, which is a vertex if it can.
type meeting struct {
	s, u   float64
	at     orb.Point
	vertex bool
}

// meetings are where segments a b and c d come together: up to two places, and
// four where they run side by side within a centimetre. Which two segments are
// told first and how they point may change the last digit, so callers keep to
// one order.
func meetings(a, b, c, d orb.Point) (found [4]meeting, n int) {
	p := planeAt(a)
	var A vec
	B, C, D := p.of(b), p.of(c), p.of(d)
	ab, cd := B.length(), D.sub(C).length()
	add := func(s, u float64) {
		s, u = toEnd(s, ab), toEnd(u, cd)
		for _, m := range found[:n] {
			if math.Abs(m.s-s)*ab <= weld && math.Abs(m.u-u)*cd <= weld {
				return
			}
		}
		if n == len(found) {
			return
		}
		m := meeting{s: s, u: u, vertex: true}
		onS, onU := s == 0 || s == 1, u == 0 || u == 1
		switch {
		case onU && !onS:
			m.at = between(c, d, u)
		default:
			m.at, m.vertex = between(a, b, s), onS
		}
		found[n] = m
		n++
	}
	if t, r := nearest(A, C, D); r <= weld {
		add(0, t)
	}
	if t, r := nearest(B, C, D); r <= weld {
		add(1, t)
	}
	if t, r := nearest(C, A, B); r <= weld {
		add(t, 0)
	}
	if t, r := nearest(D, A, B); r <= weld {
		add(t, 1)
	}
	if e, f := B, D.sub(C); e.cross(f) != 0 {
		s, u := C.cross(f)/e.cross(f), C.cross(e)/e.cross(f)
		if s >= 0 && s <= 1 && u >= 0 && u <= 1 {
			add(s, u)
		}
	}
	return found, n
}

// toEnd takes a share of a segment for its end within a centimetre of it.
func toEnd(t, length float64) float64 {
	switch {
	case t*length <= weld && t <= 0.5:
		return 0
	case (1-t)*length <= weld:
		return 1
	}
	return t
}

// apart reports whether two segments are more than r metres from each other.
func apart(a, b, c, d orb.Point, r float64) bool {
	p := planeAt(a)
	var A vec
	B, C, D := p.of(b), p.of(c), p.of(d)
	for _, of := range [...][3]vec{{A, C, D}, {B, C, D}, {C, A, B}, {D, A, B}} {
		if _, near := nearest(of[0], of[1], of[2]); near <= r {
			return false
		}
	}
	e, f := B, D.sub(C)
	if e.cross(f) == 0 {
		return true
	}
	s, u := C.cross(f)/e.cross(f), C.cross(e)/e.cross(f)
	return s < 0 || s > 1 || u < 0 || u > 1
}
