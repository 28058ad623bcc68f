package network_test

import (
	"context"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/tidwall/rtree"

	"github.com/simtaru/simtaru/internal/evac/network"
	"github.com/simtaru/simtaru/internal/testdb"
)

func TestMain(m *testing.M) { os.Exit(testdb.Main(context.Background(), m)) }

// TestNodesAreThoseOfPostGIS compares with ST_Node, which knows no decks and no
// tolerance, and draws once what lies on one another.
func TestNodesAreThoseOfPostGIS(t *testing.T) {
	conn := testdb.New(t).Conn(t)
	window := orb.Bound{Min: orb.Point{106.80, -6.21}, Max: orb.Point{106.83, -6.18}}
	for name, all := range map[string][]*network.Feature{"maumere": maumere(t), "a part of jakarta": slices.DeleteFunc(jakarta(t), func(f *network.Feature) bool {
		return !window.Intersects(f.Geometry.Bound())
	})} {
		t.Run(name, func(t *testing.T) {
			lines := make([][]byte, 0, len(all))
			for _, f := range all {
				g, err := wkb.Marshal(f.Geometry)
				if err != nil {
					t.Fatal(err)
				}
				lines = append(lines, g)
			}
			rows, err := conn.Query(t.Context(), `
				with edge as materialized (
					select (ST_Dump(ST_Node(ST_Collect(g)))).geom as g
					from unnest($1::bytea[]) line, lateral (select (ST_Dump(ST_GeomFromWKB(line, 4326))).geom as g) part)
				select distinct ST_X(p), ST_Y(p), (select sum(ST_Length(g::geography)) from edge), (select count(*) from edge)
				from (select ST_StartPoint(g) as p from edge union all select ST_EndPoint(g) from edge) node`, lines)
			if err != nil {
				t.Fatal(err)
			}
			var metres float64
			var edges int
			theirs, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p orb.Point, err error) {
				err = row.Scan(&p[0], &p[1], &metres, &edges)
				return p, err
			})
			if err != nil {
				t.Fatal(err)
			}
			n := network.New(all, network.Options{Snap: 0.011})
			r := n.Report()
			double := 0.0
			for _, o := range r.Overlaps {
				double += o.Metres
			}
			t.Logf("%d roads: %d nodes, %d edges, %d of them double, %.1f m; PostGIS %d nodes, %d edges, %.1f m", len(all), r.Nodes, r.Edges, len(r.Overlaps), r.Metres-double, len(theirs), edges, metres)
			for _, miss := range [][]orb.Point{without(theirs, n.Nodes), without(n.Nodes, theirs)} {
				if len(miss) > 0 {
					t.Errorf("%d nodes are only here: %v", len(miss), miss[:min(5, len(miss))])
				}
			}
			if math.Abs(r.Metres-double-metres) > 1e-6*metres {
				t.Errorf("%.3f m of edges, PostGIS has %.3f", r.Metres-double, metres)
			}
			if len(all) < 100 || len(theirs) < 200 {
				t.Errorf("only %d roads and %d nodes were compared", len(all), len(theirs))
			}
		})
	}
}

// without lists the points of which none of others is within 2 cm.
func without(points, others []orb.Point) (alone []orb.Point) {
	var index rtree.RTreeG[struct{}]
	for _, p := range others {
		index.Insert(p, p, struct{}{})
	}
	const r = 0.02 * metre
	for _, p := range points {
		found := false
		index.Search([2]float64{p[0] - r, p[1] - r}, [2]float64{p[0] + r, p[1] + r}, func(_, _ [2]float64, _ struct{}) bool {
			found = true
			return false
		})
		if !found {
			alone = append(alone, p)
		}
	}
	return alone
}
