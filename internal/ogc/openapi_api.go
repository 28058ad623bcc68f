package ogc

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/simtaru/simtaru/internal/auth"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
)

// who may ask, as the definition tells it.
type who int

const (
	// anyone: a login shows more.
	anyone who = iota
	// nobody yet: the resource begins a login.
	nobody
	// editor: a person, or a system with a token.
	editor
	// person: a token does not do.
	person
)

// told is how an operation at /api/v1 is described.
type told struct {
	id      string
	summary plan.Text
	who     who
	params  []string
	// body and answer are schemas, empty for none; status is that of success.
	body, answer string
	// media type of the answer and accepts that of the body; empty: JSON.
	media, accepts string
	// also are other media types of the answer, with their schemas.
	also   map[string]string
	status int
	// errors beside those that every operation has.
	errors []int
	// refused is the schema of a 400 that is no problem; empty: it is one.
	refused string
}

// api describes the resources at /api/v1 that are not this package's own, by
// method and pattern.
func api() map[string]told {
	all := planAPI()
	maps.Copy(all, sessionAPI())
	maps.Copy(all, peopleAPI())
	maps.Copy(all, indicatorAPI())
	maps.Copy(all, zoningAPI())
	maps.Copy(all, evacuationAPI())
	maps.Copy(all, evacuationPlanAPI())
	maps.Copy(all, wayAPI())
	maps.Copy(all, osrmAPI())
	maps.Copy(all, slumAPI())
	maps.Copy(all, extractAPI())
	maps.Copy(all, reportAPI())
	return all
}

func say(id, en string) plan.Text { return plan.Text{ID: id, EN: en} }

func planAPI() map[string]told {
	return map[string]told{
		"GET /api/v1/catalog": {
			id: "getCatalog", summary: say("Lapisan, isian, kode, dan legenda yang boleh dibaca", "The layers, fields, codes and legends that the login may read"),
			answer: "catalog", status: 200, errors: []int{406},
		},
		"GET /api/v1/search": {
			id: "search", summary: say("Mencari tempat bernama, yang paling cocok lebih dahulu", "Named places, the best match first"),
			params: []string{"q", "lang", "searchLimit"}, answer: "places", status: 200, errors: []int{406},
		},
		"GET /api/v1/changes": {
			id: "getChanges", summary: say("Setiap perubahan, satu kali, untuk diikuti sistem lain", "Every change, once, for other systems to follow"),
			params: []string{"since", "changesLimit", "layers"}, answer: "changes", status: 200, errors: []int{404, 406, 410},
		},
	}
}

func sessionAPI() map[string]told {
	const session = "/api/v1/session"
	return map[string]told{
		"GET " + session: {
			id: "getSession", summary: say("Siapa yang masuk, dan X-CSRF-Token untuk sesi peramban", "Who has logged in, and the X-CSRF-Token of a browser's session"),
			answer: "session", status: 200,
		},
		"POST " + session: {
			id: "logIn", summary: say("Masuk: memulai sesi peramban dengan cookie", "Log in: begins a browser's session with a cookie"),
			who: nobody, body: "login", answer: "session", status: 200,
		},
		"DELETE " + session: {
			id: "logOut", summary: say("Keluar: mengakhiri sesi; tanpa sesi tidak terjadi apa-apa", "Log out: ends the session; without one nothing happens"),
			status: 204,
		},
		"PUT " + session + "/password": {
			id: "setPassword", summary: say("Mengganti kata sandi sendiri; semua sesi lain berakhir", "Choose another password; all other sessions end"),
			who: person, body: "passwords", status: 204, errors: []int{422},
		},
		"GET " + session + "/oidc": {
			id: "logInAtProvider", summary: say("Masuk lewat penyedia identitas kota", "Log in at the city's identity provider"),
			who: nobody, params: []string{"next"}, status: 303,
		},
		"GET " + session + "/oidc/callback": {
			id: "comeFromProvider", summary: say("Kembali dari penyedia identitas: memulai sesi", "The way back from the identity provider: begins a session"),
			who: nobody, params: []string{"code", "state", "error"}, status: 303, errors: []int{403},
		},
	}
}

func peopleAPI() map[string]told {
	const tokens, people = "/api/v1/tokens", "/api/v1/people"
	return map[string]told{
		"GET " + tokens: {
			id: "getTokens", summary: say("Token sendiri untuk sistem lain, yang terbaru lebih dahulu", "One's own tokens for other systems, the newest first"),
			who: person, answer: "tokens", status: 200,
		},
		"POST " + tokens: {
			id: "addToken", summary: say("Membuat token; rahasianya hanya ada di jawaban ini. Dengan indicators ia hanya dapat mengirim nilai indikator itu (perencana, admin)", "Make a token; its secret is in this answer only. With indicators it can send values of those and do nothing else (planners, administrators)"),
			who: person, body: "newToken", answer: "madeToken", status: 201, errors: []int{409, 422},
		},
		"DELETE " + tokens + "/{id}": {
			id: "revokeToken", summary: say("Mencabut token sendiri", "Revoke a token of one's own"),
			who: person, params: []string{"tokenId"}, status: 204, errors: []int{404},
		},
		"GET " + people: {
			id: "getPeople", summary: say("Semua orang yang boleh masuk (admin)", "Everybody who may log in (administrators)"),
			who: person, answer: "people", status: 200,
		},
		"POST " + people: {
			id: "addPerson", summary: say("Menambah orang (admin)", "Add a person (administrators)"),
			who: person, body: "newPerson", answer: "person", status: 201, errors: []int{409, 422},
		},
		"PATCH " + people + "/{name}": {
			id: "changePerson", summary: say("Mengubah orang; anggota yang tidak disebut tetap (admin)", "Change a person; members that are left out stay (administrators)"),
			who: person, params: []string{"person"}, body: "personChange", answer: "person", status: 200, errors: []int{404, 409, 422},
		},
		"GET " + people + "/{name}/tokens": {
			id: "getPersonTokens", summary: say("Token milik orang itu (admin)", "A person's tokens (administrators)"),
			who: person, params: []string{"person"}, answer: "tokens", status: 200, errors: []int{404},
		},
		"DELETE " + people + "/{name}/tokens/{id}": {
			id: "revokePersonToken", summary: say("Mencabut satu token milik orang itu (admin)", "Revoke one token of a person (administrators)"),
			who: person, params: []string{"person", "tokenId"}, status: 204, errors: []int{404},
		},
	}
}

// checkAPI refuses resources that the definition would leave out.
func checkAPI(served map[string][]string) error {
	known := api()
	for pattern, methods := range served {
		for _, method := range methods {
			if _, ok := known[method+" "+pattern]; !ok {
				return fmt.Errorf("ogc: the API definition does not describe %s %s", method, pattern)
			}
		}
	}
	return nil
}

// beside adds the resources at /api/v1 that are served.
func (b spec) beside(v mirror.View, served map[string][]string, publicURL string) {
	if len(served) == 0 {
		return
	}
	b.apiParameters()
	switches := switchesIn(v)
	b.indicatorParameters(switches)
	b.zoningParameters()
	b.evacuationParameters()
	b.evacuationPlanParameters()
	b.wayParameters()
	b.osrmParameters()
	b.extractParameters()
	maps.Copy(b.doc.Components.Schemas, apiSchemas())
	maps.Copy(b.doc.Components.Schemas, indicatorSchemas())
	maps.Copy(b.doc.Components.Schemas, zoningSchemas())
	maps.Copy(b.doc.Components.Schemas, b.evacuationSchemas())
	maps.Copy(b.doc.Components.Schemas, evacuationPlanSchemas())
	maps.Copy(b.doc.Components.Schemas, b.waySchemas())
	maps.Copy(b.doc.Components.Schemas, osrmSchemas())
	maps.Copy(b.doc.Components.Schemas, slumSchemas())
	maps.Copy(b.doc.Components.Schemas, extractSchemas())
	maps.Copy(b.doc.Components.Schemas, reportSchemas())
	b.reportParameters()
	known := api()
	for pattern, methods := range served {
		item := &openapi3.PathItem{Servers: openapi3.Servers{{URL: publicURL}}}
		for _, method := range methods {
			item.SetOperation(method, b.tell(method, known[method+" "+pattern], switches))
		}
		if below, ours := strings.CutPrefix(pattern, "/ogc/"); ours {
			item.Servers, pattern = nil, "/"+below
		}
		b.doc.Paths.Set(pattern, item)
	}
}

// tell makes the operation.
func (b spec) tell(method string, t told, switches []string) *openapi3.Operation {
	op := openapi3.NewOperation()
	op.OperationID, op.Summary, op.Responses = t.id, t.summary.In(b.lang), openapi3.NewResponsesWithCapacity(10)
	params := t.params
	if i := slices.Index(params, switchParams); i >= 0 {
		params = slices.Clone(params[:i])
		for _, id := range switches {
			params = append(params, switchKey(id))
		}
	}
	for _, name := range params {
		op.Parameters = append(op.Parameters, &openapi3.ParameterRef{Ref: "#/components/parameters/" + name})
	}
	done := openapi3.NewResponse().WithDescription(op.Summary)
	if t.answer != "" {
		done.WithContent(openapi3.Content{or(t.media, "application/json"): {Schema: ref(t.answer)}})
		for media, schema := range t.also {
			done.Content[media] = &openapi3.MediaType{Schema: ref(schema)}
		}
	}
	if t.status == http.StatusCreated || t.status == http.StatusAccepted || t.status == http.StatusSeeOther {
		done.Headers = openapi3.Headers{"Location": stringHeader()}
	}
	op.Responses.Set(fmt.Sprint(t.status), &openapi3.ResponseRef{Value: done})
	errors := append([]int{400, 401, 429, 503}, t.errors...)
	if method != http.MethodGet || t.who == person {
		errors = append(errors, 403)
	}
	if t.body != "" {
		op.RequestBody = bodyOf(ref(t.body), or(t.accepts, "application/json"))
		errors = append(errors, 413, 415)
	}
	b.problems(op, errors...)
	if t.refused != "" {
		no := openapi3.NewResponse().WithDescription(b.t("Ditolak", "Refused")).WithContent(openapi3.Content{"application/json": {Schema: ref(t.refused)}})
		op.Responses.Set("400", &openapi3.ResponseRef{Value: no})
	}
	op.Security = securityOf(method, t.who)
	return op
}

// problems says with which statuses an operation is refused.
func (b spec) problems(op *openapi3.Operation, statuses ...int) {
	for _, status := range statuses {
		op.Responses.Set(fmt.Sprint(status), &openapi3.ResponseRef{Ref: "#/components/responses/Problem"})
	}
}

// among is a text that is a member of a list of words.
func (b spec) among(list string) *openapi3.Schema {
	s := openapi3.NewStringSchema()
	for _, w := range b.words[list] {
		s.Enum = append(s.Enum, w)
	}
	return s
}

func stringHeader() *openapi3.HeaderRef {
	return &openapi3.HeaderRef{Value: &openapi3.Header{Parameter: openapi3.Parameter{Schema: openapi3.NewStringSchema().NewRef()}}}
}

// securityOf is how to log in for an operation; nil is as the document says.
func securityOf(method string, w who) *openapi3.SecurityRequirements {
	all := openapi3.NewSecurityRequirements()
	cookie := openapi3.SecurityRequirement{"cookie": {}}
	if method != http.MethodGet {
		cookie["csrf"] = []string{}
	}
	switch w {
	case nobody:
		return all
	case anyone:
		all.With(openapi3.SecurityRequirement{})
	}
	all.With(openapi3.SecurityRequirement{"basic": {}}).With(cookie)
	if w != person {
		all.With(openapi3.SecurityRequirement{"bearer": {}})
	}
	return all
}

// security are the ways to log in.
func (b spec) security(publicURL string) {
	key := func(in, name, text string) *openapi3.SecuritySchemeRef {
		return &openapi3.SecuritySchemeRef{Value: openapi3.NewSecurityScheme().WithType("apiKey").WithIn(in).WithName(name).WithDescription(text)}
	}
	scheme := func(scheme, text string) *openapi3.SecuritySchemeRef {
		return &openapi3.SecuritySchemeRef{Value: openapi3.NewSecurityScheme().WithType("http").WithScheme(scheme).WithDescription(text)}
	}
	b.doc.Components.SecuritySchemes = openapi3.SecuritySchemes{
		"basic":  scheme("basic", b.t("Nama masuk dan kata sandi", "Login name and password")),
		"bearer": scheme("bearer", b.t("Token untuk sistem lain, dibuat di /api/v1/tokens", "A token for other systems, made at /api/v1/tokens")),
		"cookie": key("cookie", auth.SessionCookie(strings.HasPrefix(publicURL, "https:")), b.t("Sesi peramban, dimulai di /api/v1/session", "A browser's session, begun at /api/v1/session")),
		"csrf":   key("header", "X-CSRF-Token", b.t("Bersama cookie, untuk yang mengubah sesuatu: anggota csrf dari /api/v1/session", "With the cookie, for what changes anything: the member csrf of /api/v1/session")),
	}
	b.doc.Security = *securityOf(http.MethodGet, anyone)
}

// apiParameters are those of /api/v1.
func (b spec) apiParameters() {
	str, num := openapi3.NewStringSchema, openapi3.NewIntegerSchema
	b.query("q", "q", true, str().WithMinLength(1).WithMaxLength(100), "Nama yang dicari", "The name to look for")
	b.query("lang", "lang", false, str().WithEnum("id", "en"), "Bahasa jawaban; lebih kuat daripada Accept-Language", "Language of the answer; stronger than Accept-Language")
	b.query("searchLimit", "limit", false, num().WithMin(1).WithMax(50).WithDefault(10), "Jumlah tempat; yang lebih besar dipotong", "How many places; more is cut to the maximum")
	b.query("since", "since", false, str().WithMinLength(1), "Anggota next dari jawaban sebelumnya, atau now; tanpa ini dimulai dari yang tertua",
		"The member next of the answer before, or now; without it, from the oldest")
	b.query("changesLimit", "limit", false, num().WithMin(1).WithMax(1000).WithDefault(100), "Jumlah perubahan per halaman; yang lebih besar dipotong", "Changes a page; more is cut to the maximum")
	b.query("layers", "layers", false, str(), "Nama lapisan, dipisahkan koma; tanpa ini semua yang boleh dibaca", "Names of layers, with commas between; without it all that may be read")
	b.query("next", "next", false, str(), "Alamat di layanan ini sesudah masuk", "Where on this service to go after the login")
	for _, name := range []string{"code", "state", "error"} {
		b.query(name, name, false, str(), "Dari penyedia identitas", "From the identity provider")
	}
	b.path("person", "name", str(), "Nama masuk", "Login name")
	b.path("slumArea", "id", openapi3.NewInt64Schema(), "Nomor kawasan kumuh", "Number of the slum area")
	b.path("tokenId", "id", openapi3.NewInt64Schema(), "Nomor token", "Number of the token")
}

// query adds a parameter of an address under a key among all parameters.
func (b spec) query(key, name string, required bool, schema *openapi3.Schema, id, en string) {
	b.parameter(key, openapi3.NewQueryParameter(name).WithRequired(required), schema, id, en)
}

// path adds a parameter that is a part of an address.
func (b spec) path(key, name string, schema *openapi3.Schema, id, en string) {
	b.parameter(key, openapi3.NewPathParameter(name), schema, id, en)
}

func (b spec) parameter(key string, p *openapi3.Parameter, schema *openapi3.Schema, id, en string) {
	if b.doc.Components.Parameters[key] != nil {
		panic("two parameters of the API have the key " + key)
	}
	b.doc.Components.Parameters[key] = &openapi3.ParameterRef{Value: p.WithDescription(b.t(id, en)).WithSchema(schema)}
}

// record is the schema of an object with these members, all of which are
// there but for those whose name ends in a question mark.
func record(members openapi3.Schemas) *openapi3.Schema {
	o := openapi3.NewObjectSchema()
	o.Properties = openapi3.Schemas{}
	for name, schema := range members {
		short, optional := strings.CutSuffix(name, "?")
		o.Properties[short] = schema
		if !optional {
			o.Required = append(o.Required, short)
		}
	}
	slices.Sort(o.Required)
	return o
}

func object(members openapi3.Schemas) *openapi3.SchemaRef { return record(members).NewRef() }

// maybe is an object or null.
func maybe(members openapi3.Schemas) *openapi3.SchemaRef {
	return record(members).WithNullable().NewRef()
}

func array(of *openapi3.SchemaRef) *openapi3.SchemaRef {
	a := openapi3.NewArraySchema()
	a.Items = of
	return a.NewRef()
}

// sent is the schema of a body that is read strictly.
func sent(members openapi3.Schemas) *openapi3.SchemaRef {
	return record(members).WithoutAdditionalProperties().NewRef()
}
