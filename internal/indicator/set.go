package indicator

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/indicator/land"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// set tells which features of a layer belong to a plan.Set.
type set struct {
	layer   string
	where   []condition
	minArea float64 // m2
}

type condition struct {
	index  int // of the field
	values []any
	in     bool // one of values, or none of them
}

// setOf makes a set ready. Definitions are checked when they are applied; what
// does not hold any more, since a layer has changed, is an error.
func setOf(cat *plan.Catalog, s plan.Set) (set, error) {
	l, ok := cat.Layer(s.Layer)
	if !ok {
		return set{}, errNotInMemory(s.Layer)
	}
	out := set{layer: s.Layer, minArea: s.MinArea}
	for _, c := range s.Where {
		i := l.FieldIndex(c.Field)
		if i < 0 {
			return set{}, fmt.Errorf("layer %s has no field %s", s.Layer, c.Field)
		}
		texts, in := c.In, true
		if len(texts) == 0 {
			texts, in = c.Not, false
		}
		ready := condition{index: i, in: in}
		for _, text := range texts {
			v, err := value(l.Fields[i].Type, text)
			if err != nil {
				return set{}, fmt.Errorf("field %s of layer %s: %w", c.Field, s.Layer, err)
			}
			ready.values = append(ready.values, v)
		}
		out.where = append(out.where, ready)
	}
	return out, nil
}

// value reads a value as definitions write it.
func value(t plan.FieldType, text string) (any, error) {
	switch t {
	case plan.IntegerField:
		return strconv.ParseInt(text, 10, 64)
	case plan.NumberField:
		return strconv.ParseFloat(text, 64)
	case plan.BooleanField:
		return strconv.ParseBool(text)
	case plan.DateField:
		return plan.Date(text), nil
	case plan.TimestampField:
		return time.Parse(time.RFC3339, text)
	default:
		return text, nil
	}
}

// holds reports whether a feature belongs to the set.
func (s *set) holds(f *mirror.Feature) bool {
	for _, c := range s.where {
		v := f.Values[c.index]
		if c.in != slices.ContainsFunc(c.values, func(w any) bool { return plan.SameValue(v, w) }) {
			return false
		}
	}
	return s.minArea == 0 || areaOf(f) >= s.minArea
}

func areaOf(f *mirror.Feature) float64 {
	g, _ := f.Geometry.(orb.MultiPolygon)
	return land.Measure(g)
}

// class is one class of one part of a coverage.
type class struct {
	part, code string
	title      plan.Text
	color      string
}

// cover is a coverage made ready: each class of each part is a set of pieces
// and a rule of its own.
type cover struct {
	layers  []string // each once
	members []member
	classes []class // by rule
	rules   []land.Rule
	// single says that a feature is a piece of one set alone, that of its rule.
	single bool
}

// member puts features of one plan.Set into sets of pieces.
type member struct {
	set
	first  int            // set of pieces of the first class
	by     int            // field of the class, or -1
	codes  map[string]int // class by code
	none   int            // class of features without a code
	factor int            // field of a factor, or -1
	// least is the smallest area by code that counts, where a standard asks.
	least map[string]float64
}

// coverOf makes a coverage ready. Where least is given, features of a code that
// are smaller than what it says, in m2, do not belong.
func coverOf(cat *plan.Catalog, c *plan.Coverage, least map[string]float64) (*cover, error) {
	out := &cover{single: len(c.Parts) == 1 && c.Parts[0].Within == nil}
	sets := 0
	for _, p := range c.Parts {
		s, err := setOf(cat, p.Set)
		if err != nil {
			return nil, err
		}
		l, _ := cat.Layer(p.Layer)
		classes, codes := []class{{part: p.ID, title: p.Title}}, map[string]int(nil)
		if p.By != "" {
			if classes, codes, err = classesOf(cat, l, p); err != nil {
				return nil, err
			}
		}
		out.members = append(out.members, member{
			set: s, first: sets, by: l.FieldIndex(p.By), codes: codes, none: len(classes) - 1,
			factor: l.FieldIndex(p.FactorField), least: least,
		})
		mine := sets
		sets += len(classes)
		within := -1
		if p.Within != nil {
			inner, err := setOf(cat, *p.Within)
			if err != nil {
				return nil, err
			}
			within = sets
			sets++
			out.members = append(out.members, member{set: inner, first: within, by: -1, factor: -1})
		}
		for i, class := range classes {
			out.classes = append(out.classes, class)
			out.rules = append(out.rules, land.Rule{Set: mine + i, Within: within})
		}
	}
	for _, m := range out.members {
		if !slices.Contains(out.layers, m.layer) {
			out.layers = append(out.layers, m.layer)
		}
	}
	return out, nil
}

// classesOf lists the classes of a part in the order of the code list; the last
// is that of features without a code.
func classesOf(cat *plan.Catalog, l *plan.Layer, p plan.Part) ([]class, map[string]int, error) {
	f, ok := l.Field(p.By)
	if !ok || f.Codes == nil {
		return nil, nil, fmt.Errorf("field %s of layer %s has no codes", p.By, l.ID)
	}
	list, ok := cat.List(*f.Codes)
	if !ok {
		return nil, nil, fmt.Errorf("there is no code list %s", f.Codes.List)
	}
	var classes []class
	codes := map[string]int{}
	for i, c := range list.Codes {
		classes = append(classes, class{part: p.ID, code: c.Code, title: c.Title, color: c.Color})
		codes[c.Code] = i
	}
	none := plan.Text{ID: "Tanpa kelas", EN: "Without a class"}
	return append(classes, class{part: p.ID, title: none}), codes, nil
}

// piece returns the feature as a piece of the member's sets; false where it
// does not belong.
func (m *member) piece(f *mirror.Feature) (land.Piece, bool) {
	g, ok := f.Geometry.(orb.MultiPolygon)
	if !ok || !m.holds(f) {
		return land.Piece{}, false
	}
	p := land.Piece{Geometry: g, Set: m.first, Factor: math.NaN()}
	if m.by >= 0 {
		code, _ := f.Values[m.by].(string)
		at, known := m.codes[code]
		if !known {
			at = m.none
		}
		p.Set += at
		if least := m.least[code]; least > 0 && areaOf(f) < least {
			return land.Piece{}, false
		}
	}
	if m.factor >= 0 {
		if v := f.Values[m.factor]; v != nil {
			p.Factor = number(v)
		}
	}
	return p, true
}
