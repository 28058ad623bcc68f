-- Waits for a change of the person that is on its way, and adds nothing for one
-- who is not as at the login that asks: a change that revokes all would miss it.
with person as (
  select name from simtaru.person where name = $2 and generation = $8 and not disabled for share
)
insert into simtaru.token (hash, person, name, layers, indicators, read_only, expires_at)
select $1, name, $3, $4, $5, $6, $7 from person
