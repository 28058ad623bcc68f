package postgis_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/testdb"
)

// zone is a layer with a topology and one field.
func zone(id string, t plan.Topology) *plan.Layer {
	l := park()
	l.ID, l.Title, l.Topology = id, plan.Text{ID: "Zona " + id, EN: "Zones " + id}, t
	l.Fields = []plan.Field{{Name: "name", Type: plan.TextField, Title: plan.Text{ID: "Nama", EN: "Name"}}}
	return l
}

// topology is a database with layers and the layer of issues, all checked.
type topology struct {
	*testdb.DB
	layers []*plan.Layer
	conn   *pgx.Conn
}

func withTopology(t testing.TB, layers ...*plan.Layer) *topology {
	t.Helper()
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	issues, _ := cat.Layer("topology_issue")
	db := testdb.New(t)
	apply(t, db.Store, issues, cat.Lists()...)
	for _, l := range layers {
		apply(t, db.Store, l)
	}
	y := &topology{db, layers, db.Conn(t)}
	y.check(t)
	return y
}

// check checks all layers as a whole.
func (y *topology) check(t testing.TB) {
	t.Helper()
	for _, l := range y.layers {
		if l.Topology.IsZero() {
			continue
		}
		if err := y.Store.CheckTopology(t.Context(), l, "checker", nil); err != nil {
			t.Fatal(err)
		}
	}
	y.clean(t)
}

// clean fails if a layer waits for a check.
func (y *topology) clean(t testing.TB) {
	t.Helper()
	if due, err := y.Store.TopologyDue(t.Context()); err != nil || len(due) > 0 {
		t.Fatalf("waiting for a check: %+v, %v", due, err)
	}
}

// do runs statements, each in a transaction of its own unless they say begin.
func (y *topology) do(t testing.TB, sql ...string) {
	t.Helper()
	for _, s := range sql {
		if _, err := y.conn.PgConn().Exec(t.Context(), s).ReadAll(); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// issues lists what is wrong, as "layer kind a b area", sorted; the area is
// in units, or unknown.
func (y *topology) issues(t testing.TB) []string {
	t.Helper()
	rows, err := y.conn.Query(t.Context(), `select concat_ws(' ', layer, kind, feature_a, feature_b, coalesce(to_char(round(area_m2::numeric / $1::numeric, 1), 'FM9990.0'), '?'))
		from plan.topology_issue order by layer, kind, feature_a, feature_b, area_m2`, unitM2(t, y.conn))
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (y *topology) want(t testing.TB, want ...string) {
	t.Helper()
	if d := cmp.Diff(want, y.issues(t), cmpopts.EquateEmpty()); d != "" {
		t.Errorf("issues (-want +got):\n%s", d)
	}
	y.clean(t)
}

// The tests draw in units of 0.0001 degrees from 95.3, 5.5: about 11 m.
func unitM2(t testing.TB, conn *pgx.Conn) float64 {
	t.Helper()
	return scan[float64](t, conn, "select st_area(st_makeenvelope(95.3, 5.5, 95.3001, 5.5001, 4326)::geography)")
}

// rect is a rectangle in units, as SQL.
func rect(x0, y0, x1, y1 float64) string {
	return poly(x0, y0, x1, y0, x1, y1, x0, y1)
}

// poly is a polygon of corners in units, as SQL.
func poly(xy ...float64) string {
	var b strings.Builder
	for i := 0; i <= len(xy); i += 2 {
		fmt.Fprintf(&b, "%s%.8f %.8f", map[bool]string{true: ", "}[i > 0], 95.3+xy[i%len(xy)]/1e4, 5.5+xy[i%len(xy)+1]/1e4)
	}
	return "st_geomfromtext('MULTIPOLYGON(((" + b.String() + ")))', 4326)"
}

func insert(layer string, id int, shape string) string {
	return fmt.Sprintf("insert into plan.%s (id, geom) values (%d, %s)", layer, id, shape)
}

func redraw(layer string, id int, shape string) string {
	return fmt.Sprintf("update plan.%s set geom = %s where id = %d", layer, shape, id)
}

// coverage is a city of 10 by 10 units in two halves, covered by four zones in
// quarters: ids 1 2 below, 3 4 above.
func coverage(t testing.TB) *topology {
	t.Helper()
	y := withTopology(t, zone("city", plan.Topology{}), zone("zone", plan.Topology{Coverage: true, ToleranceM2: 1, Within: "city"}))
	y.do(t, "begin",
		insert("city", 1, rect(0, 0, 5, 10)), insert("city", 2, rect(5, 0, 10, 10)),
		insert("zone", 1, rect(0, 0, 5, 5)), insert("zone", 2, rect(5, 0, 10, 5)),
		insert("zone", 3, rect(0, 5, 5, 10)), insert("zone", 4, rect(5, 5, 10, 10)),
		"commit")
	y.want(t)
	return y
}

// TestOverlap: it appears when an edit is saved, follows its shape under the
// same id, and goes when it is mended.
func TestOverlap(t *testing.T) {
	y := coverage(t)
	y.do(t, redraw("zone", 1, rect(0, 0, 6, 5)))
	y.want(t, "zone overlap 1 2 5.0")
	id := scan[int64](t, y.conn, "select id from plan.topology_issue")
	y.do(t, redraw("zone", 1, rect(0, 0, 7, 5)))
	y.want(t, "zone overlap 1 2 10.0")
	if now := scan[int64](t, y.conn, "select id from plan.topology_issue where revision = 2 and updated_by = session_user"); now != id {
		t.Errorf("issue %d became %d", id, now)
	}
	y.do(t, "begin; update plan.zone set name = 'x'; commit", redraw("zone", 3, rect(0, 5, 5, 9)))
	y.want(t, "zone gap 5.0", "zone overlap 1 2 10.0")
	if n := scan[int](t, y.conn, "select count(*) from history.topology_issue where id = $1", id); n != 2 {
		t.Errorf("%d versions of an issue that nothing touched again", n)
	}
	y.do(t, redraw("zone", 3, rect(0, 5, 5, 10)), redraw("zone", 1, rect(0, 0, 5, 5)))
	y.want(t)
	got := scan[string](t, y.conn, "select min(message) || ' ' || min(message_en) from history.topology_issue where revision = 1 and kind = 'overlap'")
	if want := "Zona zone: fitur 1 dan 2 tumpang tindih seluas 612,7 m2. Zones zone: features 1 and 2 overlap by 612.7 m2."; got != want {
		t.Errorf("message %q", got)
	}
}

// TestGap: by shrinking, by deleting, by drawing what leaves a sliver.
func TestGap(t *testing.T) {
	y := coverage(t)
	y.do(t, redraw("zone", 4, rect(5, 5, 9, 10)))
	y.want(t, "zone gap 5.0")
	id := scan[int64](t, y.conn, "select id from plan.topology_issue")
	y.do(t, "delete from plan.zone where id = 4")
	y.want(t, "zone gap 25.0")
	y.do(t, insert("zone", 5, poly(5, 5, 9.9, 5, 10, 10, 5, 10))) // a sliver along the edge
	y.want(t, "zone gap 0.2")
	if now := scan[int64](t, y.conn, "select id from plan.topology_issue"); now != id {
		t.Errorf("issue %d became %d", id, now)
	}
	y.do(t, redraw("zone", 5, rect(5, 5, 10, 10)))
	y.want(t)
	y.do(t, "delete from plan.zone")
	y.want(t, "zone gap 100.0")
	y.do(t, insert("zone", 1, rect(2, 2, 5, 5)), insert("zone", 2, rect(0, 7, 10, 8)))
	y.want(t, "zone gap 20.0", "zone gap 61.0")
}

// TestMergePassesThroughAnOverlap: QGIS enlarges one zone, then deletes the
// other; only what is so at the end counts.
func TestMergePassesThroughAnOverlap(t *testing.T) {
	y := coverage(t)
	y.do(t, "begin; "+redraw("zone", 1, rect(0, 0, 10, 5))+"; delete from plan.zone where id = 2; commit")
	y.want(t)
	y.do(t, "begin; "+redraw("zone", 1, rect(0, 0, 5, 5))+"; savepoint a; "+redraw("zone", 3, rect(0, 0, 5, 10))+"; rollback to a; "+
		insert("zone", 6, rect(5, 0, 10, 5))+"; commit")
	y.want(t)
	if n := scan[int](t, y.conn, "select count(*) from history.topology_issue"); n != 0 {
		t.Errorf("%d versions of issues that never were", n)
	}
	// Who asks to know at once is told at once, and again.
	y.do(t, "begin; set constraints all immediate", redraw("zone", 3, rect(0, 4, 5, 10)))
	y.want(t, "zone overlap 1 3 5.0")
	y.do(t, redraw("zone", 3, rect(0, 5, 5, 10)))
	y.want(t)
	y.do(t, "commit")
}

// TestTolerance: what is below is noise, until it grows.
func TestTolerance(t *testing.T) {
	y := withTopology(t, zone("zone", plan.Topology{NoOverlap: true, ToleranceM2: 100}), zone("cover", plan.Topology{Coverage: true, ToleranceM2: 1500}))
	y.do(t, insert("zone", 1, rect(0, 0, 5, 5)), insert("zone", 2, rect(4.9, 0, 10, 5)))
	y.want(t) // 61 m2
	y.do(t, redraw("zone", 2, rect(4.8, 0, 10, 5)))
	y.want(t, "zone overlap 1 2 1.0")
	y.do(t, redraw("zone", 2, rect(4.9, 0, 10, 5)))
	y.want(t)
	// Two holes of 10 units, each noise, grow together to one that is not.
	for i, r := range []string{rect(0, 0, 12, 5), rect(0, 10, 12, 15), rect(0, 5, 2, 10), rect(4, 5, 8, 10), rect(10, 5, 12, 10)} {
		y.do(t, insert("cover", i+1, r))
	}
	y.want(t)
	y.do(t, "delete from plan.cover where id = 4")
	y.want(t, "cover gap 40.0")
	y.do(t, insert("cover", 4, rect(4, 5, 8, 10)))
	y.want(t)
}

// TestEnclosedGap: without an outer layer a gap is what the coverage encloses,
// however large and however far from the edit.
func TestEnclosedGap(t *testing.T) {
	y := withTopology(t, zone("ring", plan.Topology{Coverage: true, ToleranceM2: 1}))
	y.do(t,
		insert("ring", 1, rect(0, 0, 100, 1)), insert("ring", 2, rect(0, 1, 1, 99)), insert("ring", 3, rect(99, 1, 100, 99)),
		insert("ring", 4, rect(0, 99, 98, 100)))
	y.want(t)
	y.do(t, insert("ring", 5, rect(98, 99, 100, 100)))
	y.want(t, "ring gap 9603.9")
	y.do(t, insert("ring", 6, rect(50, 1, 51, 99)))
	y.want(t, "ring gap 4704.0", "ring gap 4802.0")
	y.do(t, redraw("ring", 2, rect(0, 2, 1, 99)))
	y.want(t, "ring gap 4704.0")
	y.do(t, "delete from plan.ring")
	y.want(t)
	if n := scan[int](t, y.conn, "select count(*) from simtaru.topology_fact"); n != 1 {
		t.Errorf("%d facts, want the world alone", n)
	}
}

// TestOutside: what leaves the outer layer, and the outer layer that recedes.
func TestOutside(t *testing.T) {
	y := coverage(t)
	y.do(t, redraw("zone", 2, rect(5, 0, 12, 5)))
	y.want(t, "zone outside 2 10.0")
	y.do(t, redraw("zone", 2, rect(5, 0, 10, 5)))
	y.want(t)
	y.do(t, redraw("city", 2, rect(5, 0, 8, 10)))
	y.want(t, "zone outside 2 10.0", "zone outside 4 10.0")
	y.do(t, redraw("city", 2, rect(5, 0, 12, 10)))
	y.want(t, "zone gap 20.0")
	y.do(t, redraw("city", 2, rect(5, 0, 10, 10)), "delete from plan.city where id = 1")
	y.want(t, "zone outside 1 25.0", "zone outside 3 25.0")
	y.do(t, insert("city", 1, rect(0, 0, 5, 10)))
	y.want(t)
}

// TestIssuesFollowTheDeclaration: a rule that goes takes its issues along, one
// that comes marks the layer.
func TestIssuesFollowTheDeclaration(t *testing.T) {
	y := coverage(t)
	y.do(t, redraw("zone", 1, rect(0, 0, 6, 4)))
	y.want(t, "zone gap 5.0", "zone overlap 1 2 4.0")
	l := zone("zone", plan.Topology{})
	apply(t, y.Store, l)
	y.want(t)
	l.Topology = plan.Topology{NoOverlap: true, ToleranceM2: 1}
	apply(t, y.Store, l)
	due, err := y.Store.TopologyDue(t.Context())
	if err != nil || len(due) != 1 || due[0].Layer != "zone" {
		t.Fatalf("%+v, %v", due, err)
	}
	y.layers = []*plan.Layer{l}
	y.check(t)
	y.want(t, "zone overlap 1 2 4.0")
}

// TestNobodyEditsIssues: not even an administrator.
func TestNobodyEditsIssues(t *testing.T) {
	y := coverage(t)
	y.do(t, redraw("zone", 1, rect(0, 0, 6, 5)))
	for _, role := range plan.Roles {
		for _, sql := range []string{
			"delete from plan.topology_issue", "update plan.topology_issue set area_m2 = 0", "insert into plan.topology_issue (layer) values ('x')",
			"delete from simtaru.topology_fact", "insert into simtaru.topology_pending values ('1', 'zone', 1)",
			"select simtaru.topology_hide(1)", "select simtaru.topology_recheck('zone', '{1}', '{0}', null, null)",
			"select simtaru.topology_apply('zone', pg_current_snapshot(), '{overlap}', '{3}', '{4}', array[null::geometry], '{9}', '{}', '{}', 0, false)",
			"select simtaru.topology_scan_overlaps('zone', 0, 9, 9)", "select simtaru.topology_scan_outside('zone', 0, 9, 9)",
			"select simtaru.topology_cells('zone')", "select simtaru.topology_scan_cell('zone', null)",
			"select simtaru.topology_due_layers()", "select simtaru.topology_counts('zone')",
		} {
			err := y.Store.Edit(t.Context(), plan.Actor{Name: "x", Role: role}, func(tx pgx.Tx) error {
				_, err := tx.Exec(t.Context(), sql)
				return err
			})
			if e := refusal(t, err); e.Kind != plan.Denied {
				t.Errorf("%s: %s: %v", role, sql, err)
			}
		}
	}
	y.want(t, "zone overlap 1 2 5.0")
	// A planner's edit writes them, signed by the planner.
	err := y.Store.Edit(t.Context(), plan.Actor{Name: "siti", Role: plan.Planner}, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), redraw("zone", 3, rect(0, 5, 6, 10)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	y.want(t, "zone overlap 1 2 5.0", "zone overlap 3 4 5.0")
	if n := scan[int](t, y.conn, "select count(*) from simtaru.change where layer = 'topology_issue' and actor = 'siti'"); n != 1 {
		t.Errorf("%d changes of issues are signed by the planner", n)
	}
}
