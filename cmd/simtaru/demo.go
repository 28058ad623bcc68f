package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"os"
	"time"

	"github.com/simtaru/simtaru/internal/demo"
	"github.com/simtaru/simtaru/internal/exchange"
	"github.com/simtaru/simtaru/internal/plan"
)

type demoCommand struct {
	Scale float64 `default:"1" help:"Size: 1 has 20,000 parcels, 5 is the benchmark's 100,000."`
	Seed  uint64  `help:"Make another city of the same kind."`
}

// Run fills the database.
func (c demoCommand) Run(ctx context.Context, a *app) error {
	return a.withDatabase(ctx, func(db *database) error {
		if err := a.fillDemo(ctx, db, c); err != nil {
			return err
		}
		a.published(ctx, db)
		return nil
	})
}

// filledSetting is the key under which the layers are kept that have been
// filled with the demonstration city.
const filledSetting = "demonstration"

// demoActor is whom the history names for invented features.
var demoActor = plan.Actor{Name: "demonstration", Role: plan.Admin}

// fillDemo fills the layers that are empty, each in one transaction, so that
// a run that was cut off is finished by the next one. It refuses a database
// that holds a real plan.
func (a *app) fillDemo(ctx context.Context, db *database, c demoCommand) error {
	about, err := db.city(ctx)
	if err != nil {
		return err
	}
	cat, err := db.Catalog(ctx)
	if err != nil {
		return err
	}
	// A layer that was filled once stays as it is, also when it was emptied.
	filled := map[string]bool{}
	if _, err := db.Setting(ctx, filledSetting, &filled); err != nil {
		return err
	}
	empty := map[string]bool{}
	for _, l := range cat.Layers() {
		page, err := db.Features(ctx, l, plan.Query{Limit: 1})
		if err != nil {
			return err
		}
		empty[l.ID] = page.Matched == 0
		if !empty[l.ID] && !about.Demo {
			return &plan.Error{Kind: plan.Conflict, Code: "not-empty", At: l.ID, Message: plan.Text{
				ID: "basis data ini sudah berisi rencana; kota demonstrasi hanya dibuat di basis data kosong",
				EN: "this database holds a plan already; the demonstration city is made in an empty one only",
			}}
		}
	}
	about.Demo = true
	if err := db.SetSetting(ctx, citySetting, about); err != nil {
		return err
	}
	if err := db.fillRules(ctx, cat); err != nil {
		return err
	}
	start := time.Now()
	made := demo.New(demo.Options{Scale: c.Scale, Seed: c.Seed})
	total := int64(0)
	for _, id := range made.Layers() {
		layer, ok := cat.Layer(id)
		if !ok || filled[id] {
			continue
		}
		if !empty[id] {
			filled[id] = true
			continue
		}
		n, err := a.fillLayer(ctx, db, layer, made.Rows(id))
		if err != nil {
			return fmt.Errorf("demonstration layer %s: %w", id, err)
		}
		filled[id] = true
		if err := db.SetSetting(ctx, filledSetting, filled); err != nil {
			return err
		}
		total += n
		say(os.Stderr, a.lang, "  %-20s %7d fitur\n", "  %-20s %7d features\n", id, n)
	}
	if total > 0 {
		say(os.Stderr, a.lang, "Kota demonstrasi: %d fitur dalam %s.\n", "Demonstration city: %d features in %s.\n", total, time.Since(start).Round(100*time.Millisecond))
	}
	return nil
}

// fillRules imports the rules of the demonstration city where its code list has
// none.
func (d *database) fillRules(ctx context.Context, cat *plan.Catalog) error {
	set := demo.Rules()
	if _, ok := cat.List(set.Codes); !ok {
		return nil // a city with other codes
	}
	present, err := held(ctx, d, set.Codes)
	if err != nil || present != nil {
		return err
	}
	record, err := set.Record()
	if err != nil {
		return err
	}
	_, _, err = d.ImportRules(ctx, record, nil)
	return err
}

func (a *app) fillLayer(ctx context.Context, db *database, layer *plan.Layer, rows iter.Seq[demo.Row]) (int64, error) {
	session, err := db.Begin(ctx, exchange.Target{Layer: layer, Actor: demoActor})
	if err != nil {
		return 0, err
	}
	// What was committed stays; an error of undoing the rest says nothing new.
	defer func() { _ = session.Close() }()
	next, stop := iter.Pull(rows)
	defer stop()
	row := exchange.Row{Values: make([]any, len(layer.Fields))}
	err = session.Stage(ctx, func() (*exchange.Row, error) {
		r, ok := next()
		if !ok {
			return nil, io.EOF
		}
		row.Feature++
		row.Geometry = r.Geometry
		for i, f := range layer.Fields {
			row.Values[i] = r.Values[f.Name]
		}
		return &row, nil
	})
	if err != nil {
		return 0, err
	}
	bad := func(p *exchange.Problem) error { return p.Err() }
	if err := session.Check(ctx, bad); err != nil {
		return 0, err
	}
	n, err := session.Insert(ctx, bad)
	if err != nil {
		return 0, err
	}
	return n, session.Commit(ctx)
}
