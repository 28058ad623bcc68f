package postgis_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/plan"
)

func editor() plan.Actor { return plan.Actor{Name: "siti", Role: plan.Planner} }

// garden is a square park, single where the layer is multi.
func garden(i int) orb.Polygon {
	x, y := 95.3+float64(i%100)/1000, 5.5+float64(i/100)/1000
	return orb.Polygon{{{x, y}, {x + .0005, y}, {x + .0005, y + .0005}, {x, y + .0005}, {x, y}}}
}

func newPark(i int) plan.Edit {
	return plan.Edit{Layer: "park", Op: plan.Create, HasGeometry: true, Geometry: garden(i), Values: map[string]any{"name": fmt.Sprintf("taman %d", i)}}
}

// faultsOf returns the faults of a commit and fails without any.
func faultsOf(t *testing.T, err error) *plan.Faults {
	t.Helper()
	var f *plan.Faults
	if !errors.As(err, &f) {
		t.Fatalf("got %v, want *plan.Faults", err)
	}
	return f
}

// tally counts everything that an edit could have left behind.
func tally(t *testing.T, conn *pgx.Conn) string {
	t.Helper()
	return scan[string](t, conn, `select format('%s parks, %s versions, %s changes, %s keys',
		(select count(*) from plan.park), (select count(*) from history.park),
		(select count(*) from simtaru.change), (select count(*) from simtaru.idempotency))`)
}

func TestCommitKeepsEveryType(t *testing.T) {
	db := withPark(t)
	conn := db.Conn(t)
	at := time.Date(2026, 11, 24, 3, 15, 0, 123456000, time.UTC)
	done, err := db.Store.Commit(t.Context(), editor(), []plan.Edit{{
		Layer: "park", Op: plan.Create, HasGeometry: true, Geometry: garden(0),
		Values: map[string]any{
			"name": "Taman Sari", "kind": "city", "trees": int64(7), "share": 12.5, "open": true,
			"since": plan.Date("2004-12-26"), "checked": at, "reference": nil,
		},
	}}, plan.Once{})
	if err != nil {
		t.Fatal(err)
	}
	if want := (plan.Edited{Layer: "park", ID: done[0].ID, Revision: 1, Op: plan.Create}); len(done) != 1 || done[0] != want {
		t.Fatalf("got %+v", done)
	}
	got := scan[string](t, conn, `select concat_ws('|', name, kind, trees, share, open, since, checked at time zone 'UTC', reference,
		st_astext(geom), revision, updated_by) from plan.park where id = $1`, done[0].ID)
	want := "Taman Sari|city|7|12.5|t|2004-12-26|2026-11-24 03:15:00.123456|MULTIPOLYGON(((95.3 5.5,95.3005 5.5,95.3005 5.5005,95.3 5.5005,95.3 5.5)))|1|siti"
	if got != want {
		t.Errorf("stored\n%s, want\n%s", got, want)
	}
}

func TestCommitChangesWhatItNames(t *testing.T) {
	db := withPark(t)
	conn := db.Conn(t)
	one := func(e plan.Edit) plan.Edited {
		t.Helper()
		e.Layer = "park"
		done, err := db.Store.Commit(t.Context(), editor(), []plan.Edit{e}, plan.Once{})
		if err != nil {
			t.Fatal(err)
		}
		return done[0]
	}
	id := one(plan.Edit{Op: plan.Create, HasGeometry: true, Geometry: garden(0), Values: map[string]any{"name": "a", "trees": int64(3)}}).ID
	row := func() string {
		return scan[string](t, conn, "select format('%s %s %s %s', name, trees, geom is null, revision) from plan.park where id = $1", id)
	}
	for _, step := range []struct {
		edit plan.Edit
		want string
		rev  int64
	}{
		{plan.Edit{Op: plan.Update, ID: id, Values: map[string]any{"name": "b"}}, "b 3 f 2", 2},
		{plan.Edit{Op: plan.Update, ID: id, HasGeometry: true}, "b 3 t 3", 3},
		{plan.Edit{Op: plan.Update, ID: id}, "b 3 t 3", 3}, // nothing: no new version
		{plan.Edit{Op: plan.Update, ID: id, Values: map[string]any{"trees": nil}}, "b  t 4", 4},
		{plan.Edit{Op: plan.Update, ID: id, HasGeometry: true, Geometry: garden(1), Revisions: []int64{2, 4}}, "b  f 5", 5},
		{plan.Edit{Op: plan.Update, ID: id, Whole: true, Values: map[string]any{"name": "c"}}, "c  t 6", 6},
	} {
		if done := one(step.edit); done.Revision != step.rev || done.ID != id {
			t.Errorf("%+v: %+v", step.edit, done)
		}
		if got := row(); got != step.want {
			t.Errorf("%+v: %q, want %q", step.edit, got, step.want)
		}
	}
	if done := one(plan.Edit{Op: plan.Delete, ID: id, Revisions: []int64{6}}); done.Revision != 7 {
		t.Errorf("delete: %+v", done)
	}
	if got := scan[int64](t, conn, "select max(revision) from history.park where id = $1", id); got != 7 {
		t.Errorf("the deletion is version %d", got)
	}
	// A feature that comes back goes on counting.
	if done := one(plan.Edit{Op: plan.Create, ID: id, Values: map[string]any{"name": "d"}}); done.Revision != 8 || done.ID != id {
		t.Errorf("come back: %+v", done)
	}
}

func TestCommitRefusesStale(t *testing.T) {
	db := withPark(t)
	conn := db.Conn(t)
	done, err := db.Store.Commit(t.Context(), editor(), []plan.Edit{newPark(0)}, plan.Once{})
	if err != nil {
		t.Fatal(err)
	}
	id := done[0].ID
	for _, op := range []plan.Op{plan.Update, plan.Delete} {
		for _, revisions := range [][]int64{{}, {2}, {2, 3}} {
			before := tally(t, conn)
			e := plan.Edit{Layer: "park", Op: op, ID: id, Revisions: revisions, Values: map[string]any{"name": "x"}}
			_, err := db.Store.Commit(t.Context(), plan.Actor{Name: "budi", Role: plan.Planner}, []plan.Edit{e}, plan.Once{})
			f := faultsOf(t, err).List[0].Err
			if f.Kind != plan.Stale || f.Code != "stale" || !strings.Contains(f.Message.ID, "siti") || !strings.Contains(f.Message.ID, "WIB") {
				t.Errorf("%s of %v: %v %s", op, revisions, f.Kind, f.Message.ID)
			}
			if f.Current == nil || f.Current.Revision != 1 || f.Current.UpdatedBy != "siti" || f.Current.UpdatedAt.IsZero() {
				t.Errorf("%s of %v: current %+v", op, revisions, f.Current)
			}
			if after := tally(t, conn); after != before {
				t.Errorf("%s of %v: %s became %s", op, revisions, before, after)
			}
		}
		e := plan.Edit{Layer: "park", Op: op, ID: 999, Revisions: []int64{1}, Values: map[string]any{"name": "x"}}
		_, err := db.Store.Commit(t.Context(), editor(), []plan.Edit{e}, plan.Once{})
		if f := faultsOf(t, err).List[0].Err; f.Kind != plan.NotFound || f.Code != "no-such-item" {
			t.Errorf("%s of what is not there: %v", op, f)
		}
	}
	// An update that changes nothing asks for its revision all the same.
	e := plan.Edit{Layer: "park", Op: plan.Update, ID: id, Revisions: []int64{9}}
	if _, err := db.Store.Commit(t.Context(), editor(), []plan.Edit{e}, plan.Once{}); plan.KindOf(err) != plan.Stale {
		t.Errorf("an empty update of a wrong revision: %v", err)
	}
}

// TestCommitRefusesAnOldCopy: a copy is old where somebody else has changed the
// feature since, and not where its holder has.
func TestCommitRefusesAnOldCopy(t *testing.T) {
	db := withPark(t)
	siti, budi := editor(), plan.Actor{Name: "budi", Role: plan.Planner}
	done, err := db.Store.Commit(t.Context(), siti, []plan.Edit{newPark(0)}, plan.Once{})
	if err != nil {
		t.Fatal(err)
	}
	rename := func(held int64) plan.Edit {
		return plan.Edit{Layer: "park", Op: plan.Update, ID: done[0].ID, Held: held, Values: map[string]any{"name": "x"}}
	}
	for i, c := range []struct {
		who   plan.Actor
		edits []plan.Edit
		stale string
	}{
		{budi, []plan.Edit{rename(1)}, ""},            // revision 2
		{siti, []plan.Edit{rename(1)}, "budi"},        //
		{siti, []plan.Edit{rename(2), rename(2)}, ""}, // 3 and 4
		{siti, []plan.Edit{rename(1)}, ""},            // 5
		{budi, []plan.Edit{rename(2)}, "siti"},        //
		{budi, []plan.Edit{rename(9)}, ""},            // 6
		{siti, []plan.Edit{rename(0)}, ""},            // 7
		{budi, []plan.Edit{{Layer: "park", Op: plan.Delete, ID: done[0].ID, Held: 6}}, "siti"},
		{budi, []plan.Edit{{Layer: "park", Op: plan.Update, ID: done[0].ID, Held: 6}}, "siti"},
		{budi, []plan.Edit{{Layer: "park", Op: plan.Delete, ID: done[0].ID, Held: 7}}, ""},
	} {
		_, err := db.Store.Commit(t.Context(), c.who, c.edits, plan.Once{})
		if c.stale == "" {
			if err != nil {
				t.Errorf("%d: %v", i, err)
			}
			continue
		}
		f := faultsOf(t, err).List[0].Err
		if f.Kind != plan.Stale || f.Current == nil || f.Current.UpdatedBy != c.stale || !strings.Contains(f.Message.ID, c.stale) {
			t.Errorf("%d: %v %+v", i, f, f.Current)
		}
	}
	if f := faultsOf(t, func() error {
		_, err := db.Store.Commit(t.Context(), budi, []plan.Edit{rename(1)}, plan.Once{})
		return err
	}()).List[0].Err; f.Kind != plan.NotFound {
		t.Errorf("of what was deleted: %v", f)
	}
}

// TestCommitNamesEveryFault: all or nothing, and every fault by its place.
func TestCommitNamesEveryFault(t *testing.T) {
	db := withPark(t)
	conn := db.Conn(t)
	done, err := db.Store.Commit(t.Context(), editor(), []plan.Edit{newPark(0), newPark(1)}, plan.Once{})
	if err != nil {
		t.Fatal(err)
	}
	bowTie := orb.Polygon{{{95.3, 5.5}, {95.301, 5.501}, {95.301, 5.5}, {95.3, 5.501}, {95.3, 5.5}}}
	edits := []plan.Edit{
		newPark(2),
		{Layer: "park", Op: plan.Update, ID: done[0].ID, Revisions: []int64{5}, Values: map[string]any{"name": "x"}},
		{Layer: "park", Op: plan.Update, ID: 999, Values: map[string]any{"name": "x"}},
		{Layer: "park", Op: plan.Create, Geometry: bowTie, HasGeometry: true, Values: map[string]any{"name": "x"}},
		{Layer: "park", Op: plan.Create, Values: map[string]any{"name": "x", "kind": "swamp"}},
		{Layer: "park", Op: plan.Create, Values: map[string]any{"name": "x", "reference": "1"}},
		{Layer: "park", Op: plan.Create, Values: map[string]any{"name": "x", "reference": "1"}},
		{Layer: "park", Op: plan.Delete, ID: done[1].ID, Revisions: []int64{1}},
	}
	before := tally(t, conn)
	_, err = db.Store.Commit(t.Context(), editor(), edits, plan.Once{})
	f := faultsOf(t, err)
	var got []string
	for _, fault := range f.List {
		got = append(got, fmt.Sprintf("%d %s %s@%s", fault.Index, fault.Layer, fault.Err.Code, fault.Err.At))
	}
	want := "1 park stale@, 2 park no-such-item@, 3 park geometry-invalid@geometry, 4 park unknown-code@kind, 6 park already-there@reference"
	if strings.Join(got, ", ") != want || f.Cut {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), want)
	}
	if after := tally(t, conn); after != before {
		t.Errorf("%s became %s", before, after)
	}
}

func TestCommitCutsTheFaults(t *testing.T) {
	db := withPark(t)
	edits := make([]plan.Edit, plan.MostFaults+100)
	for i := range edits {
		edits[i] = plan.Edit{Layer: "park", Op: plan.Delete, ID: int64(i + 1)}
	}
	_, err := db.Store.Commit(t.Context(), editor(), edits, plan.Once{})
	if f := faultsOf(t, err); len(f.List) != plan.MostFaults || !f.Cut {
		t.Errorf("%d faults, cut %v", len(f.List), f.Cut)
	}
	edits = make([]plan.Edit, plan.MostEdits+1)
	if _, err := db.Store.Commit(t.Context(), editor(), edits, plan.Once{}); plan.KindOf(err) != plan.TooLarge {
		t.Errorf("too many edits: %v", err)
	}
}

func TestCommitAsksWhoMayEdit(t *testing.T) {
	db := withPark(t)
	hidden := park()
	hidden.ID, hidden.Fields = "hidden", hidden.Fields[:1]
	hidden.Access = plan.Access{Read: []plan.Role{plan.Disaster}, Edit: []plan.Role{plan.Disaster}}
	apply(t, db.Store, hidden)
	conn := db.Conn(t)
	for _, c := range []struct {
		actor plan.Actor
		layer string
		want  plan.Kind
	}{
		{plan.Actor{}, "park", plan.Unauthenticated},
		{plan.Actor{Name: "warga", Role: plan.Public}, "park", plan.Denied},
		{plan.Actor{Name: "agus", Role: plan.Disaster}, "park", plan.Denied},
		{plan.Actor{Name: "siti", Role: plan.Planner, ReadOnly: true}, "park", plan.Denied},
		{plan.Actor{Name: "siti", Role: plan.Planner, Layers: []string{"other"}}, "park", plan.NotFound},
		{editor(), "hidden", plan.NotFound},
		{editor(), "nothing", plan.NotFound},
		{editor(), `park" (name) values ('x'); --`, plan.NotFound},
	} {
		before := tally(t, conn)
		_, err := db.Store.Commit(t.Context(), c.actor, []plan.Edit{{Layer: c.layer, Op: plan.Create, Values: map[string]any{"name": "x"}}}, plan.Once{})
		if plan.KindOf(err) != c.want {
			t.Errorf("%+v in %s: %v", c.actor, c.layer, err)
		}
		if after := tally(t, conn); after != before {
			t.Errorf("%+v: %s became %s", c.actor, before, after)
		}
	}
	_, err := db.Store.Commit(t.Context(), editor(), []plan.Edit{{Layer: "park", Op: plan.Create, Values: map[string]any{"name": "x", "colour": "red"}}}, plan.Once{})
	if f := faultsOf(t, err).List[0].Err; f.Code != "unknown-property" || f.At != "colour" {
		t.Errorf("an unknown attribute: %v", f)
	}
}

// TestCommitFollowsTheCatalogue: a declaration that changed since the last
// commit is noticed by the commit itself.
func TestCommitFollowsTheCatalogue(t *testing.T) {
	db := withPark(t)
	if _, err := db.Store.Commit(t.Context(), editor(), []plan.Edit{newPark(0)}, plan.Once{}); err != nil {
		t.Fatal(err)
	}
	wider := park()
	wider.Fields = append(wider.Fields, plan.Field{Name: "owner", Type: plan.TextField, Title: plan.Text{ID: "Pemilik", EN: "Owner"}})
	apply(t, db.Store, wider)
	e := newPark(1)
	if _, err := db.Store.Commit(t.Context(), editor(), []plan.Edit{e}, plan.Once{}); err != nil {
		t.Fatal(err)
	}
	e.Values["owner"] = "kota"
	done, err := db.Store.Commit(t.Context(), editor(), []plan.Edit{e}, plan.Once{})
	if err != nil {
		t.Fatal(err)
	}
	if got := scan[string](t, db.Conn(t), "select owner from plan.park where id = $1", done[0].ID); got != "kota" {
		t.Errorf("owner %q", got)
	}
}

// TestCommitOnce: the same key twenty times at once makes one feature, and
// everybody gets the same answer.
func TestCommitOnce(t *testing.T) {
	db := withPark(t)
	conn := db.Conn(t)
	once := plan.Once{Key: "k1", Fingerprint: "f1"}
	var wg sync.WaitGroup
	results := make([][]plan.Edited, 20)
	for i := range results {
		wg.Go(func() {
			var err error
			if results[i], err = db.Store.Commit(t.Context(), editor(), []plan.Edit{newPark(0)}, once); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, r := range results {
		if len(r) != 1 || r[0] != results[0][0] || r[0].Revision != 1 {
			t.Fatalf("got %v and %v", results[0], r)
		}
	}
	if got := tally(t, conn); got != "1 parks, 1 versions, 1 changes, 1 keys" {
		t.Error(got)
	}
	_, err := db.Store.Commit(t.Context(), editor(), []plan.Edit{newPark(0)}, plan.Once{Key: "k1", Fingerprint: "f2"})
	if e := refusal(t, err); e.Code != "idempotency-key-reused" || e.Kind != plan.Unprocessable {
		t.Errorf("another request under the key: %v", err)
	}
	// The key is one actor's.
	if _, err := db.Store.Commit(t.Context(), plan.Actor{Name: "budi", Role: plan.Planner}, []plan.Edit{newPark(1)}, once); err != nil {
		t.Error(err)
	}
	// What was refused leaves the key free.
	bad := []plan.Edit{{Layer: "park", Op: plan.Create}}
	k2 := plan.Once{Key: "k2", Fingerprint: "f"}
	if _, err := db.Store.Commit(t.Context(), editor(), bad, k2); plan.KindOf(err) != plan.Unprocessable {
		t.Errorf("without a name: %v", err)
	}
	if _, err := db.Store.Commit(t.Context(), editor(), []plan.Edit{newPark(2)}, k2); err != nil {
		t.Errorf("the key of a refused request: %v", err)
	}
	if got := tally(t, conn); got != "3 parks, 3 versions, 3 changes, 3 keys" {
		t.Error(got)
	}
}

// TestCommitWaitsForALockAndGivesUp: somebody has the row open in QGIS.
func TestCommitWaitsForALockAndGivesUp(t *testing.T) {
	if testing.Short() {
		t.Skip("it waits for lock_timeout, 5 s")
	}
	db := withPark(t)
	done, err := db.Store.Commit(t.Context(), editor(), []plan.Edit{newPark(0)}, plan.Once{})
	if err != nil {
		t.Fatal(err)
	}
	conn := db.Conn(t)
	tx, err := conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), "update plan.park set trees = 1 where id = $1", done[0].ID); err != nil {
		t.Fatal(err)
	}
	_, err = db.Store.Commit(t.Context(), editor(), []plan.Edit{
		newPark(1), {Layer: "park", Op: plan.Update, ID: done[0].ID, Values: map[string]any{"name": "x"}},
	}, plan.Once{})
	if f := faultsOf(t, err); f.List[0].Err.Code != "locked" || f.List[0].Index != 1 || plan.KindOf(err) != plan.Conflict {
		t.Errorf("got %v", err)
	}
}

func TestCommitTenThousand(t *testing.T) {
	db := withPark(t)
	edits := make([]plan.Edit, plan.MostEdits)
	for i := range edits {
		edits[i] = newPark(i)
	}
	done, err := db.Store.Commit(t.Context(), editor(), edits, plan.Once{Key: "many", Fingerprint: "f"})
	if err != nil {
		t.Fatal(err)
	}
	if len(done) != plan.MostEdits || done[9999].ID != done[0].ID+9999 {
		t.Errorf("%d done, the last %+v", len(done), done[len(done)-1])
	}
	if got := tally(t, db.Conn(t)); got != "10000 parks, 10000 versions, 10000 changes, 1 keys" {
		t.Error(got)
	}
}

// TestCommitUnderEachRole: a token that is narrower than its person, a
// person's own login, and what PostgreSQL itself refuses.
func TestCommitUnderEachRole(t *testing.T) {
	db := withPark(t)
	conn := db.Conn(t)
	for _, sql := range []string{"create role commit_siti login", "grant simtaru_planner to commit_siti"} {
		db.Exec(t, sql)
	}
	defer db.Exec(t, "drop role commit_siti") // roles are the cluster's
	for _, actor := range []plan.Actor{
		{Name: "siti", Role: plan.Planner, Layers: []string{"park", "other"}},
		{Name: "commit_siti", Role: plan.Planner, Person: true},
		{Name: "dian", Role: plan.Admin},
	} {
		done, err := db.Store.Commit(t.Context(), actor, []plan.Edit{newPark(0)}, plan.Once{Key: "k", Fingerprint: "f"})
		if err != nil {
			t.Errorf("%+v: %v", actor, err)
			continue
		}
		if by := scan[string](t, conn, "select updated_by from plan.park where id = $1", done[0].ID); by != actor.Name {
			t.Errorf("%+v signed as %s", actor, by)
		}
	}
	db.Exec(t, "revoke insert on plan.park from simtaru_planner")
	before := tally(t, conn)
	_, err := db.Store.Commit(t.Context(), editor(), []plan.Edit{newPark(1)}, plan.Once{})
	if f := faultsOf(t, err).List[0].Err; f.Kind != plan.Denied || f.Code != "not-allowed" {
		t.Errorf("without the privilege: %v", f)
	}
	if after := tally(t, conn); after != before {
		t.Errorf("%s became %s", before, after)
	}
}
