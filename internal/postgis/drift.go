package postgis

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/plan"
)

// Drift compares what the database has with what the declarations ask for and
// returns each difference as a sentence; none where they agree. It reads
// PostgreSQL's catalogues and shares with the statements that made the tables
// only the list of constraints.
func (s *Store) Drift(ctx context.Context, cat *plan.Catalog) ([]string, error) {
	var all []string
	err := s.view(ctx, s.feed, func(tx pgx.Tx) error {
		all = nil
		for _, l := range cat.Layers() {
			found, err := drift(ctx, tx, l)
			if err != nil {
				return fmt.Errorf("compare the layer %s with its declaration: %w", l.ID, err)
			}
			all = append(all, found...)
		}
		unknown, err := unknownTables(ctx, tx, cat)
		all = append(all, unknown...)
		return err
	})
	return all, err
}

func drift(ctx context.Context, tx pgx.Tx, l *plan.Layer) ([]string, error) {
	var all []string
	for _, part := range []struct {
		what string
		want map[string]string
		sql  string
	}{
		{"live column", liveColumns(l), sqlDriftColumns},
		{"history column", historyColumns(l), sqlDriftHistoryColumns},
		{"constraint", constraintKinds(l), sqlDriftConstraints},
		{"index", map[string]string{"gist(geom)": "plan, history", "btree(sys_from)": "history"}, sqlDriftIndexes},
		{"trigger", triggersOf(l), sqlDriftTriggers},
		{"privilege", privilegesOf(l), sqlDriftPrivileges},
		{"policy", policiesOf(l), sqlDriftPolicies},
		{"geometry of", map[string]string{"plan": asFound(l), "history": asFound(l)}, sqlDriftGeometry},
	} {
		have, err := pairs(ctx, tx, part.sql, l.ID)
		if err != nil {
			return nil, fmt.Errorf("read each %s: %w", part.what, err)
		}
		all = append(all, differences(l.ID+": "+part.what, part.want, have)...)
	}
	return all, nil
}

func triggersOf(l *plan.Layer) map[string]string {
	want := map[string]string{
		"check_feature": "before insert update row check_" + l.ID, "record_insert": "after insert statement record_" + l.ID,
		"record_update": "after update statement record_" + l.ID, "record_delete": "after delete statement record_" + l.ID,
		"refuse_truncate": "before truncate statement refuse_truncate",
	}
	if l.Publishes != nil {
		for _, op := range []string{"insert", "update", "delete"} {
			want["publish_"+op] = "after " + op + " statement republish_" + l.ID
		}
	}
	return want
}

// pairs runs a query of two text columns.
func pairs(ctx context.Context, tx pgx.Tx, sql, layer string) (map[string]string, error) {
	rows, err := tx.Query(ctx, sql, layer)
	if err != nil {
		return nil, err
	}
	have := map[string]string{}
	var k, v string
	_, err = pgx.ForEachRow(rows, []any{&k, &v}, func() error {
		have[k] = v
		return nil
	})
	return have, err
}

func differences(what string, want, have map[string]string) []string {
	var all []string
	for _, k := range slices.Sorted(maps.Keys(want)) {
		switch got, ok := have[k]; {
		case !ok:
			all = append(all, fmt.Sprintf("%s %s is missing", what, k))
		case got != want[k]:
			all = append(all, fmt.Sprintf("%s %s is %q, want %q", what, k, got, want[k]))
		}
	}
	for _, k := range slices.Sorted(maps.Keys(have)) {
		if _, ok := want[k]; !ok {
			all = append(all, fmt.Sprintf("%s %s is not declared", what, k))
		}
	}
	return all
}

// liveColumns is name to type, nullability and comment.
func liveColumns(l *plan.Layer) map[string]string {
	want := map[string]string{
		"id":            "bigint not null identity",
		"geom":          "geometry",
		"revision":      "bigint not null",
		"updated_at":    "timestamp with time zone not null",
		"updated_by":    "text not null",
		"read_revision": "bigint",
	}
	for _, f := range l.Fields {
		text := columnTypes[f.Type]
		if f.Required {
			text += " not null"
		}
		text += " -- " + bilingual(f.Title)
		if f.Unit != "" {
			text += " [" + f.Unit + "]"
		}
		want[f.Name] = text
	}
	return want
}

func historyColumns(l *plan.Layer) map[string]string {
	want := map[string]string{
		"id": "bigint not null", "geom": "geometry", "revision": "bigint not null",
		"updated_at": "timestamp with time zone not null", "updated_by": "text not null",
		"sys_from": "timestamp with time zone not null", "sys_to": "timestamp with time zone",
		"sys_op": "text not null", "sys_actor": "text not null", "sys_txid": "xid8 not null",
	}
	for _, f := range l.Fields {
		want[f.Name] = columnTypes[f.Type]
	}
	return want
}

// asFound is a geometry column as geometry_columns describes it.
func asFound(l *plan.Layer) string {
	return fmt.Sprintf("%s %d 2", strings.ToUpper(string(l.Geometry)), SRID)
}

// constraintKinds is name to kind and the columns concerned. That each range
// and length holds is shown by tests that break it.
func constraintKinds(l *plan.Layer) map[string]string {
	want := map[string]string{
		l.ID + "_pkey": "p id", "history." + l.ID + "_pkey": "p id,revision",
		"history.geom_type": "c geom", "history.geom_srid": "c geom", "history.geom_dims": "c geom",
	}
	for _, c := range tableOf(l).constraints() {
		column := c.name[:max(strings.LastIndexByte(c.name, '_'), 0)]
		switch {
		case strings.HasSuffix(c.name, computedSuffix):
			f, _ := l.Field(column)
			of := append([]string{column}, f.Computed.Of...)
			slices.Sort(of)
			want[c.name] = "c " + strings.Join(slices.Compact(of), ",")
		case strings.HasSuffix(c.name, orderSuffix):
			i := slices.IndexFunc(l.Checks, func(k plan.Check) bool { return k.Order != nil && k.At() == column })
			want[c.name] = "c " + strings.Join(slices.Sorted(slices.Values(l.Checks[i].Order)), ",")
		case strings.HasPrefix(c.definition, "unique"):
			want[c.name] = "u " + strings.Trim(strings.TrimPrefix(c.definition, "unique "), `(") `)
		default:
			want[c.name] = "c " + column
		}
	}
	return want
}

// privilegesOf is role to what it may do, on the live table and its history.
func privilegesOf(l *plan.Layer) map[string]string {
	want := map[string]string{"simtaru_reader": "history:SELECT plan:SELECT"}
	for _, r := range plan.Roles {
		name := "simtaru_" + string(r)
		edit := l.Access.CanEdit(r)
		declared := edit || r == plan.Admin || slices.Contains(l.Access.Read, r)
		switch {
		case edit:
			want[name] = "history:SELECT plan:DELETE plan:INSERT plan:SELECT plan:UPDATE"
		case declared:
			want[name] = "history:SELECT plan:SELECT"
		}
	}
	return want
}

// policiesOf is policy to kind, command, roles and condition.
func policiesOf(l *plan.Layer) map[string]string {
	var read, edit []string
	for _, r := range plan.Roles {
		if l.Access.CanEdit(r) {
			edit = append(edit, "simtaru_"+string(r))
		}
		if l.Access.CanEdit(r) || r == plan.Admin || slices.Contains(l.Access.Read, r) {
			read = append(read, "simtaru_"+string(r))
		}
	}
	read = append(read, "simtaru_reader")
	slices.Sort(read)
	slices.Sort(edit)
	reads := "permissive select " + strings.Join(read, ",") + " true"
	narrow := fmt.Sprintf("restrictive all simtaru_narrow ( SELECT simtaru.in_scope('%s'::text) AS in_scope)", l.ID)
	want := map[string]string{"plan.reads": reads, "plan.narrow": narrow, "history.reads": reads, "history.narrow": narrow}
	if !l.Access.System {
		want["plan.edits"] = "permissive all " + strings.Join(edit, ",") + " true"
	}
	return want
}

// unknownTables are those beside the declared layers.
func unknownTables(ctx context.Context, tx pgx.Tx, cat *plan.Catalog) ([]string, error) {
	rows, err := tx.Query(ctx, `select schemaname || '.' || tablename from pg_tables
		where schemaname in ('plan', 'history') order by 1`)
	if err != nil {
		return nil, fmt.Errorf("list the tables: %w", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("list the tables: %w", err)
	}
	var all []string
	for _, name := range names {
		_, id, _ := strings.Cut(name, ".")
		if _, ok := cat.Layer(id); !ok {
			all = append(all, name+" is no declared layer")
		}
	}
	return all, nil
}
