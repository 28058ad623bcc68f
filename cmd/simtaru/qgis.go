package main

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/simtaru/simtaru/internal/carto/qgis"
	"github.com/simtaru/simtaru/internal/ogc"
	"github.com/simtaru/simtaru/internal/postgis"
)

// qgisFlags say how QGIS, on a planner's machine, reaches the database. What
// is given is kept in the database, so that every command and server afterwards
// publishes the same.
type qgisFlags struct {
	Host     string `env:"HOST" help:"Host of the database for QGIS. Default: what was said last, else that of --database-url."`
	Port     int    `env:"PORT" help:"Port of the database for QGIS."`
	Database string `env:"DATABASE" help:"Name of the database for QGIS."`
	SSLMode  string `name:"sslmode" env:"SSLMODE" enum:",disable,allow,prefer,require,verify-ca,verify-full" default:"" help:"TLS of the connection of QGIS, as libpq names it."`
}

type qgisCommand struct {
	Publish qgisPublishCommand `cmd:"" help:"Write styles, forms and projects for QGIS into the database."`
}

type qgisPublishCommand struct {
	qgisFlags `embed:"" envprefix:"SIMTARU_QGIS_"`
}

// Run publishes and says what was written.
func (c qgisPublishCommand) Run(ctx context.Context, a *app) error {
	return a.withDatabase(ctx, func(db *database) error {
		if err := a.keepQGIS(ctx, db, c.qgisFlags); err != nil {
			return err
		}
		done, to, err := a.publish(ctx, db)
		if err != nil {
			return err
		}
		if len(done.Styles)+len(done.Projects) == 0 {
			say(os.Stdout, a.lang, "Gaya dan proyek QGIS sudah sesuai.\n", "Styles and projects of QGIS are as they should be.\n")
		} else {
			say(os.Stdout, a.lang, "Gaya QGIS ditulis: %d layer. Proyek ditulis: %s.\n", "Styles of QGIS written: %d layers. Projects written: %s.\n",
				len(done.Styles), cmp.Or(strings.Join(done.Projects, ", "), "-"))
		}
		say(os.Stdout, a.lang, "QGIS menghubungi basis data %q di %s port %d.\n", "QGIS connects to the database %q at %s port %d.\n", to.Database, to.Host, to.Port)
		return nil
	})
}

// qgisSetting is the key under which the flags are kept.
const qgisSetting = "qgis"

// qgisAddress is what is kept of them.
type qgisAddress struct {
	Host     string `json:"host,omitempty"`
	Port     int    `json:"port,omitempty"`
	Database string `json:"database,omitempty"`
	SSLMode  string `json:"sslmode,omitempty"`
}

// keepQGIS keeps the flags that are given, and leaves the others as they were.
func (a *app) keepQGIS(ctx context.Context, db *database, f qgisFlags) error {
	if f == (qgisFlags{}) {
		return nil
	}
	var kept qgisAddress
	if _, err := db.Setting(ctx, qgisSetting, &kept); err != nil {
		return err
	}
	said := qgisAddress{
		Host: cmp.Or(f.Host, kept.Host), Port: cmp.Or(f.Port, kept.Port),
		Database: cmp.Or(f.Database, kept.Database), SSLMode: cmp.Or(f.SSLMode, kept.SSLMode),
	}
	if said == kept {
		return nil
	}
	return db.SetSetting(ctx, qgisSetting, said)
}

// qgisConnection is where QGIS finds the database: as kept, else as we do. A
// Unix socket, ours among them, is this machine to QGIS.
func (a *app) qgisConnection(ctx context.Context, db *database) (qgis.Connection, error) {
	var kept qgisAddress
	if _, err := db.Setting(ctx, qgisSetting, &kept); err != nil {
		return qgis.Connection{}, err
	}
	host, port, name := db.Address()
	if filepath.IsAbs(host) || strings.HasPrefix(host, "@") {
		host = "127.0.0.1"
	}
	return qgis.Connection{
		Host: cmp.Or(kept.Host, host), Port: cmp.Or(kept.Port, port),
		Database: cmp.Or(kept.Database, name), SSLMode: kept.SSLMode,
	}, nil
}

// publish writes styles and projects and returns the connection they name.
func (a *app) publish(ctx context.Context, db *database) (postgis.Published, qgis.Connection, error) {
	to, err := a.qgisConnection(ctx, db)
	if err != nil {
		return postgis.Published{}, to, err
	}
	about, err := db.city(ctx)
	if err != nil {
		return postgis.Published{}, to, err
	}
	done, err := db.PublishQGIS(ctx, postgis.Publication{
		City: about.Title, Notice: ogc.City{Demo: about.Demo}.Notice(), Connection: to,
	})
	return done, to, err
}

// published is publish for commands that have something else to do: what they
// did stands, and the planner's project is late.
func (a *app) published(ctx context.Context, db *database) {
	done, _, err := a.publish(ctx, db)
	switch {
	case err != nil:
		a.log.Warn("styles and projects of QGIS are not up to date; see `simtaru qgis publish`", "err", message(err, a.lang))
	case len(done.Styles)+len(done.Projects) > 0:
		a.log.Info("styles and projects of QGIS were written", "styles", len(done.Styles), "projects", done.Projects)
	}
}
