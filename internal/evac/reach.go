package evac

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac/cch"
	"github.com/simtaru/simtaru/internal/evac/network"
)

// Reached is which roads are within some time of a shelter that takes people.
type Reached struct {
	Profile *network.Profile
	// Shelters are how many people may be sent to.
	Shelters int
	// Bands are by time, as asked for: what is within it, and not within the time
	// before. By shelter they are what is nearest to each, within the longest time;
	// those that nobody is nearest to are left out.
	Bands []Band
	// Beyond is the length in m of the roads that the profile may use and from
	// which no shelter is within the longest time.
	Beyond float64
}

// Band is the roads of one time, or of one shelter.
type Band struct {
	Shelter *Shelter // nil: by time
	Lines   orb.MultiLineString
	Metres  float64
	// Areas are what is not farther than OffRoad from the lines, where areas are
	// asked for. By time that includes what is within the times before.
	Areas orb.MultiPolygon
}

// ReachBy says what is told of what is within reach.
type ReachBy struct{ Shelter, Areas bool }

// Reach finds from where a shelter is reached within times in ms, in rising
// order: the roads, cut where the time is just enough, or where another shelter
// is nearer. Closures and the rule of the hazard hold (empty: none); its arrival
// does not count. It is one sweep from all shelters and a pass over the edges, some
// 20 ms for a city of 50,000 roads; areas take some tenths of a second more.
func (c *City) Reach(profile, hazard string, times []uint32, by ReachBy) (*Reached, error) {
	l, err := c.lane(setting{profile, hazard})
	if err != nil {
		return nil, err
	}
	places := make([]cch.Place, len(l.doors))
	for i := range l.doors {
		places[i] = l.doors[i].access
	}
	q := c.queries.Get().(*cch.Query)
	defer c.queries.Put(q)
	var near cch.Reach
	q.Sweep(l.metric, cch.To, places, &near)
	r := &Reached{Profile: l.profile, Shelters: len(l.usable), Bands: make([]Band, len(times))}
	if by.Shelter {
		r.Bands = make([]Band, len(l.usable))
		for i, s := range l.usable {
			r.Bands[i].Shelter = l.shelters[s]
		}
	}
	longest := float64(times[len(times)-1])
	var n nearby
	for i := range l.net.Edges {
		e := &l.net.Edges[i]
		along, against := l.profile.Speed(&e.Feature().Attributes)
		if e.Laid || along <= 0 && against <= 0 {
			continue
		}
		n.find(l, uint32(i), along, against, &near)
		r.Beyond += e.Length
		if by.Shelter {
			for i, p := range n.pieces {
				if !slices.ContainsFunc(n.pieces[:i], func(q piece) bool { return q.target == p.target }) {
					r.Beyond -= r.Bands[p.target].add(e, n.within(-1, longest, p.target))
				}
			}
			continue
		}
		over := -1.0
		for k, t := range times {
			r.Beyond -= r.Bands[k].add(e, n.within(over, float64(t), anyTarget))
			over = float64(t)
		}
	}
	if by.Areas {
		r.spread(by)
	}
	if by.Shelter {
		r.Bands = slices.DeleteFunc(r.Bands, func(b Band) bool { return b.Metres == 0 })
	}
	return r, nil
}

// add draws stretches of an edge, and tells how many metres they are.
func (b *Band) add(e *network.Edge, stretches []span) (metres float64) {
	for _, s := range stretches {
		line := e.Line
		if s.from > 0 || s.to < e.Length {
			line = stretchOf(e.Line, s.from, s.to)
		}
		if len(line) > 1 {
			b.Lines = append(b.Lines, line)
			b.Metres += s.to - s.from
		}
		metres += s.to - s.from
	}
	return metres
}

// span is a stretch of an edge, in m from its node From.
type span struct{ from, to float64 }

// piece is a stretch of an edge from which one shelter is the nearest, with the
// times in ms from its ends. Between them the time is linear.
type piece struct {
	span
	first, last float64
	target      int
}

// anyTarget stands for all.
const anyTarget = -1

// nearby tells which shelter is the nearest to places on one edge. It is used for
// one edge after the other.
type nearby struct {
	pieces []piece // in order and apart; none where no shelter is reached
	ways   []onward
	knots  []knot
	cuts   []float64
	joined []span
}

// onward is a way from places on an edge: to one of its nodes and on from there,
// or to a door on it.
type onward struct {
	target      int
	first, last int // of knots
}

// knot is a place on an edge, m from its node From, and the time in ms from there.
type knot struct{ at, time float64 }

// find looks at an edge that is gone along and against in m/s.
func (n *nearby) find(l *lane, edge uint32, along, against float64, near *cch.Reach) {
	e := &l.net.Edges[edge]
	n.pieces, n.ways, n.knots, n.cuts = n.pieces[:0], n.ways[:0], n.knots[:0], n.cuts[:0]
	add := func(at float64, cost, target uint32) {
		if cost >= cch.Inf {
			return
		}
		first := len(n.knots)
		if along > 0 {
			n.knots = l.onward(n.knots, edge, knot{at, float64(cost)}, false, along)
			slices.Reverse(n.knots[first:])
		} else {
			n.knots = append(n.knots, knot{at, float64(cost)})
		}
		if against > 0 {
			n.knots = l.onward(n.knots[:len(n.knots)-1], edge, knot{at, float64(cost)}, true, against)
		}
		n.ways = append(n.ways, onward{int(target), first, len(n.knots)})
	}
	add(0, near.Length[e.From], near.Place[e.From])
	add(e.Length, near.Length[e.To], near.Place[e.To])
	for _, d := range l.on[edge] {
		add(l.doors[d.target].places[d.access].Along, d.cost, uint32(d.target))
	}
	for _, k := range n.knots {
		n.cuts = append(n.cuts, k.at)
	}
	slices.Sort(n.cuts)
	for i := 1; i < len(n.cuts); i++ {
		if n.cuts[i] > n.cuts[i-1] {
			n.envelope(n.cuts[i-1], n.cuts[i])
		}
	}
}

// onward adds the knots of places before a place on an edge, or after it, from
// which one comes to it at a speed in m/s, itself the first.
func (l *lane) onward(knots []knot, edge uint32, from knot, after bool, speed float64) []knot {
	at := from.at
	room := at
	if after {
		room = l.net.Edges[edge].Length - at
	}
	off := func(x float64) float64 {
		if after {
			return x - at
		}
		return at - x
	}
	if l.hazard != nil && l.hazard.fronts[edge] != nil {
		fronts := l.hazard.fronts[edge].rises
		if after {
			fronts = l.hazard.fronts[edge].falls
		}
		for _, f := range fronts {
			if d := off(f); d > 0 {
				room = min(room, d)
			}
		}
	}
	held := make([]network.Stretch, len(l.held[edge])) // as far from the place
	for i, s := range l.held[edge] {
		a, b := off(s.From), off(s.To)
		held[i] = network.Stretch{From: min(a, b), To: max(a, b), Speed: s.Speed}
		if s.Speed <= 0 && held[i].To > 0 {
			room = min(room, max(held[i].From, 0))
		}
	}
	far, time := 0.0, from.time
	for knots = append(knots, from); far < room; {
		next, factor := room, 1.0
		for _, s := range held {
			switch {
			case s.From <= far && far < s.To:
				next, factor = min(next, s.To), min(factor, s.Speed)
			case s.From > far:
				next = min(next, s.From)
			}
		}
		time += (next - far) / factor / speed * 1000
		far = next
		x := at + far
		if !after {
			x = at - far
		}
		knots = append(knots, knot{x, time})
	}
	return knots
}

// envelope adds the pieces between two places that have no knot between them, so
// that the time by each way is linear.
func (n *nearby) envelope(a, b float64) {
	const none = math.MaxFloat64
	best := func(from float64, below *line) (at float64, next *line) {
		at = none
		for _, w := range n.ways {
			x, ok := n.line(w, a, b)
			if !ok {
				continue
			}
			switch {
			case below == nil: // where it begins: the lowest, of several the one that stays so
				if v := x.time(from); next == nil || v < next.time(from) || v == next.time(from) && x.slope < next.slope {
					at, next = from, &x
				}
			case x.slope < below.slope:
				if c := (x.zero - below.zero) / (below.slope - x.slope); c > from && c < b && c < at {
					at, next = c, &x
				}
			}
		}
		return at, next
	}
	from, way := best(a, nil)
	for way != nil {
		to, next := best(from, way)
		if next == nil {
			to = b
		}
		n.pieces = append(n.pieces, piece{span{from, to}, way.time(from), way.time(to), way.target})
		from, way = to, next
	}
}

// line is the time in ms over the place on an edge.
type line struct {
	zero, slope float64 // at the node From, and by m
	target      int
}

func (l *line) time(at float64) float64 { return l.zero + l.slope*at }

// line of a way between two places with no knot between them; false where one
// does not come that way from there.
func (n *nearby) line(w onward, a, b float64) (line, bool) {
	for i := w.first + 1; i < w.last; i++ {
		p, q := n.knots[i-1], n.knots[i]
		if p.at <= a && b <= q.at {
			slope := (q.time - p.time) / (q.at - p.at)
			return line{p.time - slope*p.at, slope, w.target}, true
		}
	}
	return line{}, false
}

// within are the stretches from which a target is reached in more than over ms
// and at most t; in order and apart, valid until the next question.
func (n *nearby) within(over, t float64, target int) []span {
	n.joined = n.joined[:0]
	for _, p := range n.pieces {
		if target != anyTarget && p.target != target {
			continue
		}
		s, ok := p.between(over, t)
		if !ok {
			continue
		}
		if k := len(n.joined) - 1; k >= 0 && s.from <= n.joined[k].to {
			n.joined[k].to = s.to
		} else {
			n.joined = append(n.joined, s)
		}
	}
	n.joined = slices.DeleteFunc(n.joined, func(s span) bool { return s.to-s.from < shortest })
	return n.joined
}

// between is the stretch of a piece whose times are more than over and at most
// t; false where there is none.
func (p *piece) between(over, t float64) (span, bool) {
	lo, hi := min(p.first, p.last), max(p.first, p.last)
	if lo > t || hi <= over {
		return span{}, false
	}
	if over < lo && hi <= t {
		return p.span, true
	}
	at := func(time float64) float64 { return p.from + (p.to-p.from)*(time-p.first)/(p.last-p.first) }
	a, b := p.from, p.to
	if p.first > p.last {
		if hi > t {
			a = at(t)
		}
		if lo < over {
			b = at(over)
		}
	} else {
		if lo < over {
			a = at(over)
		}
		if hi > t {
			b = at(t)
		}
	}
	return span{a, b}, b > a
}
