package catalog

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/simtaru/simtaru/internal/plan"
)

func builtin(t testing.TB) *plan.Catalog {
	t.Helper()
	cat, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

// shared returns a path in the folder of shared material, found from the
// repository upwards, and skips the test where it is absent.
func shared(t *testing.T, name string) string {
	t.Helper()
	if root := os.Getenv("SIMTARU_SHARED"); root != "" {
		return filepath.Join(root, name)
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if file := filepath.Join(dir, "shared", name); exists(file) {
			return file
		}
	}
	t.Skipf("no folder shared with %s above the repository; set SIMTARU_SHARED", name)
	return ""
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

func TestBuiltinLayers(t *testing.T) {
	var got []string
	for _, l := range builtin(t).Layers() {
		got = append(got, l.ID)
	}
	want := []string{ // bottom to top
		"zoning", "healthy_village", "hazard_zone", "green_space", "slum_area", "parcel", "building", "road",
		"boundary", "evacuation_route", "closure", "hazard_event", "traffic_signal", "public_parking", "smoke_free_area",
		"waste_bank", "wifi_corner", "renewable_energy", "shelter", "place", "published_report", "report", "topology_issue",
	}
	if !slices.Equal(got, want) {
		t.Errorf("drawing order\ngot  %v\nwant %v", got, want)
	}
}

// A file is found by its name, so the name says what is in it.
func TestBuiltinFileNames(t *testing.T) {
	cat := builtin(t)
	for _, l := range cat.Layers() {
		if _, err := declarations.ReadFile("layers/" + l.ID + ".yaml"); err != nil {
			t.Error(err)
		}
	}
	for _, l := range cat.Lists() {
		if _, err := declarations.ReadFile("codes/" + l.ID + "-" + l.Version + ".yaml"); err != nil {
			t.Error(err)
		}
	}
}

func TestBuiltinListsAreUsed(t *testing.T) {
	cat := builtin(t)
	used := map[plan.CodeRef]bool{Groups(): true, {List: "zone", Version: "2018"}: true}
	for _, l := range cat.Layers() {
		for _, d := range l.Fields {
			if d.Codes != nil {
				used[*d.Codes] = true
			}
		}
	}
	for _, l := range cat.Lists() {
		if ref := (plan.CodeRef{List: l.ID, Version: l.Version}); !used[ref] {
			t.Errorf("no field takes its value from %s", name(ref))
		}
	}
}

// TestZonesAgreeWithTheDomain reads the table of official zones in domain.md,
// whose colours are given twice, as RGB and as hex.
func TestZonesAgreeWithTheDomain(t *testing.T) {
	text, err := os.ReadFile(shared(t, "domain.md"))
	if err != nil {
		t.Fatal(err)
	}
	list, ok := builtin(t).List(plan.CodeRef{List: "zone", Version: "2021"})
	if !ok {
		t.Fatal("no zone list")
	}
	row := regexp.MustCompile(`(?m)^\| ([A-Z][A-Z0-9-]*)(?: \([^|]*\))? \| ([^|]+) \| \**[^|#]*?(\d+),(\d+),(\d+)[^|]*\| [^|]*?(#[0-9A-F]{6})`)
	conflict := regexp.MustCompile(`(?m)^\| (RTH-8) \| ([^|]+) \| .*?\((#[0-9A-F]{6})`)
	n := 0
	check := func(code, title, hex string) {
		n++
		c, ok := find(list, code)
		if !ok || c.Color != hex {
			t.Errorf("%s (%s): %q, want %s", code, title, c.Color, hex)
		}
		// The table shortens: "... Tinggi", "SPU Skala Kota", "IPAM", and remarks in brackets.
		short, _, _ := strings.Cut(title, " (")
		short = strings.TrimPrefix(strings.TrimPrefix(short, "... "), "SPU ")
		if !strings.Contains(c.Title.ID, short) {
			t.Errorf("%s: %q, want %q", code, c.Title.ID, title)
		}
	}
	for _, m := range row.FindAllStringSubmatch(string(text), -1) {
		if m[1] != "RTH-8" {
			check(m[1], strings.TrimSpace(m[2]), m[6])
		}
	}
	for _, m := range conflict.FindAllStringSubmatch(string(text), -1) {
		check(m[1], strings.TrimSpace(m[2]), m[3])
	}
	if want := len(list.Codes) - 2; n != want { // LS and TWA are only mentioned
		t.Errorf("compared %d zones, want %d", n, want)
	}
	if c, _ := find(list, "RTH-8"); !strings.Contains(c.Note, "#0FF500") {
		t.Error("the other colour of RTH-8 is not noted")
	}
}

// TestSlumCriteriaAgreeWithTheDomain holds the volumes' units against the
// table of domain.md 3.1.
func TestSlumCriteriaAgreeWithTheDomain(t *testing.T) {
	text, err := os.ReadFile(shared(t, "domain.md"))
	if err != nil {
		t.Fatal(err)
	}
	l, _ := builtin(t).Layer("slum_area")
	unit := map[string]string{"buildings": "{building}", "ha": "har", "m": "m", "KK": "{household}"}
	denominator := map[string]string{
		"jumlah bangunan": "buildings", "luas verifikasi": "verified_area", "jumlah KK": "households",
		"panjang jalan ideal": "ideal_road_length", "panjang drainase ideal": "ideal_drain_length",
	}
	rows := regexp.MustCompile(`(?m)^\| ([1-7][abc]) \| [^|]+ \| (\w+) \| ([^|]+) \|$`).FindAllStringSubmatch(string(text), -1)
	if len(rows) != 16 {
		t.Fatalf("%d criteria in domain.md", len(rows))
	}
	for _, m := range rows {
		d, ok := l.Field("c" + m[1] + "_volume")
		if !ok || d.Unit != unit[m[2]] {
			t.Errorf("criterion %s: %+v, want unit %s", m[1], d, unit[m[2]])
			continue
		}
		below, ok := l.Field(denominator[m[3]])
		if !ok || !strings.Contains(d.Description.ID, below.Name) || below.Unit != d.Unit {
			t.Errorf("criterion %s: denominator %q", m[1], m[3])
		}
	}
}

// TestRoadCodesTakeRealRoads: OSM roads come in without translation.
func TestRoadCodesTakeRealRoads(t *testing.T) {
	text, err := os.ReadFile(shared(t, "data/maumere/roads_Maumere.geojson"))
	if err != nil {
		t.Fatal(err)
	}
	var roads struct {
		Features []struct {
			Properties struct{ Highway, Oneway *string }
		}
	}
	if err := json.Unmarshal(text, &roads); err != nil {
		t.Fatal(err)
	}
	cat := builtin(t)
	l, _ := cat.Layer("road")
	holds := func(field string, v *string) bool {
		d, _ := l.Field(field)
		list, _ := cat.List(*d.Codes)
		if v == nil {
			return !d.Required
		}
		_, ok := find(list, *v)
		return ok
	}
	for i, r := range roads.Features {
		if !holds("class", r.Properties.Highway) || !holds("oneway", r.Properties.Oneway) {
			t.Errorf("road %d cannot be taken: %v", i, r.Properties)
		}
	}
}

// TestBoundaryTakesOfficialCodes: the 90 codes and names fit the fields.
func TestBoundaryTakesOfficialCodes(t *testing.T) {
	file, err := os.Open(shared(t, "data/banda-aceh/villages.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(bufio.NewReader(file)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	l, _ := builtin(t).Layer("boundary")
	kode, _ := l.Field("kode")
	nama, _ := l.Field("nama")
	if !kode.Unique || !kode.Required {
		t.Error("kode is not a key")
	}
	for _, r := range rows[1:] {
		if len(r[0]) != kode.MaxLength || len(r[2]) > nama.MaxLength {
			t.Errorf("%v does not fit", r)
		}
	}
	if len(rows) != 91 {
		t.Errorf("%d villages", len(rows)-1)
	}
}

func TestWith(t *testing.T) {
	cat := builtin(t)
	l, err := ParseLayer([]byte(park))
	if err != nil {
		t.Fatal(err)
	}
	more := With(cat, l)
	if err := Validate(more); err != nil {
		t.Error(err)
	}
	moved := *l
	moved.Order = 1000
	again := With(more, &moved)
	last := again.Layers()[len(again.Layers())-1]
	if len(more.Layers()) != len(cat.Layers())+1 || more.Layers()[0].ID != "park" || len(again.Layers()) != len(more.Layers()) || last != &moved {
		t.Errorf("%d, %d, %d layers, last %s", len(cat.Layers()), len(more.Layers()), len(again.Layers()), last.ID)
	}
}

func TestLoadNamesTheFile(t *testing.T) {
	_, err := load(fstest.MapFS{
		"layers/park.yaml": {Data: []byte(strings.Replace(park, "unit: har", "unit: ha", 1))},
		"codes/tree.yaml":  {Data: []byte("id: tree\n")},
	})
	var got []string
	for _, e := range Faults(err) {
		got = append(got, e.At)
	}
	if len(got) < 2 || got[0] != "park.yaml:14: fields[1].unit" || !strings.HasPrefix(got[1], "tree.yaml:1: ") {
		t.Errorf("got %q", got)
	}
}

func BenchmarkBuiltin(b *testing.B) {
	for b.Loop() {
		builtin(b)
	}
}
