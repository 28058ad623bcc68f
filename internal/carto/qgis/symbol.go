package qgis

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/simtaru/simtaru/internal/plan"
)

// mm turns CSS pixels, 96 to the inch, into millimetres, to a hundredth of a
// pixel.
func mm(px float64) string { return number(math.Round(px*25.4/96*10000) / 10000) }

// rgba writes #RRGGBB and an opacity as QGIS does: 151,219,242,191.
func rgba(colour string, opacity float64) string {
	v, err := strconv.ParseUint(strings.TrimPrefix(colour, "#"), 16, 32)
	if err != nil {
		v = 0 // a validated declaration has no such colour
	}
	return fmt.Sprintf("%d,%d,%d,%d", v>>16&255, v>>8&255, v&255, int(math.Round(opacity*255)))
}

// renderer draws the legend: one symbol, or one for each value of the field.
func (v view) renderer() *node {
	l, legend := v.layer, v.legend
	kind, levels := "singleSymbol", l.Geometry == plan.MultiLineString
	r := el("renderer-v2")
	symbols := el("symbols")
	if l.Style.Field != "" {
		kind = "categorizedSymbol"
		categories := el("categories")
		for i, e := range legend {
			// A category without a value stands for all others.
			categories.add(el("category", "symbol", strconv.Itoa(i), "value", e.Value, "label", e.Title.In(v.lang), "render", "true"))
		}
		r.add(categories)
	}
	for i, e := range legend {
		// The first class of the legend is drawn last, above the others.
		symbols.add(symbol(l.Geometry, strconv.Itoa(i), e.Symbol, len(legend)-i))
	}
	r.attrs = el("", "type", kind, "symbollevels", bit(levels), "enableorderby", "0", "forceraster", "0", "referencescale", "-1").attrs
	if l.Style.Field != "" {
		r.attrs = append(r.attrs, el("", "attr", l.Style.Field).attrs...)
	}
	return r.add(symbols, el("rotation"), el("sizescale"))
}

// symbol is one symbol by name; pass orders the lines of a layer, whose casings
// all lie below in pass 0.
func symbol(g plan.GeometryType, name string, y plan.Symbol, pass int) *node {
	switch g {
	case plan.MultiPolygon:
		return symbolOf("fill", name, fill(y)...)
	case plan.MultiLineString:
		var layers []*node
		if y.Casing != "" {
			layers = append(layers, line(y.Casing, *y.StrokeWidth+2, nil, 0))
		}
		return symbolOf("line", name, append(layers, stroke(y, pass))...)
	case plan.Point:
		return symbolOf("marker", name, marker(y))
	default:
		panic(fmt.Sprintf("qgis: geometry type %q", g))
	}
}

func symbolOf(kind, name string, layers ...*node) *node {
	return el("symbol", "type", kind, "name", name, "alpha", "1", "clip_to_extent", "1", "force_rhr", "0").add(layers...)
}

// symbolLayer is a layer of a symbol with its properties in pairs.
func symbolLayer(class string, pass int, properties ...string) *node {
	m := mapOption()
	for i := 0; i+1 < len(properties); i += 2 {
		m.add(textOption(properties[i], properties[i+1]))
	}
	return el("layer", "class", class, "enabled", "1", "locked", "0", "pass", strconv.Itoa(pass)).add(m)
}

// drawn reports whether a symbol has a line at all.
func drawn(y plan.Symbol) bool { return y.Stroke != "" && *y.StrokeWidth > 0 }

// fill is the inside and the outline. QGIS's outline of a fill knows no dashes
// of our own, so a dashed one is a line by itself.
func fill(y plan.Symbol) []*node {
	style, outline := "solid", "solid"
	if *y.FillOpacity == 0 {
		style = "no"
	}
	if !drawn(y) || len(y.Dash) > 0 {
		outline = "no"
	}
	layers := []*node{symbolLayer("SimpleFill", 0,
		"color", rgba(y.Fill, *y.FillOpacity), "style", style,
		"outline_color", rgba(y.Stroke, 1), "outline_style", outline,
		"outline_width", mm(*y.StrokeWidth), "outline_width_unit", "MM", "joinstyle", "round")}
	if drawn(y) && len(y.Dash) > 0 {
		layers = append(layers, stroke(y, 0))
	}
	return layers
}

func stroke(y plan.Symbol, pass int) *node { return line(y.Stroke, *y.StrokeWidth, y.Dash, pass) }

// line has round ends, but flat ones where they would fill the gaps of dashes.
// Its width is as declared at every scale, where centre lines of the web map
// grow: plans are printed from here, the regulation gives one width, and an
// expression in its place would take the width out of the planner's hands.
func line(colour string, width float64, dash []float64, pass int) *node {
	style, ends := "solid", "round"
	if colour == "" || width == 0 {
		style = "no"
	}
	if len(dash) > 0 {
		ends = "flat"
	}
	parts := make([]string, len(dash))
	for i, v := range dash {
		parts[i] = mm(v)
	}
	return symbolLayer("SimpleLine", pass,
		"line_color", rgba(colour, 1), "line_style", style, "line_width", mm(width), "line_width_unit", "MM",
		"capstyle", ends, "joinstyle", "round",
		"use_custom_dash", bit(len(dash) > 0), "customdash", strings.Join(parts, ";"), "customdash_unit", "MM")
}

// marker is a circle whose outline lies outside its radius, as on the map; in
// QGIS it lies half inside.
func marker(y plan.Symbol) *node {
	size, outline := 2**y.Radius, "no"
	if drawn(y) {
		size, outline = size+*y.StrokeWidth, "solid"
	}
	return symbolLayer("SimpleMarker", 0,
		"name", "circle", "color", rgba(y.Fill, *y.FillOpacity), "size", mm(size), "size_unit", "MM", "scale_method", "diameter",
		"outline_color", rgba(y.Stroke, 1), "outline_style", outline, "outline_width", mm(*y.StrokeWidth), "outline_width_unit", "MM")
}
