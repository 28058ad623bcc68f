package geo_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
)

func TestCheck(t *testing.T) {
	good := rect(95, 5, 96, 6)
	limits := geo.Limits{MaxVertices: 100, MaxParts: 10}
	long := make(orb.LineString, 101)
	for _, c := range []struct {
		name string
		g    orb.Geometry
		want string // kind and path, empty for no fault
	}{
		{"none", nil, ""},
		{"point", orb.Point{95, 5}, ""},
		{"corner of the world", orb.Point{-180, 90}, ""},
		{"polygon", orb.MultiPolygon{{good, rect(95.2, 5.2, 95.4, 5.4)}}, ""},
		{"NaN", orb.Point{math.NaN(), 5}, "1 coordinates"},
		{"infinite", orb.LineString{{1, 1}, {2, math.Inf(1)}}, "1 coordinates[1]"},
		{"both infinite", orb.Point{math.Inf(1), math.Inf(-1)}, "1 coordinates"},
		{"metres", orb.MultiPolygon{{good}, {good, {{1, 1}, {288642, 2108175}, {1, 1}, {1, 1}}}}, "2 coordinates[1][1][1]"},
		{"lat, lon", orb.Point{5, 95}, "2 coordinates"},
		{"empty", orb.MultiPolygon{}, "0 coordinates"},
		{"empty member", orb.MultiPolygon{{good}, {}}, "0 coordinates[1]"},
		{"empty line", orb.MultiLineString{{}}, "3 coordinates[0]"},
		{"short line", orb.MultiLineString{{{1, 1}, {2, 2}}, {{1, 1}}}, "3 coordinates[1]"},
		{"short ring", orb.Polygon{{{1, 1}, {2, 2}, {1, 1}}}, "3 coordinates[0]"},
		{"unclosed", orb.MultiPolygon{{good, good[:4]}}, "4 coordinates[0][1]"},
		{"long", orb.MultiLineString{long}, "5 coordinates[0]"},
		{"many parts", orb.Polygon{good, good, good, good, good, good, good, good, good, good, good}, "6 coordinates[10]"},
		{"collection", orb.Collection{orb.Point{1, 1}}, "7 type"},
		{"bound", box(1, 1, 2, 2), "7 type"},
	} {
		err := geo.Check(c.g, limits)
		got := ""
		var f *geo.Fault
		if errors.As(err, &f) {
			got = fmt.Sprint(uint8(f.Kind), " ", f.Path)
			if kind := plan.KindOf(f.PlanError()); kind != plan.Unprocessable && kind != plan.TooLarge {
				t.Errorf("%s: error of kind %d", c.name, kind)
			}
		}
		if got != c.want {
			t.Errorf("%s: got %q (%v), want %q", c.name, got, err, c.want)
		}
	}
	for _, kind := range geo.FaultKinds {
		if m := (&geo.Fault{Kind: kind}).Message(); m.ID == "" || m.EN == "" {
			t.Errorf("fault %d has no words in both languages", kind)
		}
	}
}
