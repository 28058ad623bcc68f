package bmkg

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/catalog"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/testdb"
)

func TestMain(m *testing.M) { os.Exit(testdb.Main(context.Background(), m)) }

// agency is BMKG on this machine: what it publishes, and how badly.
type agency struct {
	*httptest.Server
	mu    sync.Mutex
	how   http.HandlerFunc
	asked []*http.Request
}

func newAgency(t testing.TB) *agency {
	a := &agency{}
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		how := a.how
		a.asked = append(a.asked, r)
		a.mu.Unlock()
		how(w, r)
	}))
	t.Cleanup(a.Close)
	return a
}

func (a *agency) serve(how http.HandlerFunc) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.how = how
}

func (a *agency) publish(infos ...string) {
	body := `<?xml version="1.0" encoding="UTF-8"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><status>Actual</status>` + strings.Join(infos, "") + "</alert>"
	a.serve(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) })
}

// local is a moment as BMKG writes it.
func local(t time.Time, form string) string { return t.In(wib).Format(form) }

// info is a bulletin about an earthquake off Aceh, sent some minutes after it, for
// areas such as "ACEH/KOTA-BANDA-ACEH/AWAS/30": warned at that level, to be
// reached after so many minutes, if that is told.
func info(origin time.Time, pd string, after int, areas ...string) string {
	sent := origin.Add(time.Duration(after) * time.Minute)
	var b strings.Builder
	fmt.Fprintf(&b, `<info><event>Gempabumi</event><date>%s</date><time>%s WIB</time><point><coordinates>95.10,4.90</coordinates></point><magnitude>7.9</magnitude><depth>12 Km</depth>`+
		`<area>60 km BaratDaya BANDA-ACEH</area><eventid>%s</eventid><subject>Warning Tsunami %s</subject>`, local(origin, "02-01-06"), local(origin, "15:04:05"), local(sent, "20060102150405"), pd)
	for _, a := range areas {
		part := strings.Split(a, "/")
		fmt.Fprintf(&b, "<wzarea><province>%s</province><district>%s</district><level>%s</level>", part[0], part[1], part[2])
		if len(part) > 3 {
			var m int
			fmt.Sscan(part[3], &m)
			at := origin.Add(time.Duration(m) * time.Minute)
			fmt.Fprintf(&b, "<date>%s</date><time>%s WIB</time>", local(at, "02-01-2006"), local(at, "15:04:05"))
		}
		b.WriteString("</wzarea>")
	}
	fmt.Fprintf(&b, "<timesent>%sWIB</timesent></info>", local(sent, "02/01/2006 15:04:05"))
	return b.String()
}

const (
	ours      = "ACEH/KOTA-BANDA-ACEH BAGIAN UTARA/"
	elsewhere = "ACEH/ACEH-BARAT BAGIAN SELATAN/AWAS/20"
)

// town is a database with a boundary of two gampong, what follows it, and BMKG.
type town struct {
	*agency
	db   *testdb.DB
	conn *pgx.Conn
	m    *mirror.Mirror
	feed *Feed
	now  time.Time
}

func (c *town) follow(t testing.TB) *mirror.Mirror {
	m := mirror.New(c.db.Store, mirror.Options{})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = m.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
	for !m.Status().Ready {
		time.Sleep(time.Millisecond)
	}
	return m
}

func (c *town) config() Config {
	return Config{
		Tsunami: c.URL + "/last30tsunamievent.xml", Every: time.Minute, Lapse: 12 * time.Hour, Agent: "simtaru test",
		District: District{"Aceh", []string{"Kota Banda Aceh"}},
	}
}

// start is a server that begins to follow.
func (c *town) start(t testing.TB, m *mirror.Mirror) *Feed {
	t.Helper()
	f, err := New(c.config(), m, c.db.Store, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	f.now = func() time.Time { return c.now }
	return f
}

// poll asks so many minutes after an earthquake.
func (c *town) poll(t testing.TB, origin time.Time, after int) {
	t.Helper()
	c.seen(t)
	c.now = origin.Add(time.Duration(after) * time.Minute)
	c.feed.poll(t.Context())
}

// events are all there are, in short: status level arrival(min) bulletin revision.
func (c *town) events(t testing.TB, origin time.Time) string {
	t.Helper()
	rows, err := c.conn.Query(t.Context(), `select status, coalesce(level, '-'), coalesce(extract(epoch from arrival_at - $1)::int / 60, -1), split_part(bulletin, ' ', 1), revision
		from plan.hazard_event order by id`, origin)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (string, error) {
		var status, level, bulletin string
		var arrival, revision int
		err := r.Scan(&status, &level, &arrival, &bulletin, &revision)
		return fmt.Sprintf("%s %s %d %s r%d", status, level, arrival, bulletin, revision), err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, "; ")
}

func (c *town) exec(t testing.TB, sql string, args ...any) {
	t.Helper()
	if _, err := c.conn.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// seen waits until the plan in memory has as many events on as the database.
func (c *town) seen(t testing.TB) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		var want, got int
		if err := c.conn.QueryRow(t.Context(), "select coalesce(sum(id * 1000 + revision), 0) from plan.hazard_event").Scan(&want); err != nil {
			t.Fatal(err)
		}
		s, _ := c.m.View(actor).Snapshot(eventLayer)
		s.Ascend(0, func(f *mirror.Feature) bool { got += int(f.ID*1000 + f.Revision); return true })
		if got == want {
			return
		}
	}
	t.Fatal("the plan in memory does not follow")
}

// TestFeed shares one database: each part begins without events.
func TestFeed(t *testing.T) {
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	c := &town{agency: newAgency(t), db: testdb.New(t)}
	c.conn = c.db.Conn(t)
	if _, err := c.db.Store.ApplyCatalog(t.Context(), cat); err != nil {
		t.Fatal(err)
	}
	for i, x := range []float64{95.30, 95.31} {
		c.exec(t, "insert into plan.boundary (kode, nama, geom) values ($1, 'Gampong', st_multi(st_makeenvelope($2::float8, 5.5, $2::float8 + 0.01, 5.51, 4326)))", fmt.Sprintf("11.71.01.200%d", i+1), x)
	}
	c.m = c.follow(t)
	origin := time.Now().UTC().Truncate(time.Hour).Add(-30 * 24 * time.Hour)
	for _, part := range []struct {
		name string
		run  func(*testing.T, *town, time.Time)
	}{
		{"a warning from its beginning to its end", wholeCourse},
		{"another district", otherDistrict},
		{"restarts", restarts},
		{"broken feeds end nothing", brokenFeeds},
		{"a warning lapses", lapses},
		{"an officer's edit stays", officerStays},
		{"an officer's end and deletion stay", officerEnds},
		{"an officer is first", officerFirst},
		{"next door", nextDoor},
		{"two earthquakes", twoQuakes},
		{"wrong zones", wrongZones},
		{"two servers", twoServers},
		{"drills and old news", notNow},
		{"the database refuses", refused},
		{"a city without a boundary", noBoundary},
	} {
		c.exec(t, "delete from plan.hazard_event")
		c.seen(t)
		c.feed = c.start(t, c.m)
		origin = origin.Add(48 * time.Hour) // its own earthquakes
		t.Run(part.name, func(t *testing.T) { part.run(t, c, origin) })
	}
}

// check compares the events.
func (c *town) check(t testing.TB, origin time.Time, what, want string) {
	t.Helper()
	if got := c.events(t, origin); got != want {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func wholeCourse(t *testing.T, c *town, origin time.Time) {
	pd1 := info(origin, "PD-1", 4, elsewhere, ours+"SIAGA", "ACEH/KOTA-BANDA-ACEH BAGIAN BARAT/WASPADA")
	pd2 := info(origin.Add(time.Second), "PD-2", 12, ours+"AWAS/35", "ACEH/KOTA-BANDA-ACEH BAGIAN BARAT/SIAGA/32")
	c.publish(pd1)
	c.poll(t, origin, 5)
	c.check(t, origin, "PD-1", "on siaga -1 PD-1 r1")
	var who, id, en, source string
	var m2 float64
	var parts int
	if err := c.conn.QueryRow(t.Context(), "select updated_by, message_id, message_en, source, st_area(geom), st_numgeometries(geom) from plan.hazard_event").Scan(&who, &id, &en, &source, &m2, &parts); err != nil {
		t.Fatal(err)
	}
	if who != Actor || parts != 1 || m2 < 0.000199 || m2 > 0.000201 || source != "BMKG (InaTEWS)" || !strings.Contains(id, "tingkat Siaga: gempa M 7,9, 60 km BaratDaya BANDA-ACEH") || !strings.Contains(en, "level Siaga (warning): earthquake M 7.9") {
		t.Errorf("%s %s %s %s %f %d", who, id, en, source, m2, parts)
	}
	c.poll(t, origin, 6)
	c.check(t, origin, "the same again", "on siaga -1 PD-1 r1")
	c.publish(pd2, pd1)
	c.poll(t, origin, 13)
	c.check(t, origin, "PD-2 is graver and tells the arrival", "on awas 32 PD-2 r2")
	pd3 := info(origin.Add(time.Second), "PD-3.1", 40, ours+"WASPADA/35", elsewhere)
	c.publish(pd3, pd2, pd1)
	c.poll(t, origin, 41)
	c.check(t, origin, "PD-3 is less grave", "on waspada 35 PD-3.1 r3")
	pd32 := info(origin.Add(time.Second), "PD-3.2", 60, elsewhere)
	c.publish(pd32, pd3, pd2, pd1)
	c.poll(t, origin, 61)
	c.check(t, origin, "not being named is no end", "on waspada 35 PD-3.2 r4")
	if s := c.feed.Status(); len(s.Warnings) != 1 || !s.Warnings[0].Left || !s.Warnings[0].On || s.State != OK || s.AsOf != c.now || s.Latest == nil || s.Near == nil {
		t.Errorf("%+v", s)
	}
	c.publish(pd2, pd1) // an older copy
	c.poll(t, origin, 62)
	c.check(t, origin, "an older list", "on waspada 35 PD-3.2 r4")
	c.publish(info(origin.Add(time.Second), "PD-4", 150), pd32, pd3, pd2, pd1)
	c.poll(t, origin, 151)
	c.check(t, origin, "PD-4", "off waspada 35 PD-4 r5")
	c.poll(t, origin, 200)
	c.check(t, origin, "PD-4 again", "off waspada 35 PD-4 r5")
	if s := c.feed.Status(); len(s.Warnings) != 1 || s.Warnings[0].On || !s.Warnings[0].Over {
		t.Errorf("%+v", s)
	}
}

func otherDistrict(t *testing.T, c *town, origin time.Time) {
	c.publish(info(origin, "PD-1", 4, elsewhere, "ACEH/ACEH-BESAR/AWAS/20", "SUMUT/KOTA-BANDA-ACEH/AWAS/20"))
	c.poll(t, origin, 5)
	c.check(t, origin, "others are warned", "")
	if s := c.feed.Status(); len(s.Warnings) != 0 || s.State != OK || s.Near == nil {
		t.Errorf("%+v", s)
	}
}

func restarts(t *testing.T, c *town, origin time.Time) {
	pd1 := info(origin, "PD-1", 4, ours+"SIAGA/30")
	c.publish(pd1)
	c.poll(t, origin, 5)
	c.feed = c.start(t, c.m)
	c.poll(t, origin, 6)
	c.check(t, origin, "after a restart", "on siaga 30 PD-1 r1")
	// All that the event was made by is gone from the list.
	c.feed = c.start(t, c.m)
	c.publish(info(origin.Add(2*time.Second), "PD-3.9", 90, ours+"AWAS/31"))
	c.poll(t, origin, 91)
	c.check(t, origin, "long after", "on awas 31 PD-3.9 r2")
	c.feed = c.start(t, c.m)
	c.publish(info(origin.Add(2*time.Second), "PD-4", 180))
	c.poll(t, origin, 181)
	c.check(t, origin, "its end, after a restart", "off awas 31 PD-4 r3")
}

func brokenFeeds(t *testing.T, c *town, origin time.Time) {
	pd1 := info(origin, "PD-1", 4, ours+"AWAS/30")
	c.publish(pd1)
	c.poll(t, origin, 5)
	c.feed.client.Timeout = 100 * time.Millisecond
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { t.Error("a redirect to another host was followed") }))
	defer other.Close()
	for name, how := range map[string]http.HandlerFunc{
		"500":     func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) },
		"404":     func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) },
		"slow":    func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"a page":  func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html><body>maaf</body></html>") },
		"nothing": func(http.ResponseWriter, *http.Request) {},
		"no bulletins": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `{"Infogempa":{"gempa":{"DateTime":"2026-11-24T04:20:03+00:00","Magnitude":"5.2"}}}`)
		},
		"no infos": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<alert></alert>") },
		"cut off, with an end": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "<alert>"+info(origin, "PD-4", 130)+"<info><subject>PD")
		},
		"broken off": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100000")
			fmt.Fprint(w, "<alert>"+info(origin, "PD-4", 130))
		},
		"away":      func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, http.StatusFound) },
		"round":     func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path+"x", http.StatusFound) },
		"unchanged": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) }, // nobody asked that
	} {
		c.serve(how)
		c.poll(t, origin, 30*60) // long after a lapse
		c.check(t, origin, name, "on awas 30 PD-1 r1")
		if s := c.feed.Status(); s.State != Failing || s.Sources[0].Err.IsZero() || s.Sources[0].Err.ID == s.Sources[0].Err.EN {
			t.Errorf("%s: %+v", name, s)
		}
	}
	if s := c.feed.Status(); s.Sources[0].Failures != 12 || c.now.Sub(s.AsOf) != (30*60-5)*time.Minute {
		t.Errorf("%+v", s)
	}
	c.feed.client.Timeout = patience
	c.publish(strings.Repeat(strings.Repeat(" ", 1<<20), mostBytes>>20), info(origin, "PD-4", 130))
	c.poll(t, origin, 131)
	c.check(t, origin, "too large", "on awas 30 PD-1 r1")
	if s := c.feed.Status(); s.Sources[0].Err.EN != "The answer is larger than 8 MB." {
		t.Errorf("%+v", s.Sources)
	}
	// What is whole in a broken document warns.
	c.serve(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "<alert>"+info(origin, "PD-2", 8, ours+"AWAS/25")+"<info><subject>PD")
	})
	c.poll(t, origin, 60)
	c.check(t, origin, "half a list", "on awas 25 PD-2 r2")

	// It is asked only for what has changed, and that nothing has is an answer.
	end := info(origin, "PD-4", 130)
	c.serve(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"7"`)
		w.Header().Set("Last-Modified", "Wed, 25 Nov 2026 10:00:00 GMT")
		if r.Header.Get("If-None-Match") == `"7"` && r.Header.Get("If-Modified-Since") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, "<alert>"+end+"</alert>")
	})
	c.poll(t, origin, 131)
	c.check(t, origin, "a whole list", "off awas 25 PD-4 r3")
	c.poll(t, origin, 135)
	if s := c.feed.Status(); s.State != OK || s.AsOf != c.now || c.asked[len(c.asked)-1].Header.Get("User-Agent") != "simtaru test" {
		t.Errorf("%+v", s)
	}
	c.now = c.now.Add(4 * time.Minute)
	if s := c.feed.Status(); s.State != Late {
		t.Errorf("%+v", s)
	}
}

func lapses(t *testing.T, c *town, origin time.Time) {
	pd1 := info(origin, "PD-1", 4, ours+"AWAS/30")
	c.publish(pd1)
	c.poll(t, origin, 5)
	c.poll(t, origin, 12*60)
	c.check(t, origin, "not yet", "on awas 30 PD-1 r1")
	c.poll(t, origin, 12*60+4)
	c.check(t, origin, "twelve hours after its last bulletin", "off awas 30 PD-1 r2")
	var message string
	if err := c.conn.QueryRow(t.Context(), "select message_en from plan.hazard_event where ends_at = $1", origin.Add(4*time.Minute+12*time.Hour)).Scan(&message); err != nil || !strings.Contains(message, "without having been ended") {
		t.Errorf("%s %v", message, err)
	}
	c.poll(t, origin, 13*60)
	c.check(t, origin, "it stays so", "off awas 30 PD-1 r2")
	c.exec(t, "delete from plan.hazard_event")
	// One that is not in the list any more lapses too.
	later := origin.Add(24 * time.Hour)
	c.publish(info(later, "PD-1", 4, ours+"AWAS/30"))
	c.poll(t, later, 5)
	c.publish(info(later.Add(2*time.Hour), "PD-1", 4, elsewhere))
	c.poll(t, later, 11*60)
	c.check(t, later, "out of the list", "on awas 30 PD-1 r1")
	c.poll(t, later, 13*60)
	c.check(t, later, "out of the list, lapsed", "off awas 30 PD-1 r2")
}

func officerStays(t *testing.T, c *town, origin time.Time) {
	pd1 := info(origin, "PD-1", 4, ours+"SIAGA")
	c.publish(pd1)
	c.poll(t, origin, 5)
	c.exec(t, "update plan.hazard_event set level = 'waspada', bulletin = 'catatan', message_id = 'Ke masjid.', arrival_at = $1, geom = st_multi(st_makeenvelope(95.3, 5.5, 95.301, 5.501, 4326))", origin.Add(50*time.Minute))
	pd2 := info(origin, "PD-2", 10, ours+"SIAGA/40")
	c.publish(pd2, pd1)
	c.poll(t, origin, 11)
	c.check(t, origin, "what an officer set stays, the rest follows", "on waspada 50 PD-2 r3")
	pd3 := info(origin, "PD-3", 20, ours+"AWAS/41")
	c.publish(pd3, pd2, pd1)
	c.poll(t, origin, 21)
	c.check(t, origin, "a graver level than BMKG ever said comes through", "on awas 41 PD-3 r4")
	var message string
	var m2 float64
	if err := c.conn.QueryRow(t.Context(), "select message_id, st_area(geom) from plan.hazard_event").Scan(&message, &m2); err != nil || message != "Ke masjid." || m2 > 0.0000011 {
		t.Errorf("%s %f %v", message, m2, err)
	}
	c.exec(t, "update plan.hazard_event set level = 'siaga'")
	pd4 := info(origin, "PD-4", 130)
	c.publish(pd4, pd3, pd2, pd1)
	c.poll(t, origin, 131)
	c.check(t, origin, "who has decided on the level decides on the end", "on siaga 41 PD-3 r5")
	if s := c.feed.Status(); len(s.Warnings) != 1 || !s.Warnings[0].Held || !s.Warnings[0].On || !s.Warnings[0].Over {
		t.Errorf("%+v", s)
	}
	c.poll(t, origin, 20*60)
	c.check(t, origin, "nor does it lapse", "on siaga 41 PD-3 r5")
}

// officerFirst: an officer raises the level before BMKG does, and has the last word
// all the same.
func officerFirst(t *testing.T, c *town, origin time.Time) {
	pd1 := info(origin, "PD-1", 4, ours+"SIAGA")
	c.publish(pd1)
	c.poll(t, origin, 5)
	c.exec(t, "update plan.hazard_event set level = 'awas'")
	c.publish(info(origin, "PD-2", 10, ours+"AWAS/40"), pd1)
	c.poll(t, origin, 11)
	c.check(t, origin, "BMKG says the same", "on awas 40 PD-2 r3")
	c.exec(t, "update plan.hazard_event set status = 'off', bulletin = 'selesai'")
	for after := range 4 {
		c.poll(t, origin, 12+after)
	}
	c.check(t, origin, "it stays off", "off awas 40 selesai r4")
}

// nextDoor: the first wave is there in the minute of the earthquake, as it is
// told. Whatever else the layer may forbid, the warning is written.
func nextDoor(t *testing.T, c *town, origin time.Time) {
	origin = origin.Add(40 * time.Second)
	minute := func(s string) string {
		return strings.ReplaceAll(s, local(origin, "15:04:05")+" WIB</time></wzarea>", local(origin, "15:04")+" WIB</time></wzarea>")
	}
	pd1 := minute(info(origin, "PD-1", 4, ours+"AWAS/0"))
	c.publish(pd1)
	c.poll(t, origin, 5)
	c.check(t, origin, "at once", "on awas 0 PD-1 r1")
	var same bool
	if err := c.conn.QueryRow(t.Context(), "select arrival_at = starts_at from plan.hazard_event").Scan(&same); err != nil || !same {
		t.Errorf("the first wave is there before the earthquake: %v", err)
	}
	// An officer's own start is after what BMKG says of the end.
	c.exec(t, "update plan.hazard_event set starts_at = $1", origin.Add(5*time.Hour))
	c.publish(info(origin, "PD-4", 150), pd1)
	c.poll(t, origin, 151)
	c.check(t, origin, "the end", "off awas 0 PD-4 r3")
	if s := c.feed.Status(); len(s.Sources[0].Faults) != 1 || !strings.Contains(s.Sources[0].Faults[0].EN, "without its times") {
		t.Errorf("%+v", s.Sources)
	}
}

func officerEnds(t *testing.T, c *town, origin time.Time) {
	pd1 := info(origin, "PD-1", 4, ours+"SIAGA")
	c.publish(pd1)
	c.poll(t, origin, 5)
	c.exec(t, "update plan.hazard_event set status = 'off'")
	pd2 := info(origin, "PD-2", 10, ours+"SIAGA/40")
	c.publish(pd2, pd1)
	c.poll(t, origin, 11)
	c.check(t, origin, "it stays off", "off siaga -1 PD-1 r2")
	pd3 := info(origin, "PD-3", 20, ours+"AWAS/41")
	c.publish(pd3, pd2, pd1)
	c.poll(t, origin, 21)
	c.check(t, origin, "a graver level switches it on", "on awas 41 PD-3 r3")

	later := origin.Add(24 * time.Hour)
	c.exec(t, "delete from plan.hazard_event")
	pd1 = info(later, "PD-1", 4, ours+"WASPADA")
	c.publish(pd1)
	c.poll(t, later, 5)
	c.exec(t, "delete from plan.hazard_event")
	c.poll(t, later, 6)
	c.check(t, later, "it stays deleted", "")
	c.feed = c.start(t, c.m)
	pd2 = info(later, "PD-2", 10, ours+"WASPADA/40")
	c.publish(pd2, pd1)
	c.poll(t, later, 11)
	c.check(t, later, "it stays deleted after a restart", "")
	c.publish(info(later, "PD-3", 20, ours+"AWAS/41"), pd2, pd1)
	c.poll(t, later, 21)
	c.check(t, later, "a graver level makes it again", "on awas 41 PD-3 r3")
}

func twoQuakes(t *testing.T, c *town, origin time.Time) {
	second := origin.Add(5 * time.Minute)
	first1, second1 := info(origin, "PD-1", 4, ours+"AWAS/30"), info(second, "PD-1", 4, ours+"WASPADA/50")
	c.publish(second1, first1)
	c.poll(t, origin, 10)
	c.check(t, origin, "each has its own", "on awas 30 PD-1 r1; on waspada 55 PD-1 r1")
	c.publish(info(second, "PD-4", 150), second1, first1)
	c.poll(t, origin, 160)
	c.check(t, origin, "the end of one is not that of the other", "on awas 30 PD-1 r1; off waspada 55 PD-4 r2")
}

func wrongZones(t *testing.T, c *town, origin time.Time) {
	// Times of UTC that are said to be of WIB are seven hours old, and warn.
	early := origin.Add(-7 * time.Hour)
	c.publish(info(early, "PD-1", 4, ours+"AWAS/30"))
	c.poll(t, origin, 5)
	c.check(t, early, "seven hours old", "on awas 30 PD-1 r1")
	c.exec(t, "delete from plan.hazard_event")
	// Those of WIB that are said to be of UTC are in the future: it is on now.
	c.publish(strings.ReplaceAll(info(origin, "PD-1", 4, ours+"AWAS/30"), "WIB", "UTC"))
	c.poll(t, origin, 5)
	var start time.Time
	if err := c.conn.QueryRow(t.Context(), "select starts_at from plan.hazard_event where status = 'on'").Scan(&start); err != nil || !start.Equal(c.now) {
		t.Errorf("%v %v", start, err)
	}
	c.poll(t, origin, 6)
	if s := c.feed.Status(); len(s.Sources[0].Faults) != 1 || !strings.Contains(s.Sources[0].Faults[0].EN, "in the future") {
		t.Errorf("%+v", s.Sources)
	}
	c.check(t, origin.Add(7*time.Hour), "in the future", "on awas -1 PD-1 r1")
	c.exec(t, "delete from plan.hazard_event")

	// A bulletin that was sent next year is not the last for ever.
	later := origin.Add(12 * time.Hour)
	pd1 := strings.Replace(info(later, "PD-1", 4, ours+"AWAS/30"), "<timesent>"+local(later, "02/01/2006"), "<timesent>"+local(later.AddDate(1, 0, 0), "02/01/2006"), 1)
	c.publish(pd1)
	c.poll(t, later, 5)
	if s := c.feed.Status(); len(s.Sources[0].Faults) != 1 {
		t.Errorf("%+v", s.Sources)
	}
	c.publish(info(later, "PD-4", 150), pd1)
	c.poll(t, later, 151)
	c.check(t, later, "sent next year", "off awas 30 PD-4 r2")
}

// twoServers follow one database, and look at the same time.
func twoServers(t *testing.T, c *town, origin time.Time) {
	feeds := []*Feed{c.feed, c.start(t, c.follow(t)), c.start(t, c.m)}
	var infos []string
	for i, pd := range []string{"PD-1/SIAGA/30", "PD-2/AWAS/31", "PD-3/WASPADA/32"} {
		part := strings.SplitN(pd, "/", 2)
		infos = append([]string{info(origin, part[0], 4+10*i, ours+part[1])}, infos...)
		c.publish(infos...)
		c.now = origin.Add(time.Duration(5+10*i) * time.Minute)
		var all sync.WaitGroup
		for _, f := range feeds {
			all.Go(func() { f.poll(t.Context()) })
		}
		all.Wait()
		want := strings.Replace(part[1], "/", " ", 1)
		c.check(t, origin, pd, fmt.Sprintf("on %s %s r%d", strings.ToLower(want), part[0], i+1))
	}
	for _, f := range feeds {
		if s := f.Status(); s.State != OK || len(s.Warnings) != 1 || !s.Warnings[0].On {
			t.Errorf("%+v", s)
		}
	}
}

func notNow(t *testing.T, c *town, origin time.Time) {
	warned := info(origin, "PD-1", 4, ours+"AWAS/30")
	c.publish(strings.ReplaceAll(warned, "Warning Tsunami", "Latihan Warning Tsunami"))
	c.poll(t, origin, 5)
	c.serve(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "<alert><status>Test</status>"+warned+"</alert>")
	})
	c.poll(t, origin, 5)
	c.check(t, origin, "drills", "")
	if s := c.feed.Status(); len(s.Sources[0].Faults) != 1 {
		t.Errorf("%+v", s)
	}
	c.publish(warned)
	c.poll(t, origin, 13*60)
	c.check(t, origin, "what was long before the server began", "")
	c.publish(info(origin, "PD-4", 130), warned)
	c.poll(t, origin, 131)
	c.check(t, origin, "what was over before the server began", "")
}

// forbidding is a store that commits nothing.
type forbidding struct{ Store }

func (forbidding) Commit(context.Context, plan.Actor, []plan.Edit, plan.Once) ([]plan.Edited, error) {
	return nil, &plan.Error{Kind: plan.Unavailable, Code: "database-away", Message: plan.Text{ID: "Basis data tidak dapat dihubungi.", EN: "The database cannot be reached."}}
}

// deaf is a store without history.
type deaf struct{ Store }

func (deaf) History(context.Context, *plan.Layer, int64, int64, int) ([]plan.Version, error) {
	return nil, errors.New("away")
}

func refused(t *testing.T, c *town, origin time.Time) {
	store := c.feed.store
	c.feed.store = forbidding{store}
	c.publish(info(origin, "PD-1", 4, ours+"AWAS/30"))
	c.poll(t, origin, 5)
	if s := c.feed.Status(); s.State != Failing || !strings.HasSuffix(s.Fault.EN, "The database cannot be reached.") || len(s.Warnings) != 1 || s.Warnings[0].Event != 0 {
		t.Errorf("%+v", s)
	}
	// Once it is there the warning is written, though BMKG says nothing new or is away.
	c.feed.store = store
	c.serve(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	c.poll(t, origin, 7)
	c.check(t, origin, "later", "on awas 30 PD-1 r1")

	// While the database is away what BMKG says is told, and what was on still is.
	c.seen(t)
	c.feed.store = deaf{store}
	c.publish(info(origin, "PD-2", 10, ours+"AWAS/30"), info(origin, "PD-1", 4, ours+"AWAS/30"))
	c.now = origin.Add(11 * time.Minute)
	c.feed.poll(t.Context())
	if s := c.feed.Status(); s.State != Failing || len(s.Warnings) != 1 || !s.Warnings[0].On || s.Warnings[0].Bulletin != "PD-2" || !s.on() {
		t.Errorf("%+v", s)
	}
	c.feed.store = store

	// The feed may do this, and nothing else.
	for _, layer := range []string{"closure", "shelter"} {
		_, err := c.db.Store.Commit(t.Context(), actor, []plan.Edit{{Layer: layer, Op: plan.Delete, ID: 1}}, plan.Once{})
		if kind := plan.KindOf(err); kind != plan.NotFound {
			t.Errorf("%s: %v", layer, err)
		}
	}
	err := c.db.Store.Edit(t.Context(), actor, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), "delete from plan.closure")
		if err == nil {
			var n int
			err = tx.QueryRow(t.Context(), "select count(*) from plan.closure").Scan(&n)
		}
		return errors.Join(err, errors.New("no more"))
	})
	if err == nil {
		t.Error("the actor of the feed edits closures")
	}
}

// noBoundary comes last: it takes the boundary away.
func noBoundary(t *testing.T, c *town, origin time.Time) {
	c.exec(t, "create temp table kept as select * from plan.boundary")
	c.exec(t, "delete from plan.boundary")
	c.publish(info(origin, "PD-1", 4, ours+"AWAS/30"))
	c.poll(t, origin, 5)
	if s := c.feed.Status(); len(s.Warnings) != 1 || !s.Warnings[0].Nowhere || !s.Warnings[0].On {
		t.Errorf("%+v", s)
	}
	c.exec(t, "insert into plan.boundary (kode, nama, geom) select kode, nama, geom from kept")
	c.poll(t, origin, 6)
	var m2 float64
	if err := c.conn.QueryRow(t.Context(), "select st_area(geom) from plan.hazard_event").Scan(&m2); err != nil || m2 < 0.000199 {
		t.Errorf("%f %v", m2, err)
	}
	c.check(t, origin, "where it holds is told as soon as it is known", "on awas 30 PD-1 r2")
}

func TestConfig(t *testing.T) {
	good := Config{Tsunami: "https://example.id/a.xml", Quakes: []string{"http://localhost/b.json"}, Every: Often, Lapse: LongestLapse, District: District{"NAD", []string{"Banda Aceh"}}, Area: orb.MultiPolygon{}}
	for at, change := range map[string]func(*Config){
		"":         func(*Config) {},
		"every":    func(c *Config) { c.Every-- },
		"lapse":    func(c *Config) { c.Lapse++ },
		"district": func(c *Config) { c.District.Names = []string{"", "-"} },
		"province": func(c *Config) { c.District.Province = "Atlantis" },
		"url":      func(c *Config) { c.Tsunami = "file:///etc/passwd" },
		"url ":     func(c *Config) { c.Quakes = []string{"https://siti:rahasia@example.id/"} },
		"url  ":    func(c *Config) { c.Quakes = []string{"last30event.xml"} },
	} {
		c := good
		change(&c)
		_, err := New(c, new(mirror.Mirror), nil, nil)
		var e *plan.Error
		if at == "" && err != nil || at != "" && (!errors.As(err, &e) || e.At != strings.TrimSpace(at)) {
			t.Errorf("%s: %v", at, err)
		}
	}
	if s := (*Feed)(nil).Status(); s.State != Off {
		t.Errorf("%+v", s)
	}
}

// TestPauses: no address is asked more often than it may be, whatever the dice
// say.
func TestPauses(t *testing.T) {
	f := &Feed{config: Config{Every: Often}}
	for _, every := range []time.Duration{Often, 31 * time.Second, time.Minute, time.Hour} {
		least, most := time.Duration(1<<62), time.Duration(0)
		for range 1000 {
			d := f.wait(every)
			least, most = min(least, d), max(most, d)
		}
		if least < Often || least < every*8/10 || most > every*13/10 || most-least < every/20 {
			t.Errorf("%v: %v to %v", every, least, most)
		}
	}
}
