package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// The WGS 84 ellipsoid.
const (
	semiMajor  = 6378137.0
	flattening = 1 / 298.257223563
)

const (
	degree = math.Pi / 180
	// mercatorLat is where the square Web Mercator world ends.
	mercatorLat = 85.0511287798066
	mercatorMax = semiMajor * math.Pi
	// slack lets a corner of the world that was rounded to the millimetre
	// still count as the corner.
	slack = 0.01
)

func mercatorForward(p orb.Point) orb.Point {
	return orb.Point{semiMajor * degree * p[0], semiMajor * math.Asinh(math.Tan(p[1]*degree))}
}

func mercatorInverse(p orb.Point) (orb.Point, bool) {
	if math.Abs(p[0]) > mercatorMax+slack || math.Abs(p[1]) > mercatorMax+slack {
		return orb.Point{}, false
	}
	lon := p[0] / semiMajor / degree
	lat := math.Atan(math.Sinh(p[1]/semiMajor)) / degree
	return orb.Point{min(max(lon, -180), 180), min(max(lat, -mercatorLat), mercatorLat)}, true
}

// grid is a transverse Mercator projection of the WGS 84 ellipsoid with its
// origin on the equator.
type grid struct {
	lon0        float64 // central meridian, degrees
	k0          float64 // scale on the central meridian
	east, north float64 // false easting and northing, metres
}

const (
	// tmReach is how far from the central meridian the projection is used, in
	// degrees; tmLat the highest latitude.
	tmReach = 50
	tmLat   = 84
)

// The Krüger series to the sixth order in the third flattening n, as Karney
// (2011), "Transverse Mercator with an accuracy of a few nanometers",
// equations 35 and 36, gives them. All are constants, exact until the compiler rounds
// them once.
const (
	tmN  = flattening / (2 - flattening)
	tmN2 = tmN * tmN
	tmN3 = tmN2 * tmN
	tmN4 = tmN3 * tmN
	tmN5 = tmN4 * tmN
	tmN6 = tmN5 * tmN

	rectifying = semiMajor / (1 + tmN) * (1 + tmN2/4 + tmN4/64 + tmN6/256)

	alpha1 = tmN/2 - tmN2*2/3 + tmN3*5/16 + tmN4*41/180 - tmN5*127/288 + tmN6*7891/37800
	alpha2 = tmN2*13/48 - tmN3*3/5 + tmN4*557/1440 + tmN5*281/630 - tmN6*1983433/1935360
	alpha3 = tmN3*61/240 - tmN4*103/140 + tmN5*15061/26880 + tmN6*167603/181440
	alpha4 = tmN4*49561/161280 - tmN5*179/168 + tmN6*6601661/7257600
	alpha5 = tmN5*34729/80640 - tmN6*3418889/1995840
	alpha6 = tmN6 * 212378941 / 319334400

	beta1 = tmN/2 - tmN2*2/3 + tmN3*37/96 - tmN4*1/360 - tmN5*81/512 + tmN6*96199/604800
	beta2 = tmN2*1/48 + tmN3*1/15 - tmN4*437/1440 + tmN5*46/105 - tmN6*1118711/3870720
	beta3 = tmN3*17/480 - tmN4*37/840 - tmN5*209/4480 + tmN6*5569/90720
	beta4 = tmN4*4397/161280 - tmN5*11/504 - tmN6*830251/7257600
	beta5 = tmN5*4583/161280 - tmN6*108847/3991680
	beta6 = tmN6 * 20648693 / 638668800
)

// eccentricity2 is the square of the first eccentricity.
const eccentricity2 = flattening * (2 - flattening)

func (g grid) forward(p orb.Point) orb.Point {
	sinLon, cosLon := math.Sincos((p[0] - g.lon0) * degree)
	tau := conformalTan(math.Tan(p[1] * degree))
	xi := math.Atan2(tau, cosLon)
	eta := math.Asinh(sinLon / math.Hypot(tau, cosLon))
	dxi, deta := series(xi, eta, alpha1, alpha2, alpha3, alpha4, alpha5, alpha6)
	r := g.k0 * rectifying
	return orb.Point{g.east + r*(eta+deta), g.north + r*(xi+dxi)}
}

// inverse reports false where the series does not hold; the caller checks
// the domain.
func (g grid) inverse(p orb.Point) (orb.Point, bool) {
	r := g.k0 * rectifying
	eta, xi := (p[0]-g.east)/r, (p[1]-g.north)/r
	// At 50 degrees from the meridian, on the equator, eta is 1.01; beyond
	// 90 degrees of northing is the far side of the earth.
	if math.Abs(eta) > 1.1 || math.Abs(xi) > math.Pi/2 {
		return orb.Point{}, false
	}
	dxi, deta := series(xi, eta, beta1, beta2, beta3, beta4, beta5, beta6)
	xi, eta = xi-dxi, eta-deta
	sinXi, cosXi := math.Sincos(xi)
	sinhEta := math.Sinh(eta)
	lon := g.lon0 + math.Atan2(sinhEta, cosXi)/degree
	tau := geodeticTan(sinXi / math.Hypot(sinhEta, cosXi))
	return orb.Point{lon, math.Atan(tau) / degree}, true
}

// series sums the six terms of both components by Clenshaw's recurrence with
// the complex argument 2(xi + i eta): one sine and one exponential in all.
func series(xi, eta, a1, a2, a3, a4, a5, a6 float64) (dxi, deta float64) {
	sin, cos := math.Sincos(2 * xi)
	e := math.Exp(2 * eta)
	cosh, sinh := (e+1/e)/2, (e-1/e)/2
	if math.Abs(eta) < 1e-3 { // where the difference above would cancel
		sinh = math.Sinh(2 * eta)
	}
	// 2 cos(2 zeta) = ar + i ai
	ar, ai := 2*cos*cosh, -2*sin*sinh
	var b1r, b1i, b2r, b2i float64
	for _, a := range [...]float64{a6, a5, a4, a3, a2, a1} {
		b1r, b1i, b2r, b2i = a+ar*b1r-ai*b1i-b2r, ar*b1i+ai*b1r-b2i, b1r, b1i
	}
	// times sin(2 zeta)
	sr, si := sin*cosh, cos*sinh
	return sr*b1r - si*b1i, sr*b1i + si*b1r
}

// conformalTan turns the tangent of a geodetic latitude into that of the
// conformal one.
func conformalTan(tau float64) float64 {
	e := math.Sqrt(eccentricity2)
	sec := math.Hypot(1, tau)
	sigma := math.Sinh(e * math.Atanh(e*tau/sec))
	return math.Hypot(1, sigma)*tau - sigma*sec
}

// geodeticTan is the inverse of conformalTan, by Newton's method; two rounds
// are enough for a double, the rest is for the doubt.
func geodeticTan(want float64) float64 {
	tau := want / (1 - eccentricity2)
	for range 5 {
		got := conformalTan(tau)
		step := (want - got) / math.Hypot(1, got) * (1 + (1-eccentricity2)*tau*tau) /
			((1 - eccentricity2) * math.Hypot(1, tau))
		tau += step
		if math.Abs(step) <= 1e-15*max(1, math.Abs(tau)) {
			break
		}
	}
	return tau
}
