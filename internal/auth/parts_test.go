package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestAddress(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, tt := range []struct {
		peer      string
		forwarded []string
		want      string
	}{
		{"203.0.113.7:4711", nil, "203.0.113.7"},
		{"203.0.113.7:4711", []string{"192.0.2.1"}, "203.0.113.7"},
		{"10.1.2.3:4711", nil, "10.1.2.3"},
		{"10.1.2.3:4711", []string{"192.0.2.1"}, "192.0.2.1"},
		{"10.1.2.3:4711", []string{"192.0.2.1, 198.51.100.4"}, "198.51.100.4"},
		{"10.1.2.3:4711", []string{"192.0.2.1", "198.51.100.4, 10.9.9.9"}, "198.51.100.4"},
		{"10.1.2.3:4711", []string{"192.0.2.1:5555"}, "192.0.2.1"},
		{"10.1.2.3:4711", []string{"[2001:db8::1]:5555"}, "2001:db8::1"},
		{"10.1.2.3:4711", []string{"192.0.2.1, nonsense"}, "10.1.2.3"},
		{"10.1.2.3:4711", []string{"nonsense, 192.0.2.1"}, "192.0.2.1"},
		{"10.1.2.3:4711", []string{""}, "10.1.2.3"},
		{"10.1.2.3:4711", []string{"10.4.4.4"}, "10.4.4.4"},
		{"[::ffff:10.1.2.3]:4711", []string{"192.0.2.1"}, "192.0.2.1"},
		{"[fd00::1]:4711", []string{"2001:db8::1%eth0"}, "2001:db8::1"},
		{"pipe", []string{"192.0.2.1"}, "invalid IP"},
	} {
		r := &http.Request{RemoteAddr: tt.peer, Header: http.Header{"X-Forwarded-For": tt.forwarded}}
		if got := Address(r, proxies).String(); got != tt.want {
			t.Errorf("%s, %q: %s, want %s", tt.peer, tt.forwarded, got, tt.want)
		}
	}
	for in, want := range map[string]string{"203.0.113.7": "203.0.113.7", "::ffff:203.0.113.7": "203.0.113.7", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::"} {
		if got := network(netip.MustParseAddr(in)).String(); got != want {
			t.Errorf("%s belongs to %s, want %s", in, got, want)
		}
	}
}

func TestSessionCookie(t *testing.T) {
	// The first is by HTTP, the second where all is HTTPS.
	for cookie, want := range map[string][2]string{
		"": {}, "a=b": {}, "simtaru_session=x": {"x", ""}, "a=b; simtaru_session=x; c=d": {"x", ""}, "__Host-simtaru_session=x": {"", "x"},
		"simtaru_session=": {}, "__Host-simtaru_session=": {}, "not_simtaru_session=x": {}, "a=simtaru_session=x": {}, "simtaru_session2=x": {},
		"a=__Host-simtaru_session=x": {}, "__Host-__Host-simtaru_session=x": {}, "a=b;simtaru_session=x=": {"x=", ""},
		"simtaru_session=theirs; __Host-simtaru_session=mine": {"theirs", "mine"}, "__Host-simtaru_session=mine; simtaru_session=theirs": {"theirs", "mine"},
	} {
		for i, s := range []*Service{{}, {secure: true}} {
			if got := s.sessionCookie(http.Header{"Cookie": {cookie}}); got != want[i] {
				t.Errorf("%q, secure %v: %q, want %q", cookie, s.secure, got, want[i])
			}
		}
	}
}

// TestStrangersCostNothing: looking for credentials allocates nothing.
func TestStrangersCostNothing(t *testing.T) {
	for _, h := range []http.Header{{}, {"Cookie": {"theme=dark; lang=id; analytics=simtaru"}}, {"Accept": {"*/*"}}} {
		if n := testing.AllocsPerRun(100, func() {
			if Presents(h) {
				t.Error("there are none")
			}
		}); n != 0 {
			t.Errorf("%v: %v allocations", h, n)
		}
	}
}

func FuzzSafeNext(f *testing.F) {
	for _, s := range []string{"/", "/docs?x=1#y", "//evil", `/\evil`, "/\t/evil", "https://evil", "/%5cevil", "/%2f%2fevil", "/:80", "/@evil"} {
		f.Add(s)
	}
	base, err := url.Parse("https://tata-ruang.example.id/api/v1/session/oidc/callback")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, next string) {
		got := safeNext(next)
		to, err := base.Parse(got)
		if err != nil || to.Host != base.Host || to.Scheme != base.Scheme || to.User != nil || strings.HasPrefix(got, "//") || strings.ContainsAny(got, "\\\r\n\t") {
			t.Fatalf("%q leads to %q", next, got)
		}
	})
}

func TestRecentForgetsTheOldest(t *testing.T) {
	r := newRecent[int, int](3)
	for i := range 3 {
		r.set(i, i)
	}
	r.get(0)
	r.set(3, 3)
	r.set(3, 4)
	for k, want := range map[int]bool{0: true, 1: false, 2: true, 3: true} {
		if _, got := r.get(k); got != want {
			t.Errorf("%d: %v", k, got)
		}
	}
	if len(r.at) != 3 || r.order.Len() != 3 {
		t.Errorf("%d, %d", len(r.at), r.order.Len())
	}
}

// TestThrottleIsBounded fills it with strangers.
func TestThrottleIsBounded(t *testing.T) {
	now := time.Now()
	th := newThrottle(func() time.Time { return now })
	for i := range 3 * maxThrottled {
		a := netip.AddrFrom4([4]byte{byte(i >> 24), byte(i >> 16), byte(i >> 8), byte(i)})
		th.attempt(fmt.Sprint(i), a)
		th.stranger(a)
	}
	for name, n := range map[string]int{
		"pairs": len(th.pairs.at), "addresses": len(th.addresses.at), "names": len(th.names.at), "unknown": len(th.unknown.at),
	} {
		if n != maxThrottled {
			t.Errorf("%s holds %d", name, n)
		}
	}
}

var errDown = errors.New("the database is away")

func TestLookup(t *testing.T) {
	now := time.Now()
	var asked atomic.Int64
	answer := func(string) (int, error) { return 1, nil }
	l := newLookup(func() time.Time { return now }, func(_ context.Context, key string) (int, error) {
		asked.Add(1)
		return answer(key)
	})
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if f, err := l.get(t.Context(), "a"); err != nil || f.value != 1 || f.stale {
				t.Errorf("%+v, %v", f, err)
			}
		})
	}
	all.Wait()
	if asked.Load() != 1 {
		t.Errorf("asked %d times", asked.Load())
	}
	get := func(key string, value int, stale bool, want error, times int64) {
		t.Helper()
		before := asked.Load()
		f, err := l.get(t.Context(), key)
		if f.value != value || f.stale != stale || !errors.Is(err, want) || asked.Load()-before != times {
			t.Errorf("%+v, %v, asked %d times", f, err, asked.Load()-before)
		}
	}
	get("a", 1, false, nil, 0)
	now = now.Add(fresh)
	answer = func(string) (int, error) { return 2, nil }
	get("a", 2, false, nil, 1)
	answer = func(string) (int, error) { return 0, ErrUnknown }
	get("b", 0, false, ErrUnknown, 1)
	get("b", 0, false, ErrUnknown, 0)
	answer = func(string) (int, error) { return 0, errDown }
	get("c", 0, false, errDown, 1)
	now = now.Add(fresh)
	get("a", 2, true, nil, 1)
	get("a", 2, true, nil, 0)
	get("b", 0, false, errDown, 1)
	now = now.Add(usable)
	get("a", 0, false, errDown, 1)
	answer = func(string) (int, error) { return 3, nil }
	get("a", 3, false, nil, 1)
	l.forget("a")
	get("a", 3, false, nil, 1)
}

// TestReadJSON holds what a body may be.
func TestReadJSON(t *testing.T) {
	for body, good := range map[string]bool{
		`{"Name":"a"}`: true, `{"name":"a"}`: true, `{}`: true, ``: false, `{"name":1}`: false, `{"name":"a"} {}`: false, `{"other":1}`: false, `[]`: false, `{"name":"a"`: false,
		`{"name":"` + strings.Repeat("x", maxBody) + `"}`: false,
	} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json; charset=utf-8")
		var dst struct{ Name string }
		if err := readJSON(r, &dst); (err == nil) != good {
			t.Errorf("%.40s: %v", body, err)
		}
	}
}
