package qgis

import (
	"strings"

	"github.com/simtaru/simtaru/internal/plan"
)

// unitWord writes a UCUM code as people do; what is not known stands as it is.
// The web map says the same words.
func unitWord(code string, lang plan.Lang) string {
	parts := strings.Split(code, "/")
	for i, atom := range parts {
		parts[i] = atomWord(atom, lang)
	}
	return strings.Join(parts, "/")
}

func atomWord(atom string, lang plan.Lang) string {
	same := func(s string) plan.Text { return plan.Text{ID: s, EN: s} }
	known := map[string]plan.Text{
		"m2": same("m²"), "m3": same("m³"), "km2": same("km²"), "har": same("ha"), "deg": same("°"), "Cel": same("°C"), "kW.h": same("kWh"),
		"a": {ID: "tahun", EN: "years"}, "mo": {ID: "bulan", EN: "months"}, "wk": {ID: "minggu", EN: "weeks"}, "d": {ID: "hari", EN: "days"},
		"h": {ID: "jam", EN: "h"}, "min": {ID: "menit", EN: "min"}, "s": {ID: "detik", EN: "s"},
		"{building}": {ID: "bangunan", EN: "buildings"}, "{criterion}": {ID: "kriteria", EN: "criteria"},
		"{entrance}": {ID: "pintu masuk", EN: "entrances"}, "{family}": {ID: "keluarga", EN: "families"},
		"{household}": {ID: "rumah tangga", EN: "households"}, "{inspection}": {ID: "pemeriksaan", EN: "inspections"},
		"{lane}": {ID: "lajur", EN: "lanes"}, "{member}": {ID: "anggota", EN: "members"}, "{person}": {ID: "orang", EN: "people"},
		"{phase}": {ID: "fase", EN: "phases"}, "{sign}": {ID: "tanda", EN: "signs"}, "{space}": {ID: "petak", EN: "spaces"},
		"{storey}": {ID: "lantai", EN: "storeys"}, "{tree}": {ID: "pohon", EN: "trees"}, "{user}": {ID: "pengguna", EN: "users"},
		"{vehicle}": {ID: "kendaraan", EN: "vehicles"}, "{violation}": {ID: "pelanggaran", EN: "violations"},
	}
	if t, ok := known[atom]; ok {
		return t.In(lang)
	}
	return strings.ReplaceAll(strings.Trim(atom, "{}"), "_", " ")
}
