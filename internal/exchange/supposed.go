package exchange

import (
	"fmt"
	"io"

	"github.com/simtaru/simtaru/internal/plan"
)

// SupposedLimits bounds edits that are only supposed.
type SupposedLimits struct {
	// Edits, and Vertices of them all.
	Edits, Vertices int
}

// Supposed is a question of what edits would make of the figures.
type Supposed struct {
	Edits []plan.Edit
	// Indicators that are asked for; nil: all.
	Indicators []string
}

// ReadSupposed reads a body that supposes edits which nobody makes:
//
//	{"edits":[{"op":"create","layer":"x","properties":{},"geometry":{}}, ...],"indicators":["a"]}
//
// A new feature needs no more properties than the question turns on; an update
// changes what it names. layer finds a layer, or says why there is none. What
// is wrong with the edits is *plan.Faults, each with its position; any other
// error is of the body as a whole.
func ReadSupposed(src io.Reader, layer func(id string) (*plan.Layer, *plan.Error), limits SupposedLimits, o BodyOptions) (Supposed, error) {
	o.Limits.Geometry.MaxVertices = limits.Vertices
	s := &supposed{envelope: envelope{body: newBody(src, o), layer: layer, top: newKeys(), members: newKeys()}, limits: limits}
	if err := s.open(); err != nil {
		return Supposed{}, malformed(err)
	}
	if err := s.readAll(); err != nil {
		return Supposed{}, malformed(err)
	}
	faults := &plan.Faults{}
	for i, e := range s.edits {
		for _, refused := range e.Refused {
			faults.List = append(faults.List, plan.Fault{Index: i, Layer: e.Layer, ID: e.ID, Err: refused})
		}
	}
	if len(faults.List) > 0 {
		return Supposed{}, faults
	}
	return Supposed{Edits: s.edits, Indicators: s.indicators}, nil
}

type supposed struct {
	envelope
	limits     SupposedLimits
	indicators []string
	vertices   int
}

func (s *supposed) readAll() error {
	l := s.lex
	l.pos++ // the brace
	there := false
	err := l.object(s.top, func(name string, duplicate bool) error {
		switch {
		case duplicate:
		case name == "edits":
			there = true
			return s.array(s.limits.Edits, "edits", func() error { return s.suppose() })
		case name == "indicators":
			s.indicators = []string{}
			return s.array(s.limits.Edits, name, func() error {
				b, t, err := l.readString(nil, longestKey)
				if err == nil && t.flaw != nil {
					err = l.syntax(t.flaw.ID, t.flaw.EN)
				}
				s.indicators = append(s.indicators, string(b))
				return err
			})
		}
		return l.syntax("isi permintaan hanya memiliki anggota edits dan indicators, masing-masing satu kali", "the body has the members edits and indicators only, each once")
	})
	if err != nil {
		return err
	}
	if !there {
		return l.syntax("anggota edits tidak ada", "the member edits is missing")
	}
	return s.end()
}

// array reads an array of at most so many elements.
func (b *body) array(most int, name string, element func() error) error {
	l := b.lex
	if err := l.expect('['); err != nil {
		return err
	}
	if l.peek() == ']' {
		l.pos++
		return nil
	}
	for n := 0; ; n++ {
		if n == most {
			return &plan.Error{Kind: plan.TooLarge, Code: "too-many-" + name, At: name, Message: plan.Text{
				ID: fmt.Sprintf("Terlalu banyak anggota dalam %s: paling banyak %d dalam satu permintaan.", name, most),
				EN: fmt.Sprintf("Too many members in %s: at most %d go into one request.", name, most),
			}}
		}
		if err := element(); err != nil {
			return err
		}
		if done, err := l.comma(']'); done || err != nil {
			return err
		}
	}
}

// suppose reads one edit.
func (s *supposed) suppose() error {
	l := s.lex
	l.peek()
	rec := s.begin()
	if err := l.expect('{'); err != nil {
		return err
	}
	s.coords.reset(s.Reader.limits.Geometry)
	s.shape, s.noProperties = "", false
	it := &item{}
	c := &change{rec: rec, partly: true}
	properties := false
	err := l.object(s.members, func(name string, duplicate bool) error {
		if duplicate {
			it.complain("duplicate-member", name, "anggota muncul dua kali", "the member appears twice")
			return l.skip(0)
		}
		switch name {
		case "geometry":
			c.hasGeometry = true
			return s.readGeometry(rec)
		case "properties":
			properties = true
			return s.readProperties(rec)
		case "op", "layer", "id":
			return s.member(it, name)
		}
		it.complain("unknown-member", name, "anggota ini tidak dikenal; yang ada: op, layer, id, properties, geometry", "the member is not known; there are: op, layer, id, properties, geometry")
		return l.skip(0)
	})
	if err != nil {
		return err
	}
	if s.shape != "" {
		s.place(rec)
		s.vertices += len(s.coords.points)
	}
	if s.vertices > s.limits.Vertices {
		return &plan.Error{Kind: plan.TooLarge, Code: "too-many-vertices", At: "edits", Message: plan.Text{
			ID: fmt.Sprintf("Geometri dalam satu permintaan bersama-sama paling banyak %d titik.", s.limits.Vertices),
			EN: fmt.Sprintf("The geometries of one request have at most %d vertices together.", s.limits.Vertices),
		}}
	}
	return s.supposed(it, c, properties)
}

// supposed makes the edit when its members are known.
func (s *supposed) supposed(it *item, c *change, properties bool) error {
	edit := plan.Edit{Layer: it.layer, Op: plan.Op(it.op)}
	switch {
	case edit.Op != plan.Create && edit.Op != plan.Update && edit.Op != plan.Delete:
		it.complain("wrong-operation", "op", "op mestinya create, update atau delete", "op should be create, update or delete")
	case edit.Op == plan.Create && it.id != nil:
		it.complain("unknown-member", "id", "fitur baru belum memiliki nomor", "a new feature has no id yet")
	case edit.Op != plan.Create && it.id == nil && !it.said("id"):
		it.complain("missing-member", "id", "nomor fitur (id) tidak ada", "the id of the feature is missing")
	case edit.Op == plan.Create && !c.hasGeometry:
		it.complain("missing-member", "geometry", "fitur baru memerlukan geometry", "a new feature takes a geometry")
	case edit.Op == plan.Delete && (c.hasGeometry || properties):
		it.complain("unknown-member", "geometry", "penghapusan tidak memerlukan properties atau geometry", "a deletion takes neither properties nor geometry")
	}
	if it.id != nil {
		edit.ID = *it.id
	}
	for i := range it.problems {
		edit.Refused = append(edit.Refused, it.problems[i].refusal())
	}
	layer, refused := s.layer(it.layer)
	if refused != nil {
		edit.Refused = append(edit.Refused, refused)
	} else if edit.Op != plan.Delete {
		if err := s.fill(&edit, layer, c); err != nil {
			return err
		}
		// Nobody widens what is only supposed.
		if g := edit.Geometry; g != nil && g.GeoJSONType() != string(layer.Geometry) {
			edit.Refused = append(edit.Refused, wrongGeometry(layer, g.GeoJSONType()).refusal())
		}
	}
	s.edits = append(s.edits, edit)
	return nil
}
