package evac

import (
	"cmp"
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
	// before.
	Bands []Band
	// Beyond is the length in m of the roads that the profile may use and from
	// which no shelter is within the longest time.
	Beyond float64
}

// Band is the roads of one time.
type Band struct {
	Lines  orb.MultiLineString
	Metres float64
}

// Reach finds from where a shelter is reached within times in ms, in rising
// order: the roads, cut where the time is just enough. Closures and the rule of
// the hazard hold (empty: none); its arrival does not count. It is one sweep from
// all shelters and a pass over the edges, some 20 ms for a city of 50,000 roads.
func (c *City) Reach(profile, hazard string, times []uint32) (*Reached, error) {
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
	for i := range l.net.Edges {
		e := &l.net.Edges[i]
		along, against := l.profile.Speed(&e.Feature().Attributes)
		if e.Laid || along <= 0 && against <= 0 {
			continue
		}
		var done []span
		for k, t := range times {
			within := l.within(uint32(i), along, against, &near, t)
			for _, s := range without(within, done) {
				line := e.Line
				if s.from > 0 || s.to < e.Length {
					line = stretchOf(e.Line, s.from, s.to)
				}
				if len(line) > 1 {
					r.Bands[k].Lines = append(r.Bands[k].Lines, line)
					r.Bands[k].Metres += s.to - s.from
				}
			}
			done = within
		}
		r.Beyond += e.Length
		for _, s := range done {
			r.Beyond -= s.to - s.from
		}
	}
	return r, nil
}

// span is a stretch of an edge, in m from its node From.
type span struct{ from, to float64 }

// within are the stretches of an edge, which is gone along and against in m/s, from
// which a shelter is reached within t ms; in order and apart.
func (l *lane) within(edge uint32, along, against float64, near *cch.Reach, t uint32) []span {
	e := &l.net.Edges[edge]
	var all []span
	add := func(at float64, cost uint32) {
		if cost > t {
			return
		}
		seconds := float64(t-cost) / 1000
		s := span{at - l.extent(edge, at, false, along*seconds), at + l.extent(edge, at, true, against*seconds)}
		if s.to-s.from >= shortest {
			all = append(all, s)
		}
	}
	add(0, near.Length[e.From])
	add(e.Length, near.Length[e.To])
	for _, d := range l.on[edge] {
		add(l.doors[d.target].places[d.access].Along, d.cost)
	}
	slices.SortFunc(all, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	joined := all[:0]
	for _, s := range all {
		if n := len(joined); n > 0 && s.from <= joined[n-1].to {
			joined[n-1].to = max(joined[n-1].to, s.to)
		} else {
			joined = append(joined, s)
		}
	}
	return joined
}

// extent is how far in m before a place on an edge one may be, or after it, to
// come to it with what at full speed is enough for left m.
func (l *lane) extent(edge uint32, at float64, after bool, left float64) (far float64) {
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
	for far < room {
		next, factor := room, 1.0
		for _, s := range held {
			switch {
			case s.From <= far && far < s.To:
				next, factor = min(next, s.To), min(factor, s.Speed)
			case s.From > far:
				next = min(next, s.From)
			}
		}
		if need := (next - far) / factor; need < left {
			far, left = next, left-need
		} else {
			return far + left*factor
		}
	}
	return room
}

// without are the parts of stretches that are in none of others; both are in order
// and apart.
func without(all, others []span) (out []span) {
	for _, s := range all {
		for _, o := range others {
			if o.to > s.from && o.from < s.to {
				if o.from-s.from >= shortest {
					out = append(out, span{s.from, o.from})
				}
				s.from = o.to
			}
		}
		if s.to-s.from >= shortest {
			out = append(out, s)
		}
	}
	return out
}
