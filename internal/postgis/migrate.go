package postgis

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/tern/v2/migrate"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/migrations"
)

// lockMigrate is the advisory lock under which the schema changes: one
// migration, declaration or code list at a time in a database.
const lockMigrate = 0x73696d7461 // "simta"

// minServer is the oldest server_version_num we run on.
const minServer = 150000

// Migrate brings the platform's schema up to date: PostGIS, schemas, roles,
// tables, functions. It may run in several processes at once, and does little
// where nothing is to be done. It needs the owner of the database with
// CREATEROLE; only "create extension postgis" needs a superuser, and only
// where an administrator has not done it before.
func (s *Store) Migrate(ctx context.Context) error {
	conn, err := s.connect(ctx, adminSession)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "select pg_advisory_lock($1)", int64(lockMigrate)); err != nil {
		return fmt.Errorf("wait for another migration: %w", err)
	}
	// The lock goes with the connection.
	for _, step := range []func(context.Context, *pgx.Conn) error{
		checkServer, ensurePostGIS, bootstrap, runNumbered, replaceFunctions,
	} {
		if err := step(ctx, conn); err != nil {
			return fmt.Errorf("migrate the database: %w", err)
		}
	}
	return nil
}

func checkServer(ctx context.Context, conn *pgx.Conn) error {
	var number int
	if err := conn.QueryRow(ctx, "select current_setting('server_version_num')::int").Scan(&number); err != nil {
		return err
	}
	if number < minServer {
		return &plan.Error{Kind: plan.Unavailable, Code: "postgresql-too-old", Message: plan.Text{
			ID: fmt.Sprintf("Server PostgreSQL ini versi %d; diperlukan versi %d atau yang lebih baru.", number/10000, minServer/10000),
			EN: fmt.Sprintf("this PostgreSQL server is version %d; version %d or newer is needed", number/10000, minServer/10000),
		}}
	}
	return nil
}

func ensurePostGIS(ctx context.Context, conn *pgx.Conn) error {
	var exists bool
	if err := conn.QueryRow(ctx, "select exists (select from pg_extension where extname = 'postgis')").Scan(&exists); err != nil {
		return err
	}
	if !exists {
		if _, err := conn.Exec(ctx, "create extension if not exists postgis"); err != nil {
			return explainPostGIS(conn.Config().Database, err)
		}
	}
	// The session was set up before PostGIS had a schema.
	return adminSession.setUp(ctx, conn)
}

func explainPostGIS(database string, err error) error {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return err
	}
	switch pg.Code {
	case "42501": // insufficient_privilege
		return &plan.Error{Kind: plan.Unavailable, Code: "postgis-needs-administrator", Cause: err, Message: plan.Text{
			ID: fmt.Sprintf("PostGIS belum aktif di basis data %s dan hanya administrator yang boleh mengaktifkannya. Mintalah ia menjalankan di sana: CREATE EXTENSION postgis;", database),
			EN: fmt.Sprintf("PostGIS is not enabled in the database %s, and only an administrator may enable it. Ask for this to be run there: CREATE EXTENSION postgis;", database),
		}}
	case "58P01", "0A000": // the extension's files are not there
		return &plan.Error{Kind: plan.Unavailable, Code: "postgis-missing", Cause: err, Message: plan.Text{
			ID: "PostGIS belum terpasang di server PostgreSQL ini. Pasang dengan: apt-get install postgresql-15-postgis-3 (sesuaikan angka versinya).",
			EN: "PostGIS is not installed on this PostgreSQL server. Install it with: apt-get install postgresql-15-postgis-3 (mind the version number).",
		}}
	}
	return err
}

// bootstrap makes schemas and roles.
func bootstrap(ctx context.Context, conn *pgx.Conn) error {
	err := execFile(ctx, conn, "bootstrap.sql")
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "42501" {
		return &plan.Error{Kind: plan.Unavailable, Code: "roles-need-administrator", Cause: err, Message: plan.Text{
			ID: fmt.Sprintf("Login %s tidak boleh membuat skema atau role. Mintalah administrator menjalankan: ALTER ROLE %[1]s CREATEROLE; dan GRANT CREATE ON DATABASE %[2]s TO %[1]s;",
				pgx.Identifier{conn.Config().User}.Sanitize(), pgx.Identifier{conn.Config().Database}.Sanitize()),
			EN: fmt.Sprintf("The login %s may not make schemas or roles. Ask an administrator to run: ALTER ROLE %[1]s CREATEROLE; and GRANT CREATE ON DATABASE %[2]s TO %[1]s;",
				pgx.Identifier{conn.Config().User}.Sanitize(), pgx.Identifier{conn.Config().Database}.Sanitize()),
		}}
	}
	return err
}

// runNumbered runs the append-only migrations that have not run yet.
func runNumbered(ctx context.Context, conn *pgx.Conn) error {
	m, err := migrate.NewMigrator(ctx, conn, "simtaru.migration")
	if err != nil {
		return err
	}
	if err := m.LoadMigrations(migrations.Files); err != nil {
		return err
	}
	err = m.Migrate(ctx)
	var newer migrate.BadVersionError
	if errors.As(err, &newer) {
		return &plan.Error{Kind: plan.Unavailable, Code: "database-is-newer", Cause: err, Message: plan.Text{
			ID: "Basis data ini sudah dipakai oleh simtaru versi yang lebih baru. Jalankan versi itu.",
			EN: "this database was migrated by a newer simtaru; run that version",
		}}
	}
	// tern resets all settings after each migration.
	return errors.Join(err, adminSession.setUp(ctx, conn))
}

// replaceFunctions re-creates functions and privileges as a whole.
func replaceFunctions(ctx context.Context, conn *pgx.Conn) error {
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		for _, name := range []string{"functions.sql", "topology_shape.sql", "topology_issue.sql", "topology.sql", "topology_check.sql", "privileges.sql"} {
			if err := execFile(ctx, tx.Conn(), name); err != nil {
				return err
			}
		}
		return nil
	})
}

func execFile(ctx context.Context, conn *pgx.Conn, name string) error {
	sql, err := fs.ReadFile(migrations.Files, name)
	if err != nil {
		return err
	}
	// Several statements in one text: the simple protocol.
	if _, err := conn.PgConn().Exec(ctx, string(sql)).ReadAll(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
