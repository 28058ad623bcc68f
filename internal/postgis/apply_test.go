package postgis_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/postgis"
	"github.com/simtaru/simtaru/internal/testdb"
)

// TestBuiltinCatalogue: every declared layer becomes a table without drift, is
// read back equal, and costs nothing to apply again.
func TestBuiltinCatalogue(t *testing.T) {
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	db := testdb.New(t)
	reports, err := db.Store.ApplyCatalog(t.Context(), cat)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range reports {
		if r.Outcome != postgis.Created {
			t.Errorf("%s: %s", r.Layer, r.Outcome)
		}
	}
	back, err := db.Store.Catalog(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	byID := func(a, b *plan.Layer) int { return strings.Compare(a.ID, b.ID) }
	if d := cmp.Diff(slices.SortedFunc(slices.Values(cat.Layers()), byID), slices.SortedFunc(slices.Values(back.Layers()), byID)); d != "" {
		t.Errorf("layers read back (-declared +read):\n%s", d)
	}
	byKey := func(a, b *plan.CodeList) int { return strings.Compare(a.ID+"@"+a.Version, b.ID+"@"+b.Version) }
	if d := cmp.Diff(slices.SortedFunc(slices.Values(cat.Lists()), byKey), slices.SortedFunc(slices.Values(back.Lists()), byKey)); d != "" {
		t.Errorf("lists read back (-declared +read):\n%s", d)
	}
	found, err := db.Store.Drift(t.Context(), back)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range found {
		t.Error(d)
	}
	if reports, err = db.Store.ApplyCatalog(t.Context(), back); err != nil {
		t.Fatal(err)
	}
	for _, r := range reports {
		if r.Outcome != postgis.Unchanged || len(r.Statements) > 0 || len(r.Lists) > 0 {
			t.Errorf("again: %+v", r)
		}
	}
}

// TestDriftIsSeen changes the tables behind the declaration's back.
func TestDriftIsSeen(t *testing.T) {
	db := withPark(t)
	cat := plan.NewCatalog([]*plan.Layer{park()}, nil)
	for _, c := range []struct{ sql, want string }{
		{"alter table plan.park add column extra int", "park: live column extra is not declared"},
		{"alter table plan.park alter column name drop not null", `park: live column name is "text -- Nama taman / Park name"`},
		{"alter table plan.park drop constraint share_range", "park: constraint share_range is missing"},
		{"alter table plan.park disable trigger record_update", "park: trigger record_update is missing"},
		{"drop index plan.park_geom_idx", `park: index gist(geom) is "history"`},
		{"grant update on plan.park to simtaru_public", "park: privilege simtaru_public is"},
		{"alter table history.park drop column trees", "park: history column trees is missing"},
		{"alter table plan.park drop constraint geom_type", `park: geometry of plan is "GEOMETRY 4326 2", want "MULTIPOLYGON 4326 2"`},
		{"alter table plan.park drop constraint geom_srid", "park: constraint geom_srid is missing"},
		{"alter table history.park drop constraint geom_dims", "park: constraint history.geom_dims is missing"},
		{"alter table history.park alter column geom type geometry(MultiPolygon,4326)", `park: history column geom is "geometry(MultiPolygon,4326)", want "geometry"`},
		{"alter table plan.park drop column read_revision", "park: live column read_revision is missing"},
		{"drop policy narrow on plan.park", "park: policy plan.narrow is missing"},
		{"alter policy edits on plan.park to public", "park: policy plan.edits is"},
		{"alter policy reads on plan.park using (id > 1)", "park: policy plan.reads is"},
		{"alter table history.park disable row level security", "park: policy history.reads is missing"},
		{"create table plan.stray (x int)", "plan.stray is no declared layer"},
	} {
		if found, err := db.Store.Drift(t.Context(), cat); err != nil || slices.ContainsFunc(found, contains(c.want)) {
			t.Fatalf("before %q: %q, %v", c.sql, found, err)
		}
		db.Exec(t, c.sql)
		found, err := db.Store.Drift(t.Context(), cat)
		if err != nil || !slices.ContainsFunc(found, contains(c.want)) {
			t.Errorf("%s: %q, %v, want %q", c.sql, found, err, c.want)
		}
	}
}

func contains(part string) func(string) bool {
	return func(s string) bool { return strings.Contains(s, part) }
}

// TestWiden applies what loses nothing, on a layer that holds data, and finds
// no drift after each step.
func TestWiden(t *testing.T) {
	db := withPark(t)
	conn := db.Conn(t)
	id := insertPark(t, conn, "Taman Sari", square)
	l := park()
	for _, step := range []struct {
		name   string
		change func()
		sql    string // works after, not before
	}{
		{"longer text", func() { l.Fields[0].MaxLength = 40 }, "update plan.park set name = repeat('x', 40)"},
		{"wider range", func() { l.Fields[3].Max = ptr(200.0) }, "update plan.park set share = 150"},
		{"no lower bound", func() { l.Fields[2].Min = nil }, "update plan.park set trees = -1"},
		{"not unique", func() { l.Fields[7].Unique = false }, "insert into plan.park (name, reference) values ('a', 'x'), ('b', 'x')"},
		{"not required", func() { l.Fields[0].Required = false }, "insert into plan.park (kind) values ('city')"},
		{"a new field", func() {
			l.Fields = append(l.Fields, plan.Field{Name: "owner", Type: plan.TextField, Title: plan.Text{ID: "Pemilik", EN: "Owner"}})
		}, "update plan.park set owner = 'kota'"},
		{"another editor", func() { l.Access.Edit = []plan.Role{plan.Disaster} }, "begin; set local role simtaru_disaster; update plan.park set share = 3; commit"},
		{"any code", func() { l.Fields[1].Codes = nil }, "update plan.park set kind = 'anything'"},
	} {
		t.Run(step.name, func(t *testing.T) {
			if _, err := conn.PgConn().Exec(t.Context(), step.sql).ReadAll(); err == nil {
				t.Error("it worked before")
			}
			if _, err := conn.Exec(t.Context(), "rollback"); err != nil {
				t.Fatal(err)
			}
			step.change()
			if r := apply(t, db.Store, l); r.Outcome != postgis.Changed {
				t.Errorf("outcome %s", r.Outcome)
			}
			if _, err := conn.PgConn().Exec(t.Context(), step.sql).ReadAll(); err != nil {
				t.Error(err)
			}
			if found, err := db.Store.Drift(t.Context(), plan.NewCatalog([]*plan.Layer{l}, nil)); err != nil || len(found) > 0 {
				t.Errorf("drift: %q, %v", found, err)
			}
		})
	}
	if n := scan[int](t, conn, "select count(*) from history.park where id = $1", id); n < 3 {
		t.Errorf("%d versions of the first park", n)
	}
}

// TestRefused applies what would lose data: each is refused with a reason, and
// nothing has changed.
func TestRefused(t *testing.T) {
	db := withPark(t)
	db.Exec(t, `insert into plan.park (name, kind, trees, share, open, since, checked, reference, geom)
		select 'Taman ' || i, 'city', i, i, true, '2020-01-01', now(), null, st_geomfromtext($1, 4326) from generate_series(1, 12) i`, square)
	for _, c := range []struct {
		name, at, reason string
		change           func(l *plan.Layer)
	}{
		{"geometry type", "park", "12 versions", func(l *plan.Layer) { l.Geometry = plan.Point }},
		{"field removed", "park.trees", "holds data", func(l *plan.Layer) { l.Fields = slices.Delete(l.Fields, 2, 3) }},
		{"field renamed", "park.trees", "holds data", func(l *plan.Layer) { l.Fields[2].Name = "tree_count" }},
		{"type changed", "park.trees", "from integer to text", func(l *plan.Layer) { l.Fields[2].Type, l.Fields[2].Min = plan.TextField, nil }},
		{"range narrowed", "park.share", "2 features have a value outside it (id 11, 12)", func(l *plan.Layer) { l.Fields[3].Max = ptr(10.0) }},
		{"length reduced", "park.name", "3 features have a longer text (id 10, 11, 12)", func(l *plan.Layer) { l.Fields[0].MaxLength = 7 }},
		{"required", "park.reference", "12 features have no value (id 1, 2, 3, 4, 5, ...)", func(l *plan.Layer) { l.Fields[7].Required = true }},
		{"unique", "park.since", "share their value", func(l *plan.Layer) { l.Fields[5].Unique = true }},
		{"new and required", "park.owner", "add it without required", func(l *plan.Layer) {
			l.Fields = append(l.Fields, plan.Field{Name: "owner", Type: plan.TextField, Required: true, Title: plan.Text{ID: "Pemilik", EN: "Owner"}})
		}},
		{"newly coded", "park.name", "lacks the codes of 12 features", func(l *plan.Layer) {
			l.Fields[0].Codes = &plan.CodeRef{List: "park_kind", Version: "1"}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := park()
			c.change(l)
			_, err := db.Store.Apply(t.Context(), l, nil)
			e := refusal(t, err)
			if e.Kind != plan.Conflict || e.At != c.at || !strings.Contains(e.Message.EN, c.reason) || e.Message.ID == "" {
				t.Errorf("at %q: %q", e.At, e.Message.EN)
			}
		})
	}
	if found, err := db.Store.Drift(t.Context(), plan.NewCatalog([]*plan.Layer{park()}, nil)); err != nil || len(found) > 0 {
		t.Errorf("drift: %q, %v", found, err)
	}
	// All faults are told together.
	l := park()
	l.Fields[3].Max = ptr(10.0)
	l.Fields = slices.Delete(l.Fields, 2, 3)
	_, err := db.Store.Apply(t.Context(), l, nil)
	if err == nil || !strings.Contains(err.Error(), "park.trees") || !strings.Contains(err.Error(), "park.share") {
		t.Errorf("two faults: %v", err)
	}
}

func TestEmptyFieldsMayGo(t *testing.T) {
	db := withPark(t)
	insertPark(t, db.Conn(t), "Taman Sari", square)
	l := park()
	l.Fields[2].Type, l.Fields[2].Min = plan.TextField, nil // trees, never filled
	l.Fields = slices.Delete(l.Fields, 3, 4)                // share, never filled
	apply(t, db.Store, l)
	if found, err := db.Store.Drift(t.Context(), plan.NewCatalog([]*plan.Layer{l}, nil)); err != nil || len(found) > 0 {
		t.Errorf("drift: %q, %v", found, err)
	}
}

func TestCodeLists(t *testing.T) {
	db := withPark(t)
	conn := db.Conn(t)
	id := insertPark(t, conn, "Taman Sari", square)
	db.Exec(t, "update plan.park set kind = 'quarter' where id = $1", id)
	db.Exec(t, "update plan.park set kind = 'city' where id = $1", id)

	more := parkKinds()
	more.Codes = append(more.Codes, plan.Code{Code: "forest", Title: plan.Text{ID: "Hutan kota", EN: "Urban forest"}})
	if r := apply(t, db.Store, park(), more); !slices.Equal(r.Lists, []string{"park_kind@1"}) {
		t.Errorf("lists written: %q", r.Lists)
	}
	db.Exec(t, "update plan.park set kind = 'city' where id = $1", id)

	less := parkKinds()
	less.Codes = less.Codes[:1] // quarter was a park's kind once
	_, err := db.Store.Apply(t.Context(), park(), []*plan.CodeList{less})
	if e := refusal(t, err); e.Code != "layer-would-lose-data" || !strings.Contains(e.Message.EN, "quarter") {
		t.Errorf("%+v", e)
	}
	apply(t, db.Store, park(), parkKinds()) // forest was never used
	cat, err := db.Store.Catalog(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	list, _ := cat.List(plan.CodeRef{List: "park_kind", Version: "1"})
	if d := cmp.Diff(parkKinds(), list); d != "" {
		t.Error(d)
	}
	other := park()
	other.Fields[1].Codes = &plan.CodeRef{List: "park_kind", Version: "2"}
	_, err = db.Store.Apply(t.Context(), other, nil)
	if e := refusal(t, err); e.Code != "unknown-code-list" {
		t.Errorf("%+v", e)
	}
}

func TestBadDeclarations(t *testing.T) {
	db := testdb.New(t)
	for name, change := range map[string]func(*plan.Layer){
		"layer name":     func(l *plan.Layer) { l.ID = `park"; drop schema plan cascade; --` },
		"long name":      func(l *plan.Layer) { l.ID = strings.Repeat("p", 41) },
		"field name":     func(l *plan.Layer) { l.Fields[0].Name = "Nama" },
		"platform field": func(l *plan.Layer) { l.Fields[0].Name = "revision" },
		"read revision":  func(l *plan.Layer) { l.Fields[0].Name = "read_revision" },
		"history field":  func(l *plan.Layer) { l.Fields[0].Name = "sys_from" },
		"twice":          func(l *plan.Layer) { l.Fields[0].Name = "kind" },
		"field type":     func(l *plan.Layer) { l.Fields[0].Type = "json" },
		"geometry":       func(l *plan.Layer) { l.Geometry = "Polygon" },
	} {
		l := park()
		change(l)
		_, err := db.Store.Apply(t.Context(), l, []*plan.CodeList{parkKinds()})
		if e := refusal(t, err); e.Code != "bad-declaration" {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

// TestHostileTexts: titles are free text and end up in functions and comments.
func TestHostileTexts(t *testing.T) {
	db := testdb.New(t)
	l := park()
	l.Title = plan.Text{ID: `'; drop table simtaru.layer; --`, EN: `$body$ $body0$ %s % \`}
	for i := range l.Fields {
		l.Fields[i].Title = plan.Text{ID: `100 % "itu" 'ini' $body$ %I\`, EN: `$body$`}
	}
	apply(t, db.Store, l, parkKinds())
	_, err := db.Conn(t).Exec(t.Context(), "insert into plan.park (name, share) values ('x', 101)")
	if err == nil || !strings.Contains(err.Error(), `100 % "itu" 'ini' $body$ %I\: nilai 101 di luar rentang 0 sampai 100 %`) {
		t.Errorf("%v", err)
	}
}

// TestDDLIsPure: the same declaration gives the same statements.
func TestDDLIsPure(t *testing.T) {
	if a, b := postgis.DDL(park()), postgis.DDL(park()); !slices.Equal(a, b) {
		t.Error("the statements differ")
	}
}
