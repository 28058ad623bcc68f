package postgis_test

import (
	"testing"

	"github.com/paulmach/orb/planar"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/testdb"
)

// TestDissolve unites squares by the beginning of a text, across a shared
// border, and leaves out what has no place or no text.
func TestDissolve(t *testing.T) {
	db := testdb.New(t)
	l := &plan.Layer{
		ID: "ward", Title: plan.Text{ID: "w", EN: "w"}, Group: "base", Geometry: plan.MultiPolygon, Zooms: plan.Zooms{Max: 16}, Policy: plan.Live,
		Access: plan.Access{Read: []plan.Role{plan.Public}}, Licence: "CC-BY-4.0", Attribution: plan.Text{ID: "w", EN: "w"},
		Fields: []plan.Field{
			{Name: "code", Type: plan.TextField, Title: plan.Text{ID: "c", EN: "c"}},
			{Name: "number", Type: plan.IntegerField, Title: plan.Text{ID: "n", EN: "n"}},
		},
	}
	if _, err := db.Store.Apply(t.Context(), l, nil); err != nil {
		t.Fatal(err)
	}
	db.Exec(t, `insert into plan.ward (code, geom) select c, st_multi(st_makeenvelope(x, 5, x + 1, 6, 4326))
		from (values ('A1', 95), ('A2', 96), ('B1', 97), ('B2', 99), (null, 101)) as v (c, x)`)
	db.Exec(t, "insert into plan.ward (code) values ('A3')")
	got, err := db.Store.Dissolve(t.Context(), l, "code", 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || len(got["A"]) != 1 || len(got["A"][0]) != 1 || len(got["B"]) != 2 || planar.Area(got["A"]) != 2 || planar.Area(got["B"]) != 2 {
		t.Errorf("dissolved to %v", got)
	}
	for _, field := range []string{"number", "nothing", `code"; drop table plan.ward; --`} {
		if _, err := db.Store.Dissolve(t.Context(), l, field, 1, nil); err == nil {
			t.Errorf("by %q: no error", field)
		}
	}
}
