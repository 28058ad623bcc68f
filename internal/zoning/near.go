package zoning

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/indicator/land"
	"github.com/simtaru/simtaru/internal/mirror"
)

// site is a point with the scale of the map around it.
type site struct {
	at orb.Point
	// x and y are metres a degree of longitude and latitude.
	x, y float64
}

// siteAt measures on the WGS 84 ellipsoid as it is at the point: within a
// kilometre to the centimetre, within five to less than a metre.
func siteAt(p orb.Point) site {
	lon, north := land.Metres(p[1])
	return site{p, lon, north}
}

// around is a box of at least metres on each side.
func (s site) around(metres float64) orb.Bound {
	dx, dy := metres/s.x, metres/s.y
	return orb.Bound{Min: orb.Point{s.at[0] - dx, s.at[1] - dy}, Max: orb.Point{s.at[0] + dx, s.at[1] + dy}}
}

// local is a point in metres from the site.
func (s site) local(p orb.Point) (x, y float64) {
	return (p[0] - s.at[0]) * s.x, (p[1] - s.at[1]) * s.y
}

// from is the distance in metres to a geometry: to its edge where it is an
// area, and then inside tells whether the site is in it. Infinite for none.
func (s site) from(g orb.Geometry) (metres float64, inside bool) {
	switch g := g.(type) {
	case nil:
		return math.Inf(1), false
	case orb.Point:
		return math.Hypot(s.local(g)), false
	case orb.MultiLineString:
		metres = math.Inf(1)
		for _, l := range g {
			m, _ := s.fromLine(l)
			metres = math.Min(metres, m)
		}
		return metres, false
	case orb.MultiPolygon:
		metres = math.Inf(1)
		for _, p := range g {
			odd := false
			for _, r := range p {
				m, crossed := s.fromLine(orb.LineString(r))
				metres, odd = math.Min(metres, m), odd != crossed
			}
			inside = inside || odd
		}
		return metres, inside
	default:
		// A layer declares one of the three.
		return math.Inf(1), false
	}
}

// fromLine also tells whether a ray to the east crosses the line an odd number
// of times.
func (s site) fromLine(l orb.LineString) (metres float64, odd bool) {
	squared := math.Inf(1)
	for i := 1; i < len(l); i++ {
		ax, ay := s.local(l[i-1])
		bx, by := s.local(l[i])
		dx, dy := bx-ax, by-ay
		t := 0.0
		if n := dx*dx + dy*dy; n > 0 {
			t = math.Max(0, math.Min(1, -(ax*dx+ay*dy)/n))
		}
		x, y := ax+t*dx, ay+t*dy
		squared = math.Min(squared, x*x+y*y)
		if (ay > 0) != (by > 0) && ax-ay*dx/dy > 0 {
			odd = !odd
		}
	}
	return math.Sqrt(squared), odd
}

// nearest looks for the nearest feature that keep takes, no further than far
// metres; inside an area the distance is 0. It looks in boxes that grow.
func (s site) nearest(snap *mirror.Snapshot, far float64, keep func(*mirror.Feature) bool) (found *mirror.Feature, metres float64) {
	for radius := math.Min(250, far); ; radius = math.Min(radius*4, far) {
		found, metres = nil, math.Inf(1)
		snap.Search(s.around(radius), func(f *mirror.Feature) bool {
			if !keep(f) {
				return true
			}
			m, inside := s.from(f.Geometry)
			if inside {
				m = 0
			}
			if m < metres || m == metres && found != nil && f.ID < found.ID {
				found, metres = f, m
			}
			return true
		})
		if found != nil && metres <= radius {
			return found, metres
		}
		if radius >= far {
			return nil, 0
		}
	}
}

// Distance is how far in metres a point is from a geometry, 0 inside an area; to
// the centimetre within a kilometre. Infinite for no geometry.
func Distance(p orb.Point, g orb.Geometry) float64 {
	metres, inside := siteAt(p).from(g)
	if inside {
		return 0
	}
	return metres
}
