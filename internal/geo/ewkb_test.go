package geo_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/ewkb"
	"pgregory.net/rapid"

	"github.com/simtaru/simtaru/internal/geo"
)

// geometries draws any geometry that EWKB and the plan share.
func geometries() *rapid.Generator[orb.Geometry] {
	return rapid.Custom(func(t *rapid.T) orb.Geometry {
		ordinate := rapid.Float64Range(-180, 180)
		point := rapid.Custom(func(t *rapid.T) orb.Point {
			return orb.Point{ordinate.Draw(t, "x"), ordinate.Draw(t, "y")}
		})
		points := rapid.SliceOfN(point, 0, 6)
		line := rapid.Map(points, func(ps []orb.Point) orb.LineString { return ps })
		ring := rapid.Map(points, func(ps []orb.Point) orb.Ring { return ps })
		polygon := rapid.Map(rapid.SliceOfN(ring, 0, 3), func(rs []orb.Ring) orb.Polygon { return rs })
		return rapid.OneOf(
			rapid.Map(point, func(g orb.Point) orb.Geometry { return g }),
			rapid.Map(line, func(g orb.LineString) orb.Geometry { return g }),
			rapid.Map(polygon, func(g orb.Polygon) orb.Geometry { return g }),
			rapid.Map(points, func(g []orb.Point) orb.Geometry { return orb.MultiPoint(g) }),
			rapid.Map(rapid.SliceOfN(line, 0, 3), func(g []orb.LineString) orb.Geometry { return orb.MultiLineString(g) }),
			rapid.Map(rapid.SliceOfN(polygon, 0, 3), func(g []orb.Polygon) orb.Geometry { return orb.MultiPolygon(g) }),
		).Draw(t, "geometry")
	})
}

// TestAgreesWithGoGeom holds our codec to go-geom's, in both directions and
// both byte orders.
func TestAgreesWithGoGeom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := geometries().Draw(t, "g")
		srid := rapid.SampledFrom([]int{0, 4326, 23830}).Draw(t, "srid")
		ours, err := geo.EncodeEWKB(nil, g, srid)
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := ewkb.Unmarshal(ours)
		if err != nil {
			t.Fatal(err)
		}
		if theirs.SRID() != srid {
			t.Fatalf("go-geom reads SRID %d, want %d", theirs.SRID(), srid)
		}
		for _, order := range []any{ewkb.NDR, ewkb.XDR} {
			b, err := marshal(theirs, order)
			if err != nil {
				t.Fatal(err)
			}
			back, gotSRID, err := geo.DecodeEWKB(b, geo.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if gotSRID != srid || !orb.Equal(back, g) {
				t.Fatalf("SRID %d %v, want %d %v", gotSRID, back, srid, g)
			}
		}
	})
}

func marshal(g geom.T, order any) ([]byte, error) {
	if order == any(ewkb.XDR) {
		return ewkb.Marshal(g, ewkb.XDR)
	}
	return ewkb.Marshal(g, ewkb.NDR)
}

// TestPostGISBytes reads what PostGIS 3.3 wrote, by
// select 'SRID=4326;POINT(95.32 5.55)'::geometry and so on.
func TestPostGISBytes(t *testing.T) {
	for _, c := range []struct {
		name, hex string
		want      orb.Geometry
	}{
		{"point", "0101000020E610000014AE47E17AD457403333333333331640", orb.Point{95.32, 5.55}},
		{"empty point", "0101000020E6100000000000000000F87F000000000000F87F", nil},
		{"empty multipolygon", "0106000020E610000000000000", orb.MultiPolygon{}},
		{
			"multilinestring", "0105000020E6100000010000000102000000020000000000000000000000000000000000F03F00000000000000400000000000000840",
			orb.MultiLineString{{{0, 1}, {2, 3}}},
		},
	} {
		b, err := hex.DecodeString(c.hex)
		if err != nil {
			t.Fatal(err)
		}
		got, srid, err := geo.DecodeEWKB(b, geo.Limits{})
		if err != nil || srid != 4326 || !cmp.Equal(got, c.want) {
			t.Errorf("%s: %v, SRID %d, %v", c.name, got, srid, err)
		}
	}
}

func TestLimits(t *testing.T) {
	line := make(orb.LineString, 11)
	b, err := geo.EncodeEWKB(nil, line, 4326)
	if err != nil {
		t.Fatal(err)
	}
	var large geo.ErrTooLarge
	if _, _, err := geo.DecodeEWKB(b, geo.Limits{MaxVertices: 10}); !errors.As(err, &large) || large.Got != 11 {
		t.Errorf("11 vertices with a limit of 10: %v", err)
	}
	if _, _, err := geo.DecodeEWKB(b, geo.Limits{MaxVertices: 11}); err != nil {
		t.Errorf("11 vertices with a limit of 11: %v", err)
	}
	polygon := make(orb.Polygon, 5)
	if b, err = geo.EncodeEWKB(nil, polygon, 0); err != nil {
		t.Fatal(err)
	}
	if _, _, err := geo.DecodeEWKB(b, geo.Limits{MaxParts: 4}); !errors.As(err, &large) || large.What != "parts" {
		t.Errorf("5 rings with a limit of 4: %v", err)
	}
}

func TestRefused(t *testing.T) {
	point, err := geo.EncodeEWKB(nil, orb.Point{1, 2}, 0)
	if err != nil {
		t.Fatal(err)
	}
	with := func(b []byte, i int, v byte) []byte {
		b = append([]byte(nil), b...)
		b[i] = v
		return b
	}
	for name, b := range map[string][]byte{
		"nothing":         nil,
		"cut off":         point[:len(point)-1],
		"byte order":      with(point, 0, 2),
		"collection":      with(point, 1, 7),
		"three ordinates": with(point, 4, 0x80),
		"more than one":   append(append([]byte(nil), point...), 0),
		// A count of four thousand million points in a few bytes.
		"huge count": {1, 2, 0, 0, 0, 255, 255, 255, 255, 1, 2, 3},
		// A point as a member of a multipolygon.
		"wrong member": {1, 6, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0},
	} {
		if g, _, err := geo.DecodeEWKB(b, geo.Limits{}); err == nil {
			t.Errorf("%s is read as %v", name, g)
		}
	}
	for _, g := range []orb.Geometry{nil, orb.Ring{}, orb.Bound{}, orb.Collection{}} {
		if _, err := geo.EncodeEWKB(nil, g, 0); err == nil {
			t.Errorf("%T is written", g)
		}
	}
}

// FuzzDecodeEWKB: whatever is decoded can be encoded and decoded to the same.
func FuzzDecodeEWKB(f *testing.F) {
	for _, g := range []orb.Geometry{
		orb.Point{95.3, 5.5},
		orb.LineString{{1, 2}, {3, 4}},
		orb.MultiPolygon{{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}},
		orb.MultiPoint{{1, 2}},
		orb.MultiLineString{{{1, 2}, {3, 4}}},
	} {
		b, err := geo.EncodeEWKB(nil, g, 4326)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		g, srid, err := geo.DecodeEWKB(b, geo.Limits{})
		if err != nil || g == nil {
			return
		}
		again, err := geo.EncodeEWKB(nil, g, srid)
		if err != nil {
			t.Fatal(err)
		}
		back, _, err := geo.DecodeEWKB(again, geo.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		// Bytes are compared, not geometries: NaN is not equal to itself.
		twice, err := geo.EncodeEWKB(nil, back, srid)
		if err != nil || !bytes.Equal(again, twice) {
			t.Fatalf("%v became %v: %v", g, back, err)
		}
	})
}

func BenchmarkDecodeEWKB(b *testing.B) {
	parcel := orb.MultiPolygon{{{{95.3, 5.5}, {95.301, 5.5}, {95.301, 5.501}, {95.3, 5.501}, {95.3, 5.5}}}}
	data, err := geo.EncodeEWKB(nil, parcel, 4326)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, _, err := geo.DecodeEWKB(data, geo.Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}
