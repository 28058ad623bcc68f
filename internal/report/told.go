package report

import (
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// Told is what the sender of a report is told of it: neither who handles it nor
// how the sender can be reached.
type Told struct {
	Kind    Coded   `json:"kind"`
	Message string  `json:"text"`
	Lon     float64 `json:"lon"`
	Lat     float64 `json:"lat"`
	Photo   bool    `json:"photo"`
	Status  Coded   `json:"status"`
	Answer  string  `json:"answer"`
	// Public says whether everybody can see that there is a report.
	Public bool `json:"public"`
	// History has each change of status or answer, the oldest first.
	History []Step `json:"history"`
}

// Coded is a code with its meaning.
type Coded struct {
	Code  string    `json:"code"`
	Title plan.Text `json:"title"`
}

// Step is one change of a report.
type Step struct {
	At     time.Time `json:"at"`
	Status Coded     `json:"status"`
	Answer string    `json:"answer"`
}

// Tell makes of the versions of a report, the newest first, what its sender is
// told; false where it is deleted.
func Tell(v mirror.View, versions []plan.Version) (Told, bool) {
	l, ok := v.Catalog().Layer(Layer)
	if !ok || len(versions) == 0 || versions[0].Op == plan.Delete {
		return Told{}, false
	}
	text := func(f *plan.Feature, name string) string { s, _ := l.Value(f, name).(string); return s }
	now := versions[0].Feature
	t := Told{
		Kind: coded(v, kindField, text(now, kindField)), Message: text(now, messageField),
		Status: coded(v, statusField, text(now, statusField)), Answer: text(now, answerField), History: []Step{},
	}
	t.Photo, _ = l.Value(now, photoField).(bool)
	if p, ok := now.Geometry.(orb.Point); ok {
		t.Lon, t.Lat = p[0], p[1]
	}
	if l.Publishes != nil {
		t.Public = true
		for name, values := range l.Publishes.When {
			held := false
			for _, value := range values {
				held = held || value == text(now, name)
			}
			t.Public = t.Public && held
		}
	}
	for i := len(versions) - 1; i >= 0; i-- {
		f := versions[i].Feature
		if versions[i].Op == plan.Delete {
			continue
		}
		s := Step{f.UpdatedAt.UTC(), coded(v, statusField, text(f, statusField)), text(f, answerField)}
		if n := len(t.History); n == 0 || t.History[n-1].Status.Code != s.Status.Code || t.History[n-1].Answer != s.Answer {
			t.History = append(t.History, s)
		}
	}
	return t, true
}

func coded(v mirror.View, field, code string) Coded {
	for _, c := range Codes(v, field) {
		if c.Code == code {
			return Coded{code, c.Title}
		}
	}
	return Coded{code, plan.Text{ID: code, EN: code}}
}

// ShownIn is the layer by which whoever looks may see photos: officers see those
// of all reports, others those that are published. False where there is none.
func ShownIn(v mirror.View) (*plan.Layer, bool) {
	l, ok := v.Layer(Layer)
	if all, declared := v.Catalog().Layer(Layer); !ok && declared && all.Publishes != nil {
		l, ok = v.Layer(all.Publishes.Layer)
	}
	return l, ok && l.Photo != ""
}
