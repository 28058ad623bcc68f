package ogc

import (
	"context"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// Plan is the plan in memory.
type Plan interface {
	View(plan.Actor) mirror.View
	Status() mirror.Status
	// Reached returns when an edit shows in the view, or after a while.
	Reached(ctx context.Context, layer string, id, revision int64, op plan.Op)
}

// Editor changes the plan.
type Editor interface {
	Commit(ctx context.Context, actor plan.Actor, edits []plan.Edit, once plan.Once) ([]plan.Edited, error)
}

// Versions finds what a feature was.
type Versions interface {
	Version(ctx context.Context, layer *plan.Layer, id, revision int64) (plan.Version, error)
}

// Archive answers what the mirror cannot: the past, and layers that are not in
// memory.
type Archive interface {
	Features(ctx context.Context, layer *plan.Layer, q plan.Query) (plan.Page, error)
	// History returns versions of a feature, newest first, of revisions below
	// before unless that is 0. The last page ends with revision 1.
	History(ctx context.Context, layer *plan.Layer, id, before int64, limit int) ([]plan.Version, error)
}

// City is what the service says of the place it serves.
type City struct {
	Title plan.Text
	// Demo is true where the plan is invented: every page and document says so.
	Demo bool
	// Bound, Center are lon, lat in degrees, and may be left to In; Zoom is the
	// map's first zoom.
	Bound  orb.Bound
	Center orb.Point
	Zoom   float64
}

// Notice is what a demonstration says of itself; empty for a real plan.
func (c City) Notice() plan.Text {
	if !c.Demo {
		return plan.Text{}
	}
	return plan.Text{
		ID: "Data demonstrasi: rencana kota ini rekaan, bukan rencana resmi.",
		EN: "Demonstration data: this city's plan is invented, not an official one.",
	}
}

// In fills in what is not configured from the plan itself: the box of all
// layers in the view and its centre, the world while there is nothing.
func (c City) In(v mirror.View) City {
	if c.Bound.IsZero() {
		some := false
		for _, l := range v.Layers() {
			snap, ok := v.Snapshot(l.ID)
			if !ok {
				continue
			}
			if b, ok := snap.Bound(); ok && !some {
				c.Bound, some = b, true
			} else if ok {
				c.Bound = c.Bound.Union(b)
			}
		}
		if !some {
			c.Bound = geo.World()
		}
	}
	if c.Center == (orb.Point{}) {
		c.Center = c.Bound.Center()
	}
	return c
}

// Config of the service.
type Config struct {
	// PublicURL is the address of the whole service as its users see it,
	// without a last slash. Links are made from it, never from the request.
	PublicURL string
	City      City
	// Version of the program: part of every ETag.
	Version string
}

// Service answers OGC API requests.
type Service struct {
	cfg       Config
	plan      Plan
	archive   Archive
	editor    Editor
	versions  Versions
	tiles     Tiler
	pages     *rest.Pages
	buffers   *sync.Pool
	templates *template.Template
	prints    atomic.Pointer[prints]
	specs     specs
	served    map[string][]string
	words     map[string][]string
	copies    *copies
	// Reading many edits, and the versions of a feature, takes much memory.
	editing, looking *rest.Places
}

// How many requests do so at a time, and how long others wait for their turn.
const (
	editPlaces    = 4
	editWait      = 3 * time.Second
	historyPlaces = 4
	historyWait   = time.Second
)

// Deps are what the service works with.
type Deps struct {
	Plan Plan
	// Archive may be nil: what needs it is then unavailable.
	Archive Archive
	// Editor may be nil: nothing can be edited then. Versions may be nil: nothing
	// can be reverted.
	Editor   Editor
	Versions Versions
	Tiles    Tiler
	Pages    *rest.Pages
	// Beside are the methods of the resources at /api/v1 that others answer, by
	// pattern: the API definition tells them as well.
	Beside map[string][]string
	// Words are the members of lists that those have, by name.
	Words map[string][]string
}

// New returns a service.
func New(cfg Config, d Deps) (*Service, error) {
	t, err := parsePages()
	if err != nil {
		return nil, err
	}
	if err := checkAPI(d.Beside); err != nil {
		return nil, err
	}
	return &Service{
		cfg: cfg, served: d.Beside, words: d.Words, plan: d.Plan, archive: d.Archive, editor: d.Editor, versions: d.Versions, tiles: d.Tiles, pages: d.Pages,
		buffers: newBuffers(), templates: t, copies: newCopies(mostCopies),
		editing: rest.NewPlaces(editPlaces, editWait), looking: rest.NewPlaces(historyPlaces, historyWait),
	}, nil
}

// Resources are all resources, by pattern: those of Routes, and what can be done
// to them.
func (s *Service) Resources() map[string]rest.Resource {
	all := map[string]rest.Resource{}
	for pattern, h := range s.Routes() {
		all[pattern] = rest.Resource{Methods: map[string]rest.HandlerFunc{http.MethodGet: h}}
	}
	s.addEdits(all)
	return all
}

// Routes are the resources that are read with GET, by pattern.
func (s *Service) Routes() map[string]rest.HandlerFunc {
	return map[string]rest.HandlerFunc{
		"/ogc":                                 s.landing,
		"/ogc/":                                s.landing,
		"/ogc/conformance":                     s.conformance,
		"/ogc/openapi":                         s.openapi,
		"/ogc/collections":                     s.collections,
		"/ogc/collections/{layer}":             s.collection,
		"/ogc/collections/{layer}/items":       s.items,
		"/ogc/collections/{layer}/schema":      s.schema,
		"/ogc/collections/{layer}/queryables":  s.queryables,
		"/ogc/tileMatrixSets":                  s.tileMatrixSets,
		"/ogc/tileMatrixSets/{set}":            s.tileMatrixSet,
		"/ogc/collections/{layer}/tiles":       s.tilesets,
		"/ogc/collections/{layer}/tiles/{set}": s.tileset,
		"/ogc/collections/{layer}/tiles/{set}/{z}/{row}/{col}": s.tile,
		"/ogc/collections/{layer}/items/{id}":                  s.item,
		"/ogc/collections/{layer}/items/{id}/history":          s.history,
	}
}

// see is the plan as whoever asks may see it.
func (s *Service) see(r *http.Request) mirror.View { return s.plan.View(rest.ActorOf(r.Context())) }

// layer finds the layer of a request among those that its actor may read, and
// the view to answer from. While the plan is being loaded nothing is known,
// which is not the same as not found.
func (s *Service) layer(r *http.Request) (mirror.View, *plan.Layer, error) {
	v := s.see(r)
	if l, ok := v.Layer(r.PathValue("layer")); ok {
		return v, l, nil
	}
	if !s.plan.Status().Ready {
		return v, nil, rest.Starting()
	}
	return v, nil, rest.NotFound("no-such-layer", "", plan.Text{
		ID: "Tidak ada lapisan dengan nama ini. Daftarnya di /ogc/collections.",
		EN: "There is no layer of this name. They are listed at /ogc/collections.",
	})
}

// url makes a link to a path below the service.
func (s *Service) url(path ...string) string {
	var b strings.Builder
	b.WriteString(s.cfg.PublicURL)
	for _, p := range path {
		b.WriteByte('/')
		b.WriteString(url.PathEscape(p))
	}
	return b.String()
}
