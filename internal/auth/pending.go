package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"
)

const (
	attemptName = "simtaru_oidc"
	// attemptLife is how long somebody may take at the provider.
	attemptLife = 10 * time.Minute
	// maxUsed bounds the states that are remembered as used.
	maxUsed = 10000
)

// attempt is a login that was begun: what must come back, and where to go then.
type attempt struct {
	State    string `json:"s"`
	Nonce    string `json:"n"`
	Verifier string `json:"v"` // PKCE (RFC 7636)
	Next     string `json:"x"`
	Until    int64  `json:"u"` // Unix seconds
}

// pending keeps attempts in the browser that makes them, signed: any server of
// the service can go on with one, and nothing is stored for strangers. What a
// server has seen used it refuses; elsewhere the provider does, since a code is
// good once.
type pending struct {
	key  []byte
	now  func() time.Time
	mu   sync.Mutex // guards used
	used *recent[string, struct{}]
}

// newPending derives its key from the client's secret, which all servers of
// the service share; without one each server has its own.
func newPending(secret string, now func() time.Time) *pending {
	key := random(32)
	if secret != "" {
		h := hmac.New(sha256.New, []byte(secret))
		h.Write([]byte("simtaru login attempt"))
		key = h.Sum(nil)
	}
	return &pending{key: key, now: now, used: newRecent[string, struct{}](maxUsed)}
}

func (p *pending) mac(text string) string {
	h := hmac.New(sha256.New, p.key)
	h.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

func (p *pending) seal(a attempt) (string, error) {
	text, err := json.Marshal(a)
	if err != nil {
		return "", fmt.Errorf("seal a login attempt: %w", err)
	}
	body := base64.RawURLEncoding.EncodeToString(text)
	return body + "." + p.mac(body), nil
}

func (p *pending) open(sealed string) (attempt, error) {
	body, mac, _ := strings.Cut(sealed, ".")
	if !hmac.Equal([]byte(mac), []byte(p.mac(body))) {
		return attempt{}, errors.New("the cookie of the login is not ours")
	}
	text, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil {
		return attempt{}, fmt.Errorf("the cookie of the login: %w", err)
	}
	var a attempt
	if err := json.Unmarshal(text, &a); err != nil {
		return attempt{}, fmt.Errorf("the cookie of the login: %w", err)
	}
	if p.now().Unix() >= a.Until {
		return attempt{}, errors.New("the login took too long")
	}
	return a, nil
}

// use reports whether the state is used for the first time.
func (p *pending) use(state string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, again := p.used.get(state); again {
		return false
	}
	p.used.set(state, struct{}{})
	return true
}

// safeNext is where to go after the login: a path of this service, never
// another site however it is written.
func safeNext(next string) string {
	if len(next) > 2000 || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") ||
		strings.ContainsFunc(next, func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f }) {
		return "/"
	}
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || strings.HasPrefix(u.Path, "//") {
		return "/"
	}
	return u.String()
}
