package indicator

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/plan"
)

// gampong are the 90 real ones of Banda Aceh, which overlap and leave gaps. They
// are not part of the repository: where they are not found, those of the
// demonstration city stand for them.
func gampong(t testing.TB, cat *plan.Catalog) city {
	t.Helper()
	path := filepath.Join("data", "banda-aceh", "gampong.geojson")
	text, err := readShared(t, path)
	if err != nil {
		t.Log("gampong of the demonstration city: ", err)
		return city{boundaryLayer: demoCity(t, cat, 0.2)[boundaryLayer]}
	}
	t.Log("the real gampong")
	var file struct {
		Features []struct {
			Properties struct{ Kode, Nama string }
			Geometry   struct {
				Type        string
				Coordinates json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	c := city{}
	l, _ := cat.Layer(boundaryLayer)
	for i, f := range file.Features {
		g, into := orb.MultiPolygon{nil}, any(nil)
		if into = &g; f.Geometry.Type == "Polygon" {
			into = &g[0]
		}
		if err := json.Unmarshal(f.Geometry.Coordinates, into); err != nil {
			t.Fatal(err)
		}
		one := &plan.Feature{ID: int64(i + 1), Revision: 1, Geometry: g, Values: make([]any, len(l.Fields))}
		for name, v := range map[string]any{codeField: f.Properties.Kode, nameField: f.Properties.Nama, populationField: int64(100 * (i + 1))} {
			one.Values[l.FieldIndex(name)] = v
		}
		c[boundaryLayer] = append(c[boundaryLayer], one)
	}
	return c
}

// readShared reads a file of the folder SIMTARU_SHARED, or of the folder shared
// in one above the repository.
func readShared(t testing.TB, name string) ([]byte, error) {
	t.Helper()
	if root := os.Getenv("SIMTARU_SHARED"); root != "" {
		return os.ReadFile(filepath.Join(root, name))
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if text, err := os.ReadFile(filepath.Join(dir, "shared", name)); err == nil {
			return text, nil
		}
	}
	return nil, fmt.Errorf("no folder shared with %s above the repository; set SIMTARU_SHARED", name)
}

// blob is a simple polygon with edges of some tens of metres.
func blob(r *rand.Rand, at orb.Point, metres float64) orb.MultiPolygon {
	n := 6 + r.IntN(18)
	ring := make(orb.Ring, 0, n+1)
	for i := range n {
		a := 2 * math.Pi * (float64(i) + 0.8*r.Float64()) / float64(n)
		d := metres * (0.4 + 0.6*r.Float64()) / 111000
		ring = append(ring, orb.Point{at[0] + d*math.Cos(a), at[1] + d*math.Sin(a)})
	}
	return orb.MultiPolygon{{append(ring, ring[0])}}
}

func somewhere(r *rand.Rand) orb.Point {
	return orb.Point{95.27 + 0.11*r.Float64(), 5.50 + 0.11*r.Float64()}
}

var (
	someClasses = []string{"RTH-1", "RTH-2", "RTH-3", "RTH-6", "RTH-8", "PS", "EM", "BA"}
	someOwners  = []string{"public", "public", "private"}
	someStates  = []string{"existing", "existing", "existing", "planned"}
)

func pick[T any](r *rand.Rand, of []T) T { return of[r.IntN(len(of))] }

func (c city) randomPark(t testing.TB, cat *plan.Catalog, r *rand.Rand, metres float64) *plan.Feature {
	l, _ := cat.Layer("green_space")
	f := &plan.Feature{ID: int64(len(c["green_space"]) + 1), Revision: 1, Geometry: blob(r, somewhere(r), metres), Values: make([]any, len(l.Fields))}
	for name, v := range map[string]any{"class": pick(r, someClasses), "ownership": pick(r, someOwners), "status": pick(r, someStates)} {
		f.Values[l.FieldIndex(name)] = v
	}
	if r.IntN(5) == 0 {
		f.Values[l.FieldIndex("fhbi")] = float64(r.IntN(50)) / 10
	}
	c["green_space"] = append(c["green_space"], f)
	return f
}

// someOf returns one of the codes of a field.
func someOf(t *testing.T, cat *plan.Catalog, r *rand.Rand, layer, field string) string {
	return pick(r, codesOf(t, cat, layer, field))
}

// randomPlan puts onto the gampong what the built-in indicators are made from.
func randomPlan(t *testing.T, cat *plan.Catalog) city {
	c := gampong(t, cat)
	boundary, _ := cat.Layer(boundaryLayer)
	c[boundaryLayer][3].Values[boundary.FieldIndex(populationField)] = int64(0)
	r := rand.New(rand.NewPCG(14, 33))
	maybe := func(v any) any {
		if r.IntN(4) == 0 {
			return nil
		}
		return v
	}
	for range 700 {
		f := c.randomPark(t, cat, r, 30+250*r.Float64()*r.Float64())
		l, _ := cat.Layer("green_space")
		f.Values[l.FieldIndex("class")] = someOf(t, cat, r, "green_space", "class")
		f.Values[l.FieldIndex("public_access")] = maybe(r.IntN(2) == 0)
		// One that overlaps another of its kind, or lies on it, with another factor.
		if old := pick(r, c["green_space"]); r.IntN(3) == 0 && old != f {
			f.Values = slices.Clone(old.Values)
			f.Values[l.FieldIndex("fhbi")] = maybe(float64(r.IntN(50)) / 10)
			if f.Geometry = old.Geometry; r.IntN(8) > 0 {
				f.Geometry = blob(r, old.Geometry.Bound().Center(), 250)
			}
		}
	}
	for range 250 {
		sub := someOf(t, cat, r, "zoning", "kodszn")
		if r.IntN(3) == 0 {
			sub = pick(r, []string{"RTH-1", "RTH-2", "RTH-4", "RTH-8", "BJ", "R-2"})
		}
		g := blob(r, somewhere(r), 150+600*r.Float64())
		if r.IntN(25) == 0 {
			g = pick(r, c[boundaryLayer]).Geometry.(orb.MultiPolygon) // all of a gampong
		}
		c.add(t, cat, "zoning", g, map[string]any{
			"kodszn": sub, "kodzon": maybe(someOf(t, cat, r, "zoning", "kodzon")), "jnsrpr": maybe(someOf(t, cat, r, "zoning", "jnsrpr")),
		})
	}
	for range 150 {
		c.add(t, cat, "slum_area", blob(r, somewhere(r), 50+300*r.Float64()), map[string]any{"class": maybe(someOf(t, cat, r, "slum_area", "class"))})
	}
	for range 1500 {
		at := somewhere(r)
		d := 4.0 / 111000
		c.add(t, cat, "building", square(at[0]-d, at[1]-d, at[0]+d, at[1]+d), map[string]any{"occupants": maybe(int64(r.IntN(9)))})
	}
	for range 200 {
		at, line := somewhere(r), orb.LineString{}
		for range 10 {
			at = orb.Point{at[0] + 0.002*(r.Float64()-0.5), at[1] + 0.002*(r.Float64()-0.5)}
			line = append(line, at)
		}
		c.add(t, cat, "road", orb.MultiLineString{line}, nil)
	}
	return c
}

// builtIn are the built-in definitions, with some for what none of them asks.
func builtIn(t *testing.T) *plan.Catalog {
	t.Helper()
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	roads, _ := definitions(t).Indicator("t_roads")
	parts := []plan.Part{
		{ID: "large", By: "class", Set: plan.Set{Layer: "green_space", MinArea: 20000, Where: []plan.Condition{
			{Field: "public_access", Not: []string{"true"}}, {Field: "class", Not: []string{"RTH-1", "BA"}},
		}}, Within: &plan.Set{Layer: "zoning", Where: []plan.Condition{{Field: "jnsrpr", Not: []string{"31000000"}}}}},
		{ID: "other", Set: plan.Set{Layer: "green_space"}},
	}
	return cat.WithIndicators(
		append(slices.Clone(cat.Coverages()), &plan.Coverage{ID: "t_not", Parts: parts}),
		append(slices.Clone(cat.Indicators()), roads, &plan.Indicator{ID: "t_not", Kind: plan.AreaShare, Coverage: "t_not", Units: plan.UnitKinds, Parts: []plan.Term{{Part: "large"}}, Of: []plan.Term{{Part: "large"}, {Part: "other"}}}))
}

// speck is the land in m2 below which figures may differ. The overlays of PostGIS
// have the same land as this package to 1e-7 m2, but the vertices that
// st_segmentize adds are rounded, and slivers along an outline so change by up to
// 3e-4 m2, times a factor.
const speck = 1e-3

// differs reports whether a figure is not what SQL has, to a share of it.
func differs(got, want *float64, share, least float64) bool {
	if got == nil || want == nil {
		return got != want
	}
	return !(math.Abs(*got-*want) <= share*math.Abs(*want)+least)
}

// TestEveryGampongAgreesWithSQL computes every built-in indicator that is not
// external, for all units, with the switches as published and the other way
// round.
func TestEveryGampongAgreesWithSQL(t *testing.T) {
	cat := builtIn(t)
	c := randomPlan(t, cat)
	o := newOracle(t, cat, c)
	b := c.board(t, cat)
	for _, i := range cat.Indicators() {
		if i.Kind == plan.External || i.Kind == plan.OnRoads {
			continue
		}
		published, turned := map[string]bool{}, map[string]bool{}
		for _, s := range i.Switches {
			published[s.ID], turned[s.ID] = s.On, !s.On
		}
		for _, by := range i.Units {
			o.agrees(b, i, by, published)
			if len(i.Switches) > 0 {
				o.agrees(b, i, by, turned)
			}
		}
	}
	var geodesic, straight float64
	rows, err := o.conn.Query(t.Context(), "select st_area(geom::geography), m2 from units where kind = 'gampong'")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pgx.ForEachRow(rows, []any{&geodesic, &straight}, func() error {
		if math.Abs(geodesic-straight) > 3e-6*straight {
			t.Errorf("a boundary has %.3f m2 by straight edges and %.3f by geodesics", straight, geodesic)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// agrees compares the readings of an indicator with what SQL has.
func (o *oracle) agrees(b *Board, i *plan.Indicator, by plan.UnitKind, on map[string]bool) {
	o.t.Helper()
	got, want := readings(o.t, b, i.ID, by, on), o.indicator(i, by, on)
	if len(got) != len(want) {
		o.t.Errorf("%s by %s: %d readings, SQL has %d", i.ID, by, len(got), len(want))
		return
	}
	classes := o.classes(i.Coverage, by)
	if i.ID == "zone_area" {
		overlap, outside := o.agreesOnDrawn(i, by, got)
		if overlap < 1e4 || by == plan.City && outside < 1e4 {
			o.t.Errorf("zones cover %.0f m2 twice by %s and %.0f m2 outside, which shows little", overlap, by, outside)
		}
	}
	some := 0
	for k, w := range want {
		g := got[k]
		if g.Code != w.Code {
			o.t.Fatalf("%s: reading %d is of %s, want %s", i.ID, k, g.Code, w.Code)
		}
		share := 1e-6
		for _, v := range []*float64{&w.Numerator, w.Denominator} {
			if v != nil && *v > 0 {
				share += speck / *v
			}
		}
		if differs(g.Numerator, &w.Numerator, 1e-6, speck) || differs(g.Denominator, w.Denominator, 1e-6, speck) || differs(g.Value, w.Quotient, share, 0) {
			o.t.Errorf("%s of %s %v: %s, SQL has %s", i.ID, w.Code, on, figures(g.Numerator, g.Denominator, g.Value), figures(&w.Numerator, w.Denominator, w.Quotient))
		}
		if w.Features != nil && g.Features != *w.Features {
			o.t.Errorf("%s of %s: %d features, SQL has %d", i.ID, w.Code, g.Features, *w.Features)
		}
		if w.Numerator > 0 {
			some++
		}
		if i.Kind == plan.Standard { // its land leaves out small features
			continue
		}
		for _, class := range g.Classes {
			if w := classes[[3]string{w.Code, class.Part, class.Class}]; differs(&class.Area, &w, 1e-6, speck) {
				o.t.Errorf("%s of %s: %s %s has %.6f m2, SQL has %.6f", i.ID, g.Code, class.Part, class.Class, class.Area, w)
			}
		}
	}
	if o.t.Logf("%-22s %-9s %v: %d of %d units have some", i.ID, by, on, some, len(want)); 6*some < len(want) {
		o.t.Errorf("%s by %s: only %d of %d units have any, which shows little", i.ID, by, some, len(want))
	}
}

func figures(list ...*float64) string {
	text := ""
	for _, v := range list {
		if v == nil {
			text += " none"
		} else {
			text += fmt.Sprintf(" %.6f", *v)
		}
	}
	return text
}

// TestEditsGiveWhatAFullComputationGives compares to the last bit.
func TestEditsGiveWhatAFullComputationGives(t *testing.T) {
	cat := definitions(t)
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			c := gampong(t, cat)
			r := rand.New(rand.NewPCG(seed, 9))
			for range 150 {
				c.randomPark(t, cat, r, 300)
			}
			for range 300 {
				at := somewhere(r)
				c.add(t, cat, "building", square(at[0], at[1], at[0]+1e-4, at[1]+1e-4), map[string]any{"occupants": int64(r.IntN(9))})
			}
			b := c.board(t, cat)
			moved := 0
			for range 12 {
				before := everything(t, b, cat)
				var changes []plan.Change
				for range 1 + r.IntN(4) {
					changes = append(changes, c.randomEdit(t, cat, r))
				}
				b.plan = still{c.view(cat)}
				if err := b.change(t.Context(), changes, false, time.Time{}); err != nil {
					t.Fatal(err)
				}
				after, full := everything(t, b, cat), everything(t, c.board(t, cat), cat)
				if diff := cmp.Diff(full, after, cmpopts.IgnoreFields(plan.Reading{}, "At")); diff != "" {
					t.Fatalf("after %v (-full +kept):\n%s", changes, diff)
				}
				if !cmp.Equal(before, after, cmpopts.IgnoreFields(plan.Reading{}, "At")) {
					moved++
				}
			}
			if moved < 6 {
				t.Errorf("only %d of 12 steps moved a figure", moved)
			}
		})
	}
}

// randomEdit adds, moves, reclassifies or deletes a park or a building.
func (c city) randomEdit(t *testing.T, cat *plan.Catalog, r *rand.Rand) plan.Change {
	t.Helper()
	layer := pick(r, []string{"green_space", "green_space", "building"})
	if r.IntN(4) == 0 {
		f := c.randomPark(t, cat, r, 400)
		b := f.Geometry.Bound()
		// Ids of deleted parks are given again: a version tells them apart.
		f.ID, f.Revision = 1000+int64(r.IntN(1e9)), int64(r.IntN(1e9))
		return plan.Change{Layer: "green_space", Feature: f.ID, Op: plan.Create, After: &b}
	}
	i := r.IntN(len(c[layer]))
	old := c[layer][i]
	before := old.Geometry.Bound()
	change := plan.Change{Layer: layer, Feature: old.ID, Op: plan.Update, Before: &before}
	if r.IntN(4) == 0 {
		change.Op = plan.Delete
		c[layer] = slices.Delete(slices.Clone(c[layer]), i, i+1)
		return change
	}
	next := *old
	next.Revision++
	next.Values = slices.Clone(old.Values)
	l, _ := cat.Layer(layer)
	switch {
	case r.IntN(2) == 0:
		next.Geometry = blob(r, somewhere(r), 200)
	case layer == "building":
		next.Values[l.FieldIndex("occupants")] = int64(r.IntN(9))
	default:
		next.Values[l.FieldIndex("class")] = pick(r, someClasses)
		next.Values[l.FieldIndex("status")] = pick(r, someStates)
	}
	after := next.Geometry.Bound()
	change.After = &after
	c[layer] = slices.Clone(c[layer])
	c[layer][i] = &next
	return change
}

func everything(t *testing.T, b *Board, cat *plan.Catalog) map[string][]plan.Reading {
	t.Helper()
	all := map[string][]plan.Reading{}
	for _, i := range cat.Indicators() {
		if i.Kind == plan.External || i.Kind == plan.OnRoads {
			continue
		}
		for _, by := range plan.UnitKinds {
			all[i.ID+" "+string(by)] = readings(t, b, i.ID, by, nil)
		}
	}
	return all
}
