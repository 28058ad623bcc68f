package cch

import "fmt"

// Change gives an arc of the graph another weight; Inf closes it.
type Change struct{ Arc, Weight uint32 }

// fewChanges is how many arcs must be left alone for each one that changes, if
// it is to be cheaper to look only at what is touched.
const fewChanges = 500

// Update makes the metric that Customize would make of the changed weights, by
// looking only at the arcs of the hierarchy that may be touched, or by beginning
// anew where many are. Of several changes of an arc the last one counts. m stays
// as it is, for those who still read it, and shares with the next what both have.
func (m *Metric) Update(changes []Change) (*Metric, error) {
	for _, c := range changes {
		if c.Arc >= uint32(len(m.h.slot)) {
			return nil, fmt.Errorf("there is no arc %d, the graph has %d", c.Arc, len(m.h.slot))
		}
		if err := checkWeight(int(c.Arc), c.Weight); err != nil {
			return nil, err
		}
	}
	if len(changes) > len(m.h.slot)/fewChanges {
		weights := make([]uint32, 0, len(m.h.slot)+pageSize)
		for _, p := range m.input {
			weights = append(weights, p[:]...)
		}
		weights = weights[:len(m.h.slot)]
		for _, c := range changes {
			weights[c.Arc] = c.Weight
		}
		return m.h.Customize(weights)
	}
	return m.change(changes), nil
}

func (m *Metric) change(changes []Change) *Metric {
	u := update{h: m.h, input: copyOf(m.input), queued: map[uint32]bool{}}
	for d := range m.weight {
		u.weight[d], u.via[d] = copyOf(m.weight[d]), copyOf(m.via[d])
	}
	for _, c := range changes {
		u.input.set(c.Arc, c.Weight)
		if s := m.h.slot[c.Arc]; s != None {
			u.push(s / 2)
		}
	}
	u.run()
	next := &Metric{h: m.h, input: u.input.pages}
	for d := range u.weight {
		next.weight[d], next.via[d] = u.weight[d].pages, u.via[d].pages
	}
	return next
}

// update weighs arcs again from the lowest to the highest: an arc depends on
// arcs with a lower tail only, which have lower positions.
type update struct {
	h           *Hierarchy
	input       copied
	weight, via [2]copied
	queue       heap[uint32]
	queued      map[uint32]bool // now or before
}

func (u *update) run() {
	for len(u.queue) > 0 {
		e := u.queue.pop()
		if u.weigh(e) {
			u.spread(e)
		}
	}
}

// weigh finds the weight of an arc from the graph and the triangles under it,
// and reports whether it is another one.
func (u *update) weigh(a uint32) (changed bool) {
	h := u.h
	var weight, via [2]uint32
	for d := range weight {
		weight[d], via[d] = Inf, None
		for in := h.firstIn[2*a+uint32(d)]; in != None; in = h.nextIn[in] {
			if w := u.input.at(in); w < weight[d] {
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
		if s := u.weight[down].at(e) + u.weight[up].at(f); s < weight[up] {
			weight[up], via[up] = s, e
		}
		if s := u.weight[down].at(f) + u.weight[up].at(e); s < weight[down] {
			weight[down], via[down] = s, e
		}
	}
	for d := range weight {
		if u.weight[d].at(a) != weight[d] {
			u.weight[d].set(a, weight[d])
			changed = true
		}
		if u.via[d].at(a) != via[d] {
			u.via[d].set(a, via[d])
		}
	}
	return changed
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
		if u.via[up].at(a) == lo || u.via[down].at(a) == lo ||
			u.weight[down].at(lo)+u.weight[up].at(hi) <= u.weight[up].at(a) ||
			u.weight[down].at(hi)+u.weight[up].at(lo) <= u.weight[down].at(a) {
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
