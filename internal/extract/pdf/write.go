package pdf

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/simtaru/simtaru/internal/extract"
	"github.com/simtaru/simtaru/internal/plan"
)

// most pages of a print.
const mostPages = 4

// limits are how much is printed of lists that may be long. What is left out is
// counted on the page, with the address where all of it is.
type limits struct {
	// activities of a verdict, conditions and zones with their rules; entries of a
	// theme, themes of a list, lines of a text and of a list.
	activities, conditions, zones, entries, themes, lines, long int
}

// steps go from all of it to what fits in any case.
func steps() []limits {
	return []limits{
		{1000, 1000, 20, 50, 100, 12, 400},
		{60, 40, 8, 20, 40, 6, 60},
		{20, 12, 6, 10, 24, 3, 20},
		{8, 5, 3, 4, 12, 2, 8},
		{3, 2, 2, 2, 8, 1, 4},
	}
}

// print is one way of laying a document out.
type print struct {
	*sheet
	d    *extract.Document
	most limits
	// link is where the extract is found, the long lists and the check.
	link string
	// marks are those of the legend, by theme and code.
	marks map[[2]string]func(x, y float64)
	// plot is the map, drawn once all else has its place.
	plot *drawing
}

// Write prints an extract in one language. publicURL is where people find the
// service, without a slash at its end; the QR code leads to the extract there. d
// was encoded or decoded, so that its hash is known.
// Equal arguments give equal bytes. A print takes tens of milliseconds; one of
// a document that is too long for four pages is laid out again, shorter, up to
// five times.
func Write(w io.Writer, d *extract.Document, lang plan.Lang, publicURL string) error {
	link := strings.TrimRight(publicURL, "/") + "/extracts/" + d.ID
	var p *print
	for _, most := range steps() {
		p = &print{newSheet(lang), d, most, link, nil, nil}
		if err := p.all(); err != nil {
			return err
		}
		if !p.over() {
			break
		}
	}
	if p.over() {
		return fmt.Errorf("print an extract: it has more than %d pages however much is left out", mostPages)
	}
	if err := p.p.Output(w); err != nil {
		return fmt.Errorf("print an extract: %w", err)
	}
	return nil
}

func (p *print) all() error {
	name := p.word("Kutipan Rencana Tata Ruang", "Extract from the Spatial Plan")
	p.running = p.one(small, name+"  ·  "+p.subject(), width)
	p.p.SetTitle(p.running, true)
	p.p.SetAuthor(clean(p.d.Office.In(p.lang)), true)
	p.p.SetCreator("simtaru", true)
	p.p.SetLang(string(p.lang))
	p.p.SetCreationDate(p.d.CreatedAt.UTC())
	p.p.SetModificationDate(p.d.CreatedAt.UTC())
	p.page()
	if err := p.front(name); err != nil {
		return err
	}
	if p.y+45 > bottom {
		p.page()
	}
	for _, part := range []func(){p.themes, p.zones, p.absent, p.references, p.sources} {
		part()
		if p.over() {
			return p.p.Error()
		}
	}
	p.p.SetPage(1)
	p.forget()
	p.plot.draw()
	p.feet()
	return p.p.Error()
}

// over says that there is more than the pages hold: the rest need not be laid out.
func (p *print) over() bool { return p.p.PageCount() > mostPages }

// subject names the land.
func (p *print) subject() string {
	if n := p.d.Parcel.Number; n != "" {
		return p.word("Bidang ", "Parcel ") + n
	}
	if p.d.Parcel.Layer != "" {
		return fmt.Sprintf(p.word("Bidang no. %d", "Parcel no. %d"), p.d.Parcel.ID)
	}
	return p.word("Bidang yang digambar", "Drawn area")
}

// feet writes the foot of all pages, now that their number is known.
func (p *print) feet() {
	n := p.p.PageCount()
	for i := 1; i <= n; i++ {
		p.p.SetPage(i)
		p.forget()
		p.rule(pageHeight-15, 0.2, line)
		p.text(small, left, pageHeight-11, p.d.ID+"  ·  "+plan.Moment(p.d.CreatedAt).In(p.lang))
		p.ends(small, right, pageHeight-11, fmt.Sprintf(p.word("Halaman %d dari %d", "Page %d of %d"), i, n))
	}
}

// front is the first page: what this is, of which land, and the map.
func (p *print) front(name string) error {
	const square = 25.0
	// With the beginning of the hash, so that another document of the same id is
	// noticed.
	check := p.link + "?sha256=" + p.d.SHA256[:min(16, len(p.d.SHA256))]
	if err := p.code(check, right-square, 15, square); err != nil {
		return err
	}
	p.p.LinkString(right-square, 15, square, square, check)
	text := width - square - 10
	p.paragraph(strong, left, text, p.d.Office.In(p.lang), 2)
	p.y += 2.5
	p.text(title, left, p.y+title.cap(), name)
	p.y += 8.2
	p.paragraph(style{11, false, ink}, left, text, p.subject(), 1)
	p.y += 0.8
	p.paragraph(small, left, text, p.word("Dibuat ", "Made on ")+plan.Moment(p.d.CreatedAt).In(p.lang)+p.word("  ·  Nomor ", "  ·  Identifier ")+p.d.ID, 2)
	p.paragraph(small, left, text, p.word("Periksa keaslian dan perubahan: ", "Check whether it is genuine and current: ")+p.link, 2)
	if p.d.KeptUntil != nil {
		p.paragraph(small, left, text, p.word("Disimpan sampai ", "Kept until ")+p.until(), 1)
	}
	p.y = max(p.y, 15+square) + 3
	p.land()
	g := p.at(p.d, left, p.y)
	p.plot = g
	p.y += extract.MapHeight + 2.5
	scale := fmt.Sprintf(p.word("Skala 1 : %s", "Scale 1 : %s"), p.number(float64(p.d.Map.Scale), 0))
	p.text(strong, left, p.y+2.2, scale)
	g.bar(left+36, p.y+0.2)
	made := p.word("WGS 84, meter setempat; utara di atas", "WGS 84, local metres; north is up")
	if m := p.d.Map; m.Smallest > float64(m.Scale)/5000 { // more than 0.2 mm: it can be seen
		made = fmt.Sprintf(p.word("Tanpa sumbu jalan dan yang lebih kecil dari %s m. ", "Without axes of roads and what is smaller than %s m. "), p.number(m.Smallest, 1)) + made
	}
	p.ends(small, right, p.y+2, made)
	p.y += 7.5
	// What is left of the page holds so many rows.
	rows := int((bottom - p.y) / 4.6)
	p.marks = g.legend(max(rows, 1) * 3)
	return nil
}

// land is what is known of the parcel, in two columns, and the sum of it all.
func (p *print) land() {
	q := p.d.Parcel
	area := func(v float64) string { return p.number(v, 2) + " m²" }
	certificate := p.word("tidak diketahui", "not known")
	if q.CertificateArea != nil && *q.CertificateArea > 0 {
		certificate = area(*q.CertificateArea)
	}
	village := q.Village
	if q.VillageCode != "" {
		village += " (" + q.VillageCode + ")"
	}
	facts := [][2]string{
		{p.word("Nomor bidang (NIB)", "Parcel number (NIB)"), q.Number},
		{p.word("Luas sertipikat", "Certified area"), certificate},
		{p.word("Hak", "Right"), q.Right.In(p.lang)},
		{p.word("Luas geometri", "Geometric area"), area(q.GeometricArea)},
		{p.word("Nomor sertipikat", "Certificate"), q.CertificateNo},
		{p.word("Gampong", "Village"), village},
		{p.word("Alamat", "Address"), q.Address},
		{p.word("Kecamatan", "District"), q.District},
	}
	if q.Layer == "" { // drawn by hand
		facts = slices.DeleteFunc(facts, func(f [2]string) bool { return f[1] == "" || f[1] == certificate })
	}
	if len(facts)%2 == 1 {
		facts = append(facts, [2]string{"", " "})
	}
	p.rule(p.y, 0.35, ink)
	p.y += 1
	for i := 0; i < len(facts); i += 2 {
		for j, f := range facts[i : i+2] {
			x := left + float64(j)*94
			value := p.one(body, f[1], 54)
			if f[1] == "" {
				value = "–"
			}
			p.text(small, x, p.y+3.1, f[0])
			p.text(body, x+32, p.y+3.1, value)
		}
		p.y += 4.5
		p.rule(p.y, 0.1, line)
	}
	p.y += 1.4
	p.paragraph(body, left, width, p.d.Sentence.In(p.lang), 4)
	if !q.Note.IsZero() {
		p.paragraph(small, left, width, q.Note.In(p.lang), 2)
	}
	p.y += 1.6
}
