package geo_test

import (
	"context"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/testdb"
)

func TestMain(m *testing.M) { os.Exit(testdb.Main(context.Background(), m)) }

// TestTransformAgreesWithPostGIS: 2,000 points of the region, there and back,
// to a tenth of a millimetre.
func TestTransformAgreesWithPostGIS(t *testing.T) {
	conn := testdb.New(t).Conn(t)
	r := rand.New(rand.NewPCG(3, 4))
	lons, lats := make([]float64, 2000), make([]float64, 2000)
	for i := range lons {
		lons[i], lats[i] = 94+3*r.Float64(), 2+5*r.Float64()
		if i%2 == 0 { // all Indonesia
			lons[i], lats[i] = 95+46*r.Float64(), -11+17*r.Float64()
		}
	}
	for _, c := range geo.CRSs() {
		rows, err := conn.Query(t.Context(), `select st_x(p), st_y(p), st_x(q), st_y(q) from (
				select n, st_transform(st_setsrid(st_makepoint(lon, lat), 4326), $3::int) p
				from unnest($1::float8[], $2::float8[]) with ordinality u(lon, lat, n)
			) f, lateral st_transform(p, 4326) q order by n`, lons, lats, c.SRID())
		if err != nil {
			t.Fatal(err)
		}
		var forward, inverse float64
		for i := 0; rows.Next(); i++ {
			var p, q orb.Point
			if err := rows.Scan(&p[0], &p[1], &q[0], &q[1]); err != nil {
				t.Fatal(err)
			}
			got, err := c.Forward(orb.Point{lons[i], lats[i]})
			if err != nil {
				t.Fatal(err)
			}
			back, err := c.Inverse(p)
			if err != nil {
				t.Fatal(err)
			}
			forward = max(forward, math.Hypot(got[0]-p[0], got[1]-p[1]))
			inverse = max(inverse, math.Hypot(back[0]-q[0], back[1]-q[1])*111_320)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		t.Logf("%v: forward %.2g, inverse %.2g m", c, forward, inverse)
		if forward > 1e-4 || inverse > 1e-4 {
			t.Errorf("%v: PostGIS differs by %g forward and %g m inverse", c, forward, inverse)
		}
	}
}

// TestIntersectsAgreesWithPostGIS asks ST_Intersects what
// TestIntersectsAgreesWithGEOS asks GEOS: PostGIS has short cuts of its own
// for points and boxes.
func TestIntersectsAgreesWithPostGIS(t *testing.T) {
	conn := testdb.New(t).Conn(t)
	r := rand.New(rand.NewPCG(5, 6))
	var boxes, shapes []string
	var got []bool
	for range 20_000 {
		b, g := randomCase(r)
		boxes, shapes = append(boxes, wkt.MarshalString(boxShape(b))), append(shapes, wkt.MarshalString(g))
		got = append(got, geo.Intersects(b, g))
	}
	rows, err := conn.Query(t.Context(), `select st_intersects(st_geomfromtext(b), st_geomfromtext(g))
		from unnest($1::text[], $2::text[]) with ordinality u(b, g, n) order by n`, boxes, shapes)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for ; rows.Next(); n++ {
		var want bool
		if err := rows.Scan(&want); err != nil {
			t.Fatal(err)
		}
		if got[n] != want {
			t.Errorf("%s and %s: %v, PostGIS says %v", boxes[n], shapes[n], got[n], want)
		}
	}
	if err := rows.Err(); err != nil || n != len(boxes) {
		t.Fatalf("%d answers, %v", n, err)
	}
}

// TestWrittenGeometryIsPostGIS: what AppendGeoJSON writes, ST_AsGeoJSON
// writes too, but for a last digit where a tie is rounded.
func TestWrittenGeometryIsPostGIS(t *testing.T) {
	conn := testdb.New(t).Conn(t)
	r := rand.New(rand.NewPCG(7, 8))
	different := 0
	for range 200 {
		_, g := randomCase(r)
		var text string
		if err := conn.QueryRow(t.Context(), "select st_asgeojson(st_geomfromtext($1), 9)", wkt.MarshalString(g)).Scan(&text); err != nil {
			t.Fatal(err)
		}
		if got := string(geo.AppendGeoJSON(nil, g, 9)); got != text {
			different++
			t.Logf("\n%s\n%s", got, text)
		}
	}
	if different > 2 {
		t.Errorf("%d of 200 are written differently", different)
	}
}
