package httpd_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/simtaru/simtaru/internal/demo"
	"github.com/simtaru/simtaru/internal/httpd"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/testdb"
	"github.com/simtaru/simtaru/internal/zoning"
)

const zoningAt = "/api/v1/zoning/at"

// openZoned is the whole server over a real database with two zones side by
// side, R-1 in the west and K-1 in the east, one overlay of each kind, and the
// rules of the demonstration city.
func openZoned(t testing.TB, options ...option) *office {
	t.Helper()
	o := openCity(t, func(db *testdb.DB) {
		for i, code := range []string{"R-1", "K-1"} {
			db.Exec(t, `insert into plan.zoning (namobj, kodszn, kodewp, kodswp, kodblk, cagbud, ksmpdn, geom)
				values ($1, $1, 'I', 'A', '2', 'Tidak Ada', 'Sempadan Sungai', st_geomfromtext($2, 4326))`, code, square(95.30+float64(i)/100, 5.50, 0.01))
		}
		db.Exec(t, "insert into plan.hazard_zone (hazard, class, geom) values ('flood', 'high', st_geomfromtext($1, 4326))", square(95.300, 5.500, 0.005))
		db.Exec(t, "insert into plan.smoke_free_area (name, kind, geom) values ('SD 1', 'school', st_setsrid(st_makepoint(95.3151, 5.5051), 4326))")
		for _, g := range []struct{ name, ownership, wkt string }{{"Taman", "public", square(95.318, 5.502, 0.001)}, {"Kebun", "private", square(95.308, 5.502, 0.001)}} {
			db.Exec(t, "insert into plan.green_space (name, class, ownership, status, geom) values ($1, 'RTH-4', $2, 'existing', st_geomfromtext($3, 4326))", g.name, g.ownership, g.wkt)
		}
		for i, status := range []string{"ready", "planned"} {
			db.Exec(t, "insert into plan.shelter (name, kind, status, capacity, geom) values ($1, 'TES', $1, 100, st_setsrid(st_makepoint($2, 5.509), 4326))", status, 95.319-float64(i)/1000)
		}
		importRules(t, db, demo.Rules())
	}, options...)
	wait(t, "rules are answered by", func() bool { return o.get(t, "/api/v1/activities").status == http.StatusOK })
	return o
}

func importRules(t testing.TB, db *testdb.DB, set *zoning.Set) {
	t.Helper()
	record, err := set.Record()
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := db.Store.ImportRules(t.Context(), record, nil); err != nil {
		t.Fatal(err)
	}
}

func (o *office) here(t testing.TB, query string, headers ...string) (h zoning.Here) {
	t.Helper()
	r := o.get(t, zoningAt+"?"+query, headers...)
	if r.status != http.StatusOK {
		t.Fatalf("%s: %d %s", query, r.status, r.body)
	}
	if err := json.Unmarshal(r.body, &h); err != nil {
		t.Fatal(err)
	}
	return h
}

func TestZoningAtAPoint(t *testing.T) {
	o := openZoned(t)
	h := o.here(t, "lon=95.3151&lat=5.5051&activity=56303&plot_m2=500&road_class=arteri_primer")
	if h.Status != zoning.InZone || len(h.Zones) != 1 || h.Zones[0].Code != "K-1" || h.Zones[0].Block != "I.A.2" || h.Rules.Revision != 1 || h.UpdatedAt == nil || h.Release != nil {
		t.Fatalf("%+v", h)
	}
	z := h.Zones[0]
	if len(z.Activities) != 1 || z.Activities[0].Verdict != zoning.Allowed || z.Activities[0].Activities[0].Code != "56303" {
		t.Errorf("%+v", z.Activities)
	}
	// K-1 on an arterial road: 75 %, 6, 15 % of 500 m2.
	if f := z.Intensity[0].Figures; len(z.Intensity) != 1 || *f.Footprint != 375 || *f.FloorArea != 3000 || *f.Green != 75 || *f.Floors != 8 {
		t.Errorf("%+v", z.Intensity)
	}
	states := map[string]string{}
	for _, s := range z.Special {
		states[s.Field] = s.State + s.Value
	}
	if states["cagbud"] != "none" || states["ksmpdn"] != "hereSempadan Sungai" || states["kkop_1"] != "unknown" || len(states) != 15 {
		t.Errorf("%v", states)
	}
	overlays := map[string]string{}
	for _, over := range h.Overlays {
		overlays[over.Layer] = over.State
		for _, f := range over.Features {
			overlays[over.Layer] += " " + f.Sentence.EN
		}
	}
	if d := cmp.Diff(map[string]string{
		"hazard_zone": "none", "green_space": "none", "slum_area": "none", "smoke_free_area": "here Near a smoke-free area: SD 1.",
	}, overlays); d != "" {
		t.Error(d)
	}
	if !strings.HasPrefix(h.Sentence.ID, "Tempat ini termasuk sub-zona Perdagangan dan Jasa Skala Kota (K-1). Warung kopi dan kafe di sini diizinkan. Tapak bangunan paling luas 375 m².") {
		t.Errorf("%s", h.Sentence.ID)
	}
	if h := o.here(t, "lon=95.302&lat=5.502"); h.Overlays[0].Features[0].Sentence.ID != "Kawasan rawan bencana: Banjir, kelas Tinggi." {
		t.Errorf("%+v", h.Overlays)
	}

	// The nearest that counts, as far as PostGIS says.
	for _, near := range []struct {
		what  *zoning.Near
		layer string
		name  string
	}{{h.Park, "green_space", "Taman"}, {h.Shelter, "shelter", "ready"}} {
		var metres float64
		if err := o.conn.QueryRow(t.Context(), fmt.Sprintf("select st_distance(geom::geography, st_setsrid(st_makepoint(95.3151, 5.5051), 4326)::geography) from plan.%s where name = $1", near.layer), near.name).Scan(&metres); err != nil {
			t.Fatal(err)
		}
		if near.what == nil || near.what.Name != near.name || math.Abs(near.what.Distance-metres) > 0.51 {
			t.Errorf("%+v, PostGIS: %.2f m", near.what, metres)
		}
	}
	if h := o.here(t, "lon=95.3185&lat=5.5025"); h.Park == nil || h.Park.Distance != 0 {
		t.Errorf("in the park: %+v", h.Park)
	}

	// On the border, and 5 cm beside it.
	if h := o.here(t, "lon=95.31&lat=5.505"); h.Status != zoning.OnBorder || len(h.Zones) != 2 || !strings.Contains(h.Sentence.EN, "on the border of 2 sub-zones") {
		t.Errorf("%s %s", h.Status, h.Sentence.EN)
	}
	if h := o.here(t, "lon=95.31000005&lat=5.505"); h.Status != zoning.OnBorder {
		t.Errorf("half a centimetre beside the border: %s", h.Status)
	}
	if h := o.here(t, "lon=95.3100005&lat=5.505"); h.Status != zoning.InZone || h.Zones[0].Code != "K-1" {
		t.Errorf("5 cm beside the border: %s", h.Status)
	}
	if h := o.here(t, "lon=95.2&lat=5.6"); h.Status != zoning.NoPlan || len(h.Zones) != 0 || !strings.Contains(h.Sentence.ID, "di luar wilayah rencana") {
		t.Errorf("%+v", h)
	}
	o.checkLog(t)
}

func TestZoningRefuses(t *testing.T) {
	o := openZoned(t)
	const here = "lon=95.315&lat=5.505"
	for query, want := range map[string]string{
		"":                              "lon ",
		"lon=95.3":                      "lat ",
		"lon=95,3&lat=5.5":              "lon ",
		"lon=NaN&lat=5.5":               "lon ",
		"lon=1e2&lat=5.5":               "lon ",
		"lon=5.505&lat=95.315":          "lon Did you mean lon=95.315&lat=5.505?",
		"lon=500&lat=5":                 "lat ",
		"lon=95.3&lat=90":               "lat ",
		here + "&plot_m2=0":             "plot_m2 ",
		here + "&plot_m2=-5":            "plot_m2 ",
		here + "&plot_m2=besar":         "plot_m2 ",
		here + "&plot_m2=10000001":      "plot_m2 ",
		here + "&road_class=besar":      "road_class ",
		here + "&road_class=arteri_x":   "road_class ",
		here + "&activity=warng%20kopi": "activity Perhaps: 56303",
		here + "&activity=99999":        "activity look its code up",
		here + "&activity=%3Cscript%3E": "activity ",
		here + "&colour=red":            "colour ",
	} {
		r := o.get(t, zoningAt+"?"+query, "Accept-Language", "en")
		at, text, _ := strings.Cut(want, " ")
		if p := problemOf(t, query, r); r.status != http.StatusBadRequest || p.At != at || !strings.Contains(p.Detail, text) {
			t.Errorf("%s: %d at %q: %s", query, r.status, p.At, p.Detail)
		}
	}
	if r := o.get(t, "/api/v1/activities?q="+strings.Repeat("a", 101)); r.status != http.StatusBadRequest {
		t.Errorf("%d", r.status)
	}
}

func TestActivitiesAreFound(t *testing.T) {
	o := openZoned(t)
	var found struct{ Activities []struct{ Code string } }
	for query, want := range map[string]string{"warkop": "56303", "WARUNG%20KOPI": "56303", "bengkel%20mobil": "45201", "mesjid": "N35", "kelontng": "47112"} {
		r := o.get(t, "/api/v1/activities?q="+query)
		if err := json.Unmarshal(r.body, &found); err != nil || len(found.Activities) == 0 || found.Activities[0].Code != want {
			t.Errorf("%s: %s", query, r.body)
		}
	}
	if r := o.get(t, "/api/v1/activities?limit=1000"); json.Unmarshal(r.body, &found) != nil || len(found.Activities) != len(demo.Rules().Activities) {
		t.Errorf("%d of all", len(found.Activities))
	}
}

// TestZoningKeepsPrivateLayersPrivate: a layer that one may not read leaves no
// trace in what is answered.
func TestZoningKeepsPrivateLayersPrivate(t *testing.T) {
	o := openZoned(t)
	const query = "lon=95.302&lat=5.502"
	private := func(id string) {
		t.Helper()
		cat, err := o.db.Store.Catalog(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		l, _ := cat.Layer(id)
		closed := *l
		closed.Access = plan.Access{Read: []plan.Role{plan.Planner}, Edit: []plan.Role{plan.Planner}}
		if _, err := o.db.Store.Apply(t.Context(), &closed, nil); err != nil {
			t.Fatal(err)
		}
	}
	told := func(headers ...string) string { return string(o.get(t, zoningAt+"?"+query, headers...).body) }
	private("hazard_zone")
	private("shelter")
	wait(t, "the layers are private", func() bool {
		return !strings.Contains(told(), "hazard_zone") && !strings.Contains(told(), "nearestShelter\":{")
	})
	if got := told(); strings.Contains(got, "Banjir") || strings.Contains(got, `"ready"`) {
		t.Errorf("%s", got)
	}
	if got := told("Authorization", asSiti); !strings.Contains(got, "Banjir") || !strings.Contains(got, `"ready"`) {
		t.Errorf("a planner is not told: %s", got)
	}
	private("zoning")
	wait(t, "the plan is private", func() bool { return o.here(t, query).Status == zoning.NoPlan })
	if got := told(); strings.Contains(got, "R-1") || strings.Contains(got, "zone@") {
		t.Errorf("%s", got)
	}
	if r := o.get(t, "/api/v1/activities?q=warkop"); strings.Contains(string(r.body), "56303") {
		t.Errorf("%s", r.body)
	}
	// Exchanged coordinates would tell where the plan is.
	if r := o.get(t, zoningAt+"?lon=5.505&lat=95.315", "Accept-Language", "en"); strings.Contains(string(r.body), "exchanged") {
		t.Errorf("%s", r.body)
	}
}

// TestRulesAreRenewed: what is imported is answered by without a restart.
func TestRulesAreRenewed(t *testing.T) {
	o := openZoned(t)
	const query = "lon=95.315&lat=5.505&activity=56303"
	before := o.get(t, zoningAt+"?"+query)
	set := demo.Rules()
	for i := range set.Activities {
		if set.Activities[i].Code == "56303" {
			set.Activities[i].Cells["K-1"] = "X"
		}
	}
	importRules(t, o.db, set)
	start := time.Now()
	wait(t, "the new rules are answered by", func() bool {
		h := o.here(t, query)
		return h.Rules.Revision == 2 && h.Zones[0].Activities[0].Verdict == zoning.Prohibited
	})
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
	if after := o.get(t, zoningAt+"?"+query, "If-None-Match", before.header.Get("ETag")); after.status != http.StatusOK {
		t.Errorf("%d", after.status)
	}
}

// TestZoningConforms holds what is asked and answered to the API definition.
func TestZoningConforms(t *testing.T) {
	o := openZoned(t)
	doc := definition(t, o.service)
	if d := cmp.Diff(servedAPI(t, o.service), describedAPI(doc)); d != "" {
		t.Errorf("-served +described:\n%s", d)
	}
	c := converse(t, &gate{service: o.service, t: t}, doc)
	for _, query := range []string{
		"lon=95.315&lat=5.505", "lon=95.302&lat=5.502&plot_m2=120.5", "lon=95.31&lat=5.505&activity=56303&road_class=lokal", "lon=95.2&lat=5.6",
	} {
		c.say(200, "GET", zoningAt+"?"+query, nil)
	}
	c.say(400, "GET", zoningAt+"?lon=95.315&lat=5.505&plot_m2=0", nil)
	c.say(200, "GET", "/api/v1/activities?q=warkop&limit=3", nil)
	c.say(200, "GET", "/api/v1/activities", nil)
}

// TestZoningWithoutRules still tells the zone.
func TestZoningWithoutRules(t *testing.T) {
	o := openZoned(t, func(_ *httpd.Config, d *httpd.Deps) { d.Rules = noRules{} })
	h := o.here(t, "lon=95.315&lat=5.505")
	if h.Rules != nil || h.Zones[0].Code != "K-1" || !strings.Contains(h.Sentence.ID, "belum dimasukkan") || strings.Contains(h.Sentence.ID, "KDB") {
		t.Errorf("%+v", h)
	}
	if r := o.get(t, zoningAt+"?lon=95.315&lat=5.505&activity=56303"); r.status != http.StatusBadRequest {
		t.Errorf("%d", r.status)
	}
}

type noRules struct{}

func (noRules) RuleSets(context.Context, int64) ([]plan.RuleSet, error) { return nil, nil }
