package cch

import "slices"

// Access is a node from which a place is left or by which it is reached, and
// what the way between both costs.
type Access struct{ Node, Cost uint32 }

// Place is where ways start or end: a node, or somewhere on an arc between two,
// or a building with several doors. One with no access is reached by no way.
type Place []Access

// At is the place of a node itself.
func At(node uint32) Place { return Place{{Node: node}} }

// climb is a search upwards from a place. All that it can reach are the
// ancestors of the place's nodes, so there is no queue: they are visited one
// after another, from the lowest.
type climb struct {
	// chain are the ranks to visit, and where to find the next one.
	chain []uint32
	next  int
	// By rank; Inf and false but for the ranks of the chain.
	length []uint32
	on     []bool
	// by is the arc by which a rank was reached, or given|i for the access i of
	// the place; of no meaning where length is Inf.
	by []uint32
}

func newClimb(nodes int) climb {
	c := climb{length: make([]uint32, nodes), on: make([]bool, nodes), by: make([]uint32, nodes)}
	for v := range c.length {
		c.length[v] = Inf
	}
	return c
}

// start clears the search before and begins one.
func (c *climb) start(h *Hierarchy, p Place) {
	for _, v := range c.chain {
		c.length[v], c.on[v] = Inf, false
	}
	c.chain, c.next = c.chain[:0], 0
	sorted := true
	for i, a := range p {
		v := h.rank[a.Node]
		if a.Cost < c.length[v] {
			c.length[v], c.by[v] = a.Cost, given|uint32(i)
		}
		if !c.on[v] && len(c.chain) > 0 {
			sorted = false
		}
		for ; v != None && !c.on[v]; v = h.parent[v] {
			c.on[v] = true
			c.chain = append(c.chain, v)
		}
	}
	if !sorted {
		slices.Sort(c.chain)
	}
}

// rank is the one to visit next; None: all were visited.
func (c *climb) rank() uint32 {
	if c.next == len(c.chain) {
		return None
	}
	return c.chain[c.next]
}

// visit leaves the next rank by its arcs, in direction d, unless it lies at
// limit or further.
func (c *climb) visit(m *Metric, d int, limit uint32) {
	v := c.chain[c.next]
	c.next++
	length := c.length[v]
	if length >= limit {
		return
	}
	for from, to := m.h.firstUp[v], m.h.firstUp[v+1]; from < to; {
		weights := m.weight[d].run(from, to)
		for i, w := range m.h.head[from : from+uint32(len(weights))] {
			if s := length + weights[i]; s < c.length[w] {
				c.length[w], c.by[w] = s, from+uint32(i)
			}
		}
		from += uint32(len(weights))
	}
}
