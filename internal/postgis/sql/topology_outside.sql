select feature, 0::bigint, geom::bytea, area from simtaru.topology_scan_outside($1, $2, $3)
