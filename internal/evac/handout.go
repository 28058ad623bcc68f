package evac

import (
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/simtaru/simtaru/internal/evac/network"
	"github.com/simtaru/simtaru/internal/indicator/land"
	"github.com/simtaru/simtaru/internal/plan"
)

// Handout is what a gampong is given on paper: the ways from the middle of its
// people to the shelters, and what is drawn around them.
type Handout struct {
	Area
	Land orb.MultiPolygon
	// From is on the road where people live who are nearest to the middle of all.
	From   orb.Point
	Answer *Answer
	// Hazard is the one that the ways go by; empty: none.
	Hazard string
	// Frame holds the land and the ways.
	Frame orb.Bound
	Roads []DrawnRoad // that touch the frame
	Zones []DrawnZone // of the hazard that touch the frame, the lowest class first
}

// DrawnRoad is a stretch of road on a map.
type DrawnRoad struct {
	Name, Class string
	Bridge      bool
	Line        orb.LineString
}

// DrawnZone is a zone of a hazard on a map.
type DrawnZone struct {
	Class string // a code; empty: not said
	Land  orb.MultiPolygon
}

// handed is how many shelters a handout names.
const handed = 5

// Handout makes the one of a gampong by its code, for a profile and under a
// hazard; an empty one is that of the event that is on there, else the gravest of
// those with zones in the gampong, of equal ones the one that arrives first. It
// costs the routes of one place, and a look at all roads: a few milliseconds.
func (c *City) Handout(code, profile, hazard string, now time.Time) (*Handout, error) {
	crowd := c.Crowd()
	i := slices.IndexFunc(crowd.Areas, func(a Area) bool { return a.Code == code && code != "" })
	if i < 0 {
		return nil, &plan.Error{Kind: plan.NotFound, Code: "unknown-area", At: "code", Message: plan.Text{
			ID: "Tidak ada gampong dengan kode itu.", EN: "There is no gampong with that code.",
		}}
	}
	h := &Handout{Area: crowd.Areas[i], Land: crowd.quarters[i].land}
	var ok bool
	if h.From, ok = crowd.middle(int32(i)); !ok {
		h.From, _ = planar.CentroidArea(h.Land)
	}
	if h.Hazard = hazard; hazard == "" && eventAt(c.events, h.From, now, "") == nil {
		h.Hazard = c.gravest(h.Land)
	}
	var err error
	if h.Answer, err = c.Routes(Question{From: h.From, K: handed, Profile: profile, Hazard: h.Hazard, Now: now}); err != nil {
		return nil, err
	}
	h.Hazard = h.Answer.Hazard
	h.Frame = h.Land.Bound().Extend(h.From)
	for k := range h.Answer.Routes {
		h.Frame = h.Frame.Union(h.Answer.Routes[k].Line.Bound())
	}
	return h, nil
}

// draw takes what a frame has of roads and zones.
func (c *City) draw(h *Handout) {
	for k := range c.net.Edges {
		e := &c.net.Edges[k]
		if a := &e.Feature().Attributes; !e.Laid && h.Frame.Intersects(e.Line.Bound()) {
			h.Roads = append(h.Roads, DrawnRoad{a.Name, a.Class, a.Bridge, e.Line})
		}
	}
	if z := c.hazards[h.Hazard]; z != nil {
		for _, one := range z.zones {
			if areas, ok := one.shape.(orb.MultiPolygon); ok && h.Frame.Intersects(one.box) {
				h.Zones = append(h.Zones, DrawnZone{classes[one.class], areas})
			}
		}
	}
	slices.SortStableFunc(h.Zones, func(a, b DrawnZone) int { return slices.Index(classes, a.Class) - slices.Index(classes, b.Class) })
}

// Around widens the frame of a handout to the shape of a map, with a margin, and
// takes what it has of roads and zones.
func (c *City) Around(h *Handout, widthToHeight float64) {
	const margin = 0.06
	at := h.Frame.Center()
	lon, lat := land.Metres(at[1])
	w, t := (h.Frame.Max[0]-h.Frame.Min[0])*lon*(1+2*margin), (h.Frame.Max[1]-h.Frame.Min[1])*lat*(1+2*margin)
	w = max(w, t*widthToHeight, 400)
	t = w / widthToHeight
	h.Frame = orb.Bound{Min: orb.Point{at[0] - w/2/lon, at[1] - t/2/lat}, Max: orb.Point{at[0] + w/2/lon, at[1] + t/2/lat}}
	c.draw(h)
}

// middle is on the road where those of an area live who are nearest to the middle
// of all its people; false where nobody does.
func (c *Crowd) middle(area int32) (orb.Point, bool) {
	var sum orb.Point
	people := 0.0
	for _, g := range c.Groups {
		if n := float64(g.People); g.Area == area {
			sum[0], sum[1], people = sum[0]+n*g.At[0], sum[1]+n*g.At[1], people+n
		}
	}
	if people == 0 {
		return sum, false
	}
	at := orb.Point{sum[0] / people, sum[1] / people}
	best, found := math.Inf(1), orb.Point{}
	for _, g := range c.Groups {
		if g.Area != area || g.Place.Edge == network.None {
			continue
		}
		if d := planar.DistanceSquared(at, g.At); d < best {
			best, found = d, g.Place.At
		}
	}
	return found, !math.IsInf(best, 1)
}

// gravest is the hazard of the highest class of which a zone lies in an area, of
// equal ones the one that arrives first; empty: none.
func (c *City) gravest(area orb.MultiPolygon) (hazard string) {
	class, soonest := 0, math.Inf(1)
	for _, id := range Hazards() {
		h := c.hazards[id]
		if h == nil {
			continue
		}
		for _, z := range h.zones {
			areas, ok := z.shape.(orb.MultiPolygon)
			if !ok || !z.box.Intersects(area.Bound()) || !overlap(areas, area) {
				continue
			}
			minutes := z.minutes
			if minutes < 0 {
				minutes = math.Inf(1)
			}
			if z.class > class || z.class == class && minutes < soonest {
				hazard, class, soonest = id, z.class, minutes
			}
		}
	}
	return hazard
}

// overlap reports whether a corner of one area lies in the other; areas that cross
// without any are strips that nobody is told by.
func overlap(a, b orb.MultiPolygon) bool {
	in := func(a, b orb.MultiPolygon) bool {
		for _, p := range a {
			for _, ring := range p {
				if slices.ContainsFunc(ring, func(at orb.Point) bool { return planar.MultiPolygonContains(b, at) }) {
					return true
				}
			}
		}
		return false
	}
	return in(a, b) || in(b, a)
}
