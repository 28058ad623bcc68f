package auth

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"

	"github.com/simtaru/simtaru/internal/plan"
)

// OIDC is the city's identity provider (OpenID Connect Core 1.0).
type OIDC struct {
	Issuer, ClientID, ClientSecret string
	// Title is on the button that leads there.
	Title string
}

// Identities bind a person to an account of the provider.
type Identities interface {
	PersonByIdentity(ctx context.Context, issuer, subject string) (Person, error)
	// PersonByEmail compares without regard to case.
	PersonByEmail(ctx context.Context, email string) (Person, error)
	// BindIdentity is ErrUnknown where the person is bound already.
	BindIdentity(ctx context.Context, name, issuer, subject string) error
}

const callbackPath = oidcPath + "/callback"

// provider talks to the identity provider. It looks for it at the first login,
// so that one that is away keeps nobody from starting.
type provider struct {
	config   OIDC
	callback string
	client   *http.Client
	pending  *pending
	flight   singleflight.Group
	found    atomic.Pointer[oidc.Provider]
}

func newProvider(config OIDC, callback string, now func() time.Time) *provider {
	if config.Title == "" {
		config.Title = "OpenID Connect"
	}
	return &provider{
		config: config, callback: callback, client: &http.Client{Timeout: 10 * time.Second},
		pending: newPending(config.ClientSecret, now),
	}
}

// discover returns the provider and the client's side of OAuth.
func (p *provider) discover(ctx context.Context) (*oidc.Provider, *oauth2.Config, error) {
	found := p.found.Load()
	if found == nil {
		// One question for all who wait; the client's timeout ends it.
		got, err, _ := p.flight.Do("", func() (any, error) {
			return oidc.NewProvider(p.with(context.WithoutCancel(ctx)), p.config.Issuer)
		})
		if err != nil {
			return nil, nil, errProviderAway(err)
		}
		found = got.(*oidc.Provider)
		p.found.Store(found)
	}
	return found, &oauth2.Config{
		ClientID: p.config.ClientID, ClientSecret: p.config.ClientSecret, Endpoint: found.Endpoint(),
		RedirectURL: p.callback, Scopes: []string{oidc.ScopeOpenID, "email", "profile"},
	}, nil
}

// with gives go-oidc and oauth2 a client that does not wait for ever.
func (p *provider) with(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, p.client)
}

// toProvider is GET /api/v1/session/oidc: it sends the browser to log in there.
func (s *Service) toProvider(w http.ResponseWriter, r *http.Request) error {
	next := safeNext(r.URL.Query().Get("next"))
	_, config, err := s.oidc.discover(r.Context())
	if err != nil {
		return sendBack(w, r, next, err)
	}
	a := attempt{
		State: newCookie(), Nonce: newCookie(), Verifier: oauth2.GenerateVerifier(),
		Next: next, Until: s.now().Add(attemptLife).Unix(),
	}
	sealed, err := s.oidc.pending.seal(a)
	if err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{
		Name: s.cookieName(attemptName), Value: sealed, Path: "/", MaxAge: int(attemptLife.Seconds()),
		HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode,
	})
	w.Header().Set("Cache-Control", noStore)
	http.Redirect(w, r, config.AuthCodeURL(a.State, oidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier)), http.StatusSeeOther)
	return nil
}

// fromProvider is the way back: it begins a session for a person that is known
// by the account, or by its verified address at the first login.
func (s *Service) fromProvider(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Cache-Control", noStore)
	w.Header().Set("Referrer-Policy", "no-referrer")
	a, err := s.attemptOf(r)
	http.SetCookie(w, &http.Cookie{
		Name: s.cookieName(attemptName), Path: "/", MaxAge: -1, HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode,
	})
	if err != nil {
		return s.refused(w, r, a.Next, "wrong", err)
	}
	account, err := s.oidc.account(r.Context(), r.URL.Query().Get("code"), a)
	if err != nil {
		return s.refused(w, r, a.Next, "wrong", err)
	}
	p, err := s.personOf(r.Context(), account)
	if err != nil {
		return s.refused(w, r, a.Next, "unknown", err)
	}
	if p.Disabled {
		return s.refused(w, r, a.Next, "disabled", errNotRegistered())
	}
	if _, err := s.begin(r.Context(), w, r, p); err != nil {
		return err
	}
	s.logins.WithLabelValues(string(byOIDC), "ok").Inc()
	s.log.Info("login", "person", p.Name, "way", byOIDC, "from", Address(r, s.config.Proxies))
	http.Redirect(w, r, a.Next, http.StatusSeeOther)
	return nil
}

// refused counts, logs and tells of a login that failed.
func (s *Service) refused(w http.ResponseWriter, r *http.Request, next, outcome string, err error) error {
	if plan.KindOf(err) == plan.Unavailable {
		outcome = "unavailable"
	}
	s.logins.WithLabelValues(string(byOIDC), outcome).Inc()
	s.log.Warn("login refused", "way", byOIDC, "outcome", outcome, "from", Address(r, s.config.Proxies), "error", err)
	return sendBack(w, r, next, err)
}

// sendBack sends a browser that is refused to the map, where it came from, with
// the code of the problem: the map says it, and a page of JSON says it to
// nobody. Any other client gets the problem.
func sendBack(w http.ResponseWriter, r *http.Request, next string, err error) error {
	var problem *plan.Error
	if !opensPage(r) || !errors.As(err, &problem) {
		return err
	}
	to := url.URL{Path: "/", RawQuery: url.Values{"login": {problem.Code}}.Encode()}
	if from, err := url.Parse(next); err == nil {
		to.Fragment, to.RawFragment = from.Fragment, from.RawFragment
	}
	w.Header().Set("Cache-Control", noStore)
	http.Redirect(w, r, to.String(), http.StatusSeeOther)
	return nil
}

// attemptOf returns the login that this browser has begun and that the
// provider answers. Each is good for one answer.
func (s *Service) attemptOf(r *http.Request) (attempt, error) {
	c, err := r.Cookie(s.cookieName(attemptName))
	if err != nil {
		return attempt{}, errAttempt(errors.New("there is no cookie of a login that was begun"))
	}
	a, err := s.oidc.pending.open(c.Value)
	if err != nil {
		return attempt{}, errAttempt(err)
	}
	q := r.URL.Query()
	if subtle.ConstantTimeCompare([]byte(a.State), []byte(q.Get("state"))) != 1 {
		return attempt{}, errAttempt(errors.New("the state is another one"))
	}
	if !s.oidc.pending.use(a.State) {
		return attempt{}, errAttempt(errors.New("the state was used before"))
	}
	if code := q.Get("error"); code != "" {
		return attempt{}, errAttempt(errors.New("the provider says " + strings.ToValidUTF8(code[:min(len(code), 80)], "?")))
	}
	return a, nil
}

// account is what the provider says of somebody.
type account struct{ issuer, subject, email string }

// account turns the code into an ID token and checks it: signature, issuer,
// audience, time, nonce.
func (p *provider) account(ctx context.Context, code string, a attempt) (account, error) {
	found, config, err := p.discover(ctx)
	if err != nil {
		return account{}, err
	}
	token, err := config.Exchange(p.with(ctx), code, oauth2.VerifierOption(a.Verifier))
	if err != nil {
		var refused *oauth2.RetrieveError
		// The body of the answer may hold what is secret: it is not told.
		if errors.As(err, &refused) && refused.Response.StatusCode < http.StatusInternalServerError {
			return account{}, errAttempt(errors.New("the provider refuses the code: " + refused.ErrorCode))
		}
		if refused != nil {
			err = errors.New("the provider answers " + refused.Response.Status)
		}
		return account{}, errProviderAway(err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return account{}, errAttempt(errors.New("the provider sends no ID token"))
	}
	id, err := found.VerifierContext(p.with(ctx), &oidc.Config{ClientID: p.config.ClientID}).Verify(p.with(ctx), raw)
	if err != nil {
		return account{}, errAttempt(err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(a.Nonce)) != 1 {
		return account{}, errAttempt(errors.New("the nonce is another one"))
	}
	if id.Subject == "" {
		return account{}, errAttempt(errors.New("the ID token names nobody"))
	}
	var claims struct {
		Email    string          `json:"email"`
		Verified json.RawMessage `json:"email_verified"`
	}
	if err := id.Claims(&claims); err != nil {
		return account{}, errAttempt(err)
	}
	out := account{issuer: id.Issuer, subject: id.Subject}
	// Some providers send the text "true".
	if v := string(claims.Verified); v == `true` || v == `"true"` {
		out.email = claims.Email
	}
	return out, nil
}

// personOf finds the person of an account. Nobody is made here.
func (s *Service) personOf(ctx context.Context, a account) (Person, error) {
	p, err := s.store.PersonByIdentity(ctx, a.issuer, a.subject)
	if !errors.Is(err, ErrUnknown) {
		return p, err
	}
	if a.email == "" {
		return Person{}, errNotRegistered()
	}
	p, err = s.store.PersonByEmail(ctx, a.email)
	if err == nil && p.Disabled {
		return p, nil
	}
	if err == nil {
		// Whoever is bound to another account is not this one.
		err = s.store.BindIdentity(ctx, p.Name, a.issuer, a.subject)
	}
	if errors.Is(err, ErrUnknown) {
		return Person{}, errNotRegistered()
	}
	if err != nil {
		return Person{}, err
	}
	s.people.forget(p.Name)
	s.log.Info("person bound to an account of the identity provider", "person", p.Name, "issuer", a.issuer)
	return p, nil
}

func errAttempt(cause error) error {
	return &plan.Error{Kind: plan.Unauthenticated, Code: "login-not-confirmed", Cause: cause, Message: plan.Text{
		ID: "Login melalui penyedia identitas tidak dapat dipastikan atau sudah kedaluwarsa. Mulai lagi dari tombol masuk.",
		EN: "The login at the identity provider could not be confirmed, or has expired. Start again from the login button.",
	}}
}

func errNotRegistered() error {
	return &plan.Error{Kind: plan.Denied, Code: "not-registered", Message: plan.Text{
		ID: "Akun ini belum terdaftar atau dinonaktifkan di sini. Minta admin mendaftarkan alamat surel Anda yang sudah terverifikasi.",
		EN: "This account is not registered here, or is disabled. Ask an administrator to register your verified e-mail address.",
	}}
}

func errProviderAway(cause error) error {
	return &plan.Error{Kind: plan.Unavailable, Code: "provider-unavailable", Cause: cause, Message: plan.Text{
		ID: "Penyedia identitas sedang tidak dapat dihubungi. Coba lagi, atau masuk dengan nama dan kata sandi.",
		EN: "The identity provider cannot be reached. Try again, or log in with name and password.",
	}}
}
