package postgis

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/plan"
)

// querier is what reads need: a connection or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// Catalog reads all declarations and code lists at one moment.
func (s *Store) Catalog(ctx context.Context) (*plan.Catalog, error) {
	var cat *plan.Catalog
	err := s.view(ctx, s.feed, func(tx pgx.Tx) (err error) {
		cat, err = readCatalog(ctx, tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the catalogue: %w", err)
	}
	return cat, nil
}

func readCatalog(ctx context.Context, q querier) (*plan.Catalog, error) {
	layers, err := readLayers(ctx, q)
	if err != nil {
		return nil, err
	}
	lists, err := readLists(ctx, q, "", "")
	if err != nil {
		return nil, err
	}
	coverages, err := readDeclarations[plan.Coverage](ctx, q, `select declaration from simtaru.coverage order by id collate "C"`)
	if err != nil {
		return nil, err
	}
	indicators, err := readDeclarations[plan.Indicator](ctx, q, `select declaration from simtaru.indicator where removed_at is null order by (declaration ->> 'order')::bigint, id collate "C"`)
	if err != nil {
		return nil, err
	}
	var changed int64
	if err := q.QueryRow(ctx, "select simtaru.catalog_version()").Scan(&changed); err != nil {
		return nil, fmt.Errorf("read the version of the catalogue: %w", err)
	}
	return plan.NewCatalog(layers, lists).WithIndicators(coverages, indicators).WithVersion(catalogVersion(changed)), nil
}

// catalogVersion makes the count of changes, which starts at 0, a version.
func catalogVersion(changed int64) int64 { return changed + 1 }

// readLayers reads the declarations in drawing order.
func readLayers(ctx context.Context, q querier) ([]*plan.Layer, error) {
	return readDeclarations[plan.Layer](ctx, q, `select declaration from simtaru.layer order by (declaration ->> 'order')::bigint, id collate "C"`)
}

// readDeclarations reads what sql selects, one declaration a row.
func readDeclarations[T any](ctx context.Context, q querier, sql string) ([]*T, error) {
	rows, err := q.Query(ctx, sql)
	if err != nil {
		return nil, fmt.Errorf("read the declarations: %w", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*T, error) {
		var text []byte
		if err := row.Scan(&text); err != nil {
			return nil, err
		}
		d := new(T)
		return d, json.Unmarshal(text, d)
	})
	if err != nil {
		return nil, fmt.Errorf("read the declarations: %w", err)
	}
	return all, nil
}

// readLists reads code lists in the order of their ids and versions; empty
// arguments select all.
func readLists(ctx context.Context, q querier, list, version string) ([]*plan.CodeList, error) {
	rows, err := q.Query(ctx, sqlLists, list, version)
	if err != nil {
		return nil, fmt.Errorf("read the code lists: %w", err)
	}
	var lists []*plan.CodeList
	var l plan.CodeList
	var code, id, en, color, group, note *string
	_, err = pgx.ForEachRow(rows, []any{
		&l.ID, &l.Version, &l.Title.ID, &l.Title.EN, &l.Source, &code, &id, &en, &color, &group, &note,
	}, func() error {
		if n := len(lists); n == 0 || lists[n-1].ID != l.ID || lists[n-1].Version != l.Version {
			next := l
			lists = append(lists, &next)
		}
		if code != nil { // null for a list without codes
			last := lists[len(lists)-1]
			last.Codes = append(last.Codes, plan.Code{
				Code: *code, Title: plan.Text{ID: *id, EN: *en}, Color: *color, Group: *group, Note: *note,
			})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the code lists: %w", err)
	}
	return lists, nil
}
