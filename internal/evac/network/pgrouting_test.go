package network_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac/cch"
	"github.com/simtaru/simtaru/internal/evac/network"
	"github.com/simtaru/simtaru/internal/testdb"
)

// router is a network's graph with weights, as the hierarchy answers from it.
type router struct {
	graph   cch.Graph
	weights []uint32
	query   *cch.Query
	metric  *cch.Metric
}

func newRouter(t testing.TB, g cch.Graph, at []orb.Point, weights []uint32) *router {
	t.Helper()
	order, err := cch.NewOrder(g, at)
	if err != nil {
		t.Fatal(err)
	}
	h, err := cch.New(g, order)
	if err != nil {
		t.Fatal(err)
	}
	m, err := h.Customize(weights)
	if err != nil {
		t.Fatal(err)
	}
	return &router{g, slices.Clone(weights), h.NewQuery(), m}
}

// TestAsTheManualOfPgRouting finds on the sample graph of the manual what it
// prints: ways to the nearest, all within a distance, a matrix of costs.
func TestAsTheManualOfPgRouting(t *testing.T) {
	text, err := os.ReadFile(shared(t, "pgrouting/sample_graph.json"))
	if err != nil {
		t.Fatal(err)
	}
	var sample struct {
		Vertices map[string]orb.Point
		Edges    []struct {
			ID, Source, Target int
			Cost               int `json:"cost"`
			Back               int `json:"reverse_cost"`
		}
		Expected struct {
			Nearest struct {
				End   int
				Edges []int
				Cost  uint32
			} `json:"nearest_of_10_11_1_from_6_directed"`
			Within map[string]uint32            `json:"driving_distance_11_3.0_directed"`
			Equal  map[string]map[string]uint32 `json:"equicost_11_and_16_3.0_directed"`
			Matrix map[string]uint32            `json:"cost_matrix_undirected_5_6_10_15"`
		}
	}
	if err := json.Unmarshal(text, &sample); err != nil {
		t.Fatal(err)
	}
	// Vertices are numbered from 1.
	build := func(directed bool) (r *router, edges []int) {
		at := make([]orb.Point, len(sample.Vertices))
		for name, p := range sample.Vertices {
			v, err := strconv.Atoi(name)
			if err != nil {
				t.Fatal(err)
			}
			at[v-1] = p
		}
		type arc struct {
			to     uint32
			weight uint32
			edge   int
		}
		out := make([][]arc, len(at))
		add := func(from, to, cost, edge int) {
			if cost >= 0 {
				out[from-1] = append(out[from-1], arc{uint32(to - 1), uint32(cost), edge})
			}
		}
		for _, e := range sample.Edges {
			add(e.Source, e.Target, e.Cost, e.ID)
			add(e.Target, e.Source, e.Back, e.ID)
			if !directed {
				add(e.Source, e.Target, e.Back, e.ID)
				add(e.Target, e.Source, e.Cost, e.ID)
			}
		}
		g := cch.Graph{FirstOut: []uint32{0}}
		var weights []uint32
		for _, arcs := range out {
			for _, a := range arcs {
				g.Head, weights, edges = append(g.Head, a.to), append(weights, a.weight), append(edges, a.edge)
			}
			g.FirstOut = append(g.FirstOut, uint32(len(g.Head)))
		}
		return newRouter(t, g, at, weights), edges
	}
	node := func(name string) cch.Place {
		v, err := strconv.Atoi(name)
		if err != nil {
			t.Fatal(err)
		}
		return cch.At(uint32(v - 1))
	}
	directed, edges := build(true)
	want := sample.Expected
	ends := []string{"10", "11", "1"}
	places := []cch.Place{node("10"), node("11"), node("1")}
	near := directed.query.Nearest(directed.query.NewTargets(directed.metric, places), node("6"), 1, nil)
	if len(near) != 1 || ends[near[0].Index] != strconv.Itoa(want.Nearest.End) || near[0].Length != want.Nearest.Cost {
		t.Fatalf("the nearest of 6 is %v", near)
	}
	var by []int
	for _, a := range directed.query.Path(directed.metric, node("6"), places[near[0].Index], nil).Arcs {
		by = append(by, edges[a])
	}
	if !slices.Equal(by, want.Nearest.Edges) {
		t.Errorf("the way to it is %v, want %v", by, want.Nearest.Edges)
	}
	within := func(from ...string) map[string]map[string]uint32 {
		var places []cch.Place
		found := map[string]map[string]uint32{}
		for _, name := range from {
			places = append(places, node(name))
			found[name] = map[string]uint32{}
		}
		var reach cch.Reach
		directed.query.Sweep(directed.metric, cch.From, places, &reach)
		for v, length := range reach.Length {
			if length <= 3 {
				found[from[reach.Place[v]]][strconv.Itoa(v+1)] = length
			}
		}
		return found
	}
	if got := within("11")["11"]; !maps.Equal(got, want.Within) {
		t.Errorf("within 3 of 11 are %v, want %v", got, want.Within)
	}
	for from, got := range within("11", "16") {
		if !maps.Equal(got, want.Equal[from]) {
			t.Errorf("nearest to %s are %v, want %v", from, got, want.Equal[from])
		}
	}
	undirected, _ := build(false)
	for pair, cost := range want.Matrix {
		from, to, _ := strings.Cut(pair, "-")
		if got := undirected.query.Length(undirected.metric, node(from), node(to)); got != cost {
			t.Errorf("%s: %d, want %d", pair, got, cost)
		}
	}
	if len(want.Within) == 0 || len(want.Equal) == 0 || len(want.Matrix) == 0 {
		t.Error("the file does not have what is compared")
	}
}

// TestWaysAreThoseOfPgRouting asks pgRouting the same on the roads of a town and
// of a big city, as they are noded and weighed here, open and with closures.
func TestWaysAreThoseOfPgRouting(t *testing.T) {
	conn := testdb.New(t).Conn(t)
	if _, err := conn.Exec(t.Context(), "create extension if not exists pgrouting"); err != nil {
		t.Skipf("no pgRouting: %v (scripts/install --test installs it)", err)
	}
	profiles, err := network.Profiles()
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 6))
	for _, c := range []struct {
		name, profile string
		roads         []*network.Feature
		closed        int
	}{{"maumere", "foot", maumere(t), 30}, {"maumere", "car", maumere(t), 10}, {"jakarta", "car", jakarta(t), 500}} {
		profile := profiles[slices.IndexFunc(profiles, func(p *network.Profile) bool { return p.ID == c.profile })]
		n := network.New(c.roads, network.Options{})
		ways := newRouter(t, cch.Graph{FirstOut: n.FirstOut, Head: n.Head}, n.Nodes, n.Weights(profile, nil))
		table := pgx.Identifier{"arc_" + c.name + "_" + c.profile}
		load(t, conn, table, ways)
		for _, closed := range []int{0, c.closed} {
			t.Run(fmt.Sprintf("%s by %s with %d closed", c.name, c.profile, closed), func(t *testing.T) {
				ways.close(t, conn, table, r, closed)
				ways.compare(t, conn, table, r)
			})
		}
	}
}

func load(t testing.TB, conn *pgx.Conn, table pgx.Identifier, w *router) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), "create table "+table.Sanitize()+" (id bigint primary key, source bigint, target bigint, cost float8)"); err != nil {
		t.Fatal(err)
	}
	var rows [][]any
	for v := range w.graph.Nodes() {
		for a := w.graph.FirstOut[v]; a < w.graph.FirstOut[v+1]; a++ {
			rows = append(rows, []any{int64(a), int64(v), int64(w.graph.Head[a]), cost(w.weights[a])})
		}
	}
	if _, err := conn.CopyFrom(t.Context(), table, []string{"id", "source", "target", "cost"}, pgx.CopyFromRows(rows)); err != nil {
		t.Fatal(err)
	}
}

// cost is a weight as pgRouting has it, for which what is negative is no way.
func cost(weight uint32) float64 {
	if weight >= cch.Inf {
		return -1
	}
	return float64(weight)
}

// close closes arcs, half of them on ways that are taken.
func (w *router) close(t testing.TB, conn *pgx.Conn, table pgx.Identifier, r *rand.Rand, count int) {
	t.Helper()
	var changes []cch.Change
	var ids []int64
	for len(changes) < count {
		arc := r.Uint32N(uint32(len(w.weights)))
		if arcs := w.query.Path(w.metric, cch.At(w.node(r)), cch.At(w.node(r)), nil).Arcs; len(arcs) > 0 && len(changes)%2 == 0 {
			arc = arcs[r.IntN(len(arcs))]
		}
		changes, ids = append(changes, cch.Change{Arc: arc, Weight: cch.Inf}), append(ids, int64(arc))
		w.weights[arc] = cch.Inf
	}
	var err error
	if w.metric, err = w.metric.Update(changes); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), "update "+table.Sanitize()+" set cost = -1 where id = any($1)", ids); err != nil {
		t.Fatal(err)
	}
}

func (w *router) node(r *rand.Rand) uint32 { return r.Uint32N(uint32(w.graph.Nodes())) }

func (w *router) compare(t *testing.T, conn *pgx.Conn, table pgx.Identifier, r *rand.Rand) {
	edges := "select id, source, target, cost from " + table.Sanitize()
	var froms, tos []int64
	var places []cch.Place
	for range 8 {
		froms = append(froms, int64(w.node(r)))
	}
	for range 40 {
		to := w.node(r)
		if slices.Contains(tos, int64(to)) || slices.Contains(froms, int64(to)) {
			continue // pgRouting leaves out a way from a node to itself
		}
		tos, places = append(tos, int64(to)), append(places, cch.At(to))
	}

	// A matrix of costs.
	type pair struct{ from, to int64 }
	theirs := map[pair]uint32{}
	rows, err := conn.Query(t.Context(), "select start_vid, end_vid, agg_cost from pgr_dijkstraCost($1, $2::bigint[], $3::bigint[])", edges, froms, tos)
	if err != nil {
		t.Fatal(err)
	}
	var p pair
	var length float64
	if _, err := pgx.ForEachRow(rows, []any{&p.from, &p.to, &length}, func() error { theirs[p] = uint32(length); return nil }); err != nil {
		t.Fatal(err)
	}
	targets := w.query.NewTargets(w.metric, places)
	there := 0
	for _, from := range froms {
		var all []uint32
		for i, ours := range w.query.Lengths(targets, cch.At(uint32(from)), nil) {
			want, ok := theirs[pair{from, tos[i]}]
			if !ok {
				want = cch.Inf
			}
			if ours != want {
				t.Errorf("from %d to %d: %d, pgRouting says %d", from, tos[i], ours, want)
			}
			if ok {
				there++
				all = append(all, want)
			}
		}
		// The nearest of many are the least of the row.
		slices.Sort(all)
		near := w.query.Nearest(targets, cch.At(uint32(from)), 3, nil)
		for k, n := range near {
			if n.Length != all[k] {
				t.Errorf("the nearest of %d are %v, pgRouting says %v", from, near, all[:min(3, len(all))])
			}
		}
		if len(near) != min(3, len(all)) {
			t.Errorf("%d are near %d, of %d", len(near), from, len(all))
		}
	}
	if there < len(froms)*len(tos)/4 {
		t.Errorf("only %d of %d ways are there to compare", there, len(froms)*len(tos))
	}

	// All within a time of the nearest of some places. pgRouting tells it of each
	// place; what it says of all together (equicost) is longer than that in parts.
	const limit = 600_000 // ms
	tos, places = tos[:12], places[:12]
	var reach cch.Reach
	w.query.Sweep(w.metric, cch.From, places, &reach)
	want := map[int64]uint32{}
	rows, err = conn.Query(t.Context(), "select node, min(agg_cost) from pgr_drivingDistance($1, $2::bigint[], $3) group by node", edges, tos, float64(limit))
	if err != nil {
		t.Fatal(err)
	}
	var node int64
	if _, err := pgx.ForEachRow(rows, []any{&node, &length}, func() error { want[node] = uint32(length); return nil }); err != nil {
		t.Fatal(err)
	}
	for v, ours := range reach.Length {
		theirs, ok := want[int64(v)]
		if ok != (ours <= limit) || ok && ours != theirs {
			t.Errorf("node %d is %d away, pgRouting says %d, %v", v, ours, theirs, ok)
		}
	}
	if len(want) < 2*len(tos) {
		t.Errorf("only %d nodes are within reach", len(want))
	}
}
