package main

import (
	"fmt"
	"net"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/testdb"
)

// brittle is a way to a database that breaks again and again: whoever sends
// the message of a number in breaks loses the connection by it.
type brittle struct {
	socket string
	breaks map[int64]bool
	sent   atomic.Int64
	broken atomic.Int64
}

// open returns the address of a database by the way.
func (w *brittle) open(t *testing.T, db *testdb.DB) string {
	t.Helper()
	config, err := pgx.ParseConfig(db.DSN)
	if err != nil {
		t.Fatal(err)
	}
	w.socket = filepath.Join(config.Host, fmt.Sprintf(".s.PGSQL.%d", config.Port))
	dir := t.TempDir()
	l, err := net.Listen("unix", filepath.Join(dir, ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { w.carry(client) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		all.Wait()
	})
	return fmt.Sprintf("host=%s port=5432 user=%s password='%s' dbname=%s sslmode=disable", dir, config.User, config.Password, config.Database)
}

// carry passes bytes both ways until one side ends or the way breaks.
func (w *brittle) carry(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("unix", w.socket)
	if err != nil {
		return
	}
	go func() {
		defer client.Close()
		copyUntil(client, server, func() bool { return false })
	}()
	defer server.Close()
	copyUntil(server, client, func() bool {
		broken := w.breaks[w.sent.Add(1)]
		if broken {
			w.broken.Add(1)
		}
		return broken
	})
}

func copyUntil(to, from net.Conn, end func() bool) {
	b := make([]byte, 64<<10)
	for {
		n, err := from.Read(b)
		if err != nil || end() {
			return
		}
		if _, err := to.Write(b[:n]); err != nil {
			return
		}
	}
}

// TestServeWaitsForItsDatabase: a server that starts while its database
// restarts, or is started by the same command, comes up all the same, wherever
// in its start the database went away.
func TestServeWaitsForItsDatabase(t *testing.T) {
	s := shell{t, testdb.Empty(t)}
	w := &brittle{breaks: map[int64]bool{}}
	for _, n := range []int64{1, 2, 4, 8, 16, 32, 64, 128, 256, 512} {
		w.breaks[n] = true
	}
	by := *s.db
	by.DSN = w.open(t, s.db)
	shell{t, &by}.serving()
	t.Logf("%d messages, %d connections broken", w.sent.Load(), w.broken.Load())
	if w.broken.Load() < 9 {
		t.Error("the way to the database did not break during the start")
	}
}
