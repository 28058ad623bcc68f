package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/postgis/cluster"
)

// asProgram makes the test binary behave as simtaru itself, so that a test can
// kill the program.
const asProgram = "SIMTARU_TEST_AS_PROGRAM"

// TestNoEditIsLost lets 8 people edit over HTTP and 4 over SQL, kills the
// server three times and PostgreSQL once, and then holds what everybody was
// told against history, the live tables, memory and the change feed.
func TestNoEditIsLost(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	y := newYard(t, nil)
	done := y.edit(8, 4, 5000, map[int64]func(){
		1000: y.killServer, 2000: y.killServer, 3000: y.cutPostgres, 4000: y.killServer,
	})
	t.Logf("%d edits acknowledged, %d of unknown outcome, %d refused", done.acknowledged(), done.unknown(), done.refused.Load())
	if lost := y.lost(done); len(lost) > 0 {
		t.Errorf("%d acknowledged edits are not in history exactly once, such as %v", len(lost), lost[:min(5, len(lost))])
	}
	y.torn(done)
	y.replay()
	y.feedIsWhole()
	memory := y.served()
	y.database(memory)
	y.killServer()
	if again := y.served(); !sameItems(memory, again) {
		t.Error("what the mirror followed differs from what a full load gives")
	}
}

// TestTheCrashTestCanFail is the control run: with synchronous_commit off a
// cut of PostgreSQL loses edits that were acknowledged, and the same look
// finds them missing.
func TestTheCrashTestCanFail(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	y := newYard(t, map[string]string{"synchronous_commit": "off", "wal_writer_delay": "10s", "wal_writer_flush_after": "1GB", "wal_buffers": "64MB"})
	// What the last page of the log held when it was cut is lost: a few edits each time.
	done := y.edit(8, 4, 400, map[int64]func(){100: y.cutPostgres, 200: y.cutPostgres, 300: y.cutPostgres})
	lost := y.lost(done)
	t.Logf("%d of %d acknowledged edits are lost", len(lost), done.acknowledged())
	if len(lost) == 0 {
		t.Error("nothing is lost without synchronous_commit: the test cannot tell")
	}
}

// yard is a small city with a PostgreSQL and a server of its own.
type yard struct {
	t       *testing.T
	pg      *cluster.Cluster
	dsn     string
	addr    string
	since   string // a token of the change feed from before the first edit
	mu      sync.Mutex
	server  *exec.Cmd
	editors []string
	super   *pgx.Conn
	errors  bytes.Buffer
}

const yardPassword = "kata sandi untuk uji coba"

func newYard(t *testing.T, settings map[string]string) *yard {
	t.Helper()
	if _, err := cluster.Find(t.Context(), ""); err != nil {
		t.Skip(err)
	}
	dir, err := os.MkdirTemp("", "simtaru-crash-") // t.TempDir is not reachable for the user postgres
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.WithoutCancel(t.Context())
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	pg, err := cluster.Start(ctx, cluster.Config{Dir: filepath.Join(dir, "postgres"), Settings: settings})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := pg.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	dsn, err := pg.Database(ctx, databaseName)
	if err != nil {
		t.Fatal(err)
	}
	y := &yard{t: t, pg: pg, dsn: dsn}
	y.command("", "demo", "--scale", "0.2")
	y.command(yardPassword+"\n", "user", "add", "kepala", "--role", "admin", "--password-stdin")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	y.addr = l.Addr().String()
	l.Close()
	y.start()
	t.Cleanup(func() {
		_ = y.server.Process.Kill() // it may have ended
		_ = y.server.Wait()
		if y.super != nil {
			_ = y.super.Close(ctx)
		}
		if t.Failed() {
			t.Logf("the server said:\n%s", y.errors.String())
		}
	})
	y.hire(12)
	y.since = y.changes("now").Next
	return y
}

// hire lets the administrator add so many planners.
func (y *yard) hire(n int) {
	y.t.Helper()
	admin := &httpEditor{yard: y, name: "kepala"}
	for i := range n {
		name := fmt.Sprintf("penyunting%d", i+1)
		person := map[string]any{"name": name, "role": "planner", "title": "", "password": yardPassword}
		if a := admin.send(y.t.Context(), http.MethodPost, "/api/v1/people", "application/json", person); a.status != http.StatusCreated {
			y.t.Fatalf("people: %d %s", a.status, a.body)
		}
		y.editors = append(y.editors, name)
	}
}

// program is simtaru as a process of its own, on the yard's database.
func (y *yard) program(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1", "DATABASE_URL="+y.dsn, "SIMTARU_LOG_LEVEL=error")
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd
}

func (y *yard) command(stdin string, args ...string) {
	y.t.Helper()
	cmd := y.program(args...)
	cmd.Stdin = strings.NewReader(stdin)
	if out, err := cmd.CombinedOutput(); err != nil {
		y.t.Fatalf("simtaru %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// start starts the server and waits until it is ready.
func (y *yard) start() {
	y.t.Helper()
	cmd := y.program("serve", "--listen", y.addr)
	cmd.Stderr = &y.errors
	// The kernel ends the server with the thread that started it, and Go ends the
	// threads of others that were locked to one: this thread stays to the end.
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		started <- cmd.Start()
		<-y.t.Context().Done()
	}()
	if err := <-started; err != nil {
		y.t.Fatal(err)
	}
	y.server = cmd
	for range 1200 {
		if resp, err := http.Get("http://" + y.addr + "/readyz"); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(25 * time.Millisecond)
	}
	y.t.Fatal("the server is not ready after half a minute")
}

// killServer kills the server as kill -9 does, and starts it again.
func (y *yard) killServer() {
	y.mu.Lock()
	defer y.mu.Unlock()
	if err := y.server.Process.Kill(); err != nil {
		y.t.Error(err)
	}
	_ = y.server.Wait()
	y.start()
}

// cutPostgres is pg_ctl stop -m immediate: no checkpoint, no flush. The
// cluster's supervisor starts it again, and it recovers from its log.
func (y *yard) cutPostgres() {
	ctl := filepath.Join(y.pg.Binaries().Dir, "pg_ctl")
	args := []string{ctl, "stop", "-m", "immediate", "-D", filepath.Join(y.pg.Dir(), "data")}
	cmd := exec.Command(args[0], args[1:]...)
	if os.Geteuid() == 0 {
		cmd = exec.Command("runuser", append([]string{"-u", "postgres", "--"}, args...)...)
	}
	cmd.Dir = "/"
	pid := y.pg.Pid()
	// It may say that the server did not stop: another one has taken its place.
	if out, err := cmd.CombinedOutput(); err != nil && y.pg.Pid() == pid {
		y.t.Errorf("pg_ctl: %v\n%s", err, out)
	}
}

// deed is one edit that somebody asked for, marked by a text of its own.
type deed struct {
	mark, layer string
	id          int64 // of a deletion
	sure        bool  // acknowledged; otherwise nobody knows
	group       string
}

// deeds are what the editors were told.
type deeds struct {
	mu      sync.Mutex
	all     []deed
	count   atomic.Int64 // acknowledged
	refused atomic.Int64
}

func (d *deeds) add(sure bool, group string, list ...deed) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, one := range list {
		one.sure, one.group = sure, group
		d.all = append(d.all, one)
	}
	if sure {
		d.count.Add(int64(len(list)))
	}
}

func (d *deeds) acknowledged() int64 { return d.count.Load() }

func (d *deeds) unknown() (n int) {
	for _, one := range d.all {
		if !one.sure {
			n++
		}
	}
	return n
}

// edit lets the editors work until so many edits are acknowledged. What is to
// happen at a count happens beside them.
func (y *yard) edit(overHTTP, overSQL int, until int64, events map[int64]func()) *deeds {
	y.t.Helper()
	d := &deeds{}
	ctx, stop := context.WithTimeout(y.t.Context(), 5*time.Minute)
	defer stop()
	pool := y.pool()
	var wg sync.WaitGroup
	working := func(work func(context.Context, *rand.Rand)) {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))
			for ctx.Err() == nil && d.acknowledged() < until {
				work(ctx, r)
			}
		})
	}
	for i := range overHTTP {
		e := &httpEditor{yard: y, deeds: d, name: y.editors[i], pool: pool}
		working(e.work)
	}
	for i := range overSQL {
		e := &sqlEditor{yard: y, deeds: d, name: y.editors[overHTTP+i], pool: pool}
		working(e.work)
		defer e.close()
	}
	for at, happens := range events {
		wg.Go(func() {
			for ctx.Err() == nil && d.acknowledged() < at {
				time.Sleep(time.Millisecond)
			}
			happens()
		})
	}
	wg.Wait()
	if d.acknowledged() < until {
		y.t.Fatalf("only %d edits in five minutes; the last errors of the server:\n%s", d.acknowledged(), y.errors.String())
	}
	return d
}

// pool lists features that all editors fight over, by layer.
func (y *yard) pool() map[string][]int64 {
	y.t.Helper()
	conn := y.conn()
	pool := map[string][]int64{}
	for _, layer := range []string{"zoning", "parcel", "shelter"} {
		rows, err := conn.Query(y.t.Context(), "select id from plan."+layer+" order by id limit 40")
		if err != nil {
			y.t.Fatal(err)
		}
		ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil || len(ids) == 0 {
			y.t.Fatalf("%s: %v", layer, err)
		}
		pool[layer] = ids
	}
	return pool
}

// conn is the connection of the superuser, made again after a cut.
func (y *yard) conn() *pgx.Conn {
	y.t.Helper()
	var err error
	for range 200 {
		if y.super == nil {
			y.super, err = pgx.Connect(y.t.Context(), y.dsn)
		}
		if err == nil {
			if err = y.super.Ping(y.t.Context()); err == nil {
				return y.super
			}
			_ = y.super.Close(y.t.Context())
		}
		y.super = nil
		time.Sleep(50 * time.Millisecond)
	}
	y.t.Fatalf("PostgreSQL does not come back: %v", err)
	return nil
}
