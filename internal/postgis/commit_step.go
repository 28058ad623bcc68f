package postgis

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
)

// step is the statement of one edit. It returns the id and the revision that
// the feature has by it.
type step struct {
	layer *plan.Layer
	op    plan.Op
	id    int64
	sql   string
	args  []any
	// widened is how far in m the database widens what was sent; 0: it does not.
	widened float64
	// bound says that not every revision will do.
	bound bool
	// refused is what is wrong with the edit; there is no statement then.
	refused []*plan.Error
}

// compile makes the statement of every edit, and notes what can be said
// against it without asking the database.
func (c *committing) compile() {
	c.steps = make([]step, len(c.edits))
	for i := range c.edits {
		refused := c.edits[i].Refused
		if len(refused) == 0 {
			if e := c.step(i); e != nil {
				refused = []*plan.Error{e}
			}
		}
		c.steps[i].refused = refused
		c.hopeless = c.hopeless || len(refused) > 0
	}
}

func (c *committing) step(i int) *plan.Error {
	edit := &c.edits[i]
	layer, ok := c.cat.Layer(edit.Layer)
	if !ok || !c.actor.CanRead(layer) {
		return &plan.Error{Kind: plan.NotFound, Code: "no-such-layer", At: "layer", Message: plan.Text{
			ID: "Tidak ada layer dengan nama ini.", EN: "There is no layer of this name.",
		}}
	}
	if !c.actor.CanEdit(layer) {
		return &plan.Error{Kind: plan.Denied, Code: "not-allowed", Message: plan.Text{
			ID: "Anda tidak berhak menyunting layer " + layer.Title.In(plan.Indonesian) + ".",
			EN: "You may not edit the layer " + layer.Title.In(plan.English) + ".",
		}}
	}
	for name := range edit.Values {
		if _, ok := layer.Field(name); !ok {
			return &plan.Error{Kind: plan.Unprocessable, Code: "unknown-property", At: name, Message: plan.Text{
				ID: "Layer ini tidak memiliki atribut " + name + ".", EN: "The layer has no attribute " + name + ".",
			}}
		}
	}
	geometry, e := stored(layer, edit.Geometry)
	if e != nil {
		return e
	}
	w := stepWriter{layer: layer, table: tableOf(layer).live, edit: edit, geometry: geometry, actor: c.actor.Name}
	c.steps[i] = w.step()
	if edit.Geometry != nil && layer.Widens(edit.Geometry.GeoJSONType()) {
		c.steps[i].widened = layer.WidenM
	}
	return nil
}

// stored encodes a geometry as the layer's table holds it, or as what the table
// widens to that.
func stored(layer *plan.Layer, g orb.Geometry) ([]byte, *plan.Error) {
	switch single := g.(type) {
	case nil:
		return nil, nil
	case orb.LineString:
		if layer.Geometry == plan.MultiLineString {
			g = orb.MultiLineString{single}
		}
	case orb.Polygon:
		if layer.Geometry == plan.MultiPolygon {
			g = orb.MultiPolygon{single}
		}
	}
	if kind := g.GeoJSONType(); kind != string(layer.Geometry) && !layer.Widens(kind) {
		return nil, &plan.Error{Kind: plan.Unprocessable, Code: "wrong-geometry-type", At: "geometry", Message: plan.Text{
			ID: fmt.Sprintf("Layer ini menyimpan %s, bukan %s.", layer.Geometry, g.GeoJSONType()),
			EN: fmt.Sprintf("The layer holds %s, not %s.", layer.Geometry, g.GeoJSONType()),
		}}
	}
	return encoded(g)
}

func encoded(g orb.Geometry) ([]byte, *plan.Error) {
	b, err := geo.EncodeEWKB(nil, g, SRID)
	if err != nil {
		return nil, &plan.Error{Kind: plan.Unprocessable, Code: "geometry-invalid", At: "geometry", Cause: err, Message: plan.Text{
			ID: "Geometri ini tidak dapat disimpan.", EN: "The geometry cannot be stored.",
		}}
	}
	return b, nil
}

// stepWriter writes the statement of one edit.
type stepWriter struct {
	statement
	layer    *plan.Layer
	table    string
	edit     *plan.Edit
	geometry []byte
	actor    string
}

func (w *stepWriter) step() step {
	s := step{layer: w.layer, op: w.edit.Op, id: w.edit.ID, bound: w.edit.Revisions != nil || w.edit.Held != 0}
	switch w.edit.Op {
	case plan.Create:
		w.create()
	case plan.Update:
		w.update()
	case plan.Delete:
		w.WriteString("delete from " + w.table + " as was")
		w.which()
		w.WriteString(" returning id, revision + 1")
	default:
		panic(fmt.Sprintf("postgis: unknown operation %q", w.edit.Op))
	}
	s.sql, s.args = w.String(), w.args
	return s
}

// create inserts with every column, so that one layer has one such statement.
func (w *stepWriter) create() {
	var names, values []string
	if w.edit.ID != 0 {
		names, values = append(names, "id"), append(values, w.bind(w.edit.ID)+"::bigint")
	}
	for i := range w.layer.Fields {
		f := &w.layer.Fields[i]
		if f.Computed != nil {
			continue
		}
		names, values = append(names, ident(f.Name)), append(values, w.value(f, w.edit.Values[f.Name]))
	}
	names, values = append(names, "geom"), append(values, w.shape())
	fmt.Fprintf(w, "insert into %s (%s) values (%s) returning id, revision",
		w.table, strings.Join(names, ", "), strings.Join(values, ", "))
}

// update changes what the edit has, and everything where it is whole. Where that
// is nothing the feature is only looked at.
func (w *stepWriter) update() {
	var sets []string
	for i := range w.layer.Fields {
		f := &w.layer.Fields[i]
		if v, has := w.edit.Values[f.Name]; (has || w.edit.Whole) && f.Computed == nil {
			sets = append(sets, ident(f.Name)+" = "+w.value(f, v))
		}
	}
	if w.edit.HasGeometry || w.edit.Whole {
		sets = append(sets, "geom = "+w.shape())
	}
	if w.edit.ReadRevision != nil {
		sets = append(sets, "read_revision = "+w.bind(*w.edit.ReadRevision)+"::bigint")
	}
	if len(sets) == 0 {
		w.WriteString("select id, revision from " + w.table + " as was")
		w.which()
		return
	}
	fmt.Fprintf(w, "update %s as was set %s", w.table, strings.Join(sets, ", "))
	w.which()
	w.WriteString(" returning id, revision")
}

// which says which feature, and in which revisions.
func (w *stepWriter) which() {
	w.WriteString(" where id = " + w.bind(w.edit.ID) + "::bigint")
	if w.edit.Revisions != nil {
		w.WriteString(" and was.revision = any(" + w.bind(w.edit.Revisions) + "::bigint[])")
	}
	if w.edit.Held != 0 {
		w.WriteString(" and (was.revision <= " + w.bind(w.edit.Held) + "::bigint or was.updated_by = " + w.bind(w.actor) + "::text)")
	}
}

func (w *stepWriter) shape() string { return w.bind(w.geometry) + "::bytea::geometry" }

// value binds the value of a field in its own type.
func (w *stepWriter) value(f *plan.Field, v any) string {
	if d, ok := v.(plan.Date); ok {
		return w.bind(string(d)) + "::text::date"
	}
	if f.Type == plan.DateField { // null
		return w.bind((*string)(nil)) + "::text::date"
	}
	return w.bind(v) + "::" + columnTypes[f.Type]
}

// missed says why a statement met no row, by one look in the same transaction.
func (c *committing) missed(ctx context.Context, tx pgx.Tx, s *step) (*plan.Error, error) {
	now, err := current(ctx, tx, s)
	switch {
	case err != nil:
		return nil, err
	case now == nil:
		return gone(s.layer), nil
	case s.bound:
		return stale(now), nil
	}
	// The row is there for reading and not for changing.
	return &plan.Error{Kind: plan.Denied, Code: "not-allowed", Message: plan.Text{
		ID: "Anda tidak berhak menyunting fitur ini.", EN: "You may not edit this feature.",
	}}, nil
}

// current looks at the feature of a step; nil where there is none.
func current(ctx context.Context, tx pgx.Tx, s *step) (*plan.Current, error) {
	var now plan.Current
	err := tx.QueryRow(ctx, "select revision, updated_by, updated_at from "+tableOf(s.layer).live+" where id = $1", s.id).
		Scan(&now.Revision, &now.UpdatedBy, &now.UpdatedAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look at the feature: %w", err)
	}
	return &now, nil
}

// The server speaks of times in WIB, whatever zone it runs in.
var (
	wib    = time.FixedZone("WIB", 7*60*60)
	months = [...]string{"Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"}
)

func gone(l *plan.Layer) *plan.Error {
	return &plan.Error{Kind: plan.NotFound, Code: "no-such-item", Message: plan.Text{
		ID: "Tidak ada objek dengan nomor ini di lapisan " + l.Title.In(plan.Indonesian) + "; mungkin sudah dihapus.",
		EN: "There is no feature with this id in the layer " + l.Title.In(plan.English) + "; perhaps it was deleted.",
	}}
}

// stale tells who was first, and when, in the time of western Indonesia.
func stale(now *plan.Current) *plan.Error {
	t := now.UpdatedAt.In(wib)
	month := months[t.Month()-1]
	return &plan.Error{Kind: plan.Stale, Code: "stale", Current: now, Message: plan.Text{
		ID: fmt.Sprintf("Fitur ini sudah diubah oleh %s pada %d %s %d %02d.%02d WIB (revisi %d). Muat ulang, lalu ulangi suntingan Anda.",
			now.UpdatedBy, t.Day(), month, t.Year(), t.Hour(), t.Minute(), now.Revision),
		EN: fmt.Sprintf("This feature was changed by %s on %s WIB (revision %d). Load it again, then repeat your edit.",
			now.UpdatedBy, t.Format("2 Jan 2006 15:04"), now.Revision),
	}}
}
