package extract

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/simplify"

	"github.com/simtaru/simtaru/internal/carto"
	"github.com/simtaru/simtaru/internal/indicator/land"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/zoning"
)

// scales are those that a frame may have. Beyond closeUp no neighbours and
// buildings are drawn, and beyond streets no axes of roads, which have zones of
// their own.
func scales() []int { return []int{250, 500, 1000, 2000, 5000, 10000, 12500, 25000, 50000} }

const (
	closeUp = 2000
	streets = 12500
)

// margin is how much larger than the land the frame is at least.
const margin = 1.3

const (
	// fine is what print can show, and coarse what does not yet disfigure, in mm.
	fine   = 0.1
	coarse = 0.4
	// mostVertices of the map, about 300 KB of JSON.
	mostVertices = 14_000
)

// draw makes the map: of all themes what lies in the frame.
func (m *maker) draw() error {
	p := newPencil(m.frame, m.mapScale)
	d := &m.doc.Map
	*d = Map{
		Scale: m.mapScale, Frame: [4]float64{m.frame.Min[0], m.frame.Min[1], m.frame.Max[0], m.frame.Max[1]}, Parcel: orb.Round(orb.Clone(m.land), 1e7).(orb.MultiPolygon),
		Drawn: []Drawn{}, Neighbours: []Neighbour{}, Buildings: []orb.MultiPolygon{}, Roads: []Road{},
	}
	var themes []*plan.Layer
	for _, l := range m.view.Layers() {
		if l.ID == zoningLayer || l.Overlay != nil {
			themes = append(themes, l)
			m.context(p, l.ID)
		}
	}
	if m.mapScale <= streets {
		m.context(p, roadLayer)
	}
	if m.mapScale <= closeUp {
		m.context(p, parcelLayer)
		m.context(p, buildingLayer)
	}
	d.Tolerance, d.Smallest = p.simplify()
	for _, l := range themes {
		m.drawn(l, p.of[l.ID])
	}
	for _, s := range p.of[roadLayer] {
		if lines, ok := s.geometry.(orb.MultiLineString); ok {
			d.Roads = append(d.Roads, Road{text(s.layer, s.Feature, "name"), lines})
		}
	}
	for _, s := range p.of[parcelLayer] {
		if areas, ok := s.geometry.(orb.MultiPolygon); ok && s.ID != m.q.Parcel {
			d.Neighbours = append(d.Neighbours, Neighbour{text(s.layer, s.Feature, "nib"), areas})
		}
	}
	for _, s := range p.of[buildingLayer] {
		if areas, ok := s.geometry.(orb.MultiPolygon); ok {
			d.Buildings = append(d.Buildings, areas)
		}
	}
	return m.err
}

// frameOf is the frame of the map around land, and its scale; 0 where it is too
// large for all.
func frameOf(b orb.Bound) (orb.Bound, int) {
	c := b.Center()
	lon, north := land.Metres(c[1])
	for _, scale := range scales() {
		w, h := MapWidth*float64(scale)/1000, MapHeight*float64(scale)/1000
		if (b.Max[0]-b.Min[0])*lon*margin <= w && (b.Max[1]-b.Min[1])*north*margin <= h {
			return orb.Bound{
				Min: orb.Point{c[0] - w/2/lon, c[1] - h/2/north},
				Max: orb.Point{c[0] + w/2/lon, c[1] + h/2/north},
			}, scale
		}
	}
	return orb.Bound{}, 0
}

// shape is what a feature has in the frame.
type shape struct {
	*mirror.Feature
	layer    *plan.Layer
	geometry orb.Geometry
}

// pencil draws what lies in the frame as finely as print can show, and coarser
// where that is too much.
type pencil struct {
	frame orb.Bound
	// of are the shapes by layer.
	of map[string][]shape
	// mm is a millimetre on paper in m on the ground.
	mm float64
	// factor rounds coordinates.
	factor int
}

func newPencil(frame orb.Bound, scale int) *pencil {
	p := &pencil{frame: frame, of: map[string][]shape{}, mm: float64(scale) / 1000, factor: 1e7}
	// A unit of the last decimal is at most 0.05 mm.
	switch {
	case scale > 10000:
		p.factor = 1e5
	case scale > 2000:
		p.factor = 1e6
	}
	return p
}

// coarseness is how much the print leaves out, in mm.
type coarseness struct {
	// off is by how much an outline may be off, small the size below which nothing
	// is drawn in either direction.
	off, small float64
	// roads are drawn.
	roads bool
}

// next is what is left out where there is still too much: first roads, then what
// can hardly be seen, and at last what is small, and points that stand close.
// Outlines stay true enough for neighbours to touch. What is larger than the frame
// is not left out, but then it is few.
func (c coarseness) next() coarseness {
	switch {
	case c.roads:
		c.roads = false
	case c.off < coarse:
		c.off, c.small = 2*c.off, 2*c.small
	default:
		c.small *= 2
	}
	return c
}

// simplify makes shapes coarser until they are few enough. It returns in m by how
// much outlines may be off, and how small is what was left out.
func (p *pencil) simplify() (off, small float64) {
	_, degree := land.Metres(p.frame.Center()[1])
	for c := (coarseness{fine, fine, true}); ; c = c.next() {
		off, small = c.off*p.mm, c.small*p.mm
		if !c.roads {
			delete(p.of, roadLayer)
		}
		vertices := 0
		for layer, shapes := range p.of {
			kept, taken := shapes[:0], map[[2]int32]bool{}
			for _, s := range shapes {
				if s.geometry = p.coarser(s.geometry, off/degree, small/degree); s.geometry == nil {
					continue
				}
				if at, ok := s.geometry.(orb.Point); ok {
					cell := p.cell(at, small/degree)
					if taken[cell] {
						continue
					}
					taken[cell] = true
				}
				kept, vertices = append(kept, s), vertices+count(s.geometry)
			}
			p.of[layer] = kept
		}
		if vertices <= mostVertices {
			return math.Round(off*1000) / 1000, math.Round(small*1000) / 1000
		}
	}
}

// cell is that of a point in a grid of so many degrees: of points nearer than
// print can show one is drawn.
func (p *pencil) cell(at orb.Point, size float64) [2]int32 {
	return [2]int32{int32((at[0] - p.frame.Min[0]) / size), int32((at[1] - p.frame.Min[1]) / size)}
}

// coarser simplifies in place, by degrees; nil: it is too small.
func (p *pencil) coarser(g orb.Geometry, off, smallest float64) orb.Geometry {
	small := func(b orb.Bound) bool {
		return b.Max[0]-b.Min[0] < smallest && b.Max[1]-b.Min[1] < smallest
	}
	with := simplify.DouglasPeucker(off)
	switch g := g.(type) {
	case orb.MultiPolygon:
		areas := g[:0]
		for _, a := range g {
			rings := a[:0]
			for i, r := range a {
				if small(r.Bound()) {
					if i == 0 {
						break
					}
					continue
				}
				if r = with.Ring(r); len(r) >= 4 {
					rings = append(rings, orb.Round(r, p.factor).(orb.Ring))
				} else if i == 0 {
					break
				}
			}
			if len(rings) > 0 {
				areas = append(areas, rings)
			}
		}
		if len(areas) > 0 {
			return areas
		}
	case orb.MultiLineString:
		lines := g[:0]
		for _, l := range g {
			if !small(l.Bound()) {
				lines = append(lines, orb.Round(with.LineString(l), p.factor).(orb.LineString))
			}
		}
		if len(lines) > 0 {
			return lines
		}
	case orb.Point:
		return orb.Round(g, p.factor)
	}
	return nil
}

func count(g orb.Geometry) (n int) {
	switch g := g.(type) {
	case orb.MultiPolygon:
		return vertices(g)
	case orb.MultiLineString:
		for _, l := range g {
			n += len(l)
		}
		return n
	default:
		return 1
	}
}

// cut is the part of a geometry inside the frame, a copy; nil for none.
func cut(frame orb.Bound, g orb.Geometry) orb.Geometry {
	if g == nil {
		return nil
	}
	g = orb.Clone(g)
	if b := g.Bound(); !frame.Contains(b.Min) || !frame.Contains(b.Max) {
		if g = clip.Geometry(frame, g); g == nil {
			return nil
		}
	}
	switch c := g.(type) {
	case orb.Polygon:
		return orb.MultiPolygon{c}
	case orb.LineString:
		return orb.MultiLineString{c}
	}
	return g
}

// drawn adds a layer to the map, by entries of its legend.
func (m *maker) drawn(l *plan.Layer, shapes []shape) {
	legend := m.legend(l)
	by := map[string]*Drawn{}
	for _, s := range shapes {
		k := legendOf(legend, l, s.Feature)
		d := by[k.Value]
		if d == nil {
			d = &Drawn{Theme: l.ID, Code: k.Value, Title: k.Title, Symbol: k.Symbol, Here: m.here(l.ID, k.Value)}
			by[k.Value] = d
		}
		switch g := s.geometry.(type) {
		case orb.MultiPolygon:
			d.Areas = append(d.Areas, g...)
		case orb.MultiLineString:
			d.Lines = append(d.Lines, g...)
		case orb.Point:
			d.Points = append(d.Points, g)
		}
	}
	// In the order of the legend, the entry of all others last.
	for _, k := range append(slices.Clone(legend), carto.Entry{}) {
		if d := by[k.Value]; d != nil {
			m.doc.Map.Drawn = append(m.doc.Map.Drawn, *d)
			delete(by, k.Value)
		}
	}
}

// here reports whether an entry of the legend concerns the land.
func (m *maker) here(theme, code string) bool {
	return slices.ContainsFunc(m.doc.Concerned, func(t Theme) bool {
		return t.ID == theme && slices.ContainsFunc(t.Entries, func(e Entry) bool { return e.Code == code })
	})
}

// context takes what a layer has in the frame, by id: of an overlay the features
// that it speaks of.
func (m *maker) context(p *pencil, layer string) {
	snap, ok := m.view.Snapshot(layer)
	if !ok {
		return
	}
	m.use(layer, nil)
	l := snap.Layer()
	var found []shape
	snap.Search(p.frame, func(f *mirror.Feature) bool {
		if l.Overlay == nil || zoning.Shown(l, f) {
			if g := cut(p.frame, f.Geometry); g != nil {
				found = append(found, shape{f, l, g})
			}
		}
		return true
	})
	slices.SortFunc(found, func(a, b shape) int { return cmp.Compare(a.ID, b.ID) })
	p.of[layer] = found
}
