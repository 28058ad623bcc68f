package network

import (
	"math"
)

// Inf is the weight of an arc that cannot be passed, in milliseconds.
const Inf = math.MaxInt32

// Stretch is what holds for a while on an edge, from From to To, in m from its
// node From: Speed is a factor of it, 0 for a closed stretch.
type Stretch struct{ From, To, Speed float64 }

// Stretches are those of edges, by number, in any order. They may overlap: the
// slowest counts.
type Stretches map[uint32][]Stretch

// Weights are the milliseconds by arc that a profile takes to pass it, Inf
// where it cannot: the way is not for it, or closed somewhere between its ends.
func (n *Network) Weights(p *Profile, held Stretches) []uint32 {
	w := make([]uint32, len(n.Head))
	var of *Part
	var speed [2]float64
	for i := range n.Edges {
		e := &n.Edges[i]
		if e.Laid {
			continue
		}
		if e.Part != of {
			of = e.Part
			speed[0], speed[1] = p.Speed(&of.Feature.Attributes)
		}
		for back, v := range speed {
			w[n.arcOf[2*i+back]] = milliseconds(0, e.Length, v, held[uint32(i)])
		}
	}
	return w
}

// Milliseconds is the weight of an edge of a length in m, on which nothing is
// held, at a speed in m/s.
func Milliseconds(metres, speed float64) uint32 { return milliseconds(0, metres, speed, nil) }

// Weight is that of one arc, as Weights has it.
func (n *Network) Weight(p *Profile, arc uint32, held []Stretch) uint32 {
	edge, back := n.Edge(arc)
	e := &n.Edges[edge]
	return milliseconds(0, e.Length, e.speed(p, back), held)
}

// speed is that of a profile in m/s along the edge, or against it.
func (e *Edge) speed(p *Profile, back bool) float64 {
	along, against := p.Speed(&e.Part.Feature.Attributes)
	if back {
		return against
	}
	return along
}

// milliseconds is the time from lo to hi m on an edge at a speed in m/s.
func milliseconds(lo, hi, speed float64, held []Stretch) uint32 {
	if speed <= 0 {
		return Inf
	}
	metres := hi - lo
	for _, s := range held {
		if s.Speed <= 0 && s.within(lo, hi) {
			return Inf
		}
	}
	if len(held) > 0 {
		metres = slowed(lo, hi, held)
	}
	return uint32(min(math.Round(metres/speed*1000), Inf-1))
}

// within reports whether some of a stretch lies between two places. One without
// length, where a line was drawn across the road, does if it is not at the ends.
func (s Stretch) within(lo, hi float64) bool { return s.From < hi && s.To > lo }

// slowed is the length from lo to hi that takes as long at full speed.
func slowed(lo, hi float64, held []Stretch) float64 {
	total := 0.0
	for at := lo; at < hi; {
		next, factor := hi, 1.0
		for _, s := range held {
			switch {
			case s.From <= at && at < s.To:
				next, factor = min(next, s.To), min(factor, s.Speed)
			case s.From > at:
				next = min(next, s.From)
			}
		}
		total += (next - at) / factor
		at = next
	}
	return total
}

// Access is the milliseconds between a place and the two nodes of its edge, From
// and To: from the place to them, or to the place from them where arriving. Inf
// is no way, which both are where the place lies between two closed stretches.
func (n *Network) Access(p *Profile, at Place, held []Stretch, arriving bool) (from, to uint32) {
	e := &n.Edges[at.Edge]
	along, against := p.Speed(&e.Part.Feature.Attributes)
	if arriving {
		along, against = against, along
	}
	return milliseconds(0, at.Along, against, held), milliseconds(at.Along, e.Length, along, held)
}
