package bmkg

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/paulmach/orb"
)

func recorded(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func utc(text string) time.Time {
	t, err := time.Parse("2006-01-02 15:04:05", text)
	if err != nil {
		panic(err)
	}
	return t
}

var kotaBima = District{"Nusa Tenggara Barat", []string{"Kota Bima"}}

// TestRecorded reads what BMKG published.
func TestRecorded(t *testing.T) {
	d := parse(recorded(t, "last30tsunamievent.xml"))
	if !d.whole || len(d.faults) != 0 || len(d.bulletins) != 5 || len(d.quakes) != 0 {
		t.Fatalf("%+v", d)
	}
	var names []string
	for _, b := range d.bulletins {
		names = append(names, b.name()+" "+b.key)
	}
	if got, want := strings.Join(names, ", "), "PD-4 20260815073130, PD-3.3 20260815064918, PD-2 20260815050954, PD-1 20260815050037, PD-4 20260608101548"; got != want {
		t.Errorf("%s", got)
	}
	b := d.bulletins[2]
	if b.Origin != utc("2026-08-14 21:58:24") || *b.At != (orb.Point{121.39, -8.41}) || b.Magnitude != 7.7 || b.Depth != 15 || len(b.areas) != 7 || b.sent != utc("2026-08-14 22:09:54") {
		t.Errorf("%+v", b)
	}
	events := group(d.bulletins)
	if len(events) != 2 || len(events[1]) != 4 {
		t.Fatalf("%v", events)
	}
	// BIMA PULAU GILI is the regency's, more likely; who does not know is warned.
	w := events[1].warning(kotaBima)
	if !w.listed || !w.over || w.level != "waspada" || w.arrival != utc("2026-08-14 22:12:23") || w.first != "20260815050037" {
		t.Errorf("%+v", w)
	}
	// Before PD-4 was sent.
	if w = events[1][:3].warning(kotaBima); !w.listed || w.over || w.left {
		t.Errorf("%+v", w)
	}
	if w = events[1].warning(District{"Aceh", []string{"Kota Banda Aceh"}}); w.listed {
		t.Errorf("%+v", w)
	}

	live := parse(recorded(t, "live30event.xml"))
	if !live.whole || len(live.quakes) != 2 || live.quakes[0].Origin != utc("2026-09-26 08:10:21") || *live.quakes[0].At != (orb.Point{120.23, -8.16}) {
		t.Errorf("%+v", live)
	}
	felt := parse(recorded(t, "datagempa.json"))
	if !felt.whole || len(felt.quakes) != 1 || felt.quakes[0].Felt != "II - III Kab. Manggarai" || felt.quakes[0].Origin != utc("2026-09-25 19:39:29") {
		t.Errorf("%+v", felt)
	}
	a, b2 := parse(recorded(t, "autogempa.json")), parse(recorded(t, "autogempa.xml"))
	if len(a.quakes) != 1 || len(b2.quakes) != 1 || fmt.Sprintf("%+v %v", *a.quakes[0], *a.quakes[0].At) != strings.Replace(fmt.Sprintf("%+v %v", *b2.quakes[0], *b2.quakes[0].At), fmt.Sprintf("%p", b2.quakes[0].At), fmt.Sprintf("%p", a.quakes[0].At), 1) {
		t.Errorf("JSON and XML differ: %+v %+v", a.quakes, b2.quakes)
	}
	if q := a.quakes[0]; q.Origin != utc("2026-11-24 04:20:03") || *q.At != (orb.Point{94.87, 5.31}) || q.Magnitude != 5.2 {
		t.Errorf("%+v", q)
	}
}

// TestTolerant reads the same bulletin in many forms.
func TestTolerant(t *testing.T) {
	const plain = `<alert><info><date>26-12-26</date><time>07:58:53 WIB</time><point><coordinates>95.98,3.3</coordinates></point><magnitude>9.1</magnitude>` +
		`<area>Laut</area><eventid>20261226080300</eventid><subject>Warning Tsunami PD-1</subject><timesent>26/12/2026 08:03:00WIB</timesent>` +
		`<wzarea><province>ACEH</province><district>KOTA-BANDA-ACEH</district><level>AWAS</level><date>26-12-2026</date><time>08:40:00 WIB</time></wzarea></info></alert>`
	change := func(pairs ...string) []byte {
		s := plain
		for i := 0; i < len(pairs); i += 2 {
			if !strings.Contains(s, pairs[i]) {
				t.Fatalf("%q is not in it", pairs[i])
			}
			s = strings.ReplaceAll(s, pairs[i], pairs[i+1])
		}
		return []byte(s)
	}
	utf16le := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune(`<?xml version="1.0" encoding="UTF-16"?>` + plain)) {
		utf16le = binary.LittleEndian.AppendUint16(utf16le, u)
	}
	for _, c := range []struct {
		name string
		data []byte
		// faults is how many, arrival whether it is told, and whole whether all is.
		faults  int
		arrival bool
		broken  bool
	}{
		{"as it is", []byte(plain), 0, true, false},
		{"upper case", []byte(strings.NewReplacer("info>", "INFO>", "wzarea>", "WzArea>", "district>", "District>").Replace(plain)), 0, true, false},
		{"a namespace", change("<info>", "<cap:info>", "</info>", "</cap:info>"), 0, true, false},
		{"another order", change("<date>26-12-26</date>", "", "</wzarea>", "</wzarea><date>26-12-26</date>"), 0, true, false},
		{"empty elements", change("<magnitude>9.1</magnitude>", "<magnitude/><depth></depth>"), 0, true, false},
		{"decimal commas", change("9.1", "9,1", "95.98,3.3", "95,98,3,3"), 0, true, false},
		{"no place", change("<point><coordinates>95.98,3.3</coordinates></point>", ""), 0, true, false},
		{"exchanged", change("95.98,3.3", "3.3,95.98"), 0, true, false},
		{"letters", change("<point><coordinates>95.98,3.3</coordinates></point>", "<latitude>3,30 LU</latitude><longitude>95.98 BT</longitude>"), 0, true, false},
		{"a day with its month", change("26-12-26<", "26 Des 2026<"), 0, true, false},
		{"WITA", change("07:58:53 WIB", "08:58:53 WITA", "08:40:00 WIB", "09:40:00 WITA", "08:03:00WIB", "09:03:00 WITA"), 0, true, false},
		{"WIT", change("07:58:53 WIB", "09:58:53 WIT"), 0, true, false},
		{"UTC", change("07:58:53 WIB", "00:58:53 UTC"), 0, true, false},
		{"no zone", change(" WIB", "", "00WIB", "00"), 0, true, false},
		{"dots", change("07:58:53 WIB", "07.58.53 WIB"), 0, true, false},
		{"no day of arrival", change("<date>26-12-2026</date>", ""), 0, true, false},
		{"no time of sending", change("<timesent>26/12/2026 08:03:00WIB</timesent>", ""), 0, true, false},
		{"no id", change("<eventid>20261226080300</eventid>", ""), 0, true, false},
		{"time in words only", change("<date>26-12-26</date><time>07:58:53 WIB</time>", "<description>gempa, waktu:26-Des-26 07:58:53 WIB</description>"), 0, true, false},
		{"no arrival", change("<date>26-12-2026</date><time>08:40:00 WIB</time>", ""), 0, false, false},
		{"an impossible arrival", change("26-12-2026<", "29-12-2026<"), 1, false, false},
		{"Latin 1", append([]byte(`<?xml version="1.0" encoding="ISO-8859-1"?>`), bytes.ReplaceAll([]byte(plain), []byte("Laut"), []byte("Laut \xE9"))...), 0, true, false},
		{"an unknown encoding", append([]byte(`<?xml version="1.1" encoding="x-none"?>`), plain...), 0, true, false},
		{"UTF-16", utf16le, 0, true, false},
		{"a mark before it", append([]byte("\xEF\xBB\xBF\r\n"), plain...), 0, true, false},
		{"an entity that nobody knows", change("Laut", "Laut &nbsp; &foo; & lagi"), 0, true, false},
		{"a part without a time", change("</info>", "</info><info><magnitude>5</magnitude></info>"), 1, true, false},
		{"an area without a name", change("</wzarea>", "</wzarea><wzarea><level>AWAS</level></wzarea>"), 1, true, false},
		{"an element that is not ended", change("<magnitude>", "<br><magnitude>"), 0, true, false},
		{"an area that is not ended", change("<wzarea><province>", "<wzarea><province>X</province><district>ELSEWHERE</district><level>SIAGA</level><wzarea><province>"), 0, true, false},
		{"cut off later", change("</alert>", "<info><subject>Warning Tsunami PD-4"), 1, true, true},
		{"JSON", []byte(`{"alert":{"INFO":[{"date":"26-12-26","time":"07:58:53 WIB","eventid":20261226080300,"magnitude":9.1,"subject":"PD-1","wzarea":{"province":"ACEH","district":"KOTA-BANDA-ACEH","level":"Awas","time":"08:40 WIB"}}]}}`), 0, true, false},
	} {
		d := parse(c.data)
		if len(d.bulletins) != 1 || len(d.faults) != c.faults || d.whole == c.broken {
			t.Errorf("%s: %+v", c.name, d)
			continue
		}
		b := d.bulletins[0]
		w := event{b}.warning(District{"Aceh", []string{"Banda Aceh"}})
		arrival := time.Time{}
		if c.arrival {
			arrival = utc("2026-12-26 01:40:00")
		}
		if b.Origin != utc("2026-12-26 00:58:53") || !w.listed || w.level != "awas" || w.arrival != arrival || b.ended || b.name() != "PD-1" ||
			b.At != nil && *b.At != (orb.Point{95.98, 3.3}) || b.Magnitude != 0 && b.Magnitude != 9.1 || c.name != "no id" && b.ID != "20261226080300" {
			t.Errorf("%s: %+v %+v %+v", c.name, b, b.areas, w)
		}
	}
}

// TestMidnight: a time of day without its date is that which is nearest.
func TestMidnight(t *testing.T) {
	for _, c := range []struct{ near, at, want string }{
		{"2026-12-26 16:50:00", "00:20 WIB", "2026-12-26 17:20:00"},
		{"2026-12-26 17:10:00", "23:59:30 WIB", "2026-12-26 16:59:30"},
		{"2026-12-26 17:10:00", "00:40 WIB", "2026-12-26 17:40:00"},
	} {
		if got, ok := momentNear("", c.at, wib, utc(c.near)); !ok || got != utc(c.want) {
			t.Errorf("%+v: %v %v", c, got, ok)
		}
	}
}

// TestBroken: what is no document says so, and gives nothing.
func TestBroken(t *testing.T) {
	deep := strings.Repeat("<a>", 1000)
	bomb := `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><alert><info><subject>PD-1 &b;</subject><date>26-12-26</date><time>07:58 WIB</time></info></alert>`
	for name, data := range map[string]string{
		"nothing": "", "words": "Not found", "a page": "<!DOCTYPE html><html><body><p>502 Bad Gateway</body></html>", "an empty list": "<alert></alert>",
		"half a tag": "<alert><info", "half a bulletin": "<alert><info><subject>PD-1</subject><date>26-12-26</date><time>07:58 WIB</time>", "deep": deep, "a bomb": bomb,
		"half of JSON": `{"info":{"subject":"PD-1"`, "deep JSON": strings.Repeat(`{"a":`, 100) + "1" + strings.Repeat("}", 100), "null": "null",
		"a wide one": "<alert>" + strings.Repeat("<x/>", mostNodes+1) + "</alert>",
	} {
		if d := parse([]byte(data)); d.whole || len(d.faults) == 0 || len(d.bulletins)+len(d.quakes) != 0 {
			t.Errorf("%s: %+v", name, d)
		}
	}
	many := "<alert>" + strings.Repeat("<info><subject>PD-1</subject><date>26-12-26</date><time>07:58 WIB</time></info>", mostParts+1) + "</alert>"
	if d := parse([]byte(many)); len(d.bulletins) != mostParts || len(d.faults) != 1 {
		t.Errorf("%d %v", len(d.bulletins), d.faults)
	}
	// A drill is none of ours, in either way of saying so.
	for _, data := range []string{
		`<alert><status>Exercise</status><info><subject>Warning Tsunami PD-1</subject><date>26-12-26</date><time>07:58 WIB</time></info></alert>`,
		`<alert><status>Actual</status><info><status>Test</status><subject>Warning Tsunami PD-1</subject><date>26-12-26</date><time>07:58 WIB</time></info></alert>`,
		`<alert><info><subject>TES Warning Tsunami PD-1</subject><date>26-12-26</date><time>07:58 WIB</time></info></alert>`,
		`<alert><info><subject>TEST - SIMULASI - Warning Tsunami PD-1</subject><date>26-12-26</date><time>07:58 WIB</time></info></alert>`,
		`<alert><info><subject>Warning Tsunami PD-1</subject><headline>Uji komunikasi</headline><date>26-12-26</date><time>07:58 WIB</time></info></alert>`,
		`<alert><status>Actual</status><info><subject>LATIHAN: Warning Tsunami PD-1</subject><date>26-12-26</date><time>07:58 WIB</time></info></alert>`,
	} {
		if d := parse([]byte(data)); len(d.bulletins) != 1 || !d.bulletins[0].drill || len(d.faults) != 1 {
			t.Errorf("%+v", d)
		}
	}
}

// TestNoDrill: a place called Tes, and where one flees to, are none.
func TestNoDrill(t *testing.T) {
	d := parse([]byte(`<alert><info><subject>Warning Tsunami PD-1</subject><headline>30 km BaratLaut TES-BENGKULU, menuju TES</headline><date>26-12-26</date><time>07:58 WIB</time></info></alert>`))
	if len(d.bulletins) != 1 || d.bulletins[0].drill || len(d.faults) != 0 {
		t.Errorf("%+v", d)
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range []string{"last30tsunamievent.xml", "live30event.xml", "datagempa.json", "autogempa.json", "autogempa.xml"} {
		f.Add(recorded(f, name))
	}
	f.Add([]byte("\xFF\xFE<\x00a\x00>\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d := parse(data)
		if d.whole && len(d.bulletins)+len(d.quakes) == 0 || !d.whole && len(d.faults) == 0 {
			t.Errorf("%+v", d)
		}
		n := 0
		for _, e := range group(d.bulletins) {
			n += len(e)
			w := e.warning(kotaBima)
			for name, v := range w.values() {
				if s, ok := v.(string); ok && strings.ContainsAny(s, "\x00\n") {
					t.Errorf("%s: %q", name, s)
				}
			}
		}
		if n != len(d.bulletins) {
			t.Errorf("%d of %d bulletins are of an earthquake", n, len(d.bulletins))
		}
	})
}

func TestDistrict(t *testing.T) {
	bandaAceh := District{"Aceh", []string{"Kota Banda Aceh"}}
	for _, c := range []struct {
		of             District
		province, name string
		want           bool
	}{
		{bandaAceh, "ACEH", "KOTA BANDA ACEH", true},
		{bandaAceh, "ACEH", "KOTA-BANDA-ACEH", true},
		{bandaAceh, "ACEH", "Banda-Aceh Bagian Utara", true},
		{bandaAceh, "NAD", "BANDA ACEH BAG. BARAT", true},
		{bandaAceh, "Nanggroe Aceh Darussalam", "BANDAACEH", true},
		{bandaAceh, "D.I. Aceh", "Kodya Banda Aceh", true},
		{bandaAceh, "PROV. ACÉH", "Kota Bandà Aceh", true},
		{bandaAceh, "", "KOTA_BANDA_ACEH", true},
		{bandaAceh, "ACEHH", "KOTA-BANDA-ACEH", true}, // a slip of the pen saves nobody
		{bandaAceh, "SUMUT", "KOTA-BANDA-ACEH", false},
		{bandaAceh, "ACEH", "ACEH-BESAR", false},
		{bandaAceh, "ACEH", "ACEH BARAT", false},
		{bandaAceh, "ACEH", "ACEH", false},
		{bandaAceh, "ACEH", "KAB. BANDA ACEH", false},
		{bandaAceh, "ACEH", "", false},
		{bandaAceh, "ACEH", "BAGIAN UTARA", false},
		{District{"NTB", []string{"Kota Bima"}}, "NTB", "KOTA-BIMA BAGIAN UTARA", true},
		{District{"NTB", []string{"Kota Bima"}}, "NTB", "KAB-BIMA", false},
		{District{"NTB", []string{"Kabupaten Bima"}}, "NTB", "KOTA-BIMA", false},
		{District{"NTB", []string{"Kabupaten Bima"}}, "NTB", "BIMA PULAU SANGIANG", true},
		{District{"Sulawesi Tenggara", []string{"Kota Baubau"}}, "SULTRA", "KOTA-BAU-BAU", true},
		{District{"NTT", []string{"Manggarai"}}, "NTT", "MANGGARAI-BARAT BAGIAN UTARA", false},
		{District{"NTT", []string{"Manggarai Barat"}}, "NTT", "MANGGARAI-BARAT BAGIAN UTARA", true},
		{District{"NTT", []string{"Ende"}}, "NTT", "PULAU ENDE", false},
		{District{"NTT", []string{"Ende", "Pulau Ende"}}, "NTT", "PULAU ENDE", true},
		{District{"Sumatera Barat", []string{"Kepulauan Mentawai"}}, "SUMBAR", "KEP-MENTAWAI BAGIAN SELATAN", true},
		{District{"Sumatera Barat", []string{"Pesisir Selatan"}}, "SUMBAR", "PESISIR SELATAN", true},
		{District{"Kalimantan Selatan", []string{"Kotabaru"}}, "KALSEL", "KOTA-BARU", true},
		{District{"Jawa Barat", []string{"Kota Banjar"}}, "KALSEL", "BANJAR", false},
		{District{"", []string{"Banjar"}}, "KALSEL", "BANJAR", true},
	} {
		if got := c.of.Matches(c.province, c.name); got != c.want {
			t.Errorf("%v, %s, %s: %v", c.of, c.province, c.name, got)
		}
	}
}

// TestGroup puts two earthquakes near each other apart, and what is told of one
// together.
func TestGroup(t *testing.T) {
	at := func(lon, lat float64) *orb.Point { return &orb.Point{lon, lat} }
	b := func(key, origin string, p *orb.Point, major int) *bulletin {
		o, _ := stamped(origin)
		return &bulletin{Quake: Quake{Origin: o, At: p}, key: key, major: major}
	}
	for _, c := range []struct {
		name string
		all  []*bulletin
		want string
	}{
		{"located anew", []*bulletin{b("20260101100500", "20260101100000", at(95, 3), 1), b("20260101101500", "20260101100130", at(95.5, 3.5), 2)}, "2"},
		{"any order", []*bulletin{b("20260101120500", "20260101100000", at(95, 3), 4), b("20260101100500", "20260101100010", at(95, 3), 1)}, "2"},
		{"too far", []*bulletin{b("20260101100500", "20260101100000", at(95, 3), 1), b("20260101101500", "20260101100000", at(97.1, 3), 2)}, "1 1"},
		{"too late", []*bulletin{b("20260101100500", "20260101100000", at(95, 3), 1), b("20260101101500", "20260101101001", at(95, 3), 2)}, "1 1"},
		{"over the date line", []*bulletin{b("20260101100500", "20260101100000", at(179.5, 3), 1), b("20260101101500", "20260101100000", at(-179.5, 3), 2)}, "2"},
		{"no place", []*bulletin{b("20260101100500", "20260101100000", nil, 1), b("20260101101500", "20260101100000", at(97.1, 3), 2)}, "2"},
		{"two shocks, five minutes apart", []*bulletin{
			b("20260101100500", "20260101100000", at(95, 3), 1), b("20260101100900", "20260101100500", at(95.2, 3), 1),
			b("20260101101000", "20260101100002", at(95, 3), 2), b("20260101101500", "20260101100504", at(95.2, 3), 2), b("20260101130000", "20260101100504", at(95.2, 3), 4),
		}, "2 3"},
	} {
		var sizes []string
		for _, e := range group(c.all) {
			sizes = append(sizes, fmt.Sprint(len(e)))
		}
		if got := strings.Join(sizes, " "); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}

	// What names nobody at all leaves nobody out.
	warned := b("20260101100500", "20260101100000", nil, 1)
	warned.areas = []area{{province: "NTB", district: "KOTA-BIMA", level: "siaga"}}
	if w := (event{warned, b("20260101101500", "20260101100000", nil, 3)}).warning(kotaBima); !w.listed || w.left || w.level != "siaga" || w.name() != "PD-3" {
		t.Errorf("%+v", w)
	}
}
