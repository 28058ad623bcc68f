package httpd_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/simtaru/simtaru/internal/slum"
)

// klakah is a form that a government has published: see internal/slum.
const klakah = `"denominators":{"verified_area":2.98,"buildings":83,"households":87,"ideal_road_length":1512.72,"ideal_drain_length":756.36},
	"volumes":{"1a":19,"1b":0,"1c":27,"2a":0,"2b":434,"3a":7,"3b":7,"4a":0,"4b":0,"4c":378.18,"5a":6,"5b":14,"6a":87,"6b":87,"7a":0,"7b":83}`

type slumScore struct {
	Criteria []struct {
		ID, Title       string
		Per             slum.Denominator
		Percent, Volume *float64
		Score           *int
		Areas           int
	}
	Aspects         []struct{ Percent *float64 }
	SectoralPercent *float64
	Total           *int
	Highest         int
	Class           *string
	NotAssessed     []string
}

type slumAnswer struct {
	Areas []struct {
		Name string
		slumCompared
		Handling *slum.Handling
	}
	Together slumCompared
}

type slumCompared struct {
	Score        slumScore
	After        *slumScore
	Contribution *float64
	Findings     []struct {
		Code, Message string
		At            []string
	}
}

func scoreSlums(t *testing.T, s *service, body string, headers ...string) (reply, slumAnswer) {
	t.Helper()
	o := &office{service: s}
	r := o.send(t, http.MethodPost, "/api/v1/slum/score", "", plainJSON, body, headers...)
	var a slumAnswer
	if r.status == http.StatusOK {
		if err := json.Unmarshal(r.body, &a); err != nil {
			t.Fatalf("%v: %.300s", err, r.body)
		}
	}
	return r, a
}

func TestSlumScore(t *testing.T) {
	s := serve(t)
	r, a := scoreSlums(t, s, `{"areas":[{"name":"RT 38",`+klakah+`,"after":{"volumes":{"1a":19,"1b":0,"1c":27,"2a":0,"2b":434,"3a":7,"3b":7,"4a":0,"4b":0,"4c":378.18,"5a":6,"5b":14,"6a":0,"6b":0,"7a":0,"7b":83}},
		"landLegality":"not_legal","considerations":{"strategic":5,"density":5,"social":3},"decree":{"listed":true,"class":"KS","score":18,"date":"2019-01-02"}}],"on":"2026-11-25"}`, "Accept-Language", "en")
	if r.status != http.StatusOK || r.header.Get("Cache-Control") != "no-store" || r.header.Get("Content-Language") != "en" {
		t.Fatalf("%d %v %s", r.status, r.header, r.body)
	}
	one := a.Areas[0]
	if one.Name != "RT 38" || *one.Score.Total != 18 || *one.Score.Class != "KR" || len(one.Score.NotAssessed) != 0 || len(one.Score.Criteria) != 16 || len(one.Score.Aspects) != 7 {
		t.Errorf("%+v", one.Score)
	}
	if *one.After.Total != 8 || *one.After.Class != "TK" || *one.Contribution < 0.45 || *one.Contribution > 0.46 {
		t.Errorf("after: %+v, %v", one.After, *one.Contribution)
	}
	if h := one.Handling; h == nil || h.Classification != "C2" || h.Priority != 3 || h.Pattern != slum.Resettlement {
		t.Errorf("%+v", h)
	}
	var codes []string
	for _, f := range one.Findings {
		codes = append(codes, f.Code)
	}
	if want := []string{"class-differs", "decree-old"}; !slices.Equal(codes, want) {
		t.Errorf("findings %v, want %v", codes, want)
	}
	if one.Findings[0].Message != "The class in the decree is KS, the computed one KR." {
		t.Error(one.Findings[0].Message)
	}

	// What is null, missing or of nothing is not assessed; a sum is no average.
	_, a = scoreSlums(t, s, `{"areas":[
		{"volumes":{"1a":950,"1c":null,"3a":4,"7a":-3},"denominators":{"buildings":1000,"households":0}},
		{"volumes":{"1a":0},"denominators":{"buildings":10}},
		{"denominators":{"buildings":1000000}}]}`)
	first, all := a.Areas[0].Score, a.Together.Score
	if *first.Total != 5 || len(first.NotAssessed) != 14 || first.Highest != 75 || *first.Criteria[14].Percent != 0 {
		t.Errorf("%+v", first)
	}
	if *a.Areas[1].Score.Total != 0 || a.Areas[2].Score.Total != nil || a.Areas[2].Score.Class != nil {
		t.Errorf("%+v", a.Areas[1:])
	}
	if *all.Criteria[0].Score != 5 || all.Criteria[0].Areas != 2 || *all.Criteria[0].Volume != 950 {
		t.Errorf("together: %+v", all.Criteria[0])
	}
	if a.Together.After != nil || a.Together.Contribution != nil || a.Areas[0].Handling != nil {
		t.Errorf("%+v", a.Together)
	}
	if got := all.Criteria[1].Per; got != slum.VerifiedArea {
		t.Error(got)
	}
	if got := all.Criteria[0].Title; got != "Ketidakteraturan bangunan" {
		t.Error(got)
	}
}

func TestBadSlumQuestions(t *testing.T) {
	s := serve(t)
	many := `{"areas":[` + strings.TrimSuffix(strings.Repeat("{},", 1001), ",") + `]}`
	for _, c := range []struct{ body, want string }{
		{`{}`, "422 slum-measure@areas"},
		{`null`, "422 slum-measure@areas"},
		{many, "422 slum-measure@areas"},
		{`[]`, "400 bad-json@"},
		{`{"areas":[{"volume":{}}]}`, "400 bad-json@"},
		{`{"areas":[{"volumes":{"1a":"12"}}]}`, "400 bad-json@areas.measured.volumes"},
		{`{"areas":[{"volumes":{"1a":1e999}}]}`, "400 bad-json@areas.measured.volumes"},
		{`{"areas":[{"volumes":{"1a":NaN}}]}`, "400 bad-json@"},
		{`{"areas":[{"volumes":{"8a":1}}]}`, "422 slum-measure@areas[0].volumes"},
		{`{"areas":[{},{"denominators":{"people":1}}]}`, "422 slum-measure@areas[1].denominators"},
		{`{"areas":[{"after":{"volumes":{"1a":1e10}}}]}`, "422 slum-measure@areas[0].after.volumes.1a"},
		{`{"areas":[{"denominators":{"buildings":1e300}}]}`, "422 slum-measure@areas[0].denominators.buildings"},
		{`{"areas":[{"landLegality":"Legal"}]}`, "422 slum-measure@areas[0].landLegality"},
		{`{"areas":[{"considerations":{"strategic":2}}]}`, "422 slum-measure@areas[0].considerations.strategic"},
		{`{"areas":[{"decree":{"class":"K"}}]}`, "422 slum-measure@areas[0].decree.class"},
		{`{"areas":[{"decree":{"date":"2019-02-30"}}]}`, "422 slum-measure@areas[0].decree.date"},
		{`{"areas":[{"name":"` + strings.Repeat("x", 201) + `"}]}`, "422 slum-measure@areas[0].name"},
		{`{"areas":[{}],"on":"today"}`, "422 slum-measure@on"},
	} {
		r, _ := scoreSlums(t, s, c.body)
		if r.status == http.StatusOK {
			t.Errorf("%.60s: %s", c.body, r.body)
			continue
		}
		p := problemOf(t, "/api/v1/slum/score", r)
		if got := fmt.Sprintf("%d %s@%s", r.status, strings.TrimPrefix(p.Type, "/docs/problems#"), p.At); got != c.want {
			t.Errorf("%.60s: %s, want %s", c.body, got, c.want)
		}
	}
}

// TestComputedOverHTTP: a slum area that is sent with scores has the scores that
// follow from its volumes, and what was read can be sent back.
func TestComputedOverHTTP(t *testing.T) {
	o := openFigures(t)
	const items = "/ogc/collections/slum_area/items"
	sent := `{"type":"Feature","geometry":` + ring(95.301, 5.501, 0.001) + `,"properties":{"kawasan":"Lam Satu",
		"verified_area":1,"buildings":100,"households":90,"ideal_road_length":500,"ideal_drain_length":0,
		"c1a_volume":51,"c4b_volume":10,"c7b_volume":100,"c1a_percent":"much","c1a_score":5,"total_score":80,"computed_class":"XX"}}`
	r := o.send(t, http.MethodPost, items, asSiti, "application/geo+json", sent, "Prefer", "return=representation")
	if r.status != http.StatusCreated {
		t.Fatalf("%d %s", r.status, r.body)
	}
	told := func(r reply) string {
		t.Helper()
		var f struct{ Properties map[string]any }
		if err := json.Unmarshal(r.body, &f); err != nil {
			t.Fatalf("%v: %s", err, r.body)
		}
		p := f.Properties
		return strings.TrimSpace(fmt.Sprintln(p["c1a_percent"], p["c1a_score"], p["c4b_percent"], p["c7b_score"], p["criteria_assessed"], p["total_score"], p["computed_class"], p["revision"]))
	}
	if got, want := told(r), "51 3 <nil> 5 2 8 TK 1"; got != want {
		t.Errorf("made: %s, want %s", got, want)
	}
	// A whole feature that was read goes back, and only what is one's own counts.
	path := strings.TrimPrefix(r.header.Get("Location"), o.URL)
	whole := strings.Replace(string(r.body), `"c1a_volume":51`, `"c1a_volume":76`, 1)
	r = o.send(t, http.MethodPut, path, asSiti, "application/geo+json", whole, "Prefer", "return=representation")
	if r.status != http.StatusOK {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if got, want := told(r), "76 5 <nil> 5 2 10 TK 2"; got != want {
		t.Errorf("replaced: %s, want %s", got, want)
	}
	// A patch of what is computed alone changes nothing.
	r = o.send(t, http.MethodPatch, path, asSiti, "application/merge-patch+json", `{"properties":{"total_score":1}}`, "Prefer", "return=representation")
	if got, want := told(r), "76 5 <nil> 5 2 10 TK 2"; r.status != http.StatusOK || got != want {
		t.Errorf("%d %s, want %s", r.status, got, want)
	}
	var schema struct {
		Properties map[string]struct{ ReadOnly bool }
	}
	if err := json.Unmarshal(o.get(t, "/ogc/collections/slum_area/schema").body, &schema); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"total_score": true, "c1a_percent": true, "c1a_volume": false, "score": false} {
		if p, ok := schema.Properties[name]; !ok || p.ReadOnly != want {
			t.Errorf("schema of %s: %+v", name, p)
		}
	}
	doc := definition(t, o.service, "Authorization", asSiti)
	takes := doc.Components.Schemas["new.slum_area"].Value.Properties["properties"].Value.Properties
	if takes["total_score"] != nil || takes["c1a_volume"] == nil {
		t.Errorf("the definition takes %v", takes)
	}
	var cat struct {
		Layers []struct {
			ID    string
			Chart *struct {
				Findings string
				Groups   []struct {
					Bars []struct{ Field, Score string }
				}
			}
			Fields []struct {
				Name     string
				Computed bool
			}
		}
	}
	if err := json.Unmarshal(o.get(t, "/api/v1/catalog").body, &cat); err != nil {
		t.Fatal(err)
	}
	bars, at := 0, ""
	for _, l := range cat.Layers {
		for _, f := range l.Fields {
			if want := l.ID == "slum_area" && schema.Properties[f.Name].ReadOnly; f.Computed != want {
				t.Errorf("%s.%s: computed %v", l.ID, f.Name, f.Computed)
			}
		}
		if l.Chart != nil {
			at = l.Chart.Findings
			for _, g := range l.Chart.Groups {
				bars += len(g.Bars)
			}
		}
	}
	if bars != 16 {
		t.Errorf("%d bars", bars)
	}

	// What follows from an area is told where the catalogue says.
	c := converse(t, &gate{service: o.service, t: t}, definition(t, o.service))
	const values = "verified_area = 1, buildings = 100, households = 90, ideal_road_length = 500, ideal_drain_length = 200, c1a_volume = 100, c1b_volume = 1, c1c_volume = 100, c4b_volume = null, c7a_volume = null, c7b_volume = 100"
	zeros := ""
	for _, c := range slum.Criteria() {
		zeros += fmt.Sprintf(", c%s_volume = 0", c.ID)
	}
	for _, step := range []struct{ set, want string }{
		{values, "20 not-assessed"},
		{"land_legality = 'legal', strategic_value = '5', density_value = '5', social_value = '3'", "20 C1 3 pemugaran not-assessed"},
		{"decree = 'SK 1', decree_date = '2019-01-02', class = 'KB', score = 60", "20 C1 3 pemugaran not-assessed score-differs class-differs decree-old"},
		{"decree_date = null, class = null, score = null" + zeros, "0 in-decree-no-slum"},
		{"decree = null", "0"},
	} {
		o.db.Exec(t, "update plan.slum_area set "+step.set)
		got := ""
		for range 100 {
			if got = follows(t, c, at+path[strings.LastIndex(path, "/"):]); got == step.want {
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
		if got != step.want {
			t.Errorf("%s: %q, want %q", step.set, got, step.want)
		}
	}
	for _, id := range []string{"/0", "/x", "/999999"} {
		if r := o.get(t, at+id); r.status != http.StatusNotFound {
			t.Errorf("%s: %d", id, r.status)
		}
	}
}

// follows asks what follows from an area: total, handling and findings.
func follows(t *testing.T, c *conversation, path string) string {
	t.Helper()
	r := c.say(http.StatusOK, http.MethodGet, path, nil)
	var one struct {
		Score    struct{ Total int }
		Handling *slum.Handling
		Findings []struct{ Code string }
	}
	if err := json.Unmarshal(r.body, &one); err != nil || r.status != http.StatusOK {
		t.Fatalf("%s: %d %s", path, r.status, r.body)
	}
	got := fmt.Sprint(one.Score.Total)
	if h := one.Handling; h != nil {
		got += fmt.Sprint(" ", h.Classification, " ", h.Priority, " ", h.Pattern)
	}
	for _, f := range one.Findings {
		got += " " + f.Code
	}
	return got
}
