package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac"
	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// Limits of a question for what is within reach.
const (
	mostTimes    = 6
	longestReach = 120 // minutes
	usualTimes   = "5,10,15"
)

// reachBy are what is within reach is told by.
var reachBy = []string{"minutes", "shelter"}

type reachBody struct {
	Type string `json:"type"`
	versions
	Profile  profileBody `json:"profile"`
	Hazard   *string     `json:"hazard"`
	Shelters int         `json:"shelters"`
	Beyond   float64     `json:"length_beyond"` // m
	OffRoad  *float64    `json:"off_road"`      // m
	Features []bandBody  `json:"features"`
}

type bandBody struct {
	Type       string          `json:"type"`
	Properties bandProperties  `json:"properties"`
	Shape      json.RawMessage `json:"geometry"`
}

type bandProperties struct {
	Over    float64    `json:"over_minutes"`
	Minutes float64    `json:"minutes"`
	Metres  float64    `json:"length"` // m
	Shelter *placeBody `json:"destination"`
}

type placeBody struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// reach is GET /api/v1/evacuation/reach.
func (s *Service) reach(w http.ResponseWriter, r *http.Request) error {
	q, err := s.open(r, []rest.Media{rest.JSON()}, "minutes", "profile", "hazard", "as", "by")
	if err != nil {
		return err
	}
	c := q.city
	minutes, err := times(q.Params)
	if err != nil {
		return err
	}
	profile, hazard, err := who(q.Params, c)
	if err != nil {
		return err
	}
	as, err := oneOf(q.Params, "as", []string{"lines", "areas"}, "lines")
	if err != nil {
		return err
	}
	text, err := oneOf(q.Params, "by", reachBy, "minutes")
	if err != nil {
		return err
	}
	by := evac.ReachBy{Shelter: text == "shelter", Areas: as == "areas"}
	ms := make([]uint32, len(minutes))
	for i, m := range minutes {
		ms[i] = uint32(m * 60_000)
	}
	room := s.places
	if by.Areas {
		room = s.crowds
	}
	var a *evac.Reached
	if err := think(r.Context(), room, func() (err error) {
		a, err = c.Reach(profile, hazard, ms, by)
		return err
	}); err != nil {
		return err
	}
	s.tellAge(w, c)
	b := &reachBody{
		Type: "FeatureCollection", versions: versionsOf(c), Profile: profileBody{a.Profile.ID, a.Profile.Title},
		Shelters: a.Shelters, Beyond: tenth(a.Beyond), Features: []bandBody{},
	}
	if hazard != "" {
		b.Hazard = &hazard
	}
	if by.Areas {
		off := float64(evac.OffRoad)
		b.OffRoad = &off
	}
	over := 0.0
	for i := range a.Bands {
		band := &a.Bands[i]
		told := bandProperties{over, minutes[len(minutes)-1], tenth(band.Metres), nil}
		if by.Shelter {
			told.Shelter = &placeBody{band.Shelter.ID, band.Shelter.Name}
		} else {
			told.Minutes, over = minutes[i], minutes[i]
		}
		var shape orb.Geometry = band.Lines
		if by.Areas {
			shape = band.Areas
			told.Over = 0
		}
		b.Features = append(b.Features, bandBody{"Feature", told, geo.AppendGeoJSON(nil, shape, decimals)})
	}
	return rest.WriteJSON(w, r, rest.Body{}, b)
}

// times reads minutes in rising order.
func times(p rest.Params) (all []float64, err error) {
	text, ok := p.Get("minutes")
	if !ok {
		text = usualTimes
	}
	last := 0.0
	for part := range strings.SplitSeq(text, ",") {
		m, _ := strconv.ParseFloat(part, 64)
		if !decimal.MatchString(part) || m <= last || m > longestReach || len(all) == mostTimes {
			return nil, rest.Invalid("minutes", plan.Text{
				ID: fmt.Sprintf("Paling banyak %d bilangan menit yang menaik, sampai %d, dipisah koma.", mostTimes, longestReach),
				EN: fmt.Sprintf("At most %d numbers of minutes in rising order, up to %d, separated by commas.", mostTimes, longestReach),
			})
		}
		all, last = append(all, m), m
	}
	return all, nil
}
