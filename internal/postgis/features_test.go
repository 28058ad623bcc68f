package postgis_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/testdb"
	"github.com/simtaru/simtaru/tiles"
)

// past is every version of every feature as the test reads it itself: the
// oracle goes through all of them.
type past struct {
	id       int64
	revision int64
	from     time.Time
	to       *time.Time
	op, name string
	box      []float64
}

func history(t testing.TB, conn *pgx.Conn) []past {
	t.Helper()
	rows, err := conn.Query(t.Context(), `select id, revision, sys_from, sys_to, sys_op, coalesce(name, ''), simtaru.box(geom)
		from history.park order by id, revision`)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p past, err error) {
		return p, row.Scan(&p.id, &p.revision, &p.from, &p.to, &p.op, &p.name, &p.box)
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// expected answers a query by looking at everything.
func expected(all []past, q plan.Query) []string {
	latest := map[int64]past{}
	for _, v := range all {
		if v.op == "delete" {
			continue
		}
		switch {
		case q.At == nil && v.to != nil:
			continue
		case q.At != nil && !q.At.Until.IsZero() && v.from.After(q.At.Until):
			continue
		case q.At != nil && !q.At.From.IsZero() && v.to != nil && !v.to.After(q.At.From):
			continue
		}
		latest[v.id] = v // ascending revisions
	}
	var out []string
	for _, v := range latest {
		if meetsAny(q.Boxes, v.box) && (len(q.Where) == 0 || v.name == q.Where[0].Value) {
			out = append(out, fmt.Sprintf("%06d r%d %s", v.id, v.revision, v.name))
		}
	}
	slices.Sort(out)
	return out
}

// meetsAny: the geometries are boxes, so boxes that meet are geometries that do.
func meetsAny(boxes []orb.Bound, b []float64) bool {
	if boxes == nil {
		return true
	}
	return b != nil && slices.ContainsFunc(boxes, func(q orb.Bound) bool {
		return q.Min[0] <= b[2] && q.Max[0] >= b[0] && q.Min[1] <= b[3] && q.Max[1] >= b[1]
	})
}

// lively is a layer park with a long random past.
func lively(t testing.TB) (*testdb.DB, []time.Time) {
	t.Helper()
	db := withPark(t)
	conn := db.Conn(t)
	// Some of what is drawn below touches no row.
	if _, err := conn.Exec(t.Context(), "set simtaru.empty_update = 'on'"); err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(3, 4))
	var moments []time.Time
	for range 60 {
		sql := map[int]string{
			0: "insert into plan.park (name, geom) select (random() * 4)::int::text, %s from generate_series(1, 4)",
			1: "update plan.park set geom = %s where id %% 4 = %d",
			2: "update plan.park set name = (random() * 4)::int::text where id %% 4 = %d",
			3: "delete from plan.park where id %% 9 = %d",
			4: "insert into plan.park (name) values ('1')",
		}[rnd.IntN(5)]
		box := "st_multi(st_makeenvelope(x, y, x + 0.1, y + 0.1, 4326))"
		box = fmt.Sprintf("(select %s from (select 95 + floor(random() * 20) / 10 as x, 5 + floor(random() * 20) / 10 as y) p)", box)
		switch strings.Count(sql, "%") {
		case 1:
			sql = fmt.Sprintf(sql, box)
		case 4:
			sql = fmt.Sprintf(sql, box, rnd.IntN(4))
		case 3:
			sql = fmt.Sprintf(sql, rnd.IntN(9))
		}
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		moments = append(moments, scan[time.Time](t, conn, "select clock_timestamp()"))
	}
	return db, moments
}

// TestFeaturesAgainstOracle asks for the present and the past in every way.
func TestFeaturesAgainstOracle(t *testing.T) {
	db, moments := lively(t)
	all := history(t, db.Conn(t))
	rnd := rand.New(rand.NewPCG(5, 6))
	moment := func() time.Time {
		switch rnd.IntN(5) {
		case 0:
			return all[rnd.IntN(len(all))].from // the very moment of an edit
		case 1:
			return time.Time{}
		default:
			return moments[rnd.IntN(len(moments))]
		}
	}
	nonempty := 0
	for range 300 {
		q := plan.Query{Limit: 1 + rnd.IntN(30)}
		switch rnd.IntN(3) {
		case 0:
			at := moment()
			q.At = &plan.Interval{From: at, Until: at}
		case 1:
			from, until := moment(), moment()
			if !until.IsZero() && from.After(until) {
				from, until = until, from
			}
			q.At = &plan.Interval{From: from, Until: until}
		}
		for range rnd.IntN(3) {
			x, y := 95+float64(rnd.IntN(22))/10, 5+float64(rnd.IntN(22))/10
			// Some are a line or a point.
			q.Boxes = append(q.Boxes, orb.Bound{Min: orb.Point{x, y}, Max: orb.Point{x + float64(rnd.IntN(3))/4, y + float64(rnd.IntN(3))/4}})
		}
		if rnd.IntN(3) == 0 {
			q.Where = []plan.Equal{{Field: "name", Value: fmt.Sprint(rnd.IntN(5))}}
		}
		want := expected(all, q)
		got := pages(t, db, q, len(want))
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("%+v at %+v (-want +got):\n%s", q, q.At, d)
		}
		if len(want) > 0 {
			nonempty++
		}
	}
	if nonempty < 100 {
		t.Errorf("only %d queries found something", nonempty)
	}
}

// pages reads all pages of a query.
func pages(t *testing.T, db *testdb.DB, q plan.Query, matched int) []string {
	t.Helper()
	var out []string
	for {
		page, err := db.Store.Features(t.Context(), park(), q)
		if err != nil {
			t.Fatal(err)
		}
		if page.Matched != matched {
			t.Fatalf("%+v matches %d, want %d", q, page.Matched, matched)
		}
		for _, f := range page.Features {
			out = append(out, fmt.Sprintf("%06d r%d %s", f.ID, f.Revision, f.Values[0]))
		}
		if page.Next == 0 {
			return out
		}
		q.After = page.Next
	}
}

// TestValues: each type comes back as it went in, through each way of reading.
func TestValues(t *testing.T) {
	db := withPark(t)
	db.Exec(t, `insert into plan.park (name, kind, trees, share, open, since, checked, reference, geom) values
		('Taman "Sari" é', 'city', 9007199254740993, 0.1, true, '2024-02-29', '2021-08-17 10:00:00.123456+07', '', st_geomfromtext($1, 4326)),
		('b', null, null, null, null, '0001-01-01', '9999-12-31 23:59:59.999999+00', null, null)`, square)
	want := [][]any{
		{`Taman "Sari" é`, "city", int64(9007199254740993), 0.1, true, plan.Date("2024-02-29"), time.Date(2021, 8, 17, 3, 0, 0, 123456000, time.UTC), ""},
		{"b", nil, nil, nil, nil, plan.Date("0001-01-01"), time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC), nil},
	}
	page, err := db.Store.Features(t.Context(), park(), plan.Query{Limit: 9})
	if err != nil {
		t.Fatal(err)
	}
	f := follow(t, db.Store)
	for i, w := range want {
		for how, got := range map[string]*plan.Feature{"Features": page.Features[i], "Load": f.features[int64(i+1)]} {
			if d := cmp.Diff(w, got.Values); d != "" {
				t.Errorf("%s: %s", how, d)
			}
			if got.Revision != 1 || got.UpdatedBy != "postgres" || time.Since(got.UpdatedAt) > time.Minute {
				t.Errorf("%s: %+v", how, got)
			}
		}
	}
	ring := orb.Ring{{95.3, 5.5}, {95.301, 5.5}, {95.301, 5.501}, {95.3, 5.501}, {95.3, 5.5}}
	if d := cmp.Diff(orb.Geometry(orb.MultiPolygon{{ring}}), page.Features[0].Geometry); d != "" {
		t.Error(d)
	}
	if page.Features[1].Geometry != nil {
		t.Errorf("no geometry is %v", page.Features[1].Geometry)
	}
	for field, value := range map[string]any{
		"trees": int64(9007199254740993), "share": 0.1, "open": true, "since": plan.Date("2024-02-29"),
		"checked": want[0][6], "reference": "", "kind": "city",
	} {
		page, err := db.Store.Features(t.Context(), park(), plan.Query{Limit: 9, Where: []plan.Equal{{Field: field, Value: value}}})
		if err != nil || page.Matched != 1 || page.Features[0].ID != 1 {
			t.Errorf("%s = %v matches %d, %v", field, value, page.Matched, err)
		}
	}
}

// decodeTile reads a tile of the layer park with GDAL, a decoder of others:
// the attributes by id.
func decodeTile(t *testing.T, tile []byte) map[int64]map[string]any {
	t.Helper()
	if len(tile) == 0 {
		return map[int64]map[string]any{}
	}
	gdal, err := exec.LookPath("ogr2ogr")
	if err != nil {
		t.Skip("GDAL is not installed")
	}
	file := filepath.Join(t.TempDir(), "tile.mvt")
	if err := os.WriteFile(file, tile, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), gdal, "-f", "GeoJSON", "/vsistdout/", file, "park").Output()
	if err != nil {
		t.Fatalf("ogr2ogr: %v", err)
	}
	var read struct {
		Features []struct{ Properties map[string]any }
	}
	if err := json.Unmarshal(out, &read); err != nil {
		t.Fatal(err)
	}
	byID := map[int64]map[string]any{}
	for _, f := range read.Features {
		id, _ := f.Properties["mvt_id"].(float64)
		delete(f.Properties, "mvt_id")
		byID[int64(id)] = f.Properties
	}
	return byID
}

// TestTile decodes what PostGIS makes.
func TestTile(t *testing.T) {
	db := withPark(t)
	db.Exec(t, "insert into plan.park (name, kind, geom) values ('here', 'city', st_geomfromtext($1, 4326)), ('no geometry', 'city', null)", square)
	before := scan[time.Time](t, db.Conn(t), "select clock_timestamp()")
	db.Exec(t, "update plan.park set name = 'renamed' where id = 1")
	id := tiles.ID{Z: 14, X: 12529, Y: 7941}
	type decoded = map[int64]map[string]any
	tile := func(id tiles.ID, q plan.Query) decoded {
		t.Helper()
		b, err := db.Store.Tile(t.Context(), []*plan.Layer{park()}, id, q)
		if err != nil {
			t.Fatal(err)
		}
		return decodeTile(t, b)
	}
	for name, c := range map[string]struct {
		id   tiles.ID
		q    plan.Query
		want decoded
	}{
		"now":           {id, plan.Query{}, decoded{1: {"name": "renamed", "kind": "city"}}},
		"then":          {id, plan.Query{At: &plan.Interval{From: before, Until: before}}, decoded{1: {"name": "here", "kind": "city"}}},
		"fewer columns": {tiles.ID{Z: 11, X: 1566, Y: 992}, plan.Query{}, decoded{1: {"kind": "city"}}},
		"elsewhere":     {tiles.ID{Z: 14, X: 0, Y: 0}, plan.Query{}, decoded{}},
		"filtered":      {id, plan.Query{Where: []plan.Equal{{Field: "kind", Value: "quarter"}}}, decoded{}},
		"the world":     {tiles.ID{}, plan.Query{}, decoded{}},
	} {
		if got := tile(c.id, c.q); name != "the world" && !cmp.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	// A feature that reaches the poles, which Web Mercator does not.
	db.Exec(t, "insert into plan.park (name, geom) values ('world', st_multi(st_makeenvelope(-180, -90, 180, 90, 4326)))")
	if got := tile(tiles.ID{}, plan.Query{}); got[3] == nil {
		t.Errorf("the world is not in the tile of the world: %v", got)
	}
}

// TestEveryLayerAnswers builds the statements of every declared layer, with
// every condition, and runs them.
func TestEveryLayerAnswers(t *testing.T) {
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	db := testdb.New(t)
	if _, err := db.Store.ApplyCatalog(t.Context(), cat); err != nil {
		t.Fatal(err)
	}
	values := map[plan.FieldType]any{
		plan.TextField: "x", plan.IntegerField: int64(1), plan.NumberField: 1.5, plan.BooleanField: true,
		plan.DateField: plan.Date("2024-01-01"), plan.TimestampField: time.Now(),
	}
	for _, l := range cat.Layers() {
		q := plan.Query{Limit: 1, Boxes: []orb.Bound{{Min: orb.Point{95, 5}, Max: orb.Point{96, 6}}}}
		for _, f := range l.Fields {
			q.Where = append(q.Where, plan.Equal{Field: f.Name, Value: values[f.Type]})
		}
		for _, at := range []*plan.Interval{nil, {}, {From: time.Now(), Until: time.Now()}} {
			q.At = at
			if page, err := db.Store.Features(t.Context(), l, q); err != nil || page.Matched != 0 {
				t.Errorf("%s: %d, %v", l.ID, page.Matched, err)
			}
			if b, err := db.Store.Tile(t.Context(), []*plan.Layer{l}, tiles.ID{Z: 14, X: 12529, Y: 7941}, q); err != nil || len(b) != 0 {
				t.Errorf("%s: %d bytes, %v", l.ID, len(b), err)
			}
		}
	}
}

// TestRefusedEdits: what the database refuses comes back in a person's words.
func TestRefusedEdits(t *testing.T) {
	db := withPark(t)
	planner := plan.Actor{Name: "budi", Role: plan.Planner}
	edit := func(actor plan.Actor, sql string) error {
		return db.Store.Edit(t.Context(), actor, func(tx pgx.Tx) error {
			_, err := tx.Exec(t.Context(), sql)
			return err
		})
	}
	if err := edit(planner, "insert into plan.park (name, reference) values ('a', 'A1'), ('b', 'A2')"); err != nil {
		t.Fatal(err)
	}
	lock, err := db.Conn(t).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lock.Rollback(context.WithoutCancel(t.Context())) }()
	if _, err := lock.Exec(t.Context(), "select from plan.park where id = 2 for update"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		actor plan.Actor
		sql   string
		kind  plan.Kind
		code  string
		at    string
	}{
		{planner, "update plan.park set share = 101 where id = 1", plan.Unprocessable, "value-out-of-range", "share"},
		{planner, "update plan.park set kind = 'x' where id = 1", plan.Unprocessable, "unknown-code", "kind"},
		{planner, "update plan.park set reference = 'A2' where id = 1", plan.Conflict, "already-there", "reference"},
		{planner, "update plan.park set geom = st_geomfromtext('MULTIPOLYGON(((0 0,1 1,1 0,0 1,0 0)))', 4326) where id = 1", plan.Unprocessable, "geometry-invalid", "geom"},
		{planner, "set local lock_timeout = '10ms'; update plan.park set name = 'c' where id = 2", plan.Conflict, "locked", ""},
		{planner, "set local statement_timeout = '10ms'; select pg_sleep(1)", plan.Unavailable, "too-slow", ""},
		{planner, "update history.park set name = 'x'", plan.Denied, "not-allowed", ""},
		{plan.Actor{Name: "tuti", Role: plan.Disaster}, "delete from plan.park", plan.Denied, "not-allowed", ""},
		{plan.Actor{Name: "anonymous", Role: plan.Public}, "delete from plan.park", plan.Denied, "not-allowed", ""},
		{plan.Actor{}, "delete from plan.park", plan.Denied, "not-allowed", ""},
		{plan.Actor{Role: "postgres"}, "delete from plan.park", plan.Denied, "not-allowed", ""},
	} {
		err := db.Store.Edit(t.Context(), c.actor, func(tx pgx.Tx) error {
			_, err := tx.Conn().PgConn().Exec(t.Context(), c.sql).ReadAll()
			return err
		})
		e := refusal(t, err)
		if e.Kind != c.kind || e.Code != c.code || e.At != c.at || e.Message.ID == "" || e.Message.EN == "" {
			t.Errorf("%s: %+v", c.sql, e)
		}
	}
	if by := scan[string](t, db.Conn(t), "select string_agg(distinct updated_by, ',') from plan.park"); by != "budi" {
		t.Errorf("signed by %s", by)
	}
}
