package httpd_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/simtaru/simtaru/internal/auth"
	"github.com/simtaru/simtaru/internal/plan"
)

type token struct {
	ID                           int64
	Name                         string
	Layers, Indicators           []string
	ReadOnly                     bool
	Expires, RevokedAt, LastUsed *string
}

// newToken makes a token and returns it with its secret.
func (o *gate) newToken(login string, body map[string]any) (token, string) {
	o.t.Helper()
	r := o.send("POST", "/api/v1/tokens", body, "Authorization", login)
	var answer struct {
		Token  token
		Secret string
	}
	if err := json.Unmarshal(r.body, &answer); err != nil || r.status != http.StatusCreated || r.header.Get("Location") != fmt.Sprintf("/api/v1/tokens/%d", answer.Token.ID) {
		o.t.Fatalf("new token: %d %v %s", r.status, err, r.body)
	}
	return answer.Token, "Bearer " + answer.Secret
}

func (o *gate) tokens(login string) []token {
	o.t.Helper()
	r := o.get(o.t, "/api/v1/tokens", "Authorization", login)
	var answer struct{ Tokens []token }
	if err := json.Unmarshal(r.body, &answer); err != nil || r.status != http.StatusOK {
		o.t.Fatalf("tokens: %d %v %s", r.status, err, r.body)
	}
	return answer.Tokens
}

func TestTokens(t *testing.T) {
	o := openGate(t)
	login := basic(o.add("siti", plan.Disaster), goodPassword)
	all, bearer := o.newToken(login, map[string]any{"name": "sistem sirene"})
	if all.Layers != nil || all.ReadOnly || all.Expires != nil {
		t.Errorf("%+v", all)
	}
	_, spotsOnly := o.newToken(login, map[string]any{"name": "hanya titik", "layers": []string{spots}, "readOnly": true})
	_, nothing := o.newToken(login, map[string]any{"name": "tidak ada", "layers": []string{}})

	o.expect("all that the person may read", o.get(t, hiddenLayer, "Authorization", bearer), 200, "")
	o.expect("its own layer", o.get(t, "/ogc/collections/"+spots, "Authorization", spotsOnly), 200, "")
	for path, status := range map[string]int{hiddenLayer: 404, hiddenLayer + "/items": 404, "/ogc/collections/" + lanes: 404, "/tiles/" + secrets + "/12/3132/1985": 404} {
		o.expect("another layer: "+path, o.get(t, path, "Authorization", spotsOnly), status, "")
		o.expect("no layer: "+path, o.get(t, path, "Authorization", nothing), status, "")
	}
	if r := o.get(t, "/api/v1/catalog", "Authorization", spotsOnly); strings.Contains(string(r.body), `"`+secrets+`"`) || strings.Contains(string(r.body), `"id":"`+lanes+`"`) {
		t.Errorf("the catalogue shows other layers: %s", r.body)
	}
	for what, r := range map[string]reply{
		"a token of its own": o.send("POST", "/api/v1/tokens", map[string]any{"name": "x"}, "Authorization", bearer),
		"the tokens":         o.get(t, "/api/v1/tokens", "Authorization", bearer),
		"the password":       o.send("PUT", "/api/v1/session/password", map[string]string{"old": goodPassword, "new": "peunayong baru 7"}, "Authorization", bearer),
		"people":             o.get(t, "/api/v1/people", "Authorization", bearer),
	} {
		o.expect("a token manages "+what, r, 403, "not-by-token")
	}

	list := o.tokens(login)
	if len(list) != 3 || list[2].Name != "sistem sirene" || list[2].LastUsed == nil || !list[1].ReadOnly {
		t.Errorf("%+v", list)
	}
	if body := string(o.get(t, "/api/v1/tokens", "Authorization", login).body); strings.Contains(body, strings.TrimPrefix(bearer, "Bearer ")) {
		t.Error("the list tells a secret")
	}
	if s := o.session("Authorization", bearer); s.Person == nil || s.CSRF != nil {
		t.Errorf("%+v", s)
	}
}

func TestTokensEnd(t *testing.T) {
	o := openGate(t)
	name, other := o.add("siti", plan.Planner), o.add("budi", plan.Planner)
	login := basic(name, goodPassword)
	_, short := o.newToken(login, map[string]any{"name": "sehari", "expires": o.now().Add(24 * time.Hour)})
	long, revoked := o.newToken(login, map[string]any{"name": "lama"})
	_, kept := o.newToken(login, map[string]any{"name": "tetap"})
	for _, bearer := range []string{short, revoked, kept} {
		o.expect("at first", o.get(t, itemsOf, "Authorization", bearer), 200, "")
	}
	o.later(24 * time.Hour)
	r := o.get(t, itemsOf, "Authorization", short)
	o.expect("expired", r, 401, "wrong-token")
	if !strings.HasPrefix(r.header.Get("WWW-Authenticate"), "Bearer ") {
		t.Errorf("%v", r.header)
	}
	path := fmt.Sprintf("/api/v1/tokens/%d", long.ID)
	o.expect("somebody else revokes it", o.do(t, "DELETE", path, "Authorization", basic(other, goodPassword)), 404, "no-such-token")
	o.expect("still there", o.get(t, itemsOf, "Authorization", revoked), 200, "")
	o.expect("revoke", o.do(t, "DELETE", path, "Authorization", login), 204, "")
	o.expect("revoked", o.get(t, itemsOf, "Authorization", revoked), 401, "wrong-token")
	for _, id := range []string{"0", "x", "99999999999999999999", "-1"} {
		o.expect("token "+id, o.do(t, "DELETE", "/api/v1/tokens/"+id, "Authorization", login), 404, "no-such-token")
	}

	// A token outlives a password that its person sets, and has the role of the
	// person at the time.
	own := o.send("PUT", "/api/v1/session/password", map[string]string{"old": goodPassword, "new": "peunayong baru 7"}, "Authorization", login)
	o.expect("a password of one's own", own, 204, "")
	o.change(name, auth.Change{Role: ptr(plan.Disaster)})
	o.later(2 * time.Second)
	o.expect("with the new role", o.get(t, hiddenLayer, "Authorization", kept), 200, "")
}

// TestAdminsRevokeTokens: one by one, and nobody else does.
func TestAdminsRevokeTokens(t *testing.T) {
	o := openGate(t)
	name, other, boss := o.add("siti", plan.Disaster), o.add("budi", plan.Planner), o.add("ani", plan.Admin)
	lost, stolen := o.newToken(basic(name, goodPassword), map[string]any{"name": "sirene", "layers": []string{secrets}})
	kept, alive := o.newToken(basic(name, goodPassword), map[string]any{"name": "papan", "readOnly": true})
	theirs, foreign := o.newToken(basic(other, goodPassword), map[string]any{"name": "lain"})
	for _, bearer := range []string{stolen, alive} {
		o.expect("at first", o.get(t, hiddenLayer, "Authorization", bearer), 200, "")
	}
	b := o.logIn(boss, goodPassword)
	cookie, with := []string{"Cookie", b.cookie}, []string{"Cookie", b.cookie, "X-CSRF-Token", b.csrf}
	path := "/api/v1/people/" + name + "/tokens"
	one := fmt.Sprintf("%s/%d", path, lost.ID)

	for what, c := range map[string]struct {
		headers []string
		status  int
		code    string
	}{
		"the public":        {nil, 401, "login-required"},
		"a planner":         {[]string{"Authorization", basic(other, goodPassword)}, 403, "admins-only"},
		"the person":        {[]string{"Authorization", basic(name, goodPassword)}, 403, "admins-only"},
		"the token itself":  {[]string{"Authorization", stolen}, 403, "not-by-token"},
		"an expired cookie": {[]string{"Cookie", "simtaru_session=" + strings.Repeat("x", 43)}, 401, "session-ended"},
	} {
		o.expect(what+" lists", o.get(t, path, c.headers...), c.status, c.code)
		o.expect(what+" revokes", o.do(t, "DELETE", one, c.headers...), c.status, c.code)
	}
	o.expect("without X-CSRF-Token", o.do(t, "DELETE", one, cookie...), 403, "csrf")
	o.expect("from another site", o.do(t, "DELETE", one, append(with, "Sec-Fetch-Site", "cross-site")...), 403, "csrf")
	for _, nobody := range []string{"nobody" + o.suffix, "%22x"} {
		o.expect("tokens of "+nobody, o.get(t, "/api/v1/people/"+nobody+"/tokens", cookie...), 404, "no-such-person")
	}
	for at, code := range map[string]string{
		fmt.Sprintf("/api/v1/people/nobody%s/tokens/%d", o.suffix, lost.ID): "no-such-person",
		fmt.Sprintf("/api/v1/people/%%22x/tokens/%d", lost.ID):              "no-such-person",
		fmt.Sprintf("%s/%d", path, theirs.ID):                               "no-such-token",
		path + "/0":                                                         "no-such-token",
		path + "/x":                                                         "no-such-token",
		path + "/99999999999999999999":                                      "no-such-token",
	} {
		o.expect(at, o.do(t, "DELETE", at, with...), 404, code)
	}
	o.expect("still there", o.get(t, hiddenLayer, "Authorization", stolen), 200, "")

	list := o.get(t, path, cookie...)
	var all struct{ Tokens []token }
	if err := json.Unmarshal(list.body, &all); err != nil || len(all.Tokens) != 2 || all.Tokens[0].ID != kept.ID || !all.Tokens[0].ReadOnly || all.Tokens[1].Name != "sirene" || all.Tokens[1].LastUsed == nil {
		t.Errorf("%v %s", err, list.body)
	}
	private(t, "tokens", list)
	if strings.Contains(string(list.body), strings.TrimPrefix(stolen, "Bearer ")) {
		t.Error("the list tells a secret")
	}

	// What an administrator revokes is refused at once, without waiting.
	o.expect("revoke", o.do(t, "DELETE", one, with...), 204, "")
	o.expect("revoked", o.get(t, hiddenLayer, "Authorization", stolen), 401, "wrong-token")
	o.expect("once more", o.do(t, "DELETE", one, with...), 204, "")
	o.expect("the other token of the person", o.get(t, hiddenLayer, "Authorization", alive), 200, "")
	o.expect("somebody else's", o.get(t, itemsOf, "Authorization", foreign), 200, "")
	if list := o.tokens(basic(name, goodPassword)); len(list) != 2 || list[0].RevokedAt != nil || list[1].RevokedAt == nil {
		t.Errorf("%+v", list)
	}
	if log := o.log.String(); !strings.Contains(log, fmt.Sprintf(`msg="token revoked" person=%s token=%d by=%s`, name, lost.ID, boss)) {
		t.Error("the log does not tell who revoked it")
	}
}

// TestTokensEndWithTheAccount: whoever made tokens of another's account has no
// way in once the account is taken back.
func TestTokensEndWithTheAccount(t *testing.T) {
	o := openGate(t)
	name, boss := o.add("siti", plan.Disaster), o.add("ani", plan.Admin)
	admin, path := []string{"Authorization", basic(boss, goodPassword)}, "/api/v1/people/"+name
	_, theirs := o.newToken(basic(boss, goodPassword), map[string]any{"name": "milik orang lain"})
	made := func(password string) string {
		t.Helper()
		_, bearer := o.newToken(basic(name, password), map[string]any{"name": "x"})
		o.expect("at first", o.get(t, hiddenLayer, "Authorization", bearer), 200, "")
		return bearer
	}
	first := made(goodPassword)
	personIn(t, o.send("PATCH", path, map[string]any{"password": "peunayong baru 7"}, admin...), http.StatusOK)
	o.expect("after a password of an administrator", o.get(t, hiddenLayer, "Authorization", first), 401, "wrong-token")

	second := made("peunayong baru 7")
	personIn(t, o.send("PATCH", path, map[string]any{"disabled": true}, admin...), http.StatusOK)
	o.expect("of a disabled person", o.get(t, hiddenLayer, "Authorization", second), 401, "wrong-token")
	personIn(t, o.send("PATCH", path, map[string]any{"disabled": false}, admin...), http.StatusOK)
	for _, bearer := range []string{first, second} {
		o.expect("of one who was disabled", o.get(t, hiddenLayer, "Authorization", bearer), 401, "wrong-token")
	}
	third := made("peunayong baru 7")
	o.change(name, auth.Change{Disabled: ptr(true)})
	o.change(name, auth.Change{Disabled: ptr(false)})
	o.later(2 * time.Second)
	o.expect("disabled at the command line", o.get(t, hiddenLayer, "Authorization", third), 401, "wrong-token")
	o.expect("somebody else's", o.get(t, hiddenLayer, "Authorization", theirs), 200, "")

	// A login of before that is still known cannot make one either.
	o.expect("it is known", o.get(t, "/ogc", "Authorization", basic(name, "peunayong baru 7")), 200, "")
	o.change(name, auth.Change{Disabled: ptr(true)})
	o.expect("a new one", o.send("POST", "/api/v1/tokens", map[string]any{"name": "x"}, "Authorization", basic(name, "peunayong baru 7")), 401, "session-ended")
}

func TestTokensAreRefused(t *testing.T) {
	o := openGate(t)
	login := basic(o.add("siti", plan.Planner), goodPassword)
	for what, body := range map[string]map[string]any{
		"bad-token-name": {"name": " "},
		"bad-expiry":     {"name": "x", "expires": "2020-01-01T00:00:00Z"},
		"no-such-layer":  {"name": "x", "layers": []string{spots, "nothing"}},
	} {
		o.expect(what, o.send("POST", "/api/v1/tokens", body, "Authorization", login), 422, what)
	}
	hidden := o.send("POST", "/api/v1/tokens", map[string]any{"name": "x", "layers": []string{secrets}}, "Authorization", login)
	missing := o.send("POST", "/api/v1/tokens", map[string]any{"name": "x", "layers": []string{"nothing"}}, "Authorization", login)
	if a, b := cutInstance(hidden), cutInstance(missing); a != b {
		t.Errorf("a layer that one may not read is told: %s, %s", a, b)
	}
	o.expect("unknown member", o.send("POST", "/api/v1/tokens", map[string]any{"name": "x", "readonly_": true}, "Authorization", login), 400, "bad-json")
	o.expect("wrong type", o.send("POST", "/api/v1/tokens", map[string]any{"name": 1}, "Authorization", login), 400, "bad-json")
	o.expect("no JSON", o.do(t, "POST", "/api/v1/tokens", "Authorization", login), 415, "")
	o.expect("nobody", o.send("POST", "/api/v1/tokens", map[string]any{"name": "x"}), 401, "login-required")
	if n := len(o.tokens(login)); n != 0 {
		t.Errorf("%d tokens", n)
	}
}

func cutInstance(r reply) string {
	body, _, _ := strings.Cut(string(r.body), `,"instance"`)
	return fmt.Sprint(r.status, body)
}
