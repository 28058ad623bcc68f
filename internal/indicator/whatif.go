package indicator

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"slices"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/indicator/land"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// Difference is what edits would make of one reading.
type Difference struct {
	Before plan.Reading
	After  plan.Reading
	// Difference of the values; nil where there is none before or after, and 0
	// where they differ by no more than rounding.
	Difference *float64
}

// whatIfTogether is the work that one question may cause, a second or two of a
// core. All cells of all figures of the demonstration city at scale 5 take 80
// million.
const whatIfTogether = 100_000_000

var errTooEntangled error = &plan.Error{Kind: plan.Unprocessable, Code: "too-entangled", At: "edits", Message: plan.Text{
	ID: "Andaian ini terlalu berat untuk dihitung: garis batasnya terlalu sering berpotongan atau menjangkau terlalu banyak data. Sederhanakan geometrinya, atau tanyakan sebagian saja.",
	EN: "These edits take too long to compute: their outlines cross too often or reach too much data. Simplify the geometry, or ask of some of them only.",
}}

// WhatIf tells what edits would make of the figures, without making them: for
// each area in which something moves that the figure is made from, of all
// indicators, or of those named, and then for the city in any case. It measures
// the units that the edits touch, some milliseconds each. An Update of a feature
// takes what it does not name from the feature. Edits that take too long are
// plan.Unprocessable; a named indicator that is not computed yet is
// plan.Unavailable.
func (b *Board) WhatIf(ctx context.Context, edits []plan.Edit, ids []string) ([]Difference, error) {
	s, err := b.present()
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if b.awaited(s, id) {
			return nil, errAwaited(id)
		}
		if i, ok := s.cat.Indicator(id); ok && i.Kind == plan.OnRoads {
			return nil, errNow(id)
		}
	}
	instead, changes, err := suppose(s, edits)
	if err != nil {
		return nil, err
	}
	next := s.with(supposed{s.source, instead}, changes)
	// The figures of indicators that are not asked for need not be measured.
	wanted := map[string]bool{}
	for _, i := range s.cat.Indicators() {
		if measured(i) && (ids == nil || slices.Contains(ids, i.ID)) {
			wanted[productKey(i)] = true
		}
	}
	tasks := slices.DeleteFunc(next.touched(changes), func(t task) bool { return !wanted[t.product] })
	if err := next.measure(ctx, tasks, runtime.GOMAXPROCS(0), land.NewBudget(0, whatIfTogether), func(int, int) {}); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(tasks, func(t task) bool {
		was, is := s.cells[t.product][t.unit], next.cells[t.product][t.unit]
		return is.postponed() || was.failed == nil && errors.Is(is.failed, land.ErrTooEntangled)
	}) {
		return nil, errTooEntangled
	}
	var out []Difference
	for _, i := range s.cat.Indicators() {
		if !measured(i) || ids != nil && !slices.Contains(ids, i.ID) || s.broken[i.ID] != nil {
			continue
		}
		for _, by := range plan.UnitKinds {
			if !slices.Contains(i.Units, by) {
				continue
			}
			before, err := s.readings(i, by, nil)
			if err != nil {
				return nil, err
			}
			after, err := next.readings(i, by, nil)
			if err != nil {
				return nil, err
			}
			for k := range before {
				if same(&before[k], &after[k]) && (ids == nil || by != plan.City) {
					continue
				}
				out = append(out, Difference{before[k], after[k], difference(before[k].Value, after[k].Value)})
			}
		}
	}
	return out, nil
}

// noise is what summing in another order does to a value, as a share of it: an
// edit beside what a figure counts moves its last digits.
const noise = 1e-9

// difference is after less before; 0 where it is noise.
func difference(before, after *float64) *float64 {
	if before == nil || after == nil {
		return nil
	}
	v := *after - *before
	if abs(v) <= noise*max(1, abs(*before), abs(*after)) {
		v = 0
	}
	return &v
}

// same reports whether two readings of one area are made of the same amounts.
func same(a, b *plan.Reading) bool {
	return a.Data == b.Data || a.Features == b.Features && a.Why == b.Why &&
		reflect.DeepEqual([]*float64{a.Value, a.Numerator, a.Denominator}, []*float64{b.Value, b.Numerator, b.Denominator}) &&
		reflect.DeepEqual(a.Classes, b.Classes) && reflect.DeepEqual(a.Drawn, b.Drawn)
}

// suppose turns edits into features in the place of others, and the changes
// that they would be.
func suppose(s *state, edits []plan.Edit) (map[string]map[int64]*mirror.Feature, []plan.Change, error) {
	instead := map[string]map[int64]*mirror.Feature{}
	var changes []plan.Change
	for n, e := range edits {
		layer, ok := s.cat.Layer(e.Layer)
		if !ok {
			return nil, nil, &plan.Error{Kind: plan.NotFound, Code: "no-such-layer", At: fmt.Sprintf("edits[%d].layer", n), Message: plan.Text{
				ID: fmt.Sprintf("Tidak ada layer %q.", e.Layer), EN: fmt.Sprintf("There is no layer %q.", e.Layer),
			}}
		}
		if instead[e.Layer] == nil {
			instead[e.Layer] = map[int64]*mirror.Feature{}
		}
		old := (*mirror.Feature)(nil)
		if e.Op != plan.Create {
			var err error
			if old, err = (supposed{s.source, instead}).get(e.Layer, e.ID); err != nil {
				return nil, nil, err
			}
		}
		if e.Op != plan.Create && old == nil {
			return nil, nil, &plan.Error{Kind: plan.NotFound, Code: "no-such-feature", At: fmt.Sprintf("edits[%d].id", n), Message: plan.Text{
				ID: fmt.Sprintf("Fitur %d tidak ada di layer %s.", e.ID, e.Layer), EN: fmt.Sprintf("There is no feature %d in the layer %s.", e.ID, e.Layer),
			}}
		}
		// A feature that does not exist yet has an id that none has.
		id := e.ID
		if e.Op == plan.Create {
			id = -int64(n + 1)
		}
		c := plan.Change{Layer: e.Layer, Feature: id, Op: e.Op}
		if old != nil && old.Geometry != nil {
			c.Before = &old.Bound
		}
		if e.Op == plan.Delete {
			instead[e.Layer][id] = nil
		} else {
			f := supposedOf(layer, old, e, id)
			if f.Geometry != nil {
				c.After = &f.Bound
			}
			instead[e.Layer][id] = f
		}
		changes = append(changes, c)
	}
	return instead, changes, nil
}

// supposedOf is the feature that an edit would make, of a revision that no
// feature has.
func supposedOf(l *plan.Layer, old *mirror.Feature, e plan.Edit, id int64) *mirror.Feature {
	f := &plan.Feature{ID: id, Revision: -1, Values: make([]any, len(l.Fields))}
	if old != nil {
		f.Revision = -1 - old.Revision
		if !e.Whole {
			f.Geometry = old.Geometry
			copy(f.Values, old.Values)
		}
	}
	for name, v := range e.Values {
		if i := l.FieldIndex(name); i >= 0 {
			f.Values[i] = v
		}
	}
	if e.HasGeometry {
		f.Geometry = e.Geometry
	}
	switch g := f.Geometry.(type) {
	case orb.Polygon:
		f.Geometry = orb.MultiPolygon{g}
	case orb.LineString:
		f.Geometry = orb.MultiLineString{g}
	}
	return featureOf(f)
}
