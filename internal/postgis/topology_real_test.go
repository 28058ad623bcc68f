package postgis_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/simtaru/simtaru/internal/plan"
)

// TestRealBoundaries takes the 90 gampong of Banda Aceh as they were published,
// one commit each, and compares what the commits have found with one query over
// the whole table; then with a check of everything.
func TestRealBoundaries(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(sharedData(t), "banda-aceh", "gampong.geojson"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Features []struct {
			Properties struct{ Kode, Nama string }
			Geometry   json.RawMessage
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	y := withTopology(t, zone("village", plan.Topology{Coverage: true, ToleranceM2: 1}))
	for _, f := range file.Features {
		if _, err := y.conn.Exec(t.Context(), "insert into plan.village (name, geom) values ($1, st_geomfromgeojson($2))", f.Properties.Nama, string(f.Geometry)); err != nil {
			t.Fatalf("%s: %v", f.Properties.Kode, err)
		}
	}
	const (
		pairs = `select count(*), sum(m2) from (
			select st_area(st_intersection(a.geom, b.geom)::geography) as m2 from plan.village a, plan.village b where a.id < b.id and st_intersects(a.geom, b.geom)
		) o where m2 > $1`
		holes = `select count(*), sum(m2) from (
			select st_area(r.geom::geography) as m2
			from (select st_union(geom) as geom from plan.village) u, st_dump(u.geom) d, st_dumprings(d.geom) r where r.path[1] > 0
		) h where m2 > $1`
		known = `select count(*), sum(area_m2) from plan.topology_issue where kind = $1`
	)
	type sum struct {
		n  int
		m2 float64
	}
	get := func(sql string, arg any) (s sum) {
		t.Helper()
		if err := y.conn.QueryRow(t.Context(), sql, arg).Scan(&s.n, &s.m2); err != nil {
			t.Fatal(err)
		}
		return s
	}
	all, every := get(pairs, 0), get(holes, 0)
	t.Logf("oracle: %d pairs overlap by %.1f m2, %d holes of %.1f m2", all.n, all.m2, every.n, every.m2)
	// 66,131 m2 were measured in a projection; ours are geodesic.
	if math.Abs(all.m2-66131) > 20 || every.n != 200 {
		t.Errorf("the data is not what it was: overlap %.1f m2, %d holes", all.m2, every.n)
	}
	for range 2 {
		for kind, want := range map[string]sum{"overlap": get(pairs, 1), "gap": get(holes, 1)} {
			got := get(known, kind)
			t.Logf("%s: %d of %.1f m2 above 1 m2", kind, got.n, got.m2)
			if got.n != want.n || math.Abs(got.m2-want.m2) > 0.01*float64(want.n) {
				t.Errorf("%s: %+v, want %+v", kind, got, want)
			}
		}
		y.check(t)
	}
	if n := scan[int](t, y.conn, "select count(*) from plan.topology_issue where updated_by = 'checker'"); n > 0 {
		t.Errorf("the check changed %d of what the commits found", n)
	}
}
