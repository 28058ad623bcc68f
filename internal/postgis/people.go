package postgis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/simtaru/simtaru/internal/auth"
	"github.com/simtaru/simtaru/internal/plan"
)

// Person returns the person of that name, auth.ErrUnknown where there is none.
func (s *Store) Person(ctx context.Context, name string) (auth.Person, error) {
	return lookUp(ctx, s, toPerson, sqlPeople, name, nil, nil, nil)
}

// PersonByIdentity returns the person bound to an account of an identity
// provider.
func (s *Store) PersonByIdentity(ctx context.Context, issuer, subject string) (auth.Person, error) {
	return lookUp(ctx, s, toPerson, sqlPeople, nil, nil, issuer, subject)
}

// PersonByEmail returns the person of an address, whatever its case.
func (s *Store) PersonByEmail(ctx context.Context, email string) (auth.Person, error) {
	return lookUp(ctx, s, toPerson, sqlPeople, nil, email, nil, nil)
}

// People lists everybody by name.
func (s *Store) People(ctx context.Context) ([]auth.Person, error) {
	return listAll(ctx, s, s.people, toPerson, sqlPeople, nil, nil, nil, nil)
}

// BindIdentity binds a person to an account of an identity provider; it is
// auth.ErrUnknown where the person is bound already.
func (s *Store) BindIdentity(ctx context.Context, name, issuer, subject string) error {
	return s.execOne(ctx, sqlBindIdentity, name, issuer, subject)
}

// AddPerson adds a person and its login role in one transaction.
func (s *Store) AddPerson(ctx context.Context, p auth.Person, secret *auth.Secret) error {
	return s.changePeople(ctx, func(tx pgx.Tx) error {
		hash, verifier := "", ""
		if secret != nil {
			hash, verifier = secret.Hash, secret.Verifier
		}
		if _, err := tx.Exec(ctx, sqlAddPerson, p.Name, string(p.Role), p.Title, p.Email, hash, p.CreatedBy); err != nil {
			return takenPerson(err)
		}
		role := loginRole{name: p.Name}
		if err := role.make(ctx, tx, verifier); err != nil {
			return err
		}
		return role.join(ctx, tx, p.Role)
	})
}

// ChangePerson changes a person and its login role in one transaction, and
// ends the sessions that a change of role, of being disabled or of password
// makes void. Tokens end with it where the change says so.
func (s *Store) ChangePerson(ctx context.Context, name string, c auth.Change) (auth.Person, error) {
	var p auth.Person
	err := s.changePeople(ctx, func(tx pgx.Tx) error {
		var role, hash *string
		if c.Role != nil {
			role = (*string)(c.Role)
		}
		if c.Secret != nil {
			hash = &c.Secret.Hash
		}
		keepsAnAdmin, err := guardAdmins(ctx, tx)
		if err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, sqlChangePerson, name, role, c.Disabled, c.Title, c.Email, hash)
		if err != nil {
			return takenPerson(err)
		}
		if tag.RowsAffected() == 0 {
			return auth.ErrUnknown
		}
		if err := keepsAnAdmin(); err != nil {
			return err
		}
		if err := (loginRole{name: name}).change(ctx, tx, c); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlEndSessions, name, c.Keep); err != nil {
			return fmt.Errorf("end sessions: %w", err)
		}
		if c.Revoke {
			if _, err := tx.Exec(ctx, sqlRevokeTokens, name); err != nil {
				return fmt.Errorf("revoke tokens: %w", err)
			}
		}
		p, err = personIn(ctx, tx, name)
		return err
	})
	return p, err
}

// guardAdmins returns what refuses a change that takes the last enabled
// administrator away: nobody could change anything after it.
func guardAdmins(ctx context.Context, tx pgx.Tx) (func() error, error) {
	var before int
	if err := tx.QueryRow(ctx, sqlAdmins).Scan(&before); err != nil {
		return nil, fmt.Errorf("count administrators: %w", err)
	}
	return func() error {
		var after int
		if err := tx.QueryRow(ctx, sqlAdmins).Scan(&after); err != nil {
			return fmt.Errorf("count administrators: %w", err)
		}
		if before == 0 || after > 0 {
			return nil
		}
		return &plan.Error{Kind: plan.Conflict, Code: "last-admin", Message: plan.Text{
			ID: "Tidak akan ada lagi admin yang aktif. Jadikan orang lain admin dahulu.",
			EN: "No enabled administrator would be left. Make somebody else an administrator first.",
		}}
	}, nil
}

// EndConnections ends the person's connections to this PostgreSQL.
func (s *Store) EndConnections(ctx context.Context, name string) (int, error) {
	var n int
	err := s.change(ctx, s.people, func(tx pgx.Tx) error { return tx.QueryRow(ctx, sqlEndConnections, name).Scan(&n) })
	return n, err
}

// changePeople runs do alone among all changes of people, so that two of them
// cannot both take the last administrator away. Reading goes on meanwhile.
func (s *Store) changePeople(ctx context.Context, do func(pgx.Tx) error) error {
	return s.change(ctx, s.people, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "lock table simtaru.person in share row exclusive mode"); err != nil {
			return fmt.Errorf("wait for another change of people: %w", err)
		}
		return do(tx)
	})
}

// takenPerson says in words which of a person's names is another's already.
func takenPerson(err error) error {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) || pg.Code != "23505" {
		return err
	}
	if pg.ConstraintName == "person_email" {
		return &plan.Error{Kind: plan.Conflict, Code: "email-taken", At: "email", Cause: err, Message: plan.Text{
			ID: "Alamat surel ini sudah dipakai orang lain.", EN: "Somebody else has this e-mail address.",
		}}
	}
	return &plan.Error{Kind: plan.Conflict, Code: "name-taken", At: "name", Cause: err, Message: plan.Text{
		ID: "Sudah ada orang dengan nama masuk ini.", EN: "There is somebody with this login name already.",
	}}
}

// personIn reads a person within a transaction; pgx.ErrNoRows where there is none.
func personIn(ctx context.Context, tx pgx.Tx, name string) (auth.Person, error) {
	rows, err := tx.Query(ctx, sqlPeople, name, nil, nil, nil)
	if err != nil {
		return auth.Person{}, err
	}
	return pgx.CollectExactlyOneRow(rows, toPerson)
}

func toPerson(row pgx.CollectableRow) (auth.Person, error) {
	var p auth.Person
	err := row.Scan(&p.Name, &p.Role, &p.Title, &p.Email, &p.Hash, &p.Issuer, &p.Subject, &p.Disabled, &p.Generation, &p.CreatedAt, &p.CreatedBy)
	return p, err
}

// lookUp reads one row, auth.ErrUnknown where there is none.
func lookUp[T any](ctx context.Context, s *Store, to pgx.RowToFunc[T], sql string, args ...any) (v T, err error) {
	err = s.view(ctx, s.people, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sql, args...)
		if err != nil {
			return err
		}
		v, err = pgx.CollectExactlyOneRow(rows, to)
		return err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		err = auth.ErrUnknown
	}
	return v, err
}

// listAll reads all rows.
func listAll[T any](ctx context.Context, s *Store, pool *pgxpool.Pool, to pgx.RowToFunc[T], sql string, args ...any) (list []T, err error) {
	err = s.view(ctx, pool, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sql, args...)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, to)
		return err
	})
	return list, err
}

// execOne runs a statement that changes one row; auth.ErrUnknown where it
// changes none.
func (s *Store) execOne(ctx context.Context, sql string, args ...any) error {
	return s.change(ctx, s.people, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, sql, args...)
		if err == nil && tag.RowsAffected() == 0 {
			return auth.ErrUnknown
		}
		return err
	})
}

// RestoreRoles makes the login roles of people who have none, and returns their
// names: a copy of a database does not hold roles. They may edit over HTTP
// again; PostgreSQL lets them in once they have a new password.
func (s *Store) RestoreRoles(ctx context.Context) ([]string, error) {
	names, err := listAll(ctx, s, s.people, pgx.RowTo[string], sqlWithoutRole)
	if err != nil || len(names) == 0 {
		return nil, err
	}
	err = s.changePeople(ctx, func(tx pgx.Tx) error {
		for _, name := range names {
			if err := (loginRole{name: name}).change(ctx, tx, auth.Change{}); err != nil {
				return err
			}
		}
		return nil
	})
	return names, err
}

// PruneLogins forgets sessions that have ended and results of repeatable
// requests that are older than keep.
func (s *Store) PruneLogins(ctx context.Context, keep time.Duration) error {
	err := s.change(ctx, s.people, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, sqlPruneLogins, keep)
		return err
	})
	if err != nil {
		return fmt.Errorf("prune logins: %w", err)
	}
	return nil
}
