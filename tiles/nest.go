package tiles

import "slices"

// strays are areas that rounding turned over: a negative ring on its own, or an
// exterior ring with holes that are larger than it.
type strays struct {
	rings rings
	ends  []int32 // where each stray ends in rings
}

func (s *strays) reset() {
	s.rings.reset()
	s.ends = s.ends[:0]
}

func (s *strays) len() int { return len(s.ends) }

// span returns which rings make up stray i.
func (s *strays) span(i int) (from, to int) {
	if i > 0 {
		from = int(s.ends[i-1])
	}
	return from, int(s.ends[i])
}

func (s *strays) end() { s.ends = append(s.ends, int32(s.rings.len())) }

// nest is the working memory to sort rings into polygons.
type nest struct {
	area  []int64
	owner []int32 // for a hole the exterior ring around it, or -1
	net   []int64 // for an exterior ring its area without its holes
	holes []int32 // holes by owner

	rows    [nestRows][]nestEdge // the edges of exterior rings, by where they lie
	tallies []tally              // of exterior rings
	touched []int32              // those that the hole at hand can lie in
}

// tally counts for an exterior ring where the points of a hole lie.
type tally struct {
	in, on      int32 // points inside it and on it
	odd, atEdge bool  // the point at hand: left of an odd number of edges, on one
	touched     bool
}

// nestEdge is an edge of an exterior ring in doubled coordinates.
type nestEdge struct {
	p, q point
	ring int32
}

// A row is some units of the tile high.
const (
	rowUnits = 32
	nestRows = (high-low)/rowUnits + 1
)

// sort appends the polygons that rings make up to dst, exterior ring first, and
// those with negative area to strays. A hole belongs to the smallest exterior
// ring that holds most of it, for rounding can make the two cross.
func (n *nest) sort(r *rings, dst *rings, strays *strays) {
	n.area, n.owner, n.net = n.area[:0], n.owner[:0], n.net[:0]
	holes := 0
	for i := range r.len() {
		a := area2(r.ring(i))
		n.area, n.net, n.owner = append(n.area, a), append(n.net, a), append(n.owner, -1)
		if a < 0 {
			holes++
		}
	}
	n.holes = n.holes[:0]
	if holes > 0 {
		n.index(r)
		for i, a := range n.area {
			if a < 0 {
				n.find(r, i)
			}
		}
		slices.SortStableFunc(n.holes, func(a, b int32) int { return int(n.owner[a] - n.owner[b]) })
	}
	holesOf := n.holes
	for i, a := range n.area {
		if a < 0 {
			continue
		}
		mine := holesOf
		for len(holesOf) > 0 && int(n.owner[holesOf[0]]) == i {
			holesOf = holesOf[1:]
		}
		mine = mine[:len(mine)-len(holesOf)]
		to := dst
		if n.net[i] <= 0 {
			to = &strays.rings
		}
		to.add(r.ring(i))
		for _, h := range mine {
			to.add(r.ring(int(h)))
		}
		if n.net[i] <= 0 {
			strays.end()
		}
	}
	for i, a := range n.area {
		if a < 0 && n.owner[i] < 0 {
			strays.rings.add(r.ring(i))
			strays.end()
		}
	}
}

// index puts the edges of exterior rings into rows.
func (n *nest) index(r *rings) {
	for i := range n.rows {
		n.rows[i] = n.rows[i][:0]
	}
	n.tallies = append(n.tallies[:0], make([]tally, r.len())...)
	for i, a := range n.area {
		if a < 0 {
			continue
		}
		eachEdge(r.ring(i), func(p, q point) {
			e := nestEdge{p: point{2 * p.x, 2 * p.y}, q: point{2 * q.x, 2 * q.y}, ring: int32(i)}
			for row := (min(p.y, q.y) - low) / rowUnits; row <= (max(p.y, q.y)-low)/rowUnits; row++ {
				n.rows[row] = append(n.rows[row], e)
			}
		})
	}
}

// samples is how many points of a hole decide in which ring it lies.
const samples = 9

// find finds the owner of hole i.
func (n *nest) find(r *rings, i int) {
	hole := r.ring(i)
	n.touched = n.touched[:0]
	count := int32(0)
	for k := 0; k < len(hole); k += max(1, len(hole)/samples) {
		// The middle of an edge is less often on another ring than its end.
		p, q := hole[k], hole[(k+1)%len(hole)]
		n.locate(point{p.x + q.x, p.y + q.y})
		n.locate(point{2 * p.x, 2 * p.y})
		count += 2
	}
	owner := int32(-1)
	for _, t := range n.touched {
		y := &n.tallies[t]
		if 2*y.in > count-y.on && (owner < 0 || n.area[t] < n.area[owner] || n.area[t] == n.area[owner] && t < owner) {
			owner = t
		}
		*y = tally{}
	}
	if owner >= 0 {
		n.owner[i] = owner
		n.net[owner] += n.area[i]
		n.holes = append(n.holes, int32(i))
	}
}

// locate counts in which exterior rings m lies, in doubled coordinates.
func (n *nest) locate(m point) {
	for _, e := range n.rows[(m.y/2-low)/rowUnits] {
		p, q := e.p, e.q
		t := &n.tallies[e.ring]
		if !t.touched {
			t.touched = true
			n.touched = append(n.touched, e.ring)
		}
		c := cross(point{q.x - p.x, q.y - p.y}, point{m.x - p.x, m.y - p.y})
		if c == 0 && min(p.x, q.x) <= m.x && m.x <= max(p.x, q.x) && min(p.y, q.y) <= m.y && m.y <= max(p.y, q.y) {
			t.atEdge = true
		}
		if (p.y > m.y) != (q.y > m.y) && (c > 0) == (q.y > p.y) {
			t.odd = !t.odd
		}
	}
	for _, i := range n.touched {
		t := &n.tallies[i]
		switch {
		case t.atEdge:
			t.on++
		case t.odd:
			t.in++
		}
		t.odd, t.atEdge = false, false
	}
}
