package tiles

import (
	"math"
	"math/bits"
)

// detail is the area, in square pixels of a 512-pixel tile, that a corner must
// make out to be drawn.
const detail = 0.5

// minRing is how many vertices a closed arc keeps at every zoom, so that a
// building stays a box.
const minRing = 4

// simplifier removes the corners of arcs in the order of the area they make out
// (Visvalingam and Whyatt, 1993). It is the working memory of one goroutine.
type simplifier struct {
	*mesh
	path       []uint32 // the vertices of the arc
	own        uint32   // its number
	prev, next []int32  // the remaining neighbours of each
	area       []float64
	heap       []int32 // corners that may be removed, the smallest first
	slot       []int32 // place of each corner in heap, or -1
}

// simplify finds the levels of the inner vertices of an arc. Its first and last
// vertex stay.
//
// A corner a-b-c is removed only if the triangle abc, with its edges, holds no
// vertex of the layer but a, b and c; vertices of the same arc that were removed
// before do not count, those of other arcs count whether drawn or not. So the
// order in which arcs are worked on does not matter, and the results of one arc
// hold whatever the zoom of the others.
func (s *simplifier) simplify(path []uint32, number uint32) {
	s.begin(path, number)
	keep := 0
	if path[0] == path[len(path)-1] {
		keep = minRing - 1
	}
	var reached float64 // the largest area removed so far
	for left := len(path) - 2; left > keep && len(s.heap) > 0; {
		i := s.pop()
		if s.area[i] >= areaAt(0) {
			break // what remains is drawn at every zoom
		}
		a, c := s.prev[i], s.next[i]
		if s.blocked(path[a], path[i], path[c]) {
			continue // tried again when a neighbour goes
		}
		reached = max(reached, s.area[i])
		s.level[path[i]] = levelOf(reached)
		s.gone[path[i]] = true
		left--
		s.next[a], s.prev[c] = c, a
		s.measure(a)
		s.measure(c)
	}
}

func (s *simplifier) begin(path []uint32, number uint32) {
	n := len(path)
	s.path, s.own = path, number
	s.prev, s.next, s.slot = s.prev[:0], s.next[:0], s.slot[:0]
	s.area, s.heap = s.area[:0], s.heap[:0]
	for i := range n {
		s.prev, s.next = append(s.prev, int32(i-1)), append(s.next, int32(i+1))
		s.slot, s.area = append(s.slot, -1), append(s.area, 0)
	}
	for i := 1; i < n-1; i++ {
		s.area[i] = s.triangle(int32(i))
		s.slot[i] = int32(len(s.heap))
		s.heap = append(s.heap, int32(i))
	}
	for i := len(s.heap)/2 - 1; i >= 0; i-- {
		s.down(i)
	}
}

// measure computes the area of corner i anew and puts it where it belongs.
func (s *simplifier) measure(i int32) {
	if i == 0 || int(i) == len(s.path)-1 {
		return
	}
	s.area[i] = s.triangle(i)
	if s.slot[i] < 0 {
		s.slot[i] = int32(len(s.heap))
		s.heap = append(s.heap, i)
	}
	s.up(int(s.slot[i]))
	s.down(int(s.slot[i]))
}

// triangle returns the area of the corner at i in square world units. Products
// are rounded one by one, so that no compiler fuses them and all machines agree.
func (s *simplifier) triangle(i int32) float64 {
	a, b, c := s.at[s.path[s.prev[i]]], s.at[s.path[i]], s.at[s.path[s.next[i]]]
	ux, uy := float64(b.X)-float64(a.X), float64(b.Y)-float64(a.Y)
	vx, vy := float64(c.X)-float64(a.X), float64(c.Y)-float64(a.Y)
	return math.Abs(float64(ux*vy)-float64(uy*vx)) / 2
}

// blocked reports whether the triangle holds a vertex that must not change sides.
func (s *simplifier) blocked(a, b, c uint32) bool {
	va, vb, vc := s.at[a], s.at[b], s.at[c]
	box := Box{Min: va, Max: va}
	box.extend(vb)
	box.extend(vc)
	turn := orientation(va, vb, vc)
	return s.slabs.any(s.at, box, func(i uint32) bool {
		if i == a || i == b || i == c || s.arc[i] == s.own && s.gone[i] {
			return false
		}
		p := s.at[i]
		if turn == 0 {
			return orientation(va, vc, p) == 0
		}
		return orientation(va, vb, p)*turn >= 0 && orientation(vb, vc, p)*turn >= 0 && orientation(vc, va, p)*turn >= 0
	})
}

// orientation returns on which side of the line from a to b the vertex p lies:
// -1, 0 or 1. It is exact.
func orientation(a, b, p Vertex) int {
	ux, uy := int64(b.X)-int64(a.X), int64(b.Y)-int64(a.Y)
	vx, vy := int64(p.X)-int64(a.X), int64(p.Y)-int64(a.Y)
	const fits = 1 << 31
	if max(ux, -ux, uy, -uy, vx, -vx, vy, -vy) < fits {
		return sign(ux*vy - uy*vx)
	}
	hi1, lo1 := mul(ux, vy)
	hi2, lo2 := mul(uy, vx)
	lo, borrow := bits.Sub64(lo1, lo2, 0)
	hi, _ := bits.Sub64(hi1, hi2, borrow)
	if hi == 0 && lo == 0 {
		return 0
	}
	return sign(int64(hi) | 1)
}

// mul returns the product as a signed number of 128 bits.
func mul(a, b int64) (hi, lo uint64) {
	hi, lo = bits.Mul64(uint64(a), uint64(b))
	if a < 0 {
		hi -= uint64(b)
	}
	if b < 0 {
		hi -= uint64(a)
	}
	return hi, lo
}

func sign(v int64) int {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

// areaAt returns the area in square world units that is drawn from a zoom on.
func areaAt(zoom uint8) float64 {
	// A tile of 512 pixels is 2^(32-zoom) units wide.
	return math.Ldexp(detail, 2*(32-9-int(zoom)))
}

// levelOf returns the lowest zoom at which a corner of that area is drawn.
func levelOf(area float64) uint8 {
	for z := uint8(FullDetail); z > 0; z-- {
		if area < areaAt(z-1) {
			return z
		}
	}
	return 0
}

// before orders corners by area, then along the arc, so that equal areas are
// removed in one order from both sides.
func (s *simplifier) before(i, j int32) bool {
	if s.area[i] != s.area[j] {
		return s.area[i] < s.area[j]
	}
	return i < j
}

func (s *simplifier) pop() int32 {
	top := s.heap[0]
	n := len(s.heap) - 1
	s.put(0, s.heap[n])
	s.heap = s.heap[:n]
	s.slot[top] = -1
	if n > 0 {
		s.down(0)
	}
	return top
}

func (s *simplifier) put(place int, i int32) {
	s.heap[place] = i
	s.slot[i] = int32(place)
}

func (s *simplifier) up(place int) {
	i := s.heap[place]
	for place > 0 {
		parent := (place - 1) / 2
		if !s.before(i, s.heap[parent]) {
			break
		}
		s.put(place, s.heap[parent])
		place = parent
	}
	s.put(place, i)
}

func (s *simplifier) down(place int) {
	i := s.heap[place]
	for {
		child := 2*place + 1
		if child >= len(s.heap) {
			break
		}
		if child+1 < len(s.heap) && s.before(s.heap[child+1], s.heap[child]) {
			child++
		}
		if !s.before(s.heap[child], i) {
			break
		}
		s.put(place, s.heap[child])
		place = child
	}
	s.put(place, i)
}
