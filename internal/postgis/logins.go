package postgis

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/auth"
)

// Session returns the session with that hash, auth.ErrUnknown where there is
// none.
func (s *Store) Session(ctx context.Context, hash []byte) (auth.Session, error) {
	return lookUp(ctx, s, func(row pgx.CollectableRow) (auth.Session, error) {
		var v auth.Session
		err := row.Scan(&v.Hash, &v.Person, &v.Generation, &v.ExpiresAt)
		return v, err
	}, sqlWebSession, hash)
}

// AddSession begins a session.
func (s *Store) AddSession(ctx context.Context, v auth.Session) error {
	return s.execOne(ctx, sqlAddWebSession, v.Hash, v.Person, v.Generation, v.ExpiresAt)
}

// EndSession ends a session, or does nothing where it has ended.
func (s *Store) EndSession(ctx context.Context, hash []byte) error {
	if err := s.execOne(ctx, sqlEndWebSession, hash); err != auth.ErrUnknown { //nolint:errorlint // not wrapped
		return err
	}
	return nil
}

// Token returns the token with that hash, auth.ErrUnknown where there is none.
func (s *Store) Token(ctx context.Context, hash []byte) (auth.Token, error) {
	return lookUp(ctx, s, toToken, sqlTokens, hash, nil)
}

// Tokens lists the tokens of a person, the newest first.
func (s *Store) Tokens(ctx context.Context, person string) ([]auth.Token, error) {
	return listAll(ctx, s, s.people, toToken, sqlTokens, nil, person)
}

// AddToken adds a token of a person who is of that generation and not disabled,
// and returns it as it is kept; auth.ErrUnknown where there is none.
func (s *Store) AddToken(ctx context.Context, t auth.Token, generation int64) (auth.Token, error) {
	var expires *time.Time
	if !t.ExpiresAt.IsZero() {
		expires = &t.ExpiresAt
	}
	err := s.change(ctx, s.people, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, sqlAddToken, t.Hash, t.Person, t.Name, t.Layers, t.Indicators, t.ReadOnly, expires, generation)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return auth.ErrUnknown
		}
		rows, err := tx.Query(ctx, sqlTokens, t.Hash, nil)
		if err != nil {
			return err
		}
		t, err = pgx.CollectExactlyOneRow(rows, toToken)
		return err
	})
	return t, err
}

// RevokeToken ends a token of the person; auth.ErrUnknown where it has none of
// that number.
func (s *Store) RevokeToken(ctx context.Context, person string, id int64) error {
	return s.execOne(ctx, sqlRevokeToken, id, person)
}

// TouchToken notes that the token was used.
func (s *Store) TouchToken(ctx context.Context, id int64) error {
	return s.execOne(ctx, sqlTouchToken, id)
}

func toToken(row pgx.CollectableRow) (auth.Token, error) {
	var t auth.Token
	var expires, revoked, used *time.Time
	err := row.Scan(&t.ID, &t.Hash, &t.Person, &t.Name, &t.Layers, &t.Indicators, &t.ReadOnly, &t.CreatedAt, &expires, &revoked, &used)
	for from, to := range map[*time.Time]*time.Time{expires: &t.ExpiresAt, revoked: &t.RevokedAt, used: &t.LastUsedAt} {
		if from != nil {
			*to = *from
		}
	}
	return t, err
}
