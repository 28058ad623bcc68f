package tiles

import (
	"cmp"
	"math"
	"slices"
)

// cover is what a polygon of a coverage knows of its neighbours.
type cover struct {
	into    uint64
	borders []border // by id
}

// border is what a polygon shares with one neighbour. It is kept so that an edit
// of one neighbour needs no look at all the others.
type border struct {
	id     uint64
	length uint64  // in world units, each edge rounded, so that the order of a sum does not matter
	area   float64 // of the neighbour
}

// borders finds the neighbours of polygons: those that have an edge of theirs the
// other way round.
type borders struct {
	*mesh
	items  []Item
	edges  []halfEdge
	shared []shared // by one
	start  []uint32 // where those of each item begin
	list   []border // working memory of join
}

type halfEdge struct {
	lo, hi  uint32 // vertices, by number
	item    uint32
	forward bool // from lo to hi
}

type shared struct {
	one, other uint32 // items
	length     uint64
}

// measureAll lists what any two items share. ids are the numbers of the vertices
// of all lines and polygons, in order.
func (b *borders) measureAll(ids []uint32) {
	b.edges = make([]halfEdge, 0, len(ids))
	for i, it := range b.items {
		switch it.Shape.kind {
		case Point:
			continue
		case Line:
			ids = ids[len(it.Shape.coords):]
			continue
		}
		for part := range it.Shape.parts() {
			from, to, _ := it.Shape.part(part)
			ring := ids[:to-from]
			ids = ids[to-from:]
			p := ring[len(ring)-1]
			for _, q := range ring {
				b.edge(i, p, q)
				p = q
			}
		}
	}
	b.match()
}

// measureWithin lists what any two items share, of edges whose ends are both in
// some boxes.
func (b *borders) measureWithin(boxes []Box) {
	for i, it := range b.items {
		if it.Shape.kind != Polygon {
			continue
		}
		it.Shape.eachVertexIn(boxes, func(_ int, v, _, n Vertex) {
			if containsAny(boxes, v) && containsAny(boxes, n) {
				p, _ := b.number(v)
				q, _ := b.number(n)
				b.edge(i, p, q)
			}
		})
	}
	b.match()
}

func (b *borders) edge(item int, p, q uint32) {
	b.edges = append(b.edges, halfEdge{lo: min(p, q), hi: max(p, q), item: uint32(item), forward: p < q})
}

func (b *borders) match() {
	b.shared = make([]shared, 0, len(b.edges))
	edges, starts := bucket(b.edges, len(b.at), func(e halfEdge) uint32 { return e.lo })
	for lo := range b.at {
		b.pair(edges[starts[lo]:starts[lo+1]])
	}
	b.shared, b.start = bucket(b.shared, len(b.items), func(s shared) uint32 { return s.one })
}

// pair matches the edges at one vertex that run against each other.
func (b *borders) pair(edges []halfEdge) {
	if len(edges) > 1 {
		slices.SortFunc(edges, func(e, f halfEdge) int { return cmp.Compare(e.hi, f.hi) })
	}
	for i, e := range edges {
		for _, f := range edges[i+1:] {
			if f.hi != e.hi {
				break
			}
			if f.forward != e.forward && f.item != e.item {
				n := uint64(math.Round(distance(b.at[e.lo], b.at[e.hi])))
				b.shared = append(b.shared, shared{e.item, f.item, n}, shared{f.item, e.item, n})
			}
		}
	}
}

// bucket sorts list by a key below n, in time linear in both, and returns where
// each key begins.
func bucket[T any](list []T, n int, key func(T) uint32) ([]T, []uint32) {
	start := make([]uint32, n+1)
	for _, t := range list {
		start[key(t)+1]++
	}
	for i := range n {
		start[i+1] += start[i]
	}
	at := slices.Clone(start)
	sorted := make([]T, len(list))
	for _, t := range list {
		k := key(t)
		sorted[at[k]] = t
		at[k]++
	}
	return sorted, start
}

// join writes the borders of item i and the neighbour that takes it in. With
// edited set (sorted ids), borders between features that are not in it are taken
// from before.
func (b *borders) join(i int, edited []uint64) {
	it := b.items[i]
	if it.Shape.kind != Polygon {
		return
	}
	is := func(id uint64) bool {
		_, found := slices.BinarySearch(edited, id)
		return found
	}
	all := edited == nil || is(it.ID)
	list := b.list[:0]
	if !all && it.Shape.cover != nil {
		for _, o := range it.Shape.cover.borders {
			if !is(o.id) {
				list = append(list, o)
			}
		}
	}
	for _, s := range b.shared[b.start[i]:b.start[i+1]] {
		if o := b.items[s.other]; all || is(o.ID) {
			list = append(list, border{id: o.ID, length: s.length, area: o.Shape.area})
		}
	}
	b.list = list
	list = merge(list)
	it.Shape.cover = &cover{into: into(it, list), borders: slices.Clone(list)}
}

// merge adds up the borders with the same neighbour and sorts them by id.
func merge(list []border) []border {
	slices.SortFunc(list, func(a, b border) int { return cmp.Compare(a.id, b.id) })
	n := 0
	for _, o := range list {
		if n > 0 && list[n-1].id == o.id {
			list[n-1].length += o.length
			continue
		}
		list[n] = o
		n++
	}
	return list[:n]
}

// into returns the neighbour with the longest border among those larger than
// it, or 0.
func into(it Item, list []border) uint64 {
	var best border
	for _, o := range list {
		if o.area < it.Shape.area || o.area == it.Shape.area && o.id <= it.ID {
			continue
		}
		if best.id == 0 || o.length > best.length || o.length == best.length && (o.area > best.area || o.area == best.area && o.id > best.id) {
			best = o
		}
	}
	return best.id
}
