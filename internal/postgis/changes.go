package postgis

import (
	"context"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/plan"
)

// Changes returns one page of the change feed. It fails with plan.ErrReload
// where the token cannot be continued, since the rows were pruned or it is of
// another database, and with plan.Invalid where it is none.
func (s *Store) Changes(ctx context.Context, q plan.ChangesQuery) (plan.ChangesPage, error) {
	var asked *token
	if q.Since != "" && q.Since != plan.SinceNow {
		var ok bool
		if asked, ok = decodeToken(q.Since); !ok {
			return plan.ChangesPage{}, &plan.Error{Kind: plan.Invalid, Code: "invalid-parameter", At: "since", Message: plan.Text{
				ID: "Bukan token dari layanan ini: pakai next dari jawaban sebelumnya seperti adanya.",
				EN: "This is not a token of this service: use next of the answer before as it is.",
			}}
		}
	}
	var out plan.ChangesPage
	err := s.view(ctx, s.read, func(tx pgx.Tx) (err error) {
		out, err = page(ctx, tx, q, asked)
		return err
	})
	return out, err
}

// page answers in a transaction of one snapshot. asked is nil for a start.
func page(ctx context.Context, tx pgx.Tx, q plan.ChangesQuery, asked *token) (plan.ChangesPage, error) {
	var now position
	var floorText string
	if err := now.current(ctx, tx); err != nil {
		return plan.ChangesPage{}, err
	}
	if err := tx.QueryRow(ctx, sqlFeedFloor).Scan(&floorText); err != nil {
		return plan.ChangesPage{}, fmt.Errorf("read how far the feed was pruned: %w", err)
	}
	present, ok := parseSnapshot(now.snapshot)
	floor, err := strconv.ParseUint(floorText, 10, 64)
	if !ok || err != nil {
		return plan.ChangesPage{}, fmt.Errorf("the position %q or the floor %q cannot be read", now.snapshot, floorText)
	}
	t := token{database: fingerprint(now.database), life: now.life, floor: floor, from: beginning(), to: present, toAt: now.at.UnixMicro()}
	switch {
	case q.Since == plan.SinceNow:
		return plan.ChangesPage{Changes: []plan.Change{}, Next: t.after().encode()}, nil
	case asked != nil:
		if err := asked.continues(t); err != nil {
			return plan.ChangesPage{}, err
		}
		t = asked.resume(t)
	}
	rows, err := tx.Query(ctx, sqlChanges, t.from.text, t.to.text, t.last, q.Layers, q.Limit+1, t.since())
	if err != nil {
		return plan.ChangesPage{}, fmt.Errorf("read the change feed: %w", err)
	}
	out := plan.ChangesPage{}
	if out.Changes, err = pgx.CollectRows(rows, scanChange); err != nil {
		return plan.ChangesPage{}, fmt.Errorf("read the change feed: %w", err)
	}
	if len(out.Changes) > q.Limit {
		out.Changes, out.More = out.Changes[:q.Limit], true
		t.last = out.Changes[q.Limit-1].ID
		out.Next = t.encode()
	} else {
		out.Next = t.after().encode()
	}
	return out, nil
}
