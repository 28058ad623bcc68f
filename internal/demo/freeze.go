package demo

import (
	"cmp"
	"math"
	"slices"
)

// freeze bends and rounds all vertices and fixes the course of all cuts.
// Nothing may be cut on this sheet afterwards; sheets over it may be.
func (s *sheet) freeze() {
	if s.below == nil {
		s.globe = make([]grid, len(s.flat))
		for i, p := range s.flat {
			s.globe[i] = globe(s.bend(p))
		}
	}
	for _, c := range s.cuts {
		s.draw(c)
	}
}

// sag is how far a drawn line may leave the bent one, and stride how often a
// rough line may turn; metres.
const (
	sag    = 0.18
	stride = 14.0
)

// draw fixes the places of a cut: its nodes, and between them as many as the
// bend or the roughness asks for.
func (s *sheet) draw(c *cut) {
	c.chain = make([]place, 0, len(c.nodes)+4)
	for i, n := range c.nodes {
		if i > 0 {
			s.between(c, c.nodes[i-1], n)
		}
		c.chain = append(c.chain, place{n.t, s.where(n.v)})
	}
}

func (s *sheet) between(c *cut, a, b node) {
	gap := b.t - a.t
	if c.rough == 0 {
		l := span{cut: c, a: place{a.t, s.where(a.v)}, b: place{b.t, s.where(b.v)}}
		// On a sheet over another the ends may lie on lines drawn below,
		// which are chords: the bend between them is shifted to match.
		l.offA = flat(l.a.at).sub(s.bend(c.at(a.t)))
		l.offB = flat(l.b.at).sub(s.bend(c.at(b.t)))
		s.curve(l, l.a, l.b, 6)
		return
	}
	shy := 0.07
	if c.kind == coastCut {
		shy = 0.13 // there is no next line for a long way
	}
	n := int(gap / stride)
	for i := 1; i < n; i++ {
		f := float64(i) / float64(n)
		// The line returns to its nodes, and leaves them at so small an angle
		// that it does not meet the next line there.
		reach := float64(min(c.rough, float64(gap*shy)) * min(1, float64(4*float64(f*(1-f)))))
		t := a.t + float64(gap*f)
		p := s.bend(c.at(t)).add(c.dir.left().times(reach * stray(c.key, t)))
		c.chain = append(c.chain, place{t, globe(p)})
	}
}

// span is a stretch of a cut between two nodes, and by how much these are off
// the bend.
type span struct {
	*cut
	a, b       place
	offA, offB vec
}

// bent is the place t metres along the cut.
func (s *sheet) bent(l span, t float64) vec {
	f := (t - l.a.t) / (l.b.t - l.a.t)
	return s.bend(l.at(t)).add(l.offA.to(l.offB, f))
}

// curve halves the stretch from a to b while its middle leaves the chord.
func (s *sheet) curve(l span, a, b place, depth int) {
	gap := b.t - a.t
	if depth == 0 || gap < 6 {
		return
	}
	t := a.t + float64(gap/2)
	m := s.bent(l, t)
	// Also looks at a quarter, since an S crosses its chord in the middle.
	if segmentDistance(m, flat(a.at), flat(b.at)) < sag &&
		(gap < 100 || segmentDistance(s.bent(l, a.t+float64(gap/4)), flat(a.at), flat(b.at)) < sag) {
		return
	}
	mid := place{t, globe(m)}
	s.curve(l, a, mid, depth-1)
	l.chain = append(l.chain, mid)
	s.curve(l, mid, b, depth-1)
}

// stray is noise in [-1, 1] along a line: two octaves, of 140 m and 45 m.
func stray(key uint64, t float64) float64 {
	var sum float64
	for i, span := range [2]float64{140, 45} {
		x := t / span
		x0 := math.Floor(x)
		value := func(i uint64, k float64) float64 {
			return signed(mix(key ^ mix(i<<32+uint64(int64(k)+1<<20))))
		}
		a, b := value(uint64(i), x0), value(uint64(i), x0+1)
		v := a + float64((b-a)*ease(x-x0))
		sum += float64(v * [2]float64{0.7, 0.3}[i])
	}
	return sum
}

// where returns the position of v.
func (s *sheet) where(v vertex) grid {
	if v < s.base {
		return s.below.where(v)
	}
	return s.globe[v-s.base]
}

// along is the position on a frozen cut t metres from its start, on the line
// as it is drawn.
func (c *cut) along(t float64) grid {
	i, exact := slices.BinarySearchFunc(c.chain, t, byTs)
	switch {
	case exact || i == 0:
		return c.chain[i].at
	case i == len(c.chain):
		return c.chain[i-1].at
	}
	a, b := c.chain[i-1], c.chain[i]
	f := (t - a.t) / (b.t - a.t)
	return grid{
		a.at.lon + int64(math.Round(float64(f*float64(b.at.lon-a.at.lon)))),
		a.at.lat + int64(math.Round(float64(f*float64(b.at.lat-a.at.lat)))),
	}
}

// ring returns the outline of p with every place that lies on it, without
// repeating the first.
func (s *sheet) ring(p poly) []grid {
	out := make([]grid, 0, 2*len(p))
	put := func(g grid) {
		if len(out) == 0 || out[len(out)-1] != g {
			out = append(out, g)
		}
	}
	for i, k := range p {
		next := p[(i+1)%len(p)].v
		put(s.where(k.v))
		ta, tb := k.c.t(s.at(k.v)), k.c.t(s.at(next))
		s.walk(k.c, ta, tb, put)
	}
	if len(out) > 1 && out[len(out)-1] == out[0] {
		out = out[:len(out)-1]
	}
	return out
}

// nick separates a place from the ends of an edge on the same cut, in metres:
// more than rounding makes, less than any two vertices are apart.
const nick = 0.01

// walk visits the places strictly between ta and tb in that order.
func (s *sheet) walk(c *cut, ta, tb float64, visit func(grid)) {
	lo, hi := min(ta, tb)+nick, max(ta, tb)-nick
	places := s.places(c, lo, hi)
	if ta < tb {
		for _, p := range places {
			visit(p.at)
		}
		return
	}
	for i := len(places) - 1; i >= 0; i-- {
		visit(places[i].at)
	}
}

// places are those on c from lo to hi, in order.
func (s *sheet) places(c *cut, lo, hi float64) []place {
	i, _ := slices.BinarySearchFunc(c.chain, lo, byTs)
	j, _ := slices.BinarySearchFunc(c.chain, hi, byTs)
	out := c.chain[i:max(i, j)]
	if c.sheet == s {
		return out
	}
	nodes := s.nodes(c)
	i, _ = slices.BinarySearchFunc(nodes, lo, byT)
	j, _ = slices.BinarySearchFunc(nodes, hi, byT)
	if i >= j {
		return out
	}
	out = slices.Clone(out)
	for _, n := range nodes[i:j] {
		out = append(out, place{n.t, s.where(n.v)})
	}
	slices.SortFunc(out, func(a, b place) int { return cmp.Compare(a.t, b.t) })
	return out
}
