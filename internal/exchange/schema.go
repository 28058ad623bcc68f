package exchange

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/plan"
)

// Row is a record as the layer will hold it. Geometry and Values are good
// until the next row.
type Row struct {
	Feature int64
	Position
	// Geometry is lon, lat, of the layer's own type, or nil.
	Geometry orb.Geometry
	// Values are in the order of Layer.Fields, as plan.Feature has them.
	Values []any
}

// Mapping says which property fills which field. An empty Target leaves the
// property out, on purpose.
type Mapping struct{ Source, Target string }

// Assignment gives a field the same value in every row.
type Assignment struct{ Field, Value string }

// schema turns records into rows of one layer.
type schema struct {
	layer *plan.Layer
	// source maps property names to fields; -1 is left out on purpose.
	source map[string]int
	codes  []*codes // by field; nil where there is no list
	fixed  []any    // by field; what Options.Set says

	values []any
	filled []bool

	// unknown counts properties that fill no field; empty the texts without a
	// character that were taken as no value; met the mapped properties seen.
	unknown  map[string]int64
	empty    int64
	promoted int64
	met      map[string]bool
}

// codes are those that a field takes.
type codes struct {
	known map[string]bool
	// some are the first of them, for who has sent another.
	some string
}

// someCodes is how many are told, as many as simtaru.refuse_code tells.
const someCodes = 12

func newCodes(list *plan.CodeList) *codes {
	c := &codes{known: make(map[string]bool, len(list.Codes))}
	var some []string
	for _, code := range list.Codes {
		c.known[code.Code] = true
		if len(some) < someCodes {
			some = append(some, code.Code)
		}
	}
	c.some = strings.Join(some, ", ")
	return c
}

func newSchema(layer *plan.Layer, cat *plan.Catalog, mapping []Mapping, set []Assignment) (*schema, error) {
	s := &schema{
		layer: layer, source: map[string]int{},
		codes: make([]*codes, len(layer.Fields)), fixed: make([]any, len(layer.Fields)),
		values: make([]any, len(layer.Fields)), filled: make([]bool, len(layer.Fields)),
		unknown: map[string]int64{}, met: map[string]bool{},
	}
	var faults []error
	for i := range layer.Fields {
		f := &layer.Fields[i]
		if f.Computed != nil {
			continue // told as a property that fills no field
		}
		s.source[f.Name] = i
		if f.Codes == nil {
			continue
		}
		list, ok := cat.List(*f.Codes)
		if !ok {
			faults = append(faults, &plan.Error{Kind: plan.Internal, Code: "no-code-list", At: f.Name, Message: sayf("daftar kode %s versi %s tidak ada", "the code list %s version %s does not exist", f.Codes.List, f.Codes.Version)})
			continue
		}
		s.codes[i] = newCodes(list)
	}
	faults = append(faults, s.mapAll(mapping)...)
	faults = append(faults, s.setAll(set)...)
	return s, errors.Join(faults...)
}

// mapAll applies the mappings: a field that one fills is no longer filled by
// the property of its own name.
func (s *schema) mapAll(mapping []Mapping) (faults []error) {
	bad := func(m Mapping, id, en string) {
		faults = append(faults, &plan.Error{Kind: plan.Invalid, Code: "bad-mapping", At: m.Source + "=" + m.Target, Message: say(id, en)})
	}
	sources, targets := map[string]bool{}, map[string]bool{}
	for _, m := range mapping {
		i := s.layer.FieldIndex(m.Target)
		switch {
		case m.Source == "":
			bad(m, "atribut sumber kosong", "the source property is empty")
		case sources[m.Source]:
			bad(m, "atribut sumber dipetakan dua kali", "the source property is mapped twice")
		case m.Target != "" && i < 0:
			bad(m, "layer "+s.layer.ID+" tidak memiliki bidang ini; yang ada: "+s.fieldNames(), "the layer "+s.layer.ID+" has no such field; it has: "+s.fieldNames())
		case i >= 0 && s.layer.Fields[i].Computed != nil:
			bad(m, "bidang ini dihitung oleh basis data", "the database computes this field")
		case m.Target != "" && targets[m.Target]:
			bad(m, "bidang tujuan dipetakan dua kali", "the target field is mapped twice")
		}
		sources[m.Source], targets[m.Target] = true, true
		if m.Target != "" && i >= 0 && s.source[m.Target] == i {
			delete(s.source, m.Target)
		}
	}
	for _, m := range mapping {
		s.source[m.Source] = s.layer.FieldIndex(m.Target) // -1 for none
	}
	return faults
}

// setAll computes the fixed values. A field that has one takes no property.
func (s *schema) setAll(set []Assignment) (faults []error) {
	done := map[string]bool{}
	for _, a := range set {
		i := s.layer.FieldIndex(a.Field)
		bad := func(m plan.Text) {
			faults = append(faults, &plan.Error{Kind: plan.Invalid, Code: "bad-assignment", At: a.Field + "=" + a.Value, Message: m})
		}
		switch {
		case i < 0:
			bad(say("layer "+s.layer.ID+" tidak memiliki bidang ini; yang ada: "+s.fieldNames(), "the layer "+s.layer.ID+" has no such field; it has: "+s.fieldNames()))
			continue
		case s.layer.Fields[i].Computed != nil:
			bad(say("bidang ini dihitung oleh basis data", "the database computes this field"))
			continue
		case done[a.Field]:
			bad(say("bidang diberi nilai dua kali", "the field is given a value twice"))
			continue
		}
		done[a.Field] = true
		v, fault := s.fromText(i, a.Value)
		if fault != nil {
			bad(fault.Message)
			continue
		}
		s.fixed[i] = v
		for name, target := range s.source {
			if target != i {
				continue
			}
			if name != a.Field {
				bad(say("bidang dipetakan dan juga diberi nilai", "the field is mapped and given a value as well"))
			}
			delete(s.source, name)
		}
	}
	return faults
}

func (s *schema) fieldNames() string {
	names := make([]string, len(s.layer.Fields))
	for i, f := range s.layer.Fields {
		names[i] = f.Name
	}
	return strings.Join(names, ", ")
}

// row turns rec into a row. What is wrong is added to the record's problems;
// the row is whole only if it then has none.
func (s *schema) row(rec *Record) Row {
	copy(s.values, s.fixed)
	clear(s.filled)
	for i := range rec.Properties {
		p := &rec.Properties[i]
		field, ok := s.source[p.Name]
		switch {
		case !ok:
			if _, seen := s.unknown[p.Name]; seen || len(s.unknown) < mostKeys {
				s.unknown[p.Name]++
			}
			continue
		case p.Flawed:
			if field >= 0 {
				s.filled[field] = true
			}
			continue
		case !s.met[p.Name]:
			s.met[p.Name] = true
		}
		if field < 0 {
			continue
		}
		v, fault := s.value(field, p)
		if fault != nil {
			fault.Field, fault.Value, fault.At = p.Name, excerpt(p.Raw), firstPoint(rec.Geometry)
			rec.complain(*fault)
			s.filled[field] = true
			continue
		}
		s.values[field] = v
	}
	for i := range s.layer.Fields {
		if f := &s.layer.Fields[i]; f.Required && s.values[i] == nil && !s.filled[i] {
			rec.complain(Problem{
				Code: "missing-value", Field: f.Name, At: firstPoint(rec.Geometry),
				Message: sayf("bidang wajib %s tidak berisi", "the required field %s has no value", f.Name),
			})
		}
	}
	if s.layer.GeometryRequired && rec.Geometry == nil && len(rec.Problems) == 0 {
		rec.complain(Problem{Code: "geometry-required", Field: "geometry", Message: say("geometri wajib ada", "a geometry is required")})
	}
	broken := s.layer.Broken(func(field string) any { return s.values[s.layer.FieldIndex(field)] })
	for _, e := range broken {
		rec.complain(Problem{Code: e.Code, Field: e.At, At: firstPoint(rec.Geometry), Message: e.Message})
	}
	return Row{Feature: rec.Feature, Position: rec.Position, Geometry: s.promote(rec), Values: s.values}
}

// promote makes multi geometries of single ones, leaves those to the database
// that it widens, and refuses other types.
func (s *schema) promote(rec *Record) orb.Geometry {
	if rec.Geometry == nil {
		return nil
	}
	switch g := rec.Geometry.(type) {
	case orb.LineString:
		if s.layer.Geometry == plan.MultiLineString {
			s.promoted++
			return orb.MultiLineString{g}
		}
	case orb.Polygon:
		if s.layer.Geometry == plan.MultiPolygon {
			s.promoted++
			return orb.MultiPolygon{g}
		}
	}
	got := rec.Geometry.GeoJSONType()
	if got != string(s.layer.Geometry) && !s.layer.Widens(got) {
		p := wrongGeometry(s.layer, got)
		p.At = firstPoint(rec.Geometry)
		rec.complain(*p)
		return nil
	}
	return rec.Geometry
}

func wrongGeometry(l *plan.Layer, got string) *Problem {
	return &Problem{
		Code: "wrong-geometry-type", Field: "geometry", Value: got,
		Message: sayf("layer %[1]s menyimpan %[2]s, bukan %[3]s", "the layer %[1]s holds %[2]s, not %[3]s", l.ID, l.Geometry, got),
	}
}

// unmet lists the mapped properties that no record had.
func (s *schema) unmet(mapping []Mapping) (names []string) {
	for _, m := range mapping {
		if !s.met[m.Source] {
			names = append(names, m.Source)
		}
	}
	return names
}

// unknownProperties lists what was not imported, and guesses what was meant.
func (s *schema) unknownProperties() []UnknownProperty {
	var out []UnknownProperty
	for _, name := range slices.Sorted(maps.Keys(s.unknown)) {
		u := UnknownProperty{Name: name, Count: s.unknown[name]}
		if lower := strings.ToLower(name); lower != name && s.layer.FieldIndex(lower) >= 0 {
			u.Perhaps = lower
		}
		out = append(out, u)
	}
	return out
}
