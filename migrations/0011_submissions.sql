-- How to reach who sent something is kept where it can be erased, not in a layer
-- whose history keeps all, and ends after a time. What was submitted goes with its
-- feature, whatever that layer publishes.

alter table simtaru.submission
  -- Null: an officer has noted the contact, and nobody holds a secret.
  alter column secret drop not null,
  add column contact text check (char_length(contact) <= 200),
  add column at timestamptz not null default now(),
  -- By which who has seen a photo is told that it is the same.
  add column photo_sum bytea generated always as (sha256(photo)) stored;

create or replace function simtaru.end_submission() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  delete from simtaru.submission where layer = new.layer and feature = new.feature;
  return null;
end
$$;
-- Each deletion of whatever layer is written there, in its transaction.
create or replace trigger end_submission after insert on simtaru.change
  for each row when (new.op = 'delete') execute function simtaru.end_submission();
revoke execute on function simtaru.end_submission() from public;

do $$
declare
  name text;
begin
  -- Where a layer had ceased to publish, what was submitted outlived its features.
  for name in select distinct layer from simtaru.submission loop
    if to_regclass(format('plan.%I', name)) is null then
      delete from simtaru.submission where layer = name;
    else
      execute format('delete from simtaru.submission s where s.layer = %L and not exists (select from plan.%I f where f.id = s.feature)', name, name);
    end if;
  end loop;
  if exists (select from pg_attribute where attrelid = to_regclass('plan.report') and attname = 'contact' and not attisdropped) then
    -- No edit: nothing is told, and no version is made.
    alter table plan.report disable trigger user;
    insert into simtaru.submission (layer, feature, contact)
      select 'report', id, contact from plan.report where contact <> ''
      on conflict (layer, feature) do update set contact = excluded.contact;
    update plan.report set contact = null where contact is not null;
    update history.report set contact = null where contact is not null;
    alter table plan.report enable trigger user;
  end if;
end
$$;
