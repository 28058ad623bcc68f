package zoning_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/zoning"
)

const small = `{
 "codes": {"list": "zone", "version": "t"},
 "title": {"id": "Aturan", "en": "Rules"},
 "source": "Perwal uji",
 "zones": ["R-1", "K-1"],
 "activities": [
  {"code": "56303", "kbli": "56303", "title": {"id": "Rumah minum/kafe", "en": "Café"}, "group": {"id": "Kuliner", "en": "Food"},
   "also": ["warung kopi", "warkop"], "cells": {"R-1": "b3, t1", "K-1": "I"}},
  {"code": "N01", "title": {"id": "Rumah tunggal", "en": "Detached house"}, "cells": {"R-1": "I", "K-1": ""}}
 ],
 "conditions": [{"code": "T1", "text": {"id": "paling luas 100 m2", "en": "at most 100 m2"}},
  {"code": "B3", "text": {"id": "persetujuan tetangga", "en": "consent of neighbours"}}],
 "intensity": [
  {"zones": ["R-1"], "plotTo": 120, "kdb": 70, "kdh": 10, "klb": 1.4, "setback": {"lokal": 3.5}},
  {"zones": ["R-1"], "plotFrom": 120, "kdb": 60, "kdh": 20, "klb": 2.4, "ktb": 50, "height": 14, "smallestPlot": 60},
  {"zones": ["K-1"], "kdb": 80, "kdh": 10, "klb": 4, "klbMin": 1},
  {"zones": ["K-1"], "blocks": ["I.A"], "roads": ["arteri"], "kdb": 75, "kdh": 20, "klb": 6, "floors": 7}
 ],
 "provisions": [{"document": "Perwal 1/2021", "article": "Pasal 3", "link": "https://example.id/1", "about": {"id": "kegiatan", "en": "activities"}}]
}`

// zones is the list that small speaks of.
func zones(codes ...string) *plan.CodeList {
	list := &plan.CodeList{ID: "zone", Version: "t"}
	for _, c := range codes {
		list.Codes = append(list.Codes, plan.Code{Code: c})
	}
	return list
}

func parse(t *testing.T, text string) *zoning.Set {
	t.Helper()
	s, err := zoning.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestCanonicalDocument(t *testing.T) {
	s := parse(t, small)
	if got := s.Activities[0].Cells["R-1"]; got != "T1,B3" {
		t.Errorf("the cell is %q", got)
	}
	if _, stated := s.Activities[1].Cells["K-1"]; stated {
		t.Error("an empty cell is stated")
	}
	if found := zoning.Check(s, zones("R-1", "K-1")); len(found) != 0 {
		t.Errorf("%v", found[0])
	}
	one, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	again := parse(t, string(one))
	if d := cmp.Diff(s, again); d != "" {
		t.Error(d)
	}
	if two, _ := again.Encode(); string(one) != string(two) {
		t.Error("the document is not canonical")
	}
	if r, err := s.Record(); err != nil || r.SHA256 == "" || string(r.Document) != string(one) || r.Codes != s.Codes {
		t.Errorf("%v %v", r, err)
	}
	// jsonb gives members in another order.
	var any map[string]any
	if err := json.Unmarshal(one, &any); err != nil {
		t.Fatal(err)
	}
	mixed, _ := json.Marshal(any)
	if two, _ := parse(t, string(mixed)).Encode(); string(one) != string(two) {
		t.Error("the order of members tells")
	}
}

func faultsOf(err error) (all []string) {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		for _, e := range joined.Unwrap() {
			all = append(all, faultsOf(e)...)
		}
		return all
	}
	var p *plan.Error
	if errors.As(err, &p) {
		return []string{p.Code + " " + p.At}
	}
	return []string{err.Error()}
}

func TestFaultsHaveAPlace(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{`"source": "Perwal uji"`, `"source": 3`, "rules-type 4: source"},
		{`"source": "Perwal uji"`, `"sauce": "x"`, "rules-member 4: sauce"},
		{`"source": "Perwal uji"`, `"source": "a", "source": "b"`, "rules-member-twice 4: source"},
		{`"b3, t1"`, `"I,T1"`, "rules-cell 8: activities[0].cells.R-1"},
		{`"b3, t1"`, `"T1,T1"`, "rules-cell 8: activities[0].cells.R-1"},
		{`"kdb": 70`, `"kdb": "70"`, "rules-type 14: intensity[0].kdb"},
		{`"kdb": 70`, `"kdb": [70]`, "rules-type 14: intensity[0].kdb"},
		{`"kdb": 70`, `"kdb": null`, "rules-type 14: intensity[0].kdb"},
		{`"kdb": 70`, `"kdb": 70,`, "rules-syntax 14"},
		{`"conditions": [`, `"conditions": {"a": `, "rules-syntax 12"},
		{`"en": "activities"}}]` + "\n}", `"en": "activities"}}]` + "\n} x", "rules-syntax 20: end"},
	} {
		text := strings.Replace(small, c.old, c.new, 1)
		if text == small {
			t.Fatalf("%s is not there", c.old)
		}
		s, err := zoning.Parse([]byte(text))
		if s != nil || len(faultsOf(err)) == 0 || faultsOf(err)[0] != c.want {
			t.Errorf("%s: %v, wanted %q", c.new, faultsOf(err), c.want)
		}
	}
	for _, text := range []string{"", "[]", "null", "{", "3"} {
		if _, err := zoning.Parse([]byte(text)); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}

func TestAnswers(t *testing.T) {
	for text, want := range map[string]struct {
		answer     zoning.Answer
		verdict    zoning.Verdict
		conditions string
	}{
		"":           {"", zoning.NotStated, ""},
		" i ":        {"I", zoning.Allowed, ""},
		"X":          {"X", zoning.Prohibited, ""},
		"T":          {"T", zoning.Limited, ""},
		"t10,T2":     {"T2,T10", zoning.Limited, "T2,T10"},
		"B":          {"B", zoning.Conditional, ""},
		"B3, T1":     {"T1,B3", zoning.LimitedConditional, "T1,B3"},
		"TB":         {"TB", zoning.LimitedConditional, ""},
		"TB2,B1, T1": {"T1,B1,TB2", zoning.LimitedConditional, "T1,B1,TB2"},
	} {
		a, ok := zoning.ParseAnswer(text)
		if !ok || a != want.answer || a.Verdict() != want.verdict || strings.Join(a.Conditions(), ",") != want.conditions {
			t.Errorf("%q: %q %v %v %v", text, a, ok, a.Verdict(), a.Conditions())
		}
	}
	for _, text := range []string{"I,X", "T1,I", "Y", "T0", "T01", "T1;B3", "T1,,B3", "-", "B1,B1", "T1234"} {
		if a, ok := zoning.ParseAnswer(text); ok {
			t.Errorf("%q is read as %q", text, a)
		}
	}
	for _, v := range zoning.Verdicts {
		if v.Title().ID == "" || v.Title().EN == "" {
			t.Errorf("%s has no title", v)
		}
	}
}

func TestContradictions(t *testing.T) {
	list := zones("R-1", "K-1", "BA")
	for _, c := range []struct{ old, new, want string }{
		{`"kdb": 70, "kdh": 10`, `"kdb": 95, "kdh": 10`, "rules-over-100 intensity[0] R-1"},
		{`"kdb": 70, "kdh": 10`, `"kdb": 101`, "rules-percent intensity[0] R-1.kdb"},
		{`"klb": 4, "klbMin": 1`, `"klb": 4, "klbMin": 5`, "rules-range intensity[2] K-1.klbMin"},
		{`"plotFrom": 120`, `"plotFrom": 119.9`, "rules-overlap intensity[1] R-1"},
		{`"blocks": ["I.A"], "roads": ["arteri"], `, ``, "rules-overlap intensity[3] K-1"},
		{`"roads": ["arteri"]`, `"roads": ["besar"]`, "rules-road-unknown intensity[3] K-1"},
		{`"lokal": 3.5`, `"lokal": -1`, "rules-negative intensity[0] R-1.setback.lokal"},
		{`{"zones": ["K-1"], "kdb"`, `{"zones": ["K-9"], "kdb"`, "rules-zone-unknown intensity[2].zones[0]"},
		{`["R-1", "K-1"]`, `["R-1"]`, "rules-zone-unknown activities[0] 56303.cells.K-1"},
		{`["R-1", "K-1"]`, `["R-1", "K-1", "K-1"]`, "rules-twice zones[2]"},
		{`{"code": "T1"`, `{"code": "T2"`, "rules-condition-unknown activities[0] 56303.cells.R-1"},
		{`{"code": "T1"`, `{"code": "B3"`, "rules-condition-unknown activities[0] 56303.cells.R-1"},
		{`"kbli": "56303"`, `"kbli": "563"`, "rules-kbli activities[0] 56303.kbli"},
		{`"code": "N01"`, `"code": "56303"`, "rules-twice activities[1] 56303"},
		{`https://example.id/1`, `javascript:alert(1)`, "rules-link provisions[0].link"},
	} {
		text := strings.Replace(small, c.old, c.new, 1)
		if text == small {
			t.Fatalf("%s is not there", c.old)
		}
		found := zoning.Check(parse(t, text), list)
		if !zoning.Contradictory(found) || found[0].Code+" "+found[0].At != c.want {
			t.Errorf("%s: %v, wanted %s", c.new, found, c.want)
		}
	}
	// Doubts are no contradictions.
	for _, c := range []struct{ old, new, want string }{
		{"small", "small", "rules-zone-without BA"},
		{`"plotFrom": 120`, `"plotFrom": 130`, "rules-gap R-1"},
		{`"plotTo": 120`, `"plotFrom": 40, "plotTo": 120`, "rules-gap R-1"},
		{`"b3, t1"`, `"b3"`, "rules-condition-unused conditions[0] T1"},
	} {
		found := zoning.Check(parse(t, strings.Replace(small, c.old, c.new, 1)), list)
		var all []string
		for _, f := range found {
			all = append(all, f.Code+" "+f.At)
		}
		if zoning.Contradictory(found) || !strings.Contains(strings.Join(all, "\n"), c.want) {
			t.Errorf("%s: %v, wanted %s", c.new, all, c.want)
		}
	}
}

func TestCSVRoundTrip(t *testing.T) {
	s := parse(t, small)
	bare := &zoning.Set{Codes: s.Codes, Title: s.Title, Source: s.Source, Provisions: s.Provisions}
	for _, turn := range []func([]byte) []byte{
		func(b []byte) []byte { return b },
		// As a spreadsheet in Indonesian saves it.
		func(b []byte) []byte {
			rows := strings.Split(strings.TrimSpace(string(b)), "\n")
			for i, row := range rows {
				cells := strings.Split(row, `"`)
				for k := range cells {
					if k%2 == 0 {
						cells[k] = strings.ReplaceAll(cells[k], ",", "\x00")
						cells[k] = strings.ReplaceAll(cells[k], ".5", ",5")
						cells[k] = strings.ReplaceAll(cells[k], "1.4", "1,4")
						cells[k] = strings.ReplaceAll(cells[k], "\x00", ";")
					}
				}
				rows[i] = strings.Join(cells, `"`)
			}
			return []byte("\ufeff" + strings.Join(rows, "\r\n"))
		},
	} {
		back := bare
		for _, file := range [][]byte{s.ConditionsCSV(), s.IntensityCSV(), s.MatrixCSV()} {
			var err error
			if back, err = back.ReadCSV(turn(file)); err != nil {
				t.Fatalf("%v\n%s", err, turn(file))
			}
		}
		if d := cmp.Diff(s, back); d != "" {
			t.Error(d)
		}
	}
}

func TestCSVFaults(t *testing.T) {
	s := parse(t, small)
	for text, want := range map[string]string{
		"code,kbli,title_id,R-1\nA,,Rumah,I\nB,,Toko,Q\n":  "rules-cell 3: R-1",
		"code,kbli,title_id,R-1\nA,,Rumah\n":               "rules-syntax 2",
		"code,title_id,R-1\nA,Rumah,I\n":                   "rules-columns 1",
		"zones,kdb\nR-1,1.234\n":                           "rules-number 2: kdb",
		"zones,kdb\nR-1,dua\n":                             "rules-number 2: kdb",
		"zones,kdbb\nR-1,3\n":                              "rules-columns 1",
		"zones,kdb,kdb\nR-1,3,4\n":                         "rules-columns 1",
		"nama,kdb\nR-1,3\n":                                "rules-columns 1",
		"":                                                 "rules-syntax 1",
		"condition,text_id,text_en\nT1,\xff\xfe,x\n":       "rules-syntax 1",
		"condition,text_id,text_en,more\nT1,\"a\nb\",x,\n": "rules-columns 1",
	} {
		if _, err := s.ReadCSV([]byte(text)); err == nil || faultsOf(err)[0] != want {
			t.Errorf("%q: %v, wanted %s", text, faultsOf(err), want)
		}
	}
}

func TestNumbersOfTwoKinds(t *testing.T) {
	s := parse(t, small)
	for text, want := range map[string]float64{
		"1.5": 1.5, "1,5": 1.5, "0,125": 0.125, "0.125": 0.125, "12": 12, "1234": 1234, "1.234,5": 1234.5, "1,234.5": 1234.5,
		"1.234.567": 1234567, "1,234,567": 1234567, "1.2340": 1.234, "1234.567": 1234.567, "10.000,00": 10000,
	} {
		got, err := s.ReadCSV([]byte("zones;smallest_plot\nR-1;" + text + "\n"))
		if err != nil || *got.Intensity[0].SmallestPlot != want {
			t.Errorf("%s: %v %v", text, got, err)
		}
	}
	for _, text := range []string{"1.234", "12,345", "1.23.456", "1,2,3", "5%", "1e3", "--1", "1 000"} {
		if got, err := s.ReadCSV([]byte("zones;smallest_plot\nR-1;" + text + "\n")); err == nil {
			t.Errorf("%s is read as %v", text, *got.Intensity[0].SmallestPlot)
		}
	}
}

// yogyakarta is the matrix that the city publishes; it is not part of the
// repository.
const yogyakarta = "../../../shared/data/yogyakarta/rdtr_kota_yogyakarta_itbx_intensitas.json"

func TestYogyakarta(t *testing.T) {
	text, err := os.ReadFile(yogyakarta)
	if err != nil {
		t.Skip(err)
	}
	if !zoning.IsPublished(text) || zoning.IsPublished([]byte(small)) {
		t.Error("the form is not told apart")
	}
	s, err := zoning.ParsePublished(text, plan.CodeRef{List: "zone", Version: "yogyakarta"}, plan.Text{ID: "Yogyakarta"}, "jogjakota.go.id")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		SKRK []struct {
			Kegiatan string
			SKRK     map[string]string
		}
		Intensitas []struct {
			Batas              struct{ Min, Max float64 }
			KDB, KLB, KDH      map[string]float64
			Tinggi             map[string]float64
			Kelas, Keterangan_ string
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	count := map[zoning.Answer]int{}
	for i, row := range file.SKRK {
		if s.Activities[i].Title.ID != row.Kegiatan || len(row.SKRK) != 15 {
			t.Fatalf("row %d is %q with %d cells", i, row.Kegiatan, len(row.SKRK))
		}
		for zone, cell := range row.SKRK {
			got := s.Activities[i].Cells[zone]
			count[got]++
			if string(got) != strings.TrimSpace(cell) {
				t.Errorf("%s in %s: %q became %q", row.Kegiatan, zone, cell, got)
			}
		}
	}
	if d := cmp.Diff(map[zoning.Answer]int{"I": 853, "X": 912, "B": 295, "T": 140, "": 5}, count); d != "" || len(s.Activities) != 147 {
		t.Error(d, len(s.Activities))
	}
	for _, class := range file.Intensitas {
		for zone, kdb := range class.KDB {
			for _, area := range []float64{class.Batas.Min, min(class.Batas.Max, 5000)} {
				rules := s.Match(zoning.Plot{Zone: zone, Area: area})
				if len(rules) != 1 || *rules[0].KDB != kdb || *rules[0].KLB != class.KLB[zone] || *rules[0].KDH != class.KDH[zone] || *rules[0].Height != class.Tinggi[zone] {
					t.Errorf("%s, %v m2: %d rules", zone, area, len(rules))
				}
			}
		}
	}
	var codes []string
	codes = append(codes, s.Zones...)
	list := zones(codes...)
	list.Version = "yogyakarta"
	for _, f := range zoning.Check(s, list) {
		if f.Contradiction {
			t.Error(f)
		}
	}
	back, err := s.ReadCSV(s.MatrixCSV())
	if err == nil {
		back, err = back.ReadCSV(s.IntensityCSV())
	}
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(s, back); d != "" {
		t.Error(d)
	}
}
