package evac

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// Plan is what the board follows: the mirror.
type Plan interface {
	mirror.Followed
	View(plan.Actor) mirror.View
}

// Options of a board; the zero value of each has a default.
type Options struct {
	Log *slog.Logger
}

// Board keeps the city of the present plan. Its methods are safe for concurrent
// use.
type Board struct {
	plan Plan
	log  *slog.Logger
	city atomic.Pointer[City]
	took atomic.Int64 // ns of the last update
}

// NewBoard returns a board that is empty until Run has made its first city.
func NewBoard(p Plan, o Options) *Board {
	b := &Board{plan: p, log: o.Log}
	if b.log == nil {
		b.log = slog.New(slog.DiscardHandler)
	}
	return b
}

// City is the present one. Until there is one it fails with plan.Unavailable.
func (b *Board) City() (*City, error) {
	if c := b.city.Load(); c != nil {
		return c, nil
	}
	return nil, &plan.Error{Kind: plan.Unavailable, Code: "evacuation-not-ready", Message: plan.Text{
		ID: "Jaringan jalan masih disiapkan; coba sebentar lagi.", EN: "The road network is still being prepared; try again in a moment.",
	}}
}

// Took is how long the last city took to make.
func (b *Board) Took() time.Duration { return time.Duration(b.took.Load()) }

// retry is the pause after a city that could not be made.
const retry = 2 * time.Second

// Run keeps the city in step with the plan and the clock until ctx ends. It
// sees what everybody may see.
func (b *Board) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := b.follow(ctx); err != nil && ctx.Err() == nil {
			b.log.Warn("the road network could not be prepared", "err", err)
			select {
			case <-ctx.Done():
			case <-time.After(retry):
			}
		}
	}
	return context.Cause(ctx)
}

// follow returns when it must begin again.
func (b *Board) follow(ctx context.Context) error {
	in := mirror.Follow(ctx, b.plan, mostNews, followed...)
	defer in.Stop()
	if b.plan.Status().Ready {
		if err := b.renew(); err != nil {
			return err
		}
	}
	for {
		clock := b.boundary()
		select {
		case <-ctx.Done():
			return nil
		case <-in.Wake:
		case <-clock:
		}
		n := in.Take()
		if n.Ended {
			return nil // fell behind
		}
		if err := b.step(newsOf(n.Changes), n.Reload, n.Agreed); err != nil {
			return err
		}
	}
}

// boundary ticks when a closure next begins or ends; nil: never.
func (b *Board) boundary() <-chan time.Time {
	c := b.city.Load()
	if c == nil || c.until.IsZero() {
		return nil
	}
	return time.After(time.Until(c.until))
}

func (b *Board) renew() error {
	start := time.Now()
	asOf := b.plan.Status().AsOf
	c, err := newCity(b.plan.View(plan.Actor{}), time.Now())
	if err != nil {
		return err
	}
	c.AsOf = asOf
	b.publish(c, start)
	b.log.Info("the road network is ready", "nodes", len(c.net.Nodes), "edges", len(c.net.Edges), "shelters", len(c.shelters), "took", b.Took().Round(time.Millisecond))
	return nil
}

func (b *Board) publish(c *City, start time.Time) {
	b.city.Store(c)
	b.took.Store(int64(time.Since(start)))
}

// mostNews is the number of changes, while one city is made, from which the next
// is made from nothing. The buildings of a city may be imported at once.
const mostNews = 500_000

// manyRoads is the number of changed roads from which everything is made anew.
const manyRoads = 2000

// step makes the next city, where something has changed.
func (b *Board) step(changed news, reload bool, agreed time.Time) error {
	c := b.city.Load()
	if c == nil || reload || len(changed[roadLayer])+len(changed[routeLayer]) > manyRoads {
		if c == nil && !reload && !b.plan.Status().Ready {
			return nil
		}
		return b.renew()
	}
	now := time.Now()
	if len(changed) == 0 && (c.until.IsZero() || now.Before(c.until)) {
		if agreed.After(c.AsOf) {
			next := *c
			next.AsOf = agreed
			b.city.Store(&next)
		}
		return nil
	}
	next, err := c.next(b.plan.View(plan.Actor{}), changed, now)
	if err != nil {
		return err
	}
	if agreed.After(next.AsOf) {
		next.AsOf = agreed
	}
	b.publish(next, now)
	return nil
}
