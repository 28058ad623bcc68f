package auth

import (
	"context"
	"errors"
	"log/slog"

	"github.com/simtaru/simtaru/internal/plan"
)

// People are kept with their login roles in PostgreSQL: what one method does
// is one transaction, for both.
type People interface {
	// Person is ErrUnknown where there is none.
	Person(ctx context.Context, name string) (Person, error)
	// People lists everybody by name.
	People(ctx context.Context) ([]Person, error)
	// AddPerson refuses a name that is taken, also by a role that is not ours.
	AddPerson(ctx context.Context, p Person, s *Secret) error
	// ChangePerson returns the person as it is then; ErrUnknown where there is
	// none. It refuses to leave the service without an enabled administrator.
	ChangePerson(ctx context.Context, name string, c Change) (Person, error)
	// EndConnections ends the person's connections to PostgreSQL as far as it
	// may, and returns how many.
	EndConnections(ctx context.Context, name string) (int, error)
	// Tokens lists those of a person, newest first.
	Tokens(ctx context.Context, person string) ([]Token, error)
	// RevokeToken ends a token of the person; ErrUnknown where it has none of
	// that number.
	RevokeToken(ctx context.Context, person string, id int64) error
}

// Directory adds and changes people and revokes tokens, and writes down who did.
type Directory struct {
	store  People
	hasher *hasher
	log    *slog.Logger
}

// NewDirectory returns a directory of the people in store.
func NewDirectory(store People, log *slog.Logger) *Directory {
	return &Directory{store: store, hasher: newHasher(), log: log}
}

// Secret is what is kept of a password of the person called name, if it is
// good enough.
func (d *Directory) Secret(ctx context.Context, name, password string) (Secret, error) {
	if err := CheckPassword(name, password); err != nil {
		return Secret{}, err
	}
	return d.hasher.newSecret(ctx, password)
}

// List returns everybody by name.
func (d *Directory) List(ctx context.Context) ([]Person, error) { return d.store.People(ctx) }

// Add adds a person, signed by whoever does it; nil is no password: the person
// comes in through the identity provider, and not into PostgreSQL.
func (d *Directory) Add(ctx context.Context, p Person, s *Secret) error {
	for _, err := range []error{CheckName(p.Name), CheckRole(p.Role), checkTitle(p.Title), checkEmail(p.Email)} {
		if err != nil {
			return err
		}
	}
	if err := d.store.AddPerson(ctx, p, s); err != nil {
		return err
	}
	d.log.Info("person added", "person", p.Name, "role", p.Role, "by", p.CreatedBy)
	return nil
}

// Change changes a person. Disabling, a role, and a password that somebody else
// sets end the person's connections to PostgreSQL as well: a connection that
// acts under a role already is not asked for its membership again. A role is
// enough even if the person has it, so that a repeated change ends what the
// first could not. Disabling and such a password revoke the person's tokens.
func (d *Directory) Change(ctx context.Context, by, name string, c Change) (Person, error) {
	if c.Role != nil {
		if err := CheckRole(*c.Role); err != nil {
			return Person{}, err
		}
	}
	if c.Title != nil {
		if err := checkTitle(*c.Title); err != nil {
			return Person{}, err
		}
	}
	if c.Email != nil {
		if err := checkEmail(*c.Email); err != nil {
			return Person{}, err
		}
	}
	c.Revoke = c.Revoke || c.Disabled != nil && *c.Disabled || c.Secret != nil && by != name
	p, err := d.store.ChangePerson(ctx, name, c)
	if errors.Is(err, ErrUnknown) {
		return Person{}, errNoPerson(name)
	}
	if err != nil {
		return Person{}, err
	}
	d.log.Info("person changed", "person", name, "role", p.Role, "disabled", p.Disabled, "new_password", c.Secret != nil, "tokens_revoked", c.Revoke, "by", by)
	if c.Role != nil || c.Revoke {
		n, err := d.store.EndConnections(ctx, name)
		if err != nil {
			d.log.Warn("connections to PostgreSQL could not be ended and keep what they had until they end by themselves; new ones do not have it", "person", name, "error", err)
		} else if n > 0 {
			d.log.Info("connections to PostgreSQL were ended", "person", name, "connections", n)
		}
	}
	return p, nil
}

// Tokens lists a person's tokens, the newest first; those that have ended too.
func (d *Directory) Tokens(ctx context.Context, name string) ([]Token, error) {
	if err := d.known(ctx, name); err != nil {
		return nil, err
	}
	return d.store.Tokens(ctx, name)
}

// Revoke ends one token of a person for good. Of one that has ended already
// nothing is to be done.
func (d *Directory) Revoke(ctx context.Context, by, name string, id int64) error {
	if err := d.known(ctx, name); err != nil {
		return err
	}
	err := d.store.RevokeToken(ctx, name, id)
	if errors.Is(err, ErrUnknown) {
		return &plan.Error{Kind: plan.NotFound, Code: "no-such-token", Message: plan.Text{
			ID: name + " tidak punya token dengan nomor ini.", EN: name + " has no token of this number.",
		}}
	}
	if err == nil {
		d.log.Info("token revoked", "person", name, "token", id, "by", by)
	}
	return err
}

// known refuses the name of nobody.
func (d *Directory) known(ctx context.Context, name string) error {
	if !namePattern.MatchString(name) {
		return errNoPerson(name)
	}
	_, err := d.store.Person(ctx, name)
	if errors.Is(err, ErrUnknown) {
		return errNoPerson(name)
	}
	return err
}

func errNoPerson(name string) error {
	return &plan.Error{Kind: plan.NotFound, Code: "no-such-person", At: name, Message: plan.Text{
		ID: "Tidak ada orang dengan nama masuk ini.", EN: "There is nobody with this login name.",
	}}
}
