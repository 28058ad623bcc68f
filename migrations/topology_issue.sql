-- How what was found becomes, stays and ceases to be a feature of the layer
-- plan.topology_issue. Called by topology.sql under the lock of the layer.

-- topology_drawable is a shape that a layer takes: a gap around a half-drawn
-- plan can be larger than any feature may be, and is then shown as its box.
create or replace function simtaru.topology_drawable(g geometry) returns geometry
language sql immutable parallel safe
as $$
  select st_multi(case when st_npoints(g) <= 20000 and st_nrings(g) <= 5000 and st_isvalid(g) then g else st_envelope(g) end)
$$;

-- topology_message says what is wrong, for people.
create or replace function simtaru.topology_message(in_layer text, in_kind text, a bigint, b bigint, area float8, out id text, out en text)
language plpgsql stable
as $$
declare
  title jsonb;
  outer_title jsonb;
  m2_en text := coalesce(to_char(area, 'FM999,999,999,990.0') || ' m2', '');
  m2_id text := translate(m2_en, ',.', '.,');
begin
  select l.declaration -> 'title', o.declaration -> 'title' into title, outer_title
    from simtaru.layer l left join simtaru.layer o on o.id = l.declaration #>> '{topology,within}'
    where l.id = in_layer;
  if in_kind = 'overlap' and area is null then
    id := format('fitur %s dan %s saling memotong terlalu sering untuk dihitung luasnya', a, b);
    en := format('features %s and %s cross too often to compute their overlap', a, b);
  elsif in_kind = 'overlap' then
    id := format('fitur %s dan %s tumpang tindih seluas %s', a, b, m2_id);
    en := format('features %s and %s overlap by %s', a, b, m2_en);
  elsif in_kind = 'gap' then
    id := format('celah %s yang tidak tertutup fitur mana pun', m2_id);
    en := format('a gap of %s that no feature covers', m2_en);
  else
    id := concat_ws(' ', format('fitur %s keluar dari %s', a, outer_title ->> 'id'), 'seluas ' || nullif(m2_id, ''));
    en := concat_ws(' ', format('feature %s lies outside %s', a, outer_title ->> 'en'), 'by ' || nullif(m2_en, ''));
  end if;
  id := left((title ->> 'id') || ': ' || id, 499) || '.';
  en := left((title ->> 'en') || ': ' || en, 499) || '.';
end
$$;

-- topology_show makes the issue layer show a fact and returns the feature that
-- does. One that shows the same already is left alone: no version, no change.
create or replace function simtaru.topology_show(shown bigint, in_layer text, in_kind text, a bigint, b bigint, g geometry, area float8) returns bigint
language plpgsql volatile
as $$
declare
  shape geometry := simtaru.topology_drawable(g);
  present geometry;
  words record;
begin
  if shown is not null then
    select i.geom into present from plan.topology_issue i where i.id = shown;
    if present = shape or simtaru.topology_m2(st_symdifference(present, shape)) <= 0.001 then
      return shown;
    end if;
  end if;
  words := simtaru.topology_message(in_layer, in_kind, a, b, area);
  if present is not null then
    update plan.topology_issue i set geom = shape, area_m2 = round(area::numeric, 2), message = words.id, message_en = words.en where i.id = shown;
    return shown;
  end if;
  insert into plan.topology_issue (layer, kind, feature_a, feature_b, area_m2, message, message_en, geom)
    values (in_layer, in_kind, a, b, round(area::numeric, 2), words.id, words.en, shape)
    returning id into shown;
  return shown;
end
$$;

-- topology_hide takes an issue off the layer.
create or replace function simtaru.topology_hide(shown bigint) returns void
language plpgsql volatile
as $$
begin
  if shown is not null then
    delete from plan.topology_issue i where i.id = shown;
  end if;
end
$$;

-- topology_keep makes the facts say that features a and b overlap, or that a is
-- outside (b is 0), by g; or that they do not.
create or replace function simtaru.topology_keep(rule simtaru.topology_rule, in_kind text, a bigint, b bigint, g geometry, area float8) returns void
language plpgsql volatile
as $$
declare
  known simtaru.topology_fact;
  shown bigint;
begin
  select * into known from simtaru.topology_fact k
    where k.layer = rule.layer and k.kind = in_kind and k.feature_a = a and k.feature_b = b;
  if g is null or area <= rule.tolerance_m2 then
    perform simtaru.topology_hide(known.issue);
    delete from simtaru.topology_fact k where k.id = known.id;
    return;
  end if;
  shown := simtaru.topology_show(known.issue, rule.layer, in_kind, a, nullif(b, 0), g, area);
  if known.id is null then
    insert into simtaru.topology_fact (layer, kind, feature_a, feature_b, issue) values (rule.layer, in_kind, a, b, shown);
  elsif known.issue is distinct from shown then
    update simtaru.topology_fact k set issue = shown where k.id = known.id;
  end if;
end
$$;

-- topology_gaps replaces known gaps by others. One that lies over an old one
-- takes its place, so that an issue keeps its id while it changes shape. What
-- reaches the edge of the world lies around the plan and is no issue.
create or replace function simtaru.topology_gaps(rule simtaru.topology_rule, old bigint[], new geometry[]) returns void
language plpgsql volatile
as $$
declare
  used bigint[] := '{}';
  gap record;
  known simtaru.topology_fact;
  shown bigint;
begin
  for gap in
    select g.geom, st_xmin(g.geom) <= -180 as around, case when st_xmin(g.geom) > -180 then simtaru.topology_m2(g.geom) end as area
    from unnest(new) n, simtaru.topology_pieces(n) as g (geom) order by area desc nulls first
  loop
    continue when gap.area <= 0.001;
    known := null;
    select k.* into known from simtaru.topology_fact k
      cross join lateral (
        select case when gap.around then 1 else st_area(st_intersection(k.geom, gap.geom)) end as common
      ) c
      where k.id = any(old) and k.id <> all(used) and k.kind = 'gap' and k.geom && gap.geom and (st_xmin(k.geom) <= -180) = gap.around and c.common > 0
      order by c.common desc limit 1;
    if gap.around or gap.area <= rule.tolerance_m2 then
      perform simtaru.topology_hide(known.issue);
      shown := null;
    else
      shown := simtaru.topology_show(known.issue, rule.layer, 'gap', null, null, gap.geom, gap.area);
    end if;
    if known.id is null then
      insert into simtaru.topology_fact (layer, kind, issue, geom) values (rule.layer, 'gap', shown, gap.geom);
    else
      used := used || known.id;
      update simtaru.topology_fact k set issue = shown, geom = gap.geom where k.id = known.id;
    end if;
  end loop;
  perform simtaru.topology_hide(k.issue) from simtaru.topology_fact k where k.id = any(old) and k.id <> all(used);
  delete from simtaru.topology_fact k where k.id = any(old) and k.id <> all(used);
end
$$;
