package flow_test

import (
	"context"
	"fmt"

	"github.com/simtaru/simtaru/internal/evac/flow"
)

// Two villages, a shelter with three places on the shore and high ground behind.
// The second village reaches only the shelter, so the first leaves it to them.
func ExampleSolve() {
	anywhere := flow.Node{Wait: flow.Unbounded, Deadline: flow.Unbounded}
	p := &flow.Problem{
		Steps: 10,
		Nodes: []flow.Node{anywhere, anywhere, anywhere, anywhere},
		Edges: []flow.Edge{
			{From: 0, To: 2, Time: 1, Capacity: 2, Deadline: flow.Unbounded},
			{From: 1, To: 2, Time: 4, Capacity: 1, Deadline: 7}, // the wave comes at step 7
			{From: 0, To: 3, Time: 5, Capacity: 2, Deadline: flow.Unbounded},
		},
		Groups:   []flow.Group{{Node: 0, People: 4}, {Node: 1, People: 5}},
		Shelters: []flow.Shelter{{Node: 2, Room: 3}, {Node: 3, Room: flow.Unbounded}},
	}
	r, err := flow.Solve(context.Background(), p, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, t := range r.Plan.Trips {
		for _, d := range t.Departures {
			fmt.Printf("%d of village %d leave at step %d and reach shelter %d at step %d\n", d.People, t.Group, d.Step, t.Shelter, d.Step+t.Duration)
		}
	}
	fmt.Printf("%d of %d saved, optimal: %v; left %+v\n", r.Plan.Saved, r.Bound.Saved, r.Optimal, r.Plan.Left)
	// Output:
	// 2 of village 0 leave at step 0 and reach shelter 1 at step 5
	// 2 of village 0 leave at step 1 and reach shelter 1 at step 6
	// 1 of village 1 leave at step 0 and reach shelter 0 at step 4
	// 1 of village 1 leave at step 1 and reach shelter 0 at step 5
	// 1 of village 1 leave at step 2 and reach shelter 0 at step 6
	// 7 of 7 saved, optimal: true; left [{Group:1 People:2 Why:no_room}]
}
