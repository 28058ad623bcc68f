package demo

import (
	"context"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb/encoding/ewkb"

	"github.com/simtaru/simtaru/internal/testdb"
)

func TestMain(m *testing.M) { os.Exit(testdb.Main(context.Background(), m)) }

// PostGIS says the same of the city as our own arithmetic: all geometries are
// valid and simple, zones neither overlap nor leave a gap, and lie in one
// village each; parcels, buildings and slums do not overlap.
func TestPostGISAgrees(t *testing.T) {
	ctx := t.Context()
	db, err := pgx.Connect(ctx, testdb.New(t).DSN)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(ctx)
	loadCity(t, db, usual())
	const overlapping = `select count(*) from city a join city b on a.geom && b.geom and a.n < b.n
		where a.layer = $1 and b.layer = $1 and st_relate(a.geom, b.geom, '2********')`
	for _, q := range []struct {
		name, sql string
		args      []any
		want      int
	}{
		{"invalid or not simple", `select count(*) from city where not st_isvalid(geom) or not st_issimple(geom)`, nil, 0},
		{"zones overlap", overlapping, []any{"zoning"}, 0},
		{"villages overlap", overlapping, []any{"boundary"}, 0},
		{"parcels overlap", overlapping, []any{"parcel"}, 0},
		{"buildings overlap", overlapping, []any{"building"}, 0},
		{"slum areas overlap", overlapping, []any{"slum_area"}, 0},
		{"zones outside their village", `select count(*) from city z where layer = 'zoning' and not exists
			(select from city v where v.layer = 'boundary' and v.geom && z.geom and st_covers(v.geom, z.geom))`, nil, 0},
		{"rings of the zones' union", `select st_nrings(st_union(geom)) from city where layer = 'zoning'`, nil, 1},
		{"zones' area off their union's", `select count(*) from (select st_area(st_union(geom)) whole, sum(st_area(geom)) parts
			from city where layer = 'zoning') x where abs(whole - parts) > 1e-9 * parts`, nil, 0},
		{"zones and villages differ", `select count(*) from (select st_area(st_symdifference(
			(select st_union(geom) from city where layer = 'zoning'), (select st_union(geom) from city where layer = 'boundary'))) a) x where a <> 0`, nil, 0},
	} {
		var got int
		if err := db.QueryRow(ctx, q.sql, q.args...).Scan(&got); err != nil {
			t.Errorf("%s: %v", q.name, err)
		} else if got != q.want {
			t.Errorf("%s: %d, want %d", q.name, got, q.want)
		}
	}
}

// loadCity puts all geometries into the temporary table city.
func loadCity(t *testing.T, db *pgx.Conn, c *City) {
	t.Helper()
	ctx := t.Context()
	exec := func(sql string) {
		t.Helper()
		if _, err := db.Exec(ctx, sql); err != nil {
			t.Fatal(err)
		}
	}
	// Through text: the driver knows no geometry.
	exec(`create temp table raw (layer text, n int, geom text)`)
	for _, layer := range c.Layers() {
		var rows [][]any
		for row := range c.Rows(layer) {
			b, err := ewkb.MarshalToHex(row.Geometry, 4326)
			if err != nil {
				t.Fatal(err)
			}
			rows = append(rows, []any{layer, len(rows), b})
		}
		if _, err := db.CopyFrom(ctx, pgx.Identifier{"raw"}, []string{"layer", "n", "geom"}, pgx.CopyFromRows(rows)); err != nil {
			t.Fatal(err)
		}
	}
	exec(`create temp table city as select layer, n, geom::geometry from raw`)
	exec(`create index on city using gist (geom)`)
	exec(`analyze city`)
}
