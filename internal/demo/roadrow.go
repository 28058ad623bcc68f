package demo

import (
	"strings"

	"github.com/paulmach/orb"
)

// roadKind is how the layer describes a class of street.
type roadKind struct {
	class, function string
	lanes           int64
	surface         string
}

func kindOf(r *road) roadKind {
	switch r.class {
	case arterial:
		return roadKind{"primary", "arteri_sekunder", 4, "asphalt"}
	case collector:
		return roadKind{"secondary", "kolektor_sekunder", 2, "asphalt"}
	case local:
		return roadKind{"tertiary", "lokal_sekunder", 2, "asphalt"}
	case residential:
		return roadKind{"residential", "lingkungan_primer", 2, "asphalt"}
	case lane:
		if r.key%4 == 0 {
			return roadKind{"service", "lingkungan_sekunder", 1, "concrete"}
		}
		return roadKind{"living_street", "lingkungan_sekunder", 1, "paving_stones"}
	}
	if r.key%3 == 0 {
		return roadKind{"path", "pejalan_kaki", 0, "ground"}
	}
	return roadKind{"footway", "pejalan_kaki", 0, "concrete"}
}

func (b *builder) roadRows(yield func(Row) bool) {
	for _, r := range b.roads {
		k := kindOf(r)
		dice := draw(b.seed, "road", r.key)
		values := map[string]any{
			"class": k.class, "function": k.function, "width": roadWidth(r), "lanes": k.lanes,
			"surface": k.surface, "condition": dice.condition(), "oneway": "no",
			"bridge": r.bridge, "tunnel": false, "level": int64(0), "lit": dice.chance(0.35 + float64(0.1*float64(r.class))),
			"source": source, "remark": remark,
		}
		if r.name != "" {
			values["name"] = r.name
		}
		if r.class == residential && b.oneway(r) {
			values["oneway"] = [...]string{"yes", "-1"}[r.key%2]
		}
		if r.bridge {
			values["level"] = int64(1)
			values["name"] = bridgeName(r)
			values["surface"] = "concrete"
		}
		if values["surface"] == "ground" {
			values["speed_factor"] = 0.9
		}
		if !yield(Row{values, orb.MultiLineString{lineOf(r.line)}}) {
			return
		}
	}
}

// condition draws how well something is kept.
func (r rng) condition() string {
	return choose(r.float(), []share{{"good", 0.62}, {"fair", 0.9}, {"poor", 1}})
}

// roadWidth is that of the carriageway in metres.
func roadWidth(r *road) float64 {
	dice := draw(0, "width", r.key)
	switch r.class {
	case arterial:
		return 14 + float64(dice.intn(3))
	case collector:
		return 9 + float64(dice.intn(3))
	case local:
		return float64(12+dice.intn(5)) / 2
	case residential:
		return float64(8+dice.intn(5)) / 2
	case lane:
		return float64(10+dice.intn(3)) / 4
	}
	return float64(6+dice.intn(4)) / 5
}

// oneway streets are few, and only where the city is dense.
func (b *builder) oneway(r *road) bool {
	return r.key%9 == 0 && b.density(flat(r.line[0])) > 0.7
}

func bridgeName(r *road) string {
	return "Jembatan " + strings.TrimPrefix(r.name, "Jalan ") + " di " + r.over
}
