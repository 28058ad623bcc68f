package postgis_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/testdb"
)

// qgisStep is a line of a script's output: whether QGIS could do something,
// and what it would show the planner if not.
type qgisStep struct {
	Step   string
	OK     bool
	Errors []string
}

// inQGIS runs a script of testdata in the real QGIS and returns its steps.
func inQGIS(t *testing.T, db *testdb.DB, script string) map[string]qgisStep {
	t.Helper()
	if err := exec.CommandContext(t.Context(), "/usr/bin/python3", "-c", "import qgis.core").Run(); err != nil {
		t.Skip("python3-qgis is not installed")
	}
	config, err := pgx.ParseConfig(db.DSN)
	if err != nil {
		t.Fatal(err)
	}
	script = filepath.Join("testdata", script)
	if _, err := os.Stat(script); err != nil { // and a result is not kept for another script
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "/usr/bin/python3", script, config.Host, "5432", config.Database)
	cmd.Env = append(os.Environ(), "QT_QPA_PLATFORM=offscreen", "HOME="+t.TempDir())
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, stderr.String())
	}
	steps := map[string]qgisStep{}
	for line := range strings.Lines(string(out)) {
		var s qgisStep
		if err := json.Unmarshal([]byte(line), &s); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		steps[s.Step] = s
	}
	return steps
}

// checkSteps compares steps with what each is refused for; empty: it is not.
func checkSteps(t *testing.T, got map[string]qgisStep, want map[string]string) {
	t.Helper()
	for step, message := range want {
		s, ok := got[step]
		if !ok || s.OK != (message == "") || !regexp.MustCompile(message).MatchString(strings.Join(s.Errors, "\n")) {
			t.Errorf("%s: %+v, want %q", step, s, message)
		}
	}
	for step := range got {
		if _, ok := want[step]; !ok {
			t.Errorf("%s: not expected", step)
		}
	}
}

// TestEditedInQGIS lets the real QGIS open, add, change and delete, and sees
// that a planner is told in Indonesian what is refused.
func TestEditedInQGIS(t *testing.T) {
	db := withPark(t)
	checkSteps(t, inQGIS(t, db, "edit_in_qgis.py"), map[string]string{
		"open": "", "add": "", "change": "", "delete": "",
		"bad code": `Jenis: kode "forest" tidak ada dalam daftar park_kind versi 1.`,
		"bow tie":  "Geometri tidak sah: garis batasnya berpotongan sendiri di bujur 95.5000000, lintang 5.5000000.",
		"no name":  "Nama taman: wajib diisi.",
	})
	if ops := scan[string](t, db.Conn(t), "select string_agg(op, ' ' order by id) from simtaru.change"); ops != "create update delete" {
		t.Errorf("changes: %s", ops)
	}
}

// TestTwoPlannersInQGIS: two planners and a disaster officer at one layer, each
// with a login of its own, without and with transaction groups.
func TestTwoPlannersInQGIS(t *testing.T) {
	db := withPark(t)
	login(t, db, "siti", "simtaru_planner")
	login(t, db, "budi", "simtaru_planner")
	login(t, db, "tuti", "simtaru_disaster")
	const when = `\d+ (Jan|Feb|Mar|Apr|Mei|Jun|Jul|Agu|Sep|Okt|Nov|Des) 20\d\d \d\d\.\d\d WIB`
	const overtaken = "Fitur ini sudah diubah oleh siti pada " + when + ", sesudah Anda mulai menyunting "
	checkSteps(t, inQGIS(t, db, "two_planners_in_qgis.py"), map[string]string{
		"open": "", "find plan": "", "find history": "", "three forms": "",
		"first": "", "second again": "", "both 1": "", "both 2": "",
		"second": "Fitur ini sudah diubah oleh siti pada " + when + `, sesudah Anda membacanya \(fitur 1 sekarang revisi 2, yang Anda baca revisi 1\)`,
		"delete": "", "change of what is deleted": "Fitur 3 sudah dihapus oleh siti pada " + when,
		"split": "", "split saved": "", "merge saved": "",
		"group: split": "", "group: split saved": "", "group: merge saved": "",
		"group: siti saves": "", "group: overtaken": overtaken, "group: overtaken geometry": overtaken, "group: overtaken delete": overtaken, "group: the rest is saved": "",
		"group: siti saves what was open": "", "group: overtaken by an older transaction": overtaken,
		"group: after a look": "", "group: saved": "",
		"group: siti deletes": "", "group: change of what is deleted": `Fitur \d+ sudah dihapus oleh siti pada ` + when,
		"officer reads": "", "officer cannot edit": "",
	})
	conn := db.Conn(t)
	for sql, want := range map[string]string{
		// However they came, they are stored as one form.
		"select string_agg(distinct geometrytype(geom) || st_ndims(geom) || st_srid(geom), ' ') from history.park where geom is not null": "MULTIPOLYGON24326",
		// siti: three forms, first, both, split and merge; budi: second again. Nobody lost a value.
		"select string_agg(left(updated_by, 1) || coalesce(trees::text, '-'), ' ' order by revision) from history.park where id = 1": "s- s9 b7 s7 s7 s7 s-",
		// What QGIS says in an update of its own is no version.
		"select count(*)::text from history.park a join history.park b on a.id = b.id and b.revision = a.revision + 1 and b.sys_op = 'update'" +
			" where (a.name, a.trees, a.share, a.geom) is not distinct from (b.name, b.trees, b.share, b.geom)": "0",
		"select count(*)::text from plan.park where read_revision is not null": "0",
	} {
		if got := scan[string](t, conn, sql); got != want {
			t.Errorf("%s: %s, want %s", sql, got, want)
		}
	}
}

// TestFoundByGDAL: GDAL finds type and CRS of a column without a modifier, and
// writes single polygons with Z into it.
func TestFoundByGDAL(t *testing.T) {
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip("gdal-bin is not installed")
	}
	db := withPark(t)
	login(t, db, "siti", "simtaru_planner")
	config, err := pgx.ParseConfig(db.DSN)
	if err != nil {
		t.Fatal(err)
	}
	source := fmt.Sprintf("PG:host=%s dbname=%s user=siti", config.Host, config.Database)
	for _, table := range []string{"plan.park", "history.park"} {
		out, err := exec.CommandContext(t.Context(), "ogrinfo", "-so", source, table).CombinedOutput()
		if err != nil || !strings.Contains(string(out), "Geometry: Multi Polygon\n") || !strings.Contains(string(out), `ID["EPSG",4326]`) {
			t.Errorf("%s: %v\n%s", table, err, out)
		}
	}
	file := filepath.Join(t.TempDir(), "park.csv")
	if err := os.WriteFile(file, []byte("name,wkt\nTaman Sari,\"POLYGON Z ((95 5 1,95.1 5 1,95.1 5.1 1,95 5 1))\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "ogr2ogr", "-append", source, file, "-nln", "plan.park",
		"-oo", "GEOM_POSSIBLE_NAMES=wkt", "-oo", "KEEP_GEOM_COLUMNS=NO", "-a_srs", "EPSG:4326").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if got := scan[string](t, db.Conn(t), "select updated_by || ' ' || st_asewkt(geom) from plan.park"); got != "siti SRID=4326;MULTIPOLYGON(((95 5,95.1 5,95.1 5.1,95 5)))" {
		t.Error(got)
	}
}
