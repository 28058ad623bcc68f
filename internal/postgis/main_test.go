package postgis_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/postgis"
	"github.com/simtaru/simtaru/internal/testdb"
)

func TestMain(m *testing.M) { os.Exit(testdb.Main(context.Background(), m)) }

func ptr[T any](v T) *T { return &v }

// park is a small layer that has each type of field and each rule.
func park() *plan.Layer {
	return &plan.Layer{
		ID: "park", Title: plan.Text{ID: "Taman", EN: "Park"}, Group: "green", Geometry: plan.MultiPolygon,
		Fields: []plan.Field{
			{Name: "name", Type: plan.TextField, Title: plan.Text{ID: "Nama taman", EN: "Park name"}, Required: true, MaxLength: 20, Tiles: ptr(12)},
			{Name: "kind", Type: plan.TextField, Title: plan.Text{ID: "Jenis", EN: "Kind"}, Codes: &plan.CodeRef{List: "park_kind", Version: "1"}, Tiles: ptr(0)},
			{Name: "trees", Type: plan.IntegerField, Title: plan.Text{ID: "Jumlah pohon", EN: "Trees"}, Min: ptr(0.0)},
			{Name: "share", Type: plan.NumberField, Title: plan.Text{ID: "Porsi hijau", EN: "Green share"}, Unit: "%", Min: ptr(0.0), Max: ptr(100.0)},
			{Name: "open", Type: plan.BooleanField, Title: plan.Text{ID: "Terbuka", EN: "Open"}},
			{Name: "since", Type: plan.DateField, Title: plan.Text{ID: "Sejak", EN: "Since"}},
			{Name: "checked", Type: plan.TimestampField, Title: plan.Text{ID: "Diperiksa", EN: "Checked"}},
			{Name: "reference", Type: plan.TextField, Title: plan.Text{ID: "Nomor", EN: "Reference"}, Unique: true},
		},
		Zooms: plan.Zooms{Min: 10, Max: 16}, Policy: plan.Live,
		Access:  plan.Access{Read: []plan.Role{plan.Public}, Edit: []plan.Role{plan.Planner}},
		Licence: "CC-BY-4.0", Attribution: plan.Text{ID: "Uji", EN: "Test"}, Order: 1, Visible: true, Search: "name",
	}
}

func parkKinds() *plan.CodeList {
	return &plan.CodeList{
		ID: "park_kind", Version: "1", Title: plan.Text{ID: "Jenis taman", EN: "Park kinds"}, Source: "made up",
		Codes: []plan.Code{
			{Code: "city", Title: plan.Text{ID: "Taman kota", EN: "City park"}, Color: "#416900"},
			{Code: "quarter", Title: plan.Text{ID: "Taman lingkungan", EN: "Quarter park"}, Group: "city", Note: "uncertain"},
		},
	}
}

// withPark is a database with the layer park.
func withPark(t testing.TB) *testdb.DB {
	t.Helper()
	db := testdb.New(t)
	apply(t, db.Store, park(), parkKinds())
	return db
}

// login lets a person in: a login role, a member of the roles given, that may
// connect to this database. Roles are the server's, so another test may have
// made it.
func login(t testing.TB, db *testdb.DB, name string, roles ...string) {
	t.Helper()
	db.Exec(t, fmt.Sprintf("do $$ begin create role %[1]s login; exception when duplicate_object then null; end $$", name))
	for _, r := range roles {
		db.Exec(t, fmt.Sprintf("grant %s to %s", r, name))
	}
	db.Exec(t, fmt.Sprintf("grant connect on database %s to %s", scan[string](t, db.Conn(t), "select current_database()"), name))
}

func apply(t testing.TB, s *postgis.Store, l *plan.Layer, lists ...*plan.CodeList) postgis.Report {
	t.Helper()
	report, err := s.Apply(t.Context(), l, lists)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// square is a closed ring of side d degrees as WKT.
const square = "MULTIPOLYGON(((95.3 5.5,95.301 5.5,95.301 5.501,95.3 5.501,95.3 5.5)))"

// insertPark adds a park and returns its id.
func insertPark(t testing.TB, q interface {
	QueryRow(context.Context, string, ...any) pgx.Row
}, name, wkt string,
) int64 {
	t.Helper()
	var id int64
	err := q.QueryRow(t.Context(), "insert into plan.park (name, geom) values ($1, st_geomfromtext($2, 4326)) returning id", name, wkt).Scan(&id)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// refusal returns the *plan.Error in err's chain and fails without one.
func refusal(t testing.TB, err error) *plan.Error {
	t.Helper()
	var e *plan.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want a *plan.Error", err)
	}
	return e
}

func scan[T any](t testing.TB, conn *pgx.Conn, sql string, args ...any) T {
	t.Helper()
	var v T
	if err := conn.QueryRow(t.Context(), sql, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return v
}
