package mirror

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/tiles"
)

// quilt is a coverage of n by n fields over the city whose corners are moved
// about, with a vertex on each side that both neighbours share.
type quilt struct {
	n      int
	corner map[[2]int]orb.Point
}

const west, south, pitch = 95.30, 5.54, 0.0007

func newQuilt(t *rapid.T, n int) *quilt {
	q := &quilt{n: n, corner: map[[2]int]orb.Point{}}
	for x := range 2*n + 1 {
		for y := range 2*n + 1 {
			jitter := func(label string) float64 {
				return rapid.Float64Range(-0.2, 0.2).Draw(t, label) * pitch
			}
			q.corner[[2]int{x, y}] = orb.Point{west + float64(x)*pitch/2 + jitter("dx"), south + float64(y)*pitch/2 + jitter("dy")}
		}
	}
	return q
}

func (q *quilt) geometry(x, y int) orb.Geometry {
	x, y = 2*x, 2*y
	var r orb.Ring
	for _, d := range [][2]int{{0, 0}, {1, 0}, {2, 0}, {2, 1}, {2, 2}, {1, 2}, {0, 2}, {0, 1}, {0, 0}} {
		r = append(r, q.corner[[2]int{x + d[0], y + d[1]}])
	}
	return orb.MultiPolygon{{r}}
}

func (q *quilt) id(x, y int) int64 { return int64(y*q.n+x) + 1 }

func (q *quilt) features() []*plan.Feature {
	var all []*plan.Feature
	for y := range q.n {
		for x := range q.n {
			all = append(all, feature(q.id(x, y), 1, q.geometry(x, y)))
		}
	}
	return all
}

func feature(id, revision int64, g orb.Geometry) *plan.Feature {
	return &plan.Feature{
		ID: id, Revision: revision, UpdatedAt: time.UnixMicro(1_700_000_000_000_000 + revision), Geometry: g,
		Values: []any{fmt.Sprint("class ", id%3), id},
	}
}

func coverageLayer() *plan.Layer {
	return &plan.Layer{
		ID: "zone", Geometry: plan.MultiPolygon, Topology: plan.Topology{Coverage: true},
		Fields: []plan.Field{{Name: "class", Type: plan.TextField}, {Name: "number", Type: plan.IntegerField}},
	}
}

// draw renders a tile of the snapshot, as the server does.
func draw(t interface{ Fatal(...any) }, s *Snapshot, id tiles.ID) []byte {
	var e tiles.Encoder
	b, err := e.Append(nil, id, tiles.Layer{
		Name: "zone", Keys: []string{"class"},
		Features: func(yield func(tiles.Feature) bool) {
			s.Search(id.Reach(), func(f *Feature) bool {
				return yield(tiles.Feature{ID: uint64(f.ID), Shape: f.Shape, Data: f})
			})
		},
		Tags: func(f tiles.Feature, tags tiles.Tags) { tags.String(0, f.Data.(*Feature).Values[0].(string)) },
		Find: func(id uint64) (tiles.Feature, bool) {
			f, ok := s.Get(int64(id))
			if !ok {
				return tiles.Feature{}, false
			}
			return tiles.Feature{ID: id, Shape: f.Shape, Data: f}, true
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// cityTiles are the tiles of several zooms that meet the quilt.
func cityTiles() []tiles.ID {
	box := orb.Bound{Min: orb.Point{west - pitch, south - pitch}, Max: orb.Point{west + 9*pitch, south + 9*pitch}}
	var all []tiles.ID
	for _, z := range []uint8{9, 12, 14, 16} {
		all = slices.AppendSeq(all, tiles.Cover(box, z))
	}
	return all
}

// TestEditsLeadWhereALoadLeads edits a coverage step by step: after each step
// every tile must be what a snapshot made from scratch draws, and a tile whose
// bytes have changed must have another version.
func TestEditsLeadWhereALoadLeads(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := newQuilt(t, 6)
		layer := coverageLayer()
		present := map[int64]*plan.Feature{}
		for _, f := range q.features() {
			present[f.ID] = f
		}
		s := NewSnapshot(layer, q.features())
		ids := cityTiles()
		before := map[tiles.ID][]byte{}
		for _, id := range ids {
			before[id] = draw(t, s, id)
		}
		for step := range rapid.IntRange(1, 4).Draw(t, "steps") {
			changed := map[int64]*Feature{}
			var list []int64
			for range rapid.IntRange(1, 3).Draw(t, "edits") {
				x, y := rapid.IntRange(0, q.n-1).Draw(t, "x"), rapid.IntRange(0, q.n-1).Draw(t, "y")
				id := q.id(x, y)
				if slices.Contains(list, id) {
					continue
				}
				list = append(list, id)
				switch rapid.IntRange(0, 2).Draw(t, "kind") {
				case 0:
					delete(present, id)
				case 1:
					present[id] = feature(id, int64(step+2), nil)
				default:
					g := q.geometry(x, y).(orb.MultiPolygon)
					g[0][0][1][0] += rapid.Float64Range(-0.1, 0.1).Draw(t, "move") * pitch
					present[id] = feature(id, int64(step+2), g)
				}
				if f := present[id]; f != nil {
					changed[id], _ = newFeature(f)
				}
			}
			next := s.with(list, changed)
			fresh := NewSnapshot(layer, slices.Collect(values(present)))
			if next.Len() != fresh.Len() {
				t.Fatalf("%d features, a load has %d", next.Len(), fresh.Len())
			}
			for _, id := range ids {
				got, want := draw(t, next, id), draw(t, fresh, id)
				if !bytes.Equal(got, want) {
					t.Fatalf("tile %s is not what a load draws", id)
				}
				if !bytes.Equal(got, before[id]) && next.TileVersion(id) == s.TileVersion(id) {
					t.Fatalf("tile %s has changed and kept its version", id)
				}
				before[id] = got
			}
			s = next
		}
	})
}

func values(m map[int64]*plan.Feature) func(func(*plan.Feature) bool) {
	return func(yield func(*plan.Feature) bool) {
		for _, f := range m {
			if !yield(f) {
				return
			}
		}
	}
}

// TestAnEditTouchesOnlyItsTiles keeps the versions of tiles far from an edit.
func TestAnEditTouchesOnlyItsTiles(t *testing.T) {
	near, far := feature(1, 1, orb.Point{95.30, 5.55}), feature(2, 1, orb.Point{95.36, 5.55})
	layer := coverageLayer()
	layer.Geometry, layer.Topology = plan.Point, plan.Topology{}
	s := NewSnapshot(layer, []*plan.Feature{near, far})
	moved, _ := newFeature(feature(1, 2, orb.Point{95.3001, 5.55}))
	next := s.with([]int64{1}, map[int64]*Feature{1: moved})
	for id := range tiles.Cover(orb.Bound{Min: orb.Point{95.30, 5.55}, Max: orb.Point{95.30, 5.55}}, 16) {
		if s.TileVersion(id) == next.TileVersion(id) {
			t.Errorf("tile %s of the edit kept its version", id)
		}
	}
	for id := range tiles.Cover(orb.Bound{Min: orb.Point{95.36, 5.55}, Max: orb.Point{95.36, 5.55}}, 16) {
		if s.TileVersion(id) != next.TileVersion(id) {
			t.Errorf("tile %s far from the edit has another version", id)
		}
	}
	if got, want := NewSnapshot(layer, []*plan.Feature{far, moved.Feature}).base, next.rebuilt(nil, nil).base; got != want {
		t.Errorf("the same content has the bases %x and %x", got, want)
	}
}

// TestManyChangesAreFoldedIn goes past rebaseAfter one edit at a time.
func TestManyChangesAreFoldedIn(t *testing.T) {
	layer := coverageLayer()
	layer.Geometry, layer.Topology = plan.Point, plan.Topology{}
	s := NewSnapshot(layer, nil)
	for i := range int64(rebaseAfter + 50) {
		f, _ := newFeature(feature(i+1, 1, orb.Point{95.3, 5.5}))
		s = s.with([]int64{f.ID}, map[int64]*Feature{f.ID: f})
		if s.changed.Len() > rebaseAfter {
			t.Fatalf("%d changes are remembered one by one", s.changed.Len())
		}
	}
	if s.Len() != rebaseAfter+50 || s.Weight() <= 0 {
		t.Errorf("%d features of weight %d", s.Len(), s.Weight())
	}
	everything := make([]int64, 0, s.Len())
	s.Ascend(0, func(f *Feature) bool {
		everything = append(everything, f.ID)
		return true
	})
	if s = s.with(everything, nil); s.Len() != 0 || s.Weight() != 0 || s.byBox.Len() != 0 {
		t.Errorf("after deleting all: %d features, weight %d, %d boxes", s.Len(), s.Weight(), s.byBox.Len())
	}
}

// TestQueryAgreesWithAScan compares paging, boxes and conditions with a plain
// loop over all features.
func TestQueryAgreesWithAScan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := newQuilt(t, 5)
		features := append(q.features(), feature(1000, 1, nil), feature(1001, 1, nil))
		s := NewSnapshot(coverageLayer(), features)
		query := plan.Query{Limit: rapid.IntRange(1, 12).Draw(t, "limit")}
		for range rapid.IntRange(0, 2).Draw(t, "boxes") {
			x, y := rapid.Float64Range(-1, 6).Draw(t, "bx"), rapid.Float64Range(-1, 6).Draw(t, "by")
			w, h := rapid.Float64Range(0, 4).Draw(t, "bw"), rapid.Float64Range(0, 4).Draw(t, "bh")
			query.Boxes = append(query.Boxes, orb.Bound{
				Min: orb.Point{west + x*pitch, south + y*pitch}, Max: orb.Point{west + (x+w)*pitch, south + (y+h)*pitch},
			})
		}
		if rapid.Bool().Draw(t, "conditional") {
			query.Where = []plan.Equal{{Field: "class", Value: fmt.Sprint("class ", rapid.IntRange(0, 3).Draw(t, "class"))}}
		}
		var want []int64
		for _, f := range features {
			in := query.Boxes == nil
			for _, b := range query.Boxes {
				in = in || f.Geometry != nil && geo.Intersects(b, f.Geometry)
			}
			if in && (query.Where == nil || f.Values[0] == query.Where[0].Value) {
				want = append(want, f.ID)
			}
		}
		var got []int64
		for pages := 0; ; pages++ {
			r := s.Query(query)
			if r.Matched != len(want) {
				t.Fatalf("matched %d, want %d", r.Matched, len(want))
			}
			for _, f := range r.Features {
				got = append(got, f.ID)
			}
			if r.Next == 0 {
				break
			}
			if len(r.Features) != query.Limit || pages > len(features) {
				t.Fatalf("a page of %d with limit %d says there is more", len(r.Features), query.Limit)
			}
			query.After = r.Next
		}
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func TestBoundOfNothing(t *testing.T) {
	s := NewSnapshot(coverageLayer(), []*plan.Feature{feature(1, 1, nil)})
	if b, ok := s.Bound(); ok {
		t.Errorf("a layer without geometry has the bound %v", b)
	}
	if r := s.Query(plan.Query{Limit: math.MaxInt}); len(r.Features) != 1 || r.Matched != 1 {
		t.Errorf("got %+v", r)
	}
}
