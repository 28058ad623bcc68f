package network_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"github.com/simtaru/simtaru/internal/evac/network"
	"github.com/simtaru/simtaru/internal/testdb"
)

// town is Maumere's network, and its edges in the table edge of PostGIS.
func town(t *testing.T) (*network.Network, *pgx.Conn) {
	t.Helper()
	n := network.New(maumere(t), network.Options{})
	conn := testdb.New(t).Conn(t)
	var lines [][]byte
	for i := range n.Edges {
		g, err := wkb.Marshal(n.Edges[i].Line)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, g)
	}
	_, err := conn.Exec(t.Context(), `create temp table edge as
		select i - 1 as id, ST_GeomFromWKB(g, 4326) as g from unnest($1::bytea[]) with ordinality as e (g, i)`, lines)
	if err != nil {
		t.Fatal(err)
	}
	return n, conn
}

func TestLengthsAreThoseOfPostGIS(t *testing.T) {
	n, conn := town(t)
	rows, err := conn.Query(t.Context(), "select ST_Length(g::geography) from edge order by id")
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := pgx.CollectRows(rows, pgx.RowTo[float64])
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range theirs {
		if got := n.Edges[i].Length; math.Abs(got-want) > 1e-6*want+1e-4 {
			t.Errorf("edge %d has %.6f m, PostGIS %.6f", i, got, want)
		}
	}
}

// TestLocateIsThatOfPostGIS asks segment by segment: of a whole geography
// ST_Distance misses the nearest vertex of some lines.
func TestLocateIsThatOfPostGIS(t *testing.T) {
	n, conn := town(t)
	if _, err := conn.Exec(t.Context(), "create temp table segment as select id, (ST_DumpSegments(g)).geom from edge"); err != nil {
		t.Fatal(err)
	}
	anything := &network.Profile{Travel: network.OnFoot, Speeds: map[string]float64{network.UnknownClass: 1}}
	r := rand.New(rand.NewPCG(7, 7))
	for range 40 {
		p := orb.Point{122.13 + 0.2*r.Float64(), -8.70 + 0.15*r.Float64()}
		rows, err := conn.Query(t.Context(), `
			select min(ST_Distance(geom::geography, ST_SetSRID(ST_MakePoint($1, $2), 4326)::geography)) as d
			from segment group by id order by d limit 4`, p[0], p[1])
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := pgx.CollectRows(rows, pgx.RowTo[float64])
		if err != nil {
			t.Fatal(err)
		}
		within := (theirs[2] + theirs[3]) / 2
		ours := n.Locate(network.Nearby{Point: p, Within: within, Most: 10, Profile: anything})
		want := 3
		if theirs[3]-theirs[2] < 0.1 { // two edges from one node are as far
			want = len(ours)
		}
		if len(ours) != want {
			t.Fatalf("%v: %d places, PostGIS has them at %v m", p, len(ours), theirs)
		}
		for i := range min(want, 3) {
			if math.Abs(ours[i].Distance-theirs[i]) > 0.02+5e-5*theirs[i] {
				t.Errorf("%v: place %d is %.3f m away, PostGIS has %.3f", p, i, ours[i].Distance, theirs[i])
			}
		}
	}
}

// TestCoverIsThatOfPostGIS cuts a town's roads by the hazard zones of a tsunami.
func TestCoverIsThatOfPostGIS(t *testing.T) {
	n, conn := town(t)
	text, err := os.ReadFile(shared(t, "maumere/tsunami_polygon_Maumere.geojson"))
	if err != nil {
		t.Fatal(err)
	}
	var zones struct {
		Features []struct {
			Geometry struct {
				Type        string
				Coordinates json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(text, &zones); err != nil {
		t.Fatal(err)
	}
	met, metres := 0, 0.0
	for i := 0; i < len(zones.Features); i++ {
		var g orb.MultiPolygon
		z := zones.Features[i].Geometry
		switch z.Type {
		case "Polygon":
			g = make(orb.MultiPolygon, 1)
			err = json.Unmarshal(z.Coordinates, &g[0])
		case "MultiPolygon":
			err = json.Unmarshal(z.Coordinates, &g)
		default:
			t.Fatalf("zone %d is a %s", i, z.Type)
		}
		if err != nil {
			t.Fatal(err)
		}
		shape, err := wkb.Marshal(g)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := conn.Query(t.Context(), `
			select id, ST_Length(ST_Intersection(g, z)::geography)
			from edge, (select ST_GeomFromWKB($1, 4326) as z) zone where ST_IsValid(z) and ST_Intersects(g, z)`, shape)
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct {
			Edge   uint32
			Metres float64
		}])
		if err != nil {
			t.Fatal(err)
		}
		ours := map[uint32]float64{}
		for _, c := range n.Cover(g, 0, nil) {
			ours[c.Edge] += c.To - c.From
		}
		for _, want := range theirs {
			if got, ok := ours[want.Edge]; !ok || math.Abs(got-want.Metres) > 1e-3 {
				t.Errorf("zone %d covers %.4f m of edge %d (%v), PostGIS has %.4f", i, got, want.Edge, ok, want.Metres)
			}
			met++
			metres += want.Metres
			delete(ours, want.Edge)
		}
		for e, m := range ours {
			if len(theirs) > 0 && m > 1e-3 {
				t.Errorf("zone %d covers %.4f m of edge %d, PostGIS nothing", i, m, e)
			}
		}
	}
	t.Logf("%d edges met, %.0f m", met, metres)
	if met < 80 || metres < 2500 {
		t.Errorf("only %d edges met, %.0f m", met, metres)
	}
}

// TestToleranceIsThatOfPostGIS asks of places along edges how far they are from
// a shape.
func TestToleranceIsThatOfPostGIS(t *testing.T) {
	n, conn := town(t)
	r := rand.New(rand.NewPCG(3, 3))
	// Around a road, so that something is met.
	spot := func() orb.Point {
		l := n.Edges[r.IntN(len(n.Edges))].Line
		p := l[r.IntN(len(l))]
		return orb.Point{p[0] + 60*metre*(r.Float64()-0.5), p[1] + 60*metre*(r.Float64()-0.5)}
	}
	beside := func(p orb.Point) orb.Point {
		return orb.Point{p[0] + 400*metre*(r.Float64()-0.5), p[1] + 400*metre*(r.Float64()-0.5)}
	}
	asked, inside := 0, 0
	for i := range 24 {
		p := spot()
		var shape orb.Geometry
		switch i % 4 {
		case 0:
			shape = p
		case 1:
			shape = orb.LineString{p, beside(p), beside(p)}
		case 2:
			shape = orb.Polygon{{p, beside(p), beside(p), p}}
		case 3:
			shape = orb.Collection{orb.MultiPoint{p, spot()}, orb.MultiLineString{{beside(p), beside(p)}}}
		}
		const tolerance = 20
		ours := map[uint32][]network.Covered{}
		for _, c := range n.Cover(shape, tolerance, nil) {
			ours[c.Edge] = append(ours[c.Edge], c)
		}
		g, err := wkb.Marshal(shape)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := conn.Query(t.Context(), `
			select id, share, ST_Distance(ST_LineInterpolatePoint(g, share)::geography, z::geography)
			from edge, (select ST_GeomFromWKB($1, 4326) as z) shape, lateral (select i / 200.0 as share from generate_series(0, 200) i) at
			where ST_Intersects(ST_Expand(z, 0.001), g)`, g)
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct {
			Edge            uint32
			Share, Distance float64
		}])
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range theirs {
			if math.Abs(at.Distance-tolerance) < 0.2 {
				continue // a share in degrees is not quite one in m
			}
			covered := false
			for _, c := range ours[at.Edge] {
				m := at.Share * n.Edges[at.Edge].Length
				covered = covered || c.From-0.1 <= m && m <= c.To+0.1
			}
			asked++
			if covered {
				inside++
			}
			if covered != (at.Distance < tolerance) {
				t.Fatalf("%v: %.3f of edge %d is %.3f m away, covered: %v", shape, at.Share, at.Edge, at.Distance, covered)
			}
		}
	}
	if inside < 100 || asked < 2000 {
		t.Errorf("only %d places of %d were within", inside, asked)
	}
}

func TestCoverHeedsLevels(t *testing.T) {
	n := network.New(drawn(road(0, 0, 100, 0), bridge(50, -50, 50, 50), route(0, 0, 100, 0)), network.Options{})
	at := line(50, 0)[0]
	for level, want := range map[int]int64{0: 1, 1: 2} {
		c := n.Cover(at, 5, &level)
		if len(c) != 1 || n.Edges[c[0].Edge].Feature().ID != want || math.Abs(c[0].From-45) > 0.01 || math.Abs(c[0].To-55) > 0.01 {
			t.Errorf("level %d: %+v", level, c)
		}
	}
	if c := n.Cover(at, 5, nil); len(c) != 2 {
		t.Errorf("on any level: %+v", c)
	}
	if c := n.Cover(nil, 5, nil); c != nil {
		t.Errorf("by nothing: %+v", c)
	}
	// A line across a road, without a tolerance, closes it.
	c := n.Cover(line(20, -5, 20, 5), 0, nil)
	if len(c) != 1 || c[0].To-c[0].From > 1e-6 || math.Abs(c[0].From-20) > 0.01 {
		t.Errorf("a line across: %+v", c)
	}
	// Two areas that touch make one stretch.
	box := func(x0, x1 float64) orb.Polygon {
		return orb.Polygon{orb.Ring(line(x0, -5, x1, -5, x1, 5, x0, 5, x0, -5))}
	}
	level := 0
	if c := n.Cover(orb.MultiPolygon{box(10, 20), box(20, 30), box(60, 70)}, 0, &level); len(c) != 2 || math.Abs(c[0].To-30) > 0.01 {
		t.Errorf("areas that touch: %+v", c)
	}
}
