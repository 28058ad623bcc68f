package postgis_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/postgis"
	"github.com/simtaru/simtaru/internal/testdb"
)

// reader follows the change feed from outside, by tokens.
type reader struct {
	store  *postgis.Store
	layers []string
	next   string
	ids    []int64
}

// read takes one page.
func (r *reader) read(t testing.TB, limit int) plan.ChangesPage {
	t.Helper()
	p, err := r.store.Changes(t.Context(), plan.ChangesQuery{Since: r.next, Layers: r.layers, Limit: limit})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Changes) > limit || p.More && len(p.Changes) != limit {
		t.Fatalf("a page of %d with the limit %d, more %v", len(p.Changes), limit, p.More)
	}
	for _, c := range p.Changes {
		if slices.Contains(r.ids, c.ID) {
			t.Errorf("change %d comes twice", c.ID)
		}
		r.ids = append(r.ids, c.ID)
	}
	r.next = p.Next
	return p
}

func (r *reader) readAll(t testing.TB, limit int) {
	t.Helper()
	for r.read(t, limit).More {
	}
}

func changeIDs(t testing.TB, db *testdb.DB, layers ...string) []int64 {
	t.Helper()
	return scan[[]int64](t, db.Conn(t), "select coalesce(array_agg(id order by id), '{}') from simtaru.change where layer = any($1)", layers)
}

// twoLayers is a database with the layers park and garden.
func twoLayers(t testing.TB) *testdb.DB {
	t.Helper()
	db := withPark(t)
	l := park()
	l.ID = "garden"
	apply(t, db.Store, l)
	return db
}

// TestChangesOfALateCommit: a page must not end with the largest id it told.
func TestChangesOfALateCommit(t *testing.T) {
	db := withPark(t)
	r := &reader{store: db.Store, layers: []string{"park"}}
	low, err := db.Conn(t).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	insertPark(t, low, "low", square)
	insertPark(t, db.Conn(t), "high", square)
	r.read(t, 10)
	if err := low.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	// One that commits while a backlog is paged through comes after it.
	insertPark(t, db.Conn(t), "third", square)
	r.read(t, 1)
	insertPark(t, db.Conn(t), "fourth", square)
	r.readAll(t, 1)
	r.readAll(t, 1)
	if d := cmp.Diff([]int64{2, 1, 3, 4}, r.ids); d != "" {
		t.Error(d)
	}
}

// TestChangesAreToldOnceEach: writers commit in random order, and readers with
// tiny pages, all layers or one, hear of each change exactly once.
func TestChangesAreToldOnceEach(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			db := twoLayers(t)
			rnd := rand.New(rand.NewPCG(seed, 7))
			both := &reader{store: db.Store, layers: []string{"garden", "park"}}
			one := &reader{store: db.Store, layers: []string{"garden"}}
			open := make([]pgx.Tx, 5)
			conns := make([]*pgx.Conn, len(open))
			for i := range conns {
				conns[i] = db.Conn(t)
			}
			for i := range 250 {
				n := rnd.IntN(len(open))
				if open[n] == nil {
					tx, err := conns[n].Begin(t.Context())
					if err != nil {
						t.Fatal(err)
					}
					open[n] = tx
				}
				var err error
				switch rnd.IntN(7) {
				case 0, 1:
					err = open[n].Commit(t.Context())
					open[n] = nil
				case 2:
					err = open[n].Rollback(t.Context())
					open[n] = nil
				case 3:
					_, err = open[n].Exec(t.Context(), "savepoint p; insert into plan.park (name) values ('gone'); rollback to p")
				default:
					layer := []string{"park", "garden"}[rnd.IntN(2)]
					_, err = open[n].Exec(t.Context(), fmt.Sprintf("insert into plan.%s (name) select 'n%d' from generate_series(0, %d)", layer, i, rnd.IntN(3)))
				}
				if err != nil {
					t.Fatal(err)
				}
				if rnd.IntN(3) == 0 {
					both.read(t, 1+rnd.IntN(3))
				}
				if rnd.IntN(9) == 0 {
					one.read(t, 1)
				}
			}
			for _, tx := range open {
				if tx != nil {
					if err := tx.Commit(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
			}
			for range 2 { // the backlog, and what came meanwhile
				both.readAll(t, 2)
				one.readAll(t, 1)
			}
			for _, r := range []*reader{both, one} {
				want := changeIDs(t, db, r.layers...)
				got := slices.Sorted(slices.Values(r.ids))
				if d := cmp.Diff(want, got); d != "" || len(want) == 0 {
					t.Errorf("%v (-in the table +told):\n%s", r.layers, d)
				}
			}
		})
	}
}

// TestChangesTokens: what can be continued and what cannot.
func TestChangesTokens(t *testing.T) {
	db := withPark(t)
	ask := func(db *testdb.DB, since string) (plan.ChangesPage, error) {
		return db.Store.Changes(t.Context(), plan.ChangesQuery{Since: since, Layers: []string{"park"}, Limit: 1})
	}
	must := func(since string) plan.ChangesPage {
		t.Helper()
		p, err := ask(db, since)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	insertPark(t, db.Conn(t), "a", square)
	insertPark(t, db.Conn(t), "b", square)
	now := must(plan.SinceNow)
	if len(now.Changes) != 0 || now.More {
		t.Errorf("now: %+v", now)
	}
	if p := must(now.Next); len(p.Changes) != 0 {
		t.Errorf("after now: %+v", p)
	}
	first := must("")
	if len(first.Changes) != 1 || !first.More || first.Changes[0].Op != plan.Create || first.Changes[0].After == nil || first.Changes[0].Actor != "postgres" {
		t.Errorf("first: %+v", first)
	}
	if again := must(""); again.Next != first.Next {
		t.Log("the same question has another token: fine, if another transaction ended meanwhile")
	}

	other := withPark(t)
	if _, err := ask(other, now.Next); !errors.Is(err, plan.ErrReload) {
		t.Errorf("another database: %v", err)
	}
	raw, err := base64.RawURLEncoding.DecodeString(now.Next)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(raw), "/")
	forged := func(i int, part string) string {
		p := slices.Clone(parts)
		p[i] = part
		return base64.RawURLEncoding.EncodeToString([]byte(strings.Join(p, "/")))
	}
	if got := forged(0, "1"); got != now.Next {
		t.Fatalf("the test does not know how a token is written: %s", raw)
	}
	if _, err := ask(db, forged(3, "999999:999999:")); !errors.Is(err, plan.ErrReload) {
		t.Errorf("from the future: %v", err)
	}
	for _, bad := range []string{
		"x", "1", "nonsense!", now.Next + "A", strings.Repeat("A", 1000), forged(0, "2"), forged(2, "-1"), forged(2, "1e3"),
		forged(3, ""), forged(3, "0:0:"), forged(3, "5:4:"), forged(3, "1:5:9"), forged(3, "1:9:5,4"), forged(3, "1:2:x"), forged(3, "1:2"),
		forged(3, "01:2:"), forged(3, "1:99999999999999999999:"), forged(4, "x"), forged(5, ""), forged(5, "-1"), forged(5, "99999999999999999"),
		forged(6, "x"), forged(7, "-1"), forged(8, "99999999999999999"), forged(9, "2"),
	} {
		if _, err := ask(db, bad); plan.KindOf(err) != plan.Invalid {
			t.Errorf("%q: %v", bad, err)
		}
	}

	// Pruning what a token has not seen ends it, in the middle of a backlog too.
	if n, err := db.Store.Prune(t.Context(), 0); n != 2 || err != nil {
		t.Fatalf("%d changes pruned, %v", n, err)
	}
	if _, err := ask(db, first.Next); !errors.Is(err, plan.ErrReload) {
		t.Errorf("after pruning: %v", err)
	}
	must(now.Next)
	if p := must(""); len(p.Changes) != 0 || p.More {
		t.Errorf("from the oldest kept: %+v", p)
	}
	insertPark(t, db.Conn(t), "c", square)
	if p := must(""); len(p.Changes) != 1 {
		t.Errorf("from the oldest kept: %+v", p)
	}
}

// TestACrashEndsPositions: a transaction that was rolled back just before a
// crash need not have reached the disk, and then another one gets its id. A
// position that holds the id for ended would hide what that one changes. So
// the plan is loaded again, and a token tells what began since it was given.
func TestACrashEndsPositions(t *testing.T) {
	db := testdb.Own(t)
	apply(t, db.Store, park(), parkKinds())
	db.Exec(t, "alter system set wal_writer_delay = '10s'")
	db.Exec(t, "select pg_reload_conf()")
	conn := db.Conn(t)
	tx, err := conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	insertPark(t, tx, "rolled back", square)
	var gone string
	if err := tx.QueryRow(t.Context(), "select pg_current_xact_id()::text").Scan(&gone); err != nil {
		t.Fatal(err)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	f := follow(t, db.Store)
	token, err := db.Store.Changes(t.Context(), plan.ChangesQuery{Since: plan.SinceNow, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	signal(t, db.Cluster.Pid(), syscall.SIGKILL)

	var created string
	await(t, func(ctx context.Context) error {
		conn, err := pgx.Connect(ctx, db.DSN)
		if err != nil {
			return err
		}
		defer conn.Close(ctx)
		return conn.QueryRow(ctx, "with i as (insert into plan.park (name) values ('after') returning 1) select pg_current_xact_id()::text from i").Scan(&created)
	})
	if created != gone {
		t.Logf("the id %s was not given again: the new one is %s", gone, created)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if _, err := db.Store.Since(ctx, f.at, f.cat); !errors.Is(err, plan.ErrReload) {
		t.Errorf("the position goes on: %v", err)
	}
	told, err := db.Store.Changes(ctx, plan.ChangesQuery{Since: token.Next, Layers: []string{"park"}, Limit: 5})
	if err != nil || len(told.Changes) != 1 || told.Changes[0].Op != plan.Create {
		t.Errorf("the token goes on with %+v, %v", told.Changes, err)
	}
	if more, err := db.Store.Changes(ctx, plan.ChangesQuery{Since: told.Next, Layers: []string{"park"}, Limit: 5}); err != nil || len(more.Changes) != 0 {
		t.Errorf("and after it with %+v, %v", more.Changes, err)
	}
	if again := follow(t, db.Store); len(again.names()) != 1 {
		t.Errorf("after a load: %v", again.names())
	}
}
