package api

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/simtaru/simtaru/internal/indicator"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// ask is what a request wants of one indicator.
type ask struct {
	v    mirror.View
	def  *plan.Indicator
	lang plan.Lang
	by   plan.UnitKind
	// at is the moment asked for; zero: now.
	at time.Time
	// switches that the request has set.
	switches map[string]bool
	params   rest.Params
}

// visible reports whether an indicator exists for whoever has the view.
func visible(v mirror.View, i *plan.Indicator) bool {
	if slices.Contains(v.Actor().Indicators, i.ID) {
		return true // a token names it, which reaches no layer
	}
	for _, id := range append(i.Layers(v.Catalog()), indicator.Boundary) {
		if _, ok := v.Layer(id); !ok {
			return false
		}
	}
	return true
}

// seen lists the indicators that exist for whoever has the view.
func seen(v mirror.View) []*plan.Indicator {
	return slices.DeleteFunc(slices.Clone(v.Catalog().Indicators()), func(i *plan.Indicator) bool { return !visible(v, i) })
}

// find finds the indicator of a request. While the plan is being loaded nothing
// is known, which is not the same as not found.
func (s *Service) find(r *http.Request) (mirror.View, *plan.Indicator, error) {
	v := s.plan.View(rest.ActorOf(r.Context()))
	if !s.plan.Status().Ready {
		return v, nil, rest.Starting()
	}
	if i, ok := v.Catalog().Indicator(r.PathValue("id")); ok && visible(v, i) {
		return v, i, nil
	}
	return v, nil, noIndicator("")
}

func noIndicator(at string) *plan.Error {
	return &plan.Error{Kind: plan.NotFound, Code: "no-such-indicator", At: at, Message: plan.Text{
		ID: "Tidak ada indikator dengan nama ini. Daftarnya di " + root + ".",
		EN: "There is no indicator of this name. They are listed at " + root + ".",
	}}
}

// ask reads what a request wants of one indicator; also are parameters that its
// form has of its own.
func (s *Service) ask(r *http.Request, also ...string) (*ask, error) {
	v, i, err := s.find(r)
	if err != nil {
		return nil, err
	}
	a := &ask{v: v, def: i, lang: rest.Language(r), switches: map[string]bool{}}
	known := append([]string{"by", "at"}, also...)
	for _, sw := range i.Switches {
		known = append(known, sw.ID)
	}
	p, err := rest.ParseParams(r, known...)
	if err != nil {
		return nil, err
	}
	a.params = p
	if a.by, err = unitKind(p, i.Units); err != nil {
		return nil, err
	}
	for _, sw := range i.Switches {
		text, ok := p.Get(sw.ID)
		if !ok {
			continue
		}
		if text != "true" && text != "false" {
			return nil, rest.Invalid(sw.ID, plan.Text{ID: "Harus true atau false.", EN: "Must be true or false."})
		}
		a.switches[sw.ID] = text == "true"
	}
	if text, ok := p.Get("at"); ok {
		if a.at, err = s.moment(text); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// unitKind reads the parameter by; without it the first of those offered, which
// is the largest.
func unitKind(p rest.Params, offered []plan.UnitKind) (plan.UnitKind, error) {
	var names []string
	for _, by := range plan.UnitKinds {
		if slices.Contains(offered, by) {
			names = append(names, string(by))
		}
	}
	text, ok := p.Get("by")
	switch {
	case slices.Contains(names, text):
		return plan.UnitKind(text), nil
	case !ok && len(names) > 0:
		return plan.UnitKind(names[0]), nil
	}
	list := strings.Join(names, ", ")
	return "", rest.Invalid("by", plan.Text{
		ID: "Satuan yang tersedia di sini untuk indikator ini: " + list + ".",
		EN: "Units that are offered here for this indicator: " + list + ".",
	})
}

// moment reads the parameter at.
func (s *Service) moment(text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, text)
	switch {
	case err != nil && strings.Contains(text, " "):
		return t, rest.Invalid("at", plan.Text{ID: "Tanda + di alamat harus ditulis %2B.", EN: "Write the sign + as %2B in an address."})
	case err != nil || strings.Contains(text, ",") || t.Year() < 1:
		return t, rest.Invalid("at", plan.Text{
			ID: "Bukan waktu RFC 3339 dengan zona. Contoh: 2026-01-31T08:00:00Z.",
			EN: "Not an RFC 3339 time with its zone. Example: 2026-01-31T08:00:00Z.",
		})
	case t.After(s.now()):
		return t, rest.Invalid("at", plan.Text{ID: "Waktu ini belum tiba.", EN: "That time has not come yet."})
	}
	return t.UTC(), nil
}
