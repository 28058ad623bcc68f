package api

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/indicator"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// moving is a plan in memory that agrees with the database until a moment.
type moving struct {
	view mirror.View
	asOf time.Time
}

func (m *moving) View(a plan.Actor) mirror.View { return m.view.As(a) }
func (m *moving) Status() mirror.Status         { return mirror.Status{Ready: true, AsOf: m.asOf} }

func (m *moving) Subscribe() (<-chan []plan.Change, func()) {
	return make(chan []plan.Change), func() {}
}

// Figures are as old as the board says, not the plan in memory that it follows.
func TestFiguresTellTheirOwnAge(t *testing.T) {
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	l, _ := cat.Layer(indicator.Boundary)
	gampong := &plan.Feature{
		ID: 1, Revision: 1, Values: make([]any, len(l.Fields)),
		Geometry: orb.MultiPolygon{{{{95.3, 5.5}, {95.31, 5.5}, {95.31, 5.51}, {95.3, 5.51}, {95.3, 5.5}}}},
	}
	gampong.Values[l.FieldIndex(indicator.Code)] = "11.71.01.2001"
	var all []*mirror.Snapshot
	for _, l := range cat.Layers() {
		var features []*plan.Feature
		if l.ID == indicator.Boundary {
			features = append(features, gampong)
		}
		all = append(all, mirror.NewSnapshot(l, features))
	}
	computed := time.Unix(2e9, 0)
	p := &moving{mirror.NewView(cat, plan.Actor{Role: plan.Admin}, all...), computed}
	board := indicator.NewBoard(p, indicator.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	ended := make(chan struct{})
	go func() { defer close(ended); _ = board.Run(ctx) }()
	for !board.Ready() && ctx.Err() == nil {
		time.Sleep(5 * time.Millisecond)
	}
	cancel() // the board does not come any further
	<-ended
	s := New(Config{}, Deps{Plan: p, Board: board})
	def, _ := cat.Indicator("rth_public")
	for after, old := range map[time.Duration]bool{0: false, 2 * time.Second: false, 7 * time.Minute: true} {
		p.asOf = computed.Add(after)
		f, err := s.figures(t.Context(), &ask{v: p.View(plan.Actor{}), def: def}, plan.City)
		if err != nil {
			t.Fatal(err)
		}
		if !f.asOf.Equal(computed) || f.old != old {
			t.Errorf("%v behind: as of %v, old %v", after, f.asOf, f.old)
		}
	}
	p.asOf = computed.Add(-time.Second)
	if f, err := s.figures(t.Context(), &ask{v: p.View(plan.Actor{}), def: def}, plan.City); err != nil || !f.asOf.Equal(p.asOf) {
		t.Errorf("the plan is older: as of %v, %v", f.asOf, err)
	}
	// One that was declared just now is awaited, and hides no other.
	fresh := *def
	fresh.ID = "just_declared"
	p.view = mirror.NewView(cat.WithIndicators(cat.Coverages(), append([]*plan.Indicator{&fresh}, cat.Indicators()...)), plan.Actor{Role: plan.Admin}, all...)
	a := &ask{v: p.View(plan.Actor{}), def: &fresh}
	var e *plan.Error
	if _, err := s.figures(t.Context(), a, plan.City); !errors.As(err, &e) || e.Kind != plan.Unavailable || e.Code != "indicators-not-ready" {
		t.Errorf("just declared: %v", err)
	}
	if city, _, _, err := s.cityOf(t.Context(), a); err != nil || city.Value != nil || e != nil && city.Why != e.Message {
		t.Errorf("just declared, in the list: %+v %v", city, err)
	}
}
