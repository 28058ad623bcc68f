package flow

// Placement sends people of a group to a shelter.
type Placement struct{ Group, Shelter, People int }

// Assignment is the simple plan: where to go, as if streets were empty.
type Assignment struct {
	Placements []Placement
	// Placed people have room; they would arrive at this sum of steps if each
	// left with the last of their group and were alone.
	Placed   int
	Arrivals int64
}

// Assign gives as many people as possible room in a shelter that the last of
// their group reaches in time when alone, then with the least sum of arrivals:
// the transport problem. It knows nothing of crowds on the way: its
// placements are a first answer, and its sum is not that of a plan. It costs a
// search for each place and time of departure and one minimum-cost flow.
func Assign(p *Problem) (Assignment, error) {
	if err := p.check(); err != nil {
		return Assignment{}, err
	}
	groups, shelters := len(p.Groups), len(p.Shelters)
	nowhere := groups + shelters // its arcs cost more than any arrival
	supply := make([]int64, nowhere+1)
	var arcs []Arc
	r := p.roads()
	known := map[start][]int32{}
	for i, g := range p.Groups {
		if g.People == 0 {
			continue
		}
		supply[i] = int64(g.People)
		supply[nowhere] -= int64(g.People)
		last := g.ready(g.People - 1)
		at, found := known[start{g.Node, int32(min(last, never))}]
		if !found {
			at = p.arrivals(r, g.Node, last)
			known[start{g.Node, int32(min(last, never))}] = at
		}
		for k, step := range at {
			if step != never {
				arcs = append(arcs, Arc{i, groups + k, int64(g.People), int64(step)})
			}
		}
		arcs = append(arcs, Arc{i, nowhere, int64(g.People), int64(p.Steps)*int64(shelters+1) + 1})
	}
	for k, s := range p.Shelters {
		arcs = append(arcs, Arc{groups + k, nowhere, int64(limit(s.Room)), 0})
	}
	f, err := MinCost(supply, arcs)
	if err != nil {
		return Assignment{}, err
	}
	var a Assignment
	for i, arc := range arcs {
		if n := f.By[i]; n > 0 && arc.From < groups && arc.To != nowhere {
			a.Placements = append(a.Placements, Placement{arc.From, arc.To - groups, int(n)})
			a.Placed += int(n)
			a.Arrivals += n * arc.Cost
		}
	}
	return a, nil
}
