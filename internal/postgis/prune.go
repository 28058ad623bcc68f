package postgis

import (
	"context"
	"fmt"
	"time"
)

// Prune forgets the rows of the change feed that are older than keep, and
// returns how many. History stays. A reader that was away for longer is told
// to load again, so keep is the longest absence that costs it nothing.
func (s *Store) Prune(ctx context.Context, keep time.Duration) (int64, error) {
	conn, err := s.connect(ctx, adminSession)
	if err != nil {
		return 0, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var n int64
	if err := conn.QueryRow(ctx, sqlPrune, keep).Scan(&n); err != nil {
		return 0, fmt.Errorf("prune the change feed: %w", explain(err))
	}
	return n, nil
}
