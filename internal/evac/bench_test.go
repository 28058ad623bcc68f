package evac

import (
	"math/rand/v2"
	"testing"
	"time"
)

// BenchmarkRoutes is a city of 50,000 roads.
func BenchmarkRoutes(b *testing.B) {
	s := banda(b, 5)
	start := time.Now()
	c := s.city(noon)
	b.Logf("made in %v", time.Since(start))
	from := places(c, rand.New(rand.NewPCG(1, 1)), 1000)
	for _, q := range []Question{{K: 1, Profile: "foot"}, {K: 3, Profile: "foot"}, {K: 3, Profile: "foot", Hazard: "tsunami"}, {K: 3, Profile: "foot", Hazard: "tsunami", Departure: 25 * time.Minute}, {K: 3, Profile: "foot", Bridges: true}} {
		q.Now = noon
		b.Run(q.Hazard+q.Departure.String(), func(b *testing.B) {
			i := 0
			for b.Loop() {
				q.From = from[i%len(from)]
				_, _ = c.Routes(q)
				i++
			}
		})
	}
	b.Run("a closure", func(b *testing.B) {
		i := 0
		at := c
		for b.Loop() {
			id := s.add(closureLayer, square(from[i%len(from)], 20), map[string]any{"reason": "flood", "severity": "closed", "starts_at": noon})
			at = s.next(at, noon, closureLayer, id)
			if i++; i%20 == 0 {
				s.rows[closureLayer] = nil
			}
		}
	})
}
