package httpd_test

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/simtaru/simtaru/internal/auth"
	"github.com/simtaru/simtaru/internal/httpd"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/testdb"
)

// openTown is the whole server over a real database that people also open by
// themselves, over TCP with their passwords.
func openTown(t *testing.T, set ...setUp) *gate {
	t.Helper()
	db := testdb.OwnPort(t)
	if _, err := db.Store.ApplyCatalog(t.Context(), testCatalog()); err != nil {
		t.Fatal(err)
	}
	o := &gate{t: t, db: db, start: time.Now(), dir: auth.NewDirectory(db.Store, slog.New(slog.DiscardHandler))}
	m := mirror.New(db.Store, mirror.Options{})
	o.service = serveMirror(t, newSource(), m, func(cfg *httpd.Config, d *httpd.Deps) {
		c := auth.Config{PublicURL: cfg.PublicURL}
		for _, f := range set {
			f(&c)
		}
		logins, err := auth.New(c, auth.Deps{Store: db.Store, Catalog: m, Log: d.Log, Registry: d.Registry, Now: o.now})
		if err != nil {
			t.Fatal(err)
		}
		d.Plan, d.Archive, d.Editor, d.Auth = m, db.Store, db.Store, logins
	})
	wait(t, "the plan is loaded", func() bool { return m.Status().Ready })
	return o
}

// overSQL adds a spot through PostgreSQL's own door.
func (o *gate) overSQL(name, password string) error {
	o.t.Helper()
	config, err := pgx.ParseConfig(o.db.DSN)
	if err != nil {
		o.t.Fatal(err)
	}
	config.Host, config.Port, config.User, config.Password = "127.0.0.1", uint16(o.db.Cluster.Port()), name, password
	conn, err := pgx.ConnectConfig(o.t.Context(), config)
	if err != nil {
		return err
	}
	defer conn.Close(o.t.Context())
	_, err = conn.Exec(o.t.Context(), "insert into plan."+spots+" (name, geom) values ('lewat SQL', st_setsrid(st_point(95.31, 5.52), 4326))")
	return err
}

// overHTTP adds a spot through ours.
func (o *gate) overHTTP(headers ...string) reply {
	o.t.Helper()
	return o.send(http.MethodPost, itemsOf, jsonText(spot("lewat HTTP")), append(headers, "Content-Type", geoJSON)...)
}

// jsonText is JSON already.
type jsonText string

func (j jsonText) MarshalJSON() ([]byte, error) { return []byte(j), nil }

// TestBothDoors: one name, one password, one role, at both.
func TestBothDoors(t *testing.T) {
	o := openTown(t)
	boss, name := o.add("ani", plan.Admin), o.add("siti", plan.Planner)
	admin := []string{"Authorization", basic(boss, goodPassword)}
	open := func(password string) {
		t.Helper()
		o.expect("over HTTP", o.overHTTP("Authorization", basic(name, password)), http.StatusCreated, "")
		if err := o.overSQL(name, password); err != nil {
			t.Errorf("over SQL: %v", err)
		}
	}
	shut := func(password string, status int) {
		t.Helper()
		if r := o.overHTTP("Authorization", basic(name, password)); r.status != status {
			t.Errorf("over HTTP: %d %s, want %d", r.status, r.body, status)
		}
		if o.overSQL(name, password) == nil {
			t.Error("over SQL an edit goes through")
		}
	}
	open(goodPassword)
	var signed int
	if err := o.db.Conn(t).QueryRow(t.Context(), "select count(*) from plan."+spots+" where updated_by = $1", name).Scan(&signed); err != nil || signed != 2 {
		t.Errorf("%d edits are signed by the person, %v", signed, err)
	}
	shut("another password", 401)

	const next = "peunayong baru 7"
	o.expect("a new password", o.send("PUT", "/api/v1/session/password", map[string]string{"old": goodPassword, "new": next}, "Authorization", basic(name, goodPassword)), 204, "")
	shut(goodPassword, 401)
	open(next)

	o.expect("another role", o.send("PATCH", "/api/v1/people/"+name, map[string]any{"role": "disaster"}, admin...), 200, "")
	shut(next, 403)
	o.expect("the role back", o.send("PATCH", "/api/v1/people/"+name, map[string]any{"role": "planner"}, admin...), 200, "")
	open(next)

	o.expect("disabled", o.send("PATCH", "/api/v1/people/"+name, map[string]any{"disabled": true}, admin...), 200, "")
	shut(next, 401)
	o.expect("enabled", o.send("PATCH", "/api/v1/people/"+name, map[string]any{"disabled": false}, admin...), 200, "")
	open(next)
}

// TestEditsByCookieAndToken: what a login may do, an edit by it may do, and no
// more.
func TestEditsByCookieAndToken(t *testing.T) {
	o := openTown(t)
	name := o.add("siti", plan.Planner)
	b := o.logIn(name, goodPassword)
	o.expect("nobody", o.overHTTP(), 401, "")
	o.expect("a cookie alone", o.overHTTP("Cookie", b.cookie), 403, "csrf")
	o.expect("from another site", o.overHTTP("Cookie", b.cookie, "X-CSRF-Token", b.csrf, "Sec-Fetch-Site", "cross-site"), 403, "csrf")
	o.expect("with the token of the session", o.overHTTP("Cookie", b.cookie, "X-CSRF-Token", b.csrf, "Sec-Fetch-Site", "same-origin"), 201, "")

	login := basic(name, goodPassword)
	_, whole := o.newToken(login, map[string]any{"name": "a"})
	_, looks := o.newToken(login, map[string]any{"name": "b", "readOnly": true})
	_, here := o.newToken(login, map[string]any{"name": "c", "layers": []string{spots}})
	_, elsewhere := o.newToken(login, map[string]any{"name": "d", "layers": []string{lanes}})
	_, nowhere := o.newToken(login, map[string]any{"name": "e", "layers": []string{}})
	o.expect("a token, from a page of another site", o.overHTTP("Authorization", whole, "Sec-Fetch-Site", "cross-site", "Origin", "https://example.org"), 201, "")
	o.expect("a token for this layer", o.overHTTP("Authorization", here), 201, "")
	for what, bearer := range map[string]string{"read-only": looks, "for another layer": elsewhere, "for none": nowhere} {
		if r := o.overHTTP("Authorization", bearer); r.status != 403 && r.status != 404 {
			t.Errorf("a token %s: %d %s", what, r.status, r.body)
		}
	}
	r := o.do(t, http.MethodOptions, itemsOf, "Authorization", looks)
	if allow := r.header.Get("Allow"); strings.Contains(allow, "POST") {
		t.Errorf("a read-only token may %s", allow)
	}
	if allow := o.do(t, http.MethodOptions, itemsOf, "Authorization", login).header.Get("Allow"); !strings.Contains(allow, "POST") {
		t.Errorf("a planner may %s", allow)
	}
	var rows int
	if err := o.db.Conn(t).QueryRow(t.Context(), "select count(*) from plan."+spots).Scan(&rows); err != nil || rows != 3 {
		t.Errorf("%d rows, %v", rows, err)
	}
}

// TestBothDoorsRefuseACodeInTheSameWords: which code, of which list, and which
// there are.
func TestBothDoorsRefuseACodeInTheSameWords(t *testing.T) {
	o := openOffice(t)
	const kinds = "kinds"
	field := plan.Field{Name: "kind", Type: plan.TextField, Title: plan.Text{ID: "Jenis", EN: "Kind"}, Codes: &plan.CodeRef{List: "kind", Version: "7"}}
	own, _ := testCatalog().Layer(spots)
	l := *own
	l.ID, l.Fields, l.Search = kinds, []plan.Field{field}, ""
	list := &plan.CodeList{ID: "kind", Version: "7", Title: text("kind")}
	for i := range 15 {
		list.Codes = append(list.Codes, plan.Code{Code: fmt.Sprintf("K-%d", 15-i), Title: text("code")})
	}
	if _, err := o.db.Store.ApplyCatalog(t.Context(), plan.NewCatalog([]*plan.Layer{&l}, []*plan.CodeList{list})); err != nil {
		t.Fatal(err)
	}
	items := "/ogc/collections/" + kinds + "/items"
	wait(t, "the layer is served", func() bool { return o.get(t, items).status == http.StatusOK })
	const first = "K-15, K-14, K-13, K-12, K-11, K-10, K-9, K-8, K-7, K-6, K-5, K-4"
	for value, quoted := range map[string]string{
		"K-16": "K-16", "k-1": "k-1", `50 % "x" \ %s`: `50 % "x" \ %s`, "dua\nbaris\tini": "dua baris ini",
		strings.Repeat("é", 80): strings.Repeat("é", 80), strings.Repeat("é", 81): strings.Repeat("é", 80) + "...",
	} {
		_, err := o.conn.Exec(t.Context(), "insert into plan.kinds (kind) values ($1)", value)
		var pg *pgconn.PgError
		if !errors.As(err, &pg) || pg.ConstraintName != "unknown-code" {
			t.Fatalf("%v over SQL: %v", value, err)
		}
		id := `Jenis: kode "` + quoted + `" tidak ada dalam daftar kind versi 7. Kode yang ada antara lain: ` + first + "."
		en := `kind: the code "` + quoted + `" is not in the list kind, version 7. Among its codes are: ` + first + "."
		if pg.Message != id || pg.Detail != en {
			t.Errorf("over SQL:\n%s\n%s, want\n%s\n%s", pg.Message, pg.Detail, id, en)
		}
		body := map[string]any{"type": "Feature", "geometry": nil, "properties": map[string]any{"kind": value}}
		for lang, want := range map[string]string{"id": id, "en": "K" + en[1:]} { // a sentence there
			r := o.send(t, http.MethodPost, items, asSiti, geoJSON, body, "Accept-Language", lang)
			if p := problemOf(t, "over HTTP", r); p.Detail != want || p.At != "kind" || r.status != http.StatusUnprocessableEntity {
				t.Errorf("over HTTP: %s, want %s", r.body, want)
			}
		}
	}
}
