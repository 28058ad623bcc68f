package demo

import (
	"cmp"
	"fmt"

	"github.com/simtaru/simtaru/internal/plan"
)

// level is a class of tsunami hazard.
type level struct {
	class, label string
	index        float64
	depth        float64 // m
	minutes      float64 // until the water is there
	upTo         float64 // m from the sea
}

func hazardLevels() []level {
	return []level{
		{},
		{"low", "Rendah", 0.25, 0.5, 52, 3300},
		{"medium", "Sedang", 0.5, 1.5, 45, 2600},
		{"high", "Tinggi", 0.75, 3.5, 37, 1800},
		{"very_high", "Sangat Tinggi", 0.95, 6.5, 30, 900},
	}
}

// hazardAt is the tsunami level at p (bent), 0 for none: by distance from the
// sea, with the ground's ups and downs as noise.
func (b *builder) hazardAt(p vec) int {
	d := b.toCoast(p) + float64(340*b.noise(95, p, 900))
	levels := hazardLevels()
	for l := len(levels) - 1; l > 0; l-- {
		if d < levels[l].upTo {
			return l
		}
	}
	return 0
}

// zoneHazard is that of the face the zone lies in; streets and water have the
// one at their beginning.
func (b *builder) zoneHazard(z *zone) int {
	if z.block != nil {
		return z.block.face.hazard
	}
	return b.hazardAt(flat(z.shape[0][0]))
}

// hazardRows unites the faces of one level in each village.
func (b *builder) hazardRows(yield func(Row) bool) {
	for v, g := range b.villages {
		for i, l := range hazardLevels() {
			shape := b.faceShape(func(f *face) bool { return i > 0 && f.village == v && f.hazard == i })
			if len(shape) == 0 {
				continue
			}
			r := draw(b.seed, "hazard", uint64(v), uint64(i))
			if !yield(Row{Geometry: polygons(shape...), Values: hazardValues(map[string]any{
				"name": fmt.Sprintf("Bahaya tsunami %s, %s", l.label, g.name), "hazard": "tsunami", "class": l.class,
				"agency_label": l.label, "index": l.index, "depth": l.depth, "return_period": 500.0,
				"arrival_minutes": l.minutes + float64(r.whole(-2, 2)),
				"scenario":        "Skenario demonstrasi: gempa bumi Mw 9,0 di lepas pantai barat",
			})}) {
				return
			}
		}
	}
	b.floodRows(yield)
}

func hazardValues(values map[string]any) map[string]any {
	values["source"] = source
	values["published_on"] = plan.Date("2025-01-15")
	values["remark"] = remark
	return values
}

// floodRows are the faces that the rivers may reach, and the beaches that the
// sea takes away.
func (b *builder) floodRows(yield func(Row) bool) {
	rivers := []struct {
		name string
		st   *street
	}{{"Krueng Aceh", b.krueng}, {"Kanal Banjir", b.canal}}
	for _, river := range rivers {
		for _, l := range []struct {
			class, label      string
			index, upTo, over float64
		}{{"high", "Tinggi", 0.8, 190, 1.2}, {"medium", "Sedang", 0.5, 380, 0.6}} {
			shape := b.faceShape(func(f *face) bool {
				d := b.toRiver(f.centre, river.st)
				return d < l.upTo && (l.class == "high" || d >= 190)
			})
			if len(shape) == 0 {
				continue
			}
			if !yield(Row{Geometry: polygons(shape...), Values: hazardValues(map[string]any{
				"name": fmt.Sprintf("Rawan banjir %s, %s", l.label, river.name), "hazard": "flood", "class": l.class,
				"agency_label": "Kawasan Rawan Banjir - " + l.label, "index": l.index, "depth": l.over,
				"arrival_minutes": 360.0, "return_period": 25.0, "scenario": "Skenario demonstrasi: banjir 25 tahunan",
			})}) {
				return
			}
		}
	}
	shape := b.faceShape(func(f *face) bool { return f.kind == coastal })
	yield(Row{Geometry: polygons(shape...), Values: hazardValues(map[string]any{
		"name": "Rawan abrasi pantai", "hazard": "coastal_erosion", "class": "medium", "agency_label": "Kawasan Rawan Abrasi",
		"index": 0.55, "scenario": "Skenario demonstrasi",
	})})
}

// faceShape unites faces.
func (b *builder) faceShape(which func(*face) bool) [][][]grid {
	var rings [][]grid
	for _, f := range b.faces {
		if which(f) {
			rings = append(rings, b.ring(f.poly))
		}
	}
	return dissolve(rings)
}

// toRiver is the distance of p (bent) from the middle of a river.
func (b *builder) toRiver(p vec, st *street) float64 {
	best := 1e9
	for _, c := range b.rivers {
		if c.street != st {
			continue
		}
		for i := 1; i < len(c.chain); i++ {
			best = min(best, segmentDistance(p, flat(c.chain[i-1].at), flat(c.chain[i].at)))
		}
	}
	return best
}

// compareKeys orders things by chance, but always the same.
func compareKeys(a, b *zone) int { return cmp.Compare(mix(a.key^0xc0de), mix(b.key^0xc0de)) }
