package tiles

import (
	"cmp"
	"iter"
	"runtime"
	"slices"
)

// Item is a feature of a layer as Generalise sees it.
type Item struct {
	// ID is unique in the layer and not 0.
	ID    uint64
	Shape *Shape
}

// Generalise decides for all shapes of a layer, together, at which zooms each
// vertex is drawn, and with coverage set, which neighbour takes in a polygon
// that is too small. It writes the results into the shapes, which nobody else
// may be reading yet. It takes about a second for a million vertices on one
// core, and uses all cores.
//
// Borders are simplified once. A vertex is a node where the lines and rings
// that pass through it go on differently, or end; the vertices between two nodes
// are an arc, and every feature along an arc has the same vertices there. Nodes
// are drawn at every zoom. The other vertices of an arc get the lowest zoom at
// which they matter (see simplifier), from the arc alone, always taken in the
// same direction. So both sides of a border draw the same line at any zoom, and
// a network of lines stays connected. Vertices that are to meet must be the same
// to the unit: a corner of one feature on an edge of another, without a vertex
// there, is not a node.
//
// Simplification makes no crossings. Say the corner a-b-c is cut to a-c and the
// new edge crosses an edge u-v as it is drawn at the time. Before, u-v crossed
// neither a-b nor b-c; it enters the triangle through a-c, so it ends inside it:
// u or v is a vertex in the triangle, and it is drawn. But the triangle held no
// vertex of another arc, drawn or not, and none of this arc that was still
// drawn. By induction over the cuts, edges that did not cross in the source do
// not cross at any zoom, whatever cuts were made on other arcs. The argument is
// about exact coordinates: a source that crosses itself may go on doing so, two
// arcs may come to lie on each other (a lens between two nodes, when all its
// inner vertices are cut), and rounding to a tile's grid comes after it.
func Generalise(items []Item, coverage bool) {
	w := work{items: items}
	n := 0
	for i, it := range items {
		n += len(it.Shape.coords)
		it.Shape.levels = nil
		it.Shape.cover = nil
		if it.Shape.kind == Point {
			continue
		}
		for part := range it.Shape.parts() {
			from, to, _ := it.Shape.part(part)
			w.pieces = append(w.pieces, piece{item: i, from: from, to: to, start: from, n: to - from, ring: it.Shape.kind == Polygon})
		}
	}
	w.mesh = newMesh(n / 2)
	w.ids = make([]uint32, 0, n)
	for _, it := range items {
		it.Shape.eachVertex(func(_ int, v, p, n Vertex) { w.ids = append(w.ids, w.meet(v, p, n)) })
	}
	w.simplify(runtime.GOMAXPROCS(0))
	for i, it := range items {
		if it.Shape.kind != Point {
			items[i].Shape.levels = make([]uint8, len(it.Shape.coords))
		}
	}
	w.write(func(i int) []uint8 { return items[i].Shape.levels })
	if coverage {
		b := borders{mesh: w.mesh, items: items}
		b.measureAll(w.ids)
		for i := range items {
			b.join(i, nil)
		}
	}
}

// Edit is a change of one feature: Before is nil for a new one, After for one
// that was deleted.
type Edit struct {
	ID            uint64
	Before, After *Shape
}

// Update does what Generalise does after a few edits, and only near them. The
// result is the same as if Generalise had seen the whole layer as it is now.
//
// search yields the features whose box meets a box, with the edits applied;
// more do no harm. Update returns the features whose shape is not as it was, the
// edited ones among them, with new shapes; it writes into none that it was
// given. The cost grows with the number of vertices in the boxes of the arcs and
// features near the edits, and with the number of edits times the vertices of the features
// that they meet: for thousands of edits at once, Generalise is the better way.
func Update(edits []Edit, coverage bool, search func(Box) iter.Seq[Item]) []Item {
	u := update{search: search}
	for _, e := range edits {
		u.edited = append(u.edited, e.ID)
		for _, s := range [2]*Shape{e.Before, e.After} {
			if s != nil && len(s.coords) > 0 {
				u.changed = append(u.changed, s.box)
			}
		}
	}
	slices.Sort(u.edited)
	u.items = u.meeting(u.changed)
	u.pick()
	u.mesh = newMesh(1024)
	for _, it := range u.meeting(u.region) {
		u.place(it.Shape)
	}
	u.find()
	u.simplify(1)
	fresh := make([]Item, len(u.items))
	for i, it := range u.items {
		s := *it.Shape
		fresh[i] = Item{ID: it.ID, Shape: &s}
		if s.kind != Point {
			s.levels = make([]uint8, len(s.coords))
			copy(s.levels, it.Shape.levels)
			fresh[i].Shape.levels = s.levels
		}
	}
	u.write(func(i int) []uint8 { return fresh[i].Shape.levels })
	if coverage {
		b := borders{mesh: u.mesh, items: fresh}
		b.measureWithin(u.inChanged)
		for i := range fresh {
			b.join(i, u.edited)
		}
	}
	return slices.DeleteFunc(fresh, func(it Item) bool {
		i, _ := slices.BinarySearchFunc(u.items, it.ID, func(o Item, id uint64) int { return cmp.Compare(o.ID, id) })
		_, edited := slices.BinarySearch(u.edited, it.ID)
		return !edited && u.items[i].Shape.same(it.Shape)
	})
}

// same reports whether two versions of a shape have the same results.
func (s *Shape) same(o *Shape) bool {
	if s.minZoom != o.minZoom || !slices.Equal(s.levels, o.levels) || (s.cover == nil) != (o.cover == nil) {
		return false
	}
	return s.cover == nil || s.cover.into == o.cover.into && slices.Equal(s.cover.borders, o.cover.borders)
}
