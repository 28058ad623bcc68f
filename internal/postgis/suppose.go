package postgis

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/plan"
)

// CheckGeometries refuses the geometries, in degrees, that a commit of the edits
// would refuse as they stand: *plan.Faults names the first by the words of that
// commit. Nothing is changed, and edits without a geometry are not asked about.
// It costs one exchange with the database, and what it computes grows as the
// square of the vertices at worst: 20,000 of them take two seconds.
func (s *Store) CheckGeometries(ctx context.Context, edits []plan.Edit) error {
	batch := new(pgx.Batch)
	var asked []int
	refuse := func(i int, e *plan.Error) error {
		return &plan.Faults{List: []plan.Fault{{Index: i, Layer: edits[i].Layer, ID: edits[i].ID, Err: e}}, Cut: i+1 < len(edits)}
	}
	for i := range edits {
		if edits[i].Geometry == nil {
			continue
		}
		b, e := encoded(edits[i].Geometry)
		if e != nil {
			return refuse(i, e)
		}
		batch.Queue(sqlCheckGeometry, b)
		asked = append(asked, i)
	}
	if len(asked) == 0 {
		return nil
	}
	return s.view(ctx, s.read, func(tx pgx.Tx) error {
		told := tx.SendBatch(ctx, batch)
		defer func() { _ = told.Close() }() // what it could say Exec has said
		for _, i := range asked {
			if _, err := told.Exec(); err != nil {
				if e := refusalOf(err); e != nil {
					return refuse(i, e)
				}
				return err
			}
		}
		return nil
	})
}
