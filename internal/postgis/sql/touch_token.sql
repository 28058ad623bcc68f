update simtaru.token set last_used_at = now() where id = $1
