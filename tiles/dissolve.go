package tiles

import (
	"cmp"
	"slices"
)

// dissolver joins rings into one area: edges that stand against each other
// cancel, and what is left is linked into rings anew. It serves where the rings
// of one polygon overlap along the clip border, and where small polygons of a
// coverage are merged into a larger one. The sum of directed edges, and so the
// signed area, stays what it was.
//
// All points must lie inside the clip border or on it.
type dissolver struct {
	edges []uint64     // keys of undirected edges with the direction in bit 0
	lines [4][]passage // what lies on the clip border: left, right, above, below
	net   []uint64     // edges that remain, from<<cellBits | to
	used  []bool
	on    []int32 // place on the stack of the vertex whose edges begin here, or -1
	stack []int32 // vertices of the ring being traced, as their first edge in net

	traced rings
	nest   nest
}

// passage is where the sum along a border line changes.
type passage struct {
	at    int16
	delta int16
}

// A point within the clip border packs into 26 bits.
const (
	axisBits = 13
	cellBits = 2 * axisBits
)

func pack(p point) uint64 { return uint64(p.x-low)<<axisBits | uint64(p.y-low) }
func unpack(u uint64) point {
	return point{x: int64(u>>axisBits&(1<<axisBits-1)) + low, y: int64(u&(1<<axisBits-1)) + low}
}

func (d *dissolver) reset() {
	d.edges, d.net = d.edges[:0], d.net[:0]
	for i := range d.lines {
		d.lines[i] = d.lines[i][:0]
	}
}

// add puts a ring into the sum.
func (d *dissolver) add(ring []point) {
	if len(ring) == 0 {
		return
	}
	p := ring[len(ring)-1]
	for _, q := range ring {
		d.edge(p, q)
		p = q
	}
}

func (d *dissolver) edge(p, q point) {
	if p == q {
		return
	}
	// Edges on the border have no partner with the same ends: they are where the
	// border was cut. Only the sum along the line counts there.
	if i, a, b := onBorder(p, q); i >= 0 {
		d.lines[i] = append(d.lines[i], passage{int16(a), 1}, passage{int16(b), -1})
		return
	}
	a, b := pack(p), pack(q)
	if a < b {
		d.edges = append(d.edges, (a<<cellBits|b)<<1)
	} else {
		d.edges = append(d.edges, (b<<cellBits|a)<<1|1)
	}
}

// onBorder returns on which line of the clip border an edge lies, or -1, and its
// ends along it.
func onBorder(p, q point) (line int, a, b int64) {
	switch {
	case p.x == q.x && p.x == low:
		return 0, p.y, q.y
	case p.x == q.x && p.x == high:
		return 1, p.y, q.y
	case p.y == q.y && p.y == low:
		return 2, p.x, q.x
	case p.y == q.y && p.y == high:
		return 3, p.x, q.x
	}
	return -1, 0, 0
}

// cancel computes net from what was added.
func (d *dissolver) cancel() {
	slices.Sort(d.edges)
	for i := 0; i < len(d.edges); {
		key, sum := d.edges[i]>>1, 0
		for ; i < len(d.edges) && d.edges[i]>>1 == key; i++ {
			sum += 1 - 2*int(d.edges[i]&1)
		}
		d.keep(key>>cellBits, key&(1<<cellBits-1), sum)
	}
	for i, line := range d.lines {
		slices.SortFunc(line, func(a, b passage) int { return cmp.Compare(a.at, b.at) })
		sum := 0
		for j := 0; j+1 < len(line); j++ {
			sum += int(line[j].delta)
			if line[j].at != line[j+1].at {
				d.keep(borderPoint(i, line[j].at), borderPoint(i, line[j+1].at), sum)
			}
		}
	}
	slices.Sort(d.net)
}

// keep adds sum edges from a to b, or -sum from b to a.
func (d *dissolver) keep(a, b uint64, sum int) {
	if sum < 0 {
		a, b, sum = b, a, -sum
	}
	for range sum {
		d.net = append(d.net, a<<cellBits|b)
	}
}

func borderPoint(line int, at int16) uint64 {
	t := int64(at)
	return pack([4]point{{low, t}, {high, t}, {t, low}, {t, high}}[line])
}

// dissolve links what was added since reset and appends the result to dst:
// exterior rings, each followed by its holes. Rings do not pass through a vertex
// twice. What rounding turned over, so that it has negative area, goes to
// strays.
func (d *dissolver) dissolve(dst *rings, strays *strays) {
	d.cancel()
	d.link()
	d.nest.sort(&d.traced, dst, strays)
}

// first returns the first edge that begins at vertex v.
func (d *dissolver) first(v uint64) int32 {
	i, _ := slices.BinarySearch(d.net, v<<cellBits)
	return int32(i)
}

// link traces rings along the edges. At a vertex with several ways on it takes
// the leftmost, which follows one face of the area, and it closes a ring as soon
// as it comes to a vertex for the second time. So two faces that touch in a
// point become two rings, and a hole that touches its outline stays a hole.
func (d *dissolver) link() {
	d.traced.reset()
	d.used = append(d.used[:0], make([]bool, len(d.net))...)
	d.on = d.on[:0]
	for range d.net {
		d.on = append(d.on, -1)
	}
	for e := range d.net {
		if d.used[e] {
			continue
		}
		v := d.first(d.net[e] >> cellBits)
		next := int32(e)
		for next >= 0 {
			d.used[next] = true
			d.on[v] = int32(len(d.stack))
			d.stack = append(d.stack, v)
			from := unpack(d.net[next] >> cellBits)
			to := d.net[next] & (1<<cellBits - 1)
			v = d.first(to)
			if d.on[v] >= 0 {
				d.pop(d.on[v])
			}
			next = d.turn(from, unpack(to), v)
		}
		// In every vertex as many edges end as begin: the trace ends where it
		// began, with nothing on the stack.
		d.stack = d.stack[:0]
	}
}

// pop takes a ring off the stack, from place i on.
func (d *dissolver) pop(i int32) {
	from := len(d.traced.pts)
	for _, v := range d.stack[i:] {
		d.on[v] = -1
		d.traced.pts = append(d.traced.pts, unpack(d.net[v]>>cellBits))
	}
	d.stack = d.stack[:i]
	if area2(d.traced.pts[from:]) == 0 {
		d.traced.pts = d.traced.pts[:from]
		return
	}
	d.traced.ends = append(d.traced.ends, int32(len(d.traced.pts)))
}

// turn returns the unused edge at v that turns most to the left for somebody who
// comes from p to q, -1 if there is none. Left is where the inside is: with Y
// down, an exterior ring runs clockwise to the eye, and left in the sense of the
// surveyor's formula is its inside.
func (d *dissolver) turn(p, q point, v int32) int32 {
	best := int32(-1)
	var bestTo point
	for e := int(v); e < len(d.net) && d.net[e]>>cellBits == pack(q); e++ {
		if d.used[e] {
			continue
		}
		to := unpack(d.net[e] & (1<<cellBits - 1))
		if best < 0 || moreLeft(p, q, to, bestTo) {
			best, bestTo = int32(e), to
		}
	}
	return best
}

// moreLeft reports whether going on from q to a turns more to the left than to b
// after coming from p. Going straight back is the rightmost turn of all.
func moreLeft(p, q, a, b point) bool {
	in := point{q.x - p.x, q.y - p.y}
	u, w := point{a.x - q.x, a.y - q.y}, point{b.x - q.x, b.y - q.y}
	su, sw := sector(in, u), sector(in, w)
	if su != sw {
		return su < sw
	}
	return cross(u, w) < 0
}

// sector orders directions from the left round to the right, in half turns:
// 0 left of in, 1 straight on, 2 right of it, 3 back.
func sector(in, u point) int {
	c := cross(in, u)
	switch {
	case c > 0:
		return 0
	case c < 0:
		return 2
	case in.x*u.x+in.y*u.y > 0:
		return 1
	}
	return 3
}

func cross(a, b point) int64 { return a.x*b.y - a.y*b.x }
