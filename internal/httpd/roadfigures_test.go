package httpd_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/simtaru/simtaru/internal/testdb"
)

// TestFiguresFollowTheRoads: two homes stand along a street, 200 and 900 m from a
// shelter; the first is 55 m behind a park.
func TestFiguresFollowTheRoads(t *testing.T) {
	o := openFiguresWith(t, func(db *testdb.DB) {
		db.Exec(t, "insert into plan.road (class, geom) values ('residential', st_geomfromtext('MULTILINESTRING((95.3 5.5025,95.319 5.5025))', 4326))")
		db.Exec(t, "insert into plan.shelter (name, kind, status, capacity, geom) values ('Masjid', 'TES', 'ready', 100, st_setsrid(st_makepoint(95.3052, 5.5026), 4326))")
		db.Exec(t, "insert into plan.evacuation_route (status, width, geom) values ('existing', 3, st_geomfromtext('MULTILINESTRING((95.302 5.5025,95.306 5.5025))', 4326))")
		for _, lon := range []float64{95.307, 95.3133} {
			db.Exec(t, "insert into plan.building (occupants, geom) values (40, st_multi(st_geomfromtext($1, 4326)))", box(lon, 5.50252, 0.00002))
		}
		db.Exec(t, "update plan.boundary set population = 500 where population is null")
	})
	figure := func(id, by string) (all []string) {
		t.Helper()
		for _, r := range o.told(t, figuresRoot+"/"+id+"?by="+by).Readings {
			value := "none"
			if r.Value != nil {
				value = fmt.Sprintf("%.3f of %.0f", *r.Value, *r.Denominator)
			}
			all = append(all, value)
		}
		return all
	}
	wait(t, "the roads are ready", func() bool { return figure("shelter_places", "city")[0] != "none" })
	check := func(id, by string, want ...string) {
		t.Helper()
		if got := figure(id, by); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s by %s: %q, want %q", id, by, got, want)
		}
	}
	// 15 minutes are 1.6 km: all homes, and of the third gampong, where no home and
	// no road is known, nobody.
	check("evacuation_in_time", "gampong", "100.000 of 1000", "100.000 of 2000", "0.000 of 500")
	check("evacuation_in_time", "kecamatan", "100.000 of 3000", "0.000 of 500")
	check("shelter_places", "gampong", "0.100 of 1000", "0.000 of 2000", "0.000 of 500")
	check("shelter_places", "city", "0.029 of 3500")
	check("evacuation_route_fit", "gampong", "100.000 of 443", "none", "none")
	check("park_walk_400", "gampong", "100.000 of 1000", "0.000 of 2000", "0.000 of 500")
	start := time.Now()
	o.db.Exec(t, "insert into plan.closure (reason, severity, starts_at, geom) values ('flood', 'closed', now(), st_geomfromtext($1, 4326))", "POLYGON((95.3059 5.502,95.3061 5.502,95.3061 5.503,95.3059 5.503,95.3059 5.502))")
	wait(t, "the closure is in the figures", func() bool { return figure("evacuation_in_time", "city")[0] == "0.000 of 3500" })
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("that took %v", took)
	}
	if got := figure("evacuation_route_fit", "city")[0]; got < "97" || got > "98" {
		t.Errorf("routes fit beside a closure of 11 m: %s", got)
	}
	// Nobody supposes roads: a plan that is asked about has no such figure.
	r := o.send(t, http.MethodPost, figuresRoot+"/what-if", "", plainJSON, `{"edits":[{"op":"delete","layer":"road","id":1}],"indicators":["evacuation_in_time"]}`)
	if p := problemOf(t, "what-if", r); r.status != 422 || p.Type != "/docs/problems#indicator-of-now" {
		t.Errorf("%d %s", r.status, r.body)
	}
	o.checkLog(t)
}
