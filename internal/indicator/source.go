package indicator

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// boundaryLayer holds the gampong, whose fields these are.
const (
	boundaryLayer   = "boundary"
	codeField       = "kode"
	nameField       = "nama"
	kecamatanField  = "kecamatan"
	populationField = "population"
)

// source is the plan at one moment: the present one, one of the past, or one
// that nobody has made.
type source interface {
	// search yields the features of a layer whose box meets b, in no order. A
	// layer that is not in memory is an error.
	search(layer string, b orb.Bound, yield func(*mirror.Feature)) error
	// get returns one feature, nil where it does not exist.
	get(layer string, id int64) (*mirror.Feature, error)
	// all yields all features of a layer, those without geometry too.
	all(layer string, yield func(*mirror.Feature)) error
}

// present is the plan in memory.
type present struct{ view mirror.View }

func (p present) snapshot(layer string) (*mirror.Snapshot, error) {
	s, ok := p.view.Snapshot(layer)
	if !ok {
		return nil, errNotInMemory(layer)
	}
	return s, nil
}

func errNotInMemory(layer string) error {
	return &plan.Error{Kind: plan.Unavailable, Code: "layer-not-in-memory", At: layer, Message: plan.Text{
		ID: fmt.Sprintf("Layer %s melebihi anggaran memori atau tidak ada, sehingga indikatornya tidak dapat dihitung.", layer),
		EN: fmt.Sprintf("The layer %s is above the memory budget or does not exist, so that its indicators cannot be computed.", layer),
	}}
}

func (p present) search(layer string, b orb.Bound, yield func(*mirror.Feature)) error {
	s, err := p.snapshot(layer)
	if err != nil {
		return err
	}
	s.Search(b, func(f *mirror.Feature) bool {
		yield(f)
		return true
	})
	return nil
}

func (p present) get(layer string, id int64) (*mirror.Feature, error) {
	s, err := p.snapshot(layer)
	if err != nil {
		return nil, err
	}
	f, _ := s.Get(id)
	return f, nil
}

func (p present) all(layer string, yield func(*mirror.Feature)) error {
	s, err := p.snapshot(layer)
	if err != nil {
		return err
	}
	s.Ascend(1, func(f *mirror.Feature) bool {
		yield(f)
		return true
	})
	return nil
}

// supposed is a plan with some features in the place of others.
type supposed struct {
	source
	// instead holds by layer and id what is there now, nil where nothing is.
	instead map[string]map[int64]*mirror.Feature
}

func (s supposed) search(layer string, b orb.Bound, yield func(*mirror.Feature)) error {
	instead := s.instead[layer]
	err := s.source.search(layer, b, func(f *mirror.Feature) {
		if _, ok := instead[f.ID]; !ok {
			yield(f)
		}
	})
	for _, f := range instead {
		if f != nil && f.Geometry != nil && f.Bound.Intersects(b) {
			yield(f)
		}
	}
	return err
}

func (s supposed) get(layer string, id int64) (*mirror.Feature, error) {
	if f, ok := s.instead[layer][id]; ok {
		return f, nil
	}
	return s.source.get(layer, id)
}

func (s supposed) all(layer string, yield func(*mirror.Feature)) error {
	instead := s.instead[layer]
	err := s.source.all(layer, func(f *mirror.Feature) {
		if _, ok := instead[f.ID]; !ok {
			yield(f)
		}
	})
	for _, f := range instead {
		if f != nil {
			yield(f)
		}
	}
	return err
}

// Archive reads the plan as it was.
type Archive interface {
	Features(ctx context.Context, layer *plan.Layer, q plan.Query) (plan.Page, error)
}

// past is a plan as it was, of some layers.
type past map[string]*pastLayer

type pastLayer struct {
	list  []*mirror.Feature
	byBox rtree.RTreeG[*mirror.Feature]
}

// pastPage is how many features one query of the archive brings.
const pastPage = 5000

// readPast reads layers as they were at a moment.
func readPast(ctx context.Context, archive Archive, cat *plan.Catalog, layers []string, at time.Time) (past, error) {
	p := past{}
	for _, id := range layers {
		l, ok := cat.Layer(id)
		if !ok {
			return nil, errNotInMemory(id)
		}
		into := &pastLayer{}
		p[id] = into
		q := plan.Query{At: &plan.Interval{From: at, Until: at}, Limit: pastPage}
		for {
			page, err := archive.Features(ctx, l, q)
			if err != nil {
				return nil, fmt.Errorf("read %s as it was: %w", id, err)
			}
			for _, f := range page.Features {
				into.add(f)
			}
			if q.After = page.Next; q.After == 0 {
				break
			}
		}
	}
	return p, nil
}

func (l *pastLayer) add(f *plan.Feature) {
	m := featureOf(f)
	l.list = append(l.list, m)
	if f.Geometry != nil {
		l.byBox.Insert(m.Bound.Min, m.Bound.Max, m)
	}
}

func featureOf(f *plan.Feature) *mirror.Feature {
	m := &mirror.Feature{Feature: f}
	if f.Geometry != nil {
		m.Bound = f.Geometry.Bound()
	}
	return m
}

func (p past) search(layer string, b orb.Bound, yield func(*mirror.Feature)) error {
	l, ok := p[layer]
	if !ok {
		return errNotInMemory(layer)
	}
	l.byBox.Search(b.Min, b.Max, func(_, _ [2]float64, f *mirror.Feature) bool {
		yield(f)
		return true
	})
	return nil
}

func (p past) get(layer string, id int64) (*mirror.Feature, error) {
	l, ok := p[layer]
	if !ok {
		return nil, errNotInMemory(layer)
	}
	i, ok := slices.BinarySearchFunc(l.list, id, func(f *mirror.Feature, id int64) int { return cmp.Compare(f.ID, id) })
	if !ok {
		return nil, nil
	}
	return l.list[i], nil
}

func (p past) all(layer string, yield func(*mirror.Feature)) error {
	l, ok := p[layer]
	if !ok {
		return errNotInMemory(layer)
	}
	for _, f := range l.list {
		yield(f)
	}
	return nil
}

// around returns the features of a layer that may have a point within a
// distance in m of a unit, in the order of their ids: figures must not depend on
// how an index is built.
func around(s source, layer string, u *unit, reach float64) ([]*mirror.Feature, error) {
	var found []*mirror.Feature
	err := s.search(layer, grown(u.bound, reach), func(f *mirror.Feature) {
		if u.reaches(f.Bound, reach) {
			found = append(found, f)
		}
	})
	slices.SortFunc(found, func(a, b *mirror.Feature) int { return cmp.Compare(a.ID, b.ID) })
	return found, err
}
