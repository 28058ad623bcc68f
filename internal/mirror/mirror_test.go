package mirror_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/testdb"
)

func TestMain(m *testing.M) { os.Exit(testdb.Main(context.Background(), m)) }

// layerID is a built-in layer whose only required fields are texts.
const layerID = "waste_bank"

// start installs the built-in layers and runs a mirror of the database.
func start(t *testing.T, db *testdb.DB, o mirror.Options) *mirror.Mirror {
	t.Helper()
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Store.ApplyCatalog(t.Context(), cat); err != nil {
		t.Fatal(err)
	}
	m := mirror.New(db.Store, o)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = m.Run(ctx) // ends with ctx
	}()
	t.Cleanup(func() { cancel(); <-done })
	eventually(t, "the mirror is ready", func() bool { return m.Status().Ready })
	return m
}

func eventually(t *testing.T, what string, true_ func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !true_(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("after 30 s it is still not so that %s", what)
		}
	}
}

func insert(name string) string {
	return fmt.Sprintf("insert into plan.%s (name, kind, geom) values ('%s', 'unit', st_setsrid(st_point(95.3, 5.5), 4326))", layerID, name)
}

func names(m *mirror.Mirror) []string {
	s, _ := m.Snapshot(layerID)
	var out []string
	s.Ascend(0, func(f *mirror.Feature) bool {
		out = append(out, f.Values[s.Layer().FieldIndex("name")].(string))
		return true
	})
	slices.Sort(out)
	return out
}

// TestALateCommitWithALowerIDIsSeen is the case that a position by largest id
// loses: the first transaction takes its change ids first and commits last.
func TestALateCommitWithALowerIDIsSeen(t *testing.T) {
	db := testdb.New(t)
	m := start(t, db, mirror.Options{})
	first, second := db.Conn(t), db.Conn(t)
	tx, err := first.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), insert("first")); err != nil {
		t.Fatal(err)
	}
	if _, err := second.Exec(t.Context(), insert("second")); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the second is seen", func() bool { return slices.Equal(names(m), []string{"second"}) })
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "both are seen", func() bool { return slices.Equal(names(m), []string{"first", "second"}) })
}

// TestNothingIsLostWhenConnectionsDie edits while the server's connections
// are ended again and again, and compares with a load from scratch.
func TestNothingIsLostWhenConnectionsDie(t *testing.T) {
	db := testdb.New(t)
	m := start(t, db, mirror.Options{})
	conn, killer := db.Conn(t), db.Conn(t)
	for i := range 60 {
		if _, err := conn.Exec(t.Context(), insert(fmt.Sprintf("bank %02d", i))); err != nil {
			t.Fatal(err)
		}
		if i%10 == 5 {
			if _, err := killer.Exec(t.Context(), `select pg_terminate_backend(pid) from pg_stat_activity
				where datname = current_database() and application_name like 'simtaru%'`); err != nil {
				t.Fatal(err)
			}
		}
		if i%7 == 3 {
			if _, err := conn.Exec(t.Context(), "delete from plan."+layerID+" where id = (select min(id) from plan."+layerID+")"); err != nil {
				t.Fatal(err)
			}
		}
	}
	var want []string
	if err := conn.QueryRow(t.Context(), "select array_agg(name order by name collate \"C\") from plan."+layerID).Scan(&want); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the mirror holds what the database holds", func() bool { return slices.Equal(names(m), want) })
	if st := m.Status(); st.Stale {
		t.Errorf("the status is %+v", st)
	}
}

// TestALayerAppliedAtRunTimeAppears needs no restart.
func TestALayerAppliedAtRunTimeAppears(t *testing.T) {
	db := testdb.New(t)
	m := start(t, db, mirror.Options{})
	batches, stop := m.Subscribe()
	defer stop()
	own := &plan.Layer{
		ID: "bus_stop", Title: plan.Text{ID: "Halte", EN: "Bus stop"}, Group: "base", Geometry: plan.Point,
		Fields: []plan.Field{{Name: "name", Type: plan.TextField, Title: plan.Text{ID: "Nama", EN: "Name"}}},
		Zooms:  plan.Zooms{Min: 10, Max: 16}, Policy: plan.Live,
		Access:  plan.Access{Read: []plan.Role{plan.Public}, Edit: []plan.Role{plan.Planner}},
		Licence: "CC0-1.0", Attribution: plan.Text{ID: "Uji", EN: "Test"},
	}
	if _, err := db.Store.Apply(t.Context(), own, nil); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the layer is in memory", func() bool {
		_, ok := m.Snapshot("bus_stop")
		return ok
	})
	if batch := <-batches; batch != nil {
		t.Errorf("a load was told as %v", batch)
	}
	if _, ok := m.Catalog().Layer("bus_stop"); !ok {
		t.Error("the catalogue does not have it")
	}
}

// TestALayerAboveTheBudgetIsLeftOut leaves it to the database.
func TestALayerAboveTheBudgetIsLeftOut(t *testing.T) {
	db := testdb.New(t)
	m := start(t, db, mirror.Options{Budget: 4000})
	if _, err := db.Conn(t).Exec(t.Context(), "insert into plan."+layerID+` (name, kind, geom)
		select 'bank ' || i, 'unit', st_setsrid(st_point(95.3, 5.5), 4326) from generate_series(1, 100) i`); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the layer has left memory", func() bool {
		_, ok := m.Snapshot(layerID)
		return !ok
	})
	again := start(t, db, mirror.Options{Budget: 4000})
	if _, ok := again.Snapshot(layerID); ok {
		t.Error("a load keeps a layer above the budget")
	}
	page, err := db.Store.Features(t.Context(), must(m.Catalog().Layer(layerID)), plan.Query{Limit: 10})
	if err != nil || page.Matched != 100 {
		t.Errorf("the database answers %d features, %v", page.Matched, err)
	}
}

func must[T any](v T, _ bool) T { return v }

// TestASlowReaderIsCut and no other reader waits for it.
func TestASlowReaderIsCut(t *testing.T) {
	db := testdb.New(t)
	m := start(t, db, mirror.Options{})
	slow, stop := m.Subscribe()
	defer stop()
	conn := db.Conn(t)
	seen := map[string]bool{}
	for i := range 100 {
		if _, err := conn.Exec(t.Context(), insert(fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the edit is seen", func() bool {
			for _, n := range names(m) {
				seen[n] = true
			}
			return seen[fmt.Sprint(i)]
		})
	}
	n := 0
	for range slow { // ends, because it was cut
		n++
	}
	if n == 0 || n >= 100 {
		t.Errorf("a reader that did not read got %d of %d batches", n, len(slices.Collect(maps.Keys(seen))))
	}
}
