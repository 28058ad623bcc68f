package postgis_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/postgis"
)

// begun starts statements on a connection and returns how they end.
func begun(t *testing.T, conn *pgx.Conn, sql string) <-chan error {
	t.Helper()
	ended := make(chan error, 1)
	go func() {
		_, err := conn.PgConn().Exec(context.WithoutCancel(t.Context()), sql).ReadAll()
		ended <- err
	}()
	return ended
}

// waits reports, within ten seconds, that a connection waits for the lock of a
// layer.
func (y *topology) waits(t *testing.T, conn *pgx.Conn) bool {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if scan[bool](t, y.conn, "select exists (select from pg_locks where pid = $1 and not granted)", conn.PgConn().PID()) {
			return true
		}
	}
	return false
}

// neighbours draws two overlapping zones in two transactions, and lets the
// first one look before the second has committed.
func neighbours(t *testing.T, y *topology, wait bool) {
	t.Helper()
	a, b := y.DB.Conn(t), y.DB.Conn(t)
	for _, s := range []struct {
		conn *pgx.Conn
		sql  string
	}{
		{a, "begin"},
		{b, "begin"},
		{a, insert("zone", 1, rect(0, 0, 5, 5))},
		{b, insert("zone", 2, rect(4, 0, 9, 5))},
		{a, "set constraints all immediate"},
	} {
		if _, err := s.conn.Exec(t.Context(), s.sql); err != nil {
			t.Fatal(err)
		}
	}
	second := begun(t, b, "commit")
	if wait && !y.waits(t, b) {
		t.Error("the second commit does not wait for the first")
	}
	if !wait {
		if err := <-second; err != nil {
			t.Fatal(err)
		}
	}
	if _, err := a.Exec(t.Context(), "commit"); err != nil {
		t.Fatal(err)
	}
	if wait {
		if err := <-second; err != nil {
			t.Fatal(err)
		}
	}
}

// TestNeighboursAtTheSameMoment: neither sees the other's zone when it looks
// first, yet the overlap is found. Without the lock it is not, which shows that
// the test can fail.
func TestNeighboursAtTheSameMoment(t *testing.T) {
	y := withTopology(t, zone("zone", plan.Topology{NoOverlap: true, ToleranceM2: 1}))
	neighbours(t, y, true)
	y.want(t, "zone overlap 1 2 5.0")
	y.do(t, "delete from plan.zone")
	y.want(t)
	y.do(t, "create or replace function simtaru.topology_lock(in_layer text) returns void language sql as 'select'")
	neighbours(t, y, false)
	y.want(t)
}

// TestCommitWithoutTheLock: a commit that does not get a layer's lock, here
// because somebody looked early and goes on editing, is stored all the same and
// leaves the layer to the check of the whole. An advisory lock, which anybody
// may take, keeps nobody waiting.
func TestCommitWithoutTheLock(t *testing.T) {
	y := withTopology(t, zone("zone", plan.Topology{NoOverlap: true, ToleranceM2: 1}))
	stranger, early := y.DB.Conn(t), y.DB.Conn(t)
	if _, err := stranger.Exec(t.Context(), "set role simtaru_public; select pg_advisory_lock(1953459311, hashtext('zone'))"); err != nil {
		t.Fatal(err)
	}
	y.do(t, "set lock_timeout = '100ms'", insert("zone", 1, rect(0, 0, 5, 5)))
	y.want(t) // looked at
	for _, sql := range []string{"select from simtaru.topology_rule for update", "lock table simtaru.topology_rule in access share mode", "select simtaru.topology_lock('zone')"} {
		for _, role := range plan.Roles {
			err := y.Store.Edit(t.Context(), plan.Actor{Name: "x", Role: role}, func(tx pgx.Tx) error {
				_, err := tx.Exec(t.Context(), sql)
				return err
			})
			if e := refusal(t, err); e.Kind != plan.Denied {
				t.Errorf("%s: %s: %v", role, sql, err)
			}
		}
	}
	if _, err := early.Exec(t.Context(), "begin; set constraints all immediate; "+insert("zone", 2, rect(10, 0, 15, 5))); err != nil {
		t.Fatal(err)
	}
	y.do(t, insert("zone", 3, rect(14, 0, 19, 5)))
	if n := scan[int](t, y.conn, "select count(*) from plan.zone where id = 3"); n != 1 {
		t.Error("the feature is not stored")
	}
	if due, err := y.Store.TopologyDue(t.Context()); err != nil || len(due) != 1 || due[0].Layer != "zone" {
		t.Errorf("%+v, %v", due, err)
	}
	if _, err := early.Exec(t.Context(), "commit"); err != nil {
		t.Fatal(err)
	}
	y.check(t)
	y.want(t, "zone overlap 2 3 5.0")
}

// TestOrderOfLocks edits two layers, in opposite orders, from two connections
// at the same time: no commit ends in a deadlock.
func TestOrderOfLocks(t *testing.T) {
	y := withTopology(t, zone("city", plan.Topology{}), zone("north", plan.Topology{NoOverlap: true, Within: "city"}), zone("south", plan.Topology{Coverage: true}))
	y.do(t, insert("city", 1, rect(0, 0, 100, 100)))
	var group sync.WaitGroup
	for who, layers := range [][]string{{"north", "south", "city"}, {"city", "south", "north"}, {"south", "city", "north"}} {
		conn := y.DB.Conn(t)
		group.Go(func() {
			for i := range 25 {
				var b strings.Builder
				for j, l := range layers {
					fmt.Fprintf(&b, "%s; ", insert(l, 1000*(who+1)+10*i+j, rect(float64(i), float64(10*who), float64(i)+1.5, float64(10*who)+9)))
				}
				if _, err := conn.PgConn().Exec(t.Context(), "begin; "+b.String()+"commit").ReadAll(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	before := y.issues(t)
	y.check(t)
	y.want(t, before...)
	if len(before) < 3*24 {
		t.Errorf("only %d issues", len(before))
	}
}

// TestOldSnapshot: a transaction whose snapshot is older than its neighbour's
// commit cannot look, and leaves it to the check of the whole layer.
func TestOldSnapshot(t *testing.T) {
	y := withTopology(t, zone("zone", plan.Topology{NoOverlap: true, ToleranceM2: 1}))
	for i, level := range []string{"repeatable read", "serializable"} {
		old := y.DB.Conn(t)
		if _, err := old.Exec(t.Context(), "begin isolation level "+level+"; select count(*) from plan.zone"); err != nil {
			t.Fatal(err)
		}
		x := float64(20 * i)
		y.do(t, insert("zone", 2*i+1, rect(x, 0, x+5, 5)))
		if _, err := old.Exec(t.Context(), insert("zone", 2*i+2, rect(x+4, 0, x+9, 5))+"; commit"); err != nil {
			t.Fatal(err)
		}
		if due, err := y.Store.TopologyDue(t.Context()); err != nil || len(due) != 1 {
			t.Fatalf("%s: %+v, %v", level, due, err)
		}
		y.check(t)
	}
	y.want(t, "zone overlap 1 2 5.0", "zone overlap 3 4 5.0")
}

// TestManyAtOnce: a transaction of many features marks the layer instead of
// looking; edits until the check are found by it.
func TestManyAtOnce(t *testing.T) {
	y := withTopology(t, zone("zone", plan.Topology{NoOverlap: true, ToleranceM2: 1}))
	y.do(t, `insert into plan.zone (geom) select st_multi(st_makeenvelope(95 + i * 1e-4, 5, 95 + i * 1e-4 + 1e-4, 5.0001, 4326)) from generate_series(1, 501) i`)
	due, err := y.Store.TopologyDue(t.Context())
	if err != nil || len(due) != 1 || due[0].Layer != "zone" || due[0].Actor != "postgres" {
		t.Fatalf("%+v, %v", due, err)
	}
	y.do(t, insert("zone", 1001, rect(0, 0, 5, 5)), insert("zone", 1002, rect(4, 0, 9, 5)))
	if got := y.issues(t); len(got) > 0 {
		t.Errorf("found before the check: %v", got)
	}
	y.check(t)
	y.want(t, "zone overlap 1001 1002 5.0")
	// Attributes of all features are no reason.
	y.do(t, "update plan.zone set name = 'x'")
	y.want(t, "zone overlap 1001 1002 5.0")
}

// TestEditsDuringACheck: what is saved while a layer is scanned, looked at by
// its own commit or not, is right afterwards. Too much of it makes the check
// give up, and the layer waits on.
func TestEditsDuringACheck(t *testing.T) {
	for _, marked := range []bool{false, true} {
		y := coverage(t)
		y.do(t, redraw("zone", 1, rect(0, 0, 6, 5)))
		if marked {
			y.do(t, "begin isolation level repeatable read; "+redraw("zone", 2, rect(5, 1, 10, 5))+"; commit")
		} else {
			y.do(t, redraw("zone", 2, rect(5, 1, 10, 5)))
		}
		layer := y.layers[1]
		err := y.Store.CheckTopology(t.Context(), layer, "checker", func(p postgis.TopologyProgress) {
			if p.Done == 0 { // after the snapshot, before the first portion
				y.do(t, redraw("zone", 1, rect(0, 0, 5, 5)), redraw("zone", 3, rect(0, 5, 7, 10)), redraw("city", 2, rect(5, 0, 9, 10)))
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		y.want(t, "zone gap 4.0", "zone outside 2 4.0", "zone outside 4 5.0", "zone overlap 3 4 10.0")
		n := 0
		err = y.Store.CheckTopology(t.Context(), layer, "checker", func(p postgis.TopologyProgress) {
			if p.Done == 0 {
				n++
				y.do(t, fmt.Sprintf("insert into plan.zone (geom) select st_translate(%s, i * 1e-4, %d) from generate_series(1, 501) i", rect(20, 20, 21, 21), n))
			}
		})
		if due, errDue := y.Store.TopologyDue(t.Context()); err == nil || n != 3 || errDue != nil || len(due) != 1 {
			t.Errorf("%d tries, %v, %+v", n, err, due)
		}
	}
}

// TestHostileOverlap: two valid features whose teeth cross 225,000,000 times,
// with which GEOS would be busy for longer than anybody waits. Both are saved,
// and said to be beyond checking; gaps are left to the check, which says the same
// of them. Edits elsewhere are looked at as ever, and what is mended is checked.
func TestHostileOverlap(t *testing.T) {
	y := withTopology(t, zone("zone", plan.Topology{NoOverlap: true, ToleranceM2: 1}), zone("cover", plan.Topology{Coverage: true, ToleranceM2: 1}))
	upright, level := combs()
	for _, layer := range []string{"zone", "cover"} {
		y.draw(t, layer, 1, upright)
		y.draw(t, layer, 2, level)
	}
	due, err := y.Store.TopologyDue(t.Context())
	if got := y.issues(t); err != nil || len(due) != 1 || due[0].Layer != "cover" || !slices.Equal(got, []string{"zone unchecked 1 2 ?"}) {
		t.Errorf("%v; waiting %+v, %v", got, due, err)
	}
	y.check(t)
	y.want(t, "cover unchecked 1 2 ?", "cover unchecked ?", "zone unchecked 1 2 ?")
	y.compare(t, "with two combs")
	got := scan[string](t, y.conn, "select message || ' ' || message_en from plan.topology_issue where layer = 'cover' and feature_a is null and geom && "+rect(-2500, -4500, -2499, -4499))
	if want := "Zona cover: celah di kotak ini tidak dapat dicari: batas-batas di sini saling memotong terlalu sering. " +
		"Zones cover: gaps in this box could not be looked for: borders here cross each other too often."; got != want {
		t.Errorf("message %q", got)
	}
	far := []float64{20000, 0, 20009, 1, 20008, 5, 20001, 5}
	y.do(t, "delete from plan.zone where id = 1", insert("cover", 3, poly(far...)), insert("cover", 4, poly(far...)))
	y.want(t, "cover overlap 3 4 36.0", "cover unchecked 1 2 ?", "cover unchecked ?")
	y.do(t, "delete from plan.cover where id > 2", insert("cover", 5, rect(5000, 4000, 5005, 4005)))
	if due, err := y.Store.TopologyDue(t.Context()); err != nil || len(due) != 1 || due[0].Layer != "cover" {
		t.Errorf("after an edit where nothing could be checked: %+v, %v", due, err)
	}
	y.check(t)
	y.want(t, "cover unchecked 1 2 ?", "cover unchecked ?")
	y.do(t, "delete from plan.cover where id = 1")
	y.check(t)
	y.want(t)
	y.do(t, insert("cover", 6, rect(5000, 4000, 5005, 4005)))
	y.want(t, "cover overlap 5 6 25.0")
}

// TestHostileOuterLayer: features of an outer layer cross each other as above.
// What does not lie within one of them may lie outside or not; nobody can tell,
// and that is said, of features and of gaps, until the outer layer is mended.
func TestHostileOuterLayer(t *testing.T) {
	y := withTopology(t, zone("city", plan.Topology{}), zone("part", plan.Topology{Within: "city"}), zone("cover", plan.Topology{Coverage: true, ToleranceM2: 1, Within: "city"}))
	upright, level := combs()
	y.draw(t, "city", 1, upright)
	y.do(t, insert("part", 1, rect(-3000, -5000, -1500, -3500)), insert("part", 2, rect(-2900, -5900, -1900, -5800)), insert("part", 3, rect(-1605, -3605, -1600, -3600)))
	before := y.issues(t)
	if len(before) != 3 || !strings.HasPrefix(before[0], "cover gap ") || !strings.HasPrefix(before[1], "part outside 1 ") || !strings.HasPrefix(before[2], "part outside 3 ") {
		t.Fatalf("with one comb: %v", before)
	}
	y.draw(t, "city", 2, level)
	if due, err := y.Store.TopologyDue(t.Context()); err != nil || len(due) != 1 || due[0].Layer != "cover" {
		t.Errorf("waiting %+v, %v", due, err)
	}
	y.check(t)
	y.want(t, "cover unchecked ?", "part outside 3 0.5", "part unchecked 1 ?")
	y.compare(t, "with two combs")
	if got, want := scan[string](t, y.conn, "select message_en from plan.topology_issue where layer = 'part' and feature_a = 1"),
		"Zones part: whether feature 1 lies outside Zones city could not be checked: borders here cross each other too often."; got != want {
		t.Errorf("message %q", got)
	}
	y.do(t, redraw("part", 1, rect(-3000, -5000, -1500, -3600)))
	y.want(t, "cover unchecked ?", "part outside 3 0.5", "part unchecked 1 ?")
	y.do(t, redraw("part", 1, rect(-3000, -5000, -1500, -3500)))
	y.do(t, "delete from plan.city where id = 2")
	y.check(t)
	y.want(t, before...)
}

// TestHalfTheWorld: what reaches around the world has no area that PostGIS could
// compute, and is an issue all the same.
func TestHalfTheWorld(t *testing.T) {
	y := withTopology(t, zone("globe", plan.Topology{}), zone("apart", plan.Topology{NoOverlap: true}), zone("inner", plan.Topology{Within: "globe"}),
		zone("free", plan.Topology{Coverage: true}), zone("cover", plan.Topology{Coverage: true, Within: "globe"}))
	box := func(w, s, e, n float64) string {
		return fmt.Sprintf("st_multi(st_makeenvelope(%g, %g, %g, %g, 4326))", w, s, e, n)
	}
	y.do(t, insert("apart", 1, box(-180, -90, 0, 90)), insert("apart", 2, box(-90, -90, 90, 90)))
	y.want(t, "apart overlap 1 2 ?")
	y.do(t, insert("inner", 1, box(-180, -90, 0, 90)))
	y.want(t, "apart overlap 1 2 ?", "inner outside 1 ?")
	y.do(t, insert("globe", 1, box(-180, -90, 0, 90)))
	y.want(t, "apart overlap 1 2 ?", "cover gap ?")
	y.do(t, insert("cover", 1, box(-180, -90, -1, 90)), insert("free", 1, box(-180, -90, 0, 90)))
	y.want(t, "apart overlap 1 2 ?", "cover gap ?")
	y.do(t, "insert into plan.free (id, geom) select 2, st_multi(st_difference("+box(0, -90, 180, 90)+", "+rect(0, 0, 5, 5)+"))")
	y.want(t, "apart overlap 1 2 ?", "cover gap ?", "free gap 25.0")
	changes := scan[int](t, y.conn, "select count(*) from simtaru.change")
	y.check(t)
	if n := scan[int](t, y.conn, "select count(*) from simtaru.change"); n != changes {
		t.Errorf("the check changed %d issues", n-changes)
	}
	got := scan[string](t, y.conn, "select string_agg(message_en, ' ' order by layer) from plan.topology_issue where area_m2 is null")
	if want := "Zones apart: features 1 and 2 overlap. Zones cover: a gap that no feature covers."; got != want {
		t.Errorf("messages %q", got)
	}
	y.do(t, insert("free", 3, rect(0, 0, 5, 5)), "delete from plan.apart where id = 1", redraw("cover", 1, box(-180, -90, 0, 90)))
	y.want(t)
}

// TestTooManyIssues: of a plan that is wrong all over the first issues are kept,
// and how many are not is told. Each edit asks for another check then, until
// there are few enough.
func TestTooManyIssues(t *testing.T) {
	y := withTopology(t, zone("zone", plan.Topology{NoOverlap: true, ToleranceM2: 1}), zone("city", plan.Topology{}), zone("cover", plan.Topology{Coverage: true, Within: "city"}))
	y.do(t, "create or replace function simtaru.topology_most() returns bigint language sql immutable as 'select 5'",
		"insert into plan.zone (id, geom) select i, "+rect(0, 0, 5, 5)+" from generate_series(1, 12) i",
		"insert into plan.city (id, geom) select i, st_translate("+rect(0, 0, 5, 5)+", i * 1e-3, 0) from generate_series(1, 8) i")
	gaps := slices.Repeat([]string{"cover gap 25.0"}, 5)
	full := append(slices.Clone(gaps), "cover unchecked ?", "zone overlap 1 10 25.0", "zone overlap 1 11 25.0", "zone overlap 1 12 25.0",
		"zone overlap 1 8 25.0", "zone overlap 1 9 25.0", "zone unchecked ?")
	told := func(layer int) string {
		t.Helper()
		counts, err := y.Store.TopologyIssues(t.Context(), y.layers[layer])
		if err != nil || len(counts) < 2 || counts[0].Issues != 5 || counts[0].Message.EN != "" {
			t.Fatalf("%+v, %v", counts, err)
		}
		return counts[1].Message.EN
	}
	edited := func(sql ...string) {
		t.Helper()
		y.do(t, sql...)
		if due, err := y.Store.TopologyDue(t.Context()); err != nil || len(due) == 0 {
			t.Fatalf("waiting %+v, %v", due, err)
		}
		y.check(t)
	}
	y.check(t)
	slices.Sort(full)
	got := y.issues(t)
	slices.Sort(got)
	if d := cmp.Diff(full, got); d != "" {
		t.Fatal(d)
	}
	y.compare(t, "checked again")
	if got, want := told(0), "Zones zone: 5 issues are shown and at least 45 others are not; mend the data first, perhaps its import."; got != want {
		t.Errorf("told %q", got)
	}
	if got, want := told(2), "Zones cover: 5 issues are shown and 3 others are not; mend the data first, perhaps its import."; got != want {
		t.Errorf("told %q", got)
	}
	edited("delete from plan.zone where id > 6")
	if got, want := told(0), "Zones zone: 5 issues are shown and 10 others are not; mend the data first, perhaps its import."; got != want {
		t.Errorf("told %q", got)
	}
	edited("delete from plan.zone where id > 3", "insert into plan.cover (id, geom) select id, geom from plan.city where id < 4")
	three := []string{"zone overlap 1 2 25.0", "zone overlap 1 3 25.0", "zone overlap 2 3 25.0"}
	y.want(t, append(slices.Clone(gaps), three...)...)
	y.do(t, "delete from plan.zone where id = 2", insert("zone", 2, rect(0, 0, 5, 4)))
	y.want(t, append(slices.Clone(gaps), "zone overlap 1 2 20.0", "zone overlap 1 3 25.0", "zone overlap 2 3 20.0")...)
	// A commit may find more than are kept.
	edited(insert("zone", 4, rect(0, 0, 5, 5)))
	if got, want := told(0), "Zones zone: 5 issues are shown and 1 others are not; mend the data first, perhaps its import."; got != want {
		t.Errorf("told %q", got)
	}
}

// combs are two that cross 225,000,000 times.
func combs() (upright, level orb.MultiPolygon) {
	upright = comb(15_000)
	level = orb.Clone(upright).(orb.MultiPolygon)
	for i, p := range level[0][0] {
		level[0][0][i] = orb.Point{p[1] + 90, p[0] - 90}
	}
	slices.Reverse(level[0][0])
	return upright, level
}

func (y *topology) draw(t testing.TB, layer string, id int, g orb.Geometry) {
	t.Helper()
	b, err := geo.EncodeEWKB(nil, g, 4326)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := y.conn.Exec(t.Context(), "insert into plan."+layer+" (id, geom) values ($1, st_geomfromewkb($2))", id, b); err != nil {
		t.Fatal(err)
	}
}

// TestLinesAndPointsOutside: what has no area is shown with a little around it.
func TestLinesAndPointsOutside(t *testing.T) {
	path, stop := zone("path", plan.Topology{Within: "city"}), zone("stop", plan.Topology{Within: "city"})
	path.Geometry, stop.Geometry = plan.MultiLineString, plan.Point
	y := withTopology(t, zone("city", plan.Topology{}), path, stop)
	y.do(t, insert("city", 1, rect(0, 0, 10, 10)),
		insert("path", 1, "st_geomfromtext('MULTILINESTRING((95.3001 5.5001, 95.3009 5.5009))', 4326)"),
		insert("path", 2, "st_geomfromtext('MULTILINESTRING((95.3001 5.5001, 95.3012 5.5001))', 4326)"),
		insert("stop", 1, "st_geomfromtext('POINT(95.3005 5.5005)', 4326)"),
		insert("stop", 2, "st_geomfromtext('POINT(95.3015 5.5005)', 4326)"))
	y.want(t, "path outside 2 ?", "stop outside 2 ?")
	if m2 := scan[float64](t, y.conn, "select min(st_area(geom::geography)) from plan.topology_issue"); m2 < 10 {
		t.Errorf("drawn on %.1f m2", m2)
	}
	y.do(t, redraw("city", 1, rect(0, 0, 20, 10)))
	y.want(t)
	y.do(t, "delete from plan.city")
	before := y.issues(t)
	if len(before) != 4 {
		t.Errorf("without a city: %v", before)
	}
	y.check(t)
	y.want(t, before...)
}

// TestLoginWithoutOwnership: the server's login need not own the schema, where
// it belongs to its owner; an administrator's does not do.
func TestLoginWithoutOwnership(t *testing.T) {
	y := coverage(t)
	login(t, y.DB, "pelayan", "simtaru_reader", scan[string](t, y.conn, "select nspowner::regrole::text from pg_namespace where nspname = 'simtaru'"))
	login(t, y.DB, "kepala", "simtaru_admin", "simtaru_reader")
	dsn, err := pgx.ParseConfig(y.DSN)
	if err != nil {
		t.Fatal(err)
	}
	open := func(name string) *postgis.Store {
		store, err := postgis.Open(t.Context(), postgis.Config{DSN: fmt.Sprintf("host=%s port=%d dbname=%s user=%s", dsn.Host, dsn.Port, dsn.Database, name)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(store.Close)
		return store
	}
	store, admin := open("pelayan"), open("kepala")
	if _, err := admin.TopologyDue(t.Context()); err == nil {
		t.Error("an administrator calls the server's functions")
	}
	if _, err := admin.Prune(t.Context(), 0); plan.KindOf(err) != plan.Denied {
		t.Errorf("an administrator prunes the change feed: %v", err)
	}
	if n, err := store.Prune(t.Context(), 0); err != nil || n == 0 {
		t.Errorf("the server pruned %d, %v", n, err)
	}
	y.do(t, "begin isolation level serializable; "+redraw("zone", 1, rect(0, 0, 6, 5))+"; commit")
	if due, err := store.TopologyDue(t.Context()); err != nil || len(due) != 1 {
		t.Fatalf("%+v, %v", due, err)
	}
	if err := store.CheckTopology(t.Context(), y.layers[1], "checker", nil); err != nil {
		t.Fatal(err)
	}
	y.want(t, "zone overlap 1 2 5.0")
	counts, err := store.TopologyIssues(t.Context(), y.layers[1])
	if err != nil || len(counts) != 1 || counts[0].Kind != "overlap" || counts[0].Issues != 1 {
		t.Errorf("%+v, %v", counts, err)
	}
}

// TestCancelledCheck changes nothing.
func TestCancelledCheck(t *testing.T) {
	y := coverage(t)
	y.do(t, "begin isolation level repeatable read; "+redraw("zone", 1, rect(0, 0, 6, 5))+"; commit")
	ctx, cancel := context.WithCancel(t.Context())
	if err := y.Store.CheckTopology(ctx, y.layers[1], "checker", func(postgis.TopologyProgress) { cancel() }); err == nil {
		t.Error("it went on")
	}
	if due, err := y.Store.TopologyDue(t.Context()); err != nil || len(due) != 1 {
		t.Errorf("%+v, %v", due, err)
	}
	y.check(t)
	y.want(t, "zone overlap 1 2 5.0")
}
