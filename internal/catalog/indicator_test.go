package catalog

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.yaml.in/yaml/v3"

	"github.com/simtaru/simtaru/internal/plan"
)

// shade and shadeShare are small definitions that are right; tests spoil them
// line by line.
const shade = `id: shade
title: {id: Teduh, en: Shade}
parts:
  - id: open
    title: {id: Buka, en: Open}
    layer: green_space
    where:
      - {field: status, in: [existing]}
      - {field: public_access, in: ["true"]}
      - {field: fhbi, not: ["1.5"]}
      - {field: surveyed_on, not: ["2020-02-29"]}
      - {field: trees, in: ["12"]}
      - {field: name, not: [Taman Sari]}
    min_area: 100
    by: class
    factor_field: fhbi
    within:
      layer: zoning
      where:
        - {field: kodszn, not: [BJ]}
  - id: rest
    title: {id: Lain, en: Rest}
    layer: green_space
`

const shadeShare = `id: shade_share
title: {id: Bagian teduh, en: Share of shade}
explanation: {id: Bagian kota yang teduh., en: The share of the city in shade.}
kind: weighted_area_share
group: environment
order: 1
method: 2
unit: "%"
decimals: 1
direction: up
target: {value: 30, source: Contoh}
units: [city, gampong]
office: {id: Dinas, en: Office}
fresh_for: 30
coverage: shade
parts:
  - part: open
    classes: [RTH-1, RTH-2]
    weight: 0.5
    factors: {RTH-1: 3}
  - part: open
    classes: [RTH-3]
  - part: rest
    switch: rest
switches:
  - {id: rest, title: {id: Lainnya, en: The rest}, on: false}
areas:
  - {hectares: 100, source: Contoh}
claims:
  - {value: 14.33, year: 2020, numerator: 1, denominator: 2, source: Contoh, note: {id: Catatan., en: Note.}}
`

func TestParseCoverageFaults(t *testing.T) {
	const conditions = "{field: status, in: [existing]}"
	for _, tt := range []struct{ name, old, new, at, says string }{
		{"id", "id: shade\n", "id: Shade\n", "1: id", "not a valid name"},
		{"no parts", shade[strings.Index(shade, "parts:"):], "parts: []\n", "3: parts", "at least one part"},
		{"part twice", "id: rest", "id: open", "21: parts[1].id", "stands above already"},
		{"no title", "    title: {id: Lain, en: Rest}\n", "", "21: parts[1].title.id", "missing"},
		{"no layer", "    layer: zoning\n", "", "17: parts[0].within.layer", "not a valid name"},
		{"unknown key", "by: class", "buy: class", "15: parts[0].buy", "id, title, layer, where, min_area, by, within, factor_field"},
		{"where as a mapping", "where:\n        - {field: kodszn, not: [BJ]}", "where: {field: kodszn}", "19: parts[0].within.where", "a list is needed"},
		{"no condition", conditions, "{field: status}", "8: parts[0].where[0]", "one of the two"},
		{"both conditions", conditions, "{field: status, in: [existing], not: [planned]}", "8: parts[0].where[0]", "one of the two"},
		{"null value", "in: [existing]", "in: [~]", "8: parts[0].where[0].in[0]", "the value is empty"},
		{"empty value", "in: [existing]", `in: [""]`, "8: parts[0].where[0].in[0]", "the value is empty"},
		{"value twice", "in: [existing]", "in: [existing, existing]", "8: parts[0].where[0].in[1]", "written twice"},
		{"too many values", "in: [existing]", "in: [" + strings.Repeat("existing, ", maxValues+1) + "]", "8: parts[0].where[0].in", "501; 500 at most"},
		{"field", "field: status", "field: Status", "8: parts[0].where[0].field", "not a valid name"},
		{"negative area", "min_area: 100", "min_area: -1", "14: parts[0].min_area", "0 or more"},
		{"endless area", "min_area: 100", "min_area: .inf", "14: parts[0].min_area", "not a number"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(shade, tt.old) {
				t.Fatalf("the test's %q is not in the declaration", tt.old)
			}
			_, err := ParseCoverage([]byte(strings.Replace(shade, tt.old, tt.new, 1)))
			checkFault(t, err, tt.at, tt.says)
		})
	}
}

func TestParseIndicatorFaults(t *testing.T) {
	// An indicator without the members that only some kinds have.
	plainKind := func(kind, unit, members string) string {
		head, _, _ := strings.Cut(strings.Replace(shadeShare, "kind: weighted_area_share", "kind: "+kind, 1), "coverage:")
		return strings.Replace(head, `unit: "%"`, `unit: "`+unit+`"`, 1) + members
	}
	const land = "coverage: shade\nparts: [{part: open}]\n"
	for _, tt := range []struct{ name, old, new, at, says string }{
		{"kind", "weighted_area_share", "share", "4: kind", "choose one of: area_share"},
		{"direction", "direction: up", "direction: sideways", "10: direction", "choose one of: up"},
		{"method", "method: 2", "method: 0", "7: method", "1 or more"},
		{"decimals", "decimals: 1", "decimals: 7", "9: decimals", "0 to 6"},
		{"freshness", "fresh_for: 30", "fresh_for: -1", "14: fresh_for", "0 to 3660"},
		{"no units", "units: [city, gampong]", "units: []", "12: units", "which units of land"},
		{"unit of land", "units: [city, gampong]", "units: [city, mukim]", "12: units[1]", "choose one of: city"},
		{"unit of land twice", "units: [city, gampong]", "units: [city, city]", "12: units[1]", "written twice"},
		{"office", "office: {id: Dinas, en: Office}", "office: {id: Dinas}", "13: office.en", "missing"},
		{"explanation", "explanation: {id: Bagian kota yang teduh., en: The share of the city in shade.}\n", "", "1: explanation.id", "missing"},
		{"target without a source", "source: Contoh}\nunits", "source: \"\"}\nunits", "11: target.source", "comes from"},
		{"target without a direction", "direction: up", "direction: none", "11: target", "needs a direction"},
		{"unit of another kind", `unit: "%"`, "unit: m2", "8: unit", `in "%", not "m2"`},
		{"factors of a plain share", "weighted_area_share", "area_share", "17: parts[0]", "for the parts of kind weighted_area_share only"},
		{"factors of the denominator", "switches:", "of: [{part: rest, weight: 2}]\nswitches:", "25: of[0]", "for the parts of kind"},
		{"a class counted twice", "classes: [RTH-3]", "classes: [RTH-2]", "21: parts[1]", "counted above already"},
		{"a part counted twice", "    classes: [RTH-3]\n", "", "21: parts[1]", "counted above already"},
		{"class twice", "classes: [RTH-3]", "classes: [RTH-3, RTH-3]", "22: parts[1].classes[1]", "written twice"},
		{"weight", "weight: 0.5", "weight: -0.5", "19: parts[0].weight", "outside 0 to 100"},
		{"factor", "RTH-1: 3", "RTH-1: 300", "20: parts[0].factors.RTH-1", "outside 0 to 100"},
		{"factor of a class not counted", "RTH-1: 3", "RTH-4: 3", "20: parts[0].factors.RTH-4", "is not counted here"},
		{"factor with a decimal comma", "RTH-1: 3", `RTH-1: "3,5"`, "20: parts[0].factors.RTH-1", "with a point"},
		{"factor without a class", "RTH-1: 3", "~: 3", "20: parts[0].factors.~", "unknown key"},
		{"factors merged", "{RTH-1: 3}", "{<<: {RTH-1: 3}}", "20: parts[0].factors.<<", "unknown key"},
		{"factor with a tagged key", "{RTH-1: 3}", "{!!binary UlRILTE=: 3}", "20: parts[0].factors.UlRILTE=", "unknown key"},
		{"factor twice", "RTH-1: 3", "RTH-1: 3, RTH-1: 3", "20: parts[0].factors.RTH-1", "written twice"},
		{"factors as a list", "{RTH-1: 3}", "[3]", "20: parts[0].factors", "key: value pairs"},
		{"switch of no part", "switch: rest", "switch: other", "24: parts[2].switch", `no "other" in switches`},
		{"useless switch", "    switch: rest\n", "", "25: switches[0]", "no part has switch"},
		{"switch twice", "switches:\n", "switches:\n  - {id: rest, title: {id: Lainnya, en: The rest}, on: true}\n", "27: switches[1].id", "stands above already"},
		{"switch that is a parameter", "switch: rest\nswitches:\n  - {id: rest", "switch: at\nswitches:\n  - {id: at", "26: switches[0].id", "service's addresses"},
		{"area", "hectares: 100", "hectares: 0", "28: areas[0].hectares", "above 0"},
		{"area without a source", "hectares: 100, source: Contoh", "hectares: 100", "28: areas[0].source", "comes from"},
		{"areas and another denominator", "switches:", "of: [{part: rest}]\nswitches:", "28: areas", "remove one of the two"},
		{"claim without a source", "denominator: 2, source: Contoh", "denominator: 2", "30: claims[0].source", "comes from"},
		{"year", "year: 2020", "year: 20", "30: claims[0].year", "1900 to 2200"},
		{"denominator", "denominator: 2", "denominator: 0", "30: claims[0].denominator", "above 0"},
		{"note in one language", "note: {id: Catatan., en: Note.}", "note: {id: Catatan.}", "30: claims[0].note.en", "missing"},
		{"beside itself", "coverage: shade", "beside: [shade_share]\ncoverage: shade", "15: beside[0]", "shown already"},
		{"limits of what is computed", "coverage: shade", "min: 0\ncoverage: shade", "15: min", "does not use min"},

		{"share of nothing", shadeShare, plainKind("area_share", "%", "coverage: shade\nparts: []\n"), "16: parts", "needs parts"},
		{"table with a denominator", shadeShare, plainKind("area_by_class", "m2", land+"of: [{part: rest}]\n"), "17: of", "does not use of"},
		{"per head by another unit", shadeShare, plainKind("per_head", "m2", land), "8: unit", `in "m2/{person}"`},
		{"standard without rows", shadeShare, plainKind("standard", "%", land), "1: standards", "needs standards"},
		{"row", shadeShare, plainKind("standard", "%", land+"standards: [{class: RTH-1, per_person: 0, level: city, source: x}]\n"), "17: standards[0].per_person", "above 0"},
		{"row level", shadeShare, plainKind("standard", "%", land+"standards: [{class: RTH-1, per_person: 1, level: rt, source: x}]\n"), "17: standards[0].level", "choose one of"},
		{"row without a source", shadeShare, plainKind("standard", "%", land+"standards: [{class: RTH-1, per_person: 1, level: city}]\n"), "17: standards[0].source", "comes from"},
		{"row twice", shadeShare, plainKind("standard", "%", land+"standards: [{class: a, per_person: 1, level: city, source: x}, {class: a, per_person: 1, level: city, source: x}]\n"), "17: standards[1].class", "above already"},
		{"nobody near", shadeShare, plainKind("people_near", "%", land+"distance: 300\n"), "1: people", "needs people"},
		{"no distance", shadeShare, plainKind("people_near", "%", land+"people: {layer: building, field: occupants}\n"), "1: distance", "needs distance"},
		{"too far", shadeShare, plainKind("people_near", "%", land+"people: {layer: building, field: occupants}\ndistance: 10001\n"), "18: distance", "at most 10000 m"},
		{"backwards", shadeShare, plainKind("people_near", "%", land+"people: {layer: building, field: occupants}\ndistance: -1\n"), "18: distance", "above 0"},
		{"no people field", shadeShare, plainKind("people_near", "%", land+"people: {layer: building}\ndistance: 1\n"), "17: people.field", "not a valid name"},
		{"length of nothing", shadeShare, plainKind("length", "m", ""), "1: features", "needs features"},
		{"length of land", shadeShare, plainKind("length", "m", "coverage: shade\nfeatures: {layer: road}\n"), "15: coverage", "does not use coverage"},
		{"share of a count", shadeShare, plainKind("count", "1", "features: {layer: road}\nof_features: {layer: road}\n"), "8: unit", `in "%", not "1"`},
		{"land behind a claim of a count", shadeShare, plainKind("count", "1", "features: {layer: road}\nclaims: [{value: 1, source: x, numerator: 2}]\n"), "16: claims[0]", "counts none"},
		{"external with land", shadeShare, plainKind("external", "kg", land), "15: coverage", "does not use coverage"},
		{"external without a unit", shadeShare, plainKind("external", "", ""), "8: unit", "UCUM"},
		{"external in rupiah", shadeShare, plainKind("external", "Rp", ""), "8: unit", `write "{IDR}"`},
		{"external limits", shadeShare, plainKind("external", "kg", "min: 2\nmax: 1\n"), "15: min", "above max"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(shadeShare, tt.old) {
				t.Fatalf("the test's %q is not in the declaration", tt.old)
			}
			_, err := ParseIndicator([]byte(strings.Replace(shadeShare, tt.old, tt.new, 1)))
			checkFault(t, err, tt.at, tt.says)
		})
	}
	for kind, members := range map[string]string{
		"area_share %": land, "area_by_class m2": land, "per_head m2/{person}": land, "length m": "features: {layer: road}\n",
		"count 1": "features: {layer: road}\n", "count %": "features: {layer: road}\nof_features: {layer: road}\n",
		"standard %":    land + "standards: [{class: RTH-1, per_person: 1, level: city, source: x}]\n",
		"people_near %": land + "people: {layer: building, field: occupants}\ndistance: 300\n",
		"external kg":   "min: 0\nmax: 100\n",
	} {
		name, unit, _ := strings.Cut(kind, " ")
		if _, err := ParseIndicator([]byte(plainKind(name, unit, members))); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

// TestDefinitionReferences spoils what definitions say about what is around
// them.
func TestDefinitionReferences(t *testing.T) {
	type spoiling func(c *plan.Coverage, i *plan.Indicator)
	where := func(n int, field, value string) spoiling {
		return func(c *plan.Coverage, _ *plan.Indicator) {
			c.Parts[0].Where[n] = plan.Condition{Field: field, In: []string{value}}
		}
	}
	kind := func(k plan.IndicatorKind, unit string, change func(*plan.Indicator)) spoiling {
		return func(_ *plan.Coverage, i *plan.Indicator) {
			*i = plan.Indicator{
				ID: i.ID, Title: i.Title, Explanation: i.Explanation, Kind: k, Group: i.Group, Method: 1, Unit: unit, Direction: plan.Up,
				Units: i.Units, Office: i.Office,
			}
			change(i)
		}
	}
	near := func(layer, field string) spoiling {
		return kind(plan.PeopleNear, "%", func(i *plan.Indicator) {
			i.Coverage, i.Parts, i.Distance = "shade", []plan.Term{{Part: "open"}}, 300
			i.People = &plan.People{Set: plan.Set{Layer: layer}, Field: field}
		})
	}
	for _, tt := range []struct {
		name     string
		spoil    spoiling
		at, says string
	}{
		{"right", func(*plan.Coverage, *plan.Indicator) {}, "", ""},
		{"no layer", func(c *plan.Coverage, _ *plan.Indicator) { c.Parts[1].Layer = "lawn" }, "coverage shade: parts[1].layer", `no layer "lawn"`},
		{"lines", func(c *plan.Coverage, _ *plan.Indicator) { c.Parts[1].Layer = "road" }, "coverage shade: parts[1].layer", "MultiPolygon"},
		{"within points", func(c *plan.Coverage, _ *plan.Indicator) { c.Parts[0].Within = &plan.Set{Layer: "place"} }, "coverage shade: parts[0].within.layer", "has Point"},
		{"no field", where(0, "state", "existing"), "coverage shade: parts[0].where[0].field", `no field "state"`},
		{"no code", where(0, "status", "existent"), "coverage shade: parts[0].where[0].in[0]", "not a code of existence@1"},
		{"no code left out", func(c *plan.Coverage, _ *plan.Indicator) { c.Parts[0].Within.Where[0].Not[0] = "X" }, "coverage shade: parts[0].within.where[0].not[0]", "not a code of zone@2021"},
		{"no boolean", where(1, "public_access", "yes"), "coverage shade: parts[0].where[1].in[0]", "is of type boolean"},
		{"no number", where(2, "fhbi", "NaN"), "coverage shade: parts[0].where[2].in[0]", "is of type number"},
		{"no date", where(3, "surveyed_on", "2021-02-29"), "coverage shade: parts[0].where[3].in[0]", "is of type date"},
		{"no whole number", where(4, "trees", "012"), "coverage shade: parts[0].where[4].in[0]", "is of type integer"},
		{"divided by what has no codes", func(c *plan.Coverage, _ *plan.Indicator) { c.Parts[1].By = "name" }, "coverage shade: parts[1].by", "does not hold codes"},
		{"divided by nothing", func(c *plan.Coverage, _ *plan.Indicator) { c.Parts[1].By = "kind" }, "coverage shade: parts[1].by", `no field "kind"`},
		{"a factor in words", func(c *plan.Coverage, _ *plan.Indicator) { c.Parts[0].FactorField = "name" }, "coverage shade: parts[0].factor_field", "a number is needed"},
		{"a coverage's own fault", func(c *plan.Coverage, _ *plan.Indicator) { c.Parts[1].MinArea = math.NaN() }, "coverage shade: parts[1].min_area", "0 or more"},

		{"group", func(_ *plan.Coverage, i *plan.Indicator) { i.Group = "green" }, "indicator shade_share: group", "choose one of: plan"},
		{"no coverage", func(_ *plan.Coverage, i *plan.Indicator) { i.Coverage = "shadow" }, "indicator shade_share: coverage", `no coverage "shadow"`},
		{"no part", func(_ *plan.Coverage, i *plan.Indicator) { i.Parts[2].Part = "other" }, "indicator shade_share: parts[2].part", `no part "other"`},
		{"no part below", func(_ *plan.Coverage, i *plan.Indicator) { i.Areas, i.Of = nil, []plan.Term{{Part: "other"}} }, "indicator shade_share: of[0].part", `no part "other"`},
		{"no class", func(_ *plan.Coverage, i *plan.Indicator) { i.Parts[1].Classes[0] = "RTH-9" }, "indicator shade_share: parts[1].classes[0]", "not a code of green_space_class@2022"},
		{"no class for a factor", func(_ *plan.Coverage, i *plan.Indicator) {
			i.Parts = []plan.Term{{Part: "open", Factors: map[string]float64{"RTH-9": 2}}, i.Parts[2]}
		}, "indicator shade_share: parts[0].factors.RTH-9", "not a code of"},
		{"classes of what has none", func(_ *plan.Coverage, i *plan.Indicator) { i.Parts[2].Classes = []string{"RTH-1"} }, "indicator shade_share: parts[2]", "not divided into classes"},
		{"nothing beside", func(_ *plan.Coverage, i *plan.Indicator) { i.Beside = []string{"sun"} }, "indicator shade_share: beside[0]", `no indicator "sun"`},
		{"an indicator's own fault", func(_ *plan.Coverage, i *plan.Indicator) { i.Target.Value = math.Inf(1) }, "indicator shade_share: target.value", "must be a number"},
		{"length of polygons", kind(plan.Length, "m", func(i *plan.Indicator) { i.Features = &plan.Set{Layer: "green_space"} }), "indicator shade_share: features.layer", "MultiLineString"},
		{"area of lines", kind(plan.Length, "m", func(i *plan.Indicator) { i.Features = &plan.Set{Layer: "road", MinArea: 5} }), "indicator shade_share: features.min_area", "no areas"},
		{"count of nothing", kind(plan.Count, "%", func(i *plan.Indicator) {
			i.Features, i.OfFeatures = &plan.Set{Layer: "place"}, &plan.Set{Layer: "places"}
		}), "indicator shade_share: of_features.layer", `no layer "places"`},
		{"count by a moment", kind(plan.Count, "1", func(i *plan.Indicator) {
			i.Features = &plan.Set{Layer: "closure", Where: []plan.Condition{{Field: "starts_at", Not: []string{"2020-01-01T00:00:00Z"}}}}
		}), "indicator shade_share: features.where[0].field", "is a moment"},
		{"people near", near("building", "occupants"), "", ""},
		{"people of nothing", near("building", "people"), "indicator shade_share: people.field", `no field "people"`},
		{"people in words", near("building", "name"), "indicator shade_share: people.field", "a number is needed"},
		{"people on lines", near("road", "lanes"), "indicator shade_share: people.layer", "is needed here"},
		{"standard of what is not counted", kind(plan.Standard, "%", func(i *plan.Indicator) {
			i.Coverage, i.Parts = "shade", []plan.Term{{Part: "open", Classes: []string{"RTH-1"}}, {Part: "rest"}}
			i.Standards = []plan.StandardRow{{Class: "RTH-2", PerPerson: 1, Level: plan.City, Source: "x"}}
		}), "indicator shade_share: standards[0].class", "is not counted by parts"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := ParseCoverage([]byte(shade))
			if err != nil {
				t.Fatal(err)
			}
			i, err := ParseIndicator([]byte(shadeShare))
			if err != nil {
				t.Fatal(err)
			}
			tt.spoil(c, i)
			err = Validate(WithIndicator(WithCoverage(builtin(t), c), i))
			if tt.at != "" {
				checkFault(t, err, tt.at, tt.says)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

func TestDefinitionsTwice(t *testing.T) {
	cat := builtin(t)
	err := Validate(cat.WithIndicators(slices.Concat(cat.Coverages(), cat.Coverages()[:1]), slices.Concat(cat.Indicators(), cat.Indicators()[:1])))
	var got []string
	for _, e := range Faults(err) {
		got = append(got, e.At+": "+e.Message.EN)
	}
	want := []string{
		"coverage " + cat.Coverages()[0].ID + ": id: this coverage is declared twice",
		"indicator " + cat.Indicators()[0].ID + ": id: this indicator is declared twice",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// TestWithKeepsTheRest: a declaration that is added or replaced leaves all
// others where they are, and the catalogue it is added to as it was.
func TestWithKeepsTheRest(t *testing.T) {
	cat := builtin(t)
	c, i := *cat.Coverages()[2], *cat.Indicators()[3]
	c.Title.EN, i.Order = "Other", math.MaxInt32
	l := *cat.Layers()[0]
	next := With(WithIndicator(WithCoverage(cat, &c), &i), &l)
	if len(next.Layers()) != len(cat.Layers()) || len(next.Lists()) != len(cat.Lists()) ||
		len(next.Coverages()) != len(cat.Coverages()) || len(next.Indicators()) != len(cat.Indicators()) {
		t.Error("something was lost or doubled")
	}
	if got, _ := next.Coverage(c.ID); got != &c || next.Coverages()[2] != &c {
		t.Error("the coverage is not in its place")
	}
	if got := next.Indicators()[len(next.Indicators())-1]; got != &i {
		t.Errorf("last in order is %s", got.ID)
	}
	if old, _ := cat.Indicator(i.ID); old == &i || cat.Indicators()[3] != old {
		t.Error("the catalogue before has changed")
	}
}

// TestFitting: what refers to nothing goes, and with it what refers to that;
// the rest stays.
func TestFitting(t *testing.T) {
	cat := builtin(t)
	if same, err := Fitting(cat); err != nil || same != cat {
		t.Errorf("what is right does not fit: %v", err)
	}
	l, _ := cat.Layer("slum_area")
	without := *l
	without.Fields = slices.DeleteFunc(slices.Clone(l.Fields), func(d plan.Field) bool { return d.Name == "class" })
	fit, err := Fitting(With(cat, &without))
	var gone []string
	for _, e := range Faults(err) {
		gone = append(gone, e.At)
	}
	want := []string{"coverage slum: parts[0].by", "indicator slum_area: coverage", "indicator slum_share: coverage"}
	if !slices.Equal(gone, want) {
		t.Errorf("got %q", gone)
	}
	if len(fit.Coverages()) != len(cat.Coverages())-1 || len(fit.Indicators()) != len(cat.Indicators())-2 || len(fit.Layers()) != len(cat.Layers()) {
		t.Error("more went than that")
	}
	if _, ok := cat.Coverage("slum"); !ok {
		t.Error("the catalogue before has changed")
	}
}

func TestParseDefinition(t *testing.T) {
	for text, want := range map[string]string{shade: "coverage", shadeShare: "indicator"} {
		c, i, err := ParseDefinition([]byte(text))
		if err != nil || (c != nil) == (i != nil) || (c != nil) != (want == "coverage") {
			t.Errorf("%s: %v, %v, %v", want, c, i, err)
		}
	}
	for text, says := range map[string]string{
		strings.Replace(shade, "parts:", "part:", 1): "known keys: id, title, description, parts",
		"explanation: x\n":                           "key: value pairs are needed here",
		"":                                           "the file is empty",
		strings.Repeat("#", maxSize+1):               "larger than",
		"[]":                                         "key: value pairs are needed here",
		"plain":                                      "key: value pairs are needed here",
	} {
		if _, _, err := ParseDefinition([]byte(text)); err == nil || !strings.Contains(Faults(err)[0].Message.EN, says) {
			t.Errorf("%.30q: %v", text, err)
		}
	}
}

// TestBuiltinDefinitionFileNames: a file is found by its name.
func TestBuiltinDefinitionFileNames(t *testing.T) {
	cat := builtin(t)
	for _, c := range cat.Coverages() {
		if _, err := declarations.ReadFile("coverages/" + c.ID + ".yaml"); err != nil {
			t.Error(err)
		}
	}
	used := map[string]bool{}
	for _, i := range cat.Indicators() {
		used[i.Coverage] = true
		if _, err := declarations.ReadFile("indicators/" + i.ID + ".yaml"); err != nil {
			t.Error(err)
		}
	}
	for _, c := range cat.Coverages() {
		if !used[c.ID] {
			t.Errorf("no indicator counts by the coverage %s", c.ID)
		}
	}
	if _, err := load(fstest.MapFS{"indicators/a.yaml": {Data: []byte("id: a\n")}}); err == nil || !strings.HasPrefix(Faults(err)[0].At, "a.yaml:1") {
		t.Errorf("%v", err)
	}
}

// TestSurabaya computes the IHBI table of the city's agency (domain.md 2.2)
// with the weights and factors of the built-in definition.
func TestSurabaya(t *testing.T) {
	const city = 33725.0 // ha
	table := map[string]float64{
		"RTH-1": 1578, "RTH-2": 406, "RTH-3": 13, "RTH-4": 42, "RTH-5": 22, "RTH-6": 1, "RTH-7": 388, "RTH-8": 119,
		"public_setback": 225, "public_mangrove": 306, "public_water": 543,
	}
	for id, want := range map[string]float64{"rth_public_ihbi": 20.32, "rth_total_ihbi": 20.32, "rth_public": 7.62, "rth_total": 7.62} {
		i, ok := builtin(t).Indicator(id)
		if !ok {
			t.Fatalf("no indicator %s", id)
		}
		var sum float64
		for _, term := range i.Parts {
			if n := slices.IndexFunc(i.Switches, func(s plan.Switch) bool { return s.ID == term.Switch }); n >= 0 && !i.Switches[n].On {
				continue
			}
			weight := 1.0
			if term.Weight != nil {
				weight = *term.Weight
			}
			if term.Part != "public" {
				sum += table[term.Part] * weight // no classes: factor 1
				continue
			}
			for class, hectares := range table {
				if !strings.HasPrefix(class, "RTH-") {
					continue
				}
				factor, ok := term.Factors[class]
				if !ok {
					factor = 1
				}
				sum += hectares * weight * factor
			}
		}
		if got := fmt.Sprintf("%.2f", 100*sum/city); got != fmt.Sprint(want) {
			t.Errorf("%s: %s %%, want %v", id, got, want)
		}
	}
}

// TestClaimsAgreeWithTheirAreas: a claim that tells both areas says what they
// give, or its note says why it does not.
func TestClaimsAgreeWithTheirAreas(t *testing.T) {
	claims := 0
	for _, i := range builtin(t).Indicators() {
		for _, c := range i.Claims {
			claims++
			if c.Numerator == nil || c.Denominator == nil {
				continue
			}
			if got := 100 * *c.Numerator / *c.Denominator; math.Abs(got-c.Value) > 0.0051 && c.Note.IsZero() {
				t.Errorf("%s: %v %% of %q, but %v of %v ha are %.4f %%", i.ID, c.Value, c.Source, *c.Numerator, *c.Denominator, got)
			}
		}
	}
	if claims < 10 {
		t.Errorf("%d claims", claims)
	}
}

func TestParseIndicatorGolden(t *testing.T) {
	i, err := ParseIndicator([]byte(shadeShare))
	if err != nil {
		t.Fatal(err)
	}
	c, err := ParseCoverage([]byte(shade))
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.MarshalIndent(map[string]any{"coverage": c, "indicator": i}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "shade.json", append(got, '\n'))
}

// TestGuideExamples: what the guides tell to write can be applied.
func TestGuideExamples(t *testing.T) {
	for _, file := range []string{"en/indicators.md", "id/indikator.md"} {
		text, err := os.ReadFile("../../web/docs/" + file)
		if err != nil {
			t.Fatal(err)
		}
		cat := builtin(t)
		examples := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(text, -1)
		for _, m := range examples {
			c, i, err := ParseDefinition(m[1])
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			if c != nil {
				cat = WithCoverage(cat, c)
			} else {
				cat = WithIndicator(cat, i)
			}
		}
		if err := Validate(cat); err != nil || len(examples) != 2 {
			t.Errorf("%s: %d examples, %v", file, len(examples), err)
		}
		for _, kind := range plan.IndicatorKinds {
			if !strings.Contains(string(text), "| `"+string(kind)+"` |") {
				t.Errorf("%s does not tell of the kind %s", file, kind)
			}
		}
	}
}

// FuzzParseDefinition is FuzzParseLayer for coverages and indicators.
func FuzzParseDefinition(f *testing.F) {
	f.Add([]byte(shade))
	f.Add([]byte(shadeShare))
	f.Add([]byte("kind: external\nparts: [{factors: {~: 1, <<: {}, ? [a] : 1}}]"))
	f.Add([]byte("parts: [{where: [{in: [true, 1, ~]}], within: {}}]"))
	for _, pattern := range []string{"coverages/*.yaml", "indicators/*.yaml"} {
		files, _ := fs.Glob(declarations, pattern)
		for _, name := range files {
			text, _ := fs.ReadFile(declarations, name)
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c, i, err := ParseDefinition(text)
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
		var again []byte
		if c != nil {
			again, err = yaml.Marshal(c)
		} else {
			again, err = yaml.Marshal(i)
		}
		if err != nil {
			t.Fatal(err)
		}
		backC, backI, err := ParseDefinition(again)
		if err != nil {
			t.Fatalf("%v\n%s", err, again)
		}
		if diff := cmp.Diff(c, backC, cmpopts.EquateEmpty()) + cmp.Diff(i, backI, cmpopts.EquateEmpty()); diff != "" {
			t.Error(diff)
		}
	})
}

// TestFiguresDependOnNothingComputed: edits that are supposed have no values that
// the database computes.
func TestFiguresDependOnNothingComputed(t *testing.T) {
	cat := builtin(t)
	c, _ := cat.Coverage("slum")
	other := *c
	other.Parts = slices.Clone(c.Parts)
	other.Parts[0].By = "computed_class"
	err := Validate(WithCoverage(cat, &other))
	if all := Faults(err); len(all) != 1 || all[0].At != "coverage slum: parts[0].by" || all[0].Code != "declaration-computed" {
		t.Errorf("%v", err)
	}
}
