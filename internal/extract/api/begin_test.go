package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// Two compute at once, fifty wait, and who comes after them is told so.
func TestBegin(t *testing.T) {
	s, err := New(Config{}, nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	asker := 0
	from := func(ctx context.Context) *http.Request {
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
		asker++
		r.RemoteAddr = fmt.Sprintf("192.0.2.%d:1", asker)
		return r
	}
	var places []func()
	for range mostPlaces {
		done, err := s.begin(from(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		places = append(places, done)
	}
	ctx, leave := context.WithCancel(t.Context())
	ended := make(chan error)
	for range mostQueued {
		r := from(ctx)
		go func() {
			_, err := s.begin(r)
			ended <- err
		}()
	}
	for s.queued.Load() < mostPlaces+mostQueued {
		time.Sleep(time.Millisecond)
	}
	var busy *plan.Error
	if _, err := s.begin(from(t.Context())); !errors.As(err, &busy) || busy.Code != "busy" {
		t.Errorf("one more: %v", err)
	}
	leave()
	for range mostQueued {
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("who waits has got %v", err)
		}
	}
	places[0]()
	done, err := s.begin(from(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	done()
	places[1]()
	if n := s.queued.Load(); n != 0 || len(s.places) != 0 {
		t.Errorf("%d are still counted, %d places taken", n, len(s.places))
	}
}

// One asker is inside a few times only, whoever else waits.
func TestBeginOfOne(t *testing.T) {
	s, err := New(Config{}, nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	from := func(ctx context.Context, address string) *http.Request {
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
		r.RemoteAddr = address + ":1"
		return r
	}
	ctx, leave := context.WithCancel(t.Context())
	ended := make(chan error)
	for range mostInside {
		go func() {
			done, err := s.begin(from(ctx, "192.0.2.1"))
			if err == nil {
				<-ctx.Done()
				done()
			}
			ended <- err
		}()
	}
	for s.queued.Load() < mostInside {
		time.Sleep(time.Millisecond)
	}
	early, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	var slow *rest.StatusError
	if _, err := s.begin(from(early, "192.0.2.1")); !errors.As(err, &slow) || slow.Status != http.StatusTooManyRequests {
		t.Errorf("one more of the same: %v", err)
	}
	leave()
	for range mostInside {
		<-ended
	}
	done, err := s.begin(from(t.Context(), "192.0.2.1"))
	if err != nil {
		t.Fatal(err)
	}
	done()
}
