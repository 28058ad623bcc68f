package api

import (
	"net/http"
	"strconv"
	"time"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
	"github.com/simtaru/simtaru/internal/slum"
)

// Plan is the plan in memory.
type Plan interface {
	View(plan.Actor) mirror.View
	Status() mirror.Status
}

// layer holds the areas.
const layer = "slum_area"

// stored is GET /api/v1/slum/areas/{id}: the score of one area of the plan, as
// whoever asks may see it, with its handling and what somebody should look at.
func stored(p Plan) rest.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		if _, err := rest.ParseParams(r); err != nil {
			return err
		}
		if _, err := rest.Negotiate(r, "", rest.JSON()); err != nil {
			return err
		}
		v := p.View(rest.ActorOf(r.Context()))
		if !p.Status().Ready {
			return rest.Starting()
		}
		missing := rest.NotFound("no-such-item", "", plan.Text{
			ID: "Tidak ada kawasan kumuh dengan nomor ini.", EN: "There is no slum area with this id.",
		})
		l, ok := v.Layer(layer)
		if !ok {
			return missing
		}
		snap, ok := v.Snapshot(layer)
		if !ok {
			return &plan.Error{Kind: plan.Unavailable, Code: "layer-not-in-memory", Message: plan.Text{
				ID: "Lapisan kawasan kumuh tidak ada di memori, sehingga tidak dapat dijawab.", EN: "The layer of slum areas is not in memory, so that this cannot be answered.",
			}}
		}
		id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
		if err != nil {
			return missing
		}
		f, ok := snap.Get(id)
		if !ok {
			return missing
		}
		a := areaOf(func(name string) any { return l.Value(f.Feature, name) })
		return rest.WriteOnce(w, rest.Language(r), answerTo(&question{Areas: []area{a}}, time.Now(), rest.Language(r)).Areas[0])
	}
}

// areaOf reads an area from the fields of its feature. An area that has
// anything from a decree is in it; of another nobody knows.
func areaOf(get func(string) any) area {
	number := func(name string) *float64 {
		switch v := get(name).(type) {
		case float64:
			return &v
		case int64:
			n := float64(v)
			return &n
		}
		return nil
	}
	text := func(name string) string { s, _ := get(name).(string); return s }
	rating := func(name string) int { n, _ := strconv.Atoi(text(name)); return n }
	a := area{
		Name:           text("kawasan"),
		measured:       measured{Volumes: map[string]*float64{}, Denominators: map[slum.Denominator]*float64{}},
		LandLegality:   slum.Legality(text("land_legality")),
		Considerations: slum.Considerations{Strategic: rating("strategic_value"), Density: rating("density_value"), Social: rating("social_value")},
	}
	for _, c := range slum.Criteria() {
		a.Volumes[c.ID] = number("c" + c.ID + "_volume")
	}
	for _, d := range slum.Denominators {
		a.Denominators[d] = number(string(d))
	}
	d := decree{Class: slum.Class(text("class"))}
	if day, ok := get("decree_date").(plan.Date); ok {
		d.Date = day
	}
	if n := number("score"); n != nil {
		score := int(*n)
		d.Score = &score
	}
	if text("decree") != "" || d != (decree{}) {
		listed := true
		d.Listed = &listed
	}
	a.Decree = &d
	return a
}
