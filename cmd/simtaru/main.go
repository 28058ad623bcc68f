// Command simtaru keeps a city's spatial plan in PostGIS, lets planners edit
// it, and serves it as maps, tiles and GeoJSON.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/simtaru/simtaru/internal/plan"
)

// version is set when a release is built.
var version = "development"

// globals are the flags of every command.
type globals struct {
	DatabaseURL string `name:"database-url" env:"DATABASE_URL" help:"PostgreSQL to use; without it simtaru runs its own in the data directory."`
	Data        string `name:"data" env:"SIMTARU_DATA" default:"./data" type:"path" help:"Directory of the own PostgreSQL."`
	LogLevel    string `name:"log-level" env:"SIMTARU_LOG_LEVEL" default:"info" enum:"debug,info,warn,error" help:"Least level that is logged."`
	LogFormat   string `name:"log-format" env:"SIMTARU_LOG_FORMAT" default:"text" enum:"text,json" help:"Form of the log: text or json."`
	Lang        string `name:"lang" env:"SIMTARU_LANG" default:"" enum:",id,en" help:"Language of messages; by default that of LANG, else Indonesian."`
}

type commands struct {
	globals

	Serve     serveCommand     `cmd:"" help:"Serve the plan over HTTP."`
	Migrate   migrateCommand   `cmd:"" help:"Bring the database to this program's schema and apply the built-in layers and indicators."`
	Layer     layerCommand     `cmd:"" help:"List, show and apply layer declarations."`
	Indicator indicatorCommand `cmd:"" help:"List, show, apply, compute and record indicators and the coverages that they count by."`
	Rules     rulesCommand     `cmd:"" help:"List, import, check and export the zoning rules: what each sub-zone admits and how much may be built."`
	User      userCommand      `cmd:"" help:"Add people, list and change them."`
	Import    importCommand    `cmd:"" help:"Import a file into a layer."`
	Demo      demoCommand      `cmd:"" help:"Fill an empty database with a demonstration city."`
	City      cityCommand      `cmd:"" help:"Show or set the name of the city."`
	QGIS      qgisCommand      `cmd:"" name:"qgis" help:"Styles, forms and projects for QGIS."`
	Version   versionCommand   `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:]))
}

// run is main without the exit. A second signal during a slow stop ends the
// program at once, since the first one gives the handler back.
func run(ctx context.Context, args []string) int {
	var c commands
	parser, err := kong.New(&c,
		kong.Name("simtaru"), kong.Description("Spatial planning for Indonesian cities: zoning, green space, slums, evacuation."),
		kong.UsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)),
	)
	if err != nil {
		fmt.Fprintln(os.Stderr, "simtaru:", err)
		return 2
	}
	command, err := parser.Parse(args)
	if err != nil {
		parser.FatalIfErrorf(err)
		return 2
	}
	app := &app{globals: c.globals, log: newLog(c.globals), lang: language(c.globals.Lang, os.Getenv("LANG"))}
	err = command.Run(app)
	if err == nil || errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return 0
	}
	fmt.Fprintln(os.Stderr, "simtaru:", message(err, app.lang))
	return 1
}

// app is what the commands share.
type app struct {
	globals
	log  *slog.Logger
	lang plan.Lang
}

func newLog(g globals) *slog.Logger {
	var level slog.Level
	// The flag's enum admits only names that slog knows.
	_ = level.UnmarshalText([]byte(g.LogLevel))
	o := &slog.HandlerOptions{Level: level}
	if g.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, o))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, o))
}

// language is that of the flag, else English where the system speaks it.
func language(flag, system string) plan.Lang {
	if flag != "" {
		return plan.Lang(flag)
	}
	if strings.HasPrefix(system, "en") {
		return plan.English
	}
	return plan.Indonesian
}

// message is what a person at a terminal reads: the sentence of a plan.Error
// in their language with the cause, which here may be told, behind it.
func message(err error, lang plan.Lang) string {
	var lines []string
	for _, e := range flatten(err) {
		var p *plan.Error
		if !errors.As(e, &p) {
			lines = append(lines, e.Error())
			continue
		}
		s := p.Message.In(lang)
		if p.At != "" {
			s = p.At + ": " + s
		}
		if p.Cause != nil {
			s += " (" + p.Cause.Error() + ")"
		}
		lines = append(lines, s)
	}
	return strings.Join(lines, "\n")
}

// flatten takes joined errors apart.
func flatten(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, e := range joined.Unwrap() {
			all = append(all, flatten(e)...)
		}
		return all
	}
	return []error{err}
}

type versionCommand struct{}

func (versionCommand) Run(*app) error {
	fmt.Println("simtaru", version)
	return nil
}
