insert into simtaru.token (hash, person, name, layers, read_only, expires_at) values ($1, $2, $3, $4, $5, $6)
returning id, hash, person, name, layers, read_only, created_at, expires_at, revoked_at, last_used_at
