package demo

// halver says how divide cuts: until pieces have the target's area in m2
// (asked at the bent centre), leaving no piece narrower than narrow.
type halver struct {
	key                 uint64
	target              func(vec) float64
	clear, snap, narrow float64
	// proto makes the lines through a piece of the given area; nil: plain ones.
	proto func(area float64, r rng) cut
	depth int
}

// divide cuts p in two, and both halves again, until they are small enough.
func (s *sheet) divide(p poly, h halver, leaf func(poly, uint64)) {
	r := draw(s.seed, "divide", h.key)
	area := s.area(p)
	centre := s.centre(p)
	want := h.target(s.bend(centre))
	d, along, across := s.long(p)
	if h.depth > 12 || area < float64(want*r.between(0.95, 1.65)) || along < 2*h.narrow && h.narrow < 1e8 {
		leaf(p, h.key)
		return
	}
	for try := range 9 {
		e := d
		if along < float64(1.3*across) && try%2 == 1 && across > 2*h.narrow {
			e = d.left()
		}
		lo, hi := s.extent(p, e)
		wobble := r.between(0.36, 0.64)
		if try > 5 {
			wobble = r.between(0.25, 0.75)
		}
		// A point inside, on the chord at that share of the extent.
		o := centre.add(e.times(lo + float64(wobble*(hi-lo)) - centre.dot(e)))
		k := knife{o: o, d: e.left().turn(r.between(-0.11, 0.11)), snap: h.snap, clear: h.clear}
		var proto cut
		if h.proto != nil {
			proto = h.proto(area, r)
		}
		one, two, _, ok := s.split(p, k, proto)
		if !ok {
			continue
		}
		a, z := h, h
		a.key, z.key = mix(h.key*2), mix(h.key*2+1)
		a.depth++
		z.depth++
		s.divide(one, a, leaf)
		s.divide(two, z, leaf)
		return
	}
	leaf(p, h.key)
}
