package mirror

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/tidwall/btree"
	"github.com/tidwall/rtree"
	"golang.org/x/sync/errgroup"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/tiles"
)

// load reads every layer and publishes a new state. The old one is served
// until then.
func (m *Mirror) load(ctx context.Context) (plan.Position, error) {
	start := time.Now()
	ctx, cancel := context.WithTimeout(ctx, loadTimeout)
	defer cancel()
	m.begin()
	cat, err := m.source.Catalog(ctx)
	if err != nil {
		return "", fmt.Errorf("read the catalogue: %w", err)
	}
	m.restrict(cat)
	l := loader{m: m, parts: map[string]*part{}}
	for _, layer := range cat.Layers() {
		l.parts[layer.ID] = &part{layer: layer}
	}
	position, err := m.source.Load(ctx, cat.Layers(), l.add)
	if err != nil {
		return "", err
	}
	layers, err := l.snapshots(ctx)
	if err != nil {
		return "", err
	}
	m.state.Store(&state{cat: cat, layers: layers})
	m.agreed()
	m.publish(nil)
	m.o.Log.Info("the plan is in memory", "layers", len(layers), "features", l.features(), "took", time.Since(start).Round(time.Millisecond))
	return position, nil
}

// restrict makes at once what new declarations say of access: a load takes
// seconds, and for so long a layer that has become private, or is gone, must not
// be shown. All else that they say comes with the load.
func (m *Mirror) restrict(now *plan.Catalog) {
	old := m.state.Load()
	kept := make([]*plan.Layer, 0, len(old.cat.Layers()))
	layers := make(map[string]*Snapshot, len(old.layers))
	same := true
	for _, l := range old.cat.Layers() {
		next, ok := now.Layer(l.ID)
		if !ok {
			same = false
			continue
		}
		if !reflect.DeepEqual(l.Access, next.Access) {
			same = false
			restricted := *l
			restricted.Access = next.Access
			l = &restricted
		}
		kept = append(kept, l)
		if s, ok := old.layers[l.ID]; ok {
			layers[l.ID] = s
		}
	}
	if !same {
		cat := plan.NewCatalog(kept, old.cat.Lists()).WithIndicators(old.cat.Coverages(), old.cat.Indicators()).WithVersion(old.cat.Version())
		m.state.Store(&state{cat: cat, layers: layers})
	}
}

// loader gathers features as they come.
type loader struct {
	m     *Mirror
	parts map[string]*part
}

// part is one layer being loaded.
type part struct {
	mu       sync.Mutex
	layer    *plan.Layer
	features []*Feature
	weight   int64
	over     bool
}

func (l *loader) add(layer *plan.Layer, batch []*plan.Feature) error {
	made := make([]*Feature, len(batch))
	var weight int64
	for i, f := range batch {
		made[i] = l.m.prepare(layer, f)
		weight += made[i].weight()
	}
	p := l.parts[layer.ID]
	p.mu.Lock()
	defer p.mu.Unlock()
	p.weight += weight
	if p.weight > l.m.o.Budget {
		// The layer stays with the database; do not hold what was read.
		p.over, p.features = true, nil
	}
	if !p.over {
		p.features = append(p.features, made...)
	}
	return nil
}

// snapshots builds the layers that fit, two at a time on two cores.
func (l *loader) snapshots(ctx context.Context) (map[string]*Snapshot, error) {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	var mu sync.Mutex
	out := make(map[string]*Snapshot, len(l.parts))
	for _, id := range slices.Sorted(maps.Keys(l.parts)) {
		p := l.parts[id]
		if p.over {
			l.m.o.Log.Warn("a layer is above the memory budget and is answered by the database", "layer", id, "budget", l.m.o.Budget)
			continue
		}
		g.Go(func() error {
			s := newSnapshot(p.layer, p.features)
			mu.Lock()
			out[id] = s
			mu.Unlock()
			return ctx.Err()
		})
	}
	return out, g.Wait()
}

func (l *loader) features() (n int) {
	for _, p := range l.parts {
		n += len(p.features)
	}
	return n
}

// NewSnapshot makes a snapshot of features that need no database.
func NewSnapshot(layer *plan.Layer, features []*plan.Feature) *Snapshot {
	made := make([]*Feature, len(features))
	for i, f := range features {
		made[i], _ = newFeature(f)
	}
	return newSnapshot(layer, made)
}

func newSnapshot(layer *plan.Layer, features []*Feature) *Snapshot {
	s := &Snapshot{
		layer: layer, byBox: new(rtree.RTreeG[*Feature]),
		byID: btree.NewMap[int64, *Feature](0), changed: new(rtree.RTreeG[uint64]),
	}
	slices.SortFunc(features, func(a, b *Feature) int { return compareID(a.ID, b.ID) })
	generalise(layer, features)
	for _, f := range features {
		s.byID.Load(f.ID, f)
		s.base += versionHash(f)
		s.weight += f.weight()
		if f.Geometry != nil {
			s.byBox.Insert(f.Bound.Min, f.Bound.Max, f)
		}
	}
	return s
}

// prepare makes a feature ready and says so where a geometry cannot be drawn,
// which the rules of the database forbid.
func (m *Mirror) prepare(layer *plan.Layer, f *plan.Feature) *Feature {
	made, err := newFeature(f)
	if err != nil {
		m.o.Log.Error("a feature cannot be drawn", "layer", layer.ID, "feature", f.ID, "err", err)
	}
	return made
}

func newFeature(f *plan.Feature) (*Feature, error) {
	made := &Feature{Feature: f}
	if f.Geometry == nil {
		return made, nil
	}
	made.Bound = f.Geometry.Bound()
	shape, err := tiles.NewShape(f.Geometry)
	made.Shape = shape
	return made, err
}

// weight estimates the memory of the feature in bytes.
func (f *Feature) weight() int64 {
	w := int64(200 + 16*len(f.Values))
	for _, v := range f.Values {
		if s, ok := v.(string); ok {
			w += int64(len(s))
		}
	}
	if f.Shape != nil {
		w += int64(f.Shape.Bytes()) + 16*int64(f.Shape.Len()) + 96
	}
	return w
}
