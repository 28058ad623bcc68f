package tiles

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Kind is what a Shape is made of. The values are those of MVT's GeomType.
type Kind uint8

// The kinds of shape.
const (
	Point   Kind = 1
	Line    Kind = 2
	Polygon Kind = 3
)

// Kinds lists all members of Kind.
var Kinds = []Kind{Point, Line, Polygon}

// FullDetail is the zoom from which every vertex of every shape is drawn.
const FullDetail = 16

// Shape is the geometry of one feature, ready for tiles. Vertices are in flat
// slices, so that a shape takes about nine bytes a vertex and a fixed 128 bytes.
// It is immutable after NewShape, except that Generalise fills in levels.
type Shape struct {
	kind Kind
	// minZoom: see MinZoom.
	minZoom uint8
	box     Box
	// area in square world units, 0 for points and lines.
	area float64
	// coords holds all parts (points, lines, rings), one after the other. Rings
	// are open: the first vertex is not repeated. An exterior ring runs so that
	// its area by the surveyor's formula is positive (clockwise to the eye,
	// since Y is down) and is followed by its holes, which run the other way.
	coords []Vertex
	// levels has a byte for each vertex: the lowest zoom at which it is drawn
	// and, as a flag, whether it is a node. nil before Generalise: all are drawn.
	levels []uint8
	// ends has the end of each part in coords; lastRing marks the last ring of a
	// polygon. nil when there is just one part.
	ends []uint32
	// chunks has the box of each chunkLen vertices of coords, for large shapes, so
	// that what is far away is passed over; nil for others.
	chunks *[]Box
	// cover is there for polygons of a coverage only.
	cover *cover
}

// chunkLen is how many vertices share a box. A shape has chunks from four on.
const chunkLen = 64

const (
	lastRing  = 1 << 31
	levelMask = 0x1f
	nodeFlag  = 0x20
)

// NewShape makes a shape of a geometry in lon, lat degrees (CRS84 order).
//
// Rings may be closed or open and may run either way. Vertices that follow each
// other on the same unit (9 mm) are stored once. A ring without area on that
// grid is left out, an exterior one with its holes; a shape may be empty for
// this reason, and an empty geometry gives an empty shape.
//
// It is an error when the geometry is nil, is a collection, or has an ordinate
// that is not finite or not on Earth.
func NewShape(g orb.Geometry) (*Shape, error) {
	b := shapeBuilder{Shape: &Shape{box: emptyBox}}
	switch g := g.(type) {
	case nil:
		return nil, errors.New("shape: no geometry")
	case orb.Point:
		b.points([]orb.Point{g})
	case orb.MultiPoint:
		b.points(g)
	case orb.LineString:
		b.lines(g)
	case orb.MultiLineString:
		b.lines(g...)
	case orb.Ring:
		b.polygons(orb.Polygon{g})
	case orb.Bound:
		b.polygons(g.ToPolygon())
	case orb.Polygon:
		b.polygons(g)
	case orb.MultiPolygon:
		b.polygons(g...)
	default:
		return nil, fmt.Errorf("shape: a feature of a tile cannot be a %s", g.GeoJSONType())
	}
	if b.err != nil {
		return nil, b.err
	}
	return b.finish(), nil
}

// Kind returns what the shape is made of.
func (s *Shape) Kind() Kind { return s.kind }

// Box returns the box around the shape. An empty shape has a box that meets
// nothing.
func (s *Shape) Box() Box { return s.box }

// Len returns the number of vertices.
func (s *Shape) Len() int { return len(s.coords) }

// MinZoom returns the lowest zoom at which the shape is large enough to be
// drawn, for a tile of 512 pixels: a polygon covers at least a pixel and is on
// average at least an eighth of a pixel wide; a line spans an eighth of a pixel.
// It is 0 for points and never above FullDetail.
func (s *Shape) MinZoom() uint8 { return s.minZoom }

// Into returns the feature that takes the place of this one at zooms below
// MinZoom, or 0. Only polygons of a coverage have one.
func (s *Shape) Into() uint64 {
	if s.cover == nil {
		return 0
	}
	return s.cover.into
}

// Bytes returns how much memory the shape holds.
func (s *Shape) Bytes() int {
	n := 128 + 8*cap(s.coords) + cap(s.levels) + 4*cap(s.ends)
	if s.chunks != nil {
		n += 24 + 16*cap(*s.chunks)
	}
	if s.cover != nil {
		n += 32 + 24*cap(s.cover.borders)
	}
	return n
}

// parts returns the number of parts.
func (s *Shape) parts() int {
	if s.ends != nil {
		return len(s.ends)
	}
	return min(1, len(s.coords))
}

// part returns the span of part i in coords and whether it ends a polygon.
func (s *Shape) part(i int) (from, to int, last bool) {
	if s.ends == nil {
		return 0, len(s.coords), true
	}
	if i > 0 {
		from = int(s.ends[i-1] &^ lastRing)
	}
	return from, int(s.ends[i] &^ lastRing), s.ends[i]&lastRing != 0
}

type shapeBuilder struct {
	*Shape
	perimeter float64
	err       error
}

func (b *shapeBuilder) points(ps []orb.Point) {
	b.kind = Point
	b.coords = make([]Vertex, 0, len(ps))
	for _, p := range ps {
		b.coords = append(b.coords, b.vertex(p))
	}
	b.endPart(0)
}

func (b *shapeBuilder) lines(ls ...orb.LineString) {
	b.kind = Line
	n := 0
	for _, l := range ls {
		n += len(l)
	}
	b.coords = make([]Vertex, 0, n)
	for _, l := range ls {
		from := len(b.coords)
		b.append(l)
		if len(b.coords)-from < 2 {
			b.coords = b.coords[:from]
		}
		b.endPart(from)
	}
}

func (b *shapeBuilder) polygons(ps ...orb.Polygon) {
	b.kind = Polygon
	n := 0
	for _, p := range ps {
		for _, r := range p {
			n += max(0, len(r)-1)
		}
	}
	b.coords = make([]Vertex, 0, n)
	for _, p := range ps {
		before := len(b.ends)
		for i, r := range p {
			if !b.ring(r, i == 0) && i == 0 {
				b.check(p)
				break
			}
		}
		if len(b.ends) > before {
			b.ends[len(b.ends)-1] |= lastRing
		}
	}
}

// check finds bad ordinates in rings that are not stored.
func (b *shapeBuilder) check(p orb.Polygon) {
	for _, r := range p {
		for _, c := range r {
			b.vertex(c)
		}
	}
}

// ring appends a ring and reports whether it has area.
func (b *shapeBuilder) ring(r orb.Ring, exterior bool) bool {
	from := len(b.coords)
	b.append(r)
	for len(b.coords)-from > 1 && b.coords[len(b.coords)-1] == b.coords[from] {
		b.coords = b.coords[:len(b.coords)-1]
	}
	ring := b.coords[from:]
	area := ringArea(ring)
	if area == 0 {
		b.coords = b.coords[:from]
		return false
	}
	if area > 0 != exterior {
		slices.Reverse(ring)
		area = -area
	}
	b.area += area
	b.perimeter += ringLength(ring)
	b.endPart(from)
	return true
}

// append adds vertices from the slice on, without repeating one.
func (b *shapeBuilder) append(ps []orb.Point) {
	from := len(b.coords)
	for _, p := range ps {
		v := b.vertex(p)
		if n := len(b.coords); n == from || b.coords[n-1] != v {
			b.coords = append(b.coords, v)
		}
	}
}

func (b *shapeBuilder) vertex(p orb.Point) Vertex {
	// Written so that NaN fails it.
	if !(math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 90) && b.err == nil {
		b.err = fmt.Errorf("shape: %v, %v is not a longitude and latitude in degrees", p[0], p[1])
	}
	return project(p[0], p[1])
}

func (b *shapeBuilder) endPart(from int) {
	if len(b.coords) == from {
		return
	}
	if len(b.coords) >= lastRing && b.err == nil {
		b.err = fmt.Errorf("shape: %d vertices are too many", len(b.coords))
	}
	b.ends = append(b.ends, uint32(len(b.coords)))
	b.box = b.box.Union(boxOf(b.coords[from:]))
}

func (b *shapeBuilder) finish() *Shape {
	s := b.Shape
	if len(s.ends) < 2 {
		s.ends = nil
	}
	if cap(s.coords) > len(s.coords) {
		s.coords = slices.Clone(s.coords)
	}
	switch s.kind {
	case Line:
		s.minZoom = zoomOf(float64(max(s.box.Max.X-s.box.Min.X, s.box.Max.Y-s.box.Min.Y)))
	case Polygon:
		s.minZoom = max(zoomOf(math.Sqrt(s.area)/pixel), zoomOf(2*s.area/b.perimeter))
	}
	if len(s.coords) == 0 {
		s.box, s.minZoom = emptyBox, 0
	}
	if len(s.coords) >= 4*chunkLen {
		chunks := make([]Box, 0, (len(s.coords)+chunkLen-1)/chunkLen)
		for chunk := range slices.Chunk(s.coords, chunkLen) {
			chunks = append(chunks, boxOf(chunk))
		}
		s.chunks = &chunks
	}
	return s
}

// around returns a box that holds the vertices from and up to to: that of their
// chunks, or of the shape.
func (s *Shape) around(from, to int) Box {
	if s.chunks == nil || from == to {
		return s.box
	}
	b := emptyBox
	for _, c := range (*s.chunks)[from/chunkLen : (to-1)/chunkLen+1] {
		b = b.Union(c)
	}
	return b
}

// chunk returns the box of the vertices from i on, if a chunk begins there and
// does not go beyond to.
func (s *Shape) chunk(i, to int) (Box, bool) {
	if s.chunks == nil || i%chunkLen != 0 || i+chunkLen > to {
		return Box{}, false
	}
	return (*s.chunks)[i/chunkLen], true
}

// pixel is the width of a pixel of a 512-pixel tile, in units of the tile's grid.
const pixel = Extent / 512

// zoomOf returns the lowest zoom at which a length in world units is at least a
// unit of the tile's grid, FullDetail at most.
func zoomOf(length float64) uint8 {
	for z := range uint8(FullDetail) {
		if length >= float64(uint64(1)<<(32-12-z)) {
			return z
		}
	}
	return FullDetail
}

// ringArea returns the area of a ring in square world units, positive where it
// runs clockwise to the eye. Its sign is exact for rings narrower than a
// quarter of the world; wider ones are measured on a grid four times as coarse.
func ringArea(ring []Vertex) float64 {
	if len(ring) < 3 {
		return 0
	}
	box := boxOf(ring)
	var shift uint
	if max(box.Max.X-box.Min.X, box.Max.Y-box.Min.Y) >= 1<<30 {
		shift = 2
	}
	// Sums may wrap around on the way: twice the area of a simple ring is below
	// 2^61, so the last sum is right.
	o := ring[0]
	rel := func(v Vertex) (x, y int64) {
		return (int64(v.X) - int64(o.X)) >> shift, (int64(v.Y) - int64(o.Y)) >> shift
	}
	var twice int64
	px, py := rel(ring[len(ring)-1])
	for _, v := range ring {
		x, y := rel(v)
		twice += px*y - x*py
		px, py = x, y
	}
	return float64(twice) / 2 * float64(uint64(1)<<(2*shift))
}

func ringLength(ring []Vertex) float64 {
	var sum float64
	p := ring[len(ring)-1]
	for _, v := range ring {
		sum += distance(p, v)
		p = v
	}
	return sum
}

// distance returns the distance of two vertices in world units.
func distance(a, b Vertex) float64 {
	dx, dy := float64(b.X)-float64(a.X), float64(b.Y)-float64(a.Y)
	return math.Sqrt(float64(dx*dx) + float64(dy*dy))
}
