package api

import (
	"math"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
	"github.com/simtaru/simtaru/internal/zoning"
)

// maxPlot is the largest plot in m2 that is computed for.
const maxPlot = 10_000_000

// at is GET /api/v1/zoning/at.
func (s *Service) at(w http.ResponseWriter, r *http.Request) error {
	p, err := rest.ParseParams(r, "lon", "lat", "activity", "plot_m2", "road_class")
	if err != nil {
		return err
	}
	if _, err := rest.Negotiate(r, "", rest.JSON()); err != nil {
		return err
	}
	v, x, err := s.see(r)
	if err != nil {
		return err
	}
	if zoning.Unreadable(v) {
		return &plan.Error{Kind: plan.Unavailable, Code: "layer-not-in-memory", Message: plan.Text{
			ID: "Rencana pola ruang tidak ada di memori, sehingga tidak dapat dijawab.", EN: "The zoning plan is not in memory, so that this cannot be answered.",
		}}
	}
	var q zoning.Question
	if q.At, err = point(p); err != nil {
		return err
	}
	if zoning.Swapped(v, q.At) {
		lon, lat := degrees(q.At[1]), degrees(q.At[0])
		return rest.Invalid("lon", plan.Text{
			ID: "lon dan lat tampaknya tertukar. Maksud Anda lon=" + lon + "&lat=" + lat + "?",
			EN: "lon and lat seem to be exchanged. Did you mean lon=" + lon + "&lat=" + lat + "?",
		})
	}
	if math.Abs(q.At[0]) > 180 || math.Abs(q.At[1]) >= 90 {
		return rest.Invalid("lat", plan.Text{
			ID: "lon harus di antara -180 dan 180, lat di antara -90 dan 90.", EN: "lon must be between -180 and 180, lat between -90 and 90.",
		})
	}
	if q.Area, err = area(p); err != nil {
		return err
	}
	if q.Road, err = road(p); err != nil {
		return err
	}
	if text, ok := p.Get("activity"); ok {
		if q.Activity, err = Activity(x, text); err != nil {
			return err
		}
	}
	if st := s.plan.Status(); st.Stale {
		w.Header().Set("Simtaru-As-Of", st.AsOf.UTC().Format(time.RFC3339))
	}
	return rest.WriteJSON(w, r, rest.Body{}, zoning.At(v, x, q))
}

func degrees(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// decimal is a plain number; others that strconv reads, like 1e3 and inf, are
// mistakes here.
var decimal = regexp.MustCompile(`^-?[0-9]{1,20}(\.[0-9]{1,30})?$`)

func point(p rest.Params) (orb.Point, error) {
	var at orb.Point
	for i, name := range []string{"lon", "lat"} {
		text := p.Value(name)
		if !decimal.MatchString(text) {
			return at, rest.Invalid(name, plan.Text{
				ID: "Tulis derajat dengan titik desimal, misalnya lon=95.3172&lat=5.5536.", EN: "Write degrees with a decimal point, such as lon=95.3172&lat=5.5536.",
			})
		}
		at[i], _ = strconv.ParseFloat(text, 64)
	}
	return at, nil
}

func area(p rest.Params) (float64, error) {
	text, ok := p.Get("plot_m2")
	if !ok {
		return 0, nil
	}
	v, _ := strconv.ParseFloat(text, 64)
	if !decimal.MatchString(text) || v <= 0 || v > maxPlot {
		return 0, rest.Invalid("plot_m2", plan.Text{
			ID: "Luas persil harus bilangan di atas 0 m2, paling besar 10000000, dengan titik desimal.",
			EN: "The plot must be a number above 0 m2, at most 10000000, with a decimal point.",
		})
	}
	return v, nil
}

func road(p rest.Params) (string, error) {
	text, ok := p.Get("road_class")
	if !ok {
		return "", nil
	}
	return Road(text, "road_class")
}

// Road reads a class of roads, or an official function such as arteri_primer, of
// the parameter or member called at.
func Road(text, at string) (string, error) {
	class, function, more := strings.Cut(text, "_")
	if !slices.Contains(zoning.RoadClasses(), class) || more && function != "primer" && function != "sekunder" {
		list := strings.Join(zoning.RoadClasses(), ", ")
		return "", rest.Invalid(at, plan.Text{ID: "Kelas jalan yang dikenal: " + list + ".", EN: "Known classes of roads: " + list + "."})
	}
	return class, nil
}

// Activity finds the activity that is asked for by its code; the error names
// similar ones.
func Activity(x *zoning.Index, text string) (*zoning.Activity, error) {
	var like []string
	if x != nil {
		if a, ok := x.Activity(text); ok {
			return a, nil
		}
		for _, a := range x.Find(text, 3) {
			like = append(like, a.Code+" ("+a.Title.In(plan.Indonesian)+")")
		}
	}
	e := &plan.Error{Kind: plan.Invalid, Code: "unknown-activity", At: "activity", Message: plan.Text{
		ID: "Kegiatan ini tidak dikenal; cari kodenya di /api/v1/activities?q=.", EN: "This activity is not known; look its code up at /api/v1/activities?q=.",
	}}
	if len(like) > 0 {
		list := strings.Join(like, ", ")
		e.Message = plan.Text{ID: "Kegiatan ini tidak dikenal. Mungkin: " + list + ".", EN: "This activity is not known. Perhaps: " + list + "."}
	}
	return nil, e
}
