package flow_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/simtaru/simtaru/internal/evac/flow"
)

// draw makes a city of so many nodes in which everything is scarce.
func draw(r *rand.Rand, nodes int) *flow.Problem {
	bound := func(often, below int) int {
		if r.IntN(10) < often {
			return r.IntN(below)
		}
		return flow.Unbounded
	}
	n := 2 + r.IntN(nodes)
	p := &flow.Problem{Steps: r.IntN(10 + nodes)}
	for range n {
		p.Nodes = append(p.Nodes, flow.Node{Wait: bound(6, 3), Deadline: bound(2, p.Steps+2)})
	}
	for range r.IntN(5 * n) {
		p.Edges = append(p.Edges, flow.Edge{From: r.IntN(n), To: r.IntN(n), Time: 1 + r.IntN(4), Capacity: bound(9, 4), Deadline: bound(3, p.Steps+2)})
	}
	for range r.IntN(n) {
		p.Groups = append(p.Groups, flow.Group{Node: r.IntN(n), People: r.IntN(9), Depart: r.IntN(4), Spread: r.IntN(2) * r.IntN(5)})
	}
	for _, v := range r.Perm(n)[:r.IntN(1+n/2)] {
		p.Shelters = append(p.Shelters, flow.Shelter{Node: v, Room: bound(8, 8)})
	}
	return p
}

// expanded solves a problem as textbooks write it: a copy of every node for
// every step, all arcs one by one, and a minimum-cost flow in it.
func expanded(t *testing.T, p *flow.Problem) (saved int, arrivals int64) {
	t.Helper()
	const pays = 10_000
	steps, source := p.Steps+1, 0
	id := func(v, step int) int { return 1 + v*steps + step }
	home := func(g, step int) int { return id(len(p.Nodes)+g, step) }
	in := func(k int) int { return id(len(p.Nodes)+len(p.Groups), 0) + k }
	safe := in(len(p.Shelters))
	var arcs []flow.Arc
	add := func(from, to, capacity, cost int) {
		arcs = append(arcs, flow.Arc{From: from, To: to, Capacity: int64(capacity), Cost: int64(cost)})
	}
	open := func(deadline, step int) bool {
		return step <= p.Steps && (deadline == flow.Unbounded || step <= deadline)
	}
	for step := range steps {
		for v, n := range p.Nodes {
			if open(n.Deadline, step+1) {
				add(id(v, step), id(v, step+1), n.Wait, 0)
			}
		}
		for _, e := range p.Edges {
			if open(e.Deadline, step+e.Time) && open(p.Nodes[e.From].Deadline, step) && open(p.Nodes[e.To].Deadline, step+e.Time) {
				add(id(e.From, step), id(e.To, step+e.Time), e.Capacity, 0)
			}
		}
		for i, g := range p.Groups {
			if open(p.Nodes[g.Node].Deadline, step) {
				add(home(i, step), id(g.Node, step), flow.Unbounded, 0)
			}
			if open(p.Nodes[g.Node].Deadline, step+1) {
				add(home(i, step), home(i, step+1), flow.Unbounded, 0)
			}
			for k := range g.People {
				if g.Depart+k*g.Spread/g.People == step {
					add(source, home(i, step), 1, 0)
				}
			}
		}
		for k, s := range p.Shelters {
			if open(p.Nodes[s.Node].Deadline, step) {
				add(id(s.Node, step), in(k), flow.Unbounded, step)
			}
		}
	}
	for k, s := range p.Shelters {
		add(in(k), safe, s.Room, 0)
	}
	add(safe, source, 1000, -pays)
	f, err := flow.MinCost(make([]int64, safe+1), arcs)
	if err != nil {
		t.Fatal(err)
	}
	saved = int(f.By[len(arcs)-1])
	return saved, f.Cost + int64(saved)*pays
}

func TestSolveEqualsTheExpandedNetwork(t *testing.T) {
	left, worse := 0, 0
	for seed := range uint64(2000) {
		nodes := 7
		if seed%10 == 0 {
			nodes = 25
		}
		p := draw(rand.New(rand.NewPCG(seed, 11)), nodes)
		r := solve(t, p)
		saved, arrivals := expanded(t, p)
		if r.Plan.Saved != saved || r.Plan.Arrivals != arrivals || !r.Optimal {
			t.Fatalf("seed %d: %d saved, sum %d, optimal %v, bound %+v; want %d, %d", seed, r.Plan.Saved, r.Plan.Arrivals, r.Optimal, r.Bound, saved, arrivals)
		}
		if r.Bound.Last > r.Plan.Last {
			t.Fatalf("seed %d: the last arrives at %d, the bound is %d", seed, r.Plan.Last, r.Bound.Last)
		}
		left += len(r.Plan.Left)
		greedy, err := flow.Greedy(p)
		if err != nil {
			t.Fatal(err)
		}
		valid(t, p, &greedy)
		if greedy.Saved > saved || greedy.Saved == saved && greedy.Arrivals < arrivals {
			t.Fatalf("seed %d: the greedy plan saves %d with sum %d, the optimum is %d, %d", seed, greedy.Saved, greedy.Arrivals, saved, arrivals)
		}
		if greedy.Saved < saved {
			worse++
		}
	}
	if worse < 10 || left < 1000 {
		t.Errorf("greedy plans save fewer %d times, %d groups are left: nothing is scarce", worse, left)
	}
}

// Cut short before it begins, Solve is Greedy.
func TestSolveCutShortAtOnce(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	for seed := range uint64(100) {
		p := draw(rand.New(rand.NewPCG(seed, 23)), 12)
		r, err := flow.Solve(ctx, p, nil)
		if err != nil {
			t.Fatal(err)
		}
		greedy, err := flow.Greedy(p)
		if err != nil {
			t.Fatal(err)
		}
		if r.Plan.Saved != greedy.Saved || r.Plan.Arrivals != greedy.Arrivals {
			t.Fatalf("seed %d: %d saved, sum %d; the greedy plan %d, %d", seed, r.Plan.Saved, r.Plan.Arrivals, greedy.Saved, greedy.Arrivals)
		}
	}
}

// Cut short anywhere, a plan still keeps the rules, and its bounds are true.
func TestSolveCutShort(t *testing.T) {
	short := 0
	for seed := range uint64(500) {
		p := draw(rand.New(rand.NewPCG(seed, 13)), 12)
		best := solve(t, p)
		ctx, stop := context.WithCancel(t.Context())
		at := int(seed % 9)
		cut, err := flow.Solve(ctx, p, func(s flow.Progress) {
			if s.Bound < best.Plan.Saved || s.Saved > best.Plan.Saved {
				t.Errorf("seed %d: %+v, but the optimum is %d", seed, s, best.Plan.Saved)
			}
			if at--; at < 0 {
				stop()
			}
		})
		stop()
		if err != nil {
			t.Fatal(err)
		}
		valid(t, p, &cut.Plan)
		got, bound := cut.Plan, cut.Bound
		if got.Saved > best.Plan.Saved || bound.Saved < best.Plan.Saved || bound.Last > got.Last ||
			got.Saved == best.Plan.Saved && (got.Arrivals < best.Plan.Arrivals || bound.Arrivals > best.Plan.Arrivals) || bound.Arrivals > got.Arrivals {
			t.Fatalf("seed %d: %d saved with sum %d, bound %+v; the optimum is %d, %d", seed, got.Saved, got.Arrivals, bound, best.Plan.Saved, best.Plan.Arrivals)
		}
		if cut.Optimal != (got.Saved == bound.Saved && got.Arrivals == bound.Arrivals) {
			t.Fatalf("seed %d: optimal %v", seed, cut.Optimal)
		}
		if got.Saved < best.Plan.Saved {
			short++
		}
	}
	if short == 0 {
		t.Error("no cut made a difference")
	}
}

// On empty streets the expanded network has no more to say than the transport problem.
func TestAssignEqualsTheExpandedNetworkOfEmptyStreets(t *testing.T) {
	placed := 0
	for seed := range uint64(500) {
		p := draw(rand.New(rand.NewPCG(seed, 17)), 8)
		a, err := flow.Assign(p)
		if err != nil {
			t.Fatal(err)
		}
		for i := range p.Nodes {
			p.Nodes[i].Wait = flow.Unbounded
		}
		for i, e := range p.Edges {
			if e.Capacity != 0 {
				p.Edges[i].Capacity = flow.Unbounded
			}
		}
		for i, g := range p.Groups {
			if g.People > 0 {
				p.Groups[i].Depart, p.Groups[i].Spread = g.Depart+(g.People-1)*g.Spread/g.People, 0
			}
		}
		if saved, arrivals := expanded(t, p); a.Placed != saved || a.Arrivals != arrivals {
			t.Fatalf("seed %d: %d placed, sum %d, want %d, %d", seed, a.Placed, a.Arrivals, saved, arrivals)
		}
		people := make([]int, len(p.Groups))
		room := make([]int, len(p.Shelters))
		for _, c := range a.Placements {
			placed += c.People
			people[c.Group] += c.People
			room[c.Shelter] += c.People
		}
		for i, g := range p.Groups {
			if people[i] > g.People {
				t.Fatalf("seed %d: %d of %d people of group %d are placed", seed, people[i], g.People, i)
			}
		}
		for k, s := range p.Shelters {
			if s.Room != flow.Unbounded && room[k] > s.Room {
				t.Fatalf("seed %d: %d people in shelter %d with room for %d", seed, room[k], k, s.Room)
			}
		}
	}
	if placed == 0 {
		t.Error("nobody is placed anywhere")
	}
}

func TestSolveIsDeterministic(t *testing.T) {
	for seed := range uint64(100) {
		p := draw(rand.New(rand.NewPCG(seed, 19)), 12)
		if diff := cmp.Diff(solve(t, p), solve(t, p)); diff != "" {
			t.Fatal(diff)
		}
	}
}
