package tiles

import (
	"math"
	"math/rand/v2"
	"testing"
)

// insideParts reports whether x, y is in rings by the even-odd rule, which is how a
// map is filled.
func insideParts(parts [][]point, x, y float64) bool {
	in := false
	for _, r := range parts {
		p := r[len(r)-1]
		for _, q := range r {
			if (float64(p.y) > y) != (float64(q.y) > y) &&
				x < float64(p.x)+(y-float64(p.y))*float64(q.x-p.x)/float64(q.y-p.y) {
				in = !in
			}
			p = q
		}
	}
	return in
}

// source answers which feature of the unsimplified layer is at a point of a
// tile, and how far the nearest border is, in units.
type source struct {
	id    uint64
	parts [][]point // in 1/16 of a unit
}

func sources(items []Item, id ID) []source {
	var all []source
	for _, it := range items {
		s := source{id: it.ID}
		for i := range it.Shape.parts() {
			from, to, _ := it.Shape.part(i)
			var r []point
			for _, v := range it.Shape.coords[from:to] {
				scale := math.Ldexp(1, int(id.Z)-20) * 16
				r = append(r, point{
					int64(math.Round((float64(v.X) - math.Ldexp(float64(id.X), 32-int(id.Z))) * scale)),
					int64(math.Round((float64(v.Y) - math.Ldexp(float64(id.Y), 32-int(id.Z))) * scale)),
				})
			}
			s.parts = append(s.parts, r)
		}
		all = append(all, s)
	}
	return all
}

func nearest(all []source, x, y float64) float64 {
	best := math.Inf(1)
	for _, s := range all {
		for _, r := range s.parts {
			p := r[len(r)-1]
			for _, q := range r {
				best = min(best, segmentDistance(x, y, p, q))
				p = q
			}
		}
	}
	return best / 16
}

func segmentDistance(x, y float64, p, q point) float64 {
	ux, uy := float64(q.x-p.x), float64(q.y-p.y)
	vx, vy := x-float64(p.x), y-float64(p.y)
	t := 0.0
	if d := ux*ux + uy*uy; d > 0 {
		t = min(max((ux*vx+uy*vy)/d, 0), 1)
	}
	return math.Hypot(vx-t*ux, vy-t*uy)
}

// TestRaster samples tiles of a coverage at the centres of cells of the grid. It
// checks by another way than areas that nothing overlaps and nothing is missing,
// and that each place shows the feature that is there: more than a pixel from
// any border always, and within a pixel up to the slivers that rounding makes.
func TestRaster(t *testing.T) {
	const samples = 90
	rng := rand.New(rand.NewPCG(1, 6))
	p := newPlanar(rng, 7)
	items := p.coverage(t)
	Generalise(items, true)
	layer := coverageLayer(items)
	total, not1, wrong := 0, 0, 0
	for _, z := range []uint8{9, 10, 12, 14, 16} {
		id := tileAt(cityCentre, z)
		d := encode(t, id, layer)
		src := sources(items, id)
		f := newFrame(id)
		a, b := f.point(p.outline().Min), f.point(p.outline().Max)
		x0, y0 := max(a.x, 0), max(a.y, 0)
		w, h := min(b.x, Extent)-x0, min(b.y, Extent)-y0
		for range samples * samples {
			x, y := float64(x0+rng.Int64N(w))+0.5, float64(y0+rng.Int64N(h))+0.5
			total++
			var hits []uint64
			for i := range d[0].features {
				if insideParts(d[0].features[i].parts, x, y) {
					hits = append(hits, d[0].features[i].id)
				}
			}
			if len(hits) != 1 {
				not1++
			}
			if z < 12 && rng.IntN(8) > 0 || len(hits) == 1 && rng.IntN(4) > 0 {
				continue // looking at the source is slow
			}
			if nearest(src, 16*x, 16*y) <= pixel {
				continue
			}
			for i := range src {
				if insideParts(src[i].parts, 16*x, 16*y) && (len(hits) != 1 || hits[0] != src[i].id) {
					wrong++
					t.Errorf("tile %s at %v, %v: features %v, want %d", id, x, y, hits, src[i].id)
				}
			}
		}
	}
	t.Logf("%d of %d samples are in no feature or in several", not1, total)
	if not1*2000 > total {
		t.Errorf("%d of %d samples are in no feature or in several", not1, total)
	}
}

// TestRasterAtBorders counts what rounding does within three units of borders, of
// zones and roads and, at worst, of bands down to the width of a unit that wind
// together. Areas add up there as everywhere (TestWindingCoverageAddsUp), but
// some cells are in two features, or in none.
func TestRasterAtBorders(t *testing.T) {
	t.Run("zones and roads", func(t *testing.T) {
		rasterAtBorders(t, 5000, func(rng *rand.Rand) []Item { return newPlanar(rng, 12).coverage(t) })
	})
	t.Run("winding bands", func(t *testing.T) {
		rasterAtBorders(t, 2000, func(rng *rand.Rand) []Item {
			items, _ := meander(t, rng, 6, 400, 20+1500*rng.Float64())
			return items
		})
	})
}

// rasterAtBorders fails if more than one in so many samples is not in exactly one
// feature.
func rasterAtBorders(t *testing.T, oneIn int, coverage func(*rand.Rand) []Item) {
	total, not1 := 0, 0
	for seed := range uint64(12) {
		rng := rand.New(rand.NewPCG(seed, 7))
		items := coverage(rng)
		Generalise(items, true)
		whole := emptyBox
		for _, it := range items {
			whole = whole.Union(it.Shape.box)
		}
		for _, z := range []uint8{10, 12, 14} {
			id := tileAt(middle(items), z)
			fs := encode(t, id, coverageLayer(items))[0].features
			frame := newFrame(id)
			a, b := frame.point(whole.Min), frame.point(whole.Max)
			for range 3000 {
				f := fs[rng.IntN(len(fs))]
				r := f.parts[rng.IntN(len(f.parts))]
				k := rng.IntN(len(r))
				p, q, along := r[k], r[(k+1)%len(r)], rng.Float64()
				x := math.Floor(float64(p.x)+along*float64(q.x-p.x)+6*rng.Float64()-3) + 0.5
				y := math.Floor(float64(p.y)+along*float64(q.y-p.y)+6*rng.Float64()-3) + 0.5
				if x < float64(max(a.x, low)) || x > float64(min(b.x, high)) || y < float64(max(a.y, low)) || y > float64(min(b.y, high)) {
					continue
				}
				hits := 0
				for i := range fs {
					if insideParts(fs[i].parts, x, y) {
						hits++
					}
				}
				total++
				if hits != 1 {
					not1++
				}
			}
		}
	}
	t.Logf("%d of %d samples are in no feature or in several", not1, total)
	if not1*oneIn > total {
		t.Errorf("%d of %d samples are in no feature or in several", not1, total)
	}
}

// middle returns a vertex in the thick of a coverage.
func middle(items []Item) Vertex {
	s := items[len(items)/2].Shape
	return s.coords[len(s.coords)/4]
}
