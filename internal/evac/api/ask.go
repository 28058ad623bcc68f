package api

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// Limits of a question.
const (
	usualRoutes = 3
	// longest is how many minutes ahead a departure may be.
	longest = 24 * 60
	// mostAvoided is how many places one may avoid.
	mostAvoided = 10
)

// question reads the parameters.
func question(p rest.Params, c *evac.City, now time.Time) (q evac.Question, err error) {
	q.Now = now
	if q.From, err = point(p.Value("from"), "from"); err != nil {
		return q, err
	}
	if q.K, err = count(p); err != nil {
		return q, err
	}
	if q.Profile, q.Hazard, err = who(p, c); err != nil {
		return q, err
	}
	if q.Departure, err = departure(p); err != nil {
		return q, err
	}
	return q, avoid(p, &q)
}

// who reads how one goes, and under which hazard.
func who(p rest.Params, c *evac.City) (profile, hazard string, err error) {
	if profile, err = way(p, c); err != nil {
		return "", "", err
	}
	hazard, err = oneOf(p, "hazard", evac.Hazards(), "")
	return profile, hazard, err
}

func way(p rest.Params, c *evac.City) (profile string, err error) {
	profiles := idsOf(c.Profiles())
	return oneOf(p, "profile", profiles, profiles[0])
}

func idsOf(profiles []*evac.Profile) []string {
	ids := make([]string, len(profiles))
	for i, p := range profiles {
		ids[i] = p.ID
	}
	return ids
}

// decimal is a plain number; others that strconv reads, like 1e3 and inf, are
// mistakes here.
var decimal = regexp.MustCompile(`^-?[0-9]{1,20}(\.[0-9]{1,30})?$`)

func point(text, at string) (p orb.Point, err error) {
	lon, lat, ok := strings.Cut(text, ",")
	if !ok || !decimal.MatchString(lon) || !decimal.MatchString(lat) {
		return p, rest.Invalid(at, plan.Text{
			ID: "Tulis bujur,lintang dalam derajat dengan titik desimal, misalnya 95.3172,5.5536.",
			EN: "Write longitude,latitude in degrees with a decimal point, such as 95.3172,5.5536.",
		})
	}
	p[0], _ = strconv.ParseFloat(lon, 64)
	p[1], _ = strconv.ParseFloat(lat, 64)
	if math.Abs(p[0]) > 180 || math.Abs(p[1]) >= 90 {
		return p, rest.Invalid(at, plan.Text{
			ID: "Bujur harus di antara -180 dan 180, lintang di antara -90 dan 90; bujur lebih dahulu.",
			EN: "Longitude must be between -180 and 180, latitude between -90 and 90; longitude comes first.",
		})
	}
	return p, nil
}

// count reads k. More than there may be is an error, not cut: who asks for a
// thousand would take the answer for all there are.
func count(p rest.Params) (int, error) {
	k, err := p.Int("k", usualRoutes, 1, math.MaxInt32)
	if err == nil && k > evac.MostRoutes {
		err = rest.Invalid("k", plan.Text{
			ID: fmt.Sprintf("Paling banyak %d tempat.", evac.MostRoutes), EN: fmt.Sprintf("At most %d shelters.", evac.MostRoutes),
		})
	}
	return k, err
}

func oneOf(p rest.Params, name string, known []string, absent string) (string, error) {
	text, ok := p.Get(name)
	switch {
	case !ok:
		return absent, nil
	case slices.Contains(known, text):
		return text, nil
	}
	list := strings.Join(known, ", ")
	return "", rest.Invalid(name, plan.Text{ID: "Yang dikenal: " + list + ".", EN: "Known are: " + list + "."})
}

func departure(p rest.Params) (time.Duration, error) {
	text, ok := p.Get("departure_min")
	if !ok {
		return 0, nil
	}
	v, _ := strconv.ParseFloat(text, 64)
	if !decimal.MatchString(text) || v < 0 || v > longest {
		return 0, rest.Invalid("departure_min", plan.Text{
			ID: fmt.Sprintf("Menit dari sekarang, 0 sampai %d.", longest), EN: fmt.Sprintf("Minutes from now, 0 to %d.", longest),
		})
	}
	return time.Duration(v * float64(time.Minute)), nil
}

// avoid reads what is to be avoided. What cannot be is an error: nobody is led
// by what they thought they had ruled out.
func avoid(p rest.Params, q *evac.Question) error {
	text, ok := p.Get("avoid")
	if !ok {
		return nil
	}
	parts := strings.Split(text, ";")
	for _, part := range parts {
		if part == "bridges" {
			q.Bridges = true
			continue
		}
		at, err := point(part, "avoid")
		if err != nil || len(q.Places) == mostAvoided {
			return &plan.Error{Kind: plan.Unprocessable, Code: "cannot-avoid", At: "avoid", Message: plan.Text{
				ID: fmt.Sprintf("Yang dapat dihindari: bridges (semua jembatan), dan sampai %d tempat bujur,lintang; dipisah titik koma.", mostAvoided),
				EN: fmt.Sprintf("What can be avoided: bridges (all of them), and up to %d places lon,lat; separated by semicolons.", mostAvoided),
			}}
		}
		q.Places = append(q.Places, at)
	}
	return nil
}
