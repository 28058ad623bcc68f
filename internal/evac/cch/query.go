package cch

// Query is a workspace for questions about any metric of its hierarchy. It is
// for one goroutine at a time; questions after the first ones allocate nothing.
// A place must name nodes of the graph.
type Query struct {
	h        *Hierarchy
	from, to climb
	stack    []uint32
	keys     []uint64 // of a sweep, by rank
	near     []uint64 // of a search for the nearest
}

// NewQuery allocates a workspace, some 18 bytes a node.
func (h *Hierarchy) NewQuery() *Query {
	return &Query{h: h, from: newClimb(len(h.order)), to: newClimb(len(h.order))}
}

// Path is a shortest way between two places.
type Path struct {
	// Length includes the costs of access; Inf: there is no way.
	Length uint32
	// From and To say which access of either place is taken.
	From, To int
	// Arcs of the graph in their order; none where both are the same node.
	Arcs []uint32
}

// Length finds the length of a shortest way between two places, Inf if there is
// none. It takes some 10 us in Luxembourg.
func (q *Query) Length(m *Metric, from, to Place) uint32 {
	length, _ := q.meet(m, from, to)
	return length
}

// Path finds a shortest way between two places, and appends its arcs to those
// given. Of several it is always the same one.
func (q *Query) Path(m *Metric, from, to Place, arcs []uint32) Path {
	length, top := q.meet(m, from, to)
	p := Path{Length: length, Arcs: arcs}
	if length == Inf {
		return p
	}
	q.stack = q.stack[:0]
	v := top
	for ; q.from.by[v] < given; v = q.h.tail[q.from.by[v]] {
		q.stack = append(q.stack, q.from.by[v])
	}
	p.From = int(q.from.by[v] - given)
	for i := len(q.stack) - 1; i >= 0; i-- {
		p.Arcs = m.unpack(p.Arcs, q.stack[i], up)
	}
	for v = top; q.to.by[v] < given; v = q.h.tail[q.to.by[v]] {
		p.Arcs = m.unpack(p.Arcs, q.to.by[v], down)
	}
	p.To = int(q.to.by[v] - given)
	return p
}

// meet climbs from both places, always from the lower rank, and returns the
// length of a shortest way and its highest rank.
func (q *Query) meet(m *Metric, from, to Place) (length, top uint32) {
	q.check(m)
	q.from.start(q.h, from)
	q.to.start(q.h, to)
	length, top = Inf, None
	for {
		v, w := q.from.rank(), q.to.rank()
		if v == None || w == None {
			// Whatever is left on one side is not on the other.
			return length, top
		}
		if v == w {
			if s := q.from.length[v] + q.to.length[v]; s < length {
				length, top = s, v
			}
		}
		if v <= w {
			q.from.visit(m, up, length)
		} else {
			q.to.visit(m, down, length)
		}
	}
}

func (q *Query) check(m *Metric) {
	if m.h != q.h {
		panic("cch: the workspace and the metric are of different hierarchies")
	}
}

// unpack appends the arcs of the graph that an arc of the hierarchy stands for.
func (m *Metric) unpack(arcs []uint32, e uint32, d int) []uint32 {
	via := m.via[d].at(e)
	if via >= given {
		return append(arcs, via-given)
	}
	other := m.h.beside(via, m.h.head[e])
	if d == up { // tail of e, the node below, head of e
		return m.unpack(m.unpack(arcs, via, down), other, up)
	}
	return m.unpack(m.unpack(arcs, other, down), via, up)
}
