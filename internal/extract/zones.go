package extract

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/zoning"
)

// zones are the theme of the zoning plan, and those of its special provisions.
func (m *maker) zones() {
	outside := &plan.Error{Kind: plan.Unprocessable, Code: "outside-plan", At: "geometry", Message: plan.Text{
		ID: "Tempat ini di luar wilayah rencana: tidak ada rencana tata ruang untuknya di sini.",
		EN: "This place is outside the plan: there is no spatial plan for it here.",
	}}
	snap, ok := m.view.Snapshot(zoningLayer)
	if !ok {
		m.fail(outside)
		return
	}
	l := snap.Layer()
	m.use(l.ID, nil)
	m.doc.Office = l.Attribution
	found := m.survey(snap, 0, func(*mirror.Feature) bool { return true })
	told := make(map[int64]*zoning.Zone, len(found.parts))
	var gs groups
	for _, p := range found.parts {
		// Without rules, which come with the entries that are told.
		z := zoning.ZoneOf(m.view, nil, p.Feature, zoning.Question{})
		told[p.ID] = &z
		gs.add(z.Code+"\x00"+z.Block, p, func() Entry {
			return Entry{Code: z.Code, Title: z.Title, Color: z.Color}
		})
	}
	entries, more := m.entries(&gs, &found)
	if m.err == nil && len(entries) == 0 {
		m.fail(outside)
	}
	if m.err != nil {
		return
	}
	above := map[string]bool{}
	for i := range entries {
		e := &entries[i]
		m.figures(e)
		if above[e.Code] {
			e.Zone.Activities, e.Zone.ActivitiesAbove = []zoning.Group{}, true
		}
		above[e.Code] = true
	}
	m.villages(&found, told)
	t := Theme{ID: l.ID, Title: l.Title, Layer: l.ID, Entries: entries, More: more, Check: m.check(&gs, &found), Legal: legal(l.Legal)}
	t.Sentence = m.listed(entries, func(e *Entry) plan.Text {
		return tell("%s (%s)", "%s (%s)", e.Title, same(e.Code))
	})
	m.doc.Concerned = append(m.doc.Concerned, t)
	for _, name := range zoning.SpecialFields() {
		if d, ok := l.Field(name); ok && m.err == nil {
			m.special(l, d, &found, told)
		}
	}
}

// figures says what the rules allow in a zone, with the figures for the share of
// the land in it. Whether a plot is too small is a question to the whole of it.
func (m *maker) figures(e *Entry) {
	z := zoning.ZoneOf(m.view, m.x, e.first, zoning.Question{Activity: m.q.Activity, Area: m.doc.Parcel.Area, Road: m.q.Road})
	e.Zone = &Zone{Block: z.Block, Activities: z.Activities, References: z.References}
	share := float64(*e.Area)
	if *e.Area == int64(math.Round(m.doc.Parcel.Area)) {
		share = m.doc.Parcel.Area
	}
	built := make([]zoning.Built, len(z.Intensity))
	for i, b := range z.Intensity {
		f := b.Rule.Figures(share)
		f.TooSmall = b.SmallestPlot != nil && m.doc.Parcel.Area < *b.SmallestPlot
		built[i] = zoning.Built{Rule: b.Rule, Figures: &f}
	}
	e.Zone.Intensity = built
	e.Sentence = zoning.OfBuilding(built, m.x != nil)
}

// special is the theme of one special provision.
func (m *maker) special(l *plan.Layer, d *plan.Field, found *survey, told map[int64]*zoning.Zone) {
	var here, none, unknown groups
	for _, p := range found.parts {
		for _, s := range told[p.ID].Special {
			if s.Field != d.Name {
				continue
			}
			said := same(s.Value)
			into := map[string]*groups{"here": &here, "none": &none, "unknown": &unknown}[s.State]
			into.add(s.Value, p, func() Entry {
				return Entry{Title: said, Color: colour(l.Style.Symbol), Sentence: said, Values: map[string]string{d.Name: s.Value}}
			})
		}
	}
	absent := Absent{ID: l.ID + "." + d.Name, Title: d.Title, Layer: l.ID}
	entries, more := m.entries(&here, found)
	missing, _ := m.entries(&unknown, found)
	checked, _ := m.entries(&none, found)
	switch {
	case len(entries) > 0:
		t := Theme{ID: absent.ID, Title: d.Title, Layer: l.ID, Entries: entries, More: more, Legal: legal(d.Legal)}
		if len(t.Legal) == 0 {
			t.Legal = legal(l.Legal)
		}
		t.Sentence = m.listed(entries, func(e *Entry) plan.Text { return e.Title })
		if len(missing) > 0 {
			t.Unknown = missing[0].Area
			t.Note = tell("Untuk %s m² hal ini belum dinilai.", "For %s m² this was not assessed.", plan.Number(float64(*missing[0].Area)))
		}
		m.doc.Concerned = append(m.doc.Concerned, t)
	case len(missing) > 0:
		absent.Why = tell("Belum dinilai dalam rencana.", "Not assessed in the plan.")
		if len(checked) > 0 {
			absent.Why = tell("Untuk %s m² belum dinilai dalam rencana; untuk selebihnya tidak ada.", "For %s m² not assessed in the plan; there is none on the rest.", plan.Number(float64(*missing[0].Area)))
		}
		m.doc.WithoutData = append(m.doc.WithoutData, absent)
	default:
		m.doc.NotConcerned = append(m.doc.NotConcerned, absent)
	}
}

// Parcels and boundaries are drawn by two offices, a metre or two apart: less than
// sliver m2 or sliverShare of the land does not put it in another gampong.
const (
	sliver      = 5.0
	sliverShare = 0.01
)

// villages names the gampong and kecamatan that the land lies in: first the one
// that the parcel is registered in, then those whose boundary has land of it, the
// largest share first. Where no boundary is known they are those that the zones
// name.
func (m *maker) villages(zones *survey, told map[int64]*zoning.Zone) {
	type village struct{ code, name, district string }
	shares := map[village]float64{}
	var all []village
	add := func(v village, m2 float64) {
		if v.name == "" {
			return
		}
		if _, there := shares[v]; !there {
			all = append(all, v)
		}
		shares[v] += m2
	}
	registered := m.doc.Parcel.VillageCode
	if snap, ok := m.view.Snapshot(boundaryLayer); ok {
		l := snap.Layer()
		m.use(l.ID, nil)
		read := func(f *mirror.Feature) village {
			return village{text(l, f, "kode"), text(l, f, "nama"), text(l, f, "kecamatan")}
		}
		found := m.survey(snap, 0, func(*mirror.Feature) bool { return true })
		for _, p := range found.parts {
			if p.exact >= max(sliver, sliverShare*m.exact) {
				m.use(l.ID, p.Feature)
				add(read(p.Feature), p.exact)
			}
		}
		if registered != "" {
			snap.Ascend(0, func(f *mirror.Feature) bool {
				if text(l, f, "kode") != registered {
					return true
				}
				m.use(l.ID, f)
				add(read(f), math.Inf(1))
				return false
			})
		}
	}
	if all == nil {
		for _, p := range zones.parts {
			add(village{"", told[p.ID].Village, told[p.ID].District}, p.exact)
		}
	}
	slices.SortStableFunc(all, func(a, b village) int { return cmp.Compare(shares[b], shares[a]) })
	var codes, names, districts []string
	for _, v := range all {
		names = append(names, v.name)
		if v.code != "" {
			codes = append(codes, v.code)
		}
		if v.district != "" && !slices.Contains(districts, v.district) {
			districts = append(districts, v.district)
		}
	}
	p := &m.doc.Parcel
	p.Village, p.District = strings.Join(names, ", "), strings.Join(districts, ", ")
	if codes != nil {
		p.VillageCode = strings.Join(codes, ", ")
	}
}
