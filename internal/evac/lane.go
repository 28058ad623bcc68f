package evac

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac/cch"
	"github.com/simtaru/simtaru/internal/evac/network"
)

// doorReach is how far in m a shelter may be from a road that leads to it.
const doorReach = 300

// sameDoor is how much farther in m another road may be to be one of those that
// the door of a shelter opens on.
const sameDoor = 5

// setting is who goes, and under the rule of which hazard; empty is none.
type setting struct{ profile, hazard string }

// lane is the network as one setting sees it. It is immutable.
type lane struct {
	net     *network.Network
	profile *network.Profile
	pace    float64 // m/s of this profile off the roads
	held    network.Stretches
	hazard  *hazard // nil: none
	metric  *cch.Metric

	shelters []*Shelter
	against  []Why // by shelter; empty: people may be sent there
	// usable are the shelters that people may be sent to, in the order of targets.
	usable  []int
	doors   []door
	targets *cch.Targets
	// at and on are the ways into them by node and by edge.
	at map[uint32][]entry
	on map[uint32][]entry
}

// door is where a shelter meets the roads.
type door struct {
	places []network.Place
	access cch.Place
	place  []int     // of places, by access
	ends   []float64 // where an access is on the edge of its place, in m: an end
}

// entry is a way into a shelter: from a node, or from a place on an edge.
type entry struct {
	target, access int // an access of its door, or where it is by edge one of its places
	edge, cost     uint32
}

// newLane makes a lane from nothing: some 10 ms for 76,000 nodes.
func newLane(c *City, s setting) (*lane, error) {
	l := c.blank(s)
	weights := l.net.Weights(l.profile, l.held)
	if l.hazard != nil {
		for edge := range l.hazard.fronts {
			l.bar(edge, func(arc uint32) { weights[arc] = cch.Inf })
		}
	}
	var err error
	if l.metric, err = c.hierarchy.Customize(weights); err != nil {
		return nil, err
	}
	l.open(c)
	return l, nil
}

// next makes the lane of another city on the same roads, under the same zones.
func (l *lane) next(c *City, s setting) (*lane, error) {
	n := c.blank(s)
	var changes []cch.Change
	see := func(edge uint32) {
		along, against := n.net.Arcs(edge)
		if along == network.None {
			return
		}
		for _, arc := range []uint32{along, against} {
			if w := n.weigh(arc); w != l.metric.Weight(arc) {
				changes = append(changes, cch.Change{Arc: arc, Weight: w})
			}
		}
	}
	for edge, held := range n.held {
		if !slices.Equal(held, l.held[edge]) {
			see(edge)
		}
	}
	for edge := range l.held {
		if _, still := n.held[edge]; !still {
			see(edge)
		}
	}
	n.metric = l.metric
	if len(changes) > 0 {
		var err error
		if n.metric, err = l.metric.Update(changes); err != nil {
			return nil, err
		}
	}
	n.open(c)
	return n, nil
}

func (l *lane) weigh(arc uint32) uint32 {
	edge, back := l.net.Edge(arc)
	from, to := 0.0, l.net.Edges[edge].Length
	if back {
		from, to = to, from
	}
	if l.hazard.bars(edge, from, to) {
		return cch.Inf
	}
	return l.net.Weight(l.profile, arc, l.held[edge])
}

// bar tells the arcs of an edge that the rule of the hazard closes.
func (l *lane) bar(edge uint32, closed func(arc uint32)) {
	along, against := l.net.Arcs(edge)
	if f := l.hazard.fronts[edge]; along != network.None {
		if len(f.rises) > 0 {
			closed(along)
		}
		if len(f.falls) > 0 {
			closed(against)
		}
	}
}

// blank is a lane without weights and doors.
func (c *City) blank(s setting) *lane {
	p := c.profile(s.profile)
	l := &lane{net: c.net, profile: p, held: c.held[p.Travel], hazard: c.hazards[s.hazard], shelters: c.shelters}
	l.pace, _ = p.Speed(&network.Attributes{})
	l.against = make([]Why, len(c.shelters))
	for i, s2 := range c.shelters {
		l.against[i] = s2.against(p, s.hazard)
	}
	return l
}

// open finds the doors of the shelters: some 20 us each.
func (l *lane) open(c *City) {
	l.at, l.on = map[uint32][]entry{}, map[uint32][]entry{}
	var places []cch.Place
	for i, s := range l.shelters {
		if l.against[i] != "" {
			continue
		}
		d := l.door(s.At)
		if len(d.places) == 0 {
			l.against[i] = NoRoad
			continue
		}
		target := len(l.usable)
		l.usable, l.doors, places = append(l.usable, i), append(l.doors, d), append(places, d.access)
		for k, a := range d.access {
			l.at[a.Node] = append(l.at[a.Node], entry{target, k, d.places[d.place[k]].Edge, a.Cost})
		}
		for k, p := range d.places {
			l.on[p.Edge] = append(l.on[p.Edge], entry{target, k, p.Edge, l.walk(p.Distance)})
		}
	}
	q := c.queries.Get().(*cch.Query)
	l.targets = q.NewTargets(l.metric, places)
	c.queries.Put(q)
}

func (l *lane) door(at orb.Point) (d door) {
	near := l.net.Locate(network.Nearby{Point: at, Within: doorReach, Most: 4, Profile: l.profile, Arriving: true, Held: l.held})
	for i, p := range near {
		if p.Distance > near[0].Distance+sameDoor {
			break
		}
		d.places = append(d.places, p)
		access, ends := l.access(p, true)
		d.access, d.ends = append(d.access, access...), append(d.ends, ends...)
		for range access {
			d.place = append(d.place, i)
		}
	}
	return d
}

// walk is the time in ms for a distance in m off the roads.
func (l *lane) walk(metres float64) uint32 {
	return uint32(min(math.Round(metres/l.pace*1000), float64(cch.Inf-1)))
}

// access is how a place is left by the nodes of its edge, or reached from them,
// and where on the edge these are.
func (l *lane) access(p network.Place, arriving bool) (all cch.Place, ends []float64) {
	e := &l.net.Edges[p.Edge]
	from, to := l.net.Access(l.profile, p, l.held[p.Edge], arriving)
	walk := l.walk(p.Distance)
	add := func(node, cost uint32, end float64) {
		a, b := p.Along, end
		if arriving {
			a, b = b, a
		}
		if cost < cch.Inf-walk && !l.hazard.bars(p.Edge, a, b) {
			all, ends = append(all, cch.Access{Node: node, Cost: cost + walk}), append(ends, end)
		}
	}
	add(e.From, from, 0)
	add(e.To, to, e.Length)
	return all, ends
}

// direct is the time in ms between two places on one edge, Inf where there is
// no way between them.
func (l *lane) direct(a, b network.Place) uint32 {
	if l.hazard.bars(a.Edge, a.Along, b.Along) {
		return cch.Inf
	}
	lo, hi := min(a.Along, b.Along), max(a.Along, b.Along)
	for _, s := range l.held[a.Edge] {
		if s.Speed <= 0 && s.From < hi && s.To > lo {
			return cch.Inf
		}
	}
	// Beyond both the rest of the edge may be closed, on one side or the other:
	// where not, it tells what the way between them costs.
	aFrom, aTo := l.net.Access(l.profile, a, l.held[a.Edge], false)
	bFrom, bTo := l.net.Access(l.profile, b, l.held[a.Edge], false)
	along, against := l.profile.Speed(&l.net.Edges[a.Edge].Feature().Attributes)
	speed, far, near := along, aTo, bTo
	if a.Along > b.Along {
		speed, far, near = against, aFrom, bFrom
	}
	switch {
	case speed <= 0:
		return cch.Inf
	case far < cch.Inf && near < cch.Inf:
		return far - min(near, far)
	}
	return uint32(math.Round((hi - lo) / speed * 1000))
}
