package httpd_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/auth"
	"github.com/simtaru/simtaru/internal/plan"
)

type somebody struct {
	Name, Role, Title, CreatedBy, Password string
	Email                                  *string
	Disabled, HasPassword, Bound           bool
}

func personIn(t *testing.T, r reply, status int) somebody {
	t.Helper()
	var p somebody
	if err := json.Unmarshal(r.body, &p); err != nil || r.status != status {
		t.Fatalf("%d %s, want %d", r.status, r.body, status)
	}
	return p
}

func TestPeopleForAdmins(t *testing.T) {
	o := openGate(t)
	boss := o.add("ani", plan.Admin)
	admin := o.logIn(boss, goodPassword)
	with := []string{"Cookie", admin.cookie, "X-CSRF-Token", admin.csrf}
	name := "siti" + o.suffix
	path := "/api/v1/people/" + name

	r := o.send("POST", "/api/v1/people", map[string]any{"name": name, "role": "planner", "title": "Siti", "email": "Siti@Example.id", "password": goodPassword}, with...)
	p := personIn(t, r, http.StatusCreated)
	if p.Name != name || p.Role != "planner" || p.CreatedBy != boss || !p.HasPassword || p.Password != "" || p.Email == nil || *p.Email != "Siti@Example.id" || r.header.Get("Location") != path {
		t.Errorf("%+v %v", p, r.header)
	}
	o.logIn(name, goodPassword)
	made := personIn(t, o.send("POST", "/api/v1/people", map[string]any{"name": "budi" + o.suffix, "role": "disaster", "generate": true}, with...), http.StatusCreated)
	o.logIn(made.Name, made.Password)
	personIn(t, o.send("POST", "/api/v1/people", map[string]any{"name": "cut" + o.suffix, "role": "public"}, with...), http.StatusCreated)

	for code, body := range map[string]map[string]any{
		"name-taken 409":   {"name": name, "role": "planner"},
		"email-taken 409":  {"name": "tgk" + o.suffix, "role": "planner", "email": "siti@example.ID"},
		"bad-role 422":     {"name": "tgk" + o.suffix, "role": "mayor"},
		"bad-name 422":     {"name": "Tgk", "role": "planner"},
		"bad-password 422": {"name": "tgk" + o.suffix, "role": "planner", "password": "short"},
		"bad-email 422":    {"name": "tgk" + o.suffix, "role": "planner", "email": "nobody"},
		"bad-title 422":    {"name": "tgk" + o.suffix, "role": "planner", "title": "a\u0000b"},
		"bad-json 400":     {"name": "tgk" + o.suffix, "role": "planner", "admin": true},
	} {
		r := o.send("POST", "/api/v1/people", body, with...)
		if got := fmt.Sprint(codeOf(t, r), " ", r.status); got != code {
			t.Errorf("%v: %s, want %s", body, r.body, code)
		}
	}

	for _, c := range []struct {
		body map[string]any
		want func(somebody) bool
	}{
		{map[string]any{"role": "disaster"}, func(p somebody) bool { return p.Role == "disaster" && p.Title == "Siti" && !p.Disabled }},
		{map[string]any{"title": "Cut Siti", "email": ""}, func(p somebody) bool { return p.Title == "Cut Siti" && p.Email == nil && p.Role == "disaster" }},
		{map[string]any{"disabled": true}, func(p somebody) bool { return p.Disabled }},
	} {
		if p := personIn(t, o.send("PATCH", path, c.body, with...), http.StatusOK); !c.want(p) {
			t.Errorf("%v: %+v", c.body, p)
		}
	}
	// What an administrator does here holds at once, without waiting.
	o.expect("disabled", o.tryLogIn(name, goodPassword), 401, "wrong-login")
	personIn(t, o.send("PATCH", path, map[string]any{"disabled": false, "password": "peunayong baru 7"}, with...), http.StatusOK)
	o.logIn(name, "peunayong baru 7")

	o.expect("nobody", o.send("PATCH", "/api/v1/people/nobody"+o.suffix, map[string]any{"disabled": true}, with...), 404, "no-such-person")
	o.expect("no name", o.send("PATCH", "/api/v1/people/%22x", map[string]any{"disabled": true}, with...), 404, "no-such-person")
	o.expect("the last administrator", o.send("PATCH", "/api/v1/people/"+boss, map[string]any{"disabled": true}, with...), 409, "last-admin")
	o.expect("the last administrator's role", o.send("PATCH", "/api/v1/people/"+boss, map[string]any{"role": "planner"}, with...), 409, "last-admin")
	o.expect("without X-CSRF-Token", o.send("PATCH", path, map[string]any{"role": "admin"}, "Cookie", admin.cookie), 403, "csrf")

	list := o.get(t, "/api/v1/people", "Cookie", admin.cookie)
	var all struct{ People []somebody }
	if err := json.Unmarshal(list.body, &all); err != nil || len(all.People) != 4 || all.People[0].Name != boss {
		t.Errorf("%v %s", err, list.body)
	}
	for _, secret := range []string{"argon2", "SCRAM", "$m="} {
		if strings.Contains(string(list.body), secret) {
			t.Errorf("the list tells %s", secret)
		}
	}
	private(t, "people", list)
}

// TestNobodyElseManagesPeople: everyone but an administrator in person.
func TestNobodyElseManagesPeople(t *testing.T) {
	o := openGate(t)
	o.add("ani", plan.Admin)
	for _, role := range []plan.Role{plan.Public, plan.Planner, plan.Disaster} {
		name := o.add(string(role), role)
		login := []string{"Authorization", basic(name, goodPassword)}
		o.expect("list", o.get(t, "/api/v1/people", login...), 403, "admins-only")
		o.expect("add", o.send("POST", "/api/v1/people", map[string]any{"name": "x" + o.suffix, "role": "admin", "password": goodPassword}, login...), 403, "admins-only")
		o.expect("promote oneself", o.send("PATCH", "/api/v1/people/"+name, map[string]any{"role": "admin"}, login...), 403, "admins-only")
	}
	o.expect("the public", o.get(t, "/api/v1/people"), 401, "login-required")
	o.expect("the public adds", o.send("POST", "/api/v1/people", map[string]any{"name": "x" + o.suffix, "role": "admin"}), 401, "login-required")
	var admins int
	if err := o.db.Conn(t).QueryRow(t.Context(), "select count(*) from simtaru.person where role = 'admin'").Scan(&admins); err != nil || admins != 1 {
		t.Errorf("%d administrators, %v", admins, err)
	}
}

// TestWhileTheDatabaseIsAway closes the database to everybody.
func TestWhileTheDatabaseIsAway(t *testing.T) {
	o := openGate(t)
	name, other := o.add("siti", plan.Disaster), o.add("budi", plan.Planner)
	login := []string{"Authorization", basic(name, goodPassword)}
	b := o.logIn(name, goodPassword)
	cookie := []string{"Cookie", b.cookie}
	_, bearer := o.newToken(login[1], map[string]any{"name": "x"})
	for _, with := range [][]string{login, cookie, {"Authorization", bearer}} {
		o.expect("before", o.get(t, hiddenLayer, with...), 200, "")
	}
	database := strings.TrimPrefix(o.suffix, "_")
	o.allow(database, false)
	o.later(3 * time.Second)
	for _, with := range [][]string{login, cookie, {"Authorization", bearer}} {
		o.expect("who is known reads", o.get(t, hiddenLayer, with...), 200, "")
		o.expect("and manages nothing", o.send("POST", "/api/v1/tokens", map[string]any{"name": "x"}, append(with, "X-CSRF-Token", b.csrf)...), 503, "")
	}
	for what, r := range map[string]reply{
		"a login":         o.tryLogIn(name, goodPassword),
		"who is new":      o.get(t, "/ogc", "Authorization", basic(other, goodPassword)),
		"an unknown name": o.get(t, "/ogc", "Authorization", basic("nobody"+o.suffix, goodPassword)),
		"another token":   o.get(t, "/ogc", "Authorization", "Bearer simtaru_"+strings.Repeat("x", 43)),
		"another cookie":  o.get(t, "/ogc", "Cookie", "simtaru_session="+strings.Repeat("x", 43)),
	} {
		o.expect(what, r, 503, "")
		if r.header.Get("Retry-After") == "" || r.header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %v", what, r.header)
		}
	}
	o.expect("the public", o.get(t, itemsOf), 200, "")
	o.expect("/livez", o.get(t, "/livez", login...), 200, "")
	o.expect("/readyz", o.get(t, "/readyz", login...), 200, "")
	o.later(5 * time.Minute)
	o.expect("after some minutes", o.get(t, hiddenLayer, cookie...), 503, "")
	o.allow(database, true)
	o.later(3 * time.Second)
	o.expect("afterwards", o.get(t, hiddenLayer, cookie...), 200, "")
	o.logIn(other, goodPassword)
}

// allow opens or closes the database to new connections and ends those there
// are.
func (o *gate) allow(database string, open bool) {
	o.t.Helper()
	conn, err := pgx.Connect(o.t.Context(), o.db.Cluster.DSN("postgres"))
	if err != nil {
		o.t.Fatal(err)
	}
	defer conn.Close(o.t.Context())
	for _, sql := range []string{
		fmt.Sprintf("alter database %s with allow_connections %v", database, open),
		"select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + database + "'",
	} {
		if _, err := conn.Exec(o.t.Context(), sql); err != nil {
			o.t.Fatal(err)
		}
	}
}

// TestNoSecretIsLogged does everything that has to do with secrets, at the most
// talkative level, and reads the log, the metrics and the answers.
func TestNoSecretIsLogged(t *testing.T) {
	o := openGate(t)
	boss := o.add("ani", plan.Admin)
	const mistyped, next = "sandi-salah-ketik", "peunayong baru 7"
	o.tryLogIn(boss, mistyped)
	o.tryLogIn(mistyped, boss) // the fields changed places
	o.get(t, "/ogc", "Authorization", basic(boss, mistyped))
	o.get(t, "/ogc", "Authorization", basic(mistyped, "x"))
	b := o.logIn(boss, goodPassword)
	with := []string{"Cookie", b.cookie, "X-CSRF-Token", b.csrf}
	o.send("PUT", "/api/v1/session/password", map[string]string{"old": goodPassword, "new": next}, with...)
	made := personIn(t, o.send("POST", "/api/v1/people", map[string]any{"name": "budi" + o.suffix, "role": "planner", "generate": true}, with...), 201)
	token, bearer := o.newToken(basic(boss, next), map[string]any{"name": "x"})
	o.get(t, "/ogc", "Authorization", bearer)
	o.do(t, "DELETE", fmt.Sprintf("/api/v1/tokens/%d", token.ID), "Authorization", basic(boss, next))
	o.get(t, "/ogc", "Authorization", bearer)
	o.change(boss, auth.Change{Title: ptr("Ani")})
	o.do(t, "DELETE", "/api/v1/session", with...)
	o.do(t, "DELETE", "/api/v1/session", "Cookie", b.cookie)
	o.send("POST", "/api/v1/session", map[string]any{"name": boss, "password": 1234567890123})
	for range 5 {
		o.tryLogIn(boss, mistyped+fmt.Sprint(time.Now().UnixNano()))
	}
	log := o.log.String() + string(o.get(t, "/metrics").body)
	for _, want := range []string{"msg=login ", "msg=logout", `msg="login refused"`, `msg="login slowed down"`, `msg="person added"`, `msg="person changed"`, `msg="token made"`, `msg="token revoked"`, "person=" + boss} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %s", want)
		}
	}
	secrets := map[string]string{
		"a password": goodPassword, "a new password": next, "a wrong password": mistyped, "a generated password": made.Password,
		"a cookie": b.raw.Value, "a CSRF token": b.csrf, "a token": strings.TrimPrefix(bearer, "Bearer simtaru_"), "a number": "1234567890123",
		"Basic": strings.TrimPrefix(basic(boss, next), "Basic "), "argon2id": "argon2", "SCRAM": "SCRAM-",
	}
	for what, secret := range secrets {
		if i := strings.Index(log, secret); i >= 0 {
			t.Errorf("the log holds %s: %.300s", what, log[max(0, i-100):])
		}
	}
}
