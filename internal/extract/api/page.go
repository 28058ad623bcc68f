package api

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"net/http"
	"net/url"

	"github.com/simtaru/simtaru/internal/extract"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

//go:embed page.html
var pageText string

// layouts reads the page in each language.
func layouts() (map[plan.Lang]*template.Template, error) {
	all := map[plan.Lang]*template.Template{}
	for _, lang := range []plan.Lang{plan.Indonesian, plan.English} {
		t, err := template.New("extract").Funcs(template.FuncMap{
			"T":      func(t plan.Text) string { return t.In(lang) },
			"W":      func(id, en string) string { return plan.Text{ID: id, EN: en}.In(lang) },
			"N":      func(v float64) string { return plan.Number(v).In(lang) },
			"Size":   func(e extract.Entry) string { return extract.Size(&e).In(lang) },
			"Is":     func(b *bool) bool { return *b },
			"Moment": plan.Moment,
			"Day":    plan.Day,
		}).Parse(pageText)
		if err != nil {
			return nil, fmt.Errorf("page of extracts: %w", err)
		}
		all[lang] = t
	}
	return all, nil
}

// Page is GET /extracts/{id}: for whoever has scanned the code on paper, whether
// it is genuine and what it says. It runs no scripts.
func (s *Service) Page(w http.ResponseWriter, r *http.Request) error {
	p, err := rest.ParseParams(r, "lang", "sha256")
	if err != nil {
		return err
	}
	lang, err := rest.AskedLanguage(r, p)
	if err != nil {
		return err
	}
	v, kept, d, err := s.judge(r, p)
	if err != nil {
		return err
	}
	other := url.Values{"lang": {plan.Text{ID: "en", EN: "id"}.In(lang)}}
	if sum, asked := p.Get("sha256"); asked {
		other.Set("sha256", sum)
	}
	var b bytes.Buffer
	if err := s.layouts[lang].Execute(&b, struct {
		D     *extract.Document // nil where it cannot be read
		V     *verdict
		Other string
		Gone  bool
	}{d, v, "?" + other.Encode(), kept.Document == nil}); err != nil {
		return fmt.Errorf("page of extracts: %w", err)
	}
	page := rest.Page{
		Lang: lang, Title: plan.Text{ID: "Kutipan Rencana Tata Ruang", EN: "Extract from the Spatial Plan"}.In(lang), Cache: rest.Revalidate,
		Body: template.HTML(b.String()), //nolint:gosec // made by html/template just now
	}
	if kept.Document != nil {
		there := s.pages.Root() + "/api/v1/extracts/" + kept.ID
		page.Alternates = []rest.Alternate{{Href: there + ".pdf?lang=" + string(lang), Type: printed().Type, Name: "PDF"}, {Href: there, Type: rest.JSON().Type, Name: "JSON"}}
	}
	noindex(w.Header())
	return s.pages.Write(w, r, page)
}
