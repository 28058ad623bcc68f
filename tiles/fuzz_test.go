package tiles

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/paulmach/orb"
)

// drawing turns bytes into features: any sequence is some drawing, on a coarse
// grid over and around a tile, so that vertices, edges and borders meet often.
func drawing(data []byte, id ID) []orb.Geometry {
	var all []orb.Geometry
	var mp orb.MultiPolygon
	var ring orb.Ring
	end := func() {
		if ring != nil {
			if mp == nil {
				mp = orb.MultiPolygon{nil}
			}
			mp[len(mp)-1] = append(mp[len(mp)-1], ring)
			ring = nil
		}
	}
	flush := func(kind byte) {
		end()
		if mp == nil {
			return
		}
		switch kind % 4 {
		case 0:
			var ml orb.MultiLineString
			for _, p := range mp {
				for _, r := range p {
					ml = append(ml, orb.LineString(r))
				}
			}
			all = append(all, ml)
		case 1:
			var pts orb.MultiPoint
			for _, p := range mp {
				for _, r := range p {
					pts = append(pts, r...)
				}
			}
			all = append(all, pts)
		default:
			all = append(all, mp)
		}
		mp = nil
	}
	for len(data) >= 2 {
		a, b := data[0], data[1]
		data = data[2:]
		switch {
		case a >= 252:
			flush(b)
		case a >= 246:
			end()
			if mp != nil {
				mp = append(mp, nil)
			}
		case a >= 236:
			end()
		default:
			// Every 64 units, from -1024 on, or one unit beside such a line.
			x, y := float64(a)*26-1024, float64(b)*26-1024
			if a%13 == 0 {
				x = math.Round(x/64)*64 + float64(b%3) - 1
			}
			ring = append(ring, lonLat(id, x, y))
		}
	}
	flush(2)
	return all
}

// FuzzEncode: whatever is drawn, nothing panics, a tile decodes and obeys the
// specification, no part leaves the clip border, and the bytes do not depend on
// the order in which a coverage comes.
func FuzzEncode(f *testing.F) {
	f.Add([]byte("\x30\x30\x60\x30\x60\x60\x30\x60\xff\x02\x40\x40\x50\x40\x50\x50"), uint8(14))
	f.Add([]byte("\x10\x10\xe0\x10\xe0\xe0\x10\xe0\xf0\x00\x20\x20\x20\xd0\xd0\xd0\xd0\x20\xfc\x02\x20\x20\xd0\x20\xd0\xd0\x20\xd0"), uint8(3))
	f.Add([]byte("\x00\x00\x10\xff\x20\x00\x30\xff\x40\x00\xfc\x00\x11\x22\x33\x44\xfc\x01"), uint8(20))
	f.Fuzz(func(t *testing.T, data []byte, zoom uint8) {
		z := zoom % (MaxZoom + 1)
		id := tileAt(cityCentre, z)
		var items []Item
		for i, g := range drawing(data, id) {
			s, err := NewShape(g)
			if err != nil {
				continue // beyond the world at low zooms
			}
			items = append(items, Item{ID: uint64(i + 1), Shape: s})
		}
		for _, coverage := range []bool{false, true} {
			if zoom >= 128 || coverage {
				Generalise(items, coverage)
			}
			l := coverageLayer(items)
			if !coverage {
				l.Find = nil
			}
			got := checkTile(t, id, l)
			if coverage {
				turned := make([]Item, len(items))
				for i, it := range items {
					turned[len(items)-1-i] = it
				}
				if again := checkTile(t, id, coverageLayer(turned)); string(again) != string(got) {
					t.Fatal("the order of features changes the tile")
				}
			}
		}
	})
}

func checkTile(t *testing.T, id ID, l Layer) []byte {
	var e Encoder
	b, err := e.Append(nil, id, l)
	if err != nil {
		t.Fatal(err)
	}
	d, err := decode(b)
	if err != nil {
		t.Fatalf("tile %s: %v", id, err)
	}
	for _, l := range d {
		for _, f := range l.features {
			for _, part := range f.parts {
				for _, p := range part {
					if p.beyond() != 0 {
						t.Fatalf("feature %d goes to %v", f.id, p)
					}
				}
			}
		}
	}
	return b
}

// FuzzNewShape: any ordinates give a shape or an error, and shapes keep to their
// promises.
func FuzzNewShape(f *testing.F) {
	ordinates := func(fs ...float64) []byte {
		var b []byte
		for _, v := range fs {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
		return b
	}
	f.Add(ordinates(0, 0, 1, 0, 1, 1, 0, 0), uint8(0))
	f.Add(ordinates(-180, -90, 180, -90, 180, 90, -180, 90), uint8(1))
	f.Add(ordinates(math.NaN(), 1, math.Inf(1), 1e-300), uint8(2))
	f.Fuzz(func(t *testing.T, data []byte, kind uint8) {
		var ps []orb.Point
		for ; len(data) >= 16; data = data[16:] {
			ps = append(ps, orb.Point{
				math.Float64frombits(binary.LittleEndian.Uint64(data)),
				math.Float64frombits(binary.LittleEndian.Uint64(data[8:])),
			})
		}
		gs := []orb.Geometry{orb.Polygon{ps}, orb.LineString(ps), orb.MultiPoint(ps), orb.Polygon{ps, ps}, orb.Ring(ps)}
		s, err := NewShape(gs[int(kind)%len(gs)])
		if err != nil {
			return
		}
		for i := range s.parts() {
			from, to, _ := s.part(i)
			vs := s.coords[from:to]
			for _, v := range vs {
				if !s.box.Contains(v) {
					t.Fatalf("%v is not in %v", v, s.box)
				}
			}
			if s.kind == Polygon && (len(vs) < 3 || vs[0] == vs[len(vs)-1] || i == 0 && ringArea(vs) <= 0 || i > 0 && ringArea(vs) >= 0) {
				t.Fatalf("ring %d is %v with area %v", i, vs, ringArea(vs))
			}
			if s.kind == Line && len(vs) < 2 {
				t.Fatalf("line %d is %v", i, vs)
			}
		}
		if s.minZoom > FullDetail {
			t.Fatalf("min zoom %d", s.minZoom)
		}
		Generalise([]Item{{1, s}}, true)
		checkTile(t, ID{}, coverageLayer([]Item{{1, s}}))
	})
}
