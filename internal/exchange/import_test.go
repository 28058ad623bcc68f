package exchange_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/exchange"
	"github.com/simtaru/simtaru/internal/plan"
)

// memory is a sink that keeps rows, and refuses those whose first value is
// the text "bad in the database".
type memory struct {
	rows                  []exchange.Row
	committed, closed     bool
	failStage, failCommit error
	begun                 exchange.Target
}

func (m *memory) Begin(_ context.Context, t exchange.Target) (exchange.Session, error) {
	m.begun = t
	return m, nil
}

func (m *memory) Stage(ctx context.Context, next func() (*exchange.Row, error)) error {
	for {
		row, err := next()
		if errors.Is(err, io.EOF) {
			return m.failStage
		}
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		kept := *row
		kept.Values = append([]any(nil), row.Values...)
		kept.Geometry = orb.Clone(row.Geometry)
		m.rows = append(m.rows, kept)
	}
}

func (m *memory) Check(_ context.Context, found func(*exchange.Problem) error) error {
	kept := m.rows[:0]
	for _, row := range m.rows {
		if row.Values[0] != "bad in the database" {
			kept = append(kept, row)
			continue
		}
		p := exchange.Problem{Position: row.Position, Feature: row.Feature, Action: exchange.Refused, Code: "geometry-invalid"}
		if err := found(&p); err != nil {
			return err
		}
	}
	m.rows = kept
	return nil
}

func (m *memory) Insert(context.Context, func(*exchange.Problem) error) (int64, error) {
	return int64(len(m.rows)), nil
}

func (m *memory) Commit(context.Context) error {
	if m.failCommit == nil {
		m.committed = true
	}
	return m.failCommit
}

func (m *memory) Close() error {
	m.closed = true
	return nil
}

// testLayer has a field of each type.
func testLayer() (*plan.Layer, *plan.Catalog) {
	low, high := -10.0, 10.0
	layer := &plan.Layer{ID: "trial", Geometry: plan.MultiPolygon, Fields: []plan.Field{
		{Name: "nama", Type: plan.TextField, Required: true, MaxLength: 20},
		{Name: "floors", Type: plan.IntegerField, Min: &low, Max: &high},
		{Name: "width", Type: plan.NumberField, Max: &high},
		{Name: "open", Type: plan.BooleanField},
		{Name: "day", Type: plan.DateField},
		{Name: "moment", Type: plan.TimestampField},
		{Name: "kind", Type: plan.TextField, Codes: &plan.CodeRef{List: "kinds", Version: "1"}},
	}}
	list := &plan.CodeList{ID: "kinds", Version: "1", Codes: []plan.Code{{Code: "A"}, {Code: "B"}}}
	return layer, plan.NewCatalog([]*plan.Layer{layer}, []*plan.CodeList{list})
}

const square = `{"type":"Polygon","coordinates":[[[95.3,5.5],[95.4,5.5],[95.4,5.6],[95.3,5.5]]]}`

func features(properties ...string) string {
	out := make([]string, len(properties))
	for i, p := range properties {
		out[i] = `{"type":"Feature","geometry":` + square + `,"properties":` + p + `}`
	}
	return strings.Join(out, "\n") + "\n"
}

func run(t *testing.T, text string, change func(*exchange.Options), m *memory) (exchange.Report, string, error) {
	t.Helper()
	var problems bytes.Buffer
	layer, cat := testLayer()
	table, err := exchange.NewCSV(&problems, plan.English)
	if err != nil {
		t.Fatal(err)
	}
	o := exchange.Options{Layer: layer, Catalog: cat, Source: strings.NewReader(text), Name: "trial.geojsonl", Problems: table, Size: int64(len(text))}
	if change != nil {
		change(&o)
	}
	r, err := exchange.Import(t.Context(), o, m, nil)
	if ferr := table.Flush(); ferr != nil {
		t.Fatal(ferr)
	}
	if r.Read != r.Imported+r.Skipped+r.Refused {
		t.Errorf("the counts do not add up: %+v", r)
	}
	return r, problems.String(), err
}

func TestValues(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`{"nama":"Lampulo"}`, "[Lampulo <nil> <nil> <nil> <nil> <nil> <nil>]"},
		{
			`{"nama":"Lampulo","floors":3,"width":2.5,"open":true,"day":"2004-12-26","moment":"2004-12-26T07:58:53+07:00","kind":"A"}`,
			"[Lampulo 3 2.5 true 2004-12-26 2004-12-26 07:58:53 +0700 +0700 A]",
		},
		{`{"nama":"x","floors":3.0}`, "[x 3 <nil> <nil> <nil> <nil> <nil>]"},
		{`{"nama":"x","floors":3e0,"width":3}`, "[x 3 3 <nil> <nil> <nil> <nil>]"},
		{`{"nama":"x","width":-0.0,"kind":""}`, "[x <nil> 0 <nil> <nil> <nil> <nil>]"},
		{`{"nama":"é é é é é é é é é é "}`, "[é é é é é é é é é é  <nil> <nil> <nil> <nil> <nil> <nil>]"},
		{`{"nama":"12345678901234567890x"}`, "too-long nama"},
		{`{"nama":12}`, "wrong-type nama"},
		{`{"nama":null}`, "missing-value nama"},
		{`{"nama":"  "}`, "missing-value nama"},
		{`{}`, "missing-value nama"},
		{`{"NAMA":"x"}`, "missing-value nama"},
		{`{"nama":"x","floors":"3"}`, "wrong-type floors"},
		{`{"nama":"x","floors":3.5}`, "wrong-type floors"},
		{`{"nama":"x","floors":1e30}`, "wrong-type floors"},
		{`{"nama":"x","floors":11}`, "out-of-range floors"},
		{`{"nama":"x","floors":-11}`, "out-of-range floors"},
		{`{"nama":"x","width":"12,5"}`, "wrong-type width"},
		{`{"nama":"x","width":1e309}`, "not-finite width"},
		{`{"nama":"x","width":10.5}`, "out-of-range width"},
		{`{"nama":"x","open":1}`, "wrong-type open"},
		{`{"nama":"x","open":"yes"}`, "wrong-type open"},
		{`{"nama":"x","day":"2023-02-29"}`, "wrong-type day"},
		{`{"nama":"x","day":"26/12/2004"}`, "wrong-type day"},
		{`{"nama":"x","day":"2004-12-26T00:00:00Z"}`, "wrong-type day"},
		{`{"nama":"x","day":20041226}`, "wrong-type day"},
		{`{"nama":"x","moment":"2004-12-26T07:58:53"}`, "wrong-type moment"},
		{`{"nama":"x","kind":"C"}`, "unknown-code kind"},
		{`{"nama":"x","kind":"a"}`, "unknown-code kind"},
		{`{"nama":{"x":1}}`, "wrong-type nama"},
		{`{"nama":["x"]}`, "wrong-type nama"},
	} {
		var m memory
		_, problems, err := run(t, features(c.in), nil, &m)
		got := ""
		if len(m.rows) > 0 {
			got = fmt.Sprint(m.rows[0].Values)
		} else if rows, _ := csv.NewReader(strings.NewReader(problems)).ReadAll(); len(rows) == 2 {
			got = rows[1][5] + " " + rows[1][6]
			if rows[1][10] != "95.3000000" || rows[1][11] != "5.5000000" {
				t.Errorf("%s: the problem has no place on the map: %q", c.in, rows[1])
			}
		} else {
			got = problems
		}
		if got != c.want {
			t.Errorf("%s: got %s (%v), want %s", c.in, got, err, c.want)
		}
	}
}

// TestChecksOfAnImport: a row that breaks a rule between fields, or has no place
// where one is required, is told before the database sees it.
func TestChecksOfAnImport(t *testing.T) {
	ruled := func(o *exchange.Options) {
		o.Layer.GeometryRequired, o.Layer.WidenM, o.SkipInvalid = true, 6, true
		low := 0.5
		o.Layer.Fields = append(o.Layer.Fields, plan.Field{Name: "end", Type: plan.TimestampField}, plan.Field{Name: "each", Type: plan.NumberField, Min: &low}, plan.Field{Name: "last", Type: plan.DateField})
		o.Layer.Checks = []plan.Check{{Order: []string{"moment", "end"}}, {Quotient: []string{"floors", "width", "each"}}, {Order: []string{"floors", "each"}}, {Order: []string{"day", "last"}}}
	}
	text := features(
		`{"nama":"a","moment":"2025-01-02T00:00:00Z","end":"2025-01-01T23:59:59Z"}`,
		`{"nama":"b","moment":"2025-01-02T00:00:00Z","end":"2025-01-02T07:00:00+07:00"}`,
		`{"nama":"c","floors":1,"width":9,"each":4}`,
		`{"nama":"d","floors":2,"width":9,"each":4}`,
		`{"nama":"e","floors":5,"each":4.5}`,
		`{"nama":"f","day":"2025-01-02","last":"2025-01-01"}`,
	) + `{"type":"Feature","geometry":null,"properties":{"nama":"g"}}
{"type":"Feature","geometry":{"type":"Point","coordinates":[95.3,5.5]},"properties":{"nama":"h"}}
`
	var m memory
	r, problems, err := run(t, text, ruled, &m)
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	rows, _ := csv.NewReader(strings.NewReader(problems)).ReadAll()
	for _, row := range rows[1:] {
		told = append(told, row[5]+" "+row[6])
	}
	if got, want := strings.Join(told, ", "), "value-order end, value-quotient floors, value-order each, value-order last, geometry-required geometry"; got != want || r.Imported != 3 {
		t.Errorf("%s; %+v\n%s", got, r, problems)
	}
	if !strings.Contains(problems, "must be 2, which is width divided by each, rounded down") {
		t.Error(problems)
	}
}

// TestCounts: whatever happens, read = imported + skipped + refused (run
// checks it), and nothing is kept unless all is well or SkipInvalid.
func TestCounts(t *testing.T) {
	good, bad, worse := `{"nama":"x"}`, `{"nama":5}`, `{"nama":"bad in the database"}`
	broken := errors.New("broken pipe")
	for _, c := range []struct {
		name      string
		text      string
		change    func(*exchange.Options)
		sink      memory
		want      string // read imported skipped refused committed
		wantError string
	}{
		{name: "all well", text: features(good, good), want: "2 2 0 0 true"},
		{name: "empty", text: head + "]}", want: "0 0 0 0 true"},
		{name: "one bad", text: features(good, bad, good), want: "3 0 2 1 false", wantError: "import-refused"},
		{name: "one bad in the database", text: features(good, worse, good), want: "3 0 2 1 false", wantError: "import-refused"},
		{name: "both, skipped", text: features(good, bad, worse), change: func(o *exchange.Options) { o.SkipInvalid = true }, want: "3 1 0 2 true"},
		{name: "dry run", text: features(good, good), change: func(o *exchange.Options) { o.DryRun = true }, want: "2 2 0 0 false"},
		{name: "dry run, one bad", text: features(good, bad), change: func(o *exchange.Options) { o.DryRun = true }, want: "2 0 1 1 false", wantError: "import-refused"},
		{name: "unreadable", text: features(good) + "\x1e" + strings.Repeat("\n", 3) + "{", want: "2 0 1 1 false", wantError: "import-refused"},
		{name: "unreadable collection", text: head + point + "," + "}", want: "1 0 0 1 false", wantError: "unreadable-file"},
		{name: "sink fails", text: features(good, good), sink: memory{failStage: broken}, want: "2 0 2 0 false", wantError: "broken pipe"},
		{name: "commit fails", text: features(good), sink: memory{failCommit: broken}, want: "1 0 1 0 false", wantError: "broken pipe"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, problems, err := run(t, c.text, c.change, &c.sink)
			if got := fmt.Sprint(r.Read, r.Imported, r.Skipped, r.Refused, r.Committed); got != c.want {
				t.Errorf("counts %s, want %s", got, c.want)
			}
			var perr *plan.Error
			got := ""
			if errors.As(err, &perr) {
				got = perr.Code
			} else if err != nil {
				got = err.Error()
			}
			if (c.wantError == "") != (err == nil) || !strings.Contains(got, c.wantError) {
				t.Errorf("error %v, want %q", err, c.wantError)
			}
			if c.sink.committed != r.Committed || !c.sink.closed {
				t.Errorf("committed %v, closed %v", c.sink.committed, c.sink.closed)
			}
			if lines := int64(strings.Count(problems, "\n")) - 1; lines < r.Refused {
				t.Errorf("%d rows were refused, %d are listed:\n%s", r.Refused, lines, problems)
			}
		})
	}
}

// withMean is the layer of testLayer with a field that the database computes.
func withMean() *plan.Layer {
	l, _ := testLayer()
	l.Fields = append(l.Fields, plan.Field{Name: "mean", Type: plan.NumberField, Computed: &plan.Computed{Function: plan.Mean, Of: []string{"floors"}}})
	return l
}

// TestComputedIsLeftOut: what the database computes is told as not imported.
func TestComputedIsLeftOut(t *testing.T) {
	var m memory
	r, _, err := run(t, features(`{"nama":"Kota","floors":2,"mean":7}`), func(o *exchange.Options) { o.Layer = withMean() }, &m)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(m.rows[0].Values, r.Unknown), "[Kota 2 <nil> <nil> <nil> <nil> <nil> <nil>] [{mean 1 }]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestMapAndSet(t *testing.T) {
	var m memory
	text := features(`{"NAMOBJ":"Kota","nama":"other","Lebar":3,"kind":"yes","extra":1}`)
	r, _, err := run(t, text, func(o *exchange.Options) {
		o.Map = []exchange.Mapping{{Source: "NAMOBJ", Target: "nama"}, {Source: "Lebar", Target: "width"}, {Source: "kind"}, {Source: "gone", Target: "day"}}
		o.Set = []exchange.Assignment{{Field: "floors", Value: "2"}, {Field: "open", Value: "true"}}
	}, &m)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(m.rows[0].Values), "[Kota 2 3 true <nil> <nil> <nil>]"; got != want {
		t.Errorf("values %s, want %s", got, want)
	}
	if got, want := fmt.Sprint(r.Unknown, r.Unmet), "[{extra 1 } {nama 1 }] [gone]"; got != want {
		t.Errorf("unknown, unmet: %s, want %s", got, want)
	}

	for _, c := range []struct {
		name   string
		change func(*exchange.Options)
		want   string
	}{
		{"no such field", func(o *exchange.Options) { o.Map = []exchange.Mapping{{"a", "lebar"}} }, "a=lebar: the layer trial has no such field; it has: nama, floors"},
		{"a field twice", func(o *exchange.Options) { o.Map = []exchange.Mapping{{"a", "nama"}, {"b", "nama"}} }, "the target field is mapped twice"},
		{"a source twice", func(o *exchange.Options) { o.Map = []exchange.Mapping{{"a", "nama"}, {"a", "kind"}} }, "the source property is mapped twice"},
		{"no source", func(o *exchange.Options) { o.Map = []exchange.Mapping{{"", "nama"}} }, "the source property is empty"},
		{"set a wrong type", func(o *exchange.Options) { o.Set = []exchange.Assignment{{"floors", "two"}} }, "floors should be a whole number"},
		{"set NaN", func(o *exchange.Options) { o.Set = []exchange.Assignment{{"width", "NaN"}} }, "width should be a number"},
		{"set a wrong code", func(o *exchange.Options) { o.Set = []exchange.Assignment{{"kind", "C"}} }, "the code \"C\" is not in the list kinds, version 1. Among its codes are: A, B."},
		{"set what is mapped", func(o *exchange.Options) {
			o.Map, o.Set = []exchange.Mapping{{"a", "nama"}}, []exchange.Assignment{{"nama", "x"}}
		}, "the field is mapped and given a value as well"},
		{"map to what is computed", func(o *exchange.Options) { o.Layer, o.Map = withMean(), []exchange.Mapping{{"a", "mean"}} }, "the database computes this field"},
		{"set what is computed", func(o *exchange.Options) { o.Layer, o.Set = withMean(), []exchange.Assignment{{"mean", "1"}} }, "the database computes this field"},
		{"set no field", func(o *exchange.Options) { o.Set = []exchange.Assignment{{"x", "x"}} }, "has no such field"},
	} {
		var m memory
		if _, _, err := run(t, text, c.change, &m); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		} else if m.begun.Layer != nil {
			t.Errorf("%s: a transaction was begun", c.name)
		}
	}
}

func TestSummaryTellsEverything(t *testing.T) {
	var m memory
	text := `{"type":"Feature","id":7,"geometry":{"type":"Polygon","coordinates":[[[95.3,5.5,1],[95.4,5.5,1],[95.4,5.6,1]]]},"properties":{"nama":"x","kind":"","FLOORS":1}}` + "\n" +
		`{"type":"Feature","geometry":null,"properties":{"nama":"=cmd()"}}` + "\n" +
		`{"type":"Feature","geometry":{"type":"Point","coordinates":[1,1]},"properties":{"nama":"x"}}`
	r, problems, err := run(t, text, func(o *exchange.Options) { o.Repair, o.SkipInvalid = true, true }, &m)
	if err != nil {
		t.Fatal(err)
	}
	want := `trial.geojsonl into layer trial: 3 read, 2 imported, 0 held back, 1 refused
1 rings were closed.
Heights (third ordinates) were dropped from 1 features.
1 single geometries were made multi.
1 empty texts were taken as no value.
1 features have no geometry.
Not imported: FLOORS (1 times), there is no such field; use --map FLOORS=floors if it is wanted.
The member id beside the properties was not imported (1 times).
  ring-closed            1
  wrong-geometry-type    1
`
	if got := r.Summary(plan.English); got != want {
		t.Errorf("summary:\n%s\nwant:\n%s", got, want)
	}
	if r.Summary(plan.Indonesian) == want {
		t.Error("no Indonesian")
	}
	wantCSV := "\ufeffline,column,offset,feature,action,code,field,value,message,path,lon,lat,area_before_m2,area_after_m2\n" +
		"1,1,0,1,repaired,ring-closed,geometry,,1 rings were closed,,95.3000000,5.5000000,,\n" +
		"3,1,226,3,refused,wrong-geometry-type,geometry,Point,\"the layer trial holds MultiPolygon, not Point\",,1.0000000,1.0000000,,\n"
	if problems != wantCSV {
		t.Errorf("report:\n%s\nwant:\n%s", problems, wantCSV)
	}
}

// TestReportsAreHarmless: a cell from a file is never a formula, and NDJSON
// says the same in both languages.
func TestReportsAreHarmless(t *testing.T) {
	at := orb.Point{95.3, 5.5}
	p := exchange.Problem{Feature: 1, Action: exchange.Refused, Code: "x", Field: "=1+1", Value: `@"a",b`, Message: plan.Text{ID: "satu", EN: "one"}, At: &at}
	var table, lines bytes.Buffer
	w, err := exchange.NewCSV(&table, plan.Indonesian)
	if err == nil {
		err = errors.Join(w.Write(&p), w.Flush(), exchange.NewNDJSON(&lines).Write(&p))
	}
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(table.String(), "\ufeff"))).ReadAll()
	if err != nil || rows[1][6] != "'=1+1" || rows[1][7] != `'@"a",b` || rows[1][8] != "satu" {
		t.Errorf("%q, %v", rows, err)
	}
	if want := `{"line":0,"column":0,"offset":0,"feature":1,"action":"refused","code":"x","field":"=1+1","value":"@\"a\",b","message":{"id":"satu","en":"one"},"at":[95.3,5.5]}` + "\n"; lines.String() != want {
		t.Errorf("got %swant %s", lines.String(), want)
	}
}

func TestProgress(t *testing.T) {
	layer, cat := testLayer()
	text := strings.Repeat(features(`{"nama":"x"}`), 1000)
	var stages []exchange.Stage
	var last exchange.Progress
	o := exchange.Options{Layer: layer, Catalog: cat, Source: strings.NewReader(text), Size: int64(len(text))}
	if _, err := exchange.Import(t.Context(), o, &memory{}, func(p exchange.Progress) {
		if len(stages) == 0 || stages[len(stages)-1] != p.Stage {
			stages = append(stages, p.Stage)
		}
		last = p
	}); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(stages); got != "[reading checking inserting finished]" {
		t.Errorf("stages %s", got)
	}
	if last.Rows != 1000 || last.Bytes != int64(len(text)) || last.Total != last.Bytes {
		t.Errorf("at the end: %+v", last)
	}
	p := exchange.Progress{Stage: exchange.Reading, Rows: 100, Bytes: 25, Total: 100, Elapsed: 2 * time.Second}
	if left, ok := p.Remaining(); !ok || left != 6*time.Second || p.Rate() != 50 {
		t.Errorf("remaining %v, rate %v", left, p.Rate())
	}
}
