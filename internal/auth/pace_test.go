package auth

import (
	"fmt"
	"net/netip"
	"testing"
	"time"
)

func TestPace(t *testing.T) {
	now := time.Unix(1e9, 0)
	p := &Pace{Now: func() time.Time { return now }, Burst: 4, Every: time.Minute, AllBurst: 8, AllEvery: time.Second}
	from := func(address string) Asker { return Asker{From: netip.MustParseAddr(address)} }
	take := func(a Asker, n float64, want time.Duration) {
		t.Helper()
		if got := p.Take(a, n); got != want {
			t.Errorf("wait %v, not %v", got, want)
		}
	}
	one, other, siti := from("192.0.2.1"), from("192.0.2.2"), Asker{Name: "siti", From: from("192.0.2.1").From}
	take(one, 3, 0)
	take(one, 2, time.Minute)
	take(one, 1, 0)
	take(one, 1, time.Minute)
	// Who takes on comes to three quarters of what all may take, here 6.
	take(other, 1, 0)
	take(other, 2, time.Second)
	take(other, 1, 0)
	take(other, 1, time.Second)
	// One more is for newcomers, and the last for who is logged in, also behind the
	// same address.
	take(from("192.0.2.3"), 1, 0)
	take(from("192.0.2.4"), 1, time.Second)
	take(siti, 1, 0)
	take(siti, 1, time.Second)
	// What is given back can be taken again.
	p.Give(siti, 1)
	take(from("192.0.2.4"), 1, time.Second)
	take(siti, 1, 0)
	// After an hour a network is a newcomer again.
	now = now.Add(2 * time.Second)
	take(other, 1, time.Second)
	now = now.Add(newcomer)
	take(from("192.0.2.9"), 6, 0) // more than its burst, where nothing was taken
	take(one, 1, 0)
}

// A customer who has a whole /48 of IPv6 is no crowd.
func TestPaceOfNetworks(t *testing.T) {
	now := time.Unix(1e9, 0)
	taken := func(p *Pace, address func(i int) string) (n int) {
		p.Now = func() time.Time { return now }
		for i := range 200 {
			if p.Take(Asker{From: netip.MustParseAddr(address(i))}, 1) == 0 {
				n++
			}
		}
		return n
	}
	for name, c := range map[string]struct {
		address func(i int) string
		all     float64
		want    int
	}{
		"one /64":            {func(i int) string { return fmt.Sprintf("2001:db8::%x", i) }, 0, 2},
		"one /56":            {func(i int) string { return fmt.Sprintf("2001:db8:0:%x::1", i) }, 0, 8},
		"one /48":            {func(i int) string { return fmt.Sprintf("2001:db8:0:%x00::1", i) }, 0, 32},
		"one /48, and all":   {func(i int) string { return fmt.Sprintf("2001:db8:0:%x00::1", i) }, 20, 15},
		"many /48, and all":  {func(i int) string { return fmt.Sprintf("2001:db8:%x::1", i) }, 20, 17},
		"IPv4, written long": {func(i int) string { return "::ffff:192.0.2.1" }, 0, 2},
	} {
		if got := taken(&Pace{Burst: 2, Every: time.Minute, AllBurst: c.all, AllEvery: time.Minute}, c.address); got != c.want {
			t.Errorf("%s: took %d, not %d", name, got, c.want)
		}
	}
}
