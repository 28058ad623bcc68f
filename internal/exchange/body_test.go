package exchange_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"github.com/simtaru/simtaru/internal/exchange"
	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
)

// plots is a layer of polygons with each kind of rule.
func plots() (*plan.Layer, exchange.BodyOptions) {
	at := func(v float64) *float64 { return &v }
	l := &plan.Layer{ID: "plot", Geometry: plan.MultiPolygon, Fields: []plan.Field{
		{Name: "name", Type: plan.TextField, Required: true, MaxLength: 10},
		{Name: "use", Type: plan.TextField, Codes: &plan.CodeRef{List: "use", Version: "1"}},
		{Name: "floors", Type: plan.IntegerField, Min: at(0), Max: at(99)},
		{Name: "share", Type: plan.NumberField},
		{Name: "open", Type: plan.BooleanField},
		{Name: "since", Type: plan.DateField},
		{Name: "seen", Type: plan.TimestampField},
		{Name: "mean", Type: plan.NumberField, Computed: &plan.Computed{Function: plan.Mean, Of: []string{"floors"}}},
	}}
	return l, exchange.BodyOptions{Catalog: plan.NewCatalog([]*plan.Layer{l}, []*plan.CodeList{
		{ID: "use", Version: "1", Codes: []plan.Code{{Code: "A"}, {Code: "B"}}},
	})}
}

const triangle = `{"type":"Polygon","coordinates":[[[95,5],[96,5],[95,6],[95,5]]]}`

// show writes an edit, or what refuses it, in one line.
func show(e plan.Edit, err error) string {
	var faults *plan.Faults
	var one *plan.Error
	switch {
	case errors.As(err, &faults):
		var parts []string
		for _, f := range faults.List {
			parts = append(parts, fmt.Sprintf("%s@%s", f.Err.Code, f.Err.At))
		}
		return "422 " + strings.Join(parts, " ")
	case errors.As(err, &one):
		return fmt.Sprintf("400 %s@%s", one.Code, one.At)
	case err != nil:
		return err.Error()
	}
	return showEdit(e)
}

func showEdit(e plan.Edit) string {
	var parts []string
	switch {
	case e.HasGeometry && e.Geometry == nil:
		parts = append(parts, "null")
	case e.HasGeometry:
		parts = append(parts, wkt.MarshalString(e.Geometry))
	}
	for _, name := range slices.Sorted(maps.Keys(e.Values)) {
		parts = append(parts, fmt.Sprintf("%s=%v", name, e.Values[name]))
	}
	if e.ReadRevision != nil {
		parts = append(parts, fmt.Sprintf("read %d", *e.ReadRevision))
	}
	for _, r := range e.Refused {
		parts = append(parts, fmt.Sprintf("%s@%s", r.Code, r.At))
	}
	return strings.Join(parts, " ")
}

func TestReadFeature(t *testing.T) {
	layer, o := plots()
	with := func(properties string) string {
		return `{"type":"Feature","geometry":null,"properties":{"name":"x",` + properties + `}}`
	}
	shaped := func(g string) string {
		return `{"type":"Feature","geometry":` + g + `,"properties":{"name":"x"}}`
	}
	ring := "[95,5],[96,5],[95,6]"
	for _, c := range []struct{ name, in, want string }{
		{"all types", `{"type":"Feature","id":7,"bbox":[1,2],"links":[{"href":"x"}],"geometry":` + triangle + `,"properties":{"name":"Taman","use":"A","floors":3,"share":0.5,"open":true,"since":"2004-12-26","seen":"2004-12-26T07:58:53+07:00"}}`, "MULTIPOLYGON(((95 5,96 5,95 6,95 5))) floors=3 name=Taman open=true seen=2004-12-26 07:58:53 +0700 +0700 share=0.5 since=2004-12-26 use=A"},
		{"what the system keeps", with(`"id":1,"revision":"x","updated_at":{},"updated_by":[1]`), "null name=x"},
		{"what the database computes", with(`"mean":12`), "null name=x"},
		{"what the database computes, of another type", with(`"mean":"many"`), "null name=x"},
		{"read_revision", with(`"read_revision":12`), "null name=x read 12"},
		{"read_revision as a text", with(`"read_revision":"12"`), "null name=x read 12"},
		{"read_revision null", with(`"read_revision":null`), "null name=x"},
		{"read_revision of nonsense", with(`"read_revision":"a"`), "422 wrong-type@read_revision"},
		{"read_revision zero", with(`"read_revision":0`), "422 wrong-type@read_revision"},
		{"read_revision with decimals", with(`"read_revision":1.5`), "422 wrong-type@read_revision"},
		{"Z is dropped", shaped(`{"type":"Polygon","coordinates":[[[95,5,1],[96,5,2],[95,6,3],[95,5,1]]]}`), "MULTIPOLYGON(((95 5,96 5,95 6,95 5))) name=x"},
		{"a number is a number", with(`"floors":3.0,"share":1e2`), "null floors=3 name=x share=100"},
		{"an empty text is no value", with(`"use":" "`), "null name=x use=<nil>"},

		{"unclosed ring", shaped(`{"type":"Polygon","coordinates":[[` + ring + `]]}`), "422 too-few-points@geometry"},
		{"unclosed ring of four", shaped(`{"type":"Polygon","coordinates":[[` + ring + `,[95,5.5]]]}`), "422 unclosed-ring@geometry"},
		{"1e308", shaped(`{"type":"Polygon","coordinates":[[[1e308,5],[96,5],[95,6],[1e308,5]]]}`), "422 out-of-world@geometry"},
		{"1e309", shaped(`{"type":"Polygon","coordinates":[[[1e309,5],[96,5],[95,6],[1e309,5]]]}`), "422 not-finite@geometry"},
		{"NaN", shaped(`{"type":"Polygon","coordinates":[[[NaN,5],[96,5],[95,6],[NaN,5]]]}`), "422 not-finite@geometry"},
		{"null ordinate", shaped(`{"type":"Polygon","coordinates":[[[null,5],[96,5],[95,6],[95,5]]]}`), "422 wrong-coordinates@geometry"},
		{"true ordinate", shaped(`{"type":"Polygon","coordinates":[[[true,5],[96,5],[95,6],[95,5]]]}`), "422 wrong-coordinates@geometry"},
		{"five ordinates", shaped(`{"type":"Polygon","coordinates":[[[95,5,1,2,3],[96,5],[95,6],[95,5]]]}`), "422 wrong-coordinates@geometry"},
		{"empty", shaped(`{"type":"Polygon","coordinates":[]}`), "422 empty-geometry@geometry"},
		{"empty ring", shaped(`{"type":"Polygon","coordinates":[[]]}`), "422 empty-geometry@geometry"},
		{"point", shaped(`{"type":"Point","coordinates":[95,5]}`), "422 wrong-geometry-type@geometry"},
		{"collection", shaped(`{"type":"GeometryCollection","geometries":[]}`), "422 unsupported-geometry@geometry"},
		{"lower case type", shaped(`{"type":"polygon","coordinates":[]}`), "422 unsupported-geometry@geometry"},
		{"crs in geometry", shaped(`{"type":"Polygon","crs":{"type":"name","properties":{"name":"EPSG:3857"}},"coordinates":[[[95,5],[96,5],[95,6],[95,5]]]}`), "422 crs@crs"},
		{"another crs", `{"type":"Feature","crs":{"type":"name","properties":{"name":"EPSG:3857"}},"geometry":null,"properties":{"name":"x"}}`, "422 crs@crs"},
		{"the same crs", `{"type":"Feature","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"geometry":null,"properties":{"name":"x"}}`, "null name=x"},

		{"unknown property", with(`"colour":"red"`), "422 unknown-property@colour"},
		{"wrong case", with(`"Floors":1`), "422 unknown-property@Floors"},
		{"duplicate property", with(`"floors":1,"floors":2`), "422 duplicate-member@floors"},
		{"duplicate member", `{"type":"Feature","geometry":null,"geometry":null,"properties":{"name":"x"}}`, "422 duplicate-member@geometry"},
		{"duplicate by escape", with(`"floors":1,"f\u006coors":2`), "422 duplicate-member@floors"},
		{"missing required", `{"type":"Feature","geometry":null,"properties":{}}`, "422 missing-value@name"},
		{"null required", `{"type":"Feature","geometry":null,"properties":{"name":null}}`, "422 missing-value@name"},
		{"empty required", `{"type":"Feature","geometry":null,"properties":{"name":""}}`, "422 missing-value@name"},
		{"null properties", `{"type":"Feature","geometry":null,"properties":null}`, "422 missing-value@name"},
		{"several faults", `{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"properties":{"name":"12345678901","use":"C","floors":-1,"open":1}}`, "422 too-long@name unknown-code@use out-of-range@floors wrong-type@open wrong-geometry-type@geometry"},
		{"a number as text", with(`"floors":"3"`), "422 wrong-type@floors"},
		{"a list as value", with(`"use":["A"]`), "422 wrong-type@use"},
		{"a value of 1e400", with(`"share":1e400`), "422 not-finite@share"},
		{"a value of NaN", with(`"share":NaN`), "422 not-finite@share"},
		{"a date that is none", with(`"since":"2023-02-30"`), "422 wrong-type@since"},
		{"a time without zone", with(`"seen":"2004-12-26T07:58:53"`), "422 wrong-type@seen"},
		{"NUL", with(`"use":"\u0000"`), "422 unreadable-text@use"},
		{"half a surrogate", with(`"use":"\ud800"`), "422 unreadable-text@use"},
		{"broken UTF-8", with("\"use\":\"\xff\""), "422 unreadable-text@use"},
		{"broken UTF-8 in a name", with("\"\xff\":1"), "400 invalid-json@line 1, column 63"},
		{"no geometry member", `{"type":"Feature","properties":{"name":"x"}}`, "422 no-feature@geometry"},
		{"no properties member", `{"type":"Feature","geometry":null}`, "422 no-feature@properties missing-value@name"},
		{"wrong case of properties", `{"type":"Feature","geometry":null,"Properties":{"name":"x"}}`, "422 no-feature@properties missing-value@name"},
		{"not a feature", `{"type":"FeatureCollection","features":[]}`, "422 no-feature@type missing-value@name"},
		{"a bare geometry", triangle, "422 no-feature@type missing-value@name"},
		{"properties a list", `{"type":"Feature","geometry":null,"properties":[]}`, "422 wrong-properties@properties missing-value@name"},

		{"nothing", ``, "400 invalid-json@line 1, column 1"},
		{"white space", " \n ", "400 invalid-json@line 2, column 2"},
		{"a list", `[]`, "400 invalid-json@line 1, column 1"},
		{"a word", `hello`, "400 invalid-json@line 1, column 1"},
		{"XML", `<a/>`, "400 invalid-json@line 1, column 1"},
		{"cut", `{"type":"Feature","geometry":nu`, "400 invalid-json@line 1, column 30"},
		{"two features", `{"type":"Feature","geometry":null,"properties":{"name":"x"}}{"type":"Feature","geometry":null,"properties":{"name":"x"}}`, "400 invalid-json@line 1, column 61"},
		{"trailing text", `{"type":"Feature","geometry":null,"properties":{"name":"x"}} x`, "400 invalid-json@line 1, column 62"},
		{"trailing comma", `{"type":"Feature","geometry":null,"properties":{"name":"x",}}`, "400 invalid-json@line 1, column 60"},
		{"comment", `{"type":"Feature",/* */"geometry":null,"properties":{"name":"x"}}`, "400 invalid-json@line 1, column 19"},
		{"leading zero", with(`"floors":03`), "400 invalid-json@line 1, column 69"},
		{"plus", with(`"floors":+3`), "400 invalid-json@line 1, column 69"},
		{"single quotes", `{'type':'Feature'}`, "400 invalid-json@line 1, column 2"},
		{"50 levels of coordinates", shaped(`{"type":"Polygon","coordinates":` + strings.Repeat("[", 50) + "1,2" + strings.Repeat("]", 50) + `}`), "422 wrong-coordinates@geometry"},
		{"70 levels of coordinates", shaped(`{"type":"Polygon","coordinates":` + strings.Repeat("[", 70) + "1,2" + strings.Repeat("]", 70) + `}`), "400 invalid-json@line 1, column 127"},
		{"50 levels in a value", with(`"use":` + strings.Repeat("[", 50) + strings.Repeat("]", 50)), "422 wrong-type@use"},
		{"70 levels in a value", with(`"use":` + strings.Repeat("[", 70) + strings.Repeat("]", 70)), "400 invalid-json@line 1, column 130"},
		{"70 levels in a foreign member", `{"a":` + strings.Repeat(`{"a":`, 70) + `1` + strings.Repeat("}", 71), "400 invalid-json@line 1, column 331"},
	} {
		if got := show(exchange.ReadFeature(strings.NewReader(c.in), layer, o)); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestReadPatch(t *testing.T) {
	layer, o := plots()
	for _, c := range []struct{ in, want string }{
		{`{}`, ""},
		{`{"properties":{}}`, ""},
		{`{"geometry":null}`, "null"},
		{`{"geometry":` + triangle + `}`, "MULTIPOLYGON(((95 5,96 5,95 6,95 5)))"},
		{`{"properties":{"use":null,"floors":2}}`, "floors=2 use=<nil>"},
		{`{"properties":{"read_revision":3}}`, "read 3"},
		{`{"type":"Feature","id":1,"bbox":null,"links":[],"properties":{"name":"y"}}`, "name=y"},
		{`{"properties":{"name":null}}`, "422 missing-value@name"},
		{`{"properties":null}`, "422 wrong-properties@properties"},
		{`{"name":"y"}`, "422 unknown-member@name"},
		{`{"type":"Zone"}`, "422 no-feature@type"},
		{`{"geometry":{"coordinates":[95,5]}}`, "422 unsupported-geometry@geometry"},
		{`{"properties":{"colour":null}}`, "422 unknown-property@colour"},
		{`{"crs":null,"properties":{}}`, "422 crs@crs"},
		{`{"properties":{}`, "400 invalid-json@line 1, column 17"},
	} {
		if got := show(exchange.ReadPatch(strings.NewReader(c.in), layer, o)); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.in, got, c.want)
		}
	}
}

// TestAxisOrder: coordinates come as the authority of the system orders them.
func TestAxisOrder(t *testing.T) {
	_, o := plots()
	spot := &plan.Layer{ID: "spot", Geometry: plan.Point}
	want := orb.Point{95.3, 5.5}
	for _, crs := range geo.CRSs() {
		o.CRS = crs
		text, err := crs.AppendGeoJSON(nil, want)
		if err != nil {
			t.Fatal(err)
		}
		e, err := exchange.ReadPatch(strings.NewReader(`{"geometry":`+string(text)+`}`), spot, o)
		if err != nil {
			t.Fatal(err)
		}
		got := e.Geometry.(orb.Point)
		if d := max(got[0]-want[0], want[0]-got[0], got[1]-want[1], want[1]-got[1]); d > 1e-9 {
			t.Errorf("%v: %s came to %v", crs, text, got)
		}
	}
	o.CRS = geo.EPSG4326
	if got := show(exchange.ReadPatch(strings.NewReader(`{"geometry":{"type":"Point","coordinates":[95.3,5.5]}}`), spot, o)); got != "422 out-of-world@geometry" {
		t.Errorf("east first in EPSG:4326: %s", got)
	}
	o.CRS = geo.EPSG32646
	if got := show(exchange.ReadPatch(strings.NewReader(`{"geometry":{"type":"Point","coordinates":[1e9,5.5]}}`), spot, o)); got != "422 out-of-world@geometry" {
		t.Errorf("far outside UTM: %s", got)
	}
}

func TestReadEdits(t *testing.T) {
	layer, o := plots()
	find := func(id string) (*plan.Layer, *plan.Error) {
		if id != layer.ID {
			return nil, &plan.Error{Kind: plan.NotFound, Code: "no-such-layer", At: "layer"}
		}
		return layer, nil
	}
	feature := `{"type":"Feature","geometry":null,"properties":{"name":"x"}}`
	for _, c := range []struct{ in, want string }{
		{`{"edits":[]}`, ""},
		{`{"edits":[{"op":"create","layer":"plot","feature":` + feature + `}]}`, "create plot 0 null name=x"},
		{`{"edits":[{"feature":` + feature + `,"layer":"plot","op":"create"}]}`, "create plot 0 null name=x"},
		{`{"edits":[{"op":"update","layer":"plot","id":12,"ifRevision":3,"patch":{"properties":{"use":"A"}}},{"op":"replace","layer":"plot","id":12,"ifRevision":null,"feature":` + feature + `},{"op":"delete","layer":"plot","id":13,"ifRevision":4}]}`, "update plot 12 if [3] use=A; update whole plot 12 null name=x; delete plot 13 if [4]"},
		{`{"edits":[{"op":"update","layer":"plot","id":12}]}`, "update plot 12 missing-member@patch"},
		{`{"edits":[{"op":"update","layer":"plot","id":12,"feature":` + feature + `}]}`, "update plot 12 null name=x missing-member@patch"},
		{`{"edits":[{"op":"create","layer":"plot","patch":{}}]}`, "create plot 0 missing-member@feature"},
		{`{"edits":[{"op":"create","layer":"plot","id":3,"feature":` + feature + `}]}`, "create plot 3 null name=x unknown-member@id"},
		{`{"edits":[{"op":"create","layer":"plot","ifRevision":3,"feature":` + feature + `}]}`, "create plot 0 if [3] null name=x unknown-member@ifRevision"},
		{`{"edits":[{"op":"delete","layer":"plot","id":3,"patch":{}}]}`, "delete plot 3 missing-member@patch"},
		{`{"edits":[{"op":"delete","layer":"plot"}]}`, "delete plot 0 missing-member@id"},
		{`{"edits":[{"op":"delete","layer":"plot","id":"3"},{"op":"delete","layer":"plot","id":0},{"op":"delete","layer":"plot","id":1.5},{"op":"delete","layer":"plot","id":-1}]}`, "delete plot 0 wrong-type-member@id; delete plot 0 wrong-type-member@id; delete plot 0 wrong-type-member@id; delete plot 0 wrong-type-member@id"},
		{`{"edits":[{"op":"drop","layer":"plot","id":3}]}`, " plot 3 wrong-operation@op"},
		{`{"edits":[{"layer":"plot","id":3}]}`, " plot 3 wrong-operation@op"},
		{`{"edits":[{"op":"delete","layer":"other","id":3}]}`, "delete other 3 no-such-layer@layer"},
		{`{"edits":[{"op":"delete","id":3}]}`, "delete  3 no-such-layer@layer"},
		{`{"edits":[{"op":"delete","op":"delete","layer":"plot","id":3}]}`, "delete plot 3 duplicate-member@op"},
		{`{"edits":[{"op":"delete","layer":"plot","id":3,"force":true}]}`, "delete plot 3 unknown-member@force"},
		{`{"edits":[{"op":"update","layer":"plot","id":3,"patch":{},"feature":{}}]}`, "update plot 3 two-changes@feature"},
		{`{"edits":[{"op":"update","layer":"plot","id":3,"patch":[]}]}`, "update plot 3 wrong-type-member@patch"},
		{`{"edits":[{"op":"create","layer":"plot","feature":{"type":"Feature","geometry":null,"properties":{}}},{"op":"update","layer":"plot","id":1,"patch":{"properties":{"colour":1,"use":"Z"}}}]}`, "create plot 0 null missing-value@name; update plot 1 unknown-property@colour unknown-code@use"},
		{`{"edits":[{"op":"delete","layer":"plot","id":3}]} x`, "400 invalid-json@line 1, column 51"},
		{`{"edits":[{"op":"delete","layer":"plot","id":3},]}`, "400 invalid-json@line 1, column 49"},
		{`{"edits":[],"edits":[]}`, "400 invalid-json@line 1, column 21"},
		{`{"edits":[],"x":1}`, "400 invalid-json@line 1, column 17"},
		{`{"edits":{}}`, "400 invalid-json@line 1, column 10"},
		{`{}`, "400 invalid-json@line 1, column 3"},
		{`[]`, "400 invalid-json@line 1, column 1"},
		{``, "400 invalid-json@line 1, column 1"},
	} {
		edits, err := exchange.ReadEdits(strings.NewReader(c.in), find, o)
		got := show(plan.Edit{}, err)
		if err == nil {
			var parts []string
			for _, e := range edits {
				s := string(e.Op)
				if e.Whole {
					s += " whole"
				}
				s += fmt.Sprintf(" %s %d", e.Layer, e.ID)
				if e.Revisions != nil {
					s += fmt.Sprintf(" if %v", e.Revisions)
				}
				parts = append(parts, strings.TrimRight(s+" "+showEdit(e), " "))
			}
			got = strings.Join(parts, "; ")
		}
		if got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.in, got, c.want)
		}
	}
	many := `{"edits":[` + strings.TrimSuffix(strings.Repeat(`{"op":"delete","layer":"plot","id":3},`, plan.MostEdits+1), ",") + `]}`
	if _, err := exchange.ReadEdits(strings.NewReader(many), find, o); plan.KindOf(err) != plan.TooLarge {
		t.Errorf("too many edits: %v", err)
	}
}

// TestEditsShareNothing: what one edit holds is not the next one's.
func TestEditsShareNothing(t *testing.T) {
	layer, o := plots()
	var b strings.Builder
	for i := range 20 {
		fmt.Fprintf(&b, `,{"op":"update","layer":"plot","id":%d,"patch":{"geometry":{"type":"Polygon","coordinates":[[[%d,5],[96,5],[95,6],[%[2]d,5]]]},"properties":{"name":"n%[2]d"}}}`, i+1, i)
	}
	edits, err := exchange.ReadEdits(strings.NewReader(`{"edits":[`+b.String()[1:]+`]}`), func(string) (*plan.Layer, *plan.Error) { return layer, nil }, o)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range edits {
		if got, want := showEdit(e), fmt.Sprintf("MULTIPOLYGON(((%d 5,96 5,95 6,%[1]d 5))) name=n%[1]d", i); got != want {
			t.Errorf("%d: %s, want %s", i, got, want)
		}
	}
}

func TestReadRevision(t *testing.T) {
	for in, want := range map[string]int64{
		`{"revision":3}`: 3, ` {"revision" : 12 } `: 12, `{}`: 0, `{"revision":0}`: 0, `{"revision":-1}`: 0, `{"revision":"3"}`: 0,
		`{"revision":3.5}`: 0, `{"revision":3,"revision":4}`: 0, `{"revision":3}x`: 0, `{"revision":null}`: 0, `3`: 0, ``: 0,
		`{"revision":99999999999999999999}`: 0, `{"revision":3,"x":1}`: 0,
	} {
		got, err := exchange.ReadRevision(strings.NewReader(in))
		if want == 0 {
			if plan.KindOf(err) != plan.Invalid {
				t.Errorf("%s: %v", in, err)
			}
		} else if got != want || err != nil {
			t.Errorf("%s: %d %v", in, got, err)
		}
	}
}

// fuzzed checks what holds for every body that is taken.
func fuzzed(t *testing.T, text string, edits ...plan.Edit) {
	t.Helper()
	if !json.Valid([]byte(text)) {
		t.Fatal("taken as good, but not JSON")
	}
	for _, e := range edits {
		if len(e.Refused) > 0 {
			continue
		}
		if err := geo.Check(e.Geometry, geo.Limits{}); err != nil {
			t.Fatalf("a geometry passed that geo.Check refuses: %v", err)
		}
		for name, v := range e.Values {
			switch v.(type) {
			case nil, string, int64, float64, bool, plan.Date, interface{ Unix() int64 }:
			default:
				t.Fatalf("%s is a %T", name, v)
			}
		}
	}
}

// FuzzReadFeature: no body makes the parser fail, or pass what is no JSON.
func FuzzReadFeature(f *testing.F) {
	layer, o := plots()
	for _, s := range []string{
		`{"type":"Feature","geometry":` + triangle + `,"properties":{"name":"x","floors":1,"seen":"2004-12-26T07:58:53Z"}}`,
		`{"geometry":null,"properties":{"name":"\u00e9","use":null,"read_revision":"3"}}`,
	} {
		f.Add(s, false)
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, text string, patch bool) {
		read := exchange.ReadFeature
		if patch {
			read = exchange.ReadPatch
		}
		if e, err := read(strings.NewReader(text), layer, o); err == nil {
			fuzzed(t, text, e)
		}
	})
}

// FuzzReadEdits is the same for many edits.
func FuzzReadEdits(f *testing.F) {
	layer, o := plots()
	f.Add(`{"edits":[{"op":"create","layer":"plot","feature":{"type":"Feature","geometry":` + triangle + `,"properties":{"name":"x"}}},{"op":"delete","layer":"plot","id":1,"ifRevision":2}]}`)
	f.Add(`{"edits":[{"op":"update","layer":"plot","id":1,"patch":{"properties":{"share":1.5}}}]}`)
	find := func(id string) (*plan.Layer, *plan.Error) {
		if id == layer.ID {
			return layer, nil
		}
		return nil, &plan.Error{Kind: plan.NotFound}
	}
	f.Fuzz(func(t *testing.T, text string) {
		if edits, err := exchange.ReadEdits(strings.NewReader(text), find, o); err == nil {
			fuzzed(t, text, edits...)
		}
	})
}
