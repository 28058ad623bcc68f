package postgis_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/simtaru/simtaru/internal/auth"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/testdb"
)

// office is a database whose people knock at PostgreSQL's own door, with
// passwords, over TCP.
type office struct {
	*testing.T
	db       *testdb.DB
	dir      *auth.Directory
	database string
}

func openOffice(t *testing.T) office {
	t.Helper()
	db := testdb.OwnPort(t)
	apply(t, db.Store, park(), parkKinds())
	return office{t, db, auth.NewDirectory(db.Store, slog.New(slog.DiscardHandler)), scan[string](t, db.Conn(t), "select current_database()::text")}
}

func (o office) add(name string, role plan.Role, password string) {
	o.Helper()
	if err := o.tryAdd(name, role, password); err != nil {
		o.Fatal(err)
	}
}

func (o office) tryAdd(name string, role plan.Role, password string) error {
	o.Helper()
	secret, err := o.dir.Secret(o.Context(), name, password)
	if err != nil {
		return err
	}
	return o.dir.Add(o.Context(), auth.Person{Name: name, Role: role, CreatedBy: "test"}, &secret)
}

func (o office) change(name string, c auth.Change) {
	o.Helper()
	if _, err := o.dir.Change(o.Context(), "test", name, c); err != nil {
		o.Fatal(err)
	}
}

func (o office) secret(name, password string) *auth.Secret {
	o.Helper()
	s, err := o.dir.Secret(o.Context(), name, password)
	if err != nil {
		o.Fatal(err)
	}
	return &s
}

// knock connects over TCP by SCRAM.
func (o office) knock(name, password string) (*pgx.Conn, error) {
	o.Helper()
	dsn := url.URL{
		Scheme: "postgres", User: url.UserPassword(name, password), Path: o.database,
		Host: fmt.Sprintf("127.0.0.1:%d", o.db.Cluster.Port()), RawQuery: "sslmode=disable",
	}
	conn, err := pgx.Connect(o.Context(), dsn.String())
	if err == nil {
		o.Cleanup(func() { _ = conn.Close(context.WithoutCancel(o.Context())) })
	}
	return conn, err
}

func (o office) enter(name, password string) *pgx.Conn {
	o.Helper()
	conn, err := o.knock(name, password)
	if err != nil {
		o.Fatal(err)
	}
	return conn
}

// outside fails unless PostgreSQL refuses with the SQLSTATE.
func (o office) outside(name, password, code string) {
	o.Helper()
	_, err := o.knock(name, password)
	var pg *pgconn.PgError
	if !errors.As(err, &pg) || pg.Code != code {
		o.Errorf("%s with %q: %v, want %s", name, password, err, code)
	}
}

const wrongPassword, mayNotLogIn = "28P01", "28000"

func TestOnePersonIsOneLoginRole(t *testing.T) {
	o := openOffice(t)
	// Composed and decomposed are one password, whatever a keyboard makes.
	for name, password := range map[string]string{
		"siti": "gampong pande 1607", "cut.nyak-dien": "Krueng Ac\u00e9h 2026", "budi_2": "kata'sandi\"\\$1%@:/?#", "tgk": "Krueng Ace\u0301h 2026",
	} {
		o.add(name, plan.Planner, password)
		conn := o.enter(name, password)
		if _, err := conn.Exec(t.Context(), "insert into plan.park (name) values ($1)", name); err != nil {
			t.Errorf("%s cannot edit: %v", name, err)
		}
		o.outside(name, password+"x", wrongPassword)
		o.outside(name, "", wrongPassword)
		if _, err := conn.Exec(t.Context(), "select password from simtaru.person"); err == nil {
			t.Errorf("%s reads what is kept of passwords", name)
		}
	}
	o.enter("cut.nyak-dien", "Krueng Ace\u0301h 2026")
	o.enter("tgk", "Krueng Ac\u00e9h 2026")

	conn := o.db.Conn(t)
	roles := scan[[]string](t, conn, `select array_agg(r.rolname::text) from pg_auth_members m join pg_roles r on r.oid = m.roleid
		where m.member = 'siti'::regrole`)
	if !slices.Equal(roles, []string{"simtaru_planner"}) {
		t.Errorf("siti is a member of %v", roles)
	}
	kept := scan[string](t, conn, "select rolpassword from pg_authid where rolname = 'siti'")
	if !strings.HasPrefix(kept, "SCRAM-SHA-256$16384:") {
		t.Errorf("PostgreSQL keeps %.20s", kept)
	}
	if hash := scan[string](t, conn, "select password from simtaru.person where name = 'siti'"); !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("we keep %.40s", hash)
	}
}

// TestTheServerMayActAsThePerson, as an edit over HTTP does.
func TestTheServerMayActAsThePerson(t *testing.T) {
	o := openOffice(t)
	o.add("siti", plan.Planner, "gampong pande 1607")
	conn := o.db.Conn(t)
	for _, sql := range []string{"begin", `set local role "siti"`, "insert into plan.park (name) values ('a')", "rollback"} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

func TestNewPasswordRoleAndDisablingReachPostgreSQL(t *testing.T) {
	o := openOffice(t)
	o.add("ani", plan.Admin, "meuligoe 1880 aceh")
	o.add("siti", plan.Planner, "gampong pande 1607")
	open := o.enter("siti", "gampong pande 1607")

	o.change("siti", auth.Change{Secret: o.secret("siti", "peunayong baru 7")})
	o.outside("siti", "gampong pande 1607", wrongPassword)
	if err := open.Ping(t.Context()); err == nil {
		t.Error("a connection outlives a password that somebody else has set")
	}
	open = o.enter("siti", "peunayong baru 7")
	// PostgreSQL does not ask again for a membership that is in use.
	inUse := o.enter("siti", "peunayong baru 7")
	if _, err := inUse.Exec(t.Context(), "set role simtaru_planner"); err != nil {
		t.Fatal(err)
	}

	o.change("siti", auth.Change{Role: ptr(plan.Public)})
	if _, err := inUse.Exec(t.Context(), "insert into plan.park (name) values ('a')"); err == nil {
		t.Error("a connection that has taken the role before keeps its privileges")
	}
	if _, err := open.Exec(t.Context(), "insert into plan.park (name) values ('a')"); err == nil {
		t.Error("a connection keeps the privileges of the role before")
	}
	if n := scan[int](t, o.db.Conn(t), "select count(*) from pg_auth_members where member = 'siti'::regrole"); n != 1 {
		t.Errorf("%d memberships", n)
	}

	open = o.enter("siti", "peunayong baru 7")
	o.change("siti", auth.Change{Disabled: ptr(true)})
	if err := open.Ping(t.Context()); err == nil {
		t.Error("a connection outlives its person")
	}
	o.outside("siti", "peunayong baru 7", mayNotLogIn)
	o.change("siti", auth.Change{Disabled: ptr(false)})
	o.enter("siti", "peunayong baru 7")
}

// TestNoPasswordReachesTheLogOfPostgreSQL lets the server log everything.
func TestNoPasswordReachesTheLogOfPostgreSQL(t *testing.T) {
	o := openOffice(t)
	for _, sql := range []string{"alter system set log_statement = 'all'", "select pg_reload_conf()"} {
		o.db.Exec(t, sql)
	}
	// A new connection logs under the new setting.
	o.db.Exec(t, "select pg_sleep(0.2)")
	o.add("siti", plan.Planner, "gampong pande 1607")
	o.change("siti", auth.Change{Secret: o.secret("siti", "peunayong baru 7")})
	log, err := os.ReadFile(o.db.Cluster.Log())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(log), `create role "siti"`) {
		t.Fatalf("the log does not show what was done: %s", log)
	}
	for _, secret := range []string{"gampong pande", "peunayong"} {
		if strings.Contains(string(log), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

func TestNamesAreRefusedInWords(t *testing.T) {
	o := openOffice(t)
	o.db.Exec(t, "create role gis_lama login")
	o.add("siti", plan.Planner, "gampong pande 1607")
	for name, code := range map[string]string{
		"gis_lama": "role-exists", "siti": "name-taken", "postgres": "bad-name", "public": "bad-name", "pg_monitor": "bad-name",
		"simtaru_admin": "bad-name", "Siti": "bad-name", "s": "bad-name", "sí": "bad-name", `si"; drop role x; --`: "bad-name", "": "bad-name",
		strings.Repeat("a", 64): "bad-name",
	} {
		err := o.tryAdd(name, plan.Planner, "gampong pande 1607")
		if e := refusal(t, err); e.Code != code || e.Message.ID == "" || e.Message.EN == "" {
			t.Errorf("%q: %v, want %s", name, err, code)
		}
	}
	if n := scan[int](t, o.db.Conn(t), "select count(*) from simtaru.person"); n != 1 {
		t.Errorf("%d people", n)
	}
}

// TestTheLastAdminStays also when two are taken away at once.
func TestTheLastAdminStays(t *testing.T) {
	o := openOffice(t)
	o.add("ani", plan.Admin, "meuligoe 1880 aceh")
	for _, c := range []auth.Change{{Disabled: ptr(true)}, {Role: ptr(plan.Planner)}} {
		_, err := o.dir.Change(t.Context(), "test", "ani", c)
		if e := refusal(t, err); e.Code != "last-admin" {
			t.Errorf("%v", err)
		}
	}
	o.enter("ani", "meuligoe 1880 aceh")
	o.add("budi", plan.Admin, "ulee lheue pelabuhan")
	done := make(chan error, 2)
	for _, name := range []string{"ani", "budi"} {
		go func() {
			_, err := o.dir.Change(t.Context(), "test", name, auth.Change{Disabled: ptr(true)})
			done <- err
		}()
	}
	refused := 0
	for range 2 {
		if err := <-done; err != nil {
			refused++
		}
	}
	if n := scan[int](t, o.db.Conn(t), "select count(*) from simtaru.person where role = 'admin' and not disabled"); n != 1 || refused != 1 {
		t.Errorf("%d administrators left, %d refused", n, refused)
	}
}

// TestPruneLogins forgets what has ended, and nothing else.
func TestPruneLogins(t *testing.T) {
	db := testdb.New(t)
	db.Exec(t, `
		insert into simtaru.person (name, role, created_by) values ('prune_me', 'planner', 'test');
		insert into simtaru.session (hash, person, generation, expires_at) values
			('a', 'prune_me', 1, now() - interval '1 second'), ('b', 'prune_me', 1, now() + interval '1 hour');
		insert into simtaru.idempotency (actor, key, fingerprint, result, at) values
			('prune_me', 'old', '', '{}', now() - interval '25 hours'), ('prune_me', 'new', '', '{}', now() - interval '23 hours');
		insert into simtaru.token (hash, person, name, read_only, expires_at, revoked_at) values
			('a', 'prune_me', 'long revoked', true, null, now() - interval '366 days'), ('b', 'prune_me', 'revoked', true, null, now()),
			('c', 'prune_me', 'for ever', true, null, null), ('d', 'prune_me', 'long expired', true, now() - interval '366 days', null)`)
	if err := db.Store.PruneLogins(t.Context(), 24*time.Hour); err != nil {
		t.Fatal(err)
	}
	left := scan[string](t, db.Conn(t), `select concat_ws(' ', (select string_agg(encode(hash, 'escape'), '') from simtaru.session),
		(select string_agg(key, '') from simtaru.idempotency), (select string_agg(encode(hash, 'escape'), '' order by hash) from simtaru.token))`)
	if left != "b new bc" {
		t.Errorf("left: %s", left)
	}
}
