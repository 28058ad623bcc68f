package api

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/simtaru/simtaru/internal/evac"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

//go:embed handout.html
var handoutText string

// Handouts are the sheets of paper that a gampong is given.
type Handouts struct {
	service *Service
	public  string
	codes   func(list, code string) plan.Text
	pages   *rest.Pages
	layouts map[plan.Lang]*template.Template
}

// NewHandouts returns them for a service whose address is public, without a last
// slash; codes tells the title of a code.
func NewHandouts(s *Service, public string, codes func(list, code string) plan.Text, pages *rest.Pages) (*Handouts, error) {
	h := &Handouts{s, public, codes, pages, map[plan.Lang]*template.Template{}}
	for _, lang := range []plan.Lang{plan.Indonesian, plan.English} {
		t, err := template.New("handout").Funcs(template.FuncMap{
			"T":       func(t plan.Text) string { return t.In(lang) },
			"W":       func(id, en string) string { return plan.Text{ID: id, EN: en}.In(lang) },
			"N":       func(v int64) string { return plan.Number(float64(v)).In(lang) },
			"Metres":  func(v float64) string { return metres(v).In(lang) },
			"Minutes": func(d time.Duration) string { return plan.Number(math.Max(math.Ceil(d.Minutes()), 1)).In(lang) },
			"Spare":   func(d time.Duration) string { return plan.Number(math.Floor(d.Minutes())).In(lang) },
			"Moment":  plan.Moment,
			"Add":     func(a, b int) int { return a + b },
		}).Parse(handoutText)
		if err != nil {
			return nil, fmt.Errorf("sheet of a gampong: %w", err)
		}
		h.layouts[lang] = t
	}
	return h, nil
}

// metres is a length as people read it: to 10 m below a kilometre, to 100 m above.
func metres(v float64) plan.Text {
	if v = math.Round(v/10) * 10; v < 1000 {
		t := plan.Number(v)
		return plan.Text{ID: t.ID + " m", EN: t.EN + " m"}
	}
	t := plan.Number(math.Round(v/100) / 10)
	return plan.Text{ID: t.ID + " km", EN: t.EN + " km"}
}

// Page is GET /evacuation/sheet/{code}: one page A4 for the notice board.
func (h *Handouts) Page(w http.ResponseWriter, r *http.Request) error {
	p, err := rest.ParseParams(r, "lang", "profile", "hazard")
	if err != nil {
		return err
	}
	lang, err := rest.AskedLanguage(r, p)
	if err != nil {
		return err
	}
	c, err := h.service.board.City()
	if err != nil {
		return err
	}
	profile, hazard, err := who(p, c)
	if err != nil {
		return err
	}
	leave, err := h.service.crowds.Enter(r.Context())
	if err != nil {
		return err
	}
	now := h.service.now()
	code := r.PathValue("code")
	sheet, err := c.Handout(code, profile, hazard, now)
	if err == nil {
		c.Around(sheet, mapWidth/mapHeight)
	}
	leave()
	if err != nil {
		return err
	}
	live := fmt.Sprintf("%s/#view=evacuate&from=%.6f,%.6f", h.public, sheet.From[0], sheet.From[1])
	square, err := codeSquare(live)
	if err != nil {
		return err
	}
	other := url.Values{"lang": {plan.Text{ID: "en", EN: "id"}.In(lang)}}
	for _, name := range []string{"profile", "hazard"} {
		if v, ok := p.Get(name); ok {
			other.Set(name, v)
		}
	}
	var b bytes.Buffer
	if err := h.layouts[lang].Execute(&b, struct {
		*evac.Handout
		Danger   plan.Text
		Phones   bool
		Map, QR  template.HTML
		Keys     []key
		Live     string
		Other    string
		Now      time.Time
		Versions versions
	}{
		sheet, h.codes("hazard", sheet.Hazard),
		slices.ContainsFunc(sheet.Answer.Routes, func(r evac.Route) bool { return r.Shelter.Contact != "" }), mapOf(sheet, lang), square, h.keys(sheet), live, "?" + other.Encode(), now, versionsOf(c),
	}); err != nil {
		return fmt.Errorf("sheet of a gampong: %w", err)
	}
	h.service.tellAge(w, c)
	title := plan.Text{ID: "Jalur evakuasi gampong " + bare(sheet.Name), EN: "Evacuation routes of gampong " + bare(sheet.Name)}
	return h.pages.Write(w, r, rest.Page{
		Lang: lang, Title: title.In(lang), Cache: rest.Revalidate,
		Body: template.HTML(b.String()), //nolint:gosec // made by html/template just now
	})
}

// bare is a name without the word that goes before it.
func bare(name string) string { return strings.TrimPrefix(name, "Gampong ") }

// key explains a class of zones.
type key struct {
	Colour string
	Title  plan.Text
}

func (h *Handouts) keys(s *evac.Handout) (all []key) {
	seen := map[string]bool{}
	for _, z := range s.Zones {
		if !seen[z.Class] {
			seen[z.Class] = true
			all = append(all, key{tint(z.Class), h.codes("hazard_class", z.Class)})
		}
	}
	return all
}
