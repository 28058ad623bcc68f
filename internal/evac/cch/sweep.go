package cch

import "slices"

// Direction of ways between places and all nodes.
type Direction int

// From leads from the places to the nodes, To from the nodes to the places.
const (
	From Direction = iota
	To
)

// Reach tells of each node how far it is from the nearest of some places.
type Reach struct {
	Length []uint32 // Inf: no way
	Place  []uint32 // the nearest; the first of several; None: no way
}

// Sweep finds the nearest of the places for every node, by one pass up the
// hierarchy and one down (PHAST of Delling et al., for several sources at once).
// It takes some 2 ms in Luxembourg, however many places there are. The slices of
// r are used again.
func (q *Query) Sweep(m *Metric, d Direction, places []Place, r *Reach) {
	q.check(m)
	h, n := q.h, len(q.h.order)
	// Length and place in one number: the least is the nearest, and of several
	// the first.
	if q.keys == nil {
		q.keys = make([]uint64, n)
	}
	for v := range q.keys {
		q.keys[v] = key(Inf, None)
	}
	for i, p := range places {
		for _, a := range p {
			v := h.rank[a.Node]
			q.keys[v] = min(q.keys[v], key(a.Cost, uint32(i)))
		}
	}
	ascent, descent := m.weight[up], m.weight[down]
	if d == To {
		ascent, descent = descent, ascent
	}
	for v, k := range q.keys {
		if k >= key(Inf, 0) {
			continue
		}
		for from, to := h.firstUp[v], h.firstUp[v+1]; from < to; {
			weights := ascent.run(from, to)
			for i, w := range h.head[from : from+uint32(len(weights))] {
				q.keys[w] = min(q.keys[w], k+key(weights[i], 0))
			}
			from += uint32(len(weights))
		}
	}
	for v := n - 1; v >= 0; v-- {
		k := q.keys[v]
		for from, to := h.firstUp[v], h.firstUp[v+1]; from < to; {
			weights := descent.run(from, to)
			for i, w := range h.head[from : from+uint32(len(weights))] {
				k = min(k, q.keys[w]+key(weights[i], 0))
			}
			from += uint32(len(weights))
		}
		q.keys[v] = k
	}
	r.Length, r.Place = slices.Grow(r.Length[:0], n)[:n], slices.Grow(r.Place[:0], n)[:n]
	for v, node := range h.order {
		if k := q.keys[v]; k < key(Inf, 0) {
			r.Length[node], r.Place[node] = uint32(k>>32), uint32(k)
		} else {
			r.Length[node], r.Place[node] = Inf, None
		}
	}
}

func key(length, place uint32) uint64 { return uint64(length)<<32 | uint64(place) }
