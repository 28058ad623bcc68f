package mirror

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/simtaru/simtaru/internal/plan"
)

// Source is what the mirror needs of the database.
type Source interface {
	// Catalog reads the declarations.
	Catalog(ctx context.Context) (*plan.Catalog, error)
	// Load emits every feature of the layers as of one database snapshot, in
	// batches of one layer, and returns the position of that snapshot. It may
	// emit batches of different layers at the same time.
	Load(ctx context.Context, layers []*plan.Layer, emit func(*plan.Layer, []*plan.Feature) error) (plan.Position, error)
	// Since returns what became visible after the position. It fails with
	// plan.ErrReload where it cannot continue from there.
	Since(ctx context.Context, at plan.Position, cat *plan.Catalog) (plan.Delta, error)
	// Wait returns when something may have changed, or after a while anyway.
	Wait(ctx context.Context) error
}

// Options of a mirror; the zero value of each has a default.
type Options struct {
	// Budget is the memory in bytes that one layer may take; a larger layer is
	// not mirrored and is answered by the database. Default 1 GiB.
	Budget int64
	// Stale is the age from which Status calls the data old. Default 30 s.
	Stale time.Duration
	Log   *slog.Logger
}

// Mirror is the plan in memory. Its methods are safe for concurrent use.
type Mirror struct {
	source Source
	o      Options
	state  atomic.Pointer[state]

	mu     sync.Mutex // guards the fields below
	asOf   time.Time
	failed error
	subs   map[*subscriber]struct{}
	step   chan struct{} // closed at the next change of state; nil: nobody waits
	begun  uint64        // reads of the database that were begun
	done   uint64        // the latest of them whose outcome is in the state

	nudge   chan struct{} // asks for a read without a hint of the source
	waiting chan error    // the source's Wait under way; of Run alone
}

// state is everything at one moment: readers that take several layers get
// them from the same state.
type state struct {
	cat    *plan.Catalog
	layers map[string]*Snapshot
}

// New returns a mirror that is empty until Run has loaded it.
func New(source Source, o Options) *Mirror {
	if o.Budget == 0 {
		o.Budget = 1 << 30
	}
	if o.Stale == 0 {
		o.Stale = 30 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	m := &Mirror{source: source, o: o, subs: map[*subscriber]struct{}{}, nudge: make(chan struct{}, 1)}
	m.state.Store(&state{cat: plan.NewCatalog(nil, nil)})
	return m
}

// Catalog returns the declarations that the snapshots follow.
func (m *Mirror) Catalog() *plan.Catalog { return m.state.Load().cat }

// Snapshot returns the present snapshot of a layer; false where the layer is
// unknown, not loaded yet, or above the memory budget.
func (m *Mirror) Snapshot(layer string) (*Snapshot, bool) {
	s, ok := m.state.Load().layers[layer]
	return s, ok
}

// Status tells how far the mirror can be trusted.
type Status struct {
	// Ready is true once everything has been loaded.
	Ready bool
	// AsOf is when the mirror last agreed with the database.
	AsOf time.Time
	// Err is why it does not agree now; nil while it does.
	Err error
	// Stale is true when AsOf is longer ago than Options.Stale.
	Stale bool
}

// Status returns the present status.
func (m *Mirror) Status() Status {
	m.mu.Lock()
	defer m.mu.Unlock()
	return Status{
		Ready: !m.asOf.IsZero(), AsOf: m.asOf, Err: m.failed,
		Stale: time.Since(m.asOf) > m.o.Stale,
	}
}

// Run loads the plan and follows the change feed until ctx ends. It does not
// give up: what fails is logged, told by Status, and tried again with a
// growing pause of at most 5 s.
func (m *Mirror) Run(ctx context.Context) error {
	defer func() {
		if m.waiting != nil {
			<-m.waiting // ends with ctx
		}
	}()
	pause := time.Duration(0)
	for ctx.Err() == nil {
		position, err := m.load(ctx)
		if err == nil {
			pause = 0
			m.follow(ctx, position)
			continue
		}
		m.fail(ctx, fmt.Errorf("load the plan: %w", err))
		pause = sleep(ctx, pause)
	}
	return context.Cause(ctx)
}

// follow applies changes until the feed asks for a new load or ctx ends.
func (m *Mirror) follow(ctx context.Context, at plan.Position) {
	pause := time.Duration(0)
	for ctx.Err() == nil {
		delta, err := m.since(ctx, at)
		switch {
		case err == nil:
			m.apply(delta)
			at, pause = delta.Position, 0
			// An error of Wait shows again in Since, which reports it.
			if m.hint(ctx) != nil {
				pause = sleep(ctx, pause)
			}
		case errors.Is(err, plan.ErrReload):
			m.o.Log.Info("the plan is loaded again", "why", err)
			return
		default:
			m.fail(ctx, fmt.Errorf("follow the change feed: %w", err))
			pause = sleep(ctx, pause)
		}
	}
}

// hint returns when something may have changed, or when somebody asks for a
// look all the same; the source's Wait then goes on and serves the next call.
func (m *Mirror) hint(ctx context.Context) error {
	if m.waiting == nil {
		heard := make(chan error, 1)
		m.waiting = heard
		go func() { heard <- m.source.Wait(ctx) }()
	}
	select {
	case err := <-m.waiting:
		m.waiting = nil
		return err
	case <-m.nudge:
		return nil
	}
}

// A database that does not answer is as good as away: reading what changed
// takes milliseconds, loading a city seconds.
const (
	sinceTimeout = 30 * time.Second
	loadTimeout  = 10 * time.Minute
)

func (m *Mirror) since(ctx context.Context, at plan.Position) (plan.Delta, error) {
	ctx, cancel := context.WithTimeout(ctx, sinceTimeout)
	defer cancel()
	m.begin()
	return m.source.Since(ctx, at, m.Catalog())
}

func (m *Mirror) fail(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	m.mu.Lock()
	first := m.failed == nil
	m.failed = err
	m.move()
	m.mu.Unlock()
	if first {
		m.o.Log.Warn("the mirror is cut off from the database; answers go on from memory", "err", err)
	}
}

// begin counts a read of the database.
func (m *Mirror) begin() {
	m.mu.Lock()
	m.begun++
	m.mu.Unlock()
}

// agreed notes that the mirror holds what the database held just now.
func (m *Mirror) agreed() {
	m.mu.Lock()
	m.done = m.begun
	back := m.failed != nil
	m.asOf, m.failed = time.Now(), nil
	m.move()
	m.mu.Unlock()
	if back {
		m.o.Log.Info("the mirror follows the database again")
	}
}

func sleep(ctx context.Context, last time.Duration) time.Duration {
	next := min(max(2*last, 50*time.Millisecond), 5*time.Second)
	select {
	case <-ctx.Done():
	case <-time.After(next):
	}
	return next
}
