package evac

import (
	"github.com/simtaru/simtaru/internal/evac/cch"
	"github.com/simtaru/simtaru/internal/evac/network"
)

// origin is where a way begins.
type origin struct {
	place  network.Place
	access cch.Place
	ends   []float64 // where an access is on the edge of the place, in m: an end
}

func (l *lane) begin(p network.Place) origin {
	access, ends := l.access(p, false)
	return origin{p, access, ends}
}

// found is a way to a shelter.
type found struct {
	target int
	length uint32 // ms until one is inside
	legs   []leg
	// off is the time in ms from the road to the shelter, which length includes.
	off uint32
}

// leg is a stretch of a way on one edge, from m to m along it: against its line
// where from is more than to.
type leg struct {
	edge     uint32
	from, to float64
	end      uint32 // ms from the departure when it is left
}

// search is Dijkstra's, forward in time, for what a hierarchy does not know:
// deadlines, and edges that one question avoids. A workspace is for one
// goroutine at a time.
type search struct {
	time  []uint32 // by node; valid where round says so
	via   []uint32 // the arc that leads there; cch.None: from the origin
	round []uint32
	now   uint32
	queue []item
	// arrivals are ways into shelters that are in the queue, or were.
	arrivals []arrival
}

// item of the queue: a node, or above all nodes an arrival.
type item struct{ time, id uint32 }

type arrival struct {
	entry
	node uint32 // that it is from; cch.None: straight from the origin
}

func newSearch(nodes int) *search {
	return &search{time: make([]uint32, nodes), via: make([]uint32, nodes), round: make([]uint32, nodes)}
}

// limits are what a question adds to a lane.
type limits struct {
	due   deadlines
	avoid map[uint32]bool // edges
}

// nearest finds the k shelters that are reached first, without an edge that is
// avoided and in time everywhere; fewer where there are no more.
func (s *search) nearest(l *lane, from origin, lim *limits, k int) (all []found) {
	s.now++
	s.queue, s.arrivals = s.queue[:0], s.arrivals[:0]
	nodes := uint32(len(s.time))
	for _, a := range from.access {
		if int64(a.Cost) <= lim.due.of(from.place.Edge) {
			s.reach(a.Node, a.Cost, cch.None)
		}
	}
	for _, e := range l.on[from.place.Edge] {
		if t := straight(l, from, e); int64(t) <= lim.due.of(e.edge) && t < cch.Inf {
			s.arrive(arrival{e, cch.None}, t)
		}
	}
	done := map[int]bool{}
	for len(s.queue) > 0 && len(all) < k {
		it := s.pop()
		if it.id >= nodes {
			if a := s.arrivals[it.id-nodes]; !done[a.target] {
				done[a.target] = true
				all = append(all, s.way(l, from, a, it.time))
			}
			continue
		}
		if it.time > s.time[it.id] {
			continue
		}
		for _, e := range l.at[it.id] {
			if t := it.time + e.cost; !done[e.target] && !lim.avoid[e.edge] && t < cch.Inf && int64(t) <= lim.due.of(e.edge) {
				s.arrive(arrival{e, it.id}, t)
			}
		}
		for arc := l.net.FirstOut[it.id]; arc < l.net.FirstOut[it.id+1]; arc++ {
			t := it.time + l.metric.Weight(arc)
			if t >= cch.Inf {
				continue
			}
			if edge, _ := l.net.Edge(arc); !lim.avoid[edge] && int64(t) <= lim.due.of(edge) {
				s.reach(l.net.Head[arc], t, arc)
			}
		}
	}
	return all
}

// straight is the time from the origin to a shelter on the same edge.
func straight(l *lane, from origin, e entry) uint32 {
	t := l.direct(from.place, l.doors[e.target].places[e.access])
	if t >= cch.Inf {
		return cch.Inf
	}
	return min(t+e.cost+l.walk(from.place.Distance), cch.Inf)
}

func (s *search) reach(node, t, via uint32) {
	if s.round[node] == s.now && s.time[node] <= t {
		return
	}
	s.round[node], s.time[node], s.via[node] = s.now, t, via
	s.push(item{t, node})
}

func (s *search) arrive(a arrival, t uint32) {
	s.push(item{t, uint32(len(s.time) + len(s.arrivals))})
	s.arrivals = append(s.arrivals, a)
}

// way goes back from an arrival.
func (s *search) way(l *lane, from origin, a arrival, length uint32) found {
	if a.node == cch.None {
		return directly(l, from, a.entry, length)
	}
	var arcs []uint32
	node := a.node
	for s.via[node] != cch.None {
		arcs = append(arcs, s.via[node])
		node = l.net.Head[l.net.Twin(s.via[node])]
	}
	for i, k := 0, len(arcs)-1; i < k; i, k = i+1, k-1 {
		arcs[i], arcs[k] = arcs[k], arcs[i]
	}
	start := 0
	for i, c := range from.access {
		if c.Node == node && c.Cost == s.time[node] {
			start = i
		}
	}
	return along(l, from, start, arcs, a.target, a.access)
}

func (s *search) push(it item) {
	s.queue = append(s.queue, it)
	for i := len(s.queue) - 1; i > 0; {
		up := (i - 1) / 4
		if !it.before(s.queue[up]) {
			break
		}
		s.queue[i], s.queue[up] = s.queue[up], it
		i = up
	}
}

func (s *search) pop() item {
	first, last := s.queue[0], s.queue[len(s.queue)-1]
	s.queue = s.queue[:len(s.queue)-1]
	for i := 0; len(s.queue) > 0; {
		s.queue[i] = last
		best := i
		for c := 4*i + 1; c <= 4*i+4 && c < len(s.queue); c++ {
			if s.queue[c].before(s.queue[best]) {
				best = c
			}
		}
		if best == i {
			break
		}
		s.queue[i], i = s.queue[best], best
	}
	return first
}

func (a item) before(b item) bool { return a.time < b.time || a.time == b.time && a.id < b.id }
