package postgis

import (
	"fmt"
	"strings"

	"github.com/simtaru/simtaru/internal/plan"
)

// functions are the row trigger that refuses, and the statement trigger that
// records. Both run with the rights of the schema's owner, since editors may
// neither write history nor need to read the code lists' tables; who acts is
// asked of the session, which that does not change.
func (t table) functions() []string {
	return []string{
		t.function(t.check, "declare\n  actor constant text := simtaru.actor();\n  had_read constant bigint := new.read_revision;\n  last record;\nbegin\n"+t.computing()+t.stamp()+t.rules()+"  return new;\nend"),
		t.function(t.record, "declare\n  who constant text := simtaru.actor();\n  recorded bigint;\n  highest bigint;\nbegin\n"+t.recording()+"  return null;\nend"),
	}
}

// function wraps a body. Its search_path is that of the session that applies
// the declaration: PostGIS's schema and the system's.
func (t table) function(name, body string) string {
	tag := "$body$"
	for i := 0; strings.Contains(body, tag); i++ {
		tag = fmt.Sprintf("$body%d$", i)
	}
	return fmt.Sprintf("create or replace function %s() returns trigger\nlanguage plpgsql security definer set search_path from current\nas %s\n%s\n%[2]s",
		name, tag, body)
}

// stamp numbers the version and signs it, whatever the client sent. The moment
// is that of the transaction, so that an edit of many features is one moment
// of history; where that is not after the version before, because an older
// transaction waited for this row, it is a microsecond after it. A feature
// that was deleted and comes back goes on counting.
//
// An editor that says which revision it had read is refused where that is no
// longer the present one. The one before is borne with where the same person
// made the last change within a minute: some clients save a feature in two
// parts, and have read it before both. One that only says what it had read,
// and changes nothing, makes no version. An editor that does not say it is
// held to what was there when its transaction began: see refuse_overtaken.
func (t table) stamp() string {
	overtaken := `elsif old.updated_by <> actor and old.updated_at > now() - interval '1 day' then
      perform simtaru.refuse_overtaken({layer}, old.id, old.revision, old.updated_by, old.updated_at);
    `
	if t.layer.Access.System {
		overtaken = "" // the database itself has read nothing before
	}
	r := strings.NewReplacer("{layer}", literal(t.layer.ID), "{history}", t.history,
		"{type}", literal(geometryName(t.layer.Geometry)))
	return r.Replace(strings.Replace(strings.Replace(`  new.read_revision := null;
  if tg_op = 'UPDATE' then
    if had_read is not null then
      if had_read <> old.revision and not (had_read = old.revision - 1
        and old.updated_by = actor and old.updated_at > now() - interval '1 minute') then
        perform simtaru.refuse_stale({layer}, old.id, had_read, old.revision, old.updated_by, old.updated_at);
      elsif new *= old then
        return new;
      end if;
    {overtaken}end if;
    if new.id <> old.id then
      perform simtaru.refuse('id-changed', {layer}, 'id', 'Nomor fitur (id) tidak boleh diubah.', 'The id of a feature cannot be changed.');
    end if;
    new.revision := old.revision + 1;
    new.updated_at := greatest(now(), old.updated_at + interval '1 microsecond');
  else
    select h.revision, h.sys_from into last from {history} h where h.id = new.id order by h.revision desc limit 1;
    new.revision := coalesce(last.revision, 0) + 1;
    new.updated_at := greatest(now(), last.sys_from + interval '1 microsecond');
  end if;
  new.updated_by := actor;
{widening}  if new.geom is not null and (tg_op = 'INSERT' or new.geom is distinct from old.geom) then
    if geometrytype(new.geom) = {type} and st_srid(new.geom) = 4326 and st_ndims(new.geom) = 2 then
      perform simtaru.check_geometry(new.geom);
    else
      new.geom := simtaru.take_geometry(new.geom, {layer}, {type});
    end if;
  end if;
`, "{overtaken}", overtaken, 1), "{widening}", t.widening(), 1))
}

// widening makes areas of points and lines, once they are known to be such as
// PostGIS can do something with.
func (t table) widening() string {
	if t.layer.WidenM == 0 {
		return ""
	}
	return fmt.Sprintf(`  if geometrytype(new.geom) ~ '^(MULTI)?(POINT|LINESTRING)M?$' then
    new.geom := simtaru.widen(simtaru.take_geometry(new.geom, {layer}, rtrim(geometrytype(new.geom), 'M')), %s);
  end if;
`, number(t.layer.WidenM))
}

// rules check each field and say what is wrong in the words of its title.
func (t table) rules() string {
	var b strings.Builder
	for i := range t.layer.Fields {
		f := &t.layer.Fields[i]
		value := "new." + ident(f.Name)
		if f.Required {
			t.rule(&b, f, "value-required", value+" is null",
				literal(f.Title.ID+": wajib diisi."), literal(f.Name+": a value is required."))
		}
		switch f.Type {
		case plan.TextField:
			n := maxLength(f)
			t.rule(&b, f, "value-too-long", fmt.Sprintf("char_length(%s) > %d", value, n),
				literal(fmt.Sprintf("%s: terlalu panjang, paling banyak %d huruf.", f.Title.ID, n)),
				literal(fmt.Sprintf("%s: too long, at most %d characters are allowed.", f.Name, n)))
		case plan.NumberField:
			t.rule(&b, f, "value-not-finite", fmt.Sprintf("not (%s > '-infinity' and %[1]s < 'infinity')", value),
				literal(f.Title.ID+": harus berupa angka biasa."), literal(f.Name+": must be a finite number."))
		case plan.DateField, plan.TimestampField:
			t.rule(&b, f, "value-not-finite", fmt.Sprintf("not (%s >= '0001-01-01' and %[1]s < '10000-01-01')", value),
				literal(f.Title.ID+": tanggal harus antara tahun 1 dan 9999."), literal(f.Name+": must be between the years 1 and 9999."))
		}
		if r := inRange(f, value); r != "" {
			t.rule(&b, f, "value-out-of-range", "not ("+r+")",
				fmt.Sprintf("format(%s, %s)", literal("%s: nilai %s di luar rentang "+percent(rangeText(f, plan.Indonesian))+"."), literal(f.Title.ID)+", "+value),
				fmt.Sprintf("format(%s, %s)", literal("%s: the value %s is outside the range "+percent(rangeText(f, plan.English))+"."), literal(f.Name)+", "+value))
		}
		if f.Codes != nil {
			// A query a field: not for a code that was there already.
			fmt.Fprintf(&b, `  if %[1]s is not null and (tg_op = 'INSERT' or %[1]s is distinct from old.%[7]s) then
    if not exists (select from simtaru.code c where c.list = %[2]s and c.version = %[3]s and c.code = %[1]s::text) then
      perform simtaru.refuse_code(%[4]s, %[5]s, %[6]s, %[1]s::text, %[2]s, %[3]s);
    end if;
  end if;
`, value, literal(f.Codes.List), literal(f.Codes.Version), literal(t.layer.ID), literal(f.Name), literal(f.Title.ID), ident(f.Name))
		}
	}
	if t.layer.GeometryRequired {
		fmt.Fprintf(&b, "  if new.geom is null then\n    perform simtaru.refuse('geometry-required', %s, 'geom', 'Geometri wajib ada: gambar tempatnya dahulu.', 'A geometry is required: draw the place first.');\n  end if;\n", literal(t.layer.ID))
	}
	for i := range t.layer.Checks {
		t.between(&b, &t.layer.Checks[i])
	}
	return b.String()
}

// between refuses what breaks a rule between fields. Who changes something else
// of a feature whose quotient is wrong already is not kept from it.
func (t table) between(b *strings.Builder, c *plan.Check) {
	at, _ := t.layer.Field(c.At())
	words := c.Text(t.layer)
	id, en := at.Title.ID+": "+words.ID+".", at.Name+": "+words.EN+"."
	if c.Order != nil {
		t.rule(b, at, c.Code(), fmt.Sprintf("new.%s < new.%s", ident(c.Order[1]), ident(c.Order[0])), literal(id), literal(en))
		return
	}
	of := make([]string, 3)
	same := make([]string, 3)
	for i, name := range c.Quotient {
		of[i], same[i] = "new."+ident(name), "old."+ident(name)
	}
	is := fmt.Sprintf("floor(%s::float8 / %s::float8 + %g)", of[1], of[2], plan.Slack)
	t.rule(b, at, c.Code(), fmt.Sprintf("(tg_op = 'INSERT' or (%s) is distinct from (%s)) and %s <> %s", strings.Join(of, ", "), strings.Join(same, ", "), of[0], is),
		fmt.Sprintf("replace(%s, %s, (%s)::text)", literal(id), literal(plan.NumberHere), is), fmt.Sprintf("replace(%s, %s, (%s)::text)", literal(en), literal(plan.NumberHere), is))
}

// rule refuses when the condition is true; a null makes it unknown, which is
// not true.
func (t table) rule(b *strings.Builder, f *plan.Field, slug, condition, id, en string) {
	fmt.Fprintf(b, "  if %s then\n    perform simtaru.refuse(%s, %s, %s, %s, %s);\n  end if;\n",
		condition, literal(slug), literal(t.layer.ID), literal(f.Name), id, en)
}

// percent keeps a text from being read as a format.
func percent(s string) string { return strings.ReplaceAll(s, "%", "%%") }

func rangeText(f *plan.Field, lang plan.Lang) string {
	unit := ""
	if f.Unit != "" && !strings.HasPrefix(f.Unit, "{") {
		unit = " " + f.Unit
	}
	words := map[plan.Lang][3]string{
		plan.Indonesian: {"%s sampai %s", "paling sedikit %s", "paling banyak %s"},
		plan.English:    {"%s to %s", "at least %s", "at most %s"},
	}[lang]
	plain := func(v float64) string { return strings.Trim(number(v), "()") }
	switch {
	case f.Min != nil && f.Max != nil:
		return fmt.Sprintf(words[0], plain(*f.Min), plain(*f.Max)) + unit
	case f.Min != nil:
		return fmt.Sprintf(words[1], plain(*f.Min)) + unit
	default:
		return fmt.Sprintf(words[2], plain(*f.Max)) + unit
	}
}

// columns lists the columns that live and history share, each with a prefix.
func (t table) columns(prefix string) string {
	names := []string{prefix + "id"}
	for _, f := range t.layer.Fields {
		names = append(names, prefix+ident(f.Name))
	}
	for _, name := range platformColumns[1:] {
		names = append(names, prefix+name)
	}
	return strings.Join(names, ", ")
}

// recording writes the versions and the changes of one statement, and tells
// the readers of the feed once. A statement that touched no row says nothing,
// but an UPDATE is refused: the feature that it means is gone. A DELETE of what
// somebody else has changed since the transaction began is refused as an
// UPDATE is, here, where one query looks at all rows of a statement.
// Ids that a client chose move the sequence past them.
func (t table) recording() string {
	overtaken := `    perform simtaru.refuse_overtaken({layer}, o.id, o.revision, o.updated_by, o.updated_at)
      from old_rows o join {history} h on h.id = o.id and h.revision = o.revision
      where o.updated_by <> who and o.updated_at > now() - interval '1 day'
        and case when current_setting('track_commit_timestamp') = 'on'
          then coalesce(pg_xact_commit_timestamp(h.sys_txid::xid), o.updated_at) else o.updated_at end > now();
`
	if t.layer.Access.System {
		overtaken = "" // as in stamp
	}
	r := strings.NewReplacer(
		"{layer}", literal(t.layer.ID), "{history}", t.history, "{sequence}", t.sequence, "{sequence name}", literal(t.sequence),
		"{columns}", t.columns(""), "{n.columns}", t.columns("n."),
	)
	return r.Replace(strings.Replace(`  if tg_op = 'INSERT' then
    insert into {history} ({columns}, sys_from, sys_op, sys_actor, sys_txid)
      select {n.columns}, n.updated_at, 'create', n.updated_by, pg_current_xact_id() from new_rows n;
    insert into simtaru.change (layer, feature, op, revision, before_box, after_box, actor, at)
      select {layer}, n.id, 'create', n.revision, null, simtaru.box(n.geom), n.updated_by, n.updated_at from new_rows n;
    get diagnostics recorded = row_count;
    select max(n.id) into highest from new_rows n;
    if (select highest > s.last_value or highest = s.last_value and not s.is_called from {sequence} s) then
      perform setval({sequence name}, highest);
    end if;
  elsif tg_op = 'UPDATE' then
    insert into simtaru.change (layer, feature, op, revision, before_box, after_box, actor, at)
      select {layer}, n.id, 'update', n.revision, simtaru.box(o.geom), simtaru.box(n.geom), n.updated_by, n.updated_at
      from new_rows n join old_rows o on o.id = n.id and o.revision < n.revision;
    get diagnostics recorded = row_count;
    if recorded = 0 then
      if not exists (select from new_rows) then
        perform simtaru.refuse_untouched({layer});
      end if;
      return null;
    end if;
    update {history} h set sys_to = n.updated_at
      from new_rows n where h.id = n.id and h.revision = n.revision - 1;
    insert into {history} ({columns}, sys_from, sys_op, sys_actor, sys_txid)
      select {n.columns}, n.updated_at, 'update', n.updated_by, pg_current_xact_id()
      from new_rows n join old_rows o on o.id = n.id and o.revision < n.revision;
  else
{overtaken}    update {history} h set sys_to = greatest(now(), o.updated_at + interval '1 microsecond')
      from old_rows o where h.id = o.id and h.revision = o.revision;
    insert into {history} (id, revision, updated_at, updated_by, sys_from, sys_to, sys_op, sys_actor, sys_txid)
      select o.id, o.revision + 1, d.at, who, d.at, d.at, 'delete', who, pg_current_xact_id()
      from old_rows o, lateral (select greatest(now(), o.updated_at + interval '1 microsecond') as at) d;
    insert into simtaru.change (layer, feature, op, revision, before_box, after_box, actor, at)
      select {layer}, o.id, 'delete', o.revision + 1, simtaru.box(o.geom), null,
        who, greatest(now(), o.updated_at + interval '1 microsecond')
      from old_rows o;
    get diagnostics recorded = row_count;
  end if;
  if recorded > 0 then
    perform pg_notify('simtaru_change', {layer});
  end if;
`, "{overtaken}", overtaken, 1))
}

func (t table) triggers() []string {
	return []string{
		fmt.Sprintf("create or replace trigger check_feature before insert or update on %s\n  for each row execute function %s()", t.live, t.check),
		fmt.Sprintf("create or replace trigger record_insert after insert on %s\n  referencing new table as new_rows\n  for each statement execute function %s()", t.live, t.record),
		fmt.Sprintf("create or replace trigger record_update after update on %s\n  referencing old table as old_rows new table as new_rows\n  for each statement execute function %s()", t.live, t.record),
		fmt.Sprintf("create or replace trigger record_delete after delete on %s\n  referencing old table as old_rows\n  for each statement execute function %s()", t.live, t.record),
		fmt.Sprintf("create or replace trigger refuse_truncate before truncate on %s\n  for each statement execute function simtaru.refuse_truncate()", t.live),
	}
}
