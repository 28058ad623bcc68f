package postgis

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/exchange"
	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
)

// importSession works as long as a large file needs; a table that somebody
// else has locked is waited for, not for ever.
var importSession = session{name: "import", lock: time.Minute}

// Begin opens the one transaction of an import, on a connection of its own. It
// makes the store an exchange.Sink. Who acts must be allowed to edit the
// layer; the login of the store does the work.
func (s *Store) Begin(ctx context.Context, t exchange.Target) (exchange.Session, error) {
	if t.Actor.Role != "" && !t.Layer.Access.CanEdit(t.Actor.Role) {
		return nil, &plan.Error{Kind: plan.Denied, Code: "not-allowed", At: t.Layer.ID, Message: plan.Text{
			ID: "Anda tidak berhak menyunting layer ini.", EN: "you may not edit this layer",
		}}
	}
	conn, err := s.connect(ctx, importSession)
	if err != nil {
		return nil, err
	}
	im := &importing{Target: t, conn: conn, staging: stagingOf(t.Layer), after: context.WithoutCancel(ctx)}
	if err := im.open(ctx); err != nil {
		return nil, errors.Join(err, im.Close())
	}
	return im, nil
}

// importing is one import: rows wait in a temporary table until all of the
// file was seen. Whatever ends the connection undoes everything.
type importing struct {
	exchange.Target
	conn     *pgx.Conn
	tx       pgx.Tx
	staging  staging
	inserted int64
	// after is for closing, when the context of the import may be over.
	after context.Context
}

func (im *importing) open(ctx context.Context) (err error) {
	if im.tx, err = im.conn.Begin(ctx); err != nil {
		return fmt.Errorf("begin a transaction: %w", err)
	}
	if _, err := im.tx.Exec(ctx, "select set_config('simtaru.actor', $1, true)", im.Actor.Name); err != nil {
		return fmt.Errorf("name the actor: %w", err)
	}
	if _, err := im.tx.Exec(ctx, im.staging.create()); err != nil {
		return fmt.Errorf("make the staging table: %w", explain(err))
	}
	return nil
}

// Stage copies rows into the staging table, in PostgreSQL's binary form.
func (im *importing) Stage(ctx context.Context, next func() (*exchange.Row, error)) error {
	source := &rowSource{layer: im.Layer, next: next}
	_, err := im.tx.CopyFrom(ctx, stagingName, im.staging.columns, source)
	switch {
	case source.err != nil: // the server only knows that the client gave up
		return source.err
	case err != nil: // where the context is over, the error may only speak of the connection
		return fmt.Errorf("copy rows: %w", explain(errors.Join(err, ctx.Err())))
	}
	if _, err := im.tx.Exec(ctx, "analyze pg_temp.import_staging"); err != nil {
		return fmt.Errorf("analyze the staging table: %w", err)
	}
	return nil
}

// rowSource gives rows to COPY. What it hands out is encoded before the next
// call, so buffers are used again.
type rowSource struct {
	layer  *plan.Layer
	next   func() (*exchange.Row, error)
	values []any
	ewkb   []byte
	err    error
}

// Next is part of pgx.CopyFromSource.
func (r *rowSource) Next() bool {
	row, err := r.next()
	if errors.Is(err, io.EOF) {
		return false
	}
	if err != nil {
		r.err = err
		return false
	}
	r.values = append(r.values[:0], row.Feature, row.Line, row.Column, row.Offset)
	for i, v := range row.Values {
		if d, ok := v.(plan.Date); ok {
			if v, r.err = time.Parse(time.DateOnly, string(d)); r.err != nil {
				r.err = fmt.Errorf("%v, %s: %w", row.Position, r.layer.Fields[i].Name, r.err)
				return false
			}
		}
		r.values = append(r.values, v)
	}
	if row.Geometry == nil {
		r.values = append(r.values, nil)
		return true
	}
	if r.ewkb, r.err = geo.EncodeEWKB(r.ewkb[:0], row.Geometry, SRID); r.err != nil {
		r.err = fmt.Errorf("%v: %w", row.Position, r.err)
		return false
	}
	r.values = append(r.values, r.ewkb)
	return true
}

// Values is part of pgx.CopyFromSource.
func (r *rowSource) Values() ([]any, error) { return r.values, nil }

// Err is part of pgx.CopyFromSource.
func (r *rowSource) Err() error { return r.err }

// Insert moves the rows that are left into the layer by one statement, whose
// triggers write history and the change feed. If that fails over a value the
// rows at fault are found by halving, each half in a savepoint.
func (im *importing) Insert(ctx context.Context, found func(*exchange.Problem) error) (int64, error) {
	var last int64
	if err := im.tx.QueryRow(ctx, "select coalesce(max(_feature), 0) from pg_temp.import_staging").Scan(&last); err != nil {
		return 0, fmt.Errorf("count the staged rows: %w", err)
	}
	err := im.insert(ctx, 0, last, found)
	return im.inserted, err
}

// insert takes the rows numbered from (exclusive) to to (inclusive).
func (im *importing) insert(ctx context.Context, from, to int64, found func(*exchange.Problem) error) error {
	part, err := im.tx.Begin(ctx) // a savepoint
	if err != nil {
		return fmt.Errorf("set a savepoint: %w", err)
	}
	tag, err := part.Exec(ctx, im.staging.insert(), from, to)
	if err == nil {
		if err := part.Commit(ctx); err != nil {
			return fmt.Errorf("release a savepoint: %w", err)
		}
		im.inserted += tag.RowsAffected()
		return nil
	}
	refused := refusal(err)
	if refused == nil {
		return explain(err)
	}
	if err := part.Rollback(ctx); err != nil {
		return fmt.Errorf("roll back to a savepoint: %w", err)
	}
	if to-from > 1 {
		middle := from + (to-from)/2
		if err := im.insert(ctx, from, middle, found); err != nil {
			return err
		}
		return im.insert(ctx, middle, to, found)
	}
	p := exchange.Problem{Action: exchange.Refused, Code: refused.Code, Message: refused.Message, Field: refused.At}
	row := im.tx.QueryRow(ctx, "select "+problemColumns+" from pg_temp.import_staging s where _feature = $1", to)
	if err := scanProblem(row, &p); err != nil {
		return fmt.Errorf("find the row that was refused: %w", err)
	}
	return found(&p)
}

// refusal is what the database has against a row, nil if err is about
// something else.
func refusal(err error) *plan.Error {
	var e *plan.Error
	if !errors.As(explain(err), &e) || e.Kind != plan.Unprocessable && e.Code != "already-there" {
		return nil
	}
	return e
}

// Commit makes the rows part of the plan. Many new rows change what the
// planner of queries should know, also of the tables that the triggers write:
// until it knows, each read of the change feed scans the whole of it.
func (im *importing) Commit(ctx context.Context) error {
	if im.inserted > 1000 {
		t := tableOf(im.Layer)
		if _, err := im.tx.Exec(ctx, "analyze "+t.live+", "+t.history+", simtaru.change"); err != nil {
			return fmt.Errorf("analyze the layer: %w", explain(err))
		}
	}
	err := im.tx.Commit(ctx)
	var answered *pgconn.PgError
	if err == nil || errors.As(err, &answered) {
		return explain(err)
	}
	return &plan.Error{Kind: plan.Unavailable, Code: "outcome-unknown", Cause: err, Message: plan.Text{
		ID: "Sambungan ke basis data putus saat menyimpan, sehingga tidak diketahui apakah data tersimpan. Periksa layernya sebelum mengulang.",
		EN: "the connection to the database broke while storing, so it is not known whether the rows were stored; look at the layer before trying again",
	}}
}

// Close undoes what was not committed, by ending the connection.
func (im *importing) Close() error {
	ctx, cancel := context.WithTimeout(im.after, 5*time.Second)
	defer cancel()
	return im.conn.Close(ctx)
}

// stagingName is the temporary table of an import; _bad marks rows that are
// set aside. No field begins with an underscore.
var stagingName = pgx.Identifier{"pg_temp", "import_staging"}

// staging is the SQL of one layer's staging table.
type staging struct {
	layer   *plan.Layer
	columns []string // that are copied
}

func stagingOf(l *plan.Layer) staging {
	s := staging{layer: l, columns: []string{"_feature", "_line", "_column", "_offset"}}
	for _, f := range l.Fields {
		s.columns = append(s.columns, f.Name)
	}
	s.columns = append(s.columns, "geom")
	return s
}

func (s staging) create() string {
	columns := []string{"_feature bigint primary key", "_line bigint", "_column bigint", "_offset bigint", "_bad boolean not null default false"}
	for _, f := range s.layer.Fields {
		columns = append(columns, ident(f.Name)+" "+columnTypes[f.Type])
	}
	columns = append(columns, "geom geometry")
	return "create temporary table import_staging (" + strings.Join(columns, ", ") + ") on commit drop"
}

func (s staging) insert() string {
	var names []string
	for _, f := range s.layer.Fields {
		names = append(names, ident(f.Name))
	}
	list := strings.Join(append(names, "geom"), ", ")
	return fmt.Sprintf("insert into %s (%s) select %s from pg_temp.import_staging where not _bad and _feature > $1 and _feature <= $2 order by _feature",
		tableOf(s.layer).live, list, list)
}

// problemColumns are those of a Problem that the staging table s knows. The
// place is the geometry's first point, which costs nothing and cannot fail.
const problemColumns = "s._feature, s._line, s._column, s._offset, " +
	"(select array[st_x(p), st_y(p)] from coalesce(st_pointn(coalesce(st_exteriorring(st_geometryn(s.geom, 1)), st_geometryn(s.geom, 1)), 1), s.geom) p)"

// scanProblem scans problemColumns into p, and what follows them into more.
func scanProblem(row pgx.Row, p *exchange.Problem, more ...any) error {
	var place []float64
	if err := row.Scan(append([]any{&p.Feature, &p.Line, &p.Column, &p.Offset, &place}, more...)...); err != nil {
		return err
	}
	p.At = pointOf(place)
	return nil
}

func pointOf(place []float64) *orb.Point {
	if len(place) != 2 {
		return nil
	}
	return &orb.Point{place[0], place[1]}
}
