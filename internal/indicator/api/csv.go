package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/simtaru/simtaru/internal/exchange"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

const csvType = "text/csv; charset=utf-8"

// sheet is a table for a spreadsheet: RFC 4180 in UTF-8 with a byte order mark,
// which Excel needs to see that. Texts that a spreadsheet would take for a
// formula are quoted with an apostrophe.
type sheet struct {
	lang plan.Lang
	// indonesian separates cells by semicolons and writes numbers with a decimal
	// comma, as a spreadsheet that is set to Indonesian opens them; otherwise by
	// commas, with a decimal point.
	indonesian bool
	rows       [][]string
}

// sheetOf is the form that a request asks for with lang. Whoever does not name it
// gets commas and points in any language: programs read those.
func sheetOf(p rest.Params, lang plan.Lang) (sheet, error) {
	asked, given := p.Get("lang")
	switch {
	case !given:
		return sheet{lang: lang}, nil
	case plan.Lang(asked) != plan.Indonesian && plan.Lang(asked) != plan.English:
		return sheet{}, rest.Invalid("lang", text("Bahasa yang tersedia: id, en.", "Available languages: id, en."))
	}
	return sheet{lang: plan.Lang(asked), indonesian: plan.Lang(asked) == plan.Indonesian}, nil
}

// row adds a row of texts and numbers.
func (t *sheet) row(cells ...any) {
	out := make([]string, len(cells))
	for i, c := range cells {
		switch c := c.(type) {
		case plan.Text:
			out[i] = exchange.Harmless(c.In(t.lang))
		case string:
			out[i] = exchange.Harmless(c)
		case *float64:
			if c != nil {
				out[i] = strconv.FormatFloat(*c, 'f', -1, 64)
				if t.indonesian {
					out[i] = strings.Replace(out[i], ".", ",", 1)
				}
			}
		case int:
			out[i] = strconv.Itoa(c)
		case *int:
			if c != nil {
				out[i] = strconv.Itoa(*c)
			}
		case time.Time:
			if !c.IsZero() {
				out[i] = c.UTC().Format(time.RFC3339)
			}
		}
	}
	t.rows = append(t.rows, out)
}

func (t *sheet) encode() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	if t.indonesian {
		w.Comma = ';'
	}
	if err := w.WriteAll(t.rows); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func text(id, en string) plan.Text { return plan.Text{ID: id, EN: en} }

// word says a status to people.
func word(s Status) plan.Text {
	switch s {
	case Met:
		return text("tercapai", "met")
	case Near:
		return text("mendekati", "near")
	case Missed:
		return text("belum tercapai", "missed")
	}
	return plan.Text{}
}

// yes says a truth to people.
func yes(v bool) plan.Text {
	if v {
		return text("ya", "yes")
	}
	return text("tidak", "no")
}

// kindName says a kind of areas to people.
func kindName(k plan.UnitKind) plan.Text {
	switch k {
	case plan.City:
		return text("kota", "city")
	case plan.Kecamatan:
		return text("kecamatan", "district")
	}
	return text("gampong", "village")
}

// moment is when a reading speaks of, where that is to be said.
func moment(i *plan.Indicator, r plan.Reading, times bool) time.Time {
	if times || i.Kind == plan.External {
		return r.At
	}
	return time.Time{}
}

func attach(h http.Header, name string) {
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
}

// listCSV is GET /api/v1/indicators.csv: all indicators of the city.
func (s *Service) listCSV(w http.ResponseWriter, r *http.Request) error {
	p, err := rest.ParseParams(r, "lang")
	if err != nil {
		return err
	}
	form, err := sheetOf(p, rest.Language(r))
	if err != nil {
		return err
	}
	lines, asOf, old, err := s.lines(r, form.lang)
	if err != nil {
		return err
	}
	stamp(w.Header(), asOf, old)
	attach(w.Header(), "indicators.csv")
	return write(w, r, rest.Body{Type: csvType, Lang: string(form.lang)}, func(times bool) ([]byte, error) {
		t := form
		t.row(text("indikator", "indicator"), text("judul", "title"), text("nilai", "value"), text("satuan", "unit"),
			text("target", "target"), text("dasar target", "source of the target"), text("status", "status"),
			text("pembilang", "numerator"), text("penyebut", "denominator"), text("jumlah objek", "features"),
			text("umur (hari)", "age (days)"), text("usang", "old"), text("sejak", "since"), text("perubahan", "difference"),
			text("penanggung jawab", "office"), text("metode", "method"), text("keterangan", "remark"), text("waktu", "time"))
		for _, l := range lines {
			var target *float64
			var source, since string
			var moved *float64
			if l.Target != nil {
				target, source = &l.Target.Value, l.Target.Source
			}
			if l.Trend != nil {
				since, moved = string(l.Trend.Since), &l.Trend.Difference
			}
			v := l.Value.Reading
			t.row(l.ID, l.Title, v.Value, l.Unit, target, source, word(l.standing.Status), v.Numerator, v.Denominator, v.Features,
				l.AgeDays, yes(l.Old), since, moved, l.Office, v.Method, v.Why, moment(l.Indicator, v, times))
		}
		return t.encode()
	})
}

// oneCSV is GET /api/v1/indicators/{id}.csv: a row for each area, with the land
// of each class.
func (s *Service) oneCSV(w http.ResponseWriter, r *http.Request) error {
	a, err := s.ask(r, "lang")
	if err != nil {
		return err
	}
	form, err := sheetOf(a.params, a.lang)
	if err != nil {
		return err
	}
	a.lang = form.lang
	f, err := s.figures(r.Context(), a, a.by)
	if err != nil {
		return err
	}
	classes, err := s.classes(r.Context(), a, f.list)
	if err != nil {
		return err
	}
	stamp(w.Header(), f.asOf, f.old)
	attach(w.Header(), a.def.ID+"-"+string(a.by)+".csv")
	return write(w, r, rest.Body{Type: csvType, Lang: string(a.lang)}, func(times bool) ([]byte, error) {
		t := form
		heading := []any{
			text("indikator", "indicator"), text("satuan wilayah", "unit of land"), text("kode", "code"), text("nama", "name"), text("nilai", "value"),
			text("satuan", "unit"), text("status", "status"), text("pembilang", "numerator"), text("penyebut", "denominator"),
			text("jumlah objek", "features"), text("keterangan", "remark"), text("metode", "method"), text("batas", "boundary"), text("data", "data"), text("waktu", "time"),
		}
		for _, c := range classes {
			heading = append(heading, c.heading(a.def)...)
		}
		drawn := slices.ContainsFunc(f.list, func(r plan.Reading) bool { return r.Drawn != nil })
		if drawn {
			for _, c := range drawnColumns {
				heading = append(heading, text(c.ID+" (m2)", c.EN+" (m2)"))
			}
			heading = append(heading, text("tidak tertutup (m2)", "uncovered (m2)"))
		}
		t.row(heading...)
		for _, v := range f.list {
			row := []any{
				a.def.ID, kindName(v.Kind), v.Code, v.Name, v.Value, a.def.Unit, word(statusOf(a.def, v.Kind, v.Value)), v.Numerator, v.Denominator,
				v.Features, v.Why, v.Method, v.Boundary, v.Data, moment(a.def, v, times),
			}
			for _, c := range classes {
				row = append(row, c.cells(a.def, v.Classes)...)
			}
			if drawn {
				row = append(row, drawnCells(v.Drawn)...)
				if v.Drawn != nil {
					row = append(row, v.Drawn.Uncovered)
				}
			}
			t.row(row...)
		}
		return t.encode()
	})
}

// class names one class of one part.
type class struct {
	part, code string
	title      plan.Text
	drawn      bool // what became of the land as drawn is told too
}

// drawnColumns are those of a plan.Drawn, in the order of drawnCells.
var drawnColumns = []plan.Text{
	text("jumlah menurut gambar", "sum as drawn"), text("terhitung ganda", "counted twice"), text("di luar batas", "outside the boundary"),
}

func drawnCells(d *plan.Drawn) []any {
	if d == nil {
		return make([]any, len(drawnColumns))
	}
	return []any{&d.Sum, &d.Overlap, d.Outside}
}

func (c class) heading(i *plan.Indicator) []any {
	column := func(of plan.Text) plan.Text {
		name := func(lang plan.Lang) string {
			s := c.title.In(lang)
			if c.code != "" {
				s += " [" + c.code + "]"
			}
			return s + " " + of.In(lang) + " (m2)"
		}
		return text(name(plan.Indonesian), name(plan.English))
	}
	switch i.Kind {
	case plan.AreaByClass:
		out := []any{column(text("luas", "area"))}
		if c.drawn {
			for _, of := range drawnColumns {
				out = append(out, column(of))
			}
		}
		return out
	case plan.Standard:
		return []any{column(text("luas", "area")), column(text("kebutuhan", "need")), column(text("kekurangan", "deficit"))}
	case plan.WeightedAreaShare:
		return []any{column(text("luas", "area")), column(text("berbobot", "weighted"))}
	}
	return []any{column(text("luas", "area"))}
}

func (c class) cells(i *plan.Indicator, list []plan.ClassReading) []any {
	var got plan.ClassReading
	area := (*float64)(nil)
	if k := slices.IndexFunc(list, func(r plan.ClassReading) bool { return r.Part == c.part && r.Class == c.code }); k >= 0 {
		got = list[k]
		area = &got.Area
	}
	switch i.Kind {
	case plan.AreaByClass:
		if c.drawn {
			return append([]any{area}, drawnCells(got.Drawn)...)
		}
	case plan.Standard:
		return []any{area, got.Need, got.Deficit}
	case plan.WeightedAreaShare:
		return []any{area, got.Weighted}
	}
	return []any{area}
}

// classes lists those that any of the readings has, in the order of the city's.
func (s *Service) classes(ctx context.Context, a *ask, list []plan.Reading) ([]class, error) {
	if !slices.ContainsFunc(list, func(r plan.Reading) bool { return len(r.Classes) > 0 }) {
		return nil, nil
	}
	city, err := s.figures(ctx, a, plan.City)
	if err != nil {
		return nil, err
	}
	var out []class
	for _, r := range append(city.list, list...) {
		for _, c := range r.Classes {
			if !slices.ContainsFunc(out, func(k class) bool { return k.part == c.Part && k.code == c.Class }) {
				out = append(out, class{c.Part, c.Class, c.Title, c.Drawn != nil})
			}
		}
	}
	return out, nil
}
