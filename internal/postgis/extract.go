package postgis

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/plan"
)

// KeepExtract keeps an extract and returns it, or the one of the same key that is
// kept already. Once it has returned, the extract is there for good.
func (s *Store) KeepExtract(ctx context.Context, e plan.Extract) (kept plan.Extract, err error) {
	err = s.change(ctx, s.edit, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, sqlKeepExtract, e.ID, e.Key, e.Document, e.SHA256).Scan(&kept.Document, &kept.SHA256)
		if errors.Is(err, pgx.ErrNoRows) {
			// Another request has kept it since this statement began.
			err = tx.QueryRow(ctx, sqlKeepExtract, e.ID, e.Key, e.Document, e.SHA256).Scan(&kept.Document, &kept.SHA256)
		}
		return err
	})
	if err != nil {
		return kept, fmt.Errorf("keep an extract: %w", err)
	}
	return kept, nil
}

// Extract returns the extract with an id, a UUID; false where there is none.
func (s *Store) Extract(ctx context.Context, id string) (kept plan.Extract, found bool, err error) {
	kept.ID = id
	err = s.view(ctx, s.read, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, sqlExtract, id).Scan(&kept.Document, &kept.SHA256)
	})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return kept, false, nil
	case err != nil:
		return kept, false, fmt.Errorf("read an extract: %w", err)
	}
	return kept, true, nil
}
