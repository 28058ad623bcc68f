package mirror

import (
	"iter"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/tiles"
)

// rebuildAbove is the number of changed features from which making a snapshot
// anew is cheaper than changing the old one.
const rebuildAbove = 2000

// apply publishes a state with the changes in it and tells the subscribers.
func (m *Mirror) apply(d plan.Delta) {
	defer m.agreed()
	if len(d.Changes) == 0 {
		return
	}
	old := m.state.Load()
	layers := make(map[string]*Snapshot, len(old.layers))
	for id, s := range old.layers {
		layers[id] = s
	}
	for id, changed := range changedIDs(d.Changes) {
		s, ok := layers[id]
		if !ok {
			continue // above the budget: the database answers
		}
		present := make(map[int64]*Feature, len(d.Features[id]))
		for _, f := range d.Features[id] {
			present[f.ID] = m.prepare(s.layer, f)
		}
		s = s.with(changed, present)
		if s.weight > m.o.Budget {
			m.o.Log.Warn("a layer has grown above the memory budget and is answered by the database", "layer", id, "budget", m.o.Budget)
			delete(layers, id)
			continue
		}
		layers[id] = s
	}
	m.state.Store(&state{cat: old.cat, layers: layers})
	m.publish(d.Changes)
}

// changedIDs lists the features named in changes, each once, by layer.
func changedIDs(changes []plan.Change) map[string][]int64 {
	type key struct {
		layer string
		id    int64
	}
	seen := make(map[key]bool, len(changes))
	out := map[string][]int64{}
	for _, c := range changes {
		k := key{c.Layer, c.Feature}
		if !seen[k] {
			seen[k] = true
			out[c.Layer] = append(out[c.Layer], c.Feature)
		}
	}
	return out
}

// with returns the snapshot in which the changed features are as present says;
// those that are not in it are gone.
func (s *Snapshot) with(changed []int64, present map[int64]*Feature) *Snapshot {
	next := &Snapshot{
		layer: s.layer, byBox: s.byBox.Copy(), byID: s.byID.Copy(),
		base: s.base, changed: s.changed.Copy(), weight: s.weight,
	}
	if len(changed) > rebuildAbove {
		return next.rebuilt(changed, present)
	}
	e := edit{Snapshot: next, edited: make(map[int64]*Feature, len(changed))}
	for _, id := range changed {
		e.replace(id, present[id])
	}
	e.generalise()
	next.rebase()
	return next
}

// rebuilt makes the snapshot anew, from all features that are left.
func (s *Snapshot) rebuilt(changed []int64, present map[int64]*Feature) *Snapshot {
	for _, id := range changed {
		s.byID.Delete(id)
		if f := present[id]; f != nil {
			s.byID.Set(id, f)
		}
	}
	all := make([]*Feature, 0, s.byID.Len())
	s.byID.Scan(func(_ int64, f *Feature) bool {
		// Readers of the old snapshot go on using its shapes.
		if f.Geometry != nil {
			f, _ = newFeature(f.Feature)
		}
		all = append(all, f)
		return true
	})
	return newSnapshot(s.layer, all)
}

// edit is a snapshot in the making.
type edit struct {
	*Snapshot
	edits  []tiles.Edit
	edited map[int64]*Feature
}

// replace puts a feature in the place of the one with its id; nil deletes.
func (e *edit) replace(id int64, f *Feature) {
	change := tiles.Edit{ID: uint64(id)}
	if old, ok := e.byID.Delete(id); ok {
		e.weight -= old.weight()
		if old.Geometry != nil {
			e.byBox.Delete(old.Bound.Min, old.Bound.Max, old)
			change.Before = old.Shape
			e.touched(old, mix(^versionHash(old)))
		}
	}
	if f != nil {
		e.byID.Set(id, f)
		e.weight += f.weight()
		e.edited[id] = f
		if f.Geometry != nil {
			e.byBox.Insert(f.Bound.Min, f.Bound.Max, f)
			change.After = f.Shape
			e.touched(f, versionHash(f))
		}
	}
	if change.Before != nil || change.After != nil {
		e.edits = append(e.edits, change)
	}
}

// generalise decides again what is drawn near the edits. Neighbours whose
// shape changes by that get a new Feature: readers hold the old one.
func (e *edit) generalise() {
	if len(e.edits) == 0 {
		return
	}
	for _, it := range tiles.Update(e.edits, e.layer.Topology.Coverage, e.items) {
		id := int64(it.ID)
		if f, mine := e.edited[id]; mine {
			e.weight += int64(it.Shape.Bytes() - f.Shape.Bytes())
			f.Shape = it.Shape
			continue
		}
		old, _ := e.byID.Get(id)
		f := &Feature{Feature: old.Feature, Bound: old.Bound, Shape: it.Shape}
		e.byBox.Replace(old.Bound.Min, old.Bound.Max, old, f.Bound.Min, f.Bound.Max, f)
		e.byID.Set(id, f)
		e.weight += f.weight() - old.weight()
		e.touched(f, mix(versionHash(f)^e.generation()))
	}
}

// generation tells one edit of a neighbourhood from the next.
func (e *edit) generation() uint64 {
	var h uint64
	for _, f := range e.edited {
		h += versionHash(f)
	}
	for _, d := range e.edits {
		h += mix(d.ID)
	}
	return mix(h)
}

// touched records that a feature looks different, and with it the polygons too
// small to be drawn whose place it takes.
func (e *edit) touched(f *Feature, h uint64) {
	e.touch(f.Bound, h)
	if !e.layer.Topology.Coverage {
		return
	}
	e.Search(f.Bound, func(g *Feature) bool {
		if g.ID != f.ID && g.Shape != nil && g.Shape.Into() == uint64(f.ID) {
			e.touched(g, mix(h^uint64(g.ID)))
		}
		return true
	})
}

// items yields the features whose box meets a box of the tiles' world.
func (s *Snapshot) items(b tiles.Box) iter.Seq[tiles.Item] {
	return func(yield func(tiles.Item) bool) {
		s.Search(b.Bound(), func(f *Feature) bool {
			return f.Shape == nil || yield(tiles.Item{ID: uint64(f.ID), Shape: f.Shape})
		})
	}
}

// generalise decides for a whole layer what is drawn at which zoom.
func generalise(layer *plan.Layer, features []*Feature) {
	items := make([]tiles.Item, 0, len(features))
	for _, f := range features {
		if f.Shape != nil {
			items = append(items, tiles.Item{ID: uint64(f.ID), Shape: f.Shape})
		}
	}
	tiles.Generalise(items, layer.Topology.Coverage)
}
