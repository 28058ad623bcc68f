package httpd_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/plan"
)

// TestBuiltinLayers serves every built-in declaration with one feature in it
// and asks for everything that there is of each, without naming any.
func TestBuiltinLayers(t *testing.T) {
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	db := newSource()
	db.cat, db.features = cat, map[string][]*plan.Feature{}
	for _, l := range cat.Layers() {
		db.features[l.ID] = []*plan.Feature{sample(cat, l)}
	}
	s := serveSource(t, db)
	wait(t, "the plan is loaded", func() bool { return s.mirror.Status().Ready })
	doc, err := openapi3.NewLoader().LoadFromData(s.get(t, "/ogc/openapi").body)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		t.Error(err)
	}
	public := 0
	for _, l := range cat.Layers() {
		if !l.Access.CanRead(plan.Public) {
			continue
		}
		public++
		collection := "/ogc/collections/" + l.ID
		for _, path := range []string{
			collection, collection + "?f=html", collection + "/items", collection + "/items?f=html", collection + "/items/1", collection + "/items/1?f=html",
			collection + "/tiles", collection + "/tiles/WebMercatorQuad", "/tiles/" + l.ID + ".json",
		} {
			if r := s.get(t, path); r.status != http.StatusOK {
				t.Errorf("%s: %d %s", path, r.status, r.body)
			}
		}
		for _, f := range l.Fields {
			if v, ok := db.features[l.ID][0].Values[l.FieldIndex(f.Name)].(string); ok {
				if p := s.page(t, collection+"/items?"+f.Name+"="+v); p.NumberMatched != 1 {
					t.Errorf("%s.%s=%s: %d", l.ID, f.Name, v, p.NumberMatched)
				}
			}
		}
		if r := s.get(t, strings.Replace(tileAt(orb.Point{95.32, 5.55}, uint8(l.Zooms.Max)), spots, l.ID, 1)); r.status != http.StatusOK {
			t.Errorf("tile of %s: %d", l.ID, r.status)
		}
	}
	var body struct {
		Layers []struct{ Legend []any }
		Groups []any
		Codes  []any
	}
	if err := json.Unmarshal(s.get(t, "/api/v1/catalog").body, &body); err != nil {
		t.Fatal(err)
	}
	if len(body.Layers) != public || len(body.Groups) == 0 || len(body.Codes) == 0 {
		t.Errorf("%d of %d layers, %d groups, %d lists", len(body.Layers), public, len(body.Groups), len(body.Codes))
	}
	if r := s.get(t, "/styles/plan.json"); r.status != http.StatusOK || !strings.Contains(string(r.body), s.URL+"/tiles/") {
		t.Errorf("style: %d", r.status)
	}
}

// sample is a feature with a value in every field.
func sample(cat *plan.Catalog, l *plan.Layer) *plan.Feature {
	f := &plan.Feature{ID: 1, Revision: 1, UpdatedAt: firstDay, Values: make([]any, len(l.Fields))}
	for i, field := range l.Fields {
		switch field.Type {
		case plan.TextField:
			f.Values[i] = "text"
			if field.Codes != nil {
				if list, ok := cat.List(*field.Codes); ok {
					f.Values[i] = list.Codes[0].Code
				}
			}
		case plan.IntegerField:
			f.Values[i] = int64(1)
		case plan.NumberField:
			f.Values[i] = 1.5
		case plan.BooleanField:
			f.Values[i] = true
		case plan.DateField:
			f.Values[i] = plan.Date("2026-01-31")
		case plan.TimestampField:
			f.Values[i] = firstDay.Add(time.Minute)
		}
	}
	switch l.Geometry {
	case plan.Point:
		f.Geometry = orb.Point{95.32, 5.55}
	case plan.MultiLineString:
		f.Geometry = orb.MultiLineString{{{95.319, 5.549}, {95.321, 5.551}}}
	case plan.MultiPolygon:
		f.Geometry = orb.MultiPolygon{{{{95.319, 5.549}, {95.321, 5.549}, {95.321, 5.551}, {95.319, 5.551}, {95.319, 5.549}}}}
	}
	return f
}
