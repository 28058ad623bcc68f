package geo

import (
	"fmt"
	"math"
	"math/big"

	"github.com/paulmach/orb"
)

// Swapped reports whether a point lies outside a box, and inside it when its
// longitude and latitude are exchanged.
func Swapped(box orb.Bound, p orb.Point) bool {
	return !box.Contains(p) && box.Contains(orb.Point{p[1], p[0]})
}

// Intersects reports whether box and g have a point in common. Both are
// closed sets in the plane, as for ST_Intersects: to touch is to intersect.
// A box may be a line or a point. Nil and empty geometries meet nothing.
//
// The answer is exact: no rounding, and so no tolerance. The cost is one pass
// over the vertices, a few nanoseconds each, without allocation; callers with
// an R-tree compare bounds first. A polygon whose rings cross is taken by the
// even-odd rule.
func Intersects(box orb.Bound, g orb.Geometry) bool {
	switch g := g.(type) {
	case nil:
		return false
	case orb.Point:
		return box.Contains(g)
	case orb.MultiPoint:
		for _, p := range g {
			if box.Contains(p) {
				return true
			}
		}
		return false
	case orb.LineString:
		return lineMeets(&box, g)
	case orb.MultiLineString:
		for _, l := range g {
			if lineMeets(&box, l) {
				return true
			}
		}
		return false
	case orb.Ring:
		return polygonMeets(&box, orb.Polygon{g})
	case orb.Polygon:
		return polygonMeets(&box, g)
	case orb.MultiPolygon:
		for _, p := range g {
			if polygonMeets(&box, p) {
				return true
			}
		}
		return false
	case orb.Collection:
		for _, m := range g {
			if Intersects(box, m) {
				return true
			}
		}
		return false
	case orb.Bound:
		return box.Intersects(g)
	default:
		panic(fmt.Sprintf("geo: cannot intersect a %T", g))
	}
}

func lineMeets(box *orb.Bound, l []orb.Point) bool {
	if len(l) == 1 {
		return box.Contains(l[0])
	}
	for i := 1; i < len(l); i++ {
		if segmentMeets(box, l[i-1], l[i]) {
			return true
		}
	}
	return false
}

// polygonMeets first looks for an edge that meets the box. If there is none
// the box lies wholly inside or outside each ring, and one corner decides.
func polygonMeets(box *orb.Bound, p orb.Polygon) bool {
	for i, r := range p {
		meets, inside := ringMeets(box, r)
		if meets {
			return true
		}
		if inside == (i > 0) { // outside the shell, or in a hole
			return false
		}
	}
	return len(p) > 0
}

// ringMeets reports whether an edge of r meets the box and, if none does,
// whether box.Min is inside r. An unclosed ring is closed.
func ringMeets(box *orb.Bound, r orb.Ring) (meets, inside bool) {
	if len(r) == 0 {
		return false, false
	}
	if len(r) == 1 {
		return box.Contains(r[0]), false
	}
	minX, minY, maxX, maxY := box.Min[0], box.Min[1], box.Max[0], box.Max[1]
	a := r[len(r)-1]
	for _, b := range r {
		switch {
		case a[0] < minX && b[0] < minX, a[0] > maxX && b[0] > maxX,
			a[1] < minY && b[1] < minY, a[1] > maxY && b[1] > maxY:
		default:
			if segmentMeets(box, a, b) {
				return true, false
			}
		}
		// Edges that pass the height of the corner, counted on its left. The
		// half-open rule counts a vertex at that height once.
		if (a[1] > minY) != (b[1] > minY) {
			switch {
			case a[0] < minX && b[0] < minX:
				inside = !inside
			case a[0] > minX && b[0] > minX:
			default:
				side := orientation(a, b, box.Min)
				if (side < 0) == (b[1] > a[1]) {
					inside = !inside
				}
			}
		}
		a = b
	}
	return false, inside
}

// segmentMeets is the separating axis test for a segment and a box: the axes
// are the two of the plane and the segment's normal.
func segmentMeets(box *orb.Bound, a, b orb.Point) bool {
	if a[0] < box.Min[0] && b[0] < box.Min[0] || a[0] > box.Max[0] && b[0] > box.Max[0] ||
		a[1] < box.Min[1] && b[1] < box.Min[1] || a[1] > box.Max[1] && b[1] > box.Max[1] {
		return false
	}
	if box.Contains(a) || box.Contains(b) {
		return true
	}
	// The two corners farthest on either side of a line that rises lie on the
	// diagonal that falls, and the other way round.
	c, d := orb.Point{box.Min[0], box.Max[1]}, orb.Point{box.Max[0], box.Min[1]}
	if (b[0] > a[0]) != (b[1] > a[1]) {
		c, d = box.Min, box.Max
	}
	return orientation(a, b, c)*orientation(a, b, d) <= 0
}

// orientation is +1 where c is left of the line from a to b, -1 where it is
// right, 0 where it is on it. The filter is Shewchuk's (1997), section 4.3;
// what it cannot decide is computed exactly, which allocates and takes
// microseconds but is as rare as collinear points.
func orientation(a, b, c orb.Point) int {
	left := (a[0] - c[0]) * (b[1] - c[1])
	right := (a[1] - c[1]) * (b[0] - c[0])
	det := left - right
	const bound = (3 + 16*epsilon) * epsilon
	if limit := bound * (math.Abs(left) + math.Abs(right)); det > limit {
		return 1
	} else if det < -limit {
		return -1
	}
	return orientationExact(a, b, c)
}

// epsilon is half an ulp of 1.
const epsilon = 1.0 / (1 << 53)

func orientationExact(a, b, c orb.Point) int {
	if a[0] == b[0] { // upright and level lines, the common case, need no big numbers
		return sign(c[0], a[0]) * sign(a[1], b[1])
	}
	if a[1] == b[1] {
		return sign(a[1], c[1]) * sign(a[0], b[0])
	}
	sub := func(x, y float64) *big.Rat {
		return new(big.Rat).Sub(new(big.Rat).SetFloat64(x), new(big.Rat).SetFloat64(y))
	}
	left := sub(a[0], c[0])
	left.Mul(left, sub(b[1], c[1]))
	right := sub(a[1], c[1])
	right.Mul(right, sub(b[0], c[0]))
	return left.Cmp(right)
}

// sign compares: +1 where x < y.
func sign(x, y float64) int {
	switch {
	case x < y:
		return 1
	case x > y:
		return -1
	}
	return 0
}
