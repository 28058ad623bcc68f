package demo

import (
	"fmt"
	"math"
	"slices"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/slum"
)

// tilts are how much worse each criterion tends to be than the area as a whole,
// in the order of slum.Criteria.
func tilts() [16]float64 {
	return [...]float64{0.1, -0.15, 0, -0.1, 0.1, -0.05, -0.1, 0, 0, 0.15, -0.1, 0.05, 0.1, 0.1, 0.3, 0.35}
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
		base := map[slum.Denominator]float64{
			slum.VerifiedArea: round(ha, 4), slum.Buildings: float64(buildings), slum.Households: float64(households),
			slum.IdealRoadLength:  math.Round(float64(ha * r.between(190, 320))),
			slum.IdealDrainLength: math.Round(float64(ha * r.between(220, 380))),
		}
		values := map[string]any{
			"province": "Aceh", "city": "Kota Banda Aceh", "kawasan": fmt.Sprintf("Kawasan %s %s", v.name, roman(i%4)),
			"gampong_code": v.code, "gampong": v.name, "dusun": "Dusun " + pick(r, streetWords()),
			"rt": fmt.Sprintf("%03d", r.whole(1, 9)), "rw": fmt.Sprintf("%03d", r.whole(1, 5)),
			"verified_area": base[slum.VerifiedArea], "buildings": int64(buildings), "households": int64(households),
			"population": int64(households * 4), "ideal_road_length": base[slum.IdealRoadLength], "ideal_drain_length": base[slum.IdealDrainLength],
			"decree": "SK demonstrasi 2024", "decree_date": plan.Date("2024-09-02"), "survey_year": int64(2024),
			"land_legality": choose(r.float(), []share{{"legal", 0.7}, {"not_legal", 1}}),
			"remark":        remark,
		}
		for _, f := range [...]string{"strategic_value", "density_value", "social_value"} {
			values[f] = pick(r, []string{"1", "3", "5"})
		}
		bad := float64(r.float()*r.float()) + 0.16
		volumes := map[string]float64{}
		for i, c := range slum.Criteria() {
			share := min(max(bad+tilts()[i]+r.between(-0.28, 0.28), 0), 1)
			volume := float64(share * base[c.Per])
			if c.Per == slum.VerifiedArea {
				volume = round(volume, 4)
			} else {
				volume = math.Round(volume)
			}
			values["c"+c.ID+"_volume"], volumes[c.ID] = volume, volume
		}
		found := slum.Score(slum.Measured{Volumes: volumes, Denominators: base})
		values["score"], values["class"] = int64(*found.Total), string(found.Class)
		if !yield(Row{values, polygons([][]grid{ring})}) {
			return
		}
	}
}
