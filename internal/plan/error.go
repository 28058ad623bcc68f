package plan

import (
	"errors"
	"fmt"
	"time"
)

// Kind classes an Error by what the caller can do about it. The HTTP layer
// turns each into one status.
type Kind uint8

// The kinds of error.
const (
	Internal        Kind = iota // our fault: 500 is forbidden by design, so 503
	Invalid                     // the request is malformed: 400
	NotFound                    // no such thing: 404
	Conflict                    // locked or already there: 409
	Stale                       // another version is current: 412
	Unprocessable               // well formed, but breaks a rule: 422
	Denied                      // not allowed: 403
	Unauthenticated             // log in first, or again: 401
	TooLarge                    // a limit on size: 413
	Unavailable                 // try again later: 503
)

// Kinds lists all members of Kind.
var Kinds = []Kind{Internal, Invalid, NotFound, Conflict, Stale, Unprocessable, Denied, Unauthenticated, TooLarge, Unavailable}

// Error is a failure that a person can read: what is wrong, where, and what to
// do about it. Cause is for the log only.
type Error struct {
	Kind Kind
	// Code is a stable slug, the last part of the problem type.
	Code    string
	Message Text
	// At is where: a parameter, property, line or layer name.
	At    string
	Cause error
	// Current is what a Stale edit met; nil where that is not known.
	Current *Current
}

// Current is the version of a feature that stands now.
type Current struct {
	Revision  int64     `json:"revision"`
	UpdatedBy string    `json:"updatedBy"`
	UpdatedAt time.Time `json:"updatedAt"`
}

func (e *Error) Error() string {
	s := e.Message.EN
	if e.At != "" {
		s = e.At + ": " + s
	}
	if e.Cause != nil {
		s = fmt.Sprintf("%s: %v", s, e.Cause)
	}
	return s
}

func (e *Error) Unwrap() error { return e.Cause }

// KindOf returns the kind of the first Error in err's chain, Internal
// otherwise.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}
