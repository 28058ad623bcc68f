package extract

import (
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"

	"github.com/simtaru/simtaru/internal/carto"
	"github.com/simtaru/simtaru/internal/indicator/land"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/zoning"
)

// scales are those that a frame may have, and beyond closeUp no neighbours and
// buildings are drawn.
func scales() []int { return []int{250, 500, 1000, 2000, 5000, 10000, 25000, 50000} }

const closeUp = 2000

// margin is how much larger than the land the frame is at least.
const margin = 1.3

// draw makes the map: of all themes what lies in the frame.
func (m *maker) draw() error {
	frame, scale := frameOf(m.land.Bound())
	if scale == 0 {
		return &plan.Error{Kind: plan.Unprocessable, Code: "extract-too-large", At: "geometry", Message: plan.Text{
			ID: "Bidang ini terlalu panjang untuk digambar di satu halaman. Gambarlah bagian yang lebih kecil.",
			EN: "This land is too long to be drawn on one page. Draw a smaller part.",
		}}
	}
	d := &m.doc.Map
	*d = Map{
		Scale: scale, Frame: [4]float64{frame.Min[0], frame.Min[1], frame.Max[0], frame.Max[1]}, Parcel: orb.Round(orb.Clone(m.land), 1e7).(orb.MultiPolygon),
		Drawn: []Drawn{}, Neighbours: []Neighbour{}, Buildings: []orb.MultiPolygon{}, Roads: []Road{},
	}
	for _, l := range m.view.Layers() {
		if l.ID == zoningLayer || l.Overlay != nil {
			m.drawn(l, frame)
		}
	}
	m.context(frame, roadLayer, func(l *plan.Layer, f *mirror.Feature, g orb.Geometry) {
		if lines, ok := g.(orb.MultiLineString); ok {
			d.Roads = append(d.Roads, Road{text(l, f, "name"), lines})
		}
	})
	if scale <= closeUp {
		m.context(frame, parcelLayer, func(l *plan.Layer, f *mirror.Feature, g orb.Geometry) {
			if areas, ok := g.(orb.MultiPolygon); ok && f.ID != m.q.Parcel {
				d.Neighbours = append(d.Neighbours, Neighbour{text(l, f, "nib"), areas})
			}
		})
		m.context(frame, buildingLayer, func(_ *plan.Layer, _ *mirror.Feature, g orb.Geometry) {
			if areas, ok := g.(orb.MultiPolygon); ok {
				d.Buildings = append(d.Buildings, areas)
			}
		})
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

// cut is the part of a geometry inside the frame, rounded; nil for none.
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
		g = orb.MultiPolygon{c}
	case orb.LineString:
		g = orb.MultiLineString{c}
	}
	return orb.Round(g, 1e7)
}

// drawn adds a layer to the map, by entries of its legend.
func (m *maker) drawn(l *plan.Layer, frame orb.Bound) {
	legend := m.legend(l)
	by := map[string]*Drawn{}
	m.context(frame, l.ID, func(_ *plan.Layer, f *mirror.Feature, g orb.Geometry) {
		k := legendOf(legend, l, f)
		d := by[k.Value]
		if d == nil {
			d = &Drawn{Theme: l.ID, Code: k.Value, Title: k.Title, Symbol: k.Symbol, Here: m.here(l.ID, k.Value)}
			by[k.Value] = d
		}
		switch g := g.(type) {
		case orb.MultiPolygon:
			d.Areas = append(d.Areas, g...)
		case orb.MultiLineString:
			d.Lines = append(d.Lines, g...)
		case orb.Point:
			d.Points = append(d.Points, g)
		}
	})
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

// context calls add for each feature of a layer that the overlay, where it is
// one, speaks of, with its part in the frame, by id.
func (m *maker) context(frame orb.Bound, layer string, add func(*plan.Layer, *mirror.Feature, orb.Geometry)) {
	snap, ok := m.view.Snapshot(layer)
	if !ok {
		return
	}
	m.use(layer, nil)
	l := snap.Layer()
	var found []*mirror.Feature
	snap.Search(frame, func(f *mirror.Feature) bool {
		found = append(found, f)
		return true
	})
	slices.SortFunc(found, func(a, b *mirror.Feature) int { return int(a.ID - b.ID) })
	for _, f := range found {
		if l.Overlay != nil && !zoning.Shown(l, f) {
			continue
		}
		if g := cut(frame, f.Geometry); g != nil {
			add(l, f, g)
		}
	}
}
