package carto

import (
	"fmt"
	"slices"
	"strings"

	"github.com/simtaru/simtaru/internal/plan"
)

// drawing makes the style layers of one layer of the plan.
type drawing struct {
	layer   *plan.Layer
	classes classes
	options StyleOptions
}

// shapes returns what draws the features themselves, bottom first.
func (d drawing) shapes() []StyleLayer {
	switch d.layer.Geometry {
	case plan.MultiPolygon:
		return append([]StyleLayer{d.fill()}, d.lines(constant)...)
	case plan.MultiLineString:
		return append(d.casings(), d.lines(scaled)...)
	case plan.Point:
		return []StyleLayer{d.circle()}
	default:
		panic(fmt.Sprintf("carto: geometry type %q", d.layer.Geometry))
	}
}

// part is a style layer with everything but its paint. n counts the style
// layers of the same part from 0.
func (d drawing) part(part, kind string, n int) StyleLayer {
	id := d.layer.ID + "-" + part
	if n > 0 {
		id += fmt.Sprintf("-%d", n+1)
	}
	visibility := "none"
	if d.layer.Visible {
		visibility = "visible"
	}
	return StyleLayer{
		ID: id, Type: kind, Source: sourceID(d.layer), SourceLayer: d.layer.ID,
		MinZoom: max(d.layer.Zooms.Min, d.layer.Zooms.Show),
		Metadata: map[string]any{
			"simtaru:layer": d.layer.ID, "simtaru:part": part,
			"simtaru:title": d.layer.Title.In(d.options.Lang),
		},
		Layout: map[string]any{"visibility": visibility},
		Paint:  map[string]any{},
	}
}

// all is an expression over every class.
func (d drawing) all(of func(plan.Symbol) expr) expr {
	return d.classes.by(d.classes.entries, d.classes.other, of)
}

// fill is there even where it is transparent: a click inside must find the
// feature.
func (d drawing) fill() StyleLayer {
	s := d.part(FillPart, "fill", 0)
	s.Paint["fill-color"] = d.all(func(y plan.Symbol) expr { return y.Fill })
	s.Paint["fill-opacity"] = d.all(func(y plan.Symbol) expr { return *y.FillOpacity })
	return s
}

func (d drawing) circle() StyleLayer {
	s := d.part(CirclePart, "circle", 0)
	s.Paint["circle-color"] = d.all(func(y plan.Symbol) expr { return y.Fill })
	s.Paint["circle-opacity"] = d.all(func(y plan.Symbol) expr { return *y.FillOpacity })
	s.Paint["circle-radius"] = byZoom(0.5, 1.5, func(factor float64) expr {
		return d.all(func(y plan.Symbol) expr { return round(*y.Radius * factor) })
	})
	s.Paint["circle-stroke-color"] = d.all(func(y plan.Symbol) expr {
		if y.Stroke == "" {
			return y.Fill
		}
		return y.Stroke
	})
	s.Paint["circle-stroke-width"] = d.all(func(y plan.Symbol) expr {
		if y.Stroke == "" {
			return 0.0
		}
		return *y.StrokeWidth
	})
	return s
}

// width makes the width of a line from one symbol's width in pixels.
type width func(of func(factor float64) expr) expr

// Outlines keep their width, centre lines grow with the map.
func constant(of func(float64) expr) expr { return of(1) }
func scaled(of func(float64) expr) expr   { return byZoom(0.4, 4, of) }

// lines returns a style layer for each pattern of dashes, since clients older
// than version 24.2 of the style specification take dashes that depend on the
// data for a mistake. What holds the first classes of the legend comes last,
// on top.
func (d drawing) lines(w width) []StyleLayer {
	var all []StyleLayer
	for n, g := range d.classes.split(pattern) {
		s := d.part(LinePart, "line", n)
		s.Filter = g.filter
		s.Paint["line-color"] = d.classes.by(g.members, g.rest, func(y plan.Symbol) expr { return y.Stroke })
		s.Paint["line-width"] = w(func(factor float64) expr {
			return d.classes.by(g.members, g.rest, func(y plan.Symbol) expr { return round(*y.StrokeWidth * factor) })
		})
		s.Layout["line-join"] = "round"
		if dash := dashes(g.rest); len(dash) > 0 {
			s.Paint["line-dasharray"] = dash
		} else {
			s.Layout["line-cap"] = "round"
		}
		d.sort(s, g)
		all = append(all, s)
	}
	slices.Reverse(all)
	return all
}

// casings returns what lies under the lines that have a casing, one pixel
// wider on each side.
func (d drawing) casings() []StyleLayer {
	var all []StyleLayer
	for n, g := range d.classes.split(func(y plan.Symbol) string { return strings.Repeat("cased", min(1, len(y.Casing))) }) {
		s := d.part(CasingPart, "line", n)
		s.Filter = g.filter
		s.Paint["line-color"] = d.classes.by(g.members, g.rest, func(y plan.Symbol) expr { return y.Casing })
		s.Paint["line-width"] = scaled(func(factor float64) expr {
			return d.classes.by(g.members, g.rest, func(y plan.Symbol) expr { return round(*y.StrokeWidth*factor + 2) })
		})
		s.Layout["line-join"], s.Layout["line-cap"] = "round", "round"
		d.sort(s, g)
		all = append(all, s)
	}
	return all
}

// sort draws the first class of the legend last, above the others: legends
// start with what matters most.
func (d drawing) sort(s StyleLayer, g group) {
	if d.layer.Geometry != plan.MultiLineString || len(g.members) < 2 {
		return
	}
	e := []expr{"match", d.classes.input()}
	for i, m := range g.members {
		e = append(e, m.Value, len(g.members)-i)
	}
	s.Layout["line-sort-key"] = append(e, 0)
}

// pattern names how a line is dashed; empty for no line.
func pattern(y plan.Symbol) string {
	if y.Stroke == "" || *y.StrokeWidth == 0 {
		return ""
	}
	return fmt.Sprint("dash", dashes(y))
}

// dashes converts pixels into MapLibre's unit, the width of the line.
func dashes(y plan.Symbol) []float64 {
	all := make([]float64, len(y.Dash))
	for i, v := range y.Dash {
		all[i] = round(v / *y.StrokeWidth)
	}
	return all
}

// defaultLabelSize is in CSS pixels.
const defaultLabelSize = 12.0

func (d drawing) label() StyleLayer {
	l := d.layer.Label
	s := d.part(LabelPart, "symbol", 0)
	s.MinZoom = max(s.MinZoom, l.MinZoom)
	size := l.Size
	if size == 0 {
		size = defaultLabelSize
	}
	s.Layout["text-field"] = []expr{"to-string", []expr{"get", l.Field}}
	s.Layout["text-font"] = d.options.Font
	s.Layout["text-size"] = size
	s.Paint["text-color"] = "#2B2B2B"
	s.Paint["text-halo-color"] = "#FFFFFF"
	s.Paint["text-halo-width"] = 1.4
	switch d.layer.Geometry {
	case plan.MultiLineString:
		s.Layout["symbol-placement"] = "line"
	case plan.Point:
		s.Layout["text-variable-anchor"] = []string{"top", "bottom", "left", "right"}
		s.Layout["text-radial-offset"] = round(0.3 + *d.classes.other.Radius/size)
		s.Layout["text-justify"] = "auto"
	}
	return s
}
