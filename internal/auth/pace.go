package auth

import (
	"net/netip"
	"sync"
	"time"
)

// Pace bounds how often each network may do something, and all together: so many
// at once, and one more each time the pace has gone by. Its methods are safe for
// concurrent use, and it remembers a bounded number of networks.
type Pace struct {
	each, all PaceLimit
	now       func() time.Time
	mu        sync.Mutex // guards what follows
	by        *recent[netip.Addr, bucket]
	total     bucket
}

// PaceLimit is Burst at once and then one in each Every.
type PaceLimit struct {
	Burst float64
	Every time.Duration
}

// NewPace lets each network and all together do so much.
func NewPace(each, all PaceLimit) *Pace {
	return &Pace{each: each, all: all, now: time.Now, by: newRecent[netip.Addr, bucket](maxThrottled)}
}

// Take counts one and returns 0, or how long to wait until it may be.
func (p *Pace) Take(from netip.Addr) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now, key := p.now(), network(from)
	mine, _ := p.by.get(key)
	if wait := max(mine.wait(now, p.each.Burst, p.each.Every), p.total.wait(now, p.all.Burst, p.all.Every)); wait > 0 {
		return wait
	}
	p.by.set(key, mine.add(now, p.each.Every, 1))
	p.total = p.total.add(now, p.all.Every, 1)
	return 0
}
