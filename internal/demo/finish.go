package demo

// finishZones gives each zone its shape, and makes the zones that consist of
// several pieces.
func (b *builder) finishZones() {
	for _, z := range b.zones {
		z.shape = [][]grid{b.ring(z.poly)}
	}
	type heap struct {
		piece
		rings [][]grid
	}
	type key struct {
		code           string
		village, group int
	}
	index := map[key]int{}
	var heaps []heap
	for _, p := range b.pieces {
		k := key{p.code, p.village, p.group}
		i, ok := index[k]
		if !ok {
			i = len(heaps)
			index[k] = i
			heaps = append(heaps, heap{piece: p})
		}
		heaps[i].rings = append(heaps[i].rings, b.ring(p.poly))
	}
	for i, h := range heaps {
		for j, shape := range dissolve(h.rings) {
			b.zones = append(b.zones, &zone{
				shape: shape, code: h.code, village: h.village, name: h.name, main: h.group == mainRoads,
				key: mix(mix(uint64(i)<<20+uint64(j)) ^ 0x3f),
			})
		}
	}
}
