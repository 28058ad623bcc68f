package cch

// Dijkstra is the search that a hierarchy is to outrun and to agree with: over
// the graph itself, with a heap. It is here to be measured and compared with. A
// workspace is for one goroutine at a time.
type Dijkstra struct {
	g       Graph
	length  []uint32
	touched []uint32
	queue   heap[uint64] // key(length, node)
}

// NewDijkstra allocates a workspace.
func NewDijkstra(g Graph) *Dijkstra {
	d := &Dijkstra{g: g, length: make([]uint32, g.Nodes())}
	for v := range d.length {
		d.length[v] = Inf
	}
	return d
}

// Length finds the length of a shortest way to a node, Inf if there is none.
func (d *Dijkstra) Length(weights []uint32, from Place, to uint32) uint32 {
	d.search(weights, from, to)
	return d.length[to]
}

// Lengths finds those to all nodes. They are valid until the next search.
func (d *Dijkstra) Lengths(weights []uint32, from Place) []uint32 {
	d.search(weights, from, None)
	return d.length
}

// search stops when the last node is settled.
func (d *Dijkstra) search(weights []uint32, from Place, last uint32) {
	for _, v := range d.touched {
		d.length[v] = Inf
	}
	d.touched, d.queue = d.touched[:0], d.queue[:0]
	for _, a := range from {
		d.reach(a.Node, a.Cost)
	}
	for len(d.queue) > 0 {
		k := d.queue.pop()
		length, v := uint32(k>>32), uint32(k)
		if v == last {
			return
		}
		if length > d.length[v] {
			continue // left over from before it was reached sooner
		}
		for a := d.g.FirstOut[v]; a < d.g.FirstOut[v+1]; a++ {
			d.reach(d.g.Head[a], length+weights[a])
		}
	}
}

func (d *Dijkstra) reach(v, length uint32) {
	if length >= d.length[v] {
		return
	}
	if d.length[v] == Inf {
		d.touched = append(d.touched, v)
	}
	d.length[v] = length
	d.queue.push(key(length, v))
}
