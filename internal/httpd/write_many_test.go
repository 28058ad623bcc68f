package httpd_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
)

// done is the answer to edits.
type done struct{ Edits []plan.Edited }

func (o *office) edits(t testing.TB, who string, list []string, headers ...string) (reply, done) {
	t.Helper()
	r := o.send(t, http.MethodPost, "/api/v1/edits", who, plainJSON, `{"edits":[`+strings.Join(list, ",")+`]}`, headers...)
	var d done
	if r.status == http.StatusOK {
		if err := json.Unmarshal(r.body, &d); err != nil {
			t.Fatal(err)
		}
	}
	return r, d
}

const lane = `{"type":"Feature","geometry":{"type":"LineString","coordinates":[[95.3,5.5],[95.31,5.51]]},"properties":{"name":"Jalan"}}`

// TestEditsOverLayers: one request over three layers, seen at once by who
// asks after it.
func TestEditsOverLayers(t *testing.T) {
	o := openOffice(t)
	path, _ := o.create(t, "Kios")
	n := id(t, path)
	r, d := o.edits(t, asAdmin, []string{
		`{"op":"create","layer":"lane","feature":` + lane + `}`,
		fmt.Sprintf(`{"op":"update","layer":"spot","id":%d,"ifRevision":1,"patch":{"properties":{"seats":5}}}`, n),
		fmt.Sprintf(`{"op":"replace","layer":"spot","id":%d,"ifRevision":2,"feature":%s}`, n, spot("Depot")),
		`{"op":"create","layer":"secret","feature":` + spot("kunci") + `}`,
		fmt.Sprintf(`{"op":"delete","layer":"spot","id":%d,"ifRevision":3}`, n),
	})
	want := []plan.Edited{
		{Layer: lanes, ID: 1, Revision: 1, Op: plan.Create},
		{Layer: spots, ID: n, Revision: 2, Op: plan.Update},
		{Layer: spots, ID: n, Revision: 3, Op: plan.Update},
		{Layer: secrets, ID: 1, Revision: 1, Op: plan.Create},
		{Layer: spots, ID: n, Revision: 4, Op: plan.Delete},
	}
	if r.status != http.StatusOK || !slices.Equal(d.Edits, want) {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if got := o.get(t, path); got.status != http.StatusNotFound {
		t.Errorf("the deleted one: %d", got.status)
	}
	if got := o.get(t, lanesOf+"/1"); got.status != http.StatusOK {
		t.Errorf("the new lane: %d", got.status)
	}
	if r, d := o.edits(t, asSiti, nil); r.status != http.StatusOK || len(d.Edits) != 0 || !strings.Contains(string(r.body), `"edits":[]`) {
		t.Errorf("no edits: %d %s", r.status, r.body)
	}
	r, d = o.edits(t, asSiti, []string{`{"op":"create","layer":"spot","feature":{"type":"Feature","geometry":{"type":"Point","coordinates":[5.5,95.3]},"properties":{}}}`},
		"Content-Crs", geo.EPSG4326.URI())
	if r.status != http.StatusOK {
		t.Fatalf("%d %s", r.status, r.body)
	}
	var where string
	if err := o.conn.QueryRow(t.Context(), "select st_astext(geom) from plan.spot where id = $1", d.Edits[0].ID).Scan(&where); err != nil || where != "POINT(95.3 5.5)" {
		t.Errorf("latitude first came to %s, %v", where, err)
	}
}

// TestEditsNameEveryFault: faults of the text, of the declaration, of the login
// and of the database, in one answer, and nothing has changed.
func TestEditsNameEveryFault(t *testing.T) {
	o := openOffice(t)
	path, _ := o.create(t, "Kios")
	n := id(t, path)
	bowTie := patch(`{"type":"Polygon","coordinates":[[[95,5],[95.1,5.1],[95.1,5],[95,5.1],[95,5]]]}`)
	before := o.tally(t)
	r, _ := o.edits(t, asSiti, []string{
		`{"op":"create","layer":"lane","feature":` + lane + `}`,
		fmt.Sprintf(`{"op":"update","layer":"spot","id":%d,"ifRevision":9,"patch":{"properties":{"seats":5}}}`, n),
		`{"op":"create","layer":"patch","feature":` + bowTie + `}`,
		`{"op":"create","layer":"patch","feature":{"type":"Feature","geometry":null,"properties":{"use":"Z","colour":1}}}`,
		`{"op":"delete","layer":"spot","id":4711}`,
		`{"op":"create","layer":"secret","feature":` + spot("x") + `}`,
		`{"op":"create","layer":"nothing","feature":` + spot("x") + `}`,
		`{"op":"drop","layer":"spot","id":1}`,
		fmt.Sprintf(`{"op":"update","layer":"spot","id":%d,"patch":{"properties":{"seats":5}}}`, n),
	})
	p := problemOf(t, "edits", r)
	var got []string
	for _, f := range p.Faults {
		got = append(got, fmt.Sprintf("%d %s %d %d %s@%s", f.Position, f.Layer, f.ID, f.Status, strings.TrimPrefix(f.Type, "/docs/problems#"), f.At))
		if f.Detail == "" {
			t.Errorf("%+v says nothing", f)
		}
	}
	want := []string{
		fmt.Sprintf("1 spot %d 412 stale@", n),
		"2 patch 0 422 geometry-invalid@geometry",
		"3 patch 0 422 unknown-code@use", "3 patch 0 422 unknown-property@colour",
		"4 spot 4711 404 no-such-item@",
		"5 secret 0 404 no-such-layer@layer", "6 nothing 0 404 no-such-layer@layer",
		"7 spot 1 422 wrong-operation@op",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if r.status != http.StatusPreconditionFailed || p.Cut == nil || *p.Cut {
		t.Errorf("%d, cut %v", r.status, p.Cut)
	}
	if c := p.Faults[0].Current; c == nil || c.Revision != 1 || c.UpdatedBy != "siti" {
		t.Errorf("the stale one is told %+v", c)
	}
	// A private layer is told from none by nothing.
	if a, b := p.Faults[5], p.Faults[6]; a.Detail != b.Detail || a.Status != b.Status {
		t.Errorf("%+v and %+v differ", a, b)
	}
	if after := o.tally(t); after != before {
		t.Errorf("%s became %s", before, after)
	}
	o.checkLog(t)
}

// TestTenThousandEdits go into one request, and show at once.
func TestTenThousandEdits(t *testing.T) {
	o := openOffice(t)
	list := make([]string, plan.MostEdits)
	for i := range list {
		list[i] = fmt.Sprintf(`{"op":"create","layer":"spot","feature":{"type":"Feature","geometry":{"type":"Point","coordinates":[%.5f,%.5f]},"properties":{"name":"n%d","seats":%[3]d}}}`,
			95.3+float64(i%100)/1e4, 5.5+float64(i/100)/1e4, i)
	}
	r, d := o.edits(t, asSiti, list)
	if r.status != http.StatusOK || len(d.Edits) != plan.MostEdits {
		t.Fatalf("%d %.300s", r.status, r.body)
	}
	if p := o.page(t, itemsOf+"?limit=1"); p.NumberMatched != plan.MostEdits {
		t.Errorf("%d features show", p.NumberMatched)
	}
	for i := range list {
		list[i] = fmt.Sprintf(`{"op":"delete","layer":"spot","id":%d,"ifRevision":1}`, d.Edits[i].ID)
	}
	list[5000] = fmt.Sprintf(`{"op":"delete","layer":"spot","id":%d,"ifRevision":2}`, d.Edits[5000].ID)
	before := o.tally(t)
	if r, _ := o.edits(t, asSiti, list); r.status != http.StatusPreconditionFailed || len(problemOf(t, "one stale", r).Faults) != 1 {
		t.Errorf("one stale of 10,000: %d %.300s", r.status, r.body)
	}
	if after := o.tally(t); after != before {
		t.Errorf("%s became %s", before, after)
	}
	if r, _ := o.edits(t, asSiti, append(list, list[0])); r.status != http.StatusRequestEntityTooLarge {
		t.Errorf("10,001 edits: %d %.300s", r.status, r.body)
	}
}
