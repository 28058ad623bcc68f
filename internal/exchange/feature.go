package exchange

import (
	"errors"
	"slices"
	"strings"

	"github.com/simtaru/simtaru/internal/geo"
)

// feature is the state of one Feature object while its members come in.
type feature struct {
	kind     string // the type member
	hasType  bool
	geometry bool // a geometry member was there
	props    bool
	crs      *geo.CRS
	hasCRS   bool
	similar  string // a member that is one of ours but for its case
}

// object takes the members of an object after its brace: member is called
// for each, to take its value.
func (l *lexer) object(k *keys, member func(name string, duplicate bool) error) error {
	k.begin()
	if l.peek() == '}' {
		l.pos++
		return nil
	}
	for {
		name, duplicate, err := k.read(l)
		if err != nil {
			return err
		}
		if err := member(name, duplicate); err != nil {
			return err
		}
		switch l.peek() {
		case ',':
			l.pos++
		case '}':
			l.pos++
			return nil
		default:
			return l.unexpected("',' or '}'")
		}
	}
}

// skip passes over a value.
func (l *lexer) skip(depth int) error {
	if depth > deepest {
		return l.syntax("nilai bersarang terlalu dalam", "values are nested too deeply")
	}
	switch c := l.peek(); c {
	case '"':
		_, _, err := l.readString(nil, 0)
		return err
	case '{':
		l.pos++
		if l.peek() == '}' {
			l.pos++
			return nil
		}
		for {
			if l.peek() != '"' {
				return l.unexpected(`'"'`)
			}
			if _, _, err := l.readString(nil, 0); err != nil {
				return err
			}
			if err := l.expect(':'); err != nil {
				return err
			}
			if err := l.skip(depth + 1); err != nil {
				return err
			}
			if done, err := l.comma('}'); done || err != nil {
				return err
			}
		}
	case '[':
		l.pos++
		if l.peek() == ']' {
			l.pos++
			return nil
		}
		for {
			if err := l.skip(depth + 1); err != nil {
				return err
			}
			if done, err := l.comma(']'); done || err != nil {
				return err
			}
		}
	default:
		_, err := l.scalar(c)
		return err
	}
}

// comma takes a comma or the closing bracket, and reports whether it was that.
func (l *lexer) comma(closing byte) (bool, error) {
	switch l.peek() {
	case ',':
		l.pos++
		return false, nil
	case closing:
		l.pos++
		return true, nil
	}
	return false, l.unexpected("',' or '" + string(closing) + "'")
}

// scalar takes a value that begins with c and is no text, object or array.
func (l *lexer) scalar(c byte) (Property, error) {
	switch {
	case c == 'n':
		return Property{Kind: NullValue}, l.word("null")
	case c == 't':
		return Property{Kind: BoolValue, Raw: []byte("true")}, l.word("true")
	case c == 'f':
		return Property{Kind: BoolValue, Raw: []byte("false")}, l.word("false")
	case c == '-' || c == 'N' || c == 'I' || '0' <= c && c <= '9':
		n, err := l.number()
		return Property{Kind: NumberValue, Raw: n.raw, Flawed: n.notJSON}, err
	}
	return Property{}, l.unexpected("a value")
}

// errTop tells the caller of member that the top object is a collection.
var errTop = errors.New("features member")

// readFeature takes a Feature object after its brace. At the top of a file it
// stops after the name "features" with errTop. Problems of content go to the
// record; the error is one of syntax.
func (r *Reader) readFeature(rec *Record, top bool) (*feature, error) {
	f := &feature{}
	r.names = r.names[:0]
	r.coords.reset(r.limits.Geometry)
	r.shape, r.noProperties = "", false
	err := r.lex.object(r.members, func(name string, duplicate bool) error {
		if duplicate {
			rec.complain(Problem{Position: r.lex.position(), Code: "duplicate-member", Field: name, Message: say("anggota muncul dua kali", "the member appears twice")})
			return r.lex.skip(0)
		}
		switch name {
		case "type":
			f.hasType = true
			return r.typeName(rec, &f.kind)
		case "geometry":
			f.geometry = true
			return r.readGeometry(rec)
		case "properties":
			f.props = true
			return r.readProperties(rec)
		case "crs":
			f.hasCRS = true
			var err error
			f.crs, err = r.readCRS()
			return err
		case "features":
			if top {
				return errTop
			}
		case "id", "bbox":
		default:
			if lower := strings.ToLower(name); f.similar == "" && slices.Contains([]string{"type", "geometry", "properties"}, lower) {
				f.similar = name
			}
		}
		r.names = append(r.names, name)
		return r.lex.skip(0)
	})
	return f, err
}

// typeName reads a type member.
func (r *Reader) typeName(rec *Record, into *string) error {
	if r.lex.peek() != '"' {
		rec.complain(Problem{Position: r.lex.position(), Code: "wrong-type-member", Field: "type", Message: say("anggota type harus teks", "the type member must be a text")})
		return r.lex.skip(0)
	}
	var err error
	r.scratch, _, err = r.lex.readString(r.scratch[:0], longestKey)
	*into = r.intern(r.scratch)
	return err
}

// intern returns the string of b without allocation for the names that come
// again and again.
func (r *Reader) intern(b []byte) string {
	for _, s := range [...]string{"Feature", "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"} {
		if string(b) == s {
			return s
		}
	}
	return string(b)
}

func (r *Reader) readGeometry(rec *Record) error {
	l := r.lex
	switch l.peek() {
	case 'n':
		return l.word("null")
	case '{':
	default:
		rec.complain(Problem{Position: l.position(), Code: "wrong-geometry", Field: "geometry", Message: say("geometri harus objek atau null", "a geometry must be an object or null")})
		return l.skip(0)
	}
	l.pos++
	start := l.position()
	var kind string
	var hasCoordinates, collection bool
	err := l.object(r.geometryMembers, func(name string, duplicate bool) error {
		if duplicate {
			rec.complain(Problem{Position: l.position(), Code: "duplicate-member", Field: name, Message: say("anggota muncul dua kali", "the member appears twice")})
			return l.skip(0)
		}
		switch name {
		case "type":
			return r.typeName(rec, &kind)
		case "coordinates":
			hasCoordinates = true
			return r.coords.read(l)
		case "geometries":
			collection = true
		case "crs":
			rec.complain(Problem{Position: l.position(), Code: "crs", Field: name, Message: say("crs di dalam geometri tidak didukung; sebutkan di luarnya", "a crs inside a geometry is not supported; name it outside")})
		}
		return l.skip(0)
	})
	if err != nil {
		return err
	}
	switch {
	case kind == "GeometryCollection" || collection:
		rec.complain(Problem{Position: start, Code: "unsupported-geometry", Field: "geometry", Message: say("GeometryCollection tidak dapat disimpan; pisahkan menjadi objek tersendiri", "a GeometryCollection cannot be stored; split it into features")})
	case heightOf(kind) < 0:
		rec.complain(Problem{Position: start, Code: "unsupported-geometry", Field: "geometry", Value: excerpt([]byte(kind)), Message: say("bukan jenis geometri GeoJSON (huruf besar-kecil berarti)", "not a GeoJSON geometry type (case matters)")})
	case !hasCoordinates:
		rec.complain(Problem{Position: start, Code: "wrong-geometry", Field: "geometry", Message: say("geometri tanpa coordinates", "a geometry without coordinates")})
	case r.coords.problem != nil:
		rec.complain(*r.coords.problem)
	case r.coords.height != heightOf(kind):
		rec.complain(Problem{Position: start, Code: "wrong-coordinates", Field: "geometry", Value: kind, Message: say("kedalaman larik koordinat tidak cocok dengan jenis geometri", "the coordinates are nested for another type of geometry")})
	default:
		r.shape = kind
	}
	return nil
}

func (r *Reader) readProperties(rec *Record) error {
	l := r.lex
	switch l.peek() {
	case 'n':
		r.noProperties = true
		return l.word("null")
	case '{':
	default:
		rec.complain(Problem{Position: l.position(), Code: "wrong-properties", Field: "properties", Message: say("properties harus objek atau null", "properties must be an object or null")})
		return l.skip(0)
	}
	l.pos++
	err := l.object(r.properties, func(name string, duplicate bool) error {
		at := l.position()
		switch {
		case duplicate:
			rec.complain(Problem{Position: at, Code: "duplicate-member", Field: name, Message: say("atribut muncul dua kali", "the property appears twice")})
			return l.skip(0)
		case len(rec.Properties) >= r.limits.members():
			rec.complain(Problem{Position: at, Code: "too-large", Field: name, Message: sayf("lebih dari %d atribut", "more than %d properties", r.limits.members())})
			return l.skip(0)
		case at.Offset-rec.Offset > r.limits.recordBytes(): // said when the record ends
			return l.skip(0)
		}
		return r.readProperty(rec, name, at)
	})
	for i := range rec.Properties {
		s := rec.spans[i]
		rec.Properties[i].Raw = rec.arena[s.from:s.to]
	}
	return err
}

func (r *Reader) readProperty(rec *Record, name string, at Position) error {
	l := r.lex
	p := Property{Name: name}
	from := len(rec.arena)
	var err error
	switch c := l.peek(); c {
	case '"':
		var t text
		p.Kind = TextValue
		rec.arena, t, err = l.readString(rec.arena, r.limits.textBytes())
		if t.flaw != nil {
			p.Flawed = true
			rec.complain(Problem{Position: at, Code: "unreadable-text", Field: name, Message: *t.flaw})
		} else if t.tooLong {
			p.Flawed = true
			rec.complain(Problem{Position: at, Code: "too-large", Field: name, Message: sayf("teks lebih dari %d byte", "a text of more than %d bytes", r.limits.textBytes())})
		}
	case '{':
		p.Kind = ObjectValue
		err = l.skip(1)
	case '[':
		p.Kind = ArrayValue
		err = l.skip(1)
	default:
		p, err = l.scalar(c)
		p.Name = name
		rec.arena = append(rec.arena, p.Raw...)
		if p.Flawed {
			rec.complain(Problem{Position: at, Code: "not-finite", Field: name, Value: excerpt(p.Raw), Message: say("bukan bilangan JSON", "not a JSON number")})
		}
	}
	rec.Properties = append(rec.Properties, p)
	rec.spans = append(rec.spans, span{from, len(rec.arena)})
	return err
}
