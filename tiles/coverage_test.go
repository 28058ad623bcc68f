package tiles

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
)

// plan is a random coverage for tests: a grid of wiggly borders whose cells are
// merged into zones, with narrow strips that form one road, islands, and cells
// far below a pixel. Every border is made once, so the coverage has no gap, no
// overlap and no corner without a vertex on the other side. Its outline is a
// rectangle.
type planar struct {
	rng    *rand.Rand
	xs, ys []float64 // lines of the grid, world units
	node   map[[2]int]Vertex
	border map[[4]int][]Vertex // inner vertices from node to node, left to right or top to bottom
	label  [][]int             // feature of each cell
	next   int
	extra  map[int][]orb.Ring // holes
	items  map[int]orb.MultiPolygon
}

// Banda Aceh, in world units.
var cityCentre = project(95.32, 5.55)

// newPlanar makes a coverage of n by n blocks, about a city wide.
func newPlanar(rng *rand.Rand, n int) *planar {
	p := &planar{rng: rng, node: map[[2]int]Vertex{}, border: map[[4]int][]Vertex{}, extra: map[int][]orb.Ring{}, items: map[int]orb.MultiPolygon{}, next: 2}
	size := 900e3 / float64(n) // a block in world units
	line := func(centre uint32) []float64 {
		at := float64(centre) - size*float64(n)/2
		ls := []float64{at}
		for range n {
			at += size * (0.4 + rng.Float64())
			ls = append(ls, at)
			// A road of 3 to 15 m, now and then something narrower still.
			at += 300 + 1300*rng.Float64()
			if rng.IntN(6) == 0 {
				at -= 290
			}
			ls = append(ls, at)
		}
		// The outermost cells are blocks, whose corners no zoom here cuts.
		return ls[:len(ls)-1]
	}
	p.xs, p.ys = line(cityCentre.X), line(cityCentre.Y)
	p.label = make([][]int, len(p.ys)-1)
	for j := range p.label {
		p.label[j] = make([]int, len(p.xs)-1)
		for i := range p.label[j] {
			if i%2 == 1 || j%2 == 1 {
				p.label[j][i] = 1 // road
				continue
			}
			p.label[j][i] = p.next
			p.next++
		}
	}
	// Some roads are missing, some blocks have swallowed the road between them.
	for range n * n / 3 {
		j, i := 2*rng.IntN(n), 1+2*rng.IntN(n)
		if i+1 < len(p.label[j]) {
			p.label[j][i], p.label[j][i+1] = p.label[j][i-1], p.label[j][i-1]
		}
	}
	return p
}

func (p *planar) at(i, j int) Vertex {
	v, ok := p.node[[2]int{i, j}]
	if !ok {
		v = Vertex{uint32(p.xs[i]), uint32(p.ys[j])}
		// Jitter keeps narrow strips open.
		if d := p.room(i, len(p.xs), p.xs); d > 0 {
			v.X += uint32(p.rng.Float64() * d)
		}
		if d := p.room(j, len(p.ys), p.ys); d > 0 {
			v.Y += uint32(p.rng.Float64() * d)
		}
		p.node[[2]int{i, j}] = v
	}
	return v
}

func (p *planar) room(i, n int, at []float64) float64 {
	if i == 0 || i == n-1 {
		return 0
	}
	return 0.3 * min(at[i+1]-at[i], at[i]-at[i-1])
}

// between returns the inner vertices of the border from one node to the next.
func (p *planar) between(i, j, k, l int) []Vertex {
	if k < i || l < j {
		vs := slices.Clone(p.between(k, l, i, j))
		slices.Reverse(vs)
		return vs
	}
	key := [4]int{i, j, k, l}
	vs, ok := p.border[key]
	if !ok {
		a, b := p.at(i, j), p.at(k, l)
		amp := p.wiggle(i, j, k, l)
		n := p.rng.IntN(30)
		var walk float64
		for s := 1; s <= n; s++ {
			t := float64(s) / float64(n+1)
			walk += (p.rng.Float64() - 0.5) * amp
			walk = min(max(walk, -amp), amp)
			v := Vertex{uint32(float64(a.X) + t*(float64(b.X)-float64(a.X))), uint32(float64(a.Y) + t*(float64(b.Y)-float64(a.Y)))}
			if i == k {
				v.X = uint32(float64(v.X) + walk)
			} else {
				v.Y = uint32(float64(v.Y) + walk)
			}
			vs = append(vs, v)
		}
		p.border[key] = vs
	}
	return vs
}

// wiggle returns how far a border may swing without meeting another.
func (p *planar) wiggle(i, j, k, l int) float64 {
	if i == k {
		return 0.3 * p.room(i, len(p.xs), p.xs)
	}
	return 0.3 * p.room(j, len(p.ys), p.ys)
}

// geometry returns the outline of a label, traced with the inside to the right.
func (p *planar) geometry(label int) orb.MultiPolygon {
	// Directed borders: inside on the right when Y is down.
	type step struct{ i, j, k, l int }
	out := map[[2]int][]step{}
	is := func(i, j int) bool {
		return j >= 0 && j < len(p.label) && i >= 0 && i < len(p.label[0]) && p.label[j][i] == label
	}
	var starts []step
	add := func(s step) {
		out[[2]int{s.i, s.j}] = append(out[[2]int{s.i, s.j}], s)
		starts = append(starts, s)
	}
	for j := range p.label {
		for i := range p.label[j] {
			if !is(i, j) {
				continue
			}
			if !is(i, j-1) {
				add(step{i, j, i + 1, j})
			}
			if !is(i+1, j) {
				add(step{i + 1, j, i + 1, j + 1})
			}
			if !is(i, j+1) {
				add(step{i + 1, j + 1, i, j + 1})
			}
			if !is(i-1, j) {
				add(step{i, j + 1, i, j})
			}
		}
	}
	var exteriors, holes []orb.Ring
	used := map[step]bool{}
	for _, s := range starts {
		if used[s] {
			continue
		}
		var ring []Vertex
		for !used[s] {
			used[s] = true
			ring = append(append(ring, p.at(s.i, s.j)), p.between(s.i, s.j, s.k, s.l)...)
			best, bestTurn := s, -9
			for _, o := range out[[2]int{s.k, s.l}] {
				// Right turns first: they follow one face.
				turn := (s.k-s.i)*(o.l-o.j) - (s.l-s.j)*(o.k-o.i)
				if !used[o] && turn > bestTurn {
					best, bestTurn = o, turn
				}
			}
			s = best
		}
		r := toRing(ring)
		if ringArea(ring) > 0 {
			exteriors = append(exteriors, r)
		} else {
			holes = append(holes, r)
		}
	}
	mp := orb.MultiPolygon{}
	for _, e := range exteriors {
		mp = append(mp, orb.Polygon{e})
	}
	// Only the road has holes, and it is one piece.
	big := 0
	for i := range mp {
		if len(mp[i][0]) > len(mp[big][0]) {
			big = i
		}
	}
	if len(mp) > 0 {
		mp[big] = append(mp[big], holes...)
		mp[big] = append(mp[big], p.extra[label]...)
	}
	return mp
}

func toRing(vs []Vertex) orb.Ring {
	var r orb.Ring
	for _, v := range vs {
		lon, lat := unproject(v)
		r = append(r, orb.Point{lon, lat})
	}
	return append(r, r[0])
}

// island puts a round feature into the cell with a label, if it has room.
func (p *planar) island(i, j int) {
	a, b := p.at(i, j), p.at(i+1, j+1)
	if p.label[j][i] == 1 {
		return
	}
	w, h := float64(b.X)-float64(a.X), float64(b.Y)-float64(a.Y)
	cx, cy := float64(a.X)+w*(0.4+0.2*p.rng.Float64()), float64(a.Y)+h*(0.4+0.2*p.rng.Float64())
	n, size := 3+p.rng.IntN(40), 0.02+0.1*p.rng.Float64()
	var ring []Vertex
	for k := range n {
		r := 0.8 + 0.2*p.rng.Float64()
		s, c := sincos(float64(k) / float64(n))
		ring = append(ring, Vertex{uint32(cx + r*c*w*size), uint32(cy + r*s*h*size)})
	}
	p.extra[p.label[j][i]] = append(p.extra[p.label[j][i]], toRing(ring))
	p.items[p.next] = orb.MultiPolygon{{toRing(ring)}}
	p.next++
}

// coverage returns all features, in the order of their ids.
func (p *planar) coverage(t testing.TB) []Item {
	for j := 0; j < len(p.label); j += 2 {
		for i := 0; i < len(p.label[j]); i += 2 {
			if p.rng.IntN(3) == 0 {
				p.island(i, j)
			}
		}
	}
	var items []Item
	for id := 1; id < p.next; id++ {
		g, ok := p.items[id]
		if !ok {
			g = p.geometry(id)
		}
		if len(g) > 0 {
			items = append(items, Item{ID: uint64(id), Shape: shape(t, g)})
		}
	}
	return items
}

func (p *planar) outline() Box {
	n, m := len(p.xs)-1, len(p.ys)-1
	return Box{Min: p.at(0, 0), Max: p.at(n, m)}
}

func sincos(turn float64) (sin, cos float64) { return math.Sincos(2 * math.Pi * turn) }

func coverageLayer(items []Item) Layer {
	byID := map[uint64]Feature{}
	for _, it := range items {
		byID[it.ID] = Feature{ID: it.ID, Shape: it.Shape}
	}
	return Layer{
		Name: "zone",
		Features: func(yield func(Feature) bool) {
			for _, it := range items {
				if !yield(byID[it.ID]) {
					return
				}
			}
		},
		Find: func(id uint64) (Feature, bool) { f, ok := byID[id]; return f, ok },
	}
}

// TestCoverageAddsUp decodes the tiles of a coverage: at every zoom, the areas
// inside the buffered box of every tile add up to the area of the whole there.
func TestCoverageAddsUp(t *testing.T) {
	for seed := range uint64(40) {
		p := newPlanar(rand.New(rand.NewPCG(seed, 1)), 12)
		items := p.coverage(t)
		Generalise(items, true)
		for z := uint8(9); z <= 16; z++ {
			addsUp(t, items, p.outline(), z, 200)
		}
	}
}

// TestWindingCoverageAddsUp is the same for narrow bands that wind, where
// rounding turns over whole pieces.
func TestWindingCoverageAddsUp(t *testing.T) {
	for seed := range uint64(30) {
		rng := rand.New(rand.NewPCG(seed, 5))
		items, box := meander(t, rng, 2+rng.IntN(8), 400, 20+1500*rng.Float64())
		Generalise(items, true)
		for z := uint8(9); z <= 16; z++ {
			addsUp(t, items, box, z, 150)
		}
	}
}

// addsUp checks the first tiles of a zoom, up to a limit.
func addsUp(t *testing.T, items []Item, whole Box, z uint8, limit int) {
	layer := coverageLayer(items)
	count := 0
	for id := range Cover(whole.Bound(), z) {
		if count++; count > limit {
			return
		}
		var sum int64
		for _, l := range encode(t, id, layer) {
			for _, f := range l.features {
				sum += f.area2()
			}
		}
		f := newFrame(id)
		a, b := f.point(whole.Min), f.point(whole.Max)
		w := min(b.x, high) - max(a.x, low)
		h := min(b.y, high) - max(a.y, low)
		if want := 2 * w * h; sum != want {
			t.Errorf("tile %s: areas add up to %d, want %d (%+d)", id, sum, want, sum-want)
		}
	}
}
