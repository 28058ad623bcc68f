select fingerprint, result from simtaru.idempotency where actor = $1 and key = $2
