package pdf

import (
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/extract"
)

// Place is where the map has a point, in mm from its upper left corner.
func Place(d *extract.Document, p orb.Point) (x, y float64) {
	return (&sheet{}).at(d, 0, 0).place(p)
}

// Clean is how a text is printed.
func Clean(text string) string { return clean(text) }
