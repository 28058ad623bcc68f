package zoning

import (
	"math"
	"slices"
)

// Plot is what is known of a piece of land. Empty is not known.
type Plot struct {
	Zone string
	// Block is the full id, WP.SWP.block.
	Block string
	// Road is the class of the road in front.
	Road string
	// Area in m2; 0 is not known.
	Area float64
}

// detail ranks a rule by how much it says of its place: a rule for a block
// goes before one for a class of road, and that before one for the whole
// sub-zone.
func (r *Rule) detail() int {
	n := 0
	if len(r.Blocks) > 0 {
		n += 2
	}
	if len(r.Roads) > 0 {
		n++
	}
	return n
}

// holds says whether a rule may hold for what is known of a plot, and whether
// it does hold, whatever else becomes known.
func (r *Rule) holds(p Plot) (may, does bool) {
	if !slices.Contains(r.Zones, p.Zone) {
		return false, false
	}
	does = true
	if len(r.Blocks) > 0 {
		if p.Block == "" {
			does = false
		} else if !slices.ContainsFunc(r.Blocks, func(b string) bool { return within(p.Block, b) }) {
			return false, false
		}
	}
	if len(r.Roads) > 0 {
		if p.Road == "" {
			does = false
		} else if !slices.Contains(r.Roads, p.Road) {
			return false, false
		}
	}
	if r.PlotFrom > 0 || r.PlotTo != nil {
		if p.Area == 0 {
			does = false
		} else if p.Area < r.PlotFrom || p.Area >= r.plotTo() {
			return false, false
		}
	}
	return true, does
}

// Match returns the rules of intensity that hold for a plot, or may where not
// enough is known: none, one, or those to choose from. A rule that says more
// of its place replaces one that says less.
func (s *Set) Match(p Plot) []*Rule {
	var found []*Rule
	most := -1
	for i := range s.Intensity {
		r := &s.Intensity[i]
		may, does := r.holds(p)
		if may {
			found = append(found, r)
		}
		if does {
			most = max(most, r.detail())
		}
	}
	return slices.DeleteFunc(found, func(r *Rule) bool { return r.detail() < most })
}

// Figures are what a rule makes of a plot. A nil figure has no rule.
type Figures struct {
	// Footprint, FloorArea, Green and Basement in m2: at most, at most, at
	// least, at most. FloorAreaMin is the least floor area.
	Footprint    *float64 `json:"footprint,omitempty"`
	FloorArea    *float64 `json:"floorArea,omitempty"`
	FloorAreaMin *float64 `json:"floorAreaMin,omitempty"`
	Green        *float64 `json:"green,omitempty"`
	Basement     *float64 `json:"basement,omitempty"`
	// Floors is a rough number: KLB over KDB, at most what the rule says.
	Floors *float64 `json:"floors,omitempty"`
	// TooSmall says that the plot is smaller than the smallest that may be built
	// on.
	TooSmall bool `json:"tooSmall,omitempty"`
}

// Figures computes what may be built on a plot of area m2, above 0. What is at
// most is rounded down to 0.01 m2, what is at least up.
func (r *Rule) Figures(area float64) Figures {
	share := func(v *float64, scale float64, round func(float64) float64) *float64 {
		if v == nil {
			return nil
		}
		// The products of decimals are a little off.
		m2 := round(math.Round(*v*area/scale*1e6)/1e4) / 100
		return &m2
	}
	f := Figures{
		Footprint: share(r.KDB, 100, math.Floor), FloorArea: share(r.KLB, 1, math.Floor), FloorAreaMin: share(r.KLBMin, 1, math.Ceil),
		Green: share(r.KDH, 100, math.Ceil), Basement: share(r.KTB, 100, math.Floor),
		TooSmall: r.SmallestPlot != nil && area < *r.SmallestPlot,
	}
	floors := math.Inf(1)
	if r.KLB != nil && r.KDB != nil && *r.KDB > 0 {
		// At most so many whole floors over the largest footprint, but one over less.
		floors = math.Floor(math.Round(*r.KLB/(*r.KDB/100)*1e6) / 1e6)
		if *r.KLB > 0 {
			floors = math.Max(floors, 1)
		}
	}
	if r.Floors != nil {
		floors = math.Min(floors, *r.Floors)
	}
	if !math.IsInf(floors, 1) {
		f.Floors = &floors
	}
	return f
}
