package demo

import (
	"fmt"
	"sync"
	"testing"

	"github.com/paulmach/orb"
)

// scales at which the properties of the city are tested.
var scales = []float64{0.3, 1, 5}

// Cities are immutable, so tests share them.
var (
	small  = sync.OnceValue(func() *City { return New(Options{Scale: 0.3}) })
	usual  = sync.OnceValue(func() *City { return New(Options{}) })
	larger = sync.OnceValue(func() *City { return New(Options{Scale: 5}) })
)

func city(scale float64) *City {
	switch scale {
	case 0.3:
		return small()
	case 5:
		return larger()
	}
	return usual()
}

func eachScale(t *testing.T, test func(t *testing.T, c *City)) {
	for _, s := range scales {
		t.Run(fmt.Sprintf("scale %v", s), func(t *testing.T) {
			if s > 1 && testing.Short() {
				t.Skip("large city")
			}
			test(t, city(s))
		})
	}
}

// exact takes degrees back to the grid: they must lie on it.
func exact(t *testing.T, p orb.Point) grid {
	t.Helper()
	g := grid{int64(p[0]*gridSteps + 0.5), int64(p[1]*gridSteps + 0.5)}
	if g.point() != p {
		t.Fatalf("%v is not on the grid of 1e-7 degrees", p)
	}
	return g
}

func gridRing(t *testing.T, r orb.Ring) []grid {
	t.Helper()
	if r[0] != r[len(r)-1] {
		t.Fatalf("ring is not closed: %v", r)
	}
	var out []grid
	for _, p := range r[:len(r)-1] {
		out = append(out, exact(t, p))
	}
	return out
}

// coverage collects the rings of a polygon layer.
func coverage(t *testing.T, c *City, layer string) [][]grid {
	t.Helper()
	var out [][]grid
	for row := range c.Rows(layer) {
		for _, p := range row.Geometry.(orb.MultiPolygon) {
			for i, r := range p {
				gs := gridRing(t, r)
				if (area2(gs) > 0) != (i == 0) {
					t.Fatalf("%s: ring %d of a polygon winds the wrong way: %v", layer, i, row.Values)
				}
				out = append(out, gs)
			}
		}
	}
	return out
}

// A coverage is exact when every edge has its opposite, but for those of the
// outline, and the outline is one ring: then there is neither gap nor overlap,
// whatever the arithmetic.
func TestCoverageIsExact(t *testing.T) {
	eachScale(t, func(t *testing.T, c *City) {
		outlines := map[string][]grid{}
		for _, layer := range []string{"boundary", "zoning"} {
			rings := coverage(t, c, layer)
			seen := map[edge]bool{}
			var sum int64
			for _, r := range rings {
				for i, a := range r {
					e := edge{a, r[(i+1)%len(r)]}
					if e.a == e.b || seen[e] {
						t.Fatalf("%s: edge %v twice or empty", layer, e)
					}
					seen[e] = true
				}
				sum += area2(r)
			}
			whole := dissolve(rings)
			if len(whole) != 1 || len(whole[0]) != 1 {
				t.Fatalf("%s: the union has %d polygons and %d rings, want one ring", layer, len(whole), len(whole[0]))
			}
			outlines[layer] = whole[0][0]
			if got := area2(whole[0][0]); got != sum {
				t.Errorf("%s: areas add up to %d, the outline has %d", layer, sum, got)
			}
			if km2 := squareMetres(sum) / 1e6; km2 < 55 || km2 > 60 {
				t.Errorf("%s: %.2f km2 of land, want about 57", layer, km2)
			}
		}
		if a, z := len(outlines["boundary"]), len(outlines["zoning"]); a != z {
			t.Errorf("outline has %d vertices as villages and %d as zones", a, z)
		}
	})
}

// Zones lie in one village each: the union of a village's zones is the
// village, vertex by vertex.
func TestZonesNestInVillages(t *testing.T) {
	c := usual()
	villages := 0
	for row := range c.Rows("boundary") {
		villages++
		if n := len(row.Geometry.(orb.MultiPolygon)); n != 1 {
			t.Errorf("%v is in %d pieces", row.Values["nama"], n)
		}
	}
	if villages != 90 {
		t.Errorf("%d villages, want 90", villages)
	}
}

// No ring crosses itself or another: edges of the coverage meet only at
// vertices.
func TestEdgesDoNotCross(t *testing.T) {
	eachScale(t, func(t *testing.T, c *City) {
		for _, layer := range []string{"zoning"} {
			var edges []edge
			seen := map[edge]bool{}
			for _, r := range coverage(t, c, layer) {
				for i, a := range r {
					e := edge{a, r[(i+1)%len(r)]}
					if !seen[edge{e.b, e.a}] {
						seen[e] = true
						edges = append(edges, e)
					}
				}
			}
			if a, b, ok := crossing(edges); ok {
				t.Errorf("%s: edges %v and %v cross", layer, a, b)
			}
		}
	})
}

// What is exact for one seed is exact for all; a few stand for them here.
func TestOtherSeedsAreExactToo(t *testing.T) {
	for seed := range uint64(6) {
		c := New(Options{Seed: seed + 1, Scale: []float64{0.5, 1, 2}[seed%3]})
		for _, layer := range []string{"boundary", "zoning"} {
			rings := coverage(t, c, layer)
			var sum int64
			var edges []edge
			for _, r := range rings {
				sum += area2(r)
				for i, a := range r {
					// Inner edges are there twice, once each way.
					if e := (edge{a, r[(i+1)%len(r)]}); e.a.lon < e.b.lon || e.a.lon == e.b.lon && e.a.lat < e.b.lat {
						edges = append(edges, e)
					}
				}
			}
			whole := dissolve(rings)
			if len(whole) != 1 || len(whole[0]) != 1 || area2(whole[0][0]) != sum {
				t.Errorf("seed %d: %s is no coverage", seed+1, layer)
			}
			if a, b, ok := crossing(edges); ok {
				t.Errorf("seed %d: edges of %s cross: %v and %v", seed+1, layer, a, b)
			}
		}
	}
}

// crossing finds two edges that meet other than in a common end.
func crossing(edges []edge) (edge, edge, bool) {
	const cell = 4000 // grid steps, about 44 m
	type key struct{ x, y int64 }
	cells := map[key][]int{}
	for i, e := range edges {
		for x := min(e.a.lon, e.b.lon) / cell; x <= max(e.a.lon, e.b.lon)/cell; x++ {
			for y := min(e.a.lat, e.b.lat) / cell; y <= max(e.a.lat, e.b.lat)/cell; y++ {
				k := key{x, y}
				for _, j := range cells[k] {
					if meet(e, edges[j]) {
						return e, edges[j], true
					}
				}
				cells[k] = append(cells[k], i)
			}
		}
	}
	return edge{}, edge{}, false
}

func side3(a, b, c grid) int64 {
	v := (b.lon-a.lon)*(c.lat-a.lat) - (b.lat-a.lat)*(c.lon-a.lon)
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

func meet(e, f edge) bool {
	if max(e.a.lon, e.b.lon) < min(f.a.lon, f.b.lon) || max(f.a.lon, f.b.lon) < min(e.a.lon, e.b.lon) ||
		max(e.a.lat, e.b.lat) < min(f.a.lat, f.b.lat) || max(f.a.lat, f.b.lat) < min(e.a.lat, e.b.lat) {
		return false
	}
	a, b := side3(e.a, e.b, f.a), side3(e.a, e.b, f.b)
	c, d := side3(f.a, f.b, e.a), side3(f.a, f.b, e.b)
	if e.a == f.a || e.a == f.b || e.b == f.a || e.b == f.b {
		// A common end: only lying on each other would be a fault.
		other := f.b
		if f.b == e.a || f.b == e.b {
			other = f.a
		}
		return side3(e.a, e.b, other) == 0 && between(e, other)
	}
	return a*b <= 0 && c*d <= 0
}

// between reports whether g, on the line of e, lies on e itself.
func between(e edge, g grid) bool {
	return g != e.a && g != e.b &&
		min(e.a.lon, e.b.lon) <= g.lon && g.lon <= max(e.a.lon, e.b.lon) &&
		min(e.a.lat, e.b.lat) <= g.lat && g.lat <= max(e.a.lat, e.b.lat)
}
