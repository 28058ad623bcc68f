package auth

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// Presents reports whether a request brings what may be credentials; whether
// they count is for Admit to say. It allocates nothing: most requests are for
// tiles and bring none.
func Presents(h http.Header) bool {
	return len(h["Authorization"]) > 0 || cookieValue(h, sessionName) != "" || cookieValue(h, hostPrefix+sessionName) != ""
}

// Admit decides who asks and returns the request with the actor in its
// context. Credentials that are wrong or expired are an error on any path, but
// for a cookie that has expired where a person opens a page: the cookie is
// removed, and the page is what the public sees.
func (s *Service) Admit(w http.ResponseWriter, r *http.Request) (*http.Request, error) {
	id, actor, err := s.identify(r)
	if errors.Is(err, errEnded) {
		s.setCookie(w, "", time.Unix(1, 0))
		if forgiving(r) {
			return r, nil
		}
		return nil, errSessionEnded()
	}
	if err != nil || id == nil {
		return r, err
	}
	if id.stale {
		// Nobody edits whom the database does not confirm.
		if !safe(r.Method) {
			return r, errAway(nil)
		}
		actor.ReadOnly = true
	}
	ctx := context.WithValue(r.Context(), identityKey{}, id)
	return r.WithContext(rest.WithActor(ctx, actor)), nil
}

// Identify tells again who a request comes from, for answers without end:
// whoever is disabled, or has logged out meanwhile, is an error.
func (s *Service) Identify(r *http.Request) (plan.Actor, error) {
	if !Presents(r.Header) {
		return plan.Actor{}, nil
	}
	id, actor, err := s.identify(r)
	switch {
	case errors.Is(err, errEnded):
		return plan.Actor{}, errSessionEnded()
	case err != nil || id == nil:
		return plan.Actor{}, err
	default:
		return actor, nil
	}
}

// errEnded says that the session of a cookie is over.
var errEnded = errors.New("the session has ended")

// forgiving holds where an expired cookie does not matter: a page that a
// browser opens, and the resources of logging in and out.
func forgiving(r *http.Request) bool {
	if r.URL.Path == sessionPath || strings.HasPrefix(r.URL.Path, oidcPath) {
		return true
	}
	if !safe(r.Method) {
		return false
	}
	return opensPage(r)
}

// opensPage reports whether a browser asks in order to show the answer.
func opensPage(r *http.Request) bool {
	if mode := r.Header.Get("Sec-Fetch-Mode"); mode != "" {
		return mode == "navigate"
	}
	return strings.Contains(r.Header.Get("Accept"), "text/html")
}

func safe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

// identify reads the credentials; nil without an error is the public.
func (s *Service) identify(r *http.Request) (*Identity, plan.Actor, error) {
	if sent := r.Header["Authorization"]; len(sent) > 0 {
		scheme, value, _ := strings.Cut(sent[0], " ")
		value = strings.Trim(value, " ")
		switch {
		case len(sent) > 1:
		case strings.EqualFold(scheme, "Basic"):
			return s.byBasic(r, value)
		case strings.EqualFold(scheme, "Bearer"):
			return s.byToken(r, value)
		}
		return nil, plan.Actor{}, errScheme()
	}
	cookie := s.sessionCookie(r.Header)
	// A login replaces whatever session there was.
	if cookie == "" || r.URL.Path == sessionPath && r.Method == http.MethodPost {
		return nil, plan.Actor{}, nil
	}
	return s.bySession(r, cookie)
}

func (s *Service) byBasic(r *http.Request, value string) (*Identity, plan.Actor, error) {
	text, err := base64.StdEncoding.DecodeString(value)
	name, password, ok := strings.Cut(string(text), ":")
	if err != nil || !ok {
		return nil, plan.Actor{}, errScheme()
	}
	// The challenge asks for UTF-8 (RFC 7617, 2.1); some clients send Latin-1.
	p, stale, err := s.check(r.Context(), login{name, asUTF8(password), Address(r, s.config.Proxies), ByBasic})
	if err != nil {
		return nil, plan.Actor{}, err
	}
	return &Identity{Person: p, Way: ByBasic, stale: stale}, p.Actor(), nil
}

func asUTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	runes := make([]rune, len(s))
	for i := range len(s) {
		runes[i] = rune(s[i])
	}
	return string(runes)
}

func (s *Service) bySession(r *http.Request, cookie string) (*Identity, plan.Actor, error) {
	none := plan.Actor{}
	if len(cookie) != secretLength {
		return nil, none, errEnded
	}
	hash := sha256.Sum256([]byte(cookie))
	session, err := stranger(s, r, s.sessions, string(hash[:]))
	if errors.Is(err, ErrUnknown) {
		return nil, none, errEnded
	}
	if err != nil {
		return nil, none, err
	}
	p, stale, err := s.person(r.Context(), session.value.Person)
	if err != nil && !errors.Is(err, ErrUnknown) {
		return nil, none, err
	}
	if err != nil || p.Disabled || p.Generation != session.value.Generation || !s.now().Before(session.value.ExpiresAt) {
		return nil, none, errEnded
	}
	id := &Identity{Person: p, Way: BySession, session: session.value, cookie: cookie, stale: stale || session.stale}
	if !safe(r.Method) {
		sent := r.Header.Get("X-CSRF-Token")
		if s.origin.Check(r) != nil || subtle.ConstantTimeCompare([]byte(sent), []byte(csrf(cookie))) != 1 {
			return nil, none, errCSRF()
		}
	}
	return id, p.Actor(), nil
}

// tokenPrefix lets people and scanners of published code see what it is.
const tokenPrefix = "simtaru_"

func (s *Service) byToken(r *http.Request, value string) (*Identity, plan.Actor, error) {
	none := plan.Actor{}
	if len(value) != len(tokenPrefix)+secretLength || !strings.HasPrefix(value, tokenPrefix) {
		return nil, none, errWrongToken()
	}
	hash := sha256.Sum256([]byte(value))
	token, err := stranger(s, r, s.tokens, string(hash[:]))
	if errors.Is(err, ErrUnknown) {
		return nil, none, errWrongToken()
	}
	if err != nil {
		return nil, none, err
	}
	t := token.value
	if !t.InForce(s.now()) {
		return nil, none, errWrongToken()
	}
	p, stale, err := s.person(r.Context(), t.Person)
	if errors.Is(err, ErrUnknown) || err == nil && p.Disabled {
		return nil, none, errWrongToken()
	}
	if err != nil {
		return nil, none, err
	}
	stale = stale || token.stale
	if !stale {
		s.touch(r.Context(), t)
	}
	actor := p.Actor()
	actor.Layers, actor.Indicators, actor.ReadOnly = t.Layers, t.Indicators, t.ReadOnly
	if t.Indicators != nil {
		actor.Layers = []string{}
	}
	return &Identity{Person: p, Way: ByToken, stale: stale}, actor, nil
}

// coarse is how exactly the last use of a token is kept: one write an hour.
const coarse = time.Hour

func (s *Service) touch(ctx context.Context, t Token) {
	if s.now().Sub(t.LastUsedAt) < coarse {
		return
	}
	if err := s.store.TouchToken(ctx, t.ID); err != nil {
		s.log.Warn("the use of a token could not be noted", "token", t.ID, "error", err)
		return
	}
	t.LastUsedAt = s.now()
	s.tokens.put(string(t.Hash), t)
}

// stranger looks a secret up that cannot be guessed, sparing the database from
// a sender of many that are not known.
func stranger[V any](s *Service, r *http.Request, l *lookup[V], key string) (found[V], error) {
	if k, ok := l.peek(key); ok && k.known {
		return l.get(r.Context(), key)
	}
	from := Address(r, s.config.Proxies)
	if wait := s.throttle.stranger(from); wait > 0 {
		return found[V]{}, errSlowed(wait)
	}
	f, err := l.get(r.Context(), key)
	if !errors.Is(err, ErrUnknown) {
		s.throttle.found(from)
	}
	if err != nil && !errors.Is(err, ErrUnknown) {
		return f, errAway(err)
	}
	return f, err
}

// person looks a person up; an error is ErrUnknown or that the database is away.
func (s *Service) person(ctx context.Context, name string) (p Person, stale bool, err error) {
	f, err := s.people.get(ctx, name)
	if err != nil && !errors.Is(err, ErrUnknown) {
		return Person{}, false, errAway(err)
	}
	return f.value, f.stale, err
}

// login is a name and password on their way in.
type login struct {
	name, password string
	from           netip.Addr
	way            Way
}

// check returns the person of a right name and password.
func (s *Service) check(ctx context.Context, l login) (p Person, stale bool, err error) {
	if !namePattern.MatchString(l.name) {
		l.name = "" // nobody's; hashed and counted all the same
	}
	if len(l.password) > maxPassword || !utf8.ValidString(l.password) {
		l.password = ""
	}
	if l.name != "" {
		p, stale, err = s.person(ctx, l.name)
	}
	if err != nil && !errors.Is(err, ErrUnknown) {
		s.logins.WithLabelValues(string(l.way), "unavailable").Inc()
		return Person{}, false, err
	}
	digest := s.remember.digest(l.name, l.password, l.from)
	right, known := s.remember.recall(digest, p.Generation)
	if !known || s.throttle.hammered(l.name, l.from) {
		// Many requests at once with one password are one login.
		key := string(digest[:]) + strconv.FormatInt(p.Generation, 10)
		done := s.checks.DoChan(key, func() (any, error) {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*patience)
			defer cancel()
			if right, known := s.remember.recall(digest, p.Generation); known && !s.throttle.hammered(l.name, l.from) {
				return right, nil // it became known while this one was on its way
			}
			return s.hashed(ctx, l, p, digest)
		})
		select {
		case r := <-done:
			if r.Err != nil {
				return Person{}, false, r.Err
			}
			right = r.Val.(bool)
		case <-ctx.Done():
			return Person{}, false, ctx.Err()
		}
	}
	if !right || p.Disabled {
		return Person{}, false, errWrongLogin()
	}
	return p, stale, nil
}

// hashed checks a password that is not remembered.
func (s *Service) hashed(ctx context.Context, l login, p Person, digest [sha256.Size]byte) (bool, error) {
	count := func(outcome string) { s.logins.WithLabelValues(string(l.way), outcome).Inc() }
	// A name is logged only if it is somebody's: people type passwords there.
	who := p.Name
	if who == "" {
		who = "(unknown)"
	}
	if wait := s.throttle.attempt(l.name, l.from); wait > 0 {
		count("slowed")
		s.log.Warn("login slowed down", "person", who, "way", l.way, "from", l.from, "wait", wait.Round(time.Second))
		return false, errSlowed(wait)
	}
	right, err := s.hasher.matches(ctx, p.Hash, l.password)
	if err != nil {
		count("unavailable")
		return false, err
	}
	s.remember.note(digest, p.Generation, right)
	switch {
	case !right:
		count("wrong")
		s.log.Warn("login refused", "person", who, "way", l.way, "from", l.from)
	case p.Disabled:
		count("disabled")
		s.log.Warn("login of a disabled person refused", "person", who, "way", l.way, "from", l.from)
	default:
		s.throttle.succeeded(l.name, l.from)
		count("ok")
		s.log.Info("login", "person", who, "way", l.way, "from", l.from)
	}
	return right, nil
}
