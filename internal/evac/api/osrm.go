package api

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// Limits of OSRM's questions, which are its own usual ones.
const (
	mostCoordinates = 100
	mostNearest     = 100
)

// spoken are the names of profiles that clients of OSRM know.
var spoken = map[string]string{
	"driving": "car", "walking": "foot", "cycling": "bicycle", "bike": "bicycle",
}

// refusal is an error with a code of OSRM.
type refusal struct {
	code    string
	message plan.Text
}

func (e *refusal) Error() string { return e.code + ": " + e.message.EN }

func refuse(code, id, en string) error { return &refusal{code, plan.Text{ID: id, EN: en}} }

// osrmAsked is a question in OSRM's form.
type osrmAsked struct {
	trips  *evac.Trips
	params rest.Params
	at     []orb.Point
	within []float64 // m, by coordinate
}

// osrm answers with what a question comes to: a body, or an error of which
// OSRM's clients understand the code.
func (s *Service) osrm(w http.ResponseWriter, r *http.Request, known []string, answer func(*osrmAsked, versions) (any, error)) error {
	if _, err := rest.Negotiate(r, "", rest.JSON()); err != nil {
		return err
	}
	c, err := s.board.City()
	if err != nil {
		return err
	}
	q, err := ask(r, c, known)
	if err == nil {
		var body any
		if err = think(r.Context(), s.places, func() (err error) {
			body, err = answer(q, versionsOf(c))
			return err
		}); err == nil {
			s.tellAge(w, c)
			return rest.WriteJSON(w, r, rest.Body{}, body)
		}
	}
	var no *refusal
	if !errors.As(err, &no) {
		return err
	}
	lang := rest.Language(r)
	data, err := rest.Encode(map[string]string{"code": no.code, "message": no.message.In(lang)})
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", rest.JSON().Type)
	h.Set("Content-Language", string(lang))
	h.Set("Cache-Control", "no-store")
	rest.AddVary(h, "Accept-Language")
	w.WriteHeader(http.StatusBadRequest)
	_, err = w.Write(data)
	return err
}

// ask reads what all services have. Hints only make OSRM quicker: clients send
// empty ones to whoever gave them none.
func ask(r *http.Request, c *evac.City, known []string) (q *osrmAsked, err error) {
	q = &osrmAsked{}
	if q.params, err = rest.ParseParams(r, append(known, "radiuses", "hints", "generate_hints", "skip_waypoints")...); err != nil {
		var e *plan.Error
		if errors.As(err, &e) {
			return nil, refuse("InvalidQuery", e.At+": "+e.Message.ID, e.At+": "+e.Message.EN)
		}
		return nil, err
	}
	for _, name := range []string{"generate_hints", "skip_waypoints"} {
		if _, err := q.choice(name, "false", "true"); err != nil {
			return nil, err
		}
	}
	name := r.PathValue("profile")
	if p, ok := spoken[name]; ok {
		name = p
	}
	ids := idsOf(c.Profiles())
	if !slices.Contains(ids, name) {
		list := strings.Join(ids, ", ") + ", driving, walking, cycling"
		return nil, refuse("InvalidValue", "Profil tidak dikenal. Yang dikenal: "+list+".", "The profile is not known. Known are: "+list+".")
	}
	if err := q.places(r.PathValue("coordinates")); err != nil {
		return nil, err
	}
	q.trips, err = c.Trips(name)
	return q, err
}

// places reads coordinates, lon,lat;lon,lat, and how far each may be from a road.
func (q *osrmAsked) places(raw string) error {
	text, err := url.PathUnescape(raw)
	if err != nil {
		return refuse("InvalidUrl", "Koordinat berisi urutan persen yang tidak sah.", "The coordinates hold a broken percent escape.")
	}
	parts := strings.Split(strings.TrimSuffix(text, ".json"), ";")
	if len(parts) > mostCoordinates {
		return refuse("TooBig", fmt.Sprintf("Paling banyak %d koordinat.", mostCoordinates), fmt.Sprintf("At most %d coordinates.", mostCoordinates))
	}
	for i, part := range parts {
		p, err := point(part, "")
		if err != nil {
			var e *plan.Error
			errors.As(err, &e)
			code := "InvalidQuery"
			if pair.MatchString(part) {
				code = "InvalidValue"
			}
			return refuse(code, fmt.Sprintf("Koordinat %d: %s", i, e.Message.ID), fmt.Sprintf("Coordinate %d: %s", i, e.Message.EN))
		}
		q.at, q.within = append(q.at, p), append(q.within, evac.Reach)
	}
	radiuses, ok := q.params.Get("radiuses")
	if !ok {
		return nil
	}
	parts = strings.Split(radiuses, ";")
	if len(parts) != len(q.at) {
		return refuse("InvalidOptions", "radiuses harus sebanyak koordinat.", "There must be as many radiuses as coordinates.")
	}
	for i, part := range parts {
		if part == "" || part == "unlimited" {
			continue
		}
		if !decimal.MatchString(part) || part[0] == '-' {
			return refuse("InvalidQuery", "radiuses: meter, atau unlimited, dipisah titik koma.", "radiuses: metres, or unlimited, separated by semicolons.")
		}
		q.within[i], _ = strconv.ParseFloat(part, 64)
	}
	return nil
}

// pair is a coordinate that is written well, wherever it is.
var pair = regexp.MustCompile(`^-?[0-9]{1,20}(\.[0-9]{1,30})?,-?[0-9]{1,20}(\.[0-9]{1,30})?$`)

// choice is a parameter that is one of some words, the first where it is absent.
func (q *osrmAsked) choice(name string, words ...string) (string, error) {
	text, ok := q.params.Get(name)
	switch {
	case !ok:
		return words[0], nil
	case slices.Contains(words, text):
		return text, nil
	}
	list := strings.Join(words, ", ")
	return "", refuse("InvalidValue", name+": yang dapat dijawab hanya "+list+".", name+": all that can be answered is "+list+".")
}

// least refuses fewer coordinates than a question needs.
func (q *osrmAsked) least(n int) error {
	if len(q.at) < n {
		return refuse("InvalidOptions", fmt.Sprintf("Perlu paling sedikit %d koordinat.", n), fmt.Sprintf("At least %d coordinates are needed.", n))
	}
	return nil
}

// stop is a coordinate.
func (q *osrmAsked) stop(i int, arriving bool) evac.Stop {
	return evac.Stop{At: q.at[i], Within: q.within[i], Arriving: arriving}
}

// snap finds stops on the roads, of which of says which coordinates they are.
func (q *osrmAsked) snap(stops []evac.Stop, of []int) ([]evac.Place, error) {
	places, err := q.trips.Snap(stops)
	var astray *evac.AstrayError
	if !errors.As(err, &astray) {
		return places, err
	}
	i := of[astray.Stop]
	return nil, refuse("NoSegment",
		fmt.Sprintf("Tidak ada jalan untuk profil ini dalam %g m dari koordinat %d.", astray.Within, i),
		fmt.Sprintf("There is no road for this profile within %g m of coordinate %d.", astray.Within, i))
}

// waypointBody is a coordinate on its road.
type waypointBody struct {
	At     [2]float64 `json:"location"`
	Name   string     `json:"name"`
	Metres float64    `json:"distance"` // from the coordinate
}

func (q *osrmAsked) waypoints(places []evac.Place) []waypointBody {
	all := make([]waypointBody, len(places))
	for i, p := range places {
		all[i] = waypointBody{degrees(p.At), q.trips.Road(p), math.Round(p.Distance*1e3) / 1e3}
	}
	return all
}

type nearestBody struct {
	Code string `json:"code"`
	versions
	Waypoints []waypointBody `json:"waypoints"`
}

// nearestRoads is GET /osrm/nearest/v1/{profile}/{coordinates}.
func (s *Service) nearestRoads(w http.ResponseWriter, r *http.Request) error {
	return s.osrm(w, r, []string{"number"}, func(q *osrmAsked, v versions) (any, error) {
		if len(q.at) != 1 {
			return nil, refuse("InvalidOptions", "Beri tepat satu koordinat.", "Give exactly one coordinate.")
		}
		n, err := q.params.Int("number", 1, 1, math.MaxInt32)
		switch {
		case err != nil:
			return nil, refuse("InvalidValue", "number: bilangan bulat, paling kecil 1.", "number: a whole number, at least 1.")
		case n > mostNearest:
			return nil, refuse("TooBig", fmt.Sprintf("number paling besar %d.", mostNearest), fmt.Sprintf("number is at most %d.", mostNearest))
		}
		stop := q.stop(0, false)
		if _, err := q.snap([]evac.Stop{stop}, []int{0}); err != nil {
			return nil, err
		}
		return &nearestBody{"Ok", v, q.waypoints(q.trips.Near(stop, n))}, nil
	})
}

type tableBody struct {
	Code string `json:"code"`
	versions
	Durations [][]*float64   `json:"durations"` // s; null: no way
	Sources   []waypointBody `json:"sources,omitempty"`
	Targets   []waypointBody `json:"destinations,omitempty"`
}

// table is GET /osrm/table/v1/{profile}/{coordinates}.
func (s *Service) table(w http.ResponseWriter, r *http.Request) error {
	return s.osrm(w, r, []string{"sources", "destinations", "annotations"}, func(q *osrmAsked, v versions) (any, error) {
		if err := q.least(2); err != nil {
			return nil, err
		}
		if _, err := q.choice("annotations", "duration"); err != nil {
			return nil, refuse("NotImplemented", "Hanya annotations=duration.", "Only annotations=duration.")
		}
		from, err := q.some("sources")
		if err != nil {
			return nil, err
		}
		to, err := q.some("destinations")
		if err != nil {
			return nil, err
		}
		var stops []evac.Stop
		for _, i := range from {
			stops = append(stops, q.stop(i, false))
		}
		for _, i := range to {
			stops = append(stops, q.stop(i, true))
		}
		places, err := q.snap(stops, slices.Concat(from, to))
		if err != nil {
			return nil, err
		}
		sources, targets := places[:len(from)], places[len(from):]
		b := &tableBody{Code: "Ok", versions: v, Durations: make([][]*float64, len(from))}
		for i, row := range q.trips.Table(sources, targets) {
			b.Durations[i] = make([]*float64, len(row))
			for k, d := range row {
				if d >= 0 {
					seconds := tenth(d.Seconds())
					b.Durations[i][k] = &seconds
				}
			}
		}
		if q.params.Value("skip_waypoints") != "true" {
			b.Sources, b.Targets = q.waypoints(sources), q.waypoints(targets)
		}
		return b, nil
	})
}

// some reads which of the coordinates are meant.
func (q *osrmAsked) some(name string) (all []int, err error) {
	text := q.params.Value(name)
	if text == "" || text == "all" {
		for i := range q.at {
			all = append(all, i)
		}
		return all, nil
	}
	for part := range strings.SplitSeq(text, ";") {
		i, err := strconv.ParseUint(part, 10, 31)
		if err != nil || int(i) >= len(q.at) || slices.Contains(all, int(i)) {
			return nil, refuse("InvalidOptions", name+": nomor koordinat dari 0, masing-masing sekali, dipisah titik koma; atau all.",
				name+": numbers of coordinates from 0, each once, separated by semicolons; or all.")
		}
		all = append(all, int(i))
	}
	return all, nil
}

// versionsOf are those of a city.
func versionsOf(c *evac.City) versions {
	return versions{c.GraphVersion, c.AsOf.UTC(), c.HazardVersion}
}

// tellAge says how old an answer is that the database cannot confirm.
func (s *Service) tellAge(w http.ResponseWriter, c *evac.City) {
	if s.plan.Status().Stale {
		w.Header().Set("Simtaru-As-Of", c.AsOf.UTC().Format(time.RFC3339))
	}
}
