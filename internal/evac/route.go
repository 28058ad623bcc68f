package evac

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac/network"
	"github.com/simtaru/simtaru/internal/indicator/land"
	"github.com/simtaru/simtaru/internal/plan"
)

// Limits of questions and answers, in m where they are lengths.
const (
	// Reach is how far from a road one may begin.
	Reach = 1000
	// MostRoutes is the largest K.
	MostRoutes = 10
	// otherRoad is how much farther another road may be that is taken where the
	// nearest leads nowhere: a yard or a path that is drawn but not connected.
	otherRoad = 100
	// otherRoads is how many of them are looked at.
	otherRoads = 24
	// avoidReach is how far what is to be avoided may be from a road.
	avoidReach = 30
	// refugeReach is how far the tallest refuge may be that is told where no way is
	// in time.
	refugeReach = 1000
	// mostPassed is how many shelters are told that were passed over.
	mostPassed = 10
)

// Question asks for ways to shelters.
type Question struct {
	From orb.Point // lon, lat
	K    int       // at least 1
	// Profile is how one goes, one of City.Profiles.
	Profile string
	// Hazard is one of Hazards; empty: that of the event that is on at From.
	Hazard string
	Now    time.Time
	// Departure is how long after Now one leaves.
	Departure time.Duration
	// Bridges are avoided, and the roads at Places.
	Bridges bool
	Places  []orb.Point
}

// Answer is where to run.
type Answer struct {
	Profile *network.Profile
	Hazard  string // empty: none
	// Event is the one that is on at the place, of that hazard; nil: none.
	Event   *Event
	Leaving time.Time
	// Road is what is walked first, ToRoad m from the place.
	Road   string
	ToRoad float64
	// Routes are the best ways, each to another shelter, the fastest first.
	Routes []Route
	// Other is the best way that goes by none of the bridges of the first one;
	// nil: there is none, or it has no bridge.
	Other  *Route
	Passed []Passed
	// Late says that no way is in time; Refuge is then the tallest known nearby.
	Late   bool
	Refuge *Near
}

// Route is a way to a shelter.
type Route struct {
	Way
	Shelter *Shelter
	// Suits is whether the shelter is said to be one for the hazard; nil: not known.
	Suits   *bool
	Arrives time.Time
	// Tight is where the hazard is closest behind; nil: no deadline is met.
	Tight *Tight
}

// Tight is the edge of a way that is left with the least time to spare.
type Tight struct {
	At       orb.Point // where it is left
	Name     string
	Deadline time.Time
	Margin   time.Duration
}

// Passed is a shelter that was not chosen though it is nearer than the first
// that was, or might be.
type Passed struct {
	Near
	Why Why
}

// Near is a shelter and how far it is in m as the crow flies.
type Near struct {
	*Shelter
	Metres float64
}

// Routes answers a question. Without deadlines and what to avoid it costs some
// tens of microseconds, else a search as far as the shelters are.
func (c *City) Routes(q Question) (*Answer, error) {
	if len(c.net.Edges) == 0 {
		return nil, noRoads()
	}
	a := &Answer{Hazard: q.Hazard, Leaving: q.Now.Add(q.Departure)}
	if a.Event = eventAt(c.events, q.From, q.Now, q.Hazard); a.Event != nil {
		a.Hazard = a.Event.Hazard
	}
	asked := setting{q.Profile, a.Hazard}
	if c.lanes[asked] == nil { // an event of a hazard that has no zones, and that no shelter speaks of
		asked.hazard = ""
	}
	l, err := c.lane(asked)
	if err != nil {
		return nil, err
	}
	a.Profile = l.profile
	lim := limits{due: due(l.hazard, a.Event, q)}
	if lim.avoid, err = avoided(l, q); err != nil {
		return nil, err
	}
	from, ways, err := c.ways(l, q, &lim)
	if err != nil {
		return nil, err
	}
	a.Road, a.ToRoad = l.net.Edges[from.place.Edge].Feature().Attributes.Name, from.place.Distance
	for i := range ways {
		a.Routes = append(a.Routes, route(l, q.From, from, &ways[i], a, &lim.due))
	}
	a.Passed = c.passed(l, q, from, ways, &lim)
	if len(ways) > 0 {
		a.Other = c.other(l, q, from, &ways[0], a, lim)
		return a, nil
	}
	a.Late = c.late(l, from, &lim)
	if a.Late || l.hazard != nil {
		a.Refuge = tallest(l, q.From)
	}
	return a, nil
}

// due are the deadlines of a question.
func due(h *hazard, e *Event, q Question) deadlines {
	d := deadlines{hazard: h, start: -q.Departure.Milliseconds()}
	if e != nil {
		leaving := q.Now.Add(q.Departure)
		d.start = e.Starts.Sub(leaving).Milliseconds()
		if !e.Arrival.IsZero() {
			all := e.Arrival.Sub(leaving).Milliseconds()
			d.all, d.inside = &all, e.inside
		}
	}
	return d
}

// limiting reports whether the hierarchy does not do.
func (l *limits) limiting() bool { return len(l.avoid) > 0 }

// ways finds where to begin, and the best ways from there.
func (c *City) ways(l *lane, q Question, lim *limits) (origin, []found, error) {
	ask := network.Nearby{Point: q.From, Within: Reach, Profile: l.profile, Held: l.held}
	near := l.net.Locate(ask)
	if len(near) == 0 {
		return origin{}, nil, c.nowhere(l, q.From)
	}
	first := l.begin(near[0])
	if lim.avoid[first.place.Edge] {
		return first, nil, &plan.Error{Kind: plan.Unprocessable, Code: "avoids-start", At: "avoid", Message: plan.Text{
			ID: "Jalan terdekat dari tempat ini termasuk yang ingin dihindari.", EN: "The road nearest to this place is among those to be avoided.",
		}}
	}
	if ways := c.search(l, first, lim, q.K); len(ways) > 0 {
		return first, ways, nil
	}
	component := func(p network.Place) uint32 { return l.net.Component[l.net.Edges[p.Edge].From] }
	tried := map[uint32]bool{component(first.place): true}
	ask.Within, ask.Most = first.place.Distance+otherRoad, otherRoads
	for _, p := range l.net.Locate(ask) {
		if tried[component(p)] || lim.avoid[p.Edge] {
			continue
		}
		tried[component(p)] = true
		from := l.begin(p)
		if ways := c.search(l, from, lim, q.K); len(ways) > 0 {
			return from, ways, nil
		}
	}
	return first, nil, nil
}

// search finds the best ways: by the hierarchy, and again forward in time where
// one of them would break a limit.
func (c *City) search(l *lane, from origin, lim *limits, k int) []found {
	if !lim.limiting() {
		ways := fast(c, l, from, k)
		if !slices.ContainsFunc(ways, func(f found) bool { m, _ := f.margin(&lim.due); return m < 0 }) {
			return ways
		}
	}
	s := c.searches.Get().(*search)
	defer c.searches.Put(s)
	return s.nearest(l, from, lim, k)
}

// other is the best way that goes by none of the bridges of a way.
func (c *City) other(l *lane, q Question, from origin, way *found, a *Answer, lim limits) *Route {
	avoid := map[uint32]bool{}
	for _, g := range way.legs {
		if l.net.Edges[g.edge].Feature().Attributes.Bridge {
			avoid[g.edge] = true
		}
	}
	if len(avoid) == 0 || avoid[from.place.Edge] {
		return nil
	}
	for edge := range lim.avoid {
		avoid[edge] = true
	}
	lim.avoid = avoid
	ways := c.search(l, from, &lim, 1)
	if len(ways) == 0 {
		return nil
	}
	r := route(l, q.From, from, &ways[0], a, &lim.due)
	return &r
}

// passed lists the shelters that are nearer than the first that was chosen, or
// all where none was, the nearest first.
func (c *City) passed(l *lane, q Question, from origin, ways []found, lim *limits) (all []Passed) {
	chosen := map[int]bool{}
	for _, f := range ways {
		chosen[l.usable[f.target]] = true
	}
	target := map[int]int{}
	for t, i := range l.usable {
		target[i] = t
	}
	var near []Near
	at := map[*Shelter]int{}
	for i, s := range c.shelters {
		d := land.Distance(q.From, s.At)
		if !chosen[i] && (len(ways) == 0 || l.walk(d) < ways[0].length) {
			near, at[s] = append(near, Near{s, d}), i
		}
	}
	slices.SortFunc(near, func(a, b Near) int { return cmp.Or(cmp.Compare(a.Metres, b.Metres), cmp.Compare(a.ID, b.ID)) })
	var soon map[int]bool // targets reached in time, whatever is to be avoided
	for _, n := range near {
		if len(all) == mostPassed {
			break
		}
		why := l.against[at[n.Shelter]]
		if why == "" {
			t := target[at[n.Shelter]]
			if length := shortestTo(c, l, from, t); length >= network.Inf {
				why = NoWay
			} else if len(ways) > 0 && length >= ways[0].length {
				continue // it is not nearer
			} else if why = TooLate; lim.limiting() {
				if soon == nil {
					soon = c.soon(l, from, lim)
				}
				if soon[t] {
					why = Avoided
				}
			}
		}
		all = append(all, Passed{n, why})
	}
	return all
}

// late reports whether shelters could be reached, but none in time.
func (c *City) late(l *lane, from origin, lim *limits) bool {
	for target := range l.usable {
		if shortestTo(c, l, from, target) < network.Inf {
			return len(c.search(l, from, &limits{due: lim.due}, 1)) == 0
		}
	}
	return false
}

// soon are the targets that could be reached in time if nothing was avoided.
func (c *City) soon(l *lane, from origin, lim *limits) map[int]bool {
	s := c.searches.Get().(*search)
	defer c.searches.Put(s)
	all := map[int]bool{}
	for _, f := range s.nearest(l, from, &limits{due: lim.due}, len(l.usable)) {
		all[f.target] = true
	}
	return all
}

// tallest is the shelter nearby with the highest refuge floor, whether there is
// room or not: that is better than none.
func tallest(l *lane, from orb.Point) (best *Near) {
	for _, s := range l.shelters {
		d := land.Distance(from, s.At)
		if s.Height == nil || d > refugeReach || !s.stands() {
			continue
		}
		if best == nil || *s.Height > *best.Height || *s.Height == *best.Height && d < best.Metres {
			best = &Near{s, d}
		}
	}
	return best
}

// avoided are the edges that a question does not want.
func avoided(l *lane, q Question) (map[uint32]bool, error) {
	if !q.Bridges && len(q.Places) == 0 {
		return nil, nil
	}
	avoid := map[uint32]bool{}
	if q.Bridges {
		for i := range l.net.Edges {
			if l.net.Edges[i].Feature().Attributes.Bridge {
				avoid[uint32(i)] = true
			}
		}
	}
	for _, p := range q.Places {
		near := l.net.Locate(network.Nearby{Point: p, Within: avoidReach, Profile: l.profile})
		if len(near) == 0 {
			at := fmt.Sprintf("%g,%g", p[0], p[1])
			return nil, &plan.Error{Kind: plan.Unprocessable, Code: "nothing-to-avoid", At: "avoid", Message: plan.Text{
				ID: fmt.Sprintf("Dalam %d m dari %s tidak ada jalan yang dapat dihindari.", avoidReach, at),
				EN: fmt.Sprintf("There is no road to avoid within %d m of %s.", avoidReach, at),
			}}
		}
		avoid[near[0].Edge] = true
	}
	return avoid, nil
}

// nowhere says why one cannot begin at a place.
func (c *City) nowhere(l *lane, at orb.Point) error {
	far := l.net.Locate(network.Nearby{Point: at, Within: 50_000, Profile: l.profile})
	swapped := orb.Point{at[1], at[0]}
	e := &plan.Error{Kind: plan.Unprocessable, Code: "far-from-roads", At: "from"}
	switch {
	case swapped[1] > -90 && swapped[1] < 90 && len(l.net.Locate(network.Nearby{Point: swapped, Within: Reach, Profile: l.profile})) > 0:
		e.Message = plan.Text{
			ID: fmt.Sprintf("lon dan lat tampaknya tertukar. Maksud Anda from=%g,%g?", at[1], at[0]),
			EN: fmt.Sprintf("lon and lat seem to be exchanged. Did you mean from=%g,%g?", at[1], at[0]),
		}
	case len(far) > 0:
		d := plan.Fixed(far[0].Distance/1000, 1)
		e.Message = plan.Text{
			ID: "Tempat ini terlalu jauh dari jalan yang tercatat: " + d.ID + " km ke jalan terdekat, paling jauh 1 km.",
			EN: "This place is too far from any known road: " + d.EN + " km to the nearest, at most 1 km.",
		}
	default:
		e.Message = plan.Text{
			ID: "Tempat ini jauh di luar jaringan jalan yang tercatat.", EN: "This place is far outside the known road network.",
		}
	}
	return e
}
