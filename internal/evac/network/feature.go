package network

import (
	"cmp"
	"math"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/indicator/land"
)

// Key identifies a feature. Layer is the place of its layer in the order of the
// caller: 0 is the roads; see the package for what later layers are.
type Key struct {
	Layer int
	ID    int64
}

func (k Key) compare(o Key) int {
	return cmp.Or(cmp.Compare(k.Layer, o.Layer), cmp.Compare(k.ID, o.ID))
}

// Feature is a road as it stands in its layer. The network keeps it: neither it
// nor its geometry may be changed afterwards.
type Feature struct {
	Key
	Revision   int64
	Geometry   orb.MultiLineString // lon, lat in degrees
	Attributes Attributes
}

// Attributes are what a network asks of a road. The zero value knows nothing.
type Attributes struct {
	Name      string
	Class     string // a code of road_class
	Surface   string // a code of surface
	Condition string // a code of condition
	Oneway    Oneway
	Width     float64 // m; 0 where not known
	Lanes     int     // 0 where not known
	Bridge    bool
	Tunnel    bool
	// Level is 0 on the ground, 1 above, -1 below. Nil is 1 for a bridge, -1 for
	// a tunnel and else 0.
	Level *int
	// SpeedFactor is that of walking: 1 is a good flat road, 0 cannot be passed.
	// Nil is as the surface says.
	SpeedFactor *float64
	// Foot is whether walkers may go there. Nil is as the class says.
	Foot *bool
}

// Oneway is the direction of wheeled traffic. The zero value is both ways.
type Oneway int8

// The directions, along the line and against it.
const (
	Both     Oneway = 0
	Forward  Oneway = 1
	Backward Oneway = -1
)

// deck is what lines must share to meet where neither ends.
type deck struct {
	level          int
	bridge, tunnel bool
}

func (a *Attributes) deck() deck {
	d := deck{bridge: a.Bridge, tunnel: a.Tunnel}
	switch {
	case a.Level != nil:
		d.level = *a.Level
	case a.Bridge:
		d.level = 1
	case a.Tunnel:
		d.level = -1
	}
	return d
}

// raised reports whether a deck is another than the ground.
func (d deck) raised() bool { return d != deck{} }

// touch says how two lines come together: whether the one or the other ends
// there, or both have a vertex.
type touch struct{ endA, endB, vertices bool }

// meets reports whether lines on two decks meet where they come together so.
func meets(a, b deck, t touch) bool {
	switch {
	case t.endA && t.endB:
		return true
	case a == b:
		return !a.bridge && !a.tunnel || t.endA || t.endB || t.vertices
	case t.endA:
		return !b.raised()
	case t.endB:
		return !a.raised()
	default:
		return false
	}
}

// Part is one line of a feature.
type Part struct {
	Feature *Feature
	No      int // of the line in the feature's geometry, from 0
	line    orb.LineString
	along   []float64 // m from the start, by vertex
	slot    int32     // where the network keeps its edges
}

// Length is that of the line in m.
func (p *Part) Length() float64 { return p.along[len(p.along)-1] }

func (p *Part) compare(o *Part) int {
	return cmp.Or(p.Feature.Key.compare(o.Feature.Key), cmp.Compare(p.No, o.No))
}

func (p *Part) last() int { return len(p.line) - 1 }

func (p *Part) segment(i int) (a, b orb.Point) { return p.line[i], p.line[i+1] }

// Fault is why a line, or a stretch of it, is not in the network.
type Fault string

// The faults of lines.
const (
	NotFinite Fault = "not-finite" // a coordinate is no number, or outside the world
	NoLength  Fault = "no-length"  // shorter than a centimetre
	Entangled Fault = "entangled"  // it meets others, or itself, so often that no road does
	Swallowed Fault = "swallowed"  // a stretch that begins and ends in one node, without a way between
)

// parts makes the lines of a feature and says what was dropped.
func (f *Feature) parts() (all []*Part, dropped []Dropped) {
	for no, g := range f.Geometry {
		p := &Part{Feature: f, No: no}
		if why := p.trace(g); why != "" {
			dropped = append(dropped, Dropped{Key: f.Key, Part: no, Why: why})
			continue
		}
		all = append(all, p)
	}
	return all, dropped
}

// trace takes over the vertices of a line without those that repeat the one
// before, and measures it.
func (p *Part) trace(g orb.LineString) Fault {
	world := geo.World()
	for _, v := range g {
		if math.IsNaN(v[0]+v[1]) || !world.Contains(v) {
			return NotFinite
		}
	}
	repeats := 0
	for i := 1; i < len(g); i++ {
		if g[i] == g[i-1] {
			repeats++
		}
	}
	p.line = g
	if repeats > 0 {
		p.line = make(orb.LineString, 0, len(g)-repeats)
		for i, v := range g {
			if i == 0 || v != g[i-1] {
				p.line = append(p.line, v)
			}
		}
	}
	if len(p.line) < 2 {
		return NoLength
	}
	p.along = make([]float64, len(p.line))
	for i := 1; i < len(p.line); i++ {
		p.along[i] = p.along[i-1] + land.Distance(p.line[i-1], p.line[i])
	}
	if p.Length() <= weld {
		return NoLength
	}
	return ""
}
