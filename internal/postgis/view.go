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

// view runs f in a read-only transaction with one view of the database, once
// more where the first try fails since the server is restarting. f must not
// have sent anything to a client before it fails.
func (s *Store) view(ctx context.Context, pool *pgxpool.Pool, f func(pgx.Tx) error) error {
	var err error
	for try := range 3 {
		if err = s.viewOnce(ctx, pool, f); err == nil || !passing(err) || ctx.Err() != nil {
			break
		}
		// The idle connections are of the server that went away.
		pool.Reset()
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(50*(try+1)) * time.Millisecond):
		}
	}
	return readable(err)
}

func (s *Store) viewOnce(ctx context.Context, pool *pgxpool.Pool, f func(pgx.Tx) error) error {
	wait, cancel := context.WithTimeout(ctx, s.patience(pool))
	conn, err := pool.Acquire(wait)
	cancel()
	if err != nil {
		return err
	}
	defer conn.Release()
	return pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, f)
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
