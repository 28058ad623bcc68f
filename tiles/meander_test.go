package tiles

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
)

// meander returns a coverage of narrow bands that wind together, like the two
// sides of a river and the paths along them: any corner that is cut without
// looking cuts through the next band. Its outline is a rectangle.
func meander(t testing.TB, rng *rand.Rand, bands, n int, width float64) ([]Item, Box) {
	const size = 400e3
	x0, y0 := float64(cityCentre.X), float64(cityCentre.Y)
	var swing, across []float64
	at, fast := 0.0, 0.0
	for range n + 1 {
		fast = 0.7*fast + 2000*(rng.Float64()-0.5)
		at = 0.98*at + fast
		swing = append(swing, at)
		across = append(across, size*(float64(len(across))+0.6*rng.Float64())/float64(n+1))
	}
	across[0], across[n] = 0, size
	box := Box{Min: Vertex{uint32(x0), uint32(y0 - size)}, Max: Vertex{uint32(x0 + size), uint32(y0 + size)}}
	lines := make([][]Vertex, bands+1)
	for k := range lines {
		if k == 0 || k == bands {
			y := box.Min.Y
			if k > 0 {
				y = box.Max.Y
			}
			lines[k] = []Vertex{{box.Min.X, y}, {box.Max.X, y}}
			continue
		}
		for i := range n + 1 {
			// Lines keep their order: all bend at the same x, and each stays in its
			// own part of the width.
			x := x0 + across[i]
			y := y0 + swing[i] + width*(float64(k)+0.6*rng.Float64())
			lines[k] = append(lines[k], Vertex{uint32(math.Round(x)), uint32(math.Round(y))})
		}
	}
	var items []Item
	for k := range bands {
		ring := append([]Vertex{}, lines[k]...)
		for i := len(lines[k+1]) - 1; i >= 0; i-- {
			ring = append(ring, lines[k+1][i])
		}
		items = append(items, Item{ID: uint64(k + 1), Shape: shape(t, orb.Polygon{toRing(ring)})})
	}
	return items, box
}

// drawn returns the edges of all shapes at a zoom, before rounding.
func drawn(items []Item, z uint8) [][2]Vertex {
	var edges [][2]Vertex
	for _, it := range items {
		for i := range it.Shape.parts() {
			from, to, _ := it.Shape.part(i)
			var vs []Vertex
			for k := from; k < to; k++ {
				if it.Shape.levels[k]&levelMask <= z {
					vs = append(vs, it.Shape.coords[k])
				}
			}
			for k, v := range vs {
				edges = append(edges, [2]Vertex{v, vs[(k+1)%len(vs)]})
			}
		}
	}
	return edges
}

// cross reports whether two edges have a point in common that is not an end of
// both, unless one is the other.
func edgesCross(e, f [2]Vertex) bool {
	if e == f || e[0] == f[1] && e[1] == f[0] {
		return false
	}
	be, bf := Box{Min: e[0], Max: e[0]}, Box{Min: f[0], Max: f[0]}
	be.extend(e[1])
	bf.extend(f[1])
	if !be.Meets(bf) {
		return false
	}
	a, b := orientation(e[0], e[1], f[0]), orientation(e[0], e[1], f[1])
	c, d := orientation(f[0], f[1], e[0]), orientation(f[0], f[1], e[1])
	return a*b < 0 && c*d < 0
}

func crossings(edges [][2]Vertex) int {
	n := 0
	for i, e := range edges {
		for _, f := range edges[i+1:] {
			if edgesCross(e, f) {
				n++
			}
		}
	}
	return n
}

// TestNoCrossings simplifies coverages with narrow and winding parts: at no zoom
// do two edges cross.
func TestNoCrossings(t *testing.T) {
	for seed := range uint64(6) {
		rng := rand.New(rand.NewPCG(seed, 4))
		winding, _ := meander(t, rng, 5, 150, 60+1000*rng.Float64())
		for name, items := range map[string][]Item{
			"winding": winding,
			"blocks":  newPlanar(rng, 4).coverage(t),
		} {
			Generalise(items, true)
			if n := crossings(drawn(items, 16)); n > 0 {
				t.Fatalf("seed %d: %s: the source has %d crossings", seed, name, n)
			}
			before := 0
			for z := range uint8(17) {
				edges := drawn(items, z)
				if n := crossings(edges); n > 0 {
					t.Errorf("seed %d: %s: %d crossings at zoom %d", seed, name, n, z)
				}
				if len(edges) < before {
					t.Errorf("seed %d: %s: %d edges at zoom %d, more below", seed, name, len(edges), z)
				}
				before = len(edges)
			}
		}
	}
}
