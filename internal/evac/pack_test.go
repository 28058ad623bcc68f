package evac

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac/cch"
	"github.com/simtaru/simtaru/internal/evac/pack"
	"github.com/simtaru/simtaru/internal/indicator/land"
	"github.com/simtaru/simtaru/internal/plan"
)

func packOf(t testing.TB, c *City, q PackQuestion) (*Packed, *pack.Pack) {
	t.Helper()
	q.Now = noon
	file, err := c.Pack(q)
	if err != nil {
		t.Fatal(err)
	}
	p, err := readPack(file.Data)
	if err != nil {
		t.Fatal(err)
	}
	return file, p
}

// hopsLead follows the hops from each node of a pack, and compares with what the
// hierarchy says of the node by its position. It tells how many have a way.
func hopsLead(t *testing.T, c *City, p *pack.Pack, tree int) (ways int) {
	t.Helper()
	l, err := c.lane(setting{p.Profile, p.Hazards[tree]})
	if err != nil {
		t.Fatal(err)
	}
	number := map[[2]int64][]uint32{}
	for v, at := range c.net.Nodes {
		k := [2]int64{pack.Micro(at[0]), pack.Micro(at[1])}
		number[k] = append(number[k], uint32(v))
	}
	q := c.queries.Get().(*cch.Query)
	defer c.queries.Put(q)
	f := follow(p, tree)
	for v, at := range p.Nodes {
		ms, shelter, err := f.from(v)
		if err != nil {
			t.Fatalf("from node %d at %v: %v", v, at, err)
		}
		fits := false
		for _, node := range number[[2]int64{pack.Micro(at[0]), pack.Micro(at[1])}] { // several within a decimetre
			near := q.Nearest(l.targets, cch.Place{{Node: node}}, 1, nil)
			if len(near) == 0 {
				fits = fits || shelter < 0
				continue
			}
			fits = fits || shelter >= 0 && int64(near[0].Length) == ms && c.shelters[l.usable[near[0].Index]].ID == p.Shelters[shelter].ID
		}
		if !fits {
			t.Fatalf("%s under %q: from node %d at %v by the pack %d ms to %d", p.Area.Code, p.Hazards[tree], v, at, ms, shelter)
		}
		if shelter >= 0 {
			ways++
		}
	}
	return ways
}

// TestPackLeadsAsTheCity: for every node of every pack, with closures, slow
// roads, hazards, an event, on foot and by car, the hops come to the nearest
// shelter in exactly its time, and never turn in a circle.
func TestPackLeadsAsTheCity(t *testing.T) {
	s := banda(t, 0.3, boundaryLayer)
	s.add(closureLayer, square(s.rows[shelterLayer][0].Geometry.(orb.Point), 60), map[string]any{"reason": "flood", "severity": "closed", "starts_at": noon.Add(-time.Hour), "ends_at": noon.Add(time.Hour)})
	s.add(closureLayer, square(s.rows[shelterLayer][1].Geometry.(orb.Point), 400), map[string]any{"reason": "flood", "severity": "slow", "speed_factor": 0.3, "starts_at": noon.Add(-time.Hour)})
	s.add(eventLayer, s.rows[boundaryLayer][0].Geometry, map[string]any{"hazard": "tsunami", "level": "awas", "status": "on", "starts_at": noon.Add(-time.Minute), "arrival_at": noon.Add(time.Hour)})
	c := s.city(noon)
	for _, profile := range []string{"foot", "car"} {
		whole, p := packOf(t, c, PackQuestion{Area: WholeCity, Profile: profile})
		if len(p.Trees) != 2 || len(p.Events) != 1 || p.Until == nil || !p.Until.Equal(noon.Add(time.Hour)) {
			t.Fatalf("%d trees, %d events, until %v", len(p.Trees), len(p.Events), p.Until)
		}
		if len(p.Held) == 0 || len(p.Trees[1].Fronts) == 0 || len(p.Trees[0].Fronts) > 0 {
			t.Errorf("%s: %d edges held, %d and %d with fronts", profile, len(p.Held), len(p.Trees[0].Fronts), len(p.Trees[1].Fronts))
		}
		all := hopsLead(t, c, p, 0)
		under := hopsLead(t, c, p, 1)
		if all < len(p.Nodes)/2 || under == 0 || under >= all {
			t.Errorf("%s: of %d nodes %d have a way, %d under the tsunami", profile, len(p.Nodes), all, under)
		}
		once := map[orb.Point]bool{}
		for _, area := range []string{s.rows[boundaryLayer][0].Values[0].(string), s.rows[boundaryLayer][7].Values[2].(string)} {
			part, p := packOf(t, c, PackQuestion{Area: area, Profile: profile, Hazard: "tsunami"})
			if hopsLead(t, c, p, 0) == 0 || len(part.Gzip) >= len(whole.Gzip)/2 {
				t.Errorf("the pack of %s has %d bytes, that of the city %d", area, len(part.Gzip), len(whole.Gzip))
			}
			for _, n := range p.Nodes {
				once[n] = true
			}
			// Nothing of the area is missing.
			for _, w := range c.wards {
				if w.code != area && w.district != area {
					continue
				}
				a := packArea{wards: []ward{w}}
				for v, at := range c.net.Nodes {
					used := false
					for arc := c.net.FirstOut[v]; arc < c.net.FirstOut[v+1]; arc++ {
						e, _ := c.net.Edge(arc)
						along, against := c.profile(profile).Speed(&c.net.Edges[e].Feature().Attributes)
						used = used || along > 0 || against > 0
					}
					if micro := (orb.Point{float64(pack.Micro(at[0])) / 1e6, float64(pack.Micro(at[1])) / 1e6}); used && a.holds(at) && !once[micro] {
						t.Fatalf("%s lacks the node at %v", area, at)
					}
				}
			}
		}
	}
	if w := c.wards[3]; c.AreaAt(w.box.Center()) == "" || c.AreaAt(orb.Point{0, 0}) != "" {
		t.Error("a place in the middle of a gampong is in none, or one at sea is in one")
	}
	var e *plan.Error
	for _, area := range []string{"", "11", "city ", "99.99.99.9999", "City"} {
		if _, err := c.Pack(PackQuestion{Area: area, Profile: "foot", Now: noon}); !errors.As(err, &e) || e.Kind != plan.NotFound {
			t.Errorf("%q: %v", area, err)
		}
	}
}

// TestPackIsOfTheState: what a city has come to by edits gives the same bytes
// as one made anew, and a change of closures others; the file is whole by its hash.
func TestPackIsOfTheState(t *testing.T) {
	s := banda(t, 0.1)
	c := s.city(noon)
	ask := PackQuestion{Area: WholeCity, Profile: "foot", Hazard: "tsunami"}
	before, p := packOf(t, c, ask)
	r := rand.New(rand.NewPCG(7, 8))
	var ids []int64
	gone := map[int64]*plan.Feature{}
	for range 6 {
		id := int64(1 + r.IntN(len(s.rows[roadLayer])))
		if f := s.rows[roadLayer][id-1]; f != nil {
			gone[id], ids = f, append(ids, id)
			s.drop(roadLayer, id)
		}
	}
	c = s.next(c, noon, roadLayer, ids...)
	edited, _ := packOf(t, c, ask)
	anew, _ := packOf(t, s.city(noon), ask)
	if !bytes.Equal(edited.Data, anew.Data) || bytes.Equal(edited.Data, before.Data) {
		t.Error("edits of roads do not give the bytes of a city made anew, or no others")
	}
	for id, f := range gone {
		s.rows[roadLayer][id-1] = f
	}
	c = s.next(c, noon, roadLayer, ids...)
	if back, _ := packOf(t, c, ask); !bytes.Equal(back.Data, before.Data) {
		t.Error("when all roads are back the bytes are not")
	}
	id := s.add(closureLayer, square(p.Nodes[len(p.Nodes)/2], 50), map[string]any{"reason": "flood", "severity": "closed", "starts_at": noon})
	closed, _ := packOf(t, s.next(c, noon, closureLayer, id), ask)
	if bytes.Equal(closed.Data, before.Data) {
		t.Error("a closure changes nothing")
	}
	z, err := gzip.NewReader(bytes.NewReader(closed.Gzip))
	if err != nil {
		t.Fatal(err)
	}
	if data, err := io.ReadAll(z); err != nil || !bytes.Equal(data, closed.Data) {
		t.Error("gzipped it is another", err)
	}
	if sum := sha256.Sum256(closed.Data[36:]); !bytes.Equal(sum[:], closed.Hash) {
		t.Error("the hash is another")
	}
	for _, at := range []int{0, 10, 40, len(closed.Data) - 1} {
		broken := bytes.Clone(closed.Data)
		broken[at] ^= 1
		if _, err := readPack(broken); err == nil {
			t.Errorf("byte %d may be changed", at)
		}
	}
}

// TestPackSize: the demonstration city, whole, with the tree of a tsunami beside.
func TestPackSize(t *testing.T) {
	s := banda(t, 1, boundaryLayer)
	s.add(eventLayer, square(orb.Point{95.32, 5.55}, 5000), map[string]any{"hazard": "tsunami", "status": "on", "starts_at": noon.Add(-time.Minute)})
	c := s.city(noon)
	start := time.Now()
	whole, p := packOf(t, c, PackQuestion{Area: WholeCity, Profile: "foot"})
	t.Logf("city: %d nodes, %d edges, %d bytes, %d gzipped, in %v", len(p.Nodes), len(p.Edges), len(whole.Data), len(whole.Gzip), time.Since(start))
	if len(whole.Gzip) > 250_000 {
		t.Errorf("the city has %d bytes", len(whole.Gzip))
	}
	most := 0
	for i := 0; i < len(c.wards); i += 20 {
		part, _ := packOf(t, c, PackQuestion{Area: c.wards[i].code, Profile: "foot"})
		most = max(most, len(part.Gzip))
	}
	t.Logf("gampong: at most %d bytes gzipped", most)
	if most > 60_000 {
		t.Errorf("a gampong has %d bytes", most)
	}
}

// street is a street of 1.1 km with a very short piece in it, a shelter at its
// east end, and a zone over its west.
func street(s *sheet) {
	line := func(at ...orb.Point) orb.MultiLineString { return orb.MultiLineString{at} }
	s.add(roadLayer, line(orb.Point{95.3, 5.5}, orb.Point{95.3049999, 5.5}), map[string]any{"name": "Jalan Barat", "class": "residential"})
	s.add(roadLayer, line(orb.Point{95.3049999, 5.5}, orb.Point{95.305, 5.5}), map[string]any{"class": "motorway"})
	s.add(roadLayer, line(orb.Point{95.305, 5.5}, orb.Point{95.307, 5.5}), map[string]any{"name": "Jalan Timur", "class": "residential", "bridge": true})
	s.add(roadLayer, line(orb.Point{95.307, 5.5}, orb.Point{95.31, 5.5}), map[string]any{"name": "Jalan Ujung", "class": "residential"})
	s.add(shelterLayer, orb.Point{95.31, 5.5001}, map[string]any{"name": "Masjid", "kind": "TES", "status": "ready", "capacity": int64(50), "accepts_vehicle": true})
	s.add(zoneLayer, square(orb.Point{95.301, 5.5}, 300), map[string]any{"hazard": "tsunami", "class": "high", "arrival_minutes": 20.0})
}

// TestPackOverNothing: a piece of a centimetre takes a car no time, so that both
// its ends are as far from the shelter; the way still does not turn in a circle.
func TestPackOverNothing(t *testing.T) {
	s := newSheet(t)
	street(s)
	c := s.city(noon)
	_, p := packOf(t, c, PackQuestion{Area: WholeCity, Profile: "car"})
	short := 0
	for _, e := range p.Edges {
		if e.Weight == 0 {
			short++
		}
	}
	if short != 1 || hopsLead(t, c, p, 0) != 5 {
		t.Errorf("%d short edges: %+v", short, p)
	}
	for _, d := range p.Trees[0].Doors {
		if m := land.Distance(orb.Point(p.Shelters[d.Shelter].At), orb.Point{95.31, 5.5}); m > 12 {
			t.Errorf("the door is %v m off", m)
		}
	}
}

// TestPackFixture: the answers by which the reader of the web map is tested are
// those of the server now. UPDATE=1 writes them.
func TestPackFixture(t *testing.T) {
	const path = "../../web/test/offline.fixture"
	s := banda(t, 0.05)
	middle := s.rows[shelterLayer][20].Geometry.(orb.Point)
	part := square(middle, 900).Bound()
	for _, layer := range []string{roadLayer, routeLayer} {
		for i, f := range s.rows[layer] {
			if !part.Intersects(f.Geometry.Bound()) {
				s.rows[layer][i] = nil
			}
		}
	}
	s.add(closureLayer, square(middle, 40), map[string]any{"reason": "flood", "severity": "closed", "starts_at": noon.Add(-time.Hour), "ends_at": noon.Add(time.Hour)})
	s.add(closureLayer, square(orb.Point{middle[0] + 0.003, middle[1]}, 250), map[string]any{"reason": "flood", "severity": "slow", "speed_factor": 0.4, "starts_at": noon.Add(-time.Hour)})
	s.add(eventLayer, square(orb.Point{middle[0], middle[1] + 0.004}, 700), map[string]any{"hazard": "tsunami", "level": "awas", "status": "on", "starts_at": noon.Add(-time.Minute), "arrival_at": noon.Add(time.Hour), "message_id": "Naik.", "message_en": "Climb."})
	c := s.city(noon)
	file, _ := packOf(t, c, PackQuestion{Area: WholeCity, Profile: "foot"})
	type way struct {
		From     orb.Point   `json:"from"`
		After    float64     `json:"after,omitempty"` // s
		Late     bool        `json:"late,omitempty"`
		Hazard   string      `json:"hazard"`
		Shelter  string      `json:"shelter"`
		Seconds  float64     `json:"seconds"`
		Metres   float64     `json:"metres"`
		Margin   *float64    `json:"margin"`
		Bridges  []string    `json:"bridges"`
		Steps    []plan.Text `json:"steps"`
		Sentence plan.Text   `json:"sentence"`
		Last     orb.Point   `json:"last"`
	}
	var ways []way
	bound, none, slow, around, late := 0, 0, 0, 0, 0
	ask := func(from orb.Point, after time.Duration) (w way, ok bool) {
		a, err := c.Routes(Question{From: from, K: 1, Profile: "foot", Now: noon, Departure: after})
		if err != nil {
			return w, false
		}
		w = way{From: from, After: after.Seconds(), Late: a.Late, Hazard: a.Hazard, Sentence: a.Sentence()}
		for _, r := range a.Routes {
			w.Shelter, w.Seconds, w.Metres, w.Bridges = r.Shelter.Name, r.Duration.Seconds(), r.Metres, r.Bridges
			if r.Tight != nil {
				m := r.Tight.Margin.Seconds()
				w.Margin = &m
			}
			for _, step := range r.Steps {
				w.Steps = append(w.Steps, step.Text)
			}
			w.Last = r.Line[len(r.Line)-2]
		}
		return w, true
	}
	for _, from := range places(c, rand.New(rand.NewPCG(9, 1)), 60) {
		from = orb.Point{math.Round(from[0]*1e6) / 1e6, math.Round(from[1]*1e6) / 1e6}
		w, ok := ask(from, 0)
		if !ok {
			continue
		}
		ways = append(ways, w)
		switch {
		case w.Shelter == "":
			none++
			continue
		case w.Metres/w.Seconds < 1.7:
			slow++
		}
		if w.Margin == nil {
			continue
		}
		bound++
		// Just too late for the fastest way: by another, or by none.
		then, _ := ask(from, time.Duration((*w.Margin+1)*float64(time.Second)))
		if then.Shelter != "" && around < 8 {
			around++
		} else if then.Late && late < 3 {
			late++
		} else {
			continue
		}
		ways = append(ways, then)
	}
	t.Logf("%d ways, %d with a deadline, %d without a way, %d over slow roads, %d around what is too late, %d late, %d bytes", len(ways), bound, none, slow, around, late, len(file.Gzip))
	if len(ways) < 30 || bound < 3 || none == 0 || slow == 0 || around < 2 || late == 0 {
		t.Error("the answers do not show what a reader must know")
	}
	text, err := json.Marshal(map[string]any{"pack": file.Data, "now": noon, "ways": ways})
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(kept, text) {
		t.Errorf("%s is not what the server says now (%v): UPDATE=1 writes it", path, err)
	}
}
