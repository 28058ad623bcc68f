package api

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/simtaru/simtaru/internal/indicator"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// How often what the database keeps is read again: what other systems sent, by
// way of another server too, and the values of days gone by.
const (
	observedEvery = 10 * time.Second
	// lookEvery is between two looks whether it is time to.
	lookEvery  = time.Second
	trendEvery = 10 * time.Minute
	// trendOver is how many days the value at least is old that a trend is told
	// from, trendWithin at most.
	trendOver, trendWithin = 7, 400
	// staleAfter is the age from which answers say how old observations are.
	staleAfter = 3 * observedEvery
)

// held is what the database keeps of indicators, in memory: answers go on while
// the database is away.
type held struct {
	mu sync.RWMutex
	// observed are the latest values of external indicators by unit.
	observed map[string][]plan.Reading
	// asOf is when all of them were last read.
	asOf time.Time
	// then are values of the city that a trend is told from, oldest first: of at
	// least trendOver days ago or, of an external indicator, the last two.
	then   map[string][]plan.Recorded
	thenAt time.Time
}

// all sees every layer; who may be told is asked at each request.
var all = plan.Actor{Role: plan.Admin}

// Run keeps what the database keeps in memory until ctx ends.
func (s *Service) Run(ctx context.Context) {
	failing := false
	var cat *plan.Catalog
	var last time.Time
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		// An indicator that was just declared has no values to be waited for.
		if now := s.plan.View(all).Catalog(); s.plan.Status().Ready && (now != cat || time.Since(last) >= observedEvery) {
			cat, last = now, time.Now()
			err := s.refresh(ctx)
			if ctx.Err() == nil && (err != nil) != failing {
				failing = err != nil
				if failing {
					s.log.Warn("values of indicators cannot be read; those known are told on", "err", err)
				} else {
					s.log.Info("values of indicators are read again")
				}
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}

// refresh reads what other systems sent, and now and then what a trend is told
// from.
func (s *Service) refresh(ctx context.Context) error {
	at := s.now()
	list := s.plan.View(all).Catalog().Indicators()
	observed := map[string][]plan.Reading{}
	for _, i := range list {
		if i.Kind != plan.External {
			continue
		}
		readings, err := s.values.Observations(ctx, i.ID)
		if err != nil {
			return err
		}
		observed[i.ID] = readings
	}
	s.held.mu.Lock()
	s.held.observed, s.held.asOf = observed, at
	due := at.Sub(s.held.thenAt) >= trendEvery
	s.held.mu.Unlock()
	if !due {
		return nil
	}
	return s.refreshTrend(ctx, list, at)
}

func (s *Service) refreshTrend(ctx context.Context, list []*plan.Indicator, at time.Time) error {
	areas, _, err := s.board.Areas(plan.City)
	if err != nil || len(areas) == 0 {
		return nil // not computed yet
	}
	from, until := dayBefore(at, trendWithin), dayBefore(at, trendOver)
	then := map[string][]plan.Recorded{}
	for _, i := range list {
		until, most := until, 1
		if i.Kind == plan.External {
			until, most = dayBefore(at, 0), 2
		}
		series, err := s.values.Series(ctx, i.ID, plan.City, areas[0].Code, from, until)
		if err != nil {
			return err
		}
		series = slices.DeleteFunc(series, func(r plan.Recorded) bool { return r.On == "" || r.Value == nil || r.Method != i.Method })
		then[i.ID] = series[max(0, len(series)-most):]
	}
	s.held.mu.Lock()
	defer s.held.mu.Unlock()
	s.held.then, s.held.thenAt = then, at
	return nil
}

// dayBefore is the day so many days before a moment, in the city's time.
func dayBefore(at time.Time, days int) plan.Date {
	return plan.Date(at.In(indicator.CityTime()).AddDate(0, 0, -days).Format(time.DateOnly))
}

// observedOf returns the latest values of an external indicator, and when they
// were read; ok is false before they have been.
func (s *Service) observedOf(id string) (list []plan.Reading, asOf time.Time, ok bool) {
	s.held.mu.RLock()
	defer s.held.mu.RUnlock()
	list, ok = s.held.observed[id]
	return list, s.held.asOf, ok
}

// observedAgain reads the values of one indicator at once, which somebody has
// just sent here. Where that fails, the next round brings them.
func (s *Service) observedAgain(ctx context.Context, id string) {
	list, err := s.values.Observations(ctx, id)
	if err != nil {
		s.log.Warn("values that were just stored cannot be read", "indicator", id, "err", err)
		return
	}
	s.held.mu.Lock()
	defer s.held.mu.Unlock()
	next := map[string][]plan.Reading{id: list}
	for other, list := range s.held.observed {
		if other != id {
			next[other] = list
		}
	}
	s.held.observed = next
	// A trend may be told from what was corrected or taken back.
	s.held.thenAt = time.Time{}
}

// changed tells when a layer was last changed.
type changed struct {
	mu sync.Mutex
	by map[string]lastChange
}

type lastChange struct {
	snap *mirror.Snapshot
	len  int
	at   time.Time
}

// last returns when any of the layers was last changed; zero where they have
// never held a feature. A snapshot is walked through once. That a feature is
// gone shows in no other feature: it is known from the snapshot before.
func (c *changed) last(v mirror.View, layers []string, now time.Time) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	var latest time.Time
	for _, id := range layers {
		snap, ok := v.Snapshot(id)
		if !ok {
			continue
		}
		known, again := c.by[id]
		if !again || known.snap != snap {
			next := lastChange{snap: snap, len: snap.Len()}
			snap.Ascend(1, func(f *mirror.Feature) bool {
				if f.UpdatedAt.After(next.at) {
					next.at = f.UpdatedAt
				}
				return true
			})
			if again && known.at.After(next.at) {
				next.at = known.at
			}
			if again && next.len < known.len {
				next.at = now
			}
			if c.by == nil {
				c.by = map[string]lastChange{}
			}
			c.by[id], known = next, next
		}
		if known.at.After(latest) {
			latest = known.at
		}
	}
	return latest
}
