package postgis_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/simtaru/simtaru/internal/plan"
)

// TestIncrementalEqualsFull edits at random, as planners and as nobody would,
// and compares what the commits have found, one by one, with what a check of
// everything finds: the check must have nothing to change.
func TestIncrementalEqualsFull(t *testing.T) {
	for seed := range uint64(2) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { randomEdits(t, seed, 150) })
	}
}

func randomEdits(t *testing.T, seed uint64, edits int) {
	y := withTopology(t, zone("city", plan.Topology{}),
		zone("inner", plan.Topology{Coverage: true, ToleranceM2: 5, Within: "city"}),
		zone("free", plan.Topology{Coverage: true, ToleranceM2: 5}),
		zone("apart", plan.Topology{NoOverlap: true}))
	for i := range 3 {
		y.do(t, insert("city", i+1, rect(float64(10*i), 0, float64(10*i+10), 30)))
	}
	for i := range 36 {
		x, z := float64(i%6*5), float64(i/6*5)
		for _, l := range []string{"inner", "free", "apart"} {
			y.do(t, insert(l, i+1, rect(x, z, x+5, z+5)))
		}
	}
	y.want(t)
	y.do(t, "set simtaru.empty_update = 'on'")
	r := rand.New(rand.NewPCG(seed, 7))
	done, kinds := 0, map[string]int{}
	for done < edits {
		kind, err := y.randomEdit(t, r)
		var pg *pgconn.PgError
		if errors.As(err, &pg) && pg.Code == "23514" {
			continue // not a valid shape
		}
		if err != nil {
			t.Fatal(err)
		}
		done++
		kinds[kind]++
		if done%25 == 0 {
			y.compare(t, fmt.Sprintf("seed %d, after %d edits", seed, done))
		}
	}
	t.Logf("%v, %d issues at the end", kinds, len(y.issues(t)))
}

// compare checks everything again and fails if that has changed an issue or a
// fact. Gaps that touch in a point may be one or several, since computed points
// are only so exact; they are compared by their sum, and must touch no further.
func (y *topology) compare(t *testing.T, when string) {
	t.Helper()
	y.clean(t)
	mark := scan[int64](t, y.conn, "select coalesce(max(id), 0) from simtaru.change")
	before, touching := y.facts(t)
	y.check(t)
	after, touch := y.facts(t)
	if d := cmp.Diff(before, after, cmpopts.EquateApprox(0, 0.02)); d != "" {
		t.Fatalf("%s: facts (-found by commits +found by the check):\n%s", when, d)
	}
	if n := scan[int](t, y.conn, "select count(*) from simtaru.change where id > $1", mark); n > 0 && touching+touch == 0 {
		t.Fatalf("%s: the check changed %d issues", when, n)
	}
}

// fact is what the database knows of a layer; of a gap its area.
type fact struct {
	What string
	M2   float64
}

// facts lists what is known, gaps that touch as one, and says how many do.
func (y *topology) facts(t *testing.T) (all []fact, touching int) {
	t.Helper()
	const (
		pairs = `from simtaru.topology_fact a join simtaru.topology_fact b on a.layer = b.layer and a.kind = 'gap' and b.kind = 'gap' and a.id < b.id and st_dwithin(a.geom, b.geom, 1e-8)`
		wrong = `select count(*) from simtaru.topology_fact k join simtaru.topology_rule r using (layer)
			where k.kind = 'gap' and (k.issue is not null) <> (case when st_xmin(k.geom) > -180 then st_area(k.geom::geography) > r.tolerance_m2 else false end)
			or k.kind <> 'gap' and k.issue is null or k.issue not in (select id from plan.topology_issue)`
		facts = `select concat_ws(' ', layer, kind, feature_a, feature_b), 0 from simtaru.topology_fact where kind <> 'gap'
			union all
			select layer || case when min(st_xmin(geom)) <= -180 then ' world' else ' gap' end,
				case when min(st_xmin(geom)) > -180 then sum(case when st_xmin(geom) > -180 then st_area(geom::geography) end) else 0 end
			from (select layer, geom, st_clusterdbscan(geom, 1e-8, 1) over (partition by layer) as n from simtaru.topology_fact where kind = 'gap') g
			group by layer, n order by 1, 2`
	)
	if n := scan[int](t, y.conn, wrong); n > 0 {
		t.Fatalf("%d facts are shown that should not be, or are not", n)
	}
	if n := scan[int](t, y.conn, "select count(*) "+pairs+" where st_length(st_intersection(st_boundary(a.geom), st_buffer(b.geom, 1e-8))) > 1e-5"); n > 0 {
		t.Fatalf("%d gaps lie along each other", n)
	}
	rows, err := y.conn.Query(t.Context(), facts)
	if err != nil {
		t.Fatal(err)
	}
	if all, err = pgx.CollectRows(rows, pgx.RowToStructByPos[fact]); err != nil {
		t.Fatal(err)
	}
	return all, scan[int](t, y.conn, "select count(*) "+pairs)
}

// randomEdit makes one transaction of one to three changes of one layer.
func (y *topology) randomEdit(t *testing.T, r *rand.Rand) (string, error) {
	layer := []string{"inner", "inner", "free", "apart"}[r.IntN(4)]
	if r.IntN(12) == 0 {
		layer = "city"
	}
	kinds := []string{"vertex", "shift", "split", "delete", "draw", "merge", "fill", "cut", "restore"}
	kind := kinds[r.IntN(len(kinds))]
	err := pgx.BeginFunc(t.Context(), y.conn, func(tx pgx.Tx) error {
		for range 1 + r.IntN(3) {
			for _, sql := range randomChange(r, kind, layer) {
				if _, err := tx.Exec(t.Context(), sql); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return kind, err
}

func randomChange(r *rand.Rand, kind, layer string) []string {
	near := func() float64 { return r.Float64()*4 - 2 }
	one := fmt.Sprintf("(select id from plan.%s order by id offset %d limit 1)", layer, r.IntN(36))
	x, z := r.Float64()*28, r.Float64()*28
	table := "plan." + layer
	switch kind {
	case "vertex": // of one feature only
		return []string{fmt.Sprintf(`update %[1]s f set geom = g.geom from (
			select id, st_multi(st_makepolygon(st_setpoint(ring, 1 + %[2]d %% (st_npoints(ring) - 2), st_translate(st_pointn(ring, 2 + %[2]d %% (st_npoints(ring) - 2)), %[3]g, %[4]g)))) as geom
			from (select id, st_exteriorring(st_geometryn(geom, 1)) as ring from %[1]s where id = %[5]s) s) g where f.id = g.id`,
			table, r.IntN(9), near()/1e4, near()/1e4, one)}
	case "shift":
		return []string{fmt.Sprintf("update %s set geom = st_translate(geom, %g, %g) where id = %s", table, near()/1e4, near()/1e4, one)}
	case "split": // along a slanting line, which makes corners on a neighbour's edge
		half := poly(x, -50, x+near()*5, 80, 90, 80, 90, -50)
		return []string{
			fmt.Sprintf("insert into %[1]s (geom) select st_multi(st_intersection(geom, %[2]s)) from %[1]s where id = %[3]s and st_overlaps(geom, %[2]s)", table, half, one),
			fmt.Sprintf("update %[1]s set geom = st_multi(st_difference(geom, %[2]s)) where id = %[3]s and st_overlaps(geom, %[2]s)", table, half, one),
		}
	case "delete":
		return []string{fmt.Sprintf("delete from %s where id = %s", table, one)}
	case "draw":
		return []string{fmt.Sprintf("insert into %s (geom) values (%s)", table, poly(x, z, x+2+near()/2, z+near(), x+near(), z+3))}
	case "merge":
		pair := fmt.Sprintf("(select a.id as a, b.id as b, st_multi(st_union(a.geom, b.geom)) as geom from %[1]s a, %[1]s b where a.id = %[2]s and b.id <> a.id and st_intersects(a.geom, b.geom) and st_dimension(st_intersection(a.geom, b.geom)) > 0 order by b.id limit 1)", table, one)
		return []string{fmt.Sprintf("with p as %[1]s, d as (delete from %[2]s where id in (select b from p)) update %[2]s f set geom = p.geom from p where f.id = p.a", pair, table)}
	case "fill": // as a planner mends a gap
		return []string{fmt.Sprintf("insert into %s (geom) select geom from plan.topology_issue where layer = '%s' and kind = 'gap' order by id limit 1", table, layer)}
	case "cut": // as a planner mends an overlap
		return []string{fmt.Sprintf(`with o as (select i.feature_a as id, st_multi(st_difference(a.geom, b.geom)) as geom from plan.topology_issue i
			join %[1]s a on a.id = i.feature_a join %[1]s b on b.id = i.feature_b where i.layer = '%[2]s' and kind = 'overlap' order by i.id limit 1)
			update %[1]s f set geom = o.geom from o where f.id = o.id and st_dimension(o.geom) = 2 and not st_isempty(o.geom)`, table, layer)}
	default: // restore: as it was first
		return []string{fmt.Sprintf("update %s f set geom = h.geom from history.%s h where h.id = f.id and h.revision = 1 and f.id = %s", table, layer, one)}
	}
}
