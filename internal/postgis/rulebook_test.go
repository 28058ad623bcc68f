package postgis_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/testdb"
)

// connectAs opens a connection with somebody's own login.
func connectAs(t testing.TB, db *testdb.DB, name string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), strings.Replace(db.DSN, "user=postgres", "user="+name, 1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

func run(t testing.TB, conn *pgx.Conn, statements ...string) {
	t.Helper()
	for _, sql := range statements {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
}

// refused runs a statement in the text form that QGIS uses and returns what
// PostgreSQL said; the test fails where it is let through.
func refused(t testing.TB, conn *pgx.Conn, sql string) *pgconn.PgError {
	t.Helper()
	_, err := conn.PgConn().Exec(t.Context(), sql).ReadAll()
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		t.Fatalf("%s: %v, want a refusal", sql, err)
	}
	return pg
}

// TestGeometryIsTakenInAnyForm: what can become what the layer stores does, and
// the rest is told what to do.
func TestGeometryIsTakenInAnyForm(t *testing.T) {
	db := withPark(t)
	for _, g := range []plan.GeometryType{plan.Point, plan.MultiLineString} {
		l := park()
		l.ID, l.Geometry = "park_"+strings.ToLower(string(g)), g
		l.Fields = l.Fields[:1]
		apply(t, db.Store, l)
	}
	conn := db.Conn(t)
	for _, c := range []struct{ layer, sent, stored string }{
		{"park", "SRID=4326;POLYGON((0 0,1 0,1 1,0 0))", "SRID=4326;MULTIPOLYGON(((0 0,1 0,1 1,0 0)))"},
		{"park", "POLYGON((0 0,1 0,1 1,0 0))", "SRID=4326;MULTIPOLYGON(((0 0,1 0,1 1,0 0)))"},
		{"park", "SRID=4326;POLYGON ZM ((0 0 5 6,1 0 5 6,1 1 5 6,0 0 5 6))", "SRID=4326;MULTIPOLYGON(((0 0,1 0,1 1,0 0)))"},
		{"park", "SRID=4326;MULTIPOLYGON M (((0 0 5,1 0 5,1 1 5,0 0 5)))", "SRID=4326;MULTIPOLYGON(((0 0,1 0,1 1,0 0)))"},
		{"park_multilinestring", "LINESTRING Z (0 0 1,1 0 1)", "SRID=4326;MULTILINESTRING((0 0,1 0))"},
		{"park_multilinestring", "LINESTRING M (0 0 1,1 0 1)", "SRID=4326;MULTILINESTRING((0 0,1 0))"},
		{"park_point", "POINT Z (1 2 3)", "SRID=4326;POINT(1 2)"},
	} {
		var stored, past string
		err := conn.QueryRow(t.Context(), fmt.Sprintf(`with new as (insert into plan.%s (name, geom) values ('x', $1) returning id, geom)
			select st_asewkt(geom) from new`, c.layer), c.sent).Scan(&stored)
		if err != nil || stored != c.stored {
			t.Errorf("%s: %s, %v, want %s", c.sent, stored, err, c.stored)
		}
		past = scan[string](t, conn, fmt.Sprintf("select st_asewkt(geom) from history.%s order by id desc limit 1", c.layer))
		if past != c.stored {
			t.Errorf("%s: history has %s", c.sent, past)
		}
	}
	for _, c := range []struct{ layer, sent, slug, message string }{
		{"park", "LINESTRING(0 0,1 0)", "geometry-type", "Jenis geometri tidak cocok: layer ini menyimpan poligon (MULTIPOLYGON), yang dikirim LINESTRING."},
		{"park", "GEOMETRYCOLLECTION(POLYGON((0 0,1 0,1 1,0 0)),POINT(0 0))", "geometry-type", "yang dikirim GEOMETRYCOLLECTION. Pisahkan dahulu bagian-bagiannya, lalu simpan hanya yang jenisnya cocok."},
		{"park", "GEOMETRYCOLLECTION EMPTY", "geometry-type", "yang dikirim GEOMETRYCOLLECTION."},
		{"park", "CURVEPOLYGON(CIRCULARSTRING(0 0,1 1,2 0,1 -1,0 0))", "geometry-type", "yang dikirim CURVEPOLYGON. Ubah dahulu garis lengkungnya menjadi ruas lurus"},
		{"park", "MULTISURFACE(((0 0,1 0,1 1,0 0)))", "geometry-type", "Ubah dahulu garis lengkungnya menjadi ruas lurus"},
		{"park", "TIN(((0 0,1 0,1 1,0 0)))", "geometry-type", "yang dikirim TIN."},
		{"park", "POLYGON EMPTY", "geometry-empty", "Geometri kosong."},
		{"park", "MULTIPOLYGON(EMPTY,((0 0,1 0,1 1,0 0)))", "geometry-empty", "Geometri ini mempunyai bagian yang kosong."},
		{"park_multilinestring", "MULTILINESTRING((0 0,1 0),EMPTY)", "geometry-empty", "Geometri ini mempunyai bagian yang kosong."},
		{"park", "SRID=32646;POLYGON((0 0,1 0,1 1,0 0))", "geometry-srid", "Sistem koordinat geometri ini EPSG:32646, sedangkan layer disimpan dalam EPSG:4326."},
		{"park", "POLYGON((500000 600000,500001 600000,500001 600001,500000 600000))", "geometry-outside-world", "Koordinat di luar dunia"},
		{"park", "POLYGON((0 0,1 1,1 0,0 1,0 0))", "geometry-invalid", "garis batasnya berpotongan sendiri di bujur 0.5000000, lintang 0.5000000."},
		{"park_multilinestring", "MULTICURVE(CIRCULARSTRING(0 0,1 1,2 0))", "geometry-type", "layer ini menyimpan garis (MULTILINESTRING), yang dikirim MULTICURVE. Ubah dahulu"},
		{"park_point", "MULTIPOINT(0 0,1 1)", "geometry-type", "layer ini menyimpan titik (POINT), yang dikirim MULTIPOINT."},
	} {
		for _, sql := range []string{
			fmt.Sprintf("insert into plan.%s (name, geom) values ('x', '%s')", c.layer, c.sent),
			fmt.Sprintf("update plan.%s set geom = '%s'", c.layer, c.sent),
		} {
			pg := refused(t, conn, sql)
			if pg.Code != "23514" || pg.ConstraintName != c.slug || pg.ColumnName != "geom" || !strings.Contains(pg.Message, c.message) || pg.Detail == "" {
				t.Errorf("%s: %s %s %q", sql, pg.Code, pg.ConstraintName, pg.Message)
			}
		}
	}
	// The second line, where the trigger is off, in both tables.
	run(t, conn, "alter table plan.park disable trigger check_feature", "alter table plan.park disable trigger record_update")
	for _, g := range []string{"SRID=4326;POLYGON((0 0,1 0,1 1,0 0))", "MULTIPOLYGON(((0 0,1 0,1 1,0 0)))", "SRID=4326;MULTIPOLYGON Z (((0 0 1,1 0 1,1 1 1,0 0 1)))"} {
		for _, schema := range []string{"plan", "history"} {
			if pg := refused(t, conn, fmt.Sprintf("update %s.park set geom = '%s'", schema, g)); pg.Code != "23514" || !strings.HasPrefix(pg.ConstraintName, "geom_") {
				t.Errorf("%s in %s: %v", g, schema, pg)
			}
		}
	}
}

// TestReadRevision: who says which revision it had read does not overwrite a
// colleague.
func TestReadRevision(t *testing.T) {
	db := withPark(t)
	login(t, db, "siti", "simtaru_planner")
	login(t, db, "budi", "simtaru_planner")
	siti, budi, admin := connectAs(t, db, "siti"), connectAs(t, db, "budi"), db.Conn(t)
	run(t, siti, "insert into plan.park (name, read_revision) values ('a', 77)", // revision 1
		"update plan.park set name = 'b', read_revision = 1 where id = 1",
		// The second part of a save, read before the first.
		"update plan.park set trees = 1, read_revision = 1 where id = 1")
	pg := refused(t, budi, `UPDATE "plan"."park" SET "name"='c',"read_revision"=2 WHERE "id"=1`)
	want := regexp.MustCompile(`^Fitur ini sudah diubah oleh siti pada \d+ [A-Z][a-z][a-z] \d{4} \d\d\.\d\d WIB, sesudah Anda membacanya \(fitur 1 sekarang revisi 3, yang Anda baca revisi 2\)`)
	if pg.Code != "SU412" || pg.ConstraintName != "stale" || pg.TableName != "park" || pg.ColumnName != "read_revision" || !want.MatchString(pg.Message) ||
		!strings.HasPrefix(pg.Detail, "This feature was changed by siti on ") {
		t.Errorf("%+v", pg)
	}
	for _, sql := range []string{
		"update plan.park set name = 'd', read_revision = 1 where id = 1", // two before
		"update plan.park set name = 'd', read_revision = 4 where id = 1", // of the future
		"update plan.park set name = 'd', read_revision = 0 where id = 1",
	} {
		if pg := refused(t, siti, sql); pg.Code != "SU412" {
			t.Errorf("%s: %v", sql, pg)
		}
	}
	// A minute later the second part of a save is a stale edit.
	run(t, admin, "alter table plan.park disable trigger user", "update plan.park set updated_at = now() - interval '61 seconds'",
		"alter table plan.park enable trigger user")
	if pg := refused(t, siti, "update plan.park set name = 'd', read_revision = 2 where id = 1"); pg.Code != "SU412" {
		t.Errorf("after a minute: %v", pg)
	}
	run(t, budi, "update plan.park set name = 'e', read_revision = 3 where id = 1", // revision 4
		"update plan.park set read_revision = 4 where id = 1", // says nothing new: no version
		"update plan.park set name = 'e' where id = 1")        // does not say: a version, as ever
	if got := scan[string](t, admin, "select string_agg(revision || updated_by || name, ' ' order by revision) from history.park"); got != "1sitia 2sitib 3sitib 4budie 5budie" {
		t.Error(got)
	}
	if n := scan[int](t, admin, "select count(*) from plan.park where read_revision is not null or revision <> 5"); n != 0 {
		t.Error("read_revision is kept")
	}
	// Rows that only say what was read, beside one that changes, in one statement.
	run(t, budi, "insert into plan.park (name) values ('x'), ('y')", "update plan.park set read_revision = 1, name = case id when 2 then 'z' else name end where id > 1")
	if got := scan[string](t, admin, "select string_agg(feature || op || revision, ' ' order by id) from simtaru.change where feature > 1"); got != "2create1 3create1 2update2" {
		t.Error(got)
	}
	if got := scan[string](t, admin, "select string_agg(id || name || revision || (sys_to is null), ' ' order by id, revision) from history.park where id > 1"); got != "2x1false 2z2true 3y1true" {
		t.Error(got)
	}
}

// TestOvertaken: who does not say what it had read is held to what was there
// when its transaction began.
func TestOvertaken(t *testing.T) {
	db := withPark(t)
	login(t, db, "siti", "simtaru_planner")
	login(t, db, "budi", "simtaru_planner")
	siti, budi := connectAs(t, db, "siti"), connectAs(t, db, "budi")
	run(t, siti, "insert into plan.park (name) values ('a')", "begin", "update plan.park set name = 'b'")
	// budi begins later than siti, who commits before he writes.
	run(t, budi, "begin", "select now()")
	run(t, siti, "commit")
	run(t, budi, "savepoint edit")
	if pg := refused(t, budi, "update plan.park set name = 'c' where id = 1"); pg.Code != "SU412" || pg.ConstraintName != "stale" ||
		!strings.Contains(pg.Message, "diubah oleh siti") || !strings.Contains(pg.Message, "sesudah Anda mulai menyunting (fitur 1 sekarang revisi 2)") {
		t.Errorf("%+v", pg)
	}
	// Who looks again and says so may go on.
	run(t, budi, "rollback to edit", "update plan.park set name = 'd', read_revision = 2 where id = 1",
		"update plan.park set name = 'e' where id = 1", "commit")
	// One that begins after the commit needs to say nothing.
	run(t, siti, "update plan.park set name = 'f' where id = 1")
	// A program that asks for a revision itself is not held to it.
	run(t, budi, "begin", "set local simtaru.empty_update = 'on'", "select now()")
	run(t, siti, "update plan.park set name = 'g' where id = 1")
	run(t, budi, "update plan.park set name = 'h' where id = 1 and revision = 6", "commit")
	// Nor is a trigger, which has read nothing.
	run(t, db.Conn(t), "create table public.log (x int)", "grant insert on public.log to simtaru_planner",
		"create function public.tidy() returns trigger language plpgsql security definer as $$ begin update plan.park set name = 'i' where id = 1; return null; end $$",
		"create trigger tidy after insert on public.log for each statement execute function public.tidy()")
	run(t, budi, "begin", "select now()")
	run(t, siti, "update plan.park set name = 'j' where id = 1")
	run(t, budi, "insert into public.log values (1)", "commit")
	if got := scan[string](t, siti, "select string_agg(name, '' order by revision) from history.park"); got != "abdefghji" {
		t.Error(got)
	}
}

// TestUpdateOfNothing: QGIS would call it saved.
func TestUpdateOfNothing(t *testing.T) {
	db := withPark(t)
	login(t, db, "siti", "simtaru_planner")
	login(t, db, "budi", "simtaru_planner")
	siti, budi := connectAs(t, db, "siti"), connectAs(t, db, "budi")
	run(t, siti, "insert into plan.park (name, reference) values ('a', 'A'), ('b', 'B')", "delete from plan.park where id = 1")
	const named, nobody = "Fitur 1 sudah dihapus oleh siti pada ", "Tidak ada fitur yang berubah: fitur yang Anda sunting sudah dihapus atau tidak ada."
	for sql, message := range map[string]string{
		`UPDATE "plan"."park" SET "name"='c' WHERE "id"=1`:                                              named,
		"update plan.park\nset name = 'c'\nwhere id = 1 ;":                                              named,
		`UPDATE "plan"."park" SET "name"='where id=7' WHERE "id"=1`:                                     named,
		`UPDATE "plan"."park" SET "name"='a;b' WHERE "id"=1`:                                            nobody,
		`UPDATE "plan"."park" SET "name"='c' WHERE "id"=99`:                                             nobody,
		`UPDATE "plan"."park" SET "name"='c' WHERE "id"=99999999999999999999`:                           nobody,
		"update plan.park set name = 'c' where id in (1)":                                               nobody,
		"update plan.park set name = 'c' where id = 2 and name = 'x'":                                   nobody,
		"update plan.park p set name = 'c' from plan.park q where p.id = q.id and q.id = 1":             nobody,
		"with x as (select 1 as id) update plan.park set name = 'c' from x where park.id = x.id":        nobody,
		"update plan.park set name = 'c' where id = 2; update plan.park set name = 'c' where id = 1":    nobody,
		"do $$ begin update plan.park set name = 'c' where id = 1; end $$":                              nobody,
		"set local simtaru.empty_update = 'off'; update plan.park set name = 'c' where id = 1 and true": nobody,
	} {
		pg := refused(t, budi, sql)
		if pg.Code != "SU404" || pg.ConstraintName != "feature-gone" || pg.TableName != "park" || !strings.HasPrefix(pg.Message, message) || pg.Detail == "" {
			t.Errorf("%s: %s %q", sql, pg.Code, pg.Message)
		}
	}
	_, err := budi.Exec(t.Context(), "update plan.park set name = 'c' where id = $1", 1) // the text has no id
	if err == nil || !strings.Contains(err.Error(), nobody) {
		t.Errorf("with a parameter: %v", err)
	}
	// What may touch nothing.
	run(t, budi, "insert into plan.park as p (name, reference) values ('n', 'N') on conflict (reference) do update set name = 'o'",
		"insert into plan.park as p (name, reference) values ('n', 'N') on conflict (reference) do update set name = 'o' where false",
		"merge into plan.park p using (select 0::bigint as id) x on p.id = x.id when matched then update set name = 'o'",
		"begin", "set local simtaru.empty_update = 'on'", "update plan.park set name = 'c' where id = 1", "commit",
		"delete from plan.park where id = 1")
	admin := db.Conn(t)
	run(t, admin, "create table public.log (x int)",
		"create function public.tidy() returns trigger language plpgsql as $$ begin update plan.park set name = 'c' where id = 1; return null; end $$",
		"create trigger tidy after insert on public.log for each statement execute function public.tidy()",
		"insert into public.log values (1)")
	// The server's own words for both.
	for sql, kind := range map[string]plan.Kind{
		"update plan.park set name = 'c' where id = 1":                    plan.NotFound,
		"update plan.park set name = 'c', read_revision = 9 where id = 2": plan.Stale,
	} {
		err := db.Store.Edit(t.Context(), plan.Actor{Name: "budi", Role: plan.Planner, Person: true}, func(tx pgx.Tx) error {
			_, err := tx.Conn().PgConn().Exec(t.Context(), "set local simtaru.empty_update = 'off'; "+sql).ReadAll()
			return err
		})
		if e := refusal(t, err); e.Kind != kind || e.Message.ID == "" || e.Message.EN == "" {
			t.Errorf("%s: %+v", sql, e)
		}
	}
}
