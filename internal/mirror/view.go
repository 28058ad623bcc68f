package mirror

import (
	"strings"

	"github.com/simtaru/simtaru/internal/plan"
)

// View is one state of the plan as one actor may see it. Its declarations and
// snapshots are of the same moment, and a layer that the actor may not read is
// not in it: Layer, Layers and Snapshot tell no difference from one that does
// not exist. A request takes one View and answers from it alone, so that a
// layer which becomes private meanwhile is wholly there or wholly gone.
//
// Taking and asking one costs no allocation, but for Layers and Rights.
type View struct {
	state *state
	actor plan.Actor
}

// View returns the present state for the eyes of an actor.
func (m *Mirror) View(a plan.Actor) View { return View{m.state.Load(), a} }

// NewView returns a view of a state that needs no mirror.
func NewView(cat *plan.Catalog, a plan.Actor, snapshots ...*Snapshot) View {
	s := &state{cat: cat, layers: make(map[string]*Snapshot, len(snapshots))}
	for _, snap := range snapshots {
		s.layers[snap.layer.ID] = snap
	}
	return View{s, a}
}

// As returns the same state for other eyes.
func (v View) As(a plan.Actor) View { return View{v.state, a} }

// Actor returns whose view it is.
func (v View) Actor() plan.Actor { return v.actor }

// Catalog returns all declarations, also those that the actor may not read: it
// is for code lists, which are everybody's, and to tell states apart.
func (v View) Catalog() *plan.Catalog { return v.state.cat }

// Layer returns the layer called id, where the actor may read it.
func (v View) Layer(id string) (*plan.Layer, bool) {
	l, ok := v.state.cat.Layer(id)
	if !ok || !v.actor.CanRead(l) {
		return nil, false
	}
	return l, true
}

// Layers returns the layers that the actor may read, in drawing order.
func (v View) Layers() []*plan.Layer {
	all := v.state.cat.Layers()
	out := make([]*plan.Layer, 0, len(all))
	for _, l := range all {
		if v.actor.CanRead(l) {
			out = append(out, l)
		}
	}
	return out
}

// Snapshot returns the snapshot of a layer that the actor may read; false where
// it is unknown, not loaded yet, or above the memory budget.
func (v View) Snapshot(id string) (*Snapshot, bool) {
	if _, ok := v.Layer(id); !ok {
		return nil, false
	}
	s, ok := v.state.layers[id]
	return s, ok
}

// Rights identifies what the actor may read and edit in this catalogue: actors
// with equal rights are shown equal documents.
func (v View) Rights() string {
	var b strings.Builder
	for _, l := range v.state.cat.Layers() {
		switch {
		case v.actor.CanEdit(l):
			b.WriteByte('e')
		case v.actor.CanRead(l):
			b.WriteByte('r')
		default:
			b.WriteByte('-')
		}
	}
	return b.String()
}
