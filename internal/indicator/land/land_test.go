package land_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"github.com/simtaru/simtaru/internal/indicator/land"
	"github.com/simtaru/simtaru/internal/testdb"
)

func TestMain(m *testing.M) { os.Exit(testdb.Main(context.Background(), m)) }

// star is a simple ring around a point, so that its interior is what it seems.
func star(r *rand.Rand, at orb.Point, size float64, n int) orb.Ring {
	ring := make(orb.Ring, 0, n+1)
	for i := range n {
		a := 2 * math.Pi * (float64(i) + 0.8*r.Float64()) / float64(n)
		d := size * (0.3 + 0.7*r.Float64())
		ring = append(ring, orb.Point{at[0] + d*math.Cos(a), at[1] + d*math.Sin(a)})
	}
	return append(ring, ring[0])
}

// alone is the meter of a measurement that shares its work with no other.
func alone() *land.Meter { return (*land.Budget)(nil).Meter() }

func square(west, south, east, north float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}}}
}

func plain(set int, g orb.MultiPolygon) land.Piece {
	return land.Piece{Geometry: g, Set: set, Factor: math.NaN()}
}

func divide(t *testing.T, u land.Unit, pieces []land.Piece, rules ...land.Rule) land.Division {
	t.Helper()
	d, err := land.Divide(t.Context(), u, pieces, rules, alone())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// same allows for what overlays round: their corners, not the areas.
func same(a, b float64) bool { return math.Abs(a-b) <= 1e-8*math.Max(math.Abs(a), math.Abs(b))+1e-3 }

// PostGIS does the same by overlays, which shares nothing with the sweep. It
// takes edges for geodesics, so they are cut into short ones, where the two
// lines are one.
func TestDivideAgreesWithPostGIS(t *testing.T) {
	conn := testdb.New(t).Conn(t)
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 7))
		place := func() orb.Point { return orb.Point{95.3 + 0.02*r.Float64(), 5.5 + 0.02*r.Float64()} }
		unit := orb.MultiPolygon{{star(r, orb.Point{95.31, 5.51}, 0.01, 3+r.IntN(40))}}
		neighbour := orb.MultiPolygon{{star(r, place(), 0.006, 12)}}
		var pieces []land.Piece
		sets := make([]orb.Collection, 3)
		for range r.IntN(25) {
			set := r.IntN(3)
			p := orb.Polygon{star(r, place(), 0.001+0.006*r.Float64(), 3+r.IntN(30))}
			if r.IntN(3) == 0 {
				p = append(p, star(r, centre(p[0]), 1e-5, 5))
			}
			pieces = append(pieces, plain(set, orb.MultiPolygon{p}))
			sets[set] = append(sets[set], p)
		}
		got := divide(t, land.Unit{Geometry: unit, Before: []orb.MultiPolygon{neighbour}}, pieces,
			land.Rule{Set: 0, Within: -1}, land.Rule{Set: 1, Within: 2}, land.Rule{Set: 1, Within: -1}, land.Rule{Set: 2, Within: -1})
		args := []any{wkt.MarshalString(unit), wkt.MarshalString(neighbour)}
		for _, s := range sets {
			args = append(args, wkt.MarshalString(s))
		}
		var want [10]float64
		row := conn.QueryRow(t.Context(), `
			with raw as (select st_geomfromtext($1, 4326) u, st_geomfromtext($2, 4326) n,
			    st_unaryunion(st_geomfromtext($3, 4326)) a, st_unaryunion(st_geomfromtext($4, 4326)) b, st_unaryunion(st_geomfromtext($5, 4326)) c),
			parts as (select u, n, 1 k, u g from raw
			  union all select u, n, 2, st_intersection(u, a) from raw
			  union all select u, n, 3, st_intersection(u, st_difference(st_intersection(b, c), a)) from raw
			  union all select u, n, 4, st_intersection(u, st_difference(st_difference(b, c), a)) from raw
			  union all select u, n, 5, st_intersection(u, st_difference(st_difference(c, a), b)) from raw)
			select `+areas()+` from parts`, args...)
		if err := row.Scan(&want[0], &want[1], &want[2], &want[3], &want[4], &want[5], &want[6], &want[7], &want[8], &want[9]); err != nil {
			t.Fatal(err)
		}
		all := []land.Area{got.Unit}
		for _, p := range got.Parts {
			all = append(all, p.Area)
			if p.Plain != p.Area || p.Factored != (land.Area{}) {
				t.Errorf("seed %d: nothing has a factor, got %+v", seed, p)
			}
		}
		for i, a := range all {
			if !same(a.All, want[2*i]) || !same(a.Own, want[2*i+1]) {
				t.Errorf("seed %d, part %d: %.4f and %.4f m2, PostGIS has %.4f and %.4f", seed, i, a.All, a.Own, want[2*i], want[2*i+1])
			}
		}
	}
}

func areas() (sql string) {
	for k := 1; k <= 5; k++ {
		if k > 1 {
			sql += ", "
		}
		sql += fmt.Sprintf("sum(st_area(st_segmentize(g, 2e-5)::geography)) filter (where k = %d), sum(st_area(st_segmentize(st_difference(g, n), 2e-5)::geography)) filter (where k = %[1]d)", k)
	}
	return sql
}

func centre(r orb.Ring) orb.Point {
	var c orb.Point
	for _, p := range r[1:] {
		c[0] += p[0] / float64(len(r)-1)
		c[1] += p[1] / float64(len(r)-1)
	}
	return c
}

func TestMeasureAgreesWithPostGIS(t *testing.T) {
	conn := testdb.New(t).Conn(t)
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 3))
		at := orb.Point{-179 + 358*r.Float64(), -70 + 140*r.Float64()}
		g := orb.MultiPolygon{{star(r, at, 0.01, 20)}, {star(r, orb.Point{at[0] + 0.05, at[1]}, 0.004, 9)}}
		var want float64
		if err := conn.QueryRow(t.Context(), "select st_area(st_segmentize(st_geomfromtext($1, 4326), 2e-5)::geography)", wkt.MarshalString(g)).Scan(&want); err != nil {
			t.Fatal(err)
		}
		if got := land.Measure(g); !same(got, want) {
			t.Errorf("seed %d at %v: %.4f m2, PostGIS has %.4f", seed, at, got, want)
		}
		d := divide(t, land.Unit{Geometry: g}, nil)
		if got := land.Measure(g); math.Abs(d.Unit.All-got) > 1e-4 {
			t.Errorf("seed %d: divided %.6f m2, measured %.6f", seed, d.Unit.All, got)
		}
	}
}

func TestLandIsCountedOnce(t *testing.T) {
	u := land.Unit{Geometry: square(95.3, 5.5, 95.31, 5.51)}
	whole := land.Measure(u.Geometry)
	half := square(95.3, 5.5, 95.305, 5.51)
	hole := orb.MultiPolygon{append(orb.Polygon{}, u.Geometry[0][0], square(95.302, 5.502, 95.304, 5.504)[0][0])}
	one := land.Rule{Set: 0, Within: -1}
	for name, tt := range map[string]struct {
		pieces []land.Piece
		want   float64
	}{
		"nothing":               {nil, 0},
		"twice the same":        {[]land.Piece{plain(0, half), plain(0, half)}, whole / 2},
		"side by side":          {[]land.Piece{plain(0, half), plain(0, square(95.305, 5.5, 95.31, 5.51))}, whole},
		"corner to corner":      {[]land.Piece{plain(0, square(95.3, 5.5, 95.305, 5.505)), plain(0, square(95.305, 5.505, 95.31, 5.51))}, whole / 2},
		"across the border":     {[]land.Piece{plain(0, square(95.305, 5.4, 95.4, 5.6))}, whole / 2},
		"around the unit":       {[]land.Piece{plain(0, square(95, 5, 96, 6))}, whole},
		"outside":               {[]land.Piece{plain(0, square(95.31, 5.5, 95.32, 5.51)), plain(0, square(95.2, 5.5, 95.3, 5.51)), plain(0, square(95.3, 5.51, 95.31, 5.52))}, 0},
		"with a hole":           {[]land.Piece{plain(0, hole)}, whole * (1 - 0.04)},
		"the hole filled":       {[]land.Piece{plain(0, hole), plain(0, square(95.302, 5.502, 95.304, 5.504))}, whole},
		"without any area":      {[]land.Piece{plain(0, orb.MultiPolygon{{{{95.301, 5.501}, {95.309, 5.501}, {95.301, 5.501}}}})}, 0},
		"an empty multipolygon": {[]land.Piece{plain(0, nil)}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			d := divide(t, u, tt.pieces, one)
			if got := d.Parts[0].All; math.Abs(got-tt.want) > 1e-5*whole {
				t.Errorf("%.3f m2, want %.3f", got, tt.want)
			}
			if math.Abs(d.Unit.All-whole) > 1e-4 {
				t.Errorf("the unit has %.5f m2, want %.5f", d.Unit.All, whole)
			}
		})
	}
}

func TestAUnitWithoutLand(t *testing.T) {
	d := divide(t, land.Unit{}, []land.Piece{plain(0, square(95, 5, 96, 6))}, land.Rule{Set: 0, Within: -1})
	if d.Unit != (land.Area{}) || d.Parts[0] != (land.Part{}) {
		t.Errorf("%+v", d)
	}
}

// The first piece at a place gives its factor, and land without one is plain.
func TestFactors(t *testing.T) {
	u := land.Unit{Geometry: square(95.3, 5.5, 95.31, 5.51)}
	whole := land.Measure(u.Geometry)
	d := divide(t, u, []land.Piece{
		{Geometry: square(95.3, 5.5, 95.305, 5.51), Factor: 3},
		{Geometry: square(95.3, 5.5, 95.3075, 5.51), Factor: math.NaN()},
		{Geometry: u.Geometry, Factor: 2},
	}, land.Rule{Set: 0, Within: -1})
	p := d.Parts[0]
	if math.Abs(p.Factored.All-(3*0.5+2*0.25)*whole) > 1e-3 || math.Abs(p.Plain.All-0.25*whole) > 1e-3 || math.Abs(p.All-whole) > 1e-3 {
		t.Errorf("%+v of %.3f m2", p, whole)
	}
}

// What lies far from the unit must not move its figures by a bit: values that
// are computed again after an edit are those of a full computation.
func TestWhatLiesEastAndWestDoesNotMatter(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	u := land.Unit{Geometry: orb.MultiPolygon{{star(r, orb.Point{95.31, 5.51}, 0.01, 24)}}}
	var pieces []land.Piece
	for range 12 {
		pieces = append(pieces, plain(r.IntN(2), orb.MultiPolygon{{star(r, orb.Point{95.3 + 0.02*r.Float64(), 5.5 + 0.02*r.Float64()}, 0.004, 9)}}))
	}
	rules := []land.Rule{{Set: 1, Within: 0}, {Set: 0, Within: -1}, {Set: 1, Within: -1}}
	first := divide(t, u, pieces, rules...)
	if again := divide(t, u, pieces, rules...); fmt.Sprint(again) != fmt.Sprint(first) {
		t.Errorf("another result of the same input: %v and %v", again, first)
	}
	north := append(pieces[:len(pieces):len(pieces)], plain(0, square(95.3, 5.6, 95.4, 5.7)), plain(1, square(95.4, 5.5, 95.5, 5.51)))
	if again := divide(t, u, north, rules...); math.Abs(again.Parts[1].All-first.Parts[1].All) > 1e-6 {
		t.Errorf("%.9f and %.9f", again.Parts[1].All, first.Parts[1].All)
	}
}

// comb has n teeth that reach across the unit.
func comb(n int, flip bool) orb.MultiPolygon {
	ring := make(orb.Ring, 0, 2*n+3)
	for i := range n {
		a, b := float64(i)/float64(n), (float64(i)+0.5)/float64(n)
		ring = append(ring, orb.Point{a, 1e-9 * float64(i)}, orb.Point{b, 0.999 + 1e-9*float64(i)})
	}
	ring = append(ring, orb.Point{1, 0}, orb.Point{1, -0.01}, orb.Point{0, -0.01})
	ring = append(ring, ring[0])
	if flip {
		for i := range ring {
			ring[i][0], ring[i][1] = ring[i][1], ring[i][0]
		}
	}
	return orb.MultiPolygon{{ring}}
}

// leaning is a zigzag from the south to the north of the unit, whose edges all
// lean to one side.
func leaning(n int, by float64) orb.MultiPolygon {
	ring := make(orb.Ring, 0, 2*n+1)
	for i := range n {
		ring = append(ring, orb.Point{float64(i) / float64(n), 0}, orb.Point{(float64(i)+0.5)/float64(n) + by, 1})
	}
	return orb.MultiPolygon{{append(ring, ring[0])}}
}

func TestHostileEdgesEnd(t *testing.T) {
	u := land.Unit{Geometry: square(0, 0, 1, 1)}
	pieces := []land.Piece{plain(0, comb(20000, false)), plain(1, comb(20000, true))}
	m := alone()
	_, err := land.Divide(t.Context(), u, pieces, []land.Rule{{Set: 0, Within: 1}}, m)
	if !errors.Is(err, land.ErrTooEntangled) || errors.Is(err, land.ErrNoneLeft) {
		t.Error(err)
	}
	if m.Done() > 12_000_000 {
		t.Errorf("%d edges are looked at", m.Done())
	}
	// The rows to come are counted beforehand where all edges cross at one go.
	m = alone()
	_, err = land.Divide(t.Context(), u, []land.Piece{plain(0, leaning(3000, 0.5)), plain(1, leaning(3000, -0.5))}, []land.Rule{{Set: 0, Within: 1}}, m)
	if !errors.Is(err, land.ErrTooEntangled) || m.Done() > 3_000_000 {
		t.Errorf("%v after %d edges", err, m.Done())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := land.Divide(ctx, u, pieces, nil, alone()); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// Measurements that share a budget fail when it is used up, whatever they measure,
// but for those that need no more than is free.
func TestBudget(t *testing.T) {
	u := land.Unit{Geometry: square(0, 0, 1, 1)}
	big := comb(2000, false)
	line := make(orb.LineString, 0, 20001)
	for i := range cap(line) {
		line = append(line, orb.Point{float64(i%2) * 2, float64(i) / 20000})
	}
	for name, measure := range map[string]func(m *land.Meter) error{
		"land": func(m *land.Meter) error {
			_, err := land.Divide(t.Context(), u, []land.Piece{plain(0, big)}, []land.Rule{{Set: 0, Within: -1}}, m)
			return err
		},
		"lines": func(m *land.Meter) error {
			_, err := land.Length(u, orb.MultiLineString{line}, m)
			return err
		},
		"reach": func(m *land.Meter) error { return land.NewReach(300, m).Add(1, big) },
		"near": func(m *land.Meter) error {
			r := land.NewReach(300, m)
			err := r.Add(1, comb(500, false))
			for range 500 {
				if err == nil {
					_, err = r.Near(orb.Point{0.5, 0.5})
				}
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := alone()
			if err := measure(m); err != nil {
				t.Fatal(err)
			}
			if m.Done() < 100_000 {
				t.Fatalf("%d is not much", m.Done())
			}
			for _, b := range []struct {
				free, together int
				want           error
			}{{0, m.Done() - 50_000, land.ErrNoneLeft}, {m.Done() - 50_001, 0, land.ErrNoneLeft}, {m.Done(), 0, nil}, {0, m.Done() + 50_000, nil}} {
				if err := measure(land.NewBudget(b.free, b.together).Meter()); !errors.Is(err, b.want) {
					t.Errorf("%d free and %d together of %d: %v", b.free, b.together, m.Done(), err)
				}
			}
			shared := land.NewBudget(0, m.Done()+50_000)
			if err := measure(shared.Meter()); err != nil {
				t.Error(err)
			}
			if err := measure(shared.Meter()); !errors.Is(err, land.ErrNoneLeft) || !errors.Is(err, land.ErrTooEntangled) {
				t.Errorf("the second: %v", err)
			}
		})
	}
}

func BenchmarkDivide(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	u := land.Unit{Geometry: orb.MultiPolygon{{star(r, orb.Point{95.31, 5.51}, 0.01, 300)}}}
	var pieces []land.Piece
	for i := range 200 {
		pieces = append(pieces, plain(i%2, orb.MultiPolygon{{star(r, orb.Point{95.3 + 0.02*r.Float64(), 5.5 + 0.02*r.Float64()}, 0.001, 15)}}))
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := land.Divide(b.Context(), u, pieces, []land.Rule{{Set: 0, Within: -1}, {Set: 1, Within: -1}}, alone()); err != nil {
			b.Fatal(err)
		}
	}
}
