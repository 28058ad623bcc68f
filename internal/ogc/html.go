package ogc

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"strconv"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

//go:embed page/*.html
var pageFiles embed.FS

func parsePages() (*template.Template, error) {
	t, err := template.ParseFS(pageFiles, "page/*.html")
	if err != nil {
		return nil, fmt.Errorf("pages of the API: %w", err)
	}
	return t, nil
}

// words are the fixed texts of the pages in one language.
type words struct {
	Layer, Description, Features, OnMap, Fields, Name, Title, Type, Unit, CRS, Links, Next, Count, History string
}

func wordsIn(lang plan.Lang) words {
	t := func(id, en string) string { return plan.Text{ID: id, EN: en}.In(lang) }
	return words{
		Layer: t("Lapisan", "Layer"), Description: t("Keterangan", "Description"), Features: t("Daftar objek", "List of features"),
		OnMap: t("di peta", "on the map"), Fields: t("Atribut", "Attributes"), Name: t("Nama", "Name"), Title: t("Judul", "Title"),
		Type: t("Jenis", "Type"), Unit: t("Satuan", "Unit"), CRS: t("Sistem koordinat", "Reference systems"), Links: t("Tautan", "Links"),
		Next: t("Halaman berikutnya", "Next page"), History: t("riwayat", "history"),
	}
}

// page runs a template into the body of a page.
func (s *Service) page(name string, data any, p rest.Page) (rest.Page, error) {
	var b bytes.Buffer
	if err := s.templates.ExecuteTemplate(&b, name, data); err != nil {
		return rest.Page{}, fmt.Errorf("page %s: %w", name, err)
	}
	p.Body = template.HTML(b.String()) //nolint:gosec // made by html/template just now
	return p, nil
}

// alternates are the other formats among the links of a document.
func alternates(links []Link) []rest.Alternate {
	var out []rest.Alternate
	for _, l := range links {
		if l.Rel == "alternate" {
			out = append(out, rest.Alternate{Href: l.Href, Type: l.Type, Name: l.Type})
		}
	}
	return out
}

// crumbs is the way to a page: the API, the layers, the layer.
func (s *Service) crumbs(lang plan.Lang, layer *plan.Layer) []rest.Crumb {
	c := []rest.Crumb{
		{Href: s.url("ogc") + "?f=html", Title: "Data"},
		{Href: s.url("ogc", "collections") + "?f=html", Title: plan.Text{ID: "Lapisan", EN: "Layers"}.In(lang)},
	}
	if layer != nil {
		c = append(c, rest.Crumb{Href: s.url("ogc", "collections", layer.ID) + "?f=html", Title: layer.Title.In(lang)})
	}
	return c
}

// onMap is the address of the web map looking at b with the layer on.
func (s *Service) onMap(l *plan.Layer, b orb.Bound) string {
	c := b.Center()
	return fmt.Sprintf("%s/#map=%d/%.5f/%.5f&on=%s", s.cfg.PublicURL, max(l.Zooms.Show, l.Zooms.Min, 14), c[1], c[0], l.ID)
}

func (s *Service) landingHTML(a ask, doc landingPage) (rest.Page, error) {
	return s.page("landing.html", struct{ Doc landingPage }{doc}, rest.Page{
		Lang: a.lang, Title: doc.Title, Alternates: alternates(doc.Links),
	})
}

func (s *Service) conformanceHTML(a ask, doc conformance) (rest.Page, error) {
	return s.page("conformance.html", struct{ Doc conformance }{doc}, rest.Page{
		Lang: a.lang, Title: plan.Text{ID: "Kesesuaian dengan standar", EN: "Conformance"}.In(a.lang),
		Crumbs: s.crumbs(a.lang, nil)[:1], Alternates: alternates(doc.Links),
	})
}

func (s *Service) collectionsHTML(a ask, doc collections) (rest.Page, error) {
	return s.page("collections.html", struct {
		Doc  collections
		T    words
		Base string
	}{doc, wordsIn(a.lang), s.url("ogc")}, rest.Page{
		Lang: a.lang, Title: plan.Text{ID: "Lapisan", EN: "Layers"}.In(a.lang),
		Crumbs: s.crumbs(a.lang, nil)[:1], Alternates: alternates(doc.Links),
	})
}

// fieldRow is one attribute of a layer in the language of the page.
type fieldRow struct{ Name, Title, Description, Type, Unit string }

func (s *Service) collectionHTML(v mirror.View, a ask, l *plan.Layer, doc collection) (rest.Page, error) {
	fields := make([]fieldRow, len(l.Fields))
	for i, f := range l.Fields {
		fields[i] = fieldRow{f.Name, f.Title.In(a.lang), f.Description.In(a.lang), string(f.Type), f.Unit}
	}
	return s.page("collection.html", struct {
		Doc       collection
		Fields    []fieldRow
		T         words
		Base, Map string
	}{doc, fields, wordsIn(a.lang), s.url("ogc"), s.onMap(l, s.bound(v, l))}, rest.Page{
		Lang: a.lang, Title: doc.Title, Crumbs: s.crumbs(a.lang, nil), Alternates: alternates(doc.Links),
	})
}

// cell is one value in a table.
type cell struct {
	Title, Unit, Text string
	Number            bool
}

// cellOf shows a value to people: a code with its meaning, numbers aligned.
func cellOf(cat *plan.Catalog, f plan.Field, v any, lang plan.Lang) cell {
	c := cell{Title: f.Title.In(lang), Unit: f.Unit}
	if c.Title == "" {
		c.Title = f.Name
	}
	switch v := v.(type) {
	case nil:
	case string:
		c.Text = v
		if title := codeTitle(cat, f, v, lang); title != "" && title != v {
			c.Text = v + " – " + title
		}
	case int64:
		c.Text, c.Number = strconv.FormatInt(v, 10), true
	case float64:
		c.Text, c.Number = strconv.FormatFloat(v, 'f', -1, 64), true
	case bool:
		c.Text = plan.Text{ID: "tidak", EN: "no"}.In(lang)
		if v {
			c.Text = plan.Text{ID: "ya", EN: "yes"}.In(lang)
		}
	case plan.Date:
		c.Text = string(v)
	case time.Time:
		c.Text = v.UTC().Format(time.RFC3339)
	default:
		panic(fmt.Sprintf("ogc: a feature holds a %T", v))
	}
	return c
}

func codeTitle(cat *plan.Catalog, f plan.Field, code string, lang plan.Lang) string {
	if f.Codes == nil {
		return ""
	}
	list, ok := cat.List(*f.Codes)
	if !ok {
		return ""
	}
	for _, c := range list.Codes {
		if c.Code == code {
			return c.Title.In(lang)
		}
	}
	return ""
}

type itemRow struct {
	ID    int64
	Href  string
	Cells []cell
}

func (s *Service) itemsHTML(v mirror.View, l *plan.Layer, q *itemsQuery, f *found, links []Link) (rest.Page, error) {
	t := wordsIn(q.lang)
	t.Count = plan.Text{
		ID: fmt.Sprintf("%d dari %d objek", f.len(), f.matched),
		EN: fmt.Sprintf("%d of %d features", f.len(), f.matched),
	}.In(q.lang)
	columns := make([]fieldRow, len(l.Fields))
	for i, field := range l.Fields {
		columns[i] = fieldRow{Name: field.Name, Title: cellOf(v.Catalog(), field, nil, q.lang).Title, Unit: field.Unit}
	}
	rows := make([]itemRow, f.len())
	for i := range rows {
		x := f.at(i)
		rows[i] = itemRow{ID: x.ID, Href: s.url("ogc", "collections", l.ID, "items", strconv.FormatInt(x.ID, 10)) + "?f=html"}
		for j, field := range l.Fields {
			rows[i].Cells = append(rows[i].Cells, cellOf(v.Catalog(), field, x.Values[j], q.lang))
		}
	}
	next := ""
	for _, link := range links {
		if link.Rel == "next" {
			next = link.Href
			if q.format == "" {
				next += "&f=html"
			}
		}
	}
	return s.page("items.html", struct {
		T       words
		Columns []fieldRow
		Rows    []itemRow
		Next    string
	}{t, columns, rows, next}, rest.Page{
		Lang: q.lang, Title: l.Title.In(q.lang), Crumbs: s.crumbs(q.lang, l), Alternates: alternates(links),
	})
}

func (s *Service) itemHTML(v mirror.View, a ask, l *plan.Layer, f *found, links []Link) (rest.Page, error) {
	x := f.at(0)
	rows := make([]cell, 0, len(l.Fields)+2)
	for i, field := range l.Fields {
		rows = append(rows, cellOf(v.Catalog(), field, x.Values[i], a.lang))
	}
	rows = append(rows,
		cell{Title: plan.Text{ID: "Revisi", EN: "Revision"}.In(a.lang), Text: strconv.FormatInt(x.Revision, 10), Number: true},
		cell{Title: plan.Text{ID: "Diubah", EN: "Changed"}.In(a.lang), Text: x.UpdatedAt.UTC().Format(time.RFC3339)})
	if !v.Actor().IsPublic() {
		rows = append(rows, cell{Title: plan.Text{ID: "Diubah oleh", EN: "Changed by"}.In(a.lang), Text: x.UpdatedBy})
	}
	bound := s.bound(v, l)
	if x.Geometry != nil {
		bound = x.Geometry.Bound()
	}
	history := s.url("ogc", "collections", l.ID, "items", strconv.FormatInt(x.ID, 10), "history") + "?f=html"
	return s.page("item.html", struct {
		T            words
		Rows         []cell
		Map, History string
	}{wordsIn(a.lang), rows, s.onMap(l, bound), history}, rest.Page{
		Lang: a.lang, Title: l.Title.In(a.lang) + " " + strconv.FormatInt(x.ID, 10),
		Crumbs: s.crumbs(a.lang, l), Alternates: alternates(links),
	})
}
