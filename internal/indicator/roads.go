package indicator

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/indicator/land"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// measured reports whether an indicator is measured unit by unit, and so for a
// past plan and one that nobody has made too.
func measured(i *plan.Indicator) bool { return i.Kind != plan.External && i.Kind != plan.OnRoads }

// errNow is that the network is only known as it is.
func errNow(id string) error {
	return &plan.Error{Kind: plan.Unprocessable, Code: "indicator-of-now", At: id, Message: plan.Text{
		ID: "Indikator ini diukur pada jaringan jalan yang ada sekarang; angka untuk waktu lampau tersimpan setiap hari, untuk rencana andaian tidak ada.",
		EN: "This indicator is measured on the roads as they are now; figures of past days are kept each day, and of a supposed plan there are none.",
	}}
}

// onRoads makes the readings of what the network says by gampong.
func (s *state) onRoads(i *plan.Indicator, by plan.UnitKind) ([]plan.Reading, error) {
	if s.network == nil {
		return nil, &plan.Error{Kind: plan.Unavailable, Code: "no-road-network", At: i.ID, Message: plan.Text{
			ID: "Jaringan jalan tidak disiapkan di sini, sehingga indikator ini tidak dapat dihitung.",
			EN: "The road network is not prepared here, so that this indicator cannot be computed.",
		}}
	}
	q := plan.RoadQuestion{Indicator: i}
	if i.Coverage != "" {
		var err error
		if q.Land, q.Content, err = s.counted(i); err != nil {
			return nil, err
		}
	}
	answer, err := s.network.Figures(q)
	if err != nil {
		return nil, err
	}
	list := areas(s.units, by)
	out := make([]plan.Reading, len(list))
	for k, a := range list {
		out[k] = s.roadReading(i, a, answer.Areas)
		out[k].Boundary, out[k].At = s.boundary, answer.At
	}
	return out, nil
}

func (s *state) roadReading(i *plan.Indicator, a area, figures map[string]plan.RoadFigure) plan.Reading {
	r := plan.Reading{Indicator: i.ID, Kind: a.kind, Code: a.code, Name: a.name, Method: i.Method}
	var amount, of float64
	content, uncounted := uint64(0), ""
	for _, u := range a.units {
		f := figures[s.units[u].code]
		amount += f.Amount
		of += f.Of
		r.Features += f.Features
		content = mix(content ^ mix(math.Float64bits(f.Amount)) ^ mix(mix(math.Float64bits(f.Of))))
		if f.Uncounted {
			uncounted = s.units[u].name
		}
	}
	r.Data = name(content)
	if uncounted != "" {
		r.Why = plan.Text{
			ID: fmt.Sprintf("Jumlah penduduk %s belum diisi.", uncounted),
			EN: fmt.Sprintf("The population of %s is not filled in.", uncounted),
		}
		return r
	}
	scale, why := 100.0, noPeople
	switch i.Roads.Measure {
	case plan.PlacesPerHead:
		scale = 1
	case plan.RoutesFit:
		why = plan.Text{ID: "Tidak ada jalur evakuasi di sini.", EN: "There is no evacuation route here."}
	}
	divide(&r, amount, of, scale, why)
	return r
}

// counted is the land of the parts that an indicator counts, and what identifies
// it.
func (s *state) counted(i *plan.Indicator) (all []orb.MultiPolygon, content string, err error) {
	cov, ok := s.cat.Coverage(i.Coverage)
	if !ok {
		return nil, "", errNotInMemory(i.Coverage)
	}
	c, err := coverOf(s.cat, cov, nil)
	if err != nil {
		return nil, "", err
	}
	near := make([][]*mirror.Feature, len(c.layers))
	for k, layer := range c.layers {
		if err := s.source.all(layer, func(f *mirror.Feature) { near[k] = append(near[k], f) }); err != nil {
			return nil, "", err
		}
	}
	var sum uint64
	pieces, ids := c.pieces(near)
	for k, p := range pieces {
		r := slices.IndexFunc(c.rules, func(r land.Rule) bool { return r.Set == p.Set })
		if r >= 0 && slices.ContainsFunc(i.Parts, func(t plan.Term) bool { return counts(t, c.classes[r]) }) {
			all = append(all, p.Geometry)
			sum += mix(uint64(ids[k]))
		}
	}
	for _, list := range near {
		for _, f := range list {
			sum += mix(hashOf(f))
		}
	}
	return all, name(sum), nil
}
