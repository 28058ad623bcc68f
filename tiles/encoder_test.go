package tiles

import (
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
)

func shape(t testing.TB, g orb.Geometry) *Shape {
	t.Helper()
	s, err := NewShape(g)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func encode(t testing.TB, id ID, layers ...Layer) []decodedLayer {
	t.Helper()
	var e Encoder
	b, err := e.Append(nil, id, layers...)
	if err != nil {
		t.Fatal(err)
	}
	d, err := decode(b)
	if err != nil {
		t.Fatalf("tile %s: %v", id, err)
	}
	return d
}

// lonLat returns the position of a point of a tile's grid.
func lonLat(id ID, x, y float64) orb.Point {
	n := math.Ldexp(1, int(id.Z))
	return orb.Point{(float64(id.X)+x/Extent)/n*360 - 180, latitude((float64(id.Y) + y/Extent) / n)}
}

func gridRing(id ID, xy ...float64) orb.Ring {
	var r orb.Ring
	for i := 0; i < len(xy); i += 2 {
		r = append(r, lonLat(id, xy[i], xy[i+1]))
	}
	return append(r, r[0])
}

func one(f ...Feature) Layer {
	return Layer{Name: "a", Features: slices.Values(f)}
}

func TestEncodePolygon(t *testing.T) {
	id := ID{14, 12534, 7918}
	u := gridRing(id, -500, 100, 1000, 100, 1000, 200, -300, 200, -300, 300, 1000, 300, 1000, 400, -500, 400)
	hole := gridRing(id, 10, 110, 20, 110, 20, 120, 10, 120)
	around := gridRing(id, -500, -500, 5000, -500, 5000, 5000, -500, 5000)
	ring := gridRing(id, -70, -70, -70, 5000, 5000, 5000, 5000, -70)
	tests := map[string]struct {
		g        orb.Geometry
		area2    int64
		polygons []int // rings of each polygon
	}{
		"two prongs":       {orb.Polygon{u}, 2 * 2 * 1064 * 100, []int{1, 1}},
		"prongs, hole":     {orb.Polygon{u, hole}, 2*2*1064*100 - 200, []int{2, 1}},
		"all around":       {orb.Polygon{around}, 2 * 4224 * 4224, []int{1}},
		"hole all around":  {orb.Polygon{around, ring}, 0, nil},
		"square":           {orb.Polygon{hole}, 200, []int{1}},
		"bound":            {hole.Bound(), 200, []int{1}},
		"outside":          {orb.Polygon{gridRing(id, 5000, 0, 6000, 0, 6000, 100)}, 0, nil},
		"corner, not near": {orb.Polygon{gridRing(id, -4000, 1, -4000, -4000, 1, -4000)}, 0, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := encode(t, id, one(Feature{ID: 7, Shape: shape(t, tt.g)}))
			if tt.polygons == nil {
				if len(d) != 0 {
					t.Fatalf("got %v, want nothing", d)
				}
				return
			}
			f := d[0].features[0]
			var got []int
			for _, p := range f.polygons {
				got = append(got, len(p))
			}
			slices.Sort(got)
			slices.Sort(tt.polygons)
			if f.area2() != tt.area2 || !slices.Equal(got, tt.polygons) {
				t.Errorf("got area %d, polygons %v; want %d, %v\n%v", f.area2(), got, tt.area2, tt.polygons, f.parts)
			}
		})
	}
}

func TestEncodeLineAndPoint(t *testing.T) {
	id := ID{14, 12534, 7918}
	line := orb.LineString{lonLat(id, -500, 100), lonLat(id, 500, 100), lonLat(id, 500, -500), lonLat(id, 700, -500), lonLat(id, 700, 10)}
	d := encode(t, id,
		Layer{Name: "line", Features: slices.Values([]Feature{{ID: 1, Shape: shape(t, line)}})},
		Layer{Name: "none", Features: slices.Values([]Feature{{ID: 1, Shape: shape(t, orb.Point{0, 0})}})},
		Layer{
			Name: "point", Keys: []string{"unused", "name", "n", "x", "y", "b"},
			Features: slices.Values([]Feature{{ID: 2, Shape: shape(t, orb.MultiPoint{lonLat(id, 5, 6), lonLat(id, 4161, 0), lonLat(id, 4160, 7)}), Data: "masjid"}}),
			Tags: func(f Feature, t Tags) {
				t.String(1, f.Data.(string))
				t.Int(2, -3)
				t.Float(3, 0.5)
				t.Float(4, 0.1)
				t.Bool(5, true)
			},
		},
	)
	if len(d) != 2 {
		t.Fatalf("got %d layers, want 2", len(d))
	}
	want := [][]point{{{-64, 100}, {500, 100}, {500, -64}}, {{700, -64}, {700, 10}}}
	if got := d[0].features[0].parts; !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("line: got %v, want %v", got, want)
	}
	f := d[1].features[0]
	if !slices.Equal(f.parts[0], []point{{5, 6}, {4160, 7}}) {
		t.Errorf("points: got %v", f.parts)
	}
	for k, v := range map[string]any{"name": "masjid", "n": int64(-3), "x": float32(0.5), "y": 0.1, "b": true} {
		if f.tags[k] != v {
			t.Errorf("tag %s: got %#v, want %#v", k, f.tags[k], v)
		}
	}
	if len(f.tags) != 5 {
		t.Errorf("got tags %v", f.tags)
	}
}
