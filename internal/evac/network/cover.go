package network

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/indicator/land"
)

// Covered is a stretch of an edge that a shape covers, in m from its node From.
type Covered struct {
	Edge     uint32
	From, To float64
}

// Cover finds what comes within a tolerance in m of a shape, which is any
// geometry in lon, lat: the inside of areas, and all that is as near to a line
// or point. Stretches are maximal, by edge and along it. Where the tolerance is
// 0 a line leaves stretches without length, which close an edge between its
// nodes but not the nodes themselves; a road is as wide as that, so give one.
//
// Only roads on the level count, where one is given. A polygon is closed, and
// its inside is told by the even-odd rule.
func (n *Network) Cover(shape orb.Geometry, tolerance float64, level *int) []Covered {
	s := outline(shape, tolerance)
	edges := map[uint32]bool{}
	for _, box := range s.boxes(n.options.snap()) {
		n.index.Search(box.Min, box.Max, func(_, _ [2]float64, at segment) bool {
			if level == nil || at.part.Feature.Attributes.deck().level == *level {
				for _, e := range n.over(at) {
					edges[e] = true
				}
			}
			return true
		})
	}
	var all []Covered
	for edge := range edges {
		for _, c := range s.on(&n.Edges[edge]) {
			all = append(all, Covered{edge, c.lo, c.hi})
		}
	}
	slices.SortFunc(all, func(a, b Covered) int { return cmp.Or(cmp.Compare(a.Edge, b.Edge), cmp.Compare(a.From, b.From)) })
	return all
}

// CoverEdges is Cover of some edges, which may be laid ones.
func (n *Network) CoverEdges(edges []uint32, shape orb.Geometry, tolerance float64, level *int) (all []Covered) {
	s := outline(shape, tolerance)
	for _, edge := range edges {
		e := &n.Edges[edge]
		if level != nil && e.Feature().Attributes.deck().level != *level {
			continue
		}
		for _, c := range s.on(e) {
			all = append(all, Covered{edge, c.lo, c.hi})
		}
	}
	return all
}

// stretch is a part of something, from lo to hi.
type stretch struct{ lo, hi float64 }

// join makes stretches maximal: those that meet become one.
func join(all []stretch, slack float64) []stretch {
	slices.SortFunc(all, func(a, b stretch) int { return cmp.Or(cmp.Compare(a.lo, b.lo), cmp.Compare(a.hi, b.hi)) })
	out := all[:0]
	for _, s := range all {
		if last := len(out) - 1; last >= 0 && s.lo <= out[last].hi+slack {
			out[last].hi = max(out[last].hi, s.hi)
			continue
		}
		out = append(out, s)
	}
	return out
}

// figure is a shape ready for asking which parts of lines it covers.
type figure struct {
	tolerance float64
	areas     []*area
	lines     [][2]orb.Point // points are lines from themselves to themselves
}

// outline takes a shape apart.
func outline(g orb.Geometry, tolerance float64) *figure {
	f := &figure{tolerance: tolerance}
	f.add(g)
	return f
}

func (f *figure) add(g orb.Geometry) {
	switch g := g.(type) {
	case nil:
	case orb.Point:
		f.lines = append(f.lines, [2]orb.Point{g, g})
	case orb.MultiPoint:
		for _, p := range g {
			f.add(p)
		}
	case orb.LineString:
		if len(g) == 1 {
			f.add(g[0])
		}
		for i := 1; i < len(g); i++ {
			f.lines = append(f.lines, [2]orb.Point{g[i-1], g[i]})
		}
	case orb.MultiLineString:
		for _, l := range g {
			f.add(l)
		}
	case orb.Ring:
		f.add(orb.Polygon{g})
	case orb.Polygon:
		if a := newArea(g); a != nil {
			f.areas = append(f.areas, a)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			f.add(p)
		}
	case orb.Collection:
		for _, m := range g {
			f.add(m)
		}
	case orb.Bound:
		f.add(g.ToPolygon())
	default:
		panic(fmt.Sprintf("network: cannot cover by a %T", g))
	}
}

// boxes are those outside of which no line is whose edges may be covered, being
// led some metres to their nodes.
func (f *figure) boxes(led float64) (all []orb.Bound) {
	for _, a := range f.areas {
		all = append(all, around(a.box.Min, a.box.Max, f.tolerance+led))
	}
	for _, l := range f.lines {
		all = append(all, around(l[0], l[1], f.tolerance+led))
	}
	return all
}

// on is what the figure covers of an edge, in m along it.
func (f *figure) on(e *Edge) (all []stretch) {
	start := 0.0
	var shares []stretch
	for i := 1; i < len(e.Line); i++ {
		a, b := e.Line[i-1], e.Line[i]
		length := land.Distance(a, b)
		shares = shares[:0]
		for _, area := range f.areas {
			shares = area.on(a, b, f.tolerance, shares)
		}
		p := planeAt(a)
		for _, l := range f.lines {
			if s, ok := near(p.of(a), p.of(b), p.of(l[0]), p.of(l[1]), f.tolerance); ok {
				shares = append(shares, s)
			}
		}
		for _, s := range shares {
			all = append(all, stretch{start + s.lo*length, start + s.hi*length})
		}
		start += length
	}
	return join(all, 1e-6)
}
