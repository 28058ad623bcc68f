package httpd_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/httpd"
	"github.com/simtaru/simtaru/internal/plan"
)

// sse is one event as a browser reads it.
type sse struct {
	name, id string
	data     map[string]any
}

// listen opens an event stream; the channel ends with it.
func (s *service) listen(t *testing.T, headers ...string) (<-chan sse, context.CancelFunc) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%d %s", resp.StatusCode, resp.Header.Get("Content-Type"))
	}
	out := make(chan sse, 100)
	go func() {
		defer close(out)
		defer resp.Body.Close()
		var e sse
		for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
			line := lines.Text()
			switch name, value, _ := strings.Cut(line, ": "); {
			case line == "" && e.name != "":
				out <- e
				e = sse{}
			case name == "event":
				e.name = value
			case name == "id":
				e.id = value
			case name == "data":
				if json.Unmarshal([]byte(value), &e.data) != nil {
					e.name = "broken: " + value
				}
			}
		}
	}()
	return out, cancel
}

// next returns the next event called name.
func next(t *testing.T, events <-chan sse, name string) sse {
	t.Helper()
	for {
		select {
		case e, ok := <-events:
			if !ok {
				t.Fatalf("the stream ended before %s", name)
			}
			if e.name == name {
				return e
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("no %s came", name)
		}
	}
}

func TestEvents(t *testing.T) {
	s := serve(t)
	events, stop := s.listen(t)
	if e := next(t, events, "status"); e.data["databaseDown"] != false || e.data["asOf"] == "" {
		t.Errorf("status %v", e.data)
	}
	s.source.edit(secrets, 1, orb.Point{95.4, 5.4})
	s.source.edit(spots, 1, orb.Point{95.5, 5.25})
	e := next(t, events, "change")
	want := map[string]any{"layer": spots, "op": "update", "ids": []any{1.0}, "bbox": []any{95.3, 5.25, 95.5, 5.5}}
	for k, v := range want {
		if got, _ := json.Marshal(e.data[k]); string(got) != mustJSON(v) {
			t.Errorf("%s is %s, want %s (nothing of a private layer may be told)", k, got, mustJSON(v))
		}
	}
	if e.id != "102" {
		t.Errorf("id %q", e.id)
	}
	stop()
	// While this client was away another edit came: it hears of that one only.
	s.source.edit(spots, 4, orb.Point{95.6, 5.6})
	wait(t, "the edit is in the mirror", func() bool {
		snap, _ := s.mirror.Snapshot(spots)
		f, _ := snap.Get(4)
		return f.Revision == 2
	})
	time.Sleep(20 * time.Millisecond) // until the hub has it too
	events, stop = s.listen(t, "Last-Event-ID", "102")
	if e := next(t, events, "change"); e.id != "103" {
		t.Errorf("after a reconnect came %+v", e)
	}
	stop()
	for _, unknown := range []string{"1", "nonsense"} {
		events, stop = s.listen(t, "Last-Event-ID", unknown)
		next(t, events, "resync")
		stop()
	}
}

func mustJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func TestEventClientsAreBounded(t *testing.T) {
	s := serve(t, func(c *httpd.Config, _ *httpd.Deps) { c.MaxEventClients = 2 })
	_, stop1 := s.listen(t)
	_, stop2 := s.listen(t)
	defer stop2()
	r := s.get(t, "/events")
	if p := problemOf(t, "/events", r); r.status != http.StatusServiceUnavailable || r.header.Get("Retry-After") == "" {
		t.Errorf("%d %+v", r.status, p)
	}
	stop1()
	wait(t, "the place is free", func() bool {
		r := s.do(t, http.MethodHead, "/events")
		return r.status == http.StatusOK
	})
}

// TestStop stops a server that has an open stream and a request at work: the
// stream ends, the request is answered, and then the server returns.
func TestStop(t *testing.T) {
	a := &slowArchive{enter: make(chan struct{}, 1), leave: make(chan struct{})}
	s := serve(t, func(_ *httpd.Config, d *httpd.Deps) { d.Archive = a })
	events, _ := s.listen(t)
	next(t, events, "status")
	status := make(chan int, 1)
	go func() { status <- s.get(t, "/tiles/"+spots+"/12/3132/1985?seats=1").status }()
	<-a.enter
	stopped := make(chan struct{})
	go func() {
		s.stop()
		close(stopped)
	}()
	for range events {
	}
	select {
	case <-stopped:
		t.Error("the server did not wait for the request at work")
	case <-time.After(50 * time.Millisecond):
	}
	close(a.leave)
	if got := <-status; got != http.StatusNoContent {
		t.Errorf("the request at work: %d", got)
	}
	<-stopped
	if _, err := http.Get(s.URL + "/livez"); err == nil {
		t.Error("the server still answers")
	}
}

func TestDatabaseAway(t *testing.T) {
	s := serve(t)
	events, stop := s.listen(t)
	defer stop()
	next(t, events, "status")
	if r := s.get(t, "/readyz"); r.status != http.StatusOK || !strings.Contains(string(r.body), `"status":"ok"`) {
		t.Errorf("%d %s", r.status, r.body)
	}
	s.source.fail(errAway)
	s.archive.err = &plan.Error{Kind: plan.Unavailable, Code: "database-away", Cause: errAway, Message: plan.Text{ID: "basis data", EN: "the database is away"}}
	wait(t, "the mirror is cut off", func() bool { return s.mirror.Status().Err != nil })
	for _, path := range []string{itemsOf, itemsOf + "/1", "/tiles/" + spots + "/12/3132/1985", "/api/v1/catalog", "/api/v1/search?q=gampong", "/ogc/collections", "/styles/plan.json"} {
		if r := s.get(t, path); r.status != http.StatusOK {
			t.Errorf("%s: %d", path, r.status)
		}
	}
	for _, path := range []string{itemsOf, itemsOf + "/1", "/tiles/" + spots + "/12/3132/1985"} {
		if r := s.get(t, path); r.header.Get("Simtaru-As-Of") == "" {
			t.Errorf("%s does not say how old it is", path)
		}
	}
	if r := s.get(t, "/readyz"); r.status != http.StatusOK || !strings.Contains(string(r.body), `"status":"degraded"`) || !strings.Contains(string(r.body), `"databaseDown":true`) {
		t.Errorf("%d %s", r.status, r.body)
	}
	for _, path := range []string{itemsOf + "?datetime=2026-01-01T00:00:00Z", "/tiles/" + spots + "/12/3132/1985?datetime=2026-01-01T00:00:00Z", "/tiles/" + spots + "/12/3132/1985?seats=1"} {
		r := s.get(t, path, "Accept-Language", "en")
		p := problemOf(t, path, r)
		if r.status != http.StatusServiceUnavailable || r.header.Get("Retry-After") == "" || p.Detail != "the database is away" {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
	if strings.Contains(string(s.get(t, itemsOf+"?datetime=2026-01-01T00:00:00Z").body), "5432") {
		t.Error("the problem tells the cause")
	}
}

func TestBeforeThePlanIsLoaded(t *testing.T) {
	db := newSource()
	db.down = errAway
	s := serveSource(t, db)
	wait(t, "the mirror has tried", func() bool { return s.mirror.Status().Err != nil })
	for _, path := range []string{"/readyz", itemsOf, "/ogc/collections", "/tiles/" + spots + "/12/3132/1985", "/api/v1/catalog", "/styles/plan.json", "/api/v1/search?q=x"} {
		r := s.get(t, path)
		problemOf(t, path, r)
		if r.status != http.StatusServiceUnavailable {
			t.Errorf("%s: %d", path, r.status)
		}
	}
	for _, path := range []string{"/livez", "/ogc", "/ogc/conformance", "/", "/metrics"} {
		if r := s.get(t, path); r.status != http.StatusOK {
			t.Errorf("%s: %d", path, r.status)
		}
	}
}
