package postgis_test

import (
	"fmt"
	"maps"
	"testing"

	"github.com/simtaru/simtaru/internal/postgis"
)

// TestPublishingFollowsTheDeclaration: what a changed declaration no longer
// publishes is taken back, history included, and what it newly does is there.
func TestPublishingFollowsTheDeclaration(t *testing.T) {
	db, from := withReports(t)
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

// TestPublishingFewerFields: each field that a declaration no longer publishes is
// empty in the public layer and its history, of features that nobody edits as
// well, and the others stay.
func TestPublishingFewerFields(t *testing.T) {
	db, from := withReports(t)
	db.Exec(t, `insert into plan.report (kind, message, status, public_answer, public_message, public_photo, reported_at, geom)
		select 'zone', 'pesan', 'accepted', 'jawaban', 'teks terbuka', true, now(), st_setsrid(st_point(95.3, 5.5), 4326) from generate_series(1, 2)`)
	db.Exec(t, "update plan.report set public_answer = null, public_message = null, public_photo = null, reported_at = null where id = 2")
	conn, all := db.Conn(t), maps.Clone(from.Publishes.Fields)
	cat, err := db.Store.Catalog(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	to, _ := cat.Layer(from.Publishes.Layer)
	for name := range all {
		if f, _ := to.Field(name); f.Required {
			continue
		}
		from.Publishes.Fields = maps.Clone(all)
		delete(from.Publishes.Fields, name)
		apply(t, db.Store, from)
		for _, schema := range []string{"plan", "history"} {
			left := scan[int](t, conn, "select count("+name+") from "+schema+".published_report")
			others := scan[string](t, conn, `select string_agg(concat_ws(' ', id, num_nonnulls(kind, status, message, answer, photo, reported_at)), ', ' order by id)
				from `+schema+`.published_report where kind is not null`)
			if want := fmt.Sprintf("1 %d, 2 2", len(all)-1); left != 0 || others != want {
				t.Errorf("without %s: %d are left in %s, the others are %s, want %s", name, left, schema, others, want)
			}
		}
		from.Publishes.Fields = all
		if r := apply(t, db.Store, from); r.Outcome != postgis.Changed {
			t.Error(r.Outcome)
		}
	}
	if got := scan[int64](t, conn, "select revision from plan.published_report where id = 2"); got != 2 {
		t.Errorf("a feature that had nothing of it is at revision %d", got)
	}
}
