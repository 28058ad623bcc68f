package evac

import (
	"cmp"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/simtaru/simtaru/internal/evac/network"
	"github.com/simtaru/simtaru/internal/indicator/land"
	"github.com/simtaru/simtaru/internal/mirror"
)

// Crowd is where people live, as whole people on the network. It is immutable,
// its slices included, and safe for any number of readers.
//
// A gampong has as many people as its boundary says. They live where occupants
// of buildings are known, as many as are known; the others of the gampong in
// dwellings whose occupants are not, by their footprint and storeys. Where all
// are known, or more than there are people, occupants are scaled to the people.
// Where there is no dwelling, people live along the roads, by their length. A
// gampong whose people nobody has counted has the occupants that are known, and
// says that they are not all.
// Everybody is placed at the nearest road that can be walked, closed or not.
type Crowd struct {
	// Areas are the gampong in the order of their codes; where occupants live
	// outside of all, one without a code follows.
	Areas []Area
	// Groups are the people with a road within Reach, by area: those of a building,
	// or of a stretch of road.
	Groups []Group

	net      *network.Network
	walker   *network.Profile
	quarters []*quarter // by area
}

// Area is a gampong.
type Area struct {
	ID             int64 // of its boundary
	Code, Name     string
	District       string // the kecamatan's name
	People, Placed int    // Placed are those who are in groups
	Basis          Basis
}

// Basis is by what the people of an area are placed.
type Basis string

// The bases.
const (
	ByOccupants Basis = "occupants" // of buildings
	ByDwellings Basis = "dwellings" // by the storeys of dwellings
	ByBoth      Basis = "both"      // occupants where known, dwellings for the rest
	ByRoads     Basis = "roads"     // by the length of roads
	Uncounted   Basis = "uncounted" // nobody has counted; occupants that are known are there
)

// Group is people who live at one place.
type Group struct {
	Area   int32     // of Crowd.Areas
	At     orb.Point // lon, lat
	Place  network.Place
	People int32 // at least 1
}

// quarter is an area and what may be lived in. It is immutable.
type quarter struct {
	Area
	population *int64
	land       orb.MultiPolygon
	box        orb.Bound
	homes      []home // buildings, by id
	strips     []home // stretches of road, where there is no dwelling
}

// home is where people live.
type home struct {
	id        int64 // of the building
	at        orb.Point
	occupants int64   // negative: not known
	size      float64 // m2 of a dwelling's storeys, or m of road
	people    int32
	place     network.Place // of who lives there; Edge is None where no road is near
}

// Crowd is where people live. It is made at the first question, half a second for 50,000
// buildings, and follows edits of buildings and roads for as long as anybody
// asks.
func (c *City) Crowd() *Crowd { return c.crowd.get() }

// census makes a crowd when it is first asked for.
type census struct {
	mu       sync.Mutex // of who makes it
	made     atomic.Pointer[Crowd]
	used     atomic.Int64 // when it was last asked for, in ns
	net      *network.Network
	walker   *network.Profile
	boundary table
	building table
}

func newCensus(c *City, v mirror.View) *census {
	return &census{net: c.net, walker: c.profile("foot"), boundary: tableOf(v, boundaryLayer), building: tableOf(v, buildingLayer)}
}

func (s *census) get() *Crowd {
	s.used.Store(time.Now().UnixNano())
	if c := s.made.Load(); c != nil {
		return c
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.made.Load(); c != nil {
		return c
	}
	c := newCrowd(s)
	s.made.Store(c)
	return c
}

// manyBuildings is the number of changed buildings from which a crowd is made
// anew.
const manyBuildings = 2000

// next is the census after changes; d is nil where the roads are as they were.
// It never waits for a crowd that is being made, nor makes one from nothing.
func (s *census) next(c *City, v mirror.View, changed news, d *network.Delta) *census {
	if d == nil && changed[boundaryLayer] == nil && changed[buildingLayer] == nil {
		return s
	}
	n := newCensus(c, v)
	n.used.Store(s.used.Load())
	old := s.made.Load()
	if old == nil || changed[boundaryLayer] != nil || len(changed[buildingLayer]) > manyBuildings || time.Since(time.Unix(0, s.used.Load())) > idle {
		return n
	}
	crowd := &Crowd{net: c.net, walker: old.walker, quarters: slices.Clone(old.quarters)}
	if d != nil {
		crowd.rejoin(old.net, d)
	}
	crowd.rehouse(n.building, changed[buildingLayer])
	crowd.gather()
	n.made.Store(crowd)
	return n
}

func newCrowd(s *census) *Crowd {
	c := &Crowd{net: s.net, walker: s.walker}
	for r := range s.boundary.all {
		q := &quarter{
			Area:       Area{ID: r.ID, Code: get[string](r, "kode"), Name: get[string](r, "nama"), District: get[string](r, "kecamatan")},
			population: maybe[int64](r, "population"), box: r.Bound,
		}
		q.land, _ = r.Geometry.(orb.MultiPolygon)
		c.quarters = append(c.quarters, q)
	}
	slices.SortStableFunc(c.quarters, func(a, b *quarter) int { return cmp.Compare(a.Code, b.Code) })
	c.quarters = append(c.quarters, &quarter{}) // of those who live outside of all
	for r := range s.building.all {
		if h, ok := homeOf(r); ok {
			q := c.quarters[c.quarterAt(h.at)]
			q.homes = append(q.homes, h)
		}
	}
	for i := range c.quarters {
		c.settle(i)
	}
	c.gather()
	return c
}

// homeOf reads a building; false where nobody may live.
func homeOf(r row) (home, bool) {
	g, ok := r.Geometry.(orb.MultiPolygon)
	if !ok {
		return home{}, false
	}
	h := home{id: r.ID, occupants: -1, place: network.Place{Edge: network.None}}
	if n, ok := value[int64](r, "occupants"); ok {
		h.occupants = min(max(n, 0), math.MaxInt32)
	}
	if use := get[string](r, "use"); use == "" || use == "residential" || use == "mixed" {
		h.size = land.Measure(g) * float64(max(get[int64](r, "floors"), 1))
	}
	h.at, _ = planar.CentroidArea(g)
	return h, h.occupants > 0 || h.size > 0
}

// quarterAt is that in which a place lies, of several the one of the smallest
// code; the last where it is in none.
func (c *Crowd) quarterAt(p orb.Point) int {
	last := len(c.quarters) - 1
	for i, q := range c.quarters[:last] {
		if q.land != nil && q.box.Contains(p) && land.At(land.Unit{Geometry: q.land}, p).All > 0 {
			return i
		}
	}
	return last
}

// settle says how many people live in which homes of a quarter, and where on the
// network those are that are not placed yet.
func (c *Crowd) settle(i int) {
	q := c.quarters[i]
	known, empty, sizes := 0, 0, 0.0
	for k := range q.homes {
		h := &q.homes[k]
		h.people = 0
		if h.occupants >= 0 {
			known += int(h.occupants)
		} else {
			empty++
			sizes += h.size
		}
	}
	q.People = known
	if q.population != nil {
		q.People = int(min(*q.population, math.MaxInt32))
	}
	defer func() {
		if q.population == nil && q.Code != "" {
			q.Basis = Uncounted
		}
	}()
	people := q.People
	switch {
	case people == 0:
		q.Basis = ByOccupants // nobody
	case known > 0 && (sizes == 0 || known >= people):
		q.Basis = ByOccupants
		allot(q.homes, people, func(h *home) float64 { return float64(max(h.occupants, 0)) })
	case sizes > 0:
		q.Basis = ByDwellings
		if known > 0 {
			q.Basis = ByBoth
		}
		allot(q.homes, people-known, func(h *home) float64 {
			if h.occupants >= 0 {
				return 0
			}
			return h.size
		})
		for k := range q.homes {
			if h := &q.homes[k]; h.occupants > 0 {
				h.people = int32(h.occupants)
			}
		}
	default:
		q.Basis = ByRoads
		q.strips = c.stripsOf(i)
		allot(q.strips, people, func(h *home) float64 { return h.size })
	}
	for k := range q.homes {
		if h := &q.homes[k]; h.people > 0 && h.place.Edge == network.None {
			h.place = c.locate(h.at)
		}
	}
}

// allot shares people out by weights, as whole people by the largest remainder;
// of equal ones the first has it. Homes without weight have none.
func allot(homes []home, people int, weight func(*home) float64) {
	total := 0.0
	for i := range homes {
		total += weight(&homes[i])
	}
	if total <= 0 || people <= 0 {
		return
	}
	type rest struct {
		home int
		part float64
	}
	var rests []rest
	left := people
	for i := range homes {
		w := weight(&homes[i])
		if w <= 0 {
			continue
		}
		whole, part := math.Modf(float64(people) * w / total)
		homes[i].people = int32(whole)
		left -= int(whole)
		rests = append(rests, rest{i, part})
	}
	slices.SortStableFunc(rests, func(a, b rest) int { return cmp.Compare(b.part, a.part) })
	for k := range left {
		homes[rests[k%len(rests)].home].people++
	}
}

func (c *Crowd) locate(at orb.Point) network.Place {
	if near := c.net.Locate(network.Nearby{Point: at, Within: Reach, Profile: c.walker}); len(near) > 0 {
		return near[0]
	}
	return network.Place{Edge: network.None}
}

// stripsOf are the stretches of road in a quarter, each placed at its middle.
func (c *Crowd) stripsOf(i int) (strips []home) {
	q := c.quarters[i]
	if q.land == nil {
		return nil
	}
	covered := c.net.Cover(q.land, 0, nil)
	slices.SortFunc(covered, func(a, b network.Covered) int {
		e, f := &c.net.Edges[a.Edge], &c.net.Edges[b.Edge]
		k, l := e.Feature().Key, f.Feature().Key
		return cmp.Or(cmp.Compare(k.Layer, l.Layer), cmp.Compare(k.ID, l.ID), cmp.Compare(e.Part.No, f.Part.No), cmp.Compare(e.Start, f.Start), cmp.Compare(a.From, b.From))
	})
	for _, s := range covered {
		e := &c.net.Edges[s.Edge]
		along, against := c.walker.Speed(&e.Feature().Attributes)
		if e.Laid || s.To-s.From < shortest || along <= 0 && against <= 0 {
			continue
		}
		mid := (s.From + s.To) / 2
		half := stretchOf(e.Line, 0, mid)
		at := half[len(half)-1]
		if c.quarterAt(at) != i {
			continue
		}
		strips = append(strips, home{at: at, size: s.To - s.From, place: network.Place{Edge: s.Edge, Along: mid, At: at}})
	}
	return strips
}

// gather puts areas and groups together.
func (c *Crowd) gather() {
	groups := 0
	for _, q := range c.quarters {
		groups += len(q.homes) + len(q.strips)
	}
	c.Groups = make([]Group, 0, groups)
	for i, q := range c.quarters {
		if i == len(c.quarters)-1 && q.People == 0 {
			break // nobody lives outside
		}
		a := q.Area
		for _, homes := range [][]home{q.homes, q.strips} {
			for k := range homes {
				if h := &homes[k]; h.people > 0 && h.place.Edge != network.None {
					c.Groups = append(c.Groups, Group{int32(i), h.at, h.place, h.people})
					a.Placed += int(h.people)
				}
			}
		}
		c.Areas = append(c.Areas, a)
	}
}

// rehouse follows edits of buildings. The quarters that they touch are made
// anew, but for where the others in them are on the network.
func (c *Crowd) rehouse(buildings table, changed map[int64]bool) {
	touched := map[int]bool{}
	edit := func(i int) *quarter {
		if !touched[i] {
			touched[i] = true
			q := *c.quarters[i]
			q.homes, q.strips = slices.Clone(q.homes), nil
			c.quarters[i] = &q
		}
		return c.quarters[i]
	}
	find := func(q *quarter, id int64) (int, bool) {
		return slices.BinarySearchFunc(q.homes, id, func(h home, id int64) int { return cmp.Compare(h.id, id) })
	}
	for id := range changed {
		for i, q := range c.quarters {
			if k, has := find(q, id); has {
				q = edit(i)
				q.homes = slices.Delete(q.homes, k, k+1)
			}
		}
		r, ok := buildings.get(id)
		if !ok {
			continue
		}
		if h, ok := homeOf(r); ok {
			q := edit(c.quarterAt(h.at))
			k, _ := find(q, id)
			q.homes = slices.Insert(q.homes, k, h)
		}
	}
	for i := range touched {
		c.settle(i)
	}
}

// rejoin follows edits of roads: who lived at a road that is gone, or nearer to
// one that is new, is placed again.
func (c *Crowd) rejoin(old *network.Network, d *network.Delta) {
	var boxes []orb.Bound // of what is new, and then of what is gone
	fresh := make(map[uint32]bool, len(d.Fresh))
	for _, edge := range d.Fresh {
		fresh[edge] = true
		boxes = append(boxes, c.net.Edges[edge].Line.Bound())
	}
	added := boxes
	for edge, now := range d.Edges {
		if now == network.None {
			boxes = append(boxes, old.Edges[edge].Line.Bound())
		}
	}
	all := around(added)
	moved := func(homes []home) []home {
		homes = slices.Clone(homes)
		for i := range homes {
			h := &homes[i]
			if h.people == 0 {
				h.place = network.Place{Edge: network.None} // if ever, it is found then
				continue
			}
			near, lost := float64(Reach), false
			if h.place.Edge != network.None {
				near, h.place.Edge = h.place.Distance, d.Edges[h.place.Edge]
				lost = h.place.Edge == network.None || fresh[h.place.Edge]
			}
			if lost || meets(h.at, near, all, added) {
				h.place = c.locate(h.at)
			}
		}
		return homes
	}
	for i := range c.quarters {
		q := *c.quarters[i]
		c.quarters[i] = &q
		q.homes = moved(q.homes)
		switch {
		case q.Basis != ByRoads:
		case slices.ContainsFunc(boxes, q.box.Intersects):
			c.settle(i)
		default:
			q.strips = slices.Clone(q.strips)
			for k := range q.strips {
				q.strips[k].place.Edge = d.Edges[q.strips[k].place.Edge]
			}
		}
	}
}

func around(boxes []orb.Bound) orb.Bound {
	if len(boxes) == 0 {
		return orb.Bound{Min: orb.Point{1, 1}, Max: orb.Point{0, 0}}
	}
	all := boxes[0]
	for _, b := range boxes {
		all = all.Union(b)
	}
	return all
}

// meets reports whether one of some boxes, all of which are in one, may have a
// point within a distance in m of a place.
func meets(p orb.Point, metres float64, all orb.Bound, boxes []orb.Bound) bool {
	lon, lat := land.Metres(p[1])
	x, y := 1.001*metres/lon, 1.001*metres/lat
	near := orb.Bound{Min: orb.Point{p[0] - x, p[1] - y}, Max: orb.Point{p[0] + x, p[1] + y}}
	return near.Intersects(all) && slices.ContainsFunc(boxes, near.Intersects)
}
