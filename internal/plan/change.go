package plan

import (
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

// Actor is who acts, as the database will record it.
type Actor struct {
	Name string
	Role Role
}
