package postgis_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// TestEditedInQGIS lets the real QGIS open, add, change and delete, and sees
// that a planner is told in Indonesian what is refused.
func TestEditedInQGIS(t *testing.T) {
	if err := exec.CommandContext(t.Context(), "/usr/bin/python3", "-c", "import qgis.core").Run(); err != nil {
		t.Skip("python3-qgis is not installed")
	}
	db := withPark(t)
	config, err := pgx.ParseConfig(db.DSN)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "/usr/bin/python3", "testdata/edit_in_qgis.py", config.Host, "5432", config.Database)
	cmd.Env = append(os.Environ(), "QT_QPA_PLATFORM=offscreen", "HOME="+t.TempDir())
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, stderr.String())
	}
	type result struct {
		Step   string
		OK     bool
		Errors []string
	}
	got := map[string]result{}
	for line := range strings.Lines(string(out)) {
		var r result
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		got[r.Step] = r
	}
	for step, message := range map[string]string{
		"open": "", "add": "", "change": "", "delete": "",
		"bad code": `Jenis: kode "forest" tidak ada dalam daftar park_kind versi 1.`,
		"bow tie":  "Geometri tidak sah: garis batasnya berpotongan sendiri di bujur 95.5000000, lintang 5.5000000.",
		"no name":  "Nama taman: wajib diisi.",
	} {
		r := got[step]
		if r.OK != (message == "") || !strings.Contains(strings.Join(r.Errors, "\n"), message) {
			t.Errorf("%s: %+v", step, r)
		}
	}
	if ops := scan[string](t, db.Conn(t), "select string_agg(op, ' ' order by id) from simtaru.change"); ops != "create update delete" {
		t.Errorf("changes: %s", ops)
	}
}
