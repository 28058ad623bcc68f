package postgis

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/simtaru/simtaru/internal/plan"
)

// loaders is how many connections read layers at the same time.
const loaders = 2

// batch is how many features are emitted together.
const batch = 1000

// Load emits every feature of the layers as of one snapshot, in batches of
// ascending id, and returns the snapshot's position. Batches of one layer come
// one after the other; those of different layers may come at the same time.
func (s *Store) Load(ctx context.Context, layers []*plan.Layer, emit func(*plan.Layer, []*plan.Feature) error) (plan.Position, error) {
	var at plan.Position
	err := s.view(ctx, s.feed, func(tx pgx.Tx) error {
		var p position
		var snapshot string
		if err := p.current(ctx, tx); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, "select pg_export_snapshot()").Scan(&snapshot); err != nil {
			return fmt.Errorf("export the snapshot: %w", err)
		}
		work, err := bySize(ctx, tx, layers)
		if err != nil {
			return err
		}
		at = p.encode()
		return s.loadAll(ctx, snapshot, work, emit)
	})
	return at, err
}

// bySize puts the large layers first, so that the last one to be read is not
// the largest.
func bySize(ctx context.Context, tx pgx.Tx, layers []*plan.Layer) (chan *plan.Layer, error) {
	names := make([]string, len(layers))
	byID := make(map[string]*plan.Layer, len(layers))
	for i, l := range layers {
		names[i], byID[l.ID] = l.ID, l
	}
	rows, err := tx.Query(ctx, `select n from unnest($1::text[]) n order by pg_table_size(format('plan.%I', n)::regclass) desc, n`, names)
	if err != nil {
		return nil, fmt.Errorf("compare the sizes of layers: %w", err)
	}
	sorted, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("compare the sizes of layers: %w", err)
	}
	work := make(chan *plan.Layer, len(sorted))
	for _, n := range sorted {
		work <- byID[n]
	}
	close(work)
	return work, nil
}

func (s *Store) loadAll(ctx context.Context, snapshot string, work <-chan *plan.Layer, emit func(*plan.Layer, []*plan.Feature) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for range loaders {
		g.Go(func() error {
			return s.viewOnce(ctx, s.feed, func(tx pgx.Tx) error {
				// SET takes no parameters; the name is PostgreSQL's own.
				if _, err := tx.Exec(ctx, "set transaction snapshot '"+strings.ReplaceAll(snapshot, "'", "''")+"'"); err != nil {
					return fmt.Errorf("join the snapshot: %w", err)
				}
				for layer := range work {
					if err := loadLayer(ctx, tx, layer, emit); err != nil {
						return fmt.Errorf("layer %s: %w", layer.ID, err)
					}
				}
				return nil
			})
		})
	}
	return g.Wait()
}

func loadLayer(ctx context.Context, tx pgx.Tx, layer *plan.Layer, emit func(*plan.Layer, []*plan.Feature) error) error {
	rows, err := tx.Query(ctx, "select "+featureColumns(layer)+" from "+tableOf(layer).live+" order by id", binaryFormat)
	if err != nil {
		return err
	}
	defer rows.Close()
	read := newFeatureReader(layer)
	features := make([]*plan.Feature, 0, batch)
	for rows.Next() {
		f, err := read.read(rows.RawValues())
		if err != nil {
			return err
		}
		if features = append(features, f); len(features) == batch {
			if err := emit(layer, features); err != nil {
				return err
			}
			features = make([]*plan.Feature, 0, batch)
		}
	}
	if err := rows.Err(); err != nil || len(features) == 0 {
		return err
	}
	return emit(layer, features)
}
