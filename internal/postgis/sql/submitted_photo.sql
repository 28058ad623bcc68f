select photo from simtaru.submission where layer = $1 and feature = $2 and photo is not null
