package flow

import "fmt"

// Unbounded is a capacity, room, waiting place or deadline that is no limit.
const Unbounded = -1

// Problem is a city to be evacuated. Nodes, edges, groups and shelters are
// known by their positions.
type Problem struct {
	// Steps is the horizon: nobody may arrive after this step.
	Steps    int
	Nodes    []Node
	Edges    []Edge
	Groups   []Group
	Shelters []Shelter
}

// Node is a place where edges meet.
type Node struct {
	// Wait is how many people may wait here at once, beside those who have not
	// left home yet. Unbounded for no limit.
	Wait int
	// Deadline is the last step at which anybody may be here, or Unbounded.
	Deadline int
}

// Edge is a street in one direction. People in the other one, and at crossings,
// do not hinder each other but by the capacities given. Times rounded up and
// capacities rounded down make a plan that can be kept.
type Edge struct {
	From, To int
	// Time is how many steps it takes, at least 1.
	Time int
	// Capacity is how many people may enter it in a step, or Unbounded. A
	// closed street has 0.
	Capacity int
	// Deadline is the step by which everybody must have left it, or Unbounded:
	// who enters at step s leaves at s+Time.
	Deadline int
}

// Group is some people at one node.
type Group struct {
	Node   int
	People int
	// Depart is the step at which the first may leave; the others become ready
	// evenly over the Spread steps that follow.
	Depart, Spread int
}

// ready is the step at which one of a group, counted from 0, may leave.
func (g Group) ready(person int) int { return g.Depart + person*g.Spread/g.People }

// Shelter is a safe place at a node of its own. Several entrances are edges to
// that node, and the time to climb is theirs.
type Shelter struct {
	Node int
	// Room is how many people it takes, or Unbounded.
	Room int
}

// check tells what no plan could be made of.
func (p *Problem) check() error {
	if p.Steps < 0 || p.Steps > 1<<20 {
		return fmt.Errorf("flow: %d steps, want 0 to %d", p.Steps, 1<<20)
	}
	node := func(what string, i, n int) error {
		if n < 0 || n >= len(p.Nodes) {
			return fmt.Errorf("flow: %s %d is at node %d of %d", what, i, n, len(p.Nodes))
		}
		return nil
	}
	for i, n := range p.Nodes {
		if n.Wait < Unbounded || n.Deadline < Unbounded {
			return fmt.Errorf("flow: node %d: negative limit: %+v", i, n)
		}
	}
	for i, e := range p.Edges {
		if err := node("edge", i, e.From); err != nil {
			return err
		}
		if err := node("edge", i, e.To); err != nil {
			return err
		}
		if e.Time < 1 || e.Capacity < Unbounded || e.Deadline < Unbounded {
			return fmt.Errorf("flow: edge %d: want a time of 1 step or more and no negative limit: %+v", i, e)
		}
	}
	people := 0
	for i, g := range p.Groups {
		if err := node("group", i, g.Node); err != nil {
			return err
		}
		if g.People < 0 || g.Depart < 0 || g.Spread < 0 {
			return fmt.Errorf("flow: group %d: negative people or time: %+v", i, g)
		}
		if people += min(g.People, most+1); people > most {
			return fmt.Errorf("flow: more than %d people", most)
		}
	}
	at := map[int]int{}
	for i, s := range p.Shelters {
		if err := node("shelter", i, s.Node); err != nil {
			return err
		}
		if s.Room < Unbounded {
			return fmt.Errorf("flow: shelter %d: negative room: %+v", i, s)
		}
		if other, taken := at[s.Node]; taken {
			return fmt.Errorf("flow: shelters %d and %d are at one node; give each its own", other, i)
		}
		at[s.Node] = i
	}
	return nil
}

// most is how many people a problem may have, so that counts fit in 32 bits.
const most = 1 << 30

// limit is a bound as a number that can be compared.
func limit(bound int) int32 {
	if bound == Unbounded || bound > most {
		return most
	}
	return int32(bound)
}

// until is the last step that a deadline and the horizon allow.
func (p *Problem) until(deadline int) int32 {
	if deadline == Unbounded || deadline > p.Steps {
		return int32(p.Steps)
	}
	return int32(deadline)
}
