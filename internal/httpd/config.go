package httpd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"sync/atomic"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/simtaru/simtaru/internal/auth"
	"github.com/simtaru/simtaru/internal/carto/qgis"
	evacapi "github.com/simtaru/simtaru/internal/evac/api"
	extractapi "github.com/simtaru/simtaru/internal/extract/api"
	"github.com/simtaru/simtaru/internal/indicator/api"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/ogc"
	"github.com/simtaru/simtaru/internal/ogc/tileset"
	"github.com/simtaru/simtaru/internal/plan"
	reportapi "github.com/simtaru/simtaru/internal/report/api"
	"github.com/simtaru/simtaru/internal/rest"
	slumapi "github.com/simtaru/simtaru/internal/slum/api"
	zoningapi "github.com/simtaru/simtaru/internal/zoning/api"
)

// Plan is the plan in memory.
type Plan interface {
	View(plan.Actor) mirror.View
	Status() mirror.Status
	Reached(ctx context.Context, layer string, id, revision int64, op plan.Op)
	Subscribe() (batches <-chan []plan.Change, stop func())
}

// Archive is the database, for what is not in memory.
type Archive interface {
	ogc.Archive
	tileset.Archive
	// Changes pages through the change feed.
	Changes(context.Context, plan.ChangesQuery) (plan.ChangesPage, error)
}

// Figures are the indicators of the plan and what the database keeps of them.
type Figures struct {
	Board  api.Board
	Values api.Values
	// Archive computes what was.
	Archive api.Archive
}

// Auth decides who asks and has the resources of logging in.
type Auth interface {
	// Admit returns the request with its actor (rest.WithActor).
	Admit(w http.ResponseWriter, r *http.Request) (*http.Request, error)
	// Identify tells again who a request comes from that was admitted.
	Identify(r *http.Request) (plan.Actor, error)
	Routes() map[string]auth.Methods
}

// Editor is the database, for who changes it.
type Editor interface {
	ogc.Editor
	ogc.Versions
}

// Config of a server. Zero values of limits are defaults.
type Config struct {
	// PublicURL is the address of the service as its users see it, like
	// https://tata-ruang.example.id. Links are made from it.
	PublicURL string
	// Version of the program.
	Version string
	City    ogc.City
	// QGIS is where projects for QGIS find the database.
	QGIS qgis.Connection
	// Timeout bounds the work on one request. Default 30 s.
	Timeout time.Duration
	// Stall is how long an upload may pause, also behind its least rate; all of it
	// may take ten times that.
	// Default 30 s.
	Stall time.Duration
	// Grace is how long requests in flight may take at the stop. Default 10 s.
	Grace time.Duration
	// MaxEventClients bounds the open event streams. Default 1000.
	MaxEventClients int
	// Proxies may say for whom they ask, in X-Forwarded-For: see auth.Address.
	Proxies []netip.Prefix
	// TileCache is the weight of the tile cache in bytes; 0 keeps none.
	TileCache int64
	// AlertSender names who sends CAP alerts, unique in the world; empty: the host
	// of PublicURL. AlertExercise marks them as an exercise, which a
	// demonstration always does.
	AlertSender   string
	AlertExercise bool
	// HSTS sends Strict-Transport-Security: only where all is HTTPS.
	HSTS bool
}

// Deps are what a server works with.
type Deps struct {
	Plan Plan
	// Archive may be nil: what needs it is then unavailable.
	Archive Archive
	// Editor may be nil: nothing can be edited then.
	Editor Editor
	// Figures may be nil: there are no indicators then.
	Figures *Figures
	// Rules are the zoning rules; nil: what is allowed at a place is not answered.
	Rules zoningapi.Rules
	// Evacuation has the roads and shelters; nil: nobody is told where to run.
	Evacuation evacapi.Board
	// Planning keeps plans for the whole city; nil, or without Evacuation: there are none.
	Planning *evacapi.Planning
	// Warnings are those of the agency that gives them; nil: they are not followed.
	Warnings evacapi.Warnings
	// Extracts keeps extracts of parcels; nil, or without Rules: none are made.
	Extracts extractapi.Archive
	// ExtractKeys sign them; nil: they are not signed.
	ExtractKeys *extractapi.Keys
	// Reports keep what citizens report; nil: nobody can.
	Reports reportapi.Store
	// Auth says who asks; nil: everybody is the public.
	Auth Auth
	// Identify tells anew who a request comes from, for streams that outlive what
	// they were let in with; nil: as Auth says.
	Identify func(*http.Request) (plan.Actor, error)
	// Web holds the web map, Docs the guides; nil: there are none.
	Web, Docs fs.FS
	Log       *slog.Logger
	// Registry receives the server's metrics and is what /metrics shows.
	Registry *prometheus.Registry
}

// Server answers HTTP requests.
type Server struct {
	cfg      Config
	plan     Plan
	archive  Archive
	auth     Auth
	log      *slog.Logger
	identify func(*http.Request) (plan.Actor, error)
	tiles    *tileset.Service
	figures  *api.Service        // nil: none
	zoning   *zoningapi.Service  // nil: none
	evac     *evacapi.Service    // nil: none
	alerts   *evacapi.Alerts     // nil: none
	handouts *evacapi.Handouts   // nil: none
	extracts *extractapi.Service // nil: none
	reports  *reportapi.Service  // nil: none
	pages    *rest.Pages
	hub      *hub
	finder   *finder
	metrics  *metrics
	headers  headerSet
	shared   sharedHeaders
	compress func(http.Handler) http.HandlerFunc
	nextID   func() string
	router   chi.Router
	web      *files
	guides   *guides
	style    styles
	stopping atomic.Bool
}

// New returns a server. It fails on what would fail at every request.
func New(cfg Config, d Deps) (*Server, error) {
	var err error
	if cfg.PublicURL, err = publicURL(cfg.PublicURL); err != nil {
		return nil, err
	}
	setDefaults(&cfg)
	if d.Plan == nil || d.Registry == nil {
		return nil, errors.New("httpd: Plan and Registry are required")
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{
		cfg: cfg, plan: d.Plan, archive: d.Archive, auth: d.Auth, log: d.Log, identify: d.Identify, headers: dataHeaders(cfg.City.Demo), shared: newSharedHeaders(),
		nextID: newIDs().next, finder: newFinder(),
		metrics: newMetrics(d.Registry), hub: newHub(d.Plan, d.Log, cfg.MaxEventClients, d.Registry),
	}
	if s.identify == nil && d.Auth != nil {
		s.identify = d.Auth.Identify
	}
	if s.compress, err = newCompress(); err != nil {
		return nil, err
	}
	if s.pages, err = rest.NewPages(rest.PageOptions{PublicURL: cfg.PublicURL, Site: cfg.City.Title, Notice: cfg.City.Notice()}); err != nil {
		return nil, err
	}
	var tileArchive tileset.Archive
	var itemArchive ogc.Archive
	if d.Archive != nil {
		tileArchive, itemArchive = d.Archive, d.Archive
	}
	if s.tiles, err = tileset.New(tileset.Config{Program: cfg.Version, CacheBytes: cfg.TileCache}, d.Plan, tileArchive); err != nil {
		return nil, err
	}
	registerTiles(d.Registry, s.tiles.CacheStats)
	if s.web, err = newFiles(d.Web); err != nil {
		return nil, err
	}
	if s.guides, err = newGuides(d.Docs, s.pages); err != nil {
		return nil, err
	}
	var editor ogc.Editor
	var versions ogc.Versions
	if d.Editor != nil {
		editor, versions = d.Editor, d.Editor
	}
	if d.Figures != nil {
		s.figures = api.New(api.Config{PublicURL: cfg.PublicURL, City: cfg.City.Title, Notice: cfg.City.Notice()}, api.Deps{
			Plan: d.Plan, Board: d.Figures.Board, Values: d.Figures.Values, Archive: d.Figures.Archive, Tiles: s.tiles, Log: d.Log,
		})
	}
	if d.Rules != nil {
		s.zoning = zoningapi.New(d.Plan, d.Rules, d.Log)
	}
	if d.Evacuation != nil {
		s.evac = evacapi.New(d.Plan, d.Evacuation, d.Warnings)
		if d.Planning != nil {
			p := *d.Planning
			p.PublicURL = cfg.PublicURL
			s.evac.Plan(p)
		}
		if s.alerts, err = newAlerts(cfg, d); err != nil {
			return nil, err
		}
		if s.handouts, err = evacapi.NewHandouts(s.evac, cfg.PublicURL, s.titleOf, s.pages); err != nil {
			return nil, err
		}
	}
	if d.Rules != nil && d.Extracts != nil {
		if s.extracts, err = extractapi.New(extractapi.Config{PublicURL: cfg.PublicURL, Proxies: cfg.Proxies, Version: cfg.Version, Keys: d.ExtractKeys}, s.zoning, d.Extracts, s.pages); err != nil {
			return nil, err
		}
		s.metrics.registry.MustRegister(s.metrics.extracts)
	}
	if d.Reports != nil {
		if s.reports, err = reportapi.New(reportapi.Config{PublicURL: cfg.PublicURL, Proxies: cfg.Proxies, Timeout: cfg.Timeout}, d.Plan, d.Reports, s.pages); err != nil {
			return nil, err
		}
	}
	words, err := evacapi.Words()
	if err != nil {
		return nil, err
	}
	features, err := ogc.New(ogc.Config{PublicURL: cfg.PublicURL, City: cfg.City, Version: cfg.Version},
		ogc.Deps{Plan: d.Plan, Archive: itemArchive, Editor: editor, Versions: versions, Tiles: s.tiles, Pages: s.pages, Beside: methodsOf(s.beside()), Words: words})
	if err != nil {
		return nil, err
	}
	s.router = s.routes(features)
	return s, nil
}

func newAlerts(cfg Config, d Deps) (*evacapi.Alerts, error) {
	if cfg.AlertSender == "" {
		u, err := url.Parse(cfg.PublicURL)
		if err != nil {
			return nil, fmt.Errorf("public address: %w", err)
		}
		cfg.AlertSender = u.Hostname()
	}
	var history evacapi.History
	if d.Archive != nil {
		history = d.Archive
	}
	return evacapi.NewAlerts(evacapi.AlertConfig{
		PublicURL: cfg.PublicURL, Sender: cfg.AlertSender, Title: cfg.City.Title, Exercise: cfg.AlertExercise || cfg.City.Demo,
	}, d.Plan, history)
}

func setDefaults(cfg *Config) {
	if cfg.Stall == 0 {
		cfg.Stall = 30 * time.Second
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = 30 * time.Second
	}
	if cfg.Grace == 0 {
		cfg.Grace = 10 * time.Second
	}
	if cfg.MaxEventClients == 0 {
		cfg.MaxEventClients = 1000
	}
}

// titleOf is the title of a code in the newest version of its list; that of an
// unknown one is the code.
func (s *Server) titleOf(list, code string) plan.Text {
	title := plan.Text{ID: code}
	for _, l := range s.plan.View(plan.Actor{}).Catalog().Lists() {
		if i := slices.IndexFunc(l.Codes, func(c plan.Code) bool { return c.Code == code }); l.ID == list && i >= 0 {
			title = l.Codes[i].Title
		}
	}
	return title
}

// beside are the resources at /api/v1, but for that of package ogc.
func (s *Server) beside() map[string]rest.Resource {
	get := func(h rest.HandlerFunc) rest.Resource {
		return rest.Resource{Methods: methods{http.MethodGet: h}}
	}
	all := map[string]rest.Resource{
		"/api/v1/catalog": get(s.catalog),
		"/api/v1/search":  get(s.search),
		"/api/v1/changes": get(s.changes),
	}
	if s.auth != nil {
		for pattern, m := range s.auth.Routes() {
			all[pattern] = rest.Resource{Methods: methods(m)}
		}
	}
	maps.Copy(all, slumapi.Resources(s.plan))
	if s.figures != nil {
		maps.Copy(all, s.figures.Resources())
	}
	if s.zoning != nil {
		maps.Copy(all, s.zoning.Resources())
	}
	if s.evac != nil {
		maps.Copy(all, s.evac.Resources())
		maps.Copy(all, s.alerts.Resources())
	}
	if s.extracts != nil {
		maps.Copy(all, s.extracts.Resources())
	}
	if s.reports != nil {
		maps.Copy(all, s.reports.Resources())
	}
	return all
}

func methodsOf(resources map[string]rest.Resource) map[string][]string {
	all := make(map[string][]string, len(resources))
	for pattern, res := range resources {
		all[pattern] = slices.Sorted(maps.Keys(res.Methods))
	}
	return all
}

// routes are all resources but the tiles.
func (s *Server) routes(features *ogc.Service) chi.Router {
	r := chi.NewRouter()
	get := func(pattern string, h rest.HandlerFunc) { s.route(r, pattern, methods{http.MethodGet: h}) }
	for pattern, res := range features.Resources() {
		s.mount(r, pattern, res, true)
	}
	for pattern, res := range s.beside() {
		s.mount(r, pattern, res, true)
	}
	if s.handouts != nil {
		get("/evacuation/sheet/{code}", s.handouts.Page)
	}
	if s.extracts != nil {
		get("/extracts/{id}", s.extracts.Page)
	}
	if s.reports != nil {
		s.route(r, "/reports/{secret}", methods{http.MethodGet: s.reports.Page, http.MethodPost: s.reports.TakeBack})
	}
	get("/livez", s.live)
	get("/readyz", s.ready)
	get("/metrics", s.showMetrics())
	get("/styles/plan.json", s.planStyle)
	get("/qgis/simtaru.qgz", s.project)
	get("/page.css", rest.PageCSS)
	get("/docs", s.guides.show)
	get("/docs/*", s.guides.show)
	get("/robots.txt", robots)
	s.stream(r, "/events", methods{http.MethodGet: s.events})
	for _, pattern := range s.web.patterns() {
		get(pattern, s.web.serve)
	}
	none := rest.Handler(s.log, func(http.ResponseWriter, *http.Request) error { return rest.NoRoute() })
	r.NotFound(none.ServeHTTP)
	// Reached by methods that the router has never heard of.
	r.MethodNotAllowed(rest.Handler(s.log, func(_ http.ResponseWriter, r *http.Request) error {
		return rest.MethodNotAllowed(r.Method, methods{http.MethodGet: nil}.allow())
	}).ServeHTTP)
	return r
}

// robots keeps crawlers off the data, which is large and changes, and lets
// them read the map and the guides.
func robots(w http.ResponseWriter, r *http.Request) error {
	return rest.Write(w, r, rest.Body{
		Type: "text/plain; charset=utf-8", Cache: rest.Revalidate,
		Data: []byte("User-agent: *\nDisallow: /ogc/\nDisallow: /tiles/\nDisallow: /api/\nDisallow: /osrm/\nDisallow: /events\n"),
	})
}
