update simtaru.idempotency set result = $3 where actor = $1 and key = $2
