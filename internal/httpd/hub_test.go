package httpd

import (
	"log/slog"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// TestSlowReaderIsCut sends more events than a client takes: it is cut, and the
// others hear everything.
func TestSlowReaderIsCut(t *testing.T) {
	h := newHub(mirror.New(nil, mirror.Options{}), slog.New(slog.DiscardHandler), 10, prometheus.NewRegistry())
	slow, _, err := h.join(plan.Actor{}, "")
	if err != nil {
		t.Fatal(err)
	}
	quick, _, err := h.join(plan.Actor{}, "")
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
	if _, _, err := h.join(plan.Actor{}, ""); plan.KindOf(err) != plan.Unavailable {
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
