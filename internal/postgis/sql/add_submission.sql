insert into simtaru.submission (layer, feature, secret, photo, contact) values ($1, $2, $3, $4, nullif($5, ''))
on conflict (secret) do nothing
