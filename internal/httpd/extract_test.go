package httpd_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/simtaru/simtaru/internal/extract"
	"github.com/simtaru/simtaru/internal/httpd"
	"github.com/simtaru/simtaru/internal/plan"
)

const extracts = "/api/v1/extracts"

// openExtracts is openZoned with two parcels: one of 100 by 100 m across the two
// zones with a certificate, one in the hazard zone without.
func openExtracts(t testing.TB) *office {
	t.Helper()
	o := openZoned(t, func(c *httpd.Config, _ *httpd.Deps) {
		c.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	o.db.Exec(t, "insert into plan.parcel (nib, certificate_area, certificate_no, right_type, geom) values ('01', 12000, 'M.1', 'HM', st_geomfromtext($1, 4326))", square(95.3095, 5.5050, 0.001))
	o.db.Exec(t, "insert into plan.parcel (nib, certificate_area, geom) values ('02', 0, st_geomfromtext($1, 4326))", square(95.301, 5.501, 0.001))
	wait(t, "parcels are there", func() bool { return o.get(t, "/ogc/collections/parcel/items/2").status == http.StatusOK })
	return o
}

// TestExtracts asks one server, in this order.
func TestExtracts(t *testing.T) {
	o := openExtracts(t)
	for _, part := range []struct {
		name string
		run  func(*testing.T, *office)
	}{
		{"refusals", extractRefusals},
		{"kept", extractIsKept},
		{"bounded", extractsAreBounded},
		{"page", extractPage},
		{"conform", extractsConform},
		{"private", extractDoesNotLeak},
		{"verified", extractIsVerified},
	} {
		t.Run(part.name, func(t *testing.T) { part.run(t, o) })
	}
}

func (o *office) extract(t testing.TB, body string, headers ...string) (reply, *extract.Document) {
	t.Helper()
	r := o.send(t, http.MethodPost, extracts, "", "application/json", body, headers...)
	if r.status != http.StatusCreated {
		return r, nil
	}
	d, err := extract.Decode(r.body)
	if err != nil {
		t.Fatal(err)
	}
	return r, d
}

func (o *office) kept(t testing.TB) (n int) {
	t.Helper()
	if err := o.conn.QueryRow(t.Context(), "select count(*) from simtaru.extract").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func (o *office) verdict(t testing.TB, id, query string) (v struct {
	SHA256           string
	Genuine, Changed bool
	Matches          *bool
	Changes          []struct{ ID, EN string }
},
) {
	t.Helper()
	r := o.get(t, extracts+"/"+id+"/verify"+query)
	if err := json.Unmarshal(r.body, &v); err != nil || r.status != http.StatusOK {
		t.Fatalf("%d %s %v", r.status, r.body, err)
	}
	return v
}

func extractIsKept(t *testing.T, o *office) {
	r, d := o.extract(t, `{"parcel": 1, "roadClass": "lokal", "activity": "56303"}`)
	if d == nil {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if !strings.HasSuffix(r.header.Get("Location"), extracts+"/"+d.ID) || d.Parcel.Number != "01" || d.Parcel.Area != 12000 || len(d.Concerned[0].Entries) != 2 {
		t.Errorf("%v %+v", r.header, d.Parcel)
	}
	for _, e := range d.Concerned[0].Entries {
		if *e.Area != 6000 || *e.Percent != 50 || len(e.Zone.Activities) != 1 {
			t.Errorf("%+v", e)
		}
	}
	if c := d.Concerned[0].Check; c.Sum != 12000 || c.Difference != 0 || c.Percent != 100 {
		t.Errorf("%+v", c)
	}
	// The bytes that are served are those that were hashed.
	got := o.get(t, extracts+"/"+d.ID)
	sum := sha256.Sum256(got.body)
	if string(got.body) != string(r.body) || hex.EncodeToString(sum[:]) != got.header.Get("Simtaru-SHA256") || d.SHA256 != got.header.Get("Simtaru-SHA256") {
		t.Errorf("other bytes: %v", got.header)
	}
	// Asked again on this day of this plan it is the same one.
	if _, again := o.extract(t, `{"parcel": 1, "roadClass": "lokal_sekunder", "activity": "56303"}`); again.ID != d.ID || o.kept(t) != 1 {
		t.Errorf("%s and %s, %d kept", d.ID, again.ID, o.kept(t))
	}
	if _, other := o.extract(t, `{"parcel": 1}`); other.ID == d.ID || len(other.Concerned[0].Entries[0].Zone.Activities) < 2 {
		t.Error("without an activity it is another")
	}
	for _, sql := range []string{"update simtaru.extract set sha256 = sha256", "delete from simtaru.extract", "truncate simtaru.extract"} {
		if _, err := o.conn.Exec(t.Context(), sql); err == nil || !strings.Contains(err.Error(), "tidak diubah") {
			t.Errorf("%s: %v", sql, err)
		}
	}
	for _, path := range []string{"/00000000-0000-4000-8000-000000000000", "/1", "/" + strings.ToUpper(d.ID)} {
		if r := o.get(t, extracts+path); r.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, r.status)
		}
	}
}

func extractIsVerified(t *testing.T, o *office) {
	_, d := o.extract(t, `{"parcel": 2}`)
	if d == nil || d.Parcel.Basis != extract.ByGeometry {
		t.Fatalf("%+v", d)
	}
	_, drawn := o.extract(t, `{"geometry": {"type": "Polygon", "coordinates": [[[95.30112345678, 5.501], [95.302, 5.501], [95.302, 5.502], [95.30112345678, 5.501]]]}}`)
	for _, d := range []*extract.Document{d, drawn} {
		if v := o.verdict(t, d.ID, "?sha256="+strings.ToUpper(d.SHA256)); !v.Genuine || v.Changed || v.Matches == nil || !*v.Matches || v.SHA256 != d.SHA256 {
			t.Errorf("%+v", v)
		}
	}
	for sum, want := range map[string]bool{strings.Repeat("0", 64): false, d.SHA256[:16]: true, d.SHA256[1:17]: false} {
		if v := o.verdict(t, d.ID, "?sha256="+sum); *v.Matches != want {
			t.Errorf("%s matches: %v", sum, *v.Matches)
		}
	}
	// A change elsewhere is none here; one of the hazard is.
	o.db.Exec(t, "insert into plan.hazard_zone (hazard, class, geom) values ('flood', 'low', st_geomfromtext($1, 4326))", square(95.316, 5.506, 0.001))
	wait(t, "the other hazard is there", func() bool { return o.get(t, "/ogc/collections/hazard_zone/items/2").status == http.StatusOK })
	if v := o.verdict(t, d.ID, ""); v.Changed {
		t.Errorf("%+v", v)
	}
	o.db.Exec(t, "update plan.hazard_zone set class = 'medium' where id = 1")
	wait(t, "the change is told", func() bool { return o.verdict(t, d.ID, "").Changed })
	if v := o.verdict(t, d.ID, ""); !v.Genuine || len(v.Changes) != 1 || v.Changes[0].ID == "" || v.Changes[0].EN == "" {
		t.Errorf("%+v", v)
	}
	o.db.Exec(t, "delete from plan.parcel where id = 2")
	wait(t, "the parcel is gone", func() bool { return o.get(t, "/ogc/collections/parcel/items/2").status == http.StatusNotFound })
	if v := o.verdict(t, d.ID, ""); !v.Changed || !v.Genuine {
		t.Errorf("%+v", v)
	}
	// What was kept is as it was.
	if r := o.get(t, extracts+"/"+d.ID); r.status != http.StatusOK {
		t.Errorf("%d", r.status)
	}
	// Bytes that somebody has changed below the trigger are not genuine.
	if _, err := o.conn.Exec(t.Context(), "alter table simtaru.extract disable trigger keep_extracts"); err != nil {
		t.Fatal(err)
	}
	o.db.Exec(t, "update simtaru.extract set document = convert_to(replace(convert_from(document, 'UTF8'), 'K-1', 'R-1') || ' ', 'UTF8') where id = $1", d.ID)
	if v := o.verdict(t, d.ID, ""); v.Genuine {
		t.Error("a forged extract is genuine")
	}
}

func extractRefusals(t *testing.T, o *office) {
	polygon := func(coordinates string) string {
		return `{"geometry": {"type": "Polygon", "coordinates": ` + coordinates + `}}`
	}
	box := func(x, y, d float64) string {
		return fmt.Sprintf("[[[%[1]v,%[2]v],[%[3]v,%[2]v],[%[3]v,%[4]v],[%[1]v,%[4]v],[%[1]v,%[2]v]]]", x, y, x+d, y+d)
	}
	for name, c := range map[string]struct {
		body   string
		status int
		code   string
	}{
		"nothing":          {`{}`, 400, "extract-of-what"},
		"both":             {`{"parcel": 1, ` + polygon(box(95.301, 5.501, 0.001))[1:], 400, "extract-of-what"},
		"no JSON":          {`{"parcel": "1; drop table"}`, 400, "bad-json"},
		"unknown member":   {`{"parcel": 1, "owner": true}`, 400, "bad-json"},
		"unknown parcel":   {`{"parcel": 77}`, 404, "no-such-item"},
		"unknown activity": {`{"parcel": 1, "activity": "<script>"}`, 400, "unknown-activity"},
		"unknown road":     {`{"parcel": 1, "roadClass": "tol"}`, 400, "invalid-parameter"},
		"sea":              {polygon(box(95.2, 5.6, 0.001)), 422, "outside-plan"},
		"swapped":          {polygon(box(5.501, 95.301, 0.001)), 400, "swapped-coordinates"},
		"2 km2":            {polygon(box(95.301, 5.501, 0.0128)), 422, "extract-too-large"},
		"bow tie":          {polygon("[[[95.301,5.501],[95.302,5.502],[95.302,5.501],[95.301,5.502],[95.301,5.501]]]"), 422, "geometry-invalid"},
		"hole outside":     {polygon("[[[95.301,5.501],[95.302,5.501],[95.302,5.502],[95.301,5.501]],[[95.303,5.501],[95.304,5.501],[95.304,5.502],[95.303,5.501]]]"), 422, "geometry-invalid"},
		"open":             {polygon("[[[95.301,5.501],[95.302,5.501],[95.302,5.502],[95.301,5.502]]]"), 422, "invalid-geometry"},
		"line":             {`{"geometry": {"type": "LineString", "coordinates": []}}`, 400, "invalid-parameter"},
		"no coordinates":   {polygon("[]"), 422, "invalid-geometry"},
		"short position":   {polygon("[[[95.301],[95.302,5.501],[95.302,5.502],[95.301]]]"), 400, "invalid-parameter"},
		"large":            {`{"activity": "` + strings.Repeat("a", 300<<10) + `"}`, 413, "body-too-large"},
	} {
		r, _ := o.extract(t, c.body)
		if r.status != c.status || !strings.Contains(string(r.body), "/"+c.code+`"`) && !strings.Contains(string(r.body), "#"+c.code+`"`) {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	if n := o.kept(t); n != 0 {
		t.Errorf("%d were kept", n)
	}
}

// An extract is made with the eyes of the public, also for who may see more.
func extractDoesNotLeak(t *testing.T, o *office) {
	o.db.Exec(t, "insert into plan.smoke_free_area (name, kind, geom) values ('Rahasia', 'school', st_setsrid(st_makepoint(95.3015, 5.5015), 4326))")
	wait(t, "the school is there", func() bool { return o.get(t, "/ogc/collections/smoke_free_area/items/2").status == http.StatusOK })
	if r, _ := o.extract(t, `{"parcel": 2}`); !strings.Contains(string(r.body), "Rahasia") {
		t.Errorf("what is public is not told: %s", r.body)
	}
	cat, err := o.db.Store.Catalog(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	l, _ := cat.Layer("smoke_free_area")
	hidden := *l
	hidden.Access.Read = hidden.Access.Edit
	if _, err := o.db.Store.ApplyCatalog(t.Context(), plan.NewCatalog([]*plan.Layer{&hidden}, cat.Lists())); err != nil {
		t.Fatal(err)
	}
	wait(t, "the school is private", func() bool { return o.get(t, "/ogc/collections/smoke_free_area/items/2").status == http.StatusNotFound })
	r := o.send(t, http.MethodPost, extracts, asSiti, "application/json", `{"parcel": 2}`)
	if r.status != http.StatusCreated || strings.Contains(string(r.body), "Rahasia") || strings.Contains(string(r.body), "smoke_free_area") {
		t.Errorf("%d %s", r.status, r.body)
	}
}

// What is refused costs as much as what is kept: it is counted. What is there
// already costs nothing.
func extractsAreBounded(t *testing.T, o *office) {
	r, d := o.extract(t, `{"parcel": 1}`)
	if d == nil {
		t.Fatalf("%d %s", r.status, r.body)
	}
	pdf, known := o.get(t, extracts+"/"+d.ID+".pdf"), o.verdict(t, d.ID, "")
	for range 45 {
		if r, again := o.extract(t, `{"parcel": 1}`, from("203.0.113.1")...); again == nil || again.ID != d.ID {
			t.Fatalf("%d %s", r.status, r.body)
		}
	}
	const strip = `{"geometry": {"type": "Polygon", "coordinates": [[[95.26,5.505],[95.37,5.505],[95.37,5.50501],[95.26,5.50501],[95.26,5.505]]]}}`
	var last reply
	for range 80 {
		if last, _ = o.extract(t, strip, from("203.0.113.2")...); last.status != http.StatusUnprocessableEntity {
			break
		}
	}
	if last.status != http.StatusTooManyRequests || last.header.Get("Retry-After") == "" || !strings.Contains(string(last.body), "too-many-extracts") {
		t.Errorf("%d %s", last.status, last.body)
	}
	if r := o.get(t, extracts+"/"+d.ID+".pdf?lang=en", from("203.0.113.2")...); r.status != http.StatusTooManyRequests {
		t.Errorf("a print that has to be drawn: %d", r.status)
	}
	if r := o.get(t, extracts+"/"+d.ID+".pdf", from("203.0.113.2")...); r.status != http.StatusOK || string(r.body) != string(pdf.body) {
		t.Errorf("a print that was drawn: %d", r.status)
	}
	if r := o.get(t, extracts+"/"+d.ID+".pdf?lang=en", append(from("203.0.113.2"), "If-None-Match", "*")...); r.status != http.StatusNotModified {
		t.Errorf("a print that the reader has: %d", r.status)
	}
	if r := o.get(t, extracts+"/"+d.ID+"/verify", from("203.0.113.2")...); r.status != http.StatusOK || known.SHA256 != d.SHA256 {
		t.Errorf("a verdict that is known: %d", r.status)
	}
}

func extractsConform(t *testing.T, o *office) {
	doc := definition(t, o.service)
	if d := cmp.Diff(servedAPI(t, o.service), describedAPI(doc)); d != "" {
		t.Errorf("-served +described:\n%s", d)
	}
	_, made := o.extract(t, `{"parcel": 1}`)
	c := converse(t, &gate{service: o.service, t: t}, doc)
	c.say(201, "POST", extracts, map[string]any{"parcel": 2})
	c.say(422, "POST", extracts, map[string]any{"geometry": map[string]any{"type": "Polygon", "coordinates": [][][]float64{{{95.2, 5.6}, {95.201, 5.6}, {95.201, 5.601}, {95.2, 5.6}}}}})
	c.say(200, "GET", extracts+"/"+made.ID, nil)
	c.say(200, "GET", extracts+"/"+made.ID+"/verify?sha256="+made.SHA256, nil)
	c.say(404, "GET", extracts+"/00000000-0000-4000-8000-000000000000", nil)
}

func extractPage(t *testing.T, o *office) {
	_, d := o.extract(t, `{"parcel": 1}`)
	for lang, want := range map[string][]string{
		"id": {"Kutipan Rencana", "Asli", "6.000 m²", "50,0%", "Tidak menyangkut", "Tanpa data", d.SHA256},
		"en": {"Extract of the plan", "Genuine", "6,000 m²", "50.0%", "Not concerned", "Without data", d.SHA256},
	} {
		r := o.get(t, "/extracts/"+d.ID+"?lang="+lang)
		if r.status != http.StatusOK || r.header.Get("Content-Security-Policy") == "" || strings.Contains(string(r.body), "<script") || r.header.Get("Content-Language") != lang {
			t.Errorf("%s: %d %v", lang, r.status, r.header)
		}
		for _, w := range want {
			if !strings.Contains(string(r.body), w) {
				t.Errorf("%s: %q is not on the page", lang, w)
			}
		}
	}
	for _, r := range []reply{
		o.get(t, extracts+"/"+d.ID+".pdf?lang=en"), o.get(t, extracts+"/"+d.ID, "Accept", "application/pdf"),
		o.send(t, http.MethodPost, extracts, "", "application/json", `{"parcel": 1}`, "Accept", "application/pdf"),
	} {
		if r.status/100 != 2 || r.header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(string(r.body), "%PDF-") || r.header.Get("Simtaru-SHA256") != d.SHA256 {
			t.Errorf("%d %v", r.status, r.header)
		}
	}
	if r := o.get(t, extracts+"/"+d.ID+".pdf?lang=fr"); r.status != http.StatusBadRequest {
		t.Errorf("%d", r.status)
	}
	if r := o.get(t, "/extracts/00000000-0000-4000-8000-000000000000"); r.status != http.StatusNotFound {
		t.Errorf("%d", r.status)
	}
}
