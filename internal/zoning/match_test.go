package zoning_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/simtaru/simtaru/internal/zoning"
)

func TestMatch(t *testing.T) {
	s := parse(t, small)
	for _, c := range []struct {
		plot zoning.Plot
		want []int
	}{
		{zoning.Plot{Zone: "R-1"}, []int{0, 1}},
		{zoning.Plot{Zone: "R-1", Area: 119.99}, []int{0}},
		{zoning.Plot{Zone: "R-1", Area: 120}, []int{1}},
		{zoning.Plot{Zone: "K-1"}, []int{2, 3}},
		{zoning.Plot{Zone: "K-1", Block: "I.A.4"}, []int{2, 3}},
		{zoning.Plot{Zone: "K-1", Block: "I.A.4", Road: "arteri"}, []int{3}},
		{zoning.Plot{Zone: "K-1", Block: "I.A.4", Road: "lokal"}, []int{2}},
		// I.AB does not lie in I.A.
		{zoning.Plot{Zone: "K-1", Block: "I.AB", Road: "arteri"}, []int{2}},
		{zoning.Plot{Zone: "BA"}, nil},
	} {
		var got []int
		for _, r := range s.Match(c.plot) {
			for i := range s.Intensity {
				if r == &s.Intensity[i] {
					got = append(got, i)
				}
			}
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%+v: %s", c.plot, d)
		}
	}
}

func TestFigures(t *testing.T) {
	s := parse(t, small)
	for _, c := range []struct {
		rule int
		area float64
		want string
	}{
		// 70 % of 100, 1.4 x 100, 10 % of 100; 1.4 / 0.7 = 2 floors.
		{0, 100, `{"footprint":70,"floorArea":140,"green":10,"floors":2}`},
		// At most is rounded down, at least up.
		{0, 99.99, `{"footprint":69.99,"floorArea":139.98,"green":10,"floors":2}`},
		{0, 33.333, `{"footprint":23.33,"floorArea":46.66,"green":3.34,"floors":2}`},
		{1, 50, `{"footprint":30,"floorArea":120,"green":10,"basement":25,"floors":4,"tooSmall":true}`},
		{2, 200, `{"footprint":160,"floorArea":800,"floorAreaMin":200,"green":20,"floors":5}`},
		// 6 / 0.75 = 8, but the rule says 7.
		{3, 1000, `{"footprint":750,"floorArea":6000,"green":200,"floors":7}`},
	} {
		got, err := json.Marshal(s.Intensity[c.rule].Figures(c.area))
		if err != nil || string(got) != c.want {
			t.Errorf("rule %d, %v m2: %s, wanted %s", c.rule, c.area, got, c.want)
		}
	}
}
