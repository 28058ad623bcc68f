package api

import (
	"context"
	"errors"
	"math"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/extract"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
	"github.com/simtaru/simtaru/internal/zoning"
	zoningapi "github.com/simtaru/simtaru/internal/zoning/api"
)

// maxBody of a question in bytes: a polygon of 2,000 vertices has 80,000.
const maxBody = 256 << 10

// question is what is sent: a parcel or a polygon.
type question struct {
	Parcel    int64    `json:"parcel"`
	Geometry  *polygon `json:"geometry"`
	Activity  string   `json:"activity"`
	RoadClass string   `json:"roadClass"`
}

type polygon struct {
	Type        string        `json:"type"`
	Coordinates [][][]float64 `json:"coordinates"`
}

// read checks a question.
func (s *Service) read(ctx context.Context, v mirror.View, x *zoning.Index, sent *question) (q extract.Question, err error) {
	if (sent.Parcel != 0) == (sent.Geometry != nil) {
		return q, &plan.Error{Kind: plan.Invalid, Code: "extract-of-what", Message: plan.Text{
			ID: `Kirim salah satu: {"parcel": nomor objek bidang} atau {"geometry": Polygon GeoJSON}.`, EN: `Send one of {"parcel": id of a parcel} and {"geometry": a GeoJSON Polygon}.`,
		}}
	}
	if sent.Activity != "" {
		if q.Activity, err = zoningapi.Activity(x, sent.Activity); err != nil {
			return q, err
		}
	}
	if sent.RoadClass != "" {
		if q.Road, err = zoningapi.Road(sent.RoadClass, "roadClass"); err != nil {
			return q, err
		}
	}
	q.Parcel = sent.Parcel
	if sent.Geometry == nil {
		return q, nil
	}
	if q.Drawn, err = sent.Geometry.read(); err != nil {
		return q, err
	}
	if err := extract.CheckDrawn(v, q.Drawn); err != nil {
		return q, err
	}
	err = s.archive.CheckGeometries(ctx, []plan.Edit{{Geometry: orb.MultiPolygon{q.Drawn}}})
	var faults *plan.Faults
	if errors.As(err, &faults) && len(faults.List) > 0 {
		fault := *faults.List[0].Err
		fault.At = "geometry"
		return q, &fault
	}
	return q, err
}

// read makes a polygon of what was sent, to 7 decimals.
func (p *polygon) read() (orb.Polygon, error) {
	wrong := rest.Invalid("geometry", plan.Text{
		ID: `Geometri harus Polygon GeoJSON: {"type": "Polygon", "coordinates": [[[bujur, lintang], ...]]}.`,
		EN: `The geometry must be a GeoJSON Polygon: {"type": "Polygon", "coordinates": [[[longitude, latitude], ...]]}.`,
	})
	if p.Type != "Polygon" {
		return nil, wrong
	}
	out := make(orb.Polygon, len(p.Coordinates))
	for i, ring := range p.Coordinates {
		for _, at := range ring {
			if len(at) != 2 && len(at) != 3 {
				return nil, wrong
			}
			out[i] = append(out[i], orb.Point{math.Round(at[0]*1e7) / 1e7, math.Round(at[1]*1e7) / 1e7})
		}
	}
	return out, nil
}
