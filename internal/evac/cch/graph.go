package cch

import (
	"fmt"
	"math"
)

// Inf is the weight of a closed arc and the length of a way that does not
// exist. Weights and lengths are whole numbers in whatever unit the caller
// chooses (milliseconds: 24 days) and are exact below Inf; at Inf and above
// nothing is reached.
const Inf uint32 = math.MaxInt32

// None stands where there is no node, arc, rank or place.
const None uint32 = math.MaxUint32

// Graph is a directed graph in compressed rows. The arcs that leave node v are
// FirstOut[v] up to, but without, FirstOut[v+1], and arc a leads to Head[a]: its
// position is its identity. Parallel arcs and loops are allowed; the zero value
// is the empty graph. A graph has at most 2^30 arcs.
type Graph struct {
	FirstOut []uint32 // one more than there are nodes
	Head     []uint32 // one for each arc
}

// Nodes counts the nodes.
func (g Graph) Nodes() int { return max(0, len(g.FirstOut)-1) }

// check tells what is wrong with the rows.
func (g Graph) check() error {
	n := g.Nodes()
	if len(g.Head) > 1<<30 {
		return fmt.Errorf("graph of %d arcs, at most %d are possible", len(g.Head), 1<<30)
	}
	if n == 0 && len(g.Head) > 0 {
		return fmt.Errorf("graph of %d arcs without nodes", len(g.Head))
	}
	if n > 0 && (g.FirstOut[0] != 0 || g.FirstOut[n] != uint32(len(g.Head))) {
		return fmt.Errorf("rows of the graph run from %d to %d, want 0 to %d", g.FirstOut[0], g.FirstOut[n], len(g.Head))
	}
	for v := range n {
		if g.FirstOut[v] > g.FirstOut[v+1] {
			return fmt.Errorf("row of node %d ends at %d, before its start at %d", v, g.FirstOut[v+1], g.FirstOut[v])
		}
	}
	for a, head := range g.Head {
		if head >= uint32(n) {
			return fmt.Errorf("arc %d leads to node %d of %d", a, head, n)
		}
	}
	return nil
}

// neighbours returns the graph without directions, loops and parallels: each
// pair of neighbours stands once in the rows of both.
func (g Graph) neighbours() Graph {
	n := g.Nodes()
	first := make([]uint32, n+2)
	each(g, func(v, w uint32) { first[v+2]++; first[w+2]++ })
	for v := range n {
		first[v+2] += first[v+1]
	}
	row := make([]uint32, first[n+1])
	each(g, func(v, w uint32) {
		row[first[v+1]], row[first[w+1]] = w, v
		first[v+1]++
		first[w+1]++
	})
	// Squeeze out repetitions, row by row in place.
	seen := make([]uint32, n)
	kept := uint32(0)
	for v := range n {
		from, to := first[v], first[v+1]
		first[v] = kept
		for _, w := range row[from:to] {
			if seen[w] != uint32(v)+1 {
				seen[w] = uint32(v) + 1
				row[kept] = w
				kept++
			}
		}
	}
	first[n] = kept
	return Graph{first[:n+1], row[:kept]}
}

// each calls do for the ends of each arc that is not a loop.
func each(g Graph, do func(v, w uint32)) {
	for v := range g.Nodes() {
		for _, w := range g.Head[g.FirstOut[v]:g.FirstOut[v+1]] {
			if w != uint32(v) {
				do(uint32(v), w)
			}
		}
	}
}
