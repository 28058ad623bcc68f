-- The token with that hash, or those of that person; null is none.
select id, hash, person, name, layers, indicators, read_only, created_at, expires_at, revoked_at, last_used_at
from simtaru.token
where hash = $1 or person = $2
order by id desc limit 500
