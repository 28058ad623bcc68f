package postgis

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/simtaru/simtaru/internal/plan"
)

// errReplayed ends a transaction whose work an earlier request has done.
var errReplayed = errors.New("the request was carried out before")

// claim takes the key of a request that must not happen twice. Who comes
// second waits here until the first has ended: if that one committed, its
// result is the answer, and if not, the key is free.
func (c *committing) claim(ctx context.Context, tx pgx.Tx) error {
	tag, err := tx.Exec(ctx, sqlClaimKey, c.actor.Name, c.once.Key, c.once.Fingerprint)
	if err != nil {
		var pg *pgconn.PgError
		if errors.As(err, &pg) && pg.Code == "55P03" {
			return &plan.Error{Kind: plan.Conflict, Code: "still-running", Cause: err, Message: plan.Text{
				ID: "Permintaan dengan Idempotency-Key ini masih dikerjakan. Tunggu sebentar lalu ulangi.",
				EN: "A request with this Idempotency-Key is still being carried out. Wait a moment and repeat it.",
			}}
		}
		return fmt.Errorf("claim the key of a request: %w", err)
	}
	if tag.RowsAffected() == 1 {
		return nil
	}
	var fingerprint string
	var result []byte
	if err := tx.QueryRow(ctx, sqlReadKey, c.actor.Name, c.once.Key).Scan(&fingerprint, &result); err != nil {
		return fmt.Errorf("read the result of a request: %w", err)
	}
	if fingerprint != c.once.Fingerprint {
		return &plan.Error{Kind: plan.Unprocessable, Code: "idempotency-key-reused", At: "Idempotency-Key", Message: plan.Text{
			ID: "Idempotency-Key ini sudah dipakai untuk permintaan lain. Pakai kunci baru untuk setiap permintaan baru.",
			EN: "This Idempotency-Key was used for another request. Take a new key for each new request.",
		}}
	}
	if err := json.Unmarshal(result, &c.done); err != nil {
		return fmt.Errorf("read the result of a request: %w", err)
	}
	return errReplayed
}
