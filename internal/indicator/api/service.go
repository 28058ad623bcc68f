package api

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/indicator"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/ogc/tileset"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
	"github.com/simtaru/simtaru/tiles"
)

// Plan is the plan in memory.
type Plan interface {
	View(plan.Actor) mirror.View
	Status() mirror.Status
}

// Board has the figures of the present plan.
type Board interface {
	Readings(id string, by plan.UnitKind, switches map[string]bool) ([]plan.Reading, error)
	// Areas lists the areas of a kind, and the version of the boundary.
	Areas(by plan.UnitKind) ([]indicator.Area, string, error)
	WhatIf(ctx context.Context, edits []plan.Edit, ids []string) ([]indicator.Difference, error)
}

// Values are what the database keeps of indicators.
type Values interface {
	Observe(ctx context.Context, actor plan.Actor, indicator string, list []plan.Observation) (stored int, err error)
	Observations(ctx context.Context, indicator string) ([]plan.Reading, error)
	Series(ctx context.Context, indicator string, kind plan.UnitKind, code string, from, until plan.Date) ([]plan.Recorded, error)
}

// Archive reads the plan as it was, makes areas of smaller ones, and knows which
// geometries the plan may have.
type Archive interface {
	indicator.Archive
	// Dissolve unites the features of a layer of polygons by the first length
	// characters of a text field, as they were in a span or, nil, as they are.
	Dissolve(ctx context.Context, layer *plan.Layer, field string, length int, at *plan.Interval) (map[string]orb.MultiPolygon, error)
	// CheckGeometries refuses geometries that a commit of the edits would refuse.
	CheckGeometries(ctx context.Context, edits []plan.Edit) error
}

// Tiler keeps tiles.
type Tiler interface {
	Draw(ctx context.Context, r tileset.Request, name string, id tiles.ID, version []uint64, draw func(dst []byte) ([]byte, error)) (tileset.Answer, error)
	Write(w http.ResponseWriter, a tileset.Answer) error
}

// Config of a service.
type Config struct {
	// PublicURL is the address of the whole service, without a last slash.
	PublicURL string
	// City is the name of the place.
	City plan.Text
	// Notice is what a demonstration says of itself.
	Notice plan.Text
}

// Deps are what the service works with.
type Deps struct {
	Plan    Plan
	Board   Board
	Values  Values
	Archive Archive
	Tiles   Tiler
	Log     *slog.Logger
}

// Service answers requests about indicators.
type Service struct {
	cfg     Config
	plan    Plan
	board   Board
	values  Values
	archive Archive
	tiles   Tiler
	log     *slog.Logger
	now     func() time.Time
	held    held
	changed changed
	past    pasts
	shapes  shapes
	encoder tiles.Encoder
	trying  *rest.Places
}

// How many requests try edits at a time, and how long others wait.
const (
	tryPlaces = 2
	tryWait   = 3 * time.Second
)

// New returns a service, whose Run keeps it up to date.
func New(cfg Config, d Deps) *Service {
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	return &Service{
		cfg: cfg, plan: d.Plan, board: d.Board, values: d.Values, archive: d.Archive, tiles: d.Tiles, log: d.Log, now: time.Now,
		past: newPasts(), trying: rest.NewPlaces(tryPlaces, tryWait),
	}
}

const root = "/api/v1/indicators"

// Resources are all resources, by pattern.
func (s *Service) Resources() map[string]rest.Resource {
	get := func(h rest.HandlerFunc) rest.Resource {
		return rest.Resource{Methods: map[string]rest.HandlerFunc{http.MethodGet: h}}
	}
	return map[string]rest.Resource{
		root:                                 get(s.list),
		root + ".csv":                        get(s.listCSV),
		root + "/{id}":                       get(s.one),
		root + "/{id}.csv":                   get(s.oneCSV),
		root + "/{id}.geojson":               get(s.oneGeoJSON),
		root + "/{id}/series":                get(s.series),
		root + "/{id}/tiles.json":            get(s.tileJSON),
		root + "/{id}/tiles/{z}/{col}/{row}": get(s.tile),
		root + "/{id}/observations": {
			Methods: map[string]rest.HandlerFunc{http.MethodPut: s.observe}, MaxBody: maxObservations,
		},
		root + "/what-if": {
			Methods: map[string]rest.HandlerFunc{http.MethodPost: s.whatIf}, MaxBody: maxWhatIf,
		},
	}
}
