package tileset

import (
	"slices"
	"time"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// query reads the parameters of a tile: datetime, properties that all its
// layers have, and f where the resource has formats. It is checked before
// anything is answered; no query string costs nothing.
func (s *Service) query(r Request, layers []drawn) (plan.Query, error) {
	if r.Query == "" {
		return plan.Query{}, nil
	}
	names := []string{"datetime"}
	if r.Formats {
		names = append(names, "f")
	}
	common := commonFilters(layers)
	p, err := rest.ParseQuery(r.Query, append(names, common...)...)
	if err != nil {
		return plan.Query{}, err
	}
	if f, ok := p.Get("f"); ok && f != "mvt" {
		return plan.Query{}, rest.Invalid("f", plan.Text{ID: "Format yang tersedia: mvt.", EN: "Available formats: mvt."})
	}
	var q plan.Query
	if text, ok := p.Get("datetime"); ok {
		if q.At, err = rest.ParseDatetime(text, time.Now()); err != nil {
			return plan.Query{}, err
		}
	}
	for _, d := range layers {
		where, err := rest.ParseFilter(p, d.layer)
		if err != nil {
			return plan.Query{}, err
		}
		// The layers have the field in common, but perhaps not its type.
		for _, w := range where {
			i := slices.IndexFunc(q.Where, func(e plan.Equal) bool { return e.Field == w.Field })
			if i < 0 {
				q.Where = append(q.Where, w)
			} else if !plan.SameValue(q.Where[i].Value, w.Value) {
				return plan.Query{}, rest.Invalid(w.Field, plan.Text{
					ID: "Atribut ini berlainan jenis di lapisan-lapisan itu.",
					EN: "This property has different types in these layers.",
				})
			}
		}
	}
	return q, nil
}

// commonFilters are the properties that can be asked for in every layer.
func commonFilters(layers []drawn) []string {
	names := rest.Filters(layers[0].layer)
	for _, d := range layers[1:] {
		other := rest.Filters(d.layer)
		names = slices.DeleteFunc(names, func(n string) bool { return !slices.Contains(other, n) })
	}
	return names
}
