insert into simtaru.submission (layer, feature, secret, photo) values ($1, $2, $3, $4)
