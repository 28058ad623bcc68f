package extract

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/simtaru/simtaru/internal/carto"
	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/indicator/land"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/zoning"
)

// The layers that extracts are made from besides the overlays.
const (
	zoningLayer   = "zoning"
	parcelLayer   = "parcel"
	buildingLayer = "building"
	roadLayer     = "road"
)

// What an extract may be of and hold.
const (
	// MaxArea in m2 of land.
	MaxArea = 1_000_000
	// least is the share in m2, or the length in m, below which there is nothing
	// but topological noise.
	least        = 1
	mostEntries  = 40
	mostFeatures = 50
)

// Question is what an extract is made of.
type Question struct {
	// Parcel is the id of a parcel; 0: Drawn is meant.
	Parcel int64
	// Drawn is valid land in degrees, to 7 decimals: so it is told in the document,
	// which it can be made from again.
	Drawn orb.Polygon
	// Activity that is asked for; nil: all.
	Activity *zoning.Activity
	// Road is the class of the road in front; empty: not known.
	Road string
}

// maxVertices and maxRings bound drawn land.
const (
	maxVertices = 2000
	maxRings    = 20
)

// CheckDrawn refuses drawn land whose coordinates cannot be meant, with a
// *plan.Error. Whether it crosses itself is asked of the database.
func CheckDrawn(v mirror.View, drawn orb.Polygon) error {
	if len(drawn) > 0 && len(drawn[0]) > 0 && zoning.Swapped(v, drawn.Bound().Center()) {
		return &plan.Error{Kind: plan.Invalid, Code: "swapped-coordinates", At: "geometry", Message: plan.Text{
			ID: "Bujur dan lintang tampaknya tertukar: GeoJSON menulis bujur dahulu, misalnya [95.3172, 5.5536].",
			EN: "Longitude and latitude seem to be exchanged: GeoJSON writes the longitude first, such as [95.3172, 5.5536].",
		}}
	}
	var fault *geo.Fault
	if err := geo.Check(drawn, geo.Limits{MaxVertices: maxVertices, MaxParts: maxRings}); errors.As(err, &fault) {
		return fault.PlanError()
	}
	return nil
}

// maker makes one document.
type maker struct {
	ctx  context.Context
	view mirror.View
	x    *zoning.Index
	q    Question
	land orb.MultiPolygon
	// scale makes areas on the ellipsoid those of shares.
	scale float64
	// used are the layers that were read, with when their youngest feature in the
	// document was changed.
	used map[string]*time.Time
	doc  *Document
	err  error
}

// Make makes an extract from a view of the plan, which must be the public's: who
// has the link may read it. x are the rules, nil where there are none. ID and
// CreatedAt are the caller's to set.
//
// It fails with *plan.Error: of kind NotFound for an unknown parcel, Unprocessable
// for land that is too large, outside the plan or too entangled, and Unavailable where the plan is not in memory. It costs
// some milliseconds for a parcel and grows with what lies on it and around it.
func Make(ctx context.Context, v mirror.View, x *zoning.Index, q Question) (*Document, error) {
	if zoning.Unreadable(v) {
		return nil, &plan.Error{Kind: plan.Unavailable, Code: "layer-not-in-memory", Message: plan.Text{
			ID: "Rencana pola ruang tidak ada di memori, sehingga kutipan tidak dapat dibuat.", EN: "The zoning plan is not in memory, so that no extract can be made.",
		}}
	}
	m := &maker{ctx: ctx, view: v, x: x, q: q, used: map[string]*time.Time{}, doc: &Document{
		Format: Format, Concerned: []Theme{}, NotConcerned: []Absent{}, WithoutData: []Absent{}, Rules: x.Told(), Disclaimers: disclaimers(),
	}}
	if err := m.parcel(); err != nil {
		return nil, err
	}
	if q.Activity != nil {
		m.doc.Options.Activity = q.Activity.Code
	}
	m.doc.Options.RoadClass = q.Road
	m.zones()
	for _, l := range v.Layers() {
		if l.Overlay != nil {
			m.overlay(l)
		}
	}
	if m.err != nil {
		return nil, m.err
	}
	centre, _ := planar.CentroidArea(m.land)
	m.doc.Park, m.doc.Shelter = zoning.Nearest(v, centre)
	for _, near := range []*zoning.Near{m.doc.Park, m.doc.Shelter} {
		if near != nil {
			m.use(near.Layer, nil)
		}
	}
	if err := m.draw(); err != nil {
		return nil, err
	}
	m.versions()
	m.doc.Sentence = m.sentence()
	return m.doc, nil
}

// parcel finds the land and says what it is.
func (m *maker) parcel() error {
	p := &m.doc.Parcel
	if m.q.Parcel == 0 {
		m.land = orb.MultiPolygon{m.q.Drawn}
	} else if err := m.registered(p); err != nil {
		return err
	}
	// The inside of land is told whatever the order of its vertices.
	exact := land.Measure(m.land)
	p.GeometricArea, m.scale = math.Round(exact*100)/100, 1
	switch {
	case p.GeometricArea > MaxArea:
		return &plan.Error{Kind: plan.Unprocessable, Code: "extract-too-large", At: "geometry", Message: plan.Text{
			ID: "Luasnya " + metres(p.GeometricArea).ID + " m²; paling luas 1 km². Gambarlah bagian yang lebih kecil.",
			EN: "It has " + metres(p.GeometricArea).EN + " m²; 1 km² is the most. Draw a smaller part.",
		}}
	case p.GeometricArea < least:
		return &plan.Error{Kind: plan.Unprocessable, Code: "extract-too-small", At: "geometry", Message: plan.Text{
			ID: "Luasnya kurang dari 1 m².", EN: "It has less than 1 m².",
		}}
	}
	p.Area, p.Basis = p.GeometricArea, ByGeometry
	switch {
	case p.CertificateArea != nil && *p.CertificateArea > 0:
		p.Area, p.Basis, m.scale = *p.CertificateArea, ByCertificate, *p.CertificateArea/exact
		p.Note = tell("Luas di sertipikat %s m², menurut gambar %s m²; bagian-bagian dihitung terhadap luas sertipikat.",
			"The certificate says %s m², the drawing %s m²; the shares are of the certified area.", plan.Number(*p.CertificateArea), plan.Number(p.GeometricArea))
	case m.q.Parcel == 0:
		p.Note = tell("Bidang ini digambar sendiri; bagian-bagian dihitung terhadap luas gambar.", "This land was drawn by hand; the shares are of its drawn area.")
	default:
		p.Note = tell("Luas sertipikat tidak tercatat; bagian-bagian dihitung terhadap luas gambar.", "No certified area is recorded; the shares are of the drawn area.")
	}
	return nil
}

// registered is a parcel of the layer.
func (m *maker) registered(p *Parcel) error {
	unknown := &plan.Error{Kind: plan.NotFound, Code: "no-such-item", At: "parcel", Message: plan.Text{
		ID: "Tidak ada bidang tanah dengan nomor objek ini.", EN: "There is no parcel with this id.",
	}}
	snap, ok := m.view.Snapshot(parcelLayer)
	if !ok {
		if _, there := m.view.Layer(parcelLayer); there {
			return &plan.Error{Kind: plan.Unavailable, Code: "layer-not-in-memory", Message: plan.Text{
				ID: "Bidang tanah tidak ada di memori.", EN: "The parcels are not in memory.",
			}}
		}
		return unknown
	}
	f, ok := snap.Get(m.q.Parcel)
	if !ok {
		return unknown
	}
	if m.land, ok = f.Geometry.(orb.MultiPolygon); !ok || len(m.land) == 0 {
		return &plan.Error{Kind: plan.Unprocessable, Code: "no-geometry", At: "parcel", Message: plan.Text{
			ID: "Bidang tanah ini belum digambar.", EN: "This parcel has not been drawn yet.",
		}}
	}
	l := snap.Layer()
	*p = Parcel{Layer: l.ID, ID: f.ID, Revision: f.Revision, Number: text(l, f, "nib"), CertificateNo: text(l, f, "certificate_no"), Address: text(l, f, "address")}
	if right := text(l, f, "right_type"); right != "" {
		p.Right = zoning.Said(m.view, l, "right_type", right)
	}
	if area, ok := value(l, f, "certificate_area").(float64); ok {
		p.CertificateArea = &area
	}
	m.use(l.ID, f)
	return nil
}

func value(l *plan.Layer, f *mirror.Feature, name string) any {
	if i := l.FieldIndex(name); i >= 0 {
		return f.Values[i]
	}
	return nil
}

func text(l *plan.Layer, f *mirror.Feature, name string) string {
	s, _ := value(l, f, name).(string)
	return s
}

// use notes that a layer was read, and a feature of it told.
func (m *maker) use(layer string, f *mirror.Feature) {
	last := m.used[layer]
	if f != nil {
		if at := f.UpdatedAt.UTC(); last == nil || at.After(*last) {
			last = &at
		}
	}
	m.used[layer] = last
}

// group is the features that make one entry.
type group struct {
	entry    Entry
	features []*mirror.Feature
	// exact is the share in m2 or the length in m, not rounded.
	exact float64
}

// groups collects features by key, in the order of their ids.
type groups struct {
	by   map[string]*group
	list []*group
}

func (g *groups) add(key string, f *mirror.Feature, entry func() Entry) {
	if g.by == nil {
		g.by = map[string]*group{}
	}
	if g.by[key] == nil {
		g.by[key] = &group{entry: entry()}
		g.list = append(g.list, g.by[key])
	}
	g.by[key].features = append(g.by[key].features, f)
}

// near are the features of a layer whose box is within metres of the land, by
// id.
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

// measure fills in what a group has on the land, and reports whether that is
// anything. Areas are scaled to Parcel.Area.
func (m *maker) measure(g *group, within float64) bool {
	var pieces []land.Piece
	var lines orb.MultiLineString
	points, nearest := 0, math.Inf(1)
	for _, f := range g.features {
		switch shape := f.Geometry.(type) {
		case orb.MultiPolygon:
			pieces = append(pieces, land.Piece{Geometry: shape, Factor: math.NaN()})
		case orb.MultiLineString:
			lines = append(lines, shape...)
			nearest = min(nearest, m.toLine(shape))
		case orb.Point:
			if d := zoning.Distance(shape, m.land); d <= within {
				points, nearest = points+1, min(nearest, d)
			}
		}
	}
	e := &g.entry
	switch {
	case pieces != nil:
		d, err := land.Divide(m.ctx, land.Unit{Geometry: m.land}, pieces, []land.Rule{{Set: 0, Within: -1}}, (*land.Budget)(nil).Meter())
		if err != nil {
			m.fail(err)
			return false
		}
		if g.exact = d.Parts[0].All * m.scale; g.exact < least {
			return false
		}
		whole := int64(math.Round(g.exact))
		percent := math.Round(float64(whole)/m.doc.Parcel.Area*1000) / 10
		e.Area, e.Percent = &whole, &percent
	case lines != nil:
		l, err := land.Length(land.Unit{Geometry: m.land}, lines, (*land.Budget)(nil).Meter())
		if err != nil {
			m.fail(err)
			return false
		}
		if g.exact = l.All; g.exact < least && nearest > within {
			return false
		}
		whole := int64(math.Round(g.exact))
		e.Length = &whole
		if g.exact < least {
			e.Distance = int64(math.Round(nearest))
		}
	default:
		if points == 0 {
			return false
		}
		e.Points, e.Distance, g.exact = &points, int64(math.Round(nearest)), -nearest
	}
	return true
}

// toLine is the distance to lines that do not cross the land: it is at a vertex
// of the one or the other.
func (m *maker) toLine(lines orb.MultiLineString) float64 {
	nearest := math.Inf(1)
	for _, l := range lines {
		for _, p := range l {
			nearest = min(nearest, zoning.Distance(p, m.land))
		}
	}
	for _, polygon := range m.land {
		for _, p := range polygon[0] {
			nearest = min(nearest, zoning.Distance(p, lines))
		}
	}
	return nearest
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

// entries measures groups and lists those that have something, the largest
// first.
func (m *maker) entries(gs *groups, within float64) (entries []Entry, more int, sum Check) {
	kept := slices.DeleteFunc(gs.list, func(g *group) bool { return !m.measure(g, within) })
	slices.SortStableFunc(kept, func(a, b *group) int { return cmp.Compare(b.exact, a.exact) })
	for i, g := range kept {
		e := &g.entry
		if e.Area != nil {
			sum.Sum += float64(*e.Area)
			sum.Percent += *e.Percent
		}
		if i >= mostEntries {
			more++
			continue
		}
		e.Features = []Feature{}
		for _, f := range g.features[:min(len(g.features), mostFeatures)] {
			e.Features = append(e.Features, Feature{f.ID, f.Revision})
			m.use(e.layer, f)
		}
		entries = append(entries, *e)
	}
	sum.Percent = math.Round(sum.Percent*10) / 10
	sum.Difference = math.Round((sum.Sum-m.doc.Parcel.Area)*100) / 100
	return entries, more, sum
}

// overlay is the theme of a layer that declares itself one.
func (m *maker) overlay(l *plan.Layer) {
	absent := Absent{ID: l.ID, Title: l.Title, Layer: l.ID}
	snap, ok := m.view.Snapshot(l.ID)
	if !ok {
		absent.Why = tell("Data lapisan ini sedang tidak ada di memori.", "The data of this layer is not in memory at the moment.")
		m.doc.WithoutData = append(m.doc.WithoutData, absent)
		return
	}
	m.use(l.ID, nil)
	if snap.Len() == 0 {
		absent.Why = tell("Lapisan ini belum berisi data.", "This layer has no data yet.")
		m.doc.WithoutData = append(m.doc.WithoutData, absent)
		return
	}
	legend := m.legend(l)
	var gs groups
	for _, f := range m.near(snap, l.Overlay.Within) {
		if !zoning.Shown(l, f) {
			continue
		}
		said := zoning.SentenceOf(m.view, l, f)
		k := legendOf(legend, l, f)
		gs.add(k.Value+"\x00"+said.ID, f, func() Entry {
			return Entry{layer: l.ID, Code: k.Value, Title: k.Title, Color: colour(k.Symbol), Sentence: said}
		})
	}
	entries, more, _ := m.entries(&gs, l.Overlay.Within)
	if len(entries) == 0 {
		m.doc.NotConcerned = append(m.doc.NotConcerned, absent)
		return
	}
	t := Theme{ID: l.ID, Title: l.Title, Layer: l.ID, Entries: entries, More: more}
	t.Sentence = m.listed(entries, func(e *Entry) plan.Text {
		return plan.Text{ID: strings.TrimSuffix(e.Sentence.ID, "."), EN: strings.TrimSuffix(e.Sentence.EN, ".")}
	})
	m.doc.Concerned = append(m.doc.Concerned, t)
}

func (m *maker) legend(l *plan.Layer) []carto.Entry {
	legend, err := carto.Legend(m.view.Catalog(), l)
	if err != nil {
		m.fail(fmt.Errorf("extract: %w", err))
	}
	return legend
}

// legendOf is the entry of a legend that a feature has; the last one stands for
// the others.
func legendOf(legend []carto.Entry, l *plan.Layer, f *mirror.Feature) carto.Entry {
	if len(legend) == 0 {
		return carto.Entry{Title: l.Title}
	}
	code := ""
	if v := value(l, f, l.Style.Field); v != nil {
		code = fmt.Sprint(v)
	}
	if i := slices.IndexFunc(legend, func(e carto.Entry) bool { return e.Value == code }); i >= 0 {
		return legend[i]
	}
	other := legend[len(legend)-1]
	if other.Value != "" {
		other = carto.Entry{Title: l.Title, Symbol: l.Style.Symbol}
	}
	return other
}

func colour(s plan.Symbol) string { return cmp.Or(s.Fill, s.Stroke, "#808080") }

// versions lists the layers that were read.
func (m *maker) versions() {
	m.doc.Layers = []LayerVersion{}
	for _, l := range m.view.Layers() {
		at, used := m.used[l.ID]
		snap, ok := m.view.Snapshot(l.ID)
		if !used || !ok {
			continue
		}
		m.doc.Layers = append(m.doc.Layers, LayerVersion{
			Layer: l.ID, Title: l.Title, Version: fmt.Sprintf("%016x", snap.Version()), UpdatedAt: at, Licence: l.Licence, Attribution: l.Attribution,
		})
	}
}
