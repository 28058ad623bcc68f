package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// Limits of a route definition.
const (
	maxDefinition = 256 << 10 // bytes
	mostName      = 250       // characters
)

// preferences of OGC API Routes, the usual one first.
var preferences = []string{"fastest", "shortest"}

// definition is what a route is to be (OGC 21-000, 7.2.5).
type definition struct {
	name      string
	waypoints orb.MultiPoint
	shortest  bool
	mode      string
	obstacles orb.MultiPolygon
}

// exchanged is a route in the Route Exchange Model (OGC 21-001).
type exchanged struct {
	Type string `json:"type"`
	Name string `json:"name,omitempty"`
	versions
	Features []member `json:"features"`
}

type overviewProperties struct {
	Feature  string  `json:"featureType"`
	Metres   float64 `json:"length_m"`
	Seconds  float64 `json:"duration_s"`
	Computed string  `json:"processingTime"`
}

type endProperties struct {
	Feature string `json:"featureType"` // start or end
}

type segmentProperties struct {
	Feature string  `json:"featureType"`
	Metres  float64 `json:"length_m"`
	Seconds float64 `json:"duration_s"`
	Road    string  `json:"roadName,omitempty"`
	Turn    string  `json:"instructions,omitempty"` // at its end
}

// exchange is POST /ogc/routes.
func (s *Service) exchange(w http.ResponseWriter, r *http.Request) error {
	offer := rest.Media{Name: "json", Type: "application/geo+json", Also: []string{"application/json"}}
	q, err := s.open(r, []rest.Media{offer})
	if err != nil {
		return err
	}
	body, err := rest.OpenBody(r, []string{"application/json"}, maxDefinition)
	if err != nil {
		return err
	}
	data, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	d, err := define(data, idsOf(q.city.Profiles()))
	if err != nil {
		return err
	}
	var doc *exchanged
	if err := think(r.Context(), s.places, func() (err error) {
		doc, err = s.follow(q.city, d)
		return err
	}); err != nil {
		return err
	}
	s.tellAge(w, q.city)
	return rest.WriteJSON(w, r, rest.Body{Type: offer.Type, Lang: string(rest.Language(r)), Cache: "no-store"}, doc)
}

// define reads a definition. Members are in inputs, each itself or as the member
// value of an object, as OGC API Processes has it, or they are the document.
// One that is not known is refused, since it may be a constraint.
func define(data []byte, modes []string) (d definition, err error) {
	invalid := func(at, id, en string) error {
		return &plan.Error{Kind: plan.Invalid, Code: "invalid-definition", At: at, Message: plan.Text{ID: id, EN: en}}
	}
	var doc, inputs map[string]json.RawMessage
	if json.Unmarshal(data, &doc) != nil || doc == nil {
		return d, invalid("", "Isi permintaan harus objek JSON.", "The body must be a JSON object.")
	}
	inputs = doc
	if raw, ok := doc["inputs"]; ok {
		if inputs = nil; json.Unmarshal(raw, &inputs) != nil || inputs == nil || len(doc) > 1 {
			return d, invalid("inputs", "inputs harus objek, dan satu-satunya anggota.", "inputs must be an object, and the only member.")
		}
	}
	d.mode = modes[0]
	for name, raw := range inputs {
		var qualified map[string]json.RawMessage
		if json.Unmarshal(raw, &qualified) == nil && len(qualified) == 1 && qualified["value"] != nil {
			raw = qualified["value"]
		}
		var text string
		isText := json.Unmarshal(raw, &text) == nil && string(raw) != "null"
		switch name {
		case "name":
			if d.name = text; !isText || len([]rune(text)) > mostName {
				return d, invalid(name, fmt.Sprintf("Harus teks, paling panjang %d karakter.", mostName), fmt.Sprintf("It must be a text of at most %d characters.", mostName))
			}
		case "preference", "mode":
			known := map[string][]string{"preference": preferences, "mode": modes}[name]
			if !isText || !slices.Contains(known, text) {
				list := strings.Join(known, ", ")
				return d, invalid(name, "Yang dikenal: "+list+".", "Known are: "+list+".")
			}
			if name == "mode" {
				d.mode = text
			} else {
				d.shortest = text == "shortest"
			}
		case "waypoints", "obstacles":
			kind := map[string]string{"waypoints": "MultiPoint", "obstacles": "MultiPolygon"}[name]
			ok := false
			if name == "waypoints" {
				d.waypoints, ok = shape(raw, kind, pointOf)
			} else {
				d.obstacles, ok = shape(raw, kind, polygonOf)
			}
			if !ok {
				return d, invalid(name, "Harus "+kind+" GeoJSON dalam bujur dan lintang.", "It must be a GeoJSON "+kind+" in longitude and latitude.")
			}
		default:
			return d, &plan.Error{Kind: plan.Unprocessable, Code: "unsupported-constraint", At: clip(name), Message: plan.Text{
				ID: "Syarat ini tidak dapat dipenuhi, maka tidak ada rute. Yang dapat: name, waypoints, preference, mode, obstacles.",
				EN: "This constraint cannot be kept, so there is no route. What can be given: name, waypoints, preference, mode, obstacles.",
			}}
		}
	}
	if n := len(d.waypoints); n < 2 || n > mostCoordinates {
		return d, invalid("waypoints", fmt.Sprintf("Beri 2 sampai %d titik.", mostCoordinates), fmt.Sprintf("Give 2 to %d points.", mostCoordinates))
	}
	return d, nil
}

func clip(s string) string { return string([]rune(s)[:min(len([]rune(s)), 80)]) }

// shape reads a geometry of several parts; false where it is not of that kind, or
// not on the earth.
func shape[From, To any](raw json.RawMessage, kind string, read func(From) (To, bool)) (all []To, ok bool) {
	var g struct {
		Type        string `json:"type"`
		Coordinates []From `json:"coordinates"`
	}
	if json.Unmarshal(raw, &g) != nil || g.Type != kind {
		return nil, false
	}
	for _, part := range g.Coordinates {
		x, ok := read(part)
		if !ok {
			return nil, false
		}
		all = append(all, x)
	}
	return all, true
}

// pointOf is a position in degrees; a height plays no part.
func pointOf(at []float64) (p orb.Point, ok bool) {
	if len(at) != 2 && len(at) != 3 || math.Abs(at[0]) > 180 || math.Abs(at[1]) >= 90 {
		return p, false
	}
	return orb.Point{at[0], at[1]}, true
}

// polygonOf is a polygon whose rings are closed.
func polygonOf(rings [][][]float64) (p orb.Polygon, ok bool) {
	for _, positions := range rings {
		var ring orb.Ring
		for _, at := range positions {
			x, ok := pointOf(at)
			if !ok {
				return nil, false
			}
			ring = append(ring, x)
		}
		if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
			return nil, false
		}
		p = append(p, ring)
	}
	return p, len(p) > 0
}

// follow finds the route.
func (s *Service) follow(c *evac.City, d definition) (*exchanged, error) {
	trips, err := c.Trips(d.mode)
	if err != nil {
		return nil, err
	}
	if len(d.obstacles) > 0 {
		if trips, err = trips.Around(d.obstacles); err != nil {
			return nil, err
		}
	}
	stops := make([]evac.Stop, len(d.waypoints))
	for i, p := range d.waypoints {
		stops[i] = evac.Stop{At: p, Within: evac.Reach, Arriving: i == len(stops)-1}
	}
	places, err := trips.Snap(stops)
	var astray *evac.AstrayError
	if errors.As(err, &astray) {
		return nil, &plan.Error{Kind: plan.Unprocessable, Code: "far-from-roads", At: "waypoints", Message: plan.Text{
			ID: fmt.Sprintf("Tidak ada jalan untuk cara ini dalam %g m dari titik %d.", astray.Within, astray.Stop),
			EN: fmt.Sprintf("There is no road for this mode within %g m of point %d.", astray.Within, astray.Stop),
		}}
	}
	if err != nil {
		return nil, err
	}
	doc := &exchanged{Type: "FeatureCollection", Name: d.name, versions: versionsOf(c)}
	overview := overviewProperties{Feature: "overview", Computed: s.now().UTC().Format("2006-01-02T15:04:05Z")}
	var line orb.LineString
	var segments []member
	for i := 1; i < len(places); i++ {
		find := trips.Way
		if d.shortest {
			find = trips.Shortest
		}
		way := find(places[i-1], places[i])
		if way == nil {
			return nil, &plan.Error{Kind: plan.Unprocessable, Code: "no-way", At: "waypoints", Message: plan.Text{
				ID: fmt.Sprintf("Tidak ada jalan terbuka dari titik %d ke titik %d.", i-1, i), EN: fmt.Sprintf("No open way leads from point %d to point %d.", i-1, i),
			}}
		}
		line = append(line, way.Line...)
		overview.Metres, overview.Seconds = overview.Metres+way.Metres, overview.Seconds+way.Duration.Seconds()
		for k, step := range way.Steps[:len(way.Steps)-1] {
			end := way.Steps[k+1]
			segments = append(segments, memberOf(end.At, segmentProperties{"segment", tenth(step.Metres), tenth(step.Duration.Seconds()), step.Name, instruction(end.Turn)}))
		}
	}
	overview.Metres, overview.Seconds = tenth(overview.Metres), tenth(overview.Seconds)
	doc.Features = append(doc.Features, memberOf(line, overview), memberOf(places[0].At, endProperties{"start"}))
	doc.Features = append(append(doc.Features, segments...), memberOf(places[len(places)-1].At, endProperties{"end"}))
	return doc, nil
}

// instruction is a turn in the three words of the model; empty where none fits.
func instruction(t evac.Turn) string {
	switch t {
	case evac.Straight:
		return "continue"
	case evac.Left, evac.SlightLeft, evac.SharpLeft:
		return "left"
	case evac.Right, evac.SlightRight, evac.SharpRight:
		return "right"
	}
	return ""
}
