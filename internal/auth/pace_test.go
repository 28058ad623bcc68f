package auth

import (
	"net/netip"
	"testing"
	"time"
)

func TestPace(t *testing.T) {
	now := time.Unix(1e9, 0)
	p := NewPace(PaceLimit{2, time.Second}, PaceLimit{3, time.Minute})
	p.now = func() time.Time { return now }
	a, b := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	take := func(from netip.Addr, want time.Duration) {
		t.Helper()
		if got := p.Take(from); got != want {
			t.Errorf("wait %v, not %v", got, want)
		}
	}
	take(a, 0)
	take(a, 0)
	take(a, time.Second)
	take(b, 0)
	take(b, time.Minute) // all together
	now = now.Add(time.Minute)
	take(a, 0)
	take(b, time.Minute)
}
