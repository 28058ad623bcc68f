-- The check of a whole layer, in two steps. The scan reads one snapshot, in
-- portions that show progress and can be stopped between; editors do not wait
-- for it. Then topology_apply, under the layer's lock, makes the facts those of
-- the snapshot, and looks at what has changed since it as a commit would. The
-- functions are called by the server's own login only.

-- topology_scan_overlaps returns the overlaps of the features from an id
-- (exclusive) to another (inclusive) with those of higher ids.
create or replace function simtaru.topology_scan_overlaps(in_layer text, from_id bigint, to_id bigint)
returns table (feature_a bigint, feature_b bigint, geom geometry, area float8)
language plpgsql volatile security definer set search_path from current set jit = off
as $$
begin
  return query execute format($q$
    select a.id, b.id, o.geom, o.area
    from plan.%1$I a join plan.%1$I b on b.id > a.id and b.geom && a.geom
    cross join lateral simtaru.topology_overlap(a.geom, b.geom) o
    where a.id > $1 and a.id <= $2 and o.geom is not null
      and (o.area is null or o.area > (select r.tolerance_m2 from simtaru.topology_rule r where r.layer = $3))
  $q$, in_layer) using from_id, to_id, in_layer;
end
$$;

-- topology_scan_outside returns what lies outside of the features in a range.
create or replace function simtaru.topology_scan_outside(in_layer text, from_id bigint, to_id bigint)
returns table (feature bigint, geom geometry, area float8)
language plpgsql volatile security definer set search_path from current set jit = off
as $$
begin
  return query execute format($q$
    select f.id, o.geom, o.area
    from simtaru.topology_rule r, plan.%1$I f, lateral simtaru.topology_outside(f.geom, r.within) o
    where r.layer = $3 and f.id > $1 and f.id <= $2 and f.geom is not null and o.geom is not null
      and (o.area is null or o.area > r.tolerance_m2)
  $q$, in_layer) using from_id, to_id, in_layer;
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

-- topology_scan_cell returns what is uncovered in a cell. Features that cross too
-- often for GEOS are an overlap already; gaps between them are passed over.
create or replace function simtaru.topology_scan_cell(in_layer text, cell geometry) returns geometry
language plpgsql volatile security definer set search_path from current set jit = off
as $$
begin
  return simtaru.topology_uncovered(in_layer, (select r.within from simtaru.topology_rule r where r.layer = in_layer), cell);
exception when sqlstate 'SU500' then
  raise warning 'gaps of % are not looked for in %: %', in_layer, box2d(cell), sqlerrm;
  return null;
end
$$;

-- topology_apply makes the facts of a layer those that a scan found under a
-- snapshot, and brings them up to the present. It returns false, and changes
-- nothing, where too much has changed since: then scan again. Marks that the
-- snapshot did not see stay.
create or replace function simtaru.topology_apply(
  in_layer text, scanned pg_snapshot,
  overlap_a bigint[], overlap_b bigint[], overlap_geom geometry[], overlap_area float8[],
  outside bigint[], outside_geom geometry[], outside_area float8[],
  uncovered geometry[]
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
    select kind, a, b, (array_agg(geom) filter (where geom is not null))[1] as geom, max(area) as area from (
      select 'overlap' as kind, * from unnest(overlap_a, overlap_b, overlap_geom, overlap_area) as o (a, b, geom, area)
      union all
      select 'outside', o.a, 0, o.geom, o.area from unnest(outside, outside_geom, outside_area) as o (a, geom, area)
      union all
      select k.kind, k.feature_a, k.feature_b, null, null from simtaru.topology_fact k where k.layer = in_layer and k.kind <> 'gap'
    ) found
    group by kind, a, b order by kind, a, b
  loop
    perform simtaru.topology_keep(rule, f.kind, f.a, f.b, f.geom, f.area);
  end loop;
  perform simtaru.topology_gaps(rule,
    array(select k.id from simtaru.topology_fact k where k.layer = in_layer and k.kind = 'gap'),
    array(select d.geom from st_dump(st_collectionextract(simtaru.topology_union(uncovered), 3)) d));
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

-- topology_counts sums up what is shown of a layer's issues.
create or replace function simtaru.topology_counts(in_layer text) returns table (kind text, issues bigint, area_m2 float8)
language plpgsql stable security definer set search_path from current
as $$
begin
  return query
    select k.kind, count(i.id), coalesce(sum(i.area_m2), 0)
    from simtaru.topology_fact k join plan.topology_issue i on i.id = k.issue
    where k.layer = in_layer group by k.kind;
end
$$;
