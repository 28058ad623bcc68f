package cch

import (
	"fmt"
	"slices"
)

// Hierarchy is a graph contracted in an order, whatever its weights: the input's
// arcs without directions, and shortcuts, so that from any node the arcs to more
// important ones suffice. It is immutable and safe for concurrent use.
//
// Inside the package nodes are named by rank, and arcs by their position in up.
// An arc joins a tail to a head of higher rank; it is used up (tail to head) and
// down (head to tail), with a weight for each.
type Hierarchy struct {
	order Order
	rank  []uint32 // of each node
	// parent of a rank in the elimination tree: the lowest of its heads. All heads
	// of a rank are its ancestors. None at a root.
	parent []uint32
	// Arcs sorted by tail, then head: those of tail v are firstUp[v] up to
	// firstUp[v+1].
	firstUp, head, tail []uint32
	// The same arcs by head, then tail: those of head v are below[firstBelow[v]]
	// up to below[firstBelow[v+1]].
	firstBelow, below []uint32
	// The arc that each arc of the graph became, twice, plus 1 where it leads
	// down; None for a loop.
	slot []uint32
	// The first arc of the graph in each slot, and the next one in the same slot
	// after each: parallel ones.
	firstIn, nextIn []uint32
}

// New contracts a graph, in some 20 ms of one core for Luxembourg. An error
// tells of a graph whose rows are broken or an order that is not one of all its
// nodes. The order is kept and must not be changed.
func New(g Graph, order Order) (*Hierarchy, error) {
	if err := g.check(); err != nil {
		return nil, err
	}
	h := &Hierarchy{order: order}
	if err := h.number(g.Nodes()); err != nil {
		return nil, err
	}
	if err := h.contract(g); err != nil {
		return nil, err
	}
	h.turn()
	h.place(g)
	return h, nil
}

// Arcs counts the arcs of the hierarchy, each for both directions. The better
// the order, the fewer there are.
func (h *Hierarchy) Arcs() int { return len(h.head) }

// Order is the one that the hierarchy was made with; it must not be changed.
func (h *Hierarchy) Order() Order { return h.order }

// number finds the rank of each node.
func (h *Hierarchy) number(n int) error {
	if len(h.order) != n {
		return fmt.Errorf("order of %d nodes for a graph of %d", len(h.order), n)
	}
	h.rank = make([]uint32, n)
	for v := range h.rank {
		h.rank[v] = None
	}
	for r, v := range h.order {
		if v >= uint32(n) || h.rank[v] != None {
			return fmt.Errorf("order has node %d at rank %d, where it is unknown or there again", v, r)
		}
		h.rank[v] = uint32(r)
	}
	return nil
}

// contract takes nodes out in the order; the neighbours that are left become
// neighbours of each other. They need not be joined one by one: the lowest of
// them, the parent, inherits them all, and passes them on.
func (h *Hierarchy) contract(g Graph) error {
	n := g.Nodes()
	near := g.neighbours()
	h.parent = make([]uint32, n)
	h.firstUp = make([]uint32, n+1)
	h.head = make([]uint32, 0, 2*len(near.Head))
	// The children of each rank, as lists.
	child, sibling := make([]uint32, n), make([]uint32, n)
	seen := make([]uint32, n) // by whom, from 1
	for v := range child {
		child[v] = None
	}
	for v := range uint32(n) {
		from := len(h.head)
		take := func(w uint32) {
			if w > v && seen[w] != v+1 {
				seen[w] = v + 1
				h.head = append(h.head, w)
			}
		}
		node := h.order[v]
		for _, w := range near.Head[near.FirstOut[node]:near.FirstOut[node+1]] {
			take(h.rank[w])
		}
		for c := child[v]; c != None; c = sibling[c] {
			for _, w := range h.head[h.firstUp[c]:h.firstUp[c+1]] {
				take(w)
			}
		}
		if len(h.head) > 1<<30 {
			return fmt.Errorf("more than %d arcs, the order is of no use", 1<<30)
		}
		ups := h.head[from:]
		slices.Sort(ups)
		h.firstUp[v+1] = uint32(len(h.head))
		h.parent[v] = None
		if len(ups) > 0 {
			p := ups[0]
			h.parent[v] = p
			sibling[v], child[p] = child[p], v
		}
	}
	h.head = slices.Clip(h.head)
	return nil
}

// turn sorts the arcs by head.
func (h *Hierarchy) turn() {
	n, m := len(h.order), len(h.head)
	h.tail = make([]uint32, m)
	h.below = make([]uint32, m)
	next := make([]uint32, n+2)
	for v := range n {
		for e := h.firstUp[v]; e < h.firstUp[v+1]; e++ {
			h.tail[e] = uint32(v)
			next[h.head[e]+2]++
		}
	}
	for v := range n {
		next[v+2] += next[v+1]
	}
	for e, w := range h.head {
		h.below[next[w+1]] = uint32(e)
		next[w+1]++
	}
	h.firstBelow = next[:n+1]
}

// place finds the slot of each arc of the graph.
func (h *Hierarchy) place(g Graph) {
	h.slot = make([]uint32, len(g.Head))
	h.nextIn = make([]uint32, len(g.Head))
	h.firstIn = make([]uint32, 2*len(h.head))
	for s := range h.firstIn {
		h.firstIn[s] = None
	}
	// Backwards, so that parallel arcs are listed in their order.
	for node := g.Nodes() - 1; node >= 0; node-- {
		for a := int(g.FirstOut[node+1]) - 1; a >= int(g.FirstOut[node]); a-- {
			v, w := h.rank[node], h.rank[g.Head[a]]
			if v == w {
				h.slot[a] = None
				continue
			}
			s := 2 * h.arc(min(v, w), max(v, w))
			if v > w {
				s++
			}
			h.slot[a], h.nextIn[a], h.firstIn[s] = s, h.firstIn[s], uint32(a)
		}
	}
}

// arc finds the arc from tail to head, which must be there.
func (h *Hierarchy) arc(tail, head uint32) uint32 {
	from := h.firstUp[tail]
	i, _ := slices.BinarySearch(h.head[from:h.firstUp[tail+1]], head)
	return from + uint32(i)
}
