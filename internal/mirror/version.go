package mirror

import (
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/tiles"
)

// rebaseAfter bounds the changes that a snapshot remembers one by one. Beyond
// it their sum moves into base: every tile of the layer then gets a new
// version once, which costs a render each, and versions stay quick to compute.
const rebaseAfter = 1024

// TileVersion identifies the content of the layer in one tile, buffer
// included: equal versions mean equal content, on any server and after any
// restart. It is known without rendering: the hash of the whole layer at the
// last rebase plus the hashes of the changes since whose box meets the tile.
// Sums commute, so the order in which changes arrived does not matter.
func (s *Snapshot) TileVersion(id tiles.ID) uint64 {
	v := s.base
	box := id.Reach()
	s.changed.Search(box.Min, box.Max, func(_, _ [2]float64, h uint64) bool {
		v += h
		return true
	})
	return v
}

// Version identifies the content of the whole layer as TileVersion does that of
// a tile. It costs at most a thousand additions.
func (s *Snapshot) Version() uint64 {
	v := s.base
	s.changed.Scan(func(_, _ [2]float64, h uint64) bool {
		v += h
		return true
	})
	return v
}

// touch records that what is drawn inside the box is different now.
func (s *Snapshot) touch(box orb.Bound, h uint64) {
	s.changed.Insert(box.Min, box.Max, h)
}

// rebase folds the remembered changes into base when there are many.
func (s *Snapshot) rebase() {
	if s.changed.Len() <= rebaseAfter {
		return
	}
	s.base = 0
	s.byID.Scan(func(_ int64, f *Feature) bool {
		s.base += versionHash(f)
		return true
	})
	s.changed.Clear()
}

// versionHash identifies one version of one feature within its layer.
func versionHash(f *Feature) uint64 {
	h := mix(uint64(f.ID))
	h = mix(h ^ uint64(f.Revision))
	return mix(h ^ uint64(f.UpdatedAt.UnixMicro()))
}

// mix is the finaliser of SplitMix64: every input bit moves every output bit.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb
	return x ^ (x >> 31)
}
