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
		err := scanExtract(tx.QueryRow(ctx, sqlKeepExtract, e.ID, e.Key, e.Document, e.SHA256, e.Signature, e.Until), &kept)
		if errors.Is(err, pgx.ErrNoRows) {
			// Another request has kept it since this statement began.
			err = scanExtract(tx.QueryRow(ctx, sqlExtractOf, e.Key), &kept)
		}
		return err
	})
	if err != nil {
		return kept, fmt.Errorf("keep an extract: %w", err)
	}
	return kept, nil
}

// Extract returns the extract with an id, a UUID; false where there is none.
func (s *Store) Extract(ctx context.Context, id string) (plan.Extract, bool, error) {
	return s.extract(ctx, sqlExtract, id)
}

// ExtractOf returns the extract with a key; false where there is none.
func (s *Store) ExtractOf(ctx context.Context, key string) (plan.Extract, bool, error) {
	return s.extract(ctx, sqlExtractOf, key)
}

func (s *Store) extract(ctx context.Context, sql, by string) (kept plan.Extract, found bool, err error) {
	err = s.view(ctx, s.read, func(tx pgx.Tx) error { return scanExtract(tx.QueryRow(ctx, sql, by), &kept) })
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return kept, false, nil
	case err != nil:
		return kept, false, fmt.Errorf("read an extract: %w", err)
	}
	return kept, true, nil
}

func scanExtract(row pgx.Row, e *plan.Extract) error {
	if err := row.Scan(&e.ID, &e.Document, &e.SHA256, &e.Signature, &e.KeptAt, &e.Until); err != nil {
		return err
	}
	e.KeptAt = e.KeptAt.UTC()
	if e.Until != nil {
		*e.Until = e.Until.UTC()
	}
	return nil
}

// ForgetExtracts takes away the documents that were kept for a time which is
// over, and returns how many. Their hashes and signatures stay.
func (s *Store) ForgetExtracts(ctx context.Context) (forgotten int64, err error) {
	err = s.change(ctx, s.edit, func(tx pgx.Tx) error { return tx.QueryRow(ctx, sqlForgetExtracts).Scan(&forgotten) })
	if err != nil {
		return 0, fmt.Errorf("forget extracts: %w", err)
	}
	return forgotten, nil
}

// ExtractBytes returns how many bytes of disk extracts take, room that forgotten
// ones have left included. It reads no extract.
func (s *Store) ExtractBytes(ctx context.Context) (n int64, err error) {
	err = s.view(ctx, s.read, func(tx pgx.Tx) error { return tx.QueryRow(ctx, sqlExtractBytes).Scan(&n) })
	if err != nil {
		return 0, fmt.Errorf("measure extracts: %w", err)
	}
	return n, nil
}
