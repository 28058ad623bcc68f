package extract_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/planar"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/demo"
	"github.com/simtaru/simtaru/internal/extract"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/testdb"
	"github.com/simtaru/simtaru/internal/zoning"
)

func TestMain(m *testing.M) { os.Exit(testdb.Main(context.Background(), m)) }

// smallCity is a demonstration city that tests share: it is immutable.
var smallCity = sync.OnceValues(func() (*city, error) { return newCity(0.3) })

type city struct {
	view  mirror.View
	rules *zoning.Index
}

func demoCity(tb testing.TB) (mirror.View, *zoning.Index) {
	tb.Helper()
	c, err := smallCity()
	if err != nil {
		tb.Fatal(err)
	}
	return c.view, c.rules
}

// newCity is the demonstration city in memory, and its rules.
func newCity(scale float64) (*city, error) {
	cat, err := catalog.Builtin()
	if err != nil {
		return nil, err
	}
	made := demo.New(demo.Options{Scale: scale})
	var snapshots []*mirror.Snapshot
	for _, l := range cat.Layers() {
		var features []*plan.Feature
		for row := range made.Rows(l.ID) {
			f := &plan.Feature{ID: int64(len(features) + 1), Revision: 1, Geometry: row.Geometry, Values: make([]any, len(l.Fields))}
			for i, field := range l.Fields {
				f.Values[i] = row.Values[field.Name]
			}
			switch g := f.Geometry.(type) {
			case orb.Polygon:
				f.Geometry = orb.MultiPolygon{g}
			case orb.LineString:
				f.Geometry = orb.MultiLineString{g}
			}
			features = append(features, f)
		}
		snapshots = append(snapshots, mirror.NewSnapshot(l, features))
	}
	record, err := demo.Rules().Record()
	if err != nil {
		return nil, err
	}
	x, err := zoning.NewIndex(record)
	if err != nil {
		return nil, err
	}
	return &city{mirror.NewView(cat, plan.Actor{}, snapshots...), x}, nil
}

// oracle computes the shares of a parcel by key with PostGIS: everything that
// package extract does with areas, in SQL.
const oracle = `
with parcel as (
  select st_geomfromwkb($1, 4326) as geom, $2::float8 as certificate
), whole as (
  select geom, st_area(geom::geography) as m2, coalesce(nullif(certificate, 0), st_area(geom::geography)) as area from parcel
), share as (
  select z.key, st_area(st_intersection(w.geom, st_union(z.geom))::geography) as drawn, w.area / w.m2 as scale, w.area
  from whole w join extract_oracle z on z.layer = $3 and z.geom && w.geom and st_intersects(z.geom, w.geom)
  group by z.key, w.geom, w.m2, w.area
)
select key, drawn * scale, round((drawn * scale)::numeric)::float8, round((round((drawn * scale)::numeric) / area::numeric * 100), 1)::float8
from share where drawn >= 1`

// sumOracle is the land outside all zones, and what several zones have.
const sumOracle = `
with parcel as (select st_geomfromwkb($1, 4326) as geom), zone as (
  select st_intersection(z.geom, p.geom) as geom from parcel p join extract_oracle z on z.layer = 'zoning' and st_intersects(z.geom, p.geom)
), one as (select st_area(st_intersection(p.geom, (select st_union(geom) from zone))::geography) as m2, st_area(p.geom::geography) as whole from parcel p)
select whole - m2, (select sum(st_area(geom::geography)) from zone) - m2 from one`

// pointOracle counts points within 50 m, by key, with the nearest.
const pointOracle = `
select z.key, count(*), min(st_distance(z.geom::geography, p.geom::geography))
from (select st_geomfromwkb($1, 4326) as geom) p
join extract_oracle z on z.layer = 'smoke_free_area' and st_dwithin(z.geom::geography, p.geom::geography, 50)
group by z.key`

// TestSharesAgainstPostGIS draws 500 parcels and 80 pieces of land across zones,
// some of them parcels with a certificate, some at the edge of the plan: every
// share of zones, special provisions and hazards, the points near by, and what the
// sum differs by are those of PostGIS.
func TestSharesAgainstPostGIS(t *testing.T) {
	v, x := demoCity(t)
	rng := rand.New(rand.NewPCG(6, 1))
	v, across := withParcels(v, rng)
	conn := testdb.New(t).Conn(t)
	ctx := t.Context()
	if _, err := conn.Exec(ctx, "create temporary table extract_oracle (layer text, key text, geom geometry)"); err != nil {
		t.Fatal(err)
	}
	var rows [][]any
	keyed := func(theme string, key func(f *mirror.Feature) string) {
		layer, _, _ := strings.Cut(theme, ".")
		snap, _ := v.Snapshot(layer)
		snap.Ascend(0, func(f *mirror.Feature) bool {
			if k := key(f); k != "" {
				rows = append(rows, []any{theme, k, wkb.MustMarshal(f.Geometry)})
			}
			return true
		})
	}
	zones, _ := v.Layer("zoning")
	hazards, _ := v.Layer("hazard_zone")
	keyed("zoning", func(f *mirror.Feature) string {
		z := zoning.ZoneOf(v, x, f, zoning.Question{})
		return z.Code + " " + z.Block
	})
	keyed("hazard_zone", func(f *mirror.Feature) string { return zoning.SentenceOf(v, hazards, f).ID })
	schools, _ := v.Layer("smoke_free_area")
	keyed("smoke_free_area", func(f *mirror.Feature) string { return zoning.SentenceOf(v, schools, f).ID })
	specials := []string{"krb_03", "kkop_1", "cagbud"}
	for _, name := range specials {
		keyed("zoning."+name, func(f *mirror.Feature) string {
			s, _ := f.Values[zones.FieldIndex(name)].(string)
			if s == "Tidak Ada" {
				s = ""
			}
			return s
		})
	}
	batch := new(pgx.Batch)
	for _, r := range rows {
		batch.Queue("insert into extract_oracle values ($1, $2, st_geomfromwkb($3, 4326))", r...)
	}
	if err := conn.SendBatch(ctx, batch).Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(ctx, "create index on extract_oracle using gist (geom); analyze extract_oracle"); err != nil {
		t.Fatal(err)
	}
	parcels, _ := v.Snapshot("parcel")
	certified, several, hazardous, special, near, outside := 0, 0, 0, 0, 0, 0
	for i := range 500 + len(across) {
		id := 1 + rng.Int64N(int64(parcels.Len()))
		q := extract.Question{Parcel: id}
		if i >= 500 {
			q = across[i-500]
		}
		var shape orb.Geometry = orb.MultiPolygon{q.Drawn}
		if q.Parcel != 0 {
			f, _ := parcels.Get(q.Parcel)
			shape = f.Geometry
		}
		d, err := extract.Make(ctx, v, x, q)
		if err != nil {
			t.Fatalf("parcel %d: %v", id, err)
		}
		if d.Parcel.Basis == extract.ByCertificate {
			certified++
			if len(d.Concerned[0].Entries) > 1 {
				several++
			}
		}
		compareShares(t, conn, d, shape, zones.ID, func(e *extract.Entry) string { return e.Code + " " + e.Zone.Block })
		hazardous += compareShares(t, conn, d, shape, hazards.ID, func(e *extract.Entry) string { return e.Sentence.ID })
		if i%5 == 0 || i >= 500 {
			near += comparePoints(t, conn, d, shape)
		}
		if i%25 == 0 || i >= 500 {
			for _, name := range specials {
				special += compareShares(t, conn, d, shape, "zoning."+name, func(e *extract.Entry) string { return e.Title.ID })
			}
			outside += compareSum(t, conn, d, shape)
		}
		c := d.Concerned[0].Check
		sum := 0.0
		for _, e := range d.Concerned[0].Entries {
			sum += float64(*e.Area)
		}
		if c.Sum != sum || math.Abs(c.Difference-(sum-d.Parcel.Area)) > 0.0051 {
			t.Errorf("parcel %d: check %+v, but the sum is %v of %v", id, c, sum, d.Parcel.Area)
		}
	}
	if certified < 50 || several < 10 || hazardous < 50 || special < 20 || near < 10 || outside < 4 {
		t.Errorf("only %d parcels have a certified area, %d of them several zones, %d a hazard, %d a special provision, %d a point, %d are at the edge",
			certified, several, hazardous, special, near, outside)
	}
}

// withParcels adds parcels with a certificate to a plan, since those of the
// demonstration are each in one zone. It returns what is to be asked: of them, of
// land that is drawn, and of land at the edge of the plan.
func withParcels(v mirror.View, rng *rand.Rand) (mirror.View, []extract.Question) {
	parcels, _ := v.Snapshot("parcel")
	zones, _ := v.Snapshot("zoning")
	l := parcels.Layer()
	var features []*plan.Feature
	parcels.Ascend(0, func(f *mirror.Feature) bool {
		features = append(features, f.Feature)
		return true
	})
	var all []extract.Question
	n := int64(len(features))
	for i := range 60 {
		f, _ := parcels.Get(1 + rng.Int64N(n))
		drawn := square(f.Bound.Min[0], f.Bound.Min[1], 0.0006)
		if i >= 30 {
			all = append(all, extract.Question{Drawn: drawn})
			continue
		}
		add := &plan.Feature{ID: n + int64(i) + 1, Revision: 1, Geometry: orb.MultiPolygon{drawn}, Values: make([]any, len(l.Fields))}
		add.Values[l.FieldIndex("certificate_area")] = 4400 * (0.92 + 0.16*rng.Float64())
		features, all = append(features, add), append(all, extract.Question{Parcel: add.ID})
	}
	box, _ := zones.Bound()
	far := func(f *mirror.Feature) float64 { return planar.DistanceSquared(f.Bound.Min, box.Center()) }
	var edge []*mirror.Feature
	zones.Ascend(0, func(f *mirror.Feature) bool {
		edge = append(edge, f)
		return true
	})
	slices.SortFunc(edge, func(a, b *mirror.Feature) int { return cmp.Compare(far(b), far(a)) })
	for _, f := range edge[:20] {
		at := f.Geometry.(orb.MultiPolygon)[0][0][0]
		all = append(all, extract.Question{Drawn: square(at[0]-0.0003, at[1]-0.0003, 0.0006)})
	}
	var snapshots []*mirror.Snapshot
	for _, o := range v.Layers() {
		if s, ok := v.Snapshot(o.ID); ok && o.ID != l.ID {
			snapshots = append(snapshots, s)
		}
	}
	return mirror.NewView(v.Catalog(), plan.Actor{}, append(snapshots, mirror.NewSnapshot(l, features))...), all
}

// compareSum reports 1 where land is outside the plan.
func compareSum(t *testing.T, conn *pgx.Conn, d *extract.Document, shape orb.Geometry) int {
	t.Helper()
	var outside, overlap float64
	if err := conn.QueryRow(t.Context(), sumOracle, wkb.MustMarshal(shape)).Scan(&outside, &overlap); err != nil {
		t.Fatal(err)
	}
	c, scale := d.Concerned[0].Check, d.Parcel.Area/d.Parcel.GeometricArea
	for _, part := range [][2]float64{{c.Outside, outside}, {c.Overlap, overlap}} {
		if want := part[1] * scale; part[1] > 1.01 && math.Abs(part[0]-want) > 0.51 || part[1] < 0.99 && part[0] != 0 {
			t.Errorf("check of %v: %+v, by PostGIS %v m2 are outside and %v overlap", shape.Bound(), c, outside, overlap)
		}
	}
	if c.Outside > 0 {
		return 1
	}
	return 0
}

func comparePoints(t *testing.T, conn *pgx.Conn, d *extract.Document, shape orb.Geometry) int {
	t.Helper()
	rows, err := conn.Query(t.Context(), pointOracle, wkb.MustMarshal(shape))
	if err != nil {
		t.Fatal(err)
	}
	type points struct {
		n    int
		away float64
	}
	want := map[string]points{}
	for rows.Next() {
		var k string
		var p points
		if err := rows.Scan(&k, &p.n, &p.away); err != nil {
			t.Fatal(err)
		}
		want[k] = p
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, e := range theme(d, "smoke_free_area").Entries {
		p := want[e.Sentence.ID]
		if *e.Points != p.n || len(e.Features) != p.n || math.Abs(float64(e.Distance)-p.away) > 0.51 {
			t.Errorf("%s: %d points, %d features, %d m away; by PostGIS %+v", e.Sentence.ID, *e.Points, len(e.Features), e.Distance, p)
		}
		delete(want, e.Sentence.ID)
		found++
	}
	if len(want) > 0 {
		t.Errorf("%+v are missing", want)
	}
	return found
}

func compareShares(t *testing.T, conn *pgx.Conn, d *extract.Document, shape orb.Geometry, theme string, key func(*extract.Entry) string) int {
	t.Helper()
	rows, err := conn.Query(t.Context(), oracle, wkb.MustMarshal(shape), d.Parcel.CertificateArea, theme)
	if err != nil {
		t.Fatal(err)
	}
	type share struct{ exact, m2, percent float64 }
	want := map[string]share{}
	for rows.Next() {
		var k string
		var s share
		if err := rows.Scan(&k, &s.exact, &s.m2, &s.percent); err != nil {
			t.Fatal(err)
		}
		want[k] = s
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	var entries []extract.Entry
	if i := slices.IndexFunc(d.Concerned, func(c extract.Theme) bool { return c.ID == theme }); i >= 0 {
		entries = d.Concerned[i].Entries
	}
	for i := range entries {
		e := &entries[i]
		s, ok := want[key(e)]
		if !ok {
			t.Errorf("parcel %s has %s %s, which PostGIS does not find", d.Parcel.Number, theme, key(e))
			continue
		}
		// PostGIS takes edges for geodesics: the two may round to either side of a half.
		half := math.Abs(s.exact-math.Floor(s.exact)-0.5) < 1e-4+1e-7*s.exact
		if float64(*e.Area) != s.m2 && !half || math.Abs(*e.Percent-s.percent) > 1e-9 && !half {
			t.Errorf("parcel %s, %s %s: %d m2 %v %%, by PostGIS %v m2 (%v) %v %%", d.Parcel.Number, theme, key(e), *e.Area, *e.Percent, s.m2, s.exact, s.percent)
		}
		delete(want, key(e))
	}
	for k, s := range want {
		t.Errorf("parcel %s: %s %s of %v m2 is missing", d.Parcel.Number, theme, k, s.m2)
	}
	return len(entries)
}

// square is land in the demonstration city with sides of d degrees.
func square(x, y, d float64) orb.Polygon {
	return orb.Polygon{{{x, y}, {x + d, y}, {x + d, y + d}, {x, y + d}, {x, y}}}
}

func TestEveryThemeIsToldOnce(t *testing.T) {
	v, x := demoCity(t)
	d, err := extract.Make(t.Context(), v, x, extract.Question{Drawn: square(95.313, 5.552, 0.004)})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, c := range d.Concerned {
		seen[c.ID]++
		if len(c.Entries) == 0 || c.Sentence.ID == "" || c.Sentence.EN == "" {
			t.Errorf("%+v", c)
		}
	}
	for _, c := range d.NotConcerned {
		seen[c.ID]++
	}
	for _, c := range d.WithoutData {
		seen[c.ID]++
		if c.Why.ID == "" {
			t.Errorf("%s is without data, and nobody says why", c.ID)
		}
	}
	want := 0
	for _, l := range v.Layers() {
		if l.Overlay != nil || l.ID == "zoning" {
			want++
			if seen[l.ID] != 1 {
				t.Errorf("%s is told %d times", l.ID, seen[l.ID])
			}
		}
	}
	for _, f := range zoning.SpecialFields() {
		want++
		if seen["zoning."+f] != 1 {
			t.Errorf("%s is told %d times", f, seen["zoning."+f])
		}
	}
	// What is no theme of the plan, and is not told.
	if seen["evacuation"] != 1 || seen["legal"] != 1 {
		t.Errorf("%+v", seen)
	}
	if want += 2; len(seen) != want {
		t.Errorf("%d themes, not %d", len(seen), want)
	}
	b, _ := d.Encode()
	t.Logf("%d bytes, scale %d, %d drawn, %d roads: %s", len(b), d.Map.Scale, len(d.Map.Drawn), len(d.Map.Roads), d.Sentence.ID)
}

func TestRefusals(t *testing.T) {
	v, x := demoCity(t)
	for name, c := range map[string]struct {
		q    extract.Question
		code string
	}{
		"unknown parcel": {extract.Question{Parcel: 1 << 40}, "no-such-item"},
		"2 km2":          {extract.Question{Drawn: square(95.31, 5.54, 0.0128)}, "extract-too-large"},
		"nothing":        {extract.Question{Drawn: square(95.31, 5.54, 0.000001)}, "extract-too-small"},
		"in the sea":     {extract.Question{Drawn: square(95.20, 5.62, 0.001)}, "outside-plan"},
		"too long":       {extract.Question{Drawn: orb.Polygon{{{95.26, 5.55}, {95.37, 5.55}, {95.37, 5.55001}, {95.26, 5.55001}, {95.26, 5.55}}}}, "extract-too-large"},
	} {
		_, err := extract.Make(t.Context(), v, x, c.q)
		var e *plan.Error
		if !errors.As(err, &e) || e.Code != c.code || e.Message.ID == "" || e.Message.EN == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDrawnLandIsChecked(t *testing.T) {
	v, _ := demoCity(t)
	for name, c := range map[string]struct {
		drawn orb.Polygon
		code  string
	}{
		"swapped":  {square(5.54, 95.31, 0.001), "swapped-coordinates"},
		"open":     {orb.Polygon{{{95.31, 5.55}, {95.32, 5.55}, {95.32, 5.56}, {95.31, 5.56}}}, "invalid-geometry"},
		"infinite": {orb.Polygon{{{95.31, 5.55}, {math.Inf(1), 5.55}, {95.32, 5.56}, {95.31, 5.55}}}, "invalid-geometry"},
		"empty":    {orb.Polygon{}, "invalid-geometry"},
	} {
		var e *plan.Error
		if err := extract.CheckDrawn(v, c.drawn); !errors.As(err, &e) {
			t.Errorf("%s: %v", name, err)
		} else if e.Code != c.code {
			t.Logf("%s: %s", name, e.Code)
			t.Fail()
		}
	}
	if err := extract.CheckDrawn(v, square(95.31, 5.55, 0.001)); err != nil {
		t.Error(err)
	}
}

// A change of the plan on the land is told, and one beside it is not.
func TestCompare(t *testing.T) {
	v, x := demoCity(t)
	made := func(v mirror.View, x *zoning.Index, q extract.Question) *extract.Document {
		d, err := extract.Make(t.Context(), v, x, q)
		if err != nil {
			t.Fatal(err)
		}
		b, err := d.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if d, err = extract.Decode(b); err != nil {
			t.Fatal(err)
		}
		return d
	}
	q := extract.Question{Parcel: 1000}
	before := made(v, x, q)
	if c := extract.Compare(before, made(v, x, q)); len(c) != 0 {
		t.Fatalf("nothing has changed, but %+v", c)
	}
	k1, err1 := before.Key()
	k2, err2 := made(v, x, q).Key()
	if k1 != k2 || err1 != nil || err2 != nil {
		t.Error("equal documents have different keys")
	}
	zones, _ := v.Snapshot("zoning")
	here := before.Concerned[0].Entries[0].Features[0].ID
	with := func(change func(f *plan.Feature)) mirror.View {
		var features []*plan.Feature
		l := zones.Layer()
		zones.Ascend(0, func(f *mirror.Feature) bool {
			c := *f.Feature
			c.Values = slices.Clone(c.Values)
			change(&c)
			features = append(features, &c)
			return true
		})
		var snapshots []*mirror.Snapshot
		for _, o := range v.Layers() {
			if s, ok := v.Snapshot(o.ID); ok && o.ID != l.ID {
				snapshots = append(snapshots, s)
			}
		}
		return mirror.NewView(v.Catalog(), plan.Actor{}, append(snapshots, mirror.NewSnapshot(l, features))...)
	}
	code, heritage := zones.Layer().FieldIndex("kodszn"), zones.Layer().FieldIndex("cagbud")
	other := with(func(f *plan.Feature) {
		if f.ID == here {
			f.Values[code], f.Revision = "KPI", 2
		}
	})
	if c := extract.Compare(before, made(other, x, q)); len(c) != 1 {
		t.Errorf("another zone: %+v", c)
	}
	special := with(func(f *plan.Feature) {
		if f.ID == here {
			f.Values[heritage], f.Revision = "Cagar budaya", 2
		}
	})
	if c := extract.Compare(before, made(special, x, q)); len(c) != 1 {
		t.Errorf("now heritage: %+v", c)
	}
	beside := with(func(f *plan.Feature) {
		if f.ID != here {
			f.Values[heritage], f.Revision = "Cagar budaya", 2
		}
	})
	if len(before.Concerned[0].Entries[0].Features) == 1 && len(before.Concerned[0].Entries) == 1 {
		if c := extract.Compare(before, made(beside, x, q)); len(c) != 0 {
			t.Errorf("changed elsewhere: %+v", c)
		}
	} else {
		t.Error("the parcel is in more than one zone: choose another")
	}
	if c := extract.Compare(before, made(v, nil, q)); len(c) != 1 {
		raw, _ := json.Marshal(c)
		t.Errorf("rules gone: %s", raw)
	}
}

func BenchmarkMake(b *testing.B) {
	c, err := newCity(1)
	if err != nil {
		b.Fatal(err)
	}
	v, x := c.view, c.rules
	parcels, _ := v.Snapshot("parcel")
	rng := rand.New(rand.NewPCG(6, 1))
	for b.Loop() {
		d, err := extract.Make(b.Context(), v, x, extract.Question{Parcel: 1 + rng.Int64N(int64(parcels.Len()))})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := d.Encode(); err != nil {
			b.Fatal(err)
		}
	}
}
