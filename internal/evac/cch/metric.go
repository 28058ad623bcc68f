package cch

import "fmt"

// Directions of an arc of the hierarchy: from tail to head, and back.
const (
	up = iota
	down
)

// given marks an arc of the graph where an arc of the hierarchy might stand.
const given = 1 << 31

// Metric is a hierarchy with weights. It is immutable and safe for concurrent
// use: Update makes another one.
type Metric struct {
	h *Hierarchy
	// input is the weight of each arc of the graph.
	input pages
	// weight of each arc of the hierarchy, by direction: the length of a shortest
	// way through nodes below its tail.
	weight [2]pages
	// via tells what that way is: given|a is the arc a of the graph, an arc e of
	// the hierarchy is the detour through the tail of e, which is below both ends,
	// where e leads to the tail of this arc. None where the weight is Inf. Of ways
	// of the same length it is an arc of the graph, then the detour through the
	// lowest node, so that a metric depends on its weights alone.
	via [2]pages
}

// Weight is that of an arc of the graph.
func (m *Metric) Weight(arc uint32) uint32 { return m.input.at(arc) }

// Customize gives the arcs of the graph weights, from 0 to Inf. It costs some
// 10 ms of one core for Luxembourg. The weights are copied.
func (h *Hierarchy) Customize(weights []uint32) (*Metric, error) {
	if len(weights) != len(h.slot) {
		return nil, fmt.Errorf("%d weights for %d arcs", len(weights), len(h.slot))
	}
	m := &Metric{h: h}
	var input []uint32
	m.input, input = flat(len(weights))
	var c customization
	for d := range m.weight {
		m.weight[d], c.weight[d] = flat(len(h.head))
		m.via[d], c.via[d] = flat(len(h.head))
		for e := range c.weight[d] {
			c.weight[d][e], c.via[d][e] = Inf, None
		}
	}
	for a, w := range weights {
		if err := checkWeight(a, w); err != nil {
			return nil, err
		}
		input[a] = w
		if s := h.slot[a]; s != None && w < c.weight[s&1][s/2] {
			c.weight[s&1][s/2], c.via[s&1][s/2] = w, given|uint32(a)
		}
	}
	h.customize(&c)
	return m, nil
}

// customization has the arrays of a metric in the making.
type customization struct{ weight, via [2][]uint32 }

func checkWeight(arc int, weight uint32) error {
	if weight > Inf {
		return fmt.Errorf("arc %d has a weight of %d, at most %d is possible", arc, weight, Inf)
	}
	return nil
}

// customize shortens arcs by detours through lower nodes. When the turn of v has
// come, the arcs from below to v have their weight, and v gives its own arcs
// theirs: all triangles with v in the middle and a lower node x are looked at.
func (h *Hierarchy) customize(c *customization) {
	ups, downs, viaUp, viaDown := c.weight[up], c.weight[down], c.via[up], c.via[down]
	arcTo := make([]uint32, len(h.order))
	for v := range h.order {
		for e := h.firstUp[v]; e < h.firstUp[v+1]; e++ {
			arcTo[h.head[e]] = e
		}
		for _, e := range h.below[h.firstBelow[v]:h.firstBelow[v+1]] {
			toX, fromX := downs[e], ups[e] // between v and x
			for f := e + 1; f < h.firstUp[h.tail[e]+1]; f++ {
				a := arcTo[h.head[f]]
				if s := toX + ups[f]; s < ups[a] {
					ups[a], viaUp[a] = s, e
				}
				if s := downs[f] + fromX; s < downs[a] {
					downs[a], viaDown[a] = s, e
				}
			}
		}
	}
}
