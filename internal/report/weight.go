package report

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
)

// weight is how much decoding a picture takes, in bytes: a small file may hold
// a very large one.
func weight(file []byte, format string, config image.Config) int {
	pixels := config.Width * config.Height
	if format == "jpeg" {
		return jpegWeight(file, config)
	}
	bytes := 4
	switch config.ColorModel {
	case color.RGBA64Model, color.NRGBA64Model:
		bytes = 8
	case color.Gray16Model:
		bytes = 2
	case color.GrayModel:
		bytes = 1
	}
	// The last pass of an interlaced PNG is a picture of half the rows.
	if interlaced := len(file) > 28 && file[28] != 0; interlaced {
		return pixels * bytes * 3 / 2
	}
	return pixels * bytes
}

// jpegWeight goes by the header of the frame, which the decoder cannot do
// without: wherever the size of the picture stands in one. That of metadata,
// such as a preview, has another size, and one too many makes it heavier. A
// progressive JPEG is kept as coefficients of four bytes until its end.
func jpegWeight(file []byte, config image.Config) int {
	size := binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16([]byte{8}, uint16(config.Height)), uint16(config.Width))
	heaviest := 0
	for at := 4; ; {
		next := bytes.Index(file[min(at, len(file)):], size)
		if next < 0 {
			return heaviest
		}
		at += next
		heaviest = max(heaviest, frameWeight(file[at-4:], config, file))
		at++
	}
}

// frameWeight is that of a frame whose header begins with its marker; 0 where
// it is none.
func frameWeight(header []byte, config image.Config, file []byte) int {
	if len(header) < 10 || header[0] != 0xFF || header[1] < 0xC0 || header[1] > 0xC2 {
		return 0
	}
	n := int(header[9])
	if len(header) < 10+3*n || n < 1 || n > 4 || int(binary.BigEndian.Uint16(header[2:])) != 8+3*n {
		return 0
	}
	sampling := func(i int) (h, v int) {
		if n == 1 { // a single component has blocks of its own size
			return 1, 1
		}
		return int(header[11+3*i] >> 4), int(header[11+3*i] & 15)
	}
	h, v := sampling(0)
	if h == 0 || v == 0 {
		return 0
	}
	blocks := 0
	for i := range n {
		wide, high := sampling(i)
		blocks += wide * high
	}
	blocks *= ((config.Width + 8*h - 1) / (8 * h)) * ((config.Height + 8*v - 1) / (8 * v))
	total := blocks * 64
	if header[1] == 0xC2 {
		total += blocks * 64 * 4
	}
	if n == 4 || n == 3 && inRGB(file, header) { // becomes another picture
		total += config.Width * config.Height * 4
	}
	return total
}

// inRGB reports whether a JPEG of three components may have been written as red,
// green and blue.
func inRGB(file, header []byte) bool {
	if header[10] == 'R' && header[13] == 'G' && header[16] == 'B' {
		return true
	}
	for rest, found := file, true; ; {
		if _, rest, found = bytes.Cut(rest, []byte("Adobe")); !found {
			return false
		}
		if len(rest) > 6 && rest[6] == 0 { // the transform is unknown
			return true
		}
	}
}
