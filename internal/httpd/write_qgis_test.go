package httpd_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// desktop sends what QGIS 3.40 sends: no If-Match, its own User-Agent, a
// Content-Crs without brackets.
type desktop struct {
	*office
	who string
}

func (q desktop) ask(t *testing.T, method, path, kind, body string, headers ...string) reply {
	t.Helper()
	headers = append(headers, "User-Agent", "Mozilla/5.0 QGIS/34003/Debian GNU/Linux 13", "Accept-Language", "id-ID")
	var b any
	if body != "" {
		b = body
	}
	return q.send(t, method, path, q.who, kind, b, headers...)
}

func allows(r reply, methods ...string) bool {
	for _, m := range methods {
		found := false
		for part := range strings.SplitSeq(r.header.Get("Allow"), ",") {
			found = found || strings.TrimSpace(part) == m
		}
		if !found {
			return false
		}
	}
	return true
}

// TestQGISOpensAndEdits replays, request by request, what QGIS does with an
// empty layer over OGC API Features: opening, adding, a save of geometry and
// attributes in two requests, deleting.
func TestQGISOpensAndEdits(t *testing.T) {
	o := openOffice(t)
	siti := desktop{o, asSiti}
	collection := "/ogc/collections/" + patches
	for _, step := range []struct{ path, accept, holds string }{
		{"/ogc", "application/json", `"rel":"service-desc"`},
		{"/ogc/openapi", "application/vnd.oai.openapi+json;version=3.0", `"limit"`},
		{"/ogc/conformance", "application/json", "ogcapi-features-5/1.0/conf/schemas"},
		{collection, "application/json", `"rel":"http://www.opengis.net/def/rel/ogc/1.0/schema","type":"application/schema+json"`},
		{collection + "/schema", "application/schema+json", `"x-ogc-role":"primary-geometry"`},
		{collection + "/queryables", "application/schema+json", `"use":`},
		{collection + "/items?limit=10", "application/geo+json, application/json", `"features":[]`},
	} {
		r := siti.ask(t, http.MethodGet, step.path, "", "", "Accept", step.accept)
		if r.status != http.StatusOK || !strings.Contains(string(r.body), step.holds) {
			t.Errorf("%s: %d, %s is not in %.500s", step.path, r.status, step.holds, r.body)
		}
	}
	// It asks whether it may edit: a feature that is not there is asked about.
	if r := siti.ask(t, http.MethodOptions, patchesOf, "", ""); !allows(r, "POST") {
		t.Errorf("no POST: %v", r.header)
	}
	if r := siti.ask(t, http.MethodOptions, patchesOf+"/unknown_id", "", ""); !allows(r, "PUT", "PATCH", "DELETE") {
		t.Errorf("no PUT, PATCH and DELETE: %v", r.header)
	}
	if r := (desktop{o, ""}).ask(t, http.MethodOptions, patchesOf+"/unknown_id", "", ""); allows(r, "PUT") {
		t.Errorf("a citizen is offered to edit: %v", r.header)
	}
	// A feature is added with every field it knows of, in the layer's own system.
	r := siti.ask(t, http.MethodPost, patchesOf, geoJSON,
		`{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[95.3,5.5],[95.31,5.5],[95.31,5.51],[95.3,5.5]]]},`+
			`"properties":{"use":"A","revision":null,"updated_at":null,"updated_by":null,"read_revision":null}}`)
	if r.status != http.StatusCreated || !strings.Contains(r.header.Get("Location"), "/items/") {
		t.Fatalf("create: %d %v %s", r.status, r.header, r.body)
	}
	path := patchesOf + r.header.Get("Location")[strings.LastIndex(r.header.Get("Location"), "/"):]
	if r := siti.ask(t, http.MethodGet, path, "", "", "Accept", "application/geo+json"); r.status != http.StatusOK {
		t.Errorf("it reads what it made: %d", r.status)
	}
	// A save: geometries first, then attributes, both of a feature read before.
	save := func(q desktop, read int, use string, x float64, headers ...string) (geometry, attributes reply) {
		geometry = q.ask(t, http.MethodPatch, path, mergePatch,
			fmt.Sprintf(`{"geometry":{"coordinates":[[[[%.2f,5.5],[95.31,5.5],[95.31,5.51],[%[1]g,5.5]]]],"type":"MultiPolygon"}}`, x), headers...)
		attributes = q.ask(t, http.MethodPatch, path, mergePatch, fmt.Sprintf(`{"properties":{"read_revision":%d,"use":%q}}`, read, use))
		return geometry, attributes
	}
	if g, a := save(siti, 1, "B", 95.29); g.status != http.StatusNoContent || a.status != http.StatusNoContent {
		t.Fatalf("a save in two parts: %d %s, %d %s", g.status, g.body, a.status, a.body)
	}
	if p := o.properties(t, path); p["use"] != "B" || p["revision"] != 3.0 || p["read_revision"] != nil {
		t.Errorf("after the save: %v", p)
	}
	// A colleague who had read the first version is refused, and told who was
	// first; the text is what QGIS shows. Where the server does not know of that
	// reading, as after a restart, the shape, which is sent without a revision, is
	// stored before, and the text says so and how to undo it.
	g, a := save(desktop{o, asBudi}, 1, "A", 95.28)
	if g.status != http.StatusNoContent {
		t.Errorf("a stale reader's shape: %d %s", g.status, g.body)
	}
	if a.status != http.StatusPreconditionFailed || !strings.Contains(string(a.body), "ExceptionReport") {
		t.Errorf("a stale reader: %d %s", a.status, a.body)
	}
	for _, part := range []string{"sudah diubah oleh siti", "WIB", "SUDAH tersimpan sebagai revisi 4", "revert ke revisi 3"} {
		if !strings.Contains(string(a.body), part) {
			t.Errorf("the message lacks %q: %s", part, a.body)
		}
	}
	if r := siti.ask(t, http.MethodPost, path+"/revert", plainJSON, `{"revision":3}`); r.status != http.StatusOK || !strings.Contains(string(o.get(t, path).body), "95.29") {
		t.Errorf("the shape before does not come back: %d %s", r.status, r.body)
	}
	if p := o.properties(t, path); p["use"] != "B" {
		t.Errorf("a stale attribute was saved: %v", p)
	}
	// With a PUT-only habit it sends all that it had read.
	var f struct {
		Geometry   json.RawMessage
		Properties map[string]any
	}
	if err := json.Unmarshal(o.get(t, path, "Authorization", asSiti).body, &f); err != nil {
		t.Fatal(err)
	}
	f.Properties["use"] = "A"
	whole, _ := json.Marshal(map[string]any{"type": "Feature", "id": path[strings.LastIndex(path, "/")+1:], "geometry": f.Geometry, "properties": f.Properties})
	for _, crs := range []string{"http://www.opengis.net/def/crs/OGC/1.3/CRS84", "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"} {
		if r := siti.ask(t, http.MethodPut, path, geoJSON, string(whole), "Content-Crs", crs); r.status != http.StatusNoContent {
			t.Errorf("PUT with Content-Crs %s: %d %s", crs, r.status, r.body)
		}
	}
	if r := siti.ask(t, http.MethodDelete, path, "", ""); r.status != http.StatusNoContent {
		t.Errorf("delete: %d %s", r.status, r.body)
	}
	if r := siti.ask(t, http.MethodDelete, path, "", ""); r.status != http.StatusNotFound || !strings.Contains(string(r.body), "ExceptionText") {
		t.Errorf("delete again: %d %s", r.status, r.body)
	}
	o.checkLog(t)
}

// TestQGISReadsTheSchema: what its parser needs of a schema.
func TestQGISReadsTheSchema(t *testing.T) {
	o := openOffice(t)
	for who, extra := range map[string][]string{"": nil, asAgus: {"updated_by"}, asSiti: {"updated_by", "read_revision"}} {
		for name, want := range map[string][]string{
			"schema":     append([]string{"geometry", "name", "seats", "height", "open", "since", "checked", "revision", "updated_at"}, extra...),
			"queryables": {"geometry", "name", "seats", "height", "open", "since"},
		} {
			r := o.send(t, http.MethodGet, "/ogc/collections/"+spots+"/"+name, who, "", nil, "Accept", "application/schema+json")
			var doc struct {
				Schema     string `json:"$schema"`
				ID         string `json:"$id"`
				Type       string
				Properties map[string]struct {
					Type     json.RawMessage
					Format   string
					Title    string
					ReadOnly bool
					Role     string `json:"x-ogc-role"`
					Seq      int    `json:"x-ogc-propertySeq"`
					Unit     string `json:"x-ogc-unit"`
				}
			}
			if err := json.Unmarshal(r.body, &doc); err != nil || r.header.Get("Content-Type") != "application/schema+json" {
				t.Fatalf("%s: %v %v", name, err, r.header)
			}
			if doc.ID != o.URL+"/ogc/collections/"+spots+"/"+name || doc.Type != "object" || len(doc.Properties) != len(want) {
				t.Errorf("%s as %s: %+v", name, who, doc)
			}
			for i, p := range want {
				got := doc.Properties[p]
				if got.Seq != i+1 || got.Title == "" {
					t.Errorf("%s of %s as %s: %+v", p, name, who, got)
				}
				if p != "geometry" && (len(got.Type) == 0 || got.Type[0] != '"') {
					t.Errorf("%s: type %s is not one name", p, got.Type)
				}
				if system := p == "revision" || p == "updated_at" || p == "updated_by"; got.ReadOnly != system {
					t.Errorf("%s: readOnly %v", p, got.ReadOnly)
				}
			}
			if g := doc.Properties["geometry"]; g.Role != "primary-geometry" || g.Format != "geometry-point" {
				t.Errorf("geometry %+v", g)
			}
			if doc.Properties["height"].Unit != "m" || doc.Properties["since"].Format != "date" {
				t.Errorf("%+v", doc.Properties)
			}
		}
	}
	if r := o.get(t, "/ogc/collections/"+secrets+"/schema"); r.status != http.StatusNotFound {
		t.Errorf("the schema of a private layer: %d", r.status)
	}
}
