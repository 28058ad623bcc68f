package report

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// TestPlaceNeedsTheBoundary: a boundary that is declared and cannot be read, or
// not by the public, is no reason to take reports from everywhere.
func TestPlaceNeedsTheBoundary(t *testing.T) {
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	boundary, _ := cat.Layer(boundaryLayer)
	hidden := *boundary
	hidden.Access.Read = []plan.Role{plan.Planner}
	var other []*plan.Layer
	for _, l := range cat.Layers() {
		if l != boundary {
			other = append(other, l)
		}
	}
	city := orb.MultiPolygon{{{{95.3, 5.5}, {95.4, 5.5}, {95.4, 5.6}, {95.3, 5.6}, {95.3, 5.5}}}}
	features := []*plan.Feature{{ID: 1, Values: make([]any, len(boundary.Fields)), Geometry: city}}
	lists := cat.Lists()
	inside, outside := orb.Point{95.35, 5.55}, orb.Point{95.1, 5.9}
	for name, c := range map[string]struct {
		view mirror.View
		at   orb.Point
		code string
	}{
		"inside":                   {mirror.NewView(cat, plan.Actor{}, mirror.NewSnapshot(boundary, features)), inside, ""},
		"outside":                  {mirror.NewView(cat, plan.Actor{}, mirror.NewSnapshot(boundary, features)), outside, "report-place"},
		"a boundary not loaded":    {mirror.NewView(cat, plan.Actor{}), outside, "no-boundary"},
		"an empty boundary":        {mirror.NewView(cat, plan.Actor{}, mirror.NewSnapshot(boundary, nil)), outside, ""},
		"none declared":            {mirror.NewView(plan.NewCatalog(other, lists), plan.Actor{}), outside, ""},
		"not for the public":       {mirror.NewView(plan.NewCatalog(append(other, &hidden), lists), plan.Actor{}, mirror.NewSnapshot(&hidden, features)), outside, "report-place"},
		"not for the public, good": {mirror.NewView(plan.NewCatalog(append(other, &hidden), lists), plan.Actor{}, mirror.NewSnapshot(&hidden, features)), inside, ""},
	} {
		_, err := Draft{Kind: "route", At: c.at, Message: "Pohon tumbang"}.Edit(c.view, time.Now())
		var e *plan.Error
		if errors.As(err, &e); (e == nil) != (c.code == "") || e != nil && e.Code != c.code {
			t.Errorf("%s: %v, want %q", name, err, c.code)
		}
	}
}

// TestClean: what nobody sees is not kept, and what scripts need is.
func TestClean(t *testing.T) {
	for given, want := range map[string]string{
		" \u202a+62 811-1234\u202c\r\n": "+62 811-1234",
		"a\u202egpj.exe":                "agpj.exe",
		"x\u200by\u2060z\ufeff":         "xyz",
		"satu\r\ndua":                   "satu\ndua",
		"👩\u200d🌾 نمی\u200cدانم":        "👩\u200d🌾 نمی\u200cدانم",
		"\u2066tersembunyi\u2069":       "tersembunyi",
	} {
		if got := Clean(given); got != want {
			t.Errorf("%q becomes %q, want %q", given, got, want)
		}
	}
	if got := Clean("a\xffb"); !strings.ContainsRune(got, 0) {
		t.Errorf("%q: what is not UTF-8 is to be refused", got)
	}
}
