update simtaru.token set revoked_at = coalesce(revoked_at, now()) where id = $1 and person = $2
