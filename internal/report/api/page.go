package api

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"net/http"
	"strconv"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/report"
	"github.com/simtaru/simtaru/internal/rest"
)

//go:embed status.html
var statusText string

// statusPages is the page in each language.
func statusPages() (map[plan.Lang]*template.Template, error) {
	all := map[plan.Lang]*template.Template{}
	for _, lang := range []plan.Lang{plan.Indonesian, plan.English} {
		t, err := template.New("status").Funcs(template.FuncMap{
			"T":       func(t plan.Text) string { return t.In(lang) },
			"W":       func(id, en string) string { return plan.Text{ID: id, EN: en}.In(lang) },
			"When":    plan.Moment,
			"Degrees": func(v float64) string { return strconv.FormatFloat(v, 'f', 6, 64) },
		}).Parse(statusText)
		if err != nil {
			return nil, fmt.Errorf("page of a report: %w", err)
		}
		all[lang] = t
	}
	return all, nil
}

// Page is GET /reports/{secret}: the state of a report for people, who may take it
// back there.
func (s *Service) Page(w http.ResponseWriter, r *http.Request) error {
	lang, err := pageLanguage(r)
	if err != nil {
		return err
	}
	secretly(w.Header())
	told, err := s.find(r)
	if err != nil {
		return err
	}
	return s.page(w, r, lang, &told)
}

// TakeBack is POST /reports/{secret}: the report is withdrawn.
func (s *Service) TakeBack(w http.ResponseWriter, r *http.Request) error {
	lang, err := pageLanguage(r)
	if err != nil {
		return err
	}
	secretly(w.Header())
	if err := s.takeBack(r); err != nil {
		return err
	}
	return s.page(w, r, lang, nil)
}

func pageLanguage(r *http.Request) (plan.Lang, error) {
	p, err := rest.ParseParams(r, "lang")
	if err != nil {
		return "", err
	}
	return rest.AskedLanguage(r, p)
}

// page shows a report; nil: it was withdrawn.
func (s *Service) page(w http.ResponseWriter, r *http.Request, lang plan.Lang, told *report.Told) error {
	var b bytes.Buffer
	if err := s.statusPage[lang].Execute(&b, struct {
		*report.Told
		Root string
		Lang plan.Lang
	}{told, s.pages.Root(), lang}); err != nil {
		return fmt.Errorf("page of a report: %w", err)
	}
	err := s.pages.Write(w, r, rest.Page{
		Lang: lang, Title: plan.Text{ID: "Laporan Anda", EN: "Your report"}.In(lang), Cache: "no-store",
		Body: template.HTML(b.String()), //nolint:gosec // made by html/template just now
	})
	if err != nil {
		return fmt.Errorf("page of a report: %w", err)
	}
	return nil
}
