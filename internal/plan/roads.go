package plan

import (
	"time"

	"github.com/paulmach/orb"
)

// Roads is what an indicator asks of the road network.
type Roads struct {
	Measure RoadMeasure `yaml:"measure" json:"measure"`
	// Layers that the answer depends on: who may read them may read it, and the age
	// of the figure is that of their last change.
	Layers []string `yaml:"layers" json:"layers"`
	// Profile is how people go, for PeopleInTime, and Minutes the time they have.
	Profile string  `yaml:"profile,omitempty" json:"profile,omitempty"`
	Minutes float64 `yaml:"minutes,omitempty" json:"minutes,omitempty"`
	// Hazard whose zones are not entered, for PeopleInTime; empty: none.
	Hazard string `yaml:"hazard,omitempty" json:"hazard,omitempty"`
	// Width in m that a route needs, for RoutesFit; what is not known is not enough.
	Width float64 `yaml:"width,omitempty" json:"width,omitempty"`
}

// RoadMeasure is what is measured.
type RoadMeasure string

// The measures.
const (
	// PeopleInTime: the share of people who come to a shelter that takes people
	// within Minutes, in %.
	PeopleInTime RoadMeasure = "people_in_time"
	// PlacesPerHead: the places of shelters that are in use, full ones too, for each
	// person, in {place}/{person}.
	PlacesPerHead RoadMeasure = "places_per_head"
	// RoutesFit: the share of existing evacuation routes, by their length, that are
	// open, wide enough and in no poor condition, in %.
	RoutesFit RoadMeasure = "routes_fit"
	// PeopleByRoad: the share of people who live within Distance of the counted
	// parts along the roads, in %.
	PeopleByRoad RoadMeasure = "people_by_road"
)

// RoadMeasures lists all members of RoadMeasure.
var RoadMeasures = []RoadMeasure{PeopleInTime, PlacesPerHead, RoutesFit, PeopleByRoad}

// RoadQuestion asks the network for an indicator of the kind OnRoads.
type RoadQuestion struct {
	Indicator *Indicator
	// Land is that of the counted parts, lon, lat, for PeopleByRoad, and Content
	// identifies it.
	Land    []orb.MultiPolygon
	Content string
}

// RoadAnswer is what the network says.
type RoadAnswer struct {
	// Areas are gampong by their codes. One that is not there has nothing that could
	// be measured.
	Areas map[string]RoadFigure
	// At is the moment of the plan that the network is made from.
	At time.Time
}

// RoadFigure is the answer for one gampong: people, places or m.
type RoadFigure struct {
	Amount, Of float64
	// Features are shelters, or routes.
	Features int
	// Uncounted says that nobody has counted the people, who are in Of or Amount.
	Uncounted bool
}
