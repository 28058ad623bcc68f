package tiles

import (
	"cmp"
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// world is a layer under edit, as a mirror would hold it.
type world struct {
	shapes map[uint64]*Shape
}

func (w *world) items() []Item {
	var items []Item
	for id, s := range w.shapes {
		items = append(items, Item{ID: id, Shape: s})
	}
	slices.SortFunc(items, func(a, b Item) int { return cmp.Compare(a.ID, b.ID) })
	return items
}

func (w *world) search(b Box) iter.Seq[Item] {
	return func(yield func(Item) bool) {
		for id, s := range w.shapes { // in any order
			if s.box.Meets(b) && !yield(Item{ID: id, Shape: s}) {
				return
			}
		}
	}
}

// apply does the edits (nil deletes) and updates what they reach.
func (w *world) apply(changes map[uint64]*Shape, coverage bool) {
	var edits []Edit
	for id, s := range changes {
		edits = append(edits, Edit{ID: id, Before: w.shapes[id], After: s})
		if s == nil {
			delete(w.shapes, id)
		} else {
			w.shapes[id] = s
		}
	}
	for _, it := range Update(edits, coverage, w.search) {
		w.shapes[it.ID] = it.Shape
	}
}

// fresh returns a shape of the same geometry on which nothing is decided yet,
// after each vertex went through move.
func fresh(t testing.TB, s *Shape, move func(Vertex) Vertex) *Shape {
	var mp orb.MultiPolygon
	var ml orb.MultiLineString
	start := true
	for i := range s.parts() {
		from, to, last := s.part(i)
		var vs []Vertex
		for _, v := range s.coords[from:to] {
			vs = append(vs, move(v))
		}
		if s.kind == Line {
			ml = append(ml, orb.LineString(toRing(vs)[:len(vs)]))
			continue
		}
		if start {
			mp = append(mp, nil)
		}
		mp[len(mp)-1] = append(mp[len(mp)-1], toRing(vs))
		start = last
	}
	if s.kind == Line {
		return shape(t, ml)
	}
	return shape(t, mp)
}

func stay(v Vertex) Vertex { return v }

// anew returns the layer as Generalise makes it from nothing.
func (w *world) anew(t testing.TB, coverage bool) []Item {
	var items []Item
	for _, it := range w.items() {
		items = append(items, Item{ID: it.ID, Shape: fresh(t, it.Shape, stay)})
	}
	Generalise(items, coverage)
	return items
}

func (w *world) check(t *rapid.T, tb testing.TB, coverage bool) {
	for _, it := range w.anew(tb, coverage) {
		got, want := w.shapes[it.ID], it.Shape
		if !slices.Equal(got.coords, want.coords) {
			t.Fatalf("feature %d: the test lost its vertices", it.ID)
		}
		if !slices.Equal(got.levels, want.levels) {
			t.Fatalf("feature %d: levels %v, want %v", it.ID, got.levels, want.levels)
		}
		if !got.same(want) {
			t.Fatalf("feature %d: min zoom %d, cover %v; want %d, %v", it.ID, got.minZoom, got.cover, want.minZoom, want.cover)
		}
	}
}

// TestUpdateEqualsGeneralise edits a coverage at random, validly and not: the
// layer is at any time what it would be if it were loaded anew.
func TestUpdateEqualsGeneralise(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		coverage := rapid.Bool().Draw(rt, "coverage")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 3))
		w := world{shapes: map[uint64]*Shape{}}
		for _, it := range newPlanar(rng, rapid.IntRange(2, 4).Draw(rt, "size")).coverage(t) {
			w.shapes[it.ID] = it.Shape
		}
		if rapid.Bool().Draw(rt, "lines") {
			for id, s := range w.shapes {
				w.shapes[id] = asLines(t, s)
			}
		}
		Generalise(w.items(), coverage)
		for range rapid.IntRange(1, 6).Draw(rt, "edits") {
			w.apply(w.edit(rt, t), coverage)
			w.check(rt, t, coverage)
		}
	})
}

// asLines returns the rings of a shape as lines.
func asLines(t testing.TB, s *Shape) *Shape {
	var ml orb.MultiLineString
	for i := range s.parts() {
		from, to, _ := s.part(i)
		ml = append(ml, orb.LineString(toRing(s.coords[from:to])))
	}
	return shape(t, ml)
}

// edit draws one transaction.
func (w *world) edit(rt *rapid.T, t testing.TB) map[uint64]*Shape {
	ids := slices.Sorted(maps.Keys(w.shapes))
	changes := map[uint64]*Shape{}
	if len(ids) == 0 {
		return changes
	}
	id := rapid.SampledFrom(ids).Draw(rt, "id")
	s := w.shapes[id]
	other := w.shapes[rapid.SampledFrom(ids).Draw(rt, "other")]
	at := s.coords[rapid.IntRange(0, len(s.coords)-1).Draw(rt, "vertex")]
	by := func(v Vertex) Vertex {
		return Vertex{v.X + uint32(rapid.IntRange(-3000, 3000).Draw(rt, "dx")), v.Y + uint32(rapid.IntRange(-3000, 3000).Draw(rt, "dy"))}
	}
	to := by(at)
	move := func(v Vertex) Vertex {
		if v == at {
			return to
		}
		return v
	}
	switch rapid.IntRange(0, 5).Draw(rt, "kind") {
	case 0:
		changes[id] = nil
	case 1: // a vertex of one feature: the border opens
		changes[id] = fresh(t, s, move)
	case 2: // a vertex of all that have it, and of another feature besides
		for _, o := range ids {
			if slices.Contains(w.shapes[o].coords, at) {
				changes[o] = fresh(t, w.shapes[o], move)
			}
		}
		changes[ids[0]] = fresh(t, w.shapes[ids[0]], stay)
	case 3: // a copy of a neighbour, on top of it
		changes[ids[len(ids)-1]+1] = fresh(t, other, stay)
	case 4: // shifted as a whole
		d := by(Vertex{})
		changes[id] = fresh(t, s, func(v Vertex) Vertex { return Vertex{v.X + d.X, v.Y + d.Y} })
	case 5: // replaced
		changes[id] = fresh(t, other, stay)
	}
	return changes
}

// TestLevelsAgree: every feature at a vertex draws it from the same zoom on.
func TestLevelsAgree(t *testing.T) {
	for seed := range uint64(10) {
		items := newPlanar(rand.New(rand.NewPCG(seed, 2)), 10).coverage(t)
		Generalise(items, true)
		level := map[Vertex]uint8{}
		counts := map[uint8]int{}
		for _, it := range items {
			for i, v := range it.Shape.coords {
				l := it.Shape.levels[i]
				if have, ok := level[v]; ok && have != l {
					t.Fatalf("feature %d: vertex %v has level %d, and %d in another feature", it.ID, v, l, have)
				}
				level[v] = l
				counts[l&levelMask]++
			}
		}
		if len(counts) < 5 {
			t.Errorf("levels are hardly used: %v", counts)
		}
	}
}
