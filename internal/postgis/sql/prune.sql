select simtaru.prune($1::interval)
