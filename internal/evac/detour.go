package evac

import (
	"container/heap"
	"maps"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac/cch"
	"github.com/simtaru/simtaru/internal/evac/network"
)

// Around are trips that keep out of an area, as if all roads in it were closed.
// It costs what a closure does.
func (t *Trips) Around(area orb.MultiPolygon) (*Trips, error) {
	held := maps.Clone(t.l.held)
	if held == nil {
		held = network.Stretches{}
	}
	for _, s := range t.c.net.Cover(area, 0, nil) {
		held[s.Edge] = append(slices.Clip(held[s.Edge]), network.Stretch{From: s.From, To: s.To})
	}
	c := *t.c
	c.held = map[network.Travel]network.Stretches{t.l.profile.Travel: held}
	l, err := t.l.next(&c, setting{profile: t.l.profile.ID})
	return &Trips{&c, l}, err
}

// Shortest is the way of the fewest metres between two places; nil: there is
// none. It is a search over the roads, some ms in a city.
func (t *Trips) Shortest(from, to Place) *Way {
	legs, length := t.short(from, to)
	return t.tell(from, to, legs, length)
}

// short are the legs of the shortest way, and its time in ms.
func (t *Trips) short(from, to Place) ([]leg, uint32) {
	n, a := t.c.net, t.begin(from)
	access, ends := t.end(to)
	s := &metres{at: map[uint32]float64{}, by: map[uint32]uint32{}}
	for i, start := range a.access {
		s.reach(start.Node, math.Abs(from.Along-a.ends[i]), network.None)
	}
	best, last := math.Inf(1), -1
	if t.straight(from, to) < cch.Inf {
		best = math.Abs(from.Along - to.Along)
	}
	for len(s.open) > 0 {
		next := heap.Pop(s).(reached)
		if next.metres >= best {
			break
		}
		if next.metres > s.at[next.node] {
			continue // left over from before it was reached sooner
		}
		for i, end := range access {
			if m := next.metres + math.Abs(to.Along-ends[i]); end.Node == next.node && m < best {
				best, last = m, i
			}
		}
		for arc := n.FirstOut[next.node]; arc < n.FirstOut[next.node+1]; arc++ {
			if edge, _ := n.Edge(arc); t.l.metric.Weight(arc) < cch.Inf {
				s.reach(n.Head[arc], next.metres+n.Edges[edge].Length, arc)
			}
		}
	}
	switch {
	case math.IsInf(best, 1):
		return nil, cch.Inf
	case last < 0:
		d := t.straight(from, to)
		return []leg{{from.Edge, from.Along, to.Along, d}}, d
	}
	var arcs []uint32
	node := access[last].Node
	for s.by[node] != network.None {
		arcs = append(arcs, s.by[node])
		node = t.tail(s.by[node])
	}
	slices.Reverse(arcs)
	start := slices.IndexFunc(a.access, func(x cch.Access) bool { return x.Node == node })
	for i, x := range a.access { // both ends of a loop are one node
		if x.Node == node && math.Abs(from.Along-a.ends[i]) < math.Abs(from.Along-a.ends[start]) {
			start = i
		}
	}
	legs, took := pass(t.l, a, start, arcs)
	took += access[last].Cost
	return append(legs, leg{to.Edge, ends[last], to.Along, took}), took
}

// tail is the node that an arc leaves.
func (t *Trips) tail(arc uint32) uint32 {
	edge, back := t.c.net.Edge(arc)
	if back {
		return t.c.net.Edges[edge].To
	}
	return t.c.net.Edges[edge].From
}

// metres is a search by length: how far nodes are, and by which arc they are
// reached.
type metres struct {
	at   map[uint32]float64
	by   map[uint32]uint32
	open []reached
}

type reached struct {
	metres float64
	node   uint32
}

func (s *metres) reach(node uint32, m float64, by uint32) {
	if old, seen := s.at[node]; !seen || m < old {
		s.at[node], s.by[node] = m, by
		heap.Push(s, reached{m, node})
	}
}

func (s *metres) Len() int           { return len(s.open) }
func (s *metres) Less(i, k int) bool { return s.open[i].metres < s.open[k].metres }
func (s *metres) Swap(i, k int)      { s.open[i], s.open[k] = s.open[k], s.open[i] }
func (s *metres) Push(x any)         { s.open = append(s.open, x.(reached)) }
func (s *metres) Pop() any {
	x := s.open[len(s.open)-1]
	s.open = s.open[:len(s.open)-1]
	return x
}
