select pg_total_relation_size('simtaru.extract')
