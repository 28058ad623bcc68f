package postgis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/simtaru/simtaru/internal/plan"
)

const (
	// commitWait is how long a commit may take. It goes on when the client
	// leaves: a commit that is interrupted may have happened or not.
	commitWait = 30 * time.Second
	// outcomeWait is how long the outcome of a commit is looked for when its
	// connection has died; PostgreSQL is back from a crash within a second.
	outcomeWait = 10 * time.Second
)

// trace is how a transaction is found again: its id, which after a crash may
// be given once more, and one version that it made.
type trace struct {
	xid   *string
	role  string
	layer *plan.Layer
	made  plan.Edited
	at    time.Time
}

// note remembers the first version.
func (t *trace) note(l *plan.Layer, made plan.Edited, at time.Time) {
	if t.layer == nil {
		t.layer, t.made, t.at = l, made, at
	}
}

func (t *trace) end(row pgx.Row) error {
	if err := row.Scan(&t.xid, &t.role); err != nil {
		return fmt.Errorf("read the number of the transaction: %w", err)
	}
	return nil
}

// lostCommit is a commit of which nobody knows whether it happened.
type lostCommit struct{ cause error }

func (e *lostCommit) Error() string { return "the commit was interrupted: " + e.cause.Error() }

func (e *lostCommit) Unwrap() error { return e.cause }

// commit ends the transaction.
func (c *committing) commit(ctx context.Context, tx pgx.Tx) error {
	if c.once.Key != "" {
		if err := c.keep(ctx, tx); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitWait)
	defer cancel()
	err := tx.Commit(ctx)
	if err == nil || refusedToCommit(err) || c.trace.xid == nil {
		return err
	}
	return &lostCommit{err}
}

// refusedToCommit reports whether an error says that nothing was committed.
func refusedToCommit(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.SeverityUnlocalized == "ERROR"
	}
	return errors.Is(err, pgx.ErrTxCommitRollback) || pgconn.SafeToRetry(err)
}

// errUndecided says that the transaction has not ended yet.
var errUndecided = errors.New("the transaction has not ended yet")

// outcome finds out on a new connection whether a transaction was committed;
// nil says that it was. It does not end with the request: its answer matters
// to whoever asks next, too.
func (s *Store) outcome(ctx context.Context, t trace, cause error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), outcomeWait)
	defer cancel()
	s.config.Log.Warn("a connection was lost during a commit; its outcome is looked up", "transaction", *t.xid, "err", cause)
	for pause := 20 * time.Millisecond; ; pause = min(2*pause, 500*time.Millisecond) {
		committed, err := s.committed(ctx, t)
		switch {
		case err == nil && committed:
			return nil
		case err == nil:
			return &plan.Error{Kind: plan.Unavailable, Code: "database-away", Cause: cause, Message: plan.Text{
				ID: "Sambungan ke basis data terputus. Tidak ada yang berubah; coba lagi.",
				EN: "The connection to the database was lost. Nothing was changed; try again.",
			}}
		}
		select {
		case <-ctx.Done():
			return &plan.Error{Kind: plan.Unavailable, Code: "outcome-unknown", Cause: errors.Join(cause, err), Message: plan.Text{
				ID: "Sambungan ke basis data terputus saat menyimpan, sehingga belum diketahui apakah suntingan tersimpan. Ulangi permintaan ini dengan Idempotency-Key yang sama, atau periksa datanya dahulu.",
				EN: "The connection to the database was lost while saving, and it is not known whether the edit was saved. Repeat this request with the same Idempotency-Key, or look at the data first.",
			}}
		case <-time.After(pause):
		}
	}
}

// committed asks once.
func (s *Store) committed(ctx context.Context, t trace) (bool, error) {
	conn, err := s.connect(ctx, adminSession)
	if err != nil {
		return false, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var status *string
	err = conn.QueryRow(ctx, sqlOutcome, *t.xid).Scan(&status)
	var pg *pgconn.PgError
	switch {
	case errors.As(err, &pg) && pg.Code == "22023":
		return false, nil // the crash forgot even the number
	case err != nil:
		return false, fmt.Errorf("ask for the status of a transaction: %w", err)
	case status == nil || *status == "in progress":
		return false, errUndecided
	case *status == "aborted":
		return false, nil
	}
	if t.layer == nil {
		return true, nil
	}
	var there bool
	err = conn.QueryRow(ctx, "select exists (select from "+tableOf(t.layer).history+
		" where id = $1 and revision = $2 and sys_from = $3 and sys_txid = $4::text::xid8)",
		t.made.ID, t.made.Revision, t.at, *t.xid).Scan(&there)
	if err != nil {
		return false, fmt.Errorf("look for a version: %w", err)
	}
	return there, nil
}
