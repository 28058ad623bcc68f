package tiles

import "runtime"

// Item is a feature of a layer as Generalise sees it.
type Item struct {
	// ID is unique in the layer and not 0.
	ID    uint64
	Shape *Shape
}

// Generalise decides for all shapes of a layer, together, at which zooms each
// vertex is drawn, and with coverage set, which neighbour takes in a polygon
// that is too small. It writes the results into the shapes, which nobody else
// may be reading yet. It takes about half a second for a million vertices on one
// core, and shares what it can among all cores.
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
