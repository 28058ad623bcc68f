package geo_test

import (
	"bufio"
	"fmt"
	"math"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"github.com/simtaru/simtaru/internal/geo"
)

func box(x0, y0, x1, y1 float64) orb.Bound {
	return orb.Bound{Min: orb.Point{x0, y0}, Max: orb.Point{x1, y1}}
}

func rect(x0, y0, x1, y1 float64) orb.Ring {
	return orb.Ring{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}
}

func TestIntersects(t *testing.T) {
	holed := orb.MultiPolygon{{rect(0, 0, 10, 10), rect(2, 2, 8, 8)}, {rect(4, 4, 6, 6)}}
	triangle := orb.MultiPolygon{{orb.Ring{{0, 0}, {10, 0}, {0, 10}, {0, 0}}}}
	diagonal := orb.MultiLineString{{{0, 0}, {10, 10}}}
	for _, c := range []struct {
		name string
		box  orb.Bound
		g    orb.Geometry
		want bool
	}{
		{"nothing", box(0, 0, 1, 1), nil, false},
		{"empty polygon", box(0, 0, 1, 1), orb.MultiPolygon{}, false},
		{"polygon without rings", box(0, 0, 1, 1), orb.MultiPolygon{{}}, false},
		{"empty line", box(0, 0, 1, 1), orb.MultiLineString{{}}, false},
		{"point inside", box(0, 0, 1, 1), orb.Point{.5, .5}, true},
		{"point on the corner", box(0, 0, 1, 1), orb.Point{1, 1}, true},
		{"point beside", box(0, 0, 1, 1), orb.Point{1, math.Nextafter(1, 2)}, false},
		{"box in a hole", box(3, 3, 3.5, 7), holed, false},
		{"box touches the hole's edge from inside it", box(2, 3, 3, 4), holed, true},
		{"box touches the hole's corner from inside it", box(2, 2, 3, 3), holed, true},
		{"box in the island in the hole", box(4.5, 4.5, 5, 5), holed, true},
		{"box in the solid part", box(.5, .5, 1, 1), holed, true},
		{"box around everything", box(-1, -1, 11, 11), holed, true},
		{"box equal to the polygon", box(0, 0, 10, 10), holed, true},
		{"corner to corner", box(10, 10, 11, 11), holed, true},
		{"edge to edge", box(10, -5, 11, 20), holed, true},
		{"beside", box(10.1, 0, 11, 10), holed, false},
		{"point box in the hole", box(3, 3, 3, 3), holed, false},
		{"point box on an edge", box(10, 5, 10, 5), holed, true},
		{"point box inside", box(1, 1, 1, 1), holed, true},
		{"line box across", box(-5, 5, 15, 5), holed, true},
		{"line box in the hole", box(3, 3, 7, 3), holed, false},
		{"corner on the slope", box(5, 5, 8, 8), triangle, true},
		{"corner past the slope", box(5, math.Nextafter(5, 6), 8, 8), triangle, false},
		{"bounds overlap, nothing else", box(6, 6, 8, 8), triangle, false},
		{"line through", box(4, 4, 5, 5), diagonal, true},
		{"line touches the corner", box(4, 3, 5, 4), diagonal, true},
		{"line passes the corner", box(math.Nextafter(4, 5), 3, 5, 4), diagonal, false || math.Nextafter(4, 5) <= 4},
		{"line ends before", box(11, 11, 12, 12), diagonal, false},
		{"line ends at the corner", box(10, 10, 12, 12), diagonal, true},
	} {
		if got := geo.Intersects(c.box, c.g); got != c.want {
			t.Errorf("%s: Intersects(%v, %v) = %v", c.name, c.box, c.g, got)
		}
	}
}

// TestIntersectsIsExact: points that naive arithmetic puts on the wrong side.
// 0.1+0.2 is above 0.3, so that the corner lies off the diagonal by an ulp.
func TestIntersectsIsExact(t *testing.T) {
	line := orb.LineString{{0, 0}, {3 * 12345.678, 12345.678}}
	for range 1000 {
		y := rand.Float64() * 12000
		x := 3 * y // rounded: below, on or above the true 3y
		// The fractional truth by FMA: 3y - x exactly.
		residue := math.FMA(3, y, -x) // > 0: the line at y is right of x
		end := math.FMA(3, 12345.678, -line[1][0])
		if end != 0 {
			t.Skip("the line's own end is rounded")
		}
		upperLeft := box(x-1, y, x, y+1) // its lower right corner is near the line
		if got, want := geo.Intersects(upperLeft, line), residue <= 0; got != want {
			t.Fatalf("corner %v, %v off by %g: got %v", x, y, residue, got)
		}
	}
}

// randomCase makes a valid geometry and a box on a grid so coarse that
// touching is common, or off it so that it is not.
func randomCase(r *rand.Rand) (orb.Bound, orb.Geometry) {
	snap := func(v float64) float64 { return math.Round(v) }
	if r.IntN(3) == 0 {
		snap = func(v float64) float64 { return v }
	}
	pt := func() orb.Point { return orb.Point{snap(r.Float64() * 12), snap(r.Float64() * 12)} }
	var g orb.Geometry
	switch r.IntN(5) {
	case 0:
		g = pt()
	case 1:
		var m orb.MultiLineString
		for range 1 + r.IntN(3) {
			l := orb.LineString{pt()}
			for range 1 + r.IntN(4) {
				l = append(l, pt())
			}
			if l[0] == l[1] { // GEOS wants two different points
				l[1][0]++
			}
			m = append(m, l)
		}
		g = m
	case 2: // triangle
		a, b, c := pt(), pt(), pt()
		if (b[0]-a[0])*(c[1]-a[1]) == (b[1]-a[1])*(c[0]-a[0]) {
			return randomCase(r)
		}
		g = orb.MultiPolygon{{orb.Ring{a, b, c, a}}}
	case 3: // frames in frames, with an island
		g = orb.MultiPolygon{{rect(1, 1, 11, 11), rect(2, 2, 5, 10), rect(6, 3, 10, 9)}, {rect(7, 4, 9, 8)}}
	case 4: // star: a ring around a centre with growing angles
		n := 5 + r.IntN(20)
		var ring orb.Ring
		for i := range n {
			a := 2 * math.Pi * (float64(i) + r.Float64()*.9) / float64(n)
			d := 1 + r.Float64()*5
			ring = append(ring, orb.Point{6 + d*math.Cos(a), 6 + d*math.Sin(a)})
		}
		g = orb.MultiPolygon{{append(ring, ring[0])}}
	}
	p, q := pt(), pt()
	switch r.IntN(6) {
	case 0:
		q = p
	case 1:
		q[r.IntN(2)] = p[r.IntN(2)]
	case 2:
		p, q = orb.Point{-1, -1}, orb.Point{13, 13}
	}
	b := orb.Bound{Min: p, Max: p}.Extend(q)
	if l, ok := g.(orb.MultiPolygon); ok && r.IntN(4) == 0 { // a corner on a vertex
		v := l[0][0][r.IntN(len(l[0][0]))]
		b = orb.Bound{Min: v, Max: v}.Extend(orb.Point{v[0] + r.Float64()*2 - 1, v[1] + r.Float64()*2 - 1})
	}
	return b, g
}

// geosScript answers a line of two WKTs and a tab with 1 or 0.
const geosScript = `
import sys
from osgeo import ogr
ogr.UseExceptions()
for line in sys.stdin:
    a, b = line.rstrip("\n").split("\t")
    print(int(ogr.CreateGeometryFromWkt(a).Intersects(ogr.CreateGeometryFromWkt(b))))
`

// TestIntersectsAgreesWithGEOS asks GEOS, by way of GDAL, the same questions.
// A line or point box is given as that, since as a polygon it is invalid.
func TestIntersectsAgreesWithGEOS(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil || exec.Command(python, "-c", "from osgeo import ogr").Run() != nil {
		t.Skip("python3-gdal is not installed")
	}
	r := rand.New(rand.NewPCG(1, 2))
	var in strings.Builder
	var boxes []orb.Bound
	var shapes []orb.Geometry
	for range 20_000 {
		b, g := randomCase(r)
		boxes, shapes = append(boxes, b), append(shapes, g)
		fmt.Fprintf(&in, "%s\t%s\n", wkt.MarshalString(boxShape(b)), wkt.MarshalString(g))
	}
	cmd := exec.Command(python, "-c", geosScript)
	cmd.Stdin = strings.NewReader(in.String())
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(strings.NewReader(string(out)))
	yes := 0
	for i := range boxes {
		if !lines.Scan() {
			t.Fatalf("only %d answers", i)
		}
		want := lines.Text() == "1"
		if want {
			yes++
		}
		if got := geo.Intersects(boxes[i], shapes[i]); got != want {
			t.Errorf("Intersects(%v, %s) = %v, GEOS says %v", boxes[i], wkt.MarshalString(shapes[i]), got, want)
		}
	}
	if yes < len(boxes)/10 || yes > len(boxes)*9/10 {
		t.Errorf("%d of %d cases meet: too one-sided to prove much", yes, len(boxes))
	}
}

func boxShape(b orb.Bound) orb.Geometry {
	switch {
	case b.Min == b.Max:
		return b.Min
	case b.Min[0] == b.Max[0] || b.Min[1] == b.Max[1]:
		return orb.LineString{b.Min, b.Max}
	default:
		return b.ToPolygon()
	}
}

func BenchmarkIntersects(b *testing.B) {
	var ring orb.Ring
	for i := range 1000 {
		a := 2 * math.Pi * float64(i) / 1000
		ring = append(ring, orb.Point{95.3 + .01*math.Cos(a), 5.5 + .01*math.Sin(a)})
	}
	g := orb.MultiPolygon{{append(ring, ring[0])}}
	for name, q := range map[string]orb.Bound{
		"inside":  box(95.3, 5.5, 95.301, 5.501),
		"outside": box(95.308, 5.508, 95.309, 5.509),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				geo.Intersects(q, g)
			}
		})
	}
}
