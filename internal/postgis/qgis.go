package postgis

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/carto/qgis"
	"github.com/simtaru/simtaru/internal/plan"
)

// Publication is what a project for QGIS says beyond the catalogue.
type Publication struct {
	// City is the title of the place, Notice what a demonstration says of itself.
	City, Notice plan.Text
	// Connection leads to this database from where QGIS runs.
	Connection qgis.Connection
}

// Published tells what was written, nothing where all was as it should be.
type Published struct {
	// Styles are layers, Projects names of projects.
	Styles, Projects []string
}

// PublishQGIS writes the style and form of every layer and a project for each
// role into the database, where QGIS finds them: public.layer_styles and
// public.qgis_projects. It is one transaction, and writes only what differs.
// Styles that others keep there stay, but are not the default. It costs a look
// at the box of every geometry: a second for a large city.
func (s *Store) PublishQGIS(ctx context.Context, p Publication) (Published, error) {
	var done Published
	err := s.applying(ctx, func(tx pgx.Tx) (err error) {
		done, err = publish(ctx, tx, p)
		return explainPublish(tx.Conn().Config(), err)
	})
	if err != nil {
		return Published{}, fmt.Errorf("publish for QGIS: %w", err)
	}
	return done, nil
}

func publish(ctx context.Context, tx pgx.Tx, p Publication) (Published, error) {
	var done Published
	if _, err := tx.Exec(ctx, sqlQGISTables); err != nil {
		return done, fmt.Errorf("tables of QGIS: %w", err)
	}
	cat, err := readCatalog(ctx, tx)
	if err != nil {
		return done, err
	}
	ids := []string{}
	for _, l := range cat.Layers() {
		ids = append(ids, l.ID)
		qml, err := qgis.Style(cat, l)
		if err != nil {
			return done, err
		}
		var written bool
		if err := tx.QueryRow(ctx, sqlQGISStyle, l.ID, qgis.GeometryName(l.Geometry), string(qml), l.Title.ID).Scan(&written); err != nil {
			return done, fmt.Errorf("style of %s: %w", l.ID, err)
		}
		if written {
			done.Styles = append(done.Styles, l.ID)
		}
	}
	if _, err := tx.Exec(ctx, sqlQGISTidy, ids); err != nil {
		return done, fmt.Errorf("tidy styles: %w", err)
	}
	boxes, err := layerBoxes(ctx, tx, cat)
	if err != nil {
		return done, err
	}
	for _, role := range plan.Roles {
		name := qgis.ProjectName(role)
		qgz, err := projectOf(cat, plan.Actor{Role: role}, p, boxes)
		if err != nil {
			return done, err
		}
		tag, err := tx.Exec(ctx, sqlQGISProject, name, qgz)
		if err != nil {
			return done, fmt.Errorf("project %s: %w", name, err)
		}
		if tag.RowsAffected() > 0 {
			done.Projects = append(done.Projects, name)
		}
	}
	return done, nil
}

func projectOf(cat *plan.Catalog, actor plan.Actor, p Publication, boxes map[string]orb.Bound) ([]byte, error) {
	o := qgis.Options{Actor: actor, City: p.City, Notice: p.Notice, Connection: p.Connection}
	for _, l := range cat.Layers() {
		if b, ok := boxes[l.ID]; ok && actor.CanRead(l) {
			o.Bound = qgis.Around(o.Bound, b)
		}
	}
	qgs, err := qgis.Project(cat, o)
	if err != nil {
		return nil, err
	}
	return qgis.Archive(qgis.ProjectName(actor.Role), qgs)
}

// layerBoxes are the boxes of all layers that have geometry.
func layerBoxes(ctx context.Context, tx pgx.Tx, cat *plan.Catalog) (map[string]orb.Bound, error) {
	boxes := map[string]orb.Bound{}
	for _, l := range cat.Layers() {
		var w, s, e, n *float64
		err := tx.QueryRow(ctx, "select st_xmin(b), st_ymin(b), st_xmax(b), st_ymax(b) from (select st_extent(geom) as b from "+tableOf(l).live+") x").Scan(&w, &s, &e, &n)
		if err != nil {
			return nil, fmt.Errorf("box of %s: %w", l.ID, err)
		}
		if w != nil {
			boxes[l.ID] = orb.Bound{Min: orb.Point{*w, *s}, Max: orb.Point{*e, *n}}
		}
	}
	return boxes, nil
}

// explainPublish tells an operator what to allow: the tables of QGIS lie in
// the schema public, which may belong to somebody else.
func explainPublish(config *pgx.ConnConfig, err error) error {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) || pg.Code != "42501" && pg.Code != "3F000" {
		return err
	}
	user := pgx.Identifier{config.User}.Sanitize()
	return &plan.Error{Kind: plan.Unavailable, Code: "qgis-needs-public", Cause: err, Message: plan.Text{
		ID: fmt.Sprintf("Gaya dan proyek QGIS disimpan dalam skema public, yang tidak boleh diubah oleh login %s. Mintalah administrator menjalankan: CREATE SCHEMA IF NOT EXISTS public; GRANT USAGE, CREATE ON SCHEMA public TO %[1]s; dan, bila tabelnya sudah ada: ALTER TABLE public.layer_styles OWNER TO %[1]s; ALTER TABLE public.qgis_projects OWNER TO %[1]s;", user),
		EN: fmt.Sprintf("styles and projects of QGIS are kept in the schema public, which the login %s may not change. Ask an administrator to run: CREATE SCHEMA IF NOT EXISTS public; GRANT USAGE, CREATE ON SCHEMA public TO %[1]s; and, where the tables are there already: ALTER TABLE public.layer_styles OWNER TO %[1]s; ALTER TABLE public.qgis_projects OWNER TO %[1]s;", user),
	}}
}

// Address is where the database answers, as the login of the store has it:
// host is a directory where that is a Unix socket.
func (s *Store) Address() (host string, port int, database string) {
	return s.dsn.Host, int(s.dsn.Port), s.dsn.Database
}
