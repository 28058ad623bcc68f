package mirror_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/testdb"
)

// TestReached: who waits for an edit finds it in memory, each of many times.
func TestReached(t *testing.T) {
	db := testdb.New(t)
	m := start(t, db, mirror.Options{})
	admin := plan.Actor{Name: "siti", Role: plan.Admin}
	commit := func(e plan.Edit) plan.Edited {
		t.Helper()
		e.Layer = layerID
		done, err := db.Store.Commit(t.Context(), admin, []plan.Edit{e}, plan.Once{})
		if err != nil {
			t.Fatal(err)
		}
		m.Reached(t.Context(), layerID, done[0].ID, done[0].Revision, done[0].Op)
		return done[0]
	}
	revision := func(id int64) int64 {
		s, _ := m.Snapshot(layerID)
		if f, ok := s.Get(id); ok {
			return f.Revision
		}
		return 0
	}
	for i := range 30 {
		name := fmt.Sprintf("bank %d", i)
		made := commit(plan.Edit{Op: plan.Create, HasGeometry: true, Geometry: orb.Point{95.3, 5.5}, Values: map[string]any{"name": name, "kind": "unit"}})
		if got := revision(made.ID); got != 1 {
			t.Fatalf("%d after create: revision %d", i, got)
		}
		commit(plan.Edit{Op: plan.Update, ID: made.ID, Values: map[string]any{"name": name + "b"}})
		if got := revision(made.ID); got != 2 {
			t.Fatalf("%d after update: revision %d", i, got)
		}
		commit(plan.Edit{Op: plan.Delete, ID: made.ID})
		if got := revision(made.ID); got != 0 {
			t.Fatalf("%d after delete: revision %d", i, got)
		}
	}
}

// TestReachedDoesNotWaitInVain for a layer that is not in memory, or for a
// client that has left.
func TestReachedDoesNotWaitInVain(t *testing.T) {
	db := testdb.New(t)
	m := start(t, db, mirror.Options{})
	m.Reached(t.Context(), "nothing", 1, 1, plan.Create)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	m.Reached(gone, layerID, 1, 1, plan.Create)
	m.Reached(t.Context(), layerID, 1, 1, plan.Delete) // it is not there, as it should be
}

// TestReachedGoesPastWhatIsGone: the answer to an edit is repeated when the
// feature is gone. Nothing is notified then; the mirror looks and knows.
func TestReachedGoesPastWhatIsGone(t *testing.T) {
	db := testdb.New(t)
	m := start(t, db, mirror.Options{})
	admin := plan.Actor{Name: "siti", Role: plan.Admin}
	commit := func(e plan.Edit) plan.Edited {
		t.Helper()
		e.Layer = layerID
		done, err := db.Store.Commit(t.Context(), admin, []plan.Edit{e}, plan.Once{})
		if err != nil {
			t.Fatal(err)
		}
		return done[0]
	}
	made := commit(plan.Edit{Op: plan.Create, HasGeometry: true, Geometry: orb.Point{95.3, 5.5}, Values: map[string]any{"name": "a", "kind": "unit"}})
	gone := commit(plan.Edit{Op: plan.Delete, ID: made.ID})
	m.Reached(t.Context(), layerID, gone.ID, gone.Revision, plan.Delete)
	before := m.Status().AsOf
	m.Reached(t.Context(), layerID, made.ID, made.Revision, plan.Create)
	if after := m.Status().AsOf; !after.After(before) {
		t.Errorf("it waited its whole time and did not look: as of %v, before %v", after, before)
	}
}
