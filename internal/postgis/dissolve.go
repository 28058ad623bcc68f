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
func dissolveSQL(layer *plan.Layer, field string, length int, at *plan.Interval) (*statement, error) {
	if f, ok := layer.Field(field); !ok || f.Type != plan.TextField {
		return nil, fmt.Errorf("layer %s has no text field %q", layer.ID, field)
	}
	s := new(statement)
	column := pgx.Identifier{field}.Sanitize()
	from, version := s.source(layer, at)
	s.WriteString("select left(" + column + ", " + s.bind(length) + "::int) as area, st_asewkb(st_multi(st_collectionextract(st_union(geom), 3))) from " + from)
	s.where(append(version, "geom is not null", column+" is not null"))
	s.WriteString(" group by area order by area")
	return s, nil
}

// Dissolve unites the polygons of a layer, present ones where at is nil, whose
// text in a field begins with the same length characters, by that beginning. A few hundred polygons
// take about a second.
func (s *Store) Dissolve(ctx context.Context, layer *plan.Layer, field string, length int, at *plan.Interval) (map[string]orb.MultiPolygon, error) {
	sql, err := dissolveSQL(layer, field, length, at)
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
