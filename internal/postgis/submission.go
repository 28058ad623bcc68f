package postgis

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/plan"
)

// errAgain ends the transaction of what was submitted before.
var errAgain = errors.New("the secret is known")

// Submit makes a feature for somebody who may not edit its layer, signed with
// the name of the public's role, and keeps with it what comes along: all or
// nothing. With a secret that is known nothing is made, and again is true.
func (s *Store) Submit(ctx context.Context, edit plan.Edit, sent plan.Submission) (again bool, err error) {
	cat, err := s.Catalog(ctx)
	if err != nil {
		return false, err
	}
	layer, ok := cat.Layer(edit.Layer)
	if !ok {
		return false, fmt.Errorf("submit: there is no layer %s", edit.Layer)
	}
	geometry, refused := stored(layer, edit.Geometry)
	if refused != nil {
		return false, refused
	}
	w := stepWriter{layer: layer, table: tableOf(layer).live, edit: &edit, geometry: geometry}
	made := w.step()
	err = s.asPublic(ctx, func(tx pgx.Tx) error {
		var id, revision int64
		if err := tx.QueryRow(ctx, made.sql, made.args...).Scan(&id, &revision); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, sqlAddSubmission, layer.ID, id, sent.Secret, sent.Photo, sent.Contact)
		if err == nil && tag.RowsAffected() == 0 {
			return errAgain
		}
		return err
	})
	if errors.Is(err, errAgain) {
		return true, nil
	}
	return false, explain(err)
}

// asPublic runs f in a transaction whose edits are signed with the name of the
// public's role.
func (s *Store) asPublic(ctx context.Context, f func(pgx.Tx) error) error {
	return s.change(ctx, s.edit, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "select set_config('simtaru.actor', 'simtaru_public', true)"); err != nil {
			return err
		}
		return f(tx)
	})
}

// Submitted reports whether there is a feature that was made with a secret of
// this SHA-256. It is asked before Submit and waits for no more than that does:
// not for those who look at what was sent.
func (s *Store) Submitted(ctx context.Context, secret []byte) (is bool, err error) {
	err = s.view(ctx, s.edit, func(tx pgx.Tx) error {
		var layer string
		var id int64
		err := tx.QueryRow(ctx, sqlSubmission, secret).Scan(&layer, &id)
		is = err == nil
		return orNone(err)
	})
	return is, err
}

// Submission finds the feature that was made with a secret of this SHA-256; no
// id where there is none, or where it has been deleted.
func (s *Store) Submission(ctx context.Context, secret []byte) (layer string, id int64, err error) {
	err = s.view(ctx, s.senders, func(tx pgx.Tx) error {
		return orNone(tx.QueryRow(ctx, sqlSubmission, secret).Scan(&layer, &id))
	})
	return layer, id, err
}

// orNone takes a missing row for none.
func orNone(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	return err
}

// SubmittedPhoto returns the photo that was sent with a feature, as JPEG, and
// its SHA-256, where the feature is in the layer shown at this moment and its
// field photo says yes there; else nil. Whoever has the photo of the SHA-256
// known gets the sum alone.
func (s *Store) SubmittedPhoto(ctx context.Context, layer string, shown *plan.Layer, id int64, known []byte) (photo, sum []byte, err error) {
	sql := fmt.Sprintf(`select case when s.photo_sum is distinct from $3 then s.photo end, s.photo_sum
from simtaru.submission s join %s f on f.id = s.feature
where s.layer = $1 and s.feature = $2 and s.photo is not null and f.%s`, tableOf(shown).live, ident(shown.Photo))
	err = s.view(ctx, s.senders, func(tx pgx.Tx) error {
		return orNone(tx.QueryRow(ctx, sql, layer, id, known).Scan(&photo, &sum))
	})
	return photo, sum, err
}

// SubmittedContact returns how to reach who sent a feature; empty where that is
// not known.
func (s *Store) SubmittedContact(ctx context.Context, layer string, id int64) (contact string, err error) {
	err = s.view(ctx, s.senders, func(tx pgx.Tx) error {
		return orNone(tx.QueryRow(ctx, sqlSubmittedContact, layer, id).Scan(&contact))
	})
	return contact, err
}

// Withdraw deletes the feature that was made with a secret of this SHA-256, all
// that was sent with it, and its history but for that it was deleted. It
// reports whether there was one.
func (s *Store) Withdraw(ctx context.Context, secret []byte) (done bool, err error) {
	err = s.asPublic(ctx, func(tx pgx.Tx) error {
		var layer string
		var id int64
		if err := tx.QueryRow(ctx, sqlSubmission, secret).Scan(&layer, &id); err != nil {
			return orNone(err)
		}
		t := tableOf(&plan.Layer{ID: layer})
		tag, err := tx.Exec(ctx, "delete from "+t.live+" where id = $1", id)
		if err != nil {
			return err
		}
		done = tag.RowsAffected() > 0
		_, err = tx.Exec(ctx, "delete from "+t.history+" where id = $1 and sys_op <> 'delete'", id)
		return err
	})
	return done, explain(err)
}
