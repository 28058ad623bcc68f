package api

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"net/http"

	"github.com/simtaru/simtaru/internal/extract"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

//go:embed page.html
var pageText string

// words are the functions of the page in one language.
func words(lang plan.Lang) template.FuncMap {
	return template.FuncMap{
		"T":    func(t plan.Text) string { return t.In(lang) },
		"W":    func(id, en string) string { return plan.Text{ID: id, EN: en}.In(lang) },
		"N":    func(v float64) string { return plan.Number(v).In(lang) },
		"Size": func(e extract.Entry) string { return extract.Size(&e).In(lang) },
	}
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
	sum, err := hashIn(p)
	if err != nil {
		return err
	}
	kept, err := s.find(r)
	if err != nil {
		return err
	}
	v, err := s.judge(r, kept, sum)
	if err != nil {
		return err
	}
	d, err := extract.Decode(kept.Document)
	if err != nil {
		return err
	}
	t, err := template.New("extract").Funcs(words(lang)).Parse(pageText)
	if err != nil {
		return fmt.Errorf("page of extracts: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, struct {
		D *extract.Document
		V *verdict
	}{d, v}); err != nil {
		return fmt.Errorf("page of extracts: %w", err)
	}
	noindex(w.Header())
	there := s.pages.Root() + "/api/v1/extracts/" + d.ID
	return s.pages.Write(w, r, rest.Page{
		Lang: lang, Title: plan.Text{ID: "Kutipan Rencana Tata Ruang", EN: "Extract of the plan"}.In(lang),
		Body: template.HTML(b.String()), //nolint:gosec // made by html/template just now
		Alternates: []rest.Alternate{
			{Href: there + ".pdf?lang=" + string(lang), Type: printed().Type, Name: "PDF"},
			{Href: there, Type: rest.JSON().Type, Name: "JSON"},
		},
	})
}
