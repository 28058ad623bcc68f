package api

import (
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/evac"
)

func TestAlertTellsTime(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 6e8, time.FixedZone("WIB", 7*3600))
	for _, c := range []struct {
		ahead time.Duration
		level string
		want  string
	}{
		{-time.Minute, "awas", "Immediate"}, {time.Minute, "awas", "Expected"}, {2 * time.Hour, "awas", "Future"}, {time.Minute, "waspada", "Expected"}, {-time.Minute, "", "Unknown"},
	} {
		a := Alerts{cfg: AlertConfig{Sender: "s", Exercise: true}}
		m := a.capOf(&evac.Told{Notice: evac.Notice{Kind: evac.OfEvent, ID: 1, Revision: 2, Sent: at, On: true, Level: c.level, Starts: at.Add(c.ahead)}})
		if m.Infos[0].Urgency != c.want || m.Status != "Exercise" || m.Note == "" || m.Sent != "2026-01-01T20:04:05-00:00" || m.Identifier != "event-1-2" {
			t.Errorf("%v: %+v", c, m)
		}
	}
	a := Alerts{cfg: AlertConfig{Sender: "s"}}
	if m := a.capOf(&evac.Told{Notice: evac.Notice{Kind: evac.OfClosure, Sent: at}}); m.Status != "Actual" || m.Note != "" || m.Type != "Cancel" {
		t.Errorf("%+v", m)
	}
	if _, err := NewAlerts(AlertConfig{Sender: "a,b"}, nil, nil); err == nil {
		t.Error("a sender with a comma is taken")
	}
}

// TestPolygons: they are closed, lat first, and without holes.
func TestPolygons(t *testing.T) {
	ring := orb.Ring{{95, 5}, {95.1, 5}, {95.1, 5.1}, {95, 5.1}}
	got := polygons(orb.MultiPolygon{{ring, ring}, {}})
	if len(got) != 1 || got[0] != "5,95 5,95.1 5.1,95.1 5.1,95 5,95" {
		t.Errorf("%q", got)
	}
}
