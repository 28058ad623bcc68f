package land

import (
	"context"
	"math"
	"math/bits"
	"slices"

	"github.com/paulmach/orb"
)

// Piece is the land of one feature.
type Piece struct {
	Geometry orb.MultiPolygon
	// Set that the feature belongs to, from 0.
	Set int
	// Factor on its square metres; NaN: it has none of its own.
	Factor float64
}

// Rule gives a part the land that a set covers, and with Within at least 0 only
// where that set covers too.
type Rule struct{ Set, Within int }

// Unit is the land that is divided.
type Unit struct {
	Geometry orb.MultiPolygon
	// Before are units that overlap this one and have their land first, where
	// land must be counted once in all.
	Before []orb.MultiPolygon
}

// Area is land in m2.
type Area struct {
	// All inside the unit; Own leaves out what a unit Before it has, so that the
	// Own of all units add up to the land of their union.
	All, Own float64
}

// Part is what a rule has got.
type Part struct {
	Area
	// Factored is the sum of area times factor over land whose first piece has
	// a factor, and Plain the land of the others.
	Factored, Plain Area
	// Covered is the land that the set of the rule covers where the rule may
	// hold, again for each piece that covers it and whoever has it.
	Covered Area
}

// Division is the land of a unit by rule.
type Division struct {
	Unit  Area
	Parts []Part
	// Holders tells of each piece by which rule, counted from 1, it has land in
	// the unit, together with others of its set or alone; 0: it has none.
	Holders []int32
}

// Divide gives each place of the unit to the first of the rules that holds
// there. Pieces of a set are in a fixed order, of which the first at a place
// gives its factor. Equal input gives an equal result, to the last bit.
//
// It costs O(v * a) for v vertices within the unit's latitudes and a edges at
// one latitude: some milliseconds for a village with its zones. It stops when
// ctx ends, and with ErrTooEntangled when the meter does.
func Divide(ctx context.Context, unit Unit, pieces []Piece, rules []Rule, m *Meter) (Division, error) {
	s := newSweep(unit, pieces, rules)
	s.meter = m
	// What it takes to put them in order.
	if err := m.Spend(perEdge * len(s.edges)); err != nil {
		return s.out, err
	}
	s.arrange()
	err := s.run(ctx)
	return s.out, err
}

// perEdge is the work of having an edge at all.
const perEdge = 16

// edge goes from south to north. Longitudes are degrees east of the sweep's
// west, so that sums keep their digits.
type edge struct {
	south, north float64
	x0, x1       float64
	owner        int32 // of whom it is the outline: see sweep.inside
	bottom, top  float64
}

// at is the longitude at a latitude between south and north. Edges with equal
// ends give equal longitudes, and an end gives its own.
func (e *edge) at(lat float64) float64 {
	switch {
	case lat <= e.south:
		return e.x0
	case lat >= e.north:
		return e.x1
	}
	return e.x0 + (e.x1-e.x0)*((lat-e.south)/(e.north-e.south))
}

// sweep is the state of one division.
type sweep struct {
	box         orb.Bound
	edges       []edge
	lats        []float64
	pieces      []Piece
	rules       []Rule
	firstPiece  int // owners below are the unit (0) and those before it
	active      []int32
	crossings   []float64
	order       []int32
	meter       *Meter
	out         Division
	inside      []bool    // by owner, at the present place
	before      int       // how many units before cover the place
	covering    [][]int32 // by set: pieces that cover the place, ascending
	rulesOf     [][]int32 // by set: rules that ask for it
	possible    []uint64  // rules whose set covers the place
	changedLand bool      // part is out of date
	part        int       // the rule that has the place, or -1
}

func newSweep(unit Unit, pieces []Piece, rules []Rule) *sweep {
	s := &sweep{
		box: unit.Geometry.Bound(), pieces: pieces, rules: rules, firstPiece: 1 + len(unit.Before),
		inside:   make([]bool, 1+len(unit.Before)+len(pieces)),
		possible: make([]uint64, (len(rules)+63)/64),
		out:      Division{Parts: make([]Part, len(rules)), Holders: make([]int32, len(pieces))},
		part:     -1,
	}
	sets := 0
	for _, p := range pieces {
		sets = max(sets, p.Set+1)
	}
	for _, r := range rules {
		sets = max(sets, r.Set+1, r.Within+1)
	}
	s.covering, s.rulesOf = make([][]int32, sets), make([][]int32, sets)
	for i, r := range rules {
		s.rulesOf[r.Set] = append(s.rulesOf[r.Set], int32(i))
	}
	s.add(0, unit.Geometry)
	for i, g := range unit.Before {
		s.add(int32(1+i), g)
	}
	for i, p := range pieces {
		s.add(int32(s.firstPiece+i), p.Geometry)
	}
	return s
}

// arrange puts the edges and their latitudes in order.
func (s *sweep) arrange() {
	slices.SortFunc(s.edges, func(a, b edge) int {
		switch {
		case a.south != b.south:
			return order(a.south, b.south)
		case a.x0 != b.x0:
			return order(a.x0, b.x0)
		case a.x1 != b.x1:
			return order(a.x1, b.x1)
		}
		return int(a.owner - b.owner)
	})
	for _, e := range s.edges {
		s.lats = append(s.lats, max(e.south, s.box.Min[1]), min(e.north, s.box.Max[1]))
	}
	slices.Sort(s.lats)
	s.lats = slices.Compact(s.lats)
}

// add takes the edges that can matter: those east of the unit end nothing in
// it, level ones end nothing at all.
func (s *sweep) add(owner int32, g orb.MultiPolygon) {
	for _, p := range g {
		for _, r := range p {
			for i := 1; i < len(r); i++ {
				a, b := r[i-1], r[i]
				if a[1] > b[1] {
					a, b = b, a
				}
				if a[1] == b[1] || b[1] <= s.box.Min[1] || a[1] >= s.box.Max[1] || min(a[0], b[0]) > s.box.Max[0] {
					continue
				}
				s.edges = append(s.edges, edge{south: a[1], north: b[1], x0: a[0] - s.box.Min[0], x1: b[0] - s.box.Min[0], owner: owner})
			}
		}
	}
}

func (s *sweep) run(ctx context.Context) error {
	next := 0
	for i := 1; i < len(s.lats); i++ {
		if i&63 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		south, north := s.lats[i-1], s.lats[i]
		s.active = slices.DeleteFunc(s.active, func(e int32) bool { return s.edges[e].north <= south })
		for ; next < len(s.edges) && s.edges[next].south <= south; next++ {
			if s.edges[next].north > south {
				s.active = append(s.active, int32(next))
			}
		}
		if err := s.slab(ctx, south, north); err != nil {
			return err
		}
	}
	return nil
}

// slab measures between two latitudes within which no edge begins or ends.
func (s *sweep) slab(ctx context.Context, south, north float64) error {
	for _, i := range s.active {
		e := &s.edges[i]
		e.bottom, e.top = e.at(south), e.at(north)
	}
	// Nearly sorted already: it is the order of the slab below.
	err := s.sort(func(a, b *edge) int {
		if a.bottom != b.bottom {
			return order(a.bottom, b.bottom)
		}
		return order(a.top, b.top)
	})
	if err != nil {
		return err
	}
	if err := s.cross(); err != nil {
		return err
	}
	if len(s.crossings) == 0 {
		return s.row(bandOf(south, north), 0, 1)
	}
	slices.Sort(s.crossings)
	from := 0.0
	for _, to := range append(s.crossings, 1) {
		if to <= from {
			continue
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		mid := (from + to) / 2
		if err := s.sort(func(a, b *edge) int { return order(a.share(mid), b.share(mid)) }); err != nil {
			return err
		}
		height := north - south
		if err := s.row(bandOf(south+from*height, south+to*height), from, to); err != nil {
			return err
		}
		from = to
	}
	return nil
}

// order is cmp.Compare for numbers that are never NaN, in half the time.
func order(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// share is the longitude at a share of the slab's height.
func (e *edge) share(t float64) float64 {
	if t == 0 {
		return e.bottom
	} else if t == 1 {
		return e.top
	}
	return e.bottom + (e.top-e.bottom)*t
}

// sort orders the active edges by insertion; equal ones keep their order,
// which is that of the edges.
func (s *sweep) sort(compare func(a, b *edge) int) error {
	for i := 1; i < len(s.active); i++ {
		x := s.active[i]
		j := i
		for ; j > 0 && compare(&s.edges[s.active[j-1]], &s.edges[x]) > 0; j-- {
			s.active[j] = s.active[j-1]
		}
		s.active[j] = x
		if i == j {
			continue
		}
		if err := s.meter.Spend(i - j); err != nil {
			return err
		}
	}
	return nil
}

// near is a distance in degrees (10 nm) below which edges that change places
// are one edge written twice.
const near = 1e-13

// cross finds at which shares of the height two edges cross: those that stand
// in another order at the top than at the bottom.
func (s *sweep) cross() error {
	s.crossings = s.crossings[:0]
	s.order = append(s.order[:0], s.active...)
	for i := 1; i < len(s.order); i++ {
		x := s.order[i]
		j := i
		for ; j > 0; j-- {
			left, right := &s.edges[s.order[j-1]], &s.edges[x]
			over := left.top - right.top
			if over <= 0 {
				break
			}
			s.order[j] = s.order[j-1]
			if gap := right.bottom - left.bottom; over > near && gap > near {
				s.crossings = append(s.crossings, gap/(gap+over))
			}
		}
		s.order[j] = x
		if i == j {
			continue
		}
		if err := s.meter.Spend(i - j); err != nil {
			return err
		}
		// Each crossing is a row to come: what is too much is known before the
		// first of them.
		if err := s.meter.fits(len(s.crossings) * len(s.active)); err != nil {
			return err
		}
	}
	return nil
}

// row goes from west to east through the trapezoids of a band that reaches
// from one share of the slab's height to another.
func (s *sweep) row(b band, from, to float64) error {
	// Where land is, as many words of rules are looked at; eight are an edge.
	if err := s.meter.Spend((len(s.active) + 1) * (1 + len(s.possible)/8)); err != nil {
		return err
	}
	width := s.box.Max[0] - s.box.Min[0]
	s.changedLand = true
	var bottom, top float64
	passed := 0
	for _, i := range s.active {
		e := &s.edges[i]
		x0, x1 := e.share(from), e.share(to)
		if s.inside[0] {
			s.take((x0-bottom)*b.bottom + (x1-top)*b.top)
		} else if x0 > width && x1 > width {
			break // what is left lies east of the unit
		}
		s.pass(e.owner)
		passed++
		bottom, top = x0, x1
	}
	// Some go on eastward, where their edges were not taken.
	for _, i := range s.active[:passed] {
		if owner := s.edges[i].owner; s.inside[owner] {
			s.pass(owner)
		}
	}
	return nil
}

// pass crosses an outline.
func (s *sweep) pass(owner int32) {
	in := !s.inside[owner]
	s.inside[owner] = in
	if int(owner) < s.firstPiece {
		if owner > 0 && in {
			s.before++
		} else if owner > 0 {
			s.before--
		}
		return
	}
	s.changedLand = true
	piece := owner - int32(s.firstPiece)
	set := s.pieces[piece].Set
	list := s.covering[set]
	at, _ := slices.BinarySearch(list, piece)
	if in {
		list = slices.Insert(list, at, piece)
	} else {
		list = slices.Delete(list, at, at+1)
	}
	s.covering[set] = list
	if in && len(list) == 1 || !in && len(list) == 0 {
		for _, r := range s.rulesOf[set] {
			s.possible[r/64] ^= 1 << (r % 64)
		}
	}
}

// holder returns the first rule that holds at the place, or -1.
func (s *sweep) holder() int {
	for w, word := range s.possible {
		for ; word != 0; word &= word - 1 {
			r := w*64 + bits.TrailingZeros64(word)
			if in := s.rules[r].Within; in < 0 || len(s.covering[in]) > 0 {
				return r
			}
		}
	}
	return -1
}

// take adds land at the present place.
func (s *sweep) take(m2 float64) {
	if m2 == 0 {
		return
	}
	if s.changedLand {
		s.part, s.changedLand = s.holder(), false
		if s.part >= 0 {
			for _, i := range s.covering[s.rules[s.part].Set] {
				if s.out.Holders[i] == 0 {
					s.out.Holders[i] = int32(s.part) + 1
				}
			}
		}
	}
	own := m2
	if s.before > 0 {
		own = 0
	}
	s.out.Unit.add(m2, own)
	s.cover(m2, own)
	if s.part < 0 {
		return
	}
	p := &s.out.Parts[s.part]
	p.add(m2, own)
	if f := s.pieces[s.covering[s.rules[s.part].Set][0]].Factor; math.IsNaN(f) {
		p.Plain.add(m2, own)
	} else {
		p.Factored.add(m2*f, own*f)
	}
}

// cover counts land for each piece that covers the present place.
func (s *sweep) cover(m2, own float64) {
	for w, word := range s.possible {
		for ; word != 0; word &= word - 1 {
			r := w*64 + bits.TrailingZeros64(word)
			if in := s.rules[r].Within; in < 0 || len(s.covering[in]) > 0 {
				pieces := float64(len(s.covering[s.rules[r].Set]))
				s.out.Parts[r].Covered.add(pieces*m2, pieces*own)
			}
		}
	}
}

func (a *Area) add(all, own float64) {
	a.All += all
	a.Own += own
}
