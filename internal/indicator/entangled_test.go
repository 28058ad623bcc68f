package indicator

import (
	"context"
	"errors"
	"math"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/indicator/land"
	"github.com/simtaru/simtaru/internal/plan"
)

// comb is a valid polygon of 8,000 vertices with teeth across a city of 0.1
// degrees, upright or level.
func comb(level bool) orb.MultiPolygon {
	const n = 4000
	var ring orb.Ring
	for i := range n {
		ring = append(ring, orb.Point{float64(i) / n, 1e-7 * float64(i)}, orb.Point{(float64(i) + 0.5) / n, 1 + 1e-7*float64(i)})
	}
	ring = append(ring, orb.Point{1, 0}, orb.Point{1, -0.01}, orb.Point{0, -0.01}, ring[0])
	for i, p := range ring {
		if level {
			p[0], p[1] = p[1], p[0]
		}
		ring[i] = orb.Point{95.3 + 0.1*p[0], 5.5 + 0.1*p[1]}
	}
	return orb.MultiPolygon{{ring}}
}

// squares is a city of n times n gampong on 0.1 degrees.
func squares(t *testing.T, cat *plan.Catalog, n int) city {
	c := city{}
	for i := range n * n {
		x, y, d := 95.3+0.1*float64(i%n)/float64(n), 5.5+0.1*float64(i/n)/float64(n), 0.1/float64(n)
		c.gampong(t, cat, "11.71.01."+string(rune('a'+i/n))+string(rune('a'+i%n)), square(x, y, x+d, y+d), int64(1000))
	}
	return c
}

// Two polygons that cross each other 64 million times cost a pass no more than
// its budget, and tell why there is no figure.
func TestCombs(t *testing.T) {
	cat := definitions(t)
	c := squares(t, cat, 4)
	c.park(t, cat, comb(false), "RTH-2", "public", "existing")
	c.park(t, cat, comb(true), "RTH-2", "private", "existing")
	v := c.view(cat)
	s, err := newState(cat, present{v}, []string{"t_public"})
	if err != nil {
		t.Fatal(err)
	}
	// Enough for 16 cells of 12 million, and then for some of them.
	budget := land.NewBudget(0, 16*12_000_000)
	if err := s.measure(t.Context(), s.everything(), 2, budget, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	for i, cell := range s.cells["coverage t_green"] {
		if !errors.Is(cell.failed, land.ErrTooEntangled) || cell.postponed() {
			t.Errorf("gampong %d takes more: %v", i, cell.failed)
		}
	}
	if err := s.measure(t.Context(), s.everything(), 2, land.NewBudget(passFree, 30_000_000), func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	late := 0
	for _, cell := range s.cells["coverage t_green"] {
		if cell.postponed() {
			late++
		}
	}
	if late == 0 {
		t.Error("there is work for all of them")
	}
	s.asOf = time.Unix(1, 0)
	i, _ := cat.Indicator("t_public")
	list, err := s.readings(i, plan.City, nil)
	if err != nil || list[0].Value != nil || list[0].Why.IsZero() {
		t.Errorf("%+v, %v", list, err)
	}
}

// What a pass had no work left for is told as failed, measured by later passes
// without any edit, a few cells each, and then what it would have been.
func TestPostponedCellsComeLater(t *testing.T) {
	cat := definitions(t)
	c := squares(t, cat, 4)
	c.park(t, cat, square(95.31, 5.51, 95.39, 5.59), "RTH-2", "public", "existing")
	want := everything(t, c.board(t, cat), cat)
	b := NewBoard(still{c.view(cat)}, Options{})
	var passes atomic.Int64
	none := make(chan struct{})
	b.budget = func() *land.Budget {
		switch passes.Add(1) {
		case 1:
			return land.NewBudget(0, 0)
		case 2:
			<-none
		}
		return pass()
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = b.Run(ctx) }()
	defer func() { cancel(); <-ended }()
	until := func(done func() bool) {
		t.Helper()
		for deadline := time.Now().Add(time.Minute); !done(); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("it does not come")
			}
		}
	}
	until(b.Ready)
	r := readings(t, b, "t_public", plan.City, nil)[0]
	if r.Value != nil || r.Why.IsZero() || r.Data == want["t_public city"][0].Data {
		t.Errorf("without any work: %+v", r)
	}
	close(none)
	until(func() bool { return !b.postponed() })
	if n := passes.Load(); n < 3 {
		t.Errorf("%d passes", n)
	}
	if diff := cmp.Diff(want, everything(t, b, cat), cmpopts.IgnoreFields(plan.Reading{}, "At")); diff != "" {
		t.Errorf("later (-want +got):\n%s", diff)
	}
}

// Cells that failed leave others what they need.
func TestFailedCellsComeLast(t *testing.T) {
	cat := definitions(t)
	c, _ := town(t, cat)
	c.park(t, cat, square(95.302, 5.502, 95.318, 5.508), "RTH-2", "public", "existing")
	b := c.board(t, cat)
	s := b.state.Load().with(b.state.Load().source, nil)
	const key = "coverage t_green"
	s.cells[key][0] = &cell{failed: land.ErrTooEntangled}
	// There is work for one of two.
	if err := s.measure(t.Context(), []task{{key, 0}, {key, 1}}, 1, land.NewBudget(0, 50_000), func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	if !s.cells[key][0].postponed() || s.cells[key][1].failed != nil {
		t.Errorf("%v and %v", s.cells[key][0].failed, s.cells[key][1].failed)
	}
	// A pass takes what it has work for.
	for i := range s.units {
		for _, cells := range s.cells {
			cells[i] = &cell{failed: land.ErrNoneLeft}
		}
	}
	if n := len(s.postponed(nil)); n != min(passAgain, len(s.cells)*len(s.units)) {
		t.Errorf("%d cells are measured again", n)
	}
}

// One question has work of its own, however many gampong it reaches.
func TestWhatIfTooEntangled(t *testing.T) {
	cat := definitions(t)
	c := squares(t, cat, 8)
	b := c.board(t, cat)
	park := func(g orb.MultiPolygon, owner string) plan.Edit {
		return plan.Edit{Layer: "green_space", Op: plan.Create, Geometry: g, HasGeometry: true, Values: map[string]any{"class": "RTH-2", "ownership": owner, "status": "existing"}}
	}
	round := orb.MultiPolygon{{nil}}
	for i := range 16_000 {
		a := 2 * math.Pi * float64(i%15_999) / 15_999
		round[0][0] = append(round[0][0], orb.Point{95.35 + 0.05*math.Cos(a), 5.55 + 0.05*math.Sin(a)})
	}
	_, err := b.WhatIf(t.Context(), []plan.Edit{park(comb(false), "public"), park(comb(true), "private")}, nil)
	var told *plan.Error
	if !errors.As(err, &told) || told.Code != "too-entangled" || told.Kind != plan.Unprocessable {
		t.Errorf("%v", err)
	}
	if _, err := b.WhatIf(t.Context(), []plan.Edit{park(round, "public")}, []string{"t_public"}); err != nil {
		t.Errorf("as many vertices: %v", err)
	}
	// Land in which nothing can be measured already may be asked about.
	s := b.state.Load().with(b.state.Load().source, nil)
	for i := range s.units {
		failed := *s.cells["coverage t_green"][i]
		failed.failed = land.ErrTooEntangled
		s.cells["coverage t_green"][i] = &failed
	}
	b.state.Store(s)
	if got, err := b.WhatIf(t.Context(), []plan.Edit{park(square(95.31, 5.51, 95.32, 5.52), "public")}, []string{"t_public"}); err != nil || len(got) == 0 {
		t.Errorf("%d differences, %v", len(got), err)
	}
}
