package plan

import "time"

// SameValue reports whether two values of a Feature are equal; null equals
// nothing. Timestamps are compared as moments.
func SameValue(a, b any) bool {
	if a == nil || b == nil {
		return false
	}
	if t, ok := a.(time.Time); ok {
		u, ok := b.(time.Time)
		return ok && t.Equal(u)
	}
	return a == b
}
