package slum

import (
	"slices"

	"github.com/simtaru/simtaru/internal/plan"
)

// Denominator is what the volumes of some criteria are a part of: the field of
// an area that holds it.
type Denominator string

// The denominators.
const (
	VerifiedArea     Denominator = "verified_area" // hectares
	Buildings        Denominator = "buildings"
	Households       Denominator = "households"
	IdealRoadLength  Denominator = "ideal_road_length"  // metres
	IdealDrainLength Denominator = "ideal_drain_length" // metres
)

// Denominators lists all members of Denominator.
var Denominators = []Denominator{VerifiedArea, Buildings, Households, IdealRoadLength, IdealDrainLength}

// Unit is the UCUM code of a denominator, and of the volumes that are a part of it.
func (d Denominator) Unit() string {
	switch d {
	case VerifiedArea:
		return "har"
	case Buildings:
		return "{building}"
	case Households:
		return "{household}"
	case IdealRoadLength, IdealDrainLength:
		return "m"
	}
	panic("slum: unknown denominator " + string(d))
}

// Criterion is one of the sixteen of Permen PUPR 14/PRT/M/2018.
type Criterion struct {
	// ID is its number and letter: 1a to 7b. The number is that of its aspect.
	ID    string
	Per   Denominator
	Title plan.Text
}

// Aspect is the number of the criterion's aspect, 1 to 7.
func (c Criterion) Aspect() int { return int(c.ID[0] - '0') }

// Criteria are the sixteen, in the order of the regulation.
func Criteria() []Criterion {
	return []Criterion{
		{"1a", Buildings, plan.Text{ID: "Ketidakteraturan bangunan", EN: "Irregular buildings"}},
		{"1b", VerifiedArea, plan.Text{ID: "Kepadatan bangunan", EN: "Building density"}},
		{"1c", Buildings, plan.Text{ID: "Bangunan tidak memenuhi syarat teknis", EN: "Buildings below technical standard"}},
		{"2a", IdealRoadLength, plan.Text{ID: "Jalan lingkungan belum tercakup", EN: "Streets not covered"}},
		{"2b", IdealRoadLength, plan.Text{ID: "Permukaan jalan buruk", EN: "Poor street surface"}},
		{"3a", Households, plan.Text{ID: "Tanpa akses aman air minum", EN: "No safe drinking water"}},
		{"3b", Households, plan.Text{ID: "Kebutuhan air minum tidak terpenuhi", EN: "Drinking water need not met"}},
		{"4a", VerifiedArea, plan.Text{ID: "Genangan air", EN: "Flooding from run-off"}},
		{"4b", IdealDrainLength, plan.Text{ID: "Drainase tidak tersedia", EN: "Drainage missing"}},
		{"4c", IdealDrainLength, plan.Text{ID: "Konstruksi drainase buruk", EN: "Poor drainage construction"}},
		{"5a", Households, plan.Text{ID: "Sistem air limbah tidak sesuai", EN: "Waste water system unfit"}},
		{"5b", Households, plan.Text{ID: "Prasarana air limbah tidak sesuai", EN: "Waste water facilities unfit"}},
		{"6a", Households, plan.Text{ID: "Prasarana persampahan tidak sesuai", EN: "Solid waste facilities unfit"}},
		{"6b", Households, plan.Text{ID: "Sistem persampahan tidak sesuai", EN: "Solid waste system unfit"}},
		{"7a", Buildings, plan.Text{ID: "Tanpa prasarana proteksi kebakaran", EN: "No fire protection infrastructure"}},
		{"7b", Buildings, plan.Text{ID: "Tanpa sarana proteksi kebakaran", EN: "No fire protection equipment"}},
	}
}

// Known reports whether id is that of a criterion.
func Known(id string) bool {
	return slices.ContainsFunc(Criteria(), func(c Criterion) bool { return c.ID == id })
}

// Aspects are the titles of the seven aspects.
func Aspects() [7]plan.Text {
	return [...]plan.Text{
		{ID: "Kondisi bangunan", EN: "Building conditions"},
		{ID: "Jalan lingkungan", EN: "Neighbourhood streets"},
		{ID: "Air minum", EN: "Drinking water"},
		{ID: "Drainase", EN: "Drainage"},
		{ID: "Air limbah", EN: "Waste water"},
		{ID: "Persampahan", EN: "Solid waste"},
		{ID: "Proteksi kebakaran", EN: "Fire protection"},
	}
}
