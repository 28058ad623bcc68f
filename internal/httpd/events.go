package httpd

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/auth"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// events is GET /events: text/event-stream of change, resync and status, of the
// layers that the login may read.
func (s *Server) events(w http.ResponseWriter, r *http.Request) error {
	if _, err := rest.ParseParams(r); err != nil {
		return err
	}
	if _, err := rest.Negotiate(r, "", rest.Media{Name: "events", Type: "text/event-stream"}); err != nil {
		return err
	}
	actor := rest.ActorOf(r.Context())
	c, first, err := s.hub.join(actor, auth.Address(r, s.cfg.Proxies), r.Header.Get("Last-Event-ID"))
	if err != nil {
		return err
	}
	defer s.hub.leave(c)
	header := w.Header()
	rest.SetCache(header, r)
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "private, no-cache, no-transform")
	header.Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return nil
	}
	rc := http.NewResponseController(w)
	if err := rc.SetReadDeadline(time.Time{}); err != nil {
		return fmt.Errorf("events: %w", err)
	}
	write := func(text []byte) error {
		if err := rc.SetWriteDeadline(time.Now().Add(slowest)); err != nil {
			return fmt.Errorf("events: %w", err)
		}
		if _, err := w.Write(text); err != nil {
			return fmt.Errorf("events: %w", err)
		}
		return rc.Flush()
	}
	first = append([][]byte{[]byte("retry: 2000\n\n"), s.hub.status()}, first...)
	for _, text := range first {
		if write(text) != nil {
			return nil
		}
	}
	s.pump(r, c, write)
	return nil
}

// pump writes the client's events until it goes, is cut, or is not who it was
// any more.
func (s *Server) pump(r *http.Request, c *client, write func([]byte) error) {
	again := s.rechecks(r)
	defer again.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-again.C:
			if !s.stillIs(r, c.actor) {
				return
			}
		case text, ok := <-c.queue:
			// A client that was cut, or that cannot be written to, reconnects.
			if !ok || write(text) != nil {
				return
			}
		}
	}
}

// recheckEvery is how long a stream may go on after its login has ended, was
// disabled or has got other rights.
const recheckEvery = 3 * time.Second

// rechecks ticks when a stream must ask again who it is for. The public stays
// the public.
func (s *Server) rechecks(r *http.Request) *time.Ticker {
	t := time.NewTicker(recheckEvery)
	if s.identify == nil || !rest.HasLogin(r) {
		t.Stop()
	}
	return t
}

// stillIs reports whether a request would be let in now as somebody who may read
// the same. While
// that cannot be found out, since the database is away, it counts as yes: what
// can be told then is what is in memory already.
func (s *Server) stillIs(r *http.Request, was plan.Actor) bool {
	ctx, cancel := context.WithTimeout(r.Context(), recheckEvery)
	defer cancel()
	is, err := s.identify(r.WithContext(ctx))
	if err != nil {
		kind := plan.KindOf(err)
		return kind == plan.Unavailable || kind == plan.Internal
	}
	return is.Name == was.Name && is.Role == was.Role && (is.Layers == nil) == (was.Layers == nil) && slices.Equal(is.Layers, was.Layers)
}

// changeEvent is the data of an event: what changed in one layer by one
// operation.
type changeEvent struct {
	Layer string `json:"layer"`
	// IDs are left out where there are too many: go by the box.
	IDs []int64 `json:"ids,omitempty"`
	// BBox is west, south, east, north of all that was or is there; null
	// where nothing had a geometry.
	BBox *[4]float64 `json:"bbox"`
	Op   plan.Op     `json:"op"`
}

// format groups a batch by layer and operation, in the order of first
// appearance; the id of an event is the largest change id in it.
func (h *hub) format(batch []plan.Change) []event {
	type key struct {
		layer string
		op    plan.Op
	}
	type group struct {
		changeEvent
		last  int64
		bound *orb.Bound
		seen  map[int64]bool
	}
	groups := map[key]*group{}
	var order []*group
	for _, c := range batch {
		g := groups[key{c.Layer, c.Op}]
		if g == nil {
			g = &group{changeEvent: changeEvent{Layer: c.Layer, Op: c.Op}, seen: map[int64]bool{}}
			groups[key{c.Layer, c.Op}] = g
			order = append(order, g)
		}
		g.last = max(g.last, c.ID)
		g.bound = union(union(g.bound, c.Before), c.After)
		if len(g.seen) <= maxIDs && !g.seen[c.Feature] {
			g.seen[c.Feature] = true
			g.IDs = append(g.IDs, c.Feature)
		}
		if len(g.seen) > maxIDs {
			g.IDs = nil
		}
	}
	out := make([]event, 0, len(order))
	for _, g := range order {
		if g.bound != nil {
			g.BBox = &[4]float64{g.bound.Min[0], g.bound.Min[1], g.bound.Max[0], g.bound.Max[1]}
		}
		out = append(out, event{id: g.last, layer: g.Layer, text: h.text("change", g.last, g.changeEvent)})
	}
	return out
}

func union(a, b *orb.Bound) *orb.Bound {
	switch {
	case b == nil:
		return a
	case a == nil:
		u := *b
		return &u
	default:
		u := a.Union(*b)
		return &u
	}
}

func resync() event { return event{text: []byte("event: resync\ndata: {}\n\n")} }

// statusBody tells how far the answers can be trusted.
type statusBody struct {
	AsOf string `json:"asOf,omitempty"`
	// Behind is the age of the data in seconds while the database is away.
	Behind       float64 `json:"behind"`
	DatabaseDown bool    `json:"databaseDown"`
}

func statusOf(s mirror.Status) statusBody {
	b := statusBody{DatabaseDown: s.Err != nil}
	if !s.AsOf.IsZero() {
		b.AsOf = s.AsOf.UTC().Format(time.RFC3339)
		if b.DatabaseDown || s.Stale {
			b.Behind = time.Since(s.AsOf).Round(time.Second).Seconds()
		}
	}
	return b
}

func (h *hub) status() []byte { return h.text("status", 0, statusOf(h.source.Status())) }

// text is one event of the stream (HTML Living Standard, 9.2.6).
func (h *hub) text(name string, id int64, data any) []byte {
	var b bytes.Buffer
	b.WriteString("event: " + name + "\n")
	if id != 0 {
		b.WriteString("id: " + strconv.FormatInt(id, 10) + "\n")
	}
	b.WriteString("data: ")
	// The types above hold nothing that JSON lacks: their boxes come from
	// geometry that the database checks to be finite.
	if err := json.NewEncoder(&b).Encode(data); err != nil {
		h.log.Error("event not formatted", "error", err)
		return resync().text
	}
	b.WriteString("\n")
	return b.Bytes()
}
