package api

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/indicator"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

const geoJSONType = "application/geo+json"

// shapes keeps the outlines of areas that are made of gampong, of one version of
// the boundary.
type shapes struct {
	mu       sync.Mutex
	boundary string
	by       map[plan.UnitKind]map[string]orb.MultiPolygon
}

func (k *shapes) find(boundary string, by plan.UnitKind) map[string]orb.MultiPolygon {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.boundary != boundary {
		return nil
	}
	return k.by[by]
}

func (k *shapes) keep(boundary string, by plan.UnitKind, list map[string]orb.MultiPolygon) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.boundary != boundary {
		k.boundary, k.by = boundary, map[plan.UnitKind]map[string]orb.MultiPolygon{}
	}
	k.by[by] = list
}

// outlines returns the geometries of areas by code. Gampong have their own;
// larger ones are dissolved by the database. The note says why there are none.
func (s *Service) outlines(ctx context.Context, a *ask, f figures) (map[string]orb.MultiPolygon, plan.Text, error) {
	out := make(map[string]orb.MultiPolygon, len(f.areas))
	if a.by == plan.Gampong {
		for _, area := range f.areas {
			out[area.Code] = area.Geometry
		}
		return out, plan.Text{}, nil
	}
	if found := s.shapes.find(f.boundary, a.by); found != nil {
		return found, plan.Text{}, nil
	}
	_, present, err := s.board.Areas(a.by)
	if err != nil {
		return nil, plan.Text{}, err
	}
	// Of a boundary that is no more they are made as the figures of the past are,
	// one at a time.
	var at *plan.Interval
	if present != f.boundary && !a.at.IsZero() {
		at = &plan.Interval{From: a.at, Until: a.at}
		leave, err := s.past.places.Enter(ctx)
		if err != nil {
			return nil, plan.Text{}, err
		}
		defer leave()
	}
	layer, ok := a.v.Layer(indicator.Boundary)
	if !ok || s.archive == nil {
		return nil, plan.Text{}, rest.Starting()
	}
	length := len(indicator.CodeOf(a.by, longestCode))
	list, err := s.archive.Dissolve(ctx, layer, indicator.Code, length, at)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, plan.Text{}, err
	case err != nil: // the figures are worth an answer without
		s.log.Warn("outlines of areas cannot be made", "by", a.by, "err", err)
		return nil, text("Garis luar satuan ini dibuat oleh basis data, yang sedang tidak dapat dipakai. Coba lagi nanti.",
			"Outlines of these units are made by the database, which cannot be used now. Try again later."), nil
	}
	s.shapes.keep(f.boundary, a.by, list)
	return list, plan.Text{}, nil
}

// longestCode is as long as a code of a gampong.
const longestCode = "11.71.01.2001"

type featureCollection struct {
	Type     string    `json:"type"`
	Features []feature `json:"features"`
	// Note says why geometries are missing.
	Note *plan.Text `json:"note,omitempty"`
}

type feature struct {
	Type       string          `json:"type"`
	ID         string          `json:"id"`
	Geometry   json.RawMessage `json:"geometry"`
	Properties properties      `json:"properties"`
}

// properties are flat, as clients of the field want them.
type properties struct {
	Indicator   string        `json:"indicator"`
	By          plan.UnitKind `json:"by"`
	Code        string        `json:"code"`
	Name        string        `json:"name"`
	Value       *float64      `json:"value"`
	Unit        string        `json:"unit"`
	Status      Status        `json:"status"`
	Numerator   *float64      `json:"numerator"`
	Denominator *float64      `json:"denominator"`
	Features    int           `json:"features"`
	Why         string        `json:"why,omitempty"`
	Method      int           `json:"method"`
	At          string        `json:"at,omitempty"`
}

// oneGeoJSON is GET /api/v1/indicators/{id}.geojson: a feature for each area.
func (s *Service) oneGeoJSON(w http.ResponseWriter, r *http.Request) error {
	a, err := s.ask(r)
	if err != nil {
		return err
	}
	f, err := s.figures(r.Context(), a, a.by)
	if err != nil {
		return err
	}
	outlines, note, err := s.outlines(r.Context(), a, f)
	if err != nil {
		return err
	}
	written := make(map[string]json.RawMessage, len(outlines))
	for code, g := range outlines {
		if len(g) == 0 {
			continue
		}
		if written[code], err = geo.CRS84.AppendGeoJSON(nil, g); err != nil {
			return err
		}
	}
	stamp(w.Header(), f.asOf, f.old)
	return write(w, r, rest.Body{Type: geoJSONType, Lang: string(a.lang)}, func(times bool) ([]byte, error) {
		doc := featureCollection{Type: "FeatureCollection", Features: make([]feature, len(f.list))}
		if !note.IsZero() {
			doc.Note = &note
		}
		for k, v := range f.list {
			doc.Features[k] = feature{Type: "Feature", ID: v.Code, Geometry: written[v.Code], Properties: properties{
				Indicator: a.def.ID, By: v.Kind, Code: v.Code, Name: v.Name, Value: v.Value, Unit: a.def.Unit, Status: statusOf(a.def, v.Kind, v.Value),
				Numerator: v.Numerator, Denominator: v.Denominator, Features: v.Features, Why: v.Why.In(a.lang), Method: v.Method,
			}}
			if at := moment(a.def, v, times); !at.IsZero() {
				doc.Features[k].Properties.At = at.UTC().Format("2006-01-02T15:04:05.999999Z07:00")
			}
		}
		return rest.Encode(doc)
	})
}
