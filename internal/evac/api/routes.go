package api

import (
	"encoding/json"
	"math"
	"net/http"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac"
	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// versions tell from what an answer was made.
type versions struct {
	Graph    string    `json:"graph_version"`
	Closures time.Time `json:"closures_as_of"`
	Hazards  string    `json:"hazard_version"`
}

type routesBody struct {
	versions
	Warnings  *time.Time   `json:"warnings_as_of"` // null: they are not followed, or were never read
	Sentence  plan.Text    `json:"sentence"`
	From      fromBody     `json:"from"`
	Profile   profileBody  `json:"profile"`
	Hazard    *string      `json:"hazard"`
	Event     *eventBody   `json:"event"`
	Departure time.Time    `json:"departure_at"`
	Routes    []routeBody  `json:"routes"`
	Other     *routeBody   `json:"alternative"`
	Passed    []passedBody `json:"passed_over"`
	Late      bool         `json:"cannot_reach_in_time"`
	Refuge    *nearBody    `json:"refuge"`
}

type fromBody struct {
	At     [2]float64 `json:"coordinates"`
	Road   string     `json:"road"`
	Metres float64    `json:"distance_to_road"` // m
	// Area is the code of the gampong, for its pack; null: in none.
	Area *string `json:"area"`
}

type profileBody struct {
	ID    string    `json:"id"`
	Title plan.Text `json:"title"`
}

type eventBody struct {
	ID       int64      `json:"id"`
	Hazard   string     `json:"hazard"`
	Level    string     `json:"level"`
	Starts   time.Time  `json:"starts_at"`
	Arrival  *time.Time `json:"arrival_at"`
	Source   string     `json:"source"`
	Bulletin string     `json:"bulletin"`
	Message  plan.Text  `json:"message"`
}

type routeBody struct {
	Shelter  shelterBody     `json:"destination"`
	Metres   float64         `json:"length"`   // m
	Seconds  float64         `json:"duration"` // s
	Arrives  time.Time       `json:"arrives_at"`
	Margin   *float64        `json:"margin"` // s
	Tightest *tightBody      `json:"tightest"`
	Bridges  []string        `json:"bridges"`
	Steps    []stepBody      `json:"steps"`
	Line     json.RawMessage `json:"geometry"`
}

type shelterBody struct {
	*evac.Shelter
	Suits *bool `json:"for_hazard"`
}

type tightBody struct {
	At       [2]float64 `json:"coordinates"`
	Name     string     `json:"name"`
	Deadline time.Time  `json:"deadline"`
	Margin   float64    `json:"margin"` // s
}

type stepBody struct {
	Text    plan.Text  `json:"text"`
	Turn    evac.Turn  `json:"turn"`
	Name    string     `json:"name"`
	Bridge  bool       `json:"bridge"`
	At      [2]float64 `json:"coordinates"`
	Metres  float64    `json:"length"`   // m
	Seconds float64    `json:"duration"` // s
}

type nearBody struct {
	*evac.Shelter
	Metres float64 `json:"distance"` // m, as the crow flies
}

type passedBody struct {
	nearBody
	Why  evac.Why  `json:"why"`
	Text plan.Text `json:"text"`
}

// routes is GET /api/v1/evacuation/routes.
func (s *Service) routes(w http.ResponseWriter, r *http.Request) error {
	asked, err := s.open(r, []rest.Media{rest.JSON(), geoJSON(), gpx(), kml()}, "from", "k", "profile", "hazard", "departure_min", "avoid")
	if err != nil {
		return err
	}
	c := asked.city
	q, err := question(asked.Params, c, s.now())
	if err != nil {
		return err
	}
	var a *evac.Answer
	if err := think(r.Context(), s.places, func() (err error) {
		a, err = c.Routes(q)
		return err
	}); err != nil {
		return err
	}
	s.tellAge(w, c)
	rest.AddVary(w.Header(), "Accept")
	if asked.media.Name == rest.JSON().Name {
		body := bodyOf(c, q, a)
		body.Warnings = moment(s.warnings.Status().AsOf)
		return rest.WriteJSON(w, r, rest.Body{}, body)
	}
	return sheetOf(c, q, a, rest.Language(r)).write(w, r, asked.media)
}

func bodyOf(c *evac.City, q evac.Question, a *evac.Answer) *routesBody {
	b := &routesBody{
		versions: versionsOf(c), Sentence: a.Sentence(),
		From: fromBody{degrees(q.From), a.Road, tenth(a.ToRoad), nil}, Profile: profileBody{a.Profile.ID, a.Profile.Title},
		Departure: a.Leaving.UTC(), Routes: make([]routeBody, 0, len(a.Routes)), Passed: make([]passedBody, 0, len(a.Passed)), Late: a.Late,
	}
	if area := c.AreaAt(q.From); area != "" {
		b.From.Area = &area
	}
	if a.Hazard != "" {
		b.Hazard = &a.Hazard
	}
	if e := a.Event; e != nil {
		b.Event = &eventBody{e.ID, e.Hazard, e.Level, e.Starts.UTC(), nil, e.Source, e.Bulletin, e.Message}
		if !e.Arrival.IsZero() {
			at := e.Arrival.UTC()
			b.Event.Arrival = &at
		}
	}
	for i := range a.Routes {
		b.Routes = append(b.Routes, routeOf(&a.Routes[i]))
	}
	if a.Other != nil {
		other := routeOf(a.Other)
		b.Other = &other
	}
	for _, p := range a.Passed {
		b.Passed = append(b.Passed, passedBody{nearBody{p.Shelter, tenth(p.Metres)}, p.Why, p.Text()})
	}
	if a.Refuge != nil {
		b.Refuge = &nearBody{a.Refuge.Shelter, tenth(a.Refuge.Metres)}
	}
	return b
}

func routeOf(r *evac.Route) routeBody {
	b := routeBody{
		Shelter: shelterBody{r.Shelter, r.Suits}, Metres: tenth(r.Metres), Seconds: tenth(r.Duration.Seconds()), Arrives: r.Arrives.UTC(),
		Bridges: r.Bridges, Steps: make([]stepBody, len(r.Steps)), Line: geo.AppendGeoJSON(nil, r.Line, decimals),
	}
	if b.Bridges == nil {
		b.Bridges = []string{}
	}
	if t := r.Tight; t != nil {
		margin := tenth(t.Margin.Seconds())
		b.Margin, b.Tightest = &margin, &tightBody{degrees(t.At), t.Name, t.Deadline.UTC(), margin}
	}
	for i, s := range r.Steps {
		b.Steps[i] = stepBody{s.Text, s.Turn, s.Name, s.Bridge, degrees(s.At), tenth(s.Metres), tenth(s.Duration.Seconds())}
	}
	return b
}

// decimals of degrees: a centimetre.
const decimals = 7

// degrees are coordinates with as many decimals as lines have.
func degrees(p orb.Point) [2]float64 {
	return [2]float64{math.Round(p[0]*1e7) / 1e7, math.Round(p[1]*1e7) / 1e7}
}

// tenth rounds metres and seconds.
func tenth(v float64) float64 { return math.Round(v*10) / 10 }
