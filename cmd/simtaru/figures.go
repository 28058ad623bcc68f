package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"text/tabwriter"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/simtaru/simtaru/internal/evac"
	"github.com/simtaru/simtaru/internal/indicator"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

type indicatorComputeCommand struct {
	ID string `arg:"" optional:"" help:"Id of the indicator; without it all that are computed."`
	By string `default:"city" enum:"city,kecamatan,gampong" help:"Units of land: city, kecamatan or gampong."`
}

// Run loads the plan, computes indicators from it and prints them.
func (c indicatorComputeCommand) Run(ctx context.Context, a *app) error {
	return a.withCatalog(ctx, func(db *database, cat *plan.Catalog) error {
		list := cat.Indicators()
		if c.ID != "" {
			i, ok := cat.Indicator(c.ID)
			if !ok {
				return &plan.Error{Kind: plan.NotFound, Code: "no-such-indicator", At: c.ID, Message: plan.Text{
					ID: "tidak ada indikator dengan nama ini", EN: "there is no indicator of this name",
				}}
			}
			list = []*plan.Indicator{i}
		}
		return a.withFigures(ctx, db, func(board *indicator.Board) error {
			w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)
			for _, i := range list {
				if i.Kind == plan.External && c.ID == "" {
					continue
				}
				if err := a.printFigures(w, board, i, plan.UnitKind(c.By)); err != nil {
					return err
				}
			}
			return w.Flush()
		})
	})
}

func (a *app) printFigures(w *tabwriter.Writer, board *indicator.Board, i *plan.Indicator, by plan.UnitKind) error {
	list, err := board.Readings(i.ID, by, nil)
	if err != nil {
		return err
	}
	for _, r := range list {
		value := r.Why.In(a.lang)
		if r.Value != nil {
			value = strconv.FormatFloat(*r.Value, 'f', i.Decimals, 64) + " " + i.Unit
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", i.ID, r.Code, r.Name, value)
	}
	return nil
}

type indicatorRecordCommand struct {
	Label string `required:"" help:"Name of the release, such as rtrw-2029."`
}

// Run keeps the present values of all indicators under the name of a release.
func (c indicatorRecordCommand) Run(ctx context.Context, a *app) error {
	if c.Label == "" {
		return &plan.Error{Kind: plan.Invalid, Code: "no-label", At: "--label", Message: plan.Text{
			ID: "beri nama rilisnya, misalnya rtrw-2029", EN: "name the release, such as rtrw-2029",
		}}
	}
	return a.withCatalog(ctx, func(db *database, cat *plan.Catalog) error {
		return a.withFigures(ctx, db, func(board *indicator.Board) error {
			n, err := record(ctx, db, cat, board, "", c.Label)
			if err != nil {
				return err
			}
			say(os.Stdout, a.lang, "%d nilai dicatat untuk %s.\n", "%d values are recorded for %s.\n", n, c.Label)
			return nil
		})
	})
}

// withFigures loads the plan and computes all figures, telling how far it has
// come, and runs f with them.
func (a *app) withFigures(ctx context.Context, db *database, f func(*indicator.Board) error) error {
	m := mirror.New(db, mirror.Options{Log: a.log})
	roads := evac.NewBoard(m, evac.Options{Log: a.log})
	board := indicator.NewBoard(m, indicator.Options{Log: a.log, Network: roads, Progress: a.tellFigures(), Workers: runtime.GOMAXPROCS(0)})
	work, stop := context.WithCancel(ctx)
	g, work := errgroup.WithContext(work)
	g.Go(func() error { return ended(work, m.Run(work)) })
	g.Go(func() error { return ended(work, board.Run(work)) })
	g.Go(func() error { return ended(work, roads.Run(work)) })
	g.Go(func() error {
		defer stop()
		for !board.Ready() || !roads.Ready() {
			if err := cmp.Or(m.Status().Err, board.Trouble()); err != nil {
				return err
			}
			select {
			case <-work.Done():
				return context.Cause(work)
			case <-time.After(20 * time.Millisecond):
			}
		}
		return f(board)
	})
	return g.Wait()
}

// tellFigures prints the progress of a computation once a second.
func (a *app) tellFigures() func(done, total int) {
	var mu sync.Mutex
	last := time.Now()
	return func(done, total int) {
		mu.Lock()
		defer mu.Unlock()
		if time.Since(last) < time.Second && done < total {
			return
		}
		last = time.Now()
		say(os.Stderr, a.lang, "  %d dari %d bagian dihitung\n", "  %d of %d portions computed\n", done, total)
	}
}

// record keeps the present values of all indicators, those that other systems
// sent too.
func record(ctx context.Context, db *database, cat *plan.Catalog, board *indicator.Board, on plan.Date, label string) (int, error) {
	observed := map[string][]plan.Reading{}
	for _, i := range cat.Indicators() {
		if i.Kind != plan.External {
			continue
		}
		list, err := db.Observations(ctx, i.ID)
		if err != nil {
			return 0, err
		}
		observed[i.ID] = list
	}
	values, err := board.Recorded(observed, on, label)
	if err != nil {
		return 0, err
	}
	return len(values), db.Record(ctx, values)
}

// recordPause is between two looks whether another day has begun, and before
// what has failed is tried again.
const recordPause = time.Minute

// recordDaily keeps the values of all indicators at the start and once a day, in
// the city's time.
func (a *app) recordDaily(ctx context.Context, db *database, board *indicator.Board) error {
	var done plan.Date
	wait := time.Second
	for {
		if day := plan.Date(time.Now().In(indicator.CityTime()).Format(time.DateOnly)); day != done && board.Ready() {
			wait = recordPause
			cat, err := db.Catalog(ctx)
			n := 0
			if err == nil {
				n, err = record(ctx, db, cat, board, day, "")
			}
			switch {
			case err == nil:
				done = day
				a.log.Info("the values of the indicators are recorded", "day", day, "values", n)
			case ctx.Err() == nil:
				a.log.Warn("the values of the indicators could not be recorded; this is tried again", "day", day, "again_in", wait, "err", err)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}
