package tiles

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"
)

// sharedData returns a path in the shared data, which is not part of the
// repository: the folder shared/data of a directory above, or SIMTARU_SHARED.
// The test is skipped where it is absent.
func sharedData(t testing.TB, path ...string) string {
	t.Helper()
	root := os.Getenv("SIMTARU_SHARED")
	if root == "" {
		dir, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for ; filepath.Dir(dir) != dir; dir = filepath.Dir(dir) {
			if _, err := os.Stat(filepath.Join(dir, "shared", "data")); err == nil {
				root = filepath.Join(dir, "shared", "data")
				break
			}
		}
	}
	p := filepath.Join(append([]string{root}, path...)...)
	if _, err := os.Stat(p); err != nil {
		t.Skipf("shared data is not here: %s", filepath.Join(path...))
	}
	return p
}

// readPolygons reads the polygons of a GeoJSON FeatureCollection.
func readPolygons(t testing.TB, path string) []orb.MultiPolygon {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var fc struct {
		Features []struct {
			Geometry struct {
				Type        string
				Coordinates json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(b, &fc); err != nil {
		t.Fatal(err)
	}
	var all []orb.MultiPolygon
	for _, f := range fc.Features {
		var mp orb.MultiPolygon
		switch f.Geometry.Type {
		case "Polygon":
			mp = make(orb.MultiPolygon, 1)
			err = json.Unmarshal(f.Geometry.Coordinates, &mp[0])
		case "MultiPolygon":
			err = json.Unmarshal(f.Geometry.Coordinates, &mp)
		default:
			t.Fatalf("%s: a %s", path, f.Geometry.Type)
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, mp)
	}
	return all
}
