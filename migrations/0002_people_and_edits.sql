-- People, how they log in over HTTP, edits that happen at most once, and what
-- is still to be checked between features.

-- What happened since a time, and what is old enough to be forgotten.
create index change_at on simtaru.change (at);

create table simtaru.person (
  -- The login role of the same name is the person in PostgreSQL.
  name text primary key check (name ~ '^[a-z][a-z0-9_.-]{1,62}$' and name !~ '^(pg_|simtaru)'),
  role text not null check (role in ('public', 'planner', 'disaster', 'admin')),
  title text not null default '' check (char_length(title) <= 120),
  email text check (char_length(email) <= 254),
  -- argon2id in PHC format; null: no password, the identity provider only.
  password text,
  -- Issuer and subject of the identity provider, bound at the first login.
  issuer text,
  subject text,
  disabled boolean not null default false,
  -- Counts what ends sessions and remembered passwords: a new password, another role, disabling.
  generation bigint not null default 1,
  created_at timestamptz not null default now(),
  created_by text not null,
  unique (issuer, subject)
);
create unique index person_email on simtaru.person (lower(email));
comment on table simtaru.person is 'Orang yang boleh masuk / People who may log in';

-- Sessions of browsers. Only the SHA-256 of the cookie is kept.
create table simtaru.session (
  hash bytea primary key,
  person text not null references simtaru.person on delete cascade,
  generation bigint not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index session_person on simtaru.session (person);
create index session_expires_at on simtaru.session (expires_at);
comment on table simtaru.session is 'Sesi peramban / Sessions of browsers';

-- Bearer tokens of other systems. Only the SHA-256 is kept.
create table simtaru.token (
  id bigint generated always as identity primary key,
  hash bytea not null unique,
  person text not null references simtaru.person on delete cascade,
  name text not null check (char_length(name) between 1 and 120),
  -- null: all layers that the person may reach.
  layers text[],
  read_only boolean not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);
create index token_person on simtaru.token (person);
comment on table simtaru.token is 'Token sistem lain / Bearer tokens of other systems';

-- Results of requests that carried an Idempotency-Key, written in the
-- transaction of the edit itself.
create table simtaru.idempotency (
  actor text not null,
  key text not null check (char_length(key) between 1 and 255),
  fingerprint text not null,
  result jsonb not null,
  at timestamptz not null default now(),
  primary key (actor, key)
);
create index idempotency_at on simtaru.idempotency (at);
comment on table simtaru.idempotency is 'Hasil permintaan yang boleh diulang / Results of repeatable requests';
