package postgis_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/plan"
)

// ruled is the park with rules between fields, which takes points and lines.
func ruled() *plan.Layer {
	l := park()
	l.GeometryRequired, l.WidenM = true, 6
	l.Fields = append(l.Fields,
		plan.Field{Name: "until", Type: plan.DateField, Title: plan.Text{ID: "Sampai", EN: "Until"}},
		plan.Field{Name: "each", Type: plan.NumberField, Title: plan.Text{ID: "Luas tiap pohon", EN: "Area each"}, Min: ptr(0.1)},
		plan.Field{Name: "ground", Type: plan.NumberField, Title: plan.Text{ID: "Luas", EN: "Area"}},
	)
	l.Checks = []plan.Check{{Order: []string{"since", "until"}}, {Quotient: []string{"trees", "ground", "each"}}}
	return l
}

// TestChecks holds features to rules between fields, in words, and without the
// trigger too; those from before a rule are told and may go on.
func TestChecks(t *testing.T) {
	db := withPark(t)
	conn := db.Conn(t)
	l := park()
	l.Fields = ruled().Fields
	apply(t, db.Store, l)
	db.Exec(t, "insert into plan.park (name, since, until, trees, ground, each, geom) values ('wrong', '2025-02-01', '2025-01-01', 3, 100, 20, st_geomfromtext($1, 4326)), ('nowhere', null, null, null, null, null, null)", square)
	report := apply(t, db.Store, ruled())
	var told []string
	for _, unmet := range report.Unmet {
		told = append(told, unmet.EN)
	}
	if got, want := strings.Join(told, "\n"), `park: 1 features from before break the rule geom_given (id 2); correct or delete them, then: alter table "plan"."park" validate constraint "geom_given"
park: 1 features from before break the rule until_order (id 1); correct or delete them, then: alter table "plan"."park" validate constraint "until_order"`; got != want {
		t.Errorf("%s", got)
	}
	drift := func() string {
		t.Helper()
		found, err := db.Store.Drift(t.Context(), plan.NewCatalog([]*plan.Layer{ruled()}, nil))
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(found, "\n")
	}
	if got := drift(); got != "park: constraint geom_given is missing\npark: constraint until_order is missing" {
		t.Errorf("not valid: %s", got)
	}

	insertPark(t, conn, "right", square)
	for _, c := range []struct{ where, set, message, detail string }{
		{"right", "since = '2025-02-01', until = '2025-01-31'", "Sampai: tidak boleh sebelum Sejak.", "until: may not be before since."},
		{"wrong", "open = true", "Sampai: tidak boleh sebelum Sejak.", "until: may not be before since."},
		{"right", "geom = null", "Geometri wajib ada: gambar tempatnya dahulu.", "A geometry is required: draw the place first."},
		{"right", "trees = 4, ground = 100, each = 20", "Jumlah pohon: harus 5, yaitu Luas dibagi Luas tiap pohon, dibulatkan ke bawah.", "trees: must be 5, which is ground divided by each, rounded down."},
	} {
		_, err := conn.Exec(t.Context(), fmt.Sprintf("update plan.park set %s where name = '%s'", c.set, c.where))
		var pg *pgconn.PgError
		if !errors.As(err, &pg) || pg.Message != c.message || pg.Detail != c.detail {
			t.Errorf("%s: %v", c.set, err)
		}
	}
	for _, set := range []string{
		"since = '2025-02-01', until = '2025-02-01'", "since = null, until = '2025-01-01'", "trees = 5, ground = 109.9, each = 20",
		"trees = 3, ground = 0.3, each = 0.1", "trees = 1, ground = null",
	} {
		db.Exec(t, "update plan.park set "+set+" where name = 'right'")
	}
	// What is wrong already with a quotient keeps nobody from the rest.
	db.Exec(t, "update plan.park set until = null where name = 'wrong'")
	db.Exec(t, "update plan.park set open = false where name = 'wrong'")
	db.Exec(t, "delete from plan.park where name = 'nowhere'")
	db.Exec(t, "alter table plan.park validate constraint geom_given")
	db.Exec(t, "alter table plan.park validate constraint until_order")
	if got := drift(); got != "" {
		t.Error(got)
	}

	db.Exec(t, "alter table plan.park disable trigger check_feature")
	for _, set := range []string{"geom = null", "since = '2025-02-01', until = '2025-01-31'"} {
		if _, err := conn.Exec(t.Context(), "update plan.park set "+set+" where name = 'right'"); err == nil {
			t.Errorf("without the trigger, %s is stored", set)
		}
	}
	db.Exec(t, "alter table plan.park enable trigger check_feature")
}

// TestWidened writes points and lines by both doors.
func TestWidened(t *testing.T) {
	db := withPark(t)
	apply(t, db.Store, ruled())
	conn := db.Conn(t)
	for _, c := range []struct {
		wkt    string
		area   float64 // of the true shape in m2, which the corners come near to
		points int
	}{
		{"POINT(95.3 5.5)", 113.1, 17},
		{"POINT Z (95.3 5.5 9)", 113.1, 17},
		{"MULTIPOINT((95.3 5.5),(95.301 5.5))", 226.2, 34},
		// 110.7 m along the parallel.
		{"LINESTRING(95.3 5.5,95.301 5.5)", 110.7*12 + 113.1, 19},
		{"MULTILINESTRING((95.3 5.5,95.301 5.5),(95.3005 5.499,95.3005 5.501))", (110.7+221.1)*12 + 2*113.1 - 144, 41},
		// There and back.
		{"LINESTRING(95.3 5.5,95.301 5.5,95.3 5.5)", 110.7*12 + 113.1, 19},
	} {
		id := insertPark(t, conn, "wide", c.wkt)
		var kind string
		var area, farthest float64
		var points int
		var valid bool
		err := conn.QueryRow(t.Context(), `select geometrytype(geom) || ' ' || st_srid(geom), st_area(geom::geography), st_npoints(geom), st_isvalid(geom),
			(select max(st_distance(p.geom::geography, st_force2d(st_geomfromtext($2, 4326))::geography)) from st_dumppoints(k.geom) p) from plan.park k where id = $1`, id, c.wkt).
			Scan(&kind, &area, &points, &valid, &farthest)
		if err != nil {
			t.Fatal(err)
		}
		if kind != "MULTIPOLYGON 4326" || area > c.area*1.002 || area < c.area*0.97 || points > c.points || !valid || farthest < 5.98 || farthest > 6.02 {
			t.Errorf("%s: %s of %v m2, want %v, %d points, valid %v, %v m", c.wkt, kind, area, c.area, points, valid, farthest)
		}
	}
	for wkt, code := range map[string]string{
		"LINESTRING(95 5,96.1 5)":             "geometry-too-large",
		"POINT(95 95)":                        "geometry-outside-world",
		"POINT EMPTY":                         "geometry-empty",
		"GEOMETRYCOLLECTION(POINT(95.3 5.5))": "geometry-type",
		"MULTIPOLYGON EMPTY":                  "geometry-empty",
	} {
		_, err := conn.Exec(t.Context(), "insert into plan.park (name, geom) values ('no', st_geomfromtext($1, 4326))", wkt)
		var pg *pgconn.PgError
		if !errors.As(err, &pg) || pg.ConstraintName != code || pg.Detail == "" {
			t.Errorf("%s: %v, want %s", wkt, err, code)
		}
	}
	if _, err := conn.Exec(t.Context(), "insert into plan.park (name, geom) select 'no', st_makeline(st_point(95 + i * 1e-5, 5 + i % 2 * 1e-5, 4326) order by i) from generate_series(1, 501) i"); err == nil || !strings.Contains(err.Error(), "500") {
		t.Errorf("a line of 501 vertices: %v", err)
	}
	// Who wants another distance says so, whatever the path of the session.
	login(t, db, "siti_lebar", "simtaru_planner")
	run(t, connectAs(t, db, "siti_lebar"), "set search_path = pg_catalog", "insert into plan.park (name, geom) values ('50 m', simtaru.widen(public.st_point(95.3, 5.5, 4326), 50))")
	if area := scan[float64](t, conn, "select st_area(geom::geography) from plan.park where name = '50 m'"); area < 7600 || area > 7860 {
		t.Errorf("50 m around a point are %v m2", area)
	}

	done, err := db.Store.Commit(t.Context(), plan.Actor{Name: "siti", Role: plan.Planner}, []plan.Edit{
		{Layer: "park", Op: plan.Create, Values: map[string]any{"name": "point"}, Geometry: orb.Point{95.3, 5.5}, HasGeometry: true},
		{Layer: "park", Op: plan.Create, Values: map[string]any{"name": "area"}, Geometry: orb.Polygon{{{95.3, 5.5}, {95.301, 5.5}, {95.301, 5.501}, {95.3, 5.5}}}, HasGeometry: true},
	}, plan.Once{})
	if err != nil || done[0].WidenedM != 6 || done[1].WidenedM != 0 {
		t.Errorf("%+v %v", done, err)
	}
	// A layer that does not say so takes neither, as before.
	plain := ruled()
	plain.WidenM = 0
	apply(t, db.Store, plain)
	if _, err := conn.Exec(t.Context(), "insert into plan.park (name, geom) values ('no', st_point(95.3, 5.5, 4326))"); err == nil {
		t.Error("a point is stored")
	}
}
