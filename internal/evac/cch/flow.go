package cch

// flow finds the fewest nodes whose removal parts the first nodes of a line
// from its last, as many node-disjoint ways as there can be between them (Menger),
// found one after another by breadth-first search (Ford and Fulkerson).
//
// Each node is a door in and a door out with room for one way between them. The
// search goes from a way out to the ways in of neighbours, from in to out where
// no way leads through the node, and against a way that was found before, which
// it then turns around.
type flow struct {
	g    Graph
	cell []uint32 // only nodes of one cell count
	// The way through a node, if any: where it comes from and goes to. A node
	// that begins one has itself before it; None: no way.
	before, after []uint32
	// reached is the round in which a door was reached, and from the door
	// before it. Doors are 2v (in) and 2v+1 (out).
	reached, from []uint32
	round         uint32
	last          []bool // of the line
	queue         []uint32
}

func newFlow(g Graph, cell []uint32) *flow {
	n := g.Nodes()
	return &flow{
		g: g, cell: cell, before: make([]uint32, n), after: make([]uint32, n),
		reached: make([]uint32, 2*n), from: make([]uint32, 2*n), last: make([]bool, n), queue: make([]uint32, 0, 2*n),
	}
}

// separation tells of a cut how many nodes it takes and how many it leaves on
// the smaller side.
type separation struct {
	nodes, smaller int
	found          bool
}

// cost is low for few nodes that leave two halves of nearly the same size.
func (c separation) cost(n int) float64 {
	return float64(c.nodes) / float64(max(1, min(c.smaller, n/2)))
}

// cut parts the first nodes of a line from its last ones, unless that takes
// more than limit.
func (f *flow) cut(line []uint32, ends, limit int) separation {
	for _, v := range line {
		f.before[v], f.after[v] = None, None
	}
	first, last := line[:ends], line[len(line)-ends:]
	for _, v := range last {
		f.last[v] = true
	}
	defer func() {
		for _, v := range last {
			f.last[v] = false
		}
	}()
	c := separation{found: true}
	for f.search(first) {
		if c.nodes++; c.nodes > limit {
			return separation{}
		}
	}
	sides := [3]int{}
	for _, v := range line {
		sides[f.part(v)]++
	}
	c.smaller = min(sides[0], sides[1])
	return c
}

// part tells after a cut on which side of it a node is, 2: in it.
func (f *flow) part(v uint32) uint32 {
	switch f.round {
	case f.reached[2*v+1]:
		return 0
	case f.reached[2*v]:
		return 2
	}
	return 1
}

// search finds one way more, or reports that there is none.
func (f *flow) search(first []uint32) bool {
	f.round++
	f.queue = f.queue[:0]
	for _, v := range first {
		f.reach(2*v, None)
	}
	cell := f.cell[first[0]]
	for at := 0; at < len(f.queue); at++ {
		door := f.queue[at]
		v := door / 2
		switch {
		case door&1 == 0 && f.before[v] == None:
			f.reach(door+1, door)
		case door&1 == 0:
			if u := f.before[v]; u != v {
				f.reach(2*u+1, door)
			}
		default:
			if f.last[v] {
				f.augment(door)
				return true
			}
			for _, w := range f.g.Head[f.g.FirstOut[v]:f.g.FirstOut[v+1]] {
				if f.cell[w] == cell {
					f.reach(2*w, door)
				}
			}
			if f.before[v] != None {
				f.reach(door-1, door)
			}
		}
	}
	return false
}

func (f *flow) reach(door, from uint32) {
	if f.reached[door] != f.round {
		f.reached[door], f.from[door] = f.round, from
		f.queue = append(f.queue, door)
	}
}

// augment adds the way that the search found, whose last door is given.
func (f *flow) augment(door uint32) {
	f.after[door/2] = door / 2
	for door != None {
		w, from := door/2, f.from[door]
		switch {
		case from == None:
			f.before[w] = w
		case door&1 == 0 && from/2 == w: // back through the node: no way leads there any more
			f.before[w], f.after[w] = None, None
		case door&1 == 0:
			f.before[w], f.after[from/2] = from/2, w
		}
		door = from
	}
}
