package network_test

import (
	"errors"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/evac/network"
	"github.com/simtaru/simtaru/internal/plan"
)

func profiles(t testing.TB) map[string]*network.Profile {
	t.Helper()
	all, err := network.Profiles()
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]*network.Profile{}
	for _, p := range all {
		byID[p.ID] = p
	}
	return byID
}

// TestProfilesKnowTheCodes: each profile answers for each code of the lists that
// roads are described by, and for no other.
func TestProfilesKnowTheCodes(t *testing.T) {
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	codes := func(list string) (all []string) {
		for _, l := range cat.Lists() {
			if l.ID == list {
				for _, c := range l.Codes {
					all = append(all, c.Code)
				}
			}
		}
		slices.Sort(all)
		return all
	}
	all, err := network.Profiles()
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, p := range all {
		ids = append(ids, p.ID)
		for list, of := range map[string]map[string]float64{"road_class": p.Speeds, "surface": p.Surfaces, "condition": p.Conditions} {
			if d := cmp.Diff(codes(list), slices.Sorted(maps.Keys(of))); d != "" {
				t.Errorf("%s, %s (-list +profile):\n%s", p.ID, list, d)
			}
		}
	}
	if d := cmp.Diff([]string{"foot", "foot_elderly", "foot_helped", "bicycle", "motorcycle", "car"}, ids); d != "" {
		t.Error(d)
	}
}

func TestSpeed(t *testing.T) {
	yes, no, half, none := true, false, 0.5, 0.0
	p := profiles(t)
	for _, c := range []struct {
		profile        string
		road           network.Attributes
		along, against float64
	}{
		{"foot", network.Attributes{Class: "residential"}, 1.79, 1.79},
		{"foot", network.Attributes{}, 1.79, 1.79},
		{"foot", network.Attributes{Class: "boardwalk"}, 1.79, 1.79},
		{"foot", network.Attributes{Class: "residential", Oneway: network.Forward}, 1.79, 1.79},
		{"foot", network.Attributes{Class: "residential", Oneway: network.Backward}, 1.79, 1.79},
		{"foot", network.Attributes{Class: "motorway"}, 0, 0},
		{"foot", network.Attributes{Class: "motorway", Foot: &yes}, 1.79, 1.79},
		{"foot", network.Attributes{Class: "path", Foot: &no}, 0, 0},
		{"foot", network.Attributes{Class: "path", Surface: "sand"}, 1.79 * 0.5556, 1.79 * 0.5556},
		{"foot", network.Attributes{Class: "path", Surface: "sand", SpeedFactor: &half}, 1.79 / 2, 1.79 / 2},
		{"foot", network.Attributes{Class: "path", SpeedFactor: &none}, 0, 0},
		{"foot_elderly", network.Attributes{Class: "steps"}, 0.55, 0.55},
		{"foot_helped", network.Attributes{Class: "residential"}, 0.8, 0.8},
		{"foot_helped", network.Attributes{Class: "steps"}, 0.4, 0.4},
		{"car", network.Attributes{Class: "residential"}, 5.6, 5.6},
		{"car", network.Attributes{Class: "residential", Oneway: network.Forward}, 5.6, 0},
		{"car", network.Attributes{Class: "residential", Oneway: network.Backward}, 0, 5.6},
		{"car", network.Attributes{Class: "residential", Width: 2.4}, 0, 0},
		{"car", network.Attributes{Class: "residential", Width: 2.5}, 5.6, 5.6},
		{"car", network.Attributes{Class: "residential", Condition: "poor", Surface: "gravel"}, 5.6 * 0.6 * 0.6, 5.6 * 0.6 * 0.6},
		{"car", network.Attributes{Class: "residential", Foot: &no, SpeedFactor: &none}, 5.6, 5.6},
		{"car", network.Attributes{Class: "footway"}, 0, 0},
		{"motorcycle", network.Attributes{Class: "living_street", Width: 1.2}, 4.2, 4.2},
		{"motorcycle", network.Attributes{Class: "motorway"}, 0, 0},
		{"bicycle", network.Attributes{Class: "steps"}, 0, 0},
	} {
		if along, against := p[c.profile].Speed(&c.road); math.Abs(along-c.along) > 1e-9 || math.Abs(against-c.against) > 1e-9 {
			t.Errorf("%s on %+v: %g and %g m/s, want %g and %g", c.profile, c.road, along, against, c.along, c.against)
		}
	}
}

func TestPassable(t *testing.T) {
	for want, a := range map[float64]network.Attributes{
		5.5: {Class: "primary", Width: 5.5, Lanes: 2}, 6: {Class: "path", Lanes: 2}, 1.5: {Class: "path"}, 3: {Class: "unheard-of"},
	} {
		if got := a.Passable(); got != want {
			t.Errorf("%+v: %g m, want %g", a, got, want)
		}
	}
}

func TestParseProfileRefuses(t *testing.T) {
	const good = "id: x\norder: 1\ntitle: {id: a, en: b}\ndescription: {id: a, en: b}\nsource: s\ntravel: foot\nmin_width: 1\nspeeds: {road: 1}\ncrowd: {flow: 1, standing: 2, speed: 1}\n"
	if _, err := network.ParseProfile([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ from, to, code, at string }{
		{"id: x", "id: X-1", "profile-invalid", "id"},
		{"title: {id: a, en: b}", "title: {id: a}", "profile-invalid", "title"},
		{"source: s", "source: ''", "profile-invalid", "source"},
		{"travel: foot", "travel: swim", "profile-invalid", "travel"},
		{"min_width: 1", "min_width: -1", "profile-invalid", "min_width"},
		{"{road: 1}", "{road: 51}", "profile-invalid", "speeds.road"},
		{"{road: 1}", "{road: .nan}", "profile-invalid", "speeds.road"},
		{"{road: 1}", "{path: 1}", "profile-invalid", "speeds"},
		{"{road: 1}", "{road: 1}\nsurfaces: {sand: 3}", "profile-invalid", "surfaces.sand"},
		{"{road: 1}", "{road: fast}", "profile-syntax", ""},
		{"flow: 1", "flow: 0", "profile-invalid", "crowd.flow"},
		{"standing: 2", "standing: 11", "profile-invalid", "crowd.standing"},
		{", speed: 1}", "}", "profile-invalid", "crowd.speed"},
		{"order: 1", "ordr: 1", "profile-syntax", ""},
		{"speed: 1}\n", "speed: 1}\n---\nid: y\n", "profile-syntax", ""},
		{good, "", "profile-syntax", ""},
	} {
		_, err := network.ParseProfile([]byte(strings.Replace(good, c.from, c.to, 1)))
		var e *plan.Error
		if !errors.As(err, &e) || e.Code != c.code || e.At != c.at || e.Message.ID == "" || e.Kind != plan.Unprocessable {
			t.Errorf("%q: %v", c.to, err)
		}
	}
}
