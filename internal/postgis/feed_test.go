package postgis_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/postgis"
	"github.com/simtaru/simtaru/internal/testdb"
)

// follower keeps a copy of one layer as a mirror would: by Load once, then by
// Since alone. It fails where a change comes twice.
type follower struct {
	store    *postgis.Store
	cat      *plan.Catalog
	at       plan.Position
	features map[int64]*plan.Feature
	seen     map[int64]bool
}

func follow(t testing.TB, store *postgis.Store) *follower {
	t.Helper()
	cat, err := store.Catalog(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	f := &follower{store: store, cat: cat, features: map[int64]*plan.Feature{}, seen: map[int64]bool{}}
	f.at, err = store.Load(t.Context(), cat.Layers(), func(_ *plan.Layer, batch []*plan.Feature) error {
		for _, v := range batch {
			f.features[v.ID] = v
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func (f *follower) catchUp(t testing.TB) []plan.Change {
	t.Helper()
	delta, err := f.store.Since(t.Context(), f.at, f.cat)
	if err != nil {
		t.Fatal(err)
	}
	f.take(t, delta)
	return delta.Changes
}

func (f *follower) take(t testing.TB, delta plan.Delta) {
	t.Helper()
	for _, c := range delta.Changes {
		if f.seen[c.ID] {
			t.Errorf("change %d comes twice", c.ID)
		}
		f.seen[c.ID] = true
		delete(f.features, c.Feature)
	}
	for _, v := range delta.Features["park"] {
		f.features[v.ID] = v
	}
	f.at = delta.Position
}

// names are those of the features it holds, by id.
func (f *follower) names() map[int64]string {
	out := map[int64]string{}
	for id, v := range f.features {
		out[id], _ = v.Values[0].(string)
	}
	return out
}

func stored(t testing.TB, db *testdb.DB) map[int64]string {
	t.Helper()
	out := map[int64]string{}
	rows, err := db.Conn(t).Query(t.Context(), "select id, name from plan.park")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var name string
		if err := rows.Scan(&id, &name); err != nil {
			t.Fatal(err)
		}
		out[id] = name
	}
	return out
}

// TestInterleavedTransactions: the lower change id is committed later. A
// position by largest id would lose it.
func TestInterleavedTransactions(t *testing.T) {
	db := withPark(t)
	f := follow(t, db.Store)
	low, err := db.Conn(t).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	insertPark(t, low, "low", square)
	insertPark(t, db.Conn(t), "high", square)

	got := f.catchUp(t)
	if len(got) != 1 || got[0].ID != 2 || fmt.Sprint(f.names()) != "map[2:high]" {
		t.Errorf("while the first is open: %+v, %v", got, f.names())
	}
	if got := f.catchUp(t); len(got) != 0 {
		t.Errorf("nothing happened, and yet %+v", got)
	}
	if err := low.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	got = f.catchUp(t)
	if len(got) != 1 || got[0].ID != 1 || fmt.Sprint(f.names()) != "map[1:low 2:high]" {
		t.Errorf("after the first has ended: %+v, %v", got, f.names())
	}
	// One that is rolled back leaves nothing.
	gone, err := db.Conn(t).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	insertPark(t, gone, "gone", square)
	if err := gone.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := f.catchUp(t); len(got) != 0 {
		t.Errorf("rolled back, and yet %+v", got)
	}
	if d := cmp.Diff(stored(t, db), f.names()); d != "" {
		t.Error(d)
	}
}

// TestManyInterleavings runs transactions that overlap in every way, with
// savepoints, and reads the feed in between.
func TestManyInterleavings(t *testing.T) {
	db := withPark(t)
	f := follow(t, db.Store)
	rnd := rand.New(rand.NewPCG(1, 2))
	const sessions = 4
	type session struct {
		exec func(string)
		open bool
	}
	all := make([]session, sessions)
	for i := range all {
		conn := db.Conn(t)
		if _, err := conn.Exec(t.Context(), "set lock_timeout = '20ms'"); err != nil {
			t.Fatal(err)
		}
		all[i].exec = func(sql string) {
			// A lock that another session holds ends the transaction, as it may.
			_, _ = conn.Exec(t.Context(), sql)
		}
	}
	for i := range 400 {
		s := &all[rnd.IntN(sessions)]
		if !s.open {
			s.exec("begin")
			s.open = true
		}
		switch rnd.IntN(8) {
		case 0, 1:
			s.exec(fmt.Sprintf("insert into plan.park (name) values ('n%d'), ('m%d')", i, i))
		case 2:
			s.exec(fmt.Sprintf("update plan.park set name = 'u%d' where id %% 3 = %d", i, rnd.IntN(3)))
		case 3:
			s.exec(fmt.Sprintf("delete from plan.park where id %% 11 = %d", rnd.IntN(11)))
		case 4:
			s.exec(fmt.Sprintf("savepoint p; insert into plan.park (name) values ('s%d'); rollback to p", i))
		case 5:
			s.exec("rollback")
			s.open = false
		default:
			s.exec("commit")
			s.open = false
		}
		if i%3 == 0 {
			f.catchUp(t)
		}
	}
	for _, s := range all {
		s.exec("commit")
	}
	f.catchUp(t)
	if d := cmp.Diff(stored(t, db), f.names()); d != "" || len(f.names()) == 0 {
		t.Errorf("the follower differs from the table (-stored +followed):\n%s", d)
	}
	unseen := scan[int](t, db.Conn(t), "select count(*) from simtaru.change") - len(f.seen)
	if unseen != 0 {
		t.Errorf("%d changes were never told", unseen)
	}
}

// TestFeedOutlivesItsConnections ends the backends of the feed and restarts,
// then kills, the whole server, while edits go on.
func TestFeedOutlivesItsConnections(t *testing.T) {
	db := testdb.Own(t)
	apply(t, db.Store, park(), parkKinds())
	f := follow(t, db.Store)
	edits := 0
	edit := func(name string) {
		t.Helper()
		edits++
		// A commit whose answer was lost is made again here, as a person would.
		await(t, func(ctx context.Context) error {
			return db.Store.Edit(ctx, plan.Actor{Name: "budi", Role: plan.Planner}, func(tx pgx.Tx) error {
				_, err := tx.Exec(ctx, "insert into plan.park (name) values ($1)", name)
				return err
			})
		})
	}
	loads := 0
	catchUp := func() {
		t.Helper()
		await(t, func(ctx context.Context) error {
			delta, err := db.Store.Since(ctx, f.at, f.cat)
			switch {
			case err == nil:
				f.take(t, delta)
			case errors.Is(err, plan.ErrReload):
				loads++
				f = follow(t, db.Store)
				return nil
			}
			return err
		})
	}
	for i, disturb := range []func(){
		func() {},
		func() {
			db.Exec(t, "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'simtaru%'")
		},
		func() { signal(t, db.Cluster.Pid(), syscall.SIGINT) }, // a restart
		func() { signal(t, db.Cluster.Pid(), syscall.SIGKILL) },
	} {
		edit(fmt.Sprintf("before %d", i))
		disturb()
		edit(fmt.Sprintf("after %d", i))
		catchUp()
		if i%2 == 1 {
			edit(fmt.Sprintf("later %d", i))
		}
	}
	catchUp()
	if loads != 1 {
		t.Errorf("loaded anew %d times: after the crash it must be, and after nothing else", loads)
	}
	if d := cmp.Diff(stored(t, db), f.names()); d != "" || len(f.names()) < edits {
		t.Errorf("%d edits, %d features (-stored +followed):\n%s", edits, len(f.names()), d)
	}
}

func signal(t testing.TB, pid int, s syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(pid, s); err != nil {
		t.Fatal(err)
	}
}

// await repeats what may fail while the server is away.
func await(t testing.TB, do func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for {
		err := do(ctx)
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("not in 30 s: %v", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// TestWait returns at once when it has just connected, after an edit, and
// after its connection is gone.
func TestWait(t *testing.T) {
	db := withPark(t)
	wait := func() error {
		ctx, cancel := context.WithTimeout(t.Context(), 8*time.Second) // less than the poll
		defer cancel()
		return db.Store.Wait(ctx)
	}
	if err := wait(); err != nil {
		t.Fatalf("first: %v", err)
	}
	insertPark(t, db.Conn(t), "a", square) // before anybody waits
	if err := wait(); err != nil {
		t.Fatalf("after an edit: %v", err)
	}
	done := make(chan error)
	go func() { done <- wait() }()
	insertPark(t, db.Conn(t), "b", square)
	if err := <-done; err != nil {
		t.Fatalf("during an edit: %v", err)
	}
	db.Exec(t, "select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen%' and datname = current_database()")
	if err := wait(); err == nil {
		t.Error("a lost connection is not told")
	}
	if err := wait(); err != nil {
		t.Fatalf("it does not connect again: %v", err)
	}
}

// TestReload: the feed refuses positions that it cannot continue.
func TestReload(t *testing.T) {
	db := withPark(t)
	f := follow(t, db.Store)
	since := func(at plan.Position, cat *plan.Catalog) error {
		_, err := db.Store.Since(t.Context(), at, cat)
		return err
	}
	if err := since(f.at, f.cat); err != nil {
		t.Fatal(err)
	}
	other := follow(t, withPark(t).Store)
	for name, at := range map[string]plan.Position{
		"nothing": "", "noise": "1/2", "another database": other.at,
	} {
		if err := since(at, f.cat); !errors.Is(err, plan.ErrReload) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A restore brings the transaction counter back to before the position.
	future := string(f.at[:len(f.at)-len(snapshotOf(f.at))]) + "999999:999999:"
	if err := since(plan.Position(future), f.cat); !errors.Is(err, plan.ErrReload) {
		t.Errorf("from the future: %v", err)
	}
	// Pruned changes are told of, once they concern the position.
	insertPark(t, db.Conn(t), "a", square)
	late := follow(t, db.Store)
	if n, err := db.Store.Prune(t.Context(), time.Hour); n != 0 || err != nil {
		t.Fatalf("%d changes of the last hour pruned, %v", n, err)
	}
	if n, err := db.Store.Prune(t.Context(), 0); n != 1 || err != nil {
		t.Fatalf("%d changes pruned, %v", n, err)
	}
	if err := since(f.at, f.cat); !errors.Is(err, plan.ErrReload) {
		t.Errorf("after pruning: %v", err)
	}
	if err := since(late.at, late.cat); err != nil {
		t.Errorf("after pruning what it had seen: %v", err)
	}
	// A declaration that is applied between reading the catalogue and loading.
	stale, err := db.Store.Catalog(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	l := park()
	l.Fields[0].MaxLength = 40
	apply(t, db.Store, l)
	if err := since(late.at, late.cat); !errors.Is(err, plan.ErrReload) {
		t.Errorf("after another declaration: %v", err)
	}
	if fresh := follow(t, db.Store); !errors.Is(since(fresh.at, stale), plan.ErrReload) {
		t.Error("a catalogue older than the position is not noticed")
	}
}

func snapshotOf(at plan.Position) string {
	for i := len(at) - 1; i >= 0; i-- {
		if at[i] == '/' {
			return string(at[i+1:])
		}
	}
	return string(at)
}
