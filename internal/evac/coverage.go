package evac

import (
	"slices"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac/cch"
	"github.com/simtaru/simtaru/internal/evac/network"
)

// Need asks who comes to a shelter in time.
type Need struct {
	// Profile is how people go, one of City.Profiles, and Hazard one of Hazards;
	// empty: none, whatever event is on. See City.Announced.
	Profile, Hazard string
	Within          time.Duration // from where they live to the door
	Now             time.Time
	// Departure is how long after Now they leave.
	Departure time.Duration
}

// Coverage is who comes to a shelter in time, if each goes to the one that is best
// for them: a shelter with any room counts, however many come.
type Coverage struct {
	Profile *network.Profile
	// People of all areas that are counted; Unplaced of them have no road within
	// Reach that the profile may use.
	People, Covered, Uncovered, Unplaced int
	Areas                                []CoveredArea
	Shelters                             []Served // those that take people
	Room                                 int64
}

// CoveredArea is an area of the crowd; who is neither covered nor unplaced is
// uncovered.
type CoveredArea struct {
	*Area
	Covered, Uncovered, Unplaced int
}

// Served is a shelter and how many people it is the best for: the nearest, or
// where a hazard is behind them the one with the most time to spare.
type Served struct {
	*Shelter
	People int
}

// Coverage tells who comes to a shelter in time. What was answered is kept until
// something changes, or for a while where it goes by the clock: do not change it.
func (c *City) Coverage(q Need) (*Coverage, error) { return c.told.coverage(c, q) }

// cover tells who comes to a shelter in time, as Routes would lead them: who
// has a way there that takes no longer, and on which the hazard is never
// first. It costs a search back from all shelters, one for each event that is on
// of the hazard, and some microseconds for each group of people.
func (c *City) cover(q Need) (*Coverage, error) {
	l, err := c.lane(setting{q.Profile, q.Hazard})
	if err != nil {
		return nil, err
	}
	crowd := c.Crowd()
	a := &Coverage{Profile: l.profile, Areas: make([]CoveredArea, len(crowd.Areas))}
	for i := range crowd.Areas {
		a.Areas[i].Area = &crowd.Areas[i]
		a.Areas[i].Unplaced = crowd.Areas[i].People - crowd.Areas[i].Placed
	}
	for _, i := range l.usable {
		a.Shelters = append(a.Shelters, Served{Shelter: l.shelters[i]})
		a.Room += l.shelters[i].Room
	}
	for i, target := range c.targets(l, crowd, &q) {
		area, n := &a.Areas[crowd.Groups[i].Area], int(crowd.Groups[i].People)
		switch target {
		case unplaced:
			area.Unplaced += n
		case uncovered:
			area.Uncovered += n
		default:
			area.Covered += n
			a.Shelters[target].People += n
		}
	}
	for _, area := range a.Areas {
		a.People += area.People
		a.Covered += area.Covered
		a.Uncovered += area.Uncovered
		a.Unplaced += area.Unplaced
	}
	return a, nil
}

// What a group has instead of a target.
const (
	uncovered = -1
	unplaced  = -2
)

// targets are by group the shelters that they come to in time.
func (c *City) targets(l *lane, crowd *Crowd, q *Need) []int {
	places := l.homes(crowd)
	targets := make([]int, len(crowd.Groups))
	for event, groups := range c.byEvent(crowd, q) {
		due := due(l.hazard, event, Question{Now: q.Now, Departure: q.Departure})
		in := c.backward(l, &due, uint32(q.Within.Milliseconds()))
		some := c.backward(l, &due, cch.Inf-1)
		for _, i := range groups {
			if places[i].Edge == network.None {
				targets[i] = unplaced
				continue
			}
			o := l.begin(places[i])
			if targets[i] = in.from(o); targets[i] == uncovered && some.from(o) == uncovered && len(l.usable) > 0 {
				targets[i] = l.elsewhere(crowd.Groups[i].At, places[i], in, some)
			}
		}
		c.searches.Put(in.s)
		c.searches.Put(some.s)
	}
	return targets
}

// byEvent are the groups by the event of the hazard that is on where they live.
func (c *City) byEvent(crowd *Crowd, q *Need) map[*Event][]int {
	on := c.events
	if q.Hazard == "" {
		on = nil
	}
	by := map[*Event][]int{}
	for i := range crowd.Groups {
		e := eventAt(on, crowd.Groups[i].At, q.Now, q.Hazard)
		by[e] = append(by[e], i)
	}
	return by
}

// homes are by group of a crowd where it begins, as this lane sees the roads;
// Edge is None where there is none.
func (l *lane) homes(crowd *Crowd) []network.Place {
	var boxes []orb.Bound // of roads that the profile may use but who walks may not
	usable := make([]bool, len(l.net.Edges))
	for i := range l.net.Edges {
		e := &l.net.Edges[i]
		along, against := l.profile.Speed(&e.Feature().Attributes)
		usable[i] = along > 0 || against > 0
		if usable[i] && l.profile.ID != crowd.walker.ID && !e.Laid {
			if along, against := crowd.walker.Speed(&e.Feature().Attributes); along <= 0 && against <= 0 {
				boxes = append(boxes, e.Line.Bound())
			}
		}
	}
	all := around(boxes)
	places := make([]network.Place, len(crowd.Groups))
	for i := range crowd.Groups {
		g := &crowd.Groups[i]
		places[i] = g.Place
		closed := slices.ContainsFunc(l.held[g.Place.Edge], func(s network.Stretch) bool { return s.Speed <= 0 })
		if !usable[g.Place.Edge] || closed || meets(g.At, g.Place.Distance, all, boxes) {
			places[i] = network.Place{Edge: network.None}
			if near := l.net.Locate(network.Nearby{Point: g.At, Within: Reach, Profile: l.profile, Held: l.held}); len(near) > 0 {
				places[i] = near[0]
			}
		}
	}
	return places
}

// backward is how late one may be at nodes to come into a shelter within bound ms
// of the departure, under deadlines. By node it has the time that must be left
// of the bound. Where there are deadlines these are not times of travel: on the
// way to an edge with one, all must be left that comes after it.
type backward struct {
	l     *lane
	s     *search // via is the target
	due   *deadlines
	bound uint32
}

// backward searches from all shelters.
func (c *City) backward(l *lane, due *deadlines, bound uint32) *backward {
	b := &backward{l, c.searches.Get().(*search), due, bound}
	s := b.s
	s.now++
	s.queue = s.queue[:0]
	for t := range l.doors {
		d := &l.doors[t]
		for k, a := range d.access {
			if left := b.through(d.places[d.place[k]].Edge, 0, a.Cost); left <= bound {
				s.reach(a.Node, left, uint32(t))
			}
		}
	}
	for len(s.queue) > 0 {
		it := s.pop()
		if it.time > s.time[it.id] {
			continue
		}
		for arc := l.net.FirstOut[it.id]; arc < l.net.FirstOut[it.id+1]; arc++ {
			edge, _ := l.net.Edge(arc)
			if left := b.through(edge, it.time, l.metric.Weight(l.net.Twin(arc))); left <= bound {
				s.reach(l.net.Head[arc], left, s.via[it.id])
			}
		}
	}
	return b
}

// through is what must be left before an edge that takes ms, where left must be
// left after it; Inf where that cannot be.
func (b *backward) through(edge, left, ms uint32) uint32 {
	due := b.due.of(edge)
	if ms >= cch.Inf || due < 0 {
		return cch.Inf
	}
	if due < int64(b.bound) {
		left = max(left, b.bound-uint32(due))
	}
	return min(left+ms, cch.Inf)
}

// from is the target for who begins somewhere, or uncovered.
func (b *backward) from(o origin) (target int) {
	best, target := b.bound, uncovered
	take := func(left, t uint32) {
		if left < best || left == best && target == uncovered {
			best, target = left, int(t)
		}
	}
	for _, a := range o.access {
		if b.s.round[a.Node] == b.s.now {
			take(b.through(o.place.Edge, b.s.time[a.Node], a.Cost), b.s.via[a.Node])
		}
	}
	for _, e := range b.l.on[o.place.Edge] {
		take(b.through(o.place.Edge, 0, straight(b.l, o, e)), uint32(e.target))
	}
	return target
}

// elsewhere is the target for who has no way at all from the nearest road, but
// from another one nearby, as Routes looks for it.
func (l *lane) elsewhere(at orb.Point, first network.Place, in, some *backward) int {
	component := func(p network.Place) uint32 { return l.net.Component[l.net.Edges[p.Edge].From] }
	tried := map[uint32]bool{component(first): true}
	near := network.Nearby{Point: at, Within: first.Distance + otherRoad, Most: otherRoads, Profile: l.profile, Held: l.held}
	for _, p := range l.net.Locate(near) {
		if tried[component(p)] {
			continue
		}
		tried[component(p)] = true
		if o := l.begin(p); some.from(o) != uncovered {
			return in.from(o)
		}
	}
	return uncovered
}
