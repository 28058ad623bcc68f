-- Keeps an extract, or finds the one that says the same.
with made as (
  insert into simtaru.extract (id, key, document, sha256) values ($1, $2, $3, $4)
  on conflict (key) do nothing
  returning id, document, sha256
)
select id::text, document, sha256 from made
union all
select id::text, document, sha256 from simtaru.extract where key = $2
limit 1
