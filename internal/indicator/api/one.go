package api

import (
	"net/http"
	"time"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// oneBody is GET /api/v1/indicators/{id}.
type oneBody struct {
	definition
	// Coverage takes the place of its name.
	Coverage *plan.Coverage `json:"coverage,omitempty"`
	Readings []reading      `json:"readings"`
	// Standing of the city; absent of the past.
	*standing
	// Areas and Claims are about the city's figure.
	Areas  []statedArea `json:"areas,omitempty"`
	Claims []claim      `json:"claims,omitempty"`
	// At is the moment that was asked for.
	At   *time.Time `json:"at,omitempty"`
	AsOf *time.Time `json:"asOf,omitempty"`
}

func (s *Service) one(w http.ResponseWriter, r *http.Request) error {
	a, err := s.ask(r)
	if err != nil {
		return err
	}
	if _, err := rest.Negotiate(r, "", rest.JSON()); err != nil {
		return err
	}
	f, err := s.figures(r.Context(), a, a.by)
	if err != nil {
		return err
	}
	city, _, _, err := s.cityOf(r.Context(), a)
	if err != nil {
		return err
	}
	doc := oneBody{definition: definitionOf(a.v, a.def)}
	if c, ok := a.v.Catalog().Coverage(a.def.Coverage); ok {
		doc.Coverage = c
	}
	doc.Areas, doc.Claims = areasOf(a.def, city), claimsOf(a.def, city)
	if a.at.IsZero() {
		st := s.standing(a.v, a.def, city)
		doc.standing = &st
	} else {
		doc.At = &a.at
	}
	stamp(w.Header(), f.asOf, f.old)
	return write(w, r, rest.Body{Type: rest.JSON().Type, Lang: string(a.lang)}, func(times bool) ([]byte, error) {
		doc.Readings, doc.AsOf = body(a.def, f.list, times), nil
		if times && !f.asOf.IsZero() {
			doc.AsOf = &f.asOf
		}
		return rest.Encode(doc)
	})
}

// recorded is a value of a series.
type recorded struct {
	// On is the day in the city's time, Label a release.
	On    plan.Date `json:"on,omitempty"`
	Label string    `json:"label,omitempty"`
	Value *float64  `json:"value"`
	// Numerator and Denominator as a reading has them.
	Numerator   *float64  `json:"numerator"`
	Denominator *float64  `json:"denominator"`
	Method      int       `json:"method"`
	At          time.Time `json:"at"`
}

type seriesBody struct {
	Indicator string        `json:"indicator"`
	By        plan.UnitKind `json:"by"`
	Code      string        `json:"code"`
	Unit      string        `json:"unit"`
	Series    []recorded    `json:"series"`
}

// series is GET /api/v1/indicators/{id}/series: one area through time.
func (s *Service) series(w http.ResponseWriter, r *http.Request) error {
	_, i, err := s.find(r)
	if err != nil {
		return err
	}
	p, err := rest.ParseParams(r, "by", "code", "from", "until")
	if err != nil {
		return err
	}
	if _, err := rest.Negotiate(r, "", rest.JSON()); err != nil {
		return err
	}
	by, err := unitKind(p, i.Units)
	if err != nil {
		return err
	}
	from, err := day(p, "from")
	if err != nil {
		return err
	}
	until, err := day(p, "until")
	if err != nil {
		return err
	}
	if from != "" && until != "" && from > until {
		return rest.Invalid("from", plan.Text{ID: "Awal sesudah akhir.", EN: "The start is after the end."})
	}
	code, err := s.code(p, by)
	if err != nil {
		return err
	}
	list, err := s.values.Series(r.Context(), i.ID, by, code, from, until)
	if err != nil {
		return err
	}
	doc := seriesBody{Indicator: i.ID, By: by, Code: code, Unit: i.Unit, Series: make([]recorded, len(list))}
	for k, v := range list {
		doc.Series[k] = recorded{v.On, v.Label, v.Value, v.Numerator, v.Denominator, v.Method, v.At}
	}
	return rest.WriteJSON(w, r, rest.Body{}, doc)
}

// code reads the code of an area, which only the city need not say.
func (s *Service) code(p rest.Params, by plan.UnitKind) (string, error) {
	areas, _, err := s.board.Areas(by)
	if err != nil {
		return "", err
	}
	code, given := p.Get("code")
	if !given && by == plan.City && len(areas) > 0 {
		return areas[0].Code, nil
	}
	for _, a := range areas {
		if a.Code == code {
			return code, nil
		}
	}
	return "", rest.Invalid("code", plan.Text{
		ID: "Sebutkan kode wilayah yang ada, misalnya 11.71 untuk kota, 11.71.01 untuk kecamatan, 11.71.01.2001 untuk gampong.",
		EN: "Give the code of an area that there is, such as 11.71 for the city, 11.71.01 for a kecamatan, 11.71.01.2001 for a gampong.",
	})
}

// day reads a date; none is open.
func day(p rest.Params, name string) (plan.Date, error) {
	text, ok := p.Get(name)
	if !ok {
		return "", nil
	}
	if _, err := time.Parse(time.DateOnly, text); err != nil || text[:4] == "0000" {
		return "", rest.Invalid(name, plan.Text{
			ID: "Bukan tanggal YYYY-MM-DD yang ada di kalender.", EN: "Not a date YYYY-MM-DD that the calendar has.",
		})
	}
	return plan.Date(text), nil
}
