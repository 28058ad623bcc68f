select cell::bytea from simtaru.topology_cells($1)
