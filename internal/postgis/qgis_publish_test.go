package postgis_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/carto/qgis"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/postgis"
	"github.com/simtaru/simtaru/internal/testdb"
)

// groups is the list that a catalogue's layers are grouped by.
func groups() *plan.CodeList {
	return &plan.CodeList{ID: "layer_group", Version: "1", Title: plan.Text{ID: "Kelompok", EN: "Groups"}, Source: "made up", Codes: []plan.Code{
		{Code: "green", Title: plan.Text{ID: "Hijau", EN: "Green"}},
	}}
}

// secretPark is a layer that disaster officers alone may see.
func secretPark() *plan.Layer {
	l := park()
	l.ID, l.Access = "secret_park", plan.Access{Read: []plan.Role{plan.Disaster}}
	return l
}

func publication(db *testdb.DB) postgis.Publication {
	host, port, name := db.Store.Address()
	return postgis.Publication{
		City:       plan.Text{ID: "Kota Uji", EN: "Test City"},
		Connection: qgis.Connection{Host: host, Port: port, Database: name},
	}
}

func publishTo(t testing.TB, s *postgis.Store, p postgis.Publication) postgis.Published {
	t.Helper()
	done, err := s.PublishQGIS(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// TestPublishWritesWhatDiffers: twice the same is nothing, a changed layer is
// that layer, and a database of another name has all of it again.
func TestPublishWritesWhatDiffers(t *testing.T) {
	db := withPark(t)
	apply(t, db.Store, secretPark(), groups())
	p := publication(db)
	all := []string{"simtaru_public", "simtaru_planner", "simtaru_disaster", "simtaru_admin"}
	steps := []struct {
		name string
		do   func()
		want postgis.Published
	}{
		{"first", func() {}, postgis.Published{Styles: []string{"park", "secret_park"}, Projects: all}},
		{"again", func() {}, postgis.Published{}},
		{"a wider field", func() {
			l := park()
			l.Fields[0].MaxLength = 40
			apply(t, db.Store, l)
		}, postgis.Published{Styles: []string{"park"}, Projects: all}},
		{"another host", func() { p.Connection.Host = "db.example.id" }, postgis.Published{Projects: all}},
		{"a park", func() { insertPark(t, db.Conn(t), "Taman", square) }, postgis.Published{Projects: all}},
		{"a park beside it", func() {
			insertPark(t, db.Conn(t), "Taman 2", "MULTIPOLYGON(((95.302 5.502,95.303 5.502,95.303 5.503,95.302 5.502)))")
		}, postgis.Published{}},
		{"a table of QGIS before 3.14", func() {
			db.Exec(t, "alter table public.layer_styles drop column type")
			db.Exec(t, "comment on table public.layer_styles is null")
		}, postgis.Published{Styles: []string{"park", "secret_park"}}},
		{"a layer that is gone", func() {
			db.Exec(t, "delete from simtaru.layer where id = 'secret_park'")
		}, postgis.Published{Projects: all[2:]}},
	}
	for _, step := range steps {
		step.do()
		if diff := cmp.Diff(step.want, publishTo(t, db.Store, p)); diff != "" {
			t.Errorf("%s:\n%s", step.name, diff)
		}
	}
	conn := db.Conn(t)
	if got := scan[string](t, conn, "select string_agg(f_table_name || ' ' || f_table_catalog || ' ' || type || ' ' || useasdefault, ', ') from layer_styles"); got != "park "+p.Connection.Database+" Polygon true" {
		t.Error(got)
	}
}

// TestStylesAndProjectsByRole looks through the eyes of each role.
func TestStylesAndProjectsByRole(t *testing.T) {
	db := withPark(t)
	apply(t, db.Store, secretPark(), groups())
	publishTo(t, db.Store, publication(db))
	conn := db.Conn(t)
	for role, want := range map[string]string{
		"simtaru_public":   "park / simtaru_public",
		"simtaru_planner":  "park / simtaru_planner",
		"simtaru_disaster": "park, secret_park / simtaru_disaster",
		"simtaru_admin":    "park, secret_park / simtaru_admin, simtaru_disaster, simtaru_planner, simtaru_public",
	} {
		as(t, conn, role, func(tx pgx.Tx) {
			var styles, projects string
			err := tx.QueryRow(t.Context(), `select
			  (select string_agg(f_table_name, ', ' order by f_table_name) from layer_styles),
			  (select string_agg(name, ', ' order by name) from qgis_projects)`).Scan(&styles, &projects)
			if got := styles + " / " + projects; err != nil || got != want {
				t.Errorf("%s sees %s, %v; want %s", role, got, err, want)
			}
		})
	}
	as(t, conn, "simtaru_reader", func(tx pgx.Tx) {
		if _, err := tx.Exec(t.Context(), "select from public.qgis_projects"); err == nil {
			t.Error("a role that is nobody's reads projects")
		}
	})
}

// as runs do under a role in a transaction that is undone.
func as(t testing.TB, conn *pgx.Conn, role string, do func(pgx.Tx)) {
	t.Helper()
	tx, err := conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(t.Context()) }()
	if _, err := tx.Exec(t.Context(), "set local role "+role); err != nil {
		t.Fatal(err)
	}
	do(tx)
}

// TestStylesOfOnesOwn: planners keep styles of their own, but neither change
// the city's nor put another in its place; what an administrator made the
// default stays as one to choose.
func TestStylesOfOnesOwn(t *testing.T) {
	db := withPark(t)
	apply(t, db.Store, park(), groups())
	p := publication(db)
	publishTo(t, db.Store, p)
	conn := db.Conn(t)
	insert := "insert into layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, stylename, styleqml, useasdefault, owner, type) " +
		"values (current_database(), 'plan', 'park', 'geom', '%s', '<qgis/>', %t, %s, 'Polygon')"
	tries := []struct {
		role, sql string
		rows      int64 // -1: refused
	}{
		{"simtaru_planner", fmt.Sprintf(insert, "malam", false, "current_user"), 1},
		{"simtaru_planner", fmt.Sprintf(insert, "malam", true, "current_user"), -1},
		{"simtaru_planner", fmt.Sprintf(insert, "simtaru", false, "current_user"), -1},
		{"simtaru_planner", fmt.Sprintf(insert, "malam", false, "'siti'"), -1},
		{"simtaru_public", fmt.Sprintf(insert, "malam", false, "current_user"), -1},
		{"simtaru_planner", "update layer_styles set useasdefault = false", 0},
		{"simtaru_planner", "delete from layer_styles", 0},
		{"simtaru_planner", "delete from qgis_projects", -1},
		{"simtaru_admin", "delete from qgis_projects where name = 'simtaru_planner'", 1},
		{"simtaru_admin", "update qgis_projects set content = '' where name = 'simtaru_planner'", -1},
	}
	for _, try := range tries {
		as(t, conn, try.role, func(tx pgx.Tx) {
			tag, err := tx.Exec(t.Context(), try.sql)
			if refused := err != nil; refused != (try.rows < 0) || !refused && tag.RowsAffected() != try.rows {
				t.Errorf("%s: %s: %s, %v; want %d rows", try.role, try.sql, tag, err, try.rows)
			}
		})
	}
	db.Exec(t, fmt.Sprintf(insert, "cetak", true, "current_user"))
	db.Exec(t, "update layer_styles set useasdefault = false where stylename = 'simtaru'")
	if done := publishTo(t, db.Store, p); len(done.Styles) != 1 {
		t.Errorf("%+v", done)
	}
	if got := scan[string](t, conn, "select string_agg(stylename || ' ' || useasdefault, ', ' order by stylename) from layer_styles"); got != "cetak false, simtaru true" {
		t.Error(got)
	}
}

// TestPublishSaysWhatIsMissing: the schema public may belong to somebody else.
func TestPublishSaysWhatIsMissing(t *testing.T) {
	db := withPark(t)
	db.Exec(t, "drop schema if exists public cascade; create extension if not exists postgis with schema simtaru")
	_, err := db.Store.PublishQGIS(t.Context(), publication(db))
	if e := refusal(t, err); e.Code != "qgis-needs-public" || !strings.Contains(e.Message.ID, "GRANT USAGE, CREATE ON SCHEMA public") {
		t.Errorf("%s: %s", e.Code, e.Message.ID)
	}
}
