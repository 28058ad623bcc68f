package evac

import (
	"slices"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac/network"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// The layers that a board follows.
const (
	roadLayer    = "road"
	routeLayer   = "evacuation_route"
	closureLayer = "closure"
	shelterLayer = "shelter"
	zoneLayer    = "hazard_zone"
	eventLayer   = "hazard_event"

	boundaryLayer = "boundary"
	buildingLayer = "building"
)

// lines are the layers of the network, in the order of network.Key.Layer.
var lines = []string{roadLayer, routeLayer}

var followed = []string{roadLayer, routeLayer, closureLayer, shelterLayer, zoneLayer, eventLayer, boundaryLayer, buildingLayer}

// row is a feature whose values are read by name. A field that its layer does
// not have is null.
type row struct {
	*mirror.Feature
	at map[string]int
}

func value[T any](r row, field string) (v T, ok bool) {
	i, ok := r.at[field]
	if !ok || i >= len(r.Values) {
		return v, false
	}
	v, ok = r.Values[i].(T)
	return v, ok
}

// get is a value, or zero where it is null.
func get[T any](r row, field string) T {
	v, _ := value[T](r, field)
	return v
}

// maybe is a value, or nil where it is null.
func maybe[T any](r row, field string) *T {
	if v, ok := value[T](r, field); ok {
		return &v
	}
	return nil
}

// table is a layer as the public may see it; the zero table has no rows.
type table struct {
	snapshot *mirror.Snapshot
	at       map[string]int
}

func tableOf(v mirror.View, layer string) table {
	s, ok := v.Snapshot(layer)
	if !ok {
		return table{}
	}
	return table{s, positions(s.Layer())}
}

// positions of fields among the values of a layer.
func positions(l *plan.Layer) map[string]int {
	at := make(map[string]int, len(l.Fields))
	for i, f := range l.Fields {
		at[f.Name] = i
	}
	return at
}

func (t table) all(yield func(row) bool) {
	if t.snapshot != nil {
		t.snapshot.Ascend(0, func(f *mirror.Feature) bool { return yield(row{f, t.at}) })
	}
}

func (t table) get(id int64) (row, bool) {
	if t.snapshot == nil {
		return row{}, false
	}
	f, ok := t.snapshot.Get(id)
	return row{f, t.at}, ok
}

func (t table) version() uint64 {
	if t.snapshot == nil {
		return 0
	}
	return t.snapshot.Version()
}

// road reads a line of the network; false where it is not one to walk on now. Of
// marked routes those that are only planned are left out.
func road(layer int, r row) (*network.Feature, bool) {
	g, ok := r.Geometry.(orb.MultiLineString)
	if !ok || lines[layer] == routeLayer && get[string](r, "status") == "planned" {
		return nil, false
	}
	a := network.Attributes{
		Name: get[string](r, "name"), Class: get[string](r, "class"), Surface: get[string](r, "surface"), Condition: get[string](r, "condition"),
		Width: get[float64](r, "width"), Lanes: int(get[int64](r, "lanes")), Bridge: get[bool](r, "bridge"), Tunnel: get[bool](r, "tunnel"),
		SpeedFactor: maybe[float64](r, "speed_factor"), Foot: maybe[bool](r, "foot"),
	}
	switch get[string](r, "oneway") {
	case "yes":
		a.Oneway = network.Forward
	case "-1":
		a.Oneway = network.Backward
	}
	a.Level = small(r, "level")
	return &network.Feature{Key: network.Key{Layer: layer, ID: r.ID}, Revision: r.Revision, Geometry: g, Attributes: a}, true
}

func small(r row, field string) *int {
	v, ok := value[int64](r, field)
	if !ok {
		return nil
	}
	n := int(v)
	return &n
}

func roadsOf(v mirror.View) (all []*network.Feature) {
	for layer, name := range lines {
		for r := range tableOf(v, name).all {
			if f, ok := road(layer, r); ok {
				all = append(all, f)
			}
		}
	}
	return all
}

// closure is a place whose roads are closed, or slow, for a while.
type closure struct {
	id, revision  int64
	shape         orb.Geometry
	level         *int
	severity      string
	speed         float64
	starts, until time.Time // a zero until is an open end
}

// slowly is the factor where a closure is passable slowly and does not say how.
const slowly = 0.5

func closuresOf(v mirror.View) (all []closure) {
	for r := range tableOf(v, closureLayer).all {
		if r.Geometry == nil {
			continue
		}
		c := closure{
			id: r.ID, revision: r.Revision, shape: r.Geometry, level: small(r, "level"), severity: get[string](r, "severity"),
			speed: slowly, starts: get[time.Time](r, "starts_at"), until: get[time.Time](r, "ends_at"),
		}
		if f, ok := value[float64](r, "speed_factor"); ok {
			c.speed = min(max(f, 0), 1)
		}
		all = append(all, c)
	}
	return all
}

// holds reports whether a closure holds at a moment; its end is the first at
// which it does not.
func (c *closure) holds(at time.Time) bool {
	return !c.starts.After(at) && (c.until.IsZero() || c.until.After(at))
}

// factor is that of speed for a way of travelling: 0 is closed, 1 not touched.
func (c *closure) factor(t network.Travel) float64 {
	switch {
	case c.severity == "slow":
		return c.speed
	case c.severity == "vehicles" && t == network.OnFoot:
		return 1
	}
	return 0
}

// classes of hazards, the lowest first; outside is 0. A zone without a class is
// of the lowest.
var classes = []string{"", "very_low", "low", "medium", "high", "very_high"}

// zone is where a hazard may come.
type zone struct {
	hazard  string
	class   int
	minutes float64 // until it is there, from its start; negative: not known
	shape   orb.Geometry
	box     orb.Bound
}

func zonesOf(v mirror.View) (all []zone) {
	for r := range tableOf(v, zoneLayer).all {
		if r.Geometry == nil {
			continue
		}
		z := zone{hazard: get[string](r, "hazard"), class: max(slices.Index(classes, get[string](r, "class")), 1), minutes: -1, shape: r.Geometry, box: r.Bound}
		if m, ok := value[float64](r, "arrival_minutes"); ok {
			z.minutes = m
		}
		all = append(all, z)
	}
	return all
}
