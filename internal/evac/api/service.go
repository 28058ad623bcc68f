// Package api is the HTTP side of evacuation.
//
// Answers are made from the city in memory, which is what everybody may see,
// whoever asks; they go on while the database is away, and tell their age.
package api

import (
	"net/http"
	"time"

	"github.com/simtaru/simtaru/internal/evac"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/rest"
)

// Plan tells how far the plan in memory can be trusted.
type Plan interface{ Status() mirror.Status }

// Board has the present city.
type Board interface{ City() (*evac.City, error) }

// Service answers requests about evacuation.
type Service struct {
	plan   Plan
	board  Board
	now    func() time.Time
	places *rest.Places
	crowds *rest.Places // of questions about everybody
}

// How many requests are computed at a time, and how long others wait: a search
// that finds no way in time walks the whole network.
const (
	asking  = 16
	crowds  = 2
	askWait = time.Second
	// Questions about everybody take some tenths of a second each.
	crowdWait = 5 * time.Second
)

// New returns a service.
func New(p Plan, b Board) *Service {
	return &Service{plan: p, board: b, now: time.Now, places: rest.NewPlaces(asking, askWait), crowds: rest.NewPlaces(crowds, crowdWait)}
}

// Resources are all resources, by pattern.
func (s *Service) Resources() map[string]rest.Resource {
	get := func(h rest.HandlerFunc) rest.Resource {
		return rest.Resource{Methods: map[string]rest.HandlerFunc{http.MethodGet: h}}
	}
	return map[string]rest.Resource{
		"/api/v1/evacuation/routes":                get(s.routes),
		"/api/v1/evacuation/reach":                 get(s.reach),
		"/api/v1/evacuation/coverage":              get(s.coverage),
		"/osrm/route/v1/{profile}/{coordinates}":   get(s.trip),
		"/osrm/table/v1/{profile}/{coordinates}":   get(s.table),
		"/osrm/nearest/v1/{profile}/{coordinates}": get(s.nearestRoads),
	}
}
