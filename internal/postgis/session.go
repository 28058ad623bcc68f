package postgis

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// session is how a connection behaves. It is set by one statement after
// connecting and not by start-up parameters, which poolers refuse.
type session struct {
	name string
	// role that the connection acts as; empty: the login itself.
	role string
	// readOnly refuses writes.
	readOnly bool
	// statement and lock end what takes longer; 0 never.
	statement, lock time.Duration
}

// The sessions of the store. Answers to the public are read by a role that may
// do nothing else, and never wait behind edits or administration.
var (
	readSession  = session{name: "read", role: "simtaru_reader", readOnly: true, statement: 10 * time.Second, lock: time.Second}
	feedSession  = session{name: "feed", role: "simtaru_reader", readOnly: true}
	editSession  = session{name: "edit", statement: 2 * time.Minute, lock: 5 * time.Second}
	adminSession = session{name: "admin", lock: time.Minute}
	// What logins are checked against is for nobody but the server's own login.
	peopleSession = session{name: "people", statement: 5 * time.Second, lock: 2 * time.Second}
	// What citizens sent is for nobody else either, and strangers ask for it: they
	// must not use up what logins need.
	sendersSession = session{name: "senders", readOnly: true, statement: 5 * time.Second, lock: 2 * time.Second}
)

//go:embed sql/session.sql
var sqlSession string

// setUp makes conn behave as s says.
func (s session) setUp(ctx context.Context, conn *pgx.Conn) error {
	role, readOnly := s.role, "off"
	if role == "" {
		role = "none"
	}
	if s.readOnly {
		readOnly = "on"
	}
	milliseconds := func(d time.Duration) string { return fmt.Sprint(d.Milliseconds()) }
	if _, err := conn.Exec(ctx, sqlSession, "simtaru "+s.name, milliseconds(s.statement), milliseconds(s.lock), readOnly, role); err != nil {
		return fmt.Errorf("set up a database session: %w", err)
	}
	return nil
}
