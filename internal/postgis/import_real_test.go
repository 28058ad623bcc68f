package postgis_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/exchange"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/testdb"
)

// sharedData is the folder of real data; data/README.md there names sources
// and licences. The test is skipped where it is absent.
func sharedData(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("SIMTARU_SHARED")
	if dir != "" {
		return filepath.Join(dir, "data")
	}
	at, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; at != "/"; at = filepath.Dir(at) {
		dir := filepath.Join(at, "shared", "data")
		if _, err := os.Stat(dir); err == nil {
			return dir
		}
	}
	t.Skip("no folder shared/data above the repository (or set SIMTARU_SHARED)")
	return ""
}

// gdal runs a program of GDAL, or skips where it is not installed.
func gdal(t *testing.T, name string, args ...string) string {
	t.Helper()
	bin, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s (package gdal-bin) is not installed", name)
	}
	out, err := exec.CommandContext(t.Context(), bin, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// counted is how many features GDAL counts in a file.
func counted(t *testing.T, file string) int64 {
	t.Helper()
	found := regexp.MustCompile(`Feature Count: (\d+)`).FindStringSubmatch(gdal(t, "ogrinfo", "-so", "-al", file))
	if found == nil {
		t.Fatalf("ogrinfo counts nothing in %s", file)
	}
	n, err := strconv.ParseInt(found[1], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// city is a database with all built-in layers.
func city(t *testing.T) (*testdb.DB, *plan.Catalog) {
	t.Helper()
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	db := testdb.New(t)
	if _, err := db.Store.ApplyCatalog(t.Context(), cat); err != nil {
		t.Fatal(err)
	}
	return db, cat
}

// importFile imports a file into a built-in layer.
func importFile(t *testing.T, db *testdb.DB, cat *plan.Catalog, layer, file string, change func(*exchange.Options)) exchange.Report {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	l, ok := cat.Layer(layer)
	if !ok {
		t.Fatalf("no layer %s", layer)
	}
	var listed strings.Builder
	table, err := exchange.NewCSV(&listed, plan.English)
	if err != nil {
		t.Fatal(err)
	}
	o := exchange.Options{Layer: l, Catalog: cat, Actor: plan.Actor{Name: "test", Role: plan.Admin}, Source: f, Name: filepath.Base(file), Problems: table}
	if change != nil {
		change(&o)
	}
	report, err := exchange.Import(t.Context(), o, db.Store, nil)
	if ferr := table.Flush(); ferr != nil {
		t.Fatal(ferr)
	}
	t.Log(report.Summary(plan.English))
	if err != nil {
		t.Fatalf("%v\n%s", err, listed.String())
	}
	return report
}

func TestImportRealFiles(t *testing.T) {
	data := sharedData(t)
	db, cat := city(t)
	for _, c := range []struct {
		layer, file string
		change      func(*exchange.Options)
		unknown     string
	}{
		{"boundary", "banda-aceh/gampong.geojson", func(o *exchange.Options) {
			o.Map = []exchange.Mapping{{Source: "kode", Target: "kode"}, {Source: "nama", Target: "nama"}}
		}, "lat 90, lng 90"},
		{"road", "maumere/roads_Maumere.geojson", func(o *exchange.Options) {
			// bridge is yes or null there and a boolean here: left out on purpose.
			o.Map = []exchange.Mapping{{Source: "highway", Target: "class"}, {Source: "bridge"}}
			o.Set = []exchange.Assignment{{Field: "source", Value: "OpenStreetMap"}}
		}, ""},
		{"building", "maumere/building_Maumere.geojson", nil, ""},
		{"hazard_zone", "maumere/tsunami_polygon_Maumere.geojson", func(o *exchange.Options) {
			o.Map = []exchange.Mapping{{Source: "Category", Target: "agency_label"}}
			o.Set = []exchange.Assignment{{Field: "hazard", Value: "tsunami"}}
			o.Repair = true
		}, "GRIDCODE 1032, OBJECTID 1032, Shape_Area 1032, Shape_Leng 1032"},
	} {
		t.Run(c.layer, func(t *testing.T) {
			file := filepath.Join(data, c.file)
			report := importFile(t, db, cat, c.layer, file, c.change)
			want := counted(t, file)
			stored := scan[int64](t, db.Conn(t), "select count(*) from plan."+c.layer+" where geom is not null")
			if report.Read != want || report.Imported != want || stored != want {
				t.Errorf("GDAL counts %d; %d read, %d imported, %d stored", want, report.Read, report.Imported, stored)
			}
			var unknown []string
			for _, u := range report.Unknown {
				unknown = append(unknown, fmt.Sprint(u.Name, " ", u.Count))
			}
			if got := strings.Join(unknown, ", "); got != c.unknown {
				t.Errorf("unknown properties: %s, want %s", got, c.unknown)
			}
		})
	}
}

// TestImportAgreesWithGDALInEveryCRS: GDAL transforms the gampong into each
// reference system and writes it in the old style, with a crs member or, as a
// text sequence, without; what is then imported is where it was, to a tenth of
// a millimetre.
func TestImportAgreesWithGDALInEveryCRS(t *testing.T) {
	file := filepath.Join(sharedData(t), "banda-aceh/gampong.geojson")
	db, cat := city(t)
	importFile(t, db, cat, "boundary", file, nil)
	db.Exec(t, "create table original as select kode, geom from plan.boundary")
	for _, srs := range []string{"EPSG:4326", "EPSG:3857", "EPSG:32646", "EPSG:23830"} {
		t.Run(srs, func(t *testing.T) {
			db.Exec(t, "delete from plan.boundary")
			made := filepath.Join(t.TempDir(), "gampong.geojson")
			gdal(t, "ogr2ogr", "-t_srs", srs, "-lco", "COORDINATE_PRECISION=15", made, file)
			report := importFile(t, db, cat, "boundary", made, nil)
			if srs != "EPSG:4326" && (report.CRS != srs || !report.FromFile) {
				t.Errorf("the crs member was read as %s, %v", report.CRS, report.FromFile)
			}
			worst := scan[float64](t, db.Conn(t), `select max(coalesce(abs(st_x(a.geom) - st_x(b.geom)) + abs(st_y(a.geom) - st_y(b.geom)), 1e9)) * 111320
				from (select kode, (st_dumppoints(geom)).* from original) a
				full join (select kode, (st_dumppoints(geom)).* from plan.boundary) b using (kode, path)`)
			t.Logf("worst difference %.2g m", worst)
			if worst > 1e-4 {
				t.Errorf("%g m away", worst)
			}
		})
	}
	t.Run("text sequence", func(t *testing.T) {
		db.Exec(t, "delete from plan.boundary")
		made := filepath.Join(t.TempDir(), "gampong.geojsons")
		gdal(t, "ogr2ogr", "-f", "GeoJSONSeq", "-lco", "RS=YES", "-lco", "COORDINATE_PRECISION=15", made, file)
		if report := importFile(t, db, cat, "boundary", made, nil); report.Imported != 90 {
			t.Errorf("%d imported", report.Imported)
		}
	})
}
