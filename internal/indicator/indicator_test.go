package indicator

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/indicator/land"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/testdb"
)

func TestMain(m *testing.M) { os.Exit(testdb.Main(context.Background(), m)) }

// city is a plan for tests: features by layer, in the order of their ids.
type city map[string][]*plan.Feature

// add makes a feature with some values.
func (c city) add(t *testing.T, cat *plan.Catalog, layer string, g orb.Geometry, values map[string]any) *plan.Feature {
	t.Helper()
	l, ok := cat.Layer(layer)
	if !ok {
		t.Fatalf("no layer %s", layer)
	}
	f := &plan.Feature{ID: int64(len(c[layer]) + 1), Revision: 1, UpdatedAt: time.Unix(1e9, 0), Geometry: g, Values: make([]any, len(l.Fields))}
	for name, v := range values {
		i := l.FieldIndex(name)
		if i < 0 {
			t.Fatalf("layer %s has no field %s", layer, name)
		}
		f.Values[i] = v
	}
	c[layer] = append(c[layer], f)
	return f
}

func (c city) gampong(t *testing.T, cat *plan.Catalog, code string, g orb.MultiPolygon, people any) {
	t.Helper()
	c.add(t, cat, boundaryLayer, g, map[string]any{codeField: code, nameField: "Gampong " + code, kecamatanField: "Kecamatan " + prefix(code, kecamatanCode), populationField: people})
}

func (c city) park(t *testing.T, cat *plan.Catalog, g orb.MultiPolygon, class, ownership, status string) *plan.Feature {
	t.Helper()
	return c.add(t, cat, "green_space", g, map[string]any{"class": class, "ownership": ownership, "status": status})
}

func (c city) view(cat *plan.Catalog) mirror.View {
	var all []*mirror.Snapshot
	for _, l := range cat.Layers() {
		all = append(all, mirror.NewSnapshot(l, c[l.ID]))
	}
	return mirror.NewView(cat, whole, all...)
}

// still is a plan that does not change.
type still struct{ view mirror.View }

func (s still) View(a plan.Actor) mirror.View { return s.view.As(a) }
func (s still) Status() mirror.Status         { return mirror.Status{Ready: true, AsOf: time.Unix(2e9, 0)} }

func (s still) Subscribe() (<-chan []plan.Change, func()) {
	return make(chan []plan.Change), func() {}
}

func (c city) board(t *testing.T, cat *plan.Catalog) *Board {
	t.Helper()
	b := NewBoard(still{c.view(cat)}, Options{})
	if err := b.renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	return b
}

func readings(t *testing.T, b *Board, id string, by plan.UnitKind, switches map[string]bool) []plan.Reading {
	t.Helper()
	r, err := b.Readings(id, by, switches)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// valueOf is the only reading's value.
func valueOf(t *testing.T, b *Board, id string, by plan.UnitKind) float64 {
	t.Helper()
	r := readings(t, b, id, by, nil)
	if len(r) != 1 || r[0].Value == nil {
		t.Fatalf("%s: %+v", id, r)
	}
	return *r[0].Value
}

func square(west, south, east, north float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}}}
}

func near(a, b, tolerance float64) bool { return math.Abs(a-b) <= tolerance }

func where(field string, in ...string) plan.Condition { return plan.Condition{Field: field, In: in} }

func weight(v float64) *float64 { return &v }

// definitions are those of the tests: what they need and no more.
func definitions(t testing.TB) *plan.Catalog {
	t.Helper()
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	existing := where("status", "existing")
	classA := where("class", "RTH-1", "RTH-2", "RTH-3", "RTH-4", "RTH-5", "RTH-6", "RTH-7", "RTH-8")
	green := func(id, owner string, more ...plan.Condition) plan.Part {
		return plan.Part{
			ID: id, Title: plan.Text{ID: id, EN: id}, By: "class", FactorField: "fhbi",
			Set: plan.Set{Layer: "green_space", Where: append([]plan.Condition{existing, where("ownership", owner)}, more...)},
		}
	}
	all := plan.UnitKinds
	factors := map[string]float64{"RTH-1": 3, "RTH-2": 2.5, "RTH-3": 2, "RTH-4": 1.8, "RTH-5": 1.6, "RTH-6": 1.5, "RTH-7": 1.3, "RTH-8": 1.5}
	return cat.WithIndicators([]*plan.Coverage{
		{ID: "t_green", Parts: []plan.Part{
			green("public", "public", classA), green("private", "private", classA),
			green("setback", "public", where("class", "PS")), green("mangrove", "public", where("class", "EM")), green("water", "public", where("class", "BA")),
		}},
		{ID: "t_zones", Parts: []plan.Part{{ID: "zone", By: "kodzon", Set: plan.Set{Layer: "zoning"}}}},
		{ID: "t_plan", Parts: []plan.Part{
			{ID: "realised", Set: plan.Set{Layer: "zoning", Where: []plan.Condition{where("kodzon", "RTH")}}, Within: &plan.Set{Layer: "green_space", Where: []plan.Condition{existing}}},
			{ID: "unrealised", Set: plan.Set{Layer: "zoning", Where: []plan.Condition{where("kodzon", "RTH")}}},
		}},
	}, []*plan.Indicator{
		{ID: "t_public", Kind: plan.AreaShare, Coverage: "t_green", Units: all, Method: 1, Parts: []plan.Term{{Part: "public"}, {Part: "water", Switch: "water"}}, Switches: []plan.Switch{{ID: "water"}}},
		{ID: "t_total", Kind: plan.AreaShare, Coverage: "t_green", Units: all, Method: 1, Parts: []plan.Term{{Part: "public"}, {Part: "private"}}},
		{ID: "t_ihbi", Kind: plan.WeightedAreaShare, Coverage: "t_green", Units: all, Method: 1, Parts: []plan.Term{
			{Part: "public", Factors: factors}, {Part: "private", Factors: factors}, {Part: "setback", Weight: weight(0.5)}, {Part: "mangrove", Weight: weight(0.2)}, {Part: "water", Weight: weight(0.2)},
		}},
		{ID: "t_head", Kind: plan.PerHead, Coverage: "t_green", Units: all, Method: 1, Parts: []plan.Term{{Part: "public"}}},
		{ID: "t_zone_area", Kind: plan.AreaByClass, Coverage: "t_zones", Units: all, Method: 1, Parts: []plan.Term{{Part: "zone"}}},
		{ID: "t_realised", Kind: plan.AreaShare, Coverage: "t_plan", Units: all, Method: 1, Parts: []plan.Term{{Part: "realised"}}, Of: []plan.Term{{Part: "realised"}, {Part: "unrealised"}}},
		{ID: "t_standard", Kind: plan.Standard, Coverage: "t_green", Units: all, Method: 1, Parts: []plan.Term{{Part: "public"}}, Standards: []plan.StandardRow{
			{Class: "RTH-6", PerPerson: 1, MinArea: 250, Level: plan.Gampong}, {Class: "RTH-3", PerPerson: 0.2, MinArea: 24000, Level: plan.Kecamatan}, {Class: "RTH-2", PerPerson: 0.3, MinArea: 144000, Level: plan.City},
		}},
		{ID: "t_near", Kind: plan.PeopleNear, Coverage: "t_green", Units: all, Method: 1, Parts: []plan.Term{{Part: "public"}}, Distance: 300, People: &plan.People{Set: plan.Set{Layer: "building"}, Field: "occupants"}},
		{ID: "t_roads", Kind: plan.Length, Units: all, Method: 1, Features: &plan.Set{Layer: "road"}},
		{ID: "t_atcs", Kind: plan.Count, Units: all, Method: 1, Features: &plan.Set{Layer: "traffic_signal", Where: []plan.Condition{where("atcs", "true")}}, OfFeatures: &plan.Set{Layer: "traffic_signal"}},
		{ID: "t_external", Kind: plan.External, Units: all, Method: 1},
	})
}

// town is two gampong side by side, a kilometre or so each.
func town(t *testing.T, cat *plan.Catalog) (city, float64) {
	t.Helper()
	c := city{}
	west, east := square(95.30, 5.5, 95.31, 5.51), square(95.31, 5.5, 95.32, 5.51)
	c.gampong(t, cat, "11.71.01.2001", west, int64(1000))
	c.gampong(t, cat, "11.71.02.2001", east, int64(500))
	return c, land.Measure(west)
}

func TestParksThatOverlapCountOnceAndPublicFirst(t *testing.T) {
	cat := definitions(t)
	c, whole := town(t, cat)
	c.park(t, cat, square(95.300, 5.5, 95.304, 5.51), "RTH-2", "public", "existing")
	c.park(t, cat, square(95.302, 5.5, 95.306, 5.51), "RTH-3", "public", "existing")
	c.park(t, cat, square(95.304, 5.5, 95.308, 5.51), "RTH-4", "private", "existing")
	c.park(t, cat, square(95.300, 5.5, 95.310, 5.51), "RTH-4", "public", "planned")
	b := c.board(t, cat)
	public, total := readings(t, b, "t_public", plan.Gampong, nil), readings(t, b, "t_total", plan.Gampong, nil)
	if !near(*public[0].Value, 60, 1e-4) || !near(*total[0].Value, 80, 1e-4) {
		t.Errorf("public %.5f %%, total %.5f %%, want 60 and 80", *public[0].Value, *total[0].Value)
	}
	if *public[1].Value != 0 || public[1].Why != (plan.Text{}) {
		t.Errorf("no park is 0, not %+v", public[1])
	}
	if public[0].Features != 2 || total[0].Features != 3 {
		t.Errorf("%d and %d features, want 2 and 3", public[0].Features, total[0].Features)
	}
	if !near(*public[0].Numerator, 0.6*whole, 1) || !near(*public[0].Denominator, whole, 1e-3) {
		t.Errorf("%.2f of %.2f m2", *public[0].Numerator, *public[0].Denominator)
	}
	if got := valueOf(t, b, "t_public", plan.City); !near(got, 30, 1e-4) {
		t.Errorf("the city has %.5f %%, want 30", got)
	}
	kec := readings(t, b, "t_public", plan.Kecamatan, nil)
	if len(kec) != 2 || kec[0].Code != "11.71.01" || kec[0].Name != "Kecamatan 11.71.01" || !near(*kec[0].Value, 60, 1e-4) {
		t.Errorf("by kecamatan: %+v", kec)
	}
}

func TestAParkAcrossTheBorderAndOneOutside(t *testing.T) {
	cat := definitions(t)
	c, _ := town(t, cat)
	c.park(t, cat, square(95.308, 5.5, 95.314, 5.51), "RTH-2", "public", "existing")
	c.park(t, cat, square(95.318, 5.5, 95.330, 5.51), "RTH-2", "public", "existing")
	c.park(t, cat, square(95.4, 5.5, 95.5, 5.51), "RTH-2", "public", "existing")
	r := readings(t, c.board(t, cat), "t_public", plan.Gampong, nil)
	if !near(*r[0].Value, 20, 1e-4) || !near(*r[1].Value, 60, 1e-4) || r[0].Features != 1 || r[1].Features != 2 {
		t.Errorf("%.5f %% of %d and %.5f %% of %d, want 20 of 1 and 60 of 2", *r[0].Value, r[0].Features, *r[1].Value, r[1].Features)
	}
	if city := readings(t, c.board(t, cat), "t_public", plan.City, nil); city[0].Features != 2 {
		t.Errorf("the park across the border counts once: %d features, want 2", city[0].Features)
	}
}

// Land that two gampong claim is in both, and in the city once.
func TestGampongThatOverlap(t *testing.T) {
	cat := definitions(t)
	c := city{}
	c.gampong(t, cat, "11.71.01.2001", square(95.30, 5.5, 95.31, 5.51), int64(10))
	c.gampong(t, cat, "11.71.01.2002", square(95.305, 5.5, 95.315, 5.51), int64(10))
	c.park(t, cat, square(95.305, 5.5, 95.31, 5.51), "RTH-2", "public", "existing")
	b := c.board(t, cat)
	r := readings(t, b, "t_public", plan.Gampong, nil)
	if !near(*r[0].Value, 50, 1e-4) || !near(*r[1].Value, 50, 1e-4) {
		t.Errorf("%v and %v %%, want 50 both", *r[0].Value, *r[1].Value)
	}
	if got := valueOf(t, b, "t_public", plan.City); !near(got, 100.0/3, 1e-4) {
		t.Errorf("the city has %.5f %%, want a third", got)
	}
}

func TestABoundaryWithAHoleAndASliver(t *testing.T) {
	cat := definitions(t)
	c := city{}
	ring := square(95.30, 5.5, 95.31, 5.51)
	ring[0] = append(ring[0], square(95.304, 5.504, 95.306, 5.506)[0][0])
	c.gampong(t, cat, "11.71.01.2001", ring, int64(10))
	// A sliver of a hair's breadth that lies between is nobody's.
	c.gampong(t, cat, "11.71.01.2002", square(95.310000001, 5.5, 95.32, 5.51), int64(10))
	c.park(t, cat, square(95.30, 5.5, 95.32, 5.51), "RTH-2", "public", "existing")
	b := c.board(t, cat)
	if got := valueOf(t, b, "t_public", plan.City); !near(got, 100, 1e-9) {
		t.Errorf("%v %%, want 100: the hole and the sliver belong to nobody", got)
	}
	if r := readings(t, b, "t_public", plan.Gampong, nil); !near(*r[0].Numerator, land.Measure(ring), 1e-3) {
		t.Errorf("%.3f m2, want %.3f", *r[0].Numerator, land.Measure(ring))
	}
}

func TestNobodyLivesHere(t *testing.T) {
	cat := definitions(t)
	c := city{}
	c.gampong(t, cat, "11.71.01.2001", square(95.30, 5.5, 95.31, 5.51), int64(0))
	c.gampong(t, cat, "11.71.01.2002", square(95.31, 5.5, 95.32, 5.51), nil)
	c.gampong(t, cat, "11.71.02.2001", square(95.32, 5.5, 95.33, 5.51), int64(200))
	c.park(t, cat, square(95.30, 5.5, 95.33, 5.51), "RTH-2", "public", "existing")
	b := c.board(t, cat)
	r := readings(t, b, "t_head", plan.Gampong, nil)
	for i, want := range []string{"Nobody lives here.", "The population of Gampong 11.71.01.2002 is not filled in."} {
		if r[i].Value != nil || r[i].Why.EN != want || r[i].Why.ID == "" {
			t.Errorf("%+v, want no value and %q", r[i], want)
		}
	}
	if r[2].Value == nil || !near(*r[2].Value, *r[2].Numerator/200, 1e-9) {
		t.Errorf("%+v", r[2])
	}
	if city := readings(t, b, "t_head", plan.City, nil); city[0].Value != nil {
		t.Errorf("a sum that lacks somebody is no sum: %+v", city[0])
	}
}

// Surabaya published 20.32 % by weights; the same land is 7.62 % physically.
func TestSurabaya(t *testing.T) {
	cat := definitions(t)
	const cityHa = 33725
	c := city{}
	// The city is a strip, each class a piece of it as wide as its share.
	c.gampong(t, cat, "35.78.01.1001", square(112.6, -7.3, 112.8, -7.2), int64(1))
	west := 112.6
	strip := func(class string, hectares float64) {
		east := west + 0.2*hectares/cityHa
		c.park(t, cat, square(west, -7.3, east, -7.2), class, "public", "existing")
		west = east
	}
	strip("RTH-1", 1578)
	strip("RTH-2", 406)
	strip("RTH-3", 13)
	strip("RTH-4", 42)
	strip("RTH-5", 22)
	strip("RTH-6", 1)
	strip("RTH-7", 388)
	strip("RTH-8", 119)
	strip("PS", 225)
	strip("EM", 306)
	strip("BA", 543)
	b := c.board(t, cat)
	for id, want := range map[string]float64{"t_ihbi": 20.32, "t_public": 7.62} {
		if got := valueOf(t, b, id, plan.City); !near(got, want, 0.005) {
			t.Errorf("%s is %.4f %%, want %.2f", id, got, want)
		}
	}
	with := readings(t, b, "t_public", plan.City, map[string]bool{"water": true})
	if !near(*with[0].Value, 100*(2569.0+543)/cityHa, 0.005) {
		t.Errorf("with water %.4f %%", *with[0].Value)
	}
}

func TestAFactorOfTheSiteReplacesThatOfItsClass(t *testing.T) {
	cat := definitions(t)
	c, _ := town(t, cat)
	f := c.park(t, cat, square(95.30, 5.5, 95.31, 5.51), "RTH-2", "public", "existing")
	l, _ := cat.Layer("green_space")
	f.Values[l.FieldIndex("fhbi")] = 4.0
	r := readings(t, c.board(t, cat), "t_ihbi", plan.Gampong, nil)
	if !near(*r[0].Value, 400, 1e-6) || !near(*r[0].Classes[0].Weighted, 4*r[0].Classes[0].Area, 1e-3) {
		t.Errorf("%+v", r[0])
	}
}

func TestAFactorMayBeAWholeNumber(t *testing.T) {
	cat := definitions(t)
	coverages := slices.Clone(cat.Coverages())
	trees := *coverages[0]
	trees.Parts = slices.Clone(trees.Parts)
	trees.Parts[0].FactorField = "trees"
	coverages[0] = &trees
	cat = cat.WithIndicators(coverages, cat.Indicators())
	c, _ := town(t, cat)
	f := c.park(t, cat, square(95.30, 5.5, 95.31, 5.51), "RTH-1", "public", "existing")
	l, _ := cat.Layer("green_space")
	f.Values[l.FieldIndex("trees")] = int64(4)
	if r := readings(t, c.board(t, cat), "t_ihbi", plan.Gampong, nil); !near(*r[0].Value, 400, 1e-6) {
		t.Errorf("%v", *r[0].Value)
	}
	f.Values[l.FieldIndex("trees")] = nil
	if r := readings(t, c.board(t, cat), "t_ihbi", plan.Gampong, nil); !near(*r[0].Value, 300, 1e-6) {
		t.Errorf("without a number: %v", *r[0].Value)
	}
}

func TestZonesAddUpToThePlan(t *testing.T) {
	cat := definitions(t)
	c, whole := town(t, cat)
	zone := func(g orb.MultiPolygon, code any) { c.add(t, cat, "zoning", g, map[string]any{"kodzon": code}) }
	zone(square(95.30, 5.5, 95.305, 5.51), "RTH")
	zone(square(95.305, 5.5, 95.32, 5.51), "R")
	c.park(t, cat, square(95.30, 5.5, 95.302, 5.51), "RTH-2", "public", "existing")
	b := c.board(t, cat)
	r := readings(t, b, "t_zone_area", plan.City, nil)[0]
	if !near(*r.Value, 2*whole, 1e-2) || !near(*r.Denominator, 2*whole, 1e-2) || len(r.Classes) != 2 {
		t.Errorf("%+v", r)
	}
	if r.Classes[0].Class != "RTH" || !near(r.Classes[0].Area, whole/2, 1) || r.Classes[0].Title.EN != "Green open space" {
		t.Errorf("%+v", r.Classes)
	}
	if got := valueOf(t, b, "t_realised", plan.City); !near(got, 40, 1e-4) {
		t.Errorf("%.5f %% of the green zones are green, want 40", got)
	}
	if r := readings(t, b, "t_realised", plan.Gampong, nil)[1]; r.Value != nil || r.Why.IsZero() {
		t.Errorf("no green zone: %+v", r)
	}
}

// What is drawn twice, or beyond the border, or not at all stands beside the land
// that counts.
func TestLandOfZonesAsDrawn(t *testing.T) {
	cat := definitions(t)
	c, whole := town(t, cat)
	zone := func(g orb.MultiPolygon, code any) *plan.Feature {
		return c.add(t, cat, "zoning", g, map[string]any{"kodzon": code})
	}
	zone(square(95.30, 5.5, 95.305, 5.51), "RTH")
	zone(square(95.302, 5.5, 95.315, 5.51), "R") // over the first, and over a border inside the city
	zone(square(95.314, 5.5, 95.316, 5.51), "R") // over the second, of its own class
	zone(square(95.318, 5.5, 95.324, 5.51), "R") // over the border of the city
	far := zone(square(95.40, 5.5, 95.41, 5.51), "K")
	strip := whole / 10 // a thousandth of a degree
	check := func(b *Board) {
		t.Helper()
		r := readings(t, b, "t_zone_area", plan.City, nil)[0]
		d := r.Drawn
		if !near(*r.Value, 18*strip, 1e-3) || !near(d.Sum, 36*strip, 1e-3) || !near(d.Overlap, 4*strip, 1e-3) || !near(*d.Outside, 14*strip, 1e-3) || !near(*d.Uncovered, 2*strip, 1e-3) {
			t.Errorf("%+v, in strips: %v %v %v %v", r, d.Sum/strip, d.Overlap/strip, *d.Outside/strip, *d.Uncovered/strip)
		}
		if len(r.Classes) != 3 {
			t.Fatalf("%+v", r.Classes)
		}
		for k, want := range map[string][4]float64{"RTH": {5, 5, 0, 0}, "R": {13, 21, 4, 4}, "K": {0, 10, 0, 10}} {
			k := slices.IndexFunc(r.Classes, func(c plan.ClassReading) bool { return c.Class == k })
			c := r.Classes[k]
			for n, got := range []float64{c.Area, c.Drawn.Sum, c.Drawn.Overlap, *c.Drawn.Outside} {
				if !near(got, want[n]*strip, 1e-3) {
					t.Errorf("%s: %v strips, want %v: %+v", c.Class, got/strip, want, c)
				}
			}
		}
	}
	b := c.board(t, cat)
	check(b)
	// Of a gampong, what lies in it.
	west := readings(t, b, "t_zone_area", plan.Gampong, nil)[0]
	if d := west.Drawn; d.Outside != nil || !near(d.Sum, 13*strip, 1e-3) || !near(d.Overlap, 3*strip, 1e-3) || *d.Uncovered != 0 || len(west.Classes) != 2 {
		t.Errorf("%+v %+v", west, west.Drawn)
	}
	// Where a feature may be in two parts, drawn land is no sum.
	if r := readings(t, b, "t_public", plan.City, nil)[0]; r.Drawn != nil {
		t.Errorf("%+v", r)
	}
	// An edit far outside reaches no gampong, and is seen all the same.
	before := readings(t, b, "t_zone_area", plan.City, nil)[0]
	was, is := far.Geometry.Bound(), square(95.40, 5.5, 95.405, 5.51)
	edit := plan.Edit{Op: plan.Update, Layer: "zoning", ID: far.ID, Geometry: is, HasGeometry: true}
	supposed, err := b.WhatIf(t.Context(), []plan.Edit{edit}, []string{"t_zone_area"})
	if err != nil || len(supposed) != 1 || !near(supposed[0].After.Drawn.Sum, 31*strip, 1e-3) || *supposed[0].Difference != 0 {
		t.Errorf("%v %+v", err, supposed)
	}
	moved := *far
	moved.Geometry, moved.Revision = is, 2
	c["zoning"][far.ID-1] = &moved
	bound := is.Bound()
	b.plan = still{c.view(cat)}
	if err := b.change(t.Context(), []plan.Change{{Layer: "zoning", Feature: far.ID, Op: plan.Update, Before: &was, After: &bound}}, false, time.Time{}); err != nil {
		t.Fatal(err)
	}
	after := readings(t, b, "t_zone_area", plan.City, nil)[0]
	if !near(after.Drawn.Sum, 31*strip, 1e-3) || !near(*after.Drawn.Outside, 9*strip, 1e-3) || after.Data == before.Data {
		t.Errorf("%+v %+v", after, after.Drawn)
	}
	// All of it anew gives the same to the last bit.
	if diff := cmp.Diff(readings(t, c.board(t, cat), "t_zone_area", plan.City, nil), []plan.Reading{after}, cmpopts.IgnoreFields(plan.Reading{}, "At")); diff != "" {
		t.Error(diff)
	}
}

func TestStandard(t *testing.T) {
	cat := definitions(t)
	c, _ := town(t, cat)
	lon, lat := land.Metres(5.505)
	park := func(x, y, w, h float64, class string) {
		c.park(t, cat, square(x, y, x+w/lon, y+h/lat), class, "public", "existing")
	}
	park(95.301, 5.501, 20, 20, "RTH-6") // 400 m2
	park(95.303, 5.501, 10, 10, "RTH-6") // below 250 m2: none
	park(95.305, 5.501, 200, 200, "RTH-3")
	b := c.board(t, cat)
	g := readings(t, b, "t_standard", plan.Gampong, nil)[0]
	if len(g.Classes) != 1 || !near(*g.Classes[0].Need, 1000, 0) || !near(g.Classes[0].Area, 400, 0.1) || !near(*g.Classes[0].Deficit, 600, 0.1) || !near(*g.Value, 40, 0.01) {
		t.Errorf("gampong: %+v", g)
	}
	k := readings(t, b, "t_standard", plan.Kecamatan, nil)[0]
	if len(k.Classes) != 2 || *k.Classes[1].Deficit != 0 || !near(*k.Value, 100*(400+200)/1200.0, 0.01) {
		t.Errorf("kecamatan: a surplus of one class is none of another: %+v", k)
	}
	if city := readings(t, b, "t_standard", plan.City, nil)[0]; len(city.Classes) != 3 || !near(*city.Classes[2].Deficit, 450, 0) {
		t.Errorf("city: %+v", city)
	}
}

func TestPeopleRoadsAndSignals(t *testing.T) {
	cat := definitions(t)
	c, _ := town(t, cat)
	lon, _ := land.Metres(5.505)
	c.park(t, cat, square(95.309, 5.504, 95.3095, 5.506), "RTH-2", "public", "existing")
	home := func(east float64, people int64) { // metres from the park's east side
		at := 95.3095 + east/lon
		c.add(t, cat, "building", square(at-1e-6, 5.5049999, at+1e-6, 5.5050001), map[string]any{"occupants": people})
	}
	home(-10, 3)
	home(299.9, 5)
	home(300.1, 7)
	c.add(t, cat, "road", orb.MultiLineString{{{95.305, 5.505}, {95.325, 5.505}}}, nil)
	for i, atcs := range []any{true, true, false, nil} {
		c.add(t, cat, "traffic_signal", orb.Point{95.301 + 0.001*float64(i), 5.505}, map[string]any{"atcs": atcs})
	}
	b := c.board(t, cat)
	r := readings(t, b, "t_near", plan.Gampong, nil)
	if *r[0].Value != 100 || *r[0].Denominator != 3 || !near(*r[1].Value, 100*5.0/12, 1e-9) || r[1].Features != 1 {
		t.Errorf("near: %+v", r)
	}
	if got := valueOf(t, b, "t_near", plan.City); !near(got, 100*8.0/15, 1e-9) {
		t.Errorf("near: %v", got)
	}
	road := readings(t, b, "t_roads", plan.Gampong, nil)
	if !near(*road[0].Value, 0.005*lon, 0.01) || !near(*road[1].Value, 0.01*lon, 0.01) {
		t.Errorf("roads: %v and %v m", *road[0].Value, *road[1].Value)
	}
	if got := valueOf(t, b, "t_atcs", plan.City); got != 50 {
		t.Errorf("signals: %v %%", got)
	}
	if r := readings(t, b, "t_atcs", plan.Gampong, nil)[1]; r.Value != nil || r.Why.IsZero() {
		t.Errorf("no signal: %+v", r)
	}
}

func TestWhatIfIsWhatWouldBe(t *testing.T) {
	cat := definitions(t)
	c, _ := town(t, cat)
	c.park(t, cat, square(95.30, 5.5, 95.302, 5.51), "RTH-2", "public", "existing")
	c.park(t, cat, square(95.312, 5.5, 95.314, 5.51), "RTH-2", "public", "existing")
	b := c.board(t, cat)
	added := square(95.304, 5.5, 95.305, 5.51)
	got, err := b.WhatIf(t.Context(), []plan.Edit{
		{Layer: "green_space", Op: plan.Create, Values: map[string]any{"class": "RTH-2", "ownership": "public", "status": "existing"}, Geometry: added[0], HasGeometry: true},
		{Layer: "green_space", Op: plan.Update, ID: 1, Values: map[string]any{"ownership": "private"}},
		{Layer: "green_space", Op: plan.Delete, ID: 2},
	}, []string{"t_public"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][3]float64{"11.71": {20, 5, -15}, "11.71.01": {20, 10, -10}, "11.71.02": {20, 0, -20}, "11.71.01.2001": {20, 10, -10}, "11.71.02.2001": {20, 0, -20}}
	if len(got) != len(want) {
		t.Errorf("%d differences, want %d", len(got), len(want))
	}
	for _, d := range got {
		w := want[d.Before.Code]
		if !near(*d.Before.Value, w[0], 1e-4) || !near(*d.After.Value, w[1], 1e-4) || !near(*d.Difference, w[2], 1e-4) {
			t.Errorf("%s: %v, %v, %v, want %v", d.Before.Code, *d.Before.Value, *d.After.Value, *d.Difference, w)
		}
	}
	if again := valueOf(t, b, "t_public", plan.City); !near(again, 20, 1e-4) {
		t.Errorf("the plan itself has moved: %v", again)
	}
	for _, bad := range []plan.Edit{{Layer: "nowhere", Op: plan.Create}, {Layer: "green_space", Op: plan.Update, ID: 99}} {
		if _, err := b.WhatIf(t.Context(), []plan.Edit{bad}, nil); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
}

func TestRoundingIsNoDifference(t *testing.T) {
	cat := definitions(t)
	cat = cat.WithIndicators(cat.Coverages(), append(slices.Clone(cat.Indicators()),
		&plan.Indicator{ID: "t_private", Kind: plan.AreaShare, Coverage: "t_green", Units: plan.UnitKinds, Method: 1, Parts: []plan.Term{{Part: "private"}}}))
	r := rand.New(rand.NewPCG(7, 16))
	c, _ := town(t, cat)
	for range 10 {
		c.park(t, cat, blob(r, orb.Point{95.302 + 0.001*r.Float64(), 5.502 + 0.006*r.Float64()}, 100), "RTH-2", "private", "existing")
	}
	b := c.board(t, cat)
	moved := 0
	for range 20 {
		got, err := b.WhatIf(t.Context(), []plan.Edit{{
			Layer: "green_space", Op: plan.Create, Values: map[string]any{"class": "RTH-2", "ownership": "public", "status": "existing"},
			Geometry: blob(r, orb.Point{95.307, 5.502 + 0.006*r.Float64()}, 100), HasGeometry: true,
		}}, []string{"t_private", "t_public"})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range got {
			if public := d.Before.Indicator == "t_public"; public != (*d.Difference > 0) || !public && *d.Difference != 0 {
				t.Errorf("%s of %s: %v", d.Before.Indicator, d.Before.Code, *d.Difference)
			}
			if d.Before.Indicator == "t_private" && *d.After.Value != *d.Before.Value {
				moved++
			}
		}
	}
	if moved == 0 {
		t.Error("no value has moved by its last digits: this test shows nothing")
	}
	for _, x := range [][3]float64{{0, 9e-10, 0}, {0, 2e-9, 2e-9}, {1e6, 1e6 + 5e-4, 0}, {-1e6, 1 - 1e6, 1}, {5, 4, -1}} {
		if got := difference(&x[0], &x[1]); !near(*got, x[2], 1e-15) {
			t.Errorf("%v to %v: %v", x[0], x[1], *got)
		}
	}
	if difference(nil, new(float64)) != nil || difference(new(float64), nil) != nil {
		t.Error("a difference from nothing")
	}
}

// A layer that is not in memory takes the figures that need it with it, and no
// others; without the boundary there is none, and it is told why.
func TestALayerThatIsNotInMemory(t *testing.T) {
	cat := definitions(t)
	c, _ := town(t, cat)
	without := func(layer string) *Board {
		var some []*mirror.Snapshot
		for _, l := range cat.Layers() {
			if l.ID != layer {
				some = append(some, mirror.NewSnapshot(l, c[l.ID]))
			}
		}
		return NewBoard(still{mirror.NewView(cat, whole, some...)}, Options{})
	}
	b := without("zoning")
	if err := b.renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r := readings(t, b, "t_zone_area", plan.City, nil)[0]; r.Value != nil || !strings.Contains(r.Why.EN, "zoning is above the memory budget") {
		t.Errorf("%+v", r)
	}
	if got := valueOf(t, b, "t_public", plan.City); got != 0 {
		t.Errorf("%v", got)
	}
	b = without(boundaryLayer)
	if b.Trouble() != nil {
		t.Error(b.Trouble())
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_ = b.Run(ctx) // ends with ctx
	_, err := b.Readings("t_public", plan.City, nil)
	var told *plan.Error
	if !errors.As(err, &told) || told.Code != "layer-not-in-memory" || b.Trouble() == nil {
		t.Errorf("%v", err)
	}
}

// turning is a plan whose definitions change when they are told to.
type turning struct {
	still
	now *mirror.View
}

func (p turning) View(a plan.Actor) mirror.View { return p.now.As(a) }

// TestAnIndicatorJustDeclaredIsAwaited: between its declaration and its
// computation it is not ready, which is not the same as unknown.
func TestAnIndicatorJustDeclaredIsAwaited(t *testing.T) {
	cat := definitions(t)
	all := cat.Indicators()
	fresh, others := all[0].ID, all[1:]
	c := city{}
	c.gampong(t, cat, "11.71.01.2001", square(95.30, 5.50, 95.31, 5.51), int64(10))
	now := c.view(cat.WithIndicators(cat.Coverages(), others))
	b := NewBoard(turning{still{now}, &now}, Options{})
	if err := b.renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	kindOf := func(ids ...string) (plan.Kind, string) {
		t.Helper()
		_, err := b.Readings(ids[0], plan.City, nil)
		_, other := b.WhatIf(t.Context(), nil, ids)
		var e, o *plan.Error
		if !errors.As(err, &e) {
			t.Fatal(err)
		}
		if errors.As(other, &o) && (o.Kind != e.Kind || o.At != e.At) {
			t.Errorf("read %v, supposed %v", err, other)
		}
		return e.Kind, e.Code
	}
	if kind, code := kindOf(fresh); kind != plan.NotFound || code != "no-such-indicator" {
		t.Errorf("before it is declared: %v %s", kind, code)
	}
	now = c.view(cat)
	if kind, code := kindOf(fresh); kind != plan.Unavailable || code != "indicators-not-ready" {
		t.Errorf("once it is declared: %v %s", kind, code)
	}
	if _, err := b.WhatIf(t.Context(), nil, []string{fresh}); err == nil {
		t.Error("a what-if leaves it out without a word")
	}
	if _, err := b.Readings(others[0].ID, plan.City, nil); err != nil {
		t.Errorf("another: %v", err)
	}
	if err := b.change(t.Context(), nil, false, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Readings(fresh, plan.City, nil); err != nil {
		t.Errorf("once it is computed: %v", err)
	}
}
