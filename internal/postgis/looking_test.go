package postgis_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// TestLooking plays two planners of whom one keeps a transaction open, as QGIS
// does, statement by statement as it sends them.
func TestLooking(t *testing.T) {
	db := withPark(t)
	db.Exec(t, "create role looker login in role simtaru_planner")
	other := db.Conn(t)
	one, two := insertPark(t, other, "Satu", square), insertPark(t, other, "Dua", square)
	config, err := pgx.ParseConfig(db.DSN)
	if err != nil {
		t.Fatal(err)
	}
	config.User = "looker"
	conn, err := pgx.ConnectConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	do := func(sql string, args ...any) error {
		t.Helper()
		_, err := conn.Exec(t.Context(), sql, args...)
		return err
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	refused := func(err error) {
		t.Helper()
		var pg *pgconn.PgError
		if !errors.As(err, &pg) || pg.Code != "SU412" || !strings.Contains(pg.Message, "sudah diubah oleh postgres pada ") || !strings.Contains(pg.Message, "WIB") {
			t.Errorf("got %v, want a refusal that names who and when", err)
		}
	}
	const look, change = "select 1 from plan.park where simtaru.looking()", "update plan.park set kind = $1 where id = $2"

	must(do("begin"))
	must(do(look))
	db.Exec(t, "update plan.park set share = 10 where id = $1", one)
	must(do("savepoint q"))
	refused(do(change, "city", one))
	must(do("rollback to q"))
	// Looking again does not help: what was drawn may be older.
	must(do(look))
	must(do("savepoint q"))
	refused(do(change, "city", one))
	must(do("rollback to q"))
	must(do(change, "city", two))
	must(do("update plan.park set read_revision = revision where id = $1", two))
	must(do(change, "quarter", two))
	must(do("commit"))
	// A new transaction looks anew.
	must(do("begin"))
	must(do(look))
	must(do(change, "city", one))
	must(do("commit"))

	// A change that was not committed at the first look counts too.
	open, err := other.Begin(t.Context())
	must(err)
	_, err = open.Exec(t.Context(), "update plan.park set share = 20 where id = $1", one)
	must(err)
	must(do("begin"))
	must(do(look))
	must(open.Commit(t.Context()))
	refused(do(change, "quarter", one))
	must(do("rollback"))

	// Whoever does not look is asked nothing, and a copy of another server's
	// history, where numbers are larger, is not taken for the future.
	must(do("begin"))
	must(do("select from plan.park"))
	db.Exec(t, "update plan.park set share = 30 where id = $1", one)
	must(do(change, "quarter", one))
	must(do("commit"))
	db.Exec(t, "update history.park set sys_txid = '99999999' where id = $1", one)
	must(do("begin"))
	must(do(look))
	must(do(change, "city", one))
	must(do("commit"))

	// What only says what it had read is no version.
	got := scan[string](t, other, "select string_agg(sys_op || coalesce(' ' || kind, ''), ', ' order by revision) from history.park where id = $1", two)
	if got != "create, update city, update quarter" {
		t.Errorf("history: %s", got)
	}
	if n := scan[int](t, other, "select count(*) from simtaru.change where feature = $1", two); n != 3 {
		t.Errorf("%d changes", n)
	}
}

// TestLookingCostsNoIndex: the filter is evaluated once a query.
func TestLookingCostsNoIndex(t *testing.T) {
	db := withPark(t)
	conn := db.Conn(t)
	insertPark(t, conn, "Satu", square)
	as(t, conn, "simtaru_planner", func(tx pgx.Tx) {
		if _, err := tx.Exec(t.Context(), "set local enable_seqscan = off"); err != nil {
			t.Fatal(err)
		}
		rows, err := tx.Query(t.Context(), "explain select id from plan.park where geom && st_makeenvelope(95, 5, 96, 6, 4326) and (simtaru.looking())")
		if err != nil {
			t.Fatal(err)
		}
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		plan := strings.Join(lines, "\n")
		if !strings.Contains(plan, "One-Time Filter: simtaru.looking()") || !strings.Contains(plan, "Index Cond") {
			t.Errorf("the plan:\n%s", plan)
		}
	})
}
