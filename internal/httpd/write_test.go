package httpd_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func TestEditingOneFeature(t *testing.T) {
	o := openOffice(t)
	path, etag := o.create(t, "Kios")
	got := o.get(t, path, "Authorization", asSiti)
	if got.status != http.StatusOK || got.header.Get("ETag") != etag || !strings.HasPrefix(etag, `"1-`) {
		t.Errorf("after create: %d, ETag %s, told %s", got.status, got.header.Get("ETag"), etag)
	}
	if p := o.properties(t, path); p["name"] != "Kios" || p["updated_by"] != "siti" || p["revision"] != 1.0 {
		t.Errorf("created %v", p)
	}
	r := o.send(t, http.MethodPatch, path, asBudi, mergePatch, `{"properties":{"seats":4,"height":1.5}}`)
	if r.status != http.StatusNoContent || !strings.HasPrefix(r.header.Get("ETag"), `"2-`) || len(r.body) != 0 {
		t.Errorf("patch: %d %v %s", r.status, r.header, r.body)
	}
	r = o.send(t, http.MethodPut, path, asBudi, geoJSON, spot("Warung"), "Prefer", "return=representation")
	var f feature
	if err := json.Unmarshal(r.body, &f); err != nil || r.status != http.StatusOK || f.Properties["name"] != "Warung" || f.Properties["seats"] != nil {
		t.Errorf("replace: %d %v %s", r.status, err, r.body)
	}
	if r.header.Get("Preference-Applied") != "return=representation" || r.header.Get("Content-Type") != geoJSON {
		t.Errorf("replace: %v", r.header)
	}
	if again := o.get(t, path, "Authorization", asBudi); string(again.body) != string(r.body) || again.header.Get("ETag") != r.header.Get("ETag") {
		t.Errorf("GET says %s %s, PUT said %s %s", again.header.Get("ETag"), again.body, r.header.Get("ETag"), r.body)
	}
	if p := o.properties(t, path); p["name"] != "Warung" || p["updated_by"] != "budi" {
		t.Errorf("replaced: %v", p)
	}
	if r := o.send(t, http.MethodDelete, path, asSiti, "", nil); r.status != http.StatusNoContent {
		t.Errorf("delete: %d %s", r.status, r.body)
	}
	for _, method := range []string{http.MethodGet, http.MethodDelete} {
		if r := o.send(t, method, path, asSiti, "", nil); r.status != http.StatusNotFound {
			t.Errorf("%s of a deleted feature: %d", method, r.status)
		}
	}
	o.checkLog(t)
}
