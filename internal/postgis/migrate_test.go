package postgis_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/postgis"
	"github.com/simtaru/simtaru/internal/testdb"
	"github.com/simtaru/simtaru/migrations"
)

// TestOwnerWithoutSuperuser: a database of somebody else's server, owned by a
// login that may make roles. It lacks PostGIS until an administrator adds it,
// and lives in a schema of its own there.
func TestOwnerWithoutSuperuser(t *testing.T) {
	db := testdb.Own(t) // roles belong to the whole cluster
	db.Exec(t, "create role kota login createrole")
	db.Exec(t, "create database kota owner kota")
	dsn := strings.Replace(db.Cluster.DSN("kota"), "user=postgres", "user=kota", 1)
	store, err := postgis.Open(t.Context(), postgis.Config{DSN: dsn})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if e := refusal(t, store.Migrate(t.Context())); e.Code != "postgis-needs-administrator" || !strings.Contains(e.Message.ID, "CREATE EXTENSION postgis;") {
		t.Fatalf("%+v", e)
	}
	admin, err := pgx.Connect(t.Context(), db.Cluster.DSN("kota"))
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close(t.Context())
	if _, err := admin.Exec(t.Context(), "create schema gis; grant usage on schema gis to public; create extension postgis schema gis; set search_path = public, gis"); err != nil {
		t.Fatal(err)
	}
	if err := store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.ApplyCatalog(t.Context(), cat); err != nil {
		t.Fatal(err)
	}
	apply(t, store, park(), parkKinds())
	insertPark(t, admin, "Taman Sari", square)
	l := park()
	l.Geometry = plan.Point
	if _, err := store.Apply(t.Context(), l, nil); err == nil {
		t.Error("the geometry type changed")
	}
	page, err := store.Features(t.Context(), park(), plan.Query{Limit: 10})
	if err != nil || page.Matched != 1 {
		t.Errorf("%+v, %v", page, err)
	}
}

// TestMigrationsAreNoTemplates: tern expands braces, ours must not have any.
func TestMigrationsAreNoTemplates(t *testing.T) {
	entries, err := migrations.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := migrations.Files.ReadFile(e.Name())
		if err != nil {
			t.Fatal(err)
		}
		if regexp.MustCompile(`\{\{`).Match(text) {
			t.Errorf("%s has braces that tern would expand", e.Name())
		}
	}
}

// TestConcurrentMigrations: several servers start at the same moment.
func TestConcurrentMigrations(t *testing.T) {
	db := testdb.Empty(t)
	done := make(chan error)
	for range 4 {
		go func() { done <- db.Store.Migrate(t.Context()) }()
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
