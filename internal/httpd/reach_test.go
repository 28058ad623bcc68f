package httpd_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// isWithinReach: a shelter stands at either end of the street of 1.1 km. At 1.79
// m/s four minutes are 430 m, so between both there is a gap, with the detour.
func isWithinReach(t *testing.T, o *office) {
	const reach = "/api/v1/evacuation/reach"
	c := converse(t, &gate{service: o.service, t: t}, definition(t, o.service))
	var a struct {
		Shelters int     `json:"shelters"`
		Beyond   float64 `json:"length_beyond"`
		Graph    string  `json:"graph_version"`
		Features []struct {
			Properties struct {
				Over    float64 `json:"over_minutes"`
				Minutes float64 `json:"minutes"`
				Metres  float64 `json:"length"`
				Shelter *struct {
					Name string `json:"name"`
				} `json:"destination"`
			} `json:"properties"`
			Lines struct {
				At [][][2]float64 `json:"coordinates"`
			} `json:"geometry"`
		} `json:"features"`
	}
	ask := func(query string) {
		t.Helper()
		a.Features = nil
		if err := json.Unmarshal(c.say(200, "GET", reach+query, nil).body, &a); err != nil {
			t.Fatal(err)
		}
	}
	ask("?minutes=2,4")
	if a.Shelters != 2 || a.Graph == "" || len(a.Features) != 2 || a.Features[0].Properties.Minutes != 2 || a.Features[1].Properties.Over != 2 {
		t.Fatalf("%+v", a)
	}
	// Two minutes are 215 m from either end, and from there to four as much again.
	for _, f := range a.Features {
		if m := f.Properties.Metres; m < 427 || m > 433 || len(f.Lines.At) != 2 {
			t.Errorf("%+v", f)
		}
	}
	// 215 m are 0.00194 degrees.
	if x := a.Features[0].Lines.At[0][1][0]; x < 95.3019 || x > 95.3020 {
		t.Errorf("cut at %v", x)
	}
	// The street is 1,107 m, the detour 1,217 m and the island 111 m.
	if a.Beyond < 1570 || a.Beyond > 1585 {
		t.Errorf("%v m beyond", a.Beyond)
	}
	ask("?minutes=120&profile=foot")
	if a.Beyond < 110 || a.Beyond > 112 {
		t.Errorf("in two hours only the island is beyond, not %v m", a.Beyond)
	}
	ask("?hazard=flood") // no shelter is for it
	if a.Shelters != 0 || a.Features[2].Properties.Metres != 0 || a.Beyond < 2430 || a.Beyond > 2440 {
		t.Errorf("%+v", a)
	}
	// By shelter they meet where both are as near: half the detour on, by the street.
	ask("?minutes=120&by=shelter")
	if len(a.Features) != 2 || a.Features[0].Properties.Shelter.Name != "Masjid Barat" || a.Features[0].Properties.Metres+a.Features[1].Properties.Metres < 2320 {
		t.Errorf("%+v", a.Features)
	}
	var areas struct {
		Off      *float64          `json:"off_road"`
		Features []json.RawMessage `json:"features"`
	}
	conn := o.db.Conn(t)
	for _, by := range []string{"minutes", "shelter"} {
		if err := json.Unmarshal(c.say(200, "GET", reach+"?minutes=2,4&as=areas&by="+by, nil).body, &areas); err != nil {
			t.Fatal(err)
		}
		for _, f := range areas.Features {
			var shape struct {
				G json.RawMessage `json:"geometry"`
			}
			if err := json.Unmarshal(f, &shape); err != nil {
				t.Fatal(err)
			}
			// A street of 430 m and as far again as areas go round its ends, or half of it.
			var valid bool
			if err := conn.QueryRow(t.Context(), "select ST_IsValid(g) and ST_NumGeometries(g) <= 2 and ST_Area(g::geography) between 45000 and 120000 from ST_GeomFromGeoJSON($1) g", string(shape.G)).Scan(&valid); err != nil || !valid || len(areas.Features) != 2 || *areas.Off != 50 {
				t.Errorf("%v: %s", err, shape.G)
			}
		}
	}
	for _, query := range []string{"?as=", "?as=points", "?by=", "?by=people", "?minutes=", "?minutes=0", "?minutes=5,5", "?minutes=10,5", "?minutes=121", "?minutes=1,2,3,4,5,6,7", "?minutes=1e1", "?minutes=-1", "?minutes=x", "?profile=horse", "?hazard=zombies", "?k=1"} {
		if r := o.get(t, reach+query); r.status != 400 {
			t.Errorf("%s: %d %s", query, r.status, r.body)
		}
	}
	if d := cmp.Diff(servedAPI(t, o.service), describedAPI(definition(t, o.service))); d != "" {
		t.Errorf("-served +described:\n%s", d)
	}
}
