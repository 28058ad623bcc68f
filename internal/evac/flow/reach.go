package flow

// never is a step after all others.
const never = most

// roads are the edges at each node.
type roads struct{ out, in [][]int32 }

func (p *Problem) roads() roads {
	r := roads{make([][]int32, len(p.Nodes)), make([][]int32, len(p.Nodes))}
	for i, e := range p.Edges {
		if e.Capacity != 0 {
			r.out[e.From] = append(r.out[e.From], int32(i))
			r.in[e.To] = append(r.in[e.To], int32(i))
		}
	}
	return r
}

// wave settles nodes in the order of whole steps (Dial 1969).
type wave struct {
	at      []int32
	buckets [][]int32
}

func newWave(nodes, steps int) *wave {
	w := &wave{make([]int32, nodes), make([][]int32, steps+1)}
	for i := range w.at {
		w.at[i] = never
	}
	return w
}

func (w *wave) reach(node int, step int32) {
	if int(step) < len(w.buckets) && step < w.at[node] {
		w.at[node] = step
		w.buckets[step] = append(w.buckets[step], int32(node))
	}
}

func (w *wave) run(settle func(node int, step int32)) []int32 {
	for step := range int32(len(w.buckets)) {
		for k := 0; k < len(w.buckets[step]); k++ {
			if v := w.buckets[step][k]; w.at[v] == step {
				settle(int(v), step)
			}
		}
	}
	return w.at
}

// start is a node where somebody is ready at a step.
type start struct {
	node int
	step int32
}

// earliest is the first step at which anybody can be at each node, were they
// alone, or never; before each node's and edge's deadline.
func (p *Problem) earliest(r roads, from ...start) []int32 {
	w := newWave(len(p.Nodes), p.Steps)
	reach := func(v int, step int32) {
		if step <= p.until(p.Nodes[v].Deadline) {
			w.reach(v, step)
		}
	}
	for _, s := range from {
		reach(s.node, s.step)
	}
	return w.run(func(v int, step int32) {
		for _, i := range r.out[v] {
			e := &p.Edges[i]
			if end := step + int32(min(e.Time, most/2)); end <= p.until(e.Deadline) {
				reach(e.To, end)
			}
		}
	})
}

// latest is the last step at which each node can be left for one of the
// shelters, were one alone; -1 where it never can.
func (p *Problem) latest(r roads, shelters []Shelter) []int32 {
	w := newWave(len(p.Nodes), p.Steps) // in steps before the horizon
	for _, s := range shelters {
		if s.Room != 0 {
			w.reach(s.Node, int32(p.Steps)-p.until(p.Nodes[s.Node].Deadline))
		}
	}
	at := w.run(func(v int, before int32) {
		for _, i := range r.in[v] {
			e := &p.Edges[i]
			left := min(int32(p.Steps)-before, p.until(e.Deadline)) - int32(min(e.Time, most/2))
			left = min(left, p.until(p.Nodes[e.From].Deadline))
			w.reach(e.From, int32(p.Steps)-left)
		}
	})
	for v := range at {
		at[v] = max(int32(p.Steps)-at[v], -1)
	}
	return at
}
