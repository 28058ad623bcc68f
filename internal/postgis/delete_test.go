package postgis_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/simtaru/simtaru/internal/plan"
)

// TestOvertakenDelete: who has a transaction open cannot delete what somebody
// else has changed since it began, also with others that nobody has touched;
// what is one's own, or was there before, goes.
func TestOvertakenDelete(t *testing.T) {
	db := withPark(t)
	siti, budi := plan.Actor{Name: "siti", Role: plan.Planner}, plan.Actor{Name: "budi", Role: plan.Planner}
	commit := func(actor plan.Actor, edits ...plan.Edit) {
		t.Helper()
		if _, err := db.Store.Commit(t.Context(), actor, edits, plan.Once{}); err != nil {
			t.Fatal(err)
		}
	}
	commit(siti, newPark(1), newPark(2), newPark(3))
	conn := db.Conn(t)
	tx, err := conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }()
	commit(siti, plan.Edit{Layer: "park", Op: plan.Update, ID: 1, Values: map[string]any{"trees": int64(7)}})
	for _, sql := range []string{"delete from plan.park where id = 1", "delete from plan.park"} {
		if _, err := tx.Exec(t.Context(), "savepoint a"); err != nil {
			t.Fatal(err)
		}
		_, err := tx.Exec(t.Context(), sql)
		var pg *pgconn.PgError
		if !errors.As(err, &pg) || pg.Code != "SU412" || pg.ConstraintName != "stale" || pg.TableName != "park" {
			t.Errorf("%s: %v", sql, err)
		}
		if _, err := tx.Exec(t.Context(), "rollback to a"); err != nil {
			t.Fatal(err)
		}
	}
	// A merge: one grows, the other goes, and then the first goes too.
	for _, sql := range []string{"update plan.park set trees = 3 where id = 2", "delete from plan.park where id = 3", "delete from plan.park where id = 2"} {
		if _, err := tx.Exec(t.Context(), sql); err != nil {
			t.Errorf("%s: %v", sql, err)
		}
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	// The server deletes by the revision that it was asked for, or whatever it is.
	commit(budi, plan.Edit{Layer: "park", Op: plan.Delete, ID: 1})
	if n := scan[int](t, conn, "select count(*) from plan.park"); n != 0 {
		t.Errorf("%d features are left", n)
	}
}
