package evac

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/simtaru/simtaru/internal/evac/cch"
	"github.com/simtaru/simtaru/internal/evac/network"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// roads are the network and what is made of its shape alone.
type roads struct {
	net       *network.Network
	hierarchy *cch.Hierarchy
	queries   *sync.Pool // of *cch.Query
	searches  *sync.Pool // of *search
	edits     int        // since the last order from nothing
}

// mostEdits is how many edits go by before the nodes are ordered anew, so that
// the hierarchy does not grow with each.
const mostEdits = 500

func newRoads(features []*network.Feature) (*roads, error) {
	n := network.New(features, network.Options{})
	order, err := cch.NewOrder(graph(n), n.Nodes)
	if err != nil {
		return nil, fmt.Errorf("order the roads: %w", err)
	}
	return roadsFrom(n, order, 0)
}

func graph(n *network.Network) cch.Graph { return cch.Graph{FirstOut: n.FirstOut, Head: n.Head} }

func roadsFrom(n *network.Network, order cch.Order, edits int) (*roads, error) {
	h, err := cch.New(graph(n), order)
	if err != nil {
		return nil, fmt.Errorf("contract the roads: %w", err)
	}
	return &roads{
		net: n, hierarchy: h, edits: edits,
		queries:  &sync.Pool{New: func() any { return h.NewQuery() }},
		searches: &sync.Pool{New: func() any { return newSearch(len(n.Nodes)) }},
	}, nil
}

func (r *roads) edit(changes []network.Change) (*roads, *network.Delta, error) {
	n, d := r.net.Apply(changes)
	var order cch.Order
	var err error
	edits := r.edits + 1
	if edits > mostEdits {
		edits = 0
		order, err = cch.NewOrder(graph(n), n.Nodes)
	} else {
		order, err = cch.Reorder(graph(n), n.Nodes, r.hierarchy.Order(), d.Nodes)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("order the roads: %w", err)
	}
	next, err := roadsFrom(n, order, edits)
	return next, d, err
}

// City is all that questions are answered from, at one moment. It is immutable
// and safe for concurrent use.
type City struct {
	*roads
	profiles []*network.Profile
	closures []closure
	held     map[network.Travel]network.Stretches
	shelters []*Shelter
	hazards  map[string]*hazard // by code, of those that have zones
	events   []*Event
	lanes    map[setting]*slot
	crowd    *census
	told     *told
	wards    []ward
	packs    *packs

	// GraphVersion, ShelterVersion and HazardVersion identify the roads, the
	// shelters, and the zones and events, on every server and after every restart.
	GraphVersion, ShelterVersion, HazardVersion string
	// AsOf is when the plan that the city is made from last agreed with the
	// database.
	AsOf time.Time
	// until is when a closure next begins or ends; zero: never.
	until time.Time
}

// slot is a lane that is made when it is first asked for.
type slot struct {
	mu   sync.Mutex
	lane *lane
	used atomic.Int64 // when it was last asked for, in ns
}

// idle is how long a lane is kept up to date when nobody asks for it.
const idle = 2 * time.Minute

// Hazards lists the hazards that may be asked for, whether there are zones of
// them or not: those that shelters say whether they are for.
func Hazards() []string {
	all := make([]string, 0, len(suiting))
	for h := range suiting {
		all = append(all, h)
	}
	slices.Sort(all)
	return all
}

// Profiles lists how one may go.
func (c *City) Profiles() []*network.Profile { return c.profiles }

// Shelters lists all there are, whether people are sent to them or not, in the
// order of their numbers.
func (c *City) Shelters() []*Shelter { return c.shelters }

func (c *City) profile(id string) *network.Profile {
	if i := slices.IndexFunc(c.profiles, func(p *network.Profile) bool { return p.ID == id }); i >= 0 {
		return c.profiles[i]
	}
	return nil
}

// lane is made at the first question of its setting.
func (c *City) lane(s setting) (*lane, error) {
	slot := c.lanes[s]
	slot.used.Store(time.Now().UnixNano())
	slot.mu.Lock()
	defer slot.mu.Unlock()
	if slot.lane != nil {
		return slot.lane, nil
	}
	var err error
	slot.lane, err = newLane(c, s)
	return slot.lane, err
}

// made is the lane if somebody has asked for it lately.
func (s *slot) made() *lane {
	if time.Since(time.Unix(0, s.used.Load())) > idle {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lane
}

// newCity makes a city from the plan.
func newCity(v mirror.View, now time.Time) (*City, error) {
	c := &City{}
	var err error
	if c.profiles, err = network.Profiles(); err != nil {
		return nil, err
	}
	if c.roads, err = newRoads(roadsOf(v)); err != nil {
		return nil, err
	}
	c.survey(v)
	c.hold(v, now)
	c.shelters = sheltersOf(v)
	c.announce(v)
	c.crowd, c.told = newCensus(c, v), &told{}
	c.wards = wardsOf(tableOf(v, boundaryLayer))
	c.vacate()
	c.mark(v)
	return c, nil
}

// survey finds what zones mean for the roads.
func (c *City) survey(v mirror.View) {
	by := map[string][]zone{}
	for _, z := range zonesOf(v) {
		by[z.hazard] = append(by[z.hazard], z)
	}
	c.hazards = make(map[string]*hazard, len(by))
	for code, zones := range by {
		c.hazards[code] = newHazard(c.net, zones)
	}
}

// hold finds the stretches that are closed or slow at a moment.
func (c *City) hold(v mirror.View, now time.Time) {
	c.closures = closuresOf(v)
	c.held = map[network.Travel]network.Stretches{}
	for _, t := range network.Travels() {
		c.held[t] = network.Stretches{}
	}
	c.until = time.Time{}
	next := func(t time.Time) {
		if t.After(now) && (c.until.IsZero() || t.Before(c.until)) {
			c.until = t
		}
	}
	for i := range c.closures {
		k := &c.closures[i]
		next(k.starts)
		next(k.until)
		if !k.holds(now) {
			continue
		}
		for _, s := range c.net.Cover(k.shape, 0, k.level) {
			for t, held := range c.held {
				if f := k.factor(t); f < 1 {
					held[s.Edge] = append(held[s.Edge], network.Stretch{From: s.From, To: s.To, Speed: f})
				}
			}
		}
	}
}

// vacate gives the city lanes and packs that are all still to be made.
func (c *City) vacate() {
	hazards := append(Hazards(), "")
	for h := range c.hazards {
		hazards = append(hazards, h)
	}
	c.lanes, c.packs = map[setting]*slot{}, &packs{}
	for _, p := range c.profiles {
		for _, h := range hazards {
			c.lanes[setting{p.ID, h}] = &slot{}
		}
	}
}

func (c *City) mark(v mirror.View) {
	c.GraphVersion = versionOf(v, lines...)
	c.ShelterVersion = versionOf(v, shelterLayer)
	c.HazardVersion = versionOf(v, zoneLayer, eventLayer)
}

// versionOf identifies the content of layers.
func versionOf(v mirror.View, layers ...string) string {
	h := fnv.New64a()
	for _, l := range layers {
		fmt.Fprintf(h, "%s %d\n", l, tableOf(v, l).version())
	}
	return fmt.Sprintf("%016x", h.Sum64())
}

// news says which features of which layers have changed.
type news map[string]map[int64]bool

func newsOf(changes []plan.Change) news {
	n := news{}
	for _, c := range changes {
		if n[c.Layer] == nil {
			n[c.Layer] = map[int64]bool{}
		}
		n[c.Layer][c.Feature] = true
	}
	return n
}

// only reports whether no other layers have changed.
func (changed news) only(layers ...string) bool {
	for l := range changed {
		if !slices.Contains(layers, l) {
			return false
		}
	}
	return true
}

// next makes the city after changes. Lanes that were in use are made before
// anybody waits for them; how few they touch is what makes a closure quick.
func (c *City) next(v mirror.View, changed news, now time.Time) (*City, error) {
	n := *c
	edits := c.edited(v, changed)
	var d *network.Delta
	if len(edits) > 0 {
		var err error
		if n.roads, d, err = c.edit(edits); err != nil {
			return nil, err
		}
		n.hazards = make(map[string]*hazard, len(c.hazards))
		for code, h := range c.hazards {
			n.hazards[code] = h.follow(n.net, d)
		}
	}
	if changed[zoneLayer] != nil {
		n.survey(v)
	}
	if changed[closureLayer] != nil || len(edits) > 0 || !c.until.IsZero() && !now.Before(c.until) {
		n.hold(v, now)
	}
	if changed[shelterLayer] != nil {
		n.shelters = sheltersOf(v)
	}
	if changed[eventLayer] != nil || changed[zoneLayer] != nil || len(edits) > 0 {
		n.announce(v)
	}
	n.crowd, n.told = c.crowd.next(&n, v, changed, d), &told{}
	if changed[boundaryLayer] != nil {
		n.wards = wardsOf(tableOf(v, boundaryLayer))
	}
	n.mark(v)
	if (c.until.IsZero() || now.Before(c.until)) && changed.only(boundaryLayer, buildingLayer) {
		return &n, nil // nothing of the lanes depends on these
	}
	n.vacate()
	same := len(edits) == 0 && changed[zoneLayer] == nil
	for s, slot := range c.lanes {
		old, to := slot.made(), n.lanes[s]
		if old == nil || to == nil {
			continue
		}
		var l *lane
		var err error
		if same {
			l, err = old.next(&n, s)
		} else {
			l, err = newLane(&n, s)
		}
		if err != nil {
			return nil, err
		}
		to.lane = l
		to.used.Store(slot.used.Load())
	}
	return &n, nil
}

// edited lists the changes of roads, in the order of their keys.
func (c *City) edited(v mirror.View, changed news) (edits []network.Change) {
	for layer, name := range lines {
		t := tableOf(v, name)
		for id := range changed[name] {
			e := network.Change{Key: network.Key{Layer: layer, ID: id}}
			if r, ok := t.get(id); ok {
				e.Feature, _ = road(layer, r)
			}
			edits = append(edits, e)
		}
	}
	slices.SortFunc(edits, func(a, b network.Change) int { return cmp.Or(cmp.Compare(a.Layer, b.Layer), cmp.Compare(a.ID, b.ID)) })
	return edits
}
