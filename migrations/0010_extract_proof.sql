-- Extracts are signed with a key that is not in the database, and what was asked
-- for without a login is kept for a time: then the document goes, and id, hash and
-- signature stay. Those from before stay for ever, unsigned. The guards of what is only ever inserted are one function
-- (functions.sql).

alter table simtaru.extract
  alter column document drop not null,
  -- Ed25519 over id and sha256; null where the server had no key.
  add column signature bytea check (octet_length(signature) = 64),
  -- Until when the document is kept; null: for ever.
  add column kept_until timestamptz,
  add constraint extract_is_kept check (document is not null or kept_until is not null);
create index extract_kept_until on simtaru.extract (kept_until) where document is not null;

drop trigger keep_extracts on simtaru.extract;
drop function simtaru.keep_extracts();
drop trigger keep_rules on simtaru.rule_set;
drop function simtaru.keep_rules();
