-- Topology, as the declarations ask for it: overlaps, gaps and parts outside
-- become features of plan.topology_issue when a transaction commits, and go
-- when they are mended. Nothing here ever refuses an edit: what cannot be
-- looked at within a commit is marked for a check of the whole layer, which
-- runs in the background (topology_check.sql).
--
-- The invariant, for each layer that is not marked: its facts are those of the
-- committed features. An edit changes them only inside the area D that it gave
-- to or took from a feature, so only what meets D is computed again:
--
--   overlaps  of the pairs (changed feature, feature that meets D);
--   outside   of the features whose boxes meet D;
--   gaps      the known ones without a box around D, and what is uncovered in it.
--
-- Facts say also what could not be checked. Where D meets a box that was not
-- looked at for gaps, or where issues were left off, the layer is marked again.
--
-- One transaction at a time does so for a layer: it locks the row of the layer's
-- rule, which no person may, until it has committed. In READ COMMITTED the next
-- one then sees what it did, so that of two neighbours edited at the same moment
-- the later commit finds the overlap. The snapshot of REPEATABLE READ and
-- SERIALIZABLE is older than the lock: such a transaction marks the layer instead
-- of looking. So does one that does not get the lock soon, because the check of
-- the whole layer writes what it found, or somebody asked for SET CONSTRAINTS
-- IMMEDIATE and has not committed: a commit never fails for the lock. Locks are
-- taken in one order and nothing is waited for under them, so commits do not
-- block each other in a ring.
--
-- A mark needs no lock: a check takes away only those that its snapshot saw, and
-- that saw the features of who made them too.

-- topology_differences gives, for features and the revisions that they had
-- before, the area D in which each differs from what it is now, by its parts.
create or replace function simtaru.topology_differences(in_layer text, ids bigint[], before bigint[])
returns table (feature bigint, area geometry)
language plpgsql volatile
as $$
begin
  if ids is null then
    return;
  end if;
  return query execute format($q$
    select c.feature, part.geom
    from unnest($1, $2) as c (feature, before)
    left join history.%1$I o on o.id = c.feature and o.revision = c.before
    left join plan.%1$I n on n.id = c.feature
    cross join lateral st_dump(simtaru.topology_difference(o.geom, n.geom)) part
    where o.geom is distinct from n.geom
  $q$, in_layer) using ids, before;
end
$$;

-- topology_bounded raises an error where more lies around the areas than a
-- commit should look at: half a million vertices, a second or two.
create or replace function simtaru.topology_bounded(in_layer text, areas geometry[]) returns void
language plpgsql volatile
as $$
declare
  vertices bigint;
begin
  execute format($q$
    select sum(st_npoints(a)) + sum((select sum(st_npoints(f.geom)) from plan.%I f where f.geom && a)) from unnest($1) a
  $q$, in_layer) into vertices using areas;
  if vertices > 500000 then
    raise exception '% vertices around the change', vertices using errcode = 'SU500';
  end if;
end
$$;

-- topology_recheck brings the facts of a layer up to date after changes of its
-- features and of the features of the layer that it lies within; before are the
-- revisions that the facts are true of.
create or replace function simtaru.topology_recheck(in_layer text, ids bigint[], before bigint[], outer_ids bigint[], outer_before bigint[]) returns void
language plpgsql volatile
as $$
declare
  rule simtaru.topology_rule;
  own bigint[];
  own_areas geometry[];
  outer_areas geometry[];
  areas geometry[];
  changed geometry;
  old bigint[];
  new geometry;
  p record;
begin
  select * into strict rule from simtaru.topology_rule r where r.layer = in_layer;
  select array_agg(d.feature), coalesce(array_agg(d.area), '{}') into own, own_areas
    from simtaru.topology_differences(in_layer, ids, before) d;
  select coalesce(array_agg(d.area), '{}') into outer_areas
    from simtaru.topology_differences(rule.within, outer_ids, outer_before) d;
  areas := own_areas || outer_areas;
  if cardinality(areas) = 0 then
    return;
  end if;
  if exists (select from simtaru.topology_fact k where k.layer = in_layer and k.kind = 'unchecked' and k.geom is null) then
    perform simtaru.topology_mark(in_layer, 'issues were left off');
    return;
  end if;
  perform simtaru.topology_bounded(in_layer, areas);
  if rule.coverage or rule.no_overlap then
    for p in execute format($q$
      with changed as materialized (
        select * from unnest($1, $2) as c (feature, area)
      ), pair as (
        select least(c.feature, n.id) as a, greatest(c.feature, n.id) as b
          from changed c join plan.%1$I n on n.geom && c.area and n.id <> c.feature and simtaru.topology_meet(n.geom, c.area)
        union
        select k.feature_a, k.feature_b
          from changed c join simtaru.topology_fact k on k.layer = $3 and k.kind = 'overlap' and (k.feature_a = c.feature or k.feature_b = c.feature)
      )
      select p.a, p.b, o.geom, o.area, o.why
      from pair p left join plan.%1$I f on f.id = p.a left join plan.%1$I g on g.id = p.b
      left join lateral simtaru.topology_overlap(f.geom, g.geom) o on f.geom && g.geom
      order by 1, 2
    $q$, in_layer) using own, own_areas, in_layer loop
      perform simtaru.topology_keep(rule, 'overlap', p.a, p.b, p.geom, p.area, p.why);
    end loop;
  end if;
  if rule.within is not null then
    for p in execute format($q$
      select t.id, o.geom, o.area, o.why
      from (
        -- Whether it can be computed depends on what lies in the box.
        select unnest($1) as id union select f.id from unnest($2) d join plan.%1$I f on f.geom && d
      ) t left join plan.%1$I f on f.id = t.id
      left join lateral simtaru.topology_outside(f.geom, $3) o on f.geom is not null
      order by 1
    $q$, in_layer) using own, outer_areas, rule.within loop
      perform simtaru.topology_keep(rule, 'outside', p.id, 0, p.geom, p.area, p.why);
    end loop;
  end if;
  if rule.coverage then
    -- Boxes around the areas, and around the small gaps that they meet, so that
    -- those are computed as a whole.
    select st_unaryunion(st_collect(st_envelope(st_expand(coalesce(st_collect(b.box, g.box), b.box), 1e-6)))) into changed
      from (select st_expand(st_envelope(d.geom), 1e-6) as box from unnest(areas) d (geom)) b
      left join lateral (
        select st_collect(st_envelope(k.geom)) as box from simtaru.topology_fact k
        where k.layer = in_layer and k.kind = 'gap' and k.geom && b.box
          and st_npoints(k.geom) <= 200 and st_xmax(k.geom) - st_xmin(k.geom) < 0.005 and st_ymax(k.geom) - st_ymin(k.geom) < 0.005
      ) g on true;
    if exists (select from simtaru.topology_fact k where k.layer = in_layer and k.kind = 'unchecked' and k.geom && changed) then
      perform simtaru.topology_mark(in_layer, 'changed where it could not be checked');
      return;
    end if;
    select array_agg(k.id), st_collect(st_difference(k.geom, changed, simtaru.topology_grid(k.geom, changed))) into old, new
      from simtaru.topology_fact k
      where k.layer = in_layer and k.kind = 'gap' and k.geom && changed and st_dwithin(k.geom, changed, 0);
    select simtaru.topology_union(array_remove(array_agg(simtaru.topology_uncovered(in_layer, rule.within, d.geom)), null) || new)
      into new from st_dump(changed) d;
    perform simtaru.topology_gaps(rule, coalesce(old, '{}'), array(select d.geom from st_dump(st_collectionextract(new, 3)) d), null);
  end if;
  if exists (select from simtaru.topology_fact k where k.layer = in_layer and k.issue is not null offset simtaru.topology_most()) then
    perform simtaru.topology_mark(in_layer, 'more issues than are kept');
  end if;
end
$$;

-- topology_moved lists the features of a layer whose geometry differs from what
-- it was before some changes, with the revision before: the changes of this
-- transaction from first on, or, with a snapshot, those that it does not see.
-- many is true, and the list useless, above 500 features.
create or replace function simtaru.topology_moved(in_layer text, first bigint, unseen_by pg_snapshot, out ids bigint[], out before bigint[], out many boolean)
language plpgsql volatile
as $$
declare
  seen int;
begin
  if unseen_by is null then
    select array_agg(c.feature), array_agg(c.before), sum(c.n) into ids, before, seen from (
      select t.feature, min(t.revision) - 1 as before, count(*) as n from (
        select c.feature, c.revision from simtaru.change c
        where c.txid = pg_current_xact_id() and c.id >= first and c.layer = in_layer limit 5001
      ) t group by t.feature
    ) c;
  else
    select array_agg(c.feature), array_agg(c.before), sum(c.n) into ids, before, seen from (
      select t.feature, min(t.revision) - 1 as before, count(*) as n from (
        select c.feature, c.revision from simtaru.change c
        where c.txid >= pg_snapshot_xmin(unseen_by) and not pg_visible_in_snapshot(c.txid, unseen_by) and c.layer = in_layer limit 5001
      ) t group by t.feature
    ) c;
  end if;
  many := coalesce(seen > 5000, false);
  if many or ids is null then
    return;
  end if;
  execute format($q$
    select array_agg(c.feature order by c.feature), array_agg(c.before order by c.feature)
    from unnest($1, $2) as c (feature, before)
    left join history.%1$I o on o.id = c.feature and o.revision = c.before
    left join plan.%1$I n on n.id = c.feature
    where o.geom is distinct from n.geom
  $q$, in_layer) into ids, before using ids, before;
  many := cardinality(ids) > 500;
  many := coalesce(many, false);
end
$$;

-- topology_lock is kept until the transaction ends. Whoever changes facts or
-- rules, takes a mark away, or relies on one holds it.
create or replace function simtaru.topology_lock(in_layer text) returns void
language sql volatile
as $$ select from simtaru.topology_rule r where r.layer = in_layer for update $$;

-- topology_lock_soon is topology_lock for a commit, which must not fail for it:
-- false after three seconds, or where waiting on would be a deadlock.
create or replace function simtaru.topology_lock_soon(in_layer text) returns boolean
language plpgsql volatile set lock_timeout = '3s'
as $$
begin
  perform simtaru.topology_lock(in_layer);
  return true;
exception when lock_not_available or deadlock_detected then
  return false;
end
$$;

-- topology_mark asks for a check of the whole layer.
create or replace function simtaru.topology_mark(in_layer text, why text) returns void
language sql volatile
as $$ insert into simtaru.topology_due (layer, reason, actor) values (in_layer, why, simtaru.actor()) $$;

-- topology_note remembers which layers a statement touched that have rules, or
-- that layers with rules lie within.
create or replace function simtaru.topology_note() returns trigger
language plpgsql security definer set search_path from current
as $$
begin
  insert into simtaru.topology_pending (txid, layer, first_change)
    select pg_current_xact_id(), r.layer, n.first
    from (select layer, min(id) as first from new_rows group by layer) n
    join simtaru.topology_rule r on r.layer = n.layer or r.within = n.layer
    on conflict do nothing;
  return null;
end
$$;


-- topology_at_commit looks at all layers that the transaction has touched, at
-- the first row; nothing is left for the others.
create or replace function simtaru.topology_at_commit() returns trigger
language plpgsql security definer set search_path from current set jit = off
as $$
declare
  work record;
  own record;
  around record;
begin
  for work in
    with taken as (
      delete from simtaru.topology_pending p where p.txid = pg_current_xact_id() returning p.layer, p.first_change
    )
    select t.layer, t.first_change, r.within from taken t join simtaru.topology_rule r using (layer)
    order by t.layer
  loop
    own := simtaru.topology_moved(work.layer, work.first_change, null);
    around := simtaru.topology_moved(work.within, work.first_change, null);
    -- Most edits change attributes only.
    continue when own.ids is null and around.ids is null;
    if current_setting('transaction_isolation') <> 'read committed' then
      perform simtaru.topology_mark(work.layer, 'changed in a transaction of another isolation level');
    elsif not simtaru.topology_lock_soon(work.layer) then
      perform simtaru.topology_mark(work.layer, 'changed while the layer was locked');
    elsif exists (select from simtaru.topology_due d where d.layer = work.layer) then
      null; -- Whoever takes the mark away looks at what its scan did not see.
    elsif own.many or around.many then
      perform simtaru.topology_mark(work.layer, 'many features changed at once');
    else
      begin
        perform simtaru.topology_recheck(work.layer, own.ids, own.before, around.ids, around.before);
      exception when others then
        raise warning 'topology of % is checked later: %', work.layer, sqlerrm;
        perform simtaru.topology_mark(work.layer, sqlerrm);
      end;
    end if;
  end loop;
  return null;
end
$$;

-- Made once: it would wait for each open edit.
do $$
begin
  if not exists (select from pg_trigger where tgname = 'topology_note' and tgrelid = 'simtaru.change'::regclass) then
    create constraint trigger topology_at_commit after insert on simtaru.topology_pending
      deferrable initially deferred for each row execute function simtaru.topology_at_commit();
    create trigger topology_note after insert on simtaru.change
      referencing new table as new_rows for each statement execute function simtaru.topology_note();
  end if;
end
$$;

-- topology_follow makes the rules those of the declarations: issues of a rule
-- that is gone go, and what is new or different is to be checked.
create or replace function simtaru.topology_follow() returns void
language plpgsql security definer set search_path from current
as $$
declare
  r record;
begin
  for r in
    select coalesce(l.id, k.layer) as layer, l.id is null as gone, l.coverage, l.no_overlap, l.within, l.tolerance_m2
    from (
      select id, coalesce((t -> 'coverage')::boolean, false) as coverage, coalesce((t -> 'noOverlap')::boolean, false) as no_overlap,
        t ->> 'within' as within, coalesce((t -> 'toleranceM2')::float8, 0) as tolerance_m2
      from (select id, declaration -> 'topology' as t from simtaru.layer) d
      where (t -> 'coverage')::boolean or (t -> 'noOverlap')::boolean or t ->> 'within' <> ''
    ) l full join simtaru.topology_rule k on k.layer = l.id
    where (k.coverage, k.no_overlap, k.within, k.tolerance_m2) is distinct from (l.coverage, l.no_overlap, l.within, l.tolerance_m2)
    order by 1
  loop
    perform simtaru.topology_lock(r.layer);
    if r.gone then
      perform simtaru.topology_hide(k.issue) from simtaru.topology_fact k where k.layer = r.layer;
      delete from simtaru.topology_fact k where k.layer = r.layer;
      delete from simtaru.topology_due d where d.layer = r.layer;
      delete from simtaru.topology_rule k where k.layer = r.layer;
      continue;
    end if;
    insert into simtaru.topology_rule values (r.layer, r.coverage, r.no_overlap, r.within, r.tolerance_m2)
      on conflict (layer) do update set coverage = excluded.coverage, no_overlap = excluded.no_overlap,
        within = excluded.within, tolerance_m2 = excluded.tolerance_m2;
    perform simtaru.topology_mark(r.layer, 'declared');
  end loop;
end
$$;

create or replace function simtaru.topology_declared() returns trigger
language plpgsql security definer set search_path from current
as $$
begin
  perform simtaru.topology_follow();
  return null;
end
$$;

create or replace trigger topology_declared after insert or update or delete on simtaru.layer
  for each statement execute function simtaru.topology_declared();

-- What was declared before there were rules.
select simtaru.topology_follow();
