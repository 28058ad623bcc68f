package extract

import (
	"fmt"
	"math"
	"strings"

	"github.com/simtaru/simtaru/internal/plan"
)

func same(s string) plan.Text { return plan.Text{ID: s, EN: s} }

// tell puts texts into a sentence, each in the words of its language.
func tell(id, en string, args ...plan.Text) plan.Text {
	var ids, ens []any
	for _, a := range args {
		ids, ens = append(ids, a.In(plan.Indonesian)), append(ens, a.In(plan.English))
	}
	return plan.Text{ID: fmt.Sprintf(id, ids...), EN: fmt.Sprintf(en, ens...)}
}

// metres is a figure without decimals.
func metres(v float64) plan.Text { return plan.Number(math.Round(v)) }

// percent always has its one decimal.
func percent(v float64) plan.Text { return plan.Fixed(v, 1) }

// Size is what an entry has on the land, in words.
func Size(e *Entry) plan.Text {
	switch {
	case e.Area != nil:
		return tell("%s m² (%s%%)", "%s m² (%s%%)", metres(float64(*e.Area)), percent(*e.Percent))
	case e.Distance > 0:
		return tell("%s m dari bidang", "%s m from the land", metres(float64(e.Distance)))
	case e.Length != nil:
		return tell("%s m", "%s m", metres(float64(*e.Length)))
	default:
		return tell("di bidang ini", "on the land")
	}
}

// listed names entries with their sizes.
func (m *maker) listed(entries []Entry, name func(*Entry) plan.Text) plan.Text {
	const most = 5
	var id, en []string
	for i := range entries[:min(len(entries), most)] {
		t := tell("%s: %s", "%s: %s", name(&entries[i]), Size(&entries[i]))
		id, en = append(id, t.ID), append(en, t.EN)
	}
	if more := len(entries) - most; more > 0 {
		t := tell("dan %s lagi", "and %s more", metres(float64(more)))
		id, en = append(id, t.ID), append(en, t.EN)
	}
	return plan.Text{ID: strings.Join(id, "; ") + ".", EN: strings.Join(en, "; ") + "."}
}

// check adds the shares of the zones up, and says what the sum differs by from the
// land, and why: each reason by itself, so that two do not hide one another.
func (m *maker) check(gs *groups, s *survey) *Check {
	c := new(Check)
	for _, g := range gs.list {
		if g.entry.Area != nil {
			c.Sum += float64(*g.entry.Area)
			c.Percent += *g.entry.Percent
		}
	}
	c.Percent = math.Round(c.Percent*10) / 10
	c.Difference = math.Round((c.Sum-m.doc.Parcel.Area)*100) / 100
	if outside := m.exact - s.covered; outside >= least {
		c.Outside = math.Round(outside * m.scale)
	}
	if overlap := gs.total() - s.covered; overlap >= least {
		c.Overlap = math.Round(overlap * m.scale)
	}
	said := []plan.Text{tell("Jumlah bagian %s m² (%s%%)", "The shares add up to %s m² (%s%%)", plan.Number(c.Sum), percent(c.Percent))}
	if c.Outside > 0 {
		said = append(said, tell("%s m² bidang ini di luar wilayah rencana", "%s m² of this land are outside the plan", plan.Number(c.Outside)))
	}
	if c.Overlap > 0 {
		said = append(said, tell("%s m² terhitung lebih dari sekali, sebab sub-zona tumpang tindih: kesalahan dalam rencana yang perlu diperbaiki",
			"%s m² are counted more than once, since sub-zones overlap: a mistake in the plan that is to be mended", plan.Number(c.Overlap)))
	}
	if rest := math.Round((c.Difference+c.Outside-c.Overlap)*100) / 100; rest != 0 {
		said = append(said, tell("selisih %s m² karena pembulatan dan sisa di bawah 1 m²", "a difference of %s m² is from rounding and slivers under 1 m²", plan.Number(rest)))
	}
	c.Sentence = said[0]
	if len(said) == 1 {
		c.Sentence = tell("%s, sama dengan luas bidang", "%s, as the land has", c.Sentence)
	}
	for _, t := range said[1:] {
		c.Sentence = tell("%s; %s", "%s; %s", c.Sentence, t)
	}
	c.Sentence = tell("%s.", "%s.", c.Sentence)
	return c
}

// sentence sums the whole extract up.
func (m *maker) sentence() plan.Text {
	d := m.doc
	name := tell("Bidang yang digambar", "The drawn land")
	switch {
	case d.Parcel.Number != "":
		name = tell("Bidang %s", "Parcel %s", same(d.Parcel.Number))
	case d.Parcel.ID != 0:
		name = tell("Bidang tanpa nomor", "The parcel without a number")
	}
	area := tell("%s m²", "%s m²", plan.Number(d.Parcel.Area))
	if c := d.Parcel.CertificateArea; d.Parcel.Basis == ByGeometry && c != nil && *c > 0 {
		area = tell("%s menurut gambar (sertipikat menyebut %s m²)", "%s by its drawing (the certificate says %s m²)", area, plan.Number(*c))
	}
	return tell("%s seluas %s. %s %s tema menyangkut bidang ini, %s tidak, %s tanpa data.",
		"%s has %s. %s Themes: %s of concern, %s not of concern, %s without data.",
		name, area, d.Concerned[0].Sentence, metres(float64(len(d.Concerned))), metres(float64(len(d.NotConcerned))), metres(float64(len(d.WithoutData))))
}

func disclaimers() []plan.Text {
	return []plan.Text{
		{
			ID: "Kutipan ini memberi informasi tata ruang dan bukan izin atau konfirmasi kesesuaian (KKPR).",
			EN: "This extract informs about the spatial plan and is neither a permit nor a confirmation of conformity (KKPR).",
		},
		{
			ID: "Batas dan luas dihitung dari gambar dalam sistem; yang mengikat ialah naskah rencana yang ditetapkan dan sertipikat.",
			EN: "Boundaries and areas are computed from the drawing in the system; the enacted plan and the certificate are binding.",
		},
		{
			ID: "Kutipan menyatakan keadaan pada waktu dibuat. Melalui alamatnya dapat diperiksa apakah rencana berubah sejak itu.",
			EN: "The extract states what held when it was made. At its address one can see whether the plan has changed since.",
		},
	}
}
