insert into simtaru.session (hash, person, generation, expires_at) values ($1, $2, $3, $4)
