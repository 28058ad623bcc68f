package httpd

import (
	"context"
	"log/slog"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

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
	// perAddress is how many streams one address may have open: an office behind
	// one router, but not one machine all there are.
	perAddress = 50
	// staffShare of all streams, one in so many, is kept for who has logged in.
	staffShare = 5
	// slowest is how long a client may take to read one event.
	slowest = 10 * time.Second
)

// hub hands changes to all event streams, to each those of the layers that its
// actor may read. It formats each event once; a client is a queue of bytes.
type hub struct {
	source  Plan
	log     *slog.Logger
	max     int
	gauge   prometheus.Gauge
	mu      sync.Mutex // guards what follows
	clients map[*client]struct{}
	from    map[netip.Addr]int // clients by address
	public  int                // clients without a login
	past    []event            // the last events, oldest first
	closed  bool
}

type client struct {
	actor plan.Actor
	from  netip.Addr
	queue chan []byte
}

// event is one formatted event. Its id is 0 where it has none, its layer empty
// where it is for everybody.
type event struct {
	id    int64
	layer string
	text  []byte
}

// isFor reports whether the actor may hear of e while the catalogue is cat.
func (e event) isFor(a plan.Actor, cat *plan.Catalog) bool {
	if e.layer == "" {
		return true
	}
	l, ok := cat.Layer(e.layer)
	return ok && a.CanRead(l)
}

func newHub(source Plan, log *slog.Logger, limit int, registry *prometheus.Registry) *hub {
	h := &hub{source: source, log: log, max: limit, clients: map[*client]struct{}{}, from: map[netip.Addr]int{}}
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

// catalog is the present one. An event is shown by what it says when the event
// is sent, not when the change was made.
func (h *hub) catalog() *plan.Catalog { return h.source.View(plan.Actor{}).Catalog() }

// send puts e in the queue of everybody who may hear of it, without waiting for
// any; a full one is cut.
func (h *hub) send(e event) {
	cat := h.catalog()
	h.mu.Lock()
	defer h.mu.Unlock()
	if e.id != 0 {
		if len(h.past) == replayed {
			h.past = append(h.past[:0], h.past[1:]...)
		}
		h.past = append(h.past, e)
	}
	for c := range h.clients {
		if !e.isFor(c.actor, cat) {
			continue
		}
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
		if h.from[c.from]--; h.from[c.from] == 0 {
			delete(h.from, c.from)
		}
		if c.actor.Anonymous() {
			h.public--
		}
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

// join adds a client, as far as there are places for it, and returns what it must be told first: what it missed
// since the event last, or to begin again where that is not known any more.
func (h *hub) join(a plan.Actor, from netip.Addr, last string) (*client, [][]byte, error) {
	cat := h.catalog()
	h.mu.Lock()
	defer h.mu.Unlock()
	// A proxy on this machine that nobody named is not one client.
	own := from.IsValid() && !from.IsLoopback()
	crowded := own && h.from[from] >= perAddress || a.Anonymous() && h.public >= h.max-h.max/staffShare
	if h.closed || len(h.clients) >= h.max || crowded {
		return nil, nil, rest.Busy()
	}
	var first [][]byte
	if last != "" {
		first = h.missed(a, cat, last)
	}
	c := &client{actor: a, from: from, queue: make(chan []byte, clientQueue)}
	h.clients[c] = struct{}{}
	h.from[from]++
	if a.Anonymous() {
		h.public++
	}
	h.gauge.Inc()
	return c, first, nil
}

// missed returns the events after the one called last that the actor may hear
// of; h.mu is held. An event that was not for this actor is as unknown to it as
// one that never was: nobody finds out by asking.
func (h *hub) missed(a plan.Actor, cat *plan.Catalog, last string) [][]byte {
	id, err := strconv.ParseInt(last, 10, 64)
	if err != nil {
		return [][]byte{resync().text}
	}
	for i, e := range h.past {
		if e.id != id || !e.isFor(a, cat) {
			continue
		}
		var out [][]byte
		for _, e := range h.past[i+1:] {
			if e.isFor(a, cat) {
				out = append(out, e.text)
			}
		}
		return out
	}
	return [][]byte{resync().text}
}

func (h *hub) leave(c *client) {
	h.mu.Lock()
	h.drop(c)
	h.mu.Unlock()
}
