package api

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/slum"
)

// question is what is sent.
type question struct {
	Areas []area `json:"areas"`
	// On is the day that a decree's age is counted to; without it today.
	On plan.Date `json:"on"`
}

type area struct {
	Name string `json:"name"`
	measured
	// After a programme; denominators that are left out are those before.
	After          *measured           `json:"after"`
	LandLegality   slum.Legality       `json:"landLegality"`
	Considerations slum.Considerations `json:"considerations"`
	Decree         *decree             `json:"decree"`
}

// measured is slum.Measured as it is sent: null is what was not measured.
type measured struct {
	Volumes      map[string]*float64           `json:"volumes"`
	Denominators map[slum.Denominator]*float64 `json:"denominators"`
}

func (m *measured) read() slum.Measured {
	return slum.Measured{Volumes: there(m.Volumes), Denominators: there(m.Denominators)}
}

func there[K comparable](sent map[K]*float64) map[K]float64 {
	out := make(map[K]float64, len(sent))
	for k, v := range sent {
		if v != nil {
			out[k] = *v
		}
	}
	return out
}

type decree struct {
	Listed *bool      `json:"listed"`
	Class  slum.Class `json:"class"`
	Score  *int       `json:"score"`
	Date   plan.Date  `json:"date"`
}

func (a *area) after() slum.Measured {
	before, after := a.read(), a.After.read()
	maps.Copy(before.Denominators, after.Denominators)
	return slum.Measured{Volumes: after.Volumes, Denominators: before.Denominators}
}

func (a *area) decree() slum.Decree {
	if a.Decree == nil {
		return slum.Decree{}
	}
	return slum.Decree{Listed: a.Decree.Listed, Class: a.Decree.Class, Score: a.Decree.Score, Date: a.Decree.Date}
}

// check refuses what cannot be scored, and returns the day of the question.
func (q *question) check(now time.Time) (time.Time, error) {
	if n := len(q.Areas); n == 0 || n > maxAreas {
		return now, refused("areas", fmt.Sprintf("Kirim 1 sampai %d wilayah, bukan %d.", maxAreas, n), fmt.Sprintf("Send 1 to %d areas, not %d.", maxAreas, n))
	}
	for i := range q.Areas {
		if err := q.Areas[i].check(fmt.Sprintf("areas[%d]", i)); err != nil {
			return now, err
		}
	}
	if q.On == "" {
		return now, nil
	}
	return day("on", q.On)
}

func (a *area) check(at string) error {
	if utf8.RuneCountInString(a.Name) > maxName {
		return refused(at+".name", fmt.Sprintf("Nama paling panjang %d huruf.", maxName), fmt.Sprintf("A name has %d characters at most.", maxName))
	}
	if err := checkMeasured(at, &a.measured); err != nil {
		return err
	}
	if a.After != nil {
		if err := checkMeasured(at+".after", a.After); err != nil {
			return err
		}
	}
	if a.LandLegality != "" && !slices.Contains(slum.Legalities, a.LandLegality) {
		return choose(at+".landLegality", slum.Legalities)
	}
	for _, k := range []struct {
		name  string
		value int
	}{{"strategic", a.Considerations.Strategic}, {"density", a.Considerations.Density}, {"social", a.Considerations.Social}} {
		if !slices.Contains([]int{0, 1, 3, 5}, k.value) {
			return choose(at+".considerations."+k.name, []string{"1", "3", "5"})
		}
	}
	if a.Decree == nil {
		return nil
	}
	if c := a.Decree.Class; c != "" && !slices.Contains(slum.Classes, c) {
		return choose(at+".decree.class", slum.Classes)
	}
	if a.Decree.Date != "" {
		if _, err := day(at+".decree.date", a.Decree.Date); err != nil {
			return err
		}
	}
	return nil
}

// largest volume or denominator: no settlement has more of anything.
const largest = 1e9

func checkMeasured(at string, m *measured) error {
	for _, id := range slices.Sorted(maps.Keys(m.Volumes)) {
		path := at + ".volumes." + id
		if !slum.Known(id) {
			var ids []string
			for _, c := range slum.Criteria() {
				ids = append(ids, c.ID)
			}
			return choose(at+".volumes", ids)
		}
		if v := m.Volumes[id]; v != nil && *v > largest {
			return tooLarge(path)
		}
	}
	for _, d := range slices.Sorted(maps.Keys(m.Denominators)) {
		if !slices.Contains(slum.Denominators, d) {
			return choose(at+".denominators", slum.Denominators)
		}
		if v := m.Denominators[d]; v != nil && *v > largest {
			return tooLarge(at + ".denominators." + string(d))
		}
	}
	return nil
}

func tooLarge(at string) error {
	return refused(at, "Nilai ini terlalu besar; periksa satuannya.", "The value is too large; check its unit.")
}

func day(at string, d plan.Date) (time.Time, error) {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return t, refused(at, "Tanggal ditulis YYYY-MM-DD.", "A date is written YYYY-MM-DD.")
	}
	return t, nil
}

func choose[T ~string](at string, members []T) error {
	names := make([]string, len(members))
	for i, m := range members {
		names[i] = string(m)
	}
	list := strings.Join(names, ", ")
	return refused(at, "Pilih dari: "+list+".", "Choose from: "+list+".")
}

func refused(at, id, en string) error {
	return &plan.Error{Kind: plan.Unprocessable, Code: "slum-measure", At: at, Message: plan.Text{ID: id, EN: en}}
}
