package cluster

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Database makes the database called name where there is none, and returns
// its address as DSN does.
func (c *Cluster) Database(ctx context.Context, name string) (string, error) {
	conn, err := pgx.Connect(ctx, c.DSN("postgres"))
	if err != nil {
		return "", fmt.Errorf("connect to the managed PostgreSQL: %w", err)
	}
	defer conn.Close(ctx)
	var exists bool
	err = conn.QueryRow(ctx, "select exists (select from pg_database where datname = $1)", name).Scan(&exists)
	if err != nil {
		return "", fmt.Errorf("look for the database %s: %w", name, err)
	}
	if !exists {
		// The lock of the data directory keeps others from making it meanwhile.
		if _, err := conn.Exec(ctx, "create database "+pgx.Identifier{name}.Sanitize()); err != nil {
			return "", fmt.Errorf("make the database %s: %w", name, err)
		}
	}
	return c.DSN(name), nil
}
