package demo

// skeleton is that of the city, drawn by hand: a net of convex quarters between
// the border, the coast, two rivers and the arteries. Degrees east of 95 and
// north of 5; rows run from the southern border to the coast in the north,
// columns from west to east.
func skeleton() [size][size][2]float64 {
	return [size][size][2]float64{
		{{.2850, .5262}, {.2975, .5215}, {.3090, .5165}, {.3385, .5190}, {.3450, .5235}, {.3515, .5285}, {.3580, .5360}, {.3655, .5400}},
		{{.2805, .5350}, {.2945, .5290}, {.3070, .5260}, {.3345, .5300}, {.3420, .5335}, {.3490, .5375}, {.3565, .5440}, {.3690, .5520}},
		{{.2780, .5410}, {.2920, .5370}, {.3065, .5355}, {.3280, .5400}, {.3375, .5425}, {.3450, .5460}, {.3545, .5520}, {.3710, .5615}},
		{{.2740, .5460}, {.2900, .5450}, {.3068, .5455}, {.3208, .5485}, {.3330, .5515}, {.3415, .5550}, {.3530, .5605}, {.3745, .5700}},
		{{.2725, .5510}, {.2900, .5530}, {.3072, .5555}, {.3160, .5585}, {.3305, .5610}, {.3405, .5645}, {.3535, .5690}, {.3770, .5785}},
		{{.2730, .5560}, {.2905, .5600}, {.3070, .5645}, {.3192, .5675}, {.3315, .5715}, {.3430, .5755}, {.3570, .5800}, {.3785, .5880}},
		{{.2745, .5605}, {.2915, .5660}, {.3065, .5715}, {.3170, .5765}, {.3325, .5825}, {.3475, .5880}, {.3615, .5920}, {.3785, .5985}},
		{{.2770, .5650}, {.2925, .5702}, {.3065, .5812}, {.3172, .5845}, {.3328, .5975}, {.3502, .6028}, {.3640, .6112}, {.3770, .6105}},
	}
}

const (
	size         = 8 // rows and columns of the skeleton
	kruengColumn = 3 // Krueng Aceh
	canalColumn  = 5 // the flood canal
	coastRow     = 7
	coastFrom    = 4 // the western border is coast from this row on
)

// Half widths of the rivers in metres.
const (
	kruengHalf = 42.0
	canalHalf  = 55.0
)

// quarter is a quadrangle of the skeleton. bank says on which side of the
// rivers it lies: 0 west of Krueng Aceh, 1 between, 2 east of the canal.
type quarter struct {
	poly
	row, column, bank int
}

// shrink brings the skeleton to the size of the city, about its middle.
const shrink = 0.848

func shrunk(lon, lat float64) vec { return at(95.325, 5.562).to(at(lon, lat), shrink) }

// mesh puts the skeleton on the sheet.
func (b *builder) mesh() []quarter {
	const n = size
	net := skeleton()
	var v [n][n]vertex
	for r := range n {
		for c := range n {
			p := net[r][c]
			v[r][c] = b.add(shrunk(95+p[0], 5+p[1]))
		}
	}
	var across, up [n][n]*cut // to the next column, to the next row
	for r := range n {
		for c := range n {
			if c+1 < n {
				across[r][c] = b.line(v[r][c], v[r][c+1], b.rowCut(r))
			}
			if r+1 < n {
				up[r][c] = b.line(v[r][c], v[r+1][c], b.columnCut(r, c))
				if up[r][c].kind == riverCut {
					b.rivers = append(b.rivers, up[r][c])
				}
			}
		}
	}
	var out []quarter
	for r := range n - 1 {
		for c := range n - 1 {
			bank := 0
			if c >= kruengColumn {
				bank++
			}
			if c >= canalColumn {
				bank++
			}
			out = append(out, quarter{poly{
				{v[r][c], across[r][c]},
				{v[r][c+1], up[r][c+1]},
				{v[r+1][c+1], across[r+1][c]},
				{v[r+1][c], up[r][c]},
			}, r, c, bank})
		}
	}
	return out
}

func (b *builder) rowCut(r int) cut {
	switch r {
	case 0:
		return cut{kind: plainCut, rough: 2}
	case coastRow:
		return cut{kind: coastCut, rough: 24}
	case coastRow - 1:
		return cut{kind: streetCut, street: b.artery(r, collector)}
	}
	return cut{kind: streetCut, street: b.artery(r, arterial)}
}

func (b *builder) columnCut(r, c int) cut {
	switch {
	case c == 0 && r >= coastFrom:
		return cut{kind: coastCut, rough: 22}
	case c == 0 || c == size-1:
		return cut{kind: plainCut, rough: 2}
	case c == kruengColumn:
		return cut{kind: riverCut, street: b.krueng}
	case c == canalColumn:
		return cut{kind: riverCut, street: b.canal}
	case r == coastRow-1:
		return cut{kind: streetCut, street: b.artery(100+c, local)}
	case r == coastRow-2:
		return cut{kind: streetCut, street: b.artery(100+c, collector)}
	}
	return cut{kind: streetCut, street: b.artery(100+c, arterial)}
}
