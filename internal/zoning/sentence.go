package zoning

import (
	"fmt"
	"strings"

	"github.com/simtaru/simtaru/internal/plan"
)

// speech collects sentences in both languages.
type speech struct{ id, en []string }

func (s *speech) say(id, en string) { s.id, s.en = append(s.id, id), append(s.en, en) }

// sayWith says two forms with figures and texts in the words of each language.
func (s *speech) sayWith(id, en string, args ...plan.Text) {
	var ids, ens []any
	for _, a := range args {
		ids, ens = append(ids, a.In(plan.Indonesian)), append(ens, a.In(plan.English))
	}
	s.say(fmt.Sprintf(id, ids...), fmt.Sprintf(en, ens...))
}

func (s *speech) text() plan.Text {
	return plan.Text{ID: strings.Join(s.id, " "), EN: strings.Join(s.en, " ")}
}

func same(s string) plan.Text { return plan.Text{ID: s, EN: s} }

// sentence puts the answer into words.
func (h *Here) sentence(x *Index, q Question) plan.Text {
	var s speech
	switch h.Status {
	case NoPlan:
		s.say("Titik ini di luar wilayah rencana: tidak ada rencana tata ruang untuknya di sini.",
			"This point is outside the plan: there is no spatial plan for it here.")
		return s.text()
	case OnBorder:
		s.sayWith("Titik ini tepat di batas %s sub-zona; aturan masing-masing berlaku di sisinya.",
			"This point is on the border of %s sub-zones; the rules of each hold on its side.", plan.Number(float64(len(h.Zones))))
	case InOverlap:
		s.sayWith("Di titik ini %s sub-zona tumpang tindih: kesalahan dalam rencana yang perlu diperbaiki.",
			"At this point %s sub-zones overlap: a mistake in the plan that is to be mended.", plan.Number(float64(len(h.Zones))))
	}
	for i := range h.Zones {
		h.Zones[i].speak(&s, q, x != nil, len(h.Zones) > 1)
	}
	if x == nil {
		sayUnruled(&s)
	}
	return s.text()
}

func (z *Zone) speak(s *speech, q Question, ruled, several bool) {
	if several {
		s.sayWith("%s (%s):", "%s (%s):", z.Title, same(z.Code))
	} else {
		s.sayWith("Tempat ini termasuk sub-zona %s (%s).", "This place is in the sub-zone %s (%s).", z.Title, same(z.Code))
	}
	if !ruled {
		return
	}
	if q.Activity != nil {
		z.speakOfActivity(s, q.Activity)
	}
	speakOfBuilding(s, z.Intensity)
}

func (z *Zone) speakOfActivity(s *speech, a *Activity) {
	for _, g := range z.Activities {
		s.sayWith("%s di sini %s.", "%s is %s here.", a.Title, g.Title)
		for _, c := range g.Activities[0].Conditions {
			s.sayWith("%s: %s.", "%s: %s.", same(c.Code), c.Text)
		}
	}
}

// OfBuilding puts into words how much may be built by the rules of a zone; known
// is false where no rules have been entered.
func OfBuilding(rules []Built, known bool) plan.Text {
	var s speech
	if known {
		speakOfBuilding(&s, rules)
	} else {
		sayUnruled(&s)
	}
	return s.text()
}

func sayUnruled(s *speech) {
	s.say("Aturan zonasi untuk rencana ini belum dimasukkan.", "The zoning rules of this plan have not been entered yet.")
}

func speakOfBuilding(s *speech, rules []Built) {
	switch {
	case len(rules) == 0:
		s.say("Besarnya bangunan tidak disebut dalam aturan.", "The rules do not state how much may be built.")
		return
	case len(rules) > 1:
		s.say("Besarnya bangunan bergantung pada luas persil, blok, atau jalan di depannya.", "How much may be built depends on the size of the plot, the block, or the road in front.")
		return
	}
	r := rules[0]
	if r.KDB != nil && *r.KDB == 0 {
		s.say("Tidak boleh ada bangunan di sini (KDB 0%).", "Nothing may be built here (KDB 0%).")
		return
	}
	if f := r.Figures; f != nil {
		speakOfFigures(s, r)
		return
	}
	if r.KDB != nil {
		s.sayWith("Bangunan menutup paling banyak %s%% persil (KDB).", "Buildings cover at most %s%% of the plot (KDB).", plan.Number(*r.KDB))
	}
	if r.KLB != nil {
		s.sayWith("Luas seluruh lantai paling banyak %s kali luas persil (KLB).", "All floors together are at most %s times the plot (KLB).", plan.Number(*r.KLB))
	}
	if r.KDH != nil {
		s.sayWith("Paling sedikit %s%% tetap hijau (KDH).", "At least %s%% stays green (KDH).", plan.Number(*r.KDH))
	}
}

func speakOfFigures(s *speech, r Built) {
	f := r.Figures
	if f.TooSmall {
		s.sayWith("Persil ini lebih kecil dari persil terkecil yang boleh dibangun, %s m².", "This plot is smaller than the smallest that may be built on, %s m².", plan.Number(*r.SmallestPlot))
	}
	if f.Footprint != nil {
		s.sayWith("Tapak bangunan paling luas %s m².", "The building covers at most %s m².", plan.Number(*f.Footprint))
	}
	if f.FloorArea != nil {
		s.sayWith("Luas seluruh lantai paling banyak %s m².", "All floors together are at most %s m².", plan.Number(*f.FloorArea))
	}
	if f.Green != nil {
		s.sayWith("Paling sedikit %s m² tetap hijau.", "At least %s m² stay green.", plan.Number(*f.Green))
	}
	if f.Floors != nil {
		floors := plan.Number(*f.Floors)
		if *f.Floors == 1 {
			s.sayWith("Kira-kira %s lantai.", "Roughly %s floor.", floors)
		} else {
			s.sayWith("Kira-kira %s lantai.", "Roughly %s floors.", floors)
		}
	}
}
