package rest

import (
	"net/http"
	"strings"
)

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

// challenge is what a 401 asks for (RFC 9110, 11.6.1): name and password,
// which QGIS and a browser's address bar then ask the person for. A script of a
// page must show its own form, so it is asked for a token: no browser opens a
// dialog for that.
func challenge(r *http.Request) string {
	if sent := r.Header.Get("Authorization"); len(sent) > 6 && strings.EqualFold(sent[:7], "Bearer ") {
		return `Bearer realm="simtaru", error="invalid_token"`
	}
	if mode := r.Header.Get("Sec-Fetch-Mode"); mode != "" && mode != "navigate" {
		return `Bearer realm="simtaru"`
	}
	return `Basic realm="simtaru", charset="UTF-8"`
}
