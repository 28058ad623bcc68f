update simtaru.token set revoked_at = now() where person = $1 and revoked_at is null
