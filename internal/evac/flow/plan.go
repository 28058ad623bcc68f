package flow

import (
	"encoding/binary"
	"slices"
)

// Plan says who goes where, when and by which way.
type Plan struct {
	// Routes are lists of edges, each used by one trip or more.
	Routes [][]int
	Trips  []Trip
	Left   []Left
	// Saved people arrive in time, the sum of their steps of arrival is
	// Arrivals, and the last arrives at step Last.
	Saved, Last int
	Arrivals    int64
}

// Trip is people of one group who take the same way at one time or several:
// from home by the route to the shelter, waiting where it says.
type Trip struct {
	Group, Shelter, Route int
	Waits                 []Wait
	// Duration is how many steps after leaving home each one arrives.
	Duration   int
	Departures []Departure
}

// Wait is so many steps before the route's edge at position Before, 1 or more.
type Wait struct{ Before, Steps int }

// Departure is so many people who leave home together at a step.
type Departure struct{ Step, People int }

// Left are people of a group for whom the plan has no way, and why.
type Left struct {
	Group, People int
	Why           Reason
}

// Reason is why people are not saved.
type Reason string

// The reasons.
const (
	NoWay   Reason = "no_way"   // no open street leads to a shelter with room
	TooLate Reason = "too_late" // even alone they would not arrive in time
	NoRoom  Reason = "no_room"  // the shelters that they reach in time are full
	Crowded Reason = "crowded"  // there is room, but the streets do not carry them in time
)

// plan reads the plan off the network and takes its flow away.
func (x *expansion) plan(p *Problem) Plan {
	var plan Plan
	routes, trips := map[string]int{}, map[string]int{}
	for i := range x.sources {
		s := &x.sources[i]
		for todo := s.people - s.left; todo > 0; {
			w := x.walk(s.spot, todo)
			todo -= w.people
			w.straighten(p)
			route := key(w.edges...)
			r, known := routes[route]
			if !known {
				r = len(plan.Routes)
				routes[route] = r
				plan.Routes = append(plan.Routes, w.edges)
			}
			t, depart := w.trip(p)
			t.Group, t.Route = int(s.group), r
			same := []int{t.Group, t.Shelter, t.Route}
			for _, pause := range t.Waits {
				same = append(same, pause.Before, pause.Steps)
			}
			n, known := trips[key(same...)]
			if !known {
				n = len(plan.Trips)
				trips[key(same...)] = n
				plan.Trips = append(plan.Trips, t)
			}
			plan.Trips[n].leave(depart, int(w.people))
			plan.Saved += int(w.people)
			plan.Arrivals += int64(w.people) * int64(depart+t.Duration)
			plan.Last = max(plan.Last, depart+t.Duration)
		}
	}
	plan.Left = p.left(&plan)
	return plan
}

func key(of ...int) string {
	var k []byte
	for _, n := range of {
		k = binary.AppendUvarint(k, uint64(n))
	}
	return string(k)
}

// leave adds a departure, in the order of steps.
func (t *Trip) leave(step, people int) {
	i, there := slices.BinarySearchFunc(t.Departures, step, func(d Departure, step int) int { return d.Step - step })
	if !there {
		t.Departures = slices.Insert(t.Departures, i, Departure{Step: step})
	}
	t.Departures[i].People += people
}

// People is how many take the trip.
func (t Trip) People() int {
	n := 0
	for _, d := range t.Departures {
		n += d.People
	}
	return n
}

// walk is a way of the flow: edges and the steps at which they are entered, and
// the step at which it ends.
type walk struct {
	edges   []int
	enter   []int32
	end     int32
	shelter int
	people  int32
}

// walk takes a way of at most so many people out of the flow.
func (x *expansion) walk(spot, people int32) walk {
	w := walk{people: people}
	var arcs []int32
	take := func(arc int32) {
		arcs = append(arcs, arc)
		w.people = min(w.people, x.flow[arc])
	}
next:
	for {
		v := x.node[spot]
		s := spot - x.places[v].spot
		if k := x.places[v].hall; k >= 0 && x.flow[x.halls[k].arc+s] > 0 {
			take(x.halls[k].arc + s)
			w.shelter, w.end = int(k), s
			break
		}
		for _, i := range x.out[v] {
			e := &x.streets[i]
			if s < e.first || s > e.last || x.flow[e.arc+s] == 0 {
				continue
			}
			take(e.arc + s)
			spot = x.places[e.to].spot + s + e.time
			if e.time > 0 { // not the door of a home
				w.edges, w.enter = append(w.edges, int(i)), append(w.enter, s)
			}
			continue next
		}
		if x.flow[x.waits+spot] == 0 {
			panic("flow: people vanish")
		}
		take(x.waits + spot)
		spot++
	}
	for _, arc := range arcs {
		x.flow[arc] -= w.people
	}
	return w
}

// straighten replaces going in a circle by waiting, at home or where anybody may.
func (w *walk) straighten(p *Problem) {
	last := map[int]int{} // how many edges lead to the last visit of a node
	for k, e := range w.edges {
		last[p.Edges[e].To] = k + 1
	}
	kept := 0
	for k := 0; k < len(w.edges); k++ {
		v := p.Edges[w.edges[k]].From
		if k == 0 || p.Nodes[v].Wait == Unbounded {
			k = max(k, last[v])
		}
		if k < len(w.edges) {
			w.edges[kept], w.enter[kept] = w.edges[k], w.enter[k]
			kept++
		}
	}
	w.edges, w.enter = w.edges[:kept:kept], w.enter[:kept]
}

// trip is that of a straightened walk, and when it begins.
func (w *walk) trip(p *Problem) (t Trip, depart int) {
	t.Shelter = w.shelter
	if len(w.edges) == 0 {
		return t, int(w.end)
	}
	depart = int(w.enter[0])
	for k, e := range w.edges {
		if pause := int(w.enter[k]) - depart - t.Duration; pause > 0 {
			t.Waits = append(t.Waits, Wait{k, pause})
			t.Duration += pause
		}
		t.Duration += p.Edges[e].Time
	}
	return t, depart
}

// left tells who is not in the plan, and why.
func (p *Problem) left(plan *Plan) []Left {
	missing := make([]int, len(p.Groups))
	for i, g := range p.Groups {
		missing[i] = g.People
	}
	room := make([]int32, len(p.Shelters))
	for k, s := range p.Shelters {
		room[k] = limit(s.Room)
	}
	for _, t := range plan.Trips {
		missing[t.Group] -= t.People()
		room[t.Shelter] -= int32(t.People())
	}
	if plan.Saved == p.people() {
		return nil
	}
	r := p.roads()
	last, way := p.latest(r, p.Shelters), p.connected(r)
	var left []Left
	for i, g := range p.Groups {
		if missing[i] == 0 {
			continue
		}
		if !way[g.Node] {
			left = append(left, Left{i, missing[i], NoWay})
			continue
		}
		late := 0
		for late < missing[i] && g.ready(g.People-1-late) > int(last[g.Node]) {
			late++
		}
		if late > 0 {
			left = append(left, Left{i, late, TooLate})
		}
		if n := missing[i] - late; n > 0 {
			why := NoRoom
			for k, at := range p.arrivals(r, g.Node, g.Depart) {
				if at != never && room[k] > 0 {
					why = Crowded
				}
			}
			left = append(left, Left{i, n, why})
		}
	}
	return left
}

func (p *Problem) people() int {
	n := 0
	for _, g := range p.Groups {
		n += g.People
	}
	return n
}

// arrivals is when somebody alone would arrive at each shelter, or never.
func (p *Problem) arrivals(r roads, node, depart int) []int32 {
	first := p.earliest(r, start{node, int32(min(depart, never))})
	at := make([]int32, len(p.Shelters))
	for k, s := range p.Shelters {
		at[k] = first[s.Node]
	}
	return at
}

// connected are the nodes from which open streets lead to a shelter with room,
// whatever the time.
func (p *Problem) connected(r roads) []bool {
	seen := make([]bool, len(p.Nodes))
	var todo []int
	for _, s := range p.Shelters {
		if s.Room != 0 {
			seen[s.Node], todo = true, append(todo, s.Node)
		}
	}
	for len(todo) > 0 {
		v := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, i := range r.in[v] {
			if u := p.Edges[i].From; !seen[u] {
				seen[u], todo = true, append(todo, u)
			}
		}
	}
	return seen
}

// Loads is how many people enter each edge and arrive at each shelter at each
// step; nil for an edge that nobody uses.
type Loads struct{ Edges, Shelters [][]int32 }

// Loads are those of a plan that Validate has no fault to find with.
func (plan *Plan) Loads(p *Problem) Loads {
	l := Loads{make([][]int32, len(p.Edges)), make([][]int32, len(p.Shelters))}
	for k := range l.Shelters {
		l.Shelters[k] = make([]int32, p.Steps+1)
	}
	for _, t := range plan.Trips {
		enter, waits := 0, t.Waits // after leaving home
		for k, e := range plan.Routes[t.Route] {
			if len(waits) > 0 && waits[0].Before == k {
				enter += waits[0].Steps
				waits = waits[1:]
			}
			if l.Edges[e] == nil {
				l.Edges[e] = make([]int32, p.Steps+1)
			}
			for _, d := range t.Departures {
				l.Edges[e][d.Step+enter] += int32(d.People)
			}
			enter += p.Edges[e].Time
		}
		for _, d := range t.Departures {
			l.Shelters[t.Shelter][d.Step+t.Duration] += int32(d.People)
		}
	}
	return l
}
