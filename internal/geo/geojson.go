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
	power := math.Pow10(decimals)
	scale, scaled := int64(power), v*power
	if !(math.Abs(scaled) < 1<<53) {
		return appendLarge(dst, v, decimals)
	}
	n := int64(math.Round(scaled))
	if n < 0 {
		dst = append(dst, '-')
		n = -n
	}
	whole := n / scale
	if whole < 100 { // strconv has a fast path of its own for these, but not in line
		if whole >= 10 {
			dst = append(dst, byte('0'+whole/10))
		}
		dst = append(dst, byte('0'+whole%10))
	} else {
		dst = strconv.AppendInt(dst, whole, 10)
	}
	rest := uint32(n - whole*scale)
	if rest == 0 {
		return dst
	}
	for rest%100 == 0 {
		rest /= 100
		decimals -= 2
	}
	if rest%10 == 0 {
		rest /= 10
		decimals--
	}
	var buf [10]byte
	buf[0] = '.'
	i := decimals
	for ; i >= 2; i -= 2 {
		q := rest / 100
		pair := (rest - q*100) * 2
		buf[i-1], buf[i] = digits[pair], digits[pair+1]
		rest = q
	}
	if i == 1 {
		buf[1] = byte('0' + rest)
	}
	return append(dst, buf[:decimals+1]...)
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
	w.dst = AppendCoord(w.dst, p[0], w.decimals)
	w.dst = append(w.dst, ',')
	w.dst = AppendCoord(w.dst, p[1], w.decimals)
	w.dst = append(w.dst, ']')
}
