package httpd_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/auth"
	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/httpd"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/postgis"
	"github.com/simtaru/simtaru/internal/rest"
	"github.com/simtaru/simtaru/internal/testdb"
)

// trust takes a request's word for who sends it: "Authorization: Test siti
// planner".
type trust struct{}

func (trust) Admit(_ http.ResponseWriter, r *http.Request) (*http.Request, error) {
	a, err := trust{}.Identify(r)
	return r.WithContext(rest.WithActor(r.Context(), a)), err
}

func (trust) Identify(r *http.Request) (plan.Actor, error) {
	word := strings.Fields(r.Header.Get("Authorization"))
	if len(word) < 3 || word[0] != "Test" {
		return plan.Actor{}, nil
	}
	a := plan.Actor{Name: word[1], Role: plan.Role(word[2])}
	for _, w := range word[3:] {
		if w == "read-only" {
			a.ReadOnly = true
		} else {
			a.Layers = append(a.Layers, w)
		}
	}
	return a, nil
}

func (trust) Routes() map[string]auth.Methods { return nil }

const (
	asSiti  = "Test siti planner"
	asBudi  = "Test budi planner"
	asAgus  = "Test agus disaster"
	asWati  = "Test wati public"
	asAdmin = "Test dian admin"
)

// office is the whole server over a real database.
type office struct {
	*service
	db   *testdb.DB
	conn *pgx.Conn
	// name of the database, as its server's log has it.
	name string
}

// openOffice serves the test city from PostGIS.
func openOffice(t testing.TB, options ...option) *office {
	t.Helper()
	return openPlan(t, testCatalog(), func(*testdb.DB) {}, options...)
}

// openCity serves the built-in layers from PostGIS, with all that computes with
// them but figures. fill has put in what is there before the server looks.
func openCity(t testing.TB, fill func(*testdb.DB), options ...option) *office {
	t.Helper()
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return openPlan(t, cat, fill, append([]option{computing}, options...)...)
}

// computing serves what computes with the built-in layers, but figures.
func computing(_ *httpd.Config, d *httpd.Deps) {
	store := d.Archive.(*postgis.Store)
	d.Rules, d.Extracts, d.Reports = store, store, store
}

func openPlan(t testing.TB, cat *plan.Catalog, fill func(*testdb.DB), options ...option) *office {
	t.Helper()
	db := testdb.New(t)
	o := &office{db: db, conn: db.Conn(t)}
	if err := o.conn.QueryRow(t.Context(), "select current_database()").Scan(&o.name); err != nil {
		t.Fatal(err)
	}
	// The log says the code of each error.
	db.Exec(t, "alter database "+o.name+" set log_error_verbosity = verbose")
	if _, err := db.Store.ApplyCatalog(t.Context(), cat); err != nil {
		t.Fatal(err)
	}
	fill(db)
	m := mirror.New(db.Store, mirror.Options{})
	with := func(_ *httpd.Config, d *httpd.Deps) {
		d.Plan, d.Archive, d.Editor, d.Auth = m, db.Store, db.Store, trust{}
	}
	o.service = serveMirror(t, newSource(), m, append([]option{with}, options...)...)
	wait(t, "the plan is loaded", func() bool { return m.Status().Ready })
	return o
}

// send sends a body; headers are given as name, value pairs.
func (o *office) send(t testing.TB, method, path, who, kind string, body any, headers ...string) reply {
	t.Helper()
	var b io.Reader
	switch body := body.(type) {
	case nil:
	case string:
		b = strings.NewReader(body)
	case []byte:
		b = bytes.NewReader(body)
	case io.Reader:
		b = body
	default:
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		b = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, o.URL+path, b)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "identity")
	if who != "" {
		req.Header.Set("Authorization", who)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Add(headers[i], headers[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{resp.StatusCode, resp.Header, text}
}

const (
	geoJSON    = "application/geo+json"
	mergePatch = "application/merge-patch+json"
	plainJSON  = "application/json"
	lanesOf    = "/ogc/collections/" + lanes + "/items"
	patchesOf  = "/ogc/collections/" + patches + "/items"
	secretsOf  = "/ogc/collections/" + secrets + "/items"
)

// spot is a Feature with a name.
func spot(name string) string {
	return fmt.Sprintf(`{"type":"Feature","geometry":{"type":"Point","coordinates":[95.31,5.52]},"properties":{"name":%q}}`, name)
}

// create adds a spot and returns its path and ETag.
func (o *office) create(t testing.TB, name string) (path, etag string) {
	t.Helper()
	r := o.send(t, http.MethodPost, itemsOf, asSiti, geoJSON, spot(name))
	if r.status != http.StatusCreated || !strings.HasPrefix(r.header.Get("Location"), o.URL+itemsOf+"/") || len(r.body) != 0 {
		t.Fatalf("create: %d %v %s", r.status, r.header, r.body)
	}
	return strings.TrimPrefix(r.header.Get("Location"), o.URL), r.header.Get("ETag")
}

// properties reads an item as a planner sees it.
func (o *office) properties(t testing.TB, path string) map[string]any {
	t.Helper()
	r := o.get(t, path, "Authorization", asSiti)
	var f feature
	if err := json.Unmarshal(r.body, &f); err != nil || r.status != http.StatusOK {
		t.Fatalf("%s: %d %v %s", path, r.status, err, r.body)
	}
	return f.Properties
}

// tally counts everything that an edit could leave behind.
func (o *office) tally(t testing.TB) string {
	t.Helper()
	var counts string
	sql := "select concat_ws(' '"
	for _, l := range []string{spots, lanes, patches, secrets} {
		sql += fmt.Sprintf(", (select count(*) from plan.%[1]s), (select count(*) from history.%[1]s)", l)
	}
	sql += ", (select count(*) from simtaru.change), (select count(*) from simtaru.idempotency))"
	if err := o.conn.QueryRow(t.Context(), sql).Scan(&counts); err != nil {
		t.Fatal(err)
	}
	return counts
}

// checkLog looks for what only a hole in a statement can bring about: errors
// of syntax, of names, and of texts that are no numbers.
func (o *office) checkLog(t testing.TB) {
	t.Helper()
	text, err := os.ReadFile(o.db.Cluster.Log())
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range regexp.MustCompile(`(?m)^.*@`+o.name+` ERROR:  (42601|42703|42883|22P02|42P01).*$`).FindAllString(string(text), -1) {
		t.Errorf("PostgreSQL's log: %s", line)
	}
}
