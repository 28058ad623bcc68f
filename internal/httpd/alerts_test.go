package httpd_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/google/go-cmp/cmp"

	"github.com/simtaru/simtaru/internal/httpd"
	"github.com/simtaru/simtaru/internal/plan"
)

// leaving is an archive that can be away.
type leaving struct {
	httpd.Archive
	away *atomic.Bool
}

func (l leaving) History(ctx context.Context, layer *plan.Layer, id, before int64, limit int) ([]plan.Version, error) {
	if l.away.Load() {
		return nil, &plan.Error{Kind: plan.Unavailable, Code: "database-away", Message: plan.Text{ID: "Tidak ada.", EN: "Away."}}
	}
	return l.Archive.History(ctx, layer, id, before, limit)
}

// The members of CAP 1.2 in their order, as chapter 3.2 and the schema of the
// standard have them: ! once, ? at most once, * any number, + at least once.
var capMembers = map[string]string{
	"alert":     "identifier! sender! sent! status! msgType! source? scope! restriction? addresses? code* note? references? incidents? info*",
	"info":      "language? category+ event! responseType* urgency! severity! certainty! audience? eventCode* effective? onset? expires? senderName? headline? description? instruction? web? contact? parameter* resource* area*",
	"eventCode": "valueName! value!",
	"parameter": "valueName! value!",
	"area":      "areaDesc! polygon* circle* geocode* altitude? ceiling?",
}

// What they may be, where the standard says it.
var capValues = map[string]*regexp.Regexp{
	"identifier": regexp.MustCompile(`^[^\s,<&]+$`), "sender": regexp.MustCompile(`^[^\s,<&]+$`),
	"sent": capMoment, "effective": capMoment, "onset": capMoment, "expires": capMoment,
	"status": regexp.MustCompile(`^(Actual|Exercise|System|Test|Draft)$`), "msgType": regexp.MustCompile(`^(Alert|Update|Cancel|Ack|Error)$`), "scope": regexp.MustCompile(`^(Public|Restricted|Private)$`),
	"references": regexp.MustCompile(`^[^\s,<&]+,[^\s,<&]+,\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d( [^\s,<&]+,[^\s,<&]+,\S+)*$`),
	"category":   regexp.MustCompile(`^(Geo|Met|Safety|Security|Rescue|Fire|Health|Env|Transport|Infra|CBRNE|Other)$`), "responseType": regexp.MustCompile(`^(Shelter|Evacuate|Prepare|Execute|Avoid|Monitor|Assess|AllClear|None)$`),
	"urgency": regexp.MustCompile(`^(Immediate|Expected|Future|Past|Unknown)$`), "severity": regexp.MustCompile(`^(Extreme|Severe|Moderate|Minor|Unknown)$`), "certainty": regexp.MustCompile(`^(Observed|Likely|Possible|Unlikely|Unknown)$`),
	"polygon": regexp.MustCompile(`^-?\d+(\.\d+)?,-?\d+(\.\d+)?( -?\d+(\.\d+)?,-?\d+(\.\d+)?){3,}$`),
}

var capMoment = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d$`)

// element is one of an XML document.
type element struct {
	name, text string
	in         []*element
}

func (e *element) all(name string) (found []*element) {
	for _, x := range e.in {
		if x.name == name {
			found = append(found, x)
		}
	}
	return found
}

// get is the text at a path, of the first where there are several.
func (e *element) get(path ...string) string {
	for _, name := range path {
		found := e.all(name)
		if len(found) == 0 {
			return ""
		}
		e = found[0]
	}
	return e.text
}

func readXML(t *testing.T, body []byte, space string) *element {
	t.Helper()
	root := &element{}
	stack := []*element{root}
	for d := xml.NewDecoder(bytes.NewReader(body)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return root.in[0]
		}
		if err != nil {
			t.Fatalf("%v: %s", err, body)
		}
		top := stack[len(stack)-1]
		switch token := token.(type) {
		case xml.StartElement:
			if token.Name.Space != space {
				t.Errorf("%s is in %q", token.Name.Local, token.Name.Space)
			}
			e := &element{name: token.Name.Local}
			top.in = append(top.in, e)
			stack = append(stack, e)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.text += string(token)
		}
	}
}

// checkCAP holds a message to the standard.
func checkCAP(t *testing.T, body []byte) *element {
	t.Helper()
	root := readXML(t, body, "urn:oasis:names:tc:emergency:cap:1.2")
	var check func(e *element)
	check = func(e *element) {
		members, ok := capMembers[e.name]
		if !ok {
			if want := capValues[e.name]; len(e.in) > 0 || want != nil && !want.MatchString(e.text) || strings.TrimSpace(e.text) == "" {
				t.Errorf("%s is %q", e.name, e.text)
			}
			if at := strings.Fields(e.text); e.name == "polygon" && at[0] != at[len(at)-1] {
				t.Errorf("the polygon is not closed: %s", e.text)
			}
			return
		}
		i := 0
		for member := range strings.FieldsSeq(members) {
			name, times := member[:len(member)-1], member[len(member)-1]
			n := 0
			for ; i < len(e.in) && e.in[i].name == name; i++ {
				check(e.in[i])
				n++
			}
			if n > 1 && strings.ContainsRune("!?", rune(times)) || n == 0 && strings.ContainsRune("!+", rune(times)) {
				t.Errorf("%s has %d of %s", e.name, n, member)
			}
		}
		if i < len(e.in) {
			t.Errorf("%s has %s out of place", e.name, e.in[i].name)
		}
	}
	if root.name != "alert" {
		t.Errorf("it is a %s", root.name)
	}
	check(root)
	return root
}

// alertsAreTold: a closure and hazard events from their beginning to their end,
// far from the roads of the others. The city is a demonstration.
func alertsAreTold(t *testing.T, o *office, away *atomic.Bool) {
	for _, media := range []string{"application/atom+xml", "application/cap+xml"} {
		openapi3filter.RegisterBodyDecoder(media, openapi3filter.FileBodyDecoder)
	}
	const feed = "/api/v1/evacuation/alerts"
	c := converse(t, &gate{service: o.service, t: t}, definition(t, o.service))
	exec := func(sql string, args ...any) {
		t.Helper()
		if _, err := o.conn.Exec(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	defer func() { exec("delete from plan.closure"); exec("delete from plan.hazard_event") }()
	// entries are the feed in short.
	entries := func() (all []string) {
		t.Helper()
		root := readXML(t, o.get(t, feed, "Accept-Language", "en").body, "http://www.w3.org/2005/Atom")
		for _, name := range []string{"id", "title", "updated", "author", "link"} {
			if len(root.all(name)) != 1 {
				t.Errorf("the feed has no %s, or several", name)
			}
		}
		for _, e := range root.all("entry") {
			id, ok := strings.CutPrefix(e.get("id"), o.URL+feed+"/")
			if !ok || !capMoment.MatchString(strings.Replace(e.get("updated"), "Z", "-00:00", 1)) {
				t.Errorf("%+v", e)
			}
			all = append(all, id+" "+e.get("title"))
		}
		return all
	}
	until := func(want ...string) {
		t.Helper()
		var got []string
		wait(t, fmt.Sprint(want), func() bool { got = entries(); return slices.Equal(got, want) })
	}
	alert := func(id string) *element {
		t.Helper()
		b := c.say(200, "GET", feed+"/"+id, nil).body
		return checkCAP(t, b)
	}
	exec("delete from plan.closure")
	until()
	c.say(200, "GET", feed, nil)

	// A closure.
	const odd = `Simpang <Lima> & "Pasar"`
	var id int64
	err := o.conn.QueryRow(t.Context(), "insert into plan.closure (name, reason, severity, starts_at, geom) values ($1, 'flood', 'closed', now() - interval '1 minute', st_geomfromtext($2, 4326)) returning id", odd, square(96, 6, 0.5)).Scan(&id)
	if err != nil {
		t.Fatal(err)
	}
	of := func(kind string, revision int) string { return fmt.Sprintf("%s-%d-%d", kind, id, revision) }
	until(of("closure", 1) + " Road closure: Flood: Closed to everybody – " + odd)
	first := o.get(t, feed+"/"+of("closure", 1))
	m := alert(of("closure", 1))
	if got := []string{m.get("sender"), m.get("status"), m.get("msgType"), m.get("references"), m.get("info", "language"), m.get("info", "category"), m.get("info", "event"), m.get("info", "severity"), m.get("info", "area", "polygon"), m.get("info", "area", "areaDesc"), m.get("info", "web")}; !slices.Equal(got, []string{
		"127.0.0.1", "Exercise", "Alert", "", "id", "Transport", "Penutupan jalan", "Moderate", "6,96 6,96.5 6.5,96.5 6.5,96 6,96", odd, o.URL + "/",
	}) {
		t.Errorf("%q", got)
	}
	if got := m.all("info"); len(got) != 2 || got[1].get("language") != "en" || got[1].get("event") != "Road closure" || first.header.Get("Content-Type") != "application/cap+xml" || first.header.Get("ETag") == "" {
		t.Errorf("%+v", got)
	}
	sent := m.get("sent")
	exec("update plan.closure set verified = true")
	until(of("closure", 2) + " Road closure: Flood: Closed to everybody – " + odd)
	if m = alert(of("closure", 2)); m.get("msgType") != "Update" || m.get("references") != "127.0.0.1,"+of("closure", 1)+","+sent || m.get("info", "certainty") != "Observed" {
		t.Errorf("%+v", m)
	}
	// What was said stays as it was said.
	if d := cmp.Diff(string(first.body), string(o.get(t, feed+"/"+of("closure", 1)).body)); d != "" {
		t.Error(d)
	}
	// What was told once goes on to be told while the database is away; what was
	// not is said not to be had now, and is in the feed all the same.
	away.Store(true)
	alert(of("closure", 2))
	exec("update plan.closure set remark = 'x'")
	until(of("closure", 3) + " Road closure: Flood: Closed to everybody – " + odd)
	if r := o.get(t, feed+"/"+of("closure", 3)); r.status != 503 {
		t.Errorf("%d %s", r.status, r.body)
	}
	away.Store(false)
	exec("update plan.closure set ends_at = now()")
	until(of("closure", 4) + " Called off: Road closure: Flood: Closed to everybody – " + odd)
	if m = alert(of("closure", 4)); m.get("msgType") != "Cancel" || len(strings.Fields(m.get("references"))) != 3 || m.get("info", "urgency") != "Past" || m.get("info", "expires") != "" {
		t.Errorf("%+v", m)
	}
	exec("delete from plan.closure")
	until()

	// An event that is switched on, changes and is switched off.
	err = o.conn.QueryRow(t.Context(), "insert into plan.hazard_event (hazard, level, status, starts_at, source, bulletin, message_id, message_en, geom) values ('tsunami', 'waspada', 'off', now() - interval '1 minute', 'BMKG', 'PD-1', 'Jauhi pantai.', 'Keep off the beach.', st_geomfromtext($1, 4326)) returning id", square(96, 6, 1)).Scan(&id)
	if err != nil {
		t.Fatal(err)
	}
	exec("update plan.hazard_event set status = 'on'")
	until(of("event", 2) + " Tsunami: Advisory (Waspada)")
	c.say(404, "GET", feed+"/"+of("event", 1), nil)
	if m = alert(of("event", 2)); m.get("msgType") != "Alert" || m.get("references") != "" || m.get("source") != "BMKG" || m.get("info", "category") != "Geo" || m.get("info", "severity") != "Moderate" || m.get("info", "responseType") != "Avoid" || m.get("info", "description") != "Jauhi pantai." || m.all("info")[1].get("description") != "Keep off the beach." {
		t.Errorf("%+v", m)
	}
	exec("update plan.hazard_event set level = 'awas', arrival_at = '2030-01-02 03:04:05Z', ends_at = '2030-01-02 13:04:05Z'")
	until(of("event", 3) + " Tsunami: Major warning (Awas)")
	if m = alert(of("event", 3)); m.get("msgType") != "Update" || m.get("info", "severity") != "Extreme" || m.get("info", "urgency") != "Immediate" || m.get("info", "responseType") != "Evacuate" || m.get("info", "onset") != "2030-01-02T03:04:05-00:00" || m.get("info", "expires") != "2030-01-02T13:04:05-00:00" || !strings.Contains(m.get("info", "instruction"), o.URL) {
		t.Errorf("%+v", m)
	}
	exec("update plan.hazard_event set status = 'off'")
	until(of("event", 4) + " Called off: Tsunami: Major warning (Awas)")
	if m = alert(of("event", 4)); m.get("msgType") != "Cancel" || m.get("info", "responseType") != "" || m.get("info", "urgency") != "Past" || len(strings.Fields(m.get("references"))) != 2 {
		t.Errorf("%+v", m)
	}
	// Switched on again it is another one; deleted, it is called off.
	exec("update plan.hazard_event set status = 'on'")
	until(of("event", 5) + " Tsunami: Major warning (Awas)")
	if m = alert(of("event", 5)); m.get("msgType") != "Alert" || m.get("references") != "" {
		t.Errorf("%+v", m)
	}
	exec("delete from plan.hazard_event")
	until()
	if m = alert(of("event", 6)); m.get("msgType") != "Cancel" || m.get("info", "event") != "Tsunami" {
		t.Errorf("%+v", m)
	}

	for _, name := range []string{"event", "event-1", "event-1-1-1", "event-0-1", of("event", 7), "event-01-1", "event--1-1", "road-1-1", "shelter-1-1", "event-99999999999999999999-1", "%00"} {
		if r := o.get(t, feed+"/"+name, "Accept-Language", "en"); r.status != 404 && r.status != 400 {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	c.say(404, "GET", feed+"/event-99999-1", nil)
	for _, path := range []string{feed, feed + "/" + of("event", 5)} {
		if r := o.get(t, path+"?f=json"); r.status != 400 {
			t.Errorf("%d %s", r.status, r.body)
		}
		if r := o.get(t, path, "Accept", "application/json"); r.status != 406 {
			t.Errorf("%d %s", r.status, r.body)
		}
		if r := o.do(t, http.MethodHead, path); r.status != 200 || len(r.body) != 0 {
			t.Errorf("HEAD %d %s", r.status, r.body)
		}
	}
	r := o.get(t, feed+"/"+of("event", 5))
	if again := o.get(t, feed+"/"+of("event", 5), "If-None-Match", r.header.Get("ETag")); again.status != 304 {
		t.Errorf("%d", again.status)
	}
}
