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
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/testdb"
)

// realGampong are the 90 gampong of Banda Aceh, which overlap and leave gaps.
func realGampong(t testing.TB, cat *plan.Catalog) city {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "banda-aceh", "gampong.geojson"))
	if err != nil {
		t.Skip("the real boundaries are not here: ", err)
	}
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

// An SQL computation that shares nothing with this package: PostGIS unites,
// cuts and measures. Long edges are cut, so that they are straight and no
// geodesics (see package land).
const oracle = `
with cut as (
  select u.code, u.geom as unit, p.class, p.owner, st_intersection(u.geom, p.geom) as geom
  from units u left join parks p on p.status = 'existing' and st_intersects(u.geom, p.geom)
), united as (
  select code, unit, coalesce(st_union(geom) filter (where owner = 'public' and class like 'RTH-%'), 'srid=4326;polygon empty') as public,
    coalesce(st_union(geom) filter (where class like 'RTH-%'), 'srid=4326;polygon empty') as total,
    coalesce(st_union(geom) filter (where owner = 'public' and class in ('PS', 'EM')), 'srid=4326;polygon empty') as first,
    coalesce(st_union(geom) filter (where owner = 'public' and class = 'BA'), 'srid=4326;polygon empty') as water
  from cut group by code, unit
)
select u.code, st_area(st_segmentize(u.unit, 2e-4)::geography), st_area(u.unit::geography), st_area(st_segmentize(u.public, 2e-4)::geography), st_area(st_segmentize(u.total, 2e-4)::geography),
  st_area(st_segmentize(st_union(u.public, st_difference(st_difference(u.water, u.total), u.first)), 2e-4)::geography),
  coalesce((select sum(h.people) from homes h where st_contains(u.unit, h.geom)), 0)::float8,
  coalesce((select sum(h.people) from homes h where st_contains(u.unit, h.geom)
    and exists (select from parks p where p.status = 'existing' and p.owner = 'public' and p.class like 'RTH-%' and st_dwithin(p.geom::geography, h.geom::geography, 300))), 0)::float8,
  coalesce((select sum(st_length(st_intersection(u.unit, r.geom)::geography)) from roads r where st_intersects(u.unit, r.geom)), 0)::float8
from united u order by u.code`

func TestEveryGampongAgreesWithSQL(t *testing.T) {
	cat := definitions(t)
	c := realGampong(t, cat)
	r := rand.New(rand.NewPCG(14, 33))
	for range 900 {
		c.randomPark(t, cat, r, 30+170*r.Float64())
	}
	for range 3000 {
		at := somewhere(r)
		d := 4.0 / 111000
		c.add(t, cat, "building", square(at[0]-d, at[1]-d, at[0]+d, at[1]+d), map[string]any{"occupants": int64(r.IntN(9))})
	}
	for range 300 {
		at, line := somewhere(r), orb.LineString{}
		for range 10 {
			at = orb.Point{at[0] + 0.002*(r.Float64()-0.5), at[1] + 0.002*(r.Float64()-0.5)}
			line = append(line, at)
		}
		c.add(t, cat, "road", orb.MultiLineString{line}, nil)
	}
	conn := testdb.New(t).Conn(t)
	exec := func(sql string, args ...any) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec("create temp table units (code text, geom geometry); ")
	exec("create temp table parks (class text, owner text, status text, geom geometry)")
	exec("create temp table homes (people int, geom geometry)")
	exec("create temp table roads (geom geometry)")
	text := func(layer string, f *plan.Feature, field string) any {
		l, _ := cat.Layer(layer)
		return f.Values[l.FieldIndex(field)]
	}
	for _, f := range c[boundaryLayer] {
		exec("insert into units values ($1, st_geomfromtext($2, 4326))", text(boundaryLayer, f, codeField), wkt.MarshalString(f.Geometry))
	}
	for _, f := range c["green_space"] {
		exec("insert into parks values ($1, $2, $3, st_geomfromtext($4, 4326))", text("green_space", f, "class"), text("green_space", f, "ownership"), text("green_space", f, "status"), wkt.MarshalString(f.Geometry))
	}
	for _, f := range c["building"] {
		exec("insert into homes values ($1, st_centroid(st_geomfromtext($2, 4326)))", text("building", f, "occupants"), wkt.MarshalString(f.Geometry))
	}
	for _, f := range c["road"] {
		exec("insert into roads values (st_geomfromtext($1, 4326))", wkt.MarshalString(f.Geometry))
	}
	for _, table := range []string{"units", "parks", "homes", "roads"} {
		exec("create index on " + table + " using gist (geom); analyze " + table)
	}

	b := c.board(t, cat)
	get := func(id string, switches map[string]bool) []plan.Reading {
		return readings(t, b, id, plan.Gampong, switches)
	}
	public, total, water := get("t_public", nil), get("t_total", nil), get("t_public", map[string]bool{"water": true})
	people, roads := get("t_near", nil), get("t_roads", nil)
	rows, err := conn.Query(t.Context(), oracle)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	i, parks := 0, 0
	for ; rows.Next(); i++ {
		var code string
		var unit, geodesic, wantPublic, wantTotal, wantWater, wantPeople, wantNear, wantRoad float64
		if err := rows.Scan(&code, &unit, &geodesic, &wantPublic, &wantTotal, &wantWater, &wantPeople, &wantNear, &wantRoad); err != nil {
			t.Fatal(err)
		}
		if public[i].Code != code {
			t.Fatalf("reading %d is of %s, want %s", i, public[i].Code, code)
		}
		for _, x := range []struct {
			what      string
			got, want float64
		}{
			{"boundary", *public[i].Denominator, unit},
			{"public", *public[i].Numerator, wantPublic},
			{"total", *total[i].Numerator, wantTotal},
			{"with water", *water[i].Numerator, wantWater},
			{"public share", *public[i].Value, 100 * wantPublic / unit},
			{"people", *people[i].Denominator, wantPeople},
			{"people near", *people[i].Numerator, wantNear},
			{"roads", *roads[i].Value, wantRoad},
		} {
			if math.Abs(x.got-x.want) > 1e-6*x.want {
				t.Errorf("%s of %s: %.6f, SQL has %.6f", x.what, code, x.got, x.want)
			}
		}
		if math.Abs(geodesic-unit) > 3e-6*unit {
			t.Errorf("the boundary of %s has %.3f m2 by straight edges and %.3f by geodesics", code, unit, geodesic)
		}
		if wantPublic > 0 {
			parks++
		}
	}
	if rows.Err() != nil || i != len(public) || parks < 60 {
		t.Errorf("%d rows of %d readings, %d with parks: %v", i, len(public), parks, rows.Err())
	}
	var whole float64
	if err := conn.QueryRow(t.Context(), "select st_area(st_segmentize(st_union(geom), 2e-4)::geography) from units").Scan(&whole); err != nil {
		t.Fatal(err)
	}
	city := readings(t, b, "t_public", plan.City, nil)[0]
	if math.Abs(*city.Denominator-whole) > 1e-6*whole {
		t.Errorf("the city has %.3f m2, their union %.3f", *city.Denominator, whole)
	}
}

// TestEditsGiveWhatAFullComputationGives compares to the last bit.
func TestEditsGiveWhatAFullComputationGives(t *testing.T) {
	cat := definitions(t)
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			c := realGampong(t, cat)
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
		if i.Kind == plan.External {
			continue
		}
		for _, by := range plan.UnitKinds {
			all[i.ID+" "+string(by)] = readings(t, b, i.ID, by, nil)
		}
	}
	return all
}
