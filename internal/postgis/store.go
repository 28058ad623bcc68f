package postgis

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/simtaru/simtaru/internal/plan"
)

// Config says which database and how much of it may be used. Only DSN is
// needed.
type Config struct {
	// DSN is a URL or keyword/value string of a login that owns the database or
	// is a member of the role that does: nobody else may name whom it acts for.
	DSN string
	// Acquire is how long a request waits for a free connection. Default 250 ms.
	Acquire time.Duration
	// ReadConns, EditConns and FeedConns bound the pools, so that one kind of
	// work cannot starve another. Defaults 8, 8 and 4.
	ReadConns, EditConns, FeedConns int32
	// PeopleConns bounds the pool that checks logins. Default 4.
	PeopleConns int32
	// SenderConns bounds the pool by which strangers follow what they sent, and
	// all look at photos and contacts; sending does not need it. Default 2.
	SenderConns int32
	// Log is told what a caller cannot be; nil discards.
	Log *slog.Logger
}

// Store is the plan in PostGIS. Its methods are safe for concurrent use.
type Store struct {
	config Config
	dsn    *pgx.ConnConfig
	// read answers the public, edit writes, feed follows changes and reads
	// declarations, people checks logins, senders finds what strangers sent.
	read, edit, feed, people, senders *pgxpool.Pool
	listener                          listener
	// declared is the catalogue that Commit makes its statements from.
	declared atomic.Pointer[plan.Catalog]
}

// Open checks that the database answers and makes the pools. The caller closes
// the store. A fresh database needs Migrate next.
func Open(ctx context.Context, config Config) (*Store, error) {
	if config.Acquire == 0 {
		config.Acquire = 250 * time.Millisecond
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	dsn, err := pgx.ParseConfig(config.DSN)
	if err != nil {
		return nil, fmt.Errorf("read the address of the database: %w", err)
	}
	s := &Store{config: config, dsn: dsn}
	for _, p := range []struct {
		pool     **pgxpool.Pool
		session  session
		n, usual int32
	}{
		{&s.read, readSession, config.ReadConns, 8},
		{&s.edit, editSession, config.EditConns, 8},
		{&s.feed, feedSession, config.FeedConns, 4},
		{&s.people, peopleSession, config.PeopleConns, 4},
		{&s.senders, sendersSession, config.SenderConns, 2},
	} {
		if p.n == 0 {
			p.n = p.usual
		}
		if *p.pool, err = s.pool(ctx, p.session, p.n); err != nil {
			s.Close()
			return nil, err
		}
	}
	conn, err := s.connect(ctx, adminSession)
	if err != nil {
		s.Close()
		return nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if err := s.warn(ctx, conn); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Close ends all connections.
func (s *Store) Close() {
	for _, p := range []*pgxpool.Pool{s.read, s.edit, s.feed, s.people, s.senders} {
		if p != nil {
			p.Close()
		}
	}
	s.listener.close()
}

// pool makes a pool whose connections are opened when they are first needed.
func (s *Store) pool(ctx context.Context, session session, n int32) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(s.config.DSN)
	if err != nil {
		return nil, fmt.Errorf("read the address of the database: %w", err)
	}
	config.MaxConns = n
	config.MaxConnIdleTime = 5 * time.Minute
	config.AfterConnect = session.setUp
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("make the pool %s: %w", session.name, err)
	}
	return pool, nil
}

// connect opens a connection outside the pools, for what takes long or holds
// state.
func (s *Store) connect(ctx context.Context, session session) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, s.dsn.Copy())
	if err != nil {
		return nil, &plan.Error{Kind: plan.Unavailable, Code: "database-away", Cause: err, Message: plan.Text{
			ID: "Basis data tidak dapat dihubungi.", EN: "the database cannot be reached",
		}}
	}
	if err := session.setUp(ctx, conn); err != nil {
		conn.Close(context.WithoutCancel(ctx))
		return nil, err
	}
	return conn, nil
}

// warn says loudly what lets a crash, or a colleague, undo committed edits.
func (s *Store) warn(ctx context.Context, conn *pgx.Conn) error {
	for _, name := range []string{"fsync", "full_page_writes", "synchronous_commit"} {
		var value string
		if err := conn.QueryRow(ctx, "select current_setting($1)", name).Scan(&value); err != nil {
			return fmt.Errorf("read the setting %s: %w", name, err)
		}
		if value == "off" {
			s.config.Log.Warn("PostgreSQL may lose committed edits in a crash", "setting", name, "value", value)
		}
	}
	var tracked string
	if err := conn.QueryRow(ctx, "select current_setting('track_commit_timestamp')").Scan(&tracked); err != nil {
		return fmt.Errorf("read the setting track_commit_timestamp: %w", err)
	}
	if tracked == "off" {
		s.config.Log.Warn("of two planners who edit in QGIS at the same time the later may overwrite the other; switch track_commit_timestamp on and start PostgreSQL again",
			"setting", "track_commit_timestamp", "value", tracked)
	}
	return nil
}
