insert into simtaru.idempotency (actor, key, fingerprint, result) values ($1, $2, $3, 'null') on conflict do nothing
