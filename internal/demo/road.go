package demo

import (
	"cmp"
	"slices"
)

// road is a segment of the network between two nodes.
type road struct {
	line   []grid
	class  class
	name   string
	half   float64
	key    uint64
	length float64 // metres
	bridge bool
	over   string // the river under a bridge
}

func (r *road) ends() (a, z grid) { return r.line[0], r.line[len(r.line)-1] }

// roads builds the network from the streets' centre lines and the lanes: noded
// where they meet, lanes led on to the middle of the street they open to.
func (b *builder) makeRoads() {
	n := network{builder: b, ends: map[vertex]bool{}, marks: map[*cut][]place{}, lead: map[vertex]grid{}}
	for _, c := range b.cuts {
		if c.road() {
			n.ends[c.nodes[0].v] = true
			n.ends[c.nodes[len(c.nodes)-1].v] = true
		}
	}
	for _, c := range b.cuts {
		if !c.road() {
			continue
		}
		for _, m := range c.nodes {
			if n.ends[m.v] {
				n.marks[c] = append(n.marks[c], place{m.t, b.globe[m.v]})
			}
		}
	}
	for _, c := range b.cuts {
		if c.kind == stripCut && c.beside.kind == streetCut {
			n.open(c)
		}
	}
	for _, c := range b.cuts {
		if c.road() {
			n.segments(c)
		}
	}
	n.joinBridges()
	n.keepMain()
}

func (c *cut) road() bool { return c.kind == streetCut || c.kind == laneCut }

type network struct {
	*builder
	ends  map[vertex]bool  // of streets and lanes
	marks map[*cut][]place // the nodes of the network on a cut
	lead  map[vertex]grid  // from a lane's end on to the middle of the street
}

// open leads the lanes that end on the edge of a street to its middle.
func (n *network) open(edge *cut) {
	for _, m := range edge.nodes {
		if !n.ends[m.v] {
			continue
		}
		if _, done := n.lead[m.v]; done {
			continue
		}
		st := edge.beside
		// Not beyond the block, where another street would lie between.
		t := min(max(st.t(n.at(m.v)), edge.lo), edge.hi)
		marks := n.marks[st]
		if i := slices.IndexFunc(marks, func(p place) bool { return p.t-t < 5 && t-p.t < 5 }); i >= 0 {
			n.lead[m.v] = marks[i].at
			continue
		}
		p := place{t, st.along(t)}
		n.marks[st] = append(marks, p)
		n.lead[m.v] = p.at
	}
}

// segments cuts one line at its nodes.
func (n *network) segments(c *cut) {
	marks := n.marks[c]
	slices.SortFunc(marks, func(a, b place) int { return cmp.Compare(a.t, b.t) })
	r := road{key: c.key, class: lane, half: lane.half()}
	if c.street != nil {
		r.class, r.half, r.name = c.street.class, c.street.half, c.street.name
	} else {
		dice := draw(n.seed, "lane", c.key)
		if dice.chance(0.22) || c.length < 45 && dice.chance(0.4) {
			r.class, r.half = footway, footway.half()
		}
		r.name = streetName(r.class, dice)
	}
	first, last := c.nodes[0].v, c.nodes[len(c.nodes)-1].v
	for i := 1; i < len(marks); i++ {
		s := r
		s.key = mix(c.key + uint64(i))
		put := func(g grid) {
			if len(s.line) == 0 || s.line[len(s.line)-1] != g {
				s.line = append(s.line, g)
			}
		}
		if g, ok := n.lead[first]; ok && i == 1 {
			put(g)
		}
		put(marks[i-1].at)
		n.walk(c, marks[i-1].t, marks[i].t, put)
		put(marks[i].at)
		if g, ok := n.lead[last]; ok && i == len(marks)-1 {
			put(g)
		}
		if len(s.line) < 2 || s.line[0] == s.line[len(s.line)-1] {
			continue
		}
		n.roads = append(n.roads, &s)
	}
}

// joinBridges makes one segment of the two that meet over a river.
func (n *network) joinBridges() {
	over := map[grid]string{}
	for _, c := range n.cuts {
		if c.kind == riverCut {
			over[n.globe[c.nodes[0].v]] = c.street.name
			over[n.globe[c.nodes[len(c.nodes)-1].v]] = c.street.name
		}
	}
	half := map[grid]*road{}
	out := n.roads[:0]
	for _, r := range n.roads {
		a, z := r.ends()
		mid := a
		if over[z] != "" {
			mid = z
		} else if over[a] == "" {
			out = append(out, r)
			continue
		}
		other := half[mid]
		if other == nil {
			half[mid] = r
			out = append(out, r)
			continue
		}
		// The second half goes into the first.
		if o, _ := other.ends(); o == mid {
			slices.Reverse(other.line)
		}
		if z == mid {
			slices.Reverse(r.line)
		}
		other.line = append(other.line, r.line[1:]...)
		other.bridge, other.over = true, over[mid]
	}
	n.roads = out
}

// keepMain drops what does not hang together with the rest, such as a lane
// behind a river bank.
func (n *network) keepMain() {
	boss := map[grid]grid{}
	var find func(g grid) grid
	find = func(g grid) grid {
		p, ok := boss[g]
		if !ok || p == g {
			return g
		}
		p = find(p)
		boss[g] = p
		return p
	}
	for _, r := range n.roads {
		a, z := r.ends()
		boss[find(a)] = find(z)
	}
	size := map[grid]int{}
	var main grid
	for _, r := range n.roads {
		a, _ := r.ends()
		g := find(a)
		if size[g]++; size[g] > size[main] {
			main = g
		}
	}
	all := len(n.roads)
	n.roads = slices.DeleteFunc(n.roads, func(r *road) bool {
		a, _ := r.ends()
		return find(a) != main
	})
	n.lost = all - len(n.roads)
	for _, r := range n.roads {
		for i := 1; i < len(r.line); i++ {
			r.length += flat(r.line[i]).sub(flat(r.line[i-1])).len()
		}
	}
}
