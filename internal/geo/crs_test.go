package geo_test

import (
	"errors"
	"fmt"
	"math"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/simtaru/simtaru/internal/geo"
)

func TestParseCRS(t *testing.T) {
	for in, want := range map[string]geo.CRS{
		"http://www.opengis.net/def/crs/OGC/1.3/CRS84": geo.CRS84,
		"http://www.opengis.net/def/crs/EPSG/0/4326":   geo.EPSG4326,
		"http://www.opengis.net/def/crs/EPSG/0/3857":   geo.EPSG3857,
		"http://www.opengis.net/def/crs/EPSG/0/32646":  geo.EPSG32646,
		"http://www.opengis.net/def/crs/EPSG/0/23830":  geo.EPSG23830,
		"urn:ogc:def:crs:OGC:1.3:CRS84":                geo.CRS84,
		"urn:ogc:def:crs:OGC::CRS84":                   geo.CRS84,
		"urn:ogc:def:crs:EPSG::4326":                   geo.EPSG4326,
		"urn:ogc:def:crs:EPSG:6.9:32646":               geo.EPSG32646,
		"EPSG:23830":                                   geo.EPSG23830,
		"epsg:3857":                                    geo.EPSG3857,
		"[EPSG:4326]":                                  geo.EPSG4326,
		"OGC:CRS84":                                    geo.CRS84,
		"CRS84":                                        geo.CRS84,
	} {
		if got, err := geo.ParseCRS(in); err != nil || got != want {
			t.Errorf("ParseCRS(%q) = %v, %v; want %v", in, got, err, want)
		}
	}
	for _, in := range []string{
		"", "EPSG:", "EPSG:4327", "4326", "urn:ogc:def:crs:EPSG:4326", "http://www.opengis.net/def/crs/EPSG/0/04326",
		"http://www.opengis.net/def/crs/epsg/0/4326", "https://www.opengis.net/def/crs/EPSG/0/4326", "OGC:4326", "EPSG:CRS84", "[EPSG:4326",
	} {
		var unknown *geo.UnknownCRSError
		if got, err := geo.ParseCRS(in); !errors.As(err, &unknown) || unknown.Name != in {
			t.Errorf("ParseCRS(%q) = %v, %v; want it refused by name", in, got, err)
		}
	}
	for _, c := range geo.CRSs() {
		for _, s := range []string{c.URI(), c.String()} {
			if got, err := geo.ParseCRS(s); err != nil || got != c {
				t.Errorf("%v does not read back from %q", c, s)
			}
		}
		if got, ok := geo.LookupURI(c.URI()); !ok || got != c {
			t.Errorf("LookupURI(%q) = %v, %v", c.URI(), got, ok)
		}
	}
}

// TestForwardAgreesWithPROJ holds the projections to PROJ, which PostGIS uses
// too, to 0.1 mm over the region and 1 mm over the whole domain.
func TestForwardAgreesWithPROJ(t *testing.T) {
	bin, err := exec.LookPath("gdaltransform")
	if err != nil {
		t.Skip("gdaltransform (package gdal-bin) is not installed")
	}
	for _, c := range geo.CRSs() {
		t.Run(c.String(), func(t *testing.T) {
			var in strings.Builder
			var points []orb.Point
			for _, area := range []orb.Bound{
				{Min: orb.Point{95.15, 5.45}, Max: orb.Point{95.45, 5.70}}, // Banda Aceh
				{Min: orb.Point{94, -12}, Max: orb.Point{142, 8}},          // Indonesia
				c.Domain(),
			} {
				const n = 20
				for i := range n + 1 {
					for j := range n + 1 {
						p := orb.Point{
							area.Min[0] + (area.Max[0]-area.Min[0])*float64(i)/n,
							area.Min[1] + (area.Max[1]-area.Min[1])*float64(j)/n,
						}
						if !c.Domain().Contains(p) {
							continue
						}
						points = append(points, p)
						fmt.Fprintln(&in, strconv.FormatFloat(p[0], 'g', -1, 64), strconv.FormatFloat(p[1], 'g', -1, 64))
					}
				}
			}
			// The +proj strings keep lon, lat order and no datum shift, as PostGIS does.
			cmd := exec.Command(bin, "-output_xy", "-s_srs", "OGC:CRS84", "-t_srs", definition(t, c))
			cmd.Stdin = strings.NewReader(in.String())
			out, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(strings.TrimSpace(string(out)), "\n")
			if len(lines) != len(points) {
				t.Fatalf("gdaltransform answered %d lines for %d points", len(lines), len(points))
			}
			worst := 0.0
			for i, line := range lines {
				var want orb.Point
				if _, err := fmt.Sscan(line, &want[0], &want[1]); err != nil {
					t.Fatalf("%q: %v", line, err)
				}
				got, err := c.Forward(points[i])
				if err != nil {
					t.Fatal(err)
				}
				// gdaltransform prints 15 significant digits.
				off := math.Hypot(got[0]-want[0], got[1]-want[1])
				worst = max(worst, off)
				if limit := tolerance(c, got); off > limit {
					t.Errorf("%v: got %.6f, PROJ says %.6f, off by %g", points[i], got, want, off)
				}
			}
			t.Logf("%d points, worst difference %.2g", len(points), worst)
		})
	}
}

func definition(t *testing.T, c geo.CRS) string {
	t.Helper()
	if c.Geographic() {
		return "OGC:CRS84"
	}
	return c.String()
}

func tolerance(c geo.CRS, p orb.Point) float64 {
	switch {
	case c.Geographic():
		return 1e-12
	case math.Hypot(p[0], p[1]) < 2.5e6:
		return 1e-5
	default:
		return 1e-3
	}
}

// TestRoundTrip: forward and inverse are series of their own, so that what
// the pair misses bounds the error of each.
func TestRoundTrip(t *testing.T) {
	for _, c := range geo.CRSs() {
		t.Run(c.String(), func(t *testing.T) {
			d := c.Domain()
			rapid.Check(t, func(t *rapid.T) {
				p := orb.Point{
					rapid.Float64Range(d.Min[0], d.Max[0]).Draw(t, "lon"),
					rapid.Float64Range(d.Min[1], d.Max[1]).Draw(t, "lat"),
				}
				q, err := c.Forward(p)
				if err != nil {
					t.Fatal(err)
				}
				back, err := c.Inverse(q)
				if err != nil {
					// The edge itself may come back an ulp outside.
					if d.Min[0]+1e-9 < p[0] && p[0] < d.Max[0]-1e-9 && d.Min[1]+1e-9 < p[1] && p[1] < d.Max[1]-1e-9 {
						t.Fatal(err)
					}
					return
				}
				if off := math.Hypot(back[0]-p[0], back[1]-p[1]) * 111_320; off > 1e-4 {
					t.Fatalf("%v -> %v -> %v: %g m away", p, q, back, off)
				}
			})
		})
	}
}

func TestOutsideTheDomainIsRefused(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range geo.CRSs() {
		for _, p := range []orb.Point{{nan, 5}, {95, nan}, {inf, 5}, {95, -inf}, {181, 5}, {95, 90.0001}} {
			var outside *geo.DomainError
			if got, err := c.Forward(p); !errors.As(err, &outside) {
				t.Errorf("%v.Forward(%v) = %v, %v; want it refused", c, p, got, err)
			}
		}
		for _, p := range []orb.Point{{nan, 5}, {95, nan}, {inf, 5}, {95, -inf}, {1e9, 0}, {0, -1e9}, {1e300, 1e300}} {
			var outside *geo.DomainError
			if got, err := c.Inverse(p); !errors.As(err, &outside) {
				t.Errorf("%v.Inverse(%v) = %v, %v; want it refused", c, p, got, err)
			}
		}
	}
	// The case of robustness.md: a box in America must not come to cover
	// Indonesia.
	for _, p := range []orb.Point{{-80, -5}, {-70, 5}, {-180, 0}, {180, 0}} {
		if got, err := geo.EPSG32646.Forward(p); err == nil {
			t.Errorf("Forward(%v) = %v; want it refused", p, got)
		}
	}
}

// TestLonLatBoundContains: whatever lies in the box lies in the bound, and
// the bound is not much larger than it needs to be.
func TestLonLatBoundContains(t *testing.T) {
	for _, c := range geo.CRSs() {
		t.Run(c.String(), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				// Corners of the box and a point in it, all near the region or across the meridian and equator.
				lon, lat := rapid.Float64Range(80, 110), rapid.Float64Range(-20, 20)
				a, err := c.Forward(orb.Point{lon.Draw(t, "lon1"), lat.Draw(t, "lat1")})
				if err != nil {
					t.Fatal(err)
				}
				b, err := c.Forward(orb.Point{lon.Draw(t, "lon2"), lat.Draw(t, "lat2")})
				if err != nil {
					t.Fatal(err)
				}
				box := orb.Bound{Min: a, Max: a}.Extend(b)
				bound, err := c.LonLatBound(box)
				if err != nil {
					t.Fatal(err)
				}
				share := rapid.Float64Range(0, 1)
				fx, fy := share.Draw(t, "fx"), share.Draw(t, "fy")
				in := orb.Point{box.Min[0]*(1-fx) + box.Max[0]*fx, box.Min[1]*(1-fy) + box.Max[1]*fy}
				// The mean of two equal numbers can be the next one to them.
				in = orb.Point{min(max(in[0], box.Min[0]), box.Max[0]), min(max(in[1], box.Min[1]), box.Max[1])}
				p, err := c.Inverse(in)
				if err != nil {
					t.Fatal(err)
				}
				if !bound.Contains(p) {
					t.Fatalf("%v lies in %v, but %v not in %v", in, box, p, bound)
				}
			})
		})
	}
	if _, err := geo.EPSG32646.LonLatBound(orb.Bound{Min: orb.Point{-2e7, -2e7}, Max: orb.Point{2e7, 2e7}}); err == nil {
		t.Error("a box around everything was transformed to UTM's inverse")
	}
}

func TestSplitBox(t *testing.T) {
	if got := fmt.Sprint(geo.SplitBox(95, 5, 96, 6)); got != "[{[95 5] [96 6]}]" {
		t.Error(got)
	}
	if got := fmt.Sprint(geo.SplitBox(170, -5, -170, 5)); got != "[{[170 -5] [180 5]} {[-180 -5] [-170 5]}]" {
		t.Error(got)
	}
}

// TestTransformEveryShape closes the sum: each member of orb.AllGeometries
// that holds points survives the way there and back.
func TestTransformEveryShape(t *testing.T) {
	for _, g := range shapes() {
		for _, c := range geo.CRSs() {
			there, err := c.FromLonLat(g)
			if err != nil {
				t.Fatal(err)
			}
			back, err := c.ToLonLat(there)
			if err != nil {
				t.Fatal(err)
			}
			got := geo.AppendGeoJSON(nil, back, 8)
			want := geo.AppendGeoJSON(nil, g, 8)
			if string(got) != string(want) {
				t.Errorf("%v: %s came back as %s", c, want, got)
			}
		}
	}
}

// shapes has one of each type.
func shapes() []orb.Geometry {
	ring := orb.Ring{{95.3, 5.5}, {95.4, 5.5}, {95.4, 5.6}, {95.3, 5.5}}
	line := orb.LineString{{95.3, 5.5}, {95.31, 5.52}}
	return []orb.Geometry{
		nil,
		orb.Point{95.3, 5.5},
		orb.MultiPoint{{95.3, 5.5}, {95.4, 5.6}},
		line,
		orb.MultiLineString{line, line},
		orb.Polygon{ring},
		orb.MultiPolygon{{ring}, {ring, ring}},
		orb.Collection{orb.Point{95.3, 5.5}, line},
	}
}

func BenchmarkForward(b *testing.B) {
	for _, c := range geo.CRSs() {
		b.Run(c.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c.Forward(orb.Point{95.3, 5.55}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
