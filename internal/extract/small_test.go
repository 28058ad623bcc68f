package extract_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/extract"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// thing is a feature of a small plan.
type thing struct {
	shape  orb.Geometry
	values map[string]any
}

// small is a plan that has a few things, by layer, with ids from 1; change may
// change declarations.
func small(t *testing.T, things map[string][]thing, change ...func(*plan.Layer)) mirror.View {
	t.Helper()
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	var layers []*plan.Layer
	var snapshots []*mirror.Snapshot
	for _, l := range cat.Layers() {
		c := *l
		for _, f := range change {
			f(&c)
		}
		layers = append(layers, &c)
		var features []*plan.Feature
		for i, it := range things[l.ID] {
			f := &plan.Feature{ID: int64(i + 1), Revision: 1, Geometry: it.shape, Values: make([]any, len(l.Fields))}
			if p, ok := it.shape.(orb.Polygon); ok {
				f.Geometry = orb.MultiPolygon{p}
			}
			for name, v := range it.values {
				f.Values[l.FieldIndex(name)] = v
			}
			features = append(features, f)
		}
		snapshots = append(snapshots, mirror.NewSnapshot(&c, features))
	}
	return mirror.NewView(plan.NewCatalog(layers, cat.Lists()), plan.Actor{}, snapshots...)
}

// rect is land in degrees, and metre about one metre of it.
func rect(x0, y0, x1, y1 float64) orb.Polygon {
	return orb.Polygon{{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}}
}

const metre = 1.0 / 110_600

func zone(shape orb.Geometry, code string, more ...any) thing {
	z := thing{shape, map[string]any{"namobj": code, "kodszn": code}}
	for i := 0; i < len(more); i += 2 {
		z.values[more[i].(string)] = more[i+1]
	}
	return z
}

func of(t *testing.T, v mirror.View, q extract.Question) *extract.Document {
	t.Helper()
	d, err := extract.Make(t.Context(), v, nil, q)
	if err != nil {
		t.Fatal(err)
	}
	return again(t, d)
}

// again is a document as it is read.
func again(t *testing.T, d *extract.Document) *extract.Document {
	t.Helper()
	b, err := d.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if d, err = extract.Decode(b); err != nil {
		t.Fatal(err)
	}
	return d
}

func theme(d *extract.Document, id string) *extract.Theme {
	for i := range d.Concerned {
		if d.Concerned[i].ID == id {
			return &d.Concerned[i]
		}
	}
	return &extract.Theme{}
}

// What only has a box around the land is not on it: an L around a parcel with the
// lower id does not give it its gampong, nor is it told.
func TestOnlyWhatIsOnTheLandIsTold(t *testing.T) {
	x, y := 95.31, 5.55
	l := orb.Polygon{{{x, y}, {x + 0.003, y}, {x + 0.003, y + 0.001}, {x + 0.001, y + 0.001}, {x + 0.001, y + 0.003}, {x, y + 0.003}, {x, y}}}
	v := small(t, map[string][]thing{
		"zoning": {
			zone(l, "R-3", "wadmkd", "Gampong A", "wadmkc", "Kecamatan A"),
			zone(rect(x+0.001, y+0.001, x+0.003, y+0.003), "R-3", "wadmkd", "Gampong B", "wadmkc", "Kecamatan B"),
		},
		"smoke_free_area": {
			{orb.Point{x + 0.0022, y + 0.0022}, map[string]any{"name": "SD", "kind": "school"}},
			{orb.Point{x + 0.0022 - 49*metre, y + 0.002 - 49*metre}, map[string]any{"name": "SD", "kind": "school"}}, // 69 m away
		},
	})
	d := of(t, v, extract.Question{Drawn: rect(x+0.002, y+0.002, x+0.0025, y+0.0025)})
	z := theme(d, "zoning")
	if len(z.Entries) != 1 || !slices.Equal(z.Entries[0].Features, []extract.Feature{{ID: 2, Revision: 1}}) {
		t.Errorf("%+v", z.Entries)
	}
	if d.Parcel.Village != "Gampong B" || d.Parcel.District != "Kecamatan B" {
		t.Errorf("it lies in %s, %s", d.Parcel.Village, d.Parcel.District)
	}
	if s := theme(d, "smoke_free_area"); len(s.Entries) != 1 || *s.Entries[0].Points != 1 || len(s.Entries[0].Features) != 1 {
		t.Errorf("%+v", s.Entries)
	}
}

// A parcel says all the gampong that it lies in, the one that it is registered in
// first.
func TestVillagesOfAParcel(t *testing.T) {
	x, y := 95.31, 5.55
	village := func(i float64, code, name string) thing {
		return thing{rect(x+i*0.001, y, x+(i+1)*0.001, y+0.001), map[string]any{"kode": code, "nama": name, "kecamatan": "Kuta " + name[:1]}}
	}
	lot := func(code any) thing {
		return thing{rect(x+0.0004, y+0.0001, x+0.0018, y+0.0002), map[string]any{"nib": "1", "gampong_code": code}}
	}
	v := small(t, map[string][]thing{
		"zoning":   {zone(rect(x, y, x+0.003, y+0.001), "R-3", "wadmkd", "Lain")},
		"boundary": {village(0, "11.71.01.2001", "Alue"), village(1, "11.71.01.2002", "Bandar"), village(2, "11.71.01.2003", "Cut")},
		"parcel": {
			lot(nil), lot("11.71.01.2001"),
			// Half a metre beyond a boundary, of some 120 m by 11 m.
			{rect(x+0.0011, y+0.0001, x+0.002+0.5*metre, y+0.0002), map[string]any{"nib": "2"}},
			// A little house by a boundary, and 6 m2 of it beyond: of a large lot no share.
			{rect(x+0.002-0.0001, y+0.0001, x+0.002+0.6*metre, y+0.0002), map[string]any{"nib": "3"}},
		},
	})
	for id, want := range map[int64][3]string{
		1: {"Bandar, Alue", "11.71.01.2002, 11.71.01.2001", "Kuta B, Kuta A"},
		2: {"Alue, Bandar", "11.71.01.2001, 11.71.01.2002", "Kuta A, Kuta B"},
		3: {"Bandar", "11.71.01.2002", "Kuta B"},
		4: {"Bandar, Cut", "11.71.01.2002, 11.71.01.2003", "Kuta B, Kuta C"},
	} {
		p := of(t, v, extract.Question{Parcel: id}).Parcel
		if got := [3]string{p.Village, p.VillageCode, p.District}; got != want {
			t.Errorf("%d: %q, not %q", id, got, want)
		}
	}
}

// The check line says each reason for a difference by itself, however small and
// even if they make up for one another.
func TestCheckLineSaysWhy(t *testing.T) {
	x, y := 95.31, 5.55
	land := rect(x, y, x+0.0003, y+0.0003) // 33 by 33 m
	east := x + 0.0003
	for name, c := range map[string]struct {
		zones            []thing
		outside, overlap float64
		says, not        string
	}{
		"whole":    {[]thing{zone(rect(x, y, x+0.001, y+0.001), "R-3")}, 0, 0, "rounding and slivers", "outside"},
		"sea":      {[]thing{zone(rect(x, y, east-0.5*metre, y+0.001), "R-3")}, 17, 0, "17 m² of this land are outside the plan", "overlap"},
		"overlap":  {[]thing{zone(rect(x, y, x+0.0001+0.5*metre, y+0.001), "R-3"), zone(rect(x+0.0001, y, x+0.001, y+0.001), "K-2")}, 0, 17, "17 m² are counted more than once", "outside"},
		"both":     {[]thing{zone(rect(x, y, x+0.0001+3*metre, y+0.001), "R-3"), zone(rect(x+0.0001, y, east-3*metre, y+0.001), "K-2")}, 100, 100, "100 m² of this land are outside the plan; 100 m² are counted more than once", "as the land has"},
		"a sliver": {[]thing{zone(rect(x, y, x+0.02*metre, y+0.001), "R-3"), zone(rect(x+0.02*metre, y, x+0.001, y+0.001), "K-2")}, 0, 0, "rounding and slivers", "outside"},
	} {
		check := theme(of(t, small(t, map[string][]thing{"zoning": c.zones}), extract.Question{Drawn: land}), "zoning").Check
		if math.Abs(check.Outside-c.outside) > 1 || math.Abs(check.Overlap-c.overlap) > 1 || !strings.Contains(check.Sentence.EN, c.says) || strings.Contains(check.Sentence.EN, c.not) {
			t.Errorf("%s: %+v", name, check)
		}
	}
}

// A certified area that the drawing cannot have multiplies nothing.
func TestCertifiedAreaMustBePlausible(t *testing.T) {
	x, y := 95.31, 5.55
	lot := func(area any) thing {
		return thing{rect(x, y, x+0.0002, y+0.0002), map[string]any{"nib": "1", "certificate_area": area}} // 489 m2
	}
	v := small(t, map[string][]thing{
		"zoning": {zone(rect(x, y, x+0.001, y+0.001), "R-3")}, "parcel": {lot(500.0), lot(4890.0), lot(0.4), lot(0.0), lot(nil), lot(-3.0)},
	})
	for id, basis := range map[int64]extract.Basis{1: extract.ByCertificate, 2: extract.ByGeometry, 3: extract.ByGeometry, 4: extract.ByGeometry, 5: extract.ByGeometry, 6: extract.ByGeometry} {
		d := of(t, v, extract.Question{Parcel: id})
		area := *theme(d, "zoning").Entries[0].Area
		if d.Parcel.Basis != basis || math.Abs(float64(area)-d.Parcel.Area) > 0.5 || d.Parcel.Area < 480 || d.Parcel.Area > 500 {
			t.Errorf("%d: %+v, %d m2", id, d.Parcel, area)
		}
		if wrong := id == 2 || id == 3; wrong != strings.Contains(d.Parcel.Note.EN, "is to be checked") || wrong != strings.Contains(d.Sentence.EN, "the certificate says") || wrong != strings.Contains(d.Sentence.ID, "sertipikat menyebut") {
			t.Errorf("%d: %s %s", id, d.Parcel.Note.EN, d.Sentence.EN)
		}
	}
}

// A line has its length on the land, or its distance beside it, also in a hole.
func TestLinesOnAndBesideTheLand(t *testing.T) {
	x, y := 95.31, 5.55
	ring := rect(x, y, x+0.001, y+0.001)
	ring = append(ring, rect(x+0.0004, y+0.0004, x+0.0006, y+0.0006)[0]) // a hole of 22 m
	line := func(name string, at ...orb.Point) thing {
		return thing{orb.MultiLineString{at}, map[string]any{"name": name}}
	}
	v := small(t, map[string][]thing{
		"zoning": {zone(rect(x-0.001, y-0.001, x+0.002, y+0.002), "R-3")},
		"road": {
			line("crosses", orb.Point{x - 0.001, y + 0.0002}, orb.Point{x + 0.002, y + 0.0002}),
			line("hole", orb.Point{x + 0.00045, y + 0.0005}, orb.Point{x + 0.00055, y + 0.0005}), // 5.5 m from its ends
			line("beside", orb.Point{x - 0.001, y - 12*metre}, orb.Point{x + 0.002, y - 12*metre}),
			line("far", orb.Point{x - 0.001, y - 25*metre}, orb.Point{x + 0.002, y - 25*metre}),
		},
	}, func(l *plan.Layer) {
		if l.ID == "road" {
			l.Overlay = &plan.Overlay{Sentence: plan.Text{ID: "{name}.", EN: "{name}."}, Within: 20}
		}
	})
	got := map[string]string{}
	for _, e := range theme(of(t, v, extract.Question{Drawn: ring}), "road").Entries {
		length := "-"
		if e.Length != nil {
			length = fmt.Sprint(*e.Length)
		}
		got[e.Sentence.EN] = fmt.Sprintf("%s m, %d m away, %s", length, e.Distance, extract.Size(&e).EN)
	}
	want := map[string]string{"crosses.": "111 m, 0 m away, 111 m", "hole.": "- m, 6 m away, 6 m from the land", "beside.": "- m, 12 m away, 12 m from the land"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, not %v", got, want)
	}
}

// The law of a theme is that of its layer, or of its field; what is not recorded
// is told.
func TestLawOfAThemeIsTold(t *testing.T) {
	x, y := 95.31, 5.55
	v := small(t, map[string][]thing{
		"zoning":          {zone(rect(x, y, x+0.001, y+0.001), "R-3", "cagbud", "Cagar budaya", "kkop_1", "Kerucut")},
		"hazard_zone":     {{rect(x, y, x+0.001, y+0.001), map[string]any{"hazard": "flood", "class": "low"}}},
		"smoke_free_area": {{orb.Point{x, y}, map[string]any{"name": "SD", "kind": "school"}}},
	}, func(l *plan.Layer) {
		if i := l.FieldIndex("cagbud"); i >= 0 {
			l.Fields = slices.Clone(l.Fields)
			l.Fields[i].Legal = []plan.Legal{{Document: "Keputusan 1", Article: "Diktum 2", Status: plan.UnderChange}}
		}
	})
	d := of(t, v, extract.Question{Drawn: rect(x, y, x+0.0005, y+0.0005)})
	for id, want := range map[string]string{"zoning": "Nomor 13 Tahun 2021", "zoning.kkop_1": "Nomor 13 Tahun 2021", "zoning.cagbud": "Keputusan 1", "smoke_free_area": "Qanun", "hazard_zone": ""} {
		legal := theme(d, id).Legal
		if legal == nil || (want == "") != (len(legal) == 0) || want != "" && !strings.Contains(legal[0].Document, want) {
			t.Errorf("%s: %+v", id, legal)
		}
	}
	said := map[string]string{}
	for _, a := range d.WithoutData {
		said[a.ID] = a.Why.EN
	}
	if said["evacuation"] == "" || said["legal"] != "No legal basis is recorded for: Hazard zones. It is not recorded whether the legal basis is in force for: Smoke-free areas." {
		t.Errorf("%+v", said)
	}
}

// Land that is too large for the map is refused before anything is measured, and
// all measurements together have a bound.
func TestWorkIsBounded(t *testing.T) {
	v, x := demoCity(t)
	ended, end := context.WithCancel(t.Context())
	end()
	code := func(ctx context.Context, drawn orb.Polygon) string {
		var e *plan.Error
		if _, err := extract.Make(ctx, v, x, extract.Question{Drawn: drawn}); errors.As(err, &e) {
			return e.Code
		} else if err != nil {
			return err.Error()
		}
		return ""
	}
	if c := code(ended, orb.Polygon{{{95.26, 5.55}, {95.37, 5.55}, {95.37, 5.55001}, {95.26, 5.55001}, {95.26, 5.55}}}); c != "extract-too-large" {
		t.Errorf("too long: %s", c)
	}
	// Combs over the city, of less than half a km2: one of which each layer can be
	// measured, but not all of them, and one that is beyond all bounds.
	for _, teeth := range []int{25, 950} {
		var comb orb.Ring
		for i := range teeth {
			x := 95.295 + float64(i)*0.0475/float64(teeth)
			comb = append(comb, orb.Point{x, 5.535}, orb.Point{x + 0.000001, 5.568}, orb.Point{x + 0.000002, 5.535})
		}
		comb = append(comb, orb.Point{95.3425, 5.5349}, orb.Point{95.295, 5.5349}, comb[0])
		if c := code(t.Context(), orb.Polygon{comb}); c != "extract-too-entangled" {
			t.Errorf("comb: %q", c)
		}
	}
}

// The map has what print can show, and an end.
func TestMapIsBounded(t *testing.T) {
	v, x := demoCity(t)
	for name, drawn := range map[string]orb.Polygon{
		"lot": square(95.313, 5.552, 0.0002), "1 km2": square(95.313, 5.552, 0.0089), "strip": rect(95.29, 5.55, 95.35, 5.5501),
	} {
		d, err := extract.Make(t.Context(), v, x, extract.Question{Drawn: drawn})
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(d.Map)
		if err != nil || len(text) > 400_000 {
			t.Errorf("%s: the map has %d bytes", name, len(text))
		}
		if fine := float64(d.Map.Scale) / 10_000; d.Map.Tolerance < fine || d.Map.Tolerance > 4*fine || len(text) < 100_000 && d.Map.Smallest > fine {
			t.Errorf("%s: at 1:%d it is off by %v m in %d bytes", name, d.Map.Scale, d.Map.Tolerance, len(text))
		}
		if !orb.Equal(d.Map.Parcel, orb.Round(orb.MultiPolygon{drawn}, 1e7)) {
			t.Errorf("%s: the land itself is another", name)
		}
		if all, err := d.Encode(); err != nil || len(all) > 1_000_000 {
			t.Errorf("%s: %d bytes", name, len(all))
		}
	}
}

// Documents that were kept in former forms are read, and checked as those of now.
func TestFormerFormsAreRead(t *testing.T) {
	v, x := demoCity(t)
	text, err := os.ReadFile("testdata/format1.json")
	if err != nil {
		t.Fatal(err)
	}
	before, err := extract.Decode(text)
	if err != nil || before.Format != 1 {
		t.Fatalf("%v %+v", err, before)
	}
	now, err := extract.Make(t.Context(), v, x, extract.Question{Parcel: before.Parcel.ID})
	if err != nil {
		t.Fatal(err)
	}
	if c := extract.Compare(before, again(t, now)); len(c) != 0 {
		t.Errorf("nothing has changed, but %+v", c)
	}
	now.Concerned[2].Entries[0].Sentence = plan.Text{ID: "Banjir.", EN: "Flood."}
	if c := extract.Compare(before, again(t, now)); len(c) != 1 {
		t.Errorf("another hazard: %+v", c)
	}
}

// What is compared are facts: those that change are told once, in different words
// before and after; words alone are none.
func TestCompareFacts(t *testing.T) {
	x, y := 95.31, 5.55
	_, rules := demoCity(t)
	made := func(change func(map[string][]thing), declare ...func(*plan.Layer)) *extract.Document {
		things := map[string][]thing{
			"zoning":          {zone(rect(x, y, x+0.001, y+0.001), "R-3", "kodewp", "I", "kodswp", "A", "kodblk", "1", "cagbud", "Cagar budaya")},
			"green_space":     {{rect(x+0.01, y, x+0.011, y+0.001), map[string]any{"name": "Taman", "class": "RTH-2", "ownership": "public", "status": "existing"}}},
			"shelter":         {{orb.Point{x + 0.01, y}, map[string]any{"name": "Masjid", "status": "ready"}}, {orb.Point{x + 0.02, y}, map[string]any{"name": "Sekolah", "status": "ready"}}},
			"smoke_free_area": {},
		}
		for i := range 7 {
			things["smoke_free_area"] = append(things["smoke_free_area"], thing{orb.Point{x + float64(i)*0.00001, y}, map[string]any{"name": fmt.Sprint("SD ", i), "kind": "school"}})
		}
		if change != nil {
			change(things)
		}
		d, err := extract.Make(t.Context(), small(t, things, declare...), rules, extract.Question{Drawn: rect(x, y, x+0.0005, y+0.0005)})
		if err != nil {
			t.Fatal(err)
		}
		return again(t, d)
	}
	before := made(nil)
	for name, c := range map[string]struct {
		now  *extract.Document
		says []string
	}{
		"nothing": {made(nil), nil},
		"words": {made(nil, func(l *plan.Layer) {
			l.Title.EN, l.Attribution.ID = "Mended", "Lain"
			if l.Overlay != nil {
				o := *l.Overlay
				o.Sentence.ID, o.Sentence.EN = "Diperbaiki: "+o.Sentence.ID, "Mended: "+o.Sentence.EN
				l.Overlay = &o
			}
		}), nil},
		"block":    {made(func(m map[string][]thing) { m["zoning"][0].values["kodblk"] = "2" }), []string{"block I.A.1: ", "now ", "block I.A.2: "}},
		"heritage": {made(func(m map[string][]thing) { m["zoning"][0].values["cagbud"] = "Situs" }), []string{"no more Cagar budaya", "now Situs"}},
		"sixth":    {made(func(m map[string][]thing) { m["smoke_free_area"][6].values["name"] = "MIN" }), []string{"no more Near a smoke-free area: SD 6", "now Near a smoke-free area: MIN"}},
		"shelter":  {made(func(m map[string][]thing) { m["shelter"][0].values["status"] = "closed" }), []string{"Nearest shelter: it was Masjid", "is Sekolah"}},
		"no park":  {made(func(m map[string][]thing) { delete(m, "green_space") }), []string{"Green open space", "Nearest public park: it was Taman", "is none now"}},
		"a new hazard": {made(func(m map[string][]thing) {
			m["hazard_zone"] = []thing{{rect(x, y, x+1, y+1), map[string]any{"hazard": "flood", "class": "low"}}}
		}), []string{"it was without data, and is of concern now"}},
	} {
		var told []string
		for _, text := range extract.Compare(before, c.now) {
			told = append(told, text.EN)
		}
		all := strings.Join(told, "\n")
		for _, s := range c.says {
			if !strings.Contains(all, s) {
				t.Errorf("%s: %q is not in %q", name, s, all)
			}
		}
		if (len(c.says) == 0) != (len(told) == 0) || name != "no park" && len(told) > 1 {
			t.Errorf("%s: %q", name, told)
		}
	}
	words := again(t, before)
	words.Parcel.Right, words.Parcel.Note = plan.Text{ID: "Lain", EN: "Mended"}, plan.Text{ID: "Lain", EN: "Mended"}
	if c := extract.Compare(before, words); len(c) != 0 {
		t.Errorf("words of the parcel: %+v", c)
	}
	words.Parcel.RightType = "HGB"
	if c := extract.Compare(before, words); len(c) != 1 {
		t.Errorf("another right: %+v", c)
	}
	// Another rule for the same block, as after a mistake in choosing one was mended.
	other := again(t, before)
	rule := *theme(other, "zoning").Entries[0].Zone.Intensity[0].Rule
	kdb := 1.0
	rule.KDB = &kdb
	theme(other, "zoning").Entries[0].Zone.Intensity[0].Rule = &rule
	if c := extract.Compare(before, other); len(c) != 1 || !strings.Contains(c[0].EN, "other rules hold here") {
		t.Errorf("another rule: %+v", c)
	}
}

// An edit that is neither told nor drawn makes no other document.
func TestKeyIsOverWhatIsTold(t *testing.T) {
	x, y := 95.31, 5.55
	key := func(change func(map[string][]thing)) string {
		things := map[string][]thing{
			"zoning": {zone(rect(x, y, x+0.001, y+0.001), "R-3"), zone(rect(x+0.02, y, x+0.03, y+0.001), "K-2")},
			"road":   {{orb.MultiLineString{{{x, y}, {x + 0.0001, y}}}, map[string]any{"name": "Jalan"}}},
		}
		change(things)
		k, err := of(t, small(t, things), extract.Question{Drawn: rect(x, y, x+0.0005, y+0.0005)}).Key()
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	first := key(func(map[string][]thing) {})
	if k := key(func(m map[string][]thing) {
		m["zoning"] = append(m["zoning"], zone(rect(x+0.03, y, x+0.04, y+0.001), "K-3"))
	}); k != first {
		t.Error("a zone a kilometre away makes another document")
	}
	if k := key(func(m map[string][]thing) { m["road"][0].values["name"] = "Lorong" }); k == first {
		t.Error("the map shows another name, and the document is the same")
	}
}

// A map shows so many points as print can hold, and ends.
func TestMapOfManyPoints(t *testing.T) {
	x, y := 95.31, 5.55
	var points []thing
	for i := range 20_000 {
		points = append(points, thing{orb.Point{x + float64(i%200)*1e-5, y + float64(i/200)*1e-5}, map[string]any{"name": "SD", "kind": "school"}})
	}
	d := of(t, small(t, map[string][]thing{"zoning": {zone(rect(x, y, x+0.01, y+0.01), "R-3")}, "smoke_free_area": points}), extract.Question{Drawn: rect(x, y, x+0.001, y+0.001)})
	n := 0
	for _, s := range d.Map.Drawn {
		n += len(s.Points)
	}
	if n == 0 || n > 14_000 {
		t.Errorf("%d points are drawn", n)
	}
}

// What no extract tells is no theme without data.
func TestThemesAreCounted(t *testing.T) {
	x, y := 95.31, 5.55
	d := of(t, small(t, map[string][]thing{"zoning": {zone(rect(x, y, x+0.001, y+0.001), "R-3")}}), extract.Question{Drawn: rect(x, y, x+0.0003, y+0.0003)})
	var without int
	for _, theme := range d.WithoutData {
		if theme.Layer != "" {
			without++
		}
	}
	want := fmt.Sprintf("%d of concern, %d not of concern, %d without data", len(d.Concerned), len(d.NotConcerned), without)
	if !strings.Contains(d.Sentence.EN, want) || without == len(d.WithoutData) {
		t.Errorf("%s; it is %s of %d", d.Sentence.EN, want, len(d.WithoutData))
	}
}
