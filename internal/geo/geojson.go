package geo

import (
	"fmt"
	"math"
	"strconv"

	"github.com/paulmach/orb"
)

// MaxDecimals is the most decimals AppendCoord writes.
const MaxDecimals = 9

// AppendCoord appends v rounded to decimals (0 to 9, or it panics), half away
// from zero, with trailing zeros and a needless point cut, and never -0. What
// it writes reads back as the float64 nearest to math.Round(v*10^d)/10^d. A
// number that JSON does not have is written as null.
func AppendCoord(dst []byte, v float64, decimals int) []byte {
	if uint(decimals) > MaxDecimals {
		panic(fmt.Sprintf("geo: %d decimals", decimals))
	}
	// The fraction is scaled to nine digits, written whole and cut: divisions by
	// constants and no branches, which is what makes this fast.
	var n, whole int64
	var rest uint32
	switch decimals {
	case 9:
		n = roundScaled(v * 1e9)
		whole = n / 1e9
		rest = uint32(n - whole*1e9)
	case 4:
		n = roundScaled(v * 1e4)
		whole = n / 1e4
		rest = uint32(n-whole*1e4) * 1e5
	default:
		power := math.Pow10(decimals)
		scale := int64(power)
		n = roundScaled(v * power)
		whole = n / scale
		rest = uint32(n-whole*scale) * uint32(1e9/scale)
	}
	if n < 0 {
		return appendLarge(dst, v, decimals)
	}
	if v < 0 && n > 0 {
		dst = append(dst, '-')
	}
	dst = appendWhole(dst, uint64(whole))
	if rest == 0 {
		return dst
	}
	a := rest / 1e8
	rest -= a * 1e8
	b := rest / 1e6
	rest -= b * 1e6
	c := rest / 1e4
	rest -= c * 1e4
	d := rest / 1e2
	e := rest - d*1e2
	dst = append(dst, '.', byte('0'+a),
		digits[2*b], digits[2*b+1], digits[2*c], digits[2*c+1],
		digits[2*d], digits[2*d+1], digits[2*e], digits[2*e+1])
	end := len(dst)
	for dst[end-1] == '0' {
		end--
	}
	return dst[:end]
}

// roundScaled rounds the absolute value of x half up, or returns -1 where the
// result is not exact (NaN, infinities and numbers of more than 53 bits).
func roundScaled(x float64) int64 {
	x = math.Abs(x)
	if !(x < 1<<53) {
		return -1
	}
	n := int64(x)
	if x-float64(n) >= 0.5 { // exact, and faster than math.Round
		n++
	}
	return n
}

// appendWhole is strconv.AppendUint with the common sizes in line.
func appendWhole(dst []byte, n uint64) []byte {
	switch {
	case n < 10:
		return append(dst, byte('0'+n))
	case n < 100:
		return append(dst, digits[2*n], digits[2*n+1])
	case n < 1000:
		h := n / 100
		n -= h * 100
		return append(dst, byte('0'+h), digits[2*n], digits[2*n+1])
	}
	return strconv.AppendUint(dst, n, 10)
}

// digits are the pairs 00 to 99.
const digits = "0001020304050607080910111213141516171819" +
	"2021222324252627282930313233343536373839" +
	"4041424344454647484950515253545556575859" +
	"6061626364656667686970717273747576777879" +
	"8081828384858687888990919293949596979899"

// appendLarge writes what does not fit an exact integer at this scale.
func appendLarge(dst []byte, v float64, decimals int) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(dst, "null"...)
	}
	start := len(dst)
	dst = strconv.AppendFloat(dst, v, 'f', decimals, 64)
	if decimals == 0 {
		return dst
	}
	end := len(dst)
	for end > start && dst[end-1] == '0' {
		end--
	}
	if dst[end-1] == '.' {
		end--
	}
	return dst[:end]
}

// AppendGeoJSON appends g as a GeoJSON geometry object with coordinates
// rounded to decimals (see AppendCoord). Nil is written as null. It allocates
// only to grow dst. Coordinates are written as they stand: for another CRS see
// CRS.AppendGeoJSON.
func AppendGeoJSON(dst []byte, g orb.Geometry, decimals int) []byte {
	w := appender{dst: dst, decimals: decimals}
	w.geometry(g)
	return w.dst
}

// AppendGeoJSON appends g, which is lon, lat, transformed into the CRS, in the
// axis order of its authority and with its number of decimals, without an
// intermediate copy. The error is a *DomainError; what was appended to dst by
// then is then of no use.
func (c CRS) AppendGeoJSON(dst []byte, g orb.Geometry) ([]byte, error) {
	w := appender{dst: dst, decimals: c.Decimals(), crs: c}
	w.geometry(g)
	return w.dst, w.err
}

// exactly, as a number of decimals, is as many as it takes.
const exactly = -1

// AppendExact is AppendGeoJSON without rounding where the CRS is geographic:
// each coordinate reads back as the same float64. Who edits must be given
// that, or a vertex that was not touched would move by half of the last
// decimal, away from the neighbour who has the same. Projected coordinates are
// rounded as always; they do not come back as they went in anyway.
func (c CRS) AppendExact(dst []byte, g orb.Geometry) ([]byte, error) {
	if !c.Geographic() {
		return c.AppendGeoJSON(dst, g)
	}
	w := appender{dst: dst, decimals: exactly, crs: c}
	w.geometry(g)
	return w.dst, w.err
}

type appender struct {
	dst      []byte
	decimals int
	crs      CRS
	err      error
}

func (w *appender) open(name string) {
	w.dst = append(w.dst, `{"type":"`...)
	w.dst = append(w.dst, name...)
	w.dst = append(w.dst, `","coordinates":`...)
}

func (w *appender) geometry(g orb.Geometry) {
	switch g := g.(type) {
	case nil:
		w.dst = append(w.dst, "null"...)
		return
	case orb.Point:
		w.open("Point")
		w.point(g)
	case orb.MultiPoint:
		w.open("MultiPoint")
		w.points(g)
	case orb.LineString:
		w.open("LineString")
		w.points(g)
	case orb.MultiLineString:
		w.open("MultiLineString")
		list(w, g, func(w *appender, l orb.LineString) { w.points(l) })
	case orb.Polygon:
		w.open("Polygon")
		w.polygon(g)
	case orb.MultiPolygon:
		w.open("MultiPolygon")
		list(w, g, (*appender).polygon)
	case orb.Collection:
		w.dst = append(w.dst, `{"type":"GeometryCollection","geometries":`...)
		list(w, g, (*appender).geometry)
	default:
		panic(fmt.Sprintf("geo: cannot write a %T as GeoJSON", g))
	}
	w.dst = append(w.dst, '}')
}

func (w *appender) polygon(p orb.Polygon) {
	list(w, p, func(w *appender, r orb.Ring) { w.points(r) })
}

func list[T any](w *appender, members []T, write func(*appender, T)) {
	w.dst = append(w.dst, '[')
	for i, m := range members {
		if i > 0 {
			w.dst = append(w.dst, ',')
		}
		write(w, m)
	}
	w.dst = append(w.dst, ']')
}

func (w *appender) points(list []orb.Point) {
	w.dst = append(w.dst, '[')
	for i, p := range list {
		if i > 0 {
			w.dst = append(w.dst, ',')
		}
		w.point(p)
	}
	w.dst = append(w.dst, ']')
}

func (w *appender) point(p orb.Point) {
	if w.crs != CRS84 {
		var err error
		if p, err = w.crs.Forward(p); err != nil && w.err == nil {
			w.err = err
		}
		if w.crs.NorthFirst() {
			p[0], p[1] = p[1], p[0]
		}
	}
	w.dst = append(w.dst, '[')
	w.coord(p[0])
	w.dst = append(w.dst, ',')
	w.coord(p[1])
	w.dst = append(w.dst, ']')
}

func (w *appender) coord(v float64) {
	if w.decimals == exactly && !math.IsNaN(v) && !math.IsInf(v, 0) {
		w.dst = strconv.AppendFloat(w.dst, v, 'f', -1, 64)
		return
	}
	w.dst = AppendCoord(w.dst, v, max(w.decimals, 0))
}
