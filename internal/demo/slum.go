package demo

import (
	"fmt"
	"math"
	"slices"

	"github.com/simtaru/simtaru/internal/plan"
)

// criterion is one of the sixteen of Permen PUPR 14/2018: its field, what its
// volume is divided by, and how much worse than the area as a whole it tends
// to be.
type criterion struct {
	field, per string
	tilt       float64
}

func criteria() []criterion {
	return []criterion{
		{"c1a_volume", "buildings", 0.1},
		{"c1b_volume", "verified_area", -0.15},
		{"c1c_volume", "buildings", 0},
		{"c2a_volume", "ideal_road_length", -0.1},
		{"c2b_volume", "ideal_road_length", 0.1},
		{"c3a_volume", "households", -0.05},
		{"c3b_volume", "households", -0.1},
		{"c4a_volume", "verified_area", 0},
		{"c4b_volume", "ideal_drain_length", 0},
		{"c4c_volume", "ideal_drain_length", 0.15},
		{"c5a_volume", "households", -0.1},
		{"c5b_volume", "households", 0.05},
		{"c6a_volume", "households", 0.1},
		{"c6b_volume", "households", 0.1},
		{"c7a_volume", "buildings", 0.3},
		{"c7b_volume", "buildings", 0.35},
	}
}

// slums are the parts of zones that the city's decree lists: in dense homes
// near water.
func (b *builder) slums() []*zone {
	var out []*zone
	for _, z := range b.zones {
		if z.block == nil || len(z.parts) == 0 {
			continue
		}
		f := z.block.face
		wet := min(b.toRiver(f.centre, b.krueng), f.toCoast-600)
		if (z.code == "R-2" || z.code == "R-3" || z.code == "R-1") && wet < 900 {
			out = append(out, z)
		}
	}
	slices.SortStableFunc(out, compareKeys)
	return out[:min(len(out), 48)]
}

func (b *builder) slumRows(yield func(Row) bool) {
	for i, z := range b.slums() {
		r := draw(b.seed, "slum", z.key)
		ring := b.ring(z.parts[0])
		v := b.villages[z.village]
		ha := squareMetres(area2(ring)) / hectare
		buildings := max(8, int(float64(ha*r.between(38, 90))))
		households := buildings + r.intn(buildings/3+1)
		base := map[string]float64{
			"verified_area": round(ha, 4), "buildings": float64(buildings), "households": float64(households),
			"ideal_road_length":  math.Round(float64(ha * r.between(190, 320))),
			"ideal_drain_length": math.Round(float64(ha * r.between(220, 380))),
		}
		values := map[string]any{
			"province": "Aceh", "city": "Kota Banda Aceh", "kawasan": fmt.Sprintf("Kawasan %s %s", v.name, roman(i%4)),
			"gampong_code": v.code, "gampong": v.name, "dusun": "Dusun " + pick(r, streetWords()),
			"rt": fmt.Sprintf("%03d", r.whole(1, 9)), "rw": fmt.Sprintf("%03d", r.whole(1, 5)),
			"verified_area": base["verified_area"], "buildings": int64(buildings), "households": int64(households),
			"population": int64(households * 4), "ideal_road_length": base["ideal_road_length"], "ideal_drain_length": base["ideal_drain_length"],
			"decree": "SK demonstrasi 2024", "decree_date": plan.Date("2024-09-02"), "survey_year": int64(2024),
			"land_legality": choose(r.float(), []share{{"legal", 0.7}, {"not_legal", 1}}),
			"remark":        remark,
		}
		for _, f := range [...]string{"strategic_value", "density_value", "social_value"} {
			values[f] = pick(r, []string{"1", "3", "5"})
		}
		bad := float64(r.float()*r.float()) + 0.16
		total := 0
		for _, c := range criteria() {
			share := min(max(bad+c.tilt+r.between(-0.28, 0.28), 0), 1)
			volume := float64(share * base[c.per])
			if c.per == "verified_area" {
				volume = round(volume, 4)
			} else {
				volume = math.Round(volume)
			}
			values[c.field] = volume
			total += score(volume, base[c.per])
		}
		values["score"] = int64(total)
		values["class"] = slumClass(total)
		if !yield(Row{values, polygons([][]grid{ring})}) {
			return
		}
	}
}

// score is that of one criterion, with the gaps of the regulation's table
// closed by rounding to two decimals, as is practice.
func score(volume, per float64) int {
	switch p := volume / per * 100; {
	case p >= 75.995:
		return 5
	case p >= 50.995:
		return 3
	case p >= 24.995:
		return 1
	}
	return 0
}

func slumClass(total int) string {
	switch {
	case total >= 60:
		return "KB"
	case total >= 38:
		return "KS"
	case total >= 16:
		return "KR"
	}
	return "TK"
}
