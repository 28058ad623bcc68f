package ogc

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
)

// TestStringsAreThoseOfEncodingJSON holds the appender against the standard
// library as an oracle, for any bytes.
func TestStringsAreThoseOfEncodingJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))
		if rapid.Bool().Draw(t, "text") {
			s = rapid.String().Draw(t, "string")
		}
		var got string
		text := appendString(nil, s)
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatalf("%q: %v: %s", s, err, text)
		}
		if want := strings.ToValidUTF8(s, "\ufffd"); utf8.ValidString(s) && got != want {
			t.Fatalf("%q came back as %q", s, got)
		}
		std, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var want string
		if err := json.Unmarshal(std, &want); err != nil || want != got {
			t.Fatalf("%q: %q, encoding/json has %q", s, got, want)
		}
	})
}

func TestNumbersReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64().Draw(t, "v")
		text := string(appendFloat(nil, v))
		var got float64
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != v {
			t.Fatalf("%v: %s, %v, %v", v, text, got, err)
		}
		if !strings.ContainsAny(text, ".e") {
			t.Fatalf("%s reads as a whole number", text)
		}
	})
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if got := string(appendFloat(nil, v)); got != "null" {
			t.Errorf("%v: %s", v, got)
		}
	}
}

func TestFeatureIsValidJSON(t *testing.T) {
	l := &plan.Layer{ID: "x", Fields: []plan.Field{
		{Name: "a", Type: plan.TextField}, {Name: "b", Type: plan.IntegerField}, {Name: "c", Type: plan.TimestampField},
	}}
	at := time.Date(2026, 1, 2, 3, 4, 5, 6000, time.FixedZone("WIB", 7*3600))
	b, err := newEncoder(l, geo.EPSG4326, plan.Actor{}).feature(nil, &plan.Feature{
		ID: 3, Revision: 4, UpdatedAt: at, Geometry: orb.Point{95.5, 5.25}, Values: []any{"\"\n\x00é", int64(-7), at},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(append(b, '}'), &got); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	want := map[string]any{
		"type": "Feature", "id": 3.0,
		"geometry":   map[string]any{"type": "Point", "coordinates": []any{5.25, 95.5}},
		"properties": map[string]any{"a": "\"\n\x00é", "b": -7.0, "c": "2026-01-01T20:04:05.000006Z", "revision": 4.0, "updated_at": "2026-01-01T20:04:05.000006Z"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
}

// TestEncodingAllocatesNothing is what makes ten thousand features a matter of
// milliseconds.
// TestEditorsAreGivenEveryBit: others are given a tenth of a millimetre.
func TestEditorsAreGivenEveryBit(t *testing.T) {
	l := &plan.Layer{ID: "spots", Geometry: plan.Point, Access: plan.Access{Read: []plan.Role{plan.Public}, Edit: []plan.Role{plan.Planner}}}
	f := &plan.Feature{ID: 1, Geometry: orb.Point{95.12345678901234, 5.000000000000001}, Revision: 1}
	for role, want := range map[plan.Role]string{
		plan.Public:  `[95.123456789,5]`,
		plan.Planner: `[95.12345678901234,5.000000000000001]`,
	} {
		b, err := newEncoder(l, geo.CRS84, plan.Actor{Name: "x", Role: role}).feature(nil, f)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(b), want) {
			t.Errorf("%s: %s does not have %s", role, b, want)
		}
	}
}

func TestEncodingAllocatesNothing(t *testing.T) {
	l, f := benchFeature()
	e := newEncoder(l, geo.CRS84, plan.Actor{})
	buf := make([]byte, 0, 4096)
	if n := testing.AllocsPerRun(100, func() { buf, _ = e.feature(buf[:0], f) }); n > 0 {
		t.Errorf("%v allocations a feature", n)
	}
}

func BenchmarkFeature(b *testing.B) {
	l, f := benchFeature()
	e := newEncoder(l, geo.CRS84, plan.Actor{})
	buf := make([]byte, 0, 4096)
	for b.Loop() {
		buf, _ = e.feature(buf[:0], f)
	}
	b.SetBytes(int64(len(buf)))
}

func benchFeature() (*plan.Layer, *plan.Feature) {
	l := &plan.Layer{ID: "x", Fields: []plan.Field{
		{Name: "nib", Type: plan.TextField}, {Name: "area_m2", Type: plan.NumberField}, {Name: "floors", Type: plan.IntegerField}, {Name: "use", Type: plan.TextField},
	}}
	ring := orb.Ring{{95.3123456, 5.5512345}, {95.3125456, 5.5512345}, {95.3125456, 5.5514345}, {95.3124, 5.5515}, {95.3123456, 5.5514345}, {95.3123456, 5.5512345}}
	return l, &plan.Feature{ID: 12345, Revision: 2, UpdatedAt: time.Now(), Geometry: orb.MultiPolygon{{ring}}, Values: []any{"01.01.05.03.12345", 412.25, int64(2), "R-3"}}
}

// FuzzQuery holds the parameter parsers: no panic, and every refusal is the
// client's.
func FuzzQuery(f *testing.F) {
	for _, s := range []string{"1,2,3,4", "1,2,3,4,5,6", "NaN,0,0,0", "-180,-90,180,90", "170,0,-170,5", "1e400,0,0,0", "200000,600000,300000,700000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, c := range geo.CRSs() {
			boxes, err := parseBBox(text, c)
			if err != nil {
				if plan.KindOf(err) != plan.Invalid {
					t.Fatalf("%v %q: %v", c, text, err)
				}
				continue
			}
			for _, b := range boxes {
				if !(b.Min[0] <= b.Max[0] && b.Min[1] <= b.Max[1] && b.Min[0] >= -180 && b.Max[0] <= 180 && b.Min[1] >= -90 && b.Max[1] <= 90) {
					t.Fatalf("%v %q: box %v", c, text, b)
				}
			}
		}
	})
}
