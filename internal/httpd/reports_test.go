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
	"sync"
	"testing"
	"time"

	"github.com/simtaru/simtaru/internal/httpd"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/testdb"
)

// openReporting is the whole server over a real database of built-in layers,
// with one gampong.
func openReporting(t testing.TB, options ...option) *office {
	t.Helper()
	return openCity(t, func(db *testdb.DB) {
		db.Exec(t, "insert into plan.boundary (kode, nama, geom) values ('11.71.01.2001', 'Uji', st_multi(st_geomfromtext($1, 4326)))", square(95.30, 5.50, 0.05))
	}, append(options, func(c *httpd.Config, _ *httpd.Deps) {
		c.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})...)
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

// multipartOf is a form as it is sent.
func multipartOf(t testing.TB, parts map[string]string) (kind string, body []byte) {
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
	return w.FormDataContentType(), b.Bytes()
}

func (o *office) report(t testing.TB, parts map[string]string, headers ...string) reply {
	t.Helper()
	kind, form := multipartOf(t, parts)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, o.URL+"/api/v1/reports", bytes.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
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
func (o *office) sendOne(t testing.TB, parts map[string]string, headers ...string) string {
	t.Helper()
	r := o.report(t, parts, headers...)
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

// TestReportsAreLimited: what is refused, a file that is no photo included, uses
// up nothing of what may be stored, of whoever sends it and of all.
func TestReportsAreLimited(t *testing.T) {
	o := openReporting(t)
	limited := func(r reply) bool {
		t.Helper()
		if is := r.status == http.StatusTooManyRequests; is != (r.header.Get("Retry-After") != "") {
			t.Fatalf("%d %v", r.status, r.header)
		}
		return r.status == http.StatusTooManyRequests
	}
	for i := range 15 {
		for _, parts := range []map[string]string{form("kind", "noise"), {}, form("photo", "x")} {
			if r := o.report(t, parts); r.status == http.StatusCreated || limited(r) {
				t.Fatalf("bad request %d: %d", i, r.status)
			}
		}
	}
	for i := range 11 {
		if r := o.report(t, form()); limited(r) != (i == 10) {
			t.Fatalf("report %d: %d", i, r.status)
		}
	}
	// No photos from everywhere, far more than all together may store.
	for i := range 130 {
		if r := o.report(t, form("photo", "x"), "X-Forwarded-For", fmt.Sprintf("2001:db8:%x::1", i)); r.status != http.StatusUnprocessableEntity {
			t.Fatalf("no photo %d: %d", i, r.status)
		}
	}
	for range 2 { // the second is of no newcomer
		o.sendOne(t, form(), "X-Forwarded-For", "203.0.113.9")
	}
	// Decoding has a pace of its own.
	for i := range 21 {
		if r := o.report(t, form("photo", "x"), "X-Forwarded-For", "203.0.113.9"); limited(r) != (i == 20) {
			t.Fatalf("photo %d: %d", i, r.status)
		}
	}
	o.sendOne(t, form(), "X-Forwarded-For", "203.0.113.9")
	// So have photos and contacts.
	for _, door := range []string{"photos", "contacts"} {
		n, asked := 0, []string{"X-Forwarded-For", "203.0.113.10"}
		if door == "contacts" {
			asked = []string{"Authorization", asSiti}
		}
		for range 80 {
			if limited(o.get(t, "/api/v1/reports/"+door+"/1", asked...)) {
				n++
			}
		}
		if n < 10 || n > 20 {
			t.Errorf("%d of 80 %s had to wait", n, door)
		}
	}
}

// TestReportsAreWithdrawn: by its link, over HTTP and on its page, and then
// nothing of it is left but that something was deleted.
func TestReportsAreWithdrawn(t *testing.T) {
	o := openReporting(t)
	for i, way := range []string{"the API", "the page"} {
		page := o.sendOne(t, form("photo", somePhoto(t)))
		o.db.Exec(t, "update plan.report set status = 'accepted', public_message = 'teks terbuka', public_photo = true")
		door, method, done := "/api/v1"+page, http.MethodDelete, http.StatusNoContent
		if way == "the page" {
			door, method, done = page+"?lang=en", http.MethodPost, http.StatusOK
			if r := o.get(t, door); !bytes.Contains(r.body, []byte(`<form method="post" action="?lang=en">`)) || !bytes.Contains(r.body, []byte(`/#map=16/5.510200/95.310100"`)) {
				t.Errorf("%s", r.body)
			}
		}
		if r := o.do(t, method, door, "Sec-Fetch-Site", "cross-site"); r.status != http.StatusForbidden {
			t.Errorf("%s, from another site: %d", way, r.status)
		}
		if r := o.do(t, method, door); r.status != done {
			t.Errorf("%s: %d %s", way, r.status, r.body)
		}
		for _, again := range []reply{o.do(t, method, door), o.get(t, page), o.get(t, "/api/v1"+page)} {
			if again.status != http.StatusNotFound {
				t.Errorf("%s, again: %d", way, again.status)
			}
		}
		var left string
		if err := o.conn.QueryRow(t.Context(), `select concat_ws(' ', (select count(*) from plan.report), (select count(*) from plan.published_report),
			(select count(*) from simtaru.submission), (select string_agg(sys_op || coalesce(message, ''), ' ') from history.report),
			(select string_agg(sys_op || coalesce(message, ''), ' ') from history.published_report))`).Scan(&left); err != nil {
			t.Fatal(err)
		}
		if want := "0 0 0" + strings.Repeat(" delete", 2*(i+1)); left != want {
			t.Errorf("%s leaves %q, want %q", way, left, want)
		}
	}
}

// TestReportsAreStoredOnce: whoever sends a report again under its key, after an
// answer that got lost or at the same time, has one report with one link.
func TestReportsAreStoredOnce(t *testing.T) {
	o := openReporting(t)
	const key = "0b1f7a2e-6a0e-4c6e-9a55-4b1de3a7c001"
	links := make(chan string, 3) // as many as one address may send at once
	for range cap(links) {
		go func() { links <- string(o.report(t, form("photo", somePhoto(t)), "Idempotency-Key", key).body) }()
	}
	first := <-links
	for range cap(links) - 1 {
		if next := <-links; next != first || !strings.Contains(first, "/reports/") {
			t.Errorf("%s, then %s", first, next)
		}
	}
	if r := o.report(t, form("text", "Teks yang lain"), "Idempotency-Key", key); r.status != http.StatusCreated || string(r.body) != first {
		t.Errorf("%d %s", r.status, r.body)
	}
	if other := o.report(t, form(), "Idempotency-Key", key+"2"); other.status != http.StatusCreated || string(other.body) == first {
		t.Errorf("another key: %d %s", other.status, other.body)
	}
	if r := o.report(t, form(), "Idempotency-Key", "1"); r.status != http.StatusBadRequest {
		t.Errorf("a key that anybody guesses: %d", r.status)
	}
	var n int
	if err := o.conn.QueryRow(t.Context(), "select count(*) from plan.report").Scan(&n); err != nil || n != 2 {
		t.Errorf("%d reports, %v", n, err)
	}
}

// slowly sends a body in ten pieces with a pause between each two; pause is told
// how many there were.
func (o *office) slowly(t testing.TB, kind string, body []byte, pause func(int)) (int, string) {
	t.Helper()
	from, to := io.Pipe()
	go func() {
		for i := range 10 {
			if i > 0 {
				pause(i)
			}
			if _, err := to.Write(body[i*len(body)/10 : (i+1)*len(body)/10]); err != nil {
				return
			}
		}
		_ = to.Close()
	}()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, o.URL+"/api/v1/reports", from)
	if err != nil {
		t.Fatal(err)
	}
	req.ContentLength = int64(len(body))
	req.Header.Set("Content-Type", kind)
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	answer, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(answer)
}

// TestSlowPhotosArrive: a report may take longer to arrive than requests may take,
// as long as it goes on.
func TestSlowPhotosArrive(t *testing.T) {
	o := openReporting(t, func(c *httpd.Config, _ *httpd.Deps) { c.Timeout, c.Stall = 3*time.Second, 2*time.Second })
	kind, body := multipartOf(t, form("photo", somePhoto(t)+strings.Repeat("x", 20<<10)))
	if status, answer := o.slowly(t, kind, body, func(int) { time.Sleep(400 * time.Millisecond) }); status != http.StatusCreated {
		t.Errorf("slow: %d %s", status, answer)
	}
	gone := make(chan struct{})
	start := time.Now()
	if status, answer := o.slowly(t, kind, body, func(i int) {
		if i == 5 {
			<-gone
		}
	}); status != http.StatusBadRequest {
		t.Errorf("one that stops: %d %s", status, answer)
	}
	close(gone)
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("it was waited for %s", took)
	}
}

// TestUploadsKeepARate: a byte now and then is no upload.
func TestUploadsKeepARate(t *testing.T) {
	o := openReporting(t, func(c *httpd.Config, _ *httpd.Deps) { c.Stall = time.Second })
	kind, body := multipartOf(t, form("photo", somePhoto(t)+strings.Repeat("x", 20<<10)))
	from, to := io.Pipe()
	go func() {
		for i := range body {
			if _, err := to.Write(body[i : i+1]); err != nil {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	}()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, o.URL+"/api/v1/reports", from)
	if err != nil {
		t.Fatal(err)
	}
	req.ContentLength = int64(len(body))
	req.Header.Set("Content-Type", kind)
	start := time.Now()
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err == nil {
		_ = resp.Body.Close()
	}
	// Any byte now and then would do for ten pauses.
	if took := time.Since(start); took > 7*time.Second {
		t.Errorf("it was waited for %s", took)
	}
}

// TestOneSenderLeavesRoom: with three large reports on their way an address
// waits with more of them, and nobody else does, nor who sends a small one.
func TestOneSenderLeavesRoom(t *testing.T) {
	o := openReporting(t)
	large := form("photo", somePhoto(t)+strings.Repeat("x", 20<<10))
	kind, body := multipartOf(t, large)
	// It sends a body when the server begins to read it.
	patient := &http.Transport{ExpectContinueTimeout: time.Minute}
	defer patient.CloseIdleConnections()
	var sending sync.WaitGroup
	var ends []*io.PipeWriter
	for range 3 {
		from, to := io.Pipe()
		defer to.Close()
		ends = append(ends, to)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, o.URL+"/api/v1/reports", from)
		if err != nil {
			t.Fatal(err)
		}
		req.ContentLength = int64(len(body))
		req.Header.Set("Content-Type", kind)
		req.Header.Set("Expect", "100-continue")
		sending.Go(func() {
			if resp, err := patient.RoundTrip(req); err == nil {
				_ = resp.Body.Close()
			}
		})
		if _, err := to.Write(body[:len(body)/2]); err != nil {
			t.Fatal(err)
		}
	}
	const key = "0b1f7a2e-6a0e-4c6e-9a55-4b1de3a7c003"
	again := func() int { return o.report(t, large, "Idempotency-Key", key).status }
	if status := again(); status != http.StatusServiceUnavailable {
		t.Fatalf("the fourth: %d", status)
	}
	o.sendOne(t, form())
	o.sendOne(t, large, "X-Forwarded-For", "203.0.113.9")
	if r := o.report(t, form("photo", somePhoto(t))); r.status != http.StatusServiceUnavailable {
		t.Errorf("a small photo, which is work too: %d", r.status)
	}
	for _, to := range ends {
		_ = to.CloseWithError(io.ErrUnexpectedEOF)
	}
	sending.Wait()
	wait(t, "there is room again", func() bool { return again() == http.StatusCreated })
}

// TestPhotoIsClosedAtOnce: whether a photo is public is asked of the database,
// also while the plan in memory is behind. One that is known is not sent again.
func TestPhotoIsClosedAtOnce(t *testing.T) {
	o := openReporting(t)
	o.sendOne(t, form("photo", somePhoto(t)))
	const door = "/api/v1/reports/photos/1"
	// From here on the memory hears of nothing.
	o.db.Exec(t, "alter table plan.published_report disable trigger record_insert, disable trigger record_update")
	o.db.Exec(t, "alter table plan.report disable trigger record_update")
	o.db.Exec(t, "update plan.report set status = 'accepted', public_photo = true")
	open := o.get(t, door)
	if open.status != http.StatusOK || !strings.HasPrefix(open.header.Get("Cache-Control"), "private, no-cache") {
		t.Fatalf("%d %v", open.status, open.header)
	}
	if r := o.get(t, door, "If-None-Match", open.header.Get("ETag")); r.status != http.StatusNotModified || len(r.body) != 0 {
		t.Errorf("known: %d", r.status)
	}
	if r := o.get(t, door, "If-None-Match", `"`+strings.Repeat("0", 64)+`"`); r.status != http.StatusOK || !bytes.Equal(r.body, open.body) {
		t.Errorf("another is known: %d", r.status)
	}
	o.db.Exec(t, "update plan.report set public_photo = false")
	for _, known := range []string{"", open.header.Get("ETag")} {
		if r := o.get(t, door, "If-None-Match", known); r.status != http.StatusNotFound {
			t.Errorf("closed: %d", r.status)
		}
	}
	if r := o.get(t, door, "Authorization", asSiti); r.status != http.StatusOK {
		t.Errorf("an officer: %d", r.status)
	}
}

// TestSecretsAreCheckedFirst: what cannot be a secret asks nobody, and whoever
// tries many must wait.
func TestSecretsAreCheckedFirst(t *testing.T) {
	o := openReporting(t)
	page := o.sendOne(t, form())
	tx, err := o.conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), "lock table simtaru.submission"); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"x", strings.Repeat("A", 42), strings.Repeat("A", 44), strings.Repeat("A", 42) + "!", strings.Repeat("%20", 43)} {
		if r := o.get(t, "/api/v1/reports/"+secret); r.status != http.StatusNotFound {
			t.Errorf("%s: %d", secret, r.status)
		}
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	waits := 0
	for i := range 80 {
		if r := o.get(t, fmt.Sprintf("/api/v1/reports/%042dA", i)); r.status == http.StatusTooManyRequests {
			waits++
		}
	}
	if waits < 10 || waits > 20 {
		t.Errorf("%d of 80 had to wait", waits)
	}
	if r := o.get(t, "/api/v1"+page, "X-Forwarded-For", "203.0.113.7"); r.status != http.StatusOK {
		t.Errorf("who has a secret: %d", r.status)
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
			"/api/v1/reports/photos/1", "/api/v1/reports/contacts/1",
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
			for _, never := range []string{"0811-rahasia", "Pohon tumbang di depan", "jawaban petugas", `"report"`, "/report/", "public_message"} {
				if strings.Contains(unzipped(t, r.body), never) {
					t.Errorf("%s shows %s", door, never)
				}
			}
		}
		for _, word := range []string{"teks terbuka", "jawaban terbuka", "95.3101"} {
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
	if r := o.get(t, "/api/v1/reports/contacts/1", "Authorization", asSiti); r.status != http.StatusOK || string(r.body) != `{"contact":"0811-rahasia"}`+"\n" || r.header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("an officer does not see the contact: %d %v %s", r.status, r.header, r.body)
	}
	for _, who := range []string{"Test warga public", "Test siti planner boundary"} {
		for _, door := range []string{"/api/v1/reports/photos/1", "/api/v1/reports/contacts/1"} {
			if r := o.get(t, door, "Authorization", who); r.status != http.StatusNotFound {
				t.Errorf("%s sees %s: %d", who, door, r.status)
			}
		}
	}
	is("an officer writes", "update plan.report set status = 'checking', public_message = 'teks terbuka', answer = 'jawaban petugas', public_answer = 'jawaban terbuka', public_photo = true", false)
	is("published", "update plan.report set status = 'accepted'", true, "(photo)", "teks terbuka", "jawaban terbuka", "95.3101")
	is("the photo is closed", "update plan.report set public_photo = false", true, "teks terbuka", "jawaban terbuka", "95.3101")
	is("the text is corrected", "update plan.report set public_message = null", true, "jawaban terbuka", "95.3101")
	is("withdrawn", "update plan.report set status = 'declined'", false)
	is("published again", "update plan.report set status = 'done', public_answer = null", true, "95.3101")
	o.db.Exec(t, "delete from plan.report")
	wait(t, "it is gone", func() bool { return o.get(t, public+"/items/1").status == http.StatusNotFound })
	if got := shown(); len(got) != 0 {
		t.Errorf("of a deleted report the public sees %q", got)
	}
	if drift, err := o.db.Store.Drift(t.Context(), o.mirror.View(plan.Actor{}).Catalog()); err != nil || len(drift) > 0 {
		t.Errorf("%v %v", drift, err)
	}
}
