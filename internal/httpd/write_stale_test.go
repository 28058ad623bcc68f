package httpd_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// TestQGISIsStale replays a save by a reader whom a colleague has overtaken:
// nothing of it is stored, the shape that comes first and alone least of all.
// After reading again the same save is.
func TestQGISIsStale(t *testing.T) {
	o := openOffice(t)
	siti, budi := desktop{o, asSiti}, desktop{o, asBudi}
	made := siti.ask(t, http.MethodPost, patchesOf, geoJSON,
		`{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[95.3,5.5],[95.31,5.5],[95.31,5.51],[95.3,5.5]]]},"properties":{"use":"A"}}`)
	path := strings.TrimPrefix(made.header.Get("Location"), o.URL)
	read := func(q desktop) {
		t.Helper()
		r := q.ask(t, http.MethodGet, patchesOf+"?limit=1000&bbox=95,5,96,6", "", "", "Accept", "application/geo+json, application/json")
		if r.status != http.StatusOK || !strings.Contains(string(r.body), fmt.Sprintf(`"id":%d`, id(t, path))) {
			t.Fatalf("%d %s", r.status, r.body)
		}
	}
	// A corner of the shape moves to x; the two forms of the header are those of
	// QGIS and of the standard.
	shape := func(x float64) string {
		return fmt.Sprintf(`{"geometry":{"coordinates":[[[[%.2f,5.5],[95.31,5.5],[95.31,5.51],[%[1]g,5.5]]]],"type":"MultiPolygon"}}`, x)
	}
	const crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
	forms := [][]string{nil, {"Content-Crs", crs84}, {"Content-Crs", "<" + crs84 + ">"}}
	state := func() string {
		var s string
		err := o.conn.QueryRow(t.Context(), "select concat_ws(' ', revision, updated_by, use, st_xmin(geom)) from plan."+patches+" where id = $1", id(t, path)).Scan(&s)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	read(siti)
	read(budi)
	if g := siti.ask(t, http.MethodPatch, path, mergePatch, shape(95.29)); g.status != http.StatusNoContent {
		t.Fatalf("the shape: %d %s", g.status, g.body)
	}
	if a := siti.ask(t, http.MethodPatch, path, mergePatch, `{"properties":{"read_revision":1,"use":"B"}}`); a.status != http.StatusNoContent {
		t.Fatalf("the attributes: %d %s", a.status, a.body)
	}
	before := o.tally(t)
	refused := func(what string, r reply) {
		t.Helper()
		if r.status != http.StatusPreconditionFailed || !strings.Contains(string(r.body), "ExceptionReport") || !strings.Contains(string(r.body), `exceptionCode="stale"`) {
			t.Errorf("%s: %d %s", what, r.status, r.body)
		}
		for _, part := range []string{"Fitur ini sudah diubah oleh siti pada ", " WIB", "revisi 3"} {
			if !strings.Contains(string(r.body), part) {
				t.Errorf("%s: the message lacks %q: %s", what, part, r.body)
			}
		}
	}
	for _, form := range forms {
		refused("a stale shape", budi.ask(t, http.MethodPatch, path, mergePatch, shape(95.28), form...))
		refused("stale attributes that say nothing", budi.ask(t, http.MethodPatch, path, mergePatch, `{"properties":{"use":"A"}}`, form...))
		refused("a stale whole", budi.ask(t, http.MethodPut, path, geoJSON,
			`{"type":"Feature","geometry":null,"properties":{"use":"A"}}`, form...))
	}
	refused("stale attributes", budi.ask(t, http.MethodPatch, path, mergePatch, `{"properties":{"read_revision":1,"use":"A"}}`))
	refused("a stale deletion", budi.ask(t, http.MethodDelete, path, "", ""))
	refused("one of many edits", budi.ask(t, http.MethodPost, "/api/v1/edits", plainJSON,
		fmt.Sprintf(`{"edits":[{"op":"update","layer":%q,"id":%d,"patch":{"properties":{"use":"A"}}}]}`, patches, id(t, path))))
	// Being refused is not reading.
	refused("a stale shape again", budi.ask(t, http.MethodPatch, path, mergePatch, shape(95.28)))
	if got := state(); got != "3 siti B 95.29" || o.tally(t) != before {
		t.Errorf("something was stored: %s", got)
	}
	read(budi)
	for i, form := range forms {
		x := 95.28 - float64(i)/100
		if g := budi.ask(t, http.MethodPatch, path, mergePatch, shape(x), form...); g.status != http.StatusNoContent {
			t.Fatalf("the shape after reading again: %d %s", g.status, g.body)
		}
	}
	if got := state(); got != "6 budi B 95.26" {
		t.Errorf("after reading again: %s", got)
	}
	if a := budi.ask(t, http.MethodPatch, path, mergePatch, `{"properties":{"read_revision":5,"use":"A"}}`); a.status != http.StatusNoContent {
		t.Errorf("the attributes: %d %s", a.status, a.body)
	}
	// And now it is the other who is late.
	if r := siti.ask(t, http.MethodDelete, path, "", ""); r.status != http.StatusPreconditionFailed || !strings.Contains(string(r.body), "diubah oleh budi") {
		t.Errorf("a stale deletion: %d %s", r.status, r.body)
	}
	o.checkLog(t)
}

// TestWhoIsNotStale: what refuses nobody. Each case begins with a feature that
// siti has read in one program and budi has changed since, unless it says so.
func TestWhoIsNotStale(t *testing.T) {
	o := openOffice(t)
	const program, other = "QGIS/34003", "python-requests/2.32"
	agent := func(name string, headers ...string) []string { return append(headers, "User-Agent", name) }
	get := func(path, who string, headers ...string) reply {
		t.Helper()
		r := o.send(t, http.MethodGet, path, who, "", nil, headers...)
		if r.status != http.StatusOK && r.status != http.StatusNotModified {
			t.Fatalf("%s: %d %s", path, r.status, r.body)
		}
		return r
	}
	patch := func(path, who string, headers ...string) int {
		t.Helper()
		return o.send(t, http.MethodPatch, path, who, mergePatch, `{"properties":{"name":"Warung"}}`, headers...).status
	}
	for _, c := range []struct {
		name string
		// between comes after budi's change and before siti's edit.
		between func(path string)
		who     string
		headers []string
		status  int
	}{
		{"stale", nil, asSiti, agent(program), 412},
		{"headers alone", func(path string) { o.send(t, http.MethodHead, path, asSiti, "", nil, agent(program)...) }, asSiti, agent(program), 412},
		{"another program has read it", func(path string) { get(path, asSiti, agent(other)...) }, asSiti, agent(program), 412},
		{"a colleague has read it", func(path string) { get(path, asAdmin, agent(program)...) }, asSiti, agent(program), 412},
		{"a page of HTML", func(path string) { get(path, asSiti, agent(program, "Accept", "text/html")...) }, asSiti, agent(program), 412},
		{"read again", func(path string) { get(path, asSiti, agent(program)...) }, asSiti, agent(program), 204},
		{"read with a token for reading", func(path string) { get(path, asSiti+" read-only "+spots, agent(program)...) }, asSiti, agent(program), 204},
		{"read as a page of many", func(string) { get(itemsOf+"?limit=1000", asSiti, agent(program)...) }, asSiti, agent(program), 204},
		{"read in the past and present", func(path string) { get(path+"?datetime=2026-01-01T00:00:00Z/..", asSiti, agent(program)...) }, asSiti, agent(program), 204},
		{"read in its history", func(path string) { get(path+"/history", asSiti, agent(program)...) }, asSiti, agent(program), 204},
		{"had it already, and was told so", func(path string) {
			etag := get(path, asSiti, agent(other)...).header.Get("ETag")
			if r := get(path, asSiti, agent(program, "If-None-Match", etag)...); r.status != http.StatusNotModified {
				t.Errorf("not 304: %d", r.status)
			}
		}, asSiti, agent(program), 204},
		{"had the page already, and was told so", func(string) {
			etag := get(itemsOf, asSiti, agent(other)...).header.Get("ETag")
			if r := get(itemsOf, asSiti, agent(program, "If-None-Match", etag)...); r.status != http.StatusNotModified {
				t.Errorf("not 304: %d", r.status)
			}
		}, asSiti, agent(program), 204},
		{"whatever there is", nil, asSiti, agent(program, "If-Match", "*"), 204},
		{"the present revision", nil, asSiti, agent(program, "If-Match", `"2"`), 204},
		{"a program that never read", nil, asSiti, agent(other), 204},
		{"a person who never read", nil, asAdmin, agent(program), 204},
		{"changed by the person itself since", func(path string) {
			if status := patch(path, asSiti, agent(other)...); status != http.StatusNoContent {
				t.Errorf("another program: %d", status)
			}
		}, asSiti, agent(program), 204},
		{"changed in the database by the person itself", func(path string) {
			if _, err := o.conn.Exec(t.Context(), "with who as (select set_config('simtaru.actor', 'siti', false)) update plan.spot set seats = 9 from who where id = $1", id(t, path)); err != nil {
				t.Fatal(err)
			}
		}, asSiti, agent(program), 204},
	} {
		path, _ := o.create(t, "Kios")
		get(path, asSiti, agent(program)...)
		if status := patch(path, asBudi, "User-Agent", "x"); status != http.StatusNoContent {
			t.Fatal(status)
		}
		if c.between != nil {
			c.between(path)
		}
		if got := patch(path, c.who, c.headers...); got != c.status {
			t.Errorf("%s: %d, want %d", c.name, got, c.status)
		}
		// The next feature is read alone.
		if r := o.send(t, http.MethodDelete, path, asSiti, "", nil, "If-Match", "*"); r.status != http.StatusNoContent {
			t.Fatal(r.status)
		}
	}
	// With the answer to an edit comes the feature.
	path, _ := o.create(t, "Kios")
	if r := o.send(t, http.MethodPatch, path, asSiti, mergePatch, `{"properties":{"seats":1}}`, agent(program, "Prefer", "return=representation")...); r.status != http.StatusOK {
		t.Fatal(r.status)
	}
	patch(path, asBudi, "User-Agent", "x")
	if got := patch(path, asSiti, agent(program)...); got != http.StatusPreconditionFailed {
		t.Errorf("read in the answer to an edit: %d", got)
	}
	o.checkLog(t)
}

// TestNobodyIsOverwritten: planners who count in one attribute, each from what
// it has just read, and say nothing of that when they write. No step is lost;
// nobody is refused who had read the present version.
func TestNobodyIsOverwritten(t *testing.T) {
	o := openOffice(t)
	path, _ := o.create(t, "Kios")
	if r := o.send(t, http.MethodPatch, path, asSiti, mergePatch, `{"properties":{"seats":0}}`); r.status != http.StatusNoContent {
		t.Fatal(r.status)
	}
	const planners, steps = 6, 15
	var wg sync.WaitGroup
	var refusals atomic.Int64
	for i := range planners {
		wg.Go(func() {
			me := fmt.Sprintf("orang%d", i)
			who := "Test " + me + " planner"
			for done := 0; done < steps; {
				var f struct {
					Properties struct{ Seats, Revision int64 }
				}
				r := o.get(t, path, "Authorization", who)
				if err := json.Unmarshal(r.body, &f); err != nil {
					t.Errorf("%d %v", r.status, err)
					return
				}
				r = o.send(t, http.MethodPatch, path, who, mergePatch, fmt.Sprintf(`{"properties":{"seats":%d}}`, f.Properties.Seats+1))
				switch r.status {
				case http.StatusNoContent:
					done++
				case http.StatusPreconditionFailed:
					refusals.Add(1)
					p := problemOf(t, "stale", r)
					if p.Current == nil || p.Current.Revision <= f.Properties.Revision || p.Current.UpdatedBy == me {
						t.Errorf("%s had read revision %d and is refused by %+v", me, f.Properties.Revision, p.Current)
					}
				default:
					t.Errorf("%d %s", r.status, r.body)
					return
				}
			}
		})
	}
	wg.Wait()
	if p := o.properties(t, path); p["seats"] != float64(planners*steps) || refusals.Load() == 0 {
		t.Errorf("%v steps are left of %d, with %d refusals", p["seats"], planners*steps, refusals.Load())
	}
}
