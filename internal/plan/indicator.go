package plan

import (
	"slices"
	"time"
)

// Coverage divides the land of a unit among parts, each square metre to one
// part at most: of several that cover a place the first one listed has it. So
// land that is covered twice counts once.
type Coverage struct {
	// ID names the coverage for indicators. Lower snake case, at most 40
	// characters.
	ID          string `yaml:"id" json:"id"`
	Title       Text   `yaml:"title" json:"title"`
	Description Text   `yaml:"description,omitempty" json:"description,omitzero"`
	// Parts in the order of precedence.
	Parts []Part `yaml:"parts" json:"parts"`
}

// Part is the land under some features of one layer of polygons.
type Part struct {
	ID    string `yaml:"id" json:"id"`
	Title Text   `yaml:"title" json:"title"`
	Set   `yaml:",inline"`
	// By is a coded field whose codes divide the part into classes, in the order
	// of the code list; features without a code come last, as class "".
	By string `yaml:"by,omitempty" json:"by,omitempty"`
	// Within leaves of the part what this set covers too.
	Within *Set `yaml:"within,omitempty" json:"within,omitempty"`
	// FactorField is a number field of the layer: in a WeightedAreaShare its
	// value replaces the factor of the class where a feature has one.
	FactorField string `yaml:"factor_field,omitempty" json:"factorField,omitempty"`
}

// Set is some features of one layer.
type Set struct {
	Layer string `yaml:"layer" json:"layer"`
	// Where are conditions that must all hold; none selects all features.
	Where []Condition `yaml:"where,omitempty" json:"where,omitempty"`
	// MinArea in m2: a feature whose own area, before anything is cut from it,
	// is smaller does not belong; 0: all do.
	MinArea float64 `yaml:"min_area,omitempty" json:"minArea,omitempty"`
}

// Condition asks that a field has one of some values, or with Not none of
// them. A field without a value has none. Values are written as text: a code,
// true or false, a number, a date.
type Condition struct {
	Field string   `yaml:"field" json:"field"`
	In    []string `yaml:"in,omitempty" json:"in,omitempty"`
	Not   []string `yaml:"not,omitempty" json:"not,omitempty"`
}

// IndicatorKind is how an indicator is computed.
type IndicatorKind string

// The kinds of indicators.
const (
	// AreaShare: 100 * land under the counted parts / Denominator, in %.
	AreaShare IndicatorKind = "area_share"
	// WeightedAreaShare is AreaShare with a factor on each square metre, as the
	// IHBI has it.
	WeightedAreaShare IndicatorKind = "weighted_area_share"
	// AreaByClass: the land under each counted class, in m2, and their sum.
	AreaByClass IndicatorKind = "area_by_class"
	// Length of the lines of Features inside a unit, in m.
	Length IndicatorKind = "length"
	// Count of Features in a unit, or with Of their share of those, in %.
	Count IndicatorKind = "count"
	// PerHead: land under the counted parts in m2 for each person.
	PerHead IndicatorKind = "per_head"
	// Standard: land under the counted parts against what a standard asks for
	// the people of a unit, in %; by class with need, supply and deficit in m2.
	Standard IndicatorKind = "standard"
	// PeopleNear: the share of people who live within Distance of the counted
	// parts, in %.
	PeopleNear IndicatorKind = "people_near"
	// OnRoads is what the road network says now of what Roads asks, as it stands
	// with all closures: nothing of a past day, and nothing of a plan that nobody
	// has made.
	OnRoads IndicatorKind = "on_roads"
	// External values are sent by other systems.
	External IndicatorKind = "external"
)

// IndicatorKinds lists all members of IndicatorKind.
var IndicatorKinds = []IndicatorKind{AreaShare, WeightedAreaShare, AreaByClass, Length, Count, PerHead, Standard, PeopleNear, OnRoads, External}

// Direction says which way is better.
type Direction string

// The directions.
const (
	Up   Direction = "up"
	Down Direction = "down"
	// Neither: the figure describes.
	Neither Direction = "none"
)

// UnitKind is a kind of spatial unit. City and kecamatan are made of gampong.
type UnitKind string

// The kinds of units.
const (
	City      UnitKind = "city"
	Kecamatan UnitKind = "kecamatan"
	Gampong   UnitKind = "gampong"
)

// UnitKinds lists all members of UnitKind.
var UnitKinds = []UnitKind{City, Kecamatan, Gampong}

// Indicator is the definition of one figure: what is counted, against what,
// for which units of land, with which target, and on whose word.
type Indicator struct {
	// ID names the indicator in addresses. Lower snake case, at most 40
	// characters.
	ID    string `yaml:"id" json:"id"`
	Title Text   `yaml:"title" json:"title"`
	// Explanation says in plain words what the figure means and how it is
	// counted.
	Explanation Text          `yaml:"explanation" json:"explanation"`
	Kind        IndicatorKind `yaml:"kind" json:"kind"`
	// Group is a code of the list of layer groups; Order sorts within all.
	Group string `yaml:"group" json:"group"`
	Order int    `yaml:"order" json:"order"`
	// Method is the version of the definition: it goes up when values before and
	// after are not comparable. At least 1.
	Method int `yaml:"method" json:"method"`
	// Unit of the value, a UCUM code. Computed kinds have a unit of their own: %
	// for shares, m2, m, 1 for a count and m2/{person} for PerHead.
	Unit      string    `yaml:"unit" json:"unit"`
	Decimals  int       `yaml:"decimals" json:"decimals"`
	Direction Direction `yaml:"direction" json:"direction"`
	Target    *Target   `yaml:"target,omitempty" json:"target,omitempty"`
	// Units that the figure exists for.
	Units []UnitKind `yaml:"units" json:"units"`
	// Office is responsible for the figure.
	Office Text `yaml:"office" json:"office"`
	// FreshFor is the age in days from which the figure counts as old: of the
	// last observation where it is external, of the last change of its layers
	// otherwise; 0: never.
	FreshFor int `yaml:"fresh_for,omitempty" json:"freshFor,omitempty"`

	// Coverage and Parts say which land is counted, for the kinds of land and
	// for PeopleNear.
	Coverage string `yaml:"coverage,omitempty" json:"coverage,omitempty"`
	Parts    []Term `yaml:"parts,omitempty" json:"parts,omitempty"`
	// Of is the denominator of a share: the land of these parts of the same
	// coverage, or without any the land inside the boundary.
	Of []Term `yaml:"of,omitempty" json:"of,omitempty"`
	// Features are those that Length and Count count; OfFeatures, where given,
	// makes Count a share.
	Features   *Set `yaml:"features,omitempty" json:"features,omitempty"`
	OfFeatures *Set `yaml:"of_features,omitempty" json:"ofFeatures,omitempty"`
	// People says where people live, for PeopleNear; PerHead and Standard take
	// the population of the boundary.
	People *People `yaml:"people,omitempty" json:"people,omitempty"`
	// Roads says what OnRoads asks of the network.
	Roads *Roads `yaml:"roads,omitempty" json:"roads,omitempty"`
	// Distance in m, in a straight line for PeopleNear, and along the roads for
	// PeopleByRoad.
	Distance float64 `yaml:"distance,omitempty" json:"distance,omitempty"`
	// Standards are what Standard asks, by class.
	Standards []StandardRow `yaml:"standards,omitempty" json:"standards,omitempty"`

	// Switches are what may be counted or left out by who asks.
	Switches []Switch `yaml:"switches,omitempty" json:"switches,omitempty"`
	// Beside names indicators that are always shown together with this one.
	Beside []string `yaml:"beside,omitempty" json:"beside,omitempty"`
	// Areas are official figures of the city's area, as other denominators.
	Areas []StatedArea `yaml:"areas,omitempty" json:"areas,omitempty"`
	// Claims are figures that were published.
	Claims []Claim `yaml:"claims,omitempty" json:"claims,omitempty"`
	// Limits of the values that other systems may send; nil: none.
	Min *float64 `yaml:"min,omitempty" json:"min,omitempty"`
	Max *float64 `yaml:"max,omitempty" json:"max,omitempty"`
}

// Counting returns what the definition says of how the figure is counted, in
// which unit: where it differs, values of the two are not comparable.
func (i *Indicator) Counting() Indicator {
	switches := make([]Switch, len(i.Switches))
	for n, s := range i.Switches {
		switches[n] = Switch{ID: s.ID, On: s.On}
	}
	return Indicator{
		ID: i.ID, Kind: i.Kind, Unit: i.Unit, Coverage: i.Coverage, Parts: i.Parts, Of: i.Of, Features: i.Features, OfFeatures: i.OfFeatures,
		People: i.People, Roads: i.Roads, Distance: i.Distance, Standards: i.Standards, Switches: switches,
	}
}

// Target is what the law or a plan asks for.
type Target struct {
	Value  float64 `yaml:"value" json:"value"`
	Source string  `yaml:"source" json:"source"`
	// Units that it is asked of; none means all that the figure exists for.
	Units []UnitKind `yaml:"units,omitempty" json:"units,omitempty"`
}

// For reports whether the target is asked of units of a kind.
func (t *Target) For(by UnitKind) bool { return len(t.Units) == 0 || slices.Contains(t.Units, by) }

// Term counts a part.
type Term struct {
	Part string `yaml:"part" json:"part"`
	// Classes of the part; none means all.
	Classes []string `yaml:"classes,omitempty" json:"classes,omitempty"`
	// Weight on the part, and Factors on its classes, where a class is not
	// listed 1; nil: 1. The two are multiplied.
	Weight  *float64           `yaml:"weight,omitempty" json:"weight,omitempty"`
	Factors map[string]float64 `yaml:"factors,omitempty" json:"factors,omitempty"`
	// Switch counts the term only while that switch is on.
	Switch string `yaml:"switch,omitempty" json:"switch,omitempty"`
}

// Switch is a choice of method.
type Switch struct {
	ID    string `yaml:"id" json:"id"`
	Title Text   `yaml:"title" json:"title"`
	// On says whether the published figure has it on.
	On bool `yaml:"on" json:"on"`
}

// People says how many live where: a field of features, at their centroids.
type People struct {
	Set   `yaml:",inline"`
	Field string `yaml:"field" json:"field"`
}

// StandardRow asks for land of one class.
type StandardRow struct {
	Class string `yaml:"class" json:"class"`
	// PerPerson in m2.
	PerPerson float64 `yaml:"per_person" json:"perPerson"`
	// MinArea in m2: a smaller feature of the class is no supply.
	MinArea float64 `yaml:"min_area,omitempty" json:"minArea,omitempty"`
	// Level is the unit that has one; smaller units are not asked for it.
	Level  UnitKind `yaml:"level" json:"level"`
	Source string   `yaml:"source" json:"source"`
}

// StatedArea is the area of the city as a document states it.
type StatedArea struct {
	Hectares float64 `yaml:"hectares" json:"hectares"`
	Source   string  `yaml:"source" json:"source"`
}

// Claim is a published figure: in the unit of the indicator, with what it was
// computed from where that was told.
type Claim struct {
	Value float64 `yaml:"value" json:"value"`
	// Year it speaks of; 0: not told.
	Year   int    `yaml:"year,omitempty" json:"year,omitempty"`
	Source string `yaml:"source" json:"source"`
	// Numerator and Denominator in hectares; nil: not told.
	Numerator   *float64 `yaml:"numerator,omitempty" json:"numerator,omitempty"`
	Denominator *float64 `yaml:"denominator,omitempty" json:"denominator,omitempty"`
	// Note explains what is known about the difference.
	Note Text `yaml:"note,omitempty" json:"note,omitzero"`
}

// Layers lists the layers that the indicator is computed from, sorted, each
// once; coverages are those of the catalogue. Who may read all of them may
// read the indicator.
func (i *Indicator) Layers(cat *Catalog) []string {
	var all []string
	if c, ok := cat.Coverage(i.Coverage); ok {
		for _, p := range c.Parts {
			all = append(all, p.Layer)
			if p.Within != nil {
				all = append(all, p.Within.Layer)
			}
		}
	}
	for _, s := range []*Set{i.Features, i.OfFeatures} {
		if s != nil {
			all = append(all, s.Layer)
		}
	}
	if i.People != nil {
		all = append(all, i.People.Layer)
	}
	if i.Roads != nil {
		all = append(all, i.Roads.Layers...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Reading is the value of an indicator for one unit, with all that it was
// computed from.
type Reading struct {
	Indicator string   `json:"indicator"`
	Kind      UnitKind `json:"by"`
	// Code and Name of the unit; the city has the code of its gampong's first
	// five characters.
	Code string `json:"code"`
	Name string `json:"name"`
	// Value in the unit of the indicator; nil where there is none, and Why says
	// why.
	Value *float64 `json:"value"`
	Why   Text     `json:"why,omitzero"`
	// Numerator and Denominator are m2, m, people, or a number of features, by
	// the kind; nil where there is none.
	Numerator   *float64 `json:"numerator"`
	Denominator *float64 `json:"denominator"`
	// Features that took part.
	Features int `json:"features"`
	// Classes divide the numerator, in the order of the parts and code lists.
	Classes []ClassReading `json:"classes,omitempty"`
	// Drawn holds the land of an AreaByClass against that of its features; nil
	// where a feature may count in several parts.
	Drawn *Drawn `json:"drawn,omitempty"`
	// Method is the version of the definition.
	Method int `json:"method"`
	// Boundary and Data identify the content of the boundary and of the layers
	// within reach of the unit: equal names mean equal content, on any server.
	Boundary string `json:"boundary"`
	Data     string `json:"data"`
	// At is the moment of the plan that the value speaks of; of an external
	// value, when it was measured.
	At time.Time `json:"at"`
	// Actor sent an external value, Sent says when.
	Actor string     `json:"actor,omitempty"`
	Sent  *time.Time `json:"sent,omitempty"`
}

// ClassReading is the land of one class of one part, m2 (of Length and Count:
// not given).
type ClassReading struct {
	Part  string  `json:"part"`
	Class string  `json:"class"`
	Title Text    `json:"title"`
	Color string  `json:"color,omitempty"`
	Area  float64 `json:"area"`
	// Weighted is Area with its factors; nil where the kind has none.
	Weighted *float64 `json:"weighted,omitempty"`
	// Need and Deficit in m2, of a Standard.
	Need     *float64 `json:"need,omitempty"`
	Deficit  *float64 `json:"deficit,omitempty"`
	Drawn    *Drawn   `json:"drawn,omitempty"`
	Features int      `json:"features"`
}

// Drawn says what becomes of the land of features as they are drawn, in m2: Sum
// less Overlap less Outside is the land that counts.
type Drawn struct {
	// Sum of the areas of the features, each by itself: of the city whole ones,
	// of a smaller unit what of them lies in it.
	Sum float64 `json:"sum"`
	// Overlap is what counts more than once in Sum, or for another class.
	Overlap float64 `json:"overlap"`
	// Outside is what lies in no gampong; nil of a smaller unit, whose features
	// go on in its neighbours.
	Outside *float64 `json:"outside,omitempty"`
	// Uncovered is the land of the unit that none of the features covers; nil of
	// a class.
	Uncovered *float64 `json:"uncovered,omitempty"`
}

// Observation is a value of an external indicator that another system sends.
type Observation struct {
	Kind UnitKind
	Code string
	At   time.Time
	// Value in the unit of the indicator; nil takes back what was sent about this
	// unit and moment.
	Value *float64
}

// Recorded is a value that was kept for a series.
type Recorded struct {
	Reading
	// On is the day in the city's time, Label the release; one of them is empty.
	On    Date   `json:"on,omitempty"`
	Label string `json:"label,omitempty"`
}
