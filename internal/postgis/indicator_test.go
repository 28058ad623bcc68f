package postgis_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/postgis"
	"github.com/simtaru/simtaru/internal/testdb"
)

// parkShare and parkLand are a small indicator and its coverage over the layer
// park, waste is one that others send.
func parkLand() *plan.Coverage {
	return &plan.Coverage{ID: "park_land", Title: plan.Text{ID: "Lahan taman", EN: "Park land"}, Parts: []plan.Part{
		{ID: "open", Title: plan.Text{ID: "Buka", EN: "Open"}, By: "kind", Set: plan.Set{
			Layer: "park", Where: []plan.Condition{{Field: "open", In: []string{"true"}}}, MinArea: 12.5,
		}},
	}}
}

func parkShare() *plan.Indicator {
	return &plan.Indicator{
		ID: "park_share", Title: plan.Text{ID: "Bagian taman", EN: "Share of parks"}, Explanation: plan.Text{ID: "Penjelasan.", EN: "Explanation."},
		Kind: plan.WeightedAreaShare, Group: "environment", Order: 2, Method: 3, Unit: "%", Decimals: 2, Direction: plan.Up,
		Target: &plan.Target{Value: 20, Source: "made up"}, Units: plan.UnitKinds, Office: plan.Text{ID: "Dinas", EN: "Office"},
		Coverage: "park_land", Parts: []plan.Term{{Part: "open", Weight: ptr(0.1), Factors: map[string]float64{"city": 2.5, "quarter": 1.0 / 3}}},
		Claims: []plan.Claim{{Value: 14.33, Source: "made up", Numerator: ptr(845.43)}},
	}
}

func waste() *plan.Indicator {
	return &plan.Indicator{
		ID: "waste", Title: plan.Text{ID: "Sampah", EN: "Waste"}, Explanation: plan.Text{ID: "Penjelasan.", EN: "Explanation."},
		Kind: plan.External, Group: "service", Order: 1, Method: 1, Unit: "kg/mo", Direction: plan.Up,
		Units: []plan.UnitKind{plan.City, plan.Gampong}, Office: plan.Text{ID: "Dinas", EN: "Office"}, Min: ptr(0.0), Max: ptr(1e6),
	}
}

func define(t testing.TB, s *postgis.Store, coverages []*plan.Coverage, indicators ...*plan.Indicator) []postgis.Outcome {
	t.Helper()
	outcomes, err := s.ApplyDefinitions(t.Context(), coverages, indicators)
	if err != nil {
		t.Fatal(err)
	}
	return outcomes
}

// TestApplyDefinitions: definitions are read back equal and in their order,
// and every change of one makes another version of the catalogue.
func TestApplyDefinitions(t *testing.T) {
	db := withPark(t)
	read := func() *plan.Catalog {
		t.Helper()
		cat, err := db.Store.Catalog(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return cat
	}
	before := read().Version()
	land := []*plan.Coverage{parkLand()}
	if got := define(t, db.Store, land, parkShare(), waste()); !slices.Equal(got, []postgis.Outcome{postgis.Created, postgis.Created, postgis.Created}) {
		t.Errorf("outcomes %q", got)
	}
	cat := read()
	if d := cmp.Diff(land, cat.Coverages()) + cmp.Diff([]*plan.Indicator{waste(), parkShare()}, cat.Indicators()); d != "" {
		t.Errorf("read back (-declared +read):\n%s", d)
	}
	if cat.Version() == before || len(cat.Layers()) != 1 {
		t.Errorf("version %d, was %d; %d layers", cat.Version(), before, len(cat.Layers()))
	}
	if got := define(t, db.Store, land, parkShare(), waste()); !slices.Equal(got, []postgis.Outcome{postgis.Unchanged, postgis.Unchanged, postgis.Unchanged}) {
		t.Errorf("again: %q", got)
	}
	if same := read(); same.Version() != cat.Version() {
		t.Error("nothing was changed, and the catalogue is another")
	}
	last := parkShare()
	last.Order, last.Method = 0, 4
	if got := define(t, db.Store, nil, last); !slices.Equal(got, []postgis.Outcome{postgis.Changed}) {
		t.Errorf("changed: %q", got)
	}
	if next := read(); next.Version() == cat.Version() || next.Indicators()[0].Method != 4 {
		t.Errorf("%+v", next.Indicators()[0])
	}
}

// TestDefinitionsAreAppliedTogether: one that the database refuses leaves none.
func TestDefinitionsAreAppliedTogether(t *testing.T) {
	db := withPark(t)
	bad := waste()
	bad.ID = "Waste'; drop table simtaru.indicator; --"
	_, err := db.Store.ApplyDefinitions(t.Context(), []*plan.Coverage{parkLand()}, []*plan.Indicator{parkShare(), bad})
	if e := refusal(t, err); e.Code != "bad-declaration" {
		t.Errorf("%+v", e)
	}
	if n := scan[int](t, db.Conn(t), "select (select count(*) from simtaru.coverage) + (select count(*) from simtaru.indicator)"); n != 0 {
		t.Errorf("%d definitions are left", n)
	}
}

// TestApplyDefinitionsAtOnce: eight apply the same; one makes it.
func TestApplyDefinitionsAtOnce(t *testing.T) {
	db := withPark(t)
	outcomes := make(chan postgis.Outcome, 8)
	var all sync.WaitGroup
	for range cap(outcomes) {
		all.Go(func() {
			got, err := db.Store.ApplyDefinitions(t.Context(), nil, []*plan.Indicator{waste()})
			if err != nil {
				t.Error(err)
				return
			}
			outcomes <- got[0]
		})
	}
	all.Wait()
	close(outcomes)
	made := 0
	for o := range outcomes {
		if o == postgis.Created {
			made++
		} else if o != postgis.Unchanged {
			t.Errorf("outcome %s", o)
		}
	}
	if made != 1 {
		t.Errorf("created %d times", made)
	}
}

// TestBuiltinDefinitions: all that are built in are stored and read back equal.
func TestBuiltinDefinitions(t *testing.T) {
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	db := testdb.New(t)
	if _, err := db.Store.ApplyCatalog(t.Context(), cat); err != nil {
		t.Fatal(err)
	}
	back, err := db.Store.Catalog(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(cat.Coverages(), back.Coverages()) + cmp.Diff(cat.Indicators(), back.Indicators()); d != "" {
		t.Errorf("read back (-declared +read):\n%s", d)
	}
	if err := catalog.Validate(back); err != nil {
		t.Error(err)
	}
}

var sender = plan.Actor{Name: "dlhk3", Role: plan.Planner}

func month(m int) time.Time { return time.Date(2026, time.Month(m), 1, 0, 0, 0, 0, time.UTC) }

func inCity(at time.Time, value float64) plan.Observation {
	return plan.Observation{Kind: plan.City, Code: "11.71", At: at, Value: &value}
}

func observe(t testing.TB, db *testdb.DB, want int, list ...plan.Observation) {
	t.Helper()
	if got, err := db.Store.Observe(t.Context(), sender, "waste", list); err != nil || got != want {
		t.Fatalf("stored %d, %v; want %d", got, err, want)
	}
}

// TestObserve: what holds already is stored once, a correction stands beside
// what it corrects, and the latest is read with who sent it.
func TestObserve(t *testing.T) {
	db := testdb.New(t)
	define(t, db.Store, nil, waste())
	village := plan.Observation{Kind: plan.Gampong, Code: "11.71.01.2001", At: month(2), Value: ptr(7.0)}
	observe(t, db, 3, inCity(month(1), 100), inCity(month(2), 200), village)
	observe(t, db, 0, inCity(month(1), 100), inCity(month(2), 200), village)
	observe(t, db, 1, inCity(month(1), 100), inCity(month(3), 300), inCity(month(3), 300)) // twice in one request
	observe(t, db, 1, inCity(month(2), 250))
	observe(t, db, 1, inCity(month(2), 200)) // back again
	observe(t, db, 1, inCity(month(3), 310)) // the latest one too
	observe(t, db, 0, inCity(month(2).In(time.FixedZone("WIB", 7*3600)), 200))
	observe(t, db, 0)

	start := time.Now()
	readings, err := db.Store.Observations(t.Context(), "waste")
	if err != nil || len(readings) != 2 {
		t.Fatal(readings, err)
	}
	for n, want := range []plan.Reading{
		{Indicator: "waste", Kind: plan.City, Code: "11.71", Value: ptr(310.0), At: month(3), Method: 1, Actor: "dlhk3"},
		{Indicator: "waste", Kind: plan.Gampong, Code: "11.71.01.2001", Value: ptr(7.0), At: month(2), Method: 1, Actor: "dlhk3"},
	} {
		got := readings[n]
		if got.Sent == nil || start.Sub(*got.Sent).Abs() > time.Minute {
			t.Errorf("sent %v", got.Sent)
		}
		got.Sent = nil
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	}
	series, err := db.Store.Series(t.Context(), "waste", plan.City, "11.71", "", "")
	if err != nil {
		t.Fatal(err)
	}
	var values []float64
	for _, r := range series {
		values = append(values, *r.Value)
	}
	if !slices.Equal(values, []float64{100, 200, 310}) || series[0].On != "2026-01-01" {
		t.Errorf("series %v, %+v", values, series[0])
	}
	if n := scan[int](t, db.Conn(t), "select count(*) from simtaru.observation"); n != 7 {
		t.Errorf("%d rows, want each that was new", n)
	}
	// In another unit under the same method it would be 310 t/mo.
	tonnes := waste()
	tonnes.Unit = "t/mo"
	if _, err := db.Store.ApplyDefinitions(t.Context(), nil, []*plan.Indicator{tonnes}); !hasCode(err, "same-method") {
		t.Errorf("another unit: %v", err)
	}
	tonnes.Method = 2
	define(t, db.Store, nil, tonnes)
	if left, err := db.Store.Observations(t.Context(), "waste"); err != nil || len(left) > 0 {
		t.Error("values of an older method are told:", left, err)
	}
	if _, err := db.Store.ApplyDefinitions(t.Context(), nil, []*plan.Indicator{waste()}); !hasCode(err, "same-method") {
		t.Errorf("back to an older method: %v", err)
	}
	if err := db.Store.RemoveIndicator(t.Context(), "waste"); err != nil {
		t.Fatal(err)
	}
	_, sent := db.Store.Observe(t.Context(), sender, "waste", []plan.Observation{inCity(month(1), 1)})
	_, read := db.Store.Series(t.Context(), "waste", plan.City, "11.71", "", "")
	for what, err := range map[string]error{"sent": sent, "read": read, "removed": db.Store.RemoveIndicator(t.Context(), "waste")} {
		if !hasCode(err, "no-such-indicator") {
			t.Errorf("one that was removed is %s: %v", what, err)
		}
	}
	define(t, db.Store, nil, tonnes)
	observe(t, db, 1, inCity(month(1), 1))
	if none, err := db.Store.Observations(t.Context(), "absent"); err != nil || len(none) > 0 {
		t.Error(none, err)
	}
}

// TestTakenBack: what was sent by mistake gives way to the value before it, and
// stays in the table with who took it back.
func TestTakenBack(t *testing.T) {
	db := testdb.New(t)
	define(t, db.Store, nil, waste())
	told := func(want string) {
		t.Helper()
		readings, err := db.Store.Observations(t.Context(), "waste")
		if err != nil {
			t.Fatal(err)
		}
		series, err := db.Store.Series(t.Context(), "waste", plan.City, "11.71", "", "")
		if err != nil {
			t.Fatal(err)
		}
		var got []float64
		for _, r := range readings {
			got = append(got, *r.Value)
		}
		for _, r := range series {
			if r.Value == nil {
				t.Fatalf("the series shows %+v", r)
			}
			got = append(got, *r.Value)
		}
		if fmt.Sprint(got) != want {
			t.Errorf("told %v, want %s", got, want)
		}
	}
	back := func(at time.Time) plan.Observation { return plan.Observation{Kind: plan.City, Code: "11.71", At: at} }
	observe(t, db, 0, back(month(2))) // nothing was sent
	observe(t, db, 2, inCity(month(1), 100), inCity(month(2), 9e5))
	told("[900000 100 900000]")
	observe(t, db, 1, back(month(2)))
	told("[100 100]")
	observe(t, db, 0, back(month(2)), back(month(2)))
	observe(t, db, 1, inCity(month(2), 200)) // the right one
	told("[200 100 200]")
	observe(t, db, 2, back(month(1)), back(month(2)))
	told("[]")
	if n := scan[int](t, db.Conn(t), "select count(*) from simtaru.observation where actor = 'dlhk3' and sent_at is not null"); n != 6 {
		t.Errorf("%d rows, want all that was sent", n)
	}
}

// TestObservedDaysAreTheCitys: an evening in UTC is the next day in the city.
func TestObservedDaysAreTheCitys(t *testing.T) {
	db := testdb.New(t)
	define(t, db.Store, nil, waste())
	evening := time.Date(2026, 3, 9, 17, 0, 0, 0, time.UTC) // midnight in WIB
	observe(t, db, 3, inCity(evening.Add(-time.Microsecond), 1), inCity(evening, 2), inCity(evening.Add(24*time.Hour), 3))
	for _, c := range []struct {
		from, until plan.Date
		want        int
	}{{"2026-03-10", "2026-03-10", 1}, {"", "2026-03-09", 1}, {"2026-03-10", "", 2}, {"", "", 3}, {"2026-03-12", "", 0}} {
		got, err := db.Store.Series(t.Context(), "waste", plan.City, "11.71", c.from, c.until)
		if err != nil || len(got) != c.want {
			t.Errorf("%s to %s: %v, %v", c.from, c.until, got, err)
		}
	}
	if got, _ := db.Store.Series(t.Context(), "waste", plan.City, "11.71", "2026-03-10", "2026-03-10"); len(got) != 1 || got[0].On != "2026-03-10" || !got[0].At.Equal(evening) {
		t.Errorf("%+v", got)
	}
}

// TestObserveRefuses: each fault is told with its position, and nothing of the
// request is stored.
func TestObserveRefuses(t *testing.T) {
	db := withPark(t)
	define(t, db.Store, []*plan.Coverage{parkLand()}, waste(), parkShare())
	change := func(do func(*plan.Observation)) plan.Observation {
		o := inCity(month(1), 1)
		do(&o)
		return o
	}
	var list []plan.Observation
	want := map[int]string{}
	for _, c := range []struct {
		at string
		o  plan.Observation
	}{
		{"", inCity(month(1), 1)},
		{"value", change(func(o *plan.Observation) { o.Value, o.Code = ptr(math.NaN()), "nan" })},
		{"value", change(func(o *plan.Observation) { o.Value, o.Code = ptr(math.Inf(1)), "inf" })},
		{"value", change(func(o *plan.Observation) { o.Value, o.Code = ptr(-0.1), "low" })},
		{"value", change(func(o *plan.Observation) { o.Value, o.Code = ptr(1e6+1), "high" })},
		{"at", change(func(o *plan.Observation) { o.At = time.Now().Add(6 * time.Minute) })},
		{"", change(func(o *plan.Observation) { o.At = time.Now().Add(4 * time.Minute) })},
		{"at", change(func(o *plan.Observation) { o.At = time.Time{} })},
		{"at", change(func(o *plan.Observation) { o.At = time.Date(1989, 12, 31, 23, 0, 0, 0, time.UTC) })},
		{"", change(func(o *plan.Observation) { o.At = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC) })},
		{"value", change(func(o *plan.Observation) { o.Value = nil })}, // contradicts the first
		{"by", change(func(o *plan.Observation) { o.Kind = plan.Kecamatan })},
		{"by", change(func(o *plan.Observation) { o.Kind = "dusun" })},
		{"code", change(func(o *plan.Observation) { o.Code = "" })},
		{"code", change(func(o *plan.Observation) { o.Code = strings.Repeat("1", 41) })},
		{"value", inCity(month(1), 2)}, // contradicts the first
	} {
		if c.at != "" {
			want[len(list)] = c.at
		}
		list = append(list, c.o)
	}
	_, err := db.Store.Observe(t.Context(), sender, "waste", list)
	var faults *plan.Faults
	if !errors.As(err, &faults) || plan.KindOf(err) != plan.Unprocessable {
		t.Fatalf("%v", err)
	}
	got := map[int]string{}
	for _, f := range faults.List {
		got[f.Index] = f.Err.At
		if f.Err.Message.ID == "" || f.Err.Message.EN == "" || f.Err.Message.ID == f.Err.Message.EN {
			t.Errorf("%+v", f.Err)
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}

	free := waste()
	free.ID, free.Min, free.Max = "free", nil, nil
	define(t, db.Store, nil, free)
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if _, err := db.Store.Observe(t.Context(), sender, "free", []plan.Observation{inCity(month(1), v)}); !errors.As(err, &faults) {
			t.Errorf("%v: %v", v, err)
		}
	}

	reading, other, layers := sender, sender, sender
	reading.ReadOnly = true
	other.Layers, other.Indicators = []string{}, []string{"free"}
	layers.Layers = []string{"park"}
	one := []plan.Observation{inCity(month(1), 1)}
	for name, c := range map[string]struct {
		actor     plan.Actor
		indicator string
		list      []plan.Observation
		kind      plan.Kind
	}{
		"nobody":             {plan.Actor{}, "waste", one, plan.Denied},
		"a reader":           {plan.Actor{Name: "warga", Role: plan.Public}, "waste", one, plan.Denied},
		"a disaster officer": {plan.Actor{Name: "tuti", Role: plan.Disaster}, "waste", one, plan.Denied},
		"a reading token":    {reading, "waste", one, plan.Denied},
		"another's token":    {other, "waste", one, plan.Denied},
		"a token of layers":  {layers, "waste", one, plan.Denied},
		"no indicator":       {sender, "absent", one, plan.NotFound},
		"a computed one":     {sender, "park_share", one, plan.Unprocessable},
		"too many":           {sender, "waste", make([]plan.Observation, plan.MostObservations+1), plan.TooLarge},
	} {
		if n, err := db.Store.Observe(t.Context(), c.actor, c.indicator, c.list); plan.KindOf(err) != c.kind || n != 0 {
			t.Errorf("%s: %d, %v", name, n, err)
		}
	}
	if n := scan[int](t, db.Conn(t), "select count(*) from simtaru.observation"); n != 0 {
		t.Errorf("%d were stored", n)
	}
}

// TestObserveAtOnce: of equal requests at the same time one stores.
func TestObserveAtOnce(t *testing.T) {
	db := testdb.New(t)
	define(t, db.Store, nil, waste())
	var list []plan.Observation
	for n := range plan.MostObservations {
		list = append(list, inCity(month(1).Add(time.Duration(n)*time.Hour), float64(n)))
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	total := 0
	for range 6 {
		all.Go(func() {
			n, err := db.Store.Observe(t.Context(), sender, "waste", list)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			total += n
			mu.Unlock()
		})
	}
	all.Wait()
	if n := scan[int](t, db.Conn(t), "select count(*) from simtaru.observation"); n != len(list) || total != len(list) {
		t.Errorf("%d rows, %d told, want %d", n, total, len(list))
	}
}

// TestObserveKilled ends the server's session in the middle: nothing of the
// request is there, and the request repeated stores all of it.
func TestObserveKilled(t *testing.T) {
	db := testdb.New(t)
	define(t, db.Store, nil, waste())
	conn := db.Conn(t)
	// Let the row be inserted, and then wait for what this test holds.
	run(t, conn, "create function pg_temp.hold() returns trigger language plpgsql as 'begin perform pg_advisory_xact_lock(4711); return new; end'",
		"create trigger hold after insert on simtaru.observation for each row execute function pg_temp.hold()",
		"begin", "select pg_advisory_xact_lock(4711)")
	done := make(chan error, 1)
	list := []plan.Observation{inCity(month(1), 1), inCity(month(2), 2)}
	go func() {
		_, err := db.Store.Observe(context.WithoutCancel(t.Context()), sender, "waste", list)
		done <- err
	}()
	other := db.Conn(t)
	const waiting = "select count(*) from pg_locks where locktype = 'advisory' and objid = 4711 and not granted and database = (select oid from pg_database where datname = current_database())"
	eventually(t, func() bool { return scan[int](t, other, waiting) == 1 })
	run(t, other, "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = 4711 and not granted")
	if err := <-done; plan.KindOf(err) != plan.Unavailable {
		t.Errorf("%v", err)
	}
	run(t, conn, "rollback", "drop trigger hold on simtaru.observation")
	if n := scan[int](t, conn, "select count(*) from simtaru.observation"); n != 0 {
		t.Errorf("%d rows of a request that failed", n)
	}
	observe(t, db, 2, list...)
}

func eventually(t *testing.T, is func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it did not come to that")
		}
	}
}

// TestRecord: a reading is kept with all that it was computed from, once for a
// day and once for a release, and read back equal.
func TestRecord(t *testing.T) {
	db := withPark(t)
	define(t, db.Store, []*plan.Coverage{parkLand()}, parkShare(), waste())
	reading := func(value *float64, at time.Time) plan.Reading {
		return plan.Reading{
			Indicator: "park_share", Kind: plan.Gampong, Code: "11.71.01.2001", Name: "Gampong \"Jawa\"", Value: value,
			Numerator: ptr(1.0 / 3), Denominator: ptr(1e9 + 0.1), Features: 12, Method: 3, Boundary: "b", Data: "d", At: at,
			Classes: []plan.ClassReading{{Part: "open", Class: "city", Title: plan.Text{ID: "Kota", EN: "City"}, Color: "#010203", Area: 0.1, Weighted: ptr(0.25), Features: 7}},
		}
	}
	first := plan.Recorded{Reading: reading(ptr(14.33), month(1)), On: "2026-01-01"}
	empty := plan.Recorded{Reading: reading(nil, month(2)), On: "2026-02-01"}
	empty.Why, empty.Classes, empty.Numerator = plan.Text{ID: "Tidak ada penduduk.", EN: "Nobody lives here."}, nil, nil
	release := plan.Recorded{Reading: reading(ptr(13.78), month(2).Add(12*time.Hour)), Label: "Perwal 13/2021"}
	sent := plan.Recorded{Reading: reading(ptr(5.0), month(1)), On: "2026-01-01"}
	sent.Kind, sent.Code, sent.Actor, sent.Sent = plan.City, "11.71", "dlhk3", ptr(month(1).Add(time.Hour))
	record := func(list ...plan.Recorded) {
		t.Helper()
		if err := db.Store.Record(t.Context(), list); err != nil {
			t.Fatal(err)
		}
	}
	series := func(kind plan.UnitKind, code string, from, until plan.Date) []plan.Recorded {
		t.Helper()
		got, err := db.Store.Series(t.Context(), "park_share", kind, code, from, until)
		if err != nil {
			t.Fatal(err)
		}
		for n := range got {
			if len(got[n].Classes) == 0 {
				got[n].Classes = nil
			}
		}
		return got
	}
	record(release, empty, sent, first)
	village := func(from, until plan.Date) []plan.Recorded { return series(plan.Gampong, "11.71.01.2001", from, until) }
	if d := cmp.Diff([]plan.Recorded{first, empty, release}, village("", "")); d != "" {
		t.Errorf("(-recorded +read):\n%s", d)
	}
	if d := cmp.Diff([]plan.Recorded{sent}, series(plan.City, "11.71", "", "")); d != "" {
		t.Errorf("(-recorded +read):\n%s", d)
	}
	if d := cmp.Diff([]plan.Recorded{first}, village("2026-01-01", "2026-01-31")); d != "" {
		t.Errorf("of January: %s", d)
	}
	// The same day and the same release again.
	first.Value, first.Classes = ptr(15.0), nil
	release.Value = ptr(13.0)
	record(first, release)
	record()
	if d := cmp.Diff([]plan.Recorded{first, empty, release}, village("", "")); d != "" {
		t.Errorf("again (-recorded +read):\n%s", d)
	}
	if n := scan[int](t, db.Conn(t), "select count(*) from simtaru.indicator_value"); n != 4 {
		t.Errorf("%d rows", n)
	}
	// What is wrong keeps nothing.
	other := first
	other.Code = "11.71.01.2002"
	unknown, both, infinite := other, other, other
	unknown.Indicator, both.Label, infinite.Numerator = "absent", "x", ptr(math.Inf(1))
	for name, bad := range map[string]plan.Recorded{"of no indicator": unknown, "a day and a release": both, "infinite": infinite} {
		if err := db.Store.Record(t.Context(), []plan.Recorded{other, bad}); err == nil {
			t.Errorf("%s was recorded", name)
		}
	}
	if got := series(plan.Gampong, "11.71.01.2002", "", ""); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	if _, err := db.Store.Series(t.Context(), "absent", plan.City, "11.71", "", ""); plan.KindOf(err) != plan.NotFound {
		t.Errorf("%v", err)
	}
}

// TestIndicatorsAreTheServersAlone: nobody but the server's login writes any of
// it, and nobody but the server reads what may tell of a layer.
func TestIndicatorsAreTheServersAlone(t *testing.T) {
	db := withPark(t)
	define(t, db.Store, nil, waste())
	login(t, db, "siti", "simtaru_planner")
	login(t, db, "rina", "simtaru_admin")
	for _, name := range []string{"siti", "rina"} {
		conn := connectAs(t, db, name)
		for _, table := range []string{"coverage", "indicator", "observation", "indicator_value"} {
			for _, sql := range []string{"select count(*) from simtaru." + table, "delete from simtaru." + table, "truncate simtaru." + table} {
				if _, err := conn.Exec(t.Context(), sql); err == nil || !strings.Contains(err.Error(), "42501") {
					t.Errorf("%s: %s: %v", name, sql, err)
				}
			}
		}
	}
	conn := db.Conn(t)
	run(t, conn, "set role simtaru_reader", "select from simtaru.coverage, simtaru.indicator, simtaru.observation, simtaru.indicator_value")
	if _, err := conn.Exec(t.Context(), "delete from simtaru.observation"); err == nil {
		t.Error("the reader deletes")
	}
}

// TestIndicatorsUpgrade: a database of a program before indicators keeps its
// layers and takes the new tables.
func TestIndicatorsUpgrade(t *testing.T) {
	db := withPark(t)
	conn := db.Conn(t)
	insertPark(t, conn, "Taman Sari", square)
	beforeIndicators(t, conn)
	if _, err := db.Store.Catalog(t.Context()); err == nil {
		t.Fatal("the database is not an old one")
	}
	before := scan[int64](t, conn, "select catalog from simtaru.state")
	for range 2 {
		if err := db.Store.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	cat, err := db.Store.Catalog(t.Context())
	if err != nil || len(cat.Layers()) != 1 || len(cat.Indicators()) != 0 || cat.Version() != before+1 {
		t.Fatal(cat, err)
	}
	define(t, db.Store, []*plan.Coverage{parkLand()}, parkShare(), waste())
	observe(t, db, 1, inCity(month(1), 1))
	if n := scan[int](t, conn, "select count(*) from plan.park"); n != 1 {
		t.Errorf("%d parks", n)
	}
}

// beforeIndicators takes away what the migrations from that of indicators on made.
func beforeIndicators(t testing.TB, conn *pgx.Conn) {
	t.Helper()
	run(t, conn, "drop table simtaru.indicator_value, simtaru.observation, simtaru.indicator, simtaru.coverage, simtaru.rule_set, simtaru.submission, simtaru.extract",
		"drop table simtaru.evacuation, simtaru.evacuation_flow, simtaru.evacuation_group cascade",
		"alter table simtaru.token drop column indicators", "update simtaru.migration set version = 3")
}

func hasCode(err error, code string) bool {
	var e *plan.Error
	return errors.As(err, &e) && e.Code == code
}
