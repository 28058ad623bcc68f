package demo

import "slices"

// edge is a directed edge of a ring.
type edge struct{ a, b grid }

// dissolve unites rings that share edges exactly: opposite edges cancel, what
// stays is linked into rings, and rings into polygons. Each result is a list
// of rings: the outer one counter-clockwise, then its holes.
func dissolve(rings [][]grid) [][][]grid {
	have := map[edge]bool{}
	var order []edge
	for _, r := range rings {
		for i, a := range r {
			e := edge{a, r[(i+1)%len(r)]}
			if back := (edge{e.b, e.a}); have[back] {
				delete(have, back)
				continue
			}
			have[e] = true
			order = append(order, e)
		}
	}
	from := map[grid][]grid{}
	for _, e := range order {
		if have[e] {
			from[e.a] = append(from[e.a], e.b)
		}
	}
	var outer, holes [][]grid
	for _, e := range order {
		if !have[e] {
			continue
		}
		for _, r := range pinched(link(e, have, from)) {
			if area2(r) > 0 {
				outer = append(outer, r)
			} else {
				holes = append(holes, r)
			}
		}
	}
	return nest(outer, holes)
}

// link follows edges from e until it is back.
func link(e edge, have map[edge]bool, from map[grid][]grid) []grid {
	start := e.a
	var r []grid
	for {
		delete(have, e)
		r = append(r, e.a)
		if e.b == start {
			return r
		}
		e = edge{e.b, leftmost(e, have, from[e.b])}
	}
}

// leftmost chooses the edge that turns most to the left after e, so that
// rings that touch in a point stay apart.
func leftmost(e edge, have map[edge]bool, next []grid) grid {
	var best grid
	found := false
	for _, n := range next {
		if !have[edge{e.b, n}] {
			continue
		}
		if !found || turnsLeft(e, n, best) {
			best, found = n, true
		}
	}
	if !found {
		panic("demo: a ring does not close")
	}
	return best
}

// turnsLeft reports whether going on to n is a sharper left turn than to m.
func turnsLeft(e edge, n, m grid) bool {
	back := grid{e.a.lon - e.b.lon, e.a.lat - e.b.lat}
	u := grid{n.lon - e.b.lon, n.lat - e.b.lat}
	w := grid{m.lon - e.b.lon, m.lat - e.b.lat}
	// Clockwise from the way back, the first one met is the leftmost turn.
	hu, hw := half(back, u), half(back, w)
	if hu != hw {
		return hu < hw
	}
	return u.lon*w.lat-u.lat*w.lon < 0
}

// half is 0 for directions clockwise of d within half a turn, else 1.
func half(d, u grid) int {
	if c := d.lon*u.lat - d.lat*u.lon; c < 0 || c == 0 && d.lon*u.lon+d.lat*u.lat < 0 {
		return 0
	}
	return 1
}

// pinched cuts a ring that visits a place twice into simple rings.
func pinched(r []grid) [][]grid {
	seen := map[grid]int{}
	var out [][]grid
	var path []grid
	for _, g := range r {
		if i, ok := seen[g]; ok {
			out = append(out, slices.Clone(path[i:]))
			for _, h := range path[i:] {
				delete(seen, h)
			}
			path = path[:i]
		}
		seen[g] = len(path)
		path = append(path, g)
	}
	return append(out, path)
}

// nest puts each hole into the smallest outer ring around it.
func nest(outer, holes [][]grid) [][][]grid {
	out := make([][][]grid, len(outer))
	for i, r := range outer {
		out[i] = [][]grid{r}
	}
	for _, h := range holes {
		best, at := int64(0), -1
		for i, r := range outer {
			if a := area2(r); (at < 0 || a < best) && holds(r, h) {
				best, at = a, i
			}
		}
		if at < 0 {
			panic("demo: a hole lies in nothing")
		}
		out[at] = append(out[at], h)
	}
	return out
}

// holds reports whether ring r has hole h inside: decided at a corner of h
// that r does not pass through.
func holds(r, h []grid) bool {
	on := map[grid]bool{}
	for _, g := range r {
		on[g] = true
	}
	for _, g := range h {
		if !on[g] {
			return contains(r, g)
		}
	}
	return false
}

// contains reports whether g lies inside ring r; on an edge is undefined.
func contains(r []grid, g grid) bool {
	in := false
	for i, a := range r {
		b := r[(i+1)%len(r)]
		if (a.lat > g.lat) == (b.lat > g.lat) {
			continue
		}
		c := (b.lon-a.lon)*(g.lat-a.lat) - (g.lon-a.lon)*(b.lat-a.lat)
		if (c > 0) == (b.lat > a.lat) {
			in = !in
		}
	}
	return in
}
