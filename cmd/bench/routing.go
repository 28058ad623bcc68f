package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac/cch"
	"github.com/simtaru/simtaru/internal/evac/cch/routingkit"
)

// country is the road graph of Luxembourg with its reference queries, all that
// the section routing works on.
type country struct {
	graph            cch.Graph
	at               []orb.Point
	weights, lengths map[string][]uint32 // by metric
	sources, targets []uint32
}

var routingMetrics = []string{"travel_time", "geo_distance"}

func readCountry(dir string) (c country, err error) {
	c.weights, c.lengths = map[string][]uint32{}, map[string][]uint32{}
	read := func(name string) []uint32 {
		v, e := routingkit.Uint32s(dir, name)
		err = errors.Join(err, e)
		return v
	}
	c.graph = cch.Graph{FirstOut: read("first_out"), Head: read("head")}
	c.sources, c.targets = read("source_node"), read("target_node")
	for _, m := range routingMetrics {
		c.weights[m], c.lengths[m] = read(m), read("query_reference_"+m+"_length")
	}
	lon, e := routingkit.Float32s(dir, "longitude")
	err = errors.Join(err, e)
	lat, e := routingkit.Float32s(dir, "latitude")
	if err = errors.Join(err, e); err != nil {
		return c, err
	}
	for v := range lon {
		c.at = append(c.at, orb.Point{float64(lon[v]), float64(lat[v])})
	}
	return c, nil
}

// routing measures the contraction hierarchy on the roads of Luxembourg, one
// goroutine, beside a plain Dijkstra in the same process and pgRouting on the
// same graph.
func (b *bench) routing(ctx context.Context) error {
	dir := filepath.Join(b.o.shared, "luxembourg")
	c, err := readCountry(dir)
	if errors.Is(err, fs.ErrNotExist) {
		fmt.Printf("\nrouting left out: %v (see --shared)\n", err)
		return nil
	}
	if err != nil {
		return err
	}
	fmt.Printf("\nrouting, Luxembourg: %d nodes, %d arcs, one goroutine\n", c.graph.Nodes(), len(c.graph.Head))
	h, err := c.prepare()
	if err != nil {
		return err
	}
	var yardsticks []yardstick
	for _, metric := range routingMetrics {
		y, err := c.questions(h, metric)
		if err != nil {
			return err
		}
		yardsticks = append(yardsticks, y)
	}
	return b.pgRouting(ctx, c, yardsticks[0])
}

// timed runs do some times and returns how long each took.
func timed(times int, do func() error) (sample, error) {
	var s sample
	for range times {
		start := time.Now()
		if err := do(); err != nil {
			return nil, err
		}
		s = append(s, time.Since(start))
	}
	return s, nil
}

// prepare measures what is done once for a graph.
func (c country) prepare() (h *cch.Hierarchy, err error) {
	var order cch.Order
	ordered, err := timed(3, func() (err error) { order, err = cch.NewOrder(c.graph, c.at); return err })
	if err != nil {
		return nil, err
	}
	contracted, err := timed(5, func() (err error) { h, err = cch.New(c.graph, order); return err })
	if err != nil {
		return nil, err
	}
	// As after an edit: ten nodes in the middle of the list are new.
	now := make([]uint32, len(order))
	for v := range now {
		now[v] = uint32(v)
	}
	for v := range 10 {
		now[len(now)/2+v] = cch.None
	}
	again, err := timed(5, func() error { _, err := cch.Reorder(c.graph, c.at, h.Order(), now); return err })
	if err != nil {
		return nil, err
	}
	fmt.Printf("order %.0f ms   after an edit %.1f ms   contraction %.1f ms to %d arcs   (medians of 3, 5, 5)\n",
		ms(ordered.median()), ms(again.median()), ms(contracted.median()), h.Arcs())
	return h, nil
}

// questions measures a metric, from its making to every kind of question, and
// returns what a plain Dijkstra takes for a way.
func (c country) questions(h *cch.Hierarchy, name string) (yardstick, error) {
	weights := c.weights[name]
	var m *cch.Metric
	customized, err := timed(15, func() (err error) { m, err = h.Customize(weights); return err })
	if err != nil {
		return yardstick{}, err
	}
	y := c.dijkstra(weights)
	q := h.NewQuery()
	fmt.Printf("%s\n", name)
	fmt.Printf("  customisation       median %6.1f ms   of 15   (aim under 150 ms)\n", ms(customized.median()))
	if err := c.closures(q, m, weights); err != nil {
		return y, err
	}
	c.ways(q, m, c.lengths[name], y)
	return y, c.shelters(q, m, y)
}

// ways asks all reference queries, first for lengths, then for paths.
func (c country) ways(q *cch.Query, m *cch.Metric, want []uint32, y yardstick) {
	var lengths, paths sample
	var arcs []uint32
	exact, count := 0, 0
	for i, source := range c.sources {
		start := time.Now()
		length := q.Length(m, cch.At(source), cch.At(c.targets[i]))
		lengths = append(lengths, time.Since(start))
		if length == want[i] {
			exact++
		}
	}
	for i, source := range c.sources {
		start := time.Now()
		arcs = q.Path(m, cch.At(source), cch.At(c.targets[i]), arcs[:0]).Arcs
		paths = append(paths, time.Since(start))
		count += len(arcs)
	}
	fmt.Printf("  length              median %6.1f us   p99 %.1f us   Dijkstra %.0f times as long   %d of %d exact\n",
		us(lengths.median()), us(lengths.quantile(0.99)), ratio(y.path, lengths.median()), exact, len(c.sources))
	fmt.Printf("  with path           median %6.1f us   p99 %.1f us   %d arcs on average   (aim median under 100 us)\n",
		us(paths.median()), us(paths.quantile(0.99)), count/len(c.sources))
}

// places are 200 that stand for shelters.
func (c country) places() []cch.Place {
	places := make([]cch.Place, 200)
	for i := range places {
		places[i] = cch.At(c.targets[i])
	}
	return places
}

// shelters asks from everywhere for the nearest of them.
func (c country) shelters(q *cch.Query, m *cch.Metric, y yardstick) error {
	places := c.places()
	var reach cch.Reach
	swept, err := timed(15, func() error { q.Sweep(m, cch.To, places, &reach); return nil })
	if err != nil {
		return err
	}
	var targets *cch.Targets
	prepared, err := timed(15, func() error { targets = q.NewTargets(m, places); return nil })
	if err != nil {
		return err
	}
	var nearest, rows sample
	var near []cch.Target
	var row []uint32
	for _, source := range c.sources[:10_000] {
		start := time.Now()
		near = q.Nearest(targets, cch.At(source), 3, near[:0])
		nearest = append(nearest, time.Since(start))
		if len(near) > 0 && near[0].Length != reach.Length[source] {
			return fmt.Errorf("the nearest of %d is %d away, by a sweep %d", source, near[0].Length, reach.Length[source])
		}
	}
	for _, source := range c.sources[:1000] {
		start := time.Now()
		row = q.Lengths(targets, cch.At(source), row[:0])
		rows = append(rows, time.Since(start))
	}
	fmt.Printf("  sweep, 200 shelters median %6.2f ms   Dijkstra %.0f times as long   (aim under 80 ms)\n", ms(swept.median()), ratio(y.sweep, swept.median()))
	fmt.Printf("  3 nearest of 200    median %6.1f us   a row of the matrix %.1f us   prepared in %.1f ms\n", us(nearest.median()), us(rows.median()), ms(prepared.median()))
	return nil
}

// closures closes 500 arcs one by one, each in the middle of a shortest path,
// and opens them in another order.
func (c country) closures(q *cch.Query, m *cch.Metric, weights []uint32) (err error) {
	var closed, opened sample
	var shut []uint32
	for i := 0; len(shut) < 500; i++ {
		p := q.Path(m, cch.At(c.sources[i]), cch.At(c.targets[i]), nil)
		if len(p.Arcs) == 0 {
			continue
		}
		shut = append(shut, p.Arcs[len(p.Arcs)/2])
		start := time.Now()
		if m, err = m.Update([]cch.Change{{Arc: shut[len(shut)-1], Weight: cch.Inf}}); err != nil {
			return err
		}
		closed = append(closed, time.Since(start))
	}
	r := rand.New(rand.NewPCG(1, 6))
	r.Shuffle(len(shut), func(i, j int) { shut[i], shut[j] = shut[j], shut[i] })
	for _, a := range shut {
		start := time.Now()
		if m, err = m.Update([]cch.Change{{Arc: a, Weight: weights[a]}}); err != nil {
			return err
		}
		opened = append(opened, time.Since(start))
	}
	fmt.Printf("  one arc closed      median %6.2f ms   p99 %.2f ms   opened again %.2f ms, p99 %.2f ms   (aim under 5 ms)\n",
		ms(closed.median()), ms(closed.quantile(0.99)), ms(opened.median()), ms(opened.quantile(0.99)))
	return nil
}

// yardstick is what a plain Dijkstra takes: the median of 200 ways, and of 5
// sweeps from all shelters.
type yardstick struct{ path, sweep time.Duration }

func (c country) dijkstra(weights []uint32) yardstick {
	d := cch.NewDijkstra(c.graph)
	var paths, sweeps sample
	for i := range 200 {
		start := time.Now()
		d.Length(weights, cch.At(c.sources[i]), c.targets[i])
		paths = append(paths, time.Since(start))
	}
	all := slices.Concat(c.places()...)
	for range 5 {
		start := time.Now()
		d.Lengths(weights, all)
		sweeps = append(sweeps, time.Since(start))
	}
	return yardstick{paths.median(), sweeps.median()}
}

// pgRouting asks the extension of PostgreSQL on the same graph.
func (b *bench) pgRouting(ctx context.Context, c country, y yardstick) error {
	if _, err := b.pool.Exec(ctx, "create extension if not exists pgrouting"); err != nil {
		fmt.Printf("pgRouting left out: %v (scripts/install --test installs it)\n", err)
		return nil
	}
	defer b.pool.Exec(context.WithoutCancel(ctx), "drop table if exists bench_arc")
	if _, err := b.pool.Exec(ctx, "drop table if exists bench_arc; create table bench_arc (id bigint primary key, source bigint, target bigint, cost float8)"); err != nil {
		return err
	}
	weights := c.weights[routingMetrics[0]]
	var rows [][]any
	for v := range c.graph.Nodes() {
		for a := c.graph.FirstOut[v]; a < c.graph.FirstOut[v+1]; a++ {
			rows = append(rows, []any{int64(a), int64(v), int64(c.graph.Head[a]), float64(weights[a])})
		}
	}
	if _, err := b.pool.CopyFrom(ctx, pgx.Identifier{"bench_arc"}, []string{"id", "source", "target", "cost"}, pgx.CopyFromRows(rows)); err != nil {
		return err
	}
	if _, err := b.pool.Exec(ctx, "analyze bench_arc"); err != nil {
		return err
	}
	agree := 0
	var paths sample
	for i := range 20 {
		var length float64
		start := time.Now()
		if err := b.pool.QueryRow(ctx, "select coalesce(sum(cost), $3) from pgr_dijkstra('select id, source, target, cost from bench_arc', $1::bigint, $2::bigint)",
			int64(c.sources[i]), int64(c.targets[i]), float64(cch.Inf)).Scan(&length); err != nil {
			return err
		}
		paths = append(paths, time.Since(start))
		if length == float64(c.lengths[routingMetrics[0]][i]) || c.sources[i] == c.targets[i] {
			agree++
		}
	}
	var shelters []int64
	for _, s := range c.places() {
		shelters = append(shelters, int64(s[0].Node))
	}
	swept, err := timed(3, func() error {
		_, err := b.pool.Exec(ctx, "select count(*) from pgr_drivingDistance('select id, target as source, source as target, cost from bench_arc', $1::bigint[], 1e12, true, true)", shelters)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Printf("beside them, %s\n", routingMetrics[0])
	fmt.Printf("  plain Dijkstra      median %6.1f ms   sweep %.0f ms\n", ms(y.path), ms(y.sweep))
	fmt.Printf("  pgr_dijkstra        median %6.0f ms   pgr_drivingDistance from 200 %.0f ms   %d of 20 lengths as in the reference   (medians of 20, 3)\n",
		ms(paths.median()), ms(swept.median()), agree)
	return nil
}

func us(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 }

func ratio(slow, fast time.Duration) float64 { return float64(slow) / float64(fast) }
