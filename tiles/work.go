package tiles

import (
	"slices"
	"sync"
	"sync/atomic"
)

// eachVertex calls do for each vertex of a line or polygon, none of a point,
// with those before and after it on its ring or line. At the end of a line both
// are the inner one, so that it looks like a place where the line turns back.
func (s *Shape) eachVertex(do func(i int, v, p, n Vertex)) { s.eachVertexIn(nil, do) }

// eachVertexIn is eachVertex for the vertices in some boxes, and others near
// them; nil means everywhere.
func (s *Shape) eachVertexIn(boxes []Box, do func(i int, v, p, n Vertex)) {
	if s.kind == Point {
		return
	}
	for part := range s.parts() {
		from, to, _ := s.part(part)
		if boxes != nil && !s.around(from, to).meetsAny(boxes) {
			continue
		}
		vs := s.coords[from:to]
		last := len(vs) - 1
		for i := 0; i <= last; i++ {
			if c, ok := s.chunk(from+i, to); ok && boxes != nil && !c.meetsAny(boxes) {
				i += chunkLen - 1
				continue
			}
			p, n := vs[max(i-1, 0)], vs[min(i+1, last)]
			switch {
			case i == 0 && s.kind == Polygon:
				p = vs[last]
			case i == 0:
				p = n
			case i == last && s.kind == Polygon:
				n = vs[0]
			case i == last:
				n = p
			}
			do(from+i, vs[i], p, n)
		}
	}
}

// work is one run of Generalise or Update.
type work struct {
	*mesh
	items  []Item
	pieces []piece
	ids    []uint32 // the vertices of all pieces, one piece after the other
	paths  []uint32 // the vertices of all arcs that can lose some
	ends   []int
	turned []uint32 // a ring from the vertex on where its arcs begin
}

// piece is a ring or line whose levels are wanted, or what lies between two
// nodes of one: n vertices of an item's shape from start on, which go on at from
// after the last before to.
type piece struct {
	item     int
	from, to int
	start, n int
	// ring says that the piece is a whole ring; otherwise it begins and ends in a
	// node.
	ring bool
}

// index returns the place of the k-th vertex of the piece in coords.
func (p *piece) index(k int) int {
	if i := p.start + k; i < p.to {
		return i
	}
	return p.start + k - p.to + p.from
}

// simplify cuts all pieces into arcs and finds the levels of their vertices.
func (w *work) simplify(workers int) {
	w.arc = make([]uint32, len(w.at))
	w.gone = make([]bool, len(w.at))
	w.level = make([]uint8, len(w.at))
	ids := w.ids
	for i := range w.pieces {
		n := w.pieces[i].n
		w.cut(&w.pieces[i], ids[:n])
		ids = ids[n:]
	}
	if len(w.ends) == 0 {
		return
	}
	w.slabs = newSlabs(w.at)
	var next atomic.Int64
	run := func() {
		s := simplifier{mesh: w.mesh}
		for i := int(next.Add(1)) - 1; i < len(w.ends); i = int(next.Add(1)) - 1 {
			from := 0
			if i > 0 {
				from = w.ends[i-1]
			}
			s.simplify(w.paths[from:w.ends[i]], uint32(i+1))
		}
	}
	if workers < 2 {
		run()
		return
	}
	var wg sync.WaitGroup
	for range workers {
		wg.Go(run)
	}
	wg.Wait()
}

// find looks up the vertices of the pieces.
func (w *work) find() {
	for i := range w.pieces {
		p := &w.pieces[i]
		coords := w.items[p.item].Shape.coords
		for k := range p.n {
			id, _ := w.number(coords[p.index(k)])
			w.ids = append(w.ids, id)
		}
	}
}

// cut notes the arcs of a piece.
func (w *work) cut(p *piece, ids []uint32) {
	if !p.ring {
		w.split(ids)
		return
	}
	first := slices.IndexFunc(ids, func(id uint32) bool { return w.node[id] })
	if first < 0 {
		// A ring without nodes begins at its smallest vertex, for everybody.
		first = 0
		for k, id := range ids {
			if less(w.at[id], w.at[ids[first]]) {
				first = k
			}
		}
	}
	w.turned = append(append(append(w.turned[:0], ids[first:]...), ids[:first]...), ids[first])
	w.split(w.turned)
}

// split cuts a path, which begins and ends where arcs do, into its arcs.
func (w *work) split(path []uint32) {
	from := 0
	for k := 1; k < len(path); k++ {
		if w.node[path[k]] || k == len(path)-1 {
			w.note(path[from : k+1])
			from = k
		}
	}
}

// note adds an arc to the list, unless it is there already or too short to lose
// a vertex.
func (w *work) note(path []uint32) {
	last := len(path) - 1
	closed := path[0] == path[last]
	if last < 2 || closed && last <= minRing || w.arc[path[1]] != 0 {
		return
	}
	from := len(w.paths)
	w.paths = append(w.paths, path...)
	w.ends = append(w.ends, len(w.paths))
	a, b := w.at[path[0]], w.at[path[last]]
	if closed {
		a, b = w.at[path[1]], w.at[path[last-1]]
	}
	if less(b, a) {
		slices.Reverse(w.paths[from:])
	}
	for _, id := range path[1:last] {
		w.arc[id] = uint32(len(w.ends))
	}
}

// write puts the levels where levels says that those of an item are.
func (w *work) write(levels func(item int) []uint8) {
	ids := w.ids
	for i := range w.pieces {
		p := &w.pieces[i]
		to := levels(p.item)
		for k, id := range ids[:p.n] {
			if w.node[id] {
				to[p.index(k)] = nodeFlag
			} else {
				to[p.index(k)] = w.level[id]
			}
		}
		ids = ids[p.n:]
	}
}
