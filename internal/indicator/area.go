package indicator

import (
	"slices"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/plan"
)

// Boundary is the layer whose features are the gampong, and Code the field with
// their codes.
const (
	Boundary = boundaryLayer
	Code     = codeField
)

// CodeOf returns the code of the area of a kind that a gampong belongs to.
func CodeOf(by plan.UnitKind, gampong string) string {
	switch by {
	case plan.City:
		return prefix(gampong, cityCode)
	case plan.Kecamatan:
		return prefix(gampong, kecamatanCode)
	}
	return gampong
}

// Area is land that a figure is told for.
type Area struct {
	Kind plan.UnitKind
	// Code and Name; the city's name is empty.
	Code, Name string
	// Geometry of a gampong, lon, lat; larger areas are made of theirs and have
	// none of their own.
	Geometry orb.MultiPolygon
}

// areas lists the areas of a kind in the order of their codes.
func (s *state) areas(by plan.UnitKind) []Area {
	list := areas(s.units, by)
	out := make([]Area, len(list))
	for i, a := range list {
		out[i] = Area{Kind: by, Code: a.code, Name: a.name}
		if by == plan.Gampong {
			out[i].Geometry = s.units[a.units[0]].geometry
		}
	}
	return out
}

// Areas lists the areas of a kind in the order of their codes, and what
// identifies the content of the boundary that they are of. Until the first
// computation it fails with plan.Unavailable.
func (b *Board) Areas(by plan.UnitKind) (list []Area, boundary string, err error) {
	s, err := b.present()
	if err != nil {
		return nil, "", err
	}
	return s.areas(by), s.boundary, nil
}

// Recorded lists what is to be kept of all indicators, for all kinds of areas
// that each exists for: of the day, or under the label of a release. Values of
// external indicators are observed ones, by id. What cannot be computed is left
// out.
func (b *Board) Recorded(observed map[string][]plan.Reading, on plan.Date, label string) ([]plan.Recorded, error) {
	s, err := b.present()
	if err != nil {
		return nil, err
	}
	var out []plan.Recorded
	for _, i := range s.cat.Indicators() {
		for _, by := range plan.UnitKinds {
			if !slices.Contains(i.Units, by) {
				continue
			}
			list := observed[i.ID]
			if i.Kind != plan.External {
				var err error
				if list, err = s.readings(i, by, nil); err != nil {
					break // told when the board was computed
				}
			}
			for _, r := range list {
				if r.Kind == by {
					out = append(out, plan.Recorded{Reading: r, On: on, Label: label})
				}
			}
		}
	}
	return out, nil
}

// CityTime is the time zone of Aceh, WIB, by which a day begins and ends.
func CityTime() *time.Location { return time.FixedZone("WIB", 7*60*60) }
