package auth

import (
	"net/netip"
	"testing"
	"time"
)

func TestPace(t *testing.T) {
	now := time.Unix(1e9, 0)
	p := &Pace{Now: func() time.Time { return now }, Burst: 2, Every: time.Second, AllBurst: 3, AllEvery: time.Minute}
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
