package demo

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"
)

// fingerprint hashes everything the city yields.
func fingerprint(c *City) string {
	h := sha256.New()
	for _, layer := range c.Layers() {
		fmt.Fprintln(h, layer)
		for row := range c.Rows(layer) {
			writeRow(h, row)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

func writeRow(h hash.Hash, row Row) {
	var names []string
	for name := range row.Values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(h, "%s=%v|", name, row.Values[name])
	}
	fmt.Fprintf(h, "%v\n", row.Geometry)
}

// The same options give the same bytes, today and elsewhere: the hash is
// compared with the one in testdata. A change of the city on purpose is
// written there with DEMO_GOLDEN=write.
func TestDeterminism(t *testing.T) {
	for _, o := range []Options{{}, {Scale: 0.3}, {Seed: 7}} {
		name := fmt.Sprintf("scale %v, seed %d", o.Scale, o.Seed)
		first, second := fingerprint(New(o)), fingerprint(New(o))
		if first != second {
			t.Fatalf("%s: two runs differ: %s and %s", name, first, second)
		}
		t.Log(name, first)
		file := fmt.Sprintf("testdata/scale-%v-seed-%d.sha256", o.Scale, o.Seed)
		if os.Getenv("DEMO_GOLDEN") == "write" {
			if err := os.WriteFile(file, []byte(first+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got := first + "\n"; got != string(want) {
			t.Errorf("%s: hash is %swant %s", name, got, want)
		}
	}
}

// Rows may be asked for in any order, and stopped anywhere.
func TestRowsStandAlone(t *testing.T) {
	c := small()
	for _, layer := range c.Layers() {
		var first []string
		for row := range c.Rows(layer) {
			first = append(first, fmt.Sprint(row.Geometry))
			if len(first) == 5 {
				break
			}
		}
		i := 0
		for row := range c.Rows(layer) {
			if i < len(first) && fmt.Sprint(row.Geometry) != first[i] {
				t.Errorf("%s: row %d differs the second time", layer, i)
			}
			i++
		}
	}
	for range c.Rows("no such layer") {
		t.Error("a layer that is not there has rows")
	}
}

func TestCounts(t *testing.T) {
	want := map[float64]map[string][2]int{
		1: {
			"boundary": {90, 90}, "zoning": {2300, 2900}, "road": {9000, 12000}, "parcel": {19000, 21500}, "building": {19000, 22000},
			"shelter": {30, 60}, "slum_area": {40, 60}, "healthy_village": {90, 90},
		},
		5: {"boundary": {90, 90}, "zoning": {11500, 14000}, "road": {47000, 58000}, "parcel": {95000, 110000}, "building": {95000, 110000}},
	}
	for scale, layers := range want {
		c := city(scale)
		for layer, limits := range layers {
			n := 0
			for range c.Rows(layer) {
				n++
			}
			if n < limits[0] || n > limits[1] {
				t.Errorf("scale %v: %d rows of %s, want %v", scale, n, layer, limits)
			}
		}
	}
}

// The people of the villages are the people of the city, and those in the
// houses are nearly as many.
func TestPeopleAddUp(t *testing.T) {
	c := usual()
	sum := func(layer, field string) (n int64) {
		for row := range c.Rows(layer) {
			n += row.Values[field].(int64)
		}
		return n
	}
	for row := range c.Rows("boundary") {
		if row.Values["population"].(int64) < 50 {
			t.Errorf("%v has %v people", row.Values["nama"], row.Values["population"])
		}
	}
	if n := sum("boundary", "population"); n < citizens-100 || n > citizens {
		t.Errorf("%d people, want about %d", n, citizens)
	}
	if n := sum("building", "occupants"); n < citizens*95/100 || n > citizens*101/100 {
		t.Errorf("%d people in houses, want nearly %d", n, citizens)
	}
}

// The network hangs together, its segments meet only at their ends, and it
// crosses both rivers.
func TestRoadNetwork(t *testing.T) {
	eachScale(t, func(t *testing.T, c *City) {
		var edges []edge
		degree := map[grid]int{}
		boss := map[grid]grid{}
		find := func(g grid) grid {
			for boss[g] != g {
				boss[g] = boss[boss[g]]
				g = boss[g]
			}
			return g
		}
		bridges, n := 0, 0
		inner := map[grid]bool{}
		for row := range c.Rows("road") {
			n++
			line := row.Geometry.(orb.MultiLineString)[0]
			var gs []grid
			for _, p := range line {
				gs = append(gs, exact(t, p))
			}
			for i := 1; i < len(gs); i++ {
				edges = append(edges, edge{gs[i-1], gs[i]})
			}
			a, z := gs[0], gs[len(gs)-1]
			for _, g := range []grid{a, z} {
				degree[g]++
				if _, ok := boss[g]; !ok {
					boss[g] = g
				}
			}
			for _, g := range gs[1 : len(gs)-1] {
				inner[g] = true
			}
			boss[find(a)] = find(z)
			if row.Values["bridge"] == true {
				bridges++
			}
		}
		roots := map[grid]bool{}
		for g := range boss {
			roots[find(g)] = true
			if inner[g] {
				t.Errorf("node %v lies inside a segment too", g)
			}
		}
		if len(roots) != 1 {
			t.Errorf("%d components, want one", len(roots))
		}
		if lost := c.b.lost; lost*100 > n {
			t.Errorf("%d of %d segments were dropped", lost, n)
		}
		if bridges < 8 {
			t.Errorf("%d bridges, want some over each river", bridges)
		}
		if e, f, ok := crossing(edges); ok {
			t.Errorf("segments cross without a node: %v and %v", e, f)
		}
	})
}

// Parcels do not overlap: their edges do not cross, none is there twice, and
// a point of each lies in no other.
func TestParcelsDoNotOverlap(t *testing.T) {
	eachScale(t, func(t *testing.T, c *City) {
		var tree rtree.RTreeG[int]
		rings := coverage(t, c, "parcel")
		var edges []edge
		seen := map[edge]bool{}
		for i, r := range rings {
			b := orb.MultiPoint{}
			for j, a := range r {
				e := edge{a, r[(j+1)%len(r)]}
				if seen[e] {
					t.Fatalf("edge %v is in two parcels", e)
				}
				seen[e] = true
				if !seen[edge{e.b, e.a}] {
					edges = append(edges, e)
				}
				b = append(b, a.point())
			}
			tree.Insert(b.Bound().Min, b.Bound().Max, i)
		}
		if e, f, ok := crossing(edges); ok {
			t.Errorf("edges cross: %v and %v", e, f)
		}
		for i, r := range rings {
			var mid grid
			for _, g := range r {
				mid.lon, mid.lat = mid.lon+g.lon, mid.lat+g.lat
			}
			mid = grid{mid.lon / int64(len(r)), mid.lat / int64(len(r))}
			p := mid.point()
			tree.Search(p, p, func(_, _ [2]float64, j int) bool {
				if i != j && contains(rings[j], mid) {
					t.Errorf("parcels %d and %d overlap at %v", i, j, p)
				}
				return true
			})
		}
	})
}

// Every building stands on one parcel, wholly.
func TestBuildingsStandOnParcels(t *testing.T) {
	c := usual()
	var tree rtree.RTreeG[[]grid]
	for row := range c.Rows("parcel") {
		b := row.Geometry.Bound()
		tree.Insert(b.Min, b.Max, gridRing(t, row.Geometry.(orb.MultiPolygon)[0][0]))
	}
	for row := range c.Rows("building") {
		ring := gridRing(t, row.Geometry.(orb.MultiPolygon)[0][0])
		on := false
		b := row.Geometry.Bound()
		tree.Search(b.Min, b.Max, func(_, _ [2]float64, p []grid) bool {
			on = !slices.ContainsFunc(ring, func(g grid) bool { return !contains(p, g) })
			return !on
		})
		if !on {
			t.Fatalf("building %v stands on no parcel", row.Geometry)
		}
	}
}

// What the layer can say of being invented, it says.
func TestRemarksSayDemonstration(t *testing.T) {
	c := small()
	for _, layer := range c.Layers() {
		for row := range c.Rows(layer) {
			if s, _ := row.Values["remark"].(string); !strings.HasPrefix(s, "Data demonstrasi") {
				t.Errorf("%s: remark is %q", layer, s)
				break
			}
		}
	}
}

// No product is fused with a sum on a machine that could: that would move
// points by a hair and, rarely, the whole city by more. The compiler says.
func TestNoFusedArithmetic(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles for another machine")
	}
	cmd := exec.Command("go", "build", "-gcflags=-S", "-o", os.DevNull, ".")
	cmd.Env = append(os.Environ(), "GOARCH=arm64", "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Skipf("cannot compile for arm64: %v", err)
	}
	for line := range strings.Lines(string(out)) {
		if f := strings.Fields(line); slices.ContainsFunc(f, func(s string) bool {
			return strings.HasPrefix(s, "FMADD") || strings.HasPrefix(s, "FMSUB") || strings.HasPrefix(s, "FNMADD") || strings.HasPrefix(s, "FNMSUB")
		}) {
			t.Errorf("fused: %s", strings.TrimSpace(line))
		}
	}
}
