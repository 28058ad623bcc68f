package indicator

import (
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/planar"
)

// TestReachesAgreesWithClipping holds the grid of a unit, which only saves
// time, against what cutting the unit by the box leaves of it.
func TestReachesAgreesWithClipping(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 32))
	seen := map[bool]int{}
	for range 200 {
		g := blob(r, somewhere(r), 600)
		// A hole that is as large as many boxes are.
		hole := blob(r, g.Bound().Center(), 150)[0][0]
		g[0] = append(g[0], hole)
		u := &unit{geometry: g, bound: g.Bound()}
		u.divide()
		for range 100 {
			lo := orb.Point{u.bound.Min[0] - 0.004 + 0.016*r.Float64(), u.bound.Min[1] - 0.004 + 0.016*r.Float64()}
			size := []float64{1e-5, 2e-4, 3e-3}[r.IntN(3)]
			b := orb.Bound{Min: lo, Max: orb.Point{lo[0] + size*r.Float64(), lo[1] + size*r.Float64()}}
			want := planar.Area(clip.MultiPolygon(b, g.Clone())) > 1e-18
			got := u.reaches(b, 0)
			if got != want {
				t.Errorf("box %v of %v: %t, want %t", b, g, got, want)
			}
			seen[got]++
			if far := u.reaches(b, 100); got && !far {
				t.Errorf("box %v is in reach at 0 m and not at 100 m", b)
			}
		}
	}
	if seen[true] < 2000 || seen[false] < 2000 {
		t.Errorf("boxes inside and outside: %v", seen)
	}
}
