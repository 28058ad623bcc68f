package network

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"
)

// segment is what the index holds: the piece of a line from vertex i to i+1.
type segment struct {
	part *Part
	i    int32
}

// index finds segments by their box in degrees.
type index = rtree.RTreeG[segment]

// noding finds where some lines meet each other. Its answer for a line is right
// if all lines are among them that come within reach of that line.
type noding struct {
	snap  float64
	index *index
	parts []*Part         // in order
	local map[*Part]int32 // place in parts
	decks map[*Part][]deck

	marks   []mark  // the ends of part i are marks 2i and 2i+1
	boss    []int32 // union-find over marks
	order   []int32 // marks by part and along it
	snapped []Snapped

	spots []spot
	cuts  [][]cut // by part

	work  []int // by part
	total int
}

// What noding may look at, in all and for each segment, and what a meeting
// counts. The roads of Jakarta take a third of it; a scribble of a few thousand
// vertices, which has millions of meetings, is found out in tenths of a second.
const (
	workFree       = 1_000_000
	workPerSegment = 100
	workPerMeeting = 20
)

// mark is a place on a line where it is to be cut: t of the way from vertex i to
// the next.
type mark struct {
	part, i int32
	t       float64
	along   float64 // m from the start of the line
	at      orb.Point
	rank    rank
	met     bool // another line, or another place of this one, meets here
}

// rank is how good a place is for a node: lines are led to the best one.
type rank uint8

const (
	atVertex   rank = iota // somebody drew it
	atCrossing             // two lines cross there
	atFoot                 // a loose end is led there
	atLooseEnd
)

// spot is a node to be, and cut is where a line passes it.
type spot struct {
	at   orb.Point
	rank rank
}

type cut struct {
	mark *mark
	spot int32
}

// node cuts lines where they meet. For n segments it costs O(n log n), about
// 5 µs for each on a map of roads. Where lines are so entangled that it takes too
// long, it gives up and names one of those that may be left out, if there is one.
func node(ix *index, parts []*Part, snap float64, mayLeave func(*Part) bool) (*noding, *Part) {
	n := &noding{snap: snap, index: ix, parts: parts, local: make(map[*Part]int32, len(parts)), decks: map[*Part][]deck{}, work: make([]int, len(parts))}
	limit := workFree
	slices.SortFunc(parts, (*Part).compare)
	for i, p := range parts {
		n.local[p] = int32(i)
		n.mark(mark{part: int32(i), at: p.line[0], rank: atLooseEnd})
		n.mark(mark{part: int32(i), i: int32(p.last()), along: p.Length(), at: p.line[p.last()], rank: atLooseEnd})
		limit += workPerSegment * p.last()
	}
	for i, p := range parts {
		for j := range p.last() {
			n.cross(int32(i), int32(j))
			if n.total <= limit {
				continue
			}
			if out := n.worst(mayLeave); out != nil {
				return nil, out
			}
			limit = math.MaxInt
		}
	}
	n.sort()
	n.leadEnds()
	n.sort()
	n.gather()
	return n, nil
}

// worst is the part that made the most work, of those that may be left out.
func (n *noding) worst(mayLeave func(*Part) bool) (out *Part) {
	most := 0
	for i, p := range n.parts {
		if n.work[i] > most && mayLeave(p) {
			out, most = p, n.work[i]
		}
	}
	return out
}

func (n *noding) mark(m mark) int32 {
	n.marks = append(n.marks, m)
	n.boss = append(n.boss, int32(len(n.boss)))
	return int32(len(n.marks) - 1)
}

func (n *noding) find(m int32) int32 {
	for n.boss[m] != m {
		n.boss[m] = n.boss[n.boss[m]]
		m = n.boss[m]
	}
	return m
}

func (n *noding) unite(a, b int32) {
	a, b = n.find(a), n.find(b)
	n.boss[max(a, b)] = min(a, b)
}

// cross marks where a segment meets later ones.
func (n *noding) cross(part, i int32) {
	p := n.parts[part]
	a, b := p.segment(int(i))
	box := around(a, b, weld)
	n.index.Search(box.Min, box.Max, func(_, _ [2]float64, s segment) bool {
		other, ok := n.local[s.part]
		if !ok || other < part || other == part && s.i <= i {
			return true
		}
		c, d := s.part.segment(int(s.i))
		found, count := meetings(a, b, c, d)
		work := 1 + workPerMeeting*count
		n.work[part], n.work[other], n.total = n.work[part]+work, n.work[other]+work, n.total+work
		for _, m := range found[:count] {
			n.meet(m, segment{p, i}, s)
		}
		return true
	})
}

// meet marks one meeting on both lines, if it is one.
func (n *noding) meet(m meeting, a, b segment) {
	// A vertex is the start of a segment, but for the last of a line.
	va, okA := vertexOf(a, m.s)
	vb, okB := vertexOf(b, m.u)
	if !okA || !okB {
		return
	}
	t := touch{endA: isEnd(a.part, va), endB: isEnd(b.part, vb), vertices: va >= 0 && vb >= 0}
	if t.vertices && !t.endA && !t.endB && sideBySide(a.part.line, va, b.part.line, vb) {
		return
	}
	if !meets(n.deck(a), n.deck(b), t) {
		return
	}
	at := atCrossing
	if m.vertex {
		at = atVertex
	}
	n.unite(n.markOn(a, m.s, m.at, at), n.markOn(b, m.u, m.at, at))
}

// vertexOf is the vertex that a share of a segment is, -1 where it is none. It
// is not ok where the next segment has that vertex as well.
func vertexOf(s segment, t float64) (v int, ok bool) {
	switch t {
	case 0:
		return int(s.i), true
	case 1:
		v = int(s.i) + 1
		return v, v == s.part.last()
	}
	return -1, true
}

func isEnd(p *Part, v int) bool { return v == 0 || v == p.last() }

// sideBySide reports whether two lines come to a common vertex from a common
// vertex and go on to one: they do not part there, so nothing is to be cut.
func sideBySide(a orb.LineString, i int, b orb.LineString, j int) bool {
	return a[i] == b[j] && (a[i-1] == b[j-1] && a[i+1] == b[j+1] || a[i-1] == b[j+1] && a[i+1] == b[j-1])
}

// markOn returns a mark on a segment, that of the line's end where it is one.
func (n *noding) markOn(s segment, t float64, at orb.Point, r rank) int32 {
	part := n.local[s.part]
	v, _ := vertexOf(s, t)
	end := int32(-1)
	switch v {
	case -1:
		from, to := s.part.along[s.i], s.part.along[s.i+1]
		return n.mark(mark{part: part, i: s.i, t: t, along: from + (to-from)*t, at: at, rank: r, met: true})
	case 0:
		end = 2 * part
	case s.part.last():
		end = 2*part + 1
	default:
		return n.mark(mark{part: part, i: int32(v), along: s.part.along[v], at: at, rank: r, met: true})
	}
	m := &n.marks[end]
	m.met, m.rank = true, min(m.rank, r)
	return end
}

// deck is that of a segment: its line's or, on a later layer, that of the bridge
// or tunnel of the first layer on which it is laid.
func (n *noding) deck(s segment) deck {
	own := s.part.Feature.Attributes.deck()
	if s.part.Feature.Layer == 0 {
		return own
	}
	all, ok := n.decks[s.part]
	if !ok {
		all = make([]deck, s.part.last())
		for i := range all {
			all[i] = n.laidOn(s.part, i, own)
		}
		n.decks[s.part] = all
	}
	return all[s.i]
}

func (n *noding) laidOn(p *Part, i int, own deck) deck {
	a, b := p.segment(i)
	box := around(a, b, weld)
	pl := planeAt(a)
	var below *Part
	n.index.Search(box.Min, box.Max, func(_, _ [2]float64, s segment) bool {
		if s.part.Feature.Layer > 0 || !s.part.Feature.Attributes.deck().raised() || below != nil && below.compare(s.part) <= 0 {
			return true
		}
		c, d := s.part.segment(int(s.i))
		C, D := pl.of(c), pl.of(d)
		if _, r := nearest(vec{}, C, D); r > weld {
			return true
		}
		if _, r := nearest(pl.of(b), C, D); r <= weld {
			below = s.part
		}
		return true
	})
	if below == nil {
		return own
	}
	return below.Feature.Attributes.deck()
}

// sort orders the marks by line and along it.
func (n *noding) sort() {
	n.order = slices.Grow(n.order[:0], len(n.marks))
	for i := range n.marks {
		n.order = append(n.order, int32(i))
	}
	slices.SortFunc(n.order, func(i, j int32) int {
		a, b := &n.marks[i], &n.marks[j]
		return cmp.Or(cmp.Compare(a.part, b.part), cmp.Compare(a.along, b.along), cmp.Compare(i, j))
	})
}

// gather makes one spot of marks that belong together, and one cut of those that
// are within a centimetre on a line.
func (n *noding) gather() {
	for k := 1; k < len(n.order); k++ {
		a, b := &n.marks[n.order[k-1]], &n.marks[n.order[k]]
		if a.part == b.part && b.along-a.along <= weld {
			n.unite(n.order[k-1], n.order[k])
		}
	}
	spots := make([]int32, len(n.marks)) // by boss, 1 more
	n.cuts = make([][]cut, len(n.parts))
	for _, k := range n.order {
		m, boss := &n.marks[k], n.find(k)
		if spots[boss] == 0 {
			n.spots = append(n.spots, spot{m.at, m.rank})
			spots[boss] = int32(len(n.spots))
		}
		s := &n.spots[spots[boss]-1]
		if m.rank < s.rank { // of equal ones the first line's, so that others do not move it
			*s = spot{m.at, m.rank}
		}
		n.cut(m, spots[boss]-1)
	}
}

// cut adds a mark to the cuts of its line, the first of those that are one place.
func (n *noding) cut(m *mark, spot int32) {
	cuts := n.cuts[m.part]
	if last := len(cuts) - 1; last >= 0 && cuts[last].spot == spot && m.along-cuts[last].mark.along <= weld {
		return
	}
	n.cuts[m.part] = append(cuts, cut{m, spot})
}
