package demo

import (
	"cmp"
	"math"
	"slices"
)

// vertex numbers a point of a sheet.
type vertex int32

// cut is a straight line by which a polygon was cut in two, or a line of the
// hand-drawn mesh. Both sides share it, and its nodes.
type cut struct {
	from, dir vec     // start and unit direction
	length    float64 // metres
	kind      cutKind
	// street is what runs along the cut; nil for none.
	street *street
	// beside is the line in the middle of the strip that this cut bounds.
	beside *cut
	// lo and hi are the stretch of beside that the strip's polygon reaches.
	lo, hi float64
	// rough is how far the line strays between its nodes, in metres.
	rough float64
	key   uint64
	sheet *sheet  // that it was cut on
	nodes []node  // all vertices on the line, by place
	chain []place // the line as it is drawn, once the sheet is frozen
}

type cutKind uint8

const (
	plainCut  cutKind = iota // between two zones, or the outer border
	streetCut                // a street's centre line
	riverCut                 // a river's centre line
	coastCut                 // the sea begins here
	stripCut                 // the edge of a strip along a street, river or coast
	laneCut                  // a lane too narrow to be a zone
)

// node is a vertex on a cut; t is metres from the cut's start.
type node struct {
	t float64
	v vertex
}

// place is a position on a cut.
type place struct {
	t  float64
	at grid
}

// t is how far along the cut p lies.
func (c *cut) t(p vec) float64    { return p.sub(c.from).dot(c.dir) }
func (c *cut) at(t float64) vec   { return c.from.add(c.dir.times(t)) }
func (c *cut) off(p vec) float64  { return c.dir.cross(p.sub(c.from)) }
func byT(n node, t float64) int   { return cmp.Compare(n.t, t) }
func byTs(p place, t float64) int { return cmp.Compare(p.t, t) }

// corner is a corner of a polygon and the cut on which the edge to the next
// corner lies.
type corner struct {
	v vertex
	c *cut
}

// poly is a convex polygon, counter-clockwise. Its edges may hold further
// vertices: those of its cuts.
type poly []corner

// sheet is a set of vertices and cuts. A sheet over a frozen one may cut the
// frozen one's polygons further without touching it: its own vertices on the
// lines below are kept in extra.
type sheet struct {
	seed  uint64
	bend  func(vec) vec
	below *sheet
	base  vertex
	flat  []vec
	globe []grid // once frozen; at once over a frozen sheet
	cuts  []*cut
	extra map[*cut][]node
}

func (s *sheet) at(v vertex) vec {
	if v < s.base {
		return s.below.at(v)
	}
	return s.flat[v-s.base]
}

func (s *sheet) add(p vec) vertex {
	s.flat = append(s.flat, p)
	if s.below != nil {
		s.globe = append(s.globe, globe(s.bend(p)))
	}
	return s.base + vertex(len(s.flat)-1)
}

// over returns a sheet on top of a frozen one.
func (s *sheet) over() *sheet {
	return &sheet{seed: s.seed, bend: s.bend, below: s, base: s.base + vertex(len(s.flat)), extra: map[*cut][]node{}}
}

func (s *sheet) nodes(c *cut) []node {
	if c.sheet == s {
		return c.nodes
	}
	return s.extra[c]
}

// note records that v lies on c.
func (s *sheet) note(c *cut, v vertex) {
	t := c.t(s.at(v))
	nodes := s.nodes(c)
	i, _ := slices.BinarySearchFunc(nodes, t, byT)
	nodes = slices.Insert(nodes, i, node{t, v})
	if c.sheet == s {
		c.nodes = nodes
	} else {
		s.extra[c] = nodes
	}
}

// line makes a cut between two vertices.
func (s *sheet) line(a, b vertex, c cut) *cut {
	p, q := s.at(a), s.at(b)
	d := q.sub(p)
	c.sheet, c.from, c.dir, c.length = s, p, d.unit(), d.len()
	c.key = mix(math.Float64bits(p.x+q.x)) ^ mix(math.Float64bits(p.y+q.y)+1)
	out := &c
	s.cuts = append(s.cuts, out)
	s.note(out, a)
	s.note(out, b)
	return out
}

// on returns the vertex of c at p: a corner of the edge a-b or a vertex on it
// that is nearer than snap, or a new one.
func (s *sheet) on(c *cut, a, b vertex, p vec, snap float64) vertex {
	t, ta, tb := c.t(p), c.t(s.at(a)), c.t(s.at(b))
	if math.Abs(t-ta) <= snap {
		return a
	}
	if math.Abs(t-tb) <= snap {
		return b
	}
	// On a frozen line the vertices below count as well.
	best, found := nearby(s.nodes(c), t, min(ta, tb), max(ta, tb), snap)
	if c.sheet != s {
		if n, ok := nearby(c.nodes, t, min(ta, tb), max(ta, tb), snap); ok && (!found || math.Abs(n.t-t) < math.Abs(best.t-t)) {
			best, found = n, true
		}
	}
	if found {
		return best.v
	}
	v := s.add(c.at(t))
	if c.sheet != s {
		s.globe[v-s.base] = c.along(t)
	}
	s.note(c, v)
	return v
}

// nearby returns the node nearest to t that lies between lo and hi and not
// farther from t than snap.
func nearby(nodes []node, t, lo, hi, snap float64) (best node, found bool) {
	i, _ := slices.BinarySearchFunc(nodes, t, byT)
	for _, j := range [2]int{i - 1, i} {
		if j < 0 || j >= len(nodes) || nodes[j].t <= lo || nodes[j].t >= hi {
			continue
		}
		if d := math.Abs(nodes[j].t - t); d <= snap && (!found || d < math.Abs(best.t-t)) {
			best, found = nodes[j], true
		}
	}
	return best, found
}

// knife is a straight line to cut along, and how it treats what is near.
type knife struct {
	o, d vec // through o in direction d
	// snap is how near a vertex must be to be used instead of a new one.
	snap float64
	// clear is how far from corners the line must stay; 0 for no such wish.
	clear float64
}

// split cuts p along the line of k and returns what lies left and right of
// it. ok is false when the line misses p, comes too near a corner, or would
// leave nothing on one side.
func (s *sheet) split(p poly, k knife, proto cut) (left, right poly, c *cut, ok bool) {
	n := len(p)
	dist := make([]float64, n)
	for i := range p {
		dist[i] = k.d.cross(s.at(p[i].v).sub(k.o))
	}
	var edge [2]int
	var x [2]vec
	count := 0
	for i := range p {
		j := (i + 1) % n
		if (dist[i] < 0) == (dist[j] < 0) {
			continue
		}
		if count == 2 {
			return nil, nil, nil, false
		}
		a, b := s.at(p[i].v), s.at(p[j].v)
		q := a.to(b, dist[i]/(dist[i]-dist[j]))
		if k.clear > 0 && (q.sub(a).len() < k.clear || q.sub(b).len() < k.clear) {
			return nil, nil, nil, false
		}
		edge[count], x[count] = i, q
		count++
	}
	if count != 2 {
		return nil, nil, nil, false
	}
	var hits [2]hit
	for h, i := range edge {
		j := (i + 1) % n
		hits[h] = hit{i, s.on(p[i].c, p[i].v, p[j].v, x[h], k.snap)}
		if hits[h].v == p[j].v {
			hits[h].i = j
		}
	}
	if hits[0].i == hits[1].i || hits[0].v == hits[1].v {
		return nil, nil, nil, false
	}
	q, r := part(p, hits[0], hits[1]), part(p, hits[1], hits[0])
	if len(q) < 3 || len(r) < 3 {
		return nil, nil, nil, false
	}
	c = s.line(hits[0].v, hits[1].v, proto)
	q[len(q)-1].c, r[len(r)-1].c = c, c
	// q lies left of the way back from the second hit to the first.
	if s.at(hits[1].v).sub(s.at(hits[0].v)).dot(k.d) < 0 {
		return q, r, c, true
	}
	return r, q, c, true
}

// hit is where a line enters or leaves a polygon: at corner i, or on the edge
// that begins there.
type hit struct {
	i int
	v vertex
}

// part walks p from one hit to the other; the closing edge has no cut yet.
func part(p poly, from, to hit) poly {
	n := len(p)
	q := poly{{from.v, p[from.i].c}}
	for i := (from.i + 1) % n; ; i = (i + 1) % n {
		if i == to.i {
			if p[i].v != to.v {
				q = append(q, p[i])
			}
			return append(q, corner{to.v, nil})
		}
		q = append(q, p[i])
	}
}

// area is that of the convex polygon, in m2 of the flat plane.
func (s *sheet) area(p poly) float64 {
	var sum float64
	o := s.at(p[0].v)
	for i := 1; i+1 < len(p); i++ {
		sum += s.at(p[i].v).sub(o).cross(s.at(p[i+1].v).sub(o))
	}
	return sum / 2
}

// centre is the mean of the corners.
func (s *sheet) centre(p poly) vec {
	var sum vec
	for _, k := range p {
		sum = sum.add(s.at(k.v))
	}
	return sum.times(1 / float64(len(p)))
}

// extent is the width of p along d.
func (s *sheet) extent(p poly, d vec) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, k := range p {
		t := s.at(k.v).dot(d)
		lo, hi = min(lo, t), max(hi, t)
	}
	return lo, hi
}

// long returns the direction of the longest edge, and the extents of p along
// and across it.
func (s *sheet) long(p poly) (d vec, along, across float64) {
	var best float64
	for i, k := range p {
		e := s.at(p[(i+1)%len(p)].v).sub(s.at(k.v))
		if l := e.len(); l > best {
			best, d = l, e.unit()
		}
	}
	lo, hi := s.extent(p, d)
	along = hi - lo
	lo, hi = s.extent(p, d.left())
	return d, along, hi - lo
}

// strip is what an inset takes from a polygon along one of its edges.
type strip struct {
	poly
	along *cut
	inner *cut
}

// side asks for a strip along a cut, its width in metres and how far its edge
// may stray.
type side struct {
	along *cut
	width float64
	rough float64
}

// inset takes the given strips from p, one after the other, and returns what
// is left: nil when nothing is.
func (s *sheet) inset(p poly, sides []side) (inner poly, strips []strip) {
	inner = p
	mid := s.centre(p)
	for _, k := range sides {
		d := k.along.dir
		n := d.left()
		if k.along.off(mid) < 0 {
			n, d = n.times(-1), d.times(-1)
		}
		o := k.along.from.add(n.times(k.width))
		proto := cut{kind: stripCut, beside: k.along, rough: k.rough}
		proto.lo, proto.hi = s.stretch(p, k.along)
		keep, off, c, ok := s.split(inner, knife{o: o, d: d, snap: 0.6}, proto)
		if !ok {
			if lo, hi := s.reach(inner, o, n); hi < max(-lo, 0.6) {
				return nil, append(strips, strip{inner, k.along, nil})
			}
			continue
		}
		strips = append(strips, strip{off, k.along, c})
		inner = keep
	}
	return inner, strips
}

// stretch is the part of c that is an edge of p.
func (s *sheet) stretch(p poly, c *cut) (lo, hi float64) {
	for i, k := range p {
		if k.c == c {
			a, b := c.t(s.at(k.v)), c.t(s.at(p[(i+1)%len(p)].v))
			return min(a, b), max(a, b)
		}
	}
	return 0, c.length
}

// reach is how far p extends behind and before o in direction n.
func (s *sheet) reach(p poly, o, n vec) (lo, hi float64) {
	lo, hi = s.extent(p, n)
	t := o.dot(n)
	return lo - t, hi - t
}
