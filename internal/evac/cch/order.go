package cch

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Order lists nodes from the least to the most important: Order[rank] is a
// node. It decides how fast everything else is, and nothing about answers.
type Order []uint32

// directions along which a cell is tried to be cut, in degrees from east.
var directions = [...]float64{0, 45, 90, 135}

// share of a cell's nodes at either end that a cut must keep apart.
const share = 0.25

// NewOrder orders nodes by nested dissection: few nodes that cut the graph in
// two halves become the most important, and each half is ordered in the same
// way. Cuts are smallest ones between the nodes that lie first and last in a
// direction, of several directions the best (inertial flow, Schild and Sommer
// 2015), so that at (lon, lat in degrees) matters for quality only. The same
// input gives the same order.
//
// It is the expensive step: about 1 s of one core for the 76,000 nodes of
// Luxembourg.
func NewOrder(g Graph, at []orb.Point) (Order, error) {
	if err := g.check(); err != nil {
		return nil, err
	}
	if len(at) != g.Nodes() {
		return nil, fmt.Errorf("%d coordinates for %d nodes", len(at), g.Nodes())
	}
	d := newDissection(g.neighbours(), at)
	d.dissect(0, g.Nodes())
	return Order(d.lines[0]), nil
}

// dissection sorts nodes into an order in place, as quicksort does: a cell is a
// range of all lines, which hold its nodes sorted along each direction. Once a
// cut is found each line is divided into one half, the other half and the cut,
// and the nodes of the cut stand at their ranks.
type dissection struct {
	g     Graph // without directions
	lines [len(directions)][]uint32
	cell  []uint32 // of each node; 0: it has its rank
	cells uint32   // so far
	part  []uint32 // of its cell, of each node
	flow  *flow
	// scratch is as long as the graph has nodes.
	scratch []uint32
}

func newDissection(g Graph, at []orb.Point) *dissection {
	n := g.Nodes()
	d := &dissection{g: g, cell: make([]uint32, n), part: make([]uint32, n), scratch: make([]uint32, n)}
	d.flow = newFlow(g, d.cell)
	for i, degrees := range directions {
		d.lines[i] = alongside(at, degrees)
	}
	return d
}

// alongside returns the nodes sorted along a direction.
func alongside(at []orb.Point, degrees float64) []uint32 {
	var lat float64
	for _, p := range at {
		lat += p[1] / float64(len(at))
	}
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	cos *= math.Cos(lat * math.Pi / 180)
	line := make([]uint32, len(at))
	key := make([]float64, len(at))
	for v, p := range at {
		line[v], key[v] = uint32(v), p[0]*cos+p[1]*sin
	}
	slices.SortFunc(line, func(v, w uint32) int {
		switch {
		case key[v] < key[w]:
			return -1
		case key[v] > key[w]:
			return 1
		}
		return int(v) - int(w)
	})
	return line
}

// dissect orders the nodes of the cell from lo to hi.
func (d *dissection) dissect(lo, hi int) {
	for hi-lo > 1 {
		d.cells++
		for _, v := range d.lines[0][lo:hi] {
			d.cell[v] = d.cells
		}
		if ends := d.components(lo, hi); len(ends) > 1 {
			for _, end := range ends {
				d.dissect(lo, end)
				lo = end
			}
			return
		}
		d.cut(lo, hi)
		ends := d.divide(lo, hi, 3)
		d.dissect(lo, ends[0])
		lo, hi = ends[0], ends[1]
	}
}

// components divides the cell where it is not connected, and returns where the
// components end.
func (d *dissection) components(lo, hi int) []int {
	cell := d.cell[d.lines[0][lo]]
	parts := uint32(0)
	queue := d.scratch[:0]
	for _, v := range d.lines[0][lo:hi] {
		if d.cell[v] != cell {
			continue // reached from one before
		}
		d.cell[v], d.part[v] = 0, parts
		queue = append(queue[:0], v)
		for len(queue) > 0 {
			v := queue[len(queue)-1]
			queue = queue[:len(queue)-1]
			for _, w := range d.g.Head[d.g.FirstOut[v]:d.g.FirstOut[v+1]] {
				if d.cell[w] == cell {
					d.cell[w], d.part[w] = 0, parts
					queue = append(queue, w)
				}
			}
		}
		parts++
	}
	if parts == 1 {
		for _, v := range d.lines[0][lo:hi] {
			d.cell[v] = cell
		}
		return nil
	}
	return d.divide(lo, hi, int(parts))
}

// cut gives each node of the connected cell its part: 0 or 1, or 2 in the cut.
func (d *dissection) cut(lo, hi int) {
	n := hi - lo
	ends := max(1, int(share*float64(n)))
	best := math.Inf(1)
	for i := range d.lines {
		line := d.lines[i][lo:hi]
		c := d.flow.cut(line, ends, int(min(best*float64(n)/2, float64(n))))
		if !c.found || c.cost(n) >= best {
			continue
		}
		best = c.cost(n)
		for _, v := range line {
			d.part[v] = d.flow.part(v)
		}
	}
}

// divide sorts the lines of the cell by part, and returns where the parts end.
func (d *dissection) divide(lo, hi, parts int) []int {
	ends := make([]int, parts+1)
	for _, v := range d.lines[0][lo:hi] {
		ends[d.part[v]+1]++
	}
	ends[0] = lo
	for p := range parts {
		ends[p+1] += ends[p]
	}
	next := make([]int, parts)
	for i := range d.lines {
		copy(next, ends)
		line := d.lines[i]
		copy(d.scratch, line[lo:hi])
		for _, v := range d.scratch[:hi-lo] {
			line[next[d.part[v]]] = v
			next[d.part[v]]++
		}
	}
	return ends[1:]
}
