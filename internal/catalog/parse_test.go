package catalog

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.yaml.in/yaml/v3"

	"github.com/simtaru/simtaru/internal/plan"
)

var update = flag.Bool("update", false, "write golden files")

// park is a small declaration that is right; tests spoil it line by line.
const park = `id: park
title: {id: Taman, en: Parks}
description: {id: Taman kota., en: City parks.}
group: environment
geometry: MultiPolygon
fields:
  - name: name
    type: text
    title: {id: Nama, en: Name}
    tiles: 12
  - name: area
    type: number
    title: {id: Luas, en: Area}
    unit: har
    min: 0
    max: 100
  - name: open
    type: boolean
    title: {id: Buka, en: Open}
    tiles: 10
style:
  field: open
  symbol: {fill: "#00FF00", stroke: "#003300", stroke_width: 1}
  classes:
    - value: "true"
      title: {id: Buka, en: Open}
      symbol: {fill: "#11FF11"}
label: {field: name, min_zoom: 13}
zooms: {min: 10, max: 16}
policy: live
topology: {no_overlap: true, tolerance_m2: 1}
access: {read: [public], edit: [planner]}
licence: CC-BY-4.0
attribution: {id: Kota, en: City}
order: 10
visible: true
search: name
`

func TestParseLayerFaults(t *testing.T) {
	tests := []struct {
		name, old, new string
		at, says       string // of the first fault
	}{
		{"unknown key", "policy: live", "policy: live\npolicies: live", "31: policies", `unknown key "policies"; known keys: id, title,`},
		{"key in another case", "policy: live", "Policy: live", "30: Policy", "unknown key"},
		{"merge key", "zooms: {min: 10, max: 16}", "zooms: {<<: {min: 1}, min: 10, max: 16}", "29: zooms.<<", "unknown key"},
		{"key twice", "order: 10", "order: 10\norder: 11", "36: order", "written twice"},
		{"unquoted colour", `fill: "#11FF11"}`, "fill: #11FF11\n        }", "27: style.classes[0].symbol.fill", "a colour needs quotes"},
		{"empty value", "licence: CC-BY-4.0", "licence:", "33: licence", "the value is empty"},
		{"null", "group: environment", "group: ~", "4: group", "the value is empty"},
		{"anchor", "id: park", "id: &a park", "1: id", "anchors and aliases"},
		{"tag", "order: 10", "order: !!int \"10\"", "35: order", "remove the tag"},
		{"text for a whole number", "order: 10", "order: ten", "35: order", `"ten" is not a whole number`},
		{"fraction for a whole number", "order: 10", "order: 10.5", "35: order", "not a whole number"},
		{"yes for true", "visible: true", "visible: yes", "36: visible", "not true or false"},
		{"decimal comma", "tolerance_m2: 1", `tolerance_m2: "1,5"`, "31: topology.tolerance_m2", "write fractions with a point"},
		{"infinity", "min: 0", "min: .inf", "15: fields[1].min", "not a number"},
		{"scalar for a list", "read: [public]", "read: public", "32: access.read", "a list is needed"},
		{"scalar for a mapping", "zooms: {min: 10, max: 16}", "zooms: 10", "29: zooms", "pairs are needed here (min, max, show)"},
		{"list for a scalar", "id: park", "id: [park]", "1: id", "a single value"},

		{"id with capital", "id: park", "id: Park", "1: id", "not a valid name"},
		{"id with quote", "id: park", `id: "park\";drop"`, "1: id", "not a valid name"},
		{"id too long", "id: park", "id: " + strings.Repeat("a", 41), "1: id", "not a valid name"},
		{"title in one language", "title: {id: Taman, en: Parks}", "title: {id: Taman}", "2: title.en", "the text in English is missing"},
		{"blank title", "title: {id: Taman, en: Parks}", `title: {id: " ", en: Parks}`, "2: title.id", "the text in Indonesian is missing"},
		{"line break in title", "en: Parks", `en: "Pa\nrks"`, "2: title.en", "holds a line break"},
		{"title too long", "en: Parks", "en: " + strings.Repeat("P", 121), "2: title.en", "121 characters"},
		{"no title", "title: {id: Taman, en: Parks}\n", "", "1: title.id", "missing"},
		{"geometry", "MultiPolygon", "Polygon", "5: geometry", "choose one of: Point, MultiLineString, MultiPolygon"},
		{"policy", "policy: live", "policy: draft", "30: policy", "choose one of: live, reviewed"},
		{"licence", "CC-BY-4.0", "ask us", "33: licence", "SPDX"},
		{"zoom above the highest", "max: 16}", "max: 17}", "29: zooms", "must be 0 to 16"},
		{"zooms crossed", "zooms: {min: 10, max: 16}", "zooms: {min: 16, max: 15}", "29: zooms", "min not above max"},
		{"show outside", "max: 16}", "max: 16, show: 9}", "29: zooms.show", "between min (10)"},
		{"no reader", "read: [public]", "read: []", "32: access.read", "say who may read"},
		{"unknown role", "edit: [planner]", "edit: [plannr]", "32: access.edit[0]", "choose one of: public, planner"},
		{"public edits", "edit: [planner]", "edit: [public]", "32: access.edit[0]", "public cannot edit"},
		{"edits without reading", "read: [public], edit: [planner]", "read: [planner], edit: [disaster]", "32: access.edit[0]", "may edit but not read"},
		{"role twice", "read: [public]", "read: [public, public]", "32: access.read[1]", "written twice"},
		{"coverage and no_overlap", "no_overlap: true", "no_overlap: true, coverage: true", "31: topology.no_overlap", "already"},
		{"tolerance of nothing", "no_overlap: true", "no_overlap: false", "31: topology.tolerance_m2", "means nothing"},
		{"negative tolerance", "tolerance_m2: 1", "tolerance_m2: -1", "31: topology.tolerance_m2", "0 or more"},
		{"within itself", "no_overlap: true", "no_overlap: true, within: park", "31: topology.within", "within itself"},
		{"coverage of points", "MultiPolygon", "Point", "31: topology", "for MultiPolygon only"},
		{"points widened to points", "geometry: MultiPolygon", "geometry: Point\nwiden_m: 6", "6: widen_m", "to MultiPolygon only"},
		{"widened to nothing", "geometry: MultiPolygon", "geometry: MultiPolygon\nwiden_m: -6", "6: widen_m", "outside 0.1 to 1000"},
		{"no rule", "order: 10", "order: 10\nchecks: [{}]", "36: checks[0]", "write one rule"},
		{"two rules in one", "order: 10", "order: 10\nchecks: [{order: [area, area], quotient: [area, area, area]}]", "36: checks[0]", "write one rule"},
		{"order of three", "order: 10", "order: 10\nchecks: [{order: [area, area, area]}]", "36: checks[0].order", "names 2 fields, not 3"},
		{"order of what is not there", "order: 10", "order: 10\nchecks: [{order: [area, width]}]", "36: checks[0].order[1]", `no field "width"`},
		{"order of texts", "order: 10", "order: 10\nchecks: [{order: [area, name]}]", "36: checks[0].order[1]", "of type text"},
		{"order of itself", "order: 10", "order: 10\nchecks: [{order: [area, area]}]", "36: checks[0].order", "no order"},
		{"quotient by what may be 0", "order: 10", "order: 10\nchecks: [{quotient: [area, area, area]}]", "36: checks[0].quotient[2]", "min above 0"},

		{"reserved name", "name: area", "name: valid_from", "11: fields[1].name", "starts_at and ends_at"},
		{"query parameter as name", "name: area", "name: limit", "11: fields[1].name", "parameter"},
		{"field twice", "name: area", "name: name", "11: fields[1].name", "stands above already"},
		{"field name", "name: area", "name: luas ha", "11: fields[1].name", "not a valid name"},
		{"field type", "type: number", "type: float", "12: fields[1].type", "choose one of: text, integer"},
		{"unit of text", "title: {id: Nama, en: Name}", "title: {id: Nama, en: Name}\n    unit: m", "10: fields[0].unit", "for number fields only"},
		{"hecto-years", "unit: har", "unit: ha", "14: fields[1].unit", `write "har"`},
		{"unit with a space", "unit: har", "unit: square metres", "14: fields[1].unit", "not a UCUM code"},
		{"range crossed", "min: 0", "min: 101", "15: fields[1].min", "above max"},
		{"fraction as a limit", "type: number\n    title: {id: Luas, en: Area}\n    unit: har\n    min: 0\n    max: 100", "type: integer\n    title: {id: Luas, en: Area}\n    max: 100.5", "14: fields[1].max", "whole limit"},
		{"codes of a number", "unit: har", "codes: {list: a, version: b}", "14: fields[1].codes", "for text fields only"},
		{"unique boolean", "title: {id: Buka, en: Open}\n    tiles: 10", "title: {id: Buka, en: Open}\n    unique: true\n    tiles: 10", "20: fields[2].unique", "cannot be unique"},
		{"tiles beyond the layer", "tiles: 12", "tiles: 17", "10: fields[0].tiles", "must be 0 to zooms.max"},
		{"half a description", "tiles: 12", "tiles: 12\n    description: {id: Nama taman.}", "11: fields[0].description.en", "English is missing"},

		{"colour", "#00FF00", "#0F0", "23: style.symbol.fill", "not a colour"},
		{"colour name", `"#00FF00"`, "green", "23: style.symbol.fill", "not a colour"},
		{"opacity", "stroke_width: 1}", "stroke_width: 1, fill_opacity: 80}", "23: style.symbol.fill_opacity", "outside 0 to 1"},
		{"radius of a polygon", "stroke_width: 1}", "stroke_width: 1, radius: 3}", "23: style.symbol.radius", "not drawn on MultiPolygon"},
		{"casing of a polygon", "stroke_width: 1}", `stroke_width: 1, casing: "#000000"}`, "23: style.symbol.casing", "not drawn"},
		{"odd dash", "stroke_width: 1}", "stroke_width: 1, dash: [1]}", "23: style.symbol.dash", "pairs"},
		{"zero dash", "stroke_width: 1}", "stroke_width: 1, dash: [1, 0]}", "23: style.symbol.dash[1]", "outside"},
		{"nothing to draw with", `fill: "#00FF00", `, "", "23: style.symbol.fill", "symbol needs fill"},
		{"style by nothing", "  field: open\n", "", "23: style.classes", "classes need style.field"},
		{"style by an unknown field", "field: open", "field: opened", "22: style.field", `no field "opened"`},
		{"style by a fraction", "field: open", "field: area", "22: style.field", "is of type number"},
		{"style by an uncoded field", "  field: open\n  symbol: {fill: \"#00FF00\", stroke: \"#003300\", stroke_width: 1}\n  classes:\n    - value: \"true\"\n      title: {id: Buka, en: Open}\n      symbol: {fill: \"#11FF11\"}\n", "  field: open\n  symbol: {fill: \"#00FF00\"}\n", "22: style.field", "no code list"},
		{"class of another type", `value: "true"`, "value: open", "25: style.classes[0].value", "cannot be a value"},
		{"class twice", "    - value: \"true\"\n", "    - {value: \"true\", title: {id: a, en: b}, symbol: {}}\n    - value: \"true\"\n", "26: style.classes[1].value", "above already"},
		{"style field not in tiles", "tiles: 10", "tiles: 11", "22: style.field", "write tiles: 10"},
		{"label of an unknown field", "label: {field: name,", "label: {field: nama,", "28: label.field", "no field"},
		{"label of a boolean", "label: {field: name,", "label: {field: open,", "28: label.field", "makes no label"},
		{"label before its field", "min_zoom: 13", "min_zoom: 11", "28: label.field", "write tiles: 11"},
		{"label before the layer", "min_zoom: 13", "min_zoom: 9", "28: label.min_zoom", "between zooms.min (10)"},
		{"label size", "min_zoom: 13", "min_zoom: 13, size: 4", "28: label.size", "outside 6 to 48"},
		{"computed by nothing", "min: 0\n    max: 100", "computed: {function: shade, of: [name]}", "15: fields[1].computed.function", "choose one of: percent,"},
		{"computed of another type", "min: 0\n    max: 100", "computed: {function: percent, of: [name, open]}", "15: fields[1].computed.of[0]", "is not computed of \"name\""},
		{"computed to another type", "min: 0\n    max: 100", "computed: {function: given, of: [area]}", "15: fields[1].computed.function", "gives integer"},
		{"computed of itself", "min: 0\n    max: 100", "computed: {function: mean, of: [area]}", "15: fields[1].computed.of[0]", "place it above"},
		{"computed of too few", "min: 0\n    max: 100", "computed: {function: percent, of: [width]}", "15: fields[1].computed.of", "2 fields"},
		{"computed of an unknown field", "min: 0\n    max: 100", "computed: {function: mean, of: [width]}", "15: fields[1].computed.of[0]", "no field \"width\""},
		{"computed and required", "max: 100", "required: true\n    computed: {function: mean, of: [area]}", "15: fields[1].min", "remove it"},
		{"chart of a text", "search: name", "chart: {title: {id: a, en: b}, groups: [{field: area, bars: [{field: name}]}]}\nsearch: name", "37: chart.groups[0].bars[0].field", "no field of numbers"},
		{"chart of nothing", "search: name", "chart: {title: {id: a, en: b}, groups: []}\nsearch: name", "37: chart.groups", "shows nothing"},
		{"chart with findings elsewhere", "search: name", "chart: {title: {id: a, en: b}, findings: //host/x, groups: [{field: area, bars: [{field: area}]}]}\nsearch: name", "37: chart.findings", "no path at /api/v1"},
		{"search in a number", "search: name", "search: area", "37: search", "not a text field"},

		{"second document", "search: name\n", "search: name\n---\nid: lake\n", "38", "one declaration only"},
		{"not YAML", "title: {id: Taman, en: Parks}", "title: {id: Taman, en: Parks", "1", "not valid YAML"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(park, tt.old) {
				t.Fatalf("the test's %q is not in the declaration", tt.old)
			}
			_, err := ParseLayer([]byte(strings.Replace(park, tt.old, tt.new, 1)))
			checkFault(t, err, tt.at, tt.says)
		})
	}
	if _, err := ParseLayer([]byte(park)); err != nil {
		t.Errorf("the declaration itself: %v", err)
	}
}

// checkFault expects a first fault at a place, in both languages.
func checkFault(t *testing.T, err error, at, says string) {
	t.Helper()
	all := Faults(err)
	if len(all) == 0 {
		t.Fatalf("accepted, or not a fault: %v", err)
	}
	if all[0].At != at || !strings.Contains(all[0].Message.EN, says) {
		t.Errorf("got %q: %q\nwant %q: ...%s...", all[0].At, all[0].Message.EN, at, says)
	}
	for _, e := range all {
		if e.Message.ID == "" || e.Message.ID == e.Message.EN || e.Code == "" || e.Kind != plan.Unprocessable {
			t.Errorf("not for people of both languages: %#v", e)
		}
		if s := e.Message.ID + e.Message.EN; strings.Contains(s, "%!") {
			t.Errorf("badly formatted: %s", s)
		}
	}
}

func TestParseReportsAllFaultsInOrder(t *testing.T) {
	spoilt := strings.NewReplacer("id: park", "id: Park", "unit: har", "unit: ha", "CC-BY-4.0", "none at all").Replace(park)
	_, err := ParseLayer([]byte(spoilt))
	var got []string
	for _, e := range Faults(InFile("park.yaml", err)) {
		got = append(got, e.At)
	}
	want := []string{"park.yaml:1: id", "park.yaml:14: fields[1].unit", "park.yaml:33: licence"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseRefusesBulk(t *testing.T) {
	_, err := ParseLayer(make([]byte, maxSize+1))
	if plan.KindOf(err) != plan.TooLarge {
		t.Errorf("got %v", err)
	}
	for _, text := range []string{"", "# only a comment\n", "---\n"} {
		if _, err := ParseLayer([]byte(text)); len(Faults(err)) != 1 {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestFaultsOfOtherErrors(t *testing.T) {
	if Faults(nil) != nil || InFile("a", nil) != nil {
		t.Error("nil has faults")
	}
	err := InFile("a.yaml", fs.ErrNotExist)
	if !errors.Is(err, fs.ErrNotExist) || len(Faults(err)) != 0 {
		t.Errorf("got %v", err)
	}
	wrapped := fmt.Errorf("apply: %w", errors.Join(&plan.Error{At: "1"}, fmt.Errorf("x: %w", &plan.Error{At: "2"})))
	if n := len(Faults(wrapped)); n != 2 {
		t.Errorf("%d faults", n)
	}
}

func TestParseLayerGolden(t *testing.T) {
	text, err := fs.ReadFile(declarations, "layers/closure.yaml")
	if err != nil {
		t.Fatal(err)
	}
	l, err := ParseLayer(text)
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.MarshalIndent(l, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "closure.json", append(got, '\n'))
}

// golden compares with testdata/name; -update writes it.
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

// FuzzParseLayer holds that whatever is accepted survives being written as
// YAML again, and that whatever is refused says so in both languages.
func FuzzParseLayer(f *testing.F) {
	f.Add([]byte(park))
	f.Add([]byte("a: &a [*a]"))
	f.Add([]byte("? [x]: y\n: {z: ~}"))
	f.Add([]byte("id: !!binary aGk=\norder: 0x10\ntitle: 2021-01-01"))
	files, _ := fs.Glob(declarations, "*/*.yaml")
	for _, name := range files {
		text, _ := fs.ReadFile(declarations, name)
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		l, err := ParseLayer(text)
		if err != nil {
			for _, e := range Faults(err) {
				if e.Message.ID == "" || e.Message.EN == "" {
					t.Errorf("silent fault %#v", e)
				}
			}
			if len(Faults(err)) == 0 {
				t.Errorf("refused without a fault: %v", err)
			}
			return
		}
		again, err := yaml.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		back, err := ParseLayer(again)
		if err != nil {
			t.Fatalf("%v\n%s", err, again)
		}
		if diff := cmp.Diff(l, back, cmpopts.EquateEmpty()); diff != "" {
			t.Error(diff)
		}
	})
}
