package postgis

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/plan"
)

// statement is SQL in the making: text and the values bound to it.
type statement struct {
	strings.Builder
	args []any
}

// bind adds a value and returns its placeholder.
func (s *statement) bind(v any) string {
	s.args = append(s.args, v)
	return "$" + strconv.Itoa(len(s.args))
}

// source is what a query reads, and which of its rows: the present table, or
// from history the latest version of each feature that was current in the
// span. The later version is looked for by primary key, so that a box still
// finds its features by the index.
func (s *statement) source(layer *plan.Layer, at *plan.Interval) (from string, conds []string) {
	if at == nil {
		return tableOf(layer).live + " as version", nil
	}
	conds = []string{"version.sys_op <> 'delete'"}
	later := []string{"later.id = version.id", "later.revision > version.revision", "later.sys_op <> 'delete'"}
	if !at.Until.IsZero() {
		until := s.bind(at.Until)
		conds = append(conds, "version.sys_from <= "+until)
		later = append(later, "later.sys_from <= "+until)
	}
	if !at.From.IsZero() {
		// A version that ended at the very moment was no longer current.
		conds = append(conds, "(version.sys_to is null or version.sys_to > "+s.bind(at.From)+")")
	}
	history := tableOf(layer).history
	// At one moment one version is current.
	if at.From.IsZero() || !at.From.Equal(at.Until) {
		conds = append(conds, "not exists (select from "+history+" as later where "+strings.Join(later, " and ")+")")
	}
	return history + " as version", conds
}

// box is a geometry for a box. Without width or height it is a line or a
// point: GEOS calls such a polygon invalid and finds little with it.
func (s *statement) box(b orb.Bound) string {
	corner := func(p orb.Point) string {
		return fmt.Sprintf("st_setsrid(st_makepoint(%s, %s), 4326)", s.bind(p[0]), s.bind(p[1]))
	}
	switch {
	case b.Min == b.Max:
		return corner(b.Min)
	case b.Min[0] == b.Max[0] || b.Min[1] == b.Max[1]:
		return fmt.Sprintf("st_makeline(%s, %s)", corner(b.Min), corner(b.Max))
	default:
		return fmt.Sprintf("st_makeenvelope(%s, %s, %s, %s, 4326)", s.bind(b.Min[0]), s.bind(b.Min[1]), s.bind(b.Max[0]), s.bind(b.Max[1]))
	}
}

// conditions lists what a query asks of each feature.
func (s *statement) conditions(layer *plan.Layer, q plan.Query) ([]string, error) {
	var conds []string
	if q.ID != 0 {
		// In history the index for it is the primary key.
		conds = append(conds, "id = "+s.bind(q.ID))
	}
	if q.Boxes != nil {
		boxes := make([]string, len(q.Boxes))
		for i, b := range q.Boxes {
			box := s.box(b)
			boxes[i] = fmt.Sprintf("(geom && %s and st_intersects(geom, %s))", box, box)
		}
		conds = append(conds, "("+strings.Join(append(boxes, "false"), " or ")+")")
	}
	for _, w := range q.Where {
		f, ok := layer.Field(w.Field)
		if !ok {
			return nil, fmt.Errorf("layer %s has no field %q", layer.ID, w.Field)
		}
		v := w.Value
		if d, ok := v.(plan.Date); ok {
			v = string(d)
		}
		cast := map[plan.FieldType]string{
			plan.TextField: "text", plan.IntegerField: "int8", plan.NumberField: "float8",
			plan.BooleanField: "bool", plan.DateField: "date", plan.TimestampField: "timestamptz",
		}[f.Type]
		if f.Type == plan.DateField {
			cast = "text::date"
		}
		conds = append(conds, pgx.Identifier{f.Name}.Sanitize()+" = "+s.bind(v)+"::"+cast)
	}
	return conds, nil
}

func (s *statement) where(conds []string) {
	if len(conds) > 0 {
		s.WriteString(" where " + strings.Join(conds, " and "))
	}
}

// countSQL counts all features that q selects.
func countSQL(layer *plan.Layer, q plan.Query) (*statement, error) {
	s := new(statement)
	from, version := s.source(layer, q.At)
	conds, err := s.conditions(layer, q)
	s.WriteString("select count(*) from " + from)
	s.where(append(version, conds...))
	return s, err
}

// pageSQL selects one page and one feature more, which tells whether there is
// another page.
func pageSQL(layer *plan.Layer, q plan.Query) (*statement, error) {
	s := new(statement)
	from, version := s.source(layer, q.At)
	conds, err := s.conditions(layer, q)
	s.WriteString("select " + featureColumns(layer) + " from " + from)
	s.where(append(append(version, conds...), "id > "+s.bind(q.After)))
	s.WriteString(" order by id limit " + s.bind(q.Limit+1))
	return s, err
}

// Features answers a query from the database, with what the public may read:
// the past, and layers that are not in memory. The answer is the same as the
// mirror's for the same state; a differential test holds both together.
func (s *Store) Features(ctx context.Context, layer *plan.Layer, q plan.Query) (plan.Page, error) {
	count, err := countSQL(layer, q)
	if err != nil {
		return plan.Page{}, err
	}
	page, err := pageSQL(layer, q)
	if err != nil {
		return plan.Page{}, err
	}
	var out plan.Page
	err = s.view(ctx, s.read, func(tx pgx.Tx) error {
		out = plan.Page{AsOf: time.Now()}
		if err := tx.QueryRow(ctx, count.String(), count.args...).Scan(&out.Matched); err != nil {
			return fmt.Errorf("count features of %s: %w", layer.ID, err)
		}
		rows, err := tx.Query(ctx, page.String(), append([]any{binaryFormat}, page.args...)...)
		if err != nil {
			return fmt.Errorf("read features of %s: %w", layer.ID, err)
		}
		if out.Features, err = collectFeatures(rows, layer); err != nil {
			return fmt.Errorf("read features of %s: %w", layer.ID, err)
		}
		if len(out.Features) > q.Limit {
			out.Features = out.Features[:q.Limit]
			out.Next = out.Features[q.Limit-1].ID
		}
		return nil
	})
	return out, err
}
