package postgis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/simtaru/simtaru/internal/plan"
)

// Edit runs do in one transaction as the actor, signed with its name: under the
// login role of the person, so that the privileges are those it has in QGIS, or
// under the database role of its role. One that is narrowed to some layers acts
// under the narrow role of its role, whom row-level security shows no others;
// one that may only read cannot write. An UPDATE that touches no row is not
// refused by the database here: do looks at what it is told. What the rules of
// a layer refuse comes back as a *plan.Error. A connection that is lost during
// the commit leaves open whether it happened, so nothing is tried again but to
// begin; Commit finds out.
func (s *Store) Edit(ctx context.Context, actor plan.Actor, do func(pgx.Tx) error) error {
	return explain(s.transact(ctx, actor, stages{do: do}))
}

// stages are the parts of one transaction. All but do may be nil.
type stages struct {
	// first runs as the server itself.
	first func(pgx.Tx) error
	// do runs as the actor.
	do func(pgx.Tx) error
	// commit ends the transaction; nil is tx.Commit.
	commit func(pgx.Tx) error
}

// transact runs the stages in one transaction, which is rolled back when one
// of them fails.
func (s *Store) transact(ctx context.Context, actor plan.Actor, stage stages) error {
	if !slices.Contains(plan.Roles, actor.Role) {
		return &plan.Error{Kind: plan.Denied, Code: "not-allowed", Message: plan.Text{
			ID: "Masuk dahulu untuk menyunting.", EN: "log in before you edit",
		}}
	}
	return s.begin(ctx, s.edit, func(tx pgx.Tx) error {
		if stage.first != nil {
			if err := stage.first(tx); err != nil {
				return err
			}
		}
		if err := actAs(ctx, tx, actor); err != nil {
			return err
		}
		if err := stage.do(tx); err != nil {
			return err
		}
		if stage.commit != nil {
			return stage.commit(tx)
		}
		if err := tx.Commit(ctx); errors.Is(err, pgx.ErrTxCommitRollback) {
			return fmt.Errorf("a statement of the edit failed and was not reported: %w", err)
		} else if err != nil {
			return fmt.Errorf("commit: %w", err)
		}
		return nil
	})
}

// roleOf is the database role under which an actor edits.
func roleOf(actor plan.Actor) string {
	switch {
	case actor.Layers != nil:
		return narrowRole + "_" + string(actor.Role)
	case actor.Person && actor.Name != "none": // none is PostgreSQL's word for the login itself
		return actor.Name
	default:
		return "simtaru_" + string(actor.Role)
	}
}

// actAs makes the rest of the transaction the actor's own.
func actAs(ctx context.Context, tx pgx.Tx, actor plan.Actor) error {
	role, scope, readOnly := roleOf(actor), "", "off"
	if actor.Layers != nil {
		// A scope of no layer at all is not the empty text, which is all.
		scope = strings.Join(actor.Layers, ",") + ","
	}
	if actor.ReadOnly {
		readOnly = "on"
	}
	_, err := tx.Exec(ctx, sqlActAs, actor.Name, scope, readOnly, role)
	var pg *pgconn.PgError
	if errors.As(err, &pg) && (pg.Code == "22023" || pg.Code == "42501") { // no such role, or not ours to take
		return &plan.Error{Kind: plan.Denied, Code: "not-allowed", Cause: err, Message: plan.Text{
			ID: fmt.Sprintf("Login basis data %s tidak ada atau tidak dapat dipakai. Hubungi administrator.", role),
			EN: fmt.Sprintf("the database login %s does not exist or cannot be used; ask an administrator", role),
		}}
	}
	if err != nil {
		return fmt.Errorf("act as %s: %w", role, err)
	}
	return nil
}
