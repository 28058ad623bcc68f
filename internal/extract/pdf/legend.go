package pdf

import (
	"fmt"

	"github.com/simtaru/simtaru/internal/extract"
)

// sign is one entry of the legend.
type sign struct {
	mark func(x, y float64)
	text string
}

// legend explains the map in three columns: first the signs that it always has,
// then what concerns the parcel, then what is around it. It returns the marks of
// what concerns the parcel by theme and code.
func (g *drawing) legend(most int) map[[2]string]func(x, y float64) {
	marks := map[[2]string]func(x, y float64){}
	s := g.s
	signs := []sign{{func(x, y float64) {
		s.pen(colour{0, 0, 0}, 0.8)
		s.p.Rect(x+0.4, y+0.4, 5.2, 2.4, "D")
	}, s.word("Bidang ini", "This parcel")}}
	turn := 0
	var here, around []sign
	for i := range g.m.Drawn {
		d := &g.m.Drawn[i]
		text := d.Title.In(s.lang)
		if d.Code != "" && d.Theme == g.theme {
			text = d.Code + "  " + text
		} else if of := g.titles[d.Theme]; d.Theme != g.theme && of != "" && of != text {
			text = of + ": " + text
		}
		e := sign{g.mark(d, turn), text}
		if d.Theme != g.theme {
			turn++
		}
		if d.Here {
			marks[[2]string{d.Theme, d.Code}] = e.mark
			here = append(here, e)
		} else {
			around = append(around, e)
		}
	}
	signs = append(append(signs, here...), around...)
	if len(g.m.Buildings) > 0 {
		signs = append(signs, sign{func(x, y float64) {
			s.pen(colour{120, 124, 124}, 0.15)
			s.fill(colour{214, 216, 214})
			s.p.Rect(x, y, 6, 3.2, "FD")
		}, s.word("Bangunan", "Building")})
	}
	if len(g.m.Neighbours) > 0 {
		signs = append(signs, sign{func(x, y float64) {
			s.pen(colour{92, 98, 98}, 0.12)
			s.p.Rect(x, y, 6, 3.2, "D")
		}, s.word("Bidang tanah lain", "Other parcel")})
	}
	if cut := len(signs) - most; cut > 0 {
		signs = append(signs[:most-1:most-1], sign{func(float64, float64) {}, fmt.Sprintf(s.word("dan %d lainnya", "and %d more"), cut+1)})
	}
	rows := (len(signs) + 2) / 3
	for i, e := range signs {
		x, y := left+float64(i/rows)*61, s.y+float64(i%rows)*4.6
		e.mark(x, y)
		s.text(note, x+8, y+2.5, s.one(note, e.text, 50))
	}
	s.y += float64(rows) * 4.6
	return marks
}

// mark draws an entry as the map does.
func (g *drawing) mark(d *extract.Drawn, turn int) func(x, y float64) {
	s := g.s
	return func(x, y float64) {
		switch {
		case d.Theme == g.theme:
			s.swatch(x, y, parse(d.Symbol.Fill, colour{230, 230, 230}))
		case len(d.Points) > 0:
			s.spot(x+3, y+1.6, colourOf(d))
		case len(d.Lines) > 0:
			s.pen(deeper(colourOf(d)), 0.7)
			s.p.Line(x, y+1.6, x+6, y+1.6)
		default:
			s.pen(deeper(colourOf(d)), 0.3)
			s.p.ClipRect(x, y, 6, 3.2, false)
			s.hatch(x, y, x+6, y+3.2, turn)
			s.p.ClipEnd()
			s.forget()
			s.p.Rect(x, y, 6, 3.2, "D")
		}
	}
}

// swatch is a zone's colour as the map has it.
func (s *sheet) swatch(x, y float64, c colour) {
	s.fill(paler(c, 0.62))
	s.pen(colour{70, 74, 74}, 0.15)
	s.p.Rect(x, y, 6, 3.2, "FD")
}
