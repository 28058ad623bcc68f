package demo

import (
	"fmt"
	"slices"
)

// refuge is a shelter with what routes need to know of it.
type refuge struct {
	spot
	name  string
	kind  string // TES or TEA
	no    int
	level int // tsunami level where it stands
}

// refuges are raised shelters where the water comes, and open ground and halls
// where it does not.
func (b *builder) refuges() []refuge {
	var out []refuge
	add := func(kind string, spots []spot, what []string) {
		for i, s := range spots {
			r := draw(b.seed, "refuge", s.key)
			out = append(out, refuge{s, pick(r, what) + " " + s.village.name, kind, i, s.zone.block.face.hazard})
		}
	}
	wet := onePerVillage(b.spots("tes", 400, func(z *zone) bool {
		return z.block.face.hazard >= 2 && z.block.face.toCoast > 350 && slices.Contains([]string{"SPU-1", "SPU-2", "SPU-3", "SPU-4", "KT", "K-2"}, z.code)
	}))
	dry := onePerVillage(b.spots("tea", 400, func(z *zone) bool {
		return z.block.face.hazard == 0 && slices.Contains([]string{"SPU-1", "SPU-2", "RTH-2", "RTH-3", "RTH-4", "HK"}, z.code)
	}))
	add("TES", wet[:min(26, len(wet))], []string{"Gedung Evakuasi", "Masjid", "Sekolah Bertingkat", "Gedung Serbaguna"})
	add("TEA", dry[:min(16, len(dry))], []string{"Lapangan", "Balai Warga", "Gelanggang Olahraga", "Taman"})
	return out
}

// sector is one of the five of the disaster agency, from west to east.
func sector(p vec) string {
	return string(rune('A' + min(max(int((p.x+5300)/2000), 0), 4)))
}

func (b *builder) shelterRows(yield func(Row) bool) {
	for _, f := range b.refuges() {
		r := draw(b.seed, "shelter", f.key)
		usable := float64(r.whole(6, 34)) * 50
		each := 1.0
		if f.kind == "TEA" {
			usable = float64(r.whole(8, 60)) * 250
			each = 2
		}
		capacity := int64(usable / each)
		status := choose(r.float(), []share{{"ready", 0.8}, {"closed", 0.86}, {"damaged", 0.92}, {"planned", 1}})
		occupancy := int64(0)
		switch {
		case f.no == 1:
			status, occupancy = "open", capacity*2/5
		case f.no == 3:
			status, occupancy = "full", capacity
		}
		values := map[string]any{
			"name": f.name, "kind": f.kind, "status": status, "address": f.address(), "sector": sector(f.flat),
			"usable_area": usable, "area_per_person": each, "capacity": capacity, "occupancy": occupancy,
			"entrances": int64(r.whole(1, 6)), "entrance_width": float64(r.whole(3, 24)) / 2,
			"ramp": r.chance(0.5), "accepts_wheelchair": r.chance(0.5), "accepts_assisted": r.chance(0.7), "accepts_vehicle": f.kind == "TEA" && r.chance(0.7),
			"for_tsunami": true, "for_flood": r.chance(0.8), "for_earthquake": f.kind == "TEA", "open_always": r.chance(0.45),
			"key_holder": "Kantor Keuchik " + f.village.name, "contact": "0651-000000 (demonstrasi)",
			"water": r.chance(0.75), "power": r.chance(0.5), "toilets": int64(r.whole(2, 24)),
			"owner": "Pemerintah Kota Banda Aceh", "last_checked_on": day(r, 2024, 2025), "remark": remark,
		}
		if f.kind == "TES" {
			floor := r.whole(2, 4)
			values["refuge_floor"] = int64(floor)
			values["floors"] = int64(floor + r.intn(2))
			values["refuge_height"] = round(float64(float64(floor-1)*3.6)+float64(hazardLevels()[f.level].depth*0.6), 1)
		}
		if status != "planned" {
			values["built_year"] = int64(r.whole(2006, 2022))
		}
		if f.no < 6 || f.kind == "TEA" {
			values["decree"] = fmt.Sprintf("SK demonstrasi %d/2023", f.no+1)
		}
		if !yield(Row{values, f.at}) {
			return
		}
	}
}
