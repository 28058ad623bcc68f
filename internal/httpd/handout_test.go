package httpd_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// sheetOfGampong: 40 people live at the street, west of the bridge, and 2 on the
// island; the middle of them is where most are.
func sheetOfGampong(t *testing.T, o *office) {
	o.db.Exec(t, "insert into plan.boundary (kode, nama, kecamatan, population, geom) values ('11.71.01.2001', 'Gampong <Satu>', 'Kuta', 42, st_multi(st_geomfromtext($1, 4326)))", square(95.29, 5.49, 0.05))
	for lon, people := range map[float64]int{95.303: 40, 95.3305: 2} {
		o.db.Exec(t, "insert into plan.building (occupants, geom) values ($1, st_multi(st_geomfromtext($2, 4326)))", people, box(lon, 5.5003, 0.00005))
	}
	o.db.Exec(t, "update plan.shelter set contact = '0651-1234' where name = 'Sekolah Timur'")
	defer func() {
		o.db.Exec(t, "update plan.shelter set contact = null")
		o.db.Exec(t, "delete from plan.building")
		o.db.Exec(t, "delete from plan.boundary")
		o.db.Exec(t, "delete from plan.closure")
		o.db.Exec(t, "delete from plan.hazard_zone")
	}()
	const sheet = "/evacuation/sheet/11.71.01.2001"
	wait(t, "the gampong is known", func() bool {
		return strings.Contains(string(o.get(t, sheet+"?lang=en").body), "0651-1234")
	})
	page := string(o.get(t, sheet+"?lang=en").body)
	// What is on paper is what the phone would say from there.
	var a struct {
		Routes []struct {
			Shelter  struct{ Name string } `json:"destination"`
			Duration float64
			Steps    []struct{ Text struct{ ID, EN string } }
		}
	}
	if err := json.Unmarshal(o.get(t, evacuation+"?from=95.303,5.5").body, &a); err != nil || len(a.Routes) != 2 {
		t.Fatalf("%v %+v", err, a)
	}
	for i, r := range a.Routes {
		row := fmt.Sprintf(`<tr><td>%d</td><td>%s (TES)</td><td class="number">%d</td>`, i+1, r.Shelter.Name, int(r.Duration/60)+1)
		if !strings.Contains(page, row) {
			t.Errorf("no %s in\n%s", row, page)
		}
	}
	for _, want := range []string{
		"Evacuation routes of gampong &lt;Satu&gt;", "District of Kuta", "#view=evacuate&amp;from=95.303000,5.500000", "Jalan Barat", "<svg class=\"map\"", "<svg class=\"qr\"",
		a.Routes[0].Steps[0].Text.EN, "no hazard zones are recorded", `<meta name="viewport"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in\n%s", want, page)
		}
	}
	// The policy of pages lets neither styles nor scripts in.
	for _, bad := range []string{"style=", "<script", "<Satu>"} {
		if strings.Contains(page, bad) {
			t.Errorf("%q in\n%s", bad, page)
		}
	}
	if r := o.get(t, sheet+"?lang=id"); !strings.Contains(string(r.body), a.Routes[0].Steps[0].Text.ID) || !strings.Contains(string(r.body), "Daya tampung") {
		t.Errorf("in Indonesian: %s", r.body)
	}
	// The gravest hazard there is the one that the ways go by.
	for hazard, class := range map[string]string{"flood": "low", "tsunami": "high"} {
		o.db.Exec(t, "insert into plan.hazard_zone (hazard, class, geom) values ($1, $2, st_multi(st_geomfromtext($3, 4326)))", hazard, class, square(95.2995, 5.4995, 0.0025))
	}
	wait(t, "the zones are drawn", func() bool {
		text := string(o.get(t, sheet+"?lang=en").body)
		return strings.Contains(text, "<strong>Tsunami</strong>") && strings.Contains(text, "zone: High") && !strings.Contains(text, "zone: Low") &&
			strings.Contains(text, "<td>Sekolah Timur (TES)</td>") && !strings.Contains(text, "<td>Masjid Barat (TES)</td>")
	})
	if r := o.get(t, sheet+"?lang=en&hazard=flood"); !strings.Contains(string(r.body), "<strong>Flood</strong>") {
		t.Errorf("asked for a flood: %s", r.body)
	}
	o.db.Exec(t, "insert into plan.closure (reason, severity, starts_at, geom) values ('flood', 'closed', now(), st_multi(st_geomfromtext($1, 4326)))", box(95.3035, 5.5, 0.0001))
	wait(t, "a closure is on the next sheet", func() bool {
		return !strings.Contains(string(o.get(t, sheet+"?lang=en").body), "<td>Sekolah Timur (TES)</td>")
	})
	for path, status := range map[string]int{"/evacuation/sheet/11.71.01.9999": 404, "/evacuation/sheet/-": 404, sheet + "?hazard=zombies": 400, sheet + "?profile=horse": 400, sheet + "?x=1": 400} {
		if r := o.get(t, path); r.status != status {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
}
