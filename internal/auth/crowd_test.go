package auth

import (
	"fmt"
	"net/netip"
	"testing"
)

// So many of one asker are inside, and some more of the networks around an address
// of IPv6; who leaves makes room.
func TestCrowd(t *testing.T) {
	c := &Crowd{Most: 2}
	at := func(address string) Asker { return Asker{From: netip.MustParseAddr(address)} }
	for i, step := range []struct {
		who  Asker
		want bool
	}{
		{at("192.0.2.1"), true},
		{at("192.0.2.1"), true},
		{at("::ffff:192.0.2.1"), false},
		{at("192.0.2.2"), true},
		{Asker{Name: "siti", From: netip.MustParseAddr("192.0.2.1")}, true},
		{at("2001:db8::1"), true},
		{at("2001:db8::2"), true},
		{at("2001:db8::3"), false},
		{at("2001:db8:0:1::1"), true},
		{at("2001:db8:0:2::1"), false}, // three of the /56
		{at("2001:db8:0:100::1"), true},
		{at("2001:db8:0:200::1"), false}, // four of the /48
		{at("2001:db8:1::1"), true},
	} {
		if got := c.Enter(step.who); got != step.want {
			t.Errorf("%d: %v enters: %v", i, step.who, got)
		}
	}
	c.Leave(at("192.0.2.1"))
	if !c.Enter(at("192.0.2.1")) {
		t.Error("there is no room for who comes after one that left")
	}
	for _, who := range []string{"192.0.2.1", "192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2", "2001:db8:0:1::1", "2001:db8:0:100::1", "2001:db8:1::1"} {
		c.Leave(at(who))
	}
	if c.Leave(Asker{Name: "siti"}); len(c.inside) != 0 {
		t.Errorf("still counted: %v", c.inside)
	}
}

// TestCrowdOfAll: a crowd of strangers leaves room for who is logged in.
func TestCrowdOfAll(t *testing.T) {
	c := &Crowd{Most: 2, All: 16}
	enter := func(who func(i int) Asker) (n int) {
		for i := range 40 {
			if c.Enter(who(i)) {
				n++
			}
		}
		return n
	}
	stranger := func(i int) Asker { return Asker{From: netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})} }
	if n := enter(stranger); n != 14 {
		t.Errorf("%d strangers are inside", n)
	}
	if n := enter(func(i int) Asker { return Asker{Name: fmt.Sprint(i)} }); n != 2 {
		t.Errorf("%d who are logged in", n)
	}
	for i := range 3 {
		c.Leave(stranger(i))
	}
	if n := enter(stranger); n != 1 {
		t.Errorf("%d come after three that left", n)
	}
}
