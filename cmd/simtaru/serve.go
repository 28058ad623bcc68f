package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"os"
	"runtime/debug"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"github.com/simtaru/simtaru/internal/evac"
	evacapi "github.com/simtaru/simtaru/internal/evac/api"
	"github.com/simtaru/simtaru/internal/evac/bmkg"
	"github.com/simtaru/simtaru/internal/evac/planner"
	"github.com/simtaru/simtaru/internal/httpd"
	"github.com/simtaru/simtaru/internal/indicator"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/ogc"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/postgis"
	"github.com/simtaru/simtaru/web"
)

type serveCommand struct {
	Listen       string       `env:"SIMTARU_LISTEN" default:"localhost:8080" help:"Address to listen on."`
	PublicURL    string       `name:"public-url" env:"SIMTARU_PUBLIC_URL" help:"Address of the service as its users see it; links are made from it. Default: http:// and the address listened on."`
	Demo         bool         `help:"Fill an empty database with the demonstration city first."`
	TileCache    int64        `name:"tile-cache" env:"SIMTARU_TILE_CACHE" default:"128" help:"Memory for finished tiles, in MB; 0 keeps none."`
	MemoryBudget int64        `name:"memory-budget" env:"SIMTARU_MEMORY_BUDGET" default:"1024" help:"Memory that one layer may take, in MB; a larger layer is answered by the database."`
	QGIS         qgisFlags    `embed:"" prefix:"qgis-" envprefix:"SIMTARU_QGIS_"`
	BMKG         warningFlags `embed:"" prefix:"bmkg-" envprefix:"SIMTARU_BMKG_"`
	loginFlags
	extractFlags
	AlertSender   string `name:"alert-sender" env:"SIMTARU_ALERT_SENDER" help:"Who sends alerts (CAP), unique in the world, such as a domain name or an e-mail address. Default: the host of the public address."`
	AlertExercise bool   `name:"alert-exercise" env:"SIMTARU_ALERT_EXERCISE" help:"Mark all alerts (CAP) as an exercise."`
	HSTS          bool   `env:"SIMTARU_HSTS" help:"Tell browsers to use HTTPS only. Set it when all access is by HTTPS."`
}

// Run serves until it is told to stop.
func (c *serveCommand) Run(ctx context.Context, a *app) error {
	// The plan in memory is large and lives long: collecting garbage at half of
	// it instead of all of it saves memory and costs little.
	debug.SetGCPercent(50)
	// Listening first: a port in use is told before anything is done, and
	// whoever comes early waits instead of being refused.
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return &plan.Error{Kind: plan.Unavailable, Code: "cannot-listen", At: c.Listen, Cause: err, Message: plan.Text{
			ID: "alamat ini tidak dapat dipakai; pilih yang lain dengan --listen",
			EN: "this address cannot be used; choose another with --listen",
		}}
	}
	defer listener.Close()
	var s *service
	if err := a.patiently(ctx, func() (err error) {
		s, err = c.setUp(ctx, a, listener.Addr())
		return err
	}); err != nil {
		return ended(ctx, err)
	}
	defer a.close(ctx, s.db)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return ended(ctx, s.mirror.Run(ctx)) })
	g.Go(func() error { return ended(ctx, s.board.Run(ctx)) })
	g.Go(func() error { return ended(ctx, s.roads.Run(ctx)) })
	g.Go(func() error { return ended(ctx, s.planner.Run(ctx)) })
	if s.warnings != nil {
		g.Go(func() error { return ended(ctx, s.warnings.Run(ctx)) })
	}
	g.Go(func() error { return ended(ctx, s.http.Serve(ctx, listener)) })
	g.Go(func() error { return c.greet(ctx, a, s.db, s.mirror, listener.Addr()) })
	g.Go(func() error { return a.prune(ctx, s.db) })
	g.Go(func() error { return a.watchTopology(ctx, s.db) })
	g.Go(func() error { return a.recordDaily(ctx, s.db, s.board) })
	return g.Wait()
}

// service is what one process serves, and the database that it stands on.
type service struct {
	db       *database
	mirror   *mirror.Mirror
	board    *indicator.Board
	roads    *evac.Board
	planner  *planner.Planner
	warnings *bmkg.Feed // nil: none are followed
	http     *httpd.Server
}

// setUp opens the database and makes what serves it; nothing runs yet. After
// an error nothing is left open, and it may be called again.
func (c *serveCommand) setUp(ctx context.Context, a *app, addr net.Addr) (_ *service, err error) {
	db, err := a.open(ctx)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			a.close(ctx, db)
		}
	}()
	if err := a.prepare(ctx, db); err != nil {
		return nil, err
	}
	if c.Demo {
		if err := a.fillDemo(ctx, db, demoCommand{Scale: 1}); err != nil {
			return nil, err
		}
	}
	if err := a.keepQGIS(ctx, db, c.QGIS); err != nil {
		return nil, err
	}
	a.published(ctx, db)
	if err := restoreRoles(ctx, a, db); err != nil {
		return nil, err
	}
	m := mirror.New(db, mirror.Options{Budget: c.MemoryBudget << 20, Log: a.log})
	roads := evac.NewBoard(m, evac.Options{Log: a.log})
	board := indicator.NewBoard(m, indicator.Options{Log: a.log, Network: roads})
	warnings, err := c.BMKG.feed(a, db, m)
	if err != nil {
		return nil, err
	}
	s := &service{db: db, mirror: m, board: board, roads: roads, planner: planner.New(db, roads, a.log), warnings: warnings}
	if s.http, err = c.server(ctx, a, s, addr); err != nil {
		return nil, err
	}
	return s, nil
}

// patience is how long a server that starts waits for its database: both may
// have been started by the same command, or the database recovers from a crash.
const patience = time.Minute

// patiently runs f, and again each second while the database is away, for as
// long as patience lasts.
func (a *app) patiently(ctx context.Context, f func() error) error {
	until := time.Now().Add(patience)
	for told := false; ; told = true {
		err := f()
		if !postgis.Away(err) || time.Now().After(until) {
			return err
		}
		if !told {
			a.log.Warn("the database is away; waiting for it", "for", patience, "err", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// ended makes the end that was asked for no error.
func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func (c *serveCommand) server(ctx context.Context, a *app, s *service, addr net.Addr) (*httpd.Server, error) {
	db, m, board, roads := s.db, s.mirror, s.board, s.roads
	about, err := db.city(ctx)
	if err != nil {
		return nil, err
	}
	connection, err := a.qgisConnection(ctx, db)
	if err != nil {
		return nil, err
	}
	dist, err := web.Dist()
	if err != nil {
		return nil, err
	}
	docs, err := web.Docs()
	if err != nil {
		return nil, err
	}
	public := c.PublicURL
	if public == "" {
		public = "http://" + localAddress(addr)
	}
	build, err := buildID()
	if err != nil {
		return nil, err
	}
	registry := prometheus.NewRegistry()
	httpd.RegisterRuntime(registry)
	registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "simtaru_plan_age_seconds", Help: "Time since the plan in memory last agreed with the database.",
	}, func() float64 { return time.Since(m.Status().AsOf).Seconds() }))
	roads.Register(registry)
	if s.warnings != nil {
		s.warnings.Register(registry)
	}
	logins, err := c.logins(a, db, m, public, registry)
	if err != nil {
		return nil, err
	}
	keys, err := c.keys(a)
	if err != nil {
		return nil, err
	}
	return httpd.New(httpd.Config{
		PublicURL: public, Version: build, TileCache: c.TileCache << 20, HSTS: c.HSTS, AlertSender: c.AlertSender, AlertExercise: c.AlertExercise, Proxies: c.TrustedProxy,
		City: ogc.City{Title: about.Title, Demo: about.Demo, Zoom: 13}, QGIS: connection,
	}, httpd.Deps{
		Plan: m, Archive: db, Editor: db, Figures: &httpd.Figures{Board: board, Values: db, Archive: db}, Rules: db, Evacuation: roads, Warnings: s.warnings,
		Planning: &evacapi.Planning{Plans: db, Poke: s.planner.Poke}, Extracts: db, ExtractKeys: keys, Reports: db,
		Auth: logins, Web: dist, Docs: docs, Log: a.log, Registry: registry,
	})
}

// buildID identifies the very program that runs: tiles are kept by browsers
// under it, and another build may draw them otherwise.
func buildID() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find the program: %w", err)
	}
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read the program: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("read the program: %w", err)
	}
	return version + "-" + hex.EncodeToString(h.Sum(nil)[:6]), nil
}

// localAddress names an address so that a browser on this machine finds it.
func localAddress(addr net.Addr) string {
	host, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return addr.String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() || ip.IsLoopback() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

// greet prints the address when there is something to see.
func (c *serveCommand) greet(ctx context.Context, a *app, db *database, m *mirror.Mirror, addr net.Addr) error {
	for !m.Status().Ready {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(20 * time.Millisecond):
		}
	}
	if err := firstAdmin(ctx, a, db); err != nil {
		a.log.Warn("people could not be counted", "err", err)
	}
	say(os.Stderr, a.lang, "simtaru siap di http://%s/ (berhenti dengan Ctrl-C)\n", "simtaru is ready at http://%s/ (stop with Ctrl-C)\n", localAddress(addr))
	return nil
}

// keepChanges is how long the change feed remembers. History is kept for ever;
// a server that was away for longer loads everything again.
const keepChanges = 30 * 24 * time.Hour

// keepResults is how long a repeatable request is answered with its first
// result.
const keepResults = 24 * time.Hour

// prune forgets old changes, sessions, results and extracts once an hour. A failure waits for the next hour.
func (a *app) prune(ctx context.Context, db *database) error {
	every := time.NewTicker(time.Hour)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-every.C:
		}
		if err := db.PruneLogins(ctx, keepResults); err != nil {
			a.log.Warn("ended sessions could not be pruned", "err", err)
		}
		if n, err := db.ForgetExtracts(ctx); err != nil {
			a.log.Warn("extracts whose time is over could not be forgotten", "err", err)
		} else if n > 0 {
			a.log.Info("extracts whose time is over were forgotten", "extracts", n)
		}
		if n, err := db.Prune(ctx, keepChanges); err != nil {
			a.log.Warn("old changes could not be pruned", "err", err)
		} else if n > 0 {
			a.log.Info("old changes were pruned from the feed", "changes", n)
		}
	}
}

type migrateCommand struct{}

// Run migrates the database.
func (migrateCommand) Run(ctx context.Context, a *app) error {
	return a.withDatabase(ctx, func(db *database) error {
		a.published(ctx, db)
		say(os.Stdout, a.lang, "Basis data siap.\n", "The database is ready.\n")
		return nil
	})
}

// say prints one of two sentences with the same arguments.
func say(w *os.File, lang plan.Lang, id, en string, args ...any) {
	fmt.Fprintf(w, plan.Text{ID: id, EN: en}.In(lang), args...)
}
