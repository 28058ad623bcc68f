package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/postgis"
	"github.com/simtaru/simtaru/internal/zoning"
)

type rulesCommand struct {
	List   rulesListCommand   `cmd:"" help:"List the zoning rules that hold, by version of the code list."`
	Import rulesImportCommand `cmd:"" help:"Import zoning rules; a running server answers by them at once."`
	Check  rulesCheckCommand  `cmd:"" help:"Look for contradictions and doubts in files, or in the rules that hold."`
	Export rulesExportCommand `cmd:"" help:"Print the zoning rules that hold."`
}

// codesFlag says which rules are meant.
type codesFlag struct {
	Codes string `default:"zone@2021" help:"Code list of the sub-zones and its version, as LIST@VERSION; a JSON document says its own."`
}

func (c codesFlag) ref() (plan.CodeRef, error) {
	list, version, ok := strings.Cut(c.Codes, "@")
	if !ok || list == "" || version == "" {
		return plan.CodeRef{}, &plan.Error{Kind: plan.Invalid, Code: "bad-codes", At: "--codes", Message: plan.Text{
			ID: "tulis daftar kode dan versinya, misalnya zone@2021", EN: "write the code list and its version, such as zone@2021",
		}}
	}
	return plan.CodeRef{List: list, Version: version}, nil
}

// held is the rules that hold for a version of a code list; nil: none.
func held(ctx context.Context, db *database, codes plan.CodeRef) (*zoning.Set, error) {
	all, err := db.RuleSets(ctx, 0)
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		if r.Codes == codes {
			return zoning.Parse(r.Document)
		}
	}
	return nil, nil
}

func noRules(codes plan.CodeRef) error {
	return &plan.Error{Kind: plan.NotFound, Code: "no-rules", At: codes.List + "@" + codes.Version, Message: plan.Text{
		ID: "belum ada aturan untuk daftar kode ini; lihat `simtaru rules list`", EN: "there are no rules for this code list yet; see `simtaru rules list`",
	}}
}

type rulesListCommand struct{}

// Run lists the rules that hold.
func (rulesListCommand) Run(ctx context.Context, a *app) error {
	return a.withDatabase(ctx, func(db *database) error {
		all, err := db.RuleSets(ctx, 0)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)
		for _, r := range all {
			s, err := zoning.Parse(r.Document)
			if err != nil {
				return err
			}
			fmt.Fprintf(w, "%s@%s\t%d\t%s\t%d x %d\t%d\t%s\t%s\t%.12s\n", r.Codes.List, r.Codes.Version, r.Revision, s.Title.In(a.lang),
				len(s.Activities), len(s.Zones), len(s.Intensity), r.ImportedAt.Format(time.RFC3339), r.ImportedBy, r.SHA256)
		}
		return w.Flush()
	})
}

// rulesFiles are the files that a set is read from.
type rulesFiles struct {
	codesFlag
	NewList bool   `help:"Make the code list from the sub-zones of the matrix, if that version of it does not exist yet."`
	Title   string `help:"Title of rules that do not say their own."`
	Source  string `help:"Document that the rules are taken from, where the file does not say it."`
}

// read makes one set of the files. What only CSV files are given for replaces
// that part of the rules that hold.
func (c rulesFiles) read(ctx context.Context, db *database, files []string) (*zoning.Set, error) {
	ref, err := c.ref()
	if err != nil {
		return nil, err
	}
	var set *zoning.Set
	var tables []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if !bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
			tables = append(tables, file)
			continue
		}
		if set != nil {
			return nil, &plan.Error{Kind: plan.Invalid, Code: "rules-twice", At: file, Message: plan.Text{
				ID: "sudah ada dokumen JSON lain; impor satu demi satu", EN: "there is another JSON document already; import them one by one",
			}}
		}
		if zoning.IsPublished(text) {
			set, err = zoning.ParsePublished(text, ref, plan.Text{ID: c.Title}, c.Source)
		} else {
			set, err = zoning.Parse(text)
		}
		if err != nil {
			return nil, catalog.InFile(file, err)
		}
	}
	if set == nil {
		if set, err = held(ctx, db, ref); err != nil {
			return nil, err
		}
	}
	if set == nil && len(files) == 0 {
		return nil, noRules(ref)
	}
	if set == nil {
		set = &zoning.Set{Codes: ref, Title: plan.Text{ID: c.Title}, Source: c.Source}
	}
	for _, file := range tables {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if set, err = set.ReadCSV(text); err != nil {
			return nil, catalog.InFile(file, err)
		}
	}
	return set, nil
}

// listFor is the code list of a set, and whether it is yet to be written.
func (c rulesFiles) listFor(cat *plan.Catalog, set *zoning.Set) (list *plan.CodeList, made bool, err error) {
	if list, ok := cat.List(set.Codes); ok {
		return list, false, nil
	}
	if !c.NewList {
		return nil, false, &plan.Error{Kind: plan.Unprocessable, Code: "rules-list-unknown", At: set.Codes.List + "@" + set.Codes.Version, Message: plan.Text{
			ID: "daftar kode ini tidak ada; dengan --new-list ia dibuat dari sub-zona di matriks",
			EN: "this code list does not exist; with --new-list it is made from the sub-zones of the matrix",
		}}
	}
	list = &plan.CodeList{ID: set.Codes.List, Version: set.Codes.Version, Title: set.Title, Source: set.Source}
	for _, zone := range set.Zones {
		list.Codes = append(list.Codes, plan.Code{Code: zone, Title: plan.Text{ID: zone, EN: zone}})
	}
	return list, true, nil
}

// tell prints what a check found, and makes contradictions an error.
func (a *app) tell(found []zoning.Finding) error {
	for _, f := range found {
		kind := plan.Text{ID: "periksa", EN: "doubt"}
		if f.Contradiction {
			kind = plan.Text{ID: "salah", EN: "wrong"}
		}
		fmt.Printf("%s: %s\n", kind.In(a.lang), message(f.Error, a.lang))
	}
	if zoning.Contradictory(found) {
		return &plan.Error{Kind: plan.Unprocessable, Code: "rules-contradict", Message: plan.Text{
			ID: "aturan ini bertentangan; tidak ada yang diimpor", EN: "these rules contradict themselves; nothing was imported",
		}}
	}
	return nil
}

type rulesImportCommand struct {
	rulesFiles
	Files  []string `arg:"" type:"existingfile" help:"A JSON document, or CSV files of the matrix, the intensity and the conditions; parts without a file stay as they are."`
	DryRun bool     `help:"Check only, import nothing."`
}

// Run imports one set of rules.
func (c rulesImportCommand) Run(ctx context.Context, a *app) error {
	return a.withCatalog(ctx, func(db *database, cat *plan.Catalog) error {
		set, err := c.read(ctx, db, c.Files)
		if err != nil {
			return err
		}
		list, made, err := c.listFor(cat, set)
		if err != nil {
			return err
		}
		if err := a.tell(zoning.Check(set, list)); err != nil {
			return err
		}
		what := fmt.Sprintf("%s@%s: %d x %d, %d", set.Codes.List, set.Codes.Version, len(set.Activities), len(set.Zones), len(set.Intensity))
		if c.DryRun {
			say(os.Stdout, a.lang, "%s; tidak ada yang diimpor\n", "%s; nothing was imported\n", what)
			return nil
		}
		if !made {
			list = nil
		}
		record, err := set.Record()
		if err != nil {
			return err
		}
		record, outcome, err := db.ImportRules(ctx, record, list)
		if err != nil {
			return err
		}
		if outcome == postgis.Unchanged {
			say(os.Stdout, a.lang, "%s; sudah sesuai, tidak ada yang diubah\n", "%s; already so, nothing was changed\n", what)
			return nil
		}
		say(os.Stdout, a.lang, "%s; diimpor sebagai revisi %d\n", "%s; imported as revision %d\n", what, record.Revision)
		return nil
	})
}

type rulesCheckCommand struct {
	rulesFiles
	Files []string `arg:"" optional:"" type:"existingfile" help:"Files as for import; without them the rules that hold are checked."`
}

// Run prints what is wrong or doubtful; the command fails on contradictions.
func (c rulesCheckCommand) Run(ctx context.Context, a *app) error {
	return a.withCatalog(ctx, func(db *database, cat *plan.Catalog) error {
		set, err := c.read(ctx, db, c.Files)
		if err != nil {
			return err
		}
		list, _, err := c.listFor(cat, set)
		if err != nil {
			return err
		}
		return a.tell(zoning.Check(set, list))
	})
}

type rulesExportCommand struct {
	codesFlag
	Part string `default:"json" enum:"json,matrix,intensity,conditions" help:"The whole as JSON, or one part as CSV: matrix, intensity or conditions."`
}

// Run prints what import would read.
func (c rulesExportCommand) Run(ctx context.Context, a *app) error {
	return a.withDatabase(ctx, func(db *database) error {
		ref, err := c.ref()
		if err != nil {
			return err
		}
		set, err := held(ctx, db, ref)
		if err != nil {
			return err
		}
		if set == nil {
			return noRules(ref)
		}
		var text []byte
		switch c.Part {
		case "matrix":
			text = set.MatrixCSV()
		case "intensity":
			text = set.IntensityCSV()
		case "conditions":
			text = set.ConditionsCSV()
		default:
			if text, err = set.Encode(); err != nil {
				return err
			}
		}
		_, err = os.Stdout.Write(text)
		return err
	})
}
