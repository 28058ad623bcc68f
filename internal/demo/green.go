package demo

import (
	"fmt"
	"strings"
)

// isGreen says which zones are green open space as a whole.
func isGreen(code string) bool {
	return strings.HasPrefix(code, "RTH-") || code == "PS" || code == "EM" || code == "THR"
}

func (b *builder) greenRows(yield func(Row) bool) {
	for _, z := range b.zones {
		if isGreen(z.code) && !yield(b.greenZone(z)) {
			return
		}
	}
	// Gardens of schools, offices and hotels: private, or another
	// government's that the city counts too.
	for _, z := range b.zones {
		if row, ok := b.garden(z); ok && !yield(row) {
			return
		}
	}
	b.verges(yield)
}

// greenZone is a green zone of the plan, most of which exist.
func (b *builder) greenZone(z *zone) Row {
	r := draw(b.seed, "green", z.key)
	v := b.villages[z.village]
	code := z.code
	if code == "THR" {
		code = "RTH-1"
	}
	names := map[string]string{
		"RTH-1": "Hutan Kota", "RTH-2": "Taman Kota", "RTH-3": "Taman Kecamatan", "RTH-4": "Taman Gampong", "RTH-5": "Taman RW",
		"RTH-6": "Taman RT", "RTH-7": "Pemakaman", "RTH-8": "Jalur Hijau", "PS": "Sempadan", "EM": "Hutan Bakau",
	}
	ownership, owner := "public", "Pemerintah Kota Banda Aceh"
	switch {
	case code == "RTH-7" && r.chance(0.45), code == "RTH-6" && r.chance(0.35), code == "EM" && r.chance(0.12):
		ownership, owner = "private", "Yayasan atau warga (rekaan)"
	case code == "RTH-4" && r.chance(0.3):
		owner = "Pemerintah Gampong " + strings.TrimPrefix(v.name, "Gampong ")
	}
	status := "existing"
	if code != "PS" && code != "EM" && r.chance(0.22) {
		status = "planned"
	}
	ha := z.area / hectare
	values := map[string]any{
		"name": fmt.Sprintf("%s %s %d", names[code], v.name, z.key%97+1), "class": code,
		"ownership": ownership, "status": status, "owner": owner, "manager": "Pengelola RTH (demonstrasi)",
		"public_access": ownership == "public" || r.chance(0.3), "jointly_claimed": code == "EM" && r.chance(0.3),
		"green_share": round(r.between(62, 96), 0), "canopy_share": round(r.between(12, 70), 0),
		"trees": int64(float64(ha * r.between(25, 140))), "official_area": round(float64(ha*r.between(0.97, 1.03)), 3),
		"surveyed_on": surveyed, "source": source, "remark": remark,
	}
	if status == "existing" {
		values["established_year"] = int64(r.whole(1975, 2023))
		values["facilities"] = pick(r, []string{"Bangku, lampu, jalur jalan kaki", "Lapangan, bangku", "Taman bermain anak, toilet", "Tidak ada"})
		if ownership == "public" {
			values["certificate"] = fmt.Sprintf("DEMO-HP-%05d", z.key%100000)
		}
	}
	if r.chance(0.5) {
		values["decree"] = fmt.Sprintf("SK demonstrasi %d/%d", z.key%400+1, r.whole(2015, 2024))
	}
	return Row{values, polygons(z.shape)}
}

// garden is the green part of a zone that is something else.
func (b *builder) garden(z *zone) (Row, bool) {
	r := draw(b.seed, "garden", z.key)
	chance, name, ownership := 0.0, "Halaman hijau", "private"
	switch z.code {
	case "SPU-1", "SPU-2":
		chance, name = 0.8, "Halaman kampus dan sekolah"
	case "KT", "HK":
		chance, name, ownership = 0.6, "Halaman kantor", "public"
	case "W":
		chance, name = 0.6, "Taman wisata"
	case "K-1", "KPI", "C-1":
		chance = 0.2
	case "R-3", "R-4", "R-5":
		chance, name = 0.3, "Pekarangan bersama"
	}
	if len(z.parts) == 0 || !r.chance(chance/max(1, b.Scale*0.8)) {
		return Row{}, false
	}
	part := z.parts[r.intn(len(z.parts))]
	ring := b.shrunk(part, r.between(0.35, 0.75))
	area := squareMetres(area2(ring))
	if area < 250 {
		return Row{}, false
	}
	return Row{Geometry: polygons([][]grid{ring}), Values: map[string]any{
		"name": fmt.Sprintf("%s %s %d", name, b.villages[z.village].name, z.key%97+1), "class": pick(r, []string{"RTH-5", "RTH-6", "RTH-6"}),
		"ownership": ownership, "status": "existing", "owner": "Lembaga setempat (rekaan)", "public_access": r.chance(0.35),
		"jointly_claimed": ownership == "public", "green_share": round(r.between(55, 90), 0), "canopy_share": round(r.between(5, 45), 0),
		"trees": int64(float64(area * r.between(0.002, 0.012))), "official_area": round(area/hectare, 3),
		"surveyed_on": surveyed, "source": source, "remark": remark,
	}}, true
}

// shrunk is p drawn towards its middle: share of the way is left.
func (b *builder) shrunk(p poly, share float64) []grid {
	c := b.sheet.centre(p)
	var ring []grid
	for _, k := range p {
		q := globe(b.bend(c.to(b.at(k.v), share)))
		if len(ring) == 0 || ring[len(ring)-1] != q {
			ring = append(ring, q)
		}
	}
	return ring
}

// verges are rows of trees along the main streets. They overlap the zones of
// the streets, as such green does.
func (b *builder) verges(yield func(Row) bool) {
	for _, s := range b.roads {
		r := draw(b.seed, "verge", s.key)
		if s.class < collector || s.bridge || s.length < 70 || !r.chance(0.3/max(1, b.Scale*0.7)) {
			continue
		}
		ring := s.band(float64(0.55*s.half), float64(0.8*s.half))
		status := "existing"
		if r.chance(0.5) {
			status = "planned"
		}
		if !yield(Row{Geometry: polygons([][]grid{ring}), Values: map[string]any{
			"name": "Jalur hijau " + s.name, "class": "RTH-8", "ownership": "public", "status": status,
			"owner": "Pemerintah Kota Banda Aceh", "manager": "Pengelola RTH (demonstrasi)", "public_access": true, "jointly_claimed": false,
			"green_share": 90.0, "canopy_share": round(r.between(20, 70), 0), "trees": int64(s.length / 9),
			"surveyed_on": surveyed, "source": source, "remark": remark,
		}}) {
			return
		}
	}
}

// band is the ribbon between two distances left of a road, in metres; short
// of the junctions at both ends.
func (s *road) band(lo, hi float64) []grid {
	const step = 16.0
	n := max(2, int(s.length/step))
	var near, far []grid
	for i := 1; i < n; i++ {
		p, d := s.at(float64(s.length*float64(i)) / float64(n))
		near = append(near, globe(p.add(d.left().times(lo))))
		far = append(far, globe(p.add(d.left().times(hi))))
	}
	for i := len(far) - 1; i >= 0; i-- {
		near = append(near, far[i])
	}
	return near
}

// at is the place t metres along the road, and the direction there, taken
// over some metres so that short edges do not count.
func (s *road) at(t float64) (p, d vec) {
	walk := func(t float64) vec {
		for i := 1; i < len(s.line); i++ {
			a, z := flat(s.line[i-1]), flat(s.line[i])
			l := z.sub(a).len()
			if t <= l {
				return a.to(z, max(t, 0)/l)
			}
			t -= l
		}
		return flat(s.line[len(s.line)-1])
	}
	return walk(t), walk(t + 10).sub(walk(t - 10)).unit()
}
