package evac

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac/cch"
	"github.com/simtaru/simtaru/internal/evac/network"
	"github.com/simtaru/simtaru/internal/indicator/land"
)

// TestReachedInTime looks at places on roads by chance, and just before and after
// each cut: who asks for the nearest shelter from there is in time where the
// stretch says so, and nowhere else. Roads are closed and slow, and a hazard has
// its rule.
func TestReachedInTime(t *testing.T) {
	s := banda(t, 0.3)
	r := rand.New(rand.NewPCG(9, 10))
	c := s.city(noon)
	for i, p := range places(c, r, 60) {
		s.add(closureLayer, square(p, 15), map[string]any{"reason": "flood", "severity": []string{"closed", "slow"}[i%2], "starts_at": noon.Add(-time.Hour)})
	}
	for range 60 { // and a line across
		line := c.net.Edges[r.IntN(len(c.net.Edges))].Line
		a, b := line[0], line[1]
		mid, x, y := between(a, b, 0.4), (b[1]-a[1])/20, (a[0]-b[0])/20
		across := orb.MultiLineString{{{mid[0] - x, mid[1] - y}, {mid[0] + x, mid[1] + y}}}
		s.add(closureLayer, across, map[string]any{"reason": "debris", "severity": "closed", "starts_at": noon.Add(-time.Hour)})
	}
	c = s.city(noon)
	for _, who := range []setting{{"foot", ""}, {"foot_helped", "tsunami"}, {"bicycle", ""}} {
		l, err := c.lane(who)
		if err != nil {
			t.Fatal(err)
		}
		times := []uint32{200_000, 600_000}
		a, err := c.Reach(who.profile, who.hazard, times)
		if err != nil {
			t.Fatal(err)
		}
		var doors []cch.Place
		for _, d := range l.doors {
			doors = append(doors, d.access)
		}
		q := c.queries.Get().(*cch.Query)
		var near cch.Reach
		q.Sweep(l.metric, cch.To, doors, &near)
		in, out, cut, held := 0, 0, 0, 0
		for range 3000 {
			edge := uint32(r.IntN(len(c.net.Edges)))
			if len(l.held) > 0 && r.IntN(3) == 0 {
				for edge = range l.held {
					if r.IntN(8) == 0 {
						break
					}
				}
				held++
			}
			e := &c.net.Edges[edge]
			along, against := l.profile.Speed(&e.Feature().Attributes)
			if e.Laid || along <= 0 && against <= 0 {
				continue
			}
			limit := times[r.IntN(2)]
			stretches := l.within(edge, along, against, &near, limit)
			at := []float64{r.Float64() * e.Length}
			for _, s := range stretches {
				at = append(at, s.from-0.05, s.from+0.05, s.to-0.05, s.to+0.05)
				cut++
			}
			for _, x := range at {
				if x < 0 || x > e.Length {
					continue
				}
				inside, edgy := false, false
				for _, s := range stretches {
					inside = inside || s.from <= x && x <= s.to
					edgy = edgy || math.Abs(x-s.from) < 0.02 || math.Abs(x-s.to) < 0.02
				}
				from := l.begin(network.Place{Edge: edge, Along: x})
				length := uint32(cch.Inf)
				if n := q.Nearest(l.targets, from.access, 1, nil); len(n) > 0 {
					length = n[0].Length
				}
				for _, d := range l.on[edge] {
					length = min(length, straight(l, from, d))
				}
				if inside {
					in++
				} else {
					out++
				}
				if !edgy && inside != (length <= limit) {
					t.Errorf("%v: at %.2f of %.2f m of edge %d: %d ms, of %d; within %v, held %v", who, x, e.Length, edge, length, limit, stretches, l.held[edge])
				}
			}
		}
		if in < 100 || out < 100 || cut < 100 || held < 100 {
			t.Errorf("%v: %d inside, %d outside, %d cuts, %d on held edges: the test tests little", who, in, out, cut, held)
		}
		// All that may be used is in one band, or beyond.
		total, bands := 0.0, a.Beyond
		for i := range c.net.Edges {
			e := &c.net.Edges[i]
			if along, against := l.profile.Speed(&e.Feature().Attributes); !e.Laid && (along > 0 || against > 0) {
				total += e.Length
			}
		}
		for _, b := range a.Bands {
			drawn := 0.0
			for _, line := range b.Lines {
				drawn += lengthOf(line)
			}
			if bands += b.Metres; b.Metres == 0 || math.Abs(drawn-b.Metres) > 1+b.Metres/1000 {
				t.Errorf("%v: %.1f m in a band, %.1f m drawn", who, b.Metres, drawn)
			}
		}
		if a.Shelters == 0 || a.Beyond <= 0 || math.Abs(total-bands) > 1+total/10_000 {
			t.Errorf("%v: bands and beyond are %.1f m, all is %.1f m", who, bands, total)
		}
		c.queries.Put(q)
	}
}

func lengthOf(line orb.LineString) (metres float64) {
	for i := 1; i < len(line); i++ {
		metres += land.Distance(line[i-1], line[i])
	}
	return metres
}
