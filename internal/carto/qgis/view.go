package qgis

import (
	"fmt"
	"strings"

	"github.com/simtaru/simtaru/internal/carto"
	"github.com/simtaru/simtaru/internal/plan"
)

// view is a layer as somebody sees it.
type view struct {
	cat   *plan.Catalog
	layer *plan.Layer
	lang  plan.Lang
	// provider is where the layer comes from, in QGIS's words.
	provider string
	legend   []carto.Entry
	// editable says that the forms are for editing.
	editable bool
	// staff says that the service tells who made a version.
	staff bool
	// links are fields that hold the key of a layer of the same project; a
	// style by itself has none, since it knows of no other layer.
	links []link
}

// link is a field that refers to a feature of another layer.
type link struct {
	field *plan.Field
	to    *plan.Layer
}

func newView(cat *plan.Catalog, l *plan.Layer, lang plan.Lang) (view, error) {
	legend, err := carto.Legend(cat, l)
	if err != nil {
		return view{}, fmt.Errorf("style of %s for QGIS: %w", l.ID, err)
	}
	return view{cat: cat, layer: l, lang: lang, provider: postgres, legend: legend, editable: true}, nil
}

// Style returns the style and form of a layer as a QML document, in
// Indonesian: what public.layer_styles holds.
func Style(cat *plan.Catalog, l *plan.Layer) ([]byte, error) {
	v, err := newView(cat, l, plan.Indonesian)
	if err != nil {
		return nil, err
	}
	root := el("qgis", append([]string{"version", Version, "styleCategories", "AllStyleCategories"}, v.attributes()...)...)
	return document(root.add(v.body()...).add(leaf("layerGeometryType", geometryNumber(l.Geometry))))
}

// Version of QGIS whose format the documents are in.
const Version = "3.22.16-Białowieża"

// attributes stand on the root of a style and on a layer of a project alike.
func (v view) attributes() []string {
	return []string{
		"hasScaleBasedVisibilityFlag", "1", "minScale", scale(drawnFrom(v.layer)), "maxScale", "0",
		"labelsEnabled", bit(v.layer.Label != nil), "readOnly", bit(!v.editable),
		"simplifyDrawingHints", "1", "simplifyAlgorithm", "0", "simplifyDrawingTol", "1", "simplifyLocal", "1", "simplifyMaxScale", "1",
		"symbologyReferenceScale", "-1",
	}
}

// body is what a style and a layer of a project share.
func (v view) body() []*node {
	nodes := []*node{
		el("flags").add(leaf("Identifiable", "1"), leaf("Removable", "1"), leaf("Searchable", bit(v.layer.Search != "")), leaf("Private", "0")),
		v.renderer(),
	}
	if v.layer.Label != nil {
		nodes = append(nodes, labeling(v.layer, *v.legend[len(v.legend)-1].Symbol.Radius))
	}
	nodes = append(nodes,
		leaf("blendMode", "0"), leaf("featureBlendMode", "0"), leaf("layerOpacity", "1"),
		el("geometryOptions", "removeDuplicateNodes", "0", "geometryPrecision", "0"),
		el("legend", "type", "default-vector", "showLabelLegend", "0"))
	return append(nodes, v.form()...)
}

// geometryNumber is QGIS's number of a geometry type.
func geometryNumber(g plan.GeometryType) string {
	return map[plan.GeometryType]string{plan.Point: "0", plan.MultiLineString: "1", plan.MultiPolygon: "2"}[g]
}

// GeometryName is QGIS's word for a geometry type, as layer_styles keeps it.
func GeometryName(g plan.GeometryType) string {
	return map[plan.GeometryType]string{plan.Point: "Point", plan.MultiLineString: "Line", plan.MultiPolygon: "Polygon"}[g]
}

// linked reports whether a field is a link, and link returns it.
func (v view) linked(f *plan.Field) bool { return v.link(f).field != nil }

func (v view) link(f *plan.Field) link {
	for _, k := range v.links {
		if k.field == f {
			return k
		}
	}
	return link{}
}

// quoted is a column in QGIS's expressions.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// say picks one of two words.
func (v view) say(id, en string) string { return plan.Text{ID: id, EN: en}.In(v.lang) }
