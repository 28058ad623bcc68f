package flow_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/simtaru/simtaru/internal/evac/flow"
)

// The optima that networkx's tests of minimum-cost flow print.
func TestMinCostAttainsPublishedOptima(t *testing.T) {
	var file struct {
		Cases []struct {
			Name         string           `json:"name"`
			Demand       map[string]int64 `json:"demand"`
			Source, Sink string
			Edges        [][]any          `json:"edges"`
			OptimalCost  int64            `json:"optimal_cost"`
			MaxFlow      int64            `json:"max_flow"`
			UniqueFlow   map[string]int64 `json:"unique_flow"`
		} `json:"cases"`
	}
	read(t, "mincost_cases.json", &file)
	if len(file.Cases) != 7 {
		t.Fatalf("%d cases, want 7", len(file.Cases))
	}
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			names := map[string]int{}
			var supply []int64
			node := func(name string) int {
				i, known := names[name]
				if !known {
					i = len(names)
					names[name] = i
					supply = append(supply, -c.Demand[name])
				}
				return i
			}
			var arcs []flow.Arc
			for _, e := range c.Edges {
				capacity := int64(flow.Unbounded)
				if e[2] != nil {
					capacity = int64(e[2].(float64))
				}
				arcs = append(arcs, flow.Arc{From: node(e[0].(string)), To: node(e[1].(string)), Capacity: capacity, Cost: int64(e[3].(float64))})
			}
			back := int64(0)
			if c.Source != "" { // the most from source to sink, by a return arc that pays more than any way costs
				back = 1_000_000
				arcs = append(arcs, flow.Arc{From: node(c.Sink), To: node(c.Source), Capacity: 1000, Cost: -back})
			}
			f, err := flow.MinCost(supply, arcs)
			if err != nil {
				t.Fatal(err)
			}
			if got := f.By[len(arcs)-1]; c.Source != "" && got != c.MaxFlow {
				t.Errorf("flow %d, want %d", got, c.MaxFlow)
			}
			if got := f.Cost + back*c.MaxFlow; got != c.OptimalCost {
				t.Errorf("cost %d, want %d", got, c.OptimalCost)
			}
			for i, e := range c.Edges {
				if want, told := c.UniqueFlow[e[0].(string)+e[1].(string)]; told && f.By[i] != want {
					t.Errorf("flow from %v to %v is %d, want %d", e[0], e[1], f.By[i], want)
				}
			}
		})
	}
}

// On random networks, with loops, parallel arcs, negative costs and arcs
// without capacity, cancelling negative cycles one by one (Klein 1967) comes to
// the same.
func TestMinCostEqualsCycleCancelling(t *testing.T) {
	solved, infeasible, unbounded := 0, 0, 0
	for seed := range uint64(600) {
		r := rand.New(rand.NewPCG(seed, 7))
		n := 1 + r.IntN(9)
		supply := make([]int64, n)
		for range r.IntN(4) {
			by := r.Int64N(5)
			supply[r.IntN(n)] += by
			supply[r.IntN(n)] -= by
		}
		arcs := make([]flow.Arc, r.IntN(28))
		for i := range arcs {
			arcs[i] = flow.Arc{From: r.IntN(n), To: r.IntN(n), Capacity: r.Int64N(9) - 1, Cost: r.Int64N(20) - 3}
		}
		f, err := flow.MinCost(supply, arcs)
		want, wantErr := cancelCycles(supply, arcs)
		if !errors.Is(err, wantErr) || err == nil && f.Cost != want {
			t.Fatalf("seed %d: cost %d (%v), want %d (%v)", seed, f.Cost, err, want, wantErr)
		}
		switch {
		case errors.Is(err, flow.ErrInfeasible):
			infeasible++
			continue
		case err != nil:
			unbounded++
			continue
		}
		solved++
		for i, a := range arcs {
			if f.By[i] < 0 || a.Capacity != flow.Unbounded && f.By[i] > a.Capacity {
				t.Fatalf("seed %d: arc %+v has %d", seed, a, f.By[i])
			}
			supply[a.From] -= f.By[i]
			supply[a.To] += f.By[i]
		}
		for v, rest := range supply {
			if rest != 0 {
				t.Fatalf("seed %d: node %d keeps %d", seed, v, rest)
			}
		}
	}
	if solved < 100 || infeasible < 50 || unbounded < 20 {
		t.Errorf("%d solved, %d infeasible, %d unbounded: the instances are too much alike", solved, infeasible, unbounded)
	}
}

// cancelCycles is the textbook: push supplies by any path, then cancel negative
// cycles, both found by Bellman and Ford's method.
func cancelCycles(supply []int64, arcs []flow.Arc) (int64, error) {
	const endless = 1 << 30
	s, n := len(supply), len(supply)+2
	type edge struct {
		from, to   int
		room, cost int64
	}
	var es []edge // with its reverse at the next position
	add := func(from, to int, room, cost int64) {
		es = append(es, edge{from, to, room, cost}, edge{to, from, 0, -cost})
	}
	for _, a := range arcs {
		room := a.Capacity
		if room == flow.Unbounded {
			room = endless
		}
		add(a.From, a.To, room, a.Cost)
	}
	total := int64(0)
	for v, d := range supply {
		if d > 0 {
			add(s, v, d, 0)
			total += d
		} else if d < 0 {
			add(v, s+1, -d, 0)
		}
	}
	push := func(via []int, end int) (room int64) {
		room = math.MaxInt64
		for v, first := end, true; v != end || first; v, first = es[via[v]].from, false {
			if via[v] < 0 {
				break
			}
			room = min(room, es[via[v]].room)
		}
		for v, first := end, true; v != end || first; v, first = es[via[v]].from, false {
			if via[v] < 0 {
				break
			}
			es[via[v]].room -= room
			es[via[v]^1].room += room
		}
		return room
	}
	for sent := int64(0); sent < total; {
		via := make([]int, n)
		for v := range via {
			via[v] = -1
		}
		seen := map[int]bool{s: true}
		for range n {
			for i, e := range es {
				if e.room > 0 && seen[e.from] && !seen[e.to] {
					seen[e.to], via[e.to] = true, i
				}
			}
		}
		if !seen[s+1] {
			return 0, flow.ErrInfeasible
		}
		sent += push(via, s+1)
	}
	for {
		dist, via, changed := make([]int64, n), make([]int, n), -1
		for v := range via {
			via[v] = -1
		}
		for range n {
			changed = -1
			for i, e := range es {
				if e.room > 0 && dist[e.from]+e.cost < dist[e.to] {
					dist[e.to], via[e.to], changed = dist[e.from]+e.cost, i, e.to
				}
			}
		}
		if changed < 0 {
			break
		}
		for range n { // onto the cycle
			changed = es[via[changed]].from
		}
		if push(via, changed) > endless/2 {
			return 0, flow.ErrUnbounded
		}
	}
	cost := int64(0)
	for i := 0; i < 2*len(arcs); i += 2 {
		cost += es[i^1].room * es[i].cost
	}
	return cost, nil
}

func TestMinCostRefusesWhatItCannotCount(t *testing.T) {
	for want, arc := range map[string]flow.Arc{
		"60 bits": {From: 0, To: 1, Capacity: math.MaxInt64, Cost: 1},
		"arc 0":   {From: 0, To: 2, Capacity: 1},
	} {
		if _, err := flow.MinCost([]int64{1, -1}, []flow.Arc{arc}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", arc, err, want)
		}
	}
}
