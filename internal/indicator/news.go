package indicator

import (
	"context"
	"sync"
	"time"

	"github.com/simtaru/simtaru/internal/plan"
)

// mostNews is the number of changes from which everything is computed anew.
const mostNews = 20_000

// news gathers what has changed while a computation is under way: who does not
// take batches as they come is dropped by the mirror.
type news struct {
	// wake says that there is something to take.
	wake chan struct{}

	mu      sync.Mutex // guards the fields below
	changes []plan.Change
	reload  bool
	ended   bool
	agreed  time.Time // everything until then has been gathered
}

func newNews() *news { return &news{wake: make(chan struct{}, 1)} }

// collect gathers until ctx ends or the batches do.
func (n *news) collect(ctx context.Context, p Plan, batches <-chan []plan.Change) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			// A change is published before the moment of its reading is told: where
			// no batch waits then, there was no other change until that moment.
			if at := p.Status().AsOf; len(batches) == 0 {
				n.note(func() { n.agreed = at })
			}
		case batch, open := <-batches:
			if !open {
				n.note(func() { n.ended = true })
				return
			}
			n.note(func() { n.add(batch) })
		}
	}
}

// add takes a batch; a nil one is a plan loaded anew. n.mu is held.
func (n *news) add(batch []plan.Change) {
	if batch == nil || len(n.changes)+len(batch) > mostNews {
		n.reload, n.changes = true, nil
	}
	if !n.reload {
		n.changes = append(n.changes, batch...)
	}
}

func (n *news) note(what func()) {
	n.mu.Lock()
	what()
	n.mu.Unlock()
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

// take returns what was gathered, and begins anew.
func (n *news) take() (changes []plan.Change, reload bool, agreed time.Time, ended bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	changes, reload = n.changes, n.reload
	n.changes, n.reload = nil, false
	return changes, reload, n.agreed, n.ended
}
