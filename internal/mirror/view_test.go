package mirror_test

import (
	"context"
	"sync"
	"testing"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

func pointLayer(id string, read ...plan.Role) *plan.Layer {
	return &plan.Layer{ID: id, Geometry: plan.Point, Access: plan.Access{Read: read, Edit: []plan.Role{plan.Planner}}}
}

// TestViewsByRole: a layer that an actor may not read is not in its view, by
// whatever way it is looked for.
func TestViewsByRole(t *testing.T) {
	open, staff, rescue := pointLayer("open", plan.Public), pointLayer("staff"), pointLayer("rescue", plan.Disaster)
	cat := plan.NewCatalog([]*plan.Layer{open, staff, rescue}, nil)
	all := mirror.NewView(cat, plan.Actor{}, mirror.NewSnapshot(open, nil), mirror.NewSnapshot(staff, nil), mirror.NewSnapshot(rescue, nil))
	for _, tt := range []struct {
		actor  plan.Actor
		rights string
	}{
		{plan.Actor{}, "r--"},
		{plan.Actor{Role: plan.Public}, "r--"},
		{plan.Actor{Role: "stranger"}, "r--"},
		{plan.Actor{Role: plan.Disaster}, "r-r"},
		{plan.Actor{Role: plan.Planner}, "eee"},
		{plan.Actor{Role: plan.Planner, ReadOnly: true}, "rrr"},
		{plan.Actor{Role: plan.Planner, Layers: []string{"staff"}}, "-e-"},
		{plan.Actor{Role: plan.Planner, Layers: []string{}}, "---"},
		{plan.Actor{Role: plan.Admin}, "eee"},
	} {
		v := all.As(tt.actor)
		if got := v.Rights(); got != tt.rights {
			t.Errorf("%+v: rights %s, want %s", tt.actor, got, tt.rights)
		}
		listed := map[string]bool{}
		for _, l := range v.Layers() {
			listed[l.ID] = true
		}
		for i, id := range []string{"open", "staff", "rescue"} {
			_, layer := v.Layer(id)
			_, snap := v.Snapshot(id)
			if want := tt.rights[i] != '-'; layer != want || snap != want || listed[id] != want {
				t.Errorf("%+v: %s: layer %v, snapshot %v, listed %v", tt.actor, id, layer, snap, listed[id])
			}
		}
		if _, ok := v.Layer("nothing"); ok {
			t.Error("a layer that is not is there")
		}
	}
}

// slowSource is a database whose second load takes until it is told to end.
type slowSource struct {
	mu    sync.Mutex
	cat   *plan.Catalog
	loads int
	hold  chan struct{}
}

func (s *slowSource) Catalog(context.Context) (*plan.Catalog, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cat, nil
}

func (s *slowSource) Load(ctx context.Context, layers []*plan.Layer, emit func(*plan.Layer, []*plan.Feature) error) (plan.Position, error) {
	s.mu.Lock()
	s.loads++
	again := s.loads > 1
	s.mu.Unlock()
	if again {
		select {
		case <-s.hold:
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
	for _, l := range layers {
		if err := emit(l, []*plan.Feature{{ID: 1, Revision: 1, Geometry: orb.Point{95.3, 5.5}}}); err != nil {
			return "", err
		}
	}
	return "at", nil
}

func (s *slowSource) Since(_ context.Context, at plan.Position, cat *plan.Catalog) (plan.Delta, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if cat.Version() != s.cat.Version() {
		return plan.Delta{}, plan.ErrReload
	}
	return plan.Delta{Position: at}, nil
}

func (s *slowSource) Wait(ctx context.Context) error { return ctx.Err() }

func (s *slowSource) declare(version int64, layers ...*plan.Layer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cat = plan.NewCatalog(layers, nil).WithIndicators([]*plan.Coverage{{ID: "land"}}, []*plan.Indicator{{ID: "share"}}).WithVersion(version)
}

// TestAccessChangesBeforeTheLoad: a layer that has become private, or is gone,
// is not shown while everything is loaded anew, and the others are.
func TestAccessChangesBeforeTheLoad(t *testing.T) {
	s := &slowSource{hold: make(chan struct{})}
	s.declare(1, pointLayer("stays", plan.Public), pointLayer("hides", plan.Public), pointLayer("goes", plan.Public))
	m := mirror.New(s, mirror.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = m.Run(ctx) // ends with ctx
	}()
	t.Cleanup(func() { cancel(); <-done })
	shows := func(a plan.Actor, id string) bool {
		_, ok := m.View(a).Snapshot(id)
		return ok
	}
	eventually(t, "all is there", func() bool { return shows(plan.Actor{}, "hides") && shows(plan.Actor{}, "goes") })
	s.declare(2, pointLayer("stays", plan.Public), pointLayer("hides", plan.Planner), pointLayer("new", plan.Public))
	eventually(t, "the public does not see them", func() bool { return !shows(plan.Actor{}, "hides") && !shows(plan.Actor{}, "goes") })
	if m.Catalog().Version() != 1 || shows(plan.Actor{}, "new") {
		t.Fatal("the load has ended: this test shows nothing")
	}
	if !shows(plan.Actor{}, "stays") || !shows(plan.Actor{Role: plan.Planner}, "hides") || shows(plan.Actor{Role: plan.Admin}, "goes") {
		t.Error("the others are not as they should be")
	}
	if len(m.Catalog().Coverages()) != 1 || len(m.Catalog().Indicators()) != 1 {
		t.Error("the definitions of indicators are gone until the load has ended")
	}
	close(s.hold)
	eventually(t, "the load has ended", func() bool { return shows(plan.Actor{}, "new") })
	if shows(plan.Actor{}, "hides") {
		t.Error("the load brings it back")
	}
}
