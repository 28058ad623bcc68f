package network_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/demo"
	"github.com/simtaru/simtaru/internal/evac/network"
)

// shared is the path of data that is not part of the repository.
func shared(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join("../../../../shared/data", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no %s beside the repository", name)
	}
	return path
}

// jakarta is the roads of Jakarta, read from their shapefile by GDAL.
func jakarta(t testing.TB) []*network.Feature {
	t.Helper()
	program, err := exec.LookPath("ogr2ogr")
	if err != nil {
		t.Skip("no ogr2ogr to read shapefiles")
	}
	out, err := exec.CommandContext(t.Context(), program, "-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=15", "/vsistdout/", shared(t, "jakarta/jakarta_roads.shp")).Output()
	if err != nil {
		t.Fatalf("ogr2ogr: %v", err)
	}
	return roads(t, out, "TYPE", "ONEWAY", "NAME")
}

// maumere is the roads of a town on Flores, whose lines are not noded.
func maumere(t testing.TB) []*network.Feature {
	t.Helper()
	text, err := os.ReadFile(shared(t, "maumere/roads_Maumere.geojson"))
	if err != nil {
		t.Fatal(err)
	}
	return roads(t, text, "highway", "oneway", "name")
}

func roads(t testing.TB, text []byte, class, oneway, name string) (all []*network.Feature) {
	t.Helper()
	var c struct {
		Features []struct {
			Properties map[string]any
			Geometry   struct {
				Type        string
				Coordinates json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	for i, g := range c.Features {
		f := &network.Feature{Key: network.Key{ID: int64(i + 1)}, Revision: 1}
		var err error
		switch g.Geometry.Type {
		case "LineString":
			f.Geometry = make(orb.MultiLineString, 1)
			err = json.Unmarshal(g.Geometry.Coordinates, &f.Geometry[0])
		case "MultiLineString":
			err = json.Unmarshal(g.Geometry.Coordinates, &f.Geometry)
		default:
			t.Fatalf("road %d is a %s", i, g.Geometry.Type)
		}
		if err != nil {
			t.Fatal(err)
		}
		f.Attributes.Class, _ = g.Properties[class].(string)
		f.Attributes.Name, _ = g.Properties[name].(string)
		way, _ := g.Properties[oneway].(string)
		f.Attributes.Oneway = direction(way)
		all = append(all, f)
	}
	return all
}

func direction(way string) network.Oneway {
	switch way {
	case "yes":
		return network.Forward
	case "-1":
		return network.Backward
	}
	return network.Both
}

// city is the roads and marked routes of the demonstration city.
func city(scale float64) (all []*network.Feature) {
	c := demo.New(demo.Options{Scale: scale})
	for layer, name := range []string{"road", "evacuation_route"} {
		id := int64(0)
		for row := range c.Rows(name) {
			id++
			f := &network.Feature{Key: network.Key{Layer: layer, ID: id}, Revision: 1, Geometry: row.Geometry.(orb.MultiLineString)}
			a := &f.Attributes
			a.Class, _ = row.Values["class"].(string)
			a.Name, _ = row.Values["name"].(string)
			a.Surface, _ = row.Values["surface"].(string)
			a.Condition, _ = row.Values["condition"].(string)
			a.Width, _ = row.Values["width"].(float64)
			if layer == 0 {
				way, _ := row.Values["oneway"].(string)
				a.Oneway = direction(way)
				a.Bridge, _ = row.Values["bridge"].(bool)
				if level, ok := row.Values["level"].(int64); ok {
					l := int(level)
					a.Level = &l
				}
			}
			all = append(all, f)
		}
	}
	return all
}
