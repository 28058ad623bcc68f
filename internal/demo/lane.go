package demo

// makeLanes cuts zones where people live by lanes, too narrow to be zones.
func (b *builder) makeLanes() {
	for _, z := range b.zones {
		if z.block == nil {
			continue
		}
		if !laned(z.code) {
			z.parts = []poly{z.poly}
			continue
		}
		size := (1.15 - float64(0.55*z.block.face.density)) * hectare / (b.Scale * (0.94 + float64(0.06*b.Scale)))
		b.divide(z.poly, halver{
			key: z.key ^ 0x1a9e, clear: 9, snap: 5, narrow: 19, proto: newLaneCut,
			target: func(vec) float64 { return max(size, 0.09*hectare) },
		}, func(p poly, _ uint64) { z.parts = append(z.parts, p) })
	}
}

// laned says whether zones of this code have lanes in them.
func laned(code string) bool {
	switch code {
	case "R-1", "R-2", "R-3", "R-4", "R-5", "C-1", "C-2", "K-2", "K-3", "K-1":
		return true
	}
	return false
}
