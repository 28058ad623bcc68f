package exchange

import (
	"io"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
)

// collection is what is known of the FeatureCollection around the features.
type collection struct {
	hasType bool
	seen    map[string]bool
}

// startCollection goes on after the name "features" of the top object, whose
// members so far are in f and rec.
func (r *Reader) startCollection(rec *Record, f *feature) (*Record, error) {
	l := r.lex
	if len(rec.Problems) > 0 {
		p := rec.Problems[0]
		return nil, &SyntaxError{Position: p.Position, Message: p.Message}
	}
	if f.hasType && f.kind != "FeatureCollection" || f.geometry || f.props {
		return nil, l.syntax("objek dengan features harus bertipe FeatureCollection, tanpa geometry dan properties", "an object with features must be of type FeatureCollection, without geometry and properties")
	}
	if f.hasCRS {
		if err := r.adopt(f.crs); err != nil {
			return nil, err
		}
	}
	r.top = collection{hasType: f.hasType, seen: map[string]bool{"features": true, "type": f.hasType, "crs": f.hasCRS}}
	for _, name := range r.names {
		r.top.seen[name] = true
	}
	r.count, r.mode = 0, inCollection
	if err := l.expect('['); err != nil {
		return nil, err
	}
	if l.peek() == ']' {
		l.pos++
		return nil, r.endCollection()
	}
	return r.member()
}

// nextMember reads the feature after the one before, or the end.
func (r *Reader) nextMember() (*Record, error) {
	done, err := r.lex.comma(']')
	if err != nil {
		return nil, err
	}
	if done {
		return nil, r.endCollection()
	}
	return r.member()
}

func (r *Reader) member() (*Record, error) {
	rec := r.begin()
	if r.lex.peek() != '{' {
		rec.complain(Problem{Code: "no-feature", Message: say("anggota features harus objek Feature", "a member of features must be a Feature object")})
		return rec, r.lex.skip(0)
	}
	r.lex.pos++
	f, err := r.readFeature(rec, false)
	if err != nil {
		return nil, err
	}
	r.finish(rec, f)
	return rec, nil
}

// endCollection reads the members that follow the features and makes sure
// that nothing follows the object. It returns io.EOF then.
func (r *Reader) endCollection() error {
	l := r.lex
	for {
		done, err := l.comma('}')
		if err != nil {
			return err
		}
		if done {
			break
		}
		name, _, err := r.members.read(l)
		if err != nil {
			return err
		}
		if r.top.seen[name] {
			return l.syntax("anggota "+name+" muncul dua kali", "the member "+name+" appears twice")
		}
		if err := r.topMember(name); err != nil {
			return err
		}
		r.top.seen[name] = true
	}
	if !r.top.hasType {
		return l.syntax("anggota type tidak ada", "the type member is missing")
	}
	if c := l.peek(); c != 0 || !l.atEnd() {
		return l.unexpected("the end of the file")
	}
	r.mode = atEnd
	return io.EOF
}

func (r *Reader) topMember(name string) error {
	l := r.lex
	switch name {
	case "type":
		r.top.hasType = true
		var err error
		if r.scratch, _, err = l.readString(r.scratch[:0], longestKey); err != nil {
			return err
		}
		if string(r.scratch) != "FeatureCollection" {
			return l.syntax("type mestinya FeatureCollection", "type should be FeatureCollection")
		}
		return nil
	case "geometry", "properties", "coordinates", "geometries":
		return l.syntax("FeatureCollection tidak boleh memiliki anggota "+name, "a FeatureCollection must not have a member "+name)
	case "crs":
		c, err := r.readCRS()
		if err != nil {
			return err
		}
		if c == nil || c.SRID() != r.crs.SRID() {
			return l.syntax(
				"anggota crs datang sesudah features, dan lain dari yang dipakai ("+r.crs.String()+"); berikan --crs",
				"the crs member comes after the features and differs from what was used ("+r.crs.String()+"); give --crs")
		}
		return nil
	}
	return l.skip(0)
}

// readCRS reads the crs member of GeoJSON as it was before RFC 7946; nil is
// null. Anything but a name that we know is an error: a file in an unknown
// reference system must not be taken for lon, lat.
func (r *Reader) readCRS() (*geo.CRS, error) {
	l := r.lex
	at := l.position()
	bad := &SyntaxError{Position: at, Message: say("anggota crs tidak terbaca; yang didukung hanya bentuk bernama", "the crs member cannot be read; only the named form is supported")}
	if l.peek() == 'n' {
		return nil, l.word("null")
	}
	var kind, name string
	read := func(into *string) error {
		if l.peek() != '"' {
			return bad
		}
		var err error
		r.scratch, _, err = l.readString(r.scratch[:0], longestKey)
		*into = string(r.scratch)
		return err
	}
	if err := l.expect('{'); err != nil {
		return nil, err
	}
	err := l.object(r.crsMembers, func(member string, duplicate bool) error {
		switch {
		case duplicate:
			return bad
		case member == "type":
			return read(&kind)
		case member == "properties":
			if err := l.expect('{'); err != nil {
				return err
			}
			return l.object(newKeys(), func(member string, duplicate bool) error {
				if member != "name" || duplicate {
					return bad
				}
				return read(&name)
			})
		}
		return l.skip(0)
	})
	if err != nil {
		return nil, err
	}
	if kind != "name" {
		return nil, bad
	}
	c, err := geo.ParseCRS(name)
	if err != nil {
		return nil, &SyntaxError{Position: at, Message: plan.Text{
			ID: "sistem koordinat " + excerpt([]byte(name)) + " tidak dikenal",
			EN: "the coordinate reference system " + excerpt([]byte(name)) + " is not known",
		}}
	}
	return &c, nil
}

// adopt takes the CRS that the file names, or says why it cannot.
func (r *Reader) adopt(c *geo.CRS) error {
	l := r.lex
	switch {
	case c == nil && r.crsFixed:
		return nil
	case c == nil:
		return l.syntax("berkas menyatakan sistem koordinatnya tidak diketahui (crs null); berikan --crs", "the file says that its reference system is unknown (crs null); give --crs")
	case r.crsFixed && c.SRID() != r.crs.SRID():
		return l.syntax(
			"berkas menyatakan "+c.String()+", tetapi --crs menyatakan "+r.crs.String(),
			"the file says "+c.String()+", but --crs says "+r.crs.String())
	case !r.crsFixed:
		r.crs = *c
	}
	r.crsNamed = true
	return nil
}
