package main

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/testdb"
)

const stopLand = `id: shade
title: {id: Teduh, en: Shade}
parts:
  - id: park
    title: {id: Taman, en: Parks}
    layer: green_space
    by: class
`

const shadeShare = `id: shade_share
title: {id: Bagian teduh, en: Share of shade}
explanation: {id: Bagian kota yang teduh., en: The share of the city in shade.}
kind: area_share
group: environment
order: 5
method: 1
unit: "%"
decimals: 1
direction: up
units: [city]
office: {id: Dinas, en: Office}
coverage: shade
parts: [{part: park, classes: [RTH-1]}]
beside: [sun_share]
`

// output is what a command prints.
func (s shell) output(code int, args ...string) string {
	s.t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		s.t.Fatal(err)
	}
	stdout := os.Stdout
	os.Stdout = write
	printed := make(chan []byte)
	go func() {
		var b bytes.Buffer
		_, _ = io.Copy(&b, read)
		printed <- b.Bytes()
	}()
	s.do(code, args...)
	os.Stdout = stdout
	write.Close()
	return string(<-printed)
}

func TestAnIndicatorOfOnesOwn(t *testing.T) {
	s := shell{t, testdb.Empty(t)}
	s.do(0, "migrate")
	coverage, share := s.file("shade.yaml", stopLand), s.file("shade_share.yaml", shadeShare)
	other := s.file("sun_share.yaml", strings.NewReplacer("id: shade_share", "id: sun_share", "[sun_share]", "[shade_share]").Replace(shadeShare))

	// Each refers to another: none alone, all together, and then again.
	s.do(1, "indicator", "apply", share)
	s.do(1, "indicator", "apply", share, coverage)
	s.do(1, "indicator", "apply", coverage, s.file("bad.yaml", strings.Replace(shadeShare, "area_share", "share", 1)))
	if n := s.count("simtaru.coverage where id = 'shade'"); n != 0 {
		t.Error("a refused apply left its coverage")
	}
	if got := s.output(0, "indicator", "apply", share, coverage, other); got != "coverage shade: added\nindicator shade_share: added\nindicator sun_share: added\n" {
		t.Errorf("%q", got)
	}
	if got := s.output(0, "indicator", "apply", share); got != "indicator shade_share: already so, nothing was changed\n" {
		t.Errorf("%q", got)
	}

	// A coverage that divides the land otherwise needs new methods of all that
	// count by it.
	smaller := s.file("smaller.yaml", strings.Replace(stopLand, "layer: green_space", "layer: green_space\n    min_area: 100", 1))
	newer := func(name, file string) string {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return s.file(name, strings.Replace(string(text), "method: 1", "method: 2", 1))
	}
	s.do(1, "indicator", "apply", smaller)
	s.do(1, "indicator", "apply", smaller, newer("newer_shade.yaml", share))
	if n := s.count("simtaru.coverage where id = 'shade' and declaration::text like '%minArea%' or exists (select from simtaru.indicator where id = 'shade_share' and declaration ->> 'method' = '2')"); n != 0 {
		t.Error("a refused apply left something")
	}
	if got := s.output(0, "indicator", "apply", smaller, newer("newer_shade.yaml", share), newer("newer_sun.yaml", other)); strings.Count(got, ": changed\n") != 3 {
		t.Errorf("%q", got)
	}

	// What is shown is what can be applied.
	again := s.file("again.yaml", s.output(0, "indicator", "show", "shade_share"))
	if got := s.output(0, "indicator", "apply", again, s.file("cover.yaml", s.output(0, "indicator", "show", "shade"))); strings.Count(got, "already so") != 2 {
		t.Errorf("%q", got)
	}
	// What is removed keeps its values, and has them again when it comes back
	// counting alike.
	s.db.Exec(t, `insert into simtaru.indicator_value (indicator, unit_kind, unit_code, unit_name, on_day, value, why_id, why_en, features, classes, method, boundary, data, at, actor)
		values ('sun_share', 'city', '11.71', '', '2026-01-01', 12, '', '', 1, '[]', 2, '', '', now(), '')`)
	s.do(1, "indicator", "remove", "absent")
	s.do(1, "indicator", "remove", "shade") // a coverage
	s.do(1, "indicator", "remove", "rth_public")
	s.do(1, "indicator", "remove", "sun_share") // shade_share stands beside it
	alone := s.file("alone.yaml", strings.Replace(s.output(0, "indicator", "show", "shade_share"), "sun_share", "rth_public", 1))
	s.do(0, "indicator", "apply", alone)
	sun := s.file("sun.yaml", s.output(0, "indicator", "show", "sun_share"))
	if got := s.output(0, "indicator", "remove", "sun_share"); got != "indicator sun_share: removed; its values are kept\n" {
		t.Errorf("%q", got)
	}
	s.do(1, "indicator", "remove", "sun_share")
	s.do(1, "indicator", "show", "sun_share")
	s.do(0, "migrate") // which does not bring it back
	if got := s.output(0, "indicator", "list"); strings.Contains(got, "sun_share") || !strings.Contains(got, "rth_public") {
		t.Errorf("listed after that:\n%s", got)
	}
	if n := s.count("simtaru.indicator_value where indicator = 'sun_share'"); n != 1 {
		t.Errorf("%d values are kept, want 1", n)
	}
	text, err := os.ReadFile(sun)
	if err != nil {
		t.Fatal(err)
	}
	s.do(1, "indicator", "apply", s.file("unlike.yaml", strings.Replace(string(text), "RTH-1", "RTH-2", 1))) // the same method
	if got := s.output(0, "indicator", "apply", sun); got != "indicator sun_share: added\n" {
		t.Errorf("%q", got)
	}
	s.do(0, "indicator", "apply", newer("newer_shade.yaml", share))

	s.do(1, "indicator", "show", "absent")
	list := s.output(0, "indicator", "list")
	for _, want := range []string{"shade_share", "Share of shade", "area_share", "shade ", "rth_public", "green "} {
		if !strings.Contains(list, want) {
			t.Errorf("%q is not in the list:\n%s", want, list)
		}
	}
	// A layer that an indicator needs is not taken from under it.
	l := s.output(0, "layer", "show", "green_space")
	s.do(1, "layer", "apply", s.file("green.yaml", strings.Replace(l, "name: fhbi", "name: fhbi_score", 1)))
}

// TestTheBuiltInIndicators come with the schema; what the city has changed
// stays the city's, and what an older program declared becomes what this one
// declares.
func TestTheBuiltInIndicators(t *testing.T) {
	s := shell{t, testdb.Empty(t)}
	s.do(0, "migrate")
	builtin, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	if n := s.count("simtaru.indicator"); n != len(builtin.Indicators()) {
		t.Errorf("%d indicators, want %d", n, len(builtin.Indicators()))
	}
	if n := s.count("simtaru.coverage"); n != len(builtin.Coverages()) {
		t.Errorf("%d coverages, want %d", n, len(builtin.Coverages()))
	}
	title := func(id string) (title string) {
		t.Helper()
		if err := s.db.Conn(t).QueryRow(t.Context(), "select declaration #>> '{title,en}' from simtaru.indicator where id = $1", id).Scan(&title); err != nil {
			t.Fatal(err)
		}
		return title
	}
	// The city's own words.
	text := s.output(0, "indicator", "show", "rth_public")
	s.do(0, "indicator", "apply", s.file("rth.yaml", strings.Replace(text, "en: Public green space\n", "en: Our green space\n", 1)))
	// Those of an older program: the declaration and what was noted of it.
	old, _ := builtin.Indicator("rth_private")
	older := *old
	older.Title.EN = "Private green space, once"
	mark, err := fingerprint(&older)
	if err != nil {
		t.Fatal(err)
	}
	s.db.Exec(t, "update simtaru.indicator set declaration = jsonb_set(declaration, '{title,en}', to_jsonb($1::text)) where id = 'rth_private'", older.Title.EN)
	s.db.Exec(t, "update simtaru.setting set value = jsonb_set(value, '{indicator/rth_private}', to_jsonb($1::text)) where key = 'builtin'", mark)
	// The city's own words again, where this program declares anew what it was made from.
	s.db.Exec(t, "update simtaru.setting set value = jsonb_set(value, '{indicator/rth_public}', '\"another\"') where key = 'builtin'")
	// One that a run which ended early had written, and not noted.
	s.db.Exec(t, "update simtaru.setting set value = value - 'indicator/rth_total' where key = 'builtin'")
	for range 2 {
		s.do(0, "migrate")
		if got := title("rth_public"); got != "Our green space" {
			t.Errorf("the city's indicator is called %q", got)
		}
		if got := title("rth_private"); got != old.Title.EN {
			t.Errorf("the older one is called %q", got)
		}
	}
	if n := s.count("simtaru.setting where key = 'builtin' and value ? 'indicator/rth_total'"); n != 1 {
		t.Error("what was written by a run that ended early is not noted")
	}
	version := func() (v int64) {
		if err := s.db.Conn(t).QueryRow(t.Context(), "select catalog from simtaru.state").Scan(&v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	before := version()
	s.do(0, "migrate")
	if after := version(); after != before || before == 0 {
		t.Errorf("a start without news makes catalogue %d of %d", after, before)
	}
}

// TestIndicatorsComeToAnOldCity: an upgrade adds the built-in indicators to a
// database from before them. Those that do not fit the city's own layers are
// left out and do not stand in the way of what it applies later.
func TestIndicatorsComeToAnOldCity(t *testing.T) {
	s := shell{t, testdb.Empty(t)}
	s.do(0, "migrate")
	s.db.Exec(t, "insert into plan.place (name, kind) values ('Balai Kota', 'government')")
	s.db.Exec(t, "drop table simtaru.indicator_value, simtaru.observation, simtaru.indicator, simtaru.coverage, simtaru.rule_set, simtaru.submission, simtaru.extract")
	s.db.Exec(t, "drop table simtaru.evacuation, simtaru.evacuation_flow, simtaru.evacuation_group cascade")
	s.db.Exec(t, "alter table simtaru.token drop column indicators")
	s.db.Exec(t, "update simtaru.migration set version = 3")
	s.db.Exec(t, "update simtaru.setting set value = (select jsonb_object_agg(key, v) from jsonb_each(value) e (key, v) where key not like '%/%') where key = 'builtin'")
	// The city had done without a field that the IHBI wants.
	s.db.Exec(t, `update simtaru.layer set declaration = jsonb_set(declaration, '{fields}', (
		select jsonb_agg(f order by n) from jsonb_array_elements(declaration -> 'fields') with ordinality f (f, n) where f ->> 'name' <> 'fhbi')) where id = 'green_space'`)
	s.db.Exec(t, "alter table plan.green_space drop column fhbi")
	s.db.Exec(t, "alter table history.green_space drop column fhbi")
	s.do(0, "migrate")
	if n := s.count("simtaru.coverage where id = 'green'"); n != 0 {
		t.Error("a coverage came that does not fit")
	}
	if n := s.count("simtaru.indicator where id like 'rth_%'"); n != 0 {
		t.Errorf("%d indicators came that count by it", n)
	}
	if n := s.count("simtaru.indicator where id in ('zone_area', 'slum_share', 'wifi_uptime')"); n != 3 {
		t.Errorf("%d of 3 indicators that fit are there", n)
	}
	if n := s.count("plan.place"); n != 1 {
		t.Errorf("%d places", n)
	}
	s.do(0, "layer", "apply", s.file("bus_stop.yaml", busStop))
	// With the field they come.
	l := s.output(0, "layer", "show", "green_space")
	s.do(0, "layer", "apply", s.file("green.yaml", strings.Replace(l, "\nfields:\n", "\nfields:\n  - {name: fhbi, type: number, title: {id: FHBI, en: FHBI}}\n", 1)))
	s.do(0, "migrate")
	if n := s.count("simtaru.indicator where id = 'rth_public_ihbi'"); n != 1 {
		t.Error("the indicator that fits now is not there")
	}
}
