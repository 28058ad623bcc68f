package postgis_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/plan"
)

// TestVersionsOfAFeature follows one feature through everything that can become of it.
func TestVersionsOfAFeature(t *testing.T) {
	db := withPark(t)
	conn := db.Conn(t)
	layer, _ := follow(t, db.Store).cat.Layer("park")
	exec := func(sql string) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	exec("insert into plan.park (id, name, geom) values (5, 'a', st_geomfromtext('" + square + "', 4326))")
	exec("update plan.park set name = 'b', trees = 3 where id = 5")
	exec("delete from plan.park where id = 5")
	exec("insert into plan.park (id, name) values (5, 'c')")

	show := func(versions []plan.Version) (out []string) {
		for _, v := range versions {
			until := "now"
			if !v.Until.IsZero() {
				until = "later"
				for _, w := range versions {
					if w.Feature.UpdatedAt.Equal(v.Until) {
						until = fmt.Sprint(w.Feature.Revision)
					}
				}
			}
			f := v.Feature
			out = append(out, fmt.Sprint(f.Revision, " ", v.Op, " ", f.Values[0], " ", f.Values[2], " ", f.Geometry != nil, " until ", until, " by ", f.UpdatedBy))
		}
		return out
	}
	list := func(before int64, limit int) []plan.Version {
		t.Helper()
		versions, err := db.Store.History(t.Context(), layer, 5, before, limit)
		if err != nil {
			t.Fatal(err)
		}
		return versions
	}
	all := list(0, 10)
	want := []string{
		"4 create c <nil> false until now by postgres",
		"3 delete <nil> <nil> false until 4 by postgres",
		"2 update b 3 true until 3 by postgres",
		"1 create a <nil> true until 2 by postgres",
	}
	if d := cmp.Diff(want, show(all)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(all[1:3], list(4, 2)); d != "" {
		t.Errorf("a page: %s", d)
	}
	if none, err := db.Store.History(t.Context(), layer, 6, 0, 10); len(none) != 0 || err != nil {
		t.Errorf("of nothing: %v, %v", none, err)
	}
	for _, v := range all {
		got, err := db.Store.Version(t.Context(), layer, 5, v.Feature.Revision)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(v, got); d != "" {
			t.Errorf("version %d: %s", v.Feature.Revision, d)
		}
	}
	if g, ok := all[3].Feature.Geometry.(orb.MultiPolygon); !ok || g[0][0][0] != (orb.Point{95.3, 5.5}) {
		t.Errorf("geometry %v", all[3].Feature.Geometry)
	}
	if _, err := db.Store.Version(t.Context(), layer, 5, 9); plan.KindOf(err) != plan.NotFound {
		t.Errorf("a version that is not: %v", err)
	}
}

// TestVersionsOfLargeShapes stops a page early, after two versions at least.
func TestVersionsOfLargeShapes(t *testing.T) {
	db := withPark(t)
	layer, _ := follow(t, db.Store).cat.Layer("park")
	// A circle of 200,000 vertices is 3.2 MB.
	db.Exec(t, "insert into plan.park (id, name, geom) select 1, 'a', st_multi(st_buffer(st_setsrid(st_point(95.3, 5.5), 4326), 0.01, 'quad_segs=49000'))")
	for i := range 12 {
		db.Exec(t, fmt.Sprintf("update plan.park set trees = %d", i))
	}
	all, err := db.Store.History(t.Context(), layer, 1, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 2 || len(all) >= 13 {
		t.Errorf("%d versions of 3 MB each", len(all))
	}
	rest, err := db.Store.History(t.Context(), layer, 1, all[len(all)-1].Feature.Revision, 100)
	if err != nil || len(all)+len(rest) != 13 || rest[len(rest)-1].Feature.Revision != 1 {
		t.Errorf("the next page: %d, %v", len(rest), err)
	}
}
