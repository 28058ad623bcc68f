package evac

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/simtaru/simtaru/internal/indicator/land"
	"github.com/simtaru/simtaru/internal/plan"
)

// TestArrivalHoldsInItsArea compares the deadlines of a street's edges with what
// is found by walking along it half a metre at a time.
func TestArrivalHoldsInItsArea(t *testing.T) {
	const lat = 5.5
	degree, _ := land.Metres(lat)
	at := func(metres float64) float64 { return 95.3 + metres/degree }
	box := func(from, to float64) orb.Polygon {
		return orb.Bound{Min: orb.Point{at(from), lat - 0.001}, Max: orb.Point{at(to), lat + 0.001}}.ToPolygon()
	}
	// Ends are at multiples of 20 m and a rest of their own, so that no two of them,
	// nor what is within the verge of them, fall together.
	spans := func(t *rapid.T, what string, rest float64, most int) (all [][2]float64) {
		for range rapid.IntRange(0, most).Draw(t, what) {
			from := rapid.IntRange(0, 19).Draw(t, "from")
			to := rapid.IntRange(from+1, 20).Draw(t, "to")
			all = append(all, [2]float64{float64(from)*20 + rest, float64(to)*20 + rest})
		}
		return all
	}
	within := func(x float64, span [2]float64) bool { return span[0]-verge <= x && x <= span[1]+verge }
	s := newSheet(t)
	rapid.Check(t, func(rt *rapid.T) {
		s.rows = map[string][]*plan.Feature{}
		cuts := []int{0, 21}
		for range rapid.IntRange(0, 5).Draw(rt, "cuts") {
			cuts = append(cuts, rapid.IntRange(1, 20).Draw(rt, "cut"))
		}
		for i := range 21 { // a road between any two neighbours of the cuts
			if to := next(cuts, i); to > i {
				s.add(roadLayer, orb.MultiLineString{{{at(float64(i) * 20), lat}, {at(float64(to) * 20), lat}}}, map[string]any{"class": "residential"})
			}
		}
		zones := spans(rt, "zones", 6, 3)
		minutes := make([]float64, len(zones))
		for i, z := range zones {
			minutes[i] = float64(rapid.IntRange(-1, 30).Draw(rt, "minutes"))
			values := map[string]any{"hazard": "tsunami", "class": "high"}
			if minutes[i] >= 0 {
				values["arrival_minutes"] = minutes[i]
			}
			s.add(zoneLayer, orb.MultiPolygon{box(z[0], z[1])}, values)
		}
		c := s.city(noon)
		areas := spans(rt, "areas", 7, 2)
		var area orb.MultiPolygon
		for _, a := range areas {
			area = append(area, box(a[0], a[1]))
		}
		start, arrival := noon.Add(-10*time.Minute), noon.Add(time.Duration(rapid.IntRange(-5, 25).Draw(rt, "arrival"))*time.Minute)
		id := s.add(eventLayer, area, map[string]any{"hazard": "tsunami", "status": "on", "starts_at": start, "arrival_at": arrival})
		c = s.next(c, noon, eventLayer, id)
		check := func() {
			d := due(c.hazards["tsunami"], c.events[0], Question{Now: noon})
			for i := range c.net.Edges {
				line := c.net.Edges[i].Line
				from, to := (line[0][0]-95.3)*degree, (line[len(line)-1][0]-95.3)*degree
				want := int64(math.MaxInt64)
				for x := min(from, to) + 0.25; x < max(from, to); x += 0.5 {
					for k, z := range zones {
						switch {
						case !within(x, z):
						case slices.ContainsFunc(areas, func(a [2]float64) bool { return within(x, a) }):
							want = min(want, arrival.Sub(noon).Milliseconds())
						case minutes[k] >= 0:
							want = min(want, start.Sub(noon).Milliseconds()+int64(minutes[k]*60_000))
						}
					}
				}
				if got := d.of(uint32(i)); got != want {
					rt.Fatalf("from %.0f to %.0f m: %d, want %d", from, to, got, want)
				}
			}
		}
		check()
		// A road that is drawn later belongs to it too.
		road := s.add(roadLayer, orb.MultiLineString{{{at(0), lat + 0.0005}, {at(200), lat + 0.0005}}}, map[string]any{"class": "residential"})
		c = s.next(c, noon, roadLayer, road)
		check()
	})
}

// next is the smallest number above at, if at is one of them; else 0.
func next(all []int, at int) int {
	is, best := false, 0
	for _, n := range all {
		is = is || n == at
		if n > at && (best == 0 || n < best) {
			best = n
		}
	}
	if !is {
		return 0
	}
	return best
}
