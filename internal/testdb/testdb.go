// Package testdb gives each test a database of its own, with PostGIS and the
// platform's schema in it, on a real PostgreSQL.
//
// One cluster a test process is copied from a template that is kept under
// os.TempDir and made again when PostgreSQL or the migrations change; each
// database is then a copy of one inside it. The first test pays about a
// second, each database some tens of milliseconds. Nothing is flushed to disk
// (fsync off), which nothing outside tests may do.
//
// The cluster ends with the test process, however that ends. Main ends it in
// order; without Main, or after a kill, the kernel ends it, and the next
// process removes what it left.
package testdb

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/postgis"
	"github.com/simtaru/simtaru/internal/postgis/cluster"
)

// DB is a database for one test.
type DB struct {
	// DSN opens it as the superuser.
	DSN string
	// Store is open on it, and closed with the test.
	Store *postgis.Store
	// Cluster runs it. It is shared with other tests unless Own made it.
	Cluster *cluster.Cluster
}

// shared is the cluster of this process. It is the one variable of this
// package: tests have no place to hand it through.
var shared struct {
	sync.Mutex
	cluster *cluster.Cluster
	err     error
}

// count names databases.
var count atomic.Int64

// New returns a fresh migrated database, gone when the test ends. The test is
// skipped where no PostgreSQL with PostGIS is installed.
func New(t testing.TB) *DB {
	t.Helper()
	c, err := sharedCluster(t)
	if err != nil {
		t.Fatalf("testdb: %v", err)
	}
	return database(t, c, "template "+templateName)
}

// Empty returns a fresh database without PostGIS and schema.
func Empty(t testing.TB) *DB {
	t.Helper()
	c, err := sharedCluster(t)
	if err != nil {
		t.Fatalf("testdb: %v", err)
	}
	return database(t, c, "")
}

// Own returns a migrated database in a cluster of its own, for tests that stop
// or kill the server.
func Own(t testing.TB) *DB {
	t.Helper()
	return own(t, -1)
}

// OwnPort is Own with a port on 127.0.0.1, where everybody needs a password.
func OwnPort(t testing.TB) *DB {
	t.Helper()
	return own(t, 0)
}

func own(t testing.TB, port int) *DB {
	t.Helper()
	skipWithout(t)
	c, dir, err := start(t.Context(), port)
	if err != nil {
		t.Fatalf("testdb: %v", err)
	}
	t.Cleanup(func() {
		if err := stop(context.WithoutCancel(t.Context()), c, dir); err != nil {
			t.Errorf("testdb: %v", err)
		}
	})
	return database(t, c, "template "+templateName)
}

// Main runs the tests of a package and then stops the cluster in order:
//
//	func TestMain(m *testing.M) { os.Exit(testdb.Main(context.Background(), m)) }
func Main(ctx context.Context, m *testing.M) int {
	code := m.Run()
	shared.Lock()
	defer shared.Unlock()
	if shared.cluster != nil {
		if err := stop(ctx, shared.cluster, shared.cluster.Dir()); err != nil {
			fmt.Fprintln(os.Stderr, "testdb:", err)
			return max(code, 1)
		}
	}
	return code
}

func skipWithout(t testing.TB) {
	t.Helper()
	if _, err := cluster.Find(t.Context(), ""); err != nil {
		t.Skipf("testdb: %v", err)
	}
}

func sharedCluster(t testing.TB) (*cluster.Cluster, error) {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.cluster == nil && shared.err == nil {
		skipWithout(t)
		shared.cluster, _, shared.err = start(t.Context(), -1)
	}
	return shared.cluster, shared.err
}

func stop(ctx context.Context, c *cluster.Cluster, dir string) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if err := c.Stop(ctx); err != nil {
		return err
	}
	return os.RemoveAll(dir)
}

func database(t testing.TB, c *cluster.Cluster, how string) *DB {
	t.Helper()
	name := fmt.Sprintf("t%d", count.Add(1))
	ctx := context.WithoutCancel(t.Context())
	if err := execute(ctx, c, "create database "+name+" "+how); err != nil {
		t.Fatalf("testdb: %v", err)
	}
	t.Cleanup(func() {
		if err := execute(ctx, c, "drop database "+name+" with (force)"); err != nil {
			t.Errorf("testdb: %v", err)
		}
	})
	db := &DB{DSN: c.DSN(name), Cluster: c}
	store, err := postgis.Open(ctx, postgis.Config{DSN: db.DSN, Acquire: 10 * time.Second})
	if err != nil {
		t.Fatalf("testdb: %v", err)
	}
	t.Cleanup(store.Close)
	db.Store = store
	return db
}

func execute(ctx context.Context, c *cluster.Cluster, sql string) error {
	conn, err := pgx.Connect(ctx, c.DSN("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, sql); err != nil {
		return fmt.Errorf("%s: %w", sql, err)
	}
	return nil
}

// Conn opens a connection as the superuser, closed with the test.
func (db *DB) Conn(t testing.TB) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), db.DSN)
	if err != nil {
		t.Fatalf("testdb: %v", err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

// Exec runs statements as the superuser and fails the test where they fail.
func (db *DB) Exec(t testing.TB, sql string, args ...any) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), db.DSN)
	if err != nil {
		t.Fatalf("testdb: %v", err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	if _, err := conn.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("testdb: %s: %v", sql, err)
	}
}
