package httpd_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/simtaru/simtaru/internal/extract"
	extractapi "github.com/simtaru/simtaru/internal/extract/api"
	"github.com/simtaru/simtaru/internal/httpd"
	"github.com/simtaru/simtaru/internal/plan"
)

const extracts = "/api/v1/extracts"

// openExtracts is openZoned with two parcels: one of 100 by 100 m across the two
// zones with a certificate, one in the hazard zone without.
func openExtracts(t testing.TB) *office {
	t.Helper()
	o := openZoned(t, func(c *httpd.Config, d *httpd.Deps) {
		d.ExtractKeys = keys(t)
		c.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	o.db.Exec(t, "insert into plan.parcel (nib, certificate_area, certificate_no, right_type, geom) values ('01', 12000, 'M.1', 'HM', st_geomfromtext($1, 4326))", square(95.3095, 5.5050, 0.001))
	o.db.Exec(t, "insert into plan.parcel (nib, certificate_area, geom) values ('02', 0, st_geomfromtext($1, 4326))", square(95.301, 5.501, 0.001))
	wait(t, "parcels are there", func() bool { return o.get(t, "/ogc/collections/parcel/items/2").status == http.StatusOK })
	return o
}

// keys are keys of extracts, new ones each time.
func keys(t testing.TB) *extractapi.Keys {
	t.Helper()
	text, err := extractapi.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	k, err := extractapi.ReadKeys(text)
	if err != nil {
		t.Fatal(err)
	}
	return k
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
		{"unread", unreadExtractsHoldUpNobody},
		{"page", extractPage},
		{"conform", extractsConform},
		{"private", extractDoesNotLeak},
		{"verified", extractIsVerified},
		{"forged", extractIsForged},
		{"forgotten", extractIsForgotten},
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
	SHA256    string
	Genuine   *bool
	Changed   bool
	Proof     string
	Signature []byte
	Matches   *bool
	Changes   []struct{ ID, EN string }
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
		if v := o.verdict(t, d.ID, "?sha256="+strings.ToUpper(d.SHA256)); v.Genuine == nil || !*v.Genuine || v.Changed || v.Matches == nil || !*v.Matches || v.SHA256 != d.SHA256 {
			t.Errorf("%+v", v)
		}
	}
	for sum, want := range map[string]bool{strings.Repeat("0", 64): false, d.SHA256[:16]: true, d.SHA256[1:17]: false} {
		if v := o.verdict(t, d.ID, "?sha256="+sum); *v.Matches != want {
			t.Errorf("%s matches: %v", sum, *v.Matches)
		}
	}
	for _, path := range []string{extracts + "/" + d.ID + "/verify", "/extracts/" + d.ID} {
		if r := o.get(t, path+"?sha256="+d.SHA256[:15]); r.status != http.StatusBadRequest {
			t.Errorf("too short a hash: %d", r.status)
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
	if v := o.verdict(t, d.ID, ""); v.Proof != "signed" || len(v.Changes) != 1 || v.Changes[0].ID == "" || v.Changes[0].EN == "" {
		t.Errorf("%+v", v)
	}
	o.db.Exec(t, "delete from plan.parcel where id = 2")
	wait(t, "the parcel is gone", func() bool { return o.get(t, "/ogc/collections/parcel/items/2").status == http.StatusNotFound })
	if v := o.verdict(t, d.ID, ""); !v.Changed || v.Proof != "signed" {
		t.Errorf("%+v", v)
	}
	// What was kept is as it was.
	if r := o.get(t, extracts+"/"+d.ID); r.status != http.StatusOK {
		t.Errorf("%d", r.status)
	}
}

// Who writes into the database below the triggers can forge bytes, hash and id,
// but not what was signed.
func extractIsForged(t *testing.T, o *office) {
	_, d := o.extract(t, `{"parcel": 1, "activity": "56303"}`)
	_, other := o.extract(t, `{"parcel": 1, "roadClass": "lokal"}`)
	page := func(query string) string {
		r := o.get(t, "/extracts/"+d.ID+query)
		if r.status != http.StatusOK {
			t.Fatalf("%d %s", r.status, r.body)
		}
		return string(r.body)
	}
	if v := o.verdict(t, d.ID, ""); v.Proof != "signed" || !*v.Genuine || !strings.Contains(page("?lang=en&sha256="+d.SHA256[:16]), "The code on paper is that") {
		t.Errorf("%+v", v)
	}
	if !strings.Contains(page("?lang=id&sha256="+other.SHA256[:16]), "Kertas Anda bukan kutipan ini.") {
		t.Error("another code is not noticed")
	}
	for name, sql := range map[string]string{
		"bytes":          "document = convert_to(convert_from(document, 'UTF8') || ' ', 'UTF8')",
		"bytes and hash": "document = convert_to(convert_from(document, 'UTF8') || ' ', 'UTF8'), sha256 = encode(sha256(document || ' '), 'hex')",
		"unreadable":     "document = 'x'",
		"no land":        `document = '{"format": 1}', sha256 = encode(sha256('{"format": 1}'), 'hex')`,
		"no signature":   "signature = null",
		"of another":     "(document, sha256, signature) = (select document, sha256, signature from simtaru.extract where id = '" + other.ID + "')",
	} {
		if _, err := o.conn.Exec(t.Context(), "create temporary table if not exists before as select * from simtaru.extract"); err != nil {
			t.Fatal(err)
		}
		forge := "alter table simtaru.extract disable trigger user; update simtaru.extract e set " + sql + " where id = '" + d.ID + "'; alter table simtaru.extract enable trigger user"
		if _, err := o.conn.Exec(t.Context(), forge); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		// Without a signature it is neither genuine nor not.
		want, words := "broken", "Not genuine."
		if name == "no signature" {
			want, words = "unsigned", "It cannot be proven."
		}
		if v := o.verdict(t, d.ID, ""); v.Proof != want || (v.Genuine == nil) != (want == "unsigned") || v.Genuine != nil && *v.Genuine {
			t.Errorf("%s: %+v", name, v)
		}
		if text := page("?lang=en"); !strings.Contains(text, words) {
			t.Errorf("%s: the page does not say %q", name, words)
		}
		restore := `alter table simtaru.extract disable trigger user;
			update simtaru.extract e set (document, sha256, signature) = (b.document, b.sha256, b.signature) from before b where b.id = e.id;
			alter table simtaru.extract enable trigger user`
		if _, err := o.conn.Exec(t.Context(), strings.Replace(restore, "(b.document", "row(b.document", 1)); err != nil {
			t.Fatal(err)
		}
	}
	if v := o.verdict(t, d.ID, ""); v.Genuine == nil || !*v.Genuine {
		t.Errorf("as it was: %+v", v)
	}
}

// What was asked for without a login goes after its time, parcels included, and
// its hash stays. What somebody asked for who is logged in does not, though it says
// the same.
func extractIsForgotten(t *testing.T, o *office) {
	const polygon = `{"geometry": {"type": "Polygon", "coordinates": [[[95.303, 5.503], [95.304, 5.503], [95.304, 5.504], [95.303, 5.503]]]}}`
	var strangers, planners []*extract.Document
	for _, question := range []string{polygon, `{"parcel": 1}`} {
		_, stranger := o.extract(t, question)
		r := o.send(t, http.MethodPost, extracts, asSiti, "application/json", question)
		planner, err := extract.Decode(r.body)
		if err != nil {
			t.Fatal(err)
		}
		if until := stranger.KeptUntil; until == nil || until.Sub(stranger.CreatedAt) != 90*24*time.Hour {
			t.Errorf("%s: a stranger's is kept until %v", question, until)
		}
		if planner.KeptUntil != nil || planner.ID == stranger.ID {
			t.Errorf("%s: a planner's is kept until %v, %s and %s", question, planner.KeptUntil, planner.ID, stranger.ID)
		}
		strangers, planners = append(strangers, stranger), append(planners, planner)
	}
	forget := func() (n int64) {
		t.Helper()
		n, err := o.db.Store.ForgetExtracts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := forget(); n != 0 {
		t.Errorf("%d were forgotten before their time", n)
	}
	for _, d := range strangers {
		var same bool
		if err := o.conn.QueryRow(t.Context(), "select kept_until = $2 from simtaru.extract where id = $1", d.ID, d.KeptUntil).Scan(&same); err != nil || !same {
			t.Errorf("it is not kept until what it says: %v", err)
		}
		if r := o.get(t, "/extracts/"+d.ID+"?lang=en"); !strings.Contains(string(r.body), "Kept until") {
			t.Errorf("the page does not say until when: %s", r.body)
		}
	}
	later := "alter table simtaru.extract disable trigger user; update simtaru.extract set kept_until = now() - interval '1 s' where kept_until is not null; alter table simtaru.extract enable trigger user"
	if _, err := o.conn.Exec(t.Context(), later); err != nil {
		t.Fatal(err)
	}
	if _, err := o.conn.Exec(t.Context(), "update simtaru.extract set document = null, sha256 = repeat('0', 64) where id = $1", strangers[0].ID); err == nil {
		t.Error("the hash can be changed when the document goes")
	}
	if n := forget(); n == 0 {
		t.Error("none was forgotten")
	}
	for _, d := range strangers {
		for _, path := range []string{"", ".pdf"} {
			if r := o.get(t, extracts+"/"+d.ID+path); r.status != http.StatusGone || !strings.Contains(string(r.body), "extract-forgotten") {
				t.Errorf("%s: %d %s", path, r.status, r.body)
			}
		}
		if v := o.verdict(t, d.ID, "?sha256="+d.SHA256); v.Genuine == nil || !*v.Genuine || v.Proof != "signed" || !*v.Matches || v.SHA256 != d.SHA256 {
			t.Errorf("%+v", v)
		}
		if r := o.get(t, "/extracts/"+d.ID+"?lang=en"); r.status != http.StatusOK || !strings.Contains(string(r.body), "The content was removed") || !strings.Contains(string(r.body), d.SHA256) {
			t.Errorf("%d %s", r.status, r.body)
		}
	}
	for _, d := range planners {
		if r := o.get(t, extracts+"/"+d.ID); r.status != http.StatusOK {
			t.Errorf("what is kept for ever: %d", r.status)
		}
	}
	var bytes int64
	if err := o.conn.QueryRow(t.Context(), "select pg_table_size('simtaru.extract') + pg_indexes_size('simtaru.extract')").Scan(&bytes); err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^simtaru_extract_bytes (\S+)$`).FindSubmatch(o.get(t, "/metrics").body)
	if m == nil {
		t.Fatal("the disk that extracts take is not among the metrics")
	}
	if told, err := strconv.ParseFloat(string(m[1]), 64); err != nil || int64(told) != bytes {
		t.Errorf("extracts take %d bytes, told are %s: %v", bytes, m[1], err)
	}
}

// unread is an answer that nobody reads: whoever writes it stands until gone.
type unread struct {
	*httptest.ResponseRecorder
	begun chan<- struct{}
	gone  <-chan struct{}
}

func (u unread) Write(p []byte) (int, error) {
	u.begun <- struct{}{}
	<-u.gone
	return len(p), nil
}

// Answers that nobody reads hold no place in which others are computed.
func unreadExtractsHoldUpNobody(t *testing.T, o *office) {
	const question = `{"parcel": 1, "roadClass": "kolektor"}`
	_, d := o.extract(t, question)
	begun, gone, ended := make(chan struct{}, 10), make(chan struct{}), make(chan struct{})
	for i, r := range []*http.Request{
		httptest.NewRequestWithContext(t.Context(), http.MethodPost, extracts, strings.NewReader(question)),
		httptest.NewRequestWithContext(t.Context(), http.MethodGet, extracts+"/"+d.ID+".pdf?lang=en", http.NoBody),
	} {
		r.RemoteAddr = fmt.Sprintf("203.0.113.%d:1", 10+i)
		r.Header.Set("Content-Type", "application/json")
		go func() {
			o.handler.ServeHTTP(unread{httptest.NewRecorder(), begun, gone}, r)
			ended <- struct{}{}
		}()
	}
	defer func() { close(gone); <-ended; <-ended }()
	for range 2 {
		select {
		case <-begun:
		case <-time.After(20 * time.Second):
			t.Fatal("no answer is written")
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, extracts, strings.NewReader(`{"parcel": 1, "roadClass": "arteri"}`))
	r.Header.Set("Content-Type", "application/json")
	o.handler.ServeHTTP(w, r)
	if w.Code != http.StatusCreated {
		t.Errorf("while two do not read: %d %s", w.Code, w.Body)
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
		"en": {"WIB", "Extract from the Spatial Plan", "Genuine", "6,000 m²", "50.0%", "Not concerned", "Without data", d.SHA256},
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
