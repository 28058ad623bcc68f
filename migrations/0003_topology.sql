-- What must hold between features, and how far that has been checked. All of
-- it is written by the functions of topology.sql only.

-- What the declarations ask, a copy that a trigger can read at each statement.
create table simtaru.topology_rule (
  layer text primary key,
  -- Coverage: neither overlaps nor gaps; no_overlap: no overlaps.
  coverage boolean not null,
  no_overlap boolean not null,
  within text,
  tolerance_m2 float8 not null
);
create index topology_rule_within on simtaru.topology_rule (within);
comment on table simtaru.topology_rule is 'Aturan topologi layer / Topology rules of the layers';

-- Layers to look at when this transaction commits. A row never outlives its
-- transaction, so nothing is lost with what is not logged.
create unlogged table simtaru.topology_pending (
  txid xid8 not null,
  layer text not null,
  -- Changes of the transaction from this id on have not been looked at.
  first_change bigint not null,
  primary key (txid, layer)
);
comment on table simtaru.topology_pending is 'Diperiksa saat transaksi disimpan / Checked when the transaction commits';

-- Layers to be checked as a whole, in the background: never checked before,
-- or changed by more than a commit can look at.
create table simtaru.topology_due (
  id bigint generated always as identity primary key,
  layer text not null,
  txid xid8 not null default pg_current_xact_id(),
  reason text not null,
  actor text not null,
  at timestamptz not null default now()
);
create index topology_due_layer on simtaru.topology_due (layer);
comment on table simtaru.topology_due is 'Layer yang harus diperiksa seluruhnya / Layers to be checked as a whole';

-- What was found. Overlaps and parts outside are here while they are above the
-- tolerance. Gaps are here from the smallest that is more than noise, since two
-- below the tolerance may grow together; so is, for a layer that lies within no
-- other, what is uncovered around it.
create table simtaru.topology_fact (
  id bigint generated always as identity primary key,
  layer text not null,
  kind text not null check (kind in ('overlap', 'gap', 'outside')),
  -- Null in a gap; the second is 0 in a part outside.
  feature_a bigint,
  feature_b bigint,
  -- The feature of the issue layer that shows it; null below the tolerance.
  issue bigint,
  unique (layer, kind, feature_a, feature_b)
);
create index topology_fact_second on simtaru.topology_fact (layer, kind, feature_b);
comment on table simtaru.topology_fact is 'Masalah topologi yang ditemukan / Topology issues found';

-- PostGIS may live in any schema.
do $$
begin
  execute (
    select format('alter table simtaru.topology_fact add column geom %I.geometry', n.nspname)
    from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'postgis');
  execute (
    select format('create index topology_fact_geom on simtaru.topology_fact using gist (geom %I.gist_geometry_ops_2d) where kind = ''gap''', n.nspname)
    from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'postgis');
end
$$;
