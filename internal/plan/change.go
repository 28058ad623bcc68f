package plan

import (
	"errors"
	"time"

	"github.com/paulmach/orb"
)

// Op is what happened to a feature.
type Op string

// The operations.
const (
	Create Op = "create"
	Update Op = "update"
	Delete Op = "delete"
)

// Change is one row of the change feed.
type Change struct {
	ID       int64
	Layer    string
	Feature  int64
	Op       Op
	Revision int64
	// Before and After are the boxes of the feature, nil where it had no
	// geometry or did not exist.
	Before, After *orb.Bound
	Actor         string
	At            time.Time
}

// Position says which transactions a reader of the change feed has seen: a
// PostgreSQL snapshot in text form. It is never a largest id, since a lower id
// can become visible after a higher one.
type Position string

// ChangesQuery asks for a page of the change feed, for those who follow it from
// outside.
type ChangesQuery struct {
	// Since is the Next of the page before. Empty starts with the oldest change
	// that is kept; SinceNow starts after the newest.
	Since string
	// Layers whose changes are wanted.
	Layers []string
	// Limit is the size of a page, at least 1.
	Limit int
}

// SinceNow is the ChangesQuery.Since that only asks where the feed stands.
const SinceNow = "now"

// ChangesPage is one page of the change feed, in the order of ids. Each change
// is in exactly one page of those that follow one another by Next, also where
// transactions end in another order than they began.
type ChangesPage struct {
	Changes []Change
	// Next is the Since of the page after.
	Next string
	// More says that there is something in that page already.
	More bool
}

// Delta is what became visible to a reader of the change feed since its
// position.
type Delta struct {
	// Position is where the next read starts.
	Position Position
	// Changes in the order of their ids.
	Changes []Change
	// Features holds, by layer, the present version of each changed feature;
	// one that is in Changes but not here is deleted.
	Features map[string][]*Feature
}

// ErrReload is returned by a change feed that cannot go on from the position
// it was given: the catalogue has changed, the rows have been pruned, or the
// position belongs to another database. The reader starts again from a load.
var ErrReload = errors.New("the position cannot be continued: load again")
