package pdf_test

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/extract"
	"github.com/simtaru/simtaru/internal/extract/pdf"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/zoning"
)

const home = "https://simtaru.example"

func example(t testing.TB) *extract.Document {
	t.Helper()
	text, err := os.ReadFile("../testdata/example.json")
	if err != nil {
		t.Fatal(err)
	}
	d, err := extract.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// extreme has more of everything than four pages hold.
func extreme(t testing.TB) *extract.Document {
	t.Helper()
	d := example(t)
	zones := &d.Concerned[0]
	first := zones.Entries[0]
	for i := range 30 {
		e, z := first, *first.Zone
		e.Code, e.Zone = fmt.Sprintf("Z-%d", i), &z
		e.Title = plan.Text{ID: strings.Repeat("Perumahan sangat panjang namanya ", 20), EN: strings.Repeat("x", 3000)}
		z.Activities = nil
		for _, v := range zoning.Verdicts {
			g := zoning.Group{Verdict: v, Title: v.Title()}
			for j := range 150 {
				a := zoning.Admitted{Code: fmt.Sprint(j), Title: plan.Text{ID: fmt.Sprintf("Kegiatan nomor %d dengan nama", j), EN: fmt.Sprintf("Activity %d", j)}, Answer: "T1"}
				a.Conditions = []zoning.Condition{{Code: fmt.Sprintf("T%d", j), Text: plan.Text{ID: strings.Repeat("syarat ", 60), EN: "condition"}}}
				g.Activities = append(g.Activities, a)
			}
			z.Activities = append(z.Activities, g)
		}
		zones.Entries = append([]extract.Entry{e}, zones.Entries...)
	}
	for i := range 60 {
		th := d.Concerned[2]
		th.Title.ID = fmt.Sprintf("Tema %d", i)
		d.Concerned = append(d.Concerned, th)
		d.NotConcerned = append(d.NotConcerned, extract.Absent{Title: plan.Text{ID: strings.Repeat("tema ", 40)}})
		d.WithoutData = append(d.WithoutData, extract.Absent{Title: plan.Text{ID: "tema"}, Why: plan.Text{ID: fmt.Sprint("sebab ", i)}})
		d.Layers = append(d.Layers, d.Layers[0])
		d.Disclaimers = append(d.Disclaimers, plan.Text{ID: strings.Repeat("keterangan ", 200)})
		d.Map.Drawn = append(d.Map.Drawn, d.Map.Drawn[0])
	}
	d.Office.ID, d.Parcel.Address, d.Sentence.ID = strings.Repeat("Dinas ", 100), strings.Repeat("Jalan ", 100), strings.Repeat("panjang ", 400)
	d.Parcel.Note.ID, d.Rules.Source = strings.Repeat("catatan ", 300), strings.Repeat("sumber ", 300)
	d.Park.Name = "\u202eTaman\x00 \U0001f333 \uffff" + strings.Repeat("W", 500)
	return d
}

// printed writes a document into a file, and gives its name and bytes.
func printed(t testing.TB, d *extract.Document, lang plan.Lang) (string, []byte) {
	t.Helper()
	var b bytes.Buffer
	if err := pdf.Write(&b, d, lang, home); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "extract.pdf")
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name, b.Bytes()
}

func run(t testing.TB, name string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), name, args...).Output()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return string(out)
}

func pages(t testing.TB, name string) string {
	return regexp.MustCompile(`Pages: +(\d+)`).FindStringSubmatch(run(t, "pdfinfo", name))[1]
}

func TestTextOfThePrint(t *testing.T) {
	for lang, want := range map[plan.Lang][]string{
		plan.Indonesian: {
			"Kutipan Rencana Tata Ruang", "Dinas PUPR Kota Banda Aceh", "01.01.000123", "M.00123/Peuniti", "398,97 m²", "25 November 2026, 10.04 WIB", "Skala 1 : 500",
			"352 m²", "88,0", "12,0", "Jumlah", "≤ 211,2 m²", "≥ 70,4 m²", "Minimarket [T1]", "[T1] Luas lantai paling banyak 200 m²", "Keselamatan penerbangan (KKOP)",
			"Pertanian pangan berkelanjutan (LP2B)", "Masjid Raya Baiturrahman, 410 m", "Pasal 32", "bukan izin", "5c1de0f3a7b84c21", "Kawasan rawan bencana: Sedang", "Untuk 48 m² hal ini belum dinilai.", "menurut permintaan: lokal.",
			"Peuniti (11.71.02.2003)", "Waktu dan sektor evakuasi", "Nomor 13 Tahun 2021", "Pasal 41", "berlaku", "status tidak dicatat", "Dasar hukum belum dicatat untuk",
		},
		plan.English: {"Extract from the Spatial Plan", "398.97 m²", "25 November 2026, 10:04 WIB", "Scale 1 : 500", "88.0", "Sum", "Dwelling house", "Flight safety area", "neither a permit", "status not recorded", "No legal basis is recorded for"},
	} {
		d := example(t)
		name, _ := printed(t, d, lang)
		text := strings.Join(strings.Fields(run(t, "pdftotext", "-layout", name, "-")), " ")
		for _, w := range append(want, d.SHA256, home+"/extracts/"+d.ID) {
			if !strings.Contains(text, w) {
				t.Errorf("%s: no %q in %s", lang, w, text)
			}
		}
		n := pages(t, name)
		if n < "2" || n > "4" || len(n) > 1 {
			t.Errorf("%s pages", n)
		}
		if c := strings.Count(text, "Jalan Teuku Umar"); lang == plan.Indonesian && c != 2 {
			t.Errorf("the road stands %d times, not in the address and on the map", c)
		}
		if foot := map[plan.Lang]string{plan.Indonesian: "Halaman " + n + " dari " + n, plan.English: "Page " + n + " of " + n}[lang]; !strings.Contains(text, foot) {
			t.Errorf("no foot %q", foot)
		}
		if c := strings.Count(text, d.ID); fmt.Sprint(c-2) != n {
			t.Errorf("the identifier stands %d times on %s pages", c, n)
		}
	}
}

// Extracts that were kept in a former form are printed.
func TestFormerFormIsPrinted(t *testing.T) {
	text, err := os.ReadFile("../testdata/format1.json")
	if err != nil {
		t.Fatal(err)
	}
	d, err := extract.Decode(text)
	if err != nil || d.Format != 1 {
		t.Fatal(err)
	}
	name, _ := printed(t, d, plan.Indonesian)
	if text := run(t, "pdftotext", "-layout", name, "-"); !strings.Contains(text, d.Parcel.Number) || !strings.Contains(text, d.SHA256) || strings.Contains(text, "()") {
		t.Error(text)
	}
}

// What the map leaves out where it can be seen is told.
func TestCoarseMapIsTold(t *testing.T) {
	for _, smallest := range []float64{0.05, 3} {
		d := example(t)
		d.Map.Smallest = smallest
		name, _ := printed(t, d, plan.English)
		if told := strings.Contains(run(t, "pdftotext", "-raw", name, "-"), "Without axes of roads and what is smaller than 3 m."); told != (smallest == 3) {
			t.Errorf("%v m: told %v", smallest, told)
		}
	}
}

// A line beside the land has its distance, and no length of 0.
func TestLineBesideTheLand(t *testing.T) {
	d := example(t)
	e := &d.Concerned[3].Entries[0]
	zero := int64(0)
	for _, length := range []*int64{nil, &zero} { // as it is, and as a former form had it
		e.Points, e.Length, e.Distance = nil, length, 12
		name, _ := printed(t, d, plan.Indonesian)
		if text := run(t, "pdftotext", "-layout", name, "-"); !strings.Contains(text, "12 m jauhnya") || regexp.MustCompile(`\b0 m\b`).MatchString(strings.ReplaceAll(text, "0 m²", "")) && !strings.Contains(text, "0 m jauhnya") {
			t.Error(text)
		}
	}
}

func TestCodeLeadsToTheExtract(t *testing.T) {
	d := example(t)
	name, _ := printed(t, d, plan.Indonesian)
	image := strings.TrimSuffix(name, ".pdf")
	run(t, "pdftoppm", "-r", "150", "-gray", "-f", "1", "-l", "1", "-singlefile", "-png", name, image)
	if got := strings.TrimSpace(run(t, "zbarimg", "--quiet", "--raw", image+".png")); got != home+"/extracts/"+d.ID+"?sha256="+d.SHA256[:16] {
		t.Errorf("the code says %q", got)
	}
}

func TestLongExtractIsCutInTheOpen(t *testing.T) {
	for _, lang := range []plan.Lang{plan.Indonesian, plan.English} {
		d := extreme(t)
		began := time.Now()
		name, _ := printed(t, d, lang)
		t.Logf("%s in %s", lang, time.Since(began))
		if n := pages(t, name); n < "2" || n > "4" || len(n) > 1 {
			t.Errorf("%s: %s pages", lang, n)
		}
		text := strings.Join(strings.Fields(run(t, "pdftotext", "-raw", name, "-")), " ")
		if lang == plan.Indonesian && !regexp.MustCompile(`dan \d+ lainnya: lihat[^§]*\d+ lainnya tidak dicetak: lihat `+home).MatchString(text) || !strings.Contains(text, d.SHA256) {
			t.Errorf("%s: what is cut is not said, or the end is missing: %s", lang, text)
		}
	}
}

// What goes after its time does not say that it stays.
func TestTermIsTold(t *testing.T) {
	for lang, want := range map[plan.Lang][3]string{
		plan.Indonesian: {"Disimpan sampai 23 Februari 2027", "disimpan sampai 23 Februari 2027; sesudah itu isinya dihapus.", "Kutipan ini disimpan dan tidak berubah."},
		plan.English:    {"Kept until 23 February 2027", "it is kept until 23 February 2027; then its content is removed.", "This extract is kept and does not change."},
	} {
		for _, forEver := range []bool{false, true} {
			d := example(t)
			if forEver {
				d.KeptUntil = nil
			}
			name, _ := printed(t, d, lang)
			text := strings.Join(strings.Fields(run(t, "pdftotext", "-layout", name, "-")), " ")
			for i, words := range want {
				if strings.Contains(text, words) != (forEver == (i == 2)) {
					t.Errorf("%s, for ever %v: %q in %s", lang, forEver, words, text)
				}
			}
		}
	}
}

func TestBareExtract(t *testing.T) {
	d := &extract.Document{ID: "x", Map: extract.Map{Scale: 500}}
	name, _ := printed(t, d, plan.Indonesian)
	if n := pages(t, name); n != "2" {
		t.Errorf("%s pages", n)
	}
}

func TestSameDocumentSameBytes(t *testing.T) {
	name, a := printed(t, example(t), plan.Indonesian)
	// The clock has no say.
	t.Setenv("TZ", "UTC")
	if info := run(t, "pdfinfo", "-isodates", name); strings.Count(info, "2026-11-25T03:04:05Z") != 2 {
		t.Error(info)
	}
	for range 10 {
		if _, b := printed(t, example(t), plan.Indonesian); !bytes.Equal(a, b) {
			t.Fatal("not the same")
		}
	}
}

// Lengths on paper are those on the ellipsoid, by the usual series for metres a
// degree, at the scale that the map names; north is up.
func TestMapIsTrueToScale(t *testing.T) {
	d := example(t)
	for _, lat := range []float64{-10.9, 0, 5.5536, 6} {
		d.Map.Frame = [4]float64{95.3167939, lat - 0.0002713, 95.3176061, lat + 0.0002713}
		for _, scale := range []int{250, 500, 50000} {
			d.Map.Scale = scale
			phi := lat * math.Pi / 180
			east := 111412.84*math.Cos(phi) - 93.5*math.Cos(3*phi) + 0.118*math.Cos(5*phi)
			north := 111132.92 - 559.82*math.Cos(2*phi) + 1.175*math.Cos(4*phi)
			x, y := pdf.Place(d, orb.Point{95.3172, lat})
			x1, y1 := pdf.Place(d, orb.Point{95.3172 + 100/east, lat + 50/north})
			if mm := 100000 / float64(scale); math.Abs(x1-x-mm) > 1e-4*mm || math.Abs(y-y1-mm/2) > 1e-4*mm || math.Abs(x-90) > 1e-6 || math.Abs(y-60) > 1e-6 {
				t.Errorf("at %v and 1:%d 100 m east is %v mm and 50 m north %v mm, from %v, %v", lat, scale, x1-x, y-y1, x, y)
			}
		}
	}
	d = example(t)
	x0, y0 := pdf.Place(d, orb.Point{d.Map.Frame[0], d.Map.Frame[3]})
	x1, y1 := pdf.Place(d, orb.Point{d.Map.Frame[2], d.Map.Frame[1]})
	if math.Abs(x0) > 0.1 || math.Abs(y0) > 0.1 || math.Abs(x1-extract.MapWidth) > 0.1 || math.Abs(y1-extract.MapHeight) > 0.1 {
		t.Errorf("the frame is drawn from %v, %v to %v, %v", x0, y0, x1, y1)
	}
}

func TestCleanText(t *testing.T) {
	for in, want := range map[string]string{
		"Perumahan\n\tPadat ": "Perumahan  Padat", "e\u0301": "é", "\u202eabc\x00": "abc", "\U0001f333 x\uffff": "□ x□", "≥ 5 m² – “a”": "≥ 5 m² – “a”", "مسجد": "□□□□",
	} {
		if got := pdf.Clean(in); got != want {
			t.Errorf("%q is printed %q, not %q", in, got, want)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	d := example(b)
	for b.Loop() {
		if err := pdf.Write(new(bytes.Buffer), d, plan.Indonesian, home); err != nil {
			b.Fatal(err)
		}
	}
}
