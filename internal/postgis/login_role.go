package postgis

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/simtaru/simtaru/internal/auth"
	"github.com/simtaru/simtaru/internal/plan"
)

// loginRole is a person in PostgreSQL: a role that may log in and is a member
// of exactly one of the roles of the service, whose privileges it has.
//
// Roles belong to the whole server and not to a database, so one that another
// database or an administrator has made is never touched: a comment marks
// ours.
type loginRole struct{ name string }

func (r loginRole) quoted() string { return pgx.Identifier{r.name}.Sanitize() }

// connections that one person may have: QGIS takes a handful for each project
// that is open, and the server has some dozens for all.
const connections = 30

// verifierPattern is what a SCRAM verifier is made of: nothing that could end
// a literal.
var verifierPattern = regexp.MustCompile(`^SCRAM-SHA-256\$[0-9]+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+$`)

// server is what roles depend on beyond their names.
type server struct {
	// super says that the server's own login is a superuser, owner that the
	// database is its own.
	super, owner bool
	database     string
}

func lookAtServer(ctx context.Context, tx pgx.Tx) (server, error) {
	var v server
	if err := tx.QueryRow(ctx, sqlServerLogin).Scan(&v.super, &v.owner, &v.database); err != nil {
		return server{}, fmt.Errorf("look at the server's own login: %w", err)
	}
	return v, nil
}

// mark is the comment of the roles that this database has made.
func (v server) mark() string {
	return "Orang di simtaru, basis data " + v.database + " / A person of simtaru, database " + v.database
}

// comment returns the comment of the role, false where there is no such role.
func (r loginRole) comment(ctx context.Context, tx pgx.Tx) (string, bool, error) {
	var comment string
	err := tx.QueryRow(ctx, sqlLoginRole, r.name).Scan(&comment)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("look for the role %s: %w", r.name, err)
	}
	return comment, true, nil
}

// make makes the role, or takes back one that this database had before and
// lost, as when its rows were restored from a copy. An empty verifier is no
// password: nobody can log in as the role then.
func (r loginRole) make(ctx context.Context, tx pgx.Tx, verifier string) error {
	here, err := lookAtServer(ctx, tx)
	if err != nil {
		return err
	}
	comment, exists, err := r.comment(ctx, tx)
	if err != nil {
		return err
	}
	if exists && comment != here.mark() {
		return errForeignRole(r.name, nil)
	}
	verb, database := "create", pgx.Identifier{here.database}.Sanitize()
	if exists {
		verb = "alter"
	}
	steps := []string{
		fmt.Sprintf("%s role %s login inherit connection limit %d password null", verb, r.quoted(), connections),
		fmt.Sprintf("comment on role %s is %s", r.quoted(), literal(here.mark())),
		// A colleague's unsaved edit is told, not waited for without end.
		fmt.Sprintf("alter role %s in database %s set lock_timeout = '10s'", r.quoted(), database),
		// QGIS shows moments, and takes those that are typed, in the zone of the
		// session: that of the clock on the wall.
		fmt.Sprintf("alter role %s in database %s set timezone = 'Asia/Jakarta'", r.quoted(), database),
	}
	if here.owner {
		steps = append(steps, fmt.Sprintf("grant connect on database %s to %s", database, r.quoted()))
	}
	if !here.super {
		// An edit over HTTP runs as the person.
		steps = append(steps, fmt.Sprintf("grant %s to current_user", r.quoted()))
	}
	if err := r.run(ctx, tx, steps...); err != nil {
		return err
	}
	return r.password(ctx, tx, verifier)
}

// join makes the role a member of the one that stands behind role, and of no
// other of ours.
func (r loginRole) join(ctx context.Context, tx pgx.Tx, role plan.Role) error {
	var steps []string
	for _, other := range plan.Roles {
		if other != role {
			steps = append(steps, fmt.Sprintf("revoke simtaru_%s from %s", other, r.quoted()))
		}
	}
	steps = append(steps, fmt.Sprintf("grant simtaru_%s to %s", role, r.quoted()))
	return r.run(ctx, tx, steps...)
}

// change brings the role in line with a change of the person. It refuses to
// change one that this database has not made: in a copy of a database on the
// same server, people have the names of roles that belong to the original.
func (r loginRole) change(ctx context.Context, tx pgx.Tx, c auth.Change) error {
	comment, exists, err := r.comment(ctx, tx)
	if err == nil && !exists {
		err = r.makeAgain(ctx, tx)
	}
	if err != nil {
		return err
	}
	if c.Role == nil && c.Disabled == nil && c.Secret == nil {
		return nil
	}
	if exists {
		here, err := lookAtServer(ctx, tx)
		if err != nil {
			return err
		}
		if comment != here.mark() {
			return errRoleElsewhere(r, here)
		}
	}
	if c.Role != nil {
		if err := r.join(ctx, tx, *c.Role); err != nil {
			return err
		}
	}
	if c.Disabled != nil {
		login := "login"
		if *c.Disabled {
			login = "nologin"
		}
		if err := r.run(ctx, tx, fmt.Sprintf("alter role %s %s", r.quoted(), login)); err != nil {
			return err
		}
	}
	if c.Secret != nil {
		return r.password(ctx, tx, c.Secret.Verifier)
	}
	return nil
}

// makeAgain makes the role of a person whose rows came from another server:
// the roles stayed there. Its password is unknown until a new one is set.
func (r loginRole) makeAgain(ctx context.Context, tx pgx.Tx) error {
	p, err := personIn(ctx, tx, r.name)
	if err != nil {
		return err
	}
	if err := r.make(ctx, tx, ""); err != nil {
		return err
	}
	if p.Disabled {
		if err := r.run(ctx, tx, fmt.Sprintf("alter role %s nologin", r.quoted())); err != nil {
			return err
		}
	}
	return r.join(ctx, tx, p.Role)
}

// password sets the verifier; the password itself is never in a statement.
func (r loginRole) password(ctx context.Context, tx pgx.Tx, verifier string) error {
	if verifier == "" {
		return r.run(ctx, tx, fmt.Sprintf("alter role %s password null", r.quoted()))
	}
	if !verifierPattern.MatchString(verifier) {
		return errors.New("a password is not a SCRAM verifier")
	}
	return r.run(ctx, tx, fmt.Sprintf("alter role %s password %s", r.quoted(), literal(verifier)))
}

// run runs statements about the role; they take no parameters. What fails is
// told without the statement, which may hold a verifier.
func (r loginRole) run(ctx context.Context, tx pgx.Tx, steps ...string) error {
	for _, sql := range steps {
		_, err := tx.Exec(ctx, sql)
		var pg *pgconn.PgError
		switch {
		case err == nil:
		case errors.As(err, &pg) && pg.Code == "42710": // duplicate_object
			return errForeignRole(r.name, err)
		case errors.As(err, &pg) && pg.Code == "42501": // insufficient_privilege
			return &plan.Error{Kind: plan.Unavailable, Code: "roles-need-administrator", Cause: err, Message: plan.Text{
				ID: "Login yang dipakai simtaru di PostgreSQL tidak boleh mengelola role orang. Mintalah administrator memberinya CREATEROLE serta keanggotaan WITH ADMIN OPTION pada simtaru_public, simtaru_planner, simtaru_disaster, dan simtaru_admin.",
				EN: "The login that simtaru uses in PostgreSQL may not manage people's roles. Ask an administrator to give it CREATEROLE, and membership WITH ADMIN OPTION in simtaru_public, simtaru_planner, simtaru_disaster and simtaru_admin.",
			}}
		default:
			return fmt.Errorf("the login role %s: %w", r.name, err)
		}
	}
	return nil
}

func errForeignRole(name string, cause error) error {
	return &plan.Error{Kind: plan.Conflict, Code: "role-exists", At: "name", Cause: cause, Message: plan.Text{
		ID: "PostgreSQL sudah punya role bernama " + name + " yang bukan buatan simtaru di basis data ini. Pilih nama lain.",
		EN: "PostgreSQL has a role called " + name + " already, which simtaru did not make for this database. Choose another name.",
	}}
}

// errRoleElsewhere says how a role is taken over, as after the database was
// renamed: its original is known to people only.
func errRoleElsewhere(r loginRole, here server) error {
	take := fmt.Sprintf("COMMENT ON ROLE %s IS %s;", r.quoted(), literal(here.mark()))
	return &plan.Error{Kind: plan.Conflict, Code: "role-exists", At: r.name, Message: plan.Text{
		ID: "Role " + r.name + " di PostgreSQL bukan buatan simtaru untuk basis data " + here.database + ", jadi tidak diubah, dan orang ini juga tidak. Kalau role itu memang milik basis data ini, misalnya setelah namanya diganti, mintalah administrator PostgreSQL menjalankan: " + take,
		EN: "simtaru did not make the role " + r.name + " in PostgreSQL for the database " + here.database + ", so neither the role nor the person was changed. If the role does belong to this database, as after it was renamed, ask an administrator of PostgreSQL to run: " + take,
	}}
}
