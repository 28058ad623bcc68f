package tiles

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Vertex is a point in world coordinates: Web Mercator (EPSG:3857) in 32-bit
// fixed point. X grows eastward from the antimeridian, Y downward from the
// northern limit; 2^32 units are the width of the world, so a unit is 9.3 mm on
// the equator.
type Vertex struct{ X, Y uint32 }

// Box is a closed box in world coordinates.
type Box struct{ Min, Max Vertex }

// Meets reports whether the boxes have a point in common.
func (b Box) Meets(o Box) bool {
	return b.Min.X <= o.Max.X && o.Min.X <= b.Max.X && b.Min.Y <= o.Max.Y && o.Min.Y <= b.Max.Y
}

// Contains reports whether v lies in the box or on its edge.
func (b Box) Contains(v Vertex) bool {
	return b.Min.X <= v.X && v.X <= b.Max.X && b.Min.Y <= v.Y && v.Y <= b.Max.Y
}

// Union returns the smallest box that holds both.
func (b Box) Union(o Box) Box {
	return Box{
		Min: Vertex{min(b.Min.X, o.Min.X), min(b.Min.Y, o.Min.Y)},
		Max: Vertex{max(b.Max.X, o.Max.X), max(b.Max.Y, o.Max.Y)},
	}
}

func (b *Box) extend(v Vertex) { *b = b.Union(Box{Min: v, Max: v}) }

func boxOf(vs []Vertex) Box {
	b := emptyBox
	for _, v := range vs {
		b.Min.X, b.Min.Y = min(b.Min.X, v.X), min(b.Min.Y, v.Y)
		b.Max.X, b.Max.Y = max(b.Max.X, v.X), max(b.Max.Y, v.Y)
	}
	return b
}

// meetsAny reports whether a box meets any of others.
func (b Box) meetsAny(others []Box) bool {
	return slices.ContainsFunc(others, b.Meets)
}

func containsAny(boxes []Box, v Vertex) bool {
	for _, b := range boxes {
		if b.Contains(v) {
			return true
		}
	}
	return false
}

// emptyBox holds nothing; its union with any box is that box.
var emptyBox = Box{Min: Vertex{math.MaxUint32, math.MaxUint32}}

// maxLatitude is where the square of Web Mercator ends.
const maxLatitude = 85.05112877980659

// project returns the vertex of lon, lat in degrees, rounded to the nearest
// unit. Latitudes beyond the limit of Web Mercator come to lie on the edge of
// the world, and so does the meridian of 180 degrees east.
func project(lon, lat float64) Vertex {
	s := math.Sin(min(max(lat, -maxLatitude), maxLatitude) * (math.Pi / 180))
	return Vertex{
		X: fixed(lon/360 + 0.5),
		Y: fixed(0.5 - math.Log((1+s)/(1-s))/(4*math.Pi)),
	}
}

func fixed(f float64) uint32 {
	return uint32(min(max(math.Floor(f*(1<<32)+0.5), 0), math.MaxUint32))
}

// unproject returns the longitude and latitude of a vertex in degrees.
func unproject(v Vertex) (lon, lat float64) {
	return float64(v.X)/(1<<32)*360 - 180, latitude(float64(v.Y) / (1 << 32))
}

// latitude returns the latitude in degrees at a distance from the northern
// limit, as a part of the world's height.
func latitude(y float64) float64 {
	return math.Atan(math.Sinh(math.Pi*(1-2*y))) * (180 / math.Pi)
}

// Bound returns the box in lon, lat degrees, rounded outward.
func (b Box) Bound() orb.Bound {
	w, n := unproject(b.Min)
	e, s := unproject(b.Max)
	const unit = 360.0 / (1 << 32)
	bound := orb.Bound{Min: orb.Point{max(w-unit, -180), s - unit}, Max: orb.Point{min(e+unit, 180), n + unit}}
	// What lies beyond the limit of Web Mercator is on the edge of the world.
	if b.Min.Y == 0 {
		bound.Max[1] = 90
	}
	if b.Max.Y == math.MaxUint32 {
		bound.Min[1] = -90
	}
	return bound
}
