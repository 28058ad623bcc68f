package api

import (
	"fmt"
	"html/template"
	"image/color"
	"strings"

	"github.com/boombuler/barcode/qr"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/simplify"

	"github.com/simtaru/simtaru/internal/evac"
	"github.com/simtaru/simtaru/internal/indicator/land"
	"github.com/simtaru/simtaru/internal/plan"
)

// The map of a sheet in mm on paper.
const (
	mapWidth  = 186.0
	mapHeight = 118.0
)

// tint is the colour of a class of zones, which is told apart on a grey printer.
func tint(class string) string {
	switch class {
	case "very_high":
		return "#e98b8b"
	case "high":
		return "#f3b0a4"
	case "medium":
		return "#f8cdb4"
	case "low":
		return "#fce3c4"
	}
	return "#fdf1d9"
}

// sketch is a map as SVG: attributes only, no style that a policy would refuse.
type sketch struct {
	strings.Builder
	frame  orb.Bound
	kx, ky float64 // mm a degree
	taken  [][4]float64
}

func (s *sketch) at(p orb.Point) (x, y float64) {
	return (p[0] - s.frame.Min[0]) * s.kx, (s.frame.Max[1] - p[1]) * s.ky
}

// path is the d of lines or rings.
func (s *sketch) path(points []orb.Point, closed bool) string {
	var b strings.Builder
	for i, p := range points {
		x, y := s.at(p)
		fmt.Fprintf(&b, "%c%.2f %.2f", "LM"[btoi(i == 0)], x, y)
	}
	if closed {
		b.WriteByte('Z')
	}
	return b.String()
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (s *sketch) areas(areas orb.MultiPolygon) string {
	var b strings.Builder
	for _, p := range areas {
		for _, r := range p {
			b.WriteString(s.path(r, true))
		}
	}
	return b.String()
}

// mapOf draws a sheet's map: zones, roads, the gampong, and the ways in the order
// of the table, the first one on top.
func mapOf(h *evac.Handout, lang plan.Lang) template.HTML {
	s := &sketch{frame: h.Frame}
	s.kx, s.ky = mapWidth/(h.Frame.Max[0]-h.Frame.Min[0]), mapHeight/(h.Frame.Max[1]-h.Frame.Min[1])
	label := plan.Text{ID: "Peta jalur evakuasi; jalannya tertulis di bawah.", EN: "Map of the evacuation routes; the way is written below."}.In(lang)
	fmt.Fprintf(s, `<svg class="map" viewBox="0 0 %g %g" role="img" aria-label="%s" font-family="sans-serif">`, mapWidth, mapHeight, template.HTMLEscapeString(label))
	s.WriteString(`<defs><clipPath id="frame"><rect width="186" height="118"/></clipPath></defs><g clip-path="url(#frame)"><rect width="186" height="118" fill="#ffffff"/>`)
	fine := simplify.DouglasPeucker(0.15 / s.kx)
	for _, z := range h.Zones {
		d := s.areas(fine.MultiPolygon(z.Land.Clone()))
		fmt.Fprintf(s, `<path d="%s" fill="%s" fill-rule="evenodd"/>`, d, tint(z.Class))
	}
	s.roads(h)
	fmt.Fprintf(s, `<path d="%s" fill="none" stroke="#7b3f98" stroke-width="0.9" stroke-dasharray="4 1.2 1 1.2"/>`, s.areas(fine.MultiPolygon(h.Land.Clone())))
	for i := len(h.Answer.Routes) - 1; i >= 0; i-- {
		r := &h.Answer.Routes[i]
		width, ink := 1.1, "#5b7fc7"
		if i == 0 {
			width, ink = 2.2, "#1d4ed8"
		}
		d := s.path(r.Line, false)
		fmt.Fprintf(s, `<path d="%s" fill="none" stroke="#ffffff" stroke-width="%g" stroke-linejoin="round" stroke-linecap="round"/>`, d, width+1)
		fmt.Fprintf(s, `<path d="%s" fill="none" stroke="%s" stroke-width="%g" stroke-linejoin="round" stroke-linecap="round"/>`, d, ink, width)
	}
	for i := len(h.Answer.Routes) - 1; i >= 0; i-- {
		s.spot(h.Answer.Routes[i].Shelter.At, "#15803d", fmt.Sprint(i+1))
	}
	s.spot(h.From, "#111111", plan.Text{ID: "K", EN: "M"}.In(lang))
	s.names(h)
	s.WriteString(`</g><rect x="0.15" y="0.15" width="185.7" height="117.7" fill="none" stroke="#222222" stroke-width="0.3"/>`)
	s.scale(h, lang)
	s.WriteString(`</svg>`)
	return template.HTML(s.String()) //nolint:gosec // numbers, and text that is escaped
}

// wide are the classes that are drawn with a wider line.
var wide = map[string]float64{"motorway": 1.3, "trunk": 1.3, "primary": 1.2, "secondary": 1, "tertiary": 0.8}

func (s *sketch) roads(h *evac.Handout) {
	fine := simplify.DouglasPeucker(0.1 / s.kx)
	by := map[float64]*strings.Builder{}
	var widths []float64
	for _, r := range h.Roads {
		w := wide[r.Class]
		if w == 0 {
			w = 0.45
		}
		if r.Bridge {
			w += 0.5
		}
		if by[w] == nil {
			by[w], widths = &strings.Builder{}, append(widths, w)
		}
		by[w].WriteString(s.path(fine.LineString(r.Line.Clone()), false))
	}
	for _, w := range widths {
		fmt.Fprintf(s, `<path d="%s" fill="none" stroke="#8d9494" stroke-width="%g"/>`, by[w].String(), w)
	}
}

// spot marks a place by a letter or a number.
func (s *sketch) spot(p orb.Point, fill, text string) {
	x, y := s.at(p)
	s.take(x-3, y-3, x+3, y+3)
	fmt.Fprintf(s, `<circle cx="%.2f" cy="%.2f" r="2.9" fill="%s" stroke="#ffffff" stroke-width="0.7"/>`, x, y, fill)
	fmt.Fprintf(s, `<text x="%.2f" y="%.2f" font-size="4" font-weight="700" fill="#ffffff" text-anchor="middle">%s</text>`, x, y+1.4, template.HTMLEscapeString(text))
}

func (s *sketch) take(x0, y0, x1, y1 float64) bool {
	for _, t := range s.taken {
		if x0 < t[2] && x1 > t[0] && y0 < t[3] && y1 > t[1] {
			return false
		}
	}
	s.taken = append(s.taken, [4]float64{x0, y0, x1, y1})
	return true
}

// names writes those of the roads on the ways, and of shelters, where there is
// room.
func (s *sketch) names(h *evac.Handout) {
	write := func(x, y, size float64, weight, ink, text string) bool {
		half := float64(len([]rune(text))) * size * 0.29
		if x-half < 1 || x+half > mapWidth-1 || y < 4 || y > mapHeight-8 || !s.take(x-half, y-size, x+half, y+size*0.3) {
			return false
		}
		fmt.Fprintf(s, `<text x="%.2f" y="%.2f" font-size="%g" font-weight="%s" fill="%s" stroke="#ffffff" stroke-width="0.9" paint-order="stroke" text-anchor="middle">%s</text>`,
			x, y, size, weight, ink, template.HTMLEscapeString(text))
		return true
	}
	seen := map[string]bool{}
	for i := range h.Answer.Routes {
		to := h.Answer.Routes[i].Shelter
		x, y := s.at(to.At)
		if !write(x, y+6.6, 3.2, "700", "#15803d", to.Name) {
			write(x, y-4, 3.2, "700", "#15803d", to.Name)
		}
	}
	for i := range h.Answer.Routes {
		for _, step := range h.Answer.Routes[i].Steps {
			if step.Name == "" || seen[step.Name] || step.Metres < 80 {
				continue
			}
			x, y := s.at(step.At)
			seen[step.Name] = write(x, y-1.6, 2.7, "400", "#222222", step.Name) || write(x, y+4, 2.7, "400", "#222222", step.Name)
		}
	}
}

// scale draws a bar of a round length, and where north is.
func (s *sketch) scale(h *evac.Handout, lang plan.Lang) {
	lon, _ := land.Metres(h.Frame.Center()[1])
	mm := s.kx / lon // a metre
	round := 50.0
	for _, v := range []float64{100, 200, 250, 500, 1000, 2000} {
		if v*mm <= 45 {
			round = v
		}
	}
	fmt.Fprintf(s, `<rect x="3" y="%g" width="%.2f" height="8.5" fill="#ffffff" fill-opacity="0.85"/>`, mapHeight-11, round*mm+4)
	fmt.Fprintf(s, `<path d="M5 %g v2 h%.2f v-2" fill="none" stroke="#111111" stroke-width="0.5"/>`, mapHeight-6.5, round*mm)
	fmt.Fprintf(s, `<text x="5" y="%g" font-size="3">%s</text>`, mapHeight-7.6, template.HTMLEscapeString(metres(round).In(lang)))
	fmt.Fprintf(s, `<path d="M%g 4 l2.6 8 l-2.6 -1.8 l-2.6 1.8 Z" fill="#111111" stroke="#ffffff" stroke-width="0.5"/>`, mapWidth-7)
	fmt.Fprintf(s, `<text x="%g" y="15.4" font-size="3.4" font-weight="700" text-anchor="middle">%s</text>`, mapWidth-7, plan.Text{ID: "U", EN: "N"}.In(lang))
}

// codeSquare is a QR code as SVG, one shape so that no seam shows, with the quiet
// zone around it.
func codeSquare(text string) (template.HTML, error) {
	c, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return "", fmt.Errorf("make a QR code: %w", err)
	}
	const quiet = 4
	n := c.Bounds().Dx()
	var b strings.Builder
	side := n + 2*quiet
	fmt.Fprintf(&b, `<svg class="qr" viewBox="0 0 %d %d" aria-hidden="true"><rect width="%d" height="%d" fill="#ffffff"/><path fill="#000000" d="`, side, side, side, side)
	for y := range n {
		for x := 0; x < n; x++ {
			from := x
			for x < n && c.At(x, y) == color.Color(color.Black) {
				x++
			}
			if x > from {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, x-from, x-from)
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return template.HTML(b.String()), nil //nolint:gosec // numbers
}
