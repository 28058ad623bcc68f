package httpd

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/paulmach/orb"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

const (
	// heartbeat is how often every client hears the status, which also keeps
	// proxies from closing the connection.
	heartbeat = 15 * time.Second
	// clientQueue is how many events a client may lag behind before it is cut;
	// its EventSource reconnects and is told to begin again.
	clientQueue = 64
	// replayed is how many events are kept for clients that reconnect.
	replayed = 256
	// maxIDs bounds the ids in one event; beyond it a client goes by the box.
	maxIDs = 1000
	// slowest is how long a client may take to read one event.
	slowest = 10 * time.Second
)

// hub hands the changes of the public layers to all event streams. It formats
// each event once; a client is a queue of bytes.
type hub struct {
	source  Plan
	log     *slog.Logger
	max     int
	gauge   prometheus.Gauge
	mu      sync.Mutex // guards what follows
	clients map[*client]struct{}
	past    []event // the last events, oldest first
	closed  bool
}

type client struct{ queue chan []byte }

// event is one formatted event and its id, 0 where it has none.
type event struct {
	id   int64
	text []byte
}

func newHub(source Plan, log *slog.Logger, limit int, registry *prometheus.Registry) *hub {
	h := &hub{source: source, log: log, max: limit, clients: map[*client]struct{}{}}
	h.gauge = prometheus.NewGauge(prometheus.GaugeOpts{Name: "simtaru_event_clients", Help: "Open event streams."})
	registry.MustRegister(h.gauge)
	return h
}

// run reads the mirror's changes until ctx ends. When the mirror has cut it off
// for being slow it subscribes again and tells everybody to begin again.
func (h *hub) run(ctx context.Context) {
	tick := time.NewTicker(heartbeat)
	defer tick.Stop()
	batches, stop := h.source.Subscribe()
	defer func() { stop() }()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			h.send(event{text: h.status()})
		case batch, ok := <-batches:
			switch {
			case !ok:
				batches, stop = h.source.Subscribe()
				h.restart()
			case batch == nil:
				h.restart()
			default:
				for _, e := range h.format(batch) {
					h.send(e)
				}
			}
		}
	}
}

// restart tells everybody to begin again. What was sent before is forgotten:
// a client that reconnects from there has missed what no event tells.
func (h *hub) restart() {
	h.mu.Lock()
	h.past = h.past[:0]
	h.mu.Unlock()
	h.send(resync())
}

// send puts e in every queue without waiting for any; a full one is cut.
func (h *hub) send(e event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if e.id != 0 {
		if len(h.past) == replayed {
			h.past = append(h.past[:0], h.past[1:]...)
		}
		h.past = append(h.past, e)
	}
	for c := range h.clients {
		select {
		case c.queue <- e.text:
		default:
			h.drop(c)
		}
	}
}

// drop ends a client once; h.mu is held.
func (h *hub) drop(c *client) {
	if _, ok := h.clients[c]; ok {
		delete(h.clients, c)
		close(c.queue)
		h.gauge.Dec()
	}
}

// stop ends all streams and takes no new ones.
func (h *hub) stop() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for c := range h.clients {
		h.drop(c)
	}
}

// join adds a client and returns what it must be told first: what it missed
// since the event last, or to begin again where that is not known any more.
func (h *hub) join(last string) (*client, [][]byte, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || len(h.clients) >= h.max {
		return nil, nil, rest.Busy()
	}
	var first [][]byte
	if last != "" {
		first = h.missed(last)
	}
	c := &client{queue: make(chan []byte, clientQueue)}
	h.clients[c] = struct{}{}
	h.gauge.Inc()
	return c, first, nil
}

// missed returns the events after the one called last; h.mu is held.
func (h *hub) missed(last string) [][]byte {
	id, err := strconv.ParseInt(last, 10, 64)
	if err != nil {
		return [][]byte{resync().text}
	}
	for i, e := range h.past {
		if e.id == id {
			var out [][]byte
			for _, e := range h.past[i+1:] {
				out = append(out, e.text)
			}
			return out
		}
	}
	return [][]byte{resync().text}
}

func (h *hub) leave(c *client) {
	h.mu.Lock()
	h.drop(c)
	h.mu.Unlock()
}

// events is GET /events: text/event-stream of change, resync and status.
func (s *Server) events(w http.ResponseWriter, r *http.Request) error {
	if _, err := rest.ParseParams(r); err != nil {
		return err
	}
	if _, err := rest.Negotiate(r, "", rest.Media{Name: "events", Type: "text/event-stream"}); err != nil {
		return err
	}
	c, first, err := s.hub.join(r.Header.Get("Last-Event-ID"))
	if err != nil {
		return err
	}
	defer s.hub.leave(c)
	header := w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-cache, no-transform")
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
	for {
		select {
		case <-r.Context().Done():
			return nil
		case text, ok := <-c.queue:
			// A client that was cut, or that cannot be written to, reconnects.
			if !ok || write(text) != nil {
				return nil
			}
		}
	}
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
	cat := h.source.Catalog()
	groups := map[key]*group{}
	var order []*group
	for _, c := range batch {
		if l, ok := cat.Layer(c.Layer); !ok || !l.Access.CanRead(plan.Public) {
			continue
		}
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
		out = append(out, event{id: g.last, text: h.text("change", g.last, g.changeEvent)})
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
