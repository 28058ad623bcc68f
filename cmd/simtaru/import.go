package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/user"
	"strings"
	"time"

	"github.com/simtaru/simtaru/internal/exchange"
	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
)

type importCommand struct {
	Layer       string   `arg:"" help:"Id of the layer that takes the features."`
	File        string   `arg:"" type:"existingfile" help:"GeoJSON or newline-delimited GeoJSON."`
	Map         []string `placeholder:"SOURCE=TARGET" sep:"none" help:"Fill the field TARGET from the property SOURCE; an empty TARGET leaves the property out. May be repeated."`
	Set         []string `placeholder:"FIELD=VALUE" sep:"none" help:"Give FIELD the same value in every feature. May be repeated."`
	CRS         string   `name:"crs" help:"Coordinate reference system of the file, such as EPSG:32646. Default: longitude, latitude."`
	DryRun      bool     `name:"dry-run" help:"Do everything but store it."`
	SkipInvalid bool     `name:"skip-invalid" help:"Import the sound features although others are refused."`
	Repair      bool     `help:"Mend invalid geometries where that can be done, and say what was changed."`
	Report      string   `placeholder:"FILE" help:"Where to list what was refused or repaired: CSV, or NDJSON if the name ends so. Default: the file's name with -report.csv."`
}

// Run imports the file in one transaction.
func (c *importCommand) Run(ctx context.Context, a *app) error {
	return a.withCatalog(ctx, func(db *database, cat *plan.Catalog) error {
		layer, ok := cat.Layer(c.Layer)
		if !ok {
			return noLayer(c.Layer)
		}
		return c.load(ctx, a, db, cat, layer)
	})
}

func (c *importCommand) load(ctx context.Context, a *app, db *database, cat *plan.Catalog, layer *plan.Layer) error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	problems := &reportFile{path: c.Report, lang: a.lang}
	if problems.path == "" {
		problems.path = strings.TrimSuffix(c.File, extension(c.File)) + "-report.csv"
	}
	o := exchange.Options{
		Layer: layer, Catalog: cat, Actor: plan.Actor{Name: systemUser(), Role: plan.Admin},
		Source: bufio.NewReaderSize(f, 1<<20), Name: c.File, Size: info.Size(),
		DryRun: c.DryRun, SkipInvalid: c.SkipInvalid, Repair: c.Repair, Problems: problems,
	}
	if c.CRS != "" {
		crs, err := geo.ParseCRS(c.CRS)
		if err != nil {
			return err
		}
		o.CRS = &crs
	}
	for _, m := range c.Map {
		source, target, ok := strings.Cut(m, "=")
		if !ok {
			return badOption("--map", m)
		}
		o.Map = append(o.Map, exchange.Mapping{Source: source, Target: target})
	}
	for _, s := range c.Set {
		field, value, ok := strings.Cut(s, "=")
		if !ok {
			return badOption("--set", s)
		}
		o.Set = append(o.Set, exchange.Assignment{Field: field, Value: value})
	}
	bar := newBar(os.Stderr, a.lang)
	report, err := exchange.Import(ctx, o, db, bar.show)
	bar.end()
	if cerr := problems.close(); err == nil {
		err = cerr
	}
	fmt.Print(report.Summary(a.lang))
	if problems.written > 0 {
		say(os.Stdout, a.lang, "Laporan: %s\n", "Report: %s\n", problems.path)
	}
	return err
}

func badOption(flag, value string) error {
	return &plan.Error{Kind: plan.Invalid, Code: "bad-option", At: flag, Message: plan.Text{
		ID: fmt.Sprintf("%q harus berbentuk A=B", value), EN: fmt.Sprintf("%q must have the form A=B", value),
	}}
}

// extension is all behind the first dot of the file's name.
func extension(path string) string {
	base := path[strings.LastIndexByte(path, '/')+1:]
	if i := strings.IndexByte(base, '.'); i > 0 {
		return base[i:]
	}
	return ""
}

// systemUser is who the history names for what is done at the command line.
func systemUser() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "simtaru"
}

// reportFile makes the report when there is something to report.
type reportFile struct {
	path    string
	lang    plan.Lang
	file    *os.File
	csv     *exchange.CSV
	out     exchange.Problems
	written int
}

// Write adds a line.
func (r *reportFile) Write(p *exchange.Problem) error {
	if r.file == nil {
		f, err := os.Create(r.path)
		if err != nil {
			return err
		}
		r.file = f
		if strings.HasSuffix(r.path, ".ndjson") {
			r.out = exchange.NewNDJSON(f)
		} else if r.csv, err = exchange.NewCSV(f, r.lang); err != nil {
			return err
		} else {
			r.out = r.csv
		}
	}
	r.written++
	return r.out.Write(p)
}

func (r *reportFile) close() error {
	if r.file == nil {
		return nil
	}
	if r.csv != nil {
		if err := r.csv.Flush(); err != nil {
			return err
		}
	}
	return r.file.Close()
}

// bar shows progress: one line that is written over on a terminal, a line
// every five seconds elsewhere.
type bar struct {
	out      *os.File
	lang     plan.Lang
	terminal bool
	last     time.Time
	drawn    bool
}

func newBar(out *os.File, lang plan.Lang) *bar {
	info, err := out.Stat()
	return &bar{out: out, lang: lang, terminal: err == nil && info.Mode()&os.ModeCharDevice != 0}
}

var stages = map[exchange.Stage]plan.Text{
	exchange.Reading:   {ID: "membaca", EN: "reading"},
	exchange.Checking:  {ID: "memeriksa", EN: "checking"},
	exchange.Inserting: {ID: "menyimpan", EN: "storing"},
	exchange.Finished:  {ID: "selesai", EN: "finished"},
}

func (b *bar) show(p exchange.Progress) {
	if !b.terminal && p.Stage == exchange.Reading && time.Since(b.last) < 5*time.Second {
		return
	}
	b.last = time.Now()
	line := fmt.Sprintf("%-10s %9d", stages[p.Stage].In(b.lang), p.Rows)
	if p.Total > 0 && p.Stage == exchange.Reading {
		const width = 30
		done := int(width * p.Bytes / p.Total)
		line = fmt.Sprintf("%s  [%s%s] %3d %%  %.0f/s", line, strings.Repeat("#", done), strings.Repeat(".", width-done), 100*p.Bytes/p.Total, p.Rate())
		if left, ok := p.Remaining(); ok {
			line += "  -" + left.Round(time.Second).String()
		}
	}
	if b.terminal {
		fmt.Fprintf(b.out, "\r\x1b[K%s", line)
		b.drawn = true
		return
	}
	fmt.Fprintln(b.out, line)
}

func (b *bar) end() {
	if b.drawn {
		fmt.Fprintln(b.out)
	}
}
