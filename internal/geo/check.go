package geo

import (
	"fmt"
	"math"
	"strconv"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/plan"
)

// DefaultMaxVertices is the cap on the vertices of one feature. PostgreSQL's
// statement timeout does not reach into GEOS, so the size of what GEOS is
// given is the only guard there is.
const DefaultMaxVertices = 200_000

// DefaultMaxParts is the cap on the rings and lines of one feature.
const DefaultMaxParts = 20_000

// Limits bounds a geometry. Zero values are the defaults.
type Limits struct {
	MaxVertices int
	MaxParts    int
}

func (l Limits) vertices() int {
	if l.MaxVertices == 0 {
		return DefaultMaxVertices
	}
	return l.MaxVertices
}

func (l Limits) parts() int {
	if l.MaxParts == 0 {
		return DefaultMaxParts
	}
	return l.MaxParts
}

// FaultKind says what is wrong with a geometry.
type FaultKind uint8

// The faults.
const (
	Empty            FaultKind = iota // no coordinates at all
	NotFinite                         // NaN or infinite
	OutOfWorld                        // longitude beyond 180 or latitude beyond 90 degrees
	TooFewPoints                      // a line of fewer than 2, a ring of fewer than 4
	Unclosed                          // the last point of a ring is not the first
	TooManyVertices                   // above Limits.MaxVertices
	TooManyParts                      // above Limits.MaxParts
	UnsupportedShape                  // a type that no layer stores
)

// FaultKinds lists all members of FaultKind.
var FaultKinds = []FaultKind{Empty, NotFinite, OutOfWorld, TooFewPoints, Unclosed, TooManyVertices, TooManyParts, UnsupportedShape}

// Fault is what Check finds: the kind, the place in the GeoJSON coordinates
// (coordinates[0][3]) and, where there is one, the place on the ground.
type Fault struct {
	Kind FaultKind
	Path string
	// At is lon, lat; nil where the fault is not at one finite place.
	At *orb.Point
	// Got and Want are counts, for the kinds that count.
	Got, Want int
	// Shape is the type of the geometry, for UnsupportedShape.
	Shape string
}

func (f *Fault) Error() string {
	m := f.Message().EN
	if f.Path != "" {
		m = f.Path + ": " + m
	}
	return m
}

// Message says what is wrong, in words.
func (f *Fault) Message() plan.Text {
	switch f.Kind {
	case Empty:
		return plan.Text{ID: "geometri kosong", EN: "the geometry is empty"}
	case NotFinite:
		return plan.Text{ID: "koordinat bukan bilangan berhingga", EN: "the coordinate is not a finite number"}
	case OutOfWorld:
		return plan.Text{
			ID: "koordinat di luar bujur -180..180, lintang -90..90; apakah sistem koordinatnya lain?",
			EN: "the coordinate is outside longitude -180..180, latitude -90..90; is it in another reference system?",
		}
	case TooFewPoints:
		return plan.Text{
			ID: fmt.Sprintf("hanya %d titik, paling sedikit %d", f.Got, f.Want),
			EN: fmt.Sprintf("only %d points, at least %d are needed", f.Got, f.Want),
		}
	case Unclosed:
		return plan.Text{ID: "cincin poligon tidak tertutup", EN: "the ring is not closed: its last point is not its first"}
	case TooManyVertices:
		return plan.Text{
			ID: fmt.Sprintf("lebih dari %d titik dalam satu objek", f.Want),
			EN: fmt.Sprintf("more than %d vertices in one feature", f.Want),
		}
	case TooManyParts:
		return plan.Text{
			ID: fmt.Sprintf("lebih dari %d bagian dalam satu objek", f.Want),
			EN: fmt.Sprintf("more than %d rings or lines in one feature", f.Want),
		}
	case UnsupportedShape:
		return plan.Text{
			ID: fmt.Sprintf("jenis geometri %s tidak dapat disimpan", f.Shape),
			EN: fmt.Sprintf("a geometry of type %s cannot be stored", f.Shape),
		}
	default:
		panic(fmt.Sprintf("geo: unknown fault %d", uint8(f.Kind)))
	}
}

// PlanError is the fault as the error that people are shown.
func (f *Fault) PlanError() *plan.Error {
	kind := plan.Unprocessable
	if f.Kind == TooManyVertices || f.Kind == TooManyParts {
		kind = plan.TooLarge
	}
	return &plan.Error{Kind: kind, Code: "invalid-geometry", Message: f.Message(), At: f.Path}
}

// Check refuses a geometry that must not reach the database: not finite, out
// of the world, too large, with unclosed rings or too few points, or of a type
// that no layer stores. The error is a *Fault, the first one found. Nil is
// fine: a feature may have no geometry.
//
// Check says nothing of crossings and overlaps: whether a polygon is valid is
// for GEOS to say, once it is known to be small enough.
func Check(g orb.Geometry, limits Limits) error {
	c := checker{Limits: limits, path: make([]int, 0, 4)}
	if f := c.geometry(g); f != nil {
		return f
	}
	return nil
}

type checker struct {
	Limits
	path     []int
	vertices int
	parts    int
}

// at names a place below the current one.
func (c *checker) at(index ...int) string {
	b := []byte("coordinates")
	for _, i := range append(c.path, index...) {
		b = append(b, '[')
		b = strconv.AppendInt(b, int64(i), 10)
		b = append(b, ']')
	}
	return string(b)
}

func (c *checker) geometry(g orb.Geometry) *Fault {
	switch g := g.(type) {
	case nil:
		return nil
	case orb.Point:
		return c.point(g)
	case orb.MultiPoint:
		return c.points(g, 1)
	case orb.LineString:
		return c.line(g)
	case orb.MultiLineString:
		return each(c, g, c.line)
	case orb.Polygon:
		return each(c, g, c.ring)
	case orb.MultiPolygon:
		return each(c, g, func(p orb.Polygon) *Fault { return each(c, p, c.ring) })
	default:
		return &Fault{Kind: UnsupportedShape, Path: "type", Shape: g.GeoJSONType()}
	}
}

func each[T any](c *checker, list []T, check func(T) *Fault) *Fault {
	if len(list) == 0 {
		return &Fault{Kind: Empty, Path: c.at()}
	}
	c.path = append(c.path, 0)
	for i, m := range list {
		c.path[len(c.path)-1] = i
		if f := check(m); f != nil {
			return f
		}
	}
	c.path = c.path[:len(c.path)-1]
	return nil
}

func (c *checker) line(l orb.LineString) *Fault { return c.points(l, 2) }

func (c *checker) ring(r orb.Ring) *Fault {
	if f := c.points(r, 4); f != nil {
		return f
	}
	if first, last := r[0], r[len(r)-1]; first != last {
		return &Fault{Kind: Unclosed, Path: c.at(), At: &last}
	}
	return nil
}

// points counts before it looks, so that the cost is bounded by the limits.
func (c *checker) points(list []orb.Point, least int) *Fault {
	if c.parts++; c.parts > c.Limits.parts() {
		return &Fault{Kind: TooManyParts, Path: c.at(), Want: c.Limits.parts()}
	}
	if c.vertices += len(list); c.vertices > c.Limits.vertices() {
		return &Fault{Kind: TooManyVertices, Path: c.at(), Got: c.vertices, Want: c.Limits.vertices()}
	}
	for i, p := range list {
		if f := c.point(p, i); f != nil {
			return f
		}
	}
	if len(list) < least {
		f := &Fault{Kind: TooFewPoints, Path: c.at(), Got: len(list), Want: least}
		if len(list) > 0 {
			f.At = &list[0]
		} else if least == 1 {
			f.Kind = Empty
		}
		return f
	}
	return nil
}

func (c *checker) point(p orb.Point, index ...int) *Fault {
	if math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 90 {
		return nil
	}
	if sum := p[0] - p[0] + p[1] - p[1]; sum != 0 { // NaN, or made of infinities
		return &Fault{Kind: NotFinite, Path: c.at(index...)}
	}
	return &Fault{Kind: OutOfWorld, Path: c.at(index...), At: &p}
}
