package geo_test

import (
	"encoding/json"
	"math"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/simtaru/simtaru/internal/geo"
)

func TestAppendCoord(t *testing.T) {
	for _, c := range []struct {
		v        float64
		decimals int
		want     string
	}{
		{0, 9, "0"},
		{math.Copysign(0, -1), 9, "0"},
		{-1e-10, 9, "0"},
		{1e-9, 9, "0.000000001"},
		{-1e-9, 9, "-0.000000001"},
		{95.32061075800004, 9, "95.320610758"},
		{95.5, 9, "95.5"},
		{95, 9, "95"},
		{100, 9, "100"},
		{-180, 9, "-180"},
		{7, 9, "7"},
		{0.999999999999, 9, "1"},
		{-0.999999999999, 9, "-1"},
		{5.05, 9, "5.05"},
		{5.000005, 9, "5.000005"},
		{5.12345678, 9, "5.12345678"},
		{288642.305773157, 4, "288642.3058"},
		{-20037508.342789244, 4, "-20037508.3428"},
		{2108175.7, 0, "2108176"},
		{0.5, 0, "1"},
		{-0.5, 0, "-1"},
		{1e15, 9, "1000000000000000"},
		{1e300, 0, strconv.FormatFloat(1e300, 'f', 0, 64)},
		{9007199254.740993, 9, "9007199254.7409935"},
		{123456789012.25, 9, "123456789012.25"},
		{math.NaN(), 9, "null"},
		{math.Inf(-1), 4, "null"},
	} {
		if got := string(geo.AppendCoord(nil, c.v, c.decimals)); got != c.want {
			t.Errorf("AppendCoord(%v, %d) = %s, want %s", c.v, c.decimals, got, c.want)
		}
	}
}

// TestAppendCoordReadsBack: the text is the shortest of the rounded value,
// parses to exactly it, and is what strconv says but for ties that the
// scaling rounds.
func TestAppendCoordReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		decimals := rapid.IntRange(0, geo.MaxDecimals).Draw(t, "decimals")
		v := rapid.OneOf(
			rapid.Float64Range(-180, 180), rapid.Float64Range(-3e7, 3e7), rapid.Float64(),
			rapid.Custom(func(t *rapid.T) float64 { return float64(rapid.Int32().Draw(t, "n")) / 1e6 }),
		).Draw(t, "v")
		got := string(geo.AppendCoord([]byte("x"), v, decimals))[1:]
		if strings.Contains(got, ".") && strings.HasSuffix(got, "0") || strings.HasSuffix(got, ".") || got == "-0" {
			t.Fatalf("%v is written as %s", v, got)
		}
		back, err := strconv.ParseFloat(got, 64)
		if err != nil {
			t.Fatal(err)
		}
		p := math.Pow10(decimals)
		if want := math.Round(v*p) / p; math.Abs(v*p) < 1<<53 && back != want {
			t.Fatalf("%v is written as %s, rounded it is %v", v, got, want)
		}
		if math.Abs(back-v) > .5000001/p+math.Abs(v)*1e-16 {
			t.Fatalf("%v is written as %s", v, got)
		}
	})
}

// TestAppendGeoJSONReadsBack decodes what is written into a value of the same
// type: orb's types are nested lists, as GeoJSON's coordinates are.
func TestAppendGeoJSONReadsBack(t *testing.T) {
	for _, g := range shapes() {
		text := geo.AppendGeoJSON(nil, g, 9)
		if !json.Valid(text) {
			t.Fatalf("%s is not JSON", text)
		}
		if g == nil {
			if string(text) != "null" {
				t.Errorf("nil is written as %s", text)
			}
			continue
		}
		if _, ok := g.(orb.Collection); ok {
			continue
		}
		read := struct {
			Type        string
			Coordinates any
		}{Coordinates: reflect.New(reflect.TypeOf(g)).Interface()}
		if err := json.Unmarshal(text, &read); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if read.Type != g.GeoJSONType() {
			t.Errorf("%s: type %s", text, read.Type)
		}
		if diff := cmp.Diff(g, reflect.ValueOf(read.Coordinates).Elem().Interface()); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

// TestAppendExactReadsBack: whoever edits gives back the bits that are stored.
func TestAppendExactReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := orb.Point{rapid.Float64Range(-180, 180).Draw(t, "lon"), rapid.Float64Range(-90, 90).Draw(t, "lat")}
		for _, crs := range []geo.CRS{geo.CRS84, geo.EPSG4326} {
			text, err := crs.AppendExact(nil, orb.MultiPolygon{{{p, {1, 2}, {3, 4}, p}}})
			if err != nil {
				t.Fatal(err)
			}
			var read struct{ Coordinates [][][]orb.Point }
			if err := json.Unmarshal(text, &read); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			got := read.Coordinates[0][0][0]
			if crs.NorthFirst() {
				got[0], got[1] = got[1], got[0]
			}
			if got != p {
				t.Fatalf("%v came back as %v", p, got)
			}
		}
	})
}

func TestAppendGeoJSONInCRS(t *testing.T) {
	p := orb.MultiLineString{{{95.3, 5.5}, {95.31, 5.52}}}
	for c, want := range map[geo.CRS]string{
		geo.CRS84:     `[[[95.3,5.5],[95.31,5.52]]]`,
		geo.EPSG4326:  `[[[5.5,95.3],[5.52,95.31]]]`,
		geo.EPSG3857:  `[[[10608747.4726,613199.6633],[10609860.6675,615436.3881]]]`,
		geo.EPSG32646: "", geo.EPSG23830: "",
	} {
		got, err := c.AppendGeoJSON(nil, p)
		if err != nil {
			t.Fatal(err)
		}
		if want == "" { // the transformed copy, written as it stands
			q, err := c.FromLonLat(p)
			if err != nil {
				t.Fatal(err)
			}
			want = string(geo.AppendGeoJSON(nil, q, 4))
		} else {
			want = `{"type":"MultiLineString","coordinates":` + want + `}`
		}
		if string(got) != want {
			t.Errorf("%v: %s, want %s", c, got, want)
		}
	}
	if got, err := geo.EPSG32646.AppendGeoJSON(nil, orb.Point{-75, 0}); err == nil {
		t.Errorf("a point in America was written in UTM 46N: %s", got)
	}
}

func BenchmarkAppendGeoJSON(b *testing.B) {
	var ring orb.Ring
	for i := range 100 {
		a := 2 * math.Pi * float64(i) / 100
		ring = append(ring, orb.Point{95.3 + .01*math.Cos(a), 5.5 + .01*math.Sin(a)})
	}
	g := orb.Geometry(orb.MultiPolygon{{append(ring, ring[0])}})
	for _, c := range geo.CRSs() {
		b.Run(c.String(), func(b *testing.B) {
			b.ReportAllocs()
			dst := make([]byte, 0, 1<<16)
			for b.Loop() {
				dst, _ = c.AppendGeoJSON(dst[:0], g)
			}
			b.SetBytes(int64(len(dst)))
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/101, "ns/vertex")
		})
	}
}
