package postgis_test

import (
	"bytes"
	"context"
	"fmt"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/auth"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/postgis"
	"github.com/simtaru/simtaru/internal/testdb"
)

// wire says what becomes of commits between a store and its PostgreSQL.
type wire struct {
	// cut says what becomes of the next commit; deaf refuses connections.
	cut  atomic.Int32
	deaf atomic.Bool
}

const (
	whole      int32 = iota
	cutBefore        // the commit does not reach the server
	cutAfter         // its answer does not reach the client
	cutForGood       // and nobody gets through any more
)

// wired opens a store on the database through a wire.
func wired(t *testing.T, db *testdb.DB) (*postgis.Store, *wire) {
	t.Helper()
	w := &wire{}
	dsn := db.Wire(t, func() bool { return !w.deaf.Load() }, w.judge)
	store, err := postgis.Open(t.Context(), postgis.Config{DSN: dsn})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	return store, w
}

func (w *wire) judge(sent []byte) testdb.Cut {
	if !bytes.Contains(sent, []byte("commit\x00")) {
		return testdb.Pass
	}
	switch w.cut.Swap(whole) {
	case cutBefore:
		return testdb.Break
	case cutForGood:
		w.deaf.Store(true)
		return testdb.Mute
	case cutAfter:
		return testdb.Mute
	}
	return testdb.Pass
}

// TestCommitThatIsLost: whether a commit happened is found out when its
// connection does not live to tell.
func TestCommitThatIsLost(t *testing.T) {
	db := withPark(t)
	store, w := wired(t, db)
	conn := db.Conn(t)
	commit := func(cut int32, key string) error {
		t.Helper()
		w.cut.Store(cut)
		done, err := store.Commit(t.Context(), editor(), []plan.Edit{newPark(0)}, plan.Once{Key: key, Fingerprint: "f"})
		if err == nil && (len(done) != 1 || done[0].ID == 0) {
			t.Errorf("done %+v", done)
		}
		return err
	}
	parks := func() int64 { return scan[int64](t, conn, "select count(*) from plan.park") }
	if err := commit(whole, ""); err != nil || parks() != 1 {
		t.Fatalf("%d parks, %v", parks(), err)
	}
	if err := commit(cutAfter, ""); err != nil || parks() != 2 {
		t.Errorf("the answer was lost: %d parks, %v", parks(), err)
	}
	if err := commit(cutBefore, ""); plan.KindOf(err) != plan.Unavailable || refusal(t, err).Code != "database-away" || parks() != 2 {
		t.Errorf("the commit was lost: %d parks, %v", parks(), err)
	}
	if err := commit(cutAfter, "k"); err != nil || parks() != 3 {
		t.Errorf("the answer was lost, with a key: %d parks, %v", parks(), err)
	}
	if err := commit(whole, "k"); err != nil || parks() != 3 {
		t.Errorf("repeated with the key: %d parks, %v", parks(), err)
	}
}

// TestTheFirstWriteAfterARestart: connections that were used a moment before
// PostgreSQL was restarted are dead, which shows when a transaction begins.
// Nobody hears of it: neither who edits, nor who logs in or out.
func TestTheFirstWriteAfterARestart(t *testing.T) {
	db := testdb.Own(t)
	apply(t, db.Store, park(), parkKinds())
	if err := db.Store.AddPerson(t.Context(), auth.Person{Name: "siti", Role: plan.Planner, CreatedBy: "x"}, nil); err != nil {
		t.Fatal(err)
	}
	writes := map[string]func() error{
		"commit": func() error {
			_, err := db.Store.Commit(t.Context(), editor(), []plan.Edit{newPark(0)}, plan.Once{})
			return err
		},
		"edit": func() error {
			return db.Store.Edit(t.Context(), editor(), func(tx pgx.Tx) error {
				_, err := tx.Exec(t.Context(), "insert into plan.park (name) values ('x')")
				return err
			})
		},
		"log in": func() error {
			hash := fmt.Appendf(nil, "%032d", time.Now().UnixNano())
			return db.Store.AddSession(t.Context(), auth.Session{Hash: hash, Person: "siti", Generation: 1, ExpiresAt: time.Now().Add(time.Hour)})
		},
		"make a token": func() error {
			hash := fmt.Appendf(nil, "%032d", time.Now().UnixNano())
			_, err := db.Store.AddToken(t.Context(), auth.Token{Hash: hash, Person: "siti", Name: "x"}, 1)
			return err
		},
		"change a person": func() error {
			_, err := db.Store.ChangePerson(t.Context(), "siti", auth.Change{Title: ptr("Siti")})
			return err
		},
		"what waits": func() error {
			_, err := db.Store.TopologyDue(t.Context())
			return err
		},
	}
	for name, write := range writes {
		before := scan[time.Time](t, db.Conn(t), "select pg_postmaster_start_time()")
		if err := write(); err != nil {
			t.Fatal(err)
		}
		signal(t, db.Cluster.Pid(), syscall.SIGINT) // a restart
		await(t, func(ctx context.Context) error {
			conn, err := pgx.Connect(ctx, db.DSN)
			if err != nil {
				return err
			}
			defer conn.Close(ctx)
			return conn.QueryRow(ctx, "select 1 where pg_postmaster_start_time() > $1", before).Scan(new(int))
		})
		if err := write(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := scan[int](t, db.Conn(t), "select count(*) from plan.park"); n != 4 {
		t.Errorf("%d parks, want each of four once", n)
	}
}

// TestCommitThatNobodyKnowsOf: where the database stays away, the answer says
// how to find out, and that works.
func TestCommitThatNobodyKnowsOf(t *testing.T) {
	if testing.Short() {
		t.Skip("it waits until the search for the outcome is given up, 10 s")
	}
	db := withPark(t)
	store, w := wired(t, db)
	once := plan.Once{Key: "k", Fingerprint: "f"}
	if _, err := store.Commit(t.Context(), editor(), nil, plan.Once{}); err != nil { // reads the catalogue
		t.Fatal(err)
	}
	w.cut.Store(cutForGood)
	if _, err := store.Commit(t.Context(), editor(), []plan.Edit{newPark(0)}, once); refusal(t, err).Code != "outcome-unknown" || plan.KindOf(err) != plan.Unavailable {
		t.Fatalf("got %v", err)
	}
	w.deaf.Store(false)
	var done []plan.Edited
	for range 50 {
		var err error
		if done, err = store.Commit(t.Context(), editor(), []plan.Edit{newPark(0)}, once); err == nil {
			break
		}
		time.Sleep(20 * time.Millisecond) // the pool still holds what was cut
	}
	if len(done) != 1 || scan[int64](t, db.Conn(t), "select count(*) from plan.park") != 1 {
		t.Errorf("repeated with the key: %+v", done)
	}
}
