package mirror

import (
	"slices"

	"github.com/paulmach/orb"
	"github.com/tidwall/btree"
	"github.com/tidwall/rtree"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/tiles"
)

// Feature is a feature with what answering needs, computed once.
type Feature struct {
	*plan.Feature
	// Bound is the box of the geometry in degrees, empty without one.
	Bound orb.Bound
	// Shape is the geometry ready for tiles, nil without one.
	Shape *tiles.Shape
}

// Snapshot is one layer at one moment. It is immutable and safe for any
// number of readers.
type Snapshot struct {
	layer *plan.Layer
	// byBox holds the features that have a geometry, by box in degrees.
	byBox *rtree.RTreeG[*Feature]
	// byID holds all features.
	byID *btree.Map[int64, *Feature]
	// base identifies the content as it was when changed was last empty.
	base uint64
	// changed holds, by box in degrees, what was changed since: see TileVersion.
	changed *rtree.RTreeG[uint64]
	// weight estimates the memory held, in bytes.
	weight int64
}

// Layer returns the declaration of the layer.
func (s *Snapshot) Layer() *plan.Layer { return s.layer }

// Len returns the number of features, those without geometry included.
func (s *Snapshot) Len() int { return s.byID.Len() }

// Weight estimates the memory that the features hold, in bytes.
func (s *Snapshot) Weight() int64 { return s.weight }

// Get returns the feature with the id.
func (s *Snapshot) Get(id int64) (*Feature, bool) { return s.byID.Get(id) }

// Bound returns the box of all features in degrees; false where the layer has
// no geometry.
func (s *Snapshot) Bound() (orb.Bound, bool) {
	if s.byBox.Len() == 0 {
		return orb.Bound{}, false
	}
	lo, hi := s.byBox.Bounds()
	return orb.Bound{Min: lo, Max: hi}, true
}

// Search calls yield for each feature whose box meets b (degrees), in no
// particular order, until yield returns false.
func (s *Snapshot) Search(b orb.Bound, yield func(*Feature) bool) {
	s.byBox.Search(b.Min, b.Max, func(_, _ [2]float64, f *Feature) bool { return yield(f) })
}

// Ascend calls yield for each feature with an id of at least from, in the
// order of ids, until yield returns false.
func (s *Snapshot) Ascend(from int64, yield func(*Feature) bool) {
	s.byID.Ascend(from, func(_ int64, f *Feature) bool { return yield(f) })
}

// Result is a page of features found in a snapshot.
type Result struct {
	Features []*Feature
	// Matched counts what the query selects, without its limit.
	Matched int
	// Next is the After of the next page, 0 at the end.
	Next int64
}

// Query answers q from memory; q.At must be nil, since the past is not here.
// With an ID it costs O(log n). Without boxes and conditions it costs O(log n + limit); with conditions
// alone O(n); with boxes O(k log k) for k features in them. Boxes are tested
// against the geometry itself, not only its box.
func (s *Snapshot) Query(q plan.Query) Result {
	match := s.matcher(q.Where)
	if q.ID != 0 {
		return s.queryOne(q, match)
	}
	if q.Boxes == nil {
		return s.queryAll(q, match)
	}
	var found []*Feature
	for i, box := range q.Boxes {
		s.Search(box, func(f *Feature) bool {
			if seenBefore(q.Boxes[:i], f) || !meets(box, f) || !match(f) {
				return true
			}
			found = append(found, f)
			return true
		})
	}
	slices.SortFunc(found, func(a, b *Feature) int { return compareID(a.ID, b.ID) })
	r := Result{Matched: len(found)}
	start, _ := slices.BinarySearchFunc(found, q.After+1, func(f *Feature, id int64) int { return compareID(f.ID, id) })
	r.Features = found[start:]
	if len(r.Features) > q.Limit {
		r.Features = r.Features[:q.Limit]
		r.Next = r.Features[q.Limit-1].ID
	}
	return r
}

func (s *Snapshot) queryOne(q plan.Query, match func(*Feature) bool) Result {
	f, ok := s.Get(q.ID)
	if !ok || !match(f) || q.Boxes != nil && !seenBefore(q.Boxes, f) {
		return Result{}
	}
	r := Result{Matched: 1}
	if q.ID > q.After {
		r.Features = []*Feature{f}
	}
	return r
}

func (s *Snapshot) queryAll(q plan.Query, match func(*Feature) bool) Result {
	r := Result{Features: make([]*Feature, 0, min(q.Limit, s.Len()))}
	if len(q.Where) == 0 {
		r.Matched = s.Len()
	} else {
		s.byID.Scan(func(_ int64, f *Feature) bool {
			if match(f) {
				r.Matched++
			}
			return true
		})
	}
	s.Ascend(q.After+1, func(f *Feature) bool {
		if !match(f) {
			return true
		}
		if len(r.Features) == q.Limit {
			r.Next = r.Features[q.Limit-1].ID
			return false
		}
		r.Features = append(r.Features, f)
		return true
	})
	return r
}

// matcher turns equalities into a test. A field that the layer does not have
// matches nothing: callers check names before, against the declaration.
func (s *Snapshot) matcher(where []plan.Equal) func(*Feature) bool {
	type cond struct {
		index int
		value any
	}
	conds := make([]cond, len(where))
	for i, w := range where {
		conds[i] = cond{s.layer.FieldIndex(w.Field), w.Value}
	}
	return func(f *Feature) bool {
		for _, c := range conds {
			if c.index < 0 || !plan.SameValue(f.Values[c.index], c.value) {
				return false
			}
		}
		return true
	}
}

// meets tests the geometry, and skips that where its box lies inside.
func meets(box orb.Bound, f *Feature) bool {
	if box.Contains(f.Bound.Min) && box.Contains(f.Bound.Max) {
		return true
	}
	return geo.Intersects(box, f.Geometry)
}

func seenBefore(boxes []orb.Bound, f *Feature) bool {
	return slices.ContainsFunc(boxes, func(b orb.Bound) bool { return b.Intersects(f.Bound) && meets(b, f) })
}

func compareID(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	default:
		return 0
	}
}
