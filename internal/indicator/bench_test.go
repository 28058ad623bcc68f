package indicator

import (
	"testing"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/demo"
	"github.com/simtaru/simtaru/internal/plan"
)

// benchCity is the demonstration city at the benchmark's size, with the layers
// that indicators are made from.
func benchCity(tb testing.TB, cat *plan.Catalog) city {
	tb.Helper()
	made := demo.New(demo.Options{Scale: 5})
	c := city{}
	for _, id := range []string{"boundary", "green_space", "zoning", "building", "road", "traffic_signal", "slum_area"} {
		l, _ := cat.Layer(id)
		for row := range made.Rows(id) {
			f := &plan.Feature{ID: int64(len(c[id]) + 1), Revision: 1, Geometry: row.Geometry, Values: make([]any, len(l.Fields))}
			for i, field := range l.Fields {
				f.Values[i] = row.Values[field.Name]
			}
			switch g := f.Geometry.(type) {
			case orb.Polygon:
				f.Geometry = orb.MultiPolygon{g}
			case orb.LineString:
				f.Geometry = orb.MultiLineString{g}
			}
			c[id] = append(c[id], f)
		}
	}
	return c
}

func BenchmarkFullComputation(b *testing.B) {
	cat := definitions(b)
	c := benchCity(b, cat)
	board := NewBoard(still{c.view(cat)}, Options{})
	b.ReportAllocs()
	for b.Loop() {
		if err := board.renew(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
