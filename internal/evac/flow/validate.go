package flow

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Validate tells what rules of the problem a plan breaks, the first of each
// kind joined in one error; nil if it keeps them all. It takes nothing from how
// the plan was made.
func Validate(p *Problem, plan *Plan) error {
	if err := p.check(); err != nil {
		return err
	}
	v := &validator{p: p, plan: plan, faults: map[string]error{}}
	v.trips()
	if len(v.faults) == 0 {
		v.people()
		v.departures()
		v.load()
	}
	var all []error
	for _, rule := range v.order {
		all = append(all, v.faults[rule])
	}
	return errors.Join(all...)
}

type validator struct {
	p      *Problem
	plan   *Plan
	order  []string
	faults map[string]error
}

func (v *validator) fault(rule, format string, args ...any) {
	if _, known := v.faults[rule]; !known {
		v.faults[rule] = fmt.Errorf(rule+": "+format, args...)
		v.order = append(v.order, rule)
	}
}

// trips checks that each one is a way from its group to its shelter.
func (v *validator) trips() {
	for i, t := range v.plan.Trips {
		switch {
		case t.Group < 0 || t.Group >= len(v.p.Groups):
			v.fault("group", "trip %d is of group %d", i, t.Group)
		case t.Shelter < 0 || t.Shelter >= len(v.p.Shelters):
			v.fault("shelter", "trip %d goes to shelter %d", i, t.Shelter)
		case t.Route < 0 || t.Route >= len(v.plan.Routes):
			v.fault("route", "trip %d takes route %d", i, t.Route)
		case len(t.Departures) == 0:
			v.fault("people", "nobody takes trip %d", i)
		default:
			v.way(i, t)
		}
	}
}

// way follows the last to leave, who are the nearest to every deadline.
func (v *validator) way(i int, t Trip) {
	depart := 0
	for _, d := range t.Departures {
		if d.People < 1 || d.Step < 0 {
			v.fault("people", "of trip %d leave %+v", i, d)
		}
		depart = max(depart, d.Step)
	}
	at, step, waits := v.p.Groups[t.Group].Node, depart, t.Waits
	v.here(i, at, step)
	for k, id := range v.plan.Routes[t.Route] {
		if id < 0 || id >= len(v.p.Edges) {
			v.fault("route", "route %d has edge %d", t.Route, id)
			return
		}
		e := v.p.Edges[id]
		if e.From != at {
			v.fault("route", "trip %d is at node %d when edge %d begins at %d", i, at, id, e.From)
			return
		}
		if len(waits) > 0 && waits[0].Before == k && k > 0 && waits[0].Steps > 0 {
			step += waits[0].Steps
			waits = waits[1:]
			v.here(i, at, step)
		}
		at, step = e.To, step+e.Time
		if e.Deadline != Unbounded && step > e.Deadline {
			v.fault("deadline", "trip %d leaves edge %d at step %d", i, id, step)
		}
		v.here(i, at, step)
	}
	if len(waits) > 0 {
		v.fault("wait", "trip %d waits before edge %d of its route for %d steps", i, waits[0].Before, waits[0].Steps)
	}
	if at != v.p.Shelters[t.Shelter].Node {
		v.fault("shelter", "trip %d ends at node %d", i, at)
	}
	if step != depart+t.Duration {
		v.fault("duration", "trip %d takes %d steps, not %d", i, step-depart, t.Duration)
	}
	if step > v.p.Steps {
		v.fault("horizon", "trip %d arrives at step %d", i, step)
	}
}

// here checks that a trip is at a node before its deadline.
func (v *validator) here(trip, node, step int) {
	if d := v.p.Nodes[node].Deadline; d != Unbounded && step > d {
		v.fault("deadline", "trip %d is at node %d at step %d", trip, node, step)
	}
}

// people checks that everybody is counted once, and every sum.
func (v *validator) people() {
	counted := make([]int, len(v.p.Groups))
	room := make([]int, len(v.p.Shelters))
	var saved, last int
	var arrivals int64
	for _, t := range v.plan.Trips {
		for _, d := range t.Departures {
			counted[t.Group] += d.People
			room[t.Shelter] += d.People
			saved += d.People
			arrivals += int64(d.People) * int64(d.Step+t.Duration)
			last = max(last, d.Step+t.Duration)
		}
	}
	for _, l := range v.plan.Left {
		if l.Group < 0 || l.Group >= len(counted) || l.People < 1 {
			v.fault("left", "%+v", l)
			return
		}
		counted[l.Group] += l.People
	}
	for i, g := range v.p.Groups {
		if counted[i] != g.People {
			v.fault("everybody once", "group %d has %d people, the plan %d", i, g.People, counted[i])
		}
	}
	for k, s := range v.p.Shelters {
		if s.Room != Unbounded && room[k] > s.Room {
			v.fault("room", "shelter %d has room for %d people, the plan sends %d", k, s.Room, room[k])
		}
	}
	if p := v.plan; p.Saved != saved || p.Arrivals != arrivals || p.Last != last {
		v.fault("sums", "%d people arrive, at %d in all, the last at %d; the plan says %d, %d, %d", saved, arrivals, last, p.Saved, p.Arrivals, p.Last)
	}
}

// departures checks that nobody leaves before being ready: of each group, the
// nth to leave does so when n are ready.
func (v *validator) departures() {
	left := make([][]Departure, len(v.p.Groups))
	for _, t := range v.plan.Trips {
		left[t.Group] = append(left[t.Group], t.Departures...)
	}
	for i, departures := range left {
		slices.SortFunc(departures, func(a, b Departure) int { return cmp.Compare(a.Step, b.Step) })
		gone := 0
		for _, d := range departures {
			gone += d.People
			if ready := v.p.Groups[i].ready(gone - 1); d.Step < ready {
				v.fault("departure", "%d people of group %d have left at step %d, the last of them is ready at %d", gone, i, d.Step, ready)
			}
		}
	}
}

// load checks how many enter each edge at each step and wait at each node.
func (v *validator) load() {
	type moment struct{ what, step int }
	entering, waiting := map[moment]int{}, map[moment]int{}
	for _, t := range v.plan.Trips {
		for _, d := range t.Departures {
			step, waits := d.Step, t.Waits
			for k, id := range v.plan.Routes[t.Route] {
				e := v.p.Edges[id]
				if len(waits) > 0 && waits[0].Before == k {
					for range waits[0].Steps {
						waiting[moment{e.From, step}] += d.People
						step++
					}
					waits = waits[1:]
				}
				entering[moment{id, step}] += d.People
				step += e.Time
			}
		}
	}
	for m, n := range entering {
		if c := v.p.Edges[m.what].Capacity; c != Unbounded && n > c {
			v.fault("capacity", "%d people enter edge %d at step %d, %d may", n, m.what, m.step, c)
		}
	}
	for m, n := range waiting {
		if c := v.p.Nodes[m.what].Wait; c != Unbounded && n > c {
			v.fault("storage", "%d people wait at node %d at step %d, %d may", n, m.what, m.step, c)
		}
	}
}
