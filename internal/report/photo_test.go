package report

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"

	"github.com/simtaru/simtaru/internal/plan"
)

// corner is a picture whose upper left quarter is red, in the rest blue.
func corner(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{B: 255, A: 255}
			if x < w/2 && y < h/2 {
				c = color.RGBA{R: 255, A: 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

// withExif puts what a telephone writes into a JPEG: orientation, maker and the
// place (a GPS directory), in the byte order that is given.
func withExif(t *testing.T, file []byte, order binary.AppendByteOrder, turn uint16) []byte {
	t.Helper()
	tiff := []byte("II*\x00")
	if order == binary.AppendByteOrder(binary.BigEndian) {
		tiff = []byte("MM\x00*")
	}
	entry := func(tag, kind uint16, count uint32, value ...byte) {
		tiff = order.AppendUint16(tiff, tag)
		tiff = order.AppendUint16(tiff, kind)
		tiff = order.AppendUint32(tiff, count)
		tiff = append(append(tiff, value...), make([]byte, 4-len(value))...)
	}
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 3)
	entry(0x010F, 2, 4, 'A', 'C', 'M', 0)
	entry(0x0112, 3, 1, order.AppendUint16(nil, turn)...)
	entry(0x8825, 4, 1, order.AppendUint32(nil, 50)...)
	tiff = order.AppendUint32(tiff, 0)
	tiff = order.AppendUint16(tiff, 2)
	entry(1, 2, 2, 'N', 0)
	entry(3, 2, 2, 'E', 0)
	tiff = append(order.AppendUint32(tiff, 0), "GPS 5.5536 95.3172"...)
	body := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{0xFF, 0xD8, 0xFF, 0xE1}, binary.BigEndian.AppendUint16(nil, uint16(len(body)+2))...)
	return append(append(out, body...), file[2:]...)
}

func encoded(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestPhotoIsUprightAndBare: of all eight orientations, in both byte orders, the
// red corner is where it belongs, and nothing of the metadata is left.
func TestPhotoIsUprightAndBare(t *testing.T) {
	plain := encoded(t, corner(120, 80))
	// Where the upper left corner of what is stored belongs: right, down.
	belongs := [9][2]bool{2: {true, false}, 3: {true, true}, 4: {false, true}, 6: {true, false}, 7: {true, true}, 8: {false, true}}
	for turn := uint16(1); turn <= 8; turn++ {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			file := withExif(t, plain, order, turn)
			if !bytes.Contains(file, []byte("GPS")) {
				t.Fatal("the picture has no place")
			}
			out, err := Photo(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, trace := range []string{"Exif", "GPS", "ACM", "95.3172"} {
				if bytes.Contains(out, []byte(trace)) {
					t.Errorf("%d: %s is left", turn, trace)
				}
			}
			img, format, err := image.Decode(bytes.NewReader(out))
			if err != nil || format != "jpeg" {
				t.Fatal(format, err)
			}
			b := img.Bounds()
			if wide := turn < 5; (b.Dx() == 120) != wide || (b.Dy() == 80) != wide {
				t.Errorf("%d: %v", turn, b)
			}
			x, y := b.Dx()/4, b.Dy()/4
			if belongs[turn][0] {
				x = b.Dx() - 1 - x
			}
			if belongs[turn][1] {
				y = b.Dy() - 1 - y
			}
			if r, _, blue, _ := img.At(x, y).RGBA(); r < 0xC000 || blue > 0x4000 {
				t.Errorf("%d: at %d, %d stands %v", turn, x, y, img.At(x, y))
			}
		}
	}
}

func TestPhotoIsScaledOnWhite(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 3000, 1000))); err != nil {
		t.Fatal(err)
	}
	out, err := Photo(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(out))
	if err != nil || img.Bounds().Dx() != 2048 || img.Bounds().Dy() != 682 {
		t.Fatal(img.Bounds(), err)
	}
	if r, _, _, _ := img.At(1000, 300).RGBA(); r < 0xFF00 {
		t.Errorf("what is transparent became %v", img.At(1000, 300))
	}
}

// pngOf is a PNG that says it has a size.
func pngOf(w, h uint32) []byte {
	head := append([]byte("IHDR"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)...)
	head = append(head, 8, 6, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), head...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(head))
}

func TestPhotoRefuses(t *testing.T) {
	whole := encoded(t, corner(64, 64))
	scans := append([]byte{}, whole[:len(whole)-2]...)
	for range 100 {
		scans = append(scans, 0xFF, 0xDA, 0, 0)
	}
	for name, c := range map[string]struct {
		file []byte
		code string
	}{
		"nothing":       {nil, "photo-unreadable"},
		"a false JPEG":  {[]byte("\xFF\xD8\xFF\xE0<script>alert(1)</script>"), "photo-unreadable"},
		"an SVG":        {[]byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), "photo-unreadable"},
		"cut off":       {whole[:len(whole)/2], "photo-unreadable"},
		"a bomb":        {pngOf(50_000, 50_000), "photo-too-large"},
		"many scans":    {scans, "photo-too-large"},
		"nine megabyte": {append(bytes.Clone(whole), make([]byte, 9<<20)...), "photo-too-large"},
	} {
		_, err := Photo(c.file)
		var e *plan.Error
		if !errors.As(err, &e) || e.Code != c.code || e.Message.ID == "" || e.Message.EN == "" {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
	for n := range 300 { // directories of Exif that end early or point anywhere
		broken := withExif(t, whole, binary.LittleEndian, 6)
		broken[6+n%60] ^= byte(n)
		_, _ = Photo(broken)
	}
}
