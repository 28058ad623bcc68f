package tiles

import (
	"cmp"
	"iter"
	"slices"
)

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
// given. The cost grows with the number of vertices near the edits, in the boxes of
// the arcs that they touch, times the number of edits: for thousands at once,
// Generalise is the better way.
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
		b.measureWithin(u.changed)
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

// update is the part of Update that finds what an edit can reach.
type update struct {
	work
	search  func(Box) iter.Seq[Item]
	edited  []uint64 // sorted
	changed []Box    // the boxes before and after each edit
	region  []Box    // for each, with the boxes of the arcs that meet it
}

func (u *update) inChanged(v Vertex) bool { return containsAny(u.changed, v) }

// meeting returns the features whose box meets any of the boxes, by id.
func (u *update) meeting(boxes []Box) []Item {
	var items []Item
	for _, b := range boxes {
		for it := range u.search(b) {
			if it.Shape.box.Meets(b) {
				items = append(items, it)
			}
		}
	}
	slices.SortFunc(items, func(a, b Item) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(items, func(a, b Item) bool { return a.ID == b.ID })
}

// pick lists the pieces between nodes outside the changed boxes that meet one of
// them. Whether a vertex is a node can have changed only at a vertex of an edited
// feature, so inside; and an arc depends on nothing outside its own box. All
// others keep the levels they have.
func (u *update) pick() {
	u.region = slices.Clone(u.changed)
	var cuts []int
	for i, it := range u.items {
		if it.Shape.kind == Point {
			continue
		}
		for part := range it.Shape.parts() {
			from, to, _ := it.Shape.part(part)
			if !it.Shape.around(from, to).meetsAny(u.changed) {
				continue
			}
			cuts = u.cuts(cuts[:0], it.Shape, from, to)
			if len(cuts) == 0 {
				u.consider(piece{item: i, from: from, to: to, start: from, n: to - from, ring: true})
			}
			for j, c := range cuts {
				n := 0
				switch {
				case j+1 < len(cuts):
					n = cuts[j+1] - c + 1
				case it.Shape.kind == Polygon:
					n = to - c + cuts[0] - from + 1
				default:
					continue
				}
				u.consider(piece{item: i, from: from, to: to, start: c, n: n})
			}
		}
	}
}

// cuts returns where a ring or line has nodes that are sure to stay.
func (u *update) cuts(cuts []int, s *Shape, from, to int) []int {
	for i := from; i < to; i++ {
		end := s.kind == Line && (i == from || i == to-1)
		if end || s.levels != nil && s.levels[i]&nodeFlag != 0 && !u.inChanged(s.coords[i]) {
			cuts = append(cuts, i)
		}
	}
	return cuts
}

// consider takes a piece up if it meets a changed box.
func (u *update) consider(p piece) {
	box := emptyBox
	coords := u.items[p.item].Shape.coords
	for k := range p.n {
		box.extend(coords[p.index(k)])
	}
	met := false
	for i, c := range u.changed {
		if c.Meets(box) {
			u.region[i] = u.region[i].Union(box)
			met = true
		}
	}
	if met {
		u.pieces = append(u.pieces, p)
	}
}

// place puts the vertices of a shape in the region into the mesh.
func (u *update) place(s *Shape) {
	s.eachVertexIn(u.region, func(i int, v, p, n Vertex) {
		switch {
		case !containsAny(u.region, v):
		case u.inChanged(v):
			u.meet(v, p, n)
		default:
			u.mesh.place(v, s.levels[i]&nodeFlag != 0)
		}
	})
}
