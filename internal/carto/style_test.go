package carto

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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

// TestStyleGolden keeps the style of the built-in catalogue, so that a change
// of it is seen in review.
func TestStyleGolden(t *testing.T) {
	s, err := Style(builtin(t), StyleOptions{Name: "Rencana kota", Center: &[2]float64{95.32, 5.55}, Zoom: 13})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(s); err != nil {
		t.Fatal(err)
	}
	const file = "testdata/style.json"
	if *update {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s differs (go test -update writes it):\n%s", file, diff)
	}
}

// TestStyleDrawsTheLegend evaluates the style's expressions for a feature of
// every class, and for one of none, and compares with the legend's symbol.
func TestStyleDrawsTheLegend(t *testing.T) {
	cat := builtin(t)
	s, err := Style(cat, StyleOptions{Actor: plan.Actor{Role: plan.Admin}})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range cat.Layers() {
		legend, err := Legend(cat, l)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range legend {
			feature := map[string]any{}
			if e.Value != "" {
				feature[l.Style.Field] = valueOf(t, l, e.Value)
			}
			t.Run(l.ID+"="+e.Value, func(t *testing.T) { drawsEntry(t, s, l, e, feature) })
		}
		t.Run(l.ID+" without value", func(t *testing.T) {
			other, err := classesOf(cat, l)
			if err != nil {
				t.Fatal(err)
			}
			drawsEntry(t, s, l, Entry{Symbol: other.other}, map[string]any{l.Style.Field: nil})
		})
	}
}

func valueOf(t *testing.T, l *plan.Layer, v string) any {
	d, _ := l.Field(l.Style.Field)
	switch d.Type {
	case plan.TextField:
		return v
	case plan.BooleanField:
		return v == "true"
	}
	t.Fatalf("no built-in layer is styled by %s", d.Type)
	return nil
}

func drawsEntry(t *testing.T, s *MapStyle, l *plan.Layer, e Entry, feature map[string]any) {
	t.Helper()
	got := map[string]any{}
	for _, y := range s.Layers {
		if y.Metadata["simtaru:layer"] != l.ID || y.Type == "symbol" {
			continue
		}
		if y.Filter != nil && evaluate(t, y.Filter, feature) != true {
			continue
		}
		for name, p := range y.Paint {
			key := fmt.Sprint(y.Metadata["simtaru:part"], " ", name)
			if _, twice := got[key]; twice {
				t.Errorf("drawn twice: %s", key)
			}
			got[key] = evaluate(t, p, feature)
		}
	}
	want := wanted(l.Geometry, e.Symbol)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// wanted is what a symbol looks like at zoom 14.
func wanted(g plan.GeometryType, y plan.Symbol) map[string]any {
	want := map[string]any{}
	line := func() {
		if y.Stroke == "" || *y.StrokeWidth == 0 {
			return
		}
		want["line line-color"], want["line line-width"] = y.Stroke, *y.StrokeWidth
		if len(y.Dash) > 0 {
			dash := []any{}
			for _, v := range y.Dash {
				dash = append(dash, math.Round(100*v / *y.StrokeWidth)/100)
			}
			want["line line-dasharray"] = dash
		}
	}
	switch g {
	case plan.MultiPolygon:
		want["fill fill-color"], want["fill fill-opacity"] = y.Fill, *y.FillOpacity
		line()
	case plan.MultiLineString:
		line()
		if y.Casing != "" {
			want["casing line-color"], want["casing line-width"] = y.Casing, *y.StrokeWidth+2
		}
	case plan.Point:
		want["circle circle-color"], want["circle circle-opacity"] = y.Fill, *y.FillOpacity
		want["circle circle-radius"] = *y.Radius
		want["circle circle-stroke-color"], want["circle circle-stroke-width"] = y.Stroke, *y.StrokeWidth
	}
	return want
}

// evaluate computes the few kinds of expression that the package writes, as
// the style specification defines them, at zoom 14. It reads their JSON.
func evaluate(t *testing.T, e any, feature map[string]any) any {
	t.Helper()
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return eval(t, v, feature)
}

func eval(t *testing.T, v any, feature map[string]any) any {
	t.Helper()
	a, ok := v.([]any)
	if !ok || len(a) == 0 {
		return v
	}
	switch a[0] {
	case "get":
		return feature[a[1].(string)]
	case "to-string":
		x := eval(t, a[1], feature)
		if x == nil {
			return ""
		}
		return fmt.Sprint(x)
	case "match":
		in := eval(t, a[1], feature)
		for i := 2; i+1 < len(a); i += 2 {
			many, ok := a[i].([]any)
			if a[i] == in || ok && slices.Contains(many, in) {
				return eval(t, a[i+1], feature)
			}
		}
		return eval(t, a[len(a)-1], feature)
	case "interpolate":
		for i := 3; i+1 < len(a); i += 2 {
			if a[i] == 14.0 {
				return eval(t, a[i+1], feature)
			}
		}
		t.Fatalf("no stop at zoom 14: %v", a)
	}
	if _, number := a[0].(float64); !number {
		t.Fatalf("unknown expression %v", a)
	}
	return v
}

// TestStyleStructure holds what the specification asks of every layer.
func TestStyleStructure(t *testing.T) {
	cat := builtin(t)
	s, err := Style(cat, StyleOptions{Actor: plan.Actor{Role: plan.Admin}, TileJSON: "https://x.example/tiles/{layer}.json", Font: []string{"A", "B"}, Lang: plan.English})
	if err != nil {
		t.Fatal(err)
	}
	seen, labels := map[string]bool{}, false
	for i, y := range s.Layers {
		if seen[y.ID] {
			t.Errorf("%s is there twice", y.ID)
		}
		seen[y.ID] = true
		if y.Type == "background" {
			if i != 0 {
				t.Error("the background is not at the bottom")
			}
			continue
		}
		l, ok := cat.Layer(y.Metadata["simtaru:layer"].(string))
		if !ok {
			t.Fatalf("%s draws no layer", y.ID)
		}
		if y.SourceLayer != l.ID || s.Sources[y.Source].URL != "https://x.example/tiles/"+l.ID+".json" {
			t.Errorf("%s: source %s, %s", y.ID, y.Source, y.SourceLayer)
		}
		if want := map[bool]string{true: "visible", false: "none"}[l.Visible]; y.Layout["visibility"] != want {
			t.Errorf("%s: visibility %v", y.ID, y.Layout["visibility"])
		}
		if y.MinZoom < l.Zooms.Min || y.MinZoom < l.Zooms.Show {
			t.Errorf("%s: drawn from zoom %d", y.ID, y.MinZoom)
		}
		if y.Metadata["simtaru:title"] != l.Title.EN {
			t.Errorf("%s: title %v", y.ID, y.Metadata["simtaru:title"])
		}
		if labels && y.Type != "symbol" {
			t.Errorf("%s lies above a label", y.ID)
		}
		labels = labels || y.Type == "symbol"
		for name := range y.Paint {
			if kind := map[string]string{"symbol": "text"}[y.Type]; !strings.HasPrefix(name, y.Type+"-") && !strings.HasPrefix(name, kind+"-") {
				t.Errorf("%s of type %s has %s", y.ID, y.Type, name)
			}
		}
	}
	if len(s.Sources) != len(cat.Layers()) {
		t.Errorf("%d sources", len(s.Sources))
	}
}

func TestStyleKeepsLayersFromThoseWhoMayNotRead(t *testing.T) {
	l := *builtin(t).Layers()[0]
	l.Access = plan.Access{Read: []plan.Role{plan.Planner}}
	cat := catalog.New([]*plan.Layer{&l}, builtin(t).Lists())
	for role, want := range map[plan.Role]int{"": 0, plan.Public: 0, plan.Disaster: 0, plan.Planner: 1, plan.Admin: 1} {
		s, err := Style(cat, StyleOptions{Actor: plan.Actor{Role: role}})
		if err != nil || len(s.Sources) != want {
			t.Errorf("%q: %d sources, %v; want %d", role, len(s.Sources), err, want)
		}
	}
}

func TestStyleRefusesOptions(t *testing.T) {
	for _, o := range []StyleOptions{{TileJSON: "/tiles.json"}, {Glyphs: "/fonts/{range}.pbf"}, {Glyphs: "/fonts/{fontstack}"}} {
		if _, err := Style(builtin(t), o); err == nil {
			t.Errorf("%+v accepted", o)
		}
	}
}

func TestFaultyCatalog(t *testing.T) {
	missing := *builtin(t).Layers()[0]
	cat := plan.NewCatalog([]*plan.Layer{&missing}, nil)
	if _, err := Style(cat, StyleOptions{}); err == nil {
		t.Error("a missing list was not reported")
	}
	missing.Style.Field = "none"
	if _, err := Legend(cat, &missing); err == nil {
		t.Error("a missing field was not reported")
	}
}

func TestLegend(t *testing.T) {
	tests := []struct {
		layer string
		want  []string
	}{
		{"shelter", []string{"TES #F5A27A #FF5500 2 7", "TEA #894465 #FFFFFF 2 7"}},
		{"evacuation_route", []string{"  #FF00FF 2 5"}},
		{"traffic_signal", []string{"true #2E7D32 #212121 1 4", "false #F9A825 #212121 1 4", " #757575 #212121 1 4"}},
		{"waste_bank", []string{"unit #66A61E #FFFFFF 1 5", "central #1B7837 #FFFFFF 1 5"}},
	}
	cat := builtin(t)
	for _, tt := range tests {
		l, _ := cat.Layer(tt.layer)
		legend, err := Legend(cat, l)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range legend {
			got = append(got, fmt.Sprintf("%s %s %s %v %v", e.Value, e.Symbol.Fill, e.Symbol.Stroke, *e.Symbol.StrokeWidth, *e.Symbol.Radius))
			if e.Title.ID == "" || e.Title.EN == "" {
				t.Errorf("%s=%s: no title", tt.layer, e.Value)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s:\n%s", tt.layer, diff)
		}
	}
	zoning, _ := cat.Layer("zoning")
	list, _ := cat.List(plan.CodeRef{List: "zone", Version: "2021"})
	legend, err := Legend(cat, zoning)
	if err != nil || len(legend) != len(list.Codes) {
		t.Errorf("%d entries for %d codes, %v", len(legend), len(list.Codes), err)
	}
	if legend[0].Value != "BA" || legend[0].Symbol.Fill != "#97DBF2" {
		t.Errorf("got %+v", legend[0])
	}
}
