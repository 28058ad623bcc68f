package evac

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac/network"
	"github.com/simtaru/simtaru/internal/indicator/land"
	"github.com/simtaru/simtaru/internal/plan"
)

// inWords is a crowd in words, whatever the numbers of edges.
func inWords(c *Crowd) (all []string) {
	for _, a := range c.Areas {
		all = append(all, fmt.Sprintf("%+v", a))
	}
	for _, g := range c.Groups {
		all = append(all, fmt.Sprintf("%s %.7f: %d, %.3f m from %.7f", c.Areas[g.Area].Code, g.At, g.People, g.Place.Distance, g.Place.At))
	}
	return all
}

// counts checks that everybody is somewhere once, and where the network has the
// nearest road.
func counts(t *testing.T, s *sheet, c *City) *Crowd {
	t.Helper()
	crowd := c.Crowd()
	placed := make([]int, len(crowd.Areas))
	for i, g := range crowd.Groups {
		placed[g.Area] += int(g.People)
		if g.People < 1 {
			t.Fatalf("a group of %d people", g.People)
		}
		if i%50 == 0 {
			near := c.net.Locate(network.Nearby{Point: g.At, Within: Reach, Profile: c.profile("foot")})
			if len(near) == 0 || near[0].Distance != g.Place.Distance || near[0].At != g.Place.At {
				t.Errorf("%v is placed at %+v, the nearest is %+v", g.At, g.Place, near)
			}
		}
	}
	people := map[string]int{}
	for r := range tableOf(s.view(), boundaryLayer).all {
		people[get[string](r, "kode")] = int(get[int64](r, "population"))
	}
	for i, a := range crowd.Areas {
		if a.Placed != placed[i] || a.Placed > a.People {
			t.Errorf("%s: %d of %d placed, in groups %d", a.Name, a.Placed, a.People, placed[i])
		}
		if want, counted := people[a.Code]; counted && want > 0 && want != a.People {
			t.Errorf("%s: %d people, of %d", a.Name, a.People, want)
		}
		if a.Code == "" && a.Basis != ByOccupants {
			t.Errorf("outside of all: %+v", a)
		}
	}
	return crowd
}

// TestCrowdOfACity counts the demonstration city.
func TestCrowdOfACity(t *testing.T) {
	s := banda(t, 0.3, boundaryLayer, buildingLayer)
	crowd := counts(t, s, s.city(noon))
	bases, all, placed := map[Basis]int{}, 0, 0
	for _, a := range crowd.Areas {
		bases[a.Basis]++
		all += a.People
		placed += a.Placed
	}
	if len(crowd.Areas) < 90 || all < 200_000 || placed < all*99/100 || bases[ByOccupants] < 80 {
		t.Errorf("%d areas, %d of %d people placed, by %v", len(crowd.Areas), placed, all, bases)
	}
}

// town is four gampong in a row and one far from all roads, with a road through
// the four.
func town(t *testing.T) (*sheet, func(gampong int, x, y float64) orb.Point) {
	s := newSheet(t)
	lon, lat := land.Metres(5.55)
	at := func(gampong int, x, y float64) orb.Point {
		return orb.Point{95.3 + (float64(gampong)*1000+x)/lon, 5.55 + y/lat}
	}
	for i := range 5 {
		if i == 4 {
			i = 9 // 5 km to the east
		}
		a, b := at(i, 0, 0), at(i, 1000, 1000)
		s.add(boundaryLayer, orb.MultiPolygon{{{a, {b[0], a[1]}, b, {a[0], b[1]}, a}}}, map[string]any{
			"kode": fmt.Sprintf("11.71.01.200%d", i), "nama": fmt.Sprint("G", i), "kecamatan": "K", "population": int64(100),
		})
	}
	s.add(roadLayer, orb.MultiLineString{{at(0, 0, 500), at(3, 1000, 500)}}, map[string]any{"class": "residential"})
	return s, at
}

// TestCrowdByWhatIsKnown has gampong of which more and less is known.
func TestCrowdByWhatIsKnown(t *testing.T) {
	s, at := town(t)
	house := func(gampong int, x, y float64, values map[string]any) int64 {
		return s.add(buildingLayer, square(at(gampong, x, y), 5), values)
	}
	house(0, 100, 400, map[string]any{"occupants": int64(2)})
	house(0, 200, 400, map[string]any{"occupants": int64(1), "use": "office"})
	house(0, 300, 400, map[string]any{"occupants": int64(0)})
	house(1, 100, 400, map[string]any{"floors": int64(2)})
	house(1, 200, 400, map[string]any{"use": "mixed"})
	house(1, 300, 400, map[string]any{"use": "office", "floors": int64(9)})
	house(2, 100, 400, map[string]any{"occupants": int64(60)})
	house(2, 200, 400, map[string]any{})
	house(3, 300, 400, map[string]any{"use": "office"})
	house(9, 100, 400, map[string]any{"occupants": int64(3)})
	house(5, 100, 500, map[string]any{"occupants": int64(7)}) // 100 m from the road's end, in no gampong
	crowd := counts(t, s, s.city(noon))
	want := []Area{
		{1, "11.71.01.2000", "G0", "K", 100, 100, ByOccupants},
		{2, "11.71.01.2001", "G1", "K", 100, 100, ByDwellings},
		{3, "11.71.01.2002", "G2", "K", 100, 100, ByBoth},
		{4, "11.71.01.2003", "G3", "K", 100, 100, ByRoads},
		{5, "11.71.01.2009", "G9", "K", 100, 0, ByOccupants},
		{0, "", "", "", 7, 0, ByOccupants},
	}
	if d := cmp.Diff(want, crowd.Areas); d != "" {
		t.Error(d)
	}
	var people []int32
	for _, g := range crowd.Groups {
		people = append(people, g.People)
	}
	if d := cmp.Diff([]int32{67, 33, 67, 33, 60, 40, 100}, people); d != "" {
		t.Error(d)
	}
	// Who is not counted is not made up; occupants are.
	for i, id := range []int64{1, 2, 3, 4, 5} {
		b := s.rows[boundaryLayer][id-1]
		s.set(boundaryLayer, id, b.Geometry, map[string]any{"kode": fmt.Sprint("X", i), "nama": "X"})
	}
	crowd = s.city(noon).Crowd()
	var got []string
	for _, a := range crowd.Areas {
		got = append(got, fmt.Sprint(a.People, " ", a.Basis))
	}
	if d := cmp.Diff([]string{"3 uncounted", "0 uncounted", "60 uncounted", "0 uncounted", "3 uncounted", "7 occupants"}, got); d != "" {
		t.Error(d)
	}
	if c := newSheet(t).city(noon).Crowd(); len(c.Areas) != 0 || len(c.Groups) != 0 {
		t.Errorf("in an empty plan: %+v", c)
	}
}

// TestCrowdFollows edits buildings and roads: each crowd is the one that is made
// anew.
func TestCrowdFollows(t *testing.T) {
	s, at := town(t)
	r := rand.New(rand.NewPCG(1, 2))
	for range 60 { // none in G3, whose people are along its roads
		values := []map[string]any{{"occupants": int64(r.IntN(9))}, {"floors": int64(1 + r.IntN(3))}, {"use": "office"}}[r.IntN(3)]
		s.add(buildingLayer, square(at(r.IntN(3), r.Float64()*1000, r.Float64()*1000), 6), values)
	}
	c := s.city(noon)
	c.Crowd()
	for step := range 60 {
		var layer string
		var id int64
		switch step % 4 {
		case 0:
			layer = roadLayer
			a := at(r.IntN(4), r.Float64()*1000, r.Float64()*1000)
			id = s.add(layer, orb.MultiLineString{{a, {a[0] + r.Float64()/300, a[1] + r.Float64()/300}}}, map[string]any{"foot": r.IntN(5) > 0})
		case 1:
			layer, id = roadLayer, int64(1+r.IntN(len(s.rows[roadLayer])))
			if s.rows[layer][id-1] != nil {
				s.drop(layer, id)
			}
		case 2:
			layer, id = buildingLayer, int64(1+r.IntN(60))
			s.rows[layer][id-1] = nil
			s.set(layer, id, square(at(r.IntN(5), r.Float64()*1000, r.Float64()*1000), 6), map[string]any{"occupants": int64(r.IntN(9))})
		case 3:
			layer, id = buildingLayer, int64(1+r.IntN(60))
			s.drop(layer, id)
		}
		c = s.next(c, noon, layer, id)
		if c.crowd.made.Load() == nil {
			t.Fatal("the crowd did not follow")
		}
		if d := cmp.Diff(inWords(s.city(noon).Crowd()), inWords(c.Crowd())); d != "" {
			t.Fatalf("step %d, %s %d: made anew and after edits: %s", step, layer, id, d)
		}
		counts(t, s, c)
	}
	// A boundary is a matter of all.
	b := s.rows[boundaryLayer][1]
	s.set(boundaryLayer, 2, b.Geometry, map[string]any{"kode": "11.71.01.2001", "population": int64(5)})
	c = s.next(c, noon, boundaryLayer, 2)
	if d := cmp.Diff(inWords(s.city(noon).Crowd()), inWords(c.Crowd())); d != "" || c.Crowd().Areas[1].People != 5 {
		t.Errorf("after the boundary: %s", d)
	}
}

// BenchmarkCrowd is a city of 50,000 roads and 100,000 buildings.
func BenchmarkCrowd(b *testing.B) {
	s := banda(b, 5, boundaryLayer, buildingLayer)
	c := s.city(noon)
	b.Logf("%d buildings", len(s.rows[buildingLayer]))
	v := s.view()
	b.Run("anew", func(b *testing.B) {
		for b.Loop() {
			newCrowd(newCensus(c, v))
		}
	})
	c.Crowd()
	b.Run("a building", func(b *testing.B) {
		for b.Loop() {
			c.crowd.next(c, v, news{buildingLayer: {5: true}}, nil)
		}
	})
	for _, hazard := range []string{"", "tsunami"} {
		b.Run("coverage "+hazard, func(b *testing.B) {
			for b.Loop() {
				if _, err := c.Coverage(Need{Profile: "foot", Hazard: hazard, Within: 15 * time.Minute, Now: noon}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	var gone *plan.Feature
	gone, s.rows[roadLayer][99] = s.rows[roadLayer][99], nil
	n, d, err := c.edit([]network.Change{{Key: network.Key{ID: 100}}})
	if err != nil || gone == nil {
		b.Fatal(err)
	}
	next := *c
	next.roads = n
	b.Run("a road", func(b *testing.B) {
		for b.Loop() {
			c.crowd.next(&next, v, news{}, d)
		}
	})
}
