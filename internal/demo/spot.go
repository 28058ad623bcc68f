package demo

import (
	"slices"

	"github.com/paulmach/orb"
)

// spot is a place for a point: in a zone, with the village's name.
type spot struct {
	at      orb.Point
	flat    vec
	zone    *zone
	village village
	key     uint64
}

// spots returns up to n places in zones that which accepts, spread by chance.
func (b *builder) spots(kind string, n int, which func(*zone) bool) []spot {
	var in []*zone
	for _, z := range b.zones {
		if z.block != nil && which(z) {
			in = append(in, z)
		}
	}
	slices.SortStableFunc(in, compareKeys)
	var out []spot
	for _, z := range in[:min(n, len(in))] {
		out = append(out, b.spot(kind, z))
	}
	return out
}

// spot is somewhere near the middle of a zone; kinds of things keep apart.
func (b *builder) spot(kind string, z *zone) spot {
	r := draw(b.seed, "spot "+kind, z.key)
	c := b.sheet.centre(z.poly)
	p := b.bend(c.to(b.at(pick(r, z.poly).v), r.between(0, 0.45)))
	return spot{globe(p).point(), p, z, b.villages[z.village], mix(z.key ^ 0x5b07)}
}

// has accepts zones of the given codes.
func has(codes ...string) func(*zone) bool {
	return func(z *zone) bool { return slices.Contains(codes, z.code) }
}

// onePerVillage keeps the first spot of each village.
func onePerVillage(in []spot) []spot {
	seen := map[string]bool{}
	return slices.DeleteFunc(in, func(s spot) bool {
		was := seen[s.village.code]
		seen[s.village.code] = true
		return was
	})
}

// address is where a spot is, in words.
func (s spot) address() string { return "Gampong " + s.village.name + ", Kota Banda Aceh" }
