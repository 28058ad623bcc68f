package exchange

import (
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/geo"
)

// coordinates is a coordinates member in the making: the points in one list,
// and where the lists of the levels above them end. It is reused from record
// to record.
type coordinates struct {
	points []orb.Point
	lines  []int // ends of lists of points
	parts  []int // ends of lists of lists
	// height is how many lists are around the points: 0 Point to 3
	// MultiPolygon; -1 where it could not be found out.
	height int
	// z says that some positions had a third ordinate.
	z bool
	// seen counts the points that were read, kept or not.
	seen  int
	limit geo.Limits
	// problem is the first one that was found.
	problem *Problem
}

func (c *coordinates) reset(limit geo.Limits) {
	*c = coordinates{points: c.points[:0], lines: c.lines[:0], parts: c.parts[:0], height: -1, limit: limit}
}

// complain keeps the first problem. It costs nothing after that: a monster
// may have one in each of its million positions.
func (c *coordinates) complain(l *lexer, code, id, en string) {
	if c.problem == nil {
		c.problem = &Problem{Position: l.position(), Code: code, Message: say(id, en)}
	}
}

func (c *coordinates) exceeded(l *lexer, kind geo.FaultKind, limit int) {
	if c.problem == nil {
		p := geometryProblem(&geo.Fault{Kind: kind, Want: limit})
		p.Position = l.position()
		c.problem = &p
	}
}

// read takes a coordinates value. What is wrong in it is kept as problem; the
// error says that it is not JSON.
func (c *coordinates) read(l *lexer) error {
	height, err := c.value(l, 0)
	c.height = height
	return err
}

// value takes an array and returns its height: 0 for a position.
func (c *coordinates) value(l *lexer, depth int) (int, error) {
	if l.peek() != '[' {
		c.complain(l, "wrong-coordinates", "koordinat harus berupa larik", "coordinates must be an array")
		return -1, l.skip(depth)
	}
	l.pos++
	switch b := l.peek(); {
	case b == ']':
		l.pos++
		c.complain(l, "empty-geometry", "larik koordinat kosong", "an empty array of coordinates")
		return -1, nil
	case b == '[':
		return c.list(l, depth)
	default:
		return 0, c.position(l, depth)
	}
}

// list takes the members of an array of arrays, after its bracket.
func (c *coordinates) list(l *lexer, depth int) (int, error) {
	if depth >= deepest {
		return -1, l.syntax("larik bersarang terlalu dalam", "arrays are nested too deeply")
	}
	height := -1
	for first := true; ; first = false {
		h, err := c.value(l, depth+1)
		if err != nil {
			return -1, err
		}
		if first {
			height = h
		} else if h != height && c.problem == nil {
			c.complain(l, "wrong-coordinates", "kedalaman larik koordinat tidak seragam", "the arrays of coordinates are nested unevenly")
		}
		switch l.peek() {
		case ',':
			l.pos++
		case ']':
			l.pos++
			c.close(l, height)
			return height + 1, nil
		default:
			return -1, l.unexpected("',' or ']'")
		}
	}
}

// close notes that a list of things of the given height ended. The counts are
// capped like the points, so that memory stays flat.
func (c *coordinates) close(l *lexer, height int) {
	limit := c.limit.MaxParts
	if limit == 0 {
		limit = geo.DefaultMaxParts
	}
	// One more than the limit is kept, for Check to say where it is.
	switch {
	case height == 0 && len(c.lines) <= limit:
		c.lines = append(c.lines, len(c.points))
	case height == 1 && len(c.parts) <= limit:
		c.parts = append(c.parts, len(c.lines))
	case height == 0 || height == 1:
		c.exceeded(l, geo.TooManyParts, limit)
	}
}

// position takes ordinates up to the closing bracket.
func (c *coordinates) position(l *lexer, depth int) error {
	var p [3]float64
	n := 0
	for {
		b := l.peek()
		if b != '-' && b != 'N' && b != 'I' && (b < '0' || b > '9') {
			if b == 0 || b == ']' || b == ',' {
				return l.unexpected("a number")
			}
			c.complain(l, "wrong-coordinates", "ordinat harus bilangan", "an ordinate must be a number")
			if err := l.skip(depth); err != nil {
				return err
			}
		} else {
			num, err := l.number()
			if err != nil {
				return err
			}
			v, ok := num.float()
			if !ok && c.problem == nil {
				c.complain(l, "not-finite", "koordinat bukan bilangan berhingga", "the coordinate is not a finite number")
				c.problem.Value = excerpt(num.raw)
			}
			if n < len(p) {
				p[n] = v
			}
		}
		n++
		switch l.peek() {
		case ',':
			l.pos++
			continue
		case ']':
			l.pos++
		default:
			return l.unexpected("',' or ']'")
		}
		break
	}
	if n < 2 || n > 3 {
		c.complain(l, "wrong-coordinates", "posisi mestinya memiliki 2 atau 3 ordinat", "a position must have 2 or 3 ordinates")
	}
	c.z = c.z || n == 3
	c.seen++
	limit := c.limit.MaxVertices
	if limit == 0 {
		limit = geo.DefaultMaxVertices
	}
	if c.seen <= limit {
		c.points = append(c.points, orb.Point{p[0], p[1]})
		return nil
	}
	c.exceeded(l, geo.TooManyVertices, limit)
	return nil
}

// heightOf is the height of the coordinates of a GeoJSON type, -1 if there is
// no such type.
func heightOf(name string) int {
	switch name {
	case "Point":
		return 0
	case "LineString", "MultiPoint":
		return 1
	case "Polygon", "MultiLineString":
		return 2
	case "MultiPolygon":
		return 3
	}
	return -1
}

// geometry makes the geometry of the named type, whose height must be right.
// It shares the lists of c, which is full then: closing rings may copy.
func (c *coordinates) geometry(name string, closeRings bool) (g orb.Geometry, closed int) {
	ring := func(i int) orb.Ring {
		r := orb.Ring(c.line(i))
		if n := len(r); closeRings && n >= 3 && r[0] != r[n-1] {
			closed++
			r = append(r[:n:n], r[0])
		}
		return r
	}
	polygon := func(from, to int) orb.Polygon {
		p := make(orb.Polygon, 0, to-from)
		for i := from; i < to; i++ {
			p = append(p, ring(i))
		}
		return p
	}
	switch name {
	case "Point":
		return c.points[0], 0
	case "MultiPoint":
		return orb.MultiPoint(c.points), 0
	case "LineString":
		return orb.LineString(c.points), 0
	case "MultiLineString":
		m := make(orb.MultiLineString, len(c.lines))
		for i := range m {
			m[i] = c.line(i)
		}
		return m, 0
	case "Polygon":
		return polygon(0, len(c.lines)), closed
	default:
		m := make(orb.MultiPolygon, len(c.parts))
		from := 0
		for i, to := range c.parts {
			m[i] = polygon(from, to)
			from = to
		}
		return m, closed
	}
}

func (c *coordinates) line(i int) []orb.Point {
	from := 0
	if i > 0 {
		from = c.lines[i-1]
	}
	return c.points[from:c.lines[i]]
}
