package httpd_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/simtaru/simtaru/internal/httpd"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/testdb"
)

// openReporting is the whole server over a real database of built-in layers,
// with one gampong.
func openReporting(t testing.TB) *office {
	t.Helper()
	return openCity(t, func(db *testdb.DB) {
		db.Exec(t, "insert into plan.boundary (kode, nama, geom) values ('11.71.01.2001', 'Uji', st_multi(st_geomfromtext($1, 4326)))", square(95.30, 5.50, 0.05))
	}, func(c *httpd.Config, _ *httpd.Deps) {
		c.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
}

// form is a good report; a part is changed or, by "-", left out.
func form(changed ...string) map[string]string {
	parts := map[string]string{"kind": "route", "lon": "95.3101", "lat": "5.5102", "text": "Pohon tumbang di depan sekolah", "contact": "0811-rahasia"}
	for i := 0; i+1 < len(changed); i += 2 {
		if parts[changed[i]] = changed[i+1]; changed[i+1] == "-" {
			delete(parts, changed[i])
		}
	}
	return parts
}

func (o *office) report(t testing.TB, parts map[string]string, headers ...string) reply {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		var part io.Writer
		var err error
		if name == "photo" {
			part, err = w.CreateFormFile(name, "IMG.jpg")
		} else {
			part, err = w.CreateFormField(name)
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(part, parts[name]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, o.URL+"/api/v1/reports", &b)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{resp.StatusCode, resp.Header, body}
}

func somePhoto(t testing.TB) string {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30)), nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

type sentReport struct {
	Status string `json:"status"`
	Link   string `json:"link"`
}

// sendOne sends a good report and returns the path of its status.
func (o *office) sendOne(t testing.TB, parts map[string]string) string {
	t.Helper()
	r := o.report(t, parts)
	var sent sentReport
	if err := json.Unmarshal(r.body, &sent); err != nil || r.status != http.StatusCreated {
		t.Fatalf("%d %s", r.status, r.body)
	}
	u, err := url.Parse(sent.Link)
	if err != nil || !strings.HasPrefix(sent.Link, o.URL+"/reports/") || r.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%s %v", sent.Link, r.header)
	}
	return u.Path
}

func TestReportIsFollowedByItsLink(t *testing.T) {
	o := openReporting(t)
	page := o.sendOne(t, form("photo", somePhoto(t)))
	secret := strings.TrimPrefix(page, "/reports/")
	if len(secret) != 43 {
		t.Errorf("the secret is %q", secret)
	}
	status := func(want string, more ...string) {
		t.Helper()
		r := o.get(t, "/api/v1"+page)
		for _, s := range append(more, `"code":"`+want+`"`, "Pohon tumbang") {
			if r.status != http.StatusOK || !bytes.Contains(r.body, []byte(s)) {
				t.Errorf("no %q in %d %s", s, r.status, r.body)
			}
		}
		for _, hidden := range []string{"rahasia", "siti", "simtaru_public"} {
			if bytes.Contains(r.body, []byte(hidden)) {
				t.Errorf("the status tells %s: %s", hidden, r.body)
			}
		}
		if r.header.Get("Cache-Control") != "no-store" || r.header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%v", r.header)
		}
	}
	status("received", `"photo":true`, `"public":false`)
	o.db.Exec(t, "update plan.report set status = 'accepted', answer = 'Regu berangkat besok' where id = 1")
	status("accepted", `"public":true`, `"answer":"Regu berangkat besok"`, `"code":"received"`)
	for lang, words := range map[string]string{"id": "Ditindaklanjuti", "en": "Being acted on"} {
		r := o.get(t, page+"?lang="+lang)
		if r.status != http.StatusOK || !bytes.Contains(r.body, []byte(words)) || r.header.Get("Cache-Control") != "no-store" ||
			!strings.Contains(r.header.Get("Content-Security-Policy"), "default-src 'none'") || bytes.Contains(r.body, []byte("<script")) {
			t.Errorf("%d %v %s", r.status, r.header, r.body)
		}
	}
	if r := o.get(t, "/api/v1/reports/"+strings.Repeat("A", 43)); r.status != http.StatusNotFound {
		t.Errorf("another secret: %d", r.status)
	}
	var kept int
	if err := o.conn.QueryRow(t.Context(), "select count(*) from simtaru.submission where encode(secret, 'escape') like '%' || $1 || '%'", secret).Scan(&kept); err != nil || kept != 0 {
		t.Errorf("the secret itself is kept: %d, %v", kept, err)
	}
	o.db.Exec(t, "delete from plan.report where id = 1")
	if r := o.get(t, "/api/v1"+page); r.status != http.StatusNotFound {
		t.Errorf("a deleted report: %d", r.status)
	}
	if err := o.conn.QueryRow(t.Context(), "select count(*) from simtaru.submission").Scan(&kept); err != nil || kept != 0 {
		t.Errorf("the photo of a deleted report is kept: %d, %v", kept, err)
	}
	if strings.Contains(o.log.String(), secret) {
		t.Error("the log has the secret")
	}
}

func TestReportsThatAreRefused(t *testing.T) {
	o, sent := openReporting(t), 0
	for name, c := range map[string]struct {
		parts  map[string]string
		status int
		code   string
	}{
		"unknown kind":     {form("kind", "noise"), 422, "report-kind"},
		"no kind":          {form("kind", "-"), 422, "report-kind"},
		"in the sea":       {form("lon", "95.1", "lat", "5.9"), 422, "report-place"},
		"swapped":          {form("lon", "5.5102", "lat", "95.3101"), 422, "report-place"},
		"no place":         {form("lat", "-"), 400, "report-form"},
		"not a number":     {form("lat", "NaN"), 400, "report-form"},
		"a script":         {form("text", "lihat <script>alert(1)</script>"), 422, "report-text"},
		"a script as who":  {form("contact", "<img src=x onerror=alert(1)>"), 422, "report-text"},
		"no text":          {form("text", "-"), 422, "report-text"},
		"a null":           {form("text", "abc\x00def"), 422, "report-text"},
		"long":             {form("text", strings.Repeat("x", 2001)), 422, "report-text"},
		"much longer":      {form("text", strings.Repeat("x", 20000)), 400, "report-form"},
		"another part":     {form("status", "done"), 400, "report-form"},
		"a false JPEG":     {form("photo", "\xFF\xD8\xFF\xE0 not a picture"), 422, "photo-unreadable"},
		"nine megabytes":   {form("photo", somePhoto(t)+strings.Repeat("x", 9<<20)), 413, "photo-too-large"},
		"twelve megabytes": {form("photo", strings.Repeat("x", 12<<20)), 413, ""},
	} {
		sent++
		r := o.report(t, c.parts, "X-Forwarded-For", fmt.Sprint("203.0.113.", sent))
		var p struct{ Type, Detail string }
		if err := json.Unmarshal(r.body, &p); err != nil || r.status != c.status || p.Detail == "" || !strings.HasSuffix(p.Type, c.code) {
			t.Errorf("%s: %d %s, want %d %s", name, r.status, r.body, c.status, c.code)
		}
	}
	if r := o.report(t, form(), "Sec-Fetch-Site", "cross-site"); r.status != http.StatusForbidden {
		t.Errorf("from another site: %d", r.status)
	}
	var n int
	if err := o.conn.QueryRow(t.Context(), "select (select count(*) from plan.report) + (select count(*) from history.report) + (select count(*) from simtaru.submission)").Scan(&n); err != nil || n != 0 {
		t.Errorf("%d rows are stored, %v", n, err)
	}
}

func TestReportsAreLimited(t *testing.T) {
	o := openReporting(t)
	for i := range 11 {
		r := o.report(t, form("kind", "noise"))
		if limited := r.status == http.StatusTooManyRequests; limited != (i == 10) || limited && r.header.Get("Retry-After") == "" {
			t.Fatalf("request %d: %d %v", i, r.status, r.header)
		}
	}
}

// TestReportsDoNotLeak: through all doors the public sees of a report what an
// officer has opened, when it was, and nothing once it is withdrawn.
func TestReportsDoNotLeak(t *testing.T) {
	o := openReporting(t)
	o.sendOne(t, form("photo", somePhoto(t)))
	const private, public = "/ogc/collections/report", "/ogc/collections/published_report"
	doors := func() []string {
		at := url.QueryEscape(time.Now().UTC().Format(time.RFC3339Nano))
		return []string{
			public, public + "/items", public + "/items?f=html", public + "/items?limit=1", public + "/items/1", public + "/items/1?f=html",
			public + "/items/1/history", public + "/items/1/history?f=html", public + "/items?datetime=" + at, public + "/items?datetime=../" + at,
			private, private + "/items", private + "/items/1", private + "/items/1/history", private + "/items?f=html", private + "/schema", "/tiles/report/14/12530/7940", "/tiles/report.json",
			"/tiles/published_report/14/12530/7940", "/api/v1/catalog", "/api/v1/changes?limit=1000", "/api/v1/search?q=pohon", "/styles/plan.json", "/ogc/openapi", "/qgis/simtaru.qgz", "/ogc/collections",
			"/api/v1/reports/photos/1",
		}
	}
	// shown are the words of the report that the public can read somewhere.
	shown := func() (words []string) {
		t.Helper()
		var all strings.Builder
		for _, door := range doors() {
			r := o.get(t, door)
			if strings.HasPrefix(door, private) || strings.HasPrefix(door, "/tiles/report") {
				if r.status != http.StatusNotFound {
					t.Errorf("%s: %d %.200s", door, r.status, r.body)
				}
			}
			if door == "/api/v1/reports/photos/1" && r.status == http.StatusOK {
				words = append(words, "(photo)")
			}
			if !strings.HasPrefix(door, "/api/v1/changes") { // it tells where something was, for 30 days
				all.WriteString(unzipped(t, r.body))
			}
			for _, never := range []string{"0811-rahasia", "Pohon tumbang di depan", `"report"`, "/report/", "public_message"} {
				if strings.Contains(unzipped(t, r.body), never) {
					t.Errorf("%s shows %s", door, never)
				}
			}
		}
		for _, word := range []string{"teks terbuka", "jawaban petugas", "95.3101"} {
			if strings.Contains(all.String(), word) {
				words = append(words, word)
			}
		}
		return words
	}
	is := func(what, sql string, published bool, want ...string) {
		t.Helper()
		if sql != "" {
			o.db.Exec(t, sql)
		}
		var revision int64
		if err := o.conn.QueryRow(t.Context(), "select revision from plan.report where id = 1").Scan(&revision); err != nil {
			t.Fatal(err)
		}
		wait(t, what, func() bool {
			seen := o.get(t, private+"/items/1", "Authorization", asSiti)
			return seen.status == 200 && bytes.Contains(seen.body, fmt.Appendf(nil, `"revision":%d`, revision)) && (o.get(t, public+"/items/1").status == 200) == published
		})
		if got := shown(); !slices.Equal(got, want) {
			t.Errorf("%s: the public sees %q, want %q", what, got, want)
		}
	}
	is("nobody has looked", "", false)
	if r := o.get(t, "/api/v1/reports/photos/1", "Authorization", asSiti); r.status != http.StatusOK || r.header.Get("Content-Type") != "image/jpeg" ||
		r.header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(r.header.Get("Content-Security-Policy"), "sandbox") || r.header.Get("Cache-Control") == "" {
		t.Errorf("an officer does not see the photo: %d %v", r.status, r.header)
	}
	for _, who := range []string{"Test warga public", "Test siti planner boundary"} {
		if r := o.get(t, "/api/v1/reports/photos/1", "Authorization", who); r.status != http.StatusNotFound {
			t.Errorf("%s sees the photo: %d", who, r.status)
		}
	}
	is("an officer writes", "update plan.report set status = 'checking', public_message = 'teks terbuka', answer = 'jawaban petugas', public_photo = true", false)
	is("published", "update plan.report set status = 'accepted'", true, "(photo)", "teks terbuka", "jawaban petugas", "95.3101")
	is("the photo is closed", "update plan.report set public_photo = false", true, "teks terbuka", "jawaban petugas", "95.3101")
	is("the text is corrected", "update plan.report set public_message = null", true, "jawaban petugas", "95.3101")
	is("withdrawn", "update plan.report set status = 'declined'", false)
	is("published again", "update plan.report set status = 'done', answer = null", true, "95.3101")
	o.db.Exec(t, "delete from plan.report")
	wait(t, "it is gone", func() bool { return o.get(t, public+"/items/1").status == http.StatusNotFound })
	if got := shown(); len(got) != 0 {
		t.Errorf("of a deleted report the public sees %q", got)
	}
	if drift, err := o.db.Store.Drift(t.Context(), o.mirror.View(plan.Actor{}).Catalog()); err != nil || len(drift) > 0 {
		t.Errorf("%v %v", drift, err)
	}
}
