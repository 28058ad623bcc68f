package postgis

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/plan"
)

// historyBytes bounds the geometries of one answer of History, as the wire has
// them.
const historyBytes = 32 << 20

// History returns the versions of a feature, newest first, deletions included:
// at most limit, of revisions below beforeRevision unless that is 0. Of a
// feature that never was there are none. Where geometries are large there may
// be fewer than limit, but two wherever there are two; the last of all has
// revision 1.
func (s *Store) History(ctx context.Context, layer *plan.Layer, id, beforeRevision int64, limit int) ([]plan.Version, error) {
	sql := versionSQL(layer) + " where id = $1 and ($2 = 0::int8 or revision < $2) order by revision desc limit $3"
	var out []plan.Version
	err := s.view(ctx, s.read, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sql, binaryFormat, id, beforeRevision, limit)
		if err == nil {
			out, err = collectVersions(rows, layer)
		}
		if err != nil {
			return fmt.Errorf("read the history of %s %d: %w", layer.ID, id, err)
		}
		return nil
	})
	return out, err
}

// Version returns one version of a feature, and plan.NotFound where there is
// none of that revision.
func (s *Store) Version(ctx context.Context, layer *plan.Layer, id, revision int64) (plan.Version, error) {
	sql := versionSQL(layer) + " where id = $1 and revision = $2"
	var found []plan.Version
	err := s.view(ctx, s.read, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sql, binaryFormat, id, revision)
		if err == nil {
			found, err = collectVersions(rows, layer)
		}
		if err != nil {
			return fmt.Errorf("read revision %d of %s %d: %w", revision, layer.ID, id, err)
		}
		return nil
	})
	if err != nil {
		return plan.Version{}, err
	}
	if len(found) == 0 {
		return plan.Version{}, &plan.Error{Kind: plan.NotFound, Code: "no-such-version", Message: plan.Text{
			ID: fmt.Sprintf("Objek %d tidak punya versi %d.", id, revision),
			EN: fmt.Sprintf("The feature %d has no version %d.", id, revision),
		}}
	}
	return found[0], nil
}

// versionSQL selects versions: a feature as it was, what made it, and when it
// ended. A deletion is current never; it ends where the feature comes back.
func versionSQL(layer *plan.Layer) string {
	history := tableOf(layer).history
	return "select " + featureColumns(layer) + `, sys_op, case when sys_op <> 'delete' then sys_to else (
  select next.sys_from from ` + history + ` as next where next.id = version.id and next.revision = version.revision + 1) end
from ` + history + " as version"
}

func collectVersions(rows pgx.Rows, layer *plan.Layer) ([]plan.Version, error) {
	defer rows.Close()
	read := newFeatureReader(layer)
	var out []plan.Version
	size := 0
	for rows.Next() {
		raw := rows.RawValues()
		if size += len(raw[4]); size > historyBytes && len(out) >= 2 {
			break
		}
		f, err := read.read(raw)
		if err != nil {
			return nil, err
		}
		v := plan.Version{Feature: f, Op: plan.Op(raw[len(raw)-2])}
		if until := raw[len(raw)-1]; until != nil {
			v.Until = timestamp(until)
		}
		out = append(out, v)
	}
	rows.Close()
	return out, rows.Err()
}
