package postgis_test

import (
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/postgis"
	"github.com/simtaru/simtaru/internal/testdb"
)

// withOldPark is the layer park as a program before read_revision made it:
// the statements of that program, and data that came in through its triggers.
func withOldPark(t testing.TB) (*testdb.DB, *pgx.Conn) {
	t.Helper()
	db := withPark(t)
	made, err := os.ReadFile("testdata/park_with_typmod.sql")
	if err != nil {
		t.Fatal(err)
	}
	conn := db.Conn(t)
	for _, sql := range []string{
		"drop table plan.park, history.park",
		"drop function simtaru.check_park, simtaru.record_park",
		"set search_path = pg_catalog, public, pg_temp",
		string(made),
		"reset search_path",
		"update simtaru.layer set ddl = 'of another program'",
		"insert into plan.park (name, kind, trees, geom) select 'Taman ' || i, 'city', i, st_geomfromtext('" + square + "', 4326) from generate_series(1, 2000) i",
		"update plan.park set trees = trees + 1 where id <= 10",
		"delete from plan.park where id = 10",
	} {
		if _, err := conn.PgConn().Exec(t.Context(), sql).ReadAll(); err != nil {
			t.Fatalf("%.60s: %v", sql, err)
		}
	}
	return db, conn
}

// TestUpgrade brings tables of an older program to the present form without
// writing them again, and without losing a value.
func TestUpgrade(t *testing.T) {
	db, conn := withOldPark(t)
	const content = `select md5(string_agg(p::text, '' order by id)) from (select id, name, kind, trees, geom, revision, updated_at, updated_by from plan.park) p`
	const past = `select md5(string_agg(h::text, '' order by id, revision)) from history.park h`
	const files = `select string_agg(pg_relation_filenode(oid::regclass)::text, ' ' order by relname) from pg_class
		where relname in ('park', 'park_geom_idx', 'park_pkey') and relnamespace in ('plan'::regnamespace, 'history'::regnamespace)`
	before := []string{scan[string](t, conn, content), scan[string](t, conn, past), scan[string](t, conn, files)}
	if r := apply(t, db.Store, park()); r.Outcome != postgis.Changed {
		t.Errorf("outcome %s", r.Outcome)
	}
	for i, sql := range []string{content, past, files} {
		if got := scan[string](t, conn, sql); got != before[i] {
			t.Errorf("%s: %s, was %s", sql, got, before[i])
		}
	}
	found, err := db.Store.Drift(t.Context(), plan.NewCatalog([]*plan.Layer{park()}, nil))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range found {
		t.Error(d)
	}
	if r := apply(t, db.Store, park()); r.Outcome != postgis.Unchanged {
		t.Errorf("again: outcome %s", r.Outcome)
	}
	// What the old form refused is now taken.
	db.Exec(t, "update plan.park set geom = 'POLYGON Z ((95 5 1, 95.1 5 1, 95.1 5.1 1, 95 5 1))', read_revision = 2 where id = 1")
	if got := scan[string](t, conn, "select st_asewkt(geom) from history.park where id = 1 and revision = 3"); got != "SRID=4326;MULTIPOLYGON(((95 5,95.1 5,95.1 5.1,95 5)))" {
		t.Error(got)
	}
}

// TestUpgradeNamesTheViewsInItsWay: PostgreSQL changes no type below a view.
func TestUpgradeNamesTheViewsInItsWay(t *testing.T) {
	db, _ := withOldPark(t)
	db.Exec(t, "create view public.taman as select id, geom from plan.park")
	_, err := db.Store.Apply(t.Context(), park(), nil)
	if e := refusal(t, err); !strings.Contains(e.Message.ID, "taman") || e.Kind != plan.Conflict {
		t.Errorf("%+v", e)
	}
	db.Exec(t, "drop view public.taman")
	apply(t, db.Store, park())
	// The present form does not mind.
	db.Exec(t, "create view public.taman as select id, geom from plan.park")
	l := park()
	l.Fields[0].MaxLength = 40
	apply(t, db.Store, l)
}
