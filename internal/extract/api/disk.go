package api

import (
	"context"
	"math"
	"sync"
	"time"
)

// disk is what was measured last.
type disk struct {
	mu    sync.Mutex // guards what follows
	at    time.Time
	bytes float64
}

// Disk is how many bytes of disk extracts take in the database; NaN where it does
// not answer within a second. It is asked once a minute at most.
func (s *Service) Disk(ctx context.Context) float64 {
	d := &s.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	if time.Since(d.at) < time.Minute {
		return d.bytes
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	n, err := s.archive.ExtractBytes(ctx)
	if d.at, d.bytes = time.Now(), float64(n); err != nil {
		d.bytes = math.NaN()
	}
	return d.bytes
}
