package postgis

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Setting reads what the database keeps under key into dst, as JSON. It
// reports false, and leaves dst as it is, where there is nothing.
func (s *Store) Setting(ctx context.Context, key string, dst any) (bool, error) {
	var raw []byte
	err := s.view(ctx, s.feed, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, sqlReadSetting, key).Scan(&raw)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, dst)
	}
	if err != nil {
		return false, fmt.Errorf("read the setting %s: %w", key, err)
	}
	return true, nil
}

// SetSetting keeps value under key, as JSON.
func (s *Store) SetSetting(ctx context.Context, key string, value any) error {
	raw, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("write the setting %s: %w", key, err)
	}
	err = s.change(ctx, s.edit, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, sqlWriteSetting, key, raw)
		return err
	})
	if err != nil {
		return fmt.Errorf("write the setting %s: %w", key, err)
	}
	return nil
}
