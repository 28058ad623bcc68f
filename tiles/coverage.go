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
	stray   rings // orphans, to be given to neighbours
	owners  []int // for each ring of stray: the cell it came from
	edges   map[uint64]int32
	shared  []float64
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
	c.stray.reset()
	c.owners = c.owners[:0]
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
	p.orphans.reset()
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
		p.merge(&p.out, 0, &p.orphans)
	}
	k := cell{Feature: f, from: c.arena.len()}
	for i := range p.out.len() {
		c.arena.add(p.out.ring(i))
	}
	k.to = c.arena.len()
	for i := range p.orphans.len() {
		c.stray.add(p.orphans.ring(i))
		c.owners = append(c.owners, len(c.list))
	}
	c.list = append(c.list, k)
}

// merge dissolves all rings of out and of orphans into out; what cannot be
// placed comes back in orphans.
func (p *pen) merge(out *rings, from int, orphans *rings) {
	p.dissolver.reset()
	for i := from; i < out.len(); i++ {
		p.dissolver.add(out.ring(i))
	}
	for i := range orphans.len() {
		p.dissolver.add(orphans.ring(i))
	}
	out.cut(from)
	orphans.reset()
	p.dissolver.dissolve(out, orphans)
}

// settleRounds bounds how often a ring is handed on. One round settles all but
// slivers that lie against each other.
const settleRounds = 8

// settle gives each orphan to the neighbour with which it has the longest border
// in the tile. An orphan is the outline of a place where two neighbours came to
// overlap by rounding; taken into one of them it removes the overlap.
func (p *pen) settle() {
	c := &p.cells
	for range settleRounds {
		if c.stray.len() == 0 {
			return
		}
		targets := p.neighbours()
		stray, owners := c.stray, c.owners
		c.stray, c.owners = rings{}, nil
		for i := range stray.len() {
			t := targets[i]
			if t < 0 || t == owners[i] {
				continue
			}
			k := &c.list[t]
			p.out.reset()
			for r := k.from; r < k.to; r++ {
				p.out.add(c.arena.ring(r))
			}
			p.orphans.reset()
			p.orphans.add(stray.ring(i))
			p.merge(&p.out, 0, &p.orphans)
			k.from = c.arena.len()
			for r := range p.out.len() {
				c.arena.add(p.out.ring(r))
			}
			k.to = c.arena.len()
			for r := range p.orphans.len() {
				c.stray.add(p.orphans.ring(r))
				c.owners = append(c.owners, t)
			}
		}
	}
}

// neighbours returns for each stray ring the cell with the longest border
// against it, or -1.
func (p *pen) neighbours() []int {
	c := &p.cells
	if c.edges == nil {
		c.edges = map[uint64]int32{}
	}
	clear(c.edges)
	for i := range c.stray.len() {
		eachEdge(c.stray.ring(i), func(a, b point) { c.edges[pack(b)<<cellBits|pack(a)] = int32(i) })
	}
	targets := make([]int, c.stray.len())
	best := make([]float64, c.stray.len())
	for i := range targets {
		targets[i] = -1
	}
	c.shared = append(c.shared[:0], best...)
	for i, k := range c.list {
		clear(c.shared)
		for r := k.from; r < k.to; r++ {
			eachEdge(c.arena.ring(r), func(a, b point) {
				if o, ok := c.edges[pack(a)<<cellBits|pack(b)]; ok && c.owners[o] != i {
					c.shared[o] += math.Hypot(float64(a.x-b.x), float64(a.y-b.y))
				}
			})
		}
		for o, length := range c.shared {
			if length > best[o] {
				best[o], targets[o] = length, i
			}
		}
	}
	return targets
}

func eachEdge(ring []point, do func(a, b point)) {
	a := ring[len(ring)-1]
	for _, b := range ring {
		do(a, b)
		a = b
	}
}
