-- Takes a wish for a plan, unless too many wait or are kept.
with there as (
  select count(*) filter (where status = 'queued') as waiting, count(*) as kept from simtaru.evacuation
), made as (
  insert into simtaru.evacuation (id, title, asked_by, asked, progress)
  select $1, $2, $3, $4, '{"phase": "queued"}' from there where waiting < $5::bigint and kept < $6::bigint
  returning id
)
select waiting, kept, exists (select from made) from there
