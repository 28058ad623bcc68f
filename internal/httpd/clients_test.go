package httpd_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/plan"
)

// client is what a program of the field found in one layer.
type client struct {
	Error    string
	Count    int
	Read     int
	IDs      int
	Filtered int
	Fields   map[string]string
	Shapes   map[string]int
	Box      []float64
	Extent   []float64
	First    map[string]any
	SRS      string
	CRS      string
}

// python runs a script of testdata/clients with Debian's Python, or skips.
func python(t *testing.T, module, script string, args ...string) []byte {
	t.Helper()
	const interpreter = "/usr/bin/python3"
	if err := exec.Command(interpreter, "-c", "import "+module).Run(); err != nil {
		t.Skipf("%s has no module %s: install python3-%s to run this test", interpreter, module, strings.ToLower(strings.Split(module, ".")[0]))
	}
	cmd := exec.CommandContext(t.Context(), interpreter, append([]string{"testdata/clients/" + script}, args...)...)
	home := t.TempDir()
	cmd.Env = append(os.Environ(), "QT_QPA_PLATFORM=offscreen", "HOME="+home, "XDG_RUNTIME_DIR="+home, "CPL_DEBUG=OFF")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s\n%s", script, err, out, stderr.String())
	}
	return out
}

// crowd gives the points layer n features, so that clients must page.
func crowd(n int) map[string][]*plan.Feature {
	f := testFeatures()
	for i := len(f[spots]); i < n; i++ {
		d := float64(i) / 100000
		f[spots] = append(f[spots], &plan.Feature{
			ID: int64(i + 1), Revision: 1, UpdatedAt: firstDay, Geometry: orb.Point{95.35 + d, 5.55 - d},
			Values: []any{fmt.Sprintf("Kios %d", i), int64(i), float64(i), true, plan.Date("2026-05-06"), firstDay.Add(time.Hour)},
		})
	}
	return f
}

// TestGDAL reads every layer with GDAL's OAPIF driver.
func TestGDAL(t *testing.T) {
	s := serveCrowd(t, 2345)
	var found map[string]client
	if err := json.Unmarshal(python(t, "osgeo.gdal", "read_gdal.py", s.URL+"/ogc"), &found); err != nil {
		t.Fatal(err)
	}
	if len(found) != 3 {
		t.Errorf("GDAL sees the layers %v", found)
	}
	checkClient(t, found, map[string]string{
		"name": "String", "seats": "Integer", "height": "Real", "open": "Integer", "since": "Date", "checked": "DateTime",
		"revision": "Integer", "updated_at": "DateTime",
	})
	for name, c := range found {
		if c.IDs != c.Count || len(c.Extent) != 4 || !near(c.Extent, c.Box) {
			t.Errorf("%s: %d ids, extent %v, box %v", name, c.IDs, c.Extent, c.Box)
		}
	}
}

// TestQGIS reads every layer with QGIS's OAPIF provider.
func TestQGIS(t *testing.T) {
	s := serveCrowd(t, 2345)
	out := python(t, "qgis.core", "read_qgis.py", s.URL+"/ogc", spots, lanes, patches)
	_, text, ok := strings.Cut(string(out), "FOUND ")
	if !ok {
		t.Fatalf("%s", out)
	}
	var found map[string]client
	if err := json.Unmarshal([]byte(text), &found); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	checkClient(t, found, map[string]string{
		"name": "string", "seats": "integer", "height": "real", "open": "boolean", "since": "date", "checked": "datetime",
		"revision": "integer", "updated_at": "datetime",
	})
	for name, c := range found {
		if c.Read != c.Count {
			t.Errorf("%s: %d counted, %d read", name, c.Count, c.Read)
		}
	}
}

// TestTileInGDAL decodes a tile with GDAL's MVT driver and compares what it holds
// with the features, to the unit of the tile's grid.
func TestTileInGDAL(t *testing.T) {
	s := serve(t)
	name := filepath.Join(t.TempDir(), "tile.mvt")
	if err := os.WriteFile(name, s.get(t, "/tiles/"+spots+","+patches+"/12/3132/1985").body, 0o600); err != nil {
		t.Fatal(err)
	}
	var found map[string][]struct {
		ID     int
		Box    []float64
		Values map[string]any
	}
	if err := json.Unmarshal(python(t, "osgeo.gdal", "read_tile.py", name, "12", "3132", "1985"), &found); err != nil {
		t.Fatal(err)
	}
	const unit = 360.0 / 4096 / 4096 // degrees of one unit at zoom 12
	want := testFeatures()
	for layer, count := range map[string]int{spots: 25, patches: 4} {
		if len(found[layer]) != count {
			t.Errorf("%s: %d features, want %d", layer, len(found[layer]), count)
		}
		for _, f := range found[layer] {
			source := want[layer][f.ID-1]
			b := source.Geometry.Bound()
			for i, v := range []float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]} {
				if math.Abs(f.Box[i]-v) > unit {
					t.Errorf("%s %d lies at %v, not %v", layer, f.ID, f.Box, b)
				}
			}
		}
	}
	first := found[spots][0]
	if first.Values["name"] != "Gampong A" || first.Values["seats"] != 0.0 || len(first.Values) != 2 {
		t.Errorf("the first spot has %v", first.Values)
	}
}

func serveCrowd(t *testing.T, n int) *service {
	t.Helper()
	db := newSource()
	db.features = crowd(n)
	s := serveSource(t, db)
	wait(t, "the plan is loaded", func() bool { return s.mirror.Status().Ready })
	return s
}

func checkClient(t *testing.T, found map[string]client, types map[string]string) {
	t.Helper()
	want := map[string]struct {
		count, filtered int
		shapes          map[string]int
		box             []float64
	}{
		spots:   {2345, 3, map[string]int{"POINT": 2344}, []float64{95.3, 5.5, 95.37344, 5.54974}},
		lanes:   {2, 1, map[string]int{"MULTILINESTRING": 2}, []float64{95.3, 5.5, 95.32, 5.51}},
		patches: {4, 1, map[string]int{"MULTIPOLYGON": 4}, []float64{95.3, 5.5, 95.32, 5.52}},
	}
	for name, w := range want {
		c := found[name]
		if c.Error != "" {
			t.Errorf("%s: %s", name, c.Error)
			continue
		}
		if c.Count != w.count || c.Filtered != w.filtered {
			t.Errorf("%s: %d features, %d in the box; want %d, %d", name, c.Count, c.Filtered, w.count, w.filtered)
		}
		for shape, n := range w.shapes {
			if got := c.Shapes[shape] + c.Shapes[shapeName(shape)]; got != n {
				t.Errorf("%s: shapes %v, want %v", name, c.Shapes, w.shapes)
			}
		}
		if !near(c.Box, w.box) {
			t.Errorf("%s: box %v, want %v", name, c.Box, w.box)
		}
	}
	for field, kind := range types {
		if got := strings.ToLower(found[spots].Fields[field]); !strings.HasPrefix(got, strings.ToLower(kind)) {
			t.Errorf("%s.%s is a %q, want %q; all: %v", spots, field, got, kind, found[spots].Fields)
		}
	}
	if got := found[spots].First["name"]; got != "Gampong A" {
		t.Errorf("first name %v", got)
	}
}

// shapeName is how QGIS writes what GDAL writes in capitals.
func shapeName(s string) string {
	return map[string]string{"POINT": "Point", "MULTILINESTRING": "MultiLineString", "MULTIPOLYGON": "MultiPolygon"}[s]
}

func near(a, b []float64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if math.Abs(a[i]-b[i]) > 1e-6 {
			return false
		}
	}
	return true
}
