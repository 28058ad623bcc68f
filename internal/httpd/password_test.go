package httpd_test

import (
	"strings"
	"testing"

	"github.com/simtaru/simtaru/internal/plan"
)

func TestOwnPassword(t *testing.T) {
	o := openGate(t)
	name := o.add("siti", plan.Planner)
	here, elsewhere := o.logIn(name, goodPassword), o.logIn(name, goodPassword)
	put := func(old, next string, headers ...string) reply {
		return o.send("PUT", "/api/v1/session/password", map[string]string{"old": old, "new": next}, headers...)
	}
	mine := []string{"Cookie", here.cookie, "X-CSRF-Token", here.csrf}
	o.expect("nobody", put(goodPassword, "peunayong baru 7"), 401, "login-required")
	o.expect("without X-CSRF-Token", put(goodPassword, "peunayong baru 7", "Cookie", here.cookie), 403, "csrf")
	o.expect("a wrong old one", put("wrong wrong wrong", "peunayong baru 7", mine...), 401, "wrong-login")
	for _, bad := range []string{"short", "", name, strings.Repeat("x", 600), "tak\u200bterlihat 123", "ﬁkih ﬁkih ﬁkih", "tab\tdi tengah"} {
		o.expect("password "+bad, put(goodPassword, bad, mine...), 422, "bad-password")
	}
	o.expect("as it should be", put(goodPassword, "peunayong baru 7", mine...), 204, "")
	if s := o.session("Cookie", here.cookie); s.Person == nil || *s.CSRF != here.csrf {
		t.Error("the session that changed the password has ended")
	}
	o.ended("a session elsewhere", elsewhere)
	o.expect("the old password", o.get(t, "/ogc", "Authorization", basic(name, goodPassword)), 401, "wrong-login")
	o.expect("the new one", o.get(t, "/ogc", "Authorization", basic(name, "peunayong baru 7")), 200, "")
}
