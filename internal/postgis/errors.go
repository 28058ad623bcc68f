package postgis

import (
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/simtaru/simtaru/internal/plan"
)

// codeTaken is the code of a Conflict that does not pass by waiting.
const codeTaken = "already-there"

// explain turns what PostgreSQL says about a write into a *plan.Error where a
// person can do something about it; everything else passes unchanged. Rules of
// our own triggers carry the Indonesian text as MESSAGE, the English one as
// DETAIL, a slug as CONSTRAINT and the field as COLUMN.
func explain(err error) error {
	var known *plan.Error
	var pg *pgconn.PgError
	if err == nil || errors.As(err, &known) {
		return err
	}
	if !errors.As(err, &pg) {
		return readable(err)
	}
	e := &plan.Error{At: pg.ColumnName, Cause: err}
	switch {
	case pg.Code == "23514" && pg.ColumnName != "":
		e.Kind, e.Code = plan.Unprocessable, pg.ConstraintName
		e.Message = plan.Text{ID: pg.Message, EN: pg.Detail}
	case pg.Code == "SU412": // read_revision is not the present one
		e.Kind, e.Code = plan.Stale, pg.ConstraintName
		e.Message = plan.Text{ID: pg.Message, EN: pg.Detail}
	case pg.Code == "SU404": // an update of nothing
		e.Kind, e.Code = plan.NotFound, pg.ConstraintName
		e.Message = plan.Text{ID: pg.Message, EN: pg.Detail}
	case pg.Code == "23514": // check_violation: the second line behind the trigger
		e.Kind, e.Code, e.At = plan.Unprocessable, "value-refused", fieldOf(pg)
		e.Message = plan.Text{ID: "Nilai tidak memenuhi aturan layer.", EN: "the value breaks a rule of the layer"}
	case pg.Code == "23502": // not_null_violation
		e.Kind, e.Code = plan.Unprocessable, "value-required"
		e.Message = plan.Text{ID: "Wajib diisi.", EN: "a value is required"}
	case pg.Code == "23505": // unique_violation
		e.Kind, e.Code, e.At = plan.Conflict, codeTaken, fieldOf(pg)
		e.Message = plan.Text{ID: "Nilai ini sudah dipakai oleh fitur lain.", EN: "another feature has this value already"}
	case pg.Code == "0A000" && pg.TableName != "": // refuse_truncate
		e.Kind, e.Code = plan.Denied, "truncate-refused"
		e.Message = plan.Text{ID: pg.Message, EN: pg.Detail}
	case pg.Code == "42501": // insufficient_privilege
		e.Kind, e.Code = plan.Denied, "not-allowed"
		e.Message = plan.Text{ID: "Anda tidak berhak melakukan ini pada layer ini.", EN: "you may not do this to this layer"}
	case pg.Code == "25006": // read_only_sql_transaction
		e.Kind, e.Code = plan.Denied, "read-only"
		e.Message = plan.Text{ID: "Login atau token ini hanya boleh membaca.", EN: "this login or token may only read"}
	case pg.Code == "55P03": // lock_not_available
		e.Kind, e.Code = plan.Conflict, "locked"
		e.Message = plan.Text{ID: "Fitur sedang disunting orang lain. Coba lagi sebentar lagi.", EN: "somebody else is editing this feature; try again shortly"}
	case pg.Code == "40001", pg.Code == "40P01": // serialization_failure, deadlock_detected
		e.Kind, e.Code = plan.Conflict, "concurrent-edit"
		e.Message = plan.Text{ID: "Suntingan bertabrakan dengan suntingan lain. Coba lagi.", EN: "the edit collided with another; try again"}
	case strings.HasPrefix(pg.Code, "22"): // data_exception
		e.Kind, e.Code = plan.Unprocessable, "bad-value"
		e.Message = plan.Text{ID: "Nilai tidak dapat dibaca.", EN: "a value cannot be read"}
	case pg.Code == "57014", pg.Code == "XX000" && strings.Contains(strings.ToLower(pg.Message), "interrupt"):
		// GEOS reports an interruption by statement_timeout as an internal error.
		e.Kind, e.Code = plan.Unavailable, "too-slow"
		e.Message = plan.Text{
			ID: "Permintaan ini terlalu berat untuk diselesaikan sekarang.",
			EN: "this is too heavy to be finished now",
		}
	case passing(err):
		e.Kind, e.Code = plan.Unavailable, "database-away"
		e.Message = plan.Text{ID: "Basis data sedang tidak dapat dihubungi. Coba lagi.", EN: "the database cannot be reached; try again"}
	default:
		return err
	}
	return e
}

// fieldOf tells the field from the name of a constraint: <field>_range,
// <field>_length, <field>_finite, or <layer>_<field>_key.
func fieldOf(pg *pgconn.PgError) string {
	name := pg.ConstraintName
	if key, ok := strings.CutSuffix(name, "_key"); ok {
		return strings.TrimPrefix(key, pg.TableName+"_")
	}
	if i := strings.LastIndexByte(name, '_'); i > 0 {
		return name[:i]
	}
	return name
}
