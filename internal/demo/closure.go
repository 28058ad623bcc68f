package demo

import (
	"cmp"
	"slices"
	"time"
)

// closing is an invented event on a road. Days are counted from the first of
// June 2025, 08:00 in Banda Aceh; a length of 0 is still going on.
type closing struct {
	reason, severity, place string
	day, days               int
	bridge                  bool
}

func closings() []closing {
	return []closing{
		{"flood", "closed", "Genangan", -210, 2, false},
		{"works", "slow", "Perbaikan jalan", -160, 45, false},
		{"event", "vehicles", "Kegiatan warga", -90, 1, false},
		{"debris", "closed", "Pohon tumbang", -61, 1, false},
		{"bridge", "vehicles", "Pemeriksaan jembatan", -30, 6, true},
		{"accident", "slow", "Kecelakaan", -12, 1, false},
		{"works", "slow", "Perbaikan drainase", -5, 0, false},
		{"bridge", "closed", "Perbaikan jembatan", -2, 0, true},
		{"flood", "slow", "Genangan", -1, 0, false},
		{"works", "vehicles", "Pengaspalan", 0, 0, false},
	}
}

func (b *builder) closureRows(yield func(Row) bool) {
	start := time.Date(2025, 6, 1, 8, 0, 0, 0, time.FixedZone("WIB", 7*3600))
	var streets, bridges []*road
	for _, s := range b.roads {
		switch {
		case s.bridge:
			bridges = append(bridges, s)
		case s.class >= residential && s.length > 60:
			streets = append(streets, s)
		}
	}
	byKey := func(a, b *road) int { return cmp.Compare(mix(a.key), mix(b.key)) }
	slices.SortStableFunc(streets, byKey)
	slices.SortStableFunc(bridges, byKey)
	for i, c := range closings() {
		s, name := streets[i*7%len(streets)], ""
		if c.bridge {
			s = bridges[i%len(bridges)]
			name = bridgeName(s)
		} else {
			name = s.name
		}
		values := map[string]any{
			"name": c.place + " " + name, "reason": c.reason, "severity": c.severity,
			"starts_at": start.AddDate(0, 0, c.day).UTC(), "reporter": "Pos pantau (demonstrasi)", "verified": i%4 != 3, "remark": remark,
		}
		if c.days > 0 {
			values["ends_at"] = start.AddDate(0, 0, c.day+c.days).UTC()
		}
		if c.severity == "slow" {
			values["speed_factor"] = 0.5
		}
		if c.bridge {
			values["level"] = int64(1)
		}
		if !yield(Row{values, polygons([][]grid{s.patch(s.length/2, 9)})}) {
			return
		}
	}
}

// patch is a small rectangle across the road t metres along it, half metres
// long each way.
func (s *road) patch(t, half float64) []grid {
	p, d := s.at(t)
	u, n := d.times(half), d.left().times(s.half+2)
	return []grid{globe(p.sub(u).sub(n)), globe(p.add(u).sub(n)), globe(p.add(u).add(n)), globe(p.sub(u).add(n))}
}
