-- The check of a whole layer, in two steps. The scan reads one snapshot, in
-- portions that show progress and can be stopped between; editors do not wait
-- for it. Then topology_apply, under the layer's lock, makes the facts those of
-- the snapshot, and looks at what has changed since it as a commit would. The
-- functions are called by the server's own login only.

-- topology_scan_overlaps returns the overlaps, most of them at most, of the
-- features from an id (exclusive) to another (inclusive) with those of higher
-- ids. Their order is always the same, so that the same ones are kept; no index
-- has it, which would be taken for the sake of the limit.
create or replace function simtaru.topology_scan_overlaps(in_layer text, from_id bigint, to_id bigint, most bigint)
returns table (feature_a bigint, feature_b bigint, geom geometry, area float8, why jsonb)
language plpgsql volatile security definer set search_path from current set jit = off
as $$
begin
  return query execute format($q$
    select a.id, b.id, o.geom, o.area, o.why
    from plan.%1$I a join plan.%1$I b on b.id > a.id and b.geom && a.geom
    cross join lateral simtaru.topology_overlap(a.geom, b.geom) o
    where a.id > $1 and a.id <= $2 and o.geom is not null
      and (o.area is null or o.area > (select r.tolerance_m2 from simtaru.topology_rule r where r.layer = $3))
    order by a.id, -b.id limit $4
  $q$, in_layer) using from_id, to_id, in_layer, most;
end
$$;

-- topology_scan_outside returns what lies outside of the features in a range.
create or replace function simtaru.topology_scan_outside(in_layer text, from_id bigint, to_id bigint, most bigint)
returns table (feature bigint, geom geometry, area float8, why jsonb)
language plpgsql volatile security definer set search_path from current set jit = off
as $$
begin
  return query execute format($q$
    select f.id, o.geom, o.area, o.why
    from simtaru.topology_rule r, plan.%1$I f, lateral simtaru.topology_outside(f.geom, r.within) o
    where r.layer = $3 and f.id > $1 and f.id <= $2 and f.geom is not null and o.geom is not null
      and (o.area is null or o.area > r.tolerance_m2)
    order by f.id limit $4
  $q$, in_layer) using from_id, to_id, in_layer, most;
end
$$;

-- topology_cells divides what a coverage has to cover into cells of some 100
-- features each: the box of the outer layer, or the world, whose rest around
-- the layer is the last cell. Neighbours share the very coordinate.
create or replace function simtaru.topology_cells(in_layer text) returns table (cell geometry)
language plpgsql volatile security definer set search_path from current
as $$
declare
  outer_layer text := (select r.within from simtaru.topology_rule r where r.layer = in_layer);
  world constant geometry := st_makeenvelope(-180, -90, 180, 90, 4326);
  box geometry;
  features bigint;
  n int;
begin
  execute format('select count(*), st_setsrid(st_extent(geom)::geometry, 4326) from plan.%I', in_layer) into features, box;
  if outer_layer is not null then
    execute format('select st_setsrid(st_extent(geom)::geometry, 4326) from plan.%I', outer_layer) into box;
    if box is null then
      return;
    end if;
  elsif box is null then
    cell := world;
    return next;
    return;
  end if;
  box := st_intersection(st_expand(box, 0.001), world);
  n := least(greatest(ceil(sqrt(features / 100.0)), 1), 100);
  return query
    select st_makeenvelope(
      st_xmin(box) + (st_xmax(box) - st_xmin(box)) * x / n, st_ymin(box) + (st_ymax(box) - st_ymin(box)) * y / n,
      st_xmin(box) + (st_xmax(box) - st_xmin(box)) * (x + 1) / n, st_ymin(box) + (st_ymax(box) - st_ymin(box)) * (y + 1) / n, 4326)
    from generate_series(0, n - 1) y, generate_series(0, n - 1) x;
  if outer_layer is null then
    return query select st_difference(world, box);
  end if;
end
$$;

-- topology_scan_cell returns what is uncovered in a cell, or why that cannot be
-- computed. A cell that is no box is the rest around the layer, with nothing in
-- it.
create or replace function simtaru.topology_scan_cell(in_layer text, cell geometry, out geom geometry, out why jsonb)
language plpgsql volatile security definer set search_path from current set jit = off
as $$
begin
  if st_npoints(cell) > 5 then
    geom := cell;
    return;
  end if;
  geom := simtaru.topology_uncovered(in_layer, (select r.within from simtaru.topology_rule r where r.layer = in_layer), cell);
exception when internal_error or sqlstate 'SU500' then
  why := simtaru.topology_why(sqlstate, sqlerrm);
end
$$;

-- topology_unchecked makes the facts say which cells of a layer were not looked
-- at, and why; and that as many issues were left off, or at least so many.
create or replace function simtaru.topology_unchecked(in_layer text, cells geometry[], why jsonb[], left_off bigint, at_least boolean) returns void
language plpgsql volatile
as $$
declare
  f record;
  around geometry;
begin
  if left_off > 0 or at_least then
    execute format('select st_setsrid(st_extent(geom)::geometry, 4326) from plan.%I', in_layer) into around;
    if around is null then -- all is a gap
      execute format('select st_setsrid(st_extent(geom)::geometry, 4326) from plan.%I',
        (select r.within from simtaru.topology_rule r where r.layer = in_layer)) into around;
    end if;
  end if;
  for f in
    select k.id, k.issue, c.geom, c.why
    from (
      select u.geom, u.why from unnest(cells, why) as u (geom, why)
      union all
      select null, simtaru.topology_left_off(in_layer, left_off, at_least) where around is not null
    ) c full join (
      select * from simtaru.topology_fact t where t.layer = in_layer and t.kind = 'unchecked'
    ) k on coalesce(st_astext(k.geom), '') = coalesce(st_astext(c.geom), '')
  loop
    if f.why is null then
      perform simtaru.topology_hide(f.issue);
      delete from simtaru.topology_fact k where k.id = f.id;
      continue;
    end if;
    f.issue := simtaru.topology_show(f.issue, in_layer, case when f.geom is null then 'more' else 'unchecked' end, null, null,
      coalesce(f.geom, simtaru.topology_box(around)), null, f.why);
    if f.id is null then
      insert into simtaru.topology_fact (layer, kind, issue, geom) values (in_layer, 'unchecked', f.issue, f.geom);
    else
      update simtaru.topology_fact k set issue = f.issue where k.id = f.id and k.issue is distinct from f.issue;
    end if;
  end loop;
end
$$;

-- topology_left_off says for people that issues were left off.
create or replace function simtaru.topology_left_off(in_layer text, left_off bigint, at_least boolean) returns jsonb
language plpgsql stable
as $$
declare
  shown constant text := to_char((select count(*) from simtaru.topology_fact k where k.layer = in_layer and k.kind <> 'unchecked' and k.issue is not null), 'FM999,999,990');
  others constant text := to_char(left_off, 'FM999,999,999,990');
begin
  return jsonb_build_object(
    'id', format('%s masalah ditampilkan dan %s%s lainnya tidak; perbaiki dahulu datanya, misalnya impornya',
      translate(shown, ',', '.'), case when at_least then 'sedikitnya ' else '' end, translate(others, ',', '.')),
    'en', format('%s issues are shown and %s%s others are not; mend the data first, perhaps its import',
      shown, case when at_least then 'at least ' else '' end, others));
end
$$;

-- topology_apply makes the facts of a layer those that a scan found under a
-- snapshot, and brings them up to the present. It returns false, and changes
-- nothing, where too much has changed since: then scan again. Marks that the
-- snapshot did not see stay. left_off counts what the scan did not pass on.
create or replace function simtaru.topology_apply(
  in_layer text, scanned pg_snapshot,
  kinds text[], feature_a bigint[], feature_b bigint[], shapes geometry[], areas float8[], whys jsonb[],
  uncovered geometry[], left_off bigint, at_least boolean
) returns boolean
language plpgsql volatile security definer set search_path from current set jit = off
as $$
declare
  rule simtaru.topology_rule;
  own record;
  around record;
  f record;
begin
  perform simtaru.topology_lock(in_layer);
  select * into rule from simtaru.topology_rule r where r.layer = in_layer;
  if not found then
    return true;
  end if;
  own := simtaru.topology_moved(in_layer, null, scanned);
  around := simtaru.topology_moved(rule.within, null, scanned);
  if own.many or around.many then
    return false;
  end if;
  for f in
    select kind, a, b, (array_agg(geom) filter (where geom is not null))[1] as geom, max(area) as area, (array_agg(why) filter (where why is not null))[1] as why from (
      select * from unnest(kinds, feature_a, feature_b, shapes, areas, whys) as o (kind, a, b, geom, area, why)
      union all
      select k.kind, k.feature_a, k.feature_b, null, null, null from simtaru.topology_fact k where k.layer = in_layer
    ) found
    where kind in ('overlap', 'outside')
    group by kind, a, b order by kind, a, b
  loop
    perform simtaru.topology_keep(rule, f.kind, f.a, f.b, f.geom, f.area, f.why);
  end loop;
  left_off := left_off + simtaru.topology_gaps(rule,
    array(select k.id from simtaru.topology_fact k where k.layer = in_layer and k.kind = 'gap'),
    array(select d.geom from st_dump(st_collectionextract(simtaru.topology_union(uncovered), 3)) d),
    greatest(simtaru.topology_most() - cardinality(kinds), 0));
  perform simtaru.topology_unchecked(in_layer, array_agg(o.geom), array_agg(o.why), left_off, at_least)
    from unnest(kinds, shapes, whys) as o (kind, geom, why) where o.kind = 'unchecked';
  perform simtaru.topology_recheck(in_layer, own.ids, own.before, around.ids, around.before);
  delete from simtaru.topology_due d where d.layer = in_layer and pg_visible_in_snapshot(d.txid, scanned);
  return true;
end
$$;

-- topology_due_layers lists the layers that wait for a check, the one that has
-- waited longest first, with who asked for it last.
create or replace function simtaru.topology_due_layers() returns table (layer text, actor text, reason text)
language sql stable security definer set search_path from current
as $$
  select d.layer, (array_agg(d.actor order by d.id desc))[1], (array_agg(d.reason order by d.id desc))[1]
  from simtaru.topology_due d group by d.layer order by min(d.id)
$$;

-- topology_counts sums up what is shown of a layer's issues; with one of the
-- messages of what is unchecked, that of issues that were left off before others.
create or replace function simtaru.topology_counts(in_layer text) returns table (kind text, issues bigint, area_m2 float8, unknown bigint, message text, message_en text)
language plpgsql stable security definer set search_path from current
as $$
begin
  return query
    select i.kind, count(i.id), coalesce(sum(i.area_m2), 0), count(i.id) filter (where i.area_m2 is null),
      coalesce((array_agg(i.message order by u.left_off desc, i.id) filter (where u.yes))[1], ''),
      coalesce((array_agg(i.message_en order by u.left_off desc, i.id) filter (where u.yes))[1], '')
    from simtaru.topology_fact k join plan.topology_issue i on i.id = k.issue
    cross join lateral (select i.kind = 'unchecked' as yes, k.kind = 'unchecked' and k.geom is null as left_off) u
    where k.layer = in_layer group by i.kind;
end
$$;
