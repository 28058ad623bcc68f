package tiles

import (
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func TestParseID(t *testing.T) {
	for _, s := range [][3]string{{"0", "0", "0"}, {"20", "1048575", "1048575"}, {"14", "12534", "7918"}} {
		id, err := ParseID(s[0], s[1], s[2])
		if err != nil || id.String() != s[0]+"/"+s[1]+"/"+s[2] {
			t.Errorf("%v: got %v, %v", s, id, err)
		}
	}
	for _, s := range [][3]string{
		{"1", "2", "0"},
		{"1", "0", "2"},
		{"0", "1", "0"},
		{"21", "0", "0"},
		{"-1", "0", "0"},
		{"1", "+1", "0"},
		{"1", "01", "0"},
		{"1", "", "0"},
		{"1", " 1", "0"},
		{"1", "1e0", "0"},
		{"1", "0x1", "0"},
		{"1", "1_0", "0"},
		{"33", "0", "0"},
		{"2", "4294967296", "0"},
		{"2", "18446744073709551616", "0"},
		{"２", "0", "0"},
		{"1.0", "0", "0"},
		{"256", "0", "0"},
	} {
		if id, err := ParseID(s[0], s[1], s[2]); err == nil {
			t.Errorf("%q: got %v, want an error", s, id)
		}
	}
}

func drawID(t *rapid.T) ID {
	z := rapid.Uint8Range(0, MaxZoom).Draw(t, "z")
	last := uint32(1)<<z - 1
	return ID{z, rapid.Uint32Range(0, last).Draw(t, "x"), rapid.Uint32Range(0, last).Draw(t, "y")}
}

func TestIDProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := drawID(t)
		if !id.Valid() {
			t.Fatalf("%v is not valid", id)
		}
		b := id.Bound()
		if got := slices.Collect(Cover(b, id.Z)); !slices.Equal(got, []ID{id}) {
			t.Fatalf("the bound of %v is covered by %v", id, got)
		}
		if got := slices.Collect(Cover(b, id.Parent().Z)); !slices.Equal(got, []ID{id.Parent()}) {
			t.Fatalf("the bound of %v is covered by %v, not its parent", id, got)
		}
		if id.Z < MaxZoom {
			for c := range Cover(b, id.Z+1) {
				if c.Parent() != id {
					t.Fatalf("%v has the child %v", id, c)
				}
			}
			if n := len(slices.Collect(Cover(b, id.Z+1))); n != 4 {
				t.Fatalf("%v has %d children", id, n)
			}
		}
		r := id.Reach()
		if !(r.Min[0] <= b.Min[0] && r.Min[1] < b.Min[1] && r.Max[0] >= b.Max[0] && r.Max[1] > b.Max[1]) {
			t.Fatalf("%v: reach %v does not hold %v", id, r, b)
		}
	})
}

// TestReachHoldsAll: whatever shows in a tile is found by its reach.
func TestReachHoldsAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := drawID(t)
		f := newFrame(id)
		b := id.Bound()
		w, h := b.Max[0]-b.Min[0], b.Max[1]-b.Min[1]
		p := orb.Point{
			min(max(b.Min[0]+w*rapid.Float64Range(-0.02, 1.02).Draw(t, "lon"), -180), 180),
			min(max(b.Min[1]+h*rapid.Float64Range(-0.02, 1.02).Draw(t, "lat"), -90), 90),
		}
		if f.point(project(p[0], p[1])).beyond() == 0 && !id.Reach().Contains(p) {
			t.Fatalf("%v shows in %v, which reaches %v", p, id, id.Reach())
		}
	})
}

func TestReachAtThePoles(t *testing.T) {
	for _, p := range []orb.Point{{0, 90}, {180, 90}, {-180, -90}, {0, -89}, {180, 0}, {-180, 0}} {
		v := project(p[0], p[1])
		id := tileAt(v, 12)
		if !id.Reach().Contains(p) {
			t.Errorf("%v is drawn in %v, which reaches %v", p, id, id.Reach())
		}
		d := encode(t, id, one(Feature{ID: 1, Shape: shape(t, p)}))
		if len(d) != 1 {
			t.Errorf("%v is not in %v", p, id)
		}
	}
}

func TestCover(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	bound := func(w, s, e, n float64) orb.Bound { return orb.Bound{Min: orb.Point{w, s}, Max: orb.Point{e, n}} }
	tests := map[string]struct {
		b    orb.Bound
		zoom uint8
		want []ID
	}{
		"world":              {bound(-180, -90, 180, 90), 1, []ID{{1, 0, 0}, {1, 1, 0}, {1, 0, 1}, {1, 1, 1}}},
		"more than world":    {bound(-400, -100, 400, 100), 0, []ID{{0, 0, 0}}},
		"antimeridian":       {bound(179, -1, -179, -0.5), 2, []ID{{2, 3, 2}, {2, 0, 2}}},
		"point":              {bound(10, 10, 10, 10), 3, []ID{{3, 4, 3}}},
		"point, east edge":   {bound(180, 0, 180, 0), 1, []ID{{1, 1, 1}}},
		"point, origin":      {bound(0, 0, 0, 0), 1, []ID{{1, 1, 1}}},
		"ends on a border":   {bound(-90, 1, 0, 2), 1, []ID{{1, 0, 0}}},
		"north of Mercator":  {bound(1, 87, 2, 89), 1, []ID{{1, 1, 0}}},
		"empty":              {bound(1, 2, 3, 1), 5, nil},
		"outside":            {bound(181, 1, 190, 2), 5, nil},
		"beyond the pole":    {bound(1, 91, 2, 92), 5, nil},
		"not a number":       {bound(nan, 1, 2, 3), 5, nil},
		"not a number north": {bound(1, 1, 2, nan), 5, nil},
		"not finite":         {bound(-inf, -inf, inf, inf), 0, []ID{{0, 0, 0}}},
		"zoom too high":      {bound(1, 1, 2, 2), 21, nil},
		"top zoom":           {bound(179.9999, -85.06, 180, -85.05112), 20, []ID{{20, 1<<20 - 1, 1<<20 - 1}}},
	}
	for name, tt := range tests {
		got := slices.Collect(Cover(tt.b, tt.zoom))
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %v, want %v", name, got, tt.want)
		}
	}
	for range Cover(bound(-180, -90, 180, 90), 20) {
		break // may be left early
	}
}

// TestProject: positions come back to the same unit, and to the position within
// half a unit.
func TestProject(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := Vertex{rapid.Uint32().Draw(t, "x"), rapid.Uint32().Draw(t, "y")}
		lon, lat := unproject(v)
		if got := project(lon, lat); got != v {
			t.Fatalf("%v -> %v, %v -> %v", v, lon, lat, got)
		}
		b := Box{Min: v, Max: v}.Bound()
		if !b.Contains(orb.Point{lon, lat}) {
			t.Fatalf("%v does not hold %v, %v", b, lon, lat)
		}
	})
}
