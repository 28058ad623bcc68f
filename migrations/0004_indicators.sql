-- Indicators: their definitions, the values that other systems send, and the
-- values that were kept for series. Coverages and indicators are part of the
-- catalogue.

create table simtaru.coverage (
  id text primary key check (id ~ '^[a-z][a-z0-9_]{0,39}$'),
  declaration jsonb not null,
  applied_at timestamptz not null default now(),
  applied_by text not null default session_user
);
comment on table simtaru.coverage is 'Deklarasi cakupan / Declarations of the coverages';

create table simtaru.indicator (
  id text primary key check (id ~ '^[a-z][a-z0-9_]{0,39}$'),
  declaration jsonb not null,
  applied_at timestamptz not null default now(),
  applied_by text not null default session_user
);
comment on table simtaru.indicator is 'Deklarasi indikator / Declarations of the indicators';

-- What other systems send. Nothing is changed or removed: of several rows about
-- one unit at one moment the last one holds.
create table simtaru.observation (
  id bigint generated always as identity primary key,
  indicator text not null references simtaru.indicator,
  unit_kind text not null check (unit_kind in ('city', 'kecamatan', 'gampong')),
  unit_code text not null check (char_length(unit_code) between 1 and 40),
  -- When it was measured.
  at timestamptz not null,
  -- In the unit of the indicator.
  value float8 not null check (value not in ('NaN', 'Infinity', '-Infinity')),
  -- The version of the definition that it was sent under.
  method int not null,
  actor text not null,
  sent_at timestamptz not null default now()
);
create index observation_unit on simtaru.observation (indicator, unit_kind, unit_code, at, id);
comment on table simtaru.observation is 'Nilai dari sistem lain / Values that other systems sent';

-- One value a unit and day, or release.
create table simtaru.indicator_value (
  indicator text not null references simtaru.indicator,
  unit_kind text not null check (unit_kind in ('city', 'kecamatan', 'gampong')),
  unit_code text not null,
  unit_name text not null,
  -- The day in the city's time, or the name of the release.
  on_day date,
  label text check (label <> ''),
  check ((on_day is null) <> (label is null)),
  -- Null where there is none: why_id and why_en say why.
  value float8 check (value not in ('NaN', 'Infinity', '-Infinity')),
  why_id text not null,
  why_en text not null,
  numerator float8,
  denominator float8,
  features bigint not null,
  classes jsonb not null,
  method int not null,
  boundary text not null,
  data text not null,
  at timestamptz not null,
  -- Of an external value: who sent it, and when.
  actor text not null,
  sent_at timestamptz,
  recorded_at timestamptz not null default now(),
  unique nulls not distinct (indicator, unit_kind, unit_code, on_day, label)
);
comment on table simtaru.indicator_value is 'Deret nilai indikator / Values of indicators over time';
