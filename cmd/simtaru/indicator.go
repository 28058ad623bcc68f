package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"text/tabwriter"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/postgis"
)

type indicatorCommand struct {
	List  indicatorListCommand  `cmd:"" help:"List the indicators and the coverages."`
	Show  indicatorShowCommand  `cmd:"" help:"Print the definition of an indicator or a coverage as YAML."`
	Apply indicatorApplyCommand `cmd:"" help:"Add or change indicators and coverages, all that are given or none."`

	Remove indicatorRemoveCommand `cmd:"" help:"Remove an indicator that the city has added; its values are kept."`

	Compute indicatorComputeCommand `cmd:"" help:"Compute indicators from the plan and print them."`
	Record  indicatorRecordCommand  `cmd:"" help:"Keep the present values of all indicators under the name of a release."`
}

type indicatorListCommand struct{}

// Run lists the indicators in their order, then the coverages.
func (indicatorListCommand) Run(ctx context.Context, a *app) error {
	return a.withCatalog(ctx, func(_ *database, cat *plan.Catalog) error {
		w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)
		for _, i := range cat.Indicators() {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", i.ID, i.Title.In(a.lang), i.Kind, i.Unit, i.Coverage)
		}
		for _, c := range cat.Coverages() {
			fmt.Fprintf(w, "%s\t%s\tcoverage\t\t\n", c.ID, c.Title.In(a.lang))
		}
		return w.Flush()
	})
}

type indicatorShowCommand struct {
	ID       string `arg:"" help:"Id of the indicator, or of the coverage."`
	Coverage bool   `help:"Show the coverage, where an indicator has the same id."`
}

// Run prints what apply would read.
func (c indicatorShowCommand) Run(ctx context.Context, a *app) error {
	return a.withCatalog(ctx, func(_ *database, cat *plan.Catalog) error {
		if i, ok := cat.Indicator(c.ID); ok && !c.Coverage {
			return printYAML(i)
		}
		if coverage, ok := cat.Coverage(c.ID); ok {
			return printYAML(coverage)
		}
		return &plan.Error{Kind: plan.NotFound, Code: "no-such-indicator", At: c.ID, Message: plan.Text{
			ID: "tidak ada indikator atau cakupan dengan nama ini; lihat `simtaru indicator list`",
			EN: "there is no indicator or coverage of this name; see `simtaru indicator list`",
		}}
	})
}

type indicatorRemoveCommand struct {
	ID string `arg:"" help:"Id of the indicator."`
}

// Run removes an indicator; a running server shows it no more at once. Those
// that are built in stay: the next start would bring them back.
func (c indicatorRemoveCommand) Run(ctx context.Context, a *app) error {
	builtin, err := catalog.Builtin()
	if err != nil {
		return err
	}
	return a.withCatalog(ctx, func(db *database, cat *plan.Catalog) error {
		if _, ok := cat.Indicator(c.ID); !ok {
			return &plan.Error{Kind: plan.NotFound, Code: "no-such-indicator", At: c.ID, Message: plan.Text{
				ID: "tidak ada indikator dengan nama ini; lihat `simtaru indicator list`",
				EN: "there is no indicator of this name; see `simtaru indicator list`",
			}}
		}
		if _, ok := builtin.Indicator(c.ID); ok {
			return &plan.Error{Kind: plan.Conflict, Code: "indicator-built-in", At: c.ID, Message: plan.Text{
				ID: "indikator ini bawaan dan tidak dapat dihapus; yang dapat dihapus ialah yang ditambahkan kota",
				EN: "this indicator is built in and cannot be removed; those that the city has added can",
			}}
		}
		for _, other := range cat.Indicators() {
			if slices.Contains(other.Beside, c.ID) {
				return &plan.Error{Kind: plan.Conflict, Code: "indicator-in-use", At: c.ID, Message: plan.Text{
					ID: "indikator " + other.ID + " menyebutnya dalam beside; ubah dahulu indikator itu",
					EN: "the indicator " + other.ID + " names it in beside; change that one first",
				}}
			}
		}
		if err := db.RemoveIndicator(ctx, c.ID); err != nil {
			return err
		}
		fmt.Printf("indicator %s: %s\n", c.ID, plan.Text{ID: "dihapus; nilainya tetap disimpan", EN: "removed; its values are kept"}.In(a.lang))
		return nil
	})
}

type indicatorApplyCommand struct {
	Files []string `arg:"" type:"existingfile" help:"YAML definitions, each of one indicator or one coverage."`
}

// Run adds or changes definitions; a running server shows them at once.
func (c indicatorApplyCommand) Run(ctx context.Context, a *app) error {
	var coverages []*plan.Coverage
	var indicators []*plan.Indicator
	var faults []error
	for _, file := range c.Files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		coverage, indicator, err := catalog.ParseDefinition(text)
		switch {
		case err != nil:
			faults = append(faults, catalog.InFile(file, err))
		case coverage != nil:
			coverages = append(coverages, coverage)
		default:
			indicators = append(indicators, indicator)
		}
	}
	if err := errors.Join(faults...); err != nil {
		return err
	}
	return a.withCatalog(ctx, func(db *database, cat *plan.Catalog) error {
		old := cat
		var names []string
		for _, d := range coverages {
			cat, names = catalog.WithCoverage(cat, d), append(names, "coverage "+d.ID)
		}
		for _, d := range indicators {
			cat, names = catalog.WithIndicator(cat, d), append(names, "indicator "+d.ID)
		}
		if err := catalog.Validate(cat); err != nil {
			return err
		}
		if err := catalog.CheckMethods(old, cat); err != nil {
			return err
		}
		outcomes, err := db.ApplyDefinitions(ctx, coverages, indicators)
		if err != nil {
			return err
		}
		for n, outcome := range outcomes {
			fmt.Printf("%s: %s\n", names[n], definitionOutcomes[outcome].In(a.lang))
		}
		return nil
	})
}

var definitionOutcomes = map[postgis.Outcome]plan.Text{
	postgis.Unchanged: {ID: "sudah sesuai, tidak ada yang diubah", EN: "already so, nothing was changed"},
	postgis.Created:   {ID: "ditambahkan", EN: "added"},
	postgis.Changed:   {ID: "diubah", EN: "changed"},
}
