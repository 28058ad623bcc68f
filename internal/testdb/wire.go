package testdb

import (
	"fmt"
	"net"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Cut is what a wire does with what a client has just sent.
type Cut int

const (
	// Pass takes it to the server.
	Pass Cut = iota
	// Break ends the connection; the server does not get it.
	Break
	// Mute takes it to the server, whose answer the client does not get.
	Mute
)

// Wire opens a way to the database that tests can break, and returns the
// address of the database by it. judge is asked for everything that a client
// sends, from several goroutines; a connection for which enter is false is
// refused (nil: none is). The way lives as long as the test.
func (db *DB) Wire(t *testing.T, enter func() bool, judge func(sent []byte) Cut) string {
	t.Helper()
	config, err := pgx.ParseConfig(db.DSN)
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(config.Host, fmt.Sprintf(".s.PGSQL.%d", config.Port))
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
			all.Go(func() {
				defer client.Close()
				if enter == nil || enter() {
					carry(client, socket, judge)
				}
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		all.Wait()
	})
	return fmt.Sprintf("host=%s port=5432 user=%s password='%s' dbname=%s sslmode=disable", dir, config.User, config.Password, config.Database)
}

// carry passes bytes both ways until one side ends or the way breaks.
func carry(client net.Conn, socket string, judge func([]byte) Cut) {
	server, err := net.Dial("unix", socket)
	if err != nil {
		return
	}
	var mute atomic.Bool
	go func() {
		defer client.Close()
		pipe(client, server, func([]byte) bool { return !mute.Load() })
	}()
	defer server.Close()
	pipe(server, client, func(sent []byte) bool {
		cut := judge(sent)
		if cut == Mute {
			mute.Store(true)
		}
		return cut != Break
	})
}

// pipe copies until either side ends or more is false.
func pipe(to, from net.Conn, more func([]byte) bool) {
	b := make([]byte, 64<<10)
	for {
		n, err := from.Read(b)
		if err != nil || !more(b[:n]) {
			return
		}
		if _, err := to.Write(b[:n]); err != nil {
			return
		}
	}
}
