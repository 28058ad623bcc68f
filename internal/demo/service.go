package demo

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// healthyRows are one for each village.
func (b *builder) healthyRows(yield func(Row) bool) {
	for v, g := range b.villages {
		r := draw(b.seed, "healthy", uint64(v))
		passed := r.whole(6, 20)
		values := map[string]any{
			"kode": g.code, "nama": g.name, "criteria_total": int64(20), "criteria_passed": int64(passed),
			"stunting": round(r.between(6, 26), 1), "safe_water": round(r.between(62, 99), 1), "sanitation": round(r.between(58, 98), 1),
			"population": int64(b.people[v]), "status": "none", "remark": remark,
		}
		switch {
		case passed >= 17:
			values["status"] = "declared"
			values["declared_year"] = int64(r.whole(2018, 2024))
			values["decree"] = "SK demonstrasi gampong sehat"
		case passed >= 13:
			values["status"] = "candidate"
		}
		if !yield(Row{values, polygons(b.villageShape(v)...)}) {
			return
		}
	}
}

// operation draws whether something works.
func (r rng) operation() string {
	return choose(r.float(), []share{{"active", 0.78}, {"limited", 0.87}, {"inactive", 0.95}, {"planned", 1}})
}

func (b *builder) wasteRows(yield func(Row) bool) {
	for i, s := range onePerVillage(b.spots("waste", 300, has("SPU-3", "SPU-4", "R-2", "R-3", "R-4"))) {
		if i >= 48 {
			return
		}
		r := draw(b.seed, "waste", s.key)
		kind, name, times := "unit", "Bank Sampah ", 1.0
		if i < 2 {
			kind, name, times = "central", "Bank Sampah Induk ", 12
		}
		kg := func(lo, hi float64) float64 { return round(float64(times*r.between(lo, hi)), 0) }
		members := int64(float64(times * float64(r.whole(25, 160))))
		if !yield(Row{map[string]any{
			"name": name + s.village.name, "kind": kind, "status": r.operation(), "address": s.address(), "gampong_code": s.village.code,
			"members": members, "households_served": members * 2 / 3,
			"plastic": kg(80, 620), "paper": kg(60, 480), "metal": kg(8, 90), "glass": kg(10, 120), "organic": kg(0, 400), "other": kg(0, 60),
			"prices": "Harga contoh per kg: plastik 2.500, kertas 1.500, logam 6.000", "opening_hours": "Sabtu 08.00-12.00",
			"established_year": int64(r.whole(2012, 2024)), "remark": remark,
		}, s.at}) {
			return
		}
	}
}

func (b *builder) parkingRows(yield func(Row) bool) {
	for i, s := range b.spots("parking", 42, has("K-1", "K-2", "C-1", "RTNH", "TR", "W")) {
		r := draw(b.seed, "parking", s.key)
		kind := choose(r.float(), []share{{"street", 0.62}, {"lot", 0.93}, {"building", 1}})
		values := map[string]any{
			"name": fmt.Sprintf("Parkir %s %d", s.village.name, i+1), "location_no": fmt.Sprintf("DEMO-P-%03d", i+1), "kind": kind,
			"status": r.operation(), "spaces_car": int64(r.whole(4, 60)), "spaces_motorcycle": int64(r.whole(20, 160)),
			"spaces_accessible": int64(r.intn(4)), "tariff_car": 2000.0, "tariff_motorcycle": 1000.0,
			"operator": "Pengelola parkir (demonstrasi)", "cashless": r.chance(0.5), "opening_hours": "07.00-22.00", "remark": remark,
		}
		if values["cashless"] == true {
			values["qris_id"] = fmt.Sprintf("DEMO%08d", s.key%100000000)
		}
		if !yield(Row{values, s.at}) {
			return
		}
	}
}

func (b *builder) wifiRows(yield func(Row) bool) {
	for i, s := range b.spots("wifi", 36, has("RTH-2", "RTH-3", "RTH-4", "SPU-2", "SPU-3", "KT", "RTNH")) {
		r := draw(b.seed, "wifi", s.key)
		down := float64(r.whole(1, 10)) * 10
		if !yield(Row{map[string]any{
			"name": fmt.Sprintf("Sudut wifi %s %d", s.village.name, i+1), "provider": "Penyedia contoh", "status": r.operation(),
			"ssid": fmt.Sprintf("demo-wifi-%02d", i+1), "radius": float64(r.whole(3, 10)) * 10, "download": down, "upload": down / 4,
			"daily_users": int64(r.whole(15, 420)), "uptime": round(r.between(88, 99.9), 1), "remark": remark,
		}, s.at}) {
			return
		}
	}
}

func (b *builder) smokeFreeRows(yield func(Row) bool) {
	kinds := []struct {
		kind, name string
		n          int
		codes      []string
	}{
		{"office", "Kantor", 18, []string{"KT"}},
		{"school", "Sekolah", 24, []string{"SPU-2", "SPU-3"}},
		{"health", "Klinik", 12, []string{"SPU-1", "SPU-2"}},
		{"worship", "Masjid", 16, []string{"SPU-3", "SPU-4"}},
		{"playground", "Taman bermain", 10, []string{"RTH-4", "RTH-5"}},
		{"sport", "Gedung olahraga", 5, []string{"SPU-2"}},
		{"transport", "Terminal", 2, []string{"TR"}},
		{"workplace", "Tempat kerja", 8, []string{"K-1", "PG", "KPI"}},
		{"fuel_station", "Stasiun pengisian", 6, []string{"K-2", "K-3"}},
		{"public_place", "Ruang publik", 10, []string{"RTH-2", "RTH-3", "W"}},
	}
	for _, k := range kinds {
		for i, s := range b.spots("smoke "+k.kind, k.n, has(k.codes...)) {
			r := draw(b.seed, "smoke", s.key, uint64(i))
			inspections := r.intn(9)
			violations := r.intn(inspections/2 + 1)
			values := map[string]any{
				"name": fmt.Sprintf("%s %s %d", k.name, s.village.name, i+1), "kind": k.kind, "address": s.address(),
				"decree": "SK demonstrasi KTR", "sign": r.chance(0.8), "compliant": violations == 0,
				"inspections": int64(inspections), "violations": int64(violations), "manager": "Pengelola (demonstrasi)", "remark": remark,
			}
			if inspections > 0 {
				values["last_inspected_on"] = day(r, 2023, 2025)
			}
			if !yield(Row{values, s.at}) {
				return
			}
		}
	}
}

func (b *builder) energyRows(yield func(Row) bool) {
	kinds := []struct {
		kind, name string
		n          int
		lo, hi     float64 // kW
		codes      []string
	}{
		{"solar", "PLTS atap", 26, 5, 120, []string{"KT", "SPU-1", "SPU-2", "SPU-3", "K-1"}},
		{"solar_light", "PJU tenaga surya", 30, 0.1, 3, []string{"RTH-3", "RTH-4", "W", "R-4", "R-5"}},
		{"methane", "Gas metana TPA", 1, 120, 260, []string{"PP"}},
		{"biogas", "Biogas", 6, 2, 18, []string{"P-1", "R-5", "IK-2"}},
	}
	for _, k := range kinds {
		for i, s := range b.spots("energy "+k.kind, k.n, has(k.codes...)) {
			r := draw(b.seed, "energy", s.key)
			kw := round(r.between(k.lo, k.hi), 1)
			values := map[string]any{
				"name": fmt.Sprintf("%s %s %d", k.name, s.village.name, i+1), "kind": k.kind, "status": r.operation(), "capacity": kw,
				"output": round(float64(kw*r.between(1100, 1450)), 0), "owner": "Lembaga setempat (rekaan)", "since_year": int64(r.whole(2014, 2025)), "remark": remark,
			}
			if k.kind == "methane" || k.kind == "biogas" {
				values["households"] = int64(r.whole(8, 210))
			}
			if !yield(Row{values, s.at}) {
				return
			}
		}
	}
}

// signalRows are where main streets meet.
func (b *builder) signalRows(yield func(Row) bool) {
	type junction struct {
		at      grid
		names   []string
		arms    int
		density float64
	}
	index := map[grid]int{}
	var all []junction
	for _, s := range b.roads {
		if s.class < collector {
			continue
		}
		a, z := s.ends()
		for _, g := range [...]grid{a, z} {
			i, ok := index[g]
			if !ok {
				i = len(all)
				index[g] = i
				all = append(all, junction{at: g, density: b.density(flat(g))})
			}
			all[i].arms++
			if !slices.Contains(all[i].names, s.name) {
				all[i].names = append(all[i].names, s.name)
			}
		}
	}
	all = slices.DeleteFunc(all, func(j junction) bool { return len(j.names) < 2 || j.arms < 3 })
	slices.SortStableFunc(all, func(x, y junction) int { return cmp.Compare(y.density, x.density) })
	for i, j := range all[:min(len(all), 34)] {
		r := draw(b.seed, "signal", uint64(j.at.lon), uint64(j.at.lat))
		atcs := i < 18
		values := map[string]any{
			"name":   "Simpang " + strings.TrimPrefix(j.names[0], "Jalan ") + " - " + strings.TrimPrefix(j.names[1], "Jalan "),
			"status": r.operation(), "atcs": atcs, "cctv": atcs || r.chance(0.3), "cycle": float64(r.whole(6, 15)) * 10, "phases": int64(min(j.arms, 4)),
			"flow": float64(r.whole(6, 34)) * 100, "evacuation_priority": r.chance(0.5), "backup_power": r.chance(0.4),
			"last_checked_on": day(r, 2024, 2025), "remark": remark,
		}
		if atcs {
			values["controller"] = fmt.Sprintf("ATCS-DEMO-%02d", i+1)
		}
		if !yield(Row{values, j.at.point()}) {
			return
		}
	}
}
