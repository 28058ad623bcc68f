package carto

import (
	"fmt"
	"strings"

	"github.com/simtaru/simtaru/internal/plan"
)

// StyleOptions says where things are and for whom the style is.
type StyleOptions struct {
	// Lang of titles in the style; zero is Indonesian.
	Lang plan.Lang
	// Actor whose layers the style holds; zero is the public.
	Actor plan.Actor
	// TileJSON is the address of a layer's TileJSON with {layer} in it; zero
	// is /tiles/{layer}.json. Clients outside a web page need it absolute.
	TileJSON string
	// Glyphs is the address of fonts, for clients that do not draw text with
	// fonts of their own, as MapLibre does where there is none.
	Glyphs string
	// Font is the font stack of labels; zero is Noto Sans Regular.
	Font []string
	// Name of the style; zero is simtaru.
	Name string
	// Center (lon, lat) and Zoom are where a map opens; nil leaves it to the map.
	Center *[2]float64
	Zoom   float64
}

// MapStyle is a MapLibre style, version 8.
// https://maplibre.org/maplibre-style-spec/
type MapStyle struct {
	Version  int               `json:"version"`
	Name     string            `json:"name"`
	Metadata map[string]any    `json:"metadata,omitempty"`
	Center   *[2]float64       `json:"center,omitempty"`
	Zoom     float64           `json:"zoom,omitempty"`
	Glyphs   string            `json:"glyphs,omitempty"`
	Sources  map[string]Source `json:"sources"`
	Layers   []StyleLayer      `json:"layers"`
}

// Source is a vector source that is described by its TileJSON.
type Source struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

// StyleLayer is one layer of a style. Its metadata says which layer of the
// plan it draws (simtaru:layer) and what of it (simtaru:part).
type StyleLayer struct {
	ID          string         `json:"id"`
	Type        string         `json:"type"`
	Metadata    map[string]any `json:"metadata"`
	Source      string         `json:"source,omitempty"`
	SourceLayer string         `json:"source-layer,omitempty"`
	MinZoom     int            `json:"minzoom,omitempty"`
	Filter      any            `json:"filter,omitempty"`
	Layout      map[string]any `json:"layout,omitempty"`
	Paint       map[string]any `json:"paint,omitempty"`
}

// The parts of a layer in a style, the value of simtaru:part.
const (
	FillPart       = "fill"
	LinePart       = "line"
	CasingPart     = "casing"
	CirclePart     = "circle"
	LabelPart      = "label"
	BackgroundPart = "background"
)

// Background is drawn where the plan says nothing: sea, and what lies beyond
// the city. Pale, so that it reads as either.
const Background = "#E6EDF0"

// Style draws the catalogue: one vector source for each layer, shapes in the
// catalogue's order, and all labels above all shapes, so that no fill hides a
// name. Layers that are not visible at first are there with visibility none.
func Style(cat *plan.Catalog, o StyleOptions) (*MapStyle, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	s := &MapStyle{
		Version: 8, Name: o.Name, Center: o.Center, Zoom: o.Zoom, Glyphs: o.Glyphs,
		Metadata: map[string]any{"simtaru:lang": o.Lang},
		Sources:  map[string]Source{},
		Layers: []StyleLayer{{
			ID: "background", Type: "background",
			Metadata: map[string]any{"simtaru:part": BackgroundPart},
			Paint:    map[string]any{"background-color": Background},
		}},
	}
	var labels []StyleLayer
	for _, l := range cat.Layers() {
		if !o.Actor.CanRead(l) {
			continue
		}
		c, err := classesOf(cat, l)
		if err != nil {
			return nil, fmt.Errorf("map style: %w", err)
		}
		s.Sources[sourceID(l)] = Source{Type: "vector", URL: strings.ReplaceAll(o.TileJSON, "{layer}", l.ID)}
		d := drawing{layer: l, classes: c, options: o}
		s.Layers = append(s.Layers, d.shapes()...)
		if l.Label != nil {
			labels = append(labels, d.label())
		}
	}
	s.Layers = append(s.Layers, labels...)
	return s, nil
}

// complete fills in the defaults.
func (o StyleOptions) complete() (StyleOptions, error) {
	if o.Lang == "" {
		o.Lang = plan.Indonesian
	}
	if o.TileJSON == "" {
		o.TileJSON = "/tiles/{layer}.json"
	}
	if len(o.Font) == 0 {
		o.Font = []string{"Noto Sans Regular"}
	}
	if o.Name == "" {
		o.Name = "simtaru"
	}
	if !strings.Contains(o.TileJSON, "{layer}") {
		return o, fmt.Errorf("map style: the TileJSON address %q has no {layer}", o.TileJSON)
	}
	if o.Glyphs != "" && (!strings.Contains(o.Glyphs, "{fontstack}") || !strings.Contains(o.Glyphs, "{range}")) {
		return o, fmt.Errorf("map style: the address of glyphs %q has no {fontstack} or no {range}", o.Glyphs)
	}
	return o, nil
}

func sourceID(l *plan.Layer) string { return "simtaru-" + l.ID }
