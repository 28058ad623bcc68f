select contact from simtaru.submission where layer = $1 and feature = $2 and contact is not null
