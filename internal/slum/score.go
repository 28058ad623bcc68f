package slum

import "math"

// Measured is what was counted and measured in one area. A missing key was not.
type Measured struct {
	// Volumes by the id of their criterion, in the unit of its denominator.
	Volumes      map[string]float64
	Denominators map[Denominator]float64
}

// Class is how severe a slum is: a code of the list slum_class.
type Class string

// The classes.
const (
	Severe   Class = "KB" // 60-80
	Moderate Class = "KS" // 38-59
	Light    Class = "KR" // 16-37
	NoSlum   Class = "TK" // below 16
)

// Classes lists all members of Class.
var Classes = []Class{Severe, Moderate, Light, NoSlum}

// lightest is the total from which an area is a slum.
const lightest = 16

// ClassOf is the class of a total score.
func ClassOf(total int) Class {
	switch {
	case total >= 60:
		return Severe
	case total >= 38:
		return Moderate
	case total >= lightest:
		return Light
	}
	return NoSlum
}

// Assessed is one criterion of an area, or of several together.
type Assessed struct {
	Criterion
	// Volume and Denominator are nil where they are missing. Of several areas
	// they are sums over those where the criterion is assessed.
	Volume, Denominator *float64
	// Percent and Score are nil where the criterion is not assessed.
	Percent *float64
	Score   *int
	// Areas is in how many areas it is assessed.
	Areas int
}

// Result is the score of one area, or of several together.
type Result struct {
	Criteria []Assessed // sixteen
	// Aspects are the means of the criteria of each aspect, in percent; nil where
	// none of them is assessed.
	Aspects [7]*float64
	// Sectoral is the mean of the aspects, in percent.
	Sectoral *float64
	// Total is the sum of the scores, 0 to 80, and Class its class; nil and empty
	// where nothing is assessed.
	Total *int
	Class Class
	// Highest is what the total could be if each criterion that is not assessed
	// had the highest score.
	Highest int
	// Areas is how many areas this is of.
	Areas int
}

// NotAssessed lists the ids of the criteria without a score.
func (r *Result) NotAssessed() []string {
	ids := []string{}
	for i := range r.Criteria {
		if r.Criteria[i].Score == nil {
			ids = append(ids, r.Criteria[i].ID)
		}
	}
	return ids
}

// highestScore of a criterion.
const highestScore = 5

// Score scores one area.
func Score(m Measured) Result { return Aggregate([]Measured{m}) }

// Aggregate scores several areas together: volumes and denominators are summed
// and scored again, for a mean of scores says nothing. An area counts for a
// criterion only where it is assessed there: a denominator without its volume
// would make the rest look better than it is.
func Aggregate(areas []Measured) Result {
	r := Result{Areas: len(areas)}
	for _, c := range Criteria() {
		a := Assessed{Criterion: c}
		for _, m := range areas {
			volume, measured := m.Volumes[c.ID]
			whole, known := m.Denominators[c.Per]
			if len(areas) == 1 { // told as it is, also where it cannot be assessed
				a.Volume, a.Denominator = present(volume, measured), present(whole, known)
			}
			if !measured || !known {
				continue
			}
			if _, ok := Percent(volume, whole); !ok {
				continue
			}
			a.Areas++
			if len(areas) > 1 {
				a.Volume, a.Denominator = plus(a.Volume, max(volume, 0)), plus(a.Denominator, whole)
			}
		}
		if a.Areas > 0 {
			if p, ok := Percent(*a.Volume, *a.Denominator); ok {
				score := ScoreOf(p)
				a.Percent, a.Score = &p, &score
			}
		}
		r.Criteria = append(r.Criteria, a)
	}
	r.sum()
	return r
}

func present(v float64, is bool) *float64 {
	if !is {
		return nil
	}
	return &v
}

func plus(a *float64, b float64) *float64 {
	if a != nil {
		b += *a
	}
	return &b
}

// sum computes what follows from the criteria.
func (r *Result) sum() {
	var within [7][]*float64
	total, assessed := 0, 0
	for i := range r.Criteria {
		a := &r.Criteria[i]
		within[a.Aspect()-1] = append(within[a.Aspect()-1], a.Percent)
		if a.Score != nil {
			assessed++
			total += *a.Score
		}
	}
	for i := range within {
		r.Aspects[i] = mean(within[i])
	}
	r.Sectoral = mean(r.Aspects[:])
	r.Highest = total + highestScore*(len(r.Criteria)-assessed)
	if assessed > 0 {
		r.Total, r.Class = &total, ClassOf(total)
	}
}

// mean of the values that are there, added up in their order.
func mean(values []*float64) *float64 {
	var sum, n float64
	for _, v := range values {
		if v != nil {
			sum, n = sum+*v, n+1
		}
	}
	if n == 0 {
		return nil
	}
	sum /= n
	return &sum
}

// Percent is what volume is of whole, in percent; false where whole is not above
// 0. A volume below 0 is 0. It is rounded to nine decimals, as simtaru.percent
// does, which says why.
func Percent(volume, whole float64) (float64, bool) {
	const least, nothing, most, decimals = 1e-6, 1e-9, 1e12, 1e9
	switch {
	case !(whole >= least) || math.IsNaN(volume):
		return 0, false
	case volume < nothing:
		return 0, true
	}
	return math.RoundToEven(float64(100*min(volume, most))/min(whole, most)*decimals) / decimals, true
}

// ScoreOf is the score of a criterion. The regulation's table says 25-50, 51-75
// and 76-100; what lies between is closed by rounding to two decimals.
func ScoreOf(percent float64) int {
	switch {
	case percent >= 75.995:
		return highestScore
	case percent >= 50.995:
		return 3
	case percent >= 24.995:
		return 1
	}
	return 0
}

// Contribution is what a programme has done, as a part of the sectoral mean
// before it: 1 is all, below 0 it has become worse. It is nil where there was
// nothing to do, and where other criteria were assessed after than before: two
// means of different things do not compare.
func Contribution(before, after *Result) *float64 {
	if before.Sectoral == nil || *before.Sectoral == 0 || after.Sectoral == nil || !sameAssessed(before, after) {
		return nil
	}
	c := min(1, (*before.Sectoral-*after.Sectoral) / *before.Sectoral)
	return &c
}

func sameAssessed(a, b *Result) bool {
	for i := range a.Criteria {
		if a.Criteria[i].Areas != b.Criteria[i].Areas {
			return false
		}
	}
	return true
}
