package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/postgis"
	"github.com/simtaru/simtaru/internal/postgis/cluster"
)

// databaseName is the database in the own PostgreSQL.
const databaseName = "simtaru"

// database is an open store, and the PostgreSQL behind it where that is ours.
type database struct {
	*postgis.Store
	own *cluster.Cluster
}

// open connects to DATABASE_URL or, without it, to the own PostgreSQL: one that
// a running server has started, or else one that it starts for as long as the
// command runs.
func (a *app) open(ctx context.Context) (*database, error) {
	dsn := a.DatabaseURL
	var own *cluster.Cluster
	if dsn == "" {
		config := cluster.Config{Dir: filepath.Join(a.Data, "postgres"), Log: a.log}
		var err error
		if dsn, err = cluster.Running(config.Dir, databaseName); errors.Is(err, cluster.ErrNotRunning) {
			if own, err = cluster.Start(ctx, config); err == nil {
				dsn, err = own.Database(ctx, databaseName)
			}
		}
		if err != nil {
			a.stop(ctx, own)
			return nil, err
		}
	}
	store, err := postgis.Open(ctx, postgis.Config{DSN: dsn, Log: a.log})
	if err != nil {
		a.stop(ctx, own)
		return nil, err
	}
	return &database{Store: store, own: own}, nil
}

func (a *app) close(ctx context.Context, d *database) {
	d.Store.Close()
	a.stop(ctx, d.own)
}

// stop ends the own PostgreSQL, also when ctx has ended: that is why we stop.
func (a *app) stop(ctx context.Context, own *cluster.Cluster) {
	if own == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	if err := own.Stop(ctx); err != nil {
		a.log.Error("PostgreSQL did not stop in order", "err", err)
	}
}

// withDatabase runs f with the database open and migrated.
func (a *app) withDatabase(ctx context.Context, f func(*database) error) error {
	db, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer a.close(ctx, db)
	if err := a.prepare(ctx, db); err != nil {
		return err
	}
	return f(db)
}

// builtinSetting is the key under which the fingerprints of the built-in
// declarations are kept, as they were when they were last applied.
const builtinSetting = "builtin"

// prepare brings the database to this program's schema and declarations. A
// layer, coverage or indicator that still is what an earlier program declared
// becomes what this one declares; one that the city has changed stays the
// city's, and only what the program derives from it is made anew.
func (a *app) prepare(ctx context.Context, d *database) error {
	if err := d.Migrate(ctx); err != nil {
		return err
	}
	builtin, err := catalog.Builtin()
	if err != nil {
		return err
	}
	present, err := d.Catalog(ctx)
	if err != nil {
		return err
	}
	applied := map[string]string{}
	if _, err := d.Setting(ctx, builtinSetting, &applied); err != nil {
		return err
	}
	if err := a.prepareLayers(ctx, d, builtin, present, applied); err != nil {
		return err
	}
	return a.prepareDefinitions(ctx, d, builtin, applied)
}

func (a *app) prepareLayers(ctx context.Context, d *database, builtin, present *plan.Catalog, applied map[string]string) error {
	lists := builtin.Lists()
	for _, layer := range builtin.Layers() {
		mark, err := fingerprint(layer)
		if err != nil {
			return err
		}
		if own, ok := present.Layer(layer.ID); ok {
			changed, err := ofTheCity(own, applied[layer.ID], mark)
			if err != nil {
				return err
			}
			if changed {
				layer, mark = own, applied[layer.ID]
			}
		}
		report, err := d.Apply(ctx, layer, lists)
		if err != nil {
			return err
		}
		for _, unmet := range report.Unmet {
			a.log.Warn(unmet.In(a.lang))
		}
		lists = nil // written with the first layer
		if applied[layer.ID] == mark {
			continue
		}
		applied[layer.ID] = mark
		if err := d.SetSetting(ctx, builtinSetting, applied); err != nil {
			return err
		}
	}
	for _, own := range present.Layers() {
		if _, known := builtin.Layer(own.ID); !known {
			if _, err := d.Apply(ctx, own, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// prepareDefinitions writes the coverages and indicators that are not the
// city's. One that does not fit the city's own layers is left out, and said
// so: it would be in the way of everything that is applied later.
func (a *app) prepareDefinitions(ctx context.Context, d *database, builtin *plan.Catalog, applied map[string]string) error {
	present, err := d.Catalog(ctx)
	if err != nil {
		return err
	}
	wanted, marks := present, map[string]string{}
	for _, c := range builtin.Coverages() {
		own, _ := present.Coverage(c.ID)
		if due, err := takes(marks, applied, "coverage/"+c.ID, own, c); err != nil {
			return err
		} else if due {
			wanted = catalog.WithCoverage(wanted, c)
		}
	}
	for _, i := range builtin.Indicators() {
		own, _ := present.Indicator(i.ID)
		if due, err := takes(marks, applied, "indicator/"+i.ID, own, i); err != nil {
			return err
		} else if due {
			wanted = catalog.WithIndicator(wanted, i)
		}
	}
	if len(marks) == 0 {
		return nil
	}
	fitting, unfit := catalog.Fitting(wanted)
	for _, fault := range catalog.Faults(unfit) {
		a.log.Warn("a built-in definition does not fit the layers of this city and was left out", "why", fault.Error())
	}
	var coverages []*plan.Coverage
	for _, c := range builtin.Coverages() {
		if fit, ok := fitting.Coverage(c.ID); ok && fit == c {
			coverages = append(coverages, c)
			applied["coverage/"+c.ID] = marks["coverage/"+c.ID]
		}
	}
	var indicators []*plan.Indicator
	for _, i := range builtin.Indicators() {
		if fit, ok := fitting.Indicator(i.ID); ok && fit == i {
			indicators = append(indicators, i)
			applied["indicator/"+i.ID] = marks["indicator/"+i.ID]
		}
	}
	// The city's own indicators go on: a start is no moment to ask for anything.
	for _, fault := range catalog.Faults(catalog.CheckMethods(present, fitting)) {
		a.log.Warn("a built-in coverage has changed, and an indicator that counts by it keeps its method", "why", fault.Error())
	}
	if _, err := d.ApplyDefinitions(ctx, coverages, indicators); err != nil {
		return err
	}
	return d.SetSetting(ctx, builtinSetting, applied)
}

// takes reports whether a built-in definition takes the place of the city's,
// nil where there is none, and then notes its fingerprint.
func takes[T any](marks, applied map[string]string, key string, own, builtin *T) (bool, error) {
	mark, err := fingerprint(builtin)
	if err != nil || own != nil && applied[key] == mark {
		return false, err
	}
	if own != nil {
		if changed, err := ofTheCity(own, applied[key], mark); err != nil || changed {
			return false, err
		}
	}
	marks[key] = mark
	return true, nil
}

// ofTheCity reports whether a declaration is neither what was built in when it
// was last applied nor what is built in now: that one was applied by a run that
// ended early.
func ofTheCity(own any, applied, mark string) (bool, error) {
	was, err := fingerprint(own)
	return was != applied && was != mark, err
}

// fingerprint identifies a declaration.
func fingerprint(declaration any) (string, error) {
	b, err := json.Marshal(declaration)
	if err != nil {
		return "", fmt.Errorf("fingerprint of a declaration: %w", err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// city is what the service says of the place; it is kept in the database.
type city struct {
	Title plan.Text `json:"title"`
	Demo  bool      `json:"demo"`
}

// citySetting is the key under which city is kept.
const citySetting = "city"

func (d *database) city(ctx context.Context) (city, error) {
	c := city{Title: plan.Text{ID: "Kota Banda Aceh", EN: "Banda Aceh City"}}
	_, err := d.Setting(ctx, citySetting, &c)
	return c, err
}

type cityCommand struct {
	ID string `name:"id" help:"Name in Indonesian, such as \"Kota Sabang\"."`
	EN string `name:"en" help:"Name in English."`
}

// Run sets what is given and prints the name; a server shows it after its
// next start.
func (c cityCommand) Run(ctx context.Context, a *app) error {
	return a.withDatabase(ctx, func(db *database) error {
		about, err := db.city(ctx)
		if err != nil {
			return err
		}
		if c.ID != "" || c.EN != "" {
			about.Title = plan.Text{ID: cmp.Or(c.ID, about.Title.ID), EN: cmp.Or(c.EN, about.Title.EN)}
			if err := db.SetSetting(ctx, citySetting, about); err != nil {
				return err
			}
			a.published(ctx, db)
		}
		fmt.Printf("%s / %s\n", about.Title.ID, about.Title.EN)
		return nil
	})
}
