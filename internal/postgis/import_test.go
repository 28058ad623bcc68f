package postgis_test

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

	"github.com/simtaru/simtaru/internal/exchange"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/testdb"
)

const (
	goodRing   = `[[95.3,5.5],[95.301,5.5],[95.301,5.501],[95.3,5.501],[95.3,5.5]]`
	bowTie     = `[[95.3,5.5],[95.301,5.501],[95.301,5.5],[95.3,5.501],[95.3,5.5]]`
	flat       = `[[95.3,5.5],[95.301,5.5],[95.3,5.5],[95.3,5.5]]`
	overlapped = `[[[95.3,5.5],[95.302,5.5],[95.302,5.501],[95.3,5.501],[95.3,5.5]]],[[[95.301,5.5],[95.303,5.5],[95.303,5.501],[95.301,5.501],[95.301,5.5]]]`
)

// line is a feature of the layer park.
func line(ring, properties string) string {
	return `{"type":"Feature","geometry":{"type":"Polygon","coordinates":[` + ring + `]},"properties":` + properties + "}\n"
}

// importPark imports text and returns the rows of the report file.
func importPark(t *testing.T, db *testdb.DB, text string, change func(*exchange.Options)) (exchange.Report, [][]string, error) {
	t.Helper()
	var file bytes.Buffer
	table, err := exchange.NewCSV(&file, plan.English)
	if err != nil {
		t.Fatal(err)
	}
	o := exchange.Options{
		Layer: park(), Catalog: plan.NewCatalog([]*plan.Layer{park()}, []*plan.CodeList{parkKinds()}),
		Actor: plan.Actor{Name: "Cut Nyak", Role: plan.Planner}, Source: strings.NewReader(text), Name: "parks.geojsonl", Problems: table,
	}
	if change != nil {
		change(&o)
	}
	report, err := exchange.Import(t.Context(), o, db.Store, nil)
	if ferr := table.Flush(); ferr != nil {
		t.Fatal(ferr)
	}
	rows, cerr := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.String(), "\ufeff"))).ReadAll()
	if cerr != nil {
		t.Fatal(cerr)
	}
	if report.Read != report.Imported+report.Skipped+report.Refused {
		t.Errorf("the counts do not add up: %+v", report)
	}
	return report, rows[1:], err
}

// parks is what the database holds: rows, versions, changes.
func parks(t *testing.T, db *testdb.DB) string {
	t.Helper()
	return scan[string](t, db.Conn(t), `select format('%s %s %s', (select count(*) from plan.park),
		(select count(*) from history.park), (select count(*) from simtaru.change))`)
}

func TestImportStoresEveryType(t *testing.T) {
	db := withPark(t)
	text := line(goodRing, `{"name":"Taman Sari","kind":"city","trees":12,"share":33.5,"open":true,"since":"1968-03-01","checked":"2024-02-03T04:05:06.789+07:00","reference":"A-1"}`) +
		line(goodRing, `{"name":"Putroe Phang"}`) + `{"type":"Feature","geometry":null,"properties":{"name":"Blang Padang"}}`
	report, problems, err := importPark(t, db, text, nil)
	if err != nil || report.Imported != 3 || !report.Committed || len(problems) != 0 {
		t.Fatalf("%+v, %v, %v", report, problems, err)
	}
	if got := parks(t, db); got != "3 3 3" {
		t.Errorf("rows, versions, changes: %s", got)
	}
	got := scan[string](t, db.Conn(t), `select string_agg(p::text, E'\n' order by id) from (
		select id, name, kind, trees, share, open, since, checked at time zone 'UTC' as checked, reference, st_astext(geom) as geom, revision, updated_by from plan.park) p`)
	want := `(1,"Taman Sari",city,12,33.5,t,1968-03-01,"2024-02-02 21:05:06.789",A-1,"MULTIPOLYGON(((95.3 5.5,95.301 5.5,95.301 5.501,95.3 5.501,95.3 5.5)))",1,"Cut Nyak")
(2,"Putroe Phang",,,,,,,,"MULTIPOLYGON(((95.3 5.5,95.301 5.5,95.301 5.501,95.3 5.501,95.3 5.5)))",1,"Cut Nyak")
(3,"Blang Padang",,,,,,,,,1,"Cut Nyak")`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestImportRefusesOrRepairs(t *testing.T) {
	text := line(goodRing, `{"name":"good"}`) + line(bowTie, `{"name":"bow tie"}`) + line(flat, `{"name":"flat"}`) +
		`{"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[` + overlapped + `]},"properties":{"name":"overlapped"}}` + "\n" +
		line(goodRing[:len(goodRing)-len(",[95.3,5.5]]")]+"]", `{"name":"unclosed"}`)

	t.Run("refused", func(t *testing.T) {
		db := withPark(t)
		report, problems, err := importPark(t, db, text, nil)
		if refusal(t, err).Code != "import-refused" || report.Refused != 4 || report.Skipped != 1 {
			t.Errorf("%+v, %v", report, err)
		}
		if got := parks(t, db); got != "0 0 0" {
			t.Errorf("something was imported: %s", got)
		}
		// The unclosed ring is found while reading, the others by PostGIS, with
		// the crossing of the bow tie in its middle.
		want := "[5 unclosed-ring 95.3000000 5.5010000] [2 geometry-invalid 95.3005000 5.5005000] [3 geometry-invalid 95.3000000 5.5000000] [4 geometry-invalid 95.3020000 5.5000000]"
		if got := digest(problems); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
	t.Run("skipped", func(t *testing.T) {
		db := withPark(t)
		report, _, err := importPark(t, db, text, func(o *exchange.Options) { o.SkipInvalid = true })
		if err != nil || report.Imported != 1 || report.Refused != 4 {
			t.Errorf("%+v, %v", report, err)
		}
		if got := parks(t, db); got != "1 1 1" {
			t.Errorf("rows, versions, changes: %s", got)
		}
	})
	t.Run("repaired", func(t *testing.T) {
		db := withPark(t)
		report, problems, err := importPark(t, db, text, func(o *exchange.Options) { o.Repair, o.SkipInvalid = true, true })
		if err != nil || report.Imported != 4 || report.Refused != 1 || report.Repaired != 2 || report.Closed != 1 {
			t.Fatalf("%+v, %v", report, err)
		}
		want := "[5 ring-closed 95.3000000 5.5000000] [2 repaired 95.3005000 5.5005000] [3 geometry-invalid 95.3000000 5.5000000] [4 repaired 95.3020000 5.5000000]"
		if got := digest(problems); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		// Nothing of the overlapped parts is lost: 3 of 4 squares remain of them.
		if before, after := problems[3][12], problems[3][13]; !strings.HasPrefix(before, "4") || !strings.HasPrefix(after, "3") {
			t.Errorf("areas %s and %s", before, after)
		}
		if !strings.Contains(problems[3][8], "2 parts became 1") {
			t.Errorf("message %q", problems[3][8])
		}
		if n := scan[int](t, db.Conn(t), "select count(*) from plan.park where st_isvalid(geom)"); n != 4 {
			t.Errorf("%d valid rows", n)
		}
	})
	t.Run("dry run", func(t *testing.T) {
		db := withPark(t)
		report, _, err := importPark(t, db, line(goodRing, `{"name":"good"}`), func(o *exchange.Options) { o.DryRun = true })
		if err != nil || report.Imported != 1 || report.Committed {
			t.Errorf("%+v, %v", report, err)
		}
		if got := parks(t, db); got != "0 0 0" {
			t.Errorf("a dry run stored something: %s", got)
		}
	})
}

// digest shortens a report to line, code and place.
func digest(problems [][]string) string {
	var out []string
	for _, p := range problems {
		out = append(out, fmt.Sprint([]string{p[0], p[5], p[10], p[11]}))
	}
	return strings.Join(out, " ")
}

func TestImportFindsWhatIsThereAlready(t *testing.T) {
	db := withPark(t)
	db.Exec(t, "insert into plan.park (name, reference) values ('old', 'A-1')")
	text := line(goodRing, `{"name":"a","reference":"A-1"}`) + line(goodRing, `{"name":"b","reference":"B-1"}`) +
		line(goodRing, `{"name":"c","reference":"B-1"}`) + line(goodRing, `{"name":"d"}`) + line(goodRing, `{"name":"e"}`)
	report, problems, err := importPark(t, db, text, func(o *exchange.Options) { o.SkipInvalid = true })
	if err != nil || report.Imported != 3 || report.Refused != 2 {
		t.Fatalf("%+v, %v", report, err)
	}
	got := ""
	for _, p := range problems {
		got += fmt.Sprintln(p[0], p[5], p[6], p[7], p[8])
	}
	want := "3 already-there reference B-1 the feature of line 2 has this value already\n1 already-there reference A-1 feature 1 of the layer has this value already\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestImportFindsWhatOnlyTheInsertKnows: the caller's catalogue is older than
// the database's, so that a trigger refuses what Go let pass. Every such row
// is named.
func TestImportFindsWhatOnlyTheInsertKnows(t *testing.T) {
	db := withPark(t)
	var text strings.Builder
	for i := range 100 {
		kind := "city"
		if i == 17 || i == 18 || i == 99 {
			kind = "forest"
		}
		text.WriteString(line(goodRing, fmt.Sprintf(`{"name":"p%d","kind":%q}`, i, kind)))
	}
	stale := parkKinds()
	stale.Codes = append(stale.Codes, plan.Code{Code: "forest"})
	report, problems, err := importPark(t, db, text.String(), func(o *exchange.Options) {
		o.SkipInvalid = true
		o.Catalog = plan.NewCatalog([]*plan.Layer{park()}, []*plan.CodeList{stale})
	})
	if err != nil || report.Imported != 97 || report.Refused != 3 {
		t.Fatalf("%+v, %v", report, err)
	}
	if got := digest(problems); got != "[18 unknown-code 95.3000000 5.5000000] [19 unknown-code 95.3000000 5.5000000] [100 unknown-code 95.3000000 5.5000000]" {
		t.Error(got)
	}
	if got := parks(t, db); got != "97 97 97" {
		t.Errorf("rows, versions, changes: %s", got)
	}
}

func TestImportAsksWhoMayEdit(t *testing.T) {
	db := withPark(t)
	_, _, err := importPark(t, db, line(goodRing, `{"name":"x"}`), func(o *exchange.Options) { o.Actor.Role = plan.Public })
	if refusal(t, err).Kind != plan.Denied {
		t.Error(err)
	}
}

// endless gives features and, after some, does something else first.
type endless struct {
	n    int
	stop func() error
	rest []byte
}

func (e *endless) Read(b []byte) (int, error) {
	if len(e.rest) == 0 {
		e.rest = []byte(line(goodRing, fmt.Sprintf(`{"name":"p%d"}`, e.n)))
		if e.n++; e.n == 50_000 {
			if err := e.stop(); err != nil {
				return 0, err
			}
		}
	}
	n := copy(b, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

// TestImportThatEndsInTheMiddleLeavesNothing: cancelled, its connection
// killed, its file broken.
func TestImportThatEndsInTheMiddleLeavesNothing(t *testing.T) {
	db := withPark(t)
	broken := errors.New("the disk is gone")
	for name, stop := range map[string]func(context.CancelFunc) error{
		"cancelled": func(cancel context.CancelFunc) error { cancel(); return nil },
		"killed": func(context.CancelFunc) error {
			db.Exec(t, "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'simtaru import'")
			return nil
		},
		"broken": func(context.CancelFunc) error { return broken },
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			report, err := exchange.Import(ctx, exchange.Options{
				Layer: park(), Catalog: plan.NewCatalog([]*plan.Layer{park()}, []*plan.CodeList{parkKinds()}),
				Source: &endless{stop: func() error { return stop(cancel) }},
			}, db.Store, nil)
			if err == nil || report.Committed || report.Imported != 0 || report.Read < 49_000 {
				t.Fatalf("%+v, %v", report, err)
			}
			if name == "cancelled" && !errors.Is(err, context.Canceled) || name == "broken" && !errors.Is(err, broken) {
				t.Errorf("error %v", err)
			}
			if errors.Is(err, io.EOF) && name == "broken" {
				t.Errorf("error %v", err)
			}
			if got := parks(t, db); got != "0 0 0" {
				t.Errorf("something was imported: %s", got)
			}
			if n := scan[int](t, db.Conn(t), "select count(*) from pg_class where relname = 'import_staging'"); n != 0 {
				t.Error("the staging table is still there")
			}
		})
	}
}

// The planner of queries must know of a bulk import before anybody reads what
// it wrote: without, each read of the change feed scans the whole of it.
func TestImportOfManyRowsTellsThePlanner(t *testing.T) {
	db := withPark(t)
	const rows = 1500
	if report, _, err := importPark(t, db, strings.Repeat(line(goodRing, `{"name":"Taman"}`), rows), nil); err != nil || report.Imported != rows {
		t.Fatalf("%+v, %v", report, err)
	}
	for _, table := range []string{"plan.park", "history.park", "simtaru.change"} {
		if got := scan[int](t, db.Conn(t), "select reltuples::int from pg_class where oid = $1::regclass", table); got < rows {
			t.Errorf("%s is thought to hold %d rows, it holds %d", table, got, rows)
		}
	}
}
