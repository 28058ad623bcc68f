package api

import (
	"net/http"
	"unicode/utf8"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// Limits of a search.
const (
	maxText    = 100 // characters
	usualLimit = 20
	maxLimit   = 1000
)

type activitiesBody struct {
	Activities []activityBody `json:"activities"`
}

type activityBody struct {
	Code  string    `json:"code"`
	KBLI  string    `json:"kbli,omitempty"`
	Title plan.Text `json:"title"`
	Group plan.Text `json:"group"`
}

// activities is GET /api/v1/activities?q=...: the best matches first; without
// q all, in the order of the matrix.
func (s *Service) activities(w http.ResponseWriter, r *http.Request) error {
	p, err := rest.ParseParams(r, "q", "limit")
	if err != nil {
		return err
	}
	if _, err := rest.Negotiate(r, "", rest.JSON()); err != nil {
		return err
	}
	limit, err := p.Int("limit", usualLimit, 1, maxLimit)
	if err != nil {
		return err
	}
	q := p.Value("q")
	if utf8.RuneCountInString(q) > maxText {
		return rest.Invalid("q", plan.Text{ID: "Paling panjang 100 huruf.", EN: "At most 100 characters."})
	}
	_, x, err := s.see(r)
	if err != nil {
		return err
	}
	body := activitiesBody{Activities: []activityBody{}}
	if x != nil {
		for _, a := range x.Find(q, limit) {
			body.Activities = append(body.Activities, activityBody{a.Code, a.KBLI, a.Title, a.Group})
		}
	}
	return rest.WriteJSON(w, r, rest.Body{}, body)
}
