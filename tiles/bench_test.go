package tiles

import (
	"iter"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"
)

// parcels returns n quadrilaterals that share corners; width in world units.
func parcels(t testing.TB, n int, width float64) []Item {
	side := 1
	for side*side < n {
		side++
	}
	at := func(i, j int) orb.Point {
		rng := rand.New(rand.NewPCG(uint64(i), uint64(j)))
		off := func(k int) float64 { return width * (float64(k) - float64(side)/2 + 0.2*rng.Float64()) }
		lon, lat := unproject(Vertex{uint32(float64(cityCentre.X) + off(i)), uint32(float64(cityCentre.Y) + off(j))})
		return orb.Point{lon, lat}
	}
	var items []Item
	for j := 0; len(items) < n; j++ {
		for i := 0; i < side && len(items) < n; i++ {
			r := orb.Ring{at(i, j), at(i+1, j), at(i+1, j+1), at(i, j+1), at(i, j)}
			items = append(items, Item{ID: uint64(len(items) + 1), Shape: shape(t, orb.MultiPolygon{{r}})})
		}
	}
	return items
}

// zones returns about n polygons of about 60 vertices without a gap between them.
func zones(t testing.TB, n int) []Item {
	side := 1
	for side*side < n {
		side++
	}
	p := newPlanar(rand.New(rand.NewPCG(7, 7)), side)
	return p.coverage(t)
}

func BenchmarkGeneraliseParcels(b *testing.B) {
	items := parcels(b, 100_000, 2300)
	b.ReportAllocs()
	for b.Loop() {
		Generalise(items, false)
	}
}

func BenchmarkGeneraliseZones(b *testing.B) {
	items := zones(b, 12_500)
	n := 0
	for _, it := range items {
		n += it.Shape.Len()
	}
	b.ReportAllocs()
	for b.Loop() {
		Generalise(items, true)
	}
	b.ReportMetric(float64(n), "vertices")
	b.ReportMetric(float64(len(items)), "features")
}

func BenchmarkNewShape(b *testing.B) {
	ring := gridRing(ID{16, 50137, 31700}, 0, 0, 90, 0, 90, 130, 0, 130)
	g := orb.MultiPolygon{{ring}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := NewShape(g); err != nil {
			b.Fatal(err)
		}
	}
}

func parcelLayer(items []Item) Layer {
	names := [2]string{"milik", "sewa"}
	fs := make([]Feature, len(items))
	for i, it := range items {
		fs[i] = Feature{ID: it.ID, Shape: it.Shape}
	}
	return Layer{
		Name: "parcel", Keys: []string{"status", "size"}, Features: slices.Values(fs),
		Tags: func(f Feature, t Tags) {
			t.String(0, names[f.ID&1])
			t.Int(1, int64(f.ID%100))
		},
	}
}

func benchmarkEncode(b *testing.B, id ID, l Layer) {
	var e Encoder
	var dst []byte
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if dst, err = e.Append(dst[:0], id, l); err != nil {
			b.Fatal(err)
		}
	}
	if d, err := decode(dst); err != nil {
		b.Fatal(err)
	} else if len(d) > 0 {
		n = len(d[0].features)
	}
	b.ReportMetric(float64(n), "features")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(max(1, n)), "ns/feature")
	b.ReportMetric(float64(len(dst)), "B/tile")
}

func tileAt(v Vertex, z uint8) ID { return ID{z, v.X >> (32 - z), v.Y >> (32 - z)} }

func BenchmarkEncodeParcelsZ12(b *testing.B) {
	items := parcels(b, 50_000, 2300)
	Generalise(items, false)
	benchmarkEncode(b, tileAt(cityCentre, 12), parcelLayer(items))
}

func BenchmarkEncodeParcelsZ16(b *testing.B) {
	items := parcels(b, 400, 2300)
	Generalise(items, false)
	id := tileAt(cityCentre, 16)
	var in []Item
	f := newFrame(id)
	for _, it := range items {
		if f.place(it.Shape.box) != outside {
			in = append(in, it)
		}
	}
	benchmarkEncode(b, id, parcelLayer(in))
}

func BenchmarkEncodeZones(b *testing.B) {
	items := zones(b, 12_500)
	Generalise(items, true)
	layer := coverageLayer(items)
	for _, z := range []uint8{10, 12, 14, 16} {
		id := tileAt(cityCentre, z)
		f := newFrame(id)
		var in []Item
		for _, it := range items {
			if f.place(it.Shape.box) != outside {
				in = append(in, it)
			}
		}
		l := coverageLayer(in)
		l.Find = layer.Find
		b.Run("z"+string(rune('0'+z/10))+string(rune('0'+z%10)), func(b *testing.B) { benchmarkEncode(b, id, l) })
	}
}

// BenchmarkUpdate edits a zone of a large coverage again and again; the road
// between the zones is one polygon with half of all vertices.
func BenchmarkUpdate(b *testing.B) {
	for name, items := range map[string][]Item{"zones": zones(b, 12_500), "parcels": parcels(b, 100_000, 2300)} {
		Generalise(items, name == "zones")
		var tree rtree.RTreeG[int]
		for i, it := range items {
			lo, hi := it.Shape.box.Min, it.Shape.box.Max
			tree.Insert([2]float64{float64(lo.X), float64(lo.Y)}, [2]float64{float64(hi.X), float64(hi.Y)}, i)
		}
		search := func(box Box) iter.Seq[Item] {
			return func(yield func(Item) bool) {
				tree.Search([2]float64{float64(box.Min.X), float64(box.Min.Y)}, [2]float64{float64(box.Max.X), float64(box.Max.Y)},
					func(_, _ [2]float64, i int) bool { return yield(items[i]) })
			}
		}
		b.Run(name, func(b *testing.B) {
			i := len(items) / 2
			for b.Loop() {
				i = (i + 1) % len(items)
				if items[i].ID == 1 {
					continue // the road
				}
				edits := []Edit{{ID: items[i].ID, Before: items[i].Shape, After: fresh(b, items[i].Shape, stay)}}
				if n := len(Update(edits, name == "zones", search)); n == 0 {
					b.Fatal("nothing came back")
				}
			}
		})
	}
}
