package main

import (
	"sync/atomic"
	"testing"

	"github.com/simtaru/simtaru/internal/testdb"
)

// TestServeWaitsForItsDatabase: a server that starts while its database
// restarts, or is started by the same command, comes up all the same, wherever
// in its start the database went away.
func TestServeWaitsForItsDatabase(t *testing.T) {
	s := shell{t, testdb.Empty(t)}
	// Whoever sends the message of one of these numbers loses the connection.
	breaks := map[int64]bool{1: true, 2: true, 4: true, 8: true, 16: true, 32: true, 64: true, 128: true, 256: true, 512: true}
	var sent, broken atomic.Int64
	by := *s.db
	by.DSN = s.db.Wire(t, nil, func([]byte) testdb.Cut {
		if !breaks[sent.Add(1)] {
			return testdb.Pass
		}
		broken.Add(1)
		return testdb.Break
	})
	shell{t, &by}.serving()
	t.Logf("%d messages, %d connections broken", sent.Load(), broken.Load())
	if broken.Load() < 9 {
		t.Error("the way to the database did not break during the start")
	}
}
