package qgis

import (
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/plan"
)

var update = flag.Bool("update", false, "write golden files")

func builtin(t *testing.T) *plan.Catalog {
	t.Helper()
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

// golden compares with testdata/name, and writes it with -update.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (go test -update writes it):\n%s", file, diff)
	}
}

// TestStyleGolden keeps two styles, so that a change is seen in review: points
// by class with every type of field, and dashed polygons.
func TestStyleGolden(t *testing.T) {
	cat := builtin(t)
	for _, id := range []string{"shelter", "closure"} {
		l, _ := cat.Layer(id)
		qml, err := Style(cat, l)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, id+".qml", qml)
	}
}

// banda is a box of Banda Aceh.
var banda = orb.Bound{Min: orb.Point{95.27, 5.51}, Max: orb.Point{95.38, 5.61}}

func planner() Options {
	return Options{
		Actor: plan.Actor{Role: plan.Planner}, City: plan.Text{ID: "Kota Banda Aceh", EN: "Banda Aceh City"}, Bound: banda,
		Connection: Connection{Host: "db.example.id", Port: 5433, Database: "kota", SSLMode: "require"},
	}
}

// TestProjectGolden keeps the project of a small catalogue.
func TestProjectGolden(t *testing.T) {
	cat := builtin(t)
	var few []*plan.Layer
	for _, id := range []string{"boundary", "waste_bank"} {
		l, _ := cat.Layer(id)
		few = append(few, l)
	}
	qgs, err := Project(catalog.New(few, cat.Lists()), planner())
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "project.qgs", qgs)
}

// TestDocumentsAreWellFormed reads every style and project back, with titles
// that would break out of any quoting.
func TestDocumentsAreWellFormed(t *testing.T) {
	cat := builtin(t)
	evil := `"><Option/>' & </maplayer> ]]> ` + "\x01"
	var layers []*plan.Layer
	for _, l := range cat.Layers() {
		c := *l
		c.Title.ID += evil
		c.Fields = append([]plan.Field(nil), l.Fields...)
		c.Fields[0].Title.ID += evil
		layers = append(layers, &c)
	}
	hostile := catalog.New(layers, cat.Lists())
	o := planner()
	o.Connection.Database, o.Connection.User, o.City.ID = `o'brien\`, `a'b`, evil
	qgs, err := Project(hostile, o)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := elements(t, qgs)["maplayer"], len(layers); got != want {
		t.Errorf("%d layers in the project, want %d", got, want)
	}
	if !strings.Contains(string(qgs), `dbname=&#39;o\&#39;brien\\&#39;`) {
		t.Error("the name of the database is not quoted")
	}
	for _, l := range layers {
		qml, err := Style(hostile, l)
		if err != nil {
			t.Fatal(err)
		}
		if n := elements(t, qml); n["qgis"] != 1 || n["editWidget"] != len(l.Fields)+5 {
			t.Errorf("%s: %d editors for %d fields", l.ID, n["editWidget"], len(l.Fields))
		}
	}
}

// elements counts the elements of a document by name.
func elements(t *testing.T, doc []byte) map[string]int {
	t.Helper()
	n := map[string]int{}
	for d := xml.NewDecoder(strings.NewReader(string(doc))); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return n
		}
		if err != nil {
			t.Fatal(err)
		}
		if start, ok := token.(xml.StartElement); ok {
			n[start.Name.Local]++
		}
	}
}

// TestProjectHoldsWhatTheActorMayRead is for roles and for narrowed tokens.
func TestProjectHoldsWhatTheActorMayRead(t *testing.T) {
	cat := builtin(t)
	secret := *cat.Layers()[0]
	secret.ID, secret.Access = "secret", plan.Access{Read: []plan.Role{plan.Disaster}}
	cat = catalog.With(cat, &secret)
	for _, tt := range []struct {
		actor plan.Actor
		want  func(*plan.Layer) bool
	}{
		{plan.Actor{}, func(l *plan.Layer) bool { return l.Access.CanRead(plan.Public) }},
		{plan.Actor{Role: plan.Planner}, func(l *plan.Layer) bool { return l.Access.CanRead(plan.Planner) }},
		{plan.Actor{Role: plan.Disaster}, func(l *plan.Layer) bool { return l.Access.CanRead(plan.Disaster) }},
		{plan.Actor{Role: plan.Admin, Layers: []string{"secret"}}, func(l *plan.Layer) bool { return l.ID == "secret" }},
	} {
		o := planner()
		o.Actor = tt.actor
		qgs, err := Project(cat, o)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range cat.Layers() {
			holds := strings.Contains(string(qgs), "<id>"+layerID(l)+"</id>")
			if holds != tt.want(l) {
				t.Errorf("%+v: %s in the project: %t", tt.actor, l.ID, holds)
			}
			if !holds && strings.Contains(string(qgs), ".&#34;"+l.ID+"&#34;") {
				t.Errorf("%+v: the project names %s", tt.actor, l.ID)
			}
		}
	}
}

func TestMetricCRS(t *testing.T) {
	at := func(lon, lat float64) orb.Bound {
		return orb.Bound{Min: orb.Point{lon - 0.1, lat - 0.1}, Max: orb.Point{lon + 0.1, lat + 0.1}}
	}
	for want, b := range map[string]orb.Bound{
		"EPSG:32646": banda, "EPSG:32748": at(106.8, -6.2), "EPSG:32753": at(137.2, -4.5), "EPSG:32660": at(179.95, 1),
		"EPSG:4326": {Min: orb.Point{95, -11}, Max: orb.Point{141, 6}},
	} {
		if got := metric(b).authID(); got != want {
			t.Errorf("%v: %s, want %s", b, got, want)
		}
	}
	if got := metric(orb.Bound{}).authID(); got != "EPSG:4326" {
		t.Errorf("nowhere: %s", got)
	}
}

func TestScales(t *testing.T) {
	for zoom, want := range map[int]string{9: "640000", 15: "10000", 16: "5000", 24: "20"} {
		if got := scale(zoom); got != want {
			t.Errorf("zoom %d: 1:%s, want 1:%s", zoom, got, want)
		}
	}
}

// TestOverlapsAreCutOnlyWhereAllForbidThem holds the one setting that could
// eat what a planner draws.
func TestOverlapsAreCutOnlyWhereAllForbidThem(t *testing.T) {
	cat := builtin(t)
	p := project{Options: planner()}
	for _, l := range cat.Layers() {
		p.views = append(p.views, view{layer: l, editable: p.Actor.CanEdit(l)})
	}
	if got := p.avoidOverlaps(); got != allowOverlaps {
		t.Errorf("with layers that allow overlaps: %d", got)
	}
	var strict []view
	for _, v := range p.views {
		if v.layer.Topology.Coverage || v.layer.Topology.NoOverlap || !v.editable || v.layer.Geometry != plan.MultiPolygon {
			strict = append(strict, v)
		}
	}
	if got := (project{views: strict}).avoidOverlaps(); got != avoidInTheLayer {
		t.Errorf("with layers that forbid them: %d", got)
	}
	if got := (project{}).avoidOverlaps(); got != allowOverlaps {
		t.Errorf("with nothing to edit: %d", got)
	}
}

func TestArchiveIsTheSame(t *testing.T) {
	a, errA := Archive("kota", []byte("<qgis/>"))
	b, errB := Archive("kota", []byte("<qgis/>"))
	if errA != nil || errB != nil || string(a) != string(b) {
		t.Errorf("%d and %d bytes, %v, %v", len(a), len(b), errA, errB)
	}
}

// TestComputedFieldsAreShownOnly: what the database computes stands in a tab of its
// own and cannot be written.
func TestComputedFieldsAreShownOnly(t *testing.T) {
	cat := builtin(t)
	l, _ := cat.Layer("slum_area")
	qml, err := Style(cat, l)
	if err != nil {
		t.Fatal(err)
	}
	type tab struct {
		Name   string `xml:"name,attr"`
		Fields []struct {
			Name string `xml:"name,attr"`
		} `xml:"attributeEditorField"`
	}
	var doc struct {
		Editable []struct {
			Name     string `xml:"name,attr"`
			Editable string `xml:"editable,attr"`
		} `xml:"editable>field"`
		Tabs []tab `xml:"attributeEditorForm>attributeEditorContainer"`
	}
	if err := xml.Unmarshal(qml, &doc); err != nil {
		t.Fatal(err)
	}
	computed := map[string]bool{}
	for _, f := range l.Fields {
		computed[f.Name] = f.Computed != nil
	}
	for _, f := range doc.Editable {
		if is, ok := computed[f.Name]; ok && (f.Editable == "1") == is {
			t.Errorf("%s: editable %s", f.Name, f.Editable)
		}
	}
	shown := map[string]string{}
	for _, tab := range doc.Tabs {
		for _, f := range tab.Fields {
			shown[f.Name] = tab.Name
		}
	}
	for name, is := range computed {
		if tab, ok := shown[name]; !ok || (tab == "Hasil hitungan") != is {
			t.Errorf("%s is shown in the tab %q", name, tab)
		}
	}
}
