package evac

import (
	"fmt"
	"math"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac/cch"
	"github.com/simtaru/simtaru/internal/evac/network"
)

// Trips are ways between any places, as one profile goes: by the roads as they
// are now, closures included, whatever hazard there is. They are safe for
// concurrent use.
type Trips struct {
	c *City
	l *lane
}

// Trips of a profile, one of City.Profiles.
func (c *City) Trips(profile string) (*Trips, error) {
	l, err := c.lane(setting{profile: profile})
	return &Trips{c, l}, err
}

// Place is one on a road.
type Place = network.Place

// Profile is a way of going.
type Profile = network.Profile

// Profiles lists them, the usual one first.
func Profiles() ([]*Profile, error) { return network.Profiles() }

// Stop is a place that is to be found on the roads.
type Stop struct {
	At     orb.Point // lon, lat
	Within float64   // m; at most Reach
	// Arriving is that nobody leaves from there.
	Arriving bool
}

// AstrayError tells of a stop that has no road near that the profile may use.
type AstrayError struct {
	Stop   int
	Within float64 // m
}

func (e *AstrayError) Error() string {
	return fmt.Sprintf("evac: no road within %g m of stop %d", e.Within, e.Stop)
}

// Near are the places on the roads that are nearest to one, each on another
// edge.
func (t *Trips) Near(s Stop, most int) []Place {
	return t.c.net.Locate(network.Nearby{
		Point: s.At, Within: min(s.Within, Reach), Most: most, Profile: t.l.profile, Arriving: s.Arriving, Held: t.l.held,
	})
}

// Snap finds stops on the roads: each at the nearest place, but where these are
// not all connected each at one in the largest part of the network that is
// hardly farther. The error is an *AstrayError.
func (t *Trips) Snap(stops []Stop) ([]Place, error) {
	part := func(p Place) uint32 { return t.c.net.Component[t.c.net.Edges[p.Edge].From] }
	places := make([]Place, len(stops))
	connected := true
	for i, s := range stops {
		near := t.Near(s, 1)
		if len(near) == 0 {
			return nil, &AstrayError{i, min(s.Within, Reach)}
		}
		places[i] = near[0]
		connected = connected && part(places[i]) == part(places[0])
	}
	if connected {
		return places, nil
	}
	for i, s := range stops {
		s.Within = min(s.Within, places[i].Distance+otherRoad)
		for _, p := range t.Near(s, 24) {
			if part(p) < part(places[i]) {
				places[i] = p
			}
		}
	}
	return places, nil
}

// Road is the name of the road that a place is on.
func (t *Trips) Road(p Place) string { return t.c.net.Edges[p.Edge].Feature().Attributes.Name }

// Profile is how one goes.
func (t *Trips) Profile() *network.Profile { return t.l.profile }

// OnFoot is whether the profile walks.
func (t *Trips) OnFoot() bool { return t.l.profile.Travel == network.OnFoot }

// straight is the time in ms between two places on one edge by that edge alone;
// Inf where there is no way, or they are not on one.
func (t *Trips) straight(a, b Place) uint32 {
	switch {
	case a.Edge != b.Edge:
		return cch.Inf
	case a.Along == b.Along:
		return 0
	}
	return t.l.direct(a, b)
}

// begin and end are the accesses of a place from the road itself: what lies
// between it and the stop is no part of a trip.
func (t *Trips) begin(p Place) origin {
	p.Distance = 0
	return t.l.begin(p)
}

func (t *Trips) end(p Place) (cch.Place, []float64) {
	p.Distance = 0
	return t.l.access(p, true)
}

// Way is the fastest one between two places; nil: there is none. It costs some
// tens of microseconds.
func (t *Trips) Way(from, to Place) *Way {
	legs, length := t.legs(from, to)
	return t.tell(from, to, legs, length)
}

// tell makes a way of legs; nil where its length in ms is Inf.
func (t *Trips) tell(from, to Place, legs []leg, length uint32) *Way {
	if length >= cch.Inf {
		return nil
	}
	way := &Way{Line: orb.LineString{from.At}, Duration: ms(length)}
	w := writer{l: t.l, r: way, before: math.NaN()}
	w.follow(legs, 0)
	for _, g := range legs {
		way.Metres += math.Abs(g.to - g.from)
	}
	w.put(to.At)
	if len(way.Steps) == 0 {
		way.Steps = append(way.Steps, Step{Turn: Depart, At: from.At, Name: t.Road(from), Node: network.None, Before: math.NaN()})
	}
	way.Steps[0].Node = network.None // it may begin at one, but nobody comes from there
	if len(way.Line) == 1 {
		way.Line = append(way.Line, to.At)
	}
	way.Steps = append(way.Steps, Step{
		Turn: Arrive, At: to.At, Name: t.Road(to), Vertex: len(way.Line) - 1, Node: network.None, Before: w.before, After: math.NaN(),
	})
	return way
}

// legs are those of the fastest way, and its length in ms.
func (t *Trips) legs(from, to Place) ([]leg, uint32) {
	a := t.begin(from)
	access, ends := t.end(to)
	q := t.c.queries.Get().(*cch.Query)
	defer t.c.queries.Put(q)
	p := q.Path(t.l.metric, a.access, access, nil)
	if d := t.straight(from, to); d < cch.Inf && d <= p.Length {
		return []leg{{from.Edge, from.Along, to.Along, d}}, d
	}
	if p.Length >= cch.Inf {
		return nil, cch.Inf
	}
	legs, _ := pass(t.l, a, p.From, p.Arcs)
	return append(legs, leg{to.Edge, ends[p.To], to.Along, p.Length}), p.Length
}

// Table has the times from each place to each other one, below 0 where there is no
// way: some 10 us for a place and 10 us for a row of a hundred.
func (t *Trips) Table(from, to []Place) [][]time.Duration {
	q := t.c.queries.Get().(*cch.Query)
	defer t.c.queries.Put(q)
	ends := make([]cch.Place, len(to))
	for i, p := range to {
		ends[i], _ = t.end(p)
	}
	targets := q.NewTargets(t.l.metric, ends)
	table := make([][]time.Duration, len(from))
	var row []uint32
	for i, p := range from {
		row = q.Lengths(targets, t.begin(p).access, row[:0])
		table[i] = make([]time.Duration, len(to))
		for k, length := range row {
			if length = min(length, t.straight(p, to[k])); length >= cch.Inf {
				table[i][k] = -1
			} else {
				table[i][k] = ms(length)
			}
		}
	}
	return table
}

// Exit is a road that leaves a junction.
type Exit struct {
	Bearing float64 // degrees
	Open    bool    // the profile may take it now
}

// Exits are those of the junction where a step begins; none within an edge.
func (t *Trips) Exits(s *Step) (all []Exit) {
	if s.Node == network.None {
		return nil
	}
	n := t.c.net
	for arc := n.FirstOut[s.Node]; arc < n.FirstOut[s.Node+1]; arc++ {
		edge, back := n.Edge(arc)
		line := n.Edges[edge].Line
		a, b := line[0], line[1]
		if back {
			a, b = line[len(line)-1], line[len(line)-2]
		}
		all = append(all, Exit{bearing(a, b), t.l.metric.Weight(arc) < cch.Inf})
	}
	return all
}
