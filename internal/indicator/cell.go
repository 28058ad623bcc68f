package indicator

import (
	"context"
	"errors"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/simtaru/simtaru/internal/indicator/land"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// cell is what was measured in one unit for one product.
type cell struct {
	// unit and parts are land; parts by rule of the cover.
	unit  land.Area
	parts []land.Part
	// amount and of are lengths in m, people, or numbers of features.
	amount, of land.Area
	// ids of the features that took part, by rule of the cover, or in one list.
	ids [][]int64
	// content identifies the features within reach.
	content uint64
	// failed is why there is no figure.
	failed error
	// homes are where people live in the unit, and lived what identifies the
	// features that they are of: most edits are of other things.
	homes []home
	lived uint64
}

// home is people at a place in a unit.
type home struct {
	at     orb.Point
	people land.Area
}

// product is what several indicators may share: a division of land, or a count
// of their own.
type product struct {
	// needs are the layers with the distance in m around a unit within which
	// their features matter.
	needs []need
	cover *cover
	// measure fills a cell from the features near the unit, need by need; old is
	// what was there before, or nil.
	measure func(ctx context.Context, u *unit, near [][]*mirror.Feature, c, old *cell, m *land.Meter) error
}

type need struct {
	layer string
	reach float64 // m
}

// run measures one unit. Only the end of ctx is an error: land that cannot be
// measured, and a layer that is not in memory, are told by the cell.
func (p *product) run(ctx context.Context, s source, u *unit, old *cell, m *land.Meter) (*cell, error) {
	c, err := p.fill(ctx, s, u, old, m)
	var away *plan.Error
	if errors.Is(err, land.ErrTooEntangled) || errors.As(err, &away) {
		c.failed, err = err, nil
	}
	if c.postponed() {
		c.content = mix(^c.content) // the same features will give a figure later
	}
	return c, err
}

// postponed reports whether the cell is to be measured again although nothing
// changes.
func (c *cell) postponed() bool { return errors.Is(c.failed, land.ErrNoneLeft) }

func (p *product) fill(ctx context.Context, s source, u *unit, old *cell, m *land.Meter) (*cell, error) {
	c := &cell{ids: make([][]int64, p.lists())}
	if u.geometry == nil {
		return c, nil
	}
	near := make([][]*mirror.Feature, len(p.needs))
	for k, n := range p.needs {
		var err error
		if near[k], err = around(s, n.layer, u, n.reach); err != nil {
			return c, err
		}
		for _, f := range near[k] {
			c.content += mix(hashOf(f))
		}
		c.content = mix(c.content)
	}
	return c, p.measure(ctx, u, near, c, old, m)
}

// lists is how many lists of ids a cell has.
func (p *product) lists() int {
	if p.cover != nil {
		return len(p.cover.rules)
	}
	return 1
}

// grown widens a box by metres.
func grown(b orb.Bound, m float64) orb.Bound {
	if m == 0 {
		return b
	}
	lon, lat := land.Metres(max(abs(b.Min[1]), abs(b.Max[1])))
	// A hair more: what is just within reach must not be lost to rounding.
	m *= 1.001
	return orb.Bound{Min: orb.Point{b.Min[0] - m/lon, b.Min[1] - m/lat}, Max: orb.Point{b.Max[0] + m/lon, b.Max[1] + m/lat}}
}

func abs(v float64) float64 { return max(v, -v) }

// landProduct divides the land of a unit by a cover.
func landProduct(c *cover) *product {
	p := &product{cover: c}
	for _, l := range c.layers {
		p.needs = append(p.needs, need{layer: l})
	}
	p.measure = func(ctx context.Context, u *unit, near [][]*mirror.Feature, out, _ *cell, m *land.Meter) error {
		pieces, ids := c.pieces(near)
		d, err := land.Divide(ctx, u.land(), pieces, c.rules, m)
		if err != nil {
			return err
		}
		out.unit, out.parts = d.Unit, d.Parts
		for i, holder := range d.Holders {
			if holder > 0 {
				out.ids[holder-1] = append(out.ids[holder-1], ids[i])
			}
		}
		return nil
	}
	return p
}

// pieces collects what features are, those of each set in the order of ids;
// near has them by the layers of the cover.
func (c *cover) pieces(near [][]*mirror.Feature) (pieces []land.Piece, ids []int64) {
	for k, layer := range c.layers {
		for i := range c.members {
			m := &c.members[i]
			if m.layer != layer {
				continue
			}
			for _, f := range near[k] {
				if p, ok := m.piece(f); ok {
					pieces, ids = append(pieces, p), append(ids, f.ID)
				}
			}
		}
	}
	return pieces, ids
}

// countProduct counts features by a point of each, or lines by their length.
func countProduct(cat *plan.Catalog, i *plan.Indicator) (*product, error) {
	counted, err := setOf(cat, *i.Features)
	if err != nil {
		return nil, err
	}
	sets := []set{counted}
	if i.OfFeatures != nil {
		of, err := setOf(cat, *i.OfFeatures)
		if err != nil {
			return nil, err
		}
		sets = append(sets, of)
	}
	p := &product{}
	for _, s := range sets {
		p.needs = append(p.needs, need{layer: s.layer})
	}
	p.measure = func(_ context.Context, u *unit, near [][]*mirror.Feature, out, _ *cell, m *land.Meter) error {
		for k, set := range sets {
			into := &out.amount
			if k > 0 {
				into = &out.of
			}
			for _, f := range near[k] {
				if !set.holds(f) {
					continue
				}
				var got land.Area
				if i.Kind == plan.Length {
					lines, _ := f.Geometry.(orb.MultiLineString)
					var err error
					if got, err = land.Length(u.land(), lines, m); err != nil {
						return err
					}
				} else {
					got = land.At(u.land(), pointOf(f.Geometry))
				}
				into.All += got.All
				into.Own += got.Own
				if k == 0 && got.All > 0 {
					out.ids[0] = append(out.ids[0], f.ID)
				}
			}
		}
		return nil
	}
	return p, nil
}

// peopleProduct counts people, and those of them who live near land.
func peopleProduct(cat *plan.Catalog, i *plan.Indicator) (*product, error) {
	homes, err := setOf(cat, i.People.Set)
	if err != nil {
		return nil, err
	}
	l, _ := cat.Layer(homes.layer)
	people := l.FieldIndex(i.People.Field)
	cov, ok := cat.Coverage(i.Coverage)
	if !ok || people < 0 {
		return nil, errNotInMemory(i.Coverage)
	}
	c, err := coverOf(cat, cov, nil)
	if err != nil {
		return nil, err
	}
	wanted := make([]bool, len(c.rules))
	for _, t := range i.Parts {
		for r, class := range c.classes {
			wanted[r] = wanted[r] || counts(t, class)
		}
	}
	p := &product{needs: []need{{layer: homes.layer}}}
	for _, l := range c.layers {
		p.needs = append(p.needs, need{layer: l, reach: i.Distance})
	}
	p.measure = func(_ context.Context, u *unit, near [][]*mirror.Feature, out, old *cell, m *land.Meter) error {
		for _, f := range near[0] {
			out.lived += mix(hashOf(f))
		}
		if old != nil && old.failed == nil && old.lived == out.lived {
			out.homes = old.homes
		} else {
			out.homes = homesOf(near[0], &homes, people, u)
		}
		pieces, ids := c.pieces(near[1:])
		reach := land.NewReach(i.Distance, m)
		for k, p := range pieces {
			if r := slices.IndexFunc(c.rules, func(r land.Rule) bool { return r.Set == p.Set }); r >= 0 && wanted[r] {
				if err := reach.Add(ids[k], p.Geometry); err != nil {
					return err
				}
			}
		}
		for _, h := range out.homes {
			out.of.All += h.people.All
			out.of.Own += h.people.Own
			ok, err := reach.Near(h.at)
			if err != nil {
				return err
			}
			if ok {
				out.amount.All += h.people.All
				out.amount.Own += h.people.Own
			}
		}
		out.ids[0] = reach.Reached()
		return nil
	}
	return p, nil
}

// homesOf lists where people live in a unit, by a field of features.
func homesOf(near []*mirror.Feature, homes *set, people int, u *unit) (list []home) {
	for _, f := range near {
		n := number(f.Values[people])
		if n == 0 || !homes.holds(f) {
			continue
		}
		at := pointOf(f.Geometry)
		if in := land.At(u.land(), at); in.All > 0 {
			list = append(list, home{at, land.Area{All: n * in.All, Own: n * in.Own}})
		}
	}
	return list
}

func number(v any) float64 {
	switch v := v.(type) {
	case int64:
		return float64(v)
	case float64:
		return v
	}
	return 0
}

// counts reports whether a term counts a class.
func counts(t plan.Term, c class) bool {
	return t.Part == c.part && (len(t.Classes) == 0 || slices.Contains(t.Classes, c.code))
}

// pointOf is where a feature counts: its place, or the middle of its land or
// line.
func pointOf(g orb.Geometry) orb.Point {
	if p, ok := g.(orb.Point); ok {
		return p
	}
	c, _ := planar.CentroidArea(g)
	return c
}
