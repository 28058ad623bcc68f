package auth

import (
	"net/netip"
	"sync"
	"time"
)

// The pace of failed logins.
const (
	// freePair failures of one name from one address cost nothing; after them
	// each doubles the wait, from one second to maxWait.
	freePair = 3
	maxWait  = 15 * time.Minute
	// forgetPair is how long a failure counts.
	forgetPair = time.Hour
	// maxSlowed attempts that were told to wait, of one name from one address,
	// make remembered passwords count for nothing there: the answer to a guess
	// would be as good as a check.
	maxSlowed = 50
	// All failures from one address, and all of one name from addresses where
	// it has never logged in, fill a bucket that leaks.
	burstAddress, paceAddress = 30, 5 * time.Second
	burstName, paceName       = 20, 2 * time.Second
	// What is not a password cannot be guessed; the bucket of unknown cookies
	// and tokens only spares the database.
	burstUnknown, paceUnknown = 100, 200 * time.Millisecond
	// maxThrottled bounds each of the maps.
	maxThrottled = 10000
	// trusted is how long an address stays known for a name.
	trusted = 30 * 24 * time.Hour
)

// throttle slows down whoever guesses passwords. Every attempt is counted as
// failed before it is checked, so that many at once are no way around it, and
// given back when it succeeds.
//
// A name from an address where it has logged in before is held to its own
// failures there alone: an attacker elsewhere, or a colleague behind the same
// address whose program keeps sending an old password, does not lock it out.
type throttle struct {
	now       func() time.Time
	mu        sync.Mutex // guards what follows
	pairs     *recent[who, failures]
	known     *recent[who, time.Time]
	addresses *recent[netip.Addr, bucket]
	names     *recent[string, bucket]
	unknown   *recent[netip.Addr, bucket]
}

type who struct {
	name string
	from netip.Addr
}

type failures struct {
	n    int
	last time.Time
	// slowed counts attempts that came too early, and is not given back by a
	// success; told is when the last one was.
	slowed int
	told   time.Time
}

func newThrottle(now func() time.Time) *throttle {
	return &throttle{
		now:       now,
		pairs:     newRecent[who, failures](maxThrottled),
		known:     newRecent[who, time.Time](maxThrottled),
		addresses: newRecent[netip.Addr, bucket](maxThrottled),
		names:     newRecent[string, bucket](maxThrottled),
		unknown:   newRecent[netip.Addr, bucket](maxThrottled),
	}
}

// attempt counts a login and returns 0, or how long it must wait.
func (t *throttle) attempt(name string, from netip.Addr) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	now, w := t.now(), who{name, network(from)}
	f := t.failures(w, now)
	if wait := f.last.Add(f.wait()).Sub(now); wait > 0 {
		f.slowed, f.told = f.slowed+1, now
		t.pairs.set(w, f)
		return wait
	}
	if !t.isKnown(w, now) {
		byAddress, _ := t.addresses.get(w.from)
		byName, _ := t.names.get(name)
		if wait := max(byAddress.wait(now, burstAddress, paceAddress, 1), byName.wait(now, burstName, paceName, 1)); wait > 0 {
			return wait
		}
		t.addresses.set(w.from, byAddress.add(now, paceAddress, 1))
		t.names.set(name, byName.add(now, paceName, 1))
	}
	f.n, f.last = f.n+1, now
	t.pairs.set(w, f)
	return 0
}

// failures of a pair, as far as they still count.
func (t *throttle) failures(w who, now time.Time) failures {
	f, _ := t.pairs.get(w)
	if now.Sub(f.last) > forgetPair {
		f.n = 0
	}
	if now.Sub(f.told) > forgetPair {
		f.slowed = 0
	}
	return f
}

// hammered reports whether somebody goes on guessing the name from the address
// without waiting.
func (t *throttle) hammered(name string, from netip.Addr) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.failures(who{name, network(from)}, t.now()).slowed >= maxSlowed
}

// succeeded gives the attempt back.
func (t *throttle) succeeded(name string, from netip.Addr) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now, w := t.now(), who{name, network(from)}
	if f := t.failures(w, now); f.slowed > 0 {
		f.n = 0
		t.pairs.set(w, f)
	} else {
		t.pairs.delete(w)
	}
	if !t.isKnown(w, now) {
		if b, ok := t.addresses.get(w.from); ok {
			t.addresses.set(w.from, b.add(now, paceAddress, -1))
		}
		if b, ok := t.names.get(name); ok {
			t.names.set(name, b.add(now, paceName, -1))
		}
	}
	t.known.set(w, now)
}

func (t *throttle) isKnown(w who, now time.Time) bool {
	at, ok := t.known.get(w)
	return ok && now.Sub(at) < trusted
}

// stranger counts a cookie or token that is about to be looked up, and returns
// 0, or how long its sender must wait; found gives it back.
func (t *throttle) stranger(from netip.Addr) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	now, from := t.now(), network(from)
	b, _ := t.unknown.get(from)
	if wait := b.wait(now, burstUnknown, paceUnknown, 1); wait > 0 {
		return wait
	}
	t.unknown.set(from, b.add(now, paceUnknown, 1))
	return 0
}

func (t *throttle) found(from netip.Addr) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now, from := t.now(), network(from)
	if b, ok := t.unknown.get(from); ok {
		t.unknown.set(from, b.add(now, paceUnknown, -1))
	}
}

// wait after the last failure.
func (f failures) wait() time.Duration {
	if f.n < freePair {
		return 0
	}
	return min(time.Second<<min(f.n-freePair, 20), maxWait)
}

// bucket leaks one drop each pace.
type bucket struct {
	level float64
	at    time.Time
}

func (b bucket) now(now time.Time, pace time.Duration) float64 {
	return max(0, b.level-float64(now.Sub(b.at))/float64(pace))
}

// wait until n more drops fit under burst, or until it is empty where n are more
// than that.
func (b bucket) wait(now time.Time, burst float64, pace time.Duration, n float64) time.Duration {
	return max(0, time.Duration((b.now(now, pace)+min(n, burst)-burst)*float64(pace)))
}

func (b bucket) add(now time.Time, pace time.Duration, n float64) bucket {
	return bucket{max(0, b.now(now, pace)+n), now}
}

// network is what one customer of a provider has: an IPv4 address, a /64 of
// IPv6.
func network(a netip.Addr) netip.Addr {
	a = a.Unmap().WithZone("")
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.Addr()
		}
	}
	return a
}
