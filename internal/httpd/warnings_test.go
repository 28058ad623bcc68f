package httpd_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/simtaru/simtaru/internal/evac/bmkg"
	"github.com/simtaru/simtaru/internal/httpd"
	"github.com/simtaru/simtaru/internal/postgis"
)

// alarm is a feed of warnings, and what BMKG publishes.
type alarm struct {
	feed      *bmkg.Feed
	published atomic.Pointer[string]
}

// warned makes the server follow BMKG on this machine. Nothing is asked until
// listen.
func warned(t testing.TB, a *alarm) option {
	return func(_ *httpd.Config, d *httpd.Deps) {
		agency := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, *a.published.Load()) }))
		t.Cleanup(agency.Close)
		var err error
		a.feed, err = bmkg.New(bmkg.Config{
			Tsunami: agency.URL + "/last30tsunamievent.xml", Every: time.Minute, Lapse: 12 * time.Hour,
			District: bmkg.District{Province: "Aceh", Names: []string{"Kota Banda Aceh"}},
		}, d.Plan, d.Archive.(*postgis.Store), d.Log)
		if err != nil {
			t.Fatal(err)
		}
		a.feed.Register(d.Registry)
		d.Warnings = a.feed
	}
}

// listen lets the feed ask once.
func (a *alarm) listen(t testing.TB, infos ...string) {
	t.Helper()
	text := "<alert><status>Actual</status>" + strings.Join(infos, "") + "</alert>"
	a.published.Store(&text)
	before := a.feed.Status().AsOf
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); _ = a.feed.Run(ctx) }()
	wait(t, "BMKG is heard", func() bool { return a.feed.Status().AsOf.After(before) })
	stop()
	<-done
}

// warningsAreFollowed: BMKG warns the city and says that it is over, and routes
// say so without anybody doing anything.
func warningsAreFollowed(t *testing.T, o *office, a *alarm) {
	const path = "/api/v1/evacuation/feed"
	c := converse(t, &gate{service: o.service, t: t}, definition(t, o.service))
	read := func() (b struct {
		State    string            `json:"state"`
		AsOf     *time.Time        `json:"as_of"`
		Sentence map[string]string `json:"sentence"`
		Warnings []struct {
			Event *int64  `json:"event"`
			On    bool    `json:"on"`
			Over  bool    `json:"ended"`
			Level *string `json:"level"`
		} `json:"warnings"`
	},
	) {
		if err := json.Unmarshal(c.say(200, "GET", path, nil).body, &b); err != nil {
			t.Fatal(err)
		}
		return b
	}
	if b := read(); b.State != "starting" || b.AsOf != nil {
		t.Errorf("%+v", b)
	}
	if _, err := o.conn.Exec(t.Context(), "insert into plan.boundary (kode, nama, geom) values ('11.71.01.2001', 'Gampong', st_geomfromtext($1, 4326))", square(95.29, 5.49, 0.03)); err != nil {
		t.Fatal(err)
	}
	wib := time.FixedZone("WIB", 7*3600)
	origin := time.Now().In(wib).Add(-3 * time.Minute).Truncate(time.Second)
	info := func(pd string, sent time.Time, area string) string {
		return fmt.Sprintf("<info><date>%s</date><time>%s WIB</time><point><coordinates>95.1,4.9</coordinates></point><magnitude>7.9</magnitude><area>60 km BaratDaya BANDA-ACEH</area>"+
			"<subject>Warning Tsunami %s</subject>%s<timesent>%sWIB</timesent></info>", origin.Format("02-01-06"), origin.Format("15:04:05"), pd, area, sent.Format("02/01/2006 15:04:05"))
	}
	arrival := origin.Add(45 * time.Minute)
	pd1 := info("PD-1", origin.Add(2*time.Minute), fmt.Sprintf("<wzarea><province>ACEH</province><district>KOTA-BANDA-ACEH</district><level>AWAS</level><date>%s</date><time>%s WIB</time></wzarea>",
		arrival.Format("02-01-2006"), arrival.Format("15:04:05")))
	a.listen(t, pd1)
	if b := read(); b.State != "ok" || len(b.Warnings) != 1 || !b.Warnings[0].On || b.Warnings[0].Event == nil || *b.Warnings[0].Level != "awas" || !strings.HasPrefix(b.Sentence["en"], "A tsunami warning is on.") {
		t.Fatalf("%+v", b)
	}
	type told struct {
		Warnings *time.Time `json:"warnings_as_of"`
		Hazard   *string    `json:"hazard"`
		Event    *struct {
			Level, Source, Bulletin string
			Arrival                 time.Time `json:"arrival_at"`
		} `json:"event"`
	}
	ask := func() (w told) {
		if err := json.Unmarshal(c.say(200, "GET", evacuation+"?"+here, nil).body, &w); err != nil {
			t.Fatal(err)
		}
		return w
	}
	wait(t, "routes go by the warning", func() bool { return ask().Event != nil })
	if w := ask(); w.Warnings == nil || *w.Hazard != "tsunami" || w.Event.Level != "awas" || w.Event.Source != "BMKG (InaTEWS)" || !strings.HasPrefix(w.Event.Bulletin, "PD-1 awas (") || !w.Event.Arrival.Equal(arrival) {
		t.Errorf("%+v %+v", w, w.Event)
	}
	if m := string(o.get(t, "/metrics").body); !strings.Contains(m, "simtaru_warnings_on 1") || !strings.Contains(m, `simtaru_warning_feed_failures{source="tsunami"} 0`) {
		t.Error("the metrics do not tell of the warning")
	}
	// A server that starts anew hears of the end.
	a.listen(t, info("PD-4", origin.Add(150*time.Second), ""), pd1)
	wait(t, "routes go without the warning", func() bool { return ask().Event == nil })
	if b := read(); len(b.Warnings) != 1 || b.Warnings[0].On || !b.Warnings[0].Over {
		t.Errorf("%+v", b)
	}
	if r := o.get(t, path+"?x=1"); r.status != http.StatusBadRequest {
		t.Errorf("%d", r.status)
	}
	for _, sql := range []string{"delete from plan.hazard_event", "delete from plan.boundary"} {
		if _, err := o.conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
}
