package tiles

import (
	"math/rand/v2"
	"testing"
)

// TestNoAllocationPerFeature: once a pen has grown, a tile costs the few
// allocations of starting it, however many features it has.
func TestNoAllocationPerFeature(t *testing.T) {
	small, large := parcels(t, 100, 2300), parcels(t, 2000, 2300)
	Generalise(small, false)
	Generalise(large, false)
	zone := newPlanar(rand.New(rand.NewPCG(1, 1)), 16).coverage(t)
	Generalise(zone, true)
	count := func(id ID, l Layer) float64 {
		p := &pen{frame: newFrame(id)}
		var dst []byte
		return testing.AllocsPerRun(20, func() {
			p.w.reset(l.Keys)
			if l.Find != nil {
				p.coverage(l)
			} else {
				p.layer(l)
			}
			dst = p.w.appendTo(dst[:0], l.Name)
			p.forget()
		})
	}
	const start = 6
	for name, n := range map[string]float64{
		"small":           count(tileAt(cityCentre, 14), parcelLayer(small)),
		"large":           count(tileAt(cityCentre, 14), parcelLayer(large)),
		"coverage":        count(tileAt(cityCentre, 10), coverageLayer(zone)),
		"coverage, large": count(tileAt(cityCentre, 13), coverageLayer(zone)),
	} {
		t.Logf("%s: %v", name, n)
		if n > start {
			t.Errorf("%s: %v allocations a tile", name, n)
		}
	}
}
