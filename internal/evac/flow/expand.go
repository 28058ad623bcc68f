package flow

import (
	"fmt"
	"slices"
	"sort"
)

// expansion is the time-expanded network of a problem with a flow in it. Its
// nodes, called spots here, are the copies of a node for those steps at which
// somebody can be there and still reach a shelter; after them comes one spot
// for each shelter.
//
// Its arcs lead from a spot to one of an edge's end (a street entered), to the
// next of the same node (waiting), or to a shelter (arriving); their numbers
// are given in this order. Nothing is stored for an arc but its flow, 4 bytes,
// nor for a spot but its node, 4 bytes, and 14 in a search.
type expansion struct {
	*Problem
	roads
	places  []place
	streets []street
	halls   []hall
	node    []int32 // of each spot but the shelters'
	flow    []int32 // by arc
	sources []source
	waits   int32 // the number of the first arc of waiting
	reroute bool  // may people be taken off the way they have?
}

// place is a node from its first useful step to its last; none if last < first.
type place struct {
	first, last int32
	spot        int32 // that of step 0, were there one
	wait        int32
	hall        int32 // the shelter here, or -1
}

// street is an edge at the steps at which it may be entered.
type street struct {
	from, to, time, capacity int32
	first, last              int32
	arc                      int32 // that of step 0, were there one
}

// hall is a shelter.
type hall struct {
	place int32
	room  int32 // what is left
	arc   int32 // that of arrival at step 0, were there one
}

// source is people of a group who are ready at one step.
type source struct {
	group, step, spot int32
	people, left      int32 // left have no way yet
}

// hop is an arc that can take more flow, or give some back, and the spot that
// it leads to or comes from.
type hop struct {
	spot int32
	arc  int32 // number * 2, and 1 for giving back
}

// expand makes the network with no flow in it. People who cannot be saved even
// alone have no source.
func expand(p *Problem) (*expansion, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	x := &expansion{Problem: withHomes(p)}
	x.roads = x.Problem.roads()
	var from []start
	for _, g := range x.Groups {
		if g.People > 0 {
			from = append(from, start{g.Node, int32(min(g.Depart, never))})
		}
	}
	first, last := x.earliest(x.roads, from...), x.latest(x.roads, x.Shelters)
	spots := 0
	x.places = make([]place, len(x.Nodes))
	for v, n := range x.Nodes {
		x.places[v] = place{first[v], last[v], int32(spots) - first[v], limit(n.Wait), -1}
		spots += int(max(last[v]-first[v]+1, 0))
	}
	arcs := 0
	x.streets = make([]street, len(x.Edges))
	for i, e := range x.Edges {
		t, u, w := int32(min(e.Time, most/2)), x.places[e.From], x.places[e.To]
		s := street{int32(e.From), int32(e.To), t, limit(e.Capacity), max(u.first, w.first-t), min(u.last, w.last-t, x.until(e.Deadline)-t), 0}
		if e.Capacity == 0 {
			s.last = s.first - 1
		}
		s.arc = int32(arcs) - s.first
		arcs += int(max(s.last-s.first+1, 0))
		x.streets[i] = s
	}
	if arcs+2*spots > most/2 {
		return nil, fmt.Errorf("flow: %d streets over %d steps are more than fits; take longer steps", len(p.Edges), p.Steps)
	}
	x.waits = int32(arcs)
	arcs += spots
	x.halls = make([]hall, len(x.Shelters))
	for k, s := range x.Shelters {
		w := &x.places[s.Node]
		w.hall = int32(k)
		x.halls[k] = hall{int32(s.Node), limit(s.Room), int32(arcs) - w.first}
		arcs += int(max(w.last-w.first+1, 0))
	}
	x.flow = make([]int32, arcs)
	x.node = make([]int32, spots)
	for v, w := range x.places {
		for s := w.first; s <= w.last; s++ {
			x.node[w.spot+s] = int32(v)
		}
	}
	x.settle()
	return x, nil
}

// withHomes gives a home of its own, where everybody may wait, to groups at
// nodes where not everybody may.
func withHomes(p *Problem) *Problem {
	q := *p
	q.Nodes, q.Edges, q.Groups = slices.Clone(p.Nodes), slices.Clone(p.Edges), slices.Clone(p.Groups)
	home := map[int]int{}
	for i, g := range q.Groups {
		if q.Nodes[g.Node].Wait == Unbounded {
			continue
		}
		h, made := home[g.Node]
		if !made {
			h = len(q.Nodes)
			home[g.Node] = h
			q.Nodes = append(q.Nodes, Node{Unbounded, q.Nodes[g.Node].Deadline})
			q.Edges = append(q.Edges, Edge{h, g.Node, 0, Unbounded, Unbounded})
		}
		q.Groups[i].Node = h
	}
	return &q
}

// settle puts the groups at their places, step by step.
func (x *expansion) settle() {
	for i, g := range x.Groups {
		w := x.places[g.Node]
		for k := 0; k < g.People; {
			ready := g.ready(k)
			next := g.People
			if g.Spread > 0 {
				next = k + sort.Search(g.People-k, func(d int) bool { return g.ready(k+d) > ready })
			}
			if ready <= int(w.last) {
				n := int32(next - k)
				x.sources = append(x.sources, source{int32(i), int32(ready), w.spot + int32(ready), n, n})
			}
			k = next
		}
	}
}

// step is that of a spot which is not a shelter's.
func (x *expansion) step(spot int32) int32 { return spot - x.places[x.node[spot]].spot }

// into appends the hops that lead to a spot.
func (x *expansion) into(spot int32, hops []hop) []hop {
	if k := spot - int32(len(x.node)); k >= 0 {
		h := x.halls[k]
		w := x.places[h.place]
		for s := w.first; s <= w.last; s++ {
			hops = append(hops, hop{w.spot + s, (h.arc + s) << 1})
		}
		return hops
	}
	v := x.node[spot]
	w := &x.places[v]
	s := spot - w.spot
	if s > w.first && x.flow[x.waits+spot-1] < w.wait {
		hops = append(hops, hop{spot - 1, (x.waits + spot - 1) << 1})
	}
	for _, i := range x.in[v] {
		e := &x.streets[i]
		if at := s - e.time; at >= e.first && at <= e.last && x.flow[e.arc+at] < e.capacity {
			hops = append(hops, hop{x.places[e.from].spot + at, (e.arc + at) << 1})
		}
	}
	if !x.reroute {
		return hops
	}
	if x.flow[x.waits+spot] > 0 {
		hops = append(hops, hop{spot + 1, (x.waits+spot)<<1 | 1})
	}
	for _, i := range x.out[v] {
		e := &x.streets[i]
		if s >= e.first && s <= e.last && x.flow[e.arc+s] > 0 {
			hops = append(hops, hop{x.places[e.to].spot + s + e.time, (e.arc+s)<<1 | 1})
		}
	}
	if k := w.hall; k >= 0 && x.flow[x.halls[k].arc+s] > 0 {
		hops = append(hops, hop{int32(len(x.node)) + k, (x.halls[k].arc+s)<<1 | 1})
	}
	return hops
}

// outOf appends the hops that lead away from a spot.
func (x *expansion) outOf(spot int32, hops []hop) []hop {
	if k := spot - int32(len(x.node)); k >= 0 {
		h := x.halls[k]
		w := x.places[h.place]
		for s := w.first; s <= w.last && x.reroute; s++ {
			if x.flow[h.arc+s] > 0 {
				hops = append(hops, hop{w.spot + s, (h.arc+s)<<1 | 1})
			}
		}
		return hops
	}
	v := x.node[spot]
	w := &x.places[v]
	s := spot - w.spot
	if k := w.hall; k >= 0 {
		hops = append(hops, hop{int32(len(x.node)) + k, (x.halls[k].arc + s) << 1})
	}
	for _, i := range x.out[v] {
		e := &x.streets[i]
		if s >= e.first && s <= e.last && x.flow[e.arc+s] < e.capacity {
			hops = append(hops, hop{x.places[e.to].spot + s + e.time, (e.arc + s) << 1})
		}
	}
	if s < w.last && x.flow[x.waits+spot] < w.wait {
		hops = append(hops, hop{spot + 1, (x.waits + spot) << 1})
	}
	if !x.reroute {
		return hops
	}
	if s > w.first && x.flow[x.waits+spot-1] > 0 {
		hops = append(hops, hop{spot - 1, (x.waits+spot-1)<<1 | 1})
	}
	for _, i := range x.in[v] {
		e := &x.streets[i]
		if at := s - e.time; at >= e.first && at <= e.last && x.flow[e.arc+at] > 0 {
			hops = append(hops, hop{x.places[e.from].spot + at, (e.arc+at)<<1 | 1})
		}
	}
	return hops
}

// capacity of an arc.
func (x *expansion) capacity(arc int32) int32 {
	switch {
	case arc < x.waits:
		i := sort.Search(len(x.streets), func(i int) bool { return x.streets[i].arc+x.streets[i].first > arc }) - 1
		return x.streets[i].capacity
	case arc < x.waits+int32(len(x.node)):
		return x.places[x.node[arc-x.waits]].wait
	}
	return most
}

// residual is how much more a hop can take.
func (x *expansion) residual(h hop) int32 {
	if h.arc&1 == 1 {
		return x.flow[h.arc>>1]
	}
	return x.capacity(h.arc>>1) - x.flow[h.arc>>1]
}

// cost of a hop is the step at which it arrives at a shelter, 0 elsewhere; from
// is where it starts.
func (x *expansion) cost(from int32, h hop) int32 {
	shelters := int32(len(x.node))
	switch {
	case h.spot >= shelters:
		return x.step(from)
	case from >= shelters:
		return -x.step(h.spot)
	}
	return 0
}
