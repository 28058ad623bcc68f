package extract

import (
	"cmp"
	"errors"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/indicator/land"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/zoning"
)

// part is what one feature has on the land.
type part struct {
	*mirror.Feature
	// exact is the area in m2 of the drawing, or the length in m.
	exact float64
	// away is how many m a point, or a line that does not cross the land, is from it.
	away float64
}

// survey is what the features of a layer have on the land.
type survey struct {
	layer *plan.Layer
	// parts by id, of the features that are there.
	parts []part
	// covered is what areas have of the land together, in m2 of the drawing.
	covered float64
	// apart says that no two areas share land.
	apart bool
}

// survey measures the features of a layer that keep takes. It is done once for a
// layer, whatever is then told of it. Areas are on the land; points and lines may
// be within so many metres of it.
func (m *maker) survey(snap *mirror.Snapshot, within float64, keep func(*mirror.Feature) bool) survey {
	s := survey{layer: snap.Layer()}
	if m.err != nil {
		return s
	}
	found := slices.DeleteFunc(m.near(snap, within), func(f *mirror.Feature) bool { return !keep(f) })
	var err error
	switch s.layer.Geometry {
	case plan.MultiPolygon:
		err = m.areas(&s, found)
	case plan.MultiLineString:
		err = m.lines(&s, found, within)
	case plan.Point:
		err = m.points(&s, found, within)
	}
	if err != nil {
		m.fail(err)
		s.parts = nil
	}
	return s
}

// near are the features of a layer whose box is within metres of that of the land,
// by id.
func (m *maker) near(snap *mirror.Snapshot, reach float64) []*mirror.Feature {
	box := m.land.Bound()
	lon, north := land.Metres(box.Center()[1])
	dx, dy := reach/lon, reach/north
	box = orb.Bound{Min: orb.Point{box.Min[0] - dx, box.Min[1] - dy}, Max: orb.Point{box.Max[0] + dx, box.Max[1] + dy}}
	var found []*mirror.Feature
	snap.Search(box, func(f *mirror.Feature) bool {
		found = append(found, f)
		return true
	})
	slices.SortFunc(found, func(a, b *mirror.Feature) int { return cmp.Compare(a.ID, b.ID) })
	return found
}

// noise is how many m2 borders that are written twice may overlap.
const noise = 0.001

func (m *maker) areas(s *survey, found []*mirror.Feature) error {
	outline := vertices(m.land)
	var pieces []land.Piece
	var rules []land.Rule
	var owners []*mirror.Feature
	for _, f := range found {
		shape, ok := f.Geometry.(orb.MultiPolygon)
		if !ok {
			continue
		}
		// Looking whether a box meets an edge is a fraction of measuring it.
		if err := m.meter.Spend(1 + outline/4); err != nil {
			return err
		}
		if !land.Meets(f.Bound, m.land) {
			continue
		}
		rules = append(rules, land.Rule{Set: len(pieces), Within: -1})
		pieces = append(pieces, land.Piece{Geometry: shape, Set: len(pieces), Factor: math.NaN()})
		owners = append(owners, f)
	}
	if pieces == nil {
		return nil
	}
	d, err := land.Divide(m.ctx, land.Unit{Geometry: m.land}, pieces, rules, m.meter)
	if err != nil {
		return err
	}
	twice := 0.0
	for i, p := range d.Parts {
		s.covered += p.All
		twice += p.Covered.All
		if p.Covered.All >= trace {
			s.parts = append(s.parts, part{Feature: owners[i], exact: p.Covered.All})
		}
	}
	s.apart = twice-s.covered < noise
	return nil
}

func (m *maker) lines(s *survey, found []*mirror.Feature, within float64) error {
	for _, f := range found {
		shape, ok := f.Geometry.(orb.MultiLineString)
		if !ok {
			continue
		}
		l, err := land.Length(land.Unit{Geometry: m.land}, shape, m.meter)
		if err != nil {
			return err
		}
		p := part{Feature: f, exact: l.All}
		if l.All < trace {
			if p.away, err = land.Gap(m.land, shape, within, m.meter); err != nil {
				return err
			}
		}
		if p.away <= within {
			s.parts = append(s.parts, p)
		}
	}
	return nil
}

func (m *maker) points(s *survey, found []*mirror.Feature, within float64) error {
	outline := vertices(m.land)
	for _, f := range found {
		at, ok := f.Geometry.(orb.Point)
		if !ok {
			continue
		}
		if err := m.meter.Spend(outline); err != nil {
			return err
		}
		if d := zoning.Distance(at, m.land); d <= within {
			s.parts = append(s.parts, part{Feature: f, away: d})
		}
	}
	return nil
}

func vertices(g orb.MultiPolygon) (n int) {
	for _, p := range g {
		for _, r := range p {
			n += len(r)
		}
	}
	return n
}

func (m *maker) fail(err error) {
	if errors.Is(err, land.ErrTooEntangled) {
		err = &plan.Error{Kind: plan.Unprocessable, Code: "extract-too-entangled", At: "geometry", Cause: err, Message: plan.Text{
			ID: "Garis-garisnya terlalu rumit untuk diukur.", EN: "Its lines are too entangled to be measured.",
		}}
	}
	if m.err == nil {
		m.err = err
	}
}

// group is the features that make one entry.
type group struct {
	entry Entry
	parts []part
	// exact is the area in m2 of the drawing or the length in m.
	exact float64
}

// groups collects features by key, in the order of their ids.
type groups struct {
	by   map[string]*group
	list []*group
}

func (g *groups) add(key string, p part, entry func() Entry) {
	if g.by == nil {
		g.by = map[string]*group{}
	}
	if g.by[key] == nil {
		g.by[key] = &group{entry: entry()}
		g.list = append(g.list, g.by[key])
	}
	g.by[key].parts = append(g.by[key].parts, p)
}

// total is what the groups have together in m2 of the drawing, land that several
// have counted for each.
func (g *groups) total() (m2 float64) {
	for _, one := range g.list {
		m2 += one.exact
	}
	return m2
}

// entries lists the groups that have something on the land, the largest first, and
// counts those that are left out for their number.
func (m *maker) entries(gs *groups, s *survey) (entries []Entry, more int) {
	var kept []*group
	for _, g := range gs.list {
		if there := m.measure(g, s); m.err != nil {
			return nil, 0
		} else if there {
			kept = append(kept, g)
		}
	}
	slices.SortStableFunc(kept, func(a, b *group) int {
		return cmp.Or(cmp.Compare(b.exact, a.exact), cmp.Compare(a.entry.Distance, b.entry.Distance))
	})
	for i, g := range kept {
		e := &g.entry
		for _, p := range g.parts {
			m.use(s.layer.ID, p.Feature)
		}
		if i >= mostEntries {
			more++
			continue
		}
		e.Features, e.first = []Feature{}, g.parts[0].Feature
		for _, p := range g.parts[:min(len(g.parts), mostFeatures)] {
			e.Features = append(e.Features, Feature{p.ID, p.Revision})
		}
		entries = append(entries, *e)
	}
	return entries, more
}

// measure adds up what a group has, and reports whether that is anything. Areas
// are told scaled to Parcel.Area.
func (m *maker) measure(g *group, s *survey) bool {
	e := &g.entry
	nearest := math.Inf(1)
	g.exact = 0
	for _, p := range g.parts {
		g.exact += p.exact
		nearest = min(nearest, p.away)
	}
	switch s.layer.Geometry {
	case plan.MultiPolygon:
		if !s.apart && len(g.parts) > 1 {
			if !m.together(g) {
				return false
			}
		}
		if g.exact < least {
			return false
		}
		whole := int64(math.Round(g.exact * m.scale))
		percent := math.Round(float64(whole)/m.doc.Parcel.Area*1000) / 10
		e.Area, e.Percent = &whole, &percent
	case plan.MultiLineString:
		if g.exact >= least {
			whole := int64(math.Round(g.exact))
			e.Length = &whole
		} else {
			e.Distance = int64(math.Round(nearest))
		}
	default:
		n := len(g.parts)
		e.Points, e.Distance = &n, int64(math.Round(nearest))
	}
	return true
}

// together measures areas that share land, which counts once.
func (m *maker) together(g *group) bool {
	pieces := make([]land.Piece, len(g.parts))
	for i, p := range g.parts {
		pieces[i] = land.Piece{Geometry: p.Geometry.(orb.MultiPolygon), Factor: math.NaN()}
	}
	d, err := land.Divide(m.ctx, land.Unit{Geometry: m.land}, pieces, []land.Rule{{Set: 0, Within: -1}}, m.meter)
	if err != nil {
		m.fail(err)
		return false
	}
	g.exact = d.Parts[0].All
	return true
}
