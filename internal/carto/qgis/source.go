package qgis

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/simtaru/simtaru/internal/plan"
)

// Connection is how QGIS reaches the database. It has no password: QGIS asks
// for one, and keeps it where its user wants it kept.
type Connection struct {
	Host string
	// Port; zero is 5432.
	Port     int
	Database string
	// SSLMode as libpq names it; empty is libpq's default, which uses TLS where
	// the server has it.
	SSLMode string
	// User is the login name that QGIS proposes; empty: it asks.
	User string
}

// source is the address of a layer's table. The type of geometry is stated,
// since the column has none: QGIS would look through the rows for it.
func (c Connection) source(l *plan.Layer) string {
	parts := []string{
		"dbname=" + literal(c.Database),
		"host=" + c.Host,
		"port=" + strconv.Itoa(cmp.Or(c.Port, 5432)),
	}
	if c.User != "" {
		parts = append(parts, "user="+literal(c.User))
	}
	if c.SSLMode != "" {
		parts = append(parts, "sslmode="+c.SSLMode)
	}
	return strings.Join(append(parts, "key='id'", "srid=4326", "type="+string(l.Geometry), "checkPrimaryKeyUnicity='0'",
		fmt.Sprintf("table=%s.%s (geom)", table(Schema), table(l.ID))), " ")
}

// Service is how QGIS reaches the plan without the database.
type Service struct {
	// Landing is the address of the OGC API; empty: layers come from the database.
	Landing string
	// Login says that QGIS logs in, with what its user keeps as LoginID.
	Login bool
}

// LoginID is the id under which the user of a project over HTTP keeps name and
// password in QGIS. Such ids have seven letters or digits.
const LoginID = "simtaru"

// source is the address of a layer. Features are read where the map is looked
// at, page by page.
func (s Service) source(l *plan.Layer) string {
	parts := []string{
		"url=" + literal(s.Landing), "typename=" + literal(l.ID), "pagingEnabled='true'", "restrictToRequestBBOX='1'",
		"srsname='OGC:CRS84'", "version='OGC_API_FEATURES'",
	}
	if s.Login {
		parts = append(parts, "authcfg="+LoginID) // in quotes QGIS does not ask for its master password
	}
	return strings.Join(parts, " ")
}

// QGIS's names for where layers come from.
const (
	postgres = "postgres"
	ogcAPI   = "OAPIF"
)

// Schema holds the layers' tables.
const Schema = "plan"

// literal quotes a value of a connection, table a name in it.
func literal(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

func table(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
