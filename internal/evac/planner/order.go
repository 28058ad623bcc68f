package planner

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac"
	"github.com/simtaru/simtaru/internal/plan"
)

// Limits of what may be asked for.
const (
	longest     = 180 // minutes until everybody must have arrived
	usualStep   = 10  // s
	longestStep = 60
	mostWithout = 500
	longTitle   = 200
	mostPlaces  = 20_000 // of a geometry
)

// Order is what is asked for, as it is sent and kept. Times are minutes after the
// hazard begins.
type Order struct {
	Title   string `json:"title"`
	Profile string `json:"profile"`
	Hazard  string `json:"hazard"`
	// Minutes is when people must have arrived.
	Minutes float64  `json:"minutes"`
	Arrival *float64 `json:"arrival_min"`
	Departs *Departs `json:"departure"`
	Step    *float64 `json:"step_s"`
	// People is when they are counted: at night, where they live.
	People  string   `json:"people"`
	Without []int64  `json:"without_shelters"`
	Closed  *Closing `json:"closed"`
}

// Departs is when people leave home: evenly from the one to the other.
type Departs struct {
	From float64 `json:"from_min"`
	To   float64 `json:"to_min"`
}

// Closing is a GeoJSON geometry.
type Closing struct {
	Type        string          `json:"type"`
	Coordinates json.RawMessage `json:"coordinates"`
}

func invalid(at, id, en string, args ...any) error {
	return &plan.Error{Kind: plan.Invalid, Code: "invalid-parameter", At: at, Message: plan.Text{ID: fmt.Sprintf(id, args...), EN: fmt.Sprintf(en, args...)}}
}

// Exodus checks an order and fills in what is usual.
func (o *Order) Exodus(c *evac.City) (x evac.Exodus, err error) {
	if utf8.RuneCountInString(o.Title) > longTitle {
		return x, invalid("title", "Paling panjang %d huruf.", "At most %d characters.", longTitle)
	}
	if o.People == "" {
		o.People = "night"
	}
	if o.People != "night" {
		return x, invalid("people", "Yang dikenal: night (malam, di rumah).", "Known is: night (at home).")
	}
	profiles := c.Profiles()
	if o.Profile == "" {
		o.Profile = profiles[0].ID
	}
	var known []string
	for _, p := range profiles {
		known = append(known, p.ID)
	}
	if !slices.Contains(known, o.Profile) {
		return x, invalid("profile", "Yang dikenal: %v.", "Known are: %v.", known)
	}
	if hazards := evac.Hazards(); o.Hazard != "" && !slices.Contains(hazards, o.Hazard) {
		return x, invalid("hazard", "Yang dikenal: %v.", "Known are: %v.", hazards)
	}
	x.Profile, x.Hazard = o.Profile, o.Hazard
	if err := o.times(&x); err != nil {
		return x, err
	}
	if len(o.Without) > mostWithout {
		return x, invalid("without_shelters", "Paling banyak %d.", "At most %d.", mostWithout)
	}
	slices.Sort(o.Without)
	o.Without = slices.Compact(o.Without)
	x.Without = o.Without
	x.Closed, err = o.Closed.geometry()
	return x, err
}

func within(v, lo, hi float64) bool { return v >= lo && v <= hi } // not NaN

func (o *Order) times(x *evac.Exodus) error {
	minutes := func(m float64) time.Duration { return time.Duration(math.Round(m * float64(time.Minute))) }
	if o.Step == nil {
		s := float64(usualStep)
		o.Step = &s
	}
	switch {
	case !within(o.Minutes, 1, longest):
		return invalid("minutes", "Harus 1 sampai %d menit.", "Must be 1 to %d minutes.", longest)
	case *o.Step != math.Round(*o.Step) || !within(*o.Step, 1, longestStep):
		return invalid("step_s", "Harus bilangan bulat 1 sampai %d detik.", "Must be a whole number of 1 to %d seconds.", longestStep)
	case o.Arrival != nil && !within(*o.Arrival, 0, 24*60):
		return invalid("arrival_min", "Harus 0 sampai %d menit.", "Must be 0 to %d minutes.", 24*60)
	}
	if o.Departs == nil {
		o.Departs = &Departs{}
	}
	if d := o.Departs; !within(d.From, 0, o.Minutes) || !within(d.To, 0, o.Minutes) || d.From > d.To {
		return invalid("departure", "from_min tidak boleh lebih dari to_min, dan keduanya 0 sampai minutes.", "from_min must not be more than to_min, and both 0 to minutes.")
	}
	x.Horizon, x.Step = minutes(o.Minutes), time.Duration(*o.Step)*time.Second
	x.First, x.Last = minutes(o.Departs.From), minutes(o.Departs.To)
	if o.Arrival != nil {
		a := minutes(*o.Arrival)
		x.Arrival = &a
	}
	return nil
}

// geometry reads what is closed; nil: nothing.
func (c *Closing) geometry() (orb.Geometry, error) {
	if c == nil {
		return nil, nil
	}
	var g orb.Geometry
	var at any
	err := json.Unmarshal(c.Coordinates, &at)
	if err != nil {
		at = nil
	}
	switch c.Type {
	case "Point":
		g, err = point(at)
	case "LineString":
		g, err = line(at)
	case "MultiLineString":
		g, err = lines(at)
	case "Polygon":
		g, err = area(at)
	case "MultiPolygon":
		g, err = areas(at)
	default:
		return nil, invalid("closed", "Harus geometri GeoJSON: Point, LineString, MultiLineString, Polygon atau MultiPolygon.", "Must be a GeoJSON geometry: Point, LineString, MultiLineString, Polygon or MultiPolygon.")
	}
	if err != nil {
		return nil, invalid("closed", "Koordinatnya bukan milik %s.", "The coordinates are not those of a %s.", c.Type)
	}
	world := orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}
	n := 0
	if !every(g, func(p orb.Point) bool { n++; return world.Contains(p) }) {
		return nil, invalid("closed", "Bujur harus di antara -180 dan 180, lintang di antara -90 dan 90; bujur lebih dahulu.", "Longitude must be between -180 and 180, latitude between -90 and 90; longitude comes first.")
	}
	if n == 0 || n > mostPlaces {
		return nil, invalid("closed", "Harus 1 sampai %d titik.", "Must have 1 to %d vertices.", mostPlaces)
	}
	return g, nil
}

// errShape is of coordinates that are not those of the type.
var errShape = errors.New("coordinates of another shape")

// point reads coordinates strictly: positions of two or three numbers.
func point(v any) (p orb.Point, err error) {
	at, ok := v.([]any)
	if !ok || len(at) < 2 || len(at) > 3 {
		return p, errShape
	}
	for i := range p {
		if p[i], ok = at[i].(float64); !ok {
			return p, errShape
		}
	}
	return p, nil
}

// list reads each member of a list.
func list[S ~[]T, T any](v any, read func(any) (T, error)) (all S, err error) {
	members, ok := v.([]any)
	if !ok {
		return nil, errShape
	}
	for _, m := range members {
		t, err := read(m)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

func line(v any) (orb.LineString, error)       { return list[orb.LineString](v, point) }
func lines(v any) (orb.MultiLineString, error) { return list[orb.MultiLineString](v, line) }
func ring(v any) (orb.Ring, error)             { return list[orb.Ring](v, point) }
func area(v any) (orb.Polygon, error)          { return list[orb.Polygon](v, ring) }
func areas(v any) (orb.MultiPolygon, error)    { return list[orb.MultiPolygon](v, area) }

func every(g orb.Geometry, ok func(orb.Point) bool) bool {
	all := func(ps []orb.Point) bool {
		for _, p := range ps {
			if !ok(p) {
				return false
			}
		}
		return true
	}
	switch g := g.(type) {
	case orb.Point:
		return ok(g)
	case orb.LineString:
		return all(g)
	case orb.MultiLineString:
		for _, l := range g {
			if !all(l) {
				return false
			}
		}
	case orb.Polygon:
		for _, r := range g {
			if !all(r) {
				return false
			}
		}
	case orb.MultiPolygon:
		for _, p := range g {
			if !every(p, ok) {
				return false
			}
		}
	default:
		panic(fmt.Sprintf("planner: a %T", g))
	}
	return true
}
