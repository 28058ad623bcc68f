package pdf

import (
	"math"
	"slices"
	"strconv"

	"codeberg.org/go-pdf/fpdf"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/extract"
	"github.com/simtaru/simtaru/internal/indicator/land"
)

// drawing is the map at its place on the page.
type drawing struct {
	s *sheet
	m *extract.Map
	// x0 and y0 are the upper left corner; lon and lat the middle of the frame.
	x0, y0, lon, lat float64
	// kx and ky are mm a degree.
	kx, ky float64
	// taken are the boxes of labels: left, top, right, bottom.
	taken [][4]float64
	// theme is that of the zones, titles are those of all.
	theme  string
	titles map[string]string
	// number of the parcel.
	number string
}

// at puts the map on the page: metres around the middle of the frame, as they are
// on the ellipsoid there. At the edge of a frame of 9 km a length is off by less
// than 0.1 mm.
func (s *sheet) at(d *extract.Document, x0, y0 float64) *drawing {
	m := &d.Map
	g := &drawing{s: s, m: m, x0: x0, y0: y0, lon: (m.Frame[0] + m.Frame[2]) / 2, lat: (m.Frame[1] + m.Frame[3]) / 2, number: d.Parcel.Number}
	g.titles = map[string]string{}
	for _, t := range d.Concerned {
		g.titles[t.ID] = t.Title.In(s.lang)
		if g.theme == "" {
			g.theme = t.ID
		}
	}
	for _, t := range d.NotConcerned {
		g.titles[t.ID] = t.Title.In(s.lang)
	}
	lon, north := land.Metres(g.lat)
	mm := 1000 / float64(max(m.Scale, 1))
	g.kx, g.ky = lon*mm, north*mm
	return g
}

func (g *drawing) place(p orb.Point) (x, y float64) {
	return g.x0 + extract.MapWidth/2 + (p[0]-g.lon)*g.kx, g.y0 + extract.MapHeight/2 - (p[1]-g.lat)*g.ky
}

func (g *drawing) path(points []orb.Point, closed bool) {
	for i, p := range points {
		x, y := g.place(p)
		if i == 0 {
			g.s.p.MoveTo(x, y)
		} else {
			g.s.p.LineTo(x, y)
		}
	}
	if closed && len(points) > 0 {
		g.s.p.ClosePath()
	}
}

func (g *drawing) areas(areas orb.MultiPolygon, how string) {
	drawn := false
	for _, p := range areas {
		for _, r := range p {
			g.path(r, true)
			drawn = true
		}
	}
	if drawn {
		g.s.p.DrawPath(how)
	}
}

func (g *drawing) lines(lines orb.MultiLineString) {
	for _, l := range lines {
		if len(l) > 1 {
			g.path(l, false)
			g.s.p.DrawPath("D")
		}
	}
}

// draw draws all of it, and the frame.
func (g *drawing) draw() {
	s := g.s
	s.p.SetLineJoinStyle("round")
	s.p.ClipRect(g.x0, g.y0, extract.MapWidth, extract.MapHeight, false)
	for i := range g.m.Drawn {
		if d := &g.m.Drawn[i]; d.Theme == g.theme {
			g.zone(d)
		}
	}
	s.pen(colour{120, 124, 124}, 0.15)
	s.fill(colour{214, 216, 214})
	for _, b := range g.m.Buildings {
		g.areas(b, "FD*")
	}
	s.pen(colour{92, 98, 98}, 0.12)
	for _, n := range g.m.Neighbours {
		g.areas(n.Areas, "D")
	}
	turn := 0
	for i := range g.m.Drawn {
		if d := &g.m.Drawn[i]; d.Theme != g.theme {
			g.over(d, turn)
			turn++
		}
	}
	s.p.SetDashPattern([]float64{2, 1}, 0)
	s.pen(colour{92, 98, 98}, 0.15)
	for _, r := range g.m.Roads {
		g.lines(r.Lines)
	}
	s.p.SetDashPattern(nil, 0)
	s.pen(white, 1.7)
	g.areas(g.m.Parcel, "D")
	s.pen(colour{0, 0, 0}, 0.8)
	g.areas(g.m.Parcel, "D")
	g.labels()
	s.p.ClipEnd()
	s.forget()
	s.pen(ink, 0.3)
	s.p.Rect(g.x0, g.y0, extract.MapWidth, extract.MapHeight, "D")
	g.north(g.x0+extract.MapWidth-8, g.y0+9)
}

func (g *drawing) zone(d *extract.Drawn) {
	g.s.fill(paler(parse(d.Symbol.Fill, colour{230, 230, 230}), 0.62))
	g.s.pen(colour{70, 74, 74}, g.thin(0.22))
	g.areas(d.Areas, "FD*")
}

// thin is the width of a line, less where much is on the map.
func (g *drawing) thin(width float64) float64 {
	if g.m.Scale > 2000 {
		return width / 2
	}
	return width
}

// over draws what lies over the zones.
func (g *drawing) over(d *extract.Drawn, turn int) {
	s, c := g.s, deeper(colourOf(d))
	s.pen(c, g.thin(0.3))
	if len(d.Areas) > 0 {
		s.p.RawWriteStr("q\n")
		for _, p := range d.Areas {
			for _, r := range p {
				g.path(r, true)
			}
		}
		s.p.RawWriteStr("W* n\n")
		box := d.Areas.Bound()
		x0, y0 := g.place(orb.Point{box.Min[0], box.Max[1]})
		x1, y1 := g.place(orb.Point{box.Max[0], box.Min[1]})
		s.hatch(max(x0, g.x0), max(y0, g.y0), min(x1, g.x0+extract.MapWidth), min(y1, g.y0+extract.MapHeight), turn)
		s.p.RawWriteStr("Q\n")
		g.areas(d.Areas, "D")
	}
	s.pen(c, 2*g.thin(0.35))
	g.lines(d.Lines)
	for _, p := range d.Points {
		x, y := g.place(p)
		s.spot(x, y, colourOf(d))
	}
}

// hatch draws parallel lines in a box, in one of four directions.
func (s *sheet) hatch(x0, y0, x1, y1 float64, turn int) {
	const gap = 2.2
	w, h := x1-x0, y1-y0
	if w <= 0 || h <= 0 {
		return
	}
	switch turn % 4 {
	case 0, 1:
		for c := 0.0; c < w+h; c += gap * math.Sqrt2 {
			if turn%4 == 0 {
				s.p.MoveTo(x0+c-h, y1)
				s.p.LineTo(x0+c, y0)
			} else {
				s.p.MoveTo(x0+c-h, y0)
				s.p.LineTo(x0+c, y1)
			}
		}
	case 2:
		for c := gap / 2; c < h; c += gap {
			s.p.MoveTo(x0, y0+c)
			s.p.LineTo(x1, y0+c)
		}
	default:
		for c := gap / 2; c < w; c += gap {
			s.p.MoveTo(x0+c, y0)
			s.p.LineTo(x0+c, y1)
		}
	}
	s.p.DrawPath("D")
}

func (s *sheet) spot(x, y float64, c colour) {
	s.pen(white, 0.3)
	s.fill(deeper(c))
	s.p.Circle(x, y, 1.3, "FD")
}

// labels writes names where there is room, the most needed first.
func (g *drawing) labels() {
	g.take(g.x0+extract.MapWidth-15, g.y0+2, g.x0+extract.MapWidth-1, g.y0+16) // the arrow
	g.label(style{7, true, ink}, g.m.Parcel, g.number)
	size := 9.0
	if g.m.Scale > 5000 {
		size = 6
	} else if g.m.Scale > 2000 {
		size = 7.5
	}
	for _, r := range g.m.Roads {
		if r.Name != "" {
			g.along(r)
		}
	}
	for i := range g.m.Drawn {
		if d := &g.m.Drawn[i]; d.Theme == g.theme && d.Code != "" {
			for _, p := range d.Areas {
				g.label(style{size, true, ink}, orb.MultiPolygon{p}, d.Code, g.m.Buildings...)
			}
		}
	}
	for _, n := range g.m.Neighbours {
		if n.Number != "" {
			g.label(style{5.5, false, muted}, n.Areas, n.Number)
		}
	}
}

// widest is a place well inside of an area: of several lines across it, the
// middle of the longest stretch, and how long that is; 0 for none.
func (g *drawing) widest(areas orb.MultiPolygon) (x, y, long float64) {
	x, y = -1000, -1000
	box := areas.Bound()
	_, y0 := g.place(orb.Point{0, box.Max[1]})
	_, y1 := g.place(orb.Point{0, box.Min[1]})
	y0, y1 = max(y0, g.y0), min(y1, g.y0+extract.MapHeight)
	for _, f := range []float64{0.5, 0.25, 0.75, 0.35, 0.65, 0.15, 0.85} {
		cut := y0 + (y1-y0)*f
		var xs []float64
		for _, p := range areas {
			for _, r := range p {
				for i := 1; i < len(r); i++ {
					ax, ay := g.place(r[i-1])
					bx, by := g.place(r[i])
					if (ay > cut) != (by > cut) {
						xs = append(xs, ax+(cut-ay)/(by-ay)*(bx-ax))
					}
				}
			}
		}
		slices.Sort(xs)
		for i := 1; i < len(xs); i += 2 {
			a, b := max(xs[i-1], g.x0), min(xs[i], g.x0+extract.MapWidth)
			if b-a > long*1.15 {
				x, y, long = (a+b)/2, cut, b-a
			}
		}
	}
	return x, y, long
}

// label writes a text into an area where nothing is written yet, and beside what is
// to be avoided if it can.
func (g *drawing) label(t style, areas orb.MultiPolygon, text string, avoid ...orb.MultiPolygon) {
	x, y, long := g.widest(areas)
	w := g.s.width(t, clean(text))
	if text == "" || w+1.5 > long {
		return
	}
	const places = 15
	for i := range 2 * places {
		// From the middle outward to both sides; first those that are free.
		aside := float64((i%places+1)/2) / (places - 1)
		if i%2 == 1 {
			aside = -aside
		}
		x := x + aside*(long-w-1.5)
		if i < places && g.meets(avoid, x-w/2-1, y-t.cap(), x+w/2+1, y+t.cap()) {
			continue
		}
		if g.take(x-w/2, y-t.cap()/2, x+w/2, y+t.cap()/2) {
			g.halo(t, x-w/2, y+t.cap()/2, clean(text))
			return
		}
	}
}

// meets says whether the box of one of the areas meets a box on the page.
func (g *drawing) meets(all []orb.MultiPolygon, x0, y0, x1, y1 float64) bool {
	return slices.ContainsFunc(all, func(a orb.MultiPolygon) bool {
		box := a.Bound()
		ax, ay := g.place(orb.Point{box.Min[0], box.Max[1]})
		bx, by := g.place(orb.Point{box.Max[0], box.Min[1]})
		return x0 < bx && x1 > ax && y0 < by && y1 > ay
	})
}

// take keeps a box for a label; false where another has it.
func (g *drawing) take(x0, y0, x1, y1 float64) bool {
	for _, t := range g.taken {
		if x0 < t[2]+1 && x1 > t[0]-1 && y0 < t[3]+1 && y1 > t[1]-1 {
			return false
		}
	}
	g.taken = append(g.taken, [4]float64{x0, y0, x1, y1})
	return true
}

func (g *drawing) halo(t style, x, y float64, text string) {
	g.s.pen(white, 0.1*t.size)
	g.s.p.SetTextRenderingMode(1)
	g.s.text(t, x, y, text)
	g.s.p.SetTextRenderingMode(0)
	g.s.text(t, x, y, text)
}

// along writes the name of a road on the longest of its straight pieces.
func (g *drawing) along(r extract.Road) {
	t := style{7, false, ink}
	name := clean(r.Name)
	w, best := g.s.width(t, name), 0.0
	var x, y, angle float64
	for _, l := range r.Lines {
		for i := 1; i < len(l); i++ {
			ax, ay := g.place(l[i-1])
			bx, by := g.place(l[i])
			if d := math.Hypot(bx-ax, by-ay); d > best {
				best, x, y, angle = d, (ax+bx)/2, (ay+by)/2, math.Atan2(ay-by, bx-ax)*180/math.Pi
			}
		}
	}
	if angle > 90 || angle <= -90 {
		angle += 180
	}
	sin, cos := math.Sincos(angle * math.Pi / 180)
	dx, dy := math.Abs(cos)*w/2+math.Abs(sin)*1.5, math.Abs(sin)*w/2+math.Abs(cos)*1.5
	if best < w+4 || !g.take(x-dx, y-dy, x+dx, y+dy) {
		return
	}
	g.s.p.TransformBegin()
	g.s.p.TransformRotate(angle, x, y)
	g.s.forget()
	g.halo(t, x-w/2, y+t.cap()/2, name)
	g.s.p.TransformEnd()
	g.s.forget()
}

// north draws an arrow: half of it filled, so that it shows on any ground.
func (g *drawing) north(x, y float64) {
	s := g.s
	s.fill(white)
	s.p.Circle(x, y, 6, "F")
	s.pen(ink, 0.25)
	s.fill(white)
	s.p.Polygon([]fpdf.PointType{{X: x, Y: y - 2.2}, {X: x + 2, Y: y + 4.4}, {X: x, Y: y + 3}}, "FD")
	s.fill(ink)
	s.p.Polygon([]fpdf.PointType{{X: x, Y: y - 2.2}, {X: x - 2, Y: y + 4.4}, {X: x, Y: y + 3}}, "FD")
	letter := s.word("U", "N")
	s.text(style{7.5, true, ink}, x-s.width(style{7.5, true, ink}, letter)/2, y-2.9, letter)
}

// bar draws the scale: four pieces of a round length.
func (g *drawing) bar(x, y float64) {
	s, mm := g.s, 1000/float64(max(g.m.Scale, 1))
	piece := 1.0
	for _, p := range []float64{1, 2, 2.5, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000} {
		if p*mm*4 <= 60 {
			piece = p
		}
	}
	s.pen(ink, 0.2)
	for i := range 4 {
		s.fill(ink)
		if i%2 == 1 {
			s.fill(white)
		}
		s.p.Rect(x+float64(i)*piece*mm, y, piece*mm, 1.4, "FD")
	}
	for _, i := range []int{0, 2, 4} {
		text := s.number(float64(i)*piece, 1)
		if i == 4 {
			text += " m"
		}
		s.text(note, x+float64(i)*piece*mm-s.width(note, s.number(float64(i)*piece, 1))/2, y+4.6, text)
	}
}

func colourOf(d *extract.Drawn) colour {
	if d.Symbol.Fill != "" {
		return parse(d.Symbol.Fill, muted)
	}
	return parse(d.Symbol.Stroke, muted)
}

// parse reads #RRGGBB.
func parse(text string, otherwise colour) colour {
	if len(text) != 7 || text[0] != '#' {
		return otherwise
	}
	v, err := strconv.ParseUint(text[1:], 16, 32)
	if err != nil {
		return otherwise
	}
	return colour{int(v >> 16), int(v >> 8 & 255), int(v & 255)}
}

// paler keeps so much of a colour on white.
func paler(c colour, keep float64) colour {
	for i := range c {
		c[i] = 255 - int(float64(255-c[i])*keep)
	}
	return c
}

// deeper makes light colours dark enough for lines on white.
func deeper(c colour) colour {
	for c[0]*3+c[1]*6+c[2] > 1300 {
		for i := range c {
			c[i] = c[i] * 9 / 10
		}
	}
	return c
}
