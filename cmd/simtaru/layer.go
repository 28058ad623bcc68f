package main

import (
	"context"
	"fmt"
	"os"
	"text/tabwriter"

	"go.yaml.in/yaml/v3"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/postgis"
)

type layerCommand struct {
	List  layerListCommand  `cmd:"" help:"List the layers."`
	Show  layerShowCommand  `cmd:"" help:"Print the declaration of a layer as YAML."`
	Apply layerApplyCommand `cmd:"" help:"Create a layer from a declaration, or widen an existing one."`
	Check layerCheckCommand `cmd:"" help:"Find all overlaps, gaps and parts outside in a layer that declares a topology."`
}

type layerListCommand struct{}

// Run lists the layers in drawing order.
func (layerListCommand) Run(ctx context.Context, a *app) error {
	return a.withCatalog(ctx, func(_ *database, cat *plan.Catalog) error {
		w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)
		for _, l := range cat.Layers() {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\n", l.ID, l.Title.In(a.lang), l.Geometry, l.Policy, len(l.Fields))
		}
		return w.Flush()
	})
}

type layerShowCommand struct {
	Layer string `arg:"" help:"Id of the layer."`
}

// Run prints what apply would read.
func (c layerShowCommand) Run(ctx context.Context, a *app) error {
	return a.withCatalog(ctx, func(_ *database, cat *plan.Catalog) error {
		l, ok := cat.Layer(c.Layer)
		if !ok {
			return noLayer(c.Layer)
		}
		return printYAML(l)
	})
}

func printYAML(declaration any) error {
	e := yaml.NewEncoder(os.Stdout)
	e.SetIndent(2)
	if err := e.Encode(declaration); err != nil {
		return err
	}
	return e.Close()
}

type layerApplyCommand struct {
	File string `arg:"" type:"existingfile" help:"YAML declaration of one layer."`
}

// Run creates or widens a layer; a running server shows it at once.
func (c layerApplyCommand) Run(ctx context.Context, a *app) error {
	text, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	layer, err := catalog.ParseLayer(text)
	if err != nil {
		return catalog.InFile(c.File, err)
	}
	return a.withCatalog(ctx, func(db *database, cat *plan.Catalog) error {
		if err := catalog.Validate(catalog.With(cat, layer)); err != nil {
			return catalog.InFile(c.File, err)
		}
		report, err := db.Apply(ctx, layer, nil)
		if err != nil {
			return err
		}
		fmt.Printf("%s: %s\n", report.Layer, outcomes[report.Outcome].In(a.lang))
		for _, unmet := range report.Unmet {
			fmt.Println(unmet.In(a.lang))
		}
		a.published(ctx, db)
		return nil
	})
}

var outcomes = map[postgis.Outcome]plan.Text{
	postgis.Unchanged: {ID: "sudah sesuai, tidak ada yang diubah", EN: "already so, nothing was changed"},
	postgis.Created:   {ID: "layer dibuat", EN: "the layer was created"},
	postgis.Changed:   {ID: "layer diubah", EN: "the layer was changed"},
}

// withCatalog runs f with the database migrated and its catalogue read.
func (a *app) withCatalog(ctx context.Context, f func(*database, *plan.Catalog) error) error {
	return a.withDatabase(ctx, func(db *database) error {
		cat, err := db.Catalog(ctx)
		if err != nil {
			return err
		}
		return f(db, cat)
	})
}

func noLayer(id string) error {
	return &plan.Error{Kind: plan.NotFound, Code: "no-such-layer", At: id, Message: plan.Text{
		ID: "tidak ada layer dengan nama ini; lihat `simtaru layer list`",
		EN: "there is no layer of this name; see `simtaru layer list`",
	}}
}
