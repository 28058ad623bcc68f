package postgis_test

import (
	"context"
	"crypto/sha256"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/testdb"
)

// withReports is a database with the layer of reports and that which it fills.
func withReports(t testing.TB) (db *testdb.DB, from *plan.Layer) {
	t.Helper()
	db = testdb.New(t)
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	from, _ = cat.Layer("report")
	to, _ := cat.Layer("published_report")
	apply(t, db.Store, to, cat.Lists()...)
	apply(t, db.Store, from)
	return db, from
}

func submit(t testing.TB, db *testdb.DB, secret string) {
	t.Helper()
	sum := sha256.Sum256([]byte(secret))
	edit := plan.Edit{Layer: "report", Op: plan.Create, Geometry: orb.Point{95.3, 5.5}, HasGeometry: true, Values: map[string]any{"kind": "zone", "message": "pesan", "status": "received"}}
	if _, err := db.Store.Submit(t.Context(), edit, plan.Submission{Secret: sum[:], Photo: []byte("foto"), Contact: "0811"}); err != nil {
		t.Fatal(err)
	}
}

// TestSubmissionsEndWithTheirFeature: also where the layer publishes nothing
// any more.
func TestSubmissionsEndWithTheirFeature(t *testing.T) {
	db, from := withReports(t)
	conn := db.Conn(t)
	submit(t, db, "one")
	submit(t, db, "two")
	db.Exec(t, "delete from plan.report where id = 1")
	from.Publishes = nil
	apply(t, db.Store, from)
	if n := scan[int](t, conn, "select count(*) from simtaru.submission where feature = 2"); n != 1 {
		t.Errorf("%d are left of the report that is there", n)
	}
	db.Exec(t, "delete from plan.report where id = 2")
	if n := scan[int](t, conn, "select count(*) from simtaru.submission"); n != 0 {
		t.Errorf("%d are left of deleted reports", n)
	}
}

// TestContactsAreForgotten: a year after it was sent, and not before.
func TestContactsAreForgotten(t *testing.T) {
	db, _ := withReports(t)
	submit(t, db, "one")
	submit(t, db, "two")
	db.Exec(t, "update simtaru.submission set at = now() - interval '366 days' where feature = 1")
	if _, err := db.Store.Prune(t.Context(), time.Hour); err != nil {
		t.Fatal(err)
	}
	if got := scan[string](t, db.Conn(t), "select string_agg(feature || coalesce(contact, '-') || octet_length(photo), ' ' order by feature) from simtaru.submission"); got != "1-4 208114" {
		t.Error(got)
	}
}

// TestStrangersLeaveRoomForLogins: however many follow what they sent, and
// however slow that is, people can log in.
func TestStrangersLeaveRoomForLogins(t *testing.T) {
	db, _ := withReports(t)
	tx, err := db.Conn(t).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), "lock table simtaru.submission"); err != nil {
		t.Fatal(err)
	}
	asked := make(chan error, 8)
	for range cap(asked) {
		go func() {
			_, _, err := db.Store.Submission(t.Context(), []byte("none"))
			asked <- err
		}()
	}
	time.Sleep(100 * time.Millisecond) // until they have what they can get
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err := db.Store.Person(ctx, "siti"); hasCode(err, "database-away") {
		t.Error(err)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range cap(asked) {
		<-asked
	}
}

// TestLookingLeavesRoomForSending: however many look at photos, and however
// slow that is, reports are sent.
func TestLookingLeavesRoomForSending(t *testing.T) {
	db, from := withReports(t)
	tx, err := db.Conn(t).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), "lock table plan.report in access exclusive mode"); err != nil {
		t.Fatal(err)
	}
	shown := *from
	shown.Photo = "public_photo"
	asked := make(chan error, 8)
	for range cap(asked) {
		go func() {
			_, _, err := db.Store.SubmittedPhoto(t.Context(), "report", &shown, 1, nil)
			asked <- err
		}()
	}
	time.Sleep(100 * time.Millisecond) // until they have what they can get
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if is, err := db.Store.Submitted(ctx, []byte("none")); is || err != nil {
		t.Error(is, err)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range cap(asked) {
		<-asked
	}
	submit(t, db, "one")
	sum := sha256.Sum256([]byte("one"))
	if is, err := db.Store.Submitted(t.Context(), sum[:]); !is || err != nil {
		t.Error(is, err)
	}
}

// TestContactsMove: what an earlier program kept of contacts in the layer and
// its history is in the place of its own alone, and what outlived its feature
// is gone.
func TestContactsMove(t *testing.T) {
	db, from := withReports(t)
	conn := db.Conn(t)
	old := *from
	old.Fields = append(old.Fields[:len(old.Fields):len(old.Fields)], plan.Field{Name: "contact", Type: plan.TextField, Title: plan.Text{ID: "Kontak", EN: "Contact"}})
	apply(t, db.Store, &old)
	run(t, conn, "alter table simtaru.submission drop column contact, drop column at, drop column photo_sum, alter column secret set not null",
		"drop trigger end_submission on simtaru.change", "drop table simtaru.evacuation, simtaru.evacuation_flow, simtaru.evacuation_group cascade", "update simtaru.migration set version = 10",
		"insert into plan.report (kind, message, status, contact, geom) select 'zone', 'pesan', 'accepted', nullif('0811-' || i, '0811-2'), st_setsrid(st_point(95.3, 5.5), 4326) from generate_series(1, 4) i",
		"update plan.report set contact = '0812-1' where id = 1",
		"delete from plan.report where id = 4",
		"insert into simtaru.submission (layer, feature, secret) select 'report', i, sha256(i::text::bytea) from generate_series(1, 4) i where i <> 3")
	before := scan[string](t, conn, "select string_agg(revision || message, ' ' order by id) from plan.report")
	for range 2 {
		if err := db.Store.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := scan[string](t, conn, "select string_agg(concat_ws(' ', feature, contact, secret is not null), ', ' order by feature) from simtaru.submission"); got != "1 0812-1 t, 2 t, 3 0811-3 f" {
		t.Error(got)
	}
	if n := scan[int](t, conn, "select (select count(contact) from plan.report) + (select count(contact) from history.report)"); n != 0 {
		t.Errorf("%d contacts are left", n)
	}
	if after := scan[string](t, conn, "select string_agg(revision || message, ' ' order by id) from plan.report"); after != before {
		t.Errorf("%s, was %s", after, before)
	}
	apply(t, db.Store, from)
	if n := scan[int](t, conn, "select count(*) from pg_attribute where attrelid in ('plan.report'::regclass, 'history.report'::regclass) and attname = 'contact'"); n != 0 {
		t.Error("the columns are left")
	}
	// Triggers are as they were.
	run(t, conn, "delete from plan.report where id = 1")
	if n := scan[int](t, conn, "select count(*) from simtaru.submission where feature = 1"); n != 0 {
		t.Error("triggers are off")
	}
	as(t, conn, "simtaru_admin", func(tx pgx.Tx) {
		if _, err := tx.Exec(t.Context(), "select contact from simtaru.submission"); err == nil {
			t.Error("an administrator's login reads what the server alone may")
		}
	})
}
