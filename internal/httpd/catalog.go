package httpd

import (
	"fmt"
	"net/http"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/carto"
	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// catalogBody is GET /api/v1/catalog: all that the web map knows of the plan
// before it draws. Only what the login may read is in it.
type catalogBody struct {
	City   cityBody    `json:"city"`
	Status statusBody  `json:"status"`
	Groups []groupBody `json:"groups"`
	Layers []layerBody `json:"layers"`
	Codes  []codesBody `json:"codes"`
}

type cityBody struct {
	Title plan.Text `json:"title"`
	Demo  bool      `json:"demo"`
	// Notice is what a demonstration must say of itself.
	Notice plan.Text  `json:"notice,omitzero"`
	BBox   [4]float64 `json:"bbox"`
	Center orb.Point  `json:"center"`
	Zoom   float64    `json:"zoom"`
}

type groupBody struct {
	ID    string    `json:"id"`
	Title plan.Text `json:"title"`
}

type layerBody struct {
	ID          string            `json:"id"`
	Title       plan.Text         `json:"title"`
	Description plan.Text         `json:"description"`
	Group       string            `json:"group"`
	Geometry    plan.GeometryType `json:"geometry"`
	Order       int               `json:"order"`
	Visible     bool              `json:"visible"`
	Zooms       plan.Zooms        `json:"zooms"`
	Policy      plan.Policy       `json:"policy"`
	Fields      []fieldBody       `json:"fields"`
	Legend      []carto.Entry     `json:"legend"`
	Style       styleBody         `json:"style"`
	Label       *plan.Label       `json:"label,omitempty"`
	Licence     string            `json:"licence"`
	Attribution plan.Text         `json:"attribution"`
	Search      string            `json:"search,omitempty"`
	Topology    plan.Topology     `json:"topology,omitzero"`
	Chart       *plan.Chart       `json:"chart,omitempty"`
	Photo       string            `json:"photo,omitempty"`
	// Edit says whether this login may edit the layer.
	Edit bool `json:"edit"`
	// BBox is the box of all features, west, south, east, north; absent for
	// none.
	BBox *[4]float64 `json:"bbox,omitempty"`
	// Count of features; absent where the layer is not in memory.
	Count *int `json:"count,omitempty"`
	// Tiles and Items are addresses below the service.
	Tiles string `json:"tiles"`
	Items string `json:"items"`
}

type styleBody struct {
	Field string `json:"field,omitempty"`
}

type fieldBody struct {
	Name        string         `json:"name"`
	Type        plan.FieldType `json:"type"`
	Title       plan.Text      `json:"title"`
	Description plan.Text      `json:"description,omitzero"`
	Unit        string         `json:"unit,omitempty"`
	Codes       *plan.CodeRef  `json:"codes,omitempty"`
	// The rules that a form can check before the database does.
	Required  bool     `json:"required,omitempty"`
	Unique    bool     `json:"unique,omitempty"`
	Min       *float64 `json:"min,omitempty"`
	Max       *float64 `json:"max,omitempty"`
	MaxLength int      `json:"maxLength,omitempty"`
	// Computed fields are the database's to set.
	Computed bool `json:"computed,omitempty"`
}

type codesBody struct {
	List    string     `json:"list"`
	Version string     `json:"version"`
	Title   plan.Text  `json:"title"`
	Codes   []codeBody `json:"codes"`
}

type codeBody struct {
	Code  string    `json:"code"`
	Title plan.Text `json:"title"`
	Color string    `json:"color,omitempty"`
}

func (s *Server) catalog(w http.ResponseWriter, r *http.Request) error {
	if _, err := rest.ParseParams(r); err != nil {
		return err
	}
	if _, err := rest.Negotiate(r, "", rest.JSON()); err != nil {
		return err
	}
	st := s.plan.Status()
	if !st.Ready {
		return rest.Starting()
	}
	v := s.see(r)
	cat := v.Catalog()
	c := s.cfg.City.In(v)
	body := catalogBody{
		City: cityBody{
			Title: c.Title, Demo: c.Demo, Notice: c.Notice(), Center: c.Center, Zoom: c.Zoom,
			BBox: [4]float64{c.Bound.Min[0], c.Bound.Min[1], c.Bound.Max[0], c.Bound.Max[1]},
		},
		Groups: groupsOf(cat), Layers: []layerBody{}, Codes: []codesBody{},
	}
	if st.Err != nil || st.Stale {
		body.Status = statusOf(st)
	}
	used := map[plan.CodeRef]bool{}
	for _, l := range v.Layers() {
		lb, err := describe(v, l)
		if err != nil {
			return err
		}
		body.Layers = append(body.Layers, lb)
		for _, f := range l.Fields {
			if f.Codes != nil {
				used[*f.Codes] = true
			}
		}
	}
	for _, list := range cat.Lists() {
		if used[plan.CodeRef{List: list.ID, Version: list.Version}] {
			body.Codes = append(body.Codes, codesOf(list))
		}
	}
	return rest.WriteJSON(w, r, rest.Body{}, body)
}

func groupsOf(cat *plan.Catalog) []groupBody {
	out := []groupBody{}
	if list, ok := cat.List(catalog.Groups()); ok {
		for _, c := range list.Codes {
			out = append(out, groupBody{c.Code, c.Title})
		}
	}
	return out
}

func codesOf(list *plan.CodeList) codesBody {
	b := codesBody{List: list.ID, Version: list.Version, Title: list.Title, Codes: make([]codeBody, len(list.Codes))}
	for i, c := range list.Codes {
		b.Codes[i] = codeBody{c.Code, c.Title, c.Color}
	}
	return b
}

func describe(v mirror.View, l *plan.Layer) (layerBody, error) {
	legend, err := carto.Legend(v.Catalog(), l)
	if err != nil {
		return layerBody{}, fmt.Errorf("legend: %w", err)
	}
	b := layerBody{
		ID: l.ID, Title: l.Title, Description: l.Description, Group: l.Group, Geometry: l.Geometry,
		Order: l.Order, Visible: l.Visible, Zooms: l.Zooms, Policy: l.Policy, Fields: make([]fieldBody, len(l.Fields)),
		Legend: legend, Style: styleBody{l.Style.Field}, Label: l.Label, Chart: l.Chart, Photo: l.Photo,
		Licence: l.Licence, Attribution: l.Attribution, Search: l.Search, Topology: topologyIn(v, l), Edit: v.Actor().CanEdit(l),
		Tiles: "/tiles/" + l.ID + "/{z}/{x}/{y}", Items: "/ogc/collections/" + l.ID + "/items",
	}
	for i, f := range l.Fields {
		b.Fields[i] = fieldBody{
			f.Name, f.Type, f.Title, f.Description, f.Unit, f.Codes,
			f.Required, f.Unique, f.Min, f.Max, f.MaxLength, f.Computed != nil,
		}
		if f.Type == plan.TextField && f.MaxLength == 0 {
			b.Fields[i].MaxLength = plan.DefaultMaxLength
		}
	}
	if snap, ok := v.Snapshot(l.ID); ok {
		n := snap.Len()
		b.Count = &n
		if box, ok := snap.Bound(); ok {
			b.BBox = &[4]float64{box.Min[0], box.Min[1], box.Max[0], box.Max[1]}
		}
	}
	return b, nil
}

// topologyIn is what must hold in the layer, without the name of a layer that
// is not in the view.
func topologyIn(v mirror.View, l *plan.Layer) plan.Topology {
	t := l.Topology
	if _, ok := v.Layer(t.Within); !ok {
		t.Within = ""
	}
	return t
}
