package pdf

import (
	"strings"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"codeberg.org/go-pdf/fpdf"

	"github.com/simtaru/simtaru/internal/extract"
	"github.com/simtaru/simtaru/internal/plan"
)

// The page: A4 with a column as wide as the map.
const (
	pageWidth, pageHeight = 210.0, 297.0
	width                 = float64(extract.MapWidth)
	left                  = (pageWidth - width) / 2
	right                 = left + width
	top                   = 22.0
	bottom                = pageHeight - 19
)

// colour is red, green, blue.
type colour [3]int

var (
	ink   = colour{24, 32, 36}
	muted = colour{88, 98, 102}
	line  = colour{196, 200, 200}
	shade = colour{241, 243, 242}
	white = colour{255, 255, 255}
)

// style is how letters look.
type style struct {
	size   float64
	bold   bool
	colour colour
}

var (
	title   = style{19, true, ink}
	heading = style{11, true, ink}
	strong  = style{8.5, true, ink}
	body    = style{8.5, false, ink}
	small   = style{7, false, muted}
	note    = style{7, false, ink}
)

// leading is the distance of lines, cap the height of capitals.
func (t style) leading() float64 { return t.size * 0.3528 * 1.32 }
func (t style) cap() float64     { return t.size * 0.3528 * 0.72 }

// sheet is the paper that is written on from top to bottom.
type sheet struct {
	p    *fpdf.Fpdf
	lang plan.Lang
	// y is where the next thing begins.
	y float64
	// running heads all pages but the first.
	running string
}

func newSheet(lang plan.Lang) *sheet {
	p := fpdf.New("P", "mm", "A4", "")
	p.SetCatalogSort(true)
	p.SetAutoPageBreak(false, 0)
	p.SetMargins(0, 0, 0)
	p.AddUTF8FontFromBytes("sans", "", liberationsansregular.TTF)
	p.AddUTF8FontFromBytes("sans", "B", liberationsansbold.TTF)
	return &sheet{p: p, lang: lang}
}

func (s *sheet) page() {
	s.p.AddPage()
	s.y = top
	s.forget()
	if s.p.PageNo() == 1 {
		s.y = 15
		return
	}
	s.text(small, left, 14, s.running)
	s.rule(16.5, 0.2, line)
}

// forget makes the next style write itself: what the page, or a part of it that
// ended, had is not known any more.
func (s *sheet) forget() { s.p.SetFont("sans", "", 1) }

// room begins a page unless height is left on this one.
func (s *sheet) room(height float64) {
	if s.y+height > bottom {
		s.page()
	}
}

func (s *sheet) use(t style) {
	face := ""
	if t.bold {
		face = "B"
	}
	s.p.SetFont("sans", face, t.size)
	s.p.SetTextColor(t.colour[0], t.colour[1], t.colour[2])
}

func (s *sheet) fill(c colour) { s.p.SetFillColor(c[0], c[1], c[2]) }
func (s *sheet) pen(c colour, width float64) {
	s.p.SetDrawColor(c[0], c[1], c[2])
	s.p.SetLineWidth(width)
}

// rule draws a line over the whole column.
func (s *sheet) rule(y, thick float64, c colour) {
	s.pen(c, thick)
	s.p.Line(left, y, right, y)
}

func (s *sheet) width(t style, text string) float64 {
	s.use(t)
	return s.p.GetStringWidth(text)
}

// text writes one line with its baseline at y.
func (s *sheet) text(t style, x, y float64, text string) {
	s.use(t)
	s.p.Text(x, y, text)
}

// ends writes one line that ends at x.
func (s *sheet) ends(t style, x, y float64, text string) {
	s.text(t, x-s.width(t, text), y, text)
}

// wrap breaks a text into lines that fit, in a word only where it alone does not.
func (s *sheet) wrap(t style, text string, width float64) []string {
	s.use(t)
	var lines []string
	now, used, space := "", 0.0, s.p.GetStringWidth(" ")
	for word := range strings.FieldsSeq(clean(text)) {
		w := s.p.GetStringWidth(word)
		if now != "" && used+space+w <= width {
			now, used = now+" "+word, used+space+w
			continue
		}
		if now != "" {
			lines = append(lines, now)
		}
		if now, used = word, w; w <= width {
			continue
		}
		now, used = "", 0
		for _, letter := range word {
			w := s.p.GetStringWidth(string(letter))
			if used+w > width && now != "" {
				lines, now, used = append(lines, now), "", 0
			}
			now, used = now+string(letter), used+w
		}
	}
	if now != "" {
		lines = append(lines, now)
	}
	return lines
}

// fit breaks a text into at most n lines, and cuts the rest off in the open.
func (s *sheet) fit(t style, text string, width float64, n int) []string {
	lines := s.wrap(t, text, width)
	if len(lines) <= n {
		return lines
	}
	lines = lines[:n]
	last := lines[n-1]
	for s.p.GetStringWidth(last+" …") > width {
		letters := []rune(last)
		if i := strings.LastIndexByte(last, ' '); i > 0 {
			last = last[:i]
		} else if last = string(letters[:len(letters)-1]); last == "" {
			break
		}
	}
	lines[n-1] = strings.TrimRight(last, " .,;") + " …"
	return lines
}

// one is a text in one line.
func (s *sheet) one(t style, text string, width float64) string {
	return strings.Join(s.fit(t, text, width, 1), "")
}

// paragraph writes a text over a width, and moves on.
func (s *sheet) paragraph(t style, x, width float64, text string, lines int) {
	for _, l := range s.fit(t, text, width, lines) {
		s.room(t.leading())
		s.text(t, x, s.y+t.cap()+0.5, l)
		s.y += t.leading()
	}
}

// head begins a section that has at least so much room below it.
func (s *sheet) head(text string, below float64) {
	if s.y > top {
		s.y += 4.5
	}
	s.room(8 + below)
	s.text(heading, left, s.y+heading.cap()+0.5, text)
	s.y += 6
	s.rule(s.y, 0.35, ink)
	s.y += 1.6
}

// box fills a rectangle.
func (s *sheet) box(x, y, w, h float64, c colour) {
	s.fill(c)
	s.p.Rect(x, y, w, h, "F")
}
