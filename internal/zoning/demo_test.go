package zoning_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/demo"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/zoning"
)

var update = flag.Bool("update", false, "write the golden answers anew")

// places are in many kinds of zones, in a slum, at a smoke-free area, on a
// border, in the sea and on land outside.
var places = []orb.Point{
	{95.33299, 5.54111},
	{95.30979, 5.53516},     // K-1
	{95.29632, 5.53376},
	{95.32692, 5.54781},     // SPU-1
	{95.31428, 5.55036},     // RTH-2
	{95.33679, 5.52596},     // PS
	{95.30254, 5.5669},      // BA
	{95.31901, 5.54938},     // CB
	{95.32644, 5.57231},     // KPI
	{95.32200, 5.52407},     // P-1
	{95.28557, 5.54846},     // EM
	{95.32105, 5.54137},     // C-1
	{95.34134, 5.57161},     // HK
	{95.31373, 5.55239},     // a slum
	{95.3251819, 5.5511345}, // a smoke-free area
	{95.2964, 5.533805},
	{95.2989257, 5.53385275},
	{95.2947277, 5.5330547}, // a border
	{95.25, 5.6},            // the sea
	{95.5, 5.3},
}

// demoCity is the demonstration city in memory, with all layers that answers
// are made from, and its rules.
func demoCity(tb testing.TB, scale float64) (mirror.View, *zoning.Index) {
	tb.Helper()
	cat, err := catalog.Builtin()
	if err != nil {
		tb.Fatal(err)
	}
	made := demo.New(demo.Options{Scale: scale})
	var snapshots []*mirror.Snapshot
	for _, l := range cat.Layers() {
		if l.Overlay == nil && !slices.Contains([]string{"zoning", "parcel", "shelter"}, l.ID) {
			continue
		}
		var features []*plan.Feature
		for row := range made.Rows(l.ID) {
			f := &plan.Feature{ID: int64(len(features) + 1), Revision: 1, Geometry: row.Geometry, Values: make([]any, len(l.Fields))}
			for i, field := range l.Fields {
				f.Values[i] = row.Values[field.Name]
			}
			if p, ok := f.Geometry.(orb.Polygon); ok {
				f.Geometry = orb.MultiPolygon{p}
			}
			features = append(features, f)
		}
		snapshots = append(snapshots, mirror.NewSnapshot(l, features))
	}
	record, err := demo.Rules().Record()
	if err != nil {
		tb.Fatal(err)
	}
	x, err := zoning.NewIndex(record)
	if err != nil {
		tb.Fatal(err)
	}
	return mirror.NewView(cat, plan.Actor{}, snapshots...), x
}

// golden is an answer without what is the same in many.
type golden struct {
	Lon, Lat           float64
	Activity, Road     string  `json:",omitempty"`
	Area               float64 `json:",omitempty"`
	Status             string
	Sentence           plan.Text
	Zones              []goldenZone
	Overlays           []string
	Plot               string `json:",omitempty"`
	Park, Shelter      string
	ActivitiesAreEqual bool
}

type goldenZone struct {
	Code, Block, Village string
	Verdicts             map[zoning.Verdict]int
	Intensity            []zoning.Built
	Special              []string
}

func goldenOf(h *zoning.Here, q zoning.Question, rules *zoning.Set) golden {
	g := golden{
		Lon: h.Lon, Lat: h.Lat, Road: q.Road, Area: q.Area, Status: h.Status, Sentence: h.Sentence, Zones: []goldenZone{}, Overlays: []string{},
		ActivitiesAreEqual: true,
	}
	if q.Activity != nil {
		g.Activity = q.Activity.Code
	}
	for _, z := range h.Zones {
		zone := goldenZone{Code: z.Code, Block: z.Block, Village: z.Village, Verdicts: map[zoning.Verdict]int{}, Intensity: z.Intensity, Special: []string{}}
		told := map[string]zoning.Answer{}
		for _, group := range z.Activities {
			zone.Verdicts[group.Verdict] = len(group.Activities)
			for _, a := range group.Activities {
				told[a.Code] = a.Answer
			}
		}
		// What is told is what the rules say, whichever way it was grouped.
		for _, a := range rules.Activities {
			if answer, ok := told[a.Code]; answer != a.Cells[z.Code] || !ok && q.Activity == nil {
				g.ActivitiesAreEqual = g.ActivitiesAreEqual && q.Activity != nil && !ok
			}
		}
		for _, s := range z.Special {
			if s.State != "none" {
				zone.Special = append(zone.Special, s.Field+" "+s.State+" "+s.Value)
			}
		}
		g.Zones = append(g.Zones, zone)
	}
	for _, o := range h.Overlays {
		if len(o.Features) == 0 {
			g.Overlays = append(g.Overlays, o.Layer+" "+o.State)
		}
		for _, f := range o.Features {
			g.Overlays = append(g.Overlays, fmt.Sprintf("%s %s %s %v m", o.Layer, o.State, f.Sentence.ID, f.Distance))
		}
	}
	if h.Plot != nil {
		g.Plot = fmt.Sprintf("%s %v m", h.Plot.Name, h.Plot.Distance)
	}
	if h.Park != nil {
		g.Park = fmt.Sprintf("%s %v m", h.Park.Name, h.Park.Distance)
	}
	if h.Shelter != nil {
		g.Shelter = fmt.Sprintf("%s %v m", h.Shelter.Name, h.Shelter.Distance)
	}
	return g
}

// TestGoldenAnswers asks a dozen and more places of the demonstration city.
func TestGoldenAnswers(t *testing.T) {
	v, x := demoCity(t, 1)
	cafe, ok := x.Activity("56303")
	if !ok {
		t.Fatal("the café is gone")
	}
	var questions []zoning.Question
	for _, p := range places {
		questions = append(questions, zoning.Question{At: p})
	}
	questions = append(
		questions,
		zoning.Question{At: places[0], Activity: cafe, Area: 150, Road: "lokal"},
		zoning.Question{At: places[1], Activity: cafe, Area: 500, Road: "arteri"},
	)
	var got []golden
	for _, q := range questions {
		g := goldenOf(zoning.At(v, x, q), q, x.Set)
		if !g.ActivitiesAreEqual {
			t.Errorf("%v: the activities are not those of the rules", q.At)
		}
		got = append(got, g)
	}
	const file = "testdata/answers.json"
	text, err := json.MarshalIndent(got, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(text)+"\n"); d != "" {
		t.Error(d)
	}
}

// TestEachPointHasItsZones holds zones at random points to another test of
// what lies in a polygon.
func TestEachPointHasItsZones(t *testing.T) {
	v, x := demoCity(t, 0.2)
	snap, _ := v.Snapshot("zoning")
	parcels, _ := v.Snapshot("parcel")
	box, _ := snap.Bound()
	r := rand.New(rand.NewPCG(1, 1))
	count := map[string]int{}
	for range 3000 {
		p := orb.Point{box.Min[0] + r.Float64()*(box.Max[0]-box.Min[0]), box.Min[1] + r.Float64()*(box.Max[1]-box.Min[1])}
		var want, got []int64
		snap.Ascend(1, func(f *mirror.Feature) bool {
			if f.Bound.Contains(p) && planar.MultiPolygonContains(f.Geometry.(orb.MultiPolygon), p) {
				want = append(want, f.ID)
			}
			return true
		})
		h := zoning.At(v, x, zoning.Question{At: p})
		for _, z := range h.Zones {
			got = append(got, z.ID)
		}
		count[h.Status]++
		held := false
		parcels.Ascend(1, func(f *mirror.Feature) bool {
			held = held || f.Bound.Contains(p) && planar.MultiPolygonContains(f.Geometry.(orb.MultiPolygon), p)
			return !held
		})
		if (h.Plot != nil) != held {
			t.Fatalf("%v: in a parcel %v, told %v", p, held, h.Plot)
		}
		if held {
			count["parcel"]++
		}
		if h.Status == zoning.OnBorder {
			continue
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%v: %s", p, d)
		}
	}
	if count[zoning.InZone] < 1000 || count[zoning.NoPlan] < 300 || count[zoning.InOverlap] > 0 || count[zoning.OnBorder] > 5 || count["parcel"] < 300 {
		t.Errorf("%v", count)
	}
}

func BenchmarkAt(b *testing.B) {
	v, x := demoCity(b, 5)
	for i := 0; b.Loop(); i++ {
		zoning.At(v, x, zoning.Question{At: places[i%len(places)], Area: 200})
	}
}
