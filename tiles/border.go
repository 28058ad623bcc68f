package tiles

// cover is what a polygon of a coverage knows of its neighbours.
type cover struct {
	into    uint64
	borders []border
}

// border is what a polygon shares with one neighbour.
type border struct {
	id     uint64
	length uint64  // in world units, each edge rounded
	area   float64 // of the neighbour
}
