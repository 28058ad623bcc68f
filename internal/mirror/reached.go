package mirror

import (
	"context"
	"time"

	"github.com/simtaru/simtaru/internal/plan"
)

// reachedWait bounds how long an edit is waited for; the feed takes some
// milliseconds. After lookAgain without it the database is asked: no
// notification comes for an edit that is long past.
const (
	reachedWait = 2 * time.Second
	lookAgain   = 50 * time.Millisecond
)

// Reached returns when the snapshot of the layer holds an edit that was
// committed, so that whoever made it sees it, or has gone past it: the answer
// to an edit may be repeated when the feature is gone already. It does not wait
// for a layer that is not in memory, whose readers ask the database, nor while
// the database is out of reach, and not longer than two seconds. It costs one
// look, one more each time the plan changes meanwhile, and one read of the feed
// where the edit does not show soon.
func (m *Mirror) Reached(ctx context.Context, layer string, id, revision int64, op plan.Op) {
	ctx, cancel := context.WithTimeout(ctx, reachedWait)
	defer cancel()
	after := m.reads()
	again := time.NewTimer(lookAgain)
	defer again.Stop()
	for {
		moved := m.moved() // before the look, so that no step is missed
		if m.holds(layer, id, revision, op) || m.hasRead(after) {
			return
		}
		select {
		case <-moved:
		case <-again.C:
			select {
			case m.nudge <- struct{}{}:
			default: // somebody has asked already
			}
		case <-ctx.Done():
			return
		}
	}
}

// reads is the number of reads of the database so far: each later one sees all
// that is committed by now.
func (m *Mirror) reads() uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.begun
}

// hasRead reports whether a read after those is in the state.
func (m *Mirror) hasRead(after uint64) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.done > after
}

// holds reports whether there is nothing to wait for.
func (m *Mirror) holds(layer string, id, revision int64, op plan.Op) bool {
	s, ok := m.Snapshot(layer)
	if !ok || m.Status().Err != nil {
		return true
	}
	f, ok := s.Get(id)
	if op == plan.Delete {
		return !ok || f.Revision > revision
	}
	return ok && f.Revision >= revision
}

// moved returns a channel that is closed at the next step of the mirror.
func (m *Mirror) moved() <-chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.step == nil {
		m.step = make(chan struct{})
	}
	return m.step
}

// move wakes who waits for a step; m.mu is held.
func (m *Mirror) move() {
	if m.step != nil {
		close(m.step)
		m.step = nil
	}
}
