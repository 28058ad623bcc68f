package geo

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// CRS is one of the coordinate reference systems the service speaks. The zero
// value is CRS84, in which everything is held.
//
// All of them are the WGS 84 ellipsoid and differ only in projection and axis
// order: DGN95 is aligned with WGS 84 to a metre or so, and both proj.db and
// PostGIS take the datum shift as null, as we do.
type CRS uint8

// The coordinate reference systems.
const (
	CRS84     CRS = iota // longitude, latitude in degrees
	EPSG4326             // WGS 84: latitude, longitude in degrees
	EPSG3857             // Web Mercator: easting, northing; not for measuring
	EPSG32646            // UTM zone 46N: easting, northing in metres
	EPSG23830            // DGN95 / Indonesia TM-3 zone 46.2: easting, northing in metres
)

// CRSs lists all members of CRS, the default first.
func CRSs() []CRS { return []CRS{CRS84, EPSG4326, EPSG3857, EPSG32646, EPSG23830} }

// SRID is the number of the CRS in PostGIS. CRS84 and EPSG4326 share 4326,
// since PostGIS always stores longitude first.
func (c CRS) SRID() int {
	switch c {
	case CRS84, EPSG4326:
		return 4326
	case EPSG3857:
		return 3857
	case EPSG32646:
		return 32646
	case EPSG23830:
		return 23830
	default:
		panic(fmt.Sprintf("geo: unknown CRS %d", uint8(c)))
	}
}

// URI is the identifier that OGC API uses.
func (c CRS) URI() string {
	switch c {
	case CRS84:
		return "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
	case EPSG4326:
		return "http://www.opengis.net/def/crs/EPSG/0/4326"
	case EPSG3857:
		return "http://www.opengis.net/def/crs/EPSG/0/3857"
	case EPSG32646:
		return "http://www.opengis.net/def/crs/EPSG/0/32646"
	case EPSG23830:
		return "http://www.opengis.net/def/crs/EPSG/0/23830"
	default:
		panic(fmt.Sprintf("geo: unknown CRS %d", uint8(c)))
	}
}

// String is the short form: OGC:CRS84, EPSG:32646.
func (c CRS) String() string {
	if c == CRS84 {
		return "OGC:CRS84"
	}
	return "EPSG:" + strconv.Itoa(c.SRID())
}

// Title is the name the authority gives the CRS.
func (c CRS) Title() string {
	switch c {
	case CRS84:
		return "WGS 84 longitude-latitude"
	case EPSG4326:
		return "WGS 84"
	case EPSG3857:
		return "WGS 84 / Pseudo-Mercator"
	case EPSG32646:
		return "WGS 84 / UTM zone 46N"
	case EPSG23830:
		return "DGN95 / Indonesia TM-3 zone 46.2"
	default:
		panic(fmt.Sprintf("geo: unknown CRS %d", uint8(c)))
	}
}

// NorthFirst reports whether the authority puts the northing or latitude
// before the easting or longitude. Of ours only EPSG:4326 does (EPSG:23830 is
// east, north in the EPSG database, like UTM). Points in this package are
// always east, north; only text in and out follows the authority.
func (c CRS) NorthFirst() bool { return c == EPSG4326 }

// Geographic reports whether coordinates are degrees; otherwise metres.
func (c CRS) Geographic() bool { return c == CRS84 || c == EPSG4326 }

// Decimals is how many decimals a coordinate is written with: a tenth of a
// millimetre either way.
func (c CRS) Decimals() int {
	if c.Geographic() {
		return 9
	}
	return 4
}

// Domain is the box in lon, lat within which the CRS can be used. For the
// transverse Mercator ones it is 50 degrees on either side of the central
// meridian: wide enough for all Indonesia, and the series is still exact to
// well under a millimetre there. What lies outside is refused, since beyond
// 90 degrees the projection folds the world onto itself.
func (c CRS) Domain() orb.Bound {
	switch c {
	case CRS84, EPSG4326:
		return World()
	case EPSG3857:
		return orb.Bound{Min: orb.Point{-180, -mercatorLat}, Max: orb.Point{180, mercatorLat}}
	default:
		lon0 := c.grid().lon0
		return orb.Bound{Min: orb.Point{lon0 - tmReach, -tmLat}, Max: orb.Point{lon0 + tmReach, tmLat}}
	}
}

// World is the box of all longitudes and latitudes.
func World() orb.Bound { return orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}} }

// grid returns the parameters of a transverse Mercator CRS.
func (c CRS) grid() grid {
	switch c {
	case EPSG32646:
		return grid{lon0: 93, k0: 0.9996, east: 500_000, north: 0}
	case EPSG23830:
		return grid{lon0: 94.5, k0: 0.9999, east: 200_000, north: 1_500_000}
	default:
		panic(fmt.Sprintf("geo: %v is not transverse Mercator", c))
	}
}

// LookupURI returns the CRS whose OGC URI is s, to the letter.
func LookupURI(s string) (CRS, bool) {
	for _, c := range CRSs() {
		if s == c.URI() {
			return c, true
		}
	}
	return 0, false
}

// ParseCRS reads a CRS as people and files write it: an OGC URI, a URN
// (urn:ogc:def:crs:EPSG::4326, urn:ogc:def:crs:OGC:1.3:CRS84), EPSG:n,
// OGC:CRS84 or CRS84, in brackets or not. Case matters in URIs only.
func ParseCRS(s string) (CRS, error) {
	if c, ok := LookupURI(s); ok {
		return c, nil
	}
	t := strings.ToUpper(strings.TrimSpace(s))
	if strings.HasPrefix(t, "[") && strings.HasSuffix(t, "]") {
		t = t[1 : len(t)-1]
	}
	if rest, ok := strings.CutPrefix(t, "URN:OGC:DEF:CRS:"); ok {
		// authority ":" version ":" code; the version may be empty.
		part := strings.Split(rest, ":")
		if len(part) != 3 {
			return 0, &UnknownCRSError{Name: s}
		}
		t = part[0] + ":" + part[2]
	}
	if t == "CRS84" {
		return CRS84, nil
	}
	for _, c := range CRSs() {
		if t == c.String() {
			return c, nil
		}
	}
	return 0, &UnknownCRSError{Name: s}
}

// UnknownCRSError names a CRS that the registry does not have.
type UnknownCRSError struct{ Name string }

func (e *UnknownCRSError) Error() string {
	return fmt.Sprintf("unknown coordinate reference system %q", e.Name)
}

// DomainError says that a coordinate lies where the CRS cannot be used.
type DomainError struct {
	CRS CRS
	// At is the coordinate that was given.
	At orb.Point
	// Inverse says that At is a coordinate of the CRS, not lon, lat.
	Inverse bool
}

func (e *DomainError) Error() string {
	unit := "lon, lat"
	if e.Inverse {
		unit = "x, y"
	}
	return fmt.Sprintf("%s %g, %g is outside the domain of %v", unit, e.At[0], e.At[1], e.CRS)
}

// Forward turns lon, lat into the east, north of the CRS. It refuses what is
// outside Domain, NaN included.
func (c CRS) Forward(p orb.Point) (orb.Point, error) {
	if !c.Domain().Contains(p) || p[0] != p[0] || p[1] != p[1] {
		return orb.Point{}, &DomainError{CRS: c, At: p}
	}
	switch c {
	case CRS84, EPSG4326:
		return p, nil
	case EPSG3857:
		return mercatorForward(p), nil
	default:
		return c.grid().forward(p), nil
	}
}

// Inverse turns the east, north of the CRS into lon, lat. It refuses what
// comes to lie outside Domain.
func (c CRS) Inverse(p orb.Point) (orb.Point, error) {
	if math.IsNaN(p[0]+p[1]) || math.IsInf(p[0]+p[1], 0) {
		return orb.Point{}, &DomainError{CRS: c, At: p, Inverse: true}
	}
	var q orb.Point
	ok := true
	switch c {
	case CRS84, EPSG4326:
		q = p
	case EPSG3857:
		q, ok = mercatorInverse(p)
	default:
		q, ok = c.grid().inverse(p)
	}
	if !ok || !c.Domain().Contains(q) {
		return orb.Point{}, &DomainError{CRS: c, At: p, Inverse: true}
	}
	return q, nil
}

// LonLatBound returns a box in lon, lat that contains everything inside the
// box b, which is east, north in the CRS: the box to search with. It is
// rounded outward; for projected CRSs it is larger than the curved window
// that b describes, by some tens of metres at the size of a city.
func (c CRS) LonLatBound(b orb.Bound) (orb.Bound, error) {
	if c.Geographic() {
		if _, err := c.Inverse(b.Min); err != nil {
			return orb.Bound{}, err
		}
		_, err := c.Inverse(b.Max)
		return b, err
	}
	// The image of a box is bounded by the images of its edges. Along them
	// longitude and latitude are monotone except where an edge passes the
	// central meridian (latitude is extreme) or the equator (longitude is).
	xs, ys := []float64{b.Min[0], b.Max[0]}, []float64{b.Min[1], b.Max[1]}
	if c != EPSG3857 {
		g := c.grid()
		if b.Min[0] < g.east && g.east < b.Max[0] {
			xs = append(xs, g.east)
		}
		if b.Min[1] < g.north && g.north < b.Max[1] {
			ys = append(ys, g.north)
		}
	}
	out := orb.Bound{Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)}}
	for _, x := range xs {
		for _, y := range ys {
			p, err := c.Inverse(orb.Point{x, y})
			if err != nil {
				return orb.Bound{}, err
			}
			out = out.Extend(p)
		}
	}
	const outward = 1e-10 // degrees, 10 µm: more than the error of either direction
	dom := c.Domain()
	out.Min = orb.Point{max(out.Min[0]-outward, dom.Min[0]), max(out.Min[1]-outward, dom.Min[1])}
	out.Max = orb.Point{min(out.Max[0]+outward, dom.Max[0]), min(out.Max[1]+outward, dom.Max[1])}
	return out, nil
}

// SplitBox returns the boxes that west, south, east, north describe: one, or
// two when west > east, which crosses the antimeridian. It does not check
// that the values are in the world.
func SplitBox(west, south, east, north float64) []orb.Bound {
	if west <= east {
		return []orb.Bound{{Min: orb.Point{west, south}, Max: orb.Point{east, north}}}
	}
	return []orb.Bound{
		{Min: orb.Point{west, south}, Max: orb.Point{180, north}},
		{Min: orb.Point{-180, south}, Max: orb.Point{east, north}},
	}
}
