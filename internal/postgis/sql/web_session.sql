select hash, person, generation, expires_at from simtaru.session where hash = $1
