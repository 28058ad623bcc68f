package evac

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/demo"
	"github.com/simtaru/simtaru/internal/evac/cch"
	"github.com/simtaru/simtaru/internal/evac/network"
	"github.com/simtaru/simtaru/internal/indicator/land"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// sheet is a plan in memory that tests edit.
type sheet struct {
	t    testing.TB
	cat  *plan.Catalog
	rows map[string][]*plan.Feature
}

func newSheet(t testing.TB) *sheet {
	t.Helper()
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return &sheet{t, cat, map[string][]*plan.Feature{}}
}

// add adds a row and returns its id.
func (s *sheet) add(layer string, g orb.Geometry, values map[string]any) int64 {
	s.t.Helper()
	id := int64(len(s.rows[layer]) + 1)
	s.rows[layer] = append(s.rows[layer], nil)
	s.set(layer, id, g, values)
	return id
}

func (s *sheet) set(layer string, id int64, g orb.Geometry, values map[string]any) {
	s.t.Helper()
	l, ok := s.cat.Layer(layer)
	if !ok {
		s.t.Fatalf("no layer %s", layer)
	}
	f := &plan.Feature{ID: id, Revision: 1, Geometry: g, Values: make([]any, len(l.Fields))}
	if old := s.rows[layer][id-1]; old != nil {
		f.Revision = old.Revision + 1
	}
	left := len(values)
	for i := range l.Fields {
		if v, has := values[l.Fields[i].Name]; has {
			f.Values[i], left = v, left-1
		}
	}
	if left > 0 {
		s.t.Fatalf("%s does not have all of %v", layer, values)
	}
	s.rows[layer][id-1] = f
}

func (s *sheet) drop(layer string, id int64) { s.rows[layer][id-1] = nil }

func (s *sheet) view() mirror.View {
	var all []*mirror.Snapshot
	for _, name := range followed {
		l, _ := s.cat.Layer(name)
		all = append(all, mirror.NewSnapshot(l, slices.DeleteFunc(slices.Clone(s.rows[name]), func(f *plan.Feature) bool { return f == nil })))
	}
	return mirror.NewView(s.cat, plan.Actor{}, all...)
}

func (s *sheet) city(now time.Time) *City {
	s.t.Helper()
	c, err := newCity(s.view(), now)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func (s *sheet) next(c *City, now time.Time, layer string, ids ...int64) *City {
	s.t.Helper()
	changed := news{}
	if layer != "" {
		changed[layer] = map[int64]bool{}
		for _, id := range ids {
			changed[layer][id] = true
		}
	}
	n, err := c.next(s.view(), changed, now)
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// banda is the demonstration city, without what no road needs but some layers.
func banda(t testing.TB, scale float64, more ...string) *sheet {
	t.Helper()
	s := newSheet(t)
	c := demo.New(demo.Options{Scale: scale})
	for _, layer := range append(more, roadLayer, routeLayer, shelterLayer, zoneLayer) {
		for r := range c.Rows(layer) {
			values := map[string]any{}
			l, _ := s.cat.Layer(layer)
			for k, v := range r.Values {
				if _, ok := l.Field(k); ok {
					values[k] = v
				}
			}
			s.add(layer, r.Geometry, values)
		}
	}
	return s
}

var noon = time.Date(2026, 11, 25, 5, 0, 0, 0, time.UTC)

// square is a box around a place, in m.
func square(at orb.Point, half float64) orb.MultiPolygon {
	lon, lat := land.Metres(at[1])
	x, y := half/lon, half/lat
	return orb.MultiPolygon{{{{at[0] - x, at[1] - y}, {at[0] + x, at[1] - y}, {at[0] + x, at[1] + y}, {at[0] - x, at[1] + y}, {at[0] - x, at[1] - y}}}}
}

// places are places beside roads, by chance.
func places(c *City, r *rand.Rand, n int) (all []orb.Point) {
	for range n {
		e := c.net.Edges[r.IntN(len(c.net.Edges))]
		p := e.Line[r.IntN(len(e.Line))]
		all = append(all, orb.Point{p[0] + (r.Float64()-0.5)/2000, p[1] + (r.Float64()-0.5)/2000})
	}
	return all
}

// plain is a Dijkstra that knows nothing of hierarchies, lanes and accesses: over
// nodes, from the place to all shelters, by the edges' own weights. It keeps
// deadlines where there are any.
func plain(c *City, l *lane, from network.Place, due *deadlines) []uint32 {
	n := l.net
	time := make([]uint32, len(n.Nodes))
	for i := range time {
		time[i] = cch.Inf
	}
	done := make([]bool, len(n.Nodes))
	a := l.begin(from)
	for _, x := range a.access {
		if int64(x.Cost) <= due.of(from.Edge) {
			time[x.Node] = min(time[x.Node], x.Cost)
		}
	}
	queue := map[uint32]bool{}
	for _, x := range a.access {
		queue[x.Node] = true
	}
	for len(queue) > 0 {
		best, at := uint32(cch.Inf), uint32(0)
		for v := range queue {
			if time[v] <= best {
				best, at = time[v], v
			}
		}
		delete(queue, at)
		if done[at] || best >= cch.Inf {
			continue
		}
		done[at] = true
		for arc := n.FirstOut[at]; arc < n.FirstOut[at+1]; arc++ {
			edge, back := n.Edge(arc)
			from, to := 0.0, n.Edges[edge].Length
			if back {
				from, to = to, from
			}
			if l.hazard.bars(edge, from, to) {
				continue
			}
			w := n.Weight(l.profile, arc, l.held[edge])
			if w >= cch.Inf || int64(best+w) > due.of(edge) {
				continue
			}
			if head := n.Head[arc]; best+w < time[head] {
				time[head] = best + w
				queue[head] = true
			}
		}
	}
	out := make([]uint32, len(l.usable))
	for t := range out {
		out[t] = cch.Inf
		d := &l.doors[t]
		for k, x := range d.access {
			if v := time[x.Node]; v < cch.Inf && int64(v+x.Cost) <= due.of(d.places[d.place[k]].Edge) {
				out[t] = min(out[t], v+x.Cost)
			}
		}
		for k, p := range d.places {
			if p.Edge == from.Edge {
				if v := straight(l, a, entry{t, k, p.Edge, l.walk(p.Distance)}); int64(v) <= due.of(p.Edge) {
					out[t] = min(out[t], v)
				}
			}
		}
	}
	return out
}

// TestRoutesAreThoseOfDijkstra asks for three shelters from many places, with and
// without the rule and the deadlines of a hazard.
func TestRoutesAreThoseOfDijkstra(t *testing.T) {
	s := banda(t, 0.3)
	c := s.city(noon)
	r := rand.New(rand.NewPCG(1, 2))
	late, bound := 0, 0
	for i, p := range places(c, r, 60) {
		q := Question{From: p, K: 3, Profile: []string{"foot", "foot_helped", "bicycle"}[i%3], Now: noon}
		if i%2 == 1 {
			q.Hazard, q.Departure = "tsunami", time.Duration(i)*time.Minute
		}
		a, err := c.Routes(q)
		if err != nil {
			t.Fatalf("%v: %v", p, err)
		}
		l, err := c.lane(setting{q.Profile, q.Hazard})
		if err != nil {
			t.Fatal(err)
		}
		limit := due(l.hazard, nil, q)
		near := l.net.Locate(network.Nearby{Point: p, Within: Reach, Profile: l.profile, Held: l.held})
		all := plain(c, l, near[0], &limit)
		want := slices.Clone(all)
		slices.Sort(want)
		if want[0] >= cch.Inf { // an unconnected road nearby may do
			late++
			continue
		}
		want = slices.DeleteFunc(want[:min(3, len(want))], func(v uint32) bool { return v >= cch.Inf })
		var got []uint32
		for _, r := range a.Routes {
			got = append(got, uint32(r.Duration.Milliseconds()))
			if r.Tight != nil {
				bound++
				if r.Tight.Margin < 0 {
					t.Errorf("%v: %s is reached %v late", p, r.Shelter.Name, -r.Tight.Margin)
				}
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%+v: %v, Dijkstra: %v", q, got, want)
		}
		check(t, q, a)
		if q.Hazard != "" {
			obeys(t, zonesOf(s.view()), q, a)
		}
	}
	if late == 0 || bound == 0 {
		t.Errorf("%d places without a way, %d ways with a deadline: the test tests nothing", late, bound)
	}
}

// check looks at what every route must be.
func check(t *testing.T, q Question, a *Answer) {
	t.Helper()
	for _, r := range a.Routes {
		if r.Line[0] != q.From || r.Line[len(r.Line)-1] != r.Shelter.At {
			t.Errorf("%s: the line leads from %v to %v", r.Shelter.Name, r.Line[0], r.Line[len(r.Line)-1])
		}
		steps := 0.0
		for _, s := range r.Steps {
			steps += s.Metres
		}
		// The last metres, to the door, are in no step.
		door := land.Distance(r.Line[len(r.Line)-2], r.Shelter.At)
		if math.Abs(steps+door-r.Metres) > 6 {
			t.Errorf("%s: steps of %.1f m and %.1f m to the door, line %.1f m", r.Shelter.Name, steps, door, r.Metres)
		}
		if fastest := r.Metres / 5; r.Duration.Seconds() < fastest {
			t.Errorf("%s: %.0f m in %v", r.Shelter.Name, r.Metres, r.Duration)
		}
	}
}

// obeys looks at zones by themselves, as polygons that a place is in or not: no
// way goes to a higher class, and nobody begins a step in a zone too late.
func obeys(t *testing.T, zones []zone, q Question, a *Answer) {
	t.Helper()
	// class of the highest zone that some, or else each, place within a radius in
	// m of p is in.
	class := func(p orb.Point, radius float64, each bool) (highest int) {
		lon, lat := land.Metres(p[1])
		for _, z := range zones {
			if z.hazard != q.Hazard || z.class <= highest || !z.box.Pad(0.0001).Contains(p) {
				continue
			}
			in := 0
			for k := range 16 {
				sin, cos := math.Sincos(float64(k) * math.Pi / 8)
				if planar.MultiPolygonContains(z.shape.(orb.MultiPolygon), orb.Point{p[0] + cos*radius/lon, p[1] + sin*radius/lat}) {
					in++
				}
			}
			if each && in == 16 || !each && in > 0 {
				highest = z.class
			}
		}
		return highest
	}
	for _, r := range a.Routes {
		least := len(classes)
		for i := 2; i < len(r.Line)-1; i++ {
			for k := range 4 {
				p := between(r.Line[i-1], r.Line[i], float64(k)/4)
				if deep := class(p, verge+1, true); deep > least {
					t.Errorf("%v to %s: class %d at %v, after %d", q.From, r.Shelter.Name, deep, p, least)
					return
				}
				least = min(least, class(p, verge+0.5, false))
			}
		}
		clock := q.Departure
		for _, s := range r.Steps {
			for _, z := range zones {
				if z.hazard == q.Hazard && z.minutes >= 0 && planar.MultiPolygonContains(z.shape.(orb.MultiPolygon), s.At) && clock.Minutes() > z.minutes && s.Turn != Arrive {
					t.Errorf("%v to %s: at %v after %v, the water after %.0f min", q.From, r.Shelter.Name, s.At, clock, z.minutes)
				}
			}
			clock += s.Duration
		}
	}
}

// TestClosingAndReopening closes roads by chance: no way gets shorter, and what
// is opened again is as it was.
func TestClosingAndReopening(t *testing.T) {
	s := banda(t, 0.3)
	c := s.city(noon)
	r := rand.New(rand.NewPCG(3, 4))
	from := places(c, r, 25)
	ask := func(c *City) (all []time.Duration) {
		for _, p := range from {
			a, err := c.Routes(Question{From: p, K: 1, Profile: "foot", Now: noon})
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, math.MaxInt64)
			if len(a.Routes) > 0 {
				all[len(all)-1] = a.Routes[0].Duration
			}
		}
		return all
	}
	before := ask(c)
	longer := 0
	at := c
	var ids []int64
	for range 4 {
		a, err := at.Routes(Question{From: from[r.IntN(len(from))], K: 1, Profile: "foot", Now: noon})
		if err != nil {
			t.Fatal(err)
		}
		if len(a.Routes) == 0 {
			continue
		}
		line := a.Routes[0].Line
		id := s.add(closureLayer, square(line[len(line)/2], 12), map[string]any{"reason": "flood", "severity": "closed", "starts_at": noon.Add(-time.Hour)})
		ids = append(ids, id)
		next := s.next(at, noon, closureLayer, id)
		was, is := ask(at), ask(next)
		for i := range is {
			if is[i] < was[i]-time.Millisecond {
				t.Errorf("from %v: %v, before the closure %v", from[i], is[i], was[i])
			}
			if is[i] > was[i] {
				longer++
			}
		}
		fresh := ask(s.city(noon))
		if !slices.Equal(is, fresh) {
			t.Errorf("after a closure %v, made anew %v", is, fresh)
		}
		at = next
	}
	if longer == 0 {
		t.Error("no closure made a way longer")
	}
	for _, id := range ids {
		s.drop(closureLayer, id)
	}
	if after := ask(s.next(at, noon, closureLayer, ids...)); !slices.Equal(after, before) {
		t.Errorf("after reopening %v, before %v", after, before)
	}
}

// fronts tells what zones mean for the edges, whatever their numbers.
func fronts(c *City) (all []string) {
	for code, h := range c.hazards {
		for edge, f := range h.fronts {
			e := &c.net.Edges[edge]
			all = append(all, fmt.Sprintf("%s %v %.2f-%.2f: rises %.2f falls %.2f, %v min", code, e.Feature().Key, e.Start, e.End, f.rises, f.falls, f.minutes))
		}
	}
	slices.Sort(all)
	return all
}

// TestEditsOfRoads takes roads away and brings them back: each city answers as
// one that is made anew.
func TestEditsOfRoads(t *testing.T) {
	s := banda(t, 0.3)
	c := s.city(noon)
	r := rand.New(rand.NewPCG(5, 6))
	from := places(c, r, 20)
	ask := func(c *City) (all []time.Duration) {
		for i, p := range from {
			a, err := c.Routes(Question{From: p, K: 2, Profile: "foot", Hazard: []string{"", "tsunami"}[i%2], Now: noon})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range a.Routes {
				all = append(all, r.Duration)
			}
			all = append(all, -1)
		}
		return all
	}
	before, at, moved := ask(c), c, 0
	gone := map[int64]*plan.Feature{}
	for range 3 {
		var ids []int64
		for range 5 {
			a, err := at.Routes(Question{From: from[r.IntN(len(from))], K: 1, Profile: "foot", Now: noon})
			if err != nil {
				t.Fatal(err)
			}
			if len(a.Routes) == 0 {
				continue
			}
			line := a.Routes[0].Line
			near := at.net.Locate(network.Nearby{Point: line[len(line)/2], Within: 1, Profile: a.Profile})
			id := at.net.Edges[near[0].Edge].Feature().ID
			if s.rows[roadLayer][id-1] != nil {
				gone[id] = s.rows[roadLayer][id-1]
				s.drop(roadLayer, id)
				ids = append(ids, id)
			}
		}
		at = s.next(at, noon, roadLayer, ids...)
		anew := s.city(noon)
		is, fresh := ask(at), ask(anew)
		if !slices.Equal(is, fresh) {
			t.Errorf("after edits %v, made anew %v", is, fresh)
		}
		if d := cmp.Diff(fronts(anew), fronts(at)); d != "" {
			t.Errorf("what zones mean, made anew and after edits: %s", d)
		}
		if !slices.Equal(is, before) {
			moved++
		}
	}
	if moved == 0 {
		t.Error("no edit changed an answer")
	}
	var ids []int64
	for id, f := range gone {
		s.rows[roadLayer][id-1] = f
		ids = append(ids, id)
	}
	if after := ask(s.next(at, noon, roadLayer, ids...)); !slices.Equal(after, before) {
		t.Errorf("after all is back %v, before %v", after, before)
	}
}
