package main

import (
	"context"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/postgis"
)

type layerCheckCommand struct {
	Layer string `arg:"" optional:"" help:"Id of the layer; without it all that declare a topology."`
}

// Run checks whole layers and prints what is wrong with each. Issues are
// features, so finding some is no failure.
func (c layerCheckCommand) Run(ctx context.Context, a *app) error {
	return a.withCatalog(ctx, func(db *database, cat *plan.Catalog) error {
		layers := cat.Layers()
		if c.Layer != "" {
			l, ok := cat.Layer(c.Layer)
			if !ok {
				return noLayer(c.Layer)
			}
			if l.Topology.IsZero() {
				return &plan.Error{Kind: plan.Unprocessable, Code: "no-topology", At: l.ID, Message: plan.Text{
					ID: "deklarasi layer ini tidak meminta apa pun tentang topologi",
					EN: "the declaration of this layer asks nothing of its topology",
				}}
			}
			layers = []*plan.Layer{l}
		}
		w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)
		for _, l := range layers {
			if l.Topology.IsZero() {
				continue
			}
			if err := a.checkLayer(ctx, db, l, w); err != nil {
				return err
			}
		}
		return w.Flush()
	})
}

func (a *app) checkLayer(ctx context.Context, db *database, l *plan.Layer, w *tabwriter.Writer) error {
	start := time.Now()
	err := db.CheckTopology(ctx, l, checkActor, everySecond(func(p postgis.TopologyProgress) {
		say(os.Stderr, a.lang, "  %s: %d dari %d bagian diperiksa\n", "  %s: %d of %d portions checked\n", l.ID, p.Done, p.Total)
	}))
	if err != nil {
		return err
	}
	counts, err := db.TopologyIssues(ctx, l)
	if err != nil {
		return err
	}
	if len(counts) == 0 {
		fmt.Fprintf(w, "%s\t%s\t\t%s\n", l.ID, plan.Text{ID: "tanpa masalah", EN: "no issues"}.In(a.lang), time.Since(start).Round(10*time.Millisecond))
	}
	for _, n := range counts {
		area := fmt.Sprintf("%.1f m2", n.AreaM2)
		if n.Unknown > 0 {
			area += plan.Text{ID: fmt.Sprintf(", %d tidak diketahui", n.Unknown), EN: fmt.Sprintf(", %d unknown", n.Unknown)}.In(a.lang)
		}
		fmt.Fprintf(w, "%s\t%d %s\t%s\t%s\n", l.ID, n.Issues, n.Kind, area, time.Since(start).Round(10*time.Millisecond))
		if n.Message.EN != "" {
			fmt.Fprintf(w, "%s\t%s\n", l.ID, n.Message.In(a.lang))
		}
	}
	return nil
}

// checkActor signs the issues that a check by hand finds.
const checkActor = "simtaru"

// everySecond passes on what comes at least a second after what it passed on
// before.
func everySecond(say func(postgis.TopologyProgress)) func(postgis.TopologyProgress) {
	last := time.Now()
	return func(p postgis.TopologyProgress) {
		if time.Since(last) >= time.Second {
			last = time.Now()
			say(p)
		}
	}
}

// topologyPause is between two looks for layers to be checked. An import or a
// new declaration waits so long before its check begins.
const topologyPause = 5 * time.Second

// watchTopology checks, one at a time, the layers that have changed by more
// than a commit looks at. A layer whose check fails is tried again after a
// pause that doubles up to an hour; the others do not wait for it.
func (a *app) watchTopology(ctx context.Context, db *database) error {
	type failure struct {
		pause time.Duration
		until time.Time
	}
	failed := map[string]failure{}
	for {
		due, err := db.TopologyDue(ctx)
		if err != nil && ctx.Err() == nil {
			a.log.Warn("layers to be checked could not be listed", "err", err)
		}
		for _, d := range due {
			f := failed[d.Layer]
			if time.Now().Before(f.until) {
				continue
			}
			err := a.checkDue(ctx, db, d)
			if ctx.Err() != nil {
				return nil
			}
			if err == nil {
				delete(failed, d.Layer)
				continue
			}
			f.pause = min(max(2*f.pause, time.Minute), time.Hour)
			f.until = time.Now().Add(f.pause)
			failed[d.Layer] = f
			a.log.Error("the topology of a layer could not be checked", "layer", d.Layer, "again_in", f.pause, "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(topologyPause):
		}
	}
}

func (a *app) checkDue(ctx context.Context, db *database, d postgis.TopologyDue) error {
	cat, err := db.Catalog(ctx)
	if err != nil {
		return err
	}
	l, ok := cat.Layer(d.Layer)
	if !ok {
		return noLayer(d.Layer)
	}
	start := time.Now()
	a.log.Info("checking the topology of a layer", "layer", l.ID, "reason", d.Reason)
	err = db.CheckTopology(ctx, l, d.Actor, everySecond(func(p postgis.TopologyProgress) {
		a.log.Info("checking the topology of a layer", "layer", l.ID, "done", p.Done, "of", p.Total)
	}))
	if err != nil {
		return err
	}
	counts, err := db.TopologyIssues(ctx, l)
	if err != nil {
		return err
	}
	args := []any{"layer", l.ID, "took", time.Since(start).Round(time.Millisecond)}
	for _, n := range counts {
		args = append(args, n.Kind, n.Issues)
		if n.Message.EN != "" {
			a.log.Warn("a layer could not be checked in full", "layer", l.ID, "issues", n.Issues, "message", n.Message.EN)
		}
	}
	a.log.Info("checked the topology of a layer", args...)
	return nil
}
