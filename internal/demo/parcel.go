package demo

import (
	"fmt"
	"math"

	"github.com/simtaru/simtaru/internal/plan"
)

// parcel is a piece of land that somebody owns.
type parcel struct {
	ring []grid
	zone *zone
	key  uint64
	no   int // in its village, from 1
}

// tenure says how land of a zone is parcelled: the usual size in m2 at scale
// 1, whether larger scales have smaller ones, and who holds it.
type tenure struct {
	size   float64
	scaled bool
	rights []share
	use    string
}

func tenureOf(z *zone) (tenure, bool) {
	private := []share{{"HM", 0.72}, {"HGB", 0.82}, {"adat", 0.87}, {"wakaf", 0.89}, {"unregistered", 1}}
	trade := []share{{"HGB", 0.5}, {"HM", 0.9}, {"HP", 0.94}, {"unregistered", 1}}
	state := []share{{"HP", 0.7}, {"HPL", 0.85}, {"negara", 1}}
	d := 0.0
	if z.block != nil {
		d = z.block.face.density
	}
	homes := 2480 - float64(1400*d)
	switch z.code {
	case "R-1", "R-2", "R-3", "R-4", "R-5":
		return tenure{homes, true, private, "Rumah tinggal"}, true
	case "C-1", "C-2":
		return tenure{float64(1.1 * homes), true, trade, "Rumah toko"}, true
	case "K-1", "K-2", "K-3":
		return tenure{float64(1.1 * homes), true, trade, "Toko dan jasa"}, true
	case "SPU-1", "SPU-2", "SPU-3", "SPU-4":
		return tenure{9000, false, []share{{"HP", 0.6}, {"wakaf", 0.95}, {"HM", 1}}, "Fasilitas umum"}, true
	case "KT":
		return tenure{7000, false, state, "Kantor"}, true
	case "HK", "TR", "PTL", "PL-3", "PL-4", "PP", "IK-1", "KPI", "PG":
		return tenure{15000, false, state, "Prasarana dan kegiatan khusus"}, true
	case "W", "CB", "RTNH":
		return tenure{8000, false, state, "Ruang umum"}, true
	case "RTH-2", "RTH-3", "RTH-4", "RTH-5", "RTH-6":
		return tenure{20000, false, []share{{"HP", 0.8}, {"negara", 1}}, "Taman"}, true
	case "RTH-7":
		return tenure{20000, false, []share{{"wakaf", 0.8}, {"HP", 1}}, "Pemakaman"}, true
	case "P-1", "P-2", "KR":
		return tenure{7000, false, []share{{"HM", 0.6}, {"adat", 0.8}, {"unregistered", 1}}, "Pertanian"}, true
	case "IK-2":
		return tenure{12000, false, []share{{"HM", 0.4}, {"adat", 0.6}, {"HGU", 0.65}, {"negara", 0.8}, {"unregistered", 1}}, "Tambak"}, true
	}
	return tenure{}, false
}

// eachParcel makes the parcels of the city and hands over those of one zone at
// a time. It stops when yield says so.
//
// All zones of a block are cut on one sheet before any ring is taken, so that
// neighbours share vertices, across zones too.
func (b *builder) eachParcel(yield func(*zone, []parcel) bool) {
	count := make([]int, len(b.villages))
	for i := 0; i < len(b.zones); {
		j := i + 1
		for j < len(b.zones) && b.zones[j].block == b.zones[i].block {
			j++
		}
		zones := b.zones[i:j]
		i = j
		if zones[0].block == nil {
			continue
		}
		s := b.sheet.over()
		lots := make([][]lot, len(zones))
		for k, z := range zones {
			lots[k] = b.lots(s, z)
		}
		s.freeze()
		for k, z := range zones {
			var ps []parcel
			for _, l := range lots[k] {
				count[z.village]++
				ps = append(ps, parcel{ring: s.ring(l.poly), zone: z, key: l.key, no: count[z.village]})
			}
			if len(ps) > 0 && !yield(z, ps) {
				return
			}
		}
	}
}

// lotsOfCity is how many parcels there are at scale 1.
const lotsOfCity = 20_000

// sizeLots chooses the size of lots so that the city has as many as its scale
// asks for, however much of it is fields and ponds. Cutting in halves makes
// a few more lots than area divided by size.
func (b *builder) sizeLots() {
	var fixed, scaled float64
	for _, z := range b.zones {
		if t, ok := tenureOf(z); ok && z.block != nil {
			if t.scaled {
				scaled += z.area / t.size
			} else {
				fixed += z.area / t.size
			}
		}
	}
	more := 1.04 + 0.1/b.Scale
	b.lot = float64(more*scaled) / (float64(lotsOfCity*b.Scale) - fixed)
}

// lot is a parcel before its outline is known.
type lot struct {
	poly
	key uint64
}

// lots cuts the land of a zone, between its lanes, into parcels.
func (b *builder) lots(s *sheet, z *zone) []lot {
	t, ok := tenureOf(z)
	if !ok {
		return nil
	}
	size := t.size
	if t.scaled {
		size = max(70, float64(t.size*b.lot))
	}
	side := math.Sqrt(size)
	var out []lot
	for i, part := range z.parts {
		inner, _ := s.inset(part, laneSides(part))
		if inner == nil || s.area(inner) < 25 {
			continue
		}
		s.divide(inner, halver{
			key: z.key ^ mix(uint64(i)+0x9a4), target: func(vec) float64 { return size },
			clear: float64(0.18 * side), snap: float64(0.08 * side), narrow: float64(0.42 * side),
		}, func(p poly, key uint64) { out = append(out, lot{p, key}) })
	}
	return out
}

// laneSides asks for the lanes around a part, and for a margin along lines that
// stray: a parcel keeps off them.
func laneSides(p poly) []side {
	var out []side
	for _, e := range p {
		switch {
		case e.c.kind == laneCut:
			out = append(out, side{along: e.c, width: lane.half()})
		case e.c.rough > 0:
			out = append(out, side{along: e.c, width: e.c.rough + 1})
		}
	}
	return out
}

func (b *builder) parcelRows(yield func(Row) bool) {
	b.eachParcel(func(z *zone, ps []parcel) bool {
		t, _ := tenureOf(z)
		v := b.villages[z.village]
		for _, p := range ps {
			r := draw(b.seed, "parcel", p.key)
			area := squareMetres(area2(p.ring))
			values := map[string]any{
				"nib":          fmt.Sprintf("0118%s%s%05d", v.code[6:8], v.code[11:13], p.no),
				"right_type":   choose(r.float(), t.rights),
				"gampong_code": v.code, "land_use": t.use,
				"address": fmt.Sprintf("Gampong %s, bidang %d", v.name, p.no),
				"remark":  remark,
			}
			switch values["right_type"] {
			case "HM", "HGB", "HP", "HPL", "HGU", "wakaf":
				values["certificate_no"] = fmt.Sprintf("DEMO-%s.%s/%05d", v.code[6:8], v.code[9:13], p.no)
				// What was measured once and what the map says never agree.
				values["certificate_area"] = math.Round(float64(area * r.between(0.985, 1.015)))
				values["registered_on"] = day(r, 1985, 2024)
			}
			if !yield(Row{values, polygons([][]grid{p.ring})}) {
				return false
			}
		}
		return true
	})
}

// day draws a calendar day of the years from lo to hi.
func day(r rng, lo, hi int) plan.Date {
	return plan.Date(fmt.Sprintf("%04d-%02d-%02d", r.whole(lo, hi), r.whole(1, 12), r.whole(1, 28)))
}
