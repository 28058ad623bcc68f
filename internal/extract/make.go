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
	boundaryLayer = "boundary"
	buildingLayer = "building"
	roadLayer     = "road"
)

// What an extract may be of and hold.
const (
	// MaxArea in m2 of land.
	MaxArea = 1_000_000
	// least is the share in m2 of the drawing, or the length in m, below which
	// there is nothing but topological noise; trace is that for one feature of many.
	least        = 1
	trace        = 0.01
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
	// meter counts the work of all measurements of the document together.
	meter *land.Meter
	// exact is the area of the land in m2, scale makes areas on the ellipsoid those
	// of shares.
	exact, scale float64
	// frame and mapScale are those of the map.
	frame    orb.Bound
	mapScale int
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
// for land that is too large, outside the plan or too entangled, and Unavailable
// where the plan is not in memory. It costs a millisecond for a parcel and grows
// with what lies on it and around it, up to some 0.2 s: all its measurements share
// the work that [land.Meter] allows one, and nothing is measured of land that is
// too large for the map.
func Make(ctx context.Context, v mirror.View, x *zoning.Index, q Question) (*Document, error) {
	if zoning.Unreadable(v) {
		return nil, &plan.Error{Kind: plan.Unavailable, Code: "layer-not-in-memory", Message: plan.Text{
			ID: "Rencana pola ruang tidak ada di memori, sehingga kutipan tidak dapat dibuat.", EN: "The zoning plan is not in memory, so that no extract can be made.",
		}}
	}
	m := &maker{ctx: ctx, view: v, x: x, q: q, meter: (*land.Budget)(nil).Meter(), used: map[string]*time.Time{}, doc: &Document{
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
		if l.Overlay != nil && m.err == nil {
			m.overlay(l)
		}
	}
	if m.err != nil {
		return nil, m.err
	}
	// What an extract never tells is no theme.
	m.doc.Sentence = m.sentence()
	m.untold()
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
	m.exact, m.scale = land.Measure(m.land), 1
	p.GeometricArea = math.Round(m.exact*100) / 100
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
	if m.frame, m.mapScale = frameOf(m.land.Bound()); m.mapScale == 0 {
		return &plan.Error{Kind: plan.Unprocessable, Code: "extract-too-large", At: "geometry", Message: plan.Text{
			ID: "Bidang ini terlalu panjang untuk digambar di satu halaman. Gambarlah bagian yang lebih kecil.",
			EN: "This land is too long to be drawn on one page. Draw a smaller part.",
		}}
	}
	m.basis(p)
	return nil
}

// basis chooses what the shares are of. A certified area that the drawing cannot
// have is a mistake of one of the two, and nothing is computed from it: it would
// multiply what may be built.
func (m *maker) basis(p *Parcel) {
	p.Area, p.Basis = p.GeometricArea, ByGeometry
	switch {
	case p.CertificateArea != nil && *p.CertificateArea > 0 && math.Abs(*p.CertificateArea-m.exact) <= 0.1*m.exact+5:
		p.Area, p.Basis, m.scale = *p.CertificateArea, ByCertificate, *p.CertificateArea/m.exact
		p.Note = tell("Luas di sertipikat %s m², menurut gambar %s m²; bagian-bagian dihitung terhadap luas sertipikat.",
			"The certificate says %s m², the drawing %s m²; the shares are of the certified area.", plan.Number(*p.CertificateArea), plan.Number(p.GeometricArea))
	case p.CertificateArea != nil && *p.CertificateArea > 0:
		p.Note = tell("Luas sertipikat yang tercatat, %s m², tidak sesuai dengan gambar, %s m²: salah satunya keliru dan perlu diperiksa. Bagian-bagian dihitung terhadap luas gambar.",
			"The certified area on record, %s m², does not agree with the drawing, %s m²: one of the two is wrong and is to be checked. The shares are of the drawn area.", plan.Number(*p.CertificateArea), plan.Number(p.GeometricArea))
	case m.q.Parcel == 0:
		p.Note = tell("Bidang ini digambar sendiri; bagian-bagian dihitung terhadap luas gambar.", "This land was drawn by hand; the shares are of its drawn area.")
	default:
		p.Note = tell("Luas sertipikat tidak tercatat; bagian-bagian dihitung terhadap luas gambar.", "No certified area is recorded; the shares are of the drawn area.")
	}
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
		p.RightType = right
		p.Right = zoning.Said(m.view, l, "right_type", right)
	}
	if area, ok := l.Value(f.Feature, "certificate_area").(float64); ok {
		p.CertificateArea = &area
	}
	p.VillageCode = text(l, f, "gampong_code")
	m.use(l.ID, f)
	return nil
}

func text(l *plan.Layer, f *mirror.Feature, name string) string {
	s, _ := l.Value(f.Feature, name).(string)
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
	found := m.survey(snap, l.Overlay.Within, func(f *mirror.Feature) bool { return zoning.Shown(l, f) })
	var gs groups
	for _, p := range found.parts {
		said := zoning.SentenceOf(m.view, l, p.Feature)
		k := legendOf(legend, l, p.Feature)
		gs.add(k.Value+"\x00"+said.ID, p, func() Entry {
			return Entry{Code: k.Value, Title: k.Title, Color: colour(k.Symbol), Sentence: said, Values: values(l, p.Feature)}
		})
	}
	entries, more := m.entries(&gs, &found)
	if len(entries) == 0 {
		m.doc.NotConcerned = append(m.doc.NotConcerned, absent)
		return
	}
	t := Theme{ID: l.ID, Title: l.Title, Layer: l.ID, Entries: entries, More: more, Legal: legal(l.Legal)}
	t.Sentence = m.listed(entries, func(e *Entry) plan.Text {
		return plan.Text{ID: strings.TrimSuffix(e.Sentence.ID, "."), EN: strings.TrimSuffix(e.Sentence.EN, ".")}
	})
	m.doc.Concerned = append(m.doc.Concerned, t)
}

// values are those that an overlay tells of a feature, as they stand in the layer.
func values(l *plan.Layer, f *mirror.Feature) map[string]string {
	all := map[string]string{}
	for _, name := range l.Overlay.Fields() {
		switch v := l.Value(f.Feature, name).(type) {
		case nil:
		case time.Time:
			all[name] = v.UTC().Format(time.RFC3339)
		default:
			all[name] = fmt.Sprint(v)
		}
	}
	return all
}

// legal is never null: that none is known is told.
func legal(known []plan.Legal) []plan.Legal { return append([]plan.Legal{}, known...) }

// untold says what an extract should have and this one does not.
func (m *maker) untold() {
	m.doc.WithoutData = append(m.doc.WithoutData, Absent{
		ID: evacuationAside, Title: plan.Text{ID: "Waktu dan sektor evakuasi", EN: "Evacuation time and sector"},
		Why: tell("Kutipan menyebut tempat evakuasi terdekat menurut garis lurus; waktu tempuh dan sektor evakuasi tidak dihitung.",
			"The extract names the nearest shelter in a straight line; the time to it and the sector of evacuation are not computed."),
	})
	var none, noStatus plan.Text
	add := func(to *plan.Text, title plan.Text) {
		if !to.IsZero() {
			title = tell("%s; %s", "%s; %s", *to, title)
		}
		*to = title
	}
	for i := range m.doc.Concerned {
		t := &m.doc.Concerned[i]
		if len(t.Legal) == 0 {
			add(&none, t.Title)
		} else if slices.ContainsFunc(t.Legal, func(l plan.Legal) bool { return l.Status == "" }) {
			add(&noStatus, t.Title)
		}
	}
	var why plan.Text
	if !none.IsZero() {
		why = tell("Dasar hukum belum dicatat untuk: %s.", "No legal basis is recorded for: %s.", none)
	}
	if !noStatus.IsZero() {
		said := tell("Belum dicatat apakah dasar hukumnya masih berlaku untuk: %s.", "It is not recorded whether the legal basis is in force for: %s.", noStatus)
		why = plan.Text{ID: strings.TrimSpace(why.ID + " " + said.ID), EN: strings.TrimSpace(why.EN + " " + said.EN)}
	}
	if !why.IsZero() {
		m.doc.WithoutData = append(m.doc.WithoutData, Absent{ID: legalAside, Title: plan.Text{ID: "Dasar hukum dan statusnya", EN: "Legal basis and its status"}, Why: why})
	}
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
	if v := l.Value(f.Feature, l.Style.Field); v != nil {
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
