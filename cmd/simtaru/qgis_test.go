package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/carto"
	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/plan"
)

// zones is the layer that the planners of these tests edit.
const zones = "zoning"

// qgisStep is a line of a script: whether QGIS could do something, what it
// shows where it could not, and what the test must know of it.
type qgisStep struct {
	Step               string
	OK                 bool
	Errors             []string
	Title, CRS, User   string
	Asked              int
	Moved, Parts       []int64
	Whole, Added       int64
	Overtaken, Deleted int64
}

// inQGIS runs a script of testdata in the real QGIS, with a task as JSON.
func (s shell) inQGIS(script string, task any) map[string]qgisStep {
	s.t.Helper()
	file := filepath.Join(s.t.TempDir(), "task.json")
	text, err := json.Marshal(task)
	if err == nil {
		err = os.WriteFile(file, text, 0o600)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	for _, name := range []string{script, "declared_qgis.py"} {
		if _, err := os.Stat(filepath.Join("testdata", name)); err != nil { // and a result is not kept for another script
			s.t.Fatal(err)
		}
	}
	script = filepath.Join("testdata", script)
	cmd := exec.CommandContext(s.t.Context(), "/usr/bin/python3", script, file)
	cmd.Env = append(cmd.Environ(), "QT_QPA_PLATFORM=offscreen", "HOME="+s.t.TempDir())
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		s.t.Fatalf("%s: %v\n%s\n%s", script, err, out, stderr.String())
	}
	steps := map[string]qgisStep{}
	for line := range strings.Lines(string(out)) {
		var step qgisStep
		if err := json.Unmarshal([]byte(line), &step); err != nil {
			s.t.Fatalf("%q: %v", line, err)
		}
		steps[step.Step] = step
	}
	return steps
}

func needsQGIS(t *testing.T) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), "/usr/bin/python3", "-c", "import qgis.gui").CombinedOutput(); err != nil {
		t.Skipf("python3-qgis is not installed: %s", out)
	}
}

type credentials struct {
	Name     string `json:"name"`
	Password string `json:"password"`
}

// person adds somebody with a login.
func (s shell) person(name string, role plan.Role) credentials {
	s.t.Helper()
	c := credentials{name, "kata sandi " + name + " 2026"}
	s.typed(0, c.Password+"\n", "user", "add", name, "--role", string(role), "--password-stdin")
	return c
}

// plannersTask is what a script compares the project with: the declarations.
func (s shell) plannersTask(cat *plan.Catalog, planner plan.Actor) map[string]any {
	s.t.Helper()
	layers, lists, order, relations := map[string]any{}, map[string]any{}, []string{}, 0
	for _, l := range cat.Layers() {
		if !planner.CanRead(l) {
			continue
		}
		legend, err := carto.Legend(cat, l)
		if err != nil {
			s.t.Fatal(err)
		}
		order = append(order, l.ID)
		layers[l.ID] = map[string]any{
			"geometry": l.Geometry, "field": l.Style.Field, "legend": legend, "label": l.Label, "fields": l.Fields,
			"drawnFrom": max(l.Zooms.Min, l.Zooms.Show), "editable": planner.CanEdit(l), "count": s.count("plan." + l.ID), "note": "remark",
		}
		for _, f := range l.Fields {
			if f.References != nil {
				relations++
			}
		}
	}
	for _, list := range cat.Lists() {
		lists[list.ID+"@"+list.Version] = list.Codes
	}
	return map[string]any{"layers": layers, "lists": lists, "order": order, "relations": relations, "zones": zones}
}

// TestAPlannersDay: the project opens from the database, is what the
// declarations say, and edits made with it reach database, map and history;
// what is wrong or comes too late is refused in words.
func TestAPlannersDay(t *testing.T) {
	needsQGIS(t)
	s := office(t)
	s.do(0, "demo", "--scale", "0.2")
	siti, budi := s.person("siti.rahma", plan.Planner), s.person("budi", plan.Planner)
	base := s.serving()
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	config, err := pgx.ParseConfig(s.db.DSN)
	if err != nil {
		t.Fatal(err)
	}
	task := s.plannersTask(cat, plan.Actor{Role: plan.Planner})
	pictures := t.TempDir()
	for k, v := range map[string]any{
		"port": s.db.Cluster.Port(), "database": config.Database, "base": base, "siti": siti, "budi": budi, "pictures": pictures,
	} {
		task[k] = v
	}
	got := s.inQGIS("planner_qgis.py", task)
	const when = `\d+ (Jan|Feb|Mar|Apr|Mei|Jun|Jul|Agu|Sep|Okt|Nov|Des) 20\d\d \d\d\.\d\d WIB`
	overtaken := "Fitur ini sudah diubah oleh budi pada " + when
	refused := map[string]string{
		"a broken polygon": `Geometri tidak sah: garis batasnya berpotongan sendiri di bujur 95.25\d*, lintang 5.85\d*`,
		"an unknown code":  `Kode sub-zona: kode "Z-99" tidak ada dalam daftar zone versi 2021`,
		"overtaken":        overtaken, "overtaken geometry": overtaken,
		"deleted": `Fitur \d+ sudah dihapus oleh budi pada ` + when,
	}
	for name, step := range got {
		message, no := refused[name]
		switch {
		case step.OK == no:
			t.Errorf("%s: %t %q", name, step.OK, step.Errors)
		case no && !regexp.MustCompile(message).MatchString(strings.Join(step.Errors, "\n")):
			t.Errorf("%s: %q, want %q", name, step.Errors, message)
		}
	}
	// Every layer has five steps, and the rest is in the script.
	if want := 5*len(task["order"].([]string)) + 35; len(got) != want {
		t.Errorf("%d steps, want %d", len(got), want)
	}
	if open := got["open"]; open.CRS != "EPSG:32646" || open.Title != "Kota Banda Aceh (perencana)" || open.Asked != 1 {
		t.Errorf("the project: %+v", open)
	}
	if got["the file"].User != siti.Name {
		t.Errorf("the file is for %q", got["the file"].User)
	}
	s.checkHistory(got)
	for _, picture := range []string{"city.png", "zone.png"} {
		if info, err := os.Stat(filepath.Join(pictures, picture)); err != nil || info.Size() < 1000 {
			t.Errorf("%s: %v", picture, err)
		}
	}
}

// checkHistory asks the database what happened to the zones of a day.
func (s shell) checkHistory(got map[string]qgisStep) {
	s.t.Helper()
	const query = "select coalesce(string_agg(sys_op || ' ' || sys_actor, ', ' order by revision), '') from history." + zones + " where id = $1 and sys_actor <> 'demonstration'"
	corner, parts, late := got["save the corner"].Moved, got["the parts"], got["save what was overtaken"]
	if len(corner) != 2 || len(parts.Parts) == 0 {
		s.t.Fatalf("corner of %v, parts %v", corner, parts.Parts)
	}
	want := map[int64]string{
		corner[0]:             "update siti.rahma, update budi, update siti.rahma",
		corner[1]:             "update siti.rahma, delete budi",
		parts.Whole:           "update siti.rahma, update siti.rahma",
		parts.Parts[0]:        "create siti.rahma, delete siti.rahma",
		got["an issue"].Added: "create siti.rahma, delete siti.rahma",
	}
	if late.Overtaken != corner[0] || late.Deleted != corner[1] {
		s.t.Errorf("another zone was overtaken: %+v", late)
	}
	conn := s.db.Conn(s.t)
	for id, versions := range want {
		var have string
		if err := conn.QueryRow(s.t.Context(), query, id).Scan(&have); err != nil || have != versions {
			s.t.Errorf("zone %d: %q, %v; want %q", id, have, err, versions)
		}
	}
	// Both zones of the corner are one moment, as they are one edit.
	var moments int
	err := conn.QueryRow(s.t.Context(), "select count(distinct sys_from) from history."+zones+" where id = any($1) and revision = 2", corner).Scan(&moments)
	if err != nil || moments != 1 {
		s.t.Errorf("the corner moved in %d moments, %v", moments, err)
	}
}

// TestOthersInQGIS: a disaster officer and a citizen have projects of their
// own, and no door to the zoning plan.
func TestOthersInQGIS(t *testing.T) {
	needsQGIS(t)
	s := office(t)
	s.do(0, "demo", "--scale", "0.2")
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	config, err := pgx.ParseConfig(s.db.DSN)
	if err != nil {
		t.Fatal(err)
	}
	for role, edits := range map[plan.Role]string{plan.Disaster: "closure", plan.Public: ""} {
		me := s.person("orang-"+string(role), role)
		actor := plan.Actor{Role: role}
		reads, may := []string{}, []string{}
		for _, l := range cat.Layers() {
			if actor.CanRead(l) {
				reads = append(reads, l.ID)
			}
			if actor.CanEdit(l) {
				may = append(may, l.ID)
			}
		}
		if edits != "" && !slices.Contains(may, edits) || slices.Contains(may, zones) {
			t.Fatalf("%s edits %v", role, may)
		}
		got := s.inQGIS("others_qgis.py", map[string]any{
			"port": s.db.Cluster.Port(), "database": config.Database, "me": me, "role": role, "reads": reads, "edits": may, "zones": zones, "note": "remark",
		})
		for name, step := range got {
			if !step.OK {
				t.Errorf("%s: %s: %q", role, name, step.Errors)
			}
		}
		if len(got) != 7 {
			t.Errorf("%s: %d steps", role, len(got))
		}
	}
}

// TestQGISOverHTTP: the project for those who cannot reach the database is the
// same, of layers that come over OGC API Features: a planner's with the login
// that QGIS keeps, a citizen's without.
func TestQGISOverHTTP(t *testing.T) {
	needsQGIS(t)
	s := office(t)
	s.do(0, "demo", "--scale", "0.2")
	siti := s.person("siti.rahma", plan.Planner)
	base := s.serving()
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for role, me := range map[plan.Role]*credentials{plan.Planner: &siti, plan.Public: nil} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/qgis/simtaru.qgz?via=ogc", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept-Language", "id")
		if me != nil {
			req.SetBasicAuth(me.Name, me.Password)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		qgz, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		project := filepath.Join(t.TempDir(), "simtaru.qgz")
		if err != nil || resp.StatusCode != http.StatusOK || os.WriteFile(project, qgz, 0o600) != nil {
			t.Fatal(resp.StatusCode, err)
		}
		task := s.plannersTask(cat, plan.Actor{Role: role})
		task["me"], task["project"] = me, project
		got := s.inQGIS("http_qgis.py", task)
		for name, step := range got {
			if !step.OK {
				t.Errorf("%s: %s: %q", role, name, step.Errors)
			}
		}
		// Every layer has four steps, or three where it is empty.
		want, layers := 4, task["layers"].(map[string]any)
		if me != nil {
			want++
		}
		for _, l := range layers {
			want += 4
			if l.(map[string]any)["count"] == 0 {
				want--
			}
		}
		if len(got) != want || got["open"].CRS != "EPSG:32646" {
			t.Errorf("%s: %d steps of %d, %+v", role, len(got), want, got["open"])
		}
	}
}

// TestPublish: the command line says how QGIS reaches the database, and a
// layer of one's own is in the projects at once.
func TestPublish(t *testing.T) {
	s := office(t)
	content := func() (sum string) {
		s.t.Helper()
		err := s.db.Conn(t).QueryRow(t.Context(), "select string_agg(md5(content), ' ' order by name) || (select count(*) from layer_styles) from qgis_projects").Scan(&sum)
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	first := content()
	s.do(0, "migrate")
	if content() != first {
		t.Error("the same again is another project")
	}
	out := s.typed(0, "", "qgis", "publish", "--host", "db.example.id", "--port", "6000", "--sslmode", "require")
	if !strings.Contains(out, "Projects written: simtaru_public, simtaru_planner") || !strings.Contains(out, "at db.example.id port 6000") {
		t.Errorf("publish says %q", out)
	}
	second := content()
	if out := s.typed(0, "", "qgis", "publish"); !strings.Contains(out, "as they should be") || !strings.Contains(out, "db.example.id") || content() != second {
		t.Errorf("publish again says %q", out)
	}
	s.do(0, "layer", "apply", s.file("bus_stop.yaml", busStop))
	if third := content(); third == second || !strings.HasSuffix(third, fmt.Sprint(s.count("simtaru.layer"))) {
		t.Error("a new layer is not in the projects")
	}
}
