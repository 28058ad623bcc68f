-- How what was found becomes, stays and ceases to be a feature of the layer
-- plan.topology_issue. Called by topology.sql under the lock of the layer.

-- topology_drawable is a shape that a layer takes: a gap around a half-drawn
-- plan can be larger than any feature may be, and is then shown as its box.
create or replace function simtaru.topology_drawable(g geometry) returns geometry
language sql immutable parallel safe
as $$
  select st_multi(case when st_npoints(g) <= 20000 and st_nrings(g) <= 5000 and st_isvalid(g) then g else st_envelope(g) end)
$$;

-- topology_most is how many issues a check of a whole layer keeps. A plan that
-- was imported in a wrong shape has one with each neighbour, or with all.
create or replace function simtaru.topology_most() returns bigint
language sql immutable parallel safe
as $$ select 10000 $$;

-- topology_message says what is wrong, for people; or why nobody knows. Of issues
-- that were left off (more) why is all there is to say.
create or replace function simtaru.topology_message(in_layer text, in_kind text, a bigint, b bigint, area float8, why jsonb, out id text, out en text)
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
  if in_kind = 'more' then
    id := why ->> 'id';
    en := why ->> 'en';
  elsif in_kind = 'unchecked' then
    id := 'celah di kotak ini tidak dapat dicari: ' || (why ->> 'id');
    en := 'gaps in this box could not be looked for: ' || (why ->> 'en');
  elsif in_kind = 'overlap' and why is not null then
    id := format('tidak dapat diperiksa apakah fitur %s dan %s tumpang tindih: %s', a, b, why ->> 'id');
    en := format('whether features %s and %s overlap could not be checked: %s', a, b, why ->> 'en');
  elsif why is not null then
    id := format('tidak dapat diperiksa apakah fitur %s keluar dari %s: %s', a, outer_title ->> 'id', why ->> 'id');
    en := format('whether feature %s lies outside %s could not be checked: %s', a, outer_title ->> 'en', why ->> 'en');
  elsif in_kind = 'overlap' then
    id := concat_ws(' ', format('fitur %s dan %s tumpang tindih', a, b), 'seluas ' || nullif(m2_id, ''));
    en := concat_ws(' ', format('features %s and %s overlap', a, b), 'by ' || nullif(m2_en, ''));
  elsif in_kind = 'gap' then
    id := concat_ws(' ', 'celah', nullif(m2_id, ''), 'yang tidak tertutup fitur mana pun');
    en := concat_ws(' ', 'a gap', 'of ' || nullif(m2_en, ''), 'that no feature covers');
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
create or replace function simtaru.topology_show(shown bigint, in_layer text, in_kind text, a bigint, b bigint, g geometry, area float8, why jsonb) returns bigint
language plpgsql volatile
as $$
declare
  shape geometry := simtaru.topology_drawable(g);
  shown_kind constant text := case when why is null then in_kind else 'unchecked' end;
  present record;
  same boolean;
  words record;
begin
  select i.geom, i.kind, i.message into present from plan.topology_issue i where i.id = shown;
  same := present.kind = shown_kind and (present.geom = shape or simtaru.topology_m2(st_symdifference(present.geom, shape)) <= 0.001);
  if same and why is null then
    return shown;
  end if;
  words := simtaru.topology_message(in_layer, in_kind, a, b, area, why);
  if same and present.message = words.id then
    return shown;
  end if;
  if present.kind is not null then
    update plan.topology_issue i set kind = shown_kind, geom = shape, area_m2 = round(area::numeric, 2), message = words.id, message_en = words.en where i.id = shown;
    return shown;
  end if;
  insert into plan.topology_issue (layer, kind, feature_a, feature_b, area_m2, message, message_en, geom)
    values (in_layer, shown_kind, a, b, round(area::numeric, 2), words.id, words.en, shape)
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
-- outside (b is 0), by g; or that nobody knows why; or that they do not.
create or replace function simtaru.topology_keep(rule simtaru.topology_rule, in_kind text, a bigint, b bigint, g geometry, area float8, why jsonb) returns void
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
  shown := simtaru.topology_show(known.issue, rule.layer, in_kind, a, nullif(b, 0), g, area, why);
  if known.id is null then
    insert into simtaru.topology_fact (layer, kind, feature_a, feature_b, issue) values (rule.layer, in_kind, a, b, shown);
  elsif known.issue is distinct from shown then
    update simtaru.topology_fact k set issue = shown where k.id = known.id;
  end if;
end
$$;

-- topology_around tells what lies around the plan from a gap in it.
create or replace function simtaru.topology_around(rule simtaru.topology_rule, gap geometry) returns boolean
language sql immutable parallel safe
as $$
  select rule.within is null and (st_xmin(gap) <= -180 or st_xmax(gap) >= 180 or st_ymin(gap) <= -90 or st_ymax(gap) >= 90)
$$;

-- topology_gaps replaces known gaps by others. One that lies over an old one
-- takes its place, so that an issue keeps its id while it changes shape. What
-- reaches the edge of the world, where a layer lies within no other, lies around
-- the plan and is no issue. Above most issues, if that is not null, the smaller
-- gaps are left off; it returns how many.
create or replace function simtaru.topology_gaps(rule simtaru.topology_rule, old bigint[], new geometry[], most bigint) returns bigint
language plpgsql volatile
as $$
declare
  used bigint[] := '{}';
  kept bigint := 0;
  left_off bigint := 0;
  gap record;
  known simtaru.topology_fact;
  shown bigint;
begin
  for gap in
    select g.geom, a.around, case when not a.around then simtaru.topology_m2(g.geom) end as area
    from unnest(new) n, simtaru.topology_pieces(n) as g (geom), simtaru.topology_around(rule, g.geom) as a (around)
    order by area desc nulls first, st_xmin(g.geom), st_ymin(g.geom)
  loop
    continue when gap.area <= 0.001;
    known := null;
    select k.* into known from simtaru.topology_fact k
      cross join lateral (
        select case when gap.around then 1 else st_area(st_intersection(k.geom, gap.geom)) end as common
      ) c
      where k.id = any(old) and k.id <> all(used) and k.kind = 'gap' and k.geom && gap.geom and simtaru.topology_around(rule, k.geom) = gap.around and c.common > 0
      order by c.common desc limit 1;
    if gap.around or gap.area <= rule.tolerance_m2 then
      perform simtaru.topology_hide(known.issue);
      shown := null;
    elsif kept >= most then
      left_off := left_off + 1;
      continue;
    else
      kept := kept + 1;
      shown := simtaru.topology_show(known.issue, rule.layer, 'gap', null, null, gap.geom, gap.area, null);
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
  return left_off;
end
$$;
