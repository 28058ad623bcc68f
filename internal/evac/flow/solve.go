package flow

import "context"

// Result is a plan and what no plan can better.
type Result struct {
	Plan  Plan
	Bound Bound
	// Optimal tells that the plan attains the bound, but perhaps for Last: that
	// no plan saves more, nor as many with a smaller sum of arrivals.
	Optimal bool
}

// Progress is where Solve stands: so many people have their way, of whom no
// plan saves more than Bound.
type Progress struct{ Saved, Bound int }

// Solve plans the optimum: most people in time, then the least sum of arrivals.
// Where the context ends before, those who have no way yet are sent by the
// earliest that is free, and the bound tells how far from the optimum that can
// be. progress, if not nil, is called at every level of the search, some
// hundreds of times. An error is a fault of the problem.
//
// It keeps 4 bytes for each edge at each step at which that can lead anybody to
// a shelter, and some 30 for each node. 32,000 people on 17,000 edges and 6,000
// nodes take four seconds of one core and a heap of 50 MB where a wave leaves few
// steps to choose from (cmd/bench, plan), but a minute and a half and 180 MB where
// it leaves all 360, most shelters come to be full, and streets carry a quarter:
// give such a city a deadline.
func Solve(ctx context.Context, p *Problem, progress func(Progress)) (Result, error) {
	x, err := expand(p)
	if err != nil {
		return Result{}, err
	}
	most, err := x.relax()
	if err != nil {
		return Result{}, err
	}
	s := newSearch(x, true)
	done := s.run(ctx.Err, func(sent int) {
		if progress != nil {
			progress(Progress{sent, most})
		}
	})
	if done {
		most = min(most, s.cut())
	} else {
		x.greedy()
	}
	r := Result{Plan: x.plan(p)}
	r.Bound = Bound{most, s.certify(r.Plan.Saved), x.soonest(r.Plan.Saved)}
	r.Optimal = r.Plan.Saved == r.Bound.Saved && r.Plan.Arrivals == r.Bound.Arrivals
	return r, nil
}

// Greedy plans as CCRP does: the earliest arrival that the streets still allow,
// again and again, never changing what is planned. It takes a fraction of the
// time of Solve, and leaves people behind whom Solve saves.
func Greedy(p *Problem) (Plan, error) {
	x, err := expand(p)
	if err != nil {
		return Plan{}, err
	}
	x.greedy()
	return x.plan(p), nil
}

// greedy sends those who have no way yet, and takes none back.
func (x *expansion) greedy() {
	newSearch(x, false).run(func() error { return nil }, func(int) {})
}
