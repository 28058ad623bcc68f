package api

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/simtaru/simtaru/internal/indicator"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

const (
	// One computation of the past at a time uses all cores already.
	pastPlaces = 1
	pastWait   = 10 * time.Second
	// keptPasts are of a few kilobytes for each gampong.
	keptPasts = 16
)

// pasts computes what was, and keeps the last few results.
type pasts struct {
	places *rest.Places
	mu     sync.Mutex
	kept   []keptPast // the newest first
}

type keptPast struct {
	cat  *plan.Catalog
	id   string
	at   time.Time
	past *indicator.Past
}

func newPasts() pasts { return pasts{places: rest.NewPlaces(pastPlaces, pastWait)} }

func (p *pasts) find(cat *plan.Catalog, id string, at time.Time) *indicator.Past {
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.IndexFunc(p.kept, func(k keptPast) bool { return k.cat == cat && k.id == id && k.at.Equal(at) })
	if i < 0 {
		return nil
	}
	found := p.kept[i]
	p.kept = slices.Insert(slices.Delete(p.kept, i, i+1), 0, found)
	return found.past
}

func (p *pasts) keep(k keptPast) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kept = slices.Insert(p.kept, 0, k)
	p.kept = p.kept[:min(len(p.kept), keptPasts)]
}

// was computes the indicator of a question as of its moment.
func (s *Service) was(ctx context.Context, a *ask) (*indicator.Past, error) {
	cat := a.v.Catalog()
	if p := s.past.find(cat, a.def.ID, a.at); p != nil {
		return p, nil
	}
	if s.archive == nil {
		return nil, rest.Starting()
	}
	leave, err := s.past.places.Enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	// Somebody may have asked the same meanwhile.
	if p := s.past.find(cat, a.def.ID, a.at); p != nil {
		return p, nil
	}
	p, err := indicator.ReadPast(ctx, s.archive, cat, a.def.ID, a.at)
	if err != nil {
		return nil, err
	}
	if areas, _ := p.Areas(plan.Gampong); len(areas) == 0 {
		return nil, rest.Invalid("at", plan.Text{
			ID: "Pada waktu itu belum ada batas gampong, sehingga belum ada yang dapat dihitung. Pilih waktu yang lebih baru.",
			EN: "There were no boundaries of gampong yet at that time, so that nothing can be computed. Choose a later one.",
		})
	}
	s.past.keep(keptPast{cat: cat, id: a.def.ID, at: a.at, past: p})
	return p, nil
}
