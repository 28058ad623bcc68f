package postgis

import (
	"context"
	"errors"
	"io"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/simtaru/simtaru/internal/plan"
)

// view runs f in a read-only transaction with one view of the database, again
// where it fails since the server is restarting. f must not have sent anything
// to a client before it fails.
func (s *Store) view(ctx context.Context, pool *pgxpool.Pool, f func(pgx.Tx) error) error {
	return readable(outlive(ctx, pool, func() (bool, error) { return true, s.viewOnce(ctx, pool, f) }))
}

func (s *Store) viewOnce(ctx context.Context, pool *pgxpool.Pool, f func(pgx.Tx) error) error {
	_, err := s.withConn(ctx, pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, thenCommit(ctx, f))
	return err
}

// change runs f in a transaction that may write, and commits it. Only its
// beginning is tried again: then nothing was sent that could happen twice.
func (s *Store) change(ctx context.Context, pool *pgxpool.Pool, f func(pgx.Tx) error) error {
	return readable(s.begin(ctx, pool, thenCommit(ctx, f)))
}

// begin is change for who commits in a way of its own; what f leaves open is
// rolled back.
func (s *Store) begin(ctx context.Context, pool *pgxpool.Pool, f func(pgx.Tx) error) error {
	return outlive(ctx, pool, func() (bool, error) {
		begun, err := s.withConn(ctx, pool, pgx.TxOptions{}, f)
		return !begun, err
	})
}

func thenCommit(ctx context.Context, f func(pgx.Tx) error) func(pgx.Tx) error {
	return func(tx pgx.Tx) error {
		if err := f(tx); err != nil {
			return err
		}
		return tx.Commit(ctx)
	}
}

// withConn takes a connection of the pool, waiting as long as it is patient,
// begins a transaction and runs f, which is to commit it. It tells whether f
// was run: a connection that died in the pool may be noticed only at BEGIN.
func (s *Store) withConn(ctx context.Context, pool *pgxpool.Pool, options pgx.TxOptions, f func(pgx.Tx) error) (begun bool, err error) {
	wait, cancel := context.WithTimeout(ctx, s.patience(pool))
	conn, err := pool.Acquire(wait)
	cancel()
	if err != nil {
		return false, err
	}
	defer conn.Release()
	tx, err := conn.BeginTx(ctx, options)
	if err != nil {
		return false, err
	}
	// After a commit this does nothing; where it fails, the connection is
	// closed, and that rolls back as well.
	defer func() { _ = tx.Rollback(ctx) }()
	return true, f(tx)
}

// outlive runs do, up to three times while it says that it may be run again
// and fails since the server is restarting.
func outlive(ctx context.Context, pool *pgxpool.Pool, do func() (again bool, err error)) error {
	for pause := 50 * time.Millisecond; ; pause += 50 * time.Millisecond {
		again, err := do()
		if err == nil || !again || !passing(err) || ctx.Err() != nil || pause > 100*time.Millisecond {
			return err
		}
		// The idle connections are of the server that went away.
		pool.Reset()
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// patience is how long to wait for a connection: a request gives up soon, so
// that its client hears of it; the feed has nobody waiting and no other work.
func (s *Store) patience(pool *pgxpool.Pool) time.Duration {
	if pool == s.feed {
		return max(s.config.Acquire, 5*time.Second)
	}
	return s.config.Acquire
}

// passing reports whether an error is of a restart or a lost connection: a
// read may be tried again.
func passing(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "57P01" || pg.Code == "57P02" || pg.Code == "57P03" || pg.Code[:2] == "08"
	}
	var connect *pgconn.ConnectError
	return errors.As(err, &connect) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || pgconn.SafeToRetry(err)
}

// Away reports whether an error says that the database is out of reach for
// now: it restarts, recovers from a crash, or the way to it is broken. One that
// answers and refuses, a wrong password among them, is there.
func Away(err error) bool {
	var answer *pgconn.PgError
	if err == nil || errors.As(err, &answer) {
		return err != nil && passing(err)
	}
	var known *plan.Error
	return passing(err) || errors.As(err, &known) && known.Code == "database-away"
}

// readable turns what a client should know of a failed read into a
// plan.Error; the rest stays as it is and is internal.
func readable(err error) error {
	var known *plan.Error
	if err == nil || errors.As(err, &known) || errors.Is(err, context.Canceled) {
		return err
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "57014" {
		return &plan.Error{Kind: plan.Unavailable, Code: "too-slow", Cause: err, Message: plan.Text{
			ID: "Permintaan ini terlalu berat untuk dijawab sekarang. Persempit wilayah atau syaratnya.",
			EN: "This request is too heavy to answer now. Narrow its area or its conditions.",
		}}
	}
	if passing(err) || errors.Is(err, context.DeadlineExceeded) {
		return &plan.Error{Kind: plan.Unavailable, Code: "database-away", Cause: err, Message: plan.Text{
			ID: "Basis data sedang tidak dapat dihubungi. Coba lagi sebentar lagi.",
			EN: "The database cannot be reached at the moment. Try again shortly.",
		}}
	}
	return err
}
