package report

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	_ "image/png" // photos may be PNG

	"github.com/simtaru/simtaru/internal/plan"
)

// Limits of a photo.
const (
	// MaxPhoto is the largest file, in bytes.
	MaxPhoto  = 8 << 20
	maxPixels = 40_000_000
	// maxWeight bounds what the decoder takes, in bytes.
	maxWeight = 160 << 20
	// maxScans of a JPEG: each makes the decoder go through the whole picture, and
	// cameras write some ten, with a preview among the metadata.
	maxScans = 60
	// longest side of what is kept, in pixels.
	longest = 2048
	// maxKept is the largest that is stored, in bytes: the table holds no more.
	maxKept = 4_000_000
)

// qualities are tried until a photo is small enough to be kept. The first is
// for all but noise.
var qualities = []int{82, 70, 50, 30}

// Photo decodes a JPEG or PNG and writes it anew as a JPEG of at most 2048
// pixels a side, upright and without any metadata. The heaviest takes some
// seconds and some 220 MB. Errors are *plan.Error.
func Photo(file []byte) ([]byte, error) {
	if len(file) > MaxPhoto {
		return nil, TooLarge()
	}
	unreadable := bad("photo-unreadable", "photo", "Berkas ini bukan foto JPEG atau PNG yang utuh.", "The file is not a whole JPEG or PNG photo.")
	config, format, err := image.DecodeConfig(bytes.NewReader(file))
	if err != nil || config.Width < 1 || config.Height < 1 {
		return nil, unreadable
	}
	if config.Width*config.Height > maxPixels || weight(file, format, config) > maxWeight ||
		format == "jpeg" && bytes.Count(file, []byte{0xFF, 0xDA}) > maxScans {
		return nil, TooLarge()
	}
	img, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, unreadable
	}
	turn := 1
	if format == "jpeg" {
		turn = orientation(file)
	}
	small := upright(smaller(img), turn)
	var out bytes.Buffer
	for _, quality := range qualities {
		out.Reset()
		if err := jpeg.Encode(&out, small, &jpeg.Options{Quality: quality}); err != nil {
			return nil, unreadable
		}
		if out.Len() <= maxKept {
			return out.Bytes(), nil
		}
	}
	return nil, TooLarge()
}

// TooLarge is the error of a photo beyond the limits.
func TooLarge() error {
	return &plan.Error{Kind: plan.TooLarge, Code: "photo-too-large", At: "photo", Message: plan.Text{
		ID: "Foto terlalu besar: paling banyak 8 MB dan 40 megapiksel; JPEG progresif atau CMYK lebih sedikit (6 megapiksel selalu muat).",
		EN: "The photo is too large: at most 8 MB and 40 megapixels; fewer of a progressive or CMYK JPEG (6 megapixels always fit).",
	}}
}

// upright turns and mirrors as an orientation of Exif (1 to 8) asks.
func upright(src *image.RGBA, turn int) *image.RGBA {
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	if turn <= 1 {
		return src
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	if turn >= 5 {
		dst = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			var to image.Point
			switch turn {
			case 2:
				to = image.Pt(w-1-x, y)
			case 3:
				to = image.Pt(w-1-x, h-1-y)
			case 4:
				to = image.Pt(x, h-1-y)
			case 5:
				to = image.Pt(y, x)
			case 6:
				to = image.Pt(h-1-y, x)
			case 7:
				to = image.Pt(h-1-y, w-1-x)
			default:
				to = image.Pt(y, w-1-x)
			}
			dst.SetRGBA(to.X, to.Y, src.RGBAAt(x, y))
		}
	}
	return dst
}

// orientation finds the tag of Exif in the segments of a JPEG; 1 where there is
// none that can be read.
func orientation(file []byte) int {
	for at := 2; at+4 <= len(file) && file[at] == 0xFF; {
		marker, size := file[at+1], int(binary.BigEndian.Uint16(file[at+2:]))
		end := at + 2 + size
		if marker == 0xDA || size < 2 || end > len(file) {
			return 1
		}
		if exif, ok := bytes.CutPrefix(file[at+4:end], []byte("Exif\x00\x00")); ok && marker == 0xE1 {
			return orientationOf(exif)
		}
		at = end
	}
	return 1
}

func orientationOf(tiff []byte) int {
	var order binary.ByteOrder = binary.LittleEndian
	if bytes.HasPrefix(tiff, []byte("MM")) {
		order = binary.BigEndian
	}
	if len(tiff) < 8 {
		return 1
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	entries := int64(order.Uint16(tiff[at:]))
	for i := range entries {
		e := at + 2 + 12*i
		if e+12 > int64(len(tiff)) {
			return 1
		}
		if order.Uint16(tiff[e:]) == 0x0112 {
			if v := int(order.Uint16(tiff[e+8:])); v >= 1 && v <= 8 {
				return v
			}
		}
	}
	return 1
}
