package postgis

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/plan"
)

// Edit runs do in one transaction as the actor: under the database role of its
// role, so that the privileges are those it would have in QGIS, and signed with
// its name. What the rules of a layer refuse comes back as a *plan.Error. A
// connection that is lost during the commit leaves open whether it happened,
// so nothing is tried again.
func (s *Store) Edit(ctx context.Context, actor plan.Actor, do func(pgx.Tx) error) error {
	if !slices.Contains(plan.Roles, actor.Role) {
		return &plan.Error{Kind: plan.Denied, Code: "not-allowed", Message: plan.Text{
			ID: "Masuk dahulu untuk menyunting.", EN: "log in before you edit",
		}}
	}
	wait, cancel := context.WithTimeout(ctx, s.patience(s.edit))
	conn, err := s.edit.Acquire(wait)
	cancel()
	if err != nil {
		return readable(err)
	}
	defer conn.Release()
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlActAs, actor.Name, "simtaru_"+string(actor.Role)); err != nil {
			return fmt.Errorf("act as %s: %w", actor.Role, err)
		}
		return do(tx)
	})
	if errors.Is(err, pgx.ErrTxCommitRollback) {
		return fmt.Errorf("a statement of the edit failed and was not reported: %w", err)
	}
	return explain(err)
}
