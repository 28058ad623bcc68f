package evac

import (
	"context"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/planar"

	"github.com/simtaru/simtaru/internal/evac/cch"
	"github.com/simtaru/simtaru/internal/evac/network"
	"github.com/simtaru/simtaru/internal/indicator/land"
	"github.com/simtaru/simtaru/internal/testdb"
)

func TestMain(m *testing.M) { os.Exit(testdb.Main(context.Background(), m)) }

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
		a, err := c.Reach(who.profile, who.hazard, times, ReachBy{})
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
		var n nearby
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
			n.find(l, edge, along, against, &near)
			stretches := slices.Clone(n.within(-1, float64(limit), anyTarget))
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
				if first := q.Nearest(l.targets, from.access, 1, nil); len(first) > 0 {
					length = first[0].Length
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

// TestCatchments looks at places on roads by chance, and on both sides of each cut
// between two shelters: who asks for the nearest from there is led to the one
// whose stretch it is. All catchments together are what is within reach.
func TestCatchments(t *testing.T) {
	s := banda(t, 0.3)
	r := rand.New(rand.NewPCG(17, 18))
	c := s.city(noon)
	for i, p := range places(c, r, 60) {
		s.add(closureLayer, square(p, 15), map[string]any{"reason": "flood", "severity": []string{"closed", "slow"}[i%2], "starts_at": noon.Add(-time.Hour)})
	}
	c = s.city(noon)
	times := []uint32{900_000}
	for _, who := range []setting{{"foot", ""}, {"foot_helped", "tsunami"}} {
		l, err := c.lane(who)
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
		var n nearby
		cuts := 0
		for range 4000 {
			edge := uint32(r.IntN(len(c.net.Edges)))
			e := &c.net.Edges[edge]
			along, against := l.profile.Speed(&e.Feature().Attributes)
			if e.Laid || along <= 0 && against <= 0 {
				continue
			}
			n.find(l, edge, along, against, &near)
			for i, p := range n.pieces {
				if i > 0 && n.pieces[i-1].target != p.target && n.pieces[i-1].to == p.from {
					cuts++
				}
				for _, x := range []float64{p.from + 0.02, p.from + r.Float64()*(p.to-p.from), p.to - 0.02} {
					if x < p.from || x > p.to {
						continue
					}
					from := l.begin(network.Place{Edge: edge, Along: x})
					all := map[int]uint32{}
					for _, f := range q.Nearest(l.targets, from.access, 2, nil) {
						all[int(f.Index)] = f.Length
					}
					for _, d := range l.on[edge] {
						if v := straight(l, from, d); v < cch.Inf && (all[d.target] == 0 || v < all[d.target]) {
							all[d.target] = v
						}
					}
					least := uint32(cch.Inf)
					for _, v := range all {
						least = min(least, v)
					}
					time := p.first + (p.last-p.first)*(x-p.from)/(p.to-p.from)
					if own, ok := all[p.target]; !ok || own > least+15 || math.Abs(time-float64(own)) > 15 { // 15 ms are 3 cm
						t.Fatalf("%v: at %.2f of %.2f m of edge %d: %v, the piece is %+v with %.0f ms", who, x, e.Length, edge, all, p, time)
					}
				}
			}
		}
		c.queries.Put(q)
		if cuts < 20 {
			t.Errorf("%v: %d cuts between shelters: the test tests little", who, cuts)
		}
		whole, err := c.Reach(who.profile, who.hazard, times, ReachBy{})
		if err != nil {
			t.Fatal(err)
		}
		parts, err := c.Reach(who.profile, who.hazard, times, ReachBy{Shelter: true})
		if err != nil {
			t.Fatal(err)
		}
		metres := 0.0
		for _, b := range parts.Bands {
			metres += b.Metres
			if b.Shelter == nil || b.Metres <= 0 {
				t.Errorf("%v: %v with %v m", who, b.Shelter, b.Metres)
			}
		}
		if all := whole.Bands[0].Metres; math.Abs(metres-all) > 1+all/100_000 || math.Abs(parts.Beyond-whole.Beyond) > 1+all/100_000 || len(parts.Bands) < 5 {
			t.Errorf("%v: %d catchments of %.1f m, in reach are %.1f m; beyond %.1f and %.1f m", who, len(parts.Bands), metres, all, parts.Beyond, whole.Beyond)
		}
	}
}

// TestAreas holds areas against the stretches that they are around, by chance,
// and asks PostGIS whether they are polygons.
func TestAreas(t *testing.T) {
	c := banda(t, 0.3).city(noon)
	r := rand.New(rand.NewPCG(19, 20))
	conn := testdb.New(t).Conn(t)
	for _, by := range []ReachBy{{Areas: true}, {Shelter: true, Areas: true}} {
		a, err := c.Reach("foot", "", []uint32{300_000, 900_000}, by)
		if err != nil {
			t.Fatal(err)
		}
		var all [][]byte
		inside, outside, twice := 0, 0, 0.0
		for k, b := range a.Bands {
			g, err := wkb.Marshal(b.Areas)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, g)
			own := b.Lines
			if !by.Shelter && k > 0 {
				own = append(slices.Clone(own), a.Bands[0].Lines...)
			}
			for range 40 {
				line := own[r.IntN(len(own))]
				p := line[r.IntN(len(line))]
				// On the road, but for the cut, where another shelter's area begins.
				if land.At(land.Unit{Geometry: b.Areas}, p).All > 0 {
					inside++
				} else if d := gap(p, a.Bands, k); !by.Shelter || d > 15 {
					t.Errorf("%+v: %v is on a road of band %d, %.1f m from others, and in no area of it", by, p, k, d)
				}
				lon, lat := land.Metres(p[1])
				sin, cos := math.Sincos(r.Float64() * 2 * math.Pi)
				off := orb.Point{p[0] + 150*sin/lon, p[1] + 150*cos/lat}
				d := math.Inf(1)
				for _, line := range own {
					for i := 1; i < len(line); i++ {
						x, y := line[i-1], line[i]
						d = min(d, planar.DistanceFromSegment(orb.Point{(x[0] - off[0]) * lon, (x[1] - off[1]) * lat}, orb.Point{(y[0] - off[0]) * lon, (y[1] - off[1]) * lat}, orb.Point{}))
					}
				}
				if in := land.At(land.Unit{Geometry: b.Areas}, off).All > 0; in && d > OffRoad+8 || !in && d < OffRoad-8 && !by.Shelter {
					t.Errorf("%+v: %v is %.1f m from the roads of band %d, inside %v", by, off, d, k, in)
				} else if !in {
					outside++
				}
			}
		}
		var valid bool
		var why string
		var sum, union float64
		var points int
		if err := conn.QueryRow(t.Context(), `
			select bool_and(ST_IsValid(g)), coalesce(string_agg(ST_IsValidReason(g), ' ') filter (where not ST_IsValid(g)), ''), sum(ST_Area(g)), ST_Area(ST_Union(g)), sum(ST_NPoints(g))
			from (select ST_GeomFromWKB(g, 4326) as g from unnest($1::bytea[]) g) x`, all).Scan(&valid, &why, &sum, &union, &points); err != nil {
			t.Fatal(err)
		}
		if twice = sum/union - 1; !valid || by.Shelter && twice > 0.001 || inside < 40 || outside < 20 {
			t.Errorf("%+v: valid %v %s, %.5f of the land is in two areas, %d places inside, %d outside", by, valid, why, twice, inside, outside)
		}
		t.Logf("%+v: %d areas of %d points, %.6f twice", by, len(all), points, twice)
	}
}

// gap is the distance in m of a place from the lines of other bands.
func gap(p orb.Point, bands []Band, own int) float64 {
	lon, lat := land.Metres(p[1])
	d := math.Inf(1)
	for k, b := range bands {
		for _, line := range b.Lines {
			for i := 1; i < len(line) && k != own; i++ {
				x, y := line[i-1], line[i]
				d = min(d, planar.DistanceFromSegment(orb.Point{(x[0] - p[0]) * lon, (x[1] - p[1]) * lat}, orb.Point{(y[0] - p[0]) * lon, (y[1] - p[1]) * lat}, orb.Point{}))
			}
		}
	}
	return d
}
