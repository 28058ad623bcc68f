package auth

import (
	"context"
	"crypto/sha256"
	"net/http"
	"time"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

const (
	sessionPath = "/api/v1/session"
	oidcPath    = sessionPath + "/oidc"
)

// Methods are the handlers of one resource by method.
type Methods = map[string]rest.HandlerFunc

// Routes are the resources of this package by pattern.
func (s *Service) Routes() map[string]Methods {
	routes := map[string]Methods{
		sessionPath:               {http.MethodGet: s.showSession, http.MethodPost: s.logIn, http.MethodDelete: s.logOut},
		sessionPath + "/password": {http.MethodPut: s.ownPassword},
		"/api/v1/tokens":          {http.MethodGet: s.listTokens, http.MethodPost: s.addToken},
		"/api/v1/tokens/{id}":     {http.MethodDelete: s.revokeToken},
		"/api/v1/people":          {http.MethodGet: s.listPeople, http.MethodPost: s.addPerson},
		"/api/v1/people/{name}":   {http.MethodPatch: s.changePerson},

		"/api/v1/people/{name}/tokens":      {http.MethodGet: s.listPersonTokens},
		"/api/v1/people/{name}/tokens/{id}": {http.MethodDelete: s.revokePersonToken},
	}
	if s.oidc != nil {
		routes[oidcPath] = Methods{http.MethodGet: s.toProvider}
		routes[callbackPath] = Methods{http.MethodGet: s.fromProvider}
	}
	return routes
}

// noStore is for answers that are about one login.
const noStore = "private, no-store"

// sessionBody is what a browser learns of its login.
type sessionBody struct {
	Person *sessionPerson `json:"person"`
	// CSRF goes into X-CSRF-Token; null where there is no cookie.
	CSRF    *string   `json:"csrf"`
	Expires *string   `json:"expires"`
	OIDC    *oidcBody `json:"oidc"`
}

type sessionPerson struct {
	Name  string    `json:"name"`
	Title string    `json:"title"`
	Role  plan.Role `json:"role"`
}

type oidcBody struct {
	Title string `json:"title"`
	Href  string `json:"href"`
}

func (s *Service) bodyOf(id *Identity) sessionBody {
	var b sessionBody
	if s.oidc != nil {
		b.OIDC = &oidcBody{Title: s.oidc.config.Title, Href: oidcPath}
	}
	if id == nil {
		return b
	}
	b.Person = &sessionPerson{Name: id.Person.Name, Title: id.Person.Title, Role: id.Person.Role}
	if id.Way == BySession {
		token, until := csrf(id.cookie), id.session.ExpiresAt.UTC().Format(time.RFC3339)
		b.CSRF, b.Expires = &token, &until
	}
	return b
}

// showSession is GET /api/v1/session.
func (s *Service) showSession(w http.ResponseWriter, r *http.Request) error {
	if _, err := rest.ParseParams(r); err != nil {
		return err
	}
	id, _ := identityOf(r.Context())
	return rest.WriteJSON(w, r, rest.Body{Cache: noStore}, s.bodyOf(id))
}

// logIn is POST /api/v1/session. A form of another site cannot reach it: it
// wants JSON, and no cross-origin request.
func (s *Service) logIn(w http.ResponseWriter, r *http.Request) error {
	if s.origin.Check(r) != nil {
		return errCSRF()
	}
	var body struct{ Name, Password string }
	if err := readJSON(r, &body); err != nil {
		return err
	}
	p, stale, err := s.check(r.Context(), login{body.Name, body.Password, Address(r, s.config.Proxies), byForm})
	if err != nil {
		return err
	}
	if stale {
		return errAway(nil)
	}
	id, err := s.begin(r.Context(), w, r, p)
	if err != nil {
		return err
	}
	return rest.WriteJSON(w, r, rest.Body{Cache: noStore}, s.bodyOf(id))
}

// begin starts a session in place of the one that the browser had.
func (s *Service) begin(ctx context.Context, w http.ResponseWriter, r *http.Request, p Person) (*Identity, error) {
	cookie := newCookie()
	hash := sha256.Sum256([]byte(cookie))
	session := Session{Hash: hash[:], Person: p.Name, Generation: p.Generation, ExpiresAt: s.now().Add(sessionLife).Truncate(time.Second)}
	if err := s.store.AddSession(ctx, session); err != nil {
		return nil, err
	}
	if old := s.sessionCookie(r.Header); old != "" {
		if err := s.end(ctx, old); err != nil {
			return nil, err
		}
	}
	s.sessions.put(string(session.Hash), session)
	s.setCookie(w, cookie, session.ExpiresAt)
	return &Identity{Person: p, Way: BySession, session: session, cookie: cookie}, nil
}

func (s *Service) end(ctx context.Context, cookie string) error {
	hash := sha256.Sum256([]byte(cookie))
	defer s.sessions.forget(string(hash[:]))
	return s.store.EndSession(ctx, hash[:])
}

// logOut is DELETE /api/v1/session; without a session nothing is to be done.
func (s *Service) logOut(w http.ResponseWriter, r *http.Request) error {
	if id, ok := identityOf(r.Context()); ok && id.Way == BySession {
		if err := s.end(r.Context(), id.cookie); err != nil {
			return err
		}
		s.log.Info("logout", "person", id.Person.Name)
		s.setCookie(w, "", time.Unix(1, 0))
	}
	w.Header().Set("Cache-Control", noStore)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// ownPassword is PUT /api/v1/session/password. The old one is asked for, so
// that a browser left alone gives nobody the account; the session goes on, all
// others end.
func (s *Service) ownPassword(w http.ResponseWriter, r *http.Request) error {
	id, err := inPerson(r)
	if err != nil {
		return err
	}
	var body struct{ Old, New string }
	if err := readJSON(r, &body); err != nil {
		return err
	}
	from := Address(r, s.config.Proxies)
	if _, _, err := s.check(r.Context(), login{id.Person.Name, body.Old, from, byForm}); err != nil {
		return err
	}
	secret, err := s.directory.Secret(r.Context(), id.Person.Name, body.New)
	if err != nil {
		return err
	}
	change := Change{Secret: &secret}
	if id.Way == BySession {
		change.Keep = id.session.Hash
	}
	if _, err := s.change(r.Context(), id.Person.Name, id.Person.Name, change); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", noStore)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// change changes a person and forgets what was known of it.
func (s *Service) change(ctx context.Context, by, name string, c Change) (Person, error) {
	p, err := s.directory.Change(ctx, by, name, c)
	s.people.forget(name)
	s.tokens.forgetAll(func(t Token) bool { return t.Person == name })
	if c.Keep != nil {
		s.sessions.forget(string(c.Keep))
	}
	return p, err
}

// inPerson returns who asks, if it is a person and not a system with a token.
func inPerson(r *http.Request) (*Identity, error) {
	id, ok := identityOf(r.Context())
	if !ok {
		return nil, errLoginFirst()
	}
	if id.Way == ByToken {
		return nil, errNotByToken()
	}
	return id, nil
}

// admin returns who asks, if it is an administrator in person.
func admin(r *http.Request) (*Identity, error) {
	id, err := inPerson(r)
	if err == nil && id.Person.Role != plan.Admin {
		return nil, errAdminsOnly()
	}
	return id, err
}
