package postgis_test

import (
	"strings"
	"testing"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/postgis"
	"github.com/simtaru/simtaru/internal/testdb"
)

// scored is the park with fields that are computed, one of them of another.
func scored() *plan.Layer {
	l := park()
	l.Fields = append(l.Fields,
		plan.Field{Name: "shade", Type: plan.NumberField, Title: plan.Text{ID: "Teduh", EN: "Shade"}},
		plan.Field{
			Name: "shade_percent", Type: plan.NumberField, Title: plan.Text{ID: "Teduh per pohon", EN: "Shade by tree"}, Unit: "%",
			Computed: &plan.Computed{Function: plan.Percent, Of: []string{"shade", "trees"}},
		},
		plan.Field{
			Name: "shade_score", Type: plan.IntegerField, Title: plan.Text{ID: "Nilai teduh", EN: "Shade score"},
			Computed: &plan.Computed{Function: plan.SlumScore, Of: []string{"shade_percent"}},
		})
	return l
}

const computedNow = "select coalesce(shade_percent::text, '-') || ' ' || coalesce(shade_score::text, '-') from plan.park where name = $1"

// TestComputedWhateverIsSent: a computed field is what follows from the others,
// whoever sends what, with triggers and without.
func TestComputedWhateverIsSent(t *testing.T) {
	db := testdb.New(t)
	apply(t, db.Store, scored(), parkKinds())
	login(t, db, "sari_computed", "simtaru_planner")
	conn := connectAs(t, db, "sari_computed")
	exec := func(sql string) error {
		_, err := conn.Exec(t.Context(), sql)
		return err
	}
	for _, sql := range []string{
		"insert into plan.park (name, trees, shade, shade_percent, shade_score) values ('Full', 4, 3, 1, 5), ('None', 0, 3, 99, 5), ('Untold', null, 3, null, null)",
		"update plan.park set shade_score = 0 where name = 'Full'",
	} {
		if err := exec(sql); err != nil {
			t.Fatal(err)
		}
	}
	check := func(want map[string]string) {
		t.Helper()
		for name, want := range want {
			if got := scan[string](t, conn, computedNow, name); got != want {
				t.Errorf("%s: %s, want %s", name, got, want)
			}
		}
	}
	check(map[string]string{"Full": "75 3", "None": "- -", "Untold": "- -"})
	if err := exec("update plan.park set trees = 12 where name = 'Full'"); err != nil {
		t.Fatal(err)
	}
	check(map[string]string{"Full": "25 1"})
	if got := scan[string](t, conn, "select string_agg(coalesce(shade_score::text, '-'), ' ' order by revision) from history.park where id = (select id from plan.park where name = 'Full')"); got != "3 3 1" {
		t.Errorf("history: %s", got)
	}
	// Only what was read, and another value for what is computed: no version.
	if err := exec("update plan.park set shade_score = 77, read_revision = revision where name = 'Full'"); err != nil {
		t.Fatal(err)
	}
	if got := scan[int](t, conn, "select revision from plan.park where name = 'Full'"); got != 3 {
		t.Errorf("revision %d", got)
	}
	owner := db.Conn(t)
	_, err := owner.PgConn().Exec(t.Context(), "alter table plan.park disable trigger user; update plan.park set shade_score = 5").ReadAll()
	if err == nil || !strings.Contains(err.Error(), "shade_score_computed") {
		t.Errorf("without triggers: %v", err)
	}
	found, err := db.Store.Drift(t.Context(), plan.NewCatalog([]*plan.Layer{scored()}, nil))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range found {
		t.Error(d)
	}
}

// TestComputedInQGIS: the real QGIS pastes features with computed values, changes
// what they follow from, and overwrites them.
func TestComputedInQGIS(t *testing.T) {
	db := testdb.New(t)
	apply(t, db.Store, scored(), parkKinds())
	checkSteps(t, inQGIS(t, db, "computed_in_qgis.py"), map[string]string{
		"open": "", "paste": "", "pasted": "", "change": "", "changed": "", "overwrite": "", "overwritten": "",
	})
}

// TestComputedInExistingTables: a city that has the layer already gets computed
// fields with their values, for each version too, and without a version or a
// change. What is computed otherwise follows; what people filled in is not lost.
func TestComputedInExistingTables(t *testing.T) {
	db := testdb.New(t)
	before := scored()
	before.Fields = before.Fields[:len(before.Fields)-2]
	apply(t, db.Store, before, parkKinds())
	conn := db.Conn(t)
	for _, sql := range []string{
		"insert into plan.park (name, trees, shade) values ('Old', 4, 3), ('Gone', 4, 1), ('None', 0, 1)",
		"update plan.park set shade = 4 where name = 'Old'",
		"delete from plan.park where name = 'Gone'",
	} {
		db.Exec(t, sql)
	}
	const told = "select (select count(*) from simtaru.change) || ' ' || (select count(*) from history.park) || ' ' || (select max(updated_at) from plan.park)"
	was := scan[string](t, conn, told)
	agree := func(l *plan.Layer, old, versions string) {
		t.Helper()
		if got := scan[string](t, conn, computedNow, "Old"); got != old {
			t.Errorf("Old: %s, want %s", got, old)
		}
		const past = "select string_agg(coalesce(shade_score::text, '-'), ' ' order by id, revision) from history.park"
		if got := scan[string](t, conn, past); got != versions {
			t.Errorf("history: %s, want %s", got, versions)
		}
		if got := scan[string](t, conn, told); got != was {
			t.Errorf("changes, versions, time: %s, were %s", got, was)
		}
		found, err := db.Store.Drift(t.Context(), plan.NewCatalog([]*plan.Layer{l}, nil))
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range found {
			t.Error(d)
		}
		if r := apply(t, db.Store, l); r.Outcome != postgis.Unchanged {
			t.Errorf("again: %s", r.Outcome)
		}
	}
	if r := apply(t, db.Store, scored()); r.Outcome != postgis.Changed {
		t.Errorf("outcome %s", r.Outcome)
	}
	agree(scored(), "100 5", "3 5 1 - -")

	other := scored()
	other.Fields[len(other.Fields)-2].Computed.Of = []string{"trees", "shade"}
	apply(t, db.Store, other)
	agree(other, "100 5", "5 5 5 - 0")

	// A deleted version has no values at all, also where a function would count them.
	counted := scored()
	counted.Fields[len(counted.Fields)-1].Computed = &plan.Computed{Function: plan.Given, Of: []string{"shade_percent"}}
	apply(t, db.Store, counted)
	agree(counted, "100 1", "1 1 1 - 0")

	typed := scored()
	typed.Fields = typed.Fields[:len(typed.Fields)-2]
	typed.Fields[len(typed.Fields)-1].Computed = &plan.Computed{Function: plan.Percent, Of: []string{"trees", "share"}}
	_, err := db.Store.Apply(t.Context(), typed, nil)
	if e := refusal(t, err); e.Code != "layer-would-lose-data" || e.At != "park.shade" {
		t.Errorf("%+v", e)
	}

	// What was computed is no loss; what is no longer computed stays as it is.
	apply(t, db.Store, before)
	if got := scan[int](t, conn, "select count(*) from pg_attribute where attrelid = 'plan.park'::regclass and attname like 'shade\\_%'"); got != 0 {
		t.Errorf("%d computed columns are left", got)
	}
	apply(t, db.Store, scored())
	plain := scored()
	plain.Fields[len(plain.Fields)-1].Computed = nil
	apply(t, db.Store, plain)
	agree(plain, "100 5", "3 5 1 - -")
}

// TestComputedFunctionsAreTotal: whatever they are given, they give a value or
// none, and never fail.
func TestComputedFunctionsAreTotal(t *testing.T) {
	db := testdb.New(t)
	conn := db.Conn(t)
	for _, f := range plan.Functions {
		const fit = `select count(*) = 1 and bool_and(provolatile = 'i' and proparallel = 's' and has_function_privilege('simtaru_planner', oid, 'execute'))
			from pg_proc where pronamespace = 'simtaru'::regnamespace and proname = $1`
		if !scan[bool](t, conn, fit, string(f)) {
			t.Errorf("%s is not there, may come to something else, or editors may not call it", f)
		}
	}
	for _, c := range []struct{ sql, want string }{
		{"simtaru.percent(0.24995, 1)", "24.995"},
		{"simtaru.percent(-3, 4)", "0"},
		{"simtaru.percent(3, 0)", "-"},
		{"simtaru.percent(3, -4)", "-"},
		{"simtaru.percent(3, null)", "-"},
		{"simtaru.percent(null, 3)", "-"},
		{"simtaru.percent('nan', 3)", "-"},
		{"simtaru.percent(3, 'nan')", "-"},
		{"simtaru.percent(1e308, 1e-308)", "-"},
		{"simtaru.percent(1e308, 1e-6) > 1e19", "true"},
		{"simtaru.percent('infinity', 'infinity')", "100"},
		{"simtaru.percent(5e-324, 1e308)", "0"},
		{"simtaru.mean(1, null, 2)", "1.5"},
		{"simtaru.mean(null, null)", "-"},
		{"simtaru.total(1, null, 2)", "3"},
		{"simtaru.total(null)", "-"},
		{"simtaru.given(1, null, 2)", "2"},
		{"simtaru.given(null::float8)", "0"},
		{"simtaru.slum_class(15)", "TK"},
		{"simtaru.slum_class(16)", "KR"},
		{"simtaru.slum_class(37)", "KR"},
		{"simtaru.slum_class(38)", "KS"},
		{"simtaru.slum_class(59)", "KS"},
		{"simtaru.slum_class(60)", "KB"},
		{"simtaru.slum_class(null)", "-"},
	} {
		if got := scan[string](t, conn, "select coalesce(("+c.sql+")::text, '-')"); got != c.want {
			t.Errorf("%s = %s, want %s", c.sql, got, c.want)
		}
	}
}
