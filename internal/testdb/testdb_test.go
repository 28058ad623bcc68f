package testdb_test

import (
	"context"
	"os"
	"testing"

	"github.com/simtaru/simtaru/internal/testdb"
)

func TestMain(m *testing.M) { os.Exit(testdb.Main(context.Background(), m)) }

func TestEachTestHasItsOwn(t *testing.T) {
	a, b := testdb.New(t), testdb.New(t)
	a.Exec(t, "insert into simtaru.setting values ('name', '\"a\"')")
	var n int
	if err := b.Conn(t).QueryRow(t.Context(), "select count(*) from simtaru.setting").Scan(&n); err != nil || n != 0 {
		t.Errorf("%d rows of another test, %v", n, err)
	}
}

func TestMigrateIsRepeatable(t *testing.T) {
	db := testdb.Empty(t)
	for range 2 {
		if err := db.Store.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}
