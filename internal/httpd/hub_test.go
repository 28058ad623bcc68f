package httpd

import (
	"log/slog"
	"net/netip"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// TestSlowReaderIsCut sends more events than a client takes: it is cut, and the
// others hear everything.
func TestSlowReaderIsCut(t *testing.T) {
	h := newHub(mirror.New(nil, mirror.Options{}), slog.New(slog.DiscardHandler), 10, prometheus.NewRegistry())
	slow, _, err := h.join(plan.Actor{}, netip.Addr{}, "")
	if err != nil {
		t.Fatal(err)
	}
	quick, _, err := h.join(plan.Actor{}, netip.Addr{}, "")
	if err != nil {
		t.Fatal(err)
	}
	for i := range clientQueue + 1 {
		h.send(event{id: int64(i + 1), text: []byte("x")})
		<-quick.queue
	}
	n := 0
	for range slow.queue {
		n++
	}
	if n != clientQueue {
		t.Errorf("the slow reader got %d events before it was cut", n)
	}
	if len(h.clients) != 1 {
		t.Errorf("%d clients are left", len(h.clients))
	}
	h.leave(slow) // once more does no harm
	h.stop()
	if _, ok := <-quick.queue; ok {
		t.Error("a stream outlives the stop")
	}
	if _, _, err := h.join(plan.Actor{}, netip.Addr{}, ""); plan.KindOf(err) != plan.Unavailable {
		t.Errorf("joined after the stop: %v", err)
	}
}

// TestReplayIsBounded keeps the last events only.
func TestReplayIsBounded(t *testing.T) {
	h := newHub(mirror.New(nil, mirror.Options{}), slog.New(slog.DiscardHandler), 10, prometheus.NewRegistry())
	for i := range replayed + 10 {
		h.send(event{id: int64(i + 1), text: []byte("x")})
	}
	if len(h.past) != replayed {
		t.Errorf("%d events are kept", len(h.past))
	}
	if missed := h.missed(plan.Actor{}, h.catalog(), "11"); len(missed) != replayed-1 {
		t.Errorf("%d missed", len(missed))
	}
	if missed := h.missed(plan.Actor{}, h.catalog(), "10"); len(missed) != 1 || string(missed[0]) != string(resync().text) {
		t.Error("a client that is too far behind does not begin again")
	}
}

// TestARestartForgetsThePast: a client that was away while everything was
// loaded anew must begin again, although its last event was kept before.
func TestARestartForgetsThePast(t *testing.T) {
	h := newHub(mirror.New(nil, mirror.Options{}), slog.New(slog.DiscardHandler), 1, prometheus.NewRegistry())
	h.send(event{id: 7, text: []byte("seven")})
	if missed := h.missed(plan.Actor{}, h.catalog(), "7"); len(missed) != 0 {
		t.Fatalf("nothing was missed, but %q is told", missed)
	}
	h.restart()
	h.send(event{id: 9, text: []byte("nine")})
	if missed := h.missed(plan.Actor{}, h.catalog(), "7"); len(missed) != 1 || string(missed[0]) != string(resync().text) {
		t.Errorf("told %q, want to begin again", missed)
	}
}

// TestNobodyTakesAllStreams: one address has its share, and the public leaves
// some to who has logged in. A stream that ends gives its place back.
func TestNobodyTakesAllStreams(t *testing.T) {
	h := newHub(mirror.New(nil, mirror.Options{}), slog.New(slog.DiscardHandler), 100, prometheus.NewRegistry())
	at := func(n byte) netip.Addr { return netip.AddrFrom4([4]byte{10, 0, 0, n}) }
	fill := func(a plan.Actor, from netip.Addr) (last *client, n int) {
		for {
			c, _, err := h.join(a, from, "")
			if err != nil {
				if plan.KindOf(err) != plan.Unavailable {
					t.Fatal(err)
				}
				return last, n
			}
			last = c
			n++
		}
	}
	one, n := fill(plan.Actor{}, at(1))
	if n != perAddress {
		t.Errorf("one address has %d streams", n)
	}
	if _, n := fill(plan.Actor{}, at(2)); n != 30 {
		t.Errorf("the public has %d streams more, want 30: all but a fifth", n)
	}
	if _, n := fill(plan.Actor{Name: "siti", Role: plan.Admin}, at(3)); n != 20 {
		t.Errorf("%d are left to a login", n)
	}
	h.leave(one)
	h.leave(one)
	if _, n := fill(plan.Actor{}, at(2)); n != 1 {
		t.Errorf("%d places came back, want 1", n)
	}
	h.stop()
	if len(h.from) != 0 || h.public != 0 {
		t.Errorf("after the stop %v and %d are counted", h.from, h.public)
	}
}
