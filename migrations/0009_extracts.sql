-- Extracts of parcels, as they were given out. None is changed or removed.

create table simtaru.extract (
  id uuid primary key,
  -- Equal for what says the same on the same day: kept once.
  key text not null unique check (key ~ '^[0-9a-f]{64}$'),
  -- The exact bytes, which are JSON.
  document bytea not null check (octet_length(document) <= 8388608),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  created_at timestamptz not null default now()
);
comment on table simtaru.extract is 'Kutipan rencana / Extracts of the plan';

create function simtaru.keep_extracts() returns trigger language plpgsql as $$
begin
  raise exception 'Kutipan yang sudah dibuat tidak diubah dan tidak dihapus.'
    using errcode = '55000', hint = 'Extracts that were made are neither changed nor removed.';
end
$$;
create trigger keep_extracts before update or delete or truncate on simtaru.extract
  for each statement execute function simtaru.keep_extracts();
