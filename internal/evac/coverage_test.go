package evac

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/paulmach/orb"
)

// TestCoveredAreThoseWhomRoutesLead asks for the way of one group after the other:
// it is covered if that takes no longer than the time, and is in time for the
// hazard. Roads are closed, and an event is on in half of the city.
func TestCoveredAreThoseWhomRoutesLead(t *testing.T) {
	s := banda(t, 0.3, boundaryLayer, buildingLayer)
	r := rand.New(rand.NewPCG(11, 12))
	c := s.city(noon)
	for _, p := range places(c, r, 60) {
		s.add(closureLayer, square(p, 15), map[string]any{"reason": "flood", "severity": "closed", "starts_at": noon.Add(-time.Hour)})
	}
	s.add(eventLayer, orb.MultiPolygon{{{{95, 5}, {95.31, 5}, {95.31, 6}, {95, 6}, {95, 5}}}}, map[string]any{
		"hazard": "tsunami", "status": "on", "starts_at": noon.Add(-10 * time.Minute), "arrival_at": noon.Add(12 * time.Minute),
	})
	c = s.city(noon)
	crowd := c.Crowd()
	for _, q := range []Need{
		{Profile: "foot", Within: 10 * time.Minute},
		{Profile: "foot_elderly", Hazard: "tsunami", Within: 20 * time.Minute},
		{Profile: "foot", Hazard: "tsunami", Within: 30 * time.Minute, Departure: 10 * time.Minute},
		{Profile: "car", Within: 4 * time.Minute},
	} {
		q.Now = noon
		l, err := c.lane(setting{q.Profile, q.Hazard})
		if err != nil {
			t.Fatal(err)
		}
		targets := c.targets(l, crowd, &q)
		in, out, events := 0, 0, 0
		for range 250 {
			i := r.IntN(len(crowd.Groups))
			a, err := c.Routes(Question{From: crowd.Groups[i].At, K: 1, Profile: q.Profile, Hazard: q.Hazard, Now: noon, Departure: q.Departure})
			if err != nil {
				t.Fatal(err)
			}
			if q.Hazard == "" && a.Event != nil {
				continue // that is another question
			}
			led := len(a.Routes) > 0 && a.Routes[0].Duration <= q.Within
			if led != (targets[i] >= 0) {
				t.Errorf("%+v: %v is led %v, target %d: %+v", q, crowd.Groups[i].At, led, targets[i], a.Routes)
			}
			if led && q.Hazard == "" && a.Routes[0].Shelter != l.shelters[l.usable[targets[i]]] {
				t.Errorf("%+v: %v is led to %s, its target is %s", q, crowd.Groups[i].At, a.Routes[0].Shelter.Name, l.shelters[l.usable[targets[i]]].Name)
			}
			if led {
				in++
			} else {
				out++
			}
			if a.Event != nil {
				events++
			}
		}
		if in < 20 || out < 20 || q.Hazard != "" && events < 20 {
			t.Errorf("%+v: %d led, %d not, %d in the event: the test tests little", q, in, out, events)
		}
		// Everybody is in one of three.
		a, err := c.Coverage(q)
		if err != nil {
			t.Fatal(err)
		}
		people, served := 0, 0
		for _, area := range a.Areas {
			people += area.People
			if area.Covered+area.Uncovered+area.Unplaced != area.People {
				t.Errorf("%+v", area)
			}
		}
		for _, s := range a.Shelters {
			served += s.People
		}
		if a.People != people || a.Covered+a.Uncovered+a.Unplaced != people || served != a.Covered || a.Room <= 0 {
			t.Errorf("%d people, %d covered, %d not, %d unplaced, shelters have %d", a.People, a.Covered, a.Uncovered, a.Unplaced, served)
		}
	}
}

// TestCoveredFromOtherRoads has homes at a yard that leads nowhere, and at a road
// for cars alone.
func TestCoveredFromOtherRoads(t *testing.T) {
	s, at := town(t)
	s.add(roadLayer, orb.MultiLineString{{at(0, 100, 540), at(0, 140, 540)}}, map[string]any{"class": "service"})
	s.add(roadLayer, orb.MultiLineString{{at(1, 0, 500), at(1, 0, 700), at(1, 900, 700), at(1, 900, 500)}}, map[string]any{"class": "residential", "foot": false})
	for _, p := range []orb.Point{at(0, 120, 545), at(1, 400, 690), at(1, 100, 490)} {
		s.add(buildingLayer, square(p, 5), map[string]any{"occupants": int64(10)})
	}
	s.add(shelterLayer, at(2, 0, 505), map[string]any{"name": "T", "status": "ready", "capacity": int64(9), "accepts_vehicle": true})
	c := s.city(noon)
	// By car 6, 2:26 and 2:44 minutes, on foot 18, 7 and 9.
	for profile, minutes := range map[string][]float64{"foot": {18, 9}, "car": {6, 2.5, 2.4, 2.2}} {
		l, err := c.lane(setting{profile: profile})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range minutes {
			q := Need{Profile: profile, Within: time.Duration(m * float64(time.Minute)), Now: noon}
			targets := c.targets(l, c.Crowd(), &q)
			for i, g := range c.Crowd().Groups[:3] {
				a, err := c.Routes(Question{From: g.At, K: 1, Profile: profile, Now: noon})
				if err != nil || len(a.Routes) != 1 {
					t.Fatalf("%v: %+v %v", g, a, err)
				}
				if led := a.Routes[0].Duration <= q.Within; led != (targets[i] >= 0) {
					t.Errorf("%s from %v in %v, within %v: target %d", profile, g.At, a.Routes[0].Duration, q.Within, targets[i])
				}
			}
		}
	}
}

// TestClosingCoversNobody closes roads one after the other.
func TestClosingCoversNobody(t *testing.T) {
	s := banda(t, 0.3, boundaryLayer, buildingLayer)
	r := rand.New(rand.NewPCG(13, 14))
	c := s.city(noon)
	for _, hazard := range []string{"", "tsunami"} {
		before, fell := -1, 0
		for range 6 {
			a, err := c.Coverage(Need{Profile: "foot", Hazard: hazard, Within: 15 * time.Minute, Now: noon})
			if err != nil {
				t.Fatal(err)
			}
			if before >= 0 && a.Covered > before {
				t.Errorf("%q: %d people covered, %d before more roads were closed", hazard, a.Covered, before)
			}
			if a.Covered < before {
				fell++
			}
			before = a.Covered
			var ids []int64
			for _, p := range places(c, r, 10) {
				ids = append(ids, s.add(closureLayer, square(p, 15), map[string]any{"reason": "flood", "severity": "closed", "starts_at": noon.Add(-time.Hour)}))
			}
			c = s.next(c, noon, closureLayer, ids...)
		}
		if fell < 2 {
			t.Errorf("%q: coverage fell %d times", hazard, fell)
		}
	}
}
