package report

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
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

// blank is a JPEG of one grey with so many components of full size, progressive
// or not: a few 100 KB for 40 megapixels.
func blank(w, h, components int, progressive bool) []byte {
	var b bytes.Buffer
	segment := func(marker byte, body ...byte) {
		b.Write(binary.BigEndian.AppendUint16([]byte{0xFF, marker}, uint16(len(body)+2)))
		b.Write(body)
	}
	b.Write([]byte{0xFF, 0xD8})
	if components == 4 {
		segment(0xEE, []byte("Adobe\x00\x64\x00\x00\x00\x00\x02")...)
	}
	segment(0xDB, append([]byte{0}, bytes.Repeat([]byte{1}, 64)...)...)
	frame, scan := []byte{8, byte(h >> 8), byte(h), byte(w >> 8), byte(w), byte(components)}, []byte{byte(components)}
	for i := range components {
		frame, scan = append(frame, byte(i+1), 0x11, 0), append(scan, byte(i+1), 0)
	}
	bits := ((w + 7) / 8) * ((h + 7) / 8) * components
	if progressive {
		segment(0xC2, frame...)
		scan = append(scan, 0, 0, 0)
	} else {
		segment(0xC0, frame...)
		scan, bits = append(scan, 0, 63, 0), 2*bits
	}
	codes := append([]byte{1, 1}, make([]byte, 14)...) // one of one bit, one of two
	segment(0xC4, append(append([]byte{0x00}, codes...), 0, 1)...)
	segment(0xC4, append(append([]byte{0x10}, codes...), 0, 1)...)
	segment(0xDA, scan...)
	b.Write(make([]byte, (bits+7)/8))
	b.Write([]byte{0xFF, 0xD9})
	return b.Bytes()
}

// allocated is how many bytes f allocates.
func allocated(f func()) int64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int64(after.TotalAlloc - before.TotalAlloc)
}

// TestPhotoIsWeighed: what a picture takes in memory is bounded, however small
// its file is.
func TestPhotoIsWeighed(t *testing.T) {
	refused := map[string][]byte{
		"progressive": blank(6324, 6324, 3, true), "progressive CMYK": blank(6324, 6324, 4, true), "CMYK": blank(6324, 6324, 4, false),
	}
	// A header of the same size before it makes nothing lighter.
	decoy := append([]byte{0xFF, 0xD8, 0xFF, 0xFE, 0, 17 + 2, 0xFF, 0xC0, 0, 17, 8, 6324 >> 8, 6324 & 255, 6324 >> 8, 6324 & 255, 3, 1, 0x11, 0, 2, 0x11, 0, 3}, refused["progressive"][2:]...)
	refused["behind a decoy"] = decoy
	for name, file := range refused {
		took := allocated(func() {
			_, err := Photo(file)
			var e *plan.Error
			if !errors.As(err, &e) || e.Code != "photo-too-large" {
				t.Errorf("%s: %v", name, err)
			}
		})
		if took > 10<<20 {
			t.Errorf("%s took %d bytes before it was refused", name, took)
		}
	}
	for name, c := range map[string]struct {
		file []byte
		most int64
	}{
		"of a camera": {blank(4000, 3000, 3, false), 90 << 20},
		"progressive": {blank(1600, 1200, 3, true), 60 << 20},
		"CMYK":        {blank(1600, 1200, 4, false), 50 << 20},
	} {
		took := allocated(func() {
			if _, err := Photo(c.file); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
		if took > c.most {
			t.Errorf("%s took %d bytes, at most %d", name, took, c.most)
		}
	}
}

// TestMegapixelsThatFit: what senders are told always fits does, of the heaviest
// kind and with sides that fill no whole blocks.
func TestMegapixelsThatFit(t *testing.T) {
	var e *plan.Error
	if !errors.As(TooLarge(), &e) {
		t.Fatal(e)
	}
	var fit int
	if _, words, ok := strings.Cut(e.Message.EN, "CMYK JPEG ("); !ok {
		t.Fatal(e.Message.EN)
	} else if _, err := fmt.Sscanf(words, "%d megapixels always fit", &fit); err != nil || !strings.Contains(e.Message.ID, fmt.Sprintf("%d megapiksel selalu muat", fit)) {
		t.Fatal(e.Message, err)
	}
	for _, w := range []int{2449, 65535} {
		h := fit * 1_000_000 / w
		file := blank(w, h, 4, true)
		if got := weight(file, "jpeg", image.Config{Width: w, Height: h}); got < 20*w*h || got > maxWeight {
			t.Errorf("%d x %d weighs %d", w, h, got)
		}
	}
}

// TestPhotoIsTheMean: what is finer than the pixels that are kept becomes its
// mean, and where nothing is scaled each pixel stays.
func TestPhotoIsTheMean(t *testing.T) {
	fine := image.NewGray(image.Rect(0, 0, 3000, 20))
	for i := range fine.Pix {
		if (i%3000+i/3000)%2 == 0 {
			fine.Pix[i] = 255
		}
	}
	got := smaller(fine)
	if got.Bounds().Dx() != 2048 || got.Bounds().Dy() != 13 {
		t.Fatal(got.Bounds())
	}
	sum := 0
	for i := 0; i < len(got.Pix); i += 4 {
		sum += int(got.Pix[i])
	}
	if mean := float64(sum) / float64(len(got.Pix)/4); mean < 126.5 || mean > 128.5 {
		t.Errorf("the mean is %f", mean)
	}
	same := corner(31, 17)
	if got := smaller(same.SubImage(image.Rect(1, 2, 31, 17))); !slices.Equal(got.Pix, smaller(got).Pix) || got.RGBAAt(0, 0) != same.RGBAAt(1, 2) || got.RGBAAt(29, 14) != same.RGBAAt(30, 16) {
		t.Error("a small picture is not kept as it is")
	}
}

// TestPhotoFitsItsTable: noise in brightness and in colour, two by two pixels as
// a JPEG keeps that, is a small PNG and as large a JPEG as can be.
func TestPhotoFitsItsTable(t *testing.T) {
	var corners color.Palette // red, green and blue in the lowest bits
	for c := range uint8(8) {
		corners = append(corners, color.RGBA{c & 1 * 255, c >> 1 & 1 * 255, c >> 2 * 255, 255})
	}
	noise, random := image.NewPaletted(image.Rect(0, 0, 2048, 2048), corners), rand.New(rand.NewPCG(1, 2))
	for i := range 1024 * 1024 {
		tint := uint8(1 + 3*random.IntN(2))
		for k := range 4 {
			bright, c := uint8(random.IntN(2)), tint
			if random.IntN(3) == 0 {
				c = bright * 5
			}
			noise.SetColorIndex(i%1024*2+k%2, i/1024*2+k/2, c|bright<<1)
		}
	}
	var file bytes.Buffer
	if err := png.Encode(&file, noise); err != nil {
		t.Fatal(err)
	}
	out, err := Photo(file.Bytes())
	if err != nil || len(out) > 4_000_000 || len(out) < 1_000_000 {
		t.Errorf("%d bytes of %d, %v", len(out), file.Len(), err)
	}
}
