package httpd_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/simtaru/simtaru/internal/auth"
	"github.com/simtaru/simtaru/internal/plan"
)

const oidcPath = "/api/v1/session/oidc"

func openGateWithIDP(t *testing.T) (*gate, *idp) {
	t.Helper()
	p := newIDP(t)
	return openGate(t, p.setUp), p
}

func (p *idp) setUp(c *auth.Config) {
	c.OIDC = &auth.OIDC{Issuer: p.URL, ClientID: clientID, ClientSecret: clientSecret, Title: "Akun Pemko"}
}

// addWithEmail adds a person without a password.
func (o *gate) addWithEmail(name string, role plan.Role, email string) string {
	o.t.Helper()
	name += o.suffix
	if err := o.dir.Add(o.t.Context(), auth.Person{Name: name, Role: role, Email: email, CreatedBy: "test"}, nil); err != nil {
		o.t.Fatal(err)
	}
	return name
}

func cookiesOf(r reply) string {
	var list []string
	for _, c := range (&http.Response{Header: r.header}).Cookies() {
		if c.MaxAge >= 0 {
			list = append(list, c.Name+"="+c.Value)
		}
	}
	return strings.Join(list, "; ")
}

// begin goes to the provider and returns the way back, as the browser is sent
// there, with the cookie it has by then.
func (o *gate) begin(next string) (back, cookie string) {
	o.t.Helper()
	r := o.get(o.t, oidcPath+next)
	if r.status != http.StatusSeeOther {
		o.t.Fatalf("begin: %d %s", r.status, r.body)
	}
	set := r.header.Get("Set-Cookie")
	if !strings.Contains(set, "HttpOnly") || !strings.Contains(set, "SameSite=Lax") || !strings.Contains(set, "Max-Age=600") {
		o.t.Errorf("cookie of the attempt: %s", set)
	}
	req, err := http.NewRequestWithContext(o.t.Context(), http.MethodGet, r.header.Get("Location"), nil)
	if err != nil {
		o.t.Fatal(err)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		o.t.Fatal(err)
	}
	defer resp.Body.Close()
	to, err := url.Parse(resp.Header.Get("Location"))
	if err != nil || !strings.HasPrefix(to.String(), o.URL+oidcPath+"/callback?") {
		o.t.Fatalf("the provider sends the browser to %q, %v", resp.Header.Get("Location"), err)
	}
	return to.RequestURI(), cookiesOf(r)
}

// come logs in through the provider and returns the last answer.
func (o *gate) come(next string) reply {
	o.t.Helper()
	back, cookie := o.begin(next)
	return o.get(o.t, back, "Cookie", cookie)
}

// nobody fails unless the answer refuses and begins no session.
func (o *gate) nobody(what string, r reply, status int, code string) {
	o.t.Helper()
	o.expect(what, r, status, code)
	if strings.Contains(strings.Join(r.header.Values("Set-Cookie"), "\n"), "simtaru_session") {
		o.t.Errorf("%s: a session began: %v", what, r.header)
	}
}

func TestOpenIDConnect(t *testing.T) {
	o, p := openGateWithIDP(t)
	name := o.addWithEmail("siti", plan.Disaster, "Siti@bandaaceh.go.id")
	p.set(func(p *idp) {
		p.account = map[string]any{"sub": "1171-1", "email": "siti@BandaAceh.go.id", "email_verified": true}
	})
	if s := o.session(); s.OIDC == nil || s.OIDC.Title != "Akun Pemko" || s.OIDC.Href != oidcPath {
		t.Errorf("%+v", s.OIDC)
	}
	r := o.come("?next=/%3Flayers%3Dzoning%2312/5.5/95.3")
	if r.status != http.StatusSeeOther || r.header.Get("Location") != "/?layers=zoning#12/5.5/95.3" {
		t.Fatalf("%d %v %s", r.status, r.header, r.body)
	}
	b := browserOf(t, r, "")
	s := o.session("Cookie", b.cookie)
	if s.Person == nil || s.Person.Name != name || s.Person.Role != "disaster" || s.CSRF == nil {
		t.Errorf("%+v", s)
	}
	o.expect("what the role may", o.get(t, hiddenLayer, "Cookie", b.cookie), 200, "")

	// From then on the account counts, whatever its address is.
	p.set(func(p *idp) {
		p.signer = "ec"
		p.account = map[string]any{"sub": "1171-1", "email": "lain@example.org", "email_verified": false}
	})
	if r := o.come(""); r.status != http.StatusSeeOther || r.header.Get("Location") != "/" {
		t.Errorf("the second login: %d %s", r.status, r.body)
	}
	// Somebody else who has got the address is not the person.
	p.set(func(p *idp) {
		p.account = map[string]any{"sub": "1171-2", "email": "siti@bandaaceh.go.id", "email_verified": true}
	})
	o.nobody("another account with the address", o.come(""), 403, "not-registered")
	// Another address, set by an administrator, binds anew.
	o.change(name, auth.Change{Email: ptr("cut@bandaaceh.go.id")})
	p.set(func(p *idp) {
		p.account = map[string]any{"sub": "1171-3", "email": "cut@bandaaceh.go.id", "email_verified": "true"}
	})
	if r := o.come(""); r.status != http.StatusSeeOther {
		t.Errorf("bound anew: %d %s", r.status, r.body)
	}
	o.change(name, auth.Change{Disabled: ptr(true)})
	o.nobody("disabled", o.come(""), 403, "not-registered")
	// A browser is sent to where it was on the map, which says why.
	back, cookie := o.begin("?next=" + url.QueryEscape("/?x=1#map=12/5.5/95.3&at=road/1"))
	r = o.get(t, back, "Cookie", cookie, "Sec-Fetch-Mode", "navigate")
	if r.status != http.StatusSeeOther || r.header.Get("Location") != "/?login=not-registered#map=12/5.5/95.3&at=road/1" || strings.Contains(strings.Join(r.header.Values("Set-Cookie"), "\n"), "simtaru_session") {
		t.Errorf("disabled, in a browser: %d %v", r.status, r.header)
	}
	if !strings.Contains(string(o.get(t, "/metrics").body), `simtaru_logins_total{outcome="ok",way="oidc"} 3`) {
		t.Error("not counted")
	}
	log := o.log.String()
	for _, secret := range []string{clientSecret, "code=", "id_token", "state="} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %s", secret)
		}
	}
}

func TestOpenIDConnectRefuses(t *testing.T) {
	o, p := openGateWithIDP(t)
	o.addWithEmail("siti", plan.Planner, "siti@bandaaceh.go.id")
	siti := map[string]any{"sub": "1171-1", "email": "siti@bandaaceh.go.id", "email_verified": true}
	without := func(member string) map[string]any { return map[string]any{member: nil} }
	for what, forge := range map[string]map[string]any{
		"another nonce":    {"nonce": "another"},
		"no nonce":         without("nonce"),
		"another audience": {"aud": "another-client"},
		"no audience":      without("aud"),
		"another issuer":   {"iss": "https://evil.example"},
		"no subject":       without("sub"),
		"expired":          {"exp": time.Now().Add(-time.Hour).Unix()},
	} {
		p.set(func(p *idp) { p.account, p.forge = siti, forge })
		o.nobody(what, o.come(""), 401, "login-not-confirmed")
	}
	p.set(func(p *idp) { p.forge, p.signer = nil, "stranger" })
	o.nobody("a key that is not published", o.come(""), 401, "login-not-confirmed")
	p.set(func(p *idp) { p.signer = "rsa" })

	for what, account := range map[string]map[string]any{
		"unverified":       {"sub": "1171-1", "email": "siti@bandaaceh.go.id", "email_verified": false},
		"not said":         {"sub": "1171-1", "email": "siti@bandaaceh.go.id"},
		"unknown":          {"sub": "1171-9", "email": "orang@bandaaceh.go.id", "email_verified": true},
		"without address":  {"sub": "1171-1"},
		"an empty address": {"sub": "1171-1", "email": "", "email_verified": true},
	} {
		p.set(func(p *idp) { p.account = account })
		o.nobody(what, o.come(""), 403, "not-registered")
	}
	var people int
	var bound bool
	if err := o.db.Conn(t).QueryRow(t.Context(), "select count(*), bool_or(subject is not null) from simtaru.person").Scan(&people, &bound); err != nil || people != 1 || bound {
		t.Errorf("%d people, bound %v, %v", people, bound, err)
	}
}

func TestOpenIDConnectIsGoodOnce(t *testing.T) {
	o, p := openGateWithIDP(t)
	o.addWithEmail("siti", plan.Planner, "siti@bandaaceh.go.id")
	p.set(func(p *idp) {
		p.account = map[string]any{"sub": "1171-1", "email": "siti@bandaaceh.go.id", "email_verified": true}
	})
	p.set(func(p *idp) { p.careless = true })
	back, cookie := o.begin("")
	o.nobody("another browser", o.get(t, back), 401, "login-not-confirmed")
	if r := o.get(t, back, "Cookie", cookie); r.status != http.StatusSeeOther {
		t.Fatalf("%d %s", r.status, r.body)
	} else if set := strings.Join(r.header.Values("Set-Cookie"), "\n"); !strings.Contains(set, "simtaru_oidc=; Path=/; Max-Age=0") {
		t.Errorf("the attempt stays in the browser: %s", set)
	}
	o.nobody("the same again, at a careless provider", o.get(t, back, "Cookie", cookie), 401, "login-not-confirmed")
	p.set(func(p *idp) {
		p.careless = false
		clear(p.codes)
	})

	// A used code under a state that is new is refused by the provider.
	_, code, _ := strings.Cut(back, "code=")
	code, _, _ = strings.Cut(code, "&")
	fresh, cookie := o.begin("")
	u, err := url.Parse(fresh)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("code", code)
	o.nobody("a used code", o.get(t, u.Path+"?"+q.Encode(), "Cookie", cookie), 401, "login-not-confirmed")

	// A code that was given to another browser fails by PKCE and nonce, also
	// under this one's state.
	stolen, _ := o.begin("")
	mine, cookie := o.begin("")
	su, err := url.Parse(stolen)
	if err != nil {
		t.Fatal(err)
	}
	mu, err := url.Parse(mine)
	if err != nil {
		t.Fatal(err)
	}
	q = mu.Query()
	q.Set("code", su.Query().Get("code"))
	o.nobody("a stolen code", o.get(t, mu.Path+"?"+q.Encode(), "Cookie", cookie), 401, "login-not-confirmed")

	back, cookie = o.begin("")
	o.nobody("another state", o.get(t, strings.Replace(back, "&state=", "&state=x", 1), "Cookie", cookie), 401, "login-not-confirmed")
	name, value, _ := strings.Cut(cookie, "=")
	o.nobody("a forged cookie", o.get(t, back, "Cookie", name+"=A"+value), 401, "login-not-confirmed")
	o.later(11 * time.Minute)
	o.nobody("too late", o.get(t, back, "Cookie", cookie), 401, "login-not-confirmed")

	_, cookie = o.begin("")
	o.nobody("refused at the provider", o.get(t, oidcPath+"/callback?error=access_denied&state=x", "Cookie", cookie), 401, "login-not-confirmed")
}

func TestOpenIDConnectGoesNowhereElse(t *testing.T) {
	o, p := openGateWithIDP(t)
	o.addWithEmail("siti", plan.Planner, "siti@bandaaceh.go.id")
	p.set(func(p *idp) {
		p.account = map[string]any{"sub": "1171-1", "email": "siti@bandaaceh.go.id", "email_verified": true}
	})
	for next, want := range map[string]string{
		"": "/", "/docs": "/docs", "/?a=b": "/?a=b", "docs": "/", "https://evil.example/": "/", "//evil.example": "/", `/\evil.example`: "/",
		`\\evil.example`: "/", "/\t/evil.example": "/", "/%09/evil.example": "/%09/evil.example", "///evil.example": "/", "javascript:alert(1)": "/",
		"/%2F/evil.example": "/", " /docs": "/", "/x\r\nSet-Cookie: a=b": "/", "/" + strings.Repeat("x", 3000): "/",
	} {
		r := o.come("?next=" + url.QueryEscape(next))
		if r.status != http.StatusSeeOther || r.header.Get("Location") != want {
			t.Errorf("%q leads to %q (%d)", next, r.header.Get("Location"), r.status)
		}
	}
}

// TestOpenIDConnectProviderAway: passwords go on, and so does the provider
// when it is back.
func TestOpenIDConnectProviderAway(t *testing.T) {
	o, p := openGateWithIDP(t)
	name := o.add("budi", plan.Planner)
	o.addWithEmail("siti", plan.Planner, "siti@bandaaceh.go.id")
	p.set(func(p *idp) {
		p.down = true
		p.account = map[string]any{"sub": "1171-1", "email": "siti@bandaaceh.go.id", "email_verified": true}
	})
	o.expect("to the provider", o.get(t, oidcPath), 503, "provider-unavailable")
	if r := o.get(t, oidcPath+"?next=/%23map=12/5.5/95.3", "Accept", "text/html,*/*"); r.status != http.StatusSeeOther || r.header.Get("Location") != "/?login=provider-unavailable#map=12/5.5/95.3" {
		t.Errorf("in a browser: %d %v", r.status, r.header)
	}
	o.logIn(name, goodPassword)
	p.set(func(p *idp) { p.down = false })
	back, cookie := o.begin("")
	p.set(func(p *idp) { p.down = true })
	o.nobody("on the way back", o.get(t, back, "Cookie", cookie), 503, "provider-unavailable")
	p.set(func(p *idp) { p.down = false })
	if r := o.come(""); r.status != http.StatusSeeOther {
		t.Errorf("%d %s", r.status, r.body)
	}
}
