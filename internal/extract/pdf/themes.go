package pdf

import (
	"fmt"
	"slices"
	"strings"

	"github.com/simtaru/simtaru/internal/extract"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/zoning"
)

// left out tells of so many that are not on the paper.
func (p *print) leftOut(n int) {
	if n > 0 {
		p.paragraph(note, left, width, fmt.Sprintf(p.word("%d lainnya tidak dicetak: lihat %s", "%d more are not printed: see %s"), n, p.link), 2)
	}
}

// themes are those that concern the parcel, with their shares.
func (p *print) themes() {
	p.head(fmt.Sprintf(p.word("Tema yang menyangkut bidang ini (%d)", "Themes that concern this parcel (%d)"), len(p.d.Concerned)), 20)
	if len(p.d.Concerned) == 0 {
		p.paragraph(body, left, width, p.word("Tidak ada.", "None."), 1)
		return
	}
	t := table{p.sheet, []column{
		{"", 7, false},
		{p.word("Kode", "Code"), 16, false},
		{p.word("Tema dan isinya", "Theme and what it holds"), 99, false},
		{p.word("Bagian", "Share"), 26, true},
		{"%", 20, true},
	}, p.most.lines}
	t.begin()
	for i, theme := range p.d.Concerned {
		if i == p.most.themes {
			p.leftOut(len(p.d.Concerned) - i)
			break
		}
		if p.over() {
			return
		}
		p.theme(&t, theme)
	}
}

func (p *print) theme(t *table, theme extract.Theme) {
	if p.y+13 > bottom {
		p.page()
		t.heads()
	}
	p.y += 1.6
	p.ends(small, right, p.y+strong.cap()+0.5, p.source(theme))
	p.paragraph(strong, left, width-65, theme.Title.In(p.lang), 2)
	p.y += 0.6
	p.rule(p.y, 0.1, line)
	for i, e := range theme.Entries {
		if i == p.most.entries {
			break
		}
		share, percent := p.share(e)
		sentence := e.Sentence.In(p.lang)
		if e.Zone != nil || strings.TrimRight(sentence, ".") == e.Title.In(p.lang) {
			sentence = ""
		}
		mark, ok := p.marks[[2]string{theme.ID, e.Code}]
		if !ok {
			mark = func(x, y float64) { p.swatch(x, y, parse(e.Color, colour{230, 230, 230})) }
		}
		t.row(mark,
			cell{}, cell{style: body, text: short(e.Code)}, cell{body, e.Title.In(p.lang), sentence}, cell{style: body, text: share}, cell{style: body, text: percent})
	}
	if c := theme.Check; c != nil {
		t.row(nil, cell{}, cell{}, cell{strong, p.word("Jumlah", "Sum"), c.Sentence.In(p.lang)}, cell{style: strong, text: p.number(c.Sum, 2) + " m²"}, cell{style: strong, text: p.fixed(c.Percent, 1)})
	}
	p.leftOut(theme.More + max(len(theme.Entries)-p.most.entries, 0))
	if !theme.Note.IsZero() {
		p.y += 0.6
		p.paragraph(note, left, width, theme.Note.In(p.lang), p.most.lines)
	}
}

// source is the layer of a theme that is only a field of it.
func (p *print) source(theme extract.Theme) string {
	if theme.ID == theme.Layer {
		return ""
	}
	for _, l := range p.d.Layers {
		if l.Layer == theme.Layer {
			return p.one(small, p.word("dari ", "from ")+l.Title.In(p.lang), 60)
		}
	}
	return ""
}

// short keeps codes that are words of the software out of print: those that the
// law gives are short and in capitals.
func short(code string) string {
	if code != strings.ToUpper(code) {
		return ""
	}
	return code
}

func (p *print) share(e extract.Entry) (share, percent string) {
	switch {
	case e.Area != nil:
		share = p.number(float64(*e.Area), 0) + " m²"
	case e.Length != nil && e.Distance == 0:
		share = p.number(float64(*e.Length), 0) + " m"
	case e.Points != nil:
		share = fmt.Sprintf(p.word("%d titik", "%d points"), *e.Points)
		if *e.Points == 1 {
			share = p.word("1 titik", "1 point")
		}
	}
	if e.Percent != nil {
		return share, p.fixed(*e.Percent, 1)
	}
	if e.Distance > 0 {
		return share, fmt.Sprintf(p.word("%s m jauhnya", "%s m away"), p.number(float64(e.Distance), 0))
	}
	return share, "–"
}

// absent are the themes that have nothing on the parcel, and what is nearest.
func (p *print) absent() {
	p.head(fmt.Sprintf(p.word("Tema yang tidak menyangkut bidang ini (%d)", "Themes that do not concern this parcel (%d)"), len(p.d.NotConcerned)), 5)
	var names []string
	for _, a := range p.d.NotConcerned {
		names = append(names, a.Title.In(p.lang))
	}
	p.list(names)
	p.head(fmt.Sprintf(p.word("Tema tanpa data (%d)", "Themes without data (%d)"), len(p.d.WithoutData)), 8)
	var why []string
	by := map[string][]string{}
	for _, a := range p.d.WithoutData {
		w := a.Why.In(p.lang)
		if by[w] == nil {
			why = append(why, w)
		}
		by[w] = append(by[w], a.Title.In(p.lang))
	}
	for _, w := range why[:min(len(why), p.most.themes)] {
		if len(by[w]) == 1 { // the reason may be long
			p.beside(by[w][0], w)
			continue
		}
		p.beside(w, strings.Join(by[w], "  ·  "))
	}
	p.leftOut(len(why) - p.most.themes)
	if len(why) == 0 {
		p.list(nil)
	}
	if p.d.Park != nil || p.d.Shelter != nil {
		p.head(p.word("Terdekat, menurut garis lurus", "Nearest, in a straight line"), 9)
		p.near(p.word("Taman umum", "Public park"), p.d.Park)
		p.near(p.word("Tempat evakuasi", "Evacuation shelter"), p.d.Shelter)
	}
}

func (p *print) near(what string, n *zoning.Near) {
	if n != nil {
		p.paragraph(body, left, width, what+": "+n.Name+", "+p.number(n.Distance, 0)+" m", 1)
	}
}

// list writes names after each other.
func (p *print) list(names []string) {
	if len(names) == 0 {
		p.paragraph(body, left, width, p.word("Tidak ada.", "None."), 1)
		return
	}
	cut := names[:min(len(names), p.most.themes)]
	p.paragraph(body, left, width, strings.Join(cut, "  ·  "), 2*p.most.lines)
	p.leftOut(len(names) - len(cut))
}

// references are the places of the law, each once, with all that it rules here.
func (p *print) references() {
	type place struct{ document, article, link, status string }
	var all []place
	about := map[place][]string{}
	add := func(q place, what string) {
		if about[q] == nil {
			all = append(all, q)
		}
		if !slices.Contains(about[q], what) {
			about[q] = append(about[q], what)
		}
	}
	for _, t := range p.d.Concerned {
		for _, l := range t.Legal {
			add(place{l.Document, l.Article, l.Link, l.Status.Title().In(p.lang)}, t.Title.In(p.lang))
		}
		for _, e := range t.Entries {
			if e.Zone == nil {
				continue
			}
			for _, r := range e.Zone.References {
				add(place{r.Document, r.Article, r.Link, ""}, r.About.In(p.lang))
			}
		}
	}
	if len(all) == 0 && p.d.Rules == nil {
		return
	}
	p.head(p.word("Dasar hukum dan aturan", "Legal basis and rules"), 14)
	if len(all) > 0 {
		t := table{p.sheet, []column{
			{p.word("Peraturan", "Regulation"), 80, false},
			{p.word("Pasal", "Article"), 22, false},
			{p.word("Mengatur", "Rules"), 72, false},
		}, p.most.lines}
		t.begin()
		for _, q := range all[:min(len(all), p.most.themes)] {
			below := q.status
			if below != "" && q.link != "" {
				below += ", "
			}
			t.row(nil, cell{note, q.document, below + q.link}, cell{style: note, text: q.article}, cell{style: note, text: strings.Join(about[q], "; ")})
		}
		p.leftOut(len(all) - p.most.themes)
	}
	if r := p.d.Rules; r != nil {
		p.y += 1
		p.paragraph(note, left, width, fmt.Sprintf(p.word("Himpunan aturan: %s, revisi %d, %s. Sumber: %s. SHA-256 %s", "Set of rules: %s, revision %d, %s. Source: %s. SHA-256 %s"),
			r.Title.In(p.lang), r.Revision, plan.Day(r.ImportedAt).In(p.lang), r.Source, r.SHA256), 2+p.most.lines)
	}
}

// until is the day to which the extract is kept.
func (p *print) until() string { return plan.Day(*p.d.KeptUntil).In(p.lang) }

// sources are the data, what is to be known of it, and the hash.
func (p *print) sources() {
	p.head(p.word("Data yang dipakai", "Data used"), 14)
	t := table{p.sheet, []column{
		{p.word("Lapisan", "Layer"), 58, false},
		{p.word("Terakhir diubah", "Last changed"), 32, false},
		{p.word("Versi", "Version"), 28, false},
		{p.word("Pemilik data dan lisensi", "Owner of the data and licence"), 53, false},
	}, p.most.lines}
	t.begin()
	for _, l := range p.d.Layers[:min(len(p.d.Layers), p.most.themes)] {
		at := "–"
		if l.UpdatedAt != nil {
			at = plan.Day(*l.UpdatedAt).In(p.lang)
		}
		whose := l.Attribution.In(p.lang)
		if whose != "" && l.Licence != "" {
			whose += ", "
		}
		t.row(nil, cell{style: note, text: l.Title.In(p.lang)}, cell{style: note, text: at}, cell{style: note, text: l.Version}, cell{style: note, text: whose + l.Licence})
	}
	p.leftOut(len(p.d.Layers) - p.most.themes)
	p.head(p.word("Keterangan", "Notes"), 20)
	for i, d := range p.d.Disclaimers[:min(len(p.d.Disclaimers), p.most.themes)] {
		p.paragraph(note, left, width, fmt.Sprintf("%d.  %s", i+1, d.In(p.lang)), 2+p.most.lines)
	}
	p.leftOut(len(p.d.Disclaimers) - p.most.themes)
	p.y += 1.5
	p.room(9)
	kept := p.word("Kutipan ini disimpan dan tidak berubah.", "This extract is kept and does not change.")
	if p.d.KeptUntil != nil {
		kept = fmt.Sprintf(p.word("Kutipan ini tidak berubah. Ia diminta tanpa login, maka disimpan sampai %s; sesudah itu isinya dihapus.",
			"This extract does not change. It was asked for without a login, so it is kept until %s; then its content is removed."), p.until())
	}
	p.paragraph(note, left, width, kept+p.word(" Sidik isinya (SHA-256):", " The hash of its content (SHA-256):"), 2)
	p.paragraph(strong, left, width, p.d.SHA256, 1)
}
