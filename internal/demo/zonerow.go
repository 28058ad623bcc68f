package demo

import (
	"fmt"
	"slices"
	"strings"
)

// provisions are the special ones of the schema that start as "none here".
func provisions() []string {
	return []string{"lp2b_2", "tod_04", "teb_05", "puslit", "cagbud", "resair", "ksmpdn", "hankam", "kkarst", "ptbgmb", "mgrsat", "rdbumi", "tpz_00"}
}

const none = "Tidak Ada"

func roman(n int) string {
	return [...]string{"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"}[n]
}

func (b *builder) zoningRows(yield func(Row) bool) {
	names := zoneNames()
	blok := make([]int, len(b.villages))
	for _, z := range b.zones {
		i := slices.IndexFunc(names, func(n zoneName) bool { return n.code == z.code })
		n := names[i]
		v := b.villages[z.village]
		d := b.districtOf(z.village)
		blok[z.village]++
		values := map[string]any{
			"namobj": n.name, "namzon": n.zone, "kodzon": n.class, "namszn": n.name, "kodszn": n.code, "jnsrpr": n.kind,
			"kodewp": roman(d), "kodswp": string(rune('A' + b.rank(z.village)%4)), "kodsbl": none,
			"kodblk": fmt.Sprint(blok[z.village]/12 + 1),
			"wadmpr": "Aceh", "wadmkk": "Kota Banda Aceh",
			"wadmkc": "Kecamatan " + b.districts[d].name, "wadmkd": "Gampong " + strings.TrimPrefix(v.name, "Gampong "),
			"remark": remark, "luasha": round(z.area/hectare, 4),
		}
		for _, f := range provisions() {
			values[f] = none
		}
		b.special(z, values)
		if !yield(Row{values, polygons(z.shape)}) {
			return
		}
	}
}

// special fills the provisions that apply to a zone.
func (b *builder) special(z *zone, values map[string]any) {
	values["krb_03"] = none
	if l := b.zoneHazard(z); l > 0 {
		values["krb_03"] = "Kawasan Rawan Tsunami - " + hazardLevels()[l].label
	}
	// Not assessed is empty; the flight paths were only looked at in the east.
	if b.districts[b.districtOf(z.village)].name == "Ulee Kareng" {
		values["kkop_1"] = "Kawasan di Bawah Permukaan Horizontal Luar"
	}
	switch z.code {
	case "P-1":
		values["lp2b_2"] = "Lahan Pertanian Pangan Berkelanjutan"
	case "PS":
		values["ksmpdn"] = "Sempadan Sungai"
		if z.block == nil || z.block.face.kind == coastal {
			values["ksmpdn"] = "Sempadan Pantai"
		}
	case "CB":
		values["cagbud"] = "Kawasan Cagar Budaya"
	case "HK":
		values["hankam"] = "Kawasan Pertahanan dan Keamanan"
	case "RTH-1", "THR":
		values["resair"] = "Kawasan Resapan Air"
	case "SPU-1", "SPU-2":
		if z.key%3 == 0 {
			values["teb_05"] = "Tempat Evakuasi Sementara"
		}
	case "TR":
		values["tod_04"] = "Kawasan Berorientasi Transit Skala Kota"
	}
}

// districtOf is the number of a village's district.
func (b *builder) districtOf(v int) int {
	return slices.IndexFunc(b.districts, func(d district) bool { return d.code == b.villages[v].code[:8] })
}

// rank is the place of a village in its district.
func (b *builder) rank(v int) int {
	n := 0
	for i := v - 1; i >= 0 && b.villages[i].code[:8] == b.villages[v].code[:8]; i-- {
		n++
	}
	return n
}
