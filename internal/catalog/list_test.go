package catalog

import (
	"strings"
	"testing"

	"github.com/simtaru/simtaru/internal/plan"
)

const trees = `id: tree
version: "1"
title: {id: Pohon, en: Trees}
source: Contoh untuk pengujian.
codes:
  - code: PB
    title: {id: Peneduh, en: Shade}
    color: "#00AA00"
    group: P
    note: Satu transkripsi.
  - code: BH
    title: {id: Berbuah, en: Fruit}
`

func TestParseCodeListFaults(t *testing.T) {
	tests := []struct{ name, old, new, at, says string }{
		{"version with a space", `"1"`, `"1 a"`, "2: version", "not a version"},
		{"no source", "source: Contoh untuk pengujian.\n", "", "1: source", "where the list comes from"},
		{"no codes", trees[strings.Index(trees, "codes:"):], "codes: []\n", "5: codes", "0 codes"},
		{"code twice", "code: BH", "code: PB", "11: codes[1].code", "at position 1"},
		{"code with spaces", "code: BH", `code: " BH"`, "11: codes[1].code", "not a code"},
		{"empty code", "code: BH", `code: ""`, "11: codes[1].code", "not a code"},
		{"title in one language", "title: {id: Berbuah, en: Fruit}", "title: {en: Fruit}", "12: codes[1].title.id", "Indonesian is missing"},
		{"colour", "#00AA00", "#00AA0", "8: codes[0].color", "not a colour"},
		{"British colour", "color:", "colour:", "8: codes[0].colour", "known keys: code, title, color"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(trees, tt.old) {
				t.Fatalf("the test's %q is not in the list", tt.old)
			}
			_, err := ParseCodeList([]byte(strings.Replace(trees, tt.old, tt.new, 1)))
			checkFault(t, err, tt.at, tt.says)
		})
	}
	// A number as a code is its text: 31000000 needs no quotes.
	l, err := ParseCodeList([]byte(strings.Replace(trees, "code: BH", "code: 31000000", 1)))
	if err != nil || l.Codes[1].Code != "31000000" {
		t.Errorf("got %v, %v", l, err)
	}
}

func TestValidateFaults(t *testing.T) {
	lines := func(l *plan.Layer) {
		l.Geometry, l.Topology = plan.MultiLineString, plan.Topology{Within: "park"}
		l.Style.Symbol = plan.Symbol{Stroke: "#000000"}
		l.Style.Classes[0].Symbol = plan.Symbol{}
	}
	coded := func(l *plan.Layer, version string) *plan.Field {
		l.Fields[0].Codes = &plan.CodeRef{List: "tree", Version: version}
		return &l.Fields[0]
	}
	byName := func(l *plan.Layer) {
		tiles := 10
		coded(l, "1").Tiles = &tiles
		l.Style.Field, l.Style.Classes = "name", nil
	}
	tests := []struct {
		name     string
		spoil    func(l *plan.Layer, list *plan.CodeList)
		at, says string
	}{
		{"right", func(*plan.Layer, *plan.CodeList) {}, "", ""},
		{"right, with codes", func(l *plan.Layer, _ *plan.CodeList) { coded(l, "1") }, "", ""},
		{"right, style by codes", func(l *plan.Layer, _ *plan.CodeList) { byName(l) }, "", ""},
		{"group", func(l *plan.Layer, _ *plan.CodeList) { l.Group = "parks" }, "park: group", "choose one of: plan, environment"},
		{"list version", func(l *plan.Layer, _ *plan.CodeList) { coded(l, "2") }, "park: fields[0].codes", "versions there are: 1"},
		{"list", func(l *plan.Layer, _ *plan.CodeList) { coded(l, "1").Codes.List = "bush" }, "park: fields[0].codes", "versions there are: -"},
		{"code too long", func(l *plan.Layer, _ *plan.CodeList) { coded(l, "1").MaxLength = 1 }, "park: fields[0].max_length", "longer than"},
		{"class without code", func(l *plan.Layer, _ *plan.CodeList) {
			byName(l)
			l.Style.Classes = []plan.Class{{Value: "X", Title: plan.Text{ID: "a", EN: "b"}}}
		}, "park: style.classes[0].value", "not a code of tree@1"},
		{"no colours", func(l *plan.Layer, c *plan.CodeList) { byName(l); c.Codes[0].Color = "" }, "park: style.field", "no colours"},
		{"within nothing", func(l *plan.Layer, _ *plan.CodeList) { l.Topology.Within = "city" }, "park: topology.within", "no layer"},
		{"within lines", func(l *plan.Layer, _ *plan.CodeList) { lines(l); l.ID = "path"; l.Topology.Within = "path2" }, "path: topology.within", "no layer"},
		{"issues of what planners may not read", func(l *plan.Layer, _ *plan.CodeList) {
			l.Access = plan.Access{Read: []plan.Role{plan.Disaster}}
		}, "park: topology", "add planner"},
		{"edits of a system layer", func(l *plan.Layer, _ *plan.CodeList) { l.Access.System = true }, "park: access.edit", "leave edit empty"},
		{"a layer's own fault", func(l *plan.Layer, _ *plan.CodeList) { l.Licence = "" }, "park: licence", "not a licence"},
		{"a list's own fault", func(_ *plan.Layer, c *plan.CodeList) { c.Source = "" }, "tree@1: source", "comes from"},
	}
	groups, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	list, _ := groups.List(Groups())
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l, err := ParseLayer([]byte(park))
			if err != nil {
				t.Fatal(err)
			}
			c, err := ParseCodeList([]byte(trees))
			if err != nil {
				t.Fatal(err)
			}
			tt.spoil(l, c)
			err = Validate(New([]*plan.Layer{l}, []*plan.CodeList{list, c}))
			if tt.at == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			checkFault(t, err, tt.at, tt.says)
		})
	}
}

func TestValidateTwice(t *testing.T) {
	l, err := ParseLayer([]byte(park))
	if err != nil {
		t.Fatal(err)
	}
	line := *l
	line.ID, line.Geometry, line.Topology = "path", plan.MultiLineString, plan.Topology{}
	line.Style = plan.Style{Symbol: plan.Symbol{Stroke: "#000000"}}
	inside := *l
	inside.ID, inside.Topology = "bed", plan.Topology{Within: "path"}
	c, err := ParseCodeList([]byte(trees))
	if err != nil {
		t.Fatal(err)
	}
	var says []string
	for _, e := range Faults(Validate(New([]*plan.Layer{l, l, &line, &inside}, []*plan.CodeList{c, c}))) {
		says = append(says, e.Error())
	}
	got := strings.Join(says, "\n")
	for _, want := range []string{
		"tree@1: id: this code list is declared twice",
		"park: id: this layer is declared twice",
		"bed: topology.within: layer \"path\" has no polygons",
		"park: group: the list of groups layer_group@1 is not in the catalogue",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("not said: %s\nsaid:\n%s", want, got)
		}
	}
}
