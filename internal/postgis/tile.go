package postgis

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/tiles"
)

// tileSQL builds one tile of several layers. The envelope is transformed for
// the index, not the column; the geometry is transformed after it was found.
func tileSQL(layers []*plan.Layer, id tiles.ID, q plan.Query) (*statement, error) {
	s := new(statement)
	z, x, y := s.bind(int(id.Z)), s.bind(int(id.X)), s.bind(int(id.Y))
	envelope := fmt.Sprintf("st_tileenvelope(%s, %s, %s)", z, x, y)
	reach := fmt.Sprintf("st_transform(st_tileenvelope(%s, %s, %s, margin => 64.0 / 4096), 4326)", z, x, y)
	parts := make([]string, len(layers))
	for i, layer := range layers {
		conds, err := s.conditions(layer, plan.Query{Where: q.Where})
		if err != nil {
			return nil, err
		}
		from, version := s.source(layer, q.At)
		conds = append(append(version, conds...), "geom && "+reach)
		parts[i] = fmt.Sprintf(`coalesce((
select st_asmvt(t, %s, 4096, 'geom', 'id') from (
  select %s, st_asmvtgeom(st_transform(geom, 3857), %s, 4096, 64, true) as geom
  from %s where %s order by id
) t where geom is not null), ''::bytea)`,
			s.bind(layer.ID), tileColumns(layer, int(id.Z)), envelope, from, strings.Join(conds, " and "))
	}
	s.WriteString("select " + strings.Join(parts, " || "))
	return s, nil
}

// tileColumns lists the id and the attributes that tiles carry at a zoom.
func tileColumns(layer *plan.Layer, zoom int) string {
	columns := []string{"id"}
	for _, f := range layer.Fields {
		if f.Tiles == nil || *f.Tiles > zoom {
			continue
		}
		name := pgx.Identifier{f.Name}.Sanitize()
		switch f.Type {
		case plan.DateField:
			name += "::text as " + name
		case plan.TimestampField:
			name = `to_char(` + name + ` at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as ` + name
		default:
		}
		columns = append(columns, name)
	}
	return strings.Join(columns, ", ")
}

// Tile makes a vector tile in the database, of what the public may read: with
// the layers in the order given, and the versions and conditions of q.At and
// q.Where. It takes as long as PostGIS does.
func (s *Store) Tile(ctx context.Context, layers []*plan.Layer, id tiles.ID, q plan.Query) ([]byte, error) {
	sql, err := tileSQL(layers, id, q)
	if err != nil {
		return nil, err
	}
	var tile []byte
	err = s.view(ctx, s.read, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, sql.String(), sql.args...).Scan(&tile); err != nil {
			return fmt.Errorf("make the tile %s: %w", id, err)
		}
		return nil
	})
	return tile, err
}
