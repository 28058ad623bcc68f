// Package api is the HTTP side of extracts: they are made, handed out as they were
// kept, verified against the plan as it is now, and shown on a page for people.
//
// An extract is made with the eyes of the public, whoever asks: who has its link
// may read it.
package api

import (
	"context"
	"fmt"
	"html/template"
	"net/http"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"

	"github.com/simtaru/simtaru/internal/auth"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
	"github.com/simtaru/simtaru/internal/zoning"
)

// Archive is what the database does for extracts.
type Archive interface {
	KeepExtract(ctx context.Context, e plan.Extract) (plan.Extract, error)
	// Extract and ExtractOf find an extract by its id and its key.
	Extract(ctx context.Context, id string) (plan.Extract, bool, error)
	ExtractOf(ctx context.Context, key string) (plan.Extract, bool, error)
	// ExtractBytes is how many bytes of disk they take.
	ExtractBytes(ctx context.Context) (int64, error)
	CheckGeometries(ctx context.Context, edits []plan.Edit) error
}

// Plan is the plan in memory with its rules.
type Plan interface {
	See(plan.Actor) (mirror.View, *zoning.Index, error)
}

// Config of a service.
type Config struct {
	// PublicURL is the address of the service, without a last slash.
	PublicURL string
	Proxies   []netip.Prefix
	// Version of the program: another may print otherwise.
	Version string
	// Keys sign what is kept; nil: it is not signed.
	Keys *Keys
}

// Service answers requests about extracts.
type Service struct {
	cfg     Config
	plan    Plan
	archive Archive
	pages   *rest.Pages
	// tries is the pace of what has to be computed, pace that of bytes to be kept.
	tries, pace *auth.Pace
	// places holds one for each computation that runs; queued counts those and who
	// waits for one, inside those of one asker.
	places   chan struct{}
	queued   atomic.Int64
	inside   auth.Crowd
	layouts  map[plan.Lang]*template.Template
	disk     disk
	drawn    *otter.Cache[drawing, []byte]
	verdicts *otter.Cache[moment, []plan.Text]
}

const (
	// mostPlaces computations run at once, and so many requests wait for that.
	mostPlaces, mostQueued = 2, 50
	// mostInside of these are one asker's.
	mostInside = 4
	// mostDrawn bytes of prints are kept in memory, and so many verdicts.
	mostDrawn, mostVerdicts = 32 << 20, 10_000
)

// New returns a service. Whoever asks may have 60 extracts computed or drawn at
// once, and one more each second. Of what is kept all
// together may have 50 MB at once and 200 MB a day, a network or person 4 MB and
// 20 MB a day; an extract of a parcel has some 40 kB.
func New(cfg Config, p Plan, a Archive, pages *rest.Pages) (*Service, error) {
	const day = 24 * time.Hour
	s := &Service{
		cfg: cfg, plan: p, archive: a, pages: pages, places: make(chan struct{}, mostPlaces), inside: auth.Crowd{Most: mostInside},
		tries: &auth.Pace{Now: time.Now, Burst: 60, Every: time.Second},
		pace:  &auth.Pace{Now: time.Now, Burst: 4e6, Every: day / 20e6, AllBurst: 50e6, AllEvery: day / 200e6},
	}
	var err error
	if s.layouts, err = layouts(); err != nil {
		return nil, err
	}
	if s.drawn, err = otter.New(&otter.Options[drawing, []byte]{MaximumWeight: mostDrawn, Weigher: func(_ drawing, b []byte) uint32 { return uint32(len(b)) }}); err != nil {
		return nil, fmt.Errorf("prints of extracts: %w", err)
	}
	if s.verdicts, err = otter.New(&otter.Options[moment, []plan.Text]{MaximumSize: mostVerdicts}); err != nil {
		return nil, fmt.Errorf("verdicts of extracts: %w", err)
	}
	return s, nil
}

// begin counts a computation for who asks and waits for a place, which done
// frees. It is for all that costs more than a look into memory and the database.
func (s *Service) begin(r *http.Request) (done func(), err error) {
	who := auth.AskerOf(r, s.cfg.Proxies)
	if wait := s.tries.Take(who, 1); wait > 0 {
		return nil, tooMany(wait)
	}
	if !s.inside.Enter(who) {
		return nil, tooMany(time.Second)
	}
	leave := func() { s.queued.Add(-1); s.inside.Leave(who) }
	if s.queued.Add(1) > mostPlaces+mostQueued {
		leave()
		return nil, rest.Busy()
	}
	select {
	case s.places <- struct{}{}:
		return func() { <-s.places; leave() }, nil
	case <-r.Context().Done():
		leave()
		return nil, r.Context().Err()
	}
}

// Resources are all resources below /api/v1, by pattern.
func (s *Service) Resources() map[string]rest.Resource {
	get := func(h rest.HandlerFunc) rest.Resource {
		return rest.Resource{Methods: map[string]rest.HandlerFunc{http.MethodGet: h}}
	}
	return map[string]rest.Resource{
		"/api/v1/extracts":             {Methods: map[string]rest.HandlerFunc{http.MethodPost: s.make}, MaxBody: maxBody},
		"/api/v1/extracts/{id}":        get(s.get),
		"/api/v1/extracts/{id}.pdf":    get(s.print),
		"/api/v1/extracts/{id}/verify": get(s.verify),
	}
}
