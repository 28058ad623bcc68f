package carto

import (
	"fmt"
	"slices"

	"github.com/simtaru/simtaru/internal/plan"
)

// Entry is one line of a legend.
type Entry struct {
	// Value of the style field; empty in the entry of everything else.
	Value string    `json:"value"`
	Title plan.Text `json:"title"`
	// Symbol is complete: what a class leaves out is filled in from the layer.
	Symbol plan.Symbol `json:"symbol"`
}

// Legend returns the classes of a layer in order: those it declares, or one
// for each code of its style field in the code's colour, or the layer itself
// where nothing divides it. Where a value can be missing or belong to no class
// the last entry stands for those.
//
// It fails only on a catalogue that does not hold a list the layer refers to.
func Legend(cat *plan.Catalog, l *plan.Layer) ([]Entry, error) {
	c, err := classesOf(cat, l)
	if err != nil {
		return nil, err
	}
	if len(c.entries) == 0 {
		return []Entry{{Title: l.Title, Symbol: c.other}}, nil
	}
	if c.open {
		other := plan.Text{ID: "Lainnya atau belum diisi", EN: "Other or not stated"}
		return append(c.entries, Entry{Title: other, Symbol: c.other}), nil
	}
	return c.entries, nil
}

// classes is how a layer is divided for drawing.
type classes struct {
	// field decides; nil where the layer is not divided.
	field   *plan.Field
	entries []Entry
	// other is drawn where no entry applies.
	other plan.Symbol
	// open says that a feature may belong to no entry.
	open bool
}

func classesOf(cat *plan.Catalog, l *plan.Layer) (classes, error) {
	c := classes{other: complete(l.Style.Symbol, plan.Symbol{})}
	if l.Style.Field == "" {
		return c, nil
	}
	field, ok := l.Field(l.Style.Field)
	if !ok {
		return c, fmt.Errorf("layer %s is styled by field %q, which it does not have", l.ID, l.Style.Field)
	}
	c.field, c.open = field, !field.Required
	var codes []plan.Code
	if field.Codes != nil {
		list, ok := cat.List(*field.Codes)
		if !ok {
			return c, fmt.Errorf("layer %s: code list %s@%s is not in the catalogue", l.ID, field.Codes.List, field.Codes.Version)
		}
		codes = list.Codes
	}
	if len(l.Style.Classes) == 0 {
		for _, code := range codes {
			c.entries = append(c.entries, Entry{code.Code, code.Title, complete(inColour(l.Geometry, code.Color), c.other)})
		}
		return c, nil
	}
	for _, k := range l.Style.Classes {
		c.entries = append(c.entries, Entry{k.Value, k.Title, complete(k.Symbol, c.other)})
	}
	c.open = c.open || !c.covers(codes)
	return c, nil
}

// covers reports whether every value that the field can have is an entry.
func (c classes) covers(codes []plan.Code) bool {
	has := func(v string) bool {
		return slices.ContainsFunc(c.entries, func(e Entry) bool { return e.Value == v })
	}
	if c.field.Type == plan.BooleanField {
		return has("true") && has("false")
	}
	return len(codes) > 0 && !slices.ContainsFunc(codes, func(k plan.Code) bool { return !has(k.Code) })
}

// inColour is the symbol of a code: its colour on what makes up the most of
// the feature.
func inColour(g plan.GeometryType, colour string) plan.Symbol {
	if g == plan.MultiLineString {
		return plan.Symbol{Stroke: colour}
	}
	return plan.Symbol{Fill: colour}
}

// Defaults of a symbol, in CSS pixels.
const (
	defaultStrokeWidth = 1.0
	defaultRadius      = 5.0
)

// complete fills what s leaves out from base, and from the defaults.
func complete(s, base plan.Symbol) plan.Symbol {
	pick := func(v, b *float64, d float64) *float64 {
		if v == nil {
			v = b
		}
		if v == nil {
			v = &d
		}
		return v
	}
	if s.Fill == "" {
		s.Fill = base.Fill
	}
	if s.Stroke == "" {
		s.Stroke = base.Stroke
	}
	if s.Casing == "" {
		s.Casing = base.Casing
	}
	if s.Dash == nil {
		s.Dash = base.Dash
	}
	s.FillOpacity = pick(s.FillOpacity, base.FillOpacity, 1)
	s.StrokeWidth = pick(s.StrokeWidth, base.StrokeWidth, defaultStrokeWidth)
	s.Radius = pick(s.Radius, base.Radius, defaultRadius)
	return s
}
