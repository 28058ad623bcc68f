package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac/planner"
	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// Plans are the plans for the whole city in the database.
type Plans interface {
	AddEvacuation(ctx context.Context, e plan.Evacuation) error
	Evacuation(ctx context.Context, id string) (plan.Evacuation, bool, error)
	Evacuations(ctx context.Context) ([]plan.Evacuation, error)
	EvacuationFlows(ctx context.Context, id string) ([]plan.EvacuationFlow, error)
	EvacuationGroups(ctx context.Context, id string) ([]plan.EvacuationGroup, error)
	// DropEvacuation ends a plan that is being made, and removes any other.
	DropEvacuation(ctx context.Context, id string) (was plan.EvacuationStatus, err error)
	// CheckGeometries refuses geometries that nobody could draw.
	CheckGeometries(ctx context.Context, edits []plan.Edit) error
}

// maxOrder is the largest order in bytes.
const maxOrder = 1 << 20

// planBody is a plan as it is told.
type planBody struct {
	ID        string                  `json:"id"`
	Title     string                  `json:"title"`
	By        string                  `json:"asked_by"`
	AskedAt   time.Time               `json:"asked_at"`
	StartedAt *time.Time              `json:"started_at"`
	EndedAt   *time.Time              `json:"ended_at"`
	Status    plan.EvacuationStatus   `json:"status"`
	Ending    bool                    `json:"cancelling"`
	Progress  plan.EvacuationProgress `json:"progress"`
	Note      *plan.Text              `json:"note"`
	Problem   *plan.EvacuationProblem `json:"problem"`
	Graph     *string                 `json:"graph_version"`
	Closures  *time.Time              `json:"closures_as_of"`
	Hazards   *string                 `json:"hazard_version"`
	Asked     json.RawMessage         `json:"asked"`
	Outcome   json.RawMessage         `json:"outcome"`
	Against   *comparison             `json:"against,omitempty"`
}

func planOf(e *plan.Evacuation) planBody {
	b := planBody{
		ID: e.ID, Title: e.Title, By: e.By, AskedAt: e.AskedAt, StartedAt: e.StartedAt, EndedAt: e.EndedAt, Status: e.Status,
		Ending: e.Cancelling && e.Status == plan.EvacuationRunning, Progress: e.Progress, Problem: e.Problem, Closures: e.ClosuresAsOf,
		Asked: e.Asked, Outcome: e.Outcome, Note: noteOf(e),
	}
	if e.GraphVersion != "" {
		b.Graph, b.Hazards = &e.GraphVersion, &e.HazardsFrom
	}
	return b
}

// noteOf says what one must know of a plan.
func noteOf(e *plan.Evacuation) *plan.Text {
	p := e.Progress
	more := strconv.Itoa(p.Bound - p.Saved)
	switch {
	case e.Status == plan.EvacuationCancelled && e.Outcome == nil:
		return &plan.Text{ID: "Dibatalkan sebelum ada rencana.", EN: "Cancelled before there was a plan."}
	case e.Status == plan.EvacuationCancelled && p.Saved == p.Bound:
		return &plan.Text{
			ID: "Dibatalkan: ini rencana terbaik sampai saat itu. Tidak ada rencana yang menyelamatkan lebih banyak orang, tetapi mungkin ada yang lebih cepat.",
			EN: "Cancelled: this is the best plan until then. No plan saves more people, but one may be faster.",
		}
	case e.Status == plan.EvacuationCancelled:
		return &plan.Text{
			ID: "Dibatalkan: ini rencana terbaik sampai saat itu. Rencana lain dapat menyelamatkan " + more + " orang lagi, tidak lebih.",
			EN: "Cancelled: this is the best plan until then. Another may save " + more + " people more, but not more than that.",
		}
	case e.Status == plan.EvacuationDone && p.Saved < p.Bound:
		return &plan.Text{
			ID: "Waktunya habis: rencana lain dapat menyelamatkan " + more + " orang lagi, tidak lebih.",
			EN: "Time ran out: another plan may save " + more + " people more, but not more than that.",
		}
	}
	return nil
}

// officer refuses who does not lead evacuations; writes, where it is about to
// change something.
func officer(r *http.Request, writes bool) (plan.Actor, error) {
	a := rest.ActorOf(r.Context())
	leads := a.Role == plan.Disaster || a.Role == plan.Admin
	switch {
	case a.Anonymous():
		return a, &plan.Error{Kind: plan.Unauthenticated, Code: "login-required", Message: plan.Text{
			ID: "Rencana evakuasi kota hanya untuk petugas. Masuk dahulu.", EN: "Evacuation plans of the city are for officers. Log in first.",
		}}
	case !leads || a.Layers != nil || writes && a.ReadOnly:
		return a, &plan.Error{Kind: plan.Denied, Code: "not-allowed", Message: plan.Text{
			ID: "Rencana evakuasi kota hanya untuk petugas kebencanaan dan administrator.", EN: "Evacuation plans of the city are for disaster officers and administrators.",
		}}
	}
	return a, nil
}

// order is POST /api/v1/evacuation/plans.
func (s *Service) order(w http.ResponseWriter, r *http.Request) error {
	a, err := officer(r, true)
	if err != nil {
		return err
	}
	if _, err := rest.ParseParams(r); err != nil {
		return err
	}
	if _, err := rest.Negotiate(r, "", rest.JSON()); err != nil {
		return err
	}
	var o planner.Order
	if err := rest.ReadJSON(r, maxOrder, &o); err != nil {
		return err
	}
	c, err := s.board.City()
	if err != nil {
		return err
	}
	x, err := o.Exodus(c)
	if err != nil {
		return err
	}
	if err := s.checkClosed(r.Context(), x.Closed); err != nil {
		return err
	}
	leave, err := s.crowds.Enter(r.Context())
	if err != nil {
		return err
	}
	x.Groups = c.Crowd().Groups
	err = c.CheckExodus(x)
	leave()
	if err != nil {
		return err
	}
	e := plan.Evacuation{ID: uuid.NewString(), Title: o.Title, By: a.Name, Status: plan.EvacuationQueued, AskedAt: s.now().UTC()}
	if e.Asked, err = json.Marshal(o); err != nil {
		return err
	}
	if err := s.planning.Plans.AddEvacuation(r.Context(), e); err != nil {
		return err
	}
	s.planning.Poke()
	e, found, err := s.planning.Plans.Evacuation(r.Context(), e.ID)
	if err != nil {
		return err
	}
	if !found {
		return noPlan()
	}
	w.Header().Set("Location", s.planning.PublicURL+"/api/v1/evacuation/plans/"+e.ID)
	w.Header().Set("Retry-After", "1")
	return accepted(w, planOf(&e))
}

// accepted answers that something will be done.
func accepted(w http.ResponseWriter, v any) error {
	data, err := rest.Encode(v)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", rest.JSON().Type)
	w.WriteHeader(http.StatusAccepted)
	_, err = w.Write(data)
	return err
}

// checkClosed refuses areas that cross themselves.
func (s *Service) checkClosed(ctx context.Context, g orb.Geometry) error {
	if p, ok := g.(orb.Polygon); ok {
		g = orb.MultiPolygon{p}
	}
	if l, ok := g.(orb.LineString); ok {
		g = orb.MultiLineString{l}
	}
	if g == nil {
		return nil
	}
	err := s.planning.Plans.CheckGeometries(ctx, []plan.Edit{{Geometry: g}})
	var faults *plan.Faults
	if errors.As(err, &faults) && len(faults.List) > 0 {
		fault := *faults.List[0].Err
		fault.At = "closed"
		return &fault
	}
	return err
}

func noPlan() error {
	return &plan.Error{Kind: plan.NotFound, Code: "no-such-plan", Message: plan.Text{ID: "Rencana evakuasi itu tidak ada.", EN: "There is no such evacuation plan."}}
}

// listPlans is GET /api/v1/evacuation/plans.
func (s *Service) listPlans(w http.ResponseWriter, r *http.Request) error {
	if err := s.mayRead(r); err != nil {
		return err
	}
	all, err := s.planning.Plans.Evacuations(r.Context())
	if err != nil {
		return err
	}
	b := struct {
		Plans []planBody `json:"plans"`
	}{make([]planBody, len(all))}
	for i := range all {
		b.Plans[i] = planOf(&all[i])
	}
	return rest.WriteJSON(w, r, rest.Body{}, b)
}

func (s *Service) mayRead(r *http.Request, params ...string) error {
	if _, err := officer(r, false); err != nil {
		return err
	}
	if _, err := rest.ParseParams(r, params...); err != nil {
		return err
	}
	_, err := rest.Negotiate(r, "", rest.JSON())
	return err
}

// planNamed is that of the path, or another.
func (s *Service) planNamed(ctx context.Context, id string) (e plan.Evacuation, err error) {
	if uuid.Validate(id) != nil || len(id) != 36 {
		return e, noPlan()
	}
	e, found, err := s.planning.Plans.Evacuation(ctx, id)
	if err == nil && !found {
		err = noPlan()
	}
	return e, err
}

// showPlan is GET /api/v1/evacuation/plans/{id}.
func (s *Service) showPlan(w http.ResponseWriter, r *http.Request) error {
	if err := s.mayRead(r, "against"); err != nil {
		return err
	}
	e, err := s.planNamed(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	b := planOf(&e)
	p, err := rest.ParseParams(r, "against")
	if err != nil {
		return err
	}
	if other, given := p.Get("against"); given {
		o, err := s.planNamed(r.Context(), other)
		if err != nil {
			return err
		}
		if b.Against, err = compare(&e, &o); err != nil {
			return err
		}
	}
	return rest.WriteJSON(w, r, rest.Body{}, b)
}

// dropPlan is DELETE /api/v1/evacuation/plans/{id}. One that is being made ends
// within a second, and is kept as it is then.
func (s *Service) dropPlan(w http.ResponseWriter, r *http.Request) error {
	if _, err := officer(r, true); err != nil {
		return err
	}
	if _, err := rest.ParseParams(r); err != nil {
		return err
	}
	e, err := s.planNamed(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	was, err := s.planning.Plans.DropEvacuation(r.Context(), e.ID)
	if err != nil {
		return err
	}
	if was == "" {
		return noPlan()
	}
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNoContent)
	return nil
}

type flowsBody struct {
	Type     string     `json:"type"`
	Features []flowBody `json:"features"`
}

type flowBody struct {
	Type       string          `json:"type"`
	Properties flowProperties  `json:"properties"`
	Line       json.RawMessage `json:"geometry"`
}

type flowProperties struct {
	Kind      string  `json:"kind"`
	Name      string  `json:"name"`
	Layer     string  `json:"layer"`
	Feature   int64   `json:"feature"`
	People    int     `json:"people"`
	Peak      int     `json:"peak"`
	PeakAt    int     `json:"peak_minute"`
	Capacity  int     `json:"capacity"`
	Saturated float64 `json:"saturated"`
	First     float64 `json:"first"`
	Last      float64 `json:"last"`
	PerMinute []int32 `json:"per_minute"`
}

// planFlows is GET /api/v1/evacuation/plans/{id}/flows.
func (s *Service) planFlows(w http.ResponseWriter, r *http.Request) error {
	if err := s.mayRead(r); err != nil {
		return err
	}
	e, err := s.planNamed(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	flows, err := s.planning.Plans.EvacuationFlows(r.Context(), e.ID)
	if err != nil {
		return err
	}
	b := flowsBody{"FeatureCollection", make([]flowBody, len(flows))}
	for i := range flows {
		f := &flows[i]
		b.Features[i] = flowBody{
			"Feature",
			flowProperties{f.Kind, f.Name, f.Layer, f.Feature, f.People, f.Peak, f.PeakAt, f.Capacity, f.Saturated, f.First, f.Last, f.PerMinute},
			geo.AppendGeoJSON(nil, f.Line, decimals),
		}
	}
	return rest.WriteJSON(w, r, rest.Body{Type: "application/geo+json"}, b)
}

type groupBody struct {
	Code        string     `json:"area_code"`
	Area        string     `json:"area"`
	At          [2]float64 `json:"coordinates"`
	People      int        `json:"people"`
	Shelter     *int64     `json:"shelter_id"`
	ShelterName string     `json:"shelter_name"`
	Why         string     `json:"why"`
	LeaveFirst  float64    `json:"leave_first"`
	LeaveLast   float64    `json:"leave_last"`
	ArriveFirst float64    `json:"arrive_first"`
	ArriveLast  float64    `json:"arrive_last"`
	Minutes     float64    `json:"minutes"`
	Waiting     float64    `json:"waiting"`
	Metres      float64    `json:"length"`
	Way         string     `json:"way"`
}

// planGroups is GET /api/v1/evacuation/plans/{id}/groups.
func (s *Service) planGroups(w http.ResponseWriter, r *http.Request) error {
	if err := s.mayRead(r); err != nil {
		return err
	}
	_, groups, err := s.groupsOf(r)
	if err != nil {
		return err
	}
	return rest.WriteJSON(w, r, rest.Body{}, struct {
		Groups []groupBody `json:"groups"`
	}{groups})
}

// planTable is GET /api/v1/evacuation/plans/{id}/groups.csv.
func (s *Service) planTable(w http.ResponseWriter, r *http.Request) error {
	if _, err := officer(r, false); err != nil {
		return err
	}
	if _, err := rest.ParseParams(r); err != nil {
		return err
	}
	id, groups, err := s.groupsOf(r)
	if err != nil {
		return err
	}
	data, err := groupsTable(groups)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", `attachment; filename="evacuation-`+id+`.csv"`)
	return rest.Write(w, r, rest.Body{Type: csvType, Data: data})
}

func (s *Service) groupsOf(r *http.Request) (id string, all []groupBody, err error) {
	e, err := s.planNamed(r.Context(), r.PathValue("id"))
	if err != nil {
		return "", nil, err
	}
	groups, err := s.planning.Plans.EvacuationGroups(r.Context(), e.ID)
	if err != nil {
		return "", nil, err
	}
	all = make([]groupBody, len(groups))
	for i, g := range groups {
		all[i] = groupBody{
			g.AreaCode, g.Area, degrees(g.At), g.People, nil, g.ShelterName, g.Why, hundredth(g.LeaveFirst), hundredth(g.LeaveLast), hundredth(g.ArriveFirst),
			hundredth(g.ArriveEnd), hundredth(g.Minutes), hundredth(g.Waiting), tenth(g.Metres), g.Way,
		}
		if g.Why == "" {
			all[i].Shelter = &groups[i].Shelter
		}
	}
	return e.ID, all, nil
}
