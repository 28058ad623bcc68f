package rest

import (
	"net/http"
	"strings"
)

// Revalidate lets every cache keep an answer and asks it to check before each
// use. A check costs one comparison here; a lifetime instead would show an edit
// late, and make MapLibre poll each tile when it ends.
const Revalidate = "public, max-age=0, must-revalidate"

// Private lets only the reader's own cache keep an answer, and asks it to check
// before each use.
const Private = "private, no-cache"

// LoginVary are the request headers by which somebody is logged in. They stand
// in Vary wherever the login can make a difference, in what the public is
// answered too: a shared cache must not hand a citizen's answer to a planner.
const LoginVary = "Authorization, Cookie"

// HasLogin reports whether a request was let in as somebody, or carries
// anything by which somebody might be. It is meant to err towards yes: what it
// holds for is kept out of shared caches.
func HasLogin(r *http.Request) bool {
	return len(r.Header["Authorization"]) > 0 || len(r.Header["Cookie"]) > 0 || !ActorOf(r.Context()).IsPublic()
}

// SetCache says who may keep an answer whose content can depend on the login.
func SetCache(h http.Header, r *http.Request) {
	AddVary(h, "Authorization", "Cookie")
	h.Set("Cache-Control", cacheFor(r, Revalidate))
}

// cacheFor is the Cache-Control of an answer that the public would get with
// the value public.
func cacheFor(r *http.Request, public string) string {
	switch {
	case !strings.HasPrefix(public, "public") || !HasLogin(r):
		return public
	case public == Revalidate:
		return Private
	default:
		return "private" + strings.TrimPrefix(public, "public")
	}
}

// Personal keeps the answer to a login out of shared caches: Cache-Control
// becomes private where it is not stricter, Vary names what the answer depends
// on, and pages of other sites cannot embed it. A [Recorder] that is Personal
// does so with whatever a handler has set.
func Personal(h http.Header) {
	AddVary(h, "Authorization", "Cookie")
	h["Cross-Origin-Resource-Policy"] = []string{"same-origin"}
	directives := []string{"private"}
	for part := range strings.SplitSeq(h.Get("Cache-Control"), ",") {
		switch part = strings.TrimSpace(part); part {
		case "", "public", "private":
		default:
			if !strings.HasPrefix(part, "s-maxage") {
				directives = append(directives, part)
			}
		}
	}
	h["Cache-Control"] = []string{strings.Join(directives, ", ")}
}
