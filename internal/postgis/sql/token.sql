select id, hash, person, name, layers, read_only, created_at, expires_at, revoked_at, last_used_at
from simtaru.token
where hash = $1
