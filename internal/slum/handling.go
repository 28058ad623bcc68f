package slum

// Legality is that of the land: a code of the list land_legality.
type Legality string

// The legalities.
const (
	// Legal land has a clear tenure and is used as the spatial plan says.
	Legal    Legality = "legal"
	NotLegal Legality = "not_legal"
)

// Legalities lists all members of Legality.
var Legalities = []Legality{Legal, NotLegal}

// Considerations are those besides the score, each 1, 3 or 5; 0 is not rated.
type Considerations struct {
	Strategic int `json:"strategic"`
	Density   int `json:"density"`
	Social    int `json:"social"`
}

// Weight is how much the considerations weigh together.
type Weight string

// The weights.
const (
	High   Weight = "high"   // a sum of 11 to 15
	Medium Weight = "medium" // 6 to 10
	Low    Weight = "low"    // below 6
)

// Weights lists all members of Weight.
var Weights = []Weight{High, Medium, Low}

// Weight of the considerations; empty where one is not rated.
func (c Considerations) Weight() Weight {
	if c.Strategic == 0 || c.Density == 0 || c.Social == 0 {
		return ""
	}
	switch sum := c.Strategic + c.Density + c.Social; {
	case sum >= 11:
		return High
	case sum >= 6:
		return Medium
	}
	return Low
}

// Pattern is how an area is handled.
type Pattern string

// The patterns.
const (
	Restoration  Pattern = "pemugaran"
	Renewal      Pattern = "peremajaan"
	Resettlement Pattern = "permukiman_kembali"
)

// Patterns lists all members of Pattern.
var Patterns = []Pattern{Restoration, Renewal, Resettlement}

// Handling is what follows from class, legality and considerations.
type Handling struct {
	// Classification is a letter for the class (A severe, B moderate, C light) and
	// a number for the considerations, high ones first, odd on legal land: A1 to C6.
	Classification string  `json:"classification"`
	Priority       int     `json:"priority"` // 1, the first, to 9
	Weight         Weight  `json:"weight"`
	Pattern        Pattern `json:"pattern"`
}

// HandlingOf is nil where the area is no slum, and where the legality or the
// considerations are not known. Where the sum of the considerations becomes
// high and medium is as practised; the thresholds are the city's to confirm.
func HandlingOf(c Class, l Legality, k Considerations) *Handling {
	row := map[Class]int{Severe: 1, Moderate: 2, Light: 3}[c]
	column := map[Weight]int{High: 1, Medium: 2, Low: 3}[k.Weight()]
	if row == 0 || column == 0 || l != Legal && l != NotLegal {
		return nil
	}
	h := &Handling{Priority: 3*(column-1) + row, Weight: k.Weight()}
	number := 2*column - 1
	switch {
	case l == NotLegal:
		number++
		h.Pattern = Resettlement
	case c == Light:
		h.Pattern = Restoration
	default:
		h.Pattern = Renewal
	}
	h.Classification = string(rune('A'+row-1)) + string(rune('0'+number))
	return h
}
