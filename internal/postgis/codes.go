package postgis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/plan"
)

// applyList writes one version of a code list and reports whether that changed
// anything. A code that any feature has or had keeps its place in the list.
func applyList(ctx context.Context, tx pgx.Tx, list *plan.CodeList) (bool, error) {
	present, err := readLists(ctx, tx, list.ID, list.Version)
	if err != nil {
		return false, err
	}
	if len(present) == 1 && sameList(present[0], list) {
		return false, nil
	}
	if len(present) == 1 {
		if err := refuseRemoval(ctx, tx, present[0], list); err != nil {
			return false, err
		}
	}
	batch := &pgx.Batch{}
	batch.Queue(sqlWriteList, list.ID, list.Version, list.Title.ID, list.Title.EN, list.Source)
	codes := make([]string, len(list.Codes))
	for i, c := range list.Codes {
		codes[i] = c.Code
		batch.Queue(sqlWriteCode, list.ID, list.Version, c.Code, i+1, c.Title.ID, c.Title.EN, c.Color, c.Group, c.Note)
	}
	batch.Queue("delete from simtaru.code where list = $1 and version = $2 and not code = any($3)", list.ID, list.Version, codes)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return false, fmt.Errorf("write the code list %s, version %s: %w", list.ID, list.Version, err)
	}
	return true, nil
}

func sameList(a, b *plan.CodeList) bool {
	return a.ID == b.ID && a.Version == b.Version && a.Title == b.Title && a.Source == b.Source && slices.Equal(a.Codes, b.Codes)
}

// refuseRemoval refuses codes that are missing from the new list while a
// feature of some layer has them, now or in its history: their meaning would
// be lost.
func refuseRemoval(ctx context.Context, tx pgx.Tx, present, list *plan.CodeList) error {
	var gone []string
	for _, c := range present.Codes {
		if !slices.ContainsFunc(list.Codes, func(n plan.Code) bool { return n.Code == c.Code }) {
			gone = append(gone, c.Code)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	layers, err := readLayers(ctx, tx)
	if err != nil {
		return err
	}
	var errs []error
	for _, l := range layers {
		for _, f := range l.Fields {
			if f.Codes == nil || f.Codes.List != list.ID || f.Codes.Version != list.Version {
				continue
			}
			var used []string
			sql := fmt.Sprintf("select coalesce(array_agg(distinct %s::text), '{}') from %s where %[1]s::text = any($1)", ident(f.Name), tableOf(l).history)
			if err := tx.QueryRow(ctx, sql, gone).Scan(&used); err != nil {
				return fmt.Errorf("look for features with removed codes: %w", err)
			}
			if len(used) > 0 {
				slices.Sort(used)
				errs = append(errs, loss(l.ID, f.Name,
					fmt.Sprintf("Kode %s tidak dapat dihapus dari daftar %s versi %s: masih atau pernah dipakai. Terbitkan versi baru dari daftar itu.", strings.Join(used, ", "), list.ID, list.Version),
					fmt.Sprintf("the codes %s cannot be removed from the list %s, version %s: features have or had them; publish a new version of the list", strings.Join(used, ", "), list.ID, list.Version)))
			}
		}
	}
	return errors.Join(errs...)
}
