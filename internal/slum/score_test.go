package slum_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/simtaru/simtaru/internal/slum"
)

// percentages are those of an area in the order 1a to 7b: of a hundred each.
func percentages(values ...float64) slum.Measured {
	m := slum.Measured{Volumes: map[string]float64{}, Denominators: map[slum.Denominator]float64{}}
	for _, d := range slum.Denominators {
		m.Denominators[d] = 100
	}
	for i, c := range slum.Criteria() {
		m.Volumes[c.ID] = values[i]
	}
	return m
}

// TestPublishedScores: what governments have published.
func TestPublishedScores(t *testing.T) {
	for _, c := range []struct {
		name  string
		m     slum.Measured
		total int
		class slum.Class
	}{
		{"Sumbermulyo", percentages(26, 0, 26, 12.82, 77.56, 90, 0, 0, 0, 80.52, 16.67, 26.67, 100, 100, 100, 100), 38, slum.Moderate},
		{"Sampung", percentages(57.14, 0, 21.43, 50, 50, 0, 100, 0, 0, 0, 3.23, 16.13, 100, 100, 100, 100), 30, slum.Light},
		{"Mangunharjo", percentages(9.38, 0, 4.69, 0, 0, 0, 0, 0, 0, 100, 31.51, 26.03, 0, 0, 100, 100), 17, slum.Light},
	} {
		r := slum.Score(c.m)
		if r.Total == nil || *r.Total != c.total || r.Class != c.class || len(r.NotAssessed()) != 0 || r.Highest != c.total {
			t.Errorf("%s: %v %s, want %d %s", c.name, *r.Total, r.Class, c.total, c.class)
		}
	}
}

// klakah is RT 38 RW 17 of Klakah, Lumajang, as the housing office of East Java
// publishes it (kawanku.pkpjatim.id), with volumes and the means of its aspects.
func klakah() slum.Measured {
	return slum.Measured{
		Denominators: map[slum.Denominator]float64{
			slum.VerifiedArea: 2.98, slum.Buildings: 83, slum.Households: 87, slum.IdealRoadLength: 1512.72, slum.IdealDrainLength: 756.36,
		},
		Volumes: map[string]float64{
			"1a": 19, "1b": 0, "1c": 27, "2a": 0, "2b": 434, "3a": 7, "3b": 7, "4a": 0, "4b": 0, "4c": 378.18,
			"5a": 6, "5b": 14, "6a": 87, "6b": 87, "7a": 0, "7b": 83,
		},
	}
}

func TestPublishedForm(t *testing.T) {
	r := slum.Score(klakah())
	if *r.Total != 18 || r.Class != slum.Light {
		t.Errorf("%d %s", *r.Total, r.Class)
	}
	near := func(what string, got *float64, want float64) {
		t.Helper()
		if got == nil || math.Abs(*got-want) > 0.00501 {
			t.Errorf("%s: %v, want %v", what, *got, want)
		}
	}
	for i, want := range []float64{22.89, 0, 32.53, 0, 28.69, 8.05, 8.05, 0, 0, 50, 6.9, 16.09, 100, 100, 0, 100} {
		near(r.Criteria[i].ID, r.Criteria[i].Percent, want)
	}
	// They take the mean of percentages that are rounded already.
	for i, want := range []float64{18.47, 14.345, 8.05, 16.67, 11.495, 100, 50} {
		near(slum.Aspects()[i].EN, r.Aspects[i], want)
	}
	near("sectoral", r.Sectoral, (18.473+14.345+8.046+16.667+11.494+100+50)/7)
}

func TestThresholds(t *testing.T) {
	for _, c := range []struct {
		percent float64
		score   int
	}{
		{0, 0},
		{24.99, 0},
		{24.994999, 0},
		{24.995, 1},
		{25, 1},
		{50, 1},
		{50.99, 1},
		{50.994999, 1},
		{50.995, 3},
		{51, 3},
		{75.38, 3},
		{75.99, 3},
		{75.994999, 3},
		{75.995, 5},
		{76, 5},
		{100, 5},
		{140, 5},
	} {
		// However the denominator is written, binary fractions do not decide.
		for _, whole := range []float64{100, 1, 0.1, 3, 7, 1e5, 12.34} {
			p, ok := slum.Percent(c.percent/100*whole, whole)
			if !ok || slum.ScoreOf(p) != c.score {
				t.Errorf("%v%% of %v is %v: %d, want %d", c.percent, whole, p, slum.ScoreOf(p), c.score)
			}
		}
	}
	for _, c := range []struct {
		total int
		class slum.Class
	}{{0, slum.NoSlum}, {15, slum.NoSlum}, {16, slum.Light}, {37, slum.Light}, {38, slum.Moderate}, {59, slum.Moderate}, {60, slum.Severe}, {80, slum.Severe}} {
		if got := slum.ClassOf(c.total); got != c.class {
			t.Errorf("%d: %s, want %s", c.total, got, c.class)
		}
	}
}

// TestNotAssessedIsNotZero: what has no denominator has no percent and no score,
// and no part in any mean.
func TestNotAssessedIsNotZero(t *testing.T) {
	m := klakah()
	m.Denominators[slum.VerifiedArea] = 0
	delete(m.Denominators, slum.IdealRoadLength)
	delete(m.Volumes, "7b")
	m.Volumes["3a"] = -5
	r := slum.Score(m)
	if want := []string{"1b", "2a", "2b", "4a", "7b"}; !slices.Equal(r.NotAssessed(), want) {
		t.Errorf("not assessed: %v, want %v", r.NotAssessed(), want)
	}
	for i := range r.Criteria {
		c := &r.Criteria[i]
		if (c.Percent == nil) != (c.Score == nil) || (c.Percent == nil) != slices.Contains(r.NotAssessed(), c.ID) {
			t.Errorf("%+v", c)
		}
	}
	if r.Aspects[1] != nil || *r.Aspects[6] != 0 || *r.Aspects[0] != (*r.Criteria[0].Percent+*r.Criteria[2].Percent)/2 {
		t.Errorf("aspects: %v", r.Aspects)
	}
	if got := *r.Criteria[5].Percent; got != 0 {
		t.Errorf("a volume below 0: %v%%", got)
	}
	if *r.Total != 12 || r.Highest != 12+5*5 {
		t.Errorf("total %d, at most %d", *r.Total, r.Highest)
	}
	none := slum.Score(slum.Measured{})
	if none.Total != nil || none.Class != "" || none.Sectoral != nil || none.Highest != 80 || len(none.NotAssessed()) != 16 {
		t.Errorf("%+v", none)
	}
}

// TestAggregateIsNoAverage: two areas whose scores mean 2.5 score 5 together, for
// the one is large. An area without a volume does not thin out the others.
func TestAggregateIsNoAverage(t *testing.T) {
	area := func(volume, buildings float64) slum.Measured {
		return slum.Measured{Volumes: map[string]float64{"1a": volume}, Denominators: map[slum.Denominator]float64{slum.Buildings: buildings}}
	}
	large, small := area(950, 1000), area(0, 10)
	unknown := slum.Measured{Denominators: map[slum.Denominator]float64{slum.Buildings: 1e6}}
	r := slum.Aggregate([]slum.Measured{large, small, unknown})
	a := r.Criteria[0]
	if *a.Score != 5 || *a.Volume != 950 || *a.Denominator != 1010 || a.Areas != 2 || *r.Total != 5 || r.Areas != 3 {
		t.Errorf("%+v, total %d", a, *r.Total)
	}
	if want := 100 * 950.0 / 1010; math.Abs(*a.Percent-want) > 1e-9 {
		t.Errorf("%v%%, want %v", *a.Percent, want)
	}
}

// TestAggregateProperties: the same area many times over scores as the one, and
// the percent of several lies between theirs.
func TestAggregateProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		areas := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) slum.Measured {
			m := slum.Measured{Volumes: map[string]float64{}, Denominators: map[slum.Denominator]float64{}}
			for _, d := range slum.Denominators {
				m.Denominators[d] = float64(rapid.IntRange(1, 4000).Draw(t, "whole"))
			}
			for _, c := range slum.Criteria() {
				m.Volumes[c.ID] = rapid.Float64Range(0, m.Denominators[c.Per]).Draw(t, "volume")
			}
			return m
		}), 2, 5).Draw(t, "areas")
		one, twice := slum.Score(areas[0]), slum.Aggregate([]slum.Measured{areas[0], areas[0]})
		if *one.Total != *twice.Total {
			t.Errorf("%d, twice %d", *one.Total, *twice.Total)
		}
		all := slum.Aggregate(areas)
		for i := range all.Criteria {
			low, high := math.Inf(1), math.Inf(-1)
			for _, m := range areas {
				p := *slum.Score(m).Criteria[i].Percent
				low, high = min(low, p), max(high, p)
			}
			if p := *all.Criteria[i].Percent; p < low-1e-6 || p > high+1e-6 {
				t.Errorf("%s: %v outside %v to %v", all.Criteria[i].ID, p, low, high)
			}
		}
	})
}

func TestContribution(t *testing.T) {
	before := slum.Score(klakah())
	after := klakah()
	after.Volumes["6a"], after.Volumes["6b"] = 0, 0
	is := slum.Score(after)
	want := (*before.Sectoral - *is.Sectoral) / *before.Sectoral
	if c := slum.Contribution(&before, &is); c == nil || *c != want || want < 0.45 || want > 0.46 {
		t.Errorf("%v, want %v", c, want)
	}
	if c := slum.Contribution(&is, &before); c == nil || *c >= 0 {
		t.Errorf("worse: %v", c)
	}
	clean := klakah()
	clear(clean.Volumes)
	for _, c := range slum.Criteria() {
		clean.Volumes[c.ID] = 0
	}
	none := slum.Score(clean)
	if c := slum.Contribution(&before, &none); c == nil || *c != 1 {
		t.Errorf("all of it: %v", c)
	}
	if c := slum.Contribution(&none, &none); c != nil {
		t.Errorf("of nothing: %v", *c)
	}
	delete(after.Volumes, "7b")
	less := slum.Score(after)
	if c := slum.Contribution(&before, &less); c != nil {
		t.Errorf("of other criteria: %v", *c)
	}
}

// TestHandling holds all 18 classifications and their priorities.
func TestHandling(t *testing.T) {
	var got []string
	for _, c := range []slum.Class{slum.Severe, slum.Moderate, slum.Light} {
		for _, k := range []slum.Considerations{{5, 5, 1}, {5, 3, 1}, {3, 1, 1}} {
			for _, l := range slum.Legalities {
				h := slum.HandlingOf(c, l, k)
				got = append(got, h.Classification+" "+string(rune('0'+h.Priority))+" "+string(h.Pattern))
			}
		}
	}
	want := []string{
		"A1 1 peremajaan", "A2 1 permukiman_kembali", "A3 4 peremajaan", "A4 4 permukiman_kembali", "A5 7 peremajaan", "A6 7 permukiman_kembali",
		"B1 2 peremajaan", "B2 2 permukiman_kembali", "B3 5 peremajaan", "B4 5 permukiman_kembali", "B5 8 peremajaan", "B6 8 permukiman_kembali",
		"C1 3 pemugaran", "C2 3 permukiman_kembali", "C3 6 pemugaran", "C4 6 permukiman_kembali", "C5 9 pemugaran", "C6 9 permukiman_kembali",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for name, h := range map[string]*slum.Handling{
		"no slum": slum.HandlingOf(slum.NoSlum, slum.Legal, slum.Considerations{5, 5, 5}), "no legality": slum.HandlingOf(slum.Severe, "", slum.Considerations{5, 5, 5}),
		"not rated": slum.HandlingOf(slum.Severe, slum.Legal, slum.Considerations{5, 5, 0}), "no class": slum.HandlingOf("", slum.Legal, slum.Considerations{5, 5, 5}),
	} {
		if h != nil {
			t.Errorf("%s: %+v", name, h)
		}
	}
}

func TestFindings(t *testing.T) {
	yes, no, score := true, false, 40
	clean := percentages(make([]float64, 16)...)
	over := klakah()
	over.Volumes["1a"] = 84
	half := percentages(make([]float64, 16)...)
	delete(half.Volumes, "1a")
	open := percentages(make([]float64, 16)...)
	for _, id := range []string{"1a", "1b", "1c", "2a"} {
		delete(open.Volumes, id)
	}
	on := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name   string
		areas  []slum.Measured
		decree slum.Decree
		want   string
	}{
		{"nothing", []slum.Measured{klakah()}, slum.Decree{Listed: &yes, Class: slum.Light, Date: "2021-11-25"}, ""},
		{"old", []slum.Measured{klakah()}, slum.Decree{Date: "2021-11-24"}, "decree-old"},
		{"clean in the decree", []slum.Measured{clean}, slum.Decree{Listed: &yes}, "in-decree-no-slum"},
		{"clean elsewhere", []slum.Measured{clean}, slum.Decree{Listed: &no}, ""},
		{"clean, as far as is known", []slum.Measured{half}, slum.Decree{Listed: &yes}, "not-assessed in-decree-no-slum"},
		{"perhaps clean", []slum.Measured{open}, slum.Decree{Listed: &yes}, "not-assessed"},
		{"forgotten", []slum.Measured{klakah()}, slum.Decree{Listed: &no}, "slum-not-in-decree"},
		{"other figures", []slum.Measured{klakah()}, slum.Decree{Score: &score, Class: slum.Moderate}, "score-differs class-differs"},
		{"more than all", []slum.Measured{over}, slum.Decree{}, "more-than-whole"},
		{"in part", []slum.Measured{clean, half}, slum.Decree{}, "partly-assessed"},
	} {
		r := slum.Aggregate(c.areas)
		var codes []string
		for _, f := range slum.Findings(&r, c.decree, on) {
			codes = append(codes, f.Code)
			if f.Message.ID == "" || f.Message.EN == "" {
				t.Errorf("%s: %s says nothing", c.name, f.Code)
			}
		}
		if got := strings.Join(codes, " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
