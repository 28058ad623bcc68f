package postgis_test

import (
	"testing"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/testdb"
)

// TestPublishingFollowsTheDeclaration: what a changed declaration no longer
// publishes is taken back, history included, and what it newly does is there.
func TestPublishingFollowsTheDeclaration(t *testing.T) {
	db := testdb.New(t)
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	from, _ := cat.Layer("report")
	to, _ := cat.Layer("published_report")
	apply(t, db.Store, to, cat.Lists()...)
	apply(t, db.Store, from)
	for _, status := range []string{"accepted", "declined", "done"} {
		db.Exec(t, "insert into plan.report (kind, message, status, geom) values ('zone', 'pesan', $1, st_setsrid(st_point(95.3, 5.5), 4326))", status)
	}
	conn := db.Conn(t)
	is := func(what, want string) {
		t.Helper()
		var got string
		err := conn.QueryRow(t.Context(), `select concat_ws(' ', (select string_agg(status, ' ' order by id) from plan.published_report),
			(select 'history:' || count(*) from history.published_report where sys_op <> 'delete'))`).Scan(&got)
		if err != nil || got != want {
			t.Errorf("%s: %q, want %q, %v", what, got, want, err)
		}
		present, err := db.Store.Catalog(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if drift, err := db.Store.Drift(t.Context(), present); err != nil || len(drift) > 0 {
			t.Errorf("%s: %v %v", what, drift, err)
		}
	}
	is("at first", "accepted done history:2")
	db.Exec(t, "update plan.report set answer = 'jawaban' where status = 'done'")
	is("after a change", "accepted done history:2")

	from.Publishes.When = map[string][]string{"status": {"done", "declined"}}
	apply(t, db.Store, from)
	is("under another condition", "declined done history:2")

	publishes := from.Publishes
	from.Publishes = nil
	apply(t, db.Store, from)
	is("without publishing", "history:0")
	db.Exec(t, "update plan.report set status = 'done'")
	is("an edit since", "history:0")

	from.Publishes = publishes
	apply(t, db.Store, from)
	is("published again", "done done done history:3")
}
