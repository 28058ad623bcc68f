// Package api is the HTTP side of evacuation.
//
// Answers are made from the city in memory, which is what everybody may see,
// whoever asks; they go on while the database is away, and tell their age.
package api

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/simtaru/simtaru/internal/evac"
	"github.com/simtaru/simtaru/internal/evac/bmkg"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/rest"
)

// Plan tells how far the plan in memory can be trusted.
type Plan interface{ Status() mirror.Status }

// Board has the present city.
type Board interface{ City() (*evac.City, error) }

// Service answers requests about evacuation.
type Service struct {
	plan     Plan
	board    Board
	warnings Warnings
	now      func() time.Time
	places   *rest.Places
	crowds   *rest.Places // of questions about everybody
	planning Planning     // zero: nobody plans for the whole city
	packs    *rest.Places
}

// Planning is what plans for the whole city need.
type Planning struct {
	Plans Plans
	// Poke tells who makes them that there is something to do.
	Poke func()
	// PublicURL is the address of the service, without a last slash.
	PublicURL string
}

// Plan has the service answer about plans for the whole city; it is called before
// Resources.
func (s *Service) Plan(p Planning) { s.planning = p }

// How many requests are computed at a time, and how long others wait: a search
// that finds no way in time walks the whole network.
const (
	asking  = 16
	crowds  = 2
	askWait = time.Second
	// Questions about everybody take some tenths of a second each.
	crowdWait = 5 * time.Second
)

// New returns a service. No warnings are followed where they are nil.
func New(p Plan, b Board, w Warnings) *Service {
	if w == nil {
		w = (*bmkg.Feed)(nil)
	}
	return &Service{
		plan: p, board: b, warnings: w, now: time.Now, places: rest.NewPlaces(asking, askWait), crowds: rest.NewPlaces(crowds, crowdWait),
		packs: rest.NewPlaces(packing, packWait),
	}
}

// asked is what all questions have in common, and the city that answers.
type asked struct {
	rest.Params
	media rest.Media
	city  *evac.City
}

// open reads a question with its parameters, of which f is known where there is
// more than one format.
func (s *Service) open(r *http.Request, offers []rest.Media, known ...string) (q asked, err error) {
	if len(offers) > 1 {
		known = append(known, "f")
	}
	if q.Params, err = rest.ParseParams(r, known...); err != nil {
		return q, err
	}
	if q.media, err = rest.Negotiate(r, q.Value("f"), offers...); err != nil {
		return q, err
	}
	q.city, err = s.board.City()
	return q, err
}

// think waits for a place and computes.
func think(ctx context.Context, room *rest.Places, compute func() error) error {
	leave, err := room.Enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	return compute()
}

// Words are the lists of which parameters and answers have members, by name.
func Words() (map[string][]string, error) {
	profiles, err := evac.Profiles()
	if err != nil {
		return nil, err
	}
	words := map[string][]string{"preference": preferences, "profile": idsOf(profiles), "hazard": evac.Hazards(), "reach by": reachBy, "hazard or none": hazardsOrNone()}
	words["spoken profile"] = append(idsOf(profiles), slices.Sorted(maps.Keys(spoken))...)
	for _, w := range evac.Whys() {
		words["why"] = append(words["why"], string(w))
	}
	for _, t := range evac.Turns() {
		words["turn"] = append(words["turn"], string(t))
	}
	return words, nil
}

// Resources are all resources, by pattern.
func (s *Service) Resources() map[string]rest.Resource {
	get := func(h rest.HandlerFunc) rest.Resource {
		return rest.Resource{Methods: map[string]rest.HandlerFunc{http.MethodGet: h}}
	}
	all := map[string]rest.Resource{
		"/api/v1/evacuation/feed":                  get(s.feed),
		"/api/v1/evacuation/routes":                get(s.routes),
		"/api/v1/evacuation/reach":                 get(s.reach),
		"/api/v1/evacuation/shelters/status":       get(s.shelterStatuses),
		"/api/v1/evacuation/coverage":              get(s.coverage),
		"/api/v1/evacuation/pack/{area}":           get(s.pack),
		"/ogc/routes":                              {Methods: map[string]rest.HandlerFunc{http.MethodPost: s.exchange}, MaxBody: maxDefinition},
		"/osrm/route/v1/{profile}/{coordinates}":   get(s.trip),
		"/osrm/table/v1/{profile}/{coordinates}":   get(s.table),
		"/osrm/nearest/v1/{profile}/{coordinates}": get(s.nearestRoads),
	}
	if s.planning.Plans != nil {
		all["/api/v1/evacuation/plans"] = rest.Resource{Methods: map[string]rest.HandlerFunc{http.MethodGet: s.listPlans, http.MethodPost: s.order}, MaxBody: maxOrder}
		all["/api/v1/evacuation/plans/{id}"] = rest.Resource{Methods: map[string]rest.HandlerFunc{http.MethodGet: s.showPlan, http.MethodDelete: s.dropPlan}}
		all["/api/v1/evacuation/plans/{id}/flows"] = get(s.planFlows)
		all["/api/v1/evacuation/plans/{id}/groups"] = get(s.planGroups)
		all["/api/v1/evacuation/plans/{id}/groups.csv"] = get(s.planTable)
	}
	return all
}
