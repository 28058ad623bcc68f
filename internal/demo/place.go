package demo

import (
	"fmt"
	"slices"
	"strings"
)

// named is a place with a name that people search for.
type named struct {
	spot
	name, kind string
	importance int
}

func (b *builder) placeRows(yield func(Row) bool) {
	put := func(n named) bool {
		values := map[string]any{
			"name": n.name, "kind": n.kind, "importance": int64(n.importance), "source": source, "remark": remark,
		}
		if n.kind != "district" && n.kind != "village" {
			values["address"] = n.address()
		}
		return yield(Row{values, n.at})
	}
	for _, n := range b.settlements() {
		if !put(n) {
			return
		}
	}
	for _, n := range b.sights() {
		if !put(n) {
			return
		}
	}
	b.waterNames(yield)
}

// settlements are districts and villages, each at the middle of where its
// people live.
func (b *builder) settlements() []named {
	var out []named
	for v, g := range b.villages {
		_, mid := b.wettest(v)
		out = append(out, named{spot{at: globe(mid).point(), village: g}, "Gampong " + strings.TrimPrefix(g.name, "Gampong "), "village", 3})
	}
	for d := range b.districts {
		mid := b.middle(func(f *face) bool { return f.district == d && f.kind == urban })
		out = append(out, named{spot{at: globe(mid).point()}, "Kecamatan " + b.districts[d].name, "district", 1})
	}
	return out
}

// sights are what else a map names, with generic names only.
func (b *builder) sights() []named {
	var out []named
	add := func(kind, what string, importance, n int, codes ...string) {
		for i, s := range b.spots("place "+what, n, has(codes...)) {
			name := fmt.Sprintf("%s %s", what, s.village.name)
			if i > 0 && slices.ContainsFunc(out, func(o named) bool { return o.name == name }) {
				name = fmt.Sprintf("%s %d", name, i+1)
			}
			out = append(out, named{s, name, kind, importance})
		}
	}
	add("mosque", "Masjid Jamik", 2, 14, "SPU-2", "SPU-3")
	add("mosque", "Meunasah", 4, 60, "SPU-3", "SPU-4", "R-2", "R-3")
	add("school", "SD Negeri Contoh", 4, 40, "SPU-3", "SPU-2")
	add("school", "SMP Negeri Contoh", 3, 16, "SPU-2", "SPU-3")
	add("school", "Kampus Contoh", 1, 3, "SPU-1")
	add("hospital", "Rumah Sakit Contoh", 1, 3, "SPU-1", "SPU-2")
	add("hospital", "Puskesmas", 3, 11, "SPU-2", "SPU-3")
	add("market", "Pasar", 2, 12, "K-1", "K-2")
	add("government", "Kantor Camat", 2, 9, "KT")
	add("government", "Kantor Keuchik", 4, 45, "SPU-3", "SPU-4", "KT")
	add("park", "Taman Kota", 2, 8, "RTH-2", "RTH-3")
	add("park", "Hutan Kota", 2, 3, "RTH-1", "THR")
	add("harbour", "Pelabuhan Perikanan Contoh", 2, 1, "IK-1")
	add("station", "Terminal Contoh", 2, 2, "TR")
	add("landmark", "Situs Budaya Contoh", 2, 3, "CB")
	add("beach", "Pantai", 2, 5, "W")
	return out
}

// waterNames are the rivers' and the bridges'.
func (b *builder) waterNames(yield func(Row) bool) {
	named := map[*street]bool{}
	for _, c := range b.rivers {
		if c.from.y < -1600 || named[c.street] { // once on each river, near the town
			continue
		}
		named[c.street] = true
		if !yield(Row{map[string]any{
			"name": c.street.name, "kind": "river", "importance": int64(2), "source": source, "remark": remark,
		}, c.along(c.length / 2).point()}) {
			return
		}
	}
	for _, s := range b.roads {
		if !s.bridge {
			continue
		}
		p, _ := s.at(s.length / 2)
		if !yield(Row{map[string]any{
			"name": bridgeName(s), "kind": "bridge", "importance": int64(3), "source": source, "remark": remark,
		}, globe(p).point()}) {
			return
		}
	}
}
