package httpd_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/go-chi/chi/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/simtaru/simtaru/internal/httpd"
	"github.com/simtaru/simtaru/internal/plan"
)

// definition reads the API definition, which must be valid OpenAPI 3.0.
func definition(t *testing.T, s *service, headers ...string) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(s.get(t, "/ogc/openapi", headers...).body)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return doc
}

// servedAPI lists what the router answers at /api/v1, as method and pattern.
func servedAPI(t *testing.T, s *service) (list []string) {
	t.Helper()
	err := chi.Walk(s.handler.(*httpd.Server).Router(), func(_, pattern string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if !strings.HasPrefix(pattern, "/api/") || slices.Contains(list, "GET "+pattern) {
			return nil
		}
		r := s.do(t, http.MethodOptions, strings.NewReplacer("{name}", "nobody", "{id}", "1", "{z}", "12", "{col}", "1", "{row}", "1").Replace(pattern))
		for method := range strings.SplitSeq(r.header.Get("Allow"), ", ") {
			if route := method + " " + pattern; method != http.MethodOptions && method != http.MethodHead && !slices.Contains(list, route) {
				list = append(list, route)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(list)
	return list
}

func describedAPI(doc *openapi3.T) (list []string) {
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			if strings.HasPrefix(path, "/api/") {
				list = append(list, method+" "+path)
			}
		}
	}
	slices.Sort(list)
	return list
}

// TestAPIIsDescribed: what is served at /api/v1 is in the definition, and what
// is in the definition is served, however much of it the server has.
func TestAPIIsDescribed(t *testing.T) {
	for what, s := range map[string]struct {
		*service
		least int
	}{
		"reading only":             {serve(t), 3},
		"reading and editing":      {openOffice(t).service, 4},
		"logins":                   {openGate(t).service, 15},
		"logins at a provider too": {openTown(t, newIDP(t).setUp).service, 18},
	} {
		served, described := servedAPI(t, s.service), describedAPI(definition(t, s.service))
		if d := cmp.Diff(served, described); d != "" {
			t.Errorf("%s (-served +described):\n%s", what, d)
		}
		if len(served) < s.least {
			t.Errorf("%s: only %d routes were found: %v", what, len(served), served)
		}
	}
}

// forAPI is the definition of /api/v1 and /osrm alone, in which no answer has a member
// that is not described.
func forAPI(doc *openapi3.T, url string) *openapi3.T {
	doc.Servers = openapi3.Servers{{URL: url}}
	for path := range doc.Paths.Map() {
		if !strings.HasPrefix(path, "/api/") && !strings.HasPrefix(path, "/osrm/") {
			doc.Paths.Delete(path)
		}
	}
	var shut func(s *openapi3.SchemaRef)
	shut = func(s *openapi3.SchemaRef) {
		if s == nil || s.Ref != "" {
			return
		}
		if len(s.Value.Properties) > 0 {
			s.Value.WithoutAdditionalProperties()
		}
		for _, p := range s.Value.Properties {
			shut(p)
		}
		shut(s.Value.Items)
	}
	for _, s := range doc.Components.Schemas {
		shut(s)
	}
	return doc
}

// elsewhere is the token of another database.
func elsewhere(t *testing.T, token string) string {
	t.Helper()
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		t.Fatal(err)
	}
	part := strings.Split(string(text), "/")
	part[1] = strings.Repeat("0", len(part[1]))
	return base64.RawURLEncoding.EncodeToString([]byte(strings.Join(part, "/")))
}

// conversation holds requests and answers to the definition.
type conversation struct {
	*gate
	router  routers.Router
	options *openapi3filter.Options
	// explained is the page of problems.
	explained string
	// succeeded has what was answered with success.
	succeeded map[string]bool
}

// converse begins a conversation with the part of a service below /api.
func converse(t *testing.T, g *gate, doc *openapi3.T) *conversation {
	t.Helper()
	router, err := legacy.NewRouter(forAPI(doc, g.URL))
	if err != nil {
		t.Fatal(err)
	}
	openapi3filter.RegisterBodyDecoder("application/problem+json", openapi3filter.JSONBodyDecoder)
	return &conversation{
		gate: g, router: router, explained: string(g.get(t, "/docs/problems").body), succeeded: map[string]bool{},
		options: &openapi3filter.Options{IncludeResponseStatus: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, MultiError: true},
	}
}

// say sends a request as it is described and expects that status.
func (c *conversation) say(status int, method, path string, body any, headers ...string) reply {
	t := c.t
	t.Helper()
	text := ""
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		text, headers = string(b), append(headers, "Content-Type", "application/json")
	}
	req, err := http.NewRequestWithContext(t.Context(), method, c.URL+path, strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	var r reply
	if body == nil {
		r = c.do(t, method, path, headers...)
	} else {
		r = c.send(method, path, body, headers...)
	}
	if r.status != status {
		t.Errorf("%s %s: %d %s, want %d", method, path, r.status, r.body, status)
	}
	route, params, err := c.router.FindRoute(req)
	if err != nil {
		t.Errorf("%s %s: %v", method, path, err)
		return r
	}
	in := &openapi3filter.RequestValidationInput{Request: req, PathParams: params, Route: route, Options: c.options}
	// A request that is refused for what it says need not be as described.
	if err := openapi3filter.ValidateRequest(t.Context(), in); (err != nil) != (status == 400 || status == 415) {
		t.Errorf("%s %s %s: %v, and the server says %d", method, path, text, err, status)
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: r.status, Header: r.header, Options: c.options}
	out.SetBodyBytes(r.body)
	if err := openapi3filter.ValidateResponse(t.Context(), out); err != nil {
		t.Errorf("%s %s: %v", method, path, err)
	}
	if status >= 400 {
		_, code, _ := strings.Cut(problemOf(t, path, r).Type, "#")
		if !strings.Contains(c.explained, `id="`+code+`"`) {
			t.Errorf("%s %s: the problem %s is not explained", method, path, code)
		}
	} else {
		c.succeeded[method+" "+route.Path] = true
	}
	return r
}

// TestAPIConforms does everything at /api/v1 at least once, and is refused in
// most ways.
func TestAPIConforms(t *testing.T) {
	p := newIDP(t)
	o := openTown(t, p.setUp)
	doc := definition(t, o.service)
	all := describedAPI(doc)
	if scheme := doc.Components.SecuritySchemes["cookie"].Value; scheme.In != "cookie" || scheme.Name != "simtaru_session" {
		t.Errorf("%+v", scheme)
	}
	for name, limit := range httpd.Limits() {
		if s := doc.Components.Parameters[name].Value.Schema.Value; s.Default != float64(limit[0]) || *s.Max != float64(limit[1]) {
			t.Errorf("%s: %v to %v, want %v", name, s.Default, *s.Max, limit)
		}
	}
	c := converse(t, o, doc)
	boss, name := o.add("ani", plan.Admin), o.add("siti", plan.Planner)
	asBoss, asName := []string{"Authorization", basic(boss, goodPassword)}, []string{"Authorization", basic(name, goodPassword)}
	type body = map[string]any

	// Edits, and what they are told.
	create := body{"op": "create", "layer": spots, "feature": json.RawMessage(spot("Kios"))}
	c.say(200, "POST", "/api/v1/edits", body{"edits": []any{create, create}}, asName...)
	c.say(412, "POST", "/api/v1/edits", body{"edits": []any{body{"op": "delete", "layer": spots, "id": 1, "ifRevision": 7}}}, asName...)
	c.say(422, "POST", "/api/v1/edits", body{"edits": []any{
		body{"op": "create", "layer": patches, "feature": json.RawMessage(patch(`{"type":"Point","coordinates":[1,2]}`))},
		body{"op": "create", "layer": patches, "feature": json.RawMessage(`{"type":"Feature","geometry":null,"properties":{"use":"Z"}}`)},
	}}, asName...)
	c.say(401, "POST", "/api/v1/edits", body{"edits": []any{create}})
	c.say(401, "POST", "/api/v1/edits", body{"edits": []any{create}}, "Authorization", basic(name, "salah sekali"))

	c.say(200, "GET", "/api/v1/changes", nil)
	page := c.say(200, "GET", "/api/v1/changes?limit=1&layers="+spots, nil, asName...)
	var changes struct{ Next string }
	if err := json.Unmarshal(page.body, &changes); err != nil {
		t.Fatal(err)
	}
	c.say(200, "GET", "/api/v1/changes?limit=1000&since="+changes.Next, nil)
	c.say(400, "GET", "/api/v1/changes?limit=0", nil)
	c.say(400, "GET", "/api/v1/changes?since=", nil)
	c.say(410, "GET", "/api/v1/changes?since="+elsewhere(t, changes.Next), nil)
	c.say(404, "GET", "/api/v1/changes?layers=nothing", nil)
	c.say(406, "GET", "/api/v1/changes", nil, "Accept", "image/png")
	wait(t, "the edits are found", func() bool { return strings.Contains(string(o.get(t, "/api/v1/search?q=kios").body), "bbox") })
	c.say(200, "GET", "/api/v1/search?q=kios&lang=en&limit=50", nil)
	c.say(400, "GET", "/api/v1/search?q=kios&limit=0", nil)
	c.say(400, "GET", "/api/v1/search?q="+strings.Repeat("x", 101), nil)
	c.say(400, "GET", "/api/v1/search", nil)
	c.say(200, "GET", "/api/v1/catalog", nil)
	c.say(200, "GET", "/api/v1/catalog", nil, asName...)

	// Slum scores.
	measured := func() body {
		return body{"name": "RT 1", "volumes": body{"1a": 51, "1c": nil, "3a": 1.5}, "denominators": body{"buildings": 100}, "landLegality": "legal"}
	}
	programme := measured()
	programme["after"] = body{"volumes": body{"1a": 0}}
	programme["considerations"], programme["decree"] = body{"strategic": 3, "density": 5, "social": 0}, body{"listed": true, "class": "KB", "score": 60, "date": "2019-01-02"}
	c.say(200, "POST", "/api/v1/slum/score", body{"areas": []any{measured(), programme, body{}}, "on": "2026-01-02"})
	severe := body{"landLegality": "legal", "considerations": body{"strategic": 3, "density": 5, "social": 1}, "denominators": body{"buildings": 1, "households": 1, "verified_area": 1}, "volumes": body{
		"1a": 1, "1b": 1, "1c": 1, "3a": 1, "3b": 1, "4a": 1, "5a": 1, "5b": 1, "6a": 1, "6b": 1, "7a": 1, "7b": 1,
	}}
	if r := c.say(200, "POST", "/api/v1/slum/score", body{"areas": []any{severe}}); !strings.Contains(string(r.body), `"classification":"A3"`) {
		t.Errorf("%s", r.body)
	}
	c.say(400, "POST", "/api/v1/slum/score", body{"areas": []any{body{"volumes": body{"1a": "1"}}}})
	c.say(415, "POST", "/api/v1/slum/score", nil)
	c.say(404, "GET", "/api/v1/slum/areas/1", nil)
	c.say(406, "GET", "/api/v1/slum/areas/1", nil, "Accept", "image/png")

	// A browser's session.
	c.say(200, "GET", "/api/v1/session", nil)
	c.say(200, "GET", "/api/v1/session", nil, asName...)
	c.say(401, "GET", "/api/v1/session", nil, "Authorization", "Bearer simtaru_"+strings.Repeat("x", 43))
	r := c.say(200, "POST", "/api/v1/session", body{"name": name, "password": goodPassword})
	b := browserOf(t, r, "")
	b.csrf = *o.session("Cookie", b.cookie).CSRF
	cookie := []string{"Cookie", b.cookie, "X-CSRF-Token", b.csrf}
	c.say(200, "GET", "/api/v1/session", nil, cookie...)
	c.say(401, "POST", "/api/v1/session", body{"name": name, "password": "salah sekali"})
	c.say(403, "POST", "/api/v1/session", body{"name": name, "password": goodPassword}, "Sec-Fetch-Site", "cross-site")
	c.say(400, "POST", "/api/v1/session", body{"name": name, "password": goodPassword, "remember": true})
	c.say(415, "POST", "/api/v1/session", nil)
	c.say(204, "PUT", "/api/v1/session/password", body{"old": goodPassword, "new": "peunayong baru 7"}, cookie...)
	c.say(422, "PUT", "/api/v1/session/password", body{"old": "peunayong baru 7", "new": "x"}, cookie...)
	c.say(204, "PUT", "/api/v1/session/password", body{"old": "peunayong baru 7", "new": goodPassword}, cookie...)
	c.say(403, "DELETE", "/api/v1/session", nil, "Cookie", b.cookie)

	// Tokens.
	var made struct{ Token struct{ ID int64 } }
	r = c.say(201, "POST", "/api/v1/tokens", body{"name": "sirene", "layers": []string{spots}, "readOnly": true, "expires": "2999-01-02T03:04:05Z"}, cookie...)
	if err := json.Unmarshal(r.body, &made); err != nil {
		t.Fatal(err)
	}
	first := fmt.Sprint(made.Token.ID)
	r = c.say(201, "POST", "/api/v1/tokens", body{"name": "papan", "layers": nil}, asName...)
	if err := json.Unmarshal(r.body, &made); err != nil {
		t.Fatal(err)
	}
	second := fmt.Sprint(made.Token.ID)
	c.say(422, "POST", "/api/v1/tokens", body{"name": "x", "layers": []string{"nothing"}}, asName...)
	c.say(400, "POST", "/api/v1/tokens", body{"name": "x", "scope": "all"}, asName...)
	c.say(204, "DELETE", "/api/v1/tokens/"+first, nil, asName...)
	c.say(404, "DELETE", "/api/v1/tokens/0", nil, asName...)
	c.say(200, "GET", "/api/v1/tokens", nil, asName...)
	c.say(401, "GET", "/api/v1/tokens", nil)

	// People.
	c.say(200, "GET", "/api/v1/people", nil, asBoss...)
	c.say(403, "GET", "/api/v1/people", nil, asName...)
	c.say(201, "POST", "/api/v1/people", body{"name": "budi", "role": "planner", "title": "Budi", "email": "budi@example.id", "generate": true}, asBoss...)
	c.say(409, "POST", "/api/v1/people", body{"name": "budi", "role": "planner", "password": goodPassword}, asBoss...)
	c.say(422, "POST", "/api/v1/people", body{"name": "postgres", "role": "planner"}, asBoss...)
	c.say(400, "POST", "/api/v1/people", body{"name": "cut", "role": "planner", "admin": true}, asBoss...)
	c.say(200, "PATCH", "/api/v1/people/budi", body{"role": "disaster", "disabled": true, "title": "", "email": "", "password": goodPassword}, asBoss...)
	c.say(409, "PATCH", "/api/v1/people/"+boss, body{"role": "planner"}, asBoss...)
	c.say(404, "PATCH", "/api/v1/people/nobody", body{}, asBoss...)
	c.say(200, "GET", "/api/v1/people/"+name+"/tokens", nil, asBoss...)
	c.say(404, "GET", "/api/v1/people/nobody/tokens", nil, asBoss...)
	c.say(204, "DELETE", "/api/v1/people/"+name+"/tokens/"+second, nil, asBoss...)
	c.say(404, "DELETE", "/api/v1/people/"+name+"/tokens/0", nil, asBoss...)
	c.say(403, "DELETE", "/api/v1/people/"+name+"/tokens/"+second, nil, asName...)

	// The identity provider, and the end of the session.
	c.say(303, "GET", oidcPath+"?next=/docs", nil)
	c.say(401, "GET", oidcPath+"/callback?code=x&state=y", nil)
	o.addWithEmail("tgk", plan.Planner, "tgk@bandaaceh.go.id")
	p.set(func(p *idp) {
		p.account = body{"sub": "1", "email": "tgk@bandaaceh.go.id", "email_verified": true}
	})
	back, attempt := o.begin("")
	c.say(303, "GET", back, nil, "Cookie", attempt)
	p.set(func(p *idp) { p.account = body{"sub": "2"} })
	back, attempt = o.begin("")
	c.say(403, "GET", back, nil, "Cookie", attempt)
	c.say(204, "DELETE", "/api/v1/session", nil, cookie...)
	for i := range 8 {
		o.send("POST", "/api/v1/session", body{"name": name, "password": fmt.Sprint("salah sekali ", i)})
	}
	c.say(429, "POST", "/api/v1/session", body{"name": name, "password": "salah sekali"})

	for _, operation := range all {
		// There is no slum here: TestComputedOverHTTP asks of one.
		if !c.succeeded[operation] && operation != "GET /api/v1/slum/areas/{id}" {
			t.Errorf("nothing has %s succeed", operation)
		}
	}
}
