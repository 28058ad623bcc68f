package api

import "github.com/simtaru/simtaru/internal/plan"

const (
	m2PerHectare = 10_000
	percent      = 100
)

// statedArea is another denominator, and what it would make of the figure.
type statedArea struct {
	plan.StatedArea
	Value *float64 `json:"value"`
	// Difference from the computed figure.
	Difference *float64 `json:"difference"`
}

// claim is a published figure beside the computed one.
type claim struct {
	plan.Claim
	// Difference of what was published from what is computed. Where numerator
	// and denominator were told it is the sum of the other three: what comes of
	// another numerator, of another denominator, and what the published value
	// differs by from its own numerator and denominator.
	Difference    *float64 `json:"difference"`
	OfNumerator   *float64 `json:"ofNumerator"`
	OfDenominator *float64 `json:"ofDenominator"`
	OfItself      *float64 `json:"ofItself"`
}

// shareOfLand reports whether the figure is a share of land, of which documents
// tell hectares.
func shareOfLand(i *plan.Indicator) bool {
	return i.Kind == plan.AreaShare || i.Kind == plan.WeightedAreaShare
}

func areasOf(i *plan.Indicator, city plan.Reading) []statedArea {
	out := make([]statedArea, len(i.Areas))
	for k, area := range i.Areas {
		out[k].StatedArea = area
		if shareOfLand(i) && city.Numerator != nil && area.Hectares > 0 {
			v := percent * *city.Numerator / (area.Hectares * m2PerHectare)
			out[k].Value = &v
			if city.Value != nil {
				d := v - *city.Value
				out[k].Difference = &d
			}
		}
	}
	return out
}

func claimsOf(i *plan.Indicator, city plan.Reading) []claim {
	out := make([]claim, len(i.Claims))
	for k, c := range i.Claims {
		out[k].Claim = c
		if city.Value == nil {
			continue
		}
		d := c.Value - *city.Value
		out[k].Difference = &d
		if !shareOfLand(i) || c.Numerator == nil || c.Denominator == nil || *c.Denominator <= 0 {
			continue
		}
		n, of := *city.Numerator, *city.Denominator
		theirs, theirOf := *c.Numerator*m2PerHectare, *c.Denominator*m2PerHectare
		numerator := percent * (theirs - n) / theirOf
		denominator := percent * n * (1/theirOf - 1/of)
		itself := c.Value - percent*theirs/theirOf
		out[k].OfNumerator, out[k].OfDenominator, out[k].OfItself = &numerator, &denominator, &itself
	}
	return out
}
