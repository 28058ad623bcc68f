package tileset

import (
	"strings"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// About is what TileJSON says beside the layers.
type About struct {
	PublicURL     string
	Title, Notice plan.Text
	// Bound is used where no layer has features; lon, lat in degrees.
	Bound   orb.Bound
	Lang    plan.Lang
	Version string
}

// TileJSON is a TileJSON 3.0 document.
type TileJSON struct {
	TileJSON     string        `json:"tilejson"`
	Name         string        `json:"name"`
	Description  string        `json:"description,omitempty"`
	Attribution  string        `json:"attribution,omitempty"`
	Scheme       string        `json:"scheme"`
	Tiles        []string      `json:"tiles"`
	MinZoom      int           `json:"minzoom"`
	MaxZoom      int           `json:"maxzoom"`
	Bounds       [4]float64    `json:"bounds"`
	Center       [3]float64    `json:"center"`
	VectorLayers []VectorLayer `json:"vector_layers"`
}

// VectorLayer is a layer in TileJSON.
type VectorLayer struct {
	ID          string            `json:"id"`
	Description string            `json:"description,omitempty"`
	MinZoom     int               `json:"minzoom"`
	MaxZoom     int               `json:"maxzoom"`
	Fields      map[string]string `json:"fields"`
}

// TileJSON describes the tiles of a list of layers in a view of the plan.
func (s *Service) TileJSON(v mirror.View, list string, about About) (TileJSON, error) {
	layers, err := s.layers(v, list)
	if err != nil {
		return TileJSON{}, err
	}
	doc := TileJSON{
		TileJSON: "3.0.0", Name: about.Title.In(about.Lang), Scheme: "xyz",
		MinZoom: layers[0].layer.Zooms.Min, MaxZoom: layers[0].layer.Zooms.Max,
	}
	var ids, sources []string
	if notice := about.Notice.In(about.Lang); notice != "" {
		sources = append(sources, notice)
	}
	var bound orb.Bound
	some := false
	for _, d := range layers {
		l := d.layer
		ids = append(ids, l.ID)
		if a := l.Attribution.In(about.Lang); a != "" && !strings.Contains(strings.Join(sources, "\n"), a) {
			sources = append(sources, a)
		}
		doc.MinZoom, doc.MaxZoom = min(doc.MinZoom, l.Zooms.Min), max(doc.MaxZoom, l.Zooms.Max)
		doc.VectorLayers = append(doc.VectorLayers, vectorLayer(l, about.Lang))
		if d.snap == nil {
			continue
		}
		if b, ok := d.snap.Bound(); ok && !some {
			bound, some = b, true
		} else if ok {
			bound = bound.Union(b)
		}
	}
	if len(layers) == 1 {
		doc.Name, doc.Description = layers[0].layer.Title.In(about.Lang), layers[0].layer.Description.In(about.Lang)
	}
	if !some {
		bound = about.Bound
	}
	// Map libraries show the attribution as HTML; ours is text.
	doc.Attribution = strings.ReplaceAll(strings.Join(sources, " "), "<", "&lt;")
	doc.Tiles = []string{about.PublicURL + "/tiles/" + strings.Join(ids, ",") + "/{z}/{x}/{y}"}
	doc.Bounds = [4]float64{bound.Min[0], bound.Min[1], bound.Max[0], bound.Max[1]}
	c := bound.Center()
	doc.Center = [3]float64{c[0], c[1], float64(min(max(12, doc.MinZoom), doc.MaxZoom))}
	return doc, nil
}

func vectorLayer(l *plan.Layer, lang plan.Lang) VectorLayer {
	v := VectorLayer{ID: l.ID, Description: l.Title.In(lang), MinZoom: l.Zooms.Min, MaxZoom: l.Zooms.Max, Fields: map[string]string{}}
	for _, f := range l.Fields {
		if f.Tiles != nil {
			v.Fields[f.Name] = kindOf(f.Type)
		}
	}
	return v
}

// kindOf is the type of a field in the words of TileJSON 3.0, 3.3.
func kindOf(t plan.FieldType) string {
	switch t {
	case plan.IntegerField, plan.NumberField:
		return "Number"
	case plan.BooleanField:
		return "Boolean"
	default:
		return "String"
	}
}
