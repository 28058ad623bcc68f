package postgis_test

import (
	"sync/atomic"
	"testing"

	"github.com/simtaru/simtaru/internal/plan"
)

// BenchmarkLoad reads 100,000 parcels, each with four corners and three values.
func BenchmarkLoad(b *testing.B) {
	db := withPark(b)
	db.Exec(b, `insert into plan.park (name, kind, trees, geom)
		select 'parcel ' || i, 'city', i, st_multi(st_makeenvelope(x, y, x + 0.0002, y + 0.0002, 4326))
		from (select i, 95 + (i % 300) * 0.0003 as x, 5 + (i / 300) * 0.0003 as y from generate_series(1, 100000) i) p`)
	var n atomic.Int64
	for b.Loop() {
		n.Store(0)
		_, err := db.Store.Load(b.Context(), []*plan.Layer{park()}, func(_ *plan.Layer, batch []*plan.Feature) error {
			n.Add(int64(len(batch)))
			return nil
		})
		if err != nil || n.Load() != 100000 {
			b.Fatalf("%d features, %v", n.Load(), err)
		}
	}
}

// BenchmarkInsert writes 1,000 parcels by one statement, with rules, history
// and change feed.
func BenchmarkInsert(b *testing.B) {
	db := withPark(b)
	conn := db.Conn(b)
	for b.Loop() {
		_, err := conn.Exec(b.Context(), `insert into plan.park (name, kind, trees, geom)
			select 'parcel ' || i, 'city', i, st_multi(st_makeenvelope(x, y, x + 0.0002, y + 0.0002, 4326))
			from (select i, 95 + (i % 300) * 0.0003 as x, 5 + (i / 300) * 0.0003 as y from generate_series(1, 1000) i) p`)
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkUpdate changes one value of one of 1,000 parcels at a time, each in
// a transaction of its own, as a planner's login does.
func BenchmarkUpdate(b *testing.B) {
	db := withPark(b)
	conn := db.Conn(b)
	for _, sql := range []string{
		`insert into plan.park (name, kind, trees, geom)
		select 'parcel ' || i, 'city', i, st_multi(st_makeenvelope(x, y, x + 0.0002, y + 0.0002, 4326))
		from (select i, 95 + (i % 300) * 0.0003 as x, 5 + (i / 300) * 0.0003 as y from generate_series(1, 1000) i) p`,
		"analyze plan.park",
		"set role simtaru_planner",
	} {
		if _, err := conn.Exec(b.Context(), sql); err != nil {
			b.Fatal(err)
		}
	}
	for _, c := range []struct{ name, sql string }{
		{"attribute", "update plan.park set trees = trees + 1 where id = $1"},
		{"geometry", "update plan.park set geom = st_translate(geom, 1e-7, 0) where id = $1"},
	} {
		b.Run(c.name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				if _, err := conn.Exec(b.Context(), c.sql, i%1000+1); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
