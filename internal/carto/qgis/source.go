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

// Schema holds the layers' tables.
const Schema = "plan"

// literal quotes a value of a connection, table a name in it.
func literal(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

func table(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
