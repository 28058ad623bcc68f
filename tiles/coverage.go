package tiles

import (
	"cmp"
	"math"
	"slices"
)

// cells is the working memory for a coverage. A cell is what is drawn as one
// feature: a feature, and the ones too small for the zoom that it takes in.
type cells struct {
	members []member
	list    []cell
	arena   rings // the rings of all cells
	// strays are to be given to neighbours; owners has for each the cell that it
	// came from. Those of one round make others for the next.
	strays, nextStrays strays
	owners, nextOwners []int

	edges   map[uint64]int32 // the edges of strays, turned round
	targets []int
	shared  []float64
	longest []float64
}

// member is a feature of the tile and the feature as which it is drawn.
type member struct {
	root uint64
	at   place
	Feature
}

type cell struct {
	Feature
	from, to int // its rings in arena
}

func (c *cells) forget() {
	clear(c.members)
	clear(c.list)
	c.members, c.list = c.members[:0], c.list[:0]
}

// coverage writes a layer that is a coverage.
func (p *pen) coverage(l Layer) {
	c := &p.cells
	c.forget()
	c.arena.reset()
	c.nextStrays.reset()
	c.nextOwners = c.nextOwners[:0]
	p.gather(l)
	for i := 0; i < len(c.members); {
		j := i + 1
		for j < len(c.members) && c.members[j].root == c.members[i].root {
			j++
		}
		p.cell(l, c.members[i:j])
		i = j
	}
	p.settle()
	for _, k := range c.list {
		p.write(l, k.Feature, &c.arena, k.from, k.to)
	}
}

// gather lists the features of the tile, those drawn as one side by side.
func (p *pen) gather(l Layer) {
	c := &p.cells
	for f := range l.Features {
		if at := p.place(f.Shape.box); at != outside {
			c.members = append(c.members, member{root: p.root(l, f), at: at, Feature: f})
		}
	}
	slices.SortFunc(c.members, func(a, b member) int {
		if o := cmp.Compare(a.root, b.root); o != 0 {
			return o
		}
		return cmp.Compare(a.ID, b.ID)
	})
}

// root returns the id of the feature as which f is drawn: the first on the way
// from neighbour to larger neighbour that is large enough, or the last.
func (p *pen) root(l Layer, f Feature) uint64 {
	for f.Shape.minZoom > p.zoom {
		into := f.Shape.Into()
		if into == 0 {
			break
		}
		next, ok := l.Find(into)
		// Each is larger than the one before, or the shapes do not belong together.
		if !ok || !larger(next, f) {
			break
		}
		f = next
	}
	return f.ID
}

// larger orders the features of a coverage by area, then id, so that a chain of
// neighbours that take each other in has an end.
func larger(a, b Feature) bool {
	if a.Shape.area != b.Shape.area {
		return a.Shape.area > b.Shape.area
	}
	return a.ID > b.ID
}

// cell clips the members of one cell and joins them.
func (p *pen) cell(l Layer, members []member) {
	c := &p.cells
	f := members[0].Feature
	p.out.reset()
	p.strays.reset()
	for _, m := range members {
		if m.ID == m.root {
			f = m.Feature
		}
		if m.Shape.kind == Polygon {
			p.polygons(m.Shape, m.at)
		}
	}
	if f.ID != members[0].root {
		f, _ = l.Find(members[0].root)
	}
	if len(members) > 1 {
		p.dissolver.reset()
		p.merge()
	}
	k := cell{Feature: f}
	k.from, k.to = c.store(&p.out)
	p.pass(len(c.list))
	c.list = append(c.list, k)
}

// store puts rings into the arena and returns where they are.
func (c *cells) store(r *rings) (from, to int) {
	from = c.arena.len()
	for i := range r.len() {
		c.arena.add(r.ring(i))
	}
	return from, c.arena.len()
}

// pass hands the strays of a cell on to the next round.
func (p *pen) pass(cell int) {
	c := &p.cells
	for i := range p.strays.len() {
		from, to := p.strays.span(i)
		for r := from; r < to; r++ {
			c.nextStrays.rings.add(p.strays.rings.ring(r))
		}
		c.nextStrays.end()
		c.nextOwners = append(c.nextOwners, cell)
	}
}

// merge dissolves all rings of out and of strays, and what the dissolver holds
// already, into out; what has negative area is in strays afterwards.
func (p *pen) merge() {
	for i := range p.out.len() {
		p.dissolver.add(p.out.ring(i))
	}
	for i := range p.strays.rings.len() {
		p.dissolver.add(p.strays.rings.ring(i))
	}
	p.out.reset()
	p.strays.reset()
	p.dissolver.dissolve(&p.out, &p.strays)
}

// settleRounds bounds how often an area is handed on. One round settles all but
// those that lie against each other.
const settleRounds = 8

// settle gives each stray to the neighbour with which it has the longest border
// in the tile. A stray is the outline of a place where its neighbours came to
// overlap by rounding; taken into one of them it removes the overlap.
func (p *pen) settle() {
	c := &p.cells
	for range settleRounds {
		c.strays, c.nextStrays = c.nextStrays, c.strays
		c.owners, c.nextOwners = c.nextOwners, c.owners
		c.nextStrays.reset()
		c.nextOwners = c.nextOwners[:0]
		if c.strays.len() == 0 {
			return
		}
		c.neighbours()
		for i, t := range c.targets {
			if t < 0 {
				continue // alone on the edge of the coverage: nothing overlaps
			}
			p.give(i, t)
		}
	}
}

// give merges a stray into a cell.
func (p *pen) give(stray, target int) {
	c := &p.cells
	k := &c.list[target]
	p.dissolver.reset()
	for r := k.from; r < k.to; r++ {
		p.dissolver.add(c.arena.ring(r))
	}
	from, to := c.strays.span(stray)
	for r := from; r < to; r++ {
		p.dissolver.add(c.strays.rings.ring(r))
	}
	p.out.reset()
	p.strays.reset()
	p.merge()
	k.from, k.to = c.store(&p.out)
	p.pass(target)
}

// neighbours finds for each stray the cell with the longest border against it,
// or -1.
func (c *cells) neighbours() {
	if c.edges == nil {
		c.edges = map[uint64]int32{}
	}
	clear(c.edges)
	c.targets, c.longest, c.shared = c.targets[:0], c.longest[:0], c.shared[:0]
	for i := range c.strays.len() {
		c.targets, c.longest, c.shared = append(c.targets, -1), append(c.longest, 0), append(c.shared, 0)
		from, to := c.strays.span(i)
		for r := from; r < to; r++ {
			eachEdge(c.strays.rings.ring(r), func(a, b point) { c.edges[pack(b)<<cellBits|pack(a)] = int32(i) })
		}
	}
	for i, k := range c.list {
		clear(c.shared)
		for r := k.from; r < k.to; r++ {
			eachEdge(c.arena.ring(r), func(a, b point) {
				if s, ok := c.edges[pack(a)<<cellBits|pack(b)]; ok && c.owners[s] != i {
					c.shared[s] += math.Hypot(float64(a.x-b.x), float64(a.y-b.y))
				}
			})
		}
		for s, length := range c.shared {
			if length > c.longest[s] {
				c.longest[s], c.targets[s] = length, i
			}
		}
	}
}

func eachEdge(ring []point, do func(a, b point)) {
	a := ring[len(ring)-1]
	for _, b := range ring {
		do(a, b)
		a = b
	}
}
