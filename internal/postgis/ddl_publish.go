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

// publishName and republishName are the function that publishes some features
// of a layer, and the trigger function that calls it.
func publishName(layer string) string {
	return pgx.Identifier{"simtaru", "publish_" + layer}.Sanitize()
}

func republishName(layer string) string {
	return pgx.Identifier{"simtaru", "republish_" + layer}.Sanitize()
}

// publishing fills the layer that this one publishes into, in the transaction of
// each edit. Of what is published only the present is kept: what was corrected
// or withdrawn is nowhere to be found but in this layer's own history.
func (t table) publishing() []string {
	p := t.layer.Publishes
	if p == nil {
		return nil
	}
	to := tableOf(&plan.Layer{ID: p.Layer})
	var names, values, sets, there []string
	for _, name := range slices.Sorted(maps.Keys(p.Fields)) {
		names, values = append(names, ident(name)), append(values, "r."+ident(p.Fields[name]))
	}
	names, values = append(names, "geom"), append(values, "r.geom")
	for i := range names {
		sets, there = append(sets, names[i]+" = "+values[i]), append(there, "p."+names[i])
	}
	var when []string
	for _, name := range slices.Sorted(maps.Keys(p.When)) {
		var list []string
		for _, v := range p.When[name] {
			list = append(list, literal(v))
		}
		when = append(when, fmt.Sprintf("r.%s in (%s)", ident(name), strings.Join(list, ", ")))
	}
	body := strings.NewReplacer(
		"{from}", t.live, "{to}", to.live, "{history}", to.history, "{when}", strings.Join(when, " and "),
		"{names}", strings.Join(names, ", "), "{values}", strings.Join(values, ", "), "{sets}", strings.Join(sets, ", "), "{there}", strings.Join(there, ", "),
	).Replace(`begin
  delete from {to} p where p.id = any(ids) and not exists (select from {from} r where r.id = p.id and {when});
  update {to} p set {sets} from {from} r
    where p.id = any(ids) and r.id = p.id and {when} and ({there}) is distinct from ({values});
  insert into {to} (id, {names}) select r.id, {values} from {from} r
    where r.id = any(ids) and {when} and not exists (select from {to} p where p.id = r.id);
  delete from {history} h where h.id = any(ids) and h.sys_to is not null and h.sys_op <> 'delete';
end`)
	publish, republish := publishName(t.layer.ID), republishName(t.layer.ID)
	all := []string{
		fmt.Sprintf("create or replace function %s(ids bigint[]) returns void\nlanguage plpgsql security definer set search_path from current\nas %s", publish, literal(body)),
		t.function(republish, fmt.Sprintf(`begin
  if tg_op = 'DELETE' then
    perform %s(array(select id from old_rows));
  else
    perform %[1]s(array(select id from new_rows));
  end if;
  return null;
end`, publish)),
	}
	for _, trigger := range []struct{ op, rows string }{{"insert", "new table as new_rows"}, {"update", "new table as new_rows"}, {"delete", "old table as old_rows"}} {
		all = append(all, fmt.Sprintf("create or replace trigger publish_%s after %[1]s on %s\n  referencing %s\n  for each statement execute function %s()", trigger.op, t.live, trigger.rows, republish))
	}
	return append(all, fmt.Sprintf("revoke all on function %s(bigint[]), %s() from public", publish, republish))
}

// withdrawn takes back what the layer published where it no longer does, or
// does elsewhere. Where it publishes fewer fields than are filled, the features
// that have more are made anew: publishing itself writes the listed ones alone.
func (w *widening) withdrawn(ctx context.Context) error {
	was, is := w.old.layer.Publishes, w.new.layer.Publishes
	if was == nil {
		return nil
	}
	to := tableOf(&plan.Layer{ID: was.Layer})
	if is != nil && is.Layer == was.Layer {
		filled, _, err := declared(ctx, w.tx, is.Layer)
		if err != nil || filled == nil {
			return err
		}
		var left []string
		for _, f := range filled.Fields {
			if _, listed := is.Fields[f.Name]; !listed && f.Computed == nil {
				left = append(left, ident(f.Name)+" is not null")
			}
		}
		if len(left) > 0 {
			w.add("delete from %s where %s", to.live, strings.Join(left, " or "))
		}
		return nil
	}
	w.add("delete from %s", to.live)
	w.add("delete from %s where sys_op <> 'delete'", to.history)
	if is == nil {
		for _, op := range []string{"insert", "update", "delete"} {
			w.add("drop trigger if exists publish_%s on %s", op, w.old.live)
		}
		w.add("drop function if exists %s(), %s(bigint[])", republishName(w.old.layer.ID), publishName(w.old.layer.ID))
	}
	return nil
}

// publishAnew publishes all features of the layers whose publishing a changed
// declaration concerns.
func publishAnew(ctx context.Context, tx pgx.Tx, changed string) error {
	rows, err := tx.Query(ctx, sqlPublishers, changed)
	if err != nil {
		return err
	}
	type publisher struct{ From, To string }
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[publisher])
	if err != nil {
		return fmt.Errorf("look for what is published: %w", err)
	}
	for _, p := range all {
		// Where nothing is to be changed that is no mistake.
		if _, err := tx.Exec(ctx, "select set_config('simtaru.empty_update', 'on', true)"); err != nil {
			return err
		}
		sql := fmt.Sprintf("select %s(array(select id from %s union select id from %s))", publishName(p.From),
			tableOf(&plan.Layer{ID: p.From}).live, tableOf(&plan.Layer{ID: p.To}).live)
		if _, err := tx.Exec(ctx, sql); err != nil {
			return fmt.Errorf("publish %s anew: %w", p.From, err)
		}
	}
	return nil
}
