package postgis_test

import (
	"os"
	"path/filepath"
	"testing"
)

// TestStatementsPrepare: each statement is right about the migrated schema.
func TestStatementsPrepare(t *testing.T) {
	db := withPark(t)
	apply(t, db.Store, park(), groups())
	publishTo(t, db.Store, publication(db))
	conn := db.Conn(t)
	// What an import finds in its session.
	if _, err := conn.Exec(t.Context(), "create temporary table import_staging (_feature bigint, geom geometry)"); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("sql/*.sql")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d statements, %v", len(files), err)
	}
	for _, file := range files {
		sql, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Prepare(t.Context(), file, string(sql)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}
