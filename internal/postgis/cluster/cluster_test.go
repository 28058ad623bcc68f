package cluster_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/postgis/cluster"
)

// config is a cluster in a directory that the user postgres can reach. fsync
// stays on: what a crash leaves is the subject of these tests.
func config(t *testing.T) cluster.Config {
	t.Helper()
	if _, err := cluster.Find(t.Context(), ""); err != nil {
		t.Skipf("no PostgreSQL with PostGIS is installed: %v", err)
	}
	dir, err := os.MkdirTemp("", "simtaru-cluster-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return cluster.Config{
		Dir: filepath.Join(dir, "postgres"),
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
}

func start(t *testing.T, c cluster.Config) *cluster.Cluster {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cl, err := cluster.Start(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, cl) })
	return cl
}

func stop(t *testing.T, cl *cluster.Cluster) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
	defer cancel()
	if err := cl.Stop(ctx); err != nil {
		t.Fatal(err)
	}
}

func connect(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

func one[T any](t *testing.T, conn *pgx.Conn, sql string, args ...any) T {
	t.Helper()
	var v T
	if err := conn.QueryRow(t.Context(), sql, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return v
}

func exec1(t *testing.T, conn *pgx.Conn, sql string, args ...any) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func TestStartStopKeepsData(t *testing.T) {
	c := config(t)
	first := start(t, c)
	dsn, err := first.Database(t.Context(), "kota")
	if err != nil {
		t.Fatal(err)
	}
	conn := connect(t, dsn)
	for name, want := range map[string]string{
		"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "data_checksums": "on",
		"server_encoding": "UTF8", "listen_addresses": "127.0.0.1", "jit": "off",
	} {
		if got := one[string](t, conn, "select current_setting($1)", name); got != want {
			t.Errorf("%s = %s, want %s", name, got, want)
		}
	}
	// Bytes order text, and yet case knows Unicode.
	if got := one[string](t, conn, `select string_agg(x, '' order by x) || upper('é') from unnest(array['b','a','B','é']) x`); got != "BabéÉ" {
		t.Errorf("text order and case: %q", got)
	}
	exec1(t, conn, "create extension postgis")
	exec1(t, conn, "create table t as select 42 as x")
	port := first.Port()
	pid := first.Pid()
	stop(t, first)
	if syscall.Kill(pid, 0) == nil {
		t.Error("the server runs after Stop")
	}

	second := start(t, c)
	if second.Port() != port {
		t.Errorf("port %d after a restart, want %d again", second.Port(), port)
	}
	if dsn, err = second.Database(t.Context(), "kota"); err != nil {
		t.Fatal(err)
	}
	if got := one[int](t, connect(t, dsn), "select x from t"); got != 42 {
		t.Errorf("x = %d after a restart", got)
	}
}

func TestWhoMayConnect(t *testing.T) {
	cl := start(t, config(t))
	conn := connect(t, cl.DSN("postgres"))
	exec1(t, conn, "create role siti login password 'rahasia'")
	exec1(t, conn, "alter role postgres password 'rahasia'")
	tcp := func(user, password string) error {
		c, err := pgx.Connect(t.Context(), fmt.Sprintf(
			"host=127.0.0.1 port=%d dbname=postgres sslmode=disable user=%s password=%s", cl.Port(), user, password))
		if err == nil {
			c.Close(t.Context())
		}
		return err
	}
	if err := tcp("siti", "rahasia"); err != nil {
		t.Errorf("a login with the right password is refused: %v", err)
	}
	if tcp("siti", "salah") == nil {
		t.Error("a login with a wrong password is accepted")
	}
	if tcp("postgres", "rahasia") == nil {
		t.Error("the superuser may come over TCP")
	}
	socket, _, _ := strings.Cut(strings.TrimPrefix(cl.DSN("postgres"), "host='"), "'")
	st, err := os.Stat(socket)
	if err != nil {
		t.Fatal(err)
	}
	if st.Mode().Perm() != 0o700 {
		t.Errorf("socket directory has mode %o", st.Mode().Perm())
	}
}

// awaitValue reads until the server is back.
func awaitValue(t *testing.T, dsn, sql string) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, dsn)
		if err == nil {
			var v int
			err = conn.QueryRow(ctx, sql).Scan(&v)
			conn.Close(ctx)
			if err == nil {
				return v
			}
		}
		select {
		case <-ctx.Done():
			t.Fatalf("PostgreSQL did not come back: %v", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func TestKilledServerComesBackWithItsData(t *testing.T) {
	cl := start(t, config(t))
	conn := connect(t, cl.DSN("postgres"))
	exec1(t, conn, "create table t (x int)")
	exec1(t, conn, "insert into t values (7)")
	pid := cl.Pid()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if got := awaitValue(t, cl.DSN("postgres"), "select sum(x) from t"); got != 7 {
		t.Errorf("sum = %d after kill -9", got)
	}
	if cl.Pid() == pid {
		t.Error("the process id is the old one")
	}
}

func TestStaleLockFile(t *testing.T) {
	c := config(t)
	first := start(t, c)
	exec1(t, connect(t, first.DSN("postgres")), "create table t as select 1 as x")
	stop(t, first)
	// After a power cut the process id in the lock file may belong to any
	// program: here to this test.
	stale := fmt.Sprintf("%d\n%s\n0\n5432\n\n\n0 0\nready\n", os.Getpid(), filepath.Join(c.Dir, "data"))
	if err := os.WriteFile(filepath.Join(c.Dir, "data", "postmaster.pid"), []byte(stale), 0o644); err != nil {
		t.Fatal(err)
	}
	second := start(t, c)
	if got := one[int](t, connect(t, second.DSN("postgres")), "select x from t"); got != 1 {
		t.Errorf("x = %d", got)
	}
}

func TestSecondOwnerIsRefused(t *testing.T) {
	c := config(t)
	start(t, c)
	_, err := cluster.Start(t.Context(), c)
	var e *plan.Error
	if !errors.As(err, &e) || e.Code != "data-directory-in-use" {
		t.Fatalf("got %v", err)
	}
}

func TestOtherVersionIsExplained(t *testing.T) {
	c := config(t)
	if err := os.MkdirAll(filepath.Join(c.Dir, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(c.Dir, "data", "PG_VERSION"), []byte("9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := cluster.Start(t.Context(), c)
	var e *plan.Error
	if !errors.As(err, &e) || e.Code != "postgresql-version" || !strings.Contains(e.Message.ID, "PostgreSQL 9") {
		t.Fatalf("got %v", err)
	}
}

func TestMissingBinariesAreExplained(t *testing.T) {
	_, err := cluster.Start(t.Context(), cluster.Config{Dir: t.TempDir(), Bin: t.TempDir()})
	var e *plan.Error
	if !errors.As(err, &e) || !strings.Contains(e.Message.EN, "apt-get install") {
		t.Fatalf("got %v", err)
	}
}

func TestFailureShowsTheLog(t *testing.T) {
	c := config(t)
	c.Settings = map[string]string{"shared_buffers": "nonsense"}
	_, err := cluster.Start(t.Context(), c)
	var e *plan.Error
	if !errors.As(err, &e) || !strings.Contains(e.Message.EN, "shared_buffers") {
		t.Fatalf("got %v", err)
	}
}

func TestUnreachableDirectoryIsExplained(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root runs PostgreSQL as somebody else")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := cluster.Start(t.Context(), cluster.Config{Dir: filepath.Join(dir, "postgres")})
	var e *plan.Error
	if !errors.As(err, &e) || e.Code != "data-directory-unreachable" {
		t.Fatalf("got %v", err)
	}
}

// TestServerEndsWithItsParent runs this test binary again as a process that
// starts a cluster and is then killed: its server must follow it, and the next
// start must find everything that was committed.
func TestServerEndsWithItsParent(t *testing.T) {
	if dir, ok := os.LookupEnv("SIMTARU_TEST_CLUSTER"); ok {
		cl, err := cluster.Start(t.Context(), cluster.Config{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		exec1(t, connect(t, cl.DSN("postgres")), "create table t as select 5 as x")
		if err := os.WriteFile(dir+".pid", []byte(strconv.Itoa(cl.Pid())), 0o644); err != nil {
			t.Fatal(err)
		}
		select {}
	}
	c := config(t)
	child := exec.Command(os.Args[0], "-test.run=^TestServerEndsWithItsParent$")
	child.Env = append(os.Environ(), "SIMTARU_TEST_CLUSTER="+c.Dir)
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	pid := awaitPid(t, c.Dir+".pid")
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // killed, as it should be

	// The next start does not wait for the old server to be gone by itself.
	cl := start(t, c)
	if got := one[int](t, connect(t, cl.DSN("postgres")), "select x from t"); got != 5 {
		t.Errorf("x = %d", got)
	}
	// Where nobody reaps orphans it may remain as a zombie, which does no work.
	if _, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid)); err == nil {
		t.Error("the orphaned server still runs")
	}
}

func awaitPid(t *testing.T, path string) int {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if b, err := os.ReadFile(path); err == nil && len(b) > 0 {
			pid, err := strconv.Atoi(string(b))
			if err != nil {
				t.Fatal(err)
			}
			return pid
		}
	}
	t.Fatal("the child did not start its cluster")
	return 0
}
