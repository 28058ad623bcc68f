package indicator

import (
	"errors"
	"fmt"
	"slices"

	"github.com/simtaru/simtaru/internal/indicator/land"
	"github.com/simtaru/simtaru/internal/plan"
)

// figure makes readings of one indicator from the cells of its product.
type figure struct {
	def     *plan.Indicator
	product *product
	// switches that are on.
	on map[string]bool
}

// sum adds up the cells of an area. A gampong has all of its land; in sums land
// and people that two of them claim count once.
type sum struct {
	parent  area
	unit    float64
	parts   []part
	amount  float64
	of      float64
	people  *int64 // nil: somebody is not counted
	unknown string // the gampong whose people are not known
	// features that took part, by rule of the cover, each once.
	features []int
	content  uint64
	failed   error
	// drawn is the land of whole features; nil where it is not told.
	drawn *drawn
}

type part struct{ area, factored, plain, covered float64 }

func sumOf(a area, list []*unit, cells []*cell, p *product, d *drawn) sum {
	out := sum{parent: a}
	if p.cover != nil {
		out.parts = make([]part, len(p.cover.rules))
	}
	people := int64(0)
	out.people = &people
	for _, i := range a.units {
		c := cells[i]
		pick := func(l land.Area) float64 {
			if a.kind == plan.Gampong {
				return l.All
			}
			return l.Own
		}
		out.unit += pick(c.unit)
		out.amount += pick(c.amount)
		out.of += pick(c.of)
		for r := range c.parts {
			out.parts[r].area += pick(c.parts[r].Area)
			out.parts[r].factored += pick(c.parts[r].Factored)
			out.parts[r].plain += pick(c.parts[r].Plain)
			out.parts[r].covered += pick(c.parts[r].Covered)
		}
		out.content = mix(out.content ^ c.content)
		if c.failed != nil {
			out.failed = c.failed
		}
		if n := list[i].people; n == nil {
			out.people, out.unknown = nil, list[i].name
		} else if out.people != nil {
			people += *n
		}
	}
	out.features = distinct(a.units, cells)
	if out.drawn = d; d != nil && a.kind == plan.City {
		out.content = mix(out.content ^ d.content) // what lies in no cell, too
	}
	return out
}

// distinct counts the ids of some cells, rule by rule: what lies across a
// border is in several.
func distinct(units []int, cells []*cell) (n []int) {
	seen := map[int64]struct{}{}
	for r, first := range cells[units[0]].ids {
		if len(units) == 1 {
			n = append(n, len(first))
			continue
		}
		clear(seen)
		for _, i := range units {
			for _, id := range cells[i].ids[r] {
				seen[id] = struct{}{}
			}
		}
		n = append(n, len(seen))
	}
	return n
}

// reading makes the figure of an area.
func (f *figure) reading(s *sum) plan.Reading {
	r := plan.Reading{
		Indicator: f.def.ID, Kind: s.parent.kind, Code: s.parent.code, Name: s.parent.name,
		Method: f.def.Method, Data: name(s.content),
	}
	var away *plan.Error
	if errors.As(s.failed, &away) {
		r.Why = away.Message
		return r
	}
	if s.failed != nil {
		r.Why = plan.Text{
			ID: "Garis batas data terlalu sering berpotongan untuk dihitung; periksa geometrinya.",
			EN: "The outlines of the data cross too often to be computed; check their geometry.",
		}
		return r
	}
	switch f.def.Kind {
	case plan.AreaShare, plan.WeightedAreaShare, plan.AreaByClass, plan.PerHead:
		f.ofLand(&r, s)
	case plan.Standard:
		f.ofStandard(&r, s)
	case plan.Length, plan.Count, plan.PeopleNear:
		f.ofAmount(&r, s)
	}
	return r
}

// divide gives a share or quotient; where there is nothing to divide by, why.
func divide(r *plan.Reading, numerator, denominator, scale float64, why plan.Text) {
	r.Numerator, r.Denominator = &numerator, &denominator
	if denominator <= 0 {
		r.Why = why
		return
	}
	v := scale * numerator / denominator
	r.Value = &v
}

func (f *figure) ofLand(r *plan.Reading, s *sum) {
	numerator := f.count(r, s, f.def.Parts)
	switch {
	case f.def.Kind == plan.AreaByClass:
		r.Value, r.Numerator, r.Denominator = &numerator, &numerator, &s.unit
		if s.drawn != nil {
			f.total(r, s.unit)
		}
	case f.def.Kind == plan.PerHead:
		f.perHead(r, s, numerator)
	case len(f.def.Of) > 0:
		of := *f
		of.def = &plan.Indicator{Kind: plan.AreaShare}
		divide(r, numerator, of.count(new(plan.Reading), s, f.def.Of), 100, plan.Text{
			ID: "Tidak ada lahan penyebutnya di sini.", EN: "There is none of the land that it is a share of here.",
		})
	default:
		divide(r, numerator, s.unit, 100, plan.Text{ID: "Batasnya tidak memiliki luas.", EN: "The boundary has no area."})
	}
}

func (f *figure) perHead(r *plan.Reading, s *sum, numerator float64) {
	people, ok := f.people(r, s)
	if !ok {
		r.Numerator = &numerator
		return
	}
	divide(r, numerator, people, 1, noPeople)
}

var noPeople = plan.Text{ID: "Tidak ada penduduk di sini.", EN: "Nobody lives here."}

// people of the area, from the boundary; false where somebody is not counted.
func (f *figure) people(r *plan.Reading, s *sum) (float64, bool) {
	if s.people == nil {
		r.Why = plan.Text{
			ID: fmt.Sprintf("Jumlah penduduk %s belum diisi.", s.unknown),
			EN: fmt.Sprintf("The population of %s is not filled in.", s.unknown),
		}
		return 0, false
	}
	return float64(*s.people), true
}

// count adds up terms, lists their classes and the features that took part.
func (f *figure) count(r *plan.Reading, s *sum, terms []plan.Term) float64 {
	total := 0.0
	for _, t := range terms {
		if t.Switch != "" && !f.on[t.Switch] {
			continue
		}
		weight := 1.0
		if t.Weight != nil {
			weight = *t.Weight
		}
		for i, c := range f.product.cover.classes {
			if !counts(t, c) {
				continue
			}
			p := s.parts[i]
			got := plan.ClassReading{Part: c.part, Class: c.code, Title: c.title, Color: c.color, Area: p.area}
			amount := weight * p.area
			if f.def.Kind == plan.WeightedAreaShare {
				factor := 1.0
				if v, ok := t.Factors[c.code]; ok {
					factor = v
				}
				amount = weight * (p.factored + factor*p.plain)
				got.Weighted = &amount
			}
			total += amount
			if f.def.Kind == plan.AreaByClass && s.drawn != nil {
				got.Drawn = s.drawnOf(i)
			}
			if i < len(s.features) {
				got.Features = s.features[i]
				r.Features += got.Features
			}
			if p.area != 0 || got.Features > 0 || got.Drawn != nil && got.Drawn.Sum != 0 {
				r.Classes = append(r.Classes, got)
			}
		}
	}
	return total
}

// ofStandard holds supply against need, class by class; a surplus of one class
// does not make up for another's deficit.
func (f *figure) ofStandard(r *plan.Reading, s *sum) {
	f.count(r, s, f.def.Parts)
	supplied := map[string]plan.ClassReading{}
	for _, c := range r.Classes {
		old := supplied[c.Class]
		c.Area += old.Area
		c.Features += old.Features
		supplied[c.Class] = c
	}
	r.Classes, r.Features = nil, 0
	people, ok := f.people(r, s)
	if !ok {
		return
	}
	met, needed := 0.0, 0.0
	for _, row := range f.def.Standards {
		if slices.Index(plan.UnitKinds, row.Level) < slices.Index(plan.UnitKinds, s.parent.kind) {
			continue // larger units alone are asked for it
		}
		c := supplied[row.Class]
		c.Class = row.Class
		if i := slices.IndexFunc(f.product.cover.classes, func(x class) bool { return x.code == row.Class }); i >= 0 {
			c.Part, c.Title, c.Color = f.product.cover.classes[i].part, f.product.cover.classes[i].title, f.product.cover.classes[i].color
		}
		need := people * row.PerPerson
		deficit := max(0, need-c.Area)
		c.Need, c.Deficit = &need, &deficit
		met += min(need, c.Area)
		needed += need
		r.Features += c.Features
		r.Classes = append(r.Classes, c)
	}
	divide(r, met, needed, 100, noPeople)
}

func (f *figure) ofAmount(r *plan.Reading, s *sum) {
	if len(s.features) > 0 {
		r.Features = s.features[0]
	}
	if f.def.Kind == plan.PeopleNear || f.def.OfFeatures != nil {
		why := plan.Text{ID: "Tidak ada yang dapat dibandingkan di sini.", EN: "There is nothing here to be a share of."}
		if f.def.Kind == plan.PeopleNear {
			why = noPeople
		}
		divide(r, s.amount, s.of, 100, why)
		return
	}
	r.Value, r.Numerator = &s.amount, &s.amount
}
