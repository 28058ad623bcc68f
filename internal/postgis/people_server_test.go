package postgis_test

import (
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/auth"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/postgis"
)

// TestRowsFromAnotherServer: the copy of a database brings people, and their
// roles stayed behind.
func TestRowsFromAnotherServer(t *testing.T) {
	o := openOffice(t)
	o.add("siti", plan.Planner, "gampong pande 1607")
	o.db.Exec(t, "drop owned by siti")
	o.db.Exec(t, "drop role siti")
	o.add("budi", plan.Planner, "gampong pande 1607")
	o.change("budi", auth.Change{Disabled: ptr(true)})
	o.db.Exec(t, "drop owned by budi")
	o.db.Exec(t, "drop role budi")
	for _, want := range [][]string{{"budi", "siti"}, nil} {
		if names, err := o.db.Store.RestoreRoles(t.Context()); err != nil || !slices.Equal(names, want) {
			t.Fatalf("%v, %v, want %v", names, err, want)
		}
	}
	actor := plan.Actor{Name: "siti", Role: plan.Planner, Person: true}
	if err := o.db.Store.Edit(t.Context(), actor, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), "insert into plan.park (name) values ('a')")
		return err
	}); err != nil {
		t.Errorf("an edit as the person: %v", err)
	}
	o.outside("siti", "gampong pande 1607", wrongPassword)
	o.change("siti", auth.Change{Secret: o.secret("siti", "peunayong baru 7")})
	if _, err := o.enter("siti", "peunayong baru 7").Exec(t.Context(), "insert into plan.park (name) values ('b')"); err != nil {
		t.Error(err)
	}
	o.change("budi", auth.Change{Secret: o.secret("budi", "peunayong baru 7")})
	o.outside("budi", "peunayong baru 7", mayNotLogIn)
}

// TestACopyBesideTheOriginal: a copy of the database on the same server brings
// people whose roles belong to the original.
func TestACopyBesideTheOriginal(t *testing.T) {
	o := openOffice(t)
	o.add("siti", plan.Planner, "gampong pande 1607")
	o.db.Exec(t, "create database salinan")
	store, err := postgis.Open(t.Context(), postgis.Config{DSN: o.db.Cluster.DSN("salinan")})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	row, err := o.db.Store.Person(t.Context(), "siti")
	if err != nil {
		t.Fatal(err)
	}
	copied, err := pgx.Connect(t.Context(), o.db.Cluster.DSN("salinan"))
	if err != nil {
		t.Fatal(err)
	}
	defer copied.Close(t.Context())
	if _, err := copied.Exec(t.Context(), "insert into simtaru.person (name, role, password, created_by) values ($1, $2, $3, $4)", row.Name, row.Role, row.Hash, row.CreatedBy); err != nil {
		t.Fatal(err)
	}
	open := o.enter("siti", "gampong pande 1607")
	there := auth.NewDirectory(store, slog.New(slog.DiscardHandler))
	for what, c := range map[string]auth.Change{
		"role": {Role: ptr(plan.Admin)}, "disabling": {Disabled: ptr(true)}, "password": {Secret: o.secret("siti", "peunayong baru 7")},
	} {
		_, err := there.Change(t.Context(), "test", "siti", c)
		if e := refusal(t, err); e.Code != "role-exists" || !strings.Contains(e.Message.EN, "database salinan") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if p, err := store.Person(t.Context(), "siti"); err != nil || p.Role != plan.Planner || p.Disabled || p.Hash != row.Hash {
		t.Errorf("what was refused is kept: %+v, %v", p, err)
	}
	if p, err := there.Change(t.Context(), "test", "siti", auth.Change{Title: ptr("Cut Siti")}); err != nil || p.Title != "Cut Siti" {
		t.Errorf("what is not about the role: %+v, %v", p, err)
	}
	if err := open.Ping(t.Context()); err != nil {
		t.Errorf("a connection to the original was ended: %v", err)
	}
	o.enter("siti", "gampong pande 1607")
	roles := scan[[]string](t, o.db.Conn(t), `select array_agg(r.rolname::text) from pg_auth_members m join pg_roles r on r.oid = m.roleid
		where m.member = 'siti'::regrole`)
	if !slices.Equal(roles, []string{"simtaru_planner"}) {
		t.Errorf("siti is a member of %v", roles)
	}
	// As the message says, where the original is no more.
	mark := scan[string](t, o.db.Conn(t), "select shobj_description('siti'::regrole, 'pg_authid')")
	o.db.Exec(t, "comment on role siti is '"+strings.ReplaceAll(mark, o.database, "salinan")+"'")
	if p, err := there.Change(t.Context(), "test", "siti", auth.Change{Role: ptr(plan.Disaster)}); err != nil || p.Role != plan.Disaster {
		t.Errorf("after the mark was changed: %+v, %v", p, err)
	}
}

// TestAServerThatIsNoSuperuser: what a city's own PostgreSQL gives us.
func TestAServerThatIsNoSuperuser(t *testing.T) {
	o := openOffice(t)
	o.database = "kota"
	o.db.Exec(t, "create role kota login createrole")
	o.db.Exec(t, "create database kota owner kota")
	admin, err := pgx.Connect(t.Context(), o.db.Cluster.DSN("kota"))
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close(t.Context())
	for _, sql := range []string{"create extension postgis", "revoke connect on database kota from public"} {
		if _, err := admin.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	store, err := postgis.Open(t.Context(), postgis.Config{DSN: strings.Replace(o.db.Cluster.DSN("kota"), "user=postgres", "user=kota", 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	apply(t, store, park(), parkKinds())
	o.dir = auth.NewDirectory(store, slog.New(slog.DiscardHandler))
	o.add("siti", plan.Planner, "gampong pande 1607")
	open := o.enter("siti", "gampong pande 1607")
	actor := plan.Actor{Name: "siti", Role: plan.Planner, Person: true}
	if err := store.Edit(t.Context(), actor, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), "insert into plan.park (name) values ('a')")
		return err
	}); err != nil {
		t.Errorf("an edit as the person: %v", err)
	}
	o.change("siti", auth.Change{Role: ptr(plan.Disaster)})
	if err := open.Ping(t.Context()); err == nil {
		t.Error("a connection outlives the role it was opened with")
	}
	open = o.enter("siti", "gampong pande 1607")
	o.change("siti", auth.Change{Disabled: ptr(true)})
	if err := open.Ping(t.Context()); err == nil {
		t.Error("a connection outlives its person")
	}
	o.outside("siti", "gampong pande 1607", mayNotLogIn)
}
