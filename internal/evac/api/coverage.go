package api

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/simtaru/simtaru/internal/evac"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// noHazard is asked for to leave out the one that is announced.
const noHazard = "none"

func hazardsOrNone() []string { return append(evac.Hazards(), noHazard) }

// usualMinutes is within what time people are asked for.
const usualMinutes = 15

type coverageBody struct {
	versions
	Minutes   float64       `json:"minutes"`
	Profile   profileBody   `json:"profile"`
	Hazard    *string       `json:"hazard"`
	Departure time.Time     `json:"departure_at"`
	People    int           `json:"people"`
	Covered   int           `json:"covered"`
	Uncovered int           `json:"uncovered"`
	Unplaced  int           `json:"unplaced"`
	Uncounted int           `json:"uncounted_areas"`
	Places    int           `json:"places"`
	Room      int64         `json:"room"`
	Areas     []coveredBody `json:"areas"`
	Shelters  []servedBody  `json:"shelters"`
}

type coveredBody struct {
	ID       int64      `json:"id"`
	Code     string     `json:"code"`
	Name     string     `json:"name"`
	District string     `json:"district"`
	People   *int       `json:"people"`
	Covered  *int       `json:"covered"`
	Not      *int       `json:"uncovered"`
	Unplaced *int       `json:"unplaced"`
	Basis    evac.Basis `json:"basis"`
}

type servedBody struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	Capacity int64  `json:"capacity"`
	Room     int64  `json:"room"`
	People   int    `json:"people"`
}

// coverage is GET /api/v1/evacuation/coverage.
func (s *Service) coverage(w http.ResponseWriter, r *http.Request) error {
	asked, err := s.open(r, []rest.Media{rest.JSON()}, "minutes", "profile", "hazard", "departure_min")
	if err != nil {
		return err
	}
	p, c := asked.Params, asked.city
	q := evac.Need{Now: s.now()}
	minutes, err := within(p)
	if err != nil {
		return err
	}
	q.Within = time.Duration(minutes * float64(time.Minute))
	if q.Profile, err = way(p, c); err != nil {
		return err
	}
	// Where people are warned, coverage without the hazard would be a false good.
	if q.Hazard, err = oneOf(p, "hazard", hazardsOrNone(), c.Announced(q.Now)); err != nil {
		return err
	}
	if q.Hazard == noHazard {
		q.Hazard = ""
	}
	if q.Departure, err = departure(p); err != nil {
		return err
	}
	var a *evac.Coverage
	if err := think(r.Context(), s.crowds, func() (err error) {
		a, err = c.Coverage(q)
		return err
	}); err != nil {
		return err
	}
	s.tellAge(w, c)
	return rest.WriteJSON(w, r, rest.Body{}, coverageOf(c, &q, minutes, a))
}

func coverageOf(c *evac.City, q *evac.Need, minutes float64, a *evac.Coverage) *coverageBody {
	b := &coverageBody{
		versions: versionsOf(c), Minutes: minutes, Profile: profileBody{a.Profile.ID, a.Profile.Title}, Departure: q.Now.Add(q.Departure).UTC(),
		People: a.People, Covered: a.Covered, Uncovered: a.Uncovered, Unplaced: a.Unplaced, Places: len(a.Shelters), Room: a.Room,
		Areas: []coveredBody{}, Shelters: []servedBody{},
	}
	if q.Hazard != "" {
		b.Hazard = &q.Hazard
	}
	for i := range a.Areas {
		x := &a.Areas[i]
		area := coveredBody{ID: x.ID, Code: x.Code, Name: x.Name, District: x.District, Basis: x.Basis}
		if x.Basis == evac.Uncounted {
			b.Uncounted++
		}
		if x.Basis != evac.Uncounted || x.People > 0 {
			area.People, area.Covered, area.Not, area.Unplaced = &x.People, &x.Covered, &x.Uncovered, &x.Unplaced
		}
		b.Areas = append(b.Areas, area)
	}
	for _, x := range a.Shelters {
		b.Shelters = append(b.Shelters, servedBody{x.ID, x.Name, x.Capacity, x.Room, x.People})
	}
	return b
}

func within(p rest.Params) (float64, error) {
	text, ok := p.Get("minutes")
	if !ok {
		return usualMinutes, nil
	}
	m, _ := strconv.ParseFloat(text, 64)
	if !decimal.MatchString(text) || m <= 0 || m > longestReach {
		return 0, rest.Invalid("minutes", plan.Text{
			ID: fmt.Sprintf("Satu bilangan menit, lebih dari 0 sampai %d.", longestReach), EN: fmt.Sprintf("One number of minutes, above 0 and up to %d.", longestReach),
		})
	}
	return m, nil
}
