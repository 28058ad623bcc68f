package httpd_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"testing"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/testdb"
	"github.com/simtaru/simtaru/internal/zoning"
)

// TestYogyakartaAnswers asks in each sub-zone of the real matrix what may be
// done there, and holds every cell against the file.
func TestYogyakartaAnswers(t *testing.T) {
	text, err := os.ReadFile("../../../shared/data/yogyakarta/rdtr_kota_yogyakarta_itbx_intensitas.json")
	if err != nil {
		t.Skip(err)
	}
	ref := plan.CodeRef{List: "zone", Version: "yogyakarta"}
	set, err := zoning.ParsePublished(text, ref, plan.Text{ID: "Kota Yogyakarta", EN: "Kota Yogyakarta"}, "RDTR Kota Yogyakarta")
	if err != nil {
		t.Fatal(err)
	}
	list := &plan.CodeList{ID: ref.List, Version: ref.Version, Title: set.Title, Source: set.Source}
	for _, zone := range set.Zones {
		list.Codes = append(list.Codes, plan.Code{Code: zone, Title: plan.Text{ID: zone, EN: zone}})
	}
	record, err := set.Record()
	if err != nil {
		t.Fatal(err)
	}
	o := openPlan(t, yogyakarta(t, list), func(db *testdb.DB) {
		for i, zone := range set.Zones {
			db.Exec(t, "insert into plan.zoning (namobj, kodszn, geom) values ($1, $1, st_geomfromtext($2, 4326))", zone, square(110.36+float64(i)/100, -7.80, 0.01))
		}
		if _, _, err := db.Store.ImportRules(t.Context(), record, nil); err != nil {
			t.Fatal(err)
		}
	}, computing)
	wait(t, "rules are answered by", func() bool { return o.get(t, "/api/v1/activities").status == http.StatusOK })

	var published struct {
		Matrix []struct {
			Activity string            `json:"Kegiatan"`
			Cells    map[string]string `json:"skrk"`
		} `json:"skrk"`
	}
	if err := json.Unmarshal(text, &published); err != nil {
		t.Fatal(err)
	}
	words := map[string]zoning.Verdict{"I": zoning.Allowed, "T": zoning.Limited, "B": zoning.Conditional, "X": zoning.Prohibited, "": zoning.NotStated}
	count := map[string]int{}
	for i, zone := range set.Zones {
		h := o.here(t, fmt.Sprintf("lon=%v&lat=-7.795", 110.365+float64(i)/100))
		if len(h.Zones) != 1 || h.Zones[0].Code != zone {
			t.Fatalf("%s: %+v", zone, h.Zones)
		}
		told := map[string]zoning.Verdict{}
		for _, group := range h.Zones[0].Activities {
			for _, a := range group.Activities {
				told[a.Code] = group.Verdict
			}
		}
		for row, a := range published.Matrix {
			cell := a.Cells[zone]
			count[cell]++
			if got := told[fmt.Sprintf("%03d", row+1)]; got != words[cell] {
				t.Errorf("%s in %s: %q is told as %q", a.Activity, zone, cell, got)
			}
		}
	}
	if count["I"] != 853 || count["X"] != 912 || count["B"] != 295 || count["T"] != 140 || count[""] != 5 {
		t.Errorf("%v", count)
	}
}

// yogyakarta is the built-in catalogue with sub-zones of another code list.
func yogyakarta(t *testing.T, list *plan.CodeList) *plan.Catalog {
	t.Helper()
	builtin, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	layers := slices.Clone(builtin.Layers())
	for i, l := range layers {
		if l.ID != "zoning" {
			continue
		}
		own := *l
		own.Fields = slices.Clone(l.Fields)
		for j := range own.Fields {
			if own.Fields[j].Name == "kodszn" {
				own.Fields[j].Codes = &plan.CodeRef{List: list.ID, Version: list.Version}
			}
		}
		layers[i] = &own
	}
	return plan.NewCatalog(layers, append(slices.Clone(builtin.Lists()), list))
}
