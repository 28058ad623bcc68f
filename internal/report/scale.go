package report

import (
	"image"
	"image/draw"
)

// bandRows is how many rows are converted at a time.
const bandRows = 16

// smaller scales to the longest side that is kept, on white: each pixel is the
// mean of the area that it covers. Beside the result it takes a few rows.
func smaller(img image.Image) *image.RGBA {
	from := img.Bounds()
	width, height := from.Dx(), from.Dy()
	w, h := width, height
	if side := max(w, h); side > longest {
		w, h = max(1, w*longest/side), max(1, h*longest/side)
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	band := image.NewRGBA(image.Rect(0, 0, width, bandRows))
	row, sum := make([]uint64, 3*w), make([]uint64, 3*w)
	to := 0
	for y := range height {
		if y%bandRows == 0 {
			draw.Draw(band, band.Bounds(), image.White, image.Point{}, draw.Src)
			draw.Draw(band, band.Bounds(), img, from.Min.Add(image.Pt(0, y)), draw.Over)
		}
		clear(row)
		squeeze(row, band.Pix[y%bandRows*band.Stride:][:4*width])
		// In units of 1/h of a row, this one reaches from y*h to (y+1)*h, and the
		// one that is being made to (to+1)*height.
		for at, end := y*h, (y+1)*h; at < end; {
			part := min(end, (to+1)*height) - at
			for i, v := range row {
				sum[i] += v * uint64(part)
			}
			if at += part; at == (to+1)*height {
				finish(dst.Pix[to*dst.Stride:][:4*w], sum, uint64(width)*uint64(height))
				to++
			}
		}
	}
	return dst
}

// squeeze adds the pixels of a row to the fewer of row, each by how much of it
// lies there, in units of 1/len(row) of a pixel.
func squeeze(row []uint64, pixels []uint8) {
	w, width := len(row)/3, len(pixels)/4
	to := 0
	for x := range width {
		r, g, b := uint64(pixels[4*x]), uint64(pixels[4*x+1]), uint64(pixels[4*x+2])
		for at, end := x*w, (x+1)*w; at < end; {
			part := min(end, (to+1)*width) - at
			row[3*to] += r * uint64(part)
			row[3*to+1] += g * uint64(part)
			row[3*to+2] += b * uint64(part)
			if at += part; at == (to+1)*width {
				to++
			}
		}
	}
}

// finish writes the means and begins new sums.
func finish(pixels []uint8, sum []uint64, area uint64) {
	for i := 0; i < len(sum); i += 3 {
		for c := range 3 {
			pixels[i/3*4+c] = uint8((sum[i+c] + area/2) / area)
		}
		pixels[i/3*4+3] = 255
	}
	clear(sum)
}
