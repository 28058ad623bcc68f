package postgis_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/geo"
)

// TestRowRules: what a planner may not store, and the words for it.
func TestRowRules(t *testing.T) {
	db := withPark(t)
	conn := db.Conn(t)
	insertPark(t, conn, "first", square)
	db.Exec(t, "update plan.park set reference = 'A1'")
	for _, c := range []struct{ name, column, value, message string }{
		{"required", "name", "null", "Nama taman: wajib diisi."},
		{"too long", "name", "repeat('x', 21)", "Nama taman: terlalu panjang, paling banyak 20 huruf."},
		{"unknown code", "kind", "'forest'", `Jenis: kode "forest" tidak ada dalam daftar park_kind versi 1. Kode yang ada antara lain: city, quarter.`},
		{"below", "trees", "-1", "Jumlah pohon: nilai -1 di luar rentang paling sedikit 0."},
		{"above", "share", "100.5", "Porsi hijau: nilai 100.5 di luar rentang 0 sampai 100 %."},
		{"not a number", "share", "'NaN'", "Porsi hijau: harus berupa angka biasa."},
		{"infinite", "share", "'-infinity'", "Porsi hijau: harus berupa angka biasa."},
		{"endless date", "since", "'infinity'", "Sejak: tanggal harus antara tahun 1 dan 9999."},
		{"endless time", "checked", "'-infinity'", "Diperiksa: tanggal harus antara tahun 1 dan 9999."},
		{"id", "id", "99", "Nomor fitur (id) tidak boleh diubah."},
		{"empty geometry", "geom", "st_geomfromtext('MULTIPOLYGON EMPTY', 4326)", "Geometri kosong. Gambar bentuknya dahulu, atau biarkan tanpa geometri (NULL)."},
		{"bow tie", "geom", "st_geomfromtext('MULTIPOLYGON(((0 0,1 1,1 0,0 1,0 0)))', 4326)", "Geometri tidak sah: garis batasnya berpotongan sendiri di bujur 0.5000000, lintang 0.5000000."},
		{"outside", "geom", "st_geomfromtext('MULTIPOLYGON(((0 0,200 0,200 1,0 0)))', 4326)", "Koordinat di luar dunia: bujur 0 sampai 200, lintang 0 sampai 1. Periksa sistem koordinat (CRS) datanya; seharusnya EPSG:4326."},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := conn.Exec(t.Context(), fmt.Sprintf("update plan.park set %s = %s", c.column, c.value))
			var pg *pgconn.PgError
			if !errors.As(err, &pg) {
				t.Fatalf("stored: %v", err)
			}
			if pg.Code != "23514" || pg.Message != c.message || pg.Detail == "" || pg.ColumnName != c.column {
				t.Errorf("%s %q, column %q, detail %q", pg.Code, pg.Message, pg.ColumnName, pg.Detail)
			}
		})
	}
	// The second line holds where the trigger is off.
	db.Exec(t, "alter table plan.park disable trigger check_feature")
	for _, set := range []string{
		"name = null", "name = repeat('x', 21)", "trees = -1", "share = 100.5", "share = 'NaN'", "since = 'infinity'",
		"checked = 'infinity'", "id = 0", "geom = st_geomfromtext('MULTIPOLYGON(((0 0,200 0,200 1,0 0)))', 4326)",
	} {
		if _, err := conn.Exec(t.Context(), "update plan.park set "+set); err == nil {
			t.Errorf("without the trigger, %s is stored", set)
		}
	}
}

// TestHostileGeometry sends what no well-meaning program does, in binary.
func TestHostileGeometry(t *testing.T) {
	db := withPark(t)
	conn := db.Conn(t)
	encode := func(g orb.Geometry) []byte {
		b, err := geo.EncodeEWKB(nil, g, 4326)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	ring := func(x float64) orb.Geometry {
		return orb.MultiPolygon{{{{95, 5}, {x, 5}, {95.1, 5.1}, {95, 5}}}}
	}
	for name, b := range map[string][]byte{
		"NaN":               encode(ring(math.NaN())),
		"infinity":          encode(ring(math.Inf(1))),
		"minus infinity":    encode(ring(math.Inf(-1))),
		"200,001 vertices":  encode(star(200_001)),
		"20,001 parts":      encode(manyParts(20_001)),
		"entangled":         encode(spikes(25_000)),
		"wrong SRID":        reSRID(encode(ring(95.1)), 3857),
		"wrong type":        encode(orb.Point{95, 5}),
		"unclosed":          encode(orb.MultiPolygon{{{{95, 5}, {95.1, 5}, {95.1, 5.1}, {95, 5.1}}}}),
		"too few points":    encode(orb.MultiPolygon{{{{95, 5}, {95.1, 5}, {95, 5}}}}),
		"empty part":        encode(orb.MultiPolygon{{}}),
		"a count of 2^32-1": {1, 6, 0, 0, 0x20, 0xe6, 0x10, 0, 0, 0xff, 0xff, 0xff, 0xff},
	} {
		_, err := conn.Exec(t.Context(), "insert into plan.park (name, geom) values ('x', st_geomfromewkb($1))", b)
		if err == nil {
			t.Errorf("%s is stored", name)
		}
	}
	if n := scan[int](t, conn, "select count(*) from simtaru.change"); n != 0 {
		t.Errorf("%d changes recorded", n)
	}
	// Honest large geometries are taken: GEOS is through them at once.
	for name, g := range map[string]orb.Geometry{"coast": star(20_000), "comb": comb(100_000), "parts": manyParts(9_999)} {
		if _, err := conn.Exec(t.Context(), "insert into plan.park (name, geom) values ($1, st_geomfromewkb($2))", name, encode(g)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// spikes is a valid star whose spikes all start near its centre, so that the
// boxes of most of its segments meet.
func spikes(n int) orb.MultiPolygon {
	ring := make(orb.Ring, n)
	for i := range ring[:n-1] {
		angle := 2 * math.Pi * float64(i) / float64(n-1)
		r := 1.0
		if i%2 == 1 {
			r = 0.001
		}
		ring[i] = orb.Point{95 + r*math.Cos(angle), 5 + r*math.Sin(angle)}
	}
	ring[n-1] = ring[0]
	return orb.MultiPolygon{{ring}}
}

// comb is a valid ring of long teeth side by side.
func comb(n int) orb.MultiPolygon {
	ring := make(orb.Ring, 0, n)
	for i := range n - 3 {
		ring = append(ring, orb.Point{95 + float64(i)*1e-5, 5 + float64(1-i%2)})
	}
	ring = append(ring, orb.Point{95 + float64(n)*1e-5, 4.9}, orb.Point{95, 4.9}, ring[0])
	return orb.MultiPolygon{{ring}}
}

// star is a valid ring of n vertices.
func star(n int) orb.MultiPolygon {
	ring := make(orb.Ring, n)
	for i := range ring[:n-1] {
		angle := 2 * math.Pi * float64(i) / float64(n-1)
		r := 0.1
		if i%2 == 1 {
			r = 0.09
		}
		ring[i] = orb.Point{95 + r*math.Cos(angle), 5 + r*math.Sin(angle)}
	}
	ring[n-1] = ring[0]
	return orb.MultiPolygon{{ring}}
}

func manyParts(n int) orb.MultiPolygon {
	g := make(orb.MultiPolygon, n)
	for i := range g {
		x := 95 + float64(i)*0.001
		g[i] = orb.Polygon{{{x, 5}, {x + 0.0005, 5}, {x, 5.0005}, {x, 5}}}
	}
	return g
}

func reSRID(b []byte, srid uint32) []byte {
	binary.LittleEndian.PutUint32(b[5:], srid)
	return b
}

// TestSignedByTheDatabase: revision, moment and author are the database's,
// whatever the client sends.
func TestSignedByTheDatabase(t *testing.T) {
	db := withPark(t)
	conn := db.Conn(t)
	var revision int64
	var by string
	var at time.Time
	row := func(sql string) {
		t.Helper()
		if err := conn.QueryRow(t.Context(), sql+" returning revision, updated_by, updated_at").Scan(&revision, &by, &at); err != nil {
			t.Fatal(err)
		}
	}
	row("insert into plan.park (name, revision, updated_by, updated_at) values ('a', 77, 'somebody', '1999-01-01')")
	if revision != 1 || by != "postgres" || time.Since(at) > time.Minute {
		t.Errorf("insert: revision %d by %s at %v", revision, by, at)
	}
	login(t, db, "siti", "simtaru_planner")
	login(t, db, "agus")
	exec := func(sql string) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	// The server names the person it acts for.
	exec("set simtaru.actor = 'budi'")
	exec("set role simtaru_planner")
	row("update plan.park set name = 'b', revision = 5")
	if revision != 2 || by != "budi" {
		t.Errorf("update for another: revision %d by %s", revision, by)
	}
	// A planner's own login cannot.
	exec("reset role")
	exec("set session authorization siti")
	row("update plan.park set name = 'c'")
	if revision != 3 || by != "siti" {
		t.Errorf("update by herself: revision %d by %s", revision, by)
	}
	exec("set session authorization agus")
	if _, err := conn.Exec(t.Context(), "update plan.park set name = 'd'"); err == nil {
		t.Error("a stranger may edit")
	}
	exec("reset session authorization")
	for _, sql := range []string{
		"update history.park set name = 'forged'", "insert into simtaru.change (layer, feature, op, revision, actor, at) values ('park', 1, 'create', 1, 'x', now())",
		"delete from simtaru.change", "update simtaru.layer set ddl = ''", "update simtaru.state set catalog = 0", "truncate plan.park",
		"select simtaru.prune('0')", "create table plan.mine (x int)",
	} {
		exec("set role simtaru_planner")
		if _, err := conn.Exec(t.Context(), sql); err == nil {
			t.Errorf("a planner may %s", sql)
		}
		exec("reset role")
	}
	// What belongs to the server alone is no administrator's either.
	exec("set role simtaru_admin")
	if _, err := conn.Exec(t.Context(), "select simtaru.prune('0')"); err == nil {
		t.Error("an administrator prunes the change feed")
	}
	exec("reset role")
	if _, err := db.Store.Prune(t.Context(), time.Hour); err != nil {
		t.Errorf("the server prunes: %v", err)
	}
	for _, sql := range []string{"insert into plan.park (name) values ('x')", "update plan.park set name = 'x'", "select * from simtaru.change"} {
		exec("set role simtaru_public")
		if _, err := conn.Exec(t.Context(), sql); err == nil {
			t.Errorf("the public may %s", sql)
		}
		exec("reset role")
	}
	if _, err := conn.Exec(t.Context(), "truncate plan.park"); err == nil || !strings.Contains(err.Error(), "tidak boleh dikosongkan") {
		t.Errorf("truncate: %v", err)
	}
}

type version struct {
	Revision int64
	Op       string
	Name     *string
	Current  bool
}

func versions(t *testing.T, conn *pgx.Conn, id int64) []version {
	t.Helper()
	rows, err := conn.Query(t.Context(), "select revision, sys_op, name, sys_to is null from history.park where id = $1 order by revision", id)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[version])
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestHistory follows one feature through its life, and back to it.
func TestHistory(t *testing.T) {
	db := withPark(t)
	conn := db.Conn(t)
	id := insertPark(t, conn, "a", square)
	db.Exec(t, "update plan.park set name = 'b'")
	db.Exec(t, "update plan.park set name = 'b'") // nothing changes, and yet it is a version
	db.Exec(t, "delete from plan.park")
	db.Exec(t, "insert into plan.park (id, name) values ($1, 'c')", id)
	want := []version{
		{1, "create", ptr("a"), false},
		{2, "update", ptr("b"), false},
		{3, "update", ptr("b"), false},
		{4, "delete", nil, false},
		{5, "create", ptr("c"), true},
	}
	got := versions(t, conn, id)
	if fmt.Sprint(deref(got)) != fmt.Sprint(deref(want)) {
		t.Errorf("versions %v\nwant     %v", deref(got), deref(want))
	}
	// At every moment at most one version is current, and the versions of a
	// feature that exists follow each other without a gap.
	if n := scan[int](t, conn, `select count(*) from history.park a join history.park b on a.id = b.id and a.revision < b.revision
		where a.sys_to is null or a.sys_to > b.sys_from`); n != 0 {
		t.Errorf("%d pairs of versions overlap", n)
	}
	if n := scan[int](t, conn, "select count(*) from history.park where sys_op <> 'delete' and sys_to <= sys_from"); n != 0 {
		t.Errorf("%d versions were never current", n)
	}
	// The id that was chosen does not come again by itself.
	if next := insertPark(t, conn, "d", square); next <= id {
		t.Errorf("id %d follows %d", next, id)
	}
	db.Exec(t, "insert into plan.park (id, name) values (1000, 'far')")
	if next := insertPark(t, conn, "e", square); next != 1001 {
		t.Errorf("id %d follows 1000", next)
	}
}

func deref(vs []version) []string {
	var out []string
	for _, v := range vs {
		name := "-"
		if v.Name != nil {
			name = *v.Name
		}
		out = append(out, fmt.Sprintf("%d %s %s %v", v.Revision, v.Op, name, v.Current))
	}
	return out
}

// TestHistoryOfWaitingTransaction: a transaction that began first and waited
// for a row writes a version after the one it waited for.
func TestHistoryOfWaitingTransaction(t *testing.T) {
	db := withPark(t)
	id := insertPark(t, db.Conn(t), "a", square)
	old, err := db.Conn(t).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := old.Exec(t.Context(), "select now()"); err != nil {
		t.Fatal(err)
	}
	db.Exec(t, "update plan.park set name = 'b'")
	if _, err := old.Exec(t.Context(), "update plan.park set name = 'c'"); err != nil {
		t.Fatal(err)
	}
	if _, err := old.Exec(t.Context(), "update plan.park set name = 'd'"); err != nil {
		t.Fatal(err)
	}
	if err := old.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	conn := db.Conn(t)
	if n := scan[int](t, conn, "select count(*) from history.park where sys_to <= sys_from"); n != 0 {
		t.Errorf("%d versions were never current", n)
	}
	if got := scan[string](t, conn, "select string_agg(name, '' order by sys_from) from history.park where id = $1", id); got != "abcd" {
		t.Errorf("in order of time: %s", got)
	}
}

// TestBulkInsert: 10,000 rows are 10,000 changes and versions, and one
// notification a statement.
func TestBulkInsert(t *testing.T) {
	db := withPark(t)
	conn, listener := db.Conn(t), db.Conn(t)
	if _, err := listener.Exec(t.Context(), "listen simtaru_change"); err != nil {
		t.Fatal(err)
	}
	db.Exec(t, `insert into plan.park (name, geom)
		select i::text, st_multi(st_makeenvelope(95 + i * 0.0001, 5, 95.00005 + i * 0.0001, 5.0001, 4326)) from generate_series(1, 10000) i`)
	db.Exec(t, "update plan.park set kind = 'city' where id <= 10")
	for _, sql := range []string{"set simtaru.empty_update = 'on'", "update plan.park set kind = 'city' where false"} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	db.Exec(t, "delete from plan.park where id > 9990")
	for _, c := range []struct {
		sql  string
		want int
	}{
		{"select count(*) from simtaru.change where op = 'create' and before_box is null and after_box[1] > 95", 10000},
		{"select count(*) from simtaru.change where op = 'update' and before_box = after_box", 10},
		{"select count(*) from simtaru.change where op = 'delete' and after_box is null and before_box is not null", 10},
		{"select count(distinct txid) from simtaru.change", 3},
		{"select count(*) from history.park", 10020},
		{"select count(*) from history.park where sys_to is null", 9990},
	} {
		if got := scan[int](t, conn, c.sql); got != c.want {
			t.Errorf("%s: %d, want %d", c.sql, got, c.want)
		}
	}
	var notes []string
	for {
		// What was sent by committed transactions comes with the answer of any
		// later statement, so nothing has to be waited for.
		if _, err := listener.Exec(t.Context(), "select 1"); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		n, err := listener.WaitForNotification(ctx)
		cancel()
		if err != nil {
			break
		}
		notes = append(notes, n.Payload)
	}
	if fmt.Sprint(notes) != "[park park park]" {
		t.Errorf("notifications %v, want one for each statement that touched a row", notes)
	}
}

// TestChosenIDsMoveTheSequence: the first row of a table may name the id that
// the sequence would give next.
func TestChosenIDsMoveTheSequence(t *testing.T) {
	db := withPark(t)
	conn := db.Conn(t)
	for _, id := range []int64{1, 7} {
		db.Exec(t, fmt.Sprintf("insert into plan.park (id, name) values (%d, 'chosen')", id))
		if got := insertPark(t, conn, "given", square); got != id+1 {
			t.Errorf("after the id %d comes %d", id, got)
		}
	}
}
