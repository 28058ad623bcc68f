package postgis

import (
	"context"
	"encoding/json"
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

// trace is how a transaction is found again: by its number, which after a crash
// may be given once more, and a change that it recorded.
type trace struct {
	xid    *string
	change *int64
}

// lostCommit is a commit of which nobody knows whether it happened.
type lostCommit struct {
	trace
	cause error
}

func (e *lostCommit) Error() string { return "the commit was interrupted: " + e.cause.Error() }

func (e *lostCommit) Unwrap() error { return e.cause }

// commit ends the transaction. Before that the server, as itself, notes how to
// find it again, and stores the result of a request that must not happen twice:
// editors have no business with that table. It costs one round trip.
func (c *committing) commit(ctx context.Context, tx pgx.Tx) error {
	result, err := json.Marshal(c.done)
	if err != nil {
		return fmt.Errorf("keep the result of a request: %w", err)
	}
	var t trace
	b := &pgx.Batch{}
	b.Queue("select set_config('role', 'none', true)")
	b.Queue(sqlTrace).QueryRow(func(row pgx.Row) error { return row.Scan(&t.xid, &t.change) })
	if c.once.Key != "" {
		b.Queue(sqlKeepResult, c.actor.Name, c.once.Key, result)
	}
	b.Queue("select set_config('role', $1, true)", roleOf(c.actor))
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("note the edits: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitWait)
	defer cancel()
	err = tx.Commit(ctx)
	if err == nil || refusedToCommit(err) || t.xid == nil {
		return err
	}
	return &lostCommit{t, err}
}

// refusedToCommit reports whether an error says that nothing was committed.
// Only the server can say so: pgx calls a commit safe to repeat ("conn closed")
// of which merely the answer was lost.
func refusedToCommit(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.SeverityUnlocalized == "ERROR"
	}
	return errors.Is(err, pgx.ErrTxCommitRollback)
}

// errUndecided says that the transaction has not ended yet.
var errUndecided = errors.New("the transaction has not ended yet")

// outcome finds out on a new connection whether a transaction was committed;
// nil says that it was. It does not end with the request: its answer matters
// to whoever asks next, too.
func (s *Store) outcome(ctx context.Context, lost *lostCommit) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), outcomeWait)
	defer cancel()
	s.config.Log.Warn("a connection was lost during a commit; its outcome is looked up", "transaction", *lost.xid, "err", lost.cause)
	for pause := 20 * time.Millisecond; ; pause = min(2*pause, 500*time.Millisecond) {
		committed, err := s.committed(ctx, lost.trace)
		switch {
		case err == nil && committed:
			return nil
		case err == nil && errors.Is(lost.cause, context.DeadlineExceeded):
			// It was given up here: trying again takes as long.
			return &plan.Error{Kind: plan.Unavailable, Code: "too-slow", Cause: lost.cause, Message: plan.Text{
				ID: fmt.Sprintf("Penyimpanan dihentikan setelah %d detik karena terlalu berat. Tidak ada yang berubah; bagilah suntingan ini.", int(commitWait.Seconds())),
				EN: fmt.Sprintf("Saving was given up after %d seconds: it is too heavy. Nothing was changed; divide the edit.", int(commitWait.Seconds())),
			}}
		case err == nil:
			return &plan.Error{Kind: plan.Unavailable, Code: "database-away", Cause: lost.cause, Message: plan.Text{
				ID: "Sambungan ke basis data terputus. Tidak ada yang berubah; coba lagi.",
				EN: "The connection to the database was lost. Nothing was changed; try again.",
			}}
		}
		select {
		case <-ctx.Done():
			return &plan.Error{Kind: plan.Unavailable, Code: "outcome-unknown", Cause: errors.Join(lost.cause, err), Message: plan.Text{
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
	var there bool
	err = conn.QueryRow(ctx, sqlOutcome, *t.xid, t.change).Scan(&status, &there)
	var pg *pgconn.PgError
	switch {
	case errors.As(err, &pg) && pg.Code == "22023":
		return false, nil // the crash forgot even the number
	case err != nil:
		return false, fmt.Errorf("ask for the outcome of a transaction: %w", err)
	case status == nil || *status == "in progress":
		return false, errUndecided
	}
	return *status == "committed" && (there || t.change == nil), nil
}
