package postgis

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/plan"
)

// RuleSets returns the newest rules of each version of a code list, of those
// with an ID above after: 0 is all, and the largest ID that was seen asks what
// is new. One import ends before another begins, so that none is passed over.
func (s *Store) RuleSets(ctx context.Context, after int64) ([]plan.RuleSet, error) {
	var all []plan.RuleSet
	err := s.view(ctx, s.feed, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sqlRuleSets, after)
		if err != nil {
			return err
		}
		all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (plan.RuleSet, error) {
			var r plan.RuleSet
			err := row.Scan(&r.ID, &r.Codes.List, &r.Codes.Version, &r.Revision, &r.Document, &r.SHA256, &r.ImportedAt, &r.ImportedBy)
			r.ImportedAt = r.ImportedAt.UTC()
			return r, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the rules: %w", err)
	}
	return all, nil
}

// ImportRules keeps a set of rules as the newest of its code list version, and
// returns it with what the database knows of it. A set that holds already is
// not kept again. list is written first; nil needs no list.
func (s *Store) ImportRules(ctx context.Context, r plan.RuleSet, list *plan.CodeList) (plan.RuleSet, Outcome, error) {
	outcome := Changed
	err := s.applying(ctx, func(tx pgx.Tx) error {
		if list != nil {
			if _, err := applyList(ctx, tx, list); err != nil {
				return err
			}
		}
		var present string
		switch err := tx.QueryRow(ctx, "select sha256 from simtaru.rule_set where list = $1 and version = $2 order by id desc limit 1",
			r.Codes.List, r.Codes.Version).Scan(&present); {
		case errors.Is(err, pgx.ErrNoRows):
			outcome = Created
		case err != nil:
			return err
		case present == r.SHA256:
			outcome = Unchanged
			return nil
		}
		return tx.QueryRow(ctx, sqlWriteRules, r.Codes.List, r.Codes.Version, r.Document, r.SHA256).
			Scan(&r.ID, &r.Revision, &r.ImportedAt, &r.ImportedBy)
	})
	if err != nil {
		return r, "", fmt.Errorf("import rules for %s@%s: %w", r.Codes.List, r.Codes.Version, err)
	}
	return r, outcome, nil
}
