-- Plans for the evacuation of a city, as they were asked for and made. Times are
-- minutes after the hazard begins.

create table simtaru.evacuation (
  id uuid primary key,
  title text not null check (char_length(title) <= 200),
  asked_by text not null,
  asked jsonb not null check (octet_length(asked::text) <= 1048576),
  asked_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz,
  status text not null default 'queued' check (status in ('queued', 'running', 'done', 'failed', 'cancelled')),
  cancelling boolean not null default false,
  progress jsonb not null default '{}',
  graph_version text,
  closures_as_of timestamptz,
  hazard_version text,
  -- Null: there is no plan, and problem says why where it failed.
  outcome jsonb check (octet_length(outcome::text) <= 16777216),
  problem jsonb
);
create index evacuation_asked_at on simtaru.evacuation (asked_at);
comment on table simtaru.evacuation is 'Rencana evakuasi kota / Evacuation plans of the city';

-- The stretches of road that people use, in one direction each.
create table simtaru.evacuation_flow (
  id bigint generated always as identity primary key,
  plan uuid not null references simtaru.evacuation on delete cascade,
  kind text not null,
  name text not null,
  layer text not null,
  feature bigint not null,
  people integer not null,
  peak integer not null,
  peak_minute integer not null,
  capacity integer not null,
  saturated float8 not null,
  first_minute float8 not null,
  last_minute float8 not null,
  per_minute integer[] not null
);
create index evacuation_flow_plan on simtaru.evacuation_flow (plan);

-- Who goes where, when and by which roads, or is left and why.
create table simtaru.evacuation_group (
  id bigint generated always as identity primary key,
  plan uuid not null references simtaru.evacuation on delete cascade,
  area_code text not null,
  area text not null,
  people integer not null,
  shelter_id bigint,
  shelter_name text not null,
  why text not null,
  leave_first float8,
  leave_last float8,
  arrive_first float8,
  arrive_last float8,
  minutes float8,
  waiting float8,
  metres float8,
  way text not null
);
create index evacuation_group_plan on simtaru.evacuation_group (plan);

-- PostGIS may live in any schema.
do $$
declare
  postgis text := (select format('%I', n.nspname) from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'postgis');
begin
  execute format('alter table simtaru.evacuation_flow add column geom %s.geometry(LineString, 4326) not null', postgis);
  execute format('alter table simtaru.evacuation_group add column geom %s.geometry(Point, 4326) not null', postgis);
end
$$;

-- What QGIS loads: officers, of all plans that there are.
create view simtaru.evacuation_flows as
  select f.id, p.id as plan_id, p.title as plan, p.asked_at, f.kind, f.name, f.layer, f.feature, f.people, f.peak, f.peak_minute, f.capacity,
    f.saturated, f.first_minute, f.last_minute, f.geom
  from simtaru.evacuation_flow f join simtaru.evacuation p on p.id = f.plan;
create view simtaru.evacuation_groups as
  select g.id, p.id as plan_id, p.title as plan, p.asked_at, g.area_code, g.area, g.people, g.shelter_id, g.shelter_name, g.why, g.leave_first,
    g.leave_last, g.arrive_first, g.arrive_last, g.minutes, g.waiting, g.metres, g.way, g.geom
  from simtaru.evacuation_group g join simtaru.evacuation p on p.id = g.plan;
comment on view simtaru.evacuation_flows is 'Arus orang menurut rencana evakuasi / Flows of people by evacuation plan';
comment on view simtaru.evacuation_groups is 'Siapa ke mana menurut rencana evakuasi / Who goes where by evacuation plan';
