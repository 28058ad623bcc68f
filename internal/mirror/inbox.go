package mirror

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/simtaru/simtaru/internal/plan"
)

// Followed is what an inbox follows: a mirror.
type Followed interface {
	Status() Status
	Subscribe() (batches <-chan []plan.Change, stop func())
}

// Inbox gathers what changes while its reader is busy: who does not take batches
// as they come is dropped by the mirror.
type Inbox struct {
	// Wake says that there is something to take.
	Wake <-chan struct{}

	wake   chan struct{}
	source Followed
	most   int
	layers []string
	stop   func()

	mu   sync.Mutex // guards news
	news News
}

// News is what an inbox has gathered since it was last asked.
type News struct {
	// Changes in the order in which they became visible.
	Changes []plan.Change
	// Reload says that everything may have changed; there are no Changes then.
	Reload bool
	// Ended says that the mirror has dropped the inbox, which takes no more.
	Ended bool
	// Agreed is a moment until which everything has been gathered.
	Agreed time.Time
}

// Follow gathers changes of some layers, or of all where none is named, until
// ctx ends or Stop is called. More than most of them are no longer told one by
// one: beginning anew is cheaper.
func Follow(ctx context.Context, s Followed, most int, layers ...string) *Inbox {
	wake := make(chan struct{}, 1)
	in := &Inbox{Wake: wake, wake: wake, source: s, most: most, layers: layers}
	batches, unsubscribe := s.Subscribe()
	ctx, cancel := context.WithCancel(ctx)
	var listening sync.WaitGroup
	listening.Go(func() { in.collect(ctx, batches) })
	in.stop = func() {
		cancel()
		listening.Wait()
		unsubscribe()
	}
	return in
}

// Stop ends the gathering. It must be called once.
func (in *Inbox) Stop() { in.stop() }

// Take returns what was gathered, and begins anew.
func (in *Inbox) Take() News {
	in.mu.Lock()
	defer in.mu.Unlock()
	n := in.news
	in.news.Changes, in.news.Reload = nil, false
	return n
}

// collect gathers until ctx ends or the batches do.
func (in *Inbox) collect(ctx context.Context, batches <-chan []plan.Change) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			// A change is published before the moment of its reading is told: where
			// no batch waits then, there was no other change until that moment.
			if at := in.source.Status().AsOf; len(batches) == 0 {
				in.note(func(n *News) { n.Agreed = at })
			}
		case batch, open := <-batches:
			if !open {
				in.note(func(n *News) { n.Ended = true })
				return
			}
			in.note(func(n *News) { n.add(batch, in.most, in.layers) })
		}
	}
}

// add takes a batch; a nil one is a plan loaded anew.
func (n *News) add(batch []plan.Change, most int, layers []string) {
	if batch == nil {
		n.Reload = true
	}
	for _, c := range batch {
		if len(layers) == 0 || slices.Contains(layers, c.Layer) {
			n.Changes = append(n.Changes, c)
		}
	}
	if n.Reload = n.Reload || len(n.Changes) > most; n.Reload {
		n.Changes = nil
	}
}

func (in *Inbox) note(what func(*News)) {
	in.mu.Lock()
	what(&in.news)
	in.mu.Unlock()
	select {
	case in.wake <- struct{}{}:
	default:
	}
}
