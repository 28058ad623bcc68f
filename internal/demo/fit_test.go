package demo

import (
	"fmt"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/plan"
)

// Every value fits what the catalogue declares: a known field, its type,
// range, length and code list; what is required is there, what is unique is
// unique, and the geometry is of the layer's type.
func TestRowsFitDeclarations(t *testing.T) {
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	eachScale(t, func(t *testing.T, c *City) {
		for _, id := range c.Layers() {
			layer, ok := cat.Layer(id)
			if !ok {
				t.Errorf("no layer is called %s", id)
				continue
			}
			f := fitter{cat: cat, layer: layer, seen: map[string]bool{}}
			n := 0
			for row := range c.Rows(id) {
				if n++; n%50 == 0 || c.b.Scale < 5 { // at full size a sample, for time
					if err := f.fit(row); err != nil {
						t.Errorf("%s, row %d: %v", id, n, err)
						break
					}
				}
			}
			if n == 0 {
				t.Errorf("%s has no rows", id)
			}
		}
	})
}

// The city has something for each built-in layer but those that the database
// itself fills.
func TestEveryLayerHasRows(t *testing.T) {
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for _, id := range New(Options{Scale: 0.2}).Layers() {
		have[id] = true
	}
	for _, l := range cat.Layers() {
		if have[l.ID] == l.Access.System {
			t.Errorf("%s: the city has rows for it: %v", l.ID, have[l.ID])
		}
	}
}

type fitter struct {
	cat   *plan.Catalog
	layer *plan.Layer
	seen  map[string]bool
}

func (f *fitter) fit(row Row) error {
	for name := range row.Values {
		if _, ok := f.layer.Field(name); !ok {
			return fmt.Errorf("unknown field %q", name)
		}
	}
	for _, d := range f.layer.Fields {
		v, ok := row.Values[d.Name]
		if !ok {
			if d.Required {
				return fmt.Errorf("%s is required", d.Name)
			}
			continue
		}
		if err := f.fitValue(d, v); err != nil {
			return fmt.Errorf("%s = %v: %w", d.Name, v, err)
		}
		if key := fmt.Sprint(d.Name, "\x00", v); d.Unique {
			if f.seen[key] {
				return fmt.Errorf("%s = %v twice", d.Name, v)
			}
			f.seen[key] = true
		}
	}
	return f.fitGeometry(row.Geometry)
}

func (f *fitter) fitValue(d plan.Field, v any) error {
	number, isNumber := 0.0, false
	ok := false
	switch d.Type {
	case plan.TextField:
		_, ok = v.(string)
	case plan.IntegerField:
		var i int64
		i, ok = v.(int64)
		number, isNumber = float64(i), true
	case plan.NumberField:
		number, ok = v.(float64)
		isNumber = true
	case plan.BooleanField:
		_, ok = v.(bool)
	case plan.DateField:
		var s plan.Date
		if s, ok = v.(plan.Date); ok {
			if _, err := time.Parse(time.DateOnly, string(s)); err != nil {
				return err
			}
		}
	case plan.TimestampField:
		_, ok = v.(time.Time)
	}
	if !ok {
		return fmt.Errorf("is a %T, want %s", v, d.Type)
	}
	if isNumber && (d.Min != nil && number < *d.Min || d.Max != nil && number > *d.Max) {
		return fmt.Errorf("out of range")
	}
	s, _ := v.(string)
	limit := d.MaxLength
	if limit == 0 {
		limit = plan.DefaultMaxLength
	}
	if d.Type == plan.TextField && (s == "" || utf8.RuneCountInString(s) > limit) {
		return fmt.Errorf("empty or longer than %d", limit)
	}
	if d.Codes != nil {
		list, ok := f.cat.List(*d.Codes)
		if !ok {
			return fmt.Errorf("no code list %v", *d.Codes)
		}
		for _, c := range list.Codes {
			if c.Code == s {
				return nil
			}
		}
		return fmt.Errorf("not in code list %v", *d.Codes)
	}
	return nil
}

func (f *fitter) fitGeometry(g orb.Geometry) error {
	ok := false
	switch f.layer.Geometry {
	case plan.Point:
		_, ok = g.(orb.Point)
	case plan.MultiLineString:
		_, ok = g.(orb.MultiLineString)
	case plan.MultiPolygon:
		_, ok = g.(orb.MultiPolygon)
	}
	if !ok {
		return fmt.Errorf("geometry is a %T, want %s", g, f.layer.Geometry)
	}
	b := g.Bound()
	if b.Min[0] < 95.27 || b.Max[0] > 95.38 || b.Min[1] < 5.51 || b.Max[1] > 5.62 {
		return fmt.Errorf("lies at %v", b)
	}
	return nil
}

// The names beside a zone's code are those of the code list.
func TestZoneNames(t *testing.T) {
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	zones, _ := cat.List(plan.CodeRef{List: "zone", Version: "2021"})
	classes, _ := cat.List(plan.CodeRef{List: "zone_class", Version: "2021"})
	find := func(l *plan.CodeList, code string) plan.Code {
		for _, c := range l.Codes {
			if c.Code == code {
				return c
			}
		}
		t.Fatalf("%s: no code %s", l.ID, code)
		return plan.Code{}
	}
	for _, n := range zoneNames() {
		z := find(zones, n.code)
		k := find(classes, n.class)
		if z.Title.ID != n.name || z.Group != n.class || k.Title.ID != n.zone || k.Group != n.kind {
			t.Errorf("%v differs from the code lists: %v in %v", n, z, k)
		}
	}
}
