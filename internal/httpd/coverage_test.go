package httpd_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// covers is what the tests read of an answer.
type covers struct {
	Minutes   float64 `json:"minutes"`
	Hazard    *string `json:"hazard"`
	Graph     string  `json:"graph_version"`
	People    int     `json:"people"`
	Covered   int     `json:"covered"`
	Not       int     `json:"uncovered"`
	Unplaced  int     `json:"unplaced"`
	Uncounted int     `json:"uncounted_areas"`
	Places    int     `json:"places"`
	Room      int     `json:"room"`
	Areas     []struct {
		Code    string `json:"code"`
		People  *int   `json:"people"`
		Covered *int   `json:"covered"`
		Basis   string `json:"basis"`
	} `json:"areas"`
	Shelters []struct {
		Name   string `json:"name"`
		People int    `json:"people"`
	} `json:"shelters"`
}

func (a covers) counts() [5]int { return [5]int{a.People, a.Covered, a.Not, a.Unplaced, a.Uncounted} }

// peopleAreCovered: homes stand along the street, 30 people 220 m from its west
// end, 40 people 330 m from it and 20 people on the island, in one gampong of
// 180; of another nobody has counted the people.
func peopleAreCovered(t *testing.T, o *office) {
	const coverage = "/api/v1/evacuation/coverage"
	c := converse(t, &gate{service: o.service, t: t}, definition(t, o.service))
	ask := func(query string) (a covers) {
		t.Helper()
		if err := json.Unmarshal(c.say(200, "GET", coverage+query, nil).body, &a); err != nil {
			t.Fatal(err)
		}
		return a
	}
	if a := ask(""); a.counts() != [5]int{} || a.Areas == nil || a.Places != 2 || a.Room != 200 || a.Minutes != 15 {
		t.Errorf("where there is nobody: %+v", a)
	}
	o.db.Exec(t, "insert into plan.boundary (kode, nama, population, geom) values ('11.71.01.2001', 'Satu', 180, st_multi(st_geomfromtext($1, 4326))), ('11.71.01.2002', 'Dua', null, st_multi(st_geomfromtext($2, 4326)))",
		square(95.29, 5.49, 0.05), square(95.34, 5.49, 0.01))
	for lon, people := range map[float64]int{95.302: 30, 95.303: 40, 95.3305: 20} {
		o.db.Exec(t, "insert into plan.building (occupants, geom) values ($1, st_multi(st_geomfromtext($2, 4326)))", people, box(lon, 5.5, 0.00005))
	}
	// 221 m are 2:04 and 332 m are 3:06 at 1.79 m/s.
	wait(t, "everybody is counted", func() bool { return ask("?minutes=2.5").counts() == [5]int{180, 60, 120, 0, 1} })
	a := ask("?minutes=4")
	if a.counts() != [5]int{180, 140, 40, 0, 1} || a.Hazard != nil || a.Graph == "" || len(a.Areas) != 2 {
		t.Errorf("%+v", a)
	}
	if x, y := a.Areas[0], a.Areas[1]; *x.People != 180 || *x.Covered != 140 || x.Basis != "occupants" || y.People != nil || y.Covered != nil || y.Basis != "uncounted" {
		t.Errorf("%+v", a.Areas)
	}
	if len(a.Shelters) != 2 || a.Shelters[0].Name != "Masjid Barat" || a.Shelters[0].People != 140 || a.Shelters[1].People != 0 {
		t.Errorf("%+v", a.Shelters)
	}
	if a := ask("?hazard=flood"); a.counts() != [5]int{180, 0, 180, 0, 1} || a.Places != 0 || a.Room != 0 || a.Hazard == nil {
		t.Errorf("no shelter is for a flood: %+v", a)
	}
	// A closure, between both homes.
	o.db.Exec(t, "insert into plan.closure (reason, severity, starts_at, geom) values ('flood', 'closed', now(), st_geomfromtext($1, 4326))", "POLYGON((95.3024 5.4999,95.3026 5.4999,95.3026 5.5001,95.3024 5.5001,95.3024 5.4999))")
	wait(t, "the closure counts", func() bool { return ask("?minutes=4").Covered == 60 })
	o.db.Exec(t, "delete from plan.closure")
	wait(t, "it is open again", func() bool { return ask("?minutes=4").Covered == 140 })
	for _, query := range []string{"?minutes=", "?minutes=0", "?minutes=5,10", "?minutes=121", "?minutes=1e1", "?minutes=-1", "?profile=horse", "?hazard=zombies", "?departure_min=-1", "?departure_min=x", "?k=1"} {
		if r := o.get(t, coverage+query); r.status != 400 {
			t.Errorf("%s: %d %s", query, r.status, r.body)
		}
	}
	if d := cmp.Diff(servedAPI(t, o.service), describedAPI(definition(t, o.service))); d != "" {
		t.Errorf("-served +described:\n%s", d)
	}
	// An event that is on counts without being asked for, anywhere in the city.
	o.db.Exec(t, "insert into plan.hazard_event (hazard, status, starts_at, geom) values ('flood', 'on', now(), st_multi(st_geomfromtext($1, 4326)))", square(95.29, 5.49, 0.05))
	wait(t, "the event counts", func() bool { a := ask("?minutes=4"); return a.Hazard != nil && *a.Hazard == "flood" && a.Covered == 0 })
	if a := ask("?minutes=4&hazard=none"); a.Covered != 140 || a.Hazard != nil {
		t.Errorf("without the event: %+v", a)
	}
	o.db.Exec(t, "delete from plan.hazard_event")
	wait(t, "the event is over", func() bool { return ask("").Hazard == nil })
	o.db.Exec(t, "delete from plan.building")
	o.db.Exec(t, "delete from plan.boundary")
}
