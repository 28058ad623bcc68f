package rest

import (
	"context"
	"time"
)

// Places bounds how many requests do one kind of heavy work at a time.
type Places struct {
	taken chan struct{}
	wait  time.Duration
}

// NewPlaces returns n places, for one of which a request waits at most so long.
func NewPlaces(n int, wait time.Duration) *Places {
	return &Places{taken: make(chan struct{}, n), wait: wait}
}

// Enter takes a place until leave is called. The error is Busy where none
// becomes free in time.
func (p *Places) Enter(ctx context.Context) (leave func(), err error) {
	wait := time.NewTimer(p.wait)
	defer wait.Stop()
	select {
	case p.taken <- struct{}{}:
		return func() { <-p.taken }, nil
	case <-wait.C:
		return nil, Busy()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
