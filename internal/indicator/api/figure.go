package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/simtaru/simtaru/internal/indicator"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// Status says in a word how far a figure is from its target.
type Status string

// The words.
const (
	Met    Status = "met"
	Near   Status = "near"
	Missed Status = "missed"
	// None: there is no target, or no value.
	None Status = "none"
)

// Near is at least so much of a target that is to be reached from below, at
// most so much of one from above.
const (
	nearBelow = 0.80
	nearAbove = 1.25
)

// statusOf compares the exact value, not what is shown of it. A target is for
// the units that it names: what the law asks of a city it does not ask of each
// gampong.
func statusOf(i *plan.Indicator, by plan.UnitKind, value *float64) Status {
	if i.Target == nil || value == nil || !i.Target.For(by) {
		return None
	}
	v, target := *value, i.Target.Value
	switch {
	case i.Direction == plan.Up && v >= target, i.Direction == plan.Down && v <= target:
		return Met
	case i.Direction == plan.Up && v >= nearBelow*target, i.Direction == plan.Down && v <= nearAbove*target:
		return Near
	case i.Direction == plan.Neither:
		return None
	}
	return Missed
}

// reading is a reading as it is told.
type reading struct {
	plan.Reading
	Status Status `json:"status"`
	// At is null where there is no value yet.
	At *time.Time `json:"at"`
}

// figures are what a question is answered with.
type figures struct {
	list []plan.Reading
	// areas of the same order, with the version of their boundary.
	areas    []indicator.Area
	boundary string
	// asOf is when the figures last agreed with the database; old that this is
	// not now.
	asOf time.Time
	old  bool
}

// figures answers a question for a kind of areas.
func (s *Service) figures(ctx context.Context, a *ask, by plan.UnitKind) (figures, error) {
	f, err := s.compute(ctx, a, by)
	if err != nil {
		return figures{}, err
	}
	for k := range f.list {
		s.tell(&f.list[k], a)
	}
	return f, nil
}

// tell fits a reading to whoever asks: the city has its name, and names of
// logins are for staff.
func (s *Service) tell(r *plan.Reading, a *ask) {
	if r.Kind == plan.City {
		r.Name = s.cfg.City.In(a.lang)
	}
	if a.v.Actor().IsPublic() {
		r.Actor = ""
	}
}

// behind is by how much the figures may be older than the plan in memory without
// being called old: a second and a pause pass anyway.
const behind = 5 * time.Second

func (s *Service) compute(ctx context.Context, a *ask, by plan.UnitKind) (f figures, err error) {
	switch {
	case !a.at.IsZero():
		past, err := s.was(ctx, a)
		if err != nil {
			return figures{}, err
		}
		f.areas, f.boundary = past.Areas(by)
		f.list, err = past.Readings(by, a.switches)
		f.asOf = a.at
		return f, err
	case a.def.Kind == plan.External:
		return s.observed(a, by)
	}
	st := s.plan.Status()
	f.asOf, f.old = st.AsOf, st.Err != nil || st.Stale
	if f.list, err = s.board.Readings(a.def.ID, by, a.switches); err != nil {
		return figures{}, err
	}
	if len(f.list) > 0 && f.list[0].At.Before(f.asOf) {
		// The board follows the mirror, and a computation takes its time.
		f.old = f.old || f.asOf.Sub(f.list[0].At) > behind
		f.asOf = f.list[0].At
	}
	f.areas, f.boundary, err = s.board.Areas(by)
	return f, err
}

// observed lists what other systems sent, with a line for each area.
func (s *Service) observed(a *ask, by plan.UnitKind) (f figures, err error) {
	if f.areas, f.boundary, err = s.board.Areas(by); err != nil {
		return figures{}, err
	}
	list, asOf, ok := s.observedOf(a.def.ID)
	if !ok {
		return figures{}, &plan.Error{Kind: plan.Unavailable, Code: "starting", Message: plan.Text{
			ID: "Nilai indikator ini belum dibaca dari basis data. Coba beberapa detik lagi.",
			EN: "The values of this indicator have not been read from the database yet. Try again in a few seconds.",
		}}
	}
	f.asOf, f.old = asOf, s.now().Sub(asOf) > staleAfter
	byCode := make(map[string]plan.Reading, len(list))
	for _, r := range list {
		if r.Kind == by {
			byCode[r.Code] = r
		}
	}
	for _, area := range f.areas {
		r, ok := byCode[area.Code]
		if !ok {
			r = plan.Reading{Indicator: a.def.ID, Kind: by, Code: area.Code, Method: a.def.Method, Why: plan.Text{
				ID: "Belum ada nilai yang dikirim.", EN: "No value has been sent yet.",
			}}
		}
		r.Name = area.Name
		f.list = append(f.list, r)
	}
	return f, nil
}

// body makes readings ready to be written; without times what is left is equal
// as long as the figures are.
func body(i *plan.Indicator, list []plan.Reading, times bool) []reading {
	out := make([]reading, len(list))
	for k, r := range list {
		out[k] = reading{Reading: r, Status: statusOf(i, r.Kind, r.Value)}
		if !r.At.IsZero() && (times || i.Kind == plan.External) {
			out[k].At = &r.At
		}
	}
	return out
}

// trend is how the city's figure has moved.
type trend struct {
	Since plan.Date `json:"since"`
	// Difference in the unit of the indicator.
	Difference float64 `json:"difference"`
}

// standing is how the city's figure stands.
type standing struct {
	Status Status `json:"status"`
	// Old says that nothing has changed for longer than it should.
	Old bool `json:"old"`
	// AgeDays are whole days since the last observation, or the last change of
	// the layers; null where there was none.
	AgeDays *int   `json:"ageDays"`
	Trend   *trend `json:"trend"`
}

func (s *Service) standing(v mirror.View, i *plan.Indicator, city plan.Reading) standing {
	now := s.now()
	st := standing{Status: statusOf(i, plan.City, city.Value)}
	var last time.Time
	if i.Kind == plan.External {
		list, _, _ := s.observedOf(i.ID)
		for _, r := range list {
			// The age is that of the value which is told, of any where there is none.
			if (r.Kind == plan.City || city.Value == nil) && r.At.After(last) {
				last = r.At
			}
		}
	} else {
		last = s.changed.last(v, i.Layers(v.Catalog()), now)
	}
	if !last.IsZero() {
		days := int(max(0, now.Sub(last)).Hours() / 24)
		st.AgeDays = &days
		st.Old = i.FreshFor > 0 && days >= i.FreshFor
	}
	s.held.mu.RLock()
	earlier := s.held.then[i.ID]
	s.held.mu.RUnlock()
	for _, then := range slices.Backward(earlier) {
		if city.Value != nil && then.Method == city.Method && then.At.Before(city.At) {
			st.Trend = &trend{Since: then.On, Difference: *city.Value - *then.Value}
			break
		}
	}
	return st
}

// cityOf is the city's reading. What cannot be told is said in the reading
// itself, so that one indicator does not hide the others; the error is of what
// concerns them all.
func (s *Service) cityOf(ctx context.Context, a *ask) (city plan.Reading, asOf time.Time, old bool, err error) {
	city = plan.Reading{Indicator: a.def.ID, Kind: plan.City, Method: a.def.Method, Why: plan.Text{
		ID: "Indikator ini tidak ada untuk seluruh kota.", EN: "This indicator does not exist for the whole city.",
	}}
	s.tell(&city, a)
	if !slices.Contains(a.def.Units, plan.City) {
		return city, asOf, false, nil
	}
	f, err := s.figures(ctx, a, plan.City)
	var e *plan.Error
	switch {
	case err == nil && len(f.list) > 0:
		return f.list[0], f.asOf, f.old, nil
	case err == nil:
		city.Why = plan.Text{ID: "Belum ada gampong.", EN: "There are no gampong yet."}
	case ctx.Err() != nil || errors.As(err, &e) && e.Code == "indicators-not-ready" && e.At == "":
		return city, asOf, false, err
	case e != nil:
		city.Why = e.Message
	default:
		city.Why = plan.Text{ID: "Indikator ini tidak dapat dihitung; rinciannya sudah tercatat.", EN: "This indicator cannot be computed; the details are in our log."}
	}
	return city, asOf, false, nil
}

// stamp says in a header how old an answer is, where it is not of now.
func stamp(h http.Header, asOf time.Time, old bool) {
	if old && !asOf.IsZero() {
		h.Set("Simtaru-As-Of", asOf.UTC().Format(time.RFC3339))
	}
}
