package httpd_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// osrmAnswer is what the tests read of OSRM's answers.
type osrmAnswer struct {
	Code      string `json:"code"`
	Message   string `json:"message"`
	Graph     string `json:"graph_version"`
	Waypoints []struct {
		At     [2]float64 `json:"location"`
		Name   string     `json:"name"`
		Metres float64    `json:"distance"`
	} `json:"waypoints"`
	Durations [][]*float64 `json:"durations"`
	Routes    []struct {
		Metres  float64         `json:"distance"`
		Seconds float64         `json:"duration"`
		Line    json.RawMessage `json:"geometry"`
		Legs    []struct {
			Summary string `json:"summary"`
			Steps   []struct {
				Metres   float64         `json:"distance"`
				Name     string          `json:"name"`
				Mode     string          `json:"mode"`
				Line     json.RawMessage `json:"geometry"`
				Maneuver struct {
					Type     string `json:"type"`
					Modifier string `json:"modifier"`
					Before   int    `json:"bearing_before"`
					After    int    `json:"bearing_after"`
				} `json:"maneuver"`
				Intersections []struct {
					Bearings []int  `json:"bearings"`
					Entry    []bool `json:"entry"`
					In, Out  *int
				} `json:"intersections"`
			} `json:"steps"`
		} `json:"legs"`
	} `json:"routes"`
}

func (o *office) osrm(t testing.TB, path string) (a osrmAnswer) {
	t.Helper()
	r := o.get(t, "/osrm/"+path, "Accept-Language", "en")
	if err := json.Unmarshal(r.body, &a); err != nil {
		t.Fatalf("%s: %d %s", path, r.status, r.body)
	}
	if (r.status == http.StatusOK) != (a.Code == "Ok") || r.status != http.StatusOK && r.status != http.StatusBadRequest {
		t.Errorf("%s: %d %s", path, r.status, r.body)
	}
	return a
}

func speaksOSRM(t *testing.T, o *office) {
	const across = "route/v1/foot/95.303,5.5001;95.307,5.4999"
	a := o.osrm(t, across+"?steps=true&geometries=geojson&overview=full")
	if len(a.Routes) != 1 || len(a.Waypoints) != 2 || a.Graph == "" || a.Waypoints[0].Name != "Jalan Barat" || a.Waypoints[0].Metres < 10.9 || a.Waypoints[0].Metres > 11.2 {
		t.Fatalf("%+v", a)
	}
	r := a.Routes[0]
	// 0.004 degrees of longitude at 5.5 north are 443 m.
	if r.Metres < 442 || r.Metres > 444 || r.Seconds < r.Metres/1.8 || r.Seconds > r.Metres/1.78 || string(r.Line) != `{"type":"LineString","coordinates":[[95.303,5.5],[95.304,5.5],[95.305,5.5],[95.307,5.5]]}` {
		t.Errorf("%+v %s", r, r.Line)
	}
	var told []string
	for _, s := range r.Legs[0].Steps {
		told = append(told, strings.Join([]string{s.Maneuver.Type, s.Maneuver.Modifier, s.Name, s.Mode}, "|"))
	}
	if d := cmp.Diff([]string{"depart||Jalan Barat|walking", "new name|straight|Jembatan Tengah|walking", "new name|straight|Jalan Timur|walking", "arrive||Jalan Timur|walking"}, told); d != "" {
		t.Error(d)
	}
	x := r.Legs[0].Steps[1].Intersections[0]
	bridge, detour := 0, 0
	for i, b := range x.Bearings {
		if b >= 89 && b <= 91 {
			bridge = i
		}
		if b == 0 {
			detour = i
		}
	}
	if len(x.Bearings) != 3 || x.Out == nil || *x.Out != bridge || x.In == nil || *x.In == bridge || *x.In == detour || !x.Entry[detour] {
		t.Errorf("at the bridge: %+v", x)
	}
	if s := r.Legs[0].Summary; s != "Jalan Barat, Jalan Timur" && s != "Jembatan Tengah, Jalan Timur" {
		t.Errorf("%s", s)
	}
	// Turns, and the way back by a stop.
	a = o.osrm(t, "route/v1/driving/95.3035,5.5;95.304,5.503;95.3035,5.5.json?steps=true&overview=false&alternatives=true&generate_hints=false&skip_waypoints=true")
	if len(a.Routes) != 1 || len(a.Routes[0].Legs) != 2 || a.Routes[0].Line != nil || a.Waypoints != nil || a.Routes[0].Metres < 2*(55+331) || a.Routes[0].Metres > 2*(55+333) {
		t.Fatalf("%+v", a)
	}
	if s := a.Routes[0].Legs[0].Steps[1]; s.Maneuver.Type != "turn" || s.Maneuver.Modifier != "left" || s.Maneuver.Before != 90 || s.Maneuver.After != 0 || s.Mode != "driving" {
		t.Errorf("%+v", s)
	}
	// The same line in the encoding of polylines: 5.5 and 95.303 are 550000 and 9530300.
	if a = o.osrm(t, across); string(a.Routes[0].Line) != "\"_fq`@wztdQ?_X\"" {
		t.Errorf("%s", a.Routes[0].Line)
	}
	if a = o.osrm(t, "route/v1/walking/95.303%2C5.5%3B95.303,5.5?steps=true"); a.Routes[0].Metres != 0 || a.Routes[0].Seconds != 0 || len(a.Routes[0].Legs[0].Steps) != 2 {
		t.Errorf("from a place to itself: %+v", a)
	}

	a = o.osrm(t, "table/v1/foot/95.303,5.5;95.307,5.5;95.3305,5.5?sources=0;2&destinations=2;1")
	if len(a.Durations) != 2 || a.Durations[0][0] != nil || a.Durations[1][1] != nil || *a.Durations[1][0] != 0 || *a.Durations[0][1] != r.Seconds {
		t.Errorf("%+v", a)
	}
	a = o.osrm(t, "nearest/v1/cycling/95.3045,5.5002?number=3")
	if len(a.Waypoints) != 3 || a.Waypoints[0].Name != "Jembatan Tengah" || a.Waypoints[0].At != [2]float64{95.3045, 5.5} || a.Waypoints[2].Metres < a.Waypoints[1].Metres {
		t.Errorf("%+v", a)
	}

	for path, want := range map[string]string{
		"route/v1/foot/95.303,5.5":                                           "InvalidOptions",
		"route/v1/foot/95.303,5.5;":                                          "InvalidQuery",
		"route/v1/foot/95.303;5.5":                                           "InvalidQuery",
		"route/v1/foot/95.303,5.5;1e2,5.5":                                   "InvalidQuery",
		"route/v1/foot/95.303,5.5;5.5,95.303":                                "InvalidValue",
		"route/v1/foot/95.303,5.5;95.303,5.5%25":                             "InvalidUrl",
		"route/v1/horse/95.303,5.5;95.304,5.5":                               "InvalidValue",
		"route/v1/foot/95.303,5.5;95.36,5.5":                                 "NoSegment",
		"route/v1/foot/95.303,5.5;95.3035,5.5002?radiuses=unlimited;10":      "NoSegment",
		"route/v1/foot/95.303,5.5;95.304,5.5002?radiuses=10":                 "InvalidOptions",
		"route/v1/foot/95.303,5.5;95.304,5.5002?radiuses=;-1":                "InvalidQuery",
		"route/v1/foot/95.303,5.5;95.3305,5.5":                               "NoRoute",
		across + "?annotations=true":                                         "InvalidValue",
		across + "?geometries=wkb":                                           "InvalidValue",
		across + "?overview=":                                                "InvalidValue",
		across + "?continue_straight=true":                                   "InvalidValue",
		across + "?exclude=ferry":                                            "InvalidQuery",
		across + "?steps=true&steps=true":                                    "InvalidQuery",
		"route/v1/foot/" + strings.Repeat("95.303,5.5;", 100) + "95.303,5.5": "TooBig",
		"table/v1/foot/95.303,5.5":                                           "InvalidOptions",
		"table/v1/foot/95.303,5.5;95.304,5.5?annotations=distance":           "NotImplemented",
		"table/v1/foot/95.303,5.5;95.304,5.5?sources=2":                      "InvalidOptions",
		"table/v1/foot/95.303,5.5;95.304,5.5?destinations=0;0":               "InvalidOptions",
		"table/v1/foot/95.303,5.5;95.36,5.5":                                 "NoSegment",
		"nearest/v1/foot/95.303,5.5;95.304,5.5":                              "InvalidOptions",
		"nearest/v1/foot/95.303,5.5?number=0":                                "InvalidValue",
		"nearest/v1/foot/95.303,5.5?number=101":                              "TooBig",
		"nearest/v1/foot/95.36,5.5":                                          "NoSegment",
		"nearest/v1/foot/95.303,5.5?sources=0":                               "InvalidQuery",
	} {
		if a := o.osrm(t, path); a.Code != want || a.Message == "" {
			t.Errorf("%s: %s %s, want %s", path, a.Code, a.Message, want)
		}
	}
	// What is asked and answered is as the definition of the API says.
	c := converse(t, &gate{service: o.service, t: t}, definition(t, o.service))
	for _, path := range []string{
		across, across + "?overview=false&alternatives=true&steps=true&hints=;", across + "?steps=true&geometries=geojson&overview=full&alternatives=3&continue_straight=default", across + "?overview=false&steps=true&geometries=polyline6&skip_waypoints=true",
		"table/v1/car/95.303,5.5;95.3305,5.5?annotations=duration&radiuses=5;unlimited", "table/v1/car/95.303,5.5;95.304,5.5?skip_waypoints=true&sources=all", "nearest/v1/bike/95.303,5.5?number=2",
	} {
		c.say(200, "GET", "/osrm/"+path, nil)
	}

	// A closure is in the next answers, and its end as well.
	exec := func(sql string, args ...any) {
		t.Helper()
		if _, err := o.conn.Exec(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	goes := func(least, most float64) func() bool {
		return func() bool { m := o.osrm(t, across).Routes[0].Metres; return m > least && m < most }
	}
	exec("insert into plan.closure (reason, severity, starts_at, geom) values ('flood', 'closed', now() - interval '1 minute', st_geomfromtext($1, 4326))", box(95.3045, 5.5, 0.0001))
	wait(t, "the way is by the detour", goes(1540, 1560))
	if n := o.osrm(t, "nearest/v1/foot/95.30445,5.5"); n.Waypoints[0].Metres < 2 {
		t.Errorf("a closed stretch is near: %+v", n)
	}
	exec("update plan.closure set ends_at = now()")
	wait(t, "the way is by the bridge", goes(442, 444))
}
