package tileset

import (
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/tiles"
)

// drawn is a layer that a tile shows, at one moment.
type drawn struct {
	*declared
	snap *mirror.Snapshot // nil: the database draws it
}

// render draws a tile from memory and appends it to dst. It costs one search a
// layer and one pass over the vertices of what is found.
func (s *Service) render(dst []byte, id tiles.ID, layers []drawn) ([]byte, error) {
	list, _ := s.found.Get().(*[]*mirror.Feature)
	defer s.found.Put(list)
	out := make([]tiles.Layer, 0, len(layers))
	for _, d := range layers {
		out = append(out, d.tile(id, list))
	}
	data, err := s.encoder.Append(dst, id, out...)
	clear((*list)[:cap(*list)])
	if err != nil {
		return dst, fmt.Errorf("draw: %w", err)
	}
	return data, nil
}

func newFound() *sync.Pool {
	return &sync.Pool{New: func() any { return new([]*mirror.Feature) }}
}

// tile is the layer as the encoder wants it. Features are drawn in the order of
// their ids, so that the same plan gives the same bytes on every server;
// scratch holds them, one layer at a time.
func (d drawn) tile(id tiles.ID, scratch *[]*mirror.Feature) tiles.Layer {
	fields := d.fields[id.Z]
	l := tiles.Layer{
		Name: d.layer.ID,
		Keys: d.keys[id.Z],
		Tags: func(f tiles.Feature, t tiles.Tags) {
			m, ok := f.Data.(*mirror.Feature)
			if !ok {
				return
			}
			for key, i := range fields {
				tag(t, key, m.Values[i])
			}
		},
	}
	if d.layer.Topology.Coverage {
		l.Features = d.unsorted(id)
		l.Find = func(id uint64) (tiles.Feature, bool) {
			m, ok := d.snap.Get(int64(id))
			if !ok || m.Shape == nil {
				return tiles.Feature{}, false
			}
			return feature(m), true
		}
	} else {
		l.Features = d.sorted(id, scratch)
	}
	return l
}

func (d drawn) unsorted(id tiles.ID) iter.Seq[tiles.Feature] {
	return func(yield func(tiles.Feature) bool) {
		d.snap.Search(id.Reach(), func(m *mirror.Feature) bool {
			return m.Shape == nil || yield(feature(m))
		})
	}
}

func (d drawn) sorted(id tiles.ID, scratch *[]*mirror.Feature) iter.Seq[tiles.Feature] {
	return func(yield func(tiles.Feature) bool) {
		found := (*scratch)[:0]
		d.snap.Search(id.Reach(), func(m *mirror.Feature) bool {
			if m.Shape != nil {
				found = append(found, m)
			}
			return true
		})
		slices.SortFunc(found, func(a, b *mirror.Feature) int {
			if a.ID < b.ID {
				return -1
			}
			return 1 // ids differ
		})
		*scratch = found
		for _, m := range found {
			if !yield(feature(m)) {
				return
			}
		}
	}
}

func feature(m *mirror.Feature) tiles.Feature {
	return tiles.Feature{ID: uint64(m.ID), Shape: m.Shape, Data: m}
}

// tag writes a value; null is no tag.
func tag(t tiles.Tags, key int, v any) {
	switch v := v.(type) {
	case nil:
	case string:
		t.String(key, v)
	case int64:
		t.Int(key, v)
	case float64:
		t.Float(key, v)
	case bool:
		t.Bool(key, v)
	case plan.Date:
		t.String(key, string(v))
	case time.Time:
		t.String(key, v.UTC().Format(time.RFC3339))
	default:
		panic(fmt.Sprintf("tileset: a feature holds a %T", v))
	}
}
