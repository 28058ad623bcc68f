package api

import (
	"net/http"
	"slices"
	"time"

	"github.com/simtaru/simtaru/internal/indicator"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// definition is an indicator as whoever asks may know it.
type definition struct {
	*plan.Indicator
	// Beside are those of the others that exist for who asks.
	Beside []string `json:"beside,omitempty"`
	// Layers that it is computed from, the boundary among them: when one of them
	// changes the figure may.
	Layers []string `json:"layers"`
}

func definitionOf(v mirror.View, i *plan.Indicator) definition {
	d := definition{Indicator: i, Layers: i.Layers(v.Catalog())}
	if i.Kind != plan.External {
		d.Layers = append(d.Layers, indicator.Boundary)
	}
	slices.Sort(d.Layers)
	d.Layers = append([]string{}, slices.Compact(d.Layers)...)
	for _, id := range i.Beside {
		if other, ok := v.Catalog().Indicator(id); ok && visible(v, other) {
			d.Beside = append(d.Beside, id)
		}
	}
	return d
}

type listed struct {
	definition
	// Value of the city.
	Value reading `json:"value"`
	standing
}

// listBody is GET /api/v1/indicators.
type listBody struct {
	Indicators []listed `json:"indicators"`
	// AsOf is when the oldest part of the figures last agreed with the database.
	AsOf *time.Time `json:"asOf,omitempty"`
}

// lines are the indicators that exist for who asks, with the city's figures.
func (s *Service) lines(r *http.Request, lang plan.Lang) (out []listed, asOf time.Time, old bool, err error) {
	v := s.plan.View(rest.ActorOf(r.Context()))
	if !s.plan.Status().Ready {
		err = rest.Starting()
		return
	}
	for _, i := range seen(v) {
		city, at, late, failed := s.cityOf(r.Context(), &ask{v: v, def: i, lang: lang})
		if failed != nil {
			err = failed
			return
		}
		if !at.IsZero() && (asOf.IsZero() || at.Before(asOf)) {
			asOf = at
		}
		old = old || late
		line := listed{definition: definitionOf(v, i), standing: s.standing(v, i, city)}
		line.Value = body(i, []plan.Reading{city}, true)[0]
		out = append(out, line)
	}
	return
}

func (s *Service) list(w http.ResponseWriter, r *http.Request) error {
	if _, err := rest.Negotiate(r, "", rest.JSON()); err != nil {
		return err
	}
	if _, err := rest.ParseParams(r); err != nil {
		return err
	}
	lang := rest.Language(r)
	lines, asOf, old, err := s.lines(r, lang)
	if err != nil {
		return err
	}
	stamp(w.Header(), asOf, old)
	return write(w, r, rest.Body{Type: rest.JSON().Type, Lang: string(lang)}, func(times bool) ([]byte, error) {
		doc := listBody{Indicators: slices.Clone(lines)}
		if doc.Indicators == nil {
			doc.Indicators = []listed{}
		}
		if times && !asOf.IsZero() {
			doc.AsOf = &asOf
		}
		for k := range doc.Indicators {
			if line := &doc.Indicators[k]; !times && line.Kind != plan.External {
				line.Value.At = nil
			}
		}
		return rest.Encode(doc)
	})
}

// write answers with what form makes. The tag is made of the same without the
// times at which nothing else has changed; so it is a weak one.
func write(w http.ResponseWriter, r *http.Request, b rest.Body, form func(times bool) ([]byte, error)) error {
	key, err := form(false)
	if err != nil {
		return err
	}
	if b.Data, err = form(true); err != nil {
		return err
	}
	b.ETag = "W/" + rest.ETagOf(key)
	return rest.Write(w, r, b)
}
