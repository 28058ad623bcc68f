select pg_current_snapshot()::text, simtaru.topology_most()
