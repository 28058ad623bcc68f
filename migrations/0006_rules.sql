-- Rules of zoning: what each sub-zone admits and how much may be built. A set is
-- never changed; of several for one version of a code list the newest holds.

create table simtaru.rule_set (
  id bigint generated always as identity primary key,
  list text not null,
  version text not null,
  -- Counts the sets of its version of the list from 1.
  revision int not null check (revision >= 1),
  document jsonb not null,
  -- Of the document as it was imported.
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  imported_at timestamptz not null default now(),
  imported_by text not null default session_user,
  foreign key (list, version) references simtaru.code_list (list, version),
  unique (list, version, revision)
);
comment on table simtaru.rule_set is 'Aturan zonasi / Rules of zoning';

create function simtaru.keep_rules() returns trigger language plpgsql as $$
begin
  raise exception 'Aturan yang sudah diimpor tidak diubah dan tidak dihapus; impor aturan yang baru.'
    using errcode = '55000', hint = 'Rules that were imported are neither changed nor removed: import new ones.';
end
$$;
create trigger keep_rules before update or delete or truncate on simtaru.rule_set
  for each statement execute function simtaru.keep_rules();
