package api

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/simplify"

	"github.com/simtaru/simtaru/internal/evac"
	"github.com/simtaru/simtaru/internal/geo"
)

type tripBody struct {
	Code string `json:"code"`
	versions
	Routes    []osrmRoute    `json:"routes"`
	Waypoints []waypointBody `json:"waypoints,omitempty"`
}

// measured is what routes, legs and steps have: the weight is the duration.
type measured struct {
	Metres  float64 `json:"distance"` // m
	Seconds float64 `json:"duration"` // s
	Weight  float64 `json:"weight"`
}

func measure(metres float64, d time.Duration) measured {
	s := tenth(d.Seconds())
	return measured{tenth(metres), s, s}
}

type osrmRoute struct {
	measured
	WeightName string          `json:"weight_name"`
	Line       json.RawMessage `json:"geometry,omitempty"`
	Legs       []osrmLeg       `json:"legs"`
}

type osrmLeg struct {
	measured
	Summary string     `json:"summary"`
	Steps   []osrmStep `json:"steps"`
}

type osrmStep struct {
	measured
	Line          json.RawMessage    `json:"geometry"`
	Name          string             `json:"name"`
	Mode          string             `json:"mode"`
	Side          string             `json:"driving_side"`
	Maneuver      maneuver           `json:"maneuver"`
	Intersections []osrmIntersection `json:"intersections"`
}

type maneuver struct {
	At       [2]float64 `json:"location"`
	Before   int        `json:"bearing_before"`
	After    int        `json:"bearing_after"`
	Type     string     `json:"type"`
	Modifier string     `json:"modifier,omitempty"`
}

// osrmIntersection is where a step begins; those that it passes are left out.
type osrmIntersection struct {
	At       [2]float64 `json:"location"`
	Bearings []int      `json:"bearings"`
	Entry    []bool     `json:"entry"`
	In       *int       `json:"in,omitempty"`
	Out      *int       `json:"out,omitempty"`
}

// trip is GET /osrm/route/v1/{profile}/{coordinates}.
func (s *Service) trip(w http.ResponseWriter, r *http.Request) error {
	known := []string{"overview", "geometries", "steps", "alternatives", "annotations", "continue_straight"}
	return s.osrm(w, r, known, func(q *osrmAsked, v versions) (any, error) {
		if err := q.least(2); err != nil {
			return nil, err
		}
		f, err := q.form()
		if err != nil {
			return nil, err
		}
		stops, of := make([]evac.Stop, len(q.at)), make([]int, len(q.at))
		for i := range q.at {
			stops[i], of[i] = q.stop(i, i == len(q.at)-1), i
		}
		places, err := q.snap(stops, of)
		if err != nil {
			return nil, err
		}
		route, err := f.route(q.trips, places)
		if err != nil {
			return nil, err
		}
		b := &tripBody{Code: "Ok", versions: v, Routes: []osrmRoute{*route}}
		if q.params.Value("skip_waypoints") != "true" {
			b.Waypoints = q.waypoints(places)
		}
		return b, nil
	})
}

// form is how a route is wanted.
type form struct{ overview, geometries, steps string }

// form reads it. There is one route: OSRM, too, may have no alternative.
func (q *osrmAsked) form() (f form, err error) {
	read := func(into *string, name string, words ...string) {
		if err == nil {
			*into, err = q.choice(name, words...)
		}
	}
	var none string
	read(&f.overview, "overview", "simplified", "full", "false")
	read(&f.geometries, "geometries", "polyline", "polyline6", "geojson")
	read(&f.steps, "steps", "false", "true")
	read(&none, "alternatives", "false", "true", "1", "2", "3")
	read(&none, "annotations", "false")
	read(&none, "continue_straight", "default", "false")
	return f, err
}

// route leads by all places.
func (f *form) route(t *evac.Trips, places []evac.Place) (*osrmRoute, error) {
	r := &osrmRoute{WeightName: "duration"}
	var line orb.LineString
	var metres float64
	var took time.Duration
	for i := 1; i < len(places); i++ {
		way := t.Way(places[i-1], places[i])
		if way == nil {
			return nil, refuse("NoRoute", fmt.Sprintf("Tidak ada jalan terbuka dari koordinat %d ke koordinat %d.", i-1, i), fmt.Sprintf("No open way leads from coordinate %d to coordinate %d.", i-1, i))
		}
		leg := osrmLeg{measured: measure(way.Metres, way.Duration), Steps: []osrmStep{}}
		if f.steps == "true" {
			leg.Summary = summary(way.Steps)
			for k := range way.Steps {
				leg.Steps = append(leg.Steps, f.step(t, way, k))
			}
		}
		r.Legs = append(r.Legs, leg)
		metres, took = metres+way.Metres, took+way.Duration
		line = append(line, way.Line...)
	}
	r.measured = measure(metres, took)
	if f.overview == "simplified" {
		b := line.Bound()
		// What is seen of it where all of it fills a screen.
		line = simplify.DouglasPeucker(max(b.Max[0]-b.Min[0], b.Max[1]-b.Min[1]) / 1000).LineString(line)
	}
	if f.overview != "false" {
		r.Line = f.encode(line)
	}
	return r, nil
}

func (f *form) step(t *evac.Trips, way *evac.Way, k int) osrmStep {
	s := &way.Steps[k]
	line := way.Line[s.Vertex:]
	before := ""
	if k > 0 {
		before = way.Steps[k-1].Name
	}
	if k+1 < len(way.Steps) {
		line = line[:way.Steps[k+1].Vertex-s.Vertex+1]
	}
	if len(line) == 1 {
		line = orb.LineString{line[0], line[0]}
	}
	m := maneuver{At: degrees(s.At), Before: compass(s.Before), After: compass(s.After)}
	m.Type, m.Modifier = told(s, before)
	return osrmStep{
		measured: measure(s.Metres, s.Duration), Line: f.encode(line), Name: s.Name, Mode: mode(t), Side: "left",
		Maneuver: m, Intersections: []osrmIntersection{intersection(t, s)},
	}
}

// told is a turn in OSRM's words.
func told(s *evac.Step, before string) (kind, modifier string) {
	if s.Turn == evac.Depart || s.Turn == evac.Arrive {
		return string(s.Turn), ""
	}
	modifier = strings.ReplaceAll(string(s.Turn), "_", " ")
	if s.Turn == evac.Back {
		modifier = "uturn"
	}
	switch {
	case s.Name == before:
		return "continue", modifier
	case s.Turn == evac.Straight || s.Turn == evac.SlightLeft || s.Turn == evac.SlightRight:
		return "new name", modifier
	}
	return "turn", modifier
}

// intersection is where a step begins, with the roads that leave from there.
func intersection(t *evac.Trips, s *evac.Step) osrmIntersection {
	x := osrmIntersection{At: degrees(s.At)}
	add := func(bearing float64, open bool) {
		x.Bearings, x.Entry = append(x.Bearings, compass(bearing)), append(x.Entry, open)
	}
	first := 0
	exits := t.Exits(s)
	switch {
	case s.Turn == evac.Arrive:
		add(s.Before+180, true)
		x.In = &first
		return x
	case len(exits) == 0:
		add(s.After, true)
		x.Out = &first
		return x
	}
	in, out := 0, 0
	for i, e := range exits {
		add(e.Bearing, e.Open)
		if apart(e.Bearing, s.Before+180) < apart(exits[in].Bearing, s.Before+180) {
			in = i
		}
		if apart(e.Bearing, s.After) < apart(exits[out].Bearing, s.After) {
			out = i
		}
	}
	x.In, x.Out = &in, &out
	return x
}

// apart is the angle between two bearings in degrees.
func apart(a, b float64) float64 { return math.Abs(math.Mod(a-b+540+360, 360) - 180) }

// compass is a bearing in whole degrees, 0 where there is none.
func compass(bearing float64) int {
	if math.IsNaN(bearing) {
		return 0
	}
	return int(math.Round(math.Mod(bearing+360, 360))) % 360
}

// mode is how one goes in OSRM's words.
func mode(t *evac.Trips) string {
	switch {
	case t.OnFoot():
		return "walking"
	case t.Profile().ID == "bicycle":
		return "cycling"
	}
	return "driving"
}

// summary names the two longest roads of a leg, in the order of the way.
func summary(steps []evac.Step) string {
	metres := map[string]float64{}
	var names []string
	for _, s := range steps {
		if s.Name != "" && metres[s.Name] == 0 && s.Metres > 0 {
			names = append(names, s.Name)
		}
		metres[s.Name] += s.Metres
	}
	for len(names) > 2 {
		least := 0
		for i, n := range names {
			if metres[n] < metres[names[least]] {
				least = i
			}
		}
		names = append(names[:least], names[least+1:]...)
	}
	return strings.Join(names, ", ")
}

// encode is a line in the form that is wanted.
func (f *form) encode(line orb.LineString) json.RawMessage {
	switch f.geometries {
	case "geojson":
		return geo.AppendGeoJSON(nil, line, decimals)
	case "polyline6":
		return polyline(line, 1e6)
	}
	return polyline(line, 1e5)
}

// polyline is a line in Google's encoding, as JSON: differences of lat and lon in
// parts of a degree, five bits a character. Of its characters JSON escapes one.
func polyline(line orb.LineString, parts float64) []byte {
	out := []byte{'"'}
	var last [2]int64
	for _, p := range line {
		for i, degrees := range [2]float64{p[1], p[0]} {
			v := int64(math.Round(degrees * parts))
			d := (v - last[i]) << 1
			if last[i] = v; d < 0 {
				d = ^d
			}
			for d >= 0x20 {
				out = appendChar(out, byte(d&0x1f|0x20)+63)
				d >>= 5
			}
			out = appendChar(out, byte(d)+63)
		}
	}
	return append(out, '"')
}

func appendChar(out []byte, c byte) []byte {
	if c == '\\' {
		out = append(out, '\\')
	}
	return append(out, c)
}
