package evac

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/simtaru/simtaru/internal/indicator/land"
)

// OffRoad is how far in m areas go from the road: a yard and the house in it.
const OffRoad = 50

// Areas are drawn on a grid: of each of its points the distance to the nearest
// stretch is exact, and between two of them an outline is where a straight line
// puts it. So the work and what comes out are bounded whatever the roads, rings
// never cross, and outlines are right to a metre or two beside roads and at their
// ends, where no two stretches are nearer than a few cells.
const (
	cellSize  = 20        // m between points, at least
	mostCells = 1_000_000 // else they are farther apart
)

// grid has by point what is nearest.
type grid struct {
	low      orb.Point
	lon, lat float64 // m a degree
	size     float64 // m between points
	w, h     int
	// first is the distance in m to the nearest stretch, of any owner, and second
	// that to the nearest of another owner; far where there is none.
	first, second []float32
	owner, other  []int32
}

// far is above all distances that matter.
const far = math.MaxFloat32

func newGrid(bands []Band) *grid {
	var box orb.Bound
	empty := true
	for _, b := range bands {
		for _, l := range b.Lines {
			if empty {
				box, empty = l.Bound(), false
			}
			box = box.Union(l.Bound())
		}
	}
	if empty {
		return nil
	}
	g := &grid{}
	g.lon, g.lat = land.Metres(box.Center()[1])
	width, height := (box.Max[0]-box.Min[0])*g.lon+2*OffRoad, (box.Max[1]-box.Min[1])*g.lat+2*OffRoad
	g.size = max(cellSize, math.Sqrt(width*height/mostCells))
	margin := OffRoad + 3*g.size
	g.low = orb.Point{box.Min[0] - margin/g.lon, box.Min[1] - margin/g.lat}
	g.w, g.h = int((width+6*g.size)/g.size)+2, int((height+6*g.size)/g.size)+2
	n := g.w * g.h
	g.first, g.second = slices.Repeat([]float32{far}, n), slices.Repeat([]float32{far}, n)
	g.owner, g.other = slices.Repeat([]int32{-1}, n), slices.Repeat([]int32{-1}, n)
	return g
}

// draw enters the lines of an owner.
func (g *grid) draw(lines orb.MultiLineString, owner int32) {
	for _, l := range lines {
		for i := 1; i < len(l); i++ {
			g.segment(g.of(l[i-1]), g.of(l[i]), owner)
		}
	}
}

// of is a place in cells.
func (g *grid) of(p orb.Point) [2]float64 {
	return [2]float64{(p[0] - g.low[0]) * g.lon / g.size, (p[1] - g.low[1]) * g.lat / g.size}
}

func (g *grid) segment(a, b [2]float64, owner int32) {
	reach := OffRoad/g.size + 2
	for y := int(min(a[1], b[1]) - reach); y <= int(max(a[1], b[1])+reach); y++ {
		for x := int(min(a[0], b[0]) - reach); x <= int(max(a[0], b[0])+reach); x++ {
			if x < 0 || y < 0 || x >= g.w || y >= g.h {
				continue
			}
			dx, dy := b[0]-a[0], b[1]-a[1]
			px, py := float64(x)-a[0], float64(y)-a[1]
			t := 0.0
			if d := dx*dx + dy*dy; d > 0 {
				t = min(max((px*dx+py*dy)/d, 0), 1)
			}
			g.note(y*g.w+x, float32(math.Hypot(px-t*dx, py-t*dy)*g.size), owner)
		}
	}
}

func (g *grid) note(i int, d float32, owner int32) {
	switch {
	case owner == g.owner[i]:
		g.first[i] = min(g.first[i], d)
	case d < g.first[i]:
		g.second[i], g.other[i] = g.first[i], g.owner[i]
		g.first[i], g.owner[i] = d, owner
	case d < g.second[i]:
		g.second[i], g.other[i] = d, owner
	}
}

// spread makes the areas of bands.
func (r *Reached) spread(by ReachBy) {
	g := newGrid(r.Bands)
	if g == nil {
		return
	}
	if !by.Shelter {
		for k := range r.Bands {
			g.draw(r.Bands[k].Lines, 0)
			r.Bands[k].Areas = g.trace(0, 0, g.w-1, g.h-1, func(i int) float64 { return OffRoad - float64(g.first[i]) })
		}
		return
	}
	for k := range r.Bands {
		g.draw(r.Bands[k].Lines, int32(k))
	}
	for k := range r.Bands {
		if len(r.Bands[k].Lines) > 0 {
			r.Bands[k].Areas = g.near(r.Bands[k].Lines, int32(k))
		}
	}
}

// near is what is near lines, and nearest to their owner.
func (g *grid) near(lines orb.MultiLineString, owner int32) orb.MultiPolygon {
	box := lines.Bound()
	low, high := g.of(box.Min), g.of(box.Max)
	reach := OffRoad/g.size + 2
	return g.trace(max(int(low[0]-reach), 0), max(int(low[1]-reach), 0), min(int(high[0]+reach)+1, g.w-1), min(int(high[1]+reach)+1, g.h-1), func(i int) float64 {
		first, second := float64(g.first[i]), float64(g.second[i])
		switch owner {
		case g.owner[i]:
			return min(OffRoad-first, second-first)
		case g.other[i]:
			return min(OffRoad-second, first-second)
		}
		return -g.size
	})
}

// trace draws the outlines of where a value by point is above 0, in a part of the
// grid at whose border it is not: outer rings against the clock.
func (g *grid) trace(west, south, east, north int, value func(i int) float64) orb.MultiPolygon {
	// Outlines cross sides of cells. A side is its first point, twice, and 1 more
	// where it goes north.
	next := map[int]int{}
	v := func(x, y int) float64 { return value(y*g.w + x) }
	for y := south; y < north; y++ {
		a, d := v(west, y), v(west, y+1)
		for x := west; x < east; x++ {
			b, c := v(x+1, y), v(x+1, y+1)
			i := y*g.w + x
			sides := [4]int{2 * i, 2*(i+1) + 1, 2 * (i + g.w), 2*i + 1}
			cell(next, [4]bool{a > 0, b > 0, c > 0, d > 0}, sides)
			a, d = b, c
		}
	}
	starts := make([]int, 0, len(next))
	for s := range next {
		starts = append(starts, s)
	}
	slices.Sort(starts)
	var outer, holes []orb.Ring
	for _, s := range starts {
		var r orb.Ring
		for at, ok := next[s]; ok; at, ok = next[s] {
			r = append(r, g.crossing(s, value))
			delete(next, s)
			s = at
		}
		if len(r) == 0 {
			continue
		}
		if r = append(r, r[0]); r.Orientation() == orb.CCW {
			outer = append(outer, r)
		} else {
			holes = append(holes, r)
		}
	}
	return nest(outer, holes)
}

// cell adds the stretches of outlines through one, with the inside on their left:
// its corners and sides go round from the south-west and the south, against the
// clock. Two corners inside that are no neighbours do not belong together.
func cell(next map[int]int, in [4]bool, side [4]int) {
	for k := range 4 {
		// The outline comes in over a side whose first corner, going round, is
		// outside and whose last one is inside.
		if in[k] || !in[(k+1)%4] {
			continue
		}
		// It goes out over the side after the last corner of the same part.
		out := (k + 1) % 4
		for in[(out+1)%4] {
			out = (out + 1) % 4
		}
		next[side[out]] = side[k]
	}
}

// crossing is where an outline crosses a side.
func (g *grid) crossing(side int, value func(i int) float64) orb.Point {
	i, j := side/2, side/2+1
	if side%2 == 1 {
		j = i + g.w
	}
	a, b := value(i), value(j)
	// Away from the points, so that what is rounded does not meet.
	t := min(max(a/(a-b), 0.02), 0.98)
	x, y := float64(i%g.w), float64(i/g.w)
	if side%2 == 1 {
		y += t
	} else {
		x += t
	}
	return orb.Point{g.low[0] + x*g.size/g.lon, g.low[1] + y*g.size/g.lat}
}

// nest puts holes into the rings around them; rings do not cross.
func nest(outer, holes []orb.Ring) orb.MultiPolygon {
	all := make(orb.MultiPolygon, len(outer))
	boxes := make([]orb.Bound, len(outer))
	sizes := make([]float64, len(outer))
	for i, r := range outer {
		all[i], boxes[i], sizes[i] = orb.Polygon{r}, r.Bound(), planar.Area(r)
	}
	order := make([]int, len(outer)) // the smallest first
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(sizes[a], sizes[b]) })
	for _, h := range holes {
		box := h.Bound()
		for _, i := range order {
			if boxes[i].Contains(box.Min) && boxes[i].Contains(box.Max) && planar.RingContains(outer[i], h[0]) {
				all[i] = append(all[i], h)
				break
			}
		}
	}
	return all
}
