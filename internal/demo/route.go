package demo

import (
	"container/heap"
	"fmt"
	"slices"

	"github.com/paulmach/orb"
)

// graph is the road network as routes use it.
type graph struct {
	node  map[grid]int
	at    []grid
	out   [][]arc
	wide  []bool // a street for vehicles goes by
	roads []*road
}

type arc struct {
	to   int
	road int
	cost float64
}

func (b *builder) graph() *graph {
	g := &graph{node: map[grid]int{}, roads: b.roads}
	id := func(p grid) int {
		i, ok := g.node[p]
		if !ok {
			i = len(g.at)
			g.node[p] = i
			g.at = append(g.at, p)
			g.out = append(g.out, nil)
			g.wide = append(g.wide, false)
		}
		return i
	}
	for i, r := range b.roads {
		a, z := r.ends()
		from, to := id(a), id(z)
		// Wide roads first; bridges only where there is no other way.
		cost := float64(r.length * [...]float64{6, 2.2, 1.2, 1.1, 1, 1}[r.class])
		if r.bridge {
			cost += 900
		}
		if r.class >= residential {
			g.wide[from], g.wide[to] = true, true
		}
		g.out[from] = append(g.out[from], arc{to, i, cost})
		g.out[to] = append(g.out[to], arc{from, i, cost})
	}
	return g
}

// nearest is the node on a street for vehicles that is nearest to p.
func (g *graph) nearest(p vec) int {
	best, at := 1e18, 0
	for i, q := range g.at {
		if d := flat(q).sub(p).len(); g.wide[i] && d < best {
			best, at = d, i
		}
	}
	return at
}

// tree is, for each node, the way to the nearest of some goals: the arc to
// take (by its road and where it leads), and which goal it is; -1 for none.
type tree struct {
	goal, next, road []int
}

// towards grows the tree from all goals at once.
func (g *graph) towards(goals []int) tree {
	t := tree{make([]int, len(g.at)), make([]int, len(g.at)), make([]int, len(g.at))}
	cost := make([]float64, len(g.at))
	for i := range cost {
		cost[i], t.goal[i], t.next[i], t.road[i] = 1e18, -1, -1, -1
	}
	var q queue
	for i, n := range goals {
		cost[n], t.goal[n] = 0, i
		heap.Push(&q, item{0, n})
	}
	for q.Len() > 0 {
		it := heap.Pop(&q).(item)
		if it.cost > cost[it.node] {
			continue
		}
		for _, a := range g.out[it.node] {
			if c := it.cost + a.cost; c < cost[a.to] {
				cost[a.to], t.goal[a.to], t.next[a.to], t.road[a.to] = c, t.goal[it.node], it.node, a.road
				heap.Push(&q, item{c, a.to})
			}
		}
	}
	return t
}

type item struct {
	cost float64
	node int
}

// queue is a heap of nodes by cost, then by number.
type queue []item

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	return q[i].cost < q[j].cost || q[i].cost == q[j].cost && q[i].node < q[j].node
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(item)) }
func (q *queue) Pop() any {
	last := len(*q) - 1
	x := (*q)[last]
	*q = (*q)[:last]
	return x
}

// path follows the tree from a node to its goal.
func (g *graph) path(t tree, from int) (line []grid, over []*road) {
	line = []grid{g.at[from]}
	for n := from; t.next[n] >= 0; n = t.next[n] {
		r := g.roads[t.road[n]]
		pts := r.line
		if pts[0] != g.at[n] {
			pts = slices.Clone(pts)
			slices.Reverse(pts)
		}
		line = append(line, pts[1:]...)
		over = append(over, r)
	}
	return line, over
}

// routeRows lead from each village that the water may reach to the nearest
// ground that stays dry and, near the sea, up the nearest raised shelter.
func (b *builder) routeRows(yield func(Row) bool) {
	g := b.graph()
	for _, kind := range [...]string{"TEA", "TES"} {
		var to []refuge
		var goals []int
		for _, f := range b.refuges() {
			if f.kind == kind {
				to = append(to, f)
				goals = append(goals, g.nearest(f.flat))
			}
		}
		t := g.towards(goals)
		for v := range b.villages {
			level, mid := b.wettest(v)
			if level == 0 || kind == "TES" && level < 3 {
				continue
			}
			line, over := g.path(t, g.nearest(mid))
			if len(over) < 2 {
				continue
			}
			f := to[t.goal[g.node[line[0]]]]
			if !yield(b.route(v, kind, f, line, over)) {
				return
			}
		}
	}
}

// wettest is the highest tsunami level in a village, and the middle of where
// people live in it.
func (b *builder) wettest(v int) (level int, mid vec) {
	var sum vec
	n := 0.0
	for _, z := range b.zones {
		if z.village != v || z.block == nil {
			continue
		}
		level = max(level, z.block.face.hazard)
		sum = sum.add(z.block.mids.times(z.people + 0.01))
		n += z.people + 0.01
	}
	return level, sum.times(1 / max(n, 1e-9))
}

func (b *builder) route(v int, kind string, f refuge, line []grid, over []*road) Row {
	r := draw(b.seed, "route"+kind, uint64(v))
	narrow, bridge, metres := 99.0, false, 0.0
	for _, s := range over {
		narrow = min(narrow, roadWidth(s))
		bridge = bridge || s.bridge
		metres += s.length
	}
	what := "main"
	if kind == "TES" {
		what = "vertical"
	} else if v%3 == 2 {
		what = "alternative"
	}
	mode := "both"
	if narrow < 3.5 {
		mode = "foot"
	}
	status := "existing"
	if r.chance(0.15) {
		status = "planned"
	}
	return Row{Geometry: orb.MultiLineString{lineOf(line)}, Values: map[string]any{
		"name": fmt.Sprintf("Jalur evakuasi %s ke %s", b.villages[v].name, f.name), "sector": sector(flat(line[0])),
		"kind": what, "hazard": "tsunami", "mode": mode, "status": status, "destination": f.name, "width": narrow,
		"emergency_oneway": r.chance(0.4), "bridge": bridge, "signs": int64(metres / 180), "lit": r.chance(0.6),
		"condition": r.condition(), "last_checked_on": day(r, 2024, 2025), "decree": "SK demonstrasi 2023", "remark": remark,
	}}
}
