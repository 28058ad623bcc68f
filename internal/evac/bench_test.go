package evac

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
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
		view := s.taken()
		for b.Loop() {
			id := s.add(closureLayer, square(from[i%len(from)], 20), map[string]any{"reason": "flood", "severity": "closed", "starts_at": noon})
			shot, _ := s.cat.Layer(closureLayer)
			var err error
			if at, err = at.next(view.with(mirror.NewSnapshot(shot, s.rows[closureLayer])), news{closureLayer: {id: true}}, noon); err != nil {
				b.Fatal(err)
			}
			if i++; i%20 == 0 {
				s.rows[closureLayer] = nil
			}
		}
	})
}

// taken are the snapshots of a sheet, of which one is replaced at a time.
type taken struct {
	cat *plan.Catalog
	all []*mirror.Snapshot
}

func (s *sheet) taken() taken {
	v := s.view()
	t := taken{cat: s.cat}
	for _, l := range followed {
		shot, _ := v.Snapshot(l)
		t.all = append(t.all, shot)
	}
	return t
}

func (t taken) with(one *mirror.Snapshot) mirror.View {
	for i, s := range t.all {
		if s.Layer().ID == one.Layer().ID {
			t.all[i] = one
		}
	}
	return mirror.NewView(t.cat, plan.Actor{}, t.all...)
}
