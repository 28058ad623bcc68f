package demo

import (
	"maps"
	"slices"
)

// border is a stretch of a cut that a face has on one of its sides.
type border struct {
	face   int
	lo, hi float64
}

// neighbours returns for each face the others it touches, and over how many
// metres, in the order of their numbers.
func (b *builder) neighbours() [][]border {
	on := map[*cut][]border{}
	for i, f := range b.faces {
		for j, k := range f.poly {
			s, t := k.c.t(b.at(k.v)), k.c.t(b.at(f.poly[(j+1)%len(f.poly)].v))
			on[k.c] = append(on[k.c], border{i, min(s, t), max(s, t)})
		}
	}
	near := make([]map[int]float64, len(b.faces))
	for i := range near {
		near[i] = map[int]float64{}
	}
	for _, c := range b.cuts {
		for _, p := range on[c] {
			for _, q := range on[c] {
				if over := min(p.hi, q.hi) - max(p.lo, q.lo); p.face != q.face && over > 1 {
					near[p.face][q.face] += over
				}
			}
		}
	}
	out := make([][]border, len(near))
	for i, m := range near {
		for _, j := range slices.Sorted(maps.Keys(m)) {
			out[i] = append(out[i], border{face: j, hi: m[j]})
		}
	}
	return out
}

// assign gives each face to a village: the nearest, so that each has some and
// all of one village hang together.
func (b *builder) assign() {
	near := b.neighbours()
	seeds := make([]vec, len(b.villages))
	banks := make([]int, len(b.villages))
	for i, v := range b.villages {
		seeds[i] = shrunk(95+float64(v.near[0])/1000, 5+float64(v.near[1])/1000)
	}
	core := b.cores(seeds, banks)
	for i, f := range b.faces {
		best := 1e18
		for v, s := range seeds {
			d := f.centre.sub(s).len()
			// People rarely share a village across a river.
			if banks[v] != f.quarter.bank {
				d += 450
			}
			if d < best {
				best, f.village = d, v
			}
		}
		if v := core[i]; v >= 0 {
			f.village = v
		}
	}
	b.joinUp(near, core)
	for _, f := range b.faces {
		code := b.villages[f.village].code[:8]
		f.district = slices.IndexFunc(b.districts, func(d district) bool { return d.code == code })
	}
}

// cores gives each village the urban face nearest to where it lies, each face
// to one village only, and notes on which bank that is. It returns the village
// of each face, or -1.
func (b *builder) cores(seeds []vec, banks []int) []int {
	core := make([]int, len(b.faces))
	for i := range core {
		core[i] = -1
	}
	for v, s := range seeds {
		best, found := 1e18, -1
		for i, f := range b.faces {
			if d := f.centre.sub(s).len(); f.kind == urban && core[i] < 0 && d < best {
				best, found = d, i
			}
		}
		core[found] = v
		banks[v] = b.faces[found].quarter.bank
	}
	return core
}

// joinUp hands pieces that do not hang together with their village's core to
// the neighbour with the longest common border, until none is left.
func (b *builder) joinUp(near [][]border, core []int) {
	for range 20 {
		home := make([]bool, len(b.faces))
		var reach func(i int)
		reach = func(i int) {
			home[i] = true
			for _, n := range near[i] {
				if !home[n.face] && b.faces[n.face].village == b.faces[i].village {
					reach(n.face)
				}
			}
		}
		for i, v := range core {
			if v >= 0 {
				reach(i)
			}
		}
		strays := 0
		for i, f := range b.faces {
			if home[i] {
				continue
			}
			strays++
			var longest float64
			for _, n := range near[i] {
				if home[n.face] && n.hi > longest {
					longest, f.village = n.hi, b.faces[n.face].village
				}
			}
		}
		if strays == 0 {
			return
		}
	}
}
