-- The schemas simtaru, plan and history, and PostGIS, exist already: the
-- migrator makes them first, since it keeps its own version in simtaru.

comment on schema plan is 'Rencana tata ruang: satu tabel per layer / The plan: one table a layer';
comment on schema history is 'Riwayat setiap fitur / Every version of every feature';
comment on schema simtaru is 'Bagian dalam simtaru / The platform''s own tables';

-- One row of facts about this database.
create table simtaru.state (
  only_row boolean primary key default true check (only_row),
  -- Counts the changes of declarations and code lists: equal numbers are equal catalogues.
  catalog bigint not null default 0,
  -- Changes of transactions below this one may have been pruned from simtaru.change.
  feed_floor xid8 not null default '0'
);
insert into simtaru.state default values;

-- The declaration of each layer. The table plan.<id> follows from it.
create table simtaru.layer (
  id text primary key check (id ~ '^[a-z][a-z0-9_]{0,39}$'),
  declaration jsonb not null,
  -- Hash of the statements that made the tables and triggers: another program
  -- version may generate others from the same declaration.
  ddl text not null,
  applied_at timestamptz not null default now(),
  applied_by text not null default session_user
);
comment on table simtaru.layer is 'Deklarasi layer / Declarations of the layers';

-- Code lists. The same code may mean something else in another version, so the
-- key is (list, version, code) and a version is never changed in meaning.
create table simtaru.code_list (
  list text not null check (list ~ '^[a-z][a-z0-9_]{0,39}$'),
  version text not null,
  title_id text not null,
  title_en text not null,
  source text not null,
  primary key (list, version)
);
comment on table simtaru.code_list is 'Daftar kode dan versinya / Code lists and their versions';

create table simtaru.code (
  list text not null,
  version text not null,
  code text not null check (code <> ''),
  -- Place in the list, from 1.
  place int not null,
  title_id text not null,
  title_en text not null,
  -- #RRGGBB; empty where the list has no colour.
  color text not null,
  -- The code of the larger class, empty for none.
  grouping_code text not null,
  note text not null,
  primary key (list, version, code),
  foreign key (list, version) references simtaru.code_list on delete cascade
);
comment on table simtaru.code is 'Kode, artinya dan warnanya / Codes, their meanings and colours';

-- The change feed: one row a feature and statement.
create table simtaru.change (
  id bigint generated always as identity primary key,
  -- Top-level transaction. Ids are given before commit, so a reader's position
  -- is a snapshot of transactions and never a largest id.
  txid xid8 not null default pg_current_xact_id(),
  layer text not null,
  feature bigint not null,
  op text not null check (op in ('create', 'update', 'delete')),
  revision bigint not null,
  -- Boxes in degrees: west, south, east, north; null where there is no geometry.
  before_box float8[] check (cardinality(before_box) = 4),
  after_box float8[] check (cardinality(after_box) = 4),
  actor text not null,
  at timestamptz not null
);
create index change_txid on simtaru.change (txid);
create index change_feature on simtaru.change (layer, feature, id);
comment on table simtaru.change is 'Catatan perubahan / The change feed';

-- What a city sets for itself: its name, its centre, whether it is a demonstration.
create table simtaru.setting (
  key text primary key,
  value jsonb not null
);
comment on table simtaru.setting is 'Pengaturan kota / Settings of the city';
