package exchange

import (
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/geo"
)

// Limits bounds what one record may hold. Zero values are the defaults.
type Limits struct {
	// Geometry bounds vertices and parts.
	Geometry geo.Limits
	// RecordBytes is the size of one feature in the file; 0 means 64 MiB.
	RecordBytes int64
	// TextBytes is the size of one text; 0 means 64 KiB.
	TextBytes int
	// Members is how many properties one feature may have; 0 means 1,000.
	Members int
}

func (l Limits) recordBytes() int64 {
	if l.RecordBytes == 0 {
		return 64 << 20
	}
	return l.RecordBytes
}

func (l Limits) textBytes() int {
	if l.TextBytes == 0 {
		return 64 << 10
	}
	return l.TextBytes
}

func (l Limits) members() int {
	if l.Members == 0 {
		return 1000
	}
	return l.Members
}

// ValueKind is the JSON type of a property.
type ValueKind uint8

// The kinds of value.
const (
	NullValue ValueKind = iota
	BoolValue
	NumberValue
	TextValue
	ObjectValue // content is not kept
	ArrayValue  // content is not kept
)

// Property is one property of a record. Raw is the text, the number as it is
// written, or true and false.
type Property struct {
	Name string
	Kind ValueKind
	Raw  []byte
	// Flawed values have their fault in Record.Problems already.
	Flawed bool
}

// Record is one feature of a file. Everything in it is good until the next
// one is read.
type Record struct {
	// Feature counts from 1; Position is where the record begins.
	Feature int64
	Position
	// Geometry is in lon, lat; nil for null. It is what the file has: single
	// or multi.
	Geometry   orb.Geometry
	Properties []Property
	// HasZ says that heights were dropped, Closed how many rings were closed.
	HasZ   bool
	Closed int
	// Problems are why the record cannot be taken; none if it can.
	Problems []Problem

	arena []byte
	// spans are the places of Property.Raw in arena, which moves as it grows.
	spans []span
}

type span struct{ from, to int }

func (r *Record) reset(feature int64, at Position) {
	*r = Record{
		Feature: feature, Position: at,
		Properties: r.Properties[:0], Problems: r.Problems[:0], arena: r.arena[:0], spans: r.spans[:0],
	}
}

// mostProblems is how many problems of one record are kept.
const mostProblems = 20

func (r *Record) complain(p Problem) {
	if len(r.Problems) >= mostProblems {
		return
	}
	if p.Offset == 0 && p.Line == 0 {
		p.Position = r.Position
	}
	p.Feature, p.Action = r.Feature, Refused
	r.Problems = append(r.Problems, p)
}

// firstPoint is a place to look for the record on a map.
func firstPoint(g orb.Geometry) *orb.Point {
	switch g := g.(type) {
	case orb.Point:
		return &g
	case orb.MultiPoint:
		return first(g)
	case orb.LineString:
		return first(g)
	case orb.MultiLineString:
		if len(g) > 0 {
			return first(g[0])
		}
	case orb.Polygon:
		if len(g) > 0 {
			return first(g[0])
		}
	case orb.MultiPolygon:
		if len(g) > 0 && len(g[0]) > 0 {
			return first(g[0][0])
		}
	}
	return nil
}

func first(list []orb.Point) *orb.Point {
	if len(list) == 0 {
		return nil
	}
	p := list[0]
	return &p
}

// keys interns the names of members, which repeat from record to record, and
// remembers in which object each was last seen: a duplicate is found without
// a set for each object.
type keys struct {
	byName map[string]*key
	buf    []byte
	object int64
}

type key struct {
	name string
	seen int64 // the object
}

const (
	mostKeys   = 10_000 // different names in one file
	longestKey = 1000   // bytes
)

func newKeys() *keys { return &keys{byName: map[string]*key{}} }

// begin starts another object.
func (k *keys) begin() { k.object++ }

// read takes a member's name and the colon after it.
func (k *keys) read(l *lexer) (name string, duplicate bool, err error) {
	var t text
	if l.peek() != '"' {
		return "", false, l.unexpected(`'"'`)
	}
	k.buf, t, err = l.readString(k.buf[:0], longestKey)
	if err != nil {
		return "", false, err
	}
	if t.tooLong {
		return "", false, l.syntax("nama anggota terlalu panjang", "a member name of more than 1,000 bytes")
	}
	if t.flaw != nil {
		return "", false, &SyntaxError{Position: l.position(), Message: *t.flaw}
	}
	e, ok := k.byName[string(k.buf)]
	if !ok {
		if len(k.byName) >= mostKeys {
			return "", false, l.syntax("lebih dari 10.000 nama anggota yang berbeda", "more than 10,000 different member names")
		}
		e = &key{name: string(k.buf)}
		k.byName[e.name] = e
	}
	duplicate = e.seen == k.object
	e.seen = k.object
	return e.name, duplicate, l.expect(':')
}
