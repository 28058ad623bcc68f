package httpd_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/plan"
)

// supposition asks what edits would make of the figures.
func (o *figureTown) suppose(t testing.TB, who, body string) (reply, []supposedFigure) {
	t.Helper()
	r := o.send(t, http.MethodPost, figuresRoot+"/what-if", who, plainJSON, body)
	var got struct{ Differences []supposedFigure }
	if r.status == http.StatusOK {
		if err := json.Unmarshal(r.body, &got); err != nil {
			t.Fatalf("%v: %.300s", err, r.body)
		}
	}
	return r, got.Differences
}

type supposedFigure struct {
	Indicator, By, Code, Name string
	Before, After             told1
	Difference                *float64
}

// ring is a square of degrees as a GeoJSON polygon, from its south-west corner.
func ring(lon, lat, size float64) string {
	return fmt.Sprintf(`{"type":"Polygon","coordinates":[[[%[1]v,%[2]v],[%[3]v,%[2]v],[%[3]v,%[4]v],[%[1]v,%[4]v],[%[1]v,%[2]v]]]}`, lon, lat, lon+size, lat+size)
}

// TestWhatIfIsWhatComes: figures that were supposed are those after the edits.
func TestWhatIfIsWhatComes(t *testing.T) {
	o := openFigures(t)
	before := o.tallyFigures(t)
	park := `"properties":{"name":"Taman baru","class":"RTH-2","ownership":"public","status":"existing"}`
	supposed := `{"edits":[
		{"op":"create","layer":"green_space",` + park + `,"geometry":` + ring(95.309, 5.503, 0.004) + `},
		{"op":"update","layer":"green_space","id":2,"properties":{"ownership":"public"}},
		{"op":"update","layer":"green_space","id":1,"geometry":` + ring(95.30, 5.50, 0.003) + `}]}`
	r, list := o.suppose(t, "", supposed)
	if r.status != http.StatusOK || r.header.Get("Cache-Control") != "no-store" || len(list) < 10 {
		t.Fatalf("%d %v %.300s", r.status, r.header, r.body)
	}
	if after := o.tallyFigures(t); after != before {
		t.Errorf("a question has left something behind: %s, before %s", after, before)
	}
	city := slices.IndexFunc(list, func(d supposedFigure) bool { return d.Indicator == "rth_public" && d.By == "city" })
	if city < 0 || *list[city].Difference <= 0 || list[city].Name != "Kota Uji (id)" || list[city].After.Status == "" {
		t.Fatalf("the city: %+v", list)
	}
	was := map[string]told1{}
	each := func(f func(key string, r told1)) {
		for _, id := range []string{"rth_public", "rth_private", "rth_total", "rth_per_head", "park_standard", "park_access_300", "zone_area"} {
			for _, by := range []string{"city", "kecamatan", "gampong"} {
				for _, r := range o.told(t, figuresRoot+"/"+id+"?by="+by).Readings {
					f(id+" "+by+" "+r.Code, r)
				}
			}
		}
	}
	each(func(key string, r told1) { was[key] = r })
	edits := `{"edits":[
		{"op":"create","layer":"green_space","feature":{"type":"Feature",` + park + `,"geometry":` + ring(95.309, 5.503, 0.004) + `}},
		{"op":"update","layer":"green_space","id":2,"patch":{"properties":{"ownership":"public"}}},
		{"op":"update","layer":"green_space","id":1,"patch":{"geometry":` + ring(95.30, 5.50, 0.003) + `}}]}`
	if r := o.send(t, http.MethodPost, "/api/v1/edits", asSiti, plainJSON, edits); r.status != http.StatusOK {
		t.Fatalf("the edits: %d %s", r.status, r.body)
	}
	wait(t, "the figures are those supposed", func() bool {
		got := o.told(t, figuresRoot+"/rth_public")
		return about(got.Readings[0].Value, *list[city].After.Value, 1e-12)
	})
	moved := map[string]bool{}
	for _, d := range list {
		now := o.told(t, figuresRoot+"/"+d.Indicator+"?by="+d.By)
		k := slices.IndexFunc(now.Readings, func(r told1) bool { return r.Code == d.Code })
		if k < 0 {
			t.Errorf("%s of %s is not told", d.Indicator, d.Code)
			continue
		}
		got, want := now.Readings[k], d.After
		if (got.Value == nil) != (want.Value == nil) || got.Value != nil && math.Abs(*got.Value-*want.Value) > 1e-9 || got.Status != want.Status || got.Features != want.Features {
			t.Errorf("%s of %s %s: %+v came, %+v was supposed", d.Indicator, d.By, d.Code, got, want)
		}
		if d.Difference != nil && *d.Difference != 0 {
			moved[d.Indicator+" "+d.By] = true
		}
	}
	listed := map[string]bool{}
	for _, d := range list {
		listed[d.Indicator+" "+d.By+" "+d.Code] = true
	}
	still := 0
	each(func(key string, r told1) {
		old := was[key]
		if listed[key] {
			return
		}
		still++
		if (r.Value == nil) != (old.Value == nil) || r.Value != nil && *r.Value != *old.Value || r.Features != old.Features {
			t.Errorf("%s has moved and is not told: %+v, before %+v", key, r, old)
		}
	})
	if still == 0 {
		t.Error("what did not move is told as well")
	}
	for _, want := range []string{"rth_public city", "rth_public gampong", "rth_private kecamatan", "rth_total city"} {
		if !moved[want] {
			t.Errorf("%s has not moved: %v", want, moved)
		}
	}

	_, some := o.suppose(t, "", `{"indicators":["rth_private","rth_private"],"edits":[{"op":"delete","layer":"green_space","id":1}]}`)
	if len(some) == 0 || slices.ContainsFunc(some, func(d supposedFigure) bool { return d.Indicator != "rth_private" }) {
		t.Errorf("of one indicator: %+v", some)
	}
}

// tallyFigures counts everything that a question could leave behind.
func (o *figureTown) tallyFigures(t testing.TB) (counts string) {
	t.Helper()
	err := o.conn.QueryRow(t.Context(), `select concat_ws(' ', (select count(*) from plan.green_space), (select count(*) from history.green_space),
		(select count(*) from simtaru.change), (select last_value from plan.green_space_id_seq))`).Scan(&counts)
	if err != nil {
		t.Fatal(err)
	}
	return counts
}

func TestBadSuppositions(t *testing.T) {
	o := openFigures(t)
	one := func(edit string) string { return `{"edits":[` + edit + `]}` }
	create := func(properties, geometry string) string {
		return one(`{"op":"create","layer":"green_space","properties":` + properties + `,"geometry":` + geometry + `}`)
	}
	square := ring(95.30, 5.50, 0.003)
	circle := make([]string, 10_001)
	for i := range circle {
		a := 2 * math.Pi * float64(i%10_000) / 10_000
		circle[i] = fmt.Sprintf("[%.7f,%.7f]", 95.305+0.002*math.Cos(a), 5.505+0.002*math.Sin(a))
	}
	large := `{"op":"create","layer":"green_space","properties":{},"geometry":{"type":"Polygon","coordinates":[[` + strings.Join(circle, ",") + `]]}}`
	for _, tt := range []struct{ body, want string }{
		{create(`{"colour":1}`, square), "422 0 unknown-property@colour"},
		{create(`{"class":"RTH-99"}`, square), "422 0 unknown-code@class"},
		{create(`{"fhbi":"much"}`, square), "422 0 wrong-type@fhbi"},
		{create(`{"fhbi":NaN}`, square), "422 0 not-finite@fhbi"},
		{create(`{}`, `{"type":"Polygon","coordinates":[[[95,5],[96,5],[96,6],[95,6]]]}`), "422 0 unclosed-ring@geometry"},
		{create(`{}`, `{"type":"Polygon","coordinates":[[[95,5],[96,5],[95,5]]]}`), "422 0 too-few-points@geometry"},
		{create(`{}`, `{"type":"Point","coordinates":[95,5]}`), "422 0 wrong-geometry-type@geometry"},
		{create(`{}`, `{"type":"Polygon","coordinates":[[[95,5],[196,5],[95,6],[95,5]]]}`), "422 0 out-of-world@geometry"},
		{one(`{"op":"create","layer":"green_space","properties":{}}`), "422 0 missing-member@geometry"},
		{one(`{"op":"create","layer":"green_space","id":3,"geometry":` + square + `}`), "422 0 unknown-member@id"},
		{one(`{"op":"delete","layer":"green_space","id":1,"properties":{}}`), "422 0 unknown-member@geometry"},
		{one(`{"op":"update","layer":"green_space"}`), "422 0 missing-member@id"},
		{one(`{"op":"replace","layer":"green_space","id":1}`), "422 0 wrong-operation@op"},
		{one(`{"op":"delete","layer":"green_space","id":1,"force":true}`), "422 0 unknown-member@force"},
		{one(`{"op":"delete","layer":"nothing","id":1}`), "404 0 no-such-layer@layer"},
		{one(`{"op":"update","layer":"boundary","id":1,"properties":{"population":1}}`), "422 0 boundary-stands@layer"},
		{`{"edits":[{"op":"delete","layer":"green_space","id":1},{"op":"delete","layer":"green_space","id":"2"}]}`, "400 1 wrong-type-member@id"},
		{one(`{"op":"delete","layer":"green_space","id":99}`), "404 no-such-feature@edits[0].id"},
		{`{"edits":[],"indicators":["nothing"]}`, "404 no-such-indicator@indicators[0]"},
		{`{"edits":[],"indicators":["rth_public","waste_bank_kg"]}`, "422 indicator-external@indicators[1]"},
		{`{"edits":[],"indicators":[1]}`, "400 invalid-json@line 1, column 27"},
		{`{"edits":[],"x":1}`, "400 invalid-json@line 1, column 17"},
		{`{"indicators":[]}`, "400 invalid-json@line 1, column 18"},
		{``, "400 invalid-json@line 1, column 1"},
		{one(strings.TrimSuffix(strings.Repeat(`{"op":"delete","layer":"green_space","id":1},`, 201), ",")), "413 too-many-edits@edits"},
		{one(large + "," + large), "413 too-many-vertices@edits"},
		{create(`{}`, `null`) + strings.Repeat(" ", 2<<20), "413 body-too-large@"},
	} {
		r, _ := o.suppose(t, "", tt.body)
		p := problemOf(t, tt.body[:min(len(tt.body), 200)], r)
		got := fmt.Sprintf("%d %s@%s", r.status, strings.TrimPrefix(p.Type, "/docs/problems#"), p.At)
		if len(p.Faults) > 0 {
			f := p.Faults[0]
			got = fmt.Sprintf("%d %d %s@%s", r.status, f.Position, strings.TrimPrefix(f.Type, "/docs/problems#"), f.At)
		}
		if got != tt.want {
			t.Errorf("%.200s: %s, want %s", tt.body, got, tt.want)
		}
	}
	if r, _ := o.suppose(t, "", one(large)); r.status != http.StatusOK {
		t.Errorf("10,000 vertices: %d %.200s", r.status, r.body)
	}
	if r := o.send(t, http.MethodPost, figuresRoot+"/what-if?x=1", "", plainJSON, `{"edits":[]}`); r.status != http.StatusBadRequest {
		t.Errorf("a parameter: %d", r.status)
	}
}

// TestOnlyGeometryThatMayBeIsSupposed: a question is refused as the edit itself
// would be, word by word and at the same place.
func TestOnlyGeometryThatMayBeIsSupposed(t *testing.T) {
	o := openFigures(t)
	const park = `"properties":{"name":"Taman","class":"RTH-2","ownership":"public","status":"existing"}`
	once := `[95.30,5.50],[95.303,5.50],[95.303,5.503],[95.30,5.503],[95.30,5.50]`
	both := func(geometry string) (supposed, made string) {
		fine := ring(95.315, 5.503, 0.002)
		return `{"edits":[{"op":"create","layer":"green_space",` + park + `,"geometry":` + fine + `},{"op":"create","layer":"green_space",` + park + `,"geometry":` + geometry + `}]}`,
			`{"edits":[{"op":"create","layer":"green_space","feature":{"type":"Feature",` + park + `,"geometry":` + fine + `}},{"op":"create","layer":"green_space","feature":{"type":"Feature",` + park + `,"geometry":` + geometry + `}}]}`
	}
	for name, geometry := range map[string]string{
		"a ring wound twice":  `{"type":"Polygon","coordinates":[[` + once + `,` + once[strings.Index(once, "],[")+2:] + `]]}`,
		"the same part twice": `{"type":"MultiPolygon","coordinates":[[[` + once + `]],[[` + once + `]]]}`,
		"parts that overlap":  `{"type":"MultiPolygon","coordinates":[[[` + once + `]],[[[95.301,5.501],[95.304,5.501],[95.304,5.504],[95.301,5.504],[95.301,5.501]]]]}`,
		"a hole outside":      `{"type":"Polygon","coordinates":[[` + once + `],[[95.305,5.50],[95.306,5.50],[95.306,5.501],[95.305,5.501],[95.305,5.50]]]}`,
		"a bow-tie":           `{"type":"Polygon","coordinates":[[[95.30,5.50],[95.303,5.503],[95.303,5.50],[95.30,5.503],[95.30,5.50]]]}`,
	} {
		supposed, made := both(geometry)
		asked, _ := o.suppose(t, "", supposed)
		got, want := problemOf(t, name, asked), problemOf(t, name, o.send(t, http.MethodPost, "/api/v1/edits", asSiti, plainJSON, made))
		if asked.status != http.StatusUnprocessableEntity || want.Status != asked.status || len(got.Faults) != 1 || len(want.Faults) != 1 {
			t.Errorf("%s: %d %s, an edit is refused by %+v", name, asked.status, asked.body, want)
			continue
		}
		fault := mustJSON(got.Faults[0])
		if fault != mustJSON(want.Faults[0]) || !strings.Contains(fault, "geometry-invalid") || got.Faults[0].Position != 1 || got.Faults[0].At != "geometry" {
			t.Errorf("%s: %s, an edit is refused by %s", name, fault, mustJSON(want.Faults[0]))
		}
	}
}

// TestFiguresAsTheyWere: what was published at a moment is computed again from
// history, of every kind of area.
func TestFiguresAsTheyWere(t *testing.T) {
	o := openFigures(t)
	paths := []string{"/rth_public?by=gampong", "/rth_public?by=kecamatan", "/rth_public?by=city&water=true", "/rth_total_ihbi?by=gampong", "/rth_per_head?by=gampong", "/zone_area?by=city"}
	type moment struct {
		at   string
		said map[string]told
	}
	var moments []moment
	changes := []string{
		"update plan.green_space set ownership = 'private' where id = 1",
		"delete from plan.green_space where id = 2",
		"update plan.boundary set population = 500 where kode = '11.71.02.2001'",
	}
	for step := 0; ; step++ {
		m := moment{said: map[string]told{}}
		for _, p := range paths {
			m.said[p] = o.told(t, figuresRoot+p)
		}
		time.Sleep(20 * time.Millisecond)
		m.at = time.Now().UTC().Format(time.RFC3339Nano)
		moments = append(moments, m)
		if step == len(changes) {
			break
		}
		time.Sleep(20 * time.Millisecond)
		tag := o.get(t, figuresRoot+"/rth_total_ihbi?by=gampong").header.Get("ETag")
		head := o.get(t, figuresRoot+"/rth_per_head?by=gampong").header.Get("ETag")
		o.db.Exec(t, changes[step])
		wait(t, "the change shows", func() bool {
			return o.get(t, figuresRoot+"/rth_total_ihbi?by=gampong").header.Get("ETag") != tag ||
				o.get(t, figuresRoot+"/rth_per_head?by=gampong").header.Get("ETag") != head
		})
	}
	for n, m := range moments {
		for p, want := range m.said {
			got := o.told(t, figuresRoot+p+"&at="+m.at)
			if len(got.Readings) != len(want.Readings) || got.At == "" || got.AsOf == "" || got.AgeDays != nil {
				t.Fatalf("%s at %d: %+v", p, n, got)
			}
			for k, r := range got.Readings {
				w := want.Readings[k]
				r.At, w.At = nil, nil
				if a, b := mustJSON(r), mustJSON(w); a != b {
					t.Errorf("%s at %d: %s, published was %s", p, n, a, b)
				}
			}
		}
	}
	first, last := o.told(t, figuresRoot+"/rth_public?by=gampong&at="+moments[0].at), o.told(t, figuresRoot+"/rth_public?by=gampong")
	if *first.Readings[0].Value == *last.Readings[0].Value {
		t.Error("nothing has changed: this test shows nothing")
	}
	for _, path := range []string{"/rth_public.csv?by=gampong", "/rth_public.geojson?by=gampong", "/rth_public/tiles/12/3132/1985?by=gampong"} {
		r := o.get(t, figuresRoot+path+"&at="+moments[0].at)
		if r.status != http.StatusOK || string(r.body) == string(o.get(t, figuresRoot+path).body) {
			t.Errorf("%s as it was: %d %.200s", path, r.status, r.body)
		}
	}
}

// TestFiguresWhileTheDatabaseIsAway: figures and values go on, with their age;
// what needs the database says so.
func TestFiguresWhileTheDatabaseIsAway(t *testing.T) {
	o := openFigures(t)
	at := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
	if r := o.putObservations(t, "waste_bank_kg", asSiti, observations(observation("city", "11.71", at, 5, "kg/mo"))); r.status != http.StatusOK {
		t.Fatalf("%d %s", r.status, r.body)
	}
	o.admit(t, false)
	t.Cleanup(func() { o.admit(t, true) })
	wait(t, "the server has seen it", func() bool {
		return o.get(t, figuresRoot).header.Get("Simtaru-As-Of") != ""
	})
	list := o.told(t, figuresRoot)
	if list.AsOf == "" || list.find(t, "rth_public").Value.Value == nil || *list.find(t, "waste_bank_kg").Value.Value != 5 {
		t.Errorf("the list: %+v", list)
	}
	for path, status := range map[string]int{
		"/rth_public?by=gampong": 200, "/waste_bank_kg": 200, "/rth_public.csv": 200, "/rth_public.geojson?by=gampong": 200, "/rth_public/tiles/12/3132/1985": 200,
		"/rth_public/tiles.json": 200, "/rth_public/series": 503, "/rth_public?at=" + at: 503,
	} {
		if r := o.get(t, figuresRoot+path); r.status != status || status == 503 && r.header.Get("Retry-After") == "" {
			t.Errorf("%s: %d %.200s", path, r.status, r.body)
		}
	}
	var shapes struct {
		Features []struct{ Geometry any }
		Note     *plan.Text
	}
	r := o.get(t, figuresRoot+"/rth_public.geojson?by=kecamatan")
	if err := json.Unmarshal(r.body, &shapes); err != nil || r.status != http.StatusOK || len(shapes.Features) != 2 || shapes.Features[0].Geometry != nil || shapes.Note == nil {
		t.Errorf("shapes that the database makes: %d %v %.300s", r.status, err, r.body)
	}
	if r, list := o.suppose(t, "", `{"edits":[{"op":"delete","layer":"green_space","id":1}]}`); r.status != http.StatusOK || len(list) == 0 {
		t.Errorf("what if: %d %.200s", r.status, r.body)
	}
	// The database alone knows which land may be.
	if r, _ := o.suppose(t, "", `{"edits":[{"op":"create","layer":"green_space","properties":{},"geometry":`+ring(95.30, 5.50, 0.003)+`}]}`); r.status != http.StatusServiceUnavailable || r.header.Get("Retry-After") == "" {
		t.Errorf("what if something were drawn: %d %.200s", r.status, r.body)
	}
	if r := o.putObservations(t, "waste_bank_kg", asSiti, observations(observation("city", "11.71", at, 6, "kg/mo"))); r.status != http.StatusServiceUnavailable {
		t.Errorf("a value: %d %.200s", r.status, r.body)
	}
	o.admit(t, true)
	wait(t, "values are taken again", func() bool {
		return o.putObservations(t, "waste_bank_kg", asSiti, observations(observation("city", "11.71", at, 6, "kg/mo"))).status == http.StatusOK
	})
	wait(t, "outlines are there", func() bool {
		return strings.Contains(string(o.get(t, figuresRoot+"/rth_public.geojson?by=kecamatan").body), "MultiPolygon")
	})
}

// admit opens or closes the database to new connections and ends those there
// are.
func (o *figureTown) admit(t testing.TB, open bool) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	conn, err := pgx.Connect(ctx, o.db.Cluster.DSN("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	for _, sql := range []string{
		fmt.Sprintf("alter database %s with allow_connections %v", o.name, open),
		"select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + o.name + "'",
	} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			t.Fatal(err)
		}
	}
}

// TestWhatIfTooEntangled: outlines that cross each other millions of times are
// refused, and what stands in the plan goes on.
func TestWhatIfTooEntangled(t *testing.T) {
	o := openFigures(t)
	comb := func(owner string, level bool) string {
		const n = 2200
		var ring [][2]float64
		for i := range n {
			ring = append(ring, [2]float64{float64(i) / n, 1e-6 * float64(i)}, [2]float64{(float64(i) + 0.5) / n, 1 + 1e-6*float64(i)})
		}
		ring = append(ring, [2]float64{1, 0}, [2]float64{1, -0.01}, [2]float64{0, -0.01}, ring[0])
		for i, p := range ring {
			if level {
				p[0], p[1] = p[1], p[0]
			}
			ring[i] = [2]float64{95.30 + 0.03*p[0], 5.50 + 0.01*p[1]}
		}
		text, err := json.Marshal(ring)
		if err != nil {
			t.Fatal(err)
		}
		return `{"op":"create","layer":"green_space","properties":{"name":"Sisir","class":"RTH-2","ownership":"` + owner + `","status":"existing"},"geometry":{"type":"Polygon","coordinates":[` + string(text) + `]}}`
	}
	r, _ := o.suppose(t, "", `{"edits":[`+comb("public", false)+`,`+comb("private", true)+`]}`)
	if p := problemOf(t, "combs", r); r.status != http.StatusUnprocessableEntity || p.Type != "/docs/problems#too-entangled" || p.At != "edits" {
		t.Errorf("%d %.300s", r.status, r.body)
	}
	if r, _ := o.suppose(t, "", `{"edits":[]}`); r.status != http.StatusOK {
		t.Errorf("another question: %d", r.status)
	}
}
