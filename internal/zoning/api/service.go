// Package api is the HTTP side of zoning: what the plan allows at a point, and
// the activities that one may ask for.
//
// Answers are made from the plan in memory as whoever asks may see it, and from
// the rules in memory, which are renewed when others are imported.
package api

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
	"github.com/simtaru/simtaru/internal/zoning"
)

// Plan is the plan in memory.
type Plan interface {
	View(plan.Actor) mirror.View
	Status() mirror.Status
}

// Rules are what the database keeps.
type Rules interface {
	// RuleSets returns the newest of each version of a code list, of those with
	// an ID above after.
	RuleSets(ctx context.Context, after int64) ([]plan.RuleSet, error)
}

// Service answers requests about zoning.
type Service struct {
	plan  Plan
	rules Rules
	log   *slog.Logger
	// held are the rules by code list version; nil until they were first read.
	held atomic.Pointer[map[plan.CodeRef]*zoning.Index]
}

// New returns a service, whose Run keeps its rules up to date.
func New(p Plan, rules Rules, log *slog.Logger) *Service {
	return &Service{plan: p, rules: rules, log: log}
}

// renewEvery is how often the database is asked for other rules.
const renewEvery = 2 * time.Second

// Run keeps the rules in memory until ctx ends. While the database is away
// those that were read last are answered by.
func (s *Service) Run(ctx context.Context) {
	after := int64(0)
	failing := false
	every := time.NewTicker(renewEvery)
	defer every.Stop()
	for {
		list, err := s.rules.RuleSets(ctx, after)
		if err == nil {
			after = s.renew(list, after)
		}
		if ctx.Err() == nil && (err != nil) != failing {
			if failing = err != nil; failing {
				s.log.Warn("zoning rules cannot be read; the last ones are answered by", "err", err)
			} else {
				s.log.Info("zoning rules are read again")
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
	}
}

// renew takes rules in and returns the largest id. Rules that another version
// of the program wrote and this one cannot read leave the ones before.
func (s *Service) renew(list []plan.RuleSet, after int64) int64 {
	held := map[plan.CodeRef]*zoning.Index{}
	if old := s.held.Load(); old != nil {
		if len(list) == 0 {
			return after
		}
		maps.Copy(held, *old)
	}
	for _, r := range list {
		after = max(after, r.ID)
		x, err := zoning.NewIndex(r)
		if err != nil {
			s.log.Error("zoning rules cannot be understood", "list", r.Codes.List, "version", r.Codes.Version, "revision", r.Revision, "err", err)
			continue
		}
		held[r.Codes] = x
	}
	s.held.Store(&held)
	return after
}

// Resources are all resources, by pattern.
func (s *Service) Resources() map[string]rest.Resource {
	get := func(h rest.HandlerFunc) rest.Resource {
		return rest.Resource{Methods: map[string]rest.HandlerFunc{http.MethodGet: h}}
	}
	return map[string]rest.Resource{
		"/api/v1/zoning/at":  get(s.at),
		"/api/v1/activities": get(s.activities),
	}
}

// see is the plan as whoever asks may see it, and its rules, nil where there
// are none.
func (s *Service) see(r *http.Request) (mirror.View, *zoning.Index, error) {
	return s.See(rest.ActorOf(r.Context()))
}

// See is the plan as an actor may see it, and its rules, nil where there are none.
// It fails while either is being read.
func (s *Service) See(a plan.Actor) (mirror.View, *zoning.Index, error) {
	v := s.plan.View(a)
	held := s.held.Load()
	if held == nil || !s.plan.Status().Ready {
		return v, nil, rest.Starting()
	}
	codes, ok := zoning.Codes(v)
	if !ok {
		return v, nil, nil
	}
	return v, (*held)[codes], nil
}
