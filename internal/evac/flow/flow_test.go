package flow_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/simtaru/simtaru/internal/evac/flow"
)

// read reads a published case from the shared data.
func read(t *testing.T, name string, into any) {
	t.Helper()
	path := filepath.Join("../../../../shared/data/flow", name)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is absent: the published cases lie beside the repository", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

// solve checks the plan by the validator, and that nobody goes in a circle who
// could wait instead.
func solve(t *testing.T, p *flow.Problem) flow.Result {
	t.Helper()
	r, err := flow.Solve(t.Context(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	valid(t, p, &r.Plan)
	for _, trip := range r.Plan.Trips {
		been := map[int]bool{p.Groups[trip.Group].Node: true}
		for k, e := range r.Plan.Routes[trip.Route] {
			to := p.Edges[e].To
			if been[to] && (p.Nodes[to].Wait == flow.Unbounded || to == p.Groups[trip.Group].Node) {
				t.Fatalf("edge %d of %+v leads back to node %d", k, trip, to)
			}
			been[to] = true
		}
	}
	return r
}

func valid(t *testing.T, p *flow.Problem, plan *flow.Plan) {
	t.Helper()
	if err := flow.Validate(p, plan); err != nil {
		t.Fatalf("%v\nproblem %+v\nplan %+v", err, *p, *plan)
	}
}

// curve is how many have arrived by each step.
func curve(p *flow.Problem, plan *flow.Plan) []int {
	arrived := make([]int, p.Steps+1)
	for _, shelter := range plan.Loads(p).Shelters {
		sum := 0
		for step, n := range shelter {
			sum += int(n)
			arrived[step] += sum
		}
	}
	return arrived
}

// Lu, George and Shekhar's network: all 30 people are safe at step 16.
func TestCCRPExample(t *testing.T) {
	var c struct {
		NodesCapacity map[int]int `json:"nodes_capacity"`
		Sources       map[int]int `json:"sources"`
		Destinations  []int       `json:"destinations"`
		Edges         []struct {
			From, To int
			Capacity int `json:"capacity_per_step"`
			Time     int `json:"time_steps"`
		} `json:"edges"`
		Expected struct {
			Optimal int         `json:"optimal_egress_time"`
			Curve   map[int]int `json:"max_arrived_by_time"`
			Sum     int64       `json:"optimal_sum_of_arrival_times"`
		} `json:"expected"`
	}
	read(t, "ccrp_example.json", &c)
	p := &flow.Problem{Steps: 30}
	for v := range 15 {
		wait, bounded := c.NodesCapacity[v]
		if !bounded {
			wait = flow.Unbounded
		}
		p.Nodes = append(p.Nodes, flow.Node{Wait: wait, Deadline: flow.Unbounded})
	}
	for _, e := range c.Edges {
		p.Edges = append(p.Edges, flow.Edge{From: e.From, To: e.To, Time: e.Time, Capacity: e.Capacity, Deadline: flow.Unbounded})
	}
	for _, v := range []int{1, 2, 8} {
		p.Groups = append(p.Groups, flow.Group{Node: v, People: c.Sources[v]})
	}
	for _, v := range c.Destinations {
		p.Shelters = append(p.Shelters, flow.Shelter{Node: v, Room: flow.Unbounded})
	}
	r := solve(t, p)
	if r.Plan.Saved != 30 || r.Plan.Last != c.Expected.Optimal || r.Plan.Arrivals != c.Expected.Sum || !r.Optimal {
		t.Errorf("%d saved, the last at %d, sum %d, optimal %v; want 30, %d, %d", r.Plan.Saved, r.Plan.Last, r.Plan.Arrivals, r.Optimal, c.Expected.Optimal, c.Expected.Sum)
	}
	arrived := curve(p, &r.Plan)
	for step, want := range c.Expected.Curve {
		if arrived[step] != want {
			t.Errorf("%d have arrived by step %d, want %d", arrived[step], step, want)
		}
	}
	p.Steps = c.Expected.Optimal - 1
	if r := solve(t, p); r.Plan.Saved != 24 || !r.Optimal {
		t.Errorf("%d are saved by step 15, optimal %v; want 24", r.Plan.Saved, r.Optimal)
	}
}

// Skutella's network: six people are safe at step 10. A planner that does not
// take back a way may end at 11, by how it chooses among equals.
func TestSkutellaExample(t *testing.T) {
	var c struct {
		Nodes []string `json:"nodes"`
		Edges []struct {
			From, To       string
			Capacity, Time int
		} `json:"edges"`
		Expected struct {
			Last  int         `json:"quickest_for_6_units_last_arrival_step"`
			Curve map[int]int `json:"arrival_curve_cumulative_by_step"`
			Sum   int64       `json:"sum_of_arrival_steps"`
		} `json:"expected"`
	}
	read(t, "skutella_example.json", &c)
	p := &flow.Problem{Steps: 20}
	at := map[string]int{}
	for i, name := range c.Nodes {
		at[name] = i
		p.Nodes = append(p.Nodes, flow.Node{Deadline: flow.Unbounded}) // nobody waits on the way
	}
	for _, e := range c.Edges {
		p.Edges = append(p.Edges, flow.Edge{From: at[e.From], To: at[e.To], Time: e.Time, Capacity: e.Capacity, Deadline: flow.Unbounded})
	}
	p.Groups = []flow.Group{{Node: at["s"], People: 6}}
	p.Shelters = []flow.Shelter{{Node: at["t"], Room: flow.Unbounded}}
	r := solve(t, p)
	if r.Plan.Last != c.Expected.Last || r.Plan.Arrivals != c.Expected.Sum || !r.Optimal {
		t.Errorf("the last arrives at %d, sum %d, optimal %v; want %d, %d", r.Plan.Last, r.Plan.Arrivals, r.Optimal, c.Expected.Last, c.Expected.Sum)
	}
	arrived := curve(p, &r.Plan)
	for step, want := range c.Expected.Curve {
		if arrived[step] != want {
			t.Errorf("%d have arrived by step %d, want %d", arrived[step], step, want)
		}
	}
}

// Twenty people must leave home by step 2, three at a step; before the door,
// which one enters at a step, four may wait. Three get to it at step 1 and three
// at step 2: one of each goes on at once, and four wait.
func TestWaitingPlacesAreABottleneck(t *testing.T) {
	for room, want := range map[int]int{0: 2, 1: 3, 2: 4, 4: 6, 9: 6} {
		p := &flow.Problem{
			Steps:    30,
			Nodes:    []flow.Node{{Wait: flow.Unbounded, Deadline: flow.Unbounded}, {Wait: room, Deadline: flow.Unbounded}, {Deadline: flow.Unbounded}},
			Edges:    []flow.Edge{{From: 0, To: 1, Time: 1, Capacity: 3, Deadline: 2}, {From: 1, To: 2, Time: 1, Capacity: 1, Deadline: flow.Unbounded}},
			Groups:   []flow.Group{{Node: 0, People: 20}},
			Shelters: []flow.Shelter{{Node: 2, Room: flow.Unbounded}},
		}
		if r := solve(t, p); r.Plan.Saved != want || !r.Optimal || r.Plan.Left[0].Why != flow.Crowded {
			t.Errorf("with %d waiting places %d are saved, optimal %v, left %+v; want %d", room, r.Plan.Saved, r.Optimal, r.Plan.Left, want)
		}
	}
}

// Before anything is planned it is known what the narrowest street and the
// shelters that are near enough allow.
func TestProgressTellsABound(t *testing.T) {
	free := flow.Node{Wait: flow.Unbounded, Deadline: flow.Unbounded}
	p := &flow.Problem{
		Steps:    9,
		Nodes:    []flow.Node{free, free, free, free},
		Edges:    []flow.Edge{{From: 0, To: 1, Time: 6, Capacity: 1, Deadline: flow.Unbounded}, {From: 2, To: 3, Time: 2, Capacity: 100, Deadline: flow.Unbounded}, {From: 2, To: 1, Time: 8, Capacity: 100, Deadline: flow.Unbounded}},
		Groups:   []flow.Group{{Node: 0, People: 20}},
		Shelters: []flow.Shelter{{Node: 1, Room: flow.Unbounded}, {Node: 3, Room: 7}},
	}
	first := func() int {
		bound := -1
		if _, err := flow.Solve(t.Context(), p, func(s flow.Progress) {
			if bound < 0 {
				bound = s.Bound
			}
		}); err != nil {
			t.Fatal(err)
		}
		return bound
	}
	if got := first(); got != 4 { // who leaves at step 0 to 3 is there by step 9
		t.Errorf("by the street at most 4 are saved, got %d", got)
	}
	p.Groups = []flow.Group{{Node: 2, People: 1}, {Node: 2, People: 20, Depart: 5}}
	if got := first(); got != 8 { // who leaves at step 5 reaches the one with 7 places only
		t.Errorf("by the shelters at most 8 are saved, got %d", got)
	}
}
