// Package planner makes plans for the evacuation of a city, one after the other:
// they are wished for, wait in the database, and are kept there.
//
// One server of a database makes plans, with one goroutine. A plan takes one
// core for seconds to minutes, and what flow.Solve says of memory, at most some
// 500 MB for the largest network over time that evac.City.Draft makes. What was being made when a server
// died is marked as failed by the next.
package planner

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/simtaru/simtaru/internal/evac"
	"github.com/simtaru/simtaru/internal/evac/flow"
	"github.com/simtaru/simtaru/internal/plan"
)

// Store is the database.
type Store interface {
	// WhilePlanner runs work while no other server makes plans.
	WhilePlanner(ctx context.Context, work func(context.Context) error) error
	ClaimEvacuation(ctx context.Context) (plan.Evacuation, bool, error)
	// BeatEvacuation tells how far a plan is, and returns whether it shall end.
	BeatEvacuation(ctx context.Context, id string, p plan.EvacuationProgress) (bool, error)
	EndEvacuation(ctx context.Context, e plan.Evacuation, flows []plan.EvacuationFlow, groups []plan.EvacuationGroup) error
}

// Board has the present city.
type Board interface{ City() (*evac.City, error) }

// Planner makes plans.
type Planner struct {
	store Store
	board Board
	log   *slog.Logger
	poke  chan struct{}
}

// New returns a planner that does nothing until Run.
func New(s Store, b Board, log *slog.Logger) *Planner {
	return &Planner{store: s, board: b, log: log, poke: make(chan struct{}, 1)}
}

// Poke tells that there may be something to do.
func (p *Planner) Poke() {
	select {
	case p.poke <- struct{}{}:
	default:
	}
}

const (
	// look is how often the database is asked for work that another server took in.
	look = 5 * time.Second
	// retry is the pause after an error of the database.
	retry = 2 * time.Second
	// beat is how often is told how far a plan is.
	beat = 500 * time.Millisecond
	// lastWord is how long a server that stops tries to say so.
	lastWord = 2 * time.Second
	// longestWork is when a plan ends that is not optimal yet.
	longestWork = 10 * time.Minute
)

// Run makes plans until ctx ends.
func (p *Planner) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := p.store.WhilePlanner(ctx, p.work); err != nil && ctx.Err() == nil {
			p.log.Warn("evacuation plans could not be made", "err", err)
			p.pause(ctx, retry)
		}
	}
	return context.Cause(ctx)
}

func (p *Planner) pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// work makes what waits.
func (p *Planner) work(ctx context.Context) error {
	for ctx.Err() == nil {
		if _, err := p.board.City(); err == nil {
			e, found, err := p.store.ClaimEvacuation(ctx)
			if err != nil {
				return err
			}
			if found {
				if err := p.make(ctx, e); err != nil {
					return err
				}
				continue
			}
		}
		select {
		case <-ctx.Done():
		case <-p.poke:
		case <-time.After(look):
		}
	}
	return ctx.Err()
}

// job is a plan in the making.
type job struct {
	mu       sync.Mutex // guards progress
	progress plan.EvacuationProgress
	started  time.Time
}

func (j *job) set(phase string, share float64) {
	j.mu.Lock()
	j.progress.Phase, j.progress.Share = phase, share
	j.mu.Unlock()
}

func (j *job) reached(f flow.Progress) {
	j.mu.Lock()
	defer j.mu.Unlock()
	p := &j.progress
	p.Saved, p.Bound = f.Saved, f.Bound
	p.Share = float64(f.Saved) / float64(max(f.Bound, 1))
	p.Gap = 1 - p.Share
}

func (j *job) now() plan.EvacuationProgress {
	j.mu.Lock()
	defer j.mu.Unlock()
	p := j.progress
	p.Seconds = float64(time.Since(j.started).Milliseconds()) / 1000
	return p
}

// make makes a plan and keeps it, or why there is none. The error is that of
// the database.
func (p *Planner) make(ctx context.Context, e plan.Evacuation) error {
	j := &job{started: time.Now()}
	j.set("network", 0)
	working, end := context.WithTimeout(ctx, longestWork)
	cancelled := false
	var beating sync.WaitGroup
	beating.Go(func() { cancelled = p.beats(working, e.ID, j, end) })
	s, c, err := p.plan(working, e, j)
	end()
	beating.Wait()
	if ctx.Err() != nil { // the server stops, or another makes plans now
		e.Status, e.Problem, e.Progress = plan.EvacuationFailed, interrupted(), j.now()
		late, done := context.WithTimeout(context.WithoutCancel(ctx), lastWord)
		defer done()
		return errors.Join(ctx.Err(), p.store.EndEvacuation(late, e, nil, nil))
	}
	e.Status = plan.EvacuationDone
	if cancelled {
		e.Status = plan.EvacuationCancelled
	}
	if c != nil {
		e.GraphVersion, e.HazardsFrom, e.ClosuresAsOf = c.GraphVersion, c.HazardVersion, &c.AsOf
	}
	var flows []plan.EvacuationFlow
	var groups []plan.EvacuationGroup
	switch {
	case err != nil && !(cancelled && errors.Is(err, context.Canceled)):
		e.Status, e.Problem = plan.EvacuationFailed, p.problem(e.ID, err)
	case err == nil:
		j.reached(flow.Progress{Saved: s.Saved, Bound: s.Bound})
		if e.Outcome, err = json.Marshal(s.Outcome); err != nil {
			return err
		}
		flows, groups = s.Flows, s.Groups
	}
	j.set("ended", 1)
	e.Progress = j.now()
	defer func() {
		p.log.Info("an evacuation plan ended", "id", e.ID, "status", e.Status, "saved", e.Progress.Saved, "bound", e.Progress.Bound, "took", time.Since(j.started).Round(time.Millisecond))
	}()
	err = p.keep(ctx, e, flows, groups)
	if err != nil && ctx.Err() == nil { // it cannot be kept: then why is
		e.Status, e.Outcome, e.Problem = plan.EvacuationFailed, nil, p.problem(e.ID, err)
		err = p.keep(ctx, e, nil, nil)
	}
	return err
}

// keep keeps what a plan comes to, as soon as the database is there.
func (p *Planner) keep(ctx context.Context, e plan.Evacuation, flows []plan.EvacuationFlow, groups []plan.EvacuationGroup) error {
	for {
		err := p.store.EndEvacuation(ctx, e, flows, groups)
		var away *plan.Error
		if !errors.As(err, &away) || away.Kind != plan.Unavailable || ctx.Err() != nil {
			return err
		}
		p.log.Warn("an evacuation plan waits to be kept", "id", e.ID, "err", err)
		p.pause(ctx, retry)
	}
}

// beats tells how far the plan is until ctx ends, and ends it where somebody wants
// that.
func (p *Planner) beats(ctx context.Context, id string, j *job, end func()) (cancelled bool) {
	every := time.NewTicker(beat)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-every.C:
		}
		stop, err := p.store.BeatEvacuation(ctx, id, j.now())
		if err != nil {
			continue // the database is away; the plan goes on
		}
		if stop {
			end()
			return true
		}
	}
}

// plan makes the plan of the present city; a panic is an error of this plan only.
func (p *Planner) plan(ctx context.Context, e plan.Evacuation, j *job) (s *evac.Solution, c *evac.City, err error) {
	defer func() {
		if r := recover(); r != nil {
			p.log.Error("an evacuation plan panicked", "id", e.ID, "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	var o Order
	if err := json.Unmarshal(e.Asked, &o); err != nil {
		return nil, nil, fmt.Errorf("read the order: %w", err)
	}
	if c, err = p.board.City(); err != nil {
		return nil, nil, err
	}
	x, err := o.Exodus(c)
	if err != nil {
		return nil, c, err
	}
	crowd := c.Crowd()
	x.Groups = crowd.Groups
	d, err := c.Draft(x)
	if err != nil {
		return nil, c, err
	}
	if err := ctx.Err(); err != nil {
		return nil, c, err
	}
	j.set("planning", 0)
	s, err = d.Solve(ctx, crowd.Areas, j.reached)
	j.set("keeping", 0)
	return s, c, err
}

func interrupted() *plan.EvacuationProblem {
	return &plan.EvacuationProblem{Code: "interrupted", Detail: plan.Text{
		ID: "Layanan berhenti saat rencana ini sedang dibuat. Mintalah lagi.", EN: "The service stopped while this plan was being made. Ask for it again.",
	}}
}

// problem is what is told of an error.
func (p *Planner) problem(id string, err error) *plan.EvacuationProblem {
	var e *plan.Error
	if errors.As(err, &e) && e.Kind != plan.Internal {
		return &plan.EvacuationProblem{Code: e.Code, Detail: e.Message}
	}
	p.log.Error("an evacuation plan failed", "id", id, "err", err)
	return &plan.EvacuationProblem{Code: "internal", Detail: plan.Text{ID: "Kesalahan di pihak kami; sebutkan nomor rencana ini saat melapor.", EN: "A fault on our side; quote the id of this plan when you report it."}}
}
