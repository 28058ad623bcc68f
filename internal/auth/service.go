package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/singleflight"

	"github.com/simtaru/simtaru/internal/plan"
)

// Credentials are what requests are checked against. What is not there is
// ErrUnknown.
type Credentials interface {
	Person(ctx context.Context, name string) (Person, error)
	Session(ctx context.Context, hash []byte) (Session, error)
	Token(ctx context.Context, hash []byte) (Token, error)
}

// Sessions begin and end.
type Sessions interface {
	AddSession(ctx context.Context, s Session) error
	EndSession(ctx context.Context, hash []byte) error
}

// Tokens of other systems.
type Tokens interface {
	// AddToken returns the token as it is kept; ErrUnknown where the person is
	// disabled or not of that generation any more.
	AddToken(ctx context.Context, t Token, generation int64) (Token, error)
	// TouchToken notes that the token was used.
	TouchToken(ctx context.Context, id int64) error
}

// Store is all that the service keeps.
type Store interface {
	Credentials
	Sessions
	Tokens
	People
	Identities
}

// Catalog knows the layers that a token can be limited to.
type Catalog interface {
	Catalog() *plan.Catalog
}

// Config of a Service.
type Config struct {
	// PublicURL is the address of the service as browsers see it.
	PublicURL string
	// Proxies may say for whom they ask, in X-Forwarded-For.
	Proxies []netip.Prefix
	// OIDC is the city's identity provider; nil: there is none.
	OIDC *OIDC
}

// Deps are what a Service works with. Store is required.
type Deps struct {
	Store    Store
	Catalog  Catalog
	Log      *slog.Logger
	Registry *prometheus.Registry
	// Now is the clock; nil is the real one.
	Now func() time.Time
}

// Service checks logins and answers for sessions, tokens and people.
type Service struct {
	config    Config
	store     Store
	catalog   Catalog
	log       *slog.Logger
	now       func() time.Time
	hasher    *hasher
	remember  *memory
	checks    singleflight.Group
	throttle  *throttle
	people    *lookup[Person]
	sessions  *lookup[Session]
	tokens    *lookup[Token]
	directory *Directory
	origin    *http.CrossOriginProtection
	logins    *prometheus.CounterVec
	oidc      *provider
	// secure says that browsers reach the service by HTTPS only.
	secure bool
}

// New returns a Service.
func New(config Config, d Deps) (*Service, error) {
	public, err := url.Parse(config.PublicURL)
	if err != nil || public.Host == "" {
		return nil, fmt.Errorf("public address %q is not a URL", config.PublicURL)
	}
	if d.Store == nil {
		return nil, errors.New("auth: a store is required")
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	if d.Now == nil {
		d.Now = time.Now
	}
	s := &Service{
		config: config, store: d.Store, catalog: d.Catalog, log: d.Log, now: d.Now,
		hasher: newHasher(), remember: newMemory(d.Now), throttle: newThrottle(d.Now),
		origin: http.NewCrossOriginProtection(), secure: public.Scheme == "https",
		logins: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "simtaru_logins_total", Help: "Logins that were checked, by way and outcome; a remembered Basic login is not.",
		}, []string{"way", "outcome"}),
	}
	// Behind a proxy that changes Host, old browsers have only Origin to tell.
	if err := s.origin.AddTrustedOrigin(public.Scheme + "://" + public.Host); err != nil {
		return nil, fmt.Errorf("public address %q: %w", config.PublicURL, err)
	}
	if d.Registry != nil {
		d.Registry.MustRegister(s.logins)
	}
	s.people = newLookup(d.Now, s.store.Person)
	s.sessions = newLookup(d.Now, func(ctx context.Context, key string) (Session, error) { return s.store.Session(ctx, []byte(key)) })
	s.tokens = newLookup(d.Now, func(ctx context.Context, key string) (Token, error) { return s.store.Token(ctx, []byte(key)) })
	s.directory = &Directory{store: d.Store, hasher: s.hasher, log: d.Log}
	if config.OIDC != nil {
		s.oidc = newProvider(*config.OIDC, strings.TrimRight(config.PublicURL, "/")+callbackPath, d.Now)
	}
	return s, nil
}

// Way is how somebody has shown who they are.
type Way string

// The ways in.
const (
	ByBasic   Way = "basic"
	BySession Way = "session"
	ByToken   Way = "token"
	byForm    Way = "form"
	byOIDC    Way = "oidc"
)

// Identity is who asks, for the resources of this package.
type Identity struct {
	Person  Person
	Way     Way
	session Session
	cookie  string
	// stale says that the database could not confirm it lately.
	stale bool
}

type identityKey struct{}

// identityOf returns who asks, false for the public.
func identityOf(ctx context.Context) (*Identity, bool) {
	id, ok := ctx.Value(identityKey{}).(*Identity)
	return id, ok
}
