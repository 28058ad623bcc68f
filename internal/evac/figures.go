package evac

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac/network"
	"github.com/simtaru/simtaru/internal/plan"
)

// Ready reports whether there is a city.
func (b *Board) Ready() bool { return b.city.Load() != nil }

// Figures answers an indicator from the present city. What was answered is kept
// until something changes; else it costs some tenths of a second for a city of
// 50,000 buildings.
func (b *Board) Figures(q plan.RoadQuestion) (plan.RoadAnswer, error) {
	c, err := b.City()
	if err != nil {
		return plan.RoadAnswer{}, err
	}
	areas, err := c.told.figures(c, &q, time.Now())
	return plan.RoadAnswer{Areas: areas, At: c.AsOf}, err
}

// told keeps the figures of a city.
type told struct {
	mu  sync.Mutex
	all map[string]toldFigures

	covering sync.Mutex // who asks the same at the same time waits for the answer
	covered  map[Need]*Coverage
}

// mostTold is how many answers of a kind are kept.
const mostTold = 100

func (t *told) coverage(c *City, q Need) (*Coverage, error) {
	t.covering.Lock()
	defer t.covering.Unlock()
	key := q
	if key.Now = q.Now.Truncate(moving); q.Hazard == "" {
		key.Now = time.Time{}
	}
	if a, ok := t.covered[key]; ok {
		return a, nil
	}
	a, err := c.cover(q)
	if err != nil {
		return nil, err
	}
	if t.covered == nil || len(t.covered) > mostTold {
		t.covered = map[Need]*Coverage{}
	}
	t.covered[key] = a
	return a, nil
}

type toldFigures struct {
	areas map[string]plan.RoadFigure
	at    time.Time
}

// moving is how long figures are kept that go by the clock: the nearer a hazard
// comes the fewer are in time.
const moving = 10 * time.Second

func (t *told) figures(c *City, q *plan.RoadQuestion, now time.Time) (map[string]plan.RoadFigure, error) {
	key := fmt.Sprintf("%s %+v %v %s", q.Indicator.ID, *q.Indicator.Roads, q.Indicator.Distance, q.Content)
	t.mu.Lock()
	defer t.mu.Unlock()
	if f, ok := t.all[key]; ok && (q.Indicator.Roads.Hazard == "" || now.Sub(f.at) < moving) {
		return f.areas, nil
	}
	areas, err := c.figures(q, now)
	if err != nil {
		return nil, err
	}
	if t.all == nil || len(t.all) > mostTold {
		t.all = map[string]toldFigures{} // land that is edited makes another key each time
	}
	t.all[key] = toldFigures{areas, now}
	return areas, nil
}

func (c *City) figures(q *plan.RoadQuestion, now time.Time) (map[string]plan.RoadFigure, error) {
	r := q.Indicator.Roads
	crowd := c.Crowd()
	figures := make([]plan.RoadFigure, len(crowd.quarters)) // the last is of what is outside
	ofPeople := func() {
		for i, a := range crowd.Areas {
			figures[i].Of, figures[i].Uncounted = float64(a.People), a.Basis == Uncounted
		}
	}
	switch r.Measure {
	case plan.PeopleInTime:
		if c.profile(r.Profile) == nil || c.lanes[setting{r.Profile, r.Hazard}] == nil {
			return nil, &plan.Error{Kind: plan.Unprocessable, Code: "no-such-way-to-go", At: q.Indicator.ID, Message: plan.Text{
				ID: fmt.Sprintf("Cara pergi %q atau bahaya %q tidak dikenal.", r.Profile, r.Hazard),
				EN: fmt.Sprintf("There is no way to go %q, or no hazard %q.", r.Profile, r.Hazard),
			}}
		}
		a, err := c.Coverage(Need{Profile: r.Profile, Hazard: r.Hazard, Within: time.Duration(r.Minutes * float64(time.Minute)), Now: now})
		if err != nil {
			return nil, err
		}
		ofPeople()
		for i := range a.Areas {
			figures[i].Amount = float64(a.Areas[i].Covered)
		}
	case plan.PlacesPerHead:
		ofPeople()
		for _, s := range c.shelters {
			if s.Status == "ready" || s.Status == "open" || s.Status == "full" {
				f := &figures[crowd.quarterAt(s.At)]
				f.Amount += float64(s.Capacity)
				f.Features++
			}
		}
	case plan.RoutesFit:
		c.fit(crowd, r.Width, now, figures)
	case plan.PeopleByRoad:
		ofPeople()
		for i, near := range c.byRoad(crowd, q.Land, q.Indicator.Distance) {
			if g := crowd.Groups[i]; near {
				figures[g.Area].Amount += float64(g.People)
			}
		}
	default:
		panic("evac: no such measure: " + string(r.Measure))
	}
	areas := make(map[string]plan.RoadFigure, len(figures))
	for i, q := range crowd.quarters[:len(crowd.quarters)-1] {
		areas[q.Code] = figures[i]
	}
	return areas, nil
}

// fit measures the routes of gampong, and of these what is open, as wide as it
// must be, and not in poor condition.
func (c *City) fit(crowd *Crowd, width float64, now time.Time, figures []plan.RoadFigure) {
	var routes []uint32
	boxes := map[uint32]orb.Bound{}
	for i := range c.net.Edges {
		if e := &c.net.Edges[i]; lines[e.Feature().Layer] == routeLayer {
			routes = append(routes, uint32(i))
			boxes[uint32(i)] = e.Line.Bound().Pad(1e-6)
		}
	}
	near := func(b orb.Bound) []uint32 {
		return slices.DeleteFunc(slices.Clone(routes), func(e uint32) bool { return !b.Intersects(boxes[e]) })
	}
	closed := map[uint32][]span{}
	for i := range c.closures {
		if k := &c.closures[i]; k.holds(now) && k.factor(network.OnFoot) <= 0 {
			for _, s := range c.net.CoverEdges(near(k.shape.Bound()), k.shape, 0, k.level) {
				closed[s.Edge] = union(closed[s.Edge], span{s.From, s.To})
			}
		}
	}
	taken := map[uint32][]span{} // by gampong before
	for i, q := range crowd.quarters[:len(crowd.quarters)-1] {
		if q.land == nil {
			continue
		}
		seen := map[network.Key]bool{}
		var own []network.Covered
		for _, s := range c.net.CoverEdges(near(q.box), q.land, 0, nil) {
			e := &c.net.Edges[s.Edge]
			for _, in := range without(span{s.From, s.To}, taken[s.Edge]) {
				own = append(own, network.Covered{Edge: s.Edge, From: in.from, To: in.to})
				figures[i].Of += in.to - in.from
				seen[e.Feature().Key] = true
				if a := &e.Feature().Attributes; a.Width < width || a.Condition == "poor" {
					continue
				}
				for _, open := range without(in, closed[s.Edge]) {
					figures[i].Amount += open.to - open.from
				}
			}
		}
		for _, s := range own {
			taken[s.Edge] = union(taken[s.Edge], span{s.From, s.To})
		}
		figures[i].Features = len(seen)
	}
}

// union adds a stretch to some that are in order and apart.
func union(all []span, s span) []span {
	all = append(slices.Clone(all), s)
	slices.SortFunc(all, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	joined := all[:1]
	for _, s := range all[1:] {
		if last := &joined[len(joined)-1]; s.from <= last.to {
			last.to = max(last.to, s.to)
		} else {
			joined = append(joined, s)
		}
	}
	return joined
}

// without are the parts of a stretch that are in none of others, which are in
// order and apart.
func without(s span, others []span) (out []span) {
	for _, o := range others {
		if o.to <= s.from || o.from >= s.to {
			continue
		}
		if o.from-s.from >= shortest {
			out = append(out, span{s.from, o.from})
		}
		s.from = o.to
	}
	if s.to-s.from >= shortest {
		out = append(out, s)
	}
	return out
}

// byRoad tells of the groups of a crowd whether they live within some metres of
// land on foot along the roads, from the door: land is entered from each road
// within OffRoad of it. Closures come and go, and do not count.
func (c *City) byRoad(crowd *Crowd, lands []orb.MultiPolygon, metres float64) []bool {
	entered := map[uint32][]span{}
	usable := func(edge uint32) bool {
		along, against := crowd.walker.Speed(&c.net.Edges[edge].Feature().Attributes)
		return along > 0 || against > 0
	}
	for _, l := range lands {
		for _, s := range c.net.Cover(l, OffRoad, nil) {
			if usable(s.Edge) {
				entered[s.Edge] = union(entered[s.Edge], span{s.From, s.To})
			}
		}
	}
	const unit = 100 // cm
	limit := uint32(math.Floor(metres * unit))
	s := c.searches.Get().(*search)
	defer c.searches.Put(s)
	s.now++
	s.queue = s.queue[:0]
	for edge, spans := range entered {
		e := &c.net.Edges[edge]
		s.reach(e.From, uint32(spans[0].from*unit), 0)
		s.reach(e.To, uint32((e.Length-spans[len(spans)-1].to)*unit), 0)
	}
	for len(s.queue) > 0 {
		it := s.pop()
		if it.time > s.time[it.id] {
			continue
		}
		for arc := c.net.FirstOut[it.id]; arc < c.net.FirstOut[it.id+1]; arc++ {
			edge, _ := c.net.Edge(arc)
			if t := it.time + uint32(c.net.Edges[edge].Length*unit); t <= limit && usable(edge) {
				s.reach(c.net.Head[arc], t, 0)
			}
		}
	}
	near := make([]bool, len(crowd.Groups))
	for i := range crowd.Groups {
		p := &crowd.Groups[i].Place
		e := &c.net.Edges[p.Edge]
		best := math.Inf(1)
		if s.round[e.From] == s.now {
			best = min(best, float64(s.time[e.From])/unit+p.Along)
		}
		if s.round[e.To] == s.now {
			best = min(best, float64(s.time[e.To])/unit+e.Length-p.Along)
		}
		for _, in := range entered[p.Edge] {
			best = min(best, max(in.from-p.Along, p.Along-in.to, 0))
		}
		near[i] = p.Distance+best <= metres
	}
	return near
}
