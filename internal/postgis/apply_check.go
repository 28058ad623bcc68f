package postgis

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/plan"
)

var nameText = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// checkNames refuses declarations that the database could not hold, whatever
// the catalogue's own validation has seen.
func checkNames(l *plan.Layer) error {
	var errs []error
	bad := func(at, id, en string) {
		errs = append(errs, &plan.Error{Kind: plan.Unprocessable, Code: "bad-declaration", At: at, Message: plan.Text{ID: id, EN: en}})
	}
	if !nameText.MatchString(l.ID) || len(l.ID) > 40 {
		bad(l.ID, "Nama layer harus huruf kecil, angka dan garis bawah, paling banyak 40 huruf.",
			"a layer's id is lower snake case of at most 40 characters")
	}
	if !slices.Contains(plan.GeometryTypes, l.Geometry) {
		bad(l.ID, fmt.Sprintf("Jenis geometri %q tidak dikenal.", l.Geometry), fmt.Sprintf("unknown geometry type %q", l.Geometry))
	}
	seen := map[string]bool{}
	for _, f := range l.Fields {
		at := l.ID + "." + f.Name
		if !nameText.MatchString(f.Name) || len(f.Name) > 50 {
			bad(at, "Nama atribut harus huruf kecil, angka dan garis bawah, paling banyak 50 huruf.",
				"a field's name is lower snake case of at most 50 characters")
		}
		if slices.Contains(platformColumns, f.Name) || f.Name == readRevision || strings.HasPrefix(f.Name, "sys_") {
			bad(at, "Nama atribut ini dipakai oleh simtaru sendiri; pilih nama lain.", "this name is the platform's own; choose another")
		}
		if seen[f.Name] {
			bad(at, "Atribut ini dideklarasikan dua kali.", "the field is declared twice")
		}
		seen[f.Name] = true
		if !slices.Contains(plan.FieldTypes, f.Type) {
			bad(at, fmt.Sprintf("Jenis atribut %q tidak dikenal.", f.Type), fmt.Sprintf("unknown field type %q", f.Type))
		}
	}
	return errors.Join(errs...)
}

// checkLists makes sure that every code list that the layer names is there.
func checkLists(ctx context.Context, tx pgx.Tx, l *plan.Layer) error {
	var errs []error
	for _, f := range l.Fields {
		if f.Codes == nil {
			continue
		}
		var exists bool
		err := tx.QueryRow(ctx, "select exists (select from simtaru.code_list where list = $1 and version = $2)",
			f.Codes.List, f.Codes.Version).Scan(&exists)
		if err != nil {
			return fmt.Errorf("look for the code list %s: %w", f.Codes.List, err)
		}
		if !exists {
			errs = append(errs, &plan.Error{Kind: plan.Unprocessable, Code: "unknown-code-list", At: l.ID + "." + f.Name, Message: plan.Text{
				ID: fmt.Sprintf("Daftar kode %s versi %s tidak ada.", f.Codes.List, f.Codes.Version),
				EN: fmt.Sprintf("there is no code list %s, version %s", f.Codes.List, f.Codes.Version),
			}})
		}
	}
	return errors.Join(errs...)
}

// loss is the refusal of a change that would lose data.
func loss(layer, field, id, en string) error {
	at := layer
	if field != "" {
		at += "." + field
	}
	return &plan.Error{Kind: plan.Conflict, Code: "layer-would-lose-data", At: at, Message: plan.Text{ID: id, EN: en}}
}

// offending counts the features that a condition is true of and names some of
// their ids.
func offending(ctx context.Context, tx pgx.Tx, from, condition string, args ...any) (count int, some string, err error) {
	sql := fmt.Sprintf(`select count(*), coalesce(string_agg(id::text, ', ') filter (where nth <= 5), '')
		from (select id, row_number() over (order by id) as nth from %s where %s) bad`, from, condition)
	if err := tx.QueryRow(ctx, sql, args...).Scan(&count, &some); err != nil {
		return 0, "", fmt.Errorf("look for features that would break the new declaration: %w", err)
	}
	if count > 5 {
		some += ", ..."
	}
	return count, some, nil
}
