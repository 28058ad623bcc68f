package httpd_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/simtaru/simtaru/internal/auth"
	"github.com/simtaru/simtaru/internal/httpd"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/testdb"
)

// openSenders is a town with indicators whose people log in for good.
func openSenders(t *testing.T) *gate {
	t.Helper()
	o := &gate{t: t, start: time.Now()}
	town := openFiguresWith(t, func(db *testdb.DB) { o.db = db }, func(cfg *httpd.Config, d *httpd.Deps) {
		logins, err := auth.New(auth.Config{PublicURL: cfg.PublicURL}, auth.Deps{Store: o.db.Store, Catalog: d.Plan.(auth.Catalog), Log: d.Log, Now: o.now})
		if err != nil {
			t.Fatal(err)
		}
		d.Auth = logins
	})
	o.service, o.suffix, o.dir = town.service, "_"+town.name, auth.NewDirectory(o.db.Store, slog.New(slog.DiscardHandler))
	return o
}

// TestASendersToken sends values of its indicators, and is refused at every
// other door of the server.
func TestASendersToken(t *testing.T) {
	o := openSenders(t)
	planner, boss := basic(o.add("siti", plan.Planner), goodPassword), basic(o.add("ani", plan.Admin), goodPassword)
	made, bearer := o.newToken(planner, map[string]any{"name": "bank sampah", "indicators": []string{"waste_bank_kg", "wifi_uptime"}})
	_, admins := o.newToken(boss, map[string]any{"name": "wifi", "indicators": []string{"wifi_uptime"}})
	if fmt.Sprint(made.Indicators) != "[waste_bank_kg wifi_uptime]" || made.Layers != nil {
		t.Errorf("made: %+v", made)
	}
	if list := o.tokens(planner); len(list) != 1 || fmt.Sprint(list[0].Indicators) != "[waste_bank_kg wifi_uptime]" {
		t.Errorf("listed: %+v", list)
	}
	value := func(unit string, v float64) any {
		return map[string]any{"observations": []any{map[string]any{"by": "city", "code": "11.71", "at": "2026-01-31T00:00:00Z", "value": v, "unit": unit}}}
	}
	put := func(who, id, unit string) reply {
		return o.send(http.MethodPut, figuresRoot+"/"+id+"/observations", value(unit, 12), "Authorization", who)
	}
	o.expect("its own", put(bearer, "waste_bank_kg", "kg/mo"), 200, "")
	o.expect("its other one", put(bearer, "wifi_uptime", "%"), 200, "")
	o.expect("an administrator's", put(admins, "wifi_uptime", "%"), 200, "")
	other := put(bearer, "atcs_junctions", "{junction}")
	o.expect("another indicator", other, 403, "not-allowed")
	if !strings.Contains(string(other.body), "bukan untuk nilai indikator ini") {
		t.Errorf("another indicator: %s", other.body)
	}
	o.expect("another indicator of an administrator's", put(admins, "waste_bank_kg", "kg/mo"), 403, "not-allowed")
	tooMuch := o.send(http.MethodPut, figuresRoot+"/waste_bank_kg/observations", value("kg/mo", 1.5e8), "Authorization", bearer)
	o.expect("too much", tooMuch, 422, "observation-value")
	if !strings.Contains(string(tooMuch.body), "150.000.000 kg/mo di atas batas 10.000.000.") {
		t.Errorf("too much: %s", tooMuch.body)
	}
	o.expect("a computed one", put(bearer, "rth_public", "%"), 403, "not-allowed")
	o.expect("one that is not there", put(bearer, "nothing", "%"), 403, "not-allowed")

	feature := map[string]any{"type": "Feature", "properties": map[string]any{"name": "x"}, "geometry": nil}
	for _, who := range []string{bearer, admins} {
		for _, door := range []string{
			"GET /", "GET /ogc", "GET /ogc/collections", "GET /ogc/collections/boundary/items", "GET /ogc/collections/place/items/1/history",
			"POST /ogc/collections/place/items", "PUT /ogc/collections/place/items/1", "PATCH /ogc/collections/place/items/1", "DELETE /ogc/collections/place/items/1",
			"POST /api/v1/edits", "GET /api/v1/catalog", "GET /api/v1/changes", "GET /api/v1/search?q=taman", "GET /events?bad=1", "GET /tiles/boundary/12/3132/1985",
			"GET /tiles/boundary.json", "GET /styles/plan.json", "GET /qgis/simtaru.qgz", "GET /docs", "GET /metrics", "GET /api/v1/zoning/at?lon=95.3&lat=5.5",
			"GET /api/v1/session", "PUT /api/v1/session/password", "DELETE /api/v1/session", "GET /api/v1/tokens", "POST /api/v1/tokens", "DELETE /api/v1/tokens/1",
			"GET /api/v1/people", "POST /api/v1/people", "GET " + figuresRoot, "GET " + figuresRoot + "/waste_bank_kg", "GET " + figuresRoot + "/waste_bank_kg/series",
			"GET " + figuresRoot + "/waste_bank_kg/observations", "POST " + figuresRoot + "/waste_bank_kg/observations", "DELETE " + figuresRoot + "/waste_bank_kg/observations",
			"POST " + figuresRoot + "/what-if", "PUT " + figuresRoot + "/a/b/observations", "PUT /api/v1/observations", "GET /nowhere",
		} {
			method, path, _ := strings.Cut(door, " ")
			var r reply
			if method == http.MethodGet {
				r = o.get(t, path, "Authorization", who)
			} else {
				r = o.send(method, path, feature, "Authorization", who)
			}
			o.expect(door, r, 403, "sends-only")
		}
	}

	for _, tt := range []struct {
		body map[string]any
		code string
	}{
		{map[string]any{"indicators": []string{}}, "bad-indicators"},
		{map[string]any{"indicators": []string{"rth_public"}}, "bad-indicators"},
		{map[string]any{"indicators": []string{"wifi_uptime", "nothing"}}, "bad-indicators"},
		{map[string]any{"indicators": []string{"wifi_uptime"}, "layers": []string{"boundary"}}, "indicators-alone"},
		{map[string]any{"indicators": []string{"wifi_uptime"}, "layers": []string{}}, "indicators-alone"},
		{map[string]any{"indicators": []string{"wifi_uptime"}, "readOnly": true}, "indicators-alone"},
	} {
		tt.body["name"] = "x"
		o.expect(fmt.Sprint(tt.body), o.send("POST", "/api/v1/tokens", tt.body, "Authorization", planner), 422, tt.code)
	}
	rescuer := basic(o.add("agus", plan.Disaster), goodPassword)
	one := map[string]any{"name": "x", "indicators": []string{"wifi_uptime"}}
	o.expect("who may not send", o.send("POST", "/api/v1/tokens", one, "Authorization", rescuer), 403, "not-allowed")
	// A token for layers is for those alone.
	_, layers := o.newToken(planner, map[string]any{"name": "lapisan", "layers": []string{"boundary"}})
	o.expect("a token for layers", put(layers, "wifi_uptime", "%"), 403, "not-allowed")

	// One that was removed is gone at once, for its senders too.
	if err := o.db.Store.RemoveIndicator(t.Context(), "wifi_uptime"); err != nil {
		t.Fatal(err)
	}
	wait(t, "the indicator is gone", func() bool { return o.get(t, figuresRoot+"/wifi_uptime").status == http.StatusNotFound })
	o.expect("one that was removed", put(bearer, "wifi_uptime", "%"), 404, "no-such-indicator")
	o.expect("its series", o.get(t, figuresRoot+"/wifi_uptime/series"), 404, "no-such-indicator")
	if r := o.get(t, figuresRoot); r.status != http.StatusOK || strings.Contains(string(r.body), `"wifi_uptime"`) {
		t.Errorf("listed after that: %d", r.status)
	}
}
