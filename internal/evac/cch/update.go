package cch

import (
	"fmt"
	"slices"
)

// Change gives an arc of the graph another weight; Inf closes it.
type Change struct{ Arc, Weight uint32 }

// fewChanges is how many arcs must be left alone for each one that changes, if
// it is to be cheaper to look only at what is touched.
const fewChanges = 500

// Update makes the metric that Customize would make of the changed weights, by
// looking only at the arcs of the hierarchy that may be touched, or by beginning
// anew where many are. Of several changes of an arc the last one counts. m stays
// as it is, for those who still read it.
//
// The arrays are copied as a whole, which costs about half a millisecond for
// Luxembourg and spares every reader an indirection at every arc.
func (m *Metric) Update(changes []Change) (*Metric, error) {
	for _, c := range changes {
		if c.Arc >= uint32(len(m.input)) {
			return nil, fmt.Errorf("there is no arc %d, the graph has %d", c.Arc, len(m.input))
		}
		if err := checkWeight(int(c.Arc), c.Weight); err != nil {
			return nil, err
		}
	}
	if len(changes) > len(m.input)/fewChanges {
		weights := slices.Clone(m.input)
		for _, c := range changes {
			weights[c.Arc] = c.Weight
		}
		return m.h.Customize(weights)
	}
	return m.change(changes), nil
}

func (m *Metric) change(changes []Change) *Metric {
	next := &Metric{h: m.h, input: slices.Clone(m.input)}
	for d := range m.weight {
		next.weight[d], next.via[d] = slices.Clone(m.weight[d]), slices.Clone(m.via[d])
	}
	u := update{Metric: next, queued: make([]bool, len(m.h.head))}
	for _, c := range changes {
		next.input[c.Arc] = c.Weight
		if s := m.h.slot[c.Arc]; s != None {
			u.push(s / 2)
		}
	}
	u.run()
	return next
}

// update weighs arcs again from the lowest to the highest: an arc depends on
// arcs with a lower tail only, which have lower positions.
type update struct {
	*Metric
	queue  heap[uint32]
	queued []bool // now or before
}

func (u *update) run() {
	for len(u.queue) > 0 {
		e := u.queue.pop()
		was := [2]uint32{u.weight[up][e], u.weight[down][e]}
		u.weigh(e)
		if was[up] != u.weight[up][e] || was[down] != u.weight[down][e] {
			u.spread(e)
		}
	}
}

// weigh finds the weight of an arc from the graph and the triangles under it.
func (u *update) weigh(a uint32) {
	h := u.h
	var weight, via [2]uint32
	for d := range weight {
		weight[d], via[d] = Inf, None
		for in := h.firstIn[2*a+uint32(d)]; in != None; in = h.nextIn[in] {
			if w := u.input[in]; w < weight[d] {
				weight[d], via[d] = w, given|in
			}
		}
	}
	v, w := h.tail[a], h.head[a]
	for _, e := range h.below[h.firstBelow[v]:h.firstBelow[v+1]] {
		f := h.beside(e, w)
		if f == None {
			continue
		}
		if s := u.weight[down][e] + u.weight[up][f]; s < weight[up] {
			weight[up], via[up] = s, e
		}
		if s := u.weight[down][f] + u.weight[up][e]; s < weight[down] {
			weight[down], via[down] = s, e
		}
	}
	for d := range weight {
		u.weight[d][a], u.via[d][a] = weight[d], via[d]
	}
}

// spread queues the arcs over triangles with e whose way led over e, or may now.
func (u *update) spread(e uint32) {
	h := u.h
	x := h.tail[e]
	for f := h.firstUp[x]; f < h.firstUp[x+1]; f++ {
		if f == e {
			continue
		}
		lo, hi := min(e, f), max(e, f)
		a := h.arc(h.head[lo], h.head[hi])
		if u.via[up][a] == lo || u.via[down][a] == lo ||
			u.weight[down][lo]+u.weight[up][hi] <= u.weight[up][a] ||
			u.weight[down][hi]+u.weight[up][lo] <= u.weight[down][a] {
			u.push(a)
		}
	}
}

// beside finds the arc to head that has the tail of e, and a higher head; None:
// there is none.
func (h *Hierarchy) beside(e, head uint32) uint32 {
	for f, end := e+1, h.firstUp[h.tail[e]+1]; f < end; f++ {
		if h.head[f] >= head {
			if h.head[f] == head {
				return f
			}
			break
		}
	}
	return None
}

func (u *update) push(e uint32) {
	if !u.queued[e] {
		u.queued[e] = true
		u.queue.push(e)
	}
}
