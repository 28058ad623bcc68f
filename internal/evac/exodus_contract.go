package evac

import (
	"slices"

	"github.com/simtaru/simtaru/internal/evac/flow"
	"github.com/simtaru/simtaru/internal/evac/network"
)

// contract takes nodes out of the problem by which nothing changes: dead ends where
// nobody lives, and those between two stretches of a street that are equally wide,
// or have no deadline: there a queue may as well stand at the first of them.
func (b *drafting) contract() {
	var todo []uint32
	for v := range b.out {
		todo = append(todo, v)
	}
	for v := range b.in {
		if b.out[v] == nil {
			todo = append(todo, v)
		}
	}
	slices.Sort(todo)
	for len(todo) > 0 {
		v := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if int(v) >= len(b.lane.net.Nodes) {
			continue // a home or shelter
		}
		todo = append(todo, b.without(v)...)
	}
}

// without takes a node out where it may be, and returns those that this may
// concern.
func (b *drafting) without(v uint32) (concerned []uint32) {
	out, in := b.living(b.out[v]), b.living(b.in[v])
	b.out[v], b.in[v] = out, in
	var ends []uint32
	for _, i := range out {
		if b.all[i].kind == toShelter {
			return nil
		}
		ends = append(ends, b.all[i].to)
	}
	for _, i := range in {
		if b.all[i].kind == fromHome {
			return nil
		}
		ends = append(ends, b.all[i].from)
	}
	links := len(ends)
	slices.Sort(ends)
	ends = slices.Compact(ends)
	if len(ends) < 2 {
		b.bury(out)
		b.bury(in)
		return ends
	}
	if len(ends) > 2 || links > 4 || len(out) > 2 || len(in) > 2 {
		return nil
	}
	var joins [][2]int32
	for _, i := range in {
		for _, o := range out {
			if b.all[i].from == b.all[o].to {
				continue
			}
			if f, g := &b.all[i], &b.all[o]; f.capacity != g.capacity && (f.deadline != never || g.deadline != never) {
				return nil
			}
			joins = append(joins, [2]int32{i, o})
		}
	}
	if len(joins) > 2 || len(joins) == 2 && (joins[0][0] == joins[1][0] || joins[0][1] == joins[1][1]) {
		return nil // more than one link from a neighbour, or to one
	}
	for _, j := range joins {
		b.join(j[0], j[1])
	}
	b.bury(out)
	b.bury(in)
	return ends
}

// join makes one link of two that follow one another.
func (b *drafting) join(i, o int32) {
	f, g := &b.all[i], &b.all[o]
	k := link{
		kind: onStreet, from: f.from, to: g.to, ms: f.ms + g.ms, area: f.area + g.area,
		capacity: min(f.capacity, g.capacity), deadline: g.deadline, legs: slices.Clone(f.legs),
	}
	if f.deadline != never {
		k.deadline = min(k.deadline, f.deadline+g.ms) // who is out of the second then had left the first in time
	}
	for _, l := range g.legs {
		l.end += uint32(f.ms)
		k.legs = append(k.legs, l)
	}
	b.out[k.from] = append(b.out[k.from], int32(len(b.all)))
	b.in[k.to] = append(b.in[k.to], int32(len(b.all)))
	b.all, b.dead = append(b.all, k), append(b.dead, false)
}

func (b *drafting) bury(links []int32) {
	for _, i := range links {
		b.dead[i] = true
	}
}

func (b *drafting) living(links []int32) []int32 {
	return slices.DeleteFunc(links, func(i int32) bool { return b.dead[i] })
}

// number makes the problem of the links by which a shelter is reached from a
// home.
func (b *drafting) number() {
	l := b.lane
	var starts, ends []uint32
	for _, h := range b.homes {
		starts = append(starts, h.node)
	}
	for target := range l.doors {
		ends = append(ends, b.shelter(target))
	}
	forth := b.reached(starts, b.out, func(k *link) uint32 { return k.to })
	back := b.reached(ends, b.in, func(k *link) uint32 { return k.from })
	id := map[uint32]int{}
	add := func(v uint32, wait int) int {
		i, ok := id[v]
		if !ok {
			i = len(b.Nodes)
			id[v] = i
			b.Nodes, b.first = append(b.Nodes, flow.Node{Wait: wait, Deadline: flow.Unbounded}), append(b.first, v)
		}
		return i
	}
	for _, h := range b.homes {
		node := add(h.node, flow.Unbounded)
		at := placeOn(l.net.Edges[h.at.Edge].Line, h.at.Along)
		first, last := b.steps(b.x.First.Milliseconds()), b.steps(b.x.Last.Milliseconds())
		from := len(b.people)
		for _, g := range h.groups { // one of each area
			i := from + slices.IndexFunc(b.people[from:], func(o Group) bool { return o.Area == g.Area })
			if i < from {
				i = len(b.people)
				b.people = append(b.people, Group{Area: g.Area, At: at, Place: h.at})
			}
			b.people[i].People += g.People
		}
		for _, g := range b.people[from:] {
			b.Groups = append(b.Groups, flow.Group{Node: node, People: int(g.People), Depart: first, Spread: last - first})
		}
	}
	for target := range l.doors {
		b.Shelters = append(b.Shelters, flow.Shelter{Node: add(b.shelter(target), flow.Unbounded), Room: int(l.shelters[l.usable[target]].Room)})
		b.halls = append(b.halls, l.usable[target])
	}
	area := map[int]float64{}
	for i, k := range b.all {
		if b.dead[i] || !forth[k.from] || !back[k.to] {
			continue
		}
		e := flow.Edge{From: add(k.from, 0), To: add(k.to, 0), Time: max(b.steps(k.ms), 1), Capacity: k.capacity, Deadline: flow.Unbounded}
		if k.deadline != never {
			e.Deadline = int(max(k.deadline, 0) / b.step)
		}
		b.Edges, b.links = append(b.Edges, e), append(b.links, k)
		area[e.From] += k.area / 4 // of both ends, in both directions
		area[e.To] += k.area / 4
	}
	for v, m2 := range area {
		if int(b.first[v]) < len(l.net.Nodes) {
			b.Nodes[v].Wait = int(m2 * l.profile.Crowd.Standing)
		}
	}
	for i, v := range b.first {
		if int(v) >= len(l.net.Nodes) {
			b.first[i] = network.None
		}
	}
}

// steps are how many it takes.
func (b *drafting) steps(ms int64) int { return int((ms + b.step - 1) / b.step) }

func (b *drafting) reached(from []uint32, by map[uint32][]int32, next func(*link) uint32) map[uint32]bool {
	seen := map[uint32]bool{}
	for _, v := range from {
		seen[v] = true
	}
	for todo := from; len(todo) > 0; {
		v := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, i := range by[v] {
			if b.dead[i] {
				continue
			}
			if u := next(&b.all[i]); !seen[u] {
				seen[u] = true
				todo = append(todo, u)
			}
		}
	}
	return seen
}
