package indicator

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/demo"
	"github.com/simtaru/simtaru/internal/plan"
)

// demoCity is the demonstration city, with the layers that indicators are made
// from; scale 5 is the benchmark's size.
func demoCity(tb testing.TB, cat *plan.Catalog, scale float64) city {
	tb.Helper()
	made := demo.New(demo.Options{Scale: scale})
	c := city{}
	for _, id := range []string{"boundary", "green_space", "zoning", "building", "road", "traffic_signal", "slum_area"} {
		l, _ := cat.Layer(id)
		for row := range made.Rows(id) {
			f := &plan.Feature{ID: int64(len(c[id]) + 1), Revision: 1, Geometry: row.Geometry, Values: make([]any, len(l.Fields))}
			for i, field := range l.Fields {
				f.Values[i] = row.Values[field.Name]
			}
			switch g := f.Geometry.(type) {
			case orb.Polygon:
				f.Geometry = orb.MultiPolygon{g}
			case orb.LineString:
				f.Geometry = orb.MultiLineString{g}
			}
			c[id] = append(c[id], f)
		}
	}
	return c
}

// TestBuiltIn computes the built-in definitions for the demonstration city.
func TestBuiltIn(t *testing.T) {
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	b := demoCity(t, cat, 1).board(t, cat)
	for id, err := range b.state.Load().broken {
		t.Errorf("%s: %v", id, err)
	}
	city := map[string]plan.Reading{}
	for _, i := range cat.Indicators() {
		if i.Kind == plan.External || i.Kind == plan.OnRoads {
			continue
		}
		for _, by := range i.Units {
			for _, r := range readings(t, b, i.ID, by, nil) {
				if by == plan.City {
					city[i.ID] = r
					t.Logf("%-20s %v", i.ID, *r.Value)
				}
				share := i.Kind == plan.AreaShare || i.Kind == plan.Standard || i.Kind == plan.PeopleNear
				if r.Value == nil && r.Why.IsZero() || r.Value != nil && (*r.Value < 0 || share && *r.Value > 100+1e-9) {
					t.Errorf("%s of %s %s: %+v", i.ID, by, r.Name, r)
				}
			}
		}
	}
	if sum := *city["rth_public"].Value + *city["rth_private"].Value; math.Abs(sum-*city["rth_total"].Value) > 1e-9 {
		t.Errorf("public and private are %v, together %v", sum, *city["rth_total"].Value)
	}
	if z := city["zone_area"]; math.Abs(*z.Value-*z.Denominator) > 1e-6**z.Denominator {
		t.Errorf("the zones have %.2f m2, the boundary %.2f", *z.Value, *z.Denominator)
	}
}

func BenchmarkFullComputation(b *testing.B) {
	cat, err := catalog.Builtin()
	if err != nil {
		b.Fatal(err)
	}
	c := demoCity(b, cat, 5)
	board := NewBoard(still{c.view(cat)}, Options{})
	b.ReportAllocs()
	for b.Loop() {
		if err := board.renew(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWhatIf(b *testing.B) {
	cat, err := catalog.Builtin()
	if err != nil {
		b.Fatal(err)
	}
	board := NewBoard(still{demoCity(b, cat, 5).view(cat)}, Options{})
	if err := board.renew(b.Context()); err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(5, 50))
	var edits []plan.Edit
	for range 50 {
		edits = append(edits, plan.Edit{
			Layer: "green_space", Op: plan.Create, Geometry: blob(r, somewhere(r), 20), HasGeometry: true,
			Values: map[string]any{"class": "RTH-4", "ownership": "public", "status": "existing"},
		})
	}
	for b.Loop() {
		if _, err := board.WhatIf(b.Context(), edits, nil); err != nil {
			b.Fatal(err)
		}
	}
}
