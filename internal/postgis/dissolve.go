package postgis

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
)

// dissolveSQL unites features by the beginning of a text.
func dissolveSQL(layer *plan.Layer, field string, length int) (*statement, error) {
	if f, ok := layer.Field(field); !ok || f.Type != plan.TextField {
		return nil, fmt.Errorf("layer %s has no text field %q", layer.ID, field)
	}
	s := new(statement)
	column := pgx.Identifier{field}.Sanitize()
	s.WriteString("select left(" + column + ", " + s.bind(length) + "::int) as area, st_asewkb(st_multi(st_collectionextract(st_union(geom), 3)))" +
		" from " + tableOf(layer).live + " where geom is not null and " + column + " is not null group by area order by area")
	return s, nil
}

// Dissolve unites the present polygons of a layer whose text in a field begins
// with the same length characters, by that beginning. A few hundred polygons
// take about a second.
func (s *Store) Dissolve(ctx context.Context, layer *plan.Layer, field string, length int) (map[string]orb.MultiPolygon, error) {
	sql, err := dissolveSQL(layer, field, length)
	if err != nil {
		return nil, err
	}
	var out map[string]orb.MultiPolygon
	err = s.view(ctx, s.read, func(tx pgx.Tx) error {
		out = map[string]orb.MultiPolygon{}
		rows, err := tx.Query(ctx, sql.String(), sql.args...)
		if err != nil {
			return err
		}
		var area string
		var shape []byte
		_, err = pgx.ForEachRow(rows, []any{&area, &shape}, func() error {
			g, _, err := geo.DecodeEWKB(shape, geo.Limits{})
			if err != nil {
				return fmt.Errorf("area %s: %w", area, err)
			}
			out[area], _ = g.(orb.MultiPolygon)
			return nil
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("dissolve %s: %w", layer.ID, err)
	}
	return out, nil
}
