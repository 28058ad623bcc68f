package land

import (
	"errors"
	"fmt"
	"sync/atomic"
)

// ErrTooEntangled says that edges cross so often that the land would take too
// long to measure: far more than maps do.
var ErrTooEntangled = errors.New("the edges cross too often to be measured")

// ErrNoneLeft is ErrTooEntangled where it is not of one measurement alone: the
// work that several may do together was used up. A later one may succeed.
var ErrNoneLeft = fmt.Errorf("no work is left for what takes so long: %w", ErrTooEntangled)

// maxWork bounds what one measurement looks at, mostly edges, all bands
// together: one or two tenths of a second. The largest of the demonstration city at
// scale 5, 15,000 edges in one gampong, comes to 1.95 million, a fifth.
const maxWork = 10_000_000

// Budget bounds the work of measurements together. Work is edges looked at, of
// which a core does 50 to 100 million in a second.
type Budget struct {
	free int
	left atomic.Int64
}

// NewBudget lets each measurement do some work freely, and all of them so much
// together beyond that.
func NewBudget(free, together int) *Budget {
	b := &Budget{free: free}
	b.left.Store(int64(together))
	return b
}

// Meter returns one for a measurement; of a nil budget one that is bounded for
// itself only.
func (b *Budget) Meter() *Meter {
	if b == nil {
		return &Meter{allowed: maxWork}
	}
	return &Meter{budget: b, allowed: min(b.free, maxWork)}
}

// Meter counts the work of one measurement. What is measured does not depend on
// it, only whether it is.
type Meter struct {
	budget        *Budget
	done, allowed int
}

// portion is what a meter takes of its budget at once.
const portion = 50_000

// Spend counts work that is done, or about to be. The error is ErrTooEntangled
// or ErrNoneLeft.
func (m *Meter) Spend(n int) error {
	m.done += n
	if m.done > maxWork {
		return ErrTooEntangled
	}
	for m.done > m.allowed {
		if m.budget.left.Add(-portion) < 0 {
			return ErrNoneLeft
		}
		m.allowed += portion
	}
	return nil
}

// fits fails where so much more would be too much for any measurement.
func (m *Meter) fits(n int) error {
	if n > maxWork-m.done {
		return ErrTooEntangled
	}
	return nil
}
