package tileset

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/simtaru/simtaru/internal/plan"
)

// TestVersionsDiffer holds that a version tells apart programs, layers, their
// order and their content, in both lanes.
func TestVersionsDiffer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type input struct {
			program string
			parts   []uint64
		}
		draw := func(name string) input {
			return input{
				rapid.SampledFrom([]string{"1.0", "1.1"}).Draw(t, name+" program"),
				rapid.SliceOfN(rapid.Uint64Range(0, 3), 0, 4).Draw(t, name),
			}
		}
		version := func(i input) Version {
			v := base(i.program)
			for _, p := range i.parts {
				v = v.with(p)
			}
			return v
		}
		a, b := draw("a"), draw("b")
		same := a.program == b.program && len(a.parts) == len(b.parts)
		for i := range a.parts {
			same = same && a.parts[i] == b.parts[i]
		}
		v, w := version(a), version(b)
		if same != (v.A == w.A) || same != (v.B == w.B) {
			t.Fatalf("%v and %v have the versions %v and %v", a, b, v, w)
		}
	})
}

// TestDeclarationIsPartOfTheVersion changes what tiles show of a layer, and
// what they do not.
func TestDeclarationIsPartOfTheVersion(t *testing.T) {
	twelve, thirteen := 12, 13
	layer := func(change func(*plan.Layer)) uint64 {
		l := &plan.Layer{
			ID: "x", Geometry: plan.MultiPolygon, Zooms: plan.Zooms{Min: 8, Max: 14},
			Fields: []plan.Field{{Name: "a", Type: plan.TextField, Tiles: &twelve}, {Name: "b", Type: plan.TextField}},
		}
		change(l)
		return declare(l).print
	}
	plain := layer(func(*plan.Layer) {})
	for name, change := range map[string]func(*plan.Layer){
		"coverage":   func(l *plan.Layer) { l.Topology.Coverage = true },
		"zooms":      func(l *plan.Layer) { l.Zooms.Max = 15 },
		"field zoom": func(l *plan.Layer) { l.Fields[0].Tiles = &thirteen },
		"field":      func(l *plan.Layer) { l.Fields[1].Tiles = &twelve },
		"name":       func(l *plan.Layer) { l.Fields[0].Name = "c" },
		"id":         func(l *plan.Layer) { l.ID = "y" },
	} {
		if layer(change) == plain {
			t.Errorf("%s: the same version", name)
		}
	}
	if layer(func(l *plan.Layer) { l.Title.EN, l.Fields[1].Name = "title", "c" }) != plain {
		t.Error("what tiles do not show makes them new")
	}
}
