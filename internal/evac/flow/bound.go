package flow

import "slices"

// Bound is what no plan can better: it saves Saved people at most, and who
// saves as many as the plan does needs this sum of arrivals and this last one
// at least.
type Bound struct {
	Saved    int
	Arrivals int64
	Last     int
}

// certify computes from the labels alone, whatever the flow, what the sum of
// arrivals of n people is at least. By weak duality this holds for any labels:
// a person costs the level, less what a better label than the next one's would
// have gained, at the full capacity of each arc. It looks at each arc once.
func (s *search) certify(n int) int64 {
	sum := int64(n) * int64(s.level)
	arc := func(capacity int32, reduced int32) {
		if reduced < 0 {
			sum += int64(capacity) * int64(reduced)
		}
	}
	for _, from := range s.sources {
		arc(from.people, s.labelOf(from.spot)-s.level)
	}
	for _, e := range s.streets {
		u, w := s.places[e.from].spot, s.places[e.to].spot+e.time
		for at := e.first; at <= e.last; at++ {
			arc(e.capacity, s.labelOf(w+at)-s.labelOf(u+at))
		}
	}
	for _, w := range s.places {
		for at := w.first; at < w.last; at++ {
			arc(w.wait, s.labelOf(w.spot+at+1)-s.labelOf(w.spot+at))
		}
	}
	for k, h := range s.halls {
		w := s.places[h.place]
		for at := w.first; at <= w.last; at++ {
			arc(most, at+s.labelOf(s.hall(k))-s.labelOf(w.spot+at))
		}
		arc(limit(s.Shelters[k].Room), -s.labelOf(s.hall(k)))
	}
	return sum
}

// cut is the capacity of all that leads from where no way is left to where one
// is: no more people than that, and than those who start beyond, can be saved.
func (s *search) cut() int {
	sum := int64(0)
	arc := func(from, to, capacity int32) {
		if !s.joined[from] && s.joined[to] {
			sum += int64(capacity)
		}
	}
	for _, from := range s.sources {
		if s.joined[from.spot] {
			sum += int64(from.people)
		}
	}
	for _, e := range s.streets {
		for at := e.first; at <= e.last; at++ {
			arc(s.places[e.from].spot+at, s.places[e.to].spot+e.time+at, e.capacity)
		}
	}
	for _, w := range s.places {
		for at := w.first; at < w.last; at++ {
			arc(w.spot+at, w.spot+at+1, w.wait)
		}
	}
	for k, h := range s.halls {
		w := s.places[h.place]
		for at := w.first; at <= w.last; at++ {
			arc(w.spot+at, s.hall(k), most)
		}
		if !s.joined[s.hall(k)] {
			sum += int64(limit(s.Shelters[k].Room))
		}
	}
	return int(min(sum, most))
}

// relax is how many people can be saved at most, by two maximum flows without
// time: in one a street may be used at all its useful steps by anybody, in the
// other streets carry everybody, but not sooner than they can be walked.
func (x *expansion) relax() (int, error) {
	n := len(x.places)
	var arcs []Arc
	for _, s := range x.streets {
		if s.first <= s.last {
			arcs = append(arcs, Arc{int(s.from), int(s.to), int64(s.capacity) * int64(s.last-s.first+1), 0})
		}
	}
	byStreets, err := x.static(n, arcs, func(s source) int { return int(x.node[s.spot]) }, func(k int) int { return int(x.halls[k].place) })
	if err != nil {
		return 0, err
	}
	arcs = arcs[:0]
	for k := range x.Shelters {
		last := x.latest(x.roads, x.Shelters[k:k+1])
		ready := make([]int64, len(x.Groups))
		for _, s := range x.sources {
			if s.step <= last[x.node[s.spot]] {
				ready[s.group] += int64(s.people)
			}
		}
		for i, people := range ready {
			if people > 0 {
				arcs = append(arcs, Arc{i, len(x.Groups) + k, people, 0})
			}
		}
	}
	byTimes, err := x.static(len(x.Groups)+len(x.Shelters), arcs, func(s source) int { return int(s.group) }, func(k int) int { return len(x.Groups) + k })
	return min(byStreets, byTimes), err
}

// static is the most that can flow by arcs from where groups start to shelters.
func (x *expansion) static(nodes int, arcs []Arc, starts func(source) int, ends func(shelter int) int) (int, error) {
	all := int64(0)
	people := make([]int64, nodes)
	for _, s := range x.sources {
		people[starts(s)] += int64(s.people)
		all += int64(s.people)
	}
	for v, n := range people {
		if n > 0 {
			arcs = append(arcs, Arc{nodes, v, n, 0})
		}
	}
	for k, s := range x.Shelters {
		arcs = append(arcs, Arc{ends(k), nodes + 1, int64(limit(s.Room)), 0})
	}
	arcs = append(arcs, Arc{nodes + 1, nodes, all, -1})
	for i := range arcs {
		arcs[i].Capacity = min(arcs[i].Capacity, all)
	}
	f, err := MinCost(make([]int64, nodes+2), arcs)
	return int(-f.Cost), err
}

// soonest is when the last of n people would arrive if each were alone.
func (x *expansion) soonest(n int) int {
	before := x.distances()
	var at []int32
	for _, s := range x.sources {
		arrive := s.step + before[x.node[s.spot]]
		for range s.people {
			at = append(at, arrive)
		}
	}
	slices.Sort(at)
	if n == 0 || n > len(at) {
		return 0
	}
	return int(at[n-1])
}

// distances is how many steps each node is from the next shelter.
func (x *expansion) distances() []int32 {
	w := newWave(len(x.Nodes), x.Steps)
	for _, s := range x.Shelters {
		if s.Room != 0 {
			w.reach(s.Node, 0)
		}
	}
	return w.run(func(v int, step int32) {
		for _, i := range x.in[v] {
			w.reach(x.Edges[i].From, step+int32(min(x.Edges[i].Time, most/2)))
		}
	})
}
