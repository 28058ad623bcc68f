package demo

import "time"

// eventRows is one drill that is over: nothing is on in the invented city.
func (b *builder) eventRows(yield func(Row) bool) {
	start := time.Date(2025, 4, 26, 10, 0, 0, 0, time.FixedZone("WIB", 7*3600)).UTC()
	yield(Row{Geometry: polygons(b.faceShape(func(f *face) bool { return f.hazard > 0 })...), Values: map[string]any{
		"name": "Latihan evakuasi tsunami", "hazard": "tsunami", "level": "awas", "status": "off",
		"starts_at": start, "arrival_at": start.Add(30 * time.Minute), "ends_at": start.Add(2 * time.Hour),
		"source": "BPBD (demonstrasi)", "message_id": "Ini latihan. Ikuti petunjuk petugas.", "message_en": "This is a drill. Follow the officers.", "remark": remark,
	}})
}
