package postgis_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/testdb"
)

// TestActorIsNotForged: only the server names whom it acts for.
func TestActorIsNotForged(t *testing.T) {
	db := withPark(t)
	login(t, db, "siti", "simtaru_planner")
	login(t, db, "rina", "simtaru_admin")
	login(t, db, "kantor", "postgres") // a login of the server's own: a member of the owner
	for name, want := range map[string]string{"siti": "siti", "rina": "rina", "kantor": "budi", "postgres": "budi"} {
		conn := connectAs(t, db, name)
		run(t, conn, "set simtaru.actor = 'budi'")
		if name == "rina" {
			run(t, conn, "set role simtaru_planner") // which does not make her another
		}
		run(t, conn, "insert into plan.park (name) values ('x')", "delete from plan.park")
		for _, sql := range []string{
			"select string_agg(distinct updated_by, ' ') from history.park", "select string_agg(distinct sys_actor, ' ') from history.park",
			"select string_agg(distinct actor, ' ') from simtaru.change",
		} {
			if got := scan[string](t, db.Conn(t), sql); got != want {
				t.Errorf("%s as %s: %s, want %s", sql, name, got, want)
			}
		}
		db.Exec(t, "delete from history.park")
		db.Exec(t, "delete from simtaru.change")
	}
}

// withPrivate is a database with park, which all read and planners edit, and
// secret, which only disaster officers read and edit; each has one feature.
func withPrivate(t testing.TB) *testdb.DB {
	db := withPark(t)
	l := park()
	l.ID = "secret"
	l.Access = plan.Access{Read: []plan.Role{plan.Disaster}, Edit: []plan.Role{plan.Disaster}}
	apply(t, db.Store, l)
	db.Exec(t, "insert into plan.park (name) values ('a')")
	db.Exec(t, "insert into plan.secret (name) values ('a')")
	return db
}

// TestWhoSeesWhat asks as each login for the rows of each table that tells of
// layers.
func TestWhoSeesWhat(t *testing.T) {
	db := withPrivate(t)
	login(t, db, "siti", "simtaru_planner")
	login(t, db, "tuti", "simtaru_disaster")
	login(t, db, "rina", "simtaru_admin")
	login(t, db, "warga", "simtaru_public")
	login(t, db, "asing")
	const denied = "denied"
	ask := func(conn *pgx.Conn, sql string) string {
		var got string
		err := conn.QueryRow(t.Context(), sql).Scan(&got)
		var pg *pgconn.PgError
		if errors.As(err, &pg) && pg.Code == "42501" {
			return denied
		}
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		return got
	}
	for name, want := range map[string][5]string{
		"siti":     {"park", "park", "1", denied, denied},
		"tuti":     {"park secret", "park secret", "1", "1", "1"},
		"rina":     {"park secret", "park secret", "1", "1", "1"},
		"warga":    {"park", denied, "1", denied, denied},
		"asing":    {denied, denied, denied, denied, denied},
		"postgres": {"park secret", "park secret", "1", "1", "1"},
	} {
		conn := connectAs(t, db, name)
		for i, sql := range []string{
			"select string_agg(id, ' ' order by id) from simtaru.layer",
			"select string_agg(layer, ' ' order by layer) from simtaru.change",
			"select count(*)::text from plan.park", "select count(*)::text from plan.secret", "select count(*)::text from history.secret",
		} {
			if got := ask(conn, sql); got != want[i] {
				t.Errorf("%s as %s: %s, want %s", sql, name, got, want[i])
			}
		}
		if name == "postgres" {
			continue
		}
		for _, table := range []string{"person", "session", "token", "idempotency"} {
			if got := ask(conn, "select count(*)::text from simtaru."+table); got != denied {
				t.Errorf("%s as %s: %s", table, name, got)
			}
		}
	}
	// Nobody but the owner may anything with what passwords and sessions hang on.
	if got := scan[int](t, db.Conn(t), `select count(*) from pg_class c, aclexplode(c.relacl) a
		where c.oid in ('simtaru.person'::regclass, 'simtaru.session'::regclass, 'simtaru.token'::regclass, 'simtaru.idempotency'::regclass)
			and a.grantee <> c.relowner`); got != 0 {
		t.Errorf("%d grants on the server's own tables", got)
	}
}

// TestEditAsPerson: an edit over HTTP has the privileges of the person's own
// login, and a token no more than its layers and its mode.
func TestEditAsPerson(t *testing.T) {
	db := withPrivate(t)
	login(t, db, "rina", "simtaru_admin")
	login(t, db, "dewi") // a planner who was shut out of PostgreSQL
	as := func(a plan.Actor, sql string) (string, error) {
		var got string
		err := db.Store.Edit(t.Context(), a, func(tx pgx.Tx) error { return tx.QueryRow(t.Context(), sql).Scan(&got) })
		return got, err
	}
	rina := plan.Actor{Name: "rina", Role: plan.Admin, Person: true}
	narrow, none := rina, rina
	narrow.Layers, none.Layers = []string{"secret", "elsewhere"}, []string{}
	reading := rina
	reading.ReadOnly = true
	planner := plan.Actor{Name: "dewi", Role: plan.Planner}
	shut := planner
	shut.Person = true
	const (
		both    = "select string_agg(id, ' ' order by id) from simtaru.layer"
		changes = "select string_agg(distinct layer, ' ') from simtaru.change"
		parks   = "select count(*)::text from plan.park"
		past    = "select count(*)::text from history.park"
		rename  = "update plan.park set name = 'b' where id = 1 returning name"
		add     = "insert into plan.park (name) values ('c') returning name"
		remove  = "delete from plan.park where id = -1 or true returning name"
		secret  = "update plan.secret set name = 'b' where id = 1 returning updated_by"
		who     = "select current_user::text"
	)
	for _, c := range []struct {
		actor     plan.Actor
		sql, want string
		kind      plan.Kind
	}{
		{rina, who, "rina", 0},
		{rina, both, "park secret", 0},
		{rina, secret, "rina", 0},
		{planner, who, "simtaru_planner", 0},
		{planner, rename, "b", 0},
		{shut, who, "dewi", 0},
		{shut, parks, "", plan.Denied},
		{plan.Actor{Name: "nobody", Role: plan.Planner, Person: true}, who, "", plan.Denied},
		{plan.Actor{Name: "none", Role: plan.Planner, Person: true}, who, "simtaru_planner", 0},
		{narrow, both, "secret", 0},
		{narrow, changes, "secret", 0},
		{narrow, secret, "rina", 0},
		{narrow, parks, "0", 0},
		{narrow, past, "0", 0},
		{narrow, add, "", plan.Denied},
		{none, secret, "", noRows},
		{none, "select count(*)::text from plan.secret", "0", 0},
		{narrow, rename, "", noRows},
		{narrow, remove, "", noRows},
		{reading, parks, "1", 0},
		{reading, rename, "", plan.Denied},
		{reading, add, "", plan.Denied},
	} {
		got, err := as(c.actor, c.sql)
		kind := plan.KindOf(err)
		if errors.Is(err, pgx.ErrNoRows) {
			kind = noRows
		}
		if got != c.want || kind != c.kind || err != nil && c.kind == 0 {
			t.Errorf("%+v: %s: %q, %v, want %q", c.actor, c.sql, got, err, c.want)
		}
	}
	// A role that the transaction took on does not stay with the connection.
	for range 20 {
		if got, err := as(plan.Actor{Name: "x", Role: plan.Planner}, "select current_setting('simtaru.scope') || current_user"); err != nil || got != "simtaru_planner" {
			t.Fatal(got, err)
		}
	}
}

// noRows stands for pgx.ErrNoRows in tables of kinds.
const noRows = plan.Kind(255)

// TestPoliciesKeepTheIndex: QGIS asks for boxes, and a planner's login finds
// them by the index as the owner does.
func TestPoliciesKeepTheIndex(t *testing.T) {
	db := withPark(t)
	login(t, db, "siti", "simtaru_planner")
	db.Exec(t, `insert into plan.park (name, geom) select 'p', st_makeenvelope(x, y, x + 0.0002, y + 0.0002, 4326)
		from (select 95 + (i % 100) * 0.0003 as x, 5 + (i / 100) * 0.0003 as y from generate_series(1, 5000) i) p`)
	db.Exec(t, "analyze plan.park")
	for _, role := range []string{"siti", "simtaru_public", "simtaru_reader", "postgres"} {
		conn := db.Conn(t)
		run(t, conn, "set role "+role)
		rows, err := conn.Query(t.Context(), "explain select id from plan.park where geom && st_makeenvelope(95, 5, 95.001, 5.001, 4326)")
		if err != nil {
			t.Fatal(err)
		}
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil || !slices.ContainsFunc(lines, contains("park_geom_idx")) {
			t.Errorf("%s: %q, %v", role, lines, err)
		}
	}
}

// TestOneCityIsClosedToAnother: a login role is known to the whole server, and
// enters only the databases that it was let into.
func TestOneCityIsClosedToAnother(t *testing.T) {
	db := testdb.Empty(t)
	if err := db.Store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	db.Exec(t, "do $$ begin create role lena login in role simtaru_planner; exception when duplicate_object then null; end $$")
	dsn := strings.Replace(db.DSN, "user=postgres", "user=lena", 1)
	_, err := pgx.Connect(t.Context(), dsn)
	var pg *pgconn.PgError
	if !errors.As(err, &pg) || pg.Code != "42501" {
		t.Fatalf("a stranger comes in: %v", err)
	}
	db.Exec(t, fmt.Sprintf("grant connect on database %s to lena", scan[string](t, db.Conn(t), "select current_database()")))
	connectAs(t, db, "lena")
}
