package tiles

// The grid of a tile: Extent units a side, and Buffer units around it that are
// drawn as well, so that lines and outlines do not end on a tile's border.
const (
	Extent = 4096
	Buffer = 64
)

// The clip border in units of a tile's grid.
const (
	low  = -Buffer
	high = Extent + Buffer
)

// point is a position on a tile's grid, from its upper left corner. Differences
// and sums stay far inside 64 bits at every zoom.
type point struct{ x, y int64 }

// frame turns world coordinates into those of one tile.
type frame struct {
	zoom   uint8
	shift  uint
	half   uint64
	ox, oy int64
}

func newFrame(id ID) frame {
	f := frame{zoom: id.Z, shift: uint(MaxZoom - id.Z), ox: int64(id.X) * Extent, oy: int64(id.Y) * Extent}
	if f.shift > 0 {
		f.half = 1 << (f.shift - 1)
	}
	return f
}

// point rounds to the grid of the zoom, halves upward. The grid is one for the
// whole world: the origin of the tile is taken off after rounding. The sum needs
// 33 bits at the right and the lower edge of the world.
func (f *frame) point(v Vertex) point {
	return point{
		x: int64((uint64(v.X)+f.half)>>f.shift) - f.ox,
		y: int64((uint64(v.Y)+f.half)>>f.shift) - f.oy,
	}
}

// place says how a box lies to the clip border.
type place uint8

const (
	outside place = iota
	crossing
	inside
)

// place is exact for everything in the box, since rounding keeps order.
func (f *frame) place(b Box) place {
	p, q := f.point(b.Min), f.point(b.Max)
	switch {
	case p.x > q.x || q.x < low || q.y < low || p.x > high || p.y > high:
		return outside
	case p.x >= low && p.y >= low && q.x <= high && q.y <= high:
		return inside
	}
	return crossing
}

// beyond reports whether all of a box is on one side of the clip border.
func (f *frame) beyond(b Box) bool {
	return f.point(b.Min).sides()&f.point(b.Max).sides() != 0
}

// side is a set of the four half-planes outside the clip border.
type side uint8

const (
	left side = 1 << iota
	right
	above
	below
)

// sides returns on which sides of the clip border p lies. A point on the border
// counts as outside it.
func (p point) sides() side {
	var s side
	if p.x <= low {
		s = left
	} else if p.x >= high {
		s = right
	}
	if p.y <= low {
		s |= above
	} else if p.y >= high {
		s |= below
	}
	return s
}
