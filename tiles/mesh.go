package tiles

import (
	"math/bits"
	"slices"
	"sort"
)

// mesh is the vertices of a layer, or of a part of it, each once, and what is
// known of them. Vertices are called by their number.
type mesh struct {
	at []Vertex
	// beside holds the two neighbours of a vertex on the first ring or line on
	// which it was met, the smaller first.
	beside [][2]Vertex
	// node marks the vertices where arcs end.
	node []bool
	// arc is the arc that a vertex is an inner vertex of, counted from 1, or 0.
	arc []uint32
	// gone marks inner vertices that simplification has removed so far. Only the
	// goroutine that works on the vertex's arc touches it.
	gone []bool
	// level is the result: the lowest zoom at which the vertex is drawn.
	level []uint8

	table []uint32 // open addressing: number of a vertex plus one
	slabs slabs
}

// newMesh makes a mesh with room for n vertices.
func newMesh(n int) *mesh {
	m := &mesh{
		at:     make([]Vertex, 0, n),
		beside: make([][2]Vertex, 0, n),
		node:   make([]bool, 0, n),
	}
	m.table = make([]uint32, max(16, 1<<bits.Len(uint(n+n/2))))
	return m
}

// slot returns where v stands in the table, or where it would.
func (m *mesh) slot(v Vertex) uint64 {
	mask := uint64(len(m.table) - 1)
	h := uint64(v.X)<<32 | uint64(v.Y)
	h *= 0x9e3779b97f4a7c15
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	i := (h >> 20) & mask
	for m.table[i] != 0 && m.at[m.table[i]-1] != v {
		i = (i + 1) & mask
	}
	return i
}

// number returns the number of a vertex and whether it is in the mesh.
func (m *mesh) number(v Vertex) (uint32, bool) {
	i := m.table[m.slot(v)]
	return i - 1, i != 0
}

// meet records that a ring or line passes through v on its way from p to n, and
// returns the number of v. A vertex becomes a node when two ways through it
// differ, or turn back in it.
func (m *mesh) meet(v, p, n Vertex) uint32 {
	if less(n, p) {
		p, n = n, p
	}
	i, found := m.insert(v)
	if !found {
		m.beside[i] = [2]Vertex{p, n}
		m.node[i] = m.node[i] || p == n
	} else if m.beside[i] != [2]Vertex{p, n} {
		m.node[i] = true
	}
	return i
}

// place records a vertex of which it is already known whether it is a node.
func (m *mesh) place(v Vertex, node bool) {
	i, _ := m.insert(v)
	m.node[i] = m.node[i] || node
}

func (m *mesh) insert(v Vertex) (i uint32, found bool) {
	s := m.slot(v)
	if m.table[s] != 0 {
		return m.table[s] - 1, true
	}
	m.at = append(m.at, v)
	m.beside = append(m.beside, [2]Vertex{})
	m.node = append(m.node, false)
	m.table[s] = uint32(len(m.at))
	if 4*len(m.at) > 3*len(m.table) {
		m.table = make([]uint32, 2*len(m.table))
		for i, v := range m.at {
			m.table[m.slot(v)] = uint32(i + 1)
		}
	}
	return uint32(len(m.at) - 1), false
}

// less orders vertices by X, then Y.
func less(a, b Vertex) bool {
	if a.X != b.X {
		return a.X < b.X
	}
	return a.Y < b.Y
}

// slabs finds the vertices in a box. They are sorted by X and cut into slabs of
// equal count, each sorted by Y: a query costs about the square root of the
// number of vertices at worst and far less for a small box, however unevenly
// they lie.
type slabs struct {
	size  int
	keys  []uint64 // Y<<32 | vertex, slab after slab
	first []uint32 // the lowest X of each slab
	last  []uint32 // the highest
}

func newSlabs(at []Vertex) slabs {
	s := slabs{size: 32, keys: make([]uint64, len(at))}
	for s.size*s.size < len(at) {
		s.size *= 2
	}
	for i, v := range at {
		s.keys[i] = uint64(v.X)<<32 | uint64(i)
	}
	slices.Sort(s.keys)
	for slab := range slices.Chunk(s.keys, s.size) {
		s.first = append(s.first, uint32(slab[0]>>32))
		s.last = append(s.last, uint32(slab[len(slab)-1]>>32))
		for i, k := range slab {
			slab[i] = uint64(at[uint32(k)].Y)<<32 | k&(1<<32-1)
		}
		slices.Sort(slab)
	}
	return s
}

// any reports whether hit is true for any vertex in the box.
func (s *slabs) any(at []Vertex, b Box, hit func(i uint32) bool) bool {
	slab := sort.Search(len(s.last), func(i int) bool { return s.last[i] >= b.Min.X })
	for ; slab < len(s.first) && s.first[slab] <= b.Max.X; slab++ {
		keys := s.keys[slab*s.size : min(len(s.keys), (slab+1)*s.size)]
		i, _ := slices.BinarySearch(keys, uint64(b.Min.Y)<<32)
		for ; i < len(keys) && uint32(keys[i]>>32) <= b.Max.Y; i++ {
			v := uint32(keys[i])
			if x := at[v].X; b.Min.X <= x && x <= b.Max.X && hit(v) {
				return true
			}
		}
	}
	return false
}
