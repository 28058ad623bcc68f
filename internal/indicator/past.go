package indicator

import (
	"context"
	"runtime"
	"slices"
	"time"

	"github.com/simtaru/simtaru/internal/plan"
)

// Past is the figures of one indicator at a moment of the past, by the
// definitions of its catalogue. It is immutable, and holds the boundary but no
// other features.
type Past struct {
	state *state
	def   *plan.Indicator
}

// ReadPast computes an indicator from history. It reads all features of the
// layers concerned: a second or so for a city.
func ReadPast(ctx context.Context, archive Archive, cat *plan.Catalog, id string, at time.Time) (*Past, error) {
	i, err := computed(cat, id)
	if err != nil {
		return nil, err
	}
	if i.Kind == plan.OnRoads {
		return nil, errNow(id)
	}
	layers := append(i.Layers(cat), boundaryLayer)
	slices.Sort(layers)
	source, err := readPast(ctx, archive, cat, slices.Compact(layers), at)
	if err != nil {
		return nil, err
	}
	s, err := newState(cat, source, []string{id})
	if err != nil {
		return nil, err
	}
	s.asOf = at
	if err := s.measure(ctx, s.everything(), runtime.GOMAXPROCS(0), pass(), func(int, int) {}); err != nil {
		return nil, err
	}
	s.source = nil
	for _, d := range s.drawn {
		d.forget()
	}
	return &Past{s, i}, nil
}

// Readings returns what Board.Readings would have said then.
func (p *Past) Readings(by plan.UnitKind, switches map[string]bool) ([]plan.Reading, error) {
	return p.state.readings(p.def, by, switches)
}

// Areas lists the areas that there were, as Board.Areas does.
func (p *Past) Areas(by plan.UnitKind) (list []Area, boundary string) {
	return p.state.areas(by), p.state.boundary
}
