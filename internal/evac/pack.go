package evac

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/simtaru/simtaru/internal/evac/cch"
	"github.com/simtaru/simtaru/internal/evac/network"
	"github.com/simtaru/simtaru/internal/evac/pack"
	"github.com/simtaru/simtaru/internal/indicator/land"
	"github.com/simtaru/simtaru/internal/plan"
)

const (
	// MostPacked is how many bytes a pack may have, gzipped: a phone keeps it.
	MostPacked = 1 << 20
	// mostShelved is how many bytes of packs are kept for the next who asks.
	mostShelved = 32 << 20
	// mostEvents is how many events a pack tells.
	mostEvents = 8
)

// PackType is the media type of a pack.
const PackType = pack.Type

// PackQuestion asks for a pack.
type PackQuestion struct {
	Area    string // the code of a gampong or district, or WholeCity
	Profile string
	// Hazard is one of Hazards; empty: none, and those of the events that are on.
	Hazard string
	Now    time.Time
}

// Packed is the file of a pack.
type Packed struct {
	Data, Gzip []byte
	Hash       []byte // SHA-256
}

// Pack makes the file by which a phone tells the way when there is no network,
// or has one that was made from this city before. It costs some 50 ms for a
// city of 10,000 roads. The error is plan.NotFound where there is no such area.
func (c *City) Pack(q PackQuestion) (*Packed, error) {
	area, ok := c.area(q.Area)
	if !ok {
		return nil, noArea(q.Area)
	}
	hazards, events := []string{q.Hazard}, c.announced(&area, q)
	for _, e := range events {
		h := e.Hazard
		if c.lanes[setting{q.Profile, h}] == nil {
			h = ""
		}
		if !slices.Contains(hazards, h) {
			hazards = append(hazards, h)
		}
	}
	return c.packs.get(fmt.Sprintf("%s %s %s %d", q.Area, q.Profile, hazards, len(events)), func() (*Packed, error) {
		return c.pack(&area, q.Profile, hazards, events)
	})
}

// announced are the events that are on, or will be by the clock, and whose area
// may hold a place of an area.
func (c *City) announced(area *packArea, q PackQuestion) (all []*Event) {
	for _, e := range c.events {
		if e.On && (e.Ends.IsZero() || e.Ends.After(q.Now)) && (q.Hazard == "" || e.Hazard == q.Hazard) && area.near(e.area.Bound()) && len(all) < mostEvents {
			all = append(all, e)
		}
	}
	return all
}

// packs are the files that have been made from one state.
type packs struct {
	mu   sync.Mutex
	size int
	made map[string]*Packed
}

// get makes one file at a time: who waits for the same has it then.
func (s *packs) get(key string, make func() (*Packed, error)) (*Packed, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.made[key]; p != nil {
		return p, nil
	}
	p, err := make()
	if err != nil {
		return nil, err
	}
	if s.size += len(p.Data) + len(p.Gzip); s.made == nil || s.size > mostShelved {
		s.made, s.size = map[string]*Packed{}, len(p.Data)+len(p.Gzip)
	}
	s.made[key] = p
	return p, nil
}

func (c *City) pack(area *packArea, profile string, hazards []string, events []*Event) (*Packed, error) {
	b := packer{c: c, profile: c.profile(profile), nodes: map[uint32]int{}, edges: map[uint32]int{}, names: map[string]int{}}
	for _, h := range hazards {
		l, err := c.lane(setting{profile, h})
		if err != nil {
			return nil, err
		}
		b.trees = append(b.trees, c.tree(l))
	}
	b.gather(area)
	p := b.pack(area)
	p.Hazards = hazards
	for _, e := range events {
		p.Events = append(p.Events, b.event(e))
	}
	data, err := p.Encode()
	if err != nil {
		return nil, err
	}
	var small bytes.Buffer
	z, err := gzip.NewWriterLevel(&small, gzip.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("compress a pack: %w", err)
	}
	_, _ = z.Write(data) // a buffer takes all
	_ = z.Close()
	if small.Len() > MostPacked {
		return nil, &plan.Error{Kind: plan.Unprocessable, Code: "pack-too-large", Message: plan.Text{
			ID: "Paket untuk wilayah ini terlalu besar; mintalah untuk satu kecamatan atau gampong.",
			EN: "The pack of this area is too large; ask for that of a district or gampong.",
		}}
	}
	return &Packed{Data: data, Gzip: small.Bytes(), Hash: pack.Hash(data)}, nil
}

// tree is, for one lane, the next arc of each node or the door that it is at.
type tree struct {
	l    *lane
	next []uint32 // arc; None
	door []int    // in doors; -1
	// doors are the places of the doors of usable shelters.
	doors []packedDoor
}

type packedDoor struct {
	target, place int
	at            *network.Place
}

// tree finds the nearest shelter of each node, and the way there. Where
// several edges are as good it takes the first by what they are, not by number.
func (c *City) tree(l *lane) *tree {
	n := len(l.net.Nodes)
	t := &tree{l: l, next: make([]uint32, n), door: make([]int, n)}
	first := make([]int, len(l.doors))
	places := make([]cch.Place, len(l.doors))
	for i := range l.doors {
		places[i], first[i] = l.doors[i].access, len(t.doors)
		for k := range l.doors[i].places {
			t.doors = append(t.doors, packedDoor{i, k, &l.doors[i].places[k]})
		}
	}
	q := c.queries.Get().(*cch.Query)
	defer c.queries.Put(q)
	var near cch.Reach
	q.Sweep(l.metric, cch.To, places, &near)
	done := make([]bool, n)
	var level []uint32 // nodes that lead to others of the same length only
	for v := range uint32(n) {
		t.next[v], t.door[v] = cch.None, -1
		if near.Length[v] >= cch.Inf {
			continue
		}
		for _, e := range l.at[v] {
			if uint32(e.target) == near.Place[v] && e.cost == near.Length[v] {
				t.door[v] = first[e.target] + l.doors[e.target].place[e.access]
				break
			}
		}
		if t.door[v] < 0 {
			t.next[v] = t.hop(&near, v, func(head uint32) bool { return near.Length[head] < near.Length[v] })
		}
		if done[v] = t.door[v] >= 0 || t.next[v] != cch.None; !done[v] {
			level = append(level, v)
		}
	}
	// A very short edge may take no time. Such nodes go on to those that are known
	// to lead on, so that no way turns in a circle.
	for len(level) > 0 {
		var found, left []uint32
		for _, v := range level {
			if t.next[v] = t.hop(&near, v, func(head uint32) bool { return done[head] }); t.next[v] != cch.None {
				found = append(found, v)
			} else {
				left = append(left, v)
			}
		}
		if len(found) == 0 {
			panic("evac: a node of finite length leads nowhere")
		}
		for _, v := range found {
			done[v] = true
		}
		level = left
	}
	return t
}

// hop is the arc of a fastest way from a node, among those that lead to such a
// node.
func (t *tree) hop(near *cch.Reach, v uint32, to func(head uint32) bool) uint32 {
	best := uint32(cch.None)
	var edge uint32
	for arc := t.l.net.FirstOut[v]; arc < t.l.net.FirstOut[v+1]; arc++ {
		head, weight := t.l.net.Head[arc], t.l.metric.Weight(arc)
		if weight >= cch.Inf || near.Place[head] != near.Place[v] || near.Length[head]+weight != near.Length[v] || !to(head) {
			continue
		}
		if e, _ := t.l.net.Edge(arc); best == cch.None || edgeOrder(t.l.net, e, edge) < 0 {
			best, edge = arc, e
		}
	}
	return best
}

// edgeOrder orders edges by what they are, on whatever server: from the node
// From, where they lie, then whose they are.
func edgeOrder(n *network.Network, a, b uint32) int {
	x, y := &n.Edges[a], &n.Edges[b]
	return cmp.Or(
		placeOrder(n.Nodes[x.From], n.Nodes[y.From]), placeOrder(n.Nodes[x.To], n.Nodes[y.To]),
		slices.CompareFunc(x.Line, y.Line, placeOrder),
		cmp.Compare(x.Feature().Layer, y.Feature().Layer), cmp.Compare(x.Feature().ID, y.Feature().ID),
		cmp.Compare(x.Part.No, y.Part.No), cmp.Compare(x.Start, y.Start),
	)
}

// placeOrder leads through places so that neighbours are mostly near each other
// (Morton), which makes differences short.
func placeOrder(a, b orb.Point) int {
	x := uint64(pack.Micro(a[0])) ^ uint64(pack.Micro(b[0]))
	y := uint64(pack.Micro(a[1])) ^ uint64(pack.Micro(b[1]))
	axis := 1
	if y < x && y < x^y { // the highest bit that differs is one of x
		axis = 0
	}
	return cmp.Or(cmp.Compare(a[axis], b[axis]), cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
}

// packer gathers what belongs into a pack.
type packer struct {
	c       *City
	profile *network.Profile
	trees   []*tree
	nodes   map[uint32]int // number in the pack, once all are known
	edges   map[uint32]int
	names   map[string]int
	queue   []uint32 // nodes whose ways are still to be followed
}

func (b *packer) usable(edge uint32) bool {
	e := &b.c.net.Edges[edge]
	along, against := b.profile.Speed(&e.Feature().Attributes)
	return !e.Laid && (along > 0 || against > 0)
}

// gather takes the edges of an area, and those by which one goes on from there.
func (b *packer) gather(area *packArea) {
	n := b.c.net
	inside := make([]int8, len(n.Nodes)) // 1 inside, -1 outside
	for i := range n.Edges {
		edge := uint32(i)
		if !b.usable(edge) {
			continue
		}
		e := &n.Edges[i]
		in := area.whole
		for _, v := range []uint32{e.From, e.To} {
			if !in && inside[v] == 0 {
				if inside[v] = -1; area.holds(n.Nodes[v]) {
					inside[v] = 1
				}
			}
			in = in || inside[v] > 0
		}
		if in || len(e.Line) > 2 && slices.ContainsFunc(e.Line[1:len(e.Line)-1], area.holds) {
			b.edge(edge)
		}
	}
	for len(b.queue) > 0 {
		v := b.queue[len(b.queue)-1]
		b.queue = b.queue[:len(b.queue)-1]
		for _, t := range b.trees {
			if t.door[v] >= 0 {
				b.edge(t.doors[t.door[v]].at.Edge)
			} else if t.next[v] != cch.None {
				edge, _ := n.Edge(t.next[v])
				b.edge(edge)
			}
		}
	}
}

func (b *packer) edge(edge uint32) {
	if _, has := b.edges[edge]; has {
		return
	}
	b.edges[edge] = 0
	for _, v := range []uint32{b.c.net.Edges[edge].From, b.c.net.Edges[edge].To} {
		if _, has := b.nodes[v]; !has {
			b.nodes[v] = 0
			b.queue = append(b.queue, v)
		}
	}
}

// order numbers a set.
func order(set map[uint32]int, compare func(a, b uint32) int) []uint32 {
	all := make([]uint32, 0, len(set))
	for v := range set {
		all = append(all, v)
	}
	slices.SortFunc(all, compare)
	for i, v := range all {
		set[v] = i
	}
	return all
}

func (b *packer) pack(area *packArea) *pack.Pack {
	n := b.c.net
	p := &pack.Pack{Head: pack.Head{
		Area: area.Area, Profile: b.profile.ID, Pace: b.trees[0].l.pace, Graph: b.c.GraphVersion, Hazard: b.c.HazardVersion,
		Names: []string{}, Speeds: []float64{}, Shelters: []pack.Shelter{}, Events: []pack.Event{},
	}}
	if !b.c.until.IsZero() {
		until := b.c.until.UTC()
		p.Until = &until
	}
	nodes := order(b.nodes, func(x, y uint32) int { return placeOrder(n.Nodes[x], n.Nodes[y]) })
	edges := order(b.edges, func(x, y uint32) int { return edgeOrder(n, x, y) })
	at := make([][]int, len(nodes)) // edges by node
	for _, v := range nodes {
		p.Nodes = append(p.Nodes, n.Nodes[v])
	}
	for i, e := range edges {
		out := b.packed(p, e)
		p.Edges = append(p.Edges, out)
		if at[out.From] = append(at[out.From], i); out.To != out.From {
			at[out.To] = append(at[out.To], i)
		}
		if held := b.held(e); held != nil {
			held.Edge = i
			p.Held = append(p.Held, *held)
		}
	}
	shelters := b.shelters(p, area)
	for _, t := range b.trees {
		p.Trees = append(p.Trees, b.tree(t, nodes, edges, at, shelters))
	}
	return p
}

func (b *packer) packed(p *pack.Pack, edge uint32) pack.Edge {
	e := &b.c.net.Edges[edge]
	a := &e.Feature().Attributes
	along, against := b.profile.Speed(a)
	speed := max(along, against) // where both are, they are the same
	out := pack.Edge{
		From: b.nodes[e.From], To: b.nodes[e.To], Bridge: a.Bridge, Steps: a.Class == "steps", Onward: along > 0, Back: against > 0,
		Speed: slices.Index(p.Speeds, speed), Name: -1, Weight: network.Milliseconds(e.Length, speed), Line: e.Line,
	}
	for i, v := range []uint32{e.From, e.To} {
		out.Fork[i] = b.c.net.FirstOut[v+1]-b.c.net.FirstOut[v] > 2
	}
	if out.Speed < 0 {
		out.Speed = len(p.Speeds)
		p.Speeds = append(p.Speeds, speed)
	}
	if a.Name != "" {
		i, has := b.names[a.Name]
		if !has {
			i = len(p.Names)
			b.names[a.Name], p.Names = i, append(p.Names, a.Name)
		}
		out.Name = i
	}
	return out
}

func (b *packer) held(edge uint32) *pack.Held {
	held := b.trees[0].l.held[edge]
	if len(held) == 0 {
		return nil
	}
	ms := func(arc uint32) int64 { return passing(b.c.net.Weight(b.profile, arc, held)) }
	along, against := b.c.net.Arcs(edge)
	h := &pack.Held{Along: ms(along), Against: ms(against)}
	for _, s := range held {
		h.Stretches = append(h.Stretches, pack.Stretch{From: s.From, To: s.To, Speed: max(s.Speed, 0)})
	}
	return h
}

// passing is a time in ms, -1 where there is no way.
func passing(ms uint32) int64 {
	if ms >= cch.Inf {
		return -1
	}
	return int64(ms)
}

// shelters lists those near the area, and those that are led to; the number in
// the pack by that in the city.
func (b *packer) shelters(p *pack.Pack, area *packArea) map[int]int {
	wanted := map[int]int{}
	for i, s := range b.c.shelters {
		if area.near(orb.Bound{Min: s.At, Max: s.At}) {
			wanted[i] = 0
		}
	}
	for _, t := range b.trees {
		for _, d := range t.doors {
			if _, has := b.edges[d.at.Edge]; has {
				wanted[t.l.usable[d.target]] = 0
			}
		}
	}
	for i, s := range b.c.shelters {
		if _, has := wanted[i]; has {
			wanted[i] = len(p.Shelters)
			p.Shelters = append(p.Shelters, pack.Shelter{
				ID: s.ID, Name: s.Name, Kind: s.Kind, At: [2]float64{float64(pack.Micro(s.At[0])) / 1e6, float64(pack.Micro(s.At[1])) / 1e6},
				Capacity: s.Capacity, Room: s.Room, Height: s.Height, Open: s.stands(),
			})
		}
	}
	return wanted
}

func (b *packer) tree(t *tree, nodes, edges []uint32, at [][]int, shelters map[int]int) (out pack.Tree) {
	if h := t.l.hazard; h != nil {
		for i, e := range edges {
			if f := h.fronts[e]; f != nil {
				out.Fronts = append(out.Fronts, pack.Front{Edge: i, Arrival: f.arrival(), Rises: f.rises, Falls: f.falls})
			}
		}
	}
	var doors []int
	for i, d := range t.doors {
		if _, has := b.edges[d.at.Edge]; has {
			doors = append(doors, i)
		}
	}
	slices.SortFunc(doors, func(x, y int) int {
		d, e := &t.doors[x], &t.doors[y]
		return cmp.Or(cmp.Compare(b.edges[d.at.Edge], b.edges[e.at.Edge]), cmp.Compare(d.target, e.target), cmp.Compare(d.at.Along, e.at.Along))
	})
	number := make(map[int]int, len(doors))
	for i, d := range doors {
		number[d] = i
		out.Doors = append(out.Doors, b.door(t, &t.doors[d], shelters))
	}
	for i, v := range nodes {
		hop := pack.Nowhere
		if t.door[v] >= 0 {
			hop = pack.ByDoor(number[t.door[v]])
		} else if t.next[v] != cch.None {
			edge, _ := b.c.net.Edge(t.next[v])
			hop = pack.ByEdge(slices.Index(at[i], b.edges[edge]))
		}
		out.Hops = append(out.Hops, hop)
	}
	return out
}

func (b *packer) door(t *tree, d *packedDoor, shelters map[int]int) pack.Door {
	all := &t.l.doors[d.target]
	out := pack.Door{
		Edge: b.edges[d.at.Edge], Shelter: shelters[t.l.usable[d.target]], Along: d.at.Along, Off: t.l.walk(d.at.Distance), From: -1, To: -1,
	}
	for k, a := range all.access {
		switch {
		case all.place[k] != d.place:
		case all.ends[k] == 0:
			out.From = int64(a.Cost)
		default:
			out.To = int64(a.Cost)
		}
	}
	return out
}

func (b *packer) event(e *Event) pack.Event {
	at := func(t time.Time) *time.Time {
		if t.IsZero() {
			return nil
		}
		t = t.UTC()
		return &t
	}
	out := pack.Event{
		ID: e.ID, Hazard: e.Hazard, Level: e.Level, Starts: e.Starts.UTC(), Arrival: at(e.Arrival), Ends: at(e.Ends),
		Source: e.Source, Bulletin: e.Bulletin, Message: e.Message, Rings: [][]int64{}, Apart: b.apart(e),
	}
	for _, p := range e.area {
		for _, r := range p {
			out.Rings = append(out.Rings, pack.Ring(r))
		}
	}
	return out
}

// apart are the edges for which the arrival of an event is not the deadline.
func (b *packer) apart(e *Event) []int64 {
	all := []int64{}
	h := b.c.hazards[e.Hazard]
	if h == nil || e.Arrival.IsZero() {
		return all
	}
	edges := make([]uint32, len(b.edges))
	for edge, i := range b.edges {
		edges[i] = edge
	}
	last := 0
	for i, edge := range edges {
		rest, in := e.inside[edge]
		if h.fronts[edge] == nil || in && math.IsInf(rest, 1) {
			continue
		}
		also := int64(0)
		if in {
			also = milliseconds(rest) + 1
		}
		all, last = append(all, int64(i-last), also), i
	}
	return all
}

// WholeCity is the area of all roads.
const WholeCity = "city"

// ward is a gampong.
type ward struct {
	code, name             string
	district, districtName string
	land                   orb.MultiPolygon
	box                    orb.Bound
}

func wardsOf(t table) (all []ward) {
	for r := range t.all {
		w := ward{code: get[string](r, "kode"), name: get[string](r, "nama"), district: get[string](r, "kode_kecamatan"), districtName: get[string](r, "kecamatan"), box: r.Bound}
		w.land, _ = r.Geometry.(orb.MultiPolygon)
		all = append(all, w)
	}
	return all
}

// packArea is a part of the city.
type packArea struct {
	pack.Area
	whole bool
	wards []ward
}

func (c *City) area(code string) (a packArea, ok bool) {
	if code == WholeCity {
		return packArea{Area: pack.Area{Kind: WholeCity}, whole: true}, true
	}
	for _, w := range c.wards {
		switch code {
		case "":
		case w.code:
			return packArea{Area: pack.Area{Kind: "gampong", Code: code, Name: w.name}, wards: []ward{w}}, true
		case w.district:
			a.Area = pack.Area{Kind: "district", Code: code, Name: w.districtName}
			a.wards = append(a.wards, w)
		}
	}
	return a, len(a.wards) > 0
}

// AreaAt is the code of the gampong in which a place (lon, lat) lies; empty: none.
func (c *City) AreaAt(p orb.Point) string {
	for _, w := range c.wards {
		if w.holds(p) {
			return w.code
		}
	}
	return ""
}

func (w *ward) holds(p orb.Point) bool {
	return w.box.Contains(p) && planar.MultiPolygonContains(w.land, p)
}

func (a *packArea) holds(p orb.Point) bool {
	return slices.ContainsFunc(a.wards, func(w ward) bool { return w.holds(p) })
}

// near reports whether something may be as near to the area as a refuge that is
// told of.
func (a *packArea) near(b orb.Bound) bool {
	return a.whole || slices.ContainsFunc(a.wards, func(w ward) bool {
		lon, lat := land.Metres(w.box.Center()[1])
		box := w.box
		box.Min[0], box.Max[0] = box.Min[0]-refugeReach/lon, box.Max[0]+refugeReach/lon
		box.Min[1], box.Max[1] = box.Min[1]-refugeReach/lat, box.Max[1]+refugeReach/lat
		return box.Intersects(b)
	})
}

func noArea(code string) error {
	return &plan.Error{Kind: plan.NotFound, Code: "unknown-area", At: "area", Message: plan.Text{
		ID: fmt.Sprintf("Tidak ada wilayah %q. Tulis kode Kemendagri sebuah gampong (11.71.01.2001) atau kecamatan (11.71.01) dari batas yang berlaku, atau city untuk seluruh kota.", code),
		EN: fmt.Sprintf("There is no area %q. Write the official code of a gampong (11.71.01.2001) or district (11.71.01) of the boundaries in force, or city for the whole city.", code),
	}}
}
