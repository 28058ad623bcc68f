package httpd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/simtaru/simtaru/internal/auth"
	"github.com/simtaru/simtaru/internal/httpd"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/testdb"
)

func TestMain(m *testing.M) { os.Exit(testdb.Main(context.Background(), m)) }

// gate is the whole server over the test city, whose people are in a real
// database, and a clock that stands still until it is put forward.
type gate struct {
	*service
	t     *testing.T
	db    *testdb.DB
	dir   *auth.Directory
	start time.Time
	ahead atomic.Int64
	// suffix keeps names of people apart: login roles belong to the whole
	// cluster, which tests share.
	suffix string
}

type setUp func(*auth.Config)

func openGate(t *testing.T, set ...setUp) *gate {
	t.Helper()
	o := &gate{t: t, db: testdb.New(t), start: time.Now()}
	if err := o.db.Conn(t).QueryRow(t.Context(), "select '_' || current_database()").Scan(&o.suffix); err != nil {
		t.Fatal(err)
	}
	o.service = serve(t, func(cfg *httpd.Config, d *httpd.Deps) {
		c := auth.Config{PublicURL: cfg.PublicURL, Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
		for _, f := range set {
			f(&c)
		}
		logins, err := auth.New(c, auth.Deps{Store: o.db.Store, Catalog: d.Plan.(auth.Catalog), Log: d.Log, Registry: d.Registry, Now: o.now})
		if err != nil {
			t.Fatal(err)
		}
		d.Auth = logins
	})
	o.dir = auth.NewDirectory(o.db.Store, slog.New(slog.DiscardHandler))
	return o
}

func (o *gate) now() time.Time { return o.start.Add(time.Duration(o.ahead.Load())) }

// later puts the clock forward.
func (o *gate) later(d time.Duration) { o.ahead.Add(int64(d)) }

const goodPassword = "gampong pande 1607"

// add adds a person and returns the login name.
func (o *gate) add(name string, role plan.Role) string {
	o.t.Helper()
	name += o.suffix
	secret, err := o.dir.Secret(o.t.Context(), name, goodPassword)
	if err != nil {
		o.t.Fatal(err)
	}
	p := auth.Person{Name: name, Role: role, Title: "Cut " + name, CreatedBy: "test"}
	if err := o.dir.Add(o.t.Context(), p, &secret); err != nil {
		o.t.Fatal(err)
	}
	return name
}

// change changes a person behind the server's back, as the command line does.
func (o *gate) change(name string, c auth.Change) {
	o.t.Helper()
	if _, err := o.dir.Change(o.t.Context(), "test", name, c); err != nil {
		o.t.Fatal(err)
	}
}

// send sends a body as JSON.
func (o *gate) send(method, path string, body any, headers ...string) reply {
	o.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		o.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(o.t.Context(), method, o.URL+path, bytes.NewReader(text))
	if err != nil {
		o.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		o.t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	return reply{resp.StatusCode, resp.Header, answer}
}

func basic(name, password string) string {
	r := http.Request{Header: http.Header{}}
	r.SetBasicAuth(name, password)
	return r.Header.Get("Authorization")
}

// browser is what a browser keeps of a login.
type browser struct {
	cookie string // name=value
	csrf   string
	raw    *http.Cookie
}

type sessionAnswer struct {
	Person *struct{ Name, Title, Role string }
	CSRF   *string
	OIDC   *struct{ Title, Href string }
	// Expires is left as text.
	Expires *string
}

func (o *gate) session(headers ...string) sessionAnswer {
	o.t.Helper()
	return sessionOf(o.t, o.get(o.t, "/api/v1/session", headers...))
}

func sessionOf(t *testing.T, r reply) sessionAnswer {
	t.Helper()
	if r.status != http.StatusOK {
		t.Fatalf("session: %d %s", r.status, r.body)
	}
	var s sessionAnswer
	if err := json.Unmarshal(r.body, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

func (o *gate) logIn(name, password string) browser {
	o.t.Helper()
	r := o.send("POST", "/api/v1/session", map[string]string{"name": name, "password": password})
	s := sessionOf(o.t, r)
	if s.Person == nil || s.Person.Name != name || s.CSRF == nil || s.Expires == nil {
		o.t.Fatalf("log in: %s", r.body)
	}
	return browserOf(o.t, r, *s.CSRF)
}

func browserOf(t *testing.T, r reply, csrf string) browser {
	t.Helper()
	for _, c := range (&http.Response{Header: r.header}).Cookies() {
		if strings.HasSuffix(c.Name, "simtaru_session") && c.Value != "" {
			return browser{c.Name + "=" + c.Value, csrf, c}
		}
	}
	t.Fatalf("no cookie of a session: %v", r.header)
	return browser{}
}

// codeOf is the last part of a problem's type.
func codeOf(t *testing.T, r reply) string {
	t.Helper()
	var p struct{ Type string }
	if err := json.Unmarshal(r.body, &p); err != nil {
		t.Fatalf("%d %s", r.status, r.body)
	}
	_, code, _ := strings.Cut(p.Type, "#")
	return code
}

// expect fails unless the answer has the status and, for a problem, the code.
func (o *gate) expect(what string, r reply, status int, code string) {
	o.t.Helper()
	if r.status != status || code != "" && codeOf(o.t, r) != code {
		o.t.Errorf("%s: %d %s, want %d %s", what, r.status, r.body, status, code)
	}
}

const hiddenLayer = "/ogc/collections/" + secrets

// everyPath is one of each kind of resource.
func everyPath() []string {
	return []string{"/", "/ogc", itemsOf, "/tiles/" + spots + "/12/3132/1985", "/tiles/" + spots + ".json", "/api/v1/catalog", "/styles/plan.json", "/docs", "/metrics", "/api/v1/session", "/assets/main-abc.js"}
}

func TestSessionOfABrowser(t *testing.T) {
	o := openGate(t)
	name := o.add("siti", plan.Disaster)
	if s := o.session(); s.Person != nil || s.CSRF != nil || s.Expires != nil || s.OIDC != nil {
		t.Errorf("nobody has logged in: %+v", s)
	}
	b := o.logIn(name, goodPassword)
	if c := b.raw; !c.HttpOnly || c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.Name != "simtaru_session" || len(c.Value) != 43 {
		t.Errorf("cookie %+v", c)
	}
	s := o.session("Cookie", "other=1; "+b.cookie+"; more=2")
	if s.Person == nil || s.Person.Name != name || s.Person.Role != "disaster" || s.Person.Title != "Cut "+name || *s.CSRF != b.csrf {
		t.Errorf("%+v", s)
	}
	var kept int
	if err := o.db.Conn(t).QueryRow(t.Context(), "select count(*) from simtaru.session s where position($1::bytea in s.hash) > 0 or encode(s.hash, 'escape') like $2",
		[]byte(b.raw.Value), "%"+b.raw.Value+"%").Scan(&kept); err != nil || kept != 0 {
		t.Errorf("the cookie itself is kept: %d, %v", kept, err)
	}
	o.expect("what the role may read", o.get(t, hiddenLayer+"/items", "Cookie", b.cookie), 200, "")
	o.expect("what the public may not", o.get(t, hiddenLayer+"/items"), 404, "")

	o.expect("without X-CSRF-Token", o.do(t, "DELETE", "/api/v1/session", "Cookie", b.cookie), 403, "csrf")
	o.expect("with another", o.do(t, "DELETE", "/api/v1/session", "Cookie", b.cookie, "X-CSRF-Token", b.csrf[1:]+"A"), 403, "csrf")
	o.expect("from another site", o.do(t, "DELETE", "/api/v1/session", "Cookie", b.cookie, "X-CSRF-Token", b.csrf, "Sec-Fetch-Site", "cross-site"), 403, "csrf")
	o.expect("from another origin", o.do(t, "DELETE", "/api/v1/session", "Cookie", b.cookie, "X-CSRF-Token", b.csrf, "Origin", "https://evil.example"), 403, "csrf")
	if s := o.session("Cookie", b.cookie); s.Person == nil {
		t.Fatal("a refused request ended the session")
	}
	out := o.do(t, "DELETE", "/api/v1/session", "Cookie", b.cookie, "X-CSRF-Token", b.csrf, "Origin", o.URL)
	o.expect("log out", out, 204, "")
	if c := out.header.Get("Set-Cookie"); !strings.Contains(c, "simtaru_session=;") || !strings.Contains(c, "Max-Age=0") {
		t.Errorf("the cookie stays: %q", c)
	}
	o.ended("after logging out", b)
	o.expect("log out again", o.do(t, "DELETE", "/api/v1/session", "Cookie", b.cookie), 204, "")

	first := o.logIn(name, goodPassword)
	second := o.send("POST", "/api/v1/session", map[string]string{"name": name, "password": goodPassword}, "Cookie", first.cookie)
	o.expect("log in over a session", second, 200, "")
	o.ended("a session that another one replaced", first)
}

// ended holds what becomes of a cookie whose session is over.
func (o *gate) ended(what string, b browser) {
	o.t.Helper()
	for _, path := range []string{itemsOf, "/tiles/" + spots + "/12/3132/1985", "/api/v1/catalog", hiddenLayer} {
		r := o.get(o.t, path, "Cookie", b.cookie, "Sec-Fetch-Mode", "cors")
		o.expect(what+": "+path, r, 401, "session-ended")
		if r.header.Get("WWW-Authenticate") != `Bearer realm="simtaru"` || !strings.Contains(r.header.Get("Set-Cookie"), "Max-Age=0") {
			o.t.Errorf("%s: %v", path, r.header)
		}
	}
	// HEAD, so that a stream that opens does not hold the test.
	if r := o.do(o.t, "HEAD", "/events", "Cookie", b.cookie); r.status != 401 {
		o.t.Errorf("%s: /events: %d", what, r.status)
	}
	// A person who opens a page is the public again, and not shown an error.
	r := o.get(o.t, "/", "Cookie", b.cookie, "Sec-Fetch-Mode", "navigate")
	o.expect(what+": the map", r, 200, "")
	if !strings.Contains(r.header.Get("Set-Cookie"), "Max-Age=0") {
		o.t.Errorf("%s: the cookie stays: %v", what, r.header)
	}
	o.expect(what+": an old browser", o.get(o.t, "/ogc", "Cookie", b.cookie, "Accept", "text/html,*/*;q=0.8"), 200, "")
	if s := o.session("Cookie", b.cookie); s.Person != nil {
		o.t.Errorf("%s: %+v", what, s)
	}
}

func TestSessionsEnd(t *testing.T) {
	o := openGate(t)
	name := o.add("siti", plan.Planner)
	expired := o.logIn(name, goodPassword)
	o.later(11*time.Hour + 59*time.Minute)
	if o.session("Cookie", expired.cookie).Person == nil {
		t.Fatal("a session ends within a working day")
	}
	o.later(time.Minute)
	o.ended("after twelve hours", expired)

	role := o.logIn(name, goodPassword)
	o.change(name, auth.Change{Role: ptr(plan.Disaster)})
	o.later(2 * time.Second)
	o.ended("with another role", role)
	if s := o.session("Authorization", basic(name, goodPassword)); s.Person.Role != "disaster" {
		t.Errorf("%+v", s.Person)
	}

	disabled := o.logIn(name, goodPassword)
	o.expect("a remembered password", o.get(t, "/ogc", "Authorization", basic(name, goodPassword)), 200, "")
	o.change(name, auth.Change{Disabled: ptr(true)})
	o.later(2 * time.Second)
	o.ended("of a disabled person", disabled)
	o.expect("the password of a disabled person", o.get(t, "/ogc", "Authorization", basic(name, goodPassword)), 401, "wrong-login")
	o.expect("a login of a disabled person", o.send("POST", "/api/v1/session", map[string]string{"name": name, "password": goodPassword}), 401, "wrong-login")
	o.change(name, auth.Change{Disabled: ptr(false)})
	o.later(2 * time.Second)
	o.ended("a session of before", disabled)

	// Whoever counts the generation up ends what is older, also a row that was
	// written at the same moment.
	raced := o.logIn(name, goodPassword)
	o.db.Exec(t, "update simtaru.person set generation = generation + 1 where name = $1", name)
	o.later(2 * time.Second)
	o.ended("of an older generation", raced)
	o.logIn(name, goodPassword)
}

func TestSecureCookie(t *testing.T) {
	o := openGate(t, func(c *auth.Config) { c.PublicURL = "https://tata-ruang.example.id" })
	name := o.add("siti", plan.Planner)
	b := o.logIn(name, goodPassword)
	if !b.raw.Secure || b.raw.Name != "__Host-simtaru_session" || b.raw.Path != "/" || b.raw.Domain != "" {
		t.Errorf("cookie %+v", b.raw)
	}
	// Another host of the domain can set a cookie of the bare name only.
	other := o.logIn(o.add("budi", plan.Planner), goodPassword)
	tossed := "simtaru_session=" + other.raw.Value
	if s := o.session("Cookie", tossed); s.Person != nil {
		t.Errorf("a cookie that another host can set logs %s in", s.Person.Name)
	}
	if s := o.session("Cookie", tossed+"; "+b.cookie); s.Person == nil || s.Person.Name != name {
		t.Errorf("a cookie that another host can set hides one's own: %+v", s.Person)
	}
	// An old browser tells Origin only, and the proxy has changed Host.
	o.expect("by the public address", o.do(t, "DELETE", "/api/v1/session", "Cookie", b.cookie, "X-CSRF-Token", b.csrf, "Origin", "https://tata-ruang.example.id"), 204, "")
}

func TestBasicOnEveryPath(t *testing.T) {
	o := openGate(t)
	name := o.add("siti", plan.Disaster)
	for _, path := range everyPath() {
		r := o.get(t, path, "Authorization", basic(name, goodPassword))
		o.expect(path, r, 200, "")
		private(t, path, r)
		r = o.get(t, path, "Authorization", basic(name, goodPassword+"!"), "Accept-Language", "en")
		o.expect(path+", wrong", r, 401, "wrong-login")
		private(t, path, r)
		if r.header.Get("WWW-Authenticate") != `Basic realm="simtaru", charset="UTF-8"` || r.header.Get("Access-Control-Allow-Origin") != "*" || r.header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: %v", path, r.header)
		}
		if r := o.get(t, path); strings.Contains(r.header.Get("Cache-Control"), "private") && path != "/api/v1/session" {
			t.Errorf("%s: what the public gets is private", path)
		}
	}
	for _, path := range []string{"/livez", "/readyz"} {
		o.expect(path, o.get(t, path, "Authorization", "Basic !!!", "Cookie", "simtaru_session=x"), 200, "")
	}
	for mode, want := range map[string]string{"cors": "Bearer", "no-cors": "Bearer", "same-origin": "Bearer", "navigate": "Basic"} {
		r := o.get(t, "/ogc", "Authorization", basic(name, "no such password"), "Sec-Fetch-Mode", mode)
		if !strings.HasPrefix(r.header.Get("WWW-Authenticate"), want+" ") {
			t.Errorf("%s: %q", mode, r.header.Get("WWW-Authenticate"))
		}
	}
	for _, bad := range []string{"Basic", "Basic ", "Basic !!!", "Basic " + strings.Repeat("A", 9), "Basic c2l0aQ==", "Digest username=x", "Negotiate", "nonsense", "Bearer", "Bearer x", basic(name, "")[:5] + "=="} {
		if r := o.get(t, "/ogc", "Authorization", bad); r.status != 401 {
			t.Errorf("%q: %d", bad, r.status)
		}
	}
	o.expect("a role's layer", o.get(t, hiddenLayer, "Authorization", basic(name, goodPassword)), 200, "")
	r := o.do(t, "OPTIONS", itemsOf, "Access-Control-Request-Method", "POST", "Origin", "https://example.org")
	for _, h := range []string{"Authorization", "X-CSRF-Token", "Idempotency-Key"} {
		if !strings.Contains(r.header.Get("Access-Control-Allow-Headers"), h) || r.header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("preflight: %v", r.header)
		}
	}
}

// private fails unless no shared cache may keep the answer.
func private(t *testing.T, what string, r reply) {
	t.Helper()
	vary := strings.Join(r.header.Values("Vary"), ", ")
	cache := r.header.Get("Cache-Control")
	if !strings.Contains(vary, "Authorization") || !strings.Contains(vary, "Cookie") || !strings.Contains(cache, "private") || strings.Contains(cache, "public") || strings.Contains(cache, "s-maxage") {
		t.Errorf("%s: Vary %q, Cache-Control %q", what, vary, cache)
	}
}

// TestAStreamEndsWithItsLogin: an open stream is not a way around the end of a
// session.
func TestAStreamEndsWithItsLogin(t *testing.T) {
	o := openGate(t)
	name := o.add("siti", plan.Disaster)
	b := o.logIn(name, goodPassword)
	events, cancel := o.listen(t, "Cookie", b.cookie)
	defer cancel()
	o.expect("log out", o.do(t, "DELETE", "/api/v1/session", "Cookie", b.cookie, "X-CSRF-Token", b.csrf), 204, "")
	wait(t, "the stream ends", func() bool {
		select {
		case _, open := <-events:
			return !open
		default:
			return false
		}
	})
}
