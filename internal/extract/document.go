package extract

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/zoning"
)

// Format is the version of the form of Document. A reader that knows it ignores
// members that it does not know: some may be added under the same number.
//
// 2 has what 1 does not: the values that sentences are made from (Entry.Values,
// Parcel.RightType), by which documents are compared, references to the law of
// each theme, codes of villages, and a Check that tells outside from overlap. An
// entry of a line beside the land has no length.
const Format = 2

// Document is an extract. It is immutable once made: its bytes are kept, served
// and hashed as they were first written.
type Document struct {
	// Format is [Format] as it was when this was written.
	Format int `json:"format"`
	// ID is a random UUID in lower case.
	ID string `json:"id"`
	// SHA256 is that of the bytes of the document, 64 hex digits. They cannot
	// hold it: [Decode] and [Document.Encode] set it.
	SHA256 string `json:"-"`
	// CreatedAt in UTC, whole seconds.
	CreatedAt time.Time `json:"createdAt"`
	// KeptUntil is when the document goes and only its hash stays; nil: never.
	KeptUntil *time.Time `json:"keptUntil,omitempty"`
	// Office that answers for the plan.
	Office plan.Text `json:"office"`
	// Sentence sums the extract up in plain words.
	Sentence plan.Text `json:"sentence"`
	Parcel   Parcel    `json:"parcel"`
	Options  Options   `json:"options"`
	// Concerned are the themes that have something on the parcel, the zoning plan
	// first. NotConcerned were looked at and have nothing there; of WithoutData
	// nobody knows. Each theme is in one of the three.
	Concerned    []Theme  `json:"concerned"`
	NotConcerned []Absent `json:"notConcerned"`
	WithoutData  []Absent `json:"withoutData"`
	// Park and Shelter are the nearest to the middle of the parcel, in a straight
	// line; null where there is none within 10 km.
	Park    *zoning.Near `json:"nearestPark"`
	Shelter *zoning.Near `json:"nearestShelter"`
	// Layers are those that the document was made from, in drawing order.
	Layers []LayerVersion `json:"layers"`
	// Rules that were answered by; null where none have been entered.
	Rules       *zoning.Told `json:"rules"`
	Disclaimers []plan.Text  `json:"disclaimers"`
	Map         Map          `json:"map"`
}

// Parcel is the land that is spoken of.
type Parcel struct {
	// Layer, ID and Revision name a parcel; all are empty for one that was drawn.
	Layer    string `json:"layer,omitempty"`
	ID       int64  `json:"id,omitempty"`
	Revision int64  `json:"revision,omitempty"`
	// Number is the national number of the parcel (NIB).
	Number string `json:"number,omitempty"`
	// Right is the right on the land (hak), in words, and RightType its code.
	Right           plan.Text `json:"right,omitzero"`
	RightType       string    `json:"rightType,omitempty"`
	CertificateNo   string    `json:"certificateNo,omitempty"`
	CertificateArea *float64  `json:"certificateArea"`
	// GeometricArea is that of the shape in m2, to 0.01.
	GeometricArea float64 `json:"geometricArea"`
	// Area in m2 is what the shares are of: CertificateArea, or GeometricArea
	// where that is null, 0, or differs by more than 10 % and 5 m2. Basis says
	// which.
	Area  float64 `json:"area"`
	Basis Basis   `json:"basis"`
	// Note says what is to be known of the areas; empty where there is nothing.
	Note    plan.Text `json:"note,omitzero"`
	Address string    `json:"address,omitempty"`
	// Village (gampong), its official code and District (kecamatan); several with
	// commas between, the one that the parcel is registered in first, then by share.
	Village     string `json:"village,omitempty"`
	VillageCode string `json:"villageCode,omitempty"`
	District    string `json:"district,omitempty"`
}

// Basis is what shares are shares of.
type Basis string

// The bases.
const (
	ByCertificate Basis = "certificate"
	ByGeometry    Basis = "geometry"
)

// Options are what was asked besides the land.
type Options struct {
	// Activity is the code of the only activity that is told; empty: all are.
	Activity string `json:"activity,omitempty"`
	// RoadClass of the road in front: arteri, kolektor, lokal or lingkungan; empty:
	// not known.
	RoadClass string `json:"roadClass,omitempty"`
}

// Theme is one subject that the parcel is concerned by.
type Theme struct {
	// ID is that of a layer, or of a layer and one of its fields with a dot
	// between: zoning, zoning.kkop_1, hazard_zone.
	ID    string    `json:"id"`
	Title plan.Text `json:"title"`
	// Layer that the theme is taken from.
	Layer string `json:"layer"`
	// Sentence sums the theme up.
	Sentence plan.Text `json:"sentence"`
	// Entries by descending share.
	Entries []Entry `json:"entries"`
	// More is how many entries were left out for their number; the smallest are.
	More int `json:"more,omitempty"`
	// Check is for a theme that covers the whole plan: there the shares must add
	// up to the parcel. null for others.
	Check *Check `json:"check,omitempty"`
	// Unknown is how many whole m2 of the parcel were not assessed, and Note says
	// so; null: none.
	Unknown *int64    `json:"unknown,omitempty"`
	Note    plan.Text `json:"note,omitzero"`
	// Legal is where the law says what the theme shows; empty where it is not
	// recorded. What it says of sub-zones is in Zone.References.
	Legal []plan.Legal `json:"legal"`
}

// Entry is what one kind of feature has on the parcel. It has one of Area, Length
// and Points, or neither for a line that is only near: then Distance tells.
type Entry struct {
	// Code in the list of the layer's style field; empty where it has none.
	Code  string    `json:"code,omitempty"`
	Title plan.Text `json:"title"`
	// Color is #RRGGBB.
	Color string `json:"color"`
	// Area in whole m2, scaled so that the parcel has Parcel.Area.
	Area *int64 `json:"area,omitempty"`
	// Percent of Parcel.Area that Area is, to 0.1.
	Percent *float64 `json:"percent,omitempty"`
	// Length on the parcel in whole m. Points on the parcel, or as near as the
	// theme's layer says that counts.
	Length *int64 `json:"length,omitempty"`
	Points *int   `json:"points,omitempty"`
	// Distance in whole m to the nearest of Features; 0 on the parcel.
	Distance int64 `json:"distance"`
	// Sentence of the features in plain words, and Values of the fields that it is
	// made from; those that are not stated are missing.
	Sentence plan.Text         `json:"sentence"`
	Values   map[string]string `json:"values,omitempty"`
	// Features that this is made from, by id, at most 50.
	Features []Feature `json:"features"`
	// Zone is what the plan rules; null in other themes.
	Zone *Zone `json:"zone,omitempty"`

	// first of the features, while the document is made.
	first *mirror.Feature
}

// Feature names a version of a feature of the theme's layer.
type Feature struct {
	ID       int64 `json:"id"`
	Revision int64 `json:"revision"`
}

// Zone is what holds on the part of the parcel that is in one sub-zone and block.
type Zone struct {
	// Block is the full id, WP.SWP.block.
	Block string `json:"block,omitempty"`
	// Intensity has one rule where enough is known of the parcel, else those to
	// choose from. The rule is chosen by the whole parcel; its figures are of the
	// share in this zone.
	Intensity []zoning.Built `json:"intensity"`
	// Activities by verdict; empty without rules, and with ActivitiesAbove, where
	// they are those of an entry above with the same code.
	Activities      []zoning.Group     `json:"activities"`
	ActivitiesAbove bool               `json:"activitiesAbove,omitempty"`
	References      []zoning.Provision `json:"references"`
}

// Check adds the shares of a theme up.
type Check struct {
	// Sum of the entries in m2, and what it is above (or, negative, below)
	// Parcel.Area: rounding, dropped slivers, land outside the plan, overlaps.
	Sum        float64 `json:"sum"`
	Difference float64 `json:"difference"`
	// Percent is the sum of the percents, to 0.1.
	Percent float64 `json:"percent"`
	// Outside is land that no feature has, Overlap what is counted again because
	// several have it, both in whole m2 and 0 below 1 m2.
	Outside float64 `json:"outside"`
	Overlap float64 `json:"overlap"`
	// Sentence says it in words, with what the difference is from.
	Sentence plan.Text `json:"sentence"`
}

// What an extract should tell besides themes and this service does not, by the id
// in WithoutData.
const (
	evacuationAside = "evacuation"
	legalAside      = "legal"
)

// Absent is a theme that has nothing to tell.
type Absent struct {
	ID    string    `json:"id"`
	Title plan.Text `json:"title"`
	Layer string    `json:"layer"`
	// Why it has nothing, for a theme without data; empty for one that is not
	// concerned.
	Why plan.Text `json:"why,omitzero"`
}

// LayerVersion says which state of a layer was read.
type LayerVersion struct {
	Layer string    `json:"layer"`
	Title plan.Text `json:"title"`
	// Version is equal only where all features of the layer are. 16 hex digits.
	Version string `json:"version"`
	// UpdatedAt is when the youngest feature that the document uses was changed;
	// null where it uses none.
	UpdatedAt *time.Time `json:"updatedAt"`
	Licence   string     `json:"licence"`
	// Attribution names whose data it is.
	Attribution plan.Text `json:"attribution"`
}

// The map on paper, in mm.
const (
	MapWidth  = 180
	MapHeight = 120
)

// Map is the drawing, complete: everything is cut off at the frame, and has what
// print can show. Coordinates are those of GeoJSON, to 7 decimals (1 cm), or fewer
// where a map of the scale does not show them.
type Map struct {
	// Scale is the denominator at which Frame is MapWidth by MapHeight: one of
	// 250, 500, 1000, 2000, 5000, 10000, 12500, 25000, 50000.
	Scale int `json:"scale"`
	// Tolerance in m is by how much outlines around the parcel may be off, and
	// Smallest the size in m below which nothing is drawn: 0.1 mm on paper. Where
	// much is on the map they are more, and no roads are drawn.
	Tolerance float64 `json:"tolerance,omitempty"`
	Smallest  float64 `json:"smallest,omitempty"`
	// Frame is west, south, east, north in degrees.
	Frame [4]float64 `json:"frame"`
	// Parcel is the outline of the land, never cut.
	Parcel orb.MultiPolygon `json:"parcel"`
	// Drawn are the themes in drawing order, first the lowest: one for each entry
	// of the legend.
	Drawn []Drawn `json:"drawn"`
	// Neighbours are the outlines of other parcels, and Buildings those of
	// buildings; both are empty at scales beyond 1:2000, and Roads beyond 1:12500.
	Neighbours []Neighbour        `json:"neighbours"`
	Buildings  []orb.MultiPolygon `json:"buildings"`
	Roads      []Road             `json:"roads"`
}

// Drawn is what has one entry in the legend. It has one of Areas, Lines and
// Points.
type Drawn struct {
	// Theme is the ID of the theme, Code that of the entry.
	Theme  string      `json:"theme"`
	Code   string      `json:"code,omitempty"`
	Title  plan.Text   `json:"title"`
	Symbol plan.Symbol `json:"symbol"`
	// Here says that the entry concerns the parcel, not only land around it.
	Here   bool                `json:"here"`
	Areas  orb.MultiPolygon    `json:"areas,omitempty"`
	Lines  orb.MultiLineString `json:"lines,omitempty"`
	Points orb.MultiPoint      `json:"points,omitempty"`
}

// Neighbour is another parcel.
type Neighbour struct {
	Number string           `json:"number,omitempty"`
	Areas  orb.MultiPolygon `json:"areas"`
}

// Road is a road with its centre line.
type Road struct {
	Name  string              `json:"name,omitempty"`
	Lines orb.MultiLineString `json:"lines"`
}

// Encode writes the document as it is to be kept, and sets SHA256.
func (d *Document) Encode() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(d); err != nil {
		return nil, fmt.Errorf("write an extract: %w", err)
	}
	d.SHA256 = Sum(b.Bytes())
	return b.Bytes(), nil
}

// Decode reads a document that Encode wrote, in this form or a former one, and sets
// SHA256. What a former form does not have is zero.
func Decode(text []byte) (*Document, error) {
	d := new(Document)
	if err := json.Unmarshal(text, d); err != nil {
		return nil, fmt.Errorf("read an extract: %w", err)
	}
	if d.Format < 1 || d.Format > Format {
		return nil, fmt.Errorf("read an extract: its form is %d, not 1 to %d", d.Format, Format)
	}
	d.SHA256 = Sum(text)
	return d, nil
}

// Sum is the SHA-256 of a document, in hexadecimal digits.
func Sum(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
