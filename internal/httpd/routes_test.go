package httpd_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// exchangeModel is the schema of OGC's Route Exchange Model, which lies beside
// the repository; nil where it does not.
func exchangeModel(t *testing.T) *jsonschema.Schema {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "ogc-routes", "rem-json-schema.json"))
	if err != nil {
		t.Run("against the schema", func(t *testing.T) { t.Skip("no schema of the Route Exchange Model in ../shared/data/ogc-routes") })
		return nil
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("rem.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("rem.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// routesAreExchanged: OGC API Routes, Part 1. The street is 1,107 m long, its
// bridge is passed on the shortest way, and the detour is 1,107 m more.
func routesAreExchanged(t *testing.T, o *office) {
	schema := exchangeModel(t)
	type route struct {
		Type, Name string
		Features   []struct {
			Properties struct {
				Feature string  `json:"featureType"`
				Metres  float64 `json:"length_m"`
				Seconds float64 `json:"duration_s"`
				Road    string  `json:"roadName"`
				Turn    string  `json:"instructions"`
			}
		}
	}
	post := func(body string, headers ...string) reply {
		t.Helper()
		return o.send(t, http.MethodPost, "/ogc/routes", "", "application/json", body, append(headers, "Accept-Language", "en")...)
	}
	ask := func(body string) (a route) {
		t.Helper()
		r := post(body)
		if r.status != 200 || r.header.Get("Content-Type") != "application/geo+json" || r.header.Get("Content-Language") != "en" {
			t.Fatalf("%s: %d %v %s", body, r.status, r.header, r.body)
		}
		if schema != nil {
			doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(r.body))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(doc); err != nil {
				t.Errorf("%v\n%s", err, r.body)
			}
		}
		if err := json.Unmarshal(r.body, &a); err != nil {
			t.Fatal(err)
		}
		return a
	}
	const points = `"waypoints":{"type":"MultiPoint","coordinates":[[95.303,5.5],[95.307,5.5]]}`
	a := ask(`{"inputs":{"name":"Ke \"timur\" <1>",` + points + `,"preference":"fastest"}}`)
	var told []string
	for _, f := range a.Features {
		told = append(told, strings.Trim(fmt.Sprintf("%s %s %s", f.Properties.Feature, f.Properties.Road, f.Properties.Turn), " "))
	}
	if !slices.Equal(told, []string{"overview", "start", "segment Jalan Barat continue", "segment Jembatan Tengah continue", "segment Jalan Timur", "end"}) || a.Name != `Ke "timur" <1>` {
		t.Errorf("%q %s", told, a.Name)
	}
	if p := a.Features[0].Properties; p.Metres < 442 || p.Metres > 444 || p.Seconds < 246 || p.Seconds > 249 {
		t.Errorf("%+v", p)
	}
	// Members as the standard's example has them, and as OGC API Processes does.
	for _, body := range []string{`{` + points + `}`, `{"inputs":{"waypoints":{"value":{"type":"MultiPoint","coordinates":[[95.303,5.5,2],[95.307,5.5,2]]}},"mode":{"value":"foot"}}}`} {
		if m := ask(body).Features[0].Properties.Metres; m != a.Features[0].Properties.Metres {
			t.Errorf("%s: %v m", body, m)
		}
	}
	// Obstacles: the bridge is gone round, and where all is closed there is no way.
	square := func(w, s, e, n float64) string {
		return fmt.Sprintf(`"obstacles":{"type":"MultiPolygon","coordinates":[[[[%g,%g],[%g,%g],[%g,%g],[%g,%g],[%g,%g]]]]}`, w, s, e, s, e, n, w, n, w, s)
	}
	if m := ask(`{"inputs":{` + points + `,` + square(95.3044, 5.4999, 95.3046, 5.5001) + `}}`).Features[0].Properties.Metres; m < 1540 || m > 1560 {
		t.Errorf("round the bridge: %v m", m)
	}
	if m := ask(`{"inputs":{` + points + `}}`).Features[0].Properties.Metres; m > 444 {
		t.Errorf("the obstacle of one question is in another: %v m", m)
	}
	// By a point beside the street, and back.
	if a := ask(`{"waypoints":{"type":"MultiPoint","coordinates":[[95.3035,5.5],[95.304,5.503],[95.3035,5.5]]}}`); a.Features[0].Properties.Metres < 2*(55+331) || a.Features[2].Properties.Turn != "left" {
		t.Errorf("%+v", a)
	}
	// The fewest metres are not the least time: on the street only a tenth of the
	// speed is possible.
	exec := func(sql string) {
		t.Helper()
		if _, err := o.conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	metres := func(preference string) float64 {
		return ask(`{"inputs":{` + points + `,"preference":"` + preference + `"}}`).Features[0].Properties.Metres
	}
	exec("insert into plan.closure (reason, severity, speed_factor, starts_at, geom) values ('flood', 'slow', 0.01, now() - interval '1 minute', st_geomfromtext('" + box(95.3045, 5.5, 0.0004) + "', 4326))")
	wait(t, "the fastest way is by the detour", func() bool { return metres("fastest") > 1540 })
	short := ask(`{"inputs":{` + points + `,"preference":"shortest"}}`).Features[0].Properties
	if short.Metres < 442 || short.Metres > 444 || short.Seconds < 2000 {
		t.Errorf("the shortest way: %+v", short)
	}
	exec("delete from plan.closure")
	wait(t, "the fastest way is by the bridge", func() bool { return metres("fastest") < 444 })
	if m := metres("shortest"); m != metres("fastest") {
		t.Errorf("%v m", m)
	}

	for body, want := range map[string]string{
		``:   "400 invalid-definition",
		`[]`: "400 invalid-definition",
		`{}`: "400 invalid-definition",
		`{"inputs":{` + points + `},"mode":"foot"}`:                                                     "400 invalid-definition",
		`{` + points + `,"preference":"scenic"}`:                                                        "400 invalid-definition",
		`{` + points + `,"mode":"horse"}`:                                                               "400 invalid-definition",
		`{` + points + `,"name":1}`:                                                                     "400 invalid-definition",
		`{` + points + `,"obstacles":{"type":"Polygon","coordinates":[]}}`:                              "400 invalid-definition",
		`{` + points + `,"obstacles":{"type":"MultiPolygon","coordinates":[[[[95,5],[96,5],[95,6]]]]}}`: "400 invalid-definition",
		`{"waypoints":{"type":"MultiPoint","coordinates":[[95.303,5.5]]}}`:                              "400 invalid-definition",
		`{"waypoints":{"type":"MultiPoint","coordinates":[[95.303],[95.307,5.5]]}}`:                     "400 invalid-definition",
		`{"waypoints":{"type":"MultiPoint","coordinates":[[5.5,95.303],[95.307,5.5]]}}`:                 "400 invalid-definition",
		`{` + points + `,"height":3.5}`:                                                                 "422 unsupported-constraint",
		`{` + points + `,"weight":3.5}`:                                                                 "422 unsupported-constraint",
		`{` + points + `,"when":{"timestamp":"2026-01-01T00:00:00Z"}}`:                                  "422 unsupported-constraint",
		`{` + points + `,` + square(95.3, 5.49, 95.305, 5.51) + `}`:                                     "422 far-from-roads no-way",
		`{"waypoints":{"type":"MultiPoint","coordinates":[[95.303,5.5],[95.36,5.5]]}}`:                  "422 far-from-roads",
		`{"waypoints":{"type":"MultiPoint","coordinates":[[95.303,5.5],[95.3305,5.5]]}}`:                "422 no-way",
	} {
		r := post(body)
		_, code, _ := strings.Cut(problemOf(t, body, r).Type, "#")
		if status, codes, _ := strings.Cut(want, " "); fmt.Sprint(r.status) != status || !slices.Contains(strings.Fields(codes), code) {
			t.Errorf("%s: %d %s, want %s", body, r.status, r.body, want)
		}
		if !strings.Contains(string(o.get(t, "/docs/problems").body), `id="`+code+`"`) {
			t.Errorf("the problem %s is not explained", code)
		}
	}
	if r := o.get(t, "/ogc/routes"); r.status != 405 {
		t.Errorf("GET: %d", r.status)
	}
	if r := o.send(t, http.MethodPost, "/ogc/routes?mode=async", "", "application/json", `{`+points+`}`); r.status != 400 {
		t.Errorf("%d", r.status)
	}
	if r := o.send(t, http.MethodPost, "/ogc/routes", "", "text/plain", `{`+points+`}`); r.status != 415 {
		t.Errorf("%d", r.status)
	}
	// What is declared, described and linked.
	for path, words := range map[string][]string{
		"/ogc/conformance": {"ogcapi-routes-1/1.0/conf/core", "ogcapi-routes-1/1.0/conf/obstacles", `"values":["fastest","shortest"]`, `"modes":["foot",`},
		"/ogc":             {`"rel":"http://www.opengis.net/def/rel/ogc/1.0/routes"`},
		"/ogc/openapi":     {`"/routes":{"post"`},
	} {
		for _, word := range words {
			if b := o.get(t, path).body; !strings.Contains(string(b), word) {
				t.Errorf("%s has no %s", path, word)
			}
		}
	}
	definition(t, o.service)
}
