package pdf

import (
	"fmt"
	"image/color"

	"github.com/boombuler/barcode/qr"
)

// code draws a QR code of a text in a square, as one shape, so that no seam shows
// between its modules. The quiet zone around it is the caller's: 4 modules.
func (s *sheet) code(text string, x, y, size float64) error {
	c, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return fmt.Errorf("make a QR code: %w", err)
	}
	n := c.Bounds().Dx()
	dark := func(i, j int) bool { return i < n && c.At(i, j) == color.Color(color.Black) }
	m := size / float64(n)
	s.fill(colour{0, 0, 0})
	for j := range n {
		for i := 0; i < n; i++ {
			from := i
			for dark(i, j) {
				i++
			}
			if i > from {
				x0, x1, y0, y1 := x+float64(from)*m, x+float64(i)*m, y+float64(j)*m, y+float64(j+1)*m
				s.p.MoveTo(x0, y0)
				s.p.LineTo(x1, y0)
				s.p.LineTo(x1, y1)
				s.p.LineTo(x0, y1)
				s.p.ClosePath()
			}
		}
	}
	s.p.DrawPath("F")
	return nil
}
