package zoning

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// The layers and fields that the answer reads; names of fields are those of
// Permen ATR/BPN 14/2021.
const (
	zoningLayer  = "zoning"
	parcelLayer  = "parcel"
	parkLayer    = "green_space"
	shelterLayer = "shelter"
	subZone      = "kodszn"
)

// SpecialFields are the fields of special provisions: "Tidak Ada" is a value and says
// that there is none, empty that it was not assessed.
func SpecialFields() []string {
	return []string{
		"kkop_1", "lp2b_2", "krb_03", "tod_04", "teb_05", "puslit", "cagbud", "resair", "ksmpdn", "hankam", "kkarst", "ptbgmb", "mgrsat", "rdbumi", "tpz_00",
	}
}

// touching is within how many metres a zone touches a point.
const touching = 0.01

// far is the distance in metres beyond which no park or shelter is told.
const far = 10_000

// Question is what is asked of a point.
type Question struct {
	At orb.Point
	// Activity that is asked for; nil: all.
	Activity *Activity
	// Area of the plot in m2; 0: not known.
	Area float64
	// Road is the class of the road in front; empty: not known.
	Road string
}

// The states of an answer.
const (
	// InZone: one sub-zone.
	InZone = "zone"
	// OnBorder: of the several that touch the point at most one holds it.
	OnBorder = "border"
	// InOverlap: several hold it, which is a mistake of the plan.
	InOverlap = "overlap"
	// NoPlan: none.
	NoPlan = "no_plan"
)

// Here is the answer.
type Here struct {
	Lon      float64   `json:"lon"`
	Lat      float64   `json:"lat"`
	Status   string    `json:"status"`
	Sentence plan.Text `json:"sentence"`
	Zones    []Zone    `json:"zones"`
	// Overlays are all layers that declare themselves one, in their order.
	Overlays []Overlay `json:"overlays"`
	// Plot is the parcel that holds the point, by its number; null where none is known.
	Plot    *Near `json:"plot"`
	Park    *Near `json:"nearestPark"`
	Shelter *Near `json:"nearestShelter"`
	Rules   *Told `json:"rules"`
	// Release of the plan; null is the plan as it is now.
	Release *string `json:"release"`
	// UpdatedAt is when the youngest of Zones was changed.
	UpdatedAt *time.Time `json:"updatedAt"`
}

// Zone is what holds in a sub-zone.
type Zone struct {
	ID       int64     `json:"id"`
	Revision int64     `json:"revision"`
	Code     string    `json:"code"`
	Title    plan.Text `json:"title"`
	Color    string    `json:"color,omitempty"`
	// Block is the full id, WP.SWP.block.
	Block    string `json:"block,omitempty"`
	District string `json:"district,omitempty"`
	Village  string `json:"village,omitempty"`
	// Activities by verdict; empty without rules.
	Activities []Group `json:"activities"`
	// Intensity has one rule where enough is known of the plot, else those to
	// choose from.
	Intensity  []Built     `json:"intensity"`
	Special    []Special   `json:"special"`
	References []Provision `json:"references"`
}

// Built is a rule of intensity with what it makes of the plot.
type Built struct {
	*Rule
	Figures *Figures `json:"figures,omitempty"`
}

// Special is a special provision of a zone.
type Special struct {
	Field string    `json:"field"`
	Title plan.Text `json:"title"`
	// State is here, none or unknown.
	State string `json:"state"`
	Value string `json:"value,omitempty"`
}

// Overlay is what a layer adds at the point.
type Overlay struct {
	Layer string    `json:"layer"`
	Title plan.Text `json:"title"`
	// State is here, none, or unknown where the layer is not in memory.
	State    string    `json:"state"`
	Features []Overlap `json:"features"`
}

// Overlap is one feature of an overlay.
type Overlap struct {
	ID       int64     `json:"id"`
	Sentence plan.Text `json:"sentence"`
	// Distance in whole metres; 0 inside an area.
	Distance float64 `json:"distance"`
}

// Near is the nearest feature of its kind, in a straight line.
type Near struct {
	Layer string `json:"layer"`
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	// Distance in whole metres; 0 inside.
	Distance float64 `json:"distance"`
}

// Told identifies the rules that were answered by.
type Told struct {
	List       string    `json:"list"`
	Version    string    `json:"version"`
	Title      plan.Text `json:"title"`
	Source     string    `json:"source"`
	Revision   int       `json:"revision"`
	SHA256     string    `json:"sha256"`
	ImportedAt time.Time `json:"importedAt"`
}

// Codes is the list of sub-zones of the plan that a view shows; false where it
// shows none.
func Codes(v mirror.View) (plan.CodeRef, bool) {
	l, ok := v.Layer(zoningLayer)
	if !ok {
		return plan.CodeRef{}, false
	}
	f, ok := l.Field(subZone)
	if !ok || f.Codes == nil {
		return plan.CodeRef{}, false
	}
	return *f.Codes, true
}

// Swapped reports whether the plan of a view has something at a point of which
// longitude and latitude are exchanged, and nothing at the point itself.
func Swapped(v mirror.View, p orb.Point) bool {
	snap, ok := v.Snapshot(zoningLayer)
	if !ok {
		return false
	}
	box, ok := snap.Bound()
	return ok && geo.Swapped(box, p)
}

// Unreadable reports whether the zones are there but not in memory.
func Unreadable(v mirror.View) bool {
	_, there := v.Layer(zoningLayer)
	_, read := v.Snapshot(zoningLayer)
	return there && !read
}

// At answers what the plan of a view says of a point; x are the rules for its
// Codes, nil where there are none. It costs well below a millisecond at the size
// of a city.
func At(v mirror.View, x *Index, q Question) *Here {
	s := siteAt(q.At)
	h := &Here{Lon: q.At[0], Lat: q.At[1], Zones: []Zone{}, Overlays: overlays(v, s)}
	h.Rules = x.Told()
	h.Status = h.zones(v, x, s, q)
	h.Plot = near(v, s, parcelLayer, touching, func(func(string) any) bool { return true })
	h.Park, h.Shelter = nearest(v, s)
	h.Sentence = h.sentence(x, q)
	return h
}

// Nearest finds the nearest public park and the nearest shelter that is in use,
// within 10 km in a straight line; nil for none.
func Nearest(v mirror.View, at orb.Point) (park, shelter *Near) { return nearest(v, siteAt(at)) }

func nearest(v mirror.View, s site) (park, shelter *Near) {
	park = near(v, s, parkLayer, far, func(get func(string) any) bool {
		class, _ := get("class").(string)
		return get("ownership") == "public" && get("status") == "existing" && get("public_access") != false &&
			slices.Contains([]string{"RTH-1", "RTH-2", "RTH-3", "RTH-4", "RTH-5", "RTH-6"}, class)
	})
	shelter = near(v, s, shelterLayer, far, func(get func(string) any) bool {
		status, _ := get("status").(string)
		return slices.Contains([]string{"ready", "open", "full"}, status)
	})
	return park, shelter
}

// Told identifies the rules; nil of none.
func (x *Index) Told() *Told {
	if x == nil {
		return nil
	}
	k := x.Kept
	return &Told{k.Codes.List, k.Codes.Version, x.Title, x.Source, k.Revision, k.SHA256, k.ImportedAt}
}

// zones fills in the zones that hold or touch the site.
func (h *Here) zones(v mirror.View, x *Index, s site, q Question) string {
	snap, ok := v.Snapshot(zoningLayer)
	if !ok {
		return NoPlan
	}
	deep := 0
	var found []*mirror.Feature
	snap.Search(s.around(touching), func(f *mirror.Feature) bool {
		metres, inside := s.from(f.Geometry)
		if inside || metres <= touching {
			found = append(found, f)
		}
		if inside && metres > touching {
			deep++
		}
		return true
	})
	slices.SortFunc(found, func(a, b *mirror.Feature) int { return cmp.Compare(a.ID, b.ID) })
	for _, f := range found {
		h.Zones = append(h.Zones, ZoneOf(v, x, f, q))
		if at := f.UpdatedAt.UTC(); h.UpdatedAt == nil || at.After(*h.UpdatedAt) {
			h.UpdatedAt = &at
		}
	}
	switch {
	case len(found) == 0:
		return NoPlan
	case deep > 1:
		return InOverlap
	case len(found) > 1:
		return OnBorder
	default:
		return InZone
	}
}

// reader reads the values of a feature by name; nil for no such field.
func reader(l *plan.Layer, f *mirror.Feature) func(string) any {
	return func(name string) any { return l.Value(f.Feature, name) }
}

// ZoneOf is what holds in a feature of the zoning layer of a view, for the plot of
// a question; x are the rules, nil where there are none. It fails on nothing:
// what the feature leaves out is empty.
func ZoneOf(v mirror.View, x *Index, f *mirror.Feature, q Question) Zone {
	l, ok := v.Layer(zoningLayer)
	if !ok {
		return Zone{}
	}
	get := reader(l, f)
	text := func(name string) string { s, _ := get(name).(string); return s }
	z := Zone{
		ID: f.ID, Revision: f.Revision, Code: text(subZone), District: text("wadmkc"), Village: text("wadmkd"), Block: block(text),
		Title: plan.Text{ID: text("namobj"), EN: text("namobj")}, Activities: []Group{}, Intensity: []Built{}, Special: []Special{}, References: []Provision{},
	}
	if code, ok := codeOf(v, l, subZone, z.Code); ok {
		z.Title, z.Color = code.Title, code.Color
	}
	for _, name := range SpecialFields() {
		d, ok := l.Field(name)
		if !ok {
			continue
		}
		p := Special{Field: name, Title: d.Title, State: "here", Value: text(name)}
		switch {
		case p.Value == "":
			p.State = "unknown"
		case strings.EqualFold(strings.TrimSpace(p.Value), "tidak ada"):
			p.State, p.Value = "none", ""
		}
		z.Special = append(z.Special, p)
	}
	if x == nil {
		return z
	}
	z.Activities, z.References = x.Groups(z.Code, q.Activity), x.References(z.Code)
	for _, r := range x.Match(Plot{Zone: z.Code, Block: z.Block, Road: q.Road, Area: q.Area}) {
		b := Built{Rule: r}
		if q.Area > 0 {
			figures := r.Figures(q.Area)
			b.Figures = &figures
		}
		z.Intensity = append(z.Intensity, b)
	}
	return z
}

// block is the full id of a block, empty unless all its parts are there.
func block(text func(string) string) string {
	parts := []string{text("kodewp"), text("kodswp"), text("kodblk")}
	for _, p := range parts {
		if p == "" || strings.EqualFold(p, "tidak ada") {
			return ""
		}
	}
	return strings.Join(parts, ".")
}

// codeOf finds what the value of a coded field means.
func codeOf(v mirror.View, l *plan.Layer, field, value string) (plan.Code, bool) {
	f, ok := l.Field(field)
	if !ok || f.Codes == nil {
		return plan.Code{}, false
	}
	list, ok := v.Catalog().List(*f.Codes)
	if !ok {
		return plan.Code{}, false
	}
	i := slices.IndexFunc(list.Codes, func(c plan.Code) bool { return c.Code == value })
	if i < 0 {
		return plan.Code{}, false
	}
	return list.Codes[i], true
}

// near finds the nearest feature of a layer of the view, named by what it is
// searched by.
func near(v mirror.View, s site, layer string, far float64, keep func(get func(string) any) bool) *Near {
	snap, ok := v.Snapshot(layer)
	if !ok {
		return nil
	}
	l := snap.Layer()
	f, metres := s.nearest(snap, far, func(f *mirror.Feature) bool { return keep(reader(l, f)) })
	if f == nil {
		return nil
	}
	name, _ := reader(l, f)(l.Search).(string)
	return &Near{layer, f.ID, name, math.Round(metres)}
}
