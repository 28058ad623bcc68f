package pdf

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/simtaru/simtaru/internal/extract"
	"github.com/simtaru/simtaru/internal/zoning"
)

// zones are the rules of each zone: how much may be built, and which activities.
func (p *print) zones() {
	var all []extract.Entry
	for _, t := range p.d.Concerned {
		for _, e := range t.Entries {
			if e.Zone != nil {
				all = append(all, e)
			}
		}
	}
	if len(all) == 0 {
		return
	}
	p.head(p.word("Aturan sub-zona", "Rules of the sub-zones"), 30)
	if r := p.d.Options.RoadClass; r != "" {
		p.paragraph(note, left, width, p.word("Kelas jalan di depan menurut permintaan: ", "Class of the road in front, as asked: ")+r+".", 1)
	}
	if p.d.Options.Activity != "" {
		p.paragraph(note, left, width, p.word("Atas permintaan hanya kegiatan yang ditanyakan yang disebut.", "As asked, only the activity that was asked for is told."), 1)
	}
	told := map[string]bool{}
	for i, e := range all {
		if i == p.most.zones {
			p.leftOut(len(all) - i)
			break
		}
		if p.over() {
			return
		}
		p.zone(e, told[e.Code])
		told[e.Code] = true
	}
}

func (p *print) zone(e extract.Entry, told bool) {
	p.room(26)
	p.y += 1
	p.box(left, p.y, width, 6, shade)
	p.swatch(left+1.5, p.y+1.4, parse(e.Color, colour{230, 230, 230}))
	share, percent := p.share(e)
	name := e.Code + "  " + e.Title.In(p.lang)
	if e.Zone.Block != "" {
		name += p.word("  ·  Blok ", "  ·  Block ") + e.Zone.Block
	}
	p.text(strong, left+10, p.y+4.1, p.one(strong, name, width-50))
	p.ends(strong, right-1.5, p.y+4.1, share+"  ·  "+percent+"%")
	p.y += 7.2
	switch n := len(e.Zone.Intensity); {
	case n == 0:
		p.paragraph(body, left, width, p.word("Besarnya bangunan tidak disebut dalam aturan.", "The rules do not state how much may be built."), 1)
	case n > 1:
		p.paragraph(note, left, width, fmt.Sprintf(p.word("Berlaku salah satu dari %d aturan berikut, menurut luas persil, blok, atau jalan di depannya.", "One of these %d rules holds, by the size of the plot, the block, or the road in front."), n), 2)
	}
	for i, b := range e.Zone.Intensity {
		if i == p.most.entries {
			p.leftOut(len(e.Zone.Intensity) - i)
			break
		}
		p.built(b, len(e.Zone.Intensity) > 1)
	}
	if told {
		p.paragraph(note, left, width, fmt.Sprintf(p.word("Kegiatan: seperti pada %s di atas.", "Activities: as for %s above."), e.Code), 1)
		return
	}
	p.activities(e.Zone.Activities)
	p.y += 1.5
}

// built writes the figures of a rule, five side by side.
func (p *print) built(b zoning.Built, named bool) {
	if b.Rule == nil {
		return
	}
	if named {
		p.paragraph(strong, left, width, p.condition(b), 2)
	}
	f := b.Figures
	if f == nil {
		f = new(zoning.Figures)
	}
	var facts [][3]string
	add := func(label string, v *float64, unit, limit string, m2 *float64) {
		if v == nil {
			return
		}
		made := ""
		if m2 != nil {
			made = limit + " " + p.number(*m2, 2) + " m²"
		}
		facts = append(facts, [3]string{label, p.number(*v, 2) + unit, made})
	}
	add(p.word("Tapak bangunan (KDB)", "Footprint (KDB)"), b.KDB, "%", "≤", f.Footprint)
	add(p.word("Luas lantai (KLB)", "Floor area (KLB)"), b.KLB, "", "≤", f.FloorArea)
	add(p.word("Luas lantai terkecil", "Least floor area"), b.KLBMin, "", "≥", f.FloorAreaMin)
	add(p.word("Hijau (KDH)", "Green (KDH)"), b.KDH, "%", "≥", f.Green)
	add(p.word("Basemen (KTB)", "Basement (KTB)"), b.KTB, "%", "≤", f.Basement)
	add(p.word("Tinggi paling banyak", "Height at most"), b.Height, " m", "", nil)
	add(p.word("Lantai paling banyak", "Floors at most"), b.Floors, "", "", nil)
	add(p.word("Perkiraan lantai", "Floors, roughly"), f.Floors, "", "", nil)
	add(p.word("Jarak samping", "Side setback"), b.Side, " m", "", nil)
	add(p.word("Jarak belakang", "Rear setback"), b.Rear, " m", "", nil)
	add(p.word("Persil terkecil", "Smallest plot"), b.SmallestPlot, " m²", "", nil)
	for i, f := range facts {
		x := left + float64(i%5)*36.5
		if i%5 == 0 {
			p.room(9)
		}
		p.text(small, x, p.y+2.4, f[0])
		p.text(strong, x, p.y+6.2, f[1])
		p.text(body, x+p.width(strong, f[1])+2, p.y+6.2, f[2])
		if i%5 == 4 || i == len(facts)-1 {
			p.y += 8.6
		}
	}
	if len(b.Setback) > 0 {
		var roads []string
		for _, r := range zoning.RoadClasses() {
			if v, ok := b.Setback[r]; ok {
				roads = append(roads, r+" "+p.number(v, 2)+" m")
			}
		}
		p.paragraph(note, left, width, p.word("Sempadan bangunan ke jalan: ", "Setback from the road (arteri: arterial, kolektor: collector, lokal: local, lingkungan: neighbourhood): ")+strings.Join(roads, ", ")+".", 2)
	}
	if f.TooSmall {
		p.paragraph(strong, left, width, p.word("Persil ini lebih kecil dari persil terkecil yang boleh dibangun.", "This plot is smaller than the smallest that may be built on."), 1)
	}
	p.y += 1
}

// condition says where a rule holds.
func (p *print) condition(b zoning.Built) string {
	var parts []string
	if len(b.Blocks) > 0 {
		parts = append(parts, p.word("blok ", "block ")+strings.Join(b.Blocks, ", "))
	}
	if len(b.Roads) > 0 {
		parts = append(parts, p.word("jalan ", "road ")+strings.Join(b.Roads, ", "))
	}
	switch {
	case b.PlotTo != nil && b.PlotFrom > 0:
		parts = append(parts, fmt.Sprintf(p.word("persil %s sampai kurang dari %s m²", "plot of %s to less than %s m²"), p.number(b.PlotFrom, 2), p.number(*b.PlotTo, 2)))
	case b.PlotTo != nil:
		parts = append(parts, fmt.Sprintf(p.word("persil kurang dari %s m²", "plot of less than %s m²"), p.number(*b.PlotTo, 2)))
	case b.PlotFrom > 0:
		parts = append(parts, fmt.Sprintf(p.word("persil mulai %s m²", "plot of %s m² or more"), p.number(b.PlotFrom, 2)))
	}
	if len(parts) == 0 {
		return p.word("Selain itu", "Otherwise")
	}
	return strings.Join(parts, "; ")
}

// activities by verdict, with the conditions spelled out once below.
func (p *print) activities(groups []zoning.Group) {
	var conditions []zoning.Condition
	for _, g := range groups {
		if len(g.Activities) == 0 {
			continue
		}
		var names []string
		for _, a := range g.Activities[:min(len(g.Activities), p.most.activities)] {
			name := a.Title.In(p.lang)
			if len(a.Conditions) > 0 {
				name += " [" + string(a.Answer) + "]"
			}
			names = append(names, name)
			for _, c := range a.Conditions {
				if !slices.ContainsFunc(conditions, func(d zoning.Condition) bool { return d.Code == c.Code }) {
					conditions = append(conditions, c)
				}
			}
		}
		text := strings.Join(names, "; ") + "."
		if cut := len(g.Activities) - len(names); cut > 0 {
			text = strings.Join(names, "; ") + fmt.Sprintf(p.word("; dan %d lainnya: lihat %s", "; and %d more: see %s"), cut, p.link)
		}
		p.beside(fmt.Sprintf("%s (%d)", upper(g.Title.In(p.lang)), len(g.Activities)), text)
	}
	if len(conditions) == 0 {
		return
	}
	slices.SortFunc(conditions, func(a, b zoning.Condition) int { return strings.Compare(a.Code, b.Code) })
	var texts []string
	for _, c := range conditions[:min(len(conditions), p.most.conditions)] {
		texts = append(texts, "["+c.Code+"] "+c.Text.In(p.lang))
	}
	p.beside(p.word("Syarat dan batasan", "Conditions and limits"), strings.Join(texts, "; ")+".")
	p.leftOut(len(conditions) - len(texts))
}

// beside writes a text at the right of its label.
func (p *print) beside(label, text string) {
	const indent = 46.0
	labels := p.fit(style{7.5, true, ink}, label, indent-4, 4)
	t := style{7.5, false, ink}
	lines := p.wrap(t, text, width-indent)
	if len(lines) > p.most.long {
		lines = append(lines[:p.most.long-1:p.most.long-1], p.one(t, p.word("… selengkapnya: lihat ", "… all of it: see ")+p.link, width-indent))
	}
	p.room(float64(len(labels))*t.leading() + 1.6)
	for i := range max(len(labels), len(lines)) {
		p.room(t.leading())
		if i < len(labels) {
			p.text(style{7.5, true, ink}, left, p.y+t.cap()+0.8, labels[i])
		}
		if i < len(lines) {
			p.text(t, left+indent, p.y+t.cap()+0.8, lines[i])
		}
		p.y += t.leading()
	}
	p.y += 0.9
	p.rule(p.y, 0.1, line)
	p.y += 0.5
}

func upper(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:n]) + s[n:]
}
