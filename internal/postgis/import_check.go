package postgis

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/exchange"
	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
)

// sqlRepair mends the staged rows whose numbers are $1, as far as
// ST_MakeValid can to the type $2 of ST_CollectionExtract (2 lines, 3 polygons) within $3 vertices.
//
//go:embed sql/import_repair.sql
var sqlRepair string

// Check sets aside the staged rows with an invalid geometry, or mends them,
// and those whose value must be unique and is not. GEOS sees nothing here
// that the caps on vertices did not pass.
func (im *importing) Check(ctx context.Context, found func(*exchange.Problem) error) error {
	invalid, err := im.invalid(ctx)
	if err != nil {
		return err
	}
	if im.Repair && len(invalid) > 0 {
		if err := im.repair(ctx, invalid); err != nil {
			return err
		}
	}
	if err := im.setAside(ctx, invalid, found); err != nil {
		return err
	}
	for i := range im.Layer.Fields {
		f := &im.Layer.Fields[i]
		if !f.Unique {
			continue
		}
		for _, find := range []func(context.Context, *plan.Field) ([]exchange.Problem, error){im.repeated, im.taken} {
			problems, err := find(ctx, f)
			if err != nil {
				return err
			}
			if err := im.setAside(ctx, problems, found); err != nil {
				return err
			}
		}
	}
	return nil
}

// setAside reports problems and marks the rows of those that are refused.
func (im *importing) setAside(ctx context.Context, problems []exchange.Problem, found func(*exchange.Problem) error) error {
	var refused []int64
	for i := range problems {
		if problems[i].Action == exchange.Refused {
			refused = append(refused, problems[i].Feature)
		}
		if err := found(&problems[i]); err != nil {
			return err
		}
	}
	if len(refused) == 0 {
		return nil
	}
	if _, err := im.tx.Exec(ctx, "update pg_temp.import_staging set _bad = true where _feature = any($1)", refused); err != nil {
		return fmt.Errorf("set rows aside: %w", err)
	}
	return nil
}

// entangled is the code of a geometry that would keep GEOS busy for minutes:
// it is neither examined nor repaired.
const entangled = "geometry-too-large"

// invalid lists the rows whose geometry GEOS calls invalid, with the place
// that it names, and those that GEOS must not see.
func (im *importing) invalid(ctx context.Context) ([]exchange.Problem, error) {
	rows, err := im.tx.Query(ctx, "select "+problemColumns+`,
		coalesce(d.reason, 'invalid'), coalesce(simtaru.geometry_fault_id(d.reason), 'tidak sah'),
		case when d.location is not null then array[st_x(d.location), st_y(d.location)] end, t.tangled
		from pg_temp.import_staging s,
			lateral (select simtaru.too_entangled(s.geom) as tangled) t,
			lateral st_isvaliddetail(case when not t.tangled then s.geom end) d
		where t.tangled or not d.valid order by s._feature`)
	if err != nil {
		return nil, fmt.Errorf("check geometries: %w", explain(err))
	}
	problems, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (exchange.Problem, error) {
		p := exchange.Problem{Action: exchange.Refused, Code: "geometry-invalid", Field: "geometry"}
		var reason, reasonID string
		var place []float64
		var tangled bool
		if err := scanProblem(row, &p, &reason, &reasonID, &place, &tangled); err != nil {
			return p, err
		}
		if tangled {
			p.Code, p.Message = entangled, plan.Text{
				ID: "Geometri terlalu kusut: terlalu banyak garis yang saling silang atau bertumpuk. Sederhanakan atau pecah.",
				EN: "the geometry is too entangled: too many of its segments cross or cover each other; simplify or split it",
			}
			return p, nil
		}
		if place != nil {
			p.At = pointOf(place)
		}
		p.Value = reason
		p.Message = plan.Text{ID: "Geometri tidak sah: " + reasonID, EN: "the geometry is invalid: " + strings.ToLower(reason)}
		return p, nil
	})
	if err != nil {
		return nil, fmt.Errorf("check geometries: %w", explain(err))
	}
	return problems, nil
}

// repair mends what it can and turns those problems into reports of that. It
// first tries all at once; GEOS may give up over one of them, and then each is
// tried alone.
func (im *importing) repair(ctx context.Context, problems []exchange.Problem) error {
	var all []*exchange.Problem
	for i := range problems {
		if problems[i].Code != entangled {
			all = append(all, &problems[i])
		}
	}
	failed, err := im.repairSome(ctx, all)
	if err != nil || !failed || len(all) == 1 {
		return err
	}
	for i := range all {
		if _, err := im.repairSome(ctx, all[i:i+1]); err != nil {
			return err
		}
	}
	return nil
}

// repairSome reports whether GEOS failed, so that nothing was mended.
func (im *importing) repairSome(ctx context.Context, problems []*exchange.Problem) (failed bool, err error) {
	byFeature := make(map[int64]*exchange.Problem, len(problems))
	features := make([]int64, len(problems))
	for i, p := range problems {
		byFeature[p.Feature], features[i] = p, p.Feature
	}
	part, err := im.tx.Begin(ctx)
	if err != nil {
		return false, fmt.Errorf("set a savepoint: %w", err)
	}
	kind := map[plan.GeometryType]int{plan.Point: 1, plan.MultiLineString: 2, plan.MultiPolygon: 3}[im.Layer.Geometry]
	rows, err := part.Query(ctx, sqlRepair, features, kind, geo.DefaultMaxVertices)
	if err != nil {
		return false, fmt.Errorf("repair geometries: %w", err)
	}
	type mended struct {
		feature              int64
		before, after        *float64
		partsWas, partsAre   int
		pointsWas, pointsAre int
	}
	done, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (m mended, err error) {
		return m, row.Scan(&m.feature, &m.before, &m.after, &m.partsWas, &m.partsAre, &m.pointsWas, &m.pointsAre)
	})
	if err != nil {
		if ctx.Err() != nil || im.conn.IsClosed() {
			return false, fmt.Errorf("repair geometries: %w", explain(err))
		}
		if err := part.Rollback(ctx); err != nil {
			return false, fmt.Errorf("roll back to a savepoint: %w", err)
		}
		return true, nil
	}
	if err := part.Commit(ctx); err != nil {
		return false, fmt.Errorf("release a savepoint: %w", err)
	}
	for _, m := range done {
		p := byFeature[m.feature]
		p.Action, p.Code, p.AreaBefore, p.AreaAfter = exchange.Repaired, "repaired", m.before, m.after
		p.Message.ID += fmt.Sprintf("; diperbaiki: bagian %d menjadi %d, titik %d menjadi %d", m.partsWas, m.partsAre, m.pointsWas, m.pointsAre)
		p.Message.EN += fmt.Sprintf("; repaired: %d parts became %d, %d vertices became %d", m.partsWas, m.partsAre, m.pointsWas, m.pointsAre)
		if m.before != nil && m.after != nil {
			p.Message.ID += fmt.Sprintf(", luas %.1f m2 menjadi %.1f m2", *m.before, *m.after)
			p.Message.EN += fmt.Sprintf(", the area of %.1f m2 became %.1f m2", *m.before, *m.after)
		}
	}
	return false, nil
}

// repeated lists the rows whose value of f an earlier row of the file has.
func (im *importing) repeated(ctx context.Context, f *plan.Field) ([]exchange.Problem, error) {
	name := ident(f.Name)
	return im.clashes(ctx, f, fmt.Sprintf(`select %s, s.value, s.first from (
		select s.*, s.%s::text as value, first_value(_line) over w as first, row_number() over w as n
		from pg_temp.import_staging s where not _bad and %[2]s is not null
		window w as (partition by %[2]s order by _feature)
	) s where n > 1 order by _feature`, problemColumns, name), plan.Text{
		ID: "nilai ini sudah dipakai oleh objek pada baris %d", EN: "the feature of line %d has this value already",
	})
}

// taken lists the rows whose value of f a feature of the layer has.
func (im *importing) taken(ctx context.Context, f *plan.Field) ([]exchange.Problem, error) {
	name := ident(f.Name)
	return im.clashes(ctx, f, fmt.Sprintf(`select %s, s.%s::text, l.id
		from pg_temp.import_staging s join %s l on l.%[2]s = s.%[2]s
		where not s._bad order by s._feature`, problemColumns, name, tableOf(im.Layer).live), plan.Text{
		ID: "nilai ini sudah dipakai oleh fitur %d dalam layer", EN: "feature %d of the layer has this value already",
	})
}

// clashes runs a query for problemColumns, the value, and whose it is.
func (im *importing) clashes(ctx context.Context, f *plan.Field, sql string, message plan.Text) ([]exchange.Problem, error) {
	rows, err := im.tx.Query(ctx, sql)
	if err != nil {
		return nil, fmt.Errorf("look for values of %s that are there already: %w", f.Name, explain(err))
	}
	problems, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (exchange.Problem, error) {
		p := exchange.Problem{Action: exchange.Refused, Code: "already-there", Field: f.Name}
		var owner int64
		if err := scanProblem(row, &p, &p.Value, &owner); err != nil {
			return p, err
		}
		p.Message = plan.Text{ID: fmt.Sprintf(message.ID, owner), EN: fmt.Sprintf(message.EN, owner)}
		return p, nil
	})
	if err != nil {
		return nil, fmt.Errorf("look for values of %s that are there already: %w", f.Name, explain(err))
	}
	return problems, nil
}
