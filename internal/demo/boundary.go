package demo

import "slices"

// citizens of the city, all villages together.
const citizens = 250_000

// perHectare is how many people live on a hectare of a zone, relative to the
// others.
func perHectare(code string) float64 {
	switch code {
	case "R-1":
		return 210
	case "R-2":
		return 160
	case "R-3":
		return 95
	case "R-4":
		return 48
	case "R-5":
		return 18
	case "C-1":
		return 110
	case "C-2":
		return 80
	case "K-1", "K-2", "K-3":
		return 45
	case "SPU-1", "SPU-2", "HK":
		return 12
	}
	return 0
}

// count spreads the citizens over villages and zones, by the kind and size of
// the zones.
func (b *builder) count() {
	weight := make([]float64, len(b.villages))
	var all float64
	for _, z := range b.zones {
		z.area = shapeArea(z.shape)
		w := float64(z.area*perHectare(z.code)) / hectare
		weight[z.village] += w
		all += w
	}
	b.people = make([]int, len(b.villages))
	for v, w := range weight {
		b.people[v] = int(float64(w*citizens) / all)
	}
	for _, z := range b.zones {
		z.people = float64(z.area*perHectare(z.code)) / hectare * citizens / all
	}
}

// mukim is an invented grouping of a district's villages.
func mukim(district string, i int) string {
	return "Mukim " + district + [...]string{" Tunong", " Baroh"}[i%2]
}

func (b *builder) boundaryRows(yield func(Row) bool) {
	for v, g := range b.villages {
		d := b.districts[slices.IndexFunc(b.districts, func(d district) bool { return d.code == g.code[:8] })]
		shape := b.villageShape(v)
		var area float64
		for _, rings := range shape {
			area += shapeArea(rings)
		}
		if !yield(Row{Geometry: polygons(shape...), Values: map[string]any{
			"kode": g.code, "nama": g.name, "kode_kecamatan": d.code, "kecamatan": d.name,
			"mukim":      mukim(d.name, v),
			"population": int64(b.people[v]), "population_year": int64(2025), "households": int64(b.people[v] / 4),
			"official_area":        round(area/hectare, 2),
			"official_area_source": source,
			"decree":               "Tidak ada: batas rekaan",
			"remark":               "Data demonstrasi: nama dan kode resmi, batas dan angka rekaan.",
		}}) {
			return
		}
	}
}

// villageShape unites the zones of a village.
func (b *builder) villageShape(v int) [][][]grid {
	var rings [][]grid
	for _, z := range b.zones {
		if z.village == v {
			rings = append(rings, z.shape...)
		}
	}
	return dissolve(rings)
}
