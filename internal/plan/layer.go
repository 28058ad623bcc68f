package plan

import (
	"regexp"
	"slices"
)

// GeometryType is the one type of geometry a layer stores. Single lines and
// polygons are promoted to multi on the way in.
type GeometryType string

// The geometry types a layer can declare.
const (
	Point           GeometryType = "Point"
	MultiLineString GeometryType = "MultiLineString"
	MultiPolygon    GeometryType = "MultiPolygon"
)

// GeometryTypes lists all members of GeometryType.
var GeometryTypes = []GeometryType{Point, MultiLineString, MultiPolygon}

// Policy says which state of a layer the public sees.
type Policy string

// The policies of a layer.
const (
	// Live layers show an edit to everybody at once.
	Live Policy = "live"
	// Reviewed layers show the public the last published release and
	// planners the draft.
	Reviewed Policy = "reviewed"
)

// Role is what a person may do; a database role stands behind each
// (simtaru_public, simtaru_planner, ...).
type Role string

// The roles, from the least to the most.
const (
	Public   Role = "public"
	Planner  Role = "planner"
	Disaster Role = "disaster"
	Admin    Role = "admin"
)

// Roles lists all members of Role.
var Roles = []Role{Public, Planner, Disaster, Admin}

// Layer is the declaration of one layer. Table, constraints, triggers,
// privileges, API, tiles, style, legend and forms are all computed from it.
type Layer struct {
	// ID names the layer everywhere: table, URL, tile layer. Lower snake case,
	// at most 40 characters.
	ID          string       `yaml:"id" json:"id"`
	Title       Text         `yaml:"title" json:"title"`
	Description Text         `yaml:"description" json:"description"`
	Group       string       `yaml:"group" json:"group"`
	Geometry    GeometryType `yaml:"geometry" json:"geometry"`
	// GeometryRequired says that no feature is without a geometry.
	GeometryRequired bool `yaml:"geometry_required,omitempty" json:"geometryRequired,omitempty"`
	// WidenM is how far in m what is written as a point or line is widened to an
	// area, in a layer of MultiPolygon; 0: points and lines are refused.
	WidenM float64 `yaml:"widen_m,omitempty" json:"widenM,omitempty"`
	Fields []Field `yaml:"fields" json:"fields"`
	// Checks are rules between fields.
	Checks   []Check  `yaml:"checks,omitempty" json:"checks,omitempty"`
	Style    Style    `yaml:"style" json:"style"`
	Label    *Label   `yaml:"label,omitempty" json:"label,omitempty"`
	Zooms    Zooms    `yaml:"zooms" json:"zooms"`
	Policy   Policy   `yaml:"policy" json:"policy"`
	Topology Topology `yaml:"topology,omitempty" json:"topology,omitzero"`
	Access   Access   `yaml:"access" json:"access"`
	// Licence is an SPDX identifier or a URL.
	Licence     string `yaml:"licence" json:"licence"`
	Attribution Text   `yaml:"attribution" json:"attribution"`
	// Order places the layer in lists and on the map: higher is drawn later.
	Order int `yaml:"order" json:"order"`
	// Visible says whether the map shows the layer when it is first opened.
	Visible bool `yaml:"visible" json:"visible"`
	// Search names the text field by which people search the layer's
	// features by name; empty: not searched.
	Search string `yaml:"search,omitempty" json:"search,omitempty"`
	// Overlay says what it means to be at a feature; nil: nothing for whoever
	// asks what the plan allows at a place.
	Overlay *Overlay `yaml:"overlay,omitempty" json:"overlay,omitempty"`
	// Legal is where the law says what the layer shows; none: not recorded.
	Legal []Legal `yaml:"legal,omitempty" json:"legal,omitempty"`
	// Chart shows some fields of one feature as bars; nil: none.
	Chart *Chart `yaml:"chart,omitempty" json:"chart,omitempty"`
	// Photo names the yes or no field that tells whether a photo was sent with a
	// feature; empty: never.
	Photo string `yaml:"photo,omitempty" json:"photo,omitempty"`
	// Publishes says which features the database shows to others, and what of
	// them; nil: none.
	Publishes *Publishing `yaml:"publishes,omitempty" json:"publishes,omitempty"`
}

// Publishing fills another layer, which nobody edits, from the features of
// this one, under their ids and with their geometry.
type Publishing struct {
	// Layer is filled: a System layer of the same type of geometry.
	Layer string `yaml:"layer" json:"layer"`
	// When is which values the fields must have, all of them, so that a feature
	// is published.
	When map[string][]string `yaml:"when" json:"when"`
	// Fields of the other layer, and the field of this one that fills each.
	Fields map[string]string `yaml:"fields" json:"fields"`
}

// Thin are the types of geometry in GeoJSON that have no area.
var Thin = []string{"Point", "MultiPoint", "LineString", "MultiLineString"}

// Widens reports whether the layer takes a type of geometry in GeoJSON that it
// does not store, and widens it to an area.
func (l *Layer) Widens(geometry string) bool { return l.WidenM > 0 && slices.Contains(Thin, geometry) }

// Field returns the field called name.
func (l *Layer) Field(name string) (*Field, bool) {
	if i := l.FieldIndex(name); i >= 0 {
		return &l.Fields[i], true
	}
	return nil, false
}

// FieldIndex returns the position of the field called name, or -1.
func (l *Layer) FieldIndex(name string) int {
	return slices.IndexFunc(l.Fields, func(f Field) bool { return f.Name == name })
}

// Value is what a feature of the layer has in a field; nil for nothing, and where
// there is no such field.
func (l *Layer) Value(f *Feature, name string) any {
	if i := l.FieldIndex(name); i >= 0 {
		return f.Values[i]
	}
	return nil
}

// Overlay makes a layer tell at a place what its features mean there.
type Overlay struct {
	// Sentence has {field} where a value stands.
	Sentence Text `yaml:"sentence" json:"sentence"`
	// Within is how many metres from a point or line count as being there;
	// areas have none.
	Within float64 `yaml:"within,omitempty" json:"within,omitempty"`
	// Where leaves out features of other values, by field.
	Where map[string][]string `yaml:"where,omitempty" json:"where,omitempty"`
}

var overlayField = regexp.MustCompile(`\{([a-z][a-z0-9_]*)\}`)

// Fields are the names of the fields that the sentence tells, each once.
func (o *Overlay) Fields() []string {
	var names []string
	for _, m := range overlayField.FindAllStringSubmatch(o.Sentence.ID+o.Sentence.EN, -1) {
		if !slices.Contains(names, m[1]) {
			names = append(names, m[1])
		}
	}
	return names
}

// Legal is a place in the law.
type Legal struct {
	// Document names the regulation, Article the place in it.
	Document string `yaml:"document" json:"document"`
	Article  string `yaml:"article,omitempty" json:"article,omitempty"`
	// Link is an https address of the text.
	Link string `yaml:"link,omitempty" json:"link,omitempty"`
	// Status of the regulation; empty: not recorded.
	Status LegalStatus `yaml:"status,omitempty" json:"status,omitempty"`
}

// LegalStatus says whether a regulation holds.
type LegalStatus string

// The statuses.
const (
	// InForce holds; UnderChange holds, and a change to it is being made; Draft
	// does not hold yet.
	InForce     LegalStatus = "in_force"
	UnderChange LegalStatus = "under_change"
	Draft       LegalStatus = "draft"
)

// LegalStatuses lists all members of LegalStatus.
var LegalStatuses = []LegalStatus{InForce, UnderChange, Draft}

// Title is how the status is told, also of one that is not recorded.
func (s LegalStatus) Title() Text {
	switch s {
	case InForce:
		return Text{ID: "berlaku", EN: "in force"}
	case UnderChange:
		return Text{ID: "berlaku, sedang diubah", EN: "in force, under change"}
	case Draft:
		return Text{ID: "rancangan", EN: "draft"}
	default:
		return Text{ID: "status tidak dicatat", EN: "status not recorded"}
	}
}

// Zooms is the range of zoom levels at which tiles hold the layer; the map
// overzooms above Max.
type Zooms struct {
	Min int `yaml:"min" json:"min"`
	Max int `yaml:"max" json:"max"`
	// Show is the zoom from which the map draws the layer, if it is above Min.
	Show int `yaml:"show,omitempty" json:"show,omitempty"`
}

// MaxZoom is the highest zoom a layer may declare: one tile unit is 15 cm
// there, and clients overzoom from it.
const MaxZoom = 16

// Topology is what must hold between the features of a layer.
type Topology struct {
	// Coverage: features may neither overlap nor leave gaps between them.
	Coverage bool `yaml:"coverage" json:"coverage"`
	// NoOverlap: features may not overlap, gaps are allowed.
	NoOverlap bool `yaml:"no_overlap" json:"noOverlap"`
	// ToleranceM2 is the area in m2 below which an overlap or gap is noise.
	ToleranceM2 float64 `yaml:"tolerance_m2" json:"toleranceM2"`
	// Within names the layer whose features must contain these.
	Within string `yaml:"within,omitempty" json:"within,omitempty"`
}

// IsZero reports whether nothing is asked.
func (t Topology) IsZero() bool { return t == Topology{} }

// Access says which roles read and edit a layer. Admin may read always, and
// edit all but System layers; who may edit may read.
type Access struct {
	Read []Role `yaml:"read" json:"read"`
	Edit []Role `yaml:"edit" json:"edit"`
	// System layers are written by the database itself: nobody edits them, not
	// even an administrator.
	System bool `yaml:"system,omitempty" json:"system,omitempty"`
}

// CanRead reports whether role may read the layer.
func (a Access) CanRead(role Role) bool {
	return role == Admin || a.CanEdit(role) || slices.Contains(a.Read, role) || slices.Contains(a.Read, Public)
}

// CanEdit reports whether role may edit the layer.
func (a Access) CanEdit(role Role) bool {
	return !a.System && (role == Admin || slices.Contains(a.Edit, role))
}

// Style is how a layer is drawn: one symbol, or one for each class.
type Style struct {
	// Field whose value decides the class; empty: everything has Symbol.
	Field string `yaml:"field,omitempty" json:"field,omitempty"`
	// Symbol is drawn where no class applies, and gives what a class omits.
	Symbol Symbol `yaml:"symbol" json:"symbol"`
	// Classes in legend order. Without them a coded Field has one class for
	// each code of its list, in the code's colour.
	Classes []Class `yaml:"classes,omitempty" json:"classes,omitempty"`
}

// Class is one entry of a legend.
type Class struct {
	Value  string `yaml:"value" json:"value"`
	Title  Text   `yaml:"title" json:"title"`
	Symbol Symbol `yaml:"symbol" json:"symbol"`
}

// Symbol is a drawing instruction that MapLibre, QGIS and the PDF all can
// follow. Colours are #RRGGBB; widths, radii and dashes are CSS pixels at zoom
// 14. A line has Stroke and may have a Casing; a polygon and a point have Fill
// and Stroke.
type Symbol struct {
	Fill        string   `yaml:"fill,omitempty" json:"fill,omitempty"`
	FillOpacity *float64 `yaml:"fill_opacity,omitempty" json:"fillOpacity,omitempty"`
	Stroke      string   `yaml:"stroke,omitempty" json:"stroke,omitempty"`
	StrokeWidth *float64 `yaml:"stroke_width,omitempty" json:"strokeWidth,omitempty"`
	// Casing is the colour of a line's edges, one pixel on each side.
	Casing string `yaml:"casing,omitempty" json:"casing,omitempty"`
	// Dash alternates dash and gap.
	Dash   []float64 `yaml:"dash,omitempty" json:"dash,omitempty"`
	Radius *float64  `yaml:"radius,omitempty" json:"radius,omitempty"`
}

// Label is the text the map writes on features.
type Label struct {
	Field string `yaml:"field" json:"field"`
	// MinZoom is the zoom from which labels are drawn.
	MinZoom int `yaml:"min_zoom" json:"minZoom"`
	// Size in CSS pixels; 0 means the map's default.
	Size float64 `yaml:"size,omitempty" json:"size,omitempty"`
}

// Chart shows percentages of one feature as bars from 0 to 100, in groups. Where
// a field has no value the chart says that it was not assessed. What it shows is
// titled as its field is.
type Chart struct {
	Title Text `yaml:"title" json:"title"`
	Note  Text `yaml:"note,omitempty" json:"note,omitzero"`
	// Findings is the path below which /{id} answers with what follows from the
	// numbers of a feature; empty for none.
	Findings string       `yaml:"findings,omitempty" json:"findings,omitempty"`
	Groups   []ChartGroup `yaml:"groups" json:"groups"`
}

// ChartGroup is a part of a chart under a field that sums it up.
type ChartGroup struct {
	Field string     `yaml:"field" json:"field"`
	Bars  []ChartBar `yaml:"bars" json:"bars"`
}

// ChartBar is one bar, and the field with the score that it leads to; empty for
// none.
type ChartBar struct {
	Field string `yaml:"field" json:"field"`
	Score string `yaml:"score,omitempty" json:"score,omitempty"`
}
