package httpd_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/legacy"
)

// TestWritesConform holds requests and answers of editing to the definition.
func TestWritesConform(t *testing.T) {
	o := openOffice(t)
	doc, err := openapi3.NewLoader().LoadFromData(o.get(t, "/ogc/openapi", "Authorization", asSiti).body)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		t.Fatal(err)
	}
	if doc.Paths.Value("/collections/"+secrets+"/items") != nil || doc.Paths.Value("/api/v1/edits") == nil {
		t.Error("the definition shows a private layer, or not the edits")
	}
	router, err := legacy.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	for kind, decoder := range map[string]openapi3filter.BodyDecoder{
		geoJSON: openapi3filter.JSONBodyDecoder, mergePatch: openapi3filter.JSONBodyDecoder, "application/schema+json": openapi3filter.JSONBodyDecoder,
	} {
		openapi3filter.RegisterBodyDecoder(kind, decoder)
	}
	options := &openapi3filter.Options{IncludeResponseStatus: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}
	path, _ := o.create(t, "Kios")
	for _, c := range []struct {
		method, path, who, kind, body string
		status                        int
		headers                       []string
	}{
		{http.MethodGet, "/ogc/collections/" + spots + "/schema", asSiti, "", "", 200, nil},
		{http.MethodGet, "/ogc/collections/" + spots + "/queryables", "", "", "", 200, nil},
		{http.MethodPost, itemsOf, asSiti, geoJSON, spot("x"), 201, []string{"Prefer", "return=representation"}},
		{http.MethodPost, itemsOf, asSiti, geoJSON, spot("x"), 201, []string{"Idempotency-Key", "k", "Content-Crs", "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}},
		{http.MethodPost, patchesOf, asSiti, geoJSON, patch(`{"type":"Polygon","coordinates":[[[95,5],[95.1,5],[95,5.1],[95,5]]]}`), 201, nil},
		{http.MethodPut, path, asSiti, geoJSON, spot("x"), 204, nil},
		{http.MethodPut, path, asSiti, geoJSON, spot("x"), 200, []string{"Prefer", "return=representation"}},
		{http.MethodPatch, path, asSiti, mergePatch, `{"properties":{"seats":3}}`, 204, nil},
		{http.MethodPatch, path, asSiti, mergePatch, `{"properties":{"seats":3}}`, 412, []string{"If-Match", `"1-a"`}},
		{http.MethodPatch, path, "", mergePatch, `{}`, 401, nil},
		{http.MethodPatch, path, asAgus, mergePatch, `{}`, 403, nil},
		{http.MethodPost, path + "/revert", asSiti, plainJSON, `{"revision":1}`, 200, nil},
		{http.MethodDelete, path, asSiti, "", "", 204, nil},
		{http.MethodDelete, path, asSiti, "", "", 404, nil},
	} {
		var body any
		if c.body != "" {
			body = c.body
		}
		r := o.send(t, c.method, c.path, c.who, c.kind, body, c.headers...)
		if r.status != c.status {
			t.Errorf("%s %s: %d %s", c.method, c.path, r.status, r.body)
		}
		req, err := http.NewRequestWithContext(t.Context(), c.method, o.URL+c.path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		if c.kind != "" {
			req.Header.Set("Content-Type", c.kind)
		}
		for i := 0; i < len(c.headers); i += 2 {
			req.Header.Set(c.headers[i], c.headers[i+1])
		}
		route, params, err := router.FindRoute(req)
		if err != nil {
			t.Errorf("%s %s: %v", c.method, c.path, err)
			continue
		}
		in := &openapi3filter.RequestValidationInput{Request: req, PathParams: params, Route: route, Options: options}
		if err := openapi3filter.ValidateRequest(t.Context(), in); err != nil {
			t.Errorf("%s %s: %v", c.method, c.path, err)
		}
		out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: r.status, Header: r.header, Options: options}
		out.SetBodyBytes(r.body)
		if err := openapi3filter.ValidateResponse(t.Context(), out); err != nil && r.status != http.StatusNoContent {
			t.Errorf("%s %s: %v", c.method, c.path, err)
		}
	}
	if page := o.get(t, "/ogc/openapi?f=html", "Authorization", asSiti); page.status != http.StatusOK || !strings.Contains(string(page.body), "/api/v1/edits") {
		t.Errorf("the page: %d", page.status)
	}
}
