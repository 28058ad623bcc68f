package postgis_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/testdb"
)

// TestEvacuationPlansAreQueued: they wait in order, one server makes them, and what
// a server that died was making is marked.
func TestEvacuationPlansAreQueued(t *testing.T) {
	db := testdb.New(t)
	ctx := t.Context()
	add := func(title string) string {
		t.Helper()
		e := plan.Evacuation{ID: uuid.NewString(), Title: title, By: "agus", Asked: json.RawMessage(`{"minutes": 30}`)}
		if err := db.Store.AddEvacuation(ctx, e); err != nil {
			t.Fatal(err)
		}
		return e.ID
	}
	find := func(id string) plan.Evacuation {
		t.Helper()
		e, found, err := db.Store.Evacuation(ctx, id)
		if err != nil || !found {
			t.Fatalf("%v %v", found, err)
		}
		return e
	}
	claim := func() plan.Evacuation {
		t.Helper()
		e, found, err := db.Store.ClaimEvacuation(ctx)
		if err != nil || !found || e.Status != plan.EvacuationRunning || e.StartedAt == nil {
			t.Fatalf("%+v %v %v", e, found, err)
		}
		return e
	}
	first, second := add("one"), add("two")
	if e := claim(); e.ID != first || string(e.Asked) != `{"minutes": 30}` || e.By != "agus" {
		t.Errorf("%+v", e)
	}
	if end, err := db.Store.BeatEvacuation(ctx, first, plan.EvacuationProgress{Phase: "planning", Saved: 7, Bound: 9}); err != nil || end {
		t.Errorf("%v %v", end, err)
	}
	if e := find(first); e.Progress.Saved != 7 {
		t.Errorf("%+v", e)
	}
	// The server dies: nobody ends the first. Another marks it, and no third may
	// make plans meanwhile.
	second2 := make(chan error, 1)
	err := db.Store.WhilePlanner(ctx, func(working context.Context) error {
		if e := find(first); e.Status != plan.EvacuationFailed || e.Problem == nil || e.Problem.Code != "interrupted" || e.Problem.Detail.ID == "" || e.EndedAt == nil {
			t.Errorf("%+v", e)
		}
		// The lock's connection is lost, and taken again.
		const lock = " from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())"
		was := scan[int](t, db.Conn(t), "select pid"+lock)
		db.Exec(t, "select pg_terminate_backend(pid)"+lock)
		again := 0
		for range 500 {
			if again = scan[int](t, db.Conn(t), "select coalesce(max(pid), 0)"+lock); again != 0 && again != was {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		if again == 0 || again == was || working.Err() != nil {
			t.Errorf("the lock was %d and is %d; the work: %v", was, again, working.Err())
		}
		waiting, cancel := context.WithTimeout(working, 300*time.Millisecond)
		defer cancel()
		second2 <- db.Store.WhilePlanner(waiting, func(context.Context) error { return errors.New("two make plans") })
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if err := <-second2; !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	if was, err := db.Store.DropEvacuation(ctx, first); was != plan.EvacuationFailed || err != nil {
		t.Errorf("%s %v", was, err)
	}

	// One that is being made is asked to end, and keeps what it has.
	claim()
	if was, err := db.Store.DropEvacuation(ctx, second); was != plan.EvacuationRunning || err != nil {
		t.Errorf("%s %v", was, err)
	}
	if end, err := db.Store.BeatEvacuation(ctx, second, plan.EvacuationProgress{}); err != nil || !end {
		t.Errorf("%v %v", end, err)
	}
	e := find(second)
	now := time.Now().UTC().Truncate(time.Microsecond)
	e.Status, e.Outcome, e.GraphVersion, e.ClosuresAsOf = plan.EvacuationCancelled, json.RawMessage(`{"saved": 5, "areas": [1]}`), "g", &now
	flows := []plan.EvacuationFlow{{Kind: "street", Name: "Jalan", People: 5, PerMinute: []int32{0, 5}, Line: orb.LineString{{95, 5}, {95.1, 5}}}}
	groups := []plan.EvacuationGroup{{Area: "A", People: 5, Shelter: 3, ShelterName: "S", LeaveFirst: 1, Metres: 9, At: orb.Point{95, 5}}, {Area: "A", People: 1, Why: "no_way", At: orb.Point{95, 5}}}
	// All or nothing: a line of one point cannot be kept.
	broken := append(flows[:1:1], plan.EvacuationFlow{Line: orb.LineString{{95, 5}}})
	if err := db.Store.EndEvacuation(ctx, e, broken, groups); err == nil || find(second).Status != plan.EvacuationRunning {
		t.Errorf("%v %+v", err, find(second))
	}
	if err := db.Store.EndEvacuation(ctx, e, flows, groups); err != nil {
		t.Fatal(err)
	}
	if kept := find(second); kept.Status != plan.EvacuationCancelled || string(kept.Outcome) != `{"areas": [1], "saved": 5}` || !kept.ClosuresAsOf.Equal(now) || kept.Problem != nil {
		t.Errorf("%+v", kept)
	}
	gotFlows, err := db.Store.EvacuationFlows(ctx, second)
	if err != nil || fmt.Sprint(gotFlows) != fmt.Sprint(flows) {
		t.Errorf("%+v %v", gotFlows, err)
	}
	gotGroups, err := db.Store.EvacuationGroups(ctx, second)
	if err != nil || fmt.Sprint(gotGroups) != fmt.Sprint(groups) {
		t.Errorf("%+v %v", gotGroups, err)
	}
	if all, err := db.Store.Evacuations(ctx); err != nil || len(all) != 1 || string(all[0].Outcome) != `{"saved": 5}` {
		t.Errorf("%+v %v", all, err)
	}

	// The queue is bounded, and so is what is kept.
	for range 10 {
		add("wait")
	}
	refused := func(code string) {
		t.Helper()
		var e *plan.Error
		if err := db.Store.AddEvacuation(ctx, plan.Evacuation{ID: uuid.NewString(), Asked: json.RawMessage("{}")}); !errors.As(err, &e) || e.Code != code {
			t.Errorf("%v, want %s", err, code)
		}
	}
	refused("queue-full")
	db.Exec(t, "update simtaru.evacuation set status = 'done'")
	db.Exec(t, "insert into simtaru.evacuation (id, title, asked_by, asked, status) select gen_random_uuid(), '', '', '{}', 'done' from generate_series(1, 189)")
	refused("too-many-plans")
}
