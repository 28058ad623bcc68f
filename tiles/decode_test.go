package tiles

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/paulmach/orb"
)

// TestSourceWithinOneUnit: at full detail, each vertex of the source that lies in
// a tile is a vertex of the decoded feature, at most one unit off, and the other
// way round.
func TestSourceWithinOneUnit(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 8))
	items := newPlanar(rng, 5).coverage(t)
	Generalise(items, true)
	byID := map[uint64]*Shape{}
	for _, it := range items {
		byID[it.ID] = it.Shape
	}
	matched := 0
	for range 20 {
		road := items[0].Shape.coords
		id := tileAt(road[rng.IntN(len(road))], 16)
		matched += compareWithSource(t, id, coverageLayer(items), byID)
	}
	if matched < 100 {
		t.Fatalf("only %d vertices compared", matched)
	}
}

// compareWithSource returns how many vertices of the source it found.
func compareWithSource(t *testing.T, id ID, l Layer, byID map[uint64]*Shape) (matched int) {
	for _, f := range encode(t, id, l)[0].features {
		var want []orb.Point
		for _, v := range byID[f.id].coords {
			x := math.Ldexp(float64(v.X), 16+12-32) - float64(id.X)*Extent
			y := math.Ldexp(float64(v.Y), 16+12-32) - float64(id.Y)*Extent
			want = append(want, orb.Point{x, y})
		}
		near := func(x, y float64, ps []orb.Point) bool {
			for _, p := range ps {
				if math.Abs(p[0]-x) <= 1 && math.Abs(p[1]-y) <= 1 {
					return true
				}
			}
			return false
		}
		var got []orb.Point
		for _, part := range f.parts {
			for _, p := range part {
				got = append(got, orb.Point{float64(p.x), float64(p.y)})
				if p.sides() == 0 && !near(float64(p.x), float64(p.y), want) {
					t.Errorf("feature %d: %v is not in the source", f.id, p)
				}
			}
		}
		for _, p := range want {
			if low+1 < p[0] && p[0] < high-1 && low+1 < p[1] && p[1] < high-1 {
				matched++
				if !near(p[0], p[1], got) {
					t.Errorf("feature %d: the vertex at %v is missing", f.id, p)
				}
			}
		}
	}
	return matched
}

// TestGDAL reads a tile of the real gampong with GDAL's MVT driver, an
// independent decoder: it sees the features, attributes and vertices that the
// decoder of these tests sees.
func TestGDAL(t *testing.T) {
	ogr, err := exec.LookPath("ogr2ogr")
	if err != nil {
		t.Skip("GDAL is not installed")
	}
	var items []Item
	for i, g := range readPolygons(t, sharedData(t, "banda-aceh", "gampong.geojson")) {
		items = append(items, Item{ID: uint64(i + 1), Shape: shape(t, g)})
	}
	Generalise(items, true)
	l := coverageLayer(items)
	l.Keys = []string{"number", "name", "half", "odd"}
	l.Tags = func(f Feature, t Tags) {
		t.Int(0, -int64(f.ID))
		t.String(1, "gampong "+strconv.Itoa(int(f.ID)))
		t.Float(2, float64(f.ID)/2)
		t.Bool(3, f.ID%2 == 1)
	}
	id := tileAt(cityCentre, 16)
	id = ID{13, id.X >> 3, id.Y >> 3}
	var e Encoder
	b, err := e.Append(nil, id, l)
	if err != nil {
		t.Fatal(err)
	}
	own, err := decode(b)
	if err != nil {
		t.Fatal(err)
	}
	// The driver takes the address of a tile from its path.
	dir := filepath.Join(t.TempDir(), strconv.Itoa(int(id.Z)), strconv.Itoa(int(id.X)))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, strconv.Itoa(int(id.Y))+".pbf")
	if err := os.WriteFile(file, b, 0o644); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "out.geojson")
	cmd := exec.Command(ogr, "-f", "GeoJSON", "-t_srs", "EPSG:4326", "-lco", "COORDINATE_PRECISION=9", out, "-oo", "CLIP=NO", file, "zone")
	if msg, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("ogr2ogr: %v\n%s", err, msg)
	}
	compareWithGDAL(t, id, own[0], out)
}

func compareWithGDAL(t *testing.T, id ID, own decodedLayer, path string) {
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var fc struct {
		Features []struct {
			Properties struct {
				ID     int64 `json:"mvt_id"`
				Number int64
				Name   string
				Half   float64
				Odd    any
			}
		}
	}
	if err := json.Unmarshal(b, &fc); err != nil {
		t.Fatal(err)
	}
	geometries := readPolygons(t, path)
	if len(geometries) != len(own.features) || len(geometries) == 0 {
		t.Fatalf("GDAL sees %d features, want %d", len(geometries), len(own.features))
	}
	unit := 360 / math.Ldexp(Extent, int(id.Z))
	for i, f := range own.features {
		p := fc.Features[i].Properties
		if p.ID != int64(f.id) || p.Number != -p.ID || p.Name != "gampong "+strconv.Itoa(int(p.ID)) || p.Half != float64(p.ID)/2 {
			t.Errorf("feature %d: GDAL reads %+v", f.id, p)
		}
		vertices := 0
		for _, polygon := range geometries[i] {
			for _, ring := range polygon {
				for _, c := range ring[1:] {
					vertices++
					if !hasVertex(id, f, c, unit) {
						t.Errorf("feature %d: GDAL has a vertex at %v, which is not in the tile", f.id, c)
					}
				}
			}
		}
		want := 0
		for _, r := range f.parts {
			want += len(r)
		}
		if vertices != want {
			t.Errorf("feature %d: GDAL reads %d vertices, want %d", f.id, vertices, want)
		}
	}
}

func hasVertex(id ID, f decodedFeature, c orb.Point, tolerance float64) bool {
	for _, r := range f.parts {
		for _, p := range r {
			q := lonLat(id, float64(p.x), float64(p.y))
			if math.Abs(q[0]-c[0]) < tolerance/10 && math.Abs(q[1]-c[1]) < tolerance/10 {
				return true
			}
		}
	}
	return false
}
