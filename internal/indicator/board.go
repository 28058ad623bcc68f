package indicator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/simtaru/simtaru/internal/indicator/land"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// Plan is what the board follows: the mirror.
type Plan interface {
	mirror.Followed
	View(plan.Actor) mirror.View
}

// Options of a board; the zero value of each has a default.
type Options struct {
	// Progress is told how many units of how many products a full computation
	// has measured; it must be safe for concurrent use.
	Progress func(done, total int)
	// Workers is how many cores a computation may take. Default half of them, at
	// least one: a server answers meanwhile.
	Workers int
	// Network answers indicators of the kind plan.OnRoads; without it they are
	// plan.Unavailable.
	Network Network
	Log     *slog.Logger
}

// Network is the road network as it is now.
type Network interface {
	Figures(plan.RoadQuestion) (plan.RoadAnswer, error)
}

// Board keeps the figures of the present plan. Its methods are safe for
// concurrent use.
type Board struct {
	plan   Plan
	o      Options
	state  atomic.Pointer[state]
	failed atomic.Pointer[plan.Error] // why there is no state yet
	budget func() *land.Budget        // of a pass
}

// state is all cells of one plan. It is immutable.
type state struct {
	cat      *plan.Catalog
	source   source
	units    []*unit
	boundary string
	products map[string]*product
	cells    map[string][]*cell // by product, then unit
	drawn    map[string]*drawn  // by product
	// broken says why an indicator has no product.
	broken map[string]error
	asOf   time.Time
	// network is nil in plans that it does not know: past ones.
	network Network
}

// NewBoard returns a board that is empty until Run has computed it.
func NewBoard(p Plan, o Options) *Board {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Progress == nil {
		o.Progress = func(int, int) {}
	}
	if o.Workers == 0 {
		o.Workers = max(1, runtime.GOMAXPROCS(0)/2)
	}
	return &Board{plan: p, o: o, budget: pass}
}

// whole sees every layer: who may read a figure is asked when it is told.
var whole = plan.Actor{Role: plan.Admin}

// mostNews is the number of changes from which everything is computed anew.
const mostNews = 20_000

// retry is the pause after a computation that failed.
const retry = 2 * time.Second

// Run computes all figures and keeps them in step with the plan until ctx ends.
// After an edit it measures the units that the edit touches, after a change of
// the boundary or of a declaration everything.
func (b *Board) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := b.follow(ctx); err != nil && ctx.Err() == nil {
			b.o.Log.Warn("indicators could not be computed", "err", err)
			var why *plan.Error
			if errors.As(err, &why) {
				b.failed.Store(why)
			}
			select {
			case <-ctx.Done():
			case <-time.After(retry):
			}
		}
	}
	return context.Cause(ctx)
}

// calm bounds the pause between two computations: three times as long as the
// last one took, so that editors who do not stop cost a quarter of a core, and
// readers the rest of what they would have.
const (
	calmLeast = 100 * time.Millisecond
	calmMost  = 500 * time.Millisecond
)

// follow returns when it must begin again.
func (b *Board) follow(ctx context.Context) error {
	in := mirror.Follow(ctx, b.plan, mostNews)
	defer in.Stop()
	if b.plan.Status().Ready {
		if err := b.renew(ctx); err != nil {
			return err
		}
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-in.Wake:
		}
		news := in.Take()
		switch {
		case news.Ended:
			return nil // fell behind
		case !news.Reload && len(news.Changes) == 0 && !b.postponed():
			b.agree(news.Agreed)
			continue
		}
		start := time.Now()
		if err := b.change(ctx, news.Changes, news.Reload, news.Agreed); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(min(max(3*time.Since(start), calmLeast), calmMost)):
		}
	}
}

// postponed reports whether cells are to be measured again.
func (b *Board) postponed() bool {
	s := b.state.Load()
	return s != nil && len(s.postponed(nil)) > 0
}

// agree moves the moment that the figures speak of while nothing changes.
func (b *Board) agree(at time.Time) {
	if s := b.state.Load(); s != nil && at.After(s.asOf) {
		next := *s
		next.asOf = at
		b.state.Store(&next)
	}
}

func (b *Board) renew(ctx context.Context) error {
	start := time.Now()
	asOf := b.plan.Status().AsOf
	view := b.plan.View(whole)
	s, err := newState(view.Catalog(), present{view}, nil)
	if err != nil {
		return err
	}
	s.asOf, s.network = asOf, b.o.Network
	if err := s.measure(ctx, s.everything(), b.o.Workers, b.budget(), b.o.Progress); err != nil {
		return err
	}
	b.state.Store(s)
	for id, err := range s.broken {
		b.o.Log.Warn("an indicator cannot be computed", "indicator", id, "err", err)
	}
	b.o.Log.Info("indicators are computed", "indicators", len(s.cat.Indicators()), "units", len(s.units), "took", time.Since(start).Round(time.Millisecond))
	return nil
}

// change measures what changes touch, which are all until a moment, and what an
// earlier pass had no work left for.
func (b *Board) change(ctx context.Context, changes []plan.Change, reload bool, agreed time.Time) error {
	old := b.state.Load()
	if old == nil || reload || slices.ContainsFunc(changes, func(c plan.Change) bool { return c.Layer == boundaryLayer }) {
		return b.renew(ctx)
	}
	view := b.plan.View(whole)
	if view.Catalog() != old.cat {
		return b.renew(ctx)
	}
	next := old.with(present{view}, changes)
	if agreed.After(next.asOf) {
		next.asOf = agreed // changes that were gathered later are not measured yet
	}
	tasks := next.touched(changes)
	tasks = append(tasks, next.postponed(tasks)...)
	if err := next.measure(ctx, tasks, b.o.Workers, b.budget(), func(int, int) {}); err != nil {
		return err
	}
	b.state.Store(next)
	return nil
}

// newState prepares what the indicators of a catalogue need; only nil prepares
// all, without measuring anything yet.
func newState(cat *plan.Catalog, src source, only []string) (*state, error) {
	s := &state{cat: cat, source: src, products: map[string]*product{}, cells: map[string][]*cell{}, drawn: map[string]*drawn{}, broken: map[string]error{}}
	var err error
	if s.units, s.boundary, err = units(cat, src); err != nil {
		return nil, err
	}
	for _, i := range cat.Indicators() {
		if !measured(i) || only != nil && !slices.Contains(only, i.ID) {
			continue
		}
		key := productKey(i)
		if s.products[key] != nil {
			continue
		}
		p, err := productOf(cat, i)
		if err != nil {
			s.broken[i.ID] = err
			continue
		}
		s.products[key] = p
		s.cells[key] = make([]*cell, len(s.units))
		s.drawn[key] = p.draw(src, nil)
	}
	return s, nil
}

// productKey names what an indicator is made from: those of land share the
// division of their coverage.
func productKey(i *plan.Indicator) string {
	switch i.Kind {
	case plan.AreaShare, plan.WeightedAreaShare, plan.AreaByClass, plan.PerHead:
		return "coverage " + i.Coverage
	default:
		return "indicator " + i.ID
	}
}

func productOf(cat *plan.Catalog, i *plan.Indicator) (*product, error) {
	switch i.Kind {
	case plan.Length, plan.Count:
		return countProduct(cat, i)
	case plan.PeopleNear:
		return peopleProduct(cat, i)
	}
	c, ok := cat.Coverage(i.Coverage)
	if !ok {
		return nil, fmt.Errorf("there is no coverage %s", i.Coverage)
	}
	var least map[string]float64
	if i.Kind == plan.Standard {
		least = map[string]float64{}
		for _, row := range i.Standards {
			least[row.Class] = row.MinArea
		}
	}
	cov, err := coverOf(cat, c, least)
	if err != nil {
		return nil, err
	}
	return landProduct(cov), nil
}

// with returns the state for another source, which differs by changes. Its cells
// are to be measured where they do.
func (s *state) with(src source, changes []plan.Change) *state {
	next := *s
	next.source = src
	next.cells = make(map[string][]*cell, len(s.cells))
	for key, cells := range s.cells {
		next.cells[key] = slices.Clone(cells)
	}
	next.drawn = maps.Clone(s.drawn)
	for key, p := range s.products {
		if slices.ContainsFunc(changes, func(c plan.Change) bool { return c.Layer == p.needs[0].layer }) {
			next.drawn[key] = p.draw(src, s.drawn[key])
		}
	}
	return &next
}

// task is one cell to measure.
type task struct {
	product string
	unit    int
}

func (s *state) everything() []task {
	var all []task
	for key := range s.products {
		for i := range s.units {
			all = append(all, task{key, i})
		}
	}
	return all
}

// touched lists the cells within whose reach something has changed.
func (s *state) touched(changes []plan.Change) []task {
	var all []task
	for key, p := range s.products {
		for i, u := range s.units {
			if u.geometry != nil && p.touched(u, changes) {
				all = append(all, task{key, i})
			}
		}
	}
	return all
}

func (p *product) touched(u *unit, changes []plan.Change) bool {
	return slices.ContainsFunc(p.needs, func(n need) bool {
		return slices.ContainsFunc(changes, func(c plan.Change) bool {
			return c.Layer == n.layer && (c.Before != nil && u.reaches(*c.Before, n.reach) || c.After != nil && u.reaches(*c.After, n.reach))
		})
	})
}

// A pass is one computation of cells, few or all, and whoever edits waits for
// it. So its work is bounded: each cell does some freely, and all of them so much
// more together, which comes to some seconds where land is made to take long.
// All 810 cells of the demonstration city at scale 5 take 80 million, what is
// free among it. Cells for which nothing is left fail, and are measured later.
const (
	passFree     = 250_000
	passTogether = 120_000_000
	// passAgain is how many cells are measured again in one pass, whose work the
	// budget has for sure where nothing else takes it.
	passAgain = 12
)

func pass() *land.Budget { return land.NewBudget(passFree, passTogether) }

// postponed lists cells that are to be measured again, as many as a pass has
// work for, without those that are measured anyway.
func (s *state) postponed(anyway []task) (again []task) {
	skip := map[task]bool{}
	for _, t := range anyway {
		skip[t] = true
	}
	for key, cells := range s.cells {
		for i, c := range cells {
			if t := (task{key, i}); c != nil && c.postponed() && !skip[t] && len(again) < passAgain {
				again = append(again, t)
			}
		}
	}
	return again
}

// measure runs tasks on some cores.
func (s *state) measure(ctx context.Context, tasks []task, workers int, budget *land.Budget, progress func(done, total int)) error {
	// Those that failed come last, so that they leave others what they need;
	// equal input in equal order.
	failed := func(t task) int {
		if c := s.cells[t.product][t.unit]; c != nil && c.failed != nil {
			return 1
		}
		return 0
	}
	slices.SortFunc(tasks, func(a, b task) int {
		return cmp.Or(failed(a)-failed(b), cmp.Compare(a.product, b.product), cmp.Compare(a.unit, b.unit))
	})
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(workers)
	var done atomic.Int64
	for _, t := range tasks {
		g.Go(func() error {
			c, err := s.products[t.product].run(ctx, s.source, s.units[t.unit], s.cells[t.product][t.unit], budget.Meter())
			if err != nil {
				return fmt.Errorf("%s in %s: %w", t.product, s.units[t.unit].name, err)
			}
			s.cells[t.product][t.unit] = c
			progress(int(done.Add(1)), len(tasks))
			return nil
		})
	}
	return g.Wait()
}

// readings of one indicator for the areas of a kind.
func (s *state) readings(i *plan.Indicator, by plan.UnitKind, switches map[string]bool) ([]plan.Reading, error) {
	if err := s.broken[i.ID]; err != nil {
		return nil, err
	}
	if i.Kind == plan.OnRoads {
		return s.onRoads(i, by)
	}
	key := productKey(i)
	f := figure{def: i, product: s.products[key], on: switchesOf(i, switches)}
	list := areas(s.units, by)
	out := make([]plan.Reading, len(list))
	for k, a := range list {
		sum := sumOf(a, s.units, s.cells[key], f.product, s.drawn[key])
		out[k] = f.reading(&sum)
		out[k].Boundary, out[k].At = s.boundary, s.asOf
	}
	return out, nil
}

// switchesOf are those of the definition, but for what is asked for.
func switchesOf(i *plan.Indicator, asked map[string]bool) map[string]bool {
	on := map[string]bool{}
	for _, s := range i.Switches {
		on[s.ID] = s.On
		if v, ok := asked[s.ID]; ok {
			on[s.ID] = v
		}
	}
	return on
}

// Ready reports whether there are figures.
func (b *Board) Ready() bool { return b.state.Load() != nil }

// Trouble is why there are no figures, although they were to be computed; nil
// while nothing is known to be wrong. It is tried again all the same.
func (b *Board) Trouble() error {
	if _, err := b.present(); err != errNotReady { //nolint:errorlint // the very one
		return err
	}
	return nil
}

// present is the state, or why there is none.
func (b *Board) present() (*state, error) {
	if s := b.state.Load(); s != nil {
		return s, nil
	}
	if why := b.failed.Load(); why != nil {
		return nil, why
	}
	return nil, errNotReady
}

// Readings returns the present readings of a computed indicator for all areas
// of a kind, in the order of their codes; switches that are not given are as
// published. The city's Name is empty. It costs a sum over all gampong. Until
// the first computation it fails with plan.Unavailable, and so it does for an
// indicator that has just been declared, until that is computed too.
func (b *Board) Readings(id string, by plan.UnitKind, switches map[string]bool) ([]plan.Reading, error) {
	s, err := b.present()
	if err != nil {
		return nil, err
	}
	if b.awaited(s, id) {
		return nil, errAwaited(id)
	}
	i, err := computed(s.cat, id)
	if err != nil {
		return nil, err
	}
	return s.readings(i, by, switches)
}

// awaited reports whether the plan has an indicator that the state, which
// follows it, does not have yet.
func (b *Board) awaited(s *state, id string) bool {
	_, has := s.cat.Indicator(id)
	_, declared := b.plan.View(whole).Catalog().Indicator(id)
	return declared && !has
}

// errAwaited is errNotReady of one indicator alone.
func errAwaited(id string) error {
	return &plan.Error{Kind: plan.Unavailable, Code: "indicators-not-ready", At: id, Message: plan.Text{
		ID: "Indikator ini baru dideklarasikan dan masih dihitung; coba sebentar lagi.",
		EN: "This indicator was declared just now and is still being computed; try again in a moment.",
	}}
}

var errNotReady error = &plan.Error{Kind: plan.Unavailable, Code: "indicators-not-ready", Message: plan.Text{
	ID: "Indikator masih dihitung; coba sebentar lagi.", EN: "Indicators are still being computed; try again in a moment.",
}}

func computed(cat *plan.Catalog, id string) (*plan.Indicator, error) {
	i, ok := cat.Indicator(id)
	if !ok {
		return nil, &plan.Error{Kind: plan.NotFound, Code: "no-such-indicator", At: id, Message: plan.Text{
			ID: "Tidak ada indikator dengan nama ini.", EN: "There is no indicator of this name.",
		}}
	}
	if i.Kind == plan.External {
		return nil, &plan.Error{Kind: plan.Unprocessable, Code: "indicator-external", At: id, Message: plan.Text{
			ID: "Nilai indikator ini dikirim oleh sistem lain dan tidak dihitung.",
			EN: "The values of this indicator are sent by other systems and not computed.",
		}}
	}
	return i, nil
}
