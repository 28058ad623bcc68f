package demo

import (
	"math"

	"github.com/paulmach/orb"
)

// vec is a point or a direction in the flat plane: metres east and north of
// the plane's centre. Products are rounded one by one, see the package
// comment.
type vec struct{ x, y float64 }

func (a vec) add(b vec) vec           { return vec{a.x + b.x, a.y + b.y} }
func (a vec) sub(b vec) vec           { return vec{a.x - b.x, a.y - b.y} }
func (a vec) times(s float64) vec     { return vec{float64(a.x * s), float64(a.y * s)} }
func (a vec) dot(b vec) float64       { return float64(a.x*b.x) + float64(a.y*b.y) }
func (a vec) cross(b vec) float64     { return float64(a.x*b.y) - float64(a.y*b.x) }
func (a vec) len() float64            { return math.Sqrt(a.dot(a)) }
func (a vec) left() vec               { return vec{-a.y, a.x} }
func (a vec) to(b vec, s float64) vec { return a.add(b.sub(a).times(s)) }

func (a vec) unit() vec {
	n := a.len()
	if n == 0 {
		return vec{1, 0}
	}
	return vec{a.x / n, a.y / n}
}

// turn rotates a by the angle whose tangent of the half is h, without
// trigonometry.
func (a vec) turn(h float64) vec {
	hh := float64(h * h)
	c, s := (1-hh)/(1+hh), float64(2*h)/(1+hh)
	return vec{float64(a.x*c) - float64(a.y*s), float64(a.x*s) + float64(a.y*c)}
}

// segmentDistance is the distance of p from the segment a to b.
func segmentDistance(p, a, b vec) float64 {
	d := b.sub(a)
	s := p.sub(a).dot(d) / d.dot(d)
	return p.sub(a.to(b, min(max(s, 0), 1))).len()
}

// smooth is 0 below lo, 1 above hi and rises without a kink between.
func smooth(lo, hi, x float64) float64 {
	s := min(max((x-lo)/(hi-lo), 0), 1)
	return float64(float64(s*s) * (3 - float64(2*s)))
}

// grid is a position on the globe in steps of 1e-7 degrees, about 1 cm:
// coordinates are exact integers until they leave the package.
type grid struct{ lon, lat int64 }

const (
	gridSteps = 1e7 // in a degree

	// The plane's centre and the metres of a degree there. Flat enough for a
	// city of 12 km: the error is about 1 in 10,000 at its edge.
	centreLon, centreLat = 95.325, 5.565
	metresLon, metresLat = 110800.0, 110580.0
)

// globe takes a point of the (bent) plane to the grid.
func globe(p vec) grid {
	return grid{
		int64(math.Round(float64(p.x*gridSteps)/metresLon)) + int64(math.Round(centreLon*gridSteps)),
		int64(math.Round(float64(p.y*gridSteps)/metresLat)) + int64(math.Round(centreLat*gridSteps)),
	}
}

// flat takes a grid position back to the bent plane.
func flat(g grid) vec {
	return vec{
		float64(float64(g.lon-int64(math.Round(centreLon*gridSteps)))*metresLon) / gridSteps,
		float64(float64(g.lat-int64(math.Round(centreLat*gridSteps)))*metresLat) / gridSteps,
	}
}

// at takes degrees to the plane.
func at(lon, lat float64) vec {
	return vec{float64((lon - centreLon) * metresLon), float64((lat - centreLat) * metresLat)}
}

// point is the position in degrees. A quotient of two integers is rounded
// correctly, so it prints with seven decimals at most.
func (g grid) point() orb.Point {
	return orb.Point{float64(g.lon) / gridSteps, float64(g.lat) / gridSteps}
}

// ringOf closes a ring of grid positions as degrees.
func ringOf(gs []grid) orb.Ring {
	r := make(orb.Ring, 0, len(gs)+1)
	for _, g := range gs {
		r = append(r, g.point())
	}
	return append(r, r[0])
}

// area2 is twice the signed area of a ring in square grid steps: an exact
// integer, positive when counter-clockwise.
func area2(gs []grid) int64 {
	var sum int64
	for i := range gs {
		a, b := gs[i], gs[(i+1)%len(gs)]
		a.lon, a.lat = a.lon-gs[0].lon, a.lat-gs[0].lat
		b.lon, b.lat = b.lon-gs[0].lon, b.lat-gs[0].lat
		sum += a.lon*b.lat - a.lat*b.lon
	}
	return sum
}

// squareMetres turns twice an area in grid steps into m2 in the plane.
func squareMetres(area2 int64) float64 {
	return float64(float64(area2)*metresLon) / gridSteps * metresLat / gridSteps / 2
}
