package evac

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/simtaru/simtaru/internal/evac/cch"
	"github.com/simtaru/simtaru/internal/evac/flow"
	"github.com/simtaru/simtaru/internal/evac/network"
	"github.com/simtaru/simtaru/internal/plan"
)

// Exodus asks for a plan by which all who are in danger leave: who, when, by
// which roads, and to which shelter. Its clock begins with the hazard, and has
// whole steps.
type Exodus struct {
	// Profile is how everybody goes, one of City.Profiles; but nobody is faster than a crowd.
	Profile string
	// Hazard is one of Hazards, and who is in its zones leaves; empty: everybody.
	Hazard string
	// Horizon is when people must have arrived.
	Horizon, Step time.Duration
	// Arrival is when the hazard is in all its zones; nil: as they say.
	Arrival *time.Duration
	// People leave home evenly from First to Last.
	First, Last time.Duration
	// Without are shelters, by id, that are not there.
	Without []int64
	// Closed roads are so beside those that are closed now: what comes within 3 m of it.
	Closed orb.Geometry
	// Groups are who lives where, mostly those of City.Crowd.
	Groups []Group
}

// Draft is the city as a problem of flows over time, and what its parts are on
// the roads.
type Draft struct {
	flow.Problem
	// Safe people were left out since they are in no zone of the hazard.
	Safe int
	// Lost is what the problem does not have of the city.
	Lost Lost

	lane   *lane
	step   int64 // ms
	links  []link
	people []Group  // by group of the problem
	halls  []int    // by shelter of the problem, its number in the lane
	first  []uint32 // by node of the problem: a node of the network; None for homes and shelters
}

// Lost is what a Draft is simplified by.
type Lost struct {
	// Moved are the m that people were moved along their road, to live at one
	// place of it: the mean of all.
	Moved float64
	// Nodes and Edges are those of the network that the profile may use.
	Nodes, Edges int
}

// link is what an edge of a problem is on the roads.
type link struct {
	kind     linkKind
	from, to uint32 // nodes of the network or, beyond them, homes and shelters
	legs     []leg  // in order; their ends are in ms from the start
	ms       int64
	area     float64 // m2
	capacity int
	deadline int64 // ms at which it must have been left; never: none
}

type linkKind int8

const (
	onStreet linkKind = iota
	fromHome
	toShelter
)

func (k linkKind) String() string { return [...]string{"street", "leaving", "entering"}[k] }

// mostMoments bounds the network over time: nodes and edges by steps, of which each
// takes 4 to 30 bytes.
const mostMoments = 40_000_000

// Draft makes the problem of a plan. It costs a lane and some passes over the
// edges: a second for a city.
func (c *City) Draft(x Exodus) (*Draft, error) {
	b, err := c.drafting(&x)
	if err != nil {
		return nil, err
	}
	d := b.Draft
	b.streets()
	b.contract()
	b.number()
	if cells := (len(d.Nodes) + len(d.Edges)) * (d.Steps + 1); cells > mostMoments {
		return nil, &plan.Error{Kind: plan.Unprocessable, Code: "plan-too-large", At: "step_s", Message: plan.Text{
			ID: fmt.Sprintf("Kota ini terlalu besar untuk %d langkah waktu. Pakailah langkah yang lebih panjang atau waktu yang lebih singkat.", d.Steps),
			EN: fmt.Sprintf("This city is too large for %d steps of time. Take longer steps or less time.", d.Steps),
		}}
	}
	return d, nil
}

// CheckExodus tells what there can be no draft for, but that it is too large: no
// roads, nobody in danger, no shelter. It costs a tenth of the draft.
func (c *City) CheckExodus(x Exodus) error {
	_, err := c.drafting(&x)
	return err
}

// drafting begins a draft with who is in danger.
func (c *City) drafting(x *Exodus) (*drafting, error) {
	if len(c.net.Edges) == 0 {
		return nil, noRoads()
	}
	l, err := c.supposed(x)
	if err != nil {
		return nil, err
	}
	d := &Draft{lane: l, step: x.Step.Milliseconds()}
	d.Steps = int(x.Horizon / x.Step)
	b := &drafting{Draft: d, x: x, due: x.due(l.hazard)}
	if err := l.wide(x.Step); err != nil {
		return nil, err
	}
	if len(l.usable) == 0 {
		return nil, &plan.Error{Kind: plan.Unprocessable, Code: "no-shelter-with-room", Message: plan.Text{
			ID: "Tidak ada tempat evakuasi yang terbuka, cocok, terjangkau jalan, dan masih menerima orang.",
			EN: "There is no shelter that is open, suits, is reached by a road, and has room.",
		}}
	}
	if b.inhabit(); len(b.homes) == 0 {
		return nil, &plan.Error{Kind: plan.Unprocessable, Code: "nobody-to-evacuate", Message: plan.Text{
			ID: "Tidak ada orang yang tercatat di kawasan bahaya ini.", EN: "Nobody is recorded in the zones of this hazard.",
		}}
	}
	return b, nil
}

// wide refuses steps in which a road does not let anybody in: it would be closed.
func (l *lane) wide(step time.Duration) error {
	for i := range l.net.Edges {
		a := &l.net.Edges[i].Feature().Attributes
		if along, against := l.profile.Speed(a); (along > 0 || against > 0) && a.Passable()*l.profile.Crowd.Flow*step.Seconds() < 1 {
			return &plan.Error{Kind: plan.Unprocessable, Code: "step-too-short", At: "step_s", Message: plan.Text{
				ID: "Langkah waktu ini terlalu pendek: dalam satu langkah jalan tersempit tidak dilalui satu orang pun.", EN: "This step of time is too short: in one step nobody gets into the narrowest road.",
			}}
		}
	}
	return nil
}

// due are the deadlines from the beginning of the hazard.
func (x *Exodus) due(h *hazard) deadlines {
	d := deadlines{hazard: h}
	if x.Arrival != nil {
		ms := x.Arrival.Milliseconds()
		d.all = &ms
	}
	return d
}

func noRoads() error {
	return &plan.Error{Kind: plan.Unprocessable, Code: "no-roads", Message: plan.Text{
		ID: "Rencana ini belum berisi jalan.", EN: "The plan has no roads yet.",
	}}
}

// supposed is the lane of a city without some shelters and with more closed.
func (c *City) supposed(x *Exodus) (*lane, error) {
	n := *c
	for _, id := range x.Without {
		i := slices.IndexFunc(n.shelters, func(s *Shelter) bool { return s.ID == id })
		if i < 0 {
			return nil, &plan.Error{Kind: plan.Unprocessable, Code: "no-such-shelter", At: "without_shelters", Message: plan.Text{
				ID: fmt.Sprintf("Tidak ada tempat evakuasi nomor %d.", id), EN: fmt.Sprintf("There is no shelter number %d.", id),
			}}
		}
		n.shelters = slices.Delete(slices.Clone(n.shelters), i, i+1)
	}
	if x.Closed != nil {
		covered := n.net.Cover(x.Closed, verge, nil)
		if len(covered) == 0 {
			return nil, &plan.Error{Kind: plan.Unprocessable, Code: "nothing-closed", At: "closed", Message: plan.Text{
				ID: "Tidak ada jalan dalam 3 m dari yang hendak ditutup. Bujur lebih dahulu, lalu lintang.", EN: "No road is within 3 m of what is to be closed. Longitude comes first, then latitude.",
			}}
		}
		n.held = map[network.Travel]network.Stretches{}
		for t, held := range c.held {
			all := network.Stretches{}
			for edge, s := range held {
				all[edge] = slices.Clone(s)
			}
			for _, s := range covered {
				all[s.Edge] = append(all[s.Edge], network.Stretch{From: s.From, To: s.To})
			}
			n.held[t] = all
		}
	}
	return newLane(&n, setting{x.Profile, x.Hazard})
}

// A drafting is a draft in the making.
type drafting struct {
	*Draft
	x     *Exodus
	due   deadlines
	homes []household
	all   []link
	dead  []bool
	out   map[uint32][]int32 // links by node, dead ones too
	in    map[uint32][]int32
}

// household is where the people of a road live, as one place.
type household struct {
	node   uint32
	at     Place
	groups []Group
}

// together is within how many m of a road people live as one place, and mostHomes
// how many such places there may be: where there are more, it is doubled.
const (
	together  = 25
	mostHomes = 8000
)

// inhabit puts the people who are in danger together by road.
func (b *drafting) inhabit() {
	var all []Group
	for _, g := range b.x.Groups {
		switch {
		case g.People == 0:
		case b.x.Hazard != "" && !b.lane.hazard.endangers(g):
			b.Safe += int(g.People)
		default:
			all = append(all, b.placed(g))
		}
	}
	slices.SortStableFunc(all, func(p, q Group) int {
		return cmp.Or(cmp.Compare(p.Place.Edge, q.Place.Edge), cmp.Compare(p.Place.Along, q.Place.Along))
	})
	for within := float64(together); ; within *= 2 {
		if b.settle(all, within); len(b.homes) <= mostHomes || within > 1e5 {
			return
		}
	}
}

// placed moves people whose road is closed, or not for the profile, to the nearest
// place from which there is a way; where there is none they stay, and have none.
func (b *drafting) placed(g Group) Group {
	if len(b.lane.begin(g.Place).access) > 0 {
		return g
	}
	near := b.lane.net.Locate(network.Nearby{Point: g.At, Within: Reach, Profile: b.lane.profile, Held: b.lane.held})
	if len(near) > 0 {
		g.Place = near[0]
	}
	return g
}

// settle makes homes of groups, which are in order along the roads.
func (b *drafting) settle(all []Group, within float64) {
	b.homes = b.homes[:0]
	moved, people := 0.0, 0
	for i := 0; i < len(all); {
		first, k := all[i].Place, i+1
		// Where one lives decides by which end one leaves a road that is closed somewhere.
		if len(b.lane.held[first.Edge]) == 0 && !b.lane.hazard.divides(first.Edge) {
			for k < len(all) && all[k].Place.Edge == first.Edge && all[k].Place.Along <= first.Along+within {
				k++
			}
		}
		h := household{b.home(), Place{Edge: first.Edge}, all[i:k]}
		sum := 0
		for _, g := range h.groups {
			sum += int(g.People)
			h.at.Along += float64(g.People) * g.Place.Along
			h.at.Distance += float64(g.People) * g.Place.Distance
		}
		h.at.Along, h.at.Distance = h.at.Along/float64(sum), h.at.Distance/float64(sum)
		for _, g := range h.groups {
			moved += float64(g.People) * math.Abs(g.Place.Along-h.at.Along)
		}
		people += sum
		b.homes = append(b.homes, h)
		i = k
	}
	b.Lost.Moved = moved / float64(max(people, 1))
}

func (b *drafting) home() uint32 { return uint32(len(b.lane.net.Nodes) + len(b.homes)) }

func (b *drafting) shelter(target int) uint32 {
	return uint32(len(b.lane.net.Nodes) + len(b.homes) + target)
}

// streets makes a link of each arc, home and door.
func (b *drafting) streets() {
	n, l := b.lane.net, b.lane
	b.out, b.in = map[uint32][]int32{}, map[uint32][]int32{}
	used := map[uint32]bool{}
	for arc := range n.Head {
		weight := l.metric.Weight(uint32(arc))
		if weight >= cch.Inf {
			continue
		}
		edge, back := n.Edge(uint32(arc))
		e := &n.Edges[edge]
		g := leg{edge: edge, from: 0, to: e.Length}
		from, to := e.From, e.To
		if back {
			g.from, g.to, from, to = g.to, g.from, to, from
		}
		used[from], used[to] = true, true
		b.Lost.Edges++
		if from != to {
			b.link(onStreet, from, to, g, weight, 0)
		}
	}
	b.Lost.Nodes = len(used)
	for _, h := range b.homes {
		o := l.begin(h.at)
		for k, a := range o.access {
			b.link(fromHome, h.node, a.Node, leg{edge: h.at.Edge, from: h.at.Along, to: o.ends[k]}, a.Cost, h.at.Distance)
		}
		for _, e := range l.on[h.at.Edge] {
			door := l.doors[e.target].places[e.access]
			if t := l.direct(h.at, door); t < cch.Inf {
				b.link(fromHome, h.node, b.shelter(e.target), leg{edge: h.at.Edge, from: h.at.Along, to: door.Along}, t+e.cost+l.walk(h.at.Distance), h.at.Distance+door.Distance)
			}
		}
	}
	for target, d := range l.doors {
		for k, a := range d.access {
			p := d.places[d.place[k]]
			b.link(toShelter, a.Node, b.shelter(target), leg{edge: p.Edge, from: d.ends[k], to: p.Along}, a.Cost, p.Distance)
		}
	}
	b.dead = make([]bool, len(b.all))
}

// link adds one of a stretch of an edge, and off m beside the roads.
func (b *drafting) link(kind linkKind, from, to uint32, g leg, ms uint32, off float64) {
	crowd := b.lane.profile.Crowd
	metres := math.Abs(g.to - g.from)
	width := b.lane.net.Edges[g.edge].Feature().Attributes.Passable()
	k := link{
		kind: kind, from: from, to: to, ms: max(int64(ms), int64(math.Ceil((metres+off)/crowd.Speed*1000))), area: metres * width,
		capacity: int(width * crowd.Flow * float64(b.step) / 1000), deadline: b.due.of(g.edge),
	}
	g.end = uint32(min(k.ms, int64(cch.Inf-1)))
	k.legs = []leg{g}
	if k.capacity == 0 {
		return
	}
	b.out[from] = append(b.out[from], int32(len(b.all)))
	b.in[to] = append(b.in[to], int32(len(b.all)))
	b.all = append(b.all, k)
}

// endangers reports whether people live in a zone, or where they come to the road
// is in one.
func (h *hazard) endangers(g Group) bool {
	if h == nil {
		return false
	}
	p := g.Place
	if f := h.fronts[p.Edge]; f != nil && slices.ContainsFunc(f.bands, func(b band) bool { return b.from <= p.Along && p.Along <= b.to }) {
		return true
	}
	return slices.ContainsFunc(h.zones, func(z zone) bool {
		area, ok := z.shape.(orb.MultiPolygon)
		return ok && z.box.Contains(g.At) && planar.MultiPolygonContains(area, g.At)
	})
}

// divides reports whether the rule closes an edge somewhere, in a direction.
func (h *hazard) divides(edge uint32) bool {
	if h == nil || h.fronts[edge] == nil {
		return false
	}
	f := h.fronts[edge]
	return len(f.rises)+len(f.falls) > 0
}
