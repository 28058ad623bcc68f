package postgis

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/plan"
)

// Submit makes a feature for somebody who may not edit its layer, signed with
// the name of the public's role, and keeps with it the SHA-256 of the secret by
// which they follow it and a photo, nil for none: all or nothing.
func (s *Store) Submit(ctx context.Context, edit plan.Edit, secret, photo []byte) error {
	cat, err := s.Catalog(ctx)
	if err != nil {
		return err
	}
	layer, ok := cat.Layer(edit.Layer)
	if !ok {
		return fmt.Errorf("submit: there is no layer %s", edit.Layer)
	}
	geometry, refused := stored(layer, edit.Geometry)
	if refused != nil {
		return refused
	}
	w := stepWriter{layer: layer, table: tableOf(layer).live, edit: &edit, geometry: geometry}
	made := w.step()
	return explain(s.change(ctx, s.edit, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "select set_config('simtaru.actor', 'simtaru_public', true)"); err != nil {
			return err
		}
		var id, revision int64
		if err := tx.QueryRow(ctx, made.sql, made.args...).Scan(&id, &revision); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sqlAddSubmission, layer.ID, id, secret, photo)
		return err
	}))
}

// Submission finds the feature that was made with a secret of this SHA-256; no
// id where there is none, or where it has been deleted.
func (s *Store) Submission(ctx context.Context, secret []byte) (layer string, id int64, err error) {
	err = s.view(ctx, s.people, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, sqlSubmission, secret).Scan(&layer, &id)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	return layer, id, err
}

// SubmittedPhoto returns the photo that was sent with a feature, as JPEG; nil
// for none.
func (s *Store) SubmittedPhoto(ctx context.Context, layer string, id int64) (photo []byte, err error) {
	err = s.view(ctx, s.people, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, sqlSubmittedPhoto, layer, id).Scan(&photo)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	return photo, err
}
