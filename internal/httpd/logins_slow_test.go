package httpd_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/simtaru/simtaru/internal/auth"
	"github.com/simtaru/simtaru/internal/plan"
)

// from is a header that a trusted proxy writes.
func from(address string) []string { return []string{"X-Forwarded-For", address} }

func (o *gate) tryLogIn(name, password string, headers ...string) reply {
	o.t.Helper()
	return o.send("POST", "/api/v1/session", map[string]string{"name": name, "password": password}, headers...)
}

// wait is Retry-After of an answer that must be slowed down.
func (o *gate) wait(r reply) time.Duration {
	o.t.Helper()
	o.expect("slowed down", r, http.StatusTooManyRequests, "too-many-logins")
	seconds, err := strconv.Atoi(r.header.Get("Retry-After"))
	if err != nil || seconds < 1 {
		o.t.Fatalf("Retry-After %q", r.header.Get("Retry-After"))
	}
	return time.Duration(seconds) * time.Second
}

func TestGuessingIsSlowedDown(t *testing.T) {
	o := openGate(t)
	name := o.add("siti", plan.Planner)
	thief, home := from("203.0.113.7"), from("198.51.100.4")
	n := 0
	guess := func(headers []string) reply {
		n++
		return o.tryLogIn(name, fmt.Sprintf("tebakan ke-%d", n), headers...)
	}
	for range 3 {
		o.expect("a free try", guess(thief), 401, "wrong-login")
	}
	var waits []time.Duration
	for range 6 {
		w := o.wait(guess(thief))
		waits = append(waits, w)
		o.expect("the right password too early", o.tryLogIn(name, goodPassword, thief...), 429, "too-many-logins")
		o.later(w)
		o.expect("after waiting", guess(thief), 401, "wrong-login")
	}
	for i := 1; i < len(waits); i++ {
		if waits[i] != 2*waits[i-1] {
			t.Fatalf("waits %v do not double", waits)
		}
	}
	// The planner elsewhere is not locked out, and over Basic neither.
	o.expect("the planner at home", o.tryLogIn(name, goodPassword, home...), 200, "")
	o.expect("QGIS at home", o.get(t, "/ogc", append(home, "Authorization", basic(name, goodPassword))...), 200, "")
	o.expect("the thief", guess(thief), 429, "too-many-logins")

	// A success forgets the failures.
	o.later(time.Hour)
	o.expect("in the end", o.tryLogIn(name, goodPassword, thief...), 200, "")
	for range 3 {
		o.expect("a free try again", guess(thief), 401, "wrong-login")
	}
	o.expect("a fourth", guess(thief), 429, "too-many-logins")
}

// TestGuessingFromEverywhere: each try comes from another address.
func TestGuessingFromEverywhere(t *testing.T) {
	o := openGate(t)
	name, colleague := o.add("siti", plan.Planner), o.add("budi", plan.Planner)
	home := from("198.51.100.4")
	o.expect("at home, before", o.tryLogIn(name, goodPassword, home...), 200, "")
	o.later(time.Hour) // the password is not remembered any more, the place is
	slowed := 0
	for i := range 25 {
		if o.tryLogIn(name, fmt.Sprintf("tebakan ke-%d", i), from(fmt.Sprintf("203.0.113.%d", i))...).status == 429 {
			slowed++
		}
	}
	if slowed == 0 {
		t.Error("a name may be guessed as often as there are addresses")
	}
	o.expect("a new address meanwhile", o.tryLogIn(name, goodPassword, from("203.0.113.200")...), 429, "too-many-logins")
	o.expect("at home", o.tryLogIn(name, goodPassword, home...), 200, "")
	o.expect("a colleague", o.tryLogIn(colleague, goodPassword, from("203.0.113.201")...), 200, "")
}

// TestGuessingNames: each try is another name, from one address, IPv6 by the
// network that one customer has.
func TestGuessingNames(t *testing.T) {
	o := openGate(t)
	name, late := o.add("siti", plan.Planner), o.add("budi", plan.Planner)
	address := func(i int) []string { return from(fmt.Sprintf("2001:db8:0:7::%x", i+1)) }
	o.expect("in the same house", o.tryLogIn(name, goodPassword, address(500)...), 200, "")
	o.later(time.Hour) // the password is not remembered any more, the place is
	slowed := 0
	for i := range 40 {
		if o.tryLogIn(fmt.Sprintf("orang%d", i), "tebakan yang sama", address(i)...).status == 429 {
			slowed++
		}
	}
	if slowed == 0 {
		t.Error("an address may guess names without end")
	}
	o.expect("who has been here before", o.tryLogIn(name, goodPassword, address(501)...), 200, "")
	o.expect("who has not", o.tryLogIn(late, goodPassword, address(502)...), 429, "too-many-logins")
	o.expect("who is elsewhere", o.tryLogIn(late, goodPassword, from("2001:db8:0:8::1")...), 200, "")
}

// TestGuessingBesideTheOwner: at the same address the owner's password is
// remembered, and must not answer guesses at the speed of the network.
func TestGuessingBesideTheOwner(t *testing.T) {
	o := openGate(t)
	name := o.add("siti", plan.Planner)
	owner := []string{"Authorization", basic(name, goodPassword)}
	o.expect("the owner", o.get(t, "/ogc", owner...), 200, "")
	for i := range 30 {
		o.tryLogIn(name, fmt.Sprintf("tebakan ke-%d", i))
	}
	o.expect("the owner beside a clumsy colleague", o.get(t, "/ogc", owner...), 200, "")
	for i := range 60 {
		o.tryLogIn(name, fmt.Sprintf("tebakan lagi %d", i))
	}
	o.expect("whoever has the right password beside a thief", o.get(t, "/ogc", owner...), 429, "too-many-logins")
	o.expect("the owner elsewhere", o.get(t, "/ogc", append(owner, "X-Forwarded-For", "198.51.100.4")...), 200, "")
}

// TestForwardedForIsBelievedFromProxiesOnly: whoever writes the header
// themselves stays one address.
func TestForwardedForIsBelievedFromProxiesOnly(t *testing.T) {
	o := openGate(t, func(c *auth.Config) { c.Proxies = nil })
	name := o.add("siti", plan.Planner)
	last := 0
	for i := range 5 {
		last = o.tryLogIn(name, fmt.Sprintf("tebakan ke-%d", i), from(fmt.Sprintf("203.0.113.%d", i))...).status
	}
	if last != 429 {
		t.Errorf("a header makes another address: %d", last)
	}
	o = openGate(t)
	name = o.add("siti", plan.Planner)
	for i := range 5 {
		// What a client writes stands before what the proxy adds.
		last = o.tryLogIn(name, fmt.Sprintf("tebakan ke-%d", i), from(fmt.Sprintf("192.0.2.%d, 203.0.113.9", i))...).status
	}
	if last != 429 {
		t.Errorf("a header behind the proxy makes another address: %d", last)
	}
}

// TestOneLoginForManyRequests: QGIS opens a project with many requests at once,
// right or wrong, and keeps sending what it was once told.
func TestOneLoginForManyRequests(t *testing.T) {
	o := openGate(t)
	name := o.add("siti", plan.Planner)
	together := func(password string, want int) {
		t.Helper()
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if r := o.get(t, itemsOf+"?limit=1", "Authorization", basic(name, password)); r.status != want {
					t.Errorf("%d %s, want %d", r.status, r.body, want)
				}
			})
		}
		all.Wait()
	}
	together(goodPassword, 200)
	together("sandi yang lama", 401)
	together("sandi yang lama", 401)
	o.expect("one failure was counted", o.tryLogIn(name, goodPassword), 200, "")
	metrics := string(o.get(t, "/metrics").body)
	for _, want := range []string{`simtaru_logins_total{outcome="ok",way="basic"} 1`, `simtaru_logins_total{outcome="wrong",way="basic"} 1`} {
		if !strings.Contains(metrics, want) {
			t.Errorf("no %s in\n%s", want, grep(metrics, "logins"))
		}
	}
	// It is hashed again when it was not used for long, and at once when the
	// password is another.
	o.later(11 * time.Minute)
	o.get(t, "/ogc", "Authorization", basic(name, goodPassword))
	if metrics := string(o.get(t, "/metrics").body); !strings.Contains(metrics, `{outcome="ok",way="basic"} 2`) {
		t.Errorf("%s", grep(metrics, "logins"))
	}
}

func grep(text, word string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.Contains(line, word) {
			b.WriteString(line)
		}
	}
	return b.String()
}

// TestNamesAreNotTold: who exists does not show, neither in words nor in
// headers.
func TestNamesAreNotTold(t *testing.T) {
	o := openGate(t)
	known, disabled := o.add("siti", plan.Planner), o.add("budi", plan.Planner)
	o.change(disabled, auth.Change{Disabled: ptr(true)})
	idp := "cut" + o.suffix
	if err := o.dir.Add(t.Context(), auth.Person{Name: idp, Role: plan.Planner, CreatedBy: "test"}, nil); err != nil {
		t.Fatal(err)
	}
	shape := func(r reply) string {
		body, _, _ := strings.Cut(string(r.body), `,"instance"`)
		var names []string
		for k := range r.header {
			if k != "Date" && k != "X-Request-Id" && k != "Content-Length" {
				names = append(names, k+"="+r.header.Get(k))
			}
		}
		return fmt.Sprint(r.status, body, len(names))
	}
	try := map[string][2]string{
		"unknown": {"nobody" + o.suffix, "gampong pande 1608"}, "wrong": {known, "gampong pande 1608"},
		"disabled, wrong": {disabled, "gampong pande 1608"}, "disabled, right": {disabled, goodPassword},
		"no password": {idp, "gampong pande 1608"}, "empty": {known, ""}, "bad name": {"Siti; drop", "gampong pande 1608"},
	}
	seen := map[string]string{}
	for what, c := range try {
		seen[shape(o.tryLogIn(c[0], c[1], from("203.0.113.1")...))] += what + "; "
		seen[shape(o.tryLogIn(c[0], c[1]+"x", from("203.0.113.2")...))] += what + "; "
	}
	if len(seen) != 1 {
		t.Errorf("answers differ: %v", seen)
	}
}

// TestUnknownSecretsSpareTheDatabase: cookies and tokens that nobody has.
func TestUnknownSecretsSpareTheDatabase(t *testing.T) {
	o := openGate(t)
	name := o.add("siti", plan.Planner)
	b := o.logIn(name, goodPassword)
	slowed := 0
	for i := range 150 {
		token := "simtaru_" + fmt.Sprintf("%043d", i)
		if r := o.get(t, "/ogc", "Authorization", "Bearer "+token, "X-Forwarded-For", "203.0.113.1"); r.status == 429 {
			slowed++
		} else if r.status != 401 {
			t.Fatalf("%d %s", r.status, r.body)
		}
	}
	if slowed == 0 {
		t.Error("unknown tokens are looked up without end")
	}
	o.expect("who is logged in at the same address", o.get(t, "/ogc", "Cookie", b.cookie, "X-Forwarded-For", "203.0.113.1"), 200, "")
}
