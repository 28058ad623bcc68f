package auth

import (
	"net/netip"
	"strconv"
	"sync"
	"time"
)

// Pace lets each network do something so many times at once and then once each
// Every; and all together likewise. It is safe for concurrent use.
type Pace struct {
	// Now is the clock.
	Now func() time.Time
	// Burst and Every of one network: an IPv4 address or a /64 of IPv6.
	Burst float64
	Every time.Duration
	// AllBurst and AllEvery are those of all together.
	AllBurst float64
	AllEvery time.Duration

	mu   sync.Mutex // guards what follows
	from *recent[netip.Addr, bucket]
	all  bucket
}

// Take counts one and returns 0, or how long whoever asks must wait.
func (p *Pace) Take(from netip.Addr) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.from == nil {
		p.from = newRecent[netip.Addr, bucket](maxThrottled)
	}
	now, from := p.Now(), network(from)
	b, _ := p.from.get(from)
	if wait := max(b.wait(now, p.Burst, p.Every), p.all.wait(now, p.AllBurst, p.AllEvery)); wait > 0 {
		return wait
	}
	p.from.set(from, b.add(now, p.Every, 1))
	p.all = p.all.add(now, p.AllEvery, 1)
	return 0
}

// Seconds is a wait as Retry-After says it.
func Seconds(wait time.Duration) string {
	return strconv.Itoa(int((wait + time.Second - 1) / time.Second))
}
