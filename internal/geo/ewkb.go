package geo

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// EWKB is PostGIS's binary form of a geometry: WKB with the SRID and the
// dimensions as flags in the type. This file reads it straight to orb, which is
// the hot path of loading a city; ewkb_geom.go writes it with go-geom.

// ErrTruncated says that a geometry ends before it is complete.
var ErrTruncated = errors.New("ewkb: the geometry is cut off")

// ErrTooLarge says that a geometry exceeds a limit.
type ErrTooLarge struct {
	What       string // vertices or parts
	Got, Limit int
}

func (e ErrTooLarge) Error() string {
	return fmt.Sprintf("ewkb: %d %s, at most %d are allowed", e.Got, e.What, e.Limit)
}

// ErrUnsupported says that a geometry is of a type or dimension that the plan
// does not hold, or not where it stands.
type ErrUnsupported struct{ Type uint32 }

func (e ErrUnsupported) Error() string {
	return fmt.Sprintf("ewkb: unsupported geometry type %#x", e.Type)
}

// The types and flags of EWKB.
const (
	wkbPoint           = 1
	wkbLineString      = 2
	wkbPolygon         = 3
	wkbMultiPoint      = 4
	wkbMultiLineString = 5
	wkbMultiPolygon    = 6

	ewkbZ    = 0x80000000
	ewkbM    = 0x40000000
	ewkbSRID = 0x20000000
)

// DecodeEWKB reads one geometry in two dimensions, of any type but a
// collection, and its SRID (0 when it names none). An empty point is nil. The
// result shares no memory with b. Bytes after the geometry are an error. Every
// count is checked against the bytes that are left, so memory never exceeds a
// small multiple of the input, whatever it claims.
func DecodeEWKB(b []byte, limits Limits) (orb.Geometry, int, error) {
	r := reader{b: b, limits: limits}
	g, srid, err := r.geometry()
	if err != nil {
		return nil, 0, err
	}
	if len(r.b) != 0 {
		return nil, 0, fmt.Errorf("ewkb: %d bytes follow the geometry", len(r.b))
	}
	return g, srid, nil
}

// reader consumes b from the front.
type reader struct {
	b               []byte
	order           binary.ByteOrder
	limits          Limits
	vertices, parts int
}

// head reads byte order, type without the SRID flag, and SRID.
func (r *reader) head() (kind uint32, srid int, err error) {
	if len(r.b) < 5 {
		return 0, 0, ErrTruncated
	}
	switch r.b[0] {
	case 0:
		r.order = binary.BigEndian
	case 1:
		r.order = binary.LittleEndian
	default:
		return 0, 0, fmt.Errorf("ewkb: unknown byte order %d", r.b[0])
	}
	kind = r.order.Uint32(r.b[1:])
	r.b = r.b[5:]
	if kind&ewkbSRID != 0 {
		if len(r.b) < 4 {
			return 0, 0, ErrTruncated
		}
		srid = int(int32(r.order.Uint32(r.b)))
		r.b = r.b[4:]
	}
	return kind &^ ewkbSRID, srid, nil
}

func (r *reader) geometry() (orb.Geometry, int, error) {
	kind, srid, err := r.head()
	if err != nil {
		return nil, 0, err
	}
	var g orb.Geometry
	switch kind {
	case wkbPoint:
		var p orb.Point
		if p, err = r.point(); err == nil && !isEmpty(p) {
			g = p
		}
	case wkbLineString:
		var ps []orb.Point
		ps, err = r.points()
		g = orb.LineString(ps)
	case wkbPolygon:
		g, err = r.polygon()
	case wkbMultiPoint:
		g, err = members(r, wkbPoint, 21, func(r *reader) (orb.Point, error) { return r.point() }, orb.MultiPoint(nil))
	case wkbMultiLineString:
		g, err = members(r, wkbLineString, 9, func(r *reader) (orb.LineString, error) { return r.points() }, orb.MultiLineString(nil))
	case wkbMultiPolygon:
		g, err = members(r, wkbPolygon, 9, (*reader).polygon, orb.MultiPolygon(nil))
	default:
		return nil, 0, ErrUnsupported{kind}
	}
	return g, srid, err
}

// isEmpty: EWKB writes an empty point as NaN, NaN.
func isEmpty(p orb.Point) bool { return math.IsNaN(p[0]) && math.IsNaN(p[1]) }

// members reads a count and that many geometries of one kind, each at least
// size bytes long.
func members[S ~[]T, T any](r *reader, kind uint32, size int, read func(*reader) (T, error), _ S) (S, error) {
	n, err := r.count(size)
	if err != nil {
		return nil, err
	}
	if err := r.countParts(n); err != nil {
		return nil, err
	}
	all := make(S, n)
	for i := range all {
		k, _, err := r.head()
		if err != nil {
			return nil, err
		}
		if k != kind {
			return nil, ErrUnsupported{k}
		}
		if all[i], err = read(r); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// count reads a number of elements of at least size bytes each.
func (r *reader) count(size int) (int, error) {
	if len(r.b) < 4 {
		return 0, ErrTruncated
	}
	n := uint64(r.order.Uint32(r.b))
	r.b = r.b[4:]
	if n*uint64(size) > uint64(len(r.b)) {
		return 0, ErrTruncated
	}
	return int(n), nil
}

func (r *reader) countParts(n int) error {
	if r.parts += n; r.parts > r.limits.parts() {
		return ErrTooLarge{"parts", r.parts, r.limits.parts()}
	}
	return nil
}

func (r *reader) countVertices(n int) error {
	if r.vertices += n; r.vertices > r.limits.vertices() {
		return ErrTooLarge{"vertices", r.vertices, r.limits.vertices()}
	}
	return nil
}

func (r *reader) point() (orb.Point, error) {
	if len(r.b) < 16 {
		return orb.Point{}, ErrTruncated
	}
	if err := r.countVertices(1); err != nil {
		return orb.Point{}, err
	}
	p := orb.Point{
		math.Float64frombits(r.order.Uint64(r.b)),
		math.Float64frombits(r.order.Uint64(r.b[8:])),
	}
	r.b = r.b[16:]
	return p, nil
}

func (r *reader) points() ([]orb.Point, error) {
	n, err := r.count(16)
	if err != nil {
		return nil, err
	}
	if err := r.countVertices(n); err != nil {
		return nil, err
	}
	ps := make([]orb.Point, n)
	b := r.b
	if r.order == binary.LittleEndian {
		// PostGIS writes the order of its machine: this is the loop that runs.
		for i := range ps {
			ps[i][0] = math.Float64frombits(binary.LittleEndian.Uint64(b[16*i:]))
			ps[i][1] = math.Float64frombits(binary.LittleEndian.Uint64(b[16*i+8:]))
		}
	} else {
		for i := range ps {
			ps[i][0] = math.Float64frombits(binary.BigEndian.Uint64(b[16*i:]))
			ps[i][1] = math.Float64frombits(binary.BigEndian.Uint64(b[16*i+8:]))
		}
	}
	r.b = b[16*n:]
	return ps, nil
}

func (r *reader) polygon() (orb.Polygon, error) {
	n, err := r.count(4)
	if err != nil {
		return nil, err
	}
	if err := r.countParts(n); err != nil {
		return nil, err
	}
	p := make(orb.Polygon, n)
	for i := range p {
		ps, err := r.points()
		if err != nil {
			return nil, err
		}
		p[i] = ps
	}
	return p, nil
}
