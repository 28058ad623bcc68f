package land

import (
	"math"

	"github.com/paulmach/orb"
)

// WGS 84.
const (
	semiMajor  = 6378137.0
	flattening = 1 / 298.257223563
	ecc2       = flattening * (2 - flattening)
	degree     = math.Pi / 180
)

// element is the area in m2 of one square degree at a latitude in degrees:
// M N cos(lat).
func element(lat float64) float64 {
	sin, cos := math.Sincos(lat * degree)
	w2 := 1 - ecc2*sin*sin
	return semiMajor * semiMajor * (1 - ecc2) * cos / (w2 * w2) * degree * degree
}

// band weighs the widths of trapezoids between two latitudes, in degrees: one
// that is b degrees wide at the bottom and t at the top has b*bottom + t*top
// square metres.
type band struct{ bottom, top float64 }

// bandOf integrates the element by three points of Gauss and Legendre, which
// is exact to the last digits for bands of a degree.
func bandOf(south, north float64) band {
	const at, side, middle = 0.7745966692414834, 5.0 / 18, 8.0 / 18
	h := north - south
	m := south + h/2
	a, b, c := element(m-at*h/2)*side*h, element(m)*middle*h, element(m+at*h/2)*side*h
	const low, high = (1 - at) / 2, (1 + at) / 2
	return band{bottom: a*high + b/2 + c*low, top: a*low + b/2 + c*high}
}

// Measure returns the area of a multipolygon in m2, its rings by their nesting
// (the first of a polygon is its outside). It costs one band for each vertex.
func Measure(g orb.MultiPolygon) float64 {
	total := 0.0
	for _, p := range g {
		for i, r := range p {
			if a := ringArea(r); i == 0 {
				total += a
			} else {
				total -= a
			}
		}
	}
	return total
}

func ringArea(r orb.Ring) float64 {
	if len(r) == 0 {
		return 0
	}
	west := r[0][0]
	sum := 0.0
	for i := 1; i < len(r); i++ {
		a, b := r[i-1], r[i]
		if a[1] == b[1] {
			continue
		}
		w := bandOf(a[1], b[1])
		sum += (a[0]-west)*w.bottom + (b[0]-west)*w.top
	}
	return math.Abs(sum)
}
