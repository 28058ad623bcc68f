package flow_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/simtaru/simtaru/internal/evac/flow"
)

// corner is two streets in a row, of which the second lets one person in at a
// step, and a plan for two people of which the second waits at the corner.
func corner() (*flow.Problem, *flow.Plan) {
	p := &flow.Problem{
		Steps:    5,
		Nodes:    []flow.Node{{Wait: 0, Deadline: 1}, {Wait: 1, Deadline: 3}, {Wait: 0, Deadline: 5}},
		Edges:    []flow.Edge{{From: 0, To: 1, Time: 1, Capacity: 2, Deadline: 2}, {From: 1, To: 2, Time: 2, Capacity: 1, Deadline: 5}},
		Groups:   []flow.Group{{Node: 0, People: 3, Depart: 1}},
		Shelters: []flow.Shelter{{Node: 2, Room: 2}},
	}
	return p, &flow.Plan{
		Routes: [][]int{{0, 1}},
		Trips: []flow.Trip{
			{Duration: 3, Departures: []flow.Departure{{Step: 1, People: 1}}},
			{Duration: 4, Departures: []flow.Departure{{Step: 1, People: 1}}, Waits: []flow.Wait{{Before: 1, Steps: 1}}},
		},
		Left:  []flow.Left{{Group: 0, People: 1, Why: flow.NoRoom}},
		Saved: 2, Last: 5, Arrivals: 9,
	}
}

func TestValidateFindsEachFault(t *testing.T) {
	if err := flow.Validate(corner()); err != nil {
		t.Fatalf("the plan is good, but: %v", err)
	}
	for _, c := range []struct {
		want  string
		spoil func(p *flow.Problem, plan *flow.Plan)
	}{
		{"flow: shelters 0 and 1 are at one node", func(p *flow.Problem, _ *flow.Plan) { p.Shelters = append(p.Shelters, p.Shelters[0]) }},
		{"group: trip 0 is of group 1", func(_ *flow.Problem, plan *flow.Plan) { plan.Trips[0].Group = 1 }},
		{"shelter: trip 0 goes to shelter 1", func(_ *flow.Problem, plan *flow.Plan) { plan.Trips[0].Shelter = 1 }},
		{"shelter: trip 0 ends at node 1", func(_ *flow.Problem, plan *flow.Plan) { plan.Routes[0] = []int{0} }},
		{"route: trip 0 takes route 1", func(_ *flow.Problem, plan *flow.Plan) { plan.Trips[0].Route = 1 }},
		{"route: route 0 has edge 2", func(_ *flow.Problem, plan *flow.Plan) { plan.Routes[0] = []int{2} }},
		{"route: trip 0 is at node 0 when edge 1", func(_ *flow.Problem, plan *flow.Plan) { plan.Routes[0] = []int{1} }},
		{"people: nobody takes trip 0", func(_ *flow.Problem, plan *flow.Plan) { plan.Trips[0].Departures = nil }},
		{"people: of trip 0 leave", func(_ *flow.Problem, plan *flow.Plan) { plan.Trips[0].Departures[0].People = 0 }},
		{"people: of trip 0 leave", func(_ *flow.Problem, plan *flow.Plan) { plan.Trips[0].Departures[0].Step = -1 }},
		{"deadline: trip 0 is at node 0 at step 1", func(p *flow.Problem, _ *flow.Plan) { p.Nodes[0].Deadline = 0 }},
		{"deadline: trip 1 is at node 1 at step 3", func(p *flow.Problem, _ *flow.Plan) { p.Nodes[1].Deadline = 2 }},
		{"deadline: trip 1 is at node 2 at step 5", func(p *flow.Problem, _ *flow.Plan) { p.Nodes[2].Deadline = 4 }},
		{"deadline: trip 0 leaves edge 0 at step 2", func(p *flow.Problem, _ *flow.Plan) { p.Edges[0].Deadline = 1 }},
		{"wait: trip 1 waits before edge 2", func(_ *flow.Problem, plan *flow.Plan) { plan.Trips[1].Waits[0].Before = 2 }},
		{"wait: trip 1 waits before edge 0", func(_ *flow.Problem, plan *flow.Plan) { plan.Trips[1].Waits[0].Before = 0 }},
		{"wait: trip 1 waits before edge 1 of its route for -1", func(_ *flow.Problem, plan *flow.Plan) { plan.Trips[1].Waits[0].Steps = -1 }},
		{"duration: trip 0 takes 3 steps, not 2", func(_ *flow.Problem, plan *flow.Plan) { plan.Trips[0].Duration = 2 }},
		{"horizon: trip 1 arrives at step 5", func(p *flow.Problem, _ *flow.Plan) { p.Steps = 4 }},
		{"everybody once: group 0 has 3 people, the plan 2", func(_ *flow.Problem, plan *flow.Plan) { plan.Left = nil }},
		{"everybody once: group 0 has 3 people, the plan 4", func(_ *flow.Problem, plan *flow.Plan) { plan.Left[0].People = 2 }},
		{"left: {Group:1", func(_ *flow.Problem, plan *flow.Plan) { plan.Left[0].Group = 1 }},
		{"room: shelter 0 has room for 1 people, the plan sends 2", func(p *flow.Problem, _ *flow.Plan) { p.Shelters[0].Room = 1 }},
		{"sums: 2 people arrive", func(_ *flow.Problem, plan *flow.Plan) { plan.Saved = 3 }},
		{"sums: 2 people arrive", func(_ *flow.Problem, plan *flow.Plan) { plan.Arrivals = 8 }},
		{"sums: 2 people arrive", func(_ *flow.Problem, plan *flow.Plan) { plan.Last = 4 }},
		{"departure: 1 people of group 0 have left at step 1", func(p *flow.Problem, _ *flow.Plan) { p.Groups[0].Depart = 2 }},
		{"departure: 2 people of group 0 have left at step 1", func(p *flow.Problem, _ *flow.Plan) { p.Groups[0].Spread = 3 }},
		{"capacity: 2 people enter edge 0 at step 1, 1 may", func(p *flow.Problem, _ *flow.Plan) { p.Edges[0].Capacity = 1 }},
		{"capacity: 1 people enter edge 1 at step", func(p *flow.Problem, _ *flow.Plan) { p.Edges[1].Capacity = 0 }},
		{"storage: 1 people wait at node 1 at step 2, 0 may", func(p *flow.Problem, _ *flow.Plan) { p.Nodes[1].Wait = 0 }},
	} {
		p, plan := corner()
		c.spoil(p, plan)
		if err := flow.Validate(p, plan); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

func TestSolveTellsWhyPeopleAreLeft(t *testing.T) {
	p, plan := corner()
	none := flow.Node{Wait: flow.Unbounded, Deadline: flow.Unbounded}
	p.Nodes = append(p.Nodes, none, none, none) // 3 an island, 4 far away, 5 at a narrow door
	p.Shelters = append(p.Shelters, flow.Shelter{Node: len(p.Nodes), Room: flow.Unbounded})
	p.Nodes = append(p.Nodes, none)
	p.Edges = append(p.Edges,
		flow.Edge{From: 4, To: 6, Time: 6, Capacity: 9, Deadline: flow.Unbounded},
		flow.Edge{From: 5, To: 6, Time: 3, Capacity: 2, Deadline: flow.Unbounded},
		flow.Edge{From: 3, To: 6, Time: 1, Capacity: 0, Deadline: flow.Unbounded})
	p.Groups = append(p.Groups, flow.Group{Node: 3, People: 4}, flow.Group{Node: 4, People: 5},
		flow.Group{Node: 5, People: 10, Spread: 4}) // ready at 0 0 0 1 1 2 2 2 3 3
	r := solve(t, p)
	want := append(plan.Left, flow.Left{Group: 1, People: 4, Why: flow.NoWay}, flow.Left{Group: 2, People: 5, Why: flow.TooLate},
		flow.Left{Group: 3, People: 2, Why: flow.TooLate}, flow.Left{Group: 3, People: 2, Why: flow.Crowded})
	if !slices.Equal(r.Plan.Left, want) || r.Plan.Saved != 8 || !r.Optimal {
		t.Errorf("%d saved, left %+v, want 8, %+v", r.Plan.Saved, r.Plan.Left, want)
	}
}

func TestSolveRefusesNonsense(t *testing.T) {
	for _, c := range []struct {
		want  string
		spoil func(p *flow.Problem)
	}{
		{"-1 steps", func(p *flow.Problem) { p.Steps = -1 }},
		{"node 0: negative", func(p *flow.Problem) { p.Nodes[0].Wait = -2 }},
		{"edge 0 is at node 9 of 3", func(p *flow.Problem) { p.Edges[0].To = 9 }},
		{"edge 0: want a time of 1", func(p *flow.Problem) { p.Edges[0].Time = 0 }},
		{"edge 0: want a time of 1 step or more and no negative limit", func(p *flow.Problem) { p.Edges[0].Capacity = -2 }},
		{"group 0 is at node -1 of 3", func(p *flow.Problem) { p.Groups[0].Node = -1 }},
		{"group 0: negative", func(p *flow.Problem) { p.Groups[0].People = -1 }},
		{"more than", func(p *flow.Problem) { p.Groups[0].People = 1 << 40 }},
		{"shelter 0 is at node 3 of 3", func(p *flow.Problem) { p.Shelters[0].Node = 3 }},
		{"shelter 0: negative", func(p *flow.Problem) { p.Shelters[0].Room = -2 }},
	} {
		p, _ := corner()
		c.spoil(p)
		if _, err := flow.Solve(t.Context(), p, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
	for _, p := range []*flow.Problem{{}, {Nodes: make([]flow.Node, 3), Groups: []flow.Group{{People: 2}}}} {
		if r := solve(t, p); r.Plan.Saved != 0 || !r.Optimal {
			t.Errorf("%+v of %+v", r, *p)
		}
	}
}
