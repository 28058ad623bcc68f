package flow

// search finds the optimum by the primal-dual method (Ford and Fulkerson 1962,
// chapter III): each spot has a label, which is what one more person there
// would add to the sum of arrivals at least. People are sent, level by level of
// the label, along hops that cost exactly the difference of labels; then the
// labels of spots from which no such hops lead to a shelter with room are
// raised, all alike, until a new one does. While no shelter is full the level
// is simply the step of arrival, and the flow arrives earliest at every step;
// a full shelter's label is the delay to those who are sent on from it.
//
// What is known of who reaches a shelter is kept from level to level, and
// mended where people used it up, so the cost is that of what changes.
type search struct {
	*expansion
	level int32
	// label of spots and shelters: of those that are joined as it is, of others, which
	// rise with the level, less the level.
	label []int32
	// joined spots reach a shelter with room by tight hops, the first is next:
	// a forest.
	joined []bool
	joins  int // counted
	next   []hop
	queue  []int32 // joined, but not yet looked at who reaches them
	// due are joined spots by the level at which a hop into them comes tight.
	due map[int32][]int32
	// broken spots had a next that was used up; lost ones went by them.
	broken, lost []int32
	hops         []hop
	open         []int32 // sources with people who have no way yet
	tried        []bool  // in this round, in vain or on the way
	marked       []int32
	way          []hop
	frames       []frame
}

const far = never

func newSearch(x *expansion, reroute bool) *search {
	n := len(x.node) + len(x.halls)
	s := &search{expansion: x, label: make([]int32, n), joined: make([]bool, n), next: make([]hop, n), tried: make([]bool, n), due: map[int32][]int32{}}
	x.reroute = reroute
	for i := range x.sources {
		s.open = append(s.open, int32(i))
	}
	for k, h := range s.halls {
		if h.room > 0 {
			s.join(s.hall(k), hop{-1, -1})
		}
	}
	s.grow()
	return s
}

func (s *search) hall(k int) int32 { return int32(len(s.node) + k) }

func (s *search) labelOf(spot int32) int32 {
	if s.joined[spot] {
		return s.label[spot]
	}
	return s.level + s.label[spot]
}

// slack is by how much the hop from a spot costs more than the labels differ.
func (s *search) slack(from int32, h hop) int32 {
	return s.cost(from, h) + s.labelOf(h.spot) - s.labelOf(from)
}

func (s *search) join(spot int32, next hop) {
	s.label[spot] = s.labelOf(spot)
	s.joined[spot], s.next[spot] = true, next
	s.joins++
	s.queue = append(s.queue, spot)
}

// grow joins what reaches the queue by tight hops, and notes when the next
// other one will.
func (s *search) grow() {
	for at := 0; at < len(s.queue); at++ {
		spot := s.queue[at]
		soon := int32(far)
		s.hops = s.into(spot, s.hops[:0])
		for _, h := range s.hops {
			if s.joined[h.spot] {
				continue
			}
			if slack := s.slack(h.spot, hop{spot, h.arc}); slack > 0 {
				soon = min(soon, slack)
			} else {
				s.join(h.spot, hop{spot, h.arc})
			}
		}
		if soon < far {
			s.due[s.level+soon] = append(s.due[s.level+soon], spot)
		}
	}
	s.queue = s.queue[:0]
}

// raise goes to the next level at which anything joins; false if there is none.
func (s *search) raise() bool {
	for {
		next := int32(far)
		for at := range s.due {
			next = min(next, at)
		}
		if next == far {
			return false
		}
		s.level = next
		joins := s.joins
		for _, spot := range s.due[next] {
			if s.joined[spot] {
				s.queue = append(s.queue, spot)
			}
		}
		delete(s.due, next)
		s.grow()
		if s.joins > joins {
			return true
		}
	}
}

// mend finds another next for the broken spots and all who went by them. Who
// has none leaves the forest.
func (s *search) mend() {
	s.lost = s.lost[:0]
	for _, spot := range s.broken {
		if h := s.next[spot]; s.joined[spot] && (h.spot < 0 || s.residual(h) == 0) {
			s.leave(spot)
		}
	}
	s.broken = s.broken[:0]
	for at := 0; at < len(s.lost); at++ {
		s.hops = s.into(s.lost[at], s.hops[:0])
		for _, h := range s.hops {
			if s.joined[h.spot] && s.next[h.spot].spot == s.lost[at] {
				s.leave(h.spot)
			}
		}
	}
	for _, spot := range s.lost {
		s.hops = s.outOf(spot, s.hops[:0])
		for _, h := range s.hops {
			if !s.joined[h.spot] {
				continue
			}
			if slack := s.slack(spot, h); slack > 0 {
				s.due[s.level+slack] = append(s.due[s.level+slack], h.spot)
			} else {
				s.join(spot, h)
				break
			}
		}
	}
	s.grow()
}

// leave takes a spot out of the forest.
func (s *search) leave(spot int32) {
	s.joined[spot] = false
	s.label[spot] -= s.level
	s.lost = append(s.lost, spot)
}

// send gives ways to as many people as this level allows, in one round.
func (s *search) send() int32 {
	sent := int32(0)
	open := s.open[:0]
	for _, i := range s.open {
		from := &s.sources[i]
		for from.left > 0 && s.joined[from.spot] && !s.tried[from.spot] {
			k, ok := s.find(from.spot)
			if !ok {
				break
			}
			by := min(from.left, s.halls[k].room)
			for _, h := range s.way {
				by = min(by, s.residual(h))
			}
			at := from.spot
			for _, h := range s.way {
				if h.arc&1 == 0 {
					s.flow[h.arc>>1] += by
				} else {
					s.flow[h.arc>>1] -= by
				}
				if s.next[at] == h && s.residual(h) == 0 {
					s.broken = append(s.broken, at)
				}
				at = h.spot
			}
			from.left -= by
			if s.halls[k].room -= by; s.halls[k].room == 0 {
				s.broken = append(s.broken, at)
			}
			sent += by
		}
		if from.left > 0 {
			open = append(open, i)
		}
	}
	s.open = open
	for _, spot := range s.marked {
		s.tried[spot] = false
	}
	s.marked = s.marked[:0]
	return sent
}

// frame is a spot on the way, and which of the hops from it were tried.
type frame struct {
	spot          int32
	first, at     int // of those hops, and of the ones still to try, in search.hops
	ahead, listed bool
}

// find fills way with tight hops that have capacity left, from a spot to a
// shelter with room, and tells which. It follows next, and looks aside only
// where that is used up; what was tried in vain is not tried again in this round.
func (s *search) find(spot int32) (shelter int, ok bool) {
	s.way, s.hops, s.frames = s.way[:0], s.hops[:0], s.frames[:0]
	s.enter(spot)
	for len(s.frames) > 0 {
		f := &s.frames[len(s.frames)-1]
		if k := int(f.spot) - len(s.node); k >= 0 && s.halls[k].room > 0 {
			for _, g := range s.frames {
				s.tried[g.spot] = false
			}
			return k, true
		}
		if h, more := s.ahead(f); more {
			s.way = append(s.way, h)
			s.enter(h.spot)
			continue
		}
		s.frames = s.frames[:len(s.frames)-1]
		s.way = s.way[:max(len(s.way)-1, 0)]
	}
	return 0, false
}

func (s *search) enter(spot int32) {
	s.tried[spot] = true
	s.marked = append(s.marked, spot)
	s.frames = append(s.frames, frame{spot: spot})
}

// ahead is the next hop to try from a frame, which is the last one.
func (s *search) ahead(f *frame) (hop, bool) {
	if !f.ahead {
		f.ahead = true
		if h := s.next[f.spot]; h.spot >= 0 && !s.tried[h.spot] && s.residual(h) > 0 {
			return h, true
		}
	}
	if !f.listed {
		f.listed, f.first, f.at = true, len(s.hops), len(s.hops)
		s.hops = s.outOf(f.spot, s.hops)
	}
	for f.at < len(s.hops) {
		h := s.hops[f.at]
		f.at++
		if s.joined[h.spot] && !s.tried[h.spot] && s.slack(f.spot, h) == 0 {
			return h, true
		}
	}
	s.hops = s.hops[:f.first]
	return hop{}, false
}

// run sends everybody it can, and tells whether it came to its end before
// ended told an error.
func (s *search) run(ended func() error, progress func(sent int)) bool {
	all := 0
	for _, from := range s.sources {
		all += int(from.left)
	}
	for sent := 0; sent < all; {
		for n := s.send(); n > 0; n = s.send() {
			sent += int(n)
			if ended() != nil {
				return false
			}
			s.mend()
		}
		progress(sent)
		if ended() != nil {
			return false
		}
		if !s.raise() {
			break
		}
	}
	return true
}
