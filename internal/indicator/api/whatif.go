package api

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/simtaru/simtaru/internal/exchange"
	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/indicator"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// What one question may suppose.
const (
	maxWhatIf      = 2 << 20 // bytes
	maxSupposed    = 200     // edits
	maxSupposedXYs = 20_000  // vertices of them all
)

// difference is what edits would make of one figure.
type difference struct {
	Indicator string        `json:"indicator"`
	By        plan.UnitKind `json:"by"`
	Code      string        `json:"code"`
	Name      string        `json:"name"`
	Before    reading       `json:"before"`
	After     reading       `json:"after"`
	// Difference is null where there is no value before or after.
	Difference *float64 `json:"difference"`
}

type differences struct {
	Differences []difference `json:"differences"`
}

// whatIf is POST /api/v1/indicators/what-if. Everybody may ask, of what they may
// read; nothing is stored.
func (s *Service) whatIf(w http.ResponseWriter, r *http.Request) error {
	v := s.plan.View(rest.ActorOf(r.Context()))
	if !s.plan.Status().Ready {
		return rest.Starting()
	}
	if _, err := rest.ParseParams(r); err != nil {
		return err
	}
	b, err := rest.OpenBody(r, []string{"application/json"}, maxWhatIf)
	if err != nil {
		return err
	}
	asked, err := exchange.ReadSupposed(b, supposable(v), exchange.SupposedLimits{Edits: maxSupposed, Vertices: maxSupposedXYs},
		exchange.BodyOptions{Catalog: v.Catalog(), CRS: geo.CRS84})
	if err != nil {
		return err
	}
	ids, err := wanted(v, asked.Indicators)
	if err != nil {
		return err
	}
	// After the body is read: who sends it slowly keeps nobody else waiting.
	leave, err := s.trying.Enter(r.Context())
	if err != nil {
		return err
	}
	defer leave()
	// Land that crosses or covers itself has no inside to measure.
	if err := s.archive.CheckGeometries(r.Context(), asked.Edits); err != nil {
		return err
	}
	found, err := s.board.WhatIf(r.Context(), asked.Edits, ids)
	if err != nil {
		return err
	}
	lang := rest.Language(r)
	doc := differences{Differences: make([]difference, len(found))}
	for k, d := range found {
		i, _ := v.Catalog().Indicator(d.Before.Indicator)
		a := &ask{v: v, def: i, lang: lang}
		s.tell(&d.Before, a)
		s.tell(&d.After, a)
		doc.Differences[k] = difference{
			Indicator: d.Before.Indicator, By: d.Before.Kind, Code: d.Before.Code, Name: d.Before.Name, Difference: d.Difference,
			Before: body(i, []plan.Reading{d.Before}, true)[0], After: body(i, []plan.Reading{d.After}, true)[0],
		}
	}
	return rest.WriteOnce(w, lang, doc)
}

// supposable finds a layer that edits may be supposed of.
func supposable(v mirror.View) func(string) (*plan.Layer, *plan.Error) {
	return func(id string) (*plan.Layer, *plan.Error) {
		l, ok := v.Layer(id)
		switch {
		case !ok:
			return nil, &plan.Error{Kind: plan.NotFound, Code: "no-such-layer", At: "layer", Message: plan.Text{
				ID: "Tidak ada lapisan dengan nama ini.", EN: "There is no layer of this name.",
			}}
		case id == indicator.Boundary:
			return nil, &plan.Error{Kind: plan.Unprocessable, Code: "boundary-stands", At: "layer", Message: plan.Text{
				ID: "Batas wilayah tidak dapat diandaikan lain: semua angka dihitung di dalamnya.",
				EN: "Another boundary cannot be supposed: all figures are computed inside it.",
			}}
		}
		return l, nil
	}
}

// wanted are the indicators that are told: those asked for, or all that are
// computed and exist for who asks.
func wanted(v mirror.View, asked []string) ([]string, error) {
	ids := []string{}
	if asked == nil {
		for _, i := range seen(v) {
			if i.Kind != plan.External && i.Kind != plan.OnRoads {
				ids = append(ids, i.ID)
			}
		}
		return ids, nil
	}
	for k, id := range asked {
		at := fmt.Sprintf("indicators[%d]", k)
		i, ok := v.Catalog().Indicator(id)
		switch {
		case !ok || !visible(v, i):
			return nil, noIndicator(at)
		case i.Kind == plan.External:
			return nil, &plan.Error{Kind: plan.Unprocessable, Code: "indicator-external", At: at, Message: plan.Text{
				ID: "Nilai indikator ini dikirim oleh sistem lain dan tidak dihitung.",
				EN: "The values of this indicator are sent by other systems and not computed.",
			}}
		case !slices.Contains(ids, id):
			ids = append(ids, id)
		}
	}
	return ids, nil
}
