package extract

import (
	"math"

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
	q := zoning.Question{Activity: m.q.Activity, Area: m.doc.Parcel.Area, Road: m.q.Road}
	found := m.near(snap, 0)
	told := make(map[int64]*zoning.Zone, len(found))
	var gs groups
	for _, f := range found {
		z := zoning.ZoneOf(m.view, m.x, f, q)
		told[f.ID] = &z
		gs.add(z.Code+"\x00"+z.Block, f, func() Entry {
			return Entry{layer: l.ID, Code: z.Code, Title: z.Title, Color: z.Color, Zone: &Zone{
				Block: z.Block, Intensity: z.Intensity, Activities: z.Activities, References: z.References,
			}}
		})
	}
	entries, more, sum := m.entries(&gs, 0)
	if m.err != nil {
		return
	}
	if len(entries) == 0 {
		m.fail(outside)
		return
	}
	for i := range entries {
		m.figures(&entries[i])
	}
	first := told[entries[0].Features[0].ID]
	m.doc.Parcel.Village, m.doc.Parcel.District = first.Village, first.District
	t := Theme{ID: l.ID, Title: l.Title, Layer: l.ID, Entries: entries, More: more, Check: &sum}
	t.Sentence = m.listed(entries, func(e *Entry) plan.Text {
		return tell("%s (%s)", "%s (%s)", e.Title, same(e.Code))
	})
	sum.Sentence = m.sum(&sum)
	m.doc.Concerned = append(m.doc.Concerned, t)
	for _, name := range zoning.SpecialFields() {
		if d, ok := l.Field(name); ok {
			m.special(l, d, found, told)
		}
	}
}

// figures computes the figures of a zone for the share of the land in it. Whether
// a plot is too small is a question to the whole of it.
func (m *maker) figures(e *Entry) {
	share := float64(*e.Area)
	if *e.Area == int64(math.Round(m.doc.Parcel.Area)) {
		share = m.doc.Parcel.Area
	}
	built := make([]zoning.Built, len(e.Zone.Intensity))
	for i, b := range e.Zone.Intensity {
		f := b.Rule.Figures(share)
		f.TooSmall = b.SmallestPlot != nil && m.doc.Parcel.Area < *b.SmallestPlot
		built[i] = zoning.Built{Rule: b.Rule, Figures: &f}
	}
	e.Zone.Intensity = built
	e.Sentence = zoning.OfBuilding(built, m.x != nil)
}

// special is the theme of one special provision.
func (m *maker) special(l *plan.Layer, d *plan.Field, found []*mirror.Feature, told map[int64]*zoning.Zone) {
	var here, none, unknown groups
	for _, f := range found {
		for _, s := range told[f.ID].Special {
			if s.Field != d.Name {
				continue
			}
			said := same(s.Value)
			into := map[string]*groups{"here": &here, "none": &none, "unknown": &unknown}[s.State]
			into.add(s.Value, f, func() Entry {
				return Entry{layer: l.ID, Title: said, Color: colour(l.Style.Symbol), Sentence: said}
			})
		}
	}
	absent := Absent{ID: l.ID + "." + d.Name, Title: d.Title, Layer: l.ID}
	entries, more, _ := m.entries(&here, 0)
	missing, _, _ := m.entries(&unknown, 0)
	checked, _, _ := m.entries(&none, 0)
	switch {
	case len(entries) > 0:
		t := Theme{ID: absent.ID, Title: d.Title, Layer: l.ID, Entries: entries, More: more}
		t.Sentence = m.listed(entries, func(e *Entry) plan.Text { return e.Title })
		if len(missing) > 0 {
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
