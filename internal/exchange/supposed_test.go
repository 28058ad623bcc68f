package exchange_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/simtaru/simtaru/internal/exchange"
	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
)

func TestReadSupposed(t *testing.T) {
	layer, o := plots()
	find := func(id string) (*plan.Layer, *plan.Error) {
		if id != layer.ID {
			return nil, &plan.Error{Kind: plan.NotFound, Code: "no-such-layer", At: "layer"}
		}
		return layer, nil
	}
	limits := exchange.SupposedLimits{Edits: 3, Vertices: 8}
	for _, c := range []struct{ in, want string }{
		{`{"edits":[]}`, "[]"},
		{`{"edits":[],"indicators":[]}`, "[] of []"},
		{`{"indicators":["a","b"],"edits":[{"op":"delete","layer":"plot","id":3}]}`, "[delete plot 3 ] of [a b]"},
		// What a real edit would require is left out; what is there is checked.
		{`{"edits":[{"op":"create","layer":"plot","properties":{"use":"A"},"geometry":` + triangle + `}]}`, "[create plot 0 MultiPolygon use=A]"},
		{`{"edits":[{"geometry":` + triangle + `,"properties":{"floors":2},"id":7,"layer":"plot","op":"update"}]}`, "[update plot 7 MultiPolygon floors=2]"},
		{`{"edits":[{"op":"update","layer":"plot","id":7,"geometry":null}]}`, "[update plot 7 null]"},
		{`{"edits":[{"op":"update","layer":"plot","id":7,"properties":{"use":null}}]}`, "[update plot 7 use=<nil>]"},
		{
			`{"edits":[{"op":"create","layer":"plot","properties":{"use":"Z"},"geometry":` + triangle + `},{"op":"update","layer":"plot","id":1,"properties":{"colour":1,"floors":200}}]}`,
			"0 unknown-code@use 1 unknown-property@colour 1 out-of-range@floors",
		},
		{`{"edits":[{"op":"create","layer":"other","geometry":null},{"op":"create","layer":"plot"}]}`, "0 no-such-layer@layer 1 missing-member@geometry"},
		{
			`{"edits":[{"op":"replace","layer":"plot","id":1},{"op":"delete","layer":"plot"},{"op":"create","op":"create","layer":"plot","geometry":null}]}`,
			"0 wrong-operation@op 1 missing-member@id 2 duplicate-member@op",
		},
		{`{"edits":[{"op":"delete","layer":"plot","id":1,"ifRevision":2}]}`, "0 unknown-member@ifRevision"},
		{`{"edits":[1]}`, "invalid-json"},
		{`{"edits":[],"edits":[]}`, "invalid-json"},
		{`{"edits":[],"indicators":["` + "\xff" + `"]}`, "invalid-json"},
		{`{"edits":[],"more":1}`, "invalid-json"},
		{`{"edits":[]}{}`, "invalid-json"},
		{`{"edits":[` + strings.TrimSuffix(strings.Repeat(`{"op":"delete","layer":"plot","id":1},`, 4), ",") + `]}`, "too-many-edits"},
		{
			`{"edits":[` + strings.TrimSuffix(strings.Repeat(`{"op":"create","layer":"plot","geometry":`+triangle+`},`, 2), ",") + `]}`,
			"[create plot 0 MultiPolygon create plot 0 MultiPolygon]",
		},
		{`{"edits":[` + strings.TrimSuffix(strings.Repeat(`{"op":"create","layer":"plot","geometry":`+triangle+`},`, 3), ",") + `]}`, "too-many-vertices"},
	} {
		s, err := exchange.ReadSupposed(strings.NewReader(c.in), find, limits, o)
		if got := showSupposed(s, err); got != c.want {
			t.Errorf("%s:\n%s, want\n%s", c.in, got, c.want)
		}
	}
}

// TestNothingSupposedIsWidened: only the database widens.
func TestNothingSupposedIsWidened(t *testing.T) {
	layer, cat := testLayer()
	layer.WidenM = 6
	find := func(string) (*plan.Layer, *plan.Error) { return layer, nil }
	body := `{"edits":[{"op":"create","layer":"trial","geometry":{"type":"Point","coordinates":[95.3,5.5]}},{"op":"create","layer":"trial","geometry":` + square + `}]}`
	s, err := exchange.ReadSupposed(strings.NewReader(body), find, exchange.SupposedLimits{Edits: 2, Vertices: 9}, exchange.BodyOptions{Catalog: cat, CRS: geo.CRS84})
	if got := showSupposed(s, err); got != "0 wrong-geometry-type@geometry" {
		t.Error(got)
	}
}

func showSupposed(s exchange.Supposed, err error) string {
	var faults *plan.Faults
	var one *plan.Error
	var parts []string
	switch {
	case errors.As(err, &faults):
		for _, f := range faults.List {
			parts = append(parts, fmt.Sprintf("%d %s@%s", f.Index, f.Err.Code, f.Err.At))
		}
		return strings.Join(parts, " ")
	case errors.As(err, &one):
		return one.Code
	}
	for _, e := range s.Edits {
		part := fmt.Sprintf("%s %s %d ", e.Op, e.Layer, e.ID)
		switch {
		case e.Geometry != nil:
			part += e.Geometry.GeoJSONType()
		case e.HasGeometry:
			part += "null"
		}
		for _, f := range []string{"use", "floors"} {
			if v, ok := e.Values[f]; ok {
				part = strings.TrimSuffix(part, " ") + fmt.Sprintf(" %s=%v", f, v)
			}
		}
		parts = append(parts, part)
	}
	out := fmt.Sprint("[", strings.Join(parts, " "), "]")
	if s.Indicators != nil {
		out += fmt.Sprint(" of ", s.Indicators)
	}
	return out
}

// FuzzReadObserved: no body panics, and what passes has all its members.
func FuzzReadObserved(f *testing.F) {
	f.Add(`{"observations":[{"by":"city","code":"11.71","at":"2026-01-31T08:00:00+07:00","value":1.2,"unit":"kg"}]}`)
	f.Add(`{"observations":[{"by":"city","value":NaN},{"value":1e999},{"at":"x","at":1}]}`)
	f.Add(`{"observations":[{}],"x":[]}`)
	f.Fuzz(func(t *testing.T, body string) {
		list, err := exchange.ReadObserved(strings.NewReader(body), 5)
		if err != nil {
			return
		}
		for _, o := range list {
			if len(o.Refused) == 0 && (o.At.IsZero() || o.Value != nil && math.IsNaN(*o.Value) || !strings.Contains(body, `"unit"`)) {
				t.Errorf("%q passes as %+v", body, o)
			}
		}
		if len(list) > 5 {
			t.Errorf("%d observations", len(list))
		}
	})
}
