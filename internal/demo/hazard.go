package demo

// level is a class of tsunami hazard.
type level struct {
	class, label string
	index        float64
	depth        float64 // m
	minutes      float64 // until the water is there
	upTo         float64 // m from the sea
}

func hazardLevels() []level {
	return []level{
		{},
		{"low", "Rendah", 0.25, 0.5, 52, 3500},
		{"medium", "Sedang", 0.5, 1.5, 45, 2750},
		{"high", "Tinggi", 0.75, 3.5, 37, 1900},
		{"very_high", "Sangat Tinggi", 0.95, 6.5, 30, 950},
	}
}

// hazardAt is the tsunami level at p (bent), 0 for none: by distance from the
// sea, with the ground's ups and downs as noise.
func (b *builder) hazardAt(p vec) int {
	d := b.toCoast(p) + float64(380*b.noise(95, p, 900))
	for l := len(hazardLevels()) - 1; l > 0; l-- {
		if d < hazardLevels()[l].upTo {
			return l
		}
	}
	return 0
}

// zoneHazard is that of the face the zone lies in; streets and water have the
// one at their beginning.
func (b *builder) zoneHazard(z *zone) int {
	if z.block != nil {
		return z.block.face.hazard
	}
	return b.hazardAt(flat(z.shape[0][0]))
}
