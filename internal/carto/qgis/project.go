package qgis

import (
	"fmt"
	"strconv"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/carto"
	"github.com/simtaru/simtaru/internal/plan"
)

// Options say whose project it is and where it finds the plan.
type Options struct {
	// Actor decides: the project holds the layers that the actor may read, and
	// those that it may not edit are read-only.
	Actor plan.Actor
	// Lang of titles; zero is Indonesian.
	Lang plan.Lang
	// City is the title of the place, Notice what a demonstration says of itself.
	City, Notice plan.Text
	// Bound is where the map opens, in lon and lat; zero is nowhere in particular.
	Bound      orb.Bound
	Connection Connection
	// Service, where it is set, is used instead of Connection.
	Service Service
}

// project is a project being made.
type project struct {
	Options
	views []view // in drawing order
	crs   crs
}

// Project returns a project as a QGS document. The same catalogue and options
// give the same bytes.
func Project(cat *plan.Catalog, o Options) ([]byte, error) {
	if o.Lang == "" {
		o.Lang = plan.Indonesian
	}
	p := project{Options: o, crs: metric(o.Bound)}
	var layers []*plan.Layer
	for _, l := range cat.Layers() {
		if o.Actor.CanRead(l) {
			layers = append(layers, l)
		}
	}
	for _, l := range layers {
		v, err := newView(cat, l, o.Lang)
		if err != nil {
			return nil, err
		}
		v.editable, v.staff, v.links, v.provider = o.Actor.CanEdit(l), !o.Actor.IsPublic(), linksOf(l, layers), o.provider()
		p.views = append(p.views, v)
	}
	return document(p.root(cat))
}

func (o Options) provider() string {
	if o.Service.Landing != "" {
		return ogcAPI
	}
	return postgres
}

// source is where a layer comes from.
func (o Options) source(l *plan.Layer) string {
	if o.Service.Landing != "" {
		return o.Service.source(l)
	}
	return o.Connection.source(l)
}

// ProjectName is the name of a role's project in the database.
func ProjectName(r plan.Role) string { return "simtaru_" + string(r) }

func (p project) root(cat *plan.Catalog) *node {
	layers, order, relations := el("projectlayers"), el("layerorder"), el("relations")
	for _, v := range p.views {
		layers.add(p.maplayer(v))
		order.add(el("layer", "id", layerID(v.layer)))
		for _, k := range v.links {
			relations.add(relation(v.layer, k, p.Lang))
		}
	}
	return el("qgis", "version", Version, "projectname", p.title()).add(
		el("homePath", "path", ""), leaf("title", p.title()),
		// All edits of one save are one transaction, so that a merge or a split
		// is judged by what it leaves. QGIS 3.26 and later read the second
		// element, earlier ones the first.
		el("autotransaction", "active", "1"), el("transaction", "mode", "AutomaticGroups"),
		el("evaluateDefaultValues", "active", "0"), el("trust", "active", "0"),
		el("projectCrs").add(p.crs.node()),
		p.tree(cat), p.snapping(), relations, layers, order, p.properties(),
		el("transformContext"), p.metadata(), p.viewSettings())
}

func (p project) title() string {
	role := map[plan.Role]plan.Text{
		plan.Planner: {ID: "perencana", EN: "planner"}, plan.Disaster: {ID: "kebencanaan", EN: "disaster management"},
		plan.Admin: {ID: "administrator", EN: "administrator"},
	}[p.Actor.Role]
	if role.IsZero() {
		role = plan.Text{ID: "umum", EN: "public"}
	}
	return p.City.In(p.Lang) + " (" + role.In(p.Lang) + ")"
}

// layerID names a layer of the plan in every project alike, so that a style or
// expression that names it goes on working.
func layerID(l *plan.Layer) string { return "simtaru_" + l.ID }

func (p project) maplayer(v view) *node {
	l := v.layer
	attributes := append([]string{
		"type", "vector", "geometry", GeometryName(l.Geometry), "wkbType", string(l.Geometry), "styleCategories", "AllStyleCategories",
		"autoRefreshEnabled", "0", "autoRefreshTime", "0", "refreshOnNotifyEnabled", "0", "refreshOnNotifyMessage", "",
	}, v.attributes()...)
	return el("maplayer", attributes...).add(
		leaf("id", layerID(l)), leaf("datasource", p.source(l)),
		el("keywordList").add(leaf("value", "")),
		leaf("layername", l.Title.In(p.Lang)), leaf("title", l.Title.In(p.Lang)),
		leaf("abstract", l.Description.In(p.Lang)), leaf("attribution", l.Attribution.In(p.Lang)),
		el("srs").add(stored().node()),
		el("provider", "encoding", "UTF-8").holding(v.provider),
		el("map-layer-style-manager", "current", "default").add(el("map-layer-style", "name", "default")),
	).add(v.body()...)
}

// properties of the project: shared borders move together, lengths and areas
// are measured on the ellipsoid, and the canvas has the colour of the web map.
func (p project) properties() *node {
	value := func(name, kind, text string) *node { return el(name, "type", kind).holding(text) }
	number := func(name string, n int) *node { return value(name, "int", strconv.Itoa(n)) }
	background := rgbOf(carto.Background)
	return el("properties").add(
		el("Digitizing").add(
			number("AvoidIntersectionsMode", p.avoidOverlaps()), number("TopologicalEditing", 1), el("AvoidIntersectionsList", "type", "QStringList")),
		el("Gui").add(
			number("CanvasColorRedPart", background[0]), number("CanvasColorGreenPart", background[1]), number("CanvasColorBluePart", background[2])),
		el("Measure").add(value("Ellipsoid", "QString", "EPSG:7030")),
		el("Measurement").add(value("AreaUnits", "QString", "ha"), value("DistanceUnits", "QString", "meters")),
		el("Paths").add(value("Absolute", "bool", "false")),
		el("PositionPrecision").add(value("Automatic", "bool", "true"), number("DecimalPlaces", 2)),
		el("SpatialRefSys").add(number("ProjectionsEnabled", 1)))
}

func (p project) metadata() *node {
	return el("projectMetadata").add(
		leaf("identifier", ""), leaf("language", string(p.Lang)), leaf("title", p.title()), leaf("abstract", p.Notice.In(p.Lang)))
}

// viewSettings open the map on the city and offer the scales that plans are
// drawn at.
func (p project) viewSettings() *node {
	scales := el("Scales")
	for _, s := range []int{500, 1000, 2500, 5000, 10000, 25000, 50000, 100000} {
		scales.add(el("Scale", "Value", strconv.Itoa(s)))
	}
	n := el("ProjectViewSettings", "UseProjectScales", "1", "rotation", "0").add(scales)
	if !p.Bound.IsZero() {
		n.add(el("DefaultViewExtent", "xmin", number(p.Bound.Left()), "ymin", number(p.Bound.Bottom()),
			"xmax", number(p.Bound.Right()), "ymax", number(p.Bound.Top())).add(stored().node()))
	}
	return n
}

// rgbOf takes #RRGGBB apart.
func rgbOf(colour string) (rgb [3]int) {
	_, err := fmt.Sscanf(colour, "#%02x%02x%02x", &rgb[0], &rgb[1], &rgb[2])
	if err != nil {
		return [3]int{255, 255, 255}
	}
	return rgb
}
