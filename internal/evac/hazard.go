package evac

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/simtaru/simtaru/internal/evac/network"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// verge is how near in m a road is to a zone that it is in: half the width of a
// street, since roads are drawn by their middle and zones often end at them.
const verge = 3.0

// hazard is what the zones of one mean for roads.
type hazard struct {
	zones  []zone
	fronts map[uint32]*front // by edge
}

// front is what zones mean for an edge.
type front struct {
	bands []band
	// rises are m from the node From where the class rises, for who goes along
	// the edge, and falls, where it rises for who goes against it.
	rises, falls []float64
	minutes      float64 // of the earliest arrival; +Inf: not known
}

// band is a stretch of an edge in a zone.
type band struct {
	from, to float64
	class    int
	minutes  float64
}

// fronts of the edges that which holds for.
func (h *hazard) find(n *network.Network, box *orb.Bound, which func(edge uint32) bool) {
	found := map[uint32]bool{}
	for _, z := range h.zones {
		if box != nil && !box.Intersects(z.box) {
			continue
		}
		for _, c := range n.Cover(z.shape, verge, nil) {
			if !which(c.Edge) {
				continue
			}
			f := h.fronts[c.Edge]
			if f == nil {
				f = &front{}
				h.fronts[c.Edge] = f
			}
			f.bands = append(f.bands, band{c.From, c.To, z.class, z.minutes})
			found[c.Edge] = true
		}
	}
	for edge := range found {
		h.fronts[edge].settle(n.Edges[edge].Length)
	}
}

func newHazard(n *network.Network, zones []zone) *hazard {
	h := &hazard{zones, map[uint32]*front{}}
	h.find(n, nil, func(uint32) bool { return true })
	return h
}

// follow is the hazard after the network has changed: fronts are kept, but for
// those of fresh edges, which are found.
func (h *hazard) follow(n *network.Network, d *network.Delta) *hazard {
	next := &hazard{h.zones, make(map[uint32]*front, len(h.fronts))}
	fresh := make(map[uint32]bool, len(d.Fresh))
	var box *orb.Bound
	for _, edge := range d.Fresh {
		fresh[edge] = true
		b := n.Edges[edge].Line.Bound()
		if box != nil {
			b = b.Union(*box)
		}
		box = &b
	}
	for old, f := range h.fronts {
		if edge := d.Edges[old]; edge != network.None && !fresh[edge] {
			next.fronts[edge] = f
		}
	}
	if box != nil {
		wide := box.Pad(0.0001) // more than the verge
		next.find(n, &wide, func(edge uint32) bool { return fresh[edge] })
	}
	return next
}

// shortest is the length in m of a stretch below which it is none.
const shortest = 0.01

func (f *front) settle(length float64) {
	cuts := []float64{0, length}
	f.minutes = math.Inf(1)
	for _, b := range f.bands {
		cuts = append(cuts, b.from, b.to)
		if b.minutes >= 0 {
			f.minutes = min(f.minutes, b.minutes)
		}
	}
	slices.Sort(cuts)
	f.rises, f.falls = nil, nil
	before := -1
	for i := 1; i < len(cuts); i++ {
		lo, hi := max(cuts[i-1], 0), min(cuts[i], length)
		if hi-lo < shortest {
			continue
		}
		class := 0
		for _, b := range f.bands {
			if mid := (lo + hi) / 2; b.from <= mid && mid <= b.to {
				class = max(class, b.class)
			}
		}
		switch {
		case before >= 0 && class > before:
			f.rises = append(f.rises, lo)
		case class < before:
			f.falls = append(f.falls, lo)
		}
		before = class
	}
}

// arrival is that of the hazard in ms from its start, below 0 where it is not
// known.
func (f *front) arrival() int64 { return milliseconds(f.minutes) }

func milliseconds(minutes float64) int64 {
	if math.IsInf(minutes, 1) {
		return -1
	}
	return int64(minutes * 60_000)
}

// bars reports whether the rule closes an edge between two places, in the
// direction from the one to the other.
func (h *hazard) bars(edge uint32, from, to float64) bool {
	if h == nil {
		return false
	}
	f := h.fronts[edge]
	if f == nil {
		return false
	}
	between := f.rises
	if from > to {
		between, from, to = f.falls, to, from
	}
	return slices.ContainsFunc(between, func(at float64) bool { return from < at && at < to })
}

// Event is a hazard that an officer or a feed has announced.
type Event struct {
	ID      int64
	Hazard  string
	Level   string // awas, siaga, waspada; empty: not said
	On      bool
	Starts  time.Time
	Arrival time.Time // zero: not known
	Ends    time.Time // zero: not known
	Source  string
	// Bulletin is the number of the message it is by.
	Bulletin string
	Message  plan.Text
	area     orb.MultiPolygon
	// inside are the edges in zones of the hazard of which some is in the area too,
	// with the minutes of what is not: +Inf where that is none, or not known. Only of
	// events that are on and have an arrival.
	inside map[uint32]float64
}

func eventsOf(v mirror.View) (all []*Event) {
	for r := range tableOf(v, eventLayer).all {
		all = append(all, eventOf(r))
	}
	return all
}

func eventOf(r row) *Event {
	e := &Event{
		ID: r.ID, Hazard: get[string](r, "hazard"), Level: get[string](r, "level"), On: get[string](r, "status") == "on",
		Starts: get[time.Time](r, "starts_at"), Arrival: get[time.Time](r, "arrival_at"), Ends: get[time.Time](r, "ends_at"),
		Source: get[string](r, "source"), Bulletin: get[string](r, "bulletin"),
		Message: plan.Text{ID: get[string](r, "message_id"), EN: get[string](r, "message_en")},
	}
	e.area, _ = r.Geometry.(orb.MultiPolygon)
	return e
}

// announce finds where the arrivals of events hold.
func (c *City) announce(v mirror.View) {
	c.events = eventsOf(v)
	for _, e := range c.events {
		if h := c.hazards[e.Hazard]; h != nil && e.On && !e.Arrival.IsZero() {
			e.inside = h.inside(c.net, e.area)
		}
	}
}

// inside is that of an event with this area, which a road is in that is as near
// to it as to a zone: both may end in the middle of a street.
func (h *hazard) inside(n *network.Network, area orb.MultiPolygon) map[uint32]float64 {
	all := map[uint32]float64{}
	covered := map[uint32][]network.Covered{}
	for _, c := range n.Cover(area, verge, nil) {
		covered[c.Edge] = append(covered[c.Edge], c)
	}
	for edge, in := range covered {
		f := h.fronts[edge]
		if f == nil {
			continue
		}
		met, minutes := false, math.Inf(1)
		for _, b := range f.bands {
			rest := b.to - b.from
			for _, c := range in {
				if both := min(b.to, c.To) - max(b.from, c.From); both >= 0 {
					met = met || both >= min(shortest, b.to-b.from)
					rest -= both
				}
			}
			if (rest >= shortest || !met) && b.minutes >= 0 {
				minutes = min(minutes, b.minutes)
			}
		}
		if met {
			all[edge] = minutes
		}
	}
	return all
}

// levels, the gravest first.
var levels = []string{"awas", "siaga", "waspada"}

// at is the event that is on at a place and moment, of the hazard if that is
// given: of several the gravest, of those the newest. Nil is none.
func eventAt(events []*Event, p orb.Point, now time.Time, hazard string) *Event {
	return gravest(events, now, func(e *Event) bool {
		return (hazard == "" || e.Hazard == hazard) && planar.MultiPolygonContains(e.area, p)
	})
}

// Announced is the hazard of the event that is on, of several of the gravest;
// empty: none.
func (c *City) Announced(now time.Time) string {
	e := gravest(c.events, now, func(e *Event) bool { return slices.Contains(Hazards(), e.Hazard) })
	if e == nil {
		return ""
	}
	return e.Hazard
}

// gravest is of the events that are on and that a question is about the gravest,
// of those the newest. Nil is none.
func gravest(events []*Event, now time.Time, about func(*Event) bool) (best *Event) {
	grave := func(e *Event) int {
		if i := slices.Index(levels, e.Level); i >= 0 {
			return i
		}
		return len(levels)
	}
	for _, e := range events {
		if !e.On || e.Starts.After(now) || !e.Ends.IsZero() && !e.Ends.After(now) || !about(e) {
			continue
		}
		if best == nil || cmp.Or(grave(e)-grave(best), -e.Starts.Compare(best.Starts), cmp.Compare(best.ID, e.ID)) < 0 {
			best = e
		}
	}
	return best
}

// Under the rule of a hazard, at a moment of departure, deadlines are told in ms
// from that moment.
type deadlines struct {
	hazard *hazard
	// all is the deadline, where it is given, of all edges of zones or, where inside
	// is not nil, of those inside (see Event).
	all    *int64
	inside map[uint32]float64
	start  int64 // the start of the hazard, in ms from the departure; at most 0
}

// never is the deadline of what has none.
const never = math.MaxInt64

// of is the deadline of an edge: who passes it must have left it then. Where an
// edge is in several zones, or partly in the area of the event, it is the
// earliest.
func (d *deadlines) of(edge uint32) int64 {
	if d.hazard == nil {
		return never
	}
	f := d.hazard.fronts[edge]
	if f == nil {
		return never
	}
	var due int64 = never
	minutes := f.minutes
	switch rest, in := d.inside[edge]; {
	case d.all != nil && d.inside == nil:
		return *d.all
	case d.all != nil && in:
		due, minutes = *d.all, rest
	}
	if ms := milliseconds(minutes); ms >= 0 {
		due = min(due, d.start+ms)
	}
	return due
}
