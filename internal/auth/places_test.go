package auth

import (
	"fmt"
	"net/netip"
	"testing"
)

// TestPlaces: neither an address, nor a customer's /48, nor a crowd takes all.
func TestPlaces(t *testing.T) {
	for name, c := range map[string]struct {
		asker func(i int) Asker
		want  int
	}{
		"one address": {func(int) Asker { return Asker{From: netip.MustParseAddr("192.0.2.1")} }, 2},
		"one name":    {func(i int) Asker { return Asker{"siti", netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})} }, 2},
		"one /56":     {func(i int) Asker { return Asker{From: netip.MustParseAddr(fmt.Sprintf("2001:db8:0:%x::1", i))} }, 3},
		"one /48":     {func(i int) Asker { return Asker{From: netip.MustParseAddr(fmt.Sprintf("2001:db8:0:%x00::1", i))} }, 4},
		"a crowd":     {func(i int) Asker { return Asker{From: netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})} }, 14},
		"logins":      {func(i int) Asker { return Asker{Name: fmt.Sprint(i)} }, 16},
	} {
		p := &Places{Each: 2, All: 16}
		for range 2 {
			var leave []func()
			for i := range 100 {
				if l, ok := p.Enter(c.asker(i)); ok {
					leave = append(leave, l)
				}
			}
			if len(leave) != c.want {
				t.Errorf("%s: %d places, not %d", name, len(leave), c.want)
			}
			for _, l := range leave {
				l()
			}
		}
		if p.all != 0 || len(p.taken) != 0 {
			t.Errorf("%s: %d are still taken, %v", name, p.all, p.taken)
		}
	}
}
