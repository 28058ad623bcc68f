-- Keeps an extract, or finds the one that says the same.
with made as (
  insert into simtaru.extract (id, key, document, sha256, signature, kept_until) values ($1, $2, $3, $4, $5, $6)
  on conflict (key) do nothing
  returning id, document, sha256, signature, created_at, kept_until
)
select id::text, document, sha256, signature, created_at, kept_until from made
union all
select id::text, document, sha256, signature, created_at, kept_until from simtaru.extract where key = $2
limit 1
