package rest

import (
	"net/http"
	"strings"
)

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
