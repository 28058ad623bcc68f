package tiles

import (
	"fmt"
	"iter"
	"math"
	"strconv"

	"github.com/paulmach/orb"
)

// MaxZoom is the highest zoom of a tile. One unit of a tile's grid is then one
// unit of the fixed-point world, 9 mm on the equator.
const MaxZoom = 20

// ID is the address of a tile in the XYZ scheme (OGC WebMercatorQuad): X from
// the antimeridian eastward, Y from the north edge downward.
type ID struct {
	Z    uint8
	X, Y uint32
}

// ParseID reads the parts of an address as a URL has them. It takes only the
// one way to write each number (no sign, no leading zeros), so that a tile has
// one URL, and refuses addresses that do not exist.
func ParseID(z, x, y string) (ID, error) {
	var n [3]uint64
	for i, s := range [3]string{z, x, y} {
		v, err := strconv.ParseUint(s, 10, 32)
		if err != nil || len(s) > 1 && s[0] == '0' {
			return ID{}, fmt.Errorf("tile %.20q/%.20q/%.20q: %.20q is not a whole number", z, x, y, s)
		}
		n[i] = v
	}
	if n[0] > MaxZoom {
		return ID{}, fmt.Errorf("tile %s/%s/%s: zoom is above %d", z, x, y, MaxZoom)
	}
	id := ID{Z: uint8(n[0]), X: uint32(n[1]), Y: uint32(n[2])}
	if !id.Valid() {
		return ID{}, fmt.Errorf("tile %s: a row or column of zoom %d is below %d", id, id.Z, uint64(1)<<id.Z)
	}
	return id, nil
}

// Valid reports whether there is such a tile.
func (id ID) Valid() bool {
	return id.Z <= MaxZoom && id.X>>id.Z == 0 && id.Y>>id.Z == 0
}

// String returns the address as z/x/y.
func (id ID) String() string { return fmt.Sprintf("%d/%d/%d", id.Z, id.X, id.Y) }

// Parent returns the tile of the next lower zoom that holds this one; the tile
// of zoom 0 is its own parent.
func (id ID) Parent() ID {
	if id.Z == 0 {
		return id
	}
	return ID{Z: id.Z - 1, X: id.X >> 1, Y: id.Y >> 1}
}

// Bound returns the tile's area, lon and lat in degrees.
func (id ID) Bound() orb.Bound {
	return id.bound(0)
}

// Reach returns the area from which features can show in the tile: with the
// buffer around it and rounded outward, cut off at the edges of the world. It
// is the box to search by when a tile is made, and the box that an edit must
// meet to change the tile.
func (id ID) Reach() orb.Bound {
	return id.bound(Buffer + 1)
}

// bound returns the tile's area with a margin in units of its grid.
func (id ID) bound(margin float64) orb.Bound {
	n := math.Ldexp(1, int(id.Z))
	m := margin / Extent
	x0, x1 := max(0, float64(id.X)-m), min(n, float64(id.X)+1+m)
	y0, y1 := max(0, float64(id.Y)-m), min(n, float64(id.Y)+1+m)
	b := orb.Bound{
		Min: orb.Point{x0/n*360 - 180, latitude(y1 / n)},
		Max: orb.Point{x1/n*360 - 180, latitude(y0 / n)},
	}
	if margin > 0 {
		// What lies beyond the Mercator limit is drawn on the edge.
		if y0 == 0 {
			b.Max[1] = 90
		}
		if y1 == n {
			b.Min[1] = -90
		}
	}
	return b
}

// Cover returns the tiles of a zoom that meet a box, row by row. A box that ends
// on the border of a tile does not reach into the next one. A box whose west is
// greater than its east crosses the antimeridian. Parts of a box outside the
// world are ignored; a box that is empty, not finite, or wholly outside meets
// nothing, and so does any box at a zoom above MaxZoom.
func Cover(b orb.Bound, zoom uint8) iter.Seq[ID] {
	return func(yield func(ID) bool) {
		if zoom > MaxZoom {
			return
		}
		spans := [2][2]float64{{b.Min[0], b.Max[0]}}
		n := 1
		if b.Min[0] > b.Max[0] {
			spans = [2][2]float64{{b.Min[0], 180}, {-180, b.Max[0]}}
			n = 2
		}
		for _, s := range spans[:n] {
			if !coverSpan(orb.Bound{Min: orb.Point{s[0], b.Min[1]}, Max: orb.Point{s[1], b.Max[1]}}, zoom, yield) {
				return
			}
		}
	}
}

func coverSpan(b orb.Bound, zoom uint8, yield func(ID) bool) bool {
	// Written so that NaN fails every comparison and ends here.
	if !(b.Min[0] <= b.Max[0] && b.Min[1] <= b.Max[1] &&
		b.Min[0] <= 180 && b.Max[0] >= -180 && b.Min[1] <= 90 && b.Max[1] >= -90) {
		return true
	}
	nw := project(max(b.Min[0], -180), min(b.Max[1], 90))
	se := project(min(b.Max[0], 180), max(b.Min[1], -90))
	shift := 32 - uint(zoom)
	x0, y0 := uint32(uint64(nw.X)>>shift), uint32(uint64(nw.Y)>>shift)
	x1, y1 := lastTile(nw.X, se.X, shift), lastTile(nw.Y, se.Y, shift)
	for y := y0; y <= y1; y++ {
		for x := x0; x <= x1; x++ {
			if !yield(ID{Z: zoom, X: x, Y: y}) {
				return false
			}
		}
	}
	return true
}

// lastTile returns the column or row in which a span ends.
func lastTile(from, to uint32, shift uint) uint32 {
	if to > from {
		to--
	}
	return uint32(uint64(to) >> shift)
}
