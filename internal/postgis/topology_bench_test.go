package postgis_test

import (
	"fmt"
	"io"
	"iter"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/demo"
	"github.com/simtaru/simtaru/internal/exchange"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/testdb"
)

// demoLayers is a database with layers of the demonstration city, checked.
func demoLayers(b *testing.B, ids ...string) (*testdb.DB, *plan.Catalog) {
	b.Helper()
	cat, err := catalog.Builtin()
	if err != nil {
		b.Fatal(err)
	}
	db := testdb.New(b)
	if _, err := db.Store.ApplyCatalog(b.Context(), cat); err != nil {
		b.Fatal(err)
	}
	made := demo.New(demo.Options{Scale: 1})
	for _, id := range ids {
		layer, _ := cat.Layer(id)
		session, err := db.Store.Begin(b.Context(), exchange.Target{Layer: layer, Actor: plan.Actor{Name: "demo", Role: plan.Admin}})
		if err != nil {
			b.Fatal(err)
		}
		next, stop := iter.Pull(made.Rows(id))
		defer stop()
		row := exchange.Row{Values: make([]any, len(layer.Fields))}
		bad := func(p *exchange.Problem) error { return p.Err() }
		err = session.Stage(b.Context(), func() (*exchange.Row, error) {
			r, ok := next()
			if !ok {
				return nil, io.EOF
			}
			row.Feature++
			row.Geometry = r.Geometry
			for i, f := range layer.Fields {
				row.Values[i] = r.Values[f.Name]
			}
			return &row, nil
		})
		if err == nil {
			err = session.Check(b.Context(), bad)
		}
		if err == nil {
			_, err = session.Insert(b.Context(), bad)
		}
		if err == nil {
			err = session.Commit(b.Context())
		}
		if err != nil {
			b.Fatal(err)
		}
		if err := session.Close(); err != nil {
			b.Fatal(err)
		}
	}
	for _, l := range cat.Layers() {
		if !l.Topology.IsZero() {
			if err := db.Store.CheckTopology(b.Context(), l, "checker", nil); err != nil {
				b.Fatal(err)
			}
		}
	}
	return db, cat
}

// BenchmarkCommit edits one zone of the demonstration city at a time, each in a
// transaction of its own, with the check of topology and without: a name, a
// corner moved by a metre and back (an overlap and a gap that come and go), the
// largest zone.
func BenchmarkCommit(b *testing.B) {
	db, _ := demoLayers(b, "boundary", "zoning")
	conn := db.Conn(b)
	if _, err := conn.Exec(b.Context(), "analyze"); err != nil {
		b.Fatal(err)
	}
	rows, err := conn.Query(b.Context(), "select id from plan.zoning where st_npoints(geom) between 5 and 60 order by md5(id::text) limit 200")
	if err != nil {
		b.Fatal(err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		b.Fatal(err)
	}
	var largest int64
	var vertices int
	if err := conn.QueryRow(b.Context(), "select id, st_npoints(geom) from plan.zoning order by 2 desc limit 1").Scan(&largest, &vertices); err != nil {
		b.Fatal(err)
	}
	b.Logf("the largest zone has %d vertices", vertices)
	const move = `update plan.zoning z set geom = st_multi(st_collect(array(
		select case when d.path[1] = 1 then (select st_makepolygon(st_setpoint(st_exteriorring(d.geom), 1, st_translate(st_pointn(st_exteriorring(d.geom), 2), %[1]g, %[1]g)),
			array(select st_exteriorring(r.geom) from st_dumprings(d.geom) r where r.path[1] > 0))) else d.geom end from st_dump(z.geom) d))) where id = $1`
	for _, check := range []string{"enable", "disable"} {
		if _, err := conn.Exec(b.Context(), "alter table simtaru.change "+check+" trigger topology_note"); err != nil {
			b.Fatal(err)
		}
		for _, edit := range []struct {
			name string
			sql  [2]string
			ids  []int64
		}{
			{"attribute", [2]string{"update plan.zoning set remark = 'x' where id = $1", "update plan.zoning set remark = 'y' where id = $1"}, ids},
			{"corner", [2]string{fmt.Sprintf(move, 1e-5), fmt.Sprintf(move, -1e-5)}, ids},
			{"largest", [2]string{fmt.Sprintf(move, 1e-6), fmt.Sprintf(move, -1e-6)}, []int64{largest}},
		} {
			b.Run(edit.name+"/topology="+check, func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					id := edit.ids[i/2%len(edit.ids)]
					if _, err := conn.Exec(b.Context(), edit.sql[i%2], id); err != nil {
						b.Fatal(err)
					}
				}
			})
			if due, err := db.Store.TopologyDue(b.Context()); err != nil || len(due) > 0 {
				b.Fatalf("a commit did not look: %+v, %v", due, err)
			}
		}
	}
}
