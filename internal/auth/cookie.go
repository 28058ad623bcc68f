package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"time"
)

const (
	// sessionName is the cookie's name; where all is HTTPS the prefix makes
	// browsers refuse one that another host of the domain has set.
	sessionName = "simtaru_session"
	hostPrefix  = "__Host-"
	// sessionLife is how long a session lasts, used or not: a working day.
	sessionLife = 12 * time.Hour
	// secretLength is that of 256 bits in base64.
	secretLength = 43
)

// newCookie makes the secret of a session or of a token.
func newCookie() string { return base64.RawURLEncoding.EncodeToString(random(32)) }

// csrf is the token that goes with a session. It is computed from the cookie,
// which scripts cannot read, so nothing more is kept.
func csrf(cookie string) string {
	h := hmac.New(sha256.New, []byte(cookie))
	h.Write([]byte("X-CSRF-Token"))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// sessionCookie is the value of the session's cookie. Where all is HTTPS only
// the name with the prefix is one: the bare name can come from another host of
// the domain, with a session that is not the person's.
func (s *Service) sessionCookie(h http.Header) string {
	return cookieValue(h, s.cookieName(sessionName))
}

// cookieValue is the value of a cookie that is not empty, without parsing the
// others and without allocating.
func cookieValue(h http.Header, name string) string {
	for _, line := range h["Cookie"] {
		if !strings.Contains(line, name) {
			continue
		}
		for part := range strings.SplitSeq(line, ";") {
			key, value, _ := strings.Cut(strings.TrimLeft(part, " "), "=")
			if key == name && value != "" {
				return value
			}
		}
	}
	return ""
}

// SessionCookie is the name of the session's cookie where browsers reach the
// service by HTTPS only, or not.
func SessionCookie(https bool) string { return cookieName(sessionName, https) }

func (s *Service) cookieName(name string) string { return cookieName(name, s.secure) }

func cookieName(name string, https bool) string {
	if https {
		return hostPrefix + name
	}
	return name
}

// setCookie hands the session to the browser; an empty value takes it back.
func (s *Service) setCookie(w http.ResponseWriter, value string, expires time.Time) {
	c := &http.Cookie{
		Name: s.cookieName(sessionName), Value: value, Path: "/", Expires: expires,
		HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode,
	}
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}
